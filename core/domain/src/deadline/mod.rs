//! Deadlines of the law and of a county: which event starts which period, who must act by then, and who hears
//! of it when nobody does (handbook §2).

mod count;
mod items;
mod steps;
mod table;
#[cfg(test)]
mod tests;

pub use count::*;
pub use items::*;
pub use steps::*;
pub use table::TABLE;

use crate::access::Role;
use crate::calendar::Period;

/// The same words in both languages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Said {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// How sure the table is of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Conf {
    /// The text of the law was read.
    Read,
    /// From memory: a county checks it before it relies on it.
    Recalled,
    /// No law sets a length: the county does, and the table only proposes one.
    County,
}

/// Whether a row still counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// In force.
    InForce,
    /// Superseded by a later rule: kept so that old files can be read, never started.
    Superseded,
}

/// One deadline of the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Stable code, `matter.act`.
    pub code: &'static str,
    /// Row of the handbook's table; 0 for a county's own service target.
    pub row: u8,
    /// The event that starts it.
    pub event: Said,
    /// The act that meets it.
    pub act: Said,
    /// How it is counted from the event.
    pub count: Count,
    /// The earlier target of the house, counted from the same event; None where the statutory date is enough.
    pub internal: Option<Period>,
    /// By how much the law lets it be extended; None where it says nothing.
    pub extension: Option<Period>,
    /// Article of law.
    pub source: Said,
    /// How sure.
    pub conf: Conf,
    /// Whether it still counts.
    pub standing: Standing,
    /// Whose turn it is, where no person is named.
    pub next: Role,
    /// Who hears of it once it is overdue; None where what is late is no lateness of the house.
    pub above: Option<Role>,
    /// Whether it is a right that somebody may use or leave: it lapses with its last day, and nobody is late.
    pub lapses: bool,
}

impl Rule {
    /// Whether a county may set its own length: only where no law has one, or only a guide.
    pub fn settable(&self) -> bool {
        self.conf != Conf::Read
    }
}

/// Who hears of it once a deadline is overdue; None where nobody of the house is late.
pub fn above(code: &str) -> Option<Role> {
    rule(code).map_or(Some(Role::CountyAdmin), |rule| rule.above)
}

/// Whether it is a right, which ends with its last day whether or not it was used.
pub fn lapses(code: &str) -> bool {
    rule(code).is_some_and(|rule| rule.lapses)
}

/// Codes of the rights in the table.
pub fn rights() -> impl Iterator<Item = &'static str> {
    TABLE.iter().filter(|rule| rule.lapses).map(|rule| rule.code)
}

/// The rule with this code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    TABLE.iter().find(|rule| rule.code == code)
}
