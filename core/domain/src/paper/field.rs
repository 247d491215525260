//! A field of a paper: its name, label and kind, whether it is needed, and where its value comes from.

use serde::Deserialize;

use super::BadPaper;
use super::values::Value;

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
    pub(super) fn expand(self) -> Result<Vec<Field>, BadPaper> {
        let Some(block) = &self.block else { return self.one().map(|field| vec![field]) };
        let blocks: Blocks = toml::from_str(BLOCKS).map_err(|fault| BadPaper(fault.to_string()))?;
        let found = blocks.block.get(block).ok_or_else(|| BadPaper(format!("no block {block}")))?;
        let of = self.of.as_deref().ok_or_else(|| BadPaper(format!("block {block} without `of`")))?;
        let word = self.label_of.as_deref().unwrap_or_default();
        let fill = |text: &Option<String>| {
            text.as_ref().map(|text| text.replace("{of}", of).replace("{word}", word))
        };
        let part = |one: &Self| Self { name: fill(&one.name), label: fill(&one.label), ..one.clone() }.one();
        found.iter().map(part).collect()
    }

    fn one(self) -> Result<Field, BadPaper> {
        let name = self.name.ok_or_else(|| BadPaper("a field without a name".to_owned()))?;
        let lacks = |what: &str| BadPaper(format!("field {name} lacks its {what}"));
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
fn column(text: &str) -> Result<Column, BadPaper> {
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
        other => return Err(BadPaper(format!("column {text}: no kind {other}"))),
    };
    match parts[..] {
        [name, label] | [name, label, _] if is_name(name) && !label.is_empty() => {
            Ok(Column { name: name.to_owned(), label: label.to_owned(), kind })
        }
        _ => Err(BadPaper(format!("column {text}: write name:label or name:label:kind"))),
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

    pub(super) fn check(&self) -> Result<(), String> {
        let name = &self.name;
        if !is_name(name) || self.label.trim().is_empty() {
            return Err(format!("field {name}: names are of a-z, 0-9, _ and . and labels are not empty"));
        }
        if (self.kind == Kind::List) == self.columns.is_empty() {
            return Err(format!("field {name}: a list has columns, and nothing else has"));
        }
        if !self.options.is_empty() && !matches!(self.kind, Kind::Choice | Kind::Choices) {
            return Err(format!("field {name}: only a choice has options"));
        }
        if matches!(self.kind, Kind::Sign | Kind::Seal) && self.from != From::Hand {
            return Err(format!("field {name}: signatures and seals are by hand"));
        }
        Ok(())
    }
}

/// Whether a name does: small letters, digits, `_`, and dots between.
pub(super) fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    name.len() <= 60 && name.split('.').all(part)
}
