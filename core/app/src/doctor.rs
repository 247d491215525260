//! What is wrong with an installation, and what to do about it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use falin_domain::time::{Date, Instant};
use falin_host::plugin;
use falin_store::db::In;
use falin_store::{Tx, county, holiday};
use serde::Serialize;

use crate::{App, Stop, audit, restriction};

/// How a check came out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// As it should be.
    Green,
    /// Works, and should be seen to.
    Amber,
    /// Must be seen to.
    Red,
}

/// One check. Its texts are `doctor-NAME` and `doctor-NAME.todo`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Check {
    /// What was looked at.
    pub name: &'static str,
    /// How it came out.
    pub health: Health,
    /// A number or date that the text speaks of.
    pub detail: String,
}

/// Days after which a backup or a rehearsal counts as old.
const BACKUP_DAYS: i64 = 2;
const REHEARSAL_DAYS: i64 = 180;
/// Days before its end at which a certificate should be made anew.
const CERTIFICATE_DAYS: i64 = 30;
/// Less room than this and writes will soon fail.
const LEAST_ROOM: u64 = 512 << 20;
/// Less room than this, or than three times the database, and a backup may not fit.
const GOOD_ROOM: u64 = 2 << 30;

/// Looks at everything, worst first.
///
/// # Errors
/// Only where the database cannot be read at all.
pub async fn examine(app: &App) -> Result<Vec<Check>, Stop> {
    let mut checks = vec![key_file(&app.data), data_folder(&app.data), room(&app.data), cage()];
    let pending = app.db.pending()?;
    let schema = if pending.is_empty() { Health::Green } else { Health::Red };
    checks.push(Check { name: "schema", health: schema, detail: pending.join(" ") });
    let now = app.now();
    let facts = move |tx: &mut Tx<'_>| {
        let backup = county::fact(tx, "backup.written")?;
        let rehearsed = county::fact(tx, "restore.rehearsed")?;
        let counties = county::all(tx)?;
        let calendar = match counties.first() {
            Some(one) => Some(holiday::calendar(tx, one.id)?),
            None => None,
        };
        let mut due = 0;
        for one in &counties {
            due += restriction::due(tx, one.id)?;
        }
        Ok((backup, rehearsed, counties.len(), calendar, due))
    };
    let (backup, rehearsed, counties, calendar, due) = app.db.read(In::All, facts).await?;
    checks.push(age("backup", backup.as_deref(), now, BACKUP_DAYS));
    checks.push(age("rehearsal", rehearsed.as_deref(), now, REHEARSAL_DAYS));
    let served = if counties == 0 { Health::Amber } else { Health::Green };
    checks.push(Check { name: "counties", health: served, detail: counties.to_string() });
    let published = calendar.is_none_or(|calendar| calendar.is_published(year(now.date())));
    checks.push(Check {
        name: "calendar",
        health: if published { Health::Green } else { Health::Amber },
        detail: year(now.date()).to_string(),
    });
    let kept = if due == 0 { Health::Green } else { Health::Amber };
    checks.push(Check { name: "destructions", health: kept, detail: due.to_string() });
    checks.push(journal(app).await?);
    checks.sort_by(|a, b| b.health.cmp(&a.health).then(a.name.cmp(b.name)));
    Ok(checks)
}

fn year(date: Date) -> i16 {
    date.parts().0
}

async fn journal(app: &App) -> Result<Check, Stop> {
    let findings = audit::verify_all(app, Vec::new()).await?;
    let sound = findings.iter().all(audit::Finding::is_sound);
    let sealed: i64 = findings.iter().map(|finding| finding.chain.sealed).sum();
    let health = if sound { Health::Green } else { Health::Red };
    Ok(Check { name: "journal", health, detail: sealed.to_string() })
}

/// Red where it never happened, amber where it is long ago.
fn age(name: &'static str, stamp: Option<&str>, now: Instant, days: i64) -> Check {
    let Some(when) = stamp.and_then(|text| text.parse::<Instant>().ok()) else {
        return Check { name, health: Health::Red, detail: String::new() };
    };
    let old = when.date().days_until(now.date());
    let health = if old > days { Health::Amber } else { Health::Green };
    Check { name, health, detail: when.date().to_string() }
}

fn key_file(data: &Path) -> Check {
    let file = data.join("keys").join("falin.key");
    let health = match std::fs::metadata(&file) {
        Ok(facts) if facts.permissions().mode() & 0o077 == 0 => Health::Green,
        _ => Health::Red,
    };
    Check { name: "key", health, detail: String::new() }
}

/// Which cage a plugin's worker is in here. Amber where it is not the kernel's own: an older one does, none at all
/// means that no county workflow is loaded.
fn cage() -> Check {
    let (health, detail) = match plugin::cage(&plugin::Settings::default()) {
        Ok(report) if report.cage == plugin::Cage::Landlock => (Health::Green, report.cage.word().to_owned()),
        Ok(report) => (Health::Amber, report.cage.word().to_owned()),
        Err(refused) => (Health::Red, refused.to_string()),
    };
    Check { name: "cage", health, detail }
}

/// Room for the data to grow and for a backup and its rehearsal beside it.
fn room(data: &Path) -> Check {
    const MIB: u64 = 1 << 20;
    let held = std::fs::metadata(data.join("falin.db")).map_or(0, |facts| facts.len());
    let (health, detail) = match falin_host::disk::free_bytes(data) {
        Ok(free) if free < LEAST_ROOM => (Health::Red, (free / MIB).to_string()),
        Ok(free) if free < GOOD_ROOM.max(held * 3) => (Health::Amber, (free / MIB).to_string()),
        Ok(free) => (Health::Green, (free / MIB).to_string()),
        Err(_) => (Health::Amber, String::new()),
    };
    Check { name: "room", health, detail }
}

/// A certificate by its last day; for `serve` that ends TLS itself.
pub fn certificate(last: Option<Date>, today: Date) -> Check {
    let health = match last.map(|last| today.days_until(last)) {
        Some(days) if days > CERTIFICATE_DAYS => Health::Green,
        Some(days) if days >= 0 => Health::Amber,
        _ => Health::Red,
    };
    Check { name: "certificate", health, detail: last.map(|last| last.to_string()).unwrap_or_default() }
}

fn data_folder(data: &Path) -> Check {
    let probe = data.join(".doctor");
    let writable = std::fs::write(&probe, b"ok").and_then(|()| std::fs::remove_file(&probe)).is_ok();
    Check { name: "data", health: if writable { Health::Green } else { Health::Red }, detail: String::new() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_certificate_is_seen_to_before_it_ends() {
        let today: Date = "2026-03-01".parse().unwrap();
        let health = |last: &str| certificate(last.parse().ok(), today).health;
        assert_eq!(health("2027-01-01"), Health::Green);
        assert_eq!(health("2026-03-20"), Health::Amber);
        assert_eq!(health("2026-02-28"), Health::Red);
        assert_eq!(certificate(None, today).health, Health::Red);
    }
}
