//! What is only stored, opened by whoever may, with a reason that the journal keeps before anything is shown.

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::page::{MOST, Window};
use falin_domain::refusal::Refusal;
use falin_domain::restriction::OpenReason;
use falin_domain::time::Date;
use falin_domain::words::{HouseholdId, RestrictionId};
use falin_domain::workflow::{Flow, Values};
use falin_store::casefile::Case;
use falin_store::casefile_people::{Party, parties};
use falin_store::household::{self, Clear, Household};
use falin_store::journal::Entry;
use falin_store::member;
use falin_store::restriction::{self, Restriction};
use falin_store::{Fault, In, Tx, attachment, paper, service_log, visit};
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
    /// What was written down of visits and services, by day.
    pub notes: Vec<(Date, String)>,
}

/// A file that is taken along: of a case, or one of its papers.
#[derive(Clone)]
pub struct Taken {
    /// Folder and name.
    pub name: String,
    /// What stands in it.
    pub bytes: Vec<u8>,
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
    /// Names of its files; their bodies are in what is taken along.
    pub files: Vec<String>,
}

/// Opens what is stored, after the journal has kept who asked and why.
///
/// # Errors
/// `access.denied`, `not_found`; `action.not_allowed` where nothing is stored apart: it was refused, taken back or
/// destroyed, or not restricted yet.
pub async fn open(app: &App, visitor: &Visitor, id: RestrictionId, why: OpenReason) -> Result<Opened, Stop> {
    journalled(app, visitor, (id, why), false).await
}

/// The same with the files and papers of its cases, for whoever may demand them by law.
///
/// # Errors
/// As [`open`].
pub async fn take(
    app: &App,
    visitor: &Visitor,
    id: RestrictionId,
    why: OpenReason,
) -> Result<(Opened, Vec<Taken>), Stop> {
    let opened = journalled(app, visitor, (id, why), true).await?;
    let county = visitor.county;
    // Nobody who writes waits for the files to be read.
    let work = move |tx: &mut Tx<'_>| {
        let home = Restriction::by_id(tx, county, id)?.household_id;
        let mut taken = Vec::new();
        for stored in restriction::cases(tx, county, home)? {
            let case = Case::by_id(tx, county, stored.id)?;
            bodies(tx, &case, &mut taken)?;
        }
        Ok(taken)
    };
    Ok((opened, app.db.read(In::County(county), work).await?))
}

/// One archive of all of it, in this order.
///
/// # Errors
/// A fault where it cannot be written.
pub fn packed(all: &[Taken]) -> Result<Vec<u8>, Stop> {
    let parts = all.iter().map(|one| (one.name.as_str(), one.bytes.as_slice()));
    crate::docx::packed(parts).map_err(|bad| Fault::new("archive", bad.to_string()).into())
}

async fn journalled(
    app: &App,
    visitor: &Visitor,
    (id, why): (RestrictionId, OpenReason),
    with_files: bool,
) -> Result<Opened, Stop> {
    let scope = visitor.whole_scope(Act::Read, Noun::Restriction)?;
    let county = scope.county;
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
        let notes = notes(tx, &scope, home.id)?;
        tx.record(Entry {
            county,
            account,
            event: Event::HouseholdRevealed,
            reason: if account.is_some() { Reason::Person } else { Reason::Operator },
            subject: Some((household::NOUN, home.id.bytes())),
            details: json!({ "restriction": row.id, "for": why.code(), "files": with_files }),
        })?;
        Ok(Opened { household, members, cases, notes })
    };
    app.db.write(In::County(county), work).await
}

/// The files of a case and the latest version of its papers, in a folder of its number.
fn bodies(tx: &mut Tx<'_>, case: &Case, taken: &mut Vec<Taken>) -> Result<(), Stop> {
    let county = case.county_id;
    let mut put = |name: &str, bytes: Vec<u8>| {
        // Two files of one name stay two.
        let name = format!("{}/{:02} {}", plain(&case.number), taken.len() + 1, plain(name));
        taken.push(Taken { name, bytes });
    };
    for paper in paper::of_case(tx, county, case.id.cast())? {
        if let Some(version) = paper::versions(tx, county, paper.id)?.into_iter().max_by_key(|one| one.n) {
            put(&format!("{}.docx", paper.number), version.docx(tx)?);
        }
    }
    for file in attachment::of(tx, county, case.id)? {
        put(&file.name(tx)?, file.body(tx)?);
    }
    Ok(())
}

/// A name that is no path.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { '_' } else { c }).collect()
}

/// What lawyers and advisers have written down about a household.
fn notes(tx: &mut Tx<'_>, scope: &Scope, home: HouseholdId) -> Result<Vec<(Date, String)>, Stop> {
    let mut all = Vec::new();
    let of_home = service_log::Filter { household: Some(home), ..Default::default() };
    for log in service_log::all(tx, scope, &of_home)? {
        all.push((log.day, service_log::note(tx, &log)?));
    }
    let of_home = visit::Filter { household: Some(home), ..Default::default() };
    let mut window = Window { limit: MOST, after: None };
    loop {
        let page = visit::page(tx, scope, &of_home, &window)?;
        for one in &page.items {
            let (found, follow_up) = visit::texts(tx, one)?;
            all.extend([found, follow_up].map(|text| (one.planned_on, text)));
        }
        match page.next {
            Some(next) => window.after = Some(next),
            None => break,
        }
    }
    all.retain(|(_, text)| !text.is_empty());
    all.sort_by_key(|(day, _)| *day);
    Ok(all)
}
