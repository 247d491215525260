//! The rota at the desk: the month, one shift with its acts, one's own shifts, the month on paper.

use falin_app::duty::{self, Filter, One, Own, Shown, SwapTyped};
use falin_domain::access::{Act, Noun};
use falin_domain::duty::{Period, ShiftAct, ShiftKind, ShiftState, clock_text};
use falin_domain::refusal::Refusal;
use falin_domain::spoken::whole_day;
use falin_domain::time::{Date, Instant};
use falin_domain::words::{ShiftId, ShiftNoun};

use super::choices::{self, typed, version};
use super::repeats;
use crate::body::{Body, Fields};
use crate::desk::Desk;
use crate::look::desk::duty::{ShiftTyped, act_form, filters, give_form, offer_form, shift_form, tabs};
use crate::look::desk::ledger::{Cell, Ledger, Part, Row, Sheet};
use crate::look::desk::month::{Day, DayShift, Month};
use crate::look::desk::{Link, key};
use crate::look::parts::{Button, Fact, FieldOption, Notice, Pager};
use crate::look::print::rota::Rota;
use crate::look::{Lang, format};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// First day of the month that `month` names (`2026-11`), else of this one.
pub(super) fn month_of(desk: &Desk, query: &Query) -> Date {
    let named = query.filled("month").and_then(|text| format!("{text}-01").parse().ok());
    named.unwrap_or_else(|| Period::Month.around(desk.site.app.today()).0)
}

/// `2026年11月`, `Nov 2026`.
pub(super) fn month_name(lang: Lang, month: Date) -> String {
    let (year, number, _) = month.parts();
    match lang {
        Lang::Zh => format!("{year}年{number}月"),
        Lang::En => whole_day(month, true).trim_start_matches("1 ").to_owned(),
    }
}

/// `GET /desk/duties`.
///
/// # Errors
/// `division.unknown`.
pub async fn month(desk: Desk, query: Query) -> Answer {
    let view = grid(&desk, &query, true).await?;
    desk.page(&view)
}

/// `GET /desk/duties/print`: the same month for the wall.
///
/// # Errors
/// As [`month`].
pub async fn print(desk: Desk, query: Query) -> Answer {
    let month = grid(&desk, &query, false).await?;
    desk.page(&Rota { name: month.name, names: month.names, weeks: month.weeks })
}

async fn grid(desk: &Desk, query: &Query, links: bool) -> Result<Month, Refused> {
    let say = desk.say();
    let first = month_of(desk, query);
    let (kind, place) = (query.filled("kind").unwrap_or_default(), query.filled("place").unwrap_or_default());
    let filter = Filter { kind: ShiftKind::from_code(kind), ..Filter::default() };
    let wanted = query.filled("place").map(str::to_owned);
    let found = duty::month(&desk.site.app, desk.visitor(), first, filter, wanted).await?;
    let keeps = !desk.visitor().scope(Act::Write, Noun::Duty).is_ok_and(|scope| scope.only_mine);
    let keeps = keeps && desk.visitor().may(Act::Write, Noun::Duty);
    let at = |month: Date| {
        let text = &month.to_string()[..7];
        let kept = format!("kind={kind}&place={}", format::query_escape(place));
        Link::new(format!("/desk/duties?month={text}&{kept}"), month_name(desk.lang, month))
    };
    let mut acts = Vec::new();
    if desk.visitor().worker.is_some() {
        acts.push(Button::link("outline", say.t("desk-duty-mine"), "/desk/duties/mine"));
    }
    acts.push(Button::link(
        "outline",
        say.t("desk-duty-print"),
        format!("/desk/duties/print?month={}", &first.to_string()[..7]),
    ));
    if keeps {
        acts.push(Button::link("outline", say.t("desk-rule-title"), "/desk/duties/rules"));
        acts.push(Button::link("primary", say.t("desk-duty-new"), "/desk/duties/new"));
    }
    let places = if keeps { choices::townships(desk, place).await? } else { Vec::new() };
    Ok(Month {
        name: month_name(desk.lang, first),
        before: at(first.plus_months(-1)),
        after: at(first.plus_months(1)),
        acts,
        tabs: desk.open_tabs(tabs("/desk/duties")),
        notices: repeats::told(desk, query).into_iter().chain(flagged(desk, &found)).collect(),
        filters: keeps.then(|| filters(&say, kind, place, places)),
        names: (0..7).map(|n| format::weekday(desk.lang, monday(first).plus_days(n)).to_owned()).collect(),
        weeks: weeks(desk, first, &found, links),
    })
}

fn monday(first: Date) -> Date {
    first.plus_days(-i64::from(first.weekday()))
}

fn flagged(desk: &Desk, found: &[Shown]) -> Option<Notice> {
    let mut flagged = found.iter().filter(|shown| shown.shift.state == ShiftState::Flagged).peekable();
    let first = flagged.peek()?.shift.id;
    let (say, count) = (desk.say(), flagged.count().to_string());
    let strong = say.with("desk-duty-flagged-count", &[("count", &count)]);
    let notice = Notice::new("caution", strong, say.t("desk-duty-flagged-what"));
    Some(notice.link(format!("/desk/duties/{first}"), say.t("desk-duty-flagged-go")))
}

/// The month in weeks from Monday to Sunday, days of other months empty.
fn weeks(desk: &Desk, first: Date, found: &[Shown], links: bool) -> Vec<Vec<Day>> {
    let (_, last) = Period::Month.around(first);
    let today = desk.site.app.today();
    let day = |date: Date| {
        if date < first || date > last {
            return Day::default();
        }
        let here = found.iter().filter(|shown| shown.shift.day == date);
        Day {
            number: date.parts().2.to_string(),
            today: if date == today { "desk-duty-today" } else { "" },
            shifts: here.map(|shown| in_grid(desk, shown, links)).collect(),
        }
    };
    let start = monday(first);
    let weeks = (start.days_until(last) / 7) + 1;
    (0..weeks).map(|week| (0..7).map(|n| day(start.plus_days(week * 7 + n))).collect()).collect()
}

fn in_grid(desk: &Desk, shown: &Shown, links: bool) -> DayShift {
    let name = shown.worker.as_ref().map_or("", |worker| worker.name.as_str());
    DayShift {
        href: if links { format!("/desk/duties/{}", shown.shift.id) } else { String::new() },
        who: format!("{} {name}", span(shown)),
        what: format!("{} {}", kind(desk, shown), place(shown)),
        flagged: shown.shift.state == ShiftState::Flagged,
    }
}

fn span(shown: &Shown) -> String {
    format!("{}–{}", clock_text(shown.shift.from_minute), clock_text(shown.shift.to_minute))
}

fn kind(desk: &Desk, shown: &Shown) -> String {
    desk.say().t(&key("shift-kind", shown.shift.kind.code()))
}

/// The service place, else the division, with window or room.
fn place(shown: &Shown) -> String {
    let division = shown.place.as_ref().map(|place| format::place(&place.name)).unwrap_or_default();
    let name = shown.facility.as_ref().map_or(division, |facility| &facility.name);
    format!("{name} {}", shown.shift.spot).trim().to_owned()
}

fn when(desk: &Desk, shown: &Shown) -> String {
    format!("{} {}", desk.day(shown.shift.day), format::weekday(desk.lang, shown.shift.day))
}

/// `GET /desk/duties/mine`.
///
/// # Errors
/// `not_found` for an account that is no legal worker's.
pub async fn mine(desk: Desk) -> Answer {
    let Own { shifts, offers } = duty::own(&desk.site.app, desk.visitor()).await?;
    let say = desk.say();
    let row = |shown: &Shown| Row {
        cells: vec![
            Cell::link(when(&desk, shown), format!("/desk/duties/{}", shown.shift.id)).note(span(shown)),
            Cell::text(kind(&desk, shown)),
            Cell::text(place(shown)),
            state(&desk, shown.shift.state),
        ],
    };
    desk.page(&Ledger {
        title: "desk-duty-mine",
        count: String::new(),
        acts: vec![Button::link("outline", say.t("desk-today-tile-leave-go"), "/desk/leave")],
        tabs: desk.open_tabs(tabs("/desk/duties")),
        notices: offers.iter().map(|(offer, shown)| asked(&desk, offer, shown)).collect(),
        filters: None,
        columns: vec!["desk-duty-day", "desk-duty-kind", "desk-duty-place", "desk-duty-state"],
        rows: shifts.iter().map(row).collect(),
        none: "desk-duty-none",
        pager: Pager::default(),
    })
}

/// Day, hours, kind and place of a shift.
pub(super) fn in_words(desk: &Desk, shown: &Shown) -> String {
    format!("{} {} {} {}", when(desk, shown), span(shown), kind(desk, shown), place(shown)).trim().to_owned()
}

/// What a colleague asks, with the way to the answer.
pub(super) fn asked(desk: &Desk, offer: &duty::Offer, shown: &Shown) -> Notice {
    let say = desk.say();
    let name = offer.from.as_ref().map_or("", |worker| worker.name.as_str());
    let strong = say.with("desk-duty-asked", &[("name", name)]);
    let notice = Notice::new("plain", strong, in_words(desk, shown));
    notice.link(format!("/desk/duties/{}", shown.shift.id), say.t("desk-duty-answer"))
}

fn state(desk: &Desk, state: ShiftState) -> Cell {
    let fill = match state {
        ShiftState::Planned => "full",
        ShiftState::Flagged => "half",
        ShiftState::Cancelled => "stopped",
    };
    Cell::state(fill, desk.say().t(&key("shift-state", state.code())))
}

/// `GET /desk/duties/new`.
///
/// # Errors
/// The store's own.
pub async fn new(desk: Desk, query: Query) -> Answer {
    let day = query.filled("day").map_or_else(|| desk.site.app.today().to_string(), str::to_owned);
    let typed = ShiftTyped {
        kind: "window".to_owned(),
        day,
        from: "09:00".to_owned(),
        to: "12:00".to_owned(),
        ..ShiftTyped::default()
    };
    let view = form(&desk, None, &typed, None).await?;
    desk.page(&view)
}

async fn form(
    desk: &Desk,
    seen: Option<(ShiftId, i64)>,
    typed: &ShiftTyped,
    refusal: Option<&Refusal>,
) -> Result<Sheet, Refused> {
    let say = desk.say();
    let lists = (
        choices::workers(desk, &typed.worker).await?,
        choices::villages(desk, &typed.place, true).await?,
        facilities(desk, &typed.facility).await?,
    );
    let action = seen.map_or("/desk/duties".to_owned(), |(id, _)| format!("/desk/duties/{id}/actions"));
    let form = shift_form(&say, &action, seen.map(|(_, version)| version), typed, lists, refusal);
    let title = if seen.is_some() { "desk-duty-edit" } else { "desk-duty-new" };
    Ok(Sheet::asking(&say, title, Link::new("/desk/duties", say.t("desk-duty-title")), form).settled())
}

/// Open service places as choices.
async fn facilities(desk: &Desk, current: &str) -> Result<Vec<FieldOption>, Refused> {
    let window = falin_domain::page::Window { limit: falin_domain::page::MOST, after: None };
    let filter = falin_app::facility::Filter { active: Some(true), ..Default::default() };
    let page = falin_app::facility::list(&desk.site.app, desk.visitor(), filter, window).await?;
    let option = |placed: &falin_app::facility::Placed| {
        FieldOption::new(placed.facility.id.to_string(), placed.facility.name.clone(), current)
    };
    Ok(page.items.iter().map(option).collect())
}

/// `POST /desk/duties`: one shift, or a week's pattern where a last day is given.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn add(desk: Desk, body: Body) -> Answer {
    let typed: ShiftTyped = typed(&body.form()?);
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let done = match typed.until.trim().is_empty() {
        true => duty::add(app, visitor, &typed).await.map(|one| (one.shown.shift.day, String::new())),
        false => duty::series(app, visitor, &typed).await.map(|planned| {
            let skipped = planned.skipped.iter().map(|one| (one.day, one.why));
            let told = format!("&{}", repeats::part(planned.made.len(), skipped));
            (planned.made.first().map_or(app.today(), |shift| shift.day), told)
        }),
    };
    match done {
        Ok((day, told)) => desk.go(format!("/desk/duties?month={}{told}", &day.to_string()[..7])),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = form(&desk, None, &typed, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/duties/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn show(desk: Desk, id: PathId<ShiftNoun>) -> Answer {
    let found = duty::one(&desk.site.app, desk.visitor(), id.0).await?;
    let view = page(&desk, &found, None).await?;
    desk.page(&view)
}

/// The shift with its acts, and the one that was sent and refused as it was sent.
async fn page(desk: &Desk, found: &One, sent: Option<(&str, &Fields, &Refusal)>) -> Result<Sheet, Refused> {
    let (say, it) = (desk.say(), &found.shown.shift);
    let name = found.shown.worker.as_ref().map(|worker| worker.name.clone()).unwrap_or_default();
    let mut view = Sheet {
        facts: vec![
            Fact::new("desk-duty-worker", name),
            Fact::new("desk-duty-hours", span(&found.shown)),
            Fact::new("desk-duty-place", place(&found.shown)),
            Fact::new("desk-duty-state", say.t(&key("shift-state", it.state.code()))),
        ],
        story: found.offers.iter().map(|offer| told(desk, offer)).collect(),
        ..Sheet::new(
            format!("{} {}", when(desk, &found.shown), kind(desk, &found.shown)),
            Link::new("/desk/duties", say.t("desk-duty-title")),
        )
    };
    if it.state == ShiftState::Flagged {
        let why = say.t(&key("desk-duty-why", it.flag_reason.as_deref().unwrap_or("leave")));
        view.notices.push(Notice::new("caution", say.t("desk-duty-flagged"), why));
    }
    let action = format!("/desk/duties/{}/actions", it.id);
    let has = |act| found.acts.contains(&act);
    view.parts.extend(buttons(desk, found, &action));
    let others = |all: Vec<FieldOption>| -> Vec<FieldOption> {
        let own = it.worker_id.to_string();
        all.into_iter().filter(|option| option.value != own).collect()
    };
    let of = |act: ShiftAct| sent.filter(|(action, ..)| *action == act.code());
    if has(ShiftAct::Reassign) {
        let sent = of(ShiftAct::Reassign);
        let to = sent.and_then(|(_, fields, _)| fields.filled("worker")).unwrap_or_default();
        let people = others(choices::workers(desk, to).await?);
        let form = give_form(&say, &action, it.version, people, sent.map(|(.., refusal)| refusal));
        view.parts.push(Part { title: "desk-duty-give", form });
    }
    if has(ShiftAct::Offer) {
        let sent = of(ShiftAct::Offer);
        let swap: SwapTyped = sent.map(|(_, fields, _)| typed(fields)).unwrap_or_default();
        let people = others(choices::colleagues(desk, &swap.to_worker).await?);
        if people.iter().any(|option| !option.value.is_empty()) {
            let refusal = sent.map(|(.., refusal)| refusal);
            let form = offer_form(&say, &action, it.version, &swap, people, refusal);
            view.parts.push(Part { title: "desk-duty-swap", form });
        }
    }
    if has(ShiftAct::Change) {
        view.links.push(Link::new(format!("/desk/duties/{}/edit", it.id), say.t("desk-duty-edit")));
    }
    let mut view = view.settled();
    view.errors = view.errors.or_else(|| sent.map(|(.., refusal)| say.error_summary(refusal)));
    Ok(view)
}

/// Answers to an offer, and calling the shift off: a button each.
fn buttons(desk: &Desk, found: &One, action: &str) -> Option<Part> {
    let looks = [
        (ShiftAct::Accept, "primary"),
        (ShiftAct::Decline, "outline"),
        (ShiftAct::Withdraw, "outline"),
        (ShiftAct::Cancel, "refuse"),
    ];
    let acts: Vec<_> = looks
        .iter()
        .filter(|(act, _)| found.acts.contains(act))
        .map(|(act, look)| (act.code(), *look))
        .collect();
    let form = act_form(&desk.say(), action, found.shown.shift.version, &acts);
    (!acts.is_empty()).then_some(Part { title: "", form })
}

fn told(desk: &Desk, offer: &duty::Offer) -> String {
    let say = desk.say();
    let name = |worker: &Option<falin_app::worker::Worker>| {
        worker.as_ref().map_or(String::new(), |w| w.name.clone())
    };
    let at = Instant::from_millis(offer.swap.answered_ms.unwrap_or(offer.swap.created_ms)).date();
    let text = say.with(
        &key("desk-duty-swap-told", offer.swap.state.code()),
        &[("date", &desk.day(at)), ("from", &name(&offer.from)), ("to", &name(&offer.to))],
    );
    format!("{text} {}", offer.swap.note).trim().to_owned()
}

/// `GET /desk/duties/{id}/edit`.
///
/// # Errors
/// `not_found`.
pub async fn edit(desk: Desk, id: PathId<ShiftNoun>) -> Answer {
    let found = duty::one(&desk.site.app, desk.visitor(), id.0).await?;
    let it = &found.shown.shift;
    let view = form(&desk, Some((id.0, it.version)), &ShiftTyped::of(it), None).await?;
    desk.page(&view)
}

/// `POST /desk/duties/{id}/actions`.
///
/// # Errors
/// `not_found`; a refusal is shown above the page.
pub async fn act(desk: Desk, id: PathId<ShiftNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let there = duty::one(&desk.site.app, desk.visitor(), id.0).await?;
    let action = fields.filled("action").unwrap_or_default().to_owned();
    match done(&desk, id.0, &action, &fields).await {
        Ok(one) if action == "decline" || one.acts.is_empty() => desk.go("/desk/duties"),
        Ok(_) => desk.go(format!("/desk/duties/{}", id.0)),
        Err(stop) => {
            let refusal = of_stop(stop);
            if action == "change" {
                let seen = Some((id.0, version(&fields)));
                let mut view = form(&desk, seen, &typed::<ShiftTyped>(&fields), Some(&refusal)).await?;
                if refusal.is_stale() {
                    let it = &there.shown.shift;
                    let now = form(&desk, Some((id.0, it.version)), &ShiftTyped::of(it), None).await?;
                    view = view.meanwhile(&desk.say(), &now);
                }
                return desk.again(&refusal, &view);
            }
            let view = page(&desk, &there, Some((&action, &fields, &refusal))).await?;
            desk.again(&refusal, &view)
        }
    }
}

async fn done(desk: &Desk, id: ShiftId, action: &str, fields: &Fields) -> Result<One, falin_app::Stop> {
    let (app, visitor, version) = (&desk.site.app, desk.visitor(), version(fields));
    match ShiftAct::from_code(action) {
        Some(ShiftAct::Change) => duty::change(app, visitor, id, version, &typed::<ShiftTyped>(fields)).await,
        Some(ShiftAct::Reassign) => {
            duty::reassign(app, visitor, id, version, fields.filled("worker").unwrap_or_default()).await
        }
        Some(ShiftAct::Cancel) => duty::cancel(app, visitor, id, version).await,
        Some(ShiftAct::Offer) => duty::offer(app, visitor, id, version, &typed::<SwapTyped>(fields)).await,
        Some(ShiftAct::Accept) => duty::accept(app, visitor, id, version).await,
        Some(ShiftAct::Decline) => duty::decline(app, visitor, id, version).await,
        Some(ShiftAct::Withdraw) => duty::withdraw(app, visitor, id, version).await,
        None => Err(Refusal::new("action.not_allowed").into()),
    }
}
