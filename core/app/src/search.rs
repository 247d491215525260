//! What a search text asks for: names, pinyin and numbers of cases, never a telephone or ID number.

use falin_domain::refusal::Refusal;
use falin_domain::words::fold;
use falin_store::gram::{self, Wanted};

/// Most digits in a row that a search text may have: more is a telephone or an ID number, which belongs into no
/// URL and no log (contract.md "HTTP", trust.md "Sensitive fields").
const MOST_DIGITS: usize = 4;

/// Reads a search text; None where it is empty.
///
/// # Errors
/// `search.digits` where more than four digits stand in a row, in any width and with blanks or dashes between.
pub fn wanted(text: &str) -> Result<Option<Wanted>, Refusal> {
    let mut run = 0;
    for c in fold(text).chars() {
        run = match c {
            '0'..='9' => run + 1,
            '-' | '–' | '—' | '.' | '+' | '(' | ')' => run,
            _ => 0,
        };
        if run > MOST_DIGITS {
            return Err(Refusal::new("search.digits"));
        }
    }
    Ok(gram::wanted(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_four_digits_are_refused_however_they_are_written() {
        for bad in ["13912345678", "１３９１２", "139 12", "王 0937-6226123", "62-02-01"] {
            assert!(wanted(bad).is_err(), "{bad}");
        }
        for good in ["", "王五", "wangwu", "1234", "2026号 12"] {
            assert!(wanted(good).is_ok(), "{good}");
        }
    }
}
