//! A resident's own account: opened at the window against the ID card, tied to the household, with a slip to print.

use falin_domain::access::{Act, Noun, Post, Role, Visitor};
use falin_domain::journal::Event;
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountId, CountyId, HouseholdId, IdPaper, MemberId, half_width};
use falin_store::household::{self, Household};
use falin_store::resident::{self, Home};
use falin_store::{In, Tx, account as rows, guess, household_list, member, session};

use super::make::{add, free_name};
use super::record;
use super::slip::{self, Slip};
use crate::notice::{self, New as Message, To};
use crate::{App, Stop};

/// Opens an account for the person of a household whose ID card, or other document, the clerk holds, or gives the account that is there a
/// new slip. Cases of the household in this person's name come along.
///
/// # Errors
/// `access.denied`, `not_found`; `account.disabled`; `account.wider` where the account is staff's too; `form.invalid` at `id_number` where it is no number, or that of nobody of the
/// household.
pub async fn for_resident(
    app: &App,
    visitor: &Visitor,
    household: HouseholdId,
    id_number: &str,
) -> Result<Slip, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Household)?;
    let number = IdPaper::parse(&half_width(id_number.trim()), app.today())
        .map_err(|fault| Refusal::field("id_number", fault.code()))?;
    let by = visitor.account;
    let work = move |tx: &mut Tx<'_>| {
        let county = scope.county;
        let row = household_list::one(tx, &scope, household)?;
        let (name, who) = person(tx, county, &row, number.as_str())?;
        for home in resident::of_household(tx, county, row.id)? {
            if home.member_id == who {
                return renewed(tx, by, &row, home.account_id);
            }
        }
        let username = free_name(tx, &name, &[])?;
        let post = Post { role: Role::Resident, county, place: Some(row.village_id) };
        let account = add(tx, &scope, by, &username, &name, None, &post)?;
        let home = Home {
            county_id: county,
            account_id: account.id,
            household_id: row.id,
            member_id: who,
            opened_by: by,
            created_ms: tx.now.millis(),
        };
        resident::tie(tx, &home)?;
        resident::adopt(tx, &home, &name)?;
        slip::issue(tx, &account)
    };
    app.db.write(In::All, work).await
}

/// A new slip for an account that is there. Whoever was signed in with it is out; the account and the household's
/// telephone are told, since its person may know nothing of it.
fn renewed(tx: &mut Tx<'_>, by: Option<AccountId>, row: &Household, id: AccountId) -> Result<Slip, Stop> {
    let account = rows::of_county(tx, row.county_id, id)?;
    if account.disabled {
        return Err(Refusal::new("account.disabled").into());
    }
    let own = |post: &Post| post.role == Role::Resident && post.county == row.county_id;
    if !rows::posts(tx, id)?.iter().all(own) {
        return Err(Refusal::new("account.wider").into());
    }
    let slip = slip::issue(tx, &account)?;
    guess::forget(tx, &account.username)?;
    session::end_all(tx, id)?;
    record(tx, row.county_id, by, Event::SlipIssued, id, serde_json::json!({ "household": row.id }))?;
    let clear = household::open(tx, row)?;
    // A telephone in the register is no consent to messages: a clerk calls.
    let home = clear.phones.into_iter().next();
    let home = home.map(|phone| To::Resident { name: clear.head_name, phone: Some(phone), consent: false });
    for to in [Some(To::Account(id)), home].into_iter().flatten() {
        let message = Message {
            county: row.county_id,
            key: format!("slip/{id}/{}", account.version),
            to,
            text_key: "notice-account-slip",
            args: vec![("name", account.display_name.as_str().into())],
            subject: ("account", id.cast()),
            division: Some(row.village_id),
            not_before: None,
            language: None,
        };
        notice::queue(tx, message)?;
    }
    Ok(slip)
}

/// Whose number it is: the head's, or that of a member who belongs to the household today.
fn person(
    tx: &mut Tx<'_>,
    county: CountyId,
    row: &Household,
    number: &str,
) -> Result<(String, Option<MemberId>), Stop> {
    let clear = household::open(tx, row)?;
    if clear.id_number.as_deref() == Some(number) {
        return Ok((clear.head_name, None));
    }
    let today = tx.now.date();
    for one in member::of(tx, county, row.id)? {
        if one.belongs(today) && member::open(tx, &one)?.id_number.as_deref() == Some(number) {
            return Ok((one.name, Some(one.id)));
        }
    }
    Err(Refusal::field("id_number", "resident.unknown").into())
}
