//! The line of a place: the file is read a second time, into a document that knows where everything stands.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Fault, Part};

/// Gives every fault that has none the line of the file where its place stands, as far as the way leads.
pub fn placed(text: &str, faults: &mut [Fault]) {
    let Ok(document) = DeTable::parse(text) else { return };
    for fault in faults.iter_mut().filter(|fault| fault.line.is_none()) {
        fault.line = found(text, document.get_ref(), &fault.place);
    }
}

/// The line of a byte, from 1.
pub fn line_of(text: &str, byte: usize) -> usize {
    1 + text.bytes().take(byte).filter(|byte| *byte == b'\n').count()
}

/// The line to which the way leads; that of the last part which is there.
fn found(text: &str, document: &DeTable<'_>, place: &[Part]) -> Option<usize> {
    let (mut table, mut line) = (document, None);
    for part in place {
        let Some((key, value)) = table.get_key_value(part.key.as_str()) else { break };
        let mut at = key.span().start;
        let entry = match (value.get_ref(), part.at) {
            (DeValue::String(_), Some(below)) => return Some(first_line(text, value) + below),
            (DeValue::Array(all), Some(number)) => all.get(number),
            (DeValue::Array(all), None) if !part.name.is_empty() => {
                all.iter().find(|one| is_called(one.get_ref(), &part.name))
            }
            _ => None,
        };
        if let Some(entry) = entry {
            at = entry.span().start;
        }
        line = Some(line_of(text, at));
        match entry.unwrap_or(value).get_ref() {
            DeValue::Table(inner) => table = inner,
            _ => break,
        }
    }
    line
}

/// The line on which a text of several lines begins.
fn first_line(text: &str, value: &Spanned<DeValue<'_>>) -> usize {
    let written = text.get(value.span()).unwrap_or_default();
    let opened = written.trim_start_matches(['\'', '"']);
    line_of(text, value.span().start) + usize::from(opened.starts_with(['\n', '\r']))
}

/// Whether an entry has this name, or is a block that stands for what begins so.
fn is_called(entry: &DeValue<'_>, name: &str) -> bool {
    let DeValue::Table(table) = entry else { return false };
    let text = |key: &str| table.get(key).and_then(|value| value.get_ref().as_str());
    let begins =
        |of: &str| name.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    ["name", "code", "series"].iter().any(|key| text(key) == Some(name)) || text("of").is_some_and(begins)
}
