//! Free times: what is left of open stretches, and the first few that are long enough.

use std::collections::BTreeSet;

use super::slot::Span;

/// Suggestions of one day: three that lie hours apart help more than three in a row.
const A_DAY: usize = 2;

/// What is left of open stretches once the taken slots are gone.
pub fn gaps(open: &[Span], taken: &BTreeSet<i64>) -> Vec<Span> {
    let mut found = Vec::new();
    for stretch in open {
        let mut begun = None;
        for slot in stretch.slots().chain([stretch.slots().end]) {
            let free = slot < stretch.slots().end && !taken.contains(&slot);
            match (begun, free) {
                (None, true) => begun = Some(slot),
                (Some(from), false) => {
                    found.extend(Span::of_slots(from, slot));
                    begun = None;
                }
                _ => {}
            }
        }
    }
    found
}

/// Spans of `length` slots that fit into the gaps of one day, from slot `not_before` on: at most two, apart from
/// each other, on half hours where the gap allows.
pub fn fitting(gaps: &[Span], length: i64, not_before: i64) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    for gap in gaps {
        let mut from = gap.slots().start.max(not_before);
        if from % 2 != 0 && from + 1 + length <= gap.slots().end {
            from += 1;
        }
        let fits = Span::of_slots(from, from + length).filter(|span| gap.holds(*span));
        found.extend(fits);
        if found.len() >= A_DAY {
            break;
        }
    }
    found
}
