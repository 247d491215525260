//! The lines of plans, handovers, leave, consent, and who looks after a household.

use falin_domain::access::{Act, Noun};

use super::{Access, Route, get, post};
use crate::api::{self, handovers as given_over, pairing_plans, pairings};
use crate::pages::{consents, handovers, leave, plan_rows, plans};

/// For people and for programs.
pub(super) fn lines() -> Vec<Route> {
    use Access::{Needs, SignedIn};
    const SEE: Access = Needs(Act::Read, Noun::Plan);
    const MAKE: Access = Needs(Act::Write, Noun::Plan);
    const COMMIT: Access = Needs(Act::Commit, Noun::Plan);
    const ANSWER: Access = Needs(Act::Write, Noun::Pairing);
    vec![
        get("/desk/plans", SEE, plans::list),
        post("/desk/plans", MAKE, plans::make),
        get("/desk/plans/{id}", SEE, plans::show),
        post("/desk/plans/{id}/actions", COMMIT, plans::act),
        get("/desk/plans/{id}/moves", SEE, plan_rows::moves),
        get("/desk/plans/{id}/providers", SEE, plan_rows::providers),
        get("/desk/plans/{id}/households/{household}", MAKE, plan_rows::choose),
        post("/desk/plans/{id}/households/{household}", MAKE, plan_rows::chosen),
        post("/desk/plans/{id}/overrides/{household}/undo", MAKE, plan_rows::unchoose),
        get("/desk/handovers", SEE, handovers::list),
        post("/desk/handovers", MAKE, handovers::make),
        get("/desk/handovers/new", MAKE, handovers::new),
        get("/desk/handovers/{id}", SEE, handovers::show),
        post("/desk/handovers/{id}/actions", COMMIT, handovers::act),
        get("/desk/handovers/{id}/villages/{village}", MAKE, handovers::choose),
        post("/desk/handovers/{id}/villages/{village}", MAKE, handovers::chosen),
        get("/desk/leave", SignedIn, leave::mine),
        post("/desk/leave", SignedIn, leave::add),
        post("/desk/leave/{id}/cancel", SignedIn, leave::cancel),
        get("/desk/consents", ANSWER, consents::list),
        get("/desk/consents/{id}", ANSWER, consents::show),
        post("/desk/consents/{id}", ANSWER, consents::answer),
        get("/api/v1/pairing-plans", SEE, pairing_plans::list).doc(&pairing_plans::LIST),
        post("/api/v1/pairing-plans", MAKE, pairing_plans::make).doc(&pairing_plans::MAKE),
        get("/api/v1/pairing-plans/{id}", SEE, pairing_plans::one).doc(&pairing_plans::ONE),
        get("/api/v1/pairing-plans/{id}/rows", SEE, pairing_plans::rows).doc(&pairing_plans::ROWS),
        get("/api/v1/pairing-plans/{id}/households/{household}", MAKE, pairing_plans::choice)
            .doc(&pairing_plans::CHOICE),
        get("/api/v1/handovers", SEE, given_over::list).doc(&given_over::LIST),
        post("/api/v1/handovers", MAKE, given_over::add).doc(&given_over::ADD),
        // Before the handover of any id.
        get("/api/v1/handovers/waiting", SEE, given_over::waiting).doc(&given_over::WAIT),
        get("/api/v1/handovers/{id}", SEE, given_over::get).doc(&given_over::ONE),
        post("/api/v1/handovers/{id}/actions", COMMIT, given_over::act).doc(&given_over::ACTS),
        get("/api/v1/handovers/{id}/villages", SEE, given_over::villages).doc(&given_over::VILLAGE_LIST),
        get("/api/v1/handovers/{id}/villages/{village}", MAKE, given_over::village_one)
            .doc(&given_over::VILLAGE_ONE),
        post("/api/v1/handovers/{id}/villages/{village}/actions", MAKE, given_over::village_act)
            .doc(&given_over::VILLAGE_ACTS),
        post("/api/v1/pairing-plans/{id}/actions", COMMIT, pairing_plans::act).doc(&pairing_plans::ACT),
        get("/api/v1/households/{id}/pairings", Needs(Act::Read, Noun::Pairing), pairings::list)
            .doc(&pairings::LIST),
        get("/api/v1/households/{id}/conflicts", Needs(Act::Read, Noun::Pairing), pairings::conflicts)
            .doc(&pairings::CONFLICT_LIST),
        post("/api/v1/households/{id}/conflicts", ANSWER, pairings::add_conflict)
            .doc(&pairings::CONFLICT_ADD),
        post("/api/v1/households/{id}/conflicts/{conflict}/actions", ANSWER, pairings::act_on_conflict)
            .doc(&pairings::CONFLICT_ACT),
        get("/api/v1/consents", ANSWER, api::consents::list).doc(&api::consents::LIST),
        get("/api/v1/consents/{id}", ANSWER, api::consents::get).doc(&api::consents::ONE),
        post("/api/v1/consents/{id}/actions", ANSWER, api::consents::act).doc(&api::consents::ACTS),
        get("/api/v1/leaves", SignedIn, api::leaves::list).doc(&api::leaves::LIST),
        post("/api/v1/leaves", SignedIn, api::leaves::add).doc(&api::leaves::ADD),
        post("/api/v1/leaves/{id}/actions", SignedIn, api::leaves::act).doc(&api::leaves::ACTS),
    ]
}
