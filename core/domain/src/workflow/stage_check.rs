//! The check of what a plugin declares beside its flows: every name leads somewhere, every text has both languages.

use std::collections::BTreeSet;

use super::check::{conditions, counted, field, fields, known_state, there};
use super::hook::{Hook, hooked};
use super::opens_check::{takes, unasked};
use super::stage::{Collection, Each, Import, Job, Listed, Page, Setting};
use super::{Flow, Guard, Kind, Manifest, Migration};
use crate::fault::At;

/// Most rows of a list on a page.
const MOST_ROWS: u16 = 200;

impl Manifest {
    pub(super) fn own(&self, id: &str) -> Option<&Flow> {
        self.flow.iter().find(|flow| flow.id == id)
    }

    /// Faults of posts, settings, jobs, hooks, imports, pages and migrations.
    pub(super) fn check_stage(&self, at: &mut At<'_>) {
        self.twice(at);
        self.check_flows_beside(at);
        for (number, one) in self.setting.iter().enumerate() {
            check_setting(one, &mut at.entry("setting", number, &one.field.name));
        }
        for (number, job) in self.job.iter().enumerate() {
            self.check_job(job, &mut at.entry("job", number, &job.code));
        }
        for (number, hook) in self.hook.iter().enumerate() {
            self.check_hook(hook, &mut at.entry("hook", number, &hook.on));
        }
        for (number, one) in self.import.iter().enumerate() {
            self.check_import(one, &mut at.entry("import", number, &one.code));
        }
        for (number, page) in self.page.iter().enumerate() {
            self.check_page(page, &mut at.entry("page", number, &page.path));
        }
        for (number, one) in self.collection.iter().enumerate() {
            check_collection(one, &mut at.entry("collection", number, &one.name));
        }
        for (number, one) in self.migration.iter().enumerate() {
            self.check_migration(one, &mut at.entry("migration", number, &one.flow));
        }
    }

    /// The flow of its own that is named here.
    fn its_flow(&self, id: &str, at: &mut At<'_>) -> Option<&Flow> {
        let found = self.own(id);
        if found.is_none() {
            at.member("flow").say("no_flow", &[("flow", &id)]);
        }
        found
    }

    fn check_hook(&self, hook: &Hook, at: &mut At<'_>) {
        let Some((from, _)) = hooked(&hook.on, &self.flow) else {
            return at.member("on").say("hook.no_step", &[]);
        };
        match (&hook.open, &hook.act, hook.library) {
            (Some(opens), None, false) => self.check_opens(opens, Some(from), &mut at.member("open")),
            (None, Some(acts), false) => self.check_acts(acts, from, &mut at.member("act")),
            (None, None, true) => {}
            _ => at.say("hook.either", &[]),
        }
        if let Some(when) = &hook.when {
            conditions(from, when, &mut at.member("when"));
        }
        hook.facts.iter().for_each(|name| there(from, name, &mut at.member("facts")));
        if !hook.library && !hook.facts.is_empty() {
            at.member("facts").say("hook.facts", &[]);
        }
    }

    fn check_migration(&self, one: &Migration, at: &mut At<'_>) {
        let Some(flow) = self.its_flow(&one.flow, at) else { return };
        for (old, state) in &one.states {
            known_state(flow, state, &mut at.member("states").member(old));
        }
        for (old, name) in one.fields.iter().filter(|(_, name)| !name.is_empty()) {
            there(flow, name, &mut at.member("fields").member(old));
        }
    }

    fn twice(&self, at: &mut At<'_>) {
        let lists: [(&str, Vec<&str>); 7] = [
            ("collection", self.collection.iter().map(|one| one.name.as_str()).collect()),
            ("post", self.post.iter().map(|one| one.code.as_str()).collect()),
            ("setting", self.setting.iter().map(|one| one.field.name.as_str()).collect()),
            ("job", self.job.iter().map(|one| one.code.as_str()).collect()),
            ("import", self.import.iter().map(|one| one.code.as_str()).collect()),
            ("page", self.page.iter().map(|one| one.path.as_str()).collect()),
            ("statistic", self.statistic.iter().map(|one| one.code.as_str()).collect()),
        ];
        for (key, names) in lists {
            let mut seen = BTreeSet::new();
            for (number, name) in names.into_iter().enumerate() {
                let mut at = at.entry(key, number, name);
                if !is_plain(name) {
                    at.say("name.hyphen", &[]);
                }
                if !seen.insert(name) {
                    at.say("twice", &[]);
                }
            }
        }
    }

    fn number_setting(&self, name: &str, at: &mut At<'_>) {
        if !self.setting.iter().any(|one| one.field.name == name && one.field.kind == Kind::Number) {
            at.say("no_number_setting", &[("setting", &name)]);
        }
    }

    /// What a flow says of posts, of settings and of other flows.
    fn check_flows_beside(&self, at: &mut At<'_>) {
        for (number, flow) in self.flow.iter().enumerate() {
            let mut at = at.entry("flow", number, &flow.id);
            for (number, rule) in
                flow.deadline.iter().enumerate().filter(|(_, rule)| !rule.setting.is_empty())
            {
                let mut at = at.entry("deadline", number, &rule.code);
                self.number_setting(&rule.setting, &mut at.member("setting"));
                let setting = self.setting.iter().find(|one| one.field.name == rule.setting);
                if setting.is_some_and(|one| one.default.as_i64() != Some(i64::from(rule.period.n))) {
                    let args: &[(_, &dyn std::fmt::Display)] =
                        &[("n", &rule.period.n), ("setting", &rule.setting)];
                    at.member("period").say("deadline.setting", args);
                }
            }
            for (number, step) in flow.step.iter().enumerate() {
                let mut at = at.entry("step", number, &step.action);
                for post in step.posts.iter().filter(|post| !self.post.iter().any(|one| one.code == **post)) {
                    at.member("posts").say("no_post", &[("post", post)]);
                }
                for (number, guard) in step.guards.iter().enumerate() {
                    let Guard::Enough { flow: other, sum, same, states, .. } = guard else { continue };
                    let mut at = at.entry("guards", number, "");
                    let Some(found) = self.its_flow(other, &mut at) else { continue };
                    indexed(found, sum, &mut at.member("sum"));
                    indexed(found, same, &mut at.member("same"));
                    states.iter().for_each(|state| known_state(found, state, &mut at.member("states")));
                }
            }
        }
    }

    fn check_job(&self, job: &Job, at: &mut At<'_>) {
        let from = match &job.each {
            Each::Place { .. } => None,
            Each::Case { flow, states, when, after_setting, surge, .. } => {
                let mut at = at.member("each");
                let Some(found) = self.its_flow(flow, &mut at) else { return };
                states.iter().for_each(|state| known_state(found, state, &mut at.member("states")));
                if let Some(when) = when {
                    counted(found, when, &mut at.member("when"));
                }
                if !after_setting.is_empty() {
                    self.number_setting(after_setting, &mut at.member("after_setting"));
                }
                if let Some(surge) = surge {
                    let mut at = at.member("surge");
                    for (key, name) in [("count", &surge.count), ("usual", &surge.usual)] {
                        if found.field(name).is_none_or(|field| field.kind != Kind::Number) {
                            let kind = Kind::Number.code();
                            at.member(key).say("needs_kind", &[("field", name), ("kind", &kind)]);
                        }
                    }
                    self.number_setting(&surge.least, &mut at.member("least"));
                    self.number_setting(&surge.times, &mut at.member("times"));
                }
                Some(found)
            }
        };
        match (&job.open, job.act.as_str(), from) {
            (None, "", _) if job.library => {}
            _ if job.library => at.say("job.both", &[]),
            (Some(opens), "", _) if opens.once => at.member("open").say("job.once", &[]),
            (Some(opens), "", from) => self.check_opens(opens, from, &mut at.member("open")),
            (None, act, Some(flow)) if !act.is_empty() => {
                let mut at = at.member("act");
                match flow.step(act) {
                    Some(step) if step.asks_library() => at.say("job.library", &[("step", &act)]),
                    Some(step) if flow.asked(step).iter().all(|asked| !asked.required) => {}
                    Some(_) => at.say("job.asks", &[("step", &act)]),
                    None => at.say("no_step", &[("flow", &flow.id), ("step", &act)]),
                }
            }
            _ => at.say("job.either", &[]),
        }
    }

    fn check_import(&self, import: &Import, at: &mut At<'_>) {
        let Some(flow) = self.its_flow(&import.flow, at) else { return };
        unasked(flow, at);
        let opening = flow.opening();
        for (number, column) in import.columns.iter().enumerate() {
            let mut at = at.entry("columns", number, &column.field);
            let asked =
                opening.is_some_and(|step| flow.asked(step).iter().any(|one| one.field.name == column.field));
            if !asked {
                at.say("opens.unasked", &[("flow", &flow.id), ("field", &column.field)]);
            }
            if column.heads.is_empty() {
                at.say("import.no_head", &[]);
            }
        }
        let filled = |name: &str| import.columns.iter().any(|column| column.field == name);
        for asked in opening.map(|step| flow.asked(step)).unwrap_or_default() {
            if asked.required && asked.when.is_none() && !filled(&asked.field.name) {
                at.member("columns").say("import.unfilled", &[("field", &asked.field.name)]);
            }
        }
        import.same.iter().for_each(|name| indexed(flow, name, &mut at.member("same")));
    }

    fn check_page(&self, page: &Page, at: &mut At<'_>) {
        if page.roles.is_empty() {
            at.say("page.nobody", &[]);
        }
        let plain = |part: &str| !part.is_empty() && !part.starts_with('.');
        match &page.template {
            Some(path) if !path.ends_with(".hbs") || !path.split('/').all(plain) => {
                at.member("template").say("page.template", &[]);
            }
            None if page.library => at.say("page.no_template", &[]),
            _ => {}
        }
        for (number, list) in page.list.iter().enumerate() {
            self.check_list(list, &mut at.entry("list", number, &list.name));
        }
        page.figures.iter().for_each(|code| self.known_figure(code, &mut at.member("figures")));
        check_presses(page, at);
    }

    fn check_list(&self, list: &Listed, at: &mut At<'_>) {
        let Some(flow) = self.its_flow(&list.flow, at) else { return };
        list.states.iter().for_each(|state| known_state(flow, state, &mut at.member("states")));
        list.fields.iter().for_each(|name| there(flow, name, &mut at.member("fields")));
        if let Some(when) = &list.when {
            counted(flow, when, &mut at.member("when"));
        }
        if !(1..=MOST_ROWS).contains(&list.most) {
            at.member("most").say("between", &[("least", &1), ("most", &MOST_ROWS)]);
        }
    }
}

/// What a page asks of the library, and the forms below it.
fn check_presses(page: &Page, at: &mut At<'_>) {
    let (mut seen, mut asked) = (BTreeSet::new(), BTreeSet::new());
    for (number, press) in page.action.iter().enumerate() {
        let mut at = at.entry("action", number, &press.code);
        if !is_plain(&press.code) {
            at.say("name.hyphen", &[]);
        }
        if !seen.insert(&press.code) {
            at.say("twice", &[]);
        }
        for role in press.roles.iter().filter(|role| !page.roles.contains(role)) {
            at.member("roles").say("page.role", &[("role", &role.code())]);
        }
        fields(&press.field, &mut at);
        for (number, field) in press.field.iter().enumerate() {
            let mut at = at.entry("field", number, &field.name);
            if field.kind == Kind::Rows || matches!(field.name.as_str(), "action" | "csrf" | "version") {
                at.say("page.field", &[]);
            }
            if !asked.insert(&field.name) {
                at.say("page.asks_twice", &[("field", &field.name)]);
            }
        }
    }
    if !page.query.is_empty() && !page.library {
        at.member("query").say("page.query", &[]);
    }
    let plain = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    for (number, name) in page.query.iter().enumerate().filter(|(_, name)| !plain(name)) {
        at.entry("query", number, name).say("name.query", &[]);
    }
}

/// Whether a text can name what stands beside the flows.
fn is_plain(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
    !name.is_empty() && name.len() <= 40 && name.bytes().all(plain)
}

fn indexed(flow: &Flow, name: &str, at: &mut At<'_>) {
    if !flow.field(name).is_some_and(|field| field.index) {
        at.say("no_index", &[("flow", &flow.id), ("field", &name)]);
    }
}

fn check_collection(one: &Collection, at: &mut At<'_>) {
    let plain = |name: &String| {
        !name.is_empty() && name.len() <= 40 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    if one.index.len() > 5 || !one.index.iter().all(plain) {
        at.member("index").say("collection.index", &[]);
    }
    if !(1..=100_000).contains(&one.most) {
        at.member("most").say("between", &[("least", &1), ("most", &"100,000")]);
    }
    if !(1..=1_000).contains(&one.schema) {
        at.member("schema").say("between", &[("least", &1), ("most", &"1,000")]);
    }
}

fn check_setting(one: &Setting, at: &mut At<'_>) {
    field(&one.field, &mut at.member("field"));
    if matches!(one.field.kind, Kind::Rows) {
        at.member("field").say("setting.rows", &[]);
    }
    if !takes(&one.field, &one.default) {
        at.member("default").say("cannot_hold", &[("value", &one.default)]);
    } else if one.field.kind == Kind::Number && !one.default.is_number() {
        at.member("default").say("setting.number", &[]);
    }
}
