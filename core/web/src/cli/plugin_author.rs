//! What `falin plugin` does for an author with a crate: builds its library with the author's own cargo, runs its bench.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use falin_app::plugin::{self, Files};
use serde_json::Value;

use super::Halt;

/// The files of a folder, its crate's library built and packed among them where it has a `Cargo.toml`.
///
/// # Errors
/// What cargo says on the terminal ends it; otherwise as the folder's own files.
pub(super) fn files(dir: &Path) -> Result<Files, Halt> {
    let library = if dir.join("Cargo.toml").is_file() { built(dir)? } else { None };
    let mut files = plugin::folder(dir)?;
    if let Some(bytes) = library {
        let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
        files.insert(format!("lib/{target}/plugin.so"), bytes);
    }
    Ok(files)
}

/// The bench of a folder's crate: its own tests. Nothing where there is no crate.
///
/// # Errors
/// Where a test fails, or cargo cannot be started.
pub(super) fn bench(dir: &Path) -> Result<(), Halt> {
    if !dir.join("Cargo.toml").is_file() {
        return Ok(());
    }
    // Its words go to the terminal beside ours: stdout is kept for the one answer.
    let done = cargo(dir).args(["test", "--quiet"]).stdout(Stdio::from(io::stderr())).status()?;
    if done.success() { Ok(()) } else { Err(io::Error::other("cargo test").into()) }
}

fn cargo(dir: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(dir).stdin(Stdio::null());
    cargo
}

/// Builds the crate and reads the shared library that it makes; None where it makes none.
fn built(dir: &Path) -> Result<Option<Vec<u8>>, Halt> {
    let words = ["build", "--release", "--lib", "--message-format=json-render-diagnostics"];
    let done = cargo(dir).args(words).stderr(Stdio::inherit()).output()?;
    if !done.status.success() {
        return Err(io::Error::other("cargo build").into());
    }
    let text = String::from_utf8_lossy(&done.stdout);
    let messages = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut library = None;
    for message in messages.filter(|message| message["reason"] == "compiler-artifact") {
        let files = message["filenames"].as_array().cloned().unwrap_or_default();
        let shared = files.iter().filter_map(Value::as_str).find(|name| name.ends_with(".so"));
        // The last one that is built is the folder's own.
        library = shared.map(str::to_owned).or(library);
    }
    Ok(library.map(fs::read).transpose()?)
}
