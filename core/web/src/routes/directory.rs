//! The lines of legal workers, firms, facilities, adviser posts, divisions, grids, settings: pages of the staff.

use falin_domain::access::Act::{Read, Write};
use falin_domain::access::Noun;

use super::Access::Needs;
use super::{Route, get, post};

/// For people.
pub(super) fn pages() -> Vec<Route> {
    use crate::pages::{deputies, divisions, facilities, firms, grids, posts, rooms, settings, workers};
    vec![
        get("/desk/workers", Needs(Read, Noun::Worker), workers::list),
        post("/desk/workers", Needs(Write, Noun::Worker), workers::add),
        get("/desk/workers/new", Needs(Write, Noun::Worker), workers::new),
        get("/desk/workers/{id}", Needs(Read, Noun::Worker), workers::show),
        post("/desk/workers/{id}", Needs(Write, Noun::Worker), workers::change),
        get("/desk/workers/{id}/edit", Needs(Write, Noun::Worker), workers::edit),
        post("/desk/workers/{id}/leave", Needs(Write, Noun::Worker), workers::go_on_leave),
        post("/desk/workers/{id}/leave/{leave}/cancel", Needs(Write, Noun::Worker), workers::stay),
        get("/desk/deputies", Needs(Read, Noun::Deputy), deputies::list),
        post("/desk/deputies", Needs(Write, Noun::Deputy), deputies::add),
        post("/desk/deputies/{id}/end", Needs(Write, Noun::Deputy), deputies::end),
        get("/desk/firms", Needs(Read, Noun::Firm), firms::list),
        post("/desk/firms", Needs(Write, Noun::Firm), firms::add),
        get("/desk/firms/new", Needs(Write, Noun::Firm), firms::new),
        get("/desk/firms/{id}", Needs(Read, Noun::Firm), firms::show),
        post("/desk/firms/{id}", Needs(Write, Noun::Firm), firms::change),
        get("/desk/firms/{id}/edit", Needs(Write, Noun::Firm), firms::edit),
        post("/desk/firms/{id}/close", Needs(Write, Noun::Firm), firms::close),
        post("/desk/firms/{id}/reopen", Needs(Write, Noun::Firm), firms::reopen),
        get("/desk/facilities", Needs(Read, Noun::Facility), facilities::list),
        post("/desk/facilities", Needs(Write, Noun::Facility), facilities::add),
        get("/desk/facilities/new", Needs(Write, Noun::Facility), facilities::new),
        get("/desk/facilities/{id}", Needs(Read, Noun::Facility), facilities::show),
        post("/desk/facilities/{id}", Needs(Write, Noun::Facility), facilities::change),
        get("/desk/facilities/{id}/edit", Needs(Write, Noun::Facility), facilities::edit),
        post("/desk/facilities/{id}/close", Needs(Write, Noun::Facility), facilities::close),
        post("/desk/facilities/{id}/reopen", Needs(Write, Noun::Facility), facilities::reopen),
        get("/desk/rooms", Needs(Read, Noun::Room), rooms::list),
        post("/desk/rooms", Needs(Write, Noun::Room), rooms::add),
        get("/desk/rooms/new", Needs(Write, Noun::Room), rooms::new),
        post("/desk/rooms/{id}", Needs(Write, Noun::Room), rooms::change),
        get("/desk/rooms/{id}/edit", Needs(Write, Noun::Room), rooms::edit),
        post("/desk/rooms/{id}/close", Needs(Write, Noun::Room), rooms::close),
        post("/desk/rooms/{id}/reopen", Needs(Write, Noun::Room), rooms::reopen),
        get("/desk/posts", Needs(Read, Noun::Post), posts::list),
        post("/desk/posts", Needs(Write, Noun::Post), posts::add),
        get("/desk/posts/new", Needs(Write, Noun::Post), posts::new),
        post("/desk/posts/{id}", Needs(Write, Noun::Post), posts::change),
        get("/desk/posts/{id}/edit", Needs(Write, Noun::Post), posts::edit),
        get("/desk/posts/{id}/end", Needs(Write, Noun::Post), posts::ask_end),
        post("/desk/posts/{id}/end", Needs(Write, Noun::Post), posts::end),
        get("/desk/divisions", Needs(Read, Noun::Division), divisions::tree),
        get("/desk/grids", Needs(Read, Noun::Division), grids::list),
        post("/desk/grids", Needs(Write, Noun::Division), grids::add),
        get("/desk/grids/new", Needs(Write, Noun::Division), grids::new),
        post("/desk/grids/{id}", Needs(Write, Noun::Division), grids::change),
        get("/desk/grids/{id}/edit", Needs(Write, Noun::Division), grids::edit),
        get("/desk/plans/settings", Needs(Write, Noun::Setting), settings::show),
        post("/desk/plans/settings", Needs(Write, Noun::Setting), settings::save),
    ]
}
