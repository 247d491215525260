//! A kind of paper that moved from the house into a workflow's package: what was issued, counted and laid out under its
//! former name goes on under the new one.

use std::sync::Arc;

use falin_app::casework::{self, Action, Opening, Seen};
use falin_app::paper::{self, New, Wanted};
use falin_app::plugin::{self, Move};
use falin_domain::page::Window;
use falin_domain::paper::Paper as Form;
use falin_domain::workflow::Manner;
use falin_store::In;
use serde_json::{Value, json};

use super::plans::house::{House, done, refused};
use super::stage::values;
use crate::town::{Backend, on_both};

const DECLARATION: &str = include_str!("../plugins/slips.toml");
const SLIP: &str = include_str!("../plugins/slip.toml");
const KIND: &str = "slips.slip";

/// A county that has the workflow in use.
fn house(backend: Backend) -> House {
    let house = super::stage::house(backend);
    let files = [("plugin.toml", DECLARATION), ("papers/slip.toml", SLIP)];
    let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into();
    let package = plugin::pack(&files).unwrap();
    let mut there = done(house.wait(plugin::upload(&house.app, &house.me, package, true)));
    for step in [Move::Try, Move::Grant, Move::Enable] {
        let (id, version) = (there.install.id, there.install.version);
        there = done(house.wait(plugin::act(&house.app, &house.me, id, version, step)));
    }
    house
}

/// A case that has come to its slip.
fn shut(house: &House) -> Seen {
    let opening = Opening::new("slips/visit", values(json!({"visitor": "马建军"})));
    let seen = done(house.wait(casework::open(&house.app, &house.me, opening)));
    let action = Action {
        action: "shut".to_owned(),
        version: seen.case.version,
        values: values(json!({"result": "已答复。"})),
        manner: Manner::Program,
    };
    done(house.wait(casework::act(&house.app, &house.me, "slips/visit", seen.case.id, action)))
}

/// The kind as the house had it.
fn of_house(code: &str) -> Arc<Form> {
    let text = SLIP.replace("code = \"slip\"", &format!("code = \"{code}\"\nnouns = [\"plugin\"]"));
    Arc::new(Form::parse(&text).unwrap())
}

fn issued_then(house: &House, seen: &Seen, form: Arc<Form>) -> paper::Issued {
    let new = New {
        county: house.county,
        form,
        subject: ("slips/visit".to_owned(), seen.case.id.cast()),
        values: json!({"visitor": "马建军", "visit_no": "访1", "result": "已答复。"}),
        by: None,
        by_hand: true,
        again: true,
    };
    done(house.app.db.write_now(In::County(house.county), move |tx| paper::issue(tx, &new)))
}

fn issued_now(house: &House, seen: &Seen, kind: &str) -> paper::Issued {
    let subject = ("slips/visit".to_owned(), seen.case.id.cast());
    let wanted = Wanted { values: Value::Null, ..Wanted::default() };
    done(house.wait(paper::issue_by(&house.app, &house.me, kind, subject, wanted)))
}

on_both! {
    fn numbers_papers_and_templates_of_the_former_kind_go_on(backend) {
        let house = house(backend);
        let (app, me) = (&house.app, &house.me);
        let seen = shut(&house);
        let old = issued_then(&house, &seen, of_house("slip")).paper;
        assert_eq!((old.kind.as_str(), old.number.as_str()), ("slip", "嘉峪关访条〔2026〕1号"));
        let (_, outline) = done(paper::outline(app, me, KIND));
        let county = house.county;
        house.write(move |tx| falin_store::paper::add_template(tx, county, ("slip", "旧.docx"), (&outline, vec![1]), None));

        // Read, printed and corrected under the new name; the number goes on, and the template is still in use.
        let shown = done(house.wait(paper::one(app, me, old.id)));
        assert_eq!(shown.form.as_ref().unwrap().code, KIND);
        assert_eq!(done(house.wait(paper::sheet(app, me, old.id, None))).title, "来访办理条");
        let better = json!({"visitor": "马建军", "visit_no": "访1", "result": "另行答复。"});
        let corrected = done(house.wait(paper::correct_by(app, me, (old.id, 1), (better, true))));
        assert_eq!((corrected.paper.latest, corrected.paper.kind.as_str()), (2, "slip"));
        let new = issued_now(&house, &seen, "slip").paper;
        assert_eq!((new.kind.as_str(), new.number.as_str()), (KIND, "嘉峪关访条〔2026〕2号"));
        assert_eq!(issued_now(&house, &seen, KIND).paper.number, "嘉峪关访条〔2026〕3号");
        assert!(done(house.wait(paper::one(app, me, new.id))).versions[0].own_template);
        assert_eq!(done(house.wait(paper::history(app, me, KIND))).len(), 1);
        done(house.wait(paper::revert(app, me, KIND, None)));
        assert_eq!(refused(house.wait(paper::revert(app, me, KIND, None))), "action.not_allowed");
        let filter = paper::Filter { kinds: paper::codes(app, me, KIND), ..paper::Filter::default() };
        let all = done(house.wait(paper::list(app, me, filter, Window::default())));
        assert_eq!(all.items.len(), 3);
        let offered = done(house.wait(paper::offered_to(app, me, "slips/visit", seen.case.id.cast())));
        assert!(offered.now.is_empty(), "one was issued since: {:?}", offered.now);
    }

    fn a_paper_whose_form_is_nowhere_is_still_there_as_it_was_issued(backend) {
        let house = house(backend);
        let (app, me) = (&house.app, &house.me);
        let seen = shut(&house);
        let lost = issued_then(&house, &seen, of_house("lost")).paper;
        let shown = done(house.wait(paper::one(app, me, lost.id)));
        assert!(shown.form.is_none() && shown.values["visitor"] == "马建军");
        assert_eq!(refused(house.wait(paper::sheet(app, me, lost.id, None))), "paper.no_form");
        assert_eq!(refused(house.wait(paper::correct_by(app, me, (lost.id, 1), (json!({}), true)))), "paper.no_form");
        assert!(done(house.wait(paper::docx(app, me, lost.id, None))).1.starts_with(b"PK"));
        assert_eq!(done(house.wait(paper::list(app, me, paper::Filter::default(), Window::default()))).items.len(), 1);
    }
}
