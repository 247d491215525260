//! `/api/v1/report-forms` and `/api/v1/figure-reports`: the city's own forms filled with figures, figures kept as they
//! were reported, and the month's claim of mediation.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::report_form::{self, ReportForm};
use falin_app::statistics::{self, Report};
use falin_app::{claim, docx};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::ReportNoun;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::cases::language;
use super::listed;
use super::statistics::asked;
use crate::body::Body;
use crate::openapi::{Doc, PAGE, Reply};
use crate::pages::papers::named_file;
use crate::problem::Answer;
use crate::query::{PathId, Query};
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::upload::Upload;
use crate::visitor::Signed;

const TITLE: Shape = Shape::Text(100);
const FORM: Shape = Shape::Object(
    "ReportForm",
    &[
        must("title", TITLE),
        must("file", Shape::Text(200)),
        must("edition", Shape::Whole(1, i64::MAX)),
        must("since", Shape::Time),
    ],
);
const FORMS: Shape = Shape::Object("ReportForms", &[must("items", Shape::List(&FORM, 1000))]);
const FORM_ACT: Shape =
    Shape::Object("ReportFormAct", &[must("action", Shape::OneOf(&["retire"])), must("title", TITLE)]);
const FILLED: &[Member] =
    &[must("form", TITLE), may("place", Shape::Text(36)), may("from", Shape::Date), may("to", Shape::Date)];
const REPORT: Shape = Shape::Object(
    "FigureReport",
    &[
        must("id", Shape::Uuid),
        must("title", TITLE),
        must("place", Shape::Maybe(&Shape::Uuid)),
        must("from", Shape::Date),
        must("to", Shape::Date),
        must("at", Shape::Time),
        must("figures", Shape::Any),
        may("now", Shape::Any),
    ],
);
const REPORTS: Shape = crate::listed!("FigureReports", REPORT);
const KEEP: Shape = Shape::Object(
    "NewFigureReport",
    &[
        must("title", TITLE),
        may("place", Shape::Maybe(&Shape::Text(36))),
        may("from", Shape::Maybe(&Shape::Date)),
        may("to", Shape::Maybe(&Shape::Date)),
    ],
);
const CLAIMED: Shape = Shape::Object(
    "ClaimLine",
    &[
        must("case_id", Shape::Uuid),
        must("number", Shape::Text(100)),
        must("committee", Shape::Text(200)),
        must("difficulty", Shape::Text(40)),
        must("outcome", Shape::Text(40)),
        must("dossier", Shape::Bool),
        must("fen", Shape::Whole(0, i64::MAX)),
    ],
);
const CLAIM: Shape = Shape::Object(
    "MediationClaim",
    &[
        must("from", Shape::Date),
        must("to", Shape::Date),
        must("fen", Shape::Whole(0, i64::MAX)),
        must("items", Shape::List(&CLAIMED, 100_000)),
    ],
);

/// Document of the forms.
pub const FORM_LIST: Doc =
    Doc::read("statistics", "The report forms that the county has in use, by title.", &FORMS);
/// Document of a new form.
pub const FORM_ADD: Doc = Doc {
    body: None,
    reply: Reply::Json(201, &FORM),
    ..Doc::act(
        "statistics",
        "Checks a form (.docx or .xlsx with figures as placeholders) and puts it in use, in the place of one of the \
         same title: multipart/form-data with `title` and `file`.",
        &FORM_ACT,
        &FORM,
    )
}
.refusals(&["form.invalid"]);
/// Document of taking a form out of use.
pub const FORM_ACTS: Doc = Doc::act("statistics", "Takes a form out of use.", &FORM_ACT, &FORMS);
/// Document of a filled form.
pub const FORM_FILLED: Doc = Doc {
    reply: Reply::File("application/octet-stream"),
    ..Doc::read("statistics", "A form filled with the figures of a place and period.", &FORM).query(FILLED)
}
.refusals(&["division.unknown", "form.invalid"]);
/// Document of what was reported.
pub const REPORT_LIST: Doc =
    Doc::read("statistics", "Figures as they were reported, newest first.", &REPORTS).query(&PAGE);
/// Document of one report.
pub const REPORT_ONE: Doc = Doc::read(
    "statistics",
    "Figures as they were reported, and under `now` what they are today, for the same place and period.",
    &REPORT,
);
/// Document of keeping a report.
pub const REPORT_ADD: Doc = Doc::create(
    "statistics",
    "Keeps the figures of a place and period as they are reported today.",
    &KEEP,
    &REPORT,
)
.refusals(&["division.unknown"]);
/// Document of the claim.
pub const CLAIM_ONE: Doc = Doc::read(
    "committee",
    "The claim of a month (`2026-10`) by grade and tariff, a line a closed case.",
    &CLAIM,
)
.query(&[must("month", Shape::Text(7))])
.refusals(&["form.invalid"]);

fn form(one: &ReportForm) -> Value {
    json!({
        "title": one.title, "file": one.file_name, "edition": one.edition,
        "since": Instant::from_millis(one.created_ms),
    })
}

async fn forms(site: &Site, me: &Signed) -> Result<Value, crate::problem::Refused> {
    let all = report_form::forms(&site.app, &me.visitor).await?;
    Ok(json!({ "items": all.iter().map(form).collect::<Vec<_>>() }))
}

/// `GET /api/v1/report-forms`.
///
/// # Errors
/// See [`FORM_LIST`].
pub async fn form_list(site: Data<Site>, me: Signed) -> Answer {
    Ok(HttpResponse::Ok().json(forms(&site, &me).await?))
}

/// `POST /api/v1/report-forms`.
///
/// # Errors
/// See [`FORM_ADD`].
pub async fn form_add(site: Data<Site>, me: Signed, upload: Upload) -> Answer {
    let file = upload.file("file").ok_or_else(|| Refusal::field("file", "required"))?;
    let title = upload.fields.get("title").unwrap_or_default();
    let made = report_form::add(&site.app, &me.visitor, title, (&file.name, &file.bytes)).await?;
    Ok(HttpResponse::Created().json(form(&made)))
}

#[derive(Deserialize)]
struct Retired {
    title: String,
}

/// `POST /api/v1/report-forms/actions`.
///
/// # Errors
/// See [`FORM_ACTS`].
pub async fn form_act(site: Data<Site>, me: Signed, body: Body) -> Answer {
    let Retired { title } = body.json(&FORM_ACT)?;
    report_form::retire(&site.app, &me.visitor, &title).await?;
    Ok(HttpResponse::Ok().json(forms(&site, &me).await?))
}

/// `GET /api/v1/report-forms/filled`.
///
/// # Errors
/// See [`FORM_FILLED`].
pub async fn form_filled(site: Data<Site>, me: Signed, query: Query, req: HttpRequest) -> Answer {
    let title = query.filled("form").unwrap_or_default();
    let english = language(&req) == "en";
    let (name, workbook, bytes) =
        report_form::filled(&site.app, &me.visitor, title, asked(&query)?, english).await?;
    let (media, plain) = match workbook {
        true => (docx::WORKBOOK_MEDIA, "report.xlsx"),
        false => (docx::MEDIA, "report.docx"),
    };
    Ok(HttpResponse::Ok()
        .content_type(media)
        .insert_header(("content-disposition", named_file(&name, plain)))
        .insert_header(("cache-control", "no-store"))
        .body(bytes))
}

fn report(one: &Report) -> Value {
    let figures: Map<String, Value> = serde_json::from_str(&one.figures).unwrap_or_default();
    json!({
        "id": one.id, "title": one.title, "place": one.division_id, "from": one.from_date, "to": one.to_date,
        "at": Instant::from_millis(one.created_ms), "figures": figures,
    })
}

/// `GET /api/v1/figure-reports`.
///
/// # Errors
/// See [`REPORT_LIST`].
pub async fn report_list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let page = statistics::reports(&site.app, &me.visitor, query.window()?).await?;
    listed(page, |one| report(&one))
}

/// `GET /api/v1/figure-reports/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn report_one(site: Data<Site>, me: Signed, id: PathId<ReportNoun>) -> Answer {
    let (kept, table) = statistics::reported(&site.app, &me.visitor, id.0).await?;
    let mut value = report(&kept);
    let house = table.lines.iter().map(|line| (line.figure.code.to_owned(), json!(line.value)));
    let own = table.own.iter().flat_map(|own| {
        own.lines.iter().map(move |line| (statistics::own_key(own, line), json!(line.value)))
    });
    value["now"] = Value::Object(house.chain(own).collect());
    Ok(HttpResponse::Ok().json(value))
}

/// `POST /api/v1/figure-reports`.
///
/// # Errors
/// See [`REPORT_ADD`].
pub async fn report_add(site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Map<String, Value> = body.json(&KEEP)?;
    let text = |name: &str| given.get(name).and_then(Value::as_str);
    let day = |name: &str| {
        let read = |text: &str| text.parse().map_err(|_| Refusal::field(name, "date.invalid"));
        text(name).map(read).transpose()
    };
    let asked =
        statistics::Asked { place: text("place").map(str::to_owned), from: day("from")?, to: day("to")? };
    let kept = statistics::report(&site.app, &me.visitor, asked, text("title").unwrap_or_default()).await?;
    Ok(HttpResponse::Created().json(report(&kept)))
}

/// `GET /api/v1/mediation-claims`.
///
/// # Errors
/// See [`CLAIM_ONE`].
pub async fn claimed(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let found = claim::month(&site.app, &me.visitor, query.filled("month").unwrap_or_default()).await?;
    let line = |one: &claim::Line| {
        json!({
            "case_id": one.case.id, "number": one.case.number, "committee": one.committee,
            "difficulty": one.difficulty, "outcome": one.outcome, "dossier": one.dossier, "fen": one.sum,
        })
    };
    let items: Vec<Value> = found.lines.iter().map(line).collect();
    Ok(HttpResponse::Ok()
        .json(json!({ "from": found.from, "to": found.to, "fen": found.sum, "items": items })))
}
