//! One question of a paper's form.

use falin_domain::paper::{Field as PaperField, Kind, Need};
use serde::Serialize;

use crate::look::Say;
use crate::look::parts::FieldOption;

/// One field of a paper's form. Its label is the paper's own and stays Chinese.
#[derive(Clone, Default, Serialize)]
pub struct Ask {
    /// Form control's name.
    pub name: String,
    /// Label.
    pub label: String,
    /// What is typed how; may be empty.
    pub hint: String,
    /// What was wrong; may be empty.
    pub error: String,
    /// What was typed.
    pub value: String,
    /// Whether the paper needs it.
    pub needed: bool,
    /// `text` or `date`.
    pub input: &'static str,
    /// Several lines.
    pub area: bool,
    /// `radio` or `checkbox`; empty where nothing is chosen.
    pub pick: &'static str,
    /// What can be chosen.
    pub options: Vec<FieldOption>,
}

impl Ask {
    /// What stands in it in words.
    pub(super) fn told(&self) -> String {
        let chosen = self.options.iter().filter(|option| option.chosen).map(|option| option.label.as_str());
        if self.pick.is_empty() { self.value.clone() } else { chosen.collect::<Vec<_>>().join("、") }
    }

    /// A box to tick, with the house's own words.
    pub fn tick(say: &Say<'_>, name: &str, (label, key): (&str, &str), ticked: bool) -> Self {
        let chosen = if ticked { "yes" } else { "" };
        Self {
            name: name.to_owned(),
            label: say.t(label),
            pick: "checkbox",
            options: vec![FieldOption::new("yes", say.t(key), chosen)],
            ..Self::default()
        }
    }

    /// The question of a field, with what was typed.
    pub fn new(say: &Say<'_>, field: &PaperField, typed: &[String]) -> Self {
        let yes_no = ["是".to_owned(), "否".to_owned()];
        let options = if field.kind == Kind::Yes { &yes_no[..] } else { &field.options };
        let option = |text: &String| FieldOption {
            value: text.clone(),
            label: text.clone(),
            chosen: typed.contains(text),
        };
        let heads = || {
            let named = field.columns.iter().filter(|column| column.name != "n");
            named.map(|column| column.label.as_str()).collect::<Vec<_>>().join("，")
        };
        Self {
            name: field.name.clone(),
            label: field.label.clone(),
            hint: match field.kind {
                Kind::List => say.with("desk-paper-list-hint", &[("columns", &heads())]),
                Kind::Money => say.t("desk-paper-money-hint"),
                Kind::Time => say.t("desk-paper-time-hint"),
                _ => String::new(),
            },
            error: String::new(),
            value: if options.is_empty() { typed.join("\n") } else { String::new() },
            needed: field.need == Need::Always,
            input: if field.kind == Kind::Date { "date" } else { "text" },
            area: matches!(field.kind, Kind::Long | Kind::List),
            pick: match field.kind {
                _ if options.is_empty() => "",
                Kind::Choices => "checkbox",
                _ => "radio",
            },
            options: options.iter().map(option).collect(),
        }
    }
}
