//! A county to test in: the built binary on a private database, and everybody's acts as methods.
//!
//! Knows the command line, HTTP and the two databases. Knows none of the product's types or queries.

pub mod backend;
pub mod client;
pub mod command;
pub mod county;
pub mod gateway;
pub mod page;
pub mod postgres;
pub mod rosters;
pub mod server;
pub mod sql;
pub mod watchdog;

use std::path::{Path, PathBuf};

pub use backend::Backend;
pub(crate) use backend::on_both;
pub use client::{Answer, Client, encode};
pub use command::Output;

use server::Server;

/// The longest that a demo of an unoptimised build may take until it is served.
const DEMO: std::time::Duration = std::time::Duration::from_secs(240);

/// One county of its own: a data directory, a database, and a server once asked for.
pub struct Town {
    /// Which database it stands on.
    pub backend: Backend,
    data: PathBuf,
    database: Option<String>,
    server: Option<Server>,
}

impl Town {
    /// An empty data directory and an empty database: nothing initialised yet.
    pub fn empty(backend: Backend) -> Self {
        let data = watchdog::fresh_directory();
        let database = match backend {
            Backend::Sqlite => None,
            Backend::Postgres => Some(postgres::cluster().create(None)),
        };
        Self { backend, data, database, server: None }
    }

    /// The prepared county of [`county`], cloned for this test alone.
    pub fn prepared(backend: Backend) -> Self {
        county::prepared(backend).clone_town()
    }

    /// The prepared county with its server running.
    pub fn start(backend: Backend) -> Self {
        let mut town = Self::prepared(backend);
        town.serve();
        town
    }

    /// The sample counties as `falin demo` loads and serves them.
    pub fn demo() -> Self {
        let data = watchdog::fresh_directory();
        let mut command = command::falin(&data, None);
        command.args(["demo", "--listen", "127.0.0.1:0", "--flood", "0"]);
        let server = Some(Server::spawn_within(command, DEMO));
        Self { backend: Backend::Sqlite, data, database: None, server }
    }

    /// Starts the server of this county; a second call does nothing.
    pub fn serve(&mut self) -> &Server {
        self.serve_with(&[])
    }

    /// The same with further options.
    pub fn serve_with(&mut self, words: &[&str]) -> &Server {
        if self.server.is_none() {
            self.server = Some(Server::start(&self.data, self.database.as_deref(), words));
        }
        self.server()
    }

    /// Starts the server so that a drill may fill its disk: see [`Server::allow`].
    pub fn serve_on_little_disk(&mut self) -> &Server {
        let mut command = command::falin_on_little_disk(&self.data, self.database.as_deref());
        command.args(["serve", "--listen", "127.0.0.1:0", "--flood", "0"]);
        self.server = Some(Server::spawn(command));
        self.server()
    }

    /// The running server.
    pub fn server(&self) -> &Server {
        self.server.as_ref().expect("this town's server has not been started")
    }

    /// Stops the server in order, as an administrator does.
    pub fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.stop();
        }
    }

    /// Lets go of a server that the test has killed.
    pub fn forget_killed(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.reap();
        }
    }

    /// Runs one `falin` command on this county's data.
    pub fn falin<S: AsRef<str>>(&self, words: &[S]) -> Output {
        command::run(&self.data, self.database.as_deref(), words, "")
    }

    /// Starts a command that the drill kills after `alive`, wherever it is then.
    pub fn falin_killed(&self, words: &[&str], alive: std::time::Duration) {
        let mut child = command::falin(&self.data, self.database.as_deref()).args(words).spawn().unwrap();
        watchdog::watch("KILL", child.id());
        std::thread::sleep(alive);
        let _ = child.kill();
        child.wait().unwrap();
        watchdog::release(child.id());
    }

    /// The same with something to read on stdin.
    pub fn falin_typing(&self, words: &[&str], typed: &str) -> Output {
        command::run(&self.data, self.database.as_deref(), words, typed)
    }

    /// Somebody without an account, as a browser.
    pub fn visitor(&self) -> Client {
        Client::new(&self.server().address)
    }

    /// A program acting for the account of a role, with a token.
    pub fn program(&self, role: &str) -> Client {
        self.visitor().with_token(&county::token(self, role))
    }

    /// Moves this county to another PostgreSQL database, which is empty; its server must not be running.
    pub fn move_to(&mut self, url: &str) {
        self.falin(&["copy", "--to", url]).ok();
        self.database = Some(url.to_owned());
    }

    /// The data directory.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The PostgreSQL address, where the county stands on one.
    pub fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// What a server does by itself every hour, done now.
    pub fn hourly(&self) {
        let settings =
            falin_app::Settings { data: self.data.clone(), database: self.database.clone(), now: None };
        let app = falin_app::App::open(&settings).unwrap();
        app.wait(falin_app::rounds::hourly(&app)).unwrap();
    }

    /// Writes a file that a command will read, and gives its path.
    pub fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = watchdog::fresh_directory().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }
}
