//! Pairings: append-only spans that say who looked after which household, from when to when.

use std::collections::HashMap;

use diesel::prelude::*;
use falin_domain::directory::HouseholdKind;
use falin_domain::time::Date;
use falin_domain::words::{CountyId, DivisionId, FirmId, HouseholdId, Id, PairingId, PlanId, WorkerId};

use crate::column::{Column, load, noun};
use crate::schema::{division_path, household, pairing, pairing_conflict};
use crate::stop::Stop;
use crate::tx::Tx;

/// The kind of pairing of which a household has one at a time.
pub const PRIMARY: &str = "primary";
/// The noun in write generations.
pub const NOUN: &str = "pairing";

noun! {
    /// One span; its end is exclusive, and once ended it never changes.
    Pairing in pairing {
        /// County.
        county_id: CountyId,
        /// Id.
        id: PairingId,
        /// Whose adviser.
        household_id: HouseholdId,
        /// `primary`.
        kind: String,
        /// Provider, where it is a person.
        worker_id: Option<WorkerId>,
        /// Provider, where it is a firm.
        firm_id: Option<FirmId>,
        /// First day.
        from_date: Date,
        /// First day on which it no longer holds.
        to_date: Option<Date>,
        /// Why it ended.
        end_reason: Option<String>,
        /// The plan that made it.
        plan_id: Option<PlanId>,
        /// The plan that ended it.
        end_plan_id: Option<PlanId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// When it ended, UTC milliseconds.
        ended_ms: Option<i64>,
    }
}

/// The span with this id in this county.
///
/// # Errors
/// `not_found` where there is none.
pub fn by_id(tx: &mut Tx<'_>, county: CountyId, id: PairingId) -> Result<Pairing, Stop> {
    let row = pairing::table.find((county.bytes(), id.bytes()));
    let row = row.select(Pairing::COLUMNS).first(tx.conn).optional()?;
    Pairing::from_row(row.ok_or_else(falin_domain::refusal::Refusal::absent)?)
}

/// Begins a span today.
///
/// # Errors
/// [`Stop::Rule`] where the household has a current one.
pub fn start(
    tx: &mut Tx<'_>,
    county: CountyId,
    household_id: HouseholdId,
    provider: (Option<WorkerId>, Option<FirmId>),
) -> Result<PairingId, Stop> {
    let span = Pairing {
        county_id: county,
        id: tx.id(),
        household_id,
        kind: PRIMARY.to_owned(),
        worker_id: provider.0,
        firm_id: provider.1,
        from_date: tx.now.date(),
        to_date: None,
        end_reason: None,
        plan_id: None,
        end_plan_id: None,
        created_ms: tx.now.millis(),
        ended_ms: None,
    };
    diesel::insert_into(pairing::table).values(span.values()).execute(tx.conn)?;
    Ok(span.id)
}

/// Ends a household's current span today.
///
/// # Errors
/// The database's own; nothing happens where there is none.
pub fn end(
    tx: &mut Tx<'_>,
    county: CountyId,
    household_id: HouseholdId,
    reason: &str,
) -> Result<Option<PairingId>, Stop> {
    let Some(span) = current_of(tx, county, &[household_id])?.remove(&household_id) else {
        return Ok(None);
    };
    let day = tx.now.date().max(span.from_date);
    let set = (
        pairing::to_date.eq(day.to_string()),
        pairing::end_reason.eq(reason),
        pairing::ended_ms.eq(tx.now.millis()),
    );
    let row = pairing::table.find((county.bytes(), span.id.bytes()));
    diesel::update(row).set(set).execute(tx.conn)?;
    Ok(Some(span.id))
}

/// Current spans of these households.
///
/// # Errors
/// The database's own.
pub fn current_of(
    tx: &mut Tx<'_>,
    county: CountyId,
    ids: &[HouseholdId],
) -> Result<HashMap<HouseholdId, Pairing>, Stop> {
    let ids: Vec<Vec<u8>> = ids.iter().map(|id| id.bytes()).collect();
    let query = pairing::table
        .filter(pairing::county_id.eq(county.bytes()))
        .filter(pairing::household_id.eq_any(ids))
        .filter(pairing::kind.eq(PRIMARY))
        .filter(pairing::to_date.is_null());
    Ok(load!(Pairing, query, tx)?.into_iter().map(|span| (span.household_id, span)).collect())
}

/// The span that held on `day`.
///
/// # Errors
/// The database's own.
pub fn on(
    tx: &mut Tx<'_>,
    county: CountyId,
    household_id: HouseholdId,
    day: Date,
) -> Result<Option<Pairing>, Stop> {
    let day = day.to_string();
    let query = pairing::table
        .filter(pairing::county_id.eq(county.bytes()))
        .filter(pairing::household_id.eq(household_id.bytes()))
        .filter(pairing::kind.eq(PRIMARY))
        .filter(pairing::from_date.le(day.clone()))
        .filter(pairing::to_date.is_null().or(pairing::to_date.gt(day)));
    Ok(load!(Pairing, query, tx)?.into_iter().next())
}

/// All spans of a household, newest first.
///
/// # Errors
/// The database's own.
pub fn history(tx: &mut Tx<'_>, county: CountyId, household_id: HouseholdId) -> Result<Vec<Pairing>, Stop> {
    let query = pairing::table
        .filter(pairing::county_id.eq(county.bytes()))
        .filter(pairing::household_id.eq(household_id.bytes()))
        .order((pairing::from_date.desc(), pairing::created_ms.desc(), pairing::id.desc()));
    load!(Pairing, query, tx)
}

/// Current households of each provider: person or firm, count.
///
/// # Errors
/// The database's own.
pub fn loads(
    tx: &mut Tx<'_>,
    county: CountyId,
) -> Result<Vec<(Option<WorkerId>, Option<FirmId>, i64)>, Stop> {
    type Found = (Option<Vec<u8>>, Option<Vec<u8>>, i64);
    let rows: Vec<Found> = pairing::table
        .filter(pairing::county_id.eq(county.bytes()))
        .filter(pairing::kind.eq(PRIMARY))
        .filter(pairing::to_date.is_null())
        .group_by((pairing::worker_id, pairing::firm_id))
        .select((pairing::worker_id, pairing::firm_id, diesel::dsl::count_star()))
        .load(tx.conn)?;
    rows.into_iter().map(|(worker, firm, n)| Ok((Column::back(worker)?, Column::back(firm)?, n))).collect()
}

/// A household as a plan sees it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due {
    /// Id.
    pub household: HouseholdId,
    /// Rural or urban.
    pub kind: HouseholdKind,
    /// Village or community.
    pub village: DivisionId,
    /// Its current span and provider.
    pub current: Option<(PairingId, Option<WorkerId>, Option<FirmId>)>,
}

/// Every household of a place that is due for a provider, in order of id.
///
/// # Errors
/// The database's own.
pub fn due(tx: &mut Tx<'_>, county: CountyId, place: Option<DivisionId>) -> Result<Vec<Due>, Stop> {
    type Found = (Vec<u8>, String, Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>, Option<Vec<u8>>);
    let mut query = household::table
        .left_join(
            pairing::table.on(pairing::county_id
                .eq(household::county_id)
                .and(pairing::household_id.eq(household::id))
                .and(pairing::kind.eq(PRIMARY))
                .and(pairing::to_date.is_null())),
        )
        .filter(household::county_id.eq(county.bytes()))
        .filter(household::active.eq(true))
        .filter(household::staged.eq(false))
        .filter(household::restricted_ms.is_null())
        .order(household::id)
        .select((
            household::id,
            household::kind,
            household::village_id,
            pairing::id.nullable(),
            pairing::worker_id.nullable(),
            pairing::firm_id.nullable(),
        ))
        .into_boxed();
    if let Some(place) = place {
        let below = division_path::table
            .filter(division_path::county_id.eq(county.bytes()))
            .filter(division_path::above_id.eq(place.bytes()))
            .select(division_path::below_id);
        query = query.filter(household::village_id.eq_any(below));
    }
    let rows: Vec<Found> = query.load(tx.conn)?;
    let mut due = Vec::with_capacity(rows.len());
    for (id, kind, village, span, worker, firm) in rows {
        let span: Option<PairingId> = Column::back(span)?;
        let (worker, firm) = (Column::back(worker)?, Column::back(firm)?);
        due.push(Due {
            household: Id::back(id)?,
            kind: Column::back(kind)?,
            village: Id::back(village)?,
            current: span.map(|span| (span, worker, firm)),
        });
    }
    Ok(due)
}

noun! {
    /// A provider that must not look after a household (律师法 39).
    Conflict in pairing_conflict {
        /// County.
        county_id: CountyId,
        /// Id.
        id: Id<Conflict>,
        /// The household.
        household_id: HouseholdId,
        /// The provider, where it is a person.
        worker_id: Option<WorkerId>,
        /// The provider, where it is a firm.
        firm_id: Option<FirmId>,
        /// Which conflict, in the county's words.
        reason: String,
        /// UTC milliseconds.
        created_ms: i64,
        /// When it was lifted.
        lifted_ms: Option<i64>,
    }
}

/// Conflicts that stand, of one household or of all.
///
/// # Errors
/// The database's own.
pub fn conflicts(tx: &mut Tx<'_>, county: CountyId, of: Option<HouseholdId>) -> Result<Vec<Conflict>, Stop> {
    let mut query = pairing_conflict::table
        .filter(pairing_conflict::county_id.eq(county.bytes()))
        .filter(pairing_conflict::lifted_ms.is_null())
        .order(pairing_conflict::id)
        .into_boxed();
    if let Some(of) = of {
        query = query.filter(pairing_conflict::household_id.eq(of.bytes()));
    }
    load!(Conflict, query, tx)
}

/// Records a conflict of interest.
///
/// # Errors
/// [`Stop::Rule`] where it names no provider, or two.
pub fn add_conflict(tx: &mut Tx<'_>, conflict: &Conflict) -> Result<(), Stop> {
    diesel::insert_into(pairing_conflict::table).values(conflict.values()).execute(tx.conn)?;
    Ok(())
}

/// Lifts a conflict.
///
/// # Errors
/// `not_found` where there is none.
pub fn lift_conflict(tx: &mut Tx<'_>, county: CountyId, id: Id<Conflict>) -> Result<(), Stop> {
    let row = pairing_conflict::table
        .find((county.bytes(), id.bytes()))
        .filter(pairing_conflict::lifted_ms.is_null());
    match diesel::update(row).set(pairing_conflict::lifted_ms.eq(tx.now.millis())).execute(tx.conn)? {
        0 => Err(falin_domain::refusal::Refusal::absent().into()),
        _ => Ok(()),
    }
}
