//! Accounts of residents: the household and member that each stands for.

use diesel::prelude::*;
use falin_domain::words::{AccountId, CountyId, HouseholdId, MemberId};

use crate::column::{load, noun};
use crate::schema::{casefile, resident_home};
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// An account's home.
    Home in resident_home {
        /// County.
        county_id: CountyId,
        /// The account.
        account_id: AccountId,
        /// Its household.
        household_id: HouseholdId,
        /// The member; None for the head.
        member_id: Option<MemberId>,
        /// Who saw the ID card.
        opened_by: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
    }
}

/// The home of an account; None for who has none.
///
/// # Errors
/// The database's own.
pub fn of_account(tx: &mut Tx<'_>, county: CountyId, account: AccountId) -> Result<Option<Home>, Stop> {
    let query = resident_home::table
        .filter(resident_home::county_id.eq(county.bytes()))
        .filter(resident_home::account_id.eq(account.bytes()));
    Ok(load!(Home, query, tx)?.into_iter().next())
}

/// Accounts of a household.
///
/// # Errors
/// The database's own.
pub fn of_household(tx: &mut Tx<'_>, county: CountyId, household: HouseholdId) -> Result<Vec<Home>, Stop> {
    let query = resident_home::table
        .filter(resident_home::county_id.eq(county.bytes()))
        .filter(resident_home::household_id.eq(household.bytes()))
        .order(resident_home::created_ms);
    load!(Home, query, tx)
}

/// Ties an account to its home.
///
/// # Errors
/// [`Stop::Rule`] where it is tied already.
pub fn tie(tx: &mut Tx<'_>, home: &Home) -> Result<(), Stop> {
    diesel::insert_into(resident_home::table).values(home.values()).execute(tx.conn)?;
    Ok(())
}

/// Ends the ties of whoever was a household's head (None) or this member: it is somebody else now. Their accounts keep
/// their own cases and stand for no household any more.
///
/// # Errors
/// The database's own.
pub(crate) fn untie(
    tx: &mut Tx<'_>,
    county: CountyId,
    household: HouseholdId,
    who: Option<MemberId>,
) -> Result<(), Stop> {
    for home in of_household(tx, county, household)?.into_iter().filter(|home| home.member_id == who) {
        diesel::delete(resident_home::table.find((county.bytes(), home.account_id.bytes())))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// Gives an account the cases of its household that bear its person's name and belong to no account yet; how many.
///
/// # Errors
/// The database's own.
pub fn adopt(tx: &mut Tx<'_>, home: &Home, name: &str) -> Result<usize, Stop> {
    let theirs = casefile::table
        .filter(casefile::county_id.eq(home.county_id.bytes()))
        .filter(casefile::household_id.eq(Some(home.household_id.bytes())))
        .filter(casefile::person_name.eq(name.to_owned()))
        .filter(casefile::resident_id.is_null());
    Ok(diesel::update(theirs)
        .set(casefile::resident_id.eq(Some(home.account_id.bytes())))
        .execute(tx.conn)?)
}
