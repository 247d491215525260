//! Codes of administrative divisions (GB/T 2260, GB/T 10114, the statistical twelve digits).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::width::{clean_code, is_digits};

/// Six digits for province, city and county, nine for a township, twelve for a village.
///
/// Trailing blocks of `000` are dropped, so `620201100000` and `620201100` are one code. A code is an attribute
/// of a division, never its key: levels may be missing (Jiayuguan and Dongguan have no counties).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub struct DivisionCode(String);

/// The text is not six, nine or twelve digits of a division.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DivisionError;

/// What a code's length and zeros say about the division's level.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// `620000`
    Province,
    /// `620200`
    City,
    /// `620201`
    County,
    /// `620201100`
    Township,
    /// `620201100201`
    Village,
}

impl DivisionError {
    /// The finding's code.
    pub const fn code(self) -> &'static str {
        "division.invalid"
    }
}

impl DivisionCode {
    /// Reads a code as typed: full width, blanks and a leading apostrophe are repaired.
    ///
    /// # Errors
    /// [`DivisionError`].
    pub fn parse(text: &str) -> Result<Self, DivisionError> {
        let mut text = clean_code(text);
        let sized = [6, 9, 12].iter().any(|len| is_digits(&text, *len));
        if !sized || text.starts_with('0') {
            return Err(DivisionError);
        }
        while text.len() > 6 && text.ends_with("000") {
            text.truncate(text.len() - 3);
        }
        Ok(Self(text))
    }

    /// The six, nine or twelve digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The code above by trimming; None for a province. It may name a level that does not exist.
    pub fn parent(&self) -> Option<Self> {
        let text = &self.0;
        let above = match self.level() {
            Level::Province => return None,
            Level::City => format!("{}0000", &text[..2]),
            Level::County => format!("{}00", &text[..4]),
            Level::Township => text[..6].to_owned(),
            Level::Village => text[..9].to_owned(),
        };
        Some(Self(above))
    }

    /// The level by length and zeros.
    pub fn level(&self) -> Level {
        match self.0.len() {
            12 => Level::Village,
            9 => Level::Township,
            _ if self.0.ends_with("0000") => Level::Province,
            _ if self.0.ends_with("00") => Level::City,
            _ => Level::County,
        }
    }

    /// Whether the last block is 200–399: a village committee (村委会), so rural households.
    pub fn is_rural_village(&self) -> bool {
        self.block().is_some_and(|block| (200..=399).contains(&block))
    }

    /// Whether the last block is 001–199: a residents' committee (居委会), so urban households.
    pub fn is_urban_community(&self) -> bool {
        self.block().is_some_and(|block| (1..=199).contains(&block))
    }

    fn block(&self) -> Option<u16> {
        self.0.get(9..12)?.parse().ok()
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for DivisionCode {
    type Err = DivisionError;
    fn from_str(text: &str) -> Result<Self, DivisionError> {
        Self::parse(text)
    }
}

impl<'de> Deserialize<'de> for DivisionCode {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).map_err(|_| serde::de::Error::custom("not a division code"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn chain(text: &str) -> Vec<String> {
        let first = DivisionCode::parse(text).unwrap();
        std::iter::successors(Some(first), DivisionCode::parent).map(|code| code.to_string()).collect()
    }

    #[test]
    fn parents_come_by_trimming() {
        assert_eq!(chain("620201100201"), ["620201100201", "620201100", "620201", "620200", "620000"]);
        assert_eq!(chain("441900003"), ["441900003", "441900", "440000"]);
        assert_eq!(chain("620201100000"), ["620201100", "620201", "620200", "620000"]);
    }

    #[test]
    fn levels_follow_length_and_zeros() {
        let levels: Vec<Level> =
            chain("620201100201").iter().map(|c| DivisionCode::parse(c).unwrap().level()).collect();
        use Level::*;
        assert_eq!(levels, [Village, Township, County, City, Province]);
    }

    #[test]
    fn the_last_block_tells_village_from_community() {
        let rural = DivisionCode::parse("620201100201").unwrap();
        let urban = DivisionCode::parse("620201001003").unwrap();
        let town = DivisionCode::parse("620201100").unwrap();
        assert_eq!((rural.is_rural_village(), rural.is_urban_community()), (true, false));
        assert_eq!((urban.is_rural_village(), urban.is_urban_community()), (false, true));
        assert_eq!((town.is_rural_village(), town.is_urban_community()), (false, false));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["62", "6202", "62020110020", "62020A", "", "000000"] {
            assert_eq!(DivisionCode::parse(text), Err(DivisionError), "{text}");
        }
    }
}
