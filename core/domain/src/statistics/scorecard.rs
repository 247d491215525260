//! The scorecard of a village that works at settling its disputes at home (无讼村): what is counted of a place, never of
//! a person, and the lines that a county may draw. Nothing is added up to points, and no village is put before another.

use serde::{Deserialize, Serialize};

use super::LogSum::{Entries, Minutes, People};
use super::Source::{AdvisedVillages, Households, Log, Opened, OpenedDone, OpenedWith};
use super::{Source, Unit, kept_back, per_mille};
use crate::time::Date;
use crate::words::DivisionId;

/// Something that is counted of a village.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// Code in JSON.
    pub code: &'static str,
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// What is added up for it.
    pub sources: &'static [Source],
}

const fn mark(
    code: &'static str,
    (zh, en): (&'static str, &'static str),
    unit: Unit,
    sources: &'static [Source],
) -> Mark {
    Mark { code, zh, en, unit, sources }
}

/// What the card of a village says, in its order.
pub const MARKS: &[Mark] = &[
    mark("raised", ("提出的纠纷", "Disputes raised"), Unit::Case, &[Opened("mediation")]),
    mark(
        "settled",
        ("其中调成", "Of them settled"),
        Unit::Case,
        &[OpenedWith("mediation", "outcome", &["written", "oral", "partial"])],
    ),
    mark(
        "failed",
        ("其中没有调成", "Of them not settled"),
        Unit::Case,
        &[OpenedDone("mediation", &["fail", "refuse"], &[])],
    ),
    mark("consultations", ("法律咨询", "Consultations"), Unit::Case, &[Opened("consultation")]),
    mark("lectures", ("法治讲座", "Lectures"), Unit::Session, &[Log(&["lecture"], Entries)]),
    mark("audience", ("讲座听众", "Audience of lectures"), Unit::Times, &[Log(&["lecture"], People)]),
    mark("visits", ("法律顾问走访", "Visits of the adviser"), Unit::Times, &[Log(&["visit"], Entries)]),
    mark(
        "on_site",
        ("法律顾问坐班", "Time of the adviser on site"),
        Unit::Minute,
        &[Log(&["on_site"], Minutes)],
    ),
    mark(
        "households",
        ("登记的家庭", "Households on the roster"),
        Unit::Household,
        &[Households("rural", false), Households("urban", false)],
    ),
    mark(
        "paired",
        ("其中已经结对", "Of them with a lawyer"),
        Unit::Household,
        &[Households("rural", true), Households("urban", true)],
    ),
    mark("advised", ("有法律顾问", "Has an adviser"), Unit::Place, &[AdvisedVillages(true)]),
];

/// A line that a county may draw across a village's numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Line {
    /// At least so many per cent of the disputes are settled.
    SettledShare,
    /// At most so many disputes are not settled.
    Unsettled,
    /// At least so many lectures.
    Lectures,
    /// At least so many visits of the adviser.
    Visits,
    /// At least so many per cent of the households have a lawyer.
    PairedShare,
}

impl Line {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 5] =
        [Self::SettledShare, Self::Unsettled, Self::Lectures, Self::Visits, Self::PairedShare];

    /// Code in JSON, in forms and in keys of texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::SettledShare => "settled_share",
            Self::Unsettled => "unsettled",
            Self::Lectures => "lectures",
            Self::Visits => "visits",
            Self::PairedShare => "paired_share",
        }
    }

    /// The largest number that makes sense.
    pub fn most(self) -> i32 {
        match self {
            Self::SettledShare | Self::PairedShare => 100,
            Self::Unsettled | Self::Lectures | Self::Visits => 10_000,
        }
    }

    /// Whether a village with these numbers, in the order of [`MARKS`], keeps to the line; None where it cannot be
    /// said, because nothing stands to divide by or a number is kept back.
    pub fn held(self, line: i32, values: &[Option<i64>]) -> Option<bool> {
        let value = |code: &str| {
            let at = MARKS.iter().position(|mark| mark.code == code)?;
            values.get(at).copied().flatten()
        };
        let share = |part: &str, whole: &str| per_mille(value(part)?, value(whole)?);
        let line = i64::from(line);
        match self {
            Self::SettledShare => share("settled", "raised").map(|share| share >= line * 10),
            Self::PairedShare => share("paired", "households").map(|share| share >= line * 10),
            Self::Unsettled => value("failed").map(|n| n <= line),
            Self::Lectures => value("lectures").map(|n| n >= line),
            Self::Visits => value("visits").map(|n| n >= line),
        }
    }
}

/// A village that the county has declared a site (无讼村示范点): the place, since when. It is no mark of its people.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NamedSite {
    /// The village or community.
    pub place: DivisionId,
    /// Township and village, as they were called when it was declared.
    pub name: String,
    /// The first day.
    pub since: Date,
}

/// The lines of a county. Without any, which is how a county begins, the card only tells the numbers.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Lines {
    /// Per cent.
    pub settled_share: Option<i32>,
    /// Disputes.
    pub unsettled: Option<i32>,
    /// Lectures.
    pub lectures: Option<i32>,
    /// Visits.
    pub visits: Option<i32>,
    /// Per cent.
    pub paired_share: Option<i32>,
    /// The rule that lines and sites come from; there is none of either without one.
    pub basis: String,
    /// The villages that are declared sites.
    pub sites: Vec<NamedSite>,
}

impl Lines {
    /// What a line is drawn at.
    pub fn at(&self, line: Line) -> Option<i32> {
        match line {
            Line::SettledShare => self.settled_share,
            Line::Unsettled => self.unsettled,
            Line::Lectures => self.lectures,
            Line::Visits => self.visits,
            Line::PairedShare => self.paired_share,
        }
    }

    /// Since when a village is a site, looked at on a day.
    pub fn site(&self, place: DivisionId, on: Date) -> Option<Date> {
        self.sites.iter().find(|site| site.place == place && site.since <= on).map(|site| site.since)
    }

    /// The lines that are drawn, with what they are drawn at.
    pub fn drawn(&self) -> Vec<(Line, i32)> {
        Line::ALL.into_iter().filter_map(|line| Some((line, self.at(line)?))).collect()
    }
}

/// Keeps back what could tell of single people: counts from 1 to 4 of disputes, questions and listeners, and of the
/// disputes one more where the others would tell it. `values` stand in the order of [`MARKS`].
pub fn keep_small(values: &mut [Option<i64>]) {
    let at = |code: &str| MARKS.iter().position(|mark| mark.code == code);
    let (Some(raised), Some(settled), Some(failed)) = (at("raised"), at("settled"), at("failed")) else {
        return;
    };
    let n = |values: &[Option<i64>], at: usize| values.get(at).copied().flatten().unwrap_or(0);
    let open = n(values, raised) - n(values, settled) - n(values, failed);
    let hidden = kept_back(&[n(values, settled), n(values, failed), open]);
    for (at, hide) in [settled, failed].into_iter().zip(hidden) {
        if let (true, Some(value)) = (hide, values.get_mut(at)) {
            *value = None;
        }
    }
    for (mark, value) in MARKS.iter().zip(values) {
        let small = value.is_some_and(|n| kept_back(&[n])[0]);
        if small && matches!(mark.code, "raised" | "settled" | "failed" | "consultations" | "audience") {
            *value = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(raised: i64, settled: i64, failed: i64) -> Vec<Option<i64>> {
        let rest = [9, 2, 40, 12, 300, 50, 45, 1];
        [raised, settled, failed].into_iter().chain(rest).map(Some).collect()
    }

    #[test]
    fn lines_are_off_until_a_county_draws_them() {
        assert!(Lines::default().drawn().is_empty());
        let lines = Lines { lectures: Some(2), paired_share: Some(95), ..Lines::default() };
        let held: Vec<_> =
            lines.drawn().into_iter().map(|(line, at)| line.held(at, &values(10, 9, 1))).collect();
        assert_eq!(held, [Some(true), Some(false)]);
        assert_eq!(Line::SettledShare.held(90, &values(10, 9, 1)), Some(true));
        assert_eq!(Line::SettledShare.held(90, &values(0, 0, 0)), None, "nothing to divide by");
    }

    #[test]
    fn what_is_kept_back_cannot_be_worked_out() {
        let shown = |raised, settled, failed| {
            let mut all = values(raised, settled, failed);
            keep_small(&mut all);
            all[..3].to_vec()
        };
        assert_eq!(shown(20, 12, 8), [Some(20), Some(12), Some(8)]);
        assert_eq!(shown(3, 2, 1), [None, None, None]);
        assert_eq!(shown(12, 11, 1), [Some(12), None, None], "11 of 12 would tell the one");
        let mut all = values(20, 12, 8);
        (all[3], all[5]) = (Some(2), Some(3));
        keep_small(&mut all);
        assert_eq!((all[3], all[4], all[5]), (None, Some(2), None), "lectures are no people");
    }

    #[test]
    fn marks_have_one_code_each() {
        for (at, mark) in MARKS.iter().enumerate() {
            assert!(MARKS[..at].iter().all(|other| other.code != mark.code), "{}", mark.code);
        }
        assert_eq!(MARKS.len(), values(0, 0, 0).len());
    }
}
