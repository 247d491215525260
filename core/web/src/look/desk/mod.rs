//! Contexts of the staff's pages, one file a noun; templates under `templates/pages/desk/`, texts by noun.

pub mod account;
pub mod booking;
pub mod call;
pub mod card;
pub mod case;
pub mod channel;
pub mod committee;
pub mod consent;
pub mod deadline;
pub mod deputy;
pub mod division;
pub mod duty;
pub mod facility;
pub mod firm;
pub mod grid;
pub mod handover;
pub mod household;
pub mod inbox;
pub mod intake;
pub mod journal;
pub mod ledger;
pub mod month;
pub mod my;
pub mod office;
pub mod open;
pub mod paper;
pub mod plan;
pub mod platform;
pub mod plugin;
pub mod plugin_board;
pub mod plugin_desk;
pub mod post;
pub mod report_form;
pub mod restriction;
pub mod room;
pub mod roster;
pub mod scorecard;
pub mod search;
pub mod sentences;
pub mod service;
pub mod statistics;
pub mod today;
pub mod token;
pub mod user;
pub mod worker;

use std::sync::OnceLock;

use falin_domain::refusal::Refusal;
use falin_domain::words::AccountId;
use serde::Serialize;

use super::parts::{Button, ErrorItem, ErrorSummary, Field, FieldOption, Hidden};
use super::{Lang, Sampled, Say, Sources, Texts};

/// Every view of the desk, for the test that renders all samples.
pub fn templates() -> Vec<Sampled> {
    let lists = [
        today::templates(),
        deadline::templates(),
        inbox::templates(),
        call::templates(),
        channel::templates(),
        search::templates(),
        service::templates(),
        statistics::templates(),
        scorecard::templates(),
        report_form::templates(),
        household::templates(),
        restriction::templates(),
        worker::templates(),
        deputy::templates(),
        firm::templates(),
        facility::templates(),
        post::templates(),
        division::templates(),
        grid::templates(),
        room::templates(),
        month::templates(),
        ledger::templates(),
        roster::templates(),
        office::templates(),
        paper::templates(),
        plan::templates(),
        booking::templates(),
        card::templates(),
        case::templates(),
        intake::templates(),
        my::templates(),
        handover::templates(),
        committee::templates(),
        consent::templates(),
        user::templates(),
        account::templates(),
        token::templates(),
        journal::templates(),
        platform::templates(),
        plugin::templates(),
        plugin_board::templates(),
        plugin_desk::templates(),
    ];
    lists.into_iter().flatten().collect()
}

/// Text key of a member of a closed list: `household-kind` and `rural` → `household-kind-rural`.
pub fn key(list: &str, code: &str) -> String {
    format!("{list}-{}", code.replace(['.', '_'], "-"))
}

/// Choices of a closed list in words, the current one chosen.
pub fn code_options(say: &Say<'_>, list: &str, codes: &[&str], current: &str) -> Vec<FieldOption> {
    codes.iter().map(|code| FieldOption::new(*code, say.t(&key(list, code)), current)).collect()
}

/// The same with "any" before them, for filters.
pub fn filter_options(say: &Say<'_>, list: &str, codes: &[&str], current: &str) -> Vec<FieldOption> {
    let mut options = vec![FieldOption::new("", say.t("desk-any"), current)];
    options.extend(code_options(say, list, codes, current));
    options
}

/// `form`: a whole form that changes something; the token comes from the frame.
#[derive(Clone, Serialize)]
pub struct Form {
    /// Where it is posted.
    pub action: String,
    /// Names and values that travel unseen, such as the version that was read.
    pub hidden: Vec<Hidden>,
    /// Questions in order.
    pub fields: Vec<Field>,
    /// Its buttons, the primary first.
    pub buttons: Vec<Button>,
    /// Whether it carries a file.
    pub upload: bool,
    /// What its handler hears as `go` where the page is to be drawn again as it stands; empty where it cannot.
    pub redraw: String,
    /// Whose draft is kept on the device until it is sent, where a script can: an account; empty keeps none.
    pub draft: String,
    /// What was wrong, shown first in the page.
    pub errors: Option<ErrorSummary>,
}

impl Form {
    /// An empty form posted to `action`.
    pub fn post(action: impl Into<String>) -> Self {
        let (hidden, fields, buttons) = (Vec::new(), Vec::new(), Vec::new());
        let (redraw, draft) = (String::new(), String::new());
        Self { action: action.into(), hidden, fields, buttons, upload: false, redraw, draft, errors: None }
    }

    /// With one more question.
    pub fn field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    /// With one more unseen value.
    pub fn keep(mut self, name: &str, value: impl Into<String>) -> Self {
        self.hidden.push(Hidden::new(name, value));
        self
    }

    /// With one more button.
    pub fn button(mut self, button: Button) -> Self {
        self.buttons.push(button);
        self
    }

    /// As one that draws its page again where its handler hears `go`.
    pub fn redrawn(mut self, go: impl Into<String>) -> Self {
        self.redraw = go.into();
        self
    }

    /// As one of which this account's draft is kept where there is no network.
    pub fn drafted(mut self, account: Option<AccountId>) -> Self {
        self.draft = account.map(|id| id.to_string()).unwrap_or_default();
        self
    }

    /// As one that carries a file.
    pub fn uploading(mut self) -> Self {
        self.upload = true;
        self
    }

    /// With ids of its own, for a page that has several forms.
    pub fn apart(mut self, prefix: &str) -> Self {
        for field in &mut self.fields {
            field.id = format!("{prefix}-{}", field.name);
        }
        self
    }

    /// Somebody else changed this meanwhile: the refused form takes the version that stands now, so that a second press
    /// is a decision, and says at each question what stands there now where that is not what was typed.
    pub fn meanwhile(&mut self, say: &Say<'_>, now: &Self) {
        // What is kept secret is never shown, and says nothing by being empty.
        for field in self.fields.iter_mut().filter(|field| field.input != "password") {
            let there =
                now.fields.iter().find(|there| there.name == field.name).map(|field| field.words(say));
            let Some(there) = there.filter(|there| *there != field.words(say)) else { continue };
            field.error = stands(say, &there);
            if let Some(summary) = &mut self.errors {
                let said = [("label", &*say.t(&field.label)), ("text", &field.error)];
                let text = say.with("desk-error-at", &said);
                summary.items.push(ErrorItem { href: format!("#{}", field.id), text });
            }
        }
        renew(&mut self.hidden, &now.hidden);
    }

    /// With what a refusal found wrong: the summary first, each message at its field; what was typed stays.
    pub fn refused(mut self, say: &Say<'_>, refusal: &Refusal) -> Self {
        for fault in &refusal.fields {
            // Of several faults in one box the first is told there, all of them above.
            let open = |field: &&mut Field| field.name == fault.name && field.error.is_empty();
            if let Some(field) = self.fields.iter_mut().find(open) {
                field.error = say.field_error(fault);
            }
        }
        self.errors = Some(self.summary(say, refusal));
        self
    }

    /// The refusal's summary; a message that does not name its field gets the field's label before it.
    fn summary(&self, say: &Say<'_>, refusal: &Refusal) -> ErrorSummary {
        let mut summary = say.error_summary(refusal);
        for (fault, item) in refusal.fields.iter().zip(&mut summary.items) {
            // What is wrong inside a file is mended by choosing another.
            let of = |field: &&Field| {
                if fault.spot.is_some() { field.input == "file" } else { field.name == fault.name }
            };
            let Some(field) = self.fields.iter().find(of) else { continue };
            item.href = format!("#{}", field.id);
            if fault.code.starts_with("required") {
                item.text =
                    say.with("desk-error-at", &[("label", &say.t(&field.label)), ("text", &item.text)]);
            }
        }
        summary
    }

    /// The same, where there is a refusal.
    pub fn maybe_refused(self, say: &Say<'_>, refusal: Option<&Refusal>) -> Self {
        match refusal {
            Some(refusal) => self.refused(say, refusal),
            None => self,
        }
    }
}

/// What stands in a question by now, in words.
pub fn stands(say: &Say<'_>, value: &str) -> String {
    if value.is_empty() { say.t("desk-now-empty") } else { say.with("desk-now-stands", &[("value", value)]) }
}

/// The version among what travels unseen becomes the one that stands now.
pub fn renew(hidden: &mut [Hidden], now: &[Hidden]) {
    let version = now.iter().find(|there| there.name == "version");
    for kept in hidden.iter_mut().filter(|kept| kept.name == "version") {
        kept.value = version.map_or_else(|| kept.value.clone(), |there| there.value.clone());
    }
}

/// `filters`: a form of a list that changes nothing.
#[derive(Clone, Serialize)]
pub struct Filters {
    /// The list's address.
    pub action: String,
    /// What can be chosen.
    pub fields: Vec<Field>,
    /// Whether anything is chosen, so that "show all" makes sense.
    pub active: bool,
}

impl Filters {
    /// Filters of the list at `action`; no field is required.
    pub fn new(action: impl Into<String>, fields: Vec<Field>) -> Self {
        let chosen = |field: &Field| {
            !field.value.is_empty()
                || field.options.iter().any(|option| option.chosen && !option.value.is_empty())
        };
        let active = fields.iter().any(chosen);
        let fields = fields.into_iter().map(|field| Field { required: true, ..field }).collect();
        Self { action: action.into(), fields, active }
    }
}

/// `tabs`: a link to a sister page.
#[derive(Clone, Serialize)]
pub struct Tab {
    /// Where it leads.
    pub href: &'static str,
    /// Text key of its name.
    pub label: &'static str,
    /// Whether this is the page shown.
    pub current: bool,
}

/// A link in a row of a list.
#[derive(Clone, Serialize)]
pub struct Link {
    /// Where it leads; empty where the reader may not go.
    pub href: String,
    /// Words.
    pub name: String,
}

impl Link {
    /// A link.
    pub fn new(href: impl Into<String>, name: impl Into<String>) -> Self {
        Self { href: href.into(), name: name.into() }
    }
}

/// Samples that need words: made in Chinese; none where the texts themselves do not load, which fails elsewhere.
pub(in crate::look) fn with_words<V>(make: impl FnOnce(&Say<'_>) -> Vec<V>) -> Vec<V> {
    static TEXTS: OnceLock<Option<Texts>> = OnceLock::new();
    let texts = TEXTS.get_or_init(|| Texts::load(&Sources::new(None)).ok());
    texts.as_ref().map(|texts| make(&Say { texts, lang: Lang::Zh })).unwrap_or_default()
}
