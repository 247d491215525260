//! What a county sets for itself: who may be provider, default capacity, consent.

mod lines;
mod retention;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::directory::{HouseholdKind, ProviderKind};
use falin_domain::journal::Event;
use falin_domain::mediation::Tariff;
use falin_domain::refusal::Refusal;
use falin_domain::restriction::Retention;
use falin_domain::statistics::scorecard::Lines;
use falin_domain::time::Date;
use falin_domain::words::CountyId;
use falin_domain::workflow::fen_of;
use falin_store::county::{self, County};
use falin_store::{In, Tx};
use serde::{Deserialize, Serialize};

pub use lines::{TypedLines, save_lines};
pub use retention::{TypedRetention, save_retention};

use crate::trace::By;
use crate::typed::Reader;
use crate::{App, Fault, Stop};

/// The noun in write generations: the county's name stands on public pages.
pub const NOUN: &str = "county";
/// Most households that a capacity may name.
pub(crate) const MOST_HOUSEHOLDS: i32 = 100_000;

/// Who drafts a decision neither checks nor issues it, where a county has said nothing.
const USUAL_HANDS: u8 = 2;

/// Longest that a question may wait for its first adviser, in working hours: ten days of seven.
const MOST_FALLBACK_HOURS: i32 = 70;

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
    /// What counts as hardship in legal aid, fen a person a month; None: the centre looks at each statement.
    pub aid_income_limit: Option<i64>,
    /// The rule that the limit comes from.
    pub aid_limit_source: String,
    /// Through how many hands a legal-aid decision passes: 1 one person may draft, check and issue; 2 who drafts does
    /// neither check nor issue; 3 and who checks does not issue.
    pub aid_hands: u8,
    /// What is paid for a mediated case.
    pub tariff: Tariff,
    /// Working hours after which an unanswered question goes to somebody else.
    pub fallback_hours: i64,
    /// Names, telephone and neighbours as papers print them.
    pub office: OfficeNames,
    /// The lines of the villages' scorecard.
    pub scorecard: Lines,
    /// For how many years records are kept after a case or a household's stay is over.
    pub retention: Retention,
}

/// What an office prints on its papers; what is empty follows from the county's name, or stays blank.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OfficeNames {
    /// What stands for the office in numbers.
    pub abbreviation: String,
    /// 法律援助中心.
    pub center: String,
    /// 司法局.
    pub bureau: String,
    /// 公共法律服务中心.
    pub service: String,
    /// The people's mediation committee that signs where the case names none.
    pub committee: String,
    /// Telephone.
    pub phone: String,
    /// Who answers there.
    pub contact: String,
    /// 本级人民政府, where a decision of the bureau can be taken.
    pub government: String,
    /// 上一级司法行政部门.
    pub upper_bureau: String,
    /// 管辖法院.
    pub court: String,
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
            aid_income_limit: None,
            aid_limit_source: String::new(),
            aid_hands: USUAL_HANDS,
            tariff: Tariff::default(),
            fallback_hours: crate::consultation::FALLBACK_HOURS,
            office: OfficeNames::default(),
            scorecard: Lines::default(),
            retention: Retention::default(),
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
    /// Working hours; empty for the usual.
    pub fallback: String,
}

impl Typed {
    /// What is set, as it would be typed.
    pub fn of(set: &CountySettings) -> Self {
        Self {
            rural: set.rural.code().to_owned(),
            urban: set.urban.code().to_owned(),
            capacity: set.capacity.map(|n| n.to_string()).unwrap_or_default(),
            consent: if set.consent { "on" } else { "off" }.to_owned(),
            fallback: set.fallback_hours.to_string(),
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
            fallback_hours: reader
                .number("fallback", &self.fallback, (1, MOST_FALLBACK_HOURS))
                .map_or(usual.fallback_hours, i64::from),
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
        set.aid_income_limit = before.aid_income_limit;
        set.aid_limit_source.clone_from(&before.aid_limit_source);
        set.aid_hands = before.aid_hands;
        set.tariff = before.tariff.clone();
        set.office = before.office.clone();
        set.scorecard = before.scorecard.clone();
        set.retention = before.retention;
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

/// What was typed into the form of casework: the limit of hardship, the hands of a decision and the tariff of mediation, in 元.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedCasework {
    /// 元 a person a month; empty for none.
    pub limit: String,
    /// The rule that it comes from.
    pub source: String,
    /// Hands of a legal-aid decision, 1 to 3; empty for the usual two.
    pub hands: String,
    /// 简易, 元.
    pub simple: String,
    /// 一般, 元.
    pub ordinary: String,
    /// 疑难复杂, 元.
    pub hard: String,
    /// 重大, 元.
    pub major: String,
    /// An oral agreement, 元.
    pub oral: String,
    /// Share without agreement, per cent.
    pub failed: String,
    /// The decision that the tariff rests on.
    pub tariff: String,
}

impl TypedCasework {
    /// What is set, as it would be typed.
    pub fn of(set: &CountySettings) -> Self {
        let yuan = |fen: i64| {
            if fen % 100 == 0 { (fen / 100).to_string() } else { format!("{}.{:02}", fen / 100, fen % 100) }
        };
        let tariff = &set.tariff;
        Self {
            limit: set.aid_income_limit.map(yuan).unwrap_or_default(),
            source: set.aid_limit_source.clone(),
            hands: set.aid_hands.to_string(),
            simple: yuan(tariff.simple),
            ordinary: yuan(tariff.ordinary),
            hard: yuan(tariff.hard),
            major: yuan(tariff.major),
            oral: yuan(tariff.oral),
            failed: tariff.failed_percent.to_string(),
            tariff: tariff.source.clone(),
        }
    }

    fn read(&self) -> Result<(Option<i64>, String, u8, Tariff), Refusal> {
        let mut reader = Reader::default();
        let yuan = |text: &str| fen_of(text).ok_or(());
        let limit = reader.maybe("limit", &self.limit, "not_a_number", yuan);
        let source = reader.text("source", &self.source, 300);
        let hands = reader.number("hands", &self.hands, (1, 3)).unwrap_or(i32::from(USUAL_HANDS)) as u8;
        let mut sum = |name: &str, text: &str| reader.maybe(name, text, "not_a_number", yuan).unwrap_or(0);
        let (simple, ordinary) = (sum("simple", &self.simple), sum("ordinary", &self.ordinary));
        let (hard, major) = (sum("hard", &self.hard), sum("major", &self.major));
        let oral = sum("oral", &self.oral);
        let failed_percent = reader.number("failed", &self.failed, (0, 100)).unwrap_or(0) as u8;
        let tariff = reader.text("tariff", &self.tariff, 300);
        let tariff = Tariff { simple, ordinary, hard, major, oral, failed_percent, source: tariff };
        reader.finish((limit, source, hands, tariff))
    }
}

/// Saves limit, hands and tariff if the county is still at `version`.
///
/// # Errors
/// As [`save`].
pub async fn save_casework(
    app: &App,
    visitor: &Visitor,
    version: i64,
    typed: &TypedCasework,
) -> Result<(County, CountySettings), Stop> {
    let by = By::whole_county(visitor, Noun::Setting)?;
    let (limit, source, hands, tariff) = typed.read()?;
    changed(app, by, version, move |set| {
        (set.aid_income_limit, set.aid_limit_source, set.tariff) = (limit, source.clone(), tariff.clone());
        set.aid_hands = hands;
    })
    .await
}

/// Changes settings of a county that is still at `version`.
async fn changed(
    app: &App,
    by: By,
    version: i64,
    change: impl Fn(&mut CountySettings) + Clone + Send + 'static,
) -> Result<(County, CountySettings), Stop> {
    changed_then(app, by, version, change, |_| Ok(())).await
}

/// The same, with what follows from it in the same transaction.
async fn changed_then(
    app: &App,
    by: By,
    version: i64,
    change: impl Fn(&mut CountySettings) + Clone + Send + 'static,
    then: impl Fn(&mut Tx<'_>) -> Result<(), Stop> + Clone + Send + 'static,
) -> Result<(County, CountySettings), Stop> {
    let work = move |tx: &mut Tx<'_>| {
        let (mut county, mut set) = read(tx, by.county)?;
        change(&mut set);
        county.version = version;
        county.settings = serde_json::to_string(&set).map_err(|e| Fault::new("settings", e.to_string()))?;
        if !county::save(tx, &county)? {
            return Err(Refusal::new("state.changed").into());
        }
        county.version += 1;
        let details = serde_json::json!({ "version": county.version });
        by.saved(tx, Event::CountyChanged, (NOUN, by.county), details)?;
        then(tx)?;
        Ok((county, set))
    };
    app.db.write(In::County(by.county), work).await
}

impl OfficeNames {
    fn read(&self) -> Result<Self, Refusal> {
        let mut reader = Reader::default();
        let mut name = |name: &str, text: &str| reader.text(name, text, 60);
        let names = Self {
            center: name("center", &self.center),
            bureau: name("bureau", &self.bureau),
            service: name("service", &self.service),
            committee: name("committee", &self.committee),
            contact: name("contact", &self.contact),
            government: name("government", &self.government),
            upper_bureau: name("upper_bureau", &self.upper_bureau),
            court: name("court", &self.court),
            abbreviation: reader.text("abbreviation", &self.abbreviation, 8),
            phone: reader.text("phone", &self.phone, 30),
        };
        reader.finish(names)
    }
}

/// Saves the names on papers if the county is still at `version`.
///
/// # Errors
/// As [`save`].
pub async fn save_office(
    app: &App,
    visitor: &Visitor,
    version: i64,
    typed: &OfficeNames,
) -> Result<(County, CountySettings), Stop> {
    let by = By::whole_county(visitor, Noun::Setting)?;
    let office = typed.read()?;
    changed(app, by, version, move |set| set.office = office.clone()).await
}
