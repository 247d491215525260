//! Dates and terms as clerks type them: serial numbers, points, characters, Chinese numerals, spans.

use super::clean;
use super::sheet::Cell;
use crate::time::Date;
use crate::words::half_width;

/// Years outside are typing slips.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2200;
/// Excel's 1900 system counts a 29 February 1900 that never was; serials beyond it are one too high.
const PHANTOM_LEAP_DAY: i64 = 60;
/// Longest text that is looked at as a date or term.
const LONGEST: usize = 80;

/// The cell holds something, and it is no date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadDate;

/// A term of appointment; an open end is None.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Term {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Option<Date>,
}

/// The date in a cell: a serial number, `20240301`, `2024.3.1`, `2024年3月1日`, `二〇二四年三月一日`.
///
/// # Errors
/// [`BadDate`] where the cell holds anything else, such as 2024.2.30 or 3月.
pub fn date(cell: &Cell, date_1904: bool) -> Result<Date, BadDate> {
    match cell {
        Cell::Number(number) | Cell::Date(number) => of_number(*number, date_1904),
        _ => match numbers(&clean::text(cell))?.as_slice() {
            [one] if (19_000_101..=22_001_231).contains(one) => packed(*one),
            [year, month, day] => civil(*year, *month, *day),
            _ => Err(BadDate),
        },
    }
}

/// The term in a cell: two dates in any form and with any sign between them, two months, two years,
/// one date with 至今 or nothing behind it.
///
/// # Errors
/// [`BadDate`] where it cannot be read or ends before it begins.
pub fn term(cell: &Cell, date_1904: bool) -> Result<Term, BadDate> {
    if let Cell::Number(_) | Cell::Date(_) = cell {
        return Ok(Term { from: date(cell, date_1904)?, to: None });
    }
    let term = span(&numbers(&clean::text(cell))?)?;
    match term.to {
        Some(to) if to < term.from => Err(BadDate),
        _ => Ok(term),
    }
}

/// A term of which only the beginning need be told: a year or a month alone is its first day.
///
/// # Errors
/// As [`term`].
pub fn since(cell: &Cell, date_1904: bool) -> Result<Term, BadDate> {
    let open = |year, month| Ok(Term { from: civil(year, month, 1)?, to: None });
    match cell {
        Cell::Number(n) if n.fract() == 0.0 && YEARS.contains(&(*n as u32)) => return open(*n as u32, 1),
        Cell::Number(_) | Cell::Date(_) => {}
        _ => match numbers(&clean::text(cell))?.as_slice() {
            [year] if YEARS.contains(year) => return open(*year, 1),
            [year, month] if YEARS.contains(year) && *month <= 12 => return open(*year, *month),
            _ => {}
        },
    }
    term(cell, date_1904)
}

/// The date of a day count (Excel: 1 = 1900-01-01, or 0 = 1904-01-01); the fraction is the time of day.
///
/// # Errors
/// [`BadDate`] before the epoch, on the phantom 1900-02-29, or beyond 2200.
pub fn of_serial(serial: f64, date_1904: bool) -> Result<Date, BadDate> {
    if !(serial.is_finite() && (0.0..=150_000.0).contains(&serial)) {
        return Err(BadDate);
    }
    let days = serial.floor() as i64;
    let epoch = |year, day| Date::new(year, 1, day).ok_or(BadDate);
    if date_1904 {
        return Ok(epoch(1904, 1)?.plus_days(days));
    }
    match days {
        0 | PHANTOM_LEAP_DAY => Err(BadDate),
        1..PHANTOM_LEAP_DAY => Ok(epoch(1900, 1)?.plus_days(days - 1)),
        _ => Ok(epoch(1900, 1)?.plus_days(days - 2)),
    }
}

fn of_number(number: f64, date_1904: bool) -> Result<Date, BadDate> {
    if (19_000_101.0..=22_001_231.0).contains(&number) && number.fract() == 0.0 {
        return packed(number as u32);
    }
    of_serial(number, date_1904)
}

fn packed(number: u32) -> Result<Date, BadDate> {
    civil(number / 10_000, number / 100 % 100, number % 100)
}

fn civil(year: u32, month: u32, day: u32) -> Result<Date, BadDate> {
    if !YEARS.contains(&year) || month > 12 || day > 31 {
        return Err(BadDate);
    }
    Date::new(year as i16, month as i8, day as i8).ok_or(BadDate)
}

fn span(parts: &[u32]) -> Result<Term, BadDate> {
    let is_packed = |n: &u32| *n >= 19_000_101;
    let is_year = |n: &u32| YEARS.contains(n);
    let closed = |from, to| Ok(Term { from, to: Some(to) });
    match parts {
        [from, to] if is_packed(from) && is_packed(to) => closed(packed(*from)?, packed(*to)?),
        [from] if is_packed(from) => Ok(Term { from: packed(*from)?, to: None }),
        [y1, y2] if is_year(y1) && is_year(y2) => closed(civil(*y1, 1, 1)?, civil(*y2, 12, 31)?),
        [year] if is_year(year) => closed(civil(*year, 1, 1)?, civil(*year, 12, 31)?),
        [y, m, d] if !is_year(d) => Ok(Term { from: civil(*y, *m, *d)?, to: None }),
        [y1, m1, y2, m2] if is_year(y2) => closed(civil(*y1, *m1, 1)?, month_end(*y2, *m2)?),
        [y, m1, d1, m2, d2] => closed(civil(*y, *m1, *d1)?, civil(*y, *m2, *d2)?),
        [y1, m1, d1, y2, m2, d2] => closed(civil(*y1, *m1, *d1)?, civil(*y2, *m2, *d2)?),
        _ => Err(BadDate),
    }
}

fn month_end(year: u32, month: u32) -> Result<Date, BadDate> {
    Ok(civil(year, month, 1)?.plus_months(1).plus_days(-1))
}

/// The numbers of a text that holds nothing but numbers, date signs and words of duration.
fn numbers(text: &str) -> Result<Vec<u32>, BadDate> {
    if text.chars().count() > LONGEST {
        return Err(BadDate);
    }
    let folded = western(&clean::squeeze(&without_time(text)));
    let mut found = Vec::new();
    let mut digits = String::new();
    for c in folded.chars().chain(std::iter::once('.')) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !"年月日号-./_—–－~～〜至到起止今自从始长期,，。、()".contains(c) {
            return Err(BadDate);
        }
        if !digits.is_empty() {
            found.push(digits.parse().map_err(|_| BadDate)?);
            digits.clear();
        }
    }
    Ok(found)
}

/// ISO and spreadsheet texts carry a time of day that no roster means: 2024-03-01 00:00:00.
fn without_time(text: &str) -> String {
    let folded = half_width(text);
    match folded.split_once(['T', ' ']) {
        Some((day, time)) if time.contains(':') => day.to_owned(),
        _ => folded,
    }
}

/// Chinese numerals as digits: 二〇二四 → 2024, 十 → 10, 三十一 → 31, 二十 → 20.
fn western(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let digit = |at: Option<usize>| at.and_then(|i| chars.get(i)).and_then(|c| numeral(*c));
    let mut out = String::new();
    for (at, c) in chars.iter().enumerate() {
        if *c == '十' {
            let before = digit(at.checked_sub(1)).is_some();
            let after = digit(Some(at + 1)).is_some();
            match (before, after) {
                (true, true) => {}
                (true, false) => out.push('0'),
                (false, true) => out.push('1'),
                (false, false) => out.push_str("10"),
            }
        } else {
            out.push(numeral(*c).unwrap_or(*c));
        }
    }
    out
}

fn numeral(c: char) -> Option<char> {
    let digits = "〇一二三四五六七八九";
    let at = match c {
        '零' | '○' | 'Ｏ' | '◯' => Some(0),
        _ => digits.chars().position(|d| d == c),
    };
    at.and_then(|n| char::from_digit(n as u32, 10))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn typed(text: &str) -> Result<String, BadDate> {
        date(&Cell::from(text), false).map(|d| d.to_string())
    }

    fn spanned(text: &str) -> Result<(String, Option<String>), BadDate> {
        term(&Cell::from(text), false).map(|t| (t.from.to_string(), t.to.map(|d| d.to_string())))
    }

    #[test]
    fn one_day_in_many_forms() {
        let forms = [
            "2024.3.1",
            "2024年3月1日",
            "20240301",
            "二〇二四年三月一日",
            "二零二四年三月一日",
            "2024-03-01",
            "2024/3/1",
            "２０２４．３．１",
            "2024-03-01 00:00:00",
            "2024-03-01T00:00:00",
            " 2024 年 3 月 1 号",
        ];
        for form in forms {
            assert_eq!(typed(form).as_deref(), Ok("2024-03-01"), "{form}");
        }
        assert_eq!(typed("二〇二四年十二月三十一日").unwrap(), "2024-12-31");
        assert_eq!(typed("二〇二四年十月二十日").unwrap(), "2024-10-20");
        assert_eq!(typed("二〇二四年十一月十日").unwrap(), "2024-11-10");
    }

    #[test]
    fn serial_numbers_follow_the_sheets_epoch() {
        let on = |n, old| date(&Cell::Number(n), old).map(|d| d.to_string());
        assert_eq!(on(45_352.0, false).unwrap(), "2024-03-01");
        assert_eq!(date(&Cell::Date(45_352.75), false).unwrap().to_string(), "2024-03-01");
        assert_eq!(on(43_890.0, true).unwrap(), "2024-03-01");
        assert_eq!(on(20_240_301.0, false).unwrap(), "2024-03-01");
        assert_eq!(on(59.0, false).unwrap(), "1900-02-28");
        assert_eq!(on(61.0, false).unwrap(), "1900-03-01");
        assert!(on(60.0, false).is_err() && on(-1.0, false).is_err() && on(f64::NAN, false).is_err());
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in ["2024.2.30", "3月", "2024年3月", "明天", "24.3.1", "2024-13-01", "", "99999999999999"]
        {
            assert!(typed(text).is_err(), "{text}");
        }
    }

    #[test]
    fn terms_in_every_form() {
        let five = ("2026-01-01".to_owned(), Some("2030-12-31".to_owned()));
        let forms = [
            "2026/1/1—2030/12/31",
            "2026.1.1-2030.12.31",
            "2026年1月1日至2030年12月31日",
            "2026-01-01至2030-12-31",
            "2026-01-01 ~ 2030-12-31",
            "20260101-20301231",
            "2026年1月-2030年12月",
            "2026-2030",
            "自2026年1月1日起至2030年12月31日止",
            "二〇二六年一月一日至二〇三〇年十二月三十一日",
        ];
        for form in forms {
            assert_eq!(spanned(form), Ok(five.clone()), "{form}");
        }
        assert_eq!(spanned("2026年1月1日至12月31日").unwrap().1.unwrap(), "2026-12-31");
        assert_eq!(spanned("2026年1月1日至今").unwrap(), ("2026-01-01".to_owned(), None));
        for text in ["三年", "2030.1.1-2026.1.1", "2026.2.30-2030.1.1", "长期"] {
            assert!(spanned(text).is_err(), "{text}");
        }
    }
}
