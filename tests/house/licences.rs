//! What `deny.toml` allows, enforced by a plain test, since `cargo deny` is not everywhere.

use std::process::Command;

fn allowed(table: &str, key: &str) -> Vec<String> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/deny.toml")).unwrap();
    let section = text.split(&format!("[{table}]")).nth(1).unwrap().split("\n[").next().unwrap();
    let list = section.split(&format!("\n{key} = [")).nth(1).unwrap().split("\n]").next().unwrap();
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Every crate that is built here, tests included: name, origin beside the registry, licence.
fn crates() -> Vec<(String, String, String)> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--workspace", "--edges=normal,build,dev", "--prefix=none", "--no-dedupe"])
        .args(["--format={p}|{l}", "--offline", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines: Vec<_> = text.lines().filter(|line| !line.is_empty()).collect();
    lines.sort_unstable();
    lines.dedup();
    let split = |line: &str| {
        let (package, licence) = line.split_once('|').unwrap();
        let mut words = package.splitn(3, ' ');
        let name = words.next().unwrap().to_owned();
        let origin = words.nth(1).unwrap_or_default().replace("(proc-macro)", "").trim().to_owned();
        (name, origin, licence.to_owned())
    };
    lines.into_iter().map(split).collect()
}

/// Whether an SPDX expression of ORs and ANDs is satisfied by the list; exceptions count as written.
fn satisfied(expression: &str, list: &[String]) -> bool {
    let flat = expression.replace(['(', ')'], " ").replace('/', " OR ");
    // AND binds tighter, except in the bracketed "(A OR B) AND C", where each part must hold anyway.
    let parts: Vec<_> = flat.split(" AND ").collect();
    let either = |part: &str| part.split(" OR ").any(|name| list.iter().any(|known| known == name.trim()));
    match expression.contains('(') {
        true => parts.iter().all(|part| either(part)),
        false => flat.split(" OR ").any(|side| side.split(" AND ").all(either)),
    }
}

#[test]
fn every_crate_has_a_licence_on_the_list_and_comes_from_the_registry() {
    let list = allowed("licenses", "allow");
    let excepted = allowed("licenses", "exceptions");
    let banned = allowed("bans", "deny");
    assert!(list.len() > 3 && banned.len() > 2, "deny.toml is not read as written");
    let home = format!("({}", env!("CARGO_MANIFEST_DIR"));
    let mut faults = Vec::new();
    for (name, origin, licence) in crates() {
        if !satisfied(&licence, &list) && !excepted.contains(&name) {
            faults.push(format!("{name}: licence {licence}"));
        }
        if banned.contains(&name) || !(origin.is_empty() || origin.starts_with(&home)) {
            faults.push(format!("{name}: banned, or from {origin}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    let list = ["MIT".to_owned(), "Apache-2.0".to_owned(), "Unicode-3.0".to_owned()];
    assert!(satisfied("MIT OR GPL-3.0", &list) && satisfied("MIT/Apache-2.0", &list));
    assert!(satisfied("(MIT OR Apache-2.0) AND Unicode-3.0", &list));
    assert!(!satisfied("GPL-3.0", &list) && !satisfied("MIT AND GPL-3.0", &list));
    assert!(!satisfied("(MIT OR Apache-2.0) AND OpenSSL", &list));
}
