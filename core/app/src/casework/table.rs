//! A list of cases as a table to take away: what the reader may read of each, in words.

use std::collections::HashMap;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::page::Window;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::CountyId;
use falin_domain::workflow::{Field, Flow, Kind, Values, Written};
use falin_store::casefile::Case;
use falin_store::casefile_list;
use falin_store::journal::Entry;
use falin_store::worker::{self, Worker};
use falin_store::{Fault, In, Tx};
use serde_json::{Value, json};

use super::{Filter, list, noun_of, sight};
use crate::{App, Stop, sheets};

/// Most cases of one table.
const MOST: usize = 20_000;
/// Cases that one entry of the journal names.
const OF_ENTRY: usize = 500;

/// The cases that a list shows as a workbook, with the fields that the reader may read. Who took how many is in the
/// journal before a byte leaves.
///
/// # Errors
/// `access.denied`, `not_found`, `division.unknown`, `search.digits`; `form.invalid` at `from` for more than 20,000 cases.
pub async fn table(
    app: &App,
    visitor: &Visitor,
    flow: &str,
    filter: Filter,
    english: bool,
) -> Result<Vec<u8>, Stop> {
    let flow = app.flows.current(visitor.county, flow)?;
    let noun: Noun = noun_of(&flow);
    visitor.scope(Act::Export, noun)?;
    let sight = sight(visitor, Act::Read, &flow)?;
    let (flows, who, county) = (app.flows.clone(), visitor.clone(), visitor.county);
    let shape = std::sync::Arc::clone(&flow);
    let work = move |tx: &mut Tx<'_>| {
        let wanted = list::rows(tx, &who, &shape, &filter)?;
        let names = Names::read(tx, county)?;
        let (mut rows, mut ids) = (Vec::new(), Vec::new());
        let mut window = Window { limit: 200, after: None };
        loop {
            let page = casefile_list::page(tx, &sight, &wanted, &window)?;
            ids.extend(page.items.iter().map(|case| case.id));
            rows.extend(self::rows(tx, &flows, (&who, &names), &shape, (&page.items, english))?);
            if rows.len() > MOST {
                return Err(Refusal::field("from", "list_too_long").into());
            }
            match page.next {
                Some(next) => window.after = Some(next),
                None => break,
            }
        }
        Ok((rows, ids))
    };
    // Thousands of rows are read beside the writer, which the others need; the journal's line alone is written.
    let (rows, ids) = app.db.read(In::County(county), work).await?;
    let (account, list) = (visitor.account, flow.id.clone());
    let noted = move |tx: &mut Tx<'_>| {
        // Which cases, so that each one's person can see that it was taken; an empty table leaves its line too.
        for part in ids.chunks(OF_ENTRY).chain(ids.is_empty().then_some([].as_slice())) {
            let (subject, details) = (None, json!({ "list": list, "rows": part.len(), "cases": part }));
            let (event, reason) = (Event::Exported, Reason::Person);
            tx.record(Entry { county, account, event, reason, subject, details })?;
        }
        Ok(())
    };
    app.db.write(In::County(county), noted).await?;
    let heads = heads(&flow, english);
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    sheets::write_xlsx(flow.name.in_language(if english { "en" } else { "zh" }), &heads, &rows, app.today())
        .map_err(|fault| Fault::new("cases", fault.to_string()).into())
}

/// What workers are called in a table: by name, and with the licence where two bear the same.
pub(crate) struct Names(HashMap<String, String>);

impl Names {
    /// Every worker of a county, past ones too.
    ///
    /// # Errors
    /// The store's own.
    pub fn read(tx: &mut Tx<'_>, county: CountyId) -> Result<Self, Stop> {
        let all = worker::all(tx, county)?;
        let mut bearers: HashMap<&str, usize> = HashMap::new();
        for one in &all {
            *bearers.entry(one.name.as_str()).or_default() += 1;
        }
        let called = |one: &Worker| match (bearers.get(one.name.as_str()), &one.licence) {
            (Some(2..), Some(licence)) => format!("{}（{licence}）", one.name),
            _ => one.name.clone(),
        };
        Ok(Self(all.iter().map(|one| (one.id.to_string(), called(one))).collect()))
    }

    /// A field's value in words.
    fn told(&self, field: &Field, value: Option<&Value>, english: bool) -> String {
        let text = field.told(value, english, Written::Sheet);
        match field.kind {
            Kind::Worker => self.0.get(&text).cloned().unwrap_or(text),
            _ => text,
        }
    }
}

fn told(flow: &Flow) -> impl Iterator<Item = &Field> {
    flow.field.iter().filter(|field| !matches!(field.kind, Kind::Rows | Kind::Case | Kind::Room))
}

/// The heads of a table of this flow.
pub(crate) fn heads(flow: &Flow, english: bool) -> Vec<String> {
    let pick = |zh: &str, en: &str| if english { en } else { zh }.to_owned();
    let mut heads = vec![
        pick("编号", "Number"),
        pick("状态", "State"),
        pick("地方", "Place"),
        pick("承办人", "Worker"),
        pick("开始", "Opened"),
        pick("结束", "Closed"),
    ];
    let lang = if english { "en" } else { "zh" };
    heads.extend(told(flow).map(|field| field.label.in_language(lang).to_owned()));
    heads
}

/// The cells of these cases, a row each, as far as the visitor may read them.
///
/// # Errors
/// The store's own; a fault where a document cannot be opened.
pub(crate) fn rows(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    (visitor, names): (&Visitor, &Names),
    shape: &Flow,
    (cases, english): (&[Case], bool),
) -> Result<Vec<Vec<String>>, Stop> {
    let read = super::readable_values(tx, flows, visitor, cases)?;
    let lines = list::lines(tx, flows, (cases, false))?;
    Ok(lines.iter().zip(&read).map(|(line, values)| row(names, shape, line, values, english)).collect())
}

fn row(names: &Names, shape: &Flow, line: &super::Line, values: &Values, english: bool) -> Vec<String> {
    let case: &Case = &line.case;
    let lang = if english { "en" } else { "zh" };
    let day = |ms: i64| Instant::from_millis(ms).date().to_string();
    let state =
        line.flow.state(&case.state).map_or(case.state.as_str(), |state| state.name.in_language(lang));
    let mut cells = vec![
        case.number.clone(),
        state.to_owned(),
        line.place.as_ref().map(|place| place.name.clone()).unwrap_or_default(),
        line.worker.as_ref().map(|worker| worker.name.clone()).unwrap_or_default(),
        day(case.created_ms),
        case.closed_ms.map(day).unwrap_or_default(),
    ];
    cells.extend(told(shape).map(|field| names.told(field, values.get(&field.name), english)));
    cells
}
