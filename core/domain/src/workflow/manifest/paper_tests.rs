//! Papers that a package brings: read under the plugin's name, and each fault told at its file and line.
#![allow(clippy::unwrap_used)]
use std::collections::BTreeMap;

use super::tests::SMALL;
use super::*;

const DECLARED: &str = r#"
    [[permission]]
    code = "paper"
    why = { zh = "出条子", en = "To write slips" }
    [[paper]]
    code = "slip"
    name = { zh = "来访条", en = "Visit slip" }
    was = ["old-slip"]
    "#;

const SLIP: &str = r#"code = "slip"
title = "来访条"
source = "本县来访办法"
page = "letter"
after = ["shut"]
fields = [
  { name = "no", label = "编号", kind = "number", from = "computed" },
  { name = "phone", label = "电话", kind = "phone", from = "case" },
  { name = "said", label = "说明", kind = "text", from = "case" },
]
layout = '''
title
number
p {phone}：{said}
'''
[number]
prefix = "{office}来访条"
[fill]
said = ["~{case.number}已办结", "step.shut.on"]
"#;

fn small() -> Manifest {
    Manifest::parse(&format!("{SMALL}{DECLARED}")).unwrap()
}

fn faults(slip: &str) -> String {
    let files = BTreeMap::from([("papers/slip.toml".to_owned(), slip.to_owned())]);
    small().paper_faults(&files).into_iter().map(|(path, fault)| format!("{path}: {fault}\n")).collect()
}

#[test]
fn a_paper_of_a_package_bears_the_plugins_name() {
    assert_eq!(small().check(false), Vec::<String>::new());
    assert_eq!(faults(SLIP), "");
    let files = BTreeMap::from([("papers/slip.toml".to_owned(), SLIP.to_owned())]);
    let slip = small().papers(3, &files).unwrap().remove(0);
    assert_eq!(
        (slip.code.as_str(), slip.local(), slip.called("en")),
        ("small-one.slip", "slip", "Visit slip")
    );
    assert_eq!(slip.codes().collect::<Vec<_>>(), ["small-one.slip", "old-slip"]);
    let series = slip.number.as_ref().unwrap().series.as_str();
    assert_eq!((series, slip.former_series(series)), ("small-one.slip", Some("slip")));
    assert!(slip.is_for("small-one/visit") && !slip.is_for("other/visit") && !slip.is_for("aid"));
    let one = small();
    for code in ["slip", "small-one.slip", "old-slip"] {
        assert_eq!(one.own_paper(code).unwrap().code, "slip", "{code}");
    }
    assert!(one.own_paper("other.slip").is_none());
}

#[test]
fn each_fault_of_a_paper_is_told_at_its_file_and_line() {
    for (from, to, told) in [
        ("code = \"slip\"", "code = \"slap\"", "code `slap`: the file is named after its code"),
        ("number\np", "number\ndance", "line 14: line «dance {phone}：{said}»: no line begins with dance"),
        ("{said}", "{sad}", "line 14: slip: the layout names sad, which is no field"),
        ("after = [\"shut\"]", "after = [\"shot\"]", "line 5: `shot` is neither a step nor a state"),
        ("kind = \"phone\"", "kind = \"fax\"", "unknown variant `fax`"),
        ("{office}来访条", "{county}来访条", "prefix `{county}来访条`: words"),
        ("{office}来访条", "{office}援决", "is one that the house counts under"),
        ("~{case.number}已办结", "case.person", "field `said` is filled from `case.person`"),
        ("step.shut.on", "step.shot.on", "field `said` is filled from `step.shot.on`"),
        ("[number]\nprefix", "[number]\nstyle = \"{n\"\nprefix", "number style {n"),
        ("said = [", "phone = [] # [", "line 8: field `phone` is to come from the case"),
        ("said = [", "sad = [", "fill and words name sad"),
        ("page = ", "nouns = [\"aid\"]\npage = ", "line 4: a paper of a package is for its own flows"),
        ("title = \"来访条\"", "title = \"\"", "title and source are not empty"),
        ("\ntitle = ", "\nname = 1\ntitle = ", "unknown field `name`"),
        (
            "  { name = \"no\", label = \"编号\", kind = \"number\", from = \"computed\" },\n",
            "",
            "no is of another kind than its line prints",
        ),
    ] {
        let slip = SLIP.replacen(from, to, 1);
        assert_ne!(slip, SLIP, "{from}");
        let found = faults(&slip);
        assert!(found.contains(told) && found.starts_with("papers/slip.toml: "), "{to}: {found}");
    }
    let large = format!("{SLIP}#{}", "x".repeat(crate::workflow::MOST_PAPER));
    assert!(faults(&large).contains("larger than 64 KiB"));
    assert!(small().paper_faults(&BTreeMap::new())[0].1.contains("there is no such file"));
    let more = [("papers/slip.toml", SLIP), ("papers/other.toml", SLIP)];
    let more = more.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
    let found = small().paper_faults(&more);
    assert_eq!(found[0], ("papers/other.toml".to_owned(), "no [[paper]] of plugin.toml names it".to_owned()));
}

#[test]
fn what_the_declaration_says_of_papers_is_checked() {
    for (from, to, told) in [
        ("en = \"Visit slip\"", "en = \" \"", "paper `slip`: name: no text in en"),
        ("code = \"slip\"", "code = \"Slip\"", "its code: 2 to 40 small letters"),
        ("was = [\"old-slip\"]", "was = [\"aid-grant\"]", "`aid-grant` is a paper of the house"),
        ("was = [\"old-slip\"]", "flows = [\"visits\"]", "there is no flow `visits`"),
        ("code = \"paper\"", "code = \"notice\"", "permission `paper` is needed"),
    ] {
        let found = Manifest::parse(&format!("{SMALL}{}", DECLARED.replace(from, to))).unwrap().check(false);
        assert!(found.iter().any(|fault| fault.contains(told)), "{to}: {found:?}");
    }
    let offers =
        SMALL.replacen("to = \"shut\"", "to = \"shut\"\neffects = [{ do = \"paper\", paper = \"slop\" }]", 1);
    let found = Manifest::parse(&format!("{offers}{DECLARED}")).unwrap().check(false);
    assert_eq!(found, ["flow `visit`: step `shut`: there is no paper `slop`"]);
    let offers = offers.replace("slop", "slip");
    let flows = Manifest::parse(&format!("{offers}{DECLARED}")).unwrap().flows(1);
    assert_eq!(flows[0].step("shut").unwrap().effects[0].paper(), Some("small-one.slip"));
    let covering =
        Manifest::parse(&format!("{SMALL}{}", DECLARED.replace("\"slip\"", "\"aid-grant\""))).unwrap();
    assert_eq!((covering.covers(), small().covers()), (Some("aid-grant"), None));
}
