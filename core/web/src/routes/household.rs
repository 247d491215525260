//! The lines of households, their contact cards and accounts, and of the rosters that they come from.

use falin_domain::access::{Act, Noun};

use super::{Access, Route, get, post};
use crate::api;
use crate::api::{contact_cards as to_print, cutover as lists, rosters as brought};
use crate::pages::{cards, cutover, households, my, rosters};

/// Households and their contact cards.
pub(super) fn lines() -> Vec<Route> {
    use Access::Needs;
    const SEE: Access = Needs(Act::Read, Noun::Household);
    const KEEP: Access = Needs(Act::Write, Noun::Household);
    const CARDS: Access = Needs(Act::Read, Noun::Card);
    vec![
        get("/desk/households", SEE, households::list),
        post("/desk/households", KEEP, households::add),
        get("/desk/households/new", KEEP, households::new),
        get("/desk/households/{id}", SEE, households::show),
        post("/desk/households/{id}", KEEP, households::change),
        get("/desk/households/{id}/edit", KEEP, households::edit),
        post("/desk/households/{id}/reveal", Needs(Act::Read, Noun::Sealed), households::reveal),
        post("/desk/households/{id}/leave", KEEP, households::leave),
        get("/desk/households/{id}/members/new", KEEP, households::new_member),
        post("/desk/households/{id}/members", KEEP, households::add_member),
        get("/desk/households/{id}/members/{member}", KEEP, households::member),
        post("/desk/households/{id}/members/{member}", KEEP, households::change_member),
        post("/desk/households/{id}/members/{member}/remove", KEEP, households::remove_member),
        get("/desk/households/{id}/categories/new", KEEP, households::new_category),
        post("/desk/households/{id}/categories", KEEP, households::add_category),
        get("/desk/households/{id}/categories/{category}", KEEP, households::category),
        post("/desk/households/{id}/categories/{category}", KEEP, households::change_category),
        post("/desk/households/{id}/categories/{category}/remove", KEEP, households::remove_category),
        get("/desk/households/{id}/account", KEEP, my::ask),
        post("/desk/households/{id}/account", KEEP, my::open),
        get("/desk/households/{id}/card", Needs(Act::Read, Noun::Card), cards::one),
        post("/desk/households/{id}/card", Needs(Act::Write, Noun::Card), cards::renew),
        post("/desk/households/{id}/card/revoke", Needs(Act::Write, Noun::Card), cards::revoke),
        post("/desk/households/{id}/card/printed", Needs(Act::Read, Noun::Card), cards::one_printed),
        get("/desk/my-households", SEE, households::mine),
        get("/desk/cards", Needs(Act::Read, Noun::Card), cards::list),
        get("/desk/cards/print", Needs(Act::Read, Noun::Card), cards::print),
        post("/desk/cards/print", Needs(Act::Read, Noun::Card), cards::printed),
        get("/api/v1/contact-cards", CARDS, to_print::list).doc(&to_print::LIST),
        get("/api/v1/contact-cards/sheets", CARDS, to_print::sheets).doc(&to_print::SHEETS),
        post("/api/v1/contact-cards/actions", CARDS, to_print::act).doc(&to_print::ACTS),
        post("/api/v1/households/{id}/account", KEEP, api::sessions::open).doc(&api::sessions::OPEN),
        get("/api/v1/households/{id}/card", CARDS, to_print::one_card).doc(&to_print::CARD_ONE),
        post("/api/v1/households/{id}/card/actions", CARDS, to_print::card_act).doc(&to_print::CARD_ACTS),
        get("/api/v1/households", SEE, api::households::list).doc(&api::households::LIST),
        post("/api/v1/households", KEEP, api::households::add).doc(&api::households::ADD),
        post("/api/v1/households/search", SEE, api::households::find).doc(&api::households::FIND),
        get("/api/v1/households/{id}", SEE, api::households::get).doc(&api::households::ONE),
        post("/api/v1/households/{id}/actions", SEE, api::households::act).doc(&api::households::ACTS),
    ]
}

/// Wishes for erasure, and what is only stored.
pub(super) fn restrictions() -> Vec<Route> {
    use crate::pages::restrictions;
    use Access::Needs;
    use api::restrictions as stored;
    const SEE: Access = Needs(Act::Read, Noun::Restriction);
    const KEEP: Access = Needs(Act::Write, Noun::Restriction);
    const SET: Access = Needs(Act::Write, Noun::Setting);
    const OWN: Access = Needs(Act::Read, Noun::Own);
    const OWN_WRITE: Access = Needs(Act::Write, Noun::Own);
    vec![
        get("/desk/restrictions", SEE, restrictions::list),
        get("/desk/restrictions/years", SET, restrictions::years),
        post("/desk/restrictions/years", SET, restrictions::save_years),
        get("/desk/restrictions/{id}", SEE, restrictions::show),
        post("/desk/restrictions/{id}", KEEP, restrictions::act),
        post("/desk/restrictions/{id}/open", SEE, restrictions::open),
        get("/desk/households/{id}/restriction", KEEP, restrictions::new),
        post("/desk/households/{id}/restriction", KEEP, restrictions::add),
        post("/my/erasure", OWN_WRITE, my::ask_erasure),
        get("/api/v1/restrictions", SEE, stored::list).doc(&stored::LIST),
        post("/api/v1/restrictions", KEEP, stored::add).doc(&stored::ADD),
        get("/api/v1/restrictions/{id}", SEE, stored::get).doc(&stored::ONE),
        post("/api/v1/restrictions/{id}/actions", KEEP, stored::act).doc(&stored::ACTS),
        post("/api/v1/restrictions/{id}/archive", SEE, stored::archive).doc(&stored::ARCHIVE),
        get("/api/v1/me/erasure", OWN, stored::own).doc(&stored::OWN_SHOW),
        post("/api/v1/me/erasure/actions", OWN_WRITE, stored::own_act).doc(&stored::OWN_ACTS),
    ]
}

/// Rosters from upload to undo.
pub(super) fn rosters() -> Vec<Route> {
    use Access::Needs;
    vec![
        get("/desk/cutover", Needs(Act::Commit, Noun::Roster), cutover::list),
        post("/desk/cutover", Needs(Act::Commit, Noun::Roster), cutover::add).upload(),
        get("/desk/cutover/{id}", Needs(Act::Commit, Noun::Roster), cutover::show),
        post("/desk/cutover/{id}", Needs(Act::Commit, Noun::Roster), cutover::act),
        get("/desk/cutover/{id}/columns", Needs(Act::Commit, Noun::Roster), cutover::columns),
        post("/desk/cutover/{id}/columns", Needs(Act::Commit, Noun::Roster), cutover::choose),
        get("/desk/cutover/{id}/findings.csv", Needs(Act::Commit, Noun::Roster), cutover::findings),
        get("/api/v1/cutover-lists", Needs(Act::Commit, Noun::Roster), lists::list).doc(&lists::LIST),
        post("/api/v1/cutover-lists", Needs(Act::Commit, Noun::Roster), lists::add).upload().doc(&lists::ADD),
        get("/api/v1/cutover-lists/{id}", Needs(Act::Commit, Noun::Roster), lists::get).doc(&lists::ONE),
        post("/api/v1/cutover-lists/{id}/actions", Needs(Act::Commit, Noun::Roster), lists::act)
            .doc(&lists::ACTS),
        get("/api/v1/rosters", Needs(Act::Read, Noun::Roster), brought::list).doc(&brought::LIST),
        post("/api/v1/rosters", Needs(Act::Write, Noun::Roster), brought::add).upload().doc(&brought::ADD),
        get("/api/v1/rosters/{id}", Needs(Act::Read, Noun::Roster), brought::get).doc(&brought::ONE),
        get("/api/v1/rosters/{id}/findings", Needs(Act::Read, Noun::Roster), brought::findings)
            .doc(&brought::FINDINGS),
        get("/api/v1/rosters/{id}/columns", Needs(Act::Write, Noun::Roster), brought::columns)
            .doc(&brought::HEADS),
        post("/api/v1/rosters/{id}/actions", Needs(Act::Write, Noun::Roster), brought::act)
            .doc(&brought::ACTS),
        get("/desk/rosters", Needs(Act::Read, Noun::Roster), rosters::list),
        post("/desk/rosters", Needs(Act::Write, Noun::Roster), rosters::upload).upload(),
        get("/desk/rosters/new", Needs(Act::Write, Noun::Roster), rosters::new),
        get("/desk/rosters/{id}", Needs(Act::Read, Noun::Roster), rosters::show),
        get("/desk/rosters/{id}/columns", Needs(Act::Write, Noun::Roster), rosters::columns),
        post("/desk/rosters/{id}/columns", Needs(Act::Write, Noun::Roster), rosters::choose),
        post("/desk/rosters/{id}/actions", Needs(Act::Write, Noun::Roster), rosters::act),
        get("/desk/rosters/{id}/findings.csv", Needs(Act::Read, Noun::Roster), rosters::findings),
        post("/desk/rosters/{id}/undo", Needs(Act::Commit, Noun::Roster), rosters::undo),
    ]
}
