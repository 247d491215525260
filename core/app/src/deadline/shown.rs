//! A deadline as readers of a case are shown it, in their language.

use falin_domain::deadline::{Items, Moment, Rule, rule};
use falin_domain::workflow::{Flow, Words};
use serde::Serialize;

use super::Deadline;

/// A deadline as contract.md shows it on a case.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Shown {
    /// Code of the rule.
    pub kind: String,
    /// Statutory date, or for hours a moment.
    pub due: Moment,
    /// The house's earlier target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub internal_due: Option<Moment>,
    /// Whether it hangs on an unpublished year.
    pub provisional: bool,
    /// Whether it is a party's right: with its last day it lapses, and nobody is late.
    pub lapses: bool,
    /// Article, in the reader's language where the table has it.
    pub source: String,
    /// The rows of the case's list for which it stands, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Items>,
}

impl Shown {
    /// A row as a reader of Chinese, or of English, sees it on a case of this flow.
    pub fn of(row: &Deadline, flow: &Flow, chinese: bool) -> Self {
        Self {
            kind: row.code.clone(),
            due: row.due,
            internal_due: row.internal_due,
            provisional: row.provisional,
            lapses: flow.lapses(&row.code),
            source: {
                let own = flow.deadline.iter().find(|own| own.code == row.code).map(|own| &own.source);
                source(row, own, chinese)
            },
            items: row.items.clone(),
        }
    }
}

/// The row's source in the reader's language, by the house's table or by what its workflow declares, where it does; a
/// county's own text stays as it was written.
pub fn source(row: &Deadline, declared: Option<&Words>, chinese: bool) -> String {
    let words = match (rule(&row.code), declared) {
        (Some(Rule { source, .. }), _) => Some((source.zh, source.en)),
        (None, Some(words)) => Some((words.zh.as_str(), words.en.as_str())),
        (None, None) => None,
    };
    match words {
        Some((zh, en)) if !chinese && !zh.is_empty() => row.source.replace(zh, en),
        _ => row.source.clone(),
    }
}
