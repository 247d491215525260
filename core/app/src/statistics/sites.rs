//! Villages that the county has declared sites (无讼村示范点): a place and the day since when, typed one a line, by name
//! or code. Places only: no person and no household is named.

use falin_domain::directory::DivisionLevel;
use falin_domain::paper::chinese_date;
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::roster::place_name;
use falin_domain::statistics::scorecard::NamedSite;
use falin_domain::time::Date;
use falin_domain::words::CountyId;
use falin_store::{Tx, division};

use crate::Stop;

/// The form's field.
const FIELD: &str = "sites";
/// Most sites of a county.
const MOST: usize = 500;

/// A line as it was typed: the place in words or by code, and the day.
#[derive(Clone, Debug)]
pub(crate) struct TypedSite {
    place: String,
    since: Date,
}

/// The lines of the form.
///
/// # Errors
/// `form.invalid` at `sites`: `date.invalid`, `date.future`, `too_long`.
pub(crate) fn read(text: &str, today: Date) -> Result<Vec<TypedSite>, Refusal> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > MOST {
        let fault = FieldError::new(FIELD, "too_long").with("max", MOST);
        return Err(Refusal::form(vec![fault]));
    }
    let one = |line: &&str| {
        let (place, day) = line
            .rsplit_once(|c: char| c.is_whitespace() || matches!(c, '，' | ','))
            .ok_or_else(|| Refusal::field(FIELD, "date.invalid"))?;
        let since = chinese_date(day).ok_or_else(|| Refusal::field(FIELD, "date.invalid"))?;
        if since > today {
            return Err(Refusal::field(FIELD, "date.future"));
        }
        let mark = |c: char| c.is_whitespace() || matches!(c, '，' | ',');
        Ok(TypedSite { place: place.trim_matches(mark).to_owned(), since })
    };
    lines.iter().map(one).collect()
}

/// The villages of the lines, each once, in the order of their codes.
///
/// # Errors
/// `form.invalid` at `sites` where a line names no village, or two have its name; the store's own.
pub(crate) fn resolved(
    tx: &mut Tx<'_>,
    county: CountyId,
    typed: &[TypedSite],
) -> Result<Vec<NamedSite>, Stop> {
    let all = division::all(tx, county)?;
    let above = |id| all.iter().find(|one| Some(one.id) == id).map_or("", |one| one.name.as_str());
    let villages: Vec<(&division::Division, String)> = all
        .iter()
        .filter(|one| one.level == DivisionLevel::Village && one.valid_to.is_none())
        .map(|one| (one, format!("{}{}", above(one.parent_id), place_name(&one.name))))
        .collect();
    let mut sites: Vec<NamedSite> = Vec::new();
    for line in typed {
        let plain: String = line.place.chars().filter(|c| !c.is_whitespace()).collect();
        let plain = place_name(&plain);
        let is = |(one, whole): &&(&division::Division, String)| {
            one.code.as_deref() == Some(&*plain) || place_name(&one.name) == plain || *whole == plain
        };
        let mut named = villages.iter().filter(is);
        let (Some((one, whole)), None) = (named.next(), named.next()) else {
            return Err(Refusal::field(FIELD, "unknown").into());
        };
        sites.retain(|site| site.place != one.id);
        sites.push(NamedSite { place: one.id, name: whole.clone(), since: line.since });
    }
    let code =
        |site: &NamedSite| all.iter().find(|one| one.id == site.place).and_then(|one| one.code.clone());
    sites.sort_by_key(code);
    Ok(sites)
}

/// The sites as they would be typed.
pub(crate) fn typed(sites: &[NamedSite]) -> String {
    let line = |site: &NamedSite| format!("{} {}", site.name, site.since);
    sites.iter().map(line).collect::<Vec<_>>().join("\n")
}
