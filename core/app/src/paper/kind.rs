//! Which kinds of paper there are: the house's, and those of the packages that a county has in use. A case has the
//! papers of the version that it follows; a paper that was issued has the form that it was issued in.

use std::sync::Arc;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::paper::{Paper as Form, all, find, plugin_of};
use falin_domain::refusal::Refusal;
use falin_domain::words::CountyId;
use falin_store::casefile::Case;
use falin_store::paper::{Paper, PaperVersion};
use falin_store::{In, Tx, if_there};

use super::{SubjectId, may_see};
use crate::casework::Flows;
use crate::plugin::{papers, papers_here};
use crate::{App, Stop};

/// A kind of paper that a county has: of the house, or of a package that is in use there.
///
/// # Errors
/// `not_found`.
pub fn kind(app: &App, visitor: &Visitor, code: &str) -> Result<Arc<Form>, Refusal> {
    let own = || own(&app.flows, visitor.county).find(|form| form.code == code);
    find(code).cloned().or_else(own).ok_or_else(Refusal::absent)
}

/// Every kind of paper that a county has: the house's, then those of the packages in use there.
pub fn kinds(app: &App, visitor: &Visitor) -> Vec<Arc<Form>> {
    all().iter().cloned().chain(own(&app.flows, visitor.county)).collect()
}

fn own(flows: &Flows, county: CountyId) -> impl Iterator<Item = Arc<Form>> {
    flows.in_use(county).into_iter().flat_map(|one| one.papers.iter().cloned().collect::<Vec<_>>())
}

/// Every code under which papers of a kind are kept, for a list of them; the code itself where nobody here knows it.
pub fn codes(app: &App, visitor: &Visitor, code: &str) -> Vec<String> {
    match kind(app, visitor, code) {
        Ok(form) => form.codes().map(str::to_owned).collect(),
        Err(_) => vec![code.to_owned()],
    }
}

/// What is asked of a kind: the county, and the flow and version that the case follows; None for what is no case.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub county: CountyId,
    pub flow: Option<(&'a str, i32)>,
}

impl<'a> Asked<'a> {
    /// The plugin whose flow the case follows, with the generation.
    fn plugin(&self) -> Option<(&'a str, i32)> {
        let (flow, version) = self.flow?;
        flow.split_once('/').map(|(plugin, _)| (plugin, version))
    }

    /// The papers of the package that the case follows; and those of the version in use that were the house's when
    /// the older one was packed, and are missing there.
    ///
    /// # Errors
    /// `not_found`, `plugin.quarantined` where the plugin is not in use in the county; the store's own.
    pub(super) fn own(&self, tx: &mut Tx<'_>, flows: &Flows) -> Result<Vec<Arc<Form>>, Stop> {
        let Some((plugin, generation)) = self.plugin() else { return Ok(Vec::new()) };
        let used = flows.in_use(self.county).into_iter().find(|one| one.name == plugin);
        let used = used.ok_or_else(|| flows.missing(self.county, plugin))?;
        let mut all: Vec<Arc<Form>> = papers(tx, plugin, generation)?.iter().cloned().collect();
        let moved = |form: &&Arc<Form>| {
            form.own.as_ref().is_some_and(|own| !own.was.is_empty())
                && !all.iter().any(|other| other.code == form.code)
        };
        let more: Vec<Arc<Form>> = used.papers.iter().filter(moved).cloned().collect();
        all.extend(more);
        Ok(all)
    }

    /// The kind that a program, a page or a step names for the case.
    ///
    /// # Errors
    /// `form.invalid` at `kind`; as [`Asked::own`].
    pub(super) fn named(&self, tx: &mut Tx<'_>, flows: &Flows, code: &str) -> Result<Arc<Form>, Stop> {
        if let Some(form) = find(code) {
            return Ok(Arc::clone(form));
        }
        let found = self.own(tx, flows)?.into_iter().find(|form| answers(form, code));
        found.ok_or_else(|| Refusal::field("kind", "unknown").into())
    }
}

/// The kind that is named for a case which the visitor sees.
///
/// # Errors
/// `not_found` where the visitor does not see the case; as [`Asked::named`].
pub(super) fn of_case(
    tx: &mut Tx<'_>,
    (flows, who): (&Flows, &Visitor),
    code: &str,
    about: (&str, SubjectId),
) -> Result<Arc<Form>, Stop> {
    may_see(tx, flows, who, about)?;
    let flow = followed(tx, who.county, about)?;
    let flow = flow.as_ref().map(|(flow, version)| (flow.as_str(), *version));
    Asked { county: who.county, flow }.named(tx, flows, code)
}

/// The kind that a form names for a case: the house's, or one of the package that the case follows.
///
/// # Errors
/// `access.denied`; `form.invalid` at `kind`; `not_found` where the visitor does not see the case.
pub async fn form_for(
    app: &App,
    visitor: &Visitor,
    code: &str,
    (noun, subject): (&str, SubjectId),
) -> Result<Arc<Form>, Stop> {
    visitor.scope(Act::Write, Noun::Paper)?;
    if let Some(form) = find(code) {
        return Ok(Arc::clone(form));
    }
    let (code, noun, who, flows) = (code.to_owned(), noun.to_owned(), visitor.clone(), app.flows.clone());
    let work = move |tx: &mut Tx<'_>| of_case(tx, (&flows, &who), &code, (&noun, subject));
    app.db.read(In::County(visitor.county), work).await
}

/// Whether a package's paper is called so: by its whole name, within the package's flows, or before.
pub(super) fn answers(form: &Form, code: &str) -> bool {
    form.local() == code || form.codes().any(|own| own == code)
}

/// The flow and version of what a paper is about; None for an adviser's post.
///
/// # Errors
/// `not_found`.
pub(super) fn followed(
    tx: &mut Tx<'_>,
    county: CountyId,
    (noun, subject): (&str, SubjectId),
) -> Result<Option<(String, i32)>, Stop> {
    if noun == "adviser" {
        return Ok(None);
    }
    let case = Case::by_id(tx, county, subject.cast())?;
    Ok(Some((case.flow, case.flow_version)))
}

/// The form that a version of a paper was printed from.
///
/// # Errors
/// `paper.no_form` where the shelf has it no more; the store's own.
pub(crate) fn form_of(tx: &mut Tx<'_>, row: &Paper, version: &PaperVersion) -> Result<Arc<Form>, Stop> {
    known_form(tx, row, version)?.ok_or_else(|| Refusal::new("paper.no_form").into())
}

/// The same; None where the shelf has it no more.
///
/// # Errors
/// The store's own.
pub(super) fn known_form(
    tx: &mut Tx<'_>,
    row: &Paper,
    version: &PaperVersion,
) -> Result<Option<Arc<Form>>, Stop> {
    if let Some(form) = find(&row.kind) {
        return Ok(Some(Arc::clone(form)));
    }
    let (Some(plugin), Some(generation)) = (plugin_of(&row.kind), version.generation(tx)?) else {
        return form_here(tx, row);
    };
    let all = if_there(papers(tx, plugin, generation))?.unwrap_or_default();
    Ok(all.iter().find(|form| form.code == row.kind).cloned())
}

/// The form of a paper in a list. What is in use is in memory: a list does not ask the database for each of its rows.
///
/// # Errors
/// The store's own.
pub(super) fn form_listed(tx: &mut Tx<'_>, flows: &Flows, row: &Paper) -> Result<Option<Arc<Form>>, Stop> {
    if let Some(form) = own(flows, row.county_id).find(|form| form.codes().any(|code| code == row.kind)) {
        return Ok(Some(form));
    }
    form_here(tx, row)
}

/// The form of a paper as its county has it now, for its name in a list, and for papers that were issued while their
/// kind was the house's. A county that has taken the plugin out has what it had last.
///
/// # Errors
/// The store's own.
pub(crate) fn form_here(tx: &mut Tx<'_>, row: &Paper) -> Result<Option<Arc<Form>>, Stop> {
    if let Some(form) = find(&row.kind) {
        return Ok(Some(Arc::clone(form)));
    }
    let of_flow = row.subject_noun.split_once('/').map(|(plugin, _)| plugin);
    let Some(plugin) = plugin_of(&row.kind).or(of_flow) else { return Ok(None) };
    let here = papers_here(tx, row.county_id, plugin)?.iter().find(|form| answers(form, &row.kind)).cloned();
    if here.is_some() || plugin_of(&row.kind).is_none() {
        return Ok(here);
    }
    // A version that no longer has the kind: the paper's own has.
    let latest = falin_store::paper::versions(tx, row.county_id, row.id)?.into_iter().next();
    let Some(generation) = latest.map(|version| version.generation(tx)).transpose()?.flatten() else {
        return Ok(None);
    };
    Ok(papers(tx, plugin, generation)?.iter().find(|form| form.code == row.kind).cloned())
}
