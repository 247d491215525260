//! What an adviser's post tells its papers: adviser, firm, village, term, and what the month's log counts.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::duty::ServiceKind;
use falin_domain::paper::Known;
use falin_domain::time::Date;
use falin_store::Tx;
use falin_store::adviser::AdviserPost;
use falin_store::firm::Firm;
use falin_store::service_log::{self, Log};
use falin_store::worker::Worker;
use serde_json::{Value as Json, json};

use super::SubjectId;
use crate::service_words::{kind_word, mode_word};
use crate::sheet::{self, Sheet};
use crate::{Stop, restriction};

/// Tells who advises which village, and the month that holds `day` as far as the visitor reads its log.
///
/// # Errors
/// `not_found`; the store's own.
pub(super) fn tell(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    subject: SubjectId,
    day: Date,
    facts: &mut Known,
) -> Result<(), Stop> {
    let post = AdviserPost::by_id(tx, visitor.county, subject.cast())?;
    let worker = Worker::by_id(tx, post.county_id, post.worker_id)?;
    let firm = worker.firm_id.map(|id| Firm::by_id(tx, post.county_id, id)).transpose()?;
    let line = falin_store::division::line(tx, post.county_id, post.division_id)?;
    let village: String = line.iter().take(2).rev().map(|place| place.name.as_str()).collect();
    let words = [
        ("post.village", village),
        ("post.adviser", worker.name.clone()),
        ("post.firm", firm.map(|firm| firm.name).unwrap_or_default()),
        ("post.licence", worker.licence.clone().unwrap_or_default()),
        ("post.phone", worker.phone.clone()),
        ("post.hours", post.hours.clone()),
        ("post.from", post.from_date.to_string()),
        ("post.to", post.to_date.map(|day| day.to_string()).unwrap_or_default()),
    ];
    let told = words.into_iter().filter(|(_, value)| !value.is_empty());
    facts.extend(told.map(|(name, value)| (name.to_owned(), Json::from(value))));
    let Ok(scope) = visitor.scope(Act::Read, Noun::ServiceLog) else { return Ok(()) };
    match sheet::read(tx, &scope, subject.cast(), day) {
        Ok(found) => month(tx, &found, facts),
        Err(Stop::Refused(_)) => Ok(()), // Not this visitor's place.
        Err(stop) => Err(stop),
    }
}

/// The counts of a month, its entries as rows, and its latest entry.
fn month(tx: &mut Tx<'_>, found: &Sheet, facts: &mut Known) -> Result<(), Stop> {
    let (year, month, _) = found.month.parts();
    facts.insert("month".to_owned(), json!(format!("{year}年{month}月")));
    let sums = &found.sums;
    let mut count = |name: &str, n: i64| facts.insert(format!("month.{name}"), json!(n));
    count("days", sums.days);
    count("hours", sums.minutes / 60);
    count("leaflets", sums.copies);
    let kinds = [
        (ServiceKind::Opinion, "opinions"),
        (ServiceKind::Lecture, "talks"),
        (ServiceKind::Mediation, "mediated"),
        (ServiceKind::AidReferral, "aid_guided"),
        (ServiceKind::Drafting, "drafted"),
        (ServiceKind::Contract, "contracts"),
        (ServiceKind::Charter, "rules"),
        (ServiceKind::Consultation, "consult_cases"),
    ];
    for (kind, name) in kinds {
        count(name, sums.kind(kind).items);
    }
    count("consult_people", sums.kind(ServiceKind::Consultation).people);
    count("talk_people", sums.kind(ServiceKind::Lecture).people);
    count("trained", sums.kind(ServiceKind::Training).people);
    count("settled", sums.kind(ServiceKind::Mediation).settled);
    let open = found.open.iter().map(|log| json!({ "matter": kind_word(log.kind), "due": log.follow_up_on }));
    facts.insert("month.open".to_owned(), Json::Array(open.collect()));
    let there = found.entries.iter().filter(|log| log.mode.in_village());
    let row =
        |log: &Log| json!({ "date": log.day, "adviser": found.worker.name, "reason": kind_word(log.kind) });
    facts.insert("month.visits".to_owned(), Json::Array(there.map(row).collect()));
    let mut latest: Vec<&Log> = found.entries.iter().collect();
    latest.sort_by_key(|log| std::cmp::Reverse((log.day, log.created_ms)));
    for log in latest {
        // What is only stored is told in no new paper.
        let free = log.household_id.map(|home| restriction::free(tx, log.county_id, home));
        match free.transpose() {
            Ok(_) => return entry(tx, log, facts),
            Err(Stop::Refused(_)) => {}
            Err(stop) => return Err(stop),
        }
    }
    Ok(())
}

fn entry(tx: &Tx<'_>, log: &Log, facts: &mut Known) -> Result<(), Stop> {
    let follow_up = log.follow_up_on.map(|_| kind_word(log.kind));
    let told = json!({
        "mode": mode_word(log.mode), "kind": [kind_word(log.kind)], "content": service_log::note(tx, log)?,
        "people": log.people, "copies": log.copies, "report": log.report,
        "follow_up": follow_up, "follow_up_by": log.follow_up_on, "from": log.day, "to": log.day,
    });
    let told = told.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    facts.extend(told.map(|(name, value)| (format!("log.{name}"), value.clone())));
    Ok(())
}
