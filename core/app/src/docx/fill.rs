//! Puts values into a template: runs that part a placeholder are joined first, then loops, then values.

use std::collections::BTreeMap;

use falin_domain::paper::{Kind, Paper, Value, Values, in_words};

use super::template::Mark;
use super::tree::{Element, Node};
use super::write::escape;

/// Room to write in where a value is missing.
const BLANK: &str = "＿＿＿＿＿＿＿＿";

type Rows = BTreeMap<String, Value>;

/// Fills a part.
pub(super) fn nodes(nodes: &mut Vec<Node>, paper: &Paper, values: &Values) {
    for node in nodes.iter_mut() {
        if let Node::Element(element) = node {
            join(element);
        }
    }
    let filler = Filler { paper, values };
    filler.level(nodes);
}

/// Word parts a text wherever somebody stopped typing: each placeholder is put whole into the run that it begins in.
fn join(element: &mut Element) {
    if element.name() != "w:p" {
        for node in &mut element.children {
            if let Node::Element(inner) = node {
                join(inner);
            }
        }
        return;
    }
    let mut texts: Vec<String> = Vec::new();
    element.walk(&mut |one| {
        if one.name() == "w:t" {
            texts.push(one.own_text());
        }
    });
    let joined = joined(texts);
    let mut at = 0;
    element.each_mut("w:t", &mut |one| {
        one.children = vec![Node::Text(escape(&joined[at]))];
        at += 1;
    });
    // A text box is a paragraph inside a paragraph; its texts were joined with the outer ones above.
}

/// The same texts with no placeholder running over the end of one.
fn joined(mut texts: Vec<String>) -> Vec<String> {
    for at in 0..texts.len() {
        while open(&texts[at]) {
            let Some(next) = (at + 1..texts.len()).find(|next| !texts[*next].is_empty()) else { break };
            let taken = std::mem::take(&mut texts[next]);
            // As far as the placeholder goes, and no farther.
            let whole = format!("{}{taken}", texts[at]);
            let end = whole.rfind("}}").map(|end| end + 2).filter(|end| *end > texts[at].len());
            match end.map(|end| whole.split_at(end)).filter(|(done, _)| !open(done)) {
                Some((done, rest)) => {
                    texts[next] = rest.to_owned();
                    texts[at] = done.to_owned();
                }
                None => texts[at] = whole,
            }
        }
    }
    texts
}

/// Whether a placeholder begins in the text and does not end there; a single brace at its end may be half of one.
fn open(text: &str) -> bool {
    match text.rfind("{{") {
        Some(at) => !text[at..].contains("}}"),
        None => text.ends_with('{'),
    }
}

struct Filler<'a> {
    paper: &'a Paper,
    values: &'a Values,
}

impl Filler<'_> {
    /// Fills the children of one element, repeating what a loop repeats.
    fn level(&self, nodes: &mut Vec<Node>) {
        let mut done = Vec::with_capacity(nodes.len());
        for node in nodes.drain(..) {
            let Node::Element(mut element) = node else {
                done.push(node);
                continue;
            };
            match self.list_of(&element) {
                Some(rows) => {
                    for (at, row) in rows.iter().enumerate() {
                        let mut copy = element.clone();
                        self.texts(&mut copy, Some((at + 1, row)));
                        done.push(Node::Element(copy));
                    }
                }
                None if element.name() == "w:p" => {
                    self.texts(&mut element, None);
                    done.push(Node::Element(element));
                }
                None => {
                    self.level(&mut element.children);
                    done.push(Node::Element(element));
                }
            }
        }
        *nodes = done;
    }

    /// The rows over which a table's row or a paragraph is repeated; a blank list leaves one to write in.
    fn list_of(&self, element: &Element) -> Option<Vec<Rows>> {
        if !matches!(element.name(), "w:tr" | "w:p") {
            return None;
        }
        let text = element.text();
        let list = text.split_once("{{#each ")?.1.split_once("}}")?.0.trim().to_owned();
        match self.values.get(&list) {
            Some(Value::Rows(rows)) if !rows.is_empty() => Some(rows.clone()),
            _ => Some(vec![Rows::new()]),
        }
    }

    fn texts(&self, element: &mut Element, row: Option<(usize, &Rows)>) {
        let runs = |element: &Element| {
            element.children.iter().any(|node| matches!(node, Node::Element(e) if e.name() == "w:t"))
        };
        if !runs(element) {
            for node in &mut element.children {
                if let Node::Element(inner) = node {
                    self.texts(inner, row);
                }
            }
            return;
        }
        let mut done = Vec::new();
        for node in element.children.drain(..) {
            match node {
                Node::Element(text) if text.name() == "w:t" => done.extend(self.text(&text, row)),
                other => done.push(other),
            }
        }
        element.children = done;
    }

    /// One `w:t` with its placeholders filled; a line break in a value becomes one of the document.
    fn text(&self, element: &Element, row: Option<(usize, &Rows)>) -> Vec<Node> {
        let source = element.own_text();
        if !source.contains("{{") {
            return vec![Node::Element(element.clone())];
        }
        let filled = self.sentence(&source, row);
        let mut nodes = Vec::new();
        for (at, line) in filled.split('\n').enumerate() {
            if at > 0 {
                nodes.push(Node::Element(Element { tag: "w:br".to_owned(), children: Vec::new() }));
            }
            let tag = "w:t xml:space=\"preserve\"".to_owned();
            nodes.push(Node::Element(Element { tag, children: vec![Node::Text(escape(line))] }));
        }
        nodes
    }

    fn sentence(&self, text: &str, row: Option<(usize, &Rows)>) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            out.push_str(before);
            let Some((inside, after)) = after.split_once("}}") else {
                rest = after;
                continue;
            };
            out.push_str(&self.value(&Mark::read(inside), row));
            rest = after;
        }
        out.push_str(rest);
        out
    }

    fn value(&self, mark: &Mark, row: Option<(usize, &Rows)>) -> String {
        match mark {
            Mark::Each(_) | Mark::EndEach => String::new(),
            Mark::Tick(name, option) => {
                let chosen = match self.values.get(name) {
                    Some(Value::Chosen(all)) => all.contains(option),
                    Some(other) => other.printed() == *option,
                    None => false,
                };
                if chosen { "☑" } else { "□" }.to_owned()
            }
            Mark::Value(name, words) => {
                let field = self.paper.field(name);
                let of_row = row.and_then(|(at, row)| match name.as_str() {
                    "n" => Some(at.to_string()),
                    _ => row.get(name).map(|value| printed(value, *words)),
                });
                if row.is_some() && field.is_none() {
                    return of_row.unwrap_or_default();
                }
                let own = || {
                    self.values.get(name).map(|value| match field {
                        Some(field) if field.kind == Kind::List => field.joined(value),
                        _ => printed(value, *words),
                    })
                };
                let by_hand =
                    field.is_some_and(|field| matches!(field.kind, Kind::Sign | Kind::Seal | Kind::Image));
                let missing = if by_hand { "" } else { BLANK };
                of_row.or_else(own).unwrap_or_else(|| missing.to_owned())
            }
        }
    }
}

fn printed(value: &Value, words: bool) -> String {
    match value {
        Value::Money(fen) if words => in_words(*fen).unwrap_or_default(),
        other => other.printed(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_parted_by_runs_is_joined_where_it_begins() {
        let parted = |texts: &[&str]| joined(texts.iter().map(|text| (*text).to_owned()).collect());
        assert_eq!(
            parted(&["受援人{", "{recipient", ".name}", "}：", "尾"]),
            ["受援人{{recipient.name}}", "", "", "：", "尾"]
        );
        assert_eq!(parted(&["{{a}}", "{{b", "}}c"]), ["{{a}}", "{{b}}", "c"]);
        assert_eq!(parted(&["{{a", " no end"]), ["{{a no end", ""]);
    }
}
