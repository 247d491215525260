//! Whether the pairings of today keep the rules by which plans are made.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::pairing::check::{Violation, verify};
use falin_domain::pairing::span::ProviderRef;
use falin_domain::words::HouseholdId;
use falin_store::db::In;
use falin_store::{Stop, Tx};
use serde::Serialize;

use super::naming::Names;
use super::place_of;
use super::question::{About, Question, read};
use crate::App;

/// What a check found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Due households that have somebody.
    pub paired: u32,
    /// Due households that have nobody.
    pub unpaired: u32,
    /// Rules that today's pairings break.
    pub broken: Vec<Broken>,
    /// What the ids are called.
    pub names: Names,
}

/// A rule that a pairing breaks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Broken {
    /// `provider.inactive`, `provider.kind`, `provider.conflict` or `provider.capacity`.
    pub code: &'static str,
    /// Whom the household has.
    pub provider: Option<ProviderRef>,
    /// Which household; None for a provider's load.
    pub household: Option<HouseholdId>,
    /// Households of a provider that has too many.
    pub load: Option<u64>,
    /// Most households of that provider.
    pub capacity: Option<u32>,
}

/// Checks the current pairings of a place, or of all that the visitor may see.
///
/// # Errors
/// `access.denied`; `division.unknown`.
pub async fn check(app: &App, visitor: &Visitor, place: Option<&str>) -> Result<Checked, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Plan)?;
    let (county, day, place) = (visitor.county, app.today(), place.map(str::to_owned));
    let look = move |tx: &mut Tx<'_>| {
        let place = place_of(tx, &scope, place.as_deref())?;
        let question = read(tx, county, About::Place(place), day)?;
        let paired = question.today.iter().flatten().count() as u32;
        let broken = verify(&question.input, &question.today);
        Ok(Checked {
            paired,
            unpaired: question.dues.len() as u32 - paired,
            broken: broken.iter().map(|one| tell(&question, one)).collect(),
            names: Names::read(tx, county)?,
        })
    };
    app.db.read(In::County(county), look).await
}

fn tell(question: &Question, broken: &Violation) -> Broken {
    let of = |code, household: u32, provider: Option<u32>| Broken {
        code,
        provider: provider.map(|at| question.providers[at as usize].who),
        household: Some(question.dues[household as usize].household),
        load: None,
        capacity: None,
    };
    match *broken {
        // Today's assignment has one entry a household and names only providers that were read.
        Violation::Length => {
            Broken { code: "provider.unknown", provider: None, household: None, load: None, capacity: None }
        }
        Violation::Unknown { household } => of("provider.unknown", household, None),
        Violation::Inactive { household, provider } => of("provider.inactive", household, Some(provider)),
        Violation::Kind { household, provider } => of("provider.kind", household, Some(provider)),
        Violation::Conflict { household, provider } => of("provider.conflict", household, Some(provider)),
        Violation::Capacity { provider, load, capacity } => Broken {
            code: "provider.capacity",
            provider: Some(question.providers[provider as usize].who),
            household: None,
            load: Some(load),
            capacity: Some(capacity),
        },
    }
}
