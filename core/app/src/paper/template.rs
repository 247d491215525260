//! A county's own templates: put in use once they are sound, kept in every version, taken out again.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::paper::{self as kinds, Fill, Paper as Form, compose, sample};
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::words::{CountyId, PaperTemplateId};
use falin_store::journal::Entry;
use falin_store::paper::{self, PaperTemplate};
use falin_store::{In, Tx};
use sha2::{Digest, Sha256};

use super::{kind, unwritten};
use crate::docx::{BadPackage, Template, document};
use crate::trace::By;
use crate::{App, Stop};

/// Longest name of a file that is kept.
const LONGEST_NAME: usize = 100;

/// The county's template of a kind that is in use. One that was put in use while the kind was the house's still is.
fn in_use(tx: &mut Tx<'_>, county: CountyId, form: &Form) -> Result<Option<PaperTemplate>, Stop> {
    for code in form.codes() {
        if let Some(template) = paper::in_use(tx, county, code)? {
            return Ok(Some(template));
        }
    }
    Ok(None)
}

/// The county's template where it fits this form of the kind: another version of a package may ask for other fields,
/// and its papers are then laid out as the package says until the county brings a template of the new form.
///
/// # Errors
/// The store's own.
pub(super) fn fitting(
    tx: &mut Tx<'_>,
    county: CountyId,
    form: &Form,
) -> Result<Option<(PaperTemplate, Template)>, Stop> {
    let Some(template) = in_use(tx, county, form)? else { return Ok(None) };
    match Template::read(form, &template.file(tx)?) {
        Ok(read) => Ok(Some((template, read))),
        Err(_) if form.own.is_some() => Ok(None),
        Err(faults) => Err(faults.into_iter().next().map_or_else(|| unwritten("template"), unwritten)),
    }
}

/// The templates in use, by kind.
///
/// # Errors
/// `access.denied`.
pub async fn templates(app: &App, visitor: &Visitor) -> Result<Vec<PaperTemplate>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Paper)?;
    let work = move |tx: &mut Tx<'_>| {
        let mut all = paper::templates(tx, scope.county, None)?;
        all.retain(|template| template.active && !crate::report_form::is_form(&template.kind));
        Ok(all)
    };
    app.db.read(In::County(visitor.county), work).await
}

/// Every template of a kind that the county has had, the newest first.
///
/// # Errors
/// `access.denied`, `not_found` for an unknown kind.
pub async fn history(app: &App, visitor: &Visitor, kind: &str) -> Result<Vec<PaperTemplate>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Paper)?;
    let form = kind::kind(app, visitor, kind)?;
    let work = move |tx: &mut Tx<'_>| {
        let mut all = Vec::new();
        for code in form.codes() {
            all.extend(paper::templates(tx, scope.county, Some(code))?);
        }
        Ok(all)
    };
    app.db.read(In::County(visitor.county), work).await
}

/// Whether the county's template in use does not fit the kind as it is now, so that its layout is used instead.
///
/// # Errors
/// `not_found` for an unknown kind.
pub async fn is_unfit(app: &App, visitor: &Visitor, kind: &str) -> Result<bool, Stop> {
    let (form, county) = (kind::kind(app, visitor, kind)?, visitor.county);
    let work = move |tx: &mut Tx<'_>| {
        Ok(in_use(tx, county, &form)?.is_some() && fitting(tx, county, &form)?.is_none())
    };
    app.db.read(In::County(visitor.county), work).await
}

/// Checks a template and puts it in use.
///
/// # Errors
/// `access.denied`, `not_found` for an unknown kind; `form.invalid` at `file` with every fault of the template.
pub async fn replace(
    app: &App,
    visitor: &Visitor,
    kind: &str,
    file_name: &str,
    file: &[u8],
) -> Result<PaperTemplate, Stop> {
    let by = By::whole_county(visitor, Noun::Setting)?;
    let form = kind::kind(app, visitor, kind)?;
    let template = Template::read(&form, file).map_err(refused)?;
    // What cannot be filled once is not put in use.
    template.fill(&form, &sample(&form)).map_err(|fault| refused(vec![fault]))?;
    let (file, hash) = (file.to_vec(), Sha256::digest(file).to_vec());
    let name: String = file_name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    let work = move |tx: &mut Tx<'_>| {
        for former in form.codes().skip(1) {
            paper::retire(tx, by.county, former)?;
        }
        let kept =
            paper::add_template(tx, by.county, (&form.code, &name), (&file, hash.clone()), by.account)?;
        journal(tx, by, Event::PaperTemplateSaved, &kept)?;
        Ok(kept)
    };
    app.db.write(In::County(by.county), work).await
}

/// Goes back to the built-in layout.
///
/// # Errors
/// `access.denied`, `not_found` for an unknown kind; `action.not_allowed` where the built-in one is in use;
/// `state.changed` where another template than the one that was `seen` (None: whichever) is.
pub async fn revert(
    app: &App,
    visitor: &Visitor,
    kind: &str,
    seen: Option<PaperTemplateId>,
) -> Result<(), Stop> {
    let by = By::whole_county(visitor, Noun::Setting)?;
    let form = kind::kind(app, visitor, kind)?;
    let work = move |tx: &mut Tx<'_>| {
        let Some(before) = in_use(tx, by.county, &form)? else {
            return Err(Refusal::new("action.not_allowed").into());
        };
        if seen.is_some_and(|seen| seen != before.id) {
            return Err(Refusal::new("state.changed").into());
        }
        paper::retire(tx, by.county, &before.kind)?;
        journal(tx, by, Event::PaperTemplateReverted, &before)
    };
    app.db.write(In::County(by.county), work).await
}

fn journal(tx: &mut Tx<'_>, by: By, event: Event, template: &PaperTemplate) -> Result<(), Stop> {
    tx.record(Entry {
        county: by.county,
        account: by.account,
        event,
        reason: if by.account.is_some() { Reason::Person } else { Reason::Operator },
        subject: Some(("paper_template", template.id.bytes())),
        details: serde_json::json!({ "kind": template.kind, "edition": template.n }),
    })
}

fn refused(faults: Vec<BadPackage>) -> Stop {
    let field = |fault: BadPackage| FieldError::new("file", fault.code).with("what", fault.what);
    Refusal::form(faults.into_iter().map(field).collect()).into()
}

/// The template of a kind that is in use, as it was uploaded.
///
/// # Errors
/// `access.denied`; `not_found` where the built-in layout is in use.
pub async fn file_of(app: &App, visitor: &Visitor, kind: &str) -> Result<(String, Vec<u8>), Stop> {
    let scope = visitor.scope(Act::Read, Noun::Paper)?;
    let form = kind::kind(app, visitor, kind)?;
    let work = move |tx: &mut Tx<'_>| {
        let template = in_use(tx, scope.county, &form)?.ok_or_else(Refusal::absent)?;
        Ok((template.file_name.clone(), template.file(tx)?))
    };
    app.db.read(In::County(visitor.county), work).await
}

/// The outline of a kind as a .docx: the built-in layout with every placeholder in place, to begin a template from.
///
/// # Errors
/// `access.denied`, `not_found` for an unknown kind.
pub fn outline(app: &App, visitor: &Visitor, kind: &str) -> Result<(String, Vec<u8>), Stop> {
    visitor.scope(Act::Read, Noun::Paper)?;
    let form = kind::kind(app, visitor, kind)?;
    let bytes = document(&kinds::outline(&form)).map_err(unwritten)?;
    Ok((format!("{}-模板.docx", form.title.replace(' ', "")), bytes))
}

/// A sample of a kind as a .docx, through the template in use.
///
/// # Errors
/// `access.denied`, `not_found` for an unknown kind.
pub async fn sample_docx(app: &App, visitor: &Visitor, kind: &str) -> Result<(String, Vec<u8>), Stop> {
    let scope = visitor.scope(Act::Read, Noun::Paper)?;
    let form = kind::kind(app, visitor, kind)?;
    let work = move |tx: &mut Tx<'_>| {
        let values = sample(&form);
        let bytes = match fitting(tx, scope.county, &form)? {
            Some((_, read)) => read.fill(&form, &values).map_err(unwritten)?,
            None => document(&compose(&form, Fill::Values(&values), &form.code)).map_err(unwritten)?,
        };
        Ok((format!("{}-样张.docx", form.title.replace(' ', "")), bytes))
    };
    app.db.read(In::County(visitor.county), work).await
}
