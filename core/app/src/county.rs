//! The counties that this installation serves.

use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::Refusal;
use falin_domain::words::CountyId;
use falin_store::county;
use falin_store::db::In;
use falin_store::journal::Entry;

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
