//! The people of a case: workers with their duty and time, parties, and offers to hand it over.

use diesel::prelude::*;
use falin_domain::words::{AccountId, CaseId, CountyId, HouseholdId, PartyId, TransferId, WorkerId};

use crate::casefile::Case;
use crate::column::{kept, load, noun};
use crate::pairing;
use crate::schema::{casefile, casefile_party, casefile_transfer, casefile_worker};
use crate::stop::Stop;
use crate::tx::Tx;
use crate::worker::Worker;

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
    let query = casefile_worker::table
        .filter(casefile_worker::county_id.eq(county.bytes()))
        .filter(casefile_worker::case_id.eq(case.bytes()))
        .order((casefile_worker::from_ms, casefile_worker::worker_id));
    load!(OnCase, query, tx)
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

/// Whether a worker is or was on a case of somebody with this ID number or household, on the other side of `side`.
/// With neither known there is nothing to look up.
///
/// # Errors
/// The database's own.
pub fn acted_against(
    tx: &mut Tx<'_>,
    county: CountyId,
    worker: WorkerId,
    id_index: Option<&[u8]>,
    household: Option<HouseholdId>,
    but: CaseId,
) -> Result<bool, Stop> {
    let of_worker = casefile_worker::table
        .filter(casefile_worker::county_id.eq(county.bytes()))
        .filter(casefile_worker::worker_id.eq(worker.bytes()))
        .filter(casefile_worker::case_id.ne(but.bytes()))
        .select(casefile_worker::case_id);
    let theirs = casefile_party::table
        .filter(casefile_party::county_id.eq(county.bytes()))
        .filter(casefile_party::side.eq("respondent"))
        .filter(casefile_party::case_id.eq_any(of_worker));
    let by_id = match id_index {
        Some(index) => {
            theirs.clone().filter(casefile_party::id_index.eq(index.to_vec())).count().get_result(tx.conn)?
        }
        None => 0_i64,
    };
    let by_house = match household {
        Some(id) => theirs.filter(casefile_party::household_id.eq(id.bytes())).count().get_result(tx.conn)?,
        None => 0_i64,
    };
    Ok(by_id + by_house > 0)
}

/// Whether a worker has a conflict of interest with the person of a case (律师法 39).
///
/// # Errors
/// The database's own.
pub fn barred(tx: &mut Tx<'_>, worker: &Worker, case: &Case) -> Result<bool, Stop> {
    let named = match case.household_id {
        Some(household) => pairing::conflicts(tx, case.county_id, Some(household))?.iter().any(|one| {
            one.worker_id == Some(worker.id) || (one.firm_id.is_some() && one.firm_id == worker.firm_id)
        }),
        None => false,
    };
    let index = case.id_index.as_deref();
    Ok(named || acted_against(tx, case.county_id, worker.id, index, case.household_id, case.id)?)
}
