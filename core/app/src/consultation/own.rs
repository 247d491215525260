//! Everything about me: a resident's own cases, and who has read them.

use falin_domain::access::{Scope, Visitor};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{AccountId, CaseId};
use falin_store::casefile_list::{self, Filter, Sight};
use falin_store::{In, Tx, account, journal};

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
        let cases = casework::lines(tx, &flows, &page.items)?;
        let readings = readings(tx, county, me, &cases)?;
        Ok(MyData { cases, readings })
    };
    app.db.read(In::County(county), work).await
}

fn readings(
    tx: &mut Tx<'_>,
    county: falin_domain::words::CountyId,
    me: AccountId,
    cases: &[Line],
) -> Result<Vec<Reading>, Stop> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Vec<u8>> = cases.iter().map(|line| line.case.id.bytes()).collect();
    let filter = journal::Filter { subjects: Some(ids), ..journal::Filter::default() };
    let rows = journal::page(tx, county, &filter, None, MOST_READINGS)?;
    let codes = [Event::CaseRead.code(), Event::FileOpened.code()];
    let mut found = Vec::new();
    for row in rows.iter().filter(|row| codes.contains(&row.event.as_str())) {
        let by: Option<AccountId> = row.account_id.as_deref().map(falin_store::county::id).transpose()?;
        if by == Some(me) {
            continue;
        }
        let who = by.map(|id| account::by_id(tx, id)).transpose()?.flatten();
        let of = row.subject_id.as_deref().map(falin_store::county::id).transpose()?;
        let of: Option<CaseId> = of;
        let number = cases.iter().find(|line| Some(line.case.id) == of).map(|line| line.case.number.clone());
        found.push(Reading {
            number: number.unwrap_or_default(),
            who: who.map(|account| account.display_name).unwrap_or_default(),
            at: Instant::from_millis(row.at_ms),
        });
    }
    Ok(found)
}
