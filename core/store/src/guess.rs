//! Wrong guesses at sign-in, counted under keyed tags of the typed name and of where they came from.

use diesel::prelude::*;
use falin_domain::identity::{DEVICE_DAYS, Guesses, delay_seconds};

use crate::schema::signin_guess as g;
use crate::stop::Stop;
use crate::tx::Tx;

/// Days after which a stranger's failures are forgotten.
const FORGOTTEN_DAYS: i64 = 2;
const DAY_MS: i64 = 86_400_000;

/// Whose guesses: the typed name, whether such an account exists or not, and the source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tags {
    /// Of the name.
    pub name: Vec<u8>,
    /// Of the browser or network address; never empty.
    pub source: Vec<u8>,
}

impl Tags {
    /// Tags of a folded name and a source; neither can be read back without the key.
    pub fn new(tx: &Tx<'_>, name: &str, source: &[u8]) -> Self {
        let cut = |mac: Vec<u8>| mac[..16].to_vec();
        let name = cut(tx.keys().mac("signin name", &[name.as_bytes()]));
        Self { name, source: cut(tx.keys().mac("signin source", &[source])) }
    }

    /// Tags by browser where the owner has signed in from it, else by address: a made-up browser gains nothing.
    ///
    /// # Errors
    /// The database's own.
    pub fn of(tx: &mut Tx<'_>, name: &str, browser: Option<&[u8]>, address: &[u8]) -> Result<Self, Stop> {
        if let Some(browser) = browser {
            let tags = Self::new(tx, name, browser);
            if read(tx, &tags)?.owners {
                return Ok(tags);
            }
        }
        Ok(Self::new(tx, name, address))
    }
}

type Row = (i32, String, i64, bool, i64);

fn row(tx: &mut Tx<'_>, name: &[u8], source: &[u8]) -> Result<Option<Row>, Stop> {
    let columns = (g::failures, g::on_day, g::retry_at_ms, g::owners, g::seen_ms);
    Ok(g::table.find((name, source)).select(columns).first(tx.conn).optional()?)
}

fn save(tx: &mut Tx<'_>, name: &[u8], source: &[u8], new: Row) -> Result<(), Stop> {
    let set = (
        g::failures.eq(new.0),
        g::on_day.eq(&new.1),
        g::retry_at_ms.eq(new.2),
        g::owners.eq(new.3),
        g::seen_ms.eq(new.4),
    );
    if diesel::update(g::table.find((name, source))).set(set).execute(tx.conn)? == 0 {
        let key = (g::name_tag.eq(name), g::source.eq(source));
        diesel::insert_into(g::table).values((key, set)).execute(tx.conn)?;
    }
    Ok(())
}

/// What was guessed so far.
///
/// # Errors
/// The database's own.
pub fn read(tx: &mut Tx<'_>, tags: &Tags) -> Result<Guesses, Stop> {
    let now = tx.now;
    let here = row(tx, &tags.name, &tags.source)?;
    let all = row(tx, &tags.name, &[])?;
    let age = |seen: i64| now.millis() - seen;
    let fresh = here.as_ref().filter(|r| age(r.4) < DAY_MS);
    Ok(Guesses {
        in_a_row: fresh.map_or(0, |r| r.0),
        retry_at: fresh.map_or(0, |r| r.2),
        today: all.filter(|r| r.1 == now.date().to_string()).map_or(0, |r| r.0),
        owners: here.as_ref().is_some_and(|r| r.3 && age(r.4) < DEVICE_DAYS * DAY_MS),
    })
}

/// Counts one more failure and returns the new count; the caller has read `before` in this transaction.
///
/// # Errors
/// The database's own.
pub fn fail(tx: &mut Tx<'_>, tags: &Tags, before: Guesses) -> Result<Guesses, Stop> {
    let (now, day) = (tx.now.millis(), tx.now.date().to_string());
    let after = Guesses {
        in_a_row: before.in_a_row + 1,
        retry_at: now + delay_seconds(before.in_a_row + 1) * 1000,
        today: before.today + 1,
        owners: before.owners,
    };
    save(tx, &tags.name, &tags.source, (after.in_a_row, day.clone(), after.retry_at, after.owners, now))?;
    save(tx, &tags.name, &[], (after.today, day, 0, false, now))?;
    prune(tx)?;
    Ok(after)
}

/// Takes one counted failure back: what was guessed turned out right.
///
/// # Errors
/// The database's own.
pub fn take_back(tx: &mut Tx<'_>, tags: &Tags) -> Result<(), Stop> {
    let Guesses { in_a_row, today, owners, .. } = read(tx, tags)?;
    let (now, day) = (tx.now.millis(), tx.now.date().to_string());
    save(tx, &tags.name, &tags.source, ((in_a_row - 1).max(0), day.clone(), 0, owners, now))?;
    save(tx, &tags.name, &[], ((today - 1).max(0), day, 0, false, now))
}

/// The owner has signed in from this source: its failures are over, and it keeps a way in.
///
/// # Errors
/// The database's own.
pub fn settle(tx: &mut Tx<'_>, tags: &Tags, is_browser: bool) -> Result<(), Stop> {
    let (now, day) = (tx.now.millis(), tx.now.date().to_string());
    save(tx, &tags.name, &tags.source, (0, day, 0, is_browser, now))
}

/// Forgets everything about a name: its browsers are no longer known, its failures are over.
///
/// # Errors
/// The database's own.
pub fn forget(tx: &mut Tx<'_>, username: &str) -> Result<(), Stop> {
    let name = Tags::new(tx, username, &[]).name;
    diesel::delete(g::table.filter(g::name_tag.eq(name))).execute(tx.conn)?;
    Ok(())
}

/// Failures of a name today, by everybody.
///
/// # Errors
/// The database's own.
pub fn today(tx: &mut Tx<'_>, username: &str) -> Result<i32, Stop> {
    let tags = Tags::new(tx, username, &[]);
    Ok(read(tx, &tags)?.today)
}

fn prune(tx: &mut Tx<'_>) -> Result<(), Stop> {
    let old = tx.now.millis() - FORGOTTEN_DAYS * DAY_MS;
    let oldest = tx.now.millis() - DEVICE_DAYS * DAY_MS;
    let strangers = g::table.filter(g::owners.eq(false)).filter(g::seen_ms.lt(old));
    diesel::delete(strangers).execute(tx.conn)?;
    diesel::delete(g::table.filter(g::seen_ms.lt(oldest))).execute(tx.conn)?;
    Ok(())
}
