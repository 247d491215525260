//! What spreadsheets and Chinese keyboards do to plain characters, undone: full width, odd blanks, apostrophes.

/// The text with full-width ASCII (U+FF01–FF5E) and every blank made plain, trimmed.
///
/// Invisible characters that spreadsheets and chat programs leave behind are dropped; nothing else changes,
/// so a rare character stays the character it was.
pub fn half_width(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !is_invisible(*c)).map(narrow).collect();
    plain.trim().to_owned()
}

/// A number as typed into a cell: half width, no blanks at all, no leading apostrophe, upper case.
pub fn clean_code(text: &str) -> String {
    let plain = half_width(text);
    let bare = plain.trim_start_matches(['\'', '‘', '’', '`']);
    bare.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect()
}

/// Whether a spreadsheet has turned a long number into `6.20201E+17`, so that its digits are lost.
pub fn is_scientific(text: &str) -> bool {
    let plain = clean_code(text);
    let Some((mantissa, exponent)) = plain.split_once('E') else { return false };
    let digits = exponent.strip_prefix('+').unwrap_or(exponent);
    let number = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    number(mantissa) && number(digits)
}

/// Whether the text is exactly `len` ASCII digits.
pub(super) fn is_digits(text: &str, len: usize) -> bool {
    text.len() == len && text.bytes().all(|b| b.is_ascii_digit())
}

fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

/// Zero-width and direction marks, soft hyphen, byte order mark: seen in pasted names, never meant.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_become_plain() {
        assert_eq!(half_width("６２０２０１１９８５０５１５００１２"), "620201198505150012");
        assert_eq!(half_width("（嘉峪关）"), half_width("(嘉峪关)"));
        assert_eq!(half_width("\u{FEFF}\u{A0}张　三\u{200B} "), "张 三");
        assert_eq!(clean_code("'62020119900101007x\u{A0}"), "62020119900101007X");
    }

    #[test]
    fn lost_digits_are_seen() {
        assert!(is_scientific("6.20201E+17") && is_scientific("1.39123e10") && is_scientific("6E+17"));
        assert!(!is_scientific("620201198505150012") && !is_scientific("E+17") && !is_scientific("EVE"));
    }
}
