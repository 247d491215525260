//! A declaration that reads well and could not work is told what is wrong with it.
#![allow(clippy::unwrap_used)]
use super::*;
use crate::fault::tests::told;

const WHOLE: &str = r#"
    id = "whole"
    version = "1.0.0"
    name = { zh = "全", en = "Whole" }
    about = { zh = "试", en = "A trial" }
    divisions = ["620200"]
    [[permission]]
    code = "contact"
    why = { zh = "回电", en = "To call back" }
    [[permission]]
    code = "notice"
    why = { zh = "告知", en = "To tell" }
    [[permission]]
    code = "watch.mediation"
    why = { zh = "跟进", en = "To follow up" }
    [text]
    few = { zh = "还差{n}个", en = "{n} are missing" }
    [[setting]]
    default = 3
    [setting.field]
    name = "days"
    label = { zh = "天数", en = "Days" }
    kind = "number"
    [[setting]]
    default = "slow"
    [setting.field]
    name = "pace"
    label = { zh = "快慢", en = "Pace" }
    hint = { zh = "选一个", en = "Choose one" }
    kind = "choice"
    options = [{ code = "slow", zh = "慢", en = "Slow" }, { code = "fast", zh = "快", en = "Fast" }]
    [[job]]
    code = "daily"
    name = { zh = "每日一件", en = "One a day" }
    every = "day"
    each = { place = "village" }
    open = { flow = "second", map = { who = "@place" }, set = { n = 5 } }
    [[hook]]
    on = "first/finish"
    when = { field = "kind", in = ["a"] }
    open = { flow = "second", map = { who = "applicant" } }
    [[hook]]
    on = "mediation/agree"
    open = { flow = "second", map = { who = "@number" }, set = { sort = "b" } }
    [[hook]]
    on = "mediation/fail"
    act = { flow = "first", action = "amend", map = { applicant = "applicant" }, set = { n = 2 } }
    [[flow]]
    id = "first"
    name = { zh = "一", en = "First" }
    number = "一〔{year}〕{n}号{office}"
    state = [
        { id = "open", name = { zh = "开", en = "Open" }, fill = "empty", next = "clerk" },
        { id = "shut", name = { zh = "关", en = "Shut" }, fill = "done", closed = true },
    ]
    field = [
        { name = "applicant", label = { zh = "申请人", en = "Applicant" }, kind = "name" },
        { name = "phone", label = { zh = "电话", en = "Telephone" }, kind = "phone" },
        { name = "n", label = { zh = "数", en = "Number" }, kind = "number", min = 1, max = 9 },
        { name = "kind", label = { zh = "类", en = "Kind" }, kind = "choice", index = true, options = [{ code = "a", zh = "甲", en = "A" }] },
    ]
    [[flow.deadline]]
    code = "whole.answer"
    name = { zh = "答复", en = "Answer" }
    period = { n = 3, unit = "calendar", roll = false }
    source = { zh = "县承诺", en = "The county's promise" }
    next = "clerk"
    setting = "days"
    [[flow.dossier]]
    name = { zh = "登记表", en = "Record" }
    papers = ["petition-guide"]
    files = ["登记"]
    required = true
    when = { field = "kind", in = ["a"] }
    [[flow.step]]
    action = "open"
    name = { zh = "登记", en = "Open" }
    to = "open"
    roles = ["clerk"]
    fields = ["applicant!", "phone", "n", { name = "kind!", when = { field = "n", in = ["1"] } }]
    effects = [{ do = "start", deadline = "whole.answer" }, { do = "notice", text = "few", to = "next" }]
    [[flow.step]]
    action = "finish"
    name = { zh = "办结", en = "Finish" }
    from = ["open"]
    to = [{ state = "=", when = { field = "n", in = ["2"] } }, { state = "shut" }]
    roles = ["clerk"]
    effects = [{ do = "open", flow = "second", map = { who = "applicant", n = "n" } }, { do = "notice", text = "few", to = "worker" }]
    [[flow.step]]
    action = "amend"
    name = { zh = "更正", en = "Correct" }
    from = ["open"]
    to = "="
    roles = ["clerk"]
    fields = ["applicant!", "n!"]
    guards = [{ check = "linked", flow = "mediation", outside = ["applied", "mediating"], fault = "few" }]
    [[flow]]
    id = "second"
    name = { zh = "二", en = "Second" }
    number = "二〔{year}〕{n}号"
    state = [{ id = "kept", name = { zh = "记下", en = "Kept" }, fill = "done", closed = true }]
    field = [
        { name = "who", label = { zh = "谁", en = "Who" }, kind = "text" },
        { name = "n", label = { zh = "数", en = "Number" }, kind = "number" },
        { name = "phone", label = { zh = "电话", en = "Telephone" }, kind = "phone" },
        { name = "sort", label = { zh = "类", en = "Sort" }, kind = "choice", options = [{ code = "b", zh = "乙", en = "B" }, { code = "other", zh = "其他", en = "Other" }] },
    ]
    [[flow.step]]
    action = "open"
    name = { zh = "登记", en = "Open" }
    to = "kept"
    roles = ["clerk"]
    fields = ["who!", "n", "sort!"]
    "#;

/// What is said where these words stand in place of those.
fn said(right: &str, wrong: &str) -> String {
    assert!(WHOLE.contains(right), "{right}");
    match Manifest::parse(&WHOLE.replacen(right, wrong, 1)) {
        Ok(manifest) => told(&manifest.check(false)).join("\n"),
        Err(fault) => told(&[fault]).join("\n"),
    }
}

pub(super) fn each_is_said(all: &[(&str, &str, &str)]) {
    for (right, wrong, words) in all {
        let found = said(right, wrong);
        assert!(found.contains(words), "{wrong}: {found}");
    }
}

#[test]
fn a_declaration_that_works_has_no_faults() {
    assert_eq!(Manifest::parse(WHOLE).unwrap().check(false), Vec::new());
}

#[test]
fn what_opens_by_itself_finds_what_the_other_form_demands() {
    each_is_said(&[
        (
            "map = { who = \"applicant\", n",
            "map = { who = \"aplicant\", n",
            "flow first > step finish > effects 1 > map > who: opens.nothing name=aplicant",
        ),
        (
            "map = { who = \"applicant\", n",
            "map = { n",
            "step finish > effects 1: opens.unfilled flow=second field=who",
        ),
        ("n = \"n\" }", "phone = \"phone\" }", "opens.unasked flow=second field=phone"),
        ("n = \"n\" }", "n = \"applicant\" }", "opens.kinds name=applicant kind=name field=n other=number"),
        ("map = { who = \"applicant\", n", "map = { who = \"phone\", n", "opens.person name=phone field=who"),
        (
            "map = { who = \"applicant\" }",
            "map = {}",
            "hook first/finish > open: opens.unfilled flow=second field=who",
        ),
        ("map = { who = \"@place\" }, set", "set", "job daily > open: opens.unfilled flow=second field=who"),
        (
            "set = { n = 5 }",
            "set = { n = \"five\" }",
            "job daily > open > set > n: cannot_hold value=\"five\"",
        ),
        (
            "set = { sort = \"b\" }",
            "set = { sort = \"c\" }",
            "hook mediation/agree > open > set > sort: cannot_hold value=\"c\"",
        ),
        ("who = \"@place\" }", "who = \"@place\", n = \"@day\" }", "opens.text name=@day field=n"),
    ]);
}

#[test]
fn a_message_and_a_deadline_are_for_somebody() {
    each_is_said(&[
        ("to = \"worker\"", "to = \"wroker\"", ": whom name=wroker"),
        ("next = \"clerk\"\n    setting", "next = \"clrek\"\n    setting", "toml.word word=clrek known="),
        ("{ state = \"shut\" }]", "{ state = \"shut\" }]\n    danger = true", ""),
    ]);
    let closing = said(
        "to = [{ state = \"=\", when = { field = \"n\", in = [\"2\"] } }, { state = \"shut\" }]",
        "to = \"shut\"",
    );
    assert_eq!(closing, "");
    let next = WHOLE.replace(
        "to = [{ state = \"=\", when = { field = \"n\", in = [\"2\"] } }, { state = \"shut\" }]",
        "to = \"shut\"",
    );
    let next = Manifest::parse(&next.replace("to = \"worker\"", "to = \"next\"")).unwrap().check(false);
    assert_eq!(told(&next), ["flow first > step finish > effects 2: notice.nobody"]);
}

#[test]
fn what_a_county_sees_of_a_setting_is_what_holds() {
    each_is_said(&[
        (
            "period = { n = 3,",
            "period = { n = 5,",
            "flow first > deadline whole.answer > period: deadline.setting n=5 setting=days",
        ),
        ("default = 3", "default = \"three\"", "setting days > default: cannot_hold value=\"three\""),
        ("default = 3", "default = \"\"", "setting days > default: setting.number"),
        ("default = \"slow\"", "default = \"quick\"", "setting pace > default: cannot_hold value=\"quick\""),
    ]);
}

#[test]
fn every_text_has_both_languages_and_the_same_places_to_fill() {
    each_is_said(&[
        ("en = \"Answer\"", "en = \"\"", "flow first > deadline whole.answer > name: text.missing lang=en"),
        (
            "zh = \"县承诺\"",
            "zh = \" \"",
            "flow first > deadline whole.answer > source: text.missing lang=zh",
        ),
        ("en = \"Record\"", "en = \"\"", "flow first > dossier 1 > name: text.missing lang=en"),
        ("en = \"Choose one\"", "en = \"\"", "setting pace > field > hint: text.missing lang=en"),
        ("en = \"Fast\"", "en = \"\"", "setting pace > field > options fast: text.missing lang=en"),
        ("en = \"To tell\"", "en = \"\"", "permission notice > why: text.missing lang=en"),
        ("\"{n} are", "\"{lest} are", "text > few: text.apart name=lest"),
    ]);
}

#[test]
fn a_message_says_nothing_that_must_not_leave_the_house() {
    let kept = "> text: notice.kept text=few field=";
    each_is_said(&[
        ("\"还差{n}个\"", "\"还差{m}个\"", "> text: notice.no_field text=few field=m"),
        ("\"还差{n}个\"", "\"{applicant}还差{n}个\"", &format!("{kept}applicant")),
        ("\"还差{n}个\"", "\"{phone}还差{n}个\"", &format!("{kept}phone")),
        ("min = 1, max = 9 }", "min = 1, max = 9, sensitive = true }", &format!("{kept}n")),
        ("min = 1, max = 9 }", "min = 1, max = 9, readers = [\"clerk\"] }", &format!("{kept}n")),
    ]);
}

#[test]
fn residents_are_told_nothing_that_stays_inside_the_house() {
    let checked = |opening: &str, last: &str| {
        let resident = WHOLE.replace("to = \"worker\" }]", &format!("to = \"resident\" }}]{last}"));
        let inside = resident.replacen("to = \"open\"\n", &format!("to = \"open\"\n{opening}\n"), 1);
        told(&Manifest::parse(&inside).unwrap().check(false)).join("\n")
    };
    let fault = "> text: notice.inside text=few field=n";
    assert_eq!(checked("", ""), "");
    assert!(checked("internal = true", "").contains(fault), "{}", checked("internal = true", ""));
    assert!(checked("tells = [\"kind\"]", "").contains(fault));
    assert_eq!(checked("internal = true", "\ntells = [\"n\"]"), "");
}

#[test]
fn who_reads_a_field_while_the_case_is_so_is_a_role_under_a_condition_that_can_hold() {
    let reads = |reader: &str| {
        said(
            "kind = \"phone\" },\n        { name = \"n\"",
            &format!("kind = \"phone\", readers = [{reader}] }},\n        {{ name = \"n\""),
        )
    };
    assert_eq!(reads("\"clerk\", { role = \"lawyer\", when = { field = \"kind\", in = [\"a\"] } }"), "");
    let wrong = reads("{ role = \"lawyer\", when = { field = \"kind\", in = [\"x\"] } }");
    assert_eq!(wrong, "flow first > field phone > readers 1 > when: when.never field=kind value=x");
    assert_eq!(reads("\"clrek\""), ": role role=clrek");
}

#[test]
fn a_condition_asks_for_what_its_field_can_be() {
    let asks =
        |when: &str| said("when = { field = \"n\", in = [\"1\"] } }]", &format!("when = {{ {when} }} }}]"));
    for right in [
        "field = \"n\", at_least = 2, at_most = 5",
        "field = \"n\", at_most = \"n\"",
        "field = \"kind\", in = [\"a\"], or = { field = \"n\", at_least = 2 }",
    ] {
        assert_eq!(asks(right), "", "{right}");
    }
    for (wrong, words) in [
        ("field = \"n\"", "when.nothing field=n"),
        (
            "field = \"n\", at_least = \"2026-01-01\"",
            "at_least: when.bound field=n kind=number bound=2026-01-01",
        ),
        ("field = \"n\", at_least = \"kind\"", "when.bound field=n kind=number bound=kind"),
        ("field = \"kind\", at_least = 2", "when.bound field=kind kind=choice bound=2"),
        (
            "field = \"n\", in = [\"1\"], or = { field = \"nope\", in = [\"1\"] }",
            "or: when.no_field field=nope",
        ),
    ] {
        assert!(asks(wrong).contains(words), "{wrong}: {}", asks(wrong));
    }
    let words = "name = { zh = \"件\", en = \"Cases\" }\nunit = { zh = \"件\", en = \"cases\" }";
    let whole = format!(
        "{WHOLE}\n[[statistic]]\ncode = \"some\"\nflow = \"first\"\n{words}\nwhen = {{ field = \"kind\", in = [\"a\"], and = {{ field = \"n\", at_least = 2 }} }}"
    );
    let found = told(&Manifest::parse(&whole).unwrap().check(false)).join("\n");
    assert_eq!(found, "statistic some > when: when.list");
}

#[test]
fn a_median_is_of_days() {
    let figure = |more: &str| {
        let words = "name = { zh = \"天\", en = \"Days\" }\nunit = { zh = \"天\", en = \"days\" }";
        let whole = format!("{WHOLE}\n[[statistic]]\ncode = \"days\"\nflow = \"first\"\n{words}\n{more}");
        told(&Manifest::parse(&whole).unwrap().check(false)).join("\n")
    };
    assert_eq!(figure("median = { from = \"@opened\", to = \"@finish\" }"), "");
    for wrong in ["n", "kind", "@finnish", "closed"] {
        let found = figure(&format!("median = {{ from = \"@opened\", to = \"{wrong}\" }}"));
        assert_eq!(found, format!("statistic days > median > to: figure.no_day name={wrong} flow=first"));
    }
    let both = figure("median = { from = \"@opened\", to = \"@closed\" }\nsum = \"kind\"");
    assert_eq!(both, "statistic days > median: figure.median");
}

#[test]
fn what_could_never_be_is_said() {
    each_is_said(&[
        (
            "in = [\"a\"] }\n    open",
            "in = [\"x\"] }\n    open",
            "hook first/finish > when: when.never field=kind value=x",
        ),
        (
            "when = { field = \"kind\", in = [\"a\"] }\n    open",
            "when = { field = \"nope\", in = [\"a\"] }\n    open",
            "hook first/finish > when: when.no_field field=nope",
        ),
        (
            "papers = [\"petition-guide\"]",
            "papers = [\"nosuch\"]",
            "flow first > dossier 1 > papers: no_paper paper=nosuch",
        ),
        (
            "when = { field = \"kind\", in = [\"a\"] }\n    [[flow.step]]",
            "when = { field = \"nope\", in = [\"a\"] }\n    [[flow.step]]",
            "flow first > dossier 1 > when: when.no_field field=nope",
        ),
        ("period = { n = 3,", "period = { n = 0,", "deadline whole.answer > period: deadline.zero"),
        ("min = 1, max = 9", "min = 9, max = 3", "flow first > field n > max: field.max"),
        ("{n}号{office}", "{n}号{county}", "flow first > number: number.name name=county"),
        ("divisions = [\"620200\"]", "divisions = [\"999999\"]", "divisions: division code=999999"),
        ("number = \"二", "noun = \"aid\"\n    number = \"二", "flow second: flow.reserved"),
    ]);
}

#[test]
fn a_wrong_word_is_named_where_it_stands() {
    each_is_said(&[
        ("in = [\"1\"] } }", "in = [\"1\"] }, required = true }", "toml.key name=required known=name, when"),
        ("{ state = \"=\", when", "{ state = \"=\", whn", "toml.key name=whn known=state, when"),
        ("{ name = \"kind!\"", "{ nme = \"kind!\"", "toml.key name=nme known=name, when"),
        (
            "each = { place = \"village\" }",
            "each = { flow = \"first\", stats = [\"open\"] }",
            "toml.key name=stats known=place, flow",
        ),
        ("each = { place = \"village\" }", "each = { place = \"village\", states = [\"open\"] }", ": each"),
    ]);
}

#[test]
fn each_fault_has_the_line_on_which_it_stands() {
    for (right, wrong, at) in [
        ("map = { who = \"applicant\", n", "map = { who = \"aplicant\", n", "effects = [{ do = \"open\""),
        ("default = \"slow\"", "default = \"quick\"", "default = \"quick\""),
        ("en = \"Fast\"", "en = \"\"", "options = [{ code = \"slow\""),
        ("period = { n = 3,", "period = { n = 0,", "period = { n = 0,"),
        ("min = 1, max = 9", "min = 9, max = 3", "min = 9, max = 3"),
        ("papers = [\"petition-guide\"]", "papers = [\"nosuch\"]", "papers = [\"nosuch\"]"),
        ("next = \"clerk\" },", "next = \"lawyer\" },", "next = \"lawyer\" },"),
        ("\"{n} are", "\"{lest} are", "few = {"),
    ] {
        let text = WHOLE.replacen(right, wrong, 1);
        let mut faults = Manifest::parse(&text).unwrap().check(false);
        crate::fault::placed(&text, &mut faults);
        let line = text.lines().position(|line| line.contains(at)).map(|line| line + 1);
        assert!(
            line.is_some() && faults.first().is_some_and(|fault| fault.line == line),
            "{wrong}: {faults:?}"
        );
    }
    for (right, wrong) in
        [("{ state = \"=\", when", "{ state = \"=\", whn"), ("to = \"worker\"", "to = \"wroker\"")]
    {
        let text = WHOLE.replacen(right, wrong, 1);
        let line = text.lines().position(|line| line.contains(wrong)).map(|line| line + 1);
        assert_eq!(Manifest::parse(&text).unwrap_err().line, line, "{wrong}");
    }
}
