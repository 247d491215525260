//! Manifests as authors write them are read and checked.
#![allow(clippy::unwrap_used)]
use super::*;
use crate::fault::tests::told;

pub(super) const SMALL: &str = r#"
    id = "small-one"
    version = "1.2.0"
    name = { zh = "小", en = "Small" }
    about = { zh = "试", en = "A trial" }
    divisions = ["620200"]
    [[permission]]
    code = "contact"
    why = { zh = "回电", en = "To call back" }
    [[flow]]
    id = "visit"
    name = { zh = "来访", en = "Visit" }
    number = "访〔{year}〕{n}"
    phone = "phone"
    state = [
        { id = "open", name = { zh = "开", en = "Open" }, fill = "empty", next = "clerk" },
        { id = "shut", name = { zh = "关", en = "Shut" }, fill = "done", closed = true },
    ]
    field = [{ name = "phone", label = { zh = "电话", en = "Telephone" }, kind = "phone" }]
    [[flow.step]]
    action = "open"
    name = { zh = "登记", en = "Open" }
    to = "open"
    roles = ["clerk"]
    fields = ["phone"]
    [[flow.step]]
    action = "shut"
    name = { zh = "办结", en = "Close" }
    from = ["open"]
    to = "shut"
    roles = ["clerk"]
    "#;

#[test]
fn a_sound_manifest_has_no_faults_and_its_flows_take_their_whole_names() {
    let manifest = Manifest::parse(SMALL).unwrap();
    assert_eq!(manifest.check(false), Vec::new());
    let flows = manifest.flows(7);
    assert_eq!((flows[0].id.as_str(), flows[0].version), ("small-one/visit", 7));
    assert!(manifest.is_for("620200") && manifest.is_for("620201") && !manifest.is_for("440604"));
}

#[test]
fn a_workflow_is_for_the_counties_that_its_divisions_name_and_no_others() {
    for (divisions, fits, not) in [
        ("\"621000\"", &["621000", "621002", "621027"][..], &["621102", "621200"][..]),
        ("\"371000\"", &["371002"], &["371102", "371302"]),
        ("\"130530\"", &["130530"], &["130531", "130535"]),
        ("\"620920\"", &["620920"], &["620921"]),
        ("\"620000\"", &["620200", "620921", "621002"], &["610100"]),
        ("\"620200000000\", \"6209\"", &["620200", "620921"], &["620300"]),
    ] {
        let manifest = Manifest::parse(&SMALL.replace("\"620200\"", divisions)).unwrap();
        assert_eq!(manifest.check(false), Vec::new());
        assert!(fits.iter().all(|county| manifest.is_for(county)), "{divisions}");
        assert!(!not.iter().any(|county| manifest.is_for(county)), "{divisions}");
    }
}

#[test]
fn what_is_missing_or_not_asked_for_is_named() {
    let without = SMALL.replace("code = \"contact\"", "code = \"notice\"");
    let faults = told(&Manifest::parse(&without).unwrap().check(true));
    assert_eq!(faults, ["permission: permission.needed code=contact", "permission: library.unasked"]);
    let newer = SMALL.replace("version = \"1.2.0\"", "version = \"1.2\"\nabi = \"1.9\"");
    let faults = told(&Manifest::parse(&newer).unwrap().check(false));
    assert_eq!(faults, ["version: version", "abi: abi speaks=1.0"]);
    assert!(Manifest::parse("id = 1").is_err());
}

#[test]
fn a_last_day_is_that_of_a_known_deadline() {
    let with = |deadline: &str| {
        let field = "{ name = \"on\", label = { zh = \"日\", en = \"Day\" }, kind = \"date\" }]";
        let guard = format!(
            "guards = [{{ check = \"in_time\", deadline = \"{deadline}\", from = \"on\" }}]\n    [[flow.step]]\n    action = \"shut\""
        );
        let text = SMALL.replacen("kind = \"phone\" }]", &format!("kind = \"phone\" }}, {field}"), 1);
        Manifest::parse(&text.replace("[[flow.step]]\n    action = \"shut\"", &guard)).unwrap().check(false)
    };
    assert_eq!(with("mediation.confirmation"), Vec::new());
    let unknown = told(&with("nobody.knows"));
    assert_eq!(unknown, ["flow visit > step open > guards 1 > deadline: no_deadline deadline=nobody.knows"]);
}

#[test]
fn versions_are_three_numbers() {
    assert_eq!(version_numbers("1.20.3"), Some([1, 20, 3]));
    for bad in ["1", "1.2", "1.2.3.4", "v1.2.3", "1.02.3", "1.-2.3", "", "1..3"] {
        assert_eq!(version_numbers(bad), None, "{bad}");
    }
    assert!(is_id("court-link") && !is_id("-a") && !is_id("a--b") && !is_id("../x") && !is_id("A"));
}
