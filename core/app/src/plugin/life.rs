//! Moves of a plugin in a county: tried, granted, put in use, upgraded, rolled back, switched off, taken out.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountId, PluginId};
use falin_domain::workflow::{Move, PluginState, Words};
use falin_store::journal::Entry;
use falin_store::plugin::{self, Install};
use falin_store::{In, Tx, flow, plugin_desk};
use serde_json::json;

use super::migrate::{self, Going};
use super::papers::counted_apart;
use super::trial::tried;
use super::turn::{self, Tables};
use super::{NOUN, Shown, declared, granted, table, told};
use crate::casework::Flows;
use crate::trace::By;
use crate::{App, Stop};

/// Milliseconds after an upgrade within which workers that die take it back.
const FRESH_MS: i64 = 600_000;
/// How often an upgrade begins anew because a document was written meanwhile.
const TRIES: usize = 3;

/// Does one move on a plugin that is still at `version`.
///
/// # Errors
/// `not_found`, `access.denied`, `state.changed`, `action.not_allowed`; `plugin.trial`, `plugin.not_for_county`,
/// `plugin.not_granted`, `plugin.open_cases`, `plugin.prefix_taken`, `plugin.migration`, `package.revoked`.
pub async fn act(
    app: &App,
    visitor: &Visitor,
    id: PluginId,
    version: i64,
    wanted: Move,
) -> Result<Shown, Stop> {
    let there = super::one(app, visitor, id).await?;
    let county = visitor.whole_scope(Act::Commit, Noun::Plugin)?.county;
    if there.install.version != version {
        return Err(Refusal::new("state.changed").into());
    }
    if !there.moves.contains(&wanted) {
        return Err(Refusal::new("action.not_allowed").into());
    }
    let puts_in_use = matches!(wanted, Move::Try | Move::Enable | Move::Upgrade);
    if puts_in_use && !there.misfits.is_empty() {
        return Err(Refusal::new("plugin.not_for_county").into());
    }
    for _ in 0..TRIES {
        let mut made = Made::default();
        match wanted {
            Move::Try => drop(tried(app, &there).await?),
            Move::Upgrade if !migrate::going(app, &there).await?.is_empty() => {
                made.going = tried(app, &there).await?;
            }
            Move::Remove => made.tables = Some(turn::tables(app, visitor, &there).await?),
            _ => {}
        }
        if let Some((install, library)) = make(app, visitor, (id, version), (wanted, made)).await? {
            // Whatever generation is in use now begins anew: deaths of its last time here say nothing.
            let begins = matches!(wanted, Move::Enable | Move::Upgrade | Move::Rollback);
            if begins {
                app.plugins.release(county, &install.plugin, install.generation);
            }
            match begins && library {
                true => super::stage::swap(app, &install).await?,
                false => super::reload(app).await?,
            }
            return super::one(app, visitor, id).await;
        }
    }
    Err(Refusal::new("state.changed").into())
}

/// What a move needs and takes long, made before its transaction.
#[derive(Clone, Default)]
struct Made {
    /// Documents in their new shape.
    going: Vec<Going>,
    /// The tables of the cases of a plugin that is taken out.
    tables: Option<Tables>,
}

/// Makes the move; with whether what is in use then brings a library. None where what was made for it is of yesterday by
/// then. Open cases are not counted in it: every case that is opened meanwhile would make it begin anew.
async fn make(
    app: &App,
    visitor: &Visitor,
    (id, version): (PluginId, i64),
    (wanted, made): (Move, Made),
) -> Result<Option<(Install, bool)>, Stop> {
    let (by, who, flows) = (By::of(visitor), visitor.clone(), app.flows.clone());
    let work = move |tx: &mut Tx<'_>| {
        let mut install = Install::by_id(tx, who.county, id)?;
        if install.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        if wanted == Move::Upgrade && !migrate::forth(tx, &install, &made.going)? {
            return Ok(None);
        }
        if let Some(tables) = &made.tables
            && !turn::kept(tx, &install, who.account, tables)?
        {
            return Ok(None);
        }
        let event = moved(tx, (&flows, &who), &mut install, wanted)?;
        install.account_id = by.account;
        install.changed_ms = tx.now.millis();
        install.save(tx)?;
        let used = plugin::package(tx, &install.plugin, install.generation)?;
        let details = json!({ "plugin": install.plugin, "version": used.package_version,
            "permissions": install.permissions });
        by.saved(tx, event, (NOUN, id), details)?;
        Ok(Some((install, used.library)))
    };
    app.db.write(In::All, work).await
}

fn moved(
    tx: &mut Tx<'_>,
    (flows, visitor): (&Flows, &Visitor),
    install: &mut Install,
    wanted: Move,
) -> Result<Event, Stop> {
    let target = install.offered.unwrap_or(install.generation);
    let asked = declared(tx, &install.plugin, target)?.wanted();
    let ungranted = asked.difference(&granted(install)).copied().collect();
    if !table(install, ungranted).may(wanted) {
        return Err(Refusal::new("action.not_allowed").into());
    }
    match wanted {
        Move::Try => {
            match install.offered {
                Some(_) => install.offered_tried = true,
                None => install.state = PluginState::Tried,
            }
            Ok(Event::PluginTried)
        }
        Move::Grant => {
            let all = if install.offered.is_some() { &granted(install) | &asked } else { asked };
            install.permissions = all.iter().map(|one| one.code()).collect::<Vec<_>>().join(" ");
            if install.state == PluginState::Tried {
                install.state = PluginState::Granted;
            }
            Ok(Event::PluginGranted)
        }
        Move::Enable => {
            counted_apart(tx, install, install.generation)?;
            put_in_use(tx, install, install.generation)?;
            install.state = PluginState::Enabled;
            install.reason.clear();
            Ok(Event::PluginEnabled)
        }
        Move::Upgrade => {
            let old = install.generation;
            counted_apart(tx, install, target)?;
            put_in_use(tx, install, target)?;
            kept_open(tx, install, old, target)?;
            let manifest = declared(tx, &install.plugin, target)?;
            turn::forth(tx, install, &manifest, target)?;
            install.upgraded_ms = Some(tx.now.millis());
            (install.generation, install.previous) = (target, Some(old));
            (install.offered, install.offered_tried) = (None, false);
            Ok(Event::PluginUpgraded)
        }
        Move::Rollback => {
            rolled_back(tx, flows, install, visitor.account)?;
            Ok(Event::PluginRolledBack)
        }
        Move::Disable => {
            install.state = PluginState::Disabled;
            Ok(Event::PluginDisabled)
        }
        Move::Remove => {
            kept_open(tx, install, install.generation, 0)?;
            plugin_desk::end_all(tx, install.county_id, &install.plugin)?;
            install.state = PluginState::Removed;
            (install.previous, install.offered, install.offered_tried) = (None, None, false);
            install.permissions.clear();
            Ok(Event::PluginRemoved)
        }
    }
}

/// Puts the generation before in use again, the cases that the upgrade moved back where they stood, and the documents
/// as they were; what was written to them since is kept as a file.
fn rolled_back(
    tx: &mut Tx<'_>,
    flows: &Flows,
    install: &mut Install,
    account: Option<AccountId>,
) -> Result<(), Stop> {
    let (new, old) = (install.generation, install.previous.unwrap_or(install.generation));
    put_in_use(tx, install, old)?;
    kept_open(tx, install, new, old)?;
    let newer = declared(tx, &install.plugin, new)?;
    let older = declared(tx, &install.plugin, old)?;
    let later = migrate::back(tx, install, (&newer, &older), old)?;
    turn::kept_since(tx, install, account, &later)?;
    turn::back(tx, flows, install, new)?;
    (install.generation, install.previous, install.upgraded_ms) = (old, None, None);
    (install.offered, install.offered_tried) = (Some(new), true);
    Ok(())
}

/// Takes a version that was put in use within the last ten minutes back because its workers die; false where it is
/// older, or has none before it.
pub(super) fn taken_back(tx: &mut Tx<'_>, flows: &Flows, install: &mut Install) -> Result<bool, Stop> {
    let fresh = install.upgraded_ms.is_some_and(|at| tx.now.millis() - at < FRESH_MS);
    if !fresh || install.previous.is_none() {
        return Ok(false);
    }
    rolled_back(tx, flows, install, None)?;
    // What has just failed is offered again only after a new trial.
    install.offered_tried = false;
    install.changed_ms = tx.now.millis();
    install.save(tx)?;
    tx.record(Entry {
        county: install.county_id,
        account: None,
        event: Event::PluginRolledBack,
        reason: Reason::Operator,
        subject: Some((NOUN, install.id.bytes())),
        details: json!({ "plugin": install.plugin, "reason": "deaths" }),
    })?;
    told::administrators(tx, install, told::TAKEN_BACK)?;
    tx.bump(install.county_id, NOUN)?;
    Ok(true)
}

/// The database learns states and moves of a generation before a case can stand in them.
fn put_in_use(tx: &mut Tx<'_>, install: &Install, generation: i32) -> Result<(), Stop> {
    if plugin::is_revoked(tx, &install.plugin, generation)? {
        return Err(Refusal::new("package.revoked").into());
    }
    let manifest = declared(tx, &install.plugin, generation)?;
    if !manifest.wanted().is_subset(&granted(install)) {
        return Err(Refusal::new("plugin.not_granted").into());
    }
    for one in manifest.flows(generation) {
        flow::keep(tx, &one)?;
    }
    Ok(())
}

/// What the other generation no longer has, all of it where there is none, may have no open case: nobody could reach it.
fn kept_open(tx: &mut Tx<'_>, install: &Install, from: i32, to: i32) -> Result<(), Stop> {
    let old = declared(tx, &install.plugin, from)?;
    let new = match to {
        0 => Vec::new(),
        to => declared(tx, &install.plugin, to)?.flow.clone(),
    };
    let (mut count, mut names) = (0, Vec::new());
    for flow in old.flow.iter().filter(|flow| !new.iter().any(|other| other.id == flow.id)) {
        let open = plugin::open_cases(tx, install.county_id, &old.flow_id(&flow.id))?;
        if open > 0 {
            names.push(&flow.name);
        }
        count += open;
    }
    if count == 0 {
        return Ok(());
    }
    let list = |between: &str, of: fn(&Words) -> &str| {
        names.iter().map(|name| of(name)).collect::<Vec<_>>().join(between)
    };
    let refusal = Refusal::new("plugin.open_cases").with("count", count);
    Err(refusal.with("zh", list("、", |name| &name.zh)).with("en", list(", ", |name| &name.en)).into())
}

/// Takes a plugin out of use because of what its library did, or what became known of its publisher.
pub(super) fn lock_away(tx: &mut Tx<'_>, install: &mut Install, reason: &str) -> Result<(), Stop> {
    install.state = PluginState::Quarantined;
    install.reason = reason.to_owned();
    install.changed_ms = tx.now.millis();
    install.save(tx)?;
    tx.record(Entry {
        county: install.county_id,
        account: None,
        event: Event::PluginQuarantined,
        reason: Reason::Operator,
        subject: Some((NOUN, install.id.bytes())),
        details: json!({ "plugin": install.plugin, "reason": reason }),
    })?;
    told::administrators(tx, install, told::LOCKED)?;
    tx.bump(install.county_id, NOUN)
}
