//! Figures: what each counts, in which unit, out of how many; rolled up by place, and small cells kept from strangers.

mod cells;
pub mod scorecard;
mod source;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::directory::codes;
use crate::time::Date;
use crate::words::DivisionId;
use crate::workflow::Words;

pub use cells::{Cells, Hidden};
pub use source::{LogSum, Source};

codes! {
    /// What a number counts. It is part of the figure: 件 and 人次 are never added up.
    Unit {
        /// 户.
        Household = "household",
        /// 人.
        Person = "person",
        /// 人次.
        Times = "times",
        /// 件.
        Case = "case",
        /// 场次.
        Session = "session",
        /// 份.
        Copy = "copy",
        /// 家.
        Firm = "firm",
        /// 个.
        Place = "place",
        /// 分钟.
        Minute = "minute",
        /// 元, kept in fen.
        Money = "money",
        /// Per cent, from two other figures.
        Percent = "percent",
    }
}

/// A figure.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// Code in JSON, addresses and report forms.
    pub code: &'static str,
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// Where it comes from.
    pub source: Source,
}

const fn figure(
    code: &'static str,
    (zh, en): (&'static str, &'static str),
    unit: Unit,
    source: Source,
) -> Figure {
    Figure { code, zh, en, unit, source }
}

use LogSum::{Copies, Entries, Items, Minutes, People};
use Source::{
    AdvisedVillages, Closed, Households, Log, MediatedTowns, NamedSites, Opened, OpenedDone, OpenedWith,
    PairedFirms, Ratio, Sum, Workers,
};

/// Every figure of the core (handbook §1, §4, §9), in the order in which reports list them. A rate stands behind the
/// two figures that it divides.
pub const FIGURES: &[Figure] = &[
    figure("rural_households", ("农村家庭", "Rural households"), Unit::Household, Households("rural", false)),
    figure(
        "rural_paired",
        ("已对接的农村家庭", "Rural households with an adviser"),
        Unit::Household,
        Households("rural", true),
    ),
    figure(
        "urban_households",
        ("城市两类家庭", "Urban households"),
        Unit::Household,
        Households("urban", false),
    ),
    figure(
        "urban_paired",
        ("已对接的城市家庭", "Urban households with a firm"),
        Unit::Household,
        Households("urban", true),
    ),
    figure(
        "lawyers",
        ("结对或任职的律师", "Lawyers with households or posts"),
        Unit::Person,
        Workers("lawyer"),
    ),
    figure(
        "firms",
        ("对接城市家庭的律所", "Firms that look after urban households"),
        Unit::Firm,
        PairedFirms,
    ),
    figure("villages", ("村、社区", "Villages and communities"), Unit::Place, AdvisedVillages(false)),
    figure(
        "villages_advised",
        ("有法律顾问的村、社区", "Villages with an adviser"),
        Unit::Place,
        AdvisedVillages(true),
    ),
    figure(
        "village_coverage",
        ("法律顾问覆盖率", "Villages covered"),
        Unit::Percent,
        Ratio("villages_advised", "villages"),
    ),
    figure("townships", ("乡镇、街道", "Townships and subdistricts"), Unit::Place, MediatedTowns(false)),
    figure(
        "townships_mediated",
        ("有调解员的乡镇、街道", "Townships with mediators"),
        Unit::Place,
        MediatedTowns(true),
    ),
    figure(
        "mediator_coverage",
        ("调解组织覆盖率", "Townships covered by mediators"),
        Unit::Percent,
        Ratio("townships_mediated", "townships"),
    ),
    figure("no_litigation_sites", ("无讼村示范点", "No-litigation village sites"), Unit::Place, NamedSites),
    figure("consultations", ("咨询", "Consultations"), Unit::Case, Opened("consultation")),
    figure(
        "consultations_answered",
        ("已答复的咨询", "Consultations answered"),
        Unit::Case,
        // Whoever is led on to legal aid or mediation has been answered.
        OpenedDone("consultation", &["answer", "refer_aid", "refer_mediation"], &[]),
    ),
    figure(
        "answering_rate",
        ("问题解答率", "Questions answered"),
        Unit::Percent,
        Ratio("consultations_answered", "consultations"),
    ),
    figure(
        "consultations_satisfied",
        ("评价满意的咨询", "Rated satisfied"),
        Unit::Case,
        OpenedWith("consultation", "satisfaction", &["very", "fairly"]),
    ),
    figure("aid_applications", ("法律援助申请", "Legal-aid applications"), Unit::Case, Opened("aid")),
    figure(
        "aid_granted",
        ("给予法律援助", "Legal aid granted"),
        Unit::Case,
        // As decided, not as drafted; by the justice bureau as well, where an objection was upheld.
        OpenedDone("aid", &[], &["granted", "assigned", "in_progress", "reported", "closed"]),
    ),
    figure("aid_grant_rate", ("给予率", "Granted"), Unit::Percent, Ratio("aid_granted", "aid_applications")),
    figure(
        "aid_closed",
        ("办结的法律援助案件", "Legal-aid cases closed"),
        Unit::Case,
        Closed("aid", &["closed", "terminated"]),
    ),
    figure("aid_recovered", ("挽回损失", "Recovered"), Unit::Money, Sum("aid", "recovered")),
    figure("mediations", ("调解案件", "Mediation cases"), Unit::Case, Opened("mediation")),
    figure(
        "mediations_agreed",
        ("达成协议", "Agreements reached"),
        Unit::Case,
        OpenedWith("mediation", "outcome", &["written", "oral", "partial"]),
    ),
    figure(
        "mediations_ended",
        ("有结果的调解", "Mediations that came to an end"),
        Unit::Case,
        OpenedWith("mediation", "outcome", &["written", "oral", "partial", "none", "terminated", "refused"]),
    ),
    figure(
        "mediation_rate",
        ("调解成功率", "Mediated with success"),
        Unit::Percent,
        Ratio("mediations_agreed", "mediations_ended"),
    ),
    figure(
        "mediations_written",
        ("书面协议", "Agreed in writing"),
        Unit::Case,
        OpenedWith("mediation", "form", &["written"]),
    ),
    figure(
        "mediations_oral",
        ("口头协议", "Agreed orally"),
        Unit::Case,
        OpenedWith("mediation", "form", &["oral"]),
    ),
    figure(
        "mediations_partial",
        ("部分达成", "Partly agreed"),
        Unit::Case,
        OpenedWith("mediation", "outcome", &["partial"]),
    ),
    figure(
        "mediations_failed",
        ("调解未达成", "Mediated without agreement"),
        Unit::Case,
        OpenedWith("mediation", "outcome", &["none", "terminated"]),
    ),
    figure(
        "mediations_refused",
        ("一方拒绝调解", "One side refused"),
        Unit::Case,
        OpenedWith("mediation", "outcome", &["refused"]),
    ),
    figure(
        "mediations_withdrawn",
        ("撤回的调解", "Withdrawn"),
        Unit::Case,
        OpenedWith("mediation", "outcome", &["withdrawn"]),
    ),
    figure(
        "mediations_not_accepted",
        ("不予受理的调解", "Not accepted"),
        Unit::Case,
        OpenedWith("mediation", "outcome", &["not_accepted"]),
    ),
    figure(
        "mediations_performed",
        ("已履行的协议", "Agreements performed"),
        Unit::Case,
        OpenedWith("mediation", "performance", &["at_once", "on_time", "enforced"]),
    ),
    figure(
        "mediations_unperformed",
        ("未履行或者部分履行的协议", "Not or partly performed"),
        Unit::Case,
        OpenedWith("mediation", "performance", &["partly", "not"]),
    ),
    figure(
        "mediation_performance_rate",
        ("协议履行率", "Agreements performed, per cent"),
        Unit::Percent,
        Ratio("mediations_performed", "mediations_agreed"),
    ),
    figure(
        "mediations_hard",
        ("疑难复杂案件", "Hard cases"),
        Unit::Case,
        OpenedWith("mediation", "difficulty", &["hard", "major"]),
    ),
    figure(
        "mediations_court",
        ("法院委派、委托的调解", "Mediations from the court"),
        Unit::Case,
        OpenedWith("mediation", "source", &["court"]),
    ),
    figure(
        "mediations_no_crime",
        ("防止民转刑", "Kept from turning criminal"),
        Unit::Case,
        OpenedWith("mediation", "prevents_crime", &["true"]),
    ),
    figure(
        "mediations_no_petition",
        ("防止群体性上访", "Kept from a group petition"),
        Unit::Case,
        OpenedWith("mediation", "prevents_petition", &["true"]),
    ),
    figure("mediation_people", ("涉及当事人", "People concerned"), Unit::Person, Sum("mediation", "people")),
    figure("mediation_amount", ("协议金额", "Amount agreed"), Unit::Money, Sum("mediation", "agreed_amount")),
    figure("lectures", ("法治讲座", "Lectures"), Unit::Session, Log(&["lecture"], Entries)),
    figure("lecture_audience", ("讲座听众", "Audience of lectures"), Unit::Times, Log(&["lecture"], People)),
    figure(
        "materials",
        ("发放资料、联络卡", "Materials and cards given out"),
        Unit::Copy,
        Log(&["material", "card", "lecture", "visit", "on_site", "training"], Copies),
    ),
    figure("pushes", ("推送普法信息", "Legal news sent out"), Unit::Times, Log(&["push"], Items)),
    figure(
        "adviser_consultations",
        ("法律顾问在村里答复的咨询", "Questions answered by advisers in villages"),
        Unit::Times,
        Log(&["consultation"], Items),
    ),
    figure(
        "adviser_mediations",
        ("法律顾问参与的调解", "Disputes settled with advisers in villages"),
        Unit::Case,
        Log(&["mediation"], Items),
    ),
    figure("visits", ("走访", "Visits"), Unit::Times, Log(&["visit"], Entries)),
    figure("on_site_minutes", ("坐班时长", "Time on site"), Unit::Minute, Log(&["on_site"], Minutes)),
];

/// The figure with this code.
pub fn figure_of(code: &str) -> Option<&'static Figure> {
    FIGURES.iter().find(|figure| figure.code == code)
}

impl Figure {
    /// Its name in both languages.
    pub fn name(&self) -> Words {
        Words { zh: self.zh.to_owned(), en: self.en.to_owned() }
    }
}

/// A period, both days included.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Span {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

impl Span {
    /// The same period of the year before: a month's last day as the period's last stays that, and where it is the
    /// period's only day.
    pub fn year_before(self) -> Self {
        let same = |day: Date| {
            let (year, month, date) = day.parts();
            let last = day.plus_days(1).parts().2 == 1 && day == self.to;
            let found = if last { None } else { Date::new(year - 1, month, date) };
            // The day before the next month's first.
            let next = if month == 12 { Date::new(year, 1, 1) } else { Date::new(year - 1, month + 1, 1) };
            found.or_else(|| next.map(|first| first.plus_days(-1))).unwrap_or(day)
        };
        Self { from: same(self.from), to: same(self.to) }
    }
}

/// By how many thousandths a value differs from the one of a year before; None where either is not shown or there is
/// nothing to compare with.
pub fn change(now: Option<i64>, before: Option<i64>) -> Option<i64> {
    let (now, before) = (i128::from(now?), i128::from(before.filter(|before| *before > 0)?));
    let twice = (now - before) * 2000;
    i64::try_from((twice + if twice < 0 { -before } else { before }) / (before * 2)).ok()
}

/// Counts by place: what stands at the place itself, None for the county as a whole.
pub type ByPlace = BTreeMap<Option<DivisionId>, i64>;

/// What is counted at a place and everywhere below it. `paths` names for each place all that stand at or above it.
pub fn rolled_up(counts: &ByPlace, paths: &BTreeMap<DivisionId, Vec<DivisionId>>) -> ByPlace {
    let mut sums = ByPlace::new();
    for (place, n) in counts {
        let above = place.as_ref().and_then(|place| paths.get(place));
        for place in above.into_iter().flatten() {
            *sums.entry(Some(*place)).or_default() += n;
        }
        *sums.entry(None).or_default() += n;
    }
    sums
}

/// A rate in thousandths, rounded half up; None where there is nothing to divide by.
pub fn per_mille(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| (part * 2000 + whole) / (whole * 2))
}

/// Smallest count that a stranger may see (trust.md "Rights").
pub const SMALLEST: i64 = 5;

/// Which of the cells of one row of a table must be kept back: those from 1 to 4, and where that is a single one,
/// the next smallest too, because the total would tell it (complementary suppression).
pub fn kept_back(cells: &[i64]) -> Vec<bool> {
    let mut hidden: Vec<bool> = cells.iter().map(|n| (1..SMALLEST).contains(n)).collect();
    if hidden.iter().filter(|one| **one).count() == 1 {
        let next =
            cells.iter().enumerate().filter(|(at, n)| !hidden[*at] && **n > 0).min_by_key(|(_, n)| **n);
        if let Some((at, _)) = next {
            hidden[at] = true;
        }
    }
    hidden
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::words::Id;
    use uuid::Uuid;

    fn place(n: u128) -> DivisionId {
        Id::from_uuid(Uuid::from_u128(n))
    }

    #[test]
    fn figures_have_one_code_each_and_rates_divide_figures_before_them() {
        for (at, figure) in FIGURES.iter().enumerate() {
            assert!(FIGURES[..at].iter().all(|other| other.code != figure.code), "{}", figure.code);
            if let Source::Ratio(part, whole) = figure.source {
                let before = |code: &str| FIGURES[..at].iter().any(|other| other.code == code);
                assert!(before(part) && before(whole), "{}", figure.code);
            }
        }
    }

    #[test]
    fn villages_sum_to_townships_to_the_county() {
        let (township, one, two) = (place(1), place(2), place(3));
        let counts = ByPlace::from([(Some(one), 3), (Some(two), 4), (None, 2)]);
        let paths = BTreeMap::from([(one, vec![one, township]), (two, vec![two, township])]);
        let sums = rolled_up(&counts, &paths);
        assert_eq!((sums[&Some(township)], sums[&None]), (7, 9));
    }

    #[test]
    fn rates_are_rounded_and_never_divide_by_nothing() {
        assert_eq!(per_mille(285, 485), Some(588));
        assert_eq!(per_mille(1, 0), None);
        assert_eq!(per_mille(0, 3), Some(0));
    }

    #[test]
    fn small_cells_cannot_be_found_out_from_the_total() {
        assert_eq!(kept_back(&[0, 3, 9, 7]), [false, true, false, true]);
        assert_eq!(kept_back(&[2, 3, 9]), [true, true, false]);
        assert_eq!(kept_back(&[0, 0, 9]), [false, false, false]);
    }

    #[test]
    fn a_period_is_compared_with_the_same_one_a_year_before() {
        let span = |from: &str, to: &str| Span { from: from.parse().unwrap(), to: to.parse().unwrap() };
        assert_eq!(span("2026-01-01", "2026-11-21").year_before(), span("2025-01-01", "2025-11-21"));
        assert_eq!(span("2025-02-01", "2025-02-28").year_before(), span("2024-02-01", "2024-02-29"));
        assert_eq!(span("2025-02-28", "2025-03-31").year_before(), span("2024-02-28", "2024-03-31"));
        assert_eq!(span("2025-02-28", "2025-02-28").year_before(), span("2024-02-29", "2024-02-29"));
        assert_eq!(span("2024-02-29", "2024-03-30").year_before(), span("2023-02-28", "2023-03-30"));
        assert_eq!(span("2024-12-01", "2024-12-31").year_before(), span("2023-12-01", "2023-12-31"));
        assert_eq!((change(Some(21), Some(4)), change(Some(9), Some(27))), (Some(4250), Some(-667)));
        assert_eq!(
            (change(None, Some(4)), change(Some(4), None), change(Some(4), Some(0))),
            (None, None, None)
        );
    }
}
