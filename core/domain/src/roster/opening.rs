//! Opening hours as rooms' rosters write them: 周一至周五 9:00-12:00 14:00-18:00.

use super::clean;
use crate::words::half_width;

const DAYS: &str = "一二三四五六日";
const MINUTES_A_DAY: u16 = 24 * 60;

/// A span of the day on some days of the week.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Opening {
    /// Monday to Sunday.
    pub days: [bool; 7],
    /// Minutes since midnight at which it opens.
    pub from: u16,
    /// Minutes since midnight at which it closes.
    pub to: u16,
}

/// The spans in a text; None where it says anything else. Days come before their hours; hours without days
/// count for Monday to Friday, 每天 and 全天 for what they say.
pub fn parse(text: &str) -> Option<Vec<Opening>> {
    let folded = half_width(text).replace(['：', '︰'], ":");
    let mut days = [true, true, true, true, true, false, false];
    let mut found = Vec::new();
    for piece in folded.split([' ', ',', ';', '、', '\n', '，', '；']).filter(|piece| !piece.is_empty()) {
        let hours_at = piece.find(|c: char| c.is_ascii_digit()).unwrap_or(piece.len());
        let (words, hours) = piece.split_at(hours_at);
        if let Some(named) = weekdays(words)? {
            days = named;
        }
        if words.contains("全天") || words.contains("24小时") {
            found.push(Opening { days, from: 0, to: MINUTES_A_DAY });
        }
        if !hours.is_empty() {
            let (from, to) = span(hours)?;
            found.push(Opening { days, from, to });
        }
    }
    (!found.is_empty()).then_some(found)
}

/// Days named by 周一至周五, 星期六, 每天, 工作日; Some(None) for words without days, None for other words.
fn weekdays(words: &str) -> Option<Option<[bool; 7]>> {
    let bare = clean::squeeze(words).replace("星期", "周").replace("礼拜", "周").replace('天', "日");
    let bare = bare.trim_end_matches([':', '(', ')']).replace(['上', '下', '中'], "").replace('午', "");
    match bare.as_str() {
        "" | "全日" => return Some(None),
        "每日" | "周一至周日" => return Some(Some([true; 7])),
        "工作日" | "法定工作日" => return Some(Some([true, true, true, true, true, false, false])),
        "周末" | "双休日" => return Some(Some([false, false, false, false, false, true, true])),
        _ => {}
    }
    let day = |text: &str| DAYS.chars().position(|d| text.trim_start_matches('周') == d.to_string());
    let (first, last) = bare.split_once(['至', '到', '-', '—', '~']).unwrap_or((&bare, &bare));
    let (first, last) = (day(first)?, day(last)?);
    let mut days = [false; 7];
    days.get_mut(first..=last)?.fill(true);
    Some(Some(days))
}

fn span(text: &str) -> Option<(u16, u16)> {
    let (from, to) = text.split_once(['-', '—', '–', '~', '～', '至', '到'])?;
    let (from, to) = (minutes(from)?, minutes(to.trim_start_matches(['-', '—']))?);
    (from < to).then_some((from, to))
}

fn minutes(text: &str) -> Option<u16> {
    let text = text.trim_end_matches(['时', '点', '分']).replace(['时', '点', '.'], ":");
    let (hour, minute) = text.split_once(':').unwrap_or((&text, "0"));
    let minute = minute.split(':').next().unwrap_or("0");
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let total = hour.checked_mul(60)?.checked_add(minute)?;
    (minute < 60 && total <= MINUTES_A_DAY).then_some(total)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn hours_of_the_county_are_read() {
        let week = parse("周一至周五 9:00-12:00 14:00-18:00").unwrap();
        assert_eq!(week.len(), 2);
        assert_eq!((week[0].from, week[0].to, week[1].to), (540, 720, 1080));
        assert_eq!(week[0].days, [true, true, true, true, true, false, false]);
        let all = parse("每天8：30—17：30").unwrap();
        assert_eq!((all[0].days, all[0].from), ([true; 7], 510));
        let mixed = parse("星期一至星期五 9点-17点；周六 9:00-12:00").unwrap();
        assert_eq!(mixed[1].days, [false, false, false, false, false, true, false]);
    }

    #[test]
    fn other_words_are_not_hours() {
        for text in ["", "电话预约", "周五至周一 9:00-12:00", "18:00-9:00", "9:99-10:00", "周一至周五"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
