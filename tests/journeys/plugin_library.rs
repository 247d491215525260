//! A workflow whose steps ask a library of its own: what it says is done, what it may not is refused, and whatever
//! it breaks costs that one step.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::plugins::{Publisher, settled};
use crate::town::{Backend, Client, Town, on_both, watchdog};

/// The workflow that asks a library at every step.
pub(super) const DECLARATION: &str = include_str!("../plugins/decide.toml");
pub(super) const BOARD: &str = "<h2>{{t \"look\"}}</h2><p>{{model.open}} open</p>\n\
    <ul>{{#each model.rows}}<li><a href=\"{{link}}\">{{word}}</a></li>{{/each}}</ul>\n";
pub(crate) const MATTERS: &str = "/api/v1/workflows/decide/matter/cases";
pub(super) const TASKS: &str = "/api/v1/workflows/decide/task/cases";

/// The library, built with nothing but the header and tied to a declaration; `more` goes to the compiler.
pub(super) fn library(declaration: &str, more: &[&str]) -> Vec<u8> {
    let hash: Vec<String> = falin_sdk::sha256(declaration.as_bytes()).iter().map(|b| b.to_string()).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = watchdog::fresh_directory().join("decide.so");
    let status = Command::new("cc")
        .args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-fvisibility=hidden"])
        .arg(format!("-DMANIFEST_SHA256={{{}}}", hash.join(",")))
        .args(more)
        .arg("-I")
        .arg(root.join("plugins/abi/include"))
        .arg("-o")
        .arg(&out)
        .arg(root.join("tests/plugins/decide.c"))
        .status()
        .unwrap();
    assert!(status.success());
    std::fs::read(&out).unwrap()
}

/// A package of this declaration with its library.
pub(crate) fn library_as(town: &Town, publisher: &Publisher, declaration: &str, more: &[&str]) -> String {
    publisher.brings("templates/board.hbs", BOARD.as_bytes());
    publisher.packed_with(town, declaration, &built_path(), &library(declaration, more))
}

/// The same of a library that its own trial finds wanting, which the command packs no more.
pub(super) fn unwell_as(town: &Town, publisher: &Publisher, declaration: &str, more: &[&str]) -> String {
    publisher.brings("templates/board.hbs", BOARD.as_bytes());
    publisher.brings(&built_path(), &library(declaration, more));
    publisher.brings("plugin.toml", declaration.as_bytes());
    let out = watchdog::fresh_directory().join("p.falin").to_str().unwrap().to_owned();
    town.falin(&["plugin", "pack", &publisher.folder, "--out", &out]).ended(1);
    publisher.packed_unseen(declaration)
}

/// Where the library for this machine lies in a package.
pub(super) fn built_path() -> String {
    format!("lib/{}-unknown-linux-gnu/decide.so", std::env::consts::ARCH)
}

/// A town in which the workflow is in use, or None, said aloud, where there is no compiler.
pub(crate) fn town(backend: Backend) -> Option<Town> {
    town_with(backend).map(|(town, _)| town)
}

/// The same with its publisher.
pub(crate) fn town_with(backend: Backend) -> Option<(Town, Publisher)> {
    town_of(backend, DECLARATION)
}

/// The same with another declaration of the workflow.
pub(super) fn town_of(backend: Backend, declaration: &str) -> Option<(Town, Publisher)> {
    if Command::new("cc").arg("--version").output().is_err() {
        println!("skipped: no cc");
        return None;
    }
    let town = Town::start(backend);
    let publisher = Publisher::trusted(&town);
    in_use(&town, &publisher, (declaration, "decide"));
    let clerk = town.program("clerk");
    settled(|| clerk.get(MATTERS).status == 200);
    Some((town, publisher))
}

/// Puts a declaration with the library in use.
pub(super) fn in_use(town: &Town, publisher: &Publisher, (declaration, name): (&str, &str)) {
    let package = library_as(town, publisher, declaration, &[&format!("-DNAME=\"{name}\"")]);
    town.falin(&["plugin", "install", &package]).ok();
    town.falin(&["plugin", "grant", name]).ok();
    town.falin(&["plugin", "enable", name]).ok();
}

pub(super) fn begun_with(clerk: &Client, word: &str) -> Value {
    clerk.call("POST", MATTERS, &json!({"word": word})).is(201).json()
}

fn begun(clerk: &Client) -> Value {
    begun_with(clerk, "start")
}

pub(crate) fn decide(clerk: &Client, case: &Value, word: &str) -> crate::town::Answer {
    let path = format!("{MATTERS}/{}/actions", case["id"].as_str().unwrap());
    clerk.call("POST", &path, &json!({"action": "decide", "version": case["version"], "word": word}))
}

fn state(clerk: &Client, case: &Value) -> String {
    let path = format!("{MATTERS}/{}", case["id"].as_str().unwrap());
    clerk.get(&path).is(200).json()["state"].as_str().unwrap().to_owned()
}

on_both! {
    fn what_the_library_says_is_done_with_the_step(backend) {
        let Some(town) = town(backend) else { return };
        let clerk = town.program("clerk");
        let case = begun(&clerk);
        let said = decide(&clerk, &case, "refuse").refused(422, "form.invalid").json();
        assert_eq!(said["fields"][0]["name"], "word");
        assert!(said["fields"][0]["detail"].as_str().unwrap().contains("还差3项"), "{said}");
        assert_eq!(state(&clerk, &case), "open", "a refused step moves nothing");
        let filled = decide(&clerk, &case, "fill").is(200).json();
        assert_eq!((&filled["state"], &filled["fields"]["note"]), (&json!("done"), &json!("written by the library")));
        let named = decide(&clerk, &begun(&clerk), "named").is(200).json();
        assert_eq!(named["fields"]["note"], "by name", "the library learns which call of the flow it is");
        let far = decide(&clerk, &begun(&clerk), "far").is(200).json();
        assert_eq!(far["state"], "far", "the library chose among the states that the step declares");
    }

    fn what_it_stages_is_kept_with_the_step_or_not_at_all(backend) {
        let Some(town) = town(backend) else { return };
        let clerk = town.program("clerk");
        assert_eq!(decide(&clerk, &begun(&clerk), "open").is(200).json()["state"], "done");
        let tasks = clerk.get(TASKS).is(200).json();
        assert_eq!(tasks["items"].as_array().unwrap().len(), 1, "{tasks}");
        let told = town.program("county_admin").get("/api/v1/notices").is(200).json().to_string();
        assert!(told.contains("decide") || told.contains("由程序决定") || told.contains("请看一下"), "{told}");
        let reached = decide(&clerk, &begun(&clerk), "reach").is(200).json();
        assert_eq!(reached["fields"]["note"], "not granted");
        assert_eq!(clerk.get("/api/v1/mediation-cases").is(200).json()["items"], json!([]));
        decide(&clerk, &begun(&clerk), "flood").is(200);
        let tasks = clerk.get(&format!("{TASKS}?limit=100")).is(200).json();
        assert_eq!(tasks["items"].as_array().unwrap().len(), 21, "twenty effects a step at most");
    }

    fn what_was_revoked_decides_no_case_that_began_with_it(backend) {
        let Some((town, publisher)) = town_with(backend) else { return };
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        let case = begun(&clerk);
        let first = library_as(&town, &publisher, DECLARATION, &[]);
        let newer = DECLARATION.replacen("1.0.0", "1.1.0", 1);
        let package = library_as(&town, &publisher, &newer, &["-DVERSION=\"1.1.0\""]);
        for words in [["plugin", "install", &package], ["plugin", "upgrade", "decide"]] {
            town.falin(&words).ok();
        }
        settled(|| admin.get("/api/v1/plugins").json()["items"][0]["package"]["version"] == "1.1.0");
        assert_eq!(decide(&clerk, &begun(&clerk), "fill").is(200).json()["state"], "done");
        let list = watchdog::fresh_directory().join("list").to_str().unwrap().to_owned();
        // Its publisher's file, packed once more: what counts is what is in it.
        town.falin(&["plugin", "revoke", "--package", &first, "--by", &publisher.key, "--out", &list]).ok();
        town.falin(&["plugin", "trust", &list]).ok();
        decide(&clerk, &case, "fill").refused(422, "package.revoked");
        assert_eq!(state(&clerk, &case), "open");
        // The newer one stands; the server follows what the command line did within half a second.
        settled(|| clerk.call("POST", MATTERS, &json!({"word": "start"})).status == 201);
        assert_eq!(decide(&clerk, &begun(&clerk), "fill").is(200).json()["state"], "done");
    }

    fn the_version_that_takes_over_stands_ready_before_it_is_asked(backend) {
        let Some((town, publisher)) = town_with(backend) else { return };
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        decide(&clerk, &begun(&clerk), "fill").is(200);
        let newer = DECLARATION.replacen("1.0.0", "1.1.0", 1);
        let package = library_as(&town, &publisher, &newer, &["-DVERSION=\"1.1.0\""]);
        town.falin(&["plugin", "install", &package]).ok();
        let one = || admin.get("/api/v1/plugins").is(200).json()["items"][0].clone();
        settled(|| one()["offered"]["version"] == "1.1.0");
        let platform = town.program("platform_admin");
        let metrics = || platform.get("/metrics").is(200).body();
        let read = |told: &str, name: &str, generation: u8| {
            let labels = format!("county=\"620200\",plugin=\"decide\",generation=\"{generation}\"");
            let line = told.lines().find(|line| line.starts_with(&format!("{name}{{{labels}}}")));
            line.and_then(|line| line.rsplit(' ').next()?.parse::<u64>().ok())
        };
        // The opening, the step, and what its hook tells the library afterwards: else the newer version is told that.
        settled(|| read(&metrics(), "falin_plugin_calls_total", 1) >= Some(3));
        let path = format!("/api/v1/plugins/{}", one()["id"].as_str().unwrap());
        let wanted = json!({"action": "upgrade", "version": one()["version"]});
        admin.call("POST", &format!("{path}/actions"), &wanted).is(200);
        let told = metrics();
        let of = |name: &str, generation: u8| read(&told, name, generation);
        assert_eq!(of("falin_plugin_starts_total", 2), Some(1), "{told}");
        assert_eq!((of("falin_plugin_calls_total", 2), of("falin_plugin_deaths_total", 2)), (Some(0), Some(0)));
        assert!(of("falin_plugin_calls_total", 1).unwrap() > 0, "{told}");
        assert!(told.contains("falin_plugin_swap_seconds_count 1"), "{told}");
        decide(&clerk, &begun(&clerk), "fill").is(200);
        let page = admin.get(&path.replace("/api/v1", "/desk")).is(200).text();
        assert!(page.contains("异常退出 0 次"), "{page}");
        let work = admin.get(&path).is(200).json()["work"].clone();
        assert!(work["answers"].as_u64() >= Some(1) && work["deaths"] == 0, "{work}");
        assert!(work["p99_seconds"].as_f64() >= work["p50_seconds"].as_f64(), "{work}");
    }

    fn a_library_that_finds_itself_unwell_is_not_put_in_use(backend) {
        let Some((town, publisher)) = town_with(backend) else { return };
        let newer = DECLARATION.replacen("1.0.0", "1.1.0", 1);
        let package = unwell_as(&town, &publisher, &newer, &["-DVERSION=\"1.1.0\"", "-DUNWELL"]);
        let said = town.falin(&["plugin", "install", &package]).ended(1);
        assert!(said.stderr.contains("程序库自检的“clock”一项不合格"), "{}", said.stderr);
    }

    fn what_it_may_not_or_breaks_costs_that_step_alone(backend) {
        let Some(town) = town(backend) else { return };
        let clerk = town.program("clerk");
        let case = begun(&clerk);
        for word in ["smuggle", "nowhere", "unanswered", "break", "hang"] {
            decide(&clerk, &case, word).refused(503, "plugin.failed");
            assert_eq!(state(&clerk, &case), "open", "{word}");
            clerk.get("/api/v1/consultations").is(200);
        }
        assert_eq!(decide(&clerk, &case, "fine").is(200).json()["state"], "done");
        let case = begun(&clerk);
        for _ in 0..4 {
            decide(&clerk, &case, "break");
        }
        settled(|| decide(&clerk, &case, "ok").status != 200);
        let admin = town.program("county_admin");
        settled(|| admin.get("/api/v1/plugins").json()["items"][0]["state"] == "quarantined");
        assert!(clerk.get("/desk").is(200).status == 200);
    }
}
