//! Wishes for erasure, and the household that is only stored: one mark on it and on its cases, which lists leave out.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use falin_domain::page::{Mark, Page, Window};
use falin_domain::restriction::RestrictionState;
use falin_domain::time::{Date, Instant};
use falin_domain::words::{AccountId, BookingId, CaseId, CountyId, HouseholdId, RestrictionId};

use crate::column::{kept, load, noun};
use crate::conn::{Conn, literal, run};
use crate::household::Household;
use crate::keys::Bound;
use crate::schema::{booking, household, household_member, restriction};
use crate::stop::Stop;
use crate::tx::Tx;

/// The noun in the journal.
pub const NOUN: &str = "restriction";

noun! {
    /// A wish for erasure, and what came of it.
    Restriction in restriction {
        /// County.
        county_id: CountyId,
        /// Id.
        id: RestrictionId,
        /// The household.
        household_id: HouseholdId,
        /// Where it stands.
        state: RestrictionState,
        /// The resident who asked at the own page; None where the wish came another way.
        asked_by: Option<AccountId>,
        /// What names the request: a number, or how it came.
        reference: String,
        /// Why the county restricted, refused or took it back, sealed.
        reason_sealed: Option<Vec<u8>>,
        /// Who restricted.
        restricted_by: Option<AccountId>,
        /// UTC milliseconds.
        restricted_ms: Option<i64>,
        /// First day on which nothing must be kept any more.
        due_on: Option<Date>,
        /// When the person asked to take the restriction back, UTC milliseconds.
        lift_asked_ms: Option<i64>,
        /// Who proposed the destruction.
        proposed_by: Option<AccountId>,
        /// UTC milliseconds.
        proposed_ms: Option<i64>,
        /// Who approved it.
        approved_by: Option<AccountId>,
        /// When it was refused, taken back or destroyed, UTC milliseconds.
        ended_ms: Option<i64>,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Restriction in restriction by RestrictionId);

impl Restriction {
    /// A new wish.
    pub fn new(tx: &mut Tx<'_>, county: CountyId, household: HouseholdId) -> Self {
        Self {
            county_id: county,
            id: tx.id(),
            household_id: household,
            state: RestrictionState::Asked,
            asked_by: None,
            reference: String::new(),
            reason_sealed: None,
            restricted_by: None,
            restricted_ms: None,
            due_on: None,
            lift_asked_ms: None,
            proposed_by: None,
            proposed_ms: None,
            approved_by: None,
            ended_ms: None,
            created_ms: tx.now.millis(),
            version: 1,
        }
    }

    fn at<'a>(&self, row: &'a [u8]) -> Bound<'a> {
        Bound { table: NOUN, column: "reason_sealed", row, county: self.county_id }
    }

    /// Keeps why; not yet saved.
    ///
    /// # Errors
    /// A fault where it cannot be sealed.
    pub fn seal_reason(&mut self, tx: &mut Tx<'_>, reason: &str) -> Result<(), Stop> {
        self.reason_sealed = Some(tx.seal(self.at(&self.id.bytes()), reason)?);
        Ok(())
    }

    /// Why; empty where nothing was said.
    ///
    /// # Errors
    /// A fault where the row was changed from outside.
    pub fn reason(&self, tx: &Tx<'_>) -> Result<String, Stop> {
        let open = |kept: &Vec<u8>| tx.open(self.at(&self.id.bytes()), kept);
        self.reason_sealed.as_ref().map_or(Ok(String::new()), open)
    }
}

/// Which wishes a list shows.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Filter {
    /// In this state.
    pub state: Option<RestrictionState>,
    /// Only what may be destroyed on this day.
    pub due: Option<Date>,
}

type Boxed = restriction::BoxedQuery<'static, <Conn as diesel::Connection>::Backend>;

fn filtered(county: CountyId, filter: Filter) -> Boxed {
    let mut query = restriction::table.filter(restriction::county_id.eq(county.bytes())).into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(restriction::state.eq(state.code()));
    }
    if let Some(day) = filter.due {
        let over = restriction::due_on.le(Some(day.to_string())).assume_not_null();
        query = query.filter(restriction::ended_ms.is_null()).filter(over);
    }
    query
}

/// A page of wishes, newest first.
///
/// # Errors
/// The database's own.
pub fn page(
    tx: &mut Tx<'_>,
    county: CountyId,
    filter: Filter,
    window: &Window,
) -> Result<Page<Restriction>, Stop> {
    let mut query = filtered(county, filter);
    if let Some(after) = &window.after {
        let (at, id) = (after.millis(), after.id.as_bytes().to_vec());
        let earlier = restriction::created_ms.lt(at).or(restriction::id.lt(id));
        query = query.filter(restriction::created_ms.le(at).and(earlier));
    }
    let order = (restriction::created_ms.desc(), restriction::id.desc());
    let query = query.order(order).limit(i64::from(window.limit) + 1);
    let rows = load!(Restriction, query, tx)?;
    Ok(Page::cut(rows, window, |row| Mark { key: row.created_ms.to_string(), id: row.id.uuid() }))
}

/// How many wishes the filter leaves.
///
/// # Errors
/// The database's own.
pub fn count(tx: &mut Tx<'_>, county: CountyId, filter: Filter) -> Result<i64, Stop> {
    Ok(filtered(county, filter).count().get_result(tx.conn)?)
}

/// The latest wish about a household.
///
/// # Errors
/// The database's own.
pub fn latest(
    tx: &mut Tx<'_>,
    county: CountyId,
    household: HouseholdId,
) -> Result<Option<Restriction>, Stop> {
    let query = restriction::table
        .filter(restriction::county_id.eq(county.bytes()))
        .filter(restriction::household_id.eq(household.bytes()))
        .order((restriction::created_ms.desc(), restriction::id.desc()))
        .limit(1);
    Ok(load!(Restriction, query, tx)?.into_iter().next())
}

/// Every household that is only stored now, for a new count of its days.
///
/// # Errors
/// The database's own.
pub fn held(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Restriction>, Stop> {
    let query = restriction::table
        .filter(restriction::county_id.eq(county.bytes()))
        .filter(restriction::ended_ms.is_null())
        .filter(restriction::restricted_ms.is_not_null())
        .order(restriction::id);
    load!(Restriction, query, tx)
}

/// The blind indexes of a household's ID numbers in words of SQL: its head's, and those of the members who belong to it,
/// or did on the day on which it was restricted.
fn numbers(tx: &mut Tx<'_>, county: CountyId, household: HouseholdId) -> Result<String, Stop> {
    let home = Household::by_id(tx, county, household)?;
    let day = home.restricted_ms.map_or(tx.now, Instant::from_millis).date();
    let (county, home) = (literal(tx.conn, &county.bytes()), literal(tx.conn, &household.bytes()));
    Ok(format!(
        "SELECT h.id_index FROM household h WHERE h.county_id = {county} AND h.id = {home} AND h.id_index IS NOT NULL \
         UNION SELECT m.id_index FROM household_member m WHERE m.county_id = {county} AND m.household_id = {home} \
         AND m.id_index IS NOT NULL AND (m.to_date IS NULL OR m.to_date > '{day}')"
    ))
}

/// The household's cases in words of SQL: those about it, those that its people's own accounts brought, and those about
/// no household under an ID number of its people, as guests ask and as another system's cases were taken over.
fn theirs(tx: &mut Tx<'_>, county: CountyId, household: HouseholdId) -> Result<String, Stop> {
    let numbers = numbers(tx, county, household)?;
    let (county, home) = (literal(tx.conn, &county.bytes()), literal(tx.conn, &household.bytes()));
    Ok(format!(
        "SELECT c.id FROM casefile c WHERE c.county_id = {county} AND (c.household_id = {home} OR c.resident_id IN (\
         SELECT r.account_id FROM resident_home r WHERE r.county_id = {county} AND r.household_id = {home}) \
         OR (c.household_id IS NULL AND c.id_index IN ({numbers})))"
    ))
}

/// What of a household still goes on.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct InUse {
    /// Open cases about it, or to which it is a party.
    pub cases: i64,
    /// Bookings to come.
    pub bookings: i64,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// What of a household still goes on.
///
/// # Errors
/// The database's own.
pub fn in_use(tx: &mut Tx<'_>, county: CountyId, household: HouseholdId) -> Result<InUse, Stop> {
    let (theirs, numbers) = (theirs(tx, county, household)?, numbers(tx, county, household)?);
    let (county, home) = (literal(tx.conn, &county.bytes()), literal(tx.conn, &household.bytes()));
    let party = format!(
        "SELECT p.{{}} FROM casefile_party p WHERE p.county_id = {county} \
         AND (p.household_id = {home} OR p.id_index IN ({numbers}))"
    );
    let (cases, parties) = (party.replace("{}", "case_id"), party.replace("{}", "id"));
    let now = tx.now.millis();
    let open = format!(
        "SELECT count(*) AS n FROM casefile o WHERE o.county_id = {county} AND o.closed_ms IS NULL \
         AND (o.id IN ({theirs}) OR o.id IN ({cases}))"
    );
    let booked = format!(
        "SELECT count(*) AS n FROM booking b WHERE b.county_id = {county} AND b.state IN ('pending', 'confirmed') \
         AND b.ends_ms > {now} AND (b.mediation_case_id IN ({theirs}) OR b.mediation_case_id IN ({cases}) \
         OR b.id IN (SELECT bp.booking_id FROM booking_party bp WHERE bp.county_id = {county} \
         AND bp.party_id IN ({parties})))"
    );
    Ok(InUse { cases: number(tx, open)?, bookings: number(tx, booked)? })
}

fn number(tx: &mut Tx<'_>, sql: String) -> Result<i64, Stop> {
    let row: Count = match tx.conn {
        Conn::Sqlite(conn) => diesel::sql_query(sql).get_result(conn)?,
        Conn::Postgres(conn) => diesel::sql_query(sql).get_result(conn)?,
    };
    Ok(row.n)
}

/// A case of a household, for the count of its days and for the list of what is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stored {
    /// The case.
    pub id: CaseId,
    /// Its flow.
    pub flow: String,
    /// Its number.
    pub number: String,
    /// UTC milliseconds; None while it is open.
    pub closed_ms: Option<i64>,
}

#[derive(QueryableByName)]
struct StoredRow {
    #[diesel(sql_type = Binary)]
    id: Vec<u8>,
    #[diesel(sql_type = Text)]
    flow: String,
    #[diesel(sql_type = Text)]
    number: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    closed_ms: Option<i64>,
}

/// The household's cases, oldest first.
///
/// # Errors
/// The database's own.
pub fn cases(tx: &mut Tx<'_>, county: CountyId, household: HouseholdId) -> Result<Vec<Stored>, Stop> {
    let theirs = theirs(tx, county, household)?;
    stored(tx, county, &format!("o.id IN ({theirs})"))
}

/// Cases about no household in which one of its telephones stands, and no ID number that says whose they are: whoever
/// decides has to look. Oldest first.
///
/// # Errors
/// The database's own.
pub fn by_phone(tx: &mut Tx<'_>, county: CountyId, household: HouseholdId) -> Result<Vec<Stored>, Stop> {
    let theirs = theirs(tx, county, household)?;
    let (own, home) = (literal(tx.conn, &county.bytes()), literal(tx.conn, &household.bytes()));
    let phones = format!(
        "SELECT f.phone_index FROM household_phone f WHERE f.county_id = {own} AND f.household_id = {home}"
    );
    let those = format!(
        "o.household_id IS NULL AND o.id_index IS NULL AND o.restricted_ms IS NULL AND o.phone_index IN ({phones}) \
         AND o.id NOT IN ({theirs})"
    );
    stored(tx, county, &those)
}

fn stored(tx: &mut Tx<'_>, county: CountyId, those: &str) -> Result<Vec<Stored>, Stop> {
    let own = literal(tx.conn, &county.bytes());
    let sql = format!(
        "SELECT o.id AS id, o.flow AS flow, o.number AS number, o.closed_ms AS closed_ms FROM casefile o \
         WHERE o.county_id = {own} AND {those} ORDER BY o.created_ms, o.id"
    );
    let rows: Vec<StoredRow> = match tx.conn {
        Conn::Sqlite(conn) => diesel::sql_query(sql).load(conn)?,
        Conn::Postgres(conn) => diesel::sql_query(sql).load(conn)?,
    };
    let stored = |row: StoredRow| {
        let id = crate::county::id(&row.id)?;
        Ok(Stored { id, flow: row.flow, number: row.number, closed_ms: row.closed_ms })
    };
    rows.into_iter().map(stored).collect()
}

/// The appointments of a case.
///
/// # Errors
/// The database's own.
pub fn bookings(tx: &mut Tx<'_>, county: CountyId, case: CaseId) -> Result<Vec<BookingId>, Stop> {
    let found: Vec<Vec<u8>> = booking::table
        .filter(booking::county_id.eq(county.bytes()))
        .filter(booking::mediation_case_id.eq(case.bytes()))
        .select(booking::id)
        .load(tx.conn)?;
    found.iter().map(|id| crate::county::id(id)).collect()
}

/// Marks a household and its cases as only stored, or takes the mark away.
///
/// # Errors
/// The database's own.
pub fn mark(tx: &mut Tx<'_>, county: CountyId, household: HouseholdId, restricted: bool) -> Result<(), Stop> {
    let (theirs, own) = (theirs(tx, county, household)?, literal(tx.conn, &county.bytes()));
    let at = restricted.then_some(tx.now.millis());
    let row = household::table.find((county.bytes(), household.bytes()));
    let set = (household::restricted_ms.eq(at), household::version.eq(household::version + 1));
    diesel::update(row).set(set).execute(tx.conn)?;
    let at = at.map_or_else(|| "NULL".to_owned(), |at| at.to_string());
    let sql = format!(
        "UPDATE casefile SET restricted_ms = {at}, version = version + 1 WHERE county_id = {own} AND id IN ({theirs})"
    );
    run(tx.conn, &sql).map(drop)
}

/// Planned visits to a household are called off.
///
/// # Errors
/// The database's own.
pub fn call_off_visits(tx: &mut Tx<'_>, county: CountyId, household: HouseholdId) -> Result<(), Stop> {
    let (county, home) = (literal(tx.conn, &county.bytes()), literal(tx.conn, &household.bytes()));
    let sql = format!(
        "UPDATE visit SET state = 'cancelled', version = version + 1 \
         WHERE county_id = {county} AND household_id = {home} AND state = 'planned'"
    );
    run(tx.conn, &sql).map(drop)
}

/// Whether somebody who belongs to a household that is only stored has the ID number of this blind index.
///
/// # Errors
/// The database's own.
pub fn stores_number(tx: &mut Tx<'_>, county: CountyId, index: &[u8]) -> Result<bool, Stop> {
    let stored = || {
        household::table
            .filter(household::county_id.eq(county.bytes()))
            .filter(household::restricted_ms.is_not_null())
    };
    let heads: i64 = stored().filter(household::id_index.eq(index.to_vec())).count().get_result(tx.conn)?;
    let today = tx.now.date().to_string();
    let members: i64 = household_member::table
        .filter(household_member::county_id.eq(county.bytes()))
        .filter(household_member::id_index.eq(index.to_vec()))
        .filter(household_member::to_date.is_null().or(household_member::to_date.gt(today)))
        .filter(household_member::household_id.eq_any(stored().select(household::id)))
        .count()
        .get_result(tx.conn)?;
    Ok(heads + members > 0)
}
