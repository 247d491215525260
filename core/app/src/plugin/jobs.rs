//! Jobs that plugins declare: once in each period for each place or case, by whichever server comes first.
//!
//! A turn is a row whose key is county, plugin, job, period and subject; it is written in the transaction that does the
//! work, so the work is done exactly once, also where two servers run. A period that passed while no server ran is not
//! made up for: only the current one is. The clock is the transaction's.

use std::sync::Arc;

use falin_domain::directory::DivisionLevel;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{CaseId, CountyId, DivisionId};
use falin_domain::workflow::{Each, Job, Manner, Since, Tier, Values};
use falin_store::casefile::Case;
use falin_store::plugin_stage::{self as rows, Letter, Standing, Turn};
use falin_store::{In, Tx, division};

use crate::casework::{Action, Flows, InUse, Undone, acted_by_house, brought, house};
use crate::{App, Stop};

/// Subjects of one transaction.
const PART: usize = 20;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// One round over every county's jobs: how many turns were taken. What one job refuses costs the others nothing.
///
/// # Errors
/// The store's own.
pub async fn round(app: &App) -> Result<u64, Stop> {
    let mut taken = 0;
    for county in app.flows.counties() {
        for plugin in app.flows.in_use(county) {
            for at in 0..plugin.manifest.job.len() {
                match run(app, county, &plugin, at).await {
                    Ok(turns) => taken += turns,
                    Err(stop) => {
                        let job = &plugin.manifest.job[at].code;
                        tracing::error!(plugin = %plugin.name, job, %stop, "a job waits for the next round");
                    }
                }
            }
        }
    }
    Ok(taken)
}

async fn run(app: &App, county: CountyId, plugin: &Arc<InUse>, at: usize) -> Result<u64, Stop> {
    let (used, flows) = (Arc::clone(plugin), app.flows.clone());
    let look = move |tx: &mut Tx<'_>| due(tx, county, &used, &used.manifest.job[at]);
    let due = app.db.read(In::County(county), look).await?;
    let mut taken = 0;
    for part in due.chunks(PART) {
        let (used, flows, part) = (Arc::clone(plugin), flows.clone(), part.to_vec());
        let work = move |tx: &mut Tx<'_>| {
            let mut taken = 0;
            for subject in &part {
                taken += u64::from(turn(tx, &flows, (county, &used, &used.manifest.job[at]), subject)?);
            }
            Ok(taken)
        };
        taken += app.db.write(In::County(county), work).await?;
    }
    Ok(taken)
}

fn period(tx: &Tx<'_>, job: &Job) -> String {
    job.every.begins(tx.now.date()).to_string()
}

/// Subjects whose turn it is in this period.
fn due(tx: &mut Tx<'_>, county: CountyId, plugin: &InUse, job: &Job) -> Result<Vec<Vec<u8>>, Stop> {
    let period = period(tx, job);
    let turn = Turn { county, plugin: &plugin.name, job: &job.code, period: &period };
    let had = rows::had(tx, turn)?;
    let mut all = match &job.each {
        Each::Place { place } => places(tx, county, *place)?,
        Each::Case { flow, states, when, since, .. } => {
            let which = Standing {
                flow: &plugin.manifest.flow_id(flow),
                states,
                indexed: when.as_ref().map(|when| (when.field.as_str(), when.among.as_slice())),
                opened: *since == Since::Opened,
                until_ms: until(tx, county, plugin, job)?,
            };
            rows::standing(tx, county, &which)?.into_iter().map(|id| id.bytes()).collect()
        }
    };
    all.retain(|subject| !had.contains(subject));
    Ok(all)
}

/// The latest moment at which a case may have begun to wait, UTC milliseconds.
fn until(tx: &mut Tx<'_>, county: CountyId, plugin: &InUse, job: &Job) -> Result<i64, Stop> {
    let days = match &job.each {
        Each::Case { after_days, after_setting, .. } if after_setting.is_empty() => i64::from(*after_days),
        Each::Case { after_setting, .. } => setting(tx, county, plugin, after_setting)?,
        Each::Place { .. } => 0,
    };
    Ok(tx.now.millis() - days * DAY_MS)
}

/// What a number setting says: the county's own, else the declared one.
fn setting(tx: &mut Tx<'_>, county: CountyId, plugin: &InUse, name: &str) -> Result<i64, Stop> {
    if let Some(own) = super::setting_number(tx, county, &plugin.name, name)? {
        return Ok(own);
    }
    let declared = plugin.manifest.setting.iter().find(|one| one.field.name == name);
    Ok(declared.and_then(|one| one.default.as_i64()).unwrap_or(0))
}

fn places(tx: &mut Tx<'_>, county: CountyId, tier: Tier) -> Result<Vec<Vec<u8>>, Stop> {
    let level = match tier {
        Tier::County => DivisionLevel::County,
        Tier::Township => DivisionLevel::Township,
        Tier::Village => DivisionLevel::Village,
    };
    let all = division::all(tx, county)?;
    // A city without counties below it is its own county.
    let top = all.iter().filter(|one| one.parent_id.is_none()).map(|one| one.id);
    let mut found: Vec<DivisionId> = all.iter().filter(|one| one.level == level).map(|one| one.id).collect();
    if found.is_empty() && tier == Tier::County {
        found = top.take(1).collect();
    }
    Ok(found.into_iter().map(|id| id.bytes()).collect())
}

type Of<'a> = (CountyId, &'a InUse, &'a Job);

/// Takes a turn, unless somebody has had it; what is refused becomes a letter. A case that has moved on since its turn
/// came has none: it stands there again later in the period, or not.
fn turn(tx: &mut Tx<'_>, flows: &Flows, of: Of<'_>, subject: &[u8]) -> Result<bool, Stop> {
    let (county, plugin, job) = of;
    let period = period(tx, job);
    let turn = Turn { county, plugin: &plugin.name, job: &job.code, period: &period };
    if !rows::take_turn(tx, turn, subject)? {
        return Ok(false);
    }
    let work = undone(of, &period, subject, tx.now);
    match tx.attempt(|tx| done(tx, flows, of, &work))? {
        Ok(true) => Ok(true),
        Ok(false) => rows::give_back(tx, turn, subject).map(|()| false),
        Err(stop) => {
            rows::refused(tx, turn, subject)?;
            work.write(tx, county, stop).map(|()| true)
        }
    }
}

fn undone<'a>((_, plugin, job): Of<'a>, period: &'a str, subject: &'a [u8], at: Instant) -> Undone<'a> {
    let generation = plugin.generation;
    Undone {
        plugin: &plugin.name,
        kind: "job",
        code: &job.code,
        position: 0,
        period,
        subject,
        generation,
        at,
    }
}

/// The work itself, for one subject; false where its case stands no longer where the job looks for it.
fn done(tx: &mut Tx<'_>, flows: &Flows, of: Of<'_>, work: &Undone<'_>) -> Result<bool, Stop> {
    let (county, plugin, job) = of;
    let (house, day) = (house(county), work.at.date());
    let Each::Case { when, surge, .. } = &job.each else {
        if job.library {
            return super::errands::leave(tx, county, work).map(|()| true);
        }
        let place = DivisionId::from_bytes(work.subject).ok_or_else(Refusal::absent)?;
        let opens = job.open.as_ref().ok_or_else(Refusal::absent)?;
        return brought(tx, flows, (plugin, opens), (&house, day), None, Some(place)).map(|_| true);
    };
    let id = CaseId::from_bytes(work.subject).ok_or_else(Refusal::absent)?;
    let case = Case::by_id(tx, county, id)?;
    if !waits(tx, of, &case)? {
        return Ok(false);
    }
    let values = case.document(tx)?;
    if when.as_ref().is_some_and(|when| !when.holds(&values)) {
        return Ok(false);
    }
    if let Some(surge) = surge {
        let least = setting(tx, county, plugin, &surge.least)?;
        let times = setting(tx, county, plugin, &surge.times)?;
        if !surge.holds(&values, least, times) {
            return Ok(true);
        }
    }
    if job.library {
        return super::errands::leave(tx, county, work).map(|()| true);
    }
    if let Some(opens) = &job.open {
        let from = Some((&case, &values));
        return brought(tx, flows, (plugin, opens), (&house, day), from, None).map(|_| true);
    }
    let (action, version) = (job.act.clone(), case.version);
    let action = Action { action, version, values: Values::new(), manner: Manner::Program };
    acted_by_house(tx, flows, &house, case, &action).map(|_| true)
}

/// Whether a case still stands where [`due`] has found it, for as long as the job wants.
fn waits(tx: &mut Tx<'_>, (county, plugin, job): Of<'_>, case: &Case) -> Result<bool, Stop> {
    let Each::Case { states, since, .. } = &job.each else { return Ok(false) };
    let there = match states.as_slice() {
        [] => case.closed_ms.is_none(),
        states => states.contains(&case.state),
    };
    let from = if *since == Since::Opened { case.created_ms } else { case.changed_ms };
    Ok(case.restricted_ms.is_none() && there && from <= until(tx, county, plugin, job)?)
}

/// Does the work of a letter again, for the period and the day of the turn that it tells of.
///
/// # Errors
/// `plugin.asleep` where the plugin is not in use, or no longer has this job; `action.not_allowed` where the case stands
/// elsewhere by now, or is only stored; those of the work.
pub(super) fn retry(tx: &mut Tx<'_>, flows: &Flows, letter: &Letter) -> Result<(), Stop> {
    let plugin = flows.in_use(letter.county_id).into_iter().find(|one| one.name == letter.plugin);
    let plugin = plugin.ok_or_else(|| Refusal::new("plugin.asleep"))?;
    let job = plugin.manifest.job.iter().find(|job| job.code == letter.code);
    let job = job.ok_or_else(|| Refusal::new("plugin.asleep"))?;
    let of = (letter.county_id, &*plugin, job);
    let work = undone(of, &letter.period, &letter.subject_id, Instant::from_millis(letter.created_ms));
    match done(tx, flows, of, &work)? {
        true => Ok(()),
        false => Err(Refusal::new("action.not_allowed").into()),
    }
}
