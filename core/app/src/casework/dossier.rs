//! The list by which a case's dossier is checked: what is there, and what is missing.

use falin_domain::page::{MOST, Window};
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::workflow::{Flow, Values, Words};
use falin_store::casefile::Case;
use falin_store::paper::{self, Filter};
use falin_store::{Tx, attachment};
use serde_json::Value;

use crate::Stop;

/// A line of the list.
#[derive(Clone, Debug)]
pub struct Belonging {
    /// What it is.
    pub name: Words,
    /// Whether the dossier needs it.
    pub needed: bool,
    /// Whether a paper of it is issued, or a file of its name kept.
    pub there: bool,
    /// What stands before the name of a file that is added for it.
    pub file: String,
}

/// The list for a case with these values; empty where its flow has none.
///
/// # Errors
/// The store's own.
pub(super) fn of(tx: &mut Tx<'_>, flow: &Flow, case: &Case, values: &Values) -> Result<Vec<Belonging>, Stop> {
    if flow.dossier.is_empty() {
        return Ok(Vec::new());
    }
    let filter = Filter { subject: Some(case.id.cast()), ..Filter::default() };
    let issued = paper::page(tx, case.county_id, &filter, &Window { limit: MOST, after: None })?;
    let valid = issued.items.into_iter().filter(|paper| paper.voided_ms.is_none());
    let papers: Vec<String> = valid.map(|paper| paper.kind).collect();
    let mut files = Vec::new();
    for file in attachment::of(tx, case.county_id, case.id)? {
        files.push(file.name(tx)?);
    }
    let line = |one: &falin_domain::workflow::Belongs| Belonging {
        name: one.name.clone(),
        needed: one.needed(values),
        there: one.is_among(&papers, &files),
        file: one.files.first().cloned().unwrap_or_default(),
    };
    Ok(flow.dossier.iter().map(line).collect())
}

/// Refuses to call a dossier complete that is not, unless it is said why.
///
/// # Errors
/// `form.invalid` at the field, with what is missing.
pub(super) fn complete(
    tx: &mut Tx<'_>,
    flow: &Flow,
    case: Option<&Case>,
    (field, reason): (&str, &str),
    values: &Values,
) -> Result<(), Stop> {
    let claimed = values.get(field).and_then(Value::as_bool) == Some(true);
    let said = values.get(reason).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty());
    let Some(case) = case.filter(|_| claimed && !said) else { return Ok(()) };
    let lines = of(tx, flow, case, values)?;
    let missing: Vec<&Words> =
        lines.iter().filter(|one| one.needed && !one.there).map(|one| &one.name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let zh: Vec<&str> = missing.iter().map(|words| words.zh.as_str()).collect();
    let en: Vec<&str> = missing.iter().map(|words| words.en.as_str()).collect();
    let fault = FieldError::new(field, "dossier.missing").with("zh", zh.join("、")).with("en", en.join(", "));
    Err(Refusal::form(vec![fault]).into())
}
