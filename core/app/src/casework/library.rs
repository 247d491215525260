//! Steps that ask a plugin's library: in its cage, before the transaction, with the case as it is and the form as it
//! was read. What it stages is checked against the grant here and kept with the step, or not at all.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use falin_domain::access::{Role, Visitor};
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::Instant;
use falin_domain::workflow::{Effect, Flow, Guard, Permission, Step, Values, Words};
use falin_host::plugin::{Answer, Fault, HostAnswer, HostOp, PluginOp, status};
use falin_store::Tx;
use falin_store::casefile::Case;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::plugin::Ready;
use crate::{App, Stop};

/// Most effects that one step may stage.
const MOST_STAGED: usize = 20;

/// What a library said to a step.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    /// Fields to write beside the form's.
    pub set: Values,
    /// The state to go to, where the step declares more than one.
    pub to: Option<String>,
    /// Effects to apply with the step.
    pub staged: Vec<Staged>,
}

/// An effect that waits for the step.
#[derive(Clone, Debug)]
pub(crate) enum Staged {
    /// A case of a flow of the house or of the plugin's own, linked to this one.
    Open {
        /// The flow.
        flow: String,
        /// Its first form.
        fields: Values,
    },
    /// A message to whoever holds a role.
    Notice {
        /// The role.
        role: Role,
        /// What it says.
        text: Words,
    },
}

/// What a library is asked.
pub(super) struct Question {
    pub flow: Arc<Flow>,
    pub action: String,
    /// The case before the step; None where the step opens one.
    pub case: Option<Value>,
    pub form: Values,
}

/// Whether a step asks the plugin's library.
pub(super) fn asks(step: &Step) -> bool {
    step.guards.iter().any(|guard| matches!(guard, Guard::Call { .. }))
        || step.effects.iter().any(|effect| matches!(effect, Effect::Call { .. }))
}

/// The case as a library sees it.
pub(super) fn seen(case: &Case, flow: &Flow, values: &Values) -> Value {
    json!({
        "id": case.id, "no": case.number, "flow": own_name(flow), "version": case.version, "state": case.state,
        "fields": values,
    })
}

/// The flow's name in its manifest.
fn own_name(flow: &Flow) -> &str {
    flow.id.split_once('/').map_or(flow.id.as_str(), |(_, name)| name)
}

/// Asks, and waits for the answer; no transaction is open meanwhile.
///
/// # Errors
/// What the library refuses, in the plugin's words; `plugin.failed` where it broke, `plugin.asleep` where it is locked
/// away or no worker can be had.
pub(super) async fn ask(app: &App, visitor: &Visitor, question: Question) -> Result<Said, Stop> {
    let ready = crate::plugin::ready(app, visitor.county, &question.flow).await?;
    let roles: Vec<&str> =
        visitor.posts.iter().filter(|p| p.county == visitor.county).map(|p| p.role.code()).collect();
    let now = app.now();
    let payload = json!({
        "flow": own_name(&question.flow), "step": question.action, "case": question.case, "form": question.form,
        "actor": { "account": visitor.account, "name": null, "roles": roles, "posts": [] },
        "now": now.to_string(), "today": now.date().to_string(),
    });
    let (plugins, flow) = (app.plugins.clone(), Arc::clone(&question.flow));
    let key = ready.key.clone();
    let work = move || {
        let host = plugins.host().ok_or_else(|| Refusal::new("plugin.asleep"))?;
        Ok::<_, Refusal>(called(host, &ready, &flow, now, &payload))
    };
    let answered = tokio::task::spawn_blocking(work).await.map_err(|_| Refusal::new("plugin.failed"))??;
    match answered {
        Ok((Answer::Done(bytes), staged)) => decided(&question, &bytes, staged, now).map_err(Stop::from),
        Ok((Answer::Refused(bytes), _)) => Err(refused(&question.flow, &bytes).into()),
        Err(fault) if fault.is_unknown_op() => Ok(Said::default()),
        Err(fault) => {
            tracing::warn!(plugin = %question.flow.id, step = %question.action, %fault, "a library failed");
            crate::plugin::watch_deaths(app, &key).await?;
            let locked = matches!(fault, Fault::Quarantined(_));
            Err(Refusal::new(if locked { "plugin.asleep" } else { "plugin.failed" }).into())
        }
    }
}

type Called = Result<(Answer, Vec<Staged>), Fault>;

fn called(
    host: &falin_host::plugin::Host,
    ready: &Ready,
    flow: &Flow,
    now: Instant,
    payload: &Value,
) -> Called {
    let mut staged = Vec::new();
    let within = Duration::from_millis(u64::from(ready.call_ms));
    let bytes = payload.to_string().into_bytes();
    let mut server = |op: HostOp, asked: &[u8]| match serde_json::from_slice(asked) {
        _ if op == HostOp::Clock => HostAnswer::ok(
            json!({ "now": now.to_string(), "today": now.date().to_string() }).to_string().into_bytes(),
        ),
        Ok(asked) => serve(ready, flow, op, asked, &mut staged),
        Err(_) => HostAnswer::fault(status::BAD_INPUT),
    };
    let answer = host.call(&ready.key, PluginOp::Guard, &bytes, within, &mut server)?;
    Ok((answer, staged))
}

/// Answers a host call: writes are staged where the county has granted them.
fn serve(ready: &Ready, flow: &Flow, op: HostOp, asked: Value, staged: &mut Vec<Staged>) -> HostAnswer {
    let may = |permission| ready.granted.contains(&permission);
    let fields = || asked.get("fields").and_then(Value::as_object).cloned().unwrap_or_default();
    let wanted = match op {
        HostOp::ConsultationCreate if may(Permission::Consultation) => {
            Some(Staged::Open { flow: "consultation".to_owned(), fields: fields() })
        }
        HostOp::MediationOpen if may(Permission::Mediation) => {
            Some(Staged::Open { flow: "mediation".to_owned(), fields: fields() })
        }
        HostOp::CaseOpen => {
            let name = asked.get("flow").and_then(Value::as_str).unwrap_or_default();
            Some(Staged::Open { flow: format!("{}/{name}", ready.key.plugin), fields: fields() })
        }
        HostOp::NoticeSend if may(Permission::Notice) => notice(flow, &asked),
        HostOp::ConsultationCreate | HostOp::MediationOpen | HostOp::NoticeSend => None,
        _ => return HostAnswer::unknown(),
    };
    match wanted {
        Some(one) if staged.len() < MOST_STAGED => {
            staged.push(one);
            // The id is given when the step is kept, which is after the library has answered.
            HostAnswer::ok(b"{\"id\":\"\",\"version\":1,\"state\":\"\"}".to_vec())
        }
        Some(_) => HostAnswer::fault(status::BUDGET),
        None => HostAnswer::fault(status::NOT_GRANTED),
    }
}

/// A message to a role, in a text of the plugin's own.
fn notice(flow: &Flow, asked: &Value) -> Option<Staged> {
    let role = asked.get("to").and_then(Value::as_str)?.strip_prefix("role:")?;
    let said: Text = serde_json::from_value(asked.get("text")?.clone()).ok()?;
    Some(Staged::Notice { role: Role::from_code(role)?, text: said.words(flow) })
}

/// A text by its key, with what is filled into it.
#[derive(Deserialize, Default)]
struct Text {
    #[serde(default)]
    key: String,
    #[serde(default)]
    args: BTreeMap<String, Value>,
}

impl Text {
    fn words(&self, flow: &Flow) -> Words {
        let usual = || Words {
            zh: "这一步现在不能办".to_owned(),
            en: "This step cannot be taken now".to_owned(),
        };
        let mut words = flow.texts.get(&self.key).cloned().unwrap_or_else(usual);
        for (name, value) in &self.args {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            for text in [&mut words.zh, &mut words.en] {
                *text = text.replace(&format!("{{{name}}}"), &value);
            }
        }
        words
    }
}

/// A "no" of the library, as the house says one.
fn refused(flow: &Flow, bytes: &[u8]) -> Refusal {
    #[derive(Deserialize, Default)]
    struct No {
        #[serde(flatten)]
        text: Text,
        #[serde(default)]
        fields: BTreeMap<String, Text>,
    }
    let no: No = serde_json::from_slice(bytes).unwrap_or_default();
    let known = no.fields.iter().filter(|(name, _)| flow.field(name).is_some());
    let fields: Vec<FieldError> = known
        .map(|(name, text)| {
            let words = text.words(flow);
            FieldError::new(name, "plugin.said").with("zh", words.zh).with("en", words.en)
        })
        .collect();
    if !fields.is_empty() {
        return Refusal::form(fields);
    }
    let words = no.text.words(flow);
    Refusal::new("plugin.refused").with("zh", words.zh).with("en", words.en)
}

/// A "yes": fields are read as if a program had sent them, the state must be one that the step declares.
fn decided(question: &Question, bytes: &[u8], staged: Vec<Staged>, now: Instant) -> Result<Said, Refusal> {
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Yes {
        to: Option<String>,
        set: Values,
    }
    let failed = || Refusal::new("plugin.failed");
    let yes: Yes = if bytes.is_empty() {
        Yes::default()
    } else {
        serde_json::from_slice(bytes).map_err(|_| failed())?
    };
    let flow = &question.flow;
    let step = flow.step(&question.action).ok_or_else(failed)?;
    let names = yes.set.keys().map(|name| falin_domain::workflow::Use::Plain(name.clone())).collect();
    let form = Step { fields: names, ..step.clone() };
    let manner = falin_domain::workflow::Manner::Program;
    let read = flow.read(&form, &yes.set, &Values::new(), manner, now.date());
    let set = read.map_err(|fault| {
        tracing::warn!(plugin = %flow.id, %fault, "a library set what its flow does not declare");
        failed()
    })?;
    let before = question.case.as_ref().and_then(|case| case["state"].as_str()).unwrap_or_default();
    let to = yes.to.filter(|to| flow.targets(step, before).contains(&to.as_str()));
    Ok(Said { set, to, staged })
}

/// Applies what was staged, in the step's own transaction.
///
/// # Errors
/// Those of the use cases that an effect calls: the whole step is refused then.
pub(super) fn apply(
    tx: &mut Tx<'_>,
    flows: &super::Flows,
    visitor: &Visitor,
    (case, flow): (&Case, &Flow),
    staged: &[Staged],
) -> Result<(), Stop> {
    for (n, one) in staged.iter().enumerate() {
        match one {
            Staged::Open { flow, fields } => {
                let other = flows.current(case.county_id, flow)?;
                let place = case.division_id.map(|id| id.to_string());
                let opening = super::Opening {
                    place,
                    household: case.household_id,
                    ..super::Opening::new(flow, fields.clone())
                };
                let born = super::open::opened(tx, flows, &other, visitor, &opening)?;
                falin_store::casefile::link(tx, case.county_id, case.id, born.id, "referred")?;
            }
            Staged::Notice { role, text } => {
                let name = &flow.name;
                let words =
                    |words: &Words| crate::notice::Arg::Words { zh: words.zh.clone(), en: words.en.clone() };
                crate::notice::queue(
                    tx,
                    crate::notice::New {
                        county: case.county_id,
                        key: format!("case/{}/said/{n}/{}", case.id, case.version),
                        to: crate::notice::To::Role { role: *role, place: case.division_id },
                        text_key: "notice-workflow",
                        args: vec![
                            ("number", case.number.as_str().into()),
                            ("flow", words(name)),
                            ("text", words(text)),
                        ],
                        subject: (super::NOUN, case.id.cast()),
                        division: case.division_id,
                        not_before: None,
                        language: None,
                    },
                )?;
            }
        }
    }
    Ok(())
}
