//! The platform administrator's pages: health in plain words, backups, keys.

use serde::Serialize;

use super::Tab;
use crate::look::parts::{Fact, Figure, Notice, State};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// The sister pages; `current` is one of their addresses.
pub fn tabs(current: &str) -> Vec<Tab> {
    const TABS: [(&str, &str); 3] = [
        ("/desk/platform", "desk-platform-health"),
        ("/desk/platform/backups", "desk-platform-backups"),
        ("/desk/platform/keys", "desk-platform-keys"),
    ];
    TABS.iter().map(|(href, label)| Tab { href, label, current: *href == current }).collect()
}

/// What `doctor` finds.
#[derive(Clone, Serialize)]
pub struct PlatformHealth {
    /// Sister pages.
    pub tabs: Vec<Tab>,
    /// All well, or how many things need doing.
    pub verdict: Notice,
    /// Uptime, database, requests, memory, disk.
    pub figures: Vec<Figure>,
    /// What was looked at, what needs doing first.
    pub rows: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Clone, Serialize)]
pub struct Check {
    /// What, in words.
    pub what: String,
    /// Well, soon, wrong.
    pub state: State,
    /// What was found, in words.
    pub found: String,
    /// What to do, in words; empty where all is well.
    pub fix: String,
}

/// Backups so far.
#[derive(Clone, Serialize)]
pub struct PlatformBackups {
    /// Sister pages.
    pub tabs: Vec<Tab>,
    /// That a restore has been rehearsed, or that it has not.
    pub rehearsed: Notice,
    /// Where one is begun now.
    pub action: String,
    /// Where the newest is rehearsed; empty where there is none.
    pub rehearse: String,
    /// What goes on now, in words; empty for nothing.
    pub running: String,
    /// Folder, keeping, schedule.
    pub facts: Vec<Fact>,
    /// Backups, newest first.
    pub rows: Vec<BackupRow>,
}

/// One backup.
#[derive(Clone, Serialize)]
pub struct BackupRow {
    /// When, in words.
    pub when: String,
    /// File's name.
    pub file: String,
    /// Size and parts, in words.
    pub size: String,
    /// Reopened after writing, rehearsed, damaged.
    pub state: State,
}

/// The sealing keys; never the keys themselves.
#[derive(Clone, Serialize)]
pub struct PlatformKeys {
    /// Sister pages.
    pub tabs: Vec<Tab>,
    /// That the sheets are in the safe, or that they are not printed yet.
    pub notice: Option<Notice>,
    /// Keys, newest first.
    pub rows: Vec<KeyRow>,
    /// A rotation under way, in words; empty for none.
    pub rotating: String,
    /// Where a rotation is begun.
    pub action: String,
}

/// One key.
#[derive(Clone, Serialize)]
pub struct KeyRow {
    /// Its id.
    pub id: String,
    /// Fingerprint, to compare with the sheet in the safe.
    pub fingerprint: String,
    /// Since when, in words.
    pub since: String,
    /// How many rows it still seals, in words.
    pub seals: String,
    /// In use, being replaced, retired.
    pub state: State,
}

impl View for PlatformHealth {
    const TEMPLATE: &'static str = "pages/desk/platform/health";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-platform-health")
    }

    fn samples() -> Vec<Self> {
        let check = |what: &str, fill: &'static str, word: &str, found: &str, fix: &str| Check {
            what: what.into(),
            state: State { fill, word: word.into() },
            found: found.into(),
            fix: fix.into(),
        };
        let figure = |label: &'static str, value: &str| Figure {
            label,
            value: value.into(),
            unit: "",
            href: String::new(),
        };
        let good = check("数据库", "done", "正常", "SQLite，写进磁盘才答复，184 MB", "");
        let sick = Self {
            tabs: tabs("/desk/platform"),
            verdict: Notice::new("caution", "有 2 件事要做。", "别的都正常。"),
            figures: vec![
                figure("desk-platform-uptime", "12 天"),
                figure("desk-platform-requests", "每秒 3.1"),
                figure("desk-platform-memory", "34 MB"),
                figure("desk-platform-disk", "还剩 61%"),
            ],
            rows: vec![
                check(
                    "恢复演练",
                    "stopped",
                    "没做过",
                    "备份写了 20 份，还没有恢复过一次",
                    "找一台别的机器，用最近一份备份恢复一次",
                ),
                check(
                    "放假安排",
                    "half",
                    "快到期",
                    "2027年的放假安排还没收进来",
                    "国务院公布后，在名册里上传放假安排",
                ),
                good.clone(),
                check("密钥文件", "done", "正常", "只有本服务读得到", ""),
                check("证书", "done", "正常", "到 2027年6月1日", ""),
            ],
        };
        let well = Self {
            verdict: Notice::new("done", "都正常。", "今天 9:30 查过。"),
            rows: vec![good],
            ..sick.clone()
        };
        vec![sick, well]
    }
}

impl View for PlatformBackups {
    const TEMPLATE: &'static str = "pages/desk/platform/backups";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-platform-backups")
    }

    fn samples() -> Vec<Self> {
        let row = |when: &str, file: &str, fill: &'static str, word: &str| BackupRow {
            when: when.into(),
            file: file.into(),
            size: "184 MB，1 份".into(),
            state: State { fill, word: word.into() },
        };
        let full = Self {
            tabs: tabs("/desk/platform/backups"),
            rehearsed: Notice::new("caution", "还没有演练过恢复。", "没恢复过的备份，不能算备份。"),
            action: "/desk/platform/backups".into(),
            rehearse: "/desk/platform/backups/rehearsal".into(),
            running: String::new(),
            facts: vec![
                Fact::new("desk-platform-backup-where", "另一块硬盘"),
                Fact::new("desk-platform-backup-keep", "7 天、4 周、12 个月"),
                Fact::new("desk-platform-backup-when", "每天 3:00"),
            ],
            rows: vec![
                row("今天 3:00", "falin-2026-11-23.backup", "done", "重新打开过，完好"),
                row("昨天 3:00", "falin-2026-11-22.backup", "done", "演练恢复过"),
                row("11月15日 3:00", "falin-2026-11-15.backup", "stopped", "打不开"),
            ],
        };
        let running = Self { running: "正在备份。".into(), ..full.clone() };
        let none = Self { rows: Vec::new(), facts: Vec::new(), rehearse: String::new(), ..full.clone() };
        vec![full, running, none]
    }
}

impl View for PlatformKeys {
    const TEMPLATE: &'static str = "pages/desk/platform/keys";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-platform-keys")
    }

    fn samples() -> Vec<Self> {
        let row = |id: &str, fill: &'static str, word: &str, seals: &str| KeyRow {
            id: id.into(),
            fingerprint: "41d0 77ab e310 5c8d".into(),
            since: "2026年6月1日 起".into(),
            seals: seals.into(),
            state: State { fill, word: word.into() },
        };
        let full = Self {
            tabs: tabs("/desk/platform/keys"),
            notice: Some(Notice::new(
                "caution",
                "密钥还没有打印存进保险柜。",
                "密钥丢了，电话、身份证号就再也打不开。在服务器上运行 falin key export。",
            )),
            rows: vec![
                row("k2", "done", "在用", "11,570 户"),
                row("k1", "half", "正在换下来", "还有 3,204 户"),
            ],
            rotating: "正在换密钥，8,366 / 11,570 户。服务照常。".into(),
            action: "/desk/platform/keys".into(),
        };
        let calm = Self {
            notice: None,
            rows: vec![row("k2", "done", "在用", "11,570 户")],
            rotating: String::new(),
            ..full.clone()
        };
        vec![full, calm]
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<PlatformHealth>(), sampled::<PlatformBackups>(), sampled::<PlatformKeys>()]
}
