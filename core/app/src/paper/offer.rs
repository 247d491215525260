//! Which papers a case has, which fit it now, and which others there are for it.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::paper::{Paper as Form, all, find};
use falin_domain::workflow::{Effect, Flow};
use falin_store::paper::{self, Paper};
use falin_store::{In, Tx};

use super::{SubjectId, due, may_see};
use crate::casework::Seen;
use crate::{App, Stop};

/// The papers of a case and those that can be made.
#[derive(Clone, Default, Debug)]
pub struct Offered {
    /// Those issued, void ones too, the newest first.
    pub issued: Vec<Paper>,
    /// Kinds that the steps taken ask for and that are not issued since, the latest step's first.
    pub now: Vec<&'static Form>,
    /// All other kinds that the case may have where it stands, in the order of the form book.
    pub more: Vec<&'static Form>,
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
    let work = move |tx: &mut Tx<'_>| {
        may_see(tx, &flows, &who, (&on, subject))?;
        paper::of_case(tx, scope.county, subject)
    };
    let issued = app.db.read(In::County(visitor.county), work).await?;
    let now = seen.map(|seen| asked_for(seen, &issued)).unwrap_or_default();
    let stands = |form: &Form| issued.iter().any(|row| row.kind == form.code && row.voided_ms.is_none());
    let more = |form: &&Form| {
        let fits = seen.is_none_or(|seen| is_of(form, &seen.flow) && due::fits_now(form, seen));
        form.is_for(noun)
            && fits
            && !(form.once && stands(form))
            && !now.iter().any(|one| one.code == form.code)
    };
    let more = all().iter().filter(more).collect();
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
fn asked_for(seen: &Seen, issued: &[Paper]) -> Vec<&'static Form> {
    let mut found: Vec<&'static Form> = Vec::new();
    for told in seen.steps.iter().rev() {
        for effect in seen.flow.step(&told.step.action).into_iter().flat_map(|step| &step.effects) {
            let Effect::Paper { paper, when } = effect else { continue };
            if when.as_ref().is_some_and(|when| !when.holds(&seen.values)) {
                continue;
            }
            let Some(form) = find(paper) else { continue };
            let since = |row: &Paper| {
                row.kind == form.code
                    && row.voided_ms.is_none()
                    && (form.once || row.created_ms >= told.step.at_ms)
            };
            let known = found.iter().any(|one| one.code == form.code);
            if !known && due::fits_now(form, seen) && !issued.iter().any(since) {
                found.push(form);
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
    !flow.id.contains('/') || form.is_general() || flow.step.iter().flat_map(|step| &step.effects).any(named)
}
