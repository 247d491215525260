//! The county that a list of divisions is about, found from its codes alone.

use super::row::DivisionRow;
use crate::directory::DivisionLevel;
use crate::words::DivisionCode;

/// The deepest node, no lower than a county, at which or above or below which every row lies; None where there
/// is none.
///
/// Official lists carry pseudo-counties for statistics (620201, "统计用县级代码"; 市辖区): where such a node is all
/// that stands below its city, nobody governs it, and the city itself is meant.
pub fn seat(rows: &[DivisionRow]) -> Option<&DivisionRow> {
    let common = |node: &&DivisionRow| {
        rows.iter().all(|row| over(&node.code, &row.code) || over(&row.code, &node.code))
    };
    let counties = rows.iter().filter(|row| row.level <= DivisionLevel::County);
    let deepest = counties.filter(common).max_by_key(|row| (row.level, row.code.as_str()))?;
    let pseudo = deepest.level == DivisionLevel::County && deepest.code.as_str().ends_with("01");
    let city = deepest.code.parent().filter(|_| pseudo);
    let city = city.and_then(|code| rows.iter().find(|row| row.code == code));
    Some(city.unwrap_or(deepest))
}

/// True where `above` is `below` itself or lies above it.
fn over(above: &DivisionCode, below: &DivisionCode) -> bool {
    std::iter::successors(Some(below.clone()), DivisionCode::parent).any(|code| code == *above)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::row::Origin;
    use super::*;

    fn found(codes: &[(&str, DivisionLevel)]) -> Option<String> {
        let row = |(code, level): &(&str, DivisionLevel)| DivisionRow {
            origin: Origin { sheet: 0, row: 1 },
            code: DivisionCode::parse(code).unwrap(),
            name: (*code).to_owned(),
            level: *level,
        };
        let rows: Vec<DivisionRow> = codes.iter().map(row).collect();
        seat(&rows).map(|node| node.code.to_string())
    }

    #[test]
    fn the_county_is_what_all_rows_have_in_common() {
        use DivisionLevel::{City, County, Province, Township, Village};
        let city = [("620000", Province), ("620200", City), ("620201", County)];
        let town = [("620201100", Township), ("620201100201", Village), ("620201001", Township)];
        assert_eq!(found(&[&city[..], &town].concat()).as_deref(), Some("620200"));
        assert_eq!(found(&[&[city[0]][..], &[city[2]], &town].concat()).as_deref(), Some("620201"));
        let county = [("620721", County), ("620721100", Township), ("620700", City)];
        assert_eq!(found(&county).as_deref(), Some("620721"));
        assert_eq!(
            found(&[("620721", County), ("620722", County), ("620700", City)]).as_deref(),
            Some("620700")
        );
        assert_eq!(found(&[("441900003", Township), ("441900", City)]).as_deref(), Some("441900"));
        assert_eq!(found(&[("620721", County), ("620722", County)]), None);
        assert_eq!(found(&[("620201100", Township)]), None);
    }
}
