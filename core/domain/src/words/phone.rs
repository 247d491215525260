//! Telephone numbers as counties write them: mobiles, landlines with extensions, hotlines.

use std::fmt;

use super::width::{half_width, is_digits, is_scientific};

/// One telephone number in normal form: `13912345678`, `0937-6226123`, `0937-6226123-801`, `12348`.
///
/// Shared by a household or a village, so neither a key nor a log-in. Not serialisable: show [`Phone::masked`],
/// or ask for the digits with [`Phone::as_str`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

/// Why a text is no telephone number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PhoneError {
    /// No mobile, landline or hotline of China.
    Shape,
    /// A spreadsheet kept only the first digits (`1.39123E+10`).
    PrecisionLost,
}

impl PhoneError {
    /// The finding's code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shape => "phone.invalid",
            Self::PrecisionLost => "phone.precision_lost",
        }
    }
}

impl Phone {
    /// Reads one number: full width, blanks, dashes, brackets, +86 and remarks in brackets are repaired.
    ///
    /// # Errors
    /// [`PhoneError`].
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        if is_scientific(text) {
            return Err(PhoneError::PrecisionLost);
        }
        let plain = plain_number(text).ok_or(PhoneError::Shape)?;
        let (home, abroad) = match plain.strip_prefix("+86").or_else(|| plain.strip_prefix("0086")) {
            Some(rest) => (rest.trim_start_matches('-'), true),
            None => (plain.as_str(), false),
        };
        let number = mobile(home).or_else(|| landline(home)).or_else(|| hotline(home));
        let number = number.or_else(|| dialled_from_abroad(home, abroad));
        number.map(Self).ok_or(PhoneError::Shape)
    }

    /// Reads a cell of several numbers, split on `/ 、 ; ,` in either width, on blanks and on line ends.
    ///
    /// An empty cell is an empty list; a number that comes twice is kept once.
    ///
    /// # Errors
    /// [`PhoneError`] of the first number that is none.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, PhoneError> {
        let mut found = Vec::new();
        for piece in text.split(['/', '／', '、', ';', '；', ',', '，', '\n', '\r', '|']) {
            read_piece(piece, &mut found)?;
        }
        Ok(found)
    }

    /// The number in normal form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `138****1234`, `0937-***6123`; hotlines are public and stay.
    pub fn masked(&self) -> String {
        let (area, rest) = match self.0.split_once('-') {
            Some((area, rest)) => (format!("{area}-"), rest.split('-').next().unwrap_or(rest)),
            None if self.0.len() == 11 => (self.0[..3].to_owned(), &self.0[3..]),
            None => return self.0.clone(),
        };
        format!("{area}{}{}", "*".repeat(rest.len().saturating_sub(4)), self.tail4())
    }

    /// The last four digits without the extension, for search by tail.
    pub fn tail4(&self) -> &str {
        let main = match self.0.match_indices('-').nth(1) {
            Some((at, _)) => &self.0[..at],
            None => &self.0,
        };
        &main[main.len().saturating_sub(4)..]
    }

    /// Whether it can receive text messages.
    pub fn is_mobile(&self) -> bool {
        self.0.len() == 11 && self.0.starts_with('1')
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(***)")
    }
}

fn read_piece(piece: &str, found: &mut Vec<Phone>) -> Result<(), PhoneError> {
    let plain = half_width(piece);
    let words: Vec<&str> = plain.split_whitespace().collect();
    let mut from = 0;
    while from < words.len() {
        // Blanks stand inside one number and between two: the longest run that is a number wins.
        let run = (from + 1..=words.len()).rev().find_map(|to| {
            let phone = Phone::parse(&words[from..to].concat()).ok()?;
            Some((to, phone))
        });
        let Some((to, phone)) = run else {
            return Err(Phone::parse(&plain).err().unwrap_or(PhoneError::Shape));
        };
        if !found.contains(&phone) {
            found.push(phone);
        }
        from = to;
    }
    Ok(())
}

/// Digits, one kind of dash and a leading plus; None where other characters are left.
fn plain_number(text: &str) -> Option<String> {
    let text = half_width(text).to_lowercase();
    let text = text.trim_start_matches(['\'', '‘', '’']).replace("分机", "-").replace("ext.", "-");
    let text = drop_remarks(&text.replace("ext", "-").replace(['转', '#'], "-"));
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '0'..='9' => plain.push(c),
            '+' if plain.is_empty() => plain.push(c),
            '-' | '‐' | '‑' | '‒' | '–' | '—' | '−' | '―' => plain.push('-'),
            ' ' | '(' | ')' => {}
            _ => return None,
        }
    }
    Some(plain.trim_matches('-').to_owned())
}

/// `13912345678(儿子)` without its remark; brackets around digits stay.
fn drop_remarks(text: &str) -> String {
    let Some((before, rest)) = text.split_once('(') else { return text.to_owned() };
    let Some((inside, after)) = rest.split_once(')') else { return text.to_owned() };
    let has_digit = inside.bytes().any(|b| b.is_ascii_digit());
    let kept = if has_digit { inside } else { "" };
    format!("{before}{kept}{}", drop_remarks(after))
}

/// `1[3-9]` and nine digits, with or without the country's 86.
fn mobile(text: &str) -> Option<String> {
    let digits = text.replace('-', "");
    let digits = if digits.len() == 13 { digits.strip_prefix("86")?.to_owned() } else { digits };
    let holds = is_digits(&digits, 11) && digits.starts_with('1') && digits.as_bytes()[1] >= b'3';
    holds.then_some(digits)
}

/// Area code (three digits for 010 and 02x, else four), seven or eight digits, perhaps an extension.
fn landline(text: &str) -> Option<String> {
    if !text.starts_with('0') || text.starts_with("00") || text.len() < 10 {
        return None;
    }
    let area_len = if text.starts_with("010") || text.starts_with("02") { 3 } else { 4 };
    let area = text.get(..area_len).filter(|area| is_digits(area, area_len))?;
    let (number, extension) = split_extension(text.get(area_len..)?)?;
    let holds = (7..=8).contains(&number.len()) && !number.starts_with('0');
    let tail = if extension.is_empty() { String::new() } else { format!("-{extension}") };
    holds.then(|| format!("{area}-{number}{tail}"))
}

/// The subscriber's digits and the extension: what follows a dash once seven digits stand before it.
fn split_extension(text: &str) -> Option<(String, String)> {
    let mut number = String::new();
    let mut groups = text.split('-').filter(|group| !group.is_empty());
    while number.len() < 7 {
        number.push_str(groups.next()?);
    }
    let extension: String = groups.collect();
    (extension.len() <= 6).then_some((number, extension))
}

/// Emergency and service numbers: 110, 12348, 95598, 400-123-4567.
fn hotline(text: &str) -> Option<String> {
    const EMERGENCY: [&str; 6] = ["110", "112", "114", "119", "120", "122"];
    let digits = text.replace('-', "");
    let short = EMERGENCY.contains(&digits.as_str());
    let service = is_digits(&digits, 5) && (digits.starts_with("10") || digits.starts_with("12"));
    let carrier = (5..=8).contains(&digits.len()) && (digits.starts_with("95") || digits.starts_with("96"));
    let free = is_digits(&digits, 10) && (digits.starts_with("400") || digits.starts_with("800"));
    (short || service || carrier || free).then_some(digits)
}

/// `+86 937 6226123`: from abroad the area code is dialled without its 0.
fn dialled_from_abroad(text: &str, abroad: bool) -> Option<String> {
    if abroad && !text.starts_with('0') { landline(&format!("0{text}")) } else { None }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn normal(text: &str) -> String {
        Phone::parse(text).map(|phone| phone.0).unwrap_or_else(|fault| format!("{fault:?} {text}"))
    }

    fn list(text: &str) -> Vec<String> {
        Phone::parse_list(text).unwrap().into_iter().map(|phone| phone.0).collect()
    }

    #[test]
    fn mobiles_are_eleven_digits() {
        for text in [
            "+86 139-1234-5678",
            "１３９１２３４５６７８",
            "'13912345678",
            "86-139 1234 5678",
            "13912345678(儿子)",
        ] {
            assert_eq!(normal(text), "13912345678");
        }
        assert_eq!(normal("008613912345678"), "13912345678");
    }

    #[test]
    fn landlines_have_area_and_extension() {
        for text in ["0937-6226123", "09376226123", "(0937) 6226123", "0937—622—6123", "+86 937 6226123"]
        {
            assert_eq!(normal(text), "0937-6226123");
        }
        assert_eq!(normal("010-6622 6123"), "010-66226123");
        assert_eq!(normal("0937-6226123-801"), "0937-6226123-801");
        assert_eq!(normal("0937-6226123转801"), "0937-6226123-801");
        assert_eq!(normal("021-62261234 分机 8"), "021-62261234-8");
    }

    #[test]
    fn hotlines_are_short() {
        for text in ["12348", "12345", "12309", "110", "95598", "4001234567"] {
            assert_eq!(normal(text), text);
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "1391234567",
            "139123456789",
            "12912345678",
            "6226123",
            "0937-62261",
            "无",
            "0000000000",
            "1391",
        ] {
            assert_eq!(Phone::parse(text), Err(PhoneError::Shape), "{text}");
        }
        assert_eq!(Phone::parse("1.39123E+10"), Err(PhoneError::PrecisionLost));
    }

    #[test]
    fn cells_hold_several_numbers() {
        let both = ["13912345678", "0937-6226123"];
        for sep in ["/", "、", ";", "；", ",", "，", "\n", " ", " / ", "／", "\r\n"] {
            assert_eq!(list(&format!("13912345678{sep}0937-6226123")), both, "{sep:?}");
        }
        assert_eq!(list("+86 139 1234 5678 0937 6226123"), both);
        assert_eq!(list("13912345678、13912345678"), ["13912345678"]);
        assert!(list("  ").is_empty());
        assert_eq!(Phone::parse_list("13912345678/1.39123E+10"), Err(PhoneError::PrecisionLost));
        assert_eq!(Phone::parse_list("13912345678/139"), Err(PhoneError::Shape));
    }

    #[test]
    fn masks_keep_the_tail_only() {
        let masked = |text| Phone::parse(text).unwrap().masked();
        assert_eq!(masked("13812341234"), "138****1234");
        assert_eq!(masked("0937-6226123-801"), "0937-***6123");
        assert_eq!(masked("12348"), "12348");
        let phone = Phone::parse("0937-6226123-801").unwrap();
        assert_eq!((phone.tail4(), phone.is_mobile()), ("6123", false));
        assert_eq!(format!("{phone:?}"), "Phone(***)");
    }

    proptest! {
        #[test]
        fn normal_form_stays(text in "(\\+86)?[0-9 ()-]{3,20}") {
            if let Ok(phone) = Phone::parse(&text) {
                prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone));
            }
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,40}") {
            let _ = Phone::parse_list(&text);
        }
    }
}
