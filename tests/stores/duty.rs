//! Who is on duty: the nearest place first, never somebody who is away; and what leave and leaving do to the rota.

use falin_app::duty::{self, Filter, Typed};
use falin_app::leave::{self, Absence};
use falin_domain::duty::{ShiftKind, ShiftState};
use falin_domain::page::Window;
use falin_domain::time::Instant;
use falin_domain::words::{DivisionId, WorkerId};
use falin_store::division;

use super::plans::house::{House, done, first_day, refused};
use crate::town::on_both;

/// Plans a shift on the first day.
pub fn plan(house: &House, who: WorkerId, place: DivisionId, kind: &str, hours: (&str, &str)) -> duty::One {
    let typed = Typed {
        worker: who.to_string(),
        kind: kind.into(),
        place: place.to_string(),
        day: first_day().to_string(),
        from: hours.0.into(),
        to: hours.1.into(),
        ..Typed::default()
    };
    done(house.wait(duty::add(&house.app, &house.me, &typed)))
}

fn at(hour: i64) -> Instant {
    first_day().start().plus_seconds(hour * 3600)
}

fn on_duty(house: &House, place: DivisionId, hour: i64, kind: Option<ShiftKind>) -> Option<WorkerId> {
    let county = house.county;
    let kinds = kind.map_or(ShiftKind::ALL.to_vec(), |kind| vec![kind]);
    house.read(move |tx| duty::on_duty(tx, county, place, at(hour), &kinds)).first().copied()
}

on_both! {
    fn the_nearest_duty_answers(backend) {
        let house = House::new(backend);
        let (county, village) = (house.county, house.villages[0]);
        let township = house.read(move |tx| division::line(tx, county, village))[1].id;
        let [first, second, _] = house.lawyers[..] else { panic!("three lawyers") };
        assert_eq!(on_duty(&house, village, 10, None), None);
        plan(&house, first, township, "window", ("09:00", "12:00"));
        assert_eq!(on_duty(&house, village, 10, None), Some(first), "the township's answers for the village");
        assert_eq!(on_duty(&house, village, 12, None), None, "twelve is over");
        plan(&house, second, village, "village", ("09:00", "11:00"));
        assert_eq!(on_duty(&house, village, 10, None), Some(second), "the village's own is nearer");
        assert_eq!(on_duty(&house, village, 10, Some(ShiftKind::Window)), Some(first));
        assert_eq!(on_duty(&house, house.villages[3], 10, None), None, "another township");
    }

    fn who_is_away_is_not_on_duty(backend) {
        let house = House::new(backend);
        let (village, who) = (house.villages[0], house.lawyers[0]);
        let shift = plan(&house, who, village, "village", ("09:00", "12:00")).shown.shift.id;
        let absence = Absence { from: first_day(), to: Some(first_day().plus_days(2)), reason: String::new() };
        done(house.wait(leave::add(&house.app, &house.me, who, absence)));
        assert_eq!(on_duty(&house, village, 10, None), None);
        let flagged = done(house.wait(duty::one(&house.app, &house.me, shift))).shown.shift;
        assert_eq!((flagged.state, flagged.flag_reason.as_deref()), (ShiftState::Flagged, Some("leave")));
        let other = house.lawyers[1].to_string();
        let stale = house.wait(duty::reassign(&house.app, &house.me, shift, 1, &other));
        assert_eq!(refused(stale), "state.changed");
        done(house.wait(duty::reassign(&house.app, &house.me, shift, flagged.version, &other)));
        assert_eq!(on_duty(&house, village, 10, None), Some(house.lawyers[1]));
    }

    fn a_leave_that_is_taken_back_lifts_its_flags(backend) {
        let house = House::new(backend);
        let who = house.lawyers[2];
        let typed = Typed {
            worker: who.to_string(),
            kind: "window".into(),
            place: house.villages[1].to_string(),
            day: first_day().plus_days(1).to_string(),
            until: first_day().plus_days(5).to_string(),
            weekdays: "2、3、4".into(),
            from: "14:00".into(),
            to: "16:00".into(),
            ..Typed::default()
        };
        let made = done(house.wait(duty::series(&house.app, &house.me, &typed)));
        assert_eq!((made.made.len(), made.skipped.len()), (3, 0));
        let days = (first_day().plus_days(1), first_day().plus_days(2));
        let absence = Absence { from: days.0, to: Some(days.1), reason: "学习".into() };
        let (id, _) = done(house.wait(leave::add(&house.app, &house.me, who, absence)));
        let flagged = |house: &House| {
            let filter = Filter { state: Some(ShiftState::Flagged), ..Filter::default() };
            done(house.wait(duty::list(&house.app, &house.me, filter, None, Window::default()))).items.len()
        };
        assert_eq!(flagged(&house), 2);
        done(house.wait(leave::remove(&house.app, &house.me, who, id)));
        assert_eq!(flagged(&house), 0);
    }
}
