//! Which ways a message goes: by who it is for, what the person agreed to, and what the county has.

use falin_domain::access::Role;
use falin_domain::notice::{CallReason, Channel, State};
use falin_domain::words::{AccountId, CountyId, WorkerId};
use falin_store::booking::{self, Booking};
use falin_store::casefile::Case;
use falin_store::deadline::Deadline;
use falin_store::notice::{self as rows, Call, Message, Notice, Reach, bound};
use falin_store::{Tx, account, casefile_conflict, deputy, if_there, worker};

use super::settings::{Channels, channels};
use super::{New, To, args_text};
use crate::{Stop, casework, deadline};

pub(super) fn queue(tx: &mut Tx<'_>, new: &New<'_>) -> Result<(), Stop> {
    let set = channels(tx, new.county)?;
    match &new.to {
        To::Account(id) => to_account(tx, new, &set, *id),
        To::Worker(id) => match rows::account_of(tx, new.county, *id)? {
            Some(account) => {
                to_account(tx, new, &set, account)?;
                to_deputy(tx, new, &set, *id).map(drop)
            }
            // Where a deputy who can be reached stands in, nobody has to be called.
            None if to_deputy(tx, new, &set, *id)? => Ok(()),
            None => {
                let worker = worker::Worker::by_id(tx, new.county, *id)?;
                // A telephone in the register is no consent to messages.
                let whom = format!("worker/{id}");
                to_call(tx, new, &whom, (&worker.name, &worker.phone), CallReason::NoConsent)
            }
        },
        To::Role { role, place } => {
            let mut holders = rows::holders(tx, new.county, *role, *place)?;
            if holders.is_empty() {
                holders = rows::holders(tx, new.county, Role::CountyAdmin, *place)?;
            }
            holders.into_iter().try_for_each(|id| to_account(tx, new, &set, id))
        }
        To::Resident { name, phone, consent } => {
            let phone = phone.as_deref().unwrap_or_default();
            if !phone.is_empty() && !consent {
                return to_call(tx, new, "resident", (name, phone), CallReason::NoConsent);
            }
            if phone.is_empty() || !set.carries(Channel::Sms, new.text_key) {
                return to_call(tx, new, "resident", (name, phone), CallReason::NoChannel);
            }
            to_outbox(tx, new, &set, Address { channel: Channel::Sms, to: phone, name, account: None })
        }
    }
}

/// Tells who stands in for a worker on the day of the message as well. Says whether somebody does who has an account.
fn to_deputy(tx: &mut Tx<'_>, new: &New<'_>, set: &Channels, absent: WorkerId) -> Result<bool, Stop> {
    let day = new.not_before.unwrap_or(tx.now).max(tx.now).date();
    let Some(deputy) = deputy::of(tx, new.county, absent, day)? else { return Ok(false) };
    // Of a case in which the deputy has a conflict of interest the deputy is told nothing.
    if let Some(case) = case_of(tx, new)? {
        let stands_in = worker::Worker::by_id(tx, new.county, deputy)?;
        if casefile_conflict::barred(tx, &stands_in, &case)? {
            return Ok(false);
        }
    }
    match rows::account_of(tx, new.county, deputy)? {
        Some(account) => to_account(tx, new, set, account).map(|()| true),
        None => Ok(false),
    }
}

/// The case that a message is about, also where it speaks of a deadline or an appointment of it.
fn case_of(tx: &mut Tx<'_>, new: &New<'_>) -> Result<Option<Case>, Stop> {
    let (county, (noun, id)) = (new.county, new.subject);
    let case = match noun {
        casework::NOUN => Some(id.cast()),
        deadline::NOUN => if_there(Deadline::by_id(tx, county, id.cast()))?
            .filter(|row| row.noun == casework::NOUN)
            .map(|row| row.subject_id.cast()),
        booking::NOUN => if_there(Booking::by_id(tx, county, id.cast()))?
            .and_then(|row| row.mediation_case_id)
            .map(|held| held.cast()),
        _ => None,
    };
    case.map_or(Ok(None), |id| if_there(Case::by_id(tx, county, id)))
}

fn to_account(tx: &mut Tx<'_>, new: &New<'_>, set: &Channels, id: AccountId) -> Result<(), Stop> {
    to_inbox(tx, new, id)?;
    let Some(reach) = rows::reach_of(tx, new.county, id)? else { return Ok(()) };
    let name = account::by_id(tx, id)?.map(|account| account.display_name).unwrap_or_default();
    for channel in Channel::ALL.iter().copied().filter(|channel| set.carries(*channel, new.text_key)) {
        if let Some(to) = address(tx, new.county, &reach, channel)? {
            to_outbox(tx, new, set, Address { channel, to: &to, name: &name, account: Some(id) })?;
        }
    }
    Ok(())
}

/// Where a person wants to be told by this channel; None without a yes.
pub(super) fn address(
    tx: &mut Tx<'_>,
    county: CountyId,
    reach: &Reach,
    channel: Channel,
) -> Result<Option<String>, Stop> {
    let (yes, sealed, column) = match channel {
        Channel::Mail => (reach.mail, &reach.mail_sealed, "mail_sealed"),
        Channel::Sms => (reach.sms, &reach.phone_sealed, "phone_sealed"),
        Channel::WeChat => (reach.wechat, &reach.wechat_sealed, "wechat_sealed"),
    };
    let Some(sealed) = sealed.as_ref().filter(|_| yes) else { return Ok(None) };
    let row = reach.account_id.bytes();
    tx.open(bound("reach", column, &row, county), sealed).map(Some)
}

fn to_inbox(tx: &mut Tx<'_>, new: &New<'_>, account: AccountId) -> Result<(), Stop> {
    let key = format!("{}/inbox/{account}", new.key);
    if rows::has_message(tx, new.county, &key)? {
        return Ok(());
    }
    let id = tx.id::<falin_domain::words::MessageNoun>();
    let row = id.bytes();
    let args_sealed = tx.seal(bound("inbox", "args_sealed", &row, new.county), &args_text(&new.args)?)?;
    let now = tx.now.millis();
    Message {
        county_id: new.county,
        id,
        account_id: account,
        key,
        kind: new.text_key.to_owned(),
        noun: new.subject.0.to_owned(),
        subject_id: new.subject.1,
        args_sealed,
        at_ms: new.not_before.map_or(now, |at| at.millis().max(now)),
        read_ms: None,
        created_ms: now,
        version: 1,
    }
    .insert(tx)
}

struct Address<'a> {
    channel: Channel,
    to: &'a str,
    name: &'a str,
    account: Option<AccountId>,
}

fn to_outbox(tx: &mut Tx<'_>, new: &New<'_>, set: &Channels, address: Address<'_>) -> Result<(), Stop> {
    let whom = address.account.map_or_else(|| "resident".to_owned(), |id| id.to_string());
    let key = format!("{}/{}/{whom}", new.key, address.channel.code());
    if rows::has_notice(tx, new.county, &key)? {
        return Ok(());
    }
    let id = tx.id::<falin_domain::words::NoticeNoun>();
    let row = id.bytes();
    let args = args_text(&new.args)?;
    let at = |column| bound("notice", column, &row, new.county);
    let when = new.not_before.unwrap_or(tx.now).max(tx.now);
    Notice {
        county_id: new.county,
        id,
        key,
        kind: new.text_key.to_owned(),
        channel: address.channel,
        language: new.language.unwrap_or("zh").to_owned(),
        noun: new.subject.0.to_owned(),
        subject_id: new.subject.1,
        division_id: new.division,
        account_id: address.account,
        recipient_sealed: tx.seal(at("recipient_sealed"), address.to)?,
        who_sealed: tx.seal(at("who_sealed"), address.name)?,
        args_sealed: tx.seal(at("args_sealed"), &args)?,
        state: State::Waiting,
        tries: 0,
        next_ms: Some(set.quiet.over(when).millis()),
        lease: None,
        lease_until_ms: None,
        error: None,
        sent_ms: None,
        created_ms: tx.now.millis(),
        version: 1,
    }
    .insert(tx)
}

fn to_call(
    tx: &mut Tx<'_>,
    new: &New<'_>,
    whom: &str,
    (name, phone): (&str, &str),
    reason: CallReason,
) -> Result<(), Stop> {
    let key = format!("{}/call/{whom}", new.key);
    let args = args_text(&new.args)?;
    let (noun, subject) = new.subject;
    add_call(
        tx,
        new.county,
        NewCall {
            key,
            kind: new.text_key,
            noun,
            subject,
            name,
            phone,
            args: &args,
            reason,
            division: new.division,
        },
    )
}

/// What a call is made of, all in clear.
pub(super) struct NewCall<'a> {
    pub key: String,
    pub kind: &'a str,
    pub noun: &'a str,
    pub subject: super::SubjectId,
    pub name: &'a str,
    pub phone: &'a str,
    pub args: &'a str,
    pub reason: CallReason,
    pub division: Option<falin_domain::words::DivisionId>,
}

/// Puts a call on the list, once a key.
pub(super) fn add_call(tx: &mut Tx<'_>, county: CountyId, new: NewCall<'_>) -> Result<(), Stop> {
    if rows::has_call(tx, county, &new.key)? {
        return Ok(());
    }
    let id = tx.id::<falin_domain::words::CallNoun>();
    let row = id.bytes();
    let at = |column| bound("call_task", column, &row, county);
    Call {
        county_id: county,
        id,
        key: new.key,
        kind: new.kind.to_owned(),
        noun: new.noun.to_owned(),
        subject_id: new.subject,
        division_id: new.division,
        reason: new.reason.code().to_owned(),
        who_sealed: tx.seal(at("who_sealed"), new.name)?,
        phone_sealed: tx.seal(at("phone_sealed"), new.phone)?,
        args_sealed: tx.seal(at("args_sealed"), new.args)?,
        outcome: None,
        done_ms: None,
        account_id: None,
        created_ms: tx.now.millis(),
        version: 1,
    }
    .insert(tx)
}
