//! XML as a small tree that is written back as it was read: tags stay raw, only texts are looked into.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::package::BadPackage;

/// Elements inside each other at most.
const DEEPEST: usize = 120;

/// A piece of a part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Node {
    Element(Element),
    /// Text as it stands in the file, escaped.
    Text(String),
    /// Declarations, comments, processing instructions: written back as they are.
    Raw(String),
}

/// An element: its tag as written, and what is in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Element {
    /// `w:p w:rsidR="00A"`.
    pub tag: String,
    pub children: Vec<Node>,
}

impl Element {
    /// `w:p`.
    pub fn name(&self) -> &str {
        self.tag.split([' ', '\t', '\n', '\r', '/']).next().unwrap_or_default()
    }

    /// Every text in it, unescaped, one after another.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.walk(&mut |element| {
            if element.name() == "w:t" {
                out.push_str(&element.own_text());
            }
        });
        out
    }

    /// The texts right below it.
    pub fn own_text(&self) -> String {
        let texts = self
            .children
            .iter()
            .filter_map(|node| if let Node::Text(text) = node { Some(text) } else { None });
        texts.map(|text| unescape(text)).collect()
    }

    /// Visits it and all below.
    pub fn walk(&self, visit: &mut dyn FnMut(&Self)) {
        visit(self);
        for node in &self.children {
            if let Node::Element(element) = node {
                element.walk(visit);
            }
        }
    }

    /// Visits all elements below it of one name, outermost first; what is below one of them is not visited.
    pub fn each_mut(&mut self, name: &str, visit: &mut dyn FnMut(&mut Self)) {
        for node in &mut self.children {
            if let Node::Element(element) = node {
                if element.name() == name {
                    visit(element);
                } else {
                    element.each_mut(name, visit);
                }
            }
        }
    }
}

pub(super) fn unescape(text: &str) -> String {
    quick_xml::escape::unescape(text).map(std::borrow::Cow::into_owned).unwrap_or_else(|_| text.to_owned())
}

/// Reads a part.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Vec<Node>, BadPackage> {
    let broken = || BadPackage::new("template.xml", name);
    let text = std::str::from_utf8(bytes).map_err(|_| broken())?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut open: Vec<Element> = vec![Element { tag: String::new(), children: Vec::new() }];
    let words = |text: &str| text.to_owned();
    loop {
        let event = reader.read_event().map_err(|_| broken())?;
        let node = match event {
            Event::Start(tag) => {
                if open.len() > DEEPEST || tag.attributes().any(|attribute| attribute.is_err()) {
                    return Err(broken());
                }
                open.push(Element { tag: words(&tag), children: Vec::new() });
                continue;
            }
            Event::End(_) => Node::Element(open.pop().filter(|_| !open.is_empty()).ok_or_else(broken)?),
            Event::Empty(tag) => Node::Element(Element { tag: words(&tag), children: Vec::new() }),
            Event::Text(text) => Node::Text(words(&text)),
            Event::GeneralRef(name) => Node::Text(format!("&{};", words(&name))),
            Event::CData(data) => Node::Text(quick_xml::escape::escape(words(&data).as_str()).into_owned()),
            Event::Decl(declaration) => Node::Raw(format!("<?{}?>", words(&declaration))),
            Event::PI(instruction) => Node::Raw(format!("<?{}?>", words(&instruction))),
            Event::Comment(_) => continue,
            // Entities could be made to grow without end.
            Event::DocType(_) => return Err(broken()),
            Event::Eof => break,
        };
        open.last_mut().ok_or_else(broken)?.children.push(node);
    }
    match open.len() {
        1 => open.pop().map(|root| root.children).ok_or_else(broken),
        _ => Err(broken()),
    }
}

/// Writes nodes back.
pub(super) fn write(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) | Node::Raw(text) => out.push_str(text),
            Node::Element(element) if element.children.is_empty() => {
                out.push('<');
                out.push_str(element.tag.trim_end_matches('/').trim_end());
                out.push_str("/>");
            }
            Node::Element(element) => {
                out.push('<');
                out.push_str(&element.tag);
                out.push('>');
                write(&element.children, out);
                out.push_str("</");
                out.push_str(element.name());
                out.push('>');
            }
        }
    }
}
