//! The lines of a layout, as `assets/papers/README.md` explains them.

use super::text::{self, Piece};
use crate::fault::{Fault, Part};

/// One line: when it is printed, and what.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// When; None: always.
    pub when: Option<When>,
    /// What.
    pub block: Block,
    /// Which line of the layout it is, from 0.
    pub number: usize,
}

/// A condition on one field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum When {
    /// The field is filled.
    Filled(String),
    /// The field has this value, or is still blank.
    Is(String, String),
}

/// What a line prints.
#[derive(Clone, PartialEq, Debug)]
pub enum Block {
    /// The issuing organ above the title.
    Organ(Vec<Piece>),
    /// The title; None prints the paper's own.
    Title(Option<Vec<Piece>>),
    /// The number, from this field.
    Number(String),
    /// The addressee, flush left.
    To(Vec<Piece>),
    /// A paragraph, indented two characters.
    Para(Vec<Piece>),
    /// A paragraph without indent.
    Flush(Vec<Piece>),
    /// A heading of the first level (黑体).
    Section(Vec<Piece>),
    /// A paragraph for each row of a list; `{n}` counts them.
    Each(String, Vec<Piece>),
    /// A row of a form: label and value of each field, at least so many millimetres high (0: as high as the words).
    Row(Vec<String>, u16),
    /// A list as a table inside the form, with at least so many rows.
    List(String, usize),
    /// A heading across the form.
    Head(Vec<Piece>),
    /// Words across the form.
    Wide(Vec<Piece>),
    /// Lines to sign on, each a signature and perhaps its date.
    Sign(Vec<(String, Option<String>)>),
    /// Issuer, date and room for the seal.
    Seal {
        /// The issuer.
        issuer: Vec<Piece>,
        /// The field of the date.
        date: String,
        /// The field of the seal.
        seal: String,
    },
    /// A small note.
    Note(Vec<Piece>),
    /// A new page.
    NewPage,
    /// A line to cut along, with its words.
    Cut(Vec<Piece>),
}

impl Block {
    /// Whether it is a sentence or a heading, and no part of a form that is filled in by hand.
    pub(super) fn speaks(&self) -> bool {
        !matches!(self, Self::Row(..) | Self::List(..) | Self::Head(_) | Self::Wide(_) | Self::Sign(_))
    }
}

/// The words that begin a line, for the manual's test.
#[cfg(test)]
pub(super) const WORDS: &[&str] = &[
    "organ", "title", "number", "to", "p", "flush", "section", "each", "row", "list", "head", "wide", "sign",
    "seal", "note", "page", "cut",
];

/// Reads a layout.
pub(super) fn parse(text: &str) -> Result<Vec<Line>, Fault> {
    let lines = text.lines().map(str::trim).enumerate();
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let read = |(number, line): (usize, &str)| {
        let (when, block) = one(line).map_err(|fault| fault.below([Part::entry("layout", number, "")]))?;
        Ok(Line { when, block, number })
    };
    lines.map(read).collect()
}

fn one(line: &str) -> Result<(Option<When>, Block), Fault> {
    let (when, rest) = match line.strip_prefix('?') {
        Some(rest) => {
            let (condition, rest) = rest.split_once(' ').unwrap_or((rest, ""));
            let when = match condition.split_once('=') {
                Some((name, value)) => When::Is(name.to_owned(), value.to_owned()),
                None => When::Filled(condition.to_owned()),
            };
            (Some(when), rest.trim())
        }
        None => (None, line),
    };
    let (word, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    Ok((when, block(word, rest.trim())?))
}

fn block(word: &str, rest: &str) -> Result<Block, Fault> {
    Ok(match word {
        "organ" => Block::Organ(text::parse(rest)?),
        "title" if rest.is_empty() => Block::Title(None),
        "title" => Block::Title(Some(text::parse(rest)?)),
        "number" => Block::Number(if rest.is_empty() { "no" } else { rest }.to_owned()),
        "to" => Block::To(text::parse(rest)?),
        "p" => Block::Para(text::parse(rest)?),
        "flush" => Block::Flush(text::parse(rest)?),
        "section" => Block::Section(text::parse(rest)?),
        "each" => {
            let (list, rest) = rest.split_once(' ').ok_or_else(|| form("each LIST TEXT"))?;
            Block::Each(list.to_owned(), text::parse(rest.trim())?)
        }
        "row" => {
            let (fields, height) = sized(rest)?;
            Block::Row(names(fields), height)
        }
        "list" => {
            let (name, least) = rest.split_once(' ').unwrap_or((rest, "1"));
            let least = least.trim().parse().map_err(|_| form("list LIST ROWS"))?;
            Block::List(name.to_owned(), least)
        }
        "head" => Block::Head(text::parse(rest)?),
        "wide" => Block::Wide(text::parse(rest)?),
        "sign" => Block::Sign(names(rest).iter().map(|part| pair(part)).collect()),
        "seal" => seal(rest)?,
        "note" => Block::Note(text::parse(rest)?),
        "page" => Block::NewPage,
        "cut" => Block::Cut(text::parse(rest)?),
        other => return Err(Fault::new("line.word", &[("word", &other)])),
    })
}

/// A line that is not written as its first word asks.
fn form(form: &str) -> Fault {
    Fault::new("line.form", &[("form", &form)])
}

fn names(text: &str) -> Vec<String> {
    text.split('|').map(|part| part.trim().to_owned()).collect()
}

/// `a | b *30`: the fields, and the least height in millimetres.
fn sized(text: &str) -> Result<(&str, u16), Fault> {
    match text.split_once('*') {
        Some((fields, height)) => {
            let height = height.trim().parse().map_err(|_| form("row FIELDS *MILLIMETRES"))?;
            Ok((fields, height))
        }
        None => Ok((text, 0)),
    }
}

fn pair(text: &str) -> (String, Option<String>) {
    match text.split_once('+') {
        Some((sign, date)) => (sign.trim().to_owned(), Some(date.trim().to_owned())),
        None => (text.to_owned(), None),
    }
}

fn seal(text: &str) -> Result<Block, Fault> {
    match names(text).as_slice() {
        [issuer, date, seal] => {
            Ok(Block::Seal { issuer: text::parse(issuer)?, date: date.clone(), seal: seal.clone() })
        }
        _ => Err(form("seal ISSUER | DATE | SEAL")),
    }
}

/// Names of the fields that the lines use, each with its line.
pub(super) fn used(lines: &[Line]) -> Vec<(String, usize)> {
    let mut found: Vec<(String, usize)> = Vec::new();
    for line in lines {
        if let Some(When::Filled(name) | When::Is(name, _)) = &line.when {
            found.push((name.clone(), line.number));
        }
        found.extend(fields_of(&line.block).into_iter().map(|name| (name, line.number)));
    }
    found
}

fn fields_of(block: &Block) -> Vec<String> {
    let text = |pieces: &[Piece]| text::names(pieces).into_iter().map(str::to_owned).collect::<Vec<_>>();
    match block {
        Block::Organ(pieces)
        | Block::Title(Some(pieces))
        | Block::To(pieces)
        | Block::Para(pieces)
        | Block::Flush(pieces)
        | Block::Section(pieces)
        | Block::Head(pieces)
        | Block::Wide(pieces)
        | Block::Note(pieces)
        | Block::Cut(pieces) => text(pieces),
        Block::Title(None) | Block::NewPage => Vec::new(),
        // Columns of the row are the list's own.
        Block::Number(name) | Block::Each(name, _) | Block::List(name, _) => vec![name.clone()],
        Block::Row(names, _) => names.clone(),
        Block::Sign(signs) => {
            signs.iter().flat_map(|(sign, date)| [Some(sign.clone()), date.clone()]).flatten().collect()
        }
        Block::Seal { issuer, date, seal } => {
            let mut all = text(issuer);
            all.extend([date.clone(), seal.clone()]);
            all
        }
    }
}
