//! A report form with figures as placeholders, a .docx or an .xlsx: checked before it is kept, filled with values.
//!
//! `{{mediations}}` stands for a figure. A paragraph of a document, or a text of a workbook, may hold several; a cell
//! that holds one alone becomes a number, so that the city's own sums go on working.

use std::collections::{BTreeMap, BTreeSet};

use super::package::{self, BadPackage, Part};
use super::template::{Mark, forbidden, is_text, links, marks};
use super::tree::{self, Element, Node};

/// A form that passed the check.
pub struct FigureForm {
    parts: Vec<Part>,
    /// Whether it is a workbook; else a document.
    pub workbook: bool,
    /// The placeholders that it holds.
    pub names: BTreeSet<String>,
}

const SHARED: &str = "xl/sharedStrings.xml";

impl FigureForm {
    /// Reads and checks a form; `known` says which placeholders there are.
    ///
    /// # Errors
    /// Every fault that it has: it is neither kind of file, too large, holds macros or links to files elsewhere, a part
    /// is no XML, a placeholder is unknown or not closed, there is none at all.
    pub fn read(bytes: &[u8], known: impl Fn(&str) -> bool) -> Result<Self, Vec<BadPackage>> {
        let parts = package::read(bytes).map_err(|fault| vec![fault])?;
        let has = |name: &str| parts.iter().any(|part| part.name == name);
        let workbook = has("xl/workbook.xml");
        let mut faults = Vec::new();
        if !workbook && !has("word/document.xml") {
            faults.push(BadPackage::new("template.zip", ""));
        }
        let mut names = BTreeSet::new();
        for part in &parts {
            faults.extend(forbidden(part));
            if !part.name.ends_with(".xml") && !part.name.ends_with(".rels") {
                continue;
            }
            match tree::read(&part.name, &part.bytes) {
                Ok(nodes) if holds_text(&part.name) => {
                    for text in texts(&nodes) {
                        faults.extend(collect(&text, &known, &mut names));
                    }
                }
                Ok(nodes) => faults.extend(links(&part.name, &nodes)),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() && names.is_empty() {
            faults.push(BadPackage::new("template.bare", ""));
        }
        faults.dedup();
        faults.truncate(20);
        if faults.is_empty() { Ok(Self { parts, workbook, names }) } else { Err(faults) }
    }

    /// The file with values in place of its marks; what has none is a dash.
    ///
    /// # Errors
    /// None that the check has not found before.
    pub fn fill(&self, values: &BTreeMap<String, String>) -> Result<Vec<u8>, BadPackage> {
        let numbers = self.numbers(values)?;
        let mut done = Vec::new();
        for part in &self.parts {
            let sheet = part.name.starts_with("xl/worksheets/") && part.name.ends_with(".xml");
            let text = holds_text(&part.name);
            if !sheet && !text && part.name != "xl/workbook.xml" {
                done.push((part.name.clone(), part.bytes.clone()));
                continue;
            }
            let mut nodes = tree::read(&part.name, &part.bytes)?;
            if sheet {
                inlined(&mut nodes, values);
            }
            if text {
                filled(&mut nodes, values);
            }
            if sheet {
                numbered(&mut nodes, &numbers);
            }
            if part.name == "xl/workbook.xml" {
                recounted(&mut nodes);
            }
            let mut out = String::with_capacity(part.bytes.len() * 2);
            tree::write(&nodes, &mut out);
            done.push((part.name.clone(), out.into_bytes()));
        }
        package::write(done.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())))
    }

    /// Shared texts that are one figure and nothing else: their position and number.
    fn numbers(&self, values: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, BadPackage> {
        let Some(part) = self.parts.iter().find(|part| part.name == SHARED) else {
            return Ok(BTreeMap::new());
        };
        let mut numbers = BTreeMap::new();
        for (at, text) in texts(&tree::read(&part.name, &part.bytes)?).into_iter().enumerate() {
            if let Some(value) = number_alone(&text, values) {
                numbers.insert(at.to_string(), value);
            }
        }
        Ok(numbers)
    }
}

/// Parts whose texts may hold placeholders.
fn holds_text(name: &str) -> bool {
    is_text(name) || name == SHARED || (name.starts_with("xl/worksheets/") && name.ends_with(".xml"))
}

/// Elements whose texts belong together, and the elements that hold a piece of one.
fn is_whole(name: &str) -> bool {
    matches!(name, "w:p" | "si" | "is")
}

fn is_piece(name: &str) -> bool {
    matches!(name, "w:t" | "t")
}

fn texts(nodes: &[Node]) -> Vec<String> {
    let mut found = Vec::new();
    wholes(nodes, &mut |whole| {
        let mut text = String::new();
        whole.walk(&mut |element| {
            if is_piece(element.name()) {
                text.push_str(&element.own_text());
            }
        });
        found.push(text);
    });
    found
}

fn wholes(nodes: &[Node], visit: &mut dyn FnMut(&Element)) {
    for node in nodes {
        if let Node::Element(element) = node {
            if is_whole(element.name()) { visit(element) } else { wholes(&element.children, visit) }
        }
    }
}

fn collect(text: &str, known: impl Fn(&str) -> bool, names: &mut BTreeSet<String>) -> Vec<BadPackage> {
    let found = match marks(text) {
        Ok(found) => found,
        Err(fault) => return vec![fault],
    };
    let mut faults = Vec::new();
    for mark in found {
        match mark {
            Mark::Value(name, false) if known(&name) => {
                names.insert(name);
            }
            Mark::Value(name, _) | Mark::Tick(name, _) => {
                faults.push(BadPackage::new("template.unknown", name))
            }
            Mark::Each(list) => faults.push(BadPackage::new("template.unknown", format!("#each {list}"))),
            Mark::EndEach => faults.push(BadPackage::new("template.unknown", "/each")),
        }
    }
    faults
}

/// Puts values into every text that holds a mark: the first piece takes the whole text and with it its look.
fn filled(nodes: &mut [Node], values: &BTreeMap<String, String>) {
    for node in nodes {
        let Node::Element(element) = node else { continue };
        if !is_whole(element.name()) {
            filled(&mut element.children, values);
            continue;
        }
        let mut text = String::new();
        element.walk(&mut |piece| {
            if is_piece(piece.name()) {
                text.push_str(&piece.own_text());
            }
        });
        if !text.contains("{{") {
            continue;
        }
        let mut whole = Some(replaced(&text, values));
        pieces(element, &mut |piece| {
            let text = whole.take().unwrap_or_default();
            piece.children = vec![Node::Text(quick_xml::escape::escape(text.as_str()).into_owned())];
            if !piece.tag.contains("xml:space") {
                piece.tag = format!("{} xml:space=\"preserve\"", piece.tag.trim_end_matches('/').trim_end());
            }
        });
    }
}

fn pieces(element: &mut Element, visit: &mut dyn FnMut(&mut Element)) {
    for node in &mut element.children {
        if let Node::Element(inner) = node {
            if is_piece(inner.name()) { visit(inner) } else { pieces(inner, visit) }
        }
    }
}

fn replaced(text: &str, values: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, after)) = after.split_once("}}") else { break };
        out.push_str(values.get(name.trim()).map_or("–", String::as_str));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The number that a text stands for which is one figure and nothing else.
fn number_alone(text: &str, values: &BTreeMap<String, String>) -> Option<String> {
    let name = text.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    values.get(name.trim()).filter(|value| value.parse::<f64>().is_ok_and(f64::is_finite)).cloned()
}

/// Cells that hold such a text themselves become numbers: a number stands in `v` where a text stood in `is`.
fn inlined(nodes: &mut [Node], values: &BTreeMap<String, String>) {
    for node in nodes {
        let Node::Element(element) = node else { continue };
        element.each_mut("c", &mut |cell| {
            if !cell.tag.contains(" t=\"inlineStr\"") {
                return;
            }
            let mut number = None;
            for text in &texts(&cell.children) {
                number = number_alone(text, values);
            }
            let Some(number) = number else { return };
            cell.each_mut("is", &mut |text| {
                "v".clone_into(&mut text.tag);
                text.children = vec![Node::Text(number.clone())];
            });
            cell.tag = cell.tag.replace(" t=\"inlineStr\"", "");
        });
    }
}

/// Cells that show a shared text which is a number become numbers.
fn numbered(nodes: &mut [Node], numbers: &BTreeMap<String, String>) {
    for node in nodes {
        let Node::Element(element) = node else { continue };
        element.each_mut("c", &mut |cell| {
            if !cell.tag.contains(" t=\"s\"") {
                return;
            }
            let mut number = None;
            cell.each_mut("v", &mut |value| {
                if let Some(found) = numbers.get(value.own_text().trim()) {
                    value.children = vec![Node::Text(found.clone())];
                    number = Some(());
                }
            });
            if number.is_some() {
                cell.tag = cell.tag.replace(" t=\"s\"", "");
            }
        });
    }
}

/// The sums of the workbook are counted anew when it is opened.
fn recounted(nodes: &mut [Node]) {
    for node in nodes {
        if let Node::Element(element) = node {
            element.each_mut("calcPr", &mut |mode| {
                "calcPr calcId=\"0\" fullCalcOnLoad=\"1\"".clone_into(&mut mode.tag);
            });
        }
    }
}
