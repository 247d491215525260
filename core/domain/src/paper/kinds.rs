//! The papers of the house, in the order of the form book: legal aid, mediation, confirmation, petition, adviser,
//! round table, warning, review, screening, visits, publicity, service.

use std::sync::LazyLock;

use super::Paper;

macro_rules! papers {
    ($($code:literal)*) => {
        /// Code and definition of each.
        pub(super) const FILES: &[(&str, &str)] =
            &[$(($code, include_str!(concat!("../../assets/papers/", $code, ".toml")))),*];
    };
}

papers! {
    "aid-consult" "aid-apply" "aid-power" "aid-means" "aid-receipt" "aid-supplement" "aid-coop" "aid-review"
    "aid-grant" "aid-refuse" "aid-assign" "aid-agreement" "aid-letter" "aid-progress" "aid-intro"
    "aid-replace-apply" "aid-replace" "aid-end" "aid-end-letter" "aid-objection" "aid-close" "aid-duty-apply"
    "aid-duty-record" "aid-query" "aid-visit"
    "med-apply" "med-accept" "med-rights" "med-power" "med-inquiry" "med-record" "med-agreement" "med-oral"
    "med-visit" "med-cover" "med-index" "med-notes" "med-close" "med-subsidy" "med-end" "med-notice"
    "conf-apply" "conf-promise" "conf-list" "conf-proof"
    "petition-intake" "petition-opinion" "petition-transfer" "petition-reply"
    "adviser-log" "adviser-month" "adviser-card" "adviser-appoint" "adviser-signin"
    "table-notice" "table-signin" "table-record" "table-opinion" "case-conference"
    "index-bulletin" "warning-order" "warning-tasks"
    "review-opinion" "rules-opinion" "dispute-opinion" "comment-answer" "joint-minutes"
    "round-report" "screened-register" "screened-report"
    "visit-record" "list-order" "list-supervise" "list-bulletin" "list-struck"
    "activity-signin" "activity-record" "publicity-duty" "redeem-slip"
    "serve-address" "serve-receipt"
}

static ALL: LazyLock<Vec<Paper>> = LazyLock::new(|| {
    // A definition that does not parse fails a test; a release would go without that paper.
    FILES.iter().filter_map(|(_, text)| Paper::parse(text).ok()).collect()
});

/// Every kind of paper.
pub fn all() -> &'static [Paper] {
    &ALL
}

/// The kind with this code.
pub fn find(code: &str) -> Option<&'static Paper> {
    ALL.iter().find(|paper| paper.code == code)
}
