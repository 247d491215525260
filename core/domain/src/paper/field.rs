//! A field of a paper: its name, label and kind, whether it is needed, and where its value comes from.

use serde::Deserialize;

use super::values::Value;
use crate::fault::Fault;

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One line.
    Text,
    /// Several lines.
    Long,
    /// A day, ISO text in values.
    Date,
    /// A day with the time, `2026-03-01T09:30` in values.
    Time,
    /// A whole number.
    Int,
    /// Fen; printed in figures, and in words where the layout asks.
    Money,
    /// An identity document's number.
    Id,
    /// A telephone number.
    Phone,
    /// One of the options, by its printed words.
    Choice,
    /// Some of the options.
    Choices,
    /// Yes or no.
    Yes,
    /// Rows of columns.
    List,
    /// A signature, by hand.
    Sign,
    /// A seal, by hand.
    Seal,
    /// The paper's own number.
    Number,
    /// A picture or code that is pasted or printed in place.
    Image,
}

/// Whether a field must be filled before the paper is whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    /// Always.
    Always,
    /// Under the condition that the note of the form names.
    If,
    /// Never.
    May,
}

/// Where a value comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum From {
    /// A person's or household's record.
    Person,
    /// The case.
    Case,
    /// The office's settings.
    Office,
    /// Typed for this paper.
    Typed,
    /// Computed.
    Computed,
    /// Written by hand on the print.
    Hand,
}

/// A column of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Name in a row's value.
    pub name: String,
    /// Heading.
    pub label: String,
    /// What it holds.
    pub kind: Kind,
}

/// One field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// Name, such as `recipient.name`.
    pub name: String,
    /// Label as printed.
    pub label: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether it is needed.
    pub need: Need,
    /// Where its value comes from.
    pub from: From,
    /// Options of a choice; empty where any words do.
    pub options: Vec<String>,
    /// Columns of a list.
    pub columns: Vec<Column>,
}

/// A field as it stands in the file, or a block of fields that many papers share.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    name: Option<String>,
    label: Option<String>,
    kind: Option<Kind>,
    need: Option<Need>,
    from: Option<From>,
    #[serde(default)]
    options: Vec<String>,
    #[serde(default)]
    columns: Vec<String>,
    /// Name of a shared block.
    block: Option<String>,
    /// What stands before the block's names and in its labels.
    of: Option<String>,
    /// The party's word in the block's labels.
    label_of: Option<String>,
}

/// Fields that many papers share: a person, an organisation, a signature with its date, issuer with date and seal.
const BLOCKS: &str = include_str!("../../assets/paper-blocks.toml");

#[derive(Deserialize)]
struct Blocks {
    block: std::collections::BTreeMap<String, Vec<Written>>,
}

impl Written {
    /// The fields that it stands for.
    pub(super) fn expand(self) -> Result<Vec<Field>, Fault> {
        let Some(block) = &self.block else { return self.one().map(|field| vec![field]) };
        let blocks: Blocks = toml::from_str(BLOCKS).map_err(|error| Fault::of_toml(BLOCKS, &error))?;
        let found =
            blocks.block.get(block).ok_or_else(|| Fault::new("entry.no_block", &[("block", block)]))?;
        let of = self.of.as_deref().ok_or_else(|| Fault::new("entry.no_of", &[("block", block)]))?;
        let word = self.label_of.as_deref().unwrap_or_default();
        let fill = |text: &Option<String>| {
            text.as_ref().map(|text| text.replace("{of}", of).replace("{word}", word))
        };
        let part = |one: &Self| Self { name: fill(&one.name), label: fill(&one.label), ..one.clone() }.one();
        found.iter().map(part).collect()
    }

    fn one(self) -> Result<Field, Fault> {
        let name = self.name.ok_or_else(|| Fault::new("entry.no_name", &[]))?;
        let lacks = |what: &str| Fault::new("entry.lacks", &[("what", &what)]);
        let kind = self.kind.ok_or_else(|| lacks("kind"))?;
        Ok(Field {
            label: self.label.ok_or_else(|| lacks("label"))?,
            kind,
            need: self.need.unwrap_or(Need::Always),
            from: self.from.ok_or_else(|| lacks("from"))?,
            options: self.options,
            columns: self.columns.iter().map(|text| column(text)).collect::<Result<_, _>>()?,
            name,
        })
    }
}

/// `name:label` or `name:label:kind`.
fn column(text: &str) -> Result<Column, Fault> {
    let parts: Vec<&str> = text.split(':').collect();
    let kind = match parts.get(2).copied().unwrap_or("text") {
        "text" => Kind::Text,
        "date" => Kind::Date,
        "time" => Kind::Time,
        "int" => Kind::Int,
        "money" => Kind::Money,
        "phone" => Kind::Phone,
        "id" => Kind::Id,
        "yes" => Kind::Yes,
        "sign" => Kind::Sign,
        other => return Err(Fault::new("entry.column_kind", &[("column", &text), ("kind", &other)])),
    };
    match parts[..] {
        [name, label] | [name, label, _] if is_name(name) && !label.is_empty() => {
            Ok(Column { name: name.to_owned(), label: label.to_owned(), kind })
        }
        _ => Err(Fault::new("entry.column", &[("column", &text)])),
    }
}

impl Field {
    /// A list in one line, its cells in the order of the columns.
    pub fn joined(&self, value: &Value) -> String {
        let Value::Rows(rows) = value else { return value.printed() };
        let row = |row: &std::collections::BTreeMap<String, Value>| {
            let cells = self.columns.iter().filter_map(|column| row.get(&column.name));
            cells.map(Value::printed).collect::<Vec<_>>().join(" ")
        };
        rows.iter().map(row).collect::<Vec<_>>().join("、")
    }

    pub(super) fn check(&self) -> Result<(), Fault> {
        let wrong = if !is_name(&self.name) || self.label.trim().is_empty() {
            "entry.name"
        } else if (self.kind == Kind::List) == self.columns.is_empty() {
            "entry.columns"
        } else if !self.options.is_empty() && !matches!(self.kind, Kind::Choice | Kind::Choices) {
            "entry.options"
        } else if matches!(self.kind, Kind::Sign | Kind::Seal) && self.from != From::Hand {
            "entry.by_hand"
        } else {
            return Ok(());
        };
        Err(Fault::new(wrong, &[]))
    }
}

/// Whether a name does: small letters, digits, `_`, and dots between.
pub(super) fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    name.len() <= 60 && name.split('.').all(part)
}
