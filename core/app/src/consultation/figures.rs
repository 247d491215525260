//! How many questions were asked, answered, and answered in time, each with its denominator.

use falin_domain::access::Scope;
use falin_domain::time::Date;
use falin_domain::words::{CountyId, DivisionId};
use falin_store::{In, Tx, casefile_figures};

use super::FLOW;
use crate::{App, Stop};

/// Code of the deadline by which a question is answered.
const DEADLINE: &str = "consultation.answer";

/// Figures of a place and period. Answered and in time are counted among the asked: the rate's denominator is `asked`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Figures {
    /// Questions asked in the period.
    pub asked: u64,
    /// Of these, answered up to now, also by referring them into legal aid or mediation.
    pub answered: u64,
    /// Of these, answered no later than the first deadline of each.
    pub in_time: u64,
}

/// Figures at or below a place (None: the county), of questions asked from one day up to and including another.
///
/// # Errors
/// The store's own.
pub async fn figures(
    app: &App,
    county: CountyId,
    place: Option<DivisionId>,
    from: Date,
    to: Date,
) -> Result<Figures, Stop> {
    app.db.read(In::County(county), move |tx| figures_in(tx, county, place, from, to)).await
}

/// The same inside another use case's transaction.
///
/// # Errors
/// The store's own.
pub fn figures_in(
    tx: &mut Tx<'_>,
    county: CountyId,
    place: Option<DivisionId>,
    from: Date,
    to: Date,
) -> Result<Figures, Stop> {
    let span = (from.start().millis(), to.plus_days(1).start().millis());
    let scope = Scope { places: place.map(|place| vec![place]), ..Scope::whole(county) };
    let asked = casefile_figures::opened(tx, &scope, FLOW, span)?;
    let runs = casefile_figures::runs(tx, &scope, FLOW, span, DEADLINE)?;
    let mut told = Figures { asked, ..Figures::default() };
    // Runs of one case stand together, oldest first: the first that was met is the promise that was kept to the asker,
    // unless one before stood still only after its day.
    let mut of_case: Option<&[u8]> = None;
    let (mut counted, mut late) = (false, false);
    for run in &runs {
        if of_case != Some(&run.case[..]) {
            (of_case, counted, late) = (Some(&run.case[..]), false, false);
        }
        match run.met_ms {
            _ if counted => {}
            Some(met) => {
                counted = true;
                told.answered += 1;
                told.in_time += u64::from(!late && met <= run.due_ms);
            }
            None => late |= run.dropped_ms.is_some_and(|dropped| dropped > run.due_ms),
        }
    }
    Ok(told)
}
