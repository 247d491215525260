//! Two plain pages that several nouns share: a list in a table, and one thing with its facts and what can be done.

use falin_domain::refusal::Refusal;
use serde::Serialize;

use super::{Filters, Form, Link, Tab, with_words};
use crate::look::parts::{Button, ErrorSummary, Fact, Field, FieldOption, Notice, Pager, State};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// A list: heading, tabs, filters, a table, the next page.
#[derive(Clone, Serialize)]
pub struct Ledger {
    /// Text key of the title.
    pub title: &'static str,
    /// Beside the title, in words; may be empty.
    pub count: String,
    /// The acts of the head line.
    pub acts: Vec<Button>,
    /// Sister pages.
    pub tabs: Vec<Tab>,
    /// What needs saying first.
    pub notices: Vec<Notice>,
    /// What can be chosen; None for nothing.
    pub filters: Option<Filters>,
    /// Text keys of the columns.
    pub columns: Vec<&'static str>,
    /// This page's rows.
    pub rows: Vec<Row>,
    /// Text key of what is said where there are none.
    pub none: &'static str,
    /// Neighbouring pages.
    pub pager: Pager,
}

/// A row of a list.
#[derive(Clone, Serialize)]
pub struct Row {
    /// Its cells, one a column.
    pub cells: Vec<Cell>,
}

/// A cell: words, a quieter line, a link, a state.
#[derive(Clone, Default, Serialize)]
pub struct Cell {
    /// Words.
    pub text: String,
    /// A quieter second line; may be empty.
    pub note: String,
    /// Makes the words a link; empty for none.
    pub href: String,
    /// A state in place of words.
    pub state: Option<State>,
}

impl Cell {
    /// Words alone.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Words that lead somewhere.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into(), ..Self::default() }
    }

    /// A state.
    pub fn state(fill: &'static str, word: impl Into<String>) -> Self {
        Self { state: Some(State { fill, word: word.into() }), ..Self::default() }
    }

    /// With a quieter second line.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

/// One thing: its facts, its story, and the forms of what can be done.
#[derive(Clone, Serialize)]
pub struct Sheet {
    /// The title in words.
    pub title: String,
    /// Text key of a sentence beneath; empty for none.
    pub lead: &'static str,
    /// Back to the list.
    pub back: Link,
    /// What was wrong with the form that was sent.
    pub errors: Option<ErrorSummary>,
    /// What needs saying first.
    pub notices: Vec<Notice>,
    /// What is known.
    pub facts: Vec<Fact>,
    /// What happened, the newest first.
    pub story: Vec<String>,
    /// Further links.
    pub links: Vec<Link>,
    /// What can be done, the most likely first.
    pub parts: Vec<Part>,
}

/// A form with its heading.
#[derive(Clone, Serialize)]
pub struct Part {
    /// Text key of the heading; empty for none.
    pub title: &'static str,
    /// The form.
    pub form: Form,
}

impl Sheet {
    /// A page of one form.
    pub fn asking(say: &Say<'_>, title: &str, back: Link, form: Form) -> Self {
        let part = Part { title: "", form };
        Self { parts: vec![part], ..Self::new(say.t(title), back) }
    }

    /// A page with nothing on it yet.
    pub fn new(title: String, back: Link) -> Self {
        Self {
            title,
            lead: "",
            back,
            errors: None,
            notices: Vec::new(),
            facts: Vec::new(),
            story: Vec::new(),
            links: Vec::new(),
            parts: Vec::new(),
        }
    }

    /// With one more form.
    pub fn part(mut self, title: &'static str, form: Form) -> Self {
        self.parts.push(Part { title, form });
        self
    }

    /// With the summary of whichever form was refused, first in the page.
    pub fn settled(mut self) -> Self {
        self.errors = self.parts.iter_mut().find_map(|part| part.form.errors.take());
        self
    }

    /// As [`Form::meanwhile`], for a page of one form that was refused.
    pub fn meanwhile(mut self, say: &Say<'_>, now: &Self) -> Self {
        if let (Some(part), Some(there)) = (self.parts.first_mut(), now.parts.first()) {
            part.form.errors = self.errors.take();
            part.form.meanwhile(say, &there.form);
        }
        self.settled()
    }

    /// With a refusal of the form at `index`.
    pub fn refused(mut self, say: &Say<'_>, index: usize, refusal: Option<&Refusal>) -> Self {
        if let (Some(part), Some(refusal)) = (self.parts.get_mut(index), refusal) {
            part.form = part.form.clone().refused(say, refusal);
        }
        self.settled()
    }
}

impl View for Ledger {
    const TEMPLATE: &'static str = "pages/desk/ledger/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t(self.title)
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let row = Row {
                cells: vec![
                    Cell::link("11月26日 周四", "/desk/logs/1").note("09:00–12:00"),
                    Cell::text("横沟村"),
                    Cell::state("half", "待改派"),
                ],
            };
            let filters = vec![Field::input("date", "from", "desk-duty-day")];
            let full = Self {
                title: "desk-log-title",
                count: "共 3 笔".into(),
                acts: vec![Button::link("primary", say.t("desk-log-new"), "/desk/logs/new")],
                tabs: super::duty::tabs("/desk/logs"),
                notices: vec![
                    Notice::new("caution", "还差 280 分钟。", "本月坐班").link("/desk/logs/new", "记一笔"),
                ],
                filters: Some(Filters::new("/desk/logs", filters)),
                columns: vec!["desk-duty-day", "desk-log-village", "desk-duty-state"],
                rows: vec![row],
                none: "desk-log-none",
                pager: Pager { back: String::new(), more: "/desk/logs?cursor=b2Zm".into() },
            };
            let none = Self {
                rows: Vec::new(),
                filters: None,
                acts: Vec::new(),
                notices: Vec::new(),
                tabs: Vec::new(),
                pager: Pager::default(),
                ..full.clone()
            };
            vec![full, none]
        })
    }
}

impl View for Sheet {
    const TEMPLATE: &'static str = "pages/desk/ledger/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        self.title.clone()
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let back = Link::new("/desk/duties", say.t("desk-duty-title"));
            let who = vec![FieldOption::new("1", "仇文静", "")];
            let form = Form::post("/desk/duties/1/actions")
                .keep("version", "1")
                .field(Field::select("worker", "desk-duty-worker", who))
                .button(Button::submit("primary", say.t("desk-duty-reassign")));
            let wrong = Refusal::field("worker", "unknown");
            let full = Self {
                lead: "desk-duty-flagged-what",
                notices: vec![Notice::new("caution", "这个班要改派。", "本人请假")],
                facts: vec![Fact::new("desk-duty-worker", "仇文静")],
                story: vec!["11月26日 请单于明换班，等答复".into()],
                links: vec![Link::new("/desk/logs/1", "看这笔日志")],
                ..Self::new("11月30日 窗口值班".into(), back.clone())
            }
            .part("desk-duty-give", form.clone());
            let refused = full.clone().refused(say, 0, Some(&wrong));
            vec![full, refused, Self::new("走访".into(), back)]
        })
    }
}

/// This file's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<Ledger>(), sampled::<Sheet>()]
}
