//! Reading a step's form: what was typed or sent becomes values of the fields' kinds, every fault at its field.

use serde_json::{Map, Value};

use super::{Asked, Brings, Field, Flow, Kind, Step, Values};
use crate::refusal::{FieldError, Refusal};
use crate::time::{Date, Instant};
use crate::words::{IdPaper, PersonName, Phone, Uscc, half_width};

/// Where the values come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Manner {
    /// A program: types must be the schema's.
    Program,
    /// A form: everything is text as people type it.
    Form,
}

impl Flow {
    /// The values that a step's form gives, checked against the case's values as they stand; `today` bounds birth
    /// dates. Fields that are not asked for under their condition are left out; blank ones become null, which
    /// takes an earlier value away. What the step brings by itself is among them.
    ///
    /// # Errors
    /// `form.invalid` with every fault at its field: `required`, `unknown`, `too_long`, `not_expected`, ….
    pub fn read(
        &self,
        step: &Step,
        given: &Values,
        before: &Values,
        manner: Manner,
        today: Date,
    ) -> Result<Values, Refusal> {
        let mut faults = Vec::new();
        let asked = self.asked(step);
        let known = |name: &String| asked.iter().any(|one| one.field.name == **name);
        if manner == Manner::Program {
            faults.extend(given.keys().filter(|n| !known(n)).map(|n| FieldError::new(n, "not_expected")));
        }
        let mut read = Values::new();
        for one in &asked {
            let value = given.get(&one.field.name).cloned().unwrap_or(Value::Null);
            match one.field.value(&value, manner, today) {
                Ok(value) => {
                    read.insert(one.field.name.clone(), value);
                }
                Err(found) => faults.extend(found),
            }
        }
        let whole = merged(before, &read);
        for one in &asked {
            settle(one, &whole, given, &mut read, &mut faults);
        }
        for one in &step.sets {
            let whole = merged(before, &read);
            if one.when.as_ref().is_none_or(|when| when.holds(&whole))
                && let Some(value) = one.value_for(self.field(&one.field), before, &whole)
            {
                read.insert(one.field.clone(), value);
            }
        }
        if faults.is_empty() { Ok(read) } else { Err(Refusal::form(faults)) }
    }
}

impl Brings {
    /// What it brings to the values as they will be; None where they stay as they are.
    fn value_for(&self, field: Option<&Field>, before: &Values, whole: &Values) -> Option<Value> {
        if self.count.is_empty() && self.sum.is_empty() {
            return Some(match field.map(|field| field.kind) {
                Some(Kind::Yes) => Value::from(self.value == "true"),
                _ => Value::from(self.value.clone()),
            });
        }
        let now = self.counted(whole)?;
        let there = whole.get(&self.field).and_then(Value::as_i64);
        // A number that nobody typed follows its list; one that somebody typed is theirs.
        (there.is_none() || there == self.counted(before)).then(|| Value::from(now))
    }

    fn counted(&self, values: &Values) -> Option<i64> {
        let (list, column) = self.sum.split_once('.').unwrap_or((&self.count, ""));
        let rows = values.get(list).and_then(Value::as_array)?;
        let n = match column {
            "" => rows.len() as i64,
            column => rows.iter().filter_map(|row| row.get(column).and_then(Value::as_i64)).sum(),
        };
        (n > 0).then_some(n)
    }
}

/// A field that its condition does not ask for is dropped; one that it asks for must be there where required.
fn settle(one: &Asked<'_>, whole: &Values, given: &Values, read: &mut Values, faults: &mut Vec<FieldError>) {
    let name = &one.field.name;
    if one.when.is_some_and(|when| !when.holds(whole)) {
        read.remove(name);
        return;
    }
    let blank = read.get(name).is_none_or(is_blank);
    let of_row =
        |fault: &FieldError| fault.name.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('['));
    if blank && one.required && !faults.iter().any(|fault| &fault.name == name || of_row(fault)) {
        let code = if matches!(one.field.kind, Kind::Choice | Kind::Choices | Kind::Yes) {
            "required-choice"
        } else {
            "required"
        };
        faults.push(FieldError::new(name, code));
    }
    // A program that does not name a field leaves it as it is; a form always names all of its own.
    if blank && !given.contains_key(name) {
        read.remove(name);
    }
}

/// The case's values with those of a step laid over them; null takes a value away.
pub(super) fn merged(before: &Values, over: &Values) -> Values {
    let mut whole = before.clone();
    for (name, value) in over {
        if is_blank(value) {
            whole.remove(name);
        } else {
            whole.insert(name.clone(), value.clone());
        }
    }
    whole
}

impl Flow {
    /// The case's values with those of a step laid over them.
    pub fn merged(&self, before: &Values, over: &Values) -> Values {
        merged(before, over)
    }
}

impl Flow {
    /// The values that the case itself keeps: those of its steps alone are left to the history.
    pub fn kept(&self, values: &Values) -> Values {
        let stays = |name: &str| self.field(name).is_none_or(|field| !field.passing);
        values
            .iter()
            .filter(|(name, _)| stays(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// Whether two texts say the same once width and case are folded, for look-ups by what people type.
pub fn same_words(a: &str, b: &str) -> bool {
    half_width(a.trim()).eq_ignore_ascii_case(&half_width(b.trim()))
}

type Faults = Vec<FieldError>;

impl Field {
    fn fault(&self, code: &str) -> Faults {
        vec![FieldError::new(&self.name, code)]
    }

    /// The value of this field's kind that was typed or sent; null where nothing was.
    pub(super) fn value(&self, given: &Value, manner: Manner, today: Date) -> Result<Value, Faults> {
        if is_blank(given) {
            return Ok(Value::Null);
        }
        match self.kind {
            Kind::Rows => return self.rows(given, manner, today),
            Kind::Choices => return self.many(given, manner),
            Kind::Yes => return self.truth(given, manner),
            Kind::Number | Kind::Money | Kind::Unit => return self.number(given, manner),
            _ => {}
        }
        let Value::String(text) = given else { return Err(self.fault("type")) };
        let text = text.trim();
        if text.is_empty() {
            return Ok(Value::Null);
        }
        let allowed =
            |c: char| !c.is_control() || (self.kind == Kind::Long && matches!(c, '\n' | '\r' | '\t'));
        if !text.chars().all(allowed) {
            return Err(self.fault("control"));
        }
        if text.chars().count() > self.longest() {
            return Err(vec![FieldError::new(&self.name, "too_long").with("max", self.longest())]);
        }
        self.parsed(text, today).map(Value::String)
    }

    fn parsed(&self, text: &str, today: Date) -> Result<String, Faults> {
        let no = |code: &str| self.fault(code);
        Ok(match self.kind {
            Kind::Name => PersonName::parse(text).map_err(|_| no("name.invalid"))?.as_str().to_owned(),
            Kind::IdNumber => IdPaper::parse(text, today).map_err(|e| no(e.code()))?.as_str().to_owned(),
            Kind::Phone => {
                let all = Phone::parse_list(text).map_err(|_| no("phone.invalid"))?;
                all.iter().map(Phone::as_str).collect::<Vec<_>>().join("/")
            }
            Kind::Uscc => Uscc::parse(text).map_err(|_| no("uscc.invalid"))?.as_str().to_owned(),
            Kind::Date => text.parse::<Date>().map_err(|_| no("date.invalid"))?.to_string(),
            Kind::Time => moment(text).ok_or_else(|| no("date.invalid"))?.to_string(),
            Kind::Choice => {
                let found = self.choices().iter().find(|choice| choice.code == text);
                found.ok_or_else(|| no("unknown"))?.code.clone()
            }
            Kind::Worker | Kind::Household | Kind::Case | Kind::Room => {
                text.parse::<crate::words::CaseId>().map_err(|_| no("reference"))?.to_string()
            }
            _ => text.replace("\r\n", "\n"),
        })
    }

    fn truth(&self, given: &Value, manner: Manner) -> Result<Value, Faults> {
        match (given, manner) {
            (Value::Bool(_), _) => Ok(given.clone()),
            (Value::String(text), Manner::Form) => match text.as_str() {
                "true" | "yes" | "on" => Ok(Value::Bool(true)),
                "false" | "no" => Ok(Value::Bool(false)),
                _ => Err(self.fault("unknown")),
            },
            _ => Err(self.fault("type")),
        }
    }

    /// A whole number; money is typed in 元 with at most two decimals and kept in fen.
    fn number(&self, given: &Value, manner: Manner) -> Result<Value, Faults> {
        let number = match (given, manner) {
            (Value::Number(number), _) => number.as_i64().or_else(|| whole(number.as_f64())),
            (Value::String(text), Manner::Form) if self.kind == Kind::Money => fen_of(text),
            (Value::String(text), Manner::Form) => half_width(text).trim().parse().ok(),
            _ => None,
        };
        let number = number.ok_or_else(|| self.fault("not_a_number"))?;
        let least = if self.kind == Kind::Money { 0 } else { self.least() };
        if number < least || number > self.most() {
            let fault =
                FieldError::new(&self.name, "out_of_range").with("min", least).with("max", self.most());
            return Err(vec![fault]);
        }
        Ok(Value::from(number))
    }

    fn many(&self, given: &Value, manner: Manner) -> Result<Value, Faults> {
        let given: Vec<&str> = match (given, manner) {
            (Value::Array(items), _) => items
                .iter()
                .map(|item| item.as_str().ok_or_else(|| self.fault("type")))
                .collect::<Result<_, _>>()?,
            (Value::String(text), Manner::Form) => vec![text.as_str()],
            _ => return Err(self.fault("type")),
        };
        let known = |code: &&str| self.choices().iter().any(|choice| choice.code == **code);
        if !given.iter().all(known) {
            return Err(self.fault("unknown"));
        }
        let kept = self.choices().iter().filter(|choice| given.contains(&choice.code.as_str()));
        Ok(Value::Array(kept.map(|choice| Value::from(choice.code.clone())).collect()))
    }

    /// Rows as objects, or in a form as lines of a pasted list.
    fn rows(&self, given: &Value, manner: Manner, today: Date) -> Result<Value, Faults> {
        let lines;
        let items = match (given, manner) {
            (Value::Array(items), _) => items,
            (Value::String(text), Manner::Form) => {
                lines = self.pasted(text);
                &lines
            }
            _ => return Err(self.fault("type")),
        };
        if items.len() > self.most_rows() {
            return Err(vec![FieldError::new(&self.name, "list_too_long").with("max", self.most_rows())]);
        }
        let mut faults = Vec::new();
        let mut rows = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let Value::Object(row) = item else {
                // A pasted line is a row unless it has more cells than there are columns.
                let code = if given.is_string() { "cells_too_many" } else { "type" };
                let fault = FieldError::new(&format!("{}[{at}]", self.name), code);
                faults.push(fault.with("max", self.of.len()));
                continue;
            };
            rows.push(Value::Object(self.row(at, row, manner, today, &mut faults)));
        }
        if faults.is_empty() { Ok(Value::Array(rows)) } else { Err(faults) }
    }

    fn row(
        &self,
        at: usize,
        given: &Map<String, Value>,
        manner: Manner,
        today: Date,
        faults: &mut Faults,
    ) -> Map<String, Value> {
        let mut row = Map::new();
        let place = |name: &str| format!("{}[{at}].{name}", self.name);
        for name in given.keys().filter(|name| !self.of.iter().any(|field| field.name == **name)) {
            faults.push(FieldError::new(&place(name), "not_expected"));
        }
        for field in &self.of {
            let value = given.get(&field.name).cloned().unwrap_or(Value::Null);
            match field.value(&value, manner, today) {
                Ok(Value::Null) if field.required => {
                    faults.push(FieldError::new(&place(&field.name), "required"));
                }
                Ok(Value::Null) => {}
                Ok(value) => {
                    row.insert(field.name.clone(), value);
                }
                Err(found) => faults.extend(found.into_iter().map(|mut fault| {
                    fault.name = place(&fault.name);
                    fault
                })),
            }
        }
        row
    }
}

/// RFC 3339, or a date and time without zone, which is China's.
fn moment(text: &str) -> Option<Instant> {
    let local = |text: &str| format!("{}+08:00", text.replace(' ', "T")).parse().ok();
    text.parse().ok().or_else(|| local(text)).or_else(|| local(&format!("{text}:00")))
}

fn whole(number: Option<f64>) -> Option<i64> {
    let number = number.filter(|n| n.fract() == 0.0 && n.abs() < 9e15)?;
    Some(number as i64)
}

/// 元 with at most two decimals, as people write it: `1,200.50`, `1200元`, `3万`, `1.5万元`.
pub fn fen_of(text: &str) -> Option<i64> {
    let text = half_width(text).replace([',', ' '], "");
    let text = text.trim_end_matches('元');
    let (text, places) = match text.strip_suffix('万') {
        Some(rest) => (rest, 6),
        None => (text, 2),
    };
    let (yuan, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > places || !part.bytes().all(|b| b.is_ascii_digit()) || yuan.is_empty() {
        return None;
    }
    let whole: i64 = yuan.bytes().all(|b| b.is_ascii_digit()).then(|| yuan.parse().ok())??;
    let part: i64 = format!("{part:0<places$}").parse().ok()?;
    whole.checked_mul(10_i64.pow(places as u32))?.checked_add(part)
}
