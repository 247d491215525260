//! `/api/v1/journal`: what happened, for programs of those who audit.

use actix_web::HttpResponse;
use actix_web::web::Data;
use falin_app::audit::{self, Told};
use falin_domain::access::Role;
use falin_domain::journal::{Event, Reason};
use serde::Serialize;
use serde_json::{Value, json};

use crate::body::Body;
use crate::cursor::Listed;
use crate::openapi::{Doc, PAGE};
use crate::pages::journal::asked;
use crate::problem::Answer;
use crate::query::Query;
use crate::shape::{Member, Shape, may, must};
use crate::site::Site;
use crate::visitor::Signed;

const SUBJECT: Shape = Shape::Object(
    "JournalSubject",
    &[must("noun", Shape::Text(40)), must("id", Shape::Uuid), must("name", Shape::Text(300))],
);
const ACTOR: Shape = Shape::Object(
    "JournalActor",
    &[
        must("id", Shape::Uuid),
        must("name", Shape::Text(200)),
        must("roles", Shape::List(&Shape::Code(roles), 20)),
    ],
);
const TOKEN: Shape =
    Shape::Object("JournalToken", &[must("id", Shape::Uuid), must("name", Shape::Text(100))]);
const ENTRY: Shape = Shape::Object(
    "JournalEntry",
    &[
        must("id", Shape::Uuid),
        must("at", Shape::Time),
        must("event", Shape::Code(events)),
        must("reason", Shape::Code(reasons)),
        must("subject", Shape::Maybe(&SUBJECT)),
        must("actor", Shape::Maybe(&ACTOR)),
        must("token", Shape::Maybe(&TOKEN)),
        must("details", Shape::Any),
    ],
);
const ENTRIES: Shape = crate::listed!("JournalEntries", ENTRY);
const FILTERS: [Member; 7] = [
    may("subject", Shape::Text(200)),
    may("event", Shape::Code(events)),
    may("actor", Shape::Text(100)),
    may("from", Shape::Date),
    may("to", Shape::Date),
    PAGE[0],
    PAGE[1],
];

/// `GET /api/v1/journal`.
pub const LIST: Doc =
    Doc::read(
        "journal",
        "Entries of the journal, newest first; persons are masked. `token` names the token by which a program acted; \
         `actor` takes its id or a log-in name.",
        &ENTRIES,
    )
        .query(&FILTERS)
        .refusals(&["search.digits"]);

fn roles() -> Vec<&'static str> {
    Role::ALL.iter().map(|role| role.code()).collect()
}

fn events() -> Vec<&'static str> {
    Event::ALL.iter().map(|event| event.code()).collect()
}

fn reasons() -> Vec<&'static str> {
    Reason::ALL.iter().map(|reason| reason.code()).collect()
}

#[derive(Serialize)]
struct Entry {
    id: String,
    at: String,
    event: String,
    reason: String,
    subject: Option<Value>,
    actor: Option<Value>,
    token: Option<Value>,
    details: Value,
}

fn entry(told: Told) -> Entry {
    let subject = told.subject.map(|s| json!({ "noun": s.noun, "id": s.id, "name": s.name }));
    let actor = told.actor.map(|a| {
        let roles: Vec<&str> = a.roles.iter().map(|role| role.code()).collect();
        json!({ "id": a.id, "name": a.name, "roles": roles })
    });
    Entry {
        id: told.id.to_string(),
        at: told.at.to_string(),
        event: told.event,
        reason: told.reason,
        subject,
        actor,
        token: told.token.map(|t| json!({ "id": t.id, "name": t.name })),
        details: told.details,
    }
}

/// `GET /api/v1/journal?subject=&event=&actor=&from=&to=&limit=&cursor=`.
///
/// # Errors
/// `form.invalid` at a filter, `search.digits`, `page.cursor`, `page.limit`.
pub async fn list(site: Data<Site>, signed: Signed, query: Query) -> Answer {
    let window = query.window()?;
    let page = audit::told(&site.app, &signed.visitor, asked(&query)?, window).await?;
    let next_cursor = page.next.as_ref().map(crate::cursor::encode);
    let items = page.items.into_iter().map(entry).collect();
    Ok(HttpResponse::Ok().json(Listed::<Entry> { items, next_cursor }))
}

const FAULT: Shape = Shape::Object(
    "JournalFault",
    &[must("what", Shape::Text(40)), must("sequence", Shape::Whole(0, i64::MAX))],
);
const CHECKED: Shape = Shape::Object(
    "JournalVerification",
    &[
        must("verified_at", Shape::Maybe(&Shape::Time)),
        must("sealed", Shape::Whole(0, i64::MAX)),
        must("unsealed", Shape::Whole(0, i64::MAX)),
        must("head", Shape::Text(66)),
        must("faults", Shape::List(&FAULT, 1_000)),
        must("anchored_at", Shape::Maybe(&Shape::Time)),
    ],
);
const VERIFY: Shape = Shape::Object("JournalAct", &[must("action", Shape::OneOf(&["verify"]))]);

/// `GET /api/v1/journal/verification`.
pub const VERIFICATION: Doc = Doc::read(
    "journal",
    "The last walk along the county's chain: `verified_at` is null before the first. `anchored_at` is when heads were \
     last written beside the database.",
    &CHECKED,
);
/// `POST /api/v1/journal/verification/actions`.
pub const VERIFICATION_ACTS: Doc =
    Doc::act("journal", "Walks the whole chain now, and says what was found.", &VERIFY, &CHECKED);

async fn checked(site: &Data<Site>, me: &Signed) -> Answer {
    let (last, anchored) = audit::last_checked(&site.app, &me.visitor).await?;
    let found = last.as_ref().map(|last| last.found.clone()).unwrap_or_default();
    let fault = |(what, sequence): &(String, i64)| json!({ "what": what, "sequence": sequence });
    Ok(HttpResponse::Ok().json(json!({
        "verified_at": last.map(|last| last.at), "sealed": found.sealed, "unsealed": found.unsealed,
        "head": found.head, "faults": found.faults.iter().map(fault).collect::<Vec<_>>(),
        "anchored_at": anchored,
    })))
}

/// The last verification of the chain.
///
/// # Errors
/// As [`audit::last_checked`].
pub async fn verification(site: Data<Site>, me: Signed) -> Answer {
    checked(&site, &me).await
}

/// Walks the chain.
///
/// # Errors
/// As [`audit::verify`].
pub async fn verify(site: Data<Site>, me: Signed, body: Body) -> Answer {
    let _: Value = body.json(&VERIFY)?;
    audit::verify(&site.app, &me.visitor).await?;
    checked(&site, &me).await
}
