//! Planning shifts: one, or a week's pattern until a day.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::calendar::Calendar;
use falin_domain::duty::{Hours, ShiftKind, ShiftState, parse_clock, weekly};
use falin_domain::journal::Event;
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::Date;
use falin_domain::words::{CountyId, FacilityId, Id, ShiftId, WorkerId};
use falin_store::division::Division;
use falin_store::duty::{self, NOUN, Shift};
use falin_store::facility::Facility;
use falin_store::worker::{self, Worker};
use falin_store::{In, Tx, holiday};
use serde::{Deserialize, Serialize};

use super::read::{One, view};
use super::{LANE, notify};
use crate::division::{find, must_hold};
use crate::trace::By;
use crate::typed::Reader;
use crate::worker::is_there;
use crate::{App, Stop};

/// Days ahead for which shifts are planned (contract.md, bookings).
const AHEAD: i64 = 400;
/// Most shifts of one weekly plan.
const MOST: usize = 200;

/// What was typed into the form of a shift.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Id of the legal worker.
    pub worker: String,
    /// Code of the kind.
    pub kind: String,
    /// Id or code of the village, township or county.
    pub place: String,
    /// Id of the service place; may be empty.
    pub facility: String,
    /// Window, room or line in words; may be empty.
    pub spot: String,
    /// The day, or the first one of a weekly plan.
    pub day: String,
    /// `09:00`.
    pub from: String,
    /// `12:00`.
    pub to: String,
    /// The last day of a weekly plan; empty for one shift.
    pub until: String,
    /// Weekdays of a weekly plan, 1 for Monday to 7; empty for that of the first day.
    pub weekdays: String,
}

/// What a weekly plan made.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The shifts, by day.
    pub made: Vec<Shift>,
    /// Days that were left out.
    pub skipped: Vec<Skipped>,
}

/// A day that a weekly plan left out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Skipped {
    /// The day.
    pub day: Date,
    /// `taken`, `away` or `holiday`.
    pub why: &'static str,
}

#[derive(Clone)]
pub(super) struct Fields {
    pub worker: String,
    pub kind: ShiftKind,
    pub place: String,
    pub facility: String,
    pub spot: String,
    pub hours: Hours,
    pub until: Option<Date>,
    pub weekdays: Vec<u8>,
}

impl Typed {
    /// A shift as it would be typed.
    pub fn of(shift: &Shift) -> Self {
        Self {
            worker: shift.worker_id.to_string(),
            kind: shift.kind.code().to_owned(),
            place: shift.division_id.to_string(),
            facility: shift.facility_id.map(|id| id.to_string()).unwrap_or_default(),
            spot: shift.spot.clone(),
            day: shift.day.to_string(),
            from: falin_domain::duty::clock_text(shift.from_minute),
            to: falin_domain::duty::clock_text(shift.to_minute),
            until: String::new(),
            weekdays: String::new(),
        }
    }

    pub(super) fn read(&self, today: Date) -> Result<Fields, Refusal> {
        let mut reader = Reader::default();
        let worker = reader.required("worker", &self.worker, 40);
        let kind = reader.choice("kind", &self.kind, ShiftKind::from_code, ShiftKind::Window);
        let place = reader.required("place", &self.place, 40);
        let facility = reader.text("facility", &self.facility, 40);
        let spot = reader.text("spot", &self.spot, 100);
        let day = reader.required_date("day", &self.day, today);
        let hours = hours(&mut reader, (&self.from, &self.to), day);
        let until = reader.date("until", &self.until);
        if until.is_some_and(|until| until < day) {
            reader.fault("until", "date.order");
        }
        let weekdays = weekdays(&mut reader, &self.weekdays);
        for (name, date) in [("day", Some(day)), ("until", until)] {
            if date.is_some_and(|date| today.days_until(date) > AHEAD) {
                reader.fault(name, "date.far");
            }
        }
        let fields = Fields { worker, kind, place, facility, spot, hours, until, weekdays };
        reader.finish(fields)
    }
}

/// One clock on the grid as minutes since midnight; None beside a fault at `name`.
pub(crate) fn clock(reader: &mut Reader, name: &str, text: &str) -> Option<i32> {
    if text.trim().is_empty() {
        reader.fault(name, "required");
        return None;
    }
    let minute = parse_clock(text);
    match minute {
        None => reader.fault(name, "clock.invalid"),
        Some(minute) if minute % falin_domain::duty::GRID != 0 => reader.fault(name, "clock.grid"),
        Some(_) => {}
    }
    minute
}

/// Two clocks as hours of a day; faults at `from` and `to`. What is returned beside a fault is never used.
fn hours(reader: &mut Reader, (from, to): (&str, &str), day: Date) -> Hours {
    let (from, to) = (clock(reader, "from", from), clock(reader, "to", to));
    let otherwise = Hours { day, from: 0, to: falin_domain::duty::GRID };
    let (Some(from), Some(to)) = (from, to) else { return otherwise };
    if to <= from {
        reader.fault("to", "clock.order");
    }
    Hours::new(day, from, to).unwrap_or(otherwise)
}

/// `1、3、5` as Monday, Wednesday, Friday from 0.
fn weekdays(reader: &mut Reader, text: &str) -> Vec<u8> {
    let words = reader.list("weekdays", text, 40);
    let mut found = Vec::new();
    for word in words.split('、').filter(|word| !word.is_empty()) {
        match word.parse::<u8>() {
            Ok(n @ 1..=7) => found.push(n - 1),
            _ => reader.fault("weekdays", "unknown"),
        }
    }
    found
}

/// Who, where: checked against the county's rows.
pub(super) struct Seat {
    pub worker: Worker,
    pub place: Division,
    pub facility: Option<FacilityId>,
}

impl Fields {
    pub(super) fn seat(&self, tx: &mut Tx<'_>, county: CountyId) -> Result<Seat, Stop> {
        let worker = person(tx, county, "worker", &self.worker)?;
        let place = find(tx, county, &self.place)?;
        let place = place.ok_or_else(|| Refusal::field("place", "village.unknown"))?;
        let facility = match self.facility.as_str() {
            "" => None,
            text => {
                let unknown = || Refusal::field("facility", "unknown");
                let id: FacilityId = text.parse().map_err(|_| unknown())?;
                let found = Facility::by_id(tx, county, id).map_err(|stop| match stop.refusal() {
                    Some(_) => unknown().into(),
                    None => stop,
                })?;
                Some(found.id)
            }
        };
        Ok(Seat { worker, place, facility })
    }

    fn days(&self) -> Vec<Date> {
        let Some(until) = self.until else { return vec![self.hours.day] };
        let own = [self.hours.day.weekday()];
        weekly(self.hours.day, until, if self.weekdays.is_empty() { &own } else { &self.weekdays })
    }
}

/// The present legal worker whose id a field holds.
pub(crate) fn person(tx: &mut Tx<'_>, county: CountyId, name: &str, text: &str) -> Result<Worker, Stop> {
    let unknown = || Refusal::field(name, "unknown");
    let id: WorkerId = text.parse().map_err(|_| unknown())?;
    let found = Worker::by_ids(tx, county, &[id])?.remove(&id);
    Ok(found.filter(|worker| is_there(worker, tx.now.date())).ok_or_else(unknown)?)
}

/// Why somebody cannot take hours: on leave or gone that day, or at another duty.
pub(crate) fn barred(
    tx: &mut Tx<'_>,
    lane: &'static str,
    worker: &Worker,
    hours: Hours,
    but: &[ShiftId],
) -> Result<Option<Refusal>, Stop> {
    let county = worker.county_id;
    let away = !worker::leaves_of(tx, county, &[worker.id], hours.day)?.is_empty();
    if away || !is_there(worker, hours.day) {
        return Ok(Some(Refusal::new("duty.away").with("day", hours.day)));
    }
    let mut own: Vec<i32> = Vec::new();
    for shift in Shift::by_ids(tx, county, but)?.into_values() {
        if shift.worker_id == worker.id && shift.day == hours.day && shift.state != ShiftState::Cancelled {
            own.extend(shift.hours().slots());
        }
    }
    let taken = duty::taken(tx, lane, county, &[worker.id], hours.day)?;
    let clash = taken.iter().map(|(_, slot)| *slot).filter(|slot| !own.contains(slot));
    let mut clash: Vec<i32> = clash.filter(|slot| hours.slots().any(|wanted| wanted == *slot)).collect();
    clash.sort_unstable();
    let (Some(first), Some(last)) = (clash.first(), clash.last()) else { return Ok(None) };
    let grid = falin_domain::duty::GRID;
    Ok(Some(clashes(Hours { day: hours.day, from: first * grid, to: (last + 1) * grid })))
}

/// "Taken", with the hours that clash.
fn clashes(hours: Hours) -> Refusal {
    let said = falin_domain::duty::clock_text;
    let refusal = Refusal::new("duty.overlap").with("day", hours.day);
    refusal.with("from", said(hours.from)).with("to", said(hours.to))
}

/// Takes hours in a lane; where somebody was faster, the unique key says so.
pub(crate) fn take<T>(
    tx: &mut Tx<'_>,
    lane: &'static str,
    whose: (CountyId, WorkerId, Id<T>),
    hours: Hours,
) -> Result<(), Stop> {
    duty::take(tx, lane, whose, hours).map_err(|stop| match stop {
        Stop::Rule(_) => clashes(hours).into(),
        other => other,
    })
}

/// Plans one shift.
///
/// # Errors
/// `access.denied`, `form.invalid`; `duty.away` on a day of leave; `duty.overlap` where the person is at another.
pub async fn add(app: &App, visitor: &Visitor, typed: &Typed) -> Result<One, Stop> {
    let fields = typed.read(app.today())?;
    if fields.until.is_some() {
        return Err(Refusal::field("until", "not_expected").into());
    }
    let scope = visitor.scope(Act::Write, Noun::Duty)?;
    let (by, me) = (By::of(visitor), visitor.clone());
    let work = move |tx: &mut Tx<'_>| {
        let seat = fields.seat(tx, by.county)?;
        must_hold(tx, &scope, Some(seat.place.id))?;
        if let Some(refusal) = barred(tx, LANE, &seat.worker, fields.hours, &[])? {
            return Err(refusal.into());
        }
        let shift = put(tx, by, &fields, &seat, fields.hours.day, None)?;
        notify::to_worker(tx, by.account, &shift, shift.worker_id, notify::PLANNED)?;
        view(tx, &me, &scope, shift.id)
    };
    app.db.write(In::County(by.county), work).await
}

/// Plans a week's pattern until a day; days that clash, days of leave and public holidays are left out and named.
///
/// # Errors
/// `access.denied`, `form.invalid`; `duty.overlap` where every day is left out.
pub async fn series(app: &App, visitor: &Visitor, typed: &Typed) -> Result<Planned, Stop> {
    let mut typed = typed.clone();
    if typed.until.trim().is_empty() {
        typed.until.clone_from(&typed.day);
    }
    let fields = typed.read(app.today())?;
    let days = fields.days();
    if days.len() > MOST {
        let fault = FieldError::new("until", "list_too_long").with("max", MOST);
        return Err(Refusal::form(vec![fault]).into());
    }
    let scope = visitor.scope(Act::Write, Noun::Duty)?;
    let by = By::of(visitor);
    let work = move |tx: &mut Tx<'_>| {
        let seat = fields.seat(tx, by.county)?;
        must_hold(tx, &scope, Some(seat.place.id))?;
        let calendar = holiday::calendar(tx, by.county)?;
        let series = tx.id();
        let mut planned = Planned { made: Vec::new(), skipped: Vec::new() };
        let mut last = None;
        for day in &days {
            let hours = Hours { day: *day, ..fields.hours };
            match hindered(tx, &calendar, &seat.worker, hours)? {
                None => planned.made.push(put(tx, by, &fields, &seat, *day, Some(series))?),
                Some((why, refusal)) => {
                    planned.skipped.push(Skipped { day: *day, why });
                    last = last.or(refusal);
                }
            }
        }
        // One message for the whole plan; each of its days is reminded of by itself.
        if let Some(first) = planned.made.first() {
            notify::to_worker(tx, by.account, first, first.worker_id, notify::PLANNED)?;
        }
        match (planned.made.is_empty(), last) {
            (true, Some(refusal)) => Err(refusal.into()),
            (true, None) => Err(Refusal::field("until", "no_days").into()),
            _ => Ok(planned),
        }
    };
    app.db.write(In::County(by.county), work).await
}

type Hindrance = Option<(&'static str, Option<Refusal>)>;

/// A public holiday on a weekday is nobody's duty day unless it is planned by itself.
fn hindered(tx: &mut Tx<'_>, calendar: &Calendar, worker: &Worker, hours: Hours) -> Result<Hindrance, Stop> {
    if hours.day.weekday() < 5 && calendar.said(hours.day) == Some(false) {
        return Ok(Some(("holiday", None)));
    }
    let refusal = barred(tx, LANE, worker, hours, &[])?;
    let why = |refusal: &Refusal| if refusal.code() == "duty.away" { "away" } else { "taken" };
    Ok(refusal.map(|refusal| (why(&refusal), Some(refusal))))
}

fn put(
    tx: &mut Tx<'_>,
    by: By,
    fields: &Fields,
    seat: &Seat,
    day: Date,
    series_id: Option<ShiftId>,
) -> Result<Shift, Stop> {
    let shift = Shift {
        county_id: by.county,
        id: tx.id(),
        worker_id: seat.worker.id,
        kind: fields.kind,
        division_id: seat.place.id,
        facility_id: seat.facility,
        spot: fields.spot.clone(),
        day,
        from_minute: fields.hours.from,
        to_minute: fields.hours.to,
        series_id,
        state: ShiftState::Planned,
        flag_reason: None,
        account_id: by.account,
        created_ms: tx.now.millis(),
        version: 1,
    };
    shift.insert(tx)?;
    hold(tx, &shift)?;
    let details = serde_json::json!({ "day": day, "worker": shift.worker_id, "kind": shift.kind });
    by.saved(tx, Event::ShiftPlanned, (NOUN, shift.id), details)?;
    notify::again(tx, &shift)?;
    Ok(shift)
}

/// Takes the hours of a shift for its worker; the unique key decides a race.
pub(super) fn hold(tx: &mut Tx<'_>, shift: &Shift) -> Result<(), Stop> {
    take(tx, LANE, (shift.county_id, shift.worker_id, shift.id), shift.hours())
}
