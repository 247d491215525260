//! Checking single cells: each field that several rosters share, with the finding that it may give.

use super::clean;
use super::column::Field;
use super::context::Context;
use super::finding::{FindingCode, Severity};
use super::places::Village;
use super::walk::Record;
use crate::time::Date;
use crate::words::{
    IdError, IdKind, IdNumber, IdPaper, LicenceNo, PersonName, Phone, PhoneError, is_scientific,
};
use crate::words::{half_width, old_15_to_18};

use super::sheet::Cell;

/// Excel shows 1.39123E+10 for what it then stores as 13912300000: so many zeros are no telephone number.
const ZEROS_OF_A_LOST_PHONE: f64 = 100_000.0;
const LEAST_MOBILE: f64 = 1e10;
/// More people or households than any provider or room takes is a slip of the pen.
const MOST: f64 = 100_000.0;

/// What is wrong with one row so far.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Faults(pub Vec<(Field, FindingCode)>);

impl Faults {
    /// Notes one fault.
    pub fn add(&mut self, field: Field, code: FindingCode) {
        self.0.push((field, code));
    }

    /// Whether the row has to be left out.
    pub fn refuse(&self) -> bool {
        self.0.iter().any(|(_, code)| code.severity() == Severity::Error)
    }
}

/// The name of a person; missing where nothing readable was typed.
pub fn person(record: &Record<'_>, field: Field, faults: &mut Faults) -> Option<PersonName> {
    let name = record.said(field).and_then(|text| PersonName::parse(&text).ok());
    if name.is_none() {
        faults.add(field, FindingCode::NameMissing);
    }
    name
}

/// The name of a thing: a firm, a room, a division.
pub fn title(record: &Record<'_>, field: Field, faults: &mut Faults) -> Option<String> {
    let name = record.said(field).map(|text| half_blank(&text));
    if name.is_none() {
        faults.add(field, FindingCode::NameMissing);
    }
    name
}

/// The telephone numbers in the phone cell; none is allowed.
pub fn phones(record: &Record<'_>, faults: &mut Faults) -> Vec<Phone> {
    let cell = record.cell(Field::Phone);
    let read = match cell {
        Cell::Number(number) | Cell::Date(number) if is_lost_phone(*number) => Err(PhoneError::PrecisionLost),
        Cell::Error(_) => Err(PhoneError::Shape),
        _ => match record.said(Field::Phone) {
            Some(text) => Phone::parse_list(&text),
            None => Ok(Vec::new()),
        },
    };
    read.unwrap_or_else(|error| {
        let code = match error {
            PhoneError::PrecisionLost => FindingCode::PhonePrecisionLost,
            PhoneError::Shape => FindingCode::PhoneInvalid,
        };
        faults.add(Field::Phone, code);
        Vec::new()
    })
}

fn is_lost_phone(number: f64) -> bool {
    number >= LEAST_MOBILE && number.rem_euclid(ZEROS_OF_A_LOST_PHONE) == 0.0
}

/// What an ID number cell says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct IdReading {
    /// A valid number of 18 characters, or another document with its number.
    pub number: Option<IdPaper>,
    /// An old number converted to 18 characters, for matching only.
    pub old: Option<String>,
}

impl IdReading {
    /// By what the person is known in other rows: the number, and that of a document which is no card also under
    /// another document's name, where the person's is the same.
    pub fn keys(&self, name: Option<&PersonName>) -> Vec<String> {
        let number = self.number.as_ref();
        let own = number.map(IdPaper::match_key).or_else(|| self.old.clone());
        own.into_iter()
            .chain(number.zip(name).and_then(|(number, name)| number.named_key(name.as_str())))
            .collect()
    }
}

/// The ID number in its cell; none is allowed, since soldiers and children may have none to show.
pub fn id_number(record: &Record<'_>, today: Date, faults: &mut Faults) -> IdReading {
    match id_cell(record, today) {
        Ok(reading) => {
            if reading.old.is_some() {
                faults.add(Field::IdNumber, FindingCode::IdOld15);
            }
            reading
        }
        Err(code) => {
            faults.add(Field::IdNumber, code);
            IdReading::default()
        }
    }
}

fn id_cell(record: &Record<'_>, today: Date) -> Result<IdReading, FindingCode> {
    let cell = record.cell(Field::IdNumber);
    if let Cell::Number(number) | Cell::Date(number) = cell
        && clean::lost_digits(*number)
    {
        return Err(FindingCode::IdPrecisionLost);
    }
    if let Cell::Error(_) = cell {
        return Err(FindingCode::IdChecksum);
    }
    let Some(text) = record.said(Field::IdNumber) else { return Ok(IdReading::default()) };
    if is_scientific(&text) {
        return Err(FindingCode::IdPrecisionLost);
    }
    // What no list of documents knows is some other document.
    let kind = record.said(Field::IdType).map(|text| IdKind::of_cell(&text).unwrap_or(IdKind::Other));
    let kind = kind.filter(|kind| *kind != IdKind::Resident);
    let digits = clean::squeeze(&text);
    if digits.len() == 15 && digits.bytes().all(|b| b.is_ascii_digit()) {
        let old = old_number(&digits, today);
        // Beside the name of another document so many digits are its number, where they are no old ID number.
        if old.is_ok() || kind.is_none() {
            return old;
        }
    }
    let read = match (IdPaper::parse(&text, today), kind) {
        (Err(_), Some(kind)) => IdPaper::parse(&format!("{}:{text}", kind.code()), today),
        (read, _) => read,
    };
    match read {
        Ok(number) => Ok(IdReading { number: Some(number), old: None }),
        Err(IdError::Date) => Err(FindingCode::IdDate),
        Err(IdError::Document) => Err(FindingCode::IdDocument),
        // …150000 as text: the number was already lost when the column was turned into text.
        Err(_) if digits.len() == 18 && digits.ends_with("000") => Err(FindingCode::IdPrecisionLost),
        Err(_) => Err(FindingCode::IdChecksum),
    }
}

fn old_number(digits: &str, today: Date) -> Result<IdReading, FindingCode> {
    let converted = old_15_to_18(digits).ok_or(FindingCode::IdDate)?;
    // The converted form is checked like any other, so that an impossible birth date does not pass as old.
    IdNumber::parse(&converted, today).map_err(|_| FindingCode::IdDate)?;
    Ok(IdReading { number: None, old: Some(converted) })
}

/// The village of a row by township and village cells.
pub fn village(record: &Record<'_>, context: &Context, faults: &mut Faults) -> Option<Village> {
    let found = context.places.village(&record.text(Field::Township), &record.text(Field::Village));
    if found.is_none() {
        faults.add(Field::Village, FindingCode::VillageUnknown);
    }
    found
}

/// A licence number; a number cell has already lost the last of its seventeen digits.
pub fn licence(record: &Record<'_>, faults: &mut Faults) -> Option<LicenceNo> {
    let lost =
        matches!(record.cell(Field::Licence), Cell::Number(n) | Cell::Date(n) if clean::lost_digits(*n));
    let read = record.said(Field::Licence).map(|text| LicenceNo::parse(&text));
    match read {
        None => None,
        Some(Ok(licence)) if !lost => Some(licence),
        Some(_) => {
            faults.add(Field::Licence, FindingCode::LicenceInvalid);
            None
        }
    }
}

/// A number of people or households, at least `least`; 117户 and 12人 are read.
pub fn capacity(record: &Record<'_>, least: u32, faults: &mut Faults) -> Option<u32> {
    let text = match record.cell(Field::Capacity) {
        Cell::Error(_) => "#".to_owned(),
        _ => record.said(Field::Capacity)?,
    };
    let plain = half_width(&text);
    let plain = plain.trim_end_matches(['户', '人', '名', '个', '位']).trim();
    let number = plain.parse::<f64>().ok().filter(|n| n.fract() == 0.0 && (0.0..=MOST).contains(n));
    let number = number.map(|n| n as u32).filter(|n| *n >= least);
    if number.is_none() {
        faults.add(Field::Capacity, FindingCode::CapacityInvalid);
    }
    number
}

/// Line breaks and runs of blanks inside a name as single spaces.
fn half_blank(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
