//! Papers that a package brings: read under the plugin's name, and each fault told at its file and line.
#![allow(clippy::unwrap_used)]
use std::collections::BTreeMap;

use super::tests::SMALL;
use super::*;
use crate::fault::tests::told;

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
    let one = |(path, fault): (String, Fault)| {
        let line = fault.line.map(|line| format!(":{line}")).unwrap_or_default();
        format!("{path}{line} {}\n", told(&[fault]).concat())
    };
    small().paper_faults(&files).into_iter().map(one).collect()
}

#[test]
fn a_paper_of_a_package_bears_the_plugins_name() {
    assert_eq!(small().check(false), Vec::new());
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
    for (from, to, said) in [
        ("code = \"slip\"", "code = \"slap\"", ":1 code: paper.code code=slap"),
        ("number\np", "number\ndance", ":14 layout 3: line.word word=dance"),
        ("{said}", "{sad}", ":14 layout 3: paper.no_field field=sad"),
        ("{said}", "{said", ":14 layout 3: line.braces"),
        ("after = [\"shut\"]", "after = [\"shot\"]", ":5 after: paper.after name=shot"),
        ("kind = \"phone\"", "kind = \"fax\"", ":8 : toml.word word=fax known=text, "),
        ("{office}来访条", "{county}来访条", ":17 number > prefix: paper.prefix prefix={county}来访条"),
        ("{office}来访条", "{office}援决", ":17 number > prefix: paper.house_prefix prefix={office}援决"),
        (
            "~{case.number}已办结",
            "case.person",
            ":19 fill > said: paper.source field=said source=case.person",
        ),
        ("step.shut.on", "step.shot.on", ":19 fill > said: paper.source field=said source=step.shot.on"),
        ("[number]\nprefix", "[number]\nstyle = \"{n\"\nprefix", ":17 number > style: paper.style style={n"),
        ("said = [", "phone = [] # [", ":8 fields phone: paper.unfilled field=phone"),
        ("said = [", "sad = [", ":19 fill > sad: paper.no_field field=sad"),
        ("page = ", "nouns = [\"aid\"]\npage = ", ":4 nouns: paper.nouns"),
        ("title = \"来访条\"", "title = \"\"", ":2 title: paper.empty_title"),
        ("\ntitle = ", "\nname = 1\ntitle = ", ":2 : toml.key name=name known=code, "),
        ("kind = \"phone\", from", "from", ":8 fields 2: entry.lacks what=kind"),
        ("name = \"said\"", "name = \"phone\"", ":9 fields phone: twice"),
        (
            "  { name = \"no\", label = \"编号\", kind = \"number\", from = \"computed\" },\n",
            "",
            ":12 layout 2: paper.kind field=no",
        ),
    ] {
        let slip = SLIP.replacen(from, to, 1);
        assert_ne!(slip, SLIP, "{from}");
        let found = faults(&slip);
        assert!(found.contains(&format!("papers/slip.toml{said}")), "{to}: {found}");
    }
    let large = format!("{SLIP}#{}", "x".repeat(crate::workflow::MOST_PAPER));
    assert!(faults(&large).contains("too_large most=64"));
    assert_eq!(small().paper_faults(&BTreeMap::new())[0].1.code, "paper.no_file");
    let more = [("papers/slip.toml", SLIP), ("papers/other.toml", SLIP)];
    let more = more.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
    let found = small().paper_faults(&more);
    assert_eq!(found[0], ("papers/other.toml".to_owned(), Fault::new("paper.undeclared", &[])));
}

#[test]
fn what_the_declaration_says_of_papers_is_checked() {
    for (from, to, said) in [
        ("en = \"Visit slip\"", "en = \" \"", "paper slip > name: text.missing lang=en"),
        ("code = \"slip\"", "code = \"Slip\"", "paper Slip > code: name.id"),
        ("was = [\"old-slip\"]", "was = [\"aid-grant\"]", "paper slip > was: paper.of_house paper=aid-grant"),
        ("was = [\"old-slip\"]", "flows = [\"visits\"]", "paper slip > flows: no_flow flow=visits"),
        ("code = \"paper\"", "code = \"notice\"", "permission: permission.needed code=paper"),
    ] {
        let found = Manifest::parse(&format!("{SMALL}{}", DECLARED.replace(from, to))).unwrap().check(false);
        assert!(told(&found).contains(&said.to_owned()), "{to}: {found:?}");
    }
    let offers =
        SMALL.replacen("to = \"shut\"", "to = \"shut\"\neffects = [{ do = \"paper\", paper = \"slop\" }]", 1);
    let found = Manifest::parse(&format!("{offers}{DECLARED}")).unwrap().check(false);
    assert_eq!(told(&found), ["flow visit > step shut > effects 1: no_paper paper=slop"]);
    let offers = offers.replace("slop", "slip");
    let flows = Manifest::parse(&format!("{offers}{DECLARED}")).unwrap().flows(1);
    assert_eq!(flows[0].step("shut").unwrap().effects[0].paper(), Some("small-one.slip"));
    let covering =
        Manifest::parse(&format!("{SMALL}{}", DECLARED.replace("\"slip\"", "\"aid-grant\""))).unwrap();
    assert_eq!((covering.covers(), small().covers()), (Some("aid-grant"), None));
}
