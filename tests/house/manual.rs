//! The commands that the README shows are commands: none is refused as wrong usage.

use crate::town::{Backend, Town};

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
