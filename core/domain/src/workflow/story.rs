//! `demo.toml` beside a plugin's declaration: what a sample county shows of it, lived through the flow's own steps.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Values;
use crate::access::Role;
use crate::time::Date;

/// All stories of a plugin.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stories {
    /// Whether the neighbour of the main sample county has the plugin too.
    #[serde(default)]
    pub neighbours: bool,
    /// The stories.
    #[serde(default)]
    pub story: Vec<Story>,
    /// Of which cases papers are made once all stories are told.
    #[serde(default)]
    pub papers: Vec<Papers>,
}

/// The newest cases of a flow in a state, whose papers somebody has made; those of the others still wait.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Papers {
    /// The flow, by its own name.
    pub flow: String,
    /// Where the cases stand.
    pub state: String,
    /// Role of who makes them.
    #[serde(rename = "as")]
    pub role: Role,
    /// So many cases.
    pub cases: u16,
    /// At most so many papers of each.
    pub each: usize,
}

/// Cases of one kind.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// The plugin's flow, by its own name.
    pub flow: String,
    /// So many cases.
    pub times: u32,
    /// Opened evenly over the last so many days, the first one longest ago.
    pub days: u32,
    /// The last one is opened no later than so many days ago, so that every case has time to come to its end.
    #[serde(default)]
    pub until: u32,
    /// Role of who opens them.
    #[serde(rename = "as")]
    pub role: Role,
    /// Values of the step that opens a case.
    #[serde(default)]
    pub open: Values,
    /// What happens then.
    #[serde(default)]
    pub act: Vec<Scene>,
    /// Flow of the house in which the case that came out of this one goes on, such as `aid`; none where it is empty.
    #[serde(default)]
    pub leads_to: String,
}

impl Story {
    /// The same with what happens in the case that it leads to, as in the first of these that is of that flow.
    #[must_use]
    pub fn led_on(mut self, house: &[Story]) -> Self {
        let other = house.iter().find(|story| story.flow == self.leads_to && !self.leads_to.is_empty());
        let acts = other.map(|story| story.act.clone()).unwrap_or_default();
        self.act.extend(acts.into_iter().map(|act| Scene { on: self.leads_to.clone(), ..act }));
        self
    }
}

/// A step of a story.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scene {
    /// The step.
    pub action: String,
    /// On the newest case of this flow that the story's case is linked to, such as `mediation`; on its own where none
    /// is named.
    #[serde(default)]
    pub on: String,
    /// Role of who takes it.
    #[serde(rename = "as")]
    pub role: Role,
    /// By a colleague of who holds that role's account: nobody checks the own draft.
    #[serde(default)]
    pub colleague: bool,
    /// Days after the one before.
    #[serde(default)]
    pub after: u32,
    /// Values of its form.
    #[serde(default)]
    pub values: Values,
}

/// What stands for a placeholder, by its name; None where there is none of it.
pub trait Cast {
    /// `person`, `person2`, `phone`, `id_number`, `org`, `village`, `committee`, `township`, `worker`, `worker2`, `room`,
    /// `room2`; `lawyer`, `lawyer2` and `mediator` are those with accounts.
    fn part(&self, name: &str) -> Option<String>;
    /// Which of the story's cases it is, from 1.
    fn n(&self) -> u32;
    /// The day on which it was opened.
    fn day(&self) -> Date;
    /// The day itself, or the next one on which rooms are open: not at a weekend, and where the cast knows more, on no
    /// holiday either.
    fn office_day(&self, day: Date) -> Date {
        match day.weekday() {
            5 => day.plus_days(2),
            6 => day.plus_days(1),
            _ => day,
        }
    }
}

impl Stories {
    /// Reads `demo.toml`.
    ///
    /// # Errors
    /// The parser's own words, with line and column.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|fault| fault.to_string())
    }
}

/// A form's values with choices made and placeholders filled.
pub fn filled(values: &Values, cast: &dyn Cast) -> Values {
    values.iter().map(|(name, value)| (name.clone(), one(value, cast))).collect()
}

fn one(value: &Value, cast: &dyn Cast) -> Value {
    match value {
        Value::String(text) => Value::String(said(text, cast)),
        Value::Array(items) => Value::Array(items.iter().map(|item| one(item, cast)).collect()),
        Value::Object(map) => match map.get("pick").and_then(Value::as_array) {
            Some(picks) if map.len() == 1 => {
                let at = (cast.n() as usize).saturating_sub(1) % picks.len().max(1);
                picks.get(at).map_or(Value::Null, |picked| one(picked, cast))
            }
            _ => Value::Object(
                map.iter().map(|(name, value)| (name.clone(), one(value, cast))).collect::<Map<_, _>>(),
            ),
        },
        other => other.clone(),
    }
}

/// A text with its placeholders filled; what is none stays as it stands.
fn said(text: &str, cast: &dyn Cast) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else { break };
        out.push_str(before);
        match part(name, cast) {
            Some(word) => out.push_str(&word),
            None => out.push_str(&format!("{{{name}}}")),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn part(name: &str, cast: &dyn Cast) -> Option<String> {
    if name == "n" {
        return Some(cast.n().to_string());
    }
    if let Some(shift) = name.strip_prefix("day") {
        return Some(cast.day().plus_days(shifted(shift)?).to_string());
    }
    if let Some(rest) = name.strip_prefix("time") {
        let (shift, clock) = rest.split_once(' ')?;
        let day = cast.office_day(cast.day().plus_days(shifted(shift)?));
        return Some(format!("{day}T{clock}:00+08:00"));
    }
    cast.part(name)
}

fn shifted(text: &str) -> Option<i64> {
    if text.is_empty() { Some(0) } else { text.trim_start_matches('+').parse().ok() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    struct Second;

    impl Cast for Second {
        fn part(&self, name: &str) -> Option<String> {
            (name == "person").then(|| "张建国".to_owned())
        }
        fn n(&self) -> u32 {
            2
        }
        fn day(&self) -> Date {
            "2026-03-06".parse().unwrap()
        }
    }

    #[test]
    fn choices_go_round_and_placeholders_are_filled() {
        let form = json!({
            "who": "{person}（第{n}次）", "claim": {"pick": ["a", "b", "c"]}, "on": "{day}", "due": "{day+10}",
            "before": "{day-6}", "at": "{time+1 09:30}", "odd": "{nobody}", "rows": [{"name": "{person}"}], "many": 3,
        });
        let read = filled(form.as_object().unwrap(), &Second);
        let expected = json!({
            "who": "张建国（第2次）", "claim": "b", "on": "2026-03-06", "due": "2026-03-16", "before": "2026-02-28",
            "at": "2026-03-09T09:30:00+08:00", "odd": "{nobody}", "rows": [{"name": "张建国"}], "many": 3,
        });
        assert_eq!(Value::Object(read), expected);
    }
}
