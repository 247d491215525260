//! Hooks: a step taken here opens a case of a plugin that watches it, or moves those of its cases that are linked, in the
//! same transaction, so each exactly once; or leaves an errand for the plugin's library, in the same transaction as well.
//!
//! A hook never harms the step that it follows. It runs behind a savepoint: where it is refused nothing of it stays, and
//! a letter is written in its place, which an administrator sees and has tried again. Only what is in use hears, and what
//! was until it was locked away: for that, errands and letters wait. Of the house's own flows a plugin hears only where
//! the county has let it watch them. What the house opens for a hook or a job stirs no further hook.

use std::collections::BTreeMap;

use falin_domain::access::{Post, Role, Visitor};
use falin_domain::refusal::Refusal;
use falin_domain::time::{Date, Instant};
use falin_domain::words::{CountyId, DivisionId};
use falin_domain::workflow::{Acts, Flow, Hook, Kind, Manner, Opens, Step, Values, watched};
use falin_store::casefile::{self, Case};
use falin_store::plugin_stage::Letter;
use falin_store::{Tx, division};
use serde_json::{Value, json};

use super::act::{Action, acted_by_house};
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
    let watch = watched(flow);
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

/// Follows a step: every hook on it that fits does what it declares.
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
            if hook.library {
                crate::plugin::leave_errand(tx, case.county_id, &work)?;
                continue;
            }
            if waits {
                work.write(tx, case.county_id, Refusal::new("plugin.asleep").into())?;
                continue;
            }
            let by = Visitor { account: visitor.account, worker: visitor.worker, ..house(case.county_id) };
            let by = (&by, tx.now.date());
            let followed = tx.attempt(|tx| done(tx, flows, (&plugin, hook), by, (case, moved.values)))?;
            if let Err(stop) = followed {
                work.write(tx, case.county_id, stop)?;
            }
        }
    }
    Ok(())
}

/// Opens what a hook opens, or takes its step on every case that is linked to the one that moved.
///
/// # Errors
/// Those of opening a case and of a step.
fn done(
    tx: &mut Tx<'_>,
    flows: &Flows,
    (plugin, hook): (&InUse, &Hook),
    by: (&Visitor, Date),
    from: (&Case, &Values),
) -> Result<(), Stop> {
    if let Some(acts) = &hook.act {
        return moved_along(tx, flows, (plugin, acts), by, from);
    }
    let opens = hook.open.as_ref().ok_or_else(|| Refusal::new("plugin.asleep"))?;
    if opens.once {
        let id = plugin.manifest.flow_id(&opens.flow);
        let linked = casefile::linked(tx, by.0.county, from.0.id)?;
        if linked.iter().any(|one| one.flow == id && one.closed_ms.is_none()) {
            return Ok(());
        }
    }
    brought(tx, flows, (plugin, opens), by, Some(from), None).map(drop)
}

/// Takes a hook's step on the plugin's cases that are linked to the one that moved. Those on which it cannot be taken as
/// they stand, or that are only stored by now, are left alone.
fn moved_along(
    tx: &mut Tx<'_>,
    flows: &Flows,
    (plugin, acts): (&InUse, &Acts),
    (by, day): (&Visitor, Date),
    from: (&Case, &Values),
) -> Result<(), Stop> {
    let id = plugin.manifest.flow_id(&acts.flow);
    let linked = casefile::linked(tx, by.county, from.0.id)?;
    for case in linked.into_iter().filter(|case| case.flow == id && case.restricted_ms.is_none()) {
        let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
        let begins = |step: &Step| step.begins_in(&case.state, case.closed_ms.is_some());
        if !flow.step(&acts.action).is_some_and(begins) {
            continue;
        }
        let hands = Hands { map: &acts.map, set: &acts.set, place: from.0.division_id, day };
        let (action, version) = (acts.action.clone(), case.version);
        let values = hands.over(tx, &flow, by.county, Some(from))?;
        let action = Action { action, version, values, manner: Manner::Program };
        acted_by_house(tx, flows, by, case, &action)?;
    }
    Ok(())
}

/// What a hook or a job hands on to a case of its own.
struct Hands<'a> {
    map: &'a BTreeMap<String, String>,
    set: &'a BTreeMap<String, Value>,
    place: Option<DivisionId>,
    day: Date,
}

impl Hands<'_> {
    /// The values for a step of the flow: what is mapped from the other case, and what is set where nothing is.
    fn over(
        &self,
        tx: &mut Tx<'_>,
        flow: &Flow,
        county: CountyId,
        from: Option<(&Case, &Values)>,
    ) -> Result<Values, Stop> {
        let set = self.set.iter().map(|(name, value)| (name.clone(), value.clone()));
        let mut values: Values = set.collect();
        for (name, source) in self.map {
            let value = match source.as_str() {
                "@number" => from.map(|(case, _)| Value::from(case.number.clone())),
                "@day" => Some(Value::from(self.day.to_string())),
                "@place" => said_place(tx, flow, name, self.place, county)?,
                field => from.and_then(|(_, values)| values.get(field).cloned()),
            };
            if let Some(value) = value {
                values.insert(name.clone(), value);
            }
        }
        Ok(values)
    }
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
    place: Option<DivisionId>,
) -> Result<Case, Stop> {
    let county = by.county;
    let flow = flows.current(county, &plugin.manifest.flow_id(&opens.flow))?;
    let place = place.or_else(|| from.and_then(|(case, _)| case.division_id));
    let hands = Hands { map: &opens.map, set: &opens.set, place, day };
    let mut values = hands.over(tx, &flow, county, from)?;
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
    place: Option<DivisionId>,
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
    /// Writes the letter about it, and tells the county's administrators.
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
        letter.insert(tx)?;
        crate::plugin::of_letter(tx, county, self.plugin)
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
/// stored by now; those of opening a case and of a step.
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
    let day = Instant::from_millis(letter.created_ms).date();
    done(tx, flows, (&plugin, hook), (&by, day), (&case, &values))
}
