//! Taking the next case: the most urgent one that nobody leads, and that whoever asks may lead.

use falin_domain::access::{Act, Visitor};
use falin_domain::refusal::Refusal;
use falin_domain::words::WorkerId;
use falin_domain::workflow::{Effect, Flow, Guard, Manner, Step, Values};
use falin_store::casefile::Case;
use falin_store::casefile_list::{self, Filter, Sight};
use falin_store::worker::Worker;
use falin_store::{In, Tx, casefile_people};

use super::act::{Action, acted};
use super::candidates::fit;
use super::view::{Seen, seen};
use super::{Flows, Standing, sight};
use crate::{App, Stop};

/// Cases that are looked at in one go.
const AT_ONCE: i64 = 50;

/// Whether some step of this flow lets the visitor take a case that nobody leads, just like that.
pub fn may_take(visitor: &Visitor, flow: &Flow) -> bool {
    let takes = |step: &Step| step.takes() && step.roles.iter().any(|role| visitor.is(*role));
    visitor.worker.is_some() && flow.step.iter().any(takes)
}

/// Gives the visitor the most urgent case that waits for somebody: what must not wait, then the earliest deadline that is a duty, then
/// the oldest. It is one that the visitor's role and place let take, without a conflict of interest, within the
/// visitor's competence, and not one that the visitor has led and given back. Of two who ask at once the second gets
/// the one after.
///
/// # Errors
/// `not_found` where the county has no such flow; `action.not_allowed` for who takes no cases of it;
/// `case.none_waiting` where none waits.
pub async fn take_next(app: &App, visitor: &Visitor, flow: &str) -> Result<Seen, Stop> {
    let current = app.flows.current(visitor.county, flow)?;
    let sight = sight(visitor, Act::Read, &current)?;
    let me = visitor.worker.filter(|_| may_take(visitor, &current));
    let me = me.ok_or_else(|| Refusal::new("action.not_allowed"))?;
    let (flows, visitor, flow) = (app.flows.clone(), visitor.clone(), current.id.clone());
    let county = visitor.county;
    let work = move |tx: &mut Tx<'_>| {
        let asking = Asking { flows: &flows, visitor: &visitor, me, sight: &sight, flow: &flow };
        let (case, action) = asking.next(tx)?.ok_or_else(|| Refusal::new("case.none_waiting"))?;
        let version = case.version;
        let action = Action { action, version, values: Values::new(), manner: Manner::Program };
        let case = acted(tx, &flows, &visitor, case, &action)?;
        seen(tx, &flows, &visitor, case)
    };
    app.db.write(In::County(county), work).await
}

/// Who asks for a case of which flow.
struct Asking<'a> {
    flows: &'a Flows,
    visitor: &'a Visitor,
    me: WorkerId,
    sight: &'a Sight,
    flow: &'a str,
}

impl Asking<'_> {
    /// The first case that fits, with the step that takes it.
    fn next(&self, tx: &mut Tx<'_>) -> Result<Option<(Case, String)>, Stop> {
        let me = Worker::by_id(tx, self.visitor.county, self.me)?;
        let filter = Filter { flows: vec![self.flow.to_owned()], unassigned: true, ..Filter::default() };
        // What a party may still do is nobody's lateness: it brings no case forward.
        let rights = self.flows.rights(self.visitor.county);
        for skip in (0..).step_by(AT_ONCE as usize) {
            let cases = casefile_list::most_urgent(tx, self.sight, (&filter, &rights), (skip, AT_ONCE))?;
            if cases.is_empty() {
                break;
            }
            for case in cases {
                if let Some(action) = self.taking(tx, &me, &case)? {
                    return Ok(Some((case, action)));
                }
            }
        }
        Ok(None)
    }

    /// The step by which this case can be taken; None where it is not for this worker.
    fn taking(&self, tx: &mut Tx<'_>, me: &Worker, case: &Case) -> Result<Option<String>, Stop> {
        let flow = self.flows.of_case(tx, &case.flow, case.flow_version)?;
        let standing = Standing::of(tx, self.flows, self.visitor, case)?;
        let mut open = flow.steps_from(&case.state).filter(|step| step.takes());
        let Some(step) = open.find(|step| standing.role(self.visitor, step).is_some()) else {
            return Ok(None);
        };
        let mut asked = asked_of_leads(&flow);
        asked.extend(step.guards.iter().filter(|guard| guard.weighs("")));
        if fit(tx, case, &asked, vec![me.clone()])?.is_empty() {
            return Ok(None);
        }
        let led = casefile_people::on(tx, case.county_id, case.id)?;
        let before = led.iter().any(|one| one.worker_id == me.id && one.duty == "lead");
        Ok((!before).then(|| step.action.clone()))
    }
}

/// What a flow asks of those to whom its steps give a case.
fn asked_of_leads(flow: &Flow) -> Vec<&Guard> {
    let given = |step: &'_ Step| {
        let fields = step.effects.iter().filter_map(|effect| match effect {
            Effect::Assign { field } => Some(field.clone()),
            _ => None,
        });
        fields.collect::<Vec<_>>()
    };
    let steps = flow.step.iter();
    let guards = steps.flat_map(|step| {
        let fields = given(step);
        step.guards.iter().filter(move |guard| fields.iter().any(|field| guard.weighs(field)))
    });
    guards.fold(Vec::new(), |mut all, guard| {
        if !all.contains(&guard) {
            all.push(guard);
        }
        all
    })
}
