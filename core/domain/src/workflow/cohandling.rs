//! The steps that flows share where other units help: asking one, its answer, a conference and its record.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use super::{Effect, Field, Flow, Step};
use crate::access::Role;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shared {
    field: Vec<Field>,
    step: Vec<Step>,
}

/// A test proves that the text can be read; a release would go without these steps.
static SHARED: LazyLock<Option<Shared>> =
    LazyLock::new(|| toml::from_str(include_str!("../../assets/flows/cohandling.toml")).ok());

/// Whether a step of this name is one that flows share.
pub fn is_shared(action: &str) -> bool {
    SHARED.as_ref().is_some_and(|shared| shared.step.iter().any(|step| step.action == action))
}

impl Flow {
    /// The flow with the shared steps, where it asks for them and does not have them yet. Whoever takes another step of
    /// the flow takes these; residents do not.
    #[must_use]
    pub fn with_co_handling(mut self) -> Self {
        let Some(shared) = SHARED.as_ref().filter(|_| self.co_handling) else { return self };
        let roles: BTreeSet<Role> = self
            .step
            .iter()
            .flat_map(|step| step.roles.iter().copied())
            .filter(|role| role.is_staff())
            .collect();
        let posts: BTreeSet<String> = self.step.iter().flat_map(|step| step.posts.iter().cloned()).collect();
        for field in &shared.field {
            if self.field(&field.name).is_none() {
                self.field.push(field.clone());
            }
        }
        for step in &shared.step {
            if self.step(&step.action).is_none() {
                let (roles, posts) = (roles.iter().copied().collect(), posts.iter().cloned().collect());
                self.step.push(Step { roles, posts, ..step.clone() });
            }
        }
        self
    }
}

impl Step {
    /// Whether it speaks of one of the units that have been asked.
    pub fn is_about_unit(&self) -> bool {
        self.effects
            .iter()
            .any(|effect| matches!(effect, Effect::UnitAnswers { .. } | Effect::UnitEnds { .. }))
    }

    /// Whether whoever helps with a case may take it, for the own unit.
    pub fn is_for_helpers(&self) -> bool {
        self.effects.iter().any(|effect| matches!(effect, Effect::UnitAnswers { .. }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::workflow::{core, proven};

    #[test]
    fn every_flow_of_the_house_can_ask_others_for_help() {
        assert!(SHARED.is_some(), "the shared steps cannot be read");
        for flow in core() {
            let ask = flow.step("co_ask").unwrap();
            assert!(ask.roles.contains(&Role::Lawyer) && !ask.roles.contains(&Role::Resident), "{}", flow.id);
            assert!(proven(flow).is_ok(), "{}: {:?}", flow.id, proven(flow));
            let twice = flow.clone().with_co_handling();
            assert_eq!(twice.step.len(), flow.step.len(), "{}", flow.id);
        }
    }
}
