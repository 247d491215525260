//! Steps that ask a plugin's library: in its cage, before the transaction, with the case as it is and the form as it
//! was read. What it stages is checked against the grant and kept with the step, or not at all.

use std::sync::Arc;

use falin_domain::access::Visitor;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::workflow::{Flow, Step, Values};
use falin_host::plugin::PluginOp;
use falin_store::Tx;
use falin_store::casefile::Case;
use serde::Deserialize;
use serde_json::{Value, json};

use super::effected::{self, About};
use super::open::Opening;
use super::staged::{self, Staged};
use crate::plugin::asked::{self, Asking, Heard};
use crate::{App, Stop};

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

/// What a library is asked.
pub(super) struct Question {
    pub flow: Arc<Flow>,
    pub action: String,
    /// The case before the step; None where the step opens one.
    pub case: Option<Value>,
    pub form: Values,
}

/// So often a library is asked about one step.
const TURNS: usize = 3;

/// Asks what there is to ask, and keeps the step with the answer: both again where what the library looked at, or wanted
/// written, has moved on before its word was kept.
///
/// # Errors
/// Those of asking and of keeping.
pub(super) async fn asked<T>(
    app: &App,
    visitor: &Visitor,
    question: impl AsyncFn() -> Result<Option<Question>, Stop>,
    keep: impl AsyncFn(Option<Said>) -> Result<T, Stop>,
) -> Result<T, Stop> {
    let mut turn = 0;
    loop {
        turn += 1;
        let question = question().await?;
        let asked = question.is_some();
        let said = match question {
            Some(question) => ask(app, visitor, question).await.map(Some),
            None => Ok(None),
        };
        let done = match said {
            Ok(said) => keep(said).await,
            Err(stop) => Err(stop),
        };
        let moved = matches!(&done, Err(Stop::Refused(refusal)) if refusal.is_stale());
        if !(asked && moved && turn < TURNS) {
            return done;
        }
    }
}

/// What is asked before a case is opened; None where the first step asks nothing.
pub(super) fn before_opening(app: &App, flow: &Arc<Flow>, opening: &Opening) -> Option<Question> {
    let step = flow.opening().filter(|step| step.asks_library())?;
    let form = flow.read(step, &opening.values, &Values::new(), opening.manner, app.today()).ok()?;
    Some(Question { action: step.action.clone(), case: None, form, flow: Arc::clone(flow) })
}

/// The case as a library sees it.
pub(crate) fn seen_by_library(case: &Case, flow: &Flow, values: &Values) -> Value {
    json!({
        "id": case.id, "no": case.number, "flow": names(flow).1, "version": case.version, "state": case.state,
        "fields": values,
    })
}

/// The plugin's name and the flow's in its manifest.
fn names(flow: &Flow) -> (&str, &str) {
    flow.id.split_once('/').unwrap_or((flow.id.as_str(), flow.id.as_str()))
}

/// Asks, and waits for the answer; no transaction is open meanwhile.
///
/// # Errors
/// What the library refuses, in the plugin's words; `plugin.failed` where it broke, `plugin.quarantined`
/// where it is locked away, `plugin.asleep` where no worker can be had.
async fn ask(app: &App, visitor: &Visitor, question: Question) -> Result<Said, Stop> {
    let flow = &question.flow;
    let (plugin, own) = names(flow);
    let moment = app.now();
    let (now, today) = asked::moment(moment);
    let payload = json!({
        "flow": own, "step": question.action, "calls": calls(&question), "case": question.case,
        "form": question.form, "actor": asked::actor(app, visitor, flow).await?, "now": now, "today": today,
    });
    let asking = Asking { plugin, generation: flow.version, texts: &flow.texts, reader: visitor };
    match asked::ask(app, asking, PluginOp::Guard, &payload).await? {
        Heard::Done(bytes, staged) => decided(&question, &bytes, staged, moment).map_err(Stop::from),
        Heard::Refused(bytes) => {
            Err(staged::refused(&flow.texts, &|name| flow.field(name).is_some(), &bytes).into())
        }
        // A flow that says "ask" lets nothing through unasked.
        Heard::Unknown => {
            tracing::warn!(plugin = %flow.id, step = %question.action, "a library does not answer a guard");
            Err(Refusal::new("plugin.failed").into())
        }
    }
}

/// The names by which the step asks its library.
fn calls(question: &Question) -> Vec<&str> {
    question.flow.step(&question.action).map(Step::calls).unwrap_or_default()
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
    let flow = &question.flow;
    let yes: Yes = asked::read(names(flow).0, PluginOp::Guard, bytes)?;
    let step = flow.step(&question.action).ok_or_else(failed)?;
    let names = yes.set.keys().map(|name| falin_domain::workflow::Use::Plain(name.clone())).collect();
    let form = Step { fields: names, ..step.clone() };
    let manner = falin_domain::workflow::Manner::Program;
    let read = flow.read(&form, &yes.set, &Values::new(), manner, now.date());
    let set = read.map_err(|refusal| {
        let fields: Vec<&str> = refusal.fields.iter().map(|one| one.name.as_str()).collect();
        tracing::warn!(plugin = %flow.id, ?fields, "a library set what its flow does not take");
        failed()
    })?;
    let before = question.case.as_ref().and_then(|case| case["state"].as_str()).unwrap_or_default();
    if yes.to.as_ref().is_some_and(|to| !flow.targets(step, before).contains(&to.as_str())) {
        tracing::warn!(plugin = %flow.id, step = %step.action, "a library names a state that its step does not lead to");
        return Err(failed());
    }
    Ok(Said { set, to: yes.to, staged })
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
    let about = About {
        county: case.county_id,
        plugin: names(flow).0,
        name: &flow.name,
        once: &format!("case/{}/{}", case.id, case.version),
        case: Some(case),
        place: case.division_id,
        house: false,
    };
    effected::apply(tx, flows, visitor, about, staged)
}
