//! The form of a paper: a new one for a case, or the correction of an issued one.

use falin_app::paper::{self, SubjectId, Wanted};
use falin_domain::paper::{Field, Kind, Paper as Form, typed_row};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{PaperId, PaperNoun};
use serde_json::{Map, Value, json};

use super::HERE;
use crate::body::{Body, Fields};
use crate::desk::Desk;
use crate::look::desk::Link;
use crate::look::desk::paper::{Ask, PaperEdit};
use crate::look::parts::{Button, Hidden};
use crate::look::print::paper::PaperPrint;
use crate::pages::choices::version;
use crate::problem::{Answer, of_stop};
use crate::query::{PathId, Query};

/// Ticked where the rest of a letter is written by hand, and where one more is wanted beside one that holds.
const BY_HAND: &str = "leave_blank";
const AGAIN: &str = "one_more";

/// What a form is about: a new paper of a case, or a version of an issued one.
enum About {
    New { noun: String, subject: SubjectId },
    Issued { id: PaperId, version: i64 },
}

/// `GET /desk/papers/new?kind=&noun=&subject=`.
///
/// # Errors
/// `form.invalid` for an unknown kind, or without a case.
pub async fn new(desk: Desk, query: Query) -> Answer {
    let kind = query.filled("kind").ok_or_else(|| Refusal::field("kind", "unknown"))?;
    let subject = query.id("subject")?.ok_or_else(|| Refusal::field("subject", "required"))?;
    let noun = query.filled("noun").unwrap_or_default().to_owned();
    let day = month(&query)?;
    let opened = paper::opened(&desk.site.app, desk.visitor(), kind, (&noun, subject), day).await?;
    let form = &opened.form;
    let typed = typed_of(form, &Value::Object(opened.values));
    desk.page(&edit(&desk, form, &About::New { noun, subject }, &typed, None))
}

/// Kept or known values as a person would have typed them.
fn typed_of(form: &Form, values: &Value) -> Fields {
    let mut typed = Fields::default();
    for field in &form.fields {
        let value = values.get(&field.name).unwrap_or(&Value::Null);
        typed.0.extend(as_typed(field, value).into_iter().map(|text| (field.name.clone(), text)));
    }
    typed
}

/// The first day of the month that an address names as `2026-03`.
///
/// # Errors
/// `form.invalid` at `month`.
pub(crate) fn month(query: &Query) -> Result<Option<Date>, Refusal> {
    let day = |text: &str| format!("{text}-01").parse().map_err(|_| Refusal::field("month", "date.invalid"));
    query.filled("month").map(day).transpose()
}

fn edit(desk: &Desk, form: &Form, about: &About, typed: &Fields, refusal: Option<&Refusal>) -> PaperEdit {
    let say = desk.say();
    // What is signed, sealed, numbered or pasted is not typed.
    let asked = |field: &&Field| {
        !matches!(field.kind, Kind::Sign | Kind::Seal | Kind::Image)
            && (field.kind != Kind::Number || form.number.as_ref().is_some_and(|number| number.given))
    };
    let ask = |field: &Field| {
        let typed: Vec<String> = typed.all(&field.name).map(str::to_owned).collect();
        Ask::new(&say, field, &typed)
    };
    let (action, hidden, save) = match about {
        About::New { noun, subject } => (
            HERE.to_owned(),
            vec![
                Hidden::new("paper_kind", &form.code),
                Hidden::new("subject_noun", noun),
                Hidden::new("subject_id", subject.to_string()),
            ],
            "desk-paper-issue",
        ),
        About::Issued { id, version } => (
            format!("{HERE}/{id}/correct"),
            vec![Hidden::new("version", version.to_string())],
            "desk-paper-save-correction",
        ),
    };
    let back = match about {
        About::New { .. } => Link::new(format!("{HERE}/kinds"), say.t("desk-paper-kinds-title")),
        About::Issued { id, .. } => Link::new(format!("{HERE}/{id}"), form.title.clone()),
    };
    let mut buttons = vec![Button::submit("primary", say.t(save))];
    if matches!(about, About::New { .. }) {
        buttons.push(Button::submit("outline", say.t("desk-paper-preview")).named("preview", "yes"));
    }
    let mut fields: Vec<Ask> = form.fields.iter().filter(asked).map(ask).collect();
    let tick = |name, keys| Ask::tick(&say, name, keys, typed.filled(name).is_some());
    let by_hand = ("desk-paper-by-hand-label", "desk-paper-by-hand");
    fields.extend(form.is_whole().then(|| tick(BY_HAND, by_hand)));
    if matches!(about, About::New { .. }) {
        let second = refusal.is_some_and(|refusal| refusal.code() == "paper.stands");
        let again = ("desk-paper-again-label", "desk-paper-again");
        fields.extend((second || typed.filled(AGAIN).is_some()).then(|| tick(AGAIN, again)));
    }
    PaperEdit { back, title: form.title.clone(), errors: None, action, hidden, fields, buttons }
        .maybe_refused(&say, refusal)
}

/// What was typed, as values: several ticks are a list, everything else its text.
fn values(form: &Form, typed: &Fields) -> Value {
    let mut values = Map::new();
    for field in &form.fields {
        let given: Vec<&str> = typed.all(&field.name).filter(|text| !text.trim().is_empty()).collect();
        let value = match (field.kind, given.as_slice()) {
            (_, []) => continue,
            (Kind::Choices, all) => json!(all),
            (_, [first, ..]) => json!(first),
        };
        values.insert(field.name.clone(), value);
    }
    values.into()
}

/// `POST /desk/papers`: issues, or shows the draft where that was asked for.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn create(desk: Desk, body: Body) -> Answer {
    let typed = body.form()?;
    let kind = typed.filled("paper_kind").ok_or_else(|| Refusal::field("kind", "unknown"))?;
    let noun = typed.get("subject_noun").unwrap_or_default().to_owned();
    let subject: SubjectId = typed
        .filled("subject_id")
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Refusal::field("subject_id", "reference"))?;
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let form = &paper::form_for(app, visitor, kind, (&noun, subject)).await?;
    let values = values(form, &typed);
    let refused = if typed.filled("preview").is_some() {
        match paper::draft(app, visitor, &form.code, (&noun, subject), values).await {
            Ok((sheet, _)) => return desk.page(&PaperPrint::new(&sheet)),
            Err(stop) => of_stop(stop),
        }
    } else {
        let (by_hand, again) = (typed.filled(BY_HAND).is_some(), typed.filled(AGAIN).is_some());
        let wanted = Wanted { values, typed: true, by_hand, again };
        match paper::issue_by(app, visitor, &form.code, (noun.clone(), subject), wanted).await {
            Ok(issued) => return desk.go(format!("{HERE}/{}", issued.paper.id)),
            Err(stop) => of_stop(stop),
        }
    };
    desk.again(&refused, &edit(&desk, form, &About::New { noun, subject }, &typed, Some(&refused)))
}

/// `GET /desk/papers/{id}/correct`.
///
/// # Errors
/// `not_found`; `paper.void`.
pub async fn correct(desk: Desk, id: PathId<PaperNoun>) -> Answer {
    let shown = paper::one(&desk.site.app, desk.visitor(), id.0).await?;
    if shown.paper.voided_ms.is_some() {
        return Err(Refusal::new("paper.void").into());
    }
    let form = shown.form.as_ref().ok_or_else(|| Refusal::new("paper.no_form"))?;
    let mut typed = typed_of(form, &shown.values);
    // Who left a blank for the hand when it was issued leaves it again, unless they say otherwise.
    if shown.versions.first().is_some_and(|version| !version.blanks.is_empty()) {
        typed.0.push((BY_HAND.to_owned(), "yes".to_owned()));
    }
    let about = About::Issued { id: id.0, version: shown.paper.version };
    desk.page(&edit(&desk, form, &about, &typed, None))
}

/// A kept value as a person would have typed it.
fn as_typed(field: &Field, value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(all) if field.kind == Kind::List => {
            let line = |row: &Value| {
                typed_row(&field.columns, |column| {
                    row.get(&column.name).map(|value| one(column.kind, value)).unwrap_or_default()
                })
            };
            vec![all.iter().map(line).collect::<Vec<_>>().join("\n")]
        }
        Value::Array(all) => all.iter().map(|value| one(field.kind, value)).collect(),
        other => vec![one(field.kind, other)],
    }
}

fn one(kind: Kind, value: &Value) -> String {
    match (kind, value) {
        (Kind::Money, Value::Number(fen)) => {
            let fen = fen.as_i64().unwrap_or_default();
            format!("{}.{:02}", fen / 100, fen % 100)
        }
        (_, Value::Bool(truth)) => if *truth { "是" } else { "否" }.to_owned(),
        (_, Value::String(text)) => text.trim().to_owned(),
        (_, other) => other.to_string(),
    }
}

/// `POST /desk/papers/{id}/correct`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn save_correction(desk: Desk, id: PathId<PaperNoun>, body: Body) -> Answer {
    let typed = body.form()?;
    let shown = paper::one(&desk.site.app, desk.visitor(), id.0).await?;
    let form = shown.form.as_ref().ok_or_else(|| Refusal::new("paper.no_form"))?;
    let at = (id.0, version(&typed));
    let given = (values(form, &typed), typed.filled(BY_HAND).is_some());
    match paper::correct_by(&desk.site.app, desk.visitor(), at, given).await {
        Ok(_) => desk.go(format!("{HERE}/{}", id.0)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let about = About::Issued { id: id.0, version: at.1 };
            let mut view = edit(&desk, form, &about, &typed, Some(&refusal));
            if refusal.is_stale() {
                let about = About::Issued { id: id.0, version: shown.paper.version };
                view.meanwhile(&desk.say(), edit(&desk, form, &about, &typed_of(form, &shown.values), None));
            }
            desk.again(&refusal, &view)
        }
    }
}
