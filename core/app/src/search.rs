//! What a search text asks for: names, pinyin and numbers of cases, never a telephone or ID number; and what bears it.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::directory::DivisionLevel;
use falin_domain::page::{Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::words::{CaseId, fold};
use falin_store::gram::{self, Wanted};

use crate::division::{self, Division};
use crate::{App, Stop, casework, firm, household, worker};

/// Things of one noun that a search gives.
pub const SHOWN: u16 = 10;

/// What bears a name or a number, as far as the visitor may read it; None where they may read no such thing at all.
pub enum Found {
    /// The flow and the case of this number, which nothing else bears.
    Case(String, CaseId),
    /// Up to [`SHOWN`] of each.
    Named(Box<Named>),
}

/// What bears a name.
#[derive(Default)]
pub struct Named {
    /// Households in being, by their head.
    pub households: Option<Page<household::Line>>,
    /// Workers in service.
    pub workers: Option<Page<worker::Shown>>,
    /// Firms in being.
    pub firms: Option<Page<firm::Counted>>,
    /// Villages.
    pub villages: Option<Page<Division>>,
    /// Cases of the house about a person, newest first.
    pub cases: Option<Page<casework::Line>>,
}

/// Looks a text up: the number of a case first, which may hold more digits than a name.
///
/// # Errors
/// `search.digits`; the store's own.
pub async fn everything(app: &App, visitor: &Visitor, text: &str) -> Result<Found, Stop> {
    match casework::by_number(app, visitor, text).await {
        Ok((flow, id)) => return Ok(Found::Case(flow, id)),
        Err(Stop::Refused(_)) => {}
        Err(stop) => return Err(stop),
    }
    // Asked first, so that no noun answers where another refuses.
    wanted(text)?;
    let may = |noun| visitor.may(Act::Read, noun);
    let window = || Window { limit: SHOWN, after: None };
    let mut found = Named::default();
    if may(Noun::Household) {
        let filter = household::Filter { active: Some(true), ..household::Filter::default() };
        let asked = household::Asked { filter, q: Some(text.to_owned()), place: None };
        found.households = Some(household::list(app, visitor, asked, window()).await?);
    }
    if may(Noun::Worker) {
        let filter = worker::Filter { q: text.to_owned(), active: Some(true), ..worker::Filter::default() };
        found.workers = Some(worker::list(app, visitor, filter, window()).await?);
    }
    if may(Noun::Firm) {
        let filter = firm::Filter { q: text.to_owned(), active: Some(true), ..firm::Filter::default() };
        found.firms = Some(firm::list(app, visitor, filter, window()).await?);
    }
    if may(Noun::Division) {
        let level = Some(DivisionLevel::Village);
        let filter = division::Filter { q: text.to_owned(), level, ..division::Filter::default() };
        found.villages = Some(division::list(app, visitor, filter, window()).await?);
    }
    found.cases = casework::about(app, visitor, text, SHOWN).await?;
    Ok(Found::Named(Box::new(found)))
}

/// Most digits in a row that a search text may have: more is a telephone or an ID number, which belongs into no
/// URL and no log (contract.md "HTTP", trust.md "Sensitive fields").
const MOST_DIGITS: usize = 4;

/// Reads a search text; None where it is empty.
///
/// # Errors
/// `search.digits` where more than four digits stand in a row, in any width and with blanks or dashes between.
pub fn wanted(text: &str) -> Result<Option<Wanted>, Refusal> {
    let mut run = 0;
    for c in fold(text).chars() {
        run = match c {
            '0'..='9' => run + 1,
            '-' | '–' | '—' | '.' | '+' | '(' | ')' => run,
            _ => 0,
        };
        if run > MOST_DIGITS {
            return Err(Refusal::new("search.digits"));
        }
    }
    Ok(gram::wanted(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_four_digits_are_refused_however_they_are_written() {
        for bad in ["13912345678", "１３９１２", "139 12", "王 0937-6226123", "62-02-01"] {
            assert!(wanted(bad).is_err(), "{bad}");
        }
        for good in ["", "王五", "wangwu", "1234", "2026号 12"] {
            assert!(wanted(good).is_ok(), "{good}");
        }
    }
}
