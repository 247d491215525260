//! All URLs: method, path, who may, and the handler; those of larger groups in the files beside this one. What is not
//! here does not exist.

use actix_web::http::Method;
use actix_web::{FromRequest, Handler, Responder};
use falin_domain::access::{Act, Noun};

pub use crate::line::{Access, Route, check, register};
use crate::openapi;
use crate::{api, assets, calendar, desk, health, pages};

/// An address of residents: language and size of print, the county's code, the rest.
macro_rules! public {
    ($rest:literal) => {
        concat!("/{view:(?:zh|en)[-a-z0-9]*}/{county:[0-9]+}", $rest)
    };
}

mod casework;
mod directory;
mod duty;
mod household;
mod pairing;
mod paper;
mod plugin;

/// The table.
pub fn all() -> Vec<Route> {
    let parts = [
        house(),
        desk_lines(),
        doors(),
        own_account(),
        accounts(),
        booking_lines(),
        directory_api(),
        directory::pages(),
        duty::api(),
        duty::pages(),
        paper::lines(),
        household::lines(),
        household::rosters(),
        household::restrictions(),
        pairing::lines(),
        deadline_lines(),
        notice_lines(),
        casework::lines(),
        plugin::lines(),
        public_pages(),
    ];
    parts.into_iter().flatten().collect()
}

/// What a house needs to be served.
fn house() -> Vec<Route> {
    use Access::{Needs, Open, Public};
    vec![
        get("/healthz", Open, health::healthz),
        get("/readyz", Open, health::readyz),
        get("/metrics", Needs(Act::Read, Noun::Platform), health::metrics),
        get("/assets/{name}", Open, assets::serve),
        get("/favicon.ico", Open, assets::favicon),
        get("/api/openapi.json", Public, openapi::serve),
    ]
}

/// The desk itself, the journal for those who check it, and the platform.
fn desk_lines() -> Vec<Route> {
    use Access::{Needs, SignedIn};
    vec![
        get("/api/v1/journal", Needs(Act::Read, Noun::Journal), api::journal::list).doc(&api::journal::LIST),
        get("/api/v1/journal/verification", Needs(Act::Read, Noun::Journal), api::journal::verification)
            .doc(&api::journal::VERIFICATION),
        post("/api/v1/journal/verification/actions", Needs(Act::Read, Noun::Journal), api::journal::verify)
            .doc(&api::journal::VERIFICATION_ACTS),
        get("/api/v1/today", SignedIn, api::today::show).doc(&api::today::SHOW),
        get("/api/v1/search", SignedIn, api::today::search).doc(&api::today::SEARCH),
        get("/desk", SignedIn, pages::today::show),
        get("/desk/search", SignedIn, pages::search::show),
        get("/desk/services", SignedIn, pages::services::window),
        get("/desk/journal", Needs(Act::Read, Noun::Journal), pages::journal::list),
        get("/desk/journal/verification", Needs(Act::Read, Noun::Journal), pages::journal::verification),
        post("/desk/journal/verification", Needs(Act::Read, Noun::Journal), pages::journal::verify),
        get("/desk/journal/export.csv", Needs(Act::Export, Noun::Journal), pages::journal::export),
        get("/desk/platform", Needs(Act::Read, Noun::Platform), pages::platform::health),
        get("/desk/platform/backups", Needs(Act::Read, Noun::Platform), pages::platform::backups),
        post("/desk/platform/backups", Needs(Act::Write, Noun::Platform), pages::platform::back_up),
        post(
            "/desk/platform/backups/rehearsal",
            Needs(Act::Write, Noun::Platform),
            pages::platform::rehearse,
        ),
        get("/desk/platform/keys", Needs(Act::Read, Noun::Platform), pages::platform::keys),
        post("/desk/platform/keys", Needs(Act::Write, Noun::Platform), pages::platform::rotate),
        get("/me/view", SignedIn, desk::keep_view),
        get("/my", SignedIn, pages::my::show),
        get("/my/data.xlsx", SignedIn, pages::my::data),
    ]
}

/// Deadlines: the board, the table, a county's own lengths, and whatever else it sets for itself.
fn deadline_lines() -> Vec<Route> {
    use Access::Needs;
    use api::{deadline_rules as rules, settings};
    use pages::deadlines;
    const SEE: Access = Needs(Act::Read, Noun::Deadline);
    vec![
        get("/desk/deadlines", SEE, deadlines::list),
        post("/desk/deadlines/{id}/extend", Needs(Act::Write, Noun::Deadline), deadlines::extend),
        get("/desk/deadlines/rules", Needs(Act::Read, Noun::Setting), deadlines::rules),
        get("/desk/deadlines/rules/{code}", Needs(Act::Write, Noun::Setting), deadlines::edit_rule),
        post("/desk/deadlines/rules/{code}", Needs(Act::Write, Noun::Setting), deadlines::set_rule),
        get("/api/v1/deadline-rules", Needs(Act::Read, Noun::Setting), rules::list).doc(&rules::LIST),
        get("/api/v1/deadline-rules/{code}", Needs(Act::Read, Noun::Setting), rules::get).doc(&rules::ONE),
        post("/api/v1/deadline-rules/{code}/actions", Needs(Act::Write, Noun::Setting), rules::act)
            .doc(&rules::ACTS),
        get("/api/v1/settings", Needs(Act::Read, Noun::Setting), settings::get).doc(&settings::SHOW),
        post("/api/v1/settings/actions", Needs(Act::Write, Noun::Setting), settings::act)
            .doc(&settings::ACTS),
        get("/api/v1/deadlines", SEE, api::deadlines::list).doc(&api::deadlines::LIST),
        post("/api/v1/deadlines/{id}/actions", Needs(Act::Write, Noun::Deadline), api::deadlines::act)
            .doc(&api::deadlines::ACTS),
    ]
}

/// Notices: one's own inbox, calls, and a county's channels.
fn notice_lines() -> Vec<Route> {
    use Access::Needs;
    use api::{notices, reach};
    use pages::{calls, channels, inbox};
    const OWN: Access = Needs(Act::Read, Noun::Own);
    const OWN_WRITE: Access = Needs(Act::Write, Noun::Own);
    const CALLS: Access = Needs(Act::Read, Noun::Call);
    const CALL: Access = Needs(Act::Write, Noun::Call);
    vec![
        get("/desk/inbox", OWN, inbox::list),
        post("/desk/inbox/read", OWN_WRITE, inbox::read_all),
        post("/desk/inbox/{id}/read", OWN_WRITE, inbox::read),
        get("/desk/inbox/reach", OWN, inbox::reach),
        post("/desk/inbox/reach", OWN_WRITE, inbox::set_reach),
        get("/desk/calls", CALLS, calls::list),
        post("/desk/calls/{id}", CALL, calls::end),
        get("/desk/channels", Needs(Act::Read, Noun::Channel), channels::show),
        post("/desk/channels", Needs(Act::Write, Noun::Channel), channels::save),
        get("/api/v1/channels", Needs(Act::Read, Noun::Channel), api::channels::get)
            .doc(&api::channels::SHOW),
        post("/api/v1/channels/actions", Needs(Act::Write, Noun::Channel), api::channels::act)
            .doc(&api::channels::ACTS),
        get("/api/v1/me/reach", OWN, reach::get).doc(&reach::SHOW),
        post("/api/v1/me/reach/actions", OWN_WRITE, reach::act).doc(&reach::ACTS),
        get("/api/v1/notices", OWN, notices::list).doc(&notices::LIST),
        post("/api/v1/notices/actions", OWN_WRITE, notices::act_on_all).doc(&notices::ALL_ACTS),
        post("/api/v1/notices/{id}/actions", OWN_WRITE, notices::act).doc(&notices::ACTS),
        get("/api/v1/calls", CALLS, notices::calls).doc(&notices::CALL_LIST),
        post("/api/v1/calls/{id}/actions", CALL, notices::call_act).doc(&notices::CALL_ACTS),
    ]
}

/// Where staff come in and go out.
fn doors() -> Vec<Route> {
    use Access::{Public, SignedIn};
    use pages::account::{activate, door};
    vec![
        get("/sign-in", Public, door::in_language),
        get("/activate", Public, door::in_language),
        get("/{view:(?:zh|en)[-a-z0-9]*}/sign-in", Public, door::show),
        post("/{view:(?:zh|en)[-a-z0-9]*}/sign-in", Public, door::submit),
        get(public!("/sign-in"), Public, door::show),
        post(public!("/sign-in"), Public, door::submit),
        get("/{view:(?:zh|en)[-a-z0-9]*}/activate", Public, activate::show),
        post("/{view:(?:zh|en)[-a-z0-9]*}/activate", Public, activate::submit),
        get(public!("/activate"), Public, activate::show),
        post(public!("/activate"), Public, activate::submit),
        post("/sign-out", SignedIn, door::leave),
    ]
}

/// Everybody's own account.
fn own_account() -> Vec<Route> {
    use pages::account::me;
    const READ: Access = Access::Needs(Act::Read, Noun::Own);
    const WRITE: Access = Access::Needs(Act::Write, Noun::Own);
    vec![
        get("/api/v1/me", READ, api::accounts::mine).doc(&api::accounts::MINE),
        get("/api/v1/me/data", READ, api::my::data).doc(&api::my::DATA_DOC),
        get("/me", READ, me::show),
        post("/me/county", WRITE, me::move_to),
        post("/me/password", WRITE, me::password),
        get("/me/totp", WRITE, me::totp),
        post("/me/totp", WRITE, me::enrol),
        post("/me/sessions/end", WRITE, me::end_others),
        post("/me/sessions/{id}/end", WRITE, me::end_one),
    ]
}

/// Accounts of others, and tokens of programs.
fn accounts() -> Vec<Route> {
    use Access::Needs;
    use pages::account::{tokens, users, users_make};
    const SEE: Access = Needs(Act::Read, Noun::Account);
    const KEEP: Access = Needs(Act::Write, Noun::Account);
    const TOKENS: Access = Needs(Act::Write, Noun::Token);
    vec![
        get("/desk/users", SEE, users::list),
        post("/desk/users", KEEP, users_make::make),
        get("/desk/users/new", KEEP, users_make::new),
        // County administrators too, for legal workers alone: the use case tells them apart.
        get("/desk/users/roster", SEE, users_make::roster),
        post("/desk/users/roster", SEE, users_make::make_roster),
        get("/desk/users/roster/slips", SEE, users_make::roster_slips),
        get("/desk/users/{id}", SEE, users::show),
        get("/desk/users/{id}/slip", KEEP, users_make::slip),
        post("/desk/users/{id}/actions", KEEP, users::act),
        post("/desk/users/{id}/roles", KEEP, users::add_role),
        post("/desk/users/{id}/roles/{role}/{place}/remove", KEEP, users::remove_role),
        post("/desk/users/{id}/sessions/{session}/end", KEEP, users::end_session),
        get("/desk/tokens", Needs(Act::Read, Noun::Token), tokens::list),
        post("/desk/tokens", TOKENS, tokens::issue),
        post("/desk/tokens/{id}/revoke", TOKENS, tokens::revoke),
        get("/api/v1/accounts", SEE, api::accounts::list).doc(&api::accounts::LIST),
        post("/api/v1/accounts", KEEP, api::accounts::add).doc(&api::accounts::ADD),
        get("/api/v1/accounts/{id}", SEE, api::accounts::get).doc(&api::accounts::ONE),
        post("/api/v1/accounts/{id}/actions", KEEP, api::accounts::act).doc(&api::accounts::ACTS),
        get("/api/v1/accounts/{id}/sessions", SEE, api::sessions::list).doc(&api::sessions::LIST),
        post("/api/v1/accounts/{id}/sessions/{session}/actions", KEEP, api::sessions::act)
            .doc(&api::sessions::ACTS),
        get("/api/v1/tokens", Needs(Act::Read, Noun::Token), api::tokens::list).doc(&api::tokens::LIST),
        post("/api/v1/tokens", TOKENS, api::tokens::add).doc(&api::tokens::ADD),
        post("/api/v1/tokens/{id}/actions", TOKENS, api::tokens::act).doc(&api::tokens::ACTS),
    ]
}

/// Bookings of rooms, the waiting list, closures, calendar feeds and door panels.
fn booking_lines() -> Vec<Route> {
    use Access::{Needs, Public, SignedIn};
    use api::{closures, feeds, rooms, waits};
    use pages::bookings::{self, form, free, grid, house, wait};
    const SEE: Access = Needs(Act::Read, Noun::Booking);
    const KEEP: Access = Needs(Act::Write, Noun::Booking);
    const ROOMS: Access = Needs(Act::Read, Noun::Room);
    const CLOSE: Access = Needs(Act::Write, Noun::Room);
    vec![
        get("/api/v1/bookings", SEE, api::bookings::list).doc(&api::bookings::LIST),
        post("/api/v1/bookings", KEEP, api::bookings::add).doc(&api::bookings::ADD),
        get("/api/v1/bookings/{id}", SEE, api::bookings::get).doc(&api::bookings::ONE),
        post("/api/v1/bookings/{id}/actions", KEEP, api::bookings::act).doc(&api::bookings::ACTS),
        get("/api/v1/booking-waits", SEE, waits::list).doc(&waits::LIST),
        post("/api/v1/booking-waits", KEEP, waits::add).doc(&waits::ADD),
        post("/api/v1/booking-waits/{id}/actions", KEEP, waits::act).doc(&waits::ACTS),
        get("/api/v1/calendar-feeds", SEE, feeds::list).doc(&feeds::LIST),
        post("/api/v1/calendar-feeds", KEEP, feeds::add).doc(&feeds::ADD),
        post("/api/v1/calendar-feeds/{id}/actions", KEEP, feeds::act).doc(&feeds::ACTS),
        // Before the room of any id.
        get("/api/v1/rooms/free", SignedIn, rooms::free).doc(&rooms::FREE),
        get("/api/v1/closures", ROOMS, closures::list).doc(&closures::LIST),
        post("/api/v1/closures", CLOSE, closures::add).doc(&closures::ADD),
        post("/api/v1/closures/{id}/actions", CLOSE, closures::act).doc(&closures::ACTS),
        get("/desk/bookings", SEE, grid::day),
        post("/desk/bookings", KEEP, form::add),
        get("/desk/bookings/new", KEEP, form::new),
        get("/desk/bookings/free", SEE, free::show),
        get("/desk/bookings/list", SEE, bookings::list),
        get("/desk/bookings/pending", SEE, bookings::pending),
        get("/desk/bookings/flagged", SEE, bookings::flagged),
        get("/desk/bookings/waiting", SEE, wait::list),
        post("/desk/bookings/waiting/{id}/withdraw", KEEP, wait::withdraw),
        get("/desk/bookings/{id}", SEE, bookings::show),
        get("/desk/bookings/{id}/move", KEEP, form::edit),
        post("/desk/bookings/{id}/move", KEEP, form::shift),
        post("/desk/bookings/{id}/actions", KEEP, bookings::act),
        get("/desk/rooms/{id}/week", SEE, grid::week),
        get("/desk/rooms/{id}/door", SEE, house::door_of),
        get("/desk/closures", ROOMS, house::closures),
        post("/desk/closures", CLOSE, house::close),
        post("/desk/closures/{id}/remove", CLOSE, house::unclose),
        get("/desk/calendars", SEE, house::feeds),
        post("/desk/calendars", KEEP, house::make_feed),
        post("/desk/calendars/{id}/revoke", KEEP, house::revoke_feed),
        get("/calendar/{secret}", Public, calendar::serve),
        get("/door/{secret}", Public, house::door),
    ]
}

/// Divisions, facilities, firms, legal workers, adviser posts, rooms, grids.
fn directory_api() -> Vec<Route> {
    use Access::{Needs, Public};
    use Act::{Read, Write};
    use api::{advisers, deputies, divisions, facilities, firms, grids, posts, rooms, workers};
    vec![
        get("/api/v1/advisers", Public, advisers::list).doc(&advisers::LIST),
        get("/api/v1/divisions", Public, divisions::list).doc(&divisions::LIST),
        post("/api/v1/divisions", Needs(Write, Noun::Division), divisions::add).doc(&divisions::ADD),
        get("/api/v1/divisions/{id}", Public, divisions::get).doc(&divisions::ONE),
        post("/api/v1/divisions/{id}/actions", Needs(Write, Noun::Division), divisions::act)
            .doc(&divisions::ACTS),
        get("/api/v1/facilities", Public, facilities::list).doc(&facilities::LIST),
        post("/api/v1/facilities", Needs(Write, Noun::Facility), facilities::add).doc(&facilities::ADD),
        get("/api/v1/facilities/{id}", Public, facilities::get).doc(&facilities::ONE),
        post("/api/v1/facilities/{id}/actions", Needs(Write, Noun::Facility), facilities::act)
            .doc(&facilities::ACTS),
        get("/api/v1/firms", Needs(Read, Noun::Firm), firms::list).doc(&firms::LIST),
        post("/api/v1/firms", Needs(Write, Noun::Firm), firms::add).doc(&firms::ADD),
        get("/api/v1/firms/{id}", Needs(Read, Noun::Firm), firms::get).doc(&firms::ONE),
        post("/api/v1/firms/{id}/actions", Needs(Write, Noun::Firm), firms::act).doc(&firms::ACTS),
        get("/api/v1/legal-workers", Needs(Read, Noun::Worker), workers::list).doc(&workers::LIST),
        post("/api/v1/legal-workers", Needs(Write, Noun::Worker), workers::add).doc(&workers::ADD),
        get("/api/v1/legal-workers/{id}", Needs(Read, Noun::Worker), workers::get).doc(&workers::ONE),
        post("/api/v1/legal-workers/{id}/actions", Needs(Write, Noun::Worker), workers::act)
            .doc(&workers::ACTS),
        get("/api/v1/adviser-posts", Needs(Read, Noun::Post), posts::list).doc(&posts::LIST),
        post("/api/v1/adviser-posts", Needs(Write, Noun::Post), posts::add).doc(&posts::ADD),
        get("/api/v1/adviser-posts/{id}", Needs(Read, Noun::Post), posts::get).doc(&posts::ONE),
        post("/api/v1/adviser-posts/{id}/actions", Needs(Write, Noun::Post), posts::act).doc(&posts::ACTS),
        get("/api/v1/deputies", Needs(Read, Noun::Deputy), deputies::list).doc(&deputies::LIST),
        post("/api/v1/deputies", Needs(Write, Noun::Deputy), deputies::add).doc(&deputies::ADD),
        post("/api/v1/deputies/{id}/actions", Needs(Write, Noun::Deputy), deputies::act).doc(&deputies::ACTS),
        get("/api/v1/rooms", Needs(Read, Noun::Room), rooms::list).doc(&rooms::LIST),
        post("/api/v1/rooms", Needs(Write, Noun::Room), rooms::add).doc(&rooms::ADD),
        get("/api/v1/rooms/{id}", Needs(Read, Noun::Room), rooms::get).doc(&rooms::ONE),
        post("/api/v1/rooms/{id}/actions", Needs(Write, Noun::Room), rooms::act).doc(&rooms::ACTS),
        get("/api/v1/grids", Needs(Read, Noun::Division), grids::list).doc(&grids::LIST),
        post("/api/v1/grids", Needs(Write, Noun::Division), grids::add).doc(&grids::ADD),
        get("/api/v1/grids/{id}", Needs(Read, Noun::Division), grids::get).doc(&grids::ONE),
        post("/api/v1/grids/{id}/actions", Needs(Write, Noun::Division), grids::act).doc(&grids::ACTS),
    ]
}

/// Pages of residents: no session, no cookie, kept by address and write generation.
fn public_pages() -> Vec<Route> {
    use Access::Public;
    use pages::public::{apply, ask, card, directory, place, quiz, rooms, root, service, words};
    vec![
        get("/", Public, root::root),
        get("/{view:(?:zh|en)[-a-z0-9]*}/", Public, root::counties),
        get("/{view:(?:zh|en)[-a-z0-9]*}/c/{token}", Public, card::scanned_as),
        get("/c/{token}", Public, card::scanned),
        get(public!(""), Public, root::slash),
        get(public!("/"), Public, place::home),
        get(public!("/places/{division}"), Public, place::villages),
        get(public!("/villages/{division}"), Public, place::village),
        get(public!("/workers"), Public, directory::workers),
        get(public!("/workers/{id}"), Public, directory::worker),
        get(public!("/firms"), Public, directory::firms),
        get(public!("/firms/{id}"), Public, directory::firm),
        get(public!("/facilities"), Public, directory::facilities),
        get(public!("/facilities/{id}"), Public, directory::facility),
        get(public!("/rooms"), Public, rooms::show),
        get(public!("/services"), Public, service::list),
        get(public!("/services/{code}"), Public, service::show),
        get("/api/v1/services", Public, api::services::list).doc(&api::services::LIST),
        get(public!("/ask"), Public, ask::form),
        post(public!("/ask"), Public, ask::submit).upload().stranger(),
        get(public!("/legal-aid/apply"), Public, apply::aid),
        post(public!("/legal-aid/apply"), Public, apply::go_aid).stranger(),
        get(public!("/legal-aid/check"), Public, quiz::quiz),
        post(public!("/legal-aid/check"), Public, quiz::advise).stranger(),
        get(public!("/mediation/apply"), Public, apply::mediation),
        post(public!("/mediation/apply"), Public, apply::go_mediation).stranger(),
        get(public!("/progress"), Public, ask::find),
        post(public!("/progress"), Public, ask::progress).stranger(),
        post(public!("/progress/files"), Public, ask::add_file).upload().stranger(),
        get(public!("/about"), Public, words::about),
        get(public!("/privacy"), Public, words::privacy),
        get(public!("/safety"), Public, words::safety),
    ]
}

fn post<F, Args>(path: &'static str, access: Access, handler: F) -> Route
where
    F: Handler<Args> + Send + Sync,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    Route::new(Method::POST, path, access, handler)
}

fn get<F, Args>(path: &'static str, access: Access, handler: F) -> Route
where
    F: Handler<Args> + Send + Sync,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    Route::new(Method::GET, path, access, handler)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_table_is_sound() {
        check(&all()).unwrap();
    }

    #[test]
    fn an_undocumented_or_doubled_line_fails_the_start() {
        let twice = [get("/x", Access::Public, health::healthz), get("/x", Access::Open, health::healthz)];
        assert!(check(&twice).unwrap_err().contains("twice"));
        assert!(check(&[get("/api/v1/x", Access::Public, health::healthz)]).is_err());
    }
}
