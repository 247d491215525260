//! Grids: the smallest patches of a village, with their keepers.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::directory::DivisionLevel;
use falin_domain::journal::Event;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::words::{CountyId, DivisionId, GridId, PersonName, WorkerId, sort_key};
use falin_store::division::{self, Division};
use falin_store::worker::Worker;
use falin_store::{In, Tx, room};
use serde::{Deserialize, Serialize};

pub use falin_store::room::Grid;

use crate::division::{LONGEST_NAME, find, find_filter, lines, must_hold};
use crate::trace::By;
use crate::typed::Reader;
use crate::{App, Stop};

/// The noun in the journal and in write generations.
pub const NOUN: &str = "grid";

/// A grid with its village and the legal worker beside its keeper.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The grid.
    pub grid: Grid,
    /// The village and all above it, itself first.
    pub line: Vec<Division>,
    /// The legal worker.
    pub worker: Option<Worker>,
}

/// A page of the grids at or below a division (id or code), or of all, in order of village and name.
///
/// # Errors
/// `access.denied`, `division.unknown`.
pub async fn list(
    app: &App,
    visitor: &Visitor,
    place: Option<String>,
    window: Window,
) -> Result<Page<Placed>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Division)?;
    let work = move |tx: &mut Tx<'_>| {
        let county = scope.county;
        let grids = found(tx, county, place.as_deref())?;
        let ids: Vec<DivisionId> = grids.iter().map(|grid| grid.division_id).collect();
        let villages = Division::by_ids(tx, county, &ids)?;
        let page = Page::of_all(grids, &window, |grid| {
            let village = villages.get(&grid.division_id).map(|v| crate::division::mark(v).key);
            let key = format!("{} {}", village.unwrap_or_default(), sort_key(&grid.name));
            Mark { key, id: grid.id.uuid() }
        });
        Ok(Page { items: place_all(tx, county, page.items)?, next: page.next })
    };
    app.db.read(In::County(visitor.county), work).await
}

/// How many grids stand at or below a division (id or code), or in all of the county.
///
/// # Errors
/// As [`list`].
pub async fn count(app: &App, visitor: &Visitor, place: Option<String>) -> Result<u64, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Division)?;
    let work = move |tx: &mut Tx<'_>| Ok(found(tx, scope.county, place.as_deref())?.len() as u64);
    app.db.read(In::County(visitor.county), work).await
}

fn found(tx: &mut Tx<'_>, county: CountyId, place: Option<&str>) -> Result<Vec<Grid>, Stop> {
    let mut grids = room::grids(tx, county, None)?;
    if let Some(place) = find_filter(tx, county, place)? {
        let below = division::below(tx, county, place.id)?;
        grids.retain(|grid| below.contains(&grid.division_id));
    }
    Ok(grids)
}

fn place_all(tx: &mut Tx<'_>, county: CountyId, grids: Vec<Grid>) -> Result<Vec<Placed>, Stop> {
    let ids: Vec<WorkerId> = grids.iter().filter_map(|grid| grid.worker_id).collect();
    let workers = Worker::by_ids(tx, county, &ids)?;
    let lines = lines(tx, county, grids.iter().map(|grid| grid.division_id))?;
    let placed = grids.into_iter().map(|grid| Placed {
        line: lines.get(&grid.division_id).cloned().unwrap_or_default(),
        worker: grid.worker_id.and_then(|id| workers.get(&id).cloned()),
        grid,
    });
    Ok(placed.collect())
}

/// One grid.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: GridId) -> Result<Placed, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Division)?;
    app.db.read(In::County(scope.county), move |tx| placed(tx, scope.county, id)).await
}

fn placed(tx: &mut Tx<'_>, county: CountyId, id: GridId) -> Result<Placed, Stop> {
    let grid = Grid::by_id(tx, county, id)?;
    place_all(tx, county, vec![grid])?.pop().ok_or_else(|| Refusal::absent().into())
}

/// What was typed into the form of a grid.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Name.
    pub name: String,
    /// Id or code of the village.
    pub village: String,
    /// The keeper's name; may be empty.
    pub keeper: String,
    /// Id of the legal worker beside them; may be empty.
    pub worker: String,
}

struct Fields {
    name: String,
    village: String,
    keeper: String,
    worker: Option<WorkerId>,
}

impl Typed {
    /// A grid as it would be typed.
    pub fn of(placed: &Placed) -> Self {
        let code = placed.line.first().and_then(|village| village.code.clone());
        Self {
            name: placed.grid.name.clone(),
            village: code.unwrap_or_else(|| placed.grid.division_id.to_string()),
            keeper: placed.grid.keeper.clone(),
            worker: placed.grid.worker_id.map(|id| id.to_string()).unwrap_or_default(),
        }
    }

    fn read(&self) -> Result<Fields, Refusal> {
        let mut reader = Reader::default();
        let keeper = reader.maybe("keeper", &self.keeper, "name.invalid", PersonName::parse);
        let fields = Fields {
            name: reader.required("name", &self.name, LONGEST_NAME),
            village: reader.required("village", &self.village, 40),
            keeper: keeper.map(|name| name.as_str().to_owned()).unwrap_or_default(),
            worker: reader.maybe("worker", &self.worker, "worker.unknown", str::parse),
        };
        reader.finish(fields)
    }
}

impl Fields {
    fn put(&self, tx: &mut Tx<'_>, grid: &mut Grid) -> Result<(), Stop> {
        let village = find(tx, grid.county_id, &self.village)?.filter(|v| v.level == DivisionLevel::Village);
        grid.division_id = village.ok_or_else(|| Refusal::field("village", "village.unknown"))?.id;
        if let Some(id) = self.worker
            && Worker::by_ids(tx, grid.county_id, &[id])?.is_empty()
        {
            return Err(Refusal::field("worker", "worker.unknown").into());
        }
        grid.worker_id = self.worker;
        grid.name.clone_from(&self.name);
        grid.keeper.clone_from(&self.keeper);
        Ok(())
    }
}

/// Adds a grid.
///
/// # Errors
/// `access.denied`, `form.invalid`; a name that the village has already is a fault at its field.
pub async fn add(app: &App, visitor: &Visitor, typed: &Typed) -> Result<Placed, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Division)?;
    let (by, fields) = (By::of(visitor), typed.read()?);
    let work = move |tx: &mut Tx<'_>| {
        let mut new = Grid {
            county_id: by.county,
            id: tx.id(),
            // Put in place two lines below: a grid without a village is refused.
            division_id: by.county.cast(),
            name: String::new(),
            keeper: String::new(),
            worker_id: None,
            created_ms: tx.now.millis(),
            version: 1,
        };
        fields.put(tx, &mut new)?;
        must_hold(tx, &scope, Some(new.division_id))?;
        new.insert(tx)?;
        by.saved(tx, Event::GridSaved, (NOUN, new.id), serde_json::json!({ "version": 1 }))?;
        placed(tx, by.county, new.id)
    };
    app.db.write(In::County(by.county), work).await.map_err(taken)
}

/// Changes a grid that is still at `version`.
///
/// # Errors
/// `access.denied`, `form.invalid`, `not_found`, `state.changed`.
pub async fn change(
    app: &App,
    visitor: &Visitor,
    id: GridId,
    version: i64,
    typed: &Typed,
) -> Result<Placed, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Division)?;
    let (by, fields) = (By::of(visitor), typed.read()?);
    let work = move |tx: &mut Tx<'_>| {
        let mut there = Grid::by_id(tx, by.county, id)?;
        must_hold(tx, &scope, Some(there.division_id))?;
        if there.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        fields.put(tx, &mut there)?;
        must_hold(tx, &scope, Some(there.division_id))?;
        there.save(tx)?;
        let details = serde_json::json!({ "version": there.version });
        by.saved(tx, Event::GridSaved, (NOUN, id), details)?;
        placed(tx, by.county, id)
    };
    app.db.write(In::County(by.county), work).await.map_err(taken)
}

fn taken(stop: Stop) -> Stop {
    match stop {
        Stop::Rule(_) => Refusal::field("name", "taken").into(),
        other => other,
    }
}
