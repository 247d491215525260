//! A paper opened from a case: what the case, its people, its dates and the office say, as the paper's first values.

use std::collections::BTreeMap;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::deadline::Moment;
use falin_domain::page::Window;
use falin_domain::paper::{Known, find, known, prefill, said};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::CountyId;
use falin_store::paper::{self, Filter};
use falin_store::worker::Worker;
use falin_store::{In, Tx, division, firm};
use serde_json::{Map, Value as Json, json};

use super::{Office, SubjectId, may_see};
use crate::casework::{self, Seen};
use crate::{App, Fault, Stop};

/// The values with which a paper of this kind opens for a case: as far as the visitor may read the case.
///
/// # Errors
/// `access.denied`; `not_found` where the visitor does not see the case; `form.invalid` at `kind`.
pub async fn opened(
    app: &App,
    visitor: &Visitor,
    kind: &str,
    (noun, subject): (&str, SubjectId),
) -> Result<Json, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Paper)?;
    let form = find(kind).ok_or_else(|| Refusal::field("kind", "unknown"))?;
    let seen = match casework::one(app, visitor, noun, subject.cast()).await {
        Ok(seen) => Some(seen),
        // An adviser's month and what is kept elsewhere are no cases of a flow.
        Err(stop) if stop.refusal().is_some_and(|refusal| refusal.code() == "not_found") => None,
        Err(stop) => return Err(stop),
    };
    let (who, noun) = (visitor.clone(), noun.to_owned());
    let work = move |tx: &mut Tx<'_>| {
        may_see(tx, &who, &noun, subject)?;
        filled_from(tx, form.code.as_str(), seen.as_ref(), (scope.county, subject)).map(Json::Object)
    };
    app.db.read(In::County(visitor.county), work).await
}

/// The values that a case, as somebody sees it, the office and the day give a paper of this kind.
///
/// # Errors
/// `form.invalid` at `kind`; the store's own.
pub(crate) fn filled_from(
    tx: &mut Tx<'_>,
    kind: &str,
    seen: Option<&Seen>,
    (county, subject): (CountyId, SubjectId),
) -> Result<Map<String, Json>, Stop> {
    let form = find(kind).ok_or_else(|| Refusal::field("kind", "unknown"))?;
    let mut facts = match seen {
        Some(seen) => of_case(tx, seen)?,
        None => Known::new(),
    };
    numbers(tx, county, subject, &mut facts)?;
    Office::of(tx, county)?.tell(&mut facts);
    facts.insert("today".to_owned(), json!(tx.now.date()));
    prefill(form, &facts).map_err(|bad| Fault::new("paper", bad.to_string()).into())
}

/// The place of the case's household, from the county down: its address is sealed and opened only for a reason.
fn lives_at(tx: &mut Tx<'_>, seen: &Seen) -> Result<Option<String>, Stop> {
    let (Some(_), Some(place)) = (seen.case.household_id, &seen.place) else { return Ok(None) };
    let line = division::line(tx, seen.case.county_id, place.id)?;
    Ok(Some(line.iter().rev().map(|one| one.name.as_str()).collect()))
}

/// Values, number, dates, steps, people and deadlines of a case.
fn of_case(tx: &mut Tx<'_>, seen: &Seen) -> Result<Known, Stop> {
    let (case, today) = (&seen.case, tx.now.date());
    let place = lives_at(tx, seen)?;
    let mut facts = known(&seen.flow, &seen.values, today, place.as_deref());
    let day = |ms: i64| json!(Instant::from_millis(ms).date());
    facts.insert("case.number".to_owned(), json!(case.number));
    facts.insert("case.opened_on".to_owned(), day(case.created_ms));
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
    if let Some(worker) = &seen.worker {
        tell_worker(tx, worker, &mut facts)?;
    }
    Ok(facts)
}

/// Who has the case: name, telephone, licence, office, and these together as papers want them.
fn tell_worker(tx: &mut Tx<'_>, worker: &Worker, facts: &mut Known) -> Result<(), Stop> {
    let firm = match worker.firm_id {
        Some(id) => firm::named(tx, worker.county_id, &[id])?.remove(&id).map(|firm| firm.name),
        None => None,
    };
    let firm = firm.unwrap_or_default();
    let licence = worker.licence.clone().unwrap_or_default();
    let join = |parts: [&str; 2]| parts.join(" ").trim().to_owned();
    let all = [
        ("worker.name", worker.name.clone()),
        ("worker.phone", worker.phone.clone()),
        ("worker.licence", licence.clone()),
        ("worker.firm", firm.clone()),
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
fn numbers(tx: &mut Tx<'_>, county: CountyId, subject: SubjectId, facts: &mut Known) -> Result<(), Stop> {
    let filter = Filter { subject: Some(subject), ..Filter::default() };
    let page = paper::page(tx, county, &filter, &Window::default())?;
    let mut found = BTreeMap::new();
    for row in page.items.into_iter().filter(|row| row.voided_ms.is_none() && !row.number.is_empty()) {
        found.entry(format!("paper.{}.no", row.kind)).or_insert(row.number);
    }
    facts.extend(found.into_iter().map(|(name, number)| (name, Json::from(number))));
    Ok(())
}
