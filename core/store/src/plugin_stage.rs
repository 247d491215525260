//! What the house does for plugins by itself: runs of jobs, each once, and letters about what was refused.

use std::collections::HashSet;

use diesel::prelude::*;
use falin_domain::words::{CaseId, CountyId, LetterId};

use crate::column::{kept, load, noun};
use crate::keys::Bound;
use crate::schema::{casefile, casefile_index, plugin_errand, plugin_job_run, plugin_letter};
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// A hook or job that was refused.
    Letter in plugin_letter {
        /// County.
        county_id: CountyId,
        /// Id.
        id: LetterId,
        /// The plugin's own name.
        plugin: String,
        /// `hook` or `job`.
        kind: String,
        /// The job's code, or `flow/step` of the hook.
        code: String,
        /// Which hook of that step, from 0; 0 for jobs.
        position: i32,
        /// First day of the job's period, or the number of the step that the hook follows.
        period: String,
        /// The case or division that it is about.
        subject_id: Vec<u8>,
        /// Code of what was said.
        refusal: String,
        /// All of what was said, as JSON, sealed: a library names what stands in the case. None where it stood in clear.
        refusal_sealed: Option<Vec<u8>>,
        /// The generation whose hook it is.
        generation: i32,
        /// `waiting`, `done`, `dropped`.
        state: String,
        /// How often it was tried.
        tries: i32,
        /// UTC milliseconds.
        created_ms: i64,
        /// UTC milliseconds.
        changed_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Letter in plugin_letter by LetterId);

impl Letter {
    fn at<'a>(&self, row: &'a [u8]) -> Bound<'a> {
        Bound { table: "plugin_letter", column: "refusal_sealed", row, county: self.county_id }
    }

    /// Notes what was said: its code, and all of it as JSON; not yet saved.
    ///
    /// # Errors
    /// A fault where it cannot be sealed.
    pub fn note(&mut self, tx: &mut Tx<'_>, code: &str, said: &str) -> Result<(), Stop> {
        code.clone_into(&mut self.refusal);
        self.refusal_sealed = Some(tx.seal(self.at(&self.id.bytes()), said)?);
        Ok(())
    }

    /// All of what was said, as JSON; empty where only the code is known.
    ///
    /// # Errors
    /// A fault where the row was changed from outside.
    pub fn said(&self, tx: &Tx<'_>) -> Result<String, Stop> {
        let open = |kept: &Vec<u8>| tx.open(self.at(&self.id.bytes()), kept);
        self.refusal_sealed.as_ref().map_or(Ok(String::new()), open)
    }
}

/// Letters of a plugin that wait, oldest first, at most 200.
///
/// # Errors
/// The database's own.
pub fn waiting(tx: &mut Tx<'_>, county: CountyId, plugin: &str) -> Result<Vec<Letter>, Stop> {
    let query = plugin_letter::table
        .filter(plugin_letter::county_id.eq(county.bytes()))
        .filter(plugin_letter::plugin.eq(plugin.to_owned()))
        .filter(plugin_letter::state.eq("waiting"))
        .order((plugin_letter::created_ms, plugin_letter::id))
        .limit(200);
    load!(Letter, query, tx)
}

/// How many of them there are.
///
/// # Errors
/// The database's own.
pub fn how_many(tx: &mut Tx<'_>, county: CountyId, plugin: &str) -> Result<i64, Stop> {
    let waiting = plugin_letter::table
        .filter(plugin_letter::county_id.eq(county.bytes()))
        .filter(plugin_letter::plugin.eq(plugin.to_owned()))
        .filter(plugin_letter::state.eq("waiting"));
    Ok(waiting.count().get_result(tx.conn)?)
}

/// The letter that waits about this work, if there is one.
///
/// # Errors
/// The database's own.
pub fn about(tx: &mut Tx<'_>, errand: &crate::plugin_errand::Errand) -> Result<Option<Letter>, Stop> {
    let query = plugin_letter::table
        .filter(plugin_letter::county_id.eq(errand.county_id.bytes()))
        .filter(plugin_letter::plugin.eq(errand.plugin.clone()))
        .filter(plugin_letter::kind.eq(errand.kind.clone()))
        .filter(plugin_letter::code.eq(errand.code.clone()))
        .filter(plugin_letter::position.eq(errand.position))
        .filter(plugin_letter::period.eq(errand.period.clone()))
        .filter(plugin_letter::subject_id.eq(errand.subject_id.clone()))
        .limit(1);
    let found: Vec<Letter> = load!(Letter, query, tx)?;
    Ok(found.into_iter().next())
}

/// A job's turn for one subject.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'a> {
    /// County.
    pub county: CountyId,
    /// The plugin's own name.
    pub plugin: &'a str,
    /// The job's code.
    pub job: &'a str,
    /// First day of the period.
    pub period: &'a str,
}

/// Takes a job's turn for one subject: false where somebody has had it.
///
/// # Errors
/// The database's own.
pub fn take_turn(tx: &mut Tx<'_>, turn: Turn<'_>, subject: &[u8]) -> Result<bool, Stop> {
    let row = (
        plugin_job_run::county_id.eq(turn.county.bytes()),
        plugin_job_run::plugin.eq(turn.plugin.to_owned()),
        plugin_job_run::job.eq(turn.job.to_owned()),
        plugin_job_run::period.eq(turn.period.to_owned()),
        plugin_job_run::subject_id.eq(subject.to_vec()),
        plugin_job_run::outcome.eq("done"),
        plugin_job_run::ran_ms.eq(tx.now.millis()),
    );
    // Of two servers at once the key lets one through.
    let taken = tx.attempt(|tx| {
        diesel::insert_into(plugin_job_run::table).values(row).execute(tx.conn)?;
        Ok(())
    })?;
    match taken {
        Ok(()) => Ok(true),
        Err(Stop::Rule(_)) => Ok(false),
        Err(stop) => Err(stop),
    }
}

/// Writes that a turn was refused; a letter says why.
///
/// # Errors
/// The database's own.
pub fn refused(tx: &mut Tx<'_>, turn: Turn<'_>, subject: &[u8]) -> Result<(), Stop> {
    let key = (turn.county.bytes(), turn.plugin, turn.job, turn.period, subject.to_vec());
    let row = plugin_job_run::table.find(key);
    diesel::update(row).set(plugin_job_run::outcome.eq("refused")).execute(tx.conn)?;
    Ok(())
}

/// Gives a turn back of which nothing was done: the subject may have it later in the period.
///
/// # Errors
/// The database's own.
pub fn give_back(tx: &mut Tx<'_>, turn: Turn<'_>, subject: &[u8]) -> Result<(), Stop> {
    let key = (turn.county.bytes(), turn.plugin, turn.job, turn.period, subject.to_vec());
    diesel::delete(plugin_job_run::table.find(key)).execute(tx.conn)?;
    Ok(())
}

/// Lays aside what is undone about a case: its errands go, its letters wait no longer.
///
/// # Errors
/// The database's own.
pub fn lay_aside(tx: &mut Tx<'_>, county: CountyId, case: CaseId) -> Result<(), Stop> {
    let errands = plugin_errand::table
        .filter(plugin_errand::county_id.eq(county.bytes()))
        .filter(plugin_errand::subject_id.eq(case.bytes()));
    diesel::delete(errands).execute(tx.conn)?;
    let letters = plugin_letter::table
        .filter(plugin_letter::county_id.eq(county.bytes()))
        .filter(plugin_letter::subject_id.eq(case.bytes()))
        .filter(plugin_letter::state.eq("waiting"));
    let dropped = (
        plugin_letter::state.eq("dropped"),
        plugin_letter::refusal_sealed.eq(None::<Vec<u8>>),
        plugin_letter::changed_ms.eq(tx.now.millis()),
        plugin_letter::version.eq(plugin_letter::version + 1),
    );
    diesel::update(letters).set(dropped).execute(tx.conn)?;
    Ok(())
}

/// Days for which a turn is known: the longest period, and a year after it.
const TURN_DAYS: i64 = 2 * 366;
/// Days for which a letter is kept that has been answered.
const ANSWERED_DAYS: i64 = 30;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Forgets turns of periods that are long over, and letters that were answered a while ago.
///
/// # Errors
/// The database's own.
pub fn forget_past(tx: &mut Tx<'_>) -> Result<(), Stop> {
    let ago = |days: i64| tx.now.millis() - days * DAY_MS;
    let (turns, letters) = (ago(TURN_DAYS), ago(ANSWERED_DAYS));
    let turns = plugin_job_run::table.filter(plugin_job_run::ran_ms.lt(turns));
    diesel::delete(turns).execute(tx.conn)?;
    let letters = plugin_letter::table
        .filter(plugin_letter::changed_ms.lt(letters))
        .filter(plugin_letter::state.ne("waiting"));
    diesel::delete(letters).execute(tx.conn)?;
    Ok(())
}

/// Subjects that have had their turn.
///
/// # Errors
/// The database's own.
pub fn had(tx: &mut Tx<'_>, turn: Turn<'_>) -> Result<HashSet<Vec<u8>>, Stop> {
    let rows: Vec<Vec<u8>> = plugin_job_run::table
        .filter(plugin_job_run::county_id.eq(turn.county.bytes()))
        .filter(plugin_job_run::plugin.eq(turn.plugin.to_owned()))
        .filter(plugin_job_run::job.eq(turn.job.to_owned()))
        .filter(plugin_job_run::period.eq(turn.period.to_owned()))
        .select(plugin_job_run::subject_id)
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}

/// Which cases a job looks at.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    /// The flow.
    pub flow: &'a str,
    /// In one of these states; in any open one where none is named.
    pub states: &'a [String],
    /// Field and values of the index.
    pub indexed: Option<(&'a str, &'a [String])>,
    /// Whether the moment below is that of its opening, and not of its last change.
    pub opened: bool,
    /// Last changed, or opened, no later than this, UTC milliseconds.
    pub until_ms: i64,
}

/// Ids of those cases, those first that were changed longest ago.
///
/// # Errors
/// The database's own.
pub fn standing(tx: &mut Tx<'_>, county: CountyId, which: &Standing<'_>) -> Result<Vec<CaseId>, Stop> {
    let mut query = casefile::table
        .filter(casefile::county_id.eq(county.bytes()))
        .filter(casefile::flow.eq(which.flow.to_owned()))
        .filter(casefile::restricted_ms.is_null())
        .order((casefile::changed_ms, casefile::id))
        .select(casefile::id)
        .into_boxed();
    query = match which.opened {
        true => query.filter(casefile::created_ms.le(which.until_ms)),
        false => query.filter(casefile::changed_ms.le(which.until_ms)),
    };
    query = match which.states {
        [] => query.filter(casefile::closed_ms.is_null()),
        states => query.filter(casefile::state.eq_any(states.to_vec())),
    };
    let mut ids: Vec<Vec<u8>> = query.load(tx.conn)?;
    if let Some((field, values)) = which.indexed {
        let with: Vec<Vec<u8>> = casefile_index::table
            .filter(casefile_index::county_id.eq(county.bytes()))
            .filter(casefile_index::flow.eq(which.flow.to_owned()))
            .filter(casefile_index::field.eq(field.to_owned()))
            .filter(casefile_index::value.eq_any(values.to_vec()))
            .select(casefile_index::case_id)
            .load(tx.conn)?;
        let with: HashSet<Vec<u8>> = with.into_iter().collect();
        ids.retain(|id| with.contains(id));
    }
    ids.iter().map(|id| crate::county::id(id)).collect()
}
