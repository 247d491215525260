//! Inboxes: what the house has told somebody who signs in, and how that person wants to be told outside it.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::notice::Channel;
use falin_domain::page::{Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{AccountId, CountyId, MessageId, Phone};
use falin_store::notice::{self as rows, Message, Reach, bound};
use falin_store::{In, Tx};
use serde::{Deserialize, Serialize};

use super::route::address;
use super::settings::is_mail_address;
use super::{Args, SubjectId, args_from};
use crate::typed::Reader;
use crate::{App, Stop};

/// A message as its owner reads it.
#[derive(Clone, Debug)]
pub struct Told {
    /// Id.
    pub id: MessageId,
    /// Key of the text.
    pub kind: String,
    /// Arguments of the text.
    pub args: Args,
    /// What it speaks of: noun and id.
    pub subject: (String, SubjectId),
    /// When it came.
    pub at: Instant,
    /// Whether it was read.
    pub read: bool,
    /// Counts changes.
    pub version: i64,
}

fn told(tx: &Tx<'_>, row: Message) -> Result<Told, Stop> {
    let id = row.id.bytes();
    let args = tx.open(bound("inbox", "args_sealed", &id, row.county_id), &row.args_sealed)?;
    Ok(Told {
        id: row.id,
        kind: row.kind,
        args: args_from(&args)?,
        subject: (row.noun, row.subject_id),
        at: Instant::from_millis(row.at_ms),
        read: row.read_ms.is_some(),
        version: row.version,
    })
}

/// Whose inbox it is: an account's own, in the county that it visits.
fn own(visitor: &Visitor, act: Act) -> Result<(CountyId, AccountId), Stop> {
    let county = visitor.scope(act, Noun::Own)?.county;
    Ok((county, visitor.account.ok_or_else(|| Refusal::new("access.denied"))?))
}

/// A page of the visitor's own inbox, newest first.
///
/// # Errors
/// `access.denied`.
pub async fn inbox(app: &App, visitor: &Visitor, unread: bool, window: Window) -> Result<Page<Told>, Stop> {
    let (county, account) = own(visitor, Act::Read)?;
    let work = move |tx: &mut Tx<'_>| {
        let page = rows::messages(tx, county, account, unread, &window)?;
        let items: Result<Vec<Told>, Stop> = page.items.into_iter().map(|row| told(tx, row)).collect();
        Ok(Page { items: items?, next: page.next })
    };
    app.db.read(In::County(county), work).await
}

/// How many messages the visitor has not read.
///
/// # Errors
/// The store's own.
pub async fn unread(app: &App, visitor: &Visitor) -> Result<u64, Stop> {
    let Ok((county, account)) = own(visitor, Act::Read) else { return Ok(0) };
    app.db.read(In::County(county), move |tx| rows::unread(tx, county, account)).await
}

/// Marks one message, or with None all that are there, as read.
///
/// # Errors
/// `not_found` for a message that is not the visitor's.
pub async fn read(app: &App, visitor: &Visitor, id: Option<MessageId>) -> Result<(), Stop> {
    let (county, account) = own(visitor, Act::Write)?;
    let work = move |tx: &mut Tx<'_>| {
        let Some(id) = id else { return rows::read_all(tx, county, Some(account)).map(drop) };
        let mut row = Message::by_id(tx, county, id)?;
        if row.account_id != account || row.at_ms > tx.now.millis() {
            return Err(Refusal::absent().into());
        }
        if row.read_ms.is_none() {
            row.read_ms = Some(tx.now.millis());
            row.save(tx)?;
        }
        Ok(())
    };
    app.db.write(In::County(county), work).await
}

/// One message of the visitor's own inbox.
///
/// # Errors
/// `not_found`.
pub async fn message(app: &App, visitor: &Visitor, id: MessageId) -> Result<Told, Stop> {
    let (county, account) = own(visitor, Act::Read)?;
    let work = move |tx: &mut Tx<'_>| {
        let row = Message::by_id(tx, county, id)?;
        if row.account_id != account || row.at_ms > tx.now.millis() {
            return Err(Refusal::absent().into());
        }
        told(tx, row)
    };
    app.db.read(In::County(county), work).await
}

/// How the visitor wants to be told outside the house, as it would be typed.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedReach {
    /// E-mail address.
    pub mail: String,
    /// `on`: yes to e-mail.
    pub mail_yes: String,
    /// Mobile telephone.
    pub phone: String,
    /// `on`: yes to SMS.
    pub sms_yes: String,
    /// The gateway's name for the person in WeChat.
    pub wechat: String,
    /// `on`: yes to WeChat.
    pub wechat_yes: String,
}

/// What the visitor said, and its version; 0 before anything was said.
///
/// # Errors
/// `access.denied`.
pub async fn reach(app: &App, visitor: &Visitor) -> Result<(TypedReach, i64), Stop> {
    let (county, account) = own(visitor, Act::Read)?;
    let work = move |tx: &mut Tx<'_>| {
        let Some(row) = rows::reach_of(tx, county, account)? else { return Ok((TypedReach::default(), 0)) };
        let on = |yes| if yes { "on" } else { "" }.to_owned();
        let all = Reach { mail: true, sms: true, wechat: true, ..row.clone() };
        let mut text = |channel| Ok::<_, Stop>(address(tx, county, &all, channel)?.unwrap_or_default());
        let typed = TypedReach {
            mail: text(Channel::Mail)?,
            phone: text(Channel::Sms)?,
            wechat: text(Channel::WeChat)?,
            mail_yes: on(row.mail),
            sms_yes: on(row.sms),
            wechat_yes: on(row.wechat),
        };
        Ok((typed, row.version))
    };
    app.db.read(In::County(county), work).await
}

/// Keeps how the visitor wants to be told.
///
/// # Errors
/// `form.invalid` where a yes has no address, `state.changed`.
pub async fn set_reach(app: &App, visitor: &Visitor, version: i64, typed: &TypedReach) -> Result<(), Stop> {
    let (county, account) = own(visitor, Act::Write)?;
    let kept = read_reach(typed)?;
    let work = move |tx: &mut Tx<'_>| {
        let there = rows::reach_of(tx, county, account)?;
        if there.map_or(0, |row| row.version) != version {
            return Err(Refusal::new("state.changed").into());
        }
        let id = account.bytes();
        let mut seal = |column, text: &str| match text {
            "" => Ok(None),
            text => tx.seal(bound("reach", column, &id, county), text).map(Some),
        };
        let row = Reach {
            county_id: county,
            account_id: account,
            mail_sealed: seal("mail_sealed", &kept.mail)?,
            phone_sealed: seal("phone_sealed", &kept.phone)?,
            wechat_sealed: seal("wechat_sealed", &kept.wechat)?,
            mail: kept.mail_yes == "on",
            sms: kept.sms_yes == "on",
            wechat: kept.wechat_yes == "on",
            version: version + 1,
        };
        rows::set_reach(tx, &row)
    };
    app.db.write(In::County(county), work).await
}

fn read_reach(typed: &TypedReach) -> Result<TypedReach, Refusal> {
    let mut reader = Reader::default();
    let mail = reader.text("mail", &typed.mail, 200);
    if !mail.is_empty() && !is_mail_address(&mail) {
        reader.fault("mail", "address.invalid");
    }
    let phone = reader.maybe("phone", &typed.phone, "phone.invalid", Phone::parse);
    let phone = phone.map(|phone| phone.as_str().to_owned()).unwrap_or_default();
    let wechat = reader.text("wechat", &typed.wechat, 100);
    let asked = [
        ("mail", typed.mail.trim(), &typed.mail_yes),
        ("phone", typed.phone.trim(), &typed.sms_yes),
        ("wechat", typed.wechat.trim(), &typed.wechat_yes),
    ];
    for (name, text, yes) in asked {
        if yes == "on" && text.is_empty() {
            reader.fault(name, "required");
        }
    }
    reader.finish(TypedReach { mail, phone, wechat, ..typed.clone() })
}
