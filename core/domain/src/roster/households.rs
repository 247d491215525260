//! Checking a household's row.

use std::collections::HashSet;

use super::check::{self, Faults};
use super::clean;
use super::column::Field;
use super::context::Context;
use super::date;
use super::finding::FindingCode;
use super::person::{Categories, categories};
use super::providers::Hint;
use super::row::HouseholdRow;
use super::sheet::Cell;
use super::walk::Record;
use crate::time::Date;
use crate::words::Phone;

/// Keys of the ID numbers of the rows accepted so far, over all sheets of the file.
pub type Seen = HashSet<String>;

/// Reads one household; None where the row has to be left out.
pub fn household(
    record: &Record<'_>,
    context: &Context,
    seen: &mut Seen,
    faults: &mut Faults,
) -> Option<HouseholdRow> {
    let village = check::village(record, context, faults);
    let head = check::person(record, Field::Name, faults);
    let id = check::id_number(record, context.today, faults);
    let keys = id.keys(head.as_ref());
    if keys.iter().any(|key| seen.contains(key)) {
        faults.add(Field::IdNumber, FindingCode::IdDuplicate);
    }
    if keys.iter().any(|key| context.stored.holds(key)) {
        faults.add(Field::IdNumber, FindingCode::IdRestricted);
    }
    let phones = check::phones(record, faults);
    let categories = category_cell(record, faults);
    let (category_from, category_to) = granted(record, context, faults);
    let providers = provider_cell(record, context, faults);
    let (village, head) = (village?, head?);
    let numberless = id.number.is_none() && id.old.is_none();
    let theirs = phones.iter().map(Phone::as_str);
    if numberless && context.stored.may_hold(village.id, head.as_str(), theirs) {
        faults.add(Field::Name, FindingCode::IdRestricted);
    }
    if faults.refuse() {
        return None;
    }
    seen.extend(keys);
    Some(HouseholdRow {
        origin: record.origin,
        village: village.id,
        head,
        id_number: id.number,
        old_id_match: id.old,
        phones,
        kind: context.kind.or(categories.kind).unwrap_or(village.kind),
        categories: categories.list,
        category_from,
        category_to,
        address: record.said(Field::Address),
        provider_hint: record.said(Field::Provider),
        providers,
        note: record.said(Field::Note),
    })
}

fn category_cell(record: &Record<'_>, faults: &mut Faults) -> Categories {
    let read = match record.cell(Field::Category) {
        Cell::Error(_) => None,
        _ => categories(&record.text(Field::Category)),
    };
    read.unwrap_or_else(|| {
        faults.add(Field::Category, FindingCode::CategoryUnknown);
        Categories::default()
    })
}

/// Since when and until which day the categories are granted; most rosters say nothing of it. What is granted only
/// from tomorrow on is a slip of the pen: a roster says how things are.
fn granted(record: &Record<'_>, context: &Context, faults: &mut Faults) -> (Option<Date>, Option<Date>) {
    let mut stated = |field, read: &dyn Fn(&Cell) -> Result<date::Term, date::BadDate>| {
        let cell = record.cell(field);
        let silent = clean::is_blank(cell) || clean::says_none(&clean::text(cell));
        if silent && !matches!(cell, Cell::Error(_)) {
            return None;
        }
        let read = read(cell).ok();
        if read.is_none() {
            faults.add(field, FindingCode::DateInvalid);
        }
        read
    };
    let term = stated(Field::Term, &|cell| date::since(cell, record.date_1904));
    let last = stated(Field::Date, &|cell| {
        date::date(cell, record.date_1904).map(|day| date::Term { from: day, to: None })
    });
    let (from, to) = (term.map(|term| term.from), last.map(|day| day.from).or(term.and_then(|term| term.to)));
    let backwards = matches!((from, to), (Some(from), Some(to)) if to < from);
    if backwards || from.is_some_and(|from| from > context.today) {
        faults.add(Field::Term, FindingCode::DateInvalid);
    }
    (from, to)
}

fn provider_cell(record: &Record<'_>, context: &Context, faults: &mut Faults) -> Vec<Hint> {
    let Some(text) = record.said(Field::Provider) else { return Vec::new() };
    context.providers.hints(&text).unwrap_or_else(|| {
        faults.add(Field::Provider, FindingCode::WorkerUnknown);
        Vec::new()
    })
}
