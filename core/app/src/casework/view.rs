//! A case as one visitor sees it: values that the visitor may read, history, people, deadlines, and what may be done.

use std::collections::HashMap;
use std::sync::Arc;

use falin_domain::access::{Act, Role, Visitor};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountId, CaseId, DivisionId, WorkerId};
use falin_domain::workflow::{Effect, Flow, Guard, Step, Values};
use falin_store::account;
use falin_store::attachment::{self, Attachment};
use falin_store::casefile::{self, Case};
use falin_store::casefile_people::{self, Party};
use falin_store::casefile_step::Step as StepRow;
use falin_store::casefile_unit::{self, Unit};
use falin_store::division::Division;
use falin_store::worker::Worker;
use falin_store::{In, Tx, casefile_answerable, casefile_list, deputy};
use serde_json::json;

use super::dossier::Belonging;
use super::effects::leads_as;
use super::look::Look;
use super::offered::{self, Offered};
use super::related::{self, Waits};
use super::{Standing, sight, units};
use crate::booking::{self, Shown};
use crate::deadline::{self, Deadline};
use crate::{App, Stop};

/// Whose turn it is (contract.md).
#[derive(Clone, Debug)]
pub struct NextActor {
    /// The role.
    pub role: Role,
    /// The place; None for the county.
    pub place: Option<DivisionId>,
    /// The account, where one is named.
    pub account: Option<AccountId>,
    /// Whether it is who leads the case, or stands in for that one.
    pub leads: bool,
}

/// One step of the history with its words.
#[derive(Clone, Debug)]
pub struct Told {
    /// The row.
    pub step: StepRow,
    /// What was typed, as far as the visitor may read it.
    pub values: Values,
    /// Name of who did it; None for somebody without an account.
    pub who: Option<String>,
    /// Name of the worker for whom that one stood in.
    pub for_whom: Option<String>,
}

/// Somebody who answers or answered for the case (首办责任).
#[derive(Clone, Debug)]
pub struct Answers {
    /// Name.
    pub name: String,
    /// The worker; None for an account that is none.
    pub worker: Option<WorkerId>,
    /// UTC milliseconds.
    pub from_ms: i64,
    /// UTC milliseconds; None for who answers now.
    pub to_ms: Option<i64>,
}

/// A unit that was asked to help, with what was said.
#[derive(Clone, Debug)]
pub struct Helping {
    /// The row.
    pub unit: Unit,
    /// Its person.
    pub worker: Option<Worker>,
    /// What was asked, as far as the visitor may read it.
    pub task: String,
    /// Its answer, or why it was let go.
    pub answer: String,
    /// Whether the visitor can answer it now.
    pub can_answer: bool,
    /// Whether the visitor can let it go now.
    pub can_end: bool,
}

/// A worker on the case.
#[derive(Clone, Debug)]
pub struct OnCase {
    /// Who.
    pub worker: Worker,
    /// `lead`, `helper`, `mediator`.
    pub duty: String,
    /// Whether it has ended.
    pub past: bool,
}

/// A case with everything around it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The row.
    pub case: Case,
    /// Its flow in its version.
    pub flow: Arc<Flow>,
    /// Its values, as far as the visitor may read them.
    pub values: Values,
    /// Names of fields that hold something the visitor may not read.
    pub hidden: Vec<String>,
    /// Where it stands.
    pub place: Option<Division>,
    /// Who leads it.
    pub worker: Option<Worker>,
    /// Who stands in for that one today.
    pub deputy: Option<Worker>,
    /// Who answers for it, the first handler first.
    pub answers: Vec<Answers>,
    /// Units that help, in the order in which they were asked.
    pub units: Vec<Helping>,
    /// Actions that the visitor may do now, in the flow's order.
    pub allowed: Vec<String>,
    /// Why others have to wait: something is to be settled first in a case that is linked to this one.
    pub waits: Option<Waits>,
    /// Whose turn it is; None once closed.
    pub next: Option<NextActor>,
    /// Open deadlines, earliest first.
    pub deadlines: Vec<Deadline>,
    /// History, oldest first.
    pub steps: Vec<Told>,
    /// Workers, past ones too.
    pub people: Vec<OnCase>,
    /// Cases that it came out of or led to.
    pub links: Vec<Case>,
    /// Files with their names.
    pub files: Vec<(Attachment, String)>,
    /// The offer to hand it over that waits.
    pub offered: Option<Offered>,
    /// The last offer, where it was declined.
    pub declined: Option<Offered>,
    /// Its parties in order, by ids that stay; none where the visitor may not read them.
    pub parties: Vec<Party>,
    /// Times held for it, earliest first.
    pub bookings: Vec<Shown>,
    /// What its dossier needs and has; nothing for a resident.
    pub dossier: Vec<Belonging>,
}

impl Seen {
    /// The first day by which the house owes something: what a party may use or leave is no promise of ours.
    pub fn promised(&self) -> Option<&Deadline> {
        self.deadlines.iter().find(|row| !self.flow.lapses(&row.code))
    }

    /// The number that a case of an old system had there, where it has another one here.
    pub fn number_before(&self) -> Option<&str> {
        let taken_over = self.steps.first().is_some_and(|told| told.step.happened_on.is_some());
        let old = self.case.old_number.as_deref().filter(|_| taken_over);
        old.filter(|old| *old != self.case.number)
    }
}

/// Refuses where the visitor does not see a case: before its form is looked at, which would tell that it is there.
///
/// # Errors
/// `not_found`.
pub async fn in_sight(app: &App, visitor: &Visitor, flow: &str, id: CaseId) -> Result<(), Stop> {
    let current = app.flows.current(visitor.county, flow)?;
    let sight = sight(visitor, Act::Read, &current).map_err(|_| Refusal::absent())?;
    let flow = flow.to_owned();
    let work = move |tx: &mut Tx<'_>| match casefile_list::one(tx, &sight, id)? {
        case if case.flow == flow => Ok(()),
        _ => Err(Refusal::absent().into()),
    };
    app.db.read(In::County(visitor.county), work).await
}

/// One case; that it was opened is written into the journal within a second.
///
/// # Errors
/// `not_found` where the visitor does not see it, or it is of another flow.
pub async fn one(app: &App, visitor: &Visitor, flow: &str, id: CaseId) -> Result<Seen, Stop> {
    let current = app.flows.current(visitor.county, flow)?;
    let sight = sight(visitor, Act::Read, &current).map_err(|_| Refusal::absent())?;
    let (flows, who, flow) = (app.flows.clone(), visitor.clone(), flow.to_owned());
    let work = move |tx: &mut Tx<'_>| {
        let case = casefile_list::one(tx, &sight, id)?;
        if case.flow != flow {
            return Err(Refusal::absent().into());
        }
        seen(tx, &flows, &who, case)
    };
    let found = app.db.read(In::County(visitor.county), work).await?;
    let (case, who) = (found.case.clone(), visitor.clone());
    app.db.post(In::County(visitor.county), move |tx: &mut Tx<'_>| {
        super::open::journal(tx, &case, &who, Event::CaseRead, json!({ "flow": case.flow }))
    });
    Ok(found)
}

/// Puts together what the visitor sees of a case that is in sight.
///
/// # Errors
/// The store's own.
pub(crate) fn seen(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    visitor: &Visitor,
    case: Case,
) -> Result<Seen, Stop> {
    let standing = Standing::of(tx, flows, visitor, &case)?;
    seen_by(tx, flows, visitor, &standing, case)
}

/// The same for a standing that the caller has established.
///
/// # Errors
/// The store's own.
pub(super) fn seen_by(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    visitor: &Visitor,
    standing: &Standing,
    case: Case,
) -> Result<Seen, Stop> {
    let (county, id) = (case.county_id, case.id);
    let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
    let look = Look::of(tx, &flow, (visitor, standing), &case)?;
    let (values, hidden) = look.case(&flow);
    // Whoever takes a case becomes its worker: an account without one would be refused after typing.
    let units = casefile_unit::of(tx, county, id)?;
    let waits = |step: &Step| units::open_to(standing, visitor, step, &units).next().is_some();
    let kind = super::guards::kind_of(tx, visitor, &flow)?;
    let can = |step: &Step| {
        kind.is_none_or(|kind| step.is_for(kind))
            && (visitor.worker.is_some() || !step.effects.contains(&Effect::Take))
            && (!step.is_about_unit() || waits(step))
            && !(step.guards.contains(&Guard::NotLead) && super::guards::leads(visitor, Some(&case)))
            && !(step.guards.contains(&Guard::Once)
                && look.history.iter().any(|(row, _)| row.action == step.action))
    };
    let open =
        flow.steps_from(&case.state).filter(|step| standing.role(visitor, step).is_some() && can(step));
    let related = casefile::linked(tx, county, id)?;
    let held = |step: &Step| related::waits_there(&flow, step, &related);
    let (held, open): (Vec<_>, Vec<_>) =
        open.map(|step| (step, held(step))).partition(|(_, held)| held.is_some());
    let allowed: Vec<String> = open.into_iter().map(|(step, _)| step.action.clone()).collect();
    let waits = held.into_iter().find_map(|(_, waits)| waits);
    let people = people(tx, &case)?;
    let worker = people.iter().find(|one| one.duty == "lead" && !one.past).map(|one| one.worker.clone());
    let place = match case.division_id {
        Some(place) => Division::by_ids(tx, county, &[place])?.remove(&place),
        None => None,
    };
    let mut files = attachment::of(tx, county, id)?;
    files.retain(|file| super::files::is_open_to(visitor, look.outside, &case, file));
    let deputy = match worker.as_ref().filter(|_| case.closed_ms.is_none()) {
        Some(lead) => deputy::of(tx, county, lead.id, tx.now.date())?,
        None => None,
    };
    let deputy = deputy.map(|id| Worker::by_id(tx, county, id)).transpose()?;
    let outside = look.outside;
    // Parties by their ids are read by whom the list of them is read by.
    let kept = || flow.field("parties").is_some() && !hidden.iter().any(|name| name == "parties");
    let listed = values.contains_key("parties") || (!outside && kept());
    let steps = steps(tx, &flow, &case, look)?;
    let (offered, declined) = offered::of(tx, visitor, &case)?;
    Ok(Seen {
        answers: answers(tx, &case, outside)?,
        // Which offices are asked to help is no resident's affair.
        units: match outside {
            true => Vec::new(),
            false => helping(tx, (&flow, &allowed), (standing, visitor), units, &steps)?,
        },
        next: next(tx, &case, deputy.as_ref())?,
        deputy,
        deadlines: deadlines(tx, &case, outside)?,
        steps,
        links: related::in_sight(tx, flows, visitor, related)?,
        files: files
            .into_iter()
            .map(|file| Ok((file.clone(), file.name(tx)?)))
            .collect::<Result<_, Stop>>()?,
        offered,
        declined,
        parties: if listed { casefile_people::parties(tx, county, id)? } else { Vec::new() },
        bookings: if flow.noun == "mediation" { booking::of_case(tx, visitor, &case)? } else { Vec::new() },
        dossier: if outside { Vec::new() } else { super::dossier::of(tx, &flow, &case, &values)? },
        allowed,
        waits,
        values,
        hidden,
        place,
        worker,
        people,
        flow,
        case,
    })
}

/// Open deadlines; what the house sets itself as a target it does not promise to those outside.
fn deadlines(tx: &mut Tx<'_>, case: &Case, outside: bool) -> Result<Vec<Deadline>, Stop> {
    let mut rows = deadline::of(tx, case.county_id, case.id.cast())?;
    rows.retain(|row| !outside || !deadline::inside(&row.code));
    Ok(rows)
}

/// What the visitor may read of each of these cases.
///
/// # Errors
/// The store's own; a fault where a document cannot be opened.
pub(crate) fn readable_values(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    visitor: &Visitor,
    cases: &[Case],
) -> Result<Vec<Values>, Stop> {
    let standings = Standing::of_each(tx, flows, visitor, cases)?;
    let each = cases.iter().zip(&standings);
    each.map(|(case, standing)| read_fields(tx, flows, visitor, standing, case)).collect()
}

/// The values of a case as far as the visitor may read them.
///
/// # Errors
/// A fault where they cannot be opened.
pub(super) fn read_fields(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    visitor: &Visitor,
    standing: &Standing,
    case: &Case,
) -> Result<Values, Stop> {
    let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
    Ok(Look::of_values(tx, &flow, (visitor, standing), case)?.case(&flow).0)
}

fn next(tx: &mut Tx<'_>, case: &Case, deputy: Option<&Worker>) -> Result<Option<NextActor>, Stop> {
    let Some(role) = case.next_role.as_deref().and_then(Role::from_code) else { return Ok(None) };
    let leads = leads_as(tx, case, role)?;
    let account = match (role, leads) {
        (Role::Resident, _) => case.resident_id,
        // While somebody stands in, it is the deputy who is to act.
        (_, Some(worker)) => {
            account::of_worker(tx, case.county_id, deputy.map_or(worker, |deputy| deputy.id))?
        }
        _ => None,
    };
    Ok(Some(NextActor { role, place: case.division_id, account, leads: leads.is_some() }))
}

/// The history as the visitor may read it; steps that stay inside the house are not there for residents.
fn steps<R: Fn(Role) -> bool>(
    tx: &mut Tx<'_>,
    flow: &Flow,
    case: &Case,
    look: Look<R>,
) -> Result<Vec<Told>, Stop> {
    let rows: Vec<StepRow> = look.history.iter().map(|(row, _)| row.clone()).collect();
    let accounts: Vec<AccountId> = rows.iter().filter_map(|row| row.account_id).collect();
    let names: HashMap<AccountId, String> = account::names(tx, &accounts)?;
    let absent: Vec<WorkerId> = rows.iter().filter_map(|row| row.for_worker_id).collect();
    let absent = Worker::by_ids(tx, case.county_id, &absent)?;
    let told = |(row, said): (StepRow, Values)| {
        let (values, _) = look.readable(flow, said);
        let who = row.account_id.and_then(|id| names.get(&id).cloned());
        let for_whom = row.for_worker_id.and_then(|id| absent.get(&id)).map(|worker| worker.name.clone());
        Told { step: row, values, who, for_whom }
    };
    Ok(look.told().map(told).collect())
}

/// Who answers for it; residents are told of the lawyers and mediators, not of the officers who examine.
fn answers(tx: &mut Tx<'_>, case: &Case, outside: bool) -> Result<Vec<Answers>, Stop> {
    let mut rows = casefile_answerable::of(tx, case.county_id, case.id)?;
    rows.retain(|row| !outside || row.worker_id.is_some());
    let workers: Vec<WorkerId> = rows.iter().filter_map(|row| row.worker_id).collect();
    let workers = Worker::by_ids(tx, case.county_id, &workers)?;
    let accounts: Vec<AccountId> = rows.iter().filter_map(|row| row.account_id).collect();
    let accounts = account::names(tx, &accounts)?;
    let one = |row: &casefile_answerable::Answerable| {
        let worker = row.worker_id.and_then(|id| workers.get(&id)).map(|worker| worker.name.clone());
        let name = worker.or_else(|| row.account_id.and_then(|id| accounts.get(&id).cloned()))?;
        Some(Answers { name, worker: row.worker_id, from_ms: row.from_ms, to_ms: row.to_ms })
    };
    Ok(rows.iter().filter_map(one).collect())
}

/// The units with what stands of them in the history.
fn helping(
    tx: &mut Tx<'_>,
    (flow, allowed): (&Flow, &[String]),
    (standing, visitor): (&Standing, &Visitor),
    units: Vec<Unit>,
    steps: &[Told],
) -> Result<Vec<Helping>, Stop> {
    let ids: Vec<WorkerId> = units.iter().filter_map(|unit| unit.worker_id).collect();
    let names = match units.first() {
        Some(unit) => Worker::by_ids(tx, unit.county_id, &ids)?,
        None => HashMap::new(),
    };
    let said = |n: Option<i32>, field: &str| {
        let step = steps.iter().find(|told| Some(told.step.n) == n);
        let text = step.and_then(|told| told.values.get(field)).and_then(serde_json::Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let open = |answers: bool| -> Vec<i32> {
        let steps = flow.step.iter().filter(|step| step.is_about_unit() && step.is_for_helpers() == answers);
        let steps = steps.filter(|step| allowed.contains(&step.action));
        steps
            .flat_map(|step| units::open_to(standing, visitor, step, &units))
            .map(|unit| unit.asked_n)
            .collect()
    };
    let (answerable, endable) = (open(true), open(false));
    let one = |unit: &Unit| Helping {
        worker: unit.worker_id.and_then(|id| names.get(&id).cloned()),
        task: said(Some(unit.asked_n), "co_task"),
        answer: match unit.ended_n {
            Some(_) => said(unit.ended_n, "co_reason"),
            None => said(unit.answered_n, "co_answer"),
        },
        can_answer: answerable.contains(&unit.asked_n),
        can_end: endable.contains(&unit.asked_n),
        unit: unit.clone(),
    };
    Ok(units.iter().map(one).collect())
}

fn people(tx: &mut Tx<'_>, case: &Case) -> Result<Vec<OnCase>, Stop> {
    let rows = casefile_people::on(tx, case.county_id, case.id)?;
    let ids: Vec<WorkerId> = rows.iter().map(|row| row.worker_id).collect();
    let names = Worker::by_ids(tx, case.county_id, &ids)?;
    let one = |row: casefile_people::OnCase| {
        let worker = names.get(&row.worker_id)?.clone();
        Some(OnCase { worker, duty: row.duty, past: row.to_ms.is_some() })
    };
    Ok(rows.into_iter().filter_map(one).collect())
}
