//! The counters of an adviser's month: from log entries to days, hours, items by kind, and the fee (form A2).

use std::collections::{BTreeMap, BTreeSet};

use super::{ServiceKind, ServiceMode};
use crate::directory::codes;
use crate::time::Date;

/// One entry of the log, as far as it is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counted {
    /// The day.
    pub day: Date,
    /// What.
    pub kind: ServiceKind,
    /// How.
    pub mode: ServiceMode,
    /// How long, in minutes.
    pub minutes: i32,
    /// Items in the kind's unit.
    pub items: i32,
    /// 人次.
    pub people: i32,
    /// 份, of what was handed out.
    pub copies: i32,
    /// Whether a dispute was settled.
    pub settled: bool,
}

/// The sums of one kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sum {
    /// Entries.
    pub entries: i64,
    /// Items in the kind's unit.
    pub items: i64,
    /// 人次.
    pub people: i64,
    /// 份.
    pub copies: i64,
    /// Disputes settled.
    pub settled: i64,
    /// Minutes.
    pub minutes: i64,
}

/// The sums of a stretch of time.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sums {
    /// Days on which the adviser was in the village (到村天数).
    pub days: i64,
    /// Minutes in the village.
    pub on_site: i64,
    /// Minutes of everything.
    pub minutes: i64,
    /// Copies handed out on any occasion, materials by their items (发放资料).
    pub copies: i64,
    /// By kind; kinds without an entry are missing.
    pub kinds: BTreeMap<ServiceKind, Sum>,
}

impl Sums {
    /// The sums of these entries.
    pub fn of(entries: &[Counted]) -> Self {
        let mut sums = Self::default();
        let mut days = BTreeSet::new();
        for one in entries {
            if one.mode.in_village() {
                days.insert(one.day);
                sums.on_site += i64::from(one.minutes);
            }
            sums.minutes += i64::from(one.minutes);
            let handed =
                if one.kind == ServiceKind::Material { one.items.max(one.copies) } else { one.copies };
            sums.copies += i64::from(handed);
            let sum = sums.kinds.entry(one.kind).or_default();
            sum.entries += 1;
            sum.items += i64::from(one.items);
            sum.people += i64::from(one.people);
            sum.copies += i64::from(one.copies);
            sum.settled += i64::from(one.settled);
            sum.minutes += i64::from(one.minutes);
        }
        sums.days = days.len() as i64;
        sums
    }

    /// The sums of one kind.
    pub fn kind(&self, kind: ServiceKind) -> Sum {
        self.kinds.get(&kind).copied().unwrap_or_default()
    }

    /// What a rule about `kind` counts: (count, minutes). On site the count is of days, the minutes are those
    /// in the village, whatever was done there.
    pub fn measure(&self, kind: ServiceKind) -> (i64, i64) {
        match kind {
            ServiceKind::OnSite => (self.days, self.on_site),
            other => (self.kind(other).items, self.kind(other).minutes),
        }
    }
}

codes! {
    /// What a fee is paid for.
    FeeBasis {
        /// For each month in which the post was held.
        Month = "month",
        /// For each day in the village.
        Day = "day",
        /// For each hour in the village.
        Hour = "hour",
        /// For each item of one kind.
        Item = "item",
    }
}

/// One line of the county's fee rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fee {
    /// What it is paid for.
    pub basis: FeeBasis,
    /// The kind, for [`FeeBasis::Item`].
    pub kind: Option<ServiceKind>,
    /// The amount in fen.
    pub fen: i64,
}

impl Fee {
    /// Units that are paid and their amount in fen; hours are paid by the minute, down to a whole fen.
    pub fn pay(&self, sums: &Sums) -> (i64, i64) {
        match (self.basis, self.kind) {
            (FeeBasis::Month, _) => (1, self.fen),
            (FeeBasis::Day, _) => (sums.days, sums.days * self.fen),
            (FeeBasis::Hour, _) => (sums.on_site / 60, sums.on_site * self.fen / 60),
            (FeeBasis::Item, kind) => {
                let n = kind.map_or(0, |kind| sums.measure(kind).0);
                (n, n * self.fen)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn entry(day: &str, kind: ServiceKind, mode: ServiceMode, numbers: [i32; 4]) -> Counted {
        let [minutes, items, people, copies] = numbers;
        let settled = kind == ServiceKind::Mediation;
        Counted { day: day.parse().unwrap(), kind, mode, minutes, items, people, copies, settled }
    }

    #[test]
    fn a_month_is_counted_once_in_each_column() {
        use ServiceKind::*;
        let sums = Sums::of(&[
            entry("2026-11-05", OnSite, ServiceMode::OnSite, [180, 1, 0, 0]),
            entry("2026-11-05", Consultation, ServiceMode::OnSite, [60, 3, 4, 0]),
            entry("2026-11-12", Consultation, ServiceMode::Phone, [30, 1, 1, 0]),
            entry("2026-11-19", Lecture, ServiceMode::Lecture, [90, 1, 46, 50]),
            entry("2026-11-19", Mediation, ServiceMode::OnSite, [120, 1, 2, 0]),
            entry("2026-11-20", Material, ServiceMode::Online, [0, 30, 0, 0]),
        ]);
        assert_eq!((sums.days, sums.on_site, sums.minutes), (2, 450, 480));
        assert_eq!((sums.kind(Consultation).items, sums.kind(Consultation).people), (4, 5));
        assert_eq!((sums.kind(Mediation).items, sums.kind(Mediation).settled), (1, 1));
        assert_eq!(sums.copies, 80, "what a lecture hands out is material too");
        assert_eq!(sums.measure(OnSite), (2, 450));
        assert_eq!(sums.measure(Charter), (0, 0));
    }

    #[test]
    fn fees_are_whole_fen() {
        let sums = Sums { days: 2, on_site: 50, ..Sums::default() };
        let fee = |basis, fen| Fee { basis, kind: None, fen };
        assert_eq!(fee(FeeBasis::Month, 30_000).pay(&sums), (1, 30_000));
        assert_eq!(fee(FeeBasis::Day, 5_000).pay(&sums), (2, 10_000));
        assert_eq!(fee(FeeBasis::Hour, 1_001).pay(&sums), (0, 834));
        let item = Fee { basis: FeeBasis::Item, kind: Some(ServiceKind::Lecture), fen: 10_000 };
        assert_eq!(item.pay(&sums), (0, 0));
    }
}
