//! The people of a case: workers with their duty and time, parties, and offers to hand it over.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use falin_domain::words::{AccountId, CaseId, CountyId, FirmId, HouseholdId, PartyId, TransferId, WorkerId};

use crate::casefile::Case;
use crate::column::{kept, load, noun};
use crate::keys::Bound;
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

/// From how many characters on a name without a number is taken for one that nobody else has: an organisation's.
const TELLING_NAME: usize = 6;

/// Who may not work on a case.
#[derive(Clone, Debug, Default)]
pub struct Barred {
    workers: BTreeSet<WorkerId>,
    firms: BTreeSet<FirmId>,
}

impl Barred {
    /// Whether this one may not.
    pub fn bars(&self, worker: &Worker) -> bool {
        self.workers.contains(&worker.id) || worker.firm_id.is_some_and(|firm| self.firms.contains(&firm))
    }
}

/// Whether two parties are one person: the same number or household, or the same name with the same telephone; an
/// organisation also by its name alone.
fn same(one: &Party, other: &Party) -> bool {
    let both = |one: &Option<Vec<u8>>, other: &Option<Vec<u8>>| one.is_some() && one == other;
    if one.id_index.is_some() && other.id_index.is_some() {
        return one.id_index == other.id_index;
    }
    let named = !one.name.is_empty() && one.name == other.name;
    (one.household_id.is_some() && one.household_id == other.household_id)
        || (named && both(&one.phone_index, &other.phone_index))
        || (named && one.name.chars().count() >= TELLING_NAME)
}

/// Workers who are or were on other cases in which one of these people stands on this side. Who has mediated between two
/// may mediate between them again: for a mediation other mediations do not count.
fn on_cases_of(
    tx: &mut Tx<'_>,
    case: &Case,
    people: &[&Party],
    side: &str,
) -> Result<BTreeSet<WorkerId>, Stop> {
    let ids: Vec<Vec<u8>> = people.iter().filter_map(|one| one.id_index.clone()).collect();
    let phones: Vec<Vec<u8>> = people.iter().filter_map(|one| one.phone_index.clone()).collect();
    let houses: Vec<Vec<u8>> =
        people.iter().filter_map(|one| one.household_id.map(|id| id.bytes().to_vec())).collect();
    let long = |one: &&&Party| one.name.chars().count() >= TELLING_NAME;
    let names: Vec<String> = people.iter().filter(long).map(|one| one.name.clone()).collect();
    // Asked one by one, each by its own index.
    let others = || {
        casefile_party::table
            .filter(casefile_party::county_id.eq(case.county_id.bytes()))
            .filter(casefile_party::case_id.ne(case.id.bytes()))
            .filter(casefile_party::side.eq(side.to_owned()))
    };
    let mut there: Vec<Party> = Vec::new();
    if !ids.is_empty() {
        there.extend(load!(Party, others().filter(casefile_party::id_index.eq_any(ids)), tx)?);
    }
    if !phones.is_empty() {
        there.extend(load!(Party, others().filter(casefile_party::phone_index.eq_any(phones)), tx)?);
    }
    if !houses.is_empty() {
        there.extend(load!(Party, others().filter(casefile_party::household_id.eq_any(houses)), tx)?);
    }
    if !names.is_empty() {
        there.extend(load!(Party, others().filter(casefile_party::name.eq_any(names)), tx)?);
    }
    let cases = there.iter().filter(|other| people.iter().any(|one| same(one, other)));
    let cases: Vec<Vec<u8>> = cases.map(|other| other.case_id.bytes().to_vec()).collect();
    let mut workers = casefile_worker::table
        .inner_join(casefile::table.on(
            casefile::county_id.eq(casefile_worker::county_id).and(casefile::id.eq(casefile_worker::case_id)),
        ))
        .filter(casefile_worker::county_id.eq(case.county_id.bytes()))
        .filter(casefile_worker::case_id.eq_any(cases))
        .select(casefile_worker::worker_id)
        .into_boxed();
    if case.flow == "mediation" {
        workers = workers.filter(casefile::flow.ne("mediation"));
    }
    let ids: Vec<Vec<u8>> = workers.load(tx.conn)?;
    Ok(ids.iter().filter_map(|id| WorkerId::from_bytes(id)).collect())
}

/// Who has a conflict of interest in a case (律师法 39): whoever is or was on a case against its people, or on one for
/// those whom they stand against, and whom the county has noted for its household.
///
/// # Errors
/// The database's own.
pub fn all_barred(tx: &mut Tx<'_>, case: &Case) -> Result<Barred, Stop> {
    let mut barred = Barred::default();
    if let Some(household) = case.household_id {
        for one in pairing::conflicts(tx, case.county_id, Some(household))? {
            barred.workers.extend(one.worker_id);
            barred.firms.extend(one.firm_id);
        }
    }
    let parties = parties(tx, case.county_id, case.id)?;
    let (theirs, ours): (Vec<&Party>, Vec<&Party>) = parties.iter().partition(|one| one.side == "respondent");
    barred.workers.extend(on_cases_of(tx, case, &ours, "respondent")?);
    barred.workers.extend(on_cases_of(tx, case, &theirs, "applicant")?);
    Ok(barred)
}

/// Whether a worker has a conflict of interest with the people of a case.
///
/// # Errors
/// The database's own.
pub fn barred(tx: &mut Tx<'_>, worker: &Worker, case: &Case) -> Result<bool, Stop> {
    Ok(all_barred(tx, case)?.bars(worker))
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
    let open: Vec<Option<Vec<u8>>> = casefile::table
        .filter(casefile::county_id.eq(county.bytes()))
        .filter(casefile::worker_id.is_not_null())
        .filter(casefile::closed_ms.is_null())
        .select(casefile::worker_id)
        .load(tx.conn)?;
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
    for worker in open.iter().flatten().filter_map(|id| WorkerId::from_bytes(id)) {
        loads.entry(worker).or_default().open += 1;
    }
    for worker in given.iter().filter_map(|(id, _)| WorkerId::from_bytes(id)) {
        loads.entry(worker).or_default().given += 1;
    }
    Ok(loads)
}
