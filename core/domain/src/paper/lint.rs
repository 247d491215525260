//! What a paper of a package must hold beyond its language: it prints full and blank, its number is its own, and what
//! fills it is there to be known.

use super::field::{Field, From};
use super::values::Values;
use super::{Fill, Kind, Laid, Paper, all, compose, find, outline, prefill, sample};
use crate::fault::At;
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

/// Every fault of a paper that is for these flows; `own` are the codes that its package brings.
pub fn lint(paper: &Paper, flows: &[&Flow], own: &[&str], at: &mut At<'_>) {
    for (key, text) in [("title", &paper.title), ("source", &paper.source)] {
        let mut at = at.member(key);
        if text.trim().is_empty() {
            at.say("paper.empty_title", &[]);
        }
        if text.chars().count() > LONGEST {
            at.say("paper.long_title", &[("most", &LONGEST)]);
        }
    }
    if paper.fields.len() > MOST_FIELDS || paper.lines.len() > MOST_LINES || paper.lines.is_empty() {
        at.member("layout").say("paper.size", &[("fields", &MOST_FIELDS), ("lines", &MOST_LINES)]);
    }
    for (key, words) in [("after", &paper.after), ("unless", &paper.unless)] {
        for word in words {
            let named = |flow: &&Flow| flow.step(word).is_some() || flow.state(word).is_some();
            if !flows.iter().any(named) {
                at.member(key).say("paper.after", &[("name", word)]);
            }
        }
    }
    number(paper, at);
    prints(paper, at);
    fills(paper, flows, own, at);
}

fn number(paper: &Paper, at: &mut At<'_>) {
    let shown = paper.field("no").is_some_and(|field| field.kind == Kind::Number);
    let Some(number) = &paper.number else {
        if shown {
            at.named("fields", "no").say("paper.no_number", &[]);
        }
        return;
    };
    let mut at = at.member("number");
    if !shown {
        at.say("paper.unprinted", &[]);
    }
    for (series, prefix) in paper.series() {
        let variant = number.variants.iter().position(|one| one.series == series && one.prefix == prefix);
        let mut at = match variant {
            Some(number) => at.entry("variants", number, ""),
            None => at.member("prefix"),
        };
        let words = prefix.replace("{office}", "");
        if words.trim().is_empty() || words.contains(['{', '}']) || prefix.chars().count() > 40 {
            at.say("paper.prefix", &[("prefix", &prefix)]);
        }
        if all().iter().any(|form| form.series().iter().any(|(_, other)| *other == prefix)) {
            at.say("paper.house_prefix", &[("prefix", &prefix)]);
        }
    }
    for (variant, one) in number.variants.iter().enumerate().filter(|(_, one)| one.prefix == number.prefix) {
        at.entry("variants", variant, "").say("paper.variant", &[("series", &one.series)]);
    }
}

fn prints(paper: &Paper, at: &mut At<'_>) {
    let full = sample(paper);
    if !Values::read(paper, &full.json()).is_ok_and(|read| read == full) {
        return at.member("fields").say("paper.sample", &[]);
    }
    for values in [&full, &Values::default()] {
        let sheet = compose(paper, Fill::Values(values), "");
        let rows = sheet.laid.iter().filter_map(|laid| match laid {
            Laid::Table(rows) => Some(rows),
            _ => None,
        });
        let wide =
            |row: &super::Row| row.cells.iter().map(|cell| u32::from(cell.units)).sum::<u32>() != WHOLE;
        if rows.flatten().any(wide) {
            return at.member("layout").say("paper.wide", &[]);
        }
    }
    if outline(paper).laid.is_empty() {
        at.member("layout").say("paper.nothing", &[]);
    }
}

/// Every source is known in one of its flows, and what is to come from case or person can come from there.
fn fills(paper: &Paper, flows: &[&Flow], own: &[&str], at: &mut At<'_>) {
    let known = |source: &str| {
        let mut names = names(source);
        names.all(|name| is_known(flows, own, name))
    };
    for (name, sources) in &paper.fill {
        for source in sources.iter().filter(|source| !known(source)) {
            let args: &[(_, &dyn std::fmt::Display)] = &[("field", name), ("source", source)];
            at.member("fill").member(name).say("paper.source", args);
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
        at.named("fields", &field.name).say("paper.unfilled", &[("field", &field.name)]);
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
