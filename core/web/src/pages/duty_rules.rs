//! What advisers owe and are paid at the desk, how far each post has come, and its month on paper.

use actix_web::HttpResponse;
use falin_app::duty_rule::{self, Due, FeeRow, PostDuties, Set};
use falin_app::sheet::{self, Sheet as MonthOf};
use falin_domain::access::{Act, Noun};
use falin_domain::duty::{Fee, FeeBasis, Rule, ServiceKind, Standing};
use falin_domain::refusal::Refusal;
use falin_domain::words::{AdviserPostNoun, FeeNoun};

use super::choices::{self, typed, version};
use super::duties::{month_name, month_of};
use super::logs::counts;
use crate::api::service_logs::XLSX;
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::duty::{FeeTyped, RuleTyped, fee_form, rule_form, tabs};
use crate::look::desk::ledger::{Cell, Ledger, Row, Sheet};
use crate::look::desk::{Filters, Link, filter_options, key};
use crate::look::format;
use crate::look::parts::{Button, Fact, Field, FieldOption};
use crate::look::print::rota::{Entry, MonthSheet, Paid, SheetCount};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// `GET /desk/duties/rules`; with `kind` and `period` that rule in the form.
///
/// # Errors
/// `access.denied`.
pub async fn rules(desk: Desk, query: Query) -> Answer {
    let wanted = (query.filled("kind").unwrap_or_default(), query.filled("period").unwrap_or_default());
    let view = page(&desk, wanted, None).await?;
    desk.page(&view)
}

/// The rules and fees, and the form of one rule: the chosen one, or what was typed and refused.
async fn page(
    desk: &Desk,
    (kind, period): (&str, &str),
    refused: Option<(&RuleTyped, i64, &Refusal)>,
) -> Result<Sheet, Refused> {
    let say = desk.say();
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let (rules, fees) = (duty_rule::list(app, visitor).await?, duty_rule::fees(app, visitor).await?);
    let mut view = Sheet::new(
        say.t("desk-rule-title"),
        Link::new("/desk/duties/compliance", say.t("desk-compliance-title")),
    );
    view.lead = "desk-rule-lead";
    let may = visitor.may(Act::Write, Noun::Setting);
    for set in &rules {
        let href =
            format!("/desk/duties/rules?kind={}&period={}", set.rule.kind.code(), set.rule.period.code());
        let fact = Fact::new("desk-rule-one", rule_words(desk, &set.rule)).note(rule_note(desk, set));
        view.facts.push(if may { fact.href(href) } else { fact });
    }
    for row in &fees {
        let fact =
            Fact::new("desk-fee-one", fee_words(desk, row)).note(term(desk, row.from_date, row.to_date));
        let href = format!("/desk/duties/fees/{}", row.id);
        view.facts.push(if may { fact.href(href) } else { fact });
    }
    if !may {
        return Ok(view);
    }
    let (kind, period) =
        refused.map_or((kind, period), |(typed, ..)| (typed.kind.as_str(), typed.period.as_str()));
    let chosen = rules.iter().find(|set| set.rule.kind.code() == kind && set.rule.period.code() == period);
    let stored = chosen.map(|set| RuleTyped::of(&set.rule)).unwrap_or_default();
    let seen = chosen.map_or(0, |set| set.version);
    let now = rule_form(&say, seen, &stored, None);
    let form = match refused {
        Some((typed, seen, refusal)) => {
            let mut form = rule_form(&say, seen, typed, Some(refusal));
            if refusal.is_stale() {
                form.meanwhile(&say, &now);
            }
            form
        }
        None => now,
    };
    view.links.push(Link::new("/desk/duties/fees/new", say.t("desk-fee-set")));
    Ok(view.part("desk-rule-set", form).settled())
}

fn rule_words(desk: &Desk, rule: &Rule) -> String {
    let say = desk.say();
    let mut parts =
        vec![say.t(&key("duty-period", rule.period.code())), say.t(&key("service-kind", rule.kind.code()))];
    if let Some(n) = rule.least_count {
        let unit = match rule.kind {
            ServiceKind::OnSite => say.t("desk-rule-days"),
            kind => say.t(&key("service-unit", kind.unit().code())),
        };
        parts.push(format!("{n} {unit}"));
    }
    if let Some(n) = rule.least_minutes {
        parts.push(hours(desk, i64::from(n)));
    }
    parts.join(" ")
}

/// `8 小时`, `7 小时 30 分`.
pub(super) fn hours(desk: &Desk, minutes: i64) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    let args = [("hours", hours.to_string()), ("minutes", rest.to_string())];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
    match (hours, rest) {
        (0, _) => desk.say().with("desk-minutes", &args[1..]),
        (_, 0) => desk.say().with("desk-hours", &args[..1]),
        _ => desk.say().with("desk-hours-minutes", &args),
    }
}

fn rule_note(desk: &Desk, set: &Set) -> String {
    let usual = if set.version == 0 { desk.say().t("desk-rule-usual") } else { String::new() };
    let term = set.rule.to.map(|_| term(desk, set.rule.from, set.rule.to)).unwrap_or_default();
    format!("{} {usual} {term}", set.rule.source).trim().to_owned()
}

fn term(desk: &Desk, from: falin_domain::time::Date, to: Option<falin_domain::time::Date>) -> String {
    choices::term(&desk.say(), from, to)
}

fn basis(desk: &Desk, fee: Fee) -> String {
    let say = desk.say();
    let basis = say.t(&key("fee-basis", fee.basis.code()));
    match (fee.basis, fee.kind) {
        (FeeBasis::Item, Some(kind)) => format!("{basis} {}", say.t(&key("service-kind", kind.code()))),
        _ => basis,
    }
}

fn fee_words(desk: &Desk, row: &FeeRow) -> String {
    let fee = Fee { basis: row.basis, kind: row.kind, fen: row.fen };
    format!("{} {}", basis(desk, fee), format::money(desk.lang, row.fen))
}

/// `POST /desk/duties/rules`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn set(desk: Desk, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, seen): (RuleTyped, i64) = (typed(&fields), version(&fields));
    match duty_rule::set(&desk.site.app, desk.visitor(), seen, &typed).await {
        Ok(_) => desk.go("/desk/duties/rules"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = page(&desk, ("", ""), Some((&typed, seen, &refusal))).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `POST /desk/duties/fees`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn add_fee(desk: Desk, body: Body) -> Answer {
    let typed: FeeTyped = typed(&body.form()?);
    match duty_rule::set_fee(&desk.site.app, desk.visitor(), None, &typed).await {
        Ok(_) => desk.go("/desk/duties/rules"),
        Err(stop) => {
            let refusal = of_stop(stop);
            desk.again(&refusal, &fee_page(&desk, None, &typed, Some(&refusal)))
        }
    }
}

/// `GET /desk/duties/fees/new`.
///
/// # Errors
/// None beyond access.
pub async fn new_fee(desk: Desk) -> Answer {
    desk.page(&fee_page(&desk, None, &FeeTyped::default(), None))
}

fn fee_page(
    desk: &Desk,
    seen: Option<(falin_domain::words::FeeId, i64)>,
    typed: &FeeTyped,
    refusal: Option<&Refusal>,
) -> Sheet {
    let say = desk.say();
    let action = seen.map_or("/desk/duties/fees".to_owned(), |(id, _)| format!("/desk/duties/fees/{id}"));
    let form = fee_form(&say, &action, seen.map(|(_, version)| version), typed, refusal);
    let back = Link::new("/desk/duties/rules", say.t("desk-rule-title"));
    Sheet::asking(&say, "desk-fee-set", back, form).settled()
}

async fn fee(desk: &Desk, id: falin_domain::words::FeeId) -> Result<FeeRow, Refused> {
    let all = duty_rule::fees(&desk.site.app, desk.visitor()).await?;
    Ok(all.into_iter().find(|row| row.id == id).ok_or_else(Refusal::absent)?)
}

/// `GET /desk/duties/fees/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn edit_fee(desk: Desk, id: PathId<FeeNoun>) -> Answer {
    let row = fee(&desk, id.0).await?;
    desk.page(&fee_page(&desk, Some((row.id, row.version)), &FeeTyped::of(&row), None))
}

/// `POST /desk/duties/fees/{id}`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn change_fee(desk: Desk, id: PathId<FeeNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, seen): (FeeTyped, i64) = (typed(&fields), version(&fields));
    let there = fee(&desk, id.0).await?;
    match duty_rule::set_fee(&desk.site.app, desk.visitor(), Some((id.0, seen)), &typed).await {
        Ok(_) => desk.go("/desk/duties/rules"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let mut view = fee_page(&desk, Some((id.0, seen)), &typed, Some(&refusal));
            if refusal.is_stale() {
                let now = fee_page(&desk, Some((id.0, there.version)), &FeeTyped::of(&there), None);
                view = view.meanwhile(&desk.say(), &now);
            }
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/duties/compliance`.
///
/// # Errors
/// `division.unknown`, `page.cursor`.
pub async fn compliance(desk: Desk, query: Query) -> Answer {
    let say = desk.say();
    let month = month_of(&desk, &query);
    let today = desk.site.app.today();
    // Of this month today itself counts, of another its last day.
    let (first, last) = falin_domain::duty::Period::Month.around(month);
    let day = if (first..=last).contains(&today) { today } else { last };
    let text = |name: &str| query.filled(name).unwrap_or_default().to_owned();
    let standing = Standing::from_code(&text("standing"));
    let about = (Some(day), query.filled("place").map(str::to_owned), standing);
    let page = duty_rule::compliance(&desk.site.app, desk.visitor(), about, query.window()?).await?;
    let codes: Vec<_> = Standing::ALL.iter().map(|one| one.code()).collect();
    let mut places = vec![FieldOption::new("", say.t("desk-any"), &text("place"))];
    places.extend(choices::townships(&desk, &text("place")).await?);
    let months: Vec<FieldOption> = (0..12)
        .map(|back| falin_domain::duty::Period::Month.around(today).0.plus_months(-back))
        .map(|one| {
            FieldOption::new(&one.to_string()[..7], month_name(desk.lang, one), &month.to_string()[..7])
        })
        .collect();
    let fields = vec![
        Field::select("month", "desk-compliance-month", months),
        Field::select("place", "desk-duty-place", places),
        Field::select(
            "standing",
            "desk-duty-state",
            filter_options(&say, "duty-standing", &codes, &text("standing")),
        ),
    ];
    let mut acts = vec![Button::link("outline", say.t("desk-rule-title"), "/desk/duties/rules")];
    acts.push(Button::link("primary", say.t("desk-log-new"), "/desk/logs/new"));
    let month_text = month.to_string()[..7].to_owned();
    desk.page(&Ledger {
        title: "desk-compliance-title",
        count: month_name(desk.lang, month),
        acts,
        tabs: desk.open_tabs(tabs("/desk/duties/compliance")),
        notices: Vec::new(),
        filters: Some(Filters::new("/desk/duties/compliance", fields)),
        columns: vec![
            "desk-log-village",
            "desk-duty-worker",
            "desk-compliance-duties",
            "desk-compliance-sheet",
        ],
        rows: page.items.iter().map(|one| row(&desk, one, &month_text)).collect(),
        none: "desk-compliance-none",
        pager: choices::pager(
            &query,
            "/desk/duties/compliance",
            &["month", "place", "standing"],
            page.next.as_ref(),
        ),
    })
}

fn row(desk: &Desk, one: &PostDuties, month: &str) -> Row {
    let worst = one.duties.iter().map(|due| due.progress.standing).max_by_key(|standing| match standing {
        Standing::Missed => 3,
        Standing::Due => 2,
        Standing::Done => 1,
        Standing::NotAsked => 0,
    });
    let words: Vec<String> = one.duties.iter().map(|due| due_words(desk, due)).collect();
    let mut duties = standing(desk, worst.unwrap_or(Standing::NotAsked));
    duties.note = words.join(&desk.say().t("desk-log-comma"));
    if let Some(state) = duties.state.take() {
        duties.text = state.word;
    }
    let sheet = format!("/desk/posts/{}/sheet?month={month}", one.post.id);
    Row {
        cells: vec![
            Cell::text(format::place(&one.village.name)),
            Cell::text(&one.worker.name),
            duties,
            Cell::link(desk.say().t("desk-compliance-open"), sheet),
        ],
    }
}

fn standing(desk: &Desk, standing: Standing) -> Cell {
    let fill = match standing {
        Standing::Done => "done",
        Standing::Due => "half",
        Standing::Missed => "stopped",
        Standing::NotAsked => "empty",
    };
    Cell::state(fill, desk.say().t(&key("duty-standing", standing.code())))
}

/// `每月 坐班 3 小时 / 8 小时 还差`.
pub(super) fn due_words(desk: &Desk, due: &Due) -> String {
    let say = desk.say();
    let there = match due.rule.least_minutes {
        Some(_) => hours(desk, due.progress.minutes),
        None => due.progress.count.to_string(),
    };
    let word = say.t(&key("duty-standing", due.progress.standing.code()));
    format!(
        "{} {} {word}",
        rule_words(desk, &due.rule),
        say.with("desk-compliance-so-far", &[("there", &there)])
    )
}

/// `GET /desk/posts/{id}/sheet`: the month of a post on paper.
///
/// # Errors
/// `not_found`.
pub async fn sheet(desk: Desk, id: PathId<AdviserPostNoun>, query: Query) -> Answer {
    let found = sheet::sheet(&desk.site.app, desk.visitor(), id.0, month_of(&desk, &query)).await?;
    desk.page(&on_paper(&desk, &found))
}

/// `GET /desk/posts/{id}/sheet.xlsx`.
///
/// # Errors
/// As [`sheet`].
pub async fn workbook(desk: Desk, id: PathId<AdviserPostNoun>, query: Query) -> Answer {
    let month = month_of(&desk, &query);
    let bytes = sheet::workbook(&desk.site.app, desk.visitor(), id.0, month).await?;
    let name = format!("attachment; filename=\"sheet-{}.xlsx\"", &month.to_string()[..7]);
    let mut answer = HttpResponse::Ok();
    answer.content_type(XLSX).insert_header(("content-disposition", name));
    Ok(answer.insert_header(("cache-control", "no-store")).body(bytes))
}

fn on_paper(desk: &Desk, found: &MonthOf) -> MonthSheet {
    let say = desk.say();
    let month = month_name(desk.lang, found.month);
    let count = |item: String, number: String, unit: String, people: i64, note: String| SheetCount {
        item,
        number,
        unit,
        people: if people > 0 { people.to_string() } else { String::new() },
        note,
    };
    let sums = &found.sums;
    let plain = |key: &str, number: String, unit: &str| {
        count(say.t(key), number, if unit.is_empty() { String::new() } else { say.t(unit) }, 0, String::new())
    };
    let mut counts_all = vec![
        plain("sheet-days", sums.days.to_string(), "desk-rule-days"),
        plain("sheet-on-site", hours(desk, sums.on_site), ""),
        plain("sheet-hours", hours(desk, sums.minutes), ""),
    ];
    for (kind, sum) in found.kinds() {
        let note = match kind {
            ServiceKind::Mediation => say.with("sheet-settled", &[("count", &sum.settled.to_string())]),
            _ => String::new(),
        };
        let unit = say.t(&key("service-unit", kind.unit().code()));
        counts_all.push(count(
            say.t(&key("service-kind", kind.code())),
            sum.items.to_string(),
            unit,
            sum.people,
            note,
        ));
    }
    counts_all.push(plain("sheet-copies", sums.copies.to_string(), "service-unit-copy"));
    let village = found.place.first();
    let shown = |log: &falin_app::service_log::Log| falin_app::service_log::Shown {
        log: log.clone(),
        worker: None,
        village: village.cloned(),
    };
    let entry = |log: &falin_app::service_log::Log| Entry {
        day: desk.day(log.day),
        kind: say.t(&key("service-kind", log.kind.code())),
        what: format!("{} {}", counts(desk, &shown(log)), log.topic).trim().to_owned(),
    };
    let open = |log: &falin_app::service_log::Log| {
        let due = log.follow_up_on.map(|day| desk.day(day)).unwrap_or_default();
        format!("{due} {} {}", say.t(&key("service-kind", log.kind.code())), log.topic).trim().to_owned()
    };
    let paid = |line: &sheet::Paid| Paid {
        item: format!(
            "{} {} × {}",
            basis(desk, line.fee),
            format::money(desk.lang, line.fee.fen),
            line.units
        ),
        number: format::money(desk.lang, line.fen),
    };
    MonthSheet {
        head: vec![
            Fact::new("desk-duty-worker", found.worker.name.clone())
                .note(found.firm.as_ref().map(|firm| firm.name.clone()).unwrap_or_default()),
            Fact::new("desk-log-village", choices::place(&found.place)),
            Fact::new("desk-compliance-month", month),
        ],
        counts: counts_all,
        fees: found.paid.iter().map(paid).collect(),
        total: format::money(desk.lang, found.total()),
        entries: found.entries.iter().map(entry).collect(),
        open: found.open.iter().map(open).collect(),
        workbook: format!("/desk/posts/{}/sheet.xlsx?month={}", found.post.id, &found.month.to_string()[..7]),
        paper: match desk.visitor().may(Act::Write, Noun::Paper) {
            true => format!(
                "/desk/papers/new?kind=adviser-month&noun=adviser&subject={}&month={}",
                found.post.id,
                &found.month.to_string()[..7]
            ),
            false => String::new(),
        },
    }
}
