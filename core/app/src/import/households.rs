//! Households of a roster: found again by ID number, else by village, name and telephone.

use std::collections::{HashMap, HashSet};

use falin_domain::roster::{HouseholdRow, Row};
use falin_domain::time::Date;
use falin_domain::words::{CountyId, DivisionId, HouseholdId, IdPaper, fold};
use falin_store::category::{self, DatedCategory, Told};
use falin_store::household::{self, Clear, Household};
use falin_store::{Tx, household_list};

use crate::Stop;

/// What a row makes of a household.
pub struct HouseholdChange {
    /// What it shall be.
    pub clear: Clear,
    /// The household that it changes; None for a new one.
    pub existing: Option<HouseholdId>,
    /// What it says of the dates of its categories.
    pub told: Told,
}

/// The county's households, ready to be found again.
struct Known {
    rows: Vec<(Household, Clear)>,
    by_number: HashMap<Vec<u8>, Vec<usize>>,
    by_name: HashMap<(DivisionId, String), Vec<usize>>,
    spans: HashMap<HouseholdId, Vec<DatedCategory>>,
}

/// For each row: what it changes, or None where it says what is known.
pub(super) fn compare(
    tx: &mut Tx<'_>,
    county: CountyId,
    rows: &[Row],
) -> Result<Vec<Option<HouseholdChange>>, Stop> {
    let (known, today) = (load(tx, county)?, tx.now.date());
    let mut taken = HashSet::new();
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let Row::Household(row) = row else { continue };
        let clear = clear(row, today);
        let told = Told { from: row.category_from, to: row.category_to.map(|last| last.plus_days(1)) };
        let number = clear.id_number.as_deref().map(|number| household::id_index(tx, county, number));
        let found = find(&known, row, number, &clear, &taken);
        let Some(at) = found else {
            out.push(Some(HouseholdChange { clear, existing: None, told }));
            continue;
        };
        taken.insert(at);
        let (there, before) = &known.rows[at];
        let wanted = merged(before, clear);
        let spans = known.spans.get(&there.id).map(Vec::as_slice).unwrap_or_default();
        let dated = |category| told.of(spans, category, today).is_none_or(|dated| spans.contains(&dated));
        let same =
            wanted == *before && there.active && wanted.categories.iter().all(|category| dated(*category));
        out.push((!same).then_some(HouseholdChange { clear: wanted, existing: Some(there.id), told }));
    }
    Ok(out)
}

fn load(tx: &mut Tx<'_>, county: CountyId) -> Result<Known, Stop> {
    let all = household_list::every(tx, county)?;
    let mut known = Known {
        rows: Vec::with_capacity(all.len()),
        by_number: HashMap::new(),
        by_name: HashMap::new(),
        spans: category::all_spans(tx, county)?,
    };
    let mut categories = household::current_categories(tx, county)?;
    for row in all {
        let clear = household::open_with(tx, &row, categories.remove(&row.id).unwrap_or_default())?;
        let at = known.rows.len();
        if let Some(number) = &row.id_index {
            known.by_number.entry(number.clone()).or_default().push(at);
        }
        known.by_name.entry((row.village_id, fold(&row.head_name))).or_default().push(at);
        known.rows.push((row, clear));
    }
    Ok(known)
}

/// By number, that of a document which is no card with the name, for two countries may give one number; else a namesake
/// of the village that shares a telephone, or has no number to contradict.
fn find(
    known: &Known,
    row: &HouseholdRow,
    number: Option<Vec<u8>>,
    clear: &Clear,
    taken: &HashSet<usize>,
) -> Option<usize> {
    let name = fold(row.head.as_str());
    let alone = row.id_number.as_ref().is_none_or(IdPaper::is_for_life);
    let same = |at: &&usize| alone || fold(&known.rows[**at].0.head_name) == name;
    let numbered = number.as_ref().and_then(|number| known.by_number.get(number));
    if let Some(at) = numbered.into_iter().flatten().find(same) {
        return (!taken.contains(at)).then_some(*at);
    }
    let namesakes = known.by_name.get(&(row.village, name))?;
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

/// What the roster's row says. Categories that it calls over hold no more.
fn clear(row: &HouseholdRow, today: Date) -> Clear {
    let number = row.id_number.as_ref().map(|number| number.as_str().to_owned());
    // An old number is kept as it was written: 15 digits, for matching, never a valid ID (handbook §6).
    let old = row.old_id_match.as_ref().map(|whole| format!("{}{}", &whole[..6], &whole[8..17]));
    let over = row.category_to.is_some_and(|last| last < today);
    let mut categories = if over { Vec::new() } else { row.categories.clone() };
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
