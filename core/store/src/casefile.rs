//! Cases of every flow: one row a case, its values sealed as one document, and an index of what lists count by.

use diesel::prelude::*;
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountId, CaseId, CountyId, DivisionId, HouseholdId, WorkerId};
use falin_domain::workflow::{Field, Flow, Kind, Values};
use serde_json::Value;

use crate::column::{kept, load, noun};
use crate::keys::Bound;
use crate::schema::{casefile, casefile_index, casefile_link};
use crate::stop::{Fault, Stop};
use crate::tx::Tx;

/// The noun in the name index.
pub const NOUN: &str = "casefile";

noun! {
    /// A case.
    Case in casefile {
        /// County.
        county_id: CountyId,
        /// Id.
        id: CaseId,
        /// Its flow: `consultation`, or `plugin/flow`.
        flow: String,
        /// The version of the flow that it began with.
        flow_version: i32,
        /// State.
        state: String,
        /// Number in words, unique in the flow.
        number: String,
        /// Its number in the system that it came from.
        old_number: Option<String>,
        /// Where it belongs: township or village; None for the county.
        division_id: Option<DivisionId>,
        /// The household that it is about.
        household_id: Option<HouseholdId>,
        /// The person's name; empty where anonymous.
        person_name: String,
        /// Pinyin of the name.
        sort_key: String,
        /// Blind index of the telephone.
        phone_index: Option<Vec<u8>>,
        /// Blind index of the ID number.
        id_index: Option<Vec<u8>>,
        /// Who is responsible now.
        worker_id: Option<WorkerId>,
        /// The resident's own account.
        resident_id: Option<AccountId>,
        /// Who typed it.
        opened_by: Option<AccountId>,
        /// Why it came to this worker: `household`, `village`, `duty`, `person`.
        routed_by: Option<String>,
        /// The values as a sealed JSON object.
        fields_sealed: Vec<u8>,
        /// Whose turn it is; None once closed.
        next_role: Option<String>,
        /// Whether it must not wait.
        urgent: bool,
        /// UTC milliseconds.
        created_ms: i64,
        /// UTC milliseconds of the last step.
        changed_ms: i64,
        /// UTC milliseconds; None while open.
        closed_ms: Option<i64>,
        /// When it was restricted with its household: no list shows it then, and nobody opens it. UTC milliseconds.
        restricted_ms: Option<i64>,
        /// Counts changes.
        version: i64,
    }
}
kept!(Case in casefile by CaseId);

fn place(county: CountyId, id: &[u8]) -> Bound<'_> {
    Bound { table: "casefile", column: "fields_sealed", row: id, county }
}

impl Case {
    /// The values in clear.
    ///
    /// # Errors
    /// A fault where they cannot be opened.
    pub fn document(&self, tx: &Tx<'_>) -> Result<Values, Stop> {
        let text = tx.open(place(self.county_id, &self.id.bytes()), &self.fields_sealed)?;
        Ok(serde_json::from_str(&text).map_err(|e| Fault::new("casefile", e.to_string()))?)
    }

    /// Marks whether it must not wait, as its flow says; what is closed always may. Not yet saved.
    pub fn mark(&mut self, flow: &Flow, values: &Values) {
        let must_not = flow.urgent.as_ref().is_some_and(|when| when.holds(values));
        self.urgent = self.closed_ms.is_none() && must_not;
    }

    /// Seals what the flow keeps of the values into the row, and marks it; not yet saved.
    ///
    /// # Errors
    /// A fault where they cannot be sealed.
    pub fn put_document(&mut self, tx: &mut Tx<'_>, flow: &Flow, values: &Values) -> Result<(), Stop> {
        self.mark(flow, values);
        let text = Value::Object(flow.kept(values)).to_string();
        self.fields_sealed = tx.seal(place(self.county_id, &self.id.bytes()), &text)?;
        Ok(())
    }

    /// Writes anew what lists filter and figures count by.
    ///
    /// # Errors
    /// The database's own.
    pub fn index(&self, tx: &mut Tx<'_>, flow: &Flow, values: &Values) -> Result<(), Stop> {
        let old = casefile_index::table
            .filter(casefile_index::county_id.eq(self.county_id.bytes()))
            .filter(casefile_index::case_id.eq(self.id.bytes()));
        diesel::delete(old).execute(tx.conn)?;
        for field in flow.field.iter().filter(|field| field.index) {
            for (value, amount) in indexed(field, values.get(&field.name)) {
                let value = tag(tx, self.county_id, &flow.id, field, &value);
                let row = (
                    casefile_index::county_id.eq(self.county_id.bytes()),
                    casefile_index::case_id.eq(self.id.bytes()),
                    casefile_index::flow.eq(self.flow.clone()),
                    casefile_index::field.eq(field.name.clone()),
                    casefile_index::value.eq(value),
                    casefile_index::amount.eq(amount),
                );
                diesel::insert_into(casefile_index::table).values(row).execute(tx.conn)?;
            }
        }
        Ok(())
    }
}

/// How a value stands in the index: in clear, or as a keyed tag where the field is sensitive. A tag keeps the value
/// secret but not how often it occurs.
pub fn tag(tx: &Tx<'_>, county: CountyId, flow: &str, field: &Field, value: &str) -> String {
    if !field.sensitive {
        return value.to_owned();
    }
    let bytes = tx.blind(county, &format!("{flow}.{}", field.name), value);
    bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn indexed(field: &Field, value: Option<&Value>) -> Vec<(String, Option<i64>)> {
    match (field.kind, value) {
        (_, None | Some(Value::Null)) => Vec::new(),
        (Kind::Money | Kind::Number, Some(value)) => vec![(String::new(), value.as_i64())],
        (_, Some(Value::Array(many))) => {
            many.iter().filter_map(|one| one.as_str().map(|text| (text.to_owned(), None))).collect()
        }
        (_, Some(Value::String(text))) => vec![(text.chars().take(100).collect(), None)],
        (_, Some(other)) => vec![(other.to_string(), None)],
    }
}

/// Links two cases: the second came out of the first.
///
/// # Errors
/// The database's own.
pub fn link(tx: &mut Tx<'_>, county: CountyId, from: CaseId, to: CaseId, kind: &str) -> Result<(), Stop> {
    let row = (
        casefile_link::county_id.eq(county.bytes()),
        casefile_link::from_id.eq(from.bytes()),
        casefile_link::to_id.eq(to.bytes()),
        casefile_link::kind.eq(kind.to_owned()),
        casefile_link::created_ms.eq(tx.now.millis()),
    );
    diesel::insert_into(casefile_link::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// Cases linked to this one, in either direction, the oldest first.
///
/// # Errors
/// The database's own.
pub fn linked(tx: &mut Tx<'_>, county: CountyId, id: CaseId) -> Result<Vec<Case>, Stop> {
    let pairs: Vec<(Vec<u8>, Vec<u8>)> = casefile_link::table
        .filter(casefile_link::county_id.eq(county.bytes()))
        .filter(casefile_link::from_id.eq(id.bytes()).or(casefile_link::to_id.eq(id.bytes())))
        .select((casefile_link::from_id, casefile_link::to_id))
        .load(tx.conn)?;
    let me = id.bytes();
    let other = |(from, to): (Vec<u8>, Vec<u8>)| crate::county::id(if from == me { &to } else { &from });
    let others = pairs.into_iter().map(other).collect::<Result<Vec<CaseId>, Stop>>()?;
    let mut cases: Vec<Case> = Case::by_ids(tx, county, &others)?.into_values().collect();
    cases.sort_by_key(|case| (case.created_ms, case.id));
    Ok(cases)
}

/// The case with one of these numbers, here or in the system that it came from; of several the one by the first number,
/// then the oldest.
///
/// # Errors
/// `not_found`.
pub fn by_number(
    tx: &mut Tx<'_>,
    county: CountyId,
    flow: Option<&str>,
    numbers: &[&str],
) -> Result<Case, Stop> {
    // Each number by its own index: said as one "either", a database may walk through all cases of the county.
    macro_rules! first {
        ($is:expr) => {{
            let mut query =
                casefile::table.filter(casefile::county_id.eq(county.bytes())).filter($is).into_boxed();
            if let Some(flow) = flow {
                query = query.filter(casefile::flow.eq(flow.to_owned()));
            }
            let found: Vec<Case> = load!(Case, query, tx)?;
            found
        }};
    }
    let any = || numbers.iter().map(|number| (*number).to_owned());
    let mut found = first!(casefile::number.eq_any(any()));
    found.extend(first!(casefile::old_number.eq_any(any().map(Some))));
    let at = |case: &Case| {
        let is = |number: &&str| case.number == *number || case.old_number.as_deref() == Some(*number);
        numbers.iter().position(is)
    };
    found.into_iter().min_by_key(|case| (at(case), case.created_ms)).ok_or_else(|| Refusal::absent().into())
}
