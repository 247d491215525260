//! The counties that this installation serves.

use falin_domain::access::Visitor;
use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::Refusal;
use falin_domain::words::{CountyId, DivisionId};
use falin_store::db::In;
use falin_store::journal::Entry;
use falin_store::{county, division};

pub use falin_store::county::County;

use crate::{App, Stop};

/// All counties by code.
///
/// # Errors
/// The store's own.
pub async fn all(app: &App) -> Result<Vec<County>, Stop> {
    app.db.read(In::All, county::all).await
}

/// The county with this code.
///
/// # Errors
/// `not_found` where this installation does not serve it.
pub async fn by_code(app: &App, code: &str) -> Result<County, Stop> {
    let code = code.to_owned();
    let found = app.db.read(In::All, move |tx| county::by_code(tx, &code)).await?;
    found.ok_or_else(|| Refusal::absent().into())
}

/// The county with this code, made where it is missing (`--place` of the first command names it).
///
/// # Errors
/// The store's own.
pub async fn by_code_or_make(app: &App, code: &str, name: &str) -> Result<CountyId, Stop> {
    let (code, name) = (code.to_owned(), name.to_owned());
    let work = move |tx: &mut falin_store::Tx<'_>| {
        if let Some(found) = county::by_code(tx, &code)? {
            return Ok(found.id);
        }
        let id = county::insert(tx, &code, &name)?;
        tx.record(Entry {
            county: id,
            account: None,
            event: Event::CountyCreated,
            reason: Reason::Operator,
            subject: None,
            details: serde_json::json!({ "code": code }),
        })?;
        Ok(id)
    };
    app.db.write(In::All, work).await
}

/// The county that a command means: the one with this code, or the only one there is.
///
/// # Errors
/// `county.unknown` where there is none with the code, or several and no code.
pub async fn chosen(app: &App, code: Option<&str>) -> Result<County, Stop> {
    let mut counties = all(app).await?;
    match code {
        Some(code) => counties.retain(|county| county.code == code),
        None if counties.len() > 1 => counties.clear(),
        None => {}
    }
    counties.pop().ok_or_else(|| Refusal::new("county.unknown").into())
}

/// Where a command of the operator acts (`--place CODE`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Placed {
    /// In a whole county: the one with this code, or the only one where no code was given.
    County(County),
    /// At a division of a county and below.
    Below(County, DivisionId),
    /// The code names nothing that this installation serves.
    Unknown,
    /// No code was given, and there is no county yet.
    Empty,
    /// No code was given, and there are several counties.
    Several,
}

impl Placed {
    /// The operator there; None where the place is not settled.
    pub fn visitor(&self) -> Option<Visitor> {
        match self {
            Self::County(county) => Some(Visitor::operator(county.id)),
            Self::Below(county, place) => {
                let mut visitor = Visitor::operator(county.id);
                visitor.posts.iter_mut().for_each(|post| post.place = Some(*place));
                Some(visitor)
            }
            Self::Unknown | Self::Empty | Self::Several => None,
        }
    }
}

/// What a place code, or none, means in this installation.
///
/// # Errors
/// The store's own.
pub async fn placed(app: &App, code: Option<&str>) -> Result<Placed, Stop> {
    let counties = all(app).await?;
    let Some(code) = code else {
        return Ok(match counties.len() {
            0 => Placed::Empty,
            1 => counties.into_iter().next().map_or(Placed::Empty, Placed::County),
            _ => Placed::Several,
        });
    };
    if let Some(county) = counties.iter().find(|county| county.code == code) {
        return Ok(Placed::County(county.clone()));
    }
    for county in counties {
        let (id, code) = (county.id, code.to_owned());
        let node = app.db.read(In::County(id), move |tx| division::by_code(tx, id, &code)).await?;
        if let Some(node) = node {
            return Ok(Placed::Below(county, node.id));
        }
    }
    Ok(Placed::Unknown)
}

/// Names a county that was made by its code alone, as a command with `--place` makes it before any list is there.
///
/// # Errors
/// The store's own.
pub async fn name_if_unnamed(app: &App, id: CountyId, name: &str) -> Result<(), Stop> {
    let name = name.to_owned();
    let work = move |tx: &mut falin_store::Tx<'_>| {
        let Some(mut row) = county::by_id(tx, id)? else { return Ok(()) };
        if row.name == row.code && name != row.name {
            row.name.clone_from(&name);
            county::save(tx, &row)?;
        }
        Ok(())
    };
    app.db.write(In::All, work).await
}
