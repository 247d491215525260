//! The core's flows are proved, and forms are read as people and programs fill them.
#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::*;
use crate::fault::tests::told;

fn values(value: Value) -> Values {
    value.as_object().unwrap().clone()
}

fn today() -> crate::time::Date {
    "2026-11-21".parse().unwrap()
}

fn small() -> Flow {
    Flow::parse(
        r#"
        id = "small"
        version = 1
        name = { zh = "小", en = "Small" }
        number = "小〔{year}〕{n}"
        state = [
            { id = "open", name = { zh = "开", en = "Open" }, fill = "empty", next = "clerk" },
            { id = "shut", name = { zh = "关", en = "Shut" }, fill = "done", closed = true },
        ]
        [[field]]
        name = "why"
        label = { zh = "为何", en = "Why" }
        kind = "choice"
        options = [{ code = "a", zh = "甲", en = "A" }, { code = "b", zh = "乙", en = "B" }]
        [[field]]
        name = "more"
        label = { zh = "补充", en = "More" }
        kind = "long"
        [[field]]
        name = "fee"
        label = { zh = "金额", en = "Amount" }
        kind = "money"
        [[field]]
        name = "people"
        label = { zh = "人员", en = "People" }
        kind = "rows"
        of = [
            { name = "name", label = { zh = "姓名", en = "Name" }, kind = "name", required = true },
            { name = "owed", label = { zh = "金额", en = "Amount" }, kind = "money" },
        ]
        [[step]]
        action = "open"
        name = { zh = "登记", en = "Open" }
        to = "open"
        roles = ["clerk"]
        fields = ["why!", { name = "more!", when = { field = "why", in = ["b"] } }, "fee", "people"]
        [[step]]
        action = "shut"
        name = { zh = "办结", en = "Close" }
        from = ["open"]
        to = [{ state = "=", when = { field = "why", in = ["b"] } }, { state = "shut" }]
        roles = ["clerk"]
        "#,
    )
    .unwrap()
}

#[test]
fn every_core_flow_is_read_and_proved() {
    assert_eq!(
        core().iter().map(|flow| flow.id.as_str()).collect::<Vec<_>>(),
        ["consultation", "aid", "mediation"]
    );
    for flow in core() {
        assert!(proven(flow).is_ok(), "{}: {:#?}", flow.id, proven(flow).unwrap_err());
    }
}

#[test]
fn papers_that_a_step_offers_are_in_the_registry() {
    for effect in core().iter().flat_map(|flow| &flow.step).flat_map(|step| &step.effects) {
        if let Effect::Paper { paper, .. } = effect {
            assert!(crate::paper::find(paper).is_some(), "{paper}");
        }
    }
}

#[test]
fn a_form_is_read_with_every_fault_at_its_field() {
    let flow = small();
    let open = flow.opening().unwrap();
    let form = values(json!({"why": "b", "fee": "1.5万元", "people": "张三\t1200\n李四，3,"}));
    let faults = flow.read(open, &form, &Values::new(), Manner::Form, today()).unwrap_err();
    assert_eq!(faults.fields.len(), 1);
    assert_eq!((faults.fields[0].name.as_str(), faults.fields[0].code.as_str()), ("more", "required"));
    let form = values(json!({"why": "a", "more": "不问", "fee": "1.5万元", "people": "张三\t1200\n李四，3"}));
    let read = flow.read(open, &form, &Values::new(), Manner::Form, today()).unwrap();
    assert_eq!(read.get("more"), None);
    assert_eq!(read["fee"], json!(1_500_000));
    assert_eq!(read["people"], json!([{"name": "张三", "owed": 120_000}, {"name": "李四", "owed": 300}]));
}

#[test]
fn a_program_must_send_the_schemas_types() {
    let flow = small();
    let open = flow.opening().unwrap();
    let bad = values(json!({"why": "c", "fee": "12", "extra": 1, "people": [{"owed": 1}]}));
    let faults = flow.read(open, &bad, &Values::new(), Manner::Program, today()).unwrap_err();
    let told: Vec<_> = faults.fields.iter().map(|f| (f.name.as_str(), f.code.as_str())).collect();
    assert_eq!(
        told,
        [
            ("extra", "not_expected"),
            ("why", "unknown"),
            ("fee", "not_a_number"),
            ("people[0].name", "required")
        ]
    );
}

#[test]
fn a_case_moves_where_its_values_lead() {
    let flow = small();
    let shut = flow.step("shut").unwrap();
    assert_eq!(flow.target(shut, "open", &values(json!({"why": "b"}))), "open");
    assert_eq!(flow.target(shut, "open", &values(json!({"why": "a"}))), "shut");
    assert_eq!(flow.moves(), [(String::new(), "open".into()), ("open".into(), "shut".into())]);
    assert!(flow.diagram("zh").contains("open --> shut: 办结"));
}

#[test]
fn unsound_flows_are_told_what_is_wrong() {
    let mut flow = small();
    flow.state[0].next = Some(crate::access::Role::Lawyer);
    flow.step[1].to = Target::Always("gone".into());
    flow.step[0].fields.push(Use::Plain("nothing!".into()));
    let faults = told(&proven(&flow).unwrap_err());
    assert_eq!(
        faults,
        [
            "step open > fields nothing: no_field flow=small field=nothing",
            "step shut > to: no_state flow=small state=gone",
            "state open: state.dead_end",
            "state open: state.turn role=lawyer",
            "state shut: state.unreached",
        ]
    );
}

#[test]
fn every_state_action_and_role_of_the_core_flows_is_decided() {
    for flow in core() {
        let decided = proven(flow).unwrap_or_else(|faults| panic!("{}: {faults:?}", flow.id));
        let moves = flow.moves();
        let mut tried = 0;
        for state in &flow.state {
            for step in flow.step.iter().filter(|step| !step.from.is_empty()) {
                for role in crate::access::Role::ALL {
                    let place = format!("{} {} {} {}", flow.id, state.id, step.action, role.code());
                    let listed =
                        decided[&state.id].get(&step.action).is_some_and(|roles| roles.contains(role));
                    let open = step.begins_in(&state.id, state.closed);
                    assert_eq!(listed, open && step.roles.contains(role), "{place}");
                    tried += 1;
                }
                if !step.begins_in(&state.id, state.closed) {
                    continue;
                }
                for to in flow.targets(step, &state.id) {
                    let known = to == state.id || moves.contains(&(state.id.clone(), to.to_owned()));
                    assert!(
                        known,
                        "{} {} leads from {} to {to}, which the database refuses",
                        flow.id, step.action, state.id
                    );
                }
            }
        }
        assert_eq!(tried, flow.state.len() * (flow.step.len() - 1) * crate::access::Role::ALL.len());
    }
}

#[test]
fn a_condition_that_the_case_settles_is_asked_plainly_or_not_at_all() {
    let flow = core_flow("aid").unwrap();
    let draft = flow.step("draft").unwrap();
    let refuse = values(json!({"decision": "refuse"}));
    let asks = |step: &Step, known: &Values| {
        let found = flow.asked_on(step, known).into_iter().find(|asked| asked.field.name == "refusal");
        found.map(|asked| (asked.required, asked.when.is_some()))
    };
    assert_eq!(asks(draft, &refuse), Some((true, true)), "the same form asks for the decision");
    let mut later = draft.clone();
    later.fields.retain(|one| one.parts().0 != "decision");
    assert_eq!(asks(&later, &refuse), Some((true, false)));
    assert_eq!(asks(&later, &values(json!({"decision": "grant"}))), None);
    assert_eq!(asks(&later, &Values::new()), Some((true, true)), "what nobody knows is not settled");
}
