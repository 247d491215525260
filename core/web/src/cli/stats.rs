//! `falin stats`: figures by place and period, and proof that they add up.

use clap::{Args, Subcommand};
use falin_app::statistics::{self, Asked, Cell, Table};
use falin_domain::statistics::Unit;
use falin_domain::time::Date;
use serde_json::json;

use super::table::table;
use super::{Frame, Outcome, Ran, place};
use crate::figures_json;

/// Arguments of `falin stats`.
#[derive(Args)]
pub struct Stats {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Figures of a place and of the places right below it
    Show(Of),
    /// Proves that villages sum to townships and townships to the county
    Reconcile(Of),
}

#[derive(Args)]
struct Of {
    /// Division code of the county, or of a place in it
    #[arg(long, value_name = "CODE")]
    place: Option<String>,
    /// First day; otherwise the first of the year
    #[arg(long, value_name = "DATE", value_parser = super::frame::date)]
    from: Option<Date>,
    /// Last day; otherwise today
    #[arg(long, value_name = "DATE", value_parser = super::frame::date)]
    to: Option<Date>,
}

impl Stats {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        match self.what {
            What::Show(of) => of.show(frame),
            What::Reconcile(of) => of.reconcile(frame),
        }
    }
}

impl Of {
    fn asked(&self) -> Asked {
        Asked { place: self.place.clone(), from: self.from, to: self.to }
    }

    fn show(self, frame: &Frame) -> Ran {
        let app = frame.open()?;
        let visitor = place::visitor(frame, &app, self.place.as_deref())?;
        let found = app.wait(statistics::table(&app, &visitor, self.asked()))?;
        frame.print(&figures_json::table(&found), &words(frame, &found))?;
        Ok(Outcome::Done)
    }

    fn reconcile(self, frame: &Frame) -> Ran {
        let app = frame.open()?;
        let visitor = place::visitor(frame, &app, self.place.as_deref())?;
        let (span, found) = app.wait(statistics::reconcile(&app, &visitor, self.asked()))?;
        let told: Vec<_> = found
            .iter()
            .map(|m| json!({"figure": m.figure, "place": m.place, "whole": m.whole, "sum": m.sum}))
            .collect();
        let lines: Vec<String> = found
            .iter()
            .map(|m| format!("{} {}: {} ≠ {}\n", m.figure, m.place.as_deref().unwrap_or("·"), m.whole, m.sum))
            .collect();
        let text =
            if lines.is_empty() { format!("{}\n", frame.t("cli-stats-reconciled")) } else { lines.concat() };
        frame.print(
            &json!({"from": span.from.to_string(), "to": span.to.to_string(), "mismatches": told}),
            &text,
        )?;
        Ok(if found.is_empty() { Outcome::Done } else { Outcome::Refused })
    }
}

fn words(frame: &Frame, found: &Table) -> String {
    let english = frame.lang == crate::look::Lang::En;
    let mut heads = vec![frame.t("stats-figure"), frame.t("stats-unit"), frame.t("stats-whole")];
    heads.extend(found.parts.iter().map(|part| part.name.clone()));
    let rested = found.has_rest();
    heads.extend(rested.then(|| frame.t("stats-rest")));
    let row = |line: &statistics::Line| {
        let name = if english { line.figure.en } else { line.figure.zh };
        let unit = frame.t(&format!("stats-unit-{}", line.figure.unit.code()));
        let mut cells = vec![name.to_owned(), unit, cell(line.figure.unit, line.value)];
        let rest = rested.then_some(&line.elsewhere);
        cells.extend(line.parts.iter().chain(rest).map(|one| cell(line.figure.unit, *one)));
        cells
    };
    let mut rows: Vec<Vec<String>> = found.lines.iter().map(row).collect();
    rows.extend(found.own.iter().flat_map(|own| own.rows(english, rested)));
    table(&heads, &rows)
}

fn cell(unit: Unit, value: Cell) -> String {
    match (unit, value) {
        (_, None) => "–".to_owned(),
        (Unit::Percent, Some(n)) => format!("{}.{}", n / 10, n % 10),
        (Unit::Money, Some(n)) => format!("{}.{:02}", n / 100, n % 100),
        (_, Some(n)) => n.to_string(),
    }
}
