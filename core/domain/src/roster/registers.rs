//! Checking the rows of divisions, rooms and holidays.

use super::check::{self, Faults};
use super::clean;
use super::column::Field;
use super::context::Context;
use super::date;
use super::finding::FindingCode;
use super::opening;
use super::row::{DivisionRow, HolidayRow, RoomRow};
use super::walk::Record;
use crate::directory::DivisionLevel;
use crate::words::{DivisionCode, DivisionId};

/// Reads one division; None where the row has to be left out.
pub fn division(record: &Record<'_>, faults: &mut Faults) -> Option<DivisionRow> {
    let code = DivisionCode::parse(&record.text(Field::Code)).ok();
    if code.is_none() {
        faults.add(Field::Code, FindingCode::VillageUnknown);
    }
    let name = check::title(record, Field::Name, faults);
    let level = level(&record.text(Field::Level));
    if level.is_none() {
        faults.add(Field::Level, FindingCode::VillageUnknown);
    }
    Some(DivisionRow { origin: record.origin, code: code?, name: name?, level: level? })
}

/// Reads one room; None where the row has to be left out. Hours that cannot be read are kept as words.
pub fn room(record: &Record<'_>, context: &Context, faults: &mut Faults) -> Option<RoomRow> {
    let name = check::title(record, Field::Name, faults);
    let township = township(record, context, faults);
    let capacity = check::capacity(record, 1, faults);
    let name = name.filter(|_| !faults.refuse())?;
    let hours = record.said(Field::Hours);
    Some(RoomRow {
        origin: record.origin,
        name,
        institution: record.said(Field::Firm),
        township,
        address: record.said(Field::Address),
        capacity,
        equipment: record.said(Field::Equipment).map(|text| clean::list(&text)).unwrap_or_default(),
        opening: hours.as_deref().and_then(opening::parse),
        hours,
    })
}

/// Reads one published holiday or make-up workday; None where the row has to be left out.
pub fn holiday(record: &Record<'_>, faults: &mut Faults) -> Option<HolidayRow> {
    let date = date::date(record.cell(Field::Date), record.date_1904).ok();
    if date.is_none() {
        faults.add(Field::Date, FindingCode::DateInvalid);
    }
    let workday = match clean::squeeze(&record.text(Field::Category)).as_str() {
        "rest" | "休" | "休息" | "放假" | "节假日" | "holiday" => Some(false),
        "workday" | "班" | "上班" | "补班" | "工作日" | "调休上班" => Some(true),
        _ => None,
    };
    if workday.is_none() {
        faults.add(Field::Category, FindingCode::CategoryUnknown);
    }
    Some(HolidayRow { origin: record.origin, date: date?, name: record.text(Field::Name), workday: workday? })
}

fn township(record: &Record<'_>, context: &Context, faults: &mut Faults) -> Option<DivisionId> {
    let found = context.places.township(&record.said(Field::Township)?);
    if found.is_none() {
        faults.add(Field::Township, FindingCode::VillageUnknown);
    }
    found
}

fn level(text: &str) -> Option<DivisionLevel> {
    let word = clean::squeeze(text);
    match word.as_str() {
        "省" | "省级" | "自治区" | "直辖市" => Some(DivisionLevel::Province),
        "市" | "市级" | "地级市" | "地级" => Some(DivisionLevel::City),
        "县" | "县级" | "区" | "县区" | "县(区)" => Some(DivisionLevel::County),
        "乡镇" | "街道" | "镇" | "乡" | "乡级" | "乡镇(街道)" => Some(DivisionLevel::Township),
        "村" | "社区" | "村级" | "村(社区)" => Some(DivisionLevel::Village),
        _ => DivisionLevel::from_code(&word),
    }
}
