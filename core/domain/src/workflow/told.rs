//! A value of a field in words: as people read it, or as a table to take away keeps it.

use serde_json::Value;

use super::{Field, Kind};
use crate::spoken;
use crate::time::{Date, Instant};
use crate::words::IdPaper;

/// For whom a value is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Written {
    /// For a reader: dates in words, money in groups.
    Read,
    /// For a table: dates that sort, money as a number of yuan.
    Sheet,
}

impl Field {
    /// A value in words; empty where there is none. A text of several lines keeps them.
    pub fn told(&self, value: Option<&Value>, english: bool, written: Written) -> String {
        let lang = if english { "en" } else { "zh" };
        match (self.kind, value) {
            (_, None | Some(Value::Null)) => String::new(),
            (Kind::Yes, Some(Value::Bool(truth))) => match (truth, english) {
                (true, false) => "是",
                (false, false) => "否",
                (true, true) => "Yes",
                (false, true) => "No",
            }
            .to_owned(),
            (Kind::Money, Some(Value::Number(n))) => {
                let fen = n.as_i64().unwrap_or(0);
                match written {
                    Written::Read => spoken::money(fen, english),
                    Written::Sheet => format!("{}.{:02}", fen / 100, (fen % 100).abs()),
                }
            }
            (Kind::Choice, Some(Value::String(code))) => self.word(code, lang).to_owned(),
            (Kind::Choices, Some(Value::Array(many))) => {
                let words = many.iter().filter_map(Value::as_str).map(|code| self.word(code, lang));
                words.collect::<Vec<_>>().join("、")
            }
            (Kind::Date, Some(Value::String(text))) => match (text.parse::<Date>(), written) {
                (Ok(date), Written::Read) => spoken::whole_day(date, english),
                _ => text.clone(),
            },
            (Kind::Time, Some(Value::String(text))) => match (text.parse::<Instant>(), written) {
                (Ok(at), Written::Read) => spoken::whole_moment(at, english),
                (Ok(at), Written::Sheet) => format!("{} {}", at.date(), at.clock_text()),
                _ => text.clone(),
            },
            (Kind::IdNumber, Some(Value::String(text))) => IdPaper::kept(text).told(english),
            (Kind::Rows, Some(Value::Array(rows))) => {
                let cells = |row: &Value| -> Vec<String> {
                    let told =
                        self.of.iter().map(|column| column.told(row.get(&column.name), english, written));
                    told.filter(|text| !text.is_empty()).collect()
                };
                let between = if english { ", " } else { "，" };
                rows.iter().map(|row| cells(row).join(between)).collect::<Vec<_>>().join("\n")
            }
            (_, Some(Value::String(text))) => text.clone(),
            (_, Some(other)) => other.to_string(),
        }
    }
}
