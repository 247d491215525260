//! What follows from a case's values: criminal or not, which side is whose, the dispute in words, the income a head.

use serde_json::{Value as Json, json};

use super::prefill::Known;

/// Adds what follows from what is known.
pub(super) fn derive(known: &mut Known) {
    nature(known);
    sides(known);
    hardship(known);
    if let Some(dispute) = words(known, "dispute").map(dispute) {
        known.insert("case.dispute".to_owned(), json!(dispute));
    }
    if let Some(ends) = ends_at(known) {
        known.insert("case.ends_at".to_owned(), json!(ends));
    }
    if let Some(way) = close_way(known) {
        known.insert("case.close_way".to_owned(), json!(way));
    }
}

fn words<'a>(known: &'a Known, name: &str) -> Option<&'a str> {
    known.get(name).and_then(Json::as_str).filter(|words| !words.is_empty())
}

/// Whether the case is criminal, and on which side the person stands, where the case says so: letters and powers of
/// attorney are worded and counted apart.
fn nature(known: &mut Known) {
    let says = |name: &str, all: &[&str]| words(known, name).is_some_and(|said| all.contains(&said));
    let told =
        ["matter", "service", "case_kind", "recipient_role"].iter().any(|name| known.contains_key(*name));
    let criminal = says("matter", &["刑事案件"])
        || says("service", &["刑事辩护与代理"])
        || says("case_kind", &["刑事", "刑事（速裁）"])
        || says("recipient_role", &["犯罪嫌疑人", "被告人"])
        || says("stage", &["侦查", "审查起诉", "死刑复核"]);
    let before_court = says("stage", &["侦查", "审查起诉"]);
    let mut tell = |name: &str| known.insert(name.to_owned(), json!(true));
    match criminal {
        true => {
            tell("case.criminal");
            tell(if before_court { "case.suspect" } else { "case.accused" });
        }
        false if told => {
            tell("case.civil");
        }
        false => {}
    }
}

/// Who applies, who is applied against, and both in one line; an agreement has a copy for each and the committee.
fn sides(known: &mut Known) {
    let Some(Json::Array(rows)) = known.get("case.parties").cloned() else { return };
    let side = |row: &Json| row.get("side").and_then(Json::as_str).map(str::to_owned);
    let is_other = |(at, row): (usize, &Json)| side(row).map_or(at > 0, |side| side != "申请人");
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for (at, row) in rows.iter().enumerate() {
        if is_other((at, row)) { others.push(row.clone()) } else { own.push(row.clone()) }
    }
    // Who stands on the other side may be named apart from the list of parties.
    if others.is_empty()
        && let Some(name) = words(known, "other_side")
    {
        others.push(json!({ "name": name }));
    }
    let names = |rows: &[Json]| {
        let all = rows.iter().filter_map(|row| row.get("name").and_then(Json::as_str));
        all.collect::<Vec<_>>().join("、")
    };
    let (first, second) = (names(&own), names(&others));
    let both = [first, second.clone()].into_iter().filter(|names| !names.is_empty()).collect::<Vec<_>>();
    let copies = own.len() + others.len() + 1;
    let told = [
        ("case.applicants", Json::Array(own)),
        ("case.respondents", Json::Array(others)),
        ("case.other_side", json!(second)),
        ("case.party_names", json!(both.join("与"))),
        ("case.copies", json!(copies)),
    ];
    known.extend(told.map(|(name, value)| (name.to_owned(), value)));
}

/// Which way an application shows hardship, and the income a head.
fn hardship(known: &mut Known) {
    let chosen = |name: &str| words(known, name).is_some_and(|word| word != "没有");
    let (exempt, free) = (chosen("exempt"), chosen("unconditional"));
    let notified = known.get("notified") == Some(&Json::Bool(true));
    let stated =
        ["hardship", "monthly_income", "household_size"].iter().any(|name| known.contains_key(*name));
    let route = match () {
        () if notified => "case.notified",
        () if free => "case.unconditional",
        () if exempt => "case.exempt",
        () if stated => "case.stated",
        () => return,
    };
    known.insert(route.to_owned(), json!(true));
    let number = |name: &str| known.get(name).and_then(Json::as_i64);
    if let (Some(income), Some(people @ 1..)) = (number("monthly_income"), number("household_size")) {
        known.insert("case.per_capita".to_owned(), json!(income / people));
    }
}

/// The kind of a dispute as a sentence says it: 合同纠纷, 劳动争议.
fn dispute(kind: &str) -> String {
    match kind.strip_prefix("其他").unwrap_or(kind) {
        "" => "纠纷".to_owned(),
        kind if kind.ends_with("争议") || kind.ends_with("纠纷") => kind.to_owned(),
        kind => format!("{kind}纠纷"),
    }
}

/// When a meeting ends that is told by its beginning and its minutes, on the same day.
fn ends_at(known: &Known) -> Option<String> {
    let begins = words(known, "starts_at")?;
    let minutes = known.get("minutes").and_then(Json::as_i64)?;
    let (day, clock) = begins.split_once('T')?;
    let (hour, minute) = (clock.get(..2)?.parse::<i64>().ok()?, clock.get(3..5)?.parse::<i64>().ok()?);
    let ends = hour * 60 + minute + minutes;
    (ends < 24 * 60).then(|| format!("{day}T{:02}:{:02}", ends / 60, ends % 60))
}

/// How a case ended, where its result and stage leave one way only.
fn close_way(known: &Known) -> Option<&'static str> {
    match (words(known, "result")?, words(known, "stage")?) {
        ("支持" | "部分支持" | "未支持", "仲裁") => Some("仲裁裁决"),
        ("支持" | "部分支持" | "未支持" | "刑事辩护终结", "一审" | "二审" | "再审") => {
            Some("判决")
        }
        ("调解、和解", _) => Some("调解"),
        _ => None,
    }
}
