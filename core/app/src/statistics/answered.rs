//! Figures whose rows a plugin's library gives: it is told what the house has counted, and nothing of any case.

use std::sync::Arc;

use falin_domain::access::Visitor;
use falin_domain::refusal::Refusal;
use falin_domain::workflow::Statistic;
use falin_host::plugin::PluginOp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::own::{Own, OwnLine, Split, SplitRow};
use super::{Cell, Table, Written};
use crate::casework::InUse;
use crate::plugin::asked::{self, Asking, Heard};
use crate::{App, Stop};

/// Most rows of one answer.
const MOST_ROWS: usize = 200;
/// The field under which a library's rows stand as a split.
const ROWS: &str = "rows";

/// A library's answer.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Answer {
    rows: Vec<Row>,
    value: Option<i64>,
}

/// One row of it.
#[derive(Deserialize)]
struct Row {
    label: String,
    value: i64,
    of: Option<i64>,
}

/// Fills the figures that libraries answer. One that breaks leaves its figure empty, and says so.
///
/// # Errors
/// The store's own.
pub(super) async fn fill(app: &App, visitor: &Visitor, table: &mut Table, smallest: i64) -> Result<(), Stop> {
    let used = app.flows.in_use(visitor.county);
    let mut own = std::mem::take(&mut table.own);
    for one in &mut own {
        if let Some(used) = used.iter().find(|used| used.name == one.plugin) {
            lines(app, visitor, table, (used, one), smallest).await?;
        }
    }
    table.own = own;
    Ok(())
}

async fn lines(
    app: &App,
    visitor: &Visitor,
    table: &Table,
    (used, own): (&Arc<InUse>, &mut Own),
    smallest: i64,
) -> Result<(), Stop> {
    for line in own.lines.iter_mut().filter(|line| line.statistic.library) {
        let least = i64::from(line.statistic.least).max(smallest);
        let filled = match ask(app, visitor, table, (used, line)).await {
            Ok(None) => continue,
            Ok(Some(answer)) => line.answered(table, used, &answer, least),
            Err(Stop::Refused(refusal)) => Err(*refusal),
            Err(stop) => return Err(stop),
        };
        if let Err(refusal) = filled {
            tracing::warn!(plugin = %used.name, figure = %line.statistic.code, %refusal, "a figure was not answered");
            line.empty(table);
        }
    }
    Ok(())
}

async fn ask(
    app: &App,
    visitor: &Visitor,
    table: &Table,
    (used, line): (&InUse, &OwnLine),
) -> Result<Option<Answer>, Stop> {
    let texts = &used.manifest.text;
    let asking = Asking { plugin: &used.name, generation: used.generation, texts, reader: visitor };
    match asked::ask(app, asking, PluginOp::Stats, &question(table, line)).await? {
        Heard::Done(bytes, _) => Ok(Some(asked::read(&used.name, PluginOp::Stats, &bytes)?)),
        Heard::Refused(bytes) => Err(crate::casework::refused_by_library(texts, &|_| false, &bytes).into()),
        // An older library leaves the figure as the house counts it.
        Heard::Unknown => Ok(None),
    }
}

/// Totals only, and of those only what the reader may see.
fn question(table: &Table, line: &OwnLine) -> Value {
    let parts = table.parts.iter().zip(&line.parts);
    let parts = parts.map(|(place, value)| json!({ "place": place.code, "value": value }));
    let splits = line.splits.iter().map(|split| {
        let rows = split.rows.iter().map(|row| json!({ "code": row.code, "value": row.value }));
        json!({ "field": split.field, "rows": rows.collect::<Vec<_>>() })
    });
    json!({
        "figure": line.statistic.code, "from": table.span.from.to_string(), "to": table.span.to.to_string(),
        "place": table.place.as_ref().and_then(|place| place.code.clone()),
        "counted": {
            "value": line.value, "parts": parts.collect::<Vec<_>>(), "splits": splits.collect::<Vec<_>>(),
        },
    })
}

/// A row's value as it is shown: a count, or a share where it says of how many.
fn shown(statistic: &Statistic, row: &Row) -> Cell {
    match row.of {
        Some(of) => statistic.share(row.value, of),
        None => Some(row.value),
    }
}

/// Which rows are too small to be shown; and one more where a single one would follow from the whole.
fn hidden(rows: &[Row], least: i64) -> Vec<bool> {
    let mut hidden: Vec<bool> = rows.iter().map(|row| (1..least).contains(&row.value)).collect();
    if hidden.iter().filter(|one| **one).count() == 1 {
        let others = rows.iter().enumerate().filter(|(at, row)| !hidden[*at] && row.value > 0);
        if let Some((at, _)) = others.min_by_key(|(_, row)| row.value) {
            hidden[at] = true;
        }
    }
    hidden
}

impl OwnLine {
    /// Nothing to show.
    fn empty(&mut self, table: &Table) {
        self.value = None;
        self.parts = table.parts.iter().map(|_| None).collect();
        (self.elsewhere, self.rest, self.unanswered) = (None, false, true);
        self.splits.clear();
    }

    /// Puts a library's rows where the house's own count stood: those of the table's parts by their codes, the rest
    /// under their texts.
    fn answered(&mut self, table: &Table, used: &InUse, answer: &Answer, least: i64) -> Result<(), Refusal> {
        let failed = || Refusal::new("plugin.failed");
        let texts = &used.manifest.text;
        let part = |label: &str| table.parts.iter().position(|place| place.code.as_deref() == Some(label));
        let known = |row: &Row| part(&row.label).is_some() || texts.contains_key(&row.label);
        if answer.rows.len() > MOST_ROWS || !answer.rows.iter().all(known) {
            return Err(failed());
        }
        let hide = hidden(&answer.rows, least);
        let statistic = self.statistic.clone();
        let mut parts: Vec<Cell> = vec![None; table.parts.len()];
        let mut rows = Vec::new();
        for (row, hide) in answer.rows.iter().zip(&hide) {
            let value = shown(&statistic, row).filter(|_| !hide);
            match part(&row.label) {
                Some(at) => parts[at] = value,
                None => rows.push(SplitRow {
                    code: row.label.clone(),
                    name: texts[&row.label].clone(),
                    value,
                    parts: vec![None; table.parts.len()],
                    elsewhere: None,
                    last_year: None,
                }),
            }
        }
        let sum = |of: fn(&Row) -> Option<i64>| {
            answer.rows.iter().map(of).try_fold(0i64, |sum, n| sum.checked_add(n?))
        };
        let whole = answer.value.or_else(|| sum(|row| Some(row.value))).ok_or_else(failed)?;
        let of = sum(|row| row.of).filter(|_| !answer.rows.is_empty());
        let too_small = (1..least).contains(&whole);
        self.value = match of {
            Some(of) if answer.value.is_none() => statistic.share(whole, of),
            _ => Some(whole),
        };
        self.value = self.value.filter(|_| !too_small);
        let share = answer.rows.iter().any(|row| row.of.is_some());
        self.written = if share { Written::Share(statistic.digits()) } else { Written::Whole };
        (self.parts, self.elsewhere, self.rest) = (parts, None, false);
        self.splits = match rows.is_empty() {
            true => Vec::new(),
            false => vec![Split { field: ROWS.to_owned(), name: statistic.name.clone(), rows }],
        };
        self.kept_back |= too_small || hide.contains(&true);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: i64) -> Row {
        Row { label: String::new(), value, of: None }
    }

    #[test]
    fn a_single_small_row_takes_the_next_one_with_it() {
        assert_eq!(hidden(&[row(3), row(9), row(7)], 5), [true, false, true]);
        assert_eq!(hidden(&[row(3), row(4), row(7)], 5), [true, true, false]);
        assert_eq!(hidden(&[row(0), row(9)], 5), [false, false], "nothing is no small number");
        assert_eq!(hidden(&[row(3)], 0), [false]);
    }
}
