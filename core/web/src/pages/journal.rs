//! `/desk/journal`: what happened, why, who did it; whether it is whole; and the same entries as a file.

use actix_web::HttpResponse;
use actix_web::http::header;
use falin_app::audit::{self, Actor, Asked, By, Checked, Subject, Told};
use falin_app::sheets;
use falin_domain::access::{Act, Noun};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;

use crate::cursor;
use crate::desk::Desk;
use crate::look::desk::journal::{Broken, JournalFilter, JournalList, JournalRow, JournalVerification};
use crate::look::desk::{Link, key};
use crate::look::parts::{Fact, Notice, Pager};
use crate::look::{Say, format};
use crate::problem::Answer;
use crate::query::Query;

const HERE: &str = "/desk/journal";
const VERIFICATION: &str = "/desk/journal/verification";
/// Nouns that have a word; others are told by their own.
const NOUNS: &[&str] = &[
    "shift",
    "duty_rule",
    "duty_fee",
    "visit",
    "service_log",
    "group",
    "notary_matter",
    "appointment",
    "paper",
    "case",
    "committee",
    "plugin",
    "household",
    "worker",
    "firm",
    "division",
    "facility",
    "batch",
    "plan",
    "adviser",
    "account",
    "token",
    "session",
    "pairing",
    "card",
    "grid",
    "room",
    "booking",
    "wait",
    "closure",
    "feed",
    "county",
    "holiday",
];

/// `GET /desk/journal?subject=&event=&actor=&from=&to=&cursor=`.
///
/// # Errors
/// `form.invalid` at a filter that cannot be read, `search.digits`, `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let (typed, asked) = (typed(&query), asked(&query)?);
    let (last, _) = audit::last_checked(&desk.site.app, desk.visitor()).await?;
    let page = audit::told(&desk.site.app, desk.visitor(), asked, query.window()?).await?;
    let say = desk.say();
    let more = page.next.as_ref().map(|mark| address(HERE, &typed, &cursor::encode(mark)));
    let back = if typed.cursor.is_empty() { String::new() } else { address(HERE, &typed, "") };
    let exports = desk.visitor().may(Act::Export, Noun::Journal);
    desk.page(&JournalList {
        whole: verdict(&desk, last.as_ref()).link(VERIFICATION, say.t("desk-journal-see")),
        filters: typed.filters(&say),
        rows: page.items.iter().map(|told| row(&desk, told)).collect(),
        pager: Pager { back, more: more.unwrap_or_default() },
        export: if exports { address("/desk/journal/export.csv", &typed, "") } else { String::new() },
    })
}

fn typed(query: &Query) -> JournalFilter {
    let text = |name| query.filled(name).unwrap_or_default().to_owned();
    JournalFilter {
        subject: text("subject"),
        event: text("event"),
        actor: text("actor"),
        from: text("from"),
        to: text("to"),
        cursor: text("cursor"),
    }
}

/// The filters of a query, for pages and programs alike.
///
/// # Errors
/// `form.invalid` at the filter that cannot be read.
pub fn asked(query: &Query) -> Result<Asked, Refusal> {
    let event = query.filled("event").map(|code| Event::from_code(code).ok_or(code));
    let event = event.transpose().map_err(|_| Refusal::field("event", "unknown"))?;
    Ok(Asked {
        subject: query.filled("subject").unwrap_or_default().to_owned(),
        event,
        actor: query.filled("actor").unwrap_or_default().to_owned(),
        from: query.parsed("from", "date.invalid")?,
        to: query.parsed("to", "date.invalid")?,
    })
}

fn address(path: &str, typed: &JournalFilter, cursor: &str) -> String {
    let pairs = [
        ("subject", typed.subject.as_str()),
        ("event", &typed.event),
        ("actor", &typed.actor),
        ("from", &typed.from),
        ("to", &typed.to),
        ("cursor", cursor),
    ];
    let filled = pairs.iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<String> =
        filled.map(|(name, value)| format!("{name}={}", format::query_escape(value))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// A day and time as people read them; the year only where it is another.
pub(super) fn moment(desk: &Desk, at: Instant) -> String {
    let (day, clock) = (at.date(), at.clock_text());
    if day.parts().0 == desk.site.app.today().parts().0 {
        format!("{} {clock}", desk.day(day))
    } else {
        format!("{} {clock}", format::date(desk.lang, day))
    }
}

fn row(desk: &Desk, told: &Told) -> JournalRow {
    let say = desk.say();
    JournalRow {
        when: moment(desk, told.at),
        event: key("event", &told.event),
        subject: told.subject.as_ref().map_or_else(
            || Link::new("", ""),
            |subject| Link::new(format!("{HERE}?subject={}", subject.id), subject_words(&say, subject)),
        ),
        why: key("reason", &told.reason),
        actor: actor_words(&say, told.actor.as_ref()),
        token: told.token.as_ref().map_or_else(
            || Link::new("", ""),
            |by| Link::new(format!("{HERE}?actor={}", by.id), token_words(&say, by)),
        ),
    }
}

fn subject_words(say: &Say<'_>, subject: &Subject) -> String {
    let noun = NOUNS.iter().find(|noun| **noun == subject.noun);
    let noun = say.t(&key("journal-noun", noun.copied().unwrap_or("other")));
    if subject.name.is_empty() { noun } else { format!("{noun} {}", subject.name) }
}

fn actor_words(say: &Say<'_>, actor: Option<&Actor>) -> String {
    let Some(actor) = actor else { return say.t("desk-journal-system") };
    let name = if actor.name.is_empty() { say.t("desk-journal-gone") } else { actor.name.clone() };
    let roles: Vec<String> = actor.roles.iter().map(|role| say.t(&key("role", role.code()))).collect();
    if roles.is_empty() { name } else { say.phrases(&[name, say.list(&roles)]) }
}

fn token_words(say: &Say<'_>, by: &By) -> String {
    let name = if by.name.is_empty() { say.t("desk-journal-gone") } else { by.name.clone() };
    format!("{} {name}", say.t("journal-noun-token"))
}

/// What the last verification found, in a line.
fn verdict(desk: &Desk, last: Option<&Checked>) -> Notice {
    let say = desk.say();
    let Some(last) = last else { return Notice::new("plain", say.t("desk-journal-unchecked"), "") };
    if !last.found.faults.is_empty() {
        let count = last.found.faults.len().to_string();
        let text = say.with("desk-journal-faults", &[("count", &count)]);
        return Notice::new("danger", say.t("desk-journal-not-whole"), text);
    }
    let count = format::group(&last.found.sealed.to_string());
    let args = [("when", moment(desk, last.at)), ("count", count)];
    let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
    Notice::new("done", say.t("desk-journal-whole"), say.with("desk-journal-whole-what", &args))
}

/// `GET /desk/journal/verification`: what the last one found.
///
/// # Errors
/// The store's own.
pub async fn verification(desk: Desk) -> Answer {
    let (last, anchored) = audit::last_checked(&desk.site.app, desk.visitor()).await?;
    let say = desk.say();
    let mut facts = Vec::new();
    let mut broken = Vec::new();
    if let Some(last) = &last {
        let count = |n: i64| format::group(&n.to_string());
        facts.push(Fact::new("desk-journal-count", count(last.found.sealed)));
        facts.push(Fact::new("desk-journal-head", grouped(&last.found.head)));
        facts.push(Fact::new("desk-journal-verified", moment(&desk, last.at)));
        facts.push(Fact::new("desk-journal-tail", count(last.found.unsealed)));
        broken = last.found.faults.iter().map(|(what, seq)| fault(&say, what, *seq)).collect();
    }
    if let Some(at) = anchored {
        facts.push(Fact::new("desk-journal-anchor", moment(&desk, at)));
    }
    let verdict = match &last {
        Some(last) if last.found.faults.is_empty() => {
            let count = format::group(&last.found.sealed.to_string());
            let text = say.with("desk-journal-all-agree", &[("count", &count)]);
            Notice::new("done", say.t("desk-journal-whole"), text)
        }
        Some(_) => Notice::new("danger", say.t("desk-journal-not-whole"), say.t("desk-journal-alarm")),
        None => verdict(&desk, None),
    };
    desk.page(&JournalVerification { verdict, facts, broken, action: VERIFICATION.to_owned() })
}

/// Half of a hash in groups of four: enough to compare with a head kept elsewhere.
fn grouped(hash: &str) -> String {
    let shown: Vec<char> = hash.chars().take(32).collect();
    shown.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn fault(say: &Say<'_>, what: &str, seq: i64) -> Broken {
    let known = ["edited", "deleted", "broken", "cut"].contains(&what);
    let what = say.t(&key("journal-fault", if known { what } else { "broken" }));
    Broken { sequence: format::group(&seq.to_string()), what }
}

/// `POST /desk/journal/verification`: walks the whole chain, then shows what was found.
///
/// # Errors
/// The store's own.
pub async fn verify(desk: Desk) -> Answer {
    audit::verify(&desk.site.app, desk.visitor()).await?;
    desk.go(VERIFICATION)
}

/// `GET /desk/journal/export.csv`: the filtered entries; the journal keeps who took them.
///
/// # Errors
/// As [`list`].
pub async fn export(desk: Desk, query: Query) -> Answer {
    let all = audit::export(&desk.site.app, desk.visitor(), asked(&query)?).await?;
    let say = desk.say();
    let heads = ["when", "event", "subject", "why", "actor"].map(|name| say.t(&key("desk-journal", name)));
    let mut heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    heads.extend(["subject_id", "account_id", "token_id", "token", "details"]);
    let rows: Vec<Vec<String>> = all.iter().map(|told| cells(&say, told)).collect();
    let bytes = sheets::write_csv(&heads, &rows, true).map_err(|fault| {
        tracing::error!(%fault, "the journal did not become a file");
        Refusal::new("server.failed")
    })?;
    let name = format!("attachment; filename=\"journal-{}.csv\"", desk.site.app.today());
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(bytes))
}

fn cells(say: &Say<'_>, told: &Told) -> Vec<String> {
    let subject = told.subject.as_ref();
    vec![
        told.at.to_string(),
        say.t(&key("event", &told.event)),
        subject.map(|subject| subject_words(say, subject)).unwrap_or_default(),
        say.t(&key("reason", &told.reason)),
        actor_words(say, told.actor.as_ref()),
        subject.map(|subject| subject.id.to_string()).unwrap_or_default(),
        told.actor.as_ref().map(|actor| actor.id.to_string()).unwrap_or_default(),
        told.token.as_ref().map(|by| by.id.to_string()).unwrap_or_default(),
        told.token.as_ref().map(|by| by.name.clone()).unwrap_or_default(),
        told.details.to_string(),
    ]
}
