//! What is only stored, opened by whoever may, with a reason that the journal keeps before anything is shown.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::Refusal;
use falin_domain::restriction::OpenReason;
use falin_domain::words::RestrictionId;
use falin_domain::workflow::{Flow, Values};
use falin_store::casefile::Case;
use falin_store::casefile_people::{Party, parties};
use falin_store::household::{self, Clear, Household};
use falin_store::journal::Entry;
use falin_store::member;
use falin_store::restriction::{self, Restriction};
use falin_store::{In, Tx, attachment};
use serde_json::json;
use std::sync::Arc;

use crate::{App, Stop};

/// Everything that is stored of a household, in clear. No Debug.
#[derive(Clone)]
pub struct Opened {
    /// The household.
    pub household: Clear,
    /// Its members.
    pub members: Vec<member::Clear>,
    /// Its cases, oldest first.
    pub cases: Vec<OpenedCase>,
}

/// A case that is only stored.
#[derive(Clone)]
pub struct OpenedCase {
    /// Its number.
    pub number: String,
    /// Its flow, which names its fields.
    pub flow: Arc<Flow>,
    /// Its values.
    pub values: Values,
    /// Its people.
    pub parties: Vec<Party>,
    /// Names of its files; their bodies stay closed.
    pub files: Vec<String>,
}

/// Opens what is stored, after the journal has kept who asked and why.
///
/// # Errors
/// `access.denied`, `not_found`; `action.not_allowed` where nothing is stored apart: it was refused, taken back or
/// destroyed, or not restricted yet.
pub async fn open(app: &App, visitor: &Visitor, id: RestrictionId, why: OpenReason) -> Result<Opened, Stop> {
    let county = visitor.whole_scope(Act::Read, Noun::Restriction)?.county;
    let (account, flows) = (visitor.account, app.flows.clone());
    let work = move |tx: &mut Tx<'_>| {
        let row = Restriction::by_id(tx, county, id)?;
        if !row.state.holds() {
            return Err(Refusal::new("action.not_allowed").into());
        }
        let home = Household::by_id(tx, county, row.household_id)?;
        let household = household::open(tx, &home)?;
        let mut members = Vec::new();
        for one in member::of(tx, county, home.id)? {
            members.push(member::open(tx, &one)?);
        }
        let mut cases = Vec::new();
        for stored in restriction::cases(tx, county, home.id)? {
            let case = Case::by_id(tx, county, stored.id)?;
            let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
            let files = attachment::of(tx, county, case.id)?;
            cases.push(OpenedCase {
                values: case.document(tx)?,
                parties: parties(tx, county, case.id)?,
                files: files.iter().map(|file| file.name(tx)).collect::<Result<_, _>>()?,
                number: case.number,
                flow,
            });
        }
        tx.record(Entry {
            county,
            account,
            event: Event::HouseholdRevealed,
            reason: if account.is_some() { Reason::Person } else { Reason::Operator },
            subject: Some((household::NOUN, home.id.bytes())),
            details: json!({ "restriction": row.id, "for": why.code() }),
        })?;
        Ok(Opened { household, members, cases })
    };
    app.db.write(In::County(county), work).await
}
