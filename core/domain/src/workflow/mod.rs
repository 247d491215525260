//! Flows as data: states, steps, forms and fields of a case type, the core's own and those that plugins bring.
//!
//! A flow is a table of state × action × role. Pages, API, commands and the database read the same table; what a
//! program must decide beyond it (who is competent, whether a conflict exists) is a guard or an effect that the flow
//! names. The text form is TOML, the same for the core's flows and for a plugin's `plugin.toml`.

mod check;
mod core_flows;
mod diagram;
mod life;
mod lists;
mod manifest;
mod manifest_check;
mod read;
mod schema;
mod stage;
mod stage_check;
mod table;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use check::proven;
pub use core_flows::{core, core_flow};
pub use life::{Move, PluginState, Shelved};
pub use lists::shared_list;
pub use manifest::{ABI, Bounds, Manifest, Permission, Statistic, Wanted, is_id, summary, version_numbers};
pub use read::{Manner, fen_of, same_words};
pub use stage::{
    Column, Each, Every, Hook, Import, Job, Listed, Migration, Opens, Page, Post, Setting, Tier, hooked,
};

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
    /// How a number is written, with `{year}` and `{n}`: `咨询〔{year}〕{n}号`.
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
    /// The field with its number in another system, which no second case may have.
    #[serde(default)]
    pub external: String,
    /// Deadlines of its own, beside those of the law's table.
    #[serde(default)]
    pub deadline: Vec<OwnDeadline>,
    /// Its states.
    pub state: Vec<State>,
    /// Everything that a case can hold.
    pub field: Vec<Field>,
    /// Its steps; the first opens a case.
    pub step: Vec<Step>,
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
    pub next: String,
    /// A number setting of the plugin that a county may put in place of `period.n`.
    #[serde(default)]
    pub setting: String,
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
    /// Whether it tells about a person's health, hardship, trouble with the law or family (PIPL 28).
    #[serde(default)]
    pub sensitive: bool,
    /// Roles that may read it; everybody who sees the case where none is named.
    #[serde(default)]
    pub readers: Vec<Role>,
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

/// A condition on the values of a case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// The field.
    pub field: String,
    /// It holds where the field is one of these (`true`, `false` for yes and no; empty text for "nothing given").
    #[serde(rename = "in")]
    pub among: Vec<String>,
}

/// How a step uses a field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Use {
    /// `name`, or `name!` where it must be filled.
    Plain(String),
    /// The same under a condition: asked for only where it holds.
    Under {
        /// `name` or `name!`.
        name: String,
        /// When it is asked for.
        when: When,
    },
}

/// Where a step leads.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Target {
    /// Always there; `=` stays.
    Always(String),
    /// The first whose condition holds; the last has none.
    First(Vec<Branch>),
}

/// One way that a step can lead.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// The state.
    pub state: String,
    /// When; the last branch has none.
    #[serde(default)]
    pub when: Option<When>,
}

/// What a step does beside moving the case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// The worker in this field becomes responsible.
    Assign {
        /// Field of kind worker.
        field: String,
    },
    /// Whoever acts becomes responsible.
    Take,
    /// Nobody is responsible any more: the case goes back to the queue.
    Release,
    /// Opens a case of another flow, linked to this one, with values taken from this one.
    Open {
        /// The other flow.
        flow: String,
        /// Its field = this one's field.
        map: std::collections::BTreeMap<String, String>,
        /// When; always where none is given.
        #[serde(default)]
        when: Option<When>,
    },
    /// Starts a deadline of the table of periods.
    Start {
        /// Its code.
        deadline: String,
        /// A date field from which it runs; the moment of the act where none is given.
        #[serde(default)]
        from: Option<String>,
        /// When; always where none is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        when: Option<When>,
    },
    /// The act that a deadline asked for has been done.
    Meet {
        /// Its code.
        deadline: String,
    },
    /// A message to the resident, the responsible worker or the role whose turn it is.
    Notice {
        /// Text key.
        text: String,
        /// `resident`, `worker` or `next`.
        to: String,
    },
    /// Offers this paper at the step, filled from the case.
    Paper {
        /// The paper's code.
        paper: String,
    },
    /// Holds every one of these rooms for the case, all at once or none, from a time for so many minutes.
    Book {
        /// Fields of kind room.
        rooms: Vec<String>,
        /// The field with the time.
        from: String,
        /// The number field with the minutes.
        minutes: String,
        /// Minutes before and after that the rooms are held as well, to set up and clear away.
        #[serde(default)]
        buffer: u16,
        /// When; always where none is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        when: Option<When>,
    },
    /// Gives back what the case holds.
    Unbook,
    /// Whatever the plugin's library decides; the core's flows have none.
    Call {
        /// The name that the library knows it by.
        name: String,
    },
}

/// What must hold before a step.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "check", rename_all = "snake_case", deny_unknown_fields)]
pub enum Guard {
    /// The actor did not do this earlier step: nobody signs the own draft.
    NotAuthorOf {
        /// The earlier action.
        action: String,
    },
    /// The condition holds on the case as it will be.
    Holds {
        /// The condition.
        when: When,
        /// Text key of the refusal at the field.
        fault: String,
    },
    /// No later than so many days after the date in a field.
    Within {
        /// The date field.
        field: String,
        /// Calendar days.
        days: u16,
    },
    /// The worker in a field has no conflict of interest with a person of the case.
    NoConflict {
        /// Field of kind worker.
        field: String,
    },
    /// The worker in a field has practised for so many years, where the condition holds.
    Practice {
        /// Field of kind worker.
        field: String,
        /// Years.
        years: i16,
        /// When it is asked; always where none is given.
        #[serde(default)]
        when: Option<When>,
    },
    /// The worker in a field has no other case of this flow with the same value in `same`, as co-defendants have.
    Apart {
        /// Field of kind worker.
        field: String,
        /// An indexed field.
        same: String,
    },
    /// No other case of this flow that stands or ended well has the same values in all of these indexed fields.
    Unique {
        /// Indexed fields.
        fields: Vec<String>,
        /// Text key of the refusal at the first of them.
        fault: String,
    },
    /// The sum of a number field over cases of an own flow with the same value in `same` covers what `need` asks for.
    Enough {
        /// The flow whose cases are summed, such as a ledger; it need not be this one.
        flow: String,
        /// Its indexed number field.
        sum: String,
        /// An indexed field that both flows have.
        same: String,
        /// In these states of that flow; in any where none is named.
        #[serde(default)]
        states: Vec<String>,
        /// The number field of this case that must be covered.
        need: String,
        /// Text key of the refusal at `need`.
        fault: String,
    },
    /// At least one file is kept with the case.
    Attached {
        /// Text key of the refusal.
        fault: String,
    },
    /// What the plugin's library says.
    Call {
        /// The name that the library knows it by.
        name: String,
    },
}

/// A step.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name in addresses, JSON and the journal.
    pub action: String,
    /// What its button says.
    pub name: Words,
    /// States in which it can be done; empty for the one that opens a case, `*` for every open state.
    #[serde(default)]
    pub from: Vec<String>,
    /// Where it leads.
    pub to: Target,
    /// Who may.
    pub roles: Vec<Role>,
    /// Posts of the plugin that may, each resting on a role.
    #[serde(default)]
    pub posts: Vec<String>,
    /// Whether a worker who is not responsible may, seeing the case in a queue.
    #[serde(default)]
    pub anyone: bool,
    /// What is asked.
    #[serde(default)]
    pub fields: Vec<Use>,
    /// What must hold.
    #[serde(default)]
    pub guards: Vec<Guard>,
    /// What else it does.
    #[serde(default)]
    pub effects: Vec<Effect>,
    /// Whether it is the one that a page shows first.
    #[serde(default)]
    pub primary: bool,
    /// Whether it ends or refuses something.
    #[serde(default)]
    pub danger: bool,
}

/// A field as a step asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The field.
    pub field: &'a Field,
    /// Whether it must be filled where it is asked for.
    pub required: bool,
    /// When it is asked for.
    pub when: Option<&'a When>,
}
