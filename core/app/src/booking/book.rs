//! Booking a time: once, or week by week.

use std::collections::BTreeSet;

use falin_domain::access::{Act, Visitor};
use falin_domain::booking::{BookingState, ConflictKind, Span};
use falin_domain::journal::Event;
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::words::{BookingId, CountyId, HeldId, Id, RoomId, SeriesId, WorkerId};
use falin_store::booking::{self as rows, Booking, NOUN, Subject};
use falin_store::room::Room;
use falin_store::worker::Worker;
use falin_store::{In, Tx, worker};

use super::cased::with_case;
use super::notify::{self, News};
use super::{Hand, Openings};
use crate::worker::is_there;
use crate::{App, Stop};

/// How often a booking is tried again whose rival had gone by the time that one looked for it.
const TRIES: usize = 4;
/// Most characters of a purpose.
pub(crate) const PURPOSE: usize = 200;
/// Most characters of a link.
pub(crate) const LINK: usize = 500;
/// Most parties of one booking.
pub(crate) const PARTIES: usize = 100;
/// Most weeks of a row: a year.
pub const WEEKS: u32 = 53;

/// A time that is asked for.
#[derive(Clone, Debug)]
pub struct New {
    /// The room.
    pub room: RoomId,
    /// When.
    pub span: Span,
    /// What for.
    pub purpose: String,
    /// Address of a remote session.
    pub link: Option<String>,
    /// The mediation case.
    pub case: Option<HeldId>,
    /// Who mediates.
    pub mediator: Option<WorkerId>,
    /// Which lawyer is there.
    pub lawyer: Option<WorkerId>,
    /// The parties.
    pub parties: Vec<HeldId>,
    /// Whether it is only held for now, though who asks could confirm it.
    pub tentative: bool,
}

/// A booking that was made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Made {
    /// Its id.
    pub id: BookingId,
    /// Where it stands.
    pub state: BookingState,
    /// Its version.
    pub version: i64,
}

/// Week by week.
#[derive(Clone, Copy, Debug)]
pub struct Repeat {
    /// How many times in all.
    pub times: u32,
    /// Whether weeks that are taken or closed are left out; else one of them refuses all.
    pub skip: bool,
}

/// What became of one week of a row.
#[derive(Clone, Debug)]
pub struct Repeated {
    /// When.
    pub span: Span,
    /// The booking, or why there is none.
    pub outcome: Result<Made, Refusal>,
}

impl New {
    /// Who books only for oneself leads the booking.
    pub(super) fn own(mut self, hand: &Hand) -> Result<Self, Refusal> {
        if hand.only_mine && hand.worker.is_none() {
            return Err(Refusal::new("access.denied"));
        }
        if hand.only_mine && self.mediator != hand.worker && self.lawyer != hand.worker {
            if self.lawyer.is_some() {
                return Err(Refusal::new("access.denied"));
            }
            self.lawyer = hand.worker;
        }
        Ok(self)
    }
}

/// Faults of texts and lists, which show without looking at anything else.
pub(super) fn check_texts(purpose: Option<&str>, link: Option<&str>, parties: usize) -> Result<(), Refusal> {
    let mut faults = Vec::new();
    let mut fault = |name: &str, code: &str| faults.push(FieldError::new(name, code));
    if purpose.is_some_and(|text| text.trim().is_empty()) {
        fault("purpose", "required");
    }
    if let Some(link) = link
        && !(link.starts_with("https://") || link.starts_with("http://"))
            | !link.chars().all(|c| c.is_ascii_graphic())
    {
        fault("link", "link.invalid");
    }
    let long = [
        ("purpose", purpose.map_or(0, |text| text.chars().count()), PURPOSE, "too_long"),
        ("link", link.map_or(0, str::len), LINK, "too_long"),
        ("party_ids", parties, PARTIES, "list_too_long"),
    ];
    for (name, _, most, code) in long.into_iter().filter(|(_, length, most, _)| length > most) {
        faults.push(FieldError::new(name, code).with("max", most));
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::form(faults)) }
}

/// Books a time: confirmed where who asks keeps the rooms, else held until somebody confirms it.
///
/// # Errors
/// `access.denied`, `form.invalid`, `booking.past`, `booking.too_far`, `booking.closed`; `booking.conflict` with
/// every kind that clashes. Where a case is given, its parties are held with it.
pub async fn book(app: &App, visitor: &Visitor, new: New) -> Result<Made, Stop> {
    let hand = Hand::of(visitor, Act::Write)?;
    check_texts(Some(&new.purpose), new.link.as_deref(), new.parties.len())?;
    let new = with_case(app, visitor, new.own(&hand)?).await?;
    put(app, hand, new, None).await
}

/// The same week after week. Without `skip` all are booked or none.
///
/// # Errors
/// As [`book`]; `form.invalid` at `repeat` for an odd number of times. With `skip` the outcome of each week is told
/// instead, and only where none could be booked the first one's refusal.
pub async fn repeat(app: &App, visitor: &Visitor, new: New, how: Repeat) -> Result<Vec<Repeated>, Stop> {
    let hand = Hand::of(visitor, Act::Write)?;
    if !(1..=WEEKS).contains(&how.times) {
        let fault = FieldError::new("repeat", "out_of_range").with("min", 1).with("max", WEEKS);
        return Err(Refusal::form(vec![fault]).into());
    }
    check_texts(Some(&new.purpose), new.link.as_deref(), new.parties.len())?;
    let new = with_case(app, visitor, new.own(&hand)?).await?;
    let series: SeriesId = Id::from_parts(app.now(), app.entropy().bytes());
    let spans: Vec<Span> = (0..i64::from(how.times)).map(|week| new.span.weeks_later(week)).collect();
    if !how.skip {
        return all_or_none(app, hand, new, series, spans).await;
    }
    let mut told = Vec::new();
    for span in spans {
        let outcome = match put(app, hand, New { span, ..new.clone() }, Some(series)).await {
            Ok(made) => Ok(made),
            // What was booked before stands: whatever refuses this week is told of this week.
            Err(Stop::Refused(refusal)) => Err(*refusal),
            Err(Stop::Busy) if !told.is_empty() => Err(Refusal::new("database.busy")),
            Err(stop) => return Err(stop),
        };
        told.push(Repeated { span, outcome });
    }
    match told.iter().all(|one| one.outcome.is_err()).then(|| told.first().cloned()).flatten() {
        Some(Repeated { outcome: Err(refusal), .. }) => Err(refusal.into()),
        _ => Ok(told),
    }
}

async fn all_or_none(
    app: &App,
    hand: Hand,
    new: New,
    series: SeriesId,
    spans: Vec<Span>,
) -> Result<Vec<Repeated>, Stop> {
    let holds: Vec<(Holds, Span)> = spans.iter().map(|span| (Holds::of(&new), *span)).collect();
    let work = move |tx: &mut Tx<'_>| {
        let mut told = Vec::new();
        for span in &spans {
            let made = insert(tx, &hand, &New { span: *span, ..new.clone() }, Some(series))?;
            told.push(Repeated { span: *span, outcome: Ok(made) });
        }
        Ok(told)
    };
    contested(app, hand.county, holds, None, work).await
}

async fn put(app: &App, hand: Hand, new: New, series: Option<SeriesId>) -> Result<Made, Stop> {
    let holds = vec![(Holds::of(&new), new.span)];
    let work = move |tx: &mut Tx<'_>| insert(tx, &hand, &new, series);
    contested(app, hand.county, holds, None, work).await
}

/// What a booking holds, by the part that each plays.
#[derive(Clone, Debug)]
pub(crate) struct Holds {
    pub room: RoomId,
    pub mediator: Option<WorkerId>,
    pub lawyer: Option<WorkerId>,
    pub parties: Vec<HeldId>,
}

impl Holds {
    pub fn of(new: &New) -> Self {
        let parties = new.parties.clone();
        Self { room: new.room, mediator: new.mediator, lawyer: new.lawyer, parties }
    }

    pub fn subjects(&self) -> BTreeSet<Subject> {
        let people = self.mediator.into_iter().chain(self.lawyer).map(Subject::Worker);
        let parties = self.parties.iter().copied().map(Subject::Party);
        [Subject::Room(self.room)].into_iter().chain(people).chain(parties).collect()
    }

    fn kinds(&self, subject: Subject) -> Vec<ConflictKind> {
        match subject {
            Subject::Room(_) => vec![ConflictKind::Room],
            Subject::Party(_) => vec![ConflictKind::Party],
            Subject::Worker(id) => {
                let mediates = (self.mediator == Some(id)).then_some(ConflictKind::Mediator);
                let advises = (self.lawyer == Some(id)).then_some(ConflictKind::Lawyer);
                mediates.into_iter().chain(advises).collect()
            }
        }
    }
}

/// Writes what may meet other bookings: where the key over slots refuses, names every kind that clashes.
pub(super) async fn contested<T, F>(
    app: &App,
    county: CountyId,
    holds: Vec<(Holds, Span)>,
    except: Option<BookingId>,
    work: F,
) -> Result<T, Stop>
where
    T: Send + 'static,
    F: Fn(&mut Tx<'_>) -> Result<T, Stop> + Clone + Send + 'static,
{
    for _ in 0..TRIES {
        match app.db.write(In::County(county), work.clone()).await {
            Err(Stop::Rule(_)) => {}
            done => return done,
        }
        // Whoever was first may have gone since: then it is worth another try.
        if let Some(refusal) = clash(app, county, holds.clone(), except).await? {
            return Err(refusal.into());
        }
    }
    Err(Refusal::new("booking.conflict").with("conflict", ConflictKind::Room.code()).into())
}

async fn clash(
    app: &App,
    county: CountyId,
    holds: Vec<(Holds, Span)>,
    except: Option<BookingId>,
) -> Result<Option<Refusal>, Stop> {
    let look = move |tx: &mut Tx<'_>| {
        for (held, span) in &holds {
            let taken = rows::taken(tx, county, &held.subjects(), span.slots())?;
            let others = taken.iter().filter(|one| Some(one.booking) != except);
            let kinds: BTreeSet<ConflictKind> = others.flat_map(|one| held.kinds(one.subject)).collect();
            if !kinds.is_empty() {
                let refusal = Refusal::new("booking.conflict");
                let named = kinds.iter().fold(refusal, |refusal, kind| refusal.with("conflict", kind.code()));
                return Ok(Some(named));
            }
        }
        Ok(None)
    };
    app.db.read(In::County(county), look).await
}

/// Adds one booking and takes its slots.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    hand: &Hand,
    new: &New,
    series: Option<SeriesId>,
) -> Result<Made, Stop> {
    let county = hand.county;
    new.span.bookable(tx.now)?;
    fits(tx, county, &Holds::of(new), new.span)?;
    let id: BookingId = tx.id();
    let state = match hand.keeps_rooms && !new.tentative {
        true => BookingState::Confirmed,
        false => BookingState::Pending,
    };
    let mut booking = row(tx, hand, new, id)?;
    (booking.state, booking.series_id) = (state, series);
    save_new(tx, &booking, &new.parties)?;
    let event = if state == BookingState::Confirmed { Event::BookingMade } else { Event::BookingAsked };
    hand.saved(tx, event, &booking, told(&booking))?;
    if state == BookingState::Confirmed {
        notify::tell(tx, hand, &booking, News::Confirmed)?;
    }
    Ok(Made { id, state, version: booking.version })
}

/// Slots first: who comes too late has written nothing else.
pub(super) fn save_new(tx: &mut Tx<'_>, booking: &Booking, parties: &[HeldId]) -> Result<(), Stop> {
    rows::hold(tx, booking, parties)?;
    booking.insert(tx)?;
    if parties.is_empty() { Ok(()) } else { rows::set_parties(tx, booking, parties) }
}

/// The row of a new booking, pending until its state is set.
pub(super) fn row(tx: &mut Tx<'_>, hand: &Hand, new: &New, id: BookingId) -> Result<Booking, Stop> {
    let (county, key) = (hand.county, id.bytes());
    let purpose_sealed = tx.seal(rows::bound(NOUN, "purpose_sealed", &key, county), new.purpose.trim())?;
    let link_sealed = match &new.link {
        Some(link) => Some(tx.seal(rows::bound(NOUN, "link_sealed", &key, county), link)?),
        None => None,
    };
    Ok(Booking {
        county_id: county,
        id,
        room_id: new.room,
        starts_ms: new.span.from().millis(),
        ends_ms: new.span.to().millis(),
        state: BookingState::Pending,
        purpose_sealed,
        link_sealed,
        mediation_case_id: new.case,
        mediator_id: new.mediator,
        lawyer_id: new.lawyer,
        series_id: None,
        flag: None,
        kept: None,
        offer_until_ms: None,
        account_id: hand.account,
        created_ms: tx.now.millis(),
        changed_ms: tx.now.millis(),
        version: 1,
    })
}

/// What the journal keeps of a booking: nothing that names a party.
pub(super) fn told(booking: &Booking) -> serde_json::Value {
    let span = booking.span();
    serde_json::json!({
        "room": booking.room_id, "from": span.from(), "to": span.to(), "state": booking.state,
        "version": booking.version,
    })
}

/// Whether the room is open at that time and the people are there.
pub(super) fn fits(tx: &mut Tx<'_>, county: CountyId, holds: &Holds, span: Span) -> Result<(), Stop> {
    let room = Room::by_id(tx, county, holds.room);
    let room = room.map_err(|stop| stop.if_absent(|| Refusal::field("room_id", "unknown")))?;
    let mut faults = Vec::new();
    faults.extend(person(tx, county, holds.mediator, "mediator_id", span)?);
    faults.extend(person(tx, county, holds.lawyer, "lawyer_id", span)?);
    if !faults.is_empty() {
        return Err(Refusal::form(faults).into());
    }
    let openings = Openings::read(tx, county, span.from().millis())?;
    if !room.active || !openings.hold(&room, span) {
        return Err(Refusal::new("booking.closed").into());
    }
    Ok(())
}

/// Whether this person can be held at that time; a fault at the field where not. Every kind of person that can
/// lead a booking is known here and nowhere else.
fn person(
    tx: &mut Tx<'_>,
    county: CountyId,
    id: Option<WorkerId>,
    field: &str,
    span: Span,
) -> Result<Option<FieldError>, Stop> {
    let Some(id) = id else { return Ok(None) };
    let day = span.from().date();
    let Some(worker) = Worker::by_ids(tx, county, &[id])?.remove(&id).filter(|one| is_there(one, day)) else {
        return Ok(Some(FieldError::new(field, "worker.unknown")));
    };
    let leaves = worker::leaves(tx, county, Some(worker.id), day)?;
    let away = leaves.iter().any(|leave| leave.from_date <= day);
    Ok(away.then(|| FieldError::new(field, "worker.away")))
}
