//! One household as its page shows it: masked, with its history and readers; and everything in clear, with a reason.

use std::collections::HashMap;

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::directory::codes;
use falin_domain::journal::{Event, Reason};
use falin_domain::time::{Date, Instant};
use falin_domain::words::{AccountId, CountyId, HouseholdId, IdPaper, MemberId, PairingId};
use falin_store::db::In;
use falin_store::division::Division;
use falin_store::household::{self, Clear, DatedCategory, Household};
use falin_store::household_list;
use falin_store::journal::{self, Entry};
use falin_store::member::{self, Member};
use falin_store::pairing::{self, Pairing};
use falin_store::{Tx, account, card, plan};

use super::list::{Provider, mask_phone, provider};
use crate::{App, Stop};

codes! {
    /// Why somebody needs to see sealed fields; the journal keeps the code.
    RevealReason {
        /// To call the household.
        Contact = "contact",
        /// To visit it.
        Visit = "visit",
        /// To check who stands at the window.
        Identity = "identity",
        /// To correct a field.
        Correction = "correction",
        /// For a case in hand.
        Case = "case",
    }
}

/// One household as its page shows it.
#[derive(Clone)]
pub struct View {
    /// The household; sealed fields stay sealed.
    pub household: Household,
    /// Village first, the top last.
    pub place: Vec<Division>,
    /// Telephones, masked.
    pub phones: Vec<String>,
    /// ID number, masked.
    pub id_number: Option<String>,
    /// Whether an address is on file.
    pub has_address: bool,
    /// Whether a remark is on file.
    pub has_note: bool,
    /// Members beside the head, those of today first.
    pub members: Vec<MemberLine>,
    /// Categories with their dates, newest first.
    pub categories: Vec<DatedCategory>,
    /// Who looks after it.
    pub provider: Option<Provider>,
    /// Everybody who has looked after it, newest first.
    pub history: Vec<(Pairing, Option<Provider>)>,
    /// Why a person chose otherwise than a plan, by the pairing that the choice began.
    pub reasons: HashMap<PairingId, String>,
    /// Its valid contact card.
    pub card: Option<CardFacts>,
}

/// A member beside the head, with what is sealed masked.
#[derive(Clone)]
pub struct MemberLine {
    /// The member; the number stays sealed.
    pub member: Member,
    /// ID number, masked.
    pub id_number: Option<String>,
}

/// Everything sealed about a household, in clear.
#[derive(Clone)]
pub struct Revealed {
    /// The household itself.
    pub household: Clear,
    /// Its members, in the order of the view.
    pub members: Vec<(MemberId, member::Clear)>,
}

/// When a contact card was made and last printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CardFacts {
    /// When it was made.
    pub made: Instant,
    /// When it was last printed.
    pub printed: Option<Instant>,
}

/// Somebody who has read a household.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reader {
    /// The person's name; empty for the operator of the command line.
    pub name: String,
    /// When.
    pub at: Instant,
    /// Why, where sealed fields were revealed.
    pub reason: Option<RevealReason>,
}

/// One household; that it was opened is journalled within a second.
///
/// # Errors
/// `not_found` where it is not there or not in scope.
pub async fn one(app: &App, visitor: &Visitor, id: HouseholdId) -> Result<View, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Household)?;
    let inside = In::County(scope.county);
    let reading = scope.clone();
    let view = app.db.read(inside, move |tx| view(tx, &reading, id)).await?;
    let (county, account) = (scope.county, visitor.account);
    app.db.post(inside, move |tx| {
        tx.record(Entry {
            county,
            account,
            event: Event::HouseholdRead,
            reason: Reason::Person,
            subject: Some((household::NOUN, id.bytes())),
            details: serde_json::json!({}),
        })
    });
    Ok(view)
}

/// The household's row where the visitor may see it at all; nothing is opened and nothing journalled.
///
/// # Errors
/// `not_found` where it is not there or not in scope.
pub async fn seen(app: &App, visitor: &Visitor, id: HouseholdId) -> Result<Household, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Household)?;
    app.db.read(In::County(scope.county), move |tx| household_list::one(tx, &scope, id)).await
}

fn view(tx: &mut Tx<'_>, scope: &Scope, id: HouseholdId) -> Result<View, Stop> {
    let row = household_list::one(tx, scope, id)?;
    let clear = household::open(tx, &row)?;
    let mut history = Vec::new();
    let mut reasons = HashMap::new();
    for span in pairing::history(tx, scope.county, id)? {
        let row = span.plan_id.map(|plan| plan::row_of(tx, scope.county, plan, id)).transpose()?.flatten();
        if let Some(why) = row.filter(|row| row.pairing_id == span.id).and_then(|row| row.override_reason) {
            reasons.insert(span.id, why);
        }
        let provider = provider(tx, &span)?;
        history.push((span, provider));
    }
    let current = history.iter().find(|(span, _)| span.to_date.is_none());
    let card = card::valid(tx, scope.county, id)?;
    Ok(View {
        place: falin_store::division::line(tx, scope.county, row.village_id)?,
        phones: clear.phones.iter().map(|phone| mask_phone(phone)).collect(),
        id_number: clear.id_number.as_deref().map(mask_number),
        has_address: clear.address.is_some(),
        has_note: clear.note.is_some(),
        members: members(tx, &row)?,
        categories: household::categories(tx, &row)?,
        provider: current.and_then(|(_, provider)| provider.clone()),
        card: card.map(|card| CardFacts {
            made: Instant::from_millis(card.created_ms),
            printed: card.printed_ms.map(Instant::from_millis),
        }),
        household: row,
        history,
        reasons,
    })
}

fn members(tx: &mut Tx<'_>, row: &Household) -> Result<Vec<MemberLine>, Stop> {
    let found = member::of(tx, row.county_id, row.id)?;
    let masked = |member: Member| {
        let clear = member::open(tx, &member)?;
        Ok(MemberLine { member, id_number: clear.id_number.as_deref().map(mask_number) })
    };
    found.into_iter().map(masked).collect()
}

/// The document's kind and the ends of its number stay.
pub(super) fn mask_number(number: &str) -> String {
    IdPaper::kept(number).masked().as_str().to_owned()
}

/// Who looked after the household on a day.
///
/// # Errors
/// `not_found` where the household is not there or not in scope.
pub async fn on(app: &App, visitor: &Visitor, id: HouseholdId, day: Date) -> Result<Option<Provider>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Household)?;
    let work = move |tx: &mut Tx<'_>| {
        household_list::one(tx, &scope, id)?;
        match pairing::on(tx, scope.county, id, day)? {
            Some(span) => provider(tx, &span),
            None => Ok(None),
        }
    };
    app.db.read(In::County(visitor.county), work).await
}

/// The last ten readings of a household, newest first.
///
/// # Errors
/// `not_found` where the household is not there or not in scope.
pub async fn readers(app: &App, visitor: &Visitor, id: HouseholdId) -> Result<Vec<Reader>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Household)?;
    let work = move |tx: &mut Tx<'_>| {
        household_list::one(tx, &scope, id)?;
        let read = readings(tx, scope.county, id, 50)?;
        Ok(read.into_iter().take(10).map(|(_, reader)| reader).collect())
    };
    app.db.read(In::County(visitor.county), work).await
}

/// Who has read a household, newest first, with the account: those among its latest entries of the journal.
pub(super) fn readings(
    tx: &mut Tx<'_>,
    county: CountyId,
    id: HouseholdId,
    entries: i64,
) -> Result<Vec<(Option<AccountId>, Reader)>, Stop> {
    let filter = journal::Filter { subjects: Some(vec![id.bytes()]), ..journal::Filter::default() };
    let rows = journal::page(tx, county, &filter, None, entries)?;
    let reading = |row: &&journal::Row| {
        [Event::HouseholdRead.code(), Event::HouseholdRevealed.code()].contains(&row.event.as_str())
    };
    let mut names: HashMap<AccountId, String> = HashMap::new();
    let mut found = Vec::new();
    for row in rows.iter().filter(reading) {
        let by: Option<AccountId> = row.account_id.as_deref().map(falin_store::county::id).transpose()?;
        let name = match by {
            Some(id) if !names.contains_key(&id) => {
                let name = account::by_id(tx, id)?.map(|account| account.display_name).unwrap_or_default();
                names.entry(id).or_insert(name).clone()
            }
            Some(id) => names.get(&id).cloned().unwrap_or_default(),
            None => String::new(),
        };
        let details: serde_json::Value = serde_json::from_str(&row.details).unwrap_or_default();
        let reason = details["for"].as_str().and_then(RevealReason::from_code);
        found.push((by, Reader { name, at: Instant::from_millis(row.at_ms), reason }));
    }
    Ok(found)
}

/// Everything sealed about a household, in clear, after the journal has kept who asked and why.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn reveal(
    app: &App,
    visitor: &Visitor,
    id: HouseholdId,
    reason: RevealReason,
) -> Result<Revealed, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Sealed)?;
    let account = visitor.account;
    let work = move |tx: &mut Tx<'_>| {
        let row = household_list::one(tx, &scope, id)?;
        let household = household::open(tx, &row)?;
        let mut members = Vec::new();
        for one in member::of(tx, scope.county, id)? {
            members.push((one.id, member::open(tx, &one)?));
        }
        tx.record(Entry {
            county: scope.county,
            account,
            event: Event::HouseholdRevealed,
            reason: Reason::Person,
            subject: Some((household::NOUN, id.bytes())),
            details: serde_json::json!({ "for": reason.code() }),
        })?;
        Ok(Revealed { household, members })
    };
    app.db.write(In::County(visitor.county), work).await
}
