//! The outbox, whom it is for, and a county's channels.

use diesel::prelude::*;
use falin_domain::access::Role;
use falin_domain::notice::{Channel, State};
use falin_domain::words::{AccountId, CountyId, DivisionId, NoticeId};

use crate::column::{kept, load, noun};
use crate::deadline::SubjectId;
use crate::keys::Bound;
use crate::schema::{account, account_role, call_task, division_path, inbox, notice, notice_setting};
use crate::stop::Stop;
use crate::tx::Tx;

pub use crate::call::{Call, about_past_bookings, call, call_count, calls, has_call};
pub use crate::inbox::{Message, Reach, has_message, messages, reach_of, read_all, set_reach, unread};

noun! {
    /// A message on its way out by one channel.
    Notice in notice {
        /// County.
        county_id: CountyId,
        /// Id.
        id: NoticeId,
        /// Idempotency key: one message, one recipient, one channel.
        key: String,
        /// Key of the text.
        kind: String,
        /// The way out.
        channel: Channel,
        /// `zh` or `en`.
        language: String,
        /// Noun of what it speaks of.
        noun: String,
        /// Id of what it speaks of.
        subject_id: SubjectId,
        /// Where it belongs, for a clerk's call.
        division_id: Option<DivisionId>,
        /// Whose account it is for.
        account_id: Option<AccountId>,
        /// Address or number.
        recipient_sealed: Vec<u8>,
        /// The person's name.
        who_sealed: Vec<u8>,
        /// Arguments of the text, JSON.
        args_sealed: Vec<u8>,
        /// What has become of it.
        state: State,
        /// Failed tries so far.
        tries: i32,
        /// When it may leave; None once it does not wait any more.
        next_ms: Option<i64>,
        /// Who is sending it now.
        lease: Option<Vec<u8>>,
        /// Until when that one may.
        lease_until_ms: Option<i64>,
        /// Why the last try failed; nothing personal.
        error: Option<String>,
        /// When it left.
        sent_ms: Option<i64>,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Notice in notice by NoticeId);

noun! {
    /// A county's channels.
    Setting in notice_setting {
        /// County.
        county_id: CountyId,
        /// JSON of what is not secret.
        settings: String,
        /// Secret shared with the gateway.
        gateway_sealed: Option<Vec<u8>>,
        /// Password of the mail server.
        password_sealed: Option<Vec<u8>>,
        /// Counts changes.
        version: i64,
    }
}

/// The place of a sealed field in one of these tables.
pub fn bound<'a>(table: &'a str, column: &'a str, row: &'a [u8], county: CountyId) -> Bound<'a> {
    Bound { table, column, row, county }
}

/// Whether a message with this key is in the outbox.
///
/// # Errors
/// The database's own.
pub fn has_notice(tx: &mut Tx<'_>, county: CountyId, key: &str) -> Result<bool, Stop> {
    let query = notice::table.filter(notice::county_id.eq(county.bytes())).filter(notice::key.eq(key));
    let n: i64 = query.count().get_result(tx.conn)?;
    Ok(n > 0)
}

/// Calls off what waits for a subject under keys that begin so: its messages in the outbox, those that no inbox shows
/// yet, and its calls. An empty beginning is all of it.
///
/// # Errors
/// The database's own.
pub fn cancel(tx: &mut Tx<'_>, county: CountyId, subject: SubjectId, begins: &str) -> Result<usize, Stop> {
    let now = tx.now.millis();
    let begins = format!("{begins}%");
    let waiting = notice::table
        .filter(notice::county_id.eq(county.bytes()))
        .filter(notice::subject_id.eq(subject.bytes()))
        .filter(notice::key.like(begins.clone()))
        .filter(notice::state.eq(State::Waiting.code()));
    let set = (
        notice::state.eq(State::Cancelled.code()),
        notice::next_ms.eq(None::<i64>),
        notice::version.eq(notice::version + 1),
    );
    let messages = diesel::update(waiting).set(set).execute(tx.conn)?;
    let unseen = inbox::table
        .filter(inbox::county_id.eq(county.bytes()))
        .filter(inbox::subject_id.eq(subject.bytes()))
        .filter(inbox::key.like(begins.clone()))
        .filter(inbox::at_ms.gt(now));
    diesel::delete(unseen).execute(tx.conn)?;
    let calls = call_task::table
        .filter(call_task::county_id.eq(county.bytes()))
        .filter(call_task::subject_id.eq(subject.bytes()))
        .filter(call_task::key.like(begins))
        .filter(call_task::done_ms.is_null());
    let set = (
        call_task::outcome.eq(Some("cancelled")),
        call_task::done_ms.eq(Some(now)),
        call_task::version.eq(call_task::version + 1),
    );
    diesel::update(calls).set(set).execute(tx.conn)?;
    Ok(messages)
}

/// Up to `limit` messages of a county that may leave now and that nobody is sending, longest waiting first.
///
/// # Errors
/// The database's own.
pub fn due(tx: &mut Tx<'_>, county: CountyId, limit: i64) -> Result<Vec<Notice>, Stop> {
    let now = tx.now.millis();
    let query = notice::table
        .filter(notice::county_id.eq(county.bytes()))
        .filter(notice::next_ms.le(now))
        .filter(notice::lease_until_ms.is_null().or(notice::lease_until_ms.le(now)))
        .order((notice::next_ms, notice::id))
        .limit(limit);
    load!(Notice, query, tx)
}

/// The message, if it still waits and is still leased to this sender.
///
/// # Errors
/// The database's own.
pub fn leased(tx: &mut Tx<'_>, county: CountyId, id: NoticeId, lease: &[u8]) -> Result<Option<Notice>, Stop> {
    let query = notice::table
        .filter(notice::county_id.eq(county.bytes()))
        .filter(notice::id.eq(id.bytes()))
        .filter(notice::state.eq(State::Waiting.code()))
        .filter(notice::lease.eq(lease.to_vec()));
    Ok(load!(Notice, query, tx)?.into_iter().next())
}

/// Forgets what a county was done with before a moment: messages that wait no more, and calls that are done.
///
/// # Errors
/// The database's own.
pub fn forget_before(tx: &mut Tx<'_>, county: CountyId, before_ms: i64) -> Result<(), Stop> {
    let messages = notice::table
        .filter(notice::county_id.eq(county.bytes()))
        .filter(notice::created_ms.lt(before_ms))
        .filter(notice::state.ne(State::Waiting.code()));
    diesel::delete(messages).execute(tx.conn)?;
    let calls = call_task::table
        .filter(call_task::county_id.eq(county.bytes()))
        .filter(call_task::created_ms.lt(before_ms))
        .filter(call_task::done_ms.lt(before_ms));
    diesel::delete(calls).execute(tx.conn)?;
    Ok(())
}

/// How many messages of a county are in each state, for its settings page.
///
/// # Errors
/// The database's own.
pub fn tally(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<(State, i64)>, Stop> {
    let mut found = Vec::new();
    for state in State::ALL {
        let query =
            notice::table.filter(notice::county_id.eq(county.bytes())).filter(notice::state.eq(state.code()));
        found.push((*state, query.count().get_result(tx.conn)?));
    }
    Ok(found)
}

/// A county's channels; None where nobody has set any.
///
/// # Errors
/// The database's own.
pub fn setting(tx: &mut Tx<'_>, county: CountyId) -> Result<Option<Setting>, Stop> {
    let row = notice_setting::table.find(county.bytes()).select(Setting::COLUMNS);
    let row = row.first(tx.conn).optional()?;
    row.map(Setting::from_row).transpose()
}

/// Puts a county's channels in place of those before.
///
/// # Errors
/// The database's own.
pub fn set_setting(tx: &mut Tx<'_>, row: &Setting) -> Result<(), Stop> {
    diesel::delete(notice_setting::table.find(row.county_id.bytes())).execute(tx.conn)?;
    diesel::insert_into(notice_setting::table).values(row.values()).execute(tx.conn)?;
    Ok(())
}

/// Enabled accounts that hold `role` for `place` or for something above it; for None, for the whole county.
///
/// # Errors
/// The database's own.
pub fn holders(
    tx: &mut Tx<'_>,
    county: CountyId,
    role: Role,
    place: Option<DivisionId>,
) -> Result<Vec<AccountId>, Stop> {
    let mut places = vec![Vec::new()];
    if let Some(place) = place {
        let above: Vec<Vec<u8>> = division_path::table
            .filter(division_path::county_id.eq(county.bytes()))
            .filter(division_path::below_id.eq(place.bytes()))
            .select(division_path::above_id)
            .load(tx.conn)?;
        places.extend(above);
        places.push(place.bytes());
    }
    let holding = account_role::table
        .filter(account_role::county_id.eq(county.bytes()))
        .filter(account_role::role.eq(role.code()))
        .filter(account_role::place_id.eq_any(places))
        .select(account_role::account_id);
    let ids: Vec<Vec<u8>> = account::table
        .filter(account::id.eq_any(holding))
        .filter(account::disabled.eq(false))
        .order(account::id)
        .select(account::id)
        .load(tx.conn)?;
    ids.iter().map(|bytes| crate::county::id(bytes)).collect()
}

/// The enabled account that a legal worker signs in with.
///
/// # Errors
/// The database's own.
pub fn account_of(
    tx: &mut Tx<'_>,
    county: CountyId,
    worker: falin_domain::words::WorkerId,
) -> Result<Option<AccountId>, Stop> {
    let id: Option<Vec<u8>> = account::table
        .filter(account::county_id.eq(county.bytes()))
        .filter(account::worker_id.eq(worker.bytes()))
        .filter(account::disabled.eq(false))
        .order(account::id)
        .select(account::id)
        .first(tx.conn)
        .optional()?;
    id.map(|bytes| crate::county::id(&bytes)).transpose()
}

/// Takes every lease back.
///
/// # Errors
/// The database's own.
pub fn release_all(tx: &mut Tx<'_>) -> Result<(), Stop> {
    let set = (notice::lease.eq(None::<Vec<u8>>), notice::lease_until_ms.eq(None::<i64>));
    diesel::update(notice::table.filter(notice::lease.is_not_null())).set(set).execute(tx.conn)?;
    Ok(())
}
