//! The check of a plugin's declaration: every fault named before anything of it is kept.

use std::collections::BTreeSet;

use super::check::counted;
use super::manifest::{ABI, Manifest, Permission, Statistic, is_id, version_numbers};
use super::words_check::{apart, filled, untold};
use super::{Effect, Flow, Guard, Kind, core_flow, proven};
use crate::words::DivisionCode;

/// Most flows of a plugin.
const MOST_FLOWS: usize = 20;
/// How the codes of the provinces, autonomous regions and cities begin (GB/T 2260).
const PROVINCES: [&str; 34] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42",
    "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
];

impl Manifest {
    /// Every fault, each one sentence that names the place. `library` says whether the package brings one.
    pub fn check(&self, library: bool) -> Vec<String> {
        let mut faults = Vec::new();
        self.check_head(&mut faults);
        self.check_permissions(library, &mut faults);
        // Those of its flows are said with their flow.
        faults.extend(untold(&Self { flow: Vec::new(), ..self.clone() }));
        faults.extend(apart(&self.text));
        for flow in &self.flow {
            let mut found = proven(flow).err().unwrap_or_default();
            self.check_flow(flow, &mut found);
            faults.extend(found.into_iter().map(|fault| format!("flow `{}`: {fault}", flow.id)));
        }
        for one in &self.statistic {
            self.check_statistic(one, &mut faults);
        }
        self.check_stage(&mut faults);
        self.check_papers(&mut faults);
        faults
    }

    fn check_head(&self, faults: &mut Vec<String>) {
        let mut say = |fault: String| faults.push(fault);
        if !is_id(&self.id) {
            say(format!("id `{}`: 2 to 40 small letters, digits and single hyphens", self.id));
        }
        if core_flow(&self.id).is_some() {
            say(format!("id `{}` is that of a flow of the house", self.id));
        }
        if version_numbers(&self.version).is_none() {
            say(format!("version `{}`: three numbers, such as 1.0.0", self.version));
        }
        if !self.border_known() {
            say(format!("abi `{}`: this server speaks up to {}.{}", self.abi, ABI.0, ABI.1));
        }
        for code in &self.divisions {
            let beginning = (2..12).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
            let province = PROVINCES.iter().any(|province| code.starts_with(province));
            if !province || (DivisionCode::parse(code).is_err() && !beginning) {
                say(format!("divisions: `{code}` is no division code and no beginning of one"));
            }
        }
        if self.flow.is_empty() {
            say("no flow: a plugin without one has nothing to show".to_owned());
        }
        if self.flow.len() > MOST_FLOWS {
            say(format!("more than {MOST_FLOWS} flows"));
        }
        let mut seen = BTreeSet::new();
        for flow in self.flow.iter().filter(|flow| !seen.insert(&flow.id)) {
            say(format!("flow `{}` stands twice", flow.id));
        }
        let limits = &self.limits;
        if limits.memory_mib.is_some_and(|mib| !(8..=256).contains(&mib))
            || limits.call_ms.is_some_and(|ms| !(10..=5000).contains(&ms))
            || limits.host_calls.is_some_and(|n| n > 10_000)
        {
            say("limits: 8 to 256 MiB, 10 to 5,000 ms, at most 10,000 host calls".to_owned());
        }
    }

    fn check_permissions(&self, library: bool, faults: &mut Vec<String>) {
        let wanted = self.wanted();
        for code in self.needs().difference(&wanted) {
            faults.push(format!("permission `{}` is needed and not asked for", code.code()));
        }
        if wanted.len() < self.permission.len() {
            faults.push("a permission stands twice".to_owned());
        }
        match (library, wanted.contains(&Permission::Library)) {
            (true, false) => {
                faults.push("a library is brought, and permission `library` not asked for".to_owned())
            }
            (false, true) => faults.push("permission `library` is asked for, and none is brought".to_owned()),
            _ => {}
        }
    }

    fn check_flow(&self, flow: &Flow, faults: &mut Vec<String>) {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if flow.id.is_empty() || flow.id.len() > 40 || !flow.id.bytes().all(plain) {
            faults.push("its id: small letters, digits and hyphens".to_owned());
        }
        if flow.version != 1 || flow.noun != "workflow" || !flow.posts.is_empty() || !flow.texts.is_empty() {
            faults.push(
                "`version`, `noun`, `posts` and `texts` are said by the package, not by a flow".to_owned(),
            );
        }
        let own = |code: &str| flow.deadline.iter().any(|rule| rule.code == code);
        for rule in &flow.deadline {
            if crate::deadline::rule(&rule.code).is_some() || !rule.code.starts_with(&format!("{}.", self.id))
            {
                faults.push(format!("deadline `{}`: its code begins with `{}.`", rule.code, self.id));
            }
        }
        for step in &flow.step {
            for guard in &step.guards {
                if let Guard::Holds { fault, .. }
                | Guard::Unique { fault, .. }
                | Guard::Enough { fault, .. }
                | Guard::Filled { fault, .. }
                | Guard::Represented { fault, .. }
                | Guard::Settled { fault, .. }
                | Guard::Attached { fault }
                | Guard::Linked { fault, .. } = guard
                    && !self.text.contains_key(fault)
                {
                    faults.push(format!("step `{}`: text `{fault}` is not declared", step.action));
                }
                if let Guard::Linked { flow: other, outside, .. } = guard {
                    self.check_linked(other, outside, &mut |fault| {
                        faults.push(format!("step `{}`: {fault}", step.action));
                    });
                }
                if let Guard::InTime { deadline, .. } = guard
                    && unknown(deadline, &own)
                {
                    faults.push(format!("step `{}`: {}", step.action, no_deadline(deadline)));
                }
            }
            for effect in &step.effects {
                self.check_effect((flow, &step.action), effect, &own, faults);
            }
        }
    }

    fn check_effect(
        &self,
        (from, step): (&Flow, &str),
        effect: &Effect,
        own: &dyn Fn(&str) -> bool,
        faults: &mut Vec<String>,
    ) {
        let mut say = |text: String| faults.push(format!("step `{step}`: {text}"));
        match effect {
            Effect::Notice { text, .. } => match self.text.get(text) {
                None => say(format!("text `{text}` is not declared")),
                Some(words) => {
                    for name in filled(&words.zh).union(&filled(&words.en)) {
                        match from.field(name) {
                            None => say(format!("text `{text}` names `{name}`, which is not declared")),
                            Some(field) if from.may_send(field) => {}
                            Some(_) => say(format!(
                                "text `{text}` may not say `{name}`: a message leaves the house, and names no person and nothing that is kept from anybody"
                            )),
                        }
                    }
                }
            },
            Effect::Start { deadline, .. } | Effect::Meet { deadline, .. } | Effect::Pause { deadline }
                if unknown(deadline, own) =>
            {
                say(no_deadline(deadline));
            }
            Effect::Open { flow, map, .. } => self.check_open(from, (flow, map), &mut say),
            _ => {}
        }
    }

    fn check_statistic(&self, one: &Statistic, faults: &mut Vec<String>) {
        let mut say = |text: String| faults.push(format!("statistic `{}`: {text}", one.code));
        let Some(flow) = self.flow.iter().find(|flow| flow.id == one.flow) else {
            return say(format!("there is no flow `{}`", one.flow));
        };
        for state in one.states.iter().filter(|state| flow.state(state).is_none()) {
            say(format!("there is no state `{state}`"));
        }
        let indexed = |name: &str| flow.field(name).is_some_and(|field| field.index);
        one.when.iter().for_each(|when| counted(flow, when, &mut say));
        if !one.sum.is_empty() && !indexed(&one.sum) {
            say("it sums a field without index".to_owned());
        }
        for name in one.by.iter().chain(Some(&one.day).filter(|day| !day.is_empty())).filter(|n| !indexed(n))
        {
            say(format!("`{name}` is a field without index"));
        }
        if !one.of.is_empty() && one.per == 100 && (one.unit.zh != "%" || one.unit.en != "%") {
            say("a share of a hundred has the unit %".to_owned());
        }
        if one.of.is_empty()
            && flow.field(&one.sum).is_some_and(|field| field.kind == Kind::Money)
            && one.unit.zh != "元"
        {
            say("a sum of money is shown in yuan: its unit is 元".to_owned());
        }
        if let Some(days) = &one.median {
            for name in [&days.from, &days.to] {
                let known = match name.strip_prefix('@') {
                    Some("opened" | "closed") => true,
                    Some(step) => flow.step(step).is_some(),
                    None => flow
                        .field(name)
                        .is_some_and(|field| field.index && field.kind == Kind::Date && !field.sensitive),
                };
                if !known {
                    say(format!(
                        "`{name}` is no day: a date with an index, @opened, @closed, or @ and a step of `{}`",
                        one.flow
                    ));
                }
            }
            if one.library || !one.sum.is_empty() || !one.of.is_empty() {
                say("a median is neither a sum nor a share, and its days are the house's".to_owned());
            }
        }
        if one.library && !one.of.is_empty() {
            say("its rows are the library's, so that it is a share of nothing".to_owned());
        }
        if one.per == 0 {
            say("per: at least 1".to_owned());
        }
        if !one.of.is_empty() && !self.statistic.iter().any(|other| other.code == one.of) {
            say(format!("there is no statistic `{}`", one.of));
        }
    }
}

fn unknown(deadline: &str, own: &dyn Fn(&str) -> bool) -> bool {
    crate::deadline::rule(deadline).is_none() && !own(deadline)
}

fn no_deadline(code: &str) -> String {
    format!("deadline `{code}` is neither in the law's table nor declared")
}
