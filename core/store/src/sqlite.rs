//! SQLite: a few query-only reader threads, and one writer thread that commits in groups.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;

use crate::conn::Conn;
use crate::db::{Boxed, Job, Shared, run_job};
use crate::journal::{self, Written};
use crate::line::{Entrance, Line, Turn};
use crate::said;
use crate::stop::{self, Fault, Stop};

/// Most jobs in one commit; a trial found no gain above it.
const GROUP: usize = 256;
/// Reader threads: enough that a slow search leaves others free, few enough for small machines.
const READERS: usize = 4;
/// How long a connection keeps pages, until it next has nothing to do.
const TIDIED: Duration = Duration::from_secs(60);

/// Starts the threads; they end when the senders are dropped.
pub(crate) fn start(shared: &Arc<Shared>) -> Result<(Entrance, Sender<Job>), Stop> {
    let (writes, queue) = channel();
    let conn = shared.connect(false)?;
    spawn("falin-writer", shared, move |shared| write_loop(conn, &queue, shared))?;
    let (reads, line) = Entrance::new();
    for _ in 0..READERS {
        let conn = shared.connect(true)?;
        let line = Arc::clone(&line);
        spawn("falin-reader", shared, move |shared| read_loop(conn, &line, shared))?;
    }
    Ok((reads, writes))
}

/// Starts a named thread that owns a share of the state.
pub(crate) fn spawn(
    name: &str,
    shared: &Arc<Shared>,
    body: impl FnOnce(&Shared) + Send + 'static,
) -> Result<std::thread::JoinHandle<()>, Stop> {
    let shared = Arc::clone(shared);
    let thread = std::thread::Builder::new().name(name.to_owned());
    thread.spawn(move || body(&shared)).map_err(|e| Fault::new("thread", e.to_string()).into())
}

/// The next job that has not waited too long, which is answered at once, or what else is to be done.
pub(crate) fn next_turn(line: &Line, tidy: Option<Instant>) -> Turn {
    loop {
        match line.next(tidy) {
            Turn::Job(job) => {
                if let Some(job) = in_time(job) {
                    return Turn::Job(job);
                }
            }
            other => return other,
        }
    }
}

/// What a connection has kept of the pages that it read and wrote: up to sixteen megabytes, given back a while after the
/// first job, as soon as none waits. The system still has the pages that are asked for.
#[derive(Default)]
struct Kept(Option<Instant>);

impl Kept {
    fn worked(&mut self) {
        self.0.get_or_insert_with(|| Instant::now() + TIDIED);
    }

    fn give_back(&mut self, conn: &mut Conn) {
        self.0 = None;
        if let Err(error) = conn.batch_execute("PRAGMA shrink_memory") {
            tracing::warn!(%error, "a connection keeps its pages");
        }
    }
}

/// The job, unless it waited too long: then it is answered at once, so that nothing is done for somebody who was told
/// that it was not.
fn in_time(job: Job) -> Option<Job> {
    if !job.is_late() {
        return Some(job);
    }
    let _ = job.answer.send(Err(Stop::Busy));
    None
}

fn read_loop(mut conn: Conn, line: &Line, shared: &Shared) {
    let mut kept = Kept::default();
    loop {
        match next_turn(line, kept.0) {
            Turn::Job(job) => {
                let keys = shared.keys();
                let answer = read_once(&mut conn, shared, &keys, &job);
                let _ = job.answer.send(answer);
                kept.worked();
            }
            Turn::Tidy => kept.give_back(&mut conn),
            Turn::Over => return,
        }
    }
}

fn read_once(conn: &mut Conn, shared: &Shared, keys: &crate::keys::Keys, job: &Job) -> Result<Boxed, Stop> {
    said::run(conn, "BEGIN")?;
    // Reads take their randomness too: a reader may seal a cursor.
    let answer = run_job(conn, shared, keys, job, (shared.source.random)());
    let ended = said::run(conn, "ROLLBACK");
    let done = answer?;
    ended?;
    Ok(done.value)
}

fn write_loop(mut conn: Conn, queue: &Receiver<Job>, shared: &Shared) {
    let mut kept = Kept::default();
    loop {
        let left = kept.0.map(|tidy| tidy.saturating_duration_since(Instant::now()));
        let first =
            match left.map_or_else(|| queue.recv().map_err(Into::into), |left| queue.recv_timeout(left)) {
                Ok(first) => first,
                Err(RecvTimeoutError::Timeout) => {
                    kept.give_back(&mut conn);
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            };
        let mut jobs: Vec<Job> = in_time(first).into_iter().collect();
        while jobs.len() < GROUP {
            match queue.try_recv() {
                Ok(job) => jobs.extend(in_time(job)),
                Err(_) => break,
            }
        }
        if !jobs.is_empty() {
            commit_group(&mut conn, jobs, shared);
            kept.worked();
        }
    }
}

/// One transaction for all jobs: each in a savepoint, journal sealed, answers only after COMMIT.
fn commit_group(conn: &mut Conn, jobs: Vec<Job>, shared: &Shared) {
    let keys = shared.keys();
    let mut answers = Vec::with_capacity(jobs.len());
    let outcome = attempt_group(conn, &jobs, shared, &keys, &mut answers);
    if let Err(stop) = outcome {
        let _ = conn.batch_execute("ROLLBACK");
        tracing::error!(cause = %stop, jobs = jobs.len(), "a group of writes was not committed");
        for job in jobs {
            let _ = job.answer.send(Err(broken(&stop)));
        }
        return;
    }
    for (job, answer) in jobs.into_iter().zip(answers) {
        let _ = job.answer.send(answer);
    }
}

fn attempt_group(
    conn: &mut Conn,
    jobs: &[Job],
    shared: &Shared,
    keys: &crate::keys::Keys,
    answers: &mut Vec<Result<Boxed, Stop>>,
) -> Result<(), Stop> {
    said::run(conn, "BEGIN IMMEDIATE")?;
    let (mut written, mut bumped): (Vec<Written>, bool) = (Vec::new(), false);
    for job in jobs {
        said::run(conn, "SAVEPOINT job")?;
        match run_job(conn, shared, keys, job, (shared.source.random)()) {
            Ok(done) => {
                said::run(conn, "RELEASE job")?;
                written.extend(done.written);
                bumped |= done.bumped;
                answers.push(Ok(done.value));
            }
            Err(stop) => {
                if is_fatal(&stop) {
                    return Err(stop);
                }
                conn.batch_execute("ROLLBACK TO job; RELEASE job")?;
                answers.push(Err(stop));
            }
        }
    }
    journal::seal(conn, keys, &written)?;
    said::run(conn, "COMMIT")?;
    if bumped {
        shared.watch.written();
    }
    Ok(())
}

/// A full disk or a failing one dooms the whole group: nothing of it was acknowledged.
fn is_fatal(stop: &Stop) -> bool {
    let words = ["disk is full", "disk I/O error", "malformed", "readonly database", "no such savepoint"];
    matches!(stop, Stop::Fault(fault) if words.iter().any(|w| fault.cause.contains(w)))
}

fn broken(stop: &Stop) -> Stop {
    let unwritable = ["disk is full", "disk I/O error", "readonly database", "unable to open database file"];
    match stop {
        Stop::Fault(fault) if unwritable.iter().any(|words| fault.cause.contains(words)) => {
            stop::unwritable(&fault.cause)
        }
        Stop::Fault(fault) => Fault::new("sqlite.commit", fault.cause.clone()).into(),
        _ => Stop::Busy,
    }
}
