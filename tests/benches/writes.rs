//! `book` and `act`: durable writes of many callers at once, against one commit each.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, RunQueryDsl, SqliteConnection, sql_query};
use falin_domain::journal::{Event, Reason};
use falin_domain::words::CountyId;
use falin_store::journal::Entry;
use falin_store::{Db, In, Tx, county};

use crate::house::House;
use crate::{Line, median};

const CLIENTS: usize = 64;
const ROUND: Duration = Duration::from_millis(1_500);

/// Bookings into a bare table: 64 callers through the store against one caller that waits for each commit.
pub fn book(_full: bool) -> Vec<Line> {
    let house = House::new("book");
    let (mut alone, mut many, mut p99, mut raw) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        raw.push(raw_batches(&house));
        alone.push(rate(&house.app.db, 1, bare).0);
        let (rate, tail) = rate(&house.app.db, CLIENTS, bare);
        many.push(rate);
        p99.push(tail);
    }
    let (alone_rate, many_rate, raw_rate) = (middle(alone), middle(many), middle(raw));
    let one = Duration::from_secs_f64(CLIENTS as f64 / alone_rate);
    vec![
        Line::least(
            "book",
            "64 callers ÷ one commit each, writes a second",
            "≥ 6",
            6.0,
            many_rate / alone_rate,
        ),
        Line::least(
            "book",
            "64 callers ÷ raw SQLite in batches of 32, writes a second",
            "≥ 0.5",
            0.5,
            many_rate / raw_rate,
        ),
        Line::most(
            "book",
            "p99 ÷ the wait behind 64 single commits",
            "≤ 0.2",
            0.2,
            median(p99).as_secs_f64() / one.as_secs_f64(),
        ),
        Line {
            name: "book",
            what: "durable writes a second at synchronous=FULL".into(),
            goal: "≥ 1,000",
            got: format!("{many_rate:.0}"),
            met: Some(many_rate >= 1_000.0),
        },
    ]
}

/// The same rows by SQLite's own statements, 32 in a transaction, nobody asking and nobody answered.
fn raw_batches(house: &House) -> f64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let mut line = SqliteConnection::establish(house.file().to_str().unwrap()).unwrap();
    let pragmas = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";
    line.batch_execute(pragmas).unwrap();
    let (start, mut n) = (Instant::now(), 0_u32);
    while start.elapsed() < ROUND {
        line.batch_execute("BEGIN IMMEDIATE").unwrap();
        for _ in 0..32 {
            let name = format!("raw.{}", NEXT.fetch_add(1, Ordering::Relaxed));
            let insert = sql_query("INSERT INTO installation (name, value) VALUES (?, ?)");
            insert.bind::<Text, _>(name).bind::<Text, _>("booked").execute(&mut line).unwrap();
            n += 1;
        }
        line.batch_execute("COMMIT").unwrap();
    }
    f64::from(n) / start.elapsed().as_secs_f64()
}

/// A whole act: sealed field, journal entry with its seal, write generation, against the bare booking.
pub fn act(_full: bool) -> Vec<Line> {
    let house = House::new("act");
    let id = house.app.db.write_now(In::All, |tx| county::insert(tx, "620200", "嘉峪关市")).unwrap();
    let (mut bare_rates, mut whole_rates) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        bare_rates.push(rate(&house.app.db, CLIENTS, bare).0);
        whole_rates.push(rate(&house.app.db, CLIENTS, move |tx, n| whole(tx, id, n)).0);
    }
    let ratio = middle(whole_rates) / middle(bare_rates);
    vec![Line::least("act", "a whole act ÷ the bare booking, writes a second", "≥ 0.5", 0.5, ratio)]
}

fn middle(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn bare(tx: &mut Tx<'_>, n: u64) -> Result<(), falin_store::Stop> {
    county::set_fact(tx, &format!("slot.{n}"), "booked")
}

fn whole(tx: &mut Tx<'_>, id: CountyId, n: u64) -> Result<(), falin_store::Stop> {
    let row = n.to_be_bytes();
    let at = falin_store::keys::Bound { table: "bench", column: "text", row: &row, county: id };
    let sealed = tx.seal(at, "嘉峪关市新城镇野麻湾村三组十二号")?;
    county::set_fact(tx, &format!("act.{n}"), &format!("{}", sealed.len()))?;
    tx.bump(id, "household")?;
    tx.record(Entry {
        county: id,
        account: None,
        event: Event::HouseholdSaved,
        reason: Reason::Person,
        subject: Some(("household", row.to_vec())),
        details: serde_json::json!({}),
    })
}

/// Writes a second and the 99th percentile of their waits, with so many callers at once.
fn rate<F>(db: &Db, callers: usize, work: F) -> (f64, Duration)
where
    F: Fn(&mut Tx<'_>, u64) -> Result<(), falin_store::Stop> + Send + Sync + Copy + 'static,
{
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let start = Instant::now();
    let waits = Arc::new(std::sync::Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..callers {
            let waits = Arc::clone(&waits);
            scope.spawn(move || {
                let mut own = Vec::new();
                while start.elapsed() < ROUND {
                    let n = NEXT.fetch_add(1, Ordering::Relaxed);
                    let asked = Instant::now();
                    db.write_now(In::All, move |tx| work(tx, n)).unwrap();
                    own.push(asked.elapsed());
                }
                waits.lock().unwrap().extend(own);
            });
        }
    });
    let mut waits = waits.lock().unwrap().clone();
    waits.sort_unstable();
    let tail = waits[waits.len() * 99 / 100];
    (waits.len() as f64 / start.elapsed().as_secs_f64(), tail)
}
