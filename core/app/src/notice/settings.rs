//! A county's channels: its gateway for SMS and WeChat, its mail server, its quiet hours, and what goes by which.

use std::collections::{BTreeMap, BTreeSet};

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::notice::{Channel, KINDS, Quiet, State};
use falin_domain::refusal::Refusal;
use falin_domain::words::CountyId;
use falin_store::journal::Entry;
use falin_store::notice::{self as rows, Setting, bound};
use falin_store::{In, Tx};
use serde::{Deserialize, Serialize};

use crate::trace::By;
use crate::typed::Reader;
use crate::{App, Fault, Stop};

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
    let row = rows::setting(tx, county)?;
    row.map_or_else(|| Ok(Channels::default()), |row| read(&row))
}

fn read(row: &Setting) -> Result<Channels, Stop> {
    serde_json::from_str(&row.settings).map_err(|e| Fault::new("notice", e.to_string()).into())
}

/// The secrets of a county's channels in clear, for the sender alone.
pub(super) struct Secrets {
    pub gateway: Option<String>,
    pub password: Option<String>,
}

pub(super) fn secrets(tx: &mut Tx<'_>, county: CountyId) -> Result<Secrets, Stop> {
    let Some(row) = rows::setting(tx, county)? else { return Ok(Secrets { gateway: None, password: None }) };
    let id = county.bytes();
    let open = |column, sealed: &Option<Vec<u8>>| {
        let sealed = sealed.as_ref();
        sealed.map(|sealed| tx.open(bound("notice_setting", column, &id, county), sealed)).transpose()
    };
    Ok(Secrets {
        gateway: open("gateway_sealed", &row.gateway_sealed)?,
        password: open("password_sealed", &row.password_sealed)?,
    })
}

/// A county's channels as their page shows them.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What is set.
    pub channels: Channels,
    /// Whether a secret for the gateway is kept.
    pub has_secret: bool,
    /// Whether a password of the mail server is kept.
    pub has_password: bool,
    /// Messages by state.
    pub tally: Vec<(State, i64)>,
    /// Counts changes; 0 before the first.
    pub version: i64,
}

/// The channels of the visitor's county.
///
/// # Errors
/// `access.denied`.
pub async fn shown(app: &App, visitor: &Visitor) -> Result<Shown, Stop> {
    let county = visitor.scope(Act::Read, Noun::Channel)?.county;
    app.db.read(In::County(county), move |tx| show(tx, county)).await
}

fn show(tx: &mut Tx<'_>, county: CountyId) -> Result<Shown, Stop> {
    let row = rows::setting(tx, county)?;
    Ok(Shown {
        channels: row.as_ref().map_or_else(|| Ok(Channels::default()), read)?,
        has_secret: row.as_ref().is_some_and(|row| row.gateway_sealed.is_some()),
        has_password: row.as_ref().is_some_and(|row| row.password_sealed.is_some()),
        tally: rows::tally(tx, county)?,
        version: row.map_or(0, |row| row.version),
    })
}

/// What was typed into the form of the channels. Secrets left empty stay as they are.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedChannels {
    /// The gateway's address.
    pub gateway: String,
    /// Secret shared with the gateway.
    pub secret: String,
    /// `on` where the gateway takes SMS.
    pub sms: String,
    /// `on` where the gateway takes WeChat.
    pub wechat: String,
    /// Mail server.
    pub host: String,
    /// Port.
    pub port: String,
    /// `tls`, `starttls` or `none`.
    pub security: String,
    /// Name to sign in with.
    pub user: String,
    /// Password.
    pub password: String,
    /// Sender's address.
    pub from: String,
    /// First quiet time.
    pub quiet_from: String,
    /// First time that is no longer quiet.
    pub quiet_to: String,
    /// Kinds that go by e-mail, joined by spaces.
    pub mail_kinds: String,
    /// Kinds that go by SMS.
    pub sms_kinds: String,
    /// Kinds that go by WeChat.
    pub wechat_kinds: String,
}

impl TypedChannels {
    /// What is set, as it would be typed; secrets stay out.
    pub fn of(set: &Channels) -> Self {
        let on = |yes| if yes { "on" } else { "" }.to_owned();
        let (quiet_from, quiet_to) = set.quiet.text();
        let kinds = |channel| {
            let carried = |kind: &&&str| !set.without.get(**kind).is_some_and(|no| no.contains(&channel));
            KINDS.iter().filter(carried).copied().collect::<Vec<_>>().join(" ")
        };
        let port = if set.mail.port == 0 { String::new() } else { set.mail.port.to_string() };
        Self {
            gateway: set.gateway.clone(),
            secret: String::new(),
            sms: on(set.sms),
            wechat: on(set.wechat),
            host: set.mail.host.clone(),
            port,
            security: if set.mail.security.is_empty() { "tls".to_owned() } else { set.mail.security.clone() },
            user: set.mail.user.clone(),
            password: String::new(),
            from: set.mail.from.clone(),
            quiet_from,
            quiet_to,
            mail_kinds: kinds(Channel::Mail),
            sms_kinds: kinds(Channel::Sms),
            wechat_kinds: kinds(Channel::WeChat),
        }
    }

    fn read(&self) -> Result<Channels, Refusal> {
        let mut reader = Reader::default();
        let gateway = reader.text("gateway", &self.gateway, 300);
        if !(gateway.is_empty() || is_web_address(&gateway)) {
            reader.fault("gateway", "address.invalid");
        }
        let mail = self.mail(&mut reader);
        let quiet = Quiet::read(&self.quiet_from, &self.quiet_to);
        if quiet.is_none() {
            reader.fault("quiet_from", "quiet.invalid");
        }
        let channels = Channels {
            gateway,
            sms: self.sms == "on",
            wechat: self.wechat == "on",
            mail,
            quiet: quiet.unwrap_or_default(),
            without: self.without(),
        };
        reader.finish(channels)
    }

    fn mail(&self, reader: &mut Reader) -> MailServer {
        let host = reader.text("host", &self.host, 200);
        let given = !host.is_empty();
        let security = match self.security.as_str() {
            known @ ("tls" | "starttls" | "none") => known.to_owned(),
            _ => "tls".to_owned(),
        };
        let usual = if security == "tls" { 465 } else { 25 };
        let port = reader.number("port", &self.port, (1, 65_535)).unwrap_or(usual);
        let from = reader.text("from", &self.from, 200);
        if given && !is_mail_address(&from) {
            reader.fault("from", if from.is_empty() { "required" } else { "address.invalid" });
        }
        let user = reader.text("user", &self.user, 200);
        MailServer { host, port: u16::try_from(port).unwrap_or(465), security, user, from }
    }

    fn without(&self) -> BTreeMap<String, BTreeSet<Channel>> {
        let mut without: BTreeMap<String, BTreeSet<Channel>> = BTreeMap::new();
        let given = [
            (Channel::Mail, &self.mail_kinds),
            (Channel::Sms, &self.sms_kinds),
            (Channel::WeChat, &self.wechat_kinds),
        ];
        for (channel, kinds) in given {
            for kind in KINDS.iter().filter(|kind| !kinds.split(' ').any(|given| given == **kind)) {
                without.entry((*kind).to_owned()).or_default().insert(channel);
            }
        }
        without
    }
}

/// `http://` or `https://`, a host, no spaces.
fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split('/').next()).unwrap_or_default();
    !host.is_empty() && text.is_ascii() && !text.contains(char::is_whitespace) && !host.contains('@')
}

/// Shaped like an address; only its mail server knows more.
pub(super) fn is_mail_address(text: &str) -> bool {
    let parts: Vec<&str> = text.split('@').collect();
    let plain = text.is_ascii() && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    matches!(parts[..], [name, host] if !name.is_empty() && host.contains('.')) && plain
}

/// Saves a county's channels if they are still at `version`.
///
/// # Errors
/// `access.denied`, `form.invalid`, `state.changed`.
pub async fn save(app: &App, visitor: &Visitor, version: i64, typed: &TypedChannels) -> Result<Shown, Stop> {
    let by = By::whole_county(visitor, Noun::Channel)?;
    let (set, typed) = (typed.read()?, typed.clone());
    let work = move |tx: &mut Tx<'_>| {
        let there = rows::setting(tx, by.county)?;
        if there.as_ref().map_or(0, |row| row.version) != version {
            return Err(Refusal::new("state.changed").into());
        }
        let id = by.county.bytes();
        let mut seal = |column, text: &str, kept: Option<Vec<u8>>| match text {
            "" => Ok(kept),
            text => tx.seal(bound("notice_setting", column, &id, by.county), text).map(Some),
        };
        let kept = there.map(|row| (row.gateway_sealed, row.password_sealed)).unwrap_or_default();
        let row = Setting {
            county_id: by.county,
            settings: serde_json::to_string(&set).map_err(|e| Fault::new("notice", e.to_string()))?,
            gateway_sealed: seal("gateway_sealed", typed.secret.trim(), kept.0)?,
            password_sealed: seal("password_sealed", &typed.password, kept.1)?,
            version: version + 1,
        };
        rows::set_setting(tx, &row)?;
        tx.record(Entry {
            county: by.county,
            account: by.account,
            event: Event::ChannelsSaved,
            reason: if by.account.is_some() { Reason::Person } else { Reason::Operator },
            subject: Some(("county", id)),
            details: serde_json::json!({ "sms": set.sms, "wechat": set.wechat, "mail": !set.mail.host.is_empty() }),
        })?;
        show(tx, by.county)
    };
    app.db.write(In::County(by.county), work).await
}
