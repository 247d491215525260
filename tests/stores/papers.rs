//! Papers in the store: numbers without gaps, versions under one number, void papers, templates of a county.

use falin_app::paper::{self, Filter, Issued, New, SubjectId};
use falin_app::{Stop, casework};
use falin_domain::page::Window;
use falin_domain::paper as forms;
use falin_domain::words::Id;
use serde_json::{Value, json};

use super::plans::house::{House, done, refused};
use crate::town::on_both;

/// A case that nobody keeps yet.
const CASE: [u8; 16] = [7; 16];

/// Who sees a case sees its papers: this one is kept.
fn kept(house: &House) -> SubjectId {
    let form = json!({"applicant": "张桂兰", "facts": "欠薪三个月", "matter": "wages"});
    let opening = casework::Opening::new("aid", form.as_object().unwrap().clone());
    done(house.wait(casework::open(&house.app, &house.me, opening))).case.id.cast()
}

fn issue(house: &House, kind: &str, noun: &str, values: Value) -> Result<Issued, Stop> {
    issue_for(house, Id::from_bytes(&CASE).unwrap(), (kind, noun), values)
}

fn issue_for(
    house: &House,
    case: SubjectId,
    (kind, noun): (&str, &str),
    values: Value,
) -> Result<Issued, Stop> {
    let subject = (noun.to_owned(), case);
    let new = New {
        county: house.county,
        form: forms::find(kind).unwrap().clone(),
        subject,
        values,
        by: None,
        by_hand: true,
        again: true,
    };
    house.app.db.write_now(falin_store::In::County(house.county), move |tx| paper::issue(tx, &new))
}

on_both! {
    fn a_paper_is_issued_corrected_and_declared_void(backend) {
        let house = crate::stores::stage::house(backend);
        let values = json!({"recipient": {"name": "张桂兰"}, "cause": "追索劳动报酬"});
        let case = kept(&house);
        let first = done(issue_for(&house, case, ("aid-grant", "aid"), values.clone()));
        assert_eq!((first.paper.number.as_str(), first.paper.n), ("嘉峪关援决〔2026〕1号", Some(1)));
        assert_eq!(first.blanks, ["applied_on", "aid_form"]);
        assert_eq!(refused(issue(&house, "aid-grant", "mediation", values.clone())), "form.invalid");
        assert_eq!(refused(issue(&house, "aid-grant", "aid", json!({"cause": 1.5, "nobody": 1}))), "form.invalid");
        // What was refused took no number; another kind counts for itself, a criminal letter apart from a civil one.
        let second = done(issue(&house, "aid-grant", "aid", json!({})));
        assert_eq!(second.paper.number, "嘉峪关援决〔2026〕2号");
        let civil = done(issue(&house, "aid-letter", "aid", json!({"letter": "承办公函", "capacity": "代理人"})));
        let criminal = done(issue(&house, "aid-letter", "aid", json!({"letter": "承办公函", "capacity": "辩护人"})));
        assert_eq!((civil.paper.number.as_str(), criminal.paper.number.as_str()), ("嘉峪关民援函〔2026〕1号", "嘉峪关刑援函〔2026〕1号"));
        let agreement = done(issue(&house, "med-agreement", "mediation", json!({"no": "（2026）嘉人调字第7号"})));
        assert_eq!((agreement.paper.number.as_str(), agreement.paper.n), ("（2026）嘉人调字第7号", None));

        let (county, at) = (house.county, (first.paper.id, first.paper.version));
        let mut better = values;
        better["aid_form"] = json!("民事诉讼代理");
        let corrected = house.write(move |tx| paper::correct(tx, county, at, (&better, true), None));
        assert_eq!((corrected.paper.number.as_str(), corrected.paper.latest), ("嘉峪关援决〔2026〕1号", 2));
        let stale = house.app.db.write_now(falin_store::In::County(county), move |tx| {
            paper::correct(tx, county, at, (&json!({}), true), None)
        });
        assert_eq!(refused(stale), "state.changed");
        let shown = done(house.wait(paper::one(&house.app, &house.me, at.0)));
        assert_eq!((shown.versions.len(), &shown.values["aid_form"]), (2, &json!(["民事诉讼代理"])));
        let old = done(house.wait(paper::docx(&house.app, &house.me, at.0, Some(1)))).1;
        let new = done(house.wait(paper::docx(&house.app, &house.me, at.0, None))).1;
        assert_ne!(old, new, "the version before stays as it was");

        let at = (at.0, corrected.paper.version);
        assert_eq!(refused(house.wait(paper::void_by(&house.app, &house.me, at, " "))), "form.invalid");
        let void = done(house.wait(paper::void_by(&house.app, &house.me, at, "当事人姓名有误")));
        assert_eq!(refused(house.wait(paper::void_by(&house.app, &house.me, (at.0, void.version), "再来"))), "paper.void");
        let third = done(issue_for(&house, case, ("aid-grant", "aid"), json!({})));
        assert_eq!(third.paper.number, "嘉峪关援决〔2026〕3号");
        // The void one too; papers of cases that are not there are nobody's to see.
        let all = done(house.wait(paper::list(&house.app, &house.me, Filter::default(), Window::default())));
        assert_eq!(all.items.len(), 2);
    }

    fn every_paper_is_issued_full_and_empty(backend) {
        let house = House::new(backend);
        for form in forms::all() {
            let noun = form.nouns.iter().find(|noun| *noun != "adviser" && *noun != "plugin");
            let noun = noun.cloned().unwrap_or_else(|| if form.is_for("adviser") { "adviser".into() } else { "petition/visit".into() });
            let mut full = forms::sample(form).json();
            match form.number.as_ref().map(|number| number.given) {
                Some(true) => full["no"] = json!(form.code),
                Some(false) => drop(full.as_object_mut().unwrap().remove("no")),
                None => {}
            }
            for (values, whole) in [(full, true), (json!({}), false)] {
                let issued = done(issue(&house, &form.code, &noun, values));
                assert!(!whole || issued.blanks.is_empty(), "{}: {:?}", form.code, issued.blanks);
            }
        }
    }

    fn a_county_puts_its_own_template_in_use_and_takes_it_out(backend) {
        let house = crate::stores::stage::house(backend);
        let (app, me) = (&house.app, &house.me);
        let (_, outline) = done(paper::outline(app, me, "aid-grant"));
        let broken = house.wait(paper::replace(app, me, "aid-grant", "x.docx", b"nothing"));
        let Err(Stop::Refused(refusal)) = broken else { panic!("it was taken") };
        assert_eq!((refusal.fields[0].name.as_str(), refusal.fields[0].code.as_str()), ("file", "template.zip"));
        // The outline of another paper names what this one does not have.
        let (_, other) = done(paper::outline(app, me, "med-agreement"));
        let Err(Stop::Refused(refusal)) = house.wait(paper::replace(app, me, "aid-grant", "x.docx", &other)) else { panic!() };
        assert!(refusal.fields.iter().all(|field| field.code == "template.unknown"), "{:?}", refusal.fields);
        assert_eq!(done(house.wait(paper::replace(app, me, "aid-grant", "决定书.docx", &outline))).n, 1);
        assert_eq!(done(house.wait(paper::replace(app, me, "aid-grant", "决定书2.docx", &outline))).n, 2);
        assert_eq!(done(house.wait(paper::templates(app, me))).len(), 1);
        assert_eq!(done(house.wait(paper::history(app, me, "aid-grant"))).len(), 2);
        let case = kept(&house);
        let issued = done(issue_for(&house, case, ("aid-grant", "aid"), json!({"recipient.name": "张桂兰"})));
        let shown = done(house.wait(paper::one(app, me, issued.paper.id)));
        assert!(shown.versions[0].own_template);
        assert_eq!(done(house.wait(paper::file_of(app, me, "aid-grant"))), ("决定书2.docx".to_owned(), outline));
        done(house.wait(paper::revert(app, me, "aid-grant", None)));
        assert_eq!(refused(house.wait(paper::revert(app, me, "aid-grant", None))), "action.not_allowed");
        let issued = done(issue_for(&house, case, ("aid-grant", "aid"), json!({})));
        assert!(!done(house.wait(paper::one(app, me, issued.paper.id))).versions[0].own_template);
    }
}
