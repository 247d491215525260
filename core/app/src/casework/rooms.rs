//! Rooms that a step holds for its case, and gives back.

use falin_domain::access::Visitor;
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::Instant;
use falin_domain::words::RoomId;
use falin_domain::workflow::{Effect, Flow, Step};
use falin_store::casefile::Case;
use falin_store::room::{self, Room};
use falin_store::{In, Tx};
use serde_json::Value;

use super::effects::Moved;
use crate::booking::held::{self, Wanted};
use crate::{App, Stop};

/// Rooms that a form can name, by name.
///
/// # Errors
/// The store's own.
pub async fn rooms(app: &App, county: falin_domain::words::CountyId) -> Result<Vec<Room>, Stop> {
    let work = move |tx: &mut Tx<'_>| {
        let mut rooms = room::all(tx, county)?;
        rooms.retain(|room| room.active);
        Ok(rooms)
    };
    app.db.read(In::County(county), work).await
}

/// What the effect names: fields of the case.
pub(super) struct Asked<'a> {
    pub rooms: &'a [String],
    pub from: &'a str,
    pub minutes: &'a str,
    pub buffer: u16,
}

/// Whether a flow holds rooms at all.
pub(super) fn books(flow: &Flow) -> bool {
    flow.step.iter().any(step_books)
}

/// Whether a step does.
pub(super) fn step_books(step: &Step) -> bool {
    step.effects.iter().any(|effect| matches!(effect, Effect::Book { .. }))
}

/// Holds the rooms that the case names, in place of what it held before. A room that was left empty is none.
///
/// # Errors
/// `form.invalid` at the fields; those of booking.
pub(super) fn book(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    case: &Case,
    moved: &Moved<'_>,
    asked: &Asked<'_>,
) -> Result<(), Stop> {
    let text = |name: &str| moved.values.get(name).and_then(Value::as_str);
    let room = |name: &'_ String| text(name).and_then(|text| text.parse::<RoomId>().ok());
    let rooms: Vec<(&str, RoomId)> =
        asked.rooms.iter().filter_map(|name| room(name).map(|id| (name.as_str(), id))).collect();
    let from: Option<Instant> = text(asked.from).and_then(|text| text.parse().ok());
    let minutes = moved.values.get(asked.minutes).and_then(Value::as_i64).filter(|minutes| *minutes > 0);
    let missing = [
        (rooms.is_empty(), asked.rooms.first().map_or("", String::as_str)),
        (from.is_none(), asked.from),
        (minutes.is_none(), asked.minutes),
    ];
    let faults: Vec<FieldError> = missing
        .into_iter()
        .filter(|(missing, _)| *missing)
        .map(|(_, name)| FieldError::new(name, "required"))
        .collect();
    let (Some(from), Some(minutes), true) = (from, minutes, faults.is_empty()) else {
        return Err(Refusal::form(faults).into());
    };
    give_back(tx, visitor, case)?;
    let purpose = format!("{} {}", moved.flow.name.zh, case.number);
    let wanted = Wanted { rooms, from, minutes, buffer: asked.buffer, purpose };
    held::hold(tx, (case.county_id, visitor.account), Some(case.id), &wanted)
}

/// Gives back what the case still holds.
///
/// # Errors
/// The store's own.
pub(super) fn give_back(tx: &mut Tx<'_>, visitor: &Visitor, case: &Case) -> Result<(), Stop> {
    held::give_back(tx, (case.county_id, visitor.account), case.id)
}
