//! For authors: a publisher's key, and the folder of a new plugin that works as it is.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use falin_domain::refusal::Refusal;
use falin_domain::workflow::is_id;
use falin_host::shelf::SecretKey;

use crate::clock;
use crate::{Fault, Stop};

/// What a new plugin declares, with `ID` in place of its name.
const DECLARATION: &str = include_str!("scaffold.toml");
/// The paper that it brings.
const PAPER: &str = include_str!("scaffold-paper.toml");

/// A fresh publisher's key.
///
/// # Errors
/// `package.key_unreadable` where the name will not do.
pub fn new_key(name: &str) -> Result<SecretKey, Refusal> {
    SecretKey::from_seed(name, (clock::source(None).random)())
}

/// Writes the folder of a new plugin: one flow, one form, one paper, ready to pack.
///
/// # Errors
/// `form.invalid` at `id`; a fault where the folder is there already or cannot be written.
pub fn scaffold(place: &Path, id: &str) -> Result<(), Stop> {
    if !is_id(id) {
        return Err(Refusal::field("id", "plugin.id").into());
    }
    let write = || -> io::Result<()> {
        fs::create_dir(place)?;
        let mut file = fs::File::create_new(place.join("plugin.toml"))?;
        file.write_all(DECLARATION.replace("ID", id).as_bytes())?;
        fs::create_dir(place.join("papers"))?;
        fs::write(place.join("papers/result.toml"), PAPER)?;
        fs::write(
            place.join("README.md"),
            format!("# {id}\n\n    falin plugin test .\n    falin plugin dev .\n"),
        )
    };
    write().map_err(|e| Fault::new("plugin", format!("{}: {e}", place.display())).into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_new_plugin_is_sound_as_it_is() {
        let text = DECLARATION.replace("ID", "my-county");
        let manifest = falin_domain::workflow::Manifest::parse(&text).unwrap();
        assert_eq!(manifest.check(false), Vec::<String>::new());
        let files = [("papers/result.toml".to_owned(), PAPER.to_owned())].into();
        assert_eq!(manifest.paper_faults(&files), Vec::new());
        assert!(scaffold(Path::new("/nowhere"), "../x").is_err());
    }
}
