//! When a room is open: its weekly hours, the county's calendar, closures and special openings.

use super::slot::{SLOTS_A_DAY, Span};
use crate::calendar::Calendar;
use crate::roster::{Opening, opening_hours};
use crate::time::{Date, Instant};

const MONDAY: usize = 0;

/// A room's weekly hours, read from the words of its roster.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hours {
    week: Option<Vec<Opening>>,
}

/// A time that is decided apart from the weekly hours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Exception {
    /// From when.
    pub from: Instant,
    /// Until when, itself not included.
    pub to: Instant,
    /// A special opening; else a closure, which wins over every opening.
    pub opens: bool,
}

impl Hours {
    /// Reads `周一至周五 9:00-12:00,14:30-17:30`. Words that say no hours (电话预约, or nothing) leave the room open
    /// at any time: who keeps it agrees on each.
    pub fn read(text: &str) -> Self {
        Self { week: opening_hours(text) }
    }

    /// Whether the words say hours at all.
    pub fn are_known(&self) -> bool {
        self.week.is_some()
    }

    /// Stretches of a date in China on which it is open, in order and apart from each other.
    pub fn open_on(&self, date: Date, calendar: &Calendar, exceptions: &[Exception]) -> Vec<Span> {
        let day = Span::of_day(date);
        let mut open = self.usual(date, calendar);
        // Special openings first, closures over them.
        for opens in [true, false] {
            for one in exceptions.iter().filter(|one| one.opens == opens) {
                let span =
                    if opens { Span::within(one.from, one.to) } else { Span::touched(one.from, one.to) };
                if let Some(part) = span.and_then(|span| span.common(day)) {
                    for slot in part.slots() {
                        open[(slot - day.slots().start) as usize] = opens;
                    }
                }
            }
        }
        stretches(day.slots().start, &open)
    }

    /// Whether every slot of a span is open.
    pub fn hold(&self, span: Span, calendar: &Calendar, exceptions: &[Exception]) -> bool {
        span.dates().all(|date| {
            let part = span.common(Span::of_day(date));
            let open = self.open_on(date, calendar, exceptions);
            part.is_none_or(|part| open.iter().any(|stretch| stretch.holds(part)))
        })
    }

    /// The slots of a date by weekly hours and calendar alone.
    fn usual(&self, date: Date, calendar: &Calendar) -> [bool; SLOTS_A_DAY as usize] {
        let mut open = [false; SLOTS_A_DAY as usize];
        let Some(week) = &self.week else { return [true; SLOTS_A_DAY as usize] };
        let weekday = usize::from(date.weekday());
        let rests = calendar.said(date) == Some(false);
        let makes_up = weekday >= 5 && calendar.said(date) == Some(true);
        for hours in week {
            let every_day = hours.days.iter().all(|day| *day);
            // A holiday closes what is not open every day; a make-up workday has a Monday's hours.
            let counts = match (rests, makes_up) {
                (true, _) => every_day,
                (false, true) => hours.days[MONDAY],
                (false, false) => hours.days[weekday],
            };
            let (from, to) = (usize::from(hours.from).div_ceil(15), usize::from(hours.to) / 15);
            if let Some(slots) = open.get_mut(from..to).filter(|_| counts) {
                slots.fill(true);
            }
        }
        open
    }
}

fn stretches(first: i64, open: &[bool]) -> Vec<Span> {
    let mut found = Vec::new();
    let mut begun = None;
    for (slot, is_open) in (first..).zip(open.iter().copied().chain([false])) {
        match (begun, is_open) {
            (None, true) => begun = Some(slot),
            (Some(from), false) => {
                found.extend(Span::of_slots(from, slot));
                begun = None;
            }
            _ => {}
        }
    }
    found
}
