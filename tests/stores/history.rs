//! "Who was responsible on day D": the store's answer against a model that keeps every day.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use falin_domain::time::{Date, Instant};
use falin_domain::words::{CountyId, HouseholdId, Id, WorkerId};
use falin_store::conn::Location;
use falin_store::db::{In, Source};
use falin_store::{Db, Entropy, Keys, pairing};

use crate::town::{Backend, Town, on_both};

/// Histories per database; both together make ten thousand. A question costs PostgreSQL a round trip.
fn histories(backend: Backend) -> u64 {
    match backend {
        Backend::Sqlite => 8_500,
        Backend::Postgres => 1_500,
    }
}

const DAYS: i64 = 24;

/// A generator of numbers that are the same in every run (xorshift64*).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % most
    }
}

/// A store of its own with a clock that the test turns.
fn store(town: &Town) -> (Db, Arc<AtomicI64>) {
    let now = Arc::new(AtomicI64::new(0));
    let clock = Arc::clone(&now);
    let source = Source {
        clock: Arc::new(move || Instant::from_millis(clock.load(Ordering::SeqCst))),
        random: Arc::new(|| [7; 32]),
    };
    let location = match town.database() {
        Some(url) => Location::parse(url),
        None => Location::File(town.data().join("falin.db")),
    };
    let keys = Keys::open_or_make(town.data(), &mut Entropy::from_seed([7; 32])).unwrap();
    (Db::open(location, keys, source).unwrap(), now)
}

fn first_day() -> Date {
    Date::new(2026, 2, 20).unwrap()
}

fn name<T>(number: u64) -> Id<T> {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&number.to_be_bytes());
    Id::from_parts(Instant::from_millis(1), random)
}

/// What one household does on one day.
#[derive(Clone, Copy)]
enum Act {
    Start(u64),
    End,
}

on_both! {
    fn as_of_equals_a_naive_model(backend) {
        let town = Town::empty(backend);
        let (db, now) = store(&town);
        let county: CountyId = name(1);
        let mut dice = Dice(2_026);
        let histories = histories(backend);
        // The model: who is responsible for each household at the end of each day.
        let mut model = vec![[None; DAYS as usize]; histories as usize];
        let mut current = vec![None; histories as usize];
        for day in 0..DAYS {
            let mut acts = Vec::new();
            for (household, holds) in current.iter_mut().enumerate() {
                while dice.below(8) == 0 {
                    let act = if holds.is_some() { Act::End } else { Act::Start(1 + dice.below(9)) };
                    *holds = if let Act::Start(worker) = act { Some(worker) } else { None };
                    acts.push((household as u64, act));
                }
                model[household][day as usize] = *holds;
            }
            now.store(first_day().plus_days(day).start().millis() + 3_600_000, Ordering::SeqCst);
            play(&db, county, acts);
        }
        compare(&db, county, &model, &mut dice);
        assert!(town.number("SELECT count(*) FROM pairing") > histories as i64);
    }
}

fn play(db: &Db, county: CountyId, acts: Vec<(u64, Act)>) {
    let work = move |tx: &mut falin_store::Tx<'_>| {
        for (household, act) in &acts {
            let household: HouseholdId = name(*household);
            match act {
                Act::Start(worker) => {
                    let worker: WorkerId = name(*worker);
                    pairing::start(tx, county, household, (Some(worker), None)).map(drop)?;
                }
                Act::End => pairing::end(tx, county, household, "moved").map(drop)?,
            }
        }
        Ok(())
    };
    db.write_now(In::County(county), work).unwrap();
}

fn compare(db: &Db, county: CountyId, model: &[[Option<u64>; DAYS as usize]], dice: &mut Dice) {
    let asked: Vec<_> =
        (0..model.len() as u64).flat_map(|at| [0, 1].map(|_| (at, dice.below(DAYS as u64)))).collect();
    let days = asked.clone();
    let work = move |tx: &mut falin_store::Tx<'_>| {
        let mut found = Vec::new();
        for (household, day) in &days {
            let day = first_day().plus_days(*day as i64);
            found.push(pairing::on(tx, county, name(*household), day)?.and_then(|span| span.worker_id));
        }
        Ok(found)
    };
    let found = db.read_now(In::County(county), work).unwrap();
    for ((household, day), found) in asked.into_iter().zip(found) {
        let expected: Option<WorkerId> = model[household as usize][day as usize].map(name);
        assert_eq!(found, expected, "household {household} on day {day}");
    }
}
