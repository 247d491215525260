//! The people of a case: workers with their duty and time, parties, and offers to hand it over.

use std::collections::HashMap;

use diesel::prelude::*;
use falin_domain::words::{AccountId, CaseId, CountyId, HouseholdId, PartyId, TransferId, WorkerId};

use crate::column::{kept, load, load_direct, noun};
use crate::keys::Bound;
use crate::said::one_of;
use crate::schema::{casefile, casefile_party, casefile_transfer, casefile_worker};
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// A worker on a case.
    OnCase in casefile_worker {
        /// County.
        county_id: CountyId,
        /// The case.
        case_id: CaseId,
        /// Who.
        worker_id: WorkerId,
        /// `lead`, `helper` (co-handling), `mediator`. Who stands in for one of them is in `deputy`.
        duty: String,
        /// UTC milliseconds.
        from_ms: i64,
        /// UTC milliseconds; None while it lasts.
        to_ms: Option<i64>,
    }
}

noun! {
    /// A party of a case, as conflicts of interest are looked up by it.
    Party in casefile_party {
        /// County.
        county_id: CountyId,
        /// Id.
        id: PartyId,
        /// The case.
        case_id: CaseId,
        /// Place in the list, from 1.
        position: i32,
        /// Side.
        side: String,
        /// Name.
        name: String,
        /// Pinyin of the name.
        sort_key: String,
        /// Its household.
        household_id: Option<HouseholdId>,
        /// Blind index of the telephone.
        phone_index: Option<Vec<u8>>,
        /// Blind index of the ID number or credit code.
        id_index: Option<Vec<u8>>,
    }
}

noun! {
    /// An offer to hand a case over.
    Transfer in casefile_transfer {
        /// County.
        county_id: CountyId,
        /// Id.
        id: TransferId,
        /// The case.
        case_id: CaseId,
        /// From whom; None out of a queue.
        from_worker_id: Option<WorkerId>,
        /// To whom.
        to_worker_id: WorkerId,
        /// `offered`, `accepted`, `declined`, `withdrawn`.
        state: String,
        /// Why, sealed.
        reason_sealed: Vec<u8>,
        /// Why it was declined, sealed.
        answer_sealed: Option<Vec<u8>>,
        /// Who offered it.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// UTC milliseconds; None while it waits.
        decided_ms: Option<i64>,
        /// Counts changes.
        version: i64,
    }
}
kept!(Transfer in casefile_transfer by TransferId);

impl Transfer {
    /// What its sealed columns are bound to.
    fn at<'a>(&self, column: &'a str, row: &'a [u8]) -> Bound<'a> {
        Bound { table: "casefile_transfer", column, row, county: self.county_id }
    }

    /// Keeps why it is offered.
    ///
    /// # Errors
    /// The database's own.
    pub fn seal_reason(&mut self, tx: &mut Tx<'_>, reason: &str) -> Result<(), Stop> {
        self.reason_sealed = tx.seal(self.at("reason_sealed", &self.id.bytes()), reason)?;
        Ok(())
    }

    /// Keeps why it was declined.
    ///
    /// # Errors
    /// The database's own.
    pub fn seal_answer(&mut self, tx: &mut Tx<'_>, answer: &str) -> Result<(), Stop> {
        self.answer_sealed = Some(tx.seal(self.at("answer_sealed", &self.id.bytes()), answer)?);
        Ok(())
    }

    /// Why it is offered.
    ///
    /// # Errors
    /// A fault where the row was changed from outside.
    pub fn reason(&self, tx: &Tx<'_>) -> Result<String, Stop> {
        tx.open(self.at("reason_sealed", &self.id.bytes()), &self.reason_sealed)
    }

    /// Why it was declined; empty where nothing was said.
    ///
    /// # Errors
    /// A fault where the row was changed from outside.
    pub fn answer(&self, tx: &Tx<'_>) -> Result<String, Stop> {
        let said = self.answer_sealed.as_ref();
        said.map_or(Ok(String::new()), |kept| tx.open(self.at("answer_sealed", &self.id.bytes()), kept))
    }
}

/// Ends whoever leads the case and lets `next` lead it; None leaves it without a lead.
///
/// # Errors
/// The database's own.
pub fn lead(tx: &mut Tx<'_>, county: CountyId, case: CaseId, next: Option<WorkerId>) -> Result<(), Stop> {
    let now = tx.now.millis();
    let leading = casefile_worker::table
        .filter(casefile_worker::county_id.eq(county.bytes()))
        .filter(casefile_worker::case_id.eq(case.bytes()))
        .filter(casefile_worker::duty.eq("lead"))
        .filter(casefile_worker::to_ms.is_null());
    diesel::update(leading).set(casefile_worker::to_ms.eq(Some(now))).execute(tx.conn)?;
    next.map_or(Ok(()), |worker| join(tx, county, case, worker, "lead"))
}

/// A worker joins a case in a duty; nothing where it has it.
///
/// # Errors
/// The database's own.
pub fn join(
    tx: &mut Tx<'_>,
    county: CountyId,
    case: CaseId,
    worker: WorkerId,
    duty: &str,
) -> Result<(), Stop> {
    let there = on(tx, county, case)?;
    if there.iter().any(|one| one.worker_id == worker && one.duty == duty && one.to_ms.is_none()) {
        return Ok(());
    }
    // Two spans of one worker and duty may begin in the same millisecond only where the clock stands still.
    let last =
        there.iter().filter(|one| one.worker_id == worker && one.duty == duty).map(|one| one.from_ms).max();
    let from_ms = last.map_or(tx.now.millis(), |last| tx.now.millis().max(last + 1));
    let row = OnCase {
        county_id: county,
        case_id: case,
        worker_id: worker,
        duty: duty.to_owned(),
        from_ms,
        to_ms: None,
    };
    diesel::insert_into(casefile_worker::table).values(row.values()).execute(tx.conn)?;
    Ok(())
}

/// A worker leaves a duty on a case.
///
/// # Errors
/// The database's own.
pub fn leave(
    tx: &mut Tx<'_>,
    county: CountyId,
    case: CaseId,
    worker: WorkerId,
    duty: &str,
) -> Result<(), Stop> {
    let now = tx.now.millis();
    let there = casefile_worker::table
        .filter(casefile_worker::county_id.eq(county.bytes()))
        .filter(casefile_worker::case_id.eq(case.bytes()))
        .filter(casefile_worker::worker_id.eq(worker.bytes()))
        .filter(casefile_worker::duty.eq(duty.to_owned()))
        .filter(casefile_worker::to_ms.is_null());
    diesel::update(there).set(casefile_worker::to_ms.eq(Some(now))).execute(tx.conn)?;
    Ok(())
}

/// All workers of a case, past ones too, by time.
///
/// # Errors
/// The database's own.
pub fn on(tx: &mut Tx<'_>, county: CountyId, case: CaseId) -> Result<Vec<OnCase>, Stop> {
    on_each(tx, county, &[case])
}

/// The same for several cases at once.
///
/// # Errors
/// The database's own.
pub fn on_each(tx: &mut Tx<'_>, county: CountyId, cases: &[CaseId]) -> Result<Vec<OnCase>, Stop> {
    let query = casefile_worker::table
        .filter(casefile_worker::county_id.eq(county.bytes()))
        .filter(one_of(casefile_worker::case_id, cases.iter().map(|case| case.bytes()).collect()))
        .order((casefile_worker::from_ms, casefile_worker::worker_id));
    load_direct!(OnCase, query, tx)
}

/// Ids of the open cases that a worker leads, oldest first.
///
/// # Errors
/// The database's own.
pub fn led_by(tx: &mut Tx<'_>, county: CountyId, worker: WorkerId) -> Result<Vec<CaseId>, Stop> {
    let ids: Vec<Vec<u8>> = casefile::table
        .filter(casefile::county_id.eq(county.bytes()))
        .filter(casefile::worker_id.eq(worker.bytes()))
        .filter(casefile::closed_ms.is_null())
        .order((casefile::created_ms, casefile::id))
        .select(casefile::id)
        .load(tx.conn)?;
    Ok(ids.iter().filter_map(|id| CaseId::from_bytes(id)).collect())
}

/// Puts the parties of a case in the place of those before.
///
/// # Errors
/// The database's own.
pub fn put_parties(tx: &mut Tx<'_>, county: CountyId, case: CaseId, parties: &[Party]) -> Result<(), Stop> {
    let old = casefile_party::table
        .filter(casefile_party::county_id.eq(county.bytes()))
        .filter(casefile_party::case_id.eq(case.bytes()));
    diesel::delete(old).execute(tx.conn)?;
    for party in parties {
        diesel::insert_into(casefile_party::table).values(party.values()).execute(tx.conn)?;
    }
    Ok(())
}

/// The parties of a case in order.
///
/// # Errors
/// The database's own.
pub fn parties(tx: &mut Tx<'_>, county: CountyId, case: CaseId) -> Result<Vec<Party>, Stop> {
    let query = casefile_party::table
        .filter(casefile_party::county_id.eq(county.bytes()))
        .filter(casefile_party::case_id.eq(case.bytes()))
        .order((casefile_party::position, casefile_party::id));
    load!(Party, query, tx)
}

/// Offers of a case, newest first.
///
/// # Errors
/// The database's own.
pub fn transfers(tx: &mut Tx<'_>, county: CountyId, case: CaseId) -> Result<Vec<Transfer>, Stop> {
    let query = casefile_transfer::table
        .filter(casefile_transfer::county_id.eq(county.bytes()))
        .filter(casefile_transfer::case_id.eq(case.bytes()))
        .order((casefile_transfer::created_ms.desc(), casefile_transfer::id));
    load!(Transfer, query, tx)
}

/// Offers that wait for a worker's word, oldest first.
///
/// # Errors
/// The database's own.
pub fn offered_to(tx: &mut Tx<'_>, county: CountyId, worker: WorkerId) -> Result<Vec<Transfer>, Stop> {
    let query = casefile_transfer::table
        .filter(casefile_transfer::county_id.eq(county.bytes()))
        .filter(casefile_transfer::to_worker_id.eq(worker.bytes()))
        .filter(casefile_transfer::state.eq("offered"))
        .order((casefile_transfer::created_ms, casefile_transfer::id));
    load!(Transfer, query, tx)
}

/// How many open cases of every flow each worker leads; whoever leads none is not among them.
///
/// # Errors
/// The database's own.
pub fn open_led(tx: &mut Tx<'_>, county: CountyId) -> Result<HashMap<WorkerId, u32>, Stop> {
    let open: Vec<Option<Vec<u8>>> = casefile::table
        .filter(casefile::county_id.eq(county.bytes()))
        .filter(casefile::worker_id.is_not_null())
        .filter(casefile::closed_ms.is_null())
        .select(casefile::worker_id)
        .load(tx.conn)?;
    let mut led = HashMap::new();
    for worker in open.iter().flatten().filter_map(|id| WorkerId::from_bytes(id)) {
        *led.entry(worker).or_default() += 1;
    }
    Ok(led)
}

/// How much a worker has in hand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Load {
    /// Open cases of every flow that the worker leads.
    pub open: u32,
    /// Cases of one flow that the worker was given since a moment.
    pub given: u32,
}

/// The load of every worker who has one: open cases, and cases of a flow given since `since_ms`.
///
/// # Errors
/// The database's own.
pub fn loads(
    tx: &mut Tx<'_>,
    county: CountyId,
    flow: &str,
    since_ms: i64,
) -> Result<HashMap<WorkerId, Load>, Stop> {
    let given: Vec<(Vec<u8>, Vec<u8>)> = casefile_worker::table
        .inner_join(casefile::table.on(
            casefile::county_id.eq(casefile_worker::county_id).and(casefile::id.eq(casefile_worker::case_id)),
        ))
        .filter(casefile_worker::county_id.eq(county.bytes()))
        .filter(casefile_worker::duty.eq("lead"))
        .filter(casefile_worker::from_ms.ge(since_ms))
        .filter(casefile::flow.eq(flow.to_owned()))
        .select((casefile_worker::worker_id, casefile_worker::case_id))
        .distinct()
        .load(tx.conn)?;
    let mut loads: HashMap<WorkerId, Load> = HashMap::new();
    for (worker, open) in open_led(tx, county)? {
        loads.entry(worker).or_default().open = open;
    }
    for worker in given.iter().filter_map(|(id, _)| WorkerId::from_bytes(id)) {
        loads.entry(worker).or_default().given += 1;
    }
    Ok(loads)
}
