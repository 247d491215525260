//! Counts of what a process has asked of its database.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use diesel::connection::{Connection, InstrumentationEvent};

use crate::conn::Conn;

/// What a process has asked of its database.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sent {
    /// Statements of reads and writes, with those that begin and end them.
    pub statements: u64,
    /// Transactions that PostgreSQL could not bring into one order with others beside them, each done anew or, after some
    /// seconds, given up; SQLite has none.
    pub turned_away: u64,
}

/// The same while it grows.
#[derive(Default)]
pub(crate) struct Counts {
    statements: Arc<AtomicU64>,
    turned_away: AtomicU64,
}

impl Counts {
    /// Counts the statements of a connection from now on.
    pub fn follow(&self, conn: &mut Conn) {
        let statements = Arc::clone(&self.statements);
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::StartQuery { .. }) {
                statements.fetch_add(1, Ordering::Relaxed);
            }
        });
    }

    /// A transaction was turned away.
    pub fn turned_away(&self) {
        self.turned_away.fetch_add(1, Ordering::Relaxed);
    }

    /// As they stand.
    pub fn read(&self) -> Sent {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Sent { statements: read(&self.statements), turned_away: read(&self.turned_away) }
    }
}
