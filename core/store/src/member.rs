//! Members of households beside their heads: dated, the ID number sealed and found through its blind index.

use diesel::prelude::*;
use falin_domain::directory::Relation;
use falin_domain::time::Date;
use falin_domain::words::{CountyId, HouseholdId, MemberId};

use crate::column::{load, noun};
use crate::household::{Household, id_index, is_another};
use crate::keys::Bound;
use crate::resident;
use crate::schema::household_member;
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// A member as stored: the number stays sealed until somebody may open it.
    Member in household_member {
        /// County.
        county_id: CountyId,
        /// Id.
        id: MemberId,
        /// The household.
        household_id: HouseholdId,
        /// Name, in clear like the head's (design.md).
        name: String,
        /// To the head.
        relation: Relation,
        /// 公民身份号码, sealed.
        id_sealed: Option<Vec<u8>>,
        /// Blind index of the same.
        id_index: Option<Vec<u8>>,
        /// First day.
        from_date: Date,
        /// First day on which the person no longer belongs to the household.
        to_date: Option<Date>,
        /// UTC milliseconds.
        created_ms: i64,
    }
}

impl Member {
    /// Whether the person belongs to the household on a day.
    pub fn belongs(&self, day: Date) -> bool {
        self.from_date <= day && self.to_date.is_none_or(|to| day < to)
    }
}

/// What a form or a program says of a member.
#[derive(Clone, PartialEq, Eq)]
pub struct Clear {
    /// Name.
    pub name: String,
    /// To the head.
    pub relation: Relation,
    /// 18 characters.
    pub id_number: Option<String>,
    /// First day.
    pub from_date: Date,
    /// First day on which the person no longer belongs to the household.
    pub to_date: Option<Date>,
}

fn bound(county: CountyId, key: &[u8]) -> Bound<'_> {
    Bound { table: "household_member", column: "id_sealed", row: key, county }
}

/// Members of a household, those of today first, each group in the order in which they came.
///
/// # Errors
/// The database's own.
pub fn of(tx: &mut Tx<'_>, county: CountyId, household: HouseholdId) -> Result<Vec<Member>, Stop> {
    let query = household_member::table
        .filter(household_member::county_id.eq(county.bytes()))
        .filter(household_member::household_id.eq(household.bytes()))
        .order((household_member::from_date, household_member::id));
    let mut found: Vec<Member> = load!(Member, query, tx)?;
    let today = tx.now.date();
    found.sort_by_key(|one| one.to_date.is_some_and(|to| to <= today));
    Ok(found)
}

/// Adds a member.
///
/// # Errors
/// The database's own.
pub fn add(tx: &mut Tx<'_>, row: &Household, clear: &Clear) -> Result<MemberId, Stop> {
    let id: MemberId = tx.id();
    let mut member = Member {
        county_id: row.county_id,
        id,
        household_id: row.id,
        name: String::new(),
        relation: clear.relation,
        id_sealed: None,
        id_index: None,
        from_date: clear.from_date,
        to_date: None,
        created_ms: tx.now.millis(),
    };
    fill(tx, &mut member, clear)?;
    diesel::insert_into(household_member::table).values(member.values()).execute(tx.conn)?;
    Ok(id)
}

/// Changes a member to what `clear` says; its household's version guards it. Where that is another person, the former
/// one's account stands for the household no longer.
///
/// # Errors
/// The database's own.
pub fn change(tx: &mut Tx<'_>, member: &mut Member, clear: &Clear) -> Result<(), Stop> {
    let before = (member.name.clone(), member.id_index.clone());
    fill(tx, member, clear)?;
    if is_another((&before.0, &before.1), (&member.name, &member.id_index)) {
        resident::untie(tx, member.county_id, member.household_id, Some(member.id))?;
    }
    let of = household_member::table.find((member.county_id.bytes(), member.id.bytes()));
    diesel::update(of).set(member.values()).execute(tx.conn)?;
    Ok(())
}

fn fill(tx: &mut Tx<'_>, member: &mut Member, clear: &Clear) -> Result<(), Stop> {
    let (county, key) = (member.county_id, member.id.bytes());
    let number = clear.id_number.as_deref();
    member.id_sealed = number.map(|number| tx.seal(bound(county, &key), number)).transpose()?;
    member.id_index = number.map(|number| id_index(tx, county, number));
    member.name.clone_from(&clear.name);
    member.relation = clear.relation;
    (member.from_date, member.to_date) = (clear.from_date, clear.to_date);
    Ok(())
}

/// Takes a member away who was entered by mistake.
///
/// # Errors
/// The database's own.
pub fn remove(tx: &mut Tx<'_>, member: &Member) -> Result<(), Stop> {
    let of = household_member::table.find((member.county_id.bytes(), member.id.bytes()));
    diesel::delete(of).execute(tx.conn)?;
    Ok(())
}

/// Opens what is sealed.
///
/// # Errors
/// A fault where the field was changed or moved outside this program.
pub fn open(tx: &Tx<'_>, member: &Member) -> Result<Clear, Stop> {
    let key = member.id.bytes();
    let open = |bytes: &Vec<u8>| tx.open(bound(member.county_id, &key), bytes);
    Ok(Clear {
        name: member.name.clone(),
        relation: member.relation,
        id_number: member.id_sealed.as_ref().map(open).transpose()?,
        from_date: member.from_date,
        to_date: member.to_date,
    })
}
