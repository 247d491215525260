//! Deadlines at the desk: the board, the table, and a county's own lengths.

use actix_web::HttpRequest;
use falin_app::deadline::{self, Counting, Filter, Line, SOON_DAYS, Shelf, TypedRule as Stored};
use falin_domain::access::{Act, Noun};
use falin_domain::calendar::{Period, Unit};
use falin_domain::deadline::{Conf, Count, Moment, Said, Stage, Standing, TABLE, act_on, rule};
use falin_domain::refusal::Refusal;
use falin_domain::time::{Date, Instant};
use falin_domain::words::DeadlineNoun;

use super::choices::{self, typed, version};
use super::{cases, subjects};
use crate::body::Body;
use crate::desk::Desk;
use crate::flow_path::{FlowPath, desk_base};
use crate::look::desk::case::lang_code;
use crate::look::desk::deadline::{
    DeadlineList, DeadlineRow, DeadlineRuleEdit, DeadlineRules, RuleRow, filters,
};
use crate::look::desk::sentences::counted;
use crate::look::parts::{Deadline, FieldOption, Figure, QueueRow};
use crate::look::{Lang, Say, format};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// `GET /desk/deadlines?state=&place=&code=&cursor=`.
///
/// # Errors
/// `division.unknown`, `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let text = |name| query.filled(name).unwrap_or_default();
    let state = query
        .filled("state")
        .and_then(Shelf::from_code)
        .or(query.filled("state").is_none().then_some(Shelf::Open));
    let filter = Filter {
        state,
        place: query.filled("place").map(str::to_owned),
        code: query.filled("code").map(str::to_owned),
    };
    let app = &desk.site.app;
    let count = deadline::count(app, desk.visitor(), filter.clone()).await?;
    let page = deadline::list(app, desk.visitor(), filter, query.window()?).await?;
    let counts = deadline::board_counts(app, desk.visitor()).await?;
    let places = choices::townships(&desk, text("place")).await?;
    let say = desk.say();
    desk.page(&DeadlineList {
        count: counted(&say, "desk-deadline-list-count", count),
        figures: figures(counts),
        filters: filters(
            &say,
            state.map_or("", Shelf::code),
            text("place"),
            places,
            kinds(&say, text("code")),
        ),
        rows: page.items.iter().map(|line| row(&desk, line)).collect(),
        pager: choices::pager(&query, "/desk/deadlines", &["state", "place", "code"], page.next.as_ref()),
    })
}

/// Overdue, soon and open, each leading to its list.
pub fn figures(counts: deadline::Counts) -> Vec<Figure> {
    let figure = |label, count: u64, state: &str| Figure {
        label,
        value: format::group(&count.to_string()),
        unit: "desk-unit-item",
        href: format!("/desk/deadlines?state={state}"),
    };
    vec![
        figure("desk-deadline-overdue", counts.overdue, "overdue"),
        figure("desk-deadline-soon", counts.soon, "soon"),
        figure("desk-deadline-open", counts.open, "open"),
    ]
}

fn kinds(say: &Say<'_>, current: &str) -> Vec<FieldOption> {
    let mut options = vec![FieldOption::new("", say.t("desk-any"), current)];
    let running = TABLE.iter().filter(|rule| rule.standing == Standing::InForce);
    options.extend(running.map(|rule| FieldOption::new(rule.code, said(say, rule.act), current)));
    options
}

fn said(say: &Say<'_>, words: Said) -> &'static str {
    if say.lang == Lang::Zh { words.zh } else { words.en }
}

/// What a deadline asks for, in the reader's language: the law's words, or those of a county's own flow.
fn act(desk: &Desk, code: &str) -> String {
    if let Some(rule) = rule(code) {
        return said(&desk.say(), rule.act).to_owned();
    }
    let own = desk.site.app.flows.deadline_name(desk.visitor().county, code);
    own.map_or_else(|| code.to_owned(), |name| name.in_language(lang_code(desk.lang)).to_owned())
}

fn row(desk: &Desk, line: &Line) -> DeadlineRow {
    let say = desk.say();
    let it = &line.deadline;
    let role = say.t(&format!("role-{}", it.next_role.code().replace('_', "-")));
    let stage = match it.stage {
        _ if !it.is_open() => String::new(),
        Stage::Quiet => String::new(),
        Stage::Reminded => say.t("desk-deadline-stage-reminded"),
        _ if line.lapses => say.t("desk-deadline-stage-reminded"),
        Stage::Urged => say.t("desk-deadline-stage-urged"),
        Stage::Escalated => say.t("desk-deadline-stage-escalated"),
    };
    DeadlineRow {
        deadline: shown(desk, it),
        href: subjects::numbered(&it.noun, it.subject_id, &it.label),
        act: act_on(&act(desk, &it.code), it.items.as_ref(), say.lang == Lang::Zh),
        label: it.label.clone(),
        place: line.division.as_ref().map(|place| format::place(&place.name).to_owned()).unwrap_or_default(),
        whose: line.worker.as_ref().map_or(role, |worker| worker.name.clone()),
        article: deadline::source(it, line.source.as_ref(), say.lang == Lang::Zh),
        internal: it.internal_due.map(|due| moment(desk, due)).unwrap_or_default(),
        stage,
    }
}

/// A deadline as a line of what waits today.
pub fn queue_row(desk: &Desk, line: &Line) -> QueueRow {
    let row = row(desk, line);
    QueueRow {
        deadline: row.deadline,
        href: row.href,
        act: row.act,
        matter: row.label,
        party: row.whose,
        article: row.article,
    }
}

fn moment(desk: &Desk, moment: Moment) -> String {
    match moment {
        Moment::Day(date) => desk.day(date),
        Moment::At(at) => format!("{} {}", desk.day(at.date()), at.clock_text()),
    }
}

/// A deadline as its frame tells it: overdue, today, soon, later, or provisional with the reason. A party's right is
/// named as such, and nobody is late with it.
pub fn shown(desk: &Desk, it: &deadline::Deadline) -> Deadline {
    let (say, now) = (desk.say(), desk.site.app.now());
    if let Some(met) = it.met_ms {
        let day = desk.day(Instant::from_millis(met).date());
        return Deadline {
            shape: "later",
            text: say.with("desk-deadline-met-on", &[("date", &day)]),
            note: String::new(),
        };
    }
    let date = moment(desk, it.due);
    let days = now.date().days_until(it.due.date());
    let right = desk.site.app.flows.lapses(desk.visitor().county, &it.code);
    let (shape, text) = match days {
        ..=0 if right => ("later", date.clone()),
        0 if it.due.end() < now => ("overdue", date.clone()),
        1.. if it.provisional => ("provisional", say.with("desk-deadline-about", &[("date", &date)])),
        1.. if right => ("later", by_days(&say, days, &date).1),
        _ => by_days(&say, days, &date),
    };
    let note = if it.provisional {
        let year = it.due.date().parts().0.to_string();
        say.with("desk-deadline-unpublished", &[("year", &year)])
    } else if text == date || right {
        String::new()
    } else {
        date.clone()
    };
    let note = match (right, note.as_str()) {
        (false, _) => note,
        (true, "") => say.with("desk-deadline-right", &[("date", &date)]),
        (true, more) => format!("{} · {more}", say.with("desk-deadline-right", &[("date", &date)])),
    };
    Deadline { shape, text, note }
}

/// A day as its frame tells it, for what is wanted by a day alone.
pub(super) fn on_day(desk: &Desk, day: Date) -> Deadline {
    let date = desk.day(day);
    let (shape, text) = by_days(&desk.say(), desk.site.app.today().days_until(day), &date);
    let note = if text == date { String::new() } else { date };
    Deadline { shape, text, note }
}

/// How urgent something is that is wanted in so many days: its shape, and its words.
fn by_days(say: &Say<'_>, days: i64, date: &str) -> (&'static str, String) {
    let said = |key: &str| say.with(key, &[("days", &days.abs().to_string())]);
    match days {
        ..0 => ("overdue", said("desk-due-overdue")),
        0 => ("today", say.t("desk-due-today")),
        1..=SOON_DAYS => ("soon", said("desk-due-soon")),
        _ => ("later", date.to_owned()),
    }
}

/// `GET /desk/deadlines/rules`.
///
/// # Errors
/// The store's own.
pub async fn rules(desk: Desk) -> Answer {
    let all = deadline::rules(&desk.site.app, desk.visitor()).await?;
    let write = desk.visitor().may(Act::Write, Noun::Setting);
    desk.page(&DeadlineRules {
        rows: all.iter().map(|counting| rule_row(&desk.say(), counting, write)).collect(),
    })
}

fn rule_row(say: &Say<'_>, counting: &Counting, write: bool) -> RuleRow {
    let rule = counting.rule;
    let own = counting.own.as_ref();
    let note = match (own, rule.standing, rule.conf) {
        (Some(_), ..) => say.t("desk-deadline-own"),
        (_, Standing::Superseded, _) => say.t("desk-deadline-superseded"),
        (_, _, Conf::Recalled) => say.t("desk-deadline-check"),
        (_, _, Conf::County) if !counting.used => say.t("desk-deadline-unused"),
        (_, _, Conf::County) => say.t("desk-deadline-county"),
        _ if rule.lapses => say.t("desk-deadline-lapses"),
        _ => String::new(),
    };
    let count = own.map_or(rule.count, |own| rule.count.with(own.period));
    let internal = own.map_or(rule.internal, |own| own.internal);
    RuleRow {
        href: if write && counting.settable() {
            format!("/desk/deadlines/rules/{}", rule.code)
        } else {
            String::new()
        },
        act: said(say, rule.act).to_owned(),
        event: said(say, rule.event).to_owned(),
        length: length(say, count),
        internal: internal.map(|period| period_words(say, period)).unwrap_or_default(),
        article: own.map_or_else(|| said(say, rule.source).to_owned(), |own| own.source.clone()),
        note,
    }
}

fn length(say: &Say<'_>, count: Count) -> String {
    if count.period().n == 0 {
        return say.t("desk-deadline-named");
    }
    let words = period_words(say, count.period());
    match count {
        Count::After(_) => words,
        Count::Before(_) => say.with("desk-deadline-before", &[("length", &words)]),
        Count::Keep(_) => say.with("desk-deadline-keep", &[("length", &words)]),
    }
}

fn period_words(say: &Say<'_>, period: Period) -> String {
    let key = match period.unit {
        Unit::Calendar => "desk-deadline-unit-calendar",
        Unit::Working => "desk-deadline-unit-working",
        Unit::Month => "desk-deadline-unit-month",
        Unit::Hour => "desk-deadline-unit-hour",
    };
    say.with(key, &[("n", &period.n.to_string())])
}

async fn counting(desk: &Desk, req: &HttpRequest) -> Result<Counting, Refused> {
    let code = req.match_info().query("code");
    let all = deadline::rules(&desk.site.app, desk.visitor()).await?;
    let found = all.into_iter().find(|counting| counting.rule.code == code && counting.settable());
    Ok(found.ok_or_else(Refusal::absent)?)
}

fn form(
    desk: &Desk,
    counting: &Counting,
    version: i64,
    typed: &Stored,
    refusal: Option<&Refusal>,
) -> DeadlineRuleEdit {
    let say = desk.say();
    let rule = counting.rule;
    let what = say.with(
        "desk-deadline-rule-what",
        &[("event", said(&say, rule.event)), ("length", &length(&say, rule.count))],
    );
    DeadlineRuleEdit::new(&say, (rule.code, said(&say, rule.act), &what), version, typed, refusal)
}

/// `GET /desk/deadlines/rules/{code}`.
///
/// # Errors
/// `not_found` for no such code, or one that the law sets.
pub async fn edit_rule(desk: Desk, req: HttpRequest) -> Answer {
    let counting = counting(&desk, &req).await?;
    let version = counting.own.as_ref().map_or(0, |own| own.version);
    desk.page(&form(&desk, &counting, version, &Stored::of(&counting), None))
}

/// `POST /desk/deadlines/rules/{code}`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn set_rule(desk: Desk, req: HttpRequest, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, version): (Stored, i64) = (typed(&fields), version(&fields));
    let counting = counting(&desk, &req).await?;
    match deadline::set_rule(&desk.site.app, desk.visitor(), counting.rule.code, version, &typed).await {
        Ok(()) => desk.go("/desk/deadlines/rules"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let mut view = form(&desk, &counting, version, &typed, Some(&refusal));
            if refusal.is_stale() {
                let there = counting.own.as_ref().map_or(0, |own| own.version);
                let now = form(&desk, &counting, there, &Stored::of(&counting), None);
                view.form.meanwhile(&desk.say(), &now.form);
            }
            desk.again(&refusal, &view)
        }
    }
}

/// `POST /desk/deadlines/{id}/extend`: then back to the case.
///
/// # Errors
/// `not_found`; what else is refused is shown with the case, with what was typed.
pub async fn extend(desk: Desk, id: PathId<DeadlineNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let typed = |name| fields.get(name).unwrap_or_default();
    let (app, visitor) = (&desk.site.app, desk.visitor());
    match deadline::extend_by(app, visitor, id.0, typed("by"), typed("reason")).await {
        Ok(row) => desk.go(subjects::numbered(&row.noun, row.subject_id, &row.label)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let (flow, case) = deadline::case_of(app, visitor, id.0).await?;
            let path = FlowPath { base: desk_base(&flow), flow };
            cases::again(&desk, &path, case, (&refusal, cases::Sent::Longer(id.0, &fields))).await
        }
    }
}
