//! The check of a plugin's declaration: every fault named before anything of it is kept.

use std::collections::BTreeSet;

use super::check::{counted, known_state, prove};
use super::manifest::{ABI, Manifest, Permission, Statistic, is_id, version_numbers};
use super::words_check::{apart, filled, untold};
use super::{Effect, Flow, Guard, Kind, Step, Whom, Words, core_flow};
use crate::fault::{At, Fault};
use crate::words::DivisionCode;

/// Most flows of a plugin.
const MOST_FLOWS: usize = 20;
/// How the codes of the provinces, autonomous regions and cities begin (GB/T 2260).
const PROVINCES: [&str; 34] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42",
    "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
];

impl Manifest {
    /// Every fault, each at its place. `library` says whether the package brings one.
    pub fn check(&self, library: bool) -> Vec<Fault> {
        let mut faults = Vec::new();
        let at = &mut At::top(&mut faults);
        self.check_head(at);
        self.check_permissions(library, at);
        // Those of its flows are said with their flow.
        untold(&Self { flow: Vec::new(), ..self.clone() }).into_iter().for_each(|fault| at.add(fault));
        apart(&self.text, at);
        for (number, flow) in self.flow.iter().enumerate() {
            let mut at = at.entry("flow", number, &flow.id);
            prove(flow, &mut at);
            self.check_flow(flow, &mut at);
        }
        for (number, one) in self.statistic.iter().enumerate() {
            self.check_statistic(one, &mut at.entry("statistic", number, &one.code));
        }
        self.check_stage(at);
        self.check_papers(at);
        faults
    }

    fn check_head(&self, at: &mut At<'_>) {
        if !is_id(&self.id) {
            at.member("id").say("name.id", &[]);
        }
        if core_flow(&self.id).is_some() {
            at.member("id").say("id_of_house", &[]);
        }
        if version_numbers(&self.version).is_none() {
            at.member("version").say("version", &[]);
        }
        if !self.border_known() {
            at.member("abi").say("abi", &[("speaks", &format!("{}.{}", ABI.0, ABI.1))]);
        }
        for code in &self.divisions {
            let beginning = (2..12).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
            let province = PROVINCES.iter().any(|province| code.starts_with(province));
            if !province || (DivisionCode::parse(code).is_err() && !beginning) {
                at.member("divisions").say("division", &[("code", code)]);
            }
        }
        if self.flow.is_empty() {
            at.say("no_flows", &[]);
        }
        if self.flow.len() > MOST_FLOWS {
            at.member("flow").say("too_many", &[("most", &MOST_FLOWS)]);
        }
        let mut seen = BTreeSet::new();
        for (number, flow) in self.flow.iter().enumerate().filter(|(_, flow)| !seen.insert(&flow.id)) {
            at.entry("flow", number, &flow.id).say("twice", &[]);
        }
        let limits = &self.limits;
        if limits.memory_mib.is_some_and(|mib| !(8..=256).contains(&mib))
            || limits.call_ms.is_some_and(|ms| !(10..=5000).contains(&ms))
            || limits.host_calls.is_some_and(|n| n > 10_000)
        {
            at.member("limits").say("limits", &[]);
        }
    }

    fn check_permissions(&self, library: bool, at: &mut At<'_>) {
        let wanted = self.wanted();
        for code in self.needs().difference(&wanted) {
            at.member("permission").say("permission.needed", &[("code", &code.code())]);
        }
        let mut seen = BTreeSet::new();
        for (number, one) in self.permission.iter().enumerate().filter(|(_, one)| !seen.insert(one.code)) {
            at.entry("permission", number, one.code.code()).say("twice", &[]);
        }
        match (library, wanted.contains(&Permission::Library)) {
            (true, false) => at.member("permission").say("library.unasked", &[]),
            (false, true) => {
                let asked = self.permission.iter().position(|one| one.code == Permission::Library);
                let code = Permission::Library.code();
                at.entry("permission", asked.unwrap_or_default(), code).say("library.unbrought", &[]);
            }
            _ => {}
        }
    }

    fn check_flow(&self, flow: &Flow, at: &mut At<'_>) {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if flow.id.is_empty() || flow.id.len() > 40 || !flow.id.bytes().all(plain) {
            at.member("id").say("name.flow", &[]);
        }
        if flow.version != 1 || flow.noun != "workflow" || !flow.posts.is_empty() || !flow.texts.is_empty() {
            at.say("flow.reserved", &[]);
        }
        let own = |code: &str| flow.deadline.iter().any(|rule| rule.code == code);
        for (number, rule) in flow.deadline.iter().enumerate() {
            if crate::deadline::rule(&rule.code).is_some() || !rule.code.starts_with(&format!("{}.", self.id))
            {
                at.entry("deadline", number, &rule.code).say("deadline.code", &[("plugin", &self.id)]);
            }
        }
        for (number, step) in flow.step.iter().enumerate() {
            let mut at = at.entry("step", number, &step.action);
            for (number, guard) in step.guards.iter().enumerate() {
                self.check_guard(guard, &own, &mut at.entry("guards", number, ""));
            }
            for (number, effect) in step.effects.iter().enumerate() {
                self.check_effect((flow, step), effect, &own, &mut at.entry("effects", number, ""));
            }
        }
    }

    fn check_guard(&self, guard: &Guard, own: &dyn Fn(&str) -> bool, at: &mut At<'_>) {
        match guard {
            Guard::Holds { fault, .. }
            | Guard::Unique { fault, .. }
            | Guard::Enough { fault, .. }
            | Guard::Filled { fault, .. }
            | Guard::Represented { fault, .. }
            | Guard::Settled { fault, .. }
            | Guard::Attached { fault } => self.declared_text(fault, &mut at.member("fault")),
            Guard::Linked { flow, outside, fault } => {
                self.declared_text(fault, &mut at.member("fault"));
                self.check_linked(flow, outside, at);
            }
            Guard::InTime { deadline, .. } => known_deadline(deadline, own, &mut at.member("deadline")),
            _ => {}
        }
    }

    fn check_effect(
        &self,
        (from, step): (&Flow, &Step),
        effect: &Effect,
        own: &dyn Fn(&str) -> bool,
        at: &mut At<'_>,
    ) {
        match effect {
            Effect::Notice { text, to, .. } => {
                let mut at = at.member("text");
                self.declared_text(text, &mut at);
                let inside = |name: &str| *to == Whom::Resident && from.keeps_inside(step, name);
                self.text.get(text).into_iter().for_each(|words| sent(from, (text, words), &inside, &mut at));
            }
            Effect::Start { deadline, .. } | Effect::Meet { deadline, .. } | Effect::Pause { deadline } => {
                known_deadline(deadline, own, &mut at.member("deadline"));
            }
            Effect::Open { flow, map, .. } => self.check_open(from, (flow, map), at),
            _ => {}
        }
    }

    fn declared_text(&self, text: &str, at: &mut At<'_>) {
        if !self.text.contains_key(text) {
            at.say("no_text", &[("text", &text)]);
        }
    }

    fn check_statistic(&self, one: &Statistic, at: &mut At<'_>) {
        let Some(flow) = self.own(&one.flow) else {
            return at.member("flow").say("no_flow", &[("flow", &one.flow)]);
        };
        one.states.iter().for_each(|state| known_state(flow, state, &mut at.member("states")));
        one.when.iter().for_each(|when| counted(flow, when, &mut at.member("when")));
        let mut indexed = |key: &str, name: &str| {
            if !name.is_empty() && !flow.field(name).is_some_and(|field| field.index) {
                at.member(key).say("no_index", &[("flow", &flow.id), ("field", &name)]);
            }
        };
        indexed("sum", &one.sum);
        one.by.iter().for_each(|name| indexed("by", name));
        indexed("day", &one.day);
        if !one.of.is_empty() && one.per == 100 && (one.unit.zh != "%" || one.unit.en != "%") {
            at.member("unit").say("figure.percent", &[]);
        }
        if one.of.is_empty()
            && flow.field(&one.sum).is_some_and(|field| field.kind == Kind::Money)
            && one.unit.zh != "元"
        {
            at.member("unit").say("figure.yuan", &[]);
        }
        if let Some(days) = &one.median {
            let mut at = at.member("median");
            for (key, name) in [("from", &days.from), ("to", &days.to)] {
                let known = match name.strip_prefix('@') {
                    Some("opened" | "closed") => true,
                    Some(step) => flow.step(step).is_some(),
                    None => flow
                        .field(name)
                        .is_some_and(|field| field.index && field.kind == Kind::Date && !field.sensitive),
                };
                if !known {
                    at.member(key).say("figure.no_day", &[("name", name), ("flow", &one.flow)]);
                }
            }
            if one.library || !one.sum.is_empty() || !one.of.is_empty() {
                at.say("figure.median", &[]);
            }
        }
        if one.library && !one.of.is_empty() {
            at.member("of").say("figure.share", &[]);
        }
        if one.per == 0 {
            at.member("per").say("figure.per", &[]);
        }
        if !one.of.is_empty() {
            self.known_figure(&one.of, &mut at.member("of"));
        }
    }

    /// The code of a figure that must be declared.
    pub(super) fn known_figure(&self, code: &str, at: &mut At<'_>) {
        if !self.statistic.iter().any(|one| one.code == code) {
            at.say("no_figure", &[("figure", &code)]);
        }
    }
}

/// What a message may say of a case: it leaves the house, and residents are told nothing that stays inside.
fn sent(flow: &Flow, (text, words): (&str, &Words), inside: &dyn Fn(&str) -> bool, at: &mut At<'_>) {
    for name in filled(&words.zh).union(&filled(&words.en)) {
        match flow.field(name) {
            None => at.say("notice.no_field", &[("text", &text), ("field", name)]),
            Some(field) if !flow.may_send(field) => {
                at.say("notice.kept", &[("text", &text), ("field", name)]);
            }
            Some(_) if inside(name) => at.say("notice.inside", &[("text", &text), ("field", name)]),
            Some(_) => {}
        }
    }
}

fn known_deadline(deadline: &str, own: &dyn Fn(&str) -> bool, at: &mut At<'_>) {
    if crate::deadline::rule(deadline).is_none() && !own(deadline) {
        at.say("no_deadline", &[("deadline", &deadline)]);
    }
}
