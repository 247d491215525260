//! The schemas and the SDK say the same: every op has a schema, its examples fit the SDK's types, and what the SDK
//! asks of the server fits the schema.
#![allow(clippy::unwrap_used)]

use falin_sdk::bench::Bench;
use falin_sdk::*;
use serde_json::{Value, json};

fn schema(name: &str) -> Value {
    let path = format!("{}/../abi/schemas/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{path}"))).unwrap()
}

fn examples(schema: &Value, side: &str) -> Vec<Value> {
    schema["$defs"][side]["examples"].as_array().cloned().unwrap_or_default()
}

/// The example, read as the type and written again, has lost nothing.
fn fits<T: serde::Serialize + serde::de::DeserializeOwned>(name: &str, side: &str) {
    let schema = schema(name);
    assert!(!examples(&schema, side).is_empty(), "{name}: no example of its {side}");
    for example in examples(&schema, side) {
        let read: T = serde_json::from_value(example.clone()).unwrap();
        let written = serde_json::to_value(read).unwrap();
        for (member, value) in example.as_object().unwrap() {
            assert_eq!(&written[member], value, "{name}: {member}");
        }
        names_only_what_is_declared(name, side, &written);
    }
}

fn names_only_what_is_declared(name: &str, side: &str, value: &Value) {
    let declared = &schema(name)["$defs"][side];
    for member in value.as_object().unwrap().keys() {
        assert!(declared["properties"].get(member).is_some(), "{name}: {side} declares no {member}");
    }
    for member in declared["required"].as_array().unwrap() {
        assert!(value.get(member.as_str().unwrap()).is_some(), "{name}: {side} lacks {member}");
    }
}

#[test]
fn every_op_has_its_schema_and_no_schema_is_left_over() {
    let plugin = PluginOp::ALL.iter().map(|op| op.name());
    let host = HostOp::ALL.iter().map(|op| op.name());
    let mut wanted: Vec<String> =
        plugin.chain(host).chain(["common"]).map(|name| format!("{name}.json")).collect();
    let folder = format!("{}/../abi/schemas", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).unwrap().flatten();
    let mut found: Vec<String> = files.map(|file| file.file_name().into_string().unwrap()).collect();
    wanted.sort();
    found.sort();
    assert_eq!(found, wanted);
    for name in found.iter().filter(|name| *name != "common.json") {
        let schema = schema(name.trim_end_matches(".json"));
        assert_eq!(schema["title"], name.trim_end_matches(".json"));
        assert!(schema["$defs"]["input"].is_object() && schema["$defs"]["output"].is_object(), "{name}");
    }
}

#[test]
fn the_examples_fit_the_types() {
    fits::<Guard>("guard", "input");
    fits::<Decision>("guard", "output");
    fits::<Event>("event", "input");
    fits::<Page>("page", "input");
    fits::<Shown>("page", "output");
    fits::<Action>("action", "input");
    fits::<Acted>("action", "output");
    fits::<Job>("job", "input");
    fits::<Progress>("job", "output");
    fits::<Stats>("stats", "input");
    fits::<Rows>("stats", "output");
    fits::<Migrate>("migrate", "input");
    fits::<Migrated>("migrate", "output");
    fits::<Checks>("selftest", "output");
}

/// Asks the server for everything, once.
#[derive(Default)]
struct Asker;

impl Workflow for Asker {
    fn event(&mut self, host: &Host<'_>, _: Event) -> Outcome<()> {
        let some = Fields::default().with("kind", "neighbours");
        let text = Text::new("answer-ready").with("day", "2026-03-01");
        let find = Find { index: "day".into(), is: json!("2026-03-01"), ..Find::default() };
        assert!(host.document::<Value>("rota", "1")?.is_none());
        assert_eq!(host.put("rota", "1", None, &json!({}))?, 1);
        host.delete("rota", "1", 1)?;
        assert!(host.find::<Value>("rota", &find)?.items.is_empty());
        assert!(host.core("visit", "1")?.is_none());
        assert_eq!(host.core_find("visit", &some)?.len(), 1);
        host.consult(&some)?;
        host.annotate("1", "…")?;
        host.mediate(&some)?;
        host.book("1", ("2026-03-02T01:00:00Z", "2026-03-02T02:00:00Z"), None)?;
        host.open("visit", &some)?;
        host.step(("1", 4), "close", &some)?;
        host.notify("county_admin", &text)?;
        host.issue("receipt", "1", &some)?;
        host.audit("rota-changed")?;
        host.setting("opening_hours")?;
        assert!(!host.new_id()?.is_empty());
        assert_eq!(host.now()?.today, "2026-03-01");
        Ok(())
    }
}

#[test]
fn what_the_sdk_asks_fits_the_schemas() {
    let asked = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let noted = asked.clone();
    let mut bench = Bench::of::<Asker>(move |op, input| {
        names_only_what_is_declared(op.name(), "input", &input);
        noted.borrow_mut().push(op);
        let output = &schema(op.name())["$defs"]["output"];
        let opened = output["$ref"].as_str().is_some_and(|target| target.ends_with("/opened"));
        Ok(match examples(&schema(op.name()), "output").first() {
            _ if opened => json!({ "id": "1", "no": "2026-1", "version": 1, "state": "open" }),
            Some(example) => example.clone(),
            None => Value::Null,
        })
    });
    bench.call(PluginOp::Event, &json!({ "code": "mediation.closed" })).unwrap();
    asked.borrow_mut().sort();
    assert_eq!(*asked.borrow(), HostOp::ALL);
}

#[test]
#[should_panic(expected = "not as expected")]
fn a_panic_of_the_tests_server_fails_the_test() {
    let mut bench = Bench::of::<Asker>(|_, _| panic!("not as expected"));
    let _ = bench.call(PluginOp::Event, &json!({}));
}

#[test]
fn a_panic_a_refusal_and_an_unknown_op_are_told_apart() {
    #[derive(Default)]
    struct Moody;
    impl Workflow for Moody {
        fn guard(&mut self, _: &Host<'_>, asked: Guard) -> Outcome<Decision> {
            match asked.step.as_str() {
                "panic" => panic!("as asked"),
                "refuse" => Err(Refusal::new("matter-missing").on("matter").into()),
                _ => Ok(Decision::to("closed")),
            }
        }
    }
    let mut bench = Bench::of::<Moody>(|_, _| Err(Stop::unknown()));
    let mut step = |step: &str| bench.call(PluginOp::Guard, &json!({ "step": step }));
    assert_eq!(step("close").unwrap(), json!({ "to": "closed" }));
    assert!(matches!(step("panic"), Err(Stop::Fault(abi::status::PANICKED, _))));
    let Err(Stop::Refused(refusal)) = step("refuse") else { panic!() };
    assert_eq!(refusal.fields["matter"].key, "matter-missing");
    let stats = bench.call(PluginOp::Stats, &json!({}));
    assert!(matches!(stats, Err(Stop::Fault(abi::status::UNKNOWN_OP, _))));
    // What the server does not offer is no op that this workflow does not know.
    let Err(Stop::Fault(status, said)) =
        Bench::of::<Asker>(|_, _| Err(Stop::unknown())).call(PluginOp::Event, &json!({}))
    else {
        panic!()
    };
    assert_eq!(status, abi::status::FAULT);
    assert!(said.contains("document_get"), "{said}");
    let bad = bench.call(PluginOp::Guard, &json!("no object"));
    assert!(matches!(bad, Err(Stop::Fault(abi::status::BAD_INPUT, _))), "{bad:?}");
}
