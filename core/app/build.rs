//! Lists the plugins that the program carries for its sample counties: every folder beside the core that declares one.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../plugins");
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut plugins: Vec<PathBuf> = fs::read_dir(&folder)?.flatten().map(|entry| entry.path()).collect();
    plugins.retain(|place| place.join("plugin.toml").is_file());
    plugins.sort();
    let mut list = String::from("&[\n");
    for place in plugins {
        let mut files = Vec::new();
        for name in ["plugin.toml", "demo.toml"] {
            if place.join(name).is_file() {
                files.push(name.to_owned());
            }
        }
        below(&place, "templates", &mut files)?;
        let name = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for file in files {
            let whole = place.join(&file).canonicalize()?;
            let line = writeln!(
                list,
                "    ({name:?}, {file:?}, include_bytes!({:?})),",
                whole.display().to_string()
            );
            line.map_err(io::Error::other)?;
        }
    }
    list.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("plugins.rs"), list)
}

/// Files below a folder of the plugin, in order.
fn below(place: &Path, path: &str, files: &mut Vec<String>) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(place.join(path)) else { return Ok(()) };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = format!("{path}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            below(place, &path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
