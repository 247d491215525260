//! What a county makes of a plugin beside its cases: the values of its settings, and who holds its posts.

use std::collections::HashMap;
use std::sync::Arc;

use falin_domain::access::{Act, Noun, Role, Visitor};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountId, CountyId, DivisionId, PluginId, PluginPostId};
use falin_domain::workflow::{Manifest, Manner, Post, Values};
use falin_store::division::Division;
use falin_store::plugin::Install;
use falin_store::plugin_desk::{self, HeldPost, Settings};
use falin_store::{Fault, In, Tx, account, notice};
use serde_json::{Value, json};

use super::{NOUN, declared};
use crate::division::{find, must_hold};
use crate::trace::By;
use crate::{App, Stop};

/// Settings of a plugin as a county has them.
#[derive(Clone, Debug)]
pub struct SettingsSeen {
    /// The plugin in the county.
    pub install: Install,
    /// What it declares.
    pub manifest: Arc<Manifest>,
    /// What the county has said.
    pub given: Values,
    /// What holds: the county's value, else the declared one.
    pub values: Values,
    /// Counts changes; 0 where the county has said nothing yet.
    pub version: i64,
}

/// A post as somebody holds it, with names.
#[derive(Clone, Debug)]
pub struct Holding {
    /// The row.
    pub row: HeldPost,
    /// Who holds it.
    pub who: String,
    /// Where; empty for the county.
    pub place: String,
}

/// The posts of a plugin in a county.
#[derive(Clone, Debug)]
pub struct PostsSeen {
    /// The plugin in the county.
    pub install: Install,
    /// What it declares.
    pub manifest: Arc<Manifest>,
    /// Who holds them now.
    pub held: Vec<Holding>,
    /// Accounts that could be given one: those that hold a role on which a post rests, with their names.
    pub accounts: Vec<(AccountId, String)>,
}

/// A post as it is given.
#[derive(Clone, Debug, Default)]
pub struct Giving {
    /// The post's code.
    pub post: String,
    /// Id or name of the account.
    pub account: String,
    /// Id or code of the place; None for the county.
    pub place: Option<String>,
}

fn known(tx: &mut Tx<'_>, county: CountyId, id: PluginId) -> Result<(Install, Arc<Manifest>), Stop> {
    let install = Install::by_id(tx, county, id)?;
    let manifest = declared(tx, &install.plugin, install.generation)?;
    Ok((install, manifest))
}

fn given(row: Option<&Settings>) -> Result<Values, Stop> {
    let Some(row) = row else { return Ok(Values::new()) };
    Ok(serde_json::from_str(&row.settings).map_err(|e| Fault::new("plugin_setting", e.to_string()))?)
}

fn seen(tx: &mut Tx<'_>, county: CountyId, id: PluginId) -> Result<SettingsSeen, Stop> {
    let (install, manifest) = known(tx, county, id)?;
    let row = plugin_desk::settings(tx, county, &install.plugin)?;
    let given = given(row.as_ref())?;
    let values = manifest.settings(&given, tx.now.date());
    Ok(SettingsSeen { install, manifest, given, values, version: row.map_or(0, |row| row.version) })
}

/// The settings of a plugin in the visitor's county.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn settings(app: &App, visitor: &Visitor, id: PluginId) -> Result<SettingsSeen, Stop> {
    let county = visitor.scope(Act::Read, Noun::Plugin)?.county;
    app.db.read(In::County(county), move |tx| seen(tx, county, id)).await
}

/// Says what holds in the county; what is left blank goes back to what the plugin declares.
///
/// # Errors
/// `access.denied`, `not_found`, `form.invalid`, `state.changed`.
pub async fn set(
    app: &App,
    visitor: &Visitor,
    id: PluginId,
    version: i64,
    (typed, manner): (Values, Manner),
) -> Result<SettingsSeen, Stop> {
    let (county, by) = (visitor.whole_scope(Act::Commit, Noun::Plugin)?.county, By::of(visitor));
    let work = move |tx: &mut Tx<'_>| {
        let before = seen(tx, county, id)?;
        let read = before.manifest.read_settings(&typed, manner, tx.now.date())?;
        if before.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        let changed: Vec<&String> = before
            .manifest
            .setting
            .iter()
            .map(|one| &one.field.name)
            .filter(|name| read.get(*name) != before.given.get(*name))
            .collect();
        let details = json!({ "plugin": before.install.plugin, "settings": changed });
        let text = Value::Object(read.clone()).to_string();
        let mut row = match plugin_desk::settings(tx, county, &before.install.plugin)? {
            Some(row) => row,
            None => {
                let row = Settings {
                    county_id: county,
                    id: tx.id(),
                    plugin: before.install.plugin.clone(),
                    settings: "{}".to_owned(),
                    account_id: None,
                    changed_ms: tx.now.millis(),
                    version: 0,
                };
                row.insert(tx)?;
                row
            }
        };
        (row.settings, row.account_id, row.changed_ms) = (text, by.account, tx.now.millis());
        row.save(tx)?;
        by.saved(tx, Event::PluginSettingsChanged, (NOUN, id), details)?;
        seen(tx, county, id)
    };
    app.db.write(In::County(county), work).await
}

/// A number that a county has put in place of a declared one; None where it has not.
///
/// # Errors
/// The store's own.
pub(crate) fn number(
    tx: &mut Tx<'_>,
    county: CountyId,
    plugin: &str,
    name: &str,
) -> Result<Option<i64>, Stop> {
    let row = plugin_desk::settings(tx, county, plugin)?;
    Ok(given(row.as_ref())?.get(name).and_then(Value::as_i64))
}

/// What a county has put in place of a declared value; None where it has not.
///
/// # Errors
/// The store's own.
pub(crate) fn value(
    tx: &mut Tx<'_>,
    county: CountyId,
    plugin: &str,
    name: &str,
) -> Result<Option<Value>, Stop> {
    let row = plugin_desk::settings(tx, county, plugin)?;
    Ok(given(row.as_ref())?.remove(name))
}

/// The posts of a plugin, and who holds them.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn posts(app: &App, visitor: &Visitor, id: PluginId) -> Result<PostsSeen, Stop> {
    let county = visitor.scope(Act::Read, Noun::Plugin)?.county;
    app.db.read(In::County(county), move |tx| posts_seen(tx, county, id)).await
}

fn posts_seen(tx: &mut Tx<'_>, county: CountyId, id: PluginId) -> Result<PostsSeen, Stop> {
    let (install, manifest) = known(tx, county, id)?;
    let rows = plugin_desk::posts(tx, county, &install.plugin)?;
    let places: Vec<DivisionId> = rows.iter().filter_map(|row| row.division_id).collect();
    let places = Division::by_ids(tx, county, &places)?;
    let mut able: Vec<AccountId> = Vec::new();
    for role in manifest.post.iter().map(|post| post.role).collect::<std::collections::BTreeSet<Role>>() {
        able.extend(plugin_desk::holders(tx, county, role)?);
    }
    let all: Vec<AccountId> = rows.iter().map(|row| row.account_id).chain(able.iter().copied()).collect();
    let names: HashMap<AccountId, String> = account::names(tx, &all)?;
    let name = |id: &AccountId| names.get(id).cloned().unwrap_or_default();
    let held = rows.into_iter().map(|row| Holding {
        who: name(&row.account_id),
        place: row.division_id.and_then(|id| places.get(&id)).map(|p| p.name.clone()).unwrap_or_default(),
        row,
    });
    let held = held.collect();
    able.sort_unstable();
    able.dedup();
    let mut accounts: Vec<(AccountId, String)> = able.iter().map(|id| (*id, name(id))).collect();
    accounts.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    Ok(PostsSeen { install, manifest, held, accounts })
}

/// Gives a post to an account at a place. The account must hold the role under it there.
///
/// # Errors
/// `access.denied`, `not_found`; `form.invalid` at `post`, `account`, `place`: unknown, without the role there, or held
/// already.
pub async fn give(app: &App, visitor: &Visitor, id: PluginId, giving: Giving) -> Result<PostsSeen, Stop> {
    let scope = visitor.scope(Act::Commit, Noun::Plugin)?;
    let (county, by) = (scope.county, By::of(visitor));
    let work = move |tx: &mut Tx<'_>| {
        let (install, manifest) = known(tx, county, id)?;
        let post = manifest.post.iter().find(|post| post.code == giving.post);
        let post = post.ok_or_else(|| Refusal::field("post", "unknown"))?;
        let place = match giving.place.as_deref().filter(|text| !text.trim().is_empty()) {
            Some(text) => {
                Some(find(tx, county, text)?.ok_or_else(|| Refusal::field("place", "village.unknown"))?.id)
            }
            None => None,
        };
        must_hold(tx, &scope, place)?;
        let account = holder(tx, county, (post, place), &giving.account)?;
        let row = HeldPost {
            county_id: county,
            id: tx.id(),
            plugin: install.plugin.clone(),
            post: post.code.clone(),
            account_id: account,
            division_id: place,
            granted_by: by.account,
            from_ms: tx.now.millis(),
            to_ms: None,
            version: 1,
        };
        row.insert(tx).map_err(|stop| match stop {
            Stop::Rule(_) => Refusal::field("account", "post.held").into(),
            other => other,
        })?;
        let details = json!({ "plugin": install.plugin, "post": post.code, "to": account, "place": place });
        by.saved(tx, Event::PluginPostGiven, (NOUN, id), details)?;
        posts_seen(tx, county, id)
    };
    app.db.write(In::County(county), work).await
}

/// The account, if it holds the role under the post at the place or above it.
fn holder(
    tx: &mut Tx<'_>,
    county: CountyId,
    (post, place): (&Post, Option<DivisionId>),
    named: &str,
) -> Result<AccountId, Stop> {
    let found = match named.trim().parse::<AccountId>() {
        Ok(id) => Some(id),
        Err(_) => account::by_username(tx, named.trim())?.map(|account| account.id),
    };
    let found = found.ok_or_else(|| Refusal::field("account", "unknown"))?;
    let able = match post.role {
        // A legal worker's role is held for the county, whatever the place of the post.
        Role::Lawyer => plugin_desk::holders(tx, county, post.role)?,
        _ => notice::holders(tx, county, post.role, place)?,
    };
    if able.contains(&found) { Ok(found) } else { Err(Refusal::field("account", "post.role").into()) }
}

/// Takes a post back; who held it when stays to be read.
///
/// # Errors
/// `access.denied`, `not_found`, `state.changed`.
pub async fn withdraw(
    app: &App,
    visitor: &Visitor,
    id: PluginId,
    post: PluginPostId,
    version: i64,
) -> Result<PostsSeen, Stop> {
    let scope = visitor.scope(Act::Commit, Noun::Plugin)?;
    let (county, by) = (scope.county, By::of(visitor));
    let work = move |tx: &mut Tx<'_>| {
        let (install, _) = known(tx, county, id)?;
        let mut row = HeldPost::by_id(tx, county, post)?;
        if row.plugin != install.plugin || row.to_ms.is_some() {
            return Err(Refusal::absent().into());
        }
        must_hold(tx, &scope, row.division_id)?;
        if row.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        row.to_ms = Some(tx.now.millis());
        row.save(tx)?;
        let details = json!({ "plugin": row.plugin, "post": row.post, "from": row.account_id });
        by.saved(tx, Event::PluginPostWithdrawn, (NOUN, id), details)?;
        posts_seen(tx, county, id)
    };
    app.db.write(In::County(county), work).await
}
