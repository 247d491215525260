//! Every paper that a flow offers opens filled: from sample values of the flow, field by field.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use serde_json::{Value as Json, json};

use super::prefill::spoken;
use super::*;
use crate::time::Date;
use crate::workflow::{Effect, Field as Asked, Flow, Kind as Of, Manifest, Values as Given, core};

fn today() -> Date {
    "2026-03-02".parse().unwrap()
}

/// A value that fits a field of a case.
fn value(field: &Asked) -> Json {
    match field.kind {
        Of::Text => json!(field.label.zh.chars().take(4).collect::<String>()),
        // A sentence, as people write it: with a comma, and closed.
        Of::Long => json!(format!("{}，都说了。", field.label.zh.chars().take(4).collect::<String>())),
        Of::Name => json!("马桂英"),
        Of::Number => json!(3),
        Of::Money => json!(1_680_000),
        Of::Date => json!("2026-02-27"),
        Of::Time => json!("2026-02-27T09:30:00+08:00"),
        Of::Yes => json!(true),
        Of::Choice => json!(field.choices()[0].code),
        Of::Choices => json!([field.choices()[0].code]),
        Of::IdNumber => json!("620201196002291523"),
        Of::Phone => json!("13909470001"),
        Of::Uscc => json!("91620200MA12345678"),
        Of::Worker | Of::Division | Of::Household | Of::Case | Of::Room | Of::Unit => Json::Null,
        Of::Rows => {
            let row: serde_json::Map<String, Json> =
                field.of.iter().map(|of| (of.name.clone(), value(of))).collect();
            json!([row])
        }
    }
}

/// What the app adds to a case's own values: number, dates, steps, worker, office, deadlines.
fn facts(flow: &Flow) -> Known {
    let values: Given = flow.field.iter().map(|field| (field.name.clone(), value(field))).collect();
    let mut facts = known(flow, &values, today(), Some("嘉峪关市野麻湾村"));
    for name in [
        "case.opened_on",
        "case.closed_on",
        "today",
        "due.aid.decision",
        "due.petition.feedback",
        "due.litigation-index.acknowledge",
        "due.screening.upward",
    ] {
        facts.insert(name.to_owned(), json!("2026-03-02"));
    }
    for step in &flow.step {
        facts.insert(format!("step.{}.on", step.action), json!("2026-03-02"));
        for (name, value) in said(flow, &values) {
            facts.insert(format!("step.{}.{name}", step.action), value);
        }
    }
    let words = [
        "case.number",
        "case.place",
        "worker.name",
        "worker.licence",
        "worker.firm",
        "worker.firm_name",
        "worker.firm_contact",
        "worker.contact",
        "worker.bearer",
        "worker.firm_uscc",
        "worker.firm_address",
        "worker.firm_head",
        "office.center",
        "office.bureau",
        "office.name",
        "office.committee",
        "office.contact",
        "office.government",
        "office.upper_bureau",
        "office.court",
    ];
    facts.extend(words.iter().map(|name| ((*name).to_owned(), json!("甲乙丙"))));
    for phone in ["worker.phone", "office.phone", "worker.firm_phone"] {
        facts.insert(phone.to_owned(), json!("0937-6320148"));
    }
    for sum in ["office.income_limit", "case.tariff", "case.subsidy"] {
        facts.insert(sum.to_owned(), json!(160_000));
    }
    facts.insert("booking.at".to_owned(), json!("2026-03-09T09:30"));
    facts.insert("booking.room".to_owned(), json!("第一调解室"));
    facts.insert("case.opened_at".to_owned(), json!("2026-03-02T09:30"));
    for form in papers().iter().filter(|form| form.number.is_some()) {
        facts.insert(format!("paper.{}.no", form.local()), json!("嘉峪关援决〔2026〕1号"));
        facts.insert(
            format!("paper.{}.ref", form.local()),
            json!(format!("《{}》（嘉峪关援决〔2026〕1号）", form.title)),
        );
    }
    let line = json!([{"name": "给予法律援助决定书", "no": "嘉峪关援决〔2026〕1号", "count": 1}]);
    facts.insert("case.papers".to_owned(), line);
    facts
}

/// The folders of the plugins that stand beside the house, each with its declaration.
fn packages() -> Vec<(PathBuf, Manifest)> {
    let plugins = concat!(env!("CARGO_MANIFEST_DIR"), "/../../plugins");
    let mut places: Vec<_> = std::fs::read_dir(plugins).unwrap().map(|one| one.unwrap().path()).collect();
    places.sort();
    let read = |place: PathBuf| {
        let text = std::fs::read_to_string(place.join("plugin.toml")).ok()?;
        Some((place, Manifest::parse(&text).unwrap()))
    };
    places.into_iter().filter_map(read).collect()
}

/// The files of a folder's papers, by their paths in the package.
fn files(place: &Path) -> BTreeMap<String, String> {
    let Ok(all) = std::fs::read_dir(place.join("papers")) else { return BTreeMap::new() };
    let read = |one: PathBuf| {
        let name = one.file_name().unwrap().to_str().unwrap().to_owned();
        (format!("papers/{name}"), std::fs::read_to_string(one).unwrap())
    };
    all.map(|one| read(one.unwrap().path())).collect()
}

/// The flows of the house and of the plugins that stand beside it.
fn flows() -> Vec<Flow> {
    core().iter().cloned().chain(packages().iter().flat_map(|(_, one)| one.flows(1))).collect()
}

/// The papers of the house and of those plugins.
fn papers() -> &'static [Arc<Paper>] {
    static PAPERS: LazyLock<Vec<Arc<Paper>>> = LazyLock::new(|| {
        let own = packages().into_iter().flat_map(|(place, one)| one.papers(1, &files(&place)).unwrap());
        all().iter().cloned().chain(own.map(Arc::new)).collect()
    });
    &PAPERS
}

fn named(code: &str) -> &'static Arc<Paper> {
    papers().iter().find(|paper| paper.code == code).unwrap_or_else(|| panic!("no paper {code}"))
}

#[test]
fn the_papers_of_packages_pass_their_check() {
    let mut count = 0;
    for (place, one) in packages() {
        let files = files(&place);
        assert_eq!(one.paper_faults(&files), Vec::new(), "{}", one.id);
        count += files.len();
    }
    assert!(count >= 22, "{count} papers of packages");
}

/// Who the paper is about, which number and day it has, and what happened: what no paper may open without.
fn leads(field: &Field) -> bool {
    let person = [
        "recipient.name",
        "applicant.name",
        "client.name",
        "visitor.name",
        "objector.name",
        "parties",
        "applicants",
        "addressee",
        "issue_date",
        "facts",
        "cause",
        "charge",
        "dispute_type",
        "dispute",
    ];
    person.contains(&field.name.as_str())
}

#[test]
fn every_paper_that_a_flow_offers_opens_with_person_day_and_facts() {
    let (mut seen, mut asked, mut filled) = (0, 0, 0);
    for flow in flows() {
        let facts = facts(&flow);
        for paper in flow.step.iter().flat_map(|step| &step.effects) {
            let Effect::Paper { paper, .. } = paper else { continue };
            let form = named(paper);
            assert!(form.is_for(&flow.id), "{paper} cannot be issued for {}", flow.id);
            let values = prefill(form, &facts).unwrap();
            let read = Values::read(form, &Json::Object(values.clone()));
            assert!(read.is_ok(), "{paper} of {}: {read:?}", flow.id);
            let by_hand = |field: &&Field| field.from != From::Hand && field.kind != Kind::Number;
            let fields: Vec<&Field> = form.fields.iter().filter(by_hand).collect();
            let open: Vec<&str> = fields
                .iter()
                .filter(|field| !values.contains_key(&field.name))
                .map(|field| field.name.as_str())
                .collect();
            println!(
                "{:<28} {:<18} {:>2} of {:>2}  open: {}",
                flow.id,
                paper,
                fields.len() - open.len(),
                fields.len(),
                open.join(" ")
            );
            // What a case has no word for is typed: a session of a lawyer has no cause.
            let caused = ["cause", "charge", "case.cause"].iter().any(|name| facts.contains_key(*name));
            let told = |field: &&&Field| caused || !["cause", "charge"].contains(&field.name.as_str());
            for field in fields.iter().filter(|field| leads(field)).filter(told) {
                assert!(
                    values.contains_key(&field.name),
                    "{paper} of {} opens without {}",
                    flow.id,
                    field.name
                );
            }
            (seen, asked, filled) = (seen + 1, asked + fields.len(), filled + fields.len() - open.len());
        }
    }
    println!("{seen} papers, {filled} of {asked} fields filled");
    assert!(seen >= 40 && filled * 100 >= asked * 70, "{seen} papers, {filled} of {asked} fields filled");
}

/// Every paper of the three sorts of cases that the house has, and every one that a plugin's steps offer, as it is laid
/// out from a case where everything is known.
#[test]
fn no_paper_of_a_well_filled_case_reads_badly() {
    for flow in &flows() {
        let facts = facts(flow);
        let offered = |form: &&Arc<Paper>| {
            let named =
                |effect: &Effect| matches!(effect, Effect::Paper { paper, .. } if *paper == form.code);
            !flow.id.contains('/') || flow.step.iter().flat_map(|step| &step.effects).any(named)
        };
        for form in papers().iter().filter(|form| form.is_for(&flow.id)).filter(offered) {
            let values = prefill(form, &facts).unwrap();
            let values = Values::read(form, &Json::Object(values)).unwrap();
            let words = super::tests::text(&compose(form, Fill::Values(&values), ""));
            for wrong in ["。，", "，，", "。。", "；，", "〔〕", "（）", "2026-0", "纠纷纠纷", "争议纠纷"]
            {
                assert!(!words.contains(wrong), "{} of {} has {wrong}: {words}", form.code, flow.id);
            }
        }
    }
}

/// What the case, the office or the county knows and a paper asks for.
#[test]
fn what_a_case_knows_stands_on_its_papers() {
    let known: &[(&str, &str, &[&str])] = &[
        (
            "aid",
            "aid-apply",
            &[
                "no",
                "crowd",
                "aid_form",
                "hardship_route",
                "cause",
                "matter",
                "stage",
                "facts",
                "opponent",
                "rep.name",
                "rep.id_no",
                "rep.basis",
                "applicant.name",
                "applicant.phone",
                "applicant.id_no",
                "applicant.address",
            ],
        ),
        (
            "aid",
            "aid-means",
            &["household_size", "family_income", "per_capita", "standard", "reason", "check_way"],
        ),
        (
            "aid",
            "aid-review",
            &["crowd", "source", "hardship_review", "review_opinion", "conflict_result", "approval"],
        ),
        (
            "aid",
            "aid-power",
            &[
                "principal.name",
                "principal.id_no",
                "principal.phone",
                "agent.name",
                "agent.firm",
                "agent.licence_no",
                "agent.phone",
                "field",
                "capacity",
                "cause",
                "stage",
                "opponent",
            ],
        ),
        (
            "aid",
            "aid-agreement",
            &[
                "recipient.name",
                "provider.name",
                "provider.uscc",
                "provider.address",
                "provider.phone",
                "assign_no",
                "assignee.name",
            ],
        ),
        ("aid", "aid-assign", &["sign_within", "provider.name", "recipient.phone", "organ", "contact"]),
        (
            "aid",
            "aid-letter",
            &["letter", "capacity", "provider.name", "assignee.name", "assignee.phone", "to_organ"],
        ),
        ("aid", "aid-refuse", &["refusal_reason", "refusal_basis"]),
        ("aid", "aid-end", &["prior_no", "ground", "reason"]),
        ("aid", "aid-end-letter", &["prior_no", "ground", "reason", "to_organ"]),
        (
            "aid",
            "aid-objection",
            &["decision_ref", "objection", "result", "reasons", "review_government", "court"],
        ),
        ("aid", "aid-visit", &["matter"]),
        ("aid", "aid-query", &["to", "matter"]),
        ("aid", "serve-receipt", &["papers", "addressee", "address", "case_no"]),
        (
            "consultation",
            "aid-consult",
            &[
                "asker.name",
                "asker.phone",
                "asked_at",
                "channel",
                "category",
                "question",
                "answer",
                "outcome",
            ],
        ),
        ("mediation", "med-apply", &["applicant", "facts"]),
        ("mediation", "med-agreement", &["no", "parties", "facts", "terms", "performance", "copies"]),
        ("mediation", "med-oral", &["parties", "terms", "performance", "reached_on"]),
        ("mediation", "med-notice", &["dispute", "parties", "accepted_on", "at", "room", "mediators"]),
        ("mediation", "med-end", &["dispute", "reason", "mediators"]),
        ("mediation", "med-cover", &["no", "title", "mediators", "from", "to", "filer"]),
        ("mediation", "med-index", &["no", "rows"]),
        (
            "mediation",
            "med-subsidy",
            &["no", "mediator.name", "form", "grade", "tariff", "amount", "parties"],
        ),
        ("mediation", "conf-apply", &["request", "annexes", "applicants", "facts"]),
        ("mediation", "conf-list", &["rows"]),
        ("mediation", "conf-promise", &["agreement_ref"]),
    ];
    for (flow, code, fields) in known {
        let flow = core().iter().find(|one| one.id == *flow).unwrap();
        let values = prefill(find(code).unwrap(), &facts(flow)).unwrap();
        let blank: Vec<_> = fields.iter().filter(|name| !values.contains_key(**name)).collect();
        assert!(blank.is_empty(), "{code} opens without {blank:?}: {values:?}");
    }
}

#[test]
fn rules_of_a_paper_name_its_fields() {
    for (code, field) in spoken() {
        if code != "common" {
            let form = find(&code).unwrap_or_else(|| panic!("no paper {code}"));
            assert!(form.field(&field).is_some(), "{code} has no field {field}");
        }
    }
}

#[test]
fn a_number_on_a_card_tells_gender_and_birth() {
    let aid = core().iter().find(|flow| flow.id == "aid").unwrap();
    let mut values = Given::new();
    values.insert("applicant".to_owned(), json!("马桂英"));
    values.insert("id_number".to_owned(), json!("11010519491231002X"));
    let values = prefill(find("aid-apply").unwrap(), &known(aid, &values, today(), None)).unwrap();
    let told = ["applicant.name", "applicant.gender", "applicant.birth"].map(|name| values[name].clone());
    assert_eq!(told, ["马桂英", "女", "1949-12-31"]);
}

#[test]
fn a_number_that_is_no_cards_stands_with_its_document_where_no_field_says_the_kind() {
    let aid = core().iter().find(|flow| flow.id == "aid").unwrap();
    let mut values = Given::new();
    values.insert("applicant".to_owned(), json!("Andrei Kovac"));
    values.insert("id_number".to_owned(), json!("passport:E12345678"));
    let known = known(aid, &values, today(), None);
    assert_eq!(known["case.parties"][0]["id_number"], "护照 E12345678");
    for (paper, field, told) in [
        ("aid-apply", "applicant.id_no", "E12345678"),
        ("aid-means", "applicant.id_no", "护照 E12345678"),
        ("aid-duty-apply", "client.id_no", "护照 E12345678"),
    ] {
        assert_eq!(prefill(find(paper).unwrap(), &known).unwrap()[field], told, "{paper}");
    }
}
