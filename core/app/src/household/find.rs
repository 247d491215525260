//! What a search for households asks for: names and tails of numbers in a text, whole numbers in a form.

use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{IdPaper, Phone, half_width};
use falin_store::household_list::Filter;

use crate::search;

/// Turns a search text into a filter: a name, pinyin, or the last four digits of a telephone.
///
/// # Errors
/// `search.digits` for longer numbers: those are searched by [`numbers`], never in a URL.
pub fn search_text(filter: &mut Filter, text: &str) -> Result<(), Refusal> {
    let wanted = search::wanted(text)?;
    let text = half_width(text.trim());
    if text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        filter.tail = Some(text);
    } else {
        filter.wanted = wanted;
    }
    Ok(())
}

/// Turns a whole telephone or ID number into a filter, that of another document with its name or without; `field` names the form control that it came in.
///
/// # Errors
/// `form.invalid` at `field` where it is neither.
pub fn numbers(filter: &mut Filter, field: &str, text: &str, today: Date) -> Result<(), Refusal> {
    let text = half_width(text.trim());
    let old = falin_domain::words::old_15_to_18(&text);
    let kept = |number: IdPaper| number.as_str().to_owned();
    if let Ok(number) = IdPaper::parse(old.as_deref().unwrap_or(&text), today) {
        filter.id_numbers = vec![kept(number)];
    } else if let Ok(phone) = Phone::parse(&text) {
        filter.phone = Some(phone.as_str().to_owned());
    } else {
        filter.id_numbers = IdPaper::looked_for(&text, today).into_iter().map(kept).collect();
        if filter.id_numbers.is_empty() {
            return Err(Refusal::field(field, "number.invalid"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn four_digits_are_a_tail_and_more_belong_into_a_form() {
        let mut filter = Filter::default();
        search_text(&mut filter, " １２３４ ").unwrap();
        assert_eq!(filter.tail.as_deref(), Some("1234"));
        assert_eq!(search_text(&mut filter, "13912345678").unwrap_err().code(), "search.digits");
        let today = "2026-03-01".parse().unwrap();
        numbers(&mut filter, "phone", "139 1234 5678", today).unwrap();
        assert_eq!(filter.phone.as_deref(), Some("13912345678"));
        numbers(&mut filter, "number", "110105194912310021", today).unwrap_err();
        numbers(&mut filter, "number", "11010519491231002x", today).unwrap();
        assert_eq!(filter.id_numbers, ["11010519491231002X"]);
    }
}
