//! Sentences with placeholders: `{name}`, `{name:words}` for money in words, `[? … ]` for what a blank leaves out.

use super::field::is_name;
use crate::fault::Fault;

/// A piece of a sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// Fixed words.
    Words(String),
    /// A field's value; `in_words` writes money in Chinese capitals.
    Field {
        /// The field, or a column of the row.
        name: String,
        /// Whether money is written in words.
        in_words: bool,
    },
    /// Left out where one of its fields is blank.
    Optional(Vec<Piece>),
}

/// Takes a sentence apart.
pub(super) fn parse(text: &str) -> Result<Vec<Piece>, Fault> {
    let (pieces, rest) = run(text, false)?;
    if rest.is_empty() { Ok(pieces) } else { Err(Fault::new("line.unopened", &[])) }
}

fn run(text: &str, inside: bool) -> Result<(Vec<Piece>, &str), Fault> {
    let mut pieces = Vec::new();
    let mut rest = text;
    loop {
        let stop = |c: char| matches!(c, '{' | '}') || (c == ']' && inside);
        let brace = rest.find(stop).unwrap_or(rest.len());
        let optional = rest.find("[?").unwrap_or(rest.len());
        let at = brace.min(optional);
        if at > 0 {
            pieces.push(Piece::Words(rest[..at].to_owned()));
        }
        rest = &rest[at..];
        if rest.is_empty() {
            return if inside { Err(Fault::new("line.unclosed", &[])) } else { Ok((pieces, "")) };
        }
        if let Some(after) = rest.strip_prefix("[?") {
            if inside {
                return Err(Fault::new("line.nested", &[]));
            }
            let (inner, after) = run(after, true)?;
            pieces.push(Piece::Optional(inner));
            rest = after;
        } else if let Some(after) = rest.strip_prefix(']') {
            return Ok((pieces, after));
        } else {
            let (piece, after) = placeholder(rest).ok_or_else(|| Fault::new("line.braces", &[]))?;
            pieces.push(piece);
            rest = after;
        }
    }
}

fn placeholder(text: &str) -> Option<(Piece, &str)> {
    let (inside, after) = text.strip_prefix('{')?.split_once('}')?;
    let (name, in_words) = match inside.split_once(':') {
        Some((name, "words")) => (name, true),
        Some(_) => return None,
        None => (inside, false),
    };
    is_name(name).then(|| (Piece::Field { name: name.to_owned(), in_words }, after))
}

/// Names of the fields in a sentence.
pub(super) fn names(pieces: &[Piece]) -> Vec<&str> {
    let mut found = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Words(_) => {}
            Piece::Field { name, .. } => found.push(name.as_str()),
            Piece::Optional(inner) => found.extend(names(inner)),
        }
    }
    found
}
