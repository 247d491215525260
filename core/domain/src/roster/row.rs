//! Accepted rows: what each roster says of one firm, lawyer, household …, in parsed words.

use std::fmt;

use super::opening::Opening;
use super::providers::Hint;
use crate::directory::{Category, DivisionLevel, FirmKind, Gender, HouseholdKind, WorkerKind};
use crate::time::Date;
use crate::words::{DivisionCode, DivisionId, FirmId, IdPaper, LicenceNo, PersonName, Phone, Uscc, WorkerId};

/// Where a row stands in its file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Origin {
    /// Index of the sheet in the reading's sheets.
    pub sheet: usize,
    /// The sheet's own row number, from 1.
    pub row: u32,
}

/// One accepted row.
#[derive(Clone, PartialEq, Debug)]
pub enum Row {
    /// Of a divisions roster.
    Division(DivisionRow),
    /// Of a firms roster.
    Firm(FirmRow),
    /// Of a lawyers roster.
    Lawyer(LawyerRow),
    /// Of an advisers roster.
    Adviser(AdviserRow),
    /// Of a households roster.
    Household(HouseholdRow),
    /// Of a rooms roster.
    Room(RoomRow),
    /// Of a holidays roster.
    Holiday(HolidayRow),
}

/// A division and its level.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DivisionRow {
    /// Where it stands.
    pub origin: Origin,
    /// Its code.
    pub code: DivisionCode,
    /// Its official name.
    pub name: String,
    /// Its level.
    pub level: DivisionLevel,
}

/// A firm.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FirmRow {
    /// Where it stands.
    pub origin: Origin,
    /// Full name.
    pub name: String,
    /// Kind, by the name's ending.
    pub kind: FirmKind,
    /// Unified social credit code.
    pub uscc: Option<Uscc>,
    /// Address.
    pub address: Option<String>,
    /// Telephone numbers.
    pub phones: Vec<Phone>,
    /// The person in charge.
    pub principal: Option<PersonName>,
}

/// A legal worker.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LawyerRow {
    /// Where it stands.
    pub origin: Origin,
    /// Full name.
    pub name: PersonName,
    /// Practising licence number.
    pub licence: LicenceNo,
    /// Kind of worker.
    pub kind: WorkerKind,
    /// The firm as the roster names it.
    pub firm_name: Option<String>,
    /// That firm, where the county has it.
    pub firm: Option<FirmId>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Telephone numbers.
    pub phones: Vec<Phone>,
    /// Specialties in the roster's words.
    pub specialties: Vec<String>,
    /// Languages in the roster's words.
    pub languages: Vec<String>,
    /// Most households to be paired with.
    pub capacity: Option<u32>,
    /// First day of practice.
    pub practice_since: Option<Date>,
}

/// A village's legal adviser.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AdviserRow {
    /// Where it stands.
    pub origin: Origin,
    /// The village.
    pub village: DivisionId,
    /// The adviser.
    pub worker: WorkerId,
    /// First day of the term.
    pub from: Option<Date>,
    /// Last day of the term.
    pub to: Option<Date>,
    /// Office hours in the roster's words.
    pub hours: Option<String>,
}

/// A household. Debug shows no more than where it stands.
#[derive(Clone, PartialEq, Eq)]
pub struct HouseholdRow {
    /// Where it stands.
    pub origin: Origin,
    /// The village.
    pub village: DivisionId,
    /// The head's name.
    pub head: PersonName,
    /// The head's ID number.
    pub id_number: Option<IdPaper>,
    /// An old 15-digit number as 18 characters, for matching only.
    pub old_id_match: Option<String>,
    /// Telephone numbers.
    pub phones: Vec<Phone>,
    /// Categories, none for an ordinary household.
    pub categories: Vec<Category>,
    /// Since when they are granted, where the roster says so.
    pub category_from: Option<Date>,
    /// The last day of that.
    pub category_to: Option<Date>,
    /// Rural or urban: said by the importing person, else by the category cell, else by the village.
    pub kind: HouseholdKind,
    /// Address in the roster's words.
    pub address: Option<String>,
    /// The provider cell in the roster's words.
    pub provider_hint: Option<String>,
    /// Whom the provider cell names.
    pub providers: Vec<Hint>,
    /// Remark.
    pub note: Option<String>,
}

/// A mediation room.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoomRow {
    /// Where it stands.
    pub origin: Origin,
    /// Its name.
    pub name: String,
    /// The institution that runs it.
    pub institution: Option<String>,
    /// Its township; a county's own room has none.
    pub township: Option<DivisionId>,
    /// Address.
    pub address: Option<String>,
    /// People it holds.
    pub capacity: Option<u32>,
    /// Equipment in the roster's words, 无 left out.
    pub equipment: Vec<String>,
    /// Opening hours in the roster's words.
    pub hours: Option<String>,
    /// Opening hours, where they can be read.
    pub opening: Option<Vec<Opening>>,
}

/// A published holiday or make-up workday.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HolidayRow {
    /// Where it stands.
    pub origin: Origin,
    /// The day.
    pub date: Date,
    /// The holiday's name.
    pub name: String,
    /// Whether people work on it.
    pub workday: bool,
}

impl Row {
    /// Where the row stands in its file.
    pub fn origin(&self) -> Origin {
        match self {
            Self::Division(row) => row.origin,
            Self::Firm(row) => row.origin,
            Self::Lawyer(row) => row.origin,
            Self::Adviser(row) => row.origin,
            Self::Household(row) => row.origin,
            Self::Room(row) => row.origin,
            Self::Holiday(row) => row.origin,
        }
    }
}

impl fmt::Debug for HouseholdRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HouseholdRow").field("origin", &self.origin).finish_non_exhaustive()
    }
}
