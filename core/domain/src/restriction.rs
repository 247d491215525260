//! Erasure as the law means it (PIPL 47): while something must still be kept, a household's data are only stored; when
//! that is over they are destroyed, which two people decide.

use serde::{Deserialize, Serialize};

use crate::directory::codes;
use crate::refusal::Refusal;
use crate::time::Date;
use crate::words::AccountId;

codes! {
    /// Kinds of records that are kept for so many years.
    Kept {
        /// The household's own file, counted from when it left, or else from when it was restricted.
        Household = "household",
        /// Consultations, counted like all cases from when they were closed.
        Consultation = "consultation",
        /// Legal-aid applications.
        Aid = "aid",
        /// Mediation cases.
        Mediation = "mediation",
        /// Cases of county workflows.
        Workflow = "workflow",
    }
}

impl Kept {
    /// What a case of this flow is kept as.
    pub fn of_flow(flow: &str) -> Self {
        match flow {
            "consultation" => Self::Consultation,
            "aid" => Self::Aid,
            "mediation" => Self::Mediation,
            _ => Self::Workflow,
        }
    }
}

/// Years for which a county keeps each kind of record. The law sets none (forms.md, 保管期限): the county decides, and
/// what stands here until it has is the house's own.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Retention {
    /// Of [`Kept::Household`].
    pub household: u8,
    /// Of [`Kept::Consultation`].
    pub consultation: u8,
    /// Of [`Kept::Aid`].
    pub aid: u8,
    /// Of [`Kept::Mediation`].
    pub mediation: u8,
    /// Of [`Kept::Workflow`].
    pub workflow: u8,
}

/// Most years that a county may keep a record.
pub const MOST_YEARS: u8 = 100;

impl Default for Retention {
    fn default() -> Self {
        Self { household: 3, consultation: 3, aid: 10, mediation: 10, workflow: 10 }
    }
}

impl Retention {
    /// Years of a kind.
    pub fn years(&self, kind: Kept) -> u8 {
        match kind {
            Kept::Household => self.household,
            Kept::Consultation => self.consultation,
            Kept::Aid => self.aid,
            Kept::Mediation => self.mediation,
            Kept::Workflow => self.workflow,
        }
    }

    /// The first day on which nothing of these records must be kept any more; each with the day from which it counts.
    pub fn due(&self, records: &[(Kept, Date)], otherwise: Date) -> Date {
        let over = |(kind, from): &(Kept, Date)| from.plus_months(12 * i32::from(self.years(*kind)));
        records.iter().map(over).max().unwrap_or(otherwise)
    }
}

codes! {
    /// Where a wish for erasure stands.
    RestrictionState {
        /// The person has asked; the county answers.
        Asked = "asked",
        /// The county has said no, and why.
        Refused = "refused",
        /// Only stored.
        Restricted = "restricted",
        /// Only stored, and somebody has proposed the destruction.
        Proposed = "proposed",
        /// Taken back: everything is as before, but for what was ended.
        Lifted = "lifted",
        /// Destroyed.
        Destroyed = "destroyed",
    }
}

codes! {
    /// What is done about it.
    RestrictionAct {
        /// Stop everything but storage.
        Restrict = "restrict",
        /// Say no.
        Refuse = "refuse",
        /// Take the restriction back, as the person wishes.
        Lift = "lift",
        /// Propose the destruction.
        Propose = "propose",
        /// Not destroy it yet.
        Decline = "decline",
        /// Approve the destruction, which is done at once.
        Approve = "approve",
    }
}

codes! {
    /// Why somebody opens what is only stored; the journal keeps the code.
    OpenReason {
        /// The person asks what is kept.
        Person = "person",
        /// A court or another authority demands it by law.
        Authority = "authority",
        /// A claim is defended.
        Claim = "claim",
        /// Before it is destroyed.
        Destruction = "destruction",
    }
}

impl RestrictionState {
    /// Where it stands after an act; None where the act is not allowed now.
    pub fn after(self, act: RestrictionAct) -> Option<Self> {
        use RestrictionAct as Act;
        match (self, act) {
            (Self::Asked, Act::Restrict) => Some(Self::Restricted),
            (Self::Asked, Act::Refuse) => Some(Self::Refused),
            (Self::Restricted | Self::Proposed, Act::Lift) => Some(Self::Lifted),
            (Self::Restricted, Act::Propose) => Some(Self::Proposed),
            (Self::Proposed, Act::Decline) => Some(Self::Restricted),
            (Self::Proposed, Act::Approve) => Some(Self::Destroyed),
            _ => None,
        }
    }

    /// Whether the household is only stored.
    pub fn holds(self) -> bool {
        matches!(self, Self::Restricted | Self::Proposed)
    }
}

/// Refuses a destruction before its day.
///
/// # Errors
/// `restriction.not_due` with the day.
pub fn is_due(due: Date, today: Date) -> Result<(), Refusal> {
    if due <= today { Ok(()) } else { Err(Refusal::new("restriction.not_due").with("due", due)) }
}

/// Refuses who may not propose a destruction, or not approve the one that `proposed`: each needs an account of its own.
///
/// # Errors
/// `restriction.four_eyes`.
pub fn four_eyes(proposed: Option<AccountId>, me: Option<AccountId>) -> Result<AccountId, Refusal> {
    me.filter(|me| proposed != Some(*me)).ok_or_else(|| Refusal::new("restriction.four_eyes"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::words::Id;
    use uuid::Uuid;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_household_is_due_when_the_last_of_its_records_is() {
        let retention = Retention { household: 1, consultation: 0, ..Retention::default() };
        let file = (Kept::Household, day("2024-02-29"));
        assert_eq!(retention.due(&[file], day("2026-01-01")), day("2025-02-28"));
        let case = (Kept::of_flow("mediation"), day("2020-05-01"));
        assert_eq!(retention.due(&[file, case], day("2026-01-01")), day("2030-05-01"));
        assert_eq!(Kept::of_flow("petition/answer"), Kept::Workflow);
        assert!(is_due(day("2026-03-01"), day("2026-03-01")).is_ok());
        assert_eq!(is_due(day("2026-03-02"), day("2026-03-01")).unwrap_err().code(), "restriction.not_due");
    }

    #[test]
    fn a_destruction_takes_two_people_and_a_restriction_first() {
        use RestrictionAct as Act;
        let one = |n: u128| Some(Id::from_uuid(Uuid::from_u128(n)));
        assert!(four_eyes(one(1), one(2)).is_ok() && four_eyes(None, one(1)).is_ok());
        assert!(four_eyes(one(1), one(1)).is_err() && four_eyes(one(1), None).is_err());
        assert_eq!(RestrictionState::Asked.after(Act::Approve), None);
        assert_eq!(RestrictionState::Restricted.after(Act::Approve), None);
        assert_eq!(RestrictionState::Proposed.after(Act::Approve), Some(RestrictionState::Destroyed));
        for over in [RestrictionState::Refused, RestrictionState::Lifted, RestrictionState::Destroyed] {
            assert!(RestrictionAct::ALL.iter().all(|act| over.after(*act).is_none()), "{over:?}");
        }
    }
}
