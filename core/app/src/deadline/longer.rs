//! A deadline made longer by a person, once, where the law allows it and by no more than it says.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::deadline::rule;
use falin_domain::refusal::Refusal;
use falin_domain::words::{CaseId, DeadlineId};
use falin_store::casefile::Case;
use falin_store::deadline::Deadline;
use falin_store::{In, Tx};

use super::{Extension, extend};
use crate::division::must_hold;
use crate::{App, Stop};

/// By how many of its own units an open deadline may still be extended; None where the law has no extension for it, or
/// it has had one.
pub fn most(row: &Deadline) -> Option<u16> {
    let allowed = rule(&row.code).and_then(|rule| rule.extension)?;
    (row.is_open() && row.reason.is_none()).then_some(allowed.n)
}

/// Extends a deadline; `by` is a number of the deadline's own units as typed. Returns it as it is then.
///
/// # Errors
/// `access.denied`, `not_found`; `form.invalid` at `by` or `reason`; `action.not_allowed` where the law allows less.
pub async fn extend_by(
    app: &App,
    visitor: &Visitor,
    id: DeadlineId,
    by: &str,
    reason: &str,
) -> Result<Deadline, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Deadline)?;
    let by: u16 = by.trim().parse().map_err(|_| Refusal::field("by", "not_a_number"))?;
    let (account, reason) = (visitor.account, reason.trim().to_owned());
    let work = move |tx: &mut Tx<'_>| {
        let row = Deadline::by_id(tx, scope.county, id)?;
        must_hold(tx, &scope, row.division_id).map_err(|_| Refusal::absent())?;
        let source = rule(&row.code).map(|rule| rule.source.zh).unwrap_or_default();
        extend(
            tx,
            scope.county,
            row.subject_id,
            &row.code,
            &Extension { by, reason: &reason, source, account },
        )
    };
    app.db.write(In::County(visitor.county), work).await
}

/// Flow and id of the case that a deadline is of: its page comes back where an extension is refused.
///
/// # Errors
/// `access.denied`, `not_found`, also for a deadline of no case.
pub async fn case_of(app: &App, visitor: &Visitor, id: DeadlineId) -> Result<(String, CaseId), Stop> {
    let scope = visitor.scope(Act::Write, Noun::Deadline)?;
    let work = move |tx: &mut Tx<'_>| {
        let row = Deadline::by_id(tx, scope.county, id)?;
        must_hold(tx, &scope, row.division_id).map_err(|_| Refusal::absent())?;
        let case = Case::by_id(tx, scope.county, row.subject_id.cast())?;
        Ok((case.flow, case.id))
    };
    app.db.read(In::County(visitor.county), work).await
}
