//! Lines of casework: cases of the core's flows, figures, committees and what a county sets for them.

use falin_domain::access::{Act, Noun};

use super::{Access, Route, get, post};
use crate::{api, pages};

/// All of them.
pub fn lines() -> Vec<Route> {
    [case_lines(), statistics_lines(), committee_lines()].into_iter().flatten().collect()
}

/// Cases of the core's flows; those of plugins stand under `workflows`.
fn case_lines() -> Vec<Route> {
    use api::cases;
    let mut lines = Vec::new();
    macro_rules! flow {
        ($desk:literal, $api:literal, $noun:expr, $doc:ident) => {
            let (see, write) = (Access::Needs(Act::Read, $noun), Access::Needs(Act::Write, $noun));
            lines.extend([
                get(
                    concat!("/desk/", $desk, ".xlsx"),
                    Access::Needs(Act::Export, $noun),
                    pages::cases::export,
                ),
                get(concat!("/desk/", $desk), see, pages::cases::list),
                post(concat!("/desk/", $desk), write, pages::cases::add),
                get(concat!("/desk/", $desk, "/new"), write, pages::cases::new),
                post(concat!("/desk/", $desk, "/next"), see, pages::cases::take_next),
                get(concat!("/desk/", $desk, "/{id}"), see, pages::cases::show),
                get(concat!("/desk/", $desk, "/{id}/steps/{action}"), see, pages::cases::ask),
                post(concat!("/desk/", $desk, "/{id}/steps/{action}"), see, pages::cases::act),
                post(concat!("/desk/", $desk, "/{id}/files"), see, pages::cases::add_file).upload(),
                get(concat!("/desk/", $desk, "/{id}/files/{file}"), see, cases::get_file),
                post(concat!("/desk/", $desk, "/{id}/offers"), see, pages::cases::offer),
                post(concat!("/desk/", $desk, "/{id}/offers/answer"), see, pages::cases::answer_offer),
                get(concat!("/api/v1/", $api, ".xlsx"), Access::Needs(Act::Export, $noun), cases::export)
                    .doc(&cases::$doc::TABLE),
                get(concat!("/api/v1/", $api), see, cases::list).doc(&cases::$doc::LIST),
                post(concat!("/api/v1/", $api), write, cases::add).doc(&cases::$doc::ADD),
                post(concat!("/api/v1/", $api, "/next"), see, cases::take_next).doc(&cases::$doc::NEXT),
                get(concat!("/api/v1/", $api, "/{id}"), see, cases::get).doc(&cases::$doc::ONE),
                post(concat!("/api/v1/", $api, "/{id}/actions"), see, cases::act).doc(&cases::$doc::ACTS),
                post(concat!("/api/v1/", $api, "/{id}/files"), see, cases::add_file)
                    .upload()
                    .doc(&cases::$doc::FILE_ADD),
                get(concat!("/api/v1/", $api, "/{id}/files/{file}"), see, cases::get_file)
                    .doc(&cases::$doc::FILE_ONE),
                post(concat!("/api/v1/", $api, "/{id}/offers"), see, cases::offer).doc(&cases::$doc::OFFERS),
                post(concat!("/api/v1/", $api, "/{id}/offers/answer"), see, cases::answer_offer)
                    .doc(&cases::$doc::OFFER_ANSWERS),
            ]);
        };
    }
    flow!("consultations", "consultations", Noun::Consultation, consultations);
    flow!("legal-aid", "legal-aid-applications", Noun::Aid, aid);
    lines.push(get("/desk/legal-aid/{id}/sheet", Access::Needs(Act::Read, Noun::Aid), pages::cases::sheet));
    flow!("mediation", "mediation-cases", Noun::Mediation, mediation);
    flow!("workflows/{plugin}/{flow}", "workflows/{plugin}/{flow}/cases", Noun::Workflow, workflows);
    // Whoever makes the window's calls takes them too.
    let window = Access::Needs(Act::Write, Noun::Call);
    lines.extend([
        get("/desk/intake", window, pages::intake::show),
        post("/desk/intake", window, pages::intake::take),
        post("/desk/intake/caller", window, pages::intake::caller),
    ]);
    lines
}

/// Figures by place and period, and tables as they were reported.
fn statistics_lines() -> Vec<Route> {
    use Access::Needs;
    use api::reports;
    use pages::statistics;
    const SEE: Access = Needs(Act::Read, Noun::Statistics);
    vec![
        get("/api/v1/statistics", SEE, api::statistics::show).doc(&api::statistics::TABLES),
        get("/api/v1/report-forms", SEE, reports::form_list).doc(&reports::FORM_LIST),
        post("/api/v1/report-forms", Needs(Act::Write, Noun::Setting), reports::form_add)
            .upload()
            .doc(&reports::FORM_ADD),
        post("/api/v1/report-forms/actions", Needs(Act::Write, Noun::Setting), reports::form_act)
            .doc(&reports::FORM_ACTS),
        get("/api/v1/report-forms/filled", Needs(Act::Export, Noun::Statistics), reports::form_filled)
            .doc(&reports::FORM_FILLED),
        get("/api/v1/figure-reports", SEE, reports::report_list).doc(&reports::REPORT_LIST),
        post("/api/v1/figure-reports", Needs(Act::Write, Noun::Statistics), reports::report_add)
            .doc(&reports::REPORT_ADD),
        get("/api/v1/figure-reports/{id}", SEE, reports::report_one).doc(&reports::REPORT_ONE),
        get("/api/v1/mediation-claims", Needs(Act::Read, Noun::Committee), reports::claimed)
            .doc(&reports::CLAIM_ONE),
        get("/desk/statistics", SEE, statistics::show),
        get("/desk/statistics.xlsx", Needs(Act::Export, Noun::Statistics), statistics::export),
        get(
            "/desk/figures/{plugin}.xlsx",
            Needs(Act::Export, Noun::Statistics),
            pages::plugin_figures::export,
        ),
        get("/desk/figures/{plugin}", SEE, pages::plugin_figures::show),
        get("/api/v1/statistics/villages", SEE, api::scorecard::list).doc(&api::scorecard::LIST),
        get("/desk/statistics/villages", SEE, pages::scorecard::list),
        get("/desk/statistics/villages.xlsx", Needs(Act::Export, Noun::Statistics), pages::scorecard::export),
        // Before the village of any id.
        get("/desk/statistics/villages/lines", Needs(Act::Write, Noun::Setting), pages::scorecard::lines),
        post("/desk/statistics/villages/lines", Needs(Act::Write, Noun::Setting), pages::scorecard::draw),
        get("/desk/statistics/villages/{id}", SEE, pages::scorecard::sheet),
        get("/desk/statistics/forms", SEE, pages::report_forms::list),
        post("/desk/statistics/forms", Needs(Act::Write, Noun::Setting), pages::report_forms::add).upload(),
        post("/desk/statistics/forms/retire", Needs(Act::Write, Noun::Setting), pages::report_forms::retire),
        get(
            "/desk/statistics/forms/filled",
            Needs(Act::Export, Noun::Statistics),
            pages::report_forms::filled,
        ),
        get("/desk/statistics/reports", SEE, statistics::reports),
        post("/desk/statistics/reports", Needs(Act::Write, Noun::Statistics), statistics::keep),
        get("/desk/statistics/reports/{id}", SEE, statistics::reported),
    ]
}

/// Mediation committees, the month's claim, and what a county sets for its casework.
fn committee_lines() -> Vec<Route> {
    use Access::Needs;
    use pages::committees as desk;
    const SEE: Access = Needs(Act::Read, Noun::Committee);
    const KEEP: Access = Needs(Act::Write, Noun::Committee);
    vec![
        get("/api/v1/committees", SEE, api::committees::list).doc(&api::committees::LIST),
        post("/api/v1/committees", KEEP, api::committees::add).doc(&api::committees::ADD),
        get("/api/v1/committees/{id}", SEE, api::committees::get).doc(&api::committees::ONE),
        post("/api/v1/committees/{id}/actions", KEEP, api::committees::act).doc(&api::committees::ACTS),
        get("/desk/committees", SEE, desk::list),
        post("/desk/committees", KEEP, desk::add),
        get("/desk/committees/new", KEEP, desk::new),
        get("/desk/committees/{id}", SEE, desk::show),
        post("/desk/committees/{id}", KEEP, desk::change),
        get("/desk/committees/{id}/edit", KEEP, desk::edit),
        post("/desk/committees/{id}/actions", KEEP, desk::act),
        get("/desk/mediation-claim", SEE, desk::claim),
        get("/desk/mediation-claim.xlsx", Needs(Act::Export, Noun::Committee), desk::export_claim),
        get("/desk/casework/settings", Needs(Act::Write, Noun::Setting), desk::settings),
        post("/desk/casework/settings", Needs(Act::Write, Noun::Setting), desk::save_settings),
    ]
}
