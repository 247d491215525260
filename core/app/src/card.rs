//! Contact cards: made, printed, revoked, and read by whoever scans one.

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountId, CardId, CountyId, DivisionId, HouseholdId, PairingId};
use falin_store::card;
use falin_store::county::County;
use falin_store::db::In;
use falin_store::division::Division;
use falin_store::household_list::{self, Filter};
use falin_store::journal::Entry;
use falin_store::pairing;
use falin_store::resident;
use falin_store::{Tx, county, household};

use crate::household::{Provider, provider};
use crate::{App, Stop, division};

/// Cards of one sheet order; more is a second order.
pub const MOST: usize = 400;

/// A card ready to print.
#[derive(Clone)]
pub struct Printed {
    /// Whose card.
    pub household: HouseholdId,
    /// Head of the household, for handing the card out.
    pub head_name: String,
    /// Village.
    pub village: String,
    /// Whom the card names; None where nobody is paired yet.
    pub provider: Option<Provider>,
    /// The secret in its QR code.
    pub secret: String,
}

/// What a scan shows: the household's own lawyer and nothing of the household.
#[derive(Clone)]
pub struct Scanned {
    /// The county.
    pub county: County,
    /// Whom to call; None while nobody is paired.
    pub provider: Option<Provider>,
    /// The village, for its page.
    pub village: DivisionId,
}

/// What to print.
#[derive(Clone, Copy, Debug)]
pub enum Order {
    /// One household's card.
    One(HouseholdId),
    /// Every household of a village.
    Village(DivisionId),
    /// Cards that name another provider than the household has now, at or below a place.
    Reprint(Option<DivisionId>),
}

/// Cards to look at and print, and how many households have none yet; nothing is made and nothing noted, since
/// looking changes nothing (trust.md "Requests").
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn sheets(app: &App, visitor: &Visitor, order: Order) -> Result<(Vec<Printed>, usize), Stop> {
    let scope = visitor.scope(Act::Read, Noun::Card)?;
    let county = scope.county;
    let work = move |tx: &mut Tx<'_>| {
        let (mut cards, mut missing) = (Vec::new(), 0);
        for row in ordered(tx, &scope, order)? {
            match card::shown(tx, county, row.id)? {
                Some((_, secret)) => cards.push(facts(tx, row, secret)?.0),
                None => missing += 1,
            }
        }
        Ok((cards, missing))
    };
    app.db.read(In::County(county), work).await
}

/// A card's words and the pairing that they speak of.
fn facts(
    tx: &mut Tx<'_>,
    row: household::Household,
    secret: String,
) -> Result<(Printed, Option<PairingId>), Stop> {
    let county = row.county_id;
    let span = pairing::current_of(tx, county, &[row.id])?.remove(&row.id);
    let provider = match &span {
        Some(span) => provider(tx, span)?,
        None => None,
    };
    let village = Division::by_id(tx, county, row.village_id)?.name;
    let printed = Printed { household: row.id, head_name: row.head_name, village, provider, secret };
    Ok((printed, span.map(|span| span.id)))
}

/// Makes what cards are missing and notes them all as printed.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn print(app: &App, visitor: &Visitor, order: Order) -> Result<Vec<Printed>, Stop> {
    let act = if visitor.may(Act::Write, Noun::Card) { Act::Write } else { Act::Read };
    let scope = visitor.scope(act, Noun::Card)?;
    let account = visitor.account;
    let work = move |tx: &mut Tx<'_>| note_printed(tx, &scope, account, order);
    app.db.write(In::County(visitor.county), work).await
}

fn note_printed(
    tx: &mut Tx<'_>,
    scope: &Scope,
    account: Option<AccountId>,
    order: Order,
) -> Result<Vec<Printed>, Stop> {
    let county = scope.county;
    let mut cards = Vec::new();
    for row in ordered(tx, scope, order)? {
        let (card, secret) = card::for_household(tx, county, row.id)?;
        let (words, span) = facts(tx, row, secret)?;
        card::printed(tx, &card, span)?;
        cards.push(words);
    }
    tx.bump(county, "card")?;
    tx.record(Entry {
        county,
        account,
        event: Event::CardsPrinted,
        reason: Reason::Person,
        subject: subject(order),
        details: serde_json::json!({ "cards": cards.len() }),
    })?;
    Ok(cards)
}

fn subject(order: Order) -> Option<(&'static str, Vec<u8>)> {
    match order {
        Order::One(id) => Some((household::NOUN, id.bytes())),
        Order::Village(id) | Order::Reprint(Some(id)) => Some(("division", id.bytes())),
        Order::Reprint(None) => None,
    }
}

fn ordered(tx: &mut Tx<'_>, scope: &Scope, order: Order) -> Result<Vec<household::Household>, Stop> {
    match order {
        Order::One(id) => Ok(vec![household_list::one(tx, scope, id)?]),
        Order::Village(place) => {
            let filter = Filter { place: Some(place), active: Some(true), ..Filter::default() };
            household_list::first(tx, scope, &filter, MOST)
        }
        Order::Reprint(place) => {
            let ids = card::to_reprint(tx, scope.county, place, MOST as i64)?;
            let mut rows = Vec::new();
            for id in ids {
                match household_list::one(tx, scope, id) {
                    Ok(row) => rows.push(row),
                    Err(Stop::Refused(_)) => {} // Outside this visitor's places.
                    Err(stop) => return Err(stop),
                }
            }
            Ok(rows)
        }
    }
}

/// A card that names another provider than its household has now.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The household.
    pub household: HouseholdId,
    /// Its head.
    pub head_name: String,
    /// Village first, the top last.
    pub place: Vec<Division>,
    /// Whom the new card will name.
    pub provider: Option<Provider>,
}

/// Cards to print again, at or below a place, village by village; at most [`MOST`].
///
/// # Errors
/// `access.denied`.
pub async fn to_reprint(
    app: &App,
    visitor: &Visitor,
    place: Option<DivisionId>,
) -> Result<Vec<Waiting>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Card)?;
    let work = move |tx: &mut Tx<'_>| {
        let rows = ordered(tx, &scope, Order::Reprint(place))?;
        let places = division::lines(tx, scope.county, rows.iter().map(|row| row.village_id))?;
        let ids: Vec<HouseholdId> = rows.iter().map(|row| row.id).collect();
        let spans = pairing::current_of(tx, scope.county, &ids)?;
        let mut waiting = Vec::with_capacity(rows.len());
        for row in rows {
            let provider = spans.get(&row.id).map(|span| provider(tx, span)).transpose()?.flatten();
            let place = places.get(&row.village_id).cloned().unwrap_or_default();
            waiting.push(Waiting { household: row.id, head_name: row.head_name, place, provider });
        }
        Ok(waiting)
    };
    app.db.read(In::County(visitor.county), work).await
}

/// The village that a code or an id names.
///
/// # Errors
/// `division.unknown`.
pub async fn village(app: &App, visitor: &Visitor, text: &str) -> Result<DivisionId, Stop> {
    // Which households of it are the visitor's is asked where they are read.
    let (county, text) = (visitor.scope(Act::Read, Noun::Household)?.county, text.to_owned());
    let work = move |tx: &mut Tx<'_>| {
        let found = crate::division::find_filter(tx, county, Some(&text))?;
        found.map(|it| it.id).ok_or_else(|| Refusal::new("division.unknown").into())
    };
    app.db.read(In::County(county), work).await
}

/// How many cards wait to be printed again, at or below a place; counted up to [`MOST`].
///
/// # Errors
/// `access.denied`.
pub async fn waiting(app: &App, visitor: &Visitor, place: Option<DivisionId>) -> Result<usize, Stop> {
    let county = visitor.scope(Act::Read, Noun::Card)?.county;
    let work = move |tx: &mut Tx<'_>| Ok(card::to_reprint(tx, county, place, MOST as i64)?.len());
    app.db.read(In::County(county), work).await
}

/// Who looks after the household of the visitor's own account; None for an account without household, or a household
/// without anybody.
///
/// # Errors
/// The store's own.
pub async fn mine(app: &App, visitor: &Visitor) -> Result<Option<Provider>, Stop> {
    let (county, account) = (visitor.county, visitor.account);
    let work = move |tx: &mut Tx<'_>| {
        let home = account.map(|account| resident::of_account(tx, county, account)).transpose()?.flatten();
        let Some(home) = home else { return Ok(None) };
        match pairing::current_of(tx, county, &[home.household_id])?.remove(&home.household_id) {
            Some(span) => provider(tx, &span),
            None => Ok(None),
        }
    };
    app.db.read(In::County(county), work).await
}

/// A household's valid card.
#[derive(Clone)]
pub struct Held {
    /// Which card.
    pub id: CardId,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// When it was last noted as printed.
    pub printed_ms: Option<i64>,
    /// What it says.
    pub words: Printed,
}

/// The valid card of a household; None while it has none.
///
/// # Errors
/// `not_found`, `access.denied`.
pub async fn held(app: &App, visitor: &Visitor, id: HouseholdId) -> Result<Option<Held>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Card)?;
    let work = move |tx: &mut Tx<'_>| {
        let row = household_list::one(tx, &scope, id)?;
        let Some((card, secret)) = card::shown(tx, scope.county, id)? else { return Ok(None) };
        let (words, _) = facts(tx, row, secret)?;
        let (id, created_ms, printed_ms) = (card.id, card.created_ms, card.printed_ms);
        Ok(Some(Held { id, created_ms, printed_ms, words }))
    };
    app.db.read(In::County(visitor.county), work).await
}

/// The card that somebody means to replace: any, or the one that they saw (None inside: they saw that there is none).
pub type Seen = Option<Option<CardId>>;

fn same(tx: &mut Tx<'_>, county: CountyId, id: HouseholdId, seen: Seen) -> Result<bool, Stop> {
    let there = card::valid(tx, county, id)?.map(|card| card.id);
    match seen {
        Some(seen) if seen != there => Err(Refusal::new("state.changed").into()),
        _ => Ok(there.is_some()),
    }
}

fn take_away(tx: &mut Tx<'_>, county: CountyId, by: Option<AccountId>, id: HouseholdId) -> Result<(), Stop> {
    card::revoke(tx, county, id)?;
    tx.bump(county, "card")?;
    tx.record(Entry {
        county,
        account: by,
        event: Event::CardRevoked,
        reason: Reason::Person,
        subject: Some((household::NOUN, id.bytes())),
        details: serde_json::json!({}),
    })
}

/// Revokes a household's card: from now on its QR code shows nothing.
///
/// # Errors
/// `access.denied`, `not_found`; `state.changed` where another card than the one that was seen is valid now.
pub async fn revoke(app: &App, visitor: &Visitor, id: HouseholdId, seen: Seen) -> Result<(), Stop> {
    let scope = visitor.scope(Act::Write, Noun::Card)?;
    let account = visitor.account;
    let work = move |tx: &mut Tx<'_>| {
        household_list::one(tx, &scope, id)?;
        same(tx, scope.county, id, seen)?;
        take_away(tx, scope.county, account, id)
    };
    app.db.write(In::County(visitor.county), work).await
}

/// A new card in place of the one that a household has, if it has one: the old one's QR code shows nothing from now
/// on. The new one counts as printed.
///
/// # Errors
/// As [`revoke`].
pub async fn renew(app: &App, visitor: &Visitor, id: HouseholdId, seen: Seen) -> Result<(), Stop> {
    let scope = visitor.scope(Act::Write, Noun::Card)?;
    let account = visitor.account;
    let work = move |tx: &mut Tx<'_>| {
        household_list::one(tx, &scope, id)?;
        if same(tx, scope.county, id, seen)? {
            take_away(tx, scope.county, account, id)?;
        }
        note_printed(tx, &scope, account, Order::One(id)).map(|_| ())
    };
    app.db.write(In::County(visitor.county), work).await
}

/// What the QR code of a card shows.
///
/// # Errors
/// `card.revoked` for a revoked or unknown secret: the two look the same.
pub async fn scan(app: &App, secret: &str) -> Result<Scanned, Stop> {
    let secret = secret.to_owned();
    let work = move |tx: &mut Tx<'_>| {
        let card = card::by_secret(tx, &secret)?.filter(|card| card.revoked_ms.is_none());
        let card = card.ok_or_else(|| Refusal::new("card.revoked"))?;
        let county_id: CountyId = card.county_id;
        let row = household::Household::by_id(tx, county_id, card.household_id)?;
        if !row.active {
            return Err(Refusal::new("card.revoked").into());
        }
        let span = pairing::current_of(tx, county_id, &[row.id])?.remove(&row.id);
        let provider = match &span {
            Some(span) => provider(tx, span)?,
            None => None,
        };
        let county = county::by_id(tx, county_id)?.ok_or_else(Refusal::absent)?;
        Ok(Scanned { county, provider, village: row.village_id })
    };
    app.db.read(In::All, work).await
}
