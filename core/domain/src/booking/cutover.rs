//! Cut-over: the bookings to come of an old system, read row by row from a table.

use crate::refusal::FieldError;
use crate::roster::{Cell, SheetRow, cell_text, date};
use crate::time::Date;
use crate::words::half_width;
use crate::workflow::{OldColumn, OldTable};

/// Minutes of a day.
const DAY: i64 = 24 * 60;
/// Columns by code, with the heads by which each is known.
const ROOM: (&str, &[&str]) = ("room", &["调解室", "房间", "会议室", "场所"]);
const ON: (&str, &[&str]) = ("day", &["日期", "预约日期", "使用日期"]);
const FROM: (&str, &[&str]) = ("from", &["开始时间", "开始", "时间", "时段"]);
const TO: (&str, &[&str]) = ("to", &["结束时间", "结束"]);
const PARTY: (&str, &[&str]) = ("party", &["当事人", "预约人", "姓名"]);
const PHONE: (&str, &[&str]) = ("phone", &["电话", "联系电话", "手机"]);
const CASE: (&str, &[&str]) = ("case", &["案件编号", "案号", "编号"]);
const PURPOSE: (&str, &[&str]) = ("purpose", &["事由", "用途"]);
const MEDIATOR: (&str, &[&str]) = ("mediator", &["调解员", "调解员姓名"]);
const LAWYER: (&str, &[&str]) = ("lawyer", &["律师执业证号", "执业证号"]);

/// The columns that a table of bookings can have.
pub fn booking_columns() -> Vec<OldColumn> {
    let all = [
        (ROOM, "Room", true),
        (ON, "Day", true),
        (FROM, "From", true),
        (TO, "To", false),
        (PARTY, "Party", false),
        (PHONE, "Telephone", false),
        (CASE, "Case number", false),
        (PURPOSE, "What for", false),
        (MEDIATOR, "Mediator", false),
        (LAWYER, "Lawyer's licence number", false),
    ];
    all.into_iter().map(|((code, names), en, required)| OldColumn::new(code, names, en, required)).collect()
}

/// A booking of an old system.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OldBooking {
    /// The sheet's row, from 1.
    pub row: u32,
    /// Name of the room.
    pub room: String,
    /// The day.
    pub day: Date,
    /// Minutes of the day at which it begins and ends.
    pub minutes: (i64, i64),
    /// Who comes; may be empty.
    pub party: String,
    /// Telephone; may be empty.
    pub phone: String,
    /// Number of the case; may be empty.
    pub case: String,
    /// What for; may be empty.
    pub purpose: String,
    /// Name of the mediator; may be empty.
    pub mediator: String,
    /// Licence number of the lawyer; may be empty.
    pub lawyer: String,
}

/// The rows of a table as bookings, and every fault with its row at the column's code.
pub fn old_bookings(table: &OldTable<'_>) -> (Vec<OldBooking>, Vec<(u32, FieldError)>) {
    let (mut bookings, mut faults) = (Vec::new(), Vec::new());
    for row in table.rows() {
        match old_booking(table, row) {
            Ok(booking) => bookings.push(booking),
            Err(fault) => faults.push((row.number, fault)),
        }
    }
    (bookings, faults)
}

fn old_booking(table: &OldTable<'_>, row: &SheetRow) -> Result<OldBooking, FieldError> {
    let text = |column: (&str, &[&str])| table.text(row, column.0);
    let room = text(ROOM);
    if room.is_empty() {
        return Err(FieldError::new(ROOM.0, "required"));
    }
    let day = table.cell(row, ON.0).map(|cell| date(cell, table.sheet.date_1904));
    let Some(Ok(day)) = day else { return Err(FieldError::new(ON.0, "date.invalid")) };
    let (from, until) = table.cell(row, FROM.0).map_or((None, None), span);
    let from = from.ok_or_else(|| FieldError::new(FROM.0, "clock.invalid"))?;
    let to = until.or_else(|| table.cell(row, TO.0).and_then(|cell| span(cell).0));
    let to = to.ok_or_else(|| FieldError::new(TO.0, "clock.invalid"))?;
    if to <= from {
        return Err(FieldError::new(TO.0, "clock.order"));
    }
    Ok(OldBooking {
        row: row.number,
        room,
        day,
        minutes: (from, to),
        party: text(PARTY),
        phone: text(PHONE),
        case: text(CASE),
        purpose: text(PURPOSE),
        mediator: text(MEDIATOR),
        lawyer: text(LAWYER),
    })
}

/// One clock time, or two with anything between them: `9:00`, `09:00-10:30`, `上午9点30分`, a fraction of a day.
fn span(cell: &Cell) -> (Option<i64>, Option<i64>) {
    if let Cell::Number(part) | Cell::Date(part) = cell {
        let minutes = (part.fract() * DAY as f64).round() as i64;
        return (Some(minutes).filter(|minutes| (0..DAY).contains(minutes)), None);
    }
    let text = half_width(&cell_text(cell)).replace(['点', '时'], ":").replace('分', "");
    let mut clocks = text.split(['-', '–', '—', '~', '到', '至']).map(clock);
    (clocks.next().flatten(), clocks.next().flatten())
}

/// `9:00`, `09:00:00`, `下午3:00`, `9:` as minutes of the day.
fn clock(text: &str) -> Option<i64> {
    let text = text.trim();
    let (later, text) = match text.strip_prefix("下午") {
        Some(rest) => (true, rest),
        None => (false, text.trim_start_matches("上午")),
    };
    let mut parts = text.trim().split(':');
    let hour: i64 = parts.next()?.trim().parse().ok()?;
    let minute: i64 = match parts.next().map(str::trim) {
        None | Some("") => 0,
        Some(minute) => minute.parse().ok()?,
    };
    let hour = if later && hour < 12 { hour + 12 } else { hour };
    let whole = hour * 60 + minute;
    ((0..=24).contains(&hour) && (0..60).contains(&minute) && whole <= DAY).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        let of = |text: &str| span(&Cell::from(text));
        assert_eq!(of("9:00"), (Some(540), None));
        assert_eq!(of("09:00-10:30"), (Some(540), Some(630)));
        assert_eq!(of("上午9点30分至11点"), (Some(570), Some(660)));
        assert_eq!(of("下午3:00"), (Some(900), None));
        assert_eq!(of("２：１５"), (Some(135), None));
        assert_eq!(span(&Cell::Date(0.375)), (Some(540), None));
        assert_eq!((of("25:00").0, of("午后").0), (None, None));
    }
}
