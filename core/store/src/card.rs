//! Contact cards: a revocable secret per household, behind the QR code that hangs on its wall.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use falin_domain::access::Scope;
use falin_domain::words::{CardId, CountyId, DivisionId, HouseholdId, Id, PairingId};

use crate::column::{Column, load, noun};
use crate::household_list::within;
use crate::keys::Bound;
use crate::schema::{contact_card, division_path, household, pairing, worker};
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// 联络卡. The secret is sealed so that the card can be printed again; it is found by its index.
    Card in contact_card {
        /// County.
        county_id: CountyId,
        /// Id.
        id: CardId,
        /// Whose card.
        household_id: HouseholdId,
        /// Blind index of the secret.
        secret_index: Vec<u8>,
        /// The secret, sealed.
        secret_sealed: Vec<u8>,
        /// The pairing whose provider's name is printed on it.
        printed_pairing_id: Option<PairingId>,
        /// When it was last printed.
        printed_ms: Option<i64>,
        /// UTC milliseconds.
        created_ms: i64,
        /// When it was revoked.
        revoked_ms: Option<i64>,
    }
}

/// Letters of a secret: no look-alikes, safe in a URL and on paper.
const LETTERS: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyz_";

fn nobody() -> CountyId {
    Id::from_uuid(uuid::Uuid::nil())
}

/// The household's valid card and its secret, made where there is none.
///
/// # Errors
/// The database's own.
pub fn for_household(
    tx: &mut Tx<'_>,
    county: CountyId,
    household_id: HouseholdId,
) -> Result<(Card, String), Stop> {
    if let Some(card) = valid(tx, county, household_id)? {
        let secret = secret(tx, &card)?;
        return Ok((card, secret));
    }
    let id: CardId = tx.id();
    let secret: String =
        tx.random::<20>().iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    let row = id.bytes();
    let at = Bound { table: "contact_card", column: "secret_sealed", row: &row, county };
    let card = Card {
        county_id: county,
        id,
        household_id,
        // The visitor who scans it does not say the county: the index is the installation's.
        secret_index: tx.blind(nobody(), "card", &secret),
        secret_sealed: tx.seal(at, &secret)?,
        printed_pairing_id: None,
        printed_ms: None,
        created_ms: tx.now.millis(),
        revoked_ms: None,
    };
    diesel::insert_into(contact_card::table).values(card.values()).execute(tx.conn)?;
    Ok((card, secret))
}

/// The household's valid card.
///
/// # Errors
/// The database's own.
pub fn valid(tx: &mut Tx<'_>, county: CountyId, household_id: HouseholdId) -> Result<Option<Card>, Stop> {
    let query = contact_card::table
        .filter(contact_card::county_id.eq(county.bytes()))
        .filter(contact_card::household_id.eq(household_id.bytes()))
        .filter(contact_card::revoked_ms.is_null());
    Ok(load!(Card, query, tx)?.into_iter().next())
}

/// The valid cards of these households with their secrets; nothing is made.
///
/// # Errors
/// A fault where a secret cannot be opened.
pub fn shown(
    tx: &mut Tx<'_>,
    county: CountyId,
    households: &[HouseholdId],
) -> Result<HashMap<HouseholdId, (Card, String)>, Stop> {
    let query = contact_card::table
        .filter(contact_card::county_id.eq(county.bytes()))
        .filter(contact_card::household_id.eq_any(households.iter().map(|id| id.bytes()).collect::<Vec<_>>()))
        .filter(contact_card::revoked_ms.is_null());
    let cards = load!(Card, query, tx)?;
    let opened = cards.into_iter().map(|card| {
        let secret = secret(tx, &card)?;
        Ok((card.household_id, (card, secret)))
    });
    opened.collect()
}

fn secret(tx: &Tx<'_>, card: &Card) -> Result<String, Stop> {
    let row = card.id.bytes();
    let at = Bound { table: "contact_card", column: "secret_sealed", row: &row, county: card.county_id };
    tx.open(at, &card.secret_sealed)
}

/// The card with this secret, revoked ones included.
///
/// # Errors
/// The database's own.
pub fn by_secret(tx: &mut Tx<'_>, secret: &str) -> Result<Option<Card>, Stop> {
    let index = tx.blind(nobody(), "card", secret);
    let query = contact_card::table.filter(contact_card::secret_index.eq(index));
    Ok(load!(Card, query, tx)?.into_iter().next())
}

/// Revokes a household's valid card; a new one may be made afterwards.
///
/// # Errors
/// `not_found` where there is none.
pub fn revoke(tx: &mut Tx<'_>, county: CountyId, household_id: HouseholdId) -> Result<(), Stop> {
    let rows = contact_card::table
        .filter(contact_card::county_id.eq(county.bytes()))
        .filter(contact_card::household_id.eq(household_id.bytes()))
        .filter(contact_card::revoked_ms.is_null());
    match diesel::update(rows).set(contact_card::revoked_ms.eq(tx.now.millis())).execute(tx.conn)? {
        0 => Err(falin_domain::refusal::Refusal::absent().into()),
        _ => Ok(()),
    }
}

/// Notes that a card was printed with the provider of this pairing.
///
/// # Errors
/// The database's own.
pub fn printed(tx: &mut Tx<'_>, card: &Card, pairing: Option<PairingId>) -> Result<(), Stop> {
    let row = contact_card::table.find((card.county_id.bytes(), card.id.bytes()));
    let set = (
        contact_card::printed_pairing_id.eq(pairing.map(Id::bytes)),
        contact_card::printed_ms.eq(tx.now.millis()),
    );
    diesel::update(row).set(set).execute(tx.conn)?;
    Ok(())
}

/// Printed cards that name another provider than the household has now.
macro_rules! stale {
    ($county:expr) => {
        contact_card::table
            .inner_join(
                pairing::table.on(pairing::county_id
                    .eq(contact_card::county_id)
                    .and(pairing::household_id.eq(contact_card::household_id))),
            )
            .filter(contact_card::county_id.eq($county.bytes()))
            .filter(contact_card::revoked_ms.is_null())
            .filter(contact_card::printed_pairing_id.is_not_null())
            .filter(contact_card::printed_pairing_id.ne(pairing::id.nullable()))
            .filter(pairing::to_date.is_null())
    };
}
pub(crate) use stale;

/// The same beside their households.
macro_rules! stale_households {
    ($county:expr) => {
        stale!($county).inner_join(
            household::table.on(household::county_id
                .eq(contact_card::county_id)
                .and(household::id.eq(contact_card::household_id))),
        )
    };
}

/// How many cards of a scope's households name another provider than the household has now.
///
/// # Errors
/// The database's own.
pub fn count_to_reprint(tx: &mut Tx<'_>, scope: &Scope) -> Result<i64, Stop> {
    let query = stale_households!(scope.county);
    Ok(match scope.places {
        Some(_) => query.filter(within!(scope)).count().get_result(tx.conn)?,
        None => query.count().get_result(tx.conn)?,
    })
}

/// The same village by village, those without any left out.
///
/// # Errors
/// The database's own.
pub fn to_reprint_by_village(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<(DivisionId, i64)>, Stop> {
    let query = stale_households!(scope.county)
        .group_by(household::village_id)
        .select((household::village_id, count_star()));
    let rows: Vec<(Vec<u8>, i64)> = match scope.places {
        Some(_) => query.filter(within!(scope)).load(tx.conn)?,
        None => query.load(tx.conn)?,
    };
    rows.into_iter().map(|(id, count)| Ok((Id::back(id)?, count))).collect()
}
