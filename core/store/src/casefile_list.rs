//! Lists of cases: one query builder behind queues, search, counts and exports.

use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use falin_domain::access::Scope;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountId, CaseId, CountyId, DivisionId, HouseholdId, WorkerId};

use crate::casefile::Case;
use crate::column::load;
use crate::conn::{Conn, literal};
use crate::gram::{self, Wanted};
use crate::schema::{casefile, casefile_index, casefile_step};
use crate::stop::Stop;
use crate::tx::Tx;
use crate::{casefile_unit, deputy, division};

/// Which cases a list shows.
#[derive(Clone, Default)]
pub struct Filter {
    /// Only of these flows.
    pub flows: Vec<String>,
    /// In this state.
    pub state: Option<String>,
    /// Only open ones, or only closed ones.
    pub open: Option<bool>,
    /// At or below this division.
    pub place: Option<DivisionId>,
    /// Led by this worker.
    pub worker: Option<WorkerId>,
    /// What waits for this worker: cases led, those of whom the worker stands in for, and units' answers wanted.
    pub mine: Option<WorkerId>,
    /// Open and without a lead.
    pub unassigned: bool,
    /// It is the turn of one of these roles.
    pub next_roles: Option<Vec<String>>,
    /// About this household.
    pub household: Option<HouseholdId>,
    /// This number, here or in the system that it came from.
    pub number: Option<String>,
    /// Name or pinyin.
    pub wanted: Option<Wanted>,
    /// Blind index of a telephone.
    pub phone_index: Option<Vec<u8>>,
    /// Field and value as the index holds them.
    pub indexed: Option<(String, String)>,
    /// In one of these states; in any where none is named.
    pub states: Vec<String>,
    /// What the index must hold, all of them.
    pub holds: Vec<Held>,
    /// Open, and in one of these states, or in one that goes with a place: at or below it, None for the county.
    pub turn: Option<(Vec<String>, Vec<(String, Option<DivisionId>)>)>,
    /// In which one of these steps was taken, or that came into one of these states, before an instant, UTC milliseconds.
    pub took: Option<(Vec<String>, Vec<String>, i64)>,
    /// Opened at or after, UTC milliseconds.
    pub from_ms: Option<i64>,
    /// Opened before, UTC milliseconds.
    pub until_ms: Option<i64>,
    /// Closed at or after the first and before the second, UTC milliseconds.
    pub closed_ms: Option<(i64, i64)>,
}

/// What the index must hold of a field.
#[derive(Clone, Debug)]
pub enum Held {
    /// One of these values.
    OneOf(String, Vec<String>),
    /// One of these numbers.
    Numbers(String, Vec<i64>),
    /// Nothing.
    Nothing(String),
    /// Something.
    Something(String),
    /// One of these values, or nothing.
    OneOfOrNothing(String, Vec<String>),
    /// A text from the first to the second, both within; days sort as texts.
    Between(String, String, String),
}

/// Who looks: a scope of the access table, or a resident at the own cases.
#[derive(Clone)]
pub struct Sight {
    /// Places and own rows of a worker.
    pub scope: Scope,
    /// A resident's account: only cases of its own, beside what the scope opens.
    pub resident: Option<AccountId>,
    /// States in which a worker also sees cases that nobody leads, since any of them may take one.
    pub queues: Vec<String>,
    /// An account that may hold posts of a plugin: what stands at their places is seen as well.
    pub holder: Option<Holder>,
}

/// Who may hold posts of a plugin.
#[derive(Clone)]
pub struct Holder {
    /// The account.
    pub account: AccountId,
    /// The plugin.
    pub plugin: String,
    /// Posts that count, each with the places of the role under it, None for the whole county: who loses the role there
    /// loses what rests on it, and what the flow no longer declares is no post.
    pub posts: HashMap<String, Option<Vec<DivisionId>>>,
}

type Boxed = casefile::BoxedQuery<'static, <Conn as diesel::Connection>::Backend>;

/// The rows that a sight lets through; every list, search and export begins here. What is only stored is in none.
fn visible(tx: &mut Tx<'_>, sight: &Sight) -> Result<Boxed, Stop> {
    Ok(within(tx, sight)?.filter(casefile::restricted_ms.is_null()))
}

/// The rows in whose place or hands the sight lies, those that are only stored among them. Places are asked for where
/// they are, in words of SQL: typed sub-queries joined in one condition take the compiler minutes. So are own cases, of
/// which a worker has thousands after some years.
fn within(tx: &mut Tx<'_>, sight: &Sight) -> Result<Boxed, Stop> {
    let scope = &sight.scope;
    let query = casefile::table.filter(casefile::county_id.eq(scope.county.bytes())).into_boxed();
    let Some(places) = &scope.places else { return Ok(query) };
    let mut places = places.clone();
    if let Some(holder) = &sight.holder {
        let held = crate::plugin_desk::posts_of(tx, scope.county, holder.account)?;
        for post in held.iter().filter(|post| post.plugin == holder.plugin) {
            match (holder.posts.get(&post.post), post.division_id) {
                (None, _) | (Some(Some(_)), None) => {}
                (Some(None), None) => return Ok(query),
                (Some(None), Some(place)) => places.push(place),
                (Some(Some(roles)), Some(place)) => {
                    let line = division::line(tx, scope.county, place)?;
                    places.extend(line.iter().any(|above| roles.contains(&above.id)).then_some(place));
                }
            }
        }
    }
    let below = below(tx, scope.county, &places);
    let stands_in = match scope.mine {
        Some(me) => deputy::cases(tx, scope.county, me)?.into_iter().map(|(id, _)| id.bytes()).collect(),
        None => Vec::new(),
    };
    let mine = mine(tx, scope.county, scope.mine).or(casefile::id.eq_any(stands_in));
    let own = Some(sight.resident.map(|id| id.bytes()).unwrap_or_default());
    let seen = below.or(mine).or(casefile::resident_id.eq(own).assume_not_null());
    if sight.queues.is_empty() {
        return Ok(query.filter(seen));
    }
    let queued = casefile::worker_id.is_null().and(casefile::closed_ms.is_null());
    let queued = queued.and(casefile::state.eq_any(sight.queues.clone()));
    Ok(query.filter(seen.or(queued)))
}

/// Cases of divisions at or below these; ids are bytes of ours, written as literals of the dialect.
fn below(tx: &Tx<'_>, county: CountyId, places: &[DivisionId]) -> SqlLiteral<Bool> {
    let above: Vec<String> = places.iter().map(|place| literal(tx.conn, &place.bytes())).collect();
    // No place at all is no case at all, and an empty list is no SQL.
    let above = if above.is_empty() { "NULL".to_owned() } else { above.join(", ") };
    let county = literal(tx.conn, &county.bytes());
    sql::<Bool>(&format!(
        "coalesce(casefile.division_id IN (SELECT p.below_id FROM division_path p \
         WHERE p.county_id = {county} AND p.above_id IN ({above})), {no})",
        no = match tx.conn {
            Conn::Sqlite(_) => "0",
            Conn::Postgres(_) => "false",
        }
    ))
}

/// Cases that a worker is on, or is offered; without a worker, none.
fn mine(tx: &Tx<'_>, county: CountyId, me: Option<WorkerId>) -> SqlLiteral<Bool> {
    let Some(me) = me else {
        return sql::<Bool>(match tx.conn {
            Conn::Sqlite(_) => "0",
            Conn::Postgres(_) => "false",
        });
    };
    let (county, me) = (literal(tx.conn, &county.bytes()), literal(tx.conn, &me.bytes()));
    sql::<Bool>(&format!(
        "(casefile.id IN (SELECT w.case_id FROM casefile_worker w \
         WHERE w.county_id = {county} AND w.worker_id = {me} AND w.to_ms IS NULL) \
         OR casefile.id IN (SELECT t.case_id FROM casefile_transfer t \
         WHERE t.county_id = {county} AND t.to_worker_id = {me} AND t.state = 'offered'))"
    ))
}

/// One case, if the sight lets it through.
///
/// # Errors
/// `not_found` where it is not there or not for this sight: the two look the same. `case.restricted` where it is only
/// stored.
pub fn one(tx: &mut Tx<'_>, sight: &Sight, id: CaseId) -> Result<Case, Stop> {
    let query = within(tx, sight)?.filter(casefile::id.eq(id.bytes()));
    let found: Vec<Case> = load!(Case, query, tx)?;
    let case = found.into_iter().next().ok_or_else(Refusal::absent)?;
    if case.restricted_ms.is_some() { Err(Refusal::new("case.restricted").into()) } else { Ok(case) }
}

/// Which flow each of these cases is of, and in which version.
///
/// # Errors
/// The database's own.
pub fn flows_of(
    tx: &mut Tx<'_>,
    county: CountyId,
    ids: &[CaseId],
) -> Result<Vec<(CaseId, String, i32)>, Stop> {
    let ids: Vec<Vec<u8>> = ids.iter().map(|id| id.bytes().to_vec()).collect();
    let rows: Vec<(Vec<u8>, String, i32)> = casefile::table
        .filter(casefile::county_id.eq(county.bytes()))
        .filter(casefile::id.eq_any(ids))
        .select((casefile::id, casefile::flow, casefile::flow_version))
        .load(tx.conn)?;
    rows.into_iter().map(|(id, flow, version)| Ok((crate::county::id(&id)?, flow, version))).collect()
}

/// Those of these cases that the sight lets through.
///
/// # Errors
/// The database's own.
pub fn those(tx: &mut Tx<'_>, sight: &Sight, ids: &[CaseId]) -> Result<Vec<CaseId>, Stop> {
    let ids: Vec<Vec<u8>> = ids.iter().map(|id| id.bytes().to_vec()).collect();
    let query = visible(tx, sight)?.filter(casefile::id.eq_any(ids)).select(casefile::id);
    let found: Vec<Vec<u8>> = query.load(tx.conn)?;
    found.iter().map(|bytes| crate::county::id(bytes)).collect()
}

fn filtered(tx: &mut Tx<'_>, sight: &Sight, filter: &Filter) -> Result<Boxed, Stop> {
    let county = sight.scope.county;
    let mut query = match filter.flows.as_slice() {
        [] => visible(tx, sight)?,
        // Of one flow PostgreSQL walks an index in the order of a page; for `IN` with one value it would sort all its cases.
        [flow] => visible(tx, sight)?.filter(casefile::flow.eq(flow.clone())),
        flows => visible(tx, sight)?.filter(casefile::flow.eq_any(flows.to_vec())),
    };
    if let Some(state) = &filter.state {
        query = query.filter(casefile::state.eq(state.clone()));
    }
    query = match filter.open {
        Some(true) => query.filter(casefile::closed_ms.is_null()),
        Some(false) => query.filter(casefile::closed_ms.is_not_null()),
        None => query,
    };
    if let Some(place) = filter.place {
        query = query.filter(below(tx, county, &[place]));
    }
    if let Some(worker) = filter.worker {
        query = query.filter(casefile::worker_id.eq(Some(worker.bytes())));
    }
    if let Some(me) = filter.mine {
        let mut ids: Vec<Vec<u8>> =
            deputy::cases(tx, county, me)?.into_iter().map(|(id, _)| id.bytes()).collect();
        ids.extend(casefile_unit::wanted_of(tx, county, me)?.into_iter().map(|id| id.bytes()));
        let led = casefile::worker_id.eq(Some(me.bytes())).assume_not_null();
        query = query.filter(led.or(casefile::id.eq_any(ids)));
    }
    if filter.unassigned {
        query = query.filter(casefile::worker_id.is_null()).filter(casefile::closed_ms.is_null());
    }
    if let Some(roles) = &filter.next_roles {
        query = query.filter(casefile::next_role.eq_any(roles.clone()));
    }
    if let Some(household) = filter.household {
        query = query.filter(casefile::household_id.eq(Some(household.bytes())));
    }
    if let Some(number) = &filter.number {
        let older = casefile::old_number.eq(Some(number.clone())).assume_not_null();
        query = query.filter(casefile::number.eq(number.clone()).or(older));
    }
    if let Some(index) = &filter.phone_index {
        query = query.filter(casefile::phone_index.eq(Some(index.clone())));
    }
    if let Some((field, value)) = &filter.indexed {
        let with = casefile_index::table
            .filter(casefile_index::county_id.eq(county.bytes()))
            .filter(casefile_index::field.eq(field.clone()))
            .filter(casefile_index::value.eq(value.clone()))
            .select(casefile_index::case_id);
        query = query.filter(casefile::id.eq_any(with));
    }
    query = match filter.states.as_slice() {
        [] => query,
        [state] => query.filter(casefile::state.eq(state.clone())),
        states => query.filter(casefile::state.eq_any(states.to_vec())),
    };
    if let Some((states, placed)) = &filter.turn {
        let mut ids: Vec<Vec<u8>> = Vec::new();
        for (state, place) in placed {
            let mut there = casefile::table
                .filter(casefile::county_id.eq(county.bytes()))
                .filter(casefile::flow.eq_any(filter.flows.clone()))
                .filter(casefile::state.eq(state.clone()))
                .filter(casefile::closed_ms.is_null())
                .select(casefile::id)
                .into_boxed();
            if let Some(place) = place {
                there = there.filter(below(tx, county, &[*place]));
            }
            ids.extend(there.load::<Vec<u8>>(tx.conn)?);
        }
        let now = casefile::state.eq_any(states.clone()).or(casefile::id.eq_any(ids));
        query = query.filter(casefile::closed_ms.is_null()).filter(now);
    }
    for held in &filter.holds {
        query = holding(query, county, held);
    }
    if let Some((steps, states, until)) = &filter.took {
        let took = casefile_step::table
            .filter(casefile_step::county_id.eq(county.bytes()))
            .filter(
                casefile_step::action
                    .eq_any(steps.clone())
                    .or(casefile_step::to_state.eq_any(states.clone())),
            )
            .filter(casefile_step::at_ms.lt(*until))
            .select(casefile_step::case_id);
        query = query.filter(casefile::id.eq_any(took));
    }
    if let Some(wanted) = &filter.wanted {
        // A name that more bear than one search can show is asked for with more of its characters.
        let ids = gram::newest_cases(tx, county, &filter.flows, wanted, 2_000)?;
        query = query.filter(casefile::id.eq_any(ids));
    }
    if let Some(from) = filter.from_ms {
        query = query.filter(casefile::created_ms.ge(from));
    }
    if let Some(until) = filter.until_ms {
        query = query.filter(casefile::created_ms.lt(until));
    }
    if let Some((from, until)) = filter.closed_ms {
        let within = casefile::closed_ms.ge(from).and(casefile::closed_ms.lt(until));
        query = query.filter(within.assume_not_null());
    }
    Ok(query)
}

fn holding(query: Boxed, county: CountyId, held: &Held) -> Boxed {
    macro_rules! rows {
        ($field:expr) => {
            casefile_index::table
                .filter(casefile_index::county_id.eq(county.bytes()))
                .filter(casefile_index::field.eq($field.clone()))
        };
    }
    macro_rules! within {
        ($rows:expr) => {
            casefile::id.eq_any($rows.select(casefile_index::case_id))
        };
    }
    match held {
        Held::OneOf(field, values) => {
            query.filter(within!(rows!(field).filter(casefile_index::value.eq_any(values.clone()))))
        }
        Held::Numbers(field, numbers) => {
            let numbers: Vec<Option<i64>> = numbers.iter().copied().map(Some).collect();
            query.filter(within!(
                rows!(field).filter(casefile_index::amount.eq_any(numbers).assume_not_null())
            ))
        }
        Held::Something(field) => query.filter(within!(rows!(field))),
        Held::Nothing(field) => {
            query.filter(casefile::id.ne_all(rows!(field).select(casefile_index::case_id)))
        }
        Held::OneOfOrNothing(field, values) => {
            let some = within!(rows!(field).filter(casefile_index::value.eq_any(values.clone())));
            query.filter(some.or(casefile::id.ne_all(rows!(field).select(casefile_index::case_id))))
        }
        Held::Between(field, first, last) => query.filter(within!(
            rows!(field)
                .filter(casefile_index::value.ge(first.clone()))
                .filter(casefile_index::value.le(last.clone()))
        )),
    }
}

/// A page of cases, newest first.
///
/// # Errors
/// The database's own.
pub fn page(tx: &mut Tx<'_>, sight: &Sight, filter: &Filter, window: &Window) -> Result<Page<Case>, Stop> {
    let mut query = filtered(tx, sight, filter)?;
    if let Some(after) = &window.after {
        let (at, id) = (after.millis(), after.id.as_bytes().to_vec());
        let earlier = casefile::created_ms.lt(at).or(casefile::id.lt(id));
        query = query.filter(casefile::created_ms.le(at).and(earlier));
    }
    let query =
        query.order((casefile::created_ms.desc(), casefile::id.desc())).limit(i64::from(window.limit) + 1);
    let rows = load!(Case, query, tx)?;
    Ok(Page::cut(rows, window, |row: &Case| Mark { key: row.created_ms.to_string(), id: row.id.uuid() }))
}

/// Cases that the filter leaves, the most urgent first: what must not wait, then by the earliest open deadline that is
/// none of `rights`, then by age. At most `limit`, after the first `skip` of them.
///
/// # Errors
/// The database's own.
pub fn most_urgent(
    tx: &mut Tx<'_>,
    sight: &Sight,
    (filter, rights): (&Filter, &[String]),
    (skip, limit): (i64, i64),
) -> Result<Vec<Case>, Stop> {
    let rights: String = rights.iter().map(|code| format!(", '{}'", code.replace('\'', "''"))).collect();
    let due = sql::<BigInt>(&format!(
        "coalesce((SELECT min(d.due_ms) FROM deadline d WHERE d.county_id = casefile.county_id \
         AND d.subject_id = casefile.id AND d.met_ms IS NULL AND d.dropped_ms IS NULL \
         AND d.code NOT IN (''{rights})), 9223372036854775807)"
    ));
    let query = filtered(tx, sight, filter)?;
    let query = query
        .order((casefile::urgent.desc(), due, casefile::created_ms, casefile::id))
        .offset(skip)
        .limit(limit);
    load!(Case, query, tx)
}

/// How many cases the filter leaves.
///
/// # Errors
/// The database's own.
pub fn count(tx: &mut Tx<'_>, sight: &Sight, filter: &Filter) -> Result<i64, Stop> {
    let query = filtered(tx, sight, filter)?;
    Ok(query.count().get_result(tx.conn)?)
}
