//! Contact cards: made, printed, revoked, and read by whoever scans one.

use std::collections::HashMap;

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::page::{Mark, Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountId, CardId, CountyId, DivisionId, HouseholdId, PairingId};
use falin_store::card;
use falin_store::county::County;
use falin_store::db::In;
use falin_store::division::Division;
use falin_store::household_list::{self, Filter};
use falin_store::journal::Entry;
use falin_store::pairing::{self, Pairing};
use falin_store::resident;
use falin_store::{Tx, county, household};

use crate::household::{Provider, provider, providers};
use crate::{App, Stop, division};

/// Cards of one sheet order; what comes after them is a second order, from the mark where the first one ended.
pub const MOST: u16 = 400;

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
#[derive(Clone, Debug)]
pub enum Order {
    /// One household's card.
    One(HouseholdId),
    /// Every household of a village, a window of them.
    Village(DivisionId, Window),
    /// Cards that name another provider than the household has now, at or below a place, a window of them.
    Reprint(Option<DivisionId>, Window),
}

/// One order's cards.
#[derive(Clone)]
pub struct Sheets {
    /// The cards, village by village.
    pub cards: Vec<Printed>,
    /// How many households of the order have no card yet.
    pub missing: usize,
    /// Where the next order begins; None where this is all.
    pub next: Option<Mark>,
}

/// Cards to look at and print, and how many households have none yet; nothing is made and nothing noted, since
/// looking changes nothing (trust.md "Requests").
///
/// # Errors
/// `access.denied`, `not_found`, `page.cursor`.
pub async fn sheets(app: &App, visitor: &Visitor, order: Order) -> Result<Sheets, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Card)?;
    let county = scope.county;
    let work = move |tx: &mut Tx<'_>| {
        let page = ordered(tx, &scope, &order)?;
        let facts = Facts::read(tx, county, &page.items)?;
        let ids: Vec<HouseholdId> = page.items.iter().map(|row| row.id).collect();
        let mut held = card::shown(tx, county, &ids)?;
        let all = page.items.len();
        let with_card = page.items.into_iter().filter_map(|row| Some((held.remove(&row.id)?.1, row)));
        let cards: Vec<Printed> = with_card.map(|(secret, row)| facts.card(row, secret).0).collect();
        Ok(Sheets { missing: all - cards.len(), cards, next: page.next })
    };
    app.db.read(In::County(county), work).await
}

/// What the cards of some households say, read once for all of them.
struct Facts {
    spans: HashMap<HouseholdId, Pairing>,
    providers: HashMap<HouseholdId, Provider>,
    villages: HashMap<DivisionId, Division>,
}

impl Facts {
    fn read(tx: &mut Tx<'_>, county: CountyId, rows: &[household::Household]) -> Result<Self, Stop> {
        let ids: Vec<HouseholdId> = rows.iter().map(|row| row.id).collect();
        let spans = pairing::current_of(tx, county, &ids)?;
        let providers = providers(tx, county, &spans)?;
        let villages: Vec<DivisionId> = rows.iter().map(|row| row.village_id).collect();
        Ok(Self { spans, providers, villages: Division::by_ids(tx, county, &villages)? })
    }

    /// A card's words and the pairing that they speak of.
    fn card(&self, row: household::Household, secret: String) -> (Printed, Option<PairingId>) {
        let village = self.villages.get(&row.village_id).map(|village| village.name.clone());
        let printed = Printed {
            household: row.id,
            head_name: row.head_name,
            village: village.unwrap_or_default(),
            provider: self.providers.get(&row.id).cloned(),
            secret,
        };
        (printed, self.spans.get(&row.id).map(|span| span.id))
    }
}

/// Makes what cards are missing and notes them all as printed.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn print(app: &App, visitor: &Visitor, order: Order) -> Result<Sheets, Stop> {
    let act = if visitor.may(Act::Write, Noun::Card) { Act::Write } else { Act::Read };
    let scope = visitor.scope(act, Noun::Card)?;
    let account = visitor.account;
    let work = move |tx: &mut Tx<'_>| note_printed(tx, &scope, account, &order);
    app.db.write(In::County(visitor.county), work).await
}

fn note_printed(
    tx: &mut Tx<'_>,
    scope: &Scope,
    account: Option<AccountId>,
    order: &Order,
) -> Result<Sheets, Stop> {
    let county = scope.county;
    let page = ordered(tx, scope, order)?;
    let facts = Facts::read(tx, county, &page.items)?;
    let mut cards = Vec::with_capacity(page.items.len());
    for row in page.items {
        let (card, secret) = card::for_household(tx, county, row.id)?;
        let (words, span) = facts.card(row, secret);
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
    Ok(Sheets { cards, missing: 0, next: page.next })
}

fn subject(order: &Order) -> Option<(&'static str, Vec<u8>)> {
    match order {
        Order::One(id) => Some((household::NOUN, id.bytes())),
        Order::Village(id, _) | Order::Reprint(Some(id), _) => Some(("division", id.bytes())),
        Order::Reprint(None, _) => None,
    }
}

fn ordered(tx: &mut Tx<'_>, scope: &Scope, order: &Order) -> Result<Page<household::Household>, Stop> {
    match order {
        Order::One(id) => Ok(Page { items: vec![household_list::one(tx, scope, *id)?], next: None }),
        Order::Village(place, window) => {
            let filter = Filter { place: Some(*place), active: Some(true), ..Filter::default() };
            household_list::by_village(tx, scope, &filter, false, window)
        }
        Order::Reprint(place, window) => {
            let filter = Filter { place: *place, ..Filter::default() };
            household_list::by_village(tx, scope, &filter, true, window)
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

/// A page of the cards to print again, at or below a place, village by village.
///
/// # Errors
/// `access.denied`, `page.cursor`.
pub async fn to_reprint(
    app: &App,
    visitor: &Visitor,
    place: Option<DivisionId>,
    window: Window,
) -> Result<Page<Waiting>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Card)?;
    let work = move |tx: &mut Tx<'_>| {
        let page = ordered(tx, &scope, &Order::Reprint(place, window.clone()))?;
        let places = division::lines(tx, scope.county, page.items.iter().map(|row| row.village_id))?;
        let mut facts = Facts::read(tx, scope.county, &page.items)?;
        Ok(page.map(|row| Waiting {
            household: row.id,
            place: places.get(&row.village_id).cloned().unwrap_or_default(),
            provider: facts.providers.remove(&row.id),
            head_name: row.head_name,
        }))
    };
    app.db.read(In::County(visitor.county), work).await
}

/// Villages with cards to print again, each with all above it and how many there are; in order of code.
///
/// # Errors
/// `access.denied`.
pub async fn villages(app: &App, visitor: &Visitor) -> Result<Vec<(Vec<Division>, usize)>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Card)?;
    let work = move |tx: &mut Tx<'_>| {
        let counts = card::to_reprint_by_village(tx, &scope)?;
        let mut places = division::lines(tx, scope.county, counts.iter().map(|(id, _)| *id))?;
        let named = |(id, count)| Some((places.remove(&id)?, usize::try_from(count).unwrap_or(0)));
        let mut all: Vec<(Vec<Division>, usize)> = counts.into_iter().filter_map(named).collect();
        all.sort_by(|(a, _), (b, _)| a.first().map(|one| &one.code).cmp(&b.first().map(|one| &one.code)));
        Ok(all)
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

/// How many cards of the visitor's households wait to be printed again.
///
/// # Errors
/// `access.denied`.
pub async fn waiting(app: &App, visitor: &Visitor) -> Result<u64, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Card)?;
    let work = move |tx: &mut Tx<'_>| Ok(card::count_to_reprint(tx, &scope)?.unsigned_abs());
    app.db.read(In::County(visitor.county), work).await
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
        let Some((card, secret)) = card::shown(tx, scope.county, &[id])?.remove(&id) else { return Ok(None) };
        let facts = Facts::read(tx, scope.county, std::slice::from_ref(&row))?;
        let (words, _) = facts.card(row, secret);
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
        note_printed(tx, &scope, account, &Order::One(id)).map(drop)
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
