//! A resident's own household: what is kept of it, and who has read it (PIPL 44 and 45).

use falin_domain::access::Visitor;
use falin_domain::journal::{Event, Reason};
use falin_domain::words::{AccountId, CountyId};
use falin_store::db::In;
use falin_store::division::Division;
use falin_store::household::{self, Clear, DatedCategory, Household};
use falin_store::journal::Entry;
use falin_store::member::{self, Member};
use falin_store::{Tx, resident};

use super::list::mask_phone;
use super::view::{Reader, mask_number, readings};
use crate::{App, Stop};

/// Entries of the journal that are looked through for readings.
const LOOKED_THROUGH: i64 = 400;

/// What is kept of the household to which the visitor's account is tied. Of the numbers of ID cards only the visitor's
/// own. No Debug: it is in clear.
#[derive(Clone)]
pub struct Home {
    /// Village first, the top last.
    pub place: Vec<Division>,
    /// Head, telephones, address and remark; the ID number is the visitor's own, whoever heads the household.
    pub clear: Clear,
    /// Members beside the head, those of today first.
    pub members: Vec<Member>,
    /// Categories with their dates, newest first.
    pub categories: Vec<DatedCategory>,
    /// Who has read it, newest first; the visitor's own readings are left out.
    pub readings: Vec<Reader>,
}

impl Home {
    /// Telephones, masked.
    pub fn masked_phones(&self) -> Vec<String> {
        self.clear.phones.iter().map(|phone| mask_phone(phone)).collect()
    }

    /// The visitor's ID number, masked.
    pub fn masked_number(&self) -> Option<String> {
        self.clear.id_number.as_deref().map(mask_number)
    }
}

/// The visitor's own household; None for an account that is tied to none, to one that its person has left, or to one that
/// is only stored.
///
/// # Errors
/// The store's own.
pub async fn own(app: &App, visitor: &Visitor) -> Result<Option<Home>, Stop> {
    let (county, account) = (visitor.county, visitor.account);
    let look = move |tx: &mut Tx<'_>| match account {
        Some(me) => Ok(home(tx, county, me)?.map(|(_, home)| home)),
        None => Ok(None),
    };
    app.db.read(In::County(county), look).await
}

/// The same to take along, numbers in clear; that it was taken is journalled before it leaves the house.
///
/// # Errors
/// The store's own.
pub async fn copy(app: &App, visitor: &Visitor) -> Result<Option<Home>, Stop> {
    let (county, Some(me)) = (visitor.county, visitor.account) else { return Ok(None) };
    let inside = In::County(county);
    let Some((row, home)) = app.db.read(inside, move |tx| home(tx, county, me)).await? else {
        return Ok(None);
    };
    let note = move |tx: &mut Tx<'_>| {
        tx.record(Entry {
            county,
            account: Some(me),
            event: Event::HouseholdRevealed,
            reason: Reason::Person,
            subject: Some((household::NOUN, row.id.bytes())),
            details: serde_json::json!({ "for": "copy" }),
        })
    };
    app.db.write(inside, note).await?;
    Ok(Some(home))
}

fn home(tx: &mut Tx<'_>, county: CountyId, me: AccountId) -> Result<Option<(Household, Home)>, Stop> {
    let Some(tie) = resident::of_account(tx, county, me)? else { return Ok(None) };
    let row = Household::by_id(tx, county, tie.household_id)?;
    if row.restricted_ms.is_some() {
        return Ok(None);
    }
    let members = member::of(tx, county, row.id)?;
    let mut clear = household::open(tx, &row)?;
    if let Some(who) = tie.member_id {
        let today = tx.now.date();
        let Some(own) = members.iter().find(|one| one.id == who && one.belongs(today)) else {
            return Ok(None);
        };
        clear.id_number = member::open(tx, own)?.id_number;
    }
    let read = readings(tx, county, row.id, LOOKED_THROUGH)?;
    let home = Home {
        place: falin_store::division::line(tx, county, row.village_id)?,
        clear,
        members,
        categories: household::categories(tx, &row)?,
        readings: read.into_iter().filter(|(by, _)| *by != Some(me)).map(|(_, reader)| reader).collect(),
    };
    Ok(Some((row, home)))
}
