//! Legal workers at the desk: list with load, one with posts, the form.

use falin_app::worker::{self, Filter, Shown, Whole};
use falin_app::{leave, settings};
use falin_domain::access::{Act, Noun};
use falin_domain::directory::WorkerKind;
use falin_domain::refusal::Refusal;
use falin_domain::words::{WorkerId, WorkerNoun};

use super::choices::{self, advised, presence, reference, term, typed, version};
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::sentences::counted;
use crate::look::desk::worker::{
    Leave, LeaveTyped, Load, WorkerEdit, WorkerFilter, WorkerList, WorkerPage, WorkerPost, WorkerRow,
    WorkerTyped, leave_form, tabs,
};
use crate::look::desk::{Link, key};
use crate::look::format;
use crate::look::parts::{Fact, Notice};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query, path_id};

const FILTERS: &[&str] = &["find", "kind", "firm", "place", "state"];

/// `GET /desk/workers`.
///
/// # Errors
/// `search.digits`, `division.unknown`, `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let chosen: WorkerFilter = typed(&query.0);
    let filter = Filter {
        kind: WorkerKind::from_code(&chosen.kind),
        firm: query.id("firm")?,
        place: query.filled("place").map(str::to_owned),
        active: match chosen.state.as_str() {
            "active" | "leave" => Some(true),
            "left" => Some(false),
            _ => None,
        },
        away: (chosen.state == "leave").then_some(true),
        q: chosen.find.clone(),
        ..Filter::default()
    };
    let (app, me, say) = (&desk.site.app, desk.visitor(), desk.say());
    let count = worker::count(app, me, filter.clone()).await?;
    let page = worker::list(app, me, filter, query.window()?).await?;
    let firms = choices::firms(&desk, &chosen.firm).await?;
    let places = choices::townships(&desk, &chosen.place).await?;
    let usual = usual(&desk).await?;
    desk.page(&WorkerList {
        tabs: tabs("/desk/workers"),
        count: counted(&say, "desk-worker-list-count", count),
        filters: chosen.filters(&say, firms, places),
        rows: page.items.iter().map(|shown| row(&desk, shown, usual)).collect(),
        loads: page.items.iter().any(|shown| shown.households.is_some()),
        pager: choices::pager(&query, "/desk/workers", FILTERS, page.next.as_ref()),
        may_write: may_write(&desk),
        deputies: me.may(Act::Read, Noun::Deputy),
    })
}

pub(super) fn may_write(desk: &Desk) -> bool {
    desk.visitor().may(Act::Write, Noun::Worker)
}

/// The county's usual capacity of a lawyer; None where it sets none or the visitor may not see settings.
async fn usual(desk: &Desk) -> Result<Option<i32>, Refused> {
    if !desk.visitor().may(Act::Read, Noun::Setting) {
        return Ok(None);
    }
    Ok(settings::get(&desk.site.app, desk.visitor()).await?.1.capacity)
}

/// Load against the worker's own capacity, else the county's; None without either or without the right to see it.
fn load(shown: &Shown, usual: Option<i32>) -> Option<Load> {
    let households = shown.households?;
    let capacity = shown.worker.capacity.or(usual.filter(|_| shown.worker.kind == WorkerKind::Lawyer));
    match (capacity, households) {
        (Some(capacity), _) => Some(Load::new(households, capacity.unsigned_abs())),
        (None, 0) => None,
        (None, _) => Some(Load::new(households, households)),
    }
}

fn row(desk: &Desk, shown: &Shown, usual: Option<i32>) -> WorkerRow {
    let it = &shown.worker;
    WorkerRow {
        href: format!("/desk/workers/{}", it.id),
        name: it.name.clone(),
        kind: key("desk-worker-kind", it.kind.code()),
        firm: firm(shown),
        villages: advised(&desk.say(), shown),
        load: load(shown, usual),
        state: presence(&desk.say(), shown, desk.site.app.today()),
    }
}

fn firm(shown: &Shown) -> Option<Link> {
    shown.firm.as_ref().map(|firm| Link::new(format!("/desk/firms/{}", firm.id), firm.name.clone()))
}

/// `GET /desk/workers/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn show(desk: Desk, id: PathId<WorkerNoun>) -> Answer {
    let view = page(&desk, id.0, &LeaveTyped::default(), None).await?;
    desk.page(&view)
}

async fn page(
    desk: &Desk,
    id: WorkerId,
    typed: &LeaveTyped,
    refusal: Option<&Refusal>,
) -> Result<WorkerPage, Refused> {
    let whole = worker::one(&desk.site.app, desk.visitor(), id).await?;
    let usual = usual(desk).await?;
    let (say, write) = (desk.say(), may_write(desk));
    let shown = &whole.shown;
    let there = worker::is_there(&shown.worker, desk.site.app.today());
    let action = format!("/desk/workers/{id}/leave");
    let has_households = shown.households.is_some_and(|n| n > 0);
    let may_plan = desk.visitor().may(Act::Write, Noun::Plan);
    let when = |allowed: bool, href: String| if allowed { href } else { String::new() };
    Ok(WorkerPage {
        name: shown.worker.name.clone(),
        kind: key("desk-worker-kind", shown.worker.kind.code()),
        state: presence(&say, shown, desk.site.app.today()),
        waiting: waiting(desk, &whole),
        facts: facts(desk, shown, usual),
        load: load(shown, usual),
        posts: whole.posts.iter().map(|post| posted(desk, post, write)).collect(),
        leaves: whole.leaves.iter().map(|one| taken(desk, one, write)).collect(),
        leave: (write && there).then(|| leave_form(&say, &action, typed, refusal)),
        handover: when(may_plan && has_households, format!("/desk/handovers/new?worker={id}")),
        edit: when(write, format!("/desk/workers/{id}/edit")),
        new_post: when(
            there && desk.visitor().may(Act::Write, Noun::Post),
            format!("/desk/posts/new?worker={id}"),
        ),
    })
}

/// That the households of somebody who is away or gone wait for a hand-over.
fn waiting(desk: &Desk, whole: &Whole) -> Option<Notice> {
    let shown = &whole.shown;
    let households = u64::from(shown.households.filter(|n| *n > 0)?);
    let (sentence, day) = match (shown.worker.left_on, whole.leaves.first()) {
        (Some(day), _) => ("desk-leave-gone", day),
        (None, Some(leave)) => ("desk-leave-begins", leave.from_date),
        (None, None) => return None,
    };
    let count = format::group(&households.to_string());
    let text = desk.say().with(sentence, &[("date", &desk.day(day)), ("count", &count)]);
    Some(Notice::new("caution", "", text))
}

fn facts(desk: &Desk, shown: &Shown, usual: Option<i32>) -> Vec<Fact> {
    let (say, it) = (desk.say(), &shown.worker);
    let mut facts = vec![Fact::new("desk-worker-licence", it.licence.clone().unwrap_or_default())];
    if let Some(since) = it.practice_since {
        facts.push(Fact::new("desk-worker-practice", desk.day(since)));
    }
    if let Some(firm) = &shown.firm {
        let href = format!("/desk/firms/{}", firm.id);
        facts.push(Fact::new("desk-worker-firm", firm.name.clone()).href(href));
    }
    let numbers: Vec<String> = it.phone.split('、').map(format::phone).collect();
    facts.push(Fact::new("desk-worker-phone", desk.say().list(&numbers)));
    facts.push(Fact::new("desk-worker-specialties", it.specialties.clone()));
    facts.push(Fact::new("desk-worker-languages", it.languages.clone()));
    let households = |n: i32| say.with("desk-worker-capacity-value", &[("count", &n.to_string())]);
    match (it.capacity, usual) {
        (Some(own), _) => facts.push(Fact::new("desk-worker-capacity", households(own))),
        (None, Some(usual)) if it.kind == WorkerKind::Lawyer => {
            let note = say.t("desk-worker-capacity-default");
            facts.push(Fact::new("desk-worker-capacity", households(usual)).note(note));
        }
        _ => {}
    }
    facts.retain(|fact| !fact.value.is_empty());
    facts
}

fn posted(
    desk: &Desk,
    (post, village): &(falin_app::adviser::AdviserPost, falin_app::division::Division),
    write: bool,
) -> WorkerPost {
    let href = if write {
        format!("/desk/posts/{}/edit", post.id)
    } else {
        format!("/desk/posts?place={}", reference(village))
    };
    WorkerPost {
        village: Link::new(href, format::place(&village.name)),
        span: term(&desk.say(), post.from_date, post.to_date),
        hours: post.hours.clone(),
    }
}

fn taken(desk: &Desk, one: &falin_app::leave::Leave, write: bool) -> Leave {
    let cancel = format!("/desk/workers/{}/leave/{}/cancel", one.worker_id, one.id);
    let to_come = one.from_date > desk.site.app.today();
    let end = Some(one.to_date).filter(|to| *to < leave::open_end());
    Leave {
        span: term(&desk.say(), one.from_date, end),
        why: one.reason.clone(),
        cancel: if write && to_come { cancel } else { String::new() },
    }
}

/// `GET /desk/workers/new`.
///
/// # Errors
/// The store's own.
pub async fn new(desk: Desk) -> Answer {
    let typed = WorkerTyped { kind: WorkerKind::Lawyer.code().to_owned(), ..WorkerTyped::default() };
    let view = form(&desk, None, &typed, None).await?;
    desk.page(&view)
}

/// `POST /desk/workers`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn add(desk: Desk, body: Body) -> Answer {
    let typed: WorkerTyped = typed(&body.form()?);
    match worker::add(&desk.site.app, desk.visitor(), &typed).await {
        Ok(made) => desk.go(format!("/desk/workers/{}", made.id)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = form(&desk, None, &typed, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/workers/{id}/edit`.
///
/// # Errors
/// `not_found`.
pub async fn edit(desk: Desk, id: PathId<WorkerNoun>) -> Answer {
    let there = worker::one(&desk.site.app, desk.visitor(), id.0).await?.shown.worker;
    let seen = (id.0, there.name.as_str(), there.version);
    let view = form(&desk, Some(seen), &WorkerTyped::of(&there), None).await?;
    desk.page(&view)
}

/// `POST /desk/workers/{id}`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn change(desk: Desk, id: PathId<WorkerNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, version): (WorkerTyped, i64) = (typed(&fields), version(&fields));
    let there = worker::one(&desk.site.app, desk.visitor(), id.0).await?.shown.worker;
    match worker::change(&desk.site.app, desk.visitor(), id.0, version, &typed).await {
        Ok(_) => desk.go(format!("/desk/workers/{}", id.0)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let mut view = form(&desk, Some((id.0, &there.name, version)), &typed, Some(&refusal)).await?;
            if refusal.is_stale() {
                let seen = Some((id.0, there.name.as_str(), there.version));
                let now = form(&desk, seen, &WorkerTyped::of(&there), None).await?;
                view.form.meanwhile(&desk.say(), &now.form);
            }
            desk.again(&refusal, &view)
        }
    }
}

async fn form(
    desk: &Desk,
    seen: Option<(WorkerId, &str, i64)>,
    typed: &WorkerTyped,
    refusal: Option<&Refusal>,
) -> Result<WorkerEdit, Refused> {
    let (action, back, version) = match seen {
        None => {
            let list = Link::new("/desk/workers", desk.say().t("desk-worker-list-title"));
            ("/desk/workers".to_owned(), list, String::new())
        }
        Some((id, name, version)) => {
            let href = format!("/desk/workers/{id}");
            (href.clone(), Link::new(href, name), version.to_string())
        }
    };
    let firms = choices::firms(desk, &typed.firm).await?;
    Ok(WorkerEdit::new(&desk.say(), &action, back, &version, typed, firms, refusal))
}

/// `POST /desk/workers/{id}/leave`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn go_on_leave(desk: Desk, id: PathId<WorkerNoun>, body: Body) -> Answer {
    let typed = super::leave::typed(&body.form()?);
    match absence(&desk, id.0, &typed).await {
        Ok(()) => desk.go(format!("/desk/workers/{}#leave", id.0)),
        Err(refusal) if refusal.code() == "not_found" => Err(refusal.into()),
        Err(refusal) => {
            let view = page(&desk, id.0, &typed, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

async fn absence(desk: &Desk, id: WorkerId, typed: &LeaveTyped) -> Result<(), Refusal> {
    let absence = super::leave::read(typed)?;
    leave::add(&desk.site.app, desk.visitor(), id, absence).await.map(|_| ()).map_err(of_stop)
}

/// `POST /desk/workers/{id}/leave/{leave}/cancel`.
///
/// # Errors
/// `not_found`; `action.not_allowed` once it has begun.
pub async fn stay(desk: Desk, req: actix_web::HttpRequest, id: PathId<WorkerNoun>) -> Answer {
    leave::remove(&desk.site.app, desk.visitor(), id.0, path_id(&req, "leave")?).await?;
    desk.go(format!("/desk/workers/{}#leave", id.0))
}
