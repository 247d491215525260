//! What the reader of TOML says, as faults: the words are the parser's, the sentences are ours.

use serde_json::{Map, Value};
use toml::de::Error;

use super::lines::line_of;
use super::{FAULTS, Fault};

impl Fault {
    /// What a file's reader found, at its line.
    pub fn of_toml(text: &str, error: &Error) -> Self {
        let message = error.message();
        let fault = coded(message).unwrap_or_else(|| said(message));
        let Some(span) = error.span() else { return fault };
        // What is read as a whole is told with its whole: the word in it says where.
        let word =
            fault.args.first().filter(|_| matches!(fault.code, "toml.key" | "toml.word" | "role" | "whom"));
        let inside =
            text.get(span.clone()).zip(word).and_then(|(whole, (_, word))| whole.find(word.as_str()));
        fault.on_line(line_of(text, span.start + inside.unwrap_or(0)))
    }
}

/// A fault of our own that came through the parser.
fn coded(message: &str) -> Option<Fault> {
    let (code, args) = message.split_once(' ')?;
    let (code, names) = FAULTS.iter().find(|(known, _)| *known == code)?;
    let args: Map<String, Value> = serde_json::from_str(args).ok()?;
    let value = |name: &&'static str| Some((*name, args.get(*name)?.as_str()?.to_owned()));
    let args = names.iter().filter_map(value).collect();
    Some(Fault { code, args, place: Vec::new(), line: None })
}

fn said(message: &str) -> Fault {
    let word = || message.split('`').nth(1).unwrap_or_default();
    let known = || {
        let all: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        if all.is_empty() { "none".to_owned() } else { all.join(", ") }
    };
    if message.starts_with("unknown field ") {
        return Fault::new("toml.key", &[("name", &word()), ("known", &known())]);
    }
    if message.starts_with("unknown variant ") {
        return Fault::new("toml.word", &[("word", &word()), ("known", &known())]);
    }
    if message.starts_with("missing field ") {
        return Fault::new("toml.lacks", &[("name", &word())]);
    }
    if message.starts_with("duplicate ") {
        return Fault::new("toml.twice", &[]);
    }
    if let Some((found, expected)) = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
        .and_then(|rest| rest.rsplit_once(", expected "))
    {
        return Fault::new("toml.shape", &[("found", &shape(found)), ("expected", &shape(expected))]);
    }
    Fault::new("toml.syntax", &[("sort", &sort(message)), ("told", &message)])
}

/// What stands or belongs somewhere, as the texts know it.
fn shape(words: &str) -> &'static str {
    // What is read by its shape says by a word of ours what belongs there.
    if let Some(own) = ["use", "target", "inside", "reader"].into_iter().find(|own| *own == words) {
        return own;
    }
    let first = words.trim_start_matches("a ").trim_start_matches("an ");
    let first = first.split([' ', '`']).next().unwrap_or_default();
    match first {
        "string" | "str" | "character" => "text",
        "boolean" => "yes",
        "sequence" | "tuple" => "list",
        "map" | "struct" | "internally" => "table",
        "integer" | "i64" | "i32" | "u64" | "u32" | "u16" | "u8" | "floating" => "number",
        "datetime" => "day",
        _ => "other",
    }
}

/// What the author has most likely left out, as the texts know it.
fn sort(message: &str) -> &'static str {
    let sorts: [(&str, &[&str]); 5] = [
        (
            "unclosed",
            &["unclosed", "missing array opening", "missing inline table opening", "missing table open"],
        ),
        ("comma", &["missing comma", "extra comma"]),
        ("value", &["missing value", "key with no value", "missing key", "invalid key-value pair"]),
        ("equals", &["missing assignment", "extra assignment", "extra `=`", "unexpected `=`"]),
        (
            "quote",
            &[
                "string values must be quoted",
                "missing opening quote",
                "invalid value",
                "invalid unquoted key",
                "invalid basic",
                "invalid literal",
                "invalid multi-line",
            ],
        ),
    ];
    let found = sorts.iter().find(|(_, begins)| begins.iter().any(|one| message.starts_with(one)));
    found.map_or("other", |(sort, _)| sort)
}
