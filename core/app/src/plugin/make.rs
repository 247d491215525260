//! For authors: a publisher's key, and the folder of a new plugin that works as it is, with code of its own or without.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use falin_domain::refusal::Refusal;
use falin_domain::workflow::is_id;
use falin_host::shelf::{Files, SecretKey};

use crate::clock;
use crate::{Fault, Stop};

/// What a new plugin declares, with `ID` in place of its name and `LETTERS` of the first letters of it.
const DECLARATION: &str = include_str!("scaffold.toml");
/// The paper that it brings.
const PAPER: &str = include_str!("scaffold-paper.toml");
/// Where it has code of its own: how it is built, and what it says.
const CRATE: &str = include_str!("scaffold-cargo.toml");
const LIBRARY: &str = include_str!("scaffold-lib.rs");
/// The SDK that code is written against, by path.
const SDK: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/sdk.rs"));
/// The releases of what the SDK needs: those that the house was built with.
const LOCK: &str = include_str!(concat!(env!("OUT_DIR"), "/sdk.lock"));
/// Begins the lines of a declaration that are for plugins with code.
const WITH_CODE: &str = "#!";

/// A fresh publisher's key.
///
/// # Errors
/// `package.key_unreadable` where the name will not do.
pub fn new_key(name: &str) -> Result<SecretKey, Refusal> {
    SecretKey::from_seed(name, (clock::source(None).random)())
}

/// What a new plugin declares: its lines for plugins with code are taken in where it is one, else left out.
fn declaration(id: &str, library: bool) -> String {
    let line = |line: &str| match line.strip_prefix(WITH_CODE) {
        None => Some(format!("{line}\n")),
        Some(rest) if library => Some(format!("{}\n", rest.strip_prefix(' ').unwrap_or(rest))),
        Some(_) => None,
    };
    lettered(&DECLARATION.lines().filter_map(line).collect::<String>(), id).replace("ID", id)
}

/// With the first letters of the name in its numbers: those of two new plugins are told apart.
fn lettered(text: &str, id: &str) -> String {
    let letters: String = id.split('-').filter_map(|word| word.chars().next()).collect();
    text.replace("LETTERS", &letters.to_uppercase())
}

fn paper(id: &str) -> String {
    lettered(PAPER, id)
}

/// What a new plugin without code is packed of.
pub(crate) fn parts(id: &str) -> Files {
    let files = [("plugin.toml", declaration(id, false)), ("papers/result.toml", paper(id))];
    files.into_iter().map(|(path, text)| (path.to_owned(), text.into_bytes())).collect()
}

/// Writes the folder of a new plugin: one flow, one form, one paper, ready to pack; with `library` also a crate whose
/// code is asked before a step, its test, and the SDK.
///
/// # Errors
/// `form.invalid` at `id`; `plugin.folder_there`; a fault where the folder cannot be written.
pub fn scaffold(place: &Path, id: &str, library: bool) -> Result<(), Stop> {
    if !is_id(id) {
        return Err(Refusal::field("id", "plugin.id").into());
    }
    if place.exists() {
        return Err(Refusal::new("plugin.folder_there").with("folder", place.display()).into());
    }
    let write = || -> io::Result<()> {
        fs::create_dir(place)?;
        let mut file = fs::File::create_new(place.join("plugin.toml"))?;
        file.write_all(declaration(id, library).as_bytes())?;
        fs::create_dir(place.join("papers"))?;
        fs::write(place.join("papers/result.toml"), paper(id))?;
        fs::write(
            place.join("README.md"),
            format!("# {id}\n\n    falin plugin test .\n    falin plugin dev .\n"),
        )?;
        if library { with_code(place, id) } else { Ok(()) }
    };
    write().map_err(|e| Fault::new("plugin", format!("{}: {e}", place.display())).into())
}

fn with_code(place: &Path, id: &str) -> io::Result<()> {
    let (house, rust) = (env!("CARGO_PKG_VERSION"), env!("CARGO_PKG_RUST_VERSION"));
    let declared = CRATE.replace("ID", id).replace("HOUSE", house).replace("RUST", rust);
    fs::write(place.join("Cargo.toml"), declared)?;
    fs::write(place.join("Cargo.lock"), LOCK)?;
    fs::create_dir(place.join("src"))?;
    fs::write(place.join("src/lib.rs"), LIBRARY.replace("\"ID\"", &format!("{id:?}")))?;
    fs::write(place.join(".gitignore"), "target\n")?;
    for (path, bytes) in SDK {
        let file = place.join("falin").join(path);
        file.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(file, bytes)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_new_plugin_is_sound_as_it_is() {
        for library in [false, true] {
            let text = declaration("my-county", library);
            let manifest = falin_domain::workflow::Manifest::parse(&text).unwrap();
            assert_eq!(manifest.check(library), Vec::new());
            assert!(!text.contains(WITH_CODE), "{text}");
        }
        let manifest = falin_domain::workflow::Manifest::parse(&declaration("my-county", false)).unwrap();
        let files = [("papers/result.toml".to_owned(), paper("my-county"))].into();
        assert_eq!(manifest.paper_faults(&files), Vec::new());
        assert!(scaffold(Path::new("/nowhere"), "../x", false).is_err());
        let there = scaffold(Path::new("/"), "my-county", false).unwrap_err();
        assert_eq!(there.refusal().map(Refusal::code), Some("plugin.folder_there"));
    }
}
