//! `grow`: a page and an act of a large house against those of a county's size, and how soon either is ready.

use std::time::{Duration, Instant};

use falin_app::{App, Settings};
use falin_domain::access::Scope;
use falin_domain::journal::{Event, Reason};
use falin_domain::words::CountyId;
use falin_store::household_list::{self, Filter};
use falin_store::journal::Entry;
use falin_store::{In, Tx, county, gram, household};

use crate::house::{self, House};
use crate::{Line, times};

const COUNTY: usize = 12_000;
/// Tries of each kind and round.
const TRIES: usize = 250;

/// County size against 200,000 households; with `--full` against a million, which takes minutes to fill.
pub fn run(full: bool) -> Vec<Line> {
    let large = if full { 1_000_000 } else { 200_000 };
    let (small, big) = (filled("grow-small", COUNTY), filled("grow-large", large));
    let mut waits: [Vec<Duration>; 4] = Default::default();
    for _ in 0..4 {
        waits[0].extend(pages(&small));
        waits[1].extend(pages(&big));
        waits[2].extend(acts(&small));
        waits[3].extend(acts(&big));
    }
    let [page_small, page_big, act_small, act_big] = waits.map(p99);
    let (ready_small, ready_big) = (ready(&small.0), ready(&big.0));
    let what = |kind: &str| format!("{kind} p99 at {large} households ÷ at 12,000");
    vec![
        Line::most("grow", what("page"), "≤ 1.3", 1.3, times(page_big, page_small)),
        Line::most("grow", what("act"), "≤ 1.3", 1.3, times(act_big, act_small)),
        Line::most("grow", "open until ready at 12,000, s", "≤ 1", 1.0, ready_small.as_secs_f64()),
        Line::most("grow", format!("the same at {large}, s"), "≤ 1", 1.0, ready_big.as_secs_f64()),
    ]
}

fn filled(name: &str, households: usize) -> (House, CountyId) {
    let house = House::new(name);
    let id = house.app.db.write_now(In::All, |tx| county::insert(tx, "620200", "嘉峪关市")).unwrap();
    house::households(&house, id, households);
    (house, id)
}

fn p99(mut waits: Vec<Duration>) -> Duration {
    waits.sort_unstable();
    waits[waits.len() * 99 / 100]
}

/// A list's page found by name, as a clerk asks for it.
fn pages((house, id): &(House, CountyId)) -> Vec<Duration> {
    let id = *id;
    let one = |n: usize| {
        let asked = Instant::now();
        let find = move |tx: &mut Tx<'_>| {
            let filter = Filter { wanted: gram::wanted(&house::name(n * 7)), ..Filter::default() };
            household_list::first(tx, &Scope::whole(id), &filter, 21).map(|found| found.len())
        };
        house.app.db.read_now(In::County(id), find).unwrap();
        asked.elapsed()
    };
    (0..TRIES).map(one).collect()
}

/// A household added, with its name indexed, its entry and the write generation.
fn acts((house, id): &(House, CountyId)) -> Vec<Duration> {
    let id = *id;
    let one = |n: usize| {
        let asked = Instant::now();
        let act = move |tx: &mut Tx<'_>| {
            let village = tx.id();
            household::add(tx, id, &house::clear(n, village), None)?;
            tx.bump(id, household::NOUN)?;
            tx.record(Entry {
                county: id,
                account: None,
                event: Event::HouseholdSaved,
                reason: Reason::Person,
                subject: Some(("household", village.bytes())),
                details: serde_json::json!({}),
            })
        };
        house.app.db.write_now(In::County(id), act).unwrap();
        asked.elapsed()
    };
    (0..TRIES).map(one).collect()
}

/// How long a second opening of the same house takes, until it has answered its first question.
fn ready(house: &House) -> Duration {
    let began = Instant::now();
    let settings = Settings { data: house.app.data.clone(), database: None, now: None };
    let again = App::open(&settings).unwrap();
    again.db.read_now(In::All, county::all).unwrap();
    began.elapsed()
}
