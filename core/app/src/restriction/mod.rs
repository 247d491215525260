//! Erasure (PIPL 47): a household that is only stored while something must still be kept, and destroyed when that is
//! over. Who asks, who restricts and takes it back; the destruction is next door.
//!
//! Restricted, a household stands in no list, search, export or plan, no card, account or roster leads to it, and its
//! closed cases are not opened, and remind nobody of a day. Its people's accounts still open, for one thing alone: to see that it is so, until when,
//! and to ask that it be taken back. Figures go on counting: they name nobody.

mod act;
mod destroy;
mod list;
mod opened;
mod own;
mod told;

pub use act::{New, Typed, act, restrict};
pub use list::{Asker, Filter, Shown, due, list, one};
pub use opened::{Opened, OpenedCase, Taken, open, packed, take};
pub use own::{Own, ask, ask_lift, own};

pub use falin_domain::restriction::{Kept, OpenReason, RestrictionAct, RestrictionState, Retention};
pub use falin_store::member::Clear as StoredMember;
pub use falin_store::restriction::{InUse, Restriction, Stored};

use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::Refusal;
use falin_domain::roster::StoredNumbers;
use falin_domain::time::{Date, Instant};
use falin_domain::words::{AccountId, CountyId, HouseholdId, IdPaper};
use falin_store::household::{self, Household};
use falin_store::journal::Entry;
use falin_store::{Tx, member, restriction};
use serde_json::json;

use crate::{Stop, settings};

/// Refuses what would begin anew for a household that is only stored.
///
/// # Errors
/// `household.restricted`.
pub(crate) fn free(tx: &mut Tx<'_>, county: CountyId, household: HouseholdId) -> Result<(), Stop> {
    match Household::by_id(tx, county, household) {
        Ok(row) if row.restricted_ms.is_some() => Err(Refusal::new("household.restricted").into()),
        Ok(_) => Ok(()),
        // Who names a household that is not there is told elsewhere.
        Err(stop) if stop.is_absent() => Ok(()),
        Err(stop) => Err(stop),
    }
}

/// Refuses an ID number that somebody of a household has which is only stored; that of a document which is no card also
/// under another document's name, where the person's is the same.
///
/// # Errors
/// `household.restricted`.
pub(crate) fn number_free(tx: &mut Tx<'_>, county: CountyId, number: &str, name: &str) -> Result<(), Stop> {
    let index = household::id_index(tx, county, number);
    let mut stored = restriction::stores_number(tx, county, &index)?;
    if !stored && let Some(key) = IdPaper::kept(number).named_key(name) {
        stored = stored_people(tx, county)?.holds(&key);
    }
    match stored {
        true => Err(Refusal::new("household.restricted").into()),
        false => Ok(()),
    }
}

/// Refuses a new household without a number that may be one which is only stored: of its village, name and telephone.
///
/// # Errors
/// `household.restricted`.
pub(crate) fn home_free(tx: &mut Tx<'_>, county: CountyId, new: &household::Clear) -> Result<(), Stop> {
    let phones = new.phones.iter().map(String::as_str);
    match stored_people(tx, county)?.may_hold(new.village_id, &new.head_name, phones) {
        true => Err(Refusal::new("household.restricted").into()),
        false => Ok(()),
    }
}

/// By what whoever belongs to households that are only stored is known again.
pub(crate) fn stored_people(tx: &mut Tx<'_>, county: CountyId) -> Result<StoredNumbers, Stop> {
    let (mut numbers, mut homes) = (Vec::new(), Vec::new());
    let today = tx.now.date();
    for row in restriction::held(tx, county)? {
        let home = Household::by_id(tx, county, row.household_id)?;
        let clear = household::open(tx, &home)?;
        numbers.extend(clear.id_number.clone().map(|number| (number, home.head_name.clone())));
        for one in member::of(tx, county, home.id)?.iter().filter(|one| one.belongs(today)) {
            numbers.extend(member::open(tx, one)?.id_number.map(|number| (number, one.name.clone())));
        }
        homes.push(clear);
    }
    let keys = |(number, name): (String, String)| {
        let paper = IdPaper::kept(&number);
        [Some(paper.match_key()), paper.named_key(&name)]
    };
    let homes = homes.iter().map(|home| (home.village_id, home.head_name.as_str(), home.phones.as_slice()));
    Ok(StoredNumbers::new(numbers.into_iter().flat_map(keys).flatten(), homes))
}

/// The first day on which nothing of a household must be kept any more, as the county keeps its records now.
fn due_on(tx: &mut Tx<'_>, county: CountyId, household: HouseholdId, restricted: Date) -> Result<Date, Stop> {
    let (_, set) = settings::read(tx, county)?;
    let row = Household::by_id(tx, county, household)?;
    let mut records = vec![(Kept::Household, row.left_on.unwrap_or(restricted))];
    for case in restriction::cases(tx, county, household)? {
        let closed = case.closed_ms.map_or(restricted, |ms| Instant::from_millis(ms).date());
        records.push((Kept::of_flow(&case.flow), closed));
    }
    Ok(set.retention.due(&records, restricted))
}

/// Counts the days of all that is only stored anew, after a county has changed how long it keeps its records. Longer
/// holds for what is stored already; shorter does not: one hand alone would make due what two must destroy.
pub(crate) fn recount(tx: &mut Tx<'_>, county: CountyId) -> Result<(), Stop> {
    for mut row in restriction::held(tx, county)? {
        let since = row.restricted_ms.map_or(tx.now, Instant::from_millis).date();
        let due = due_on(tx, county, row.household_id, since)?;
        if row.due_on.is_none_or(|set| set < due) {
            row.due_on = Some(due);
            row.save(tx)?;
        }
    }
    Ok(())
}

fn record(tx: &mut Tx<'_>, row: &Restriction, account: Option<AccountId>, event: Event) -> Result<(), Stop> {
    let reason = if account.is_some() { Reason::Person } else { Reason::Operator };
    tx.record(Entry {
        county: row.county_id,
        account,
        event,
        reason,
        subject: Some((household::NOUN, row.household_id.bytes())),
        details: json!({ "restriction": row.id, "due": row.due_on }),
    })
}
