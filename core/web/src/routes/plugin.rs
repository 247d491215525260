//! Lines of county workflows: packages, grants, and what is in use. Their cases are lines of casework.

use falin_domain::access::{Act, Noun};

use super::{Access, Route, get, post};
use crate::{api, pages};

/// All of them.
pub fn lines() -> Vec<Route> {
    use Access::Needs;
    use api::plugins;
    use pages::plugins as desk;
    const SEE: Access = Needs(Act::Read, Noun::Plugin);
    const BRING: Access = Needs(Act::Write, Noun::Plugin);
    const DECIDE: Access = Needs(Act::Commit, Noun::Plugin);
    vec![
        get("/desk/plugins", SEE, desk::list),
        post("/desk/plugins", BRING, desk::add).upload(),
        get("/desk/plugins/new", BRING, desk::new),
        post("/desk/plugins/shelf", BRING, desk::take),
        post("/desk/plugins/keys", BRING, desk::trust).upload(),
        get("/desk/plugins/{id}", SEE, desk::show),
        post("/desk/plugins/{id}/actions", DECIDE, desk::act),
        post("/desk/plugins/{id}/letters/{letter}", DECIDE, pages::plugin_letters::answer),
        get("/api/v1/plugins/{id}/letters", SEE, plugins::letters).doc(&plugins::LETTERS),
        post("/api/v1/plugins/{id}/letters/{letter}/actions", DECIDE, plugins::answer).doc(&plugins::ANSWERS),
        get("/api/v1/plugins", SEE, plugins::list).doc(&plugins::LIST),
        post("/api/v1/plugins", BRING, plugins::add).upload().doc(&plugins::UPLOAD),
        get("/api/v1/plugins/{id}", SEE, plugins::get).doc(&plugins::ONE),
        post("/api/v1/plugins/{id}/actions", DECIDE, plugins::act).doc(&plugins::ACTS),
        get("/api/v1/workflows", Needs(Act::Read, Noun::Workflow), plugins::flows).doc(&plugins::FLOWS),
    ]
}
