//! The check of what a plugin declares beside its flows: every name leads somewhere, every text has both languages.

use std::collections::BTreeSet;

use super::check::{conditions, counted, fields};
use super::hook::hooked;
use super::opens_check::{takes, unasked};
use super::stage::{Collection, Each, Import, Job, Listed, Page, Setting};
use super::{Flow, Guard, Kind, Manifest};

/// Most rows of a list on a page.
const MOST_ROWS: u16 = 200;

impl Manifest {
    pub(super) fn own(&self, id: &str) -> Option<&Flow> {
        self.flow.iter().find(|flow| flow.id == id)
    }

    /// Faults of posts, settings, jobs, hooks, imports, pages and migrations.
    pub(super) fn check_stage(&self, faults: &mut Vec<String>) {
        self.twice(faults);
        let posts: BTreeSet<&str> = self.post.iter().map(|post| post.code.as_str()).collect();
        for flow in &self.flow {
            for (step, post) in
                flow.step.iter().flat_map(|step| step.posts.iter().map(move |post| (step, post)))
            {
                if !posts.contains(post.as_str()) {
                    faults.push(format!(
                        "flow `{}`: step `{}`: there is no post `{post}`",
                        flow.id, step.action
                    ));
                }
            }
        }
        self.setting.iter().for_each(|one| check_setting(one, faults));
        self.check_flows_beside(faults);
        self.job.iter().for_each(|job| self.check_job(job, faults));
        for hook in &self.hook {
            let place = format!("hook `{}`", hook.on);
            let Some((from, _)) = hooked(&hook.on, &self.flow) else {
                faults.push(format!("{place}: there is no such flow and step"));
                continue;
            };
            match (&hook.open, &hook.act, hook.library) {
                (Some(opens), None, false) => self.check_opens(&place, opens, Some(from), faults),
                (None, Some(acts), false) => self.check_acts(&place, acts, from, faults),
                (None, None, true) => {}
                _ => faults.push(format!(
                    "{place}: it opens a case, takes a step on linked cases, or tells the library"
                )),
            }
            if let Some(when) = &hook.when {
                conditions(from, when, &mut |fault| faults.push(format!("{place}: {fault}")));
            }
            for name in hook.facts.iter().filter(|name| from.field(name).is_none()) {
                faults.push(format!("{place}: there is no field `{name}` to tell"));
            }
            if !hook.library && !hook.facts.is_empty() {
                faults.push(format!("{place}: facts are for a library"));
            }
        }
        self.import.iter().for_each(|one| self.check_import(one, faults));
        self.page.iter().for_each(|page| self.check_page(page, faults));
        self.collection.iter().for_each(|one| check_collection(one, faults));
        for one in &self.migration {
            let Some(flow) = self.own(&one.flow) else {
                faults.push(format!("migration: there is no flow `{}`", one.flow));
                continue;
            };
            for state in one.states.values().filter(|state| flow.state(state).is_none()) {
                faults.push(format!("migration of `{}`: there is no state `{state}`", one.flow));
            }
            let named = one.fields.values().filter(|name| !name.is_empty());
            for name in named.filter(|name| flow.field(name).is_none()) {
                faults.push(format!("migration of `{}`: there is no field `{name}`", one.flow));
            }
        }
    }

    fn twice(&self, faults: &mut Vec<String>) {
        let lists: [(&str, Vec<&str>); 7] = [
            ("collection", self.collection.iter().map(|one| one.name.as_str()).collect()),
            ("post", self.post.iter().map(|one| one.code.as_str()).collect()),
            ("setting", self.setting.iter().map(|one| one.field.name.as_str()).collect()),
            ("job", self.job.iter().map(|one| one.code.as_str()).collect()),
            ("import", self.import.iter().map(|one| one.code.as_str()).collect()),
            ("page", self.page.iter().map(|one| one.path.as_str()).collect()),
            ("statistic", self.statistic.iter().map(|one| one.code.as_str()).collect()),
        ];
        for (what, names) in lists {
            let mut seen = BTreeSet::new();
            for name in names {
                let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
                if name.is_empty() || name.len() > 40 || !name.bytes().all(plain) {
                    faults.push(format!("{what} `{name}`: a–z, 0–9, _ and - make a name"));
                }
                if !seen.insert(name) {
                    faults.push(format!("{what} `{name}` stands twice"));
                }
            }
        }
    }

    fn number_setting(&self, name: &str) -> bool {
        self.setting.iter().any(|one| one.field.name == name && one.field.kind == Kind::Number)
    }

    /// What a flow says of settings and of other flows.
    fn check_flows_beside(&self, faults: &mut Vec<String>) {
        for flow in &self.flow {
            for rule in flow.deadline.iter().filter(|rule| !rule.setting.is_empty()) {
                if !self.number_setting(&rule.setting) {
                    faults.push(format!(
                        "deadline `{}`: there is no number setting `{}`",
                        rule.code, rule.setting
                    ));
                }
                let setting = self.setting.iter().find(|one| one.field.name == rule.setting);
                if setting.is_some_and(|one| one.default.as_i64() != Some(i64::from(rule.period.n))) {
                    faults.push(format!(
                        "deadline `{}`: its period is {}, and the setting `{}` stands at another number",
                        rule.code, rule.period.n, rule.setting
                    ));
                }
            }
            for guard in flow.step.iter().flat_map(|step| &step.guards) {
                let Guard::Enough { flow: other, sum, same, states, .. } = guard else { continue };
                let Some(found) = self.own(other) else {
                    faults.push(format!("flow `{}`: sums `{other}`, which is no flow of its own", flow.id));
                    continue;
                };
                for name in [sum, same].into_iter().filter(|name| !indexed(found, name)) {
                    faults.push(format!("flow `{}`: `{other}` has no indexed field `{name}`", flow.id));
                }
                check_states(&format!("flow `{}`", flow.id), found, states, faults);
            }
        }
    }

    fn check_job(&self, job: &Job, faults: &mut Vec<String>) {
        let place = format!("job `{}`", job.code);
        let from = match &job.each {
            Each::Place { .. } => None,
            Each::Case { flow, states, when, after_setting, surge, .. } => {
                let Some(found) = self.own(flow) else {
                    return faults.push(format!("{place}: there is no flow `{flow}`"));
                };
                check_states(&place, found, states, faults);
                if let Some(when) = when {
                    counted(found, when, &mut |fault| faults.push(format!("{place}: {fault}")));
                }
                if !after_setting.is_empty() && !self.number_setting(after_setting) {
                    faults.push(format!("{place}: there is no number setting `{after_setting}`"));
                }
                if let Some(surge) = surge {
                    let number =
                        |name: &str| found.field(name).is_some_and(|field| field.kind == Kind::Number);
                    for name in [&surge.count, &surge.usual].into_iter().filter(|name| !number(name)) {
                        faults.push(format!("{place}: `{flow}` has no number field `{name}`"));
                    }
                    for name in
                        [&surge.least, &surge.times].into_iter().filter(|name| !self.number_setting(name))
                    {
                        faults.push(format!("{place}: there is no number setting `{name}`"));
                    }
                }
                Some(found)
            }
        };
        match (&job.open, job.act.as_str(), from) {
            (None, "", _) if job.library => {}
            _ if job.library => faults.push(format!("{place}: the library does it, or the house: not both")),
            (Some(opens), "", _) if opens.once => {
                faults.push(format!("{place}: `once` is for hooks: a job has its turn once by itself"));
            }
            (Some(opens), "", from) => self.check_opens(&place, opens, from, faults),
            (None, act, Some(flow)) if !act.is_empty() => match flow.step(act) {
                Some(step) if step.asks_library() => {
                    faults.push(format!(
                        "{place}: the step `{act}` asks the library, which the house does not"
                    ));
                }
                Some(step) if flow.asked(step).iter().all(|asked| !asked.required) => {}
                Some(_) => faults.push(format!("{place}: the step `{act}` asks for something")),
                None => faults.push(format!("{place}: `{}` has no step `{act}`", flow.id)),
            },
            _ => faults.push(format!("{place}: it either opens a case, or takes a step on each case")),
        }
    }

    fn check_import(&self, import: &Import, faults: &mut Vec<String>) {
        let place = format!("import `{}`", import.code);
        let Some(flow) = self.own(&import.flow) else {
            return faults.push(format!("{place}: there is no flow `{}`", import.flow));
        };
        faults.extend(unasked(flow).map(|fault| format!("{place}: {fault}")));
        let opening = flow.opening();
        for column in &import.columns {
            let asked =
                opening.is_some_and(|step| flow.asked(step).iter().any(|one| one.field.name == column.field));
            if !asked {
                faults.push(format!(
                    "{place}: the step that opens `{}` does not ask for `{}`",
                    flow.id, column.field
                ));
            }
            if column.heads.is_empty() {
                faults.push(format!("{place}: column `{}` has no head", column.field));
            }
        }
        let filled = |name: &str| import.columns.iter().any(|column| column.field == name);
        for asked in opening.map(|step| flow.asked(step)).unwrap_or_default() {
            if asked.required && asked.when.is_none() && !filled(&asked.field.name) {
                faults.push(format!("{place}: no column fills `{}`", asked.field.name));
            }
        }
        for name in import.same.iter().filter(|name| !indexed(flow, name)) {
            faults.push(format!("{place}: `{name}` is a field without index"));
        }
    }

    fn check_page(&self, page: &Page, faults: &mut Vec<String>) {
        let place = format!("page `{}`", page.path);
        if page.roles.is_empty() {
            faults.push(format!("{place}: nobody may open it"));
        }
        let plain = |part: &str| !part.is_empty() && !part.starts_with('.');
        match &page.template {
            Some(path) if !path.ends_with(".hbs") || !path.split('/').all(plain) => {
                faults.push(format!("{place}: its template is a path in the package that ends in .hbs"));
            }
            None if page.library => {
                faults
                    .push(format!("{place}: what its library says is shown by a template, and it has none"));
            }
            _ => {}
        }
        page.list.iter().for_each(|list| self.check_list(&place, list, faults));
        for code in page.figures.iter().filter(|code| !self.statistic.iter().any(|one| &one.code == *code)) {
            faults.push(format!("{place}: there is no statistic `{code}`"));
        }
        self.check_presses(&place, page, faults);
    }

    /// What a page asks of the library, and the forms below it.
    fn check_presses(&self, place: &str, page: &Page, faults: &mut Vec<String>) {
        let mut seen = BTreeSet::new();
        for press in &page.action {
            let place = format!("{place}, action `{}`", press.code);
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
            if press.code.is_empty() || press.code.len() > 40 || !press.code.bytes().all(plain) {
                faults.push(format!("{place}: a–z, 0–9, _ and - make a name"));
            }
            if !seen.insert(&press.code) {
                faults.push(format!("{place} stands twice"));
            }
            for role in press.roles.iter().filter(|role| !page.roles.contains(role)) {
                faults.push(format!("{place}: `{}` may not open the page", role.code()));
            }
            fields(&press.field, &mut |fault| faults.push(format!("{place}: {fault}")));
            for field in &press.field {
                if field.kind == Kind::Rows || matches!(field.name.as_str(), "action" | "csrf" | "version") {
                    faults.push(format!("{place}: a form below a page has no field `{}`", field.name));
                }
            }
        }
        let mut asked = BTreeSet::new();
        for field in page.action.iter().flat_map(|press| &press.field).filter(|one| !asked.insert(&one.name))
        {
            faults.push(format!("{place}: two of its forms ask for `{}`", field.name));
        }
        if !page.query.is_empty() && !page.library {
            faults.push(format!("{place}: a query is for a library"));
        }
        let named =
            |name: &&String| name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        for name in page.query.iter().filter(named) {
            faults.push(format!("{place}: query `{name}`: letters, digits and _"));
        }
    }

    fn check_list(&self, place: &str, list: &Listed, faults: &mut Vec<String>) {
        let Some(flow) = self.own(&list.flow) else {
            return faults.push(format!("{place}: there is no flow `{}`", list.flow));
        };
        check_states(place, flow, &list.states, faults);
        for name in list.fields.iter().filter(|name| flow.field(name).is_none()) {
            faults.push(format!("{place}: `{}` has no field `{name}`", list.flow));
        }
        if let Some(when) = &list.when {
            counted(flow, when, &mut |fault| faults.push(format!("{place}: {fault}")));
        }
        if !(1..=MOST_ROWS).contains(&list.most) {
            faults.push(format!("{place}: most: 1 to {MOST_ROWS} rows"));
        }
    }
}

fn indexed(flow: &Flow, name: &str) -> bool {
    flow.field(name).is_some_and(|field| field.index)
}

fn check_states(place: &str, flow: &Flow, states: &[String], faults: &mut Vec<String>) {
    for state in states.iter().filter(|state| flow.state(state).is_none()) {
        faults.push(format!("{place}: `{}` has no state `{state}`", flow.id));
    }
}

fn check_collection(one: &Collection, faults: &mut Vec<String>) {
    let plain = |name: &String| {
        !name.is_empty() && name.len() <= 40 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    if one.index.len() > 5 || !one.index.iter().all(plain) {
        faults.push(format!("collection `{}`: at most 5 members, of letters, digits and _", one.name));
    }
    if !(1..=100_000).contains(&one.most) {
        faults.push(format!("collection `{}`: most: 1 to 100,000 documents", one.name));
    }
    if !(1..=1_000).contains(&one.schema) {
        faults.push(format!("collection `{}`: schema: 1 to 1,000", one.name));
    }
}

fn check_setting(one: &Setting, faults: &mut Vec<String>) {
    let place = format!("setting `{}`", one.field.name);
    fields(Some(&one.field), &mut |fault| faults.push(format!("{place}: {fault}")));
    if matches!(one.field.kind, Kind::Rows) {
        faults.push(format!("{place}: rows belong into a flow"));
    }
    if !takes(&one.field, &one.default) {
        faults.push(format!("{place}: it cannot hold its default {}", one.default));
    } else if one.field.kind == Kind::Number && !one.default.is_number() {
        faults.push(format!("{place}: a number stands until a county says otherwise"));
    }
}
