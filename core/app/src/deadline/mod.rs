//! Deadlines of cases: begun, met, extended and counted again inside the transactions of those who run the cases.
//!
//! A case type calls, in its own transaction:
//! - [`start`] when the event has happened, with a code of [`falin_domain::deadline::TABLE`] or its own period;
//! - [`each`] for the days on which rows of a list fall due;
//! - [`meet`] when the act that the deadline waits for is done;
//! - [`turn`] when another person or role has to act now;
//! - [`extend`] when the law lets it be extended, with reason and source;
//! - [`drop_all`] when the case ends otherwise and reminds nobody any more, [`drop_but`] where something lives on;
//! - [`of`] for the `deadlines` of the case as contract.md words them.
//!
//! Reminders, 催办 and 督办 come by themselves from [`round`]; those of a deadline that was met or dropped are
//! called off with it.

mod board;
mod clock;
mod each;
mod earliest;
mod last;
mod longer;
mod rules;
mod shown;

pub use board::*;
pub(crate) use clock::recount;
pub use clock::round;
pub(crate) use each::each;
pub(crate) use earliest::earliest;
pub(crate) use last::{last_day, left};
pub use longer::{case_of, extend_by, most};
pub use rules::*;
pub use shown::{Shown, source};

use falin_domain::access::Role;
use falin_domain::calendar::{Calendar, Period};
use falin_domain::deadline::{Count, Counted, Items, Moment, Stage, Standing, Steps, above, lapses, rule};
use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::Refusal;
use falin_domain::time::{Date, Instant};
use falin_domain::words::{AccountId, CountyId, DivisionId, WorkerId};
use falin_store::deadline;
use falin_store::journal::Entry;
use falin_store::{Tx, holiday};

pub use falin_store::deadline::{Deadline, SubjectId};

use crate::{Stop, notice};

/// The noun in the journal, and of notices about a deadline.
pub const NOUN: &str = "deadline";

/// A deadline that the table does not have, as a plugin's flow declares it.
#[derive(Clone, Debug)]
pub struct Own {
    /// How it is counted.
    pub count: Count,
    /// The earlier target.
    pub internal: Option<Period>,
    /// Article or rule.
    pub source: String,
    /// Whose turn it is.
    pub next: Role,
}

/// What begins a deadline.
#[derive(Clone, Debug)]
pub struct Started<'a> {
    /// County.
    pub county: CountyId,
    /// Noun of the case, as in the journal.
    pub noun: &'a str,
    /// The case; `id.cast()` of its own id.
    pub subject: SubjectId,
    /// The case's number; nothing personal, because it stands in notices.
    pub label: &'a str,
    /// Where the case belongs; None: visible to those who see the whole county.
    pub division: Option<DivisionId>,
    /// Code of the table, or of the plugin.
    pub code: &'a str,
    /// When the event happened; for [`Count::Before`] the date that the deadline leads up to.
    pub at: Instant,
    /// For a code that the table does not have.
    pub own: Option<Own>,
    /// The very day on which it falls due, where somebody has named it: it is not moved by days of rest.
    pub due: Option<Date>,
    /// How many of the period's units are left of it, where it has stood still.
    pub left: Option<u16>,
    /// The rows of the case's list for which it stands.
    pub items: Option<Items>,
    /// The legal worker whose turn it is.
    pub worker: Option<WorkerId>,
    /// The account whose turn it is, where it is no worker's.
    pub account: Option<AccountId>,
    /// True for cases of an old system: steps that have passed are taken as made, and nobody is told (cut-over).
    pub silent: bool,
}

impl<'a> Started<'a> {
    /// A deadline of the table for a case, begun at `at`, with nobody named.
    pub fn new(
        county: CountyId,
        (noun, subject, label): (&'a str, SubjectId, &'a str),
        code: &'a str,
        at: Instant,
    ) -> Self {
        let (division, own, due, left) = (None, None, None, None);
        let (items, worker, account, silent) = (None, None, None, false);
        Self {
            county,
            noun,
            subject,
            label,
            division,
            code,
            at,
            own,
            due,
            left,
            items,
            worker,
            account,
            silent,
        }
    }
}

/// Begins a deadline. One that runs under the same code is dropped first: the event has happened anew.
///
/// # Errors
/// A fault where the code is unknown and brings no period; the store's own.
pub fn start(tx: &mut Tx<'_>, started: Started<'_>) -> Result<Deadline, Stop> {
    for mut old in deadline::open_of(tx, started.county, started.subject)? {
        if old.code == started.code {
            end(tx, &mut old, false)?;
        }
    }
    begin(tx, started)
}

/// The same beside others of its code.
fn begin(tx: &mut Tx<'_>, started: Started<'_>) -> Result<Deadline, Stop> {
    let (count, internal, source, next) =
        named_day(&started, last::rest(&started, counted_by(tx, &started)?));
    let mut row = Deadline {
        county_id: started.county,
        id: tx.id(),
        noun: started.noun.to_owned(),
        subject_id: started.subject,
        label: started.label.to_owned(),
        division_id: started.division,
        code: started.code.to_owned(),
        items: started.items,
        period: count,
        internal,
        started_ms: started.at.millis(),
        due: Moment::At(started.at),
        due_ms: 0,
        internal_due: None,
        provisional: false,
        source,
        reason: None,
        next_role: next,
        worker_id: started.worker,
        account_id: started.account,
        stage: Stage::Quiet,
        remind_ms: None,
        urge_ms: None,
        escalate_ms: None,
        next_ms: None,
        reminded_ms: None,
        urged_ms: None,
        escalated_ms: None,
        met_ms: None,
        dropped_ms: None,
        created_ms: tx.now.millis(),
        version: 1,
    };
    let calendar = holiday::calendar(tx, started.county)?;
    date(&mut row, &calendar);
    if started.silent {
        pass_over(&mut row, tx.now);
    }
    row.insert(tx)?;
    Ok(row)
}

type CountedBy = (Count, Option<Period>, String, Role);

/// The period that counts here: the county's own, else the table's, else the one that the case brings.
fn counted_by(tx: &mut Tx<'_>, started: &Started<'_>) -> Result<CountedBy, Stop> {
    let Some(rule) = rule(started.code) else {
        let own = started.own.as_ref();
        let own = own.ok_or_else(|| crate::Fault::new("deadline", "a code without a period"))?;
        return Ok((own.count, own.internal, own.source.clone(), own.next));
    };
    if rule.standing == Standing::Superseded {
        return Err(crate::Fault::new("deadline", "a superseded rule was started").into());
    }
    let own = if rule.settable() { deadline::own_rule(tx, started.county, rule.code)? } else { None };
    Ok(match own {
        Some(own) => (rule.count.with(own.period), own.internal, own.source, rule.next),
        None => (rule.count, rule.internal, rule.source.zh.to_owned(), rule.next),
    })
}

/// A day that somebody has named counts instead of the period, and has no earlier target.
fn named_day(started: &Started<'_>, counted: CountedBy) -> CountedBy {
    let days = started.due.map(|due| started.at.date().days_until(due));
    match days.and_then(|days| u16::try_from(days).ok()) {
        Some(days) => (Count::After(Period::days(days).unrolled()), None, counted.2, counted.3),
        None => counted,
    }
}

/// Puts all dates of a row by the calendar; how far it has come stays.
fn date(row: &mut Deadline, calendar: &Calendar) {
    let start = Instant::from_millis(row.started_ms);
    let dates: Counted = row.period.dates(calendar, row.internal, start);
    let steps = Steps::of(calendar, row.period, start, &dates);
    (row.due, row.due_ms) = (dates.due, dates.due.end().millis());
    (row.internal_due, row.provisional) = (dates.internal, dates.provisional);
    row.remind_ms = steps.map(|steps| steps.remind.millis());
    row.urge_ms = steps.map(|steps| steps.urge.millis());
    // A right of a flow's own is unknown to the table, and has its last step as everything else has.
    let after = above(&row.code).is_some() || lapses(&row.code);
    row.escalate_ms = steps.filter(|_| after).map(|steps| steps.escalate.millis());
    row.next_ms = next_step(row);
}

/// Whether a code is a target that the house sets itself.
pub(crate) fn inside(code: &str) -> bool {
    rule(code).is_some_and(|rule| rule.row == 0)
}

/// When the step after the row's stage falls.
fn next_step(row: &Deadline) -> Option<i64> {
    match row.stage {
        Stage::Quiet => row.remind_ms,
        Stage::Reminded => row.urge_ms,
        Stage::Urged => row.escalate_ms,
        Stage::Escalated => None,
    }
}

/// Takes every step that has passed as made, without telling anybody.
fn pass_over(row: &mut Deadline, now: Instant) {
    while let (Some(at), Some(next)) = (row.next_ms.filter(|at| *at <= now.millis()), row.stage.next()) {
        made(row, next, at);
    }
}

/// Notes that a step was made at `ms`.
fn made(row: &mut Deadline, stage: Stage, ms: i64) {
    match stage {
        Stage::Quiet => {}
        Stage::Reminded => row.reminded_ms = Some(ms),
        Stage::Urged => row.urged_ms = Some(ms),
        Stage::Escalated => row.escalated_ms = Some(ms),
    }
    row.stage = stage;
    row.next_ms = next_step(row);
}

/// Ends a deadline as met or dropped, and calls its notices off.
fn end(tx: &mut Tx<'_>, row: &mut Deadline, met: bool) -> Result<(), Stop> {
    let now = Some(tx.now.millis());
    if met {
        row.met_ms = now;
    } else {
        row.dropped_ms = now;
    }
    row.next_ms = None;
    row.save(tx)?;
    notice::cancel(tx, row.county_id, row.id.cast())
}

/// The act of an open deadline is done; true where such a deadline ran.
///
/// # Errors
/// The store's own.
pub fn meet(tx: &mut Tx<'_>, county: CountyId, subject: SubjectId, code: &str) -> Result<bool, Stop> {
    let mut found = false;
    for mut row in deadline::open_of(tx, county, subject)? {
        if row.code == code {
            end(tx, &mut row, true)?;
            found = true;
        }
    }
    Ok(found)
}

/// The case ended or was withdrawn: none of its deadlines counts any more.
///
/// # Errors
/// The store's own.
pub fn drop_all(tx: &mut Tx<'_>, county: CountyId, subject: SubjectId) -> Result<(), Stop> {
    drop_but(tx, county, subject, |_| false)
}

/// The same, but for those that are kept.
///
/// # Errors
/// The store's own.
pub fn drop_but(
    tx: &mut Tx<'_>,
    county: CountyId,
    subject: SubjectId,
    kept: impl Fn(&Deadline) -> bool,
) -> Result<(), Stop> {
    let open = deadline::open_of(tx, county, subject)?;
    open.into_iter().filter(|row| !kept(row)).try_for_each(|mut row| end(tx, &mut row, false))
}

/// Lets deadlines run on that were dropped at `dropped_ms` and have not passed since; steps that fell meanwhile tell
/// nobody any more.
///
/// # Errors
/// The store's own.
pub(crate) fn take_up(
    tx: &mut Tx<'_>,
    county: CountyId,
    subject: SubjectId,
    dropped_ms: i64,
) -> Result<(), Stop> {
    let now = tx.now;
    for mut row in deadline::of(tx, county, subject)? {
        if row.dropped_ms == Some(dropped_ms) && row.due_ms >= now.millis() {
            row.dropped_ms = None;
            row.next_ms = next_step(&row);
            pass_over(&mut row, now);
            row.save(tx)?;
        }
    }
    Ok(())
}

/// Whose turn it is now, for every open deadline of a case.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    /// The role, where nobody is named.
    pub role: Role,
    /// The legal worker.
    pub worker: Option<WorkerId>,
    /// The account.
    pub account: Option<AccountId>,
}

/// Hands the open deadlines of a case to whoever must act now.
///
/// # Errors
/// The store's own.
pub fn turn(tx: &mut Tx<'_>, county: CountyId, subject: SubjectId, turn: Turn) -> Result<(), Stop> {
    for mut row in deadline::open_of(tx, county, subject)? {
        (row.next_role, row.worker_id, row.account_id) = (turn.role, turn.worker, turn.account);
        row.save(tx)?;
    }
    Ok(())
}

/// An extension that the law allows.
#[derive(Clone, Debug)]
pub struct Extension<'a> {
    /// By how many of the period's own units.
    pub by: u16,
    /// Why; stands on the case's page, so nothing that must stay sealed.
    pub reason: &'a str,
    /// The article or decision that allows it.
    pub source: &'a str,
    /// Who extends it.
    pub account: Option<AccountId>,
}

/// Extends an open deadline; its steps begin again before the new date.
///
/// # Errors
/// `action.not_allowed` where no such deadline runs, or the law allows less; `form.invalid` without a reason.
pub fn extend(
    tx: &mut Tx<'_>,
    county: CountyId,
    subject: SubjectId,
    code: &str,
    extension: &Extension<'_>,
) -> Result<Deadline, Stop> {
    if extension.reason.trim().is_empty() {
        return Err(Refusal::field("reason", "required").into());
    }
    let open = deadline::open_of(tx, county, subject)?.into_iter().find(|row| row.code == code);
    let mut row = open.ok_or_else(|| Refusal::new("action.not_allowed"))?;
    if !may_extend(&row, extension.by) {
        return Err(Refusal::new("action.not_allowed").into());
    }
    let period = row.period.period();
    row.period = row.period.with(Period { n: period.n.saturating_add(extension.by), ..period });
    row.internal = row.internal.map(|target| Period { n: target.n.saturating_add(extension.by), ..target });
    row.source = format!("{};{}", row.source, extension.source.trim());
    row.reason = Some(extension.reason.trim().to_owned());
    row.stage = Stage::Quiet;
    let calendar = holiday::calendar(tx, county)?;
    date(&mut row, &calendar);
    row.save(tx)?;
    notice::cancel(tx, county, row.id.cast())?;
    tx.record(Entry {
        county,
        account: extension.account,
        event: Event::DeadlineExtended,
        reason: Reason::Person,
        subject: Some((NOUN, row.id.bytes())),
        details: serde_json::json!({ "code": row.code, "case": row.label, "by": extension.by, "due": row.due }),
    })?;
    Ok(row)
}

/// Once, and by no more than the law says where it says so.
fn may_extend(row: &Deadline, by: u16) -> bool {
    let most = rule(&row.code).and_then(|rule| rule.extension).map_or(u16::MAX, |period| period.n);
    let law = rule(&row.code).is_some_and(|rule| !rule.settable());
    let once = row.reason.is_none() || !law;
    let known = !law || rule(&row.code).is_some_and(|rule| rule.extension.is_some());
    by > 0 && by <= most && once && known
}

/// The open deadlines of a case, earliest date first.
///
/// # Errors
/// The store's own.
pub fn of(tx: &mut Tx<'_>, county: CountyId, subject: SubjectId) -> Result<Vec<Deadline>, Stop> {
    deadline::open_of(tx, county, subject)
}
