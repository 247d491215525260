//! What is wrong with an author's files is told in the reader's language, at its place and line, wherever it is told.

use std::fs;

use serde_json::json;

use super::plugins::{Publisher, bring, upload};
use crate::town::{Town, on_both, watchdog};

const PETITION: &str = include_str!("../../plugins/petition/plugin.toml");

/// The line on which these words stand.
fn line(text: &str, words: &str) -> usize {
    text.lines().position(|line| line.contains(words)).unwrap() + 1
}

/// A folder with this declaration.
fn folder(declaration: &str) -> String {
    let folder = watchdog::fresh_directory().join("petition");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("plugin.toml"), declaration).unwrap();
    folder.to_str().unwrap().to_owned()
}

on_both! {
    fn a_wrong_declaration_is_told_in_the_readers_language_at_its_line(backend) {
        let town = Town::start(backend);
        let (admin, publisher) = (town.program("county_admin"), Publisher::trusted(&town));
        let wrong = PETITION.replacen("to = \"answered\"", "to = \"nowhere\"", 1);
        let at = line(&wrong, "to = \"nowhere\"");
        let flow = wrong[..wrong.find("to = \"nowhere\"").unwrap()].rsplit("\n[[flow]]\nid = \"").next().unwrap();
        let flow = flow.split('"').next().unwrap();
        let (zh, en) = (
            format!("流程 {flow} › 步骤 answer › 去向：流程“{flow}”没有状态“nowhere”，请改正，或者在 state 里加上。"),
            format!("flow {flow} › step answer › way: flow “{flow}” has no state “nowhere”; mend the name, or add it under state."),
        );

        // The author's commands; Chinese where nothing else is said.
        let place = folder(&wrong);
        let out = watchdog::fresh_directory().join("p.falin").to_str().unwrap().to_owned();
        for command in [
            &["check", &place][..],
            &["test", &place],
            &["pack", &place, "--out", &out],
            &["dev", &place, "--once", "--place", "620200"],
        ] {
            for (lang, told) in [("zh", &zh), ("en", &en)] {
                let words = [&["--lang", lang, "plugin"], command].concat();
                let said = town.falin(&words).ended(1).stderr;
                assert!(said.contains(&format!("plugin.toml:{at}: {told}")), "{words:?}: {said}");
            }
        }
        let told = town.falin(&["plugin", "check", &place, "--json"]).ended(1).json();
        let field = &told["fields"][0];
        assert_eq!((&field["code"], &field["line"], &field["detail"]), (&json!("fault.no_state"), &json!(at), &json!(zh)));
        assert_eq!(field["args"], json!({ "flow": flow, "state": "nowhere" }));

        // Programs and the administrator's page, of the same package.
        let package = publisher.signed(&[("plugin.toml", &wrong)]);
        let told = upload(&admin, &package).refused(422, "package.declaration").json();
        let first = &told["fields"][0];
        assert_eq!((&first["name"], &first["line"]), (&json!("plugin.toml"), &json!(at)), "{told}");
        let place = first["place"].as_str().unwrap();
        assert!(place.starts_with("flow[") && place.ends_with("].to"), "{place}");
        for (reader, detail, file) in [
            (town.program("county_admin"), &zh, format!("plugin.toml 第 {at} 行：")),
            (town.program("county_admin").in_english(), &en, format!("plugin.toml, line {at}: ")),
        ] {
            let told = upload(&reader, &package).refused(422, "package.declaration").json();
            assert_eq!(&told["fields"][0]["detail"], detail);
            let page = bring(&reader, "/desk/plugins", &package);
            assert!(page.status == 422 && page.text().contains(&format!("{file}{detail}")), "{}", page.text());
        }
        assert_eq!(town.number("SELECT count(*) FROM plugin_package"), 0);
    }

    fn what_cannot_be_read_names_its_line_too(backend) {
        let town = Town::start(backend);
        let (admin, publisher) = (town.program("county_admin"), Publisher::trusted(&town));
        for (from, to, zh, en) in [
            ("anyone = true", "anyon = true", "没有“anyon”这一项", "there is no “anyon” here"),
            ("do = \"take\"", "do = \"tack\"", "不能写“tack”", "“tack” cannot stand here"),
            ("to = \"answered\"", "to = answered", "文字两边的引号不对", "the quotes are wrong"),
            ("to = \"answered\"", "to = 5", "这里写的是数字，应当写一个状态", "here stands a number; what belongs here is a state"),
        ] {
            let wrong = PETITION.replacen(from, to, 1);
            let (at, place) = (line(&wrong, to), folder(&wrong));
            for (lang, told) in [("zh", zh), ("en", en)] {
                let said = town.falin(&["--lang", lang, "plugin", "check", &place]).ended(1).stderr;
                assert!(said.contains(&format!("plugin.toml:{at}: {told}")), "{to}: {said}");
            }
            let package = publisher.signed(&[("plugin.toml", &wrong)]);
            let told = upload(&admin, &package).refused(422, "package.declaration").json();
            assert_eq!(told["fields"][0]["line"], at, "{told}");
        }
    }
}
