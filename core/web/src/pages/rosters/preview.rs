//! The dry run of an uploaded roster: figures, findings by row and column, their download, and the confirmation.

use actix_web::HttpResponse;
use actix_web::http::header;
use falin_app::import::{self, Batch, StoredFinding};
use falin_app::sheets;
use falin_domain::refusal::Refusal;
use falin_domain::words::BatchNoun;

use super::{figures, found, grouped, href};
use crate::desk::Desk;
use crate::look::Say;
use crate::look::desk::key;
use crate::look::desk::roster::{Finding, RosterPreview};
use crate::look::parts::{Button, Notice, Pager};
use crate::problem::Answer;
use crate::query::{PathId, Query};

/// Findings on one page.
const ROWS: i64 = 50;
/// Findings in one download, more than any roster has cells to be wrong in.
const ALL: i64 = 1_000_000;

/// The page of a checked upload; `after` in the query is the last finding of the page before.
///
/// # Errors
/// The store's own.
pub async fn page(desk: &Desk, batch: &Batch, query: &Query, refused: Option<&Refusal>) -> Answer {
    let say = desk.say();
    let after = query.filled("after").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut rows = import::findings(&desk.site.app, desk.visitor(), batch.id, after, ROWS + 1).await?;
    let more = rows.len() > ROWS as usize;
    rows.truncate(ROWS as usize);
    let last = rows.last().map_or(0, |row| row.n);
    let view = RosterPreview {
        file: batch.file_name.clone(),
        kind: key("desk-roster-kind", &batch.kind),
        figures: figures(batch),
        notice: notice(&say, batch, refused),
        buttons: buttons(&say, batch),
        action: format!("{}/actions?version={}", href(batch.id), batch.version),
        columns: format!("{}/columns", href(batch.id)),
        count: found(&say, batch),
        findings: rows.iter().map(|row| finding(&say, row)).collect(),
        download: format!("{}/findings.csv", href(batch.id)),
        pager: Pager {
            back: String::new(),
            more: if more { format!("{}?after={last}", href(batch.id)) } else { String::new() },
        },
    };
    match refused {
        Some(refusal) => desk.again(refusal, &view),
        None => desk.page(&view),
    }
}

fn notice(say: &Say<'_>, batch: &Batch, refused: Option<&Refusal>) -> Option<Notice> {
    if let Some(refusal) = refused {
        return Some(Notice::new("caution", say.refusal_title(refusal), say.refusal_detail(refusal)));
    }
    let left_out = batch.total_rows - batch.accepted;
    if left_out > 0 {
        let strong = say.with("desk-roster-left-out", &[("count", &grouped(left_out))]);
        return Some(Notice::new("caution", strong, say.t("desk-roster-left-out-what")));
    }
    let (strong, text) = ("desk-roster-nothing-new", "desk-roster-nothing-new-what");
    (batch.new_rows + batch.changed == 0).then(|| Notice::new("plain", say.t(strong), say.t(text)))
}

fn buttons(say: &Say<'_>, batch: &Batch) -> Vec<Button> {
    let mut buttons = Vec::new();
    if batch.new_rows + batch.changed > 0 {
        let (new, changed) = (grouped(batch.new_rows), grouped(batch.changed));
        let words = say.with("desk-roster-commit", &[("new", &new), ("changed", &changed)]);
        buttons.push(Button::submit("primary", words).named("act", "commit"));
    }
    buttons.push(Button::submit("low", say.t("desk-roster-discard")).named("act", "discard"));
    buttons
}

fn finding(say: &Say<'_>, row: &StoredFinding) -> Finding {
    let words = key("finding", &row.code);
    Finding {
        sheet: row.sheet.clone(),
        row: u32::try_from(row.row_number).unwrap_or(0),
        column: row.column_name.clone(),
        text: say.t(&words),
        fix: say.t(&format!("{words}.fix")),
        error: row.severity == "error",
    }
}

/// `GET /desk/rosters/{id}/findings.csv`: all findings, to be worked through beside the file.
///
/// # Errors
/// `not_found`.
pub async fn findings(desk: Desk, id: PathId<BatchNoun>) -> Answer {
    let rows = import::findings(&desk.site.app, desk.visitor(), id.0, 0, ALL).await?;
    let say = desk.say();
    let headers = [
        "cli-finding-sheet",
        "cli-finding-row",
        "cli-finding-column",
        "cli-finding-what",
        "cli-finding-fix",
        "cli-finding-then",
    ];
    let headers = headers.map(|header| say.t(header));
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let cells = |row: &StoredFinding| {
        let it = finding(&say, row);
        let then = say.t(if it.error { "cli-finding-error" } else { "cli-finding-warning" });
        vec![it.sheet, it.row.to_string(), it.column, it.text, it.fix, then]
    };
    let rows: Vec<Vec<String>> = rows.iter().map(cells).collect();
    let bytes = sheets::write_csv(&headers, &rows, true).map_err(|fault| {
        tracing::error!(%fault, "findings could not be written");
        Refusal::new("server.failed")
    })?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"findings.csv\""))
        .body(bytes))
}
