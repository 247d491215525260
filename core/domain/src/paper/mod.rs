//! Papers (文书): each printable form as data: title, source, number, fields and layout.
//!
//! A definition is one TOML file; `assets/papers/README.md` is the manual of its language. Those of the house
//! are built in; a plugin's package brings its own in the same form, and they bear the plugin's name before theirs.

mod compose;
mod derived;
mod field;
mod kinds;
mod known;
mod layout;
mod lint;
mod money;
mod outline;
mod own;
mod prefill;
#[cfg(test)]
mod prefill_tests;
mod sample;
mod sheet;
#[cfg(test)]
mod tests;
mod text;
mod typed;
mod values;
mod write;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use compose::{Fill, compose};
pub use field::{Column, Field, From, Kind, Need};
pub use kinds::{all, find};
pub use known::{known, said};
pub use layout::{Block, Line};
pub use lint::{facts, lint};
pub use money::in_words;
pub use outline::outline;
pub use own::{Own, plugin_of, whole_name};
pub use prefill::{Known, prefill};
pub use sample::sample;
pub use sheet::{Cell, Indent, Laid, Page, Row, Sheet, Sign, Span, Spans};
pub use text::Piece;
pub use typed::typed_row;
pub use values::{Value, Values};
pub use write::{chinese_date, date, date_in_numerals, numeral};

use crate::fault::{Fault, Part};
use crate::number::Style;
use crate::workflow::Flow;

/// One kind of paper.
#[derive(Clone, PartialEq, Debug)]
pub struct Paper {
    /// Code, such as `aid-grant`; a package's own bears the plugin's name, `round-table.table-notice`.
    pub code: String,
    /// Title as printed.
    pub title: String,
    /// Articles that it rests on, and the official form where there is one.
    pub source: String,
    /// Nouns whose cases may have it: `consultation`, `aid`, `mediation`, `adviser`, `booking`, or `plugin` for any
    /// flow of a plugin; a package's own paper names its flows, `round-table/meeting`.
    pub nouns: Vec<String>,
    /// The page that it is printed on.
    pub page: Page,
    /// Who gets a copy, as printed below; may be empty.
    pub copies: String,
    /// Steps or states that a case must have come to before it is issued; empty where it may be issued at any time.
    /// A flow that has none of them and none of `unless` is not held to it.
    pub after: Vec<String>,
    /// Steps or states that undo the others where they came later.
    pub unless: Vec<String>,
    /// Whether a case has one that holds: a second one is issued only by who says so.
    pub once: bool,
    /// How it is numbered; None for a paper without a number of its own.
    pub number: Option<Numbered>,
    /// Its fields, in the form's order.
    pub fields: Vec<Field>,
    /// Its lines, from top to bottom.
    pub lines: Vec<Line>,
    /// What fills its fields when it is opened from a case, before what the house's table says.
    pub fill: BTreeMap<String, Vec<String>>,
    /// The case's words that it says otherwise, by field, before the house's.
    pub words: BTreeMap<String, BTreeMap<String, String>>,
    /// The package that brings it; None for a paper of the house.
    pub own: Option<Own>,
}

/// How a paper is numbered.
#[derive(Clone, PartialEq, Debug)]
pub struct Numbered {
    /// The series that counts it: papers of one series share one count a year.
    pub series: String,
    /// What stands before the year, `{office}` for the county's abbreviation.
    pub prefix: String,
    /// How it is written.
    pub style: Style,
    /// Whether the case brings the number: then no other is taken.
    pub given: bool,
    /// Other series for other values; the first that fits counts.
    pub variants: Vec<Variant>,
}

/// Another series where a field has this value: letters in criminal cases are counted apart.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// The field.
    pub field: String,
    /// Its value.
    pub value: String,
    /// The series.
    pub series: String,
    /// What stands before the year.
    pub prefix: String,
}

impl Numbered {
    /// Series and prefix for these values.
    pub fn series(&self, values: &Values) -> (&str, &str) {
        let fits = |one: &&Variant| values.get(&one.field).is_some_and(|value| value.printed() == one.value);
        let found = self.variants.iter().find(fits).map(|one| (one.series.as_str(), one.prefix.as_str()));
        found.unwrap_or((&self.series, &self.prefix))
    }

    /// The number as printed in a county of this abbreviation.
    pub fn write(&self, prefix: &str, office: &str, year: i32, n: i64) -> String {
        self.style.write(&prefix.replace("{office}", office), year, n)
    }
}

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    code: String,
    title: String,
    source: String,
    #[serde(default)]
    nouns: Vec<String>,
    page: Page,
    #[serde(default)]
    copies: String,
    #[serde(default)]
    after: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    once: bool,
    number: Option<NumberFile>,
    fields: Vec<field::Written>,
    layout: String,
    #[serde(default)]
    fill: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    words: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NumberFile {
    series: Option<String>,
    prefix: String,
    style: Option<String>,
    #[serde(default)]
    given: bool,
    #[serde(default)]
    variants: Vec<Variant>,
}

impl Paper {
    /// Reads a definition and checks it: every placeholder declared, every field used, nothing twice.
    ///
    /// # Errors
    /// What is wrong and where, at its line where the reader knows it.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let file: File = toml::from_str(text).map_err(|error| Fault::of_toml(text, &error))?;
        let number = file.number.map(|number| numbered(number, &file.code)).transpose()?;
        let mut fields: Vec<Field> = Vec::new();
        for (at, written) in file.fields.into_iter().enumerate() {
            let part = |name: &str| [Part::entry("fields", at, name)];
            for field in written.expand().map_err(|fault| fault.below(part("")))? {
                let twice = fields.iter().any(|other| other.name == field.name);
                let whole = if twice { Err(Fault::new("twice", &[])) } else { field.check() };
                whole.map_err(|fault| fault.below(part(&field.name)))?;
                fields.push(field);
            }
        }
        let lines = layout::parse(&file.layout)?;
        let paper = Self {
            code: file.code,
            title: file.title,
            source: file.source,
            nouns: file.nouns,
            page: file.page,
            copies: file.copies,
            after: file.after,
            unless: file.unless,
            once: file.once,
            number,
            fields,
            lines,
            fill: file.fill,
            words: file.words,
            own: None,
        };
        paper.check().map(|()| paper)
    }

    fn check(&self) -> Result<(), Fault> {
        let there = |name: &str, place: &[Part]| match self.field(name) {
            Some(_) => Ok(()),
            None => Err(Fault::new("paper.no_field", &[("field", &name)]).below(place.to_vec())),
        };
        for (at, variant) in self.number.iter().flat_map(|number| &number.variants).enumerate() {
            there(&variant.field, &[Part::member("number"), Part::entry("variants", at, &variant.series)])?;
        }
        for (key, names) in
            [("fill", self.fill.keys().collect::<Vec<_>>()), ("words", self.words.keys().collect())]
        {
            for name in names {
                there(name, &[Part::member(key), Part::member(name)])?;
            }
        }
        self.check_lines()?;
        let used = layout::used(&self.lines);
        for (name, number) in &used {
            there(name, &[Part::entry("layout", *number, "")])?;
        }
        match self.fields.iter().find(|field| !used.iter().any(|(name, _)| *name == field.name)) {
            Some(field) => Err(Fault::new("paper.unused", &[("field", &field.name)])
                .below([Part::named("fields", &field.name)])),
            None => Ok(()),
        }
    }

    /// Whether the lines speak of fields of the kind that they print.
    fn check_lines(&self) -> Result<(), Fault> {
        let is = |name: &str, kind: Kind| self.field(name).is_some_and(|field| field.kind == kind);
        for line in &self.lines {
            let here = |fault: Fault| Err(fault.below([Part::entry("layout", line.number, "")]));
            let wrong = match &line.block {
                Block::Number(name) => (!is(name, Kind::Number)).then_some(name),
                Block::List(name, _) => (!is(name, Kind::List)).then_some(name),
                Block::Each(name, text) => {
                    let columns = self.field(name).map(|field| &field.columns[..]).unwrap_or_default();
                    let known = |one: &&str| *one == "n" || columns.iter().any(|column| column.name == *one);
                    let unknown =
                        text::names(text).into_iter().find(|one| !known(one) && self.field(one).is_none());
                    if let Some(unknown) = unknown {
                        let args: &[(_, &dyn std::fmt::Display)] = &[("column", &unknown), ("list", name)];
                        return here(Fault::new("paper.no_column", args));
                    }
                    (!is(name, Kind::List)).then_some(name)
                }
                Block::Sign(signs) => signs.iter().map(|(name, _)| name).find(|name| !is(name, Kind::Sign)),
                Block::Seal { date, seal, .. } => {
                    (!is(date, Kind::Date)).then_some(date).or((!is(seal, Kind::Seal)).then_some(seal))
                }
                _ => None,
            };
            if let Some(name) = wrong {
                return here(Fault::new("paper.kind", &[("field", name)]));
            }
        }
        Ok(())
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether a case of this noun may have it: `plugin` stands for every flow of a plugin, written `plugin/flow`. A
    /// package's own paper names the flows themselves.
    pub fn is_for(&self, noun: &str) -> bool {
        if self.own.is_some() {
            return self.nouns.iter().any(|known| known == noun);
        }
        let wide = if noun.contains('/') { "plugin" } else { noun };
        self.nouns.iter().any(|known| known == wide)
    }

    /// Whether a case of this flow has come to where the paper is issued; `history` are its steps, each by action and
    /// the state that it led to, the oldest first.
    pub fn is_due<'a>(
        &self,
        flow: &Flow,
        history: impl DoubleEndedIterator<Item = (&'a str, &'a str)>,
    ) -> bool {
        let named =
            |word: &String| flow.step(word).is_some() || flow.state.iter().any(|state| state.id == *word);
        if !self.after.iter().chain(&self.unless).any(named) {
            return true;
        }
        let of = |words: &[String], (action, to): (&str, &str)| {
            words.iter().any(|word| word == action || word == to)
        };
        let decided = |step: &(&str, &str)| of(&self.after, *step) || of(&self.unless, *step);
        history.rev().find(decided).is_some_and(|step| of(&self.after, step))
    }

    /// Whether every sort of case may have it, as the receipt of service.
    pub fn is_general(&self) -> bool {
        ["consultation", "aid", "mediation", "plugin"]
            .iter()
            .all(|noun| self.nouns.iter().any(|own| own == noun))
    }

    /// Whether it goes out whole: a letter with a number is not written on by hand, as a form is.
    pub fn is_whole(&self) -> bool {
        self.page == Page::Letter && self.number.is_some()
    }

    /// Names of fields that ought to be filled and are not, in the form's order; what is written by hand is not asked.
    pub fn blanks(&self, values: &Values) -> Vec<String> {
        let due = |field: &&Field| {
            field.need == Need::Always && field.from != From::Hand && !values.has(&field.name)
        };
        self.fields.iter().filter(due).map(|field| field.name.clone()).collect()
    }
}

fn numbered(file: NumberFile, code: &str) -> Result<Numbered, Fault> {
    let style = file.style.as_deref().unwrap_or(crate::number::USUAL);
    let wrong = || {
        Fault::new("paper.style", &[("style", &style)]).below([Part::member("number"), Part::member("style")])
    };
    let style = Style::parse(style).ok_or_else(wrong)?;
    Ok(Numbered {
        series: file.series.unwrap_or_else(|| code.to_owned()),
        prefix: file.prefix,
        style,
        given: file.given,
        variants: file.variants,
    })
}
