//! A pass over XML in constant memory: counts bytes, shows each tag, stops at anything out of proportion.
//!
//! The workbook library keeps a whole tag or text in memory before it shows it. This pass goes first, so that
//! what the library then meets is known to be small.

use std::io::BufRead;

use super::bounds::Reason;

/// Bytes of a tag that are shown; only lists of ranges are ever longer.
const TAG_SHOWN: usize = 1024;
/// Longest tag.
const LONGEST_TAG: usize = 1 << 20;
/// Longest text between two tags; a cell holds at most 32,767 characters.
const LONGEST_TEXT: usize = 256 << 10;

/// Reads XML to its end and shows every opening tag without its angle brackets.
///
/// `left` is what remains of the bytes that all parts together may inflate to.
pub fn tags(
    mut input: impl BufRead,
    left: &mut u64,
    mut show: impl FnMut(&Tag<'_>) -> Result<(), Reason>,
) -> Result<(), Reason> {
    let mut scan = Scan::default();
    loop {
        let chunk = input.fill_buf().map_err(|_| Reason::Damaged)?;
        if chunk.is_empty() {
            return Ok(());
        }
        let len = chunk.len();
        *left = left.checked_sub(len as u64).ok_or(Reason::Bytes)?;
        scan.feed(chunk, &mut show)?;
        input.consume(len);
    }
}

/// Counts the bytes of a part that is not looked into.
pub fn count(mut input: impl BufRead, left: &mut u64) -> Result<(), Reason> {
    loop {
        let len = input.fill_buf().map_err(|_| Reason::Damaged)?.len();
        if len == 0 {
            return Ok(());
        }
        *left = left.checked_sub(len as u64).ok_or(Reason::Bytes)?;
        input.consume(len);
    }
}

/// An opening tag.
pub struct Tag<'a>(&'a [u8]);

impl Tag<'_> {
    /// Its name without a prefix.
    pub fn name(&self) -> &[u8] {
        let end = self.0.iter().position(|b| b.is_ascii_whitespace() || *b == b'/');
        let name = &self.0[..end.unwrap_or(self.0.len())];
        name.iter().position(|b| *b == b':').map_or(name, |at| &name[at + 1..])
    }

    /// An attribute's raw value by its name without a prefix.
    pub fn attribute(&self, wanted: &str) -> Option<&str> {
        let mut rest = std::str::from_utf8(self.0).ok()?;
        while let Some(equals) = rest.find('=') {
            let name = rest[..equals].trim_end().rsplit([' ', '\t', '\n', '\r', ':']).next();
            let value = rest[equals + 1..].trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (value, after) = value[1..].split_once(quote)?;
            if name == Some(wanted) {
                return Some(value);
            }
            rest = after;
        }
        None
    }

    /// Whether an attribute says yes.
    pub fn is_set(&self, wanted: &str) -> bool {
        matches!(self.attribute(wanted), Some("1" | "true"))
    }
}

#[derive(Default)]
struct Scan {
    state: State,
    tag: Vec<u8>,
    length: usize,
    quote: Option<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Text,
    Tag,
    /// Inside `<!--` or `<![CDATA[`, which only its own end closes.
    Raw(&'static [u8]),
}

impl Scan {
    fn feed(
        &mut self,
        chunk: &[u8],
        show: &mut impl FnMut(&Tag<'_>) -> Result<(), Reason>,
    ) -> Result<(), Reason> {
        let mut rest = chunk;
        while !rest.is_empty() {
            rest = match self.state {
                State::Text => self.text(rest)?,
                State::Tag => self.tag(rest, show)?,
                State::Raw(end) => self.raw(rest, end)?,
            };
        }
        Ok(())
    }

    fn text<'a>(&mut self, chunk: &'a [u8]) -> Result<&'a [u8], Reason> {
        let at = chunk.iter().position(|b| *b == b'<');
        self.length += at.unwrap_or(chunk.len());
        if self.length > LONGEST_TEXT {
            return Err(Reason::Text);
        }
        let Some(at) = at else { return Ok(&[]) };
        self.enter(State::Tag);
        Ok(&chunk[at + 1..])
    }

    fn tag<'a>(
        &mut self,
        chunk: &'a [u8],
        show: &mut impl FnMut(&Tag<'_>) -> Result<(), Reason>,
    ) -> Result<&'a [u8], Reason> {
        for (at, byte) in chunk.iter().enumerate() {
            match (self.quote, *byte) {
                (None, b'>') => {
                    let opening = !self.tag.starts_with(b"/") && !self.tag.starts_with(b"?");
                    if opening {
                        show(&Tag(&self.tag))?;
                    }
                    self.enter(State::Text);
                    return Ok(&chunk[at + 1..]);
                }
                (None, b'"' | b'\'') => self.quote = Some(*byte),
                (Some(quote), byte) if quote == byte => self.quote = None,
                _ => {}
            }
            self.keep(*byte)?;
            if let Some(end) = self.raw_end()? {
                self.enter(State::Raw(end));
                return Ok(&chunk[at + 1..]);
            }
        }
        Ok(&[])
    }

    fn keep(&mut self, byte: u8) -> Result<(), Reason> {
        self.length += 1;
        if self.length > LONGEST_TAG {
            return Err(Reason::Text);
        }
        if self.tag.len() < TAG_SHOWN {
            self.tag.push(byte);
        }
        Ok(())
    }

    /// What closes the part that has just begun, where it is no tag. A document type has no place in a workbook.
    fn raw_end(&self) -> Result<Option<&'static [u8]>, Reason> {
        match self.tag.as_slice() {
            b"!--" => Ok(Some(b"-->")),
            b"![CDATA[" => Ok(Some(b"]]>")),
            b"!D" | b"!d" => Err(Reason::Damaged),
            _ => Ok(None),
        }
    }

    fn raw<'a>(&mut self, chunk: &'a [u8], end: &'static [u8]) -> Result<&'a [u8], Reason> {
        for (at, byte) in chunk.iter().enumerate() {
            self.length += 1;
            if self.length > LONGEST_TEXT {
                return Err(Reason::Text);
            }
            if self.tag.len() == end.len() {
                self.tag.remove(0);
            }
            self.tag.push(*byte);
            if self.tag == end {
                self.enter(State::Text);
                return Ok(&chunk[at + 1..]);
            }
        }
        Ok(&[])
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.tag.clear();
        self.length = 0;
        self.quote = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(xml: &str, step: usize) -> Result<Vec<String>, Reason> {
        let mut found = Vec::new();
        let mut left = 1 << 20;
        let input = std::io::BufReader::with_capacity(step, xml.as_bytes());
        tags(input, &mut left, |tag| {
            found.push(String::from_utf8_lossy(tag.name()).into_owned());
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn tags_are_seen_whatever_the_chunks() {
        let xml = "<?xml version='1.0'?><a><!-- <b> --><x:c d=\">\" hidden='1'/>text<![CDATA[<e>]]></a>";
        for step in [1, 2, 3, 7, 64] {
            assert_eq!(names(xml, step), Ok(vec!["a".to_owned(), "c".to_owned()]), "{step}");
        }
    }

    #[test]
    fn attributes_are_read_by_their_own_name() {
        let tag = Tag(b"x:row r=\"7\" x14ac:spans='1:3' customHidden=\"0\" hidden = \"1\"");
        assert_eq!(tag.name(), b"row");
        assert_eq!((tag.attribute("r"), tag.attribute("spans")), (Some("7"), Some("1:3")));
        assert!(tag.is_set("hidden") && !tag.is_set("customHidden"));
        assert_eq!(tag.attribute("none"), None);
    }

    #[test]
    fn document_types_and_endless_texts_are_refused() {
        assert_eq!(names("<!DOCTYPE x [<!ENTITY a 'b'>]><a/>", 8), Err(Reason::Damaged));
        let endless = format!("<a>{}</a>", "x".repeat(LONGEST_TEXT + 1));
        assert_eq!(names(&endless, 4096), Err(Reason::Text));
    }
}
