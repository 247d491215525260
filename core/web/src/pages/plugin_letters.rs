//! What a workflow could not do by itself: read on the workflow's page, tried again or laid aside from there.

use actix_web::HttpRequest;
use falin_app::plugin::{self, Answer as Answered, Manifest, Told};
use falin_domain::access::{Act, Noun};
use falin_domain::refusal::Refusal;
use falin_domain::words::{LetterNoun, PluginId, PluginNoun};
use falin_domain::workflow::hooked;

use super::choices;
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::plugin::LetterRow;
use crate::look::desk::{Form, Link};
use crate::look::parts::{Button, Notice};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, path_id};

/// The letters that wait, for the page of one workflow.
///
/// # Errors
/// `access.denied`, `not_found`.
pub(super) async fn rows(desk: &Desk, id: PluginId) -> Result<Vec<LetterRow>, Refused> {
    let all = plugin::letters(&desk.site.app, desk.visitor(), id).await?;
    let may = desk.visitor().whole_scope(Act::Commit, Noun::Plugin).is_ok();
    let manifest = plugin::one(&desk.site.app, desk.visitor(), id).await?.manifest;
    Ok(all.iter().map(|one| row(desk, &manifest, (id, one), may)).collect())
}

/// What was to be done, as people know it: the job, or the step that the hook follows; its code where the version in use
/// has it no more.
fn work(desk: &Desk, manifest: &Manifest, told: &Told) -> String {
    let letter = &told.letter;
    let job = || manifest.job.iter().find(|job| job.code == letter.code).map(|job| job.name.clone());
    let step =
        || hooked(&letter.code, &manifest.flow).and_then(|(flow, step)| Some(flow.step(step)?.name.clone()));
    let name = if letter.kind == "job" { job() } else { step() };
    name.map_or_else(|| letter.code.clone(), |name| name.in_language(desk.lang.code()).to_owned())
}

fn row(desk: &Desk, manifest: &Manifest, (id, told): (PluginId, &Told), may: bool) -> LetterRow {
    let (say, letter) = (desk.say(), &told.letter);
    let form = Form::post(format!("/desk/plugins/{id}/letters/{}", letter.id))
        .keep("version", letter.version.to_string())
        .button(Button::submit("outline", say.t("desk-plugin-letter-retry")).named("action", "retry"))
        .button(Button::submit("refuse", say.t("desk-plugin-letter-drop")).named("action", "drop"));
    let href = match &told.case {
        Some((case, flow)) => format!("{}/{case}", crate::flow_path::desk_base(flow)),
        None => String::new(),
    };
    LetterRow {
        what: work(desk, manifest, told),
        about: Link::new(href, told.about.clone()),
        said: said(desk, told),
        day: desk.day(falin_domain::time::Instant::from_millis(letter.changed_ms).date()),
        form: may.then_some(form),
    }
}

/// What was refused, in words: the faults at fields where there are any.
fn said(desk: &Desk, told: &Told) -> String {
    let say = desk.say();
    if !told.fields.is_empty() {
        let all: Vec<String> = told.fields.iter().map(|fault| say.field_error(fault)).collect();
        return all.join("; ");
    }
    let args: Vec<(&str, &str)> =
        told.args.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    say.refused(&told.code, &args)
}

/// `POST /desk/plugins/{id}/letters/{letter}`: tries it again, or lays it aside.
///
/// # Errors
/// `not_found`, `state.changed`, `action.not_allowed`.
pub async fn answer(req: HttpRequest, desk: Desk, id: PathId<PluginNoun>, body: Body) -> Answer {
    let letter = path_id::<LetterNoun>(&req, "letter")?;
    let fields = body.form()?;
    let wanted = fields.filled("action").and_then(Answered::from_code);
    let wanted = wanted.ok_or_else(|| Refusal::new("action.not_allowed"))?;
    let version = choices::version(&fields);
    match plugin::answer(&desk.site.app, desk.visitor(), (id.0, letter), version, wanted)
        .await
        .map_err(of_stop)
    {
        Ok(_) => desk.go(format!("/desk/plugins/{}?letter={letter}", id.0)),
        Err(refusal) => desk.again(&refusal, &super::plugins::page(&desk, id.0, Some(&refusal)).await?),
    }
}

/// What became of a letter that was just answered.
///
/// # Errors
/// `access.denied`, `not_found`.
pub(super) async fn answered(desk: &Desk, id: PluginId, letter: &str) -> Result<Notice, Refused> {
    let waiting = plugin::letters(&desk.site.app, desk.visitor(), id).await?;
    let (tone, text) = match waiting.iter().any(|one| one.letter.id.to_string() == letter) {
        true => ("caution", "desk-plugin-letter-again"),
        false => ("done", "desk-plugin-letter-done"),
    };
    Ok(Notice::new(tone, "", desk.say().t(text)))
}
