//! What a case's own values tell a paper, by the names of `paper-fill.toml`: words instead of codes, and the person,
//! matter and parties under one name for every flow.

use serde_json::{Map, Value as Json, json};

use super::prefill::Known;
use crate::time::Date;
use crate::words::{IdNumber, IdPaper};
use crate::workflow::{Field, Flow, Kind, Values};

/// Fields that name who stands on the other side, in the flows that have no list of parties.
const OTHER_SIDE: [&str; 3] = ["other_side", "defendant", "other"];

/// The values of a case of `flow` under their own names, and what they say about the case as such; `address` is where
/// the household lives, for a case that does not say it.
pub fn known(flow: &Flow, values: &Values, today: Date, address: Option<&str>) -> Known {
    let mut known = said(flow, values);
    let whole = [("case.person", &flow.person), ("case.phone", &flow.phone), ("case.matter", &flow.matter)];
    for (name, field) in whole {
        if let Some(value) = known.get(field).cloned() {
            known.insert(name.to_owned(), value);
        }
    }
    if let Some(kept) = values.get(&flow.id_number).and_then(Json::as_str) {
        person(&mut known, kept, today);
    }
    if let Some(address) = known.get("address").cloned().or_else(|| address.map(Json::from)) {
        known.insert("case.address".to_owned(), address);
    }
    if let Some(Json::Array(rows)) = known.get("representatives") {
        let count = rows.len();
        known.insert("representatives.count".to_owned(), json!(count));
    }
    let parties = parties(&known);
    if !parties.is_empty() {
        known.insert("case.parties".to_owned(), Json::Array(parties));
    }
    // Some flows call their stage or procedure the matter: that is no cause of a case.
    if ["matter", "dispute"].contains(&flow.matter.as_str())
        && let Some(matter) = known.get("case.matter").cloned()
    {
        known.insert("case.cause".to_owned(), matter);
    }
    super::derived::derive(&mut known);
    known
}

/// Values in words, under the fields' names; ids of workers, places and cases say nothing on paper.
pub fn said(flow: &Flow, values: &Values) -> Known {
    let mut known = Known::new();
    for field in &flow.field {
        if let Some(value) = values.get(&field.name).and_then(|value| worded(field, value)) {
            known.insert(field.name.clone(), value);
        }
    }
    known
}

fn worded(field: &Field, value: &Json) -> Option<Json> {
    match (field.kind, value) {
        (_, Json::Null) => None,
        (Kind::Worker | Kind::Division | Kind::Household | Kind::Case | Kind::Room | Kind::Unit, _) => None,
        (Kind::Choice, Json::String(code)) => Some(json!(field.word(code, "zh"))),
        (Kind::Choices, Json::Array(codes)) => {
            Some(codes.iter().filter_map(Json::as_str).map(|code| json!(field.word(code, "zh"))).collect())
        }
        (Kind::Rows, Json::Array(rows)) => Some(rows.iter().filter_map(|row| row_of(field, row)).collect()),
        (Kind::IdNumber, Json::String(kept)) => Some(json!(IdPaper::kept(kept).told(false))),
        (_, value) => Some(value.clone()),
    }
}

fn row_of(field: &Field, row: &Json) -> Option<Json> {
    let cells = row.as_object()?;
    let cell = |of: &Field| {
        let value = worded(of, cells.get(&of.name)?)?;
        Some((of.name.clone(), value))
    };
    Some(Json::Object(field.of.iter().filter_map(cell).collect::<Map<_, _>>()))
}

/// What a case's number of a document says with the document's name, for what has no place for the name of its own.
pub(super) const ID_TOLD: &str = "case.id_told";

/// The document, and what the number of an identity card says of its holder: other documents tell neither sex nor age.
fn person(known: &mut Known, kept: &str, today: Date) {
    let paper = IdPaper::kept(kept);
    known.insert("case.id_no".to_owned(), json!(paper.number()));
    known.insert(ID_TOLD.to_owned(), json!(paper.told(false)));
    known.insert("person.id_type".to_owned(), json!(paper.kind().name(false)));
    let Ok(number) = IdNumber::parse(paper.number(), today) else { return };
    known.insert("person.gender".to_owned(), json!(if number.is_male() { "男" } else { "女" }));
    known.insert("person.birth".to_owned(), json!(number.birth()));
    let ((year, month, day), (born, in_month, on)) = (today.parts(), number.birth().parts());
    let before = (month, day) < (in_month, on);
    known.insert("person.age".to_owned(), json!(i64::from(year) - i64::from(born) - i64::from(before)));
}

/// The parties as rows: those listed, else the person and who is named on the other side.
fn parties(known: &Known) -> Vec<Json> {
    if let Some(Json::Array(rows)) = known.get("parties") {
        return rows.clone();
    }
    let mut rows = Vec::new();
    if let Some(name) = known.get("case.person") {
        let mut row = Map::new();
        row.insert("name".to_owned(), name.clone());
        let more = [
            ("phone", "case.phone"),
            ("address", "case.address"),
            ("id_number", ID_TOLD),
            ("gender", "person.gender"),
            ("birth", "person.birth"),
            ("age", "person.age"),
        ];
        for (cell, from) in more {
            if let Some(value) = known.get(from) {
                row.insert(cell.to_owned(), value.clone());
            }
        }
        rows.push(Json::Object(row));
    }
    let others = OTHER_SIDE.iter().filter_map(|name| known.get(*name));
    rows.extend(others.map(|name| json!({ "name": name })));
    if let Some(Json::Array(others)) = known.get("opponents") {
        rows.extend(others.iter().cloned());
    }
    rows
}
