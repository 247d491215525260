//! Households of a roster: found again by ID number, else by village, name and telephone.

use std::collections::{HashMap, HashSet};

use falin_domain::roster::{HouseholdRow, Row};
use falin_domain::words::{CountyId, DivisionId, HouseholdId, fold};
use falin_store::household::{self, Clear, Household};
use falin_store::{Tx, household_list};

use crate::Stop;

/// What a row makes of a household.
pub struct HouseholdChange {
    /// What it shall be.
    pub clear: Clear,
    /// The household that it changes; None for a new one.
    pub existing: Option<HouseholdId>,
}

/// The county's households, ready to be found again.
struct Known {
    rows: Vec<(Household, Clear)>,
    by_number: HashMap<Vec<u8>, usize>,
    by_name: HashMap<(DivisionId, String), Vec<usize>>,
}

/// For each row: what it changes, or None where it says what is known.
pub(super) fn compare(
    tx: &mut Tx<'_>,
    county: CountyId,
    rows: &[Row],
) -> Result<Vec<Option<HouseholdChange>>, Stop> {
    let known = load(tx, county)?;
    let mut taken = HashSet::new();
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let Row::Household(row) = row else { continue };
        let clear = clear(row);
        let number = clear.id_number.as_deref().map(|number| household::id_index(tx, county, number));
        let found = find(&known, row, number, &clear, &taken);
        let Some(at) = found else {
            out.push(Some(HouseholdChange { clear, existing: None }));
            continue;
        };
        taken.insert(at);
        let (there, before) = &known.rows[at];
        let wanted = merged(before, clear);
        let same = wanted == *before && there.active;
        out.push((!same).then_some(HouseholdChange { clear: wanted, existing: Some(there.id) }));
    }
    Ok(out)
}

fn load(tx: &mut Tx<'_>, county: CountyId) -> Result<Known, Stop> {
    let all = household_list::every(tx, county)?;
    let mut known =
        Known { rows: Vec::with_capacity(all.len()), by_number: HashMap::new(), by_name: HashMap::new() };
    let mut categories = household::current_categories(tx, county)?;
    for row in all {
        let clear = household::open_with(tx, &row, categories.remove(&row.id).unwrap_or_default())?;
        let at = known.rows.len();
        if let Some(number) = &row.id_index {
            known.by_number.insert(number.clone(), at);
        }
        known.by_name.entry((row.village_id, fold(&row.head_name))).or_default().push(at);
        known.rows.push((row, clear));
    }
    Ok(known)
}

/// By number; else a namesake of the village that shares a telephone, or has no number to contradict.
fn find(
    known: &Known,
    row: &HouseholdRow,
    number: Option<Vec<u8>>,
    clear: &Clear,
    taken: &HashSet<usize>,
) -> Option<usize> {
    if let Some(at) = number.as_ref().and_then(|number| known.by_number.get(number)) {
        return (!taken.contains(at)).then_some(*at);
    }
    let namesakes = known.by_name.get(&(row.village, fold(row.head.as_str())))?;
    let free = |at: &&usize| {
        let (there, _) = &known.rows[**at];
        !taken.contains(*at) && there.kind == row.kind && (number.is_none() || there.id_index.is_none())
    };
    let shares = |at: &&usize| {
        let theirs = &known.rows[**at].1.phones;
        theirs.iter().any(|phone| clear.phones.contains(phone))
    };
    let candidates: Vec<&usize> = namesakes.iter().filter(free).collect();
    let best = candidates.iter().find(|at| shares(at)).or_else(|| {
        // Without a telephone in common only the one household that has none itself can be meant.
        candidates.iter().find(|at| known.rows[***at].1.phones.is_empty() || clear.phones.is_empty())
    });
    best.map(|at| **at)
}

/// What the roster's row says.
fn clear(row: &HouseholdRow) -> Clear {
    let number = row.id_number.as_ref().map(|number| number.as_str().to_owned());
    // An old number is kept as it was written: 15 digits, for matching, never a valid ID (handbook §6).
    let old = row.old_id_match.as_ref().map(|whole| format!("{}{}", &whole[..6], &whole[8..17]));
    let mut categories = row.categories.clone();
    categories.sort_unstable();
    categories.dedup();
    Clear {
        kind: row.kind,
        village_id: row.village,
        grid_id: None,
        head_name: row.head.as_str().to_owned(),
        id_number: number.or(old),
        phones: row.phones.iter().map(|phone| phone.as_str().to_owned()).collect(),
        address: row.address.clone(),
        note: row.note.clone(),
        provider_hint: row.provider_hint.clone(),
        categories,
    }
}

/// A cell that is empty in the roster leaves what is known.
fn merged(before: &Clear, row: Clear) -> Clear {
    let phones = if row.phones.is_empty() { before.phones.clone() } else { row.phones };
    Clear {
        grid_id: before.grid_id,
        id_number: row.id_number.or_else(|| before.id_number.clone()),
        phones,
        address: row.address.or_else(|| before.address.clone()),
        note: row.note.or_else(|| before.note.clone()),
        provider_hint: row.provider_hint.or_else(|| before.provider_hint.clone()),
        ..row
    }
}
