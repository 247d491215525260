//! What a plugin declares beside its flows: posts, settings, jobs, hooks, imports, pages. The house does all of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::written::EachWritten;
use super::{Field, Flow, Opens, Step, Target, Use, Values, When, Words};
use crate::access::Role;
use crate::directory::codes;
use crate::time::Date;

/// A task that a county gives to accounts of a role at a place, such as 镇分析员; steps name it in `posts`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// Its code.
    pub code: String,
    /// What it is called.
    pub name: Words,
    /// The role that it rests on: only who holds this role at the place can be given it.
    pub role: Role,
}

/// A value that a county sets, with the one that stands until it does.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// The field of the settings form.
    pub field: Field,
    /// What stands until a county says otherwise.
    pub default: Value,
    /// The rule that the default comes from.
    #[serde(default)]
    pub source: Option<Words>,
}

codes! {
    /// How often a job runs: once in each of these, in China's calendar.
    Every {
        /// 每日.
        Day = "day",
        /// 每周, from Monday.
        Week = "week",
        /// 每月.
        Month = "month",
        /// 每季度.
        Quarter = "quarter",
        /// 每年.
        Year = "year",
    }
}

impl Every {
    /// The first day of the period that a day is in; two days of the same period have the same one.
    pub fn begins(self, day: Date) -> Date {
        let (year, month, _) = day.parts();
        let first = |month: i8| Date::new(year, month, 1).unwrap_or(day);
        match self {
            Self::Day => day,
            Self::Week => day.plus_days(-i64::from(day.weekday())),
            Self::Month => first(month),
            Self::Quarter => first((month - 1) / 3 * 3 + 1),
            Self::Year => first(1),
        }
    }
}

codes! {
    /// Divisions of a county that a job walks through.
    Tier {
        /// The county itself.
        County = "county",
        /// 乡镇、街道.
        Township = "township",
        /// 村、社区.
        Village = "village",
    }
}

codes! {
    /// From when the days of a case are counted before a job comes to it.
    #[derive(Default)]
    Since {
        /// From its last step: whoever writes something has moved it.
        #[default]
        Step = "step",
        /// From the day on which it was opened, whatever was written since.
        Opened = "opened",
    }
}

/// For what a job does its work once in each period.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[expect(clippy::large_enum_variant, reason = "a manifest has a handful of them, read once")]
#[serde(untagged, try_from = "EachWritten")]
pub enum Each {
    /// For every division of a tier.
    Place {
        /// The tier.
        place: Tier,
    },
    /// For every case of one of the plugin's own flows that stands there.
    Case {
        /// The flow.
        flow: String,
        /// In one of these states; in any open one where none is named.
        states: Vec<String>,
        /// Only where its indexed field is one of these.
        when: Option<When>,
        /// Only so many days after its last step, or after it was opened.
        after_days: u16,
        /// The same, as a setting says it (a number field).
        after_setting: String,
        /// From when those days are counted.
        since: Since,
        /// Only where its count has risen this far above the usual.
        surge: Option<Surge>,
    },
}

/// A count that has risen: at least so many, and at least so many per cent of the usual. Settings say how many.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Surge {
    /// The number field that is looked at.
    pub count: String,
    /// The number field with the usual count.
    pub usual: String,
    /// The setting with the least count.
    pub least: String,
    /// The setting with the per cent of the usual: 200 for twice.
    pub times: String,
}

impl Surge {
    /// Whether these values have risen that far: at least `least`, and at least `times` per cent of the usual.
    pub fn holds(&self, values: &Values, least: i64, times: i64) -> bool {
        let number = |field: &str| values.get(field).and_then(Value::as_i64).unwrap_or(0);
        let (count, usual) = (number(&self.count), number(&self.usual));
        count >= least && count.saturating_mul(100) >= usual.saturating_mul(times)
    }
}

/// Work that comes round by itself: it opens cases, or takes a step on those that have waited.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// Its code.
    pub code: String,
    /// What it does, in words.
    pub name: Words,
    /// How often.
    pub every: Every,
    /// For what.
    pub each: Each,
    /// Opens a case for each.
    #[serde(default)]
    pub open: Option<Opens>,
    /// Takes this step on each case, which asks for nothing.
    #[serde(default)]
    pub act: String,
    /// Asks the plugin's library for each, part by part.
    #[serde(default)]
    pub library: bool,
}

/// A column of an import.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The field that it fills.
    pub field: String,
    /// Heads under which it is found, the usual one first.
    pub heads: Vec<String>,
}

/// A table that is read into cases of a flow: every accepted row opens one, by the step that opens the flow.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// Its code.
    pub code: String,
    /// What it reads.
    pub name: Words,
    /// The flow.
    pub flow: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Heads that the house will not read at all, such as names: the whole file is refused.
    #[serde(default)]
    pub refuse: Vec<String>,
    /// Refuses a file with a cell that looks like the number of a person or a telephone.
    #[serde(default)]
    pub no_persons: bool,
    /// Indexed fields that make two rows the same: such a row is left out as known.
    #[serde(default)]
    pub same: Vec<String>,
}

/// A list on a page of the plugin's own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// The name by which a template and programs know it.
    pub name: String,
    /// What stands above it where the house draws the page; the flow's name where nothing is said.
    #[serde(default)]
    pub title: Option<Words>,
    /// A sentence beneath that.
    #[serde(default)]
    pub note: Option<Words>,
    /// The flow.
    pub flow: String,
    /// In one of these states; in any where none is named.
    #[serde(default)]
    pub states: Vec<String>,
    /// Only where its indexed field is one of these.
    #[serde(default)]
    pub when: Option<When>,
    /// Fields of each row: its columns, and what a template reads.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Most rows, at most 200.
    pub most: u16,
}

/// A form below a page of the plugin's own, answered by its library.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Press {
    /// Its code.
    pub code: String,
    /// What the button says.
    pub name: Words,
    /// Who may press it; whoever may open the page where none is named.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// What it asks for; a `required` one must be filled.
    #[serde(default)]
    pub field: Vec<Field>,
}

/// A page of the plugin's own: its sentence, its figures and its lists as the house draws them, or what a template of the
/// package makes of them.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Its name in addresses.
    pub path: String,
    /// Its title, and what the menu says.
    pub name: Words,
    /// Who may open it.
    pub roles: Vec<Role>,
    /// A sentence below the title where the house draws the page.
    #[serde(default)]
    pub note: Option<Words>,
    /// A template in the package, such as `templates/board.hbs`; None where the house draws the page.
    #[serde(default)]
    pub template: Option<String>,
    /// Lists that it shows.
    #[serde(default)]
    pub list: Vec<Listed>,
    /// Codes of figures that it shows.
    #[serde(default)]
    pub figures: Vec<String>,
    /// Asks the plugin's library for what the template sees as `model`.
    #[serde(default)]
    pub library: bool,
    /// Names behind the question mark that the library is told.
    #[serde(default)]
    pub query: Vec<String>,
    /// Forms below it, which the library answers.
    #[serde(default)]
    pub action: Vec<Press>,
}

impl Page {
    /// Whether a role that the page is for may press this.
    pub fn lets(&self, press: &Press, holds: impl Fn(Role) -> bool) -> bool {
        let roles = if press.roles.is_empty() { &self.roles } else { &press.roles };
        roles.iter().any(|role| holds(*role))
    }
}

impl Press {
    /// The form as the one step of a flow, so that it is asked and read as every other form of the house.
    pub fn flow(&self, plugin: &str) -> Flow {
        form_flow(plugin, &self.field)
    }
}

/// Fields as the one form of a flow that no case ever follows.
pub fn form_flow(plugin: &str, fields: &[Field]) -> Flow {
    let asked = |field: &Field| {
        Use::Plain(if field.required { format!("{}!", field.name) } else { field.name.clone() })
    };
    Flow {
        id: format!("{plugin}/form"),
        version: 1,
        name: Words::default(),
        number: String::new(),
        noun: "workflow".to_owned(),
        person: String::new(),
        phone: String::new(),
        id_number: String::new(),
        matter: String::new(),
        place: String::new(),
        external: String::new(),
        urgent: None,
        co_handling: false,
        deadline: Vec::new(),
        dossier: Vec::new(),
        state: Vec::new(),
        field: fields.to_vec(),
        step: vec![Step {
            internal: None,
            tells: Vec::new(),
            action: "set".to_owned(),
            name: Words::default(),
            from: Vec::new(),
            to: Target::Always("=".to_owned()),
            roles: Vec::new(),
            posts: Vec::new(),
            anyone: false,
            fields: fields.iter().map(asked).collect(),
            sets: Vec::new(),
            guards: Vec::new(),
            effects: Vec::new(),
            primary: false,
            danger: false,
        }],
        posts: BTreeMap::new(),
        texts: BTreeMap::new(),
    }
}

/// Documents that the plugin's library keeps, found by what it declares here.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Collection {
    /// Its name.
    pub name: String,
    /// Members of a document by which it is found. They are kept in clear and in order, so nothing about a person.
    #[serde(default)]
    pub index: Vec<String>,
    /// Most documents in a county.
    #[serde(default = "many")]
    pub most: u32,
    /// Counts the shapes that its documents have had: an upgrade that raises it asks the library for each document in
    /// its new shape.
    #[serde(default = "first")]
    pub schema: u16,
}

fn first() -> u16 {
    1
}

fn many() -> u32 {
    10_000
}

impl Collection {
    /// What stands in the index of a document, by the member's name. Numbers and texts stand in their own order;
    /// nothing else can be found by.
    pub fn indexed(&self, body: &Value) -> Vec<(String, String)> {
        let of = |name: &String| Some((name.clone(), Self::in_order(body.get(name)?)?));
        self.index.iter().filter_map(of).collect()
    }

    /// A value as it stands in an index.
    pub fn in_order(value: &Value) -> Option<String> {
        match value {
            Value::String(text) => Some(format!("t{}", text.chars().take(200).collect::<String>())),
            Value::Number(number) => {
                // Two's complement with its first bit turned sorts as the numbers do.
                let turned = (number.as_i64()? as u64) ^ (1 << 63);
                Some(format!("n{turned:020}"))
            }
            Value::Bool(yes) => Some(format!("b{yes}")),
            _ => None,
        }
    }
}
