//! Lines of county workflows: packages, grants, and what is in use. Their cases are lines of casework.

use falin_domain::access::{Act, Noun};

use super::{Access, Route, get, post};
use crate::{api, pages};

/// All of them.
pub fn lines() -> Vec<Route> {
    use Access::Needs;
    use api::plugin_desk as around;
    use api::plugins;
    use api::workflow_pages as own;
    use pages::plugins as desk;
    const SEE: Access = Needs(Act::Read, Noun::Plugin);
    const BRING: Access = Needs(Act::Write, Noun::Plugin);
    const USE: Access = Needs(Act::Read, Noun::Workflow);
    const OPEN: Access = Needs(Act::Write, Noun::Workflow);
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
        get("/desk/plugins/{id}/settings", SEE, pages::plugin_desk::settings),
        post("/desk/plugins/{id}/settings", DECIDE, pages::plugin_desk::set),
        get("/desk/plugins/{id}/posts", SEE, pages::plugin_desk::posts),
        post("/desk/plugins/{id}/posts", DECIDE, pages::plugin_desk::give),
        post("/desk/plugins/{id}/posts/{post}/withdraw", DECIDE, pages::plugin_desk::withdraw),
        get("/desk/pages/{plugin}/{page}", USE, pages::plugin_board::board),
        post("/desk/pages/{plugin}/{page}", OPEN, pages::plugin_board::press),
        get("/api/v1/workflow-pages", USE, own::list).doc(&own::LIST),
        get("/api/v1/workflow-pages/{plugin}/{page}", USE, own::get).doc(&own::ONE),
        post("/api/v1/workflow-pages/{plugin}/{page}/actions", OPEN, own::act).doc(&own::ACTS),
        get("/desk/imports/{plugin}", OPEN, pages::plugin_imports::list),
        post("/desk/imports/{plugin}/{code}", OPEN, pages::plugin_imports::add).upload(),
        get("/desk/import-batches/{id}", OPEN, pages::plugin_imports::show),
        post("/desk/import-batches/{id}", OPEN, pages::plugin_imports::act),
        get("/desk/plugin-exports/{id}", DECIDE, desk::export),
        get("/api/v1/plugins/{id}/settings", SEE, around::settings).doc(&around::SETTINGS_DOC),
        post("/api/v1/plugins/{id}/settings", DECIDE, around::set).doc(&around::SET_DOC),
        get("/api/v1/plugins/{id}/posts", SEE, around::posts).doc(&around::POSTS_DOC),
        post("/api/v1/plugins/{id}/posts", DECIDE, around::give).doc(&around::GIVE_DOC),
        post("/api/v1/plugins/{id}/posts/{post}/actions", DECIDE, around::withdraw)
            .doc(&around::WITHDRAW_DOC),
        get("/api/v1/workflow-imports/{plugin}", OPEN, around::batches).doc(&around::BATCHES_DOC),
        post("/api/v1/workflow-imports/{plugin}/{code}", OPEN, around::check)
            .upload()
            .doc(&around::CHECK_DOC),
        get("/api/v1/import-batches/{id}", OPEN, around::batch).doc(&around::BATCH_DOC),
        post("/api/v1/import-batches/{id}/actions", OPEN, around::act).doc(&around::BATCH_ACTS),
        get("/api/v1/plugins", SEE, plugins::list).doc(&plugins::LIST),
        post("/api/v1/plugins", BRING, plugins::add).upload().doc(&plugins::UPLOAD),
        get("/api/v1/plugins/{id}", SEE, plugins::get).doc(&plugins::ONE),
        post("/api/v1/plugins/{id}/actions", DECIDE, plugins::act).doc(&plugins::ACTS),
        get("/api/v1/workflows", Needs(Act::Read, Noun::Workflow), plugins::flows).doc(&plugins::FLOWS),
    ]
}
