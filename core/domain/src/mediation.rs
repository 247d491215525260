//! Mediation committees as the law wants them, and what a county pays by the case (人民调解法 8–9, 以案定补).

use serde::{Deserialize, Serialize};

use crate::directory::codes;
use crate::time::Date;

codes! {
    /// Kinds of committees and other bodies that mediate (handbook §1.2).
    CommitteeKind {
        /// 村调委会.
        Village = "village",
        /// 居（社区）调委会.
        Community = "community",
        /// 乡镇、街道调委会.
        Township = "township",
        /// 县级.
        County = "county",
        /// 企事业单位.
        Enterprise = "enterprise",
        /// 行业性专业性.
        Industry = "industry",
        /// 个人品牌调解室.
        Studio = "studio",
        /// 律师调解团队.
        LawyerTeam = "lawyer_team",
        /// 法院特邀、诉前.
        Court = "court",
    }
}

codes! {
    /// What somebody is in a committee.
    Duty {
        /// 主任.
        Chair = "chair",
        /// 副主任.
        Deputy = "deputy",
        /// 委员.
        Member = "member",
        /// 聘任的调解员.
        Mediator = "mediator",
    }
}

/// A member as the composition is checked.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    /// What the member is.
    pub duty: Duty,
    /// Whether a woman.
    pub woman: bool,
    /// Whether of a national minority.
    pub minority: bool,
}

/// What a committee lacks; each is a text key `committee-lacks-…`.
pub fn lacking(kind: CommitteeKind, seats: &[Seat], mixed_area: bool) -> Vec<&'static str> {
    // Studios, lawyer teams and court rosters are no people's committees: articles 8 and 9 do not bind them.
    if matches!(kind, CommitteeKind::Studio | CommitteeKind::LawyerTeam | CommitteeKind::Court) {
        return Vec::new();
    }
    let members: Vec<&Seat> = seats.iter().filter(|seat| seat.duty != Duty::Mediator).collect();
    let mut found = Vec::new();
    if members.len() < 3 {
        found.push("few");
    }
    if members.len() > 9 {
        found.push("many");
    }
    if !members.iter().any(|seat| seat.duty == Duty::Chair) {
        found.push("chair");
    }
    if !members.iter().any(|seat| seat.woman) {
        found.push("woman");
    }
    if mixed_area && !members.iter().any(|seat| seat.minority) {
        found.push("minority");
    }
    found
}

/// The last day of a term that begins on `from`: three years (人民调解法 8).
pub fn term_end(from: Date) -> Date {
    from.plus_months(36).plus_days(-1)
}

/// What a county pays for a mediated case, fen by grade.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Tariff {
    /// 简易.
    pub simple: i64,
    /// 一般.
    pub ordinary: i64,
    /// 疑难复杂.
    pub hard: i64,
    /// 重大.
    pub major: i64,
    /// An oral agreement, whatever the grade.
    pub oral: i64,
    /// Share of the grade's sum for a case without agreement, per cent.
    pub failed_percent: u8,
    /// The decision that it rests on.
    pub source: String,
}

impl Default for Tariff {
    fn default() -> Self {
        Self {
            simple: 5_000,
            ordinary: 10_000,
            hard: 30_000,
            major: 50_000,
            oral: 3_000,
            failed_percent: 0,
            source: String::new(),
        }
    }
}

/// How a case ended, for the claim.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ended<'a> {
    /// Code of the list `difficulty`; `ordinary` where none was given.
    pub difficulty: &'a str,
    /// Code of the list `mediation_outcome`.
    pub outcome: &'a str,
    /// Whether the dossier is complete: an incomplete one is not paid.
    pub dossier: bool,
}

impl Tariff {
    /// What is paid for a case, fen.
    pub fn sum(&self, ended: Ended<'_>) -> i64 {
        let grade = match ended.difficulty {
            "simple" => self.simple,
            "hard" => self.hard,
            "major" => self.major,
            _ => self.ordinary,
        };
        match ended.outcome {
            "oral" => self.oral,
            _ if !ended.dossier => 0,
            "written" | "partial" => grade,
            _ => grade * i64::from(self.failed_percent) / 100,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_committee_has_three_to_nine_members_a_chair_and_a_woman() {
        let seat = |duty, woman| Seat { duty, woman, minority: false };
        let good = [seat(Duty::Chair, false), seat(Duty::Member, true), seat(Duty::Member, false)];
        assert!(lacking(CommitteeKind::Village, &good, false).is_empty());
        assert_eq!(lacking(CommitteeKind::Village, &good, true), ["minority"]);
        let men = [seat(Duty::Member, false), seat(Duty::Mediator, true)];
        assert_eq!(lacking(CommitteeKind::Township, &men, false), ["few", "chair", "woman"]);
        assert!(lacking(CommitteeKind::Studio, &[], false).is_empty());
    }

    #[test]
    fn terms_last_three_years() -> Result<(), crate::time::BadTime> {
        assert_eq!(term_end("2024-03-01".parse()?), "2027-02-28".parse()?);
        Ok(())
    }

    #[test]
    fn oral_cases_count_and_incomplete_dossiers_do_not() {
        let tariff = Tariff { failed_percent: 30, ..Tariff::default() };
        let ended = |outcome, dossier| Ended { difficulty: "hard", outcome, dossier };
        assert_eq!(tariff.sum(ended("written", true)), 30_000);
        assert_eq!(tariff.sum(ended("written", false)), 0);
        assert_eq!(tariff.sum(ended("oral", false)), 3_000);
        assert_eq!(tariff.sum(ended("none", true)), 9_000);
    }
}
