//! The list of a flow's cases: queues, filters, the table to take away, and taking the next one.

use actix_web::HttpResponse;
use falin_app::casework::{self, Line, Queue};
use falin_app::deadline::Deadline as Row;
use falin_app::docx::WORKBOOK_MEDIA;
use falin_domain::access::{Act, Role};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::workflow::Flow;

use super::super::{choices, deadlines};
use crate::api::cases::filter;
use crate::body::Fields;
use crate::desk::Desk;
use crate::flow_path::FlowPath;
use crate::look::desk::case::{CaseList, CaseRow, QueueTab, lang_code, state_of};
use crate::look::desk::{Filters, Form};
use crate::look::format;
use crate::look::parts::{Button, Deadline, Field, FieldOption, Notice};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::Query;

/// `GET /desk/{flow}`.
///
/// # Errors
/// `division.unknown`, `search.digits`, `page.cursor`.
pub async fn list(desk: Desk, path: FlowPath, query: Query) -> Answer {
    let view = view(&desk, &path, &query, None).await?;
    desk.page(&view)
}

/// `POST /desk/{flow}/next`: leads to the case that was taken, or says calmly that none waits.
///
/// # Errors
/// `action.not_allowed` for who takes no cases of this flow.
pub async fn take_next(desk: Desk, path: FlowPath) -> Answer {
    match casework::take_next(&desk.site.app, desk.visitor(), &path.flow).await {
        Ok(seen) => desk.go(format!("{}/{}", path.base, seen.case.id)),
        Err(stop) => {
            let refusal = of_stop(stop);
            if refusal.code() != "case.none_waiting" {
                return Err(refusal.into());
            }
            let query = Query(Fields(vec![("queue".to_owned(), "unassigned".to_owned())]));
            let view = view(&desk, &path, &query, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// The list that a query asks for, with what was said just now.
async fn view(
    desk: &Desk,
    path: &FlowPath,
    query: &Query,
    said: Option<&Refusal>,
) -> Result<CaseList, Refused> {
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let flow = app.flows.current(visitor.county, &path.flow)?;
    let filter = filter(query)?;
    let unassigned = filter.queue == Some(Queue::Unassigned);
    let count = casework::count(app, visitor, &path.flow, filter.clone()).await?;
    let page = casework::list(app, visitor, &path.flow, filter, query.window()?).await?;
    let (lang, say) = (lang_code(desk.lang), desk.say());
    let opening = flow.opening().filter(|step| step.roles.iter().any(|role| visitor.is(*role)));
    let next = unassigned && count > 0 && casework::may_take(visitor, &flow);
    Ok(CaseList {
        name: flow.name.in_language(lang).to_owned(),
        count: say.with("desk-case-count", &[("count", &count.to_string())]),
        queues: queues(desk, path, query),
        said: said
            .map(|refusal| Notice::new("plain", say.refusal_title(refusal), say.refusal_detail(refusal))),
        next: next.then(|| {
            Form::post(format!("{}/next", path.base))
                .button(Button::submit("primary", say.t("desk-case-next")))
        }),
        // Nobody searches among the few cases of their own.
        filters: (!visitor.is(Role::Resident)).then(|| filters(desk, &flow, path, query)),
        rows: page.items.iter().map(|line| row(desk, &path.base, line)).collect(),
        pager: choices::pager(
            query,
            &path.base,
            &["q", "state", "queue", "open", "place", "from", "to", "figure", "by", "value"],
            page.next.as_ref(),
        ),
        export: export_link(desk, &flow, path, query),
        imports: imports_link(desk, &flow),
        new: opening.map(|_| format!("{}/new", path.base)).unwrap_or_default(),
        new_label: opening.map(|step| step.name.in_language(lang).to_owned()).unwrap_or_default(),
        new_tone: if next { "outline" } else { "primary" },
    })
}

/// `GET /desk/{flow}.xlsx`: the same list as a workbook, with the fields that the reader may read.
///
/// # Errors
/// As [`list`]; `form.invalid` at `from` for more cases than one table takes.
pub async fn export(desk: Desk, path: FlowPath, query: Query) -> Answer {
    let english = desk.lang.code() == "en";
    let bytes = casework::table(&desk.site.app, desk.visitor(), &path.flow, filter(&query)?, english).await?;
    let name = path.flow.replace('/', "-");
    Ok(HttpResponse::Ok()
        .content_type(WORKBOOK_MEDIA)
        .insert_header(("content-disposition", format!("attachment; filename=\"{name}.xlsx\"")))
        .insert_header(("cache-control", "no-store"))
        .body(bytes))
}

/// Where tables are read into the cases of a plugin's flow; empty where none are, or not by this visitor.
fn imports_link(desk: &Desk, flow: &Flow) -> String {
    let Some((name, _)) = flow.id.split_once('/') else { return String::new() };
    let all = falin_app::plugin::readable(&desk.site.app, desk.visitor(), name).unwrap_or_default();
    let mine = all.iter().any(|one| one.flow.id == flow.id);
    if mine { format!("/desk/imports/{name}") } else { String::new() }
}

/// The same list as a table, for whoever may take it away.
fn export_link(desk: &Desk, flow: &Flow, path: &FlowPath, query: &Query) -> String {
    if !desk.visitor().may(Act::Export, casework::noun_of(flow)) {
        return String::new();
    }
    let asked = query.0.0.iter().filter(|(name, value)| name != "cursor" && !value.is_empty());
    let asked: Vec<String> =
        asked.map(|(name, value)| format!("{name}={}", format::query_escape(value))).collect();
    format!("{}.xlsx?{}", path.base, asked.join("&"))
}

fn queues(desk: &Desk, path: &FlowPath, query: &Query) -> Vec<QueueTab> {
    let now = (query.filled("queue"), query.filled("open"));
    let own = desk.visitor().is(Role::Resident);
    let turn = if own { "desk-case-queue-yours" } else { "desk-case-queue-turn" };
    let mut all = vec![
        ("", "desk-case-queue-all", (None, None)),
        ("?queue=turn&open=true", turn, (Some("turn"), Some("true"))),
    ];
    if desk.visitor().worker.is_some() {
        all.push(("?queue=mine&open=true", "desk-case-queue-mine", (Some("mine"), Some("true"))));
    }
    if !own {
        all.push(("?queue=unassigned", "desk-case-queue-unassigned", (Some("unassigned"), None)));
    }
    if !own && path.flow == falin_app::consultation::FLOW {
        all.push(("?queue=call_back", "desk-case-queue-call-back", (Some("call_back"), None)));
    }
    all.push(("?open=false", "desk-case-queue-closed", (None, Some("false"))));
    let tab = |(rest, key, this): (&str, &str, (Option<&str>, Option<&str>))| QueueTab {
        href: format!("{}{rest}", path.base),
        label: desk.say().t(key),
        current: this == now,
    };
    all.into_iter().map(tab).collect()
}

fn filters(desk: &Desk, flow: &Flow, path: &FlowPath, query: &Query) -> Filters {
    let state = query.filled("state").unwrap_or_default();
    let lang = lang_code(desk.lang);
    let mut states = vec![FieldOption::new("", desk.say().t("desk-any"), state)];
    states.extend(flow.state.iter().map(|s| FieldOption::new(s.id.clone(), s.name.in_language(lang), state)));
    let q = Field::input("search", "q", "desk-case-search").value(query.filled("q").unwrap_or_default());
    Filters::new(path.base.clone(), vec![q, Field::select("state", "desk-case-state", states)])
}

/// A case as a row of a list; `base` is the address of its flow's list.
pub(in crate::pages) fn row(desk: &Desk, base: &str, line: &Line) -> CaseRow {
    let (case, lang) = (&line.case, lang_code(desk.lang));
    let matter = line.flow.field(&line.flow.matter).map(|field| field.word(&line.matter, lang).to_owned());
    // Only where a case is about a person has somebody left the name out.
    let person = match case.person_name.is_empty() && !line.flow.person.is_empty() {
        true => desk.say().t("desk-case-nameless"),
        false => case.person_name.clone(),
    };
    CaseRow {
        href: format!("{base}/{}", case.id),
        deadline: line.deadline.as_ref().map(|row| due(desk, row)),
        state: state_of(&line.flow, &case.state, desk.lang),
        urgent: case.urgent,
        number: case.number.clone(),
        matter: matter.unwrap_or_default(),
        person,
        place: line.place.as_ref().map(|place| format::place(&place.name).to_owned()).unwrap_or_default(),
        worker: line.worker.as_ref().map(|worker| worker.name.clone()).unwrap_or_default(),
        day: desk.day(Instant::from_millis(case.created_ms).date()),
    }
}

/// A deadline as its frame tells it.
pub(in crate::pages) fn due(desk: &Desk, row: &Row) -> Deadline {
    deadlines::shown(desk, row)
}
