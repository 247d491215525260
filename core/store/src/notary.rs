//! Notary matters with the papers to bring, and appointments with notaries.

use diesel::prelude::*;
use falin_domain::access::Scope;
use falin_domain::duty::{AppointmentState, Hours};
use falin_domain::page::{Mark, Page, Window};
use falin_domain::time::Date;
use falin_domain::words::{AccountId, AppointmentId, CountyId, MatterId, WorkerId};

use crate::column::{kept, load, noun};
use crate::keys::Bound;
use crate::schema::{appointment, notary_matter};
use crate::stop::Stop;
use crate::tx::Tx;

/// The noun of matters in the journal and in write generations: public pages show them.
pub const NOUN: &str = "notary_matter";
/// The noun of appointments in the journal.
pub const APPOINTMENT: &str = "appointment";

noun! {
    /// 公证事项 with what to bring.
    Matter in notary_matter {
        /// County.
        county_id: CountyId,
        /// Id.
        id: MatterId,
        /// Name.
        name: String,
        /// Papers to bring, one a line.
        papers: String,
        /// What else one should know; may be empty.
        note: String,
        /// How long an appointment takes, in minutes on the grid.
        minutes: i32,
        /// Its place in the list.
        position: i32,
        /// False once no longer offered.
        active: bool,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Matter in notary_matter by MatterId);

noun! {
    /// Somebody comes to a notary.
    Appointment in appointment {
        /// County.
        county_id: CountyId,
        /// Id.
        id: AppointmentId,
        /// What about.
        matter_id: MatterId,
        /// The notary.
        worker_id: WorkerId,
        /// The day.
        day: Date,
        /// First minute of the day.
        from_minute: i32,
        /// The minute at which it is over.
        to_minute: i32,
        /// Who comes, sealed.
        person_sealed: Vec<u8>,
        /// Their telephone, sealed.
        phone_sealed: Vec<u8>,
        /// How it stands.
        state: AppointmentState,
        /// Who typed it.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(Appointment in appointment by AppointmentId);

impl Appointment {
    /// Its hours. The database keeps them within the day.
    pub fn hours(&self) -> Hours {
        Hours { day: self.day, from: self.from_minute, to: self.to_minute }
    }
}

/// Seals who comes and how to reach them.
///
/// # Errors
/// The keys' own.
pub fn seal_person(
    tx: &mut Tx<'_>,
    (county, id): (CountyId, AppointmentId),
    person: &str,
    phone: &str,
) -> Result<(Vec<u8>, Vec<u8>), Stop> {
    let row = id.bytes();
    let at = |column| Bound { table: "appointment", column, row: &row, county };
    let person = tx.seal(at("person_sealed"), person)?;
    Ok((person, tx.seal(at("phone_sealed"), phone)?))
}

/// Who comes, and their telephone.
///
/// # Errors
/// The keys' own.
pub fn person(tx: &Tx<'_>, it: &Appointment) -> Result<(String, String), Stop> {
    let row = it.id.bytes();
    let at = |column| Bound { table: "appointment", column, row: &row, county: it.county_id };
    Ok((tx.open(at("person_sealed"), &it.person_sealed)?, tx.open(at("phone_sealed"), &it.phone_sealed)?))
}

/// All matters in their order.
///
/// # Errors
/// The database's own.
pub fn matters(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Matter>, Stop> {
    let query = notary_matter::table
        .filter(notary_matter::county_id.eq(county.bytes()))
        .order((notary_matter::position, notary_matter::id));
    load!(Matter, query, tx)
}

/// A page of appointments from `from` on by day and hour; of a lawyer's scope only one's own.
///
/// # Errors
/// The database's own.
pub fn page(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (from, to): (Option<Date>, Option<Date>),
    state: Option<AppointmentState>,
    window: &Window,
) -> Result<Page<Appointment>, Stop> {
    let mut query = appointment::table.filter(appointment::county_id.eq(scope.county.bytes())).into_boxed();
    if scope.only_mine {
        let me = scope.mine.map(WorkerId::bytes).unwrap_or_default();
        query = query.filter(appointment::worker_id.eq(me));
    }
    if let Some(from) = from {
        query = query.filter(appointment::day.ge(from.to_string()));
    }
    if let Some(to) = to {
        query = query.filter(appointment::day.le(to.to_string()));
    }
    if let Some(state) = state {
        query = query.filter(appointment::state.eq(state.code()));
    }
    if let Some(after) = &window.after {
        let (day, minute) = after.key.split_once(' ').unwrap_or((&after.key, "0"));
        let (day, minute) = (day.to_owned(), minute.parse::<i32>().unwrap_or(0));
        let id = after.id.as_bytes().to_vec();
        let later = appointment::from_minute
            .gt(minute)
            .or(appointment::from_minute.eq(minute).and(appointment::id.gt(id)));
        query = query.filter(appointment::day.ge(day.clone()).and(appointment::day.gt(day).or(later)));
    }
    let query = query
        .order((appointment::day, appointment::from_minute, appointment::id))
        .limit(i64::from(window.limit) + 1);
    let rows = load!(Appointment, query, tx)?;
    Ok(Page::cut(rows, window, |it| Mark { key: format!("{} {}", it.day, it.from_minute), id: it.id.uuid() }))
}
