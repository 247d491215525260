//! Legal aid and mediation walked through every state: each action tried as each role is allowed where the flow's
//! table says so, and nowhere else.

use falin_domain::workflow::{Effect, Flow, Step, core_flow};
use serde_json::{Value, json};

use crate::town::{Answer, Client, Town, on_both};

const VILLAGE: &str = "620201100201";
const ROLES: [&str; 9] = [
    "resident",
    "lawyer",
    "mediator",
    "clerk",
    "aid_officer",
    "county_admin",
    "security_admin",
    "audit_admin",
    "platform_admin",
];

/// A step on the way: as whom, what, with what.
type Taken = (&'static str, &'static str, Value);

struct Walk<'a> {
    town: &'a Town,
    flow: &'static Flow,
    door: &'static str,
    clients: Vec<(&'static str, Client)>,
}

impl<'a> Walk<'a> {
    fn new(town: &'a Town, flow: &str, door: &'static str) -> Self {
        let mut clients: Vec<_> = ROLES.iter().map(|role| (*role, town.program(role))).collect();
        // 拟办、审核、签发不得为同一人: a second officer checks what the first has drafted.
        let words =
            ["user", "add", "second", "--role", "aid_officer", "--place", "620200", "--password-stdin"];
        town.falin_typing(&words, "jiayuguan lantern 2026").ok();
        let issued = town.falin(&["token", "issue", "--user", "second", "--days", "1"]).ok();
        clients.push(("second", town.visitor().with_token(issued.stdout.trim())));
        Self { town, flow: core_flow(flow).unwrap(), door, clients }
    }

    fn by(&self, role: &str) -> &Client {
        &self.clients.iter().find(|(name, _)| *name == role).unwrap().1
    }

    /// The worker that the lawyer's account is.
    fn lawyer(&self) -> String {
        let found = self.by("county_admin").get("/api/v1/legal-workers?limit=100").is(200).json();
        let mut all = found["items"].as_array().unwrap().clone();
        all.sort_by_key(|one| one["licence"].as_str().unwrap_or("~").to_owned());
        all[0]["id"].as_str().unwrap().to_owned()
    }

    fn path(&self, case: &Value) -> String {
        format!("{}/{}", self.door, case["id"].as_str().unwrap())
    }

    fn act(&self, (role, action, fields): &Taken, case: &Value, version: &Value) -> Answer {
        let mut body = fields.clone();
        body["action"] = json!(action);
        body["version"] = version.clone();
        self.by(role).call("POST", &format!("{}/actions", self.path(case)), &body)
    }

    /// A resident's own case, led to where the way ends.
    fn led(&self, form: &Value, way: &[Taken]) -> Value {
        let mut case = self.by("resident").call("POST", self.door, form).is(201).json();
        for step in way {
            case = self.act(step, &case, &case["version"]).is(200).json();
        }
        case
    }

    /// Tries every action of the table as every role.
    fn tried(&self, state: &str, case: &Value) -> usize {
        let (path, mut may) = (self.path(case), 0);
        let closed = self.flow.state(state).unwrap().closed;
        for role in ROLES {
            let seen = self.by(role).get(&path);
            let allowed: Vec<String> = match seen.status {
                200 => actions(&seen.json()),
                _ => Vec::new(),
            };
            // A lawyer acts in cases of their own; residents in theirs, which this one is.
            let stands = role != "lawyer" || case["worker_id"].is_string() || seen.status == 200;
            for step in self.flow.step.iter().filter(|step| !step.from.is_empty()) {
                // Nobody has asked a unit on these ways.
                let named = step.roles.iter().any(|one| one.code() == role)
                    && can(role, step)
                    && !step.is_about_unit();
                let wanted =
                    named && stands && step.begins_in(state, closed) && self.reaches(role, case, step.anyone);
                let is = allowed.contains(&step.action);
                assert_eq!(is, wanted, "{role} {} in {state} of {}: {allowed:?}", step.action, self.flow.id);
                may += usize::from(is);
                if !is {
                    let told = self.act(&(role, leak(&step.action), json!({})), case, &case["version"]);
                    let code = told.json()["code"].as_str().unwrap_or_default().to_owned();
                    let refusals = ["access.denied", "not_found", "form.invalid", "action.not_allowed"];
                    assert!(
                        refusals.contains(&code.as_str()),
                        "{role} {} in {state}: {} {code}",
                        step.action,
                        told.status
                    );
                }
            }
        }
        let now = self.by("county_admin").get(&path).is(200).json();
        assert_eq!(now["version"], case["version"], "something moved in {state}");
        may
    }

    /// Whether a lawyer is on the case; everybody else is by place or ownership.
    fn reaches(&self, role: &str, case: &Value, anyone: bool) -> bool {
        let worker = case["worker_id"].as_str().or_else(|| case["worker"]["id"].as_str());
        role != "lawyer" || worker.is_some() || (anyone && worker.is_none())
    }

    fn all(&self, form: &Value, ways: &[(&str, Vec<Taken>)]) {
        for state in &self.flow.state {
            // A named day must be over before somebody counts as withdrawn: no way of one day leads there.
            if state.id == "deemed_withdrawn" {
                continue;
            }
            assert!(
                ways.iter().any(|(named, _)| *named == state.id),
                "{} has no way to {}",
                self.flow.id,
                state.id
            );
        }
        let mut may = 0;
        for (state, way) in ways {
            let case = self.led(form, way);
            assert_eq!(case["state"], *state, "{case}");
            let case = self.by("county_admin").get(&self.path(&case)).is(200).json();
            may += self.tried(state, &case);
        }
        assert!(may > 40, "{may} acts allowed in all");
        self.town.falin(&["audit", "verify"]).ok();
    }
}

/// Whoever takes a case becomes its worker, and of these accounts only the lawyer's is one.
fn can(role: &str, step: &Step) -> bool {
    role == "lawyer" || !step.effects.contains(&Effect::Take)
}

fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

fn actions(case: &Value) -> Vec<String> {
    let all = case["allowed_actions"].as_array().unwrap();
    all.iter().map(|one| one["action"].as_str().unwrap().to_owned()).collect()
}

fn then(before: &[Taken], more: &[Taken]) -> Vec<Taken> {
    [before, more].concat()
}

on_both! {
    fn legal_aid_allows_in_each_state_what_its_table_says(backend) {
        let town = Town::start(backend);
        let walk = Walk::new(&town, "aid", "/api/v1/legal-aid-applications");
        let form = json!({"applicant": "马建军", "facts": "包工头欠我三个月工资", "matter": "wages", "place": VILLAGE});
        let draft: Vec<Taken> = vec![("aid_officer", "draft", json!({"decision": "grant", "explanation": "符合条件"}))];
        let checked = then(&draft, &[("second", "check", json!({"agree": true}))]);
        let granted = then(&checked, &[("county_admin", "issue", json!({"agree": true}))]);
        let assigned = then(&granted, &[("aid_officer", "assign", json!({"worker": walk.lawyer()}))]);
        let working = then(&assigned, &[("lawyer", "accept", json!({}))]);
        let report = json!({"ended_on": "2026-10-30", "result": "won", "report": "工资已经全部付清"});
        let reported = then(&working, &[("lawyer", "report", report)]);
        let no = json!({"decision": "refuse", "refusal": "scope", "explanation": "不属于范围"});
        let refused: Vec<Taken> = vec![("aid_officer", "draft", no), ("second", "check", json!({"agree": true})),
            ("county_admin", "issue", json!({"agree": true}))];
        let missing = json!({"missing": "身份证复印件", "supply_by": "2027-06-30"});
        let supplementing: Vec<Taken> = vec![("aid_officer", "ask_supplement", missing)];
        let end = json!({"ground": "own_lawyer", "explanation": "自己请了律师"});
        let away = json!({"to_centre": "酒泉市法律援助中心", "explanation": "办案机关在酒泉"});
        let ways = vec![
            ("submitted", vec![]),
            ("supplementing", supplementing),
            ("drafted", draft),
            ("checked", checked),
            ("granted", granted.clone()),
            ("assigned", assigned),
            ("in_progress", working.clone()),
            ("reported", reported.clone()),
            ("closed", then(&reported, &[("aid_officer", "close", json!({"quality": "good"}))])),
            ("refused", refused.clone()),
            ("objecting", then(&refused, &[("resident", "object", json!({"objection": "我确实困难"}))])),
            ("withdrawn", vec![("resident", "withdraw", json!({}))]),
            ("transferred", vec![("aid_officer", "transfer", away)]),
            ("terminated", then(&working, &[("aid_officer", "terminate", end)])),
        ];
        walk.all(&form, &ways);
    }

    fn mediation_allows_in_each_state_what_its_table_says(backend) {
        let town = Town::start(backend);
        let walk = Walk::new(&town, "mediation", "/api/v1/mediation-cases");
        let form = json!({"applicant": "马建军", "facts": "邻居占了巷道", "dispute": "neighbours", "place": VILLAGE});
        let accepted: Vec<Taken> = vec![("mediator", "accept", json!({}))];
        let mediating = then(&accepted, &[("mediator", "consents", json!({"consent": true}))]);
        let deal = json!({"form": "oral", "record": "双方都到了", "agreement": "巷道让出一米", "effective_on": "2026-11-02"});
        let agreed = then(&mediating, &[("mediator", "agree", deal)]);
        let ways = vec![
            ("applied", vec![]),
            ("consenting", accepted.clone()),
            ("mediating", mediating.clone()),
            ("agreed", agreed.clone()),
            ("closed", then(&agreed, &[("mediator", "close", json!({"outcome": "oral", "performance": "on_time"}))])),
            ("failed", then(&mediating, &[("mediator", "fail", json!({"remedies": ["suit"], "reason": "谈不拢"}))])),
            ("refused", then(&accepted, &[("clerk", "refuse", json!({"reason": "对方不愿意"}))])),
            ("not_accepted", vec![("clerk", "not_accept", json!({"reason": "已经起诉"}))]),
            ("withdrawn", vec![("resident", "withdraw", json!({}))]),
        ];
        walk.all(&form, &ways);
    }
}
