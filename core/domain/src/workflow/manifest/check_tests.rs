//! A declaration that reads well and could not work is told what is wrong with it.
#![allow(clippy::unwrap_used)]
use super::*;

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
        Ok(manifest) => manifest.check(false).join("\n"),
        Err(words) => words,
    }
}

fn each_is_said(all: &[(&str, &str, &str)]) {
    for (right, wrong, words) in all {
        let found = said(right, wrong);
        assert!(found.contains(words), "{wrong}: {found}");
    }
}

#[test]
fn a_declaration_that_works_has_no_faults() {
    assert_eq!(Manifest::parse(WHOLE).unwrap().check(false), Vec::<String>::new());
}

#[test]
fn what_opens_by_itself_finds_what_the_other_form_demands() {
    each_is_said(&[
        (
            "map = { who = \"applicant\", n",
            "map = { who = \"aplicant\", n",
            "step `finish`: there is no field `aplicant`",
        ),
        ("map = { who = \"applicant\", n", "map = { n", "step `finish`: nothing fills `who`"),
        ("n = \"n\" }", "phone = \"phone\" }", "the step that opens `second` does not ask for `phone`"),
        ("n = \"n\" }", "n = \"applicant\" }", "`applicant` is of kind name, and `n` of kind number"),
        ("map = { who = \"applicant\", n", "map = { who = \"phone\", n", "`phone` is of a person"),
        ("map = { who = \"applicant\" }", "map = {}", "hook `first/finish`: nothing fills `who`"),
        ("map = { who = \"@place\" }, set", "set", "job `daily`: nothing fills `who`"),
        ("set = { n = 5 }", "set = { n = \"five\" }", "job `daily`: `n` cannot hold \"five\""),
        ("set = { sort = \"b\" }", "set = { sort = \"c\" }", "`sort` cannot hold \"c\""),
        ("who = \"@place\" }", "who = \"@place\", n = \"@day\" }", "`@day` is a text, and `n` holds none"),
    ]);
}

#[test]
fn what_a_hook_does_to_linked_cases_can_be_done() {
    each_is_said(&[
        ("act = { flow = \"first\"", "act = { flow = \"third\"", "hook `mediation/fail`: acts on `third`"),
        ("action = \"amend\", map", "action = \"open\", map", "`first` has no step `open` to take on a case"),
        ("action = \"amend\", map", "action = \"mend\", map", "`first` has no step `mend` to take on a case"),
        (
            "map = { applicant = \"applicant\" }, set",
            "set",
            "nothing fills `applicant`, which the step `amend`",
        ),
        ("set = { n = 2 }", "set = { n = 12 }", "hook `mediation/fail`: `n` cannot hold 12"),
        (
            "set = { n = 2 }",
            "set = { n = 2, kind = \"a\" }",
            "the step `amend` of `first` does not ask for `kind`",
        ),
        ("applicant = \"applicant\" }, set", "applicant = \"facts\" }, set", "`facts` is read by few"),
        (
            "act = { flow",
            "library = true\n    act = { flow",
            "takes a step on linked cases, or tells the library",
        ),
        ("flow = \"mediation\", outside", "flow = \"third\", outside", "step `amend`: looks at `third`"),
        ("outside = [\"applied\"", "outside = [\"aplied\"", "`mediation` has no state `aplied`"),
        ("outside = [\"applied\", \"mediating\"]", "outside = []", "looks at no state of `mediation`"),
        ("\"mediating\"], fault = \"few\"", "\"mediating\"], fault = \"fwe\"", "text `fwe` is not declared"),
        (", set = { n = 5 } }", ", set = { n = 5 }, once = true }", "job `daily`: `once` is for hooks"),
        ("code = \"watch.mediation\"", "code = \"paper\"", "`watch.mediation` is needed"),
    ]);
}

#[test]
fn a_message_and_a_deadline_are_for_somebody() {
    each_is_said(&[
        ("to = \"worker\"", "to = \"wroker\"", "`wroker` is nobody: resident, worker, next, appointed"),
        ("next = \"clerk\"\n    setting", "next = \"clrek\"\n    setting", "clrek"),
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
    assert!(next[0].contains("which is nobody's once the case is closed"), "{next:?}");
}

#[test]
fn what_a_county_sees_of_a_setting_is_what_holds() {
    each_is_said(&[
        (
            "period = { n = 3,",
            "period = { n = 5,",
            "its period is 5, and the setting `days` stands at another number",
        ),
        ("default = 3", "default = \"three\"", "setting `days`: it cannot hold its default \"three\""),
        ("default = 3", "default = \"\"", "setting `days`: a number stands until a county says otherwise"),
        ("default = \"slow\"", "default = \"quick\"", "setting `pace`: it cannot hold its default \"quick\""),
    ]);
}

#[test]
fn every_text_has_both_languages_and_the_same_places_to_fill() {
    each_is_said(&[
        ("en = \"Answer\"", "en = \"\"", "flow `first`: deadline `whole.answer`: name: no text in en"),
        ("zh = \"县承诺\"", "zh = \" \"", "flow `first`: deadline `whole.answer`: source: no text in zh"),
        ("en = \"Record\"", "en = \"\"", "flow `first`: dossier `1`: name: no text in en"),
        ("en = \"Choose one\"", "en = \"\"", "setting `pace`: field: hint: no text in en"),
        ("en = \"Fast\"", "en = \"\"", "setting `pace`: field: options `fast`: no text in en"),
        ("en = \"To tell\"", "en = \"\"", "permission `notice`: why: no text in en"),
        ("\"{n} are", "\"{lest} are", "text `few`: `{lest}` stands in one language only"),
    ]);
}

#[test]
fn a_message_says_nothing_that_must_not_leave_the_house() {
    each_is_said(&[
        ("\"还差{n}个\"", "\"还差{m}个\"", "text `few` names `m`, which is not declared"),
        ("\"还差{n}个\"", "\"{applicant}还差{n}个\"", "text `few` may not say `applicant`"),
        ("\"还差{n}个\"", "\"{phone}还差{n}个\"", "text `few` may not say `phone`"),
        ("min = 1, max = 9 }", "min = 1, max = 9, sensitive = true }", "text `few` may not say `n`"),
        ("min = 1, max = 9 }", "min = 1, max = 9, readers = [\"clerk\"] }", "text `few` may not say `n`"),
    ]);
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
    assert!(wrong.contains("readers of `phone`: a condition on `kind` names `x`"), "{wrong}");
    assert!(reads("\"clrek\"").contains("`clrek` is no role"));
}

#[test]
fn a_median_is_of_days() {
    let figure = |more: &str| {
        let words = "name = { zh = \"天\", en = \"Days\" }\nunit = { zh = \"天\", en = \"days\" }";
        let whole = format!("{WHOLE}\n[[statistic]]\ncode = \"days\"\nflow = \"first\"\n{words}\n{more}");
        Manifest::parse(&whole).unwrap().check(false).join("\n")
    };
    assert_eq!(figure("median = { from = \"@opened\", to = \"@finish\" }"), "");
    for wrong in ["n", "kind", "@finnish", "closed"] {
        let found = figure(&format!("median = {{ from = \"@opened\", to = \"{wrong}\" }}"));
        assert!(found.contains(&format!("`{wrong}` is no day")), "{found}");
    }
    let both = figure("median = { from = \"@opened\", to = \"@closed\" }\nsum = \"kind\"");
    assert!(both.contains("a median is neither a sum nor a share"), "{both}");
}

#[test]
fn what_could_never_be_is_said() {
    each_is_said(&[
        (
            "in = [\"a\"] }\n    open",
            "in = [\"x\"] }\n    open",
            "hook `first/finish`: a condition on `kind` names `x`",
        ),
        (
            "when = { field = \"kind\", in = [\"a\"] }\n    open",
            "when = { field = \"nope\", in = [\"a\"] }\n    open",
            "speaks of `nope`",
        ),
        (
            "papers = [\"petition-guide\"]",
            "papers = [\"nosuch\"]",
            "flow `first`: dossier: there is no paper `nosuch`",
        ),
        (
            "when = { field = \"kind\", in = [\"a\"] }\n    [[flow.step]]",
            "when = { field = \"nope\", in = [\"a\"] }\n    [[flow.step]]",
            "`dossier`: a condition speaks of `nope`",
        ),
        ("period = { n = 3,", "period = { n = 0,", "deadline `whole.answer`: a period of nothing"),
        ("min = 1, max = 9", "min = 9, max = 3", "field `n` can never be filled"),
        ("{n}号{office}", "{n}号{county}", "number: `{county}` is none of"),
        ("divisions = [\"620200\"]", "divisions = [\"999999\"]", "`999999` is no division code"),
        ("number = \"二", "noun = \"aid\"\n    number = \"二", "are said by the package, not by a flow"),
    ]);
}

#[test]
fn a_wrong_word_is_named_where_it_stands() {
    each_is_said(&[
        ("in = [\"1\"] } }", "in = [\"1\"] }, required = true }", "unknown field `required`"),
        ("{ state = \"=\", when", "{ state = \"=\", whn", "unknown field `whn`"),
        ("{ name = \"kind!\"", "{ nme = \"kind!\"", "unknown field `nme`"),
        (
            "each = { place = \"village\" }",
            "each = { flow = \"first\", stats = [\"open\"] }",
            "unknown field `stats`",
        ),
        (
            "each = { place = \"village\" }",
            "each = { place = \"village\", states = [\"open\"] }",
            "a `place` alone",
        ),
    ]);
}
