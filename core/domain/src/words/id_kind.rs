//! Kinds of document by which somebody shows who they are: how people call them, and what their numbers look like.

use super::width::{clean_code, half_width, is_digits};

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

/// Kind, code, name in Chinese and English, and how else people write it.
pub(super) type Named = (IdKind, &'static str, &'static str, &'static str, &'static [&'static str]);
pub(super) static KINDS: [Named; 10] = [
    (IdKind::Resident, "resident", "居民身份证", "Resident ID card", &["身份证", "二代证", "RESIDENTID"]),
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
        "Mainland permit (Hong Kong, Macau)",
        &[
            "港澳居民通行证",
            "港澳通行证",
            "回乡证",
            "Mainland travel permit of a Hong Kong or Macau resident",
            "Mainland travel permit for Hong Kong and Macao residents",
        ],
    ),
    (
        IdKind::Taiwan,
        "taiwan",
        "台湾居民来往大陆通行证",
        "Mainland permit (Taiwan)",
        &[
            "台湾居民通行证",
            "台湾通行证",
            "台胞证",
            "Mainland travel permit of a Taiwan resident",
            "Mainland travel permit for Taiwan residents",
        ],
    ),
    (IdKind::Officer, "officer", "军官证", "Officer's card", &["警官证", "文职干部证"]),
    (IdKind::Soldier, "soldier", "士兵证", "Soldier's card", &["军士证", "义务兵证"]),
    (
        IdKind::Other,
        "other",
        "其他证件",
        "Other document",
        &["其他", "其它证件", "其它", "户口簿", "户口本", "出生医学证明", "出生证"],
    ),
];

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

    /// The kind that a cell names, as `护照`, `居民身份证(户口簿)` or `中华人民共和国护照`: what it begins with, else
    /// what it holds.
    pub fn of_cell(text: &str) -> Option<Self> {
        let text = clean_code(text);
        let longest = |there: &dyn Fn(&str) -> bool| {
            words().filter(|(_, word)| there(word)).max_by_key(|(_, word)| word.len()).map(|(kind, _)| kind)
        };
        longest(&|word| text.starts_with(word)).or_else(|| longest(&|word| text.contains(word)))
    }

    /// The number as such a document bears it; None where it cannot be one. Without the parts that change with a
    /// renewal, so that the same person is found again.
    pub(super) fn number(self, text: &str) -> Option<String> {
        let latin = |text: &str, least: usize, most: usize| {
            (least..=most).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric())
                && text.bytes().any(|b| b.is_ascii_digit())
        };
        let figures = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        match self {
            Self::Resident | Self::HkMacauHome | Self::TaiwanHome => None,
            Self::Passport => latin(text, 5, 14).then(|| text.to_owned()),
            // The last two of the long form count the renewals. Who is no Chinese national has an A and seven digits.
            Self::HkMacau => {
                let rest = text.strip_prefix(['H', 'M'])?;
                if rest.strip_prefix('A').is_some_and(|digits| is_digits(digits, 7)) {
                    return Some(text.to_owned());
                }
                (matches!(rest.len(), 8 | 10) && figures(rest)).then(|| text[..9].to_owned())
            }
            // The first eight are somebody's for life, the last two of the long form count the issues.
            Self::Taiwan => {
                let rest = text.trim_end_matches(')');
                let (digits, by) = rest.split_once('(').unwrap_or((rest, ""));
                let whole = is_digits(digits, 8) || is_digits(digits, 10);
                (whole && by.len() <= 1).then(|| digits[..8].to_owned())
            }
            // Nationality, place, day of birth with a year of two digits: that tells nobody's age for sure.
            Self::Permanent => {
                let front = text.get(..3)?;
                let whole = front.bytes().all(|b| b.is_ascii_uppercase()) && is_digits(&text[3..], 12);
                whole.then(|| text.to_owned())
            }
            Self::Officer | Self::Soldier => {
                let bare: String = text.chars().filter(|c| !"字第号码()".contains(*c)).collect();
                // 军, 武, 政 and the like, in one character or two, and then the number.
                let rest = bare.trim_start_matches(|c: char| !c.is_ascii() && c.is_alphabetic());
                let front = bare.chars().count() - rest.chars().count();
                let whole = front <= 2 && latin(rest, 4, 16 - front);
                let digits = rest.bytes().filter(u8::is_ascii_digit).count();
                (whole && digits >= 4).then_some(bare)
            }
            Self::Other => {
                let allowed = |c: char| c.is_alphanumeric() || "()-/.".contains(c);
                let whole = (2..=40).contains(&text.chars().count()) && text.chars().all(allowed);
                (whole && text.chars().any(|c| c.is_ascii_digit())).then(|| text.to_owned())
            }
        }
    }
}

/// Every name of every kind as a cleaned text has it.
fn words() -> impl Iterator<Item = (IdKind, String)> {
    KINDS.iter().flat_map(|(kind, code, zh, en, more)| {
        let own = [*code, *zh, *en].into_iter().chain(more.iter().copied());
        own.map(|word| (*kind, clean_code(word)))
    })
}

/// The kind by the longest name with which a text begins, and the cleaned number behind it.
pub(super) fn first_word(text: &str) -> Option<(IdKind, String)> {
    let cleaned = clean_code(text);
    let (kind, word) =
        words().filter(|(_, word)| cleaned.starts_with(word)).max_by_key(|(_, word)| word.len())?;
    // The blanks of the rest tell a "No" from a number that begins so.
    let plain = half_width(text);
    let plain = plain.trim_start_matches(['\'', '‘', '’', '`']);
    let letters = plain.char_indices().filter(|(_, c)| !c.is_whitespace());
    let end = letters.map(|(at, _)| at).nth(word.chars().count()).unwrap_or(plain.len());
    Some((kind, clean_code(without_label(&plain[end..].to_ascii_uppercase()))))
}

/// What follows 号码, 编号, No., Number and the like.
fn without_label(text: &str) -> &str {
    let bare =
        |text: &'_ str| text.trim_start_matches(|c: char| c.is_whitespace() || ":-,#№号码".contains(c)).len();
    let mut rest = &text[text.len() - bare(text)..];
    loop {
        let label = ["NUMBER", "NO", "编号", "证号"].into_iter().find_map(|label| {
            let after = rest.strip_prefix(label)?;
            // NOR… is a nationality, NO… the beginning of a number.
            (label != "NO" || after.starts_with([' ', '.', ':', '#'])).then_some(after)
        });
        let Some(after) = label.map(|after| after.trim_start_matches('.')) else { return rest };
        rest = &after[after.len() - bare(after)..];
    }
}

/// Whether a cleaned text looks like the eighteen characters, right or wrong.
pub(super) fn is_eighteen(text: &str) -> bool {
    text.len() == 18 && text.get(..17).is_some_and(|body| is_digits(body, 17))
}
