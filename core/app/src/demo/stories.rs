//! The sample's cases of county workflows, lived at their own days through the flows' own steps.
//!
//! The clock of the transaction stands at the day of the story, so numbers, deadlines and histories follow from it. The
//! events of a plugin come in the order of time, some tens in a transaction that also writes how far it is: a demo that
//! was stopped goes on from there. A case that a changed flow refuses is told in the log and costs the
//! others nothing.

use std::collections::HashMap;
use std::sync::Arc;

use falin_domain::access::Visitor;
use falin_domain::refusal::Refusal;
use falin_domain::time::{Date, Instant};
use falin_domain::words::{CaseId, CountyId};
use falin_domain::workflow::{
    Cast as _, Flow, Kind, Manner, Papers, Scene, Stories, Story, Values, core_flow, filled,
};
use falin_store::casefile::{self, Case};
use falin_store::{In, Tx, county as counties, inbox};

use super::cast::{Company, People};
use super::workflows::carried;
use super::{COUNTIES, CountySpec, offices, own};
use crate::casework::{Action, Flows, Opening, as_told, opened_as_told};
use crate::{App, Fault, Stop, county as served, notice};

/// The fact that says that every story has been told.
const TOLD: &str = "demo.told";
/// The day on which the stories end.
const TODAY: &str = "demo.story_day";
/// Events of one transaction: other writers wait for it.
const PART: usize = 40;
/// When the first case of a day is opened: nine o'clock.
const MORNING: i64 = 9 * 3600;
/// Days on which a story's rooms are looked for.
const DAYS_TRIED: usize = 3;
/// A message about a step that is older is not sent any more, and has been read.
const OLD_DAYS: i64 = 2;

/// Told how far it is: county, plugin, events told, events in all.
pub type Progress<'a> = &'a (dyn Fn(&str, &str, usize, usize) + Send + Sync);

/// One case of a story.
struct Plot<'a> {
    story: usize,
    n: u32,
    at: Instant,
    told: &'a Story,
}

/// What happens at a moment: a case is opened, or the `scene`-th step after that is taken.
struct Event {
    at: Instant,
    plot: usize,
    scene: usize,
}

/// Cases that go on, by the place of their plot.
type Open = HashMap<usize, CaseId>;

/// Everything that happens, in the order of time: what one case leaves behind, such as points, another may need later.
fn events(plots: &[Plot<'_>]) -> Vec<Event> {
    let mut all = Vec::new();
    for (place, plot) in plots.iter().enumerate() {
        let mut at = plot.at;
        all.push(Event { at, plot: place, scene: 0 });
        for (k, scene) in plot.told.act.iter().enumerate() {
            let later = i64::from(scene.after) * 86_400_000 + 60_000 * (7 + k as i64);
            at = Instant::from_millis(at.millis() + later);
            all.push(Event { at, plot: place, scene: k + 1 });
        }
    }
    all.sort_by_key(|event| (event.at, event.plot, event.scene));
    all
}

/// Whether all stories have been told.
///
/// # Errors
/// The store's own.
pub async fn are_told(app: &App) -> Result<bool, Stop> {
    Ok(app.db.read(In::All, |tx| counties::fact(tx, TOLD)).await?.is_some())
}

/// Tells what is left of all stories; gives what was refused, a line each.
///
/// # Errors
/// The store's own.
pub async fn tell(app: &App, seed: u64, progress: Progress<'_>) -> Result<Vec<String>, Stop> {
    if are_told(app).await? {
        return Ok(Vec::new());
    }
    let today = app.today().to_string();
    let begun = move |tx: &mut Tx<'_>| match counties::fact(tx, TODAY)? {
        Some(day) => Ok(day),
        None => {
            counties::set_fact(tx, TODAY, &today)?;
            Ok(today.clone())
        }
    };
    let day = app.db.write(In::All, begun).await?;
    let today = day.parse().unwrap_or_else(|_| app.today());
    let mut refused = Vec::new();
    for (at, spec) in COUNTIES.iter().enumerate().take(2) {
        let county = served::by_code_or_make(app, spec.code, spec.name).await?;
        let house = of_the_house()?;
        let mut papers = papers_of(HOUSE, &house);
        if at == 0 || house.neighbours {
            refused.extend(tell_one(app, (county, spec), (HOUSE, house), (seed, today), progress).await?);
        }
        for one in carried()?.into_iter().filter(|one| at == 0 || one.stories.neighbours) {
            papers.extend(papers_of(&one.manifest.id, &one.stories));
            let told = (one.manifest.id.as_str(), one.stories);
            refused.extend(tell_one(app, (county, spec), told, (seed, today), progress).await?);
        }
        if at == 0 {
            refused.extend(around(app, (county, spec), (seed, &papers)).await?);
        }
        app.db.write(In::County(county), move |tx| old_news_is_read(tx, county)).await?;
    }
    offices::calls(app).await?;
    app.db.write(In::All, move |tx| counties::set_fact(tx, TOLD, &day)).await?;
    Ok(refused)
}

/// What residents and offices did around the stories, once; gives what was refused.
async fn around(
    app: &App,
    (county, spec): (CountyId, &'static CountySpec),
    (seed, papers): (u64, &[Papers]),
) -> Result<Vec<String>, Stop> {
    let fact = format!("demo.around/{}", spec.code);
    let first = move |tx: &mut Tx<'_>| {
        let first = counties::fact(tx, &fact)?.is_none();
        counties::set_fact(tx, &fact, "begun")?;
        Ok(first)
    };
    if !app.db.write(In::All, first).await? {
        return Ok(Vec::new());
    }
    let visitor = Visitor::operator(county);
    let mut refused = Vec::new();
    let asked = own::ask(app, &visitor, spec).await;
    for done in [asked, offices::work(app, &visitor, spec, (seed, papers)).await] {
        match done {
            Err(stop @ Stop::Refused(_)) => {
                let faults = stop.refusal().map(|refusal| &refusal.fields);
                tracing::error!(%stop, ?faults, "what surrounds the sample cases is not complete");
                refused.push(stop.to_string());
            }
            done => done?,
        }
    }
    Ok(refused)
}

/// People who live with it have read what is older than some days.
fn old_news_is_read(tx: &mut Tx<'_>, county: CountyId) -> Result<(), Stop> {
    tx.now = tx.now.plus_seconds(-OLD_DAYS * 86_400);
    inbox::read_all(tx, county, None).map(drop)
}

/// Tells the first cases of every story in a county that has the plugins in use; gives what was refused.
///
/// # Errors
/// The store's own.
pub async fn tell_first(app: &App, county: CountyId, most: u32) -> Result<Vec<String>, Stop> {
    let mut refused = Vec::new();
    for mut one in carried()? {
        one.stories.story.iter_mut().for_each(|story| story.times = story.times.min(most));
        let days = (0, app.today());
        let told = (one.manifest.id.as_str(), one.stories);
        refused.extend(tell_one(app, (county, &COUNTIES[0]), told, days, &|_, _, _, _| {}).await?);
    }
    Ok(refused)
}

/// Under which name the stories of the house's own flows are told.
const HOUSE: &str = "casework";

/// Stories of legal aid and mediation.
fn of_the_house() -> Result<Stories, Stop> {
    Ok(Stories::parse(include_str!("casework.toml")).map_err(|fault| Fault::new("demo", fault))?)
}

/// The whole name of a story's flow: the house's own by itself, a plugin's behind the plugin's.
fn flow_of(plugin: &str, flow: &str) -> String {
    if core_flow(flow).is_some() { flow.to_owned() } else { format!("{plugin}/{flow}") }
}

/// Which papers are made, each with the whole name of its flow.
fn papers_of(plugin: &str, stories: &Stories) -> Vec<Papers> {
    let whole = |one: &Papers| Papers { flow: flow_of(plugin, &one.flow), ..one.clone() };
    stories.papers.iter().map(whole).collect()
}

/// Cases by the moment at which they are opened, spread over the days of their story.
fn plots(stories: &Stories, today: Date) -> Vec<Plot<'_>> {
    let mut all = Vec::new();
    for (story, told) in stories.story.iter().enumerate() {
        for n in 1..=told.times {
            let spread = i64::from(told.days.saturating_sub(told.until));
            let ago = i64::from(told.days) - i64::from(n - 1) * spread / i64::from(told.times);
            let late = i64::from(n) * 13 % 420 * 60 + story as i64 * 7;
            let at = today.plus_days(-ago).start().plus_seconds(MORNING + late);
            all.push(Plot { story, n, at, told });
        }
    }
    all.sort_by_key(|plot| (plot.at, plot.story, plot.n));
    all
}

async fn tell_one(
    app: &App,
    (county, spec): (CountyId, &'static CountySpec),
    (name, stories): (&str, Stories),
    (seed, today): (u64, Date),
    progress: Progress<'_>,
) -> Result<Vec<String>, Stop> {
    let house = of_the_house()?.story;
    let story = stories.story.into_iter().map(|story| story.led_on(&house)).collect();
    let (stories, flows) = (Arc::new(Stories { story, ..stories }), app.flows.clone());
    let all = events(&plots(&stories, today)).len();
    let company =
        app.db.read(In::County(county), move |tx| Company::of(tx, county, seed, spec.id_area)).await?;
    let company = Arc::new(company);
    let fact = format!("demo.told/{}/{name}", spec.code);
    let mut refused = Vec::new();
    let mut open = Arc::new(Open::new());
    loop {
        let (stories, flows, company, fact) =
            (Arc::clone(&stories), flows.clone(), Arc::clone(&company), fact.clone());
        let plugin = name.to_owned();
        let before = Arc::clone(&open);
        let work = move |tx: &mut Tx<'_>| {
            let from = counties::fact(tx, &fact)?.and_then(|text| text.parse().ok()).unwrap_or(0);
            let (now, mut refused, mut open) = (tx.now, Vec::new(), (*before).clone());
            let plots = plots(&stories, today);
            let events = events(&plots);
            let part = events.iter().skip(from).take(PART);
            for event in part.clone().filter(|event| event.at <= now) {
                let Some(plot) = plots.get(event.plot) else { continue };
                let case = open.remove(&event.plot);
                // Of a case that a stopped demo left under way nothing more is told, nor of one that was refused.
                if event.scene > 0 && case.is_none() {
                    continue;
                }
                let told = match flows.current(county, &flow_of(&plugin, &plot.told.flow)) {
                    Ok(flow) => {
                        tx.attempt(|tx| happen(tx, (&flows, &flow), &company, plot, (event, case)))?
                    }
                    Err(refusal) => Err(refusal.into()),
                };
                tx.now = now;
                match told {
                    Ok(case) => {
                        open.insert(event.plot, case);
                    }
                    Err(stop) => refused.push(line(&plugin, plot, &stop)),
                }
            }
            let done = from + part.count();
            counties::set_fact(tx, &fact, &done.to_string())?;
            Ok((done, refused, open))
        };
        let (done, more, left) = app.db.write(In::County(county), work).await?;
        refused.extend(more);
        open = Arc::new(left);
        progress(spec.name, name, done, all);
        if done >= all {
            return Ok(refused);
        }
    }
}

fn line(plugin: &str, plot: &Plot<'_>, stop: &Stop) -> String {
    let faults = stop.refusal().map(|refusal| &refusal.fields);
    let line = format!("{plugin}/{} story {} case {}: {stop} {faults:?}", plot.told.flow, plot.story, plot.n);
    tracing::error!(line, "a sample case was refused");
    line
}

/// One event of a case: its first form, or a step of it or of a case beside it.
fn happen(
    tx: &mut Tx<'_>,
    (flows, flow): (&Flows, &Arc<Flow>),
    company: &Company,
    plot: &Plot<'_>,
    (event, case): (&Event, Option<CaseId>),
) -> Result<CaseId, Stop> {
    let now = tx.now;
    let old = event.at.date().days_until(now.date()) > OLD_DAYS;
    tx.now = event.at;
    let mut people = company.case(&format!("{} {}", flow.id, plot.story), plot.n, plot.at.date());
    let scene = event.scene.checked_sub(1).and_then(|at| plot.told.act.get(at));
    let case = match (scene, case) {
        (Some(scene), Some(id)) => {
            let case = Case::by_id(tx, company.county, id)?;
            if scene.on.is_empty() {
                acted(tx, (flows, flow), company, (scene, case), &mut people)?
            } else {
                beside(tx, flows, company, (&case, scene, &people), old)?;
                case
            }
        }
        _ => begun(tx, (flows, flow), company, plot, &mut people)?,
    };
    if old {
        notice::cancel(tx, case.county_id, case.id.cast())?;
    }
    Ok(case.id)
}

fn begun(
    tx: &mut Tx<'_>,
    (flows, flow): (&Flows, &Arc<Flow>),
    company: &Company,
    plot: &Plot<'_>,
    people: &mut People<'_>,
) -> Result<Case, Stop> {
    let place = people.place(speaks_of_town_only(plot.told));
    with_rooms(tx, company, people, |tx, people| {
        let place = place.map(|place| place.to_string());
        let values = values(flow, &plot.told.open, people);
        let opening = Opening { place, ..Opening::new(&flow.id, values) };
        opened_as_told(tx, flows, flow, &company.actor(plot.told.role, None, plot.n), &opening)
    })
}

fn acted(
    tx: &mut Tx<'_>,
    (flows, flow): (&Flows, &Arc<Flow>),
    company: &Company,
    (scene, case): (&Scene, Case),
    people: &mut People<'_>,
) -> Result<Case, Stop> {
    let visitor = acting(company, scene, &case, people);
    with_rooms(tx, company, people, |tx, people| {
        let action = Action {
            action: scene.action.clone(),
            version: case.version,
            values: values(flow, &scene.values, people),
            manner: Manner::Program,
        };
        as_told(tx, flows, &visitor, case.clone(), (&action, false))
    })
}

/// Who takes a step of a case.
fn acting(company: &Company, scene: &Scene, case: &Case, people: &People<'_>) -> Visitor {
    let actor = company.actor(scene.role, case.worker_id, people.n());
    let account = if scene.colleague { company.colleague(scene.role) } else { actor.account };
    Visitor { account, ..actor }
}

/// A step on a case that came out of the story's; `old` ones are told to nobody any more.
fn beside(
    tx: &mut Tx<'_>,
    flows: &Flows,
    company: &Company,
    (case, scene, people): (&Case, &Scene, &People<'_>),
    old: bool,
) -> Result<(), Stop> {
    let linked = casefile::linked(tx, case.county_id, case.id)?;
    let Some(other) = linked.into_iter().rev().find(|one| one.flow == scene.on) else {
        return Err(Refusal::absent().into());
    };
    let flow = flows.of_case(tx, &other.flow, other.flow_version)?;
    let visitor = acting(company, scene, &other, people);
    let action = Action {
        action: scene.action.clone(),
        version: other.version,
        values: values(&flow, &scene.values, people),
        manner: Manner::Program,
    };
    let now = tx.now;
    let other = as_told(tx, flows, &visitor, other, (&action, false))?;
    tx.now = now;
    if old || other.closed_ms.is_some() {
        notice::cancel(tx, other.county_id, other.id.cast())?;
    }
    Ok(())
}

/// Does a step, with other rooms where those of the story are taken, and on a later day where all are.
fn with_rooms(
    tx: &mut Tx<'_>,
    company: &Company,
    people: &mut People<'_>,
    mut step: impl FnMut(&mut Tx<'_>, &People<'_>) -> Result<Case, Stop>,
) -> Result<Case, Stop> {
    for later in 0..DAYS_TRIED {
        for shift in 0..company.rooms.len().max(1) {
            (people.later, people.shift) = (later, shift);
            let now = tx.now;
            match tx.attempt(|tx| step(tx, people))? {
                Err(Stop::Refused(refusal)) if of_rooms(&refusal) => tx.now = now,
                done => return done,
            }
        }
    }
    step(tx, people)
}

fn of_rooms(refusal: &Refusal) -> bool {
    refusal.fields.iter().any(|fault| fault.code.starts_with("room."))
}

/// A form filled; a place in a field for places is its code's stand-in, its id.
fn values(flow: &Flow, form: &Values, people: &People<'_>) -> Values {
    let mut values = filled(form, people);
    for (name, given) in form {
        let place = flow.field(name).is_some_and(|field| field.kind == Kind::Division) || &flow.place == name;
        let id = match given.as_str() {
            Some("{township}") => people.place(true),
            Some("{village}") => people.place(false),
            _ => None,
        };
        if let Some(id) = id.filter(|_| place) {
            values.insert(name.clone(), id.to_string().into());
        }
    }
    values
}

fn speaks_of_town_only(story: &Story) -> bool {
    let text = serde_json::Value::Object(story.open.clone()).to_string();
    text.contains("{township}") && !text.contains("{village}")
}
