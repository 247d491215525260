//! The parts of a case's page: what is known, what happened, who works on it and who helps.

use serde::Serialize;

use crate::look::desk::{Form, Link};
use crate::look::parts::{Deadline, State};
use crate::look::{Layout, Say, View};

/// A field of a case in words.
#[derive(Clone, Serialize)]
pub struct CaseFact {
    /// Label.
    pub label: String,
    /// Lines of the value.
    pub lines: Vec<String>,
    /// The number that a press on it dials; empty where it is none.
    pub dial: String,
}

impl CaseFact {
    /// A field with the lines of its value.
    pub fn new(label: impl Into<String>, lines: Vec<String>) -> Self {
        Self { label: label.into(), lines, dial: String::new() }
    }
}

/// A cell of a table of a case.
#[derive(Clone, Serialize)]
pub struct CaseCell {
    /// Words.
    pub text: String,
    /// The number that a press on it dials; empty where it is none.
    pub dial: String,
}

/// The sheet from which a legal-aid case is copied into the provincial system.
#[derive(Clone, Serialize)]
pub struct CaseSheet {
    /// Back to the case.
    pub back: Link,
    /// Parts of the form in its order.
    pub parts: Vec<SheetPart>,
}

/// A part of the sheet.
#[derive(Clone, Serialize)]
pub struct SheetPart {
    /// Text key of its heading.
    pub title: &'static str,
    /// Every field of it; one without lines is still missing.
    pub rows: Vec<CaseFact>,
}

impl View for CaseSheet {
    const TEMPLATE: &'static str = "pages/desk/case/sheet";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-sheet-title")
    }

    fn samples() -> Vec<Self> {
        let row = CaseFact::new;
        let rows = vec![row("申请人", vec!["马建军".to_owned()]), row("身份证号码", Vec::new())];
        let back = Link::new("/desk/legal-aid/1", "援申〔2026〕12号");
        vec![Self { back, parts: vec![SheetPart { title: "desk-sheet-applicant", rows }] }]
    }
}

/// The papers of a case.
#[derive(Clone, Serialize)]
pub struct CasePapers {
    /// Those issued, void ones too, the newest first.
    pub issued: Vec<CasePaper>,
    /// Kinds that fit now, each where it is made.
    pub now: Vec<KindLink>,
    /// All other kinds, folded.
    pub more: Vec<KindLink>,
}

/// A kind of paper of a case.
#[derive(Clone, Serialize)]
pub struct KindLink {
    /// Where one is made.
    pub href: String,
    /// What it is called.
    pub name: String,
    /// The language of that: the house's papers have Chinese titles only.
    pub lang: &'static str,
}

/// An issued paper of a case.
#[derive(Clone, Serialize)]
pub struct CasePaper {
    /// Its page.
    pub href: String,
    /// Title.
    pub title: String,
    /// The title's language.
    pub lang: &'static str,
    /// Number; may be empty.
    pub number: String,
    /// In force or void.
    pub state: State,
}

/// Rows of a case, such as parties.
#[derive(Clone, Serialize)]
pub struct CaseTable {
    /// Label.
    pub label: String,
    /// Column names.
    pub heads: Vec<String>,
    /// Cells.
    pub rows: Vec<Vec<CaseCell>>,
}

/// A step of the history.
#[derive(Clone, Serialize)]
pub struct CaseStep {
    /// When.
    pub at: String,
    /// What was done.
    pub what: String,
    /// By whom.
    pub who: String,
    /// Where it led.
    pub state: State,
    /// What was typed.
    pub facts: Vec<CaseFact>,
}

/// A deadline with what it rests on.
#[derive(Clone, Serialize)]
pub struct CaseDeadline {
    /// Frame and date.
    pub deadline: Deadline,
    /// What is to be done.
    pub what: String,
    /// The article.
    pub source: String,
    /// Extends it, where the law allows that and the reader may.
    pub longer: Option<Form>,
}

/// A worker on the case.
#[derive(Clone, Serialize)]
pub struct CasePerson {
    /// Page of the worker.
    pub href: String,
    /// Name.
    pub name: String,
    /// Text key of the duty.
    pub duty: String,
    /// Whether it is over.
    pub past: bool,
}

/// Somebody who answers or answered for the case.
#[derive(Clone, Serialize)]
pub struct CaseAnswers {
    /// Text key: the first handler, or one who took it over.
    pub as_what: &'static str,
    /// Page of the worker; empty for others.
    pub href: String,
    /// Name.
    pub name: String,
    /// Since when, or until when, in words.
    pub when: String,
    /// Whether it is over.
    pub past: bool,
}

/// A unit that was asked to help.
#[derive(Clone, Serialize)]
pub struct CaseUnit {
    /// Its name.
    pub name: String,
    /// Its person in this house; may be empty.
    pub person: String,
    /// Waiting, answered or let go.
    pub state: State,
    /// When its answer is wanted.
    pub due: Option<Deadline>,
    /// What it was asked.
    pub task: Vec<String>,
    /// What it answered, or why it was let go.
    pub answer: Vec<String>,
    /// Where its answer is written; empty where the reader may not.
    pub answer_href: String,
    /// Where it is let go; empty where the reader may not.
    pub end_href: String,
}

/// A line of the list by which the dossier is checked.
#[derive(Clone, Serialize)]
pub struct CaseBelonging {
    /// What it is.
    pub name: String,
    /// Whether it is there.
    pub there: bool,
    /// Whether it is needed and not there.
    pub missing: bool,
}

/// A conference on record.
#[derive(Clone, Serialize)]
pub struct CaseConference {
    /// The day.
    pub on: String,
    /// Who took part.
    pub people: Vec<String>,
    /// What came of it.
    pub conclusion: Vec<String>,
}

/// A file.
#[derive(Clone, Serialize)]
pub struct CaseFileRow {
    /// Where it is fetched.
    pub href: String,
    /// Name.
    pub name: String,
    /// Size in words.
    pub size: String,
}

/// A waiting offer.
#[derive(Clone, Serialize)]
pub struct Offered {
    /// Who is asked by whom.
    pub text: String,
    /// Why.
    pub reason: String,
    /// Accept and decline, or withdraw.
    pub form: Form,
}
