//! From a cell to the text a clerk meant: width, blanks, apostrophes, numbers and the marks for "as above".

use super::sheet::Cell;
use crate::words::half_width;

/// Most significant decimal digits that Excel keeps of a number.
const EXCEL_DIGITS: usize = 15;
/// Bytes of the longest mark for "none" or "as above", so that other cells cost nothing.
const LONGEST_MARK: usize = 16;

/// The text of a cell: trimmed of every kind of blank, of a typed apostrophe and of `="…"` around a csv value.
/// Whole numbers come without a decimal point.
pub fn text(cell: &Cell) -> String {
    match cell {
        Cell::Empty | Cell::Error(_) => String::new(),
        Cell::Text(raw) => trim(raw).to_owned(),
        Cell::Number(number) | Cell::Date(number) => number_text(*number),
        Cell::Bool(true) => "TRUE".to_owned(),
        Cell::Bool(false) => "FALSE".to_owned(),
    }
}

/// Whether nobody typed anything readable here. A formula's error counts as typed.
pub fn is_blank(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(raw) => trim(raw).is_empty(),
        _ => false,
    }
}

/// The text folded for comparing: half width, no blanks, lower case.
pub fn squeeze(text: &str) -> String {
    let plain = half_width(text);
    let mut out = String::with_capacity(plain.len());
    for c in plain.chars().filter(|c| !is_blank_char(*c)) {
        if c.is_ascii() { out.push(c.to_ascii_lowercase()) } else { out.extend(c.to_lowercase()) }
    }
    out
}

/// Whether a clerk wrote "none" in words or with a stroke.
pub fn says_none(text: &str) -> bool {
    if text.len() > LONGEST_MARK {
        return false;
    }
    let words = ["", "无", "暂无", "没有", "未知", "不详", "-", "--", "—", "——", "/", "\\", "无身份证", "空"];
    words.contains(&squeeze(text).as_str())
}

/// Whether the cell repeats the one above (同上, 〃).
pub fn is_ditto(cell: &Cell) -> bool {
    let Cell::Text(raw) = cell else { return false };
    let typed = trim(raw);
    if typed.len() > LONGEST_MARK {
        return false;
    }
    matches!(squeeze(typed).as_str(), "同上" | "〃" | "″" | "”" | "\"" | "''" | "同前" | "如上")
}

/// The number of digits of a whole number cell; None where it has a fraction or is negative.
pub fn digits_of(number: f64) -> Option<usize> {
    let whole = number.is_finite() && number.fract() == 0.0 && number >= 0.0;
    whole.then(|| format!("{number:.0}").len())
}

/// Whether a number has more digits than Excel keeps, so that its last ones are made up.
pub fn lost_digits(number: f64) -> bool {
    digits_of(number).is_some_and(|digits| digits > EXCEL_DIGITS)
}

/// The parts of a list as counties write it: 、 , ; / and line breaks, full or half width.
pub fn list(text: &str) -> Vec<String> {
    let parts = text.split(['、', ',', ';', '/', '，', '；', '／', '\n', '\r', '|']);
    parts.map(half_width).filter(|part| !part.is_empty()).collect()
}

fn number_text(number: f64) -> String {
    if number.fract() == 0.0 { format!("{number:.0}") } else { number.to_string() }
}

fn trim(raw: &str) -> &str {
    let outer = raw.trim_matches(is_blank_char);
    let inner = outer.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(outer);
    let typed = inner.strip_prefix(['\'', '‘', '’', '`']).unwrap_or(inner);
    // A cell of quotes alone is a mark for "as above", which must survive.
    let kept = if typed.chars().all(|c| c == '\'') { inner } else { typed };
    kept.trim_matches(is_blank_char)
}

/// Blanks that people cannot see: Unicode white space and the zero-width characters.
fn is_blank_char(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{202A}'..='\u{202E}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(raw: &str) -> String {
        text(&Cell::from(raw))
    }

    #[test]
    fn blanks_apostrophes_and_csv_armour_go() {
        assert_eq!(typed("'620201"), "620201");
        assert_eq!(typed("\u{A0}62020119900101007x \t"), "62020119900101007x");
        assert_eq!(typed("=\"0937\""), "0937");
        assert_eq!(typed(" 甘肃雄关律师事务所\u{3000}"), "甘肃雄关律师事务所");
        assert_eq!(text(&Cell::Number(13_912_345_678.0)), "13912345678");
        assert!(is_blank(&Cell::from("\u{3000}\u{200B}")));
    }

    #[test]
    fn width_folds() {
        assert_eq!(squeeze("（嘉峪关）"), squeeze("(嘉峪关 )"));
    }

    #[test]
    fn lost_precision_is_seen() {
        assert!(lost_digits(6.202_011_980_041_13e17));
        assert!(!lost_digits(620_201_850_515_001.0));
    }

    #[test]
    fn marks_and_lists() {
        for mark in ["同上", "〃", " 同 上 ", "″"] {
            assert!(is_ditto(&Cell::from(mark)), "{mark}");
        }
        assert_eq!(list("低保，残疾"), ["低保", "残疾"]);
        assert_eq!(list("王律师、李律师；\n赵律师"), ["王律师", "李律师", "赵律师"]);
        assert!(says_none("无 ") && says_none("—") && !says_none("无锡路"));
    }
}
