//! Who does not supply what was missing counts as withdrawn once the named day is over, and not before.
#![allow(clippy::unwrap_used)]

mod house;

use falin_app::casework::{self, Action, Opening, Seen};
use falin_app::{App, Stop, county};
use falin_domain::access::Visitor;
use falin_domain::workflow::Manner;
use serde_json::{Value, json};

use house::{Folder, values};

async fn act(app: &App, who: &Visitor, seen: &Seen, action: &str, form: Value) -> Result<Seen, Stop> {
    let (version, manner) = (seen.case.version, Manner::Program);
    let action = Action { action: action.to_owned(), version, values: values(form), manner };
    casework::act(app, who, "aid", seen.case.id, action).await
}

#[tokio::test]
async fn the_named_day_must_be_over() {
    let folder = Folder::new("aid");
    let app = folder.house("2026-12-01T09:00:00+08:00");
    let id = county::by_code_or_make(&app, "620200", "嘉峪关市").await.unwrap();
    let operator = Visitor::operator(id);
    let form = values(json!({"applicant": "马建军", "facts": "欠薪", "matter": "wages"}));
    let seen = casework::open(&app, &operator, Opening::new("aid", form)).await.unwrap();
    let ask = json!({"missing": "户口页", "supply_by": "2026-12-10"});
    let seen = act(&app, &operator, &seen, "ask_supplement", ask).await.unwrap();
    assert_eq!(seen.deadlines[0].due.date().to_string(), "2026-12-10");
    drop(app);
    let app = folder.house("2026-12-10T17:00:00+08:00");
    match act(&app, &operator, &seen, "deem_withdrawn", json!({})).await {
        Err(Stop::Refused(refusal)) => assert_eq!(refusal.code(), "case.too_early"),
        other => panic!("{other:?}"),
    }
    drop(app);
    let app = folder.house("2026-12-11T00:01:00+08:00");
    let seen = act(&app, &operator, &seen, "deem_withdrawn", json!({})).await.unwrap();
    assert_eq!(seen.case.state, "deemed_withdrawn");
}
