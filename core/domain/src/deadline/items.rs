//! Rows of a list that fall due on one day, such as the terms of an agreement: one deadline stands for them together.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde_json::{Map, Value};

use crate::time::Date;

/// Places of rows in their list, from 1, ascending and without doubles. Text: `1,3,4`; JSON: a list of numbers.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Items(BTreeSet<u16>);

/// The dated rows of a list, by the day on which they fall due.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Dated {
    /// Rows that wait to be done.
    pub open: BTreeMap<Date, Items>,
    /// Days of rows that are done.
    pub done: BTreeSet<Date>,
}

impl Items {
    /// `1、3-5` in Chinese, `1, 3-5` in English.
    pub fn spoken(&self, chinese: bool) -> String {
        let mut spans: Vec<(u16, u16)> = Vec::new();
        for n in &self.0 {
            match spans.last_mut() {
                Some((_, last)) if *last + 1 == *n => *last = *n,
                _ => spans.push((*n, *n)),
            }
        }
        let one = |(first, last): &(u16, u16)| match last - first {
            0 => first.to_string(),
            _ => format!("{first}-{last}"),
        };
        let spans: Vec<String> = spans.iter().map(one).collect();
        spans.join(if chinese { "、" } else { ", " })
    }
}

/// What is to be done, with the rows of the list where there are any: `履行协议（第1、3-5项）`.
pub fn act_on(act: &str, items: Option<&Items>, chinese: bool) -> String {
    match items.map(|items| items.spoken(chinese)) {
        None => act.to_owned(),
        Some(items) if chinese => format!("{act}（第{items}项）"),
        Some(items) => format!("{act} (items {items})"),
    }
}

impl Dated {
    /// Reads rows: the day of each stands in the column `due`, and once it is done another in `done`.
    pub fn of(rows: &[Value], due: &str, done: &str) -> Self {
        let mut dated = Self::default();
        for (n, row) in (1..).zip(rows.iter().filter_map(Value::as_object)) {
            let Some(day) = day(row, due) else { continue };
            if self::day(row, done).is_some() {
                dated.done.insert(day);
            } else {
                dated.open.entry(day).or_insert_with(|| Items(BTreeSet::new())).0.insert(n);
            }
        }
        dated
    }
}

fn day(row: &Map<String, Value>, column: &str) -> Option<Date> {
    row.get(column).and_then(Value::as_str)?.parse().ok()
}

impl fmt::Display for Items {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<String> = self.0.iter().map(u16::to_string).collect();
        f.write_str(&all.join(","))
    }
}

impl FromStr for Items {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split(',').map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_of_one_day_stand_together_until_they_are_done() {
        let rows = json!([
            {"what": "付第一笔", "due": "2026-12-01", "done_on": "2026-11-30"},
            {"what": "拆墙", "due": "2026-12-10"},
            {"what": "道歉"},
            {"what": "付第二笔", "due": "2026-12-10", "done_on": ""},
            {"what": "清场", "due": "2026-12-10"},
        ]);
        let dated = Dated::of(rows.as_array().unwrap(), "due", "done_on");
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(dated.done, BTreeSet::from([day("2026-12-01")]));
        assert_eq!(dated.open.keys().copied().collect::<Vec<_>>(), [day("2026-12-10")]);
        let items = &dated.open[&day("2026-12-10")];
        assert_eq!((items.to_string(), items.spoken(true)), ("2,4,5".to_owned(), "2、4-5".to_owned()));
        assert_eq!(items.spoken(false), "2, 4-5");
        assert_eq!("2,4,5".parse::<Items>().as_ref(), Ok(items));
        assert_eq!(act_on("督促履行", Some(items), true), "督促履行（第2、4-5项）");
        assert!("".parse::<Items>().is_err());
    }
}
