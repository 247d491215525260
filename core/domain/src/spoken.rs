//! Dates, numbers and money as people read them, in both languages.

use crate::time::{Date, Instant};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `3月1日`, `1 Mar`.
pub fn day(date: Date, english: bool) -> String {
    let (_, month, day) = date.parts();
    match english {
        false => format!("{month}月{day}日"),
        true => format!("{day} {}", MONTHS.get(month as usize - 1).unwrap_or(&"")),
    }
}

/// `2026年3月1日`, `1 Mar 2026`.
pub fn whole_day(date: Date, english: bool) -> String {
    let year = date.parts().0;
    match english {
        false => format!("{year}年{}", day(date, false)),
        true => format!("{} {year}", day(date, true)),
    }
}

/// A day as it is read on `today`: `3月1日`, and where it lies in another year `2026年3月1日`.
pub fn near(date: Date, today: Date, english: bool) -> String {
    if date.parts().0 == today.parts().0 { day(date, english) } else { whole_day(date, english) }
}

/// `3月1日 9:30`, `1 Mar 9:30`: the hour in China.
pub fn moment(at: Instant, english: bool) -> String {
    format!("{} {}", day(at.date(), english), clock(at))
}

/// `2026年3月1日 9:30`, `1 Mar 2026 9:30`.
pub fn whole_moment(at: Instant, english: bool) -> String {
    format!("{} {}", whole_day(at.date(), english), clock(at))
}

fn clock(at: Instant) -> String {
    let text = at.clock_text();
    text.strip_prefix('0').map_or(text.clone(), str::to_owned)
}

/// Digits in groups of three: `6,190`.
pub fn group(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let mut text = String::from(sign);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Fen as yuan: `503,200 元`, `12.50 元`; English `¥503,200`.
pub fn money(fen: i64, english: bool) -> String {
    let whole = group(&(fen / 100).to_string());
    let amount = if fen % 100 == 0 { whole } else { format!("{whole}.{:02}", (fen % 100).abs()) };
    match english {
        false => format!("{amount} 元"),
        true => format!("¥{amount}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn writes_as_people_read() {
        let sunday = Date::new(2026, 3, 1).unwrap();
        assert_eq!((day(sunday, false), day(sunday, true)), ("3月1日".into(), "1 Mar".into()));
        assert_eq!(
            (whole_day(sunday, false), whole_day(sunday, true)),
            ("2026年3月1日".into(), "1 Mar 2026".into())
        );
        let new_year = Date::new(2027, 1, 1).unwrap();
        assert_eq!(
            (near(sunday, sunday, false), near(sunday, new_year, false)),
            ("3月1日".into(), "2026年3月1日".into())
        );
        assert_eq!(near(new_year, sunday, true), "1 Jan 2027");
        let morning: Instant = "2026-03-01T01:30:00Z".parse().unwrap();
        assert_eq!(
            (moment(morning, false), moment(morning, true)),
            ("3月1日 9:30".into(), "1 Mar 9:30".into())
        );
        assert_eq!(whole_moment(morning.plus_seconds(36_000), false), "2026年3月1日 19:30");
        assert_eq!((group("1234567"), group("-123")), ("1,234,567".into(), "-123".into()));
        assert_eq!((money(50_320_000, false), money(1250, true)), ("503,200 元".into(), "¥12.50".into()));
    }
}
