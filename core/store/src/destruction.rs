//! Destruction of what need not be kept any more: the words and numbers of a household and of its closed cases go for
//! good; ids, places, days, states and figures stay, so that statistics and the journal still add up.

use diesel::prelude::*;
use diesel::sql_types::Binary;
use falin_domain::words::{AccountId, CaseId, CountyId, HouseholdId};
use falin_domain::workflow::{Flow, Kind};

use crate::casefile::Case;
use crate::conn::{Conn, literal, run};
use crate::keys::Bound;
use crate::stop::Stop;
use crate::tx::Tx;
use crate::{gram, restriction, service_log};

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Binary)]
    id: Vec<u8>,
}

fn ids(tx: &mut Tx<'_>, sql: String) -> Result<Vec<Vec<u8>>, Stop> {
    let rows: Vec<Found> = match tx.conn {
        Conn::Sqlite(conn) => diesel::sql_query(sql).load(conn)?,
        Conn::Postgres(conn) => diesel::sql_query(sql).load(conn)?,
    };
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Puts nothing in the place of a sealed field that no row may be without: it opens, and is empty.
fn empty(
    tx: &mut Tx<'_>,
    county: CountyId,
    (table, column): (&str, &str),
    rows: &str,
    plain: &str,
) -> Result<(), Stop> {
    let own = literal(tx.conn, &county.bytes());
    for id in ids(tx, format!("SELECT id FROM {table} WHERE county_id = {own} AND {rows}"))? {
        let sealed = tx.seal(Bound { table, column, row: &id, county }, plain)?;
        let (sealed, id) = (literal(tx.conn, &sealed), literal(tx.conn, &id));
        run(
            tx.conn,
            &format!("UPDATE {table} SET {column} = {sealed} WHERE county_id = {own} AND id = {id}"),
        )?;
    }
    Ok(())
}

/// Destroys what is kept of a household itself. Its cases are destroyed before: they are found through its people.
///
/// # Errors
/// The database's own.
pub fn of_household(tx: &mut Tx<'_>, county: CountyId, household: HouseholdId) -> Result<(), Stop> {
    let (own, home) = (literal(tx.conn, &county.bytes()), literal(tx.conn, &household.bytes()));
    let of = format!("county_id = {own} AND household_id = {home}");
    let logs = format!("SELECT id FROM service_log WHERE {of}");
    for log in ids(tx, logs)? {
        service_log::forget(tx, county, &log)?;
    }
    let pairings = format!("pairing_id IN (SELECT id FROM pairing WHERE {of})");
    // It is there no longer: whoever comes again is counted once.
    let (no, today) = (truth(tx, false), tx.now.date());
    for sql in [
        format!(
            "UPDATE household SET head_name = '', sort_key = '', id_sealed = NULL, id_index = NULL, \
             phones_sealed = NULL, address_sealed = NULL, note_sealed = NULL, provider_hint = NULL, active = {no}, \
             left_on = COALESCE(left_on, '{today}'), \
             version = version + 1 WHERE county_id = {own} AND id = {home}"
        ),
        format!("DELETE FROM household_phone WHERE {of}"),
        format!("DELETE FROM household_category WHERE {of}"),
        format!("UPDATE household_member SET name = '', id_sealed = NULL, id_index = NULL WHERE {of}"),
        format!("UPDATE pairing_conflict SET reason = '' WHERE {of}"),
        format!("UPDATE pairing_consent SET note_sealed = NULL WHERE county_id = {own} AND {pairings}"),
        format!("UPDATE plan_row SET override_reason = '' WHERE {of} AND override_reason IS NOT NULL"),
        format!("UPDATE visit SET found_sealed = NULL, follow_up_sealed = NULL WHERE {of}"),
        format!(
            "UPDATE import_change SET before_sealed = NULL, after_sealed = NULL \
             WHERE county_id = {own} AND subject_id = {home}"
        ),
        format!("UPDATE restriction SET reason_sealed = NULL WHERE {of}"),
    ] {
        run(tx.conn, &sql)?;
    }
    gram::remove(tx, county, &household.bytes())?;
    messages(tx, county, &format!("subject_id = {home}"))
}

fn truth(tx: &Tx<'_>, is: bool) -> &'static str {
    match (&tx.conn, is) {
        (Conn::Sqlite(_), true) => "1",
        (Conn::Sqlite(_), false) => "0",
        (Conn::Postgres(_), true) => "true",
        (Conn::Postgres(_), false) => "false",
    }
}

/// Messages, and calls about them, say names.
fn messages(tx: &mut Tx<'_>, county: CountyId, about: &str) -> Result<(), Stop> {
    let own = literal(tx.conn, &county.bytes());
    for table in ["notice", "inbox", "call_task"] {
        run(tx.conn, &format!("DELETE FROM {table} WHERE county_id = {own} AND {about}"))?;
    }
    Ok(())
}

/// Destroys what is kept in a closed case: its words, its people, its files and the bodies of its papers.
///
/// # Errors
/// The database's own.
pub fn of_case(tx: &mut Tx<'_>, flow: &Flow, county: CountyId, id: CaseId) -> Result<(), Stop> {
    let (own, case) = (literal(tx.conn, &county.bytes()), literal(tx.conn, &id.bytes()));
    let of = format!("county_id = {own} AND case_id = {case}");
    let papers = format!("SELECT id FROM paper WHERE county_id = {own} AND subject_id = {case}");
    let files = format!("SELECT id FROM attachment WHERE {of}");
    for log in ids(tx, format!("SELECT id FROM service_log WHERE county_id = {own} AND subject_id = {case}"))?
    {
        service_log::forget(tx, county, &log)?;
    }
    let words = flow.field.iter().filter(|field| is_words(field.kind) && field.name != flow.place);
    let words: Vec<String> = words.map(|field| format!("'{}'", field.name.replace('\'', "''"))).collect();
    if !words.is_empty() {
        let said = format!("DELETE FROM casefile_index WHERE {of} AND field IN ({})", words.join(", "));
        run(tx.conn, &said)?;
    }
    let now = tx.now.millis();
    for sql in [
        format!(
            "UPDATE casefile SET person_name = '', sort_key = '', phone_index = NULL, id_index = NULL, \
             old_number = NULL, resident_id = NULL, version = version + 1 WHERE county_id = {own} AND id = {case}"
        ),
        format!("UPDATE casefile_step SET fields_sealed = NULL WHERE {of}"),
        format!(
            "UPDATE casefile_party SET name = '', sort_key = '', household_id = NULL, phone_index = NULL, \
             id_index = NULL WHERE {of}"
        ),
        format!("UPDATE casefile_transfer SET answer_sealed = NULL WHERE {of}"),
        format!("DELETE FROM attachment_part WHERE county_id = {own} AND attachment_id IN ({files})"),
        format!("UPDATE attachment SET removed_ms = {now} WHERE {of} AND removed_ms IS NULL"),
        format!("DELETE FROM plugin_errand WHERE county_id = {own} AND subject_id = {case}"),
        format!("DELETE FROM plugin_letter WHERE county_id = {own} AND subject_id = {case}"),
        format!("UPDATE deadline SET reason = NULL WHERE county_id = {own} AND subject_id = {case}"),
        format!(
            "UPDATE booking SET link_sealed = NULL WHERE county_id = {own} AND mediation_case_id = {case}"
        ),
    ] {
        run(tx.conn, &sql)?;
    }
    let versions = format!("paper_id IN ({papers})");
    let voided = format!("subject_id = {case} AND void_sealed IS NOT NULL");
    let (cases, booked) = (format!("case_id = {case}"), format!("mediation_case_id = {case}"));
    empty(tx, county, ("casefile", "fields_sealed"), &format!("id = {case}"), "{}")?;
    empty(tx, county, ("casefile_transfer", "reason_sealed"), &cases, "")?;
    empty(tx, county, ("attachment", "name_sealed"), &cases, "")?;
    empty(tx, county, ("paper_version", "values_sealed"), &versions, "{}")?;
    empty(tx, county, ("paper_version", "docx_sealed"), &versions, "")?;
    empty(tx, county, ("paper", "void_sealed"), &voided, "")?;
    empty(tx, county, ("booking", "purpose_sealed"), &booked, "")?;
    empty(tx, county, ("booking_wait", "purpose_sealed"), &booked, "")?;
    gram::remove(tx, county, &id.bytes())?;
    let held = format!("SELECT id FROM booking WHERE county_id = {own} AND mediation_case_id = {case}");
    messages(
        tx,
        county,
        &format!("(subject_id = {case} OR subject_id IN ({papers}) OR subject_id IN ({held}))"),
    )
}

/// What people write, and what names them; days, numbers, sums and choices from lists are what figures count.
fn is_words(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Text
            | Kind::Long
            | Kind::Name
            | Kind::IdNumber
            | Kind::Phone
            | Kind::Uscc
            | Kind::Household
            | Kind::Rows
    )
}

/// Destroys an account of a resident that stands for nothing else: it opens no more, and names nobody.
///
/// # Errors
/// The database's own.
pub fn of_account(tx: &mut Tx<'_>, county: CountyId, account: AccountId) -> Result<(), Stop> {
    let (own, me) = (literal(tx.conn, &county.bytes()), literal(tx.conn, &account.bytes()));
    for sql in [
        format!(
            "UPDATE account SET username = 'destroyed-{account}', display_name = '', password_hash = NULL, \
             activation_index = NULL, activation_sealed = NULL, activation_until_ms = NULL, totp_sealed = NULL, \
             disabled = {yes}, version = version + 1 WHERE id = {me}",
            yes = truth(tx, true)
        ),
        format!("DELETE FROM reach WHERE county_id = {own} AND account_id = {me}"),
        format!("DELETE FROM inbox WHERE county_id = {own} AND account_id = {me}"),
        format!("DELETE FROM notice WHERE county_id = {own} AND account_id = {me}"),
    ] {
        run(tx.conn, &sql)?;
    }
    messages(tx, county, &format!("subject_id = {me}"))
}

/// Ends the ties of accounts to a household.
///
/// # Errors
/// The database's own.
pub fn ties(tx: &mut Tx<'_>, county: CountyId, household: HouseholdId) -> Result<(), Stop> {
    let (own, home) = (literal(tx.conn, &county.bytes()), literal(tx.conn, &household.bytes()));
    run(tx.conn, &format!("DELETE FROM resident_home WHERE county_id = {own} AND household_id = {home}"))
        .map(drop)
}

/// The household's cases; asked before its people's accounts are untied.
///
/// # Errors
/// The database's own.
pub fn cases(tx: &mut Tx<'_>, county: CountyId, household: HouseholdId) -> Result<Vec<Case>, Stop> {
    let stored = restriction::cases(tx, county, household)?;
    stored.into_iter().map(|one| Case::by_id(tx, county, one.id)).collect()
}
