//! What the API's document says of cases: shapes, filters, and the forms of the core's flows.

use falin_domain::workflow::core_flow;
use serde_json::{Value, json};

use crate::api::PLACE;
use crate::openapi::{Doc, Reply};
use crate::shape::{Member, Shape, may, must};

const TEXT: Shape = Shape::Text(8000);
const ACTOR: Shape = Shape::Object(
    "NextActor",
    &[must("role", TEXT), must("place", Shape::Maybe(&Shape::Uuid)), may("user_id", Shape::Uuid)],
);
const ALLOWED: Shape =
    Shape::Object("AllowedAction", &[must("action", TEXT), must("label", TEXT), must("schema", Shape::Any)]);
const WAITS: Shape = Shape::Object(
    "CaseWaits",
    &[
        must("case", Shape::Maybe(&Shape::Uuid)),
        must("code", TEXT),
        must("detail", Shape::Maybe(&Shape::Text(1000))),
    ],
);
const DEADLINE: Shape = Shape::Object(
    "CaseDeadline",
    &[
        must("kind", TEXT),
        must("due", TEXT),
        may("internal_due", TEXT),
        must("provisional", Shape::Bool),
        must("lapses", Shape::Bool),
        must("source", TEXT),
        may("items", Shape::List(&Shape::Whole(1, 65_535), 0)),
    ],
);
const WORKER: Shape = Shape::Object("CaseWorker", &[must("id", Shape::Uuid), must("name", TEXT)]);
pub(in crate::api) const OFFERED: Shape = Shape::Object(
    "CaseOffered",
    &[
        must("from", Shape::Maybe(&WORKER)),
        must("to", Shape::Maybe(&WORKER)),
        must("reason", Shape::Text(1000)),
    ],
);
const STEP: Shape = Shape::Object(
    "CaseStep",
    &[
        must("n", Shape::Whole(1, i64::MAX)),
        must("action", TEXT),
        must("label", TEXT),
        must("from", TEXT),
        must("to", TEXT),
        must("at", Shape::Time),
        must("happened_on", Shape::Maybe(&Shape::Date)),
        must("by", Shape::Maybe(&TEXT)),
        must("for", Shape::Maybe(&TEXT)),
        must("role", Shape::Maybe(&TEXT)),
        must("fields", Shape::Any),
    ],
);
const ANSWERABLE: Shape = Shape::Object(
    "CaseAnswerable",
    &[
        must("name", TEXT),
        must("worker_id", Shape::Maybe(&Shape::Uuid)),
        must("from", Shape::Time),
        must("to", Shape::Maybe(&Shape::Time)),
    ],
);
const UNIT: Shape = Shape::Object(
    "CaseUnit",
    &[
        must("n", Shape::Whole(1, i64::MAX)),
        must("unit", TEXT),
        must("worker", Shape::Maybe(&WORKER)),
        must("due", Shape::Maybe(&Shape::Date)),
        must("state", Shape::OneOf(&["waiting", "answered", "ended"])),
        must("task", TEXT),
        must("answer", TEXT),
    ],
);
const FILE: Shape = Shape::Object(
    "CaseFile",
    &[
        must("id", Shape::Uuid),
        must("name", TEXT),
        must("media_type", TEXT),
        must("size", Shape::Whole(0, i64::MAX)),
        must("added_at", Shape::Time),
    ],
);
const CASE: Shape = Shape::Object(
    "Case",
    &[
        must("id", Shape::Uuid),
        must("flow", TEXT),
        must("number", TEXT),
        must("old_number", Shape::Maybe(&TEXT)),
        must("state", TEXT),
        must("state_label", TEXT),
        must("urgent", Shape::Bool),
        must("version", Shape::Whole(1, i64::MAX)),
        must("place", Shape::Maybe(&PLACE)),
        must("household_id", Shape::Maybe(&Shape::Uuid)),
        must("worker", Shape::Maybe(&WORKER)),
        must("routed_by", Shape::Maybe(&TEXT)),
        must("created_at", Shape::Time),
        must("closed_at", Shape::Maybe(&Shape::Time)),
        must("fields", Shape::Any),
        must("hidden", Shape::List(&TEXT, 200)),
        must("allowed_actions", Shape::List(&ALLOWED, 100)),
        must("waits", Shape::Maybe(&WAITS)),
        must("next_actor", Shape::Maybe(&ACTOR)),
        must("deadlines", Shape::List(&DEADLINE, 600)),
        must("steps", Shape::List(&STEP, 10_000)),
        must("files", Shape::List(&FILE, 1000)),
        must("deputy", Shape::Maybe(&WORKER)),
        must("offered", Shape::Maybe(&OFFERED)),
        must("declined", Shape::Maybe(&OFFERED)),
        must("answerable", Shape::List(&ANSWERABLE, 1000)),
        must("units", Shape::List(&UNIT, 1000)),
        must("links", Shape::List(&LINK, 1000)),
        must("parties", Shape::List(&PARTY, 500)),
        must("bookings", Shape::List(&BOOKED, 1000)),
        must("dossier", Shape::List(&BELONGS, 100)),
    ],
);
const LINK: Shape = Shape::Object(
    "CaseLink",
    &[must("id", Shape::Uuid), must("flow", TEXT), must("number", TEXT), must("state", TEXT)],
);
const PARTY: Shape =
    Shape::Object("CaseParty", &[must("id", Shape::Uuid), must("side", TEXT), must("name", TEXT)]);
const BELONGS: Shape = Shape::Object(
    "DossierLine",
    &[must("name", TEXT), must("needed", Shape::Bool), must("there", Shape::Bool)],
);
const BOOKED: Shape = Shape::Object(
    "CaseBooking",
    &[
        must("id", Shape::Uuid),
        must("state", TEXT),
        must("starts_at", Shape::Time),
        must("ends_at", Shape::Time),
        must("room_id", Shape::Uuid),
        must("room", Shape::Maybe(&TEXT)),
    ],
);
const ROW: Shape = Shape::Object(
    "CaseRow",
    &[
        must("id", Shape::Uuid),
        must("number", TEXT),
        must("state", TEXT),
        must("urgent", Shape::Bool),
        must("version", Shape::Whole(1, i64::MAX)),
        must("person", TEXT),
        must("matter", TEXT),
        must("place", Shape::Maybe(&PLACE)),
        must("worker", Shape::Maybe(&WORKER)),
        must("next_role", Shape::Maybe(&TEXT)),
        must("due", Shape::Maybe(&TEXT)),
        must("created_at", Shape::Time),
    ],
);
const ROWS: Shape = crate::listed!("Cases", ROW);
const FILTERS: &[Member] = &[
    may("state", Shape::Text(40)),
    may("open", Shape::Bool),
    may("place", Shape::Text(36)),
    may("queue", Shape::OneOf(&["mine", "turn", "unassigned", "call_back"])),
    may("worker", Shape::Uuid),
    may("household_id", Shape::Uuid),
    may("q", Shape::Text(100)),
    may("from", Shape::Date),
    may("to", Shape::Date),
    may("figure", Shape::Text(60)),
    may("by", Shape::Text(60)),
    may("value", Shape::Text(100)),
    crate::openapi::PAGE[0],
    crate::openapi::PAGE[1],
];
/// A workbook comes whole.
const TABLE_FILTERS: &[Member] = FILTERS.split_at(FILTERS.len() - 2).0;
pub(super) const OFFER: Shape = Shape::Object(
    "CaseOffer",
    &[
        must("worker", Shape::Uuid),
        must("reason", Shape::Text(1000)),
        must("version", Shape::Whole(1, i64::MAX)),
    ],
);
pub(super) const OFFER_ANSWER: Shape = Shape::Object(
    "CaseOfferAnswer",
    &[must("answer", Shape::OneOf(&["accept", "decline", "withdraw"])), may("reason", Shape::Text(1000))],
);

/// The schema of a case's opening: the flow's first form, and where the case stands.
fn opening_schema(id: &str) -> Value {
    let Some(flow) = core_flow(id) else { return json!({"type": "object"}) };
    let mut schema = flow.opening().map(|step| flow.schema(step, "en")).unwrap_or_default();
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert(
            "place".to_owned(),
            json!({"type": "string", "maxLength": 36, "title": "Id or code of a division"}),
        );
        properties.insert("household_id".to_owned(), json!({"type": "string", "format": "uuid"}));
    }
    schema
}

/// The schema of an act: one of the flow's steps with its form.
fn act_schema(id: &str) -> Value {
    let Some(flow) = core_flow(id) else { return plugin_act() };
    let steps = flow.step.iter().filter(|step| !step.from.is_empty()).map(|step| {
        let mut schema = flow.schema(step, "en");
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            properties.insert("action".to_owned(), json!({"type": "string", "const": step.action}));
            properties.insert("version".to_owned(), json!({"type": "integer", "minimum": 1}));
        }
        if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
            required.extend([json!("action"), json!("version")]);
        }
        schema
    });
    json!({"oneOf": steps.collect::<Vec<_>>()})
}

fn plugin_act() -> Value {
    json!({"type": "object", "required": ["action", "version"], "properties": {
        "action": {"type": "string", "maxLength": 60}, "version": {"type": "integer", "minimum": 1}}})
}

macro_rules! documents {
    ($($module:ident: $flow:literal, $tag:literal, $what:literal;)*) => {$(
        #[doc = concat!("Documents of the routes of ", $what, ".")]
        pub mod $module {
            use super::*;
            const NEW: Shape = Shape::Made(|| opening_schema($flow));
            const DO: Shape = Shape::Made(|| act_schema($flow));
            /// Document of the list.
            pub const LIST: Doc = Doc::read($tag, concat!("The ", $what, " that the caller sees, newest first, in every state unless filtered."), &ROWS)
                .query(FILTERS)
                .refusals(&["division.unknown", "search.digits"]);
            /// Document of the list as a workbook.
            pub const TABLE: Doc = Doc { reply: Reply::File(crate::api::service_logs::XLSX), ..Doc::read($tag, concat!("The same list of ", $what, " as a workbook, with the fields that the caller may read."), &ROWS).query(TABLE_FILTERS) }
                .refusals(&["division.unknown", "search.digits", "form.invalid"]);
            /// Document of one.
            pub const ONE: Doc = Doc::read($tag, concat!("One of the ", $what, ": state, version, what the caller may do, whose turn it is, deadlines."), &CASE);
            /// Document of a new one.
            pub const ADD: Doc = Doc::create($tag, concat!("Opens one of the ", $what, "."), &NEW, &CASE)
                .refusals(&["case.number_taken"]);
            /// Document of the acts.
            pub const ACTS: Doc = Doc::act($tag, "Takes a step that `allowed_actions` names.", &DO, &CASE)
                .refusals(&["state.changed", "action.not_allowed", "case.once", "case.own_draft", "case.too_early", "case.number_taken"]);
            /// Document of taking the next one.
            pub const NEXT: Doc = Doc { body: None, ..Doc::act($tag, "Gives the caller the most urgent case that nobody leads and that the caller may lead: what must not wait, then the earliest deadline that is a duty, then the oldest; `case.none_waiting` where there is none.", &DO, &CASE) }
                .refusals(&["action.not_allowed", "case.none_waiting"]);
            /// Document of a new file.
            pub const FILE_ADD: Doc = Doc { body: None, reply: Reply::Json(201, &CASE), ..Doc::act($tag, "Puts a file on it: multipart/form-data with the field `file`, and in `kind` what it is, such as 调解记录: the dossier knows it by that.", &DO, &CASE) }
                .refusals(&["action.not_allowed"]);
            /// Document of a file.
            pub const FILE_ONE: Doc = Doc { reply: Reply::File("application/octet-stream"), ..Doc::read($tag, "A file, as an attachment.", &CASE) };
            /// Document of an offer.
            pub const OFFERS: Doc = Doc::act($tag, "Offers it to another worker.", &OFFER, &CASE)
                .refusals(&["state.changed", "action.not_allowed", "case.offered"]);
            /// Document of the answer to an offer.
            pub const OFFER_ANSWERS: Doc = Doc::act($tag, "Accepts, declines or withdraws the waiting offer.", &OFFER_ANSWER, &CASE);
        }
    )*};
}

documents! {
    consultations: "consultation", "consultation", "consultations";
    aid: "aid", "legal aid", "legal-aid applications";
    mediation: "mediation", "mediation", "mediation cases";
    workflows: "", "workflow", "cases of a plugin's flow";
}
