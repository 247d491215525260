//! The commands that the README shows are commands: none is refused as wrong usage.

use crate::town::{Backend, Town};

const TUTORIAL: &str = include_str!("../../plugins/README.md");
const README: &str = include_str!("../../README.md");

#[test]
fn the_way_to_ones_own_county_is_understood() {
    let block = README.split("## Your own county").nth(1).unwrap().split("```").nth(1).unwrap();
    let lines: Vec<&str> = block.lines().filter_map(|line| line.strip_prefix("falin ")).collect();
    assert!(lines.len() >= 9, "{lines:?}");
    let town = Town::prepared(Backend::Sqlite);
    for line in lines.into_iter().filter(|line| !line.starts_with("serve")) {
        let line = line.split(" #").next().unwrap().replace("PLAN", "01890a5d-ac96-774b-bcce-b302099a8057");
        let words: Vec<&str> = line.split_whitespace().collect();
        let told = town.falin(&words);
        // 2 is wrong usage; that there is no such file, plan or a second county is another matter.
        assert_ne!(told.status, 2, "falin {line}: {}", told.stderr);
    }
}

/// The commands of the first block of code behind this text.
fn block(behind: &str) -> Vec<&'static str> {
    let block = TUTORIAL.split(behind).nth(1).unwrap().split("```").nth(1).unwrap();
    block.lines().filter_map(|line| line.strip_prefix("falin ")).collect()
}

#[test]
fn the_authors_way_is_walked_as_it_is_written() {
    let town = Town::prepared(Backend::Sqlite);
    let run = |line: &str| {
        let line = line.split(" #").next().unwrap().replace("620921", "620200");
        let words: Vec<&str> = line.split_whitespace().collect();
        town.falin(&words).ok();
    };
    let first = block("## From nothing to a running workflow");
    assert_eq!(first.len(), 3, "{first:?}");
    // `dev` goes on until it is stopped, and has its own test.
    first.into_iter().filter(|line| !line.contains(" dev ")).for_each(run);
    block("## To a county").into_iter().for_each(run);
    let manifest = town.data().join("my-county/plugin.toml");
    let newer = std::fs::read_to_string(&manifest).unwrap().replacen("0.1.0", "0.2.0", 1);
    std::fs::write(&manifest, newer).unwrap();
    block("The next version: raise").into_iter().for_each(run);
}
