//! The service log: entries, what they were before each correction, and the groups to which advice is pushed.

use diesel::prelude::*;
use falin_domain::access::Scope;
use falin_domain::duty::{Counted, Platform, ServiceKind, ServiceMode};
use falin_domain::page::{Mark, Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{AccountId, CountyId, DivisionId, GroupId, HouseholdId, LogId, WorkerId};

use crate::column::{kept, load, noun};
use crate::conn::Conn;
use crate::duty::below;
use crate::keys::Bound;
use crate::schema::{contact_group, service_log, service_log_past};
use crate::stop::{Fault, Stop};
use crate::tx::Tx;

/// The noun in the journal and in write generations.
pub const NOUN: &str = "service_log";

noun! {
    /// One service given to a village: 一次一记、一事一档.
    Log in service_log {
        /// County.
        county_id: CountyId,
        /// Id.
        id: LogId,
        /// Who gave it.
        worker_id: WorkerId,
        /// To which village.
        division_id: DivisionId,
        /// On which day.
        day: Date,
        /// What.
        kind: ServiceKind,
        /// How.
        mode: ServiceMode,
        /// How long, in minutes.
        minutes: i32,
        /// Items in the kind's unit.
        items: i32,
        /// 人次.
        people: i32,
        /// 份.
        copies: i32,
        /// Whether a dispute was settled.
        settled: bool,
        /// Topic of a lecture, title of a paper; nothing about persons.
        topic: String,
        /// Whom a lecture was for; nothing about persons.
        audience: String,
        /// Content and result, sealed.
        note_sealed: Option<Vec<u8>>,
        /// When somebody must come back to it.
        follow_up_on: Option<Date>,
        /// 重大事项报告.
        report: bool,
        /// The household that was served.
        household_id: Option<HouseholdId>,
        /// The group to which it was pushed.
        group_id: Option<GroupId>,
        /// Noun of the consultation, visit or mediation that it belongs to.
        subject_noun: Option<String>,
        /// Its id.
        subject_id: Option<Vec<u8>>,
        /// Taken back: it is shown and not counted.
        withdrawn: bool,
        /// Who typed it.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Log in service_log by LogId);

noun! {
    /// What an entry was before a correction.
    Past in service_log_past {
        /// County.
        county_id: CountyId,
        /// The entry.
        log_id: LogId,
        /// Its version then.
        version: i64,
        /// The whole entry, sealed.
        before_sealed: Vec<u8>,
        /// Why it was corrected.
        reason: String,
        /// Who corrected it.
        account_id: Option<AccountId>,
        /// UTC milliseconds of the correction.
        at_ms: i64,
    }
}

noun! {
    /// A chat group of a village: 微信群.
    Group in contact_group {
        /// County.
        county_id: CountyId,
        /// Id.
        id: GroupId,
        /// Name.
        name: String,
        /// Where it lives.
        platform: Platform,
        /// The village, township or county that it serves.
        division_id: DivisionId,
        /// 群主 or who keeps it, in words.
        keeper: String,
        /// The legal worker in it.
        worker_id: Option<WorkerId>,
        /// Members when last counted.
        members: i32,
        /// False once given up.
        active: bool,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Group in contact_group by GroupId);

impl Log {
    /// The entry as it is counted.
    pub fn counted(&self) -> Counted {
        Counted {
            day: self.day,
            kind: self.kind,
            mode: self.mode,
            minutes: self.minutes,
            items: self.items,
            people: self.people,
            copies: self.copies,
            settled: self.settled,
        }
    }
}

/// Which entries a list shows.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// From this day on.
    pub from: Option<Date>,
    /// Up to and including this day.
    pub to: Option<Date>,
    /// At or below this division.
    pub place: Option<DivisionId>,
    /// Only this kind.
    pub kind: Option<ServiceKind>,
    /// Only of this person.
    pub worker: Option<WorkerId>,
    /// Only for this household.
    pub household: Option<HouseholdId>,
    /// Only pushed to this group.
    pub group: Option<GroupId>,
    /// Only what belongs to this consultation, visit or mediation.
    pub subject: Option<uuid::Uuid>,
    /// Only counted ones, or only those taken back.
    pub withdrawn: Option<bool>,
}

type Boxed = service_log::BoxedQuery<'static, <Conn as diesel::Connection>::Backend>;

fn filtered(scope: &Scope, filter: &Filter) -> Boxed {
    let county = scope.county;
    let mut query = service_log::table.filter(service_log::county_id.eq(county.bytes())).into_boxed();
    query = match (&scope.places, scope.mine) {
        (None, _) => query,
        (Some(places), None) => query.filter(service_log::division_id.eq_any(below(county, places))),
        (Some(places), Some(me)) => query.filter(
            service_log::division_id.eq_any(below(county, places)).or(service_log::worker_id.eq(me.bytes())),
        ),
    };
    if let Some(from) = filter.from {
        query = query.filter(service_log::day.ge(from.to_string()));
    }
    if let Some(to) = filter.to {
        query = query.filter(service_log::day.le(to.to_string()));
    }
    if let Some(place) = filter.place {
        query = query.filter(service_log::division_id.eq_any(below(county, &[place])));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(service_log::kind.eq(kind.code()));
    }
    if let Some(worker) = filter.worker {
        query = query.filter(service_log::worker_id.eq(worker.bytes()));
    }
    if let Some(household) = filter.household {
        query = query.filter(service_log::household_id.eq(household.bytes()));
    }
    if let Some(group) = filter.group {
        query = query.filter(service_log::group_id.eq(group.bytes()));
    }
    if let Some(subject) = filter.subject {
        query = query.filter(service_log::subject_id.eq(subject.as_bytes().to_vec()));
    }
    if let Some(withdrawn) = filter.withdrawn {
        query = query.filter(service_log::withdrawn.eq(withdrawn));
    }
    query
}

/// A page of entries, the newest day first.
///
/// # Errors
/// The database's own.
pub fn page(tx: &mut Tx<'_>, scope: &Scope, filter: &Filter, window: &Window) -> Result<Page<Log>, Stop> {
    let mut query = filtered(scope, filter);
    if let Some(after) = &window.after {
        let (day, id) = (after.key.clone(), after.id.as_bytes().to_vec());
        query = query.filter(
            service_log::day.le(day.clone()).and(service_log::day.lt(day).or(service_log::id.lt(id))),
        );
    }
    let query =
        query.order((service_log::day.desc(), service_log::id.desc())).limit(i64::from(window.limit) + 1);
    let rows = load!(Log, query, tx)?;
    Ok(Page::cut(rows, window, |log| Mark { key: log.day.to_string(), id: log.id.uuid() }))
}

/// Every entry that the filter finds, by day.
///
/// # Errors
/// The database's own.
pub fn all(tx: &mut Tx<'_>, scope: &Scope, filter: &Filter) -> Result<Vec<Log>, Stop> {
    let query = filtered(scope, filter).order((service_log::day, service_log::id));
    load!(Log, query, tx)
}

/// One entry in scope.
///
/// # Errors
/// `not_found` where it is not there or not in scope.
pub fn one(tx: &mut Tx<'_>, scope: &Scope, id: LogId) -> Result<Log, Stop> {
    let query = filtered(scope, &Filter::default()).filter(service_log::id.eq(id.bytes())).limit(1);
    let found = load!(Log, query, tx)?.pop();
    found.ok_or_else(|| Refusal::absent().into())
}

/// Entries that count, of these people in these days, as (worker, division, counted).
///
/// # Errors
/// The database's own.
pub fn counted(
    tx: &mut Tx<'_>,
    county: CountyId,
    workers: &[WorkerId],
    (from, to): (Date, Date),
) -> Result<Vec<(WorkerId, DivisionId, Counted)>, Stop> {
    let ids: Vec<Vec<u8>> = workers.iter().map(|id| id.bytes()).collect();
    let query = service_log::table
        .filter(service_log::county_id.eq(county.bytes()))
        .filter(service_log::worker_id.eq_any(ids))
        .filter(service_log::day.between(from.to_string(), to.to_string()))
        .filter(service_log::withdrawn.eq(false));
    let rows = load!(Log, query, tx)?;
    Ok(rows.iter().map(|log| (log.worker_id, log.division_id, log.counted())).collect())
}

/// Seals what was done and found.
///
/// # Errors
/// The keys' own.
pub fn seal_note(tx: &mut Tx<'_>, county: CountyId, id: LogId, note: &str) -> Result<Option<Vec<u8>>, Stop> {
    if note.is_empty() {
        return Ok(None);
    }
    let row = id.bytes();
    let at = Bound { table: "service_log", column: "note_sealed", row: &row, county };
    tx.seal(at, note).map(Some)
}

/// What was done and found; empty where nothing was written.
///
/// # Errors
/// The keys' own.
pub fn note(tx: &Tx<'_>, log: &Log) -> Result<String, Stop> {
    let row = log.id.bytes();
    let at = Bound { table: "service_log", column: "note_sealed", row: &row, county: log.county_id };
    log.note_sealed.as_deref().map_or(Ok(String::new()), |sealed| tx.open(at, sealed))
}

/// Keeps an entry as it is now, before it is corrected.
///
/// # Errors
/// The keys' and the database's own.
pub fn keep_past(tx: &mut Tx<'_>, log: &Log, reason: &str, account: Option<AccountId>) -> Result<(), Stop> {
    let row = log.id.bytes();
    let at = Bound { table: "service_log_past", column: "before_sealed", row: &row, county: log.county_id };
    let whole = serde_json::to_string(log).map_err(|e| Fault::new("service_log.past", e.to_string()))?;
    let past = Past {
        county_id: log.county_id,
        log_id: log.id,
        version: log.version,
        before_sealed: tx.seal(at, &whole)?,
        reason: reason.to_owned(),
        account_id: account,
        at_ms: tx.now.millis(),
    };
    diesel::insert_into(service_log_past::table).values(past.values()).execute(tx.conn)?;
    Ok(())
}

/// What an entry was before its corrections, newest first, each with the reason of the correction.
///
/// # Errors
/// The keys' and the database's own.
pub fn pasts(tx: &mut Tx<'_>, log: &Log) -> Result<Vec<(Past, Log)>, Stop> {
    let query = service_log_past::table
        .filter(service_log_past::county_id.eq(log.county_id.bytes()))
        .filter(service_log_past::log_id.eq(log.id.bytes()))
        .order(service_log_past::version.desc());
    let row = log.id.bytes();
    let at = Bound { table: "service_log_past", column: "before_sealed", row: &row, county: log.county_id };
    let mut found = Vec::new();
    for past in load!(Past, query, tx)? {
        let whole = tx.open(at, &past.before_sealed)?;
        let before = serde_json::from_str(&whole);
        found.push((past, before.map_err(|e| Fault::new("service_log.past", e.to_string()))?));
    }
    Ok(found)
}

/// Takes the words out of an entry and of what it was before: kind, time and counts stay.
///
/// # Errors
/// The keys' and the database's own.
pub(crate) fn forget(tx: &mut Tx<'_>, county: CountyId, id: &[u8]) -> Result<(), Stop> {
    let wordless = |log: Log| Log { note_sealed: None, topic: String::new(), audience: String::new(), ..log };
    let log = Log::by_id(tx, county, crate::county::id(id)?)?;
    let at = Bound { table: "service_log_past", column: "before_sealed", row: id, county };
    for (past, before) in pasts(tx, &log)? {
        let whole = serde_json::to_string(&wordless(before));
        let whole = whole.map_err(|e| Fault::new("service_log.past", e.to_string()))?;
        let set = (service_log_past::before_sealed.eq(tx.seal(at, &whole)?), service_log_past::reason.eq(""));
        let row = service_log_past::table.find((county.bytes(), id.to_vec(), past.version));
        diesel::update(row).set(set).execute(tx.conn)?;
    }
    let row = service_log::table.find((county.bytes(), id.to_vec()));
    diesel::update(row).set(wordless(log).values()).execute(tx.conn)?;
    Ok(())
}

/// All groups, by place and name.
///
/// # Errors
/// The database's own.
pub fn groups(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Group>, Stop> {
    let query = contact_group::table.filter(contact_group::county_id.eq(county.bytes())).order((
        contact_group::division_id,
        contact_group::name,
        contact_group::id,
    ));
    load!(Group, query, tx)
}
