//! `/desk/search`: households, workers, firms and villages by name, pinyin, or the last four digits of a
//! telephone; cases by their number.

use falin_app::division::Division;
use falin_app::search::{self, Found, Named};
use falin_app::{Stop, casework, firm, household, worker};
use falin_domain::access::{Act, Noun};
use falin_domain::page::Page;

use crate::desk::Desk;
use crate::flow_path::desk_base;
use crate::look::desk::case::lang_code;
use crate::look::desk::key;
use crate::look::desk::search::{SearchGroup, SearchPage};
use crate::look::format::{place, query_escape};
use crate::look::parts::Go;
use crate::problem::Answer;
use crate::query::Query;

/// `GET /desk/search?q=`: the number of a case leads to the case; else each group holds only what the visitor may read.
///
/// # Errors
/// The store's own; a number too long is said in the page.
pub async fn show(desk: Desk, query: Query) -> Answer {
    let text = query.filled("q").unwrap_or_default().to_owned();
    let mut page = SearchPage { query: text.clone(), refused: String::new(), groups: Vec::new() };
    if text.is_empty() {
        return desk.page(&page);
    }
    match search::everything(&desk.site.app, desk.visitor(), &text).await {
        Ok(Found::Case(flow, id)) => return desk.go(format!("{}/{id}", desk_base(&flow))),
        Ok(Found::Named(found)) => page.groups = groups(&desk, &text, &found),
        Err(Stop::Refused(refusal)) if refusal.code() == "search.digits" => {
            page.refused = desk.say().refusal_title(&refusal);
        }
        Err(stop) => return Err(stop.into()),
    }
    desk.page(&page)
}

fn groups(desk: &Desk, text: &str, found: &Named) -> Vec<SearchGroup> {
    let all = [
        found.households.as_ref().map(|found| households(desk, text, found)),
        found.workers.as_ref().map(|found| workers(desk, text, found)),
        found.firms.as_ref().map(|found| firms(desk, text, found)),
        found.villages.as_ref().map(|found| villages(desk, text, found)),
        found.cases.as_ref().map(|found| cases(desk, found)),
    ];
    all.into_iter().flatten().filter(|group| !group.rows.is_empty()).collect()
}

fn group(title: &'static str, rows: Vec<Go>, list: &str, text: &str, more: bool) -> SearchGroup {
    let more = if more { format!("{list}?find={}", query_escape(text)) } else { String::new() };
    SearchGroup { title, rows, more }
}

fn go(href: String, title: &str, notes: &[String]) -> Go {
    let notes: Vec<&str> = notes.iter().map(String::as_str).filter(|note| !note.is_empty()).collect();
    Go { href, tile: String::new(), title: title.to_owned(), note: notes.join(" · ") }
}

fn households(desk: &Desk, text: &str, found: &Page<household::Line>) -> SearchGroup {
    let say = desk.say();
    let row = |line: &household::Line| {
        let kind = say.t(&key("desk-household-kind", line.household.kind.code()));
        let provider = line.provider.as_ref().map(|provider| provider.name.clone());
        let village = line.place.first().map(|village| place(&village.name).to_owned()).unwrap_or_default();
        let provider = provider.unwrap_or_else(|| say.t("desk-today-unpaired"));
        let href = format!("/desk/households/{}", line.household.id);
        go(href, &line.household.head_name, &[village, kind, provider])
    };
    let rows = found.items.iter().map(row).collect();
    group("desk-search-households", rows, "/desk/households", text, found.next.is_some())
}

fn workers(desk: &Desk, text: &str, found: &Page<worker::Shown>) -> SearchGroup {
    let say = desk.say();
    let row = |shown: &worker::Shown| {
        let kind = say.t(&key("desk-worker-kind", shown.worker.kind.code()));
        let firm = shown.firm.as_ref().map(|firm| firm.name.clone()).unwrap_or_default();
        go(format!("/desk/workers/{}", shown.worker.id), &shown.worker.name, &[firm, kind])
    };
    let rows = found.items.iter().map(row).collect();
    group("desk-search-workers", rows, "/desk/workers", text, found.next.is_some())
}

fn firms(desk: &Desk, text: &str, found: &Page<firm::Counted>) -> SearchGroup {
    let say = desk.say();
    let row = |one: &firm::Counted| {
        let kind = say.t(&key("firm-kind", one.firm.kind.code()));
        go(format!("/desk/firms/{}", one.firm.id), &one.firm.name, &[kind])
    };
    let rows = found.items.iter().map(row).collect();
    group("desk-search-firms", rows, "/desk/firms", text, found.next.is_some())
}

/// Cases about a person; each kind has a list of its own, so that the rest is found there.
fn cases(desk: &Desk, found: &Page<casework::Line>) -> SearchGroup {
    let lang = lang_code(desk.lang);
    let row = |line: &casework::Line| {
        let state = line.flow.state(&line.case.state).map(|state| state.name.in_language(lang).to_owned());
        let village = line.place.as_ref().map(|it| place(&it.name).to_owned()).unwrap_or_default();
        let notes = [line.flow.name.in_language(lang).to_owned(), village, state.unwrap_or_default()];
        let title = format!("{} {}", line.case.person_name, line.case.number);
        go(format!("{}/{}", desk_base(&line.case.flow), line.case.id), title.trim(), &notes)
    };
    SearchGroup {
        title: "desk-search-cases",
        rows: found.items.iter().map(row).collect(),
        more: String::new(),
    }
}

/// A village leads to its households, and to its posts for those who may not see households.
fn villages(desk: &Desk, text: &str, found: &Page<Division>) -> SearchGroup {
    let homes = desk.visitor().may(Act::Read, Noun::Household);
    let row = |village: &Division| {
        let code = village.code.clone().unwrap_or_else(|| village.id.to_string());
        let list = if homes { "households?village" } else { "posts?place" };
        go(format!("/desk/{list}={code}"), place(&village.name), std::slice::from_ref(&code))
    };
    let rows = found.items.iter().map(row).collect();
    group("desk-search-places", rows, "/desk/divisions", text, found.next.is_some())
}
