//! Calendar feeds and door panels: a secret shows the bookings of one room or person, and no party's name.

use falin_domain::access::{Act, Visitor};
use falin_domain::booking::BookingState;
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{CountyId, FeedId, RoomId};
use falin_store::booking_list::{self, Filter};
use falin_store::calendar_feed::{self as rows, Feed, NOUN};
use falin_store::county::{self as counties, County};
use falin_store::room::{self, Room};
use falin_store::worker::Worker;
use falin_store::{In, Tx, account};

use super::{Hand, Shown, show};
use crate::account::hash_of;
use crate::worker::is_there;
use crate::{App, Stop};

/// How long what is over stays in a feed, cancelled bookings among it.
const DAYS_KEPT: i64 = 60;
/// Letters of a secret: no look-alikes, safe in a URL.
const LETTERS: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyz_";

/// Whose bookings a feed shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whose {
    /// A room's, which who keeps the rooms may give out.
    Room(RoomId),
    /// One's own.
    Mine,
}

/// A feed as a calendar program reads it.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// The county.
    pub county: County,
    /// The room's or the person's name.
    pub name: String,
    /// Bookings by time, cancelled ones among them.
    pub bookings: Vec<Shown>,
}

/// A room at its door, today.
#[derive(Clone, Debug)]
pub struct Door {
    /// The county.
    pub county: County,
    /// The room.
    pub room: Room,
    /// What is left of today, by time.
    pub bookings: Vec<Shown>,
    /// Now.
    pub now: Instant,
}

/// Makes a feed and returns its secret, which is shown this once.
///
/// # Errors
/// `access.denied`, also for a room's feed where one keeps no rooms; `not_found`.
pub async fn make_feed(app: &App, visitor: &Visitor, whose: Whose) -> Result<(FeedId, String), Stop> {
    let hand = Hand::of(visitor, Act::Write)?;
    if matches!(whose, Whose::Room(_)) && !hand.keeps_rooms {
        return Err(Refusal::new("access.denied").into());
    }
    let work = move |tx: &mut Tx<'_>| {
        let (kind, subject) = match (whose, hand.worker, hand.account) {
            (Whose::Room(id), ..) => ("room", Room::by_id(tx, hand.county, id)?.id.cast()),
            (Whose::Mine, Some(worker), _) => ("worker", worker.cast()),
            (Whose::Mine, None, Some(account)) => ("account", account.cast()),
            (Whose::Mine, None, None) => return Err(Refusal::absent().into()),
        };
        let letter = |byte: &u8| char::from(LETTERS[usize::from(byte % 32)]);
        let secret: String = tx.random::<32>().iter().map(letter).collect();
        let feed = Feed {
            county_id: hand.county,
            id: tx.id(),
            kind: kind.to_owned(),
            subject_id: subject,
            secret_hash: hash_of(&secret).to_vec(),
            account_id: hand.account,
            created_ms: tx.now.millis(),
            revoked_ms: None,
        };
        rows::add(tx, &feed)?;
        hand.record(tx, Event::FeedMade, (NOUN, feed.id), serde_json::json!({ "kind": kind }))?;
        Ok((feed.id, secret))
    };
    app.db.write(In::County(hand.county), work).await
}

/// One's own feeds, and for who keeps the rooms all feeds of rooms; each with the name of what it shows.
///
/// # Errors
/// `access.denied`.
pub async fn feeds(app: &App, visitor: &Visitor) -> Result<Vec<(Feed, String)>, Stop> {
    let hand = Hand::of(visitor, Act::Read)?;
    let work = move |tx: &mut Tx<'_>| {
        let rooms = room::all(tx, hand.county)?;
        let mut found = rows::valid(tx, hand.county)?;
        found.retain(|feed| may(&hand, feed));
        let name =
            |feed: &Feed| rooms.iter().find(|room| feed.kind == "room" && room.id.cast() == feed.subject_id);
        Ok(found
            .into_iter()
            .map(|feed| (feed.clone(), name(&feed).map(|room| room.name.clone()).unwrap_or_default()))
            .collect())
    };
    app.db.read(In::County(hand.county), work).await
}

fn may(hand: &Hand, feed: &Feed) -> bool {
    (feed.account_id.is_some() && feed.account_id == hand.account)
        || (feed.kind == "room" && hand.keeps_rooms)
}

/// Revokes a feed: from now on its address shows nothing.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn revoke_feed(app: &App, visitor: &Visitor, id: FeedId) -> Result<(), Stop> {
    let hand = Hand::of(visitor, Act::Write)?;
    let work = move |tx: &mut Tx<'_>| {
        let found = rows::valid(tx, hand.county)?;
        let feed = found.into_iter().find(|feed| feed.id == id && may(&hand, feed));
        let feed = feed.ok_or_else(Refusal::absent)?;
        rows::revoke(tx, &feed)?;
        hand.record(tx, Event::FeedRevoked, (NOUN, id), serde_json::json!({ "kind": feed.kind }))
    };
    app.db.write(In::County(hand.county), work).await
}

fn found(tx: &mut Tx<'_>, secret: &str) -> Result<(Feed, County), Stop> {
    let all = counties::all(tx)?;
    let ids: Vec<CountyId> = all.iter().map(|county| county.id).collect();
    let feed = rows::by_secret(tx, &ids, &hash_of(secret))?.ok_or_else(Refusal::absent)?;
    if !still_theirs(tx, &feed)? {
        return Err(Refusal::absent().into());
    }
    let county = all.into_iter().find(|county| county.id == feed.county_id);
    Ok((feed, county.ok_or_else(Refusal::absent)?))
}

/// Whether a person's feed still has its person: an account that is shut, or somebody who has left, reads on nowhere.
/// A room's belongs to the house, whoever made it.
fn still_theirs(tx: &mut Tx<'_>, feed: &Feed) -> Result<bool, Stop> {
    if feed.kind == "room" {
        return Ok(true);
    }
    let open = match feed.account_id {
        Some(id) => account::by_id(tx, id)?.is_some_and(|account| !account.disabled),
        None => true,
    };
    let there = match feed.kind.as_str() {
        "worker" => match Worker::by_id(tx, feed.county_id, feed.subject_id.cast()) {
            Ok(worker) => is_there(&worker, tx.now.date()),
            Err(stop) if stop.refusal().is_some() => false,
            Err(stop) => return Err(stop),
        },
        _ => true,
    };
    Ok(open && there)
}

/// The calendar behind a secret.
///
/// # Errors
/// `not_found` for a secret that is revoked or was never one: the two look the same.
pub async fn open_feed(app: &App, secret: &str) -> Result<Calendar, Stop> {
    let secret = secret.to_owned();
    let work = move |tx: &mut Tx<'_>| {
        let (feed, county) = found(tx, &secret)?;
        let since = tx.now.plus_seconds(-DAYS_KEPT * 86_400).millis();
        let base = Filter { ends_after: Some(since), ..Filter::default() };
        let (name, filter) = match feed.kind.as_str() {
            "room" => {
                let room = Room::by_id(tx, county.id, feed.subject_id.cast())?;
                (room.name, Filter { room: Some(room.id), ..base })
            }
            "worker" => {
                let worker = Worker::by_id(tx, county.id, feed.subject_id.cast())?;
                (worker.name, Filter { worker: Some(worker.id), ..base })
            }
            _ => {
                let account = feed.account_id;
                (county.name.clone(), Filter { mine: Some((None, account)), ..base })
            }
        };
        let mut bookings = booking_list::all(tx, county.id, &filter)?;
        bookings.retain(|one| one.state != BookingState::Cancelled || one.changed_ms > since);
        let bookings = show(tx, &Hand::house(county.id), bookings)?;
        Ok(Calendar { county, name, bookings })
    };
    app.db.read(In::All, work).await
}

/// The panel of the room whose feed has this secret: a screen at a door signs in nowhere.
///
/// # Errors
/// `not_found`, also for a person's secret.
pub async fn door(app: &App, secret: &str) -> Result<Door, Stop> {
    let secret = secret.to_owned();
    let work = move |tx: &mut Tx<'_>| {
        let (feed, county) = found(tx, &secret)?;
        if feed.kind != "room" {
            return Err(Refusal::absent().into());
        }
        panel(tx, county, feed.subject_id.cast())
    };
    app.db.read(In::All, work).await
}

/// The same for somebody at the desk.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn door_of(app: &App, visitor: &Visitor, room: RoomId) -> Result<Door, Stop> {
    let hand = Hand::of(visitor, Act::Read)?;
    let work = move |tx: &mut Tx<'_>| {
        let county = counties::by_id(tx, hand.county)?.ok_or_else(Refusal::absent)?;
        panel(tx, county, room)
    };
    app.db.read(In::County(hand.county), work).await
}

fn panel(tx: &mut Tx<'_>, county: County, room: RoomId) -> Result<Door, Stop> {
    let room = Room::by_id(tx, county.id, room)?;
    let filter = Filter {
        room: Some(room.id),
        live: true,
        ends_after: Some(tx.now.millis()),
        begins_before: Some(tx.now.date().plus_days(1).start().millis()),
        ..Filter::default()
    };
    let bookings = booking_list::all(tx, county.id, &filter)?;
    let bookings = show(tx, &Hand::house(county.id), bookings)?;
    Ok(Door { county, room, bookings, now: tx.now })
}
