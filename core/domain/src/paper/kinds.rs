//! The papers of the house, in the order of the form book: legal aid, mediation, confirmation, petition, adviser,
//! round table, service. Those that one workflow alone has are brought by its package.

use std::sync::{Arc, LazyLock};

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
    "petition-intake" "petition-opinion" "petition-guide" "petition-transfer" "petition-reply"
    "adviser-log" "adviser-month" "adviser-card" "adviser-appoint" "adviser-signin"
    "table-signin" "table-record" "case-conference"
    "serve-address" "serve-receipt"
}

static ALL: LazyLock<Vec<Arc<Paper>>> = LazyLock::new(|| {
    // A definition that does not parse fails a test; a release would go without that paper.
    FILES.iter().filter_map(|(_, text)| Paper::parse(text).ok().map(Arc::new)).collect()
});

/// Every kind of paper of the house.
pub fn all() -> &'static [Arc<Paper>] {
    &ALL
}

/// The kind of the house with this code.
pub fn find(code: &str) -> Option<&'static Arc<Paper>> {
    ALL.iter().find(|paper| paper.code == code)
}
