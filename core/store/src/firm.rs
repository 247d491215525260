//! Law firms, basic-level legal service offices and the other houses of legal workers.

use diesel::prelude::*;
use falin_domain::directory::FirmKind;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::words::{CountyId, FirmId};

use crate::column::{kept, load, noun};
use crate::schema::firm;
use crate::stop::Stop;
use crate::tx::Tx;

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

/// All firms, closed ones included, in pinyin order.
///
/// # Errors
/// The database's own.
pub fn all(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Firm>, Stop> {
    let query = firm::table.filter(firm::county_id.eq(county.bytes())).order((firm::sort_key, firm::id));
    load!(Firm, query, tx)
}

/// A page of firms in pinyin order.
///
/// # Errors
/// The database's own.
pub fn page(
    tx: &mut Tx<'_>,
    county: CountyId,
    kind: Option<FirmKind>,
    active: Option<bool>,
    window: &Window,
) -> Result<Page<Firm>, Stop> {
    let mut query = firm::table.filter(firm::county_id.eq(county.bytes())).into_boxed();
    if let Some(kind) = kind {
        query = query.filter(firm::kind.eq(kind.code()));
    }
    if let Some(active) = active {
        query = query.filter(firm::active.eq(active));
    }
    if let Some(after) = &window.after {
        let (key, id) = (after.key.clone(), after.id.as_bytes().to_vec());
        query = query.filter(firm::sort_key.gt(key.clone()).or(firm::sort_key.eq(key).and(firm::id.gt(id))));
    }
    let query = query.order((firm::sort_key, firm::id)).limit(i64::from(window.limit) + 1);
    let rows = load!(Firm, query, tx)?;
    Ok(Page::cut(rows, window, |firm| Mark { key: firm.sort_key.clone(), id: firm.id.uuid() }))
}
