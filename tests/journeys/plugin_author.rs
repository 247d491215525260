//! What the commands say to an author and to who installs: each fault before a county meets it, in words that help.

use std::path::{Path, PathBuf};

use super::plugin_library::{BOARD, DECLARATION, built_path, library};
use super::plugins::Publisher;
use crate::town::{Backend, Town, on_both, watchdog};

/// Writes these files below a fresh folder.
fn folder(files: &[(&str, &[u8])]) -> String {
    let place = watchdog::fresh_directory().join("folder");
    for (path, bytes) in files {
        put(&place, path, bytes);
    }
    place.to_str().unwrap().to_owned()
}

fn put(place: &Path, path: &str, bytes: &[u8]) {
    let file = place.join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, bytes).unwrap();
}

/// Asserts that a command is refused, and says each of these.
#[track_caller]
fn refused(town: &Town, words: &[&str], told: &[&str]) {
    let all: Vec<&str> = ["--lang", "en"].into_iter().chain(words.iter().copied()).collect();
    let said = town.falin(&all).ended(1);
    let said = format!("{}{}", said.stdout, said.stderr);
    told.iter().for_each(|one| assert!(said.contains(one), "{words:?}: no {one} in {said}"));
}

#[test]
fn a_library_that_no_county_could_install_is_said_to_its_author() {
    if std::process::Command::new("cc").arg("--version").output().is_err() {
        return println!("skipped: no cc");
    }
    let town = Town::start(Backend::Sqlite);
    let so = built_path();
    let built = library(DECLARATION, &[]);
    let place = folder(&[
        ("plugin.toml", DECLARATION.as_bytes()),
        ("templates/board.hbs", BOARD.as_bytes()),
        (&so, &built),
    ]);
    let root = PathBuf::from(&place);
    town.falin(&["plugin", "check", &place]).ok();
    let changed = DECLARATION.replace("由程序决定", "由程序来定");
    put(&root, "plugin.toml", changed.as_bytes());
    refused(&town, &["plugin", "check", &place], &["another plugin.toml", "builds the library again"]);
    let chinese = town.falin(&["plugin", "test", &place]).ended(1);
    assert!(chinese.stderr.contains("程序库不是按这一份 plugin.toml 编译的"), "{}", chinese.stderr);
    let raised = DECLARATION.replace("version = \"1.0.0\"", "version = \"1.1.0\"");
    put(&root, "plugin.toml", raised.as_bytes());
    put(&root, &so, &library(&raised, &[]));
    let out = watchdog::fresh_directory().join("p.falin").to_str().unwrap().to_owned();
    refused(
        &town,
        &["plugin", "pack", &place, "--out", &out],
        &["says version 1.0.0, and plugin.toml 1.1.0"],
    );
    put(&root, &so, b"hello");
    refused(&town, &["plugin", "check", &place], &["no library for this machine"]);
    std::fs::remove_file(root.join(&so)).unwrap();
    put(&root, "lib/decide.so", &built);
    refused(&town, &["plugin", "check", &place], &["a path that is not allowed: lib/decide.so"]);
    // A wrong template and a wrong step are said together.
    std::fs::remove_dir_all(root.join("lib")).unwrap();
    put(&root, "templates/board.hbs", b"{{#each lists.wating}}{{number}}{{/each}}");
    refused(
        &town,
        &["plugin", "check", &place],
        &[
            "templates/board.hbs:1: “#each lists.wating”: page “board” has no “lists.wating”",
            "and none is brought",
        ],
    );
}

#[test]
fn what_an_editor_leaves_behind_stops_nobody() {
    let town = Town::start(Backend::Sqlite);
    let place = watchdog::fresh_directory().join("my-county").to_str().unwrap().to_owned();
    town.falin(&["plugin", "new", "my-county", "--dir", &place]).ok();
    for left in ["papers/.result.toml.swp", "papers/result.toml~", "papers/.DS_Store"] {
        put(Path::new(&place), left, b"\0");
    }
    town.falin(&["plugin", "check", &place]).ok();
    town.falin(&["plugin", "dev", &place, "--once"]).ok();
}

on_both! {
    fn a_package_is_looked_at_whoever_has_signed_it(backend) {
        let town = Town::start(backend);
        let publisher = Publisher::unknown(&town);
        let place = watchdog::fresh_directory().join("my-county").to_str().unwrap().to_owned();
        town.falin(&["plugin", "new", "my-county", "--dir", &place]).ok();
        let plain = watchdog::fresh_directory().join("p.falin").to_str().unwrap().to_owned();
        town.falin(&["plugin", "pack", &place, "--out", &plain]).ok();
        let signed = publisher.packed_folder(&town, &place);
        // Elsewhere than in any house, and none is made there.
        let elsewhere = watchdog::fresh_directory();
        let check = |file: &str| {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_falin"));
            command.env_remove("FALIN_DATA").env("LANG", "zh_CN.UTF-8").current_dir(&elsewhere);
            let done = command.args(["plugin", "check", file, "--json"]).output().unwrap();
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
            serde_json::from_slice::<serde_json::Value>(&done.stdout).unwrap()
        };
        assert!(check(&plain)["fingerprint"].is_null());
        let key = std::fs::read_to_string(publisher.public()).unwrap();
        let key = falin_app::plugin::PublicKey::parse(&key).unwrap();
        assert_eq!(check(&signed)["fingerprint"], falin_app::plugin::fingerprint(&key.key));
        assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 0);
        let mut broken = std::fs::read(&signed).unwrap();
        broken.truncate(broken.len() / 2);
        std::fs::write(&signed, broken).unwrap();
        town.falin(&["plugin", "check", &signed]).ended(1);
    }

    fn commands_say_what_can_be_done_and_with_what(backend) {
        let town = Town::start(backend);
        let place = watchdog::fresh_directory();
        let folder = place.join("my-county").to_str().unwrap().to_owned();
        town.falin(&["plugin", "new", "my-county", "--dir", &folder]).ok();
        refused(&town, &["plugin", "new", "my-county", "--dir", &folder], &[&folder, "is there already", "--dir"]);
        let package = place.join("p.falin").to_str().unwrap().to_owned();
        town.falin(&["plugin", "pack", &folder, "--out", &package]).ok();
        town.falin(&["plugin", "install", &package, "--unsigned"]).ok();
        refused(&town, &["plugin", "enable", "my-cuonty"], &["no workflow of the name my-cuonty", "falin plugin list"]);
        refused(
            &town,
            &["plugin", "enable", "my-county"],
            &["cannot be done with my-county now", "grant", "Not granted yet: paper"],
        );
        let away = place.join("nowhere/at.all").to_str().unwrap().to_owned();
        for words in [
            &["plugin", "keygen", "--name", "x", "--out", &away][..],
            &["plugin", "install", &away],
            &["plugin", "sign", &package, "--key", &away],
            &["plugin", "check", &away],
            &["plugin", "test", &away],
        ] {
            refused(&town, words, &[&away]);
        }
    }
}
