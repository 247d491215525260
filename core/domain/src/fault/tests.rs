//! Faults find their lines, and what the reader of TOML says becomes one of ours.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::workflow::Manifest;

/// Faults as the tests of checks compare them: `flow visit > step open > guards 2: no_text text=few`.
pub(crate) fn told(faults: &[Fault]) -> Vec<String> {
    let part = |part: &Part| match part.at {
        _ if !part.name.is_empty() => format!("{} {}", part.key, part.name),
        Some(at) => format!("{} {}", part.key, at + 1),
        None => part.key.clone(),
    };
    let one = |fault: &Fault| {
        let place = fault.place.iter().map(part).collect::<Vec<_>>().join(" > ");
        let args: String = fault.args.iter().map(|(name, value)| format!(" {name}={value}")).collect();
        format!("{place}: {}{args}", fault.code)
    };
    faults.iter().map(one).collect()
}

#[test]
fn codes_are_unique() {
    let mut codes: Vec<_> = FAULTS.iter().map(|row| row.0).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), FAULTS.len());
}

const FILE: &str = r#"id = "a"
state = [
  { id = "open" },
  { id = "shut", of = [
    { name = "x" } ] },
]
[[flow]]
id = "visit"
[[flow.step]]
action = "open"
[[flow.step]]
action = "shut"
guards = [
  { check = "once" },
  { check = "call",
    name = "may" },
]
[text]
few = { zh = "少", en = "few" }
"#;

fn line(place: &[Part]) -> Option<usize> {
    let mut faults = [Fault::new("twice", &[]).below(place.to_vec())];
    placed(FILE, &mut faults);
    faults[0].line
}

#[test]
fn a_place_has_its_line_as_far_as_the_file_goes() {
    let (flow, step) = (Part::entry("flow", 0, "visit"), Part::entry("step", 1, "shut"));
    for (place, at) in [
        (vec![Part::member("id")], 1),
        (vec![Part::entry("state", 1, "shut")], 4),
        (vec![Part::entry("state", 1, ""), Part::named("of", "x")], 5),
        (vec![flow.clone()], 7),
        (vec![flow.clone(), Part::member("id")], 8),
        (vec![flow.clone(), step.clone()], 11),
        (vec![flow.clone(), step.clone(), Part::entry("guards", 1, "")], 15),
        (vec![flow.clone(), step.clone(), Part::entry("guards", 1, ""), Part::member("name")], 16),
        (vec![flow.clone(), step.clone(), Part::member("roles")], 11),
        (vec![flow, step, Part::entry("guards", 9, "")], 13),
        (vec![Part::member("text"), Part::member("few"), Part::member("en")], 19),
    ] {
        assert_eq!(line(&place), Some(at), "{place:?}");
    }
    assert_eq!((line(&[]), line(&[Part::member("page")])), (None, None));
    let layout = "title = \"x\"\nlayout = '''\np a\n\np b\n'''\n";
    let mut faults = [Fault::new("line.braces", &[]).below([Part::entry("layout", 2, "")])];
    placed(layout, &mut faults);
    assert_eq!(faults[0].line, Some(5));
}

#[test]
fn the_way_is_written_as_programs_write_it() {
    let place = vec![Part::entry("flow", 0, "visit"), Part::named("fields", "no"), Part::member("max")];
    assert_eq!(Spot { place, line: None }.path(), "flow[0].fields[no].max");
}

#[test]
fn what_cannot_be_read_is_told_at_its_line() {
    let head = "id = \"a\"\nversion = \"1.0.0\"\nname = { zh = \"甲\", en = \"A\" }\n";
    for (rest, at, said) in [
        ("abuot = 1\n", 4, "toml.key name=abuot known="),
        ("about = 1\n", 4, "toml.shape found=number expected=table"),
        ("about = { zh = \"甲\" }\n", 4, "toml.lacks name=en"),
        (
            "about = { zh = \"甲\", en = \"A\" }\ndivisions = \"x\"\n",
            5,
            "toml.shape found=text expected=list",
        ),
        ("id = \"b\"\n", 4, "toml.twice"),
        ("about = \n", 4, "toml.syntax sort="),
        ("about = { zh = \"甲\", en = \"A\"\n[limits]\n", 4, "toml.syntax sort="),
        ("divisions = [\"1\" \"2\"]\n", 4, "toml.syntax sort=comma"),
        ("about = 甲\n", 4, "toml.syntax sort=quote"),
        (
            "about = { zh = \"甲\", en = \"A\" }\n[[permission]]\ncode = \"pape\"\n",
            6,
            "toml.word word=pape known=contact, ",
        ),
    ] {
        let fault = Manifest::parse(&format!("{head}{rest}")).unwrap_err();
        let found = told(std::slice::from_ref(&fault)).remove(0);
        assert!(found.starts_with(&format!(": {said}")), "{rest}: {found}");
        assert!(
            fault.line == Some(at) || (fault.line == Some(at + 1) && said.contains("syntax")),
            "{rest}: {fault:?}"
        );
    }
}
