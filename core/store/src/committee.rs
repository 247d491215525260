//! Mediation committees and their members.

use diesel::prelude::*;
use falin_domain::time::Date;
use falin_domain::words::{CommitteeId, CommitteeMemberId, CountyId, DivisionId, WorkerId};

use crate::column::{kept, load, load_direct, noun};
use crate::said::one_of;
use crate::schema::{committee, committee_member};
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// A committee or another body that mediates.
    Committee in committee {
        /// County.
        county_id: CountyId,
        /// Id.
        id: CommitteeId,
        /// The one above it.
        parent_id: Option<CommitteeId>,
        /// Kind, a code of `CommitteeKind`.
        kind: String,
        /// Name.
        name: String,
        /// Pinyin order.
        sort_key: String,
        /// Where it works.
        division_id: Option<DivisionId>,
        /// Address.
        address: String,
        /// Telephone, public.
        phone: String,
        /// First day of the term.
        term_from: Date,
        /// Last day of the term.
        term_to: Date,
        /// False once dissolved.
        active: bool,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Committee in committee by CommitteeId);

noun! {
    /// Somebody in a committee.
    Member in committee_member {
        /// County.
        county_id: CountyId,
        /// Id.
        id: CommitteeMemberId,
        /// The committee.
        committee_id: CommitteeId,
        /// The legal worker that the member is, if any.
        worker_id: Option<WorkerId>,
        /// Name.
        name: String,
        /// `male` or `female`.
        gender: Option<String>,
        /// A code of `Duty`.
        duty: String,
        /// Of a national minority.
        minority: bool,
        /// First day.
        from_date: Date,
        /// Last day; None while it lasts.
        to_date: Option<Date>,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Member in committee_member by CommitteeMemberId);

/// All committees of a county in order of their names' pinyin.
///
/// # Errors
/// The database's own.
pub fn all(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Committee>, Stop> {
    let query = committee::table
        .filter(committee::county_id.eq(county.bytes()))
        .order((committee::sort_key, committee::id));
    load!(Committee, query, tx)
}

/// Members of a committee, past ones last.
///
/// # Errors
/// The database's own.
pub fn members(tx: &mut Tx<'_>, county: CountyId, id: CommitteeId) -> Result<Vec<Member>, Stop> {
    members_of_each(tx, county, &[id])
}

/// The same for several committees at once.
///
/// # Errors
/// The database's own.
pub fn members_of_each(tx: &mut Tx<'_>, county: CountyId, ids: &[CommitteeId]) -> Result<Vec<Member>, Stop> {
    let query = committee_member::table
        .filter(committee_member::county_id.eq(county.bytes()))
        .filter(one_of(committee_member::committee_id, ids.iter().map(|id| id.bytes()).collect()))
        .order((committee_member::from_date, committee_member::id));
    let mut rows: Vec<Member> = load_direct!(Member, query, tx)?;
    rows.sort_by_key(|member| member.to_date.is_some());
    Ok(rows)
}
