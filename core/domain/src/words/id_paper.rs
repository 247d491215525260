//! The document by which somebody shows who they are: the resident ID card, or what those have who have none.

use std::fmt;

use super::fold::fold;
use super::id_kind::{IdKind, KINDS, Named, first_word, is_eighteen};
use super::id_number::{IdError, IdNumber, old_15_to_18};
use super::width::clean_code;
use crate::time::Date;

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
        let Some((kind, number)) = first_word(text) else { return Err(wrong) };
        // A household's register names its people by the numbers of their cards.
        if matches!(kind, IdKind::Resident | IdKind::HkMacauHome | IdKind::TaiwanHome)
            || (kind == IdKind::Permanent && number.len() == 18)
            || (kind == IdKind::Other && is_eighteen(&number))
        {
            return IdNumber::parse(&number, today).map(own);
        }
        let number = kind.number(&number).ok_or(IdError::Document)?;
        Ok(Self(format!("{}:{number}", kind.code())))
    }

    /// The documents that a text may mean in a look-up: there a number that holds letters needs no document's name.
    pub fn looked_for(text: &str, today: Date) -> Vec<Self> {
        if let Ok(one) = Self::parse(text, today) {
            return vec![one];
        }
        let text = clean_code(text);
        if text.bytes().all(|b| b.is_ascii_digit()) {
            return Vec::new();
        }
        let as_such = |(kind, code, ..): &Named| Some(Self(format!("{code}:{}", kind.number(&text)?)));
        KINDS.iter().filter_map(as_such).collect()
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

    /// By what two documents are one: eighteen characters, which an old number of fifteen has too, else the document's
    /// kind with its number, for a passport and a soldier's card may have the same.
    pub fn match_key(&self) -> String {
        old_15_to_18(&self.0).unwrap_or_else(|| self.0.clone())
    }

    /// Whether two that differ are two people: such a number is somebody's for life and says whose. Documents
    /// of other kinds are renewed under new numbers.
    pub fn is_for_life(&self) -> bool {
        self.named().is_none()
    }

    /// By what a person with a document that is no card is known again whatever the document is called: the number
    /// alone with the name.
    pub fn named_key(&self, name: &str) -> Option<String> {
        self.named().map(|(_, number)| format!("{number} {}", fold(name)))
    }

    /// As it is told to people: the document's name before a number that is no one of eighteen characters.
    pub fn told(&self, english: bool) -> String {
        match self.named() {
            Some((kind, number)) => format!("{} {number}", kind.name(english)),
            None => self.0.clone(),
        }
    }

    /// The same with the middle of the number hidden: enough to compare with a card, too little to use. Of a short one
    /// a third is shown at most, and nothing below five characters.
    pub fn masked(&self) -> Self {
        let number = self.number();
        let count = number.chars().count();
        let shown = if count < 5 { 0 } else { (count / 3).min(4) };
        let (first, last) =
            if self.is_for_life() && count >= 15 { (6, 4) } else { (shown / 2, shown - shown / 2) };
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
            ("台湾居民来往大陆通行证 0012345601(B)", "taiwan:00123456"),
            ("军官证 军字第1234567号", "officer:军1234567"),
            ("军官证编号1234567", "officer:1234567"),
            ("Passport No E12345678", "passport:E12345678"),
            ("Passport No. E12345678", "passport:E12345678"),
            ("护照NO.E12345678", "passport:E12345678"),
            ("Passport number: E12345678", "passport:E12345678"),
            ("护照 # E12345678", "passport:E12345678"),
            ("passport:NO1234567", "passport:NO1234567"),
            ("永居证 NOR110089010101", "permanent:NOR110089010101"),
            ("回乡证 HA1234567", "hk_macau:HA1234567"),
            ("Mainland travel permit of a Hong Kong or Macau resident MA7654321", "hk_macau:MA7654321"),
            ("户口簿 620201198505150012", "620201198505150012"),
            ("出生医学证明 R620123456", "other:R620123456"),
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
        for text in [
            "护照",
            "护照 123",
            "回乡证 X12345678",
            "回乡证 HA12345678",
            "台胞证 1234",
            "军官证 军字",
            "军官证 中国军官1234567",
            "永居证 12",
            "其他 无",
        ] {
            assert_eq!(kept(text), Err(IdError::Document), "{text}");
        }
        assert_eq!(kept("E12345678"), Err(IdError::Shape));
        assert_eq!(kept("居民身份证 62020119850515001X"), Err(IdError::Checksum));
        assert_eq!(kept("户口簿 62020119850515001X"), Err(IdError::Checksum));
    }

    #[test]
    fn it_is_told_and_hidden() {
        let passport = IdPaper::parse("护照 E12345678", today()).unwrap();
        assert_eq!(
            (passport.told(false), passport.told(true)),
            ("护照 E12345678".into(), "Passport E12345678".into())
        );
        assert_eq!(passport.masked().as_str(), "passport:E******78");
        assert_eq!(format!("{passport:?}"), "IdPaper(***)");
        let card = IdPaper::kept("620201198505150012");
        assert_eq!(
            (card.told(true).as_str(), card.masked().as_str()),
            ("620201198505150012", "620201********0012")
        );
        assert_eq!(IdPaper::kept("830000198812121248").kind().name(false), "台湾居民居住证");
        for (number, hidden) in [
            ("other:A1", "other:**"),
            ("other:1234", "other:****"),
            ("taiwan:00123456", "taiwan:0******6"),
            ("permanent:CAN110089010101", "permanent:CA***********01"),
            ("620201850515001", "620201*****5001"),
        ] {
            assert_eq!(IdPaper::kept(number).masked().as_str(), hidden);
        }
    }

    #[test]
    fn a_number_with_letters_is_looked_for_under_every_document_that_may_have_it() {
        let looked = |text: &str| -> Vec<String> {
            IdPaper::looked_for(text, today()).iter().map(|one| one.as_str().to_owned()).collect()
        };
        let all = [
            "passport:H12345678",
            "hk_macau:H12345678",
            "officer:H12345678",
            "soldier:H12345678",
            "other:H12345678",
        ];
        assert_eq!(looked("h12345678"), all);
        assert_eq!(looked("护照 h12345678"), ["passport:H12345678"]);
        assert!(looked("110105194912310021").is_empty());
    }

    #[test]
    fn one_number_of_two_documents_is_two_keys() {
        let key = |kept: &str| IdPaper::kept(kept).match_key();
        assert_ne!(key("taiwan:12345678"), key("soldier:12345678"));
        assert_eq!(key("620201850515001"), key("620201198505150012"));
        let named = |kept: &str, name: &str| IdPaper::kept(kept).named_key(name);
        assert_eq!(named("passport:E12345678", "Andrei Kovac"), named("other:E12345678", "andrei kovac"));
        assert_ne!(named("passport:E12345678", "甲"), named("passport:E12345678", "乙"));
        assert_eq!(named("620201198505150012", "甲"), None);
    }

    #[test]
    fn a_cell_names_its_document_in_many_words() {
        for (cell, kind) in [
            ("护照", IdKind::Passport),
            ("中华人民共和国护照", IdKind::Passport),
            ("武警士兵证", IdKind::Soldier),
            ("居民身份证(户口簿)", IdKind::Resident),
            ("出生医学证明", IdKind::Other),
            ("户口簿", IdKind::Other),
            ("第二代居民身份证", IdKind::Resident),
            ("港澳居民居住证", IdKind::HkMacauHome),
        ] {
            assert_eq!(IdKind::of_cell(cell), Some(kind), "{cell}");
        }
        assert_eq!(IdKind::of_cell("难民证"), None);
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
