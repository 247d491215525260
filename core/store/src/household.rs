//! Households: clear names, sealed numbers, blind indexes, and the lists that staff see of them.

use diesel::prelude::*;
use falin_domain::directory::{Category, HouseholdKind};
use falin_domain::time::Date;
use falin_domain::words::{BatchId, CountyId, DivisionId, GridId, HouseholdId, IdPaper, fold, sort_key};

use crate::category::{self, Told};
pub use crate::category::{DatedCategory, categories, categories_of, current_categories};
use crate::column::{kept, noun};
use crate::gram;
use crate::keys::Bound;
use crate::many::insert_many;
use crate::resident;
use crate::schema::{household, household_phone};
use crate::stop::Stop;
use crate::tx::Tx;

/// The noun in the name index, in seals and in write generations.
pub const NOUN: &str = "household";

noun! {
    /// A household as stored: what is sealed stays sealed until somebody may open it.
    Household in household {
        /// County.
        county_id: CountyId,
        /// Id.
        id: HouseholdId,
        /// Rural or urban.
        kind: HouseholdKind,
        /// Village or community.
        village_id: DivisionId,
        /// Grid, where the county has grids.
        grid_id: Option<GridId>,
        /// Name of the head, in clear (design.md).
        head_name: String,
        /// Pinyin order.
        sort_key: String,
        /// 公民身份号码 of the head, sealed.
        id_sealed: Option<Vec<u8>>,
        /// Blind index of the same.
        id_index: Option<Vec<u8>>,
        /// Telephones, one a line, sealed.
        phones_sealed: Option<Vec<u8>>,
        /// Address below the village, sealed.
        address_sealed: Option<Vec<u8>>,
        /// The roster's remark, sealed.
        note_sealed: Option<Vec<u8>>,
        /// Provider that the roster names, as written there.
        provider_hint: Option<String>,
        /// False once it has moved away or died out.
        active: bool,
        /// Day of that.
        left_on: Option<Date>,
        /// The import that brought it.
        batch_id: Option<BatchId>,
        /// True until that import is committed: no list shows it.
        staged: bool,
        /// When it was restricted: it is only stored then, and no list shows it. UTC milliseconds.
        restricted_ms: Option<i64>,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Household in household by HouseholdId);

/// What stands in a household's sealed fields, and everything else that a roster or form gives.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Clear {
    /// Rural or urban.
    pub kind: HouseholdKind,
    /// Village or community.
    pub village_id: DivisionId,
    /// Grid.
    pub grid_id: Option<GridId>,
    /// Name of the head.
    pub head_name: String,
    /// 18 characters, or a document and its number.
    pub id_number: Option<String>,
    /// Normalised telephones.
    pub phones: Vec<String>,
    /// Address below the village.
    pub address: Option<String>,
    /// Remark.
    pub note: Option<String>,
    /// Provider that the roster names.
    pub provider_hint: Option<String>,
    /// Categories that hold now, in the order of [`Category::ALL`].
    pub categories: Vec<Category>,
}

/// Which import a row belongs to while it is staged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Staging {
    /// The import.
    pub batch: BatchId,
    /// True until commit.
    pub staged: bool,
}

fn bound<'a>(county: CountyId, column: &'a str, row: &'a [u8]) -> Bound<'a> {
    Bound { table: NOUN, column, row, county }
}

/// Adds a household with its telephones, categories and index rows.
///
/// # Errors
/// The database's own.
pub fn add(
    tx: &mut Tx<'_>,
    county: CountyId,
    clear: &Clear,
    staging: Option<Staging>,
) -> Result<HouseholdId, Stop> {
    let row = new_row(tx, county, clear, staging)?;
    let id = row.id;
    insert_all(tx, county, vec![(row, clear, Told::default())])?;
    Ok(id)
}

/// Adds many households of an import in a few statements, each with what the roster says of its categories' dates.
///
/// # Errors
/// The database's own.
pub fn add_all(
    tx: &mut Tx<'_>,
    county: CountyId,
    all: &[(&Clear, Told)],
    staging: Option<Staging>,
) -> Result<(), Stop> {
    let mut rows = Vec::with_capacity(all.len());
    for (clear, told) in all {
        rows.push((new_row(tx, county, clear, staging)?, *clear, *told));
    }
    insert_all(tx, county, rows)
}

fn new_row(
    tx: &mut Tx<'_>,
    county: CountyId,
    clear: &Clear,
    staging: Option<Staging>,
) -> Result<Household, Stop> {
    let mut row = Household {
        county_id: county,
        id: tx.id(),
        kind: clear.kind,
        village_id: clear.village_id,
        grid_id: None,
        head_name: String::new(),
        sort_key: String::new(),
        id_sealed: None,
        id_index: None,
        phones_sealed: None,
        address_sealed: None,
        note_sealed: None,
        provider_hint: None,
        active: true,
        left_on: None,
        batch_id: staging.map(|s| s.batch),
        staged: staging.is_some_and(|s| s.staged),
        restricted_ms: None,
        created_ms: tx.now.millis(),
        version: 1,
    };
    fill(tx, &mut row, clear)?;
    Ok(row)
}

/// Writes new rows with all that hangs on them: nothing of it can be there before.
fn insert_all(tx: &mut Tx<'_>, county: CountyId, new: Vec<(Household, &Clear, Told)>) -> Result<(), Stop> {
    let today = tx.now.date();
    let (mut phones, mut categories) = (Vec::new(), Vec::new());
    for (row, clear, told) in &new {
        phones.extend(phone_rows(tx, row, clear));
        for category in &clear.categories {
            categories.push((tx.id(), row.id, *category, told.from.unwrap_or(today), told.to));
        }
    }
    insert_many!(household, 20, new.iter().map(|(row, ..)| row.values()), tx);
    insert_many!(household_phone, 4, phones, tx);
    category::add_all(tx, county, categories)?;
    gram::index_new(tx, county, NOUN, new.iter().map(|(row, ..)| (row.id.bytes(), row.head_name.as_str())))
}

/// Changes a household to what `clear` says, from the version that `row` has. Where another person heads it now, the
/// former head's account stands for it no longer.
///
/// # Errors
/// `state.changed` where it has moved on.
pub fn change(tx: &mut Tx<'_>, row: &mut Household, clear: &Clear) -> Result<(), Stop> {
    let before = (row.head_name.clone(), row.id_index.clone());
    fill(tx, row, clear)?;
    row.save(tx)?;
    if is_another((&before.0, &before.1), (&row.head_name, &row.id_index)) {
        resident::untie(tx, row.county_id, row.id, None)?;
    }
    set_children(tx, row, clear)
}

/// Seals what is sensitive into the row.
fn fill(tx: &mut Tx<'_>, row: &mut Household, clear: &Clear) -> Result<(), Stop> {
    let (county, key) = (row.county_id, row.id.bytes());
    let mut seal = |column: &str, text: Option<&str>| {
        text.map(|text| tx.seal(bound(county, column, &key), text)).transpose()
    };
    let phones = clear.phones.join("\n");
    row.id_sealed = seal("id_sealed", clear.id_number.as_deref())?;
    row.phones_sealed = seal("phones_sealed", (!phones.is_empty()).then_some(phones.as_str()))?;
    row.address_sealed = seal("address_sealed", clear.address.as_deref())?;
    row.note_sealed = seal("note_sealed", clear.note.as_deref())?;
    row.id_index = clear.id_number.as_deref().map(|number| id_index(tx, county, number));
    row.kind = clear.kind;
    row.village_id = clear.village_id;
    row.grid_id = clear.grid_id;
    row.head_name.clone_from(&clear.head_name);
    row.sort_key = sort_key(&clear.head_name);
    row.provider_hint.clone_from(&clear.provider_hint);
    Ok(())
}

/// Whether a name and the index of an ID number are another person's than those before: where both numbers are for life
/// they say so. Other documents are renewed, so that a new number under the same name is no other person's.
pub(crate) fn is_another(before: (&str, &Option<Vec<u8>>), now: (&str, &Option<Vec<u8>>)) -> bool {
    match same_person(before.1, now.1) {
        Some(same) => !same,
        None => fold(before.0) != fold(now.0),
    }
}

/// Whether the indexes of two ID numbers are one person's: equal ones are, different ones are not where both are for
/// life; None where they do not tell.
pub(crate) fn same_person(one: &Option<Vec<u8>>, other: &Option<Vec<u8>>) -> Option<bool> {
    let (one, other) = (one.as_ref()?, other.as_ref()?);
    let for_life = |index: &Vec<u8>| index.len() == crate::keys::BLIND;
    match one == other {
        true => Some(true),
        false => (for_life(one) && for_life(other)).then_some(false),
    }
}

/// Blind index of an ID number; an old 15-digit one is found by its 18-digit form (handbook §6). That of a document which
/// is renewed is longer by one byte: it says that another number may be the same person's.
pub fn id_index(tx: &Tx<'_>, county: CountyId, number: &str) -> Vec<u8> {
    let document = IdPaper::kept(number);
    let mut index = tx.blind(county, "id", &document.match_key());
    if !document.is_for_life() {
        index.push(0);
    }
    index
}

/// Writes telephones, categories and name index anew; an ended category keeps its dates.
fn set_children(tx: &mut Tx<'_>, row: &Household, clear: &Clear) -> Result<(), Stop> {
    let old = household_phone::table
        .filter(household_phone::county_id.eq(row.county_id.bytes()))
        .filter(household_phone::household_id.eq(row.id.bytes()));
    diesel::delete(old).execute(tx.conn)?;
    let phones = phone_rows(tx, row, clear);
    insert_many!(household_phone, 4, phones, tx);
    category::set(tx, row, &clear.categories)?;
    index_names(tx, row)
}

type PhoneRow = (
    diesel::dsl::Eq<household_phone::county_id, Vec<u8>>,
    diesel::dsl::Eq<household_phone::household_id, Vec<u8>>,
    diesel::dsl::Eq<household_phone::phone_index, Vec<u8>>,
    diesel::dsl::Eq<household_phone::tail_index, Vec<u8>>,
);

/// Blind indexes of a household's telephones, each once.
fn phone_rows(tx: &Tx<'_>, row: &Household, clear: &Clear) -> Vec<PhoneRow> {
    let mut seen = std::collections::BTreeSet::new();
    let once = clear.phones.iter().filter(|phone| seen.insert(phone.as_str()));
    let index = |phone: &String| {
        let tail: String = phone.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
        (
            household_phone::county_id.eq(row.county_id.bytes()),
            household_phone::household_id.eq(row.id.bytes()),
            household_phone::phone_index.eq(tx.blind(row.county_id, "phone", phone)),
            household_phone::tail_index.eq(tx.blind(row.county_id, "tail", &tail)),
        )
    };
    once.map(index).collect()
}

/// Writes the name index of a household anew: it is found by its head and by everybody who belongs to it.
///
/// # Errors
/// The database's own.
pub fn index_names(tx: &mut Tx<'_>, row: &Household) -> Result<(), Stop> {
    let members = crate::member::of(tx, row.county_id, row.id)?;
    let today = tx.now.date();
    let mut names = vec![row.head_name.as_str()];
    names.extend(members.iter().filter(|one| one.belongs(today)).map(|one| one.name.as_str()));
    gram::index_all(tx, row.county_id, NOUN, &row.id.bytes(), &names)
}

/// Opens everything of a household that is sealed.
///
/// # Errors
/// A fault where a field was changed or moved outside this program.
pub fn open(tx: &mut Tx<'_>, row: &Household) -> Result<Clear, Stop> {
    let held = categories(tx, row)?;
    let today = tx.now.date();
    let held = held.into_iter().filter(|dated| dated.holds(today)).map(|dated| dated.category);
    open_with(tx, row, held.collect())
}

/// As [`open`], with the current categories at hand (see [`current_categories`]).
///
/// # Errors
/// As [`open`].
pub fn open_with(tx: &Tx<'_>, row: &Household, mut categories: Vec<Category>) -> Result<Clear, Stop> {
    let key = row.id.bytes();
    let field = |column: &str, sealed: &Option<Vec<u8>>| {
        let open = |bytes: &Vec<u8>| tx.open(bound(row.county_id, column, &key), bytes);
        sealed.as_ref().map(open).transpose()
    };
    let phones = field("phones_sealed", &row.phones_sealed)?.unwrap_or_default();
    categories.sort_unstable();
    Ok(Clear {
        kind: row.kind,
        village_id: row.village_id,
        grid_id: row.grid_id,
        head_name: row.head_name.clone(),
        id_number: field("id_sealed", &row.id_sealed)?,
        phones: phones.lines().map(str::to_owned).collect(),
        address: field("address_sealed", &row.address_sealed)?,
        note: field("note_sealed", &row.note_sealed)?,
        provider_hint: row.provider_hint.clone(),
        categories,
    })
}
