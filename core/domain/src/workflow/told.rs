//! A value of a field in words: as people read it, as a table to take away keeps it, or in the text of a message.

use serde_json::Value;

use super::{Field, Flow, Kind, Values, Words};
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

impl Flow {
    /// Whether what a field holds may stand in a message, which leaves the house: a day, a number, a choice, a line; nothing
    /// that is sensitive or for some roles alone, and neither who somebody is nor how that one is found.
    pub(super) fn may_send(&self, field: &Field) -> bool {
        let of_person =
            [&self.person, &self.phone, &self.id_number].into_iter().any(|name| *name == field.name);
        let plain = matches!(
            field.kind,
            Kind::Text
                | Kind::Number
                | Kind::Money
                | Kind::Date
                | Kind::Time
                | Kind::Yes
                | Kind::Choice
                | Kind::Choices
        );
        plain && !field.sensitive && field.readers.is_empty() && !of_person
    }

    /// A text of its own with the values of a case in its braces, each as the reader of that language writes it.
    pub fn with_values(&self, text: &Words, values: &Values) -> Words {
        let filled = |text: &str, english: bool| {
            let (mut out, mut rest) = (String::new(), text);
            while let Some((before, after)) = rest.split_once('{') {
                let Some((name, behind)) = after.split_once('}') else { break };
                out.push_str(before);
                let field = self.field(name).filter(|field| self.may_send(field));
                let told = field.map(|field| field.told(values.get(name), english, Written::Read));
                out.push_str(&told.filter(|told| !told.is_empty()).unwrap_or_else(|| not_given(english)));
                rest = behind;
            }
            out + rest
        };
        Words { zh: filled(&text.zh, false), en: filled(&text.en, true) }
    }
}

fn not_given(english: bool) -> String {
    if english { "not given" } else { "未填" }.to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn a_message_says_what_the_case_holds_in_the_readers_words() {
        let flow =
            super::super::manifest::Manifest::parse(include_str!("../../../../plugins/petition/plugin.toml"));
        let flow = flow.unwrap().flows(1).into_iter().find(|flow| flow.id == "petition/enforcement").unwrap();
        let values =
            json!({"judge_at": "2026-03-05T09:30:00+08:00", "judge_place": "{visitor}", "visitor": "马建军"});
        let text =
            Words { zh: "{judge_at}，{judge_place}，{visitor}".into(), en: "{judge_at}, {judge}".into() };
        let said = flow.with_values(&text, values.as_object().unwrap());
        assert_eq!(
            said.zh, "2026年3月5日 9:30，{visitor}，未填",
            "what was typed is not filled again, and names nobody"
        );
        assert_eq!(said.en, "5 Mar 2026 9:30, not given");
    }
}
