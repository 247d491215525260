//! Guards that compare a case with others: a worker kept apart from co-defendants, no case twice, a balance that
//! suffices. Both databases run such a step as if it were alone, so of two at once one is refused.

use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::words::WorkerId;
use falin_domain::workflow::{Field, Fill, Flow, Values};
use falin_store::casefile::Case;
use falin_store::{Tx, casefile_match, casefile_people};
use serde_json::Value;

use super::Flows;
use super::guards::worded;
use crate::Stop;

/// The case that is judged, as it will be.
pub(super) struct Judged<'a> {
    pub county: falin_domain::words::CountyId,
    pub flow: &'a Flow,
    /// None while it is being opened.
    pub case: Option<&'a Case>,
    pub values: &'a Values,
}

impl Judged<'_> {
    fn alike(&self, tx: &mut Tx<'_>, names: &[&str]) -> Result<Vec<Case>, Stop> {
        let fields: Vec<(&Field, Option<&Value>)> = names
            .iter()
            .filter_map(|name| self.flow.field(name).map(|field| (field, self.values.get(*name))))
            .collect();
        casefile_match::alike(tx, self.county, self.flow, &fields, self.case.map(|case| case.id))
    }
}

/// The worker in `field` neither leads, nor led, nor is named by another case with the same value in `same`.
pub(super) fn apart(tx: &mut Tx<'_>, judged: &Judged<'_>, field: &str, same: &str) -> Result<(), Stop> {
    let named = |values: &Values| -> Option<WorkerId> {
        values.get(field).and_then(Value::as_str).and_then(|text| text.parse().ok())
    };
    let Some(worker) = named(judged.values) else { return Ok(()) };
    for other in judged.alike(tx, &[same])? {
        let on = casefile_people::on(tx, judged.county, other.id)?;
        let there = on.iter().any(|one| one.worker_id == worker);
        if there || named(&other.document(tx)?) == Some(worker) {
            let fault = FieldError::new(field, "worker.apart").with("number", &other.number);
            return Err(Refusal::form(vec![fault]).into());
        }
    }
    Ok(())
}

/// No other case that is open or ended well has the same values.
pub(super) fn unique(
    tx: &mut Tx<'_>,
    judged: &Judged<'_>,
    fields: &[String],
    fault: &str,
) -> Result<(), Stop> {
    let names: Vec<&str> = fields.iter().map(String::as_str).collect();
    let stopped =
        |case: &Case| judged.flow.state(&case.state).is_some_and(|state| state.fill == Fill::Stopped);
    if judged.alike(tx, &names)?.iter().all(stopped) {
        return Ok(());
    }
    Err(Refusal::form(vec![worded(judged.flow, fields.first().map_or("", String::as_str), fault)]).into())
}

/// What a balance is summed over.
pub(super) struct Balance<'a> {
    pub flow: &'a str,
    pub sum: &'a str,
    pub same: &'a str,
    pub states: &'a [String],
    pub need: &'a str,
    pub fault: &'a str,
}

/// The sum covers what the case needs.
pub(super) fn enough(
    tx: &mut Tx<'_>,
    flows: &Flows,
    judged: &Judged<'_>,
    balance: &Balance<'_>,
) -> Result<(), Stop> {
    let need = judged.values.get(balance.need).and_then(Value::as_i64).unwrap_or(0);
    if need <= 0 {
        return Ok(());
    }
    let ledger = flows.current(judged.county, &judged.flow.beside(balance.flow))?;
    let have = match ledger.field(balance.same) {
        None => 0,
        Some(field) => {
            let same = (field, judged.values.get(balance.same));
            casefile_match::total(tx, judged.county, &ledger, balance.sum, same, balance.states)?
        }
    };
    if have >= need {
        return Ok(());
    }
    let fault = worded(judged.flow, balance.need, balance.fault).with("have", have).with("need", need);
    Err(Refusal::form(vec![fault]).into())
}
