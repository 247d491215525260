//! Centres, stations and studios: listed, opened, changed, closed.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::directory::FacilityKind;
use falin_domain::journal::Event;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::words::{CountyId, DivisionId, FacilityId, sort_key};
use falin_store::division::{self, Division};
use falin_store::{In, Tx, facility};
use serde::{Deserialize, Serialize};

pub use falin_store::facility::Facility;

use crate::division::{LONGEST_NAME, find, find_filter, lines, must_hold};
use crate::trace::By;
use crate::typed::Reader;
use crate::{App, Stop};

/// Which facilities a list shows.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// Only this tier.
    pub kind: Option<FacilityKind>,
    /// Id or code of a division: what stands at or below it.
    pub place: Option<String>,
    /// Only open or only closed ones.
    pub active: Option<bool>,
}

/// A facility with the place where it stands.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The facility.
    pub facility: Facility,
    /// The place and all above it, itself first.
    pub line: Vec<Division>,
}

/// A page of facilities, centres first, then stations and studios by name.
///
/// # Errors
/// `access.denied`, `division.unknown`.
pub async fn list(
    app: &App,
    visitor: &Visitor,
    filter: Filter,
    window: Window,
) -> Result<Page<Placed>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Facility)?;
    app.db.read(In::County(scope.county), move |tx| page(tx, scope.county, &filter, &window)).await
}

pub(crate) fn page(
    tx: &mut Tx<'_>,
    county: CountyId,
    filter: &Filter,
    window: &Window,
) -> Result<Page<Placed>, Stop> {
    let page = Page::of_all(found(tx, county, filter)?, window, mark);
    let lines = lines(tx, county, page.items.iter().map(|row| row.division_id))?;
    Ok(page.map(|facility| Placed {
        line: lines.get(&facility.division_id).cloned().unwrap_or_default(),
        facility,
    }))
}

fn found(tx: &mut Tx<'_>, county: CountyId, filter: &Filter) -> Result<Vec<Facility>, Stop> {
    let place = find_filter(tx, county, filter.place.as_deref())?.map(|division| division.id);
    let mut rows = facility::list(tx, county, place, filter.active)?;
    rows.retain(|row| filter.kind.is_none_or(|kind| row.kind == kind));
    Ok(rows)
}

/// How many facilities the filter leaves.
///
/// # Errors
/// As [`list`].
pub async fn count(app: &App, visitor: &Visitor, filter: Filter) -> Result<u64, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Facility)?;
    let work = move |tx: &mut Tx<'_>| Ok(found(tx, scope.county, &filter)?.len() as u64);
    app.db.read(In::County(visitor.county), work).await
}

/// A facility's place in lists: tier, then pinyin of its name.
pub(crate) fn mark(facility: &Facility) -> Mark {
    let rank = FacilityKind::ALL.iter().position(|kind| *kind == facility.kind).unwrap_or(0);
    Mark { key: format!("{rank}{}", sort_key(&facility.name)), id: facility.id.uuid() }
}

/// One facility with its place.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: FacilityId) -> Result<Placed, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Facility)?;
    app.db.read(In::County(scope.county), move |tx| placed(tx, scope.county, id)).await
}

pub(crate) fn placed(tx: &mut Tx<'_>, county: CountyId, id: FacilityId) -> Result<Placed, Stop> {
    let facility = Facility::by_id(tx, county, id)?;
    let line = division::line(tx, county, facility.division_id)?;
    Ok(Placed { facility, line })
}

/// What was typed into the form of a facility.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Name.
    pub name: String,
    /// Tier's code.
    pub kind: String,
    /// Id or code of the division where it stands.
    pub place: String,
    /// Address.
    pub address: String,
    /// Public telephone.
    pub phone: String,
    /// Opening hours as people say them.
    pub hours: String,
    /// Ramp, floor, lift.
    pub access: String,
}

struct Fields {
    name: String,
    kind: FacilityKind,
    place: String,
    address: String,
    phone: String,
    hours: String,
    access: String,
}

impl Typed {
    /// A facility as it would be typed.
    pub fn of(placed: &Placed) -> Self {
        let there = &placed.facility;
        let code = placed.line.first().and_then(|division| division.code.clone());
        Self {
            name: there.name.clone(),
            kind: there.kind.code().to_owned(),
            place: code.unwrap_or_else(|| there.division_id.to_string()),
            address: there.address.clone(),
            phone: there.phone.clone(),
            hours: there.hours.clone(),
            access: there.access.clone(),
        }
    }

    fn read(&self) -> Result<Fields, Refusal> {
        let mut reader = Reader::default();
        let fields = Fields {
            name: reader.required("name", &self.name, LONGEST_NAME),
            kind: reader.choice("kind", &self.kind, FacilityKind::from_code, FacilityKind::Studio),
            place: reader.required("place", &self.place, 40),
            address: reader.text("address", &self.address, 200),
            phone: reader.phones("phone", &self.phone),
            hours: reader.text("hours", &self.hours, 200),
            access: reader.text("access", &self.access, 200),
        };
        reader.finish(fields)
    }
}

impl Fields {
    fn put(&self, division: DivisionId, there: &mut Facility) {
        there.name.clone_from(&self.name);
        there.kind = self.kind;
        there.division_id = division;
        there.address.clone_from(&self.address);
        there.phone.clone_from(&self.phone);
        there.hours.clone_from(&self.hours);
        there.access.clone_from(&self.access);
    }

    fn place(&self, tx: &mut Tx<'_>, county: CountyId) -> Result<DivisionId, Stop> {
        let found = find(tx, county, &self.place)?;
        Ok(found.ok_or_else(|| Refusal::field("place", "village.unknown"))?.id)
    }
}

/// Adds an open facility.
///
/// # Errors
/// `access.denied`, `form.invalid`.
pub async fn add(app: &App, visitor: &Visitor, typed: &Typed) -> Result<Placed, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Facility)?;
    let (by, fields) = (By::of(visitor), typed.read()?);
    let work = move |tx: &mut Tx<'_>| {
        let division = fields.place(tx, by.county)?;
        must_hold(tx, &scope, Some(division))?;
        let mut new = Facility {
            county_id: by.county,
            id: tx.id(),
            kind: fields.kind,
            name: String::new(),
            division_id: division,
            address: String::new(),
            phone: String::new(),
            hours: String::new(),
            access: String::new(),
            active: true,
            created_ms: tx.now.millis(),
            version: 1,
        };
        fields.put(division, &mut new);
        new.insert(tx)?;
        by.saved(tx, Event::FacilitySaved, (facility::NOUN, new.id), serde_json::json!({ "version": 1 }))?;
        placed(tx, by.county, new.id)
    };
    app.db.write(In::County(by.county), work).await
}

/// Changes a facility that is still at `version`.
///
/// # Errors
/// `access.denied`, `form.invalid`, `not_found`, `state.changed`.
pub async fn change(
    app: &App,
    visitor: &Visitor,
    id: FacilityId,
    version: i64,
    typed: &Typed,
) -> Result<Placed, Stop> {
    let fields = typed.read()?;
    save(app, visitor, id, version, move |tx, there| {
        let division = fields.place(tx, there.county_id)?;
        fields.put(division, there);
        Ok(())
    })
    .await
}

/// Closes a facility, or opens it again.
///
/// # Errors
/// `access.denied`, `not_found`, `state.changed`; `action.not_allowed` where it is so already.
pub async fn set_open(
    app: &App,
    visitor: &Visitor,
    id: FacilityId,
    version: i64,
    open: bool,
) -> Result<Placed, Stop> {
    save(app, visitor, id, version, move |_, there| {
        if there.active == open {
            return Err(Refusal::new("action.not_allowed").into());
        }
        there.active = open;
        Ok(())
    })
    .await
}

async fn save(
    app: &App,
    visitor: &Visitor,
    id: FacilityId,
    version: i64,
    edit: impl Fn(&mut Tx<'_>, &mut Facility) -> Result<(), Stop> + Send + 'static,
) -> Result<Placed, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Facility)?;
    let by = By::of(visitor);
    let work = move |tx: &mut Tx<'_>| {
        let mut there = Facility::by_id(tx, by.county, id)?;
        must_hold(tx, &scope, Some(there.division_id))?;
        if there.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        edit(tx, &mut there)?;
        must_hold(tx, &scope, Some(there.division_id))?;
        there.save(tx)?;
        let details = serde_json::json!({ "version": there.version, "open": there.active });
        by.saved(tx, Event::FacilitySaved, (facility::NOUN, id), details)?;
        placed(tx, by.county, id)
    };
    app.db.write(In::County(by.county), work).await
}
