//! Law firms, basic-level legal service offices and the other houses of legal workers.

use diesel::prelude::*;
use falin_domain::directory::FirmKind;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::words::{CountyId, FirmId};

use crate::column::{kept, load, noun};
use crate::conn::Conn;
use crate::gram::{self, Wanted};
use crate::said::one_of;
use crate::schema::firm;
use crate::stop::Stop;
use crate::tx::Tx;

/// The noun in the name index and in write generations.
pub const NOUN: &str = "firm";

noun! {
    /// An organisation of legal workers.
    Firm in firm {
        /// County.
        county_id: CountyId,
        /// Id.
        id: FirmId,
        /// Kind.
        kind: FirmKind,
        /// Name.
        name: String,
        /// Pinyin order.
        sort_key: String,
        /// 统一社会信用代码 (GB 32100).
        uscc: Option<String>,
        /// Address.
        address: String,
        /// Public telephone.
        phone: String,
        /// 负责人.
        head_name: String,
        /// Own capacity in households; None for the sum of its lawyers'.
        capacity: Option<i32>,
        /// False once closed.
        active: bool,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Firm in firm by FirmId);

/// Which firms a list shows.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<FirmKind>,
    /// Only open or only closed ones.
    pub active: Option<bool>,
    /// Name or pinyin.
    pub wanted: Option<Wanted>,
}

/// Adds a firm to the table and its name to the index.
///
/// # Errors
/// [`Stop::Rule`] where the credit code is taken.
pub fn add(tx: &mut Tx<'_>, new: &Firm) -> Result<(), Stop> {
    new.insert(tx)?;
    gram::index(tx, new.county_id, NOUN, &new.id.bytes(), &new.name)
}

/// Saves a firm with its name in the index.
///
/// # Errors
/// `state.changed`; [`Stop::Rule`] where the credit code is taken.
pub fn change(tx: &mut Tx<'_>, firm: &mut Firm) -> Result<(), Stop> {
    firm.save(tx)?;
    gram::index(tx, firm.county_id, NOUN, &firm.id.bytes(), &firm.name)
}

/// All firms, closed ones included, in pinyin order.
///
/// # Errors
/// The database's own.
pub fn all(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Firm>, Stop> {
    let query = firm::table.filter(firm::county_id.eq(county.bytes())).order((firm::sort_key, firm::id));
    load!(Firm, query, tx)
}

type Boxed = firm::BoxedQuery<'static, <Conn as diesel::Connection>::Backend>;

/// A page of firms in pinyin order.
///
/// # Errors
/// The database's own.
pub fn page(tx: &mut Tx<'_>, county: CountyId, filter: &Filter, window: &Window) -> Result<Page<Firm>, Stop> {
    let mut query = filtered(tx, county, filter)?;
    if let Some(after) = &window.after {
        let (key, id) = (after.key.clone(), after.id.as_bytes().to_vec());
        query = query.filter(firm::sort_key.ge(key.clone()).and(firm::sort_key.gt(key).or(firm::id.gt(id))));
    }
    let query = query.order((firm::sort_key, firm::id)).limit(i64::from(window.limit) + 1);
    let rows = load!(Firm, query, tx)?;
    Ok(Page::cut(rows, window, |firm| Mark { key: firm.sort_key.clone(), id: firm.id.uuid() }))
}

/// How many firms the filter finds.
///
/// # Errors
/// The database's own.
pub fn count(tx: &mut Tx<'_>, county: CountyId, filter: &Filter) -> Result<u64, Stop> {
    let n: i64 = filtered(tx, county, filter)?.count().get_result(tx.conn)?;
    Ok(n.unsigned_abs())
}

fn filtered(tx: &mut Tx<'_>, county: CountyId, filter: &Filter) -> Result<Boxed, Stop> {
    let mut query = firm::table.filter(firm::county_id.eq(county.bytes())).into_boxed();
    if let Some(kind) = filter.kind {
        query = query.filter(firm::kind.eq(kind.code()));
    }
    if let Some(active) = filter.active {
        query = query.filter(firm::active.eq(active));
    }
    if let Some(wanted) = &filter.wanted {
        // A county has dozens of firms.
        const MOST: i64 = 1_000;
        let ids = gram::search(tx, county, NOUN, wanted, None, MOST)?;
        query = query.filter(one_of(firm::id, ids));
    }
    Ok(query)
}
