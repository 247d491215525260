//! `/desk/statistics/forms`: the city's own report forms, filled with the figures of a place and period.

use actix_web::HttpResponse;
use falin_app::report_form::{self, ReportForm, WORDS};
use falin_domain::access::{Act, Noun};
use falin_domain::refusal::Refusal;
use falin_domain::statistics::FIGURES;
use falin_domain::time::{Date, Instant};

use super::papers::named_file;
use crate::api::statistics::asked;
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::report_form::{FormRow, MarkRow, ReportForms, upload_form};
use crate::look::desk::{Filters, Form, Link};
use crate::look::parts::{Button, Field, FieldOption};
use crate::look::{Lang, format};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::Query;
use crate::upload::Upload;

const HERE: &str = "/desk/statistics/forms";

/// `GET /desk/statistics/forms`.
///
/// # Errors
/// The store's own.
pub async fn list(desk: Desk) -> Answer {
    let view = view(&desk, "", None).await?;
    desk.page(&view)
}

async fn view(desk: &Desk, title: &str, refusal: Option<&Refusal>) -> Result<ReportForms, Refused> {
    let say = desk.say();
    let forms = report_form::forms(&desk.site.app, desk.visitor()).await?;
    let may_fill = desk.visitor().may(Act::Export, Noun::Statistics) && !forms.is_empty();
    let may_set = desk.visitor().may(Act::Write, Noun::Setting);
    Ok(ReportForms {
        back: Link::new("/desk/statistics", say.t("stats-title")),
        fill: may_fill.then(|| fill(&forms, desk.site.app.today())),
        rows: forms.iter().map(|form| row(desk, form, may_set)).collect(),
        upload: may_set.then(|| upload_form(&say, title, refusal)),
        marks: marks(desk),
    })
}

/// The month before is what a report is asked for.
fn fill(forms: &[ReportForm], today: Date) -> Filters {
    let (year, month, _) = today.parts();
    let last = Date::new(year, month, 1).unwrap_or(today).plus_days(-1);
    let first = Date::new(last.parts().0, last.parts().1, 1).unwrap_or(last);
    let options = forms.iter().map(|form| FieldOption::new(&form.title, &form.title, "")).collect();
    let fields = vec![
        Field::select("form", "stats-forms-which", options),
        Field::input("date", "from", "stats-from").value(first.to_string()),
        Field::input("date", "to", "stats-to").value(last.to_string()),
    ];
    Filters { action: format!("{HERE}/filled"), fields, active: false }
}

fn row(desk: &Desk, form: &ReportForm, may_set: bool) -> FormRow {
    let retire = || {
        let button = Button::submit("low", desk.say().t("stats-forms-retire"));
        Form::post(format!("{HERE}/retire")).keep("title", &*form.title).button(button)
    };
    FormRow {
        title: form.title.clone(),
        file: form.file_name.clone(),
        day: format::date(desk.lang, Instant::from_millis(form.created_ms).date()),
        retire: may_set.then(retire),
    }
}

/// Every placeholder: the words, the house's figures, those of the county's workflows in use.
fn marks(desk: &Desk) -> Vec<MarkRow> {
    let say = desk.say();
    let lang = desk.lang.code();
    let mark = |code: &str| format!("{{{{{code}}}}}");
    let word = |word: &&str| MarkRow {
        mark: mark(word),
        name: say.t(&format!("stats-forms-word-{word}")),
        unit: String::new(),
    };
    let house = FIGURES.iter().map(|figure| MarkRow {
        mark: mark(figure.code),
        name: figure.name().in_language(lang).to_owned(),
        unit: say.t(&format!("stats-unit-{}", figure.unit.code())),
    });
    let used = desk.site.app.flows.in_use(desk.visitor().county);
    let own = used.iter().flat_map(|plugin| {
        plugin.manifest.statistic.iter().map(move |figure| MarkRow {
            mark: mark(&format!("{}/{}", plugin.name, figure.code)),
            name: figure.name.in_language(lang).to_owned(),
            unit: figure.unit.in_language(lang).to_owned(),
        })
    });
    WORDS.iter().map(word).chain(house).chain(own).collect()
}

/// `POST /desk/statistics/forms`.
///
/// # Errors
/// What is wrong with the form is told on the page, with what was typed.
pub async fn add(desk: Desk, upload: Upload) -> Answer {
    let title = upload.fields.get("title").unwrap_or_default().to_owned();
    let done = match upload.file("file") {
        Some(file) => report_form::add(&desk.site.app, desk.visitor(), &title, (&file.name, &file.bytes))
            .await
            .map(drop),
        None => Err(Refusal::field("file", "required").into()),
    };
    let Err(stop) = done else { return desk.go(HERE) };
    let refusal = of_stop(stop);
    let view = view(&desk, &title, Some(&refusal)).await?;
    desk.again(&refusal, &view)
}

/// `POST /desk/statistics/forms/retire`.
///
/// # Errors
/// `form.invalid`.
pub async fn retire(desk: Desk, body: Body) -> Answer {
    let fields = body.form()?;
    let title = fields.get("title").unwrap_or_default();
    report_form::retire(&desk.site.app, desk.visitor(), title).await?;
    desk.go(HERE)
}

/// `GET /desk/statistics/forms/filled?form=&place=&from=&to=`: the form as a file; the same for programs.
///
/// # Errors
/// `division.unknown`, `form.invalid`.
pub async fn filled(desk: Desk, query: Query) -> Answer {
    let title = query.filled("form").unwrap_or_default();
    let (name, workbook, bytes) =
        report_form::filled(&desk.site.app, desk.visitor(), title, asked(&query)?, desk.lang == Lang::En)
            .await?;
    let media = if workbook { falin_app::docx::WORKBOOK_MEDIA } else { falin_app::docx::MEDIA };
    Ok(HttpResponse::Ok()
        .content_type(media)
        .insert_header((
            "content-disposition",
            named_file(&name, if workbook { "report.xlsx" } else { "report.docx" }),
        ))
        .insert_header(("cache-control", "no-store"))
        .body(bytes))
}
