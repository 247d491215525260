//! Unified social credit codes of firms and organs (GB 32100-2015).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::width::clean_code;

/// The 31 characters in the order of their values; I, O, S, V and Z are not used.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const BODY_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// An 18-character code whose shape and check characters hold.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub struct Uscc(String);

/// Why a text is no unified social credit code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UsccError {
    /// Not eighteen characters of the alphabet with an area of six digits.
    Shape,
    /// The eighteenth character, or the ninth of the organisation's own code, does not follow from the others.
    Checksum,
}

impl UsccError {
    /// The finding's code.
    pub const fn code(self) -> &'static str {
        "uscc.invalid"
    }
}

impl Uscc {
    /// Reads a code as typed: full width, blanks and small letters are repaired.
    ///
    /// # Errors
    /// [`UsccError`].
    pub fn parse(text: &str) -> Result<Self, UsccError> {
        let text = clean_code(text);
        let values: Vec<u32> = text.bytes().filter_map(value_of).collect();
        let area_holds = text.get(2..8).is_some_and(|area| area.bytes().all(|b| b.is_ascii_digit()));
        if text.len() != 18 || values.len() != 18 || !area_holds {
            return Err(UsccError::Shape);
        }
        let own_check = text.starts_with(NO_OWN_CHECK) || organisation_holds(&text.as_bytes()[8..17]);
        if check_of(&values[..17]) != values[17] || !own_check {
            return Err(UsccError::Checksum);
        }
        Ok(Self(text))
    }

    /// The eighteen characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Registering department and kind: `31` law firm, `32` notary office, `33` basic-level legal service office.
    pub fn prefix(&self) -> &str {
        &self.0[..2]
    }
}

/// Individual businesses never had an organisation code, so characters 9–17 carry no check of their own.
const NO_OWN_CHECK: &str = "92";

fn value_of(byte: u8) -> Option<u32> {
    ALPHABET.iter().position(|known| *known == byte).and_then(|at| u32::try_from(at).ok())
}

/// Weights are the powers of 3 modulo 31.
fn check_of(values: &[u32]) -> u32 {
    let weighted = values.iter().scan(1, |weight, value| {
        let term = value * *weight;
        *weight = *weight * 3 % 31;
        Some(term)
    });
    (31 - weighted.sum::<u32>() % 31) % 31
}

/// GB 11714: eight characters, here with letters counted on from 10, and a check digit or X.
fn organisation_holds(code: &[u8]) -> bool {
    let value = |byte: u8| if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' + 10 };
    let sum: u32 = code.iter().zip(BODY_WEIGHTS).map(|(byte, weight)| u32::from(value(*byte)) * weight).sum();
    let check = match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + u8::try_from(digit).unwrap_or(0),
    };
    code.get(8) == Some(&check)
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Uscc {
    type Err = UsccError;
    fn from_str(text: &str) -> Result<Self, UsccError> {
        Self::parse(text)
    }
}

impl<'de> Deserialize<'de> for Uscc {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).map_err(|_| serde::de::Error::custom("not a unified social credit code"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    const VALID: [&str; 7] = [
        "31620000MD00000167",
        "33620200MD00000246",
        "12620200739600012P",
        "11620200013960019X",
        "91620200MA00000152",
        "N2620201MH0000010Y",
        "91350100M000100Y43",
    ];

    #[test]
    fn published_and_made_codes_hold() {
        for code in VALID {
            assert_eq!(Uscc::parse(code).unwrap().as_str(), code);
            assert_eq!(Uscc::parse(&format!(" {} ", code.to_lowercase())).unwrap().as_str(), code);
        }
        assert_eq!(Uscc::parse("31620000MD00000167").unwrap().prefix(), "31");
    }

    #[test]
    fn forbidden_letters_and_short_codes_are_shapes() {
        for code in ["31620000MDO0000167", "3162000IMD00000167", "31620000MD0000016", ""] {
            assert_eq!(Uscc::parse(code), Err(UsccError::Shape), "{code}");
        }
    }

    #[test]
    fn the_organisation_code_has_a_check_of_its_own() {
        let body: Vec<u32> = "31620000MD0000017".bytes().filter_map(value_of).collect();
        let last = char::from(ALPHABET[check_of(&body) as usize]);
        assert_eq!(Uscc::parse(&format!("31620000MD0000017{last}")), Err(UsccError::Checksum));
    }

    proptest! {
        #[test]
        fn any_changed_character_is_refused(code in 0..VALID.len(), at in 0usize..18, to in 0usize..31) {
            let mut bytes = VALID[code].as_bytes().to_vec();
            prop_assume!(bytes[at] != ALPHABET[to]);
            bytes[at] = ALPHABET[to];
            prop_assert!(Uscc::parse(&String::from_utf8(bytes).unwrap()).is_err());
        }
    }
}
