//! The papers of a case on its page: those issued, those that fit now, all others that there are for it.

use std::sync::Arc;

use falin_app::casework::Seen;
use falin_app::paper::{self, Listed};
use falin_domain::access::{Act, Noun};
use falin_domain::paper::Paper as Form;

use crate::desk::Desk;
use crate::look::desk::case::{CasePaper, CasePapers, KindLink};
use crate::look::format;
use crate::look::parts::State;
use crate::pages::papers::called;
use crate::problem::Refused;

/// The section of papers; None for whoever reads no papers.
///
/// # Errors
/// The store's own.
pub(super) async fn papers(desk: &Desk, seen: &Seen) -> Result<Option<CasePapers>, Refused> {
    let visitor = desk.visitor();
    if !visitor.may(Act::Read, Noun::Paper) {
        return Ok(None);
    }
    let about = (seen.flow.id.as_str(), seen.case.id.cast());
    let offered = match paper::offered(&desk.site.app, visitor, about, Some(seen)).await {
        // Whoever sees the case only through a task or a unit reads none of its papers.
        Err(stop) if stop.refusal().is_some_and(|refusal| refusal.code() == "not_found") => return Ok(None),
        found => found?,
    };
    let makes = visitor.may(Act::Write, Noun::Paper);
    let links = |forms: &[Arc<Form>]| match makes {
        true => forms.iter().map(|form| new(desk, seen, form)).collect(),
        false => Vec::new(),
    };
    let (now, more) = (links(&offered.now), links(&offered.more));
    let issued: Vec<CasePaper> = offered.issued.iter().map(|row| issued(desk, row)).collect();
    let empty = issued.is_empty() && now.is_empty() && more.is_empty();
    Ok((!empty).then_some(CasePapers { issued, now, more }))
}

fn issued(desk: &Desk, listed: &Listed) -> CasePaper {
    let row = &listed.paper;
    let (fill, key) = match row.voided_ms {
        Some(_) => ("stopped", "desk-paper-state-void"),
        None => ("full", "desk-paper-state-issued"),
    };
    CasePaper {
        href: format!("/desk/papers/{}", row.id),
        title: listed.called(desk.lang.code()).to_owned(),
        lang: called(desk, listed.form.as_deref()),
        number: row.number.clone(),
        state: State { fill, word: desk.say().t(key) },
    }
}

/// A plugin's cases have the flow's whole name: they are no noun of the house.
fn new(desk: &Desk, seen: &Seen, form: &Form) -> KindLink {
    let (noun, id) = (format::query_escape(&seen.flow.id), seen.case.id);
    KindLink {
        href: format!("/desk/papers/new?kind={}&noun={noun}&subject={id}", form.code),
        name: form.called(desk.lang.code()).to_owned(),
        lang: called(desk, Some(form)),
    }
}
