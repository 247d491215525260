//! Deadlines: open ones of a subject, those whose next step has come, and the pages of the board.

use diesel::prelude::*;
use falin_domain::access::{Role, Scope};
use falin_domain::calendar::Period;
use falin_domain::deadline::{Count, Items, Moment, Stage};
use falin_domain::page::{Mark, Page, Window};
use falin_domain::time::Instant;
use falin_domain::words::{AccountId, CountyId, DeadlineId, DivisionId, Id, WorkerId};

use crate::column::{kept, load, load_direct, noun};
use crate::said::one_of;
use crate::schema::{casefile, deadline, deadline_rule, division_path};
use crate::stop::Stop;
use crate::tx::Tx;

/// An id of whatever noun a deadline or notice speaks of.
pub enum AnyNoun {}
/// See [`AnyNoun`].
pub type SubjectId = Id<AnyNoun>;

noun! {
    /// A deadline of one subject.
    Deadline in deadline {
        /// County.
        county_id: CountyId,
        /// Id.
        id: DeadlineId,
        /// Noun of the subject, as in the journal.
        noun: String,
        /// Id of the subject.
        subject_id: SubjectId,
        /// The subject's number or other public name; nothing personal.
        label: String,
        /// Where it belongs.
        division_id: Option<DivisionId>,
        /// Code of the rule.
        code: String,
        /// The rows of the case's list for which it stands.
        items: Option<Items>,
        /// The period as it was when the deadline started.
        period: Count,
        /// The period of the internal target.
        internal: Option<Period>,
        /// When the event happened, UTC milliseconds.
        started_ms: i64,
        /// Statutory date.
        due: Moment,
        /// Its last millisecond.
        due_ms: i64,
        /// The house's earlier target.
        internal_due: Option<Moment>,
        /// Whether it hangs on an unpublished year.
        provisional: bool,
        /// Article, or the county's own text.
        source: String,
        /// Why it was extended.
        reason: Option<String>,
        /// Whose turn it is, where no person is named.
        next_role: Role,
        /// The legal worker who must act.
        worker_id: Option<WorkerId>,
        /// The account that must act.
        account_id: Option<AccountId>,
        /// How far reminders have come.
        stage: Stage,
        /// When the reminder falls.
        remind_ms: Option<i64>,
        /// When 催办 falls.
        urge_ms: Option<i64>,
        /// When 督办 falls.
        escalate_ms: Option<i64>,
        /// When the next of them falls; None once nothing follows.
        next_ms: Option<i64>,
        /// When the reminder was made.
        reminded_ms: Option<i64>,
        /// When 催办 was made.
        urged_ms: Option<i64>,
        /// When 督办 was made.
        escalated_ms: Option<i64>,
        /// When it was met.
        met_ms: Option<i64>,
        /// When it stopped counting.
        dropped_ms: Option<i64>,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Deadline in deadline by DeadlineId);

noun! {
    /// A county's own length of a deadline.
    OwnRule in deadline_rule {
        /// County.
        county_id: CountyId,
        /// Code of the rule.
        code: String,
        /// Its period here.
        period: Period,
        /// Its internal target here.
        internal: Option<Period>,
        /// The text that sets it.
        source: String,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}

/// A county's own rules by code.
///
/// # Errors
/// The database's own.
pub fn own_rules(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<OwnRule>, Stop> {
    let query =
        deadline_rule::table.filter(deadline_rule::county_id.eq(county.bytes())).order(deadline_rule::code);
    load!(OwnRule, query, tx)
}

/// A county's own rule of this code.
///
/// # Errors
/// The database's own.
pub fn own_rule(tx: &mut Tx<'_>, county: CountyId, code: &str) -> Result<Option<OwnRule>, Stop> {
    let row = deadline_rule::table.find((county.bytes(), code));
    let row = row.select(OwnRule::COLUMNS).first(tx.conn).optional()?;
    row.map(OwnRule::from_row).transpose()
}

/// Puts a county's own rule in place of the one that is there.
///
/// # Errors
/// The database's own.
pub fn set_rule(tx: &mut Tx<'_>, rule: &OwnRule) -> Result<(), Stop> {
    remove_rule(tx, rule.county_id, &rule.code)?;
    diesel::insert_into(deadline_rule::table).values(rule.values()).execute(tx.conn)?;
    Ok(())
}

/// Takes a county's own rule away.
///
/// # Errors
/// The database's own.
pub fn remove_rule(tx: &mut Tx<'_>, county: CountyId, code: &str) -> Result<(), Stop> {
    diesel::delete(deadline_rule::table.find((county.bytes(), code))).execute(tx.conn)?;
    Ok(())
}

/// Every deadline of a subject, earliest date first.
///
/// # Errors
/// The database's own.
pub fn of(tx: &mut Tx<'_>, county: CountyId, subject: SubjectId) -> Result<Vec<Deadline>, Stop> {
    let query = deadline::table
        .filter(deadline::county_id.eq(county.bytes()))
        .filter(deadline::subject_id.eq(subject.bytes()))
        .order((deadline::due_ms, deadline::id));
    load!(Deadline, query, tx)
}

/// Open deadlines of a subject, earliest date first.
///
/// # Errors
/// The database's own.
pub fn open_of(tx: &mut Tx<'_>, county: CountyId, subject: SubjectId) -> Result<Vec<Deadline>, Stop> {
    Ok(of(tx, county, subject)?.into_iter().filter(Deadline::is_open).collect())
}

/// Open deadlines of several subjects at once, earliest date first.
///
/// # Errors
/// The database's own.
pub fn open_of_all(tx: &mut Tx<'_>, county: CountyId, subjects: &[SubjectId]) -> Result<Vec<Deadline>, Stop> {
    let subjects = subjects.iter().map(|id| id.bytes()).collect();
    let query = deadline::table
        .filter(deadline::county_id.eq(county.bytes()))
        .filter(one_of(deadline::subject_id, subjects))
        .filter(deadline::met_ms.is_null())
        .filter(deadline::dropped_ms.is_null())
        .order((deadline::due_ms, deadline::id));
    load_direct!(Deadline, query, tx)
}

impl Deadline {
    /// Neither met nor dropped.
    pub fn is_open(&self) -> bool {
        self.met_ms.is_none() && self.dropped_ms.is_none()
    }
}

/// Up to `limit` deadlines of a county whose next step has come, the longest waiting first.
///
/// # Errors
/// The database's own.
pub fn stepping(tx: &mut Tx<'_>, county: CountyId, now: Instant, limit: i64) -> Result<Vec<Deadline>, Stop> {
    let query = deadline::table
        .filter(deadline::county_id.eq(county.bytes()))
        .filter(deadline::next_ms.le(now.millis()))
        .order((deadline::next_ms, deadline::id))
        .limit(limit);
    load!(Deadline, query, tx)
}

/// Open deadlines whose dates hang on an unpublished year.
///
/// # Errors
/// The database's own.
pub fn provisional(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Deadline>, Stop> {
    let query = open(county).filter(deadline::provisional.eq(true)).order((deadline::due_ms, deadline::id));
    load!(Deadline, query, tx)
}

/// Open deadlines that end on or after `from`, for counting again when single days change.
///
/// # Errors
/// The database's own.
pub fn open_from(tx: &mut Tx<'_>, county: CountyId, from: Instant) -> Result<Vec<Deadline>, Stop> {
    let query =
        open(county).filter(deadline::due_ms.ge(from.millis())).order((deadline::due_ms, deadline::id));
    load!(Deadline, query, tx)
}

type Boxed = deadline::BoxedQuery<'static, crate::conn::MultiBackend>;

fn open(county: CountyId) -> Boxed {
    deadline::table
        .filter(deadline::county_id.eq(county.bytes()))
        .filter(deadline::met_ms.is_null())
        .filter(deadline::dropped_ms.is_null())
        .into_boxed()
}

/// Which deadlines the board shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// Open ones.
    Open,
    /// Open ones past their statutory date.
    Overdue,
    /// Open ones in time, whose statutory or internal date is not after this instant.
    Soon(Instant),
    /// Met ones.
    Met,
}

/// What the board shows.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// State; None for every one that was not dropped.
    pub which: Option<Which>,
    /// At or below this division.
    pub place: Option<DivisionId>,
    /// Of this code.
    pub code: Option<String>,
    /// Codes of parties' rights: nobody is late with them, and none is urged before its own last days.
    pub rights: Vec<String>,
}

fn filtered(
    tx: &mut Tx<'_>,
    scope: &Scope,
    account: Option<AccountId>,
    filter: &Filter,
) -> Result<Boxed, Stop> {
    let now = tx.now;
    // Who stands in for somebody sees what waits for that one.
    let mut mine: Vec<Vec<u8>> = scope.mine.map(Id::bytes).into_iter().collect();
    if let Some(me) = scope.mine {
        let absent = crate::deputy::stands_for(tx, scope.county, me, now.date())?;
        mine.extend(absent.into_iter().map(Id::bytes));
    }
    let county = scope.county.bytes();
    // What was met of a case that is only stored stands in no list either.
    let stored = casefile::table
        .filter(casefile::county_id.eq(county.clone()))
        .filter(casefile::restricted_ms.is_not_null())
        .select(casefile::id);
    let mut query = deadline::table
        .filter(deadline::county_id.eq(county.clone()))
        .filter(deadline::dropped_ms.is_null())
        .filter(deadline::subject_id.ne_all(stored))
        .into_boxed();
    let below = |places: &[DivisionId]| {
        division_path::table
            .filter(division_path::county_id.eq(county.clone()))
            .filter(division_path::above_id.eq_any(places.iter().map(|id| id.bytes()).collect::<Vec<_>>()))
            .select(division_path::below_id.nullable())
    };
    if scope.places.is_some() || scope.only_mine {
        let places = scope.places.clone().unwrap_or_default();
        let account = account.map(Id::bytes);
        // A foreign noun's id never equals the empty string.
        let mine = deadline::worker_id.eq_any(mine);
        let own = deadline::account_id.eq(account.unwrap_or_default());
        let visible = deadline::division_id.eq_any(below(&places));
        query = query.filter(visible.or(mine).or(own));
    }
    if let Some(place) = filter.place {
        query = query.filter(deadline::division_id.eq_any(below(&[place])));
    }
    if let Some(code) = &filter.code {
        query = query.filter(deadline::code.eq(code.clone()));
    }
    let ms = now.millis();
    Ok(match filter.which {
        None => query,
        Some(Which::Open) => query.filter(deadline::met_ms.is_null()),
        Some(Which::Met) => query.filter(deadline::met_ms.is_not_null()),
        Some(Which::Overdue) => query
            .filter(deadline::met_ms.is_null())
            .filter(deadline::due_ms.lt(ms))
            .filter(deadline::code.ne_all(filter.rights.clone())),
        Some(Which::Soon(until)) => {
            query.filter(deadline::met_ms.is_null()).filter(deadline::due_ms.ge(ms)).filter(
                deadline::due_ms.le(until.millis()).or(deadline::urge_ms
                    .le(until.millis())
                    .and(deadline::code.ne_all(filter.rights.clone()))),
            )
        }
    })
}

/// A page of the board, earliest statutory date first.
///
/// # Errors
/// The database's own.
pub fn page(
    tx: &mut Tx<'_>,
    scope: &Scope,
    account: Option<AccountId>,
    filter: &Filter,
    window: &Window,
) -> Result<Page<Deadline>, Stop> {
    let mut query = filtered(tx, scope, account, filter)?;
    if let Some(after) = &window.after {
        let (ms, id) = (after.millis(), after.id.as_bytes().to_vec());
        query = query.filter(deadline::due_ms.ge(ms).and(deadline::due_ms.gt(ms).or(deadline::id.gt(id))));
    }
    let query = query.order((deadline::due_ms, deadline::id)).limit(i64::from(window.limit) + 1);
    let rows = load!(Deadline, query, tx)?;
    Ok(Page::cut(rows, window, |row| Mark { key: row.due_ms.to_string(), id: row.id.uuid() }))
}

/// How many the board shows.
///
/// # Errors
/// The database's own.
pub fn count(
    tx: &mut Tx<'_>,
    scope: &Scope,
    account: Option<AccountId>,
    filter: &Filter,
) -> Result<u64, Stop> {
    let n: i64 = filtered(tx, scope, account, filter)?.count().get_result(tx.conn)?;
    Ok(n.unsigned_abs())
}

/// One deadline, where the scope shows it.
///
/// # Errors
/// `not_found` where it is not there, or not for this visitor.
pub fn visible(
    tx: &mut Tx<'_>,
    scope: &Scope,
    account: Option<AccountId>,
    id: DeadlineId,
) -> Result<Deadline, Stop> {
    let query = filtered(tx, scope, account, &Filter::default())?.filter(deadline::id.eq(id.bytes()));
    let found = load!(Deadline, query, tx)?;
    found.into_iter().next().ok_or_else(|| falin_domain::refusal::Refusal::absent().into())
}
