//! `/desk/cutover`: lists of an old system, brought and looked at, their columns chosen, taken over, taken back.

use actix_web::HttpResponse;
use falin_app::cutover::{self, Head, Kind};
use falin_app::import;
use falin_app::plugin::{self, Batch};
use falin_app::sheets;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::PluginBatchNoun;
use falin_domain::workflow::{Chosen, OldColumn};

use super::choices;
use crate::body::{Body, Fields};
use crate::desk::Desk;
use crate::look::desk::plugin_desk::{BatchRow, FindingRow, ImportForm, PluginBatch, PluginImports};
use crate::look::desk::roster::{RosterColumn, RosterColumns};
use crate::look::desk::{Form, Link, key};
use crate::look::parts::{Button, Field, FieldOption, State};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::PathId;
use crate::upload::Upload;

const HERE: &str = "/desk/cutover";

/// `GET /desk/cutover`.
///
/// # Errors
/// `access.denied`.
pub async fn list(desk: Desk) -> Answer {
    let view = page(&desk, "", None).await?;
    desk.page(&view)
}

async fn page(desk: &Desk, code: &str, refusal: Option<&Refusal>) -> Result<PluginImports, Refused> {
    let (say, lang) = (desk.say(), desk.lang.code());
    let kinds = cutover::kinds(&desk.site.app, desk.visitor())?;
    let batches = cutover::batches(&desk.site.app, desk.visitor()).await?;
    let name = |column: &OldColumn| column.name.in_language(lang).to_owned();
    let heads = |kind: &Kind| kind.columns.iter().map(name).collect::<Vec<_>>().join("、");
    let options = kinds.iter().map(|kind| FieldOption::new(&kind.code, kind.name.in_language(lang), code));
    let form = Form::post(HERE)
        .uploading()
        .field(Field::select("kind", "desk-cutover-kind", options.collect()))
        .field(Field::input("file", "file", "desk-plugin-import-file").hint("desk-cutover-hint"))
        .button(Button::submit("primary", say.t("desk-plugin-import-check")))
        .maybe_refused(&say, refusal);
    let all = kinds.iter().map(|kind| format!("{}：{}", kind.name.in_language(lang), heads(kind)));
    let import =
        ImportForm { name: say.t("desk-cutover-bring"), heads: all.collect::<Vec<_>>().join("；"), form };
    let row = |batch: &Batch| BatchRow {
        href: format!("{HERE}/{}", batch.id),
        file: format!("{} · {}", kind_name(&kinds, &batch.code, lang), batch.file_name),
        day: desk.day(Instant::from_millis(batch.created_ms).date()),
        accepted: batch.accepted.to_string(),
        state: state(desk, batch),
    };
    Ok(PluginImports {
        back: Link::new("/desk/rosters", say.t("desk-roster-list-title")),
        name: say.t("desk-cutover-title"),
        imports: vec![import],
        rows: batches.iter().map(row).collect(),
    })
}

fn kind_name(kinds: &[Kind], code: &str, lang: &str) -> String {
    let kind = kinds.iter().find(|kind| kind.code == code);
    kind.map_or_else(|| code.to_owned(), |kind| kind.name.in_language(lang).to_owned())
}

fn state(desk: &Desk, batch: &Batch) -> State {
    let fill = match batch.state.as_str() {
        "done" => "done",
        "undone" => "stopped",
        _ => "half",
    };
    State { fill, word: desk.say().t(&key("plugin-batch", &batch.state)) }
}

/// `POST /desk/cutover`: reads a list and shows what it would do.
///
/// # Errors
/// A refused file is told on the page, and nothing of it is kept.
pub async fn add(desk: Desk, upload: Upload) -> Answer {
    let code = upload.fields.get("kind").unwrap_or_default().to_owned();
    let done = match upload.file("file") {
        None => Err(Refusal::field("file", "required")),
        Some(file) => {
            let given = (file.name.clone(), file.bytes.to_vec());
            cutover::check(&desk.site.app, desk.visitor(), &code, given).await.map_err(of_stop)
        }
    };
    match done {
        Ok(batch) => desk.go(format!("{HERE}/{}", batch.id)),
        Err(refusal) => {
            let view = page(&desk, &code, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/cutover/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn show(desk: Desk, id: PathId<PluginBatchNoun>) -> Answer {
    let batch = cutover::batch(&desk.site.app, desk.visitor(), id.0).await?;
    desk.page(&batch_page(&desk, &batch, None))
}

fn batch_page(desk: &Desk, batch: &Batch, refusal: Option<&Refusal>) -> PluginBatch {
    let say = desk.say();
    let findings = plugin::findings(batch);
    let faulty: std::collections::BTreeSet<u32> = findings.iter().map(|one| one.row).collect();
    let figures = [
        ("rows", batch.row_count.to_string()),
        ("accepted", batch.accepted.to_string()),
        ("known", batch.known.to_string()),
        ("faulty", faulty.len().to_string()),
    ];
    let figures: Vec<(&str, &str)> = figures.iter().map(|(name, n)| (*name, n.as_str())).collect();
    let address = format!("{HERE}/{}", batch.id);
    let form = Form::post(address.clone()).keep("version", batch.version.to_string());
    let button = |look, action: &str| {
        let label = say.t(&key("desk-plugin-import-act", action));
        Button::submit(look, label).named("action", action.to_owned())
    };
    let form = match batch.state.as_str() {
        "checked" => {
            let form = if batch.accepted > 0 { form.button(button("primary", "commit")) } else { form };
            Some(form.button(button("outline", "drop")))
        }
        "done" => Some(form.button(button("refuse", "undo"))),
        _ => None,
    };
    let mut links = Vec::new();
    if batch.state == "checked" {
        links.push(Link::new(format!("{address}/columns"), say.t("desk-roster-columns-title")));
    }
    if !findings.is_empty() {
        links.push(Link::new(format!("{address}/findings.csv"), say.t("desk-cutover-findings")));
    }
    let row = |one: &falin_domain::workflow::Misread| FindingRow {
        at: say.with("desk-plugin-import-row", &[("sheet", &one.sheet), ("row", &one.row.to_string())]),
        column: one.column.clone(),
        text: say.field_error(&one.fault()),
    };
    PluginBatch {
        back: Link::new(HERE, say.t("desk-cutover-title")),
        file: batch.file_name.clone(),
        state: state(desk, batch),
        errors: refusal.map(|refusal| say.error_summary(refusal)),
        about: say.with(&key("desk-plugin-import-about", &batch.state), &figures),
        links,
        findings: findings.iter().map(row).collect(),
        form,
    }
}

/// `POST /desk/cutover/{id}`: takes the list over, or takes it back.
///
/// # Errors
/// `not_found`; what is refused is told on the page.
pub async fn act(desk: Desk, id: PathId<PluginBatchNoun>, body: Body) -> Answer {
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let fields = body.form()?;
    let version = choices::version(&fields);
    let done = match fields.filled("action") {
        Some("commit") => cutover::commit(app, visitor, id.0, version).await.map_err(of_stop),
        Some("drop") => cutover::throw_away(app, visitor, id.0, version).await.map_err(of_stop),
        Some("undo") => cutover::undo(app, visitor, id.0, version).await.map_err(of_stop),
        _ => Err(Refusal::new("action.not_allowed")),
    };
    match done {
        Ok(batch) if batch.state == "dropped" => desk.go(HERE),
        Ok(_) => desk.go(format!("{HERE}/{}", id.0)),
        Err(refusal) => {
            let batch = cutover::batch(app, visitor, id.0).await?;
            desk.again(&refusal, &batch_page(&desk, &batch, Some(&refusal)))
        }
    }
}

/// `GET /desk/cutover/{id}/columns`.
///
/// # Errors
/// `not_found`; `action.not_allowed` once the list is decided.
pub async fn columns(desk: Desk, id: PathId<PluginBatchNoun>) -> Answer {
    let (batch, heads, columns) = cutover::heads(&desk.site.app, desk.visitor(), id.0).await?;
    desk.page(&columns_page(&desk, (&batch, &heads, &columns), None))
}

fn columns_page(
    desk: &Desk,
    (batch, heads, columns): (&Batch, &[Head], &[OldColumn]),
    refusal: Option<&Refusal>,
) -> RosterColumns {
    let (say, lang) = (desk.say(), desk.lang.code());
    let column = |(at, head): (usize, &Head)| {
        let current = head.code.as_deref().unwrap_or_default();
        let mut options = vec![FieldOption::new("", say.t("desk-roster-column-skip"), current)];
        options.extend(
            columns.iter().map(|one| FieldOption::new(&one.code, one.name.in_language(lang), current)),
        );
        RosterColumn {
            name: format!("column-{at}"),
            header: head.text.clone(),
            // Whoever maps columns needs shapes, not people.
            examples: head
                .examples
                .iter()
                .map(|cell| import::masked(cell, 6))
                .collect::<Vec<_>>()
                .join(" · "),
            error: String::new(),
            options,
        }
    };
    RosterColumns {
        back: Link::new(format!("{HERE}/{}", batch.id), batch.file_name.clone()),
        file: batch.file_name.clone(),
        found: say.t("desk-cutover-columns"),
        action: format!("{HERE}/{}/columns", batch.id),
        version: batch.version.to_string(),
        errors: refusal.map(|refusal| say.error_summary(refusal)),
        columns: heads.iter().enumerate().map(column).collect(),
        buttons: vec![Button::submit("primary", say.t("desk-roster-columns-check"))],
    }
}

/// What each head was chosen to stand for.
fn chosen(heads: &[Head], fields: &Fields) -> Chosen {
    let one = |(at, head): (usize, &Head)| {
        (head.text.clone(), fields.filled(&format!("column-{at}")).unwrap_or_default().to_owned())
    };
    heads.iter().enumerate().map(one).collect()
}

/// `POST /desk/cutover/{id}/columns`: looks at the list again with these columns.
///
/// # Errors
/// `not_found`; what is missing is told on the page.
pub async fn choose(desk: Desk, id: PathId<PluginBatchNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let (batch, mut heads, columns) = cutover::heads(app, visitor, id.0).await?;
    let picked = chosen(&heads, &fields);
    let version = choices::version(&fields);
    match cutover::choose(app, visitor, (id.0, version), picked.clone()).await {
        Ok(_) => desk.go(format!("{HERE}/{}", id.0)),
        Err(stop) => {
            let refusal = of_stop(stop);
            for head in &mut heads {
                head.code = picked.get(&head.text).filter(|code| !code.is_empty()).cloned();
            }
            desk.again(&refusal, &columns_page(&desk, (&batch, &heads, &columns), Some(&refusal)))
        }
    }
}

/// `GET /desk/cutover/{id}/findings.csv`: all findings, to be worked through beside the list.
///
/// # Errors
/// `not_found`.
pub async fn findings(desk: Desk, id: PathId<PluginBatchNoun>) -> Answer {
    let batch = cutover::batch(&desk.site.app, desk.visitor(), id.0).await?;
    let say = desk.say();
    let heads = ["cli-finding-sheet", "cli-finding-row", "cli-finding-column", "cli-finding-what"];
    let heads = heads.map(|head| say.t(head));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows = plugin::findings(&batch).into_iter().map(|one| {
        let text = say.field_error(&one.fault());
        vec![one.sheet, one.row.to_string(), one.column, text]
    });
    let bytes = sheets::write_csv(&heads, &rows.collect::<Vec<_>>(), true).map_err(|fault| {
        tracing::error!(%fault, "findings could not be written");
        Refusal::new("server.failed")
    })?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("content-disposition", "attachment; filename=\"findings.csv\""))
        .body(bytes))
}
