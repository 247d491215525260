//! Who is told what came of a wish for erasure: the household's accounts, and those who decide.

use falin_domain::access::Role;
use falin_store::household::Household;
use falin_store::restriction::{self, Restriction};
use falin_store::{Tx, division, resident};

use crate::Stop;
use crate::notice::{self, New, To};

/// Tells the county's administrators, without saying who it is about.
pub(super) fn administrators(tx: &mut Tx<'_>, row: &Restriction, text_key: &str) -> Result<(), Stop> {
    let village = Household::by_id(tx, row.county_id, row.household_id)?.village_id;
    let place = division::line(tx, row.county_id, village)?;
    let place: Vec<&str> = place.iter().rev().skip(1).map(|one| one.name.as_str()).collect();
    let to = To::Role { role: Role::CountyAdmin, place: None };
    queue(tx, row, (text_key, "all".to_owned()), to, vec![("place", place.join(" ").into())])
}

/// Tells every account of the household where its wish stands; whoever has none is answered as it was asked.
pub(super) fn people(tx: &mut Tx<'_>, row: &Restriction, text_key: &str) -> Result<(), Stop> {
    for tie in resident::of_household(tx, row.county_id, row.household_id)? {
        let to = To::Account(tie.account_id);
        queue(tx, row, (text_key, tie.account_id.to_string()), to, Vec::new())?;
    }
    Ok(())
}

fn queue(
    tx: &mut Tx<'_>,
    row: &Restriction,
    (text_key, whom): (&str, String),
    to: To,
    args: Vec<(&'static str, notice::Arg)>,
) -> Result<(), Stop> {
    let message = New {
        county: row.county_id,
        // What is proposed, declined and proposed again is told again.
        key: format!("{text_key}/{}/{}/{whom}", row.id, row.version),
        to,
        text_key,
        args,
        subject: (restriction::NOUN, row.id.cast()),
        division: None,
        not_before: None,
        language: None,
    };
    notice::queue(tx, message)
}
