//! Sentences that handlers put into these views' contexts, with the arguments that each takes, and the closed lists.

use crate::look::{Say, format};

/// Text keys with their arguments, in the order of the pages; `Say::with` fills them.
pub const SENTENCES: &[(&str, &[&str])] = &[
    ("desk-card-list-count", &["count"]),
    ("desk-card-village-note", &["count", "sheets"]),
    ("desk-compliance-so-far", &["there"]),
    ("desk-consent-list-count", &["count"]),
    ("desk-division-count", &["townships", "villages"]),
    ("desk-division-villages", &["count"]),
    ("desk-duty-asked", &["name"]),
    ("desk-duty-flagged-count", &["count"]),
    ("desk-duty-swap-told-accepted", &["date", "from", "to"]),
    ("desk-duty-swap-told-declined", &["date", "from", "to"]),
    ("desk-duty-swap-told-offered", &["date", "from", "to"]),
    ("desk-duty-swap-told-withdrawn", &["date", "from", "to"]),
    ("desk-facility-list-count", &["count"]),
    ("erase-in-use", &["bookings", "cases"]),
    ("erase-my-asked", &["day"]),
    ("erase-my-lift-asked", &["day"]),
    ("erase-my-lifted", &["day"]),
    ("erase-my-refused", &["day"]),
    ("erase-my-stored", &["day"]),
    ("desk-firm-capacity-sum", &["count"]),
    ("desk-firm-list-count", &["count"]),
    ("desk-grid-list-count", &["count"]),
    ("desk-group-members-count", &["count"]),
    ("desk-group-pushes-count", &["count"]),
    ("desk-handover-after", &["capacity", "load"]),
    ("desk-handover-bookings", &[]),
    ("desk-handover-cases", &[]),
    ("desk-handover-commit", &["count"]),
    ("desk-handover-drop", &[]),
    ("desk-handover-led", &["count"]),
    ("desk-handover-duties", &[]),
    ("desk-handover-posts", &["villages"]),
    ("desk-handover-undo", &[]),
    ("desk-hours", &["hours"]),
    ("desk-hours-minutes", &["hours", "minutes"]),
    ("desk-account-county-now", &["county"]),
    ("desk-household-card-live", &[]),
    ("desk-household-card-printed", &["date"]),
    ("desk-household-card-revoked", &[]),
    ("desk-household-card-since", &["date"]),
    ("desk-household-card-unmade", &[]),
    ("desk-household-card-unprinted", &[]),
    ("desk-household-history-answer", &["date", "name"]),
    ("desk-household-history-nobody", &["date"]),
    ("desk-household-list-count", &["count"]),
    ("desk-household-mine-count", &["count", "villages"]),
    ("desk-household-revealed", &[]),
    ("desk-household-revealed-by", &["reason", "time"]),
    ("desk-journal-alarm", &[]),
    ("desk-journal-all-agree", &["count"]),
    ("desk-journal-not-whole", &[]),
    ("desk-journal-see", &[]),
    ("desk-journal-system", &[]),
    ("desk-journal-whole", &[]),
    ("desk-journal-whole-what", &["count", "when"]),
    ("desk-leave-begins", &["count", "date"]),
    ("desk-leave-gone", &["count", "date"]),
    ("desk-leave-mine-what", &["cases", "count"]),
    ("desk-log-copies-count", &["count"]),
    ("desk-log-corrected", &["before", "date", "reason"]),
    ("desk-log-minutes-count", &["count"]),
    ("desk-log-people-count", &["count"]),
    ("desk-minutes", &["minutes"]),
    ("desk-plan-again", &[]),
    ("desk-plan-commit", &["moved"]),
    ("desk-plan-commit-none", &[]),
    ("desk-plan-drop", &[]),
    ("desk-plan-links-cards", &["count"]),
    ("desk-plan-links-moves", &["count"]),
    ("desk-plan-links-providers", &["count"]),
    ("desk-plan-name", &["number"]),
    ("desk-plan-refused", &[]),
    ("desk-plan-summary", &["moved", "placed", "unplaced"]),
    ("desk-plan-undo", &[]),
    ("desk-plan-unplaced-shortfall", &["count"]),
    ("desk-platform-rehearsed", &[]),
    ("desk-platform-to-do", &["count"]),
    ("desk-platform-unrehearsed", &[]),
    ("desk-platform-unrehearsed-what", &[]),
    ("desk-platform-well", &[]),
    ("desk-post-gap", &["count"]),
    ("desk-post-list-count", &["count"]),
    ("desk-room-list-count", &["count"]),
    ("desk-roster-column-skip", &[]),
    ("desk-roster-column-twice", &[]),
    ("desk-roster-columns-found", &["row"]),
    ("desk-roster-columns-sheets", &["count", "names"]),
    ("desk-roster-commit", &["changed", "new"]),
    ("desk-roster-did", &["changed", "new", "unchanged"]),
    ("desk-roster-effect", &[]),
    ("desk-roster-effect-next", &["count"]),
    ("desk-roster-findings-count", &["errors", "warnings"]),
    ("desk-roster-left-out", &["count"]),
    ("desk-roster-left-out-what", &[]),
    ("desk-roster-nothing-new", &[]),
    ("desk-roster-nothing-new-what", &[]),
    ("desk-search-firms", &[]),
    ("desk-search-places", &[]),
    ("desk-span", &["from", "to"]),
    ("desk-span-now", &["from"]),
    ("desk-span-open", &["from"]),
    ("desk-today-duty", &["village"]),
    ("desk-today-my-cards", &[]),
    ("desk-today-my-cards-what", &["count"]),
    ("desk-today-my-consents", &[]),
    ("desk-today-my-consents-what", &["count"]),
    ("desk-today-my-households", &[]),
    ("desk-today-my-households-what", &[]),
    ("desk-today-my-leave", &[]),
    ("desk-today-my-leave-what", &[]),
    ("desk-today-new-household", &[]),
    ("desk-today-roster-never", &[]),
    ("desk-today-tile-cards", &[]),
    ("desk-today-tile-consents", &[]),
    ("desk-today-tile-households", &[]),
    ("desk-today-tile-leave", &[]),
    ("desk-today-upload", &[]),
    ("desk-user-disable", &[]),
    ("desk-user-enable", &[]),
    ("desk-user-list-count", &["count"]),
    ("desk-user-reset", &[]),
    ("desk-user-roster-made", &["count"]),
    ("desk-user-roster-make", &["count"]),
    ("desk-user-roster-more", &["count"]),
    ("desk-user-roster-slips", &["days"]),
    ("desk-user-slip", &[]),
    ("desk-user-totp-off", &[]),
    ("desk-user-totp-on", &[]),
    ("desk-worker-capacity-default", &[]),
    ("desk-worker-capacity-value", &["count"]),
    ("desk-worker-list-count", &["count"]),
];

/// Beginnings of text keys that are made from codes by [`key`](super::key).
pub const LISTS: &[&str] = &[
    "stats-forms-word-",
    "service-need-",
    "service-go-",
    "desk-call-outcome-",
    "desk-call-reason-",
    "desk-channel-security-",
    "desk-deadline-state-",
    "desk-household-kind-",
    "desk-household-paired-",
    "desk-household-category-",
    "desk-household-relation-",
    "desk-household-why-",
    "desk-household-reveal-for-",
    "desk-worker-kind-",
    "desk-worker-state-",
    "desk-worker-gender-",
    "desk-post-state-",
    "desk-roster-kind-",
    "desk-roster-state-",
    "desk-plan-state-",
    "desk-plan-provider-",
    "desk-plan-consent-",
    "desk-plan-which-",
    "desk-plan-reason-",
    "desk-card-why-",
    "desk-handover-why-",
    "desk-consent-state-",
    "erase-act-",
    "erase-kept-",
    "erase-open-for-",
    "erase-state-",
    "desk-consent-provider-",
    "desk-consent-household-",
    "desk-consent-how-",
    "desk-user-state-",
    "desk-token-state-",
    "desk-booking-state-",
    "desk-booking-act-",
    "desk-booking-flag-",
    "desk-booking-kind-",
    "shift-kind-",
    "shift-state-",
    "service-kind-",
    "service-mode-",
    "service-unit-",
    "visit-purpose-",
    "visit-state-",
    "group-platform-",
    "appointment-state-",
    "duty-period-",
    "duty-standing-",
    "fee-basis-",
    "desk-duty-act-",
    "desk-duty-why-",
    "desk-notary-act-",
    "event-",
    "reason-",
    "journal-noun-",
    "desk-paper-group-",
    "desk-plugin-move-",
    "desk-plugin-ask-",
    "desk-plugin-quarantined-",
    "plugin-misfit-",
    "plugin-permission-",
    "plugin-state-",
    "plugin-batch-",
    "desk-plugin-import-act-",
    "desk-plugin-import-about-",
    "platform-check-",
    "platform-state-",
    "journal-fault-",
];

/// The sentence of `key` with `count`, its digits in groups: `共 11,570 户`.
pub fn counted(say: &Say<'_>, key: &str, count: u64) -> String {
    say.with(key, &[("count", &format::group(&count.to_string()))])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::look::{Lang, Look};
    use falin_domain::access::Role;
    use falin_domain::directory::{
        Category, FacilityKind, FirmKind, Gender, HouseholdKind, Relation, WorkerKind,
    };
    use falin_domain::journal::{Event, Reason};

    #[test]
    fn every_sentence_uses_its_arguments_in_both_languages() {
        let look = Look::load(None).unwrap();
        for (key, args) in SENTENCES {
            for lang in [Lang::Zh, Lang::En] {
                let filled: Vec<_> = args.iter().map(|arg| (*arg, "甲乙丙")).collect();
                let text = look.say(lang).with(key, &filled);
                assert_ne!(&text, key, "{} lacks {key}", lang.code());
                assert_eq!(text.matches("甲乙丙").count(), args.len(), "{} {key}: {text}", lang.code());
            }
        }
    }

    #[test]
    fn every_member_of_a_closed_list_has_its_word() {
        let look = Look::load(None).unwrap();
        let mut keys = Vec::new();
        let mut add = |list: &str, code: &str| keys.push(super::super::key(list, code));
        Event::ALL.iter().for_each(|one| add("event", one.code()));
        Reason::ALL.iter().for_each(|one| add("reason", one.code()));
        Reason::ALL.iter().for_each(|one| add("desk-household-why", one.code()));
        Role::ALL.iter().for_each(|one| add("role", one.code()));
        WorkerKind::ALL.iter().for_each(|one| add("desk-worker-kind", one.code()));
        Gender::ALL.iter().for_each(|one| add("desk-worker-gender", one.code()));
        FirmKind::ALL.iter().for_each(|one| add("firm-kind", one.code()));
        FacilityKind::ALL.iter().for_each(|one| add("facility-kind", one.code()));
        HouseholdKind::ALL.iter().for_each(|one| add("desk-household-kind", one.code()));
        Category::ALL.iter().for_each(|one| add("desk-household-category", one.code()));
        Relation::ALL.iter().for_each(|one| add("desk-household-relation", one.code()));
        super::super::roster::KINDS.iter().for_each(|one| add("desk-roster-kind", one));
        use falin_domain::booking::{BookingAct, BookingFlag, BookingState, ConflictKind};
        let mut add = |list: &str, code: &str| keys.push(super::super::key(list, code));
        BookingState::ALL.iter().for_each(|one| add("desk-booking-state", one.code()));
        BookingAct::ALL.iter().for_each(|one| add("desk-booking-act", one.code()));
        BookingFlag::ALL.iter().for_each(|one| add("desk-booking-flag", one.code()));
        ConflictKind::ALL.iter().for_each(|one| add("desk-booking-kind", one.code()));
        for key in keys {
            for lang in [Lang::Zh, Lang::En] {
                assert!(look.texts().has(lang, &key), "{} lacks {key}", lang.code());
            }
        }
    }
}
