//! Who acts, for the journal, and what every saved row leaves behind: an entry and a new write generation.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountId, CountyId, HouseholdId, Id};
use falin_store::household;
use falin_store::journal::Entry;
use serde_json::{Value, json};

use crate::Stop;

/// The hand behind an act.
#[derive(Clone, Copy)]
pub(crate) struct By {
    pub county: CountyId,
    pub account: Option<AccountId>,
}

impl By {
    pub fn of(visitor: &Visitor) -> Self {
        Self { county: visitor.county, account: visitor.account }
    }

    /// The hand of a visitor who may write `noun` anywhere in the county: people and houses belong to no one place.
    pub fn whole_county(visitor: &Visitor, noun: Noun) -> Result<Self, Refusal> {
        visitor.whole_scope(Act::Write, noun)?;
        Ok(Self::of(visitor))
    }

    /// Journals that a row of `noun` was saved and tells cached pages that it is another now.
    pub fn saved<T>(
        self,
        tx: &mut falin_store::Tx<'_>,
        event: Event,
        (noun, id): (&'static str, Id<T>),
        details: Value,
    ) -> Result<(), Stop> {
        self.entered(tx, event, Some((noun, id.bytes())), details)?;
        tx.bump(self.county, noun)
    }

    /// Journals that the sealed words of a row of `noun` were opened: as a reading of the household of which they speak,
    /// whose people see it, or of the row itself.
    pub fn read<T>(
        self,
        tx: &mut falin_store::Tx<'_>,
        (noun, id): (&'static str, Id<T>),
        home: Option<HouseholdId>,
    ) -> Result<(), Stop> {
        match home {
            Some(home) => {
                let subject = Some((household::NOUN, home.bytes()));
                self.entered(tx, Event::HouseholdRead, subject, json!({ noun: id }))
            }
            None => self.entered(tx, Event::RecordRead, Some((noun, id.bytes())), json!({})),
        }
    }

    /// The same of a list of rows that are open at once.
    pub fn read_many<T>(
        self,
        tx: &mut falin_store::Tx<'_>,
        noun: &'static str,
        ids: &[Id<T>],
    ) -> Result<(), Stop> {
        self.entered(tx, Event::RecordRead, None, json!({ noun: ids }))
    }

    fn entered(
        self,
        tx: &mut falin_store::Tx<'_>,
        event: Event,
        subject: Option<(&'static str, Vec<u8>)>,
        details: Value,
    ) -> Result<(), Stop> {
        let reason = if self.account.is_some() { Reason::Person } else { Reason::Operator };
        tx.record(Entry { county: self.county, account: self.account, event, reason, subject, details })
    }
}

/// Whether the visitor may see how many households each provider has.
pub(crate) fn sees_loads(visitor: &Visitor) -> bool {
    visitor.scope(Act::Read, Noun::Pairing).is_ok_and(|scope| !scope.only_mine && scope.places.is_none())
}
