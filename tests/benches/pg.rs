//! `pg`: the store on a durable PostgreSQL of its own, against the same statements over a bare connection and pgbench.

use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl, sql_query};
use falin_app::{App, Settings};
use falin_store::{In, Tx, county};

use crate::Line;
use crate::postgres::{self, Cluster};

const CALLERS: usize = 16;
const ROUND: Duration = Duration::from_millis(2_000);
const BEGIN: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT set_config('falin.county', 'all', true)";

/// Reads and writes a second; nothing where no PostgreSQL is installed.
pub fn run(_full: bool) -> Vec<Line> {
    let Some(bin) = postgres::installed() else {
        return vec![Line::told("pg", "no PostgreSQL is installed here", "–".into())];
    };
    let cluster = Cluster::start(true);
    let url = cluster.create(None);
    let data = std::env::temp_dir().join(format!("falin-bench-pg-{}", std::process::id()));
    let app = App::open(&Settings { data: data.clone(), database: Some(url.clone()), now: None }).unwrap();
    for n in 0..200 {
        app.db.write_now(In::All, move |tx| county::set_fact(tx, &format!("pg.{n}"), "there")).unwrap();
    }
    let (mut raw, mut own, mut bench, mut writes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        raw.push(raw_reads(&url));
        own.push(rate(|n| app.db.read_now(In::All, read(n)).map(drop).unwrap()));
        bench.push(pgbench(&bin.join("pgbench"), &url));
        writes.push(rate(|n| app.db.write_now(In::All, write(n)).unwrap()));
    }
    drop(app);
    let _ = std::fs::remove_dir_all(&data);
    let [raw, own, bench, writes] = [raw, own, bench, writes].map(middle);
    vec![
        Line::least(
            "pg",
            "reads a second ÷ the same statements over bare connections",
            "≥ 0.95",
            0.95,
            own / raw,
        ),
        Line::least(
            "pg",
            "durable writes a second ÷ pgbench, same transaction, 16 clients",
            "≥ 0.7",
            0.7,
            writes / bench,
        ),
        Line::told("pg", "durable writes a second", format!("{writes:.0}")),
    ]
}

fn middle(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn read(n: u64) -> impl Fn(&mut Tx<'_>) -> Result<Option<String>, falin_store::Stop> + Send + 'static {
    move |tx| county::fact(tx, &format!("pg.{}", n % 200))
}

fn write(n: u64) -> impl Fn(&mut Tx<'_>) -> Result<(), falin_store::Stop> + Send + 'static {
    move |tx| county::set_fact(tx, &format!("own.{n}"), "booked")
}

/// How often a second sixteen callers get through `work`.
fn rate(work: impl Fn(u64) + Sync) -> f64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let (began, done) = (Instant::now(), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| {
                while began.elapsed() < ROUND {
                    work(NEXT.fetch_add(1, Ordering::Relaxed));
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    done.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64()
}

/// The store's own statements with nothing of the store: a connection for each caller.
fn raw_reads(url: &str) -> f64 {
    let began = Instant::now();
    let done = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| {
                let mut line = PgConnection::establish(url).unwrap();
                for n in 0_u64.. {
                    if began.elapsed() >= ROUND {
                        break;
                    }
                    line.batch_execute(BEGIN).unwrap();
                    let query = sql_query("SELECT value FROM installation WHERE name = $1");
                    query
                        .bind::<diesel::sql_types::Text, _>(format!("pg.{}", n % 200))
                        .execute(&mut line)
                        .unwrap();
                    line.batch_execute("COMMIT").unwrap();
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    done.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64()
}

/// Transactions a second of PostgreSQL's own tool with the same statements, in the server's own protocol.
fn pgbench(program: &std::path::Path, url: &str) -> f64 {
    static ROUND_NO: AtomicU64 = AtomicU64::new(0);
    let round = ROUND_NO.fetch_add(1, Ordering::Relaxed);
    let script = format!(
        "BEGIN ISOLATION LEVEL SERIALIZABLE;\nSELECT set_config('falin.county', 'all', true);\n\
         INSERT INTO installation (name, value) VALUES ('bench.{round}.' || gen_random_uuid(), 'booked')\n\
         ON CONFLICT (name) DO UPDATE SET value = excluded.value;\nCOMMIT;\n"
    );
    let file = std::env::temp_dir().join(format!("falin-bench-{}.sql", std::process::id()));
    std::fs::write(&file, script).unwrap();
    let told = Command::new(program)
        .args(["-n", "-M", "prepared", "-c", "16", "-j", "2", "-T", "2", "--max-tries=10", "-f"])
        .arg(&file)
        .arg(url)
        .output()
        .unwrap();
    let _ = std::fs::remove_file(&file);
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    let line = text.lines().find(|line| line.starts_with("tps = "));
    let tps = line.and_then(|line| line.split_whitespace().nth(2)).and_then(|n| n.parse().ok());
    tps.unwrap_or_else(|| panic!("pgbench said\n{text}\n{}", String::from_utf8_lossy(&told.stderr)))
}
