//! Which room may know which: imports run one way, and each piece of the outside world has one home.

use std::path::Path;

/// Room, and the rooms of ours that it may know.
const MAY_KNOW: [(&str, &[&str]); 7] = [
    ("core/domain", &[]),
    ("core/store", &["falin-domain"]),
    ("core/host", &["falin-domain", "falin-abi"]),
    ("core/app", &["falin-store", "falin-host", "falin-domain"]),
    ("core/web", &["falin-app", "falin-domain"]),
    ("plugins/abi", &[]),
    ("plugins/sdk", &["falin-abi"]),
];

/// A piece of the outside world, and its one home.
const HOMES: &[(&str, &str)] = &[
    ("diesel", "core/store"),
    ("lettre", "core/app"),
    ("ureq", "core/app"),
    ("diesel_migrations", "core/store"),
    ("chacha20poly1305", "core/store"),
    ("libloading", "core/host"),
    ("landlock", "core/host"),
    ("seccompiler", "core/host"),
    ("libc", "core/host"),
    ("ring", "core/host"),
    ("calamine", "core/host"),
    ("quick-xml", "core/app"),
    ("actix-web", "core/web"),
    ("handlebars", "core/web"),
    ("clap", "core/web"),
    ("icalendar", "core/web"),
];

/// The names on the left of a manifest's dependency table; what its tests alone use does not count.
fn dependencies(room: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(room).join("Cargo.toml");
    let text = std::fs::read_to_string(path).unwrap();
    let mut inside = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.starts_with('[') {
            inside = line == "[dependencies]";
        } else if inside && let Some((name, _)) = line.split_once(['.', '=', ' ']) {
            found.push(name.trim().to_owned());
        }
    }
    found
}

#[test]
fn imports_run_one_way() {
    let mut faults = Vec::new();
    for (room, allowed) in MAY_KNOW {
        for name in dependencies(room).iter().filter(|name| name.starts_with("falin-")) {
            if !allowed.contains(&name.as_str()) {
                faults.push(format!("{room} knows {name}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn each_piece_of_the_outside_world_has_one_home() {
    let mut faults = Vec::new();
    for (room, _) in MAY_KNOW {
        let known = dependencies(room);
        for (name, home) in HOMES.iter().filter(|(_, home)| *home != room) {
            if known.iter().any(|dependency| dependency == name) {
                faults.push(format!("{room} uses {name}, whose home is {home}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
