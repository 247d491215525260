//! What papers may name of a case is what the house fills, no more and no less.

use std::collections::BTreeSet;
use std::path::Path;

/// Where the facts of a case are told.
const TELLERS: [&str; 4] = [
    "core/app/src/paper/open.rs",
    "core/app/src/paper/office.rs",
    "core/domain/src/paper/known.rs",
    "core/domain/src/paper/derived.rs",
];

/// The names in a text's quotes that begin with one of these words: `"worker.firm"`.
fn quoted<'a>(text: &'a str, words: &BTreeSet<String>) -> BTreeSet<&'a str> {
    let of_fact = |name: &&str| {
        let rest = name.split_once('.').filter(|(word, _)| words.contains(*word)).map(|(_, rest)| rest);
        rest.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
    };
    text.split('"').filter(of_fact).collect()
}

#[test]
fn what_a_paper_may_name_is_what_a_case_tells() {
    let known: BTreeSet<String> = falin_domain::paper::facts().collect();
    let words = known.iter().filter_map(|name| Some(name.split_once('.')?.0.to_owned())).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let texts = TELLERS.map(|place| std::fs::read_to_string(root.join(place)).unwrap());
    let told: BTreeSet<&str> = texts.iter().flat_map(|text| quoted(text, &words)).collect();
    assert_eq!(told, known.iter().map(String::as_str).collect());
}
