//! Consent to pairings by both sides, where a county wants it, and the pairings that wait for it.

use diesel::prelude::*;
use falin_domain::access::Scope;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::time::Date;
use falin_domain::words::{AccountId, CountyId, DivisionId, Id, PairingId};

use crate::column::{Column, load, noun};
use crate::household_list::within;
use crate::keys::Bound;
use crate::pairing::{PRIMARY, Pairing};
use crate::schema::{division_path, household, pairing, pairing_consent, worker};
use crate::stop::Stop;
use crate::tx::Tx;

/// The two sides.
pub const SIDES: [&str; 2] = ["provider", "household"];

noun! {
    /// One side's answer to a pairing, where the county asks both.
    Consent in pairing_consent {
        /// County.
        county_id: CountyId,
        /// The span.
        pairing_id: PairingId,
        /// `provider` or `household`.
        side: String,
        /// Yes or no.
        accepted: bool,
        /// How it was given: `paper`, `phone` or `visit`; None by the account itself.
        how: Option<String>,
        /// What was said with it, sealed.
        note_sealed: Option<Vec<u8>>,
        /// Who recorded it.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        at_ms: i64,
    }
}

/// Answers to pairings.
///
/// # Errors
/// The database's own.
pub fn of(tx: &mut Tx<'_>, county: CountyId, spans: &[PairingId]) -> Result<Vec<Consent>, Stop> {
    let query = pairing_consent::table
        .filter(pairing_consent::county_id.eq(county.bytes()))
        .filter(pairing_consent::pairing_id.eq_any(spans.iter().map(|span| span.bytes()).collect::<Vec<_>>()))
        .order((pairing_consent::pairing_id, pairing_consent::side));
    load!(Consent, query, tx)
}

/// Records one side's answer; a later one takes its place.
///
/// # Errors
/// [`Stop::Rule`] for any other side.
pub fn record(tx: &mut Tx<'_>, answer: &Consent) -> Result<(), Stop> {
    let row = pairing_consent::table.find((
        answer.county_id.bytes(),
        answer.pairing_id.bytes(),
        answer.side.clone(),
    ));
    let set = (
        pairing_consent::accepted.eq(answer.accepted),
        pairing_consent::how.eq(answer.how.clone()),
        pairing_consent::note_sealed.eq(answer.note_sealed.clone()),
        pairing_consent::account_id.eq(answer.account_id.map(Id::bytes)),
        pairing_consent::at_ms.eq(answer.at_ms),
    );
    if diesel::update(row).set(set).execute(tx.conn)? == 0 {
        diesel::insert_into(pairing_consent::table).values(answer.values()).execute(tx.conn)?;
    }
    Ok(())
}

/// Seals what was said with an answer.
///
/// # Errors
/// See [`crate::Keys::seal`].
pub fn seal_note(tx: &mut Tx<'_>, county: CountyId, span: PairingId, note: &str) -> Result<Vec<u8>, Stop> {
    tx.seal(Bound { table: "pairing_consent", column: "note_sealed", row: &span.bytes(), county }, note)
}

/// Opens what was said with an answer.
///
/// # Errors
/// A fault where it was changed or moved outside this program.
pub fn open_note(tx: &Tx<'_>, answer: &Consent) -> Result<Option<String>, Stop> {
    let row = answer.pairing_id.bytes();
    let at = Bound { table: "pairing_consent", column: "note_sealed", row: &row, county: answer.county_id };
    answer.note_sealed.as_deref().map(|sealed| tx.open(at, sealed)).transpose()
}

/// A pairing that waits.
#[derive(Clone, PartialEq, Debug)]
pub struct Waiting {
    /// The pairing.
    pub span: Pairing,
    /// Name of the head.
    pub head: String,
    /// The village.
    pub village: DivisionId,
}

/// How many current pairings of a scope's households one side has declined: somebody has to find another provider for
/// each.
///
/// # Errors
/// The database's own.
pub fn declined(tx: &mut Tx<'_>, scope: &Scope) -> Result<i64, Stop> {
    let county = scope.county;
    let no = pairing_consent::table
        .filter(pairing_consent::county_id.eq(county.bytes()))
        .filter(pairing_consent::accepted.eq(false))
        .select(pairing_consent::pairing_id);
    let of_household =
        household::county_id.eq(pairing::county_id).and(household::id.eq(pairing::household_id));
    let query = pairing::table
        .inner_join(household::table.on(of_household))
        .filter(pairing::county_id.eq(county.bytes()))
        .filter(pairing::kind.eq(PRIMARY))
        .filter(pairing::to_date.is_null())
        .filter(pairing::id.eq_any(no));
    Ok(match scope.places {
        Some(_) => query.filter(within!(scope)).count().get_result(tx.conn)?,
        None => query.count().get_result(tx.conn)?,
    })
}

/// Current pairings of a scope's households begun on a day or later.
macro_rules! asked {
    ($scope:expr, $since:expr) => {{
        let of_household =
            household::county_id.eq(pairing::county_id).and(household::id.eq(pairing::household_id));
        let mut query = pairing::table
            .inner_join(household::table.on(of_household))
            .filter(pairing::county_id.eq($scope.county.bytes()))
            .filter(pairing::kind.eq(PRIMARY))
            .filter(pairing::to_date.is_null())
            .into_boxed();
        if let Some(since) = $since {
            let since: Date = since;
            query = query.filter(pairing::from_date.ge(since.to_string()));
        }
        if $scope.places.is_some() {
            query = query.filter(within!($scope));
        }
        query
    }};
}

/// Those of them that not both sides have accepted.
macro_rules! unsettled {
    ($scope:expr, $since:expr) => {{
        let accepted = |side: &'static str| {
            pairing_consent::table
                .filter(pairing_consent::county_id.eq($scope.county.bytes()))
                .filter(pairing_consent::side.eq(side))
                .filter(pairing_consent::accepted.eq(true))
                .select(pairing_consent::pairing_id)
        };
        asked!($scope, $since)
            .filter(pairing::id.ne_all(accepted(SIDES[0])).or(pairing::id.ne_all(accepted(SIDES[1]))))
    }};
}

/// How many pairings [`waiting`] lists in all.
///
/// # Errors
/// The database's own.
pub fn count(tx: &mut Tx<'_>, scope: &Scope, since: Option<Date>) -> Result<i64, Stop> {
    Ok(unsettled!(scope, since).count().get_result(tx.conn)?)
}

/// How many pairings of a scope, begun on `since` or later, have no word of their provider at all.
///
/// # Errors
/// The database's own.
pub fn unanswered(tx: &mut Tx<'_>, scope: &Scope, since: Option<Date>) -> Result<i64, Stop> {
    let said = pairing_consent::table
        .filter(pairing_consent::county_id.eq(scope.county.bytes()))
        .filter(pairing_consent::side.eq(SIDES[0]))
        .select(pairing_consent::pairing_id);
    Ok(asked!(scope, since).filter(pairing::id.ne_all(said)).count().get_result(tx.conn)?)
}

/// Current pairings begun on `since` or later that not both sides have accepted, within a scope, oldest first.
///
/// # Errors
/// The database's own.
pub fn waiting(
    tx: &mut Tx<'_>,
    scope: &Scope,
    since: Option<Date>,
    window: &Window,
) -> Result<Page<Waiting>, Stop> {
    let mut query = unsettled!(scope, since)
        .order((pairing::created_ms, pairing::id))
        .limit(i64::from(window.limit) + 1)
        .select((Pairing::COLUMNS, household::head_name, household::village_id));
    if let Some(after) = &window.after {
        let (ms, id) = (after.millis(), after.id.as_bytes().to_vec());
        query =
            query.filter(pairing::created_ms.ge(ms).and(pairing::created_ms.gt(ms).or(pairing::id.gt(id))));
    }
    let rows = query.load(tx.conn)?;
    let mut found = Vec::with_capacity(rows.len());
    for (span, head, village) in rows {
        found.push(Waiting { span: Pairing::from_row(span)?, head, village: Id::back(village)? });
    }
    let mark = |one: &Waiting| Mark { key: one.span.created_ms.to_string(), id: one.span.id.uuid() };
    Ok(Page::cut(found, window, mark))
}
