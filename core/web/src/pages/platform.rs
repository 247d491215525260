//! `/desk/platform`: health in plain words, backups made and rehearsed, keys rotated, all beside the requests.

use falin_app::doctor::{Check, Health};
use falin_app::{keys, platform};

use crate::chores::Chore;
use crate::desk::Desk;
use crate::look::desk::platform::{
    BackupRow, Check as Row, KeyRow, PlatformBackups, PlatformHealth, PlatformKeys, tabs,
};
use crate::look::parts::{Fact, Figure, Notice, State};
use crate::look::{Say, format};
use crate::pages::journal::moment;
use crate::problem::Answer;

const HEALTH: &str = "/desk/platform";
const BACKUPS: &str = "/desk/platform/backups";
const KEYS: &str = "/desk/platform/keys";
const REHEARSAL: &str = "/desk/platform/backups/rehearsal";
const MIB: u64 = 1 << 20;

/// `GET /desk/platform`.
///
/// # Errors
/// The store's own.
pub async fn health(desk: Desk) -> Answer {
    let checks = platform::health(&desk.site.app, desk.visitor()).await?;
    let say = desk.say();
    let wrong = checks.iter().filter(|check| check.health != Health::Green).count();
    let verdict = match wrong {
        0 => Notice::new("done", say.t("desk-platform-well"), ""),
        n => Notice::new("caution", say.with("desk-platform-to-do", &[("count", &n.to_string())]), ""),
    };
    desk.page(&PlatformHealth {
        tabs: tabs(HEALTH),
        verdict,
        figures: figures(&desk),
        rows: checks.iter().map(|check| row(&say, check)).collect(),
    })
}

fn row(say: &Say<'_>, check: &Check) -> Row {
    let (state, fill) = match check.health {
        Health::Green => ("green", "done"),
        Health::Amber => ("amber", "half"),
        Health::Red => ("red", "stopped"),
    };
    let args = [("detail", check.detail.as_str()), ("state", state)];
    let fix = format!("doctor-{}-todo", check.name);
    Row {
        what: say.t(&format!("platform-check-{}", check.name)),
        state: State { fill, word: say.t(&format!("platform-state-{state}")) },
        found: say.with(&format!("doctor-{}", check.name), &args),
        fix: if check.health == Health::Green { String::new() } else { say.with(&fix, &args) },
    }
}

fn figures(desk: &Desk) -> Vec<Figure> {
    let say = desk.say();
    let seconds = (desk.site.app.now().millis() - desk.site.started().millis()) / 1000;
    let (count, key) = match seconds {
        86_400.. => (seconds / 86_400, "platform-days"),
        3_600.. => (seconds / 3_600, "platform-hours"),
        _ => (seconds / 60, "platform-minutes"),
    };
    let figure = |label, value| Figure { label, value, unit: "", href: String::new() };
    let uptime = say.with(key, &[("count", &count.to_string())]);
    let mut figures = vec![figure("desk-platform-uptime", uptime)];
    if let Some(bytes) = resident_bytes() {
        figures.push(figure("desk-platform-memory", format!("{} MB", bytes / MIB)));
    }
    figures
}

/// Memory of this process as Linux tells it; None elsewhere.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib * 1024)
}

/// `GET /desk/platform/backups`.
///
/// # Errors
/// The store's own; a folder that cannot be read.
pub async fn backups(desk: Desk) -> Answer {
    let found = platform::backups(&desk.site.app, desk.visitor()).await?;
    let say = desk.say();
    let rehearsed = match found.rehearsed {
        Some(at) => Notice::new("done", say.t("desk-platform-rehearsed"), moment(&desk, at)),
        None => {
            let text = say.t("desk-platform-unrehearsed-what");
            Notice::new("caution", say.t("desk-platform-unrehearsed"), text)
        }
    };
    let place = platform::folder(&desk.site.app).display().to_string();
    let mut facts = vec![
        Fact::new("desk-platform-backup-where", place).note(say.t("platform-backup-elsewhere")),
        Fact::new("desk-platform-backup-keep", say.t("platform-backup-keep")),
    ];
    if let Some(at) = found.written {
        facts.push(Fact::new("desk-platform-backup-last", moment(&desk, at)));
    }
    let kept = |one: &platform::Kept| {
        let size = format::group(&one.bytes.div_ceil(MIB).to_string());
        let parts = one.parts.to_string();
        BackupRow {
            when: moment(&desk, one.made),
            file: one.name.clone(),
            size: say.with("platform-backup-size", &[("size", &size), ("parts", &parts)]),
            state: State { fill: "done", word: say.t("platform-backup-read") },
        }
    };
    let rows: Vec<BackupRow> = found.kept.iter().map(kept).collect();
    let rehearse = if rows.is_empty() { "" } else { REHEARSAL };
    let running = running(&desk);
    desk.page(&PlatformBackups {
        tabs: tabs(BACKUPS),
        rehearsed: failed(&desk, Chore::Backup)
            .or_else(|| failed(&desk, Chore::Rehearsal))
            .unwrap_or(rehearsed),
        action: BACKUPS.to_owned(),
        rehearse: rehearse.to_owned(),
        running,
        facts,
        rows,
    })
}

/// What goes on beside the requests, in words; empty for nothing.
fn running(desk: &Desk) -> String {
    let say = desk.say();
    match desk.site.chores.running() {
        None => String::new(),
        Some(Chore::Backup) => say.t("platform-running-backup"),
        Some(Chore::Rehearsal) => say.t("platform-running-rehearsal"),
        Some(Chore::Rotation) => {
            let count = format::group(&desk.site.chores.done().to_string());
            say.with("platform-running-rotation", &[("count", &count)])
        }
    }
}

fn failed(desk: &Desk, chore: Chore) -> Option<Notice> {
    let (say, refusal) = (desk.say(), desk.site.chores.failed(chore)?);
    Some(Notice::new("danger", say.refusal_title(&refusal), say.refusal_detail(&refusal)))
}

/// `POST /desk/platform/backups`: begins a backup and shows the page at once.
///
/// # Errors
/// `platform.under_way` where another chore runs; `server.failed` where no thread can be had.
pub async fn back_up(desk: Desk) -> Answer {
    let (app, visitor) = (desk.site.app.clone(), desk.visitor().clone());
    desk.site.chores.begin(Chore::Backup, move |_| platform::write_backup(&app, &visitor).map(drop))?;
    desk.go(BACKUPS)
}

/// `POST /desk/platform/backups/rehearsal`: restores the newest backup beside the running house.
///
/// # Errors
/// `platform.under_way` where another chore runs; `server.failed` where no thread can be had.
pub async fn rehearse(desk: Desk) -> Answer {
    let (app, visitor) = (desk.site.app.clone(), desk.visitor().clone());
    desk.site.chores.begin(Chore::Rehearsal, move |_| platform::rehearse_newest(&app, &visitor).map(drop))?;
    desk.go(BACKUPS)
}

/// `GET /desk/platform/keys`.
///
/// # Errors
/// `access.denied`.
pub async fn keys(desk: Desk) -> Answer {
    let facts = keys::facts(&desk.site.app, desk.visitor())?;
    let say = desk.say();
    let row = KeyRow {
        id: format!("k{}", facts.active),
        fingerprint: facts.fingerprint,
        since: "—".to_owned(),
        seals: say.t("platform-key-all"),
        state: State { fill: "done", word: say.t("platform-key-used") },
    };
    desk.page(&PlatformKeys {
        tabs: tabs(KEYS),
        notice: failed(&desk, Chore::Rotation),
        rows: vec![row],
        rotating: running(&desk),
        action: KEYS.to_owned(),
    })
}

/// `POST /desk/platform/keys`: begins a rotation; everybody works on meanwhile.
///
/// # Errors
/// `platform.under_way` where another chore runs; `server.failed` where no thread can be had.
pub async fn rotate(desk: Desk) -> Answer {
    let (app, visitor) = (desk.site.app.clone(), desk.visitor().clone());
    desk.site.chores.begin(Chore::Rotation, move |progress| {
        let progress = progress.clone();
        app.wait(keys::rotate(&app, &visitor, &move |done| progress.at(done))).map(drop)
    })?;
    desk.go(KEYS)
}
