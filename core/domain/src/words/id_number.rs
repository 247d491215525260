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
    /// Another document is named, and this is no number of such a one.
    Document,
}

impl IdError {
    /// The finding's code; a wrong shape is told as a wrong number.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Checksum | Self::Shape => "id.checksum",
            Self::Date => "id.date",
            Self::Document => "id.document",
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn today() -> Date {
        "2026-11-21".parse().unwrap()
    }

    fn parse(text: &str) -> Result<IdNumber, IdError> {
        IdNumber::parse(text, today())
    }

    #[test]
    fn valid_numbers_tell_birth_and_sex() {
        let cases = [
            ("620201198505150012", "1985-05-15", true),
            ("620201194910010023", "1949-10-01", false),
            ("131126197202290036", "1972-02-29", true),
            ("62020119900101007X", "1990-01-01", true),
            ("810000199001010019", "1990-01-01", true),
            ("830000198812121248", "1988-12-12", false),
            ("962840199001012232", "1990-01-01", true),
            ("11010519491231002X", "1949-12-31", false),
            ("110101190001010014", "1900-01-01", true),
        ];
        for (text, birth, male) in cases {
            let number = parse(text).unwrap();
            let told = (number.as_str(), number.birth().to_string(), number.is_male());
            assert_eq!(told, (text, birth.to_owned(), male));
        }
    }

    #[test]
    fn faults_are_told_apart() {
        assert_eq!(parse("62020119850515001X"), Err(IdError::Checksum));
        assert_eq!(parse("620201198502300011"), Err(IdError::Date));
        assert_eq!(parse("131126197002290031"), Err(IdError::Date));
        assert_eq!(parse("110101202611220014"), Err(IdError::Date));
        assert_eq!(parse("999840199001012234"), Err(IdError::Shape));
        for text in
            ["620201850515001", "6.20201E+17", "62020119850515001", "", "无", "62020119850515００1", "六二"]
        {
            assert_eq!(parse(text), Err(IdError::Shape), "{text}");
        }
    }

    #[test]
    fn a_birth_today_is_a_birth() {
        let tomorrow: Date = "2026-11-22".parse().unwrap();
        assert!(IdNumber::parse("110101202611220014", tomorrow).is_ok());
    }

    #[test]
    fn typing_is_repaired() {
        for text in
            ["６２０２０１１９８５０５１５００１２", "620201 19850515 0012", "'620201198505150012\u{A0}"]
        {
            assert_eq!(parse(text).unwrap().as_str(), "620201198505150012");
        }
        assert_eq!(parse("62020119900101007x ").unwrap().as_str(), "62020119900101007X");
    }

    #[test]
    fn an_abolished_area_is_no_fault() {
        let body = "09999919850515001";
        let text = format!("{body}{}", char::from(check_of(body)));
        assert!(parse(&text).is_ok());
    }

    #[test]
    fn old_numbers_have_a_match_form() {
        assert_eq!(old_15_to_18("620201850515001").as_deref(), Some("620201198505150012"));
        assert_eq!(old_15_to_18("'６２０２０１８５０５１５００１ ").as_deref(), Some("620201198505150012"));
        assert_eq!(old_15_to_18("620201850230001"), None);
        assert_eq!(old_15_to_18("620201198505150012"), None);
    }

    #[test]
    fn nothing_shows_the_number_by_accident() {
        let number = parse("620201198505150012").unwrap();
        assert_eq!(format!("{number:?}"), "IdNumber(***)");
        assert_eq!((number.masked().as_str(), number.tail4()), ("620201********0012", "0012"));
    }

    /// Fails to compile once `IdNumber` is `Serialize`: both rows would then fit and `_` be ambiguous.
    #[test]
    fn the_number_is_not_serialisable() {
        trait Plain<Row> {
            fn holds() {}
        }
        struct Serialisable;
        impl<T: ?Sized> Plain<()> for T {}
        impl<T: ?Sized + serde::Serialize> Plain<Serialisable> for T {}
        <IdNumber as Plain<_>>::holds();
    }

    proptest! {
        #[test]
        fn one_wrong_check_character_is_refused(area in 100_000u32..900_000, days in 0i64..40_000, seq in 0u16..1000,
                                                wrong in 0usize..11) {
            let birth = Date::new(1900, 1, 1).unwrap().plus_days(days).to_string().replace('-', "");
            let body = format!("{area}{birth}{seq:03}");
            let right = format!("{body}{}", char::from(check_of(&body)));
            prop_assert!(parse(&right).is_ok());
            let other = format!("{body}{}", char::from(CHECKS[wrong]));
            prop_assert_eq!(parse(&other).is_ok(), other == right);
        }

        #[test]
        fn any_one_wrong_digit_is_refused(at in 0usize..17, to in 0u8..10) {
            let mut bytes = b"620201198505150012".to_vec();
            prop_assume!(bytes[at] != b'0' + to);
            bytes[at] = b'0' + to;
            prop_assert!(parse(&String::from_utf8(bytes).unwrap()).is_err());
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,24}") {
            let _ = (parse(&text), old_15_to_18(&text));
        }
    }
}
