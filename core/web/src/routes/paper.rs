//! The lines of official papers.

use falin_domain::access::{Act, Noun};

use super::{Access, Route, get, post};
use crate::{api, pages};

/// Official papers: issued for cases, and their kinds with the county's templates.
pub fn lines() -> Vec<Route> {
    use Access::Needs;
    use api::{paper_templates as templates, papers as programs};
    use pages::papers as people;
    const SEE: Access = Needs(Act::Read, Noun::Paper);
    const MAKE: Access = Needs(Act::Write, Noun::Paper);
    const SET: Access = Needs(Act::Write, Noun::Setting);
    vec![
        get("/api/v1/paper-kinds", SEE, programs::kinds).doc(&programs::KINDS_DOC),
        get("/api/v1/paper-kinds/{kind}/templates", SEE, templates::list).doc(&templates::LIST),
        post("/api/v1/paper-kinds/{kind}/templates", SET, templates::add).upload().doc(&templates::ADD),
        get("/api/v1/paper-kinds/{kind}/template.docx", SEE, templates::file).doc(&templates::FILE),
        post("/api/v1/paper-kinds/{kind}/actions", SET, templates::act).doc(&templates::ACTS),
        get("/api/v1/papers", SEE, programs::list).doc(&programs::LIST),
        post("/api/v1/papers", MAKE, programs::add).doc(&programs::ADD),
        get("/api/v1/papers/new", MAKE, programs::open).doc(&programs::OPEN),
        get("/api/v1/papers/{id}.docx", SEE, programs::docx).doc(&programs::DOCX),
        get("/api/v1/papers/{id}", SEE, programs::get).doc(&programs::ONE),
        post("/api/v1/papers/{id}/actions", MAKE, programs::act).doc(&programs::ACTS),
        get("/desk/papers", SEE, people::list),
        post("/desk/papers", MAKE, people::create),
        get("/desk/papers/new", MAKE, people::new),
        get("/desk/papers/office", SET, people::office),
        post("/desk/papers/office", SET, people::save_office),
        get("/desk/papers/kinds", SEE, people::list_kinds),
        get("/desk/papers/kinds/{kind}", SEE, people::kind),
        get("/desk/papers/kinds/{kind}/print", SEE, people::kind_print),
        get("/desk/papers/kinds/{kind}/sample.docx", SEE, people::kind_sample),
        get("/desk/papers/kinds/{kind}/outline.docx", SEE, people::kind_outline),
        get("/desk/papers/kinds/{kind}/template.docx", SEE, people::kind_own),
        post("/desk/papers/kinds/{kind}/template", SET, people::upload).upload(),
        post("/desk/papers/kinds/{kind}/revert", SET, people::revert),
        get("/desk/papers/{id}", SEE, people::show),
        get("/desk/papers/{id}/print", SEE, people::print),
        get("/desk/papers/{id}/document.docx", SEE, people::docx),
        get("/desk/papers/{id}/correct", MAKE, people::correct),
        post("/desk/papers/{id}/correct", MAKE, people::save_correction),
        post("/desk/papers/{id}/void", MAKE, people::void),
    ]
}
