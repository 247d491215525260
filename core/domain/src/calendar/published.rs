//! The published holidays and make-up workdays that the product carries, and the table's text form.

use std::sync::LazyLock;

use super::Calendar;
use crate::time::Date;

/// From the MIT-licensed holiday-cn data, 2010–2026: `date,name,kind` with kind rest or workday.
const TABLE: &str = include_str!("../../assets/cn-holidays.csv");

/// One explicit day of the table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Holiday {
    /// The day.
    pub date: Date,
    /// The holiday's name, 春节.
    pub name: String,
    /// Whether the day is worked to make up for another.
    pub workday: bool,
}

/// A line of the table that cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadHoliday {
    /// Line number in the text, from 1.
    pub line: usize,
}

impl Calendar {
    /// The calendar of the holidays that the product carries.
    pub fn published() -> &'static Self {
        static PUBLISHED: LazyLock<Calendar> = LazyLock::new(|| {
            let days = read_holidays(TABLE).unwrap_or_default();
            Calendar::from_rows(days.into_iter().map(|day| (day.date, day.workday)))
        });
        &PUBLISHED
    }
}

/// The holidays that the product carries, for a county's first calendar.
pub fn published_holidays() -> Vec<Holiday> {
    read_holidays(TABLE).unwrap_or_default()
}

/// Reads a table `date,name,kind`; a header line and empty lines are passed over.
///
/// # Errors
/// [`BadHoliday`] with the first line that is none.
pub fn read_holidays(text: &str) -> Result<Vec<Holiday>, BadHoliday> {
    let lines = text.trim_start_matches('\u{FEFF}').lines().enumerate();
    let is_header = |at: usize, line: &str| at == 0 && line.starts_with("date,");
    let filled = lines.filter(|(at, line)| !(line.trim().is_empty() || is_header(*at, line)));
    filled.map(|(at, line)| read_line(line).ok_or(BadHoliday { line: at + 1 })).collect()
}

fn read_line(line: &str) -> Option<Holiday> {
    let cells: Vec<&str> = line.split(',').map(str::trim).collect();
    let [date, name, kind] = cells[..] else { return None };
    let workday = match kind {
        "rest" => false,
        "workday" => true,
        _ => return None,
    };
    Some(Holiday { date: date.parse().ok()?, name: name.to_owned(), workday })
}
