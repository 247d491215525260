//! Units that help with a case: which step asked them, and which one brought their answer or let them go.

use diesel::prelude::*;
use falin_domain::time::Date;
use falin_domain::words::{CaseId, CountyId, WorkerId};

use crate::column::{load, noun};
use crate::schema::casefile_unit;
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// A unit that was asked to help. What was asked and answered stands in the steps.
    Unit in casefile_unit {
        /// County.
        county_id: CountyId,
        /// The case.
        case_id: CaseId,
        /// The step that asked it.
        asked_n: i32,
        /// Its name.
        unit: String,
        /// Its person in this house.
        worker_id: Option<WorkerId>,
        /// The day by which an answer is wanted.
        due_date: Option<Date>,
        /// The step with its answer.
        answered_n: Option<i32>,
        /// The step that let it go.
        ended_n: Option<i32>,
    }
}

impl Unit {
    /// Whether its answer is still wanted.
    pub fn waits(&self) -> bool {
        self.answered_n.is_none() && self.ended_n.is_none()
    }

    /// Adds the row.
    ///
    /// # Errors
    /// The database's own.
    pub fn insert(&self, tx: &mut Tx<'_>) -> Result<(), Stop> {
        diesel::insert_into(casefile_unit::table).values(self.values()).execute(tx.conn)?;
        Ok(())
    }

    /// Keeps the step that answered it or let it go.
    ///
    /// # Errors
    /// [`Stop::Rule`] for a step that comes before the asking one; the database's own.
    pub fn save(&self, tx: &mut Tx<'_>) -> Result<(), Stop> {
        let row = casefile_unit::table.find((self.county_id.bytes(), self.case_id.bytes(), self.asked_n));
        diesel::update(row)
            .set((casefile_unit::answered_n.eq(self.answered_n), casefile_unit::ended_n.eq(self.ended_n)))
            .execute(tx.conn)?;
        Ok(())
    }
}

/// The units of a case, in the order in which they were asked.
///
/// # Errors
/// The database's own.
pub fn of(tx: &mut Tx<'_>, county: CountyId, case: CaseId) -> Result<Vec<Unit>, Stop> {
    let query = casefile_unit::table
        .filter(casefile_unit::county_id.eq(county.bytes()))
        .filter(casefile_unit::case_id.eq(case.bytes()))
        .order(casefile_unit::asked_n);
    load!(Unit, query, tx)
}

/// Cases in which a worker's own answer is wanted.
///
/// # Errors
/// The database's own.
pub fn wanted_of(tx: &mut Tx<'_>, county: CountyId, worker: WorkerId) -> Result<Vec<CaseId>, Stop> {
    let ids: Vec<Vec<u8>> = casefile_unit::table
        .filter(casefile_unit::county_id.eq(county.bytes()))
        .filter(casefile_unit::worker_id.eq(Some(worker.bytes())))
        .filter(casefile_unit::answered_n.is_null())
        .filter(casefile_unit::ended_n.is_null())
        .select(casefile_unit::case_id)
        .load(tx.conn)?;
    Ok(ids.iter().filter_map(|id| CaseId::from_bytes(id)).collect())
}
