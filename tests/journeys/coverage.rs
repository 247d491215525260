//! Every system that the sources describe can be shown: the table in `plugins/README.md` is walked, with all the
//! workflows of the house in use.

use falin_domain::statistics::figure_of;
use falin_domain::workflow::Manifest;

use super::plugins::{Publisher, settled};
use crate::town::{Town, on_both};

const TABLE: &str = include_str!("../../plugins/README.md");

/// Folders of workflows, by name.
fn folders() -> Vec<std::path::PathBuf> {
    let all = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/plugins")).unwrap();
    let mut found: Vec<_> =
        all.map(|entry| entry.unwrap().path()).filter(|path| path.join("plugin.toml").is_file()).collect();
    // The one that crashes on purpose brings a library, which the house compiles.
    found.retain(|path| !path.join("src").is_dir());
    found.sort();
    found
}

fn manifests() -> Vec<Manifest> {
    let read = |path: &std::path::PathBuf| std::fs::read_to_string(path.join("plugin.toml")).unwrap();
    folders().iter().map(|path| Manifest::parse(&read(path)).unwrap()).collect()
}

/// The rows of the table: what is described, and what is said to show it.
fn rows() -> Vec<(&'static str, Vec<&'static str>)> {
    let from = TABLE.split("| what the articles describe | where |").nth(1).unwrap();
    let lines = from.lines().skip(2).take_while(|line| line.starts_with('|'));
    lines
        .map(|line| {
            let mut cells = line.trim_matches('|').split('|').map(str::trim);
            let (what, shown) = (cells.next().unwrap(), cells.next().unwrap());
            (what, shown.split('`').skip(1).step_by(2).collect())
        })
        .collect()
}

/// Every workflow packed, signed, installed, granted and enabled.
pub fn in_use(town: &Town) {
    let publisher = Publisher::trusted(town);
    for folder in folders() {
        publisher.puts_in_use(town, folder.file_name().unwrap().to_str().unwrap());
    }
    let admin = town.program("county_admin");
    let flows: usize = manifests().iter().map(|manifest| manifest.flow.len()).sum();
    settled(|| {
        admin.get("/api/v1/workflows").json()["items"].as_array().is_some_and(|all| all.len() == flows)
    });
}

on_both! {
    fn every_system_of_the_sources_can_be_shown(backend) {
        let town = Town::start(backend);
        in_use(&town);
        let (admin, visitor) = (town.program("county_admin"), town.visitor());
        let manifests = manifests();
        let rows = rows();
        assert!(rows.len() >= 45, "{} rows", rows.len());
        for (what, shown) in rows {
            assert!(!shown.is_empty(), "{what}: nowhere");
            for one in shown {
                if let Some(path) = one.strip_prefix("GET ") {
                    assert_eq!(admin.get(path).status, 200, "{what}: {one}");
                } else if one.starts_with("/zh/") {
                    assert_eq!(visitor.get(one).status, 200, "{what}: {one}");
                } else if one.starts_with('/') {
                    assert_eq!(admin.get(one).status, 200, "{what}: {one}");
                } else if let Some(command) = one.strip_prefix("falin ") {
                    let words: Vec<&str> = command.split(' ').chain(["--help"]).collect();
                    town.falin(&words).ok();
                } else if let Some((plugin, code)) = one.split_once('#').filter(|(plugin, _)| !plugin.is_empty()) {
                    let manifest = manifests.iter().find(|manifest| manifest.id == plugin);
                    let known = manifest.is_some_and(|one| one.statistic.iter().any(|figure| figure.code == code));
                    assert!(known, "{what}: there is no figure {one}");
                } else {
                    let code = one.strip_prefix('#').unwrap_or_else(|| panic!("{what}: {one} is nothing to walk"));
                    assert!(figure_of(code).is_some(), "{what}: there is no figure {one}");
                }
            }
        }
        for manifest in &manifests {
            let page = admin.get(&format!("/desk/figures/{}", manifest.id)).is(200).text();
            for figure in &manifest.statistic {
                assert!(page.contains(&figure.name.zh), "{}: {} is not on its page", manifest.id, figure.code);
            }
        }
        for proved in town.falin(&["workflow", "verify", "--all"]).ok().stdout.lines() {
            assert!(!proved.contains("fault"), "{proved}");
        }
    }
}
