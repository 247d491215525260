//! People's inboxes, and how each of them wants to be told outside the house.

use diesel::prelude::*;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::words::{AccountId, CountyId, MessageId};

use crate::column::{kept, load, noun};
use crate::deadline::SubjectId;
use crate::schema::{inbox, reach};
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// A message in somebody's inbox.
    Message in inbox {
        /// County.
        county_id: CountyId,
        /// Id.
        id: MessageId,
        /// Whose.
        account_id: AccountId,
        /// Idempotency key.
        key: String,
        /// Key of the text.
        kind: String,
        /// Noun of what it speaks of.
        noun: String,
        /// Id of what it speaks of.
        subject_id: SubjectId,
        /// Arguments of the text, JSON.
        args_sealed: Vec<u8>,
        /// From when it is seen.
        at_ms: i64,
        /// When it was read.
        read_ms: Option<i64>,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Message in inbox by MessageId);

noun! {
    /// How a person with an account wants to be told.
    Reach in reach {
        /// County.
        county_id: CountyId,
        /// Whose.
        account_id: AccountId,
        /// E-mail address.
        mail_sealed: Option<Vec<u8>>,
        /// Telephone for messages.
        phone_sealed: Option<Vec<u8>>,
        /// The gateway's name for the person in WeChat.
        wechat_sealed: Option<Vec<u8>>,
        /// Yes to e-mail.
        mail: bool,
        /// Yes to SMS.
        sms: bool,
        /// Yes to WeChat.
        wechat: bool,
        /// Counts changes.
        version: i64,
    }
}

/// Whether a message with this key is in an inbox.
///
/// # Errors
/// The database's own.
pub fn has_message(tx: &mut Tx<'_>, county: CountyId, key: &str) -> Result<bool, Stop> {
    let query = inbox::table.filter(inbox::county_id.eq(county.bytes())).filter(inbox::key.eq(key));
    let n: i64 = query.count().get_result(tx.conn)?;
    Ok(n > 0)
}

/// A page of somebody's inbox, newest first.
///
/// # Errors
/// The database's own.
pub fn messages(
    tx: &mut Tx<'_>,
    county: CountyId,
    account: AccountId,
    unread: bool,
    window: &Window,
) -> Result<Page<Message>, Stop> {
    let mut query = inbox::table
        .filter(inbox::county_id.eq(county.bytes()))
        .filter(inbox::account_id.eq(account.bytes()))
        .filter(inbox::at_ms.le(tx.now.millis()))
        .into_boxed();
    if unread {
        query = query.filter(inbox::read_ms.is_null());
    }
    if let Some(after) = &window.after {
        let (ms, id) = (after.millis(), after.id.as_bytes().to_vec());
        query = query.filter(inbox::at_ms.le(ms).and(inbox::at_ms.lt(ms).or(inbox::id.lt(id))));
    }
    let query = query.order((inbox::at_ms.desc(), inbox::id.desc())).limit(i64::from(window.limit) + 1);
    let rows = load!(Message, query, tx)?;
    Ok(Page::cut(rows, window, |row| Mark { key: row.at_ms.to_string(), id: row.id.uuid() }))
}

/// How many messages of an inbox nobody has read.
///
/// # Errors
/// The database's own.
pub fn unread(tx: &mut Tx<'_>, county: CountyId, account: AccountId) -> Result<u64, Stop> {
    let query = inbox::table
        .filter(inbox::county_id.eq(county.bytes()))
        .filter(inbox::account_id.eq(account.bytes()))
        .filter(inbox::at_ms.le(tx.now.millis()))
        .filter(inbox::read_ms.is_null());
    let n: i64 = query.count().get_result(tx.conn)?;
    Ok(n.unsigned_abs())
}

/// Marks everything as read that an inbox shows, or that all inboxes of a county show; returns how much that was.
///
/// # Errors
/// The database's own.
pub fn read_all(tx: &mut Tx<'_>, county: CountyId, account: Option<AccountId>) -> Result<usize, Stop> {
    let now = tx.now.millis();
    let unread = inbox::table
        .filter(inbox::county_id.eq(county.bytes()))
        .filter(inbox::at_ms.le(now))
        .filter(inbox::read_ms.is_null());
    let set = (inbox::read_ms.eq(Some(now)), inbox::version.eq(inbox::version + 1));
    let mut mark = diesel::update(unread).set(set).into_boxed();
    if let Some(account) = account {
        mark = mark.filter(inbox::account_id.eq(account.bytes()));
    }
    Ok(mark.execute(tx.conn)?)
}

/// How a person wants to be told; None where nothing was said.
///
/// # Errors
/// The database's own.
pub fn reach_of(tx: &mut Tx<'_>, county: CountyId, account: AccountId) -> Result<Option<Reach>, Stop> {
    let row = reach::table.find((county.bytes(), account.bytes()));
    let row = row.select(Reach::COLUMNS).first(tx.conn).optional()?;
    row.map(Reach::from_row).transpose()
}

/// Puts how a person wants to be told in place of what was said before.
///
/// # Errors
/// The database's own.
pub fn set_reach(tx: &mut Tx<'_>, row: &Reach) -> Result<(), Stop> {
    diesel::delete(reach::table.find((row.county_id.bytes(), row.account_id.bytes()))).execute(tx.conn)?;
    diesel::insert_into(reach::table).values(row.values()).execute(tx.conn)?;
    Ok(())
}
