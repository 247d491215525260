//! Notary appointments at the desk, and the matters with their lists of papers.

use falin_app::notary::{self, Matter, Shown};
use falin_domain::access::{Act, Noun};
use falin_domain::directory::WorkerKind;
use falin_domain::duty::{AppointmentState, clock_text};
use falin_domain::refusal::Refusal;
use falin_domain::words::{AppointmentId, AppointmentNoun, MatterId, MatterNoun};

use super::choices::{self, typed, version};
use crate::api::notary::ending;
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::duty::{AppointmentTyped, MatterTyped, appointment_form, matter_form, tabs};
use crate::look::desk::ledger::{Cell, Ledger, Row, Sheet};
use crate::look::desk::open::named;
use crate::look::desk::{Form, Link, key};
use crate::look::format;
use crate::look::parts::{Button, Fact, FieldOption, Pager};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// `GET /desk/notary`: appointments from today on.
///
/// # Errors
/// `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let say = desk.say();
    let days = (Some(desk.site.app.today()), None);
    let page = notary::list(&desk.site.app, desk.visitor(), days, None, query.window()?).await?;
    let mut acts = vec![Button::link("outline", say.t("desk-notary-matters"), "/desk/notary/matters")];
    if desk.visitor().may(Act::Write, Noun::Duty) {
        acts.push(Button::link("primary", say.t("desk-notary-new"), "/desk/notary/new"));
    }
    desk.page(&Ledger {
        title: "desk-notary-title",
        count: String::new(),
        acts,
        tabs: desk.open_tabs(tabs("/desk/notary")),
        notices: Vec::new(),
        filters: None,
        columns: vec![
            "desk-duty-day",
            "desk-notary-person",
            "desk-notary-matter",
            "desk-notary-worker",
            "desk-duty-state",
        ],
        rows: page.items.iter().map(|shown| row(&desk, shown)).collect(),
        none: "desk-notary-none",
        pager: choices::pager(&query, "/desk/notary", &[], page.next.as_ref()),
    })
}

fn when(desk: &Desk, shown: &Shown) -> String {
    let it = &shown.appointment;
    format!("{} {} {}", desk.day(it.day), format::weekday(desk.lang, it.day), clock_text(it.from_minute))
}

fn row(desk: &Desk, shown: &Shown) -> Row {
    let it = &shown.appointment;
    let fill = match it.state {
        AppointmentState::Booked => "empty",
        AppointmentState::Done => "done",
        AppointmentState::Cancelled | AppointmentState::NoShow => "stopped",
    };
    Row {
        cells: vec![
            Cell::link(when(desk, shown), format!("/desk/notary/{}", it.id)),
            Cell::text(shown.person.clone()),
            Cell::text(shown.matter.as_ref().map_or("", |matter| &matter.name)),
            Cell::text(shown.notary.as_ref().map_or("", |notary| &notary.name)),
            Cell::state(fill, desk.say().t(&key("appointment-state", it.state.code()))),
        ],
    }
}

/// `GET /desk/notary/new`; with `matter` for that matter.
///
/// # Errors
/// The store's own.
pub async fn new(desk: Desk, query: Query) -> Answer {
    let typed = AppointmentTyped {
        matter: query.filled("matter").unwrap_or_default().to_owned(),
        day: desk.site.app.today().to_string(),
        from: "09:00".to_owned(),
        ..AppointmentTyped::default()
    };
    let view = form(&desk, None, &typed, None).await?;
    desk.page(&view)
}

async fn form(
    desk: &Desk,
    seen: Option<(AppointmentId, i64)>,
    typed: &AppointmentTyped,
    refusal: Option<&Refusal>,
) -> Result<Sheet, Refused> {
    let say = desk.say();
    let matters = notary::matters(&desk.site.app, desk.visitor()).await?;
    let option =
        |matter: &Matter| FieldOption::new(matter.id.to_string(), matter.name.clone(), &typed.matter);
    let matters = matters.iter().filter(|matter| matter.active).map(option).collect();
    let people = falin_app::worker::choices(&desk.site.app, desk.visitor()).await?;
    let notaries = people.iter().filter(|worker| worker.kind == WorkerKind::Notary);
    let notaries =
        notaries.map(|w| FieldOption::new(w.id.to_string(), w.name.clone(), &typed.worker)).collect();
    let action = seen.map_or("/desk/notary".to_owned(), |(id, _)| format!("/desk/notary/{id}/actions"));
    let seen = seen.map(|(_, version)| version);
    let form = appointment_form(&say, &action, seen, typed, (matters, notaries), refusal);
    let title = if seen.is_some() { "desk-notary-move" } else { "desk-notary-new" };
    Ok(Sheet::asking(&say, title, Link::new("/desk/notary", say.t("desk-notary-title")), form).settled())
}

/// `POST /desk/notary`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn add(desk: Desk, body: Body) -> Answer {
    let typed: AppointmentTyped = typed(&body.form()?);
    match notary::add(&desk.site.app, desk.visitor(), &typed).await {
        Ok(made) => desk.go(format!("/desk/notary/{}", made.appointment.id)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = form(&desk, None, &typed, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/notary/{id}`: with the papers to name on the telephone.
///
/// # Errors
/// `not_found`.
pub async fn show(desk: Desk, id: PathId<AppointmentNoun>) -> Answer {
    let found = notary::one(&desk.site.app, desk.visitor(), id.0).await?;
    desk.page(&page(&desk, &found))
}

fn page(desk: &Desk, found: &Shown) -> Sheet {
    let (say, it) = (desk.say(), &found.appointment);
    let papers = found.matter.as_ref().map(|matter| say.list(&matter.papers.lines().collect::<Vec<_>>()));
    let mut view = Sheet {
        facts: vec![
            Fact::new("desk-notary-person", found.person.clone()).note(format::phone(&found.phone)),
            Fact::new("desk-notary-matter", found.matter.as_ref().map_or("", |matter| &matter.name)),
            Fact::new("desk-notary-papers", papers.unwrap_or_default()),
            Fact::new("desk-notary-worker", found.notary.as_ref().map_or("", |notary| &notary.name)),
            Fact::new("desk-duty-state", say.t(&key("appointment-state", it.state.code()))),
        ],
        ..Sheet::new(when(desk, found), Link::new("/desk/notary", say.t("desk-notary-title")))
    };
    if !found.acts.is_empty() {
        view.links.push(Link::new(format!("/desk/notary/{}/edit", it.id), say.t("desk-notary-move")));
        let button = |form: Form, (code, look): (&str, &'static str)| {
            let label = say.t(&key("desk-notary-act", code));
            form.button(Button::submit(look, label).named("action", code))
        };
        let form =
            Form::post(format!("/desk/notary/{}/actions", it.id)).keep("version", it.version.to_string());
        let acts = [("done", "primary"), ("no_show", "outline"), ("cancel", "refuse")];
        view = view.part("", acts.into_iter().fold(form, button));
    }
    view
}

/// `GET /desk/notary/{id}/edit`.
///
/// # Errors
/// `not_found`.
pub async fn edit(desk: Desk, id: PathId<AppointmentNoun>) -> Answer {
    let found = notary::one(&desk.site.app, desk.visitor(), id.0).await?;
    let seen = Some((id.0, found.appointment.version));
    let view = form(&desk, seen, &AppointmentTyped::of(&found), None).await?;
    desk.page(&view)
}

/// `POST /desk/notary/{id}/actions`.
///
/// # Errors
/// `not_found`; a refusal is shown on the form or above the page.
pub async fn act(desk: Desk, id: PathId<AppointmentNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let there = notary::one(&desk.site.app, desk.visitor(), id.0).await?;
    let (app, visitor, seen) = (&desk.site.app, desk.visitor(), version(&fields));
    let action = fields.filled("action").unwrap_or_default();
    let moved: AppointmentTyped = typed(&fields);
    let done = match AppointmentState::from_code(ending(action)) {
        Some(state) => notary::close(app, visitor, id.0, seen, state).await,
        None => notary::change(app, visitor, id.0, seen, &moved).await,
    };
    match done {
        Ok(_) => desk.go(format!("/desk/notary/{}", id.0)),
        Err(stop) => {
            let refusal = of_stop(stop);
            if action == "move" {
                let mut view = form(&desk, Some((id.0, seen)), &moved, Some(&refusal)).await?;
                if refusal.is_stale() {
                    let now = Some((id.0, there.appointment.version));
                    let now = form(&desk, now, &AppointmentTyped::of(&there), None).await?;
                    view = view.meanwhile(&desk.say(), &now);
                }
                return desk.again(&refusal, &view);
            }
            let mut view = page(&desk, &there);
            view.errors = Some(desk.say().error_summary(&refusal));
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/notary/matters`.
///
/// # Errors
/// `access.denied`.
pub async fn matters(desk: Desk) -> Answer {
    let say = desk.say();
    let all = notary::matters(&desk.site.app, desk.visitor()).await?;
    let may = desk.visitor().may(Act::Write, Noun::Setting);
    let row = |matter: &Matter| {
        let name = named(&say, &matter.name, matter.active);
        let href = if may { format!("/desk/notary/matters/{}/edit", matter.id) } else { String::new() };
        let papers: Vec<&str> = matter.papers.lines().collect();
        let time = say.with("desk-minutes", &[("minutes", &matter.minutes.to_string())]);
        Row { cells: vec![Cell::link(name, href), Cell::text(say.list(&papers)), Cell::text(time)] }
    };
    let add = Button::link("primary", say.t("desk-notary-matter-new"), "/desk/notary/matters/new");
    desk.page(&Ledger {
        title: "desk-notary-matters",
        count: String::new(),
        acts: if may { vec![add] } else { Vec::new() },
        tabs: desk.open_tabs(tabs("/desk/notary")),
        notices: Vec::new(),
        filters: None,
        columns: vec!["desk-notary-matter", "desk-notary-papers", "desk-notary-minutes"],
        rows: all.iter().map(row).collect(),
        none: "desk-notary-matters-none",
        pager: Pager::default(),
    })
}

fn matter_page(
    desk: &Desk,
    seen: Option<(MatterId, i64)>,
    typed: &MatterTyped,
    refusal: Option<&Refusal>,
) -> Sheet {
    let say = desk.say();
    let action =
        seen.map_or("/desk/notary/matters".to_owned(), |(id, _)| format!("/desk/notary/matters/{id}"));
    let form = matter_form(&say, &action, seen.map(|(_, version)| version), typed, refusal);
    let title = if seen.is_some() { "desk-notary-matter-edit" } else { "desk-notary-matter-new" };
    let back = Link::new("/desk/notary/matters", say.t("desk-notary-matters"));
    Sheet::asking(&say, title, back, form).settled()
}

/// `GET /desk/notary/matters/new`.
///
/// # Errors
/// None beyond access.
pub async fn new_matter(desk: Desk) -> Answer {
    let typed = MatterTyped { minutes: "30".to_owned(), ..MatterTyped::default() };
    desk.page(&matter_page(&desk, None, &typed, None))
}

/// `POST /desk/notary/matters`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn add_matter(desk: Desk, body: Body) -> Answer {
    save(desk, None, &typed(&body.form()?)).await
}

async fn save(desk: Desk, seen: Option<(MatterId, i64)>, typed: &MatterTyped) -> Answer {
    match notary::set_matter(&desk.site.app, desk.visitor(), seen, typed).await {
        Ok(_) => desk.go("/desk/notary/matters"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let mut view = matter_page(&desk, seen, typed, Some(&refusal));
            if let Some((id, _)) = seen.filter(|_| refusal.is_stale()) {
                let there = notary::matter(&desk.site.app, desk.visitor(), id).await?;
                let now = matter_page(&desk, Some((id, there.version)), &MatterTyped::of(&there), None);
                view = view.meanwhile(&desk.say(), &now);
            }
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/notary/matters/{id}/edit`.
///
/// # Errors
/// `not_found`.
pub async fn edit_matter(desk: Desk, id: PathId<MatterNoun>) -> Answer {
    let found = notary::matter(&desk.site.app, desk.visitor(), id.0).await?;
    desk.page(&matter_page(&desk, Some((id.0, found.version)), &MatterTyped::of(&found), None))
}

/// `POST /desk/notary/matters/{id}`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn change_matter(desk: Desk, id: PathId<MatterNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    notary::matter(&desk.site.app, desk.visitor(), id.0).await?;
    let seen = version(&fields);
    save(desk, Some((id.0, seen)), &typed(&fields)).await
}
