//! The document by which somebody shows who they are: the resident ID card, or what those have who have none.

use std::fmt;

use super::id_number::{IdError, IdNumber};
use super::width::{clean_code, is_digits};
use crate::time::Date;

/// Kinds of document.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum IdKind {
    /// 居民身份证.
    Resident,
    /// 港澳居民居住证.
    HkMacauHome,
    /// 台湾居民居住证.
    TaiwanHome,
    /// 外国人永久居留身份证, of 2023 and before.
    Permanent,
    /// 护照.
    Passport,
    /// 港澳居民来往内地通行证.
    HkMacau,
    /// 台湾居民来往大陆通行证.
    Taiwan,
    /// 军官证.
    Officer,
    /// 士兵证.
    Soldier,
    /// Whatever else somebody showed.
    Other,
}

/// Kind, code, name in Chinese and English, and how else people write it: capitals, no blanks.
type Named = (IdKind, &'static str, &'static str, &'static str, &'static [&'static str]);
static KINDS: [Named; 10] = [
    (IdKind::Resident, "resident", "居民身份证", "Resident ID card", &["身份证", "RESIDENTID"]),
    (
        IdKind::HkMacauHome,
        "hk_macau_home",
        "港澳居民居住证",
        "Residence permit of a Hong Kong or Macau resident",
        &["港澳居住证", "港澳台居民居住证", "港澳台居住证"],
    ),
    (
        IdKind::TaiwanHome,
        "taiwan_home",
        "台湾居民居住证",
        "Residence permit of a Taiwan resident",
        &["台湾居住证", "台胞居住证"],
    ),
    (
        IdKind::Permanent,
        "permanent",
        "外国人永久居留身份证",
        "Permanent residence card",
        &["外国人永久居留证", "永久居留身份证", "永久居留证", "永居证"],
    ),
    (IdKind::Passport, "passport", "护照", "Passport", &["中国护照", "外国护照", "普通护照"]),
    (
        IdKind::HkMacau,
        "hk_macau",
        "港澳居民来往内地通行证",
        "Mainland travel permit of a Hong Kong or Macau resident",
        &["港澳居民通行证", "港澳通行证", "回乡证"],
    ),
    (
        IdKind::Taiwan,
        "taiwan",
        "台湾居民来往大陆通行证",
        "Mainland travel permit of a Taiwan resident",
        &["台湾居民通行证", "台湾通行证", "台胞证"],
    ),
    (IdKind::Officer, "officer", "军官证", "Officer's card", &["警官证", "文职干部证"]),
    (IdKind::Soldier, "soldier", "士兵证", "Soldier's card", &["军士证", "义务兵证"]),
    (IdKind::Other, "other", "其他证件", "Other document", &["其他", "其它证件", "其它", "OTHER"]),
];
/// In this order a number without a word is taken for that of a document, for look-ups alone.
const BY_SHAPE: [IdKind; 4] = [IdKind::HkMacau, IdKind::Permanent, IdKind::Officer, IdKind::Passport];

impl IdKind {
    fn named(self) -> &'static Named {
        KINDS.iter().find(|one| one.0 == self).unwrap_or(&KINDS[KINDS.len() - 1])
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        self.named().1
    }

    /// Its name.
    pub fn name(self, english: bool) -> &'static str {
        let (_, _, zh, en, _) = self.named();
        if english { en } else { zh }
    }

    /// The kind that a cell names, as `护照` or `居民身份证(户口簿)`.
    pub fn of_cell(text: &str) -> Option<Self> {
        first_word(&clean_code(text)).map(|(kind, _)| kind)
    }

    /// The number as such a document bears it; None where it cannot be one. Without the parts that change with a
    /// renewal, so that the same person is found again.
    fn number(self, text: &str) -> Option<String> {
        let latin = |text: &str, least: usize, most: usize| {
            (least..=most).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric())
                && text.bytes().any(|b| b.is_ascii_digit())
        };
        let figures = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        match self {
            Self::Resident | Self::HkMacauHome | Self::TaiwanHome => None,
            Self::Passport => latin(text, 5, 14).then(|| text.to_owned()),
            // The last two of the long form count the renewals.
            Self::HkMacau => {
                let rest = text.strip_prefix(['H', 'M'])?;
                (matches!(rest.len(), 8 | 10) && figures(rest)).then(|| text[..9].to_owned())
            }
            Self::Taiwan => {
                let rest = text.trim_end_matches(')');
                let (digits, by) = rest.split_once('(').unwrap_or((rest, ""));
                let whole = is_digits(digits, 8) || is_digits(digits, 10);
                (whole && by.len() <= 1).then(|| digits.to_owned())
            }
            // Nationality, place, day of birth with a year of two digits: that tells nobody's age for sure.
            Self::Permanent => {
                let front = text.get(..3)?;
                let whole = front.bytes().all(|b| b.is_ascii_uppercase()) && is_digits(&text[3..], 12);
                whole.then(|| text.to_owned())
            }
            Self::Officer | Self::Soldier => {
                let bare: String = text.chars().filter(|c| !"字第号码()".contains(*c)).collect();
                let digits = bare.chars().filter(char::is_ascii_digit).count();
                let whole =
                    digits >= 4 && bare.chars().count() <= 16 && bare.chars().all(char::is_alphanumeric);
                whole.then_some(bare)
            }
            Self::Other => {
                let allowed = |c: char| c.is_alphanumeric() || "()-/.".contains(c);
                let whole = (2..=40).contains(&text.chars().count()) && text.chars().all(allowed);
                (whole && text.chars().any(|c| c.is_ascii_digit())).then(|| text.to_owned())
            }
        }
    }
}

/// The longest name of a kind with which a cleaned text begins, and what follows it.
fn first_word(text: &str) -> Option<(IdKind, &str)> {
    let mut best: Option<(IdKind, usize)> = None;
    for (kind, code, zh, en, more) in &KINDS {
        let own = [*code, *zh, *en].into_iter().chain(more.iter().copied());
        for word in own.map(clean_code) {
            if text.starts_with(&word) && best.is_none_or(|(_, length)| word.len() > length) {
                best = Some((*kind, word.len()));
            }
        }
    }
    best.map(|(kind, length)| (kind, text[length..].trim_start_matches([':', '-', ',', '号', '码'])))
}

/// A document with its number. Kept as the eighteen characters where it bears such, else as `passport:E12345678`.
///
/// Neither `Serialize` nor `Display`, as [`IdNumber`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdPaper(String);

impl IdPaper {
    /// How a program writes it.
    pub const WRITTEN: &'static str = "An ID number of 18 characters, or a document and its number as passport:E12345678; \
        documents: permanent, passport, hk_macau, taiwan, officer, soldier, other";

    /// Reads what was typed: eighteen characters alone, or the document and its number, as `护照 E12345678`,
    /// `Passport E12345678` or `passport:E12345678`.
    ///
    /// # Errors
    /// [`IdError`]; a text that names no document is told as an ID number that is wrong.
    pub fn parse(text: &str, today: Date) -> Result<Self, IdError> {
        let own = |number: IdNumber| Self(number.as_str().to_owned());
        let wrong = match IdNumber::parse(text, today) {
            Ok(number) => return Ok(own(number)),
            Err(wrong) => wrong,
        };
        let text = clean_code(text);
        let Some((kind, number)) = first_word(&text) else { return Err(wrong) };
        if matches!(kind, IdKind::Resident | IdKind::HkMacauHome | IdKind::TaiwanHome)
            || (kind == IdKind::Permanent && number.len() == 18)
        {
            return IdNumber::parse(number, today).map(own);
        }
        let number = kind.number(number).ok_or(IdError::Document)?;
        Ok(Self(format!("{}:{number}", kind.code())))
    }

    /// The same for look-ups, where a number that holds letters needs no document's name.
    pub fn looked_for(text: &str, today: Date) -> Option<Self> {
        let bare = || {
            let text = clean_code(text);
            if text.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            BY_SHAPE.iter().find_map(|kind| Some(Self(format!("{}:{}", kind.code(), kind.number(&text)?))))
        };
        Self::parse(text, today).ok().or_else(bare)
    }

    /// A document as it is kept; numbers of fifteen digits, which are kept for matching, are those of ID cards.
    pub fn kept(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// As it is kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The kind that is written before the number, and the number.
    fn named(&self) -> Option<(IdKind, &str)> {
        let (code, number) = self.0.split_once(':')?;
        KINDS.iter().find(|one| one.1 == code).map(|one| (one.0, number))
    }

    /// What document it is: one of eighteen characters says so by its first digits.
    pub fn kind(&self) -> IdKind {
        match (self.named(), self.0.get(..2)) {
            (Some((kind, _)), _) => kind,
            (None, Some("81" | "82")) => IdKind::HkMacauHome,
            (None, Some("83")) => IdKind::TaiwanHome,
            (None, Some(front)) if front.starts_with('9') => IdKind::Permanent,
            _ => IdKind::Resident,
        }
    }

    /// The number alone.
    pub fn number(&self) -> &str {
        self.named().map_or(&self.0, |(_, number)| number)
    }

    /// As it is told to people: the document's name before a number that is no one of eighteen characters.
    pub fn told(&self, english: bool) -> String {
        match self.named() {
            Some((kind, number)) => format!("{} {number}", kind.name(english)),
            None => self.0.clone(),
        }
    }

    /// The same with the middle of the number hidden: enough to compare with a card, too little to use.
    pub fn masked(&self) -> Self {
        let number = self.number();
        let count = number.chars().count();
        let (first, last) = if count < 15 { (2, 2) } else { (6, 4) };
        let hidden: String = number
            .chars()
            .enumerate()
            .map(|(i, c)| if i < first || i + last >= count { c } else { '*' })
            .collect();
        let kind = &self.0[..self.0.len() - number.len()];
        Self(format!("{kind}{hidden}"))
    }
}

impl fmt::Debug for IdPaper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdPaper(***)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn today() -> Date {
        "2026-11-21".parse().unwrap()
    }

    fn kept(text: &str) -> Result<String, IdError> {
        IdPaper::parse(text, today()).map(|paper| paper.as_str().to_owned())
    }

    #[test]
    fn documents_are_read_however_they_are_written() {
        let cases = [
            ("620201198505150012", "620201198505150012"),
            ("居民身份证 620201198505150012", "620201198505150012"),
            ("港澳台居民居住证：810000199001010019", "810000199001010019"),
            ("外国人永久居留身份证 962840199001012232", "962840199001012232"),
            ("永居证 ｃａｎ110089010101", "permanent:CAN110089010101"),
            ("护照 e1234 5678", "passport:E12345678"),
            ("护照：Ｅ１２３４５６７８", "passport:E12345678"),
            ("护照号码 E12345678", "passport:E12345678"),
            ("Passport E12345678", "passport:E12345678"),
            ("passport:E12345678", "passport:E12345678"),
            ("回乡证H1234567800", "hk_macau:H12345678"),
            ("港澳居民来往内地通行证 M12345678", "hk_macau:M12345678"),
            ("台胞证 12345678", "taiwan:12345678"),
            ("台湾居民来往大陆通行证 0012345601(B)", "taiwan:0012345601"),
            ("军官证 军字第1234567号", "officer:军1234567"),
            ("士兵证 2012345678", "soldier:2012345678"),
            ("其他 结婚证甘字-12345", "other:结婚证甘字-12345"),
        ];
        for (text, whole) in cases {
            assert_eq!(kept(text).as_deref(), Ok(whole), "{text}");
            assert_eq!(kept(whole).as_deref(), Ok(whole), "kept again");
        }
    }

    #[test]
    fn what_is_no_such_number_is_refused() {
        for text in
            ["护照", "护照 123", "回乡证 X12345678", "台胞证 1234", "军官证 军字", "永居证 12", "其他 无"]
        {
            assert_eq!(kept(text), Err(IdError::Document), "{text}");
        }
        assert_eq!(kept("E12345678"), Err(IdError::Shape));
        assert_eq!(kept("居民身份证 62020119850515001X"), Err(IdError::Checksum));
    }

    #[test]
    fn it_is_told_and_hidden() {
        let passport = IdPaper::parse("护照 E12345678", today()).unwrap();
        assert_eq!(
            (passport.told(false), passport.told(true)),
            ("护照 E12345678".into(), "Passport E12345678".into())
        );
        assert_eq!(passport.masked().as_str(), "passport:E1*****78");
        assert_eq!(format!("{passport:?}"), "IdPaper(***)");
        let card = IdPaper::kept("620201198505150012");
        assert_eq!(
            (card.told(true).as_str(), card.masked().as_str()),
            ("620201198505150012", "620201********0012")
        );
        assert_eq!(IdPaper::kept("830000198812121248").kind().name(false), "台湾居民居住证");
        assert_eq!(IdPaper::looked_for("h12345678", today()).unwrap().number(), "H12345678");
        assert_eq!(IdPaper::looked_for("110105194912310021", today()), None);
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "(护照|回乡证|永居证|台胞证|军官证|其他)?\\PC{0,24}") {
            if let Ok(paper) = IdPaper::parse(&text, today()) {
                prop_assert_eq!(kept(paper.as_str()).unwrap(), paper.as_str());
                let _ = (paper.masked(), paper.told(false));
            }
            let _ = IdPaper::looked_for(&text, today());
        }
    }
}
