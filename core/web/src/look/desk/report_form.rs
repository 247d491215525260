//! The city's own report forms: filled for a period, brought in, taken out.

use serde::Serialize;

use super::{Filters, Form, Link, with_words};
use crate::look::parts::{Button, Field, FieldOption};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// The forms that a county has.
#[derive(Clone, Serialize)]
pub struct ReportForms {
    /// Back to the figures.
    pub back: Link,
    /// Which form, for which place and period; None where there is none, or the reader may not take figures out.
    pub fill: Option<Filters>,
    /// Forms in use.
    pub rows: Vec<FormRow>,
    /// Brings one in; None without the right.
    pub upload: Option<Form>,
    /// Placeholders and what each stands for.
    pub marks: Vec<MarkRow>,
}

/// A form in use.
#[derive(Clone, Serialize)]
pub struct FormRow {
    /// Its title.
    pub title: String,
    /// The file as it was uploaded.
    pub file: String,
    /// The day on which it came.
    pub day: String,
    /// Takes it out of use; None without the right.
    pub retire: Option<Form>,
}

/// A placeholder.
#[derive(Clone, Serialize)]
pub struct MarkRow {
    /// As it is written: `{{mediations}}`.
    pub mark: String,
    /// What it stands for.
    pub name: String,
    /// Its unit; may be empty.
    pub unit: String,
}

impl View for ReportForms {
    const TEMPLATE: &'static str = "pages/desk/statistics/forms";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("stats-forms")
    }

    fn samples() -> Vec<Self> {
        let forms = vec![FieldOption::new("市局月报", "市局月报", "市局月报")];
        let fill = vec![
            Field::select("form", "stats-forms-which", forms),
            Field::input("date", "from", "stats-from").value("2026-10-01"),
            Field::input("date", "to", "stats-to").value("2026-10-31"),
        ];
        let retire = with_words(|say| {
            let button = Button::submit("low", say.t("stats-forms-retire"));
            vec![Form::post("/desk/statistics/forms/retire").keep("title", "市局月报").button(button)]
        });
        let row = FormRow {
            title: "市局月报".into(),
            file: "月报（新）.xlsx".into(),
            day: "2026年11月2日".into(),
            retire: retire.into_iter().next(),
        };
        let mark = MarkRow { mark: "{{mediations}}".into(), name: "受理调解".into(), unit: "件".into() };
        let full = Self {
            back: Link::new("/desk/statistics", "统计"),
            fill: Some(Filters {
                action: "/desk/statistics/forms/filled".into(),
                fields: fill,
                active: false,
            }),
            rows: vec![row],
            upload: with_words(|say| vec![upload_form(say, "", None)]).into_iter().next(),
            marks: vec![mark],
        };
        vec![full.clone(), Self { fill: None, rows: Vec::new(), upload: None, ..full }]
    }
}

/// The form that brings a report form in.
pub fn upload_form(say: &Say<'_>, title: &str, refusal: Option<&falin_domain::refusal::Refusal>) -> Form {
    Form::post("/desk/statistics/forms")
        .uploading()
        .field(Field::text("title", "stats-forms-title").hint("stats-forms-title-hint").value(title))
        .field(Field::input("file", "file", "stats-forms-file").hint("stats-forms-file-hint"))
        .button(Button::submit("outline", say.t("stats-forms-add")))
        .maybe_refused(say, refusal)
}

/// These views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<ReportForms>()]
}
