//! Reading what people type into forms: every fault at its field, all of them at once.

use std::collections::BTreeSet;

use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::Date;
use falin_domain::words::{Phone, half_width};

/// Collects the faults of one form while its fields are read.
#[derive(Default)]
pub(crate) struct Reader {
    faults: Vec<FieldError>,
}

impl Reader {
    /// Notes a fault.
    pub fn fault(&mut self, name: &str, code: &str) {
        self.faults.push(FieldError::new(name, code));
    }

    /// A line of at most `most` characters, trimmed; empty where nothing was typed.
    pub fn text(&mut self, name: &str, text: &str, most: usize) -> String {
        let text = text.trim();
        if text.chars().any(char::is_control) {
            self.fault(name, "control");
        }
        if text.chars().count() > most {
            self.faults.push(FieldError::new(name, "too_long").with("max", most));
        }
        text.to_owned()
    }

    /// A text of several lines, trimmed; empty where nothing was typed.
    pub fn long(&mut self, name: &str, text: &str, most: usize) -> String {
        let text = text.trim().replace("\r\n", "\n");
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            self.fault(name, "control");
        }
        if text.chars().count() > most {
            self.faults.push(FieldError::new(name, "too_long").with("max", most));
        }
        text
    }

    /// A line that must not be empty.
    pub fn required(&mut self, name: &str, text: &str, most: usize) -> String {
        if text.trim().is_empty() {
            self.fault(name, "required");
        }
        self.text(name, text, most)
    }

    /// Several words with any separator, each once, joined by `、` as they are stored.
    pub fn list(&mut self, name: &str, text: &str, most: usize) -> String {
        let parts = text.split(['、', ',', ';', '/', '，', '；', '／', '\n', '\r', '|']);
        let mut seen = BTreeSet::new();
        let words: Vec<String> = parts
            .map(|part| half_width(part).trim().to_owned())
            .filter(|part| !part.is_empty() && seen.insert(part.clone()))
            .collect();
        self.text(name, &words.join("、"), most)
    }

    /// A member of a closed list. `otherwise` only fills the place of what was refused.
    pub fn choice<T>(&mut self, name: &str, text: &str, from: fn(&str) -> Option<T>, otherwise: T) -> T {
        let code = text.trim();
        match from(code) {
            Some(found) => found,
            None => {
                self.fault(name, if code.is_empty() { "required-choice" } else { "unknown" });
                otherwise
            }
        }
    }

    /// What `parse` reads; None where nothing was typed, a fault `code` where it cannot be read.
    pub fn maybe<T, E>(
        &mut self,
        name: &str,
        text: &str,
        code: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let read = parse(text).ok();
        if read.is_none() {
            self.fault(name, code);
        }
        read
    }

    /// A date that may be missing.
    pub fn date(&mut self, name: &str, text: &str) -> Option<Date> {
        self.maybe(name, text, "date.invalid", str::parse)
    }

    /// A date that must be there. `otherwise` only fills the place of what was refused.
    pub fn required_date(&mut self, name: &str, text: &str, otherwise: Date) -> Date {
        if text.trim().is_empty() {
            self.fault(name, "required");
        }
        self.date(name, text).unwrap_or(otherwise)
    }

    /// A whole number from `least` to `most` that may be missing.
    pub fn number(&mut self, name: &str, text: &str, (least, most): (i32, i32)) -> Option<i32> {
        let number: Option<i32> =
            self.maybe(name, &half_width(text), "not_a_number", |t: &str| t.parse::<i32>());
        if number.is_some_and(|n| !(least..=most).contains(&n)) {
            let fault = FieldError::new(name, "out_of_range").with("min", least).with("max", most);
            self.faults.push(fault);
        }
        number
    }

    /// Public telephones, normalised and joined by `、`; empty where nothing was typed.
    pub fn phones(&mut self, name: &str, text: &str) -> String {
        match Phone::parse_list(text) {
            Ok(phones) => phones.iter().map(Phone::as_str).collect::<Vec<_>>().join("、"),
            Err(error) => {
                self.fault(name, error.code());
                String::new()
            }
        }
    }

    /// The form, or its refusal with every fault in the order of reading.
    pub fn finish<T>(self, form: T) -> Result<T, Refusal> {
        if self.faults.is_empty() { Ok(form) } else { Err(Refusal::form(self.faults)) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_fault_comes_at_its_field() {
        let mut reader = Reader::default();
        reader.required("name", " ", 10);
        reader.number("capacity", "八十", (1, 100));
        reader.number("seats", "０", (1, 100));
        reader.date("from", "2026-2-30");
        reader.phones("phone", "12");
        let refusal = reader.finish(()).unwrap_err();
        let said: Vec<_> = refusal.fields.iter().map(|f| format!("{} {}", f.name, f.code)).collect();
        let expected = [
            "name required",
            "capacity not_a_number",
            "seats out_of_range",
            "from date.invalid",
            "phone phone.invalid",
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn what_can_be_repaired_is_repaired() {
        let mut reader = Reader::default();
        assert_eq!(reader.list("s", "劳动，婚姻/劳动; ", 50), "劳动、婚姻");
        assert_eq!(reader.phones("p", "+86 139-1234-5678"), "13912345678");
        assert_eq!(reader.number("n", " ８０ ", (0, 100)), Some(80));
        assert!(reader.finish(()).is_ok());
    }
}
