//! A paper opened from a case: what the case, its people, its dates and the office say, as the paper's first values.

use std::sync::Arc;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::deadline::Moment;
use falin_domain::directory::DivisionLevel;
use falin_domain::mediation::Ended;
use falin_domain::paper::{Known, Paper as Form, Values, find, known, prefill, said};
use falin_domain::refusal::Refusal;
use falin_domain::time::{Date, Instant};
use falin_domain::words::CountyId;
use falin_store::division::Division;
use falin_store::firm::Firm;
use falin_store::paper;
use falin_store::worker::Worker;
use falin_store::{In, Tx, division};
use serde_json::{Map, Value as Json, json};

use super::kind::{self, Asked, form_here};
use super::{Office, SubjectId, due, post};
use crate::casework::{self, Flows, Seen};
use crate::{App, Fault, Stop, settings};

/// A paper opened from a case.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The kind, in the form that the case has.
    pub form: Arc<Form>,
    /// Its first values: as far as the visitor may read the case.
    pub values: Map<String, Json>,
    /// Fields that ought to be filled and are still blank, in the form's order.
    pub blanks: Vec<String>,
    /// The case, where it is one of a flow.
    pub seen: Option<Box<Seen>>,
}

/// A paper of this kind opened from a case, or from an adviser's post for the month that holds `day`, else today.
///
/// # Errors
/// `access.denied`; `not_found` where the visitor does not see the case; `form.invalid` at `kind`; `paper.early` where
/// the case has not come to it.
pub async fn opened(
    app: &App,
    visitor: &Visitor,
    kind: &str,
    (noun, subject): (&str, SubjectId),
    day: Option<Date>,
) -> Result<Opened, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Paper)?;
    let house = find(kind);
    if house.is_none() && !noun.contains('/') {
        return Err(Refusal::field("kind", "unknown").into());
    }
    if house.is_some_and(|form| !form.is_for(noun)) {
        return Err(Refusal::field("subject_noun", "unknown").into());
    }
    let seen = seen(app, visitor, noun, subject).await?;
    let (kind, who, noun, flows) = (kind.to_owned(), visitor.clone(), noun.to_owned(), app.flows.clone());
    let work = move |tx: &mut Tx<'_>| {
        let form = &kind::of_case(tx, (&flows, &who), &kind, (&noun, subject))?;
        if !form.is_for(&noun) {
            return Err(Refusal::field("subject_noun", "unknown").into());
        }
        if let Some(seen) = &seen {
            due::is_due(form, seen)?;
        }
        let mut facts = match &seen {
            Some(seen) => of_case(tx, seen)?,
            None => Known::new(),
        };
        if noun == "adviser" {
            post::tell(tx, &who, subject, day.unwrap_or(tx.now.date()), &mut facts)?;
        }
        let facts = filled(tx, form, facts, (scope.county, subject))?;
        let mut values = Values::read_over(form, &facts, &Json::Null).map_err(Refusal::form)?;
        Office::of(tx, scope.county)?.fill(form, &mut values, tx.now.date());
        let blanks = due::due_blanks(form, &values);
        Ok(Opened { form: Arc::clone(form), values: facts, blanks, seen: seen.clone().map(Box::new) })
    };
    app.db.read(In::County(visitor.county), work).await
}

/// The case as the visitor sees it; None for what is kept elsewhere: an adviser's post is no case of a flow.
pub(super) async fn seen(
    app: &App,
    visitor: &Visitor,
    noun: &str,
    subject: SubjectId,
) -> Result<Option<Seen>, Stop> {
    match casework::one(app, visitor, noun, subject.cast()).await {
        Ok(seen) => Ok(Some(seen)),
        Err(stop) if stop.refusal().is_some_and(|refusal| refusal.code() == "not_found") => Ok(None),
        Err(stop) => Err(stop),
    }
}

/// The kind that a step or a library names for a case, and the values that the case, as somebody sees it, the office
/// and the day give a paper of it.
///
/// # Errors
/// `form.invalid` at `kind`; the store's own.
pub(crate) fn filled_from(
    tx: &mut Tx<'_>,
    flows: &Flows,
    kind: &str,
    seen: &Seen,
) -> Result<(Arc<Form>, Map<String, Json>), Stop> {
    let county = seen.case.county_id;
    let flow = Some((seen.flow.id.as_str(), seen.flow.version));
    let form = Asked { county, flow }.named(tx, flows, kind)?;
    let facts = of_case(tx, seen)?;
    let values = filled(tx, &form, facts, (county, seen.case.id.cast()))?;
    Ok((form, values))
}

fn filled(
    tx: &mut Tx<'_>,
    form: &Form,
    mut facts: Known,
    (county, subject): (CountyId, SubjectId),
) -> Result<Map<String, Json>, Stop> {
    issued(tx, county, subject, &mut facts)?;
    Office::of(tx, county)?.tell(&mut facts);
    facts.insert("today".to_owned(), json!(tx.now.date()));
    let mut values = prefill(form, &facts).map_err(|bad| Fault::new("paper", bad.to_string()))?;
    if let Some(number) = values.get("no").and_then(Json::as_str).map(str::to_owned)
        && form.number.as_ref().is_some_and(|numbered| numbered.given)
    {
        values.insert("no".to_owned(), json!(due::free_number(tx, county, form, &number)?));
    }
    Ok(values)
}

/// The case's place from the top down, without what stands there for statistics only; and within its county.
fn stands_at(tx: &mut Tx<'_>, seen: &Seen) -> Result<Option<(String, String)>, Stop> {
    let Some(place) = &seen.place else { return Ok(None) };
    let mut line = division::line(tx, seen.case.county_id, place.id)?;
    line.retain(|one| !one.name.contains("统计用"));
    let said = |all: &[Division]| all.iter().rev().map(|one| one.name.as_str()).collect::<String>();
    let own = |one: &&Division| matches!(one.level, DivisionLevel::Township | DivisionLevel::Village);
    let within = line.iter().take_while(own).count().max(1).min(line.len());
    Ok(Some((said(&line), said(&line[..within]))))
}

/// Values, number, dates, steps, people and deadlines of a case.
fn of_case(tx: &mut Tx<'_>, seen: &Seen) -> Result<Known, Stop> {
    let (case, today) = (&seen.case, tx.now.date());
    let place = stands_at(tx, seen)?;
    // A household's address is sealed and opened only for a reason: its place stands for it.
    let lives_at =
        place.as_ref().filter(|_| seen.case.household_id.is_some()).map(|(whole, _)| whole.as_str());
    let mut facts = known(&seen.flow, &seen.values, today, lives_at);
    if let Some((_, within)) = place {
        facts.insert("case.place".to_owned(), json!(within));
    }
    let day = |ms: i64| json!(Instant::from_millis(ms).date());
    facts.insert("case.number".to_owned(), json!(case.number));
    facts.insert("case.opened_on".to_owned(), day(case.created_ms));
    let opened = Instant::from_millis(case.created_ms);
    facts.insert("case.opened_at".to_owned(), json!(format!("{}T{}", opened.date(), opened.clock_text())));
    if let Some(ms) = case.closed_ms {
        facts.insert("case.closed_on".to_owned(), day(ms));
    }
    for told in &seen.steps {
        let action = &told.step.action;
        facts.insert(format!("step.{action}.on"), day(told.step.at_ms));
        for (name, value) in said(&seen.flow, &told.values) {
            facts.insert(format!("step.{action}.{name}"), value);
        }
    }
    for deadline in &seen.deadlines {
        let due = match deadline.due {
            Moment::Day(day) => day,
            Moment::At(at) => at.date(),
        };
        facts.insert(format!("due.{}", deadline.code), json!(due));
    }
    // A notice is of the next time that is held, a record of the last one.
    let mut held = seen.bookings.iter().filter(|one| one.booking.state.is_live());
    let next = held.clone().find(|one| one.booking.starts_ms >= tx.now.millis());
    if let Some(held) = next.or(held.next_back()) {
        let at = Instant::from_millis(held.booking.starts_ms);
        facts.insert("booking.at".to_owned(), json!(format!("{}T{}", at.date(), at.clock_text())));
        facts.extend(held.room.iter().map(|room| ("booking.room".to_owned(), json!(room.name))));
    }
    tell_sums(tx, seen, &mut facts)?;
    if let Some(worker) = &seen.worker {
        tell_worker(tx, worker, &mut facts)?;
    }
    Ok(facts)
}

/// What the county has set: the limit of hardship, and what is paid for a mediation like this one.
fn tell_sums(tx: &mut Tx<'_>, seen: &Seen, facts: &mut Known) -> Result<(), Stop> {
    let (_, set) = settings::read(tx, seen.case.county_id)?;
    if let Some(limit) = set.aid_income_limit {
        facts.insert("office.income_limit".to_owned(), json!(limit));
    }
    let code = |name: &str| seen.values.get(name).and_then(Json::as_str).unwrap_or_default();
    if seen.flow.id == "mediation" && !code("outcome").is_empty() {
        let dossier = seen.values.get("dossier").and_then(Json::as_bool).unwrap_or_default();
        let ended = |dossier| Ended { difficulty: code("difficulty"), outcome: code("outcome"), dossier };
        facts.insert("case.tariff".to_owned(), json!(set.tariff.sum(ended(true))));
        facts.insert("case.subsidy".to_owned(), json!(set.tariff.sum(ended(dossier))));
    }
    Ok(())
}

/// Who has the case: name, telephone, licence, office, and these together as papers want them.
fn tell_worker(tx: &mut Tx<'_>, worker: &Worker, facts: &mut Known) -> Result<(), Stop> {
    let whole = match worker.firm_id {
        Some(id) => Firm::by_ids(tx, worker.county_id, &[id])?.remove(&id),
        None => None,
    };
    let of = |part: fn(&Firm) -> String| whole.as_ref().map(part).unwrap_or_default();
    let firm = of(|firm| firm.name.clone());
    let licence = worker.licence.clone().unwrap_or_default();
    let join = |parts: [&str; 2]| parts.join(" ").trim().to_owned();
    let all = [
        ("worker.name", worker.name.clone()),
        ("worker.phone", worker.phone.clone()),
        ("worker.licence", licence.clone()),
        ("worker.firm", firm.clone()),
        ("worker.firm_uscc", of(|firm| firm.uscc.clone().unwrap_or_default())),
        ("worker.firm_address", of(|firm| firm.address.clone())),
        ("worker.firm_phone", of(|firm| firm.phone.clone())),
        ("worker.firm_head", of(|firm| firm.head_name.clone())),
        ("worker.firm_name", join([&firm, &worker.name])),
        ("worker.firm_contact", join([&firm, &worker.phone])),
        ("worker.contact", join([&worker.name, &worker.phone])),
        ("worker.bearer", join([&worker.name, &licence])),
    ];
    for (name, value) in all.into_iter().filter(|(_, value)| !value.is_empty()) {
        facts.insert(name.to_owned(), Json::from(value));
    }
    Ok(())
}

/// Numbers of the papers that the case has, the newest of each kind that holds.
fn issued(tx: &mut Tx<'_>, county: CountyId, subject: SubjectId, facts: &mut Known) -> Result<(), Stop> {
    let rows = paper::standing(tx, county, subject, None)?;
    let mut titled = Vec::with_capacity(rows.len());
    for row in rows {
        let form = form_here(tx, &row)?;
        let (title, kind) = match &form {
            Some(form) => (form.title.clone(), form.local().to_owned()),
            None => (String::new(), row.kind.clone()),
        };
        titled.push((row, title, kind));
    }
    let line = |(row, title, _): &(paper::Paper, String, String)| json!({ "name": title, "no": row.number, "count": 1 });
    let lines: Vec<Json> = titled.iter().rev().map(line).collect();
    if !lines.is_empty() {
        facts.insert("case.papers".to_owned(), Json::Array(lines));
    }
    for (row, title, kind) in titled.into_iter().rev().filter(|(row, ..)| !row.number.is_empty()) {
        facts.insert(format!("paper.{kind}.ref"), json!(format!("《{title}》（{}）", row.number)));
        facts.insert(format!("paper.{kind}.no"), json!(row.number));
    }
    Ok(())
}
