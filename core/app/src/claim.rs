//! The month's claim of mediators: each case led to an end, agreed or not, by grade, outcome and the county's tariff
//! (以案定补).

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::mediation::{Ended, Tariff};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_store::casefile::Case;
use falin_store::casefile_list::{self, Filter, Sight};
use falin_store::{In, Tx};
use serde_json::Value;

use crate::{App, Stop, settings};

/// States in which a case has been mediated to an end: what was never mediated, or taken back, is not paid.
const ENDS: [&str; 2] = ["closed", "failed"];
/// Cases read at a time.
const MOST: u16 = 200;

/// One case of the claim.
#[derive(Clone, Debug)]
pub struct Line {
    /// The case.
    pub case: Case,
    /// Name of the committee, as the case says.
    pub committee: String,
    /// Code of the grade.
    pub difficulty: String,
    /// Code of the outcome.
    pub outcome: String,
    /// Whether the dossier is complete.
    pub dossier: bool,
    /// What is paid, fen.
    pub sum: i64,
}

/// A month's claim.
#[derive(Clone, Debug)]
pub struct Claim {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// The cases, by number.
    pub lines: Vec<Line>,
    /// Sum of all, fen.
    pub sum: i64,
    /// What it is counted by.
    pub tariff: Tariff,
}

/// The claim for a month (`2026-10`).
///
/// # Errors
/// `access.denied`; `form.invalid` at `month`.
pub async fn month(app: &App, visitor: &Visitor, month: &str) -> Result<Claim, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Committee)?;
    let cases = visitor.scope(Act::Read, Noun::Mediation)?;
    let from: Date =
        format!("{}-01", month.trim()).parse().map_err(|_| Refusal::field("month", "date.invalid"))?;
    let to = from.plus_months(1).plus_days(-1);
    let work = move |tx: &mut Tx<'_>| {
        let (_, set) = settings::read(tx, scope.county)?;
        let sight = Sight { scope: cases.clone(), resident: None, queues: Vec::new(), holder: None };
        let filter = Filter {
            flows: vec!["mediation".to_owned()],
            states: ENDS.map(str::to_owned).to_vec(),
            closed_ms: Some((from.start().millis(), to.plus_days(1).start().millis())),
            ..Filter::default()
        };
        let mut lines = Vec::new();
        let mut window = falin_domain::page::Window { limit: MOST, after: None };
        loop {
            let page = casefile_list::page(tx, &sight, &filter, &window)?;
            for case in page.items {
                lines.push(line(tx, case, &set.tariff)?);
            }
            match page.next {
                Some(after) => window.after = Some(after),
                None => break,
            }
        }
        lines.sort_by(|a: &Line, b: &Line| a.case.number.cmp(&b.case.number));
        let sum = lines.iter().map(|line| line.sum).sum();
        Ok(Claim { from, to, lines, sum, tariff: set.tariff })
    };
    app.db.read(In::County(visitor.county), work).await
}

fn line(tx: &mut Tx<'_>, case: Case, tariff: &Tariff) -> Result<Line, Stop> {
    let values = case.document(tx)?;
    let text = |name: &str| values.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (difficulty, mut outcome) = (text("difficulty"), text("outcome"));
    if outcome.is_empty() && case.state == "failed" {
        // It ended before ends wrote their outcome down.
        "none".clone_into(&mut outcome);
    }
    let dossier = values.get("dossier").and_then(Value::as_bool).unwrap_or(false);
    let sum = tariff.sum(Ended { difficulty: &difficulty, outcome: &outcome, dossier });
    Ok(Line { committee: text("committee"), difficulty, outcome, dossier, sum, case })
}
