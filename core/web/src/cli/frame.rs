//! What every command shares: the options of the house, opening it, and how a command ends and speaks.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use falin_app::{App, Settings, Stop};
use falin_domain::refusal::Refusal;
use falin_domain::time::{Date, Instant};
use serde::Serialize;

use crate::look::{Lang, Look};
use crate::{lang, problem};

/// Options of every command.
#[derive(Args, Clone, Debug)]
pub struct House {
    /// Data directory
    #[arg(long, global = true, value_name = "DIR", default_value = "./falin-data")]
    pub data: PathBuf,
    /// PostgreSQL (postgres://…) in place of SQLite in the data directory
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<String>,
    /// File with options in TOML
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// zh or en; otherwise as the terminal's locale says
    #[arg(long, global = true, value_name = "LANG", value_parser = parse_lang)]
    pub lang: Option<Lang>,
    /// What goes to the log on stderr, such as info or falin::request=off,info
    #[arg(long, global = true, value_name = "FILTER", default_value = "info")]
    pub log: String,
    /// One JSON document on stdout and nothing else
    #[arg(long, global = true)]
    pub json: bool,
    /// Where the clock starts, RFC 3339; in demo and development only
    #[arg(long, global = true, value_name = "TIME", hide = true, value_parser = parse_time)]
    pub now: Option<Instant>,
}

fn parse_lang(text: &str) -> Result<Lang, String> {
    Lang::parse(text).ok_or_else(|| "zh or en".to_owned())
}

fn parse_time(text: &str) -> Result<Instant, String> {
    text.parse().map_err(|_| "a time such as 2026-03-01T08:00:00+08:00".to_owned())
}

/// How a command ended, where it did not stop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Exit 0.
    Done,
    /// Exit 1: told already, such as findings of severity error.
    Refused,
}

/// Why a command stopped.
#[derive(Debug)]
pub enum Halt {
    /// The use case said no, or broke: exit 1.
    Stop(Stop),
    /// The command line made no sense in this house: exit 2.
    Usage(String),
    /// A file, a socket or the terminal: exit 1.
    Failed(String),
}

/// What a command returns.
pub type Ran = Result<Outcome, Halt>;

impl From<Stop> for Halt {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Self {
        Self::Stop(refusal.into())
    }
}

impl From<io::Error> for Halt {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// One run of the program.
pub struct Frame {
    /// Options of the house.
    pub house: House,
    /// Texts and templates.
    pub look: Arc<Look>,
    /// The terminal's language.
    pub lang: Lang,
}

impl Frame {
    /// With texts loaded and the language chosen.
    ///
    /// # Errors
    /// Templates or texts that do not load, which only a county's own folder can cause.
    pub fn new(house: House) -> Result<Self, String> {
        let own = Some(house.data.join("templates")).filter(|folder| folder.is_dir());
        let look = Look::load(own).map_err(|fault| fault.to_string())?;
        let lang = house.lang.unwrap_or_else(lang::of_environment);
        Ok(Self { house, look: Arc::new(look), lang })
    }

    /// How to open the house. `demo` says whether the data is the demo's: only there, and in builds for
    /// development, may the clock start elsewhere.
    pub fn settings(&self, demo: bool) -> Settings {
        let now = self.house.now.filter(|_| demo || cfg!(debug_assertions));
        Settings { data: self.house.data.clone(), database: self.house.database.clone(), now }
    }

    /// Opens the house, making what is missing.
    ///
    /// # Errors
    /// Those of [`App::open`].
    pub fn open(&self) -> Result<App, Stop> {
        let demo = self.house.data.join("accounts.json").is_file();
        App::open(&self.settings(demo))
    }

    /// The result: with `--json` the value as the one document on stdout, else the text.
    ///
    /// # Errors
    /// Stdout is gone.
    pub fn print(&self, value: &impl Serialize, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if self.house.json {
            serde_json::to_writer(&mut out, value)?;
            return writeln!(out);
        }
        writeln!(out, "{}", text.trim_end())
    }

    /// A line for the person at the terminal, on stderr.
    pub fn note(&self, text: &str) {
        eprintln!("{text}");
    }

    /// The text of a key in the terminal's language.
    pub fn t(&self, key: &str) -> String {
        self.look.say(self.lang).t(key)
    }

    /// The text of a key with arguments.
    pub fn with(&self, key: &str, args: &[(&str, &str)]) -> String {
        self.look.say(self.lang).with(key, args)
    }

    /// Progress of long work, shown on a terminal only.
    pub fn progress(&self, what: &str) -> Progress {
        Progress { what: what.to_owned(), shown: io::stderr().is_terminal() && !self.house.json, last: None }
    }

    /// Tells why a command stopped, and chooses the exit code.
    pub fn close(&self, ran: Ran) -> ExitCode {
        match ran {
            Ok(Outcome::Done) => ExitCode::SUCCESS,
            Ok(Outcome::Refused) => ExitCode::FAILURE,
            Err(Halt::Usage(text)) => {
                self.halted("usage", &text);
                ExitCode::from(2)
            }
            Err(Halt::Failed(text)) => {
                self.halted("failed", &text);
                ExitCode::FAILURE
            }
            Err(Halt::Stop(stop)) => {
                self.refuse(&problem::of_stop(stop));
                ExitCode::FAILURE
            }
        }
    }

    /// What no refusal says: on stderr, and with `--json` as the one document on stdout too.
    fn halted(&self, code: &str, text: &str) {
        if self.house.json {
            let _ = self.print(&serde_json::json!({ "code": code, "title": text }), "");
        }
        self.note(&format!("falin: {text}"));
    }

    /// A refusal in words: on stderr, and with `--json` as a problem on stdout too.
    pub fn refuse(&self, refusal: &Refusal) {
        let said = problem::say(&self.look.say(self.lang), refusal, "");
        if self.house.json {
            let _ = self.print(&said, "");
        }
        self.note(&said.title);
        if said.detail != said.title {
            self.note(&said.detail);
        }
        for field in &said.fields {
            let line = field.spot.as_ref().and_then(|spot| spot.line);
            let line = line.map(|line| format!(":{line}")).unwrap_or_default();
            self.note(&format!("  {}{line}: {}", field.name, field.detail));
        }
    }
}

/// A date as it is typed.
pub(super) fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "a date such as 2026-03-01".to_owned())
}

/// A line on the terminal that is written over as work goes on; gone when dropped.
pub struct Progress {
    what: String,
    shown: bool,
    last: Option<u64>,
}

impl Progress {
    /// So many pieces, of which nobody knows how many there are.
    pub fn count(&mut self, done: u64) {
        if self.shown && self.last != Some(done) {
            self.last = Some(done);
            eprint!("\r\x1b[K{} {done}", self.what);
            let _ = io::stderr().flush();
        }
    }

    /// `done` of `total` pieces.
    pub fn at(&mut self, done: u64, total: u64) {
        let percent = (done * 100).checked_div(total).unwrap_or(0).min(100);
        if !self.shown || self.last == Some(percent) {
            return;
        }
        self.last = Some(percent);
        let filled = (percent / 5) as usize;
        let bar = format!("{}{}", "█".repeat(filled), "░".repeat(20 - filled));
        eprint!("\r\x1b[K{} {bar} {percent:3}%", self.what);
        let _ = io::stderr().flush();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.last.is_some() {
            eprint!("\r\x1b[K");
        }
    }
}
