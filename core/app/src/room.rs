//! Mediation rooms: listed, added, changed, closed.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::Event;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::words::{CountyId, DivisionId, RoomId, sort_key};
use falin_store::division::{self, Division};
use falin_store::{In, Tx, room};
use serde::{Deserialize, Serialize};

pub use falin_store::room::Room;

use crate::booking::{Hand, Touched, reexamine};
use crate::division::{LONGEST_NAME, find, find_filter, must_hold};
use crate::trace::By;
use crate::typed::Reader;
use crate::{App, Stop};

/// The noun in the journal and in write generations.
pub const NOUN: &str = "room";
/// Most seats of a room.
const MOST_SEATS: i32 = 10_000;

/// Which rooms a list shows.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// Id or code of a division: rooms at or below it.
    pub place: Option<String>,
    /// Only rooms with at least so many seats.
    pub capacity: Option<i32>,
    /// Only open or only closed ones.
    pub active: Option<bool>,
}

/// A room with its place.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The room.
    pub room: Room,
    /// Where it is.
    pub division: Option<Division>,
}

/// A page of rooms by name.
///
/// # Errors
/// `access.denied`, `division.unknown`.
pub async fn list(
    app: &App,
    visitor: &Visitor,
    filter: Filter,
    window: Window,
) -> Result<Page<Placed>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Room)?;
    let work = move |tx: &mut Tx<'_>| {
        let county = scope.county;
        let rooms = found(tx, county, &filter)?;
        let page =
            Page::of_all(rooms, &window, |room| Mark { key: sort_key(&room.name), id: room.id.uuid() });
        Ok(Page { items: placed_all(tx, county, page.items)?, next: page.next })
    };
    app.db.read(In::County(visitor.county), work).await
}

fn found(tx: &mut Tx<'_>, county: CountyId, filter: &Filter) -> Result<Vec<Room>, Stop> {
    let mut rooms = room::all(tx, county)?;
    if let Some(place) = find_filter(tx, county, filter.place.as_deref())? {
        let below = division::below(tx, county, place.id)?;
        rooms.retain(|room| room.division_id.is_some_and(|id| below.contains(&id)));
    }
    rooms.retain(|room| filter.active.is_none_or(|active| room.active == active));
    rooms.retain(|room| filter.capacity.is_none_or(|seats| room.capacity >= seats));
    Ok(rooms)
}

/// Rooms with their places.
pub(crate) fn placed_all(tx: &mut Tx<'_>, county: CountyId, rooms: Vec<Room>) -> Result<Vec<Placed>, Stop> {
    let ids: Vec<DivisionId> = rooms.iter().filter_map(|room| room.division_id).collect();
    let places = Division::by_ids(tx, county, &ids)?;
    let placed =
        |room: Room| Placed { division: room.division_id.and_then(|id| places.get(&id).cloned()), room };
    Ok(rooms.into_iter().map(placed).collect())
}

/// How many rooms the filter leaves.
///
/// # Errors
/// As [`list`].
pub async fn count(app: &App, visitor: &Visitor, filter: Filter) -> Result<u64, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Room)?;
    let work = move |tx: &mut Tx<'_>| Ok(found(tx, scope.county, &filter)?.len() as u64);
    app.db.read(In::County(visitor.county), work).await
}

/// One room.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: RoomId) -> Result<Placed, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Room)?;
    app.db.read(In::County(scope.county), move |tx| placed(tx, scope.county, id)).await
}

fn placed(tx: &mut Tx<'_>, county: CountyId, id: RoomId) -> Result<Placed, Stop> {
    let room = Room::by_id(tx, county, id)?;
    let division = match room.division_id {
        Some(id) => Division::by_ids(tx, county, &[id])?.remove(&id),
        None => None,
    };
    Ok(Placed { room, division })
}

/// What was typed into the form of a room.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Name.
    pub name: String,
    /// 所属机构.
    pub organisation: String,
    /// Id or code of the township or village; may be empty.
    pub place: String,
    /// Address.
    pub address: String,
    /// Seats.
    pub capacity: String,
    /// Equipment with any separator.
    pub equipment: String,
    /// Opening hours as people say them.
    pub hours: String,
}

struct Fields {
    name: String,
    organisation: String,
    place: String,
    address: String,
    capacity: i32,
    equipment: String,
    hours: String,
}

impl Typed {
    /// A room as it would be typed.
    pub fn of(placed: &Placed) -> Self {
        let room = &placed.room;
        let code = placed.division.as_ref().and_then(|division| division.code.clone());
        let id = || room.division_id.map(|id| id.to_string());
        Self {
            name: room.name.clone(),
            organisation: room.organisation.clone(),
            place: code.or_else(id).unwrap_or_default(),
            address: room.address.clone(),
            capacity: room.capacity.to_string(),
            equipment: room.equipment.clone(),
            hours: room.hours.clone(),
        }
    }

    fn read(&self) -> Result<Fields, Refusal> {
        let mut reader = Reader::default();
        let name = reader.required("name", &self.name, LONGEST_NAME);
        let organisation = reader.text("organisation", &self.organisation, LONGEST_NAME);
        let place = reader.text("place", &self.place, 40);
        let address = reader.text("address", &self.address, 200);
        if self.capacity.trim().is_empty() {
            reader.fault("capacity", "required");
        }
        let capacity = reader.number("capacity", &self.capacity, (1, MOST_SEATS)).unwrap_or(1);
        let equipment = reader.list("equipment", &self.equipment, 200);
        let hours = reader.text("hours", &self.hours, 200);
        reader.finish(Fields { name, organisation, place, address, capacity, equipment, hours })
    }
}

impl Fields {
    fn put(&self, tx: &mut Tx<'_>, room: &mut Room) -> Result<(), Stop> {
        room.division_id = match self.place.as_str() {
            "" => None,
            text => {
                let found = find(tx, room.county_id, text)?;
                Some(found.ok_or_else(|| Refusal::field("place", "village.unknown"))?.id)
            }
        };
        room.name.clone_from(&self.name);
        room.organisation.clone_from(&self.organisation);
        room.address.clone_from(&self.address);
        room.capacity = self.capacity;
        room.equipment.clone_from(&self.equipment);
        room.hours.clone_from(&self.hours);
        Ok(())
    }
}

/// Adds an open room.
///
/// # Errors
/// `access.denied`, `form.invalid`.
pub async fn add(app: &App, visitor: &Visitor, typed: &Typed) -> Result<Placed, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Room)?;
    let (by, fields) = (By::of(visitor), typed.read()?);
    let work = move |tx: &mut Tx<'_>| {
        let mut new = Room {
            county_id: by.county,
            id: tx.id(),
            name: String::new(),
            organisation: String::new(),
            division_id: None,
            address: String::new(),
            capacity: 1,
            equipment: String::new(),
            hours: String::new(),
            active: true,
            created_ms: tx.now.millis(),
            version: 1,
        };
        fields.put(tx, &mut new)?;
        must_hold(tx, &scope, new.division_id)?;
        new.insert(tx)?;
        by.saved(tx, Event::RoomSaved, (NOUN, new.id), serde_json::json!({ "version": 1 }))?;
        placed(tx, by.county, new.id)
    };
    app.db.write(In::County(by.county), work).await
}

/// Changes a room that is still at `version`.
///
/// # Errors
/// `access.denied`, `form.invalid`, `not_found`, `state.changed`.
pub async fn change(
    app: &App,
    visitor: &Visitor,
    id: RoomId,
    version: i64,
    typed: &Typed,
) -> Result<Placed, Stop> {
    let fields = typed.read()?;
    save(app, visitor, id, version, move |tx, room| fields.put(tx, room)).await
}

/// Closes a room, or opens it again.
///
/// # Errors
/// `access.denied`, `not_found`, `state.changed`; `action.not_allowed` where it is so already.
pub async fn set_open(
    app: &App,
    visitor: &Visitor,
    id: RoomId,
    version: i64,
    open: bool,
) -> Result<Placed, Stop> {
    save(app, visitor, id, version, move |_, room| {
        if room.active == open {
            return Err(Refusal::new("action.not_allowed").into());
        }
        room.active = open;
        Ok(())
    })
    .await
}

async fn save(
    app: &App,
    visitor: &Visitor,
    id: RoomId,
    version: i64,
    edit: impl Fn(&mut Tx<'_>, &mut Room) -> Result<(), Stop> + Send + 'static,
) -> Result<Placed, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Room)?;
    let by = By::of(visitor);
    let work = move |tx: &mut Tx<'_>| {
        let mut there = Room::by_id(tx, by.county, id)?;
        must_hold(tx, &scope, there.division_id)?;
        if there.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        edit(tx, &mut there)?;
        must_hold(tx, &scope, there.division_id)?;
        there.save(tx)?;
        let details = serde_json::json!({ "version": there.version, "open": there.active });
        by.saved(tx, Event::RoomSaved, (NOUN, id), details)?;
        reexamine(tx, &Hand::behind(by.county, by.account), Touched::Room(id))?;
        placed(tx, by.county, id)
    };
    app.db.write(In::County(by.county), work).await
}
