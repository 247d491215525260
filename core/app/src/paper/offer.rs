//! Which papers a case has, which fit it now, and which others there are for it.

use std::sync::Arc;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::paper::{Paper as Form, all};
use falin_domain::workflow::{Effect, Flow};
use falin_store::paper;
use falin_store::{In, Tx};

use super::kind::{self, Asked};
use super::{Listed, SubjectId, due, may_see};
use crate::casework::Seen;
use crate::{App, Stop};

/// The papers of a case and those that can be made.
#[derive(Clone, Default, Debug)]
pub struct Offered {
    /// Those issued, void ones too, the newest first.
    pub issued: Vec<Listed>,
    /// Kinds that the steps taken ask for and that are not issued since, the latest step's first.
    pub now: Vec<Arc<Form>>,
    /// All other kinds that the case may have where it stands, in the order of the form book, the package's own last.
    pub more: Vec<Arc<Form>>,
}

/// The papers of a case that the visitor sees, or of an adviser's post where there is no case.
///
/// # Errors
/// `access.denied`; `not_found` where the visitor does not see it.
pub async fn offered(
    app: &App,
    visitor: &Visitor,
    (noun, subject): (&str, SubjectId),
    seen: Option<&Seen>,
) -> Result<Offered, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Paper)?;
    let (who, on, flows) = (visitor.clone(), noun.to_owned(), app.flows.clone());
    let followed = seen.map(|seen| (seen.flow.id.clone(), seen.flow.version));
    let work = move |tx: &mut Tx<'_>| {
        may_see(tx, &flows, &who, (&on, subject))?;
        let flow = followed.as_ref().map(|(flow, version)| (flow.as_str(), *version));
        // What is locked away or taken out offers nothing of its own; what was issued is there to be read.
        let own = match (Asked { county: scope.county, flow }).own(tx, &flows) {
            Err(Stop::Refused(_)) => Vec::new(),
            own => own?,
        };
        let issued = paper::of_case(tx, scope.county, subject)?;
        let issued =
            issued.into_iter().map(|row| Listed::of(tx, &flows, row)).collect::<Result<Vec<_>, _>>()?;
        Ok((issued, own))
    };
    let (issued, own) = app.db.read(In::County(visitor.county), work).await?;
    let there: Vec<Arc<Form>> = all().iter().chain(&own).cloned().collect();
    let now = seen.map(|seen| asked_for(seen, &there, &issued)).unwrap_or_default();
    let stands = |form: &Form| issued.iter().any(|row| row.is_of(form) && row.paper.voided_ms.is_none());
    let more = |form: &&Arc<Form>| {
        let fits = seen.is_none_or(|seen| is_of(form, &seen.flow) && due::fits_now(form, seen));
        form.is_for(noun)
            && fits
            && !(form.once && stands(form))
            && !now.iter().any(|one| one.code == form.code)
    };
    let more = there.iter().filter(more).cloned().collect();
    Ok(Offered { issued, now, more })
}

/// As [`offered`], for whoever names the case only by noun and id.
///
/// # Errors
/// As [`offered`].
pub async fn offered_to(
    app: &App,
    visitor: &Visitor,
    noun: &str,
    subject: SubjectId,
) -> Result<Offered, Stop> {
    let seen = super::open::seen(app, visitor, noun, subject).await?;
    offered(app, visitor, (noun, subject), seen.as_ref()).await
}

/// Papers of steps that were taken, unless one was issued since and holds.
fn asked_for(seen: &Seen, there: &[Arc<Form>], issued: &[Listed]) -> Vec<Arc<Form>> {
    let mut found: Vec<Arc<Form>> = Vec::new();
    for told in seen.steps.iter().rev() {
        for effect in seen.flow.step(&told.step.action).into_iter().flat_map(|step| &step.effects) {
            let Effect::Paper { paper, when } = effect else { continue };
            if when.as_ref().is_some_and(|when| !when.holds(&seen.values)) {
                continue;
            }
            let called =
                |form: &&Arc<Form>| form.code == *paper || (form.own.is_some() && kind::answers(form, paper));
            let Some(form) = there.iter().find(called) else { continue };
            let since = |row: &Listed| {
                row.is_of(form)
                    && row.paper.voided_ms.is_none()
                    && (form.once || row.paper.created_ms >= told.step.at_ms)
            };
            let known = found.iter().any(|one| one.code == form.code);
            if !known && due::fits_now(form, seen) && !issued.iter().any(since) {
                found.push(Arc::clone(form));
            }
        }
    }
    found
}

/// Whether a kind belongs to a flow: a plugin's flow has the sorts of papers that it names, and those of every case.
fn is_of(form: &Form, flow: &Flow) -> bool {
    let sort = |code: &str| code.split('-').next().unwrap_or_default().to_owned();
    let named =
        |effect: &Effect| matches!(effect, Effect::Paper { paper, .. } if sort(paper) == sort(&form.code));
    form.own.is_some()
        || !flow.id.contains('/')
        || form.is_general()
        || flow.step.iter().flat_map(|step| &step.effects).any(named)
}
