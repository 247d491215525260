//! Practice licence numbers of lawyers and other legal workers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::width::{clean_code, is_digits};

/// Seventeen digits, or the twelve of licences issued before the 2009 numbering.
///
/// Only the length is binding: what the digits say of place, year, category and gender is unconfirmed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub struct LicenceNo(String);

/// The text is neither seventeen nor twelve digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LicenceError;

impl LicenceError {
    /// The finding's code.
    pub const fn code(self) -> &'static str {
        "licence.invalid"
    }
}

impl LicenceNo {
    /// Reads a number as typed: full width, blanks and a leading apostrophe are repaired.
    ///
    /// # Errors
    /// [`LicenceError`].
    pub fn parse(text: &str) -> Result<Self, LicenceError> {
        let text = clean_code(text);
        if is_digits(&text, 17) || is_digits(&text, 12) { Ok(Self(text)) } else { Err(LicenceError) }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is an old number of twelve digits, worth a look by the clerk.
    pub fn is_old(&self) -> bool {
        self.0.len() == 12
    }

    /// The year of first practice that a seventeen-digit number states, where it can be one.
    pub fn practice_year(&self) -> Option<i16> {
        let year = self.0.get(5..9).filter(|_| !self.is_old())?.parse().ok()?;
        (1979..=2200).contains(&year).then_some(year)
    }
}

impl fmt::Display for LicenceNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for LicenceNo {
    type Err = LicenceError;
    fn from_str(text: &str) -> Result<Self, LicenceError> {
        Self::parse(text)
    }
}

impl<'de> Deserialize<'de> for LicenceNo {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).map_err(|_| serde::de::Error::custom("not a licence number"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn seventeen_digits_hold_however_they_are_spaced() {
        let plain = LicenceNo::parse("16202201510123456").unwrap();
        assert_eq!(LicenceNo::parse("1 6202 2015 10 123456").unwrap(), plain);
        assert_eq!(LicenceNo::parse("'１６２０２２０１５１０１２３４５６").unwrap(), plain);
        assert_eq!((plain.is_old(), plain.practice_year()), (false, Some(2015)));
    }

    #[test]
    fn twelve_digits_are_old_and_the_rest_is_refused() {
        let old = LicenceNo::parse("280199510123").unwrap();
        assert_eq!((old.is_old(), old.practice_year()), (true, None));
        for text in ["1620220151012345", "162022015101234567", "1620220151012345X", ""] {
            assert_eq!(LicenceNo::parse(text), Err(LicenceError), "{text}");
        }
    }
}
