//! The lines of everything about duties: the rota, visits, the service log with its rules and sheets, notaries, groups.

use falin_domain::access::{Act, Noun};

use super::{Access, Route, get, post};
use crate::api;

/// For programs.
pub(super) fn api() -> Vec<Route> {
    use Access::{Needs, Public};
    use api::{contact_groups, duty_rules, duty_shifts, notary, service_logs, visits};
    const SEE: Access = Needs(Act::Read, Noun::Duty);
    const KEEP: Access = Needs(Act::Write, Noun::Duty);
    const READ: Access = Needs(Act::Read, Noun::ServiceLog);
    const LOG: Access = Needs(Act::Write, Noun::ServiceLog);
    const SET: Access = Needs(Act::Write, Noun::Setting);
    vec![
        get("/api/v1/duty-shifts", SEE, duty_shifts::list).doc(&duty_shifts::LIST),
        post("/api/v1/duty-shifts", KEEP, duty_shifts::add).doc(&duty_shifts::ADD),
        post("/api/v1/duty-shifts/series", KEEP, duty_shifts::plan).doc(&duty_shifts::PLAN),
        get("/api/v1/duty-shifts/{id}", SEE, duty_shifts::get).doc(&duty_shifts::ONE),
        post("/api/v1/duty-shifts/{id}/actions", KEEP, duty_shifts::act).doc(&duty_shifts::ACTS),
        get("/api/v1/duty-rules", SEE, duty_rules::list).doc(&duty_rules::LIST),
        post("/api/v1/duty-rules", SET, duty_rules::set).doc(&duty_rules::PUT),
        get("/api/v1/duty-fees", SEE, duty_rules::fees).doc(&duty_rules::FEE_LIST),
        post("/api/v1/duty-fees", SET, duty_rules::add_fee).doc(&duty_rules::FEE_ADD),
        post("/api/v1/duty-fees/{id}/actions", SET, duty_rules::act_fee).doc(&duty_rules::FEE_ACTS),
        get("/api/v1/duty-compliance", READ, duty_rules::compliance).doc(&duty_rules::COMPLIANCE),
        get("/api/v1/service-logs", READ, service_logs::list).doc(&service_logs::LIST),
        post("/api/v1/service-logs", LOG, service_logs::add).doc(&service_logs::ADD),
        get("/api/v1/service-logs/{id}", READ, service_logs::get).doc(&service_logs::ONE),
        post("/api/v1/service-logs/{id}/actions", LOG, service_logs::act).doc(&service_logs::ACTS),
        get("/api/v1/adviser-posts/{id}/sheet", READ, service_logs::monthly).doc(&service_logs::MONTHLY),
        get("/api/v1/adviser-posts/{id}/sheet.xlsx", READ, service_logs::workbook)
            .doc(&service_logs::WORKBOOK),
        get("/api/v1/visits", READ, visits::list).doc(&visits::LIST),
        post("/api/v1/visits", LOG, visits::add).doc(&visits::ADD),
        get("/api/v1/visits/{id}", READ, visits::get).doc(&visits::ONE),
        post("/api/v1/visits/{id}/actions", LOG, visits::act).doc(&visits::ACTS),
        get("/api/v1/contact-groups", READ, contact_groups::list).doc(&contact_groups::LIST),
        post("/api/v1/contact-groups", LOG, contact_groups::add).doc(&contact_groups::ADD),
        get("/api/v1/contact-groups/{id}", READ, contact_groups::get).doc(&contact_groups::ONE),
        post("/api/v1/contact-groups/{id}/actions", LOG, contact_groups::act).doc(&contact_groups::ACTS),
        get("/api/v1/notary-matters", Public, notary::matters).doc(&notary::MATTER_LIST),
        post("/api/v1/notary-matters", SET, notary::add_matter).doc(&notary::MATTER_ADD),
        post("/api/v1/notary-matters/{id}/actions", SET, notary::act_matter).doc(&notary::MATTER_ACTS),
        get("/api/v1/notary-appointments", SEE, notary::list).doc(&notary::LIST),
        post("/api/v1/notary-appointments", KEEP, notary::add).doc(&notary::ADD),
        get("/api/v1/notary-appointments/{id}", SEE, notary::get).doc(&notary::ONE),
        post("/api/v1/notary-appointments/{id}/actions", KEEP, notary::act).doc(&notary::ACTS),
    ]
}

/// For people.
pub(super) fn pages() -> Vec<Route> {
    use crate::pages::{duties, duty_rules, groups, logs, notary, visits};
    use Access::{Needs, Public};
    const SEE: Access = Needs(Act::Read, Noun::Duty);
    const KEEP: Access = Needs(Act::Write, Noun::Duty);
    const READ: Access = Needs(Act::Read, Noun::ServiceLog);
    const LOG: Access = Needs(Act::Write, Noun::ServiceLog);
    const SET: Access = Needs(Act::Write, Noun::Setting);
    vec![
        get("/desk/duties", SEE, duties::month),
        post("/desk/duties", KEEP, duties::add),
        get("/desk/duties/new", KEEP, duties::new),
        get("/desk/duties/print", SEE, duties::print),
        get("/desk/duties/mine", SEE, duties::mine),
        get("/desk/duties/compliance", READ, duty_rules::compliance),
        get("/desk/duties/rules", SEE, duty_rules::rules),
        post("/desk/duties/rules", SET, duty_rules::set),
        post("/desk/duties/fees", SET, duty_rules::add_fee),
        get("/desk/duties/fees/new", SET, duty_rules::new_fee),
        get("/desk/duties/fees/{id}", SET, duty_rules::edit_fee),
        post("/desk/duties/fees/{id}", SET, duty_rules::change_fee),
        get("/desk/duties/{id}", SEE, duties::show),
        get("/desk/duties/{id}/edit", KEEP, duties::edit),
        post("/desk/duties/{id}/actions", KEEP, duties::act),
        get("/desk/posts/{id}/sheet", READ, duty_rules::sheet),
        get("/desk/posts/{id}/sheet.xlsx", READ, duty_rules::workbook),
        get("/desk/logs", READ, logs::list),
        post("/desk/logs", LOG, logs::add),
        get("/desk/logs/new", LOG, logs::new),
        get("/desk/logs/{id}", READ, logs::show),
        post("/desk/logs/{id}", LOG, logs::change),
        get("/desk/logs/{id}/edit", LOG, logs::edit),
        post("/desk/logs/{id}/withdraw", LOG, logs::withdraw),
        get("/desk/visits", READ, visits::list),
        post("/desk/visits", LOG, visits::add),
        get("/desk/visits/new", LOG, visits::new),
        get("/desk/visits/{id}", READ, visits::show),
        post("/desk/visits/{id}", LOG, visits::change),
        get("/desk/visits/{id}/edit", LOG, visits::edit),
        post("/desk/visits/{id}/cancel", LOG, visits::cancel),
        get("/desk/groups", READ, groups::list),
        post("/desk/groups", LOG, groups::add),
        get("/desk/groups/new", LOG, groups::new),
        get("/desk/groups/{id}/edit", LOG, groups::edit),
        post("/desk/groups/{id}", LOG, groups::change),
        get("/desk/notary", SEE, notary::list),
        post("/desk/notary", KEEP, notary::add),
        get("/desk/notary/new", KEEP, notary::new),
        get("/desk/notary/matters", SEE, notary::matters),
        post("/desk/notary/matters", SET, notary::add_matter),
        get("/desk/notary/matters/new", SET, notary::new_matter),
        get("/desk/notary/matters/{id}/edit", SET, notary::edit_matter),
        post("/desk/notary/matters/{id}", SET, notary::change_matter),
        get("/desk/notary/{id}", SEE, notary::show),
        get("/desk/notary/{id}/edit", KEEP, notary::edit),
        post("/desk/notary/{id}/actions", KEEP, notary::act),
        get(public!("/notary"), Public, crate::pages::public::notary::show),
    ]
}
