//! The catalogue of workflows says of each what its declaration says, and shows a picture that is light.

use std::path::{Path, PathBuf};

use falin_domain::workflow::{Effect, Manifest};

const CATALOGUE: &str = include_str!("../../plugins/README.md");
/// Largest picture, in bytes: the page of all ten stays lighter than one photograph.
const HEAVIEST: u64 = 60 * 1024;

/// Stands on the demo's shelf to show that the cage holds; no county works with it, so that it has no entry.
const BREAKS: &str = "crash-test";

fn plugins() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins")
}

fn manifests() -> Vec<Manifest> {
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(plugins()).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.join("plugin.toml").is_file() && !path.ends_with(BREAKS));
    folders.sort();
    let read = |path: &PathBuf| std::fs::read_to_string(path.join("plugin.toml")).unwrap();
    folders.iter().map(|path| Manifest::parse(&read(path)).unwrap()).collect()
}

/// The entry of a workflow, one line.
fn entry(id: &str) -> String {
    let head = format!("\n### {id} · ");
    let rest = CATALOGUE.split(&head).nth(1).unwrap_or_else(|| panic!("{id} is not in the catalogue"));
    rest.split("\n#").next().unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands between two words of an entry.
fn between<'a>(entry: &'a str, from: &str, to: &str) -> &'a str {
    let rest = entry.split(from).nth(1).unwrap_or_else(|| panic!("no {from} in {entry}"));
    rest.split(to).next().unwrap().trim()
}

/// The words in backticks.
fn codes(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The papers that its steps offer, each once.
fn offered(it: &Manifest) -> Vec<&str> {
    let mut all = Vec::new();
    for effect in it.flow.iter().flat_map(|flow| &flow.step).flat_map(|step| &step.effects) {
        if let Effect::Paper { paper, .. } = effect
            && !all.contains(&paper.as_str())
        {
            all.push(paper.as_str());
        }
    }
    all
}

#[test]
fn every_permission_stands_in_the_manual() {
    let asked = between(CATALOGUE, "- `[[permission]]`:", "What a flow needs");
    let all: Vec<&str> = falin_domain::workflow::Permission::ALL.iter().map(|one| one.code()).collect();
    let mut told = codes(asked);
    told.retain(|word| *word != "why");
    let sorted = |mut words: Vec<&'static str>| {
        words.sort_unstable();
        words
    };
    assert_eq!(sorted(told), sorted(all));
}

#[test]
fn each_workflow_is_told_as_it_is_declared() {
    for it in manifests() {
        let entry = entry(&it.id);
        assert!(entry.contains(&it.name.zh), "{}: its name", it.id);
        let granted: Vec<&str> = it.permission.iter().map(|one| one.code.code()).collect();
        assert_eq!(codes(between(&entry, "Granted:", "Papers:")), granted, "{}: what it is granted", it.id);
        let papers = between(&entry, "Papers:", "Sets:");
        assert_eq!(codes(papers), offered(&it), "{}: its papers", it.id);
        for code in offered(&it) {
            let told = between(papers, &format!("`{code}`"), ";");
            let own = it.own_paper(code).map(|own| own.name.zh.as_str());
            let title = own.unwrap_or_else(|| &falin_domain::paper::find(code).unwrap().title);
            assert_eq!(told, title, "{}: {code}", it.id);
        }
        let sets = between(&entry, "Sets:", "Posts:");
        let settings: Vec<&str> = it.setting.iter().map(|one| one.field.name.as_str()).collect();
        assert_eq!(codes(sets), settings, "{}: what a county sets", it.id);
        for one in &it.setting {
            let told = between(sets, &format!("`{}`", one.field.name), ";");
            let value = one.default.as_i64().map(|n| format!(" ({n})")).unwrap_or_default();
            assert_eq!(told, format!("{}{value}", one.field.label.en), "{}: {}", it.id, one.field.name);
        }
        let posts: Vec<&str> = it.post.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes(between(&entry, "Posts:", "\n")), posts, "{}: its posts", it.id);
        let flows: Vec<&str> = it.flow.iter().map(|one| one.id.as_str()).collect();
        let row = CATALOGUE.lines().find(|line| line.starts_with(&format!("| [`{}`]", it.id))).unwrap();
        assert_eq!(codes(row.split('|').nth(2).unwrap()), flows, "{}: its flows", it.id);
    }
}

#[test]
fn each_workflow_shows_a_light_picture() {
    for it in manifests() {
        assert!(entry(&it.id).contains(&format!("<img src=\"{}/screenshot.png\"", it.id)), "{}", it.id);
        let file = plugins().join(&it.id).join("screenshot.png");
        let bytes = std::fs::read(&file).unwrap_or_else(|_| panic!("{} is missing", file.display()));
        assert!(
            bytes.starts_with(b"\x89PNG") && bytes.len() as u64 <= HEAVIEST,
            "{}: {}",
            it.id,
            bytes.len()
        );
        let wide = u32::from_be_bytes(bytes[16..20].try_into().unwrap());
        assert!((600..=1400).contains(&wide), "{}: {wide} px wide", it.id);
    }
}
