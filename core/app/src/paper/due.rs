//! Whether a paper may go out now: the case has come to it, it is the only one of its kind, nothing that it needs is
//! missing, its number is its own.

use std::sync::Arc;

use falin_domain::paper::{Paper as Form, Values, all};
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::words::CountyId;
use falin_store::Tx;
use falin_store::paper;

use super::New;
use crate::Stop;
use crate::casework::Seen;
use crate::plugin::papers;

/// Refuses a letter that lacks what it needs, unless the rest is written by hand.
pub(super) fn is_whole(form: &Form, values: &Values, by_hand: bool) -> Result<(), Refusal> {
    let blanks = if form.is_whole() && !by_hand { due_blanks(form, values) } else { Vec::new() };
    if blanks.is_empty() {
        return Ok(());
    }
    Err(Refusal::form(blanks.iter().map(|name| FieldError::new(name, "required")).collect()))
}

/// What is blank and not given at issuing.
pub(super) fn due_blanks(form: &Form, values: &Values) -> Vec<String> {
    form.blanks(values).into_iter().filter(|name| name != "no").collect()
}

/// Refuses a second decision while one holds, unless it is wanted beside it.
pub(super) fn is_first(tx: &mut Tx<'_>, form: &Form, new: &New) -> Result<(), Stop> {
    if !form.once || new.again {
        return Ok(());
    }
    let standing = paper::standing(tx, new.county, new.subject.1, None)?;
    match standing.iter().find(|row| form.codes().any(|code| code == row.kind)) {
        Some(row) => Err(Refusal::new("paper.stands").with("number", &row.number).into()),
        None => Ok(()),
    }
}

/// Refuses what the case has not come to.
pub(super) fn is_due(form: &Form, seen: &Seen) -> Result<(), Refusal> {
    match fits_now(form, seen) {
        true => Ok(()),
        false => Err(Refusal::new("paper.early")),
    }
}

/// Whether the case has come to where the paper is issued.
pub(super) fn fits_now(form: &Form, seen: &Seen) -> bool {
    let steps = seen.steps.iter();
    form.is_due(&seen.flow, steps.map(|told| (told.step.action.as_str(), told.step.to_state.as_str())))
}

/// Whether a paper that counts with this one has or had the number.
pub(super) fn is_used(tx: &mut Tx<'_>, county: CountyId, form: &Form, number: &str) -> Result<bool, Stop> {
    let series = form.number.as_ref().map(|one| one.series.as_str());
    let same = |one: &&Arc<Form>| one.number.as_ref().map(|one| one.series.as_str()) == series;
    let beside = match &form.own {
        Some(own) => papers(tx, &own.plugin, own.generation)?,
        None => Arc::default(),
    };
    let all = if form.own.is_some() { &beside[..] } else { all() };
    let kinds: Vec<&str> = all.iter().filter(same).flat_map(|one| one.codes()).collect();
    paper::has_number(tx, county, &kinds, number)
}

/// The case's number for its paper: as it is for the first, then `之一`, `之二`, as courts write further papers of one
/// case.
pub(super) fn free_number(
    tx: &mut Tx<'_>,
    county: CountyId,
    form: &Form,
    number: &str,
) -> Result<String, Stop> {
    let mut free = number.to_owned();
    for n in 1..=99 {
        if !is_used(tx, county, form, &free)? {
            break;
        }
        free = format!("{number}之{}", falin_domain::paper::numeral(n));
    }
    Ok(free)
}
