//! The destruction itself: the household's cases, its people's accounts, then the household, in one transaction.
//!
//! Backups that were written before hold the data until they are rolled out; the pages say so.

use falin_domain::access::Role;
use falin_store::restriction::Restriction;
use falin_store::{Tx, account, destruction, plugin_desk, resident, session, token};

use crate::Stop;
use crate::casework::Flows;

/// Destroys what is kept of a household and of its closed cases.
pub(super) fn whole(tx: &mut Tx<'_>, flows: &Flows, row: &Restriction) -> Result<(), Stop> {
    let (county, home) = (row.county_id, row.household_id);
    for case in destruction::cases(tx, county, home)? {
        let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
        destruction::of_case(tx, &flow, county, case.id)?;
        plugin_desk::forget_exports_of(tx, county, &case.flow)?;
    }
    for tie in resident::of_household(tx, county, home)? {
        let posts = account::posts(tx, tie.account_id)?;
        if posts.iter().all(|post| post.role == Role::Resident && post.county == county) {
            session::end_all(tx, tie.account_id)?;
            token::revoke_all(tx, tie.account_id)?;
            destruction::of_account(tx, county, tie.account_id)?;
        }
    }
    destruction::ties(tx, county, home)?;
    destruction::of_household(tx, county, home)
}
