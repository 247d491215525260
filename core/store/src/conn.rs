//! One connection type over both databases, and how each is opened and migrated.

use std::path::PathBuf;

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::stop::{Fault, Stop};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// A connection to either database; queries are written once.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// The embedded default.
    Sqlite(diesel::SqliteConnection),
    /// What a county moves to when one machine is not enough.
    Postgres(diesel::PgConnection),
}

/// Runs a query on whichever database it is, prepared by its type alone. Asked through [`Conn`] itself the same query is
/// written out as text two or three times.
macro_rules! direct {
    ($conn:expr, $one:ident => $run:expr) => {
        match $conn {
            $crate::conn::Conn::Sqlite($one) => $run,
            $crate::conn::Conn::Postgres($one) => $run,
        }
    };
}
pub(crate) use direct;

/// Where the rows are.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file.
    File(PathBuf),
    /// A `postgres://` URL, which may hold a password: no Debug.
    Url(String),
}

impl Location {
    /// `postgres://…` and `postgresql://…` are URLs, anything else is a file.
    pub fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Self::Url(text.to_owned());
        }
        Self::File(PathBuf::from(text.trim_start_matches("sqlite://")))
    }

    /// Opens one connection with the pragmas or session settings of the house.
    ///
    /// # Errors
    /// A [`Fault`] when the database cannot be reached.
    pub fn connect(&self, read_only: bool) -> Result<Conn, Stop> {
        match self {
            Self::File(path) => connect_sqlite(path, read_only),
            Self::Url(url) => {
                let mut conn = diesel::PgConnection::establish(url).map_err(Fault::connect)?;
                conn.batch_execute(
                    "SET client_min_messages = warning; SET statement_timeout = '120s'; SET timezone = 'UTC'",
                )?;
                Ok(Conn::Postgres(conn))
            }
        }
    }
}

/// A schema of PostgreSQL beside the house's own, where a restore is rehearsed on the engine that it would run on.
const REHEARSAL: &str = "falin_rehearsal";

impl Location {
    /// An empty place on the same kind of database, for a rehearsal: a schema of its own on PostgreSQL, a file in
    /// `folder` on SQLite. What an earlier rehearsal left there is removed.
    ///
    /// # Errors
    /// A [`Fault`] where the account may not make schemas, or the database cannot be reached.
    pub fn rehearsal(&self, folder: &std::path::Path) -> Result<Self, Stop> {
        let Self::Url(url) = self else { return Ok(Self::File(folder.join("falin.db"))) };
        self.forget_rehearsal()?;
        if let Conn::Postgres(conn) = &mut self.connect(false)? {
            conn.batch_execute(&format!("CREATE SCHEMA {REHEARSAL}"))?;
        }
        let joint = if url.contains('?') { '&' } else { '?' };
        Ok(Self::Url(format!("{url}{joint}options=-csearch_path%3D{REHEARSAL}")))
    }

    /// Removes what [`Self::rehearsal`] made on PostgreSQL.
    ///
    /// # Errors
    /// As [`Self::rehearsal`].
    pub fn forget_rehearsal(&self) -> Result<(), Stop> {
        if let Self::Url(_) = self
            && let Conn::Postgres(conn) = &mut self.connect(false)?
        {
            conn.batch_execute(&format!("DROP SCHEMA IF EXISTS {REHEARSAL} CASCADE"))?;
        }
        Ok(())
    }
}

/// `synchronous = FULL`: NORMAL lost a third of acknowledged writes in power-cut trials (trust.md).
const PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 268435456; \
    PRAGMA cache_size = -16000; PRAGMA recursive_triggers = ON;";

fn connect_sqlite(path: &std::path::Path, read_only: bool) -> Result<Conn, Stop> {
    let text = path.to_string_lossy();
    let mut conn = diesel::SqliteConnection::establish(&text).map_err(Fault::connect)?;
    conn.batch_execute(PRAGMAS)?;
    if read_only {
        conn.batch_execute("PRAGMA query_only = ON")?;
    }
    Ok(Conn::Sqlite(conn))
}

/// Names of migrations that wait to be run.
///
/// # Errors
/// `database.newer` where the schema was written by a later release.
pub fn pending(conn: &mut Conn) -> Result<Vec<String>, Stop> {
    let known: Vec<String> = names(conn)?;
    let applied = applied(conn)?;
    if applied.iter().any(|version| !known.iter().any(|name| version_of(name) == *version)) {
        return Err(falin_domain::refusal::Refusal::new("database.newer").into());
    }
    Ok(known.into_iter().filter(|name| !applied.contains(&version_of(name))).collect())
}

/// Runs what is pending and returns the names; an older program refuses a newer schema and changes nothing.
///
/// # Errors
/// `database.newer`, or the database's own fault.
pub fn migrate(conn: &mut Conn) -> Result<Vec<String>, Stop> {
    // One at a time: a second server that starts, or what PostgreSQL still does for one that was killed, is waited for.
    // The lock ends with the connection; SQLite's own lock on the file does the same there.
    if let Conn::Postgres(c) = conn {
        c.batch_execute(&format!("SELECT pg_advisory_lock({MIGRATING})"))?;
    }
    let done = migrate_alone(conn);
    if let Conn::Postgres(c) = conn {
        c.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATING})"))?;
    }
    done
}

/// The advisory lock of whoever migrates: `falin` in ASCII.
const MIGRATING: i64 = 0x66_61_6c_69_6e;

fn migrate_alone(conn: &mut Conn) -> Result<Vec<String>, Stop> {
    let waiting = pending(conn)?;
    if waiting.is_empty() {
        return Ok(waiting);
    }
    let run = match conn {
        Conn::Sqlite(c) => c.run_pending_migrations(SQLITE).map(|_| ()),
        Conn::Postgres(c) => c.run_pending_migrations(POSTGRES).map(|_| ()),
    };
    run.map_err(|e| Fault::new("migration", e.to_string()))?;
    Ok(waiting)
}

fn names(conn: &Conn) -> Result<Vec<String>, Stop> {
    match conn {
        Conn::Sqlite(_) => of_sqlite(),
        Conn::Postgres(_) => named(MigrationSource::<diesel::pg::Pg>::migrations(&POSTGRES)),
    }
}

/// Names of all migrations of an embedded database, for one that is not there yet.
///
/// # Errors
/// A [`Fault`] where what is embedded cannot be read.
pub fn of_sqlite() -> Result<Vec<String>, Stop> {
    named(MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE))
}

fn named<D: diesel::backend::Backend>(
    all: diesel::migration::Result<Vec<Box<dyn diesel::migration::Migration<D>>>>,
) -> Result<Vec<String>, Stop> {
    let all = all.map_err(|e| Fault::new("migration", e.to_string()))?;
    let mut names: Vec<String> = all.iter().map(|one| one.name().to_string()).collect();
    names.sort();
    Ok(names)
}

fn applied(conn: &mut Conn) -> Result<Vec<String>, Stop> {
    let versions = match conn {
        Conn::Sqlite(c) => c.applied_migrations(),
        Conn::Postgres(c) => c.applied_migrations(),
    };
    let versions = versions.map_err(|e| Fault::new("migration", e.to_string()))?;
    Ok(versions.iter().map(|v| v.to_string()).collect())
}

/// diesel keeps the part of a migration's name before the first underscore as its version.
fn version_of(name: &str) -> String {
    name.split('_').next().unwrap_or(name).replace('-', "")
}

/// True where the schema has been made.
///
/// # Errors
/// The database's own.
pub fn is_migrated(conn: &mut Conn) -> Result<bool, Stop> {
    use diesel::sql_types::BigInt;
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    let Conn::Postgres(c) = conn else {
        let found: i64 = diesel::select(diesel::dsl::sql::<BigInt>(
            "(SELECT count(*) FROM sqlite_master WHERE name = 'county')",
        ))
        .get_result(conn)?;
        return Ok(found > 0);
    };
    let count: Count = diesel::sql_query(
        "SELECT count(*) AS n FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'county'",
    )
    .get_result(c)?;
    Ok(count.n > 0)
}

/// A byte string as a literal of the connection's dialect.
pub(crate) fn literal(conn: &Conn, bytes: &[u8]) -> String {
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    match conn {
        Conn::Sqlite(_) => format!("X'{hex}'"),
        Conn::Postgres(_) => format!("'\\x{hex}'::bytea"),
    }
}

/// Runs a statement that is the same text on both databases; returns how many rows it touched.
pub(crate) fn run(conn: &mut Conn, sql: &str) -> Result<usize, Stop> {
    let touched = match conn {
        Conn::Sqlite(c) => diesel::sql_query(sql).execute(c)?,
        Conn::Postgres(c) => diesel::sql_query(sql).execute(c)?,
    };
    Ok(touched)
}
