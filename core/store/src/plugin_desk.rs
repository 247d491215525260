//! What a county makes of a plugin beside its cases: the values of its settings, who holds its posts, and the tables
//! that are kept when it is taken out.

use diesel::prelude::*;
use falin_domain::words::{AccountId, CountyId, DivisionId, PluginExportId, PluginPostId, PluginSettingId};

use crate::column::{kept, load, noun};
use crate::keys::Bound;
use crate::schema::{
    account, account_role, plugin_batch, plugin_errand, plugin_export, plugin_letter, plugin_post,
    plugin_setting,
};
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// A county's values for the settings of a plugin.
    Settings in plugin_setting {
        /// County.
        county_id: CountyId,
        /// Id.
        id: PluginSettingId,
        /// The plugin's own name.
        plugin: String,
        /// A JSON object by setting.
        settings: String,
        /// Who set them last.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        changed_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Settings in plugin_setting by PluginSettingId);

noun! {
    /// A post of a plugin as somebody holds it.
    HeldPost in plugin_post {
        /// County.
        county_id: CountyId,
        /// Id.
        id: PluginPostId,
        /// The plugin's own name.
        plugin: String,
        /// The post's code.
        post: String,
        /// Who holds it.
        account_id: AccountId,
        /// Where, with everything below; None for the county.
        division_id: Option<DivisionId>,
        /// Who gave it.
        granted_by: Option<AccountId>,
        /// UTC milliseconds.
        from_ms: i64,
        /// UTC milliseconds; None while it lasts.
        to_ms: Option<i64>,
        /// Counts changes.
        version: i64,
    }
}
kept!(HeldPost in plugin_post by PluginPostId);

noun! {
    /// The cases of a plugin that was taken out, without their bytes.
    Export in plugin_export {
        /// County.
        county_id: CountyId,
        /// Id.
        id: PluginExportId,
        /// The plugin's own name.
        plugin: String,
        /// How many cases.
        case_count: i32,
        /// Who took it out.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// Until when it is kept, UTC milliseconds.
        until_ms: i64,
    }
}

/// The values that a county has given a plugin's settings; None where it never did.
///
/// # Errors
/// The database's own.
pub fn settings(tx: &mut Tx<'_>, county: CountyId, plugin: &str) -> Result<Option<Settings>, Stop> {
    let row = plugin_setting::table
        .filter(plugin_setting::county_id.eq(county.bytes()))
        .filter(plugin_setting::plugin.eq(plugin));
    row.select(Settings::COLUMNS).first(tx.conn).optional()?.map(Settings::from_row).transpose()
}

/// Posts of a plugin that are held now, by post and time.
///
/// # Errors
/// The database's own.
pub fn posts(tx: &mut Tx<'_>, county: CountyId, plugin: &str) -> Result<Vec<HeldPost>, Stop> {
    let query = plugin_post::table
        .filter(plugin_post::county_id.eq(county.bytes()))
        .filter(plugin_post::plugin.eq(plugin))
        .filter(plugin_post::to_ms.is_null())
        .order((plugin_post::post, plugin_post::from_ms, plugin_post::id));
    load!(HeldPost, query, tx)
}

/// Posts of every plugin that an account holds now in a county.
///
/// # Errors
/// The database's own.
pub fn posts_of(tx: &mut Tx<'_>, county: CountyId, account: AccountId) -> Result<Vec<HeldPost>, Stop> {
    let query = plugin_post::table
        .filter(plugin_post::county_id.eq(county.bytes()))
        .filter(plugin_post::account_id.eq(account.bytes()))
        .filter(plugin_post::to_ms.is_null());
    load!(HeldPost, query, tx)
}

/// Enabled accounts that hold a role at some place of a county.
///
/// # Errors
/// The database's own.
pub fn holders(
    tx: &mut Tx<'_>,
    county: CountyId,
    role: falin_domain::access::Role,
) -> Result<Vec<AccountId>, Stop> {
    let holding = account_role::table
        .filter(account_role::county_id.eq(county.bytes()))
        .filter(account_role::role.eq(role.code()))
        .select(account_role::account_id);
    let ids: Vec<Vec<u8>> = account::table
        .filter(account::id.eq_any(holding))
        .filter(account::disabled.eq(false))
        .select(account::id)
        .load(tx.conn)?;
    Ok(ids.iter().filter_map(|id| AccountId::from_bytes(id)).collect())
}

/// Keeps the tables of a plugin that is taken out.
///
/// # Errors
/// The database's own; a fault where they cannot be sealed.
pub fn keep_export(tx: &mut Tx<'_>, row: &Export, body: &[u8]) -> Result<(), Stop> {
    let id = row.id.bytes();
    let at = Bound { table: "plugin_export", column: "body_sealed", row: &id, county: row.county_id };
    let sealed = tx.seal_bytes(at, body)?;
    let values = (row.values(), plugin_export::body_sealed.eq(sealed));
    diesel::insert_into(plugin_export::table).values(values).execute(tx.conn)?;
    Ok(())
}

/// Kept tables of a county, newest first.
///
/// # Errors
/// The database's own.
pub fn exports(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Export>, Stop> {
    let query = plugin_export::table
        .filter(plugin_export::county_id.eq(county.bytes()))
        .order((plugin_export::created_ms.desc(), plugin_export::id));
    load!(Export, query, tx)
}

/// One of them with its bytes.
///
/// # Errors
/// `not_found`; a fault where they cannot be opened.
pub fn export(tx: &mut Tx<'_>, county: CountyId, id: PluginExportId) -> Result<(Export, Vec<u8>), Stop> {
    let place = plugin_export::table.find((county.bytes(), id.bytes()));
    let row = place.clone().select(Export::COLUMNS).first(tx.conn).optional()?;
    let row = Export::from_row(row.ok_or_else(falin_domain::refusal::Refusal::absent)?)?;
    let sealed: Vec<u8> = place.select(plugin_export::body_sealed).first(tx.conn)?;
    let id = row.id.bytes();
    let at = Bound { table: "plugin_export", column: "body_sealed", row: &id, county };
    let body = tx.keys().open_bytes(at, &sealed)?;
    Ok((row, body))
}

/// Ends what waits for a plugin that is taken out: its posts, its errands and the letters about them, tables that were
/// read and not decided. Whoever brings it back begins without them.
///
/// # Errors
/// The database's own.
pub fn end_all(tx: &mut Tx<'_>, county: CountyId, plugin: &str) -> Result<(), Stop> {
    let now = tx.now.millis();
    let posts = plugin_post::table
        .filter(plugin_post::county_id.eq(county.bytes()))
        .filter(plugin_post::plugin.eq(plugin.to_owned()))
        .filter(plugin_post::to_ms.is_null());
    let ended = (plugin_post::to_ms.eq(Some(now)), plugin_post::version.eq(plugin_post::version + 1));
    diesel::update(posts).set(ended).execute(tx.conn)?;
    let errands = plugin_errand::table
        .filter(plugin_errand::county_id.eq(county.bytes()))
        .filter(plugin_errand::plugin.eq(plugin.to_owned()));
    diesel::delete(errands).execute(tx.conn)?;
    let letters = plugin_letter::table
        .filter(plugin_letter::county_id.eq(county.bytes()))
        .filter(plugin_letter::plugin.eq(plugin.to_owned()))
        .filter(plugin_letter::state.eq("waiting"));
    let dropped = (
        plugin_letter::state.eq("dropped"),
        plugin_letter::changed_ms.eq(now),
        plugin_letter::version.eq(plugin_letter::version + 1),
    );
    diesel::update(letters).set(dropped).execute(tx.conn)?;
    let batches = plugin_batch::table
        .filter(plugin_batch::county_id.eq(county.bytes()))
        .filter(plugin_batch::plugin.eq(plugin.to_owned()))
        .filter(plugin_batch::state.eq("checked"));
    diesel::delete(batches).execute(tx.conn)?;
    Ok(())
}

/// Forgets the kept tables of the plugin whose flow this is: a case in them is only stored from now on, or destroyed.
///
/// # Errors
/// The database's own.
pub fn forget_exports_of(tx: &mut Tx<'_>, county: CountyId, flow: &str) -> Result<(), Stop> {
    let Some((plugin, _)) = flow.split_once('/') else { return Ok(()) };
    let kept = plugin_export::table
        .filter(plugin_export::county_id.eq(county.bytes()))
        .filter(plugin_export::plugin.eq(plugin.to_owned()));
    diesel::delete(kept).execute(tx.conn)?;
    Ok(())
}

/// Forgets kept tables whose time is over; how many.
///
/// # Errors
/// The database's own.
pub fn forget_exports(tx: &mut Tx<'_>) -> Result<usize, Stop> {
    let over = plugin_export::table.filter(plugin_export::until_ms.le(tx.now.millis()));
    Ok(diesel::delete(over).execute(tx.conn)?)
}
