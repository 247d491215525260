//! The life of a plugin in a county as a table: what it is, and what may be done with it next.

use std::collections::BTreeSet;

use super::Permission;
use crate::directory::codes;

codes! {
    /// Where a plugin stands in a county. A package that is refused at the door leaves no row at all.
    PluginState {
        /// Signature, content and declaration are sound.
        Verified = "verified",
        /// Its flows are proved; its library, if it has one, said that it works here.
        Tried = "tried",
        /// The county lets it do what it asks for.
        Granted = "granted",
        /// In use.
        Enabled = "enabled",
        /// Switched off.
        Disabled = "disabled",
        /// Its library died too often.
        Quarantined = "quarantined",
        /// Taken out; its closed cases stay readable in exports and backups.
        Removed = "removed",
    }
}

codes! {
    /// What may be done with a plugin in a county.
    Move {
        /// Try it here.
        Try = "try",
        /// Grant what it asks for.
        Grant = "grant",
        /// Put it in use.
        Enable = "enable",
        /// Put the waiting version in use.
        Upgrade = "upgrade",
        /// Put the version before in use again.
        Rollback = "rollback",
        /// Switch it off.
        Disable = "disable",
        /// Take it out.
        Remove = "remove",
    }
}

/// What decides what may be done next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shelved {
    /// Where it stands.
    pub state: PluginState,
    /// Whether an older version can be had back.
    pub previous: bool,
    /// Whether a version waits, and whether it was tried; None where none waits.
    pub offered: Option<bool>,
    /// Permissions of the waiting version, or of the only one, that the county has not granted.
    pub ungranted: BTreeSet<Permission>,
}

impl Shelved {
    /// What may be done, in the order in which buttons stand.
    pub fn moves(&self) -> Vec<Move> {
        Move::ALL.iter().copied().filter(|wanted| self.may(*wanted)).collect()
    }

    /// Whether this may be done now.
    pub fn may(&self, wanted: Move) -> bool {
        use PluginState::{Disabled, Enabled, Granted, Quarantined, Removed, Tried, Verified};
        let running = matches!(self.state, Enabled | Disabled | Quarantined);
        match wanted {
            Move::Try => self.state == Verified || self.offered == Some(false),
            Move::Grant => {
                self.state == Tried || (self.offered == Some(true) && !self.ungranted.is_empty() && running)
            }
            Move::Enable => matches!(self.state, Granted | Disabled | Quarantined),
            Move::Upgrade => running && self.offered == Some(true) && self.ungranted.is_empty(),
            Move::Rollback => running && self.previous,
            Move::Disable => matches!(self.state, Enabled | Quarantined),
            Move::Remove => !matches!(self.state, Enabled | Removed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelved(state: PluginState) -> Shelved {
        Shelved { state, previous: false, offered: None, ungranted: BTreeSet::new() }
    }

    #[test]
    fn a_plugin_is_tried_before_it_is_granted_and_granted_before_it_is_used() {
        let may = |state| shelved(state).moves();
        assert_eq!(may(PluginState::Verified), [Move::Try, Move::Remove]);
        assert_eq!(may(PluginState::Tried), [Move::Grant, Move::Remove]);
        assert_eq!(may(PluginState::Granted), [Move::Enable, Move::Remove]);
        assert_eq!(may(PluginState::Enabled), [Move::Disable]);
        assert_eq!(may(PluginState::Removed), []);
    }

    #[test]
    fn a_waiting_version_needs_its_new_permissions_first() {
        let mut upgrade = Shelved { offered: Some(false), ..shelved(PluginState::Enabled) };
        assert!(upgrade.may(Move::Try) && !upgrade.may(Move::Upgrade));
        upgrade.offered = Some(true);
        upgrade.ungranted = [Permission::Notice].into();
        assert!(upgrade.may(Move::Grant) && !upgrade.may(Move::Upgrade));
        upgrade.ungranted.clear();
        assert!(!upgrade.may(Move::Grant) && upgrade.may(Move::Upgrade));
    }
}
