//! The sheet from which a legal-aid case is copied into the provincial system: its values in the order of that form,
//! what is still missing too.

use falin_app::casework::{self, Seen};
use falin_domain::access::Role;
use falin_domain::directory::Gender;
use falin_domain::time::Instant;
use falin_domain::words::{CaseNoun, IdNumber};
use serde_json::Value;

use crate::desk::Desk;
use crate::flow_path::FlowPath;
use crate::look::desk::Link;
use crate::look::desk::case::{CaseFact, CaseSheet, SheetPart, in_words, lang_code};
use crate::problem::Answer;
use crate::query::PathId;

/// Parts of the form with their fields in order.
const PARTS: [(&str, &[&str]); 6] = [
    ("desk-sheet-applicant", &["applicant", "id_number", "phone", "address", "crowds"]),
    (
        "desk-sheet-representative",
        &["representative", "representative_ground", "representative_id", "representative_relation"],
    ),
    (
        "desk-sheet-matter",
        &[
            "source",
            "channel",
            "matter",
            "service",
            "stage",
            "facts",
            "opponents",
            "case_organ",
            "organ_case_number",
            "notified",
            "life_or_death",
            "urgent_ground",
        ],
    ),
    (
        "desk-sheet-means",
        &["unconditional", "exempt", "household_size", "monthly_income", "hardship", "promise"],
    ),
    ("desk-sheet-decision", &["decision", "refusal", "explanation"]),
    (
        "desk-sheet-end",
        &[
            "ended_on",
            "result",
            "recovered",
            "report",
            "quality",
            "subsidy",
            "satisfaction",
            "province_number",
        ],
    ),
];

/// Whether the visitor keeps the provincial system, and so has the sheet.
pub(super) fn keeps(desk: &Desk, seen: &Seen) -> bool {
    seen.flow.id == "aid" && [Role::AidOfficer, Role::Clerk].iter().any(|role| desk.visitor().is(*role))
}

/// `GET /desk/legal-aid/{id}/sheet`.
///
/// # Errors
/// `not_found`.
pub async fn sheet(desk: Desk, path: FlowPath, id: PathId<CaseNoun>) -> Answer {
    let seen = casework::one(&desk.site.app, desk.visitor(), &path.flow, id.0).await?;
    let parts =
        PARTS.iter().map(|(title, names)| SheetPart { title, rows: rows(&desk, &seen, (title, names)) });
    desk.page(&CaseSheet {
        back: Link::new(format!("{}/{}", path.base, seen.case.id), seen.case.number.clone()),
        parts: parts.collect(),
    })
}

fn rows(desk: &Desk, seen: &Seen, (title, names): (&str, &[&str])) -> Vec<CaseFact> {
    let lang = lang_code(desk.lang);
    let say = desk.say();
    let own = |key: &str, text: String| {
        CaseFact::new(say.t(key), Some(text).filter(|text| !text.is_empty()).into_iter().collect())
    };
    let mut rows = Vec::new();
    if title == "desk-sheet-matter" {
        rows.push(own("desk-sheet-number", seen.case.number.clone()));
        let began = Instant::from_millis(seen.case.created_ms).date();
        rows.push(own("desk-sheet-began", desk.day(began)));
    }
    for field in names.iter().filter_map(|name| seen.flow.field(name)) {
        let lines = in_words(field, seen.values.get(&field.name), lang);
        rows.push(CaseFact::new(field.label.in_language(lang), lines));
        if field.name == "id_number" {
            rows.extend(from_number(desk, seen));
        }
    }
    if title == "desk-sheet-decision" {
        let worker = seen.worker.as_ref();
        rows.push(own("desk-sheet-worker", worker.map(|one| one.name.clone()).unwrap_or_default()));
        rows.push(own("desk-sheet-licence", worker.and_then(|one| one.licence.clone()).unwrap_or_default()));
    }
    rows
}

/// Sex and birthday, as the ID number tells them; other documents tell neither.
fn from_number(desk: &Desk, seen: &Seen) -> Vec<CaseFact> {
    let text = seen.values.get("id_number").and_then(Value::as_str).unwrap_or_default();
    let number = IdNumber::parse(text, desk.site.app.today()).ok();
    let gender = number.as_ref().map(|one| if one.is_male() { Gender::Male } else { Gender::Female });
    let gender = gender.map(|one| desk.say().t(&format!("desk-worker-gender-{}", one.code())));
    let birth = number.as_ref().map(|one| desk.day(one.birth()));
    let row = |key: &str, text: Option<String>| CaseFact::new(desk.say().t(key), text.into_iter().collect());
    vec![row("desk-sheet-gender", gender), row("desk-sheet-birth", birth)]
}
