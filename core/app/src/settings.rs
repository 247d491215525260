//! What a county sets for itself: who may be provider, default capacity, consent.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::directory::{HouseholdKind, ProviderKind};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::CountyId;
use falin_store::county::{self, County};
use falin_store::{In, Tx};
use serde::{Deserialize, Serialize};

use crate::trace::By;
use crate::typed::Reader;
use crate::{App, Fault, Stop};

/// The noun in write generations: the county's name stands on public pages.
pub const NOUN: &str = "county";
/// Most households that a capacity may name.
pub(crate) const MOST_HOUSEHOLDS: i32 = 100_000;

/// A county's settings; what is not stored has its usual value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct CountySettings {
    /// Who may be provider of rural households.
    pub rural: ProviderKind,
    /// Who may be provider of urban households.
    pub urban: ProviderKind,
    /// Most households of a lawyer without an own figure; None: such a lawyer is given none.
    pub capacity: Option<i32>,
    /// Whether basic-level legal service workers, and their offices, are given households as lawyers are.
    pub legal_service_workers: bool,
    /// Whether a pairing waits for the yes of both sides.
    pub consent: bool,
    /// The day on which that was switched on: earlier pairings hold without.
    pub consent_since: Option<Date>,
}

impl Default for CountySettings {
    fn default() -> Self {
        Self {
            rural: HouseholdKind::Rural.usual_provider(),
            urban: HouseholdKind::Urban.usual_provider(),
            capacity: None,
            legal_service_workers: false,
            consent: false,
            consent_since: None,
        }
    }
}

impl CountySettings {
    /// Who may be provider of households of this kind.
    pub fn provider(&self, kind: HouseholdKind) -> ProviderKind {
        match kind {
            HouseholdKind::Rural => self.rural,
            HouseholdKind::Urban => self.urban,
        }
    }

    /// The settings of a county as stored.
    ///
    /// # Errors
    /// A fault where the row holds what this program never writes.
    pub fn of(county: &County) -> Result<Self, Stop> {
        serde_json::from_str(&county.settings).map_err(|e| Fault::new("settings", e.to_string()).into())
    }
}

/// What was typed into the form of the settings.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Code of a provider kind.
    pub rural: String,
    /// Code of a provider kind.
    pub urban: String,
    /// Households; may be empty.
    pub capacity: String,
    /// `on` or `off`.
    pub consent: String,
}

impl Typed {
    /// What is set, as it would be typed.
    pub fn of(set: &CountySettings) -> Self {
        Self {
            rural: set.rural.code().to_owned(),
            urban: set.urban.code().to_owned(),
            capacity: set.capacity.map(|n| n.to_string()).unwrap_or_default(),
            consent: if set.consent { "on" } else { "off" }.to_owned(),
        }
    }

    fn read(&self) -> Result<CountySettings, Refusal> {
        let mut reader = Reader::default();
        let usual = CountySettings::default();
        let on_off = |text: &str| match text {
            "on" => Some(true),
            "off" | "" => Some(false),
            _ => None,
        };
        let set = CountySettings {
            rural: reader.choice("rural", &self.rural, ProviderKind::from_code, usual.rural),
            urban: reader.choice("urban", &self.urban, ProviderKind::from_code, usual.urban),
            capacity: reader.number("capacity", &self.capacity, (0, MOST_HOUSEHOLDS)),
            consent: reader.choice("consent", &self.consent, on_off, false),
            ..usual
        };
        reader.finish(set)
    }
}

/// The county's row and settings, inside a transaction of another use case.
///
/// # Errors
/// The store's own; `county.unknown` where the county is gone.
pub fn read(tx: &mut Tx<'_>, id: CountyId) -> Result<(County, CountySettings), Stop> {
    let county = county::by_id(tx, id)?.ok_or_else(|| Refusal::new("county.unknown"))?;
    let set = CountySettings::of(&county)?;
    Ok((county, set))
}

/// The visitor's county and its settings.
///
/// # Errors
/// `access.denied`; the store's own.
pub async fn get(app: &App, visitor: &Visitor) -> Result<(County, CountySettings), Stop> {
    let scope = visitor.scope(Act::Read, Noun::Setting)?;
    app.db.read(In::County(scope.county), move |tx| read(tx, scope.county)).await
}

/// Saves the settings if the county is still at `version`.
///
/// # Errors
/// `access.denied`, `form.invalid`, `state.changed`.
pub async fn save(
    app: &App,
    visitor: &Visitor,
    version: i64,
    typed: &Typed,
) -> Result<(County, CountySettings), Stop> {
    let by = By::whole_county(visitor, Noun::Setting)?;
    let set = typed.read()?;
    let work = move |tx: &mut Tx<'_>| {
        let (mut county, before) = read(tx, by.county)?;
        let mut set = set.clone();
        set.legal_service_workers = before.legal_service_workers;
        set.consent_since = match (before.consent, set.consent) {
            (_, false) => None,
            (true, true) => before.consent_since,
            (false, true) => Some(tx.now.date()),
        };
        county.version = version;
        county.settings = serde_json::to_string(&set).map_err(|e| Fault::new("settings", e.to_string()))?;
        if !county::save(tx, &county)? {
            return Err(Refusal::new("state.changed").into());
        }
        county.version += 1;
        by.saved(
            tx,
            Event::CountyChanged,
            (NOUN, by.county),
            serde_json::json!({ "version": county.version }),
        )?;
        Ok((county, set))
    };
    app.db.write(In::County(by.county), work).await
}
