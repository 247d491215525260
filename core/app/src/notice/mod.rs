//! Notices: what the house tells people, each once, by the ways that they and their county allow.
//!
//! A use case that has something to tell calls [`queue`] inside its own transaction, so that the message exists
//! exactly when the act does:
//!
//! ```ignore
//! notice::queue(tx, New {
//!     county,
//!     key: format!("booking/{id}/confirmed/{version}"),   // the same key again tells nobody twice
//!     to: To::Resident { name, phone: Some(phone), consent },
//!     text_key: "notice-booking-confirmed",               // Fluent, both languages, with an attribute `.title`
//!     args: vec![("room", room.name.into()), ("at", at.into())],
//!     subject: ("booking", id.cast()),                    // cancel(tx, county, id.cast()) takes it back
//!     division: Some(place),                              // whose clerk telephones where nothing reaches
//!     not_before: None,
//!     language: None,
//! })?;
//! ```
//!
//! Accounts always get it in their inbox; e-mail, SMS and WeChat besides where the person said yes, the county has
//! the channel and lets this kind go by it. A person without an account gets an SMS, or where there is no consent,
//! no gateway, or no success after the last try, a clerk's call. Quiet hours hold back everything but the inbox.
//! [`cancel`] calls off what waits for a subject; what has left cannot be called back.
//! A background sender ([`send::Sender`]) leases rows and sends each at least once under its key; gateways drop repeats.

mod calls;
pub mod gateway;
mod inbox;
mod mail;
mod route;
pub mod send;
mod settings;

pub use calls::*;
pub use inbox::*;
pub use settings::*;

use falin_domain::access::Role;
use falin_domain::deadline::Said;
use falin_domain::spoken;
use falin_domain::time::{Date, Instant};
use falin_domain::words::{AccountId, CountyId, DivisionId, WorkerId};
use falin_store::Tx;
use serde::{Deserialize, Serialize};

pub use falin_store::deadline::SubjectId;

use crate::{Fault, Stop};

/// Whom a message is for.
#[derive(Clone, Debug)]
pub enum To {
    /// Somebody who signs in.
    Account(AccountId),
    /// A legal worker: by the account where there is one.
    Worker(WorkerId),
    /// Everybody who holds this role for the place or above it; where nobody does, the county's administrators.
    Role {
        /// The role.
        role: Role,
        /// The place; None: only holders for the whole county.
        place: Option<DivisionId>,
    },
    /// Somebody without an account. Name and telephone are sealed in the row.
    Resident {
        /// How a clerk addresses the person.
        name: String,
        /// Telephone in clear; None where none is known.
        phone: Option<String>,
        /// Whether the person agreed to messages.
        consent: bool,
    },
}

/// An argument of a text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Arg {
    /// The same in both languages.
    Plain(String),
    /// Words of the house, by language.
    Words {
        /// Chinese.
        zh: String,
        /// English.
        en: String,
    },
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Plain(text.to_owned())
    }
}

/// A day as people read it.
impl From<Date> for Arg {
    fn from(date: Date) -> Self {
        Self::Words { zh: spoken::day(date, false), en: spoken::day(date, true) }
    }
}

/// A moment as people read it: day, hour and minute in China.
impl From<Instant> for Arg {
    fn from(at: Instant) -> Self {
        Self::Words { zh: spoken::moment(at, false), en: spoken::moment(at, true) }
    }
}

impl From<Said> for Arg {
    fn from(said: Said) -> Self {
        Self::Words { zh: said.zh.to_owned(), en: said.en.to_owned() }
    }
}

impl Arg {
    /// The argument in one language.
    pub fn text(&self, chinese: bool) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Words { zh, en } => {
                if chinese {
                    zh
                } else {
                    en
                }
            }
        }
    }
}

/// Arguments as rows keep them.
pub type Args = Vec<(String, Arg)>;

/// A message to be told.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// County.
    pub county: CountyId,
    /// Idempotency key of the message; recipients and channels are added to it.
    pub key: String,
    /// Whom.
    pub to: To,
    /// Fluent key with an attribute `.title`; begins with `notice-`.
    pub text_key: &'a str,
    /// Arguments of the text. They leave the house: no more than the person must read.
    pub args: Vec<(&'static str, Arg)>,
    /// What it speaks of: noun and id.
    pub subject: (&'a str, SubjectId),
    /// Where it belongs.
    pub division: Option<DivisionId>,
    /// Not before this moment; None: now.
    pub not_before: Option<Instant>,
    /// `zh` or `en`; None: Chinese.
    pub language: Option<&'a str>,
}

/// Tells somebody something, once a key: inbox rows, outbox rows or a clerk's call, in the caller's transaction.
///
/// # Errors
/// The store's own.
pub fn queue(tx: &mut Tx<'_>, new: New<'_>) -> Result<(), Stop> {
    route::queue(tx, &new)
}

/// The hour of the morning at which people are reminded, in China.
const REMINDED_AT: i64 = 9;

/// When people are reminded on a day: at nine in the morning.
pub(crate) fn morning(day: Date) -> Instant {
    day.start().plus_seconds(REMINDED_AT * 3_600)
}

/// Calls off every message and call that still waits for a subject, whatever its noun.
///
/// # Errors
/// The store's own.
pub fn cancel(tx: &mut Tx<'_>, county: CountyId, subject: SubjectId) -> Result<(), Stop> {
    falin_store::notice::cancel(tx, county, subject, "").map(drop)
}

/// The same for messages whose key begins so.
///
/// # Errors
/// The store's own.
pub(crate) fn cancel_under(
    tx: &mut Tx<'_>,
    county: CountyId,
    subject: SubjectId,
    begins: &str,
) -> Result<(), Stop> {
    falin_store::notice::cancel(tx, county, subject, begins).map(drop)
}

fn args_text(args: &[(&'static str, Arg)]) -> Result<String, Stop> {
    serde_json::to_string(args).map_err(|e| Fault::new("notice", e.to_string()).into())
}

fn args_from(text: &str) -> Result<Args, Stop> {
    serde_json::from_str(text).map_err(|e| Fault::new("notice", e.to_string()).into())
}
