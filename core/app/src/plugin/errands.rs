//! What a plugin's library is told and asked without anybody waiting: events that its hooks watch, parts of jobs.
//!
//! An errand is written in the transaction of the step or turn that it follows, and taken away in the one that keeps
//! what the library wants done: so each has its effect once, whatever dies in between. One that breaks the library is
//! tried again after a while, then stands still with a letter about it; one that the library or the house refuses has
//! its letter at once. Where the plugin is switched off or locked away, errands wait.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{CaseId, CountyId, DivisionId};
use falin_domain::workflow::{Each, Hook, Job, Values};
use falin_host::plugin::PluginOp;
use falin_store::casefile::Case;
use falin_store::plugin_errand::{self as rows, Errand};
use falin_store::plugin_stage;
use falin_store::{In, Tx, division, if_there};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked::{self, Asking, Heard};
use super::declared;
use crate::casework::{
    About, Flows, InUse, Staged, Undone, house, keep_staged, refused_by_library, said, seen_by_library,
    unless_faster,
};
use crate::{App, Stop};

/// Between two looks when there was nothing to do.
const LOOK: Duration = Duration::from_millis(500);
/// Errands of one plugin in one round.
const MOST: i64 = 200;
/// So often a library may break over an errand before it has its letter: fewer than the deaths that lock it away, so
/// that one bad event does not.
const TRIES: i32 = 3;
/// So often an errand is asked again at once because what it speaks of has moved meanwhile.
const MOVED: usize = 3;
/// Most parts of one job for one subject.
const MOST_PARTS: i32 = 1000;

/// Attends to errands until the runtime ends: each plugin of each county in a task of its own, so that a slow library
/// holds up nobody's events but its own.
pub async fn attend(app: App) {
    let busy = Arc::new(Mutex::new(HashSet::new()));
    loop {
        for county in app.flows.counties() {
            for plugin in app.flows.in_use(county).iter().filter(|plugin| has_errands(plugin)) {
                let of_one = (county, plugin.name.clone());
                if let Some(seat) = Seat::taken(&busy, of_one) {
                    let app = app.clone();
                    tokio::spawn(async move { through(&app, &seat).await });
                }
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn has_errands(plugin: &InUse) -> bool {
    let manifest = &plugin.manifest;
    manifest.hook.iter().any(|hook| hook.library) || manifest.job.iter().any(|job| job.library)
}

type Busy = Arc<Mutex<HashSet<(CountyId, String)>>>;

/// That one task attends to a plugin of a county; given back however the task ends.
struct Seat {
    busy: Busy,
    of: (CountyId, String),
}

impl Seat {
    fn taken(busy: &Busy, of: (CountyId, String)) -> Option<Self> {
        let free = busy.lock().unwrap_or_else(PoisonError::into_inner).insert(of.clone());
        free.then(|| Self { busy: Arc::clone(busy), of })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.of);
    }
}

/// Attends to what is due of one plugin, in whichever version is in use, until nothing is.
async fn through(app: &App, seat: &Seat) {
    let (county, name) = &seat.of;
    while let Some(plugin) = app.flows.in_use(*county).iter().find(|plugin| plugin.name == *name) {
        match of(app, *county, plugin).await {
            Ok(0) => return,
            Ok(_) => {}
            Err(fault) => {
                tracing::error!(plugin = %name, %fault, "errands of a plugin could not be read");
                return;
            }
        }
    }
}

async fn of(app: &App, county: CountyId, plugin: &Arc<InUse>) -> Result<u64, Stop> {
    let name = plugin.name.clone();
    let due = app.db.read(In::County(county), move |tx| rows::due(tx, county, &name, MOST)).await?;
    let mut count = 0;
    for errand in due {
        match run(app, plugin, errand).await {
            Ok(true) => count += 1,
            Ok(false) => break,
            Err(fault) => {
                tracing::error!(plugin = %plugin.name, %fault, "an errand waits because the store does not answer");
                break;
            }
        }
    }
    Ok(count)
}

/// One errand; false where the library cannot be asked now, so that the rest waits as well.
async fn run(app: &App, plugin: &Arc<InUse>, errand: Errand) -> Result<bool, Stop> {
    for _ in 0..MOVED {
        let outcome = match asked_once(app, plugin, &errand).await {
            Ok((bytes, staged)) => kept(app, plugin, &errand, bytes, staged).await,
            Err(stop) => Err(stop),
        };
        match outcome {
            Ok(()) => return Ok(true),
            // Neither the library nor the house has said no: the errand waits until the database can be written.
            Err(stop) if stop.passes() => return Err(stop),
            Err(Stop::Refused(refusal)) => match refusal.code() {
                "plugin.asleep" | "plugin.quarantined" | "package.revoked" => return Ok(false),
                "state.changed" => {}
                "plugin.failed" => return undone(app, errand, *refusal, true).await,
                _ => return undone(app, errand, *refusal, false).await,
            },
            // What breaks the house over one errand must not hold up the others for ever: it counts as a try.
            Err(fault) => {
                tracing::error!(plugin = %plugin.name, %fault, "what a library wants could not be kept");
                return undone(app, errand, Refusal::new("plugin.failed"), true).await;
            }
        }
    }
    undone(app, errand, Refusal::new("state.changed"), true).await
}

type Answered = (Vec<u8>, Vec<Staged>);

async fn asked_once(app: &App, plugin: &Arc<InUse>, errand: &Errand) -> Result<Answered, Stop> {
    let (used, flows, one) = (Arc::clone(plugin), app.flows.clone(), errand.clone());
    let work = move |tx: &mut Tx<'_>| question(tx, &flows, &used, &one);
    let payload = app.db.read(In::County(errand.county_id), work).await?;
    let reader = house(errand.county_id);
    let texts = &plugin.manifest.text;
    let asking = Asking { plugin: &plugin.name, generation: plugin.generation, texts, reader: &reader };
    let op = if errand.kind == "hook" { PluginOp::Event } else { PluginOp::Job };
    match asked::ask(app, asking, op, &payload).await? {
        Heard::Done(bytes, staged) => Ok((bytes, staged)),
        Heard::Refused(bytes) => Err(refused_by_library(texts, &|_| false, &bytes).into()),
        Heard::Unknown => Err(Refusal::new("plugin.failed").into()),
    }
}

/// The hook of the version in use that an errand or a letter means: in another version hooks may stand in another order,
/// so it is the one that fits the same cases for the same end, in its place among such.
///
/// # Errors
/// The store's own.
pub(crate) fn hook_of<'a>(
    tx: &mut Tx<'_>,
    plugin: &'a InUse,
    (code, position, generation): (&str, i32, i32),
) -> Result<Option<&'a Hook>, Stop> {
    let Ok(at) = usize::try_from(position) else { return Ok(None) };
    let mut now = plugin.manifest.hook.iter().filter(|hook| hook.on == code);
    if generation == plugin.generation {
        return Ok(now.nth(at));
    }
    let Some(then) = if_there(declared(tx, &plugin.name, generation))? else { return Ok(None) };
    let mut then = then.hook.iter().filter(|hook| hook.on == code).take(at + 1).collect::<Vec<_>>();
    let Some(meant) = then.pop().filter(|_| then.len() == at) else { return Ok(None) };
    let alike = |hook: &&Hook| {
        let opens = |hook: &Hook| hook.open.as_ref().map(|opens| opens.flow.clone());
        let acts = |hook: &Hook| hook.act.as_ref().map(|acts| (acts.flow.clone(), acts.action.clone()));
        let what = |hook: &Hook| (hook.library, opens(hook), acts(hook));
        hook.when == meant.when && what(hook) == what(meant)
    };
    let before = then.iter().filter(|hook| alike(hook)).count();
    Ok(now.filter(alike).nth(before))
}

fn job_of<'a>(plugin: &'a InUse, errand: &Errand) -> Option<&'a Job> {
    plugin.manifest.job.iter().find(|job| job.code == errand.code && job.library)
}

/// What the library is asked, with the case as it is now.
fn question(tx: &mut Tx<'_>, flows: &Flows, plugin: &InUse, errand: &Errand) -> Result<Value, Stop> {
    // A version without this hook or job is in use now: an administrator decides what becomes of it.
    let gone = || Stop::from(Refusal::absent());
    let due = Instant::from_millis(errand.created_ms).to_string();
    if errand.kind == "hook" {
        let meant = (errand.code.as_str(), errand.position, errand.generation);
        let hook = hook_of(tx, plugin, meant)?.filter(|hook| hook.library).ok_or_else(gone)?;
        let (case, values) = about(tx, errand)?.ok_or_else(gone)?;
        let facts = hook.facts.iter().filter_map(|name| Some((name.clone(), values.get(name)?.clone())));
        return Ok(json!({
            "id": errand.id, "code": errand.code, "at": due,
            "subject": { "noun": case.flow, "id": case.id }, "facts": facts.collect::<Values>(),
        }));
    }
    let job = job_of(plugin, errand).ok_or_else(gone)?;
    let (mut case, mut place) = (Value::Null, Value::Null);
    match &job.each {
        Each::Case { .. } => {
            let (found, values) = about(tx, errand)?.ok_or_else(gone)?;
            let flow = flows.of_case(tx, &found.flow, found.flow_version)?;
            case = seen_by_library(&found, &flow, &values);
        }
        Each::Place { .. } => {
            let id = DivisionId::from_bytes(&errand.subject_id).ok_or_else(gone)?;
            let found = division::Division::by_id(tx, errand.county_id, id)?;
            place = json!({ "id": id, "code": found.code, "name": found.name });
        }
    }
    let cursor: Value = serde_json::from_str(&errand.begins(tx)?).unwrap_or_default();
    Ok(json!({
        "job": errand.code, "due": due, "period": errand.period, "cursor": cursor, "case": case, "place": place,
    }))
}

/// The case that an errand is about; None where it is only stored by now.
fn about(tx: &mut Tx<'_>, errand: &Errand) -> Result<Option<(Case, Values)>, Stop> {
    let Some(id) = CaseId::from_bytes(&errand.subject_id) else { return Ok(None) };
    let case = Case::by_id(tx, errand.county_id, id)?;
    if case.restricted_ms.is_some() {
        return Ok(None);
    }
    let values = case.document(tx)?;
    Ok(Some((case, values)))
}

/// Keeps what the library wants done, and takes the errand away or a part further, in one transaction.
async fn kept(
    app: &App,
    plugin: &Arc<InUse>,
    errand: &Errand,
    bytes: Vec<u8>,
    staged: Vec<Staged>,
) -> Result<(), Stop> {
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Progress {
        cursor: Value,
    }
    let op = if errand.kind == "hook" { PluginOp::Event } else { PluginOp::Job };
    let mut progress: Progress = asked::read(&plugin.name, op, &bytes)?;
    if errand.kind == "hook" {
        progress.cursor = Value::Null;
    }
    if !progress.cursor.is_null() && errand.part >= MOST_PARTS {
        tracing::warn!(plugin = %plugin.name, job = %errand.code, "a job has no end");
        return undone(app, errand.clone(), Refusal::new("plugin.failed"), false).await.map(drop);
    }
    let (used, flows, errand) = (Arc::clone(plugin), app.flows.clone(), errand.clone());
    let (cursor, county) = (progress.cursor, errand.county_id);
    let work = move |tx: &mut Tx<'_>| {
        if !stands(tx, &errand)? {
            return Ok(());
        }
        effects(tx, &flows, &used, &errand, &staged)?;
        if cursor.is_null() {
            rows::done(tx, &errand)?;
            return letter_done(tx, &errand);
        }
        let mut next = errand.clone();
        next.go_on(tx, &cursor.to_string())?;
        (next.part, next.tries) = (errand.part + 1, 0);
        next.due_ms = tx.now.millis();
        next.save(tx)
    };
    unless_faster(|| app.db.write(In::County(county), work.clone())).await
}

/// Whether it still waits as it was read: another server may have been faster.
fn stands(tx: &mut Tx<'_>, errand: &Errand) -> Result<bool, Stop> {
    match Errand::by_id(tx, errand.county_id, errand.id) {
        Ok(now) => Ok(now.version == errand.version && now.state == "waiting"),
        Err(Stop::Refused(_)) => Ok(false),
        Err(stop) => Err(stop),
    }
}

fn effects(
    tx: &mut Tx<'_>,
    flows: &Flows,
    plugin: &InUse,
    errand: &Errand,
    staged: &[Staged],
) -> Result<(), Stop> {
    let by_place = job_of(plugin, errand).is_some_and(|job| matches!(job.each, Each::Place { .. }));
    let mut case = None;
    if !by_place {
        // None: it is only stored since the library was asked.
        let found = about(tx, errand)?.ok_or_else(|| Refusal::new("state.changed"))?;
        case = Some(found.0);
    }
    let place = match &case {
        Some(case) => case.division_id,
        None => DivisionId::from_bytes(&errand.subject_id),
    };
    let about = About {
        county: errand.county_id,
        plugin: &plugin.name,
        name: &plugin.manifest.name,
        once: &format!("{}/{}", errand.id, errand.part),
        case: case.as_ref(),
        place,
        house: true,
    };
    keep_staged(tx, flows, &house(errand.county_id), about, staged)
}

/// The letter about an errand that has now been done is answered with it.
fn letter_done(tx: &mut Tx<'_>, errand: &Errand) -> Result<(), Stop> {
    let Some(mut letter) = plugin_stage::about(tx, errand)? else { return Ok(()) };
    if letter.state != "waiting" {
        return Ok(());
    }
    "done".clone_into(&mut letter.state);
    letter.changed_ms = tx.now.millis();
    letter.save(tx)
}

/// Puts an errand off, or lays it before an administrator: at once where it was refused, after some tries where the
/// library broke over it.
async fn undone(app: &App, errand: Errand, refusal: Refusal, again: bool) -> Result<bool, Stop> {
    let county = errand.county_id;
    let work = move |tx: &mut Tx<'_>| {
        if !stands(tx, &errand)? {
            return Ok(());
        }
        let mut errand = errand.clone();
        errand.tries += 1;
        errand.due_ms = tx.now.millis() + (1000 << errand.tries.min(10));
        if !again || errand.tries >= TRIES {
            "failed".clone_into(&mut errand.state);
            lay_before(tx, &errand, refusal.clone())?;
        }
        errand.save(tx)
    };
    app.db.write(In::County(county), work).await?;
    Ok(true)
}

fn lay_before(tx: &mut Tx<'_>, errand: &Errand, refusal: Refusal) -> Result<(), Stop> {
    let Some(mut letter) = plugin_stage::about(tx, errand)? else {
        let undone = Undone {
            plugin: &errand.plugin,
            kind: &errand.kind,
            code: &errand.code,
            position: errand.position,
            period: &errand.period,
            subject: &errand.subject_id,
            generation: errand.generation,
            at: Instant::from_millis(errand.created_ms),
        };
        return undone.write(tx, errand.county_id, refusal.into());
    };
    said(tx, &mut letter, refusal.into())?;
    "waiting".clone_into(&mut letter.state);
    letter.changed_ms = tx.now.millis();
    letter.save(tx)
}

/// Writes an errand, in the transaction of what it follows.
///
/// # Errors
/// The store's own.
pub(crate) fn leave(tx: &mut Tx<'_>, county: CountyId, undone: &Undone<'_>) -> Result<(), Stop> {
    let errand = Errand {
        county_id: county,
        id: tx.id(),
        plugin: undone.plugin.to_owned(),
        kind: undone.kind.to_owned(),
        code: undone.code.to_owned(),
        position: undone.position,
        period: undone.period.to_owned(),
        subject_id: undone.subject.to_vec(),
        cursor: "null".to_owned(),
        cursor_sealed: None,
        generation: undone.generation,
        part: 0,
        state: "waiting".to_owned(),
        tries: 0,
        due_ms: tx.now.millis(),
        created_ms: undone.at.millis(),
        version: 1,
    };
    errand.insert(tx)
}
