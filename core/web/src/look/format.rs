//! How numbers, dates, phones and addresses are written for a reader.

pub use falin_domain::spoken::group;

use falin_domain::spoken;
use falin_domain::time::Date;
use falin_domain::words::IdPaper;

use super::frame::Lang;

const DAYS_ZH: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
const DAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// `2026年3月1日(周日)`, `Sun 1 Mar 2026`.
pub fn date(lang: Lang, date: Date) -> String {
    let whole = spoken::whole_day(date, lang == Lang::En);
    match lang {
        Lang::Zh => format!("{whole}({})", weekday(lang, date)),
        Lang::En => format!("{} {whole}", weekday(lang, date)),
    }
}

/// `3月1日`, `1 Mar`; with its year where that is not today's.
pub fn day(lang: Lang, date: Date, today: Date) -> String {
    spoken::near(date, today, lang == Lang::En)
}

/// `周日`, `Sun`.
pub fn weekday(lang: Lang, date: Date) -> &'static str {
    let names = match lang {
        Lang::Zh => DAYS_ZH,
        Lang::En => DAYS_EN,
    };
    names[usize::from(date.weekday()) % 7]
}

/// A document of identity as it is kept, masked or in clear: an ID number as it is, others with their names.
pub fn id_paper(lang: Lang, kept: &str) -> String {
    IdPaper::kept(kept).told(lang == Lang::En)
}

/// A phone in the groups in which it is read aloud: `175 5105 6720`, `0937-622 6123`; anything else unchanged.
pub fn phone(number: &str) -> String {
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    if digits && number.len() == 11 && number.starts_with('1') {
        return format!("{} {} {}", &number[..3], &number[3..7], &number[7..]);
    }
    match number.split_once('-') {
        Some((area, rest)) if rest.is_ascii() && rest.len() > 6 && !rest.contains('-') => {
            format!("{area}-{} {}", &rest[..rest.len() - 4], &rest[rest.len() - 4..])
        }
        _ => number.to_owned(),
    }
}

/// A licence number in groups of four, as it is compared by eye: `1620 2200 7110 0000 1`.
pub fn licence(number: &str) -> String {
    let chars: Vec<char> = number.chars().collect();
    let groups: Vec<String> = chars.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

/// Fen as yuan: `503,200 元`, `12.50 元`; English `¥503,200`.
pub fn money(lang: Lang, fen: i64) -> String {
    spoken::money(fen, lang == Lang::En)
}

/// A division's name as people say it: 野麻湾村村民委员会 → 野麻湾村.
pub fn place(name: &str) -> &str {
    let short = name.strip_suffix("村民委员会").or_else(|| name.strip_suffix("居民委员会")).unwrap_or(name);
    let short = short.strip_suffix("社区居委会").map_or(short, |_| &name[..name.len() - "居委会".len()]);
    if short.is_empty() { name } else { short }
}

/// Text as part of a query string (RFC 3986 unreserved characters stay).
pub fn query_escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(byte as char)
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn writes_as_people_read() {
        let sunday = Date::new(2026, 3, 1).unwrap();
        assert_eq!(date(Lang::Zh, sunday), "2026年3月1日(周日)");
        assert_eq!(date(Lang::En, sunday), "Sun 1 Mar 2026");
        assert_eq!(phone("17551056720"), "175 5105 6720");
        assert_eq!(phone("0937-6226123"), "0937-622 6123");
        assert_eq!(phone("12348"), "12348");
        assert_eq!(licence("16202200711000001"), "1620 2200 7110 0000 1");
        assert_eq!(place("野麻湾村村民委员会"), "野麻湾村");
        assert_eq!(place("福民社区"), "福民社区");
        assert_eq!(query_escape("/a b?c=村"), "/a%20b%3Fc%3D%E6%9D%91");
    }
}
