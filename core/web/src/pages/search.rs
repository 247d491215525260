//! `/desk/search`: households, workers, firms and villages by name, pinyin, or the last four digits of a
//! telephone; cases by their number.

use falin_app::{Stop, casework, division, firm, household, worker};
use falin_domain::access::{Act, Noun};
use falin_domain::directory::DivisionLevel;
use falin_domain::page::Window;

use crate::desk::Desk;
use crate::flow_path::desk_base;
use crate::look::desk::key;
use crate::look::desk::search::{SearchGroup, SearchPage};
use crate::look::format::{place, query_escape};
use crate::look::parts::Go;
use crate::problem::Answer;
use crate::query::Query;

/// Results of one noun that the page shows.
const SHOWN: u16 = 10;

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
    match casework::by_number(&desk.site.app, desk.visitor(), &text).await {
        Ok((flow, id)) => return desk.go(format!("{}/{id}", desk_base(&flow))),
        Err(Stop::Refused(_)) => {}
        Err(stop) => return Err(stop.into()),
    }
    match groups(&desk, &text).await {
        Ok(groups) => page.groups = groups.into_iter().filter(|group| !group.rows.is_empty()).collect(),
        Err(Stop::Refused(refusal)) if refusal.code() == "search.digits" => {
            page.refused = desk.say().refusal_title(&refusal);
        }
        Err(stop) => return Err(stop.into()),
    }
    desk.page(&page)
}

async fn groups(desk: &Desk, text: &str) -> Result<Vec<SearchGroup>, Stop> {
    // Asked first, so that no group answers where another refuses.
    falin_app::search::wanted(text)?;
    let may = |noun| desk.visitor().may(Act::Read, noun);
    let mut groups = Vec::new();
    if may(Noun::Household) {
        groups.push(households(desk, text).await?);
    }
    if may(Noun::Worker) {
        groups.push(workers(desk, text).await?);
    }
    if may(Noun::Firm) {
        groups.push(firms(desk, text).await?);
    }
    if may(Noun::Division) {
        groups.push(villages(desk, text).await?);
    }
    Ok(groups)
}

fn window() -> Window {
    Window { limit: SHOWN, after: None }
}

fn group(title: &'static str, rows: Vec<Go>, list: &str, text: &str, more: bool) -> SearchGroup {
    let more = if more { format!("{list}?find={}", query_escape(text)) } else { String::new() };
    SearchGroup { title, rows, more }
}

fn go(href: String, title: &str, notes: &[String]) -> Go {
    let notes: Vec<&str> = notes.iter().map(String::as_str).filter(|note| !note.is_empty()).collect();
    Go { href, tile: String::new(), title: title.to_owned(), note: notes.join(" · ") }
}

async fn households(desk: &Desk, text: &str) -> Result<SearchGroup, Stop> {
    let say = desk.say();
    let filter = household::Filter { active: Some(true), ..household::Filter::default() };
    let asked = household::Asked { filter, q: Some(text.to_owned()), place: None };
    let found = household::list(&desk.site.app, desk.visitor(), asked, window()).await?;
    let row = |line: &household::Line| {
        let kind = say.t(&key("desk-household-kind", line.household.kind.code()));
        let provider = line.provider.as_ref().map(|provider| provider.name.clone());
        let village = line.place.first().map(|village| place(&village.name).to_owned()).unwrap_or_default();
        let provider = provider.unwrap_or_else(|| say.t("desk-today-unpaired"));
        let href = format!("/desk/households/{}", line.household.id);
        go(href, &line.household.head_name, &[village, kind, provider])
    };
    let rows = found.items.iter().map(row).collect();
    Ok(group("desk-search-households", rows, "/desk/households", text, found.next.is_some()))
}

async fn workers(desk: &Desk, text: &str) -> Result<SearchGroup, Stop> {
    let say = desk.say();
    let filter = worker::Filter { q: text.to_owned(), active: Some(true), ..worker::Filter::default() };
    let found = worker::list(&desk.site.app, desk.visitor(), filter, window()).await?;
    let row = |shown: &worker::Shown| {
        let kind = say.t(&key("desk-worker-kind", shown.worker.kind.code()));
        let firm = shown.firm.as_ref().map(|firm| firm.name.clone()).unwrap_or_default();
        go(format!("/desk/workers/{}", shown.worker.id), &shown.worker.name, &[firm, kind])
    };
    let rows = found.items.iter().map(row).collect();
    Ok(group("desk-search-workers", rows, "/desk/workers", text, found.next.is_some()))
}

async fn firms(desk: &Desk, text: &str) -> Result<SearchGroup, Stop> {
    let say = desk.say();
    let filter = firm::Filter { q: text.to_owned(), active: Some(true), ..firm::Filter::default() };
    let found = firm::list(&desk.site.app, desk.visitor(), filter, window()).await?;
    let row = |one: &firm::Counted| {
        let kind = say.t(&key("firm-kind", one.firm.kind.code()));
        go(format!("/desk/firms/{}", one.firm.id), &one.firm.name, &[kind])
    };
    let rows = found.items.iter().map(row).collect();
    Ok(group("desk-search-firms", rows, "/desk/firms", text, found.next.is_some()))
}

/// A village leads to its households, and to its posts for those who may not see households.
async fn villages(desk: &Desk, text: &str) -> Result<SearchGroup, Stop> {
    let level = Some(DivisionLevel::Village);
    let filter = division::Filter { q: text.to_owned(), level, ..division::Filter::default() };
    let found = division::list(&desk.site.app, desk.visitor(), filter, window()).await?;
    let homes = desk.visitor().may(Act::Read, Noun::Household);
    let row = |village: &division::Division| {
        let code = village.code.clone().unwrap_or_else(|| village.id.to_string());
        let list = if homes { "households?village" } else { "posts?place" };
        go(format!("/desk/{list}={code}"), place(&village.name), std::slice::from_ref(&code))
    };
    let rows = found.items.iter().map(row).collect();
    Ok(group("desk-search-places", rows, "/desk/divisions", text, found.next.is_some()))
}
