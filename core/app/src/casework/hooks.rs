//! Hooks: a step taken here opens a case of a plugin that watches it, in the same transaction, so each exactly once;
//! or leaves an errand for the plugin's library, in the same transaction as well.
//!
//! A hook never harms the step that it follows. It runs behind a savepoint: where it is refused nothing of it stays, and
//! a letter is written in its place, which an administrator sees and has tried again. Only what is in use hears, and what
//! was until it was locked away: for that, errands and letters wait. Of the house's own flows a plugin hears only where
//! the county has let it watch them. What the house opens for a hook or a job stirs no further hook.

use falin_domain::access::{Post, Role, Visitor};
use falin_domain::refusal::Refusal;
use falin_domain::time::{Date, Instant};
use falin_domain::words::CountyId;
use falin_domain::workflow::{Flow, Hook, Kind, Opens, Permission, Values};
use falin_store::casefile::{self, Case};
use falin_store::plugin_stage::Letter;
use falin_store::{Tx, division};
use serde_json::{Value, json};

use super::effects::{Moved, fill_up};
use super::open::{Opening, opened};
use super::{Flows, InUse};
use crate::Stop;

/// The house itself: every role of the county, nobody's account.
pub(crate) fn house(county: CountyId) -> Visitor {
    let roles = Role::ALL.iter().filter(|role| **role != Role::PlatformAdmin);
    let posts = roles.map(|role| Post { role: *role, county, place: None }).collect();
    Visitor { account: None, county, posts, worker: None, token: None }
}

/// Hooks of a plugin on a step, each with its place among them.
fn on_step<'a>(plugin: &'a InUse, flow: &str, action: &str) -> Vec<(i32, &'a Hook)> {
    let watch = match flow {
        "consultation" => Some(Permission::WatchConsultation),
        "aid" => Some(Permission::WatchAid),
        "mediation" => Some(Permission::WatchMediation),
        _ => None,
    };
    if watch.is_some_and(|watch| !plugin.granted.contains(&watch)) {
        return Vec::new();
    }
    let own = flow.strip_prefix(&format!("{}/", plugin.name)).map(str::to_owned);
    let name = match own {
        Some(own) => own,
        None if watch.is_some() => flow.to_owned(),
        None => return Vec::new(),
    };
    let on = format!("{name}/{action}");
    let hooks = plugin.manifest.hook.iter().filter(|hook| hook.on == on);
    hooks.enumerate().map(|(at, hook)| (at as i32, hook)).collect()
}

/// Follows a step: every hook on it that fits opens its case.
///
/// # Errors
/// Only what ends the whole transaction; what a hook refuses becomes a letter.
pub(super) fn follow(
    tx: &mut Tx<'_>,
    flows: &Flows,
    visitor: &Visitor,
    (case, n): (&Case, i32),
    moved: &Moved<'_>,
) -> Result<(), Stop> {
    if moved.house || moved.silent {
        return Ok(());
    }
    for (plugin, waits) in flows.watching(case.county_id) {
        for (position, hook) in on_step(&plugin, &case.flow, &moved.step.action) {
            if hook.when.as_ref().is_some_and(|when| !when.holds(moved.values)) {
                continue;
            }
            let (plugin_name, period, subject) = (plugin.name.as_str(), n.to_string(), case.id.bytes());
            let work = Undone {
                plugin: plugin_name,
                kind: "hook",
                code: &hook.on,
                position,
                period: &period,
                subject: &subject,
                generation: plugin.generation,
                at: tx.now,
            };
            let Some(opens) = hook.open.as_ref().filter(|_| !hook.library) else {
                crate::plugin::leave_errand(tx, case.county_id, &work)?;
                continue;
            };
            if waits {
                work.write(tx, case.county_id, Refusal::new("plugin.asleep").into())?;
                continue;
            }
            let by = Visitor { account: visitor.account, worker: visitor.worker, ..house(case.county_id) };
            let (by, from) = ((&by, tx.now.date()), Some((case, moved.values)));
            let done = tx.attempt(|tx| brought(tx, flows, (&plugin, opens), by, from, None))?;
            if let Err(stop) = done {
                work.write(tx, case.county_id, stop)?;
            }
        }
    }
    Ok(())
}

/// Opens what a hook or a job opens, with values taken from a case, or for a place; linked to the case. Its day is that
/// on which the step was taken or the job's turn came, also where it is done later.
///
/// # Errors
/// Those of opening a case.
pub(crate) fn brought(
    tx: &mut Tx<'_>,
    flows: &Flows,
    (plugin, opens): (&InUse, &Opens),
    (by, day): (&Visitor, Date),
    from: Option<(&Case, &Values)>,
    place: Option<falin_domain::words::DivisionId>,
) -> Result<Case, Stop> {
    let county = by.county;
    let flow = flows.current(county, &plugin.manifest.flow_id(&opens.flow))?;
    let place = place.or_else(|| from.and_then(|(case, _)| case.division_id));
    let mut values = Values::new();
    for (name, source) in &opens.map {
        let value = match source.as_str() {
            "@number" => from.map(|(case, _)| Value::from(case.number.clone())),
            "@day" => Some(Value::from(day.to_string())),
            "@place" => said_place(tx, &flow, name, place, county)?,
            field => from.and_then(|(_, values)| values.get(field).cloned()),
        };
        if let Some(value) = value {
            values.insert(name.clone(), value);
        }
    }
    values.extend(opens.set.iter().map(|(name, value)| (name.clone(), value.clone())));
    fill_up(&flow, &mut values);
    let opening = Opening {
        place: place.map(|place| place.to_string()),
        household: from.and_then(|(case, _)| case.household_id),
        house: true,
        ..Opening::new(&flow.id, values)
    };
    let born = opened(tx, flows, &flow, by, &opening)?;
    if let Some((case, _)) = from {
        casefile::link(tx, county, case.id, born.id, "followed")?;
    }
    Ok(born)
}

/// The place as the field holds it: its id in a field for places, its name in any other.
fn said_place(
    tx: &mut Tx<'_>,
    flow: &Flow,
    field: &str,
    place: Option<falin_domain::words::DivisionId>,
    county: CountyId,
) -> Result<Option<Value>, Stop> {
    let Some(place) = place else { return Ok(None) };
    if flow.place == field || flow.field(field).is_some_and(|field| field.kind == Kind::Division) {
        return Ok(Some(Value::from(place.to_string())));
    }
    let there = division::Division::by_id(tx, county, place)?;
    Ok(Some(Value::from(there.name)))
}

/// What could not be done.
pub(crate) struct Undone<'a> {
    pub plugin: &'a str,
    pub kind: &'a str,
    pub code: &'a str,
    pub position: i32,
    pub period: &'a str,
    pub subject: &'a [u8],
    pub generation: i32,
    /// When the step was taken, or the job's turn came.
    pub at: Instant,
}

impl Undone<'_> {
    /// Writes the letter about it.
    ///
    /// # Errors
    /// The store's own.
    pub fn write(&self, tx: &mut Tx<'_>, county: CountyId, stop: Stop) -> Result<(), Stop> {
        let mut letter = Letter {
            county_id: county,
            id: tx.id(),
            plugin: self.plugin.to_owned(),
            kind: self.kind.to_owned(),
            code: self.code.to_owned(),
            position: self.position,
            period: self.period.to_owned(),
            subject_id: self.subject.to_vec(),
            refusal: String::new(),
            refusal_sealed: None,
            generation: self.generation,
            state: "waiting".to_owned(),
            tries: 1,
            created_ms: self.at.millis(),
            changed_ms: tx.now.millis(),
            version: 1,
        };
        said(tx, &mut letter, stop)?;
        letter.insert(tx)
    }
}

/// Notes a refusal in a letter: codes and what they speak of.
///
/// # Errors
/// A fault where it cannot be sealed.
pub(crate) fn said(tx: &mut Tx<'_>, letter: &mut Letter, stop: Stop) -> Result<(), Stop> {
    let refusal = match stop {
        Stop::Refused(refusal) => *refusal,
        fault => {
            tracing::error!(plugin = %letter.plugin, %fault, "a hook or job failed");
            Refusal::new("plugin.failed")
        }
    };
    let fields =
        refusal.fields.iter().map(|one| json!({"name": one.name, "code": one.code, "args": one.args}));
    let said = json!({"code": refusal.code(), "args": refusal.args, "fields": fields.collect::<Vec<_>>()});
    letter.note(tx, refusal.code(), &said.to_string())
}

/// Tries the hook of a letter again, on the case as it is now and for the day of its step.
///
/// # Errors
/// `plugin.asleep` where the plugin is not in use any more, or no longer has this hook; `not_found` where the case is only
/// stored by now; those of opening a case.
pub(crate) fn retry(tx: &mut Tx<'_>, flows: &Flows, by: &Visitor, letter: &Letter) -> Result<(), Stop> {
    let asleep = || Stop::from(Refusal::new("plugin.asleep"));
    let plugin = flows.in_use(letter.county_id).into_iter().find(|one| one.name == letter.plugin);
    let plugin = plugin.ok_or_else(asleep)?;
    let meant = (letter.code.as_str(), letter.position, letter.generation);
    let hook = crate::plugin::hook_of(tx, &plugin, meant)?.ok_or_else(asleep)?;
    let id = falin_domain::words::CaseId::from_bytes(&letter.subject_id).ok_or_else(asleep)?;
    let case = Case::by_id(tx, letter.county_id, id)?;
    if case.restricted_ms.is_some() {
        return Err(Refusal::absent().into());
    }
    let values = case.document(tx)?;
    let by = Visitor { account: by.account, worker: by.worker, ..house(letter.county_id) };
    let opens = hook.open.as_ref().ok_or_else(asleep)?;
    let day = Instant::from_millis(letter.created_ms).date();
    brought(tx, flows, (&plugin, opens), (&by, day), Some((&case, &values)), None).map(drop)
}
