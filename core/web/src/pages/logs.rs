//! The service log at the desk: the list, the quick form, one entry with its corrections.

use falin_app::service_log::{self, Filter, One, Shown};
use falin_domain::access::{Act, Noun};
use falin_domain::duty::ServiceKind;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{LogId, LogNoun};

use super::choices::{self, reference, typed, version};
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::duty::{LogTyped, kind_options, log_form, tabs};
use crate::look::desk::ledger::{Cell, Ledger, Row, Sheet};
use crate::look::desk::{Filters, Form, Link, key};
use crate::look::format;
use crate::look::parts::{Button, Fact, Field, FieldOption, Notice};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// Whether the visitor keeps the log of a place, not only the own.
pub(super) fn keeps(desk: &Desk) -> bool {
    desk.visitor().scope(Act::Write, Noun::ServiceLog).is_ok_and(|scope| !scope.only_mine)
}

/// Villages as choices: those that one advises first, and all others for whoever keeps a place.
///
/// # Errors
/// The store's own.
pub(super) async fn villages(desk: &Desk, current: &str) -> Result<Vec<FieldOption>, Refused> {
    let own = service_log::own_villages(&desk.site.app, desk.visitor()).await?;
    let chosen = match (current, own.len()) {
        ("", 1) => own.first().map(reference).unwrap_or_default(),
        (text, _) => own.iter().find(|v| v.id.to_string() == text).map_or(text.to_owned(), reference),
    };
    let first = own.iter().map(|v| FieldOption::new(reference(v), format::place(&v.name), &chosen));
    let mut options: Vec<FieldOption> = first.collect();
    let all = choices::villages(desk, &chosen, false).await?;
    let known: Vec<String> = options.iter().map(|option| option.value.clone()).collect();
    options.extend(all.into_iter().filter(|option| !known.contains(&option.value)));
    // What nobody has chosen comes first, so that nobody sends it unseen.
    options.sort_by_key(|option| !(option.value.is_empty() && chosen.is_empty()));
    options.retain(|option| !option.value.is_empty() || chosen.is_empty());
    Ok(options)
}

/// Legal workers as choices for whoever keeps a place; nobody for a lawyer, who logs the own.
///
/// # Errors
/// The store's own.
pub(super) async fn people(desk: &Desk, current: &str) -> Result<Vec<FieldOption>, Refused> {
    if keeps(desk) { choices::workers(desk, current).await } else { Ok(Vec::new()) }
}

/// `GET /desk/logs`.
///
/// # Errors
/// `division.unknown`, `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let (say, text) = (desk.say(), |name: &str| query.filled(name).unwrap_or_default().to_owned());
    let day = |name: &str| query.filled(name).and_then(|text| text.parse().ok());
    let filter = Filter {
        from: day("from"),
        to: day("to"),
        kind: query.filled("kind").and_then(ServiceKind::from_code),
        ..Filter::default()
    };
    let village = query.filled("village").map(str::to_owned);
    let page = service_log::list(&desk.site.app, desk.visitor(), filter, village, query.window()?).await?;
    let mut places = vec![FieldOption::new("", say.t("desk-any"), &text("village"))];
    let all = choices::villages(&desk, &text("village"), false).await?;
    places.extend(all.into_iter().filter(|option| !option.value.is_empty()));
    let mut kinds = vec![FieldOption::new("", say.t("desk-any"), &text("kind"))];
    kinds.extend(kind_options(&say, &text("kind")));
    let fields = vec![
        Field::select("village", "desk-log-village", places),
        Field::select("kind", "desk-log-kind", kinds),
        Field::input("date", "from", "desk-log-since").value(text("from")),
        Field::input("date", "to", "desk-log-until").value(text("to")),
    ];
    let names = ["village", "kind", "from", "to"];
    desk.page(&Ledger {
        title: "desk-log-title",
        count: String::new(),
        acts: vec![Button::link("primary", say.t("desk-log-new"), "/desk/logs/new")],
        tabs: desk.open_tabs(tabs("/desk/logs")),
        notices: Vec::new(),
        filters: Some(Filters::new("/desk/logs", fields)),
        columns: vec![
            "desk-duty-day",
            "desk-log-kind",
            "desk-log-counted",
            "desk-log-village",
            "desk-duty-worker",
        ],
        rows: page.items.iter().map(|shown| row(&desk, shown)).collect(),
        none: "desk-log-none",
        pager: choices::pager(&query, "/desk/logs", &names, page.next.as_ref()),
    })
}

fn row(desk: &Desk, shown: &Shown) -> Row {
    let (say, it) = (desk.say(), &shown.log);
    let day = format!("{} {}", desk.day(it.day), format::weekday(desk.lang, it.day));
    let kind = Cell::text(say.t(&key("service-kind", it.kind.code()))).note(it.topic.clone());
    let counted = match it.withdrawn {
        true => Cell::state("stopped", say.t("desk-log-withdrawn")),
        false => Cell::text(counts(desk, shown)),
    };
    Row {
        cells: vec![
            Cell::link(day, format!("/desk/logs/{}", it.id)),
            kind,
            counted,
            Cell::text(village(shown)),
            Cell::text(shown.worker.as_ref().map_or("", |worker| &worker.name)),
        ],
    }
}

/// `3 件，4 人次，60 分钟`.
pub(super) fn counts(desk: &Desk, shown: &Shown) -> String {
    let (say, it) = (desk.say(), &shown.log);
    let mut parts = vec![format!("{} {}", it.items, say.t(&key("service-unit", it.kind.unit().code())))];
    let mut add = |n: i32, key: &str| {
        if n > 0 {
            parts.push(say.with(key, &[("count", &n.to_string())]));
        }
    };
    add(it.people, "desk-log-people-count");
    add(it.copies, "desk-log-copies-count");
    add(it.minutes, "desk-log-minutes-count");
    parts.join(&say.t("desk-log-comma"))
}

fn village(shown: &Shown) -> String {
    shown.village.as_ref().map(|village| format::place(&village.name).to_owned()).unwrap_or_default()
}

/// `GET /desk/logs/new`; a case, a household or a kind may be given along.
///
/// # Errors
/// The store's own.
pub async fn new(desk: Desk, query: Query) -> Answer {
    let given = |name: &str| query.filled(name).unwrap_or_default().to_owned();
    let typed = LogTyped {
        kind: query.filled("kind").unwrap_or("consultation").to_owned(),
        village: given("village"),
        household: given("household"),
        subject_noun: given("subject_noun"),
        subject_id: given("subject_id"),
        day: desk.site.app.today().to_string(),
        ..LogTyped::default()
    };
    let view = form(&desk, None, &typed, None).await?;
    desk.page(&view)
}

async fn form(
    desk: &Desk,
    seen: Option<(LogId, i64, &str)>,
    typed: &LogTyped,
    refusal: Option<&Refusal>,
) -> Result<Sheet, Refused> {
    let say = desk.say();
    let groups = falin_app::group::choices(&desk.site.app, desk.visitor()).await?;
    let group = |group: &falin_app::group::Group| {
        FieldOption::new(group.id.to_string(), group.name.clone(), &typed.group)
    };
    let lists = (
        people(desk, &typed.worker).await?,
        villages(desk, &typed.village).await?,
        groups.iter().map(group).collect(),
    );
    let action = seen.map_or("/desk/logs".to_owned(), |(id, ..)| format!("/desk/logs/{id}"));
    let seen = seen.map(|(_, version, reason)| (version, reason));
    let form = log_form(&say, &action, seen, typed, lists, refusal);
    // Written on the road, where there may be no network.
    let form = form.drafted(desk.visitor().account);
    let title = if seen.is_some() { "desk-log-correct" } else { "desk-log-new" };
    Ok(Sheet::asking(&say, title, Link::new("/desk/logs", say.t("desk-log-title")), form).settled())
}

/// `POST /desk/logs`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn add(desk: Desk, body: Body) -> Answer {
    let typed: LogTyped = typed(&body.form()?);
    match service_log::add(&desk.site.app, desk.visitor(), &typed).await {
        Ok(_) => desk.go("/desk/logs"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = form(&desk, None, &typed, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/logs/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn show(desk: Desk, id: PathId<LogNoun>) -> Answer {
    let found = service_log::one(&desk.site.app, desk.visitor(), id.0).await?;
    desk.page(&page(&desk, &found, ""))
}

/// The entry; `reason` is why it was to be withdrawn, where that was refused.
fn page(desk: &Desk, found: &One, reason: &str) -> Sheet {
    let (say, it) = (desk.say(), &found.shown.log);
    let mut facts = vec![
        Fact::new("desk-log-village", village(&found.shown)),
        Fact::new("desk-duty-worker", found.shown.worker.as_ref().map_or("", |worker| &worker.name)),
        Fact::new("desk-log-mode", say.t(&key("service-mode", it.mode.code()))),
        Fact::new("desk-log-counted", counts(desk, &found.shown)),
    ];
    let mut more = |term: &'static str, text: &str| {
        if !text.is_empty() {
            facts.push(Fact::new(term, text));
        }
    };
    more("desk-log-topic", &it.topic);
    more("desk-log-audience", &it.audience);
    more("desk-log-note", &found.note);
    more("desk-log-report", &if it.report { say.t("desk-log-report-yes") } else { String::new() });
    more("desk-log-follow-up", &it.follow_up_on.map(|day| format::date(desk.lang, day)).unwrap_or_default());
    let past = |(past, before): &(service_log::Past, service_log::Log)| {
        let day = desk.day(Instant::from_millis(past.at_ms).date());
        let was = Shown { log: before.clone(), ..found.shown.clone() };
        let told = [("date", day.as_str()), ("reason", &past.reason), ("before", &counts(desk, &was))];
        say.with("desk-log-corrected", &told)
    };
    let mut view = Sheet {
        facts,
        story: found.past.iter().map(past).collect(),
        ..Sheet::new(
            format!("{} {}", desk.day(it.day), say.t(&key("service-kind", it.kind.code()))),
            Link::new("/desk/logs", say.t("desk-log-title")),
        )
    };
    if it.withdrawn {
        view.notices.push(Notice::new(
            "caution",
            say.t("desk-log-withdrawn"),
            say.t("desk-log-withdrawn-what"),
        ));
    }
    if found.may_correct {
        view.links.push(Link::new(format!("/desk/logs/{}/edit", it.id), say.t("desk-log-correct")));
        let form = Form::post(format!("/desk/logs/{}/withdraw", it.id))
            .keep("version", it.version.to_string())
            .field(Field::text("reason", "desk-log-reason").value(reason))
            .button(Button::submit("refuse", say.t("desk-log-withdraw")));
        view = view.part("desk-log-withdraw-title", form);
    }
    view
}

/// `GET /desk/logs/{id}/edit`.
///
/// # Errors
/// `not_found`.
pub async fn edit(desk: Desk, id: PathId<LogNoun>) -> Answer {
    let found = service_log::one(&desk.site.app, desk.visitor(), id.0).await?;
    let it = &found.shown.log;
    let view = form(&desk, Some((id.0, it.version, "")), &LogTyped::of(it, &found.note), None).await?;
    desk.page(&view)
}

/// `POST /desk/logs/{id}`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn change(desk: Desk, id: PathId<LogNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, seen): (LogTyped, i64) = (typed(&fields), version(&fields));
    let there = service_log::one(&desk.site.app, desk.visitor(), id.0).await?;
    let about = (seen, fields.get("reason").unwrap_or_default());
    match service_log::correct(&desk.site.app, desk.visitor(), id.0, about, &typed).await {
        Ok(_) => desk.go(format!("/desk/logs/{}", id.0)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = form(&desk, Some((id.0, seen, about.1)), &typed, Some(&refusal)).await?;
            if refusal.is_stale() {
                let it = &there.shown.log;
                let now = Some((id.0, it.version, about.1));
                let now = form(&desk, now, &LogTyped::of(it, &there.note), None).await?;
                return desk.again(&refusal, &view.meanwhile(&desk.say(), &now));
            }
            desk.again(&refusal, &view)
        }
    }
}

/// `POST /desk/logs/{id}/withdraw`.
///
/// # Errors
/// `not_found`; a refusal is shown above the page.
pub async fn withdraw(desk: Desk, id: PathId<LogNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let found = service_log::one(&desk.site.app, desk.visitor(), id.0).await?;
    let about = (version(&fields), fields.get("reason").unwrap_or_default());
    match service_log::withdraw(&desk.site.app, desk.visitor(), id.0, about).await {
        Ok(_) => desk.go(format!("/desk/logs/{}", id.0)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = page(&desk, &found, about.1).refused(&desk.say(), 0, Some(&refusal));
            desk.again(&refusal, &view)
        }
    }
}
