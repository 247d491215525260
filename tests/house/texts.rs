//! Texts in both languages: the same keys, the same arguments, and words for every refusal.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use falin_domain::refusal::TABLE;

fn locales(language: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/locales").join(language)
}

/// Every message and attribute of a language: `key` or `key.attribute`, with the arguments that it names.
fn messages(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in std::fs::read_dir(locales(language)).unwrap().flatten() {
        let mut message = String::new();
        let mut key = String::new();
        for line in std::fs::read_to_string(entry.path()).unwrap().lines() {
            let (name, _) = line.split_once('=').unwrap_or(("", ""));
            let named = name.trim();
            if !line.starts_with([' ', '#', '.']) && !named.is_empty() {
                message = named.to_owned();
                key = message.clone();
                assert!(
                    found.insert(key.clone(), BTreeSet::new()).is_none(),
                    "{language}: {key} is there twice"
                );
            } else if let Some(attribute) = named.strip_prefix('.').filter(|_| line.starts_with(' ')) {
                key = format!("{message}.{attribute}");
                found.insert(key.clone(), BTreeSet::new());
            }
            for argument in line.split('$').skip(1) {
                let end = argument.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
                let name = argument[..end.unwrap_or(argument.len())].to_owned();
                found.entry(key.clone()).or_default().insert(name);
            }
        }
    }
    found
}

#[test]
fn both_languages_say_the_same_things() {
    let (zh, en) = (messages("zh"), messages("en"));
    assert!(zh.len() > 50);
    let lacking = |here: &BTreeMap<String, _>, there: &BTreeMap<String, _>| {
        here.keys().filter(|key| !there.contains_key(*key)).cloned().collect::<Vec<_>>()
    };
    assert_eq!(lacking(&zh, &en), Vec::<String>::new(), "missing in English");
    assert_eq!(lacking(&en, &zh), Vec::<String>::new(), "missing in Chinese");
    // What a plugin says comes in both languages under these names, and each text takes its own.
    let plain = |arguments: &BTreeSet<String>| -> BTreeSet<String> {
        arguments.iter().filter(|name| !matches!(name.as_str(), "zh" | "en")).cloned().collect()
    };
    let unknown = zh.iter().filter(|(key, arguments)| {
        // Plural forms may leave an argument out in one language, never bring in another.
        let (here, there) = (plain(arguments), plain(&en[*key]));
        !there.is_subset(&here) && !here.is_subset(&there)
    });
    assert_eq!(unknown.map(|(key, _)| key).collect::<Vec<_>>(), Vec::<&String>::new(), "other arguments");
}

#[test]
fn every_refusal_says_what_and_what_next_in_both_languages() {
    for language in ["zh", "en"] {
        let known = messages(language);
        let mut missing = Vec::new();
        for (code, _) in TABLE {
            let key = format!("refusal-{}", code.replace(['.', '_'], "-"));
            missing.extend(
                [key.clone(), format!("{key}.detail")].into_iter().filter(|key| !known.contains_key(key)),
            );
        }
        assert!(missing.is_empty(), "{language}: {missing:?}");
    }
}

#[test]
fn what_a_resident_loads_is_small() {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/assets");
    for (ending, most) in [("css", 12 * 1024), ("js", 10 * 1024)] {
        let files = std::fs::read_dir(&assets).unwrap().flatten().map(|entry| entry.path());
        // The papers' own stylesheet is for the staff's print pages; no resident loads it.
        let files = files.filter(|path| !path.ends_with("paper.css"));
        let sizes = files.filter(|path| path.extension().is_some_and(|e| e == ending));
        let bytes: u64 = sizes.map(|path| std::fs::metadata(path).unwrap().len()).sum();
        assert!(bytes > 0 && bytes <= most, "{bytes} bytes of {ending}");
    }
}

#[test]
fn components_are_short_and_say_what_they_take() {
    let components = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/components");
    let mut faults = Vec::new();
    for entry in std::fs::read_dir(components).unwrap().flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let first = text.lines().next().unwrap_or_default();
        if text.lines().count() > 40 || !first.starts_with("{{!") {
            faults.push(format!(
                "{}: {} lines, begins {first}",
                entry.path().display(),
                text.lines().count()
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
