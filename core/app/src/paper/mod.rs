//! Papers: issued under a number, corrected, declared void, read again; the same for every kind of case.

mod due;
mod kind;
mod offer;
mod office;
mod open;
mod post;
mod show;
mod template;

use std::sync::Arc;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::paper::{Fill, Paper as Form, Sheet, Value, Values, compose, find};
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountId, CountyId, PaperId};
use falin_store::adviser::AdviserPost;
use falin_store::casefile::Case;
use falin_store::casefile_list;
use falin_store::journal::Entry;
use falin_store::paper::{self, Written};
use falin_store::{In, Tx, number};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

pub use falin_store::deadline::SubjectId;
pub use falin_store::paper::{Filter, Paper, PaperTemplate};
pub(crate) use kind::form_of;
pub use kind::{codes, form_for, kind, kinds};
pub use offer::{Offered, offered, offered_to};
pub use office::Office;
pub(crate) use open::filled_from;
pub use open::{Opened, opened};
pub use show::{Listed, Shown, VersionLine, docx, list, one, sheet};
pub use template::{file_of, history, is_unfit, outline, replace, revert, sample_docx, templates};

use crate::casework::{self, Flows};
use crate::docx::document;
use crate::{App, Fault, Stop};

/// The noun in the journal and in write generations.
pub const NOUN: &str = "paper";
/// Longest reason in characters.
const LONGEST_REASON: usize = 500;

/// A paper to be issued.
#[derive(Clone, Debug)]
pub struct New {
    /// County.
    pub county: CountyId,
    /// Its kind, in the form that the case has.
    pub form: Arc<Form>,
    /// Noun and id of the case.
    pub subject: (String, SubjectId),
    /// Values by field, as [`Values::read`] takes them; what is missing stays blank.
    pub values: Json,
    /// Who issues it; None for the system.
    pub by: Option<AccountId>,
    /// Whether what is blank in a letter is written by hand.
    pub by_hand: bool,
    /// Whether it is wanted beside one of its kind that holds.
    pub again: bool,
}

/// A paper that a visitor asks for.
#[derive(Clone, Default, Debug)]
pub struct Wanted {
    /// Values by field. What they do not name is filled as the case knows it, unless `typed`.
    pub values: Json,
    /// Whether the values are all that was typed, a blank being meant.
    pub typed: bool,
    /// Whether what is blank in a letter is written by hand.
    pub by_hand: bool,
    /// Whether it is wanted beside one of its kind that holds.
    pub again: bool,
}

/// What issuing made.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The paper.
    pub paper: Paper,
    /// Fields that ought to be filled and are blank, in the form's order: to be written by hand.
    pub blanks: Vec<String>,
}

/// Issues a paper inside another use case's transaction: takes its number, keeps values and document sealed, and
/// journals.
///
/// # Errors
/// `form.invalid` at `subject_noun`, at the fields whose values are of another kind, and in a letter at those
/// that are blank; `paper.stands` where the case has one; the store's own.
pub fn issue(tx: &mut Tx<'_>, new: &New) -> Result<Issued, Stop> {
    let form = &*new.form;
    if !form.is_for(&new.subject.0) {
        return Err(Refusal::field("subject_noun", "unknown").into());
    }
    let mut values = read(form, &new.values)?;
    let office = Office::of(tx, new.county)?;
    office.fill(form, &mut values, tx.now.date());
    due::is_whole(form, &values, new.by_hand)?;
    due::is_first(tx, form, new)?;
    let (number, taken) = take_number(tx, new.county, form, &values, &office)?;
    values.fill(form, "no", number.clone());
    let (series, year, n) = match taken {
        Some((series, year, n)) => (Some(series), Some(year), Some(n)),
        None => (None, None, None),
    };
    let row = Paper {
        county_id: new.county,
        id: tx.id(),
        kind: form.code.clone(),
        subject_noun: new.subject.0.clone(),
        subject_id: new.subject.1,
        number,
        series,
        year,
        n,
        latest: 1,
        void_sealed: None,
        account_id: new.by,
        created_ms: tx.now.millis(),
        voided_ms: None,
        version: 1,
    };
    row.insert(tx)?;
    let blanks = write_version(tx, form, &row, &values, new.by)?;
    record(tx, &row, Event::PaperIssued, new.by)?;
    Ok(Issued { paper: row, blanks })
}

/// Corrects a paper that is still at `version`: a new version under the same number, as whole as a new one, in the form
/// that it was issued in.
///
/// # Errors
/// `not_found`, `state.changed`, `paper.void`, `paper.no_form`, `form.invalid`, in a letter also at what is blank and is not written by
/// hand; the store's own.
pub fn correct(
    tx: &mut Tx<'_>,
    county: CountyId,
    (id, version): (PaperId, i64),
    (values, by_hand): (&Json, bool),
    by: Option<AccountId>,
) -> Result<Issued, Stop> {
    let mut row = standing(tx, county, id, version)?;
    let before = paper::versions(tx, county, id)?.into_iter().next().ok_or_else(Refusal::absent)?;
    let form = &*form_of(tx, &row, &before)?;
    let mut values = read(form, values)?;
    Office::of(tx, county)?.fill(form, &mut values, tx.now.date());
    values.fill(form, "no", row.number.clone());
    due::is_whole(form, &values, by_hand)?;
    row.latest += 1;
    row.save(tx)?;
    let blanks = write_version(tx, form, &row, &values, by)?;
    record(tx, &row, Event::PaperCorrected, by)?;
    Ok(Issued { paper: row, blanks })
}

/// Declares a paper void, with a reason. Its number stays used.
///
/// # Errors
/// `not_found`, `state.changed`, `paper.void`, `form.invalid` at `reason`; the store's own.
pub fn void(
    tx: &mut Tx<'_>,
    county: CountyId,
    (id, version): (PaperId, i64),
    reason: &str,
    by: Option<AccountId>,
) -> Result<Paper, Stop> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refusal::field("reason", "required").into());
    }
    if reason.chars().count() > LONGEST_REASON {
        let fault = falin_domain::refusal::FieldError::new("reason", "too_long").with("max", LONGEST_REASON);
        return Err(Refusal::form(vec![fault]).into());
    }
    let mut row = standing(tx, county, id, version)?;
    row.void_sealed = Some(paper::seal_void(tx, &row, reason)?);
    row.voided_ms = Some(tx.now.millis());
    row.save(tx)?;
    record(tx, &row, Event::PaperVoided, by)?;
    Ok(row)
}

fn standing(tx: &mut Tx<'_>, county: CountyId, id: PaperId, version: i64) -> Result<Paper, Stop> {
    let row = Paper::by_id(tx, county, id)?;
    if row.version != version {
        return Err(Refusal::new("state.changed").into());
    }
    if row.voided_ms.is_some() {
        return Err(Refusal::new("paper.void").into());
    }
    Ok(row)
}

fn read(form: &Form, values: &Json) -> Result<Values, Refusal> {
    Values::read(form, values).map_err(Refusal::form)
}

/// Series, year and count of a number.
type Taken = (String, i32, i64);

/// The number that the case brings, or the next of the paper's series; empty for a paper without.
fn take_number(
    tx: &mut Tx<'_>,
    county: CountyId,
    form: &Form,
    values: &Values,
    office: &Office,
) -> Result<(String, Option<Taken>), Stop> {
    let Some(numbered) = &form.number else { return Ok((String::new(), None)) };
    match values.get("no") {
        Some(Value::Text(given)) if numbered.given => {
            // A number that a paper had is not used again, not even that of a void one.
            return match due::is_used(tx, county, form, given)? {
                true => Err(Refusal::field("no", "taken").into()),
                false => Ok((given.clone(), None)),
            };
        }
        Some(_) => return Err(Refusal::field("no", "paper.field").into()),
        // The case's number is the case's to give: another count under the same prefix would print it twice.
        None if numbered.given => return Ok((String::new(), None)),
        None => {}
    }
    let year = i32::from(tx.now.date().parts().0);
    let (series, prefix) = numbered.series(values);
    // Papers count apart from cases, whose series have names of their own.
    let former = form.former_series(series).map(|former| format!("paper/{former}"));
    let series = format!("paper/{series}");
    let n = match former {
        Some(former) => number::next_after(tx, county, (&series, &former), year)?,
        None => number::next(tx, county, &series, year)?,
    };
    Ok((numbered.write(prefix, &office.abbreviation, year, n), Some((series, year, n))))
}

fn write_version(
    tx: &mut Tx<'_>,
    form: &Form,
    row: &Paper,
    values: &Values,
    by: Option<AccountId>,
) -> Result<Vec<String>, Stop> {
    let (template, docx) = match template::fitting(tx, row.county_id, form)? {
        Some((template, read)) => (Some(template), read.fill(form, values).map_err(unwritten)?),
        None => (None, document(&laid(form, values, row, row.latest)).map_err(unwritten)?),
    };
    let blanks = form.blanks(values);
    let written = Written {
        values: &values.json().to_string(),
        docx: &docx,
        hash: Sha256::digest(&docx).to_vec(),
        generation: form.own.as_ref().map(|own| own.generation),
        template: template.map(|template| template.id),
        blanks: &blanks,
        account: by,
    };
    paper::add_version(tx, row, row.latest, &written)?;
    Ok(blanks)
}

pub(crate) fn unwritten(cause: impl std::fmt::Display) -> Stop {
    Fault::new("docx", cause.to_string()).into()
}

/// A version as it is laid on the page, with its line outside the text.
fn laid(form: &Form, values: &Values, row: &Paper, n: i32) -> Sheet {
    let id = row.id.to_string();
    let tail = id.rsplit('-').next().unwrap_or_default();
    compose(form, Fill::Values(values), &format!("{} · 第{n}版 · {tail}", form.code))
}

fn record(tx: &mut Tx<'_>, row: &Paper, event: Event, by: Option<AccountId>) -> Result<(), Stop> {
    tx.record(Entry {
        county: row.county_id,
        account: by,
        event,
        reason: if by.is_some() { Reason::Person } else { Reason::Operator },
        subject: Some((NOUN, row.id.bytes())),
        details: json!({
            "kind": row.kind, "version": row.version, "edition": row.latest,
            "noun": row.subject_noun, "case": row.subject_id.to_string(),
        }),
    })
}

/// The noun of papers about an adviser's post, which everybody who reads papers may see.
const POST: &str = "adviser";

/// The one place that says whether a visitor may see a case's papers: who may see the case may see them, by the rule
/// that shows cases. The noun is the case's flow, which only the case itself says.
///
/// # Errors
/// `not_found` where there is no such case of this noun, or none that the visitor sees.
pub(crate) fn may_see(
    tx: &mut Tx<'_>,
    flows: &Flows,
    visitor: &Visitor,
    (noun, subject): (&str, SubjectId),
) -> Result<(), Stop> {
    if noun == POST {
        return AdviserPost::by_id(tx, visitor.county, subject.cast()).map(drop);
    }
    let case = Case::by_id(tx, visitor.county, subject.cast())?;
    if case.flow != noun {
        return Err(Refusal::absent().into());
    }
    let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
    let sight = casework::sight(visitor, Act::Read, &flow).map_err(|_| Refusal::absent())?;
    casefile_list::one(tx, &sight, case.id).map(drop)
}

/// Issues a paper for a visitor who may see its case.
///
/// # Errors
/// As [`issue`]; `access.denied`, `not_found`; `paper.early` where the case has not come to it.
pub async fn issue_by(
    app: &App,
    visitor: &Visitor,
    kind: &str,
    subject: (String, SubjectId),
    wanted: Wanted,
) -> Result<Issued, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Paper)?;
    let opened = opened(app, visitor, kind, (&subject.0, subject.1), None).await?;
    let known = if wanted.typed { serde_json::Map::new() } else { opened.values };
    let values = Values::read_over(&opened.form, &known, &wanted.values).map_err(Refusal::form)?.json();
    let (by_hand, again) = (wanted.by_hand, wanted.again);
    let new =
        New { county: scope.county, form: opened.form, subject, values, by: visitor.account, by_hand, again };
    let (who, flows) = (visitor.clone(), app.flows.clone());
    let work = move |tx: &mut Tx<'_>| {
        may_see(tx, &flows, &who, (&new.subject.0, new.subject.1))?;
        issue(tx, &new)
    };
    app.db.write(In::County(visitor.county), work).await
}

/// Corrects a paper for a visitor who may see its case.
///
/// # Errors
/// As [`correct`]; `access.denied`, `not_found`.
pub async fn correct_by(
    app: &App,
    visitor: &Visitor,
    at: (PaperId, i64),
    (values, by_hand): (Json, bool),
) -> Result<Issued, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Paper)?;
    let (by, who, flows) = (visitor.account, visitor.clone(), app.flows.clone());
    let work = move |tx: &mut Tx<'_>| {
        let row = Paper::by_id(tx, scope.county, at.0)?;
        may_see(tx, &flows, &who, (&row.subject_noun, row.subject_id))?;
        correct(tx, scope.county, at, (&values, by_hand), by)
    };
    app.db.write(In::County(visitor.county), work).await
}

/// Declares a paper void for a visitor who may see its case.
///
/// # Errors
/// As [`void`]; `access.denied`, `not_found`.
pub async fn void_by(app: &App, visitor: &Visitor, at: (PaperId, i64), reason: &str) -> Result<Paper, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Paper)?;
    let (by, reason, who, flows) = (visitor.account, reason.to_owned(), visitor.clone(), app.flows.clone());
    let work = move |tx: &mut Tx<'_>| {
        let row = Paper::by_id(tx, scope.county, at.0)?;
        may_see(tx, &flows, &who, (&row.subject_noun, row.subject_id))?;
        void(tx, scope.county, at, &reason, by)
    };
    app.db.write(In::County(visitor.county), work).await
}

/// A draft: laid out with the office's own values, without a number, kept nowhere. Returns the sheet and its blanks.
/// A paper of a package is drafted in the form that the case has.
///
/// # Errors
/// `access.denied`, `not_found` for a case that the visitor does not see, `form.invalid`, also at `kind`.
pub async fn draft(
    app: &App,
    visitor: &Visitor,
    kind: &str,
    (noun, subject): (&str, SubjectId),
    values: Json,
) -> Result<(Sheet, Vec<String>), Stop> {
    let scope = visitor.scope(Act::Read, Noun::Paper)?;
    let (kind, noun, who, flows) = (kind.to_owned(), noun.to_owned(), visitor.clone(), app.flows.clone());
    let work = move |tx: &mut Tx<'_>| {
        let form = match find(&kind) {
            Some(form) => Arc::clone(form),
            None => kind::of_case(tx, (&flows, &who), &kind, (&noun, subject))?,
        };
        let mut values = read(&form, &values)?;
        Office::of(tx, scope.county)?.fill(&form, &mut values, tx.now.date());
        Ok((compose(&form, Fill::Values(&values), &form.code), form.blanks(&values)))
    };
    app.db.read(In::County(visitor.county), work).await
}
