//! Telling caches that something was written: at once for this process, within a quarter of a second for others.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::conn::{Conn, Location};
use crate::stop::Stop;

/// How often the database is asked whether another process has written.
const EVERY: Duration = Duration::from_millis(250);

/// A count that grows whenever a write may have made cached pages old.
pub(crate) struct Watch {
    epoch: Arc<AtomicU64>,
    /// Started by the first who asks: commands that serve nothing watch nothing.
    others: OnceLock<Others>,
}

impl Watch {
    pub(crate) fn new() -> Self {
        Self { epoch: Arc::new(AtomicU64::new(1)), others: OnceLock::new() }
    }

    /// A transaction that bumped a write generation has been committed.
    pub(crate) fn written(&self) {
        self.epoch.fetch_add(1, Ordering::AcqRel);
    }

    /// The count; what was read from the database after it stays true while it stays the same.
    pub(crate) fn epoch(&self, location: &Location) -> u64 {
        self.others.get_or_init(|| Others::start(location.clone(), Arc::clone(&self.epoch)));
        self.epoch.load(Ordering::Acquire)
    }
}

/// The thread that looks for writes of other processes; it ends when it is dropped.
struct Others {
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Others {
    fn start(location: Location, epoch: Arc<AtomicU64>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name("falin-watch".to_owned());
        let thread = thread.spawn(move || look_on(&location, &epoch, &seen));
        Self { stop, thread: thread.ok() }
    }
}

impl Drop for Others {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

fn look_on(location: &Location, epoch: &AtomicU64, stop: &AtomicBool) {
    let (mut line, mut known) = (None, None);
    while !stop.load(Ordering::Acquire) {
        let now = look(&mut line, location);
        if let Err(stop) = &now {
            tracing::debug!(cause = %stop, "whether others wrote cannot be seen");
            line = None;
        }
        // A line that broke may have missed a write: what is unknown counts as changed.
        let now = now.ok();
        if now.is_none() || now != known {
            epoch.fetch_add(1, Ordering::AcqRel);
            known = now;
        }
        std::thread::park_timeout(EVERY);
    }
}

/// A number that is another one after every committed write.
fn look(line: &mut Option<Conn>, location: &Location) -> Result<i64, Stop> {
    #[derive(QueryableByName)]
    struct Number {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    if line.is_none() {
        let mut conn = location.connect(true)?;
        if let Conn::Postgres(c) = &mut conn {
            // Row-level security would hide the generations outside a transaction of a county.
            c.batch_execute("SELECT set_config('falin.county', 'all', false)")?;
        }
        *line = Some(conn);
    }
    let number: Number = match line {
        Some(Conn::Sqlite(c)) => {
            diesel::sql_query("SELECT data_version AS n FROM pragma_data_version").get_result(c)?
        }
        Some(Conn::Postgres(c)) => {
            diesel::sql_query("SELECT coalesce(sum(n), 0)::bigint AS n FROM write_generation")
                .get_result(c)?
        }
        None => return Err(Stop::Busy),
    };
    Ok(number.n)
}
