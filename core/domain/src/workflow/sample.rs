//! Values that a step takes, made up from its fields: for walks over flows, where nobody types.

use serde_json::{Value, json};

use super::{Bound, Field, Flow, Guard, Kind, Step, Values, When};
use crate::time::Date;

/// What of a house a made-up value may name, as text.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Ids of workers.
    pub workers: Vec<String>,
    /// Ids of rooms.
    pub rooms: Vec<String>,
    /// Ids of places.
    pub places: Vec<String>,
    /// Ids of households.
    pub households: Vec<String>,
    /// Ids of cases.
    pub cases: Vec<String>,
}

/// Draws from 0 up to and without a number.
pub type Draw<'a> = &'a mut dyn FnMut(usize) -> usize;

/// A form that the step's fields and simple guards accept; what compares with other cases, or with people, may still
/// refuse it.
pub fn sample(
    flow: &Flow,
    step: &Step,
    before: &Values,
    today: Date,
    known: &Known,
    draw: Draw<'_>,
) -> Values {
    let mut typed = Values::new();
    for asked in flow.asked(step) {
        let whole = flow.merged(before, &typed);
        if asked.when.is_some_and(|when| !when.holds(&whole)) || (!asked.required && draw(3) == 0) {
            continue;
        }
        let value = match asked.field.name == flow.place {
            true => one_of(&known.places, draw),
            false => value(asked.field, today, known, draw),
        };
        typed.insert(asked.field.name.clone(), value);
    }
    for guard in &step.guards {
        obey(guard, flow, step, (before, &mut typed), today, draw);
    }
    // A guard may have changed what another field is asked for under.
    for asked in flow.asked(step) {
        let whole = flow.merged(before, &typed);
        let wanted = asked.when.is_none_or(|when| when.holds(&whole));
        let blank = typed.get(&asked.field.name).is_none_or(Value::is_null);
        if wanted && asked.required && blank {
            typed.insert(asked.field.name.clone(), value(asked.field, today, known, draw));
        } else if !wanted {
            typed.remove(&asked.field.name);
        }
    }
    typed
}

fn obey(
    guard: &Guard,
    flow: &Flow,
    step: &Step,
    (before, typed): (&Values, &mut Values),
    today: Date,
    draw: Draw<'_>,
) {
    let asks = |name: &str| flow.asked(step).into_iter().any(|asked| asked.field.name == name);
    match guard {
        Guard::Holds { when, under, .. }
            if asks(&when.field)
                && under.as_ref().is_none_or(|under| under.holds(&flow.merged(before, typed)))
                && !when.holds(&flow.merged(before, typed)) =>
        {
            match flow.field(&when.field).and_then(|field| chosen(field, when, draw)) {
                Some(value) => typed.insert(when.field.clone(), value),
                None => typed.remove(&when.field),
            };
        }
        Guard::Dossier { reason, .. } if asks(reason) => {
            typed.insert(reason.clone(), json!("纸质材料另存"));
        }
        Guard::Within { field, days } if asks(field) => {
            let ago = draw(usize::from(*days).min(20) + 1) as i64;
            typed.insert(field.clone(), json!(today.plus_days(-ago).to_string()));
        }
        Guard::Ahead { field, days } if asks(field) => {
            let later = draw(usize::from(*days).min(20) + 1) as i64;
            typed.insert(field.clone(), json!(today.plus_days(later).to_string()));
        }
        Guard::NotBefore { field, than } if asks(field) => {
            let whole = flow.merged(before, typed);
            if let (Some(day), Some(least)) = (day(&whole, field), day(&whole, than))
                && day < least
            {
                typed.insert(field.clone(), json!(least.to_string()));
            }
        }
        Guard::Represented { rows, people, over, .. } if asks(rows) => {
            let whole = flow.merged(before, typed);
            let people = whole.get(people).and_then(Value::as_i64).unwrap_or_default();
            let named = whole.get(rows).and_then(Value::as_array).map_or(0, Vec::len) as i64;
            match flow.field(rows) {
                Some(list) if named > people || (named == 0 && people > *over) => {
                    let one = value(list, today, &Known::default(), draw);
                    let one = one.as_array().and_then(|rows| rows.first().cloned());
                    typed.insert(rows.clone(), json!([one]));
                }
                _ => {}
            }
        }
        Guard::InTime { from, field, .. } => {
            for name in [from].into_iter().chain(field).filter(|name| asks(name)) {
                typed.insert(name.clone(), json!(today.to_string()));
            }
        }
        // What may stand once, such as a period's count, has as many values as there are days of ten years.
        Guard::Unique { fields, .. } => {
            let is_date = |name: &str| flow.field(name).is_some_and(|field| field.kind == Kind::Date);
            let recent = |name: &str| {
                step.guards.iter().any(|one| matches!(one, Guard::Within { field, .. } if field == name))
            };
            for name in fields.iter().filter(|name| asks(name) && is_date(name) && !recent(name)) {
                typed.insert(name.clone(), json!(today.plus_days(-(draw(3650) as i64)).to_string()));
            }
        }
        _ => {}
    }
}

fn day(values: &Values, field: &str) -> Option<Date> {
    values.get(field).and_then(Value::as_str)?.parse().ok()
}

/// One of the values of a condition; None where it wants nothing.
fn chosen(field: &Field, when: &When, draw: Draw<'_>) -> Option<Value> {
    let bound = when.at_least.as_ref().or(when.at_most.as_ref()).filter(|_| when.among.is_empty());
    match bound {
        Some(Bound::Number(n)) => return Some(json!(n)),
        Some(Bound::Text(day)) if bound.is_some_and(|bound| bound.other().is_none()) => {
            return Some(json!(day));
        }
        _ => {}
    }
    let filled: Vec<&String> = when.among.iter().filter(|text| !text.is_empty()).collect();
    let text = filled.get(draw(filled.len().max(1)))?.as_str();
    Some(match field.kind {
        Kind::Yes => json!(text == "true"),
        Kind::Number | Kind::Money => json!(text.parse::<i64>().ok()?),
        Kind::Choices => json!([text]),
        _ => json!(text),
    })
}

fn one_of(ids: &[String], draw: Draw<'_>) -> Value {
    ids.get(draw(ids.len().max(1))).map_or(Value::Null, |id| json!(id))
}

/// A value of a field's kind, within its bounds.
pub fn value(field: &Field, today: Date, known: &Known, draw: Draw<'_>) -> Value {
    match field.kind {
        Kind::Text | Kind::Long => {
            let text = format!("示例{:06}", draw(1_000_000));
            json!(text.chars().take(field.longest()).collect::<String>())
        }
        Kind::Number => json!(field.least() + draw(span(field.least(), field.most(), 100)) as i64),
        Kind::Money => json!(draw(span(0, field.most(), 2_000_000)) as i64),
        Kind::Date => json!(today.plus_days(-(draw(10) as i64)).to_string()),
        Kind::Time => {
            let day = today.plus_days(1 + draw(200) as i64);
            json!(format!("{day}T{:02}:{:02}:00+08:00", 9 + draw(8), draw(4) * 15))
        }
        Kind::Yes => json!(draw(2) == 0),
        Kind::Choice => choice(field, draw),
        Kind::Choices => match choice(field, draw) {
            Value::Null => Value::Null,
            one => json!([one]),
        },
        Kind::Name => {
            const NAMES: [&str; 6] = ["张建国", "李桂英", "王志明", "马秀兰", "赵玉梅", "陈海峰"];
            json!(NAMES[draw(NAMES.len())])
        }
        Kind::IdNumber => json!(id_number(today, draw)),
        Kind::Phone => json!(format!("139{:08}", draw(100_000_000))),
        Kind::Uscc => json!(uscc(draw)),
        Kind::Worker => one_of(&known.workers, draw),
        Kind::Division => one_of(&known.places, draw),
        Kind::Household => one_of(&known.households, draw),
        Kind::Case => one_of(&known.cases, draw),
        Kind::Room => one_of(&known.rooms, draw),
        // Which units wait is known to the case alone.
        Kind::Unit => json!(1),
        Kind::Rows => {
            let rows = 1 + draw(field.most_rows().clamp(1, 2));
            let row = |draw: Draw<'_>| -> Values {
                let mut row = Values::new();
                for column in &field.of {
                    row.insert(column.name.clone(), value(column, today, known, draw));
                }
                row
            };
            Value::Array((0..rows).map(|_| Value::Object(row(draw))).collect())
        }
    }
}

fn span(least: i64, most: i64, usual: i64) -> usize {
    usize::try_from(most.saturating_sub(least).clamp(0, usual) + 1).unwrap_or(1)
}

fn choice(field: &Field, draw: Draw<'_>) -> Value {
    let choices = field.choices();
    choices.get(draw(choices.len().max(1))).map_or(Value::Null, |choice| json!(choice.code))
}

/// 18 characters of a grown person, check right (GB 11643).
fn id_number(today: Date, draw: Draw<'_>) -> String {
    const WEIGHTS: [usize; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let birth = today.plus_days(-(365 * 25 + draw(365 * 40) as i64)).to_string().replace('-', "");
    let front = format!("620201{birth}{:03}", 1 + draw(998));
    let sum: usize =
        front.bytes().zip(WEIGHTS).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
    format!("{front}{}", char::from(b"10X98765432"[sum % 11]))
}

/// 18 characters, both checks right: that of the organisation's code inside (GB 11714) and its own (GB 32100).
fn uscc(draw: Draw<'_>) -> String {
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    const INSIDE: [usize; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let number = format!("MA{:06}", draw(1_000_000));
    let figure = |byte: u8| if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' + 10 };
    let sum: usize =
        number.bytes().zip(INSIDE).map(|(byte, weight)| usize::from(figure(byte)) * weight).sum();
    let inside = char::from(b"0X987654321"[sum % 11]);
    let body = format!("91620200{number}{inside}");
    let mut weight = 1;
    let mut sum = 0;
    for byte in body.bytes() {
        let at = ALPHABET.iter().position(|known| *known == byte).unwrap_or(0);
        sum += at * weight;
        weight = weight * 3 % 31;
    }
    format!("{body}{}", char::from(ALPHABET[(31 - sum % 31) % 31]))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::workflow::{Manner, core};

    #[test]
    fn every_first_step_of_the_house_takes_what_is_made_up() {
        let today = "2026-03-02".parse().unwrap();
        let mut state: usize = 7;
        let mut draw = |n: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n.max(1)
        };
        let known = Known::default();
        for flow in core() {
            let step = flow.opening().unwrap();
            for _ in 0..200 {
                let form = sample(flow, step, &Values::new(), today, &known, &mut draw);
                let read = flow.read(step, &form, &Values::new(), Manner::Program, today);
                assert!(read.is_ok(), "{}: {form:?} {read:?}", flow.id);
            }
        }
    }
}
