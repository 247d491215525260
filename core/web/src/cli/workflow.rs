//! `falin workflow`: proves the flows of the house and of the county's plugins, and draws them.

use clap::{Args, Subcommand};
use falin_domain::workflow::{Flow, core, proven};
use serde_json::{Value, json};

use super::{Frame, Halt, Outcome, Ran, place};
use crate::problem::say_field;

/// Arguments of `falin workflow`.
#[derive(Args)]
pub struct Workflow {
    #[command(subcommand)]
    act: WorkflowAct,
    /// In which county: a division code
    #[arg(long, global = true, value_name = "CODE")]
    place: Option<String>,
}

#[derive(Subcommand)]
enum WorkflowAct {
    /// Proves that every state, step and role is decided and nothing is a dead end
    Verify {
        /// The flow, such as mediation or petition/visit
        name: Option<String>,
        /// All flows of the house and of the county
        #[arg(long)]
        all: bool,
    },
    /// Draws a flow as a Mermaid state diagram
    Diagram {
        /// The flow, such as mediation or petition/visit
        name: String,
    },
}

impl Workflow {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        let flows = known(frame, self.place.as_deref())?;
        let named = |name: &str| -> Result<Vec<Flow>, Halt> {
            let found: Vec<Flow> = flows.iter().filter(|flow| flow.id == name).cloned().collect();
            if found.is_empty() { Err(falin_domain::refusal::Refusal::absent().into()) } else { Ok(found) }
        };
        match self.act {
            WorkflowAct::Diagram { name } => {
                let drawn = named(&name)?[0].diagram(frame.lang.code());
                frame.print(&json!({ "flow": name, "diagram": drawn }), &drawn)?;
                Ok(Outcome::Done)
            }
            WorkflowAct::Verify { name, .. } => {
                let wanted = match &name {
                    Some(name) => named(name)?,
                    None => flows,
                };
                verify(frame, &wanted)
            }
        }
    }
}

/// The house's flows, then those that the county has in use, if it is there at all.
fn known(frame: &Frame, code: Option<&str>) -> Result<Vec<Flow>, Halt> {
    let app = frame.open()?;
    match place::visitor(frame, &app, code) {
        Ok(visitor) => Ok(app.flows.all(visitor.county).iter().map(|flow| (**flow).clone()).collect()),
        // No county yet, or several: the house's, and whatever any of them has in use.
        Err(Halt::Usage(_)) if code.is_none() => {
            let mut all = core().to_vec();
            for county in app.flows.counties() {
                for flow in app.flows.all(county) {
                    if !all.iter().any(|one| one.id == flow.id && one.version == flow.version) {
                        all.push((*flow).clone());
                    }
                }
            }
            Ok(all)
        }
        Err(halt) => Err(halt),
    }
}

fn verify(frame: &Frame, flows: &[Flow]) -> Ran {
    let (mut text, mut value, mut sound) = (String::new(), Vec::<Value>::new(), true);
    for flow in flows {
        match proven(flow) {
            Ok(decided) => {
                let ways: usize = decided.values().map(|steps| steps.len()).sum();
                text += &format!("{}\t{} · {ways}\n", flow.id, decided.len());
                value.push(
                    json!({ "flow": flow.id, "version": flow.version, "decided": decided, "faults": [] }),
                );
            }
            Err(faults) => {
                sound = false;
                let say = frame.look.say(frame.lang);
                let said = faults.into_iter().map(|fault| say_field(&say, &fault.of_file(&flow.id)));
                let said: Vec<_> = said.collect();
                let lines: String = said.iter().map(|one| format!("  {}\n", one.detail)).collect();
                text += &format!("{}\n{lines}", flow.id);
                value.push(json!({ "flow": flow.id, "version": flow.version, "faults": said }));
            }
        }
    }
    frame.print(&json!({ "flows": value }), &text)?;
    Ok(if sound { Outcome::Done } else { Outcome::Refused })
}
