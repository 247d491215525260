//! One private PostgreSQL per test run, from the installed programs, gone with the run.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use diesel::{Connection, PgConnection, RunQueryDsl, sql_query};

use super::watchdog;

/// A cluster that listens on a socket in its own directory.
pub struct Cluster {
    socket: PathBuf,
    account: Account,
    durable: bool,
    postmaster: Mutex<Child>,
}

/// The newest installed PostgreSQL's program directory.
pub fn installed() -> Option<&'static Path> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    FOUND.get_or_init(find).as_deref()
}

fn find() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions.map(|entry| entry.path().join("bin")).max_by_key(|bin| version_of(bin));
    let on_path = std::env::var("PATH").unwrap_or_default();
    let elsewhere = on_path.split(':').map(PathBuf::from).collect::<Vec<_>>();
    debian
        .into_iter()
        .chain(elsewhere)
        .find(|bin| bin.join("initdb").exists() && bin.join("postgres").exists())
}

fn version_of(bin: &Path) -> u32 {
    let name = bin.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    name.and_then(|name| name.parse().ok()).unwrap_or(0)
}

/// The run's cluster, started by the first test that asks. Does not survive a power cut: `fsync` is off.
pub fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| Cluster::start(false))
}

impl Cluster {
    /// A cluster of its own; `durable` leaves every safeguard of PostgreSQL on, for durability tests.
    #[allow(clippy::zombie_processes, reason = "it lives as long as the run")]
    pub fn start(durable: bool) -> Self {
        let bin = installed().expect("no PostgreSQL is installed");
        let home = watchdog::fresh_directory();
        let account = Account::of(&home);
        let data = home.join("data");
        let init = account
            .command(&bin.join("initdb"), &home)
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C",
                "--pgdata",
            ])
            .arg(&data)
            .status()
            .unwrap();
        assert!(init.success(), "initdb failed, see {}", home.join("log").display());
        let postmaster = Mutex::new(run(&account, &home, durable));
        let cluster = Self { socket: home, account, durable, postmaster };
        cluster.wait_until_ready();
        cluster.command("CREATE ROLE falin LOGIN");
        cluster
    }

    /// Ends it at once, as a power cut would: SIGQUIT, connections broken, nothing written any more.
    pub fn cut(&self) {
        let mut postmaster = self.postmaster.lock().unwrap();
        Command::new("kill").args(["-s", "QUIT", &postmaster.id().to_string()]).status().unwrap();
        postmaster.wait().unwrap();
        watchdog::release(postmaster.id());
    }

    /// Starts it again on what is there.
    pub fn start_again(&self) {
        *self.postmaster.lock().unwrap() = run(&self.account, &self.socket, self.durable);
        self.wait_until_ready();
    }

    /// Breaks every connection to this database, and leaves the cluster running.
    pub fn break_lines(&self, url: &str) {
        let name = url.rsplit('/').next().unwrap_or_default();
        self.command(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        ));
    }

    /// Creates a database, empty or as a copy of `template` (to which nobody may be connected).
    pub fn create(&self, template: Option<&str>) -> String {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("town_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let source = template.map(|url| url.rsplit('/').next().unwrap_or_default());
        let source = source.map(|source| format!(" TEMPLATE {source}")).unwrap_or_default();
        self.command(&format!("CREATE DATABASE {name} OWNER falin{source}"));
        self.url("falin", &name)
    }

    /// Executes a statement as the cluster's superuser, which no county's server is: row-level security binds
    /// everybody but him.
    fn command(&self, statement: &str) {
        let mut connection = PgConnection::establish(&self.url("postgres", "postgres")).unwrap();
        sql_query(statement).execute(&mut connection).unwrap();
    }

    fn url(&self, account: &str, database: &str) -> String {
        let host = self.socket.to_str().unwrap().replace('/', "%2F");
        format!("postgres://{account}@{host}/{database}")
    }

    fn wait_until_ready(&self) {
        let started = Instant::now();
        while let Err(error) = PgConnection::establish(&self.url("postgres", "postgres")) {
            assert!(started.elapsed() < Duration::from_secs(30), "PostgreSQL does not start: {error}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Starts the database on its directory.
fn run(account: &Account, home: &Path, durable: bool) -> Child {
    let settings = ["listen_addresses=", "max_connections=300", "shared_buffers=64MB"];
    // A test is over before a vacuum would do anything; in a long drill the database keeps house as a county's does.
    let long = std::env::var("FALIN_DRILL").is_ok_and(|form| form == "long");
    let house = if long { "autovacuum=on" } else { "autovacuum=off" };
    let hasty = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", house];
    let program = installed().expect("no PostgreSQL is installed").join("postgres");
    let mut command = account.command(&program, home);
    command.arg("-D").arg(home.join("data")).arg("-k").arg(home);
    for setting in settings.iter().chain(hasty.iter().filter(|_| !durable)) {
        command.args(["-c", setting]);
    }
    let postmaster = command.spawn().unwrap();
    watchdog::watch("QUIT", postmaster.id());
    postmaster
}

/// The account that runs the database: PostgreSQL refuses to run as root.
struct Account(Option<(u32, u32)>);

impl Account {
    /// Who owns `home` if it can be so; else hands `home` to the account `postgres`.
    fn of(home: &Path) -> Self {
        use std::os::unix::fs::MetadataExt;
        if std::fs::metadata(home).unwrap().uid() != 0 {
            return Self(None);
        }
        let accounts = std::fs::read_to_string("/etc/passwd").unwrap();
        let line = accounts.lines().find(|line| line.starts_with("postgres:"));
        let fields: Vec<_> = line.expect("root needs an account `postgres`").split(':').collect();
        let (uid, gid) = (fields[2].parse().unwrap(), fields[3].parse().unwrap());
        std::os::unix::fs::chown(home, Some(uid), Some(gid)).unwrap();
        Self(Some((uid, gid)))
    }

    fn command(&self, program: &Path, home: &Path) -> Command {
        let log = File::options().create(true).append(true).open(home.join("log")).unwrap();
        let mut command = Command::new(program);
        command.current_dir(home).process_group(0).stdin(Stdio::null());
        command.stdout(log.try_clone().unwrap()).stderr(log);
        if let Some((uid, gid)) = self.0 {
            command.uid(uid).gid(gid);
        }
        command
    }
}
