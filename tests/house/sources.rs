//! Rooms of natural size: every source file opens with its purpose and stays readable in one sitting.

use std::path::{Path, PathBuf};

/// Lines above which a file is a city that grew.
const LONGEST: usize = 450;

fn sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for room in ["core", "plugins", "tests"] {
        walk(&root.join(room), &mut found);
    }
    assert!(found.len() > 20);
    found
}

fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") {
            walk(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_source_file_opens_with_its_purpose_and_keeps_its_size() {
    let mut faults = Vec::new();
    for path in sources() {
        let text = std::fs::read_to_string(&path).unwrap();
        let lines = text.lines().count();
        // The one map of all tables is read by its entries.
        if lines > LONGEST && !path.ends_with("core/store/src/schema.rs") {
            faults.push(format!("{}: {lines} lines", path.display()));
        }
        if !text.starts_with("//! ") && !text.starts_with("#!") {
            faults.push(format!("{}: does not open with its purpose", path.display()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn only_the_border_may_be_unsafe_and_says_why() {
    let mut faults = Vec::new();
    for path in sources() {
        let text = std::fs::read_to_string(&path).unwrap();
        let place = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap();
        let border = ["plugins/abi", "plugins/sdk", "plugins/crash-test", "core/host"]
            .iter()
            .any(|room| place.starts_with(room));
        // The rogue plugin is what nobody else may be.
        let rogue = place.starts_with("tests/rogue");
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let opens = line.contains("unsafe {") || line.trim_start().starts_with("unsafe impl");
            let said = lines[at.saturating_sub(4)..at].iter().any(|above| above.contains("// SAFETY:"));
            let fine = rogue || place.ends_with("house/sources.rs") || (border && said);
            if opens && !fine {
                faults.push(format!("{}:{}", place.display(), at + 1));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn nobody_takes_the_time_or_a_random_number_behind_the_clocks_back() {
    // Clippy's disallowed-methods says the same; this holds where clippy is not run.
    let banned = ["SystemTime::now", "Uuid::now_v7", "Uuid::new_v4", "Timestamp::now", "Zoned::now"];
    let mut faults = Vec::new();
    for path in sources() {
        let clock = path.ends_with("core/app/src/clock.rs") || path.ends_with("tests/house/sources.rs");
        let text = std::fs::read_to_string(&path).unwrap();
        for name in banned.iter().filter(|name| !clock && text.contains(**name)) {
            faults.push(format!("{}: {name}", path.display()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
