//! Flows as data: states, steps, forms and fields of a case type, the core's own and those that plugins bring.
//!
//! A flow is a table of state × action × role. Pages, API, commands and the database read the same table; what a
//! program must decide beyond it (who is competent, whether a conflict exists) is a guard or an effect that the flow
//! names. The text form is TOML, the same for the core's flows and for a plugin's `plugin.toml`.

mod again;
mod check;
mod cohandling;
mod core_flows;
mod cutover;
mod diagram;
mod dossier;
mod figures;
mod guard;
mod hook;
mod life;
mod lists;
mod manifest;
mod manifest_check;
mod migration;
mod old_table;
mod opens_check;
mod papers;
mod pasted;
mod public;
mod read;
mod sample;
mod schema;
mod settings;
mod stage;
mod stage_check;
mod step;
mod step_check;
mod story;
mod table;
mod table_read;
mod template;
#[cfg(test)]
mod tests;
mod told;
mod when;
mod words_check;
mod written;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use again::Again;
pub use check::proven;
pub use cohandling::is_shared;
pub use core_flows::{core, core_flow};
pub use cutover::{OldCase, Running, case_columns, counted, old_cases, old_rows, running};
pub use dossier::Belongs;
pub use figures::{Fact, median};
pub use guard::Guard;
pub use hook::{Acts, Hook, Opens, hooked};
pub use life::{Move, PluginState, Shelved};
pub use lists::shared_list;
pub use manifest::{
    ABI, Bounds, Manifest, Median, Permission, Statistic, Wanted, is_id, summary, version_numbers, watched,
};
pub use migration::Migration;
pub use old_table::{Chosen, OldColumn, OldTable, old_table};
pub use papers::{FileFault, MOST_PAPER, MOST_PAPERS, OwnPaper, PAPERS};
pub use public::{Inside, Outside, Part};
pub use read::{Manner, fen_of, same_words};
pub use sample::{Draw, Known, sample, value};
pub use stage::{
    Collection, Column, Each, Every, Import, Job, Listed, Page, Post, Press, Setting, Since, Surge, Tier,
    form_flow,
};
pub use step::{Asked, Branch, Brings, Effect, Step, Target, Use};
pub use story::{Cast, Papers, Scene, Stories, Story, filled};
pub use table_read::{MOST_ROWS, Misread, TableRead, Taken, read_table};
pub use template::{MOST_TEMPLATE, template_faults, unseen};
pub use told::Written;
pub use when::{Bound, When};
pub use written::Whom;

use crate::access::Role;
use crate::directory::codes;

/// The values of a case or of one step's form, by field name.
pub type Values = Map<String, Value>;

/// A text in both languages.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A case type.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Its name in addresses and rows: `consultation`, or `plugin/flow`.
    pub id: String,
    /// Counts changes of the table; a case keeps the version that it began with. A plugin's flow takes the
    /// generation of its package.
    #[serde(default = "first_version")]
    pub version: i32,
    /// What it is called.
    pub name: Words,
    /// How a number is written, with `{year}` and `{n}`, and `{office}` for the county's abbreviation where it is wanted:
    /// `咨询〔{year}〕{n}号`.
    pub number: String,
    /// The state's noun in the access table; plugin flows are `workflow`.
    #[serde(default = "workflow_noun")]
    pub noun: String,
    /// The field whose value stands for the person that the case is about; empty where there is none.
    #[serde(default)]
    pub person: String,
    /// The field with that person's telephone.
    #[serde(default)]
    pub phone: String,
    /// The field with that person's ID number.
    #[serde(default)]
    pub id_number: String,
    /// The field that says in a few words what it is about, for lists.
    #[serde(default)]
    pub matter: String,
    /// The field of kind division with the place where it stands; else the household's, else the opener's own.
    #[serde(default)]
    pub place: String,
    /// The field with its number in another system, which no second case may have.
    #[serde(default)]
    pub external: String,
    /// When a case must not wait: it is marked, and taken before others. Never where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgent: Option<When>,
    /// Whether other units may be asked to help and conferences put on record.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub co_handling: bool,
    /// Deadlines of its own, beside those of the law's table.
    #[serde(default)]
    pub deadline: Vec<OwnDeadline>,
    /// What belongs into its dossier.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dossier: Vec<Belongs>,
    /// Its states.
    pub state: Vec<State>,
    /// Everything that a case can hold.
    pub field: Vec<Field>,
    /// Its steps; the first opens a case.
    pub step: Vec<Step>,
    /// Posts of its plugin, each with the role that it rests on.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub posts: std::collections::BTreeMap<String, Role>,
    /// Texts of refusals and notices that a plugin brings, by key.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub texts: std::collections::BTreeMap<String, Words>,
}

fn first_version() -> i32 {
    1
}

fn workflow_noun() -> String {
    "workflow".to_owned()
}

codes! {
    /// How full a state's square is (look: shape before colour).
    Fill {
        /// Nothing done yet.
        Empty = "empty",
        /// Under way.
        Half = "half",
        /// All but the end.
        Full = "full",
        /// Ended well.
        Done = "done",
        /// Ended otherwise.
        Stopped = "stopped",
    }
}

/// A deadline that a flow declares, such as a county's own promise.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnDeadline {
    /// Its code, beginning with the flow's name.
    pub code: String,
    /// What it waits for.
    pub name: Words,
    /// How long.
    pub period: crate::calendar::Period,
    /// The earlier target inside the house.
    #[serde(default)]
    pub internal: Option<crate::calendar::Period>,
    /// The rule that it comes from.
    pub source: Words,
    /// Role whose turn it is.
    pub next: Role,
    /// A number setting of the plugin that a county may put in place of `period.n`.
    #[serde(default)]
    pub setting: String,
    /// Whether it is a right that a party may use or leave: it lapses with its last day, and nobody is late.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lapses: bool,
}

/// A state.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Code.
    pub id: String,
    /// Word.
    pub name: Words,
    /// How full its square is.
    pub fill: Fill,
    /// Whether the case is over.
    #[serde(default)]
    pub closed: bool,
    /// Whose turn it is; None only where closed.
    #[serde(default)]
    pub next: Option<Role>,
}

codes! {
    /// What a field holds.
    Kind {
        /// A line.
        Text = "text",
        /// Several lines.
        Long = "long",
        /// A whole number.
        Number = "number",
        /// 元 as typed, fen as kept.
        Money = "money",
        /// A day.
        Date = "date",
        /// A moment, RFC 3339; `2026-03-01T09:30` is in China's time.
        Time = "time",
        /// Yes or no.
        Yes = "yes",
        /// One of a list.
        Choice = "choice",
        /// Several of a list.
        Choices = "choices",
        /// A person's name.
        Name = "name",
        /// 公民身份号码.
        IdNumber = "id_number",
        /// A telephone number.
        Phone = "phone",
        /// 统一社会信用代码.
        Uscc = "uscc",
        /// Id of a legal worker.
        Worker = "worker",
        /// Id or code of a division.
        Division = "division",
        /// Id of a household.
        Household = "household",
        /// Id of a case.
        Case = "case",
        /// Id of a room that can be booked.
        Room = "room",
        /// The step in which a unit was asked to help.
        Unit = "unit",
        /// Rows of the fields named in `of`, such as parties.
        Rows = "rows",
    }
}

/// A field of a case.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Name in JSON and forms.
    pub name: String,
    /// Label.
    pub label: Words,
    /// A sentence that helps to answer.
    #[serde(default)]
    pub hint: Option<Words>,
    /// What it holds.
    pub kind: Kind,
    /// Most characters of a text, most of a number, most rows.
    #[serde(default)]
    pub max: Option<i64>,
    /// Least of a number.
    #[serde(default)]
    pub min: Option<i64>,
    /// What can be chosen.
    #[serde(default)]
    pub options: Vec<Choice>,
    /// Name of a list that many flows share, instead of options of its own.
    #[serde(default)]
    pub list: String,
    /// The fields of a row.
    #[serde(default)]
    pub of: Vec<Field>,
    /// Whether a row of it must be filled, inside `of`.
    #[serde(default)]
    pub required: bool,
    /// Whether lists filter and figures count by it; a sensitive one is kept as a keyed tag.
    #[serde(default)]
    pub index: bool,
    /// Whether it belongs to the step that asks for it alone: the history tells it, the case does not keep it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub passing: bool,
    /// Whether it tells about a person's health, hardship, trouble with the law or family (PIPL 28).
    #[serde(default)]
    pub sensitive: bool,
    /// Roles that may read it; everybody who sees the case where none is named.
    #[serde(default)]
    pub readers: Vec<Reader>,
}

/// A role that may read a field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(untagged)]
pub enum Reader {
    /// At any time.
    Always(Role),
    /// While the case is so.
    Under {
        /// The role.
        role: Role,
        /// When it may.
        when: When,
    },
}

/// A choice of a closed list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Code in rows and JSON.
    pub code: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}
