//! What a library has staged, applied in the transaction of the call's own effect: all of it or none, each by the core's
//! own rules.

use falin_domain::access::{Act, Role, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::paper::whole_name;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{CaseId, CountyId, DivisionId, RoomId};
use falin_domain::workflow::{Effect, Flow, Manner, Values, Words};
use falin_store::casefile::{self, Case};
use falin_store::journal::Entry;
use falin_store::{Tx, casefile_list};
use serde_json::{Value, json};

use super::staged::{Staged, text};
use super::{Action, Flows, NOUN, house};
use crate::booking::held::{self, Wanted};
use crate::paper::{self, New};
use crate::{Stop, plugin};

/// The step of a consultation by which a note is added.
const NOTE: &str = "note";

/// A room that a library wants held.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Booked {
    room: RoomId,
    from: Instant,
    minutes: i64,
    /// The case; None: for none.
    case: Option<CaseId>,
}

/// What a library asks for of a room; None where it says no room, no times, or ends before it begins.
pub(super) fn booked(asked: &Value) -> Option<Booked> {
    let at = |name: &str| text(asked, name).parse::<Instant>().ok();
    let (from, to) = (at("from")?, at("to")?);
    let minutes = (to.millis() - from.millis()) / 60_000;
    let case = match asked.get("case").and_then(Value::as_str) {
        Some(case) => Some(case.parse().ok()?),
        None => None,
    };
    let room = text(asked, "room").parse().ok()?;
    (minutes > 0).then_some(Booked { room, from, minutes, case })
}

/// What effects are about, and whose they are.
#[derive(Clone, Copy)]
pub(crate) struct About<'a> {
    /// County.
    pub county: CountyId,
    /// The plugin's own name.
    pub plugin: &'a str,
    /// What messages say that they come from.
    pub name: &'a Words,
    /// Of this one call: what it sends is sent once.
    pub once: &'a str,
    /// The case.
    pub case: Option<&'a Case>,
    /// Where it belongs.
    pub place: Option<DivisionId>,
    /// Whether the house does it by itself, for an event or a job: no hook learns of it then.
    pub house: bool,
}

/// Applies what was staged, in the transaction of the call's own effect.
///
/// # Errors
/// `state.changed` where the county no longer lets the plugin do it; those of the use cases that an effect calls. Nothing
/// of the call is kept then.
pub(crate) fn apply(
    tx: &mut Tx<'_>,
    flows: &Flows,
    visitor: &Visitor,
    about: About<'_>,
    staged: &[Staged],
) -> Result<(), Stop> {
    if !staged.is_empty() {
        still(tx, about, staged)?;
    }
    for (n, one) in staged.iter().enumerate() {
        match one {
            Staged::Open { flow, fields } => opened(tx, flows, visitor, about, (flow, fields))?,
            Staged::Step { case, version, action, form } => {
                let action = Action {
                    action: action.clone(),
                    version: *version,
                    values: form.clone(),
                    manner: Manner::Program,
                };
                stepped(tx, flows, visitor, about, (*case, &action))?;
            }
            Staged::Annotate { case, note } => annotated(tx, flows, visitor, about, (*case, note))?,
            Staged::Book(booked) => held_for(tx, flows, visitor, about, *booked)?,
            Staged::Paper { case, paper, values } => {
                issued(tx, flows, visitor, about, (*case, paper, values))?
            }
            Staged::Document(write) => super::documents::keep(tx, about.county, about.plugin, write)?,
            Staged::Notice { role, text } => told(tx, about, n, (*role, text))?,
            Staged::Note { text } => {
                let subject = about.case.map(|case| (NOUN, case.id.bytes()));
                tx.record(Entry {
                    county: about.county,
                    account: visitor.account,
                    event: Event::PluginNoted,
                    reason: if about.house { Reason::Clock } else { Reason::Person },
                    subject,
                    details: json!({ "plugin": about.plugin, "text": text }),
                })?;
            }
        }
    }
    Ok(())
}

/// Whether what a library staged may be kept: while it worked, an administrator may have switched the plugin off, taken
/// it out, allowed it less, or put a version in use that keeps its documents in another shape.
fn still(tx: &mut Tx<'_>, about: About<'_>, staged: &[Staged]) -> Result<(), Stop> {
    let moved_on = || Stop::from(Refusal::new("state.changed"));
    let used = plugin::allowed(tx, about.county, about.plugin)?.ok_or_else(moved_on)?;
    let (manifest, granted) = used;
    for one in staged {
        let shaped = match one {
            Staged::Document(write) => manifest
                .collection
                .iter()
                .any(|it| it.name == write.collection.name && it.schema == write.collection.schema),
            _ => true,
        };
        if !shaped || one.needs().is_some_and(|needed| !granted.contains(&needed)) {
            return Err(moved_on());
        }
    }
    Ok(())
}

fn opened(
    tx: &mut Tx<'_>,
    flows: &Flows,
    visitor: &Visitor,
    about: About<'_>,
    (flow, fields): (&str, &Values),
) -> Result<(), Stop> {
    // A flow that is not there is the library's fault, not the user's.
    let other = flows.current(about.county, flow).map_err(|_| Refusal::new("plugin.failed"))?;
    let mut fields = fields.clone();
    if about.house {
        super::effects::fill_up(&other, &mut fields);
    }
    let opening = super::Opening {
        place: about.place.map(|id| id.to_string()),
        household: about.case.and_then(|case| case.household_id),
        house: about.house,
        ..super::Opening::new(flow, fields)
    };
    let born = super::opened(tx, flows, &other, visitor, &opening)?;
    match about.case {
        Some(case) => casefile::link(tx, about.county, case.id, born.id, "referred"),
        None => Ok(()),
    }
}

/// One of the plugin's own cases that whoever acts may see; the house sees them all.
fn own(
    tx: &mut Tx<'_>,
    flows: &Flows,
    visitor: &Visitor,
    about: About<'_>,
    id: CaseId,
) -> Result<(Case, std::sync::Arc<Flow>), Stop> {
    let case = Case::by_id(tx, about.county, id)?;
    let own = case.flow.strip_prefix(about.plugin).is_some_and(|rest| rest.starts_with('/'));
    if !own {
        return Err(Refusal::absent().into());
    }
    let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
    match about.house {
        true => Ok((case, flow)),
        false => Ok((in_sight(tx, visitor, (&flow, id))?, flow)),
    }
}

fn in_sight(tx: &mut Tx<'_>, visitor: &Visitor, (flow, id): (&Flow, CaseId)) -> Result<Case, Stop> {
    let sight = super::sight(visitor, Act::Read, flow).map_err(|_| Refusal::absent())?;
    casefile_list::one(tx, &sight, id)
}

/// A step of an own case: by the house in whatever role it names, or by a visitor who sees the case and may take it.
fn stepped(
    tx: &mut Tx<'_>,
    flows: &Flows,
    visitor: &Visitor,
    about: About<'_>,
    (id, action): (CaseId, &Action),
) -> Result<(), Stop> {
    let (case, _) = own(tx, flows, visitor, about, id)?;
    match about.house {
        true => super::acted_by_house(tx, flows, &super::house(about.county), case, action).map(drop),
        false => super::acted(tx, flows, visitor, case, action).map(drop),
    }
}

/// A note in a consultation: by a visitor who may add one there, or by the house where the case that it is about has
/// led to the consultation or come out of it.
fn annotated(
    tx: &mut Tx<'_>,
    flows: &Flows,
    visitor: &Visitor,
    about: About<'_>,
    (id, note): (CaseId, &str),
) -> Result<(), Stop> {
    let case = Case::by_id(tx, about.county, id)?;
    if case.flow != "consultation" {
        return Err(Refusal::absent().into());
    }
    let mut values = Values::new();
    values.insert(NOTE.to_owned(), json!(note));
    let action = |version| Action { action: NOTE.to_owned(), version, values, manner: Manner::Program };
    if !about.house {
        let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
        let case = in_sight(tx, visitor, (&flow, id))?;
        let action = action(case.version);
        return super::acted(tx, flows, visitor, case, &action).map(drop);
    }
    let from = about.case.ok_or_else(Refusal::absent)?;
    if from.id != id && !casefile::linked(tx, about.county, from.id)?.iter().any(|other| other.id == id) {
        return Err(Refusal::absent().into());
    }
    let action = action(case.version);
    super::acted_by_house(tx, flows, &super::house(about.county), case, &action).map(drop)
}

/// A room for an own case, given back with it; or for none, for whoever acts.
fn held_for(
    tx: &mut Tx<'_>,
    flows: &Flows,
    visitor: &Visitor,
    about: About<'_>,
    booked: Booked,
) -> Result<(), Stop> {
    let mut purpose = about.name.zh.clone();
    if let Some(id) = booked.case {
        let (case, _) = own(tx, flows, visitor, about, id)?;
        purpose = format!("{purpose} {}", case.number);
    }
    let wanted = Wanted {
        rooms: vec![("room", booked.room)],
        from: booked.from,
        minutes: booked.minutes,
        buffer: 0,
        purpose,
    };
    held::hold(tx, (about.county, visitor.account), booked.case, &wanted)
}

/// A paper that the flow of an own case offers, filled as the case fills it; what the library says stands before that.
fn issued(
    tx: &mut Tx<'_>,
    flows: &Flows,
    visitor: &Visitor,
    about: About<'_>,
    (id, kind, values): (CaseId, &str, &Values),
) -> Result<(), Stop> {
    let (case, flow) = own(tx, flows, visitor, about, id)?;
    // A library calls a paper of its package as the package does, or by its whole name.
    let whole = whole_name(flow.id.split('/').next().unwrap_or_default(), kind);
    let offers = |effect: &Effect| effect.paper().is_some_and(|paper| paper == kind || paper == whole);
    if !flow.step.iter().flat_map(|step| &step.effects).any(offers) {
        return Err(Refusal::new("plugin.failed").into());
    }
    let (noun, by) = (case.flow.clone(), visitor.account);
    let all = house(about.county);
    let seen = super::seen(tx, flows, if about.house { &all } else { visitor }, case)?;
    let (form, mut all) = paper::filled_from(tx, flows, kind, &seen)?;
    all.extend(values.clone());
    let new = New {
        county: about.county,
        form,
        subject: (noun, id.cast()),
        values: Value::Object(all),
        by,
        // A library cannot be asked back in the middle of its step: what it leaves blank is written by hand.
        by_hand: true,
        again: true,
    };
    paper::issue(tx, &new).map(drop)
}

fn told(tx: &mut Tx<'_>, about: About<'_>, n: usize, (role, text): (Role, &Words)) -> Result<(), Stop> {
    let words = |words: &Words| crate::notice::Arg::Words { zh: words.zh.clone(), en: words.en.clone() };
    let number = about.case.map(|case| case.number.clone()).unwrap_or_default();
    let subject = match about.case {
        Some(case) => (NOUN, case.id.cast()),
        None => (plugin::NOUN, tx.id()),
    };
    crate::notice::queue(
        tx,
        crate::notice::New {
            county: about.county,
            key: format!("plugin/{}/{}/{n}", about.plugin, about.once),
            to: crate::notice::To::Role { role, place: about.place },
            text_key: "notice-workflow",
            args: vec![
                ("number", number.as_str().into()),
                ("flow", words(about.name)),
                ("text", words(text)),
            ],
            subject,
            division: about.place,
            not_before: None,
            language: None,
        },
    )
}
