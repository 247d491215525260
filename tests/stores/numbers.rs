//! Number series: no gap and no double, whoever takes at once and whatever is refused.

use std::collections::BTreeSet;

use falin_app::Stop;
use falin_domain::refusal::Refusal;
use falin_store::number;

use super::pairings::id;
use super::plans::house::House;
use crate::town::{Town, on_both};

/// Takers at once, and how many numbers each wants.
const TAKERS: i64 = 8;
const EACH: i64 = 12;

/// Takes one number; every third taker's act is refused behind it, and its number goes back.
fn take(house: &House, turn: i64) -> Option<i64> {
    let county = house.county;
    loop {
        let work = move |tx: &mut falin_store::Tx<'_>| {
            let n = number::next(tx, county, "aid-review", 2026)?;
            if turn % 3 == 0 { Err(Refusal::new("form.invalid").into()) } else { Ok(n) }
        };
        match house.app.db.write_now(falin_store::In::County(county), work) {
            Ok(n) => return Some(n),
            Err(Stop::Refused(_)) => return None,
            Err(Stop::Busy) => {}
            Err(stop) => panic!("{stop}"),
        }
    }
}

on_both! {
    fn many_at_once_take_every_number_once(backend) {
        let house = House::new(backend);
        let taken: Vec<i64> = std::thread::scope(|scope| {
            let house = &house;
            let taker = |who: i64| move || (0..EACH).filter_map(|at| take(house, who + at)).collect::<Vec<_>>();
            let all: Vec<_> = (0..TAKERS).map(|who| scope.spawn(taker(who))).collect();
            all.into_iter().flat_map(|one| one.join().unwrap()).collect()
        });
        let count = taken.len() as i64;
        assert_eq!(taken.into_iter().collect::<BTreeSet<_>>(), (1..=count).collect());
        let county = house.county;
        assert_eq!(house.read(move |tx| number::last(tx, county, "aid-review", 2026)), count);
        // Another year and another series begin anew; a series of another system goes on where it left off.
        assert_eq!(house.write(move |tx| number::next(tx, county, "aid-review", 2027)), 1);
        house.write(move |tx| number::begin(tx, county, "mediation", 2026, 57));
        assert_eq!(house.write(move |tx| number::next(tx, county, "mediation", 2026)), 58);
    }

    fn the_database_itself_refuses_a_gap(backend) {
        let town = Town::schema(backend);
        let county = id(backend, 1);
        town.sql(&format!("INSERT INTO number_series (county_id, series, year, last) VALUES ({county}, 'x', 2026, 5)"))
            .unwrap();
        town.sql("UPDATE number_series SET last = last + 1").unwrap();
        for attack in [
            "UPDATE number_series SET last = last + 2",
            "UPDATE number_series SET last = last - 1",
            "UPDATE number_series SET last = last + 1, year = 2027",
            "DELETE FROM number_series",
        ] {
            let refused = town.sql(attack).expect_err(attack);
            assert!(refused.contains("falin: number.gap"), "{refused}");
        }
        assert_eq!(town.number("SELECT last AS n FROM number_series"), 6);
    }
}
