//! Who is told what became of a workflow while nobody looked: the county's administrators.

use falin_domain::access::Role;
use falin_store::Tx;
use falin_store::plugin::Install;

use super::{NOUN, declared};
use crate::Stop;
use crate::notice::{self, Arg, New, To};

/// Its library died too often, and it was locked away.
pub(super) const LOCKED: &str = "notice-plugin-locked";
/// Its library died too often after an upgrade, and the version before is in use again.
pub(super) const TAKEN_BACK: &str = "notice-plugin-taken-back";

/// Tells every administrator of the county, once for each version of the row.
pub(super) fn administrators(tx: &mut Tx<'_>, install: &Install, text_key: &str) -> Result<(), Stop> {
    let name = declared(tx, &install.plugin, install.generation)?.name.clone();
    let message = New {
        county: install.county_id,
        key: format!("{text_key}/{}/{}", install.id, install.version),
        to: To::Role { role: Role::CountyAdmin, place: None },
        text_key,
        args: vec![("plugin", Arg::Words { zh: name.zh, en: name.en })],
        subject: (NOUN, install.id.cast()),
        division: None,
        not_before: None,
        language: None,
    };
    notice::queue(tx, message)
}
