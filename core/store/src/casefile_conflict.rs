//! Conflicts of interest (律师法 39): who may not work on a case, because of whom they have worked for or advise.

use std::collections::BTreeSet;

use diesel::prelude::*;
use falin_domain::directory::is_village_body;
use falin_domain::words::{CaseId, FirmId, WorkerId, fold};

use crate::casefile::Case;
use crate::casefile_people::{Party, parties};
use crate::column::load;
use crate::division::Division;
use crate::household::same_person;
use crate::schema::{casefile, casefile_party, casefile_worker};
use crate::stop::Stop;
use crate::tx::Tx;
use crate::worker::Worker;
use crate::{adviser, pairing};

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
/// organisation also by its name alone. Two numbers that differ are two people's where both are for life; else the
/// document may have been renewed, or be another: then name and household, or name and telephone tell.
fn same(one: &Party, other: &Party) -> bool {
    let both = |one: &Option<Vec<u8>>, other: &Option<Vec<u8>>| one.is_some() && one == other;
    if let Some(same) = same_person(&one.id_index, &other.id_index) {
        return same;
    }
    let numbered = one.id_index.is_some() && other.id_index.is_some();
    let named = !one.name.is_empty() && fold(&one.name) == fold(&other.name);
    let housed = one.household_id.is_some() && one.household_id == other.household_id;
    (housed && (named || !numbered))
        || (named && both(&one.phone_index, &other.phone_index))
        || (named && !numbered && one.name.chars().count() >= TELLING_NAME)
}

/// Other cases in which one of these people stands, each with the side.
fn cases_of(tx: &mut Tx<'_>, case: &Case, people: &[&Party]) -> Result<Vec<(CaseId, String)>, Stop> {
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
    let theirs = there.into_iter().filter(|other| people.iter().any(|one| same(one, other)));
    Ok(theirs.map(|other| (other.case_id, other.side)).collect())
}

/// Workers who are or were on one of these cases, whose flow passes.
fn workers_on(
    tx: &mut Tx<'_>,
    case: &Case,
    cases: BTreeSet<CaseId>,
    passes: impl Fn(&str) -> bool,
) -> Result<Vec<WorkerId>, Stop> {
    let cases: Vec<Vec<u8>> = cases.iter().map(|id| id.bytes().to_vec()).collect();
    let rows: Vec<(Vec<u8>, String)> = casefile_worker::table
        .inner_join(casefile::table.on(
            casefile::county_id.eq(casefile_worker::county_id).and(casefile::id.eq(casefile_worker::case_id)),
        ))
        .filter(casefile_worker::county_id.eq(case.county_id.bytes()))
        .filter(casefile_worker::case_id.eq_any(cases))
        .select((casefile_worker::worker_id, casefile::flow))
        .load(tx.conn)?;
    Ok(rows.iter().filter(|(_, flow)| passes(flow)).filter_map(|(id, _)| WorkerId::from_bytes(id)).collect())
}

/// Advisers of a village that is a party itself: whoever advises it does not act against it.
fn advisers_of(tx: &mut Tx<'_>, case: &Case, people: &[&Party]) -> Result<Vec<WorkerId>, Stop> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let posts = adviser::on(tx, case.county_id, tx.now.date())?;
    let places: Vec<_> = posts.iter().map(|post| post.division_id).collect();
    let places = Division::by_ids(tx, case.county_id, &places)?;
    let party = |village: &str| people.iter().any(|one| is_village_body(&one.name, village));
    let theirs =
        posts.iter().filter(|post| places.get(&post.division_id).is_some_and(|one| party(&one.name)));
    Ok(theirs.map(|post| post.worker_id).collect())
}

/// Who has a conflict of interest in a case: whoever is or was on a case against its people, or on one for those whom
/// they stand against; who advises the village that they stand against; whom the county has noted for its household; and
/// who has mediated between the two sides. Who has mediated between two may mediate between them again: for a mediation
/// other mediations do not count.
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
    let (of_ours, of_theirs) = (cases_of(tx, case, &ours)?, cases_of(tx, case, &theirs)?);
    let on = |cases: &[(CaseId, String)], side: &str| -> BTreeSet<CaseId> {
        cases.iter().filter(|(_, stands)| stands == side).map(|(id, _)| *id).collect()
    };
    let mediation = case.flow == "mediation";
    let against = &on(&of_ours, "respondent") | &on(&of_theirs, "applicant");
    barred.workers.extend(workers_on(tx, case, against, |flow| !mediation || flow != "mediation")?);
    if !mediation {
        let ids = |cases: &[(CaseId, String)]| cases.iter().map(|(id, _)| *id).collect::<BTreeSet<_>>();
        let between = &ids(&of_ours) & &ids(&of_theirs);
        barred.workers.extend(workers_on(tx, case, between, |flow| flow == "mediation")?);
    }
    barred.workers.extend(advisers_of(tx, case, &theirs)?);
    Ok(barred)
}

/// Whether a worker has a conflict of interest with the people of a case.
///
/// # Errors
/// The database's own.
pub fn barred(tx: &mut Tx<'_>, worker: &Worker, case: &Case) -> Result<bool, Stop> {
    Ok(all_barred(tx, case)?.bars(worker))
}
