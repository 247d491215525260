//! One act on a case: sight, form, version, state, role and guards, in this order; then the case moves.

use falin_domain::access::{Act, Visitor};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::words::CaseId;
use falin_domain::workflow::{Flow, Manner, Step, Values};
use falin_store::casefile::{Case, NOUN as NAMES};
use falin_store::casefile_list::{self, Sight};
use falin_store::{In, Tx, casefile_step, gram};
use serde_json::json;

use super::effects::{self, Moved};
use super::library::{self, Question, Said};
use super::open::{journal, step_row};
use super::view::{Seen, seen};
use super::{Standing, answerable, guards, people, sight, units};
use crate::{App, Stop};

/// How often a step is tried whose rooms went to another in the same moment.
const TRIES: usize = 4;

/// What somebody wants to do with a case.
#[derive(Clone, Debug)]
pub struct Action {
    /// The step.
    pub action: String,
    /// The version that was seen.
    pub version: i64,
    /// The form.
    pub values: Values,
    /// Where the values come from.
    pub manner: Manner,
}

/// Does one step and shows the case as it is then.
///
/// # Errors
/// `not_found` where the visitor does not see it; `access.denied` where none of the visitor's roles ever takes this
/// step; `form.invalid`; `state.changed`; `action.not_allowed`; or what a guard says.
pub async fn act(app: &App, visitor: &Visitor, flow: &str, id: CaseId, action: Action) -> Result<Seen, Stop> {
    let current = app.flows.current(visitor.county, flow)?;
    let sight = sight(visitor, Act::Read, &current).map_err(|_| Refusal::absent())?;
    let question = async || match current.id.contains('/') {
        true => question(app, visitor, &sight, id, &action).await,
        false => Ok(None),
    };
    let keep = async |said| kept(app, visitor, (&sight, flow, id), (&action, said)).await;
    library::asked(app, visitor, question, keep).await
}

/// Takes the step, with what the library said of it.
async fn kept(
    app: &App,
    visitor: &Visitor,
    (sight, flow, id): (&Sight, &str, CaseId),
    (action, said): (&Action, Option<Said>),
) -> Result<Seen, Stop> {
    let (flows, visitor, flow) = (app.flows.clone(), visitor.clone(), flow.to_owned());
    let (county, sight, action) = (visitor.county, sight.clone(), action.clone());
    let work = move |tx: &mut Tx<'_>| {
        let case = casefile_list::one(tx, &sight, id)?;
        if case.flow != flow {
            return Err(Refusal::absent().into());
        }
        let standing = Standing::of(tx, &flows, &visitor, &case)?;
        let case = acted_as(tx, &flows, (&visitor, &standing), case, (&action, said.as_ref()))?;
        seen(tx, &flows, &visitor, case)
    };
    unless_faster(|| app.db.write(In::County(county), work.clone())).await
}

/// Tries again where another step took a room in the same moment: the next try sees it, and says so at the field.
pub(crate) async fn unless_faster<F, T>(mut once: impl FnMut() -> F) -> Result<T, Stop>
where
    F: Future<Output = Result<T, Stop>>,
{
    for _ in 1..TRIES {
        match once().await {
            Err(Stop::Refused(refusal)) if refusal.code() == "booking.conflict" => {}
            done => return done,
        }
    }
    once().await
}

/// What the plugin's library is to be asked before this step; None where the step asks nothing, or where it does not
/// fit the case as it is now. Where it does by the time of the step, the step refuses: nobody was asked.
async fn question(
    app: &App,
    visitor: &Visitor,
    sight: &Sight,
    id: CaseId,
    action: &Action,
) -> Result<Option<Question>, Stop> {
    let (flows, visitor, sight, action) = (app.flows.clone(), visitor.clone(), sight.clone(), action.clone());
    let county = visitor.county;
    let work = move |tx: &mut Tx<'_>| {
        let case = casefile_list::one(tx, &sight, id)?;
        let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
        let Some(step) = flow.step(&action.action).filter(|step| step.asks_library()) else {
            return Ok(None);
        };
        let now = case.version == action.version && step.begins_in(&case.state, case.closed_ms.is_some());
        if !now || Standing::of(tx, &flows, &visitor, &case)?.role(&visitor, step).is_none() {
            return Ok(None);
        }
        let before = case.document(tx)?;
        let form = flow.read(step, &action.values, &before, action.manner, tx.now.date());
        let case = library::seen_by_library(&case, &flow, &before);
        let (action, flow) = (action.action.clone(), std::sync::Arc::clone(&flow));
        Ok(form.ok().map(|form| Question { action, case: Some(case), form, flow }))
    };
    app.db.read(In::County(county), work).await
}

/// The same inside another use case's transaction, on a case that the visitor sees.
///
/// # Errors
/// As [`act`].
pub(crate) fn acted(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    visitor: &Visitor,
    case: Case,
    action: &Action,
) -> Result<Case, Stop> {
    let standing = Standing::of(tx, flows, visitor, &case)?;
    acted_by(tx, flows, (visitor, &standing), case, action)
}

/// The same for a standing that the caller has established.
///
/// # Errors
/// As [`act`].
pub(crate) fn acted_by(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    whose: (&Visitor, &Standing),
    case: Case,
    action: &Action,
) -> Result<Case, Stop> {
    acted_as(tx, flows, whose, case, (action, None))
}

/// A step that the house takes for a job or a hook, in whatever role the step names: for nobody, or for whoever has
/// taken the step that it follows.
///
/// # Errors
/// As [`act`].
pub(crate) fn acted_by_house(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    visitor: &Visitor,
    case: Case,
    action: &Action,
) -> Result<Case, Stop> {
    let standing =
        Standing { house: true, on_case: true, own: true, ..Standing::without_posts(tx, visitor, &case)? };
    acted_by(tx, flows, (visitor, &standing), case, action)
}

/// A step of a sample's story: by whoever the story names, or in the step's own role where that one would need a post;
/// where it is `strict`, only where the step rests on posts alone.
///
/// # Errors
/// As [`act`].
pub(crate) fn as_told(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    visitor: &Visitor,
    case: Case,
    (action, strict): (&Action, bool),
) -> Result<Case, Stop> {
    let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
    let standing = Standing::of(tx, flows, visitor, &case)?;
    let house = flow
        .step(&action.action)
        .is_some_and(|step| standing.role(visitor, step).is_none() && (!strict || step.roles.is_empty()));
    let standing = Standing { house, ..standing };
    // A story has been told before: nobody is asked again.
    acted_as(tx, flows, (visitor, &standing), case, (action, Some(&Said::default())))
}

/// The same with what a plugin's library said to it; None where it was not asked.
fn acted_as(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    (visitor, standing): (&Visitor, &Standing),
    mut case: Case,
    (action, said): (&Action, Option<&Said>),
) -> Result<Case, Stop> {
    let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
    let step = wanted(&flow, (visitor, standing), action)?;
    let before = case.document(tx)?;
    let typed = flow.read(step, &action.values, &before, action.manner, tx.now.date())?;
    if case.version != action.version {
        return Err(Refusal::new("state.changed").into());
    }
    if !step.begins_in(&case.state, case.closed_ms.is_some()) {
        return Err(Refusal::new("action.not_allowed").into());
    }
    let role = standing.role(visitor, step);
    let role = role.ok_or_else(|| Refusal::new("action.not_allowed"))?;
    let unasked = Said::default();
    let said = match said {
        None if step.asks_library() => return Err(Refusal::new("state.changed").into()),
        said => said.unwrap_or(&unasked),
    };
    let values = flow.merged(&flow.merged(&before, &typed), &said.set);
    let for_worker = standing.acts_for(role);
    guards::hold(tx, flows, (&flow, step), (visitor, for_worker), Some(&case), &values)?;
    units::check(tx, (standing, visitor), &case, (step, &values))?;
    let from = std::mem::take(&mut case.state);
    case.state = said.to.clone().unwrap_or_else(|| flow.target(step, &from, &values).to_owned());
    settle(tx, &flow, &mut case, &values)?;
    case.save(tx)?;
    gram::index(tx, case.county_id, NAMES, &case.id.bytes(), &case.person_name)?;
    case.index(tx, &flow, &values)?;
    people::parties(tx, &flow, &case, &values)?;
    let n = casefile_step::last(tx, case.county_id, case.id)? + 1;
    let typed_for = case.resident_id.is_none() && role != falin_domain::access::Role::Resident;
    let row = step_row(tx, &case, visitor, (n, &step.action, &from), (role, typed_for));
    let row = casefile_step::Step { for_worker_id: for_worker, ..row };
    row.append(tx, &typed)?;
    let mut details = json!({ "flow": case.flow, "action": step.action, "from": from, "to": case.state });
    if let Some(worker) = for_worker {
        details["for"] = json!(worker);
    }
    let closes = case.closed_ms.is_some() && case.state != from;
    let event = if closes { Event::CaseClosed } else { Event::CaseMoved };
    journal(tx, &case, visitor, event, details)?;
    let house = standing.house;
    let moved = Moved {
        flow: &flow,
        step,
        from: &from,
        values: &values,
        typed: &typed,
        silent: false,
        house,
        n,
        for_worker,
    };
    effects::after(tx, flows, visitor, &mut case, &moved)?;
    answerable::after_step(tx, visitor, &case, (for_worker.or(visitor.worker), role))?;
    library::apply(tx, flows, visitor, (&case, &flow), &said.staged)?;
    super::hooks::follow(tx, flows, visitor, (&case, n), &moved)?;
    Ok(case)
}

/// The step, where some role or post of the visitor's ever takes it.
fn wanted<'a>(
    flow: &'a Flow,
    (visitor, standing): (&Visitor, &Standing),
    action: &Action,
) -> Result<&'a Step, Refusal> {
    let step = flow.step(&action.action).filter(|step| !step.from.is_empty());
    let step = step.ok_or_else(|| Refusal::field("action", "unknown"))?;
    if standing.house || super::posts::ever(&standing.posts, visitor, step) {
        Ok(step)
    } else {
        Err(Refusal::new("access.denied"))
    }
}

/// The row's own columns follow from state and values.
fn settle(tx: &mut Tx<'_>, flow: &Flow, case: &mut Case, values: &Values) -> Result<(), Stop> {
    let state = flow.state(&case.state);
    case.next_role = state.and_then(|state| state.next).map(|role| role.code().to_owned());
    case.changed_ms = tx.now.millis();
    case.closed_ms = match state {
        Some(state) if state.closed => case.closed_ms.or(Some(tx.now.millis())),
        _ => None,
    };
    people::name(tx, flow, case, values);
    case.put_document(tx, flow, values)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{InUse, Opening};
    use super::*;
    use crate::{Settings, county};
    use falin_domain::words::CountyId;
    use falin_domain::workflow::Manifest;
    use serde_json::Value;

    /// A house whose county has the workflow that is decided in code, in use or waiting.
    fn house_with(name: &str, waits: bool) -> (App, CountyId, std::path::PathBuf) {
        let data = std::env::temp_dir().join(format!("falin-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&data);
        let app = App::open(&Settings { data: data.clone(), database: None, now: None }).unwrap();
        let id = app.wait(county::by_code_or_make(&app, "620200", "嘉峪关市")).unwrap();
        let manifest = Manifest::parse(include_str!("../../../../tests/plugins/decide.toml")).unwrap();
        let flow = manifest.flows(1).into_iter().next().unwrap();
        app.db.write_now(In::County(id), move |tx| falin_store::flow::keep(tx, &flow)).unwrap();
        let one = InUse {
            name: "decide".to_owned(),
            generation: 1,
            manifest: manifest.into(),
            granted: Default::default(),
            papers: Default::default(),
        };
        let (there, nothing) = (super::super::ByCounty::from([(id, vec![one])]), Default::default());
        let (used, waiting) = if waits { (nothing, there) } else { (there, nothing) };
        app.flows.hold(used, (waiting, Default::default()), Default::default());
        (app, id, data)
    }

    /// A matter, and the step that decides it.
    fn matter(
        tx: &mut Tx<'_>,
        flows: &super::super::Flows,
        visitor: &Visitor,
    ) -> Result<(Case, Action), Stop> {
        let flow = flows.of_case(tx, "decide/matter", 1)?;
        let values = Values::from_iter([("word".to_owned(), Value::from("fill"))]);
        let opening = Opening::new(&flow.id, values.clone());
        let case = super::super::open::opened_as(tx, flows, &flow, visitor, &opening, &Said::default())?;
        let (action, version) = ("decide".to_owned(), case.version);
        Ok((case, Action { action, version, values, manner: Manner::Program }))
    }

    #[test]
    fn a_step_that_asks_a_library_is_not_taken_unasked() {
        let (app, id, data) = house_with("unasked", false);
        let (flows, visitor) = (app.flows.clone(), Visitor::operator(id));
        let work = move |tx: &mut Tx<'_>| {
            let (case, action) = matter(tx, &flows, &visitor)?;
            let person = tx.attempt(|tx| acted(tx, &flows, &visitor, case.clone(), &action))?;
            let house =
                tx.attempt(|tx| acted_by_house(tx, &flows, &super::super::house(id), case.clone(), &action))?;
            Ok([person, house].map(|one| one.map(drop).unwrap_err().to_string()))
        };
        let said = app.db.write_now(In::County(id), work).unwrap();
        assert_eq!(said, ["state.changed", "state.changed"]);
        std::fs::remove_dir_all(data).unwrap();
    }

    #[test]
    fn what_happens_while_a_library_is_locked_away_waits_for_it() {
        for (name, waits) in [("heard", false), ("waits", true)] {
            let (app, id, data) = house_with(name, waits);
            let (flows, visitor) = (app.flows.clone(), Visitor::operator(id));
            let work = move |tx: &mut Tx<'_>| {
                let (case, action) = matter(tx, &flows, &visitor)?;
                as_told(tx, &flows, &visitor, case, (&action, true))?;
                falin_store::plugin_errand::due(tx, id, "decide", 10)
            };
            let errands = app.db.write_now(In::County(id), work).unwrap();
            assert_eq!(errands.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["matter/decide"]);
            std::fs::remove_dir_all(data).unwrap();
        }
    }
}
