//! Sheets, villages and workers for the roster's tests.
#![allow(clippy::unwrap_used)]

use super::context::{Context, FirmEntry, VillageEntry, WorkerEntry};
use super::sheet::{Cell, Sheet, SheetRow, Workbook};
use crate::time::{Date, Instant};
use crate::words::Id;

/// A sheet of texts whose rows are numbered from 1.
pub fn sheet(name: &str, rows: &[&[&str]]) -> Sheet {
    let row = |(at, texts): (usize, &&[&str])| SheetRow {
        number: at as u32 + 1,
        hidden: false,
        cells: texts.iter().map(|text| Cell::from(*text)).collect(),
    };
    Sheet { name: name.to_owned(), rows: rows.iter().enumerate().map(row).collect(), ..Sheet::default() }
}

/// A workbook of one sheet.
pub fn book(rows: &[&[&str]]) -> Workbook {
    Workbook { sheets: vec![sheet("一", rows)] }
}

/// The id number `n` of any noun.
pub fn id<T>(n: u8) -> Id<T> {
    Id::from_parts(Instant::from_millis(1_000), [n; 10])
}

/// Two townships with three villages, one firm with two lawyers, on 2026-11-21.
pub fn context() -> Context {
    let village = |n, township: (u8, &str), name: &str, code: &str| VillageEntry {
        id: id(n),
        township_id: id(township.0),
        township: township.1.to_owned(),
        name: name.to_owned(),
        code: Some(code.to_owned()),
    };
    let villages = [
        village(1, (90, "新城镇"), "野麻湾村村民委员会", "620201100200"),
        village(2, (90, "新城镇"), "新城村村民委员会", "620201100203"),
        village(3, (91, "雄关街道"), "雄关社区", "620201001009"),
    ];
    let worker = |n, name: &str, licence: &str| WorkerEntry {
        id: id(n),
        name: name.to_owned(),
        licence: Some(licence.to_owned()),
        firm: Some(id(50)),
    };
    let workers = [worker(60, "王强", "16202201510123456"), worker(61, "李敏", "16202201510123457")];
    let firms = [FirmEntry { id: id(50), name: "甘肃雄关律师事务所（嘉峪关）".to_owned() }];
    Context::new(Date::new(2026, 11, 21).unwrap(), villages, firms, workers)
}
