//! What a plugin declares beside its flows is read and checked.
#![allow(clippy::unwrap_used)]
use super::super::{Every, Surge, hooked};
use super::*;
use crate::fault::tests::told;
use crate::time::Date;

const BESIDE: &str = r#"
    [[post]]
    code = "analyst"
    name = { zh = "分析员", en = "Analyst" }
    role = "clerk"
    [[setting]]
    default = 30
    [setting.field]
    name = "days"
    label = { zh = "天数", en = "Days" }
    kind = "number"
    [[job]]
    code = "daily"
    name = { zh = "每日一件", en = "One a day" }
    every = "day"
    each = { place = "village" }
    open = { flow = "visit", set = { phone = "13900000000" } }
    [[job]]
    code = "shut_old"
    name = { zh = "到期关闭", en = "Closes old ones" }
    every = "day"
    each = { flow = "visit", states = ["open"], after_setting = "days" }
    act = "shut"
    [[hook]]
    on = "visit/shut"
    open = { flow = "visit", map = { phone = "phone" } }
    [[import]]
    code = "phones"
    name = { zh = "电话表", en = "Telephones" }
    flow = "visit"
    columns = [{ field = "phone", heads = ["电话"] }]
    [[page]]
    path = "board"
    name = { zh = "看板", en = "Board" }
    roles = ["clerk"]
    template = "templates/board.hbs"
    list = [{ name = "open", flow = "visit", states = ["open"], fields = ["phone"], most = 20 }]
    [[migration]]
    flow = "visit"
    states = { was = "open" }
    "#;

fn with(beside: &str) -> Vec<String> {
    told(&Manifest::parse(&format!("{}{beside}", super::tests::SMALL)).unwrap().check(false))
}

#[test]
fn what_stands_beside_the_flows_has_no_faults() {
    assert_eq!(with(BESIDE), Vec::<String>::new());
}

#[test]
fn every_name_that_leads_nowhere_is_said() {
    for (right, wrong, said) in [
        (
            "after_setting = \"days\"",
            "after_setting = \"weeks\"",
            "job shut_old > each > after_setting: no_number_setting setting=weeks",
        ),
        ("act = \"shut\"", "act = \"burn\"", "job shut_old > act: no_step flow=visit step=burn"),
        ("visit/shut", "visit/burn", "hook visit/burn > on: hook.no_step"),
        (
            "{ phone = \"phone\" }",
            "{ phone = \"fax\" }",
            "hook visit/shut > open > map > phone: opens.nothing name=fax",
        ),
        ("{ phone = \"phone\" }", "{ memo = \"phone\" }", "opens.person name=phone field=memo"),
        ("set = { phone", "set = { fax", "job daily > open: opens.unasked flow=visit field=fax"),
        (
            "columns = [{ field = \"phone\"",
            "columns = [{ field = \"fax\"",
            "import phones > columns fax: opens.unasked flow=visit field=fax",
        ),
        ("templates/board.hbs", "../board.hbs", "page board > template: page.template"),
        (
            "was = \"open\"",
            "was = \"ajar\"",
            "migration visit > states > was: no_state flow=visit state=ajar",
        ),
        ("most = 20", "most = 2000", "page board > list open > most: between least=1 most=200"),
        ("code = \"shut_old\"", "code = \"daily\"", "job daily: twice"),
    ] {
        let faults = with(&BESIDE.replace(right, wrong));
        assert!(faults.iter().any(|fault| fault.contains(said)), "{wrong}: {faults:?}");
    }
}

#[test]
fn a_job_takes_no_step_that_asks_the_library() {
    let small = super::tests::SMALL.replacen(
        "to = \"shut\"",
        "to = \"shut\"\n    guards = [{ check = \"call\", name = \"shut\" }]",
        1,
    );
    let faults = told(&Manifest::parse(&format!("{small}{BESIDE}")).unwrap().check(true));
    assert!(faults.contains(&"job shut_old > act: job.library step=shut".to_owned()), "{faults:?}");
}

#[test]
fn a_period_begins_on_its_first_day() {
    let day = |text: &str| text.parse::<Date>().unwrap();
    for (every, at, first) in [
        (Every::Day, "2026-11-26", "2026-11-26"),
        (Every::Week, "2026-11-26", "2026-11-23"),
        (Every::Week, "2026-11-23", "2026-11-23"),
        (Every::Month, "2026-11-26", "2026-11-01"),
        (Every::Quarter, "2026-11-26", "2026-10-01"),
        (Every::Year, "2026-11-26", "2026-01-01"),
    ] {
        assert_eq!(every.begins(day(at)), day(first), "{every:?} {at}");
    }
}

#[test]
fn a_count_has_risen_where_it_is_large_and_far_above_the_usual() {
    let surge = Surge { count: "n".into(), usual: "u".into(), least: "least".into(), times: "times".into() };
    for (n, u, risen) in
        [(10, 5, true), (9, 5, false), (4, 1, false), (5, 0, true), (5, 2, true), (i64::MAX, 1, true)]
    {
        let values = serde_json::json!({"n": n, "u": u});
        assert_eq!(surge.holds(values.as_object().unwrap(), 5, 200), risen, "{n} against {u}");
    }
}

#[test]
fn hooks_find_steps_of_the_house_and_of_the_plugin() {
    let manifest = Manifest::parse(super::tests::SMALL).unwrap();
    assert!(hooked("visit/shut", &manifest.flow).is_some());
    assert!(hooked("mediation/apply", &[]).is_some());
    assert!(hooked("mediation/nothing", &manifest.flow).is_none());
}

const ASKED: &str = r#"
    [[permission]]
    code = "library"
    why = { zh = "判断", en = "To decide" }
    [[permission]]
    code = "document"
    why = { zh = "记录", en = "To keep" }
    [[page]]
    path = "board"
    name = { zh = "看板", en = "Board" }
    roles = ["clerk"]
    template = "templates/board.hbs"
    library = true
    query = ["day"]
    [[page.action]]
    code = "call"
    name = { zh = "叫号", en = "Call" }
    field = [{ name = "window", label = { zh = "窗口", en = "Window" }, kind = "number", required = true }]
    [[hook]]
    on = "visit/shut"
    library = true
    facts = ["phone"]
    [[job]]
    code = "daily"
    name = { zh = "每日", en = "Daily" }
    every = "day"
    each = { flow = "visit" }
    library = true
    [[statistic]]
    code = "seen"
    name = { zh = "程序数的", en = "Seen" }
    unit = { zh = "件", en = "cases" }
    flow = "visit"
    library = true
    [[collection]]
    name = "rota"
    index = ["day"]
    "#;

fn asking(asked: &str) -> Vec<String> {
    told(&Manifest::parse(&format!("{}{asked}", super::tests::SMALL)).unwrap().check(true))
}

#[test]
fn what_a_library_is_asked_has_no_faults_or_they_are_said() {
    assert_eq!(asking(ASKED), Vec::<String>::new());
    for (right, wrong, said) in [
        ("code = \"library\"", "code = \"notice\"", "permission: permission.needed code=library"),
        ("code = \"document\"", "code = \"notice\"", "permission: permission.needed code=document"),
        (
            "facts = [\"phone\"]",
            "facts = [\"fax\"]",
            "hook visit/shut > facts: no_field flow=visit field=fax",
        ),
        ("facts = [\"phone\"]", "open = { flow = \"visit\" }", "hook visit/shut: hook.either"),
        (
            "each = { flow = \"visit\" }",
            "each = { flow = \"visit\" }\n    act = \"shut\"",
            "job daily: job.both",
        ),
        ("library = true\n    query", "query", "page board > query: page.query"),
        ("query = [\"day\"]", "query = [\"a-b\"]", "page board > query a-b: name.query"),
        ("template = \"templates/board.hbs\"\n", "", "page board: page.no_template"),
        (
            "template = \"templates/board.hbs\"",
            "template = \"../board.hbs\"",
            "page board > template: page.template",
        ),
        ("code = \"call\"", "code = \"Call!\"", "page board > action Call!: name.hyphen"),
        ("name = \"window\"", "name = \"action\"", "page board > action call > field action: page.field"),
        (
            "code = \"call\"",
            "code = \"call\"\n    roles = [\"county_admin\"]",
            "page board > action call > roles: page.role role=county_admin",
        ),
        (
            "unit = { zh = \"件\"",
            "of = \"seen\"\n    unit = { zh = \"件\"",
            "statistic seen > of: figure.share",
        ),
        (
            "index = [\"day\"]",
            "index = [\"day\"]\n    most = 0",
            "collection rota > most: between least=1 most=100,000",
        ),
    ] {
        assert!(ASKED.contains(right), "{right}");
        let faults = asking(&ASKED.replace(right, wrong));
        assert!(faults.iter().any(|fault| fault.contains(said)), "{wrong}: {faults:?}");
    }
    // Without a library in the package nothing can be asked.
    let faults = told(&Manifest::parse(&format!("{}{ASKED}", super::tests::SMALL)).unwrap().check(false));
    assert_eq!(faults, ["permission library: library.unbrought"]);
}

#[test]
fn nothing_but_a_person_opens_what_a_library_is_asked_about() {
    let declared = format!("{}{BESIDE}", super::tests::SMALL);
    let asks = declared.replacen(
        "fields = [\"phone\"]",
        "fields = [\"phone\"]\n    guards = [{ check = \"call\", name = \"may\" }]",
        1,
    );
    assert_ne!(asks, declared);
    let faults = told(&Manifest::parse(&asks).unwrap().check(true));
    for place in ["job daily > open", "hook visit/shut > open", "import phones"] {
        assert!(faults.contains(&format!("{place}: opens.library flow=visit")), "{place}: {faults:?}");
    }
}

#[test]
fn what_documents_are_found_by_stands_in_its_own_order() {
    let rota = Collection { name: "rota".into(), index: vec!["n".into()], most: 1, schema: 1 };
    let at = |n: i64| rota.indexed(&serde_json::json!({ "n": n }))[0].1.clone();
    assert!(
        at(i64::MIN) < at(-7) && at(-7) < at(0) && at(0) < at(9) && at(9) < at(10) && at(10) < at(i64::MAX)
    );
    assert_eq!(rota.indexed(&serde_json::json!({ "n": [1], "m": 2 })), []);
}
