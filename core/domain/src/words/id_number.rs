//! Identity numbers of citizens and of foreign permanent residents (GB 11643), never shown by accident.

use std::fmt;

use super::width::{clean_code, is_digits};
use crate::time::Date;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

/// The provinces (GB/T 2260) that a foreign permanent resident's number may name after its 9.
const PROVINCES: [&str; 31] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42",
    "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65",
];

/// An 18-character number whose shape, check character (ISO 7064 MOD 11-2) and birth date hold.
///
/// Neither `Serialize` nor `Display`: whoever needs the digits asks for them with [`IdNumber::as_str`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdNumber {
    text: String,
    birth: Date,
}

/// Why a text is no identity number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IdError {
    /// The last character does not follow from the others.
    Checksum,
    /// The birth date does not exist or lies in the future.
    Date,
    /// Not 17 digits and a digit or X, or a foreign number without a province.
    Shape,
}

impl IdError {
    /// The finding's code; a wrong shape is told as a wrong number.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Checksum | Self::Shape => "id.checksum",
            Self::Date => "id.date",
        }
    }
}

impl IdNumber {
    /// Reads a number as typed: full width, blanks, a leading apostrophe and a small x are repaired.
    ///
    /// Areas are those of first registration and may be abolished, so an unknown one is no error. The numbers
    /// that foreign permanent residents have since 2023-12-01 start with 9, then province and nationality.
    ///
    /// # Errors
    /// [`IdError`]; an old 15-digit number is `Shape` (see [`old_15_to_18`]).
    pub fn parse(text: &str, today: Date) -> Result<Self, IdError> {
        let text = clean_code(text);
        let (Some(body), Some(last)) = (text.get(..17), text.get(17..)) else { return Err(IdError::Shape) };
        if !is_digits(body, 17) || !(is_digits(last, 1) || last == "X") || !province_holds(body) {
            return Err(IdError::Shape);
        }
        if char::from(check_of(body)).to_string() != last {
            return Err(IdError::Checksum);
        }
        let birth = birth_of(&body[6..14]).filter(|day| *day <= today).ok_or(IdError::Date)?;
        Ok(Self { text, birth })
    }

    /// The eighteen characters.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The date of birth that the number states; never overwrite an entered one with it.
    pub fn birth(&self) -> Date {
        self.birth
    }

    /// Whether the sequence number is odd, which GB 11643 gives to males.
    pub fn is_male(&self) -> bool {
        self.text.as_bytes()[16] % 2 == 1
    }

    /// The last four characters, for search by tail.
    pub fn tail4(&self) -> &str {
        &self.text[14..]
    }

    /// `620201********0012`: the birth date hidden.
    pub fn masked(&self) -> String {
        format!("{}********{}", &self.text[..6], self.tail4())
    }
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdNumber(***)")
    }
}

/// The 18-character form that an old 15-digit number has for matching; None where it is no such number.
///
/// The result is for comparing only: numbers of that form were withdrawn in 2013 (居民身份证法 23).
pub fn old_15_to_18(text: &str) -> Option<String> {
    let text = clean_code(text);
    if !is_digits(&text, 15) {
        return None;
    }
    let body = format!("{}19{}", &text[..6], &text[6..]);
    birth_of(&body[6..14])?;
    let check = char::from(check_of(&body));
    Some(format!("{body}{check}"))
}

fn province_holds(body: &str) -> bool {
    !body.starts_with('9') || PROVINCES.contains(&&body[1..3])
}

fn check_of(body: &str) -> u8 {
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    CHECKS[(sum % 11) as usize]
}

/// YYYYMMDD; years before 1800 are typing errors, not ages.
fn birth_of(digits: &str) -> Option<Date> {
    let year = digits[..4].parse().ok().filter(|year| *year >= 1800)?;
    Date::new(year, digits[4..6].parse().ok()?, digits[6..].parse().ok()?)
}
