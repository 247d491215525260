//! The command line: one file a command; what they share is the frame.

mod audit;
mod backup;
mod demo;
mod deputy;
mod doctor;
mod export;
mod frame;
mod handover;
mod household;
mod import;
mod import_undo;
mod init;
mod key;
mod migrate;
mod pair;
mod place;
mod plugin;
mod plugin_author;
mod plugin_import;
mod serve;
mod stats;
mod table;
mod token;
mod user;
mod workflow;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use tracing::Level;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::prelude::*;
use tracing_subscriber::{EnvFilter, Layer};

pub use frame::{Frame, Halt, House, Outcome, Progress, Ran};

use crate::config;

/// 法邻: public legal service, village by village.
#[derive(Parser)]
#[command(name = "falin", version, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    house: House,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// A whole sample county, loaded and served, accounts printed
    Demo(demo::Demo),
    /// Serves a county's data
    Serve(serve::Serve),
    /// Makes data directory, keys, database and, where asked, a county and certificates
    Init(init::Init),
    /// Imports rosters, or takes an import back
    Import(import::Import),
    /// Writes a list of the county to a file
    Export(export::Export),
    /// Plans who looks after whom, puts a plan into effect, takes it back
    Pair(pair::Pair),
    /// Hands over what a leaver leaves
    Handover(handover::Handover),
    /// Who stands in for whom, and when
    Deputy(deputy::Deputy),
    /// Erasure: households that are only stored, and their destruction
    Household(household::Household),
    /// Brings the schema up to date
    Migrate(migrate::Migrate),
    /// Says in plain words what is wrong and what to do
    Doctor(doctor::Doctor),
    /// Writes a backup and reads it again
    Backup(backup::Backup),
    /// Restores a backup into an empty database, or rehearses it
    Restore(backup::Restore),
    /// Copies everything into an empty database of either kind
    Copy(backup::Copy),
    /// The sealing key: for the safe, and against its age
    Key(key::Key),
    /// The journal: verified, anchored, exported
    Audit(audit::Audit),
    /// Figures by place and period, and proof that they add up
    Stats(stats::Stats),
    /// County workflows: made, packed, signed, installed, granted, put in use
    Plugin(plugin::Plugin),
    /// Flows: proved and drawn
    Workflow(workflow::Workflow),
    /// Accounts: make, list, give roles, disable
    User(user::User),
    /// Tokens of programs
    Token(token::Tokens),
}

impl Command {
    fn run(self, frame: &Frame) -> Ran {
        match self {
            Self::Demo(demo) => demo.run(frame),
            Self::Serve(serve) => serve.run(frame),
            Self::Init(init) => init.run(frame),
            Self::Import(import) => import.run(frame),
            Self::Export(export) => export.run(frame),
            Self::Pair(pair) => pair.run(frame),
            Self::Handover(handover) => handover.run(frame),
            Self::Deputy(deputy) => deputy.run(frame),
            Self::Household(household) => household.run(frame),
            Self::Migrate(migrate) => migrate.run(frame),
            Self::Doctor(doctor) => doctor.run(frame),
            Self::Backup(backup) => backup.run(frame),
            Self::Restore(restore) => restore.run(frame),
            Self::Copy(copy) => copy.run(frame),
            Self::Key(key) => key.run(frame),
            Self::Audit(audit) => audit.run(frame),
            Self::Stats(stats) => stats.run(frame),
            Self::Plugin(plugin) => plugin.run(frame),
            Self::Workflow(workflow) => workflow.run(frame),
            Self::User(user) => user.run(frame),
            Self::Token(token) => token.run(frame),
        }
    }
}

/// Does a child's work and returns its exit code, where this process was started as one (hidden subcommands).
pub fn run_if_child() -> Option<ExitCode> {
    falin_app::work_for_plugin_if_worker().or_else(falin_app::read_roster_if_child)
}

/// Runs the program: exit 0 done, 1 refused or findings of severity error, 2 wrong usage.
pub fn main() -> ExitCode {
    falin_app::keep_memory_together();
    let args: Vec<OsString> = std::env::args_os().collect();
    run(&args)
}

fn run(args: &[OsString]) -> ExitCode {
    let command = match config::prepared(Cli::command(), args) {
        Ok(command) => command,
        Err(fault) => {
            eprintln!("falin: {fault}");
            return ExitCode::from(2);
        }
    };
    let parsed = command.try_get_matches_from(args).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(told) => {
            let _ = told.print();
            return ExitCode::from(if told.use_stderr() { 2 } else { 0 });
        }
    };
    start_log(&cli.house.log);
    let frame = match Frame::new(cli.house) {
        Ok(frame) => frame,
        Err(fault) => {
            eprintln!("falin: {fault}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = cli.command.run(&frame);
    frame.close(outcome)
}

/// Logs go to stderr. Other people's crates are never let talk below info, whatever is asked for: they know nothing of
/// what must not be in a log, and print what they carry (trust.md "Sensitive fields"). A panic tells where, never what: its message may hold what somebody typed.
fn start_log(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let own = filter_fn(|what| what.target().starts_with("falin") || *what.level() <= Level::INFO);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    let _ = tracing_subscriber::registry().with(filter).with(lines.with_filter(own)).try_init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
