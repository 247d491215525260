//! Walking a flow's table: which steps a state has, where each leads, what it asks for.

use super::{
    Asked, Choice, Effect, Field, Flow, Guard, Reader, State, Step, Target, Use, Values, When, Words,
    shared_list,
};
use crate::access::Role;
use crate::directory::WorkerKind;

impl Words {
    /// The text in one language; anything but `en` is Chinese.
    pub fn in_language(&self, lang: &str) -> &str {
        if lang == "en" { &self.en } else { &self.zh }
    }
}

impl Use {
    /// The field's name, whether it must be filled, and when it is asked for.
    pub fn parts(&self) -> (&str, bool, Option<&When>) {
        let (text, when) = match self {
            Self::Plain(text) => (text, None),
            Self::Under { name, when } => (name, Some(when)),
        };
        match text.strip_suffix('!') {
            Some(name) => (name, true, when),
            None => (text, false, when),
        }
    }
}

impl Flow {
    /// Reads a flow from TOML.
    ///
    /// # Errors
    /// The parser's own words, with line and column.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|fault| fault.to_string())
    }

    /// The whole id of a flow that this one names: one of the house's, or else one of the same plugin's.
    pub fn beside(&self, name: &str) -> String {
        match self.id.split_once('/').filter(|_| super::core_flow(name).is_none()) {
            Some((plugin, _)) => format!("{plugin}/{name}"),
            None => name.to_owned(),
        }
    }

    /// The state with this code.
    pub fn state(&self, id: &str) -> Option<&State> {
        self.state.iter().find(|state| state.id == id)
    }

    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.field.iter().find(|field| field.name == name)
    }

    /// The step with this name.
    pub fn step(&self, action: &str) -> Option<&Step> {
        self.step.iter().find(|step| step.action == action)
    }

    /// The step that opens a case. A flow has one: [`proven`] says so.
    pub fn opening(&self) -> Option<&Step> {
        self.step.iter().find(|step| step.from.is_empty())
    }

    /// Whether the plugin's library is asked before a case is opened. Only somebody's own act asks it: nothing else may
    /// open such a case, unless it began elsewhere and is only taken over.
    pub fn opening_asks(&self) -> bool {
        self.opening().is_some_and(Step::asks_library)
    }

    /// Steps that can be done in a state, in the flow's order.
    pub fn steps_from<'a>(&'a self, state: &'a str) -> impl Iterator<Item = &'a Step> {
        let closed = self.state(state).is_none_or(|state| state.closed);
        self.step.iter().filter(move |step| step.begins_in(state, closed))
    }

    /// Whether some step that can be done in a state is the act that a deadline waits for.
    pub fn waits_for(&self, state: &str, code: &str) -> bool {
        let awaited = |effect: &Effect| matches!(effect, Effect::Meet { deadline, .. } | Effect::StartEach { deadline, .. } if deadline == code);
        self.steps_from(state).any(|step| step.effects.iter().any(awaited))
    }

    /// Whether a deadline of its cases is a party's right, by the law's table or by its own.
    pub fn lapses(&self, code: &str) -> bool {
        crate::deadline::lapses(code) || self.deadline.iter().any(|own| own.code == code && own.lapses)
    }

    /// Whose office it is to give a case in a state to somebody, where nobody leads it: that of the staff who name its
    /// worker there, or anywhere in the flow; the window's where nobody does.
    pub fn hands_out(&self, state: &str) -> Role {
        let staff = |step: &Step| {
            let names = step.effects.iter().any(|effect| matches!(effect, Effect::Assign { .. }));
            let one_of = |role: &&Role| matches!(role, Role::Clerk | Role::AidOfficer | Role::CountyAdmin);
            step.roles.iter().find(one_of).copied().filter(|_| names)
        };
        let here = self.steps_from(state).find_map(staff);
        here.or_else(|| self.step.iter().find_map(staff)).unwrap_or(Role::Clerk)
    }

    /// The state to which a step leads from `state` with the case's values as they will be.
    pub fn target<'a>(&self, step: &'a Step, state: &'a str, values: &Values) -> &'a str {
        let to = match &step.to {
            Target::Always(to) => to,
            Target::First(ways) => {
                let way = ways.iter().find(|way| way.when.as_ref().is_none_or(|when| when.holds(values)));
                way.map_or("=", |way| &way.state)
            }
        };
        if to == "=" { state } else { to }
    }

    /// Every state that a step can lead to from `state`.
    pub fn targets<'a>(&self, step: &'a Step, state: &'a str) -> Vec<&'a str> {
        let all: Vec<&str> = match &step.to {
            Target::Always(to) => vec![to],
            Target::First(ways) => ways.iter().map(|way| way.state.as_str()).collect(),
        };
        all.into_iter().map(|to| if to == "=" { state } else { to }).collect()
    }

    /// Every move of the table, the opening with an empty first state: what the database lets through.
    pub fn moves(&self) -> Vec<(String, String)> {
        let mut moves = std::collections::BTreeSet::new();
        for step in &self.step {
            if step.from.is_empty() {
                moves.extend(self.targets(step, "").into_iter().map(|to| (String::new(), to.to_owned())));
                continue;
            }
            for state in self.state.iter().filter(|state| step.begins_in(&state.id, state.closed)) {
                moves.extend(
                    self.targets(step, &state.id).into_iter().map(|to| (state.id.clone(), to.to_owned())),
                );
            }
        }
        moves.into_iter().filter(|(from, to)| from != to).collect()
    }

    /// The fields that a step asks for, in order.
    pub fn asked<'a>(&'a self, step: &'a Step) -> Vec<Asked<'a>> {
        let find = |one: &'a Use| {
            let (name, required, when) = one.parts();
            self.field(name).map(|field| Asked { field, required, when })
        };
        step.fields.iter().filter_map(find).collect()
    }

    /// The same on a case that holds these values: a condition on what the case knows, and this step does not ask, is
    /// settled. Where it holds, the field is asked for without one; where it does not, not at all.
    pub fn asked_on<'a>(&'a self, step: &'a Step, known: &Values) -> Vec<Asked<'a>> {
        let own: Vec<&str> = step.fields.iter().map(|one| one.parts().0).collect();
        let settled = |when: &When| {
            let open = when.reads().into_iter().any(|name| own.contains(&name) || !known.contains_key(name));
            (!open).then(|| when.holds(known))
        };
        let mut all = self.asked(step);
        all.retain_mut(|asked| match asked.when.and_then(settled) {
            None => true,
            Some(holds) => {
                asked.when = None;
                holds
            }
        });
        all
    }

    /// The first field whose value, kept under another version, this version would not take; None where it takes all.
    pub fn unfit(&self, values: &Values, today: crate::time::Date) -> Option<&Field> {
        values.iter().find_map(|(name, value)| {
            let field = self.field(name)?;
            field.value(value, super::Manner::Program, today).is_err().then_some(field)
        })
    }

    /// The choices of a field: its own, or those of the shared list that it names.
    pub fn choices<'a>(&self, field: &'a Field) -> &'a [Choice] {
        field.choices()
    }
}

impl Field {
    /// The choices: its own, or those of the shared list that it names.
    pub fn choices(&self) -> &[Choice] {
        if self.list.is_empty() { &self.options } else { shared_list(&self.list).unwrap_or(&[]) }
    }

    /// The word of a chosen code in one language; the code itself where it is not among them.
    pub fn word<'a>(&'a self, code: &'a str, lang: &str) -> &'a str {
        let found = self.choices().iter().find(|choice| choice.code == code);
        found.map_or(code, |choice| if lang == "en" { &choice.en } else { &choice.zh })
    }

    /// Whether one of these roles may read it on a case that holds these values.
    pub fn read_by(&self, case: &Values, holds: impl Fn(Role) -> bool) -> bool {
        let reads = |reader: &Reader| match reader {
            Reader::Always(role) => holds(*role),
            Reader::Under { role, when } => holds(*role) && when.holds(case),
        };
        self.readers.is_empty() || self.readers.iter().any(reads)
    }
}

impl Guard {
    /// Whether it weighs who stands in this field of kind worker; whoever acts where the name is empty.
    pub fn weighs(&self, name: &str) -> bool {
        match self {
            Self::NoConflict { field } | Self::Practice { field, .. } | Self::Competent { field, .. } => {
                field == name
            }
            _ => false,
        }
    }
}

impl Step {
    /// Whether its guards weigh who stands in this field of kind worker.
    pub fn weighs(&self, name: &str) -> bool {
        self.guards.iter().any(|guard| guard.weighs(name))
    }

    /// Whether a worker of this kind may take it, as far as whoever acts must be competent.
    pub fn is_for(&self, kind: WorkerKind) -> bool {
        let bars = |guard: &Guard| match guard {
            Guard::Competent { field, kinds, when: None } => field.is_empty() && !kinds.contains(&kind),
            _ => false,
        };
        !self.guards.iter().any(bars)
    }

    /// Whether the plugin's library is asked before it is taken.
    pub fn asks_library(&self) -> bool {
        !self.calls().is_empty()
    }

    /// The names by which it asks.
    pub fn calls(&self) -> Vec<&str> {
        let guards = self.guards.iter().filter_map(|guard| match guard {
            Guard::Call { name } => Some(name.as_str()),
            _ => None,
        });
        let effects = self.effects.iter().filter_map(|effect| match effect {
            Effect::Call { name } => Some(name.as_str()),
            _ => None,
        });
        guards.chain(effects).collect()
    }

    /// Whether it gives whoever acts the case, without a form to fill.
    pub fn takes(&self) -> bool {
        let demands = |one: &Use| one.parts().1;
        self.anyone && self.effects.contains(&Effect::Take) && !self.fields.iter().any(demands)
    }

    /// Whether it can be done in this state.
    pub fn begins_in(&self, state: &str, closed: bool) -> bool {
        self.from.iter().any(|from| from == state || (from == "*" && !closed))
    }
}
