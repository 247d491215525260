//! Rosters for the staff: upload, columns, dry run, confirm, progress, taking back, forgetting.

mod columns;
mod preview;
mod upload;

use actix_web::http::header;
use falin_app::import::{self, Batch};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{BatchId, BatchNoun};

use crate::body::Body;
use crate::cursor;
use crate::desk::Desk;
use crate::look::desk::roster::{BatchRow, RosterBatch, RosterList, RosterProgress};
use crate::look::desk::{key, roster};
use crate::look::parts::{Fact, Figure, Notice, State};
use crate::look::{Say, format};
use crate::pages::choices;
use crate::problem::{Answer, of_stop};
use crate::query::{PathId, Query};
use crate::uploads;
use falin_domain::access::{Act, Noun};

pub use columns::{choose, columns};
pub use preview::findings;
pub use upload::{new, upload};

fn href(id: BatchId) -> String {
    format!("/desk/rosters/{id}")
}

/// `GET /desk/rosters`.
///
/// # Errors
/// `access.denied`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let window = cursor::window(None, query.filled("cursor"))?;
    let page = import::list(&desk.site.app, desk.visitor(), window).await?;
    let view = RosterList {
        may_upload: desk.visitor().may(Act::Write, Noun::Roster),
        rows: page.items.iter().map(|batch| row(&desk, batch)).collect(),
        pager: choices::pager(&query, "/desk/rosters", &[], page.next.as_ref()),
    };
    desk.page(&view)
}

fn row(desk: &Desk, batch: &Batch) -> BatchRow {
    let say = desk.say();
    let read = batch.total_rows > 0;
    let counts = [batch.new_rows, batch.changed, batch.unchanged].map(grouped);
    let did = [("new", counts[0].as_str()), ("changed", &counts[1]), ("unchanged", &counts[2])];
    BatchRow {
        href: href(batch.id),
        file: batch.file_name.clone(),
        kind: key("desk-roster-kind", &batch.kind),
        who: moment(desk, batch.created_ms),
        what: if read { say.with("desk-roster-did", &did) } else { String::new() },
        findings: found(&say, batch),
        state: state(&say, &batch.state),
    }
}

/// Errors and reminders in words; empty for none.
fn found(say: &Say<'_>, batch: &Batch) -> String {
    if batch.findings == 0 {
        return String::new();
    }
    let (errors, warnings) = (grouped(batch.errors), grouped(batch.findings - batch.errors));
    say.with("desk-roster-findings-count", &[("errors", &errors), ("warnings", &warnings)])
}

fn state(say: &Say<'_>, state: &str) -> State {
    let (fill, word) = match state {
        "uploaded" | "checked" => ("half", "waiting"),
        "staging" => ("empty", "running"),
        "committed" => ("done", "done"),
        "undone" => ("stopped", "undone"),
        "forgotten" => ("stopped", "forgotten"),
        _ => ("stopped", "failed"),
    };
    State { fill, word: say.t(&key("desk-roster-state", word)) }
}

fn grouped(count: i32) -> String {
    format::group(&count.to_string())
}

fn moment(desk: &Desk, millis: i64) -> String {
    let at = Instant::from_millis(millis);
    format!("{} {}", desk.day(at.date()), at.clock_text())
}

/// `GET /desk/rosters/{id}`: what there is to do with it now.
///
/// # Errors
/// `not_found`.
pub async fn show(desk: Desk, id: PathId<BatchNoun>, query: Query) -> Answer {
    let batch = import::one(&desk.site.app, desk.visitor(), id.0).await?;
    match batch.state.as_str() {
        "uploaded" => desk.go(format!("{}/columns", href(id.0))),
        "checked" => preview::page(&desk, &batch, &query, None).await,
        "staging" => progress(&desk, &batch),
        _ => desk.page(&ended(&desk, &batch, None)),
    }
}

fn progress(desk: &Desk, batch: &Batch) -> Answer {
    let count = |n: i32| u32::try_from(n).unwrap_or(0);
    let (done, of) = (count(batch.staged_rows), count(batch.new_rows + batch.changed));
    let view = RosterProgress {
        file: batch.file_name.clone(),
        doing: "desk-roster-saving",
        done: done.min(of),
        of,
        figures: format!("{} / {}", grouped(batch.staged_rows), format::group(&of.to_string())),
        href: href(batch.id),
    };
    let mut answer = desk.page(&view)?;
    answer.headers_mut().insert(header::REFRESH, header::HeaderValue::from_static("2"));
    Ok(answer)
}

/// An import that is in effect, or over.
fn ended(desk: &Desk, batch: &Batch, refused: Option<&Refusal>) -> RosterBatch {
    let say = desk.say();
    let committed = batch.state == "committed";
    let may_undo = committed && desk.visitor().may(Act::Commit, Noun::Roster);
    let counts = [("new", grouped(batch.new_rows)), ("changed", grouped(batch.changed))];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(name, count)| (*name, count.as_str())).collect();
    let kept = batch.findings > 0 && batch.state != "forgotten";
    RosterBatch {
        file: batch.file_name.clone(),
        state: state(&say, &batch.state),
        notice: notice(desk, batch, refused),
        figures: figures(batch),
        facts: facts(desk, batch),
        findings: if kept { format!("{}/findings.csv", href(batch.id)) } else { String::new() },
        undo_what: if may_undo { say.with("desk-roster-undo-what", &counts) } else { String::new() },
        undo: if may_undo { format!("{}/undo", href(batch.id)) } else { String::new() },
    }
}

fn notice(desk: &Desk, batch: &Batch, refused: Option<&Refusal>) -> Option<Notice> {
    let say = desk.say();
    if let Some(refusal) = refused {
        return Some(Notice::new("caution", say.refusal_title(refusal), say.refusal_detail(refusal)));
    }
    match batch.state.as_str() {
        "committed" if batch.kind == "households" && batch.new_rows > 0 => {
            let count = grouped(batch.new_rows);
            let next = say.with("desk-roster-effect-next", &[("count", &count)]);
            let notice = Notice::new("done", say.t("desk-roster-effect"), next);
            let may_plan = desk.visitor().may(Act::Write, Noun::Plan);
            Some(if may_plan { notice.link("/desk/plans", say.t("desk-roster-effect-plan")) } else { notice })
        }
        "committed" => Some(Notice::new("done", say.t("desk-roster-effect"), "")),
        "failed" => {
            Some(Notice::new("caution", say.t("desk-roster-failed"), say.t("desk-roster-failed-what")))
        }
        _ => None,
    }
}

fn figures(batch: &Batch) -> Vec<Figure> {
    let counts =
        [batch.total_rows, batch.accepted, batch.new_rows, batch.changed, batch.unchanged].map(grouped);
    roster::figures([&counts[0], &counts[1], &counts[2], &counts[3], &counts[4]])
}

fn facts(desk: &Desk, batch: &Batch) -> Vec<Fact> {
    let say = desk.say();
    let mut kind = say.t(&key("desk-roster-kind", &batch.kind));
    if let Some(households) = batch.household_kind {
        kind = format!("{kind} · {}", say.t(&key("desk-household-kind", households.code())));
    }
    vec![Fact::new("desk-roster-kind", kind), Fact::new("desk-roster-when", moment(desk, batch.created_ms))]
}

/// `POST /desk/rosters/{id}/actions?version=N`: `act` is `commit`, `discard` or `again`.
///
/// # Errors
/// `not_found`; what the act refuses is told on the page.
pub async fn act(desk: Desk, id: PathId<BatchNoun>, query: Query, body: Body) -> Answer {
    let fields = body.form()?;
    let version = query.parsed("version", "reference")?.unwrap_or_default();
    match fields.filled("act") {
        Some("commit") => commit(desk, id.0, version).await,
        Some("discard") => {
            import::forget(&desk.site.app, desk.visitor(), id.0, None).await?;
            desk.go("/desk/rosters")
        }
        _ => Err(Refusal::new("action.not_allowed").into()),
    }
}

/// Starts the import; a short one is waited for, a long one shows its progress.
async fn commit(desk: Desk, id: BatchId, version: i64) -> Answer {
    let Err(stop) = uploads::commit(&desk.site.app, desk.visitor(), id, version).await else {
        return desk.go(href(id));
    };
    let refusal = of_stop(stop);
    let batch = import::one(&desk.site.app, desk.visitor(), id).await?;
    match batch.state.as_str() {
        "checked" => preview::page(&desk, &batch, &Query::default(), Some(&refusal)).await,
        _ => desk.again(&refusal, &ended(&desk, &batch, Some(&refusal))),
    }
}

/// `POST /desk/rosters/{id}/undo`.
///
/// # Errors
/// `not_found`; what stands in the way is told on the page.
pub async fn undo(desk: Desk, id: PathId<BatchNoun>) -> Answer {
    match import::undo(&desk.site.app, desk.visitor(), id.0, None).await {
        Ok(_) => desk.go(href(id.0)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let batch = import::one(&desk.site.app, desk.visitor(), id.0).await?;
            desk.again(&refusal, &ended(&desk, &batch, Some(&refusal)))
        }
    }
}
