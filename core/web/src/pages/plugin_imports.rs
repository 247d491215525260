//! Tables that are read into the cases of a workflow: brought and checked, put into cases, taken back.

use actix_web::HttpRequest;
use falin_app::plugin::{self, Batch, Readable};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::PluginBatchNoun;

use super::choices;
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::plugin_desk::{BatchRow, FindingRow, ImportForm, PluginBatch, PluginImports};
use crate::look::desk::{Form, Link, key};
use crate::look::parts::{Button, Field, State};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::PathId;
use crate::upload::Upload;

/// `GET /desk/imports/{plugin}`.
///
/// # Errors
/// `not_found` where there is no import that the visitor may use.
pub async fn list(req: HttpRequest, desk: Desk) -> Answer {
    let view = page(&desk, req.match_info().query("plugin"), None).await?;
    desk.page(&view)
}

async fn page(desk: &Desk, name: &str, refused: Option<(&str, &Refusal)>) -> Result<PluginImports, Refused> {
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let all = plugin::readable(app, visitor, name)?;
    let batches = plugin::batches(app, visitor, name).await?;
    let (say, lang) = (desk.say(), desk.lang.code());
    let import = |one: &Readable| {
        let heads = one.import.columns.iter().filter_map(|column| column.heads.first().map(String::as_str));
        let form = Form::post(format!("/desk/imports/{name}/{}", one.import.code))
            .uploading()
            .field(Field::input("file", "file", "desk-plugin-import-file").hint("desk-plugin-import-hint"))
            .button(Button::submit("primary", say.t("desk-plugin-import-check")))
            .apart(&one.import.code);
        let refusal = refused.filter(|(code, _)| *code == one.import.code).map(|(_, refusal)| refusal);
        ImportForm {
            name: one.import.name.in_language(lang).to_owned(),
            heads: heads.collect::<Vec<_>>().join("、"),
            form: form.maybe_refused(&say, refusal),
        }
    };
    let first = &all[0];
    let row = |batch: &Batch| BatchRow {
        href: format!("/desk/import-batches/{}", batch.id),
        file: batch.file_name.clone(),
        day: desk.day(Instant::from_millis(batch.created_ms).date()),
        accepted: batch.accepted.to_string(),
        state: state(desk, batch),
    };
    let title = app.flows.in_use(visitor.county).into_iter().find(|used| used.name == name);
    Ok(PluginImports {
        back: Link::new(crate::flow_path::desk_base(&first.flow.id), first.flow.name.in_language(lang)),
        name: title.map(|used| used.manifest.name.in_language(lang).to_owned()).unwrap_or_default(),
        imports: all.iter().map(import).collect(),
        rows: batches.iter().map(row).collect(),
    })
}

fn state(desk: &Desk, batch: &Batch) -> State {
    let fill = match batch.state.as_str() {
        "done" => "done",
        "undone" => "stopped",
        _ => "half",
    };
    State { fill, word: desk.say().t(&key("plugin-batch", &batch.state)) }
}

/// `POST /desk/imports/{plugin}/{code}`: reads a table and shows what it would do.
///
/// # Errors
/// `not_found`; a refused file is told on the page, and nothing of it is kept.
pub async fn add(req: HttpRequest, desk: Desk, upload: Upload) -> Answer {
    let (name, code) = (req.match_info().query("plugin"), req.match_info().query("code"));
    let done = match upload.file("file") {
        None => Err(Refusal::field("file", "required")),
        Some(file) => {
            let given = (file.name.clone(), file.bytes.to_vec());
            plugin::check(&desk.site.app, desk.visitor(), (name, code), given).await.map_err(of_stop)
        }
    };
    match done {
        Ok(batch) => desk.go(format!("/desk/import-batches/{}", batch.id)),
        Err(refusal) => {
            let view = page(&desk, name, Some((code, &refusal))).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/import-batches/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn show(desk: Desk, id: PathId<PluginBatchNoun>) -> Answer {
    let (batch, _) = plugin::batch(&desk.site.app, desk.visitor(), id.0).await?;
    desk.page(&batch_page(&desk, &batch, None))
}

fn batch_page(desk: &Desk, batch: &Batch, refusal: Option<&Refusal>) -> PluginBatch {
    let say = desk.say();
    let findings = plugin::findings(batch);
    let faulty: std::collections::BTreeSet<(&str, u32)> =
        findings.iter().map(|one| (one.sheet.as_str(), one.row)).collect();
    let figures = [
        ("rows", batch.row_count.to_string()),
        ("accepted", batch.accepted.to_string()),
        ("known", batch.known.to_string()),
        ("faulty", faulty.len().to_string()),
    ];
    let figures: Vec<(&str, &str)> = figures.iter().map(|(name, n)| (*name, n.as_str())).collect();
    let address = format!("/desk/import-batches/{}", batch.id);
    let form = Form::post(address).keep("version", batch.version.to_string());
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
    let row = |one: &falin_domain::workflow::Misread| FindingRow {
        at: say.with("desk-plugin-import-row", &[("sheet", &one.sheet), ("row", &one.row.to_string())]),
        column: one.column.clone(),
        text: say.field_error(&one.fault()),
    };
    PluginBatch {
        back: Link::new(format!("/desk/imports/{}", batch.plugin), say.t("desk-plugin-imports")),
        file: batch.file_name.clone(),
        state: state(desk, batch),
        errors: refusal.map(|refusal| say.error_summary(refusal)),
        about: say.with(&key("desk-plugin-import-about", &batch.state), &figures),
        links: Vec::new(),
        findings: findings.iter().map(row).collect(),
        form,
    }
}

/// `POST /desk/import-batches/{id}`: puts it into cases, or takes them back.
///
/// # Errors
/// `not_found`; what is refused is told on the page.
pub async fn act(desk: Desk, id: PathId<PluginBatchNoun>, body: Body) -> Answer {
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let fields = body.form()?;
    let version = choices::version(&fields);
    let done = match fields.filled("action") {
        Some("commit") => plugin::commit(app, visitor, id.0, version).await.map_err(of_stop),
        Some("drop") => plugin::throw_away(app, visitor, id.0, version).await.map_err(of_stop),
        Some("undo") => plugin::undo(app, visitor, id.0, version).await.map_err(of_stop),
        _ => Err(Refusal::new("action.not_allowed")),
    };
    match done {
        Ok(batch) if batch.state == "dropped" => desk.go(format!("/desk/imports/{}", batch.plugin)),
        Ok(_) => desk.go(format!("/desk/import-batches/{}", id.0)),
        Err(refusal) => {
            let (batch, _) = plugin::batch(app, visitor, id.0).await?;
            desk.again(&refusal, &batch_page(&desk, &batch, Some(&refusal)))
        }
    }
}
