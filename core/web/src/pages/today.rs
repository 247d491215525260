//! `/desk`: what waits for those who run a county, for a lawyer, and where everybody else can go.

use falin_app::casework;
use falin_app::deadline::{self as due, Shelf};
use falin_app::today::{self, Away, County, Ending, Own};
use falin_domain::access::{Act, Noun, Role};
use falin_domain::duty::Standing;
use falin_domain::page::Window;
use falin_domain::time::{Date, Instant};
use falin_domain::workflow::Flow;

use super::deadlines;
use crate::desk::Desk;
use crate::flow_path::desk_base;
use crate::look::desk::booking::BookingRow;
use crate::look::desk::case::lang_code;
use crate::look::desk::today::{LawyerToday, Today};
use crate::look::format;
use crate::look::parts::{Button, Choice, Deadline, Figure, Go, Notice, QueueRow};
use crate::problem::Answer;

/// Names of villages that a notice lists.
const NAMED: usize = 5;
/// Deadlines that the page lists; the board has the rest.
const LISTED: usize = 12;

/// `GET /desk`.
///
/// # Errors
/// The store's own.
pub async fn show(desk: Desk) -> Answer {
    if today::runs_the_county(desk.visitor()) {
        let found = today::county(&desk.site.app, desk.visitor()).await?;
        let mut view = for_county(&desk, &found);
        let mut queue = waits(&desk).await?;
        queue.append(&mut view.queue);
        view.queue = queue;
        view.turns = turns(&desk).await?;
        view.notices.extend(offers(&desk).await?);
        return desk.page(&view);
    }
    if desk.visitor().is(Role::Lawyer) {
        let own = today::own(&desk.site.app, desk.visitor()).await?;
        let mut view = for_lawyer(&desk, &own);
        view.booked = booked(&desk).await?;
        view.queue = waits(&desk).await?;
        if desk.visitor().worker.is_some() {
            duties(&desk, &mut view).await?;
        }
        view.turns = turns(&desk).await?;
        view.notices.extend(offers(&desk).await?);
        return desk.page(&view);
    }
    if desk.visitor().is(Role::Resident) && !works(&desk) {
        return desk.go("/my");
    }
    let mut view = calm(&desk);
    view.booked = booked(&desk).await?;
    view.queue = waits(&desk).await?;
    view.turns = turns(&desk).await?;
    view.notices.extend(offers(&desk).await?);
    if !(view.booked.is_empty() && view.queue.is_empty() && view.turns.is_empty()) {
        // Who has work to see has the menu beside it for everything else.
        view.goes.clear();
    }
    desk.page(&view)
}

/// Cases whose turn is this person's, by kind.
async fn turns(desk: &Desk) -> Result<Vec<Choice>, crate::problem::Refused> {
    let waiting = casework::turns(&desk.site.app, desk.visitor()).await?;
    let choice = |(flow, count): &(std::sync::Arc<Flow>, i64)| {
        let note = desk.say().with("desk-today-turn", &[("count", &count.to_string())]);
        let href = format!("{}?queue=turn&open=true", desk_base(&flow.id));
        Choice::noted(href, flow.name.in_language(lang_code(desk.lang)), note)
    };
    Ok(waiting.iter().map(choice).collect())
}

/// Cases that a colleague would pass on to this person.
async fn offers(desk: &Desk) -> Result<Vec<Notice>, crate::problem::Refused> {
    let say = desk.say();
    let waiting = casework::offers(&desk.site.app, desk.visitor()).await?;
    let told = |one: &casework::Offered| {
        let (key, name) = match &one.from {
            Some(from) => ("desk-today-offer", from.name.as_str()),
            None => ("desk-today-offer-queue", ""),
        };
        let strong = say.with(key, &[("name", name), ("number", &one.case.number)]);
        let href = format!("{}/{}", desk_base(&one.case.flow), one.case.id);
        Notice::new("caution", strong, one.reason.clone()).link(href, say.t("desk-today-offer-go"))
    };
    Ok(waiting.iter().map(told).collect())
}

/// Where this person is expected.
async fn booked(desk: &Desk) -> Result<Vec<BookingRow>, crate::problem::Refused> {
    let found = today::booked(&desk.site.app, desk.visitor()).await?;
    Ok(found.iter().map(|shown| super::bookings::row(desk, shown)).collect())
}

/// Whether somebody who is a resident has a task in the county too.
fn works(desk: &Desk) -> bool {
    Role::ALL.iter().any(|role| *role != Role::Resident && desk.visitor().is(*role))
}

/// What the law or the county wants of this visitor, the most urgent first; of the whole county what is late, for
/// whoever runs it.
async fn waits(desk: &Desk) -> Result<Vec<QueueRow>, crate::problem::Refused> {
    let visitor = desk.visitor();
    if !visitor.may(Act::Read, Noun::Deadline) {
        return Ok(Vec::new());
    }
    let filter = due::Filter { state: Some(Shelf::Open), ..due::Filter::default() };
    let page = due::list(&desk.site.app, visitor, filter, Window { limit: 100, after: None }).await?;
    let runs = visitor.is(Role::CountyAdmin);
    let late = |line: &due::Line| runs && line.days_left < 0 && !line.lapses;
    let mine = |line: &&due::Line| match line.deadline.worker_id {
        Some(worker) => visitor.worker == Some(worker) || late(line),
        None => visitor.is(line.deadline.next_role) || late(line),
    };
    Ok(page.items.iter().filter(mine).take(LISTED).map(|line| deadlines::queue_row(desk, line)).collect())
}

fn date_line(desk: &Desk) -> String {
    let today = desk.site.app.today();
    format!("{} {}", desk.day(today), format::weekday(desk.lang, today))
}

fn figure(label: &'static str, count: usize, unit: &'static str, href: &str) -> Figure {
    Figure { label, value: format::group(&count.to_string()), unit, href: href.to_owned() }
}

fn for_county(desk: &Desk, found: &County) -> Today {
    let say = desk.say();
    let may = |act, noun| desk.visitor().may(act, noun);
    let mut acts = Vec::new();
    if may(Act::Write, Noun::Household) {
        acts.push(Button::link("outline", say.t("desk-today-new-household"), "/desk/households/new"));
    }
    if desk.visitor().is(Role::Clerk) {
        acts.push(Button::link("primary", say.t("desk-intake-title"), "/desk/intake"));
    }
    if may(Act::Write, Noun::Roster) {
        acts.push(Button::link("primary", say.t("desk-today-upload"), "/desk/rosters/new"));
    }
    let unfilled = found.households == Some((0, 0));
    Today {
        date: date_line(desk),
        acts,
        figures: if unfilled { Vec::new() } else { figures(desk, found) },
        notices: vacant(desk, found).into_iter().collect(),
        queue: queue(desk, found),
        turns: Vec::new(),
        unfilled,
    }
}

fn figures(desk: &Desk, found: &County) -> Vec<Figure> {
    let mut figures = Vec::new();
    if let Some((paired, unpaired)) = found.households {
        let count = |n: i64| usize::try_from(n).unwrap_or(0);
        let unit = "desk-unit-household";
        figures.push(figure("desk-today-paired", count(paired), unit, "/desk/households?paired=yes"));
        figures.push(figure("desk-today-unpaired", count(unpaired), unit, "/desk/households?paired=no"));
    }
    if desk.visitor().may(Act::Read, Noun::Plan) {
        figures.push(figure("desk-today-leaves", found.away.len(), "desk-unit-person", "/desk/handovers"));
        figures.push(figure("desk-today-plans", found.drafts.len(), "desk-unit-plan", "/desk/plans"));
    }
    if found.declined > 0 {
        figures.push(figure("desk-today-declined", found.declined, "desk-unit-household", "/desk/consents"));
    }
    if let Some(cards) = found.cards {
        figures.push(figure("desk-today-cards", cards, "desk-unit-card", "/desk/cards"));
    }
    if desk.visitor().may(Act::Read, Noun::Roster) {
        let last = found.last_roster.as_ref().and_then(|batch| batch.committed_ms);
        let when = last.map(|ms| desk.day(Instant::from_millis(ms).date()));
        figures.push(Figure {
            label: "desk-today-roster",
            value: when.unwrap_or_else(|| desk.say().t("desk-today-roster-never")),
            unit: "",
            href: "/desk/rosters".to_owned(),
        });
    }
    figures
}

/// Villages that nobody advises; None where every one has somebody, or there are no villages yet.
fn vacant(desk: &Desk, found: &County) -> Option<Notice> {
    let say = desk.say();
    if found.vacant.is_empty() {
        return None;
    }
    let names: Vec<&str> = found.vacant.iter().take(NAMED).map(|v| format::place(&v.name)).collect();
    let count = found.vacant.len().to_string();
    let strong = say.with("desk-today-vacant", &[("count", &count)]);
    let text = say.with("desk-today-vacant-names", &[("names", &say.list(&names))]);
    Some(Notice::new("caution", strong, text).link("/desk/posts", say.t("desk-today-vacant-go")))
}

/// Everything with a date, the most urgent first.
fn queue(desk: &Desk, found: &County) -> Vec<QueueRow> {
    let today = desk.site.app.today();
    let mut rows: Vec<(Date, QueueRow)> = Vec::new();
    rows.extend(found.away.iter().map(|one| (one.from, away(desk, one))));
    for plan in &found.drafts {
        let (key, folder) = match plan.kind.as_str() {
            "handover" => ("desk-today-do-plan-handover", "handovers"),
            _ => ("desk-today-do-plan", "plans"),
        };
        let made = Instant::from_millis(plan.created_ms).date();
        let row = waiting(desk, key, &format!("/desk/{folder}/{}", plan.id), made, String::new());
        rows.push((today, row));
    }
    for batch in &found.open_rosters {
        let made = Instant::from_millis(batch.created_ms).date();
        let href = format!("/desk/rosters/{}", batch.id);
        rows.push((today, waiting(desk, "desk-today-do-roster", &href, made, batch.file_name.clone())));
    }
    rows.extend(found.ending.iter().map(|one| (one.post.to_date.unwrap_or(today), ending(desk, one))));
    rows.sort_by_key(|(due, _)| *due);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn deadline(desk: &Desk, due: Date) -> Deadline {
    Deadline { note: String::new(), ..deadlines::on_day(desk, due) }
}

fn row(deadline: Deadline, href: String, act: String, matter: String, party: String) -> QueueRow {
    QueueRow { deadline, href, act, matter, party, article: String::new() }
}

fn away(desk: &Desk, one: &Away) -> QueueRow {
    let (say, today) = (desk.say(), desk.site.app.today());
    let (key, date) = match one.to {
        Some(_) if one.from > today => ("desk-today-leave-coming", one.from),
        Some(last) => ("desk-today-leave-now", last.plus_days(1)),
        None => ("desk-today-gone", one.from),
    };
    let matter = say.with(key, &[("name", &one.worker.name), ("date", &desk.day(date))]);
    let acts = [("desk-today-do-handover", one.households), ("desk-today-do-cases", one.cases)];
    let acts = acts.into_iter().filter(|(_, count)| *count > 0);
    let acts: Vec<String> =
        acts.map(|(key, count)| say.with(key, &[("count", &count.to_string())])).collect();
    row(
        deadline(desk, one.from),
        "/desk/handovers".to_owned(),
        acts.join(" · "),
        matter,
        one.worker.name.clone(),
    )
}

fn waiting(desk: &Desk, key: &str, href: &str, made: Date, party: String) -> QueueRow {
    let say = desk.say();
    let matter = say.with("desk-today-made-on", &[("date", &desk.day(made))]);
    row(deadline(desk, desk.site.app.today()), href.to_owned(), say.t(key), matter, party)
}

fn ending(desk: &Desk, one: &Ending) -> QueueRow {
    let say = desk.say();
    let last = one.post.to_date.unwrap_or_else(|| desk.site.app.today());
    let matter = say.with("desk-today-post-ends", &[("date", &desk.day(last))]);
    let party = format!("{} {}", format::place(&one.village.name), one.worker.name);
    let href = format!("/desk/posts/{}/edit", one.post.id);
    row(deadline(desk, last), href, say.t("desk-today-do-post"), matter, party)
}

fn for_lawyer(desk: &Desk, own: &Own) -> LawyerToday {
    let say = desk.say();
    let mine = "/desk/my-households";
    let village = |(village, count): &(falin_app::division::Division, usize)| {
        let note = say.with("desk-today-village-count", &[("count", &count.to_string())]);
        let code = village.code.clone().unwrap_or_else(|| village.id.to_string());
        Choice::noted(format!("{mine}?village={code}"), format::place(&village.name), note)
    };
    let go = |href: &str, tile: &str, title: &str, note: String| Go {
        href: href.to_owned(),
        tile: say.t(tile),
        title: say.t(title),
        note,
    };
    let cards = say.with("desk-today-my-cards-what", &[("count", &own.cards.to_string())]);
    let what = say.t("desk-today-my-households-what");
    let asked = own.consents.filter(|asked| *asked > 0).map(|asked| {
        let note = say.with("desk-today-my-consents-what", &[("count", &asked.to_string())]);
        go("/desk/consents", "desk-today-tile-consents", "desk-today-my-consents", note)
    });
    let mut goes = vec![go(mine, "desk-today-tile-households", "desk-today-my-households", what)];
    goes.extend(asked);
    goes.push(go("/desk/cards", "desk-today-tile-cards", "desk-today-my-cards", cards));
    let leave = say.t("desk-today-my-leave-what");
    goes.push(go("/desk/leave", "desk-today-tile-leave", "desk-today-my-leave", leave));
    LawyerToday {
        date: date_line(desk),
        figures: vec![
            figure("desk-today-mine", own.households, "desk-unit-household", mine),
            figure("desk-today-villages", own.villages.len(), "desk-unit-village", ""),
            figure("desk-today-cards", own.cards, "desk-unit-card", "/desk/cards"),
        ],
        notices: own.leaves.iter().map(|leave| on_leave(desk, leave.from_date, leave.to_date)).collect(),
        booked: Vec::new(),
        queue: Vec::new(),
        turns: Vec::new(),
        goes,
        villages: own.villages.iter().map(village).collect(),
    }
}

/// Today's shifts, what colleagues ask, and what the posts still ask for: before everything else.
async fn duties(desk: &Desk, view: &mut LawyerToday) -> Result<(), crate::problem::Refused> {
    let (say, today) = (desk.say(), desk.site.app.today());
    let own = falin_app::duty::own(&desk.site.app, desk.visitor()).await?;
    let mut notices: Vec<Notice> = Vec::new();
    for shown in own.shifts.iter().filter(|shown| shown.shift.day == today) {
        let notice = Notice::new("done", say.t("desk-today-shift"), super::duties::in_words(desk, shown));
        notices.push(notice.link(format!("/desk/duties/{}", shown.shift.id), say.t("desk-duty-swap")));
    }
    for (offer, shown) in &own.offers {
        notices.push(super::duties::asked(desk, offer, shown));
    }
    for post in falin_app::duty_rule::own(&desk.site.app, desk.visitor()).await? {
        let due = post.duties.iter().filter(|due| due.progress.standing == Standing::Due);
        let words: Vec<String> = due.map(|due| super::duty_rules::due_words(desk, due)).collect();
        if !words.is_empty() {
            let strong = say.with("desk-today-duty", &[("village", format::place(&post.village.name))]);
            let notice = Notice::new("plain", strong, words.join(&say.t("desk-log-comma")));
            notices.push(notice.link("/desk/logs/new", say.t("desk-log-new")));
        }
    }
    notices.append(&mut view.notices);
    view.notices = notices;
    let go = |href: &str, tile: &str, title: &str, note: &str| Go {
        href: href.to_owned(),
        tile: say.t(tile),
        title: say.t(title),
        note: say.t(note),
    };
    let log = go("/desk/logs/new", "desk-today-tile-log", "desk-today-log", "desk-today-log-what");
    view.goes.insert(0, log);
    let mine = go(
        "/desk/duties/mine",
        "desk-today-tile-duties",
        "desk-today-my-duties",
        "desk-today-my-duties-what",
    );
    view.goes.push(mine);
    Ok(())
}

fn on_leave(desk: &Desk, from: Date, to: Date) -> Notice {
    let (say, day) = (desk.say(), |date| desk.day(date));
    let span = say.with("desk-span", &[("from", &day(from)), ("to", &day(to))]);
    Notice::new("plain", say.t("desk-today-on-leave"), span)
}

/// For everybody else: today's date and the doors that are open to them.
fn calm(desk: &Desk) -> LawyerToday {
    let items = desk.frame().nav.into_iter().flat_map(|group| group.items);
    let doors = items.filter(|item| item.href != "/desk");
    let go = |item: crate::look::NavItem| Go {
        href: item.href,
        tile: String::new(),
        title: item.label,
        note: String::new(),
    };
    LawyerToday {
        date: date_line(desk),
        figures: Vec::new(),
        notices: Vec::new(),
        booked: Vec::new(),
        queue: Vec::new(),
        turns: Vec::new(),
        goes: doors.map(go).collect(),
        villages: Vec::new(),
    }
}
