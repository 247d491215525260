//! Pairings over time: spans are appended and at most ended, so "who was responsible on day D" stays answerable.

use serde::{Deserialize, Serialize};

use crate::directory::{ProviderKind, codes};
use crate::refusal::Refusal;
use crate::time::Date;
use crate::words::{FirmId, WorkerId};

codes! {
    /// Which of a household's pairings a span is of; at most one of each kind on any day.
    PairingKind {
        /// 对接律师(所): the one who answers for the household.
        Primary = "primary",
        /// A second one, such as for a language or a speciality.
        Second = "second",
    }
}

codes! {
    /// Why a pairing ended.
    EndReason {
        /// A plan gave the household to somebody else.
        Plan = "plan",
        /// A handover gave it to a successor.
        Handover = "handover",
        /// The provider left or is on leave.
        Leave = "leave",
        /// The household moved away.
        Moved = "moved",
        /// The resident chose so.
        ResidentChoice = "resident_choice",
        /// The household ended by death.
        Death = "death",
        /// It was recorded by mistake.
        Correction = "correction",
        /// The plan or handover that began it was undone.
        Undo = "undo",
    }
}

/// Who is paired: one legal worker or a firm.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderRef {
    /// A legal worker.
    Worker(WorkerId),
    /// A firm.
    Firm(FirmId),
}

impl ProviderRef {
    /// Lawyer or firm.
    pub const fn kind(self) -> ProviderKind {
        match self {
            Self::Worker(_) => ProviderKind::Lawyer,
            Self::Firm(_) => ProviderKind::Firm,
        }
    }

    /// From the two columns of a row, of which one is filled; None where neither is.
    pub fn of(worker: Option<WorkerId>, firm: Option<FirmId>) -> Option<Self> {
        worker.map(Self::Worker).or(firm.map(Self::Firm))
    }

    /// The two columns of a row.
    pub const fn columns(self) -> (Option<WorkerId>, Option<FirmId>) {
        match self {
            Self::Worker(worker) => (Some(worker), None),
            Self::Firm(firm) => (None, Some(firm)),
        }
    }
}

/// One pairing of a household from a day to before a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Span {
    /// Primary or second.
    pub kind: PairingKind,
    /// With whom.
    pub provider: ProviderRef,
    /// First day.
    pub from: Date,
    /// First day on which it no longer holds; none while it is open. Equal to `from` if it never held.
    pub to: Option<Date>,
    /// Why it ended; there if and only if `to` is.
    pub ended: Option<EndReason>,
}

impl Span {
    /// Whether it holds on this day.
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }

    /// Whether it holds on any day from `from` on to before `to`.
    fn meets(&self, from: Date, to: Option<Date>) -> bool {
        let start = self.from.max(from);
        let end = self.to.into_iter().chain(to).min();
        end.is_none_or(|end| start < end)
    }
}

/// Who was, is or will be responsible on this day.
pub fn responsible_on(spans: &[Span], kind: PairingKind, day: Date) -> Option<&Span> {
    spans.iter().find(|span| span.kind == kind && span.covers(day))
}

/// Whether a history can be true: no day twice per kind, no end before its beginning, ends with their reason.
/// Refuses with `pairing.overlap`.
pub fn verify(spans: &[Span]) -> Result<(), Refusal> {
    for (at, span) in spans.iter().enumerate() {
        let backwards = span.to.is_some_and(|to| to < span.from);
        let twice =
            spans[..at].iter().any(|other| other.kind == span.kind && other.meets(span.from, span.to));
        if backwards || twice || span.to.is_some() != span.ended.is_some() {
            return Err(Refusal::new("pairing.overlap"));
        }
    }
    Ok(())
}

/// Begins a pairing; refuses with `pairing.overlap` where one of this kind holds on any day from then on.
pub fn begin(
    spans: &mut Vec<Span>,
    kind: PairingKind,
    provider: ProviderRef,
    from: Date,
) -> Result<(), Refusal> {
    if spans.iter().any(|span| span.kind == kind && span.meets(from, None)) {
        return Err(Refusal::new("pairing.overlap"));
    }
    spans.push(Span { kind, provider, from, to: None, ended: None });
    Ok(())
}

/// Ends the open pairing of this kind, so that it no longer holds on `to`.
///
/// Refuses with `action.not_allowed` where none is open, `form.invalid` (field `to`) where it began later.
pub fn end(spans: &mut [Span], kind: PairingKind, to: Date, reason: EndReason) -> Result<Span, Refusal> {
    let open = spans.iter_mut().find(|span| span.kind == kind && span.to.is_none());
    let open = open.ok_or_else(|| Refusal::new("action.not_allowed"))?;
    if to < open.from {
        return Err(Refusal::field("to", "date.invalid"));
    }
    (open.to, open.ended) = (Some(to), Some(reason));
    Ok(*open)
}

/// Ends the open pairing and begins the successor's on the same day: both or, refused as [`end`] is, neither.
pub fn succeed(
    spans: &mut Vec<Span>,
    kind: PairingKind,
    provider: ProviderRef,
    on: Date,
    reason: EndReason,
) -> Result<(), Refusal> {
    end(spans, kind, on, reason)?;
    // Nothing of this kind can hold after an open span, so the beginning cannot fail.
    spans.push(Span { kind, provider, from: on, to: None, ended: None });
    Ok(())
}

/// Undoes the plan or handover that began the open pairing: it ends on `on`, at the earliest on its first day, and
/// whoever gave way to it begins again in a new span. What was true in between stays on record. `spans` must be
/// in the order in which they were appended.
///
/// Refuses with `action.not_allowed` where no pairing of this kind is open.
pub fn undo(spans: &mut Vec<Span>, kind: PairingKind, on: Date) -> Result<(), Refusal> {
    let mut latest = spans.iter().rev().filter(|span| span.kind == kind);
    let open = latest.next().filter(|span| span.to.is_none());
    let began = open.ok_or_else(|| Refusal::new("action.not_allowed"))?.from;
    let gave_way = latest.next().filter(|span| {
        span.to == Some(began) && matches!(span.ended, Some(EndReason::Plan | EndReason::Handover))
    });
    let before = gave_way.map(|span| span.provider);
    let on = on.max(began);
    end(spans, kind, on, EndReason::Undo)?;
    if let Some(provider) = before {
        spans.push(Span { kind, provider, from: on, to: None, ended: None });
    }
    Ok(())
}
