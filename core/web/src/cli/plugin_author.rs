//! What `falin plugin` does for an author with a crate: builds its library with the author's own cargo, runs its bench.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use falin_app::plugin::{self, Files};
use falin_domain::refusal::Refusal;
use serde_json::Value;

use super::Halt;

/// What a file or a program that could not be used is told with.
pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Halt {
    move |error| Halt::Failed(format!("{}: {error}", path.display()))
}

/// The files of a folder, its crate's library built and packed among them where it has a `Cargo.toml`.
///
/// # Errors
/// `package.crate` where that makes no shared library.
/// What cargo says on the terminal ends it; otherwise as the folder's own files.
pub(super) fn files(dir: &Path) -> Result<Files, Halt> {
    let declaration = dir.join("plugin.toml");
    fs::metadata(&declaration).map_err(at(&declaration))?;
    let library = if dir.join("Cargo.toml").is_file() { Some(built(dir)?) } else { None };
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
    let done = cargo(dir).args(["test", "--quiet"]).stdout(Stdio::from(io::stderr())).status();
    let done = done.map_err(at(Path::new("cargo")))?;
    if done.success() { Ok(()) } else { Err(io::Error::other("cargo test").into()) }
}

fn cargo(dir: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(dir).stdin(Stdio::null());
    cargo
}

/// Builds the crate and reads the shared library that it makes.
fn built(dir: &Path) -> Result<Vec<u8>, Halt> {
    let words = ["build", "--release", "--lib", "--message-format=json-render-diagnostics"];
    let done = cargo(dir).args(words).stderr(Stdio::inherit()).output().map_err(at(Path::new("cargo")))?;
    if !done.status.success() {
        return Err(io::Error::other("cargo build").into());
    }
    let own = fs::canonicalize(dir.join("Cargo.toml"))?;
    let text = String::from_utf8_lossy(&done.stdout);
    let mut messages = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    // What a crate is built with makes shared libraries too, for the compiler: only the folder's own is its library.
    let library = messages.find_map(|message| {
        let made = message["reason"] == "compiler-artifact"
            && message["target"]["crate_types"].as_array()?.contains(&Value::from("cdylib"))
            && fs::canonicalize(message["manifest_path"].as_str()?).ok()? == own;
        let files = message["filenames"].as_array().filter(|_| made)?;
        files.iter().filter_map(Value::as_str).find(|name| name.ends_with(".so")).map(str::to_owned)
    });
    let library = library.ok_or_else(|| Refusal::new("package.crate"))?;
    fs::read(&library).map_err(at(Path::new(&library)))
}
