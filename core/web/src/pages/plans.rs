//! `/desk/plans`: making a plan, seeing it beside today, putting it into effect and taking it back.

use falin_app::plan::{self, Figures, Gap, Listed, Load, Names, RowFilter, Shown, Summary};
use falin_app::{Stop, card};
use falin_domain::access::{Act, Noun};
use falin_domain::directory::{DivisionLevel, HouseholdKind};
use falin_domain::page::Window;
use falin_domain::pairing::Reason;
use falin_domain::pairing::span::ProviderRef;
use falin_domain::refusal::{Kind, Refusal};
use falin_domain::time::Instant;
use falin_domain::words::{DivisionId, PlanId, PlanNoun};

use crate::body::Body;
use crate::cursor;
use crate::desk::Desk;
use crate::look::desk::Link;
use crate::look::desk::plan::{Compare, Override, PlanList, PlanPage, PlanRow, Unplaced};
use crate::look::desk::sentences::counted;
use crate::look::parts::{Button, FieldOption, Figure, LoadRow, Notice, Pager, State};
use crate::look::{Say, format};
use crate::plan_json;
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// Providers that a plan's page shows before the whole list.
const FULLEST: usize = 10;
/// Overrides that a plan's page shows.
const MOST_OVERRIDES: u16 = 50;

/// `GET /desk/plans`.
///
/// # Errors
/// As [`plan::list`].
pub async fn list(desk: Desk, query: Query) -> Answer {
    let view = plans(&desk, query.window()?, None).await?;
    desk.page(&view)
}

async fn plans(desk: &Desk, window: Window, refusal: Option<&Refusal>) -> Result<PlanList, Refused> {
    let (page, names) = plan::list(&desk.site.app, desk.visitor(), Some("pairing"), None, window).await?;
    let say = desk.say();
    let may = desk.visitor().may(Act::Write, Noun::Plan);
    let make = may.then(|| PlanList::make(&say, places(desk, &names), refusal));
    let more = page.next.as_ref().map(|mark| format!("/desk/plans?cursor={}", cursor::encode(mark)));
    let rows = page.items.iter().map(|one| row(desk, &say, one, &names)).collect();
    Ok(PlanList { make, rows, pager: Pager { back: String::new(), more: more.unwrap_or_default() } })
}

/// The county and its townships: where a plan can be made for.
fn places(desk: &Desk, names: &Names) -> Vec<FieldOption> {
    let county = &desk.me.county;
    let mut all = vec![FieldOption::new(&county.code, &county.name, &county.code)];
    let towns = names.places_of(DivisionLevel::Township);
    all.extend(towns.into_iter().map(|(code, town)| FieldOption::new(code, &town.name, &county.code)));
    all
}

fn row(desk: &Desk, say: &Say<'_>, one: &Listed, names: &Names) -> PlanRow {
    let n = |count: u32| format::group(&count.to_string());
    let (placed, unplaced, moved) =
        (n(one.summary.plan.placed), n(one.summary.without()), n(one.summary.moved));
    let words = [("placed", placed.as_str()), ("unplaced", &unplaced), ("moved", &moved)];
    PlanRow {
        href: format!("/desk/plans/{}", one.plan.id),
        name: name(say, one),
        who: who(desk, one, names),
        what: say.with("desk-plan-summary", &words),
        state: state(say, one),
    }
}

/// 第3稿.
pub(super) fn name(say: &Say<'_>, one: &Listed) -> String {
    say.with("desk-plan-name", &[("number", &one.number.to_string())])
}

/// When, by whom and for which place.
pub(super) fn who(desk: &Desk, one: &Listed, names: &Names) -> String {
    let made = Instant::from_millis(one.plan.created_ms);
    let time = format!("{} {}", desk.day(made.date()), made.clock_text());
    let place = one.plan.place_id.and_then(|id| names.place(id)).map(|place| place.name.clone());
    [time, one.author.clone(), place.unwrap_or_else(|| desk.me.county.name.clone())]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

/// The state in words.
pub(super) fn state(say: &Say<'_>, one: &Listed) -> State {
    let (fill, word) = match plan_json::state(&one.plan) {
        "draft" => ("half", "desk-plan-state-waiting"),
        "committed" => ("done", "desk-plan-state-committed"),
        "dropped" => ("empty", "desk-plan-state-dropped"),
        _ => ("stopped", "desk-plan-state-undone"),
    };
    State { fill, word: say.t(word) }
}

/// `POST /desk/plans`.
///
/// # Errors
/// As [`plan::make`].
pub async fn make(desk: Desk, body: Body) -> Answer {
    let fields = body.form()?;
    match plan::make(&desk.site.app, desk.visitor(), fields.filled("place")).await {
        Ok((made, _)) => desk.go(format!("/desk/plans/{}", made.id)),
        Err(stop) => {
            let refusal = to_show(stop)?;
            let view = plans(&desk, Window::default(), Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// The refusal of a form, to be shown on its page again; what is no matter of the form goes on.
pub(super) fn to_show(stop: Stop) -> Result<Refusal, Refused> {
    let refusal = of_stop(stop);
    match refusal.kind() {
        Kind::Conflict | Kind::Invalid => Ok(refusal),
        _ => Err(refusal.into()),
    }
}

/// `GET /desk/plans/{id}`.
///
/// # Errors
/// As [`plan::show`].
pub async fn show(desk: Desk, PathId(id): PathId<PlanNoun>) -> Answer {
    let shown = plan::show(&desk.site.app, desk.visitor(), id).await?;
    let view = page(&desk, &shown, None).await?;
    desk.page(&view)
}

/// `POST /desk/plans/{id}/actions?version=`: commit, drop or undo.
///
/// # Errors
/// As [`plan::commit`], [`plan::drop`] and [`plan::undo`].
pub async fn act(desk: Desk, PathId(id): PathId<PlanNoun>, query: Query, body: Body) -> Answer {
    let shown = plan::show(&desk.site.app, desk.visitor(), id).await?;
    match acted(&desk, id, &query, &body).await? {
        None => desk.go(format!("/desk/plans/{id}")),
        Some(refusal) => {
            let view = page(&desk, &shown, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// Does what a button on the page of a plan or a handover says; what is refused is for that page to show.
pub(super) async fn acted(
    desk: &Desk,
    id: PlanId,
    query: &Query,
    body: &Body,
) -> Result<Option<Refusal>, Refused> {
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let version = query.parsed("version", "number.range")?;
    let done = match body.form()?.get("act") {
        Some("commit") => plan::commit(app, visitor, id, version).await,
        Some("undo") => plan::undo(app, visitor, id, version).await,
        Some("drop") => plan::drop(app, visitor, id, version).await,
        _ => Err(Refusal::new("action.not_allowed").into()),
    };
    done.err().map(to_show).transpose()
}

/// What was refused, and where to begin anew.
pub(super) fn refused(say: &Say<'_>, refusal: &Refusal, again: &str) -> Notice {
    let strong = format!("{} {}", say.t("desk-plan-refused"), say.refusal_title(refusal));
    Notice::new("danger", strong, say.refusal_detail(refusal)).link(again, say.t("desk-plan-again"))
}

async fn page(desk: &Desk, shown: &Shown, refusal: Option<&Refusal>) -> Result<PlanPage, Refused> {
    let say = desk.say();
    let (one, names) = (&shown.listed, &shown.names);
    let base = format!("/desk/plans/{}", one.plan.id);
    let draft = one.plan.state == "draft";
    let may = desk.visitor().may(Act::Commit, Noun::Plan);
    let mut loads: Vec<&Load> = one.summary.loads.iter().collect();
    loads.sort_by_key(|load| std::cmp::Reverse(share(load)));
    let overrides = if one.summary.overridden.is_empty() {
        Vec::new()
    } else {
        overrides(desk, shown, &base, draft && may).await?
    };
    let cards = cards(desk).await?;
    Ok(PlanPage {
        name: name(&say, one),
        state: state(&say, one),
        action: format!("{base}/actions?version={}", one.plan.version),
        buttons: if may { buttons(&say, one, cards) } else { Vec::new() },
        refused: refusal.map(|refusal| refused(&say, refusal, "/desk/plans")),
        figures: figures(&one.summary, &base),
        compare: compare(&say, &one.summary),
        unplaced: one.summary.unplaced.iter().map(|gap| unplaced(&say, gap, names)).collect(),
        loads: loads.iter().take(FULLEST).map(|load| load_row(load, names)).collect(),
        links: links(&say, one, &base),
        overrides,
        change: if draft && may { format!("{base}/moves") } else { String::new() },
    })
}

/// Load ÷ capacity in thousandths.
pub(super) fn share(load: &Load) -> u32 {
    load.after.saturating_mul(1000) / load.capacity.max(1)
}

/// A provider's row with its bar.
pub(super) fn load_row(load: &Load, names: &Names) -> LoadRow {
    let name = names.provider(load.who);
    let row = LoadRow::new(
        name.map(|name| name.name.as_str()).unwrap_or_default(),
        &provider_href(load.who),
        load.after,
        load.capacity,
        load.before,
    );
    let note = name.map(|name| name.firm.clone()).unwrap_or_default();
    LoadRow { note, places: names.villages_of(load.who), ..row }
}

/// The page of a provider.
pub(super) fn provider_href(who: ProviderRef) -> String {
    match who {
        ProviderRef::Worker(id) => format!("/desk/workers/{id}"),
        ProviderRef::Firm(id) => format!("/desk/firms/{id}"),
    }
}

/// A provider's name with the firm; empty for nobody.
pub(super) fn provider_name(say: &Say<'_>, who: Option<ProviderRef>, names: &Names) -> String {
    let Some(name) = who.and_then(|who| names.provider(who)) else { return String::new() };
    if name.firm.is_empty() { name.name.clone() } else { say.noted(&name.name, &name.firm) }
}

/// Cards on paper that name somebody else than the household has now: only those need printing again.
pub(super) async fn cards(desk: &Desk) -> Result<u64, Refused> {
    match desk.visitor().may(Act::Read, Noun::Card) {
        true => Ok(card::waiting(&desk.site.app, desk.visitor()).await?),
        false => Ok(0),
    }
}

fn buttons(say: &Say<'_>, one: &Listed, cards: u64) -> Vec<Button> {
    match plan_json::state(&one.plan) {
        "draft" => {
            let moved = format::group(&one.summary.changed.to_string());
            let commit = match one.summary.changed {
                0 => say.t("desk-plan-commit-none"),
                _ => say.with("desk-plan-commit", &[("moved", &moved)]),
            };
            vec![
                Button::submit("primary", commit).named("act", "commit"),
                Button::submit("low", say.t("desk-plan-drop")).named("act", "drop"),
            ]
        }
        "committed" => vec![
            Button::link("outline", counted(say, "desk-plan-links-cards", cards), "/desk/cards"),
            Button::submit("refuse", say.t("desk-plan-undo")).named("act", "undo"),
        ],
        _ => Vec::new(),
    }
}

fn percent(part: u32, whole: u32) -> String {
    if whole == 0 { "0".to_owned() } else { format!("{:.1}", f64::from(part) * 100.0 / f64::from(whole)) }
}

fn figures(summary: &Summary, base: &str) -> Vec<Figure> {
    let plan = &summary.plan;
    let count = |label: &'static str, n: u32, href: String| Figure {
        label,
        value: format::group(&n.to_string()),
        unit: "desk-unit-household",
        href,
    };
    let share = |label: &'static str, value: String| Figure {
        label,
        value,
        unit: "desk-unit-percent",
        href: String::new(),
    };
    let gaps = if summary.without() > 0 { "#unplaced".to_owned() } else { String::new() };
    vec![
        count("desk-plan-placed", plan.placed, String::new()),
        count("desk-plan-unplaced", summary.without(), gaps),
        count("desk-plan-moved", summary.moved, format!("{base}/moves")),
        share("desk-plan-own-village", percent(plan.by_place[0], plan.placed)),
        share("desk-plan-fullest", format!("{:.0}", plan.max_load_share * 100.0)),
    ]
}

fn compare(say: &Say<'_>, summary: &Summary) -> Vec<Compare> {
    let (now, plan) = (&summary.today, &summary.plan);
    let unit = say.t("desk-unit-household");
    let whole = |label, now: f64, plan: f64, unit: &str| {
        let text =
            |value: f64| format!("{} {unit}", format::group(&format!("{value:.0}"))).trim_end().to_owned();
        Compare { label, now: text(now), plan: text(plan), change: change(plan - now, 0) }
    };
    let share = |label, of: fn(&Figures) -> f64| {
        let (now, plan) = (of(now) * 100.0, of(plan) * 100.0);
        Compare {
            label,
            now: format!("{now:.1}%"),
            plan: format!("{plan:.1}%"),
            change: change(plan - now, 1),
        }
    };
    vec![
        whole("desk-plan-placed", f64::from(now.placed), f64::from(plan.placed), &unit),
        share("desk-plan-own-village", |one| f64::from(one.by_place[0]) / f64::from(one.placed.max(1))),
        share("desk-plan-same-township", |one| f64::from(one.by_place[1]) / f64::from(one.placed.max(1))),
        share("desk-plan-fullest", |one| one.max_load_share),
        whole("desk-plan-balance", now.balance, plan.balance, ""),
    ]
}

/// `+17`, `−0.8`; empty for none.
fn change(by: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", by.abs());
    if text.chars().all(|c| matches!(c, '0' | '.')) {
        return String::new();
    }
    let grouped = if decimals == 0 { format::group(&text) } else { text };
    if by < 0.0 { format!("−{grouped}") } else { format!("+{grouped}") }
}

/// A village with its township.
pub(super) fn place_name(id: DivisionId, names: &Names) -> String {
    match names.place(id) {
        Some(place) if !place.township.is_empty() => {
            format!("{} {}", place.township, format::place(&place.name))
        }
        Some(place) => format::place(&place.name).to_owned(),
        None => String::new(),
    }
}

/// Why nobody takes a household, in words; the code is the row's.
pub(super) fn reason(say: &Say<'_>, code: &str) -> String {
    match code {
        "capacity" => say.t("desk-plan-reason-capacity"),
        "conflict" => say.t("desk-plan-reason-conflict"),
        _ => say.t("desk-plan-reason-none"),
    }
}

fn unplaced(say: &Say<'_>, gap: &Gap, names: &Names) -> Unplaced {
    let n = |count: u32| format::group(&count.to_string());
    let help = match gap.kind {
        HouseholdKind::Rural => Link::new("/desk/workers", say.t("desk-worker-list-title")),
        HouseholdKind::Urban => Link::new("/desk/firms", say.t("desk-worker-tab-firms")),
    };
    let code = match gap.reason {
        Reason::NoProvider => "no_provider",
        Reason::Capacity => "capacity",
        Reason::Conflict => "conflict",
    };
    Unplaced {
        village: place_name(gap.village, names),
        households: format!("{} {}", n(gap.households), say.t("desk-unit-household")),
        reason: reason(say, code),
        shortfall: counted(say, "desk-plan-unplaced-shortfall", u64::from(gap.shortfall)),
        help,
    }
}

fn links(say: &Say<'_>, one: &Listed, base: &str) -> Vec<Link> {
    let providers = one.summary.loads.len() as u64;
    let moved = u64::from(one.summary.changed + one.summary.started);
    vec![
        Link::new(format!("{base}/providers"), counted(say, "desk-plan-links-providers", providers)),
        Link::new(format!("{base}/moves"), counted(say, "desk-plan-links-moves", moved)),
    ]
}

async fn overrides(desk: &Desk, shown: &Shown, base: &str, may: bool) -> Result<Vec<Override>, Refused> {
    let filter = RowFilter { overridden: true, ..RowFilter::default() };
    let window = Window { limit: MOST_OVERRIDES, after: None };
    let found = plan::rows(&desk.site.app, desk.visitor(), shown.listed.plan.id, filter, window).await?;
    let told = found.page.items.iter().map(|view| {
        let id = view.row.household_id;
        let village = shown.names.village(view.row.village_id);
        let who = ProviderRef::of(view.row.worker_id, view.row.firm_id);
        Override {
            household: Link::new(format!("/desk/households/{id}"), format!("{}（{village}）", view.head)),
            provider: provider_name(&desk.say(), who, &shown.names),
            reason: view.row.override_reason.clone().unwrap_or_default(),
            undo: if may { format!("{base}/overrides/{id}/undo") } else { String::new() },
        }
    });
    Ok(told.collect())
}
