//! Everything about me: a resident's own cases, and who has read them.

use std::collections::{HashMap, HashSet};

use falin_domain::access::{Scope, Visitor};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{AccountId, CaseId, CountyId};
use falin_store::casefile_list::{self, Filter, Sight};
use falin_store::{In, Tx, account, journal, paper};
use serde::Deserialize;

use crate::casework::{self, Line};
use crate::{App, Stop};

/// Cases that are shown.
const MOST_CASES: u16 = 100;
/// Readings that are shown.
const MOST_READINGS: i64 = 200;

/// A reading of a case.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Number of the case.
    pub number: String,
    /// Who; empty for the resident with number and telephone.
    pub who: String,
    /// When.
    pub at: Instant,
}

/// What is kept about a resident.
#[derive(Clone, Debug)]
pub struct MyData {
    /// Own cases of every flow, newest first.
    pub cases: Vec<Line>,
    /// Who has read them, newest first; the resident's own readings are left out.
    pub readings: Vec<Reading>,
}

/// The own cases of an account as a resident, and their readings; nothing where it has none.
///
/// # Errors
/// `access.denied` for the operator, who has no account.
pub async fn my_data(app: &App, visitor: &Visitor) -> Result<MyData, Stop> {
    let me = visitor.account.ok_or_else(|| Refusal::new("access.denied"))?;
    // Whatever other roles the account has: only its own cases are everything about it.
    let scope = Scope { county: visitor.county, places: Some(Vec::new()), mine: None, only_mine: true };
    let sight = Sight { scope, resident: Some(me), queues: Vec::new(), holder: None };
    let (flows, county) = (app.flows.clone(), visitor.county);
    let work = move |tx: &mut Tx<'_>| {
        let window = falin_domain::page::Window { limit: MOST_CASES, after: None };
        let page = casefile_list::page(tx, &sight, &Filter::default(), &window)?;
        let cases = casework::lines(tx, &flows, (&page.items, true))?;
        let readings = readings(tx, county, me, &cases)?;
        Ok(MyData { cases, readings })
    };
    app.db.read(In::County(county), work).await
}

fn readings(tx: &mut Tx<'_>, county: CountyId, me: AccountId, cases: &[Line]) -> Result<Vec<Reading>, Stop> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<CaseId> = cases.iter().map(|line| line.case.id).collect();
    let mut numbers: HashMap<Vec<u8>, &str> =
        cases.iter().map(|line| (line.case.id.bytes(), line.case.number.as_str())).collect();
    for (paper, case) in paper::ids_of(tx, county, &ids)? {
        if let Some(number) = numbers.get(&case.bytes()).copied() {
            numbers.insert(paper.bytes(), number);
        }
    }
    let filter = journal::Filter { subjects: Some(numbers.keys().cloned().collect()), ..Default::default() };
    let rows = journal::page(tx, county, &filter, None, MOST_READINGS)?;
    let codes = [Event::CaseRead.code(), Event::FileOpened.code(), Event::PaperRead.code()];
    let mut found = Vec::new();
    for row in rows.iter().filter(|row| codes.contains(&row.event.as_str())) {
        let number = row.subject_id.as_ref().and_then(|id| numbers.get(id));
        found.extend(reading(row, me, number.copied().unwrap_or_default())?);
    }
    // A table that was taken away holds many people: each sees it for the own cases.
    let filter = journal::Filter { event: Some(Event::Exported.code().to_owned()), ..Default::default() };
    for row in journal::page(tx, county, &filter, None, MOST_READINGS)? {
        let taken: Taken = serde_json::from_str(&row.details).unwrap_or_default();
        for line in cases.iter().filter(|line| taken.cases.contains(&line.case.id)) {
            found.extend(reading(&row, me, &line.case.number)?);
        }
    }
    found.sort_by_key(|(one, _)| std::cmp::Reverse(one.at));
    let names = account::names(tx, &found.iter().filter_map(|(_, by)| *by).collect::<Vec<_>>())?;
    let named = |(one, by): (Reading, Option<AccountId>)| {
        let who = by.and_then(|by| names.get(&by)).cloned().unwrap_or_default();
        Reading { who, ..one }
    };
    Ok(found.into_iter().map(named).collect())
}

/// The cases of a table that was taken away, as its entry names them.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Taken {
    cases: HashSet<CaseId>,
}

/// What an entry says of the case with this number, and whose account read it, whose name is still to be said; None
/// where it is the own reading.
fn reading(
    row: &journal::Row,
    me: AccountId,
    number: &str,
) -> Result<Option<(Reading, Option<AccountId>)>, Stop> {
    let by: Option<AccountId> = row.account_id.as_deref().map(falin_store::county::id).transpose()?;
    let at = Instant::from_millis(row.at_ms);
    let told = (by != Some(me)).then(|| (Reading { number: number.to_owned(), who: String::new(), at }, by));
    Ok(told)
}
