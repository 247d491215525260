//! Opening a case: by a resident, by staff for somebody, out of another case, or taken over from an old system.

use std::sync::Arc;

use falin_domain::access::{Role, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{AccountId, CountyId, DivisionId, HouseholdId, WorkerId, clean_code, sort_key};
use falin_domain::workflow::{Flow, Manner, Values};
use falin_store::casefile::{Case, NOUN as NAMES};
use falin_store::casefile_step::Step as StepRow;
use falin_store::household::Household;
use falin_store::journal::Entry;
use falin_store::{In, Tx, gram};
use serde_json::{Value, json};

use super::effects::{self, Moved};
use super::library::{self, Said};
use super::view::Seen;
use super::{NOUN, guards, people, route};
use crate::{App, Stop, division};

/// The step of a case of an old system into the state in which it stood there; no flow has it.
const TAKEN_OVER: &str = "taken_over";
/// The step by which the clock takes a case from somebody who has left; no flow has it either.
pub(super) const LEFT: &str = "worker_left";

/// What a step is called; None for one that stands in no flow.
pub fn step_name(flow: &Flow, action: &str, english: bool) -> Option<String> {
    let (zh, en) = match action {
        TAKEN_OVER => ("从旧系统转入", "Taken over from the old system"),
        LEFT => ("承办人已离任，退回重新安排", "Back in the queue: who led it has left"),
        _ => ("", ""),
    };
    if !zh.is_empty() {
        return Some(if english { en } else { zh }.to_owned());
    }
    let lang = if english { "en" } else { "zh" };
    flow.step(action).map(|step| step.name.in_language(lang).to_owned())
}

/// What a case begins with.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The flow.
    pub flow: String,
    /// The form.
    pub values: Values,
    /// Where the values come from.
    pub manner: Manner,
    /// Id or code of the place; None: the household's, else the clerk's own.
    pub place: Option<String>,
    /// The household that it is about.
    pub household: Option<HouseholdId>,
    /// What it was in the system that it comes from: nobody is told (cut-over).
    pub taken_over: Option<TakenOver>,
    /// Whether the house itself opens it, for a job or a hook: in whatever role the first step names. Of what the
    /// house does no hook learns, or two of them could call each other for ever.
    pub house: bool,
}

/// What a case was in the system that it comes from.
#[derive(Clone, Debug)]
pub struct TakenOver {
    /// Its number there.
    pub number: String,
    /// Whether that stays its number here.
    pub keeps: bool,
    /// When it began.
    pub began: Instant,
    /// Since when it is in its state.
    pub since: Instant,
    /// Its state, by the flow's code.
    pub state: String,
    /// Who leads it.
    pub worker: Option<WorkerId>,
}

impl Opening {
    /// A case of a flow with these values, sent by a program.
    pub fn new(flow: &str, values: Values) -> Self {
        let (place, household, taken_over) = (None, None, None);
        let manner = Manner::Program;
        Self { flow: flow.to_owned(), values, manner, place, household, taken_over, house: false }
    }

    /// The same as typed into a form.
    pub fn typed(flow: &str, values: Values) -> Self {
        Self { manner: Manner::Form, ..Self::new(flow, values) }
    }
}

/// Opens a case. A visitor without an account is a resident who gives a number and a telephone to find it again.
///
/// # Errors
/// `not_found` where the county has no such flow, `access.denied`, `form.invalid`, `division.unknown`.
pub async fn open(app: &App, visitor: &Visitor, opening: Opening) -> Result<Seen, Stop> {
    let flow = app.flows.current(visitor.county, &opening.flow)?;
    let question = async || Ok(library::before_opening(app, &flow, &opening));
    let keep = async |said: Option<Said>| kept(app, visitor, &flow, &opening, said.unwrap_or_default()).await;
    library::asked(app, visitor, question, keep).await
}

/// Opens it, with what the library said.
async fn kept(
    app: &App,
    visitor: &Visitor,
    flow: &Arc<Flow>,
    opening: &Opening,
    said: Said,
) -> Result<Seen, Stop> {
    let (county, flows, flow, visitor, opening) =
        (visitor.county, app.flows.clone(), Arc::clone(flow), visitor.clone(), opening.clone());
    let work = move |tx: &mut Tx<'_>| {
        if let Some((plugin, _)) = flow.id.split_once('/')
            && crate::plugin::allowed(tx, county, plugin)?.is_none()
        {
            // Switched off or taken out in this very moment: nobody would find the case again.
            return Err(Refusal::new("state.changed").into());
        }
        let case = opened_as(tx, &flows, &flow, &visitor, &opening, &said)?;
        super::view::seen(tx, &flows, &visitor, case)
    };
    super::act::unless_faster(|| app.db.write(In::County(county), work.clone())).await
}

/// The same inside another use case's transaction; the caller has been let through.
///
/// # Errors
/// As [`open`]; `action.not_allowed` where a library would have to be asked before.
pub(crate) fn opened(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    flow: &Arc<Flow>,
    visitor: &Visitor,
    opening: &Opening,
) -> Result<Case, Stop> {
    if flow.opening_asks() && opening.taken_over.is_none() {
        return Err(Refusal::new("action.not_allowed").into());
    }
    opened_as(tx, flows, flow, visitor, opening, &Said::default())
}

/// A case of a sample's story: opened by whoever the story names, or in the step's own role where that one would need a
/// post.
///
/// # Errors
/// As [`open`].
pub(crate) fn opened_as_told(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    flow: &Arc<Flow>,
    visitor: &Visitor,
    opening: &Opening,
) -> Result<Case, Stop> {
    let house = flow.opening().is_some_and(|step| !step.roles.iter().any(|role| visitor.is(*role)));
    opened(tx, flows, flow, visitor, &Opening { house, ..opening.clone() })
}

/// The same with what a plugin's library said to it.
pub(super) fn opened_as(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    flow: &Arc<Flow>,
    visitor: &Visitor,
    opening: &Opening,
    said: &Said,
) -> Result<Case, Stop> {
    let step = flow.opening().ok_or_else(|| Refusal::new("action.not_allowed"))?;
    let opening = &Opening { household: home(tx, visitor, opening)?, ..opening.clone() };
    opening.household.map(|home| crate::restriction::free(tx, visitor.county, home)).transpose()?;
    let today = tx.now.date();
    let mut values = flow.read(step, &opening.values, &Values::new(), opening.manner, today);
    let named = match &mut values {
        Ok(values) => settled_place(tx, visitor.county, flow, values)?,
        Err(_) => None,
    };
    let place = match named {
        Some(place) => Some(place),
        None => place(tx, visitor, opening)?,
    };
    let role = match opening.house {
        true => step.roles.first().copied().unwrap_or(Role::CountyAdmin),
        false => opener(tx, visitor, (flow, step), place)?,
    };
    let values = flow.merged(&values?, &said.set);
    guards::hold(tx, flows, (flow, step), (visitor, None), None, &values)?;
    let mut case = new_case(tx, flow, visitor, opening, (place, role))?;
    let old = opening.taken_over.as_ref().map(|old| old.state.clone());
    case.state = said.to.clone().or(old).unwrap_or_else(|| flow.target(step, "", &values).to_owned());
    let state = flow.state(&case.state);
    case.next_role = state.and_then(|state| state.next).map(|role| role.code().to_owned());
    // A register's entry can be over as soon as it is written.
    case.closed_ms = state.filter(|state| state.closed).map(|_| tx.now.millis());
    people::name(tx, flow, &mut case, &values);
    // One ticket is one number however it is typed. An old system's own is the one by which its list is known again.
    if let Some(number) = values.get(&flow.external).and_then(Value::as_str)
        && opening.taken_over.is_none()
    {
        case.old_number = Some(clean_code(number));
    }
    case.put_document(tx, flow, &values)?;
    case.insert(tx).map_err(|stop| stop.or_rule("case.number_taken"))?;
    gram::index(tx, case.county_id, NAMES, &case.id.bytes(), &case.person_name)?;
    case.index(tx, flow, &values)?;
    people::parties(tx, flow, &case, &values)?;
    let typed_for = role != Role::Resident && case.resident_id.is_none();
    let row = step_row(tx, &case, visitor, (1, &step.action, ""), (role, typed_for));
    match &opening.taken_over {
        None => row.append(tx, &values)?,
        Some(old) => taken_steps(tx, old, (row, flow.target(step, "", &values)), &values)?,
    }
    journal(tx, &case, visitor, Event::CaseOpened, json!({ "flow": case.flow, "state": case.state }))?;
    // Who led an old case is said in its list: only what has just begun is led to somebody.
    if opening.taken_over.is_none() || case.state == flow.target(step, "", &values) {
        route::first(tx, visitor, flow, &mut case)?;
    }
    let silent = opening.taken_over.is_some();
    let moved = Moved {
        flow,
        step,
        from: "",
        values: &values,
        typed: &values,
        silent,
        house: opening.house,
        n: 1,
        for_worker: None,
    };
    match &opening.taken_over {
        Some(old) => effects::taken_over(tx, visitor, &mut case, &moved, old)?,
        None => effects::after(tx, flows, visitor, &mut case, &moved)?,
    }
    library::apply(tx, flows, visitor, (&case, flow), &said.staged)?;
    super::hooks::follow(tx, flows, visitor, (&case, 1), &moved)?;
    Ok(case)
}

/// The history of a case that comes from an old system, each step with its day there: it was opened, and came to stand
/// where it stood.
fn taken_steps(
    tx: &mut Tx<'_>,
    old: &TakenOver,
    (row, first): (StepRow, &str),
    values: &Values,
) -> Result<(), Stop> {
    let stood = row.to_state.clone();
    let opening = StepRow { to_state: first.to_owned(), happened_on: Some(old.began.date()), ..row.clone() };
    opening.append(tx, values)?;
    if stood == first {
        return Ok(());
    }
    let moved = StepRow {
        id: tx.id(),
        n: 2,
        action: TAKEN_OVER.to_owned(),
        from_state: first.to_owned(),
        for_person: false,
        happened_on: Some(old.since.date()),
        ..row
    };
    moved.append(tx, &Values::new())
}

/// In which role the visitor opens it: for the place where it will stand.
fn opener(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    (flow, step): (&Flow, &falin_domain::workflow::Step),
    place: Option<DivisionId>,
) -> Result<Role, Stop> {
    let line: Vec<DivisionId> = match place {
        Some(place) => falin_store::division::line(tx, visitor.county, place)?
            .into_iter()
            .map(|above| above.id)
            .collect(),
        None => Vec::new(),
    };
    let covers = |role: Role| {
        let mut posts =
            visitor.posts.iter().filter(|post| post.role == role && post.county == visitor.county);
        // People come to any window and ask any lawyer: who may open at all, may for every place of the county.
        let anywhere = matches!(role, Role::Resident | Role::Lawyer | Role::Clerk | Role::Mediator);
        posts.any(|post| anywhere || post.place.is_none_or(|own| line.contains(&own)))
    };
    let role = match step.roles.iter().copied().find(|role| covers(*role)) {
        Some(role) => Some(role),
        None => super::posts::by_post(&super::posts::held(tx, visitor, flow)?, visitor, step, &line),
    };
    role.ok_or_else(|| Refusal::new("access.denied").into())
}

/// The place that the flow's own field names: by id, by code, or by a name that only one place of the county has. The
/// field then holds the place's name, so that one place stands under one word in lists and figures.
///
/// # Errors
/// `form.invalid` at the field where there is no such place.
pub(crate) fn settled_place(
    tx: &mut Tx<'_>,
    county: CountyId,
    flow: &Flow,
    values: &mut Values,
) -> Result<Option<DivisionId>, Stop> {
    let Some(text) = values.get(&flow.place).and_then(Value::as_str) else { return Ok(None) };
    let found = match division::find(tx, county, text)? {
        Some(found) => Some(found),
        None => division::only_named(tx, county, text)?,
    };
    let found = found.ok_or_else(|| Refusal::field(&flow.place, "village.unknown"))?;
    values.insert(flow.place.clone(), Value::from(found.name));
    Ok(Some(found.id))
}

/// Where it stands: as said, else with its household, else where the clerk has the window.
fn place(tx: &mut Tx<'_>, visitor: &Visitor, opening: &Opening) -> Result<Option<DivisionId>, Stop> {
    if let Some(text) = opening.place.as_deref().filter(|text| !text.trim().is_empty()) {
        let found = division::find(tx, visitor.county, text)?;
        return Ok(Some(found.ok_or_else(|| Refusal::field("place", "village.unknown"))?.id));
    }
    if let Some(household) = opening.household {
        let there = Household::by_id(tx, visitor.county, household);
        return Ok(Some(
            there.map_err(|stop| stop.if_absent(|| Refusal::field("household_id", "unknown")))?.village_id,
        ));
    }
    let own = visitor.posts.iter().filter(|post| post.county == visitor.county).find_map(|post| post.place);
    Ok(own)
}

/// The household as said, else that of a resident who opens it for themselves.
fn home(tx: &mut Tx<'_>, visitor: &Visitor, opening: &Opening) -> Result<Option<HouseholdId>, Stop> {
    let alone = visitor.posts.iter().all(|post| post.role == Role::Resident);
    match visitor.account.filter(|_| alone && opening.household.is_none()) {
        None => Ok(opening.household),
        Some(account) => {
            let home = falin_store::resident::of_account(tx, visitor.county, account)?;
            Ok(home.map(|home| home.household_id))
        }
    }
}

fn new_case(
    tx: &mut Tx<'_>,
    flow: &Flow,
    visitor: &Visitor,
    opening: &Opening,
    (place, role): (Option<DivisionId>, Role),
) -> Result<Case, Stop> {
    let old = opening.taken_over.as_ref();
    let began = old.map_or(tx.now, |old| old.began);
    let number = match old.filter(|old| old.keeps) {
        Some(old) => old.number.clone(),
        None => super::number::next_of(tx, visitor.county, flow, began)?,
    };
    let own: Option<AccountId> = visitor.account.filter(|_| role == Role::Resident);
    Ok(Case {
        county_id: visitor.county,
        id: tx.id(),
        flow: flow.id.clone(),
        flow_version: flow.version,
        state: String::new(),
        number,
        old_number: old.map(|old| old.number.clone()),
        division_id: place,
        household_id: opening.household,
        person_name: String::new(),
        sort_key: sort_key(""),
        phone_index: None,
        id_index: None,
        worker_id: None,
        resident_id: own,
        opened_by: visitor.account,
        routed_by: None,
        fields_sealed: Vec::new(),
        next_role: None,
        urgent: false,
        created_ms: began.millis(),
        changed_ms: tx.now.millis(),
        closed_ms: None,
        restricted_ms: None,
        version: 1,
    })
}

/// A step as the history keeps it.
pub(super) fn step_row(
    tx: &mut Tx<'_>,
    case: &Case,
    visitor: &Visitor,
    (n, action, from): (i32, &str, &str),
    (role, for_person): (Role, bool),
) -> StepRow {
    StepRow {
        county_id: case.county_id,
        id: tx.id(),
        case_id: case.id,
        n,
        action: action.to_owned(),
        from_state: from.to_owned(),
        to_state: case.state.clone(),
        role: Some(role.code().to_owned()),
        account_id: visitor.account,
        worker_id: visitor.worker,
        for_person,
        fields_sealed: None,
        at_ms: tx.now.millis(),
        for_worker_id: None,
        happened_on: None,
    }
}

/// Journals an event of a case: codes and ids, nothing that was typed.
pub(super) fn journal(
    tx: &mut Tx<'_>,
    case: &Case,
    visitor: &Visitor,
    event: Event,
    details: Value,
) -> Result<(), Stop> {
    // Of those without an account only the operator at the command line holds every role, the house all but one.
    let operator = visitor.account.is_none() && visitor.is(Role::PlatformAdmin);
    let house = visitor.account.is_none() && visitor.is(Role::CountyAdmin);
    tx.record(Entry {
        county: case.county_id,
        account: visitor.account,
        event,
        reason: match (operator, house) {
            (true, _) => Reason::Operator,
            (false, true) => Reason::Clock,
            (false, false) => Reason::Person,
        },
        subject: Some((NOUN, case.id.bytes())),
        details,
    })
}
