//! Imports cut off and imports that collide: a roster is there as a whole or not at all, and never twice.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::town::county::{COUNTY, HOUSEHOLDS, household, household_roster};
use crate::town::{Town, command, on_both};

const ROWS: usize = 1_200;
const PEOPLE: &str = "SELECT count(*) FROM household WHERE active AND NOT staged";

fn roster(town: &Town) -> String {
    let rows: Vec<_> = (0..ROWS).map(|at| household(("新城镇", "横沟村"), 5_000 + at, "")).collect();
    town.file("many.xlsx", &household_roster(&rows))
}

fn begin(town: &Town, file: &str) -> Child {
    let words = ["import", "households", file, "--place", COUNTY, "--kind", "rural"];
    let mut command = command::falin(town.data(), town.database());
    command.args(words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn before() -> i64 {
    (HOUSEHOLDS.0 + HOUSEHOLDS.1) as i64
}

on_both! {
    fn an_import_that_is_killed_leaves_all_or_nothing(backend) {
        let town = Town::prepared(backend);
        let file = roster(&town);
        let mut longest = Duration::ZERO;
        let whole = before() + ROWS as i64;
        // Each round kills later than the last, until one is done before it is killed.
        for round in 0..16 {
            let started = Instant::now();
            let mut child = begin(&town, &file);
            let patience = Duration::from_millis(100).mul_f64(1.35_f64.powi(round));
            let mut done = None;
            while done.is_none() && started.elapsed() < patience {
                std::thread::sleep(Duration::from_millis(5));
                done = child.try_wait().unwrap();
            }
            child.kill().unwrap();
            child.wait().unwrap();
            let people = town.number(PEOPLE);
            assert!(people == before() || people == whole, "round {round} left {people} households");
            longest = longest.max(started.elapsed());
            if done.is_some_and(|status| status.success()) || people == whole {
                break;
            }
        }
        let words = ["import", "households", &file, "--place", COUNTY, "--kind", "rural"];
        town.falin(&words).ok();
        assert_eq!(town.number(PEOPLE), whole, "after {longest:?}");
        town.falin(&["audit", "verify"]).ok();
    }

    fn the_same_roster_twice_at_once_is_there_once(backend) {
        let town = Town::prepared(backend);
        let file = roster(&town);
        let both: Vec<_> = (0..2).map(|_| begin(&town, &file)).collect();
        let ended: Vec<_> = both.into_iter().map(|child| command::wait(child, Duration::from_secs(120))).collect();
        assert!(ended.iter().flatten().any(|status| status.success()), "{ended:?}");
        assert_eq!(town.number(PEOPLE), before() + ROWS as i64);
        let words = ["import", "households", &file, "--place", COUNTY, "--kind", "rural", "--json"];
        assert_eq!(town.falin(&words).ok().json()["unchanged"], ROWS);
    }

    fn the_command_line_works_beside_a_running_server(backend) {
        let mut town = Town::prepared(backend);
        town.serve();
        let file = roster(&town);
        let words = ["import", "households", &file, "--place", COUNTY, "--kind", "rural"];
        town.falin(&words).ok();
        town.visitor().get("/readyz").is(200);
        assert_eq!(town.number(PEOPLE), before() + ROWS as i64);
        town.falin(&["audit", "verify"]).ok();
    }
}
