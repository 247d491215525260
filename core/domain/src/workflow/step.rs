//! What a step asks for, where it leads and what follows.

use serde::{Deserialize, Serialize};

use super::{Again, Field, Guard, Inside, When, Whom, Words};
use crate::access::Role;

/// How a step uses a field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
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

/// A value that a step brings by itself: what its very name says need not be typed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brings {
    /// The field, of kind choice, text or yes, or for what is counted of kind number or money.
    pub field: String,
    /// The code, the text, or `true` or `false`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// Instead of a value how many rows this list has; where something else was typed that stays.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub count: String,
    /// Instead of a value the sum of a column, `parties.amount`; where something else was typed that stays.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sum: String,
    /// When; always where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
}

/// Where a step leads.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
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
        /// A date field with the very day on which it falls due, such as one that a notice has named; the period of the
        /// table is not counted then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<String>,
        /// What becomes of one that ran or runs under the same code.
        #[serde(default, skip_serializing_if = "Again::is_anew")]
        again: Again,
        /// When; always where none is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        when: Option<When>,
    },
    /// Keeps a deadline for every day on which open rows of a list fall due, such as the terms of an agreement: those
    /// of rows that are done end, those of rows that were struck out are dropped.
    StartEach {
        /// Its code.
        deadline: String,
        /// The list.
        rows: String,
        /// Its column with the day on which a row falls due.
        due: String,
        /// Its column with the day on which a row was done.
        done: String,
        /// A date field from which they run; the moment of the act where none is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
    },
    /// The act that a deadline asked for has been done.
    Meet {
        /// Its code.
        deadline: String,
        /// When; always where none is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        when: Option<When>,
    },
    /// A deadline stands still: others have to act, and nobody is late meanwhile. A later `start` takes it up again.
    Pause {
        /// Its code.
        deadline: String,
    },
    /// A message to the resident, the responsible worker or the role whose turn it is.
    Notice {
        /// Text key.
        text: String,
        /// Whom it is for: `resident`, `worker`, `next`, `appointed`, or the code of a role.
        to: Whom,
        /// When; always where none is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        when: Option<When>,
    },
    /// Offers this paper at the step, filled from the case.
    Paper {
        /// The paper's code.
        paper: String,
        /// When; always where none is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        when: Option<When>,
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
    /// Asks a unit to help; its person, where one is named, sees the case from then on and is told.
    AskUnit {
        /// The text field with the unit's name.
        unit: String,
        /// The field of kind worker with its person.
        worker: String,
        /// The date field with the day by which it should answer.
        due: String,
    },
    /// A unit that was asked has answered.
    UnitAnswers {
        /// The field of kind unit.
        field: String,
    },
    /// A unit that was asked is no longer needed.
    UnitEnds {
        /// The field of kind unit.
        field: String,
    },
    /// Tells the lead and the persons of units that help of a time and a place.
    TellUnits {
        /// Text key.
        text: String,
        /// The field with the time.
        at: String,
        /// The text field with the place.
        place: String,
    },
    /// Whatever the plugin's library decides; the core's flows have none.
    Call {
        /// The name that the library knows it by.
        name: String,
    },
}

impl Effect {
    /// The code of the paper that it offers.
    pub fn paper(&self) -> Option<&str> {
        match self {
            Self::Paper { paper, .. } => Some(paper),
            _ => None,
        }
    }
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
    /// What it brings by itself, after what was typed; where several hold the last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<Brings>,
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
    /// Whether it stays inside the house: residents are not told of it, nor of what it writes. Where nothing is said,
    /// only a step `note` that no resident takes does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub internal: Option<Inside>,
    /// What residents are told with it, its own fields and those that earlier internal steps have written; of the rest
    /// they are told nothing. Where none is named they are told all that it asks for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tells: Vec<String>,
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
