//! Which county and place a command means by a division code.

use std::collections::HashMap;

use falin_domain::refusal::Refusal;
use falin_domain::words::{CountyId, DivisionId};
use falin_store::{In, Tx, county, division};

use crate::{App, Stop};

/// The county of a division code, and the division where it is narrower than the county. Without a code: the only
/// county there is. The first command of an empty installation names its county, which is made then.
///
/// # Errors
/// `county.unknown` where the code is nowhere, or is missing while there are several counties.
pub async fn placed(app: &App, code: Option<&str>) -> Result<(CountyId, Option<DivisionId>), Stop> {
    let all = crate::county::all(app).await?;
    let code = match (code, all.as_slice()) {
        (None, [only]) => return Ok((only.id, None)),
        (None, _) => return Err(Refusal::new("county.unknown").into()),
        (Some(code), []) => return Ok((crate::county::by_code_or_make(app, code, code).await?, None)),
        (Some(code), _) => code.to_owned(),
    };
    let work = move |tx: &mut Tx<'_>| {
        if let Some(county) = county::by_code(tx, &code)? {
            return Ok(Some((county.id, None)));
        }
        for county in &all {
            if let Some(found) = division::by_code(tx, county.id, &code)? {
                return Ok(Some((county.id, Some(found.id))));
            }
        }
        Ok(None)
    };
    app.db.read(In::All, work).await?.ok_or_else(|| Refusal::new("county.unknown").into())
}

/// A division that a role may be held for, as a list to choose from shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlaceName {
    /// Id.
    pub id: DivisionId,
    /// Code, where it has one.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Levels below the county's own, for indenting: 0 for the top.
    pub depth: usize,
}

/// The county's standing divisions in order of code, those above first.
///
/// # Errors
/// The store's own.
pub async fn place_names(app: &App, county: CountyId) -> Result<Vec<PlaceName>, Stop> {
    let all = app.db.read(In::County(county), move |tx| division::all(tx, county)).await?;
    let parents: HashMap<DivisionId, Option<DivisionId>> = all.iter().map(|d| (d.id, d.parent_id)).collect();
    let depth = |id: DivisionId| {
        let above = std::iter::successors(Some(id), |at| parents.get(at).copied().flatten());
        above.take(10).count() - 1
    };
    let standing = all.iter().filter(|division| division.valid_to.is_none());
    let mut names: Vec<PlaceName> = standing
        .map(|d| PlaceName { id: d.id, code: d.code.clone(), name: d.name.clone(), depth: depth(d.id) })
        .collect();
    names.sort_by(|a, b| (a.code.is_none(), &a.code, &a.name).cmp(&(b.code.is_none(), &b.code, &b.name)));
    Ok(names)
}
