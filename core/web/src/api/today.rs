//! `/api/v1/today` and `/api/v1/search`: what waits for the caller, and what bears a name or a number.

use std::sync::Arc;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use falin_app::search::{self, Found, Named};
use falin_app::today::{self, Away, County, Ending, Own};
use falin_app::{casework, deadline, division, notice};
use falin_domain::access::{Act, Noun};
use falin_domain::page::Page;
use falin_domain::refusal::Refusal;
use falin_domain::workflow::Flow;
use serde::Serialize;
use serde_json::{Value, json};

use super::{PLACE, place};
use crate::openapi::Doc;
use crate::problem::{Answer, Asker};
use crate::query::Query;
use crate::shape::{Shape, must};
use crate::site::Site;
use crate::visitor::Signed;

const COUNT: Shape = Shape::Whole(0, 10_000_000);
const NAME: Shape = Shape::Text(200);
const MANY: usize = 100_000;
const FEW: usize = search::SHOWN as usize;

const PAIRED: Shape =
    Shape::Object("TodayHouseholds", &[must("with_adviser", COUNT), must("without", COUNT)]);
const AWAY: Shape = Shape::Object(
    "TodayAway",
    &[
        must("worker_id", Shape::Uuid),
        must("name", NAME),
        must("from", Shape::Date),
        must("to", Shape::Maybe(&Shape::Date)),
        must("households", COUNT),
        must("cases", COUNT),
    ],
);
const DRAFT: Shape = Shape::Object(
    "TodayDraft",
    &[must("id", Shape::Uuid), must("kind", Shape::OneOf(&["pairing", "handover"]))],
);
const ENDING: Shape = Shape::Object(
    "TodayEnding",
    &[
        must("post_id", Shape::Uuid),
        must("village", PLACE),
        must("worker_id", Shape::Uuid),
        must("name", NAME),
        must("to", Shape::Maybe(&Shape::Date)),
    ],
);
const COUNTY: Shape = Shape::Object(
    "TodayCounty",
    &[
        must("households", Shape::Maybe(&PAIRED)),
        must("away", Shape::List(&AWAY, MANY)),
        must("drafts", Shape::List(&DRAFT, 200)),
        must("open_rosters", Shape::List(&Shape::Uuid, 200)),
        must("vacant", Shape::List(&PLACE, MANY)),
        must("ending", Shape::List(&ENDING, MANY)),
        must("cards", Shape::Maybe(&COUNT)),
        must("declined", COUNT),
    ],
);
const VILLAGE: Shape = Shape::Object("TodayVillage", &[must("village", PLACE), must("households", COUNT)]);
const LEAVE: Shape = Shape::Object(
    "TodayLeave",
    &[must("id", Shape::Uuid), must("from", Shape::Date), must("to", Shape::Date)],
);
const OWN: Shape = Shape::Object(
    "TodayOwn",
    &[
        must("households", COUNT),
        must("villages", Shape::List(&VILLAGE, MANY)),
        must("cards", COUNT),
        must("leaves", Shape::List(&LEAVE, 1_000)),
        must("consents", Shape::Maybe(&COUNT)),
    ],
);
const DUE: Shape =
    Shape::Object("TodayDeadlines", &[must("open", COUNT), must("soon", COUNT), must("overdue", COUNT)]);
const TURN: Shape = Shape::Object("TodayTurn", &[must("flow", NAME), must("cases", COUNT)]);
const OFFER: Shape = Shape::Object(
    "TodayOffer",
    &[
        must("case_id", Shape::Uuid),
        must("flow", NAME),
        must("number", NAME),
        must("offered", super::cases::OFFERED),
    ],
);
const TODAY: Shape = Shape::Object(
    "Today",
    &[
        must("date", Shape::Date),
        must("unread", COUNT),
        must("deadlines", Shape::Maybe(&DUE)),
        must("county", Shape::Maybe(&COUNTY)),
        must("own", Shape::Maybe(&OWN)),
        must("booked", Shape::List(&super::bookings::BOOKING, 12)),
        must("turns", Shape::List(&TURN, 200)),
        must("offers", Shape::List(&OFFER, 1_000)),
    ],
);
const CASE: Shape = Shape::Object("FoundCase", &[must("flow", NAME), must("id", Shape::Uuid)]);
const FOUND_CASE: Shape = Shape::Object(
    "FoundCaseOf",
    &[must("flow", NAME), must("id", Shape::Uuid), must("number", NAME), must("person", NAME)],
);
const NAMED: Shape = Shape::Object("FoundName", &[must("id", Shape::Uuid), must("name", NAME)]);
const HITS: Shape =
    Shape::Object("FoundNames", &[must("items", Shape::List(&NAMED, FEW)), must("more", Shape::Bool)]);
const FOUND: Shape = Shape::Object(
    "Found",
    &[
        must("case", Shape::Maybe(&CASE)),
        must("households", HITS),
        must("workers", HITS),
        must("firms", HITS),
        must("villages", HITS),
        must("cases", Shape::List(&FOUND_CASE, FEW)),
    ],
);

/// Document of what waits.
pub const SHOW: Doc = Doc::read(
    "account",
    "What waits for the caller: in the county for those who run it, and of one's own for a legal worker.",
    &TODAY,
);
/// Document of the search.
pub const SEARCH: Doc = Doc::read(
    "account",
    "What bears a name, its pinyin, or the last four digits of a telephone, ten of each at most; a case by its number. \
     Only what the caller may read is looked through.",
    &FOUND,
)
.query(&[must("q", Shape::Text(100))])
.refusals(&["search.digits"]);

fn county(it: &County) -> Value {
    let away = |one: &Away| {
        json!({
            "worker_id": one.worker.id, "name": one.worker.name, "from": one.from,
            "to": one.to.filter(|day| *day != falin_app::leave::open_end()), "households": one.households,
            "cases": one.cases,
        })
    };
    let ending = |one: &Ending| {
        json!({
            "post_id": one.post.id, "village": place(&one.village), "worker_id": one.worker.id,
            "name": one.worker.name, "to": one.post.to_date,
        })
    };
    json!({
        "households": it.households.map(|(with, without)| json!({ "with_adviser": with, "without": without })),
        "away": it.away.iter().map(away).collect::<Vec<_>>(),
        "drafts": it.drafts.iter().map(|plan| json!({ "id": plan.id, "kind": plan.kind })).collect::<Vec<_>>(),
        "open_rosters": it.open_rosters.iter().map(|batch| batch.id).collect::<Vec<_>>(),
        "vacant": it.vacant.iter().map(place).collect::<Vec<_>>(),
        "ending": it.ending.iter().map(ending).collect::<Vec<_>>(), "cards": it.cards, "declined": it.declined,
    })
}

fn own(it: &Own) -> Value {
    let village = |(village, count): &(division::Division, usize)| json!({ "village": place(village), "households": count });
    let leave = |it: &falin_app::leave::Leave| json!({ "id": it.id, "from": it.from_date, "to": it.to_date });
    json!({
        "households": it.households, "villages": it.villages.iter().map(village).collect::<Vec<_>>(),
        "cards": it.cards, "leaves": it.leaves.iter().map(leave).collect::<Vec<_>>(),
        "consents": it.consents,
    })
}

fn turn((flow, cases): &(Arc<Flow>, i64)) -> Value {
    json!({ "flow": flow.id, "cases": cases })
}

fn offer(one: &casework::Offered) -> Value {
    json!({
        "case_id": one.case.id, "flow": one.case.flow, "number": one.case.number,
        "offered": super::cases::offered(one),
    })
}

/// `GET /api/v1/today`.
///
/// # Errors
/// The store's own.
pub async fn show(req: HttpRequest, site: Data<Site>, me: Signed) -> Answer {
    let (app, visitor) = (&site.app, &me.visitor);
    let may = |act, noun| visitor.may(act, noun);
    let due = match may(Act::Read, Noun::Deadline) {
        true => Some(deadline::board_counts(app, visitor).await?),
        false => None,
    };
    let of_county =
        if today::runs_the_county(visitor) { Some(today::county(app, visitor).await?) } else { None };
    let mine = match visitor.worker.is_some() && may(Act::Read, Noun::Household) {
        true => Some(today::own(app, visitor).await?),
        false => None,
    };
    let booked = today::booked(app, visitor).await?;
    let say = site.look.say(Asker::of(req.path(), req.headers()).lang);
    let booked: Vec<Value> = booked.iter().map(|shown| super::bookings::show(&say, shown)).collect();
    Ok(HttpResponse::Ok().json(json!({
        "date": app.today(), "booked": booked,
        "turns": casework::turns(app, visitor).await?.iter().map(turn).collect::<Vec<_>>(),
        "offers": casework::offers(app, visitor).await?.iter().map(offer).collect::<Vec<_>>(), "unread": notice::unread(app, visitor).await?,
        "deadlines": due.map(|it| json!({ "open": it.open, "soon": it.soon, "overdue": it.overdue })),
        "county": of_county.as_ref().map(county), "own": mine.as_ref().map(own),
    })))
}

/// Names by id; nothing of what the caller may not read.
fn hits<T, I: Serialize>(found: Option<Page<T>>, named: impl Fn(&T) -> (I, &String)) -> Value {
    let (items, more) = found.map(|page| (page.items, page.next.is_some())).unwrap_or_default();
    let named = |one: &T| {
        let (id, name) = named(one);
        json!({ "id": id, "name": name })
    };
    json!({ "items": items.iter().map(named).collect::<Vec<_>>(), "more": more })
}

/// `GET /api/v1/search?q=`.
///
/// # Errors
/// See [`SEARCH`].
pub async fn search(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let text = query.filled("q").ok_or_else(|| Refusal::field("q", "required"))?;
    let (case, found) = match search::everything(&site.app, &me.visitor, text).await? {
        Found::Case(flow, id) => (json!({ "flow": flow, "id": id }), Named::default()),
        Found::Named(found) => (Value::Null, *found),
    };
    let cases = found.cases.map(|page| page.items).unwrap_or_default();
    let cases = cases.iter().map(|line| {
        let it = &line.case;
        json!({ "flow": it.flow, "id": it.id, "number": it.number, "person": it.person_name })
    });
    Ok(HttpResponse::Ok().json(json!({
        "cases": cases.collect::<Vec<_>>(),
        "households": hits(found.households, |line| (line.household.id, &line.household.head_name)),
        "workers": hits(found.workers, |shown| (shown.worker.id, &shown.worker.name)),
        "firms": hits(found.firms, |one| (one.firm.id, &one.firm.name)),
        "villages": hits(found.villages, |one| (one.id, &one.name)),
        "case": case,
    })))
}
