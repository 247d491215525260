//! Papers at the desk: the list, one paper, its print and document; the forms and the kinds are in their own files.

mod form;
mod kinds;
mod office;

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header;
use falin_app::docx::MEDIA;
use falin_app::paper::{self, Filter, Listed, Paper, Shown};
use falin_domain::access::{Act, Noun};
use falin_domain::paper::Paper as Form;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{PaperId, PaperNoun};

pub(crate) use form::month;
pub use form::{correct, create, new, save_correction};
pub use kinds::{kind, kind_outline, kind_own, kind_print, kind_sample, list_kinds, revert, upload};
pub use office::{office, save_office};

use super::choices::{self, version};
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::Filters;
use crate::look::desk::Link;
use crate::look::desk::paper::{EditionRow, PaperList, PaperRow, PaperShow, void_form};
use crate::look::format;
use crate::look::parts::{Fact, Field, FieldOption, Notice, State};
use crate::look::print::paper::PaperPrint;
use crate::problem::{Answer, of_stop};
use crate::query::{PathId, Query};

const HERE: &str = "/desk/papers";

/// A .docx to be saved under its name (RFC 6266, UTF-8 by RFC 8187).
pub fn attached(name: &str, bytes: Vec<u8>) -> HttpResponse {
    let name = named_file(name, "paper.docx");
    HttpResponse::Ok()
        .content_type(MEDIA)
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(bytes)
}

/// The header that names a file: `plain` for browsers that read no other.
pub fn named_file(name: &str, plain: &str) -> String {
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", percent(name))
}

fn percent(text: &str) -> String {
    let one = |byte: u8| match byte {
        b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    text.bytes().map(one).collect()
}

/// Text key of a sort of case.
fn group(noun: &str) -> String {
    let noun = if noun.contains('/') { "plugin" } else { noun };
    format!("desk-paper-group-{noun}")
}

/// The language of what lists call a kind: the house's papers have Chinese titles only.
pub(crate) fn called(desk: &Desk, form: Option<&Form>) -> &'static str {
    match form {
        Some(form) if form.own.is_some() && desk.lang.code() == "en" => "en",
        _ => "zh-CN",
    }
}

fn when(desk: &Desk, ms: i64) -> String {
    let at = Instant::from_millis(ms);
    format!("{} {}", desk.day(at.date()), at.clock_text())
}

/// `GET /desk/papers?subject=&noun=&kind=`.
///
/// # Errors
/// `form.invalid`, `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let chosen = query.filled("kind").unwrap_or_default();
    let subject = query.id("subject")?;
    let noun = query.filled("noun").map(str::to_owned);
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let kinds = query.filled("kind").map(|kind| paper::codes(app, visitor, kind)).unwrap_or_default();
    let filter = Filter { subject, noun: noun.clone(), kinds };
    let page = paper::list(app, visitor, filter, query.window()?).await?;
    let mut kinds = vec![FieldOption::new("", desk.say().t("desk-any"), chosen)];
    let option = |form: &Arc<Form>| FieldOption::new(&form.code, form.called(desk.lang.code()), chosen);
    kinds.extend(paper::kinds(app, visitor).iter().map(option));
    let new = match (subject, noun) {
        (Some(subject), Some(noun)) => {
            format!("{HERE}/kinds?noun={}&subject={subject}", format::query_escape(&noun))
        }
        _ => String::new(),
    };
    desk.page(&PaperList {
        filters: Filters::new(HERE, vec![Field::select("kind", "desk-paper-kind", kinds)]),
        rows: page.items.iter().map(|row| listed(&desk, row)).collect(),
        pager: choices::pager(&query, HERE, &["subject", "noun", "kind"], page.next.as_ref()),
        new,
    })
}

fn listed(desk: &Desk, listed: &Listed) -> PaperRow {
    let row = &listed.paper;
    PaperRow {
        href: format!("{HERE}/{}", row.id),
        title: listed.called(desk.lang.code()).to_owned(),
        number: row.number.clone(),
        noun: desk.say().t(&group(&row.subject_noun)),
        when: when(desk, row.created_ms),
        state: state(desk, row),
    }
}

fn state(desk: &Desk, row: &Paper) -> State {
    let (fill, key) = match row.voided_ms {
        Some(_) => ("stopped", "desk-paper-state-void"),
        None => ("full", "desk-paper-state-issued"),
    };
    State { fill, word: desk.say().t(key) }
}

/// `GET /desk/papers/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn show(desk: Desk, id: PathId<PaperNoun>) -> Answer {
    let shown = paper::one(&desk.site.app, desk.visitor(), id.0).await?;
    desk.page(&view(&desk, &shown, "", None))
}

fn view(desk: &Desk, shown: &Shown, reason: &str, refusal: Option<&Refusal>) -> PaperShow {
    let (say, row) = (desk.say(), &shown.paper);
    let address = format!("{HERE}/{}", row.id);
    let may = desk.visitor().may(Act::Write, Noun::Paper) && row.voided_ms.is_none();
    let case = format!("{HERE}?subject={}&noun={}", row.subject_id, format::query_escape(&row.subject_noun));
    let mut facts = vec![Fact::new("desk-paper-state", state(desk, row).word)];
    if !row.number.is_empty() {
        facts.insert(0, Fact::new("desk-paper-number", &row.number));
    }
    facts.push(Fact::new("desk-paper-case", say.t(&group(&row.subject_noun))).href(&case));
    facts.push(Fact::new("desk-paper-when", when(desk, row.created_ms)));
    let edition = |line: &paper::VersionLine| EditionRow {
        n: line.n.to_string(),
        when: when(desk, line.created_ms),
        hash: line.hash.chars().take(16).collect(),
        print: format!("{address}/print?edition={}", line.n),
        docx: format!("{address}/document.docx?edition={}", line.n),
    };
    PaperShow {
        back: Link::new(case, say.t("desk-paper-list-title")),
        title: shown.listed().called(desk.lang.code()).to_owned(),
        notice: notice(desk, shown),
        facts,
        print: format!("{address}/print"),
        docx: format!("{address}/document.docx"),
        correct: if may && shown.form.is_some() { format!("{address}/correct") } else { String::new() },
        editions: shown.versions.iter().map(edition).collect(),
        void: may.then(|| void_form(&say, &address, row.version, reason, refusal)),
    }
}

/// Why it is void, or what is still to be written by hand.
fn notice(desk: &Desk, shown: &Shown) -> Option<Notice> {
    if let Some(reason) = &shown.void_reason {
        return Some(Notice::new("danger", desk.say().t("desk-paper-voided"), reason));
    }
    let form = shown.form.as_ref()?;
    let label = |name: &String| form.field(name).map_or_else(|| name.clone(), |field| field.label.clone());
    let blanks: Vec<String> = shown.versions.first()?.blanks.iter().map(label).collect();
    (!blanks.is_empty())
        .then(|| Notice::new("caution", desk.say().t("desk-paper-blank"), desk.say().list(&blanks)))
}

/// `GET /desk/papers/{id}/print?edition=`.
///
/// # Errors
/// `not_found`.
pub async fn print(desk: Desk, id: PathId<PaperNoun>, query: Query) -> Answer {
    let edition = query.parsed("edition", "not_a_number")?;
    let sheet = paper::sheet(&desk.site.app, desk.visitor(), id.0, edition).await?;
    desk.page(&PaperPrint::new(&sheet))
}

/// `GET /desk/papers/{id}/document.docx?edition=`.
///
/// # Errors
/// `not_found`.
pub async fn docx(desk: Desk, id: PathId<PaperNoun>, query: Query) -> Answer {
    let edition = query.parsed("edition", "not_a_number")?;
    let (name, bytes) = paper::docx(&desk.site.app, desk.visitor(), id.0, edition).await?;
    Ok(attached(&name, bytes))
}

/// `POST /desk/papers/{id}/void`.
///
/// # Errors
/// `not_found`; a refusal is shown with the paper.
pub async fn void(desk: Desk, id: PathId<PaperNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let reason = fields.get("reason").unwrap_or_default();
    let at: (PaperId, i64) = (id.0, version(&fields));
    match paper::void_by(&desk.site.app, desk.visitor(), at, reason).await {
        Ok(_) => desk.go(format!("{HERE}/{}", id.0)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let shown = paper::one(&desk.site.app, desk.visitor(), id.0).await?;
            desk.again(&refusal, &view(&desk, &shown, reason, Some(&refusal)))
        }
    }
}
