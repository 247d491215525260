//! Tables as they were reported: kept on the day, read again beside today's figures.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::Event;
use falin_domain::page::{Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::statistics::{FIGURES, Figure, Source, Span, kept_back};
use falin_domain::words::ReportId;
use falin_store::division::Division;
use falin_store::statistics as rows;
use falin_store::{In, Tx};
use serde_json::{Map, Value, json};

use super::{Asked, NOUN, Report, Sees, Table, answered, table, tallied, values};
use crate::division::holds;
use crate::trace::By;
use crate::{App, Fault, Stop};

/// Longest title of a reported table.
const LONGEST_TITLE: usize = 100;

/// Keeps a place's table as it is reported today; what is corrected later stands beside it.
///
/// # Errors
/// `access.denied`, `form.invalid`.
pub async fn report(app: &App, visitor: &Visitor, asked: Asked, title: &str) -> Result<Report, Stop> {
    visitor.scope(Act::Write, Noun::Statistics)?;
    let title = title.trim().to_owned();
    if title.is_empty() {
        return Err(Refusal::field("title", "required").into());
    }
    if title.chars().count() > LONGEST_TITLE || title.chars().any(char::is_control) {
        return Err(Refusal::field("title", "control").into());
    }
    let table = table(app, visitor, asked).await?;
    let figures =
        serde_json::to_string(&values(&table)).map_err(|e| Fault::new("statistics", e.to_string()))?;
    let by = By::of(visitor);
    let work = move |tx: &mut Tx<'_>| {
        let row = Report {
            county_id: by.county,
            id: tx.id(),
            title: title.clone(),
            division_id: table.place.as_ref().map(|place| place.id),
            from_date: table.span.from,
            to_date: table.span.to,
            figures: figures.clone(),
            account_id: by.account,
            created_ms: tx.now.millis(),
        };
        row.insert(tx)?;
        by.saved(tx, Event::FiguresReported, (NOUN, row.id), json!({ "from": row.from_date.to_string() }))?;
        Ok(row)
    };
    app.db.write(In::County(visitor.county), work).await
}

/// Tables of the visitor's places as they were reported, newest first.
///
/// # Errors
/// `access.denied`.
pub async fn reports(app: &App, visitor: &Visitor, window: Window) -> Result<Page<Report>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Statistics)?;
    let who = visitor.clone();
    let work = move |tx: &mut Tx<'_>| {
        let mut page = rows::reports(tx, &scope, &window)?;
        let places: Vec<_> = page.items.iter().map(|report| report.division_id).collect();
        let sees = Sees::at_each(tx, &who, &places)?;
        for (report, sees) in page.items.iter_mut().zip(sees) {
            report.figures = shown_to(&sees, &report.figures);
        }
        Ok(page)
    };
    app.db.read(In::County(visitor.county), work).await
}

/// One table as it was reported, with today's figures of the same place and period beside it.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn reported(app: &App, visitor: &Visitor, id: ReportId) -> Result<(Report, Table), Stop> {
    let scope = visitor.scope(Act::Read, Noun::Statistics)?;
    let who = visitor.clone();
    let work = move |tx: &mut Tx<'_>| {
        let mut report = rows::report(tx, scope.county, id)?;
        if !holds(tx, &scope, report.division_id)? {
            return Err(Refusal::absent().into());
        }
        let sees = Sees::at(tx, &who, report.division_id)?;
        report.figures = shown_to(&sees, &report.figures);
        let place = match report.division_id {
            Some(place) => Division::by_ids(tx, scope.county, &[place])?.remove(&place),
            None => None,
        };
        let span = Span { from: report.from_date, to: report.to_date };
        let table = tallied(tx, scope.county, place, (span, &sees), (None, false))?;
        Ok((report, table, sees.smallest()))
    };
    let (report, mut table, smallest) = app.db.read(In::County(visitor.county), work).await?;
    answered::fill(app, visitor, &mut table, smallest).await?;
    Ok((report, table))
}

/// The figures of a kept table as a reader may see them. To whom their rows are closed, those of workflows stay back as a whole: of a kept share
/// nobody knows any more from how many it was taken.
fn shown_to(sees: &Sees, figures: &str) -> String {
    let kept: Map<String, Value> = serde_json::from_str(figures).unwrap_or_default();
    let small = |code: &str| match kept.get(code).and_then(Value::as_i64) {
        Some(n) => kept_back(&[n])[0],
        None => true,
    };
    let hidden = |code: &str| match FIGURES.iter().find(|figure| figure.code == code) {
        None => !sees.rows_of(Noun::Workflow),
        Some(Figure { source, .. }) if sees.rows_of(source.noun()) => false,
        Some(Figure { source: Source::Ratio(part, whole), .. }) => small(part) || small(whole),
        Some(_) => small(code),
    };
    let shown = kept.iter().map(|(code, value)| {
        let value = if hidden(code) { Value::Null } else { value.clone() };
        (code.clone(), value)
    });
    Value::Object(shown.collect()).to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_kept_table_tells_a_stranger_no_small_count_and_no_rate_of_one() {
        let kept = r#"{"villages":40,"villages_advised":3,"advised_rate":75,"consultations":60,"plug/in":2}"#;
        let rate =
            FIGURES.iter().find(|one| matches!(one.source, Source::Ratio("villages_advised", _))).unwrap();
        let kept = kept.replace("advised_rate", rate.code);
        let shown: Map<String, Value> = serde_json::from_str(&shown_to(&Sees(Vec::new()), &kept)).unwrap();
        assert_eq!((&shown["villages"], &shown["consultations"]), (&json!(40), &json!(60)));
        for code in ["villages_advised", rate.code, "plug/in"] {
            assert_eq!(shown[code], Value::Null, "{code}");
        }
    }
}
