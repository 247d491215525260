//! Bookings to come of an old system: which rows can be taken, where they clash, and taking them without a word.

use std::collections::BTreeMap;

use falin_domain::access::Visitor;
use falin_domain::booking::{OldBooking, Span, old_bookings};
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::Instant;
use falin_domain::words::{CountyId, RoomId, WorkerId, fold};
use falin_domain::workflow::{Misread, OldTable};
use falin_store::booking::Subject;
use falin_store::plugin_batch::{self, Batch};
use falin_store::room::{self, Room};
use falin_store::worker::{self, Worker};
use falin_store::{Tx, casefile};

use super::Examined;
use crate::Stop;
use crate::booking::{Hand, New, against, bring, give_back, purpose_of, unfit};
use crate::worker::is_there;

/// Most characters of what a room's calendar says.
const PURPOSE: usize = 200;

/// What names are looked up in.
struct Known {
    rooms: Vec<Room>,
    workers: Vec<Worker>,
}

/// Looks at every row: what can be taken, what is here already, what must be put right, who clashes with whom.
///
/// # Errors
/// The store's own.
pub(super) fn examined(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    table: &OldTable<'_>,
) -> Result<(Examined, Vec<New>), Stop> {
    let county = visitor.county;
    let (bookings, faults) = old_bookings(table);
    let misread = |row: u32, fault: &FieldError, other: &str| Misread {
        sheet: table.sheet.name.clone(),
        row,
        column: format!("{}{other}", table.head_of(&fault.name)),
        code: fault.code.clone(),
        args: fault.args.clone(),
    };
    let mut found = Examined { rows: table.rows().count(), ..Examined::default() };
    found.findings = faults.iter().map(|(row, fault)| misread(*row, fault, "")).collect();
    let known = Known { rooms: room::all(tx, county)?, workers: worker::all(tx, county)? };
    // Who of this very list has a quarter of an hour of a room or person already.
    let mut before: BTreeMap<(Subject, i64), u32> = BTreeMap::new();
    let mut sound = Vec::new();
    for old in bookings {
        let new = match wanted(tx, county, &known, &old)? {
            Ok(new) => new,
            Err(faults) => {
                found.findings.extend(faults.iter().map(|fault| misread(old.row, fault, "")));
                continue;
            }
        };
        if already(tx, county, &new)? {
            found.known += 1;
            continue;
        }
        let mut wrong = Vec::new();
        if let Some(refusal) = unfit(tx, county, &new)? {
            wrong.push(misread(old.row, &fault_of(&refusal), ""));
        }
        for (subject, other) in against(tx, county, &new)? {
            let when = format!(" ↔ {}–{}", other.from().clock_text(), other.to().clock_text());
            wrong.push(misread(old.row, &FieldError::new(column_of(subject, &new), "booking.taken"), &when));
        }
        for subject in subjects(&new) {
            let other = new.span.slots().find_map(|slot| before.get(&(subject, slot)).copied());
            if let Some(other) = other {
                let row = format!(" ↔ {other}");
                wrong.push(misread(
                    old.row,
                    &FieldError::new(column_of(subject, &new), "booking.taken_row"),
                    &row,
                ));
            }
        }
        if !wrong.is_empty() {
            found.findings.extend(wrong);
            continue;
        }
        for subject in subjects(&new) {
            before.extend(new.span.slots().map(|slot| ((subject, slot), old.row)));
        }
        sound.push(new);
    }
    found.accepted = sound.len();
    found.findings.sort_by_key(|one| one.row);
    Ok((found, sound))
}

fn subjects(new: &New) -> Vec<Subject> {
    let people = new.mediator.into_iter().chain(new.lawyer.filter(|id| new.mediator != Some(*id)));
    [Subject::Room(new.room)].into_iter().chain(people.map(Subject::Worker)).collect()
}

/// The column that a subject stands in.
fn column_of(subject: Subject, new: &New) -> &'static str {
    match subject {
        Subject::Worker(id) if new.mediator == Some(id) => "mediator",
        Subject::Worker(_) => "lawyer",
        _ => "room",
    }
}

/// What stands against a time as such, at its column.
fn fault_of(refusal: &Refusal) -> FieldError {
    let Some(fault) = refusal.fields.first() else {
        return match refusal.code() {
            "booking.closed" => FieldError::new("from", "booking.shut"),
            _ => FieldError::new("day", "date.past"),
        };
    };
    let name = match fault.name.as_str() {
        "mediator_id" => "mediator",
        "lawyer_id" => "lawyer",
        _ => "room",
    };
    FieldError { name: name.to_owned(), ..fault.clone() }
}

/// The booking that a row asks for, or what it names that is not there.
fn wanted(
    tx: &mut Tx<'_>,
    county: CountyId,
    known: &Known,
    old: &OldBooking,
) -> Result<Result<New, Vec<FieldError>>, Stop> {
    let (mut faults, today) = (Vec::new(), tx.now.date());
    let room = only(known.rooms.iter().filter(|room| room.active && fold(&room.name) == fold(&old.room)));
    let room: Option<RoomId> = room.map(|room| room.id);
    if room.is_none() {
        faults.push(FieldError::new("room", "room.unknown"));
    }
    let by_licence = |text: &str| {
        let mut all = known.workers.iter();
        all.find(|worker| is_there(worker, today) && worker.licence.as_deref() == Some(text))
            .map(|worker| worker.id)
    };
    let by_name = |text: &str| {
        let named = |worker: &&Worker| is_there(worker, today) && fold(&worker.name) == fold(text);
        by_licence(text).or_else(|| only(known.workers.iter().filter(named)).map(|worker| worker.id))
    };
    let mut person = |column: &str, text: &str, found: Option<WorkerId>| {
        if found.is_none() && !text.is_empty() {
            faults.push(FieldError::new(column, "worker.unknown"));
        }
        found
    };
    let mediator = person("mediator", &old.mediator, by_name(&old.mediator));
    let lawyer = person("lawyer", &old.lawyer, by_licence(&old.lawyer));
    let case = match old.case.as_str() {
        "" => None,
        number => match casefile::by_number(tx, county, None, &[number]) {
            Ok(case) => Some(case.id.cast()),
            Err(Stop::Refused(_)) => {
                faults.push(FieldError::new("case", "case.unknown"));
                None
            }
            Err(stop) => return Err(stop),
        },
    };
    let at = |minutes: i64| Instant::from_millis(old.day.start().millis() + minutes * 60_000);
    let span = Span::touched(at(old.minutes.0), at(old.minutes.1));
    let (Some(room), Some(span), true) = (room, span, faults.is_empty()) else { return Ok(Err(faults)) };
    let purpose = purpose(old);
    let parties = Vec::new();
    Ok(Ok(New { room, span, purpose, link: None, case, mediator, lawyer, parties, tentative: false }))
}

/// The only one; None where there are none or several.
fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

/// What for and who comes, sealed with the booking.
fn purpose(old: &OldBooking) -> String {
    let parts = [&old.purpose, &old.party, &old.phone, &old.case];
    let whole: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    let whole = if whole.is_empty() { old.room.clone() } else { whole.join(" · ") };
    whole.chars().take(PURPOSE).collect()
}

/// Whether the room has this very booking: a list that comes again changes nothing.
fn already(tx: &mut Tx<'_>, county: CountyId, new: &New) -> Result<bool, Stop> {
    let filter = falin_store::booking_list::Filter {
        room: Some(new.room),
        live: true,
        ends_after: Some(new.span.from().millis()),
        begins_before: Some(new.span.to().millis()),
        ..falin_store::booking_list::Filter::default()
    };
    for booking in falin_store::booking_list::all(tx, county, &filter)? {
        let same = booking.span() == new.span && booking.mediation_case_id == new.case;
        if same && purpose_of(tx, &booking)? == new.purpose {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Holds the time of every booking, all of them or none.
///
/// # Errors
/// [`Stop::Rule`] where somebody was faster.
pub(super) fn take(tx: &mut Tx<'_>, visitor: &Visitor, (batch, sound): (&Batch, &[New])) -> Result<(), Stop> {
    let hand = Hand::behind(visitor.county, visitor.account);
    for new in sound {
        let made = bring(tx, &hand, new)?;
        plugin_batch::note_booking(tx, batch, made.id, made.version)?;
    }
    Ok(())
}

/// Gives the times free that a list had brought.
///
/// # Errors
/// `import.used` where something has happened to one of them.
pub(super) fn take_back(tx: &mut Tx<'_>, visitor: &Visitor, batch: &Batch) -> Result<(), Stop> {
    let hand = Hand::behind(visitor.county, visitor.account);
    for one in plugin_batch::bookings(tx, visitor.county, batch.id)? {
        give_back(tx, &hand, one)?;
    }
    Ok(())
}
