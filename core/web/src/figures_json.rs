//! Tables of figures as JSON, the same from the API and from the command line.

use falin_app::statistics::{Cell, LastYear, Line, Own, OwnLine, SplitRow, Table, Written};
use falin_domain::statistics::{Source, Unit, change};
use serde_json::{Value, json};

/// A table: every figure with unit and denominator, for the place and each of its parts.
pub fn table(found: &Table) -> Value {
    let place = |d: &falin_app::division::Division| json!({"id": d.id, "code": d.code, "name": d.name});
    json!({
        "place": found.place.as_ref().map(place),
        "from": found.span.from.to_string(), "to": found.span.to.to_string(),
        "parts": found.parts.iter().map(place).collect::<Vec<_>>(),
        "figures": found.lines.iter().map(line).collect::<Vec<_>>(),
        "workflows": found.own.iter().map(own).collect::<Vec<_>>(),
    })
}

/// A workflow's value as programs read it.
pub fn written(how: Written, cell: Cell) -> Value {
    match (how, cell) {
        (_, None) => Value::Null,
        (Written::Share(digits), Some(n)) => json!(n as f64 / f64::from(10u32.pow(digits))),
        (_, Some(n)) => json!(n),
    }
}

fn own(own: &Own) -> Value {
    let figure = |line: &OwnLine| {
        let cell = |cell: &Cell| written(line.written, *cell);
        let cells = |all: &[Cell]| all.iter().map(cell).collect::<Vec<_>>();
        let row = |row: &SplitRow| {
            let name = json!({"zh": row.word(false), "en": row.word(true)});
            json!({"code": row.code, "name": name, "value": cell(&row.value), "parts": cells(&row.parts), "elsewhere": cell(&row.elsewhere),
                "last_year": last_year(line.written, row.last_year.as_ref(), (row.value, &row.parts))})
        };
        let splits = line.splits.iter().map(|split| {
            json!({"field": split.field, "name": split.name, "rows": split.rows.iter().map(row).collect::<Vec<_>>()})
        });
        let one = &line.statistic;
        let share = !one.of.is_empty();
        json!({
            "code": one.code, "name": one.name, "unit": one.unit, "flow": line.flow,
            "share_of": share.then_some(&one.of), "per": share.then_some(one.per),
            "value": cell(&line.value), "parts": cells(&line.parts), "elsewhere": cell(&line.elsewhere),
            "last_year": last_year(line.written, line.last_year.as_ref(), (line.value, &line.parts)),
            "splits": splits.collect::<Vec<_>>(),
        })
    };
    json!({"plugin": own.plugin, "name": own.name, "figures": own.lines.iter().map(figure).collect::<Vec<_>>()})
}

/// The same period of the last year, and by how many per cent the values differ.
fn last_year(how: Written, then: Option<&LastYear>, (value, parts): (Cell, &[Cell])) -> Value {
    let Some(then) = then else { return Value::Null };
    let per_cent = |now: Cell, then: Cell| change(now, then).map(|n| n as f64 / 10.0);
    let changes = parts.iter().zip(&then.parts).map(|(now, then)| per_cent(*now, *then));
    json!({
        "value": written(how, then.value),
        "parts": then.parts.iter().map(|one| written(how, *one)).collect::<Vec<_>>(),
        "change": per_cent(value, then.value), "changes": changes.collect::<Vec<_>>(),
    })
}

fn line(line: &Line) -> Value {
    let figure = line.figure;
    let of = match figure.source {
        Source::Ratio(part, whole) => json!({"part": part, "whole": whole}),
        _ => Value::Null,
    };
    let cell = |cell: &Cell| value(figure.unit, *cell);
    json!({
        "code": figure.code, "name": {"zh": figure.zh, "en": figure.en}, "unit": figure.unit.code(), "rate_of": of,
        "value": cell(&line.value), "parts": line.parts.iter().map(cell).collect::<Vec<_>>(),
        "elsewhere": cell(&line.elsewhere),
    })
}

/// A value as programs read it: per cent with one decimal, money in fen, everything else as counted; null where it
/// is kept back or there is nothing to divide by.
pub fn value(unit: Unit, cell: Cell) -> Value {
    match (unit, cell) {
        (_, None) => Value::Null,
        (Unit::Percent, Some(n)) => json!(n as f64 / 10.0),
        (_, Some(n)) => json!(n),
    }
}
