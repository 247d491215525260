//! `/desk/handovers`: who leaves or is away, who takes over, and the way back.

use actix_web::HttpRequest;
use falin_app::handover;
use falin_app::leave;
use falin_app::plan::{self, Flow, Listed, Names, Shown, Why};
use falin_domain::access::{Act, Noun};
use falin_domain::pairing::span::ProviderRef;
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::{Date, Instant};
use falin_domain::words::{DivisionId, PlanId, PlanNoun, WorkerId};

use super::choices;
use super::plan_rows::{candidates, choice_typed, choose_for};
use super::plans::{acted, cards, place_name, provider_href, provider_name, reason, refused, state, to_show};
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::Link;
use crate::look::desk::handover::{
    HandoverList, HandoverNew, HandoverOverride, HandoverPage, HandoverRow, HandoverTyped, Successor, Waiting,
};
use crate::look::desk::plan::{OverrideTyped, PlanOverride};
use crate::look::desk::sentences::counted;
use crate::look::parts::{Button, FieldOption, Figure};
use crate::look::{Say, format};
use crate::plan_json;
use crate::problem::{Answer, Refused};
use crate::query::{PathId, Query, path_id};

/// `GET /desk/handovers`.
///
/// # Errors
/// As [`plan::list`] and [`leave::waiting`].
pub async fn list(desk: Desk, query: Query) -> Answer {
    let (app, visitor, say) = (&desk.site.app, desk.visitor(), desk.say());
    let may_plan = visitor.may(Act::Write, Noun::Plan);
    let waiting = leave::waiting(app, visitor).await?;
    let (page, names) = plan::list(app, visitor, Some("handover"), None, query.window()?).await?;
    let view = HandoverList {
        may_plan,
        waiting: waiting.iter().map(|one| waits(&desk, &say, one, &names, may_plan)).collect(),
        rows: page.items.iter().map(|one| row(&desk, &say, one, &names)).collect(),
        pager: choices::pager(&query, "/desk/handovers", &[], page.next.as_ref()),
    };
    desk.page(&view)
}

fn waits(desk: &Desk, say: &Say<'_>, one: &leave::Waiting, names: &Names, may: bool) -> Waiting {
    let id = one.worker.id;
    let who = ProviderRef::Worker(id);
    let firm = names.provider(who).map(|name| name.firm.clone()).unwrap_or_default();
    let villages = names.villages_of(who);
    let note: Vec<String> = [firm, villages].into_iter().filter(|part| !part.is_empty()).collect();
    let why = match &one.leave {
        Some(leave) => span(desk, say, leave.from_date, leave.to_date),
        None => match one.worker.left_on {
            Some(day) => format!("{} {}", desk.day(day), say.t("desk-handover-why-left")),
            None => say.t("desk-handover-why-left"),
        },
    };
    Waiting {
        worker: Link::new(format!("/desk/workers/{id}"), &one.worker.name),
        note: note.join(" · "),
        why,
        households: in_hand(say, one),
        plan: if may { format!("/desk/handovers/new?worker={id}") } else { String::new() },
    }
}

/// Households and cases that somebody must take over.
fn in_hand(say: &Say<'_>, one: &leave::Waiting) -> String {
    let cases = say.with("desk-handover-led", &[("count", &format::group(&one.cases.to_string()))]);
    match (one.households, one.cases) {
        (0, _) => cases,
        (homes, 0) => households(say, homes as u64),
        (homes, _) => format!("{} · {cases}", households(say, homes as u64)),
    }
}

/// A leave's days in words; open where nobody knows the end.
pub(super) fn span(desk: &Desk, say: &Say<'_>, from: Date, to: Date) -> String {
    let from = desk.day(from);
    if to == leave::open_end() {
        return say.with("desk-span-open", &[("from", &from)]);
    }
    say.with("desk-span", &[("from", &from), ("to", &desk.day(to))])
}

fn households(say: &Say<'_>, count: u64) -> String {
    format!("{} {}", format::group(&count.to_string()), say.t("desk-unit-household"))
}

fn row(desk: &Desk, say: &Say<'_>, one: &Listed, names: &Names) -> HandoverRow {
    let made = Instant::from_millis(one.plan.created_ms);
    let who = [desk.day(made.date()), one.author.clone()];
    let n = |count: u32| format::group(&count.to_string());
    let (placed, unplaced, moved) =
        (n(one.summary.plan.placed), n(one.summary.without()), n(one.summary.changed));
    let words = [("placed", placed.as_str()), ("unplaced", &unplaced), ("moved", &moved)];
    HandoverRow {
        href: format!("/desk/handovers/{}", one.plan.id),
        name: leaver_name(one, names),
        who: who.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        what: say.with("desk-plan-summary", &words),
        state: state(say, one),
    }
}

fn leaver_name(one: &Listed, names: &Names) -> String {
    let who = one.plan.leaver_id.map(ProviderRef::Worker);
    who.and_then(|who| names.provider(who)).map(|name| name.name.clone()).unwrap_or_default()
}

/// `GET /desk/handovers/new?worker=`.
///
/// # Errors
/// The store's own.
pub async fn new(desk: Desk, query: Query) -> Answer {
    let typed = HandoverTyped {
        worker: query.filled("worker").unwrap_or_default().to_owned(),
        effective_on: desk.site.app.today().to_string(),
        why: "left".to_owned(),
    };
    let view = choosing(&desk, &typed, None).await?;
    desk.page(&view)
}

async fn choosing(
    desk: &Desk,
    typed: &HandoverTyped,
    refusal: Option<&Refusal>,
) -> Result<HandoverNew, Refused> {
    let loads = handover::holders(&desk.site.app, desk.visitor()).await?;
    let say = desk.say();
    let option = |one: &handover::Holder| {
        let label = say.noted(&one.name, &households(&say, one.households as u64));
        FieldOption::new(one.id.to_string(), label, &typed.worker)
    };
    Ok(HandoverNew::new(&say, loads.iter().map(option).collect(), typed, refusal))
}

/// `POST /desk/handovers`.
///
/// # Errors
/// As [`handover::propose`].
pub async fn make(desk: Desk, body: Body) -> Answer {
    let fields = body.form()?;
    let text = |name: &str| fields.get(name).unwrap_or_default().trim().to_owned();
    let typed =
        HandoverTyped { worker: text("worker"), effective_on: text("effective_on"), why: text("why") };
    let stop = match read(&typed) {
        Err(refusal) => refusal.into(),
        Ok((worker, why, day)) => {
            match handover::propose(&desk.site.app, desk.visitor(), worker, why, day).await {
                Ok((plan, _)) => return desk.go(format!("/desk/handovers/{}", plan.id)),
                Err(stop) => stop,
            }
        }
    };
    let refusal = to_show(stop)?;
    let view = choosing(&desk, &typed, Some(&refusal)).await?;
    desk.again(&refusal, &view)
}

fn read(typed: &HandoverTyped) -> Result<(WorkerId, Why, Option<Date>), Refusal> {
    let mut faults = Vec::new();
    let worker = typed.worker.parse().ok();
    if worker.is_none() {
        faults.push(FieldError::new("worker", "required_choice"));
    }
    let why = match typed.why.as_str() {
        "left" => Some(Why::Left),
        "leave" => Some(Why::Leave),
        _ => None,
    };
    if why.is_none() {
        faults.push(FieldError::new("why", "required_choice"));
    }
    let day = (!typed.effective_on.is_empty()).then(|| typed.effective_on.parse());
    if matches!(day, Some(Err(_))) {
        faults.push(FieldError::new("effective_on", "date.invalid"));
    }
    match (worker, why, faults.is_empty()) {
        (Some(worker), Some(why), true) => Ok((worker, why, day.and_then(Result::ok))),
        _ => Err(Refusal::form(faults)),
    }
}

/// `GET /desk/handovers/{id}`.
///
/// # Errors
/// As [`plan::show`].
pub async fn show(desk: Desk, PathId(id): PathId<PlanNoun>) -> Answer {
    let shown = plan::show(&desk.site.app, desk.visitor(), id).await?;
    let cards = cards(&desk).await?;
    desk.page(&page(&desk, &shown, cards, None))
}

/// `POST /desk/handovers/{id}/actions?version=`: commit, drop or undo.
///
/// # Errors
/// As [`plan::commit`], [`plan::drop`] and [`plan::undo`].
pub async fn act(desk: Desk, PathId(id): PathId<PlanNoun>, query: Query, body: Body) -> Answer {
    let shown = plan::show(&desk.site.app, desk.visitor(), id).await?;
    match acted(&desk, id, &query, &body).await? {
        None => desk.go(format!("/desk/handovers/{id}")),
        Some(refusal) => {
            let cards = cards(&desk).await?;
            desk.again(&refusal, &page(&desk, &shown, cards, Some(&refusal)))
        }
    }
}

fn page(desk: &Desk, shown: &Shown, cards: u64, refusal: Option<&Refusal>) -> HandoverPage {
    let (say, one, names) = (desk.say(), &shown.listed, &shown.names);
    let base = format!("/desk/handovers/{}", one.plan.id);
    let may = desk.visitor().may(Act::Commit, Noun::Plan);
    let draft = one.plan.state == "draft";
    let leaver = one.plan.leaver_id.map(ProviderRef::Worker);
    let mut flows: Vec<&Flow> = shown.flows.iter().collect();
    flows.sort_by_key(|flow| {
        (flow.worker.is_some() || flow.firm.is_some(), std::cmp::Reverse(flow.households))
    });
    let again = match one.plan.leaver_id {
        Some(worker) => format!("/desk/handovers/new?worker={worker}"),
        None => "/desk/handovers/new".to_owned(),
    };
    let change = |flow: &Flow| match draft && may && refusal.is_none() {
        true => format!("{base}/villages/{}", flow.village),
        false => String::new(),
    };
    HandoverPage {
        worker: Link::new(leaver.map(provider_href).unwrap_or_default(), leaver_name(one, names)),
        why: why(desk, &say, one),
        state: state(&say, one),
        action: format!("{base}/actions?version={}", one.plan.version),
        buttons: match (may, refusal) {
            (false, _) => Vec::new(),
            (true, None) => buttons(&say, one, cards),
            // What stands behind this draft has changed: it is not offered again, a new one is.
            (true, Some(_)) if draft => vec![
                Button::link("primary", say.t("desk-plan-again"), &again),
                Button::submit("low", say.t("desk-handover-drop")).named("act", "drop"),
            ],
            (true, Some(_)) => Vec::new(),
        },
        refused: refusal.map(|refusal| refused(&say, refusal, &again)),
        figures: figures(shown),
        rows: flows.iter().map(|flow| successor(&say, flow, one, names, change(flow))).collect(),
        posts: posts(&say, one, names),
    }
}

fn why(desk: &Desk, say: &Say<'_>, one: &Listed) -> String {
    let why = one.summary.leaver.as_ref().map(|leaver| match leaver.why {
        Why::Left => say.t("desk-handover-why-left"),
        Why::Leave => say.t("desk-handover-why-leave"),
    });
    let from = format::date(desk.lang, one.plan.effective_on);
    let from = say.with("desk-span-open", &[("from", &from)]);
    [why.unwrap_or_default(), from].join(" · ")
}

fn buttons(say: &Say<'_>, one: &Listed, cards: u64) -> Vec<Button> {
    let count = u64::from(one.summary.changed);
    match plan_json::state(&one.plan) {
        "draft" => vec![
            Button::submit("primary", counted(say, "desk-handover-commit", count)).named("act", "commit"),
            Button::submit("low", say.t("desk-handover-drop")).named("act", "drop"),
        ],
        "committed" => vec![
            Button::link("outline", counted(say, "desk-plan-links-cards", cards), "/desk/cards"),
            Button::submit("refuse", say.t("desk-handover-undo")).named("act", "undo"),
        ],
        _ => Vec::new(),
    }
}

fn figures(shown: &Shown) -> Vec<Figure> {
    let figure = |label: &'static str, n: usize, unit: &'static str| Figure {
        label,
        value: format::group(&n.to_string()),
        unit,
        href: String::new(),
    };
    let summary = &shown.listed.summary;
    let mut takers: Vec<_> =
        shown.flows.iter().filter_map(|flow| ProviderRef::of(flow.worker, flow.firm)).collect();
    takers.sort_unstable();
    takers.dedup();
    vec![
        figure("desk-handover-households", summary.households as usize, "desk-unit-household"),
        figure("desk-handover-successors", takers.len(), "desk-unit-person"),
        figure("desk-handover-unplaced", summary.without() as usize, "desk-unit-household"),
    ]
}

fn successor(say: &Say<'_>, flow: &Flow, one: &Listed, names: &Names, change: String) -> Successor {
    let who = ProviderRef::of(flow.worker, flow.firm);
    let load = who.and_then(|who| one.summary.loads.iter().find(|load| load.who == who));
    let note = match (load, &flow.unplaced_reason) {
        (Some(load), _) => {
            let (load, capacity) = (load.after.to_string(), load.capacity.to_string());
            say.with("desk-handover-after", &[("load", &load), ("capacity", &capacity)])
        }
        (None, Some(code)) => reason(say, code),
        (None, None) => String::new(),
    };
    Successor {
        village: place_name(flow.village, names),
        households: households(say, flow.households as u64),
        provider: who.map(|who| Link::new(provider_href(who), provider_name(say, Some(who), names))),
        note,
        change,
    }
}

fn posts(say: &Say<'_>, one: &Listed, names: &Names) -> String {
    let posts = one.summary.leaver.iter().flat_map(|leaver| &leaver.posts);
    let villages: Vec<String> = posts.map(|post| names.village(post.division)).collect();
    if villages.is_empty() {
        return String::new();
    }
    say.with("desk-handover-posts", &[("villages", &say.list(&villages))])
}

/// `GET /desk/handovers/{id}/villages/{village}`: choosing somebody else for a village.
///
/// # Errors
/// As [`plan::candidates`].
pub async fn choose(desk: Desk, req: HttpRequest, PathId(id): PathId<PlanNoun>) -> Answer {
    let village = path_id(&req, "village")?;
    let view = for_village(&desk, id, village, &OverrideTyped::default(), None).await?;
    desk.page(&view)
}

/// `POST /desk/handovers/{id}/villages/{village}`.
///
/// # Errors
/// As [`plan::choose`].
pub async fn chosen(desk: Desk, req: HttpRequest, PathId(id): PathId<PlanNoun>, body: Body) -> Answer {
    let village: DivisionId = path_id(&req, "village")?;
    let typed = choice_typed(&body.form()?);
    let households = handover::of_village(&desk.site.app, desk.visitor(), id, village, false).await?;
    let Some(refusal) = choose_for(&desk, id, households, &typed).await? else {
        return desk.go(format!("/desk/handovers/{id}"));
    };
    let view = for_village(&desk, id, village, &typed, Some(&refusal)).await?;
    desk.again(&refusal, &view)
}

async fn for_village(
    desk: &Desk,
    id: PlanId,
    village: DivisionId,
    typed: &OverrideTyped,
    refusal: Option<&Refusal>,
) -> Result<HandoverOverride, Refused> {
    let say = desk.say();
    let own = handover::of_village(&desk.site.app, desk.visitor(), id, village, false).await?;
    let count = own.len() as u64;
    let (found, names) = plan::candidates(&desk.site.app, desk.visitor(), id, own).await?;
    let (action, back) =
        (format!("/desk/handovers/{id}/villages/{village}"), format!("/desk/handovers/{id}"));
    Ok(HandoverOverride {
        village: place_name(village, &names),
        households: households(&say, count),
        form: PlanOverride::form(&say, &action, &back, &candidates(&say, &found, &names), typed, refusal),
        back: Link::new(back, say.t("desk-handover-successors-by-village")),
    })
}
