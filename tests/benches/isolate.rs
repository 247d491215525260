//! `isolate`: reading while everybody writes, against reading alone.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use falin_store::{In, county, gram, household};

use crate::house::{self, House};
use crate::{Line, times};

const WRITERS: usize = 32;

/// The p99 of a search, alone and with 32 callers who write without a pause.
pub fn run(_full: bool) -> Vec<Line> {
    let house = House::new("isolate");
    let id = house.app.db.write_now(In::All, |tx| county::insert(tx, "620200", "嘉峪关市")).unwrap();
    house::households(&house, id, 12_000);
    let search = || {
        let mut waits: Vec<Duration> = (0..1_500)
            .map(|n| {
                let asked = Instant::now();
                let find = move |tx: &mut falin_store::Tx<'_>| {
                    let wanted = gram::wanted(&house::name(n)).unwrap_or(gram::Wanted::Grams(Vec::new()));
                    gram::search(tx, id, household::NOUN, &wanted, None, 21).map(drop)
                };
                house.app.db.read_now(In::County(id), find).unwrap();
                asked.elapsed()
            })
            .collect();
        waits.sort_unstable();
        waits[waits.len() * 99 / 100]
    };
    let (mut alone, mut busy) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        alone.push(search());
        busy.push(while_written(&house, search));
    }
    let (alone, busy) = (crate::median(alone), crate::median(busy));
    let what = "p99 of a search with 32 callers writing ÷ alone";
    vec![Line::most("isolate", what, "≤ 1.5", 1.5, times(busy, alone))]
}

fn while_written<T>(house: &House, work: impl Fn() -> T) -> T {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    let n = NEXT.fetch_add(1, Ordering::Relaxed);
                    let write =
                        move |tx: &mut falin_store::Tx<'_>| county::set_fact(tx, &format!("busy.{n}"), "x");
                    house.app.db.write_now(In::All, write).unwrap();
                }
            });
        }
        std::thread::sleep(Duration::from_millis(200));
        let done = work();
        over.store(true, Ordering::Relaxed);
        done
    })
}
