//! Who is told what became of a workflow while nobody looked: the county's administrators.

use falin_domain::access::Role;
use falin_domain::words::CountyId;
use falin_store::Tx;
use falin_store::plugin::{Install, install_of};

use super::{NOUN, declared};
use crate::Stop;
use crate::notice::{self, Arg, New, To};

/// Its library died too often, and it was locked away.
pub(super) const LOCKED: &str = "notice-plugin-locked";
/// Its library died too often after an upgrade, and the version before is in use again.
pub(super) const TAKEN_BACK: &str = "notice-plugin-taken-back";

/// A hook or a job of it could not be done.
const LETTER: &str = "notice-plugin-letter";

/// Tells every administrator of the county, once for each version of the row.
pub(super) fn administrators(tx: &mut Tx<'_>, install: &Install, text_key: &str) -> Result<(), Stop> {
    let key = format!("{text_key}/{}/{}", install.id, install.version);
    tell(tx, install, text_key, key)
}

/// Tells them that something could not be done by itself and waits in a letter: of each workflow once a day.
pub(crate) fn of_letter(tx: &mut Tx<'_>, county: CountyId, plugin: &str) -> Result<(), Stop> {
    let Some(install) = install_of(tx, county, plugin)? else { return Ok(()) };
    let key = format!("{LETTER}/{}/{}", install.id, tx.now.date());
    tell(tx, &install, LETTER, key)
}

fn tell(tx: &mut Tx<'_>, install: &Install, text_key: &str, key: String) -> Result<(), Stop> {
    let name = declared(tx, &install.plugin, install.generation)?.name.clone();
    let message = New {
        county: install.county_id,
        key,
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
