//! The people in a case's values: its person for lists and look-ups, its parties for conflicts of interest.

use falin_domain::words::sort_key;
use falin_domain::workflow::{Flow, Kind, Values};
use falin_store::casefile::Case;
use falin_store::casefile_people::{self, Party};
use falin_store::{Tx, household};
use serde_json::{Map, Value};

use crate::Stop;
use crate::notice::To;

fn text<'a>(values: &'a Values, name: &str) -> &'a str {
    values.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Puts name and blind indexes of the flow's person into the row.
pub(super) fn name(tx: &Tx<'_>, flow: &Flow, case: &mut Case, values: &Values) {
    text(values, &flow.person).clone_into(&mut case.person_name);
    case.sort_key = sort_key(&case.person_name);
    let phone = text(values, &flow.phone).split('/').next().unwrap_or_default();
    case.phone_index =
        Some(phone).filter(|phone| !phone.is_empty()).map(|p| tx.blind(case.county_id, "phone", p));
    let number = text(values, &flow.id_number);
    case.id_index =
        Some(number).filter(|number| !number.is_empty()).map(|n| household::id_index(tx, case.county_id, n));
}

/// How the person of a case is told of something: by the account, else by the name and telephone that were left with it;
/// None for whoever left neither, and cannot be found.
pub(crate) fn reached(flow: &Flow, case: &Case, values: &Values) -> Option<To> {
    if let Some(account) = case.resident_id {
        return Some(To::Account(account));
    }
    // With a name alone a clerk goes there or sends word.
    if case.phone_index.is_none() && case.person_name.is_empty() {
        return None;
    }
    Some(To::Resident {
        name: case.person_name.clone(),
        phone: values.get(&flow.phone).and_then(Value::as_str).map(str::to_owned),
        consent: values.get("sms").and_then(Value::as_bool).unwrap_or(false),
    })
}

/// Writes the parties: the rows of the field `parties`, else the person as the applicant and the rows of the field
/// `opponents` as the other side.
///
/// # Errors
/// The database's own.
pub(super) fn parties(tx: &mut Tx<'_>, flow: &Flow, case: &Case, values: &Values) -> Result<(), Stop> {
    let mut parties = Vec::new();
    for row in rows(flow, values, "parties") {
        let party = listed_party(tx, case, (row, text(row, "side")), parties.len() as i32 + 1);
        parties.push(party);
    }
    if parties.is_empty() && !case.person_name.is_empty() {
        parties.push(applicant(tx, case));
    }
    for row in rows(flow, values, "opponents") {
        let party = listed_party(tx, case, (row, "respondent"), parties.len() as i32 + 1);
        parties.push(party);
    }
    let before = casefile_people::parties(tx, case.county_id, case.id)?;
    keep_ids(&mut parties, &before);
    casefile_people::put_parties(tx, case.county_id, case.id, &parties)
}

/// Whoever was a party before stays the same one, for appointments and messages hold on to the id: known by ID number
/// or credit code, else by side and name.
fn keep_ids(parties: &mut [Party], before: &[Party]) {
    let mut known: Vec<&Party> = before.iter().collect();
    let by_number = |one: &Party, other: &Party| one.id_index.is_some() && one.id_index == other.id_index;
    let by_name = |one: &Party, other: &Party| one.side == other.side && one.name == other.name;
    let mut found = vec![false; parties.len()];
    for same in [&by_number as &dyn Fn(&Party, &Party) -> bool, &by_name] {
        for (party, found) in parties.iter_mut().zip(&mut found).filter(|(_, found)| !**found) {
            if let Some(at) = known.iter().position(|old| same(party, old)) {
                (party.id, *found) = (known.remove(at).id, true);
            }
        }
    }
}

/// The rows of a field of this name, where the flow has one.
fn rows<'a>(flow: &Flow, values: &'a Values, name: &str) -> impl Iterator<Item = &'a Map<String, Value>> {
    let field = flow.field(name).filter(|field| field.kind == Kind::Rows);
    let listed = field.and_then(|field| values.get(&field.name)).and_then(Value::as_array);
    listed.into_iter().flatten().filter_map(Value::as_object)
}

fn applicant(tx: &mut Tx<'_>, case: &Case) -> Party {
    Party {
        county_id: case.county_id,
        id: tx.id(),
        case_id: case.id,
        position: 1,
        side: "applicant".to_owned(),
        name: case.person_name.clone(),
        sort_key: case.sort_key.clone(),
        household_id: case.household_id,
        phone_index: case.phone_index.clone(),
        id_index: case.id_index.clone(),
    }
}

fn listed_party(
    tx: &mut Tx<'_>,
    case: &Case,
    (row, side): (&Map<String, Value>, &str),
    position: i32,
) -> Party {
    let name = text(row, "name").to_owned();
    let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let number = filled(text(row, "id_number")).or_else(|| filled(text(row, "uscc")));
    let phone = filled(text(row, "phone").split('/').next().unwrap_or_default());
    Party {
        county_id: case.county_id,
        id: tx.id(),
        case_id: case.id,
        position,
        side: side.to_owned(),
        sort_key: sort_key(&name),
        name,
        household_id: None,
        phone_index: phone.map(|phone| tx.blind(case.county_id, "phone", &phone)),
        id_index: number.map(|number| household::id_index(tx, case.county_id, &number)),
    }
}
