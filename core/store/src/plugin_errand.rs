//! What a plugin's library is still to be told or asked: events and parts of jobs, each until its effect is kept.

use diesel::prelude::*;
use falin_domain::refusal::Refusal;
use falin_domain::words::{CountyId, ErrandId};

use crate::column::{kept, load, noun};
use crate::keys::Bound;
use crate::plugin_stage::Letter;
use crate::schema::plugin_errand;
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// One of them.
    Errand in plugin_errand {
        /// County.
        county_id: CountyId,
        /// Id; the library knows an event by it.
        id: ErrandId,
        /// The plugin's own name.
        plugin: String,
        /// `hook` or `job`, as letters have it.
        kind: String,
        /// The job's code, or `flow/step` of the hook.
        code: String,
        /// Which hook of that step, from 0; 0 for jobs.
        position: i32,
        /// First day of the job's period, or the number of the step that the hook follows.
        period: String,
        /// The case or division that it is about.
        subject_id: Vec<u8>,
        /// Where a job begins, as JSON; also where its last part stopped before that was sealed.
        cursor: String,
        /// Where its last part stopped, as JSON, sealed; None before the first is done.
        cursor_sealed: Option<Vec<u8>>,
        /// The generation whose hook it is.
        generation: i32,
        /// Parts that are done.
        part: i32,
        /// `waiting`, or `failed`: an administrator has a letter about it.
        state: String,
        /// How often it failed.
        tries: i32,
        /// Not before, UTC milliseconds.
        due_ms: i64,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Errand in plugin_errand by ErrandId);

impl Errand {
    fn at<'a>(&self, row: &'a [u8]) -> Bound<'a> {
        Bound { table: "plugin_errand", column: "cursor_sealed", row, county: self.county_id }
    }

    /// Notes where the next part begins, as JSON; not yet saved.
    ///
    /// # Errors
    /// A fault where it cannot be sealed.
    pub fn go_on(&mut self, tx: &mut Tx<'_>, cursor: &str) -> Result<(), Stop> {
        self.cursor_sealed = Some(tx.seal(self.at(&self.id.bytes()), cursor)?);
        "null".clone_into(&mut self.cursor);
        Ok(())
    }

    /// Where the next part begins, as JSON.
    ///
    /// # Errors
    /// A fault where the row was changed from outside.
    pub fn begins(&self, tx: &Tx<'_>) -> Result<String, Stop> {
        let open = |kept: &Vec<u8>| tx.open(self.at(&self.id.bytes()), kept);
        self.cursor_sealed.as_ref().map_or_else(|| Ok(self.cursor.clone()), open)
    }
}

/// Those of a plugin that are due, in the order in which they became so.
///
/// # Errors
/// The database's own.
pub fn due(tx: &mut Tx<'_>, county: CountyId, plugin: &str, most: i64) -> Result<Vec<Errand>, Stop> {
    let query = plugin_errand::table
        .filter(plugin_errand::county_id.eq(county.bytes()))
        .filter(plugin_errand::plugin.eq(plugin.to_owned()))
        .filter(plugin_errand::state.eq("waiting"))
        .filter(plugin_errand::due_ms.le(tx.now.millis()))
        .order((plugin_errand::due_ms, plugin_errand::id))
        .limit(most);
    load!(Errand, query, tx)
}

/// Takes a row away because its effect is kept in this transaction.
///
/// # Errors
/// `state.changed` where somebody else was faster: nothing of this transaction may stay then.
pub fn done(tx: &mut Tx<'_>, errand: &Errand) -> Result<(), Stop> {
    let row = plugin_errand::table
        .find((errand.county_id.bytes(), errand.id.bytes()))
        .filter(plugin_errand::version.eq(errand.version));
    match diesel::delete(row).execute(tx.conn)? {
        1 => Ok(()),
        _ => Err(Refusal::new("state.changed").into()),
    }
}

/// The row that a letter speaks of, where it stands still.
///
/// # Errors
/// The database's own.
pub fn behind(tx: &mut Tx<'_>, letter: &Letter) -> Result<Option<Errand>, Stop> {
    let query = plugin_errand::table
        .filter(plugin_errand::county_id.eq(letter.county_id.bytes()))
        .filter(plugin_errand::plugin.eq(letter.plugin.clone()))
        .filter(plugin_errand::kind.eq(letter.kind.clone()))
        .filter(plugin_errand::code.eq(letter.code.clone()))
        .filter(plugin_errand::position.eq(letter.position))
        .filter(plugin_errand::period.eq(letter.period.clone()))
        .filter(plugin_errand::subject_id.eq(letter.subject_id.clone()))
        .limit(1);
    let found: Vec<Errand> = load!(Errand, query, tx)?;
    Ok(found.into_iter().next())
}
