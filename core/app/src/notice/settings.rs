//! A county's channels: its gateway for SMS and WeChat, its mail server, its quiet hours, and what goes by which.

use std::collections::{BTreeMap, BTreeSet};

use falin_domain::notice::{Channel, Quiet};
use falin_domain::words::CountyId;
use falin_store::Tx;
use falin_store::notice as rows;
use serde::{Deserialize, Serialize};

use crate::{Fault, Stop};

/// A mail server that takes the county's messages.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MailServer {
    /// Host; empty: no e-mail.
    pub host: String,
    /// Port.
    pub port: u16,
    /// `tls` from the first byte, `starttls`, or `none` inside one's own network.
    pub security: String,
    /// Name to sign in with; empty: without.
    pub user: String,
    /// Sender's address.
    pub from: String,
}

/// A county's channels, without their secrets.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Channels {
    /// The gateway's address; empty: no SMS and no WeChat.
    pub gateway: String,
    /// Whether the gateway takes SMS.
    pub sms: bool,
    /// Whether the gateway takes WeChat messages.
    pub wechat: bool,
    /// The mail server.
    pub mail: MailServer,
    /// Quiet hours.
    pub quiet: Quiet,
    /// Kinds that a channel does not carry here.
    pub without: BTreeMap<String, BTreeSet<Channel>>,
}

impl Channels {
    /// Whether messages of this kind go by this channel here.
    pub fn carries(&self, channel: Channel, kind: &str) -> bool {
        let there = match channel {
            Channel::Mail => !self.mail.host.is_empty(),
            Channel::Sms => !self.gateway.is_empty() && self.sms,
            Channel::WeChat => !self.gateway.is_empty() && self.wechat,
        };
        there && !self.without.get(kind).is_some_and(|without| without.contains(&channel))
    }
}

/// A county's channels inside a transaction; what is not set has its usual value.
///
/// # Errors
/// The store's own; a fault where the row holds what this program never writes.
pub(crate) fn channels(tx: &mut Tx<'_>, county: CountyId) -> Result<Channels, Stop> {
    let Some(row) = rows::setting(tx, county)? else { return Ok(Channels::default()) };
    serde_json::from_str(&row.settings).map_err(|e| Fault::new("notice", e.to_string()).into())
}
