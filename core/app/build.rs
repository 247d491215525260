//! Lists the plugins that the program carries for its sample counties, every folder beside the core that declares one,
//! and the SDK that it gives to authors.
//! The one that brings a library, to crash on purpose, is compiled here with the compiler that compiles the house.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../plugins");
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut plugins: Vec<PathBuf> = fs::read_dir(&folder)?.flatten().map(|entry| entry.path()).collect();
    plugins.retain(|place| place.join("plugin.toml").is_file() && !place.join("src").is_dir());
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
        below(&place, "papers", &mut files)?;
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
    fs::write(out.join("plugins.rs"), list)?;
    sdk(&folder, &out)?;
    crash_test(&folder, &out)
}

/// What an author's crate is built with: the crates, and which releases of what they need, the house's own, which whoever
/// built the house has at hand.
fn sdk(folder: &Path, out: &Path) -> io::Result<()> {
    let lock = folder.join("../Cargo.lock");
    println!("cargo:rerun-if-changed={}", lock.display());
    fs::write(out.join("sdk.lock"), part_of_lock(&fs::read_to_string(lock)?, &["serde", "serde_json"]))?;
    let mut files = vec!["abi/Cargo.toml".to_owned(), "sdk/Cargo.toml".to_owned()];
    for path in ["abi/src", "abi/include", "abi/schemas", "sdk/src"] {
        below(folder, path, &mut files)?;
    }
    let whole = files.into_iter().map(|file| Ok((file.clone(), folder.join(&file).canonicalize()?)));
    fs::write(out.join("sdk.rs"), listed(&whole.collect::<io::Result<Vec<_>>>()?)?)
}

/// The packages of a lock file that these need, one after the other as they stand.
fn part_of_lock(whole: &str, roots: &[&str]) -> String {
    let mut parts = whole.split("[[package]]");
    let head = parts.next().unwrap_or_default();
    let name = |part: &str| part.lines().find_map(|line| line.strip_prefix("name = ")).map(str::to_owned);
    let parts: Vec<(String, &str)> =
        parts.filter_map(|part| Some((name(part)?.replace('"', ""), part))).collect();
    let mut wanted: BTreeSet<String> = roots.iter().map(|root| (*root).to_owned()).collect();
    loop {
        let own = parts.iter().filter(|(name, _)| wanted.contains(name));
        let needs = own.flat_map(|(_, part)| part.lines().filter_map(|line| line.strip_prefix(" \"")));
        let needs: Vec<String> =
            needs.filter_map(|need| need.split([' ', '"']).next()).map(str::to_owned).collect();
        let before = wanted.len();
        wanted.extend(needs);
        if wanted.len() == before {
            break;
        }
    }
    let kept = parts.iter().filter(|(name, _)| wanted.contains(name));
    kept.fold(head.to_owned(), |text, (_, part)| text + "[[package]]" + part)
}

/// The files by the path under which they are known, as Rust writes a slice of their bytes.
fn listed(files: &[(String, PathBuf)]) -> io::Result<String> {
    let mut list = String::from("&[\n");
    for (file, whole) in files {
        let line = writeln!(list, "    ({file:?}, include_bytes!({:?})),", whole.display().to_string());
        line.map_err(io::Error::other)?;
    }
    list.push_str("]\n");
    Ok(list)
}

/// The files of the workflow that crashes on purpose. Where its library cannot be compiled for the target, such as one
/// that has no shared libraries, the house goes without.
fn crash_test(folder: &Path, out: &Path) -> io::Result<()> {
    let place = folder.join("crash-test");
    let library = out.join("crash-test.so");
    let (abi, source) = (folder.join("abi/src/lib.rs"), place.join("src/lib.rs"));
    let rlib = out.join("libfalin_abi.rlib");
    let found = compiled(&abi, "falin_abi", "rlib", &rlib, &[])
        && compiled(&source, "crash_test", "cdylib", &library, &[format!("falin_abi={}", rlib.display())]);
    let triple = env::var("TARGET").unwrap_or_default();
    let mut files = vec!["plugin.toml".to_owned()];
    below(&place, "templates", &mut files)?;
    let mut whole: Vec<(String, PathBuf)> = Vec::new();
    for file in files {
        whole.push((file.clone(), place.join(&file).canonicalize()?));
    }
    whole.push((format!("lib/{triple}/crash-test.so"), library));
    whole.retain(|_| found);
    fs::write(out.join("crash_test.rs"), listed(&whole)?)
}

/// Compiles one file; false, with a warning, where that cannot be done.
fn compiled(source: &Path, name: &str, kind: &str, out: &Path, needs: &[String]) -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command.args(["--edition", "2024", "--crate-type", kind, "--crate-name", name, "-o"]).arg(out);
    command.args(["-C", "opt-level=s", "-C", "panic=abort", "-C", "strip=symbols", "--cap-lints", "allow"]);
    if let Some(target) = env::var_os("TARGET") {
        command.arg("--target").arg(target);
    }
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        let mut flag = std::ffi::OsString::from("linker=");
        flag.push(linker);
        command.arg("-C").arg(flag);
    }
    for one in needs {
        command.args(["--extern", one]);
    }
    let done = command.arg(source).status().is_ok_and(|status| status.success());
    if !done {
        println!("cargo:warning=the workflow that crashes on purpose was not compiled for this target");
    }
    done
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
