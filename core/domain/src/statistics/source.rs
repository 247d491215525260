//! Where a figure's count comes from, and whose rows it counts.

use super::figure_of;
use crate::access::Noun;

use Source::{
    AdvisedVillages, Closed, Households, Log, MediatedTowns, NamedSites, Opened, OpenedDone, OpenedWith,
    PairedFirms, Ratio, Sum, Workers,
};

/// Where a count comes from; the store knows how to count each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// Households there on the period's last day: kind, and whether paired on that day.
    Households(&'static str, bool),
    /// Workers of a kind with a household or post in the place on that day.
    Workers(&'static str),
    /// Firms that look after urban households on that day.
    PairedFirms,
    /// Villages with an adviser on that day, and all villages.
    AdvisedVillages(bool),
    /// Townships in which somebody mediates on that day, of a body of their own or of one of their villages; and all
    /// townships.
    MediatedTowns(bool),
    /// Villages that the county has declared 无讼村 sites by that day.
    NamedSites,
    /// Cases of a flow opened in the period.
    Opened(&'static str),
    /// Cases of a flow closed in the period in one of these states.
    Closed(&'static str, &'static [&'static str]),
    /// Cases of a flow opened in the period whose field has one of these codes.
    OpenedWith(&'static str, &'static str, &'static [&'static str]),
    /// Cases of a flow opened in the period in which one of these steps was taken, or that came into one of these states,
    /// up to the period's end.
    OpenedDone(&'static str, &'static [&'static str], &'static [&'static str]),
    /// Sum of a number or amount field over cases opened in the period.
    Sum(&'static str, &'static str),
    /// Service-log entries of these kinds: what is summed.
    Log(&'static [&'static str], LogSum),
    /// Two other figures, as per cent.
    Ratio(&'static str, &'static str),
}

impl Source {
    /// Whose rows it counts: whoever may read these at a place need not be kept from their small numbers there.
    pub fn noun(self) -> Noun {
        match self {
            Households(..) => Noun::Household,
            Workers(_) | PairedFirms => Noun::Worker,
            AdvisedVillages(_) | NamedSites => Noun::Post,
            MediatedTowns(_) => Noun::Committee,
            Log(..) => Noun::ServiceLog,
            Opened(flow) | Closed(flow, _) | OpenedWith(flow, ..) | OpenedDone(flow, ..) | Sum(flow, _) => {
                Noun::from_code(flow).unwrap_or(Noun::Workflow)
            }
            // A rate shows what the two figures show that it divides.
            Ratio(part, _) => figure_of(part).map_or(Noun::Workflow, |figure| figure.source.noun()),
        }
    }

    /// Whether what it counts stands at no one place: a lawyer serves several, so townships do not add up.
    pub fn is_placeless(self) -> bool {
        matches!(self, Workers(_) | PairedFirms)
    }
}

/// What is summed over service-log entries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogSum {
    /// The entries themselves.
    Entries,
    /// What each kind counts, such as lectures.
    Items,
    /// People reached.
    People,
    /// Copies given out: what a lecture hands out is material too.
    Copies,
    /// Minutes.
    Minutes,
}
