//! `/desk/services`: one window for everything that somebody can come for.

use std::sync::Arc;

use falin_domain::access::{Act, Noun};
use falin_domain::catalogue::{self, Service};
use falin_domain::workflow::{Flow, Words, core_flow};

use crate::desk::Desk;
use crate::flow_path::desk_base;
use crate::look::desk::Link;
use crate::look::desk::service::{Served, Window};
use crate::problem::Answer;
use crate::query::Query;

/// `GET /desk/services?q=`.
///
/// # Errors
/// `server.failed` where the template does not render.
pub async fn window(desk: Desk, query: Query) -> Answer {
    let typed = query.filled("q").unwrap_or_default();
    let rows = catalogue::found(typed).into_iter().map(|one| served(&desk, one)).collect();
    desk.page(&Window { query: typed.to_owned(), rows, own: own(&desk) })
}

fn served(desk: &Desk, one: &Service) -> Served {
    let words = |text: &Words| text.in_language(desk.lang.code()).to_owned();
    let bring: Vec<String> = one.bring.iter().map(words).collect();
    Served {
        name: words(&one.name),
        who: words(&one.who),
        bring: bring.join(if desk.lang.code() == "en" { "; " } else { "；" }),
        time: words(&one.time),
        start: start(desk, &one.flow),
        guide: desk.public(&format!("/services/{}", one.code)),
    }
}

/// Where the reader begins a flow: the quick entry for questions, the flow's own form for the rest; nothing where the
/// reader may not.
fn start(desk: &Desk, flow: &str) -> String {
    if flow == falin_app::consultation::FLOW && desk.visitor().may(Act::Read, Noun::Call) {
        return "/desk/intake".to_owned();
    }
    let opens = core_flow(flow).is_some_and(|flow| opens(desk, flow));
    if opens { format!("{}/new", desk_base(flow)) } else { String::new() }
}

fn opens(desk: &Desk, flow: &Flow) -> bool {
    flow.opening().is_some_and(|step| step.roles.iter().any(|role| desk.visitor().is(*role)))
}

fn own(desk: &Desk) -> Vec<Link> {
    let flows = desk.site.app.flows.all(desk.visitor().county);
    let begun = |flow: &&Arc<Flow>| flow.id.contains('/') && opens(desk, flow);
    let link = |flow: &Arc<Flow>| {
        let step = flow.opening().map(|step| step.name.in_language(desk.lang.code())).unwrap_or_default();
        let name = format!("{} · {step}", flow.name.in_language(desk.lang.code()));
        Link::new(format!("{}/new", desk_base(&flow.id)), name)
    };
    flows.iter().filter(begun).map(link).collect()
}
