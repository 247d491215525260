//! How values are written on paper: dates, times, amounts.

use crate::time::Date;

/// `2026年1月5日`: Arabic numerals without leading zeros (GB/T 9704—2012).
pub fn date(date: Date) -> String {
    let (year, month, day) = date.parts();
    format!("{year}年{month}月{day}日")
}

/// `二〇二六年一月五日`, for counties that want it so; the zero is 〇 (U+3007).
pub fn date_in_numerals(date: Date) -> String {
    let (year, month, day) = date.parts();
    let year: String = format!("{year:04}").bytes().map(|b| DIGITS[usize::from(b - b'0') % 10]).collect();
    let small = |n: i8| numeral(u8::try_from(n).unwrap_or_default());
    format!("{year}年{}月{}日", small(month), small(day))
}

const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// A number below a hundred in Chinese numerals: 十, 二十一.
pub fn numeral(n: u8) -> String {
    let (tens, units) = (usize::from(n / 10 % 10), usize::from(n % 10));
    let tens = match tens {
        0 => String::new(),
        1 => "十".to_owned(),
        more => format!("{}十", DIGITS[more]),
    };
    if units == 0 { tens } else { format!("{tens}{}", DIGITS[units]) }
}

/// Reads a date in either way of writing it, or in ISO form.
pub fn chinese_date(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let (year, rest) = text.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let day = rest.strip_suffix('日')?;
    let year = digits(year).or_else(|| year.parse().ok())?;
    Date::new(i16::try_from(year).ok()?, i8::try_from(small(month)?).ok()?, i8::try_from(small(day)?).ok()?)
}

fn digit(c: char) -> Option<i64> {
    "〇一二三四五六七八九".chars().position(|known| known == c).map(|n| n as i64)
}

fn digits(text: &str) -> Option<i64> {
    text.chars().try_fold(0, |sum, c| Some(sum * 10 + digit(c)?)).filter(|_| text.chars().count() == 4)
}

fn small(text: &str) -> Option<i64> {
    if let Ok(n) = text.parse() {
        return Some(n);
    }
    match text.split_once('十') {
        Some((tens, units)) => {
            let tens = if tens.is_empty() { 1 } else { digit(tens.chars().next()?)? };
            let units = units.chars().next().map_or(Some(0), digit)?;
            Some(tens * 10 + units)
        }
        None => digit(text.chars().next()?),
    }
}

/// `¥1,680.32`.
pub(super) fn figures(fen: i64) -> String {
    let yuan = (fen / 100).unsigned_abs().to_string();
    let mut grouped = String::new();
    for (at, digit) in yuan.chars().enumerate() {
        if at > 0 && (yuan.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}¥{grouped}.{:02}", (fen % 100).unsigned_abs())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn dates_are_written_and_read_in_both_ways() {
        for (iso, plain, numerals) in [
            ("2026-01-05", "2026年1月5日", "二〇二六年一月五日"),
            ("2010-10-11", "2010年10月11日", "二〇一〇年十月十一日"),
            ("2026-12-20", "2026年12月20日", "二〇二六年十二月二十日"),
            ("2026-03-31", "2026年3月31日", "二〇二六年三月三十一日"),
        ] {
            let day: Date = iso.parse().unwrap();
            assert_eq!((date(day).as_str(), date_in_numerals(day).as_str()), (plain, numerals));
            assert_eq!(
                (chinese_date(plain), chinese_date(numerals), chinese_date(iso)),
                (Some(day), Some(day), Some(day))
            );
        }
        assert_eq!(chinese_date("二〇二六年十三月一日"), None);
        assert_eq!((figures(168_032).as_str(), figures(5).as_str()), ("¥1,680.32", "¥0.05"));
    }
}
