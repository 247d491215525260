//! What is wrong with a file that an author writes, as data: a code with its arguments, the place in the file, the line.
//! The words stand in the texts of both languages (`fault.ftl`), under the same codes.

mod lines;
mod read;
mod table;
#[cfg(test)]
pub(crate) mod tests;

use std::fmt::{self, Display};

pub use lines::{line_of, placed};
pub use table::FAULTS;

use crate::refusal::FieldError;

/// A step of the way into a declaration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// The key as the file writes it: `flow`, `guards`.
    pub key: String,
    /// Which entry of the key's list, or which line of its text, from 0; None for the key itself, or where an entry is
    /// known by its name alone.
    pub at: Option<usize>,
    /// What the entry is known by; empty where it has no name.
    pub name: String,
}

/// One fault of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// One of [`FAULTS`].
    pub code: &'static str,
    /// What its text speaks of: names and words of the file, never personal data.
    pub args: Vec<(&'static str, String)>,
    /// The way to what is wrong; empty where it is the whole file.
    pub place: Vec<Part>,
    /// The line in the file, from 1, where the file is at hand.
    pub line: Option<usize>,
}

impl Fault {
    /// A fault of a whole file.
    ///
    /// # Panics
    /// In tests and debug builds where the code is not in [`FAULTS`] with just these arguments.
    pub fn new(code: &'static str, args: &[(&'static str, &dyn Display)]) -> Self {
        debug_assert!(
            FAULTS.iter().any(|(known, names)| *known == code
                && names.len() == args.len()
                && args.iter().all(|(name, _)| names.contains(name))),
            "{code} with these arguments is not in the table of faults"
        );
        let args = args.iter().map(|(name, value)| (*name, value.to_string())).collect();
        Self { code, args, place: Vec::new(), line: None }
    }

    /// The same at this line.
    #[must_use]
    pub fn on_line(self, line: usize) -> Self {
        Self { line: Some(line), ..self }
    }

    /// The same below these parts.
    #[must_use]
    pub fn below(mut self, parts: impl IntoIterator<Item = Part>) -> Self {
        self.place.splice(0..0, parts);
        self
    }

    /// The fault as one of a form's: named after its file.
    pub fn of_file(self, path: &str) -> FieldError {
        let mut told = FieldError::new(path, &format!("fault.{}", self.code));
        told.args = self.args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        told.spot = Some(Box::new(Spot { place: self.place, line: self.line }));
        told
    }
}

/// Code and arguments, by which a parser's error carries it.
impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let args: serde_json::Map<_, _> =
            self.args.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
        write!(f, "{} {}", self.code, serde_json::Value::Object(args))
    }
}

/// Where in a file a fault is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spot {
    /// The way into it.
    pub place: Vec<Part>,
    /// Its line, from 1.
    pub line: Option<usize>,
}

impl Spot {
    /// The way as programs write it: `flow[0].step[2].guards[1]`.
    pub fn path(&self) -> String {
        let part = |part: &Part| match part.at {
            Some(at) => format!("{}[{at}]", part.key),
            None if part.name.is_empty() => part.key.clone(),
            None => format!("{}[{}]", part.key, part.name),
        };
        self.place.iter().map(part).collect::<Vec<_>>().join(".")
    }
}

impl Part {
    /// A key, whatever stands there.
    pub fn member(key: &str) -> Self {
        Self { key: key.to_owned(), at: None, name: String::new() }
    }

    /// An entry of a key's list; the name is empty where it has none.
    pub fn entry(key: &str, at: usize, name: &str) -> Self {
        Self { key: key.to_owned(), at: Some(at), name: name.to_owned() }
    }

    /// An entry that is known by its name alone.
    pub fn named(key: &str, name: &str) -> Self {
        Self { key: key.to_owned(), at: None, name: name.to_owned() }
    }
}

/// Where a check stands in a declaration, and the faults that have been found.
pub struct At<'a> {
    faults: &'a mut Vec<Fault>,
    place: Vec<Part>,
}

impl<'a> At<'a> {
    /// At the beginning of a file.
    pub fn top(faults: &'a mut Vec<Fault>) -> Self {
        Self { faults, place: Vec::new() }
    }

    /// At this entry of a key's list; the name is empty where it has none.
    pub fn entry(&mut self, key: &str, at: usize, name: &str) -> At<'_> {
        self.below(Part::entry(key, at, name))
    }

    /// At this key.
    pub fn member(&mut self, key: &str) -> At<'_> {
        self.below(Part::member(key))
    }

    /// At the entry of this name.
    pub fn named(&mut self, key: &str, name: &str) -> At<'_> {
        self.below(Part::named(key, name))
    }

    fn below(&mut self, part: Part) -> At<'_> {
        let place = self.place.iter().cloned().chain([part]).collect();
        At { faults: self.faults, place }
    }

    /// Says what is wrong here.
    pub fn say(&mut self, code: &'static str, args: &[(&'static str, &dyn Display)]) {
        self.add(Fault::new(code, args));
    }

    /// Takes over a fault that was found below here.
    pub fn add(&mut self, fault: Fault) {
        self.faults.push(fault.below(self.place.iter().cloned()));
    }
}
