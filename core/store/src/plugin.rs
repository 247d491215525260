//! County workflows: trusted keys, packages on the shelf, and what each county has put in use.

use std::cmp::Reverse;

use diesel::dsl::max;
use diesel::prelude::*;
use falin_domain::words::{AccountId, CountyId, PluginId};
use falin_domain::workflow::{PluginState, version_numbers};

use crate::column::{kept, load, noun};
use crate::schema::{casefile, plugin_install, plugin_key, plugin_package, plugin_revocation};
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// A plugin in a county.
    Install in plugin_install {
        /// County.
        county_id: CountyId,
        /// Id.
        id: PluginId,
        /// The plugin's own name.
        plugin: String,
        /// Where it stands.
        state: PluginState,
        /// Generation in use, or to be put in use first.
        generation: i32,
        /// The generation before.
        previous: Option<i32>,
        /// A generation that waits.
        offered: Option<i32>,
        /// Whether that one was tried.
        offered_tried: bool,
        /// Codes of granted permissions, separated by spaces.
        permissions: String,
        /// Why it was locked away; empty otherwise.
        reason: String,
        /// Who moved it last.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// UTC milliseconds.
        changed_ms: i64,
        /// When the generation in use took the place of the one before; UTC milliseconds.
        upgraded_ms: Option<i64>,
        /// Counts changes.
        version: i64,
    }
}
kept!(Install in plugin_install by PluginId);

noun! {
    /// A package on the shelf, without its bytes.
    Shelved in plugin_package {
        /// The plugin's own name.
        plugin: String,
        /// Counts the plugin's packages.
        generation: i32,
        /// Three numbers.
        package_version: String,
        /// SHA-256 of the file.
        sha256: String,
        /// Key that signed it.
        signer: Option<String>,
        /// `plugin.toml` as packed.
        declaration: String,
        /// Whether it brings a library.
        library: bool,
        /// UTC milliseconds.
        created_ms: i64,
    }
}

noun! {
    /// A trusted key.
    TrustedKey in plugin_key {
        /// The key as hexadecimal text.
        key_id: String,
        /// Whose it is.
        name: String,
        /// Whether it speaks for other keys.
        root: bool,
        /// UTC milliseconds.
        created_ms: i64,
        /// UTC milliseconds; None while it counts.
        revoked_ms: Option<i64>,
    }
}

/// Keys that were ever trusted, by name.
///
/// # Errors
/// The database's own.
pub fn keys(tx: &mut Tx<'_>) -> Result<Vec<TrustedKey>, Stop> {
    let query = plugin_key::table.order((plugin_key::name, plugin_key::key_id));
    load!(TrustedKey, query, tx)
}

/// Trusts a key. One that was revoked stays so: false.
///
/// # Errors
/// The database's own.
pub fn trust(tx: &mut Tx<'_>, key: &str, name: &str, root: bool) -> Result<bool, Stop> {
    let there: Option<Option<i64>> =
        plugin_key::table.find(key).select(plugin_key::revoked_ms).first(tx.conn).optional()?;
    match there {
        Some(Some(_)) => Ok(false),
        Some(None) => {
            let place = || plugin_key::table.find(key);
            diesel::update(place()).set(plugin_key::name.eq(name)).execute(tx.conn)?;
            // A root brought again as anybody's key stays the root.
            if root {
                diesel::update(place()).set(plugin_key::root.eq(true)).execute(tx.conn)?;
            }
            Ok(true)
        }
        None => {
            let row = TrustedKey {
                key_id: key.to_owned(),
                name: name.to_owned(),
                root,
                created_ms: tx.now.millis(),
                revoked_ms: None,
            };
            diesel::insert_into(plugin_key::table).values(row.values()).execute(tx.conn)?;
            Ok(true)
        }
    }
}

/// Takes a key out of the world, known here or not.
///
/// # Errors
/// The database's own.
pub fn revoke_key(tx: &mut Tx<'_>, key: &str) -> Result<(), Stop> {
    let now = Some(tx.now.millis());
    let place = plugin_key::table.find(key);
    if diesel::update(place).set(plugin_key::revoked_ms.eq(now)).execute(tx.conn)? == 0 {
        let row = TrustedKey {
            key_id: key.to_owned(),
            name: String::new(),
            root: false,
            created_ms: tx.now.millis(),
            revoked_ms: now,
        };
        diesel::insert_into(plugin_key::table).values(row.values()).execute(tx.conn)?;
    }
    Ok(())
}

/// SHA-256 of revoked packages.
///
/// # Errors
/// The database's own.
pub fn revoked_packages(tx: &mut Tx<'_>) -> Result<Vec<String>, Stop> {
    Ok(plugin_revocation::table.select(plugin_revocation::sha256).load(tx.conn)?)
}

/// Takes a package out of the world.
///
/// # Errors
/// The database's own.
pub fn revoke_package(tx: &mut Tx<'_>, sha256: &str) -> Result<(), Stop> {
    let there: i64 =
        plugin_revocation::table.filter(plugin_revocation::sha256.eq(sha256)).count().get_result(tx.conn)?;
    if there == 0 {
        let row = (plugin_revocation::sha256.eq(sha256), plugin_revocation::created_ms.eq(tx.now.millis()));
        diesel::insert_into(plugin_revocation::table).values(row).execute(tx.conn)?;
    }
    Ok(())
}

/// Puts a package on the shelf, or finds it there; returns it with its generation.
///
/// # Errors
/// The database's own.
pub fn shelve(tx: &mut Tx<'_>, package: &Shelved, body: &[u8]) -> Result<Shelved, Stop> {
    let same = plugin_package::table
        .filter(plugin_package::plugin.eq(&package.plugin))
        .filter(plugin_package::sha256.eq(&package.sha256));
    if let Some(row) = same.select(Shelved::COLUMNS).first(tx.conn).optional()? {
        return Shelved::from_row(row);
    }
    let of_plugin = plugin_package::table.filter(plugin_package::plugin.eq(&package.plugin));
    let last: Option<i32> = of_plugin.select(max(plugin_package::generation)).first(tx.conn)?;
    let new = Shelved { generation: last.unwrap_or(0) + 1, created_ms: tx.now.millis(), ..package.clone() };
    let row = (new.values(), plugin_package::body.eq(body));
    diesel::insert_into(plugin_package::table).values(row).execute(tx.conn)?;
    Ok(new)
}

/// One package.
///
/// # Errors
/// `not_found`.
pub fn package(tx: &mut Tx<'_>, plugin: &str, generation: i32) -> Result<Shelved, Stop> {
    let row = plugin_package::table.find((plugin, generation));
    let row = row.select(Shelved::COLUMNS).first(tx.conn).optional()?;
    Shelved::from_row(row.ok_or_else(falin_domain::refusal::Refusal::absent)?)
}

/// Whether a package, or the key that signed it, has been revoked.
///
/// # Errors
/// `not_found`.
pub fn is_revoked(tx: &mut Tx<'_>, plugin: &str, generation: i32) -> Result<bool, Stop> {
    let row = plugin_package::table.find((plugin, generation));
    let row = row.select((plugin_package::sha256, plugin_package::signer)).first(tx.conn).optional()?;
    let (sha256, signer): (String, Option<String>) =
        row.ok_or_else(falin_domain::refusal::Refusal::absent)?;
    let packages = plugin_revocation::table.filter(plugin_revocation::sha256.eq(sha256));
    let hit: i64 = packages.count().get_result(tx.conn)?;
    let Some(signer) = signer.filter(|_| hit == 0) else { return Ok(hit > 0) };
    let keys = plugin_key::table.find(signer).filter(plugin_key::revoked_ms.is_not_null());
    let hit: i64 = keys.count().get_result(tx.conn)?;
    Ok(hit > 0)
}

/// SHA-256 of a package's file.
///
/// # Errors
/// `not_found`.
pub fn hash(tx: &mut Tx<'_>, plugin: &str, generation: i32) -> Result<String, Stop> {
    let row = plugin_package::table.find((plugin, generation)).select(plugin_package::sha256);
    Ok(row.first(tx.conn).optional()?.ok_or_else(falin_domain::refusal::Refusal::absent)?)
}

/// Signed packages of a plugin in this version, however many files carry the number.
///
/// # Errors
/// The database's own.
pub fn signed_in_version(tx: &mut Tx<'_>, plugin: &str, version: &str) -> Result<Vec<Shelved>, Stop> {
    let query = plugin_package::table
        .filter(plugin_package::plugin.eq(plugin))
        .filter(plugin_package::package_version.eq(version))
        .filter(plugin_package::signer.is_not_null());
    load!(Shelved, query, tx)
}

/// Every package on the shelf: plugin, generation, and the SHA-256 of its file.
///
/// # Errors
/// The database's own.
pub fn shelf(tx: &mut Tx<'_>) -> Result<Vec<(String, i32, String)>, Stop> {
    let columns = (plugin_package::plugin, plugin_package::generation, plugin_package::sha256);
    Ok(plugin_package::table
        .order((plugin_package::plugin, plugin_package::generation))
        .select(columns)
        .load(tx.conn)?)
}

/// A package's bytes.
///
/// # Errors
/// `not_found`.
pub fn body(tx: &mut Tx<'_>, plugin: &str, generation: i32) -> Result<Vec<u8>, Stop> {
    let row = plugin_package::table.find((plugin, generation)).select(plugin_package::body);
    Ok(row.first(tx.conn).optional()?.ok_or_else(falin_domain::refusal::Refusal::absent)?)
}

/// What a county has, by name; removed ones too.
///
/// # Errors
/// The database's own.
pub fn installs(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Install>, Stop> {
    let query = plugin_install::table
        .filter(plugin_install::county_id.eq(county.bytes()))
        .order((plugin_install::plugin, plugin_install::id));
    load!(Install, query, tx)
}

/// What a county has of one plugin.
///
/// # Errors
/// The database's own.
pub fn install_of(tx: &mut Tx<'_>, county: CountyId, plugin: &str) -> Result<Option<Install>, Stop> {
    let row = plugin_install::table
        .filter(plugin_install::county_id.eq(county.bytes()))
        .filter(plugin_install::plugin.eq(plugin));
    row.select(Install::COLUMNS).first(tx.conn).optional()?.map(Install::from_row).transpose()
}

/// What every county has in one of these states, each with the SHA-256 of its package's file.
///
/// # Errors
/// The database's own.
pub fn standing(tx: &mut Tx<'_>, states: &[PluginState]) -> Result<Vec<(Install, String)>, Stop> {
    let package = plugin_install::plugin
        .eq(plugin_package::plugin)
        .and(plugin_install::generation.eq(plugin_package::generation));
    let states: Vec<&str> = states.iter().map(|state| state.code()).collect();
    let rows = plugin_install::table
        .inner_join(plugin_package::table.on(package))
        .filter(plugin_install::state.eq_any(states))
        .order((plugin_install::county_id, plugin_install::plugin))
        .select((Install::COLUMNS, plugin_package::sha256))
        .load(tx.conn)?;
    rows.into_iter().map(|(install, sha256)| Ok((Install::from_row(install)?, sha256))).collect()
}

/// How many cases of a flow are open in a county.
///
/// # Errors
/// The database's own.
pub fn open_cases(tx: &mut Tx<'_>, county: CountyId, flow: &str) -> Result<i64, Stop> {
    let cases = casefile::table
        .filter(casefile::county_id.eq(county.bytes()))
        .filter(casefile::flow.eq(flow))
        .filter(casefile::closed_ms.is_null());
    Ok(cases.count().get_result(tx.conn)?)
}

/// What every county is offered: of each plugin the signed package of the highest version, by name. What an author
/// tries unsigned in one county is no other county's affair.
///
/// # Errors
/// The database's own.
pub fn on_offer(tx: &mut Tx<'_>) -> Result<Vec<Shelved>, Stop> {
    let query = plugin_package::table
        .filter(plugin_package::signer.is_not_null())
        .order((plugin_package::plugin, plugin_package::generation.desc()));
    let mut all: Vec<Shelved> = load!(Shelved, query, tx)?;
    all.sort_by_cached_key(|one| {
        (one.plugin.clone(), Reverse((version_numbers(&one.package_version), one.generation)))
    });
    all.dedup_by(|later, first| later.plugin == first.plugin);
    Ok(all)
}
