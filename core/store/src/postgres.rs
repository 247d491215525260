//! PostgreSQL: the same closures on connection threads, writes SERIALIZABLE with retries, and the journal's sealer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use falin_domain::refusal::Refusal;

use crate::conn::Conn;
use crate::db::{Boxed, How, In, Job, Shared, run_job};
use crate::journal;
use crate::line::Turn;
use crate::line::{Entrance, Line};
use crate::sqlite::{next_turn, spawn};
use crate::stop::{Fault, Stop};

/// Connection threads of one server.
const THREADS: usize = 16;
/// How long a transaction that PostgreSQL could not serialise is tried again; then 503 (trust.md "Durability").
const RETRIED: Duration = Duration::from_secs(4);
/// Attempts that run beside all others; from then on those of this server that lost go one at a time.
const FREE_ATTEMPTS: u32 = 2;
/// Longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_millis(40);
/// Longest time that an entry waits for its seal.
const SEAL_EVERY: Duration = Duration::from_millis(500);

/// Starts the threads; each connects when its first job comes, and again when the line breaks.
pub(crate) fn start(shared: &Arc<Shared>) -> Result<Entrance, Stop> {
    let (jobs, line) = Entrance::new();
    for _ in 0..THREADS {
        let line = Arc::clone(&line);
        spawn("falin-postgres", shared, move |shared| job_loop(&line, shared))?;
    }
    Ok(jobs)
}

fn job_loop(jobs: &Line, shared: &Shared) {
    let mut line: Option<Conn> = None;
    while let Turn::Job(job) = next_turn(jobs, None) {
        let keys = shared.keys();
        let answer = with_retries(&mut line, shared, &keys, &job);
        let _ = job.answer.send(answer);
    }
}

fn with_retries(
    line: &mut Option<Conn>,
    shared: &Shared,
    keys: &crate::keys::Keys,
    job: &Job,
) -> Result<Boxed, Stop> {
    let began = std::time::Instant::now();
    for attempt in 0_u32.. {
        // Random bytes are used once: an attempt that reads other rows than the last may seal other words with them.
        let seed = (shared.source.random)();
        // The pause comes before the lane: who sleeps in it keeps all other losers waiting.
        if attempt > 0 {
            let jitter = u64::from(seed[attempt as usize % seed.len()]) * (1 << attempt.min(5)) / 32;
            std::thread::sleep(Duration::from_millis(jitter).min(LONGEST_PAUSE));
        }
        // Losers would meet each other again and again: the lane lets one of them meet only who comes fresh.
        let _lane = (attempt >= FREE_ATTEMPTS)
            .then(|| shared.lane.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        if line.is_none() {
            *line = Some(shared.connect(false).map_err(unreachable_now)?);
        }
        let Some(conn) = line.as_mut() else { return Err(Stop::Busy) };
        match attempt_once(conn, shared, keys, job, seed) {
            Err(Stop::Retry) => {
                shared.counts.turned_away();
                if began.elapsed() >= RETRIED {
                    break;
                }
            }
            Err(Stop::Busy) if attempt == 0 => *line = None,
            Err(Stop::Busy) => {
                *line = None;
                return Err(Stop::Busy);
            }
            answer => return answer,
        }
    }
    Err(Stop::Busy)
}

fn unreachable_now(stop: Stop) -> Stop {
    tracing::error!(cause = %stop, "PostgreSQL cannot be reached");
    Stop::Busy
}

fn attempt_once(
    conn: &mut Conn,
    shared: &Shared,
    keys: &crate::keys::Keys,
    job: &Job,
    seed: [u8; 32],
) -> Result<Boxed, Stop> {
    conn.batch_execute(&begin(job))?;
    match run_job(conn, shared, keys, job, seed) {
        Ok(done) => {
            conn.batch_execute("COMMIT").map_err(|error| unsure(error.into()))?;
            if done.bumped {
                shared.watch.written();
            }
            Ok(done.value)
        }
        Err(stop) => {
            // A broken line cannot roll back; the server has done it then.
            match conn.batch_execute("ROLLBACK") {
                Ok(()) => Err(stop),
                Err(_) => Err(Stop::Busy),
            }
        }
    }
}

/// A line that breaks while its transaction is being committed has perhaps committed it: doing it again might do it twice.
fn unsure(stop: Stop) -> Stop {
    match stop {
        Stop::Busy => Refusal::new("database.unsure").into(),
        other => other,
    }
}

/// BEGIN with the county that row-level security lets through. Who only reads sees one snapshot, and stands in the way of
/// nobody who writes: a SERIALIZABLE look through a table would have PostgreSQL turn writers away.
fn begin(job: &Job) -> String {
    let how = if job.how == How::Reads { "REPEATABLE READ READ ONLY" } else { "SERIALIZABLE" };
    let county = match job.within {
        In::County(county) => county.uuid().simple().to_string(),
        In::All => "all".to_owned(),
    };
    format!("BEGIN ISOLATION LEVEL {how}; SELECT set_config('falin.county', '{county}', true)")
}

/// Adds the seals of committed entries, within a second; stops after a last pass.
pub(crate) struct Sealer {
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Sealer {
    pub(crate) fn start(shared: &Arc<Shared>) -> Result<Self, Stop> {
        let stop = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stop);
        let thread = spawn("falin-sealer", shared, move |shared| seal_loop(shared, &seen))?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Sealer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

fn seal_loop(shared: &Shared, stop: &AtomicBool) {
    let (mut line, mut sealed): (Option<Conn>, i64) = (None, 0);
    loop {
        let last = stop.load(Ordering::Acquire);
        if let Err(stop) = seal_pass(&mut line, shared, &mut sealed) {
            // Another server's sealer was first, or the line broke: the next pass sees to it.
            tracing::debug!(cause = %stop, "sealing waits");
            line = None;
        }
        if last {
            return;
        }
        std::thread::park_timeout(SEAL_EVERY);
    }
}

/// Seals what waits; `sealed` is the transaction below which nothing does. It is READ COMMITTED on purpose: a look of a
/// SERIALIZABLE one through the journal would let PostgreSQL turn away whoever writes to it meanwhile. Two sealers of
/// one database meet at the chain's unique key, and the later one begins anew.
fn seal_pass(line: &mut Option<Conn>, shared: &Shared, sealed: &mut i64) -> Result<(), Stop> {
    if line.is_none() {
        let mut conn = shared.location.connect(false)?;
        // Row-level security would hide every entry from a look outside a transaction.
        conn.batch_execute("SELECT set_config('falin.county', 'all', false)")?;
        *line = Some(conn);
    }
    let Some(conn) = line.as_mut() else { return Err(Fault::new("sealer", "no line").into()) };
    let until = journal::horizon(conn)?;
    conn.batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED")?;
    let done = journal::unsealed(conn, *sealed, until).and_then(|waiting| {
        journal::seal(conn, &shared.keys(), &waiting)?;
        Ok(waiting.len())
    });
    conn.batch_execute(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    if done? < journal::MOST_SEALED {
        *sealed = until;
    }
    Ok(())
}
