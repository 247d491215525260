//! The grid, opening hours and acts: examples of the county, and what holds for every time.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::calendar::Calendar;
use crate::time::{Date, Instant};

fn at(text: &str) -> Instant {
    format!("{text}:00+08:00").parse().unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn span(from: &str, to: &str) -> Span {
    Span::new(at(from), at(to)).unwrap()
}

fn words(spans: &[Span]) -> String {
    spans.iter().map(|s| format!("{}-{} ", s.from().clock_text(), s.to().clock_text())).collect()
}

const OFFICE: &str = "周一至周五 9:00-12:00,14:30-17:30";

fn open(hours: &str, day: &str, exceptions: &[Exception]) -> String {
    words(&Hours::read(hours).open_on(date(day), Calendar::published(), exceptions))
}

#[test]
fn times_stand_on_the_grid() {
    let off = Span::new(at("2026-03-02T09:10"), at("2026-03-02T10:00")).unwrap_err();
    assert_eq!(off.code(), "booking.grid");
    let backwards = Span::new(at("2026-03-02T10:00"), at("2026-03-02T10:00")).unwrap_err();
    assert_eq!(backwards.fields[0].code, "time.order");
    let long = Span::new(at("2026-03-02T08:00"), at("2026-03-02T20:15")).unwrap_err();
    assert_eq!(long.fields[0].code, "booking.long");
    let hour = span("2026-03-02T09:00", "2026-03-02T10:00");
    assert_eq!((hour.length(), hour.minutes(), hour.weeks_later(1).from()), (4, 60, at("2026-03-09T09:00")));
    assert_eq!(hour.still_to_come(at("2026-03-02T09:20")).unwrap().from(), at("2026-03-02T09:30"));
    assert_eq!(hour.still_to_come(at("2026-03-02T09:50")), None);
}

#[test]
fn what_is_past_or_too_far_is_refused() {
    let now = at("2026-03-02T09:14");
    assert!(span("2026-03-02T09:00", "2026-03-02T09:15").bookable(now).is_ok());
    let code = |s: Span| s.bookable(now).unwrap_err().code();
    assert_eq!(code(span("2026-03-02T08:45", "2026-03-02T10:00")), "booking.past");
    assert!(span("2027-04-06T09:00", "2027-04-06T10:00").bookable(now).is_ok());
    assert_eq!(code(span("2027-04-07T09:00", "2027-04-07T10:00")), "booking.too_far");
}

#[test]
fn weekly_hours_follow_the_countys_calendar() {
    assert_eq!(open(OFFICE, "2026-03-02", &[]), "09:00-12:00 14:30-17:30 ");
    assert_eq!(open(OFFICE, "2026-03-01", &[]), "");
    // 国庆 is rested, the Sunday before is worked; a room that opens every day means it.
    assert_eq!(open(OFFICE, "2026-10-01", &[]), "");
    assert_eq!(open(OFFICE, "2026-09-20", &[]), "09:00-12:00 14:30-17:30 ");
    assert_eq!(open("每天 8:50-18:10", "2026-10-01", &[]), "09:00-18:00 ");
    assert_eq!(open("周末 9:00-12:00", "2026-10-04", &[]), "");
    assert_eq!(open("电话预约", "2026-03-01", &[]), "00:00-00:00 ");
    assert!(!Hours::read("电话预约").are_known());
}

#[test]
fn closures_win_over_special_openings() {
    let one = |from: &str, to: &str, opens| Exception { from: at(from), to: at(to), opens };
    let opened = one("2026-03-01T10:00", "2026-03-01T12:00", true);
    assert_eq!(open(OFFICE, "2026-03-01", &[opened]), "10:00-12:00 ");
    let repair = one("2026-03-01T11:05", "2026-03-01T11:40", false);
    assert_eq!(open(OFFICE, "2026-03-01", &[repair, opened]), "10:00-11:00 11:45-12:00 ");
    let hours = Hours::read(OFFICE);
    let fits = |from, to| hours.hold(span(from, to), Calendar::published(), &[]);
    assert!(fits("2026-03-02T09:00", "2026-03-02T12:00"));
    assert!(!fits("2026-03-02T11:00", "2026-03-02T15:00"), "over the lunch break");
    assert!(Hours::read("").hold(span("2026-03-02T23:00", "2026-03-03T01:00"), Calendar::published(), &[]));
}

#[test]
fn three_free_times_are_found_where_everything_fits() {
    let open = Hours::read(OFFICE).open_on(date("2026-03-02"), Calendar::published(), &[]);
    let taken: BTreeSet<i64> = span("2026-03-02T09:30", "2026-03-02T11:15").slots().collect();
    assert_eq!(words(&gaps(&open, &taken)), "09:00-09:30 11:15-12:00 14:30-17:30 ");
    let hour = fitting(&gaps(&open, &taken), 4, 0);
    assert_eq!(words(&hour), "14:30-15:30 ");
    let half = fitting(&gaps(&open, &taken), 2, 0);
    assert_eq!(words(&half), "09:00-09:30 11:30-12:00 ");
}

#[test]
fn acts_follow_state_time_and_asker() {
    let hour = span("2026-03-02T09:00", "2026-03-02T10:00");
    let clerk = Asker { keeps_rooms: true, own: false };
    let own = Asker { keeps_rooms: false, own: true };
    let acts = |state, flagged, asker, now: &str| {
        let stand = Stand { state, span: hour, flagged, offer: false };
        let acts = stand.acts(asker, at(now));
        acts.iter().map(|act| act.code()).collect::<Vec<_>>().join(" ")
    };
    use BookingState::*;
    assert_eq!(acts(Pending, false, clerk, "2026-03-01T09:00"), "confirm reschedule cancel");
    assert_eq!(acts(Pending, false, own, "2026-03-01T09:00"), "reschedule cancel");
    assert_eq!(acts(Confirmed, true, clerk, "2026-03-01T09:00"), "reschedule cancel keep");
    assert_eq!(acts(Confirmed, false, own, "2026-03-02T09:20"), "no_show release");
    assert_eq!(acts(Confirmed, false, clerk, "2026-03-02T11:00"), "no_show");
    for ended in [Cancelled, NoShow, Released] {
        assert_eq!(acts(ended, true, clerk, "2026-03-01T09:00"), "");
    }
    let offer = Stand { state: Pending, span: hour, flagged: false, offer: true };
    assert!(offer.allows(BookingAct::Confirm, own, at("2026-03-01T09:00")));
    let stranger = Asker { keeps_rooms: false, own: false };
    assert!(offer.acts(stranger, at("2026-03-01T09:00")).is_empty());
}

#[test]
fn an_offer_leaves_time_to_answer_and_to_come() {
    let begins = at("2026-03-05T10:00");
    assert_eq!(offer_until(at("2026-03-02T09:00"), begins), Some(at("2026-03-03T09:00")));
    assert_eq!(offer_until(at("2026-03-05T07:00"), begins), Some(at("2026-03-05T08:00")));
    assert_eq!(offer_until(at("2026-03-05T07:45"), begins), None);
}

proptest! {
    #[test]
    fn a_span_is_exactly_its_slots(first in -1_000_000i64..3_000_000, length in 1i64..=MOST_SLOTS, other in 0i64..200) {
        let span = Span::of_slots(first, first + length).unwrap();
        prop_assert_eq!(Span::new(span.from(), span.to()), Ok(span));
        prop_assert_eq!(span.slots().count() as i64, span.length());
        let near = Span::of_slots(first + other - 100, first + other - 100 + length).unwrap();
        let shared = span.slots().filter(|slot| near.slots().contains(slot)).count();
        prop_assert_eq!(span.overlaps(near), shared > 0);
        prop_assert_eq!(span.common(near).map_or(0, Span::length), shared as i64);
        let dates: Vec<Date> = span.dates().collect();
        let covered: i64 = dates.iter().filter_map(|d| Span::of_day(*d).common(span)).map(Span::length).sum();
        prop_assert_eq!(covered, span.length());
    }

    #[test]
    fn a_time_is_open_exactly_where_each_of_its_slots_is(
        day in 0i64..2000, from in 0i64..90, length in 1i64..40, closed in 0i64..96, minutes in 1i64..300,
    ) {
        let day = date("2024-01-01").plus_days(day);
        let midnight = Span::of_day(day).slots().start;
        let shut = Span::of_slots(midnight + closed, midnight + closed + 1).unwrap();
        let repair = Exception { from: shut.from(), to: shut.from().plus_seconds(minutes * 60), opens: false };
        let span = Span::of_slots(midnight + from, midnight + from + length).unwrap();
        let hours = Hours::read(OFFICE);
        let single = |slot: i64| {
            let one = Span::of_slots(slot, slot + 1).unwrap();
            hours.hold(one, Calendar::published(), &[repair])
        };
        prop_assert_eq!(hours.hold(span, Calendar::published(), &[repair]), span.slots().all(single));
        let open = hours.open_on(day, Calendar::published(), &[repair]);
        prop_assert!(open.windows(2).all(|two| two[0].slots().end < two[1].slots().start));
        prop_assert!(open.iter().all(|s| !s.overlaps(Span::touched(repair.from, repair.to).unwrap())));
    }

    #[test]
    fn suggestions_touch_nothing_that_is_taken(taken in prop::collection::btree_set(0i64..96, 0..60), length in 1i64..12) {
        let day = Span::of_day(date("2026-03-02"));
        let taken: BTreeSet<i64> = taken.into_iter().map(|slot| slot + day.slots().start).collect();
        let open = Hours::read(OFFICE).open_on(date("2026-03-02"), Calendar::published(), &[]);
        let left = gaps(&open, &taken);
        prop_assert!(left.iter().flat_map(|gap| gap.slots()).all(|slot| !taken.contains(&slot)));
        for span in fitting(&left, length, 0) {
            prop_assert_eq!(span.length(), length);
            prop_assert!(open.iter().any(|stretch| stretch.holds(span)));
            prop_assert!(span.slots().all(|slot| !taken.contains(&slot)));
        }
    }
}
