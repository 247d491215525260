//! Visits at the desk: the list, and one screen to plan a visit or to say what was found.

use falin_app::visit::{self, Filter, One, Shown};
use falin_domain::duty::VisitState;
use falin_domain::refusal::Refusal;
use falin_domain::words::{VisitId, VisitNoun};

use super::choices::{self, typed, version};
use super::logs::{people, villages};
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::duty::{VisitTyped, tabs, visit_form};
use crate::look::desk::ledger::{Cell, Ledger, Row, Sheet};
use crate::look::desk::{Filters, Form, Link, filter_options, key};
use crate::look::format;
use crate::look::parts::{Button, Fact, Field};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// `GET /desk/visits`.
///
/// # Errors
/// `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let (say, chosen) = (desk.say(), query.filled("state").unwrap_or_default());
    let filter = Filter { state: VisitState::from_code(chosen), ..Filter::default() };
    let page = visit::list(&desk.site.app, desk.visitor(), filter, None, query.window()?).await?;
    let codes: Vec<_> = VisitState::ALL.iter().map(|state| state.code()).collect();
    let fields =
        vec![Field::select("state", "desk-duty-state", filter_options(&say, "visit-state", &codes, chosen))];
    desk.page(&Ledger {
        title: "desk-visit-title",
        count: String::new(),
        acts: vec![Button::link("primary", say.t("desk-visit-new"), "/desk/visits/new")],
        tabs: desk.open_tabs(tabs("/desk/visits")),
        notices: Vec::new(),
        filters: Some(Filters::new("/desk/visits", fields)),
        columns: vec![
            "desk-duty-day",
            "desk-visit-where",
            "desk-visit-purpose",
            "desk-duty-worker",
            "desk-duty-state",
        ],
        rows: page.items.iter().map(|shown| row(&desk, shown)).collect(),
        none: "desk-visit-none",
        pager: choices::pager(&query, "/desk/visits", &["state"], page.next.as_ref()),
    })
}

fn row(desk: &Desk, shown: &Shown) -> Row {
    let (say, it) = (desk.say(), &shown.visit);
    let day = it.done_on.unwrap_or(it.planned_on);
    Row {
        cells: vec![
            Cell::link(desk.day(day), format!("/desk/visits/{}", it.id)),
            Cell::text(goal(desk, shown)),
            Cell::text(say.t(&key("visit-purpose", it.purpose.code()))),
            Cell::text(shown.worker.as_ref().map_or("", |worker| &worker.name)),
            state(desk, it.state),
        ],
    }
}

/// The household's head with the village, or the village alone.
fn goal(desk: &Desk, shown: &Shown) -> String {
    let village = shown.village.as_ref().map(|village| format::place(&village.name)).unwrap_or_default();
    match (&shown.head, shown.visit.household_id) {
        (Some(head), _) => format!("{village} {head}"),
        (None, Some(_)) => format!("{village} {}", desk.say().t("desk-visit-a-household")),
        (None, None) => village.to_owned(),
    }
}

fn state(desk: &Desk, state: VisitState) -> Cell {
    let fill = match state {
        VisitState::Planned => "empty",
        VisitState::Done => "done",
        VisitState::Cancelled => "stopped",
    };
    Cell::state(fill, desk.say().t(&key("visit-state", state.code())))
}

/// `GET /desk/visits/new`; with `household` to that household.
///
/// # Errors
/// The store's own.
pub async fn new(desk: Desk, query: Query) -> Answer {
    let typed = VisitTyped {
        household: query.filled("household").unwrap_or_default().to_owned(),
        purpose: "round".to_owned(),
        ..VisitTyped::default()
    };
    let view = form(&desk, None, &typed, None).await?;
    desk.page(&view)
}

async fn form(
    desk: &Desk,
    seen: Option<(VisitId, i64)>,
    typed: &VisitTyped,
    refusal: Option<&Refusal>,
) -> Result<Sheet, Refused> {
    let say = desk.say();
    let lists = (people(desk, &typed.worker).await?, villages(desk, &typed.village).await?);
    let action = seen.map_or("/desk/visits".to_owned(), |(id, _)| format!("/desk/visits/{id}"));
    let form = visit_form(&say, &action, seen.map(|(_, version)| version), typed, lists, refusal);
    // Written on the road, where there may be no network.
    let form = form.drafted(desk.visitor().account);
    let title = if seen.is_some() { "desk-visit-do" } else { "desk-visit-new" };
    let back = match typed.household.as_str() {
        "" => Link::new("/desk/visits", say.t("desk-visit-title")),
        id => {
            Link::new(format!("/desk/households/{}", format::query_escape(id)), say.t("desk-visit-household"))
        }
    };
    Ok(Sheet::asking(&say, title, back, form).settled())
}

/// `POST /desk/visits`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn add(desk: Desk, body: Body) -> Answer {
    let typed: VisitTyped = typed(&body.form()?);
    match visit::add(&desk.site.app, desk.visitor(), &typed).await {
        Ok(made) => desk.go(format!("/desk/visits/{}", made.shown.visit.id)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = form(&desk, None, &typed, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/visits/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn show(desk: Desk, id: PathId<VisitNoun>) -> Answer {
    let found = visit::one(&desk.site.app, desk.visitor(), id.0).await?;
    desk.page(&page(&desk, &found))
}

fn page(desk: &Desk, found: &One) -> Sheet {
    let (say, it) = (desk.say(), &found.shown.visit);
    let day = it.done_on.unwrap_or(it.planned_on);
    let home = it.household_id.filter(|_| found.shown.head.is_some());
    let href = home.map(|id| format!("/desk/households/{id}")).unwrap_or_default();
    let mut facts = vec![
        Fact::new("desk-visit-where", goal(desk, &found.shown)).href(href),
        Fact::new("desk-duty-worker", found.shown.worker.as_ref().map_or("", |worker| &worker.name)),
        Fact::new("desk-visit-purpose", say.t(&key("visit-purpose", it.purpose.code()))),
        Fact::new("desk-duty-state", say.t(&key("visit-state", it.state.code()))),
    ];
    for (term, text) in [("desk-visit-found", &found.found), ("desk-visit-follow-up", &found.follow_up)] {
        if !text.is_empty() {
            facts.push(Fact::new(term, text.clone()));
        }
    }
    if let Some(by) = it.follow_up_on {
        facts.push(Fact::new("desk-log-follow-up", format::date(desk.lang, by)));
    }
    let mut view = Sheet {
        facts,
        ..Sheet::new(
            format!("{} {}", desk.day(day), say.t("desk-visit-word")),
            Link::new("/desk/visits", say.t("desk-visit-title")),
        )
    };
    if let Some(log) = it.log_id {
        view.links.push(Link::new(format!("/desk/logs/{log}"), say.t("desk-visit-log")));
    }
    if found.acts.contains(&"do") {
        view.links.push(Link::new(format!("/desk/visits/{}/edit", it.id), say.t("desk-visit-do")));
        let form = Form::post(format!("/desk/visits/{}/cancel", it.id))
            .keep("version", it.version.to_string())
            .button(Button::submit("refuse", say.t("desk-visit-cancel")));
        view = view.part("", form);
    }
    view
}

/// `GET /desk/visits/{id}/edit`: the screen on which one says that it is done.
///
/// # Errors
/// `not_found`.
pub async fn edit(desk: Desk, id: PathId<VisitNoun>) -> Answer {
    let found = visit::one(&desk.site.app, desk.visitor(), id.0).await?;
    let typed = VisitTyped { done_on: desk.site.app.today().to_string(), ..VisitTyped::of(&found) };
    let view = form(&desk, Some((id.0, found.shown.visit.version)), &typed, None).await?;
    desk.page(&view)
}

/// `POST /desk/visits/{id}`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn change(desk: Desk, id: PathId<VisitNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, seen): (VisitTyped, i64) = (typed(&fields), version(&fields));
    let there = visit::one(&desk.site.app, desk.visitor(), id.0).await?;
    match visit::change(&desk.site.app, desk.visitor(), id.0, seen, &typed).await {
        Ok(_) => desk.go(format!("/desk/visits/{}", id.0)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = form(&desk, Some((id.0, seen)), &typed, Some(&refusal)).await?;
            if refusal.is_stale() {
                let now = Some((id.0, there.shown.visit.version));
                let now = form(&desk, now, &VisitTyped::of(&there), None).await?;
                return desk.again(&refusal, &view.meanwhile(&desk.say(), &now));
            }
            desk.again(&refusal, &view)
        }
    }
}

/// `POST /desk/visits/{id}/cancel`.
///
/// # Errors
/// `not_found`; a refusal is shown above the page.
pub async fn cancel(desk: Desk, id: PathId<VisitNoun>, body: Body) -> Answer {
    let seen = version(&body.form()?);
    let found = visit::one(&desk.site.app, desk.visitor(), id.0).await?;
    match visit::cancel(&desk.site.app, desk.visitor(), id.0, seen).await {
        Ok(_) => desk.go("/desk/visits"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let mut view = page(&desk, &found);
            view.errors = Some(desk.say().error_summary(&refusal));
            desk.again(&refusal, &view)
        }
    }
}
