//! Papers as they are read again: the list, one with its versions, the document, the page.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::Event;
use falin_domain::page::{MOST, Page, Window};
use falin_domain::paper::{Paper as Form, Sheet, Values};
use falin_domain::refusal::Refusal;
use falin_domain::words::{CaseId, PaperId};
use falin_store::paper::{self, Filter, Paper, PaperVersion};
use falin_store::{In, Tx, casefile_list};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::kind::{form_here, form_listed, form_of, known_form};
use super::{POST, laid, may_see, record};
use crate::casework::{self, Flows};
use crate::{App, Fault, Stop};

/// One version of a paper.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VersionLine {
    /// From 1.
    pub n: i32,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// SHA-256 of its document, in hexadecimal.
    pub hash: String,
    /// Fields that were left blank.
    pub blanks: Vec<String>,
    /// Whether a county's own template was used.
    pub own_template: bool,
}

/// A paper in a list, with what its kind is called now; None where nobody here knows.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The paper.
    pub paper: Paper,
    /// Its kind.
    pub form: Option<Arc<Form>>,
}

impl Listed {
    pub(super) fn of(tx: &mut Tx<'_>, flows: &Flows, paper: Paper) -> Result<Self, Stop> {
        Ok(Self { form: form_listed(tx, flows, &paper)?, paper })
    }

    /// Whether it is of this kind, by whichever of its names.
    pub(super) fn is_of(&self, form: &Form) -> bool {
        form.codes().any(|code| code == self.paper.kind)
    }

    /// What its kind is called in a language; the code where nobody here knows.
    pub fn called(&self, lang: &str) -> &str {
        self.form.as_ref().map_or(self.paper.kind.as_str(), |form| form.called(lang))
    }
}

/// One paper with everything about it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The paper.
    pub paper: Paper,
    /// The form that its last version has; None where the shelf has it no more.
    pub form: Option<Arc<Form>>,
    /// Its versions, the newest first.
    pub versions: Vec<VersionLine>,
    /// The values of the version that holds.
    pub values: Json,
    /// Why it is void; None where it holds.
    pub void_reason: Option<String>,
}

impl Shown {
    /// As it stands in a list.
    pub fn listed(&self) -> Listed {
        Listed { paper: self.paper.clone(), form: self.form.clone() }
    }
}

/// How often a page reads on where the rows that it read are of cases that are not for this visitor.
const READINGS: usize = 25;

/// A page of papers, newest first. Whoever sees few of the county's cases may be given fewer than asked for, and then
/// where the next page begins.
///
/// # Errors
/// `access.denied`.
pub async fn list(
    app: &App,
    visitor: &Visitor,
    filter: Filter,
    window: Window,
) -> Result<Page<Listed>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Paper)?;
    let (who, flows) = (visitor.clone(), app.flows.clone());
    let work = move |tx: &mut Tx<'_>| {
        let mut seen = Vec::new();
        let mut read = window.clone();
        for _ in 0..READINGS {
            let page = paper::page(tx, scope.county, &filter, &read)?;
            seen.extend(in_sight(tx, &flows, &who, page.items)?);
            read = Window { limit: MOST, after: page.next };
            if read.after.is_none() || seen.len() >= usize::from(window.limit) {
                break;
            }
        }
        let page = Page::cut(seen, &window, Paper::mark);
        let next = page.next.or(read.after);
        let items = page.items.into_iter().map(|row| Listed::of(tx, &flows, row));
        Ok(Page { items: items.collect::<Result<_, Stop>>()?, next })
    };
    app.db.read(In::County(visitor.county), work).await
}

/// Those of these papers whose cases the visitor sees, in their order: each flow is asked once for all its cases.
fn in_sight(tx: &mut Tx<'_>, flows: &Flows, who: &Visitor, rows: Vec<Paper>) -> Result<Vec<Paper>, Stop> {
    let of_cases = rows.iter().filter(|row| row.subject_noun != POST);
    let ids: Vec<CaseId> = of_cases.map(|row| row.subject_id.cast()).collect();
    let mut by_flow: BTreeMap<(String, i32), Vec<CaseId>> = BTreeMap::new();
    for (id, flow, version) in casefile_list::flows_of(tx, who.county, &ids)? {
        by_flow.entry((flow, version)).or_default().push(id);
    }
    let mut seen = BTreeSet::new();
    for ((name, version), ids) in by_flow {
        let flow = flows.of_case(tx, &name, version)?;
        let Ok(sight) = casework::sight(who, Act::Read, &flow) else { continue };
        seen.extend(casefile_list::those(tx, &sight, &ids)?.into_iter().map(|id| (name.clone(), id)));
    }
    let shown = |row: &Paper| {
        row.subject_noun == POST || seen.contains(&(row.subject_noun.clone(), row.subject_id.cast()))
    };
    Ok(rows.into_iter().filter(shown).collect())
}

/// One paper. That it was opened is journalled.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: PaperId) -> Result<Shown, Stop> {
    let shown = opened(app, visitor, id, None, |tx, row, version| {
        let versions = paper::versions(tx, row.county_id, row.id)?.iter().map(line).collect();
        Ok(Shown {
            form: known_form(tx, row, version)?,
            versions,
            values: json(&version.values_json(tx)?)?,
            void_reason: paper::void_reason(tx, row)?,
            paper: row.clone(),
        })
    })
    .await?;
    let (row, by) = (shown.paper.clone(), visitor.account);
    app.db.post(In::County(visitor.county), move |tx| record(tx, &row, Event::PaperRead, by));
    Ok(shown)
}

fn line(version: &PaperVersion) -> VersionLine {
    let blanks = version.blanks.split(',').filter(|name| !name.is_empty());
    VersionLine {
        n: version.n,
        created_ms: version.created_ms,
        hash: version.docx_hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        blanks: blanks.map(str::to_owned).collect(),
        own_template: version.template_id.is_some(),
    }
}

/// The document of a version, as it was issued; of the one that holds where `n` is None. The journal has it before
/// the bytes go out.
///
/// # Errors
/// `access.denied`, `not_found`; a fault where the bytes are not those that were issued.
pub async fn docx(
    app: &App,
    visitor: &Visitor,
    id: PaperId,
    n: Option<i32>,
) -> Result<(String, Vec<u8>), Stop> {
    visitor.scope(Act::Read, Noun::Paper)?;
    let (by, who, flows) = (visitor.account, visitor.clone(), app.flows.clone());
    let work = move |tx: &mut Tx<'_>| {
        let (row, version) = found(tx, &flows, &who, id, n)?;
        let bytes = version.docx(tx)?;
        if Sha256::digest(&bytes).as_slice() != version.docx_hash {
            return Err(Fault::new("paper", "a document is not the one that was issued").into());
        }
        record(tx, &row, Event::PaperRead, by)?;
        // The document is what was issued: it is there even where its form is not.
        let form = match known_form(tx, &row, &version)? {
            None => form_here(tx, &row)?,
            known => known,
        };
        let title = form.map_or_else(|| row.kind.clone(), |form| form.title.replace(' ', ""));
        // What lies in a folder tells by its name that it holds no more.
        let void = if row.voided_ms.is_some() { "作废" } else { "" };
        Ok((format!("{void}{title}{}.docx", row.number.replace(['/', '\\', '"'], "")), bytes))
    };
    app.db.write(In::County(visitor.county), work).await
}

/// A version laid out for the page. That it was opened is journalled.
///
/// # Errors
/// As [`one`].
pub async fn sheet(app: &App, visitor: &Visitor, id: PaperId, n: Option<i32>) -> Result<Sheet, Stop> {
    let (sheet, row) = opened(app, visitor, id, n, |tx, row, version| {
        let form = &*form_of(tx, row, version)?;
        let values = Values::read(form, &json(&version.values_json(tx)?)?)
            .map_err(|_| Fault::new("paper", "kept values do not fit their form"))?;
        let sheet = Sheet { void: row.voided_ms.is_some(), ..laid(form, &values, row, version.n) };
        Ok((sheet, row.clone()))
    })
    .await?;
    let by = visitor.account;
    app.db.post(In::County(visitor.county), move |tx| record(tx, &row, Event::PaperRead, by));
    Ok(sheet)
}

async fn opened<T: Send + 'static>(
    app: &App,
    visitor: &Visitor,
    id: PaperId,
    n: Option<i32>,
    look: impl Fn(&mut Tx<'_>, &Paper, &PaperVersion) -> Result<T, Stop> + Send + 'static,
) -> Result<T, Stop> {
    visitor.scope(Act::Read, Noun::Paper)?;
    let (who, flows) = (visitor.clone(), app.flows.clone());
    let work = move |tx: &mut Tx<'_>| {
        let (row, version) = found(tx, &flows, &who, id, n)?;
        look(tx, &row, &version)
    };
    app.db.read(In::County(visitor.county), work).await
}

fn found(
    tx: &mut Tx<'_>,
    flows: &Flows,
    who: &Visitor,
    id: PaperId,
    n: Option<i32>,
) -> Result<(Paper, PaperVersion), Stop> {
    let row = Paper::by_id(tx, who.county, id)?;
    may_see(tx, flows, who, (&row.subject_noun, row.subject_id))?;
    let wanted = n.unwrap_or(row.latest);
    let version = paper::versions(tx, who.county, id)?.into_iter().find(|version| version.n == wanted);
    Ok((row, version.ok_or_else(Refusal::absent)?))
}

fn json(text: &str) -> Result<Json, Stop> {
    serde_json::from_str(text).map_err(|error| Fault::new("paper", error.to_string()).into())
}
