//! A county's own lengths where no law sets one, each with the text that sets it.

use std::sync::Arc;

use falin_domain::access::{Noun, Visitor};
use falin_domain::calendar::{Period, Unit};
use falin_domain::deadline::{Rule, TABLE, period_text, rule};
use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::Refusal;
use falin_domain::words::CountyId;
use falin_domain::workflow::{Effect, Flow};
use falin_store::deadline::{self, OwnRule};
use falin_store::journal::Entry;
use falin_store::{In, Tx};
use serde::{Deserialize, Serialize};

use super::NOUN;
use crate::trace::By;
use crate::typed::Reader;
use crate::{App, Stop};

/// A row of the table as it counts in one county.
#[derive(Clone, Debug)]
pub struct Counting {
    /// The table's row.
    pub rule: &'static Rule,
    /// What the county has set instead.
    pub own: Option<OwnRule>,
    /// Whether a flow that the county has in use starts it.
    pub used: bool,
}

impl Counting {
    /// Whether the county may set it: a length that nothing counts by is none to set, only to take away.
    pub fn settable(&self) -> bool {
        self.rule.settable() && (self.used || self.own.is_some())
    }
}

/// Every row of the table, with the county's own beside it.
///
/// # Errors
/// `access.denied`.
pub async fn rules(app: &App, visitor: &Visitor) -> Result<Vec<Counting>, Stop> {
    let scope = visitor.scope(falin_domain::access::Act::Read, Noun::Setting)?;
    let flows = app.flows.all(scope.county);
    app.db.read(In::County(scope.county), move |tx| all(tx, scope.county, &flows)).await
}

fn all(tx: &mut Tx<'_>, county: CountyId, flows: &[Arc<Flow>]) -> Result<Vec<Counting>, Stop> {
    let own = deadline::own_rules(tx, county)?;
    let of = |rule: &'static Rule| own.iter().find(|own| own.code == rule.code).cloned();
    Ok(TABLE.iter().map(|rule| Counting { rule, own: of(rule), used: is_used(flows, rule) }).collect())
}

/// Whether a step of these flows starts the deadline.
fn is_used(flows: &[Arc<Flow>], rule: &Rule) -> bool {
    let starts = |effect: &Effect| matches!(effect, Effect::Start { deadline, .. } if deadline == rule.code);
    flows.iter().flat_map(|flow| &flow.step).flat_map(|step| &step.effects).any(starts)
}

/// What was typed into the form of a rule.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedRule {
    /// How many units; empty takes the county's own length away.
    pub length: String,
    /// How many units until the house's own target; may be empty.
    pub internal: String,
    /// The text that sets it.
    pub source: String,
}

impl TypedRule {
    /// What counts, as it would be typed.
    pub fn of(counting: &Counting) -> Self {
        match &counting.own {
            None => Self::default(),
            Some(own) => Self {
                length: own.period.n.to_string(),
                internal: own.internal.map(|target| target.n.to_string()).unwrap_or_default(),
                source: own.source.clone(),
            },
        }
    }

    fn read(&self, rule: &Rule) -> Result<Option<(Period, Option<Period>, String)>, Refusal> {
        if self.length.trim().is_empty() && self.internal.trim().is_empty() {
            return Ok(None);
        }
        let mut reader = Reader::default();
        let unit = rule.count.period().unit;
        let most = if unit == Unit::Hour { 720 } else { 366 };
        if self.length.trim().is_empty() {
            reader.fault("length", "required");
        }
        let n = reader.number("length", &self.length, (1, most)).unwrap_or(1);
        let target = reader.number("internal", &self.internal, (1, n.max(1)));
        let source = reader.required("source", &self.source, 200);
        let period = |n: i32| Period { n: u16::try_from(n).unwrap_or(1), ..rule.count.period() };
        reader.finish(Some((period(n), target.map(period), source)))
    }
}

/// Sets a county's own length of a deadline, or takes it away; deadlines that run keep theirs.
///
/// # Errors
/// `access.denied`, `form.invalid`, `not_found` for no such code, `action.not_allowed` where the law sets it or nothing
/// counts by it,
/// `state.changed` where somebody else has set it meanwhile.
pub async fn set_rule(
    app: &App,
    visitor: &Visitor,
    code: &str,
    version: i64,
    typed: &TypedRule,
) -> Result<(), Stop> {
    let by = By::whole_county(visitor, Noun::Setting)?;
    let rule = rule(code).ok_or_else(Refusal::absent)?;
    let read = typed.read(rule)?;
    let used = is_used(&app.flows.all(by.county), rule);
    let work = move |tx: &mut Tx<'_>| {
        let there = deadline::own_rule(tx, by.county, rule.code)?;
        if there.as_ref().map_or(0, |own| own.version) != version {
            return Err(Refusal::new("state.changed").into());
        }
        if !rule.settable() || (!used && there.is_none()) {
            return Err(Refusal::new("action.not_allowed").into());
        }
        match read.clone() {
            None => deadline::remove_rule(tx, by.county, rule.code)?,
            Some((period, internal, source)) => deadline::set_rule(
                tx,
                &OwnRule {
                    county_id: by.county,
                    code: rule.code.to_owned(),
                    period,
                    internal,
                    source,
                    created_ms: tx.now.millis(),
                    version: version + 1,
                },
            )?,
        }
        let length = read.as_ref().map(|read| period_text(read.0));
        tx.record(Entry {
            county: by.county,
            account: by.account,
            event: Event::DeadlineRuleSaved,
            reason: Reason::Person,
            subject: Some((NOUN, by.county.bytes())),
            details: serde_json::json!({ "code": rule.code, "length": length }),
        })
    };
    app.db.write(In::County(by.county), work).await
}
