//! A workflow that answers every op, in the bench: what an author writes, and what the server is then asked to do.
#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::rc::Rc;

use falin_sdk::bench::Bench;
use falin_sdk::*;
use serde_json::{Value, json};

/// A window that calls people by number.
#[derive(Default)]
struct Window;

impl Workflow for Window {
    fn page(&mut self, _: &Host<'_>, asked: Page) -> Outcome<Shown> {
        let waiting = asked.lists["waiting"].as_array().map_or(0, Vec::len);
        Ok(Shown { model: json!({ "waiting": waiting, "day": asked.query.text("day") }) })
    }

    fn action(&mut self, host: &Host<'_>, asked: Action) -> Outcome<Acted> {
        if asked.form.number("window") > Some(9) {
            return Err(Refusal::new("no-such-window").on("window").into());
        }
        host.open("call", &Fields::default().with("window", asked.form.text("window")))?;
        Ok(Acted { said: Some(Text::new("called")), ..Acted::default() })
    }

    fn event(&mut self, host: &Host<'_>, event: Event) -> Outcome<()> {
        let text = Text::new("agreed").with("how", event.facts.text("outcome"));
        host.notify("county_admin", &text)
    }

    fn job(&mut self, host: &Host<'_>, job: Job) -> Outcome<Progress> {
        let days = host.setting("days")?.as_i64().unwrap_or(3);
        if let Some(case) = job.case.filter(|case| case.fields.number("waited") >= Some(days)) {
            host.step((&case.id, case.version), "remind", &Fields::default())?;
        }
        let part = job.cursor.as_i64().unwrap_or(0);
        Ok(Progress { cursor: if part < 1 { json!(part + 1) } else { Value::Null } })
    }

    fn stats(&mut self, _: &Host<'_>, asked: Stats) -> Outcome<Rows> {
        let of = asked.counted.value;
        let value = asked.counted.of("route", "mediation").unwrap_or(0);
        Ok(Rows { rows: vec![Row { label: "to-mediation".into(), value, of }], value: None })
    }
}

type Asked = Rc<RefCell<Vec<(HostOp, Value)>>>;

fn bench() -> (Bench, Asked) {
    let asked = Asked::default();
    let noted = asked.clone();
    let bench = Bench::of::<Window>(move |op, input| {
        noted.borrow_mut().push((op, input));
        Ok(match op {
            HostOp::SettingGet => json!(5),
            _ => json!({ "id": "", "version": 1, "state": "" }),
        })
    });
    (bench, asked)
}

#[test]
fn a_page_is_made_of_what_its_reader_sees() {
    let (mut bench, asked) = bench();
    let question = json!({ "page": "window", "query": { "day": "1" }, "lists": { "waiting": [{}, {}] } });
    let shown = bench.call(PluginOp::Page, &question).unwrap();
    assert_eq!(shown, json!({ "model": { "waiting": 2, "day": "1" } }));
    assert!(asked.borrow().is_empty());
}

#[test]
fn a_form_is_refused_at_its_field_or_stages_its_effect() {
    let (mut bench, asked) = bench();
    let Err(Stop::Refused(no)) = bench.call(PluginOp::Action, &json!({ "form": { "window": 12 } })) else {
        panic!()
    };
    assert_eq!(no.fields["window"].key, "no-such-window");
    let acted = bench.call(PluginOp::Action, &json!({ "form": { "window": "3" } })).unwrap();
    assert_eq!(acted, json!({ "said": { "key": "called" } }));
    assert_eq!(*asked.borrow(), [(HostOp::CaseOpen, json!({ "flow": "call", "fields": { "window": "3" } }))]);
}

#[test]
fn an_event_and_a_job_say_what_follows() {
    let (mut bench, asked) = bench();
    bench
        .call(PluginOp::Event, &json!({ "code": "mediation/agree", "facts": { "outcome": "paid" } }))
        .unwrap();
    assert_eq!(asked.borrow()[0].1["text"], json!({ "key": "agreed", "args": { "how": "paid" } }));
    let case = json!({ "id": "1", "version": 4, "fields": { "waited": 6 } });
    let part = bench.call(PluginOp::Job, &json!({ "job": "remind", "case": case, "cursor": null })).unwrap();
    assert_eq!(part, json!({ "cursor": 1 }));
    assert_eq!(
        asked.borrow().last().unwrap().1,
        json!({ "id": "1", "version": 4, "step": "remind", "form": {} })
    );
    let last =
        bench.call(PluginOp::Job, &json!({ "job": "remind", "place": { "id": "2" }, "cursor": 1 })).unwrap();
    assert_eq!(last, json!({ "cursor": null }));
}

#[test]
fn a_figure_is_made_of_totals() {
    let (mut bench, _) = bench();
    let splits = json!([{ "field": "route", "rows": [{ "code": "mediation", "value": 285 }] }]);
    let counted = json!({ "value": 485, "parts": [], "splits": splits });
    let rows = bench.call(PluginOp::Stats, &json!({ "figure": "routes", "counted": counted })).unwrap();
    assert_eq!(rows, json!({ "rows": [{ "label": "to-mediation", "value": 285, "of": 485 }] }));
}
