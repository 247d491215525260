//! The background sender: leases messages that may leave, sends each at least once under its key, notes the outcome.
//!
//! A row is leased in one transaction, sent outside of any, and noted in another. Whoever dies in between leaves a
//! lease that runs out: the message is sent again under the same key, which gateways drop and mail readers fold. On
//! SQLite nobody else can be sending, so a fresh sender takes such leases back at once. A message that was called
//! off before its lease is never sent; one that is being sent at that moment may still leave. Whoever has an account is
//! told where that says now, and by no way to which the person no longer says yes.

use std::sync::Arc;

use falin_domain::notice::{CallReason, Channel, State, next_try};
use falin_domain::words::CountyId;
use falin_store::conn::Location;
use falin_store::county::{self, County};
use falin_store::notice::{self as rows, Notice, bound};
use falin_store::{In, Tx, account};
use sha2::{Digest, Sha256};

use super::gateway::Gateway;
use super::route::{NewCall, add_call, address};
use super::settings::{Channels, Secrets, channels, secrets};
use super::{args_from, mail};
use crate::{App, Stop};

/// Messages of one lease.
const BATCH: i64 = 8;
/// How long a lease holds: longer than a batch whose every message runs into its ten seconds.
const LEASE_MS: i64 = 120_000;

/// A message in words.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// Its subject, for e-mail and WeChat.
    pub title: String,
    /// The sentence.
    pub body: String,
}

/// Says a text: language, key, arguments.
pub type Words = Arc<dyn Fn(&str, &str, &[(&str, &str)]) -> Text + Send + Sync>;

/// What has become of a try.
pub(super) enum Outcome {
    Taken,
    Later(String),
    Unanswered(String),
    Never(String),
}

/// How a try went.
enum Tried {
    /// It was called off before.
    CalledOff,
    /// Whoever it was given to said yes or no.
    Answered,
    /// Nobody was there; the next message by the same way would wait as long.
    Unanswered,
}

impl Outcome {
    pub(super) fn later(why: &str) -> Self {
        Self::Later(why.to_owned())
    }

    /// Nobody answered in time, or at all.
    pub(super) fn unanswered(why: &str) -> Self {
        Self::Unanswered(why.to_owned())
    }

    fn is_answer(&self) -> bool {
        !matches!(self, Self::Unanswered(_))
    }
}

/// A leased message with everything in clear that its way needs.
pub(super) struct Job {
    pub row: Notice,
    pub to: String,
    pub text: Text,
    pub key: String,
    pub county: String,
    pub channels: Arc<Channels>,
    pub secrets: Arc<Secrets>,
    who: String,
    args: String,
}

/// The sender of one process. Its calls block: it belongs on a thread of its own.
pub struct Sender {
    app: App,
    words: Words,
    lease: [u8; 16],
    gateway: Gateway,
}

impl Sender {
    /// A sender that says its texts with `words`.
    pub fn new(app: App, words: Words) -> Self {
        let lease = app.entropy().bytes();
        Self { app, words, lease, gateway: Gateway::new() }
    }

    /// Takes back the leases of a sender that died, where only one process can have been sending.
    ///
    /// # Errors
    /// The store's own.
    pub fn take_over(&self) -> Result<(), Stop> {
        match self.app.db.location() {
            Location::File(_) => self.app.db.write_now(In::All, rows::release_all),
            Location::Url(_) => Ok(()),
        }
    }

    /// Sends everything that may leave now; returns how many tries that were. The counties take turns, and one whose
    /// gateway does not answer has to wait for the next pass: it holds nobody else's messages back.
    ///
    /// # Errors
    /// The store's own; what a gateway says is no error here.
    pub fn pass(&self) -> Result<usize, Stop> {
        let mut tries = 0;
        let mut counties = self.app.db.read_now(In::All, county::all)?;
        while !counties.is_empty() {
            counties.retain(|county| match self.batch(county) {
                Ok((made, more)) => {
                    tries += made;
                    more
                }
                Err(stop) => {
                    tracing::error!(county = %county.code, %stop, "the notices of a county wait");
                    false
                }
            });
        }
        Ok(tries)
    }

    /// Some messages of one county: how many tries that were, and whether there may be more to send now.
    fn batch(&self, county: &County) -> Result<(usize, bool), Stop> {
        let id = county.id;
        if self.app.db.read_now(In::County(id), move |tx| rows::due(tx, id, 1))?.is_empty() {
            return Ok((0, false));
        }
        let jobs = self.claim(county)?;
        let (mut tries, mut more, mut dead) = (0, !jobs.is_empty(), Vec::new());
        for job in jobs {
            let channel = job.row.channel;
            if dead.contains(&channel) {
                self.give_back(&job)?;
                continue;
            }
            match self.one(job)? {
                Tried::CalledOff => {}
                Tried::Answered => tries += 1,
                Tried::Unanswered => {
                    tries += 1;
                    more = false;
                    dead.push(channel);
                }
            }
        }
        Ok((tries, more))
    }

    /// Ends the lease of a message that was not tried.
    fn give_back(&self, job: &Job) -> Result<(), Stop> {
        let (county, id, lease) = (job.row.county_id, job.row.id, self.lease);
        self.app.db.write_now(In::County(county), move |tx| {
            let Some(mut row) = rows::leased(tx, county, id, &lease)? else { return Ok(()) };
            (row.lease, row.lease_until_ms) = (None, None);
            row.save(tx)
        })
    }

    /// Leases the next messages of a county; none in its quiet hours.
    fn claim(&self, county: &County) -> Result<Vec<Job>, Stop> {
        let (id, code, lease, words) = (county.id, county.code.clone(), self.lease, self.words.clone());
        self.app.db.write_now(In::County(id), move |tx| {
            let set = Arc::new(channels(tx, id)?);
            if set.quiet.over(tx.now) != tx.now {
                return Ok(Vec::new());
            }
            let secrets = Arc::new(secrets(tx, id)?);
            let mut jobs = Vec::new();
            for mut row in rows::due(tx, id, BATCH)? {
                if !goes_where_it_should(tx, &mut row)? {
                    continue;
                }
                row.lease = Some(lease.to_vec());
                row.lease_until_ms = Some(tx.now.millis() + LEASE_MS);
                row.save(tx)?;
                let leased = row.clone();
                match tx.attempt(|tx| job(tx, row, &code, (&set, &secrets), &words))? {
                    Ok(job) => jobs.push(job),
                    Err(stop) => unreadable(tx, leased, &stop)?,
                }
            }
            Ok(jobs)
        })
    }

    /// Sends one leased message and notes what came of it.
    fn one(&self, job: Job) -> Result<Tried, Stop> {
        fault_point("leased");
        let (county, id, lease) = (job.row.county_id, job.row.id, self.lease);
        let still = move |tx: &mut Tx<'_>| {
            let row = rows::leased(tx, county, id, &lease)?;
            Ok(row.filter(|row| row.lease_until_ms.is_some_and(|until| until > tx.now.millis())).is_some())
        };
        if !self.app.db.read_now(In::County(county), still)? {
            return Ok(Tried::CalledOff);
        }
        let outcome = match job.row.channel {
            Channel::Mail => mail::send(&job, self.app.now()),
            Channel::Sms | Channel::WeChat => self.gateway.send(&job, self.app.now()),
        };
        fault_point("sent");
        let tried = if outcome.is_answer() { Tried::Answered } else { Tried::Unanswered };
        let (job, outcome) = (Arc::new(job), Arc::new(outcome));
        self.app.db.write_now(In::County(county), move |tx| note(tx, &job, &outcome, &lease))?;
        fault_point("noted");
        Ok(tried)
    }
}

fn job(
    tx: &mut Tx<'_>,
    row: Notice,
    code: &str,
    (channels, secrets): (&Arc<Channels>, &Arc<Secrets>),
    words: &Words,
) -> Result<Job, Stop> {
    let (id, county) = (row.id.bytes(), row.county_id);
    let open = |column, sealed: &[u8]| tx.open(bound("notice", column, &id, county), sealed);
    let args = open("args_sealed", &row.args_sealed)?;
    let chinese = row.language != "en";
    let read = args_from(&args)?;
    let said: Vec<(&str, &str)> = read.iter().map(|(name, arg)| (name.as_str(), arg.text(chinese))).collect();
    Ok(Job {
        to: open("recipient_sealed", &row.recipient_sealed)?,
        who: open("who_sealed", &row.who_sealed)?,
        text: words(&row.language, &row.kind, &said),
        key: outside_key(county, &row.key),
        county: code.to_owned(),
        channels: channels.clone(),
        secrets: secrets.clone(),
        args,
        row,
    })
}

/// Puts the address that holds now on a message to somebody with an account; false where it was called off, because the
/// account opens no more or its person no longer says yes to this way.
fn goes_where_it_should(tx: &mut Tx<'_>, row: &mut Notice) -> Result<bool, Stop> {
    let Some(id) = row.account_id else { return Ok(true) };
    let opens = account::by_id(tx, id)?.is_some_and(|account| !account.disabled);
    let reach = rows::reach_of(tx, row.county_id, id)?.filter(|_| opens);
    let now =
        tx.attempt(|tx| reach.map_or(Ok(None), |reach| address(tx, row.county_id, &reach, row.channel)))?;
    match now {
        Ok(Some(to)) => {
            let at = row.id.bytes();
            row.recipient_sealed = tx.seal(bound("notice", "recipient_sealed", &at, row.county_id), &to)?;
            Ok(true)
        }
        Ok(None) => {
            (row.state, row.next_ms) = (State::Cancelled, None);
            row.save(tx).map(|()| false)
        }
        Err(stop) => unreadable(tx, row.clone(), &stop).map(|()| false),
    }
}

/// One that cannot be opened counts as a try, and waits like any other that failed; the rest goes on.
fn unreadable(tx: &mut Tx<'_>, mut row: Notice, stop: &Stop) -> Result<(), Stop> {
    tracing::error!(notice = %row.id, %stop, "a notice cannot be opened");
    (row.lease, row.lease_until_ms) = (None, None);
    row.tries += 1;
    row.error = Some("unreadable".to_owned());
    row.next_ms = next_try(row.tries, tx.now).map(|at| at.millis());
    if row.next_ms.is_none() {
        row.state = State::Failed;
    }
    row.save(tx)
}

/// The key as gateways see it: the same for the same message, also after a restore, and nothing of ours inside.
fn outside_key(county: CountyId, key: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(county.bytes());
    hash.update(key.as_bytes());
    hex(&hash.finalize())
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Notes a try, if the message still waits under this lease.
fn note(tx: &mut Tx<'_>, job: &Job, outcome: &Outcome, lease: &[u8]) -> Result<(), Stop> {
    let (county, id) = (job.row.county_id, job.row.id);
    let Some(mut row) = rows::leased(tx, county, id, lease)? else {
        tracing::warn!(notice = %id, "called off, or leased anew, while it was being sent");
        return Ok(());
    };
    (row.lease, row.lease_until_ms) = (None, None);
    match outcome {
        Outcome::Taken => {
            (row.state, row.sent_ms, row.next_ms, row.error) =
                (State::Sent, Some(tx.now.millis()), None, None);
        }
        Outcome::Later(why) | Outcome::Unanswered(why) => {
            row.tries += 1;
            row.error = Some(why.clone());
            match next_try(row.tries, tx.now) {
                Some(at) => row.next_ms = Some(job.channels.quiet.over(at).millis()),
                None => failed(tx, &mut row, job)?,
            }
        }
        Outcome::Never(why) => {
            row.tries += 1;
            row.error = Some(why.clone());
            failed(tx, &mut row, job)?;
        }
    }
    row.save(tx)
}

/// After the last try a clerk telephones, unless it was an e-mail to somebody who has it in the inbox.
fn failed(tx: &mut Tx<'_>, row: &mut Notice, job: &Job) -> Result<(), Stop> {
    (row.state, row.next_ms) = (State::Failed, None);
    if row.channel == Channel::Mail && row.account_id.is_some() {
        return Ok(());
    }
    // A gateway's name for somebody in WeChat is no telephone.
    let phone = if row.channel == Channel::Sms { job.to.clone() } else { phone_of(tx, row)? };
    add_call(
        tx,
        row.county_id,
        NewCall {
            key: call_key(&row.key),
            kind: &row.kind,
            noun: &row.noun,
            subject: row.subject_id,
            name: &job.who,
            phone: &phone,
            args: &job.args,
            reason: CallReason::Failed,
            division: row.division_id,
        },
    )
}

/// One call a notice and person, by whichever channels they could not be told: of `notice/channel/whom` all but the
/// channel.
fn call_key(key: &str) -> String {
    match key.rsplitn(3, '/').collect::<Vec<_>>()[..] {
        [whom, _channel, notice] => format!("{notice}/call/{whom}"),
        _ => format!("{key}/call"),
    }
}

fn phone_of(tx: &mut Tx<'_>, row: &Notice) -> Result<String, Stop> {
    let Some(account) = row.account_id else { return Ok(String::new()) };
    let Some(reach) = rows::reach_of(tx, row.county_id, account)? else { return Ok(String::new()) };
    let Some(sealed) = &reach.phone_sealed else { return Ok(String::new()) };
    tx.open(bound("reach", "phone_sealed", &account.bytes(), row.county_id), sealed)
}

/// Dies here where a drill says so; nothing in a release build.
fn fault_point(place: &str) {
    if cfg!(debug_assertions) && std::env::var("FALIN_DIE_AT").is_ok_and(|at| at == place) {
        std::process::abort();
    }
}

#[cfg(test)]
mod tests {
    use super::call_key;

    #[test]
    fn two_channels_that_fail_make_one_call() {
        let keys = ["sms", "wechat"].map(|channel| call_key(&format!("booking/1/confirmed/2/{channel}/9")));
        assert_eq!(keys, ["booking/1/confirmed/2/call/9", "booking/1/confirmed/2/call/9"]);
        assert_ne!(keys[0], call_key("booking/1/confirmed/2/sms/8"));
    }
}
