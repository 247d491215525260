//! What must hold before a step.

use serde::{Deserialize, Serialize};

use super::When;

/// What must hold before a step.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "check", rename_all = "snake_case", deny_unknown_fields)]
pub enum Guard {
    /// The actor did not do this earlier step: nobody signs the own draft.
    NotAuthorOf {
        /// The earlier action.
        action: String,
        /// It is asked only where the county wants its legal-aid decisions to pass through so many hands; always where
        /// none is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hands: Option<u8>,
    },
    /// The condition holds on the case as it will be.
    Holds {
        /// The condition.
        when: When,
        /// It is asked for only where this holds too.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        under: Option<When>,
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
    /// The day in a field is today or later, by so many days at most.
    Ahead {
        /// The date field.
        field: String,
        /// Calendar days.
        days: u16,
    },
    /// The day in a field is no earlier than that in another.
    NotBefore {
        /// The date field.
        field: String,
        /// The other one.
        than: String,
    },
    /// Of more than so many people a list names some, and it never names more than there are.
    Represented {
        /// The list.
        rows: String,
        /// The number field with the people.
        people: String,
        /// So many may all speak for themselves.
        over: i64,
        /// Text key of the refusal at the list.
        fault: String,
    },
    /// The day in a field is over.
    Over {
        /// The date field.
        field: String,
    },
    /// The day in a field, or today, is no earlier than the day in another and no later than the last day of a
    /// deadline: of the one that runs, extended or moved over days of rest, else as it is counted from that day.
    InTime {
        /// Its code.
        deadline: String,
        /// The date field from which it runs.
        from: String,
        /// The date field with the day of the act; today where none is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<String>,
    },
    /// The step has not been taken on this case before.
    Once,
    /// The actor does not lead the case: who leads it offers it to another, who may decline.
    NotLead,
    /// The worker in a field, or where none is named whoever acts as a worker, is of one of these kinds.
    Competent {
        /// Field of kind worker.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        field: String,
        /// Kinds of workers.
        kinds: Vec<crate::directory::WorkerKind>,
        /// When it is asked; always where none is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        when: Option<When>,
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
    /// Where a field says that the dossier is complete, it is, or another field says why it counts as such.
    Dossier {
        /// The field of kind yes.
        field: String,
        /// The field with the reason.
        reason: String,
    },
    /// Every row of a list on which the condition holds has something in this column.
    Filled {
        /// The list.
        rows: String,
        /// Its column.
        column: String,
        /// The condition, on columns of the row.
        when: When,
        /// Text key of the refusal at the list.
        fault: String,
    },
    /// No row of a list that is not done falls due after today, or another field says why the step is taken all the same.
    Settled {
        /// The list.
        rows: String,
        /// Its column with the day on which a row falls due.
        due: String,
        /// Its column with the day on which a row was done.
        done: String,
        /// The field with the reason.
        reason: String,
        /// Text key of the refusal at the reason.
        fault: String,
    },
    /// At least one file is kept with the case.
    Attached {
        /// Text key of the refusal.
        fault: String,
    },
    /// No case of another flow that is linked to this one still stands in one of these states: what is settled there is
    /// settled there first.
    Linked {
        /// The other flow, of the house or of the plugin.
        flow: String,
        /// States of that flow.
        outside: Vec<String>,
        /// Text key of the refusal.
        fault: String,
    },
    /// What the plugin's library says.
    Call {
        /// The name that the library knows it by.
        name: String,
    },
}
