//! Notices: by which ways a message leaves the house, when it must wait, and how often it is tried.

use crate::directory::codes;
use crate::time::Instant;

codes! {
    /// A way out of the house; the inbox inside needs none.
    Channel {
        /// E-mail.
        Mail = "mail",
        /// 短信, through the county's gateway.
        Sms = "sms",
        /// 微信, through the county's gateway.
        WeChat = "wechat",
    }
}

codes! {
    /// What has become of a message.
    State {
        /// It leaves when its time comes.
        Waiting = "waiting",
        /// It left.
        Sent = "sent",
        /// Every try failed; a clerk telephones.
        Failed = "failed",
        /// What it spoke of was called off before it left.
        Cancelled = "cancelled",
    }
}

codes! {
    /// Why a clerk telephones.
    CallReason {
        /// The person did not agree to messages.
        NoConsent = "no_consent",
        /// The county has no gateway, or the person no address.
        NoChannel = "no_channel",
        /// Every try failed.
        Failed = "failed",
    }
}

codes! {
    /// How a clerk's call ended.
    CallOutcome {
        /// The person was told.
        Reached = "reached",
        /// Nobody answered after several tries.
        Unreachable = "unreachable",
        /// It was no longer needed.
        Cancelled = "cancelled",
    }
}

/// Text keys of the messages that the house sends: one line each, so that a county can say what goes by which way.
pub const KINDS: &[&str] = &[
    "notice-deadline-reminded",
    "notice-deadline-urged",
    "notice-deadline-escalated",
    "notice-deadline-lapsing",
    "notice-booking-confirmed",
    "notice-booking-moved",
    "notice-booking-cancelled",
    "notice-booking-offered",
    "notice-booking-reminder",
    "notice-booking-flagged",
    "notice-duty-planned",
    "notice-duty-changed",
    "notice-duty-cancelled",
    "notice-duty-offered",
    "notice-duty-answered",
    "notice-duty-reminder",
    "notice-duty-flagged",
    "notice-pairing-asked",
    "notice-consultation-new",
    "notice-consultation-answered",
    "notice-consultation-asked-back",
    "notice-consultation-supplied",
    "notice-consultation-call-back",
    "notice-consultation-given-back",
    "notice-consultation-referred",
    "notice-consultation-fallback",
    "notice-aid-new",
    "notice-aid-supplement",
    "notice-aid-supplied",
    "notice-aid-deemed-withdrawn",
    "notice-aid-urgent",
    "notice-aid-granted",
    "notice-aid-refused",
    "notice-aid-assigned",
    "notice-aid-assigned-resident",
    "notice-aid-declined",
    "notice-aid-replaced",
    "notice-aid-replace-asked",
    "notice-aid-reported",
    "notice-aid-sent-back",
    "notice-aid-closed",
    "notice-aid-terminated",
    "notice-aid-objection",
    "notice-aid-objection-decided",
    "notice-aid-transferred",
    "notice-mediation-new",
    "notice-mediation-not-accepted",
    "notice-mediation-appointed",
    "notice-mediation-consent",
    "notice-mediation-refused",
    "notice-mediation-agreed",
    "notice-mediation-failed",
    "notice-case-left",
    "notice-case-unit-asked",
    "notice-case-unit-late",
    "notice-case-unit-reminder",
    "notice-case-unit-answered",
    "notice-case-conference",
    "notice-erasure-asked",
    "notice-erasure-lift-asked",
    "notice-erasure-lifted",
    "notice-erasure-proposed",
    "notice-erasure-refused",
    "notice-erasure-restricted",
    "notice-deputy-named",
    "notice-deputy-ended",
    "notice-account-slip",
    "notice-plugin-locked",
    "notice-plugin-taken-back",
    "notice-plugin-letter",
    "notice-workflow",
];

/// Seconds until the next try, after the first, second … failure: 1 min, 5 min, 30 min, 2 h, 12 h.
const PAUSES: [i64; 5] = [60, 300, 1_800, 7_200, 43_200];

/// When a message is tried again after its `tries`-th failure (from 1); None: it has failed.
pub fn next_try(tries: i32, now: Instant) -> Option<Instant> {
    let nth = usize::try_from(tries).ok()?.checked_sub(1)?;
    PAUSES.get(nth).map(|seconds| now.plus_seconds(*seconds))
}

/// The hours of the day in which nothing but the inbox speaks, as minutes from midnight in China.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Quiet {
    /// First quiet minute, 1260 for 21:00.
    pub from: u16,
    /// First minute that is no longer quiet, 480 for 08:00.
    pub to: u16,
}

/// Minutes of a day.
const DAY: u16 = 24 * 60;

impl Default for Quiet {
    fn default() -> Self {
        Self { from: 21 * 60, to: 8 * 60 }
    }
}

impl Quiet {
    /// `at`, or where that is a quiet moment the end of the quiet hours.
    pub fn over(self, at: Instant) -> Instant {
        let midnight = at.date().start();
        let minute = u16::try_from((at.millis() - midnight.millis()) / 60_000).unwrap_or(0);
        let inside = if self.from <= self.to {
            (self.from..self.to).contains(&minute)
        } else {
            minute >= self.from || minute < self.to
        };
        if !inside {
            return at;
        }
        let days = i64::from(self.from > self.to && minute >= self.from);
        midnight.plus_seconds(days * 86_400 + i64::from(self.to) * 60)
    }

    /// Reads two times such as `21:00` and `08:00`.
    pub fn read(from: &str, to: &str) -> Option<Self> {
        Some(Self { from: minutes(from)?, to: minutes(to)? })
    }

    /// The two times as they are typed.
    pub fn text(self) -> (String, String) {
        let text = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        (text(self.from), text(self.to))
    }
}

fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let all = hours.checked_mul(60)?.checked_add(minutes)?;
    (minutes < 60 && all < DAY).then_some(all)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(text: &str) -> Instant {
        format!("{text}:00+08:00").parse().unwrap()
    }

    #[test]
    fn quiet_hours_wait_for_the_morning() {
        let quiet = Quiet::default();
        assert_eq!(quiet.over(at("2026-03-02T20:59")), at("2026-03-02T20:59"));
        assert_eq!(quiet.over(at("2026-03-02T21:00")), at("2026-03-03T08:00"));
        assert_eq!(quiet.over(at("2026-03-03T00:30")), at("2026-03-03T08:00"));
        assert_eq!(quiet.over(at("2026-03-03T08:00")), at("2026-03-03T08:00"));
        let noon = Quiet::read("12:00", "14:00").unwrap();
        assert_eq!(noon.over(at("2026-03-03T13:00")), at("2026-03-03T14:00"));
        assert_eq!(noon.over(at("2026-03-03T22:00")), at("2026-03-03T22:00"));
        assert!(Quiet::read("24:00", "08:00").is_none() && Quiet::read("8", "9").is_none());
        let never = Quiet::read("08:00", "08:00").unwrap();
        assert_eq!(never.over(at("2026-03-03T08:00")), at("2026-03-03T08:00"));
    }

    #[test]
    fn five_pauses_then_it_has_failed() {
        let now = at("2026-03-02T10:00");
        let pauses: Vec<_> =
            (1..=6).map(|n| next_try(n, now).map(|t| (t.millis() - now.millis()) / 60_000)).collect();
        assert_eq!(pauses, [Some(1), Some(5), Some(30), Some(120), Some(720), None]);
        assert_eq!(next_try(0, now), None);
    }
}
