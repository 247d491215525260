//! The values of a paper: JSON in, each value of its field's kind, faults at the fields.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::Paper;
use super::field::{Field, Kind};
use crate::refusal::FieldError;
use crate::time::{Date, Instant};

/// Longest text of one line, and of several, in characters; most rows of a list.
const LONGEST_LINE: usize = 500;
const LONGEST_TEXT: usize = 20_000;
pub(super) const MOST_ROWS: usize = 500;

/// One value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// Words of any kind.
    Text(String),
    /// A day.
    Date(Date),
    /// A day and the clock's `HH:MM`.
    Time(Date, String),
    /// A whole number.
    Int(i64),
    /// Fen.
    Money(i64),
    /// Yes or no.
    Yes(bool),
    /// Chosen options.
    Chosen(Vec<String>),
    /// Rows of a list.
    Rows(Vec<BTreeMap<String, Value>>),
}

/// Values by field; what is blank is not there.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Values(BTreeMap<String, Value>);

impl Values {
    /// Reads the values of a paper from JSON: `{"recipient.name": …}` or `{"recipient": {"name": …}}`. Money is whole
    /// fen, days are ISO text, a list is an array of objects (of plain texts where it has one column). Nothing is
    /// required: what is missing stays blank.
    ///
    /// # Errors
    /// One fault for each name that is no field and each value of another kind.
    pub fn read(paper: &Paper, json: &Json) -> Result<Self, Vec<FieldError>> {
        let (mut values, mut faults) = (Self::default(), Vec::new());
        let mut flat = Map::new();
        match json {
            Json::Object(members) => flatten(paper, "", members, &mut flat),
            Json::Null => {}
            _ => faults.push(FieldError::new("values", "paper.kind")),
        }
        for (name, json) in &flat {
            match paper.field(name) {
                None => faults.push(FieldError::new(name, "paper.field")),
                Some(field) => match read_field(field, json) {
                    Ok(Some(value)) => {
                        values.0.insert(name.clone(), value);
                    }
                    Ok(None) => {}
                    Err("too_long") => {
                        faults.push(FieldError::new(name, "too_long").with("max", longest(field.kind)))
                    }
                    Err(code) => faults.push(FieldError::new(name, code)),
                },
            }
        }
        if faults.is_empty() { Ok(values) } else { Err(faults) }
    }

    /// Reads values that were given over values that are known: what is named, even as blank, stands instead.
    ///
    /// # Errors
    /// As [`Values::read`], for what was given; what is known and does not fit is left out.
    pub fn read_over(
        paper: &Paper,
        known: &Map<String, Json>,
        given: &Json,
    ) -> Result<Self, Vec<FieldError>> {
        let mut values = Self::read(paper, given)?;
        let mut named = Map::new();
        if let Json::Object(members) = given {
            flatten(paper, "", members, &mut named);
        }
        for (name, json) in known.iter().filter(|(name, _)| !named.contains_key(*name)) {
            values.fill(paper, name, json.clone());
        }
        Ok(values)
    }

    /// Whether nothing is filled at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the field is filled.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The values as JSON again, by full name: what is kept of an issued paper.
    pub fn json(&self) -> Json {
        self.0.iter().map(|(name, value)| (name.clone(), value.json())).collect::<Map<_, _>>().into()
    }

    /// Fills a text field that is still blank.
    pub fn fill(&mut self, paper: &Paper, name: &str, value: impl Into<Json>) {
        let Some(field) = paper.field(name).filter(|_| !self.has(name)) else { return };
        if let Ok(Some(value)) = read_field(field, &value.into()) {
            self.0.insert(name.to_owned(), value);
        }
    }
}

/// Objects under a name that is no field are a path of names.
fn flatten(paper: &Paper, before: &str, members: &Map<String, Json>, flat: &mut Map<String, Json>) {
    for (name, value) in members {
        let full = if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
        match value {
            Json::Object(inner) if paper.field(&full).is_none() => flatten(paper, &full, inner, flat),
            _ => {
                flat.insert(full, value.clone());
            }
        }
    }
}

/// Whether a field takes this value.
pub(super) fn fits(field: &Field, json: &Json) -> bool {
    matches!(read_field(field, json), Ok(Some(_)))
}

/// The value; None where it is blank; a message code where it is of another kind.
fn read_field(field: &Field, json: &Json) -> Result<Option<Value>, &'static str> {
    match field.kind {
        Kind::List => rows(field, json),
        Kind::Choice | Kind::Choices => chosen(field, json),
        kind => plain(kind, json),
    }
}

pub(super) fn plain(kind: Kind, json: &Json) -> Result<Option<Value>, &'static str> {
    let text = match json {
        Json::Null => return Ok(None),
        Json::String(text) => text.trim(),
        Json::Number(n) if matches!(kind, Kind::Int | Kind::Money) => {
            let n = n.as_i64().ok_or("not_a_number")?;
            return Ok(Some(if kind == Kind::Int { Value::Int(n) } else { Value::Money(n) }));
        }
        Json::Number(n) => return plain(kind, &Json::String(n.to_string())),
        Json::Bool(truth) if kind == Kind::Yes => return Ok(Some(Value::Yes(*truth))),
        _ => return Err("paper.kind"),
    };
    if text.is_empty() {
        return Ok(None);
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t' && c != '\r') {
        return Err("paper.kind");
    }
    if text.chars().count() > longest(kind) {
        return Err("too_long");
    }
    of_text(kind, text).map(Some)
}

fn longest(kind: Kind) -> usize {
    match kind {
        Kind::Long => LONGEST_TEXT,
        Kind::List => MOST_ROWS,
        _ => LONGEST_LINE,
    }
}

fn of_text(kind: Kind, text: &str) -> Result<Value, &'static str> {
    match kind {
        Kind::Date => super::write::chinese_date(text).map(Value::Date).ok_or("date.invalid"),
        Kind::Time => time(text).ok_or("date.invalid"),
        Kind::Int => text.parse().map(Value::Int).map_err(|_| "not_a_number"),
        // In a form an amount is typed in yuan.
        Kind::Money => yuan(text).map(Value::Money).ok_or("not_a_number"),
        Kind::Yes => match text {
            "是" | "有" | "true" | "yes" => Ok(Value::Yes(true)),
            "否" | "无" | "false" | "no" => Ok(Value::Yes(false)),
            _ => Err("unknown"),
        },
        Kind::Long => Ok(Value::Text(text.replace("\r\n", "\n"))),
        _ if text.contains('\n') => Err("paper.kind"),
        _ => Ok(Value::Text(text.to_owned())),
    }
}

fn time(text: &str) -> Option<Value> {
    if let Ok(instant) = text.parse::<Instant>() {
        return Some(Value::Time(instant.date(), instant.clock_text()));
    }
    let (day, clock) = text.split_once(['T', ' ']).unwrap_or((text, ""));
    let day = super::write::chinese_date(day)?;
    let hhmm = |clock: &str| {
        let (hours, minutes) = clock.split_once(':')?;
        let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hours < 24 && minutes < 60).then(|| format!("{hours:02}:{minutes:02}"))
    };
    if clock.is_empty() {
        Some(Value::Time(day, String::new()))
    } else {
        Some(Value::Time(day, hhmm(clock)?))
    }
}

/// `1680.32` yuan in fen.
fn yuan(text: &str) -> Option<i64> {
    let text = text.trim_start_matches('¥').replace([',', '，'], "");
    let (whole, part) =
        text.trim_end_matches('元').split_once('.').unwrap_or((text.trim_end_matches('元'), ""));
    if part.len() > 2 || whole.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let cents: i64 = format!("{part:0<2}").parse().ok()?;
    whole.parse::<i64>().ok().filter(|whole| *whole >= 0)?.checked_mul(100)?.checked_add(cents)
}

fn chosen(field: &Field, json: &Json) -> Result<Option<Value>, &'static str> {
    let given: Vec<String> = match json {
        Json::Null => Vec::new(),
        Json::String(text) => vec![text.trim().to_owned()],
        Json::Array(all) if field.kind == Kind::Choices || all.len() <= 1 => all
            .iter()
            .map(|one| one.as_str().map(str::to_owned).ok_or("unknown"))
            .collect::<Result<_, _>>()?,
        _ => return Err("unknown"),
    };
    let given: Vec<String> = given.into_iter().filter(|text| !text.is_empty()).collect();
    let known = |text: &String| field.options.is_empty() || field.options.contains(text);
    if !given.iter().all(known) || given.iter().any(|text| text.chars().count() > LONGEST_LINE) {
        return Err("unknown");
    }
    Ok(if given.is_empty() { None } else { Some(Value::Chosen(given)) })
}

fn rows(field: &Field, json: &Json) -> Result<Option<Value>, &'static str> {
    let given = match json {
        Json::Null => return Ok(None),
        // In a form a list is typed.
        Json::String(text) => return Ok(super::typed::rows(field, text)?.map(Value::Rows)),
        Json::Array(rows) => rows,
        _ => return Err("paper.kind"),
    };
    if given.len() > MOST_ROWS {
        return Err("too_long");
    }
    let rows = given.iter().map(|row| one_row(field, row)).collect::<Result<Vec<_>, _>>()?;
    let rows: Vec<_> = rows.into_iter().filter(|row| !row.is_empty()).collect();
    Ok(if rows.is_empty() { None } else { Some(Value::Rows(rows)) })
}

fn one_row(field: &Field, json: &Json) -> Result<BTreeMap<String, Value>, &'static str> {
    let mut row = BTreeMap::new();
    let cells: Vec<(&str, &Json)> = match json {
        Json::Object(members) => members.iter().map(|(name, value)| (name.as_str(), value)).collect(),
        // A list of one column is a list of texts.
        single => match field.columns.iter().find(|column| column.name != "n") {
            Some(column) => vec![(column.name.as_str(), single)],
            None => return Err("paper.kind"),
        },
    };
    for (name, value) in cells {
        let column = field.columns.iter().find(|column| column.name == name).ok_or("paper.field")?;
        let kind = if column.kind == Kind::Text { Kind::Long } else { column.kind };
        if let Some(value) = plain(kind, value)? {
            row.insert(name.to_owned(), value);
        }
    }
    Ok(row)
}

impl Value {
    fn json(&self) -> Json {
        match self {
            Self::Text(text) => json!(text),
            Self::Date(date) => json!(date),
            Self::Time(date, clock) if clock.is_empty() => json!(date),
            Self::Time(date, clock) => json!(format!("{date}T{clock}")),
            Self::Int(n) | Self::Money(n) => json!(n),
            Self::Yes(truth) => json!(truth),
            Self::Chosen(all) => json!(all),
            Self::Rows(rows) => {
                let row = |row: &BTreeMap<String, Self>| -> Json {
                    row.iter().map(|(name, value)| (name.clone(), value.json())).collect::<Map<_, _>>().into()
                };
                rows.iter().map(row).collect::<Vec<_>>().into()
            }
        }
    }

    /// The value as printed in a sentence.
    pub fn printed(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Date(date) => super::write::date(*date),
            Self::Time(date, clock) => {
                let clock = clock
                    .split_once(':')
                    .map(|(h, m)| format!("{}时{m}分", h.trim_start_matches('0').to_owned()));
                let clock = clock.map(|text| if text.starts_with('时') { format!("0{text}") } else { text });
                format!("{}{}", super::write::date(*date), clock.unwrap_or_default())
            }
            Self::Int(n) => n.to_string(),
            Self::Money(fen) => super::write::figures(*fen),
            Self::Yes(truth) => if *truth { "是" } else { "否" }.to_owned(),
            Self::Chosen(all) => all.join("、"),
            Self::Rows(rows) => rows.iter().map(row_text).collect::<Vec<_>>().join("、"),
        }
    }
}

fn row_text(row: &BTreeMap<String, Value>) -> String {
    row.values().map(Value::printed).collect::<Vec<_>>().join("，")
}
