//! Shapes and documents of `/api/v1/households`.

use falin_app::household::RevealReason;
use falin_domain::directory::{Category, HouseholdKind, Relation};

use crate::openapi::{Doc, PAGE};
use crate::shape::{Member, Shape, may, must};

fn kinds() -> Vec<&'static str> {
    HouseholdKind::ALL.iter().map(|kind| kind.code()).collect()
}

fn categories() -> Vec<&'static str> {
    Category::ALL.iter().map(|category| category.code()).collect()
}

/// Everybody but the head, who is the household's own name.
fn relations() -> Vec<&'static str> {
    Relation::ALL.iter().filter(|one| **one != Relation::Head).map(|one| one.code()).collect()
}

fn reasons() -> Vec<&'static str> {
    RevealReason::ALL.iter().map(|reason| reason.code()).collect()
}

/// Names of the acts, in the order in which pages offer them.
pub const ACTIONS: [&str; 11] = [
    "change",
    "reveal",
    "add_member",
    "change_member",
    "end_member",
    "remove_member",
    "add_category",
    "change_category",
    "remove_category",
    "revoke_card",
    "leave",
];

const VERSION: Shape = Shape::Whole(1, i64::MAX);
/// Its village.
pub const VILLAGE: Shape = Shape::Object(
    "HouseholdVillage",
    &[
        must("id", Shape::Uuid),
        must("code", Shape::Maybe(&Shape::Text(12))),
        must("name", Shape::Text(200)),
        must("township", Shape::Maybe(&Shape::Text(200))),
    ],
);
/// Who looks after it.
pub const PROVIDER: Shape = Shape::Object(
    "HouseholdProvider",
    &[
        must("id", Shape::Uuid),
        must("kind", Shape::OneOf(&["lawyer", "firm"])),
        must("name", Shape::Text(200)),
        must("phone", Shape::Text(200)),
    ],
);
const MEMBER: Shape = Shape::Object(
    "HouseholdMember",
    &[
        must("id", Shape::Uuid),
        must("name", Shape::Text(200)),
        must("relation", Shape::Code(relations)),
        must("id_number", Shape::Maybe(&Shape::Text(60))),
        must("from", Shape::Date),
        must("to", Shape::Maybe(&Shape::Date)),
    ],
);
const MEMBER_SEALED: Shape = Shape::Object(
    "SealedMember",
    &[must("id", Shape::Uuid), must("id_number", Shape::Maybe(&Shape::Text(60)))],
);
const DATED: Shape = Shape::Object(
    "DatedCategory",
    &[
        must("id", Shape::Uuid),
        must("category", Shape::Code(categories)),
        must("from", Shape::Date),
        must("to", Shape::Maybe(&Shape::Date)),
    ],
);
const CARD: Shape = Shape::Object(
    "HouseholdCard",
    &[must("made_at", Shape::Time), must("printed_at", Shape::Maybe(&Shape::Time))],
);
const SEALED: Shape = Shape::Object(
    "SealedFields",
    &[
        must("id_number", Shape::Maybe(&Shape::Text(60))),
        must("phones", Shape::List(&Shape::Text(32), 20)),
        must("address", Shape::Maybe(&Shape::Text(500))),
        must("note", Shape::Maybe(&Shape::Text(500))),
        must("provider_hint", Shape::Maybe(&Shape::Text(500))),
        must("members", Shape::List(&MEMBER_SEALED, 1000)),
    ],
);
const ALLOWED: Shape = Shape::Object(
    "HouseholdAction",
    &[must("action", Shape::OneOf(&ACTIONS)), must("label", Shape::Text(100)), must("schema", Shape::Any)],
);

const LINE: Shape = Shape::Object(
    "HouseholdLine",
    &[
        must("id", Shape::Uuid),
        must("kind", Shape::Code(kinds)),
        must("head_name", Shape::Text(200)),
        must("village", VILLAGE),
        must("phone", Shape::Maybe(&Shape::Text(32))),
        must("categories", Shape::List(&Shape::Code(categories), 20)),
        must("provider", Shape::Maybe(&PROVIDER)),
        must("active", Shape::Bool),
        must("left_on", Shape::Maybe(&Shape::Date)),
        must("version", VERSION),
    ],
);
const LINES: Shape = crate::listed!("HouseholdLines", LINE);

const WHOLE: Shape = Shape::Object(
    "Household",
    &[
        must("id", Shape::Uuid),
        must("state", Shape::OneOf(&["active", "left"])),
        must("version", VERSION),
        must("kind", Shape::Code(kinds)),
        must("head_name", Shape::Text(200)),
        must("village", VILLAGE),
        must("phones", Shape::List(&Shape::Text(32), 20)),
        must("id_number", Shape::Maybe(&Shape::Text(60))),
        must("has_address", Shape::Bool),
        must("has_note", Shape::Bool),
        must("members", Shape::List(&MEMBER, 1000)),
        must("categories", Shape::List(&DATED, 1000)),
        must("provider", Shape::Maybe(&PROVIDER)),
        must("card", Shape::Maybe(&CARD)),
        must("active", Shape::Bool),
        must("left_on", Shape::Maybe(&Shape::Date)),
        must("allowed_actions", Shape::List(&ALLOWED, 11)),
        may("sealed", SEALED),
    ],
);

const PHONES: Shape = Shape::List(&Shape::Text(40), 10);
const CATEGORIES: Shape = Shape::List(&Shape::Code(categories), 20);

/// The body of a new household.
pub const NEW: Shape = Shape::Object(
    "NewHousehold",
    &[
        must("village", Shape::Text(40)),
        must("head_name", Shape::Text(200)),
        may("kind", Shape::Code(kinds)),
        may("grid", Shape::Maybe(&Shape::Uuid)),
        may("id_number", Shape::Maybe(&Shape::Text(60))),
        may("phones", PHONES),
        may("address", Shape::Maybe(&Shape::Text(500))),
        may("note", Shape::Maybe(&Shape::Text(500))),
        may("categories", CATEGORIES),
    ],
);

/// What a change may say; what it does not say stays.
pub const CHANGES: [Member; 9] = [
    may("village", Shape::Text(40)),
    may("head_name", Shape::Text(200)),
    may("kind", Shape::Code(kinds)),
    may("grid", Shape::Maybe(&Shape::Uuid)),
    may("id_number", Shape::Maybe(&Shape::Text(60))),
    may("phones", PHONES),
    may("address", Shape::Maybe(&Shape::Text(500))),
    may("note", Shape::Maybe(&Shape::Text(500))),
    may("categories", CATEGORIES),
];

const NAME: Member = must("name", Shape::Text(200));
const RELATION: Member = must("relation", Shape::Code(relations));
const NUMBER: Member = may("id_number", Shape::Maybe(&Shape::Text(60)));
const FROM: Member = may("from", Shape::Date);
/// The first day on which it no longer holds; null takes an end away.
const TO: Member = may("to", Shape::Maybe(&Shape::Date));
const WHO: Member = must("member", Shape::Uuid);
const WHICH: Member = must("dated_category", Shape::Uuid);

/// What each act on members and categories takes beside the version.
pub fn parts(action: &str) -> Vec<Member> {
    match action {
        "add_member" => vec![NAME, RELATION, NUMBER, FROM, TO],
        "change_member" => vec![WHO, optional(NAME), optional(RELATION), NUMBER, FROM, TO],
        "end_member" => vec![WHO, may("on", Shape::Date)],
        "remove_member" => vec![WHO],
        "add_category" => vec![must("category", Shape::Code(categories)), FROM, TO],
        "change_category" => vec![WHICH, FROM, TO],
        "remove_category" => vec![WHICH],
        _ => Vec::new(),
    }
}

const fn optional(member: Member) -> Member {
    Member { required: false, ..member }
}

/// What revealing asks for.
pub const REVEALS: [Member; 1] = [must("reason", Shape::Code(reasons))];

/// The body of an act.
pub const ACT: Shape = Shape::Object(
    "HouseholdAct",
    &[
        must("action", Shape::OneOf(&ACTIONS)),
        may("version", VERSION),
        may("reason", Shape::Code(reasons)),
        CHANGES[0],
        CHANGES[1],
        CHANGES[2],
        CHANGES[3],
        CHANGES[4],
        CHANGES[5],
        CHANGES[6],
        CHANGES[7],
        CHANGES[8],
        optional(WHO),
        optional(WHICH),
        optional(NAME),
        optional(RELATION),
        FROM,
        TO,
        may("on", Shape::Date),
        may("category", Shape::Code(categories)),
    ],
);

/// The body of a search by number; one of the first three.
pub const SEARCH: Shape = Shape::Object(
    "HouseholdSearch",
    &[
        may("number", Shape::Text(60)),
        may("phone", Shape::Text(40)),
        may("id_number", Shape::Text(60)),
        may("limit", Shape::Whole(1, falin_domain::page::MOST as i64)),
        may("cursor", Shape::Text(crate::cursor::LONGEST)),
    ],
);

const FILTERS: [Member; 9] = [
    may("q", Shape::Text(100)),
    may("kind", Shape::Code(kinds)),
    may("village", Shape::Text(40)),
    may("category", Shape::Code(categories)),
    may("paired", Shape::Bool),
    may("active", Shape::Bool),
    may("worker", Shape::Uuid),
    PAGE[0],
    PAGE[1],
];

/// Document of the list.
pub const LIST: Doc = Doc::read("household", "Households that the caller may see, in pinyin order.", &LINES)
    .query(&FILTERS)
    .refusals(&["search.digits", "division.unknown"]);
/// Document of one.
pub const ONE: Doc =
    Doc::read("household", "One household, masked; that it was read is kept in the journal.", &WHOLE);
/// Document of a new one.
pub const ADD: Doc = Doc::create("household", "Adds a household.", &NEW, &WHOLE)
    .refusals(&["household.duplicate", "household.restricted"]);
/// Document of the acts.
pub const ACTS: Doc = Doc::act(
    "household",
    "Changes it, its members and categories; reveals; revokes the card; it left.",
    &ACT,
    &WHOLE,
)
.refusals(&[
    "household.restricted",
    "state.changed",
    "action.not_allowed",
    "household.duplicate",
    "member.duplicate",
    "category.overlap",
]);
/// Document of the search by number.
pub const FIND: Doc = Doc::act("household", "Finds households by telephone or ID number.", &SEARCH, &LINES)
    .refusals(&["page.cursor", "page.limit"]);
