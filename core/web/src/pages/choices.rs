//! What the staff's forms about the directory share: what was typed, what there is to choose from, how terms are said.

use falin_app::division::Division;
use falin_app::worker::Worker;
use falin_app::{casework, deputy, division, duty, firm, worker};
use falin_domain::directory::DivisionLevel;
use falin_domain::page::{MOST, Mark, Window};
use falin_domain::spoken::whole_day;
use falin_domain::time::Date;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::body::Fields;
use crate::cursor;
use crate::desk::Desk;
use crate::look::parts::{FieldOption, Pager, State};
use crate::look::{Lang, Say, format};
use crate::problem::Refused;
use crate::query::Query;

/// A form's fields as the text that was typed; of several values under one name the first.
pub fn typed<T: DeserializeOwned + Default>(fields: &Fields) -> T {
    let mut map = Map::new();
    for (name, value) in &fields.0 {
        map.entry(name.clone()).or_insert_with(|| Value::String(value.clone()));
    }
    serde_json::from_value(Value::Object(map)).unwrap_or_default()
}

/// The version that a form saw; 0, which no row has, where it carries none.
pub fn version(fields: &Fields) -> i64 {
    fields.filled("version").and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// Code of a division, or its id where it has none: what forms and addresses carry.
pub fn reference(division: &Division) -> String {
    division.code.clone().unwrap_or_else(|| division.id.to_string())
}

/// `新城镇 野麻湾村`, from a division and all above it.
pub fn place(line: &[Division]) -> String {
    let above = line.get(1).filter(|above| above.level == DivisionLevel::Township);
    let own = line.first().map(|own| format::place(&own.name));
    above.map(|above| above.name.as_str()).into_iter().chain(own).collect::<Vec<_>>().join(" ")
}

/// Townships as choices.
///
/// # Errors
/// The store's own.
pub async fn townships(desk: &Desk, current: &str) -> Result<Vec<FieldOption>, Refused> {
    let choices = falin_app::public::choices(&desk.site.app, desk.visitor().county).await?;
    Ok(choices.townships.iter().map(|t| FieldOption::new(reference(t), t.name.clone(), current)).collect())
}

/// Villages as choices, each with its township; with `wider` also townships and the county.
///
/// # Errors
/// The store's own.
pub async fn villages(desk: &Desk, current: &str, wider: bool) -> Result<Vec<FieldOption>, Refused> {
    let all = all(desk).await?;
    // What is stored names a place by its id, a form by its code.
    let stored = all.iter().find(|own| own.id.to_string() == current).map(reference);
    let current = stored.as_deref().unwrap_or(current);
    let line = |own: &Division| {
        let above = all.iter().find(|above| Some(above.id) == own.parent_id);
        [Some(own.clone()), above.cloned()].into_iter().flatten().collect::<Vec<_>>()
    };
    // Nothing stands at a province, nor at the twin of a county that only the statistics' code list has.
    let stands = |own: &Division| own.level != DivisionLevel::Province && !own.name.contains("统计用");
    let offered = |own: &Division| own.level == DivisionLevel::Village || (wider && stands(own));
    let shown = all.iter().filter(|own| offered(own) || (wider && reference(own) == current));
    let mut options: Vec<FieldOption> =
        shown.map(|own| FieldOption::new(reference(own), place(&line(own)), current)).collect();
    if current.is_empty() {
        options.insert(0, FieldOption::new("", desk.say().t("desk-choose"), current));
    }
    Ok(options)
}

async fn all(desk: &Desk) -> Result<Vec<Division>, Refused> {
    let mut all = Vec::new();
    let mut window = Window { limit: MOST, after: None };
    loop {
        let filter = division::Filter::default();
        let page = division::list(&desk.site.app, desk.visitor(), filter, window.clone()).await?;
        all.extend(page.items);
        match page.next {
            Some(next) => window.after = Some(next),
            None => return Ok(all),
        }
    }
}

/// Open firms as choices.
///
/// # Errors
/// The store's own.
pub async fn firms(desk: &Desk, current: &str) -> Result<Vec<FieldOption>, Refused> {
    let firms = firm::choices(&desk.site.app, desk.visitor()).await?;
    Ok(firms.iter().map(|firm| FieldOption::new(firm.id.to_string(), firm.name.clone(), current)).collect())
}

/// Workers on duty as choices.
///
/// # Errors
/// The store's own.
pub async fn workers(desk: &Desk, current: &str) -> Result<Vec<FieldOption>, Refused> {
    Ok(named(desk, &worker::choices(&desk.site.app, desk.visitor()).await?, current))
}

/// Those to whom a duty can be offered as choices.
///
/// # Errors
/// `access.denied`.
pub async fn colleagues(desk: &Desk, current: &str) -> Result<Vec<FieldOption>, Refused> {
    Ok(named(desk, &duty::colleagues(&desk.site.app, desk.visitor()).await?, current))
}

/// Those who can be given a case as choices, who is on duty first and then the least loaded, each with firm, specialties
/// and load.
///
/// # Errors
/// The store's own.
pub async fn candidates(
    desk: &Desk,
    seen: &casework::Seen,
    step: (&str, &str),
    current: &str,
) -> Result<Vec<FieldOption>, Refused> {
    let case = (seen.case.flow.as_str(), seen.case.id);
    let all = casework::candidates(&desk.site.app, desk.visitor(), case, step).await?;
    let option = |one: &casework::Candidate| {
        let (open, given) = (one.load.open.to_string(), one.load.given.to_string());
        let load = desk.say().with("desk-case-load", &[("open", &open), ("given", &given)]);
        let duty = if one.on_duty { desk.say().t("desk-case-on-duty") } else { String::new() };
        let parts = [one.worker.name.as_str(), &duty, &one.firm, &one.worker.specialties, &load];
        let label: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        FieldOption::new(one.worker.id.to_string(), label.join(" · "), current)
    };
    let mut options: Vec<FieldOption> = all.iter().map(option).collect();
    if !all.iter().any(|one| one.worker.id.to_string() == current) {
        options.insert(0, FieldOption::new("", desk.say().t("desk-choose"), current));
    }
    Ok(options)
}

/// Workers who can stand in for another as choices.
///
/// # Errors
/// The store's own.
pub async fn deputies(desk: &Desk, current: &str) -> Result<Vec<FieldOption>, Refused> {
    Ok(named(desk, &deputy::candidates(&desk.site.app, desk.visitor()).await?, current))
}

fn named(desk: &Desk, workers: &[Worker], current: &str) -> Vec<FieldOption> {
    let mut options: Vec<FieldOption> =
        workers.iter().map(|w| FieldOption::new(w.id.to_string(), w.name.clone(), current)).collect();
    if current.is_empty() {
        options.insert(0, FieldOption::new("", desk.say().t("desk-choose"), current));
    }
    options
}

/// Rooms in use as choices.
///
/// # Errors
/// The store's own.
pub async fn rooms(desk: &Desk, current: &str) -> Result<Vec<FieldOption>, Refused> {
    let rooms = casework::rooms(&desk.site.app, desk.visitor().county).await?;
    let mut options: Vec<FieldOption> =
        rooms.iter().map(|room| FieldOption::new(room.id.to_string(), room.name.clone(), current)).collect();
    options.insert(0, FieldOption::new("", desk.say().t("desk-choose"), current));
    Ok(options)
}

/// Links to the first and the next page of a list at `path` with the filters of these names.
pub fn pager(query: &Query, path: &str, names: &[&str], next: Option<&Mark>) -> Pager {
    let kept: Vec<String> = names
        .iter()
        .filter_map(|name| Some(format!("{name}={}", format::query_escape(query.filled(name)?))))
        .collect();
    let with = |more: Option<String>| {
        let all: Vec<String> = kept.iter().cloned().chain(more).collect();
        if all.is_empty() { path.to_owned() } else { format!("{path}?{}", all.join("&")) }
    };
    Pager {
        back: query.filled("cursor").map(|_| with(None)).unwrap_or_default(),
        more: next.map(|mark| with(Some(format!("cursor={}", cursor::encode(mark))))).unwrap_or_default(),
    }
}

/// A term in words, both days included: `2026年1月1日 到 2026年12月31日`.
pub fn term(say: &Say<'_>, from: Date, to: Option<Date>) -> String {
    let day = |date: Date| whole_day(date, say.lang == Lang::En);
    match to {
        Some(to) => say.with("desk-span", &[("from", &day(from)), ("to", &day(to))]),
        None => say.with("desk-span-open", &[("from", &day(from))]),
    }
}

/// On duty, on leave or gone.
pub fn presence(say: &Say<'_>, shown: &worker::Shown, today: Date) -> State {
    let (fill, word) = if !worker::is_there(&shown.worker, today) {
        ("stopped", "desk-worker-state-left")
    } else if shown.away.is_some() {
        ("half", "desk-worker-state-leave")
    } else {
        ("done", "desk-worker-state-active")
    };
    State { fill, word: say.t(word) }
}

/// Villages advised, as people say them.
pub fn advised(say: &Say<'_>, shown: &worker::Shown) -> String {
    let names: Vec<&str> = shown.villages.iter().map(|(_, village)| format::place(&village.name)).collect();
    say.list(&names)
}
