//! What a paper of a package must hold beyond its language: it prints full and blank, its number is its own, and what
//! fills it is there to be known.

use super::field::{Field, From};
use super::values::Values;
use super::{Fill, Kind, Laid, Paper, all, compose, find, outline, prefill, sample};
use crate::workflow::Flow;

/// Most fields of a paper, and most lines of its layout.
const MOST_FIELDS: usize = 150;
const MOST_LINES: usize = 300;
/// Longest title and source, in characters.
const LONGEST: usize = 200;
/// Units of a table's row.
const WHOLE: u32 = 24;

/// What is known of every case, by its first word.
const FACTS: &[(&str, &[&str])] = &[
    (
        "case",
        &[
            "accused",
            "address",
            "applicants",
            "cause",
            "civil",
            "close_way",
            "closed_on",
            "copies",
            "criminal",
            "dispute",
            "ends_at",
            "exempt",
            "id_no",
            "id_told",
            "matter",
            "notified",
            "number",
            "opened_at",
            "opened_on",
            "other_side",
            "papers",
            "parties",
            "party_names",
            "per_capita",
            "person",
            "phone",
            "place",
            "respondents",
            "stated",
            "subsidy",
            "suspect",
            "tariff",
            "unconditional",
        ],
    ),
    ("person", &["age", "birth", "gender", "id_type"]),
    ("representatives", &["count"]),
    ("booking", &["at", "room"]),
    (
        "worker",
        &[
            "bearer",
            "contact",
            "firm",
            "firm_address",
            "firm_contact",
            "firm_head",
            "firm_name",
            "firm_phone",
            "firm_uscc",
            "licence",
            "name",
            "phone",
        ],
    ),
    (
        "office",
        &[
            "bureau",
            "center",
            "committee",
            "contact",
            "court",
            "government",
            "income_limit",
            "name",
            "phone",
            "upper_bureau",
        ],
    ),
];

/// What the office and the day fill by themselves in every paper.
const FILLED: [&str; 5] = ["center.name", "bureau.name", "office.name", "hotline", "issue_date"];

/// What is known of every case, whichever flow it is of, as a paper's field names it: `worker.firm`.
pub fn facts() -> impl Iterator<Item = String> {
    FACTS.iter().flat_map(|(word, names)| names.iter().map(move |name| format!("{word}.{name}")))
}

/// A fault, and the word of the file by which its place is found; empty where it is the whole file's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// A field's name, a step or a source as it is written in the file.
    pub at: String,
    /// What is wrong.
    pub what: String,
}

/// Every fault of a paper that is for these flows; `own` are the codes that its package brings.
pub fn lint(paper: &Paper, flows: &[&Flow], own: &[&str]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut say = |at: &str, what: String| faults.push(Fault { at: at.to_owned(), what });
    if paper.title.trim().is_empty() || paper.source.trim().is_empty() {
        say("", "title and source are not empty".to_owned());
    }
    if paper.title.chars().count() > LONGEST || paper.source.chars().count() > LONGEST {
        say("title", format!("title and source have at most {LONGEST} characters"));
    }
    if paper.fields.len() > MOST_FIELDS || paper.lines.len() > MOST_LINES || paper.lines.is_empty() {
        say("layout", format!("at most {MOST_FIELDS} fields and {MOST_LINES} lines, and at least one line"));
    }
    for word in paper.after.iter().chain(&paper.unless) {
        let named = |flow: &&Flow| flow.step(word).is_some() || flow.state(word).is_some();
        if !flows.iter().any(named) {
            say(word, format!("`{word}` is neither a step nor a state of its flows"));
        }
    }
    number(paper, &mut say);
    prints(paper, &mut say);
    fills(paper, flows, own, &mut say);
    faults
}

fn number(paper: &Paper, say: &mut impl FnMut(&str, String)) {
    let shown = paper.field("no").is_some_and(|field| field.kind == Kind::Number);
    let Some(number) = &paper.number else {
        if shown {
            say("no", "a field for the number, and no [number] that gives it".to_owned());
        }
        return;
    };
    if !shown {
        say("number", "a number, and no field `no` of kind number that prints it".to_owned());
    }
    for (_, prefix) in paper.series() {
        let words = prefix.replace("{office}", "");
        if words.trim().is_empty() || words.contains(['{', '}']) || prefix.chars().count() > 40 {
            say("prefix", format!("prefix `{prefix}`: words, with {{office}} for the county at most once"));
        }
        if all().iter().any(|form| form.series().iter().any(|(_, other)| *other == prefix)) {
            say("prefix", format!("prefix `{prefix}` is one that the house counts under"));
        }
    }
    for variant in number.variants.iter().filter(|one| one.prefix == number.prefix) {
        say(
            "variants",
            format!("series {} has the prefix of the other: numbers would stand twice", variant.series),
        );
    }
}

fn prints(paper: &Paper, say: &mut impl FnMut(&str, String)) {
    let full = sample(paper);
    if Values::read(paper, &full.json()).is_ok_and(|read| read == full) {
        for values in [&full, &Values::default()] {
            let sheet = compose(paper, Fill::Values(values), "");
            let rows = sheet.laid.iter().filter_map(|laid| match laid {
                Laid::Table(rows) => Some(rows),
                _ => None,
            });
            let wide =
                |row: &super::Row| row.cells.iter().map(|cell| u32::from(cell.units)).sum::<u32>() != WHOLE;
            if rows.flatten().any(wide) {
                return say("row", "a row has more fields than fit beside each other".to_owned());
            }
        }
        if outline(paper).laid.is_empty() {
            say("layout", "nothing would be printed".to_owned());
        }
    } else {
        say("", "its sample values are not read again as they are".to_owned());
    }
}

/// Every source is known in one of its flows, and what is to come from case or person can come from there.
fn fills(paper: &Paper, flows: &[&Flow], own: &[&str], say: &mut impl FnMut(&str, String)) {
    let known = |source: &str| {
        let mut names = names(source);
        names.all(|name| is_known(flows, own, name))
    };
    for (name, sources) in &paper.fill {
        for source in sources.iter().filter(|source| !known(source)) {
            say(
                source,
                format!("field `{name}` is filled from `{source}`, which no case of its flows knows"),
            );
        }
    }
    let given = paper.number.as_ref().is_some_and(|number| number.given);
    let filled = |field: &Field| {
        let sources = prefill::sources(paper, &field.name).unwrap_or_default();
        FILLED.contains(&field.name.as_str())
            || (given && field.name == "no")
            || sources.iter().any(|one| known(one))
    };
    let due = |field: &&Field| matches!(field.from, From::Case | From::Person);
    for field in paper.fields.iter().filter(due).filter(|field| !filled(field)) {
        let name = &field.name;
        say(
            name,
            format!(
                "field `{name}` is to come from the case, and nothing there fills it: name it in [fill], or let it be typed"
            ),
        );
    }
}

/// The names that a source speaks of.
fn names(source: &str) -> Box<dyn Iterator<Item = &str> + '_> {
    if let Some(words) = source.strip_prefix('~') {
        return Box::new(words.split('{').skip(1).map(|part| part.split('}').next().unwrap_or_default()));
    }
    match source.split_once('=') {
        Some(("", _)) => Box::new(std::iter::empty()),
        Some((name, _)) => Box::new(std::iter::once(name)),
        None => Box::new(std::iter::once(source)),
    }
}

fn is_known(flows: &[&Flow], own: &[&str], name: &str) -> bool {
    let Some((first, rest)) = name.split_once('.') else {
        return name == "today" || flows.iter().any(|flow| flow.field(name).is_some());
    };
    let says = |of: fn(&Flow) -> &str| flows.iter().any(|flow| !of(flow).is_empty());
    match first {
        "case" if rest == "person" => says(|flow| &flow.person),
        "case" if rest == "phone" => says(|flow| &flow.phone),
        "case" if rest == "matter" => says(|flow| &flow.matter),
        "case" if rest == "id_no" || rest == "id_told" => says(|flow| &flow.id_number),
        "person" => says(|flow| &flow.id_number),
        "step" => rest.split_once('.').is_some_and(|(action, field)| {
            let there =
                |flow: &&Flow| flow.step(action).is_some() && (field == "on" || flow.field(field).is_some());
            flows.iter().any(there)
        }),
        "due" => {
            let counted = |flow: &&Flow| flow.deadline.iter().any(|rule| rule.code == rest);
            crate::deadline::rule(rest).is_some() || flows.iter().any(counted)
        }
        "paper" => match rest.rsplit_once('.') {
            Some((kind, "no" | "ref")) => find(kind).is_some() || own.contains(&kind),
            _ => false,
        },
        _ => FACTS.iter().any(|(word, names)| *word == first && names.contains(&rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_source_names_is_found() {
        let of = |source| names(source).collect::<Vec<_>>();
        assert_eq!(of("~{title} {held_on}"), ["title", "held_on"]);
        assert_eq!(
            (of("=words"), of("danger=words"), of("case.number")),
            (vec![], vec!["danger"], vec!["case.number"])
        );
    }
}
