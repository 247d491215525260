//! What a declared statistic counts of one case: whether it falls under it, how much of it, under which codes.

use std::collections::BTreeMap;

use super::{Statistic, When};
use crate::statistics::Span;
use crate::time::Date;
use crate::words::DivisionId;

/// What the index says of one case, in clear.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Where it stands; None for the county.
    pub place: Option<DivisionId>,
    /// Its state.
    pub state: String,
    /// The day on which it was opened.
    pub opened: Date,
    /// By field: what was chosen or written, and for numbers and money how much.
    pub values: BTreeMap<String, Vec<(String, Option<i64>)>>,
}

impl Fact {
    /// What a field holds in words that conditions name; empty where nothing is given.
    fn codes(&self, field: &str) -> Vec<String> {
        let rows = self.values.get(field).map(Vec::as_slice).unwrap_or_default();
        rows.iter().map(|(text, amount)| amount.map_or_else(|| text.clone(), |n| n.to_string())).collect()
    }

    /// A day of the case: the store gives its own days under their names too.
    fn day(&self, name: &str) -> Option<Date> {
        if name == "@opened" { Some(self.opened) } else { self.values.get(name)?.first()?.0.parse().ok() }
    }

    fn holds(&self, when: &When) -> bool {
        let codes = self.codes(&when.field);
        let one = |wanted: &String| {
            if wanted.is_empty() { codes.is_empty() } else { codes.iter().any(|code| code == wanted) }
        };
        when.among.iter().any(one)
    }
}

impl Statistic {
    /// Fields that must be known of a case to count it.
    pub fn reads(&self) -> Vec<&str> {
        let when = self.when.iter().map(|when| when.field.as_str());
        let single = [self.sum.as_str(), self.day.as_str()].into_iter().filter(|name| !name.is_empty());
        let days = self.median.iter().flat_map(|days| [days.from.as_str(), days.to.as_str()]);
        when.chain(single).chain(days).chain(self.by.iter().map(String::as_str)).collect()
    }

    /// How much a case adds in a period: 1, what stands in the summed field, or the days between the two of a median; None
    /// where it does not count.
    pub fn amount(&self, fact: &Fact, span: Span) -> Option<i64> {
        let state = self.states.is_empty() || self.states.contains(&fact.state);
        if !state || !self.when.as_ref().is_none_or(|when| fact.holds(when)) {
            return None;
        }
        let day = match self.day.as_str() {
            "" => fact.opened,
            field => fact.day(field)?,
        };
        if !(span.from..=span.to).contains(&day) {
            return None;
        }
        if let Some(days) = &self.median {
            let passed = fact.day(&days.from)?.days_until(fact.day(&days.to)?);
            return Some(passed).filter(|days| *days >= 0);
        }
        if self.sum.is_empty() {
            return Some(1);
        }
        let amounts = fact.values.get(&self.sum)?.iter().filter_map(|(_, amount)| *amount);
        amounts.reduce(|sum, n| sum.saturating_add(n))
    }

    /// The codes under which a case stands in the split by a field; the empty one where nothing is given.
    pub fn codes(fact: &Fact, field: &str) -> Vec<String> {
        let codes = fact.codes(field);
        if codes.is_empty() { vec![String::new()] } else { codes }
    }

    /// Digits after the point of a share.
    pub fn digits(&self) -> u32 {
        if self.per == 100 { 1 } else { 2 }
    }

    /// The share, in units of its last digit, rounded half up; None where there is nothing to divide by, and where a
    /// part is larger than what it should be a part of: a township's cases are none of what is counted elsewhere.
    pub fn share(&self, part: i64, whole: i64) -> Option<i64> {
        if whole <= 0 || (self.per == 100 && part > whole) {
            return None;
        }
        let (whole, times) = (i128::from(whole), i128::from(self.per) * 10i128.pow(self.digits()));
        i64::try_from((i128::from(part) * times * 2 + whole).div_euclid(whole * 2)).ok()
    }
}

/// The median of numbers of days, in tenths; None where there are none.
pub fn median(mut days: Vec<i64>) -> Option<i64> {
    days.sort_unstable();
    let upper = days.get(days.len() / 2)?;
    let lower = days[(days.len() - 1) / 2];
    Some((lower + upper) * 5)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn statistic(more: &str) -> Statistic {
        let text = format!(
            "code = \"x\"\nflow = \"visit\"\nname = {{ zh = \"x\", en = \"x\" }}\nunit = {{ zh = \"件\", en = \"cases\" }}\n{more}"
        );
        toml::from_str(&text).unwrap()
    }

    fn fact(state: &str, opened: &str, values: &[(&str, &str, Option<i64>)]) -> Fact {
        let mut by_field: BTreeMap<String, Vec<(String, Option<i64>)>> = BTreeMap::new();
        for (field, text, amount) in values {
            by_field.entry((*field).to_owned()).or_default().push(((*text).to_owned(), *amount));
        }
        Fact { place: None, state: state.to_owned(), opened: opened.parse().unwrap(), values: by_field }
    }

    fn year() -> Span {
        Span { from: "2026-01-01".parse().unwrap(), to: "2026-12-31".parse().unwrap() }
    }

    #[test]
    fn a_case_counts_by_state_condition_and_day() {
        let one = fact("open", "2026-03-01", &[("claim", "appeal", None), ("ruled", "2025-12-31", None)]);
        let amount = |more: &str| statistic(more).amount(&one, year());
        assert_eq!(amount(""), Some(1));
        assert_eq!(amount("states = [\"shut\"]"), None);
        assert_eq!(amount("when = { field = \"claim\", in = [\"appeal\"] }"), Some(1));
        assert_eq!(amount("when = { field = \"other\", in = [\"\"] }"), Some(1));
        assert_eq!(amount("day = \"ruled\""), None, "it was ruled the year before");
        assert_eq!(amount("day = \"never\""), None);
    }

    #[test]
    fn sums_add_up_and_shares_are_rounded() {
        let one = fact("open", "2026-03-01", &[("points", "", Some(-3))]);
        assert_eq!(statistic("sum = \"points\"").amount(&one, year()), Some(-3));
        assert_eq!(statistic("sum = \"none\"").amount(&one, year()), None);
        let per_cent = statistic("");
        assert_eq!((per_cent.share(285, 485), per_cent.share(1, 0)), (Some(588), None));
        assert_eq!(
            (per_cent.share(7, 7), per_cent.share(8, 3)),
            (Some(1000), None),
            "no rate above the whole"
        );
        assert_eq!(statistic("per = 10000").share(37, 312_663), Some(118), "1.18 for 10,000");
        assert_eq!(Statistic::codes(&one, "claim"), [""]);
    }

    #[test]
    fn days_lie_between_two_days_that_are_both_known() {
        let more = "median = { from = \"ruled\", to = \"@closed\" }";
        let days = |from: &str, to: &str| {
            let values = [("ruled", from, None), ("@closed", to, None)];
            let there: Vec<_> = values.into_iter().filter(|one| !one.1.is_empty()).collect();
            statistic(more).amount(&fact("open", "2026-03-01", &there), year())
        };
        assert_eq!((days("2026-03-01", "2026-03-13"), days("2026-03-01", "")), (Some(12), None));
        assert_eq!(days("2026-03-13", "2026-03-01"), None, "a day that is typed wrong counts for nothing");
        assert_eq!((median(vec![9, 1, 4]), median(vec![4, 1]), median(vec![])), (Some(40), Some(25), None));
    }
}
