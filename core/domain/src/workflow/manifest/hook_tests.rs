//! Hooks that move linked cases, and guards that wait for them: what could not work is said.
use super::check_tests::each_is_said;

#[test]
fn what_a_hook_does_to_linked_cases_can_be_done() {
    each_is_said(&[
        (
            "act = { flow = \"first\"",
            "act = { flow = \"third\"",
            "hook mediation/fail > act > flow: no_flow flow=third",
        ),
        (
            "action = \"amend\", map",
            "action = \"open\", map",
            "act > action: act.no_step flow=first step=open",
        ),
        (
            "action = \"amend\", map",
            "action = \"mend\", map",
            "act > action: act.no_step flow=first step=mend",
        ),
        (
            "map = { applicant = \"applicant\" }, set",
            "set",
            "hook mediation/fail > act: act.unfilled flow=first step=amend field=applicant",
        ),
        ("set = { n = 2 }", "set = { n = 12 }", "hook mediation/fail > act > set > n: cannot_hold value=12"),
        (
            "set = { n = 2 }",
            "set = { n = 2, kind = \"a\" }",
            "hook mediation/fail > act: act.unasked flow=first step=amend field=kind",
        ),
        (
            "applicant = \"applicant\" }, set",
            "applicant = \"facts\" }, set",
            "act > map > applicant: opens.sensitive name=facts field=applicant",
        ),
        ("act = { flow", "library = true\n    act = { flow", "hook mediation/fail: hook.either"),
        (
            "flow = \"mediation\", outside",
            "flow = \"third\", outside",
            "step amend > guards 1 > flow: no_flow flow=third",
        ),
        (
            "outside = [\"applied\"",
            "outside = [\"aplied\"",
            "guards 1 > outside: no_state flow=mediation state=aplied",
        ),
        (
            "outside = [\"applied\", \"mediating\"]",
            "outside = []",
            "guards 1 > outside: linked.no_state flow=mediation",
        ),
        (
            "\"mediating\"], fault = \"few\"",
            "\"mediating\"], fault = \"fwe\"",
            "guards 1 > fault: no_text text=fwe",
        ),
        (", set = { n = 5 } }", ", set = { n = 5 }, once = true }", "job daily > open: job.once"),
        ("code = \"watch.mediation\"", "code = \"paper\"", "permission.needed code=watch.mediation"),
    ]);
}
