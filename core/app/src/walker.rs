//! Walks cases of a flow from first form to closed state with made-up values, as whoever's turn it is: does a table
//! that is proven on paper also end in practice?

use std::sync::Arc;

use falin_domain::access::Visitor;
use falin_domain::words::CountyId;
use falin_domain::workflow::{Flow, Guard, Known, Manner, Step, Values, sample};
use falin_store::casefile::{self, Case};
use falin_store::{In, Tx, attachment, division, room, worker};

use crate::casework::{Action, Flows, Opening, as_told, opened_as_told};
use crate::{App, Stop, deadline};

/// Most steps of one case; a walk that is longer goes in circles.
const STEPS: usize = 120;
/// How often a state's steps are tried with other values before it is called a dead end.
const TRIES: usize = 60;

/// What went wrong on a walk, a line each; and how many steps were taken.
#[derive(Clone, Debug, Default)]
pub struct Walked {
    /// Steps that were taken.
    pub steps: usize,
    /// Dead ends, faults, deadlines that stayed open.
    pub faults: Vec<String>,
}

/// Walks so many cases of every flow that the county has, nothing of which stays.
///
/// # Errors
/// The store's own.
pub async fn walk(app: &App, county: CountyId, times: u32, seed: u64) -> Result<Walked, Stop> {
    let mut all = Walked::default();
    for flow in app.flows.all(county) {
        for n in 0..times {
            let (flows, flow) = (app.flows.clone(), Arc::clone(&flow));
            let seed =
                seed ^ u64::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(flow.id.len() as u32);
            let work = move |tx: &mut Tx<'_>| {
                let mut walk = Walk { flows: &flows, flow: &flow, seed, known: known(tx, county)?, n };
                walk.case(tx, county)
            };
            let one = app.db.write(In::County(county), work).await?;
            all.steps += one.steps;
            all.faults.extend(one.faults);
        }
    }
    Ok(all)
}

fn known(tx: &mut Tx<'_>, county: CountyId) -> Result<Known, Stop> {
    let workers = worker::all(tx, county)?.into_iter().filter(|one| one.active);
    let rooms = room::all(tx, county)?.into_iter().filter(|one| one.active);
    let places = division::all(tx, county)?;
    Ok(Known {
        workers: workers.map(|one| one.id.to_string()).collect(),
        rooms: rooms.map(|one| one.id.to_string()).collect(),
        places: places.into_iter().map(|one| one.id.to_string()).collect(),
        ..Known::default()
    })
}

struct Walk<'a> {
    flows: &'a Flows,
    flow: &'a Arc<Flow>,
    seed: u64,
    known: Known,
    n: u32,
}

impl Walk<'_> {
    fn draw(&mut self, n: usize) -> usize {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 16) as usize % n.max(1)
    }

    fn form(&mut self, tx: &Tx<'_>, step: &Step, before: &Values) -> Values {
        let (flow, known, today) = (Arc::clone(self.flow), self.known.clone(), tx.now.date());
        sample(&flow, step, before, today, &known, &mut |n| self.draw(n))
    }

    fn says(&self, what: &str) -> String {
        format!("{} case {}: {what}", self.flow.id, self.n)
    }

    fn case(&mut self, tx: &mut Tx<'_>, county: CountyId) -> Result<Walked, Stop> {
        let mut walked = Walked::default();
        let visitor = Visitor::operator(county);
        let Some(mut case) = self.opened(tx, &visitor, &mut walked)? else { return Ok(walked) };
        for _ in 0..STEPS {
            if case.closed_ms.is_some() {
                return self.closed(tx, &case, walked);
            }
            match self.step(tx, &visitor, &case, &mut walked)? {
                Some(next) => case = next,
                None => return Ok(walked),
            }
            walked.steps += 1;
        }
        walked.faults.push(self.says(&format!("not closed after {STEPS} steps, in `{}`", case.state)));
        Ok(walked)
    }

    fn opened(
        &mut self,
        tx: &mut Tx<'_>,
        visitor: &Visitor,
        walked: &mut Walked,
    ) -> Result<Option<Case>, Stop> {
        let flow = Arc::clone(self.flow);
        let Some(step) = flow.opening() else { return Ok(None) };
        let mut last = String::new();
        for _ in 0..TRIES {
            let values = self.form(tx, step, &Values::new());
            let at = self.draw(self.known.places.len());
            let place = self.known.places.get(at).cloned();
            let opening = Opening { place, ..Opening::new(&flow.id, values) };
            match tx.attempt(|tx| opened_as_told(tx, self.flows, &flow, visitor, &opening))? {
                Ok(case) => return Ok(Some(case)),
                Err(stop) => last = self.heard(&step.action, stop, walked),
            }
        }
        walked.faults.push(self.says(&format!("cannot be opened: {last}")));
        Ok(None)
    }

    /// The next step: mostly one of whose turn it is, sometimes another that the state allows.
    fn step(
        &mut self,
        tx: &mut Tx<'_>,
        visitor: &Visitor,
        case: &Case,
        walked: &mut Walked,
    ) -> Result<Option<Case>, Stop> {
        let flow = Arc::clone(self.flow);
        let steps: Vec<&Step> = flow.steps_from(&case.state).collect();
        let onward: Vec<&Step> = steps
            .iter()
            .copied()
            .filter(|step| flow.targets(step, &case.state) != [case.state.as_str()])
            .collect();
        let mut last = String::new();
        for attempt in 0..TRIES {
            // Steps that stay would make the walk long, and are tried as well.
            let among = if attempt > TRIES / 2 || self.draw(4) > 0 { &onward } else { &steps };
            let Some(step) = among.get(self.draw(among.len())).copied() else { continue };
            if step.guards.iter().any(|guard| matches!(guard, Guard::Attached { .. })) {
                attach(tx, case)?;
            }
            if let Some(next) = self.linked_first(tx, visitor, (case, step), walked)? {
                return Ok(Some(next));
            }
            let values = self.form(tx, step, &case.document(tx)?);
            let action = Action {
                action: step.action.clone(),
                version: case.version,
                values,
                manner: Manner::Program,
            };
            let at = self.draw(3);
            let anyone = self.known.workers.get(at).and_then(|id| id.parse().ok());
            let visitor = Visitor { worker: case.worker_id.or(anyone), ..visitor.clone() };
            match tx.attempt(|tx| as_told(tx, self.flows, &visitor, case.clone(), (&action, true)))? {
                Ok(next) => return Ok(Some(next)),
                Err(stop) => last = self.heard(&step.action, stop, walked),
            }
        }
        walked.faults.push(self.says(&format!("dead end in `{}`: {last}", case.state)));
        Ok(None)
    }

    /// Where the step waits for a linked case, that one goes on first: the case as it is then, where it moved with it.
    fn linked_first(
        &mut self,
        tx: &mut Tx<'_>,
        visitor: &Visitor,
        (case, step): (&Case, &Step),
        walked: &mut Walked,
    ) -> Result<Option<Case>, Stop> {
        for guard in &step.guards {
            let Guard::Linked { flow: other, outside, .. } = guard else { continue };
            let id = self.flow.beside(other);
            let linked = casefile::linked(tx, case.county_id, case.id)?;
            for mut there in linked.into_iter().filter(|one| one.flow == id) {
                let flow = self.flows.of_case(tx, &there.flow, there.flow_version)?;
                let (seed, known) = (self.draw(usize::MAX) as u64, self.known.clone());
                let mut walk = Walk { flows: self.flows, flow: &flow, seed, known, n: self.n };
                for _ in 0..STEPS {
                    if !outside.contains(&there.state) {
                        break;
                    }
                    let Some(next) = walk.step(tx, visitor, &there, walked)? else { break };
                    there = next;
                }
            }
        }
        let now = Case::by_id(tx, case.county_id, case.id)?;
        Ok((now.version != case.version).then_some(now))
    }

    /// A refusal is an answer; everything else is a fault.
    fn heard(&self, action: &str, stop: Stop, walked: &mut Walked) -> String {
        match stop.refusal() {
            Some(refusal) => format!("{action}: {} {:?}", refusal.code(), refusal.fields),
            None => {
                walked.faults.push(self.says(&format!("{action}: {stop}")));
                String::new()
            }
        }
    }

    fn closed(&self, tx: &mut Tx<'_>, case: &Case, mut walked: Walked) -> Result<Walked, Stop> {
        let open = deadline::of(tx, case.county_id, case.id.cast())?;
        let kept = |code: &str| self.flow.waits_for(&case.state, code);
        let open =
            open.iter().filter(|one| one.met_ms.is_none() && one.dropped_ms.is_none() && !kept(&one.code));
        for one in open {
            walked.faults.push(self.says(&format!("closed with the deadline `{}` open", one.code)));
        }
        Ok(walked)
    }
}

fn attach(tx: &mut Tx<'_>, case: &Case) -> Result<(), Stop> {
    let name = ("示例.pdf", "application/pdf");
    attachment::add(tx, (case.county_id, case.id), None, name, b"%PDF-1.4").map(drop)
}
