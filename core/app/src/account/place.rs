//! Which county and place a command means by a division code.

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
