//! Accounts: who signs in, with what, as whom, and who decides about it.

mod hash;
mod kept;
mod make;
mod manage;
mod others;
mod own;
mod place;
mod resident;
mod roster;
mod session;
mod sign_in;
mod slip;
#[cfg(test)]
mod tests;
mod token;
mod totp;

use std::net::IpAddr;

use falin_domain::access::{Post, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::words::{AccountId, CountyId};
use falin_store::account as rows;
use falin_store::guess::Tags;
use falin_store::journal::Entry;
use falin_store::{Stop, Tx};
use sha2::{Digest, Sha256};

pub use falin_store::account_list::Filter;
pub use falin_store::session::Session;
pub use falin_store::token::Token;
pub use make::{NewAccount, create, ready_made};
pub use manage::{AccountAct, Listed, act, by_username, count, list, one, set_password};
pub use others::{end_session_of, sessions_of};
pub use own::{Me, change_password, end_other_sessions, end_session, me, my_sessions};
pub use place::{PlaceName, place_names, placed};
pub use resident::for_resident;
pub use roster::{Proposal, RosterProgress, RosterView, accounts_for_roster, may_make_roster, roster_view};
pub use session::{Half, SessionInfo, bearer, half, move_to, session, sign_out};
pub use sign_in::{Attempt, SignedIn, activate, second_factor, sign_in};
pub use slip::{Slip, find_slip, slips};
pub use token::{by_token, issue_token, revoke_token, token, tokens};
pub use totp::{Enrolment, code, confirm_enrolment, enrolment};

/// Hash under which the store knows a session's or program's token.
pub type TokenHash = [u8; 32];

/// The hash of a token as it travels.
pub fn hash_of(token: &str) -> TokenHash {
    Sha256::digest(token.as_bytes()).into()
}

/// Where an attempt comes from: guesses are counted by browser where it is known, else by network address.
#[derive(Clone, Default)]
pub struct Source {
    /// The network address; IPv6 counts by its /64, which one subscriber holds.
    pub address: Option<IpAddr>,
    /// What the browser kept from an earlier sign-in.
    pub device: Option<String>,
    /// The browser's User-Agent, of which only kind and family are kept.
    pub agent: Option<String>,
}

impl Source {
    /// The tags under which guesses of this name from here are counted.
    fn tags(&self, tx: &mut Tx<'_>, name: &str) -> Result<Tags, Stop> {
        let address = match self.address {
            Some(IpAddr::V4(v4)) => v4.octets().to_vec(),
            Some(IpAddr::V6(v6)) => v6.octets()[..8].to_vec(),
            None => b"here".to_vec(),
        };
        Tags::of(tx, name, self.browser().map(str::as_bytes), &address)
    }

    fn browser(&self) -> Option<&str> {
        self.device.as_deref().filter(|d| d.len() == 64 && d.bytes().all(|b| b.is_ascii_hexdigit()))
    }
}

/// 256 random bits as hexadecimal text.
fn new_token(tx: &mut Tx<'_>) -> String {
    tx.random::<32>().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The visitor that an account is in a county.
fn visitor_of(account: &rows::Account, posts: Vec<Post>, county: CountyId) -> Visitor {
    let worker = account.worker.filter(|_| account.county == county);
    Visitor { account: Some(account.id), county, posts, worker, token: None }
}

/// The county in which an account acts unless it asks for another: its own, or the first where it has a role.
fn usual_county(account: &rows::Account, posts: &[Post]) -> CountyId {
    let at_home = posts.iter().any(|post| post.county == account.county);
    if at_home { account.county } else { posts.first().map_or(account.county, |post| post.county) }
}

/// Writes what happened to an account into the journal of `county`.
fn record(
    tx: &mut Tx<'_>,
    county: CountyId,
    by: Option<AccountId>,
    event: Event,
    subject: AccountId,
    details: serde_json::Value,
) -> Result<(), Stop> {
    let reason = if by.is_some() { Reason::Person } else { Reason::Operator };
    let subject = Some(("account", subject.bytes()));
    tx.record(Entry { county, account: by, event, reason, subject, details })
}
