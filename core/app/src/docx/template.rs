//! A county's own .docx for a paper: read within bounds, checked before it is kept, filled with values.

use falin_domain::paper::{Kind, Paper, Values};

use super::fill;
use super::package::{self, BadPackage, Part};
use super::tree::{self, Element, Node};

/// A template that passed the check.
pub struct Template {
    parts: Vec<Part>,
}

/// What stands between `{{` and `}}`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Mark {
    /// `{{name}}` and `{{name:words}}`.
    Value(String, bool),
    /// `{{name=option}}`.
    Tick(String, String),
    /// `{{#each list}}`.
    Each(String),
    /// `{{/each}}`.
    EndEach,
}

impl Mark {
    pub(super) fn read(inside: &str) -> Self {
        let inside = inside.trim();
        if inside == "/each" {
            return Self::EndEach;
        }
        if let Some(list) = inside.strip_prefix("#each ") {
            return Self::Each(list.trim().to_owned());
        }
        match (inside.split_once('='), inside.strip_suffix(":words")) {
            (Some((name, option)), _) => Self::Tick(name.trim().to_owned(), option.trim().to_owned()),
            (_, Some(name)) => Self::Value(name.trim().to_owned(), true),
            _ => Self::Value(inside.to_owned(), false),
        }
    }
}

/// The marks of a text in order.
pub(super) fn marks(text: &str) -> Result<Vec<Mark>, BadPackage> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let (inside, after) =
            after.split_once("}}").ok_or_else(|| BadPackage::new("template.unclosed", shortened(after)))?;
        found.push(Mark::read(inside));
        rest = after;
    }
    Ok(found)
}

fn shortened(text: &str) -> String {
    text.chars().take(20).collect()
}

/// Parts that hold text: the document, its headers and footers.
pub(super) fn is_text(name: &str) -> bool {
    let file = name.strip_prefix("word/").unwrap_or_default();
    file.ends_with(".xml") && ["document", "header", "footer"].iter().any(|start| file.starts_with(start))
}

impl Template {
    /// Reads and checks a template of `paper`.
    ///
    /// # Errors
    /// Every fault that it has, in words for the one who wrote it: it is no .docx, too large, holds macros or links to
    /// files elsewhere, a part is no XML, a placeholder is unknown or not closed, a loop leaves its row.
    pub fn read(paper: &Paper, bytes: &[u8]) -> Result<Self, Vec<BadPackage>> {
        let parts = package::read(bytes).map_err(|fault| vec![fault])?;
        let mut faults = Vec::new();
        if !parts.iter().any(|part| part.name == "word/document.xml") {
            faults.push(BadPackage::new("template.zip", "word/document.xml"));
        }
        for part in &parts {
            faults.extend(forbidden(part));
            if !part.name.ends_with(".xml") && !part.name.ends_with(".rels") {
                continue;
            }
            match tree::read(&part.name, &part.bytes) {
                Ok(nodes) if is_text(&part.name) => faults.extend(check(paper, &nodes)),
                Ok(nodes) => faults.extend(links(&part.name, &nodes)),
                Err(fault) => faults.push(fault),
            }
        }
        faults.dedup();
        faults.truncate(20);
        if faults.is_empty() { Ok(Self { parts }) } else { Err(faults) }
    }

    /// The document with values in place of its marks.
    ///
    /// # Errors
    /// None that the check has not found before.
    pub fn fill(&self, paper: &Paper, values: &Values) -> Result<Vec<u8>, BadPackage> {
        let mut done = Vec::new();
        for part in &self.parts {
            let bytes = if is_text(&part.name) {
                let mut nodes = tree::read(&part.name, &part.bytes)?;
                fill::nodes(&mut nodes, paper, values);
                let mut text = String::with_capacity(part.bytes.len() * 2);
                tree::write(&nodes, &mut text);
                text.into_bytes()
            } else {
                part.bytes.clone()
            };
            done.push((part.name.clone(), bytes));
        }
        package::write(done.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())))
    }
}

/// Parts that run, or bring in what can.
pub(super) fn forbidden(part: &Part) -> Option<BadPackage> {
    let name = part.name.to_lowercase();
    let runs = ["vbaproject", "vbadata", "activex", "oleobject", "embeddings/", "attachedtoolbars"];
    let typed =
        name == "[content_types].xml" && String::from_utf8_lossy(&part.bytes).contains("macroEnabled");
    (typed || runs.iter().any(|word| name.contains(word)))
        .then(|| BadPackage::new("template.macro", part.name.clone()))
}

/// Links to what is not in the document.
pub(super) fn links(name: &str, nodes: &[Node]) -> Vec<BadPackage> {
    let mut faults = Vec::new();
    each(nodes, &mut |element| {
        let tag = element.tag.replace('\'', "\"");
        if name.ends_with(".rels") && tag.contains("TargetMode=\"External\"") {
            faults.push(BadPackage::new("template.link", name));
        }
    });
    faults
}

fn each(nodes: &[Node], visit: &mut dyn FnMut(&Element)) {
    for node in nodes {
        if let Node::Element(element) = node {
            element.walk(visit);
        }
    }
}

fn check(paper: &Paper, nodes: &[Node]) -> Vec<BadPackage> {
    let mut faults = Vec::new();
    each(nodes, &mut |element| match element.name() {
        // Fields that fetch or run: DDE, INCLUDETEXT and their like.
        "w:instrText" | "w:fldSimple" => {
            let words = format!("{} {}", element.tag, element.own_text()).to_uppercase();
            if ["DDE", "INCLUDE", "LINK ", "IMPORT", "MACROBUTTON"].iter().any(|word| words.contains(word)) {
                faults.push(BadPackage::new("template.link", shortened(words.trim())));
            }
        }
        "w:altChunk" => faults.push(BadPackage::new("template.link", "w:altChunk")),
        _ => {}
    });
    for scope in scopes(nodes) {
        match marks(&scope.text()) {
            Ok(found) => faults.extend(known(paper, &found)),
            Err(fault) => faults.push(fault),
        }
    }
    faults
}

/// The places that a loop may not leave: a table's row with all in it, or a paragraph outside of tables.
fn scopes(nodes: &[Node]) -> Vec<&Element> {
    let mut found = Vec::new();
    for node in nodes {
        if let Node::Element(element) = node {
            match element.name() {
                "w:tr" | "w:p" => found.push(element),
                _ => found.extend(scopes(&element.children)),
            }
        }
    }
    found
}

fn known(paper: &Paper, found: &[Mark]) -> Vec<BadPackage> {
    let mut faults = Vec::new();
    let mut inside: Option<&str> = None;
    for mark in found {
        match mark {
            Mark::Each(list) if inside.is_some() => {
                faults.push(BadPackage::new("template.loop", list.clone()))
            }
            Mark::Each(list) => {
                if paper.field(list).is_none_or(|field| field.kind != Kind::List) {
                    faults.push(BadPackage::new("template.unknown", list.clone()));
                }
                inside = Some(list);
            }
            Mark::EndEach if inside.is_none() => faults.push(BadPackage::new("template.loop", "/each")),
            Mark::EndEach => inside = None,
            Mark::Value(name, _) => {
                let column = |list: &str| {
                    let columns = paper.field(list).map(|field| &field.columns[..]).unwrap_or_default();
                    name == "n" || columns.iter().any(|column| column.name == *name)
                };
                if paper.field(name).is_none() && !inside.is_some_and(column) {
                    faults.push(BadPackage::new("template.unknown", name.clone()));
                }
            }
            Mark::Tick(name, option) => {
                let yes_no = |kind: Kind| kind == Kind::Yes && ["是", "否"].contains(&option.as_str());
                let knows = paper
                    .field(name)
                    .is_some_and(|field| field.options.contains(option) || yes_no(field.kind));
                if !knows {
                    faults.push(BadPackage::new("template.unknown", format!("{name}={option}")));
                }
            }
        }
    }
    if let Some(list) = inside {
        faults.push(BadPackage::new("template.loop", list));
    }
    faults
}
