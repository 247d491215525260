//! Opening the house: data directory, keys, database, clock.

use std::future::Future;
use std::path::PathBuf;

use falin_domain::refusal::Refusal;
use falin_domain::time::{Date, Instant};
use falin_domain::workflow;
use falin_store::conn::Location;
use falin_store::{Db, Entropy, In, Keys, flow};

use crate::casework::Flows;
use crate::clock;
use crate::plugin::{self, Plugins};
use crate::{Fault, Stop};

/// Where the data is and where the clock starts.
#[derive(Clone)]
pub struct Settings {
    /// Data directory: database file, keys, TLS.
    pub data: PathBuf,
    /// `postgres://…`; None for SQLite in the data directory.
    pub database: Option<String>,
    /// Start of the clock, in demo and development only.
    pub now: Option<Instant>,
}

/// Everything that a use case needs. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The store.
    pub db: Db,
    /// Data directory.
    pub data: PathBuf,
    /// Counties as cached pages see them.
    pub(crate) stamps: std::sync::Arc<crate::public::Stamps>,
    /// What the public directory can be narrowed by.
    pub(crate) choices: std::sync::Arc<crate::public::KnownChoices>,
    /// The flows of cases.
    pub flows: Flows,
    /// Plugins: whether they are on, and their workers.
    pub plugins: Plugins,
}

impl Settings {
    /// The database file or URL.
    pub fn location(&self) -> Location {
        match &self.database {
            Some(url) => Location::parse(url),
            None => Location::File(self.data.join("falin.db")),
        }
    }
}

impl App {
    /// Opens the house, making data directory, key and schema where they are missing.
    ///
    /// # Errors
    /// `key.missing` where a database with content has lost its key, `database.newer`, or a fault.
    pub fn open(settings: &Settings) -> Result<Self, Stop> {
        std::fs::create_dir_all(&settings.data).map_err(|e| Fault::new("data", e.to_string()))?;
        let source = clock::source(settings.now);
        let mut entropy = Entropy::from_seed((source.random)());
        let location = settings.location();
        let keys = match Keys::open(&settings.data) {
            Ok(keys) => keys,
            Err(_) if has_content(&location)? => return Err(Refusal::new("key.missing").into()),
            Err(_) => Keys::open_or_make(&settings.data, &mut entropy)?,
        };
        let db = Db::open(location, keys, source)?;
        let app = Self::over(db, settings.data.clone());
        apart(|| {
            keep_flows(&app.db)?;
            plugin::load(&app)
        })?;
        Ok(app)
    }

    /// The house over a store that is open already.
    pub fn over(db: Db, data: PathBuf) -> Self {
        Self {
            db,
            data,
            stamps: std::sync::Arc::default(),
            choices: std::sync::Arc::default(),
            flows: Flows::default(),
            plugins: Plugins::default(),
        }
    }

    /// Now, by the house's clock.
    pub fn now(&self) -> Instant {
        (self.db.source().clock)()
    }

    /// Today in China.
    pub fn today(&self) -> Date {
        self.now().date()
    }

    /// A stream of random bytes.
    pub fn entropy(&self) -> Entropy {
        Entropy::from_seed((self.db.source().random)())
    }

    /// Runs a use case to its end on this thread, for the command line.
    ///
    /// # Errors
    /// What the use case returns.
    pub fn wait<T>(&self, work: impl Future<Output = Result<T, Stop>>) -> Result<T, Stop> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.map_err(|e| Fault::new("runtime", e.to_string()))?.block_on(work)
    }
}

/// True where the schema is there already: its sealed fields need the key that made them.
fn has_content(location: &Location) -> Result<bool, Stop> {
    match location {
        Location::File(path) if !path.exists() => Ok(false),
        Location::File(_) | Location::Url(_) => falin_store::conn::is_migrated(&mut location.connect(false)?),
    }
}

/// Names of migrations that wait, without running them or making anything.
///
/// # Errors
/// `database.newer` where a later release wrote the schema.
pub fn pending(settings: &Settings) -> Result<Vec<String>, Stop> {
    match settings.location() {
        Location::File(path) if !path.exists() => Ok(falin_store::conn::of_sqlite()?),
        location => falin_store::conn::pending(&mut location.connect(false)?),
    }
}

/// Runs what migrations wait and returns their names.
///
/// # Errors
/// `database.newer`, or the database's own.
pub fn migrate(settings: &Settings) -> Result<Vec<String>, Stop> {
    let waiting = pending(settings)?;
    App::open(settings)?;
    Ok(waiting)
}

/// Does on a thread of its own what waits for the store: a house may be opened from within a runtime, whose threads
/// must not wait.
fn apart(work: impl FnOnce() -> Result<(), Stop> + Send) -> Result<(), Stop> {
    let lost = |_| Stop::from(Fault::new("open", "the thread that reads the flows ended"));
    std::thread::scope(|scope| scope.spawn(work).join().map_err(lost)?)
}

/// Tells the database the states and moves of the core's flows, where this release has others than the last one.
fn keep_flows(db: &Db) -> Result<(), Stop> {
    let known = db.read_now(In::All, |tx| {
        let mut same = true;
        for flow in workflow::core() {
            same &= flow::kept(tx, &flow.id, flow.version)?.as_ref() == Some(flow);
        }
        Ok(same)
    })?;
    if known {
        return Ok(());
    }
    db.write_now(In::All, |tx| {
        for flow in workflow::core() {
            flow::keep(tx, flow)?;
        }
        Ok(())
    })
}
