//! The steps of a case: append-only, each with what was typed, sealed.

use diesel::prelude::*;
use falin_domain::time::Date;
use falin_domain::words::{AccountId, CaseId, CountyId, StepId, WorkerId};
use falin_domain::workflow::Values;
use serde_json::Value;

use crate::column::{load, noun};
use crate::keys::Bound;
use crate::schema::casefile_step;
use crate::stop::{Fault, Stop};
use crate::tx::Tx;

noun! {
    /// A step of a case.
    Step in casefile_step {
        /// County.
        county_id: CountyId,
        /// Id.
        id: StepId,
        /// The case.
        case_id: CaseId,
        /// 1 for the opening.
        n: i32,
        /// What was done.
        action: String,
        /// State before; empty for the opening.
        from_state: String,
        /// State after.
        to_state: String,
        /// In which role.
        role: Option<String>,
        /// By whom; None for somebody without an account, or the clock.
        account_id: Option<AccountId>,
        /// The legal worker that the account is.
        worker_id: Option<WorkerId>,
        /// Whether it was typed for somebody else.
        for_person: bool,
        /// What was typed, a sealed JSON object.
        fields_sealed: Option<Vec<u8>>,
        /// UTC milliseconds.
        at_ms: i64,
        /// For whom it was taken by who stood in.
        for_worker_id: Option<WorkerId>,
        /// The day on which it happened in the system that the case comes from.
        happened_on: Option<Date>,
    }
}

fn place(county: CountyId, id: &[u8]) -> Bound<'_> {
    Bound { table: "casefile_step", column: "fields_sealed", row: id, county }
}

impl Step {
    /// What was typed.
    ///
    /// # Errors
    /// A fault where it cannot be opened.
    pub fn document(&self, tx: &Tx<'_>) -> Result<Values, Stop> {
        let Some(sealed) = &self.fields_sealed else { return Ok(Values::new()) };
        let text = tx.open(place(self.county_id, &self.id.bytes()), sealed)?;
        Ok(serde_json::from_str(&text).map_err(|e| Fault::new("casefile_step", e.to_string()))?)
    }

    /// Adds the step with what was typed.
    ///
    /// # Errors
    /// [`Stop::Rule`] where another step took this place; the database's own.
    pub fn append(mut self, tx: &mut Tx<'_>, typed: &Values) -> Result<(), Stop> {
        if !typed.is_empty() {
            let text = Value::Object(typed.clone()).to_string();
            self.fields_sealed = Some(tx.seal(place(self.county_id, &self.id.bytes()), &text)?);
        }
        diesel::insert_into(casefile_step::table).values(self.values()).execute(tx.conn)?;
        Ok(())
    }
}

/// The last step's place; 0 where there is none yet.
///
/// # Errors
/// The database's own.
pub fn last(tx: &mut Tx<'_>, county: CountyId, case: CaseId) -> Result<i32, Stop> {
    let last: Option<i32> = casefile_step::table
        .filter(casefile_step::county_id.eq(county.bytes()))
        .filter(casefile_step::case_id.eq(case.bytes()))
        .order(casefile_step::n.desc())
        .select(casefile_step::n)
        .first(tx.conn)
        .optional()?;
    Ok(last.unwrap_or(0))
}

/// All steps of a case in order.
///
/// # Errors
/// The database's own.
pub fn of(tx: &mut Tx<'_>, county: CountyId, case: CaseId) -> Result<Vec<Step>, Stop> {
    let query = casefile_step::table
        .filter(casefile_step::county_id.eq(county.bytes()))
        .filter(casefile_step::case_id.eq(case.bytes()))
        .order(casefile_step::n);
    load!(Step, query, tx)
}
