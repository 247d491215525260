//! The county's divisions: found by id or code, listed, shown as a tree, added and changed.

use std::collections::{HashMap, HashSet};

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::directory::DivisionLevel;
use falin_domain::journal::Event;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::roster::place_name;
use falin_domain::words::{CountyId, DivisionCode, DivisionId, PersonName, sort_key};
use falin_store::worker::Worker;
use falin_store::{In, Tx, adviser, division, room, tally};
use serde::{Deserialize, Serialize};

pub use falin_store::division::Division;

use crate::trace::By;
use crate::typed::Reader;
use crate::{App, Stop, search};

/// Longest name of a place, a house or a room, in characters.
pub(crate) const LONGEST_NAME: usize = 100;
/// Most divisions that a search by name gives.
const MOST_FOUND: i64 = 500;

/// Which divisions a list shows.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// Id or code of the division right above; None for all of the county.
    pub parent: Option<String>,
    /// Only of this level.
    pub level: Option<DivisionLevel>,
    /// Name or pinyin.
    pub q: String,
}

/// The standing division that an id or a code names; None where there is none in this county.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Tx<'_>, county: CountyId, text: &str) -> Result<Option<Division>, Stop> {
    let text = text.trim();
    if let Ok(id) = text.parse::<DivisionId>() {
        let found = Division::by_ids(tx, county, &[id])?.remove(&id);
        return Ok(found.filter(|division| division.valid_to.is_none()));
    }
    match DivisionCode::parse(text) {
        Ok(code) => division::by_code(tx, county, code.as_str()),
        Err(_) => Ok(None),
    }
}

/// The one standing division of this name, with or without its committee; None where none or several have it.
///
/// # Errors
/// The store's own.
pub(crate) fn only_named(tx: &mut Tx<'_>, county: CountyId, text: &str) -> Result<Option<Division>, Stop> {
    let wanted = place_name(text);
    let mut same = division::all(tx, county)?.into_iter().filter(|place| place_name(&place.name) == wanted);
    let first = same.next();
    Ok(if same.next().is_none() { first } else { None })
}

/// The division that an optional filter names.
///
/// # Errors
/// `division.unknown` where it names none.
pub(crate) fn find_filter(
    tx: &mut Tx<'_>,
    county: CountyId,
    text: Option<&str>,
) -> Result<Option<Division>, Stop> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    match find(tx, county, text)? {
        Some(found) => Ok(Some(found)),
        None => Err(Refusal::new("division.unknown").into()),
    }
}

/// Whether a place is one of the visitor's own or below one; `place` None is the whole county.
pub(crate) fn holds(tx: &mut Tx<'_>, scope: &Scope, place: Option<DivisionId>) -> Result<bool, Stop> {
    Ok(held(tx, scope, &[place])?.contains(&place))
}

/// Those of these places that [`holds`] accepts.
pub(crate) fn held(
    tx: &mut Tx<'_>,
    scope: &Scope,
    places: &[Option<DivisionId>],
) -> Result<HashSet<Option<DivisionId>>, Stop> {
    let Some(own) = &scope.places else { return Ok(places.iter().copied().collect()) };
    let above =
        division::above_each(tx, scope.county, &places.iter().flatten().copied().collect::<Vec<_>>())?;
    let inside = above.into_iter().filter(|(_, line)| line.iter().any(|one| own.contains(one)));
    Ok(inside.map(|(place, _)| Some(place)).collect())
}

/// Refuses a write to a place outside the visitor's own; `place` None is the whole county.
///
/// # Errors
/// `access.denied`.
pub(crate) fn must_hold(tx: &mut Tx<'_>, scope: &Scope, place: Option<DivisionId>) -> Result<(), Stop> {
    if holds(tx, scope, place)? { Ok(()) } else { Err(Refusal::new("access.denied").into()) }
}

/// Each of these divisions with all above it, itself first.
pub(crate) fn lines(
    tx: &mut Tx<'_>,
    county: CountyId,
    ids: impl Iterator<Item = DivisionId>,
) -> Result<HashMap<DivisionId, Vec<Division>>, Stop> {
    let ids: std::collections::BTreeSet<DivisionId> = ids.collect();
    division::lines(tx, county, &ids.into_iter().collect::<Vec<_>>())
}

/// A page of divisions in order of code.
///
/// # Errors
/// `access.denied`, `division.unknown`, `search.digits`.
pub async fn list(
    app: &App,
    visitor: &Visitor,
    filter: Filter,
    window: Window,
) -> Result<Page<Division>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Division)?;
    app.db.read(In::County(scope.county), move |tx| page(tx, scope.county, &filter, &window)).await
}

pub(crate) fn page(
    tx: &mut Tx<'_>,
    county: CountyId,
    filter: &Filter,
    window: &Window,
) -> Result<Page<Division>, Stop> {
    let parent = find_filter(tx, county, filter.parent.as_deref())?;
    let mut rows = match search::wanted(&filter.q)? {
        Some(wanted) => division::search(tx, county, &wanted, MOST_FOUND)?,
        None if parent.is_some() => division::children(tx, county, parent.as_ref().map(|p| p.id))?,
        None => division::all(tx, county)?,
    };
    if let Some(parent) = &parent {
        rows.retain(|row| row.parent_id == Some(parent.id));
    }
    rows.retain(|row| filter.level.is_none_or(|level| row.level == level));
    Ok(Page::of_all(rows, window, mark))
}

/// A division's place in lists: its code, then its name for those without one.
pub(crate) fn mark(division: &Division) -> Mark {
    let code = division.code.as_deref().unwrap_or("~");
    Mark { key: format!("{code} {}", division.sort_key), id: division.id.uuid() }
}

/// The division and all above it, itself first.
///
/// # Errors
/// `access.denied`; `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: DivisionId) -> Result<Vec<Division>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Division)?;
    app.db.read(In::County(scope.county), move |tx| division::line(tx, scope.county, id)).await
}

/// A township with its villages, as the staff's tree shows it.
#[derive(Clone, Debug)]
pub struct Township {
    /// The township.
    pub division: Division,
    /// Its villages in order of code.
    pub villages: Vec<Village>,
}

/// A village in the tree.
#[derive(Clone, Debug)]
pub struct Village {
    /// The village.
    pub division: Division,
    /// Its present advisers.
    pub advisers: Vec<Worker>,
    /// Its grids.
    pub grids: u32,
    /// Its households; None where the visitor may not see them.
    pub households: Option<u32>,
}

/// All townships with their villages, advisers, grids and households.
///
/// # Errors
/// `access.denied`; the store's own.
pub async fn tree(app: &App, visitor: &Visitor) -> Result<Vec<Township>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Division)?;
    let households = visitor.scope(Act::Read, Noun::Household).ok().filter(|scope| !scope.only_mine);
    let work = move |tx: &mut Tx<'_>| {
        let county = scope.county;
        let counts = match &households {
            Some(scope) => Some(tally::households(tx, county, scope.places.as_deref())?),
            None => None,
        };
        let mut grids: HashMap<DivisionId, u32> = HashMap::new();
        for grid in room::grids(tx, county, None)? {
            *grids.entry(grid.division_id).or_default() += 1;
        }
        let mut advisers = present_advisers(tx, county)?;
        let all = division::all(tx, county)?;
        let mut townships: Vec<Township> = Vec::new();
        for division in all.iter().filter(|division| division.level == DivisionLevel::Township) {
            let below =
                all.iter().filter(|v| v.parent_id == Some(division.id) && v.level == DivisionLevel::Village);
            let villages = below.map(|village| Village {
                advisers: advisers.remove(&village.id).unwrap_or_default(),
                grids: grids.get(&village.id).copied().unwrap_or(0),
                households: counts.as_ref().map(|n| n.get(&village.id).copied().unwrap_or(0)),
                division: village.clone(),
            });
            townships.push(Township { villages: villages.collect(), division: division.clone() });
        }
        Ok(townships)
    };
    app.db.read(In::County(visitor.county), work).await
}

fn present_advisers(tx: &mut Tx<'_>, county: CountyId) -> Result<HashMap<DivisionId, Vec<Worker>>, Stop> {
    let today = tx.now.date();
    let posts = adviser::on(tx, county, today)?;
    let ids: Vec<_> = posts.iter().map(|post| post.worker_id).collect();
    let workers = Worker::by_ids(tx, county, &ids)?;
    let mut found: HashMap<DivisionId, Vec<Worker>> = HashMap::new();
    for post in posts {
        if let Some(worker) = workers.get(&post.worker_id) {
            found.entry(post.division_id).or_default().push(worker.clone());
        }
    }
    Ok(found)
}

/// What was typed into the form of a division.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Name.
    pub name: String,
    /// Code; may be empty.
    pub code: String,
    /// Level's code.
    pub level: String,
    /// Id or code of the division above; empty for the top. It does not change later.
    pub parent: String,
}

struct Fields {
    name: String,
    code: Option<String>,
    level: DivisionLevel,
}

impl Typed {
    /// A division as it would be typed.
    pub fn of(division: &Division) -> Self {
        Self {
            name: division.name.clone(),
            code: division.code.clone().unwrap_or_default(),
            level: division.level.code().to_owned(),
            parent: division.parent_id.map(|id| id.to_string()).unwrap_or_default(),
        }
    }

    fn read(&self) -> Result<Fields, Refusal> {
        let mut reader = Reader::default();
        let name = reader.required("name", &self.name, LONGEST_NAME);
        if !name.is_empty() && PersonName::parse(&name).is_err() {
            reader.fault("name", "name.invalid");
        }
        let code = reader.maybe("code", &self.code, "division.invalid", DivisionCode::parse);
        let code = code.map(|code| code.as_str().to_owned());
        let level = reader.choice("level", &self.level, DivisionLevel::from_code, DivisionLevel::Village);
        reader.finish(Fields { name, code, level })
    }
}

/// Adds a division below another.
///
/// # Errors
/// `access.denied`, `form.invalid`; a taken code is a fault at its field.
pub async fn add(app: &App, visitor: &Visitor, typed: &Typed) -> Result<Division, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Division)?;
    let (by, fields, parent) = (By::of(visitor), typed.read()?, typed.parent.clone());
    let work = move |tx: &mut Tx<'_>| {
        let above = match parent.trim() {
            "" => None,
            text => Some(find(tx, by.county, text)?.ok_or_else(|| Refusal::field("parent", "unknown"))?),
        };
        must_hold(tx, &scope, above.as_ref().map(|above| above.id))?;
        if above.as_ref().is_some_and(|above| above.level >= fields.level) {
            return Err(Refusal::field("level", "unknown").into());
        }
        let new = Division {
            county_id: by.county,
            id: tx.id(),
            parent_id: above.map(|above| above.id),
            code: fields.code.clone(),
            name: fields.name.clone(),
            level: fields.level,
            sort_key: sort_key(&fields.name),
            valid_from: Some(tx.now.date()),
            valid_to: None,
            successor_id: None,
            created_ms: tx.now.millis(),
            version: 1,
        };
        division::add(tx, &new)?;
        by.saved(tx, Event::DivisionSaved, (division::NOUN, new.id), serde_json::json!({ "version": 1 }))?;
        Ok(new)
    };
    app.db.write(In::County(by.county), work).await.map_err(taken)
}

/// Changes name and code of a division that is still at `version`; its place in the tree stays.
///
/// # Errors
/// `access.denied`, `form.invalid`, `not_found`, `state.changed`.
pub async fn change(
    app: &App,
    visitor: &Visitor,
    id: DivisionId,
    version: i64,
    typed: &Typed,
) -> Result<Division, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Division)?;
    let (by, fields) = (By::of(visitor), typed.read()?);
    let work = move |tx: &mut Tx<'_>| {
        let mut there = Division::by_id(tx, by.county, id)?;
        must_hold(tx, &scope, Some(id))?;
        there.version = version;
        there.name.clone_from(&fields.name);
        there.sort_key = sort_key(&fields.name);
        there.code.clone_from(&fields.code);
        division::change(tx, &mut there)?;
        let details = serde_json::json!({ "version": there.version });
        by.saved(tx, Event::DivisionSaved, (division::NOUN, id), details)?;
        Ok(there)
    };
    app.db.write(In::County(by.county), work).await.map_err(taken)
}

/// Ends a division today: it was merged or abolished. Its rows stay; `successor` says where its people went.
///
/// # Errors
/// `access.denied`, `not_found`, `state.changed`; `division.has_children` while others or households stand in it.
pub async fn end(
    app: &App,
    visitor: &Visitor,
    id: DivisionId,
    version: i64,
    successor: &str,
) -> Result<Division, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Division)?;
    let (by, successor) = (By::of(visitor), successor.trim().to_owned());
    let work = move |tx: &mut Tx<'_>| {
        let mut there = Division::by_id(tx, by.county, id)?;
        must_hold(tx, &scope, Some(id))?;
        let lived_in = tally::households(tx, by.county, Some(&[id]))?;
        if !division::children(tx, by.county, Some(id))?.is_empty() || !lived_in.is_empty() {
            return Err(Refusal::new("division.has_children").into());
        }
        there.version = version;
        there.successor_id = match successor.as_str() {
            "" => None,
            text => {
                Some(find(tx, by.county, text)?.ok_or_else(|| Refusal::field("successor", "unknown"))?.id)
            }
        };
        there.valid_to = Some(tx.now.date());
        there.save(tx)?;
        falin_store::gram::remove(tx, by.county, &id.bytes())?;
        let details = serde_json::json!({ "version": there.version, "ended": true });
        by.saved(tx, Event::DivisionSaved, (division::NOUN, id), details)?;
        Ok(there)
    };
    app.db.write(In::County(by.county), work).await
}

fn taken(stop: Stop) -> Stop {
    match stop {
        Stop::Rule(_) => Refusal::field("code", "taken").into(),
        other => other,
    }
}
