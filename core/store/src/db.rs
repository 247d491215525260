//! The store's front door: `read` and `write` take plain closures and run them on connection threads.

use std::any::Any;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use falin_domain::time::Instant;
use falin_domain::words::{CountyId, TokenId};
use tokio::sync::oneshot;

use crate::conn::{Conn, Location, migrate, pending};
use crate::entropy::Entropy;
use crate::journal::token_at_work;
use crate::keys::Keys;
use crate::line::Entrance;
use crate::sent::{Counts, Sent};
use crate::stop::{Fault, Stop};
use crate::tx::Tx;
use crate::watch::Watch;

/// Longest wait for a free connection; then 503 with Retry-After (trust.md).
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

/// Where instants and random seeds come from: arguments of the store, made in `main` or a test.
#[derive(Clone)]
pub struct Source {
    /// The clock.
    pub clock: Arc<dyn Fn() -> Instant + Send + Sync>,
    /// 32 unpredictable bytes.
    pub random: Arc<dyn Fn() -> [u8; 32] + Send + Sync>,
}

/// What a call may touch: rows of one county (also by row-level security on PostgreSQL) or of all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum In {
    /// One county's rows.
    County(CountyId),
    /// Every county's: sign-in, migration, verification.
    All,
}

pub(crate) type Boxed = Box<dyn Any + Send>;

/// One closure on its way to a connection thread.
pub(crate) struct Job {
    pub within: In,
    pub how: How,
    pub work: Box<dyn Fn(&mut Tx<'_>) -> Result<Boxed, Stop> + Send>,
    pub answer: oneshot::Sender<Result<Boxed, Stop>>,
    pub asked: std::time::Instant,
    pub token: Option<TokenId>,
}

impl Job {
    /// Whether it waited longer than its asker does: it is worth nothing once they were told to come again.
    pub(crate) fn is_late(&self) -> bool {
        self.how != How::Posts && self.asked.elapsed() > PATIENCE
    }
}

/// What the connection threads share.
pub(crate) struct Shared {
    pub keys: std::sync::RwLock<Arc<Keys>>,
    pub source: Source,
    pub location: Location,
    pub watch: Watch,
    /// Taken by transactions that PostgreSQL turned away more than once.
    pub lane: std::sync::Mutex<()>,
    /// What has been asked so far.
    pub counts: Counts,
}

impl Shared {
    pub(crate) fn keys(&self) -> Arc<Keys> {
        self.keys.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// A connection for jobs: its statements are counted.
    pub(crate) fn connect(&self, read_only: bool) -> Result<Conn, Stop> {
        let mut conn = self.location.connect(read_only)?;
        self.counts.follow(&mut conn);
        Ok(conn)
    }
}

/// Where jobs go: to the one writer, or into the line before several threads.
enum Sink {
    Writer(Sender<Job>),
    Line(Arc<Entrance>),
}

struct Inner {
    reads: Sink,
    writes: Sink,
    shared: Arc<Shared>,
    /// Kept so that dropping the last handle joins the sealer after its last pass.
    _sealer: Option<crate::postgres::Sealer>,
}

/// A handle to the store; cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

impl Db {
    /// Opens the database and runs what migrations wait.
    ///
    /// # Errors
    /// `database.newer`, or a fault when it cannot be reached.
    pub fn open(location: Location, keys: Keys, source: Source) -> Result<Self, Stop> {
        migrate(&mut location.connect(false)?)?;
        Self::open_as_is(location, keys, source)
    }

    /// Opens the database without migrating.
    ///
    /// # Errors
    /// A fault when it cannot be reached.
    pub fn open_as_is(location: Location, keys: Keys, source: Source) -> Result<Self, Stop> {
        let keys = std::sync::RwLock::new(Arc::new(keys));
        let (watch, lane) = (Watch::new(), std::sync::Mutex::default());
        let counts = Counts::default();
        let shared = Arc::new(Shared { keys, source, location, watch, lane, counts });
        let (reads, writes, sealer) = match shared.location {
            Location::File(_) => {
                let (reads, writes) = crate::sqlite::start(&shared)?;
                (Sink::Line(Arc::new(reads)), Sink::Writer(writes), None)
            }
            Location::Url(_) => {
                let line = Arc::new(crate::postgres::start(&shared)?);
                (
                    Sink::Line(Arc::clone(&line)),
                    Sink::Line(line),
                    Some(crate::postgres::Sealer::start(&shared)?),
                )
            }
        };
        Ok(Self(Arc::new(Inner { reads, writes, shared, _sealer: sealer })))
    }

    /// Names of migrations that wait.
    ///
    /// # Errors
    /// `database.newer`, or a fault.
    pub fn pending(&self) -> Result<Vec<String>, Stop> {
        pending(&mut self.0.shared.location.connect(false)?)
    }

    /// The keys in use.
    pub fn keys(&self) -> Arc<Keys> {
        self.0.shared.keys()
    }

    /// Puts rotated keys into use for every later call.
    pub fn use_keys(&self, keys: Keys) {
        let mut place = self.0.shared.keys.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        *place = Arc::new(keys);
    }

    /// The clock and randomness that it was opened with.
    pub fn source(&self) -> &Source {
        &self.0.shared.source
    }

    /// Where the rows are.
    pub fn location(&self) -> &Location {
        &self.0.shared.location
    }

    /// What was asked of the database so far.
    pub fn sent(&self) -> Sent {
        self.0.shared.counts.read()
    }

    /// A count without a thread hop: while it stays the same, no write generation that was read after it has changed.
    /// Writes of this process count before they are acknowledged, those of others within a quarter of a second.
    pub fn epoch(&self) -> u64 {
        self.0.shared.watch.epoch(&self.0.shared.location)
    }

    /// Reads one snapshot on a reader thread.
    ///
    /// # Errors
    /// What the closure returns, or [`Stop::Busy`] after two seconds' wait.
    pub async fn read<T, F>(&self, within: In, work: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, Stop> + Send + 'static,
    {
        unbox(send(&self.0.reads, within, work, How::Reads).await.map_err(|_| gone())?)
    }

    /// Writes in one transaction; `work` may run again and must not change anything outside.
    ///
    /// # Errors
    /// What the closure returns (nothing of it is kept then), or [`Stop::Busy`].
    pub async fn write<T, F>(&self, within: In, work: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, Stop> + Send + 'static,
    {
        let name = crate::idempotency::under_way();
        let marked = move |tx: &mut Tx<'_>| {
            let value = work(tx)?;
            name.iter().try_for_each(|name| crate::idempotency::mark(tx, name))?;
            Ok(value)
        };
        unbox(send(&self.0.writes, within, marked, How::Writes).await.map_err(|_| gone())?)
    }

    /// As [`Db::write`], without waiting: for traces of reading, which are written within a second.
    pub fn post<F>(&self, within: In, work: F)
    where
        F: Fn(&mut Tx<'_>) -> Result<(), Stop> + Send + 'static,
    {
        drop(send(&self.0.writes, within, work, How::Posts));
    }

    /// As [`Db::read`], for threads outside the server's runtime.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn read_now<T, F>(&self, within: In, work: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, Stop> + Send + 'static,
    {
        unbox(send(&self.0.reads, within, work, How::Reads).blocking_recv().map_err(|_| gone())?)
    }

    /// As [`Db::write`], for threads outside the server's runtime.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn write_now<T, F>(&self, within: In, work: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, Stop> + Send + 'static,
    {
        unbox(send(&self.0.writes, within, work, How::Writes).blocking_recv().map_err(|_| gone())?)
    }
}

/// What a job is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// It changes nothing; PostgreSQL holds it to that, as a reader's connection does on SQLite.
    Reads,
    Writes,
    /// A trace that nobody waits for.
    Posts,
}

fn send<T, F>(sink: &Sink, within: In, work: F, how: How) -> oneshot::Receiver<Result<Boxed, Stop>>
where
    T: Send + 'static,
    F: Fn(&mut Tx<'_>) -> Result<T, Stop> + Send + 'static,
{
    let (answer, wait) = oneshot::channel();
    let work = Box::new(move |tx: &mut Tx<'_>| work(tx).map(|value| Box::new(value) as Boxed));
    let token = token_at_work();
    let job = Job { within, how, work, answer, asked: std::time::Instant::now(), token };
    match sink {
        // A closed queue drops the job and with it `answer`: the caller then sees `gone`.
        Sink::Writer(queue) => drop(queue.send(job)),
        Sink::Line(line) => line.join(job),
    }
    wait
}

fn unbox<T: 'static>(answer: Result<Boxed, Stop>) -> Result<T, Stop> {
    let value = answer?.downcast::<T>().map_err(|_| Fault::new("store", "answer of another type"))?;
    Ok(*value)
}

fn gone() -> Stop {
    Stop::Busy
}

/// What a closure left behind.
pub(crate) struct Done {
    pub value: Boxed,
    /// Whether it made cached pages old.
    pub bumped: bool,
    pub written: Vec<crate::journal::Written>,
}

/// Runs one closure in the transaction that is open on `conn`; a panic becomes a fault.
pub(crate) fn run_job<'a>(
    conn: &'a mut Conn,
    shared: &Shared,
    keys: &'a Keys,
    job: &Job,
    seed: [u8; 32],
) -> Result<Done, Stop> {
    let now = (shared.source.clock)();
    let mut tx = Tx::new(conn, keys, now, Entropy::from_seed(seed)).by(job.token);
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (job.work)(&mut tx)));
    match outcome {
        Ok(Ok(value)) => Ok(Done { value, bumped: tx.bumped(), written: tx.into_written() }),
        Ok(Err(stop)) => Err(stop),
        Err(_) => Err(Fault::new("store", "a closure panicked").into()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::county;
    use crate::journal::{self, Entry};
    use diesel::prelude::*;
    use falin_domain::journal::{Event, Reason};

    fn town() -> (Db, std::path::PathBuf) {
        use std::sync::atomic::{AtomicU64, Ordering};
        static N: AtomicU64 = AtomicU64::new(0);
        let n = N.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("falin-store-{}-{n}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        let keys = Keys::open_or_make(&dir, &mut Entropy::from_seed([3; 32])).unwrap();
        let count = Arc::new(AtomicU64::new(0));
        let random = move || {
            let mut seed = [0u8; 32];
            seed[..8].copy_from_slice(&count.fetch_add(1, Ordering::Relaxed).to_be_bytes());
            seed
        };
        let source =
            Source { clock: Arc::new(|| Instant::from_millis(1_770_000_000_000)), random: Arc::new(random) };
        (Db::open(Location::File(dir.join("falin.db")), keys, source).unwrap(), dir)
    }

    fn note(county: CountyId) -> Entry<'static> {
        Entry {
            county,
            account: None,
            event: Event::CountyCreated,
            reason: Reason::Operator,
            subject: None,
            details: serde_json::json!({}),
        }
    }

    #[test]
    fn a_refused_or_panicking_job_leaves_its_neighbours_in_peace() {
        let (db, dir) = town();
        let id = db.write_now(In::All, |tx| county::insert(tx, "620200", "嘉峪关市")).unwrap();
        let clash = db.write_now(In::All, |tx| county::insert(tx, "620200", "再来一次"));
        assert!(matches!(clash, Err(Stop::Rule(_))));
        let panic = db.write_now(In::All, |tx| -> Result<(), Stop> {
            county::insert(tx, "620921", "金塔县")?;
            panic!("on purpose")
        });
        assert!(matches!(panic, Err(Stop::Fault(_))));
        let all = db.read_now(In::All, county::all).unwrap();
        assert_eq!(all.iter().map(|c| c.id).collect::<Vec<_>>(), [id]);
        std::fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn the_journal_is_sealed_with_the_act_and_cannot_be_edited() {
        let (db, dir) = town();
        let id = db.write_now(In::All, |tx| county::insert(tx, "620200", "嘉峪关市")).unwrap();
        for _ in 0..20 {
            db.write_now(In::County(id), move |tx| tx.record(note(id))).unwrap();
        }
        let report = db.read_now(In::County(id), move |tx| journal::verify(tx, id)).unwrap();
        assert_eq!((report.sealed, report.unsealed, report.faults.len()), (20, 0, 0));
        let edit = db.write_now(In::All, |tx| {
            use crate::schema::journal_entry::dsl::*;
            Ok(diesel::update(journal_entry).set(event.eq("nothing.happened")).execute(tx.conn)?)
        });
        assert!(matches!(edit, Err(Stop::Rule(rule)) if rule == "journal.append_only"));
        std::fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn readers_cannot_write_and_generations_grow() {
        let (db, dir) = town();
        let id = db.write_now(In::All, |tx| county::insert(tx, "620200", "嘉峪关市")).unwrap();
        assert!(db.read_now(In::All, |tx| county::insert(tx, "620921", "金塔县")).is_err());
        for expected in 1..4 {
            db.write_now(In::County(id), move |tx| tx.bump(id, "worker")).unwrap();
            let now =
                db.read_now(In::County(id), move |tx| crate::generation::sum(tx, id, &["worker", "firm"]));
            assert_eq!(now.unwrap(), expected);
        }
        std::fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn the_epoch_grows_with_bumps_of_this_process_at_once_and_of_others_soon() {
        let (db, dir) = town();
        let id = db.write_now(In::All, |tx| county::insert(tx, "620200", "嘉峪关市")).unwrap();
        db.epoch();
        db.write_now(In::County(id), move |tx| tx.bump(id, "worker")).unwrap();
        let mine = db.epoch();
        assert!(mine > 1);
        let other = Db::open(db.location().clone(), Keys::open(&dir).unwrap(), db.source().clone()).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(600));
        let before = db.epoch();
        std::thread::sleep(std::time::Duration::from_millis(600));
        assert_eq!(db.epoch(), before, "nothing was written");
        other.write_now(In::County(id), move |tx| tx.bump(id, "worker")).unwrap();
        let soon = (0..40).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            db.epoch() > before
        });
        assert!(soon);
        std::fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn what_waited_too_long_is_not_written_unless_nobody_waits_for_it() {
        let (db, dir) = town();
        let id = db.write_now(In::All, |tx| county::insert(tx, "620200", "嘉峪关市")).unwrap();
        let slow = db.clone();
        let (begins, begun) = std::sync::mpsc::channel();
        let writer = std::thread::spawn(move || {
            slow.write_now(In::All, move |_| {
                let _ = begins.send(());
                std::thread::sleep(PATIENCE + Duration::from_millis(300));
                Ok(())
            })
        });
        begun.recv().unwrap();
        db.post(In::County(id), move |tx| tx.bump(id, "read"));
        let late = db.write_now(In::County(id), move |tx| tx.bump(id, "worker"));
        assert!(matches!(late, Err(Stop::Busy)));
        writer.join().unwrap().unwrap();
        // The queue is one line: whoever is answered now came after what was posted.
        db.write_now(In::All, |_| Ok(())).unwrap();
        let of = |noun: &'static str| {
            db.read_now(In::County(id), move |tx| crate::generation::sum(tx, id, &[noun])).unwrap()
        };
        assert_eq!((of("worker"), of("read")), (0, 1));
        std::fs::remove_dir_all(dir).unwrap();
    }
}
