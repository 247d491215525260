//! A paper opened from a case begins with what the case knows; which field takes what is data (`paper-fill.toml`).

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::Paper;
use super::field::{Column, Field, Kind};
use super::known::ID_TOLD;
use crate::fault::Fault;

/// What is known of a case, by the names of `paper-fill.toml`. Texts, ISO days, whole numbers, fen, truths, arrays of
/// texts, and arrays of objects for rows; chosen codes stand in their Chinese words.
pub type Known = Map<String, Json>;

/// Longest line that a field of one line takes, in characters.
const LINE: usize = 500;

#[derive(Deserialize)]
struct Rules {
    columns: BTreeMap<String, Vec<String>>,
    words: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(flatten)]
    papers: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

fn rules() -> Result<&'static Rules, Fault> {
    static RULES: OnceLock<Result<Rules, Fault>> = OnceLock::new();
    const TABLE: &str = include_str!("../../assets/paper-fill.toml");
    let read = || toml::from_str(TABLE).map_err(|error| Fault::of_toml(TABLE, &error));
    RULES.get_or_init(read).as_ref().map_err(Clone::clone)
}

impl Rules {
    fn sources<'a>(&'a self, form: &'a Paper, name: &'a str) -> Vec<&'a str> {
        let own = form.fill.get(name).or_else(|| self.papers.get(&form.code).and_then(|own| own.get(name)));
        let named = own.or_else(|| self.papers.get("common").and_then(|common| common.get(name)));
        let mut sources: Vec<&str> = match named {
            Some(named) => named.iter().map(String::as_str).collect(),
            None => vec![name],
        };
        // The house's table knows the house's flows: where it finds nothing, a flow of the package may have the field.
        if form.own.is_some()
            && !form.fill.contains_key(name)
            && !sources.is_empty()
            && !sources.contains(&name)
        {
            sources.push(name);
        }
        sources
    }

    /// The paper's word for the case's: its own, or the house's.
    fn word<'a>(&'a self, form: &'a Paper, field: &Field, word: &str) -> Option<&'a String> {
        let of = |all: &'a BTreeMap<String, BTreeMap<String, String>>| all.get(&field.name)?.get(word);
        of(&form.words).or_else(|| of(&self.words))
    }
}

/// What may fill a field: the paper's own rule, the house's, or what has its name.
///
/// # Errors
/// As [`prefill`].
pub(super) fn sources<'a>(form: &'a Paper, name: &'a str) -> Result<Vec<&'a str>, Fault> {
    Ok(rules()?.sources(form, name))
}

/// The values with which the paper opens: each field's first source that fits it. What does not fit stays blank.
///
/// # Errors
/// Only where the table itself cannot be read, which a test rules out.
pub fn prefill(form: &Paper, known: &Known) -> Result<Map<String, Json>, Fault> {
    let rules = rules()?;
    let mut values = Map::new();
    for field in form.fields.iter().filter(|field| is_asked(form, field)) {
        let sources = rules.sources(form, &field.name).into_iter();
        let sources = sources.filter_map(|source| told(known, with_document(form, field, source)));
        let mut fitting = sources.filter_map(|json| fitted((rules, form), field, &json));
        if let Some(value) = fitting.next() {
            values.insert(field.name.clone(), value);
        }
    }
    // The case's own number is the paper's where the form says so and the case names no other for it.
    if !values.contains_key("no")
        && let (Some(field), Some(number)) = (form.field("no"), known.get("case.number"))
        && form.number.as_ref().is_some_and(|numbered| numbered.given)
        && let Some(value) = fitted((rules, form), field, number)
    {
        values.insert("no".to_owned(), value);
    }
    Ok(values)
}

/// A number on a paper that has no field beside it for the document's kind stands there with the document's name.
fn with_document<'a>(form: &Paper, field: &Field, source: &'a str) -> &'a str {
    let beside = field.name.strip_suffix("id_no").map(|front| format!("{front}id_type"));
    let kind_has_a_field = beside.is_some_and(|kind| form.field(&kind).is_some());
    if source == "case.id_no" && !kind_has_a_field { ID_TOLD } else { source }
}

/// What a source says: a name of what is known; `NAME=WORDS`, words that hold where the name is known and not no;
/// `=WORDS`, words that always hold; `~WORDS`, words with names in braces, where all of them are known.
fn told(known: &Known, source: &str) -> Option<Json> {
    if let Some(words) = source.strip_prefix('~') {
        return spoken_of(known, words).map(Json::from);
    }
    match source.split_once('=') {
        None => known.get(source).cloned(),
        Some((name, words)) => {
            let holds = name.is_empty() || known.get(name).is_some_and(|value| *value != Json::Bool(false));
            holds.then(|| json!(words))
        }
    }
}

/// Words with what is known in the places of its names, days as they are written.
fn spoken_of(known: &Known, words: &str) -> Option<String> {
    let mut parts = words.split('{');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}')?;
        out.push_str(&dated(&text(known.get(name)?)?));
        out.push_str(rest);
    }
    Some(out)
}

/// A day or a time that stands alone, as papers write it.
fn dated(text: &str) -> String {
    let Some(day) = text.get(..10).and_then(|day| day.parse().ok()) else { return text.to_owned() };
    let day = super::write::date(day);
    match (text.len(), text.get(10..11), text.get(11..13), text.get(14..16)) {
        (10, ..) => day,
        (_, Some("T"), Some(hour), Some(minute)) => {
            let hour = hour.strip_prefix('0').unwrap_or(hour);
            format!("{day}{hour}时{minute}分")
        }
        _ => text.to_owned(),
    }
}

/// What is signed, sealed, pasted or counted is no case's to fill.
fn is_asked(form: &Paper, field: &Field) -> bool {
    let given = form.number.as_ref().is_some_and(|number| number.given);
    !matches!(field.kind, Kind::Sign | Kind::Seal | Kind::Image) && (field.kind != Kind::Number || given)
}

fn fitted((rules, form): (&Rules, &Paper), field: &Field, known: &Json) -> Option<Json> {
    let value = match field.kind {
        Kind::List => listed(rules, &field.columns, known)?,
        Kind::Choice => json!(option((rules, form), field, &text(known)?)?),
        Kind::Choices => json!(options((rules, form), field, known)?),
        Kind::Long => json!(dated(&text(known)?)),
        Kind::Date => json!(text(known)?.chars().take(10).collect::<String>()),
        Kind::Int | Kind::Money => known.as_i64().or_else(|| known.as_str()?.parse().ok()).map(Json::from)?,
        Kind::Yes => known.as_bool().or_else(|| (known.as_str()? == "是").then_some(true)).map(Json::from)?,
        Kind::Time => json!(line(&text(known)?)),
        _ => json!(line(&worded((rules, form), field, dated(&text(known)?)))),
    };
    super::values::fits(field, &value).then_some(value)
}

/// The paper's word for the case's where it has its own; empty words leave the field to be typed.
fn worded((rules, form): (&Rules, &Paper), field: &Field, word: String) -> String {
    rules.word(form, field, &word).cloned().unwrap_or(word)
}

/// One line: breaks become commas, and what is too long is cut.
fn line(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("；").chars().take(LINE).collect()
}

/// What is known in words; rows by their names.
fn text(known: &Json) -> Option<String> {
    let text = match known {
        Json::String(text) => text.trim().to_owned(),
        Json::Number(n) => n.to_string(),
        Json::Bool(truth) => if *truth { "是" } else { "否" }.to_owned(),
        Json::Array(all) => {
            let terms = all.iter().any(|row| row.get("what").is_some());
            all.iter().filter_map(named).collect::<Vec<_>>().join(if terms { "；" } else { "、" })
        }
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

fn named(row: &Json) -> Option<String> {
    match row {
        Json::Object(cells) if cells.contains_key("what") => term(cells),
        Json::Object(cells) => cells.get("name").or_else(|| cells.values().next()).and_then(text),
        other => text(other),
    }
}

/// What somebody does, for how much and by when.
fn term(cells: &Map<String, Json>) -> Option<String> {
    let mut words = text(cells.get("what")?)?.trim_end_matches(['。', '；']).to_owned();
    if let Some(fen) = cells.get("amount").and_then(Json::as_i64).filter(|fen| *fen > 0) {
        let capitals = super::money::in_words(fen).unwrap_or_default();
        words = format!("{words}，金额{}（{capitals}）", super::write::figures(fen));
    }
    if let Some(due) = cells.get("due").and_then(text) {
        words = format!("{words}，于{}前履行", dated(&due));
    }
    Some(words)
}

/// The paper's word for the case's: the same, the table's, or the one that holds the other.
fn option((rules, form): (&Rules, &Paper), field: &Field, word: &str) -> Option<String> {
    if field.options.is_empty() {
        return Some(line(word));
    }
    let table = rules.word(form, field, word);
    let is = |option: &&String| *option == word || Some(*option) == table;
    let near = |option: &&String| word.contains(option.as_str()) || option.contains(word);
    field.options.iter().find(is).or_else(|| field.options.iter().find(near)).cloned()
}

fn options(by: (&Rules, &Paper), field: &Field, known: &Json) -> Option<Vec<String>> {
    if field.options.is_empty()
        && let Json::Array(all) = known
    {
        return Some(all.iter().filter_map(text).collect()).filter(|all: &Vec<String>| !all.is_empty());
    }
    let words: Vec<String> = match known {
        Json::Array(all) => all.iter().filter_map(text).collect(),
        other => text(other)?.split('、').map(str::to_owned).collect(),
    };
    let mut found: Vec<String> = words.iter().filter_map(|word| option(by, field, word)).collect();
    found.dedup();
    Some(found).filter(|found| !found.is_empty())
}

/// Rows column by column; a text gives a row a line, in the first column.
fn listed(rules: &Rules, columns: &[Column], known: &Json) -> Option<Json> {
    let mut named = columns.iter().filter(|column| column.name != "n");
    let rows: Vec<Json> = match known {
        Json::Array(rows) if rows.iter().any(Json::is_object) => {
            rows.iter().filter_map(|row| row_of(rules, columns, row)).collect()
        }
        other => {
            let first = named.next()?;
            let lines = match other {
                Json::Array(all) => all.iter().filter_map(text).collect(),
                other => text(other)?.lines().map(str::trim).map(str::to_owned).collect::<Vec<_>>(),
            };
            let filled = lines.into_iter().filter(|line| !line.is_empty());
            filled.map(|line| json!({ &first.name: line })).collect()
        }
    };
    (!rows.is_empty()).then_some(Json::Array(rows))
}

fn row_of(rules: &Rules, columns: &[Column], row: &Json) -> Option<Json> {
    let mut cells = Map::new();
    for column in columns.iter().filter(|column| column.name != "n") {
        let other = rules.columns.get(&column.name).map(Vec::as_slice).unwrap_or_default();
        let names = std::iter::once(&column.name).chain(other);
        let found = names.filter_map(|name| row.get(name)).find(|cell| !cell.is_null());
        if let Some(cell) = found {
            cells.insert(column.name.clone(), cell.clone());
        }
    }
    (!cells.is_empty()).then_some(Json::Object(cells))
}

/// Every name that the table speaks of under papers and fields, for the test that they exist.
#[cfg(test)]
pub(super) fn spoken() -> Vec<(String, String)> {
    let papers = rules().map(|rules| &rules.papers).into_iter().flatten();
    papers.flat_map(|(code, own)| own.keys().map(|field| (code.clone(), field.clone()))).collect()
}
