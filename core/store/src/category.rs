//! Dated categories of households: sealed, found through keyed tags, written as spans that never overlap.

use std::collections::HashMap;

use diesel::prelude::*;
use falin_domain::directory::Category;
use falin_domain::time::Date;
use falin_domain::words::{CategoryId, CountyId, HouseholdId};

use crate::household::Household;
use crate::keys::Bound;
use crate::many::insert_many;
use crate::schema::household_category as hc;
use crate::stop::{Fault, Stop};
use crate::tx::Tx;

/// A category with its dates.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct DatedCategory {
    /// Its row.
    pub id: CategoryId,
    /// Which.
    pub category: Category,
    /// First day.
    pub from_date: Date,
    /// First day on which it no longer holds.
    pub to_date: Option<Date>,
}

impl DatedCategory {
    /// Whether it holds on a day.
    pub fn holds(&self, day: Date) -> bool {
        self.from_date <= day && self.to_date.is_none_or(|to| day < to)
    }
}

/// What a roster says of the dates of a household's categories.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Told {
    /// First day.
    pub from: Option<Date>,
    /// First day on which they no longer hold.
    pub to: Option<Date>,
}

impl Told {
    /// The dates that the span of `category` that holds on `day` has by this; None where none holds. It never begins
    /// before an earlier span of the same category has ended.
    pub fn of(self, spans: &[DatedCategory], category: Category, day: Date) -> Option<DatedCategory> {
        let held = spans.iter().find(|one| one.category == category && one.holds(day))?;
        let others = spans.iter().filter(|one| one.category == category && one.id != held.id);
        let before = others.filter(|one| one.from_date < held.from_date).filter_map(|one| one.to_date).max();
        let from = self.from.map_or(held.from_date, |from| before.map_or(from, |ended| from.max(ended)));
        Some(DatedCategory { from_date: from, to_date: self.to.or(held.to_date), ..*held })
    }
}

/// Rows of a county that hold on a day.
#[diesel::dsl::auto_type]
pub(crate) fn holding(county: CountyId, day: Date) -> _ {
    let county_bytes: Vec<u8> = county.bytes();
    let from: String = day.to_string();
    let until: String = day.to_string();
    hc::table
        .filter(hc::county_id.eq(county_bytes))
        .filter(hc::from_date.le(from))
        .filter(hc::to_date.is_null().or(hc::to_date.gt(until)))
}

/// Categories that hold now, of every household of the county, by their tags.
///
/// # Errors
/// The database's own.
pub fn current_categories(
    tx: &mut Tx<'_>,
    county: CountyId,
) -> Result<HashMap<HouseholdId, Vec<Category>>, Stop> {
    let rows = holding(county, tx.now.date()).select((hc::household_id, hc::category_tag)).load(tx.conn)?;
    by_tag(tx, county, rows)
}

/// All categories of every household of the county with their dates, by their tags.
///
/// # Errors
/// The database's own.
pub fn all_spans(
    tx: &mut Tx<'_>,
    county: CountyId,
) -> Result<HashMap<HouseholdId, Vec<DatedCategory>>, Stop> {
    type Found = (Vec<u8>, Vec<u8>, Vec<u8>, String, Option<String>);
    let rows: Vec<Found> = hc::table
        .filter(hc::county_id.eq(county.bytes()))
        .select((hc::household_id, hc::id, hc::category_tag, hc::from_date, hc::to_date))
        .load(tx.conn)?;
    let tags = tags(tx, county);
    let mut out: HashMap<HouseholdId, Vec<DatedCategory>> = HashMap::new();
    for (household, id, tag, from, to) in rows {
        let Some(category) = tags.get(&tag).copied() else { continue };
        let (id, from_date) = (crate::county::id(&id)?, crate::column::Column::back(from)?);
        let span = DatedCategory { id, category, from_date, to_date: crate::column::Column::back(to)? };
        out.entry(crate::county::id(&household)?).or_default().push(span);
    }
    Ok(out)
}

/// Categories that hold now, of these households.
///
/// # Errors
/// The database's own.
pub fn categories_of(
    tx: &mut Tx<'_>,
    county: CountyId,
    ids: &[HouseholdId],
) -> Result<HashMap<HouseholdId, Vec<Category>>, Stop> {
    let ids: Vec<Vec<u8>> = ids.iter().map(|id| id.bytes()).collect();
    let rows = holding(county, tx.now.date()).filter(hc::household_id.eq_any(ids));
    let rows = rows.select((hc::household_id, hc::category_tag)).load(tx.conn)?;
    by_tag(tx, county, rows)
}

fn by_tag(
    tx: &Tx<'_>,
    county: CountyId,
    rows: Vec<(Vec<u8>, Vec<u8>)>,
) -> Result<HashMap<HouseholdId, Vec<Category>>, Stop> {
    let tags = tags(tx, county);
    let mut out: HashMap<HouseholdId, Vec<Category>> = HashMap::new();
    for (id, tag) in rows {
        if let Some(category) = tags.get(&tag) {
            out.entry(crate::county::id(&id)?).or_default().push(*category);
        }
    }
    Ok(out)
}

fn tags(tx: &Tx<'_>, county: CountyId) -> HashMap<Vec<u8>, Category> {
    Category::ALL.iter().map(|c| (tag(tx, county, *c), *c)).collect()
}

fn tag(tx: &Tx<'_>, county: CountyId, category: Category) -> Vec<u8> {
    tx.blind(county, "category", category.code())
}

/// A household's categories, past and coming ones included, newest first.
///
/// # Errors
/// A fault where one cannot be opened.
pub fn categories(tx: &mut Tx<'_>, row: &Household) -> Result<Vec<DatedCategory>, Stop> {
    type Found = (Vec<u8>, Vec<u8>, String, Option<String>);
    let rows: Vec<Found> = hc::table
        .filter(hc::county_id.eq(row.county_id.bytes()))
        .filter(hc::household_id.eq(row.id.bytes()))
        .order((hc::from_date.desc(), hc::id.desc()))
        .select((hc::id, hc::category_sealed, hc::from_date, hc::to_date))
        .load(tx.conn)?;
    let mut out = Vec::with_capacity(rows.len());
    for (id, sealed, from, to) in rows {
        let code = tx.open(bound(row.county_id, &id), &sealed)?;
        let strange = || Fault::new("column", "an unknown category");
        out.push(DatedCategory {
            id: crate::county::id(&id)?,
            category: Category::from_code(&code).ok_or_else(strange)?,
            from_date: crate::column::Column::back(from)?,
            to_date: crate::column::Column::back(to)?,
        });
    }
    Ok(out)
}

fn bound(county: CountyId, id: &[u8]) -> Bound<'_> {
    Bound { table: "household_category", column: "category_sealed", row: id, county }
}

/// Adds a category with its dates.
///
/// # Errors
/// The database's own.
pub fn add(
    tx: &mut Tx<'_>,
    row: &Household,
    category: Category,
    from: Date,
    to: Option<Date>,
) -> Result<CategoryId, Stop> {
    let id: CategoryId = tx.id();
    add_all(tx, row.county_id, vec![(id, row.id, category, from, to)])?;
    Ok(id)
}

/// A new row: its id, its household, what it is and its dates.
pub(crate) type New = (CategoryId, HouseholdId, Category, Date, Option<Date>);

/// Adds many.
pub(crate) fn add_all(tx: &mut Tx<'_>, county: CountyId, new: Vec<New>) -> Result<(), Stop> {
    let mut rows = Vec::with_capacity(new.len());
    for (id, household, category, from, to) in new {
        let key = id.bytes();
        rows.push((
            hc::county_id.eq(county.bytes()),
            hc::category_sealed.eq(tx.seal(bound(county, &key), category.code())?),
            hc::id.eq(key),
            hc::household_id.eq(household.bytes()),
            hc::category_tag.eq(tag(tx, county, category)),
            hc::from_date.eq(from.to_string()),
            hc::to_date.eq(to.map(|to| to.to_string())),
            hc::created_ms.eq(tx.now.millis()),
        ));
    }
    insert_many!(hc, 8, rows, tx);
    Ok(())
}

/// Gives a category other dates.
///
/// # Errors
/// The database's own.
pub fn redate(tx: &mut Tx<'_>, row: &Household, dated: &DatedCategory) -> Result<(), Stop> {
    let of = hc::table.find((row.county_id.bytes(), dated.id.bytes()));
    let dates = (
        hc::from_date.eq(dated.from_date.to_string()),
        hc::to_date.eq(dated.to_date.map(|to| to.to_string())),
    );
    diesel::update(of.filter(hc::household_id.eq(row.id.bytes()))).set(dates).execute(tx.conn)?;
    Ok(())
}

/// Gives the categories that a household holds today the dates that a roster says of them.
///
/// # Errors
/// The database's own.
pub fn date_all(tx: &mut Tx<'_>, row: &Household, wanted: &[Category], told: Told) -> Result<(), Stop> {
    let (today, spans) = (tx.now.date(), categories(tx, row)?);
    for dated in wanted.iter().filter_map(|category| told.of(&spans, *category, today)) {
        if !spans.contains(&dated) {
            redate(tx, row, &dated)?;
        }
    }
    Ok(())
}

/// Puts a household's categories back to these spans, as before an import: changed ones get their dates back, new
/// ones go.
///
/// # Errors
/// The database's own.
pub fn put_back(tx: &mut Tx<'_>, row: &Household, spans: &[DatedCategory]) -> Result<(), Stop> {
    for now in categories(tx, row)? {
        match spans.iter().find(|one| one.id == now.id) {
            Some(before) if *before != now => redate(tx, row, before)?,
            Some(_) => {}
            None => remove(tx, row, now.id)?,
        }
    }
    Ok(())
}

/// Takes back a category that was entered by mistake.
///
/// # Errors
/// The database's own.
pub fn remove(tx: &mut Tx<'_>, row: &Household, id: CategoryId) -> Result<(), Stop> {
    let of = hc::table.find((row.county_id.bytes(), id.bytes()));
    diesel::delete(of.filter(hc::household_id.eq(row.id.bytes()))).execute(tx.conn)?;
    Ok(())
}

/// Makes exactly the wanted categories hold from today on: others end today, new ones begin today.
/// One that begins later is left as a person dated it.
pub(crate) fn set(tx: &mut Tx<'_>, row: &Household, wanted: &[Category]) -> Result<(), Stop> {
    let today = tx.now.date();
    let known: Vec<DatedCategory> = categories(tx, row)?;
    for held in known.iter().filter(|one| one.holds(today) && !wanted.contains(&one.category)) {
        // One that began today was never more than a slip of the pen: it leaves no span of no days.
        match held.from_date == today {
            true => remove(tx, row, held.id)?,
            false => redate(tx, row, &DatedCategory { to_date: Some(today), ..*held })?,
        }
    }
    for category in wanted {
        let there =
            |one: &&DatedCategory| one.category == *category && one.to_date.is_none_or(|to| today < to);
        if !known.iter().any(|one| there(&one)) {
            add(tx, row, *category, today, None)?;
        }
    }
    Ok(())
}
