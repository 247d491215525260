//! The outbox, people's inboxes, how they want to be told, the calls that clerks make, and a county's channels.

use diesel::prelude::*;
use falin_domain::access::{Role, Scope};
use falin_domain::notice::{Channel, State};
use falin_domain::page::{Mark, Page, Window};
use falin_domain::time::Instant;
use falin_domain::words::{AccountId, CallId, CountyId, DivisionId, MessageId, NoticeId};

use crate::column::{kept, load, noun};
use crate::deadline::SubjectId;
use crate::keys::Bound;
use crate::schema::{account, account_role, call_task, division_path, inbox, notice, notice_setting, reach};
use crate::stop::Stop;
use crate::tx::Tx;

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

noun! {
    /// A call that a clerk makes.
    Call in call_task {
        /// County.
        county_id: CountyId,
        /// Id.
        id: CallId,
        /// Idempotency key.
        key: String,
        /// Key of the text that could not be sent.
        kind: String,
        /// Noun of what it speaks of.
        noun: String,
        /// Id of what it speaks of.
        subject_id: SubjectId,
        /// Where it belongs.
        division_id: Option<DivisionId>,
        /// Why a call: a code of `CallReason`.
        reason: String,
        /// The person's name.
        who_sealed: Vec<u8>,
        /// The telephone; may be empty inside.
        phone_sealed: Vec<u8>,
        /// Arguments of the text, JSON.
        args_sealed: Vec<u8>,
        /// How it ended: a code of `CallOutcome`.
        outcome: Option<String>,
        /// When.
        done_ms: Option<i64>,
        /// Who called.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Call in call_task by CallId);

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

/// Whether a message with this key is in an inbox.
///
/// # Errors
/// The database's own.
pub fn has_message(tx: &mut Tx<'_>, county: CountyId, key: &str) -> Result<bool, Stop> {
    let query = inbox::table.filter(inbox::county_id.eq(county.bytes())).filter(inbox::key.eq(key));
    let n: i64 = query.count().get_result(tx.conn)?;
    Ok(n > 0)
}

/// Whether a call with this key is on the list.
///
/// # Errors
/// The database's own.
pub fn has_call(tx: &mut Tx<'_>, county: CountyId, key: &str) -> Result<bool, Stop> {
    let query =
        call_task::table.filter(call_task::county_id.eq(county.bytes())).filter(call_task::key.eq(key));
    let n: i64 = query.count().get_result(tx.conn)?;
    Ok(n > 0)
}

/// Calls off what waits for a subject: its messages in the outbox, those that no inbox shows yet, and its calls.
///
/// # Errors
/// The database's own.
pub fn cancel(tx: &mut Tx<'_>, county: CountyId, subject: SubjectId) -> Result<usize, Stop> {
    let now = tx.now.millis();
    let waiting = notice::table
        .filter(notice::county_id.eq(county.bytes()))
        .filter(notice::subject_id.eq(subject.bytes()))
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
        .filter(inbox::at_ms.gt(now));
    diesel::delete(unseen).execute(tx.conn)?;
    let calls = call_task::table
        .filter(call_task::county_id.eq(county.bytes()))
        .filter(call_task::subject_id.eq(subject.bytes()))
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
        query = query.filter(inbox::at_ms.lt(ms).or(inbox::at_ms.eq(ms).and(inbox::id.lt(id))));
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

/// Marks everything that an inbox shows as read; returns how much that was.
///
/// # Errors
/// The database's own.
pub fn read_all(tx: &mut Tx<'_>, county: CountyId, account: AccountId) -> Result<usize, Stop> {
    let now = tx.now.millis();
    let unread = inbox::table
        .filter(inbox::county_id.eq(county.bytes()))
        .filter(inbox::account_id.eq(account.bytes()))
        .filter(inbox::at_ms.le(now))
        .filter(inbox::read_ms.is_null());
    let set = (inbox::read_ms.eq(Some(now)), inbox::version.eq(inbox::version + 1));
    Ok(diesel::update(unread).set(set).execute(tx.conn)?)
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

/// A page of the calls in a scope: open ones longest waiting first, or all, newest last.
///
/// # Errors
/// The database's own.
pub fn calls(tx: &mut Tx<'_>, scope: &Scope, done: bool, window: &Window) -> Result<Page<Call>, Stop> {
    let mut query = calls_in(scope, done);
    if let Some(after) = &window.after {
        let (ms, id) = (after.millis(), after.id.as_bytes().to_vec());
        query = query
            .filter(call_task::created_ms.gt(ms).or(call_task::created_ms.eq(ms).and(call_task::id.gt(id))));
    }
    let query = query.order((call_task::created_ms, call_task::id)).limit(i64::from(window.limit) + 1);
    let rows = load!(Call, query, tx)?;
    Ok(Page::cut(rows, window, |row| Mark { key: row.created_ms.to_string(), id: row.id.uuid() }))
}

/// How many calls there are.
///
/// # Errors
/// The database's own.
pub fn call_count(tx: &mut Tx<'_>, scope: &Scope, done: bool) -> Result<u64, Stop> {
    let n: i64 = calls_in(scope, done).count().get_result(tx.conn)?;
    Ok(n.unsigned_abs())
}

type Calls = call_task::BoxedQuery<'static, crate::conn::MultiBackend>;

fn calls_in(scope: &Scope, done: bool) -> Calls {
    let county = scope.county.bytes();
    let mut query = call_task::table.filter(call_task::county_id.eq(county.clone())).into_boxed();
    if let Some(places) = &scope.places {
        let places: Vec<Vec<u8>> = places.iter().map(|id| id.bytes()).collect();
        let below = division_path::table
            .filter(division_path::county_id.eq(county))
            .filter(division_path::above_id.eq_any(places))
            .select(division_path::below_id.nullable());
        query = query.filter(call_task::division_id.eq_any(below));
    }
    if done {
        query.filter(call_task::done_ms.is_not_null())
    } else {
        query.filter(call_task::done_ms.is_null())
    }
}

/// One call, where the scope shows it.
///
/// # Errors
/// `not_found` where it is not there, or not for this visitor.
pub fn call(tx: &mut Tx<'_>, scope: &Scope, id: CallId) -> Result<Call, Stop> {
    for done in [false, true] {
        let query = calls_in(scope, done).filter(call_task::id.eq(id.bytes()));
        if let Some(found) = load!(Call, query, tx)?.into_iter().next() {
            return Ok(found);
        }
    }
    Err(falin_domain::refusal::Refusal::absent().into())
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

/// When the next message of any county may leave, for the sender's sleep.
///
/// # Errors
/// The database's own.
pub fn next_due(tx: &mut Tx<'_>) -> Result<Option<Instant>, Stop> {
    let ms: Option<i64> = notice::table.select(diesel::dsl::min(notice::next_ms)).first(tx.conn)?;
    Ok(ms.map(Instant::from_millis))
}
