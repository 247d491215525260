//! Spans against a calendar that writes down, day by day, who is responsible.
#![allow(clippy::unwrap_used)]

use super::super::sample::Seed;
use super::super::span::{
    EndReason, PairingKind, ProviderRef, Span, begin, end, responsible_on, succeed, undo, verify,
};
use crate::time::{Date, Instant};
use crate::words::{FirmId, WorkerId};

/// Days of the calendar; the last stands for all that follow.
const DAYS: usize = 30;

fn day(at: usize) -> Date {
    Date::new(2026, 2, 10).unwrap().plus_days(at as i64)
}

fn provider(number: u32) -> ProviderRef {
    let moment = Instant::from_millis(i64::from(number));
    match number % 2 {
        0 => ProviderRef::Worker(WorkerId::from_parts(moment, [0; 10])),
        _ => ProviderRef::Firm(FirmId::from_parts(moment, [0; 10])),
    }
}

/// One kind's calendar and its open pairing: since when, and who gave way to it.
#[derive(Clone, Default)]
struct Calendar {
    days: [Option<ProviderRef>; DAYS],
    open: Option<(usize, Option<ProviderRef>)>,
}

impl Calendar {
    fn from(&mut self, at: usize, who: Option<ProviderRef>) {
        self.days[at..].fill(who);
    }

    fn begin(&mut self, at: usize, who: ProviderRef) -> bool {
        let free = self.open.is_none() && self.days[at..].iter().all(Option::is_none);
        if free {
            self.from(at, Some(who));
            self.open = Some((at, None));
        }
        free
    }

    fn end(&mut self, at: usize) -> bool {
        let may = self.open.is_some_and(|(since, _)| since <= at);
        if may {
            self.from(at, None);
            self.open = None;
        }
        may
    }

    fn succeed(&mut self, at: usize, who: ProviderRef) -> bool {
        let before = self.days[DAYS - 1];
        let may = self.end(at);
        if may {
            self.from(at, Some(who));
            self.open = Some((at, before));
        }
        may
    }

    fn undo(&mut self, at: usize) -> bool {
        let Some((since, before)) = self.open else { return false };
        self.from(at.max(since), before);
        self.open = before.map(|_| (at.max(since), None));
        true
    }
}

#[test]
fn as_of_queries_equal_the_calendar() {
    let mut seed = Seed::new(1);
    let (mut done, mut refused) = (0, 0);
    for history in 0..10_000 {
        let mut spans: Vec<Span> = Vec::new();
        let mut calendars = [Calendar::default(), Calendar::default()];
        let mut at = 0;
        for _ in 0..1 + seed.below(12) {
            // Mostly forwards, now and then dated back or ahead.
            at = (at + seed.below(6) as usize).saturating_sub(seed.below(4) as usize).min(DAYS - 2);
            let which = seed.below(5) / 4;
            let (kind, calendar) = (PairingKind::ALL[which as usize], &mut calendars[which as usize]);
            let who = provider(seed.below(5));
            let (got, expected) = match seed.below(5) {
                0 => (end(&mut spans, kind, day(at), EndReason::Leave).is_ok(), calendar.end(at)),
                1 => (undo(&mut spans, kind, day(at)).is_ok(), calendar.undo(at)),
                2 => {
                    let made = succeed(&mut spans, kind, who, day(at), EndReason::Handover);
                    (made.is_ok(), calendar.succeed(at, who))
                }
                _ => (begin(&mut spans, kind, who, day(at)).is_ok(), calendar.begin(at, who)),
            };
            assert_eq!(got, expected, "history {history}: {spans:?}");
            verify(&spans).unwrap();
            if got { done += 1 } else { refused += 1 }
        }
        for (kind, calendar) in PairingKind::ALL.iter().zip(&calendars) {
            for (at, expected) in calendar.days.iter().enumerate() {
                let got = responsible_on(&spans, *kind, day(at)).map(|span| span.provider);
                assert_eq!(got, *expected, "history {history}, day {at}: {spans:?}");
            }
        }
    }
    assert!(done > 20_000 && refused > 10_000, "{done} {refused}");
}

#[test]
fn a_history_that_cannot_be_true_is_refused() {
    let span = |from: usize, to: Option<usize>| Span {
        kind: PairingKind::Primary,
        provider: provider(1),
        from: day(from),
        to: to.map(day),
        ended: to.map(|_| EndReason::Moved),
    };
    assert!(verify(&[span(3, Some(5)), span(5, Some(5)), span(5, None)]).is_ok());
    let code = |spans: &[Span]| verify(spans).unwrap_err().code();
    assert_eq!(code(&[span(3, Some(6)), span(5, None)]), "pairing.overlap");
    assert_eq!(code(&[span(3, None), span(9, None)]), "pairing.overlap");
    assert_eq!(code(&[span(3, Some(2))]), "pairing.overlap");
    assert_eq!(code(&[Span { ended: None, ..span(3, Some(4)) }]), "pairing.overlap");
    let text = serde_json::to_string(&span(3, Some(4))).unwrap();
    assert!(text.contains(r#""from":"2026-02-13","to":"2026-02-14","ended":"moved""#), "{text}");
}
