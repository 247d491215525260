//! Counting by place: one grouped query a figure, and tables as they were reported.

use diesel::dsl::count_star;
use diesel::prelude::*;
use falin_domain::access::Scope;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::statistics::scorecard::Lines;
use falin_domain::statistics::{ByPlace, LogSum, Source, Span};
use falin_domain::words::{AccountId, CountyId, DivisionId, ReportId};
use falin_domain::workflow::core_flow;

use crate::casefile::tag;
use crate::column::{load, noun};
use crate::schema::{
    adviser_post, casefile, casefile_index, casefile_step, committee, committee_member, division,
    division_path, household, pairing, service_log, stat_report, worker,
};
use crate::stop::Stop;
use crate::tx::Tx;

noun! {
    /// A table of figures as it was reported.
    Report in stat_report {
        /// County.
        county_id: CountyId,
        /// Id.
        id: ReportId,
        /// What it is called.
        title: String,
        /// For which place; None for the county.
        division_id: Option<DivisionId>,
        /// First day.
        from_date: falin_domain::time::Date,
        /// Last day.
        to_date: falin_domain::time::Date,
        /// Code and value of every figure, a JSON object.
        figures: String,
        /// Who reported it.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
    }
}

type Rows = Vec<(Option<Vec<u8>>, i64)>;

fn by_place(rows: Rows) -> ByPlace {
    let mut counts = ByPlace::new();
    for (place, n) in rows {
        *counts.entry(place.and_then(|id| DivisionId::from_bytes(&id))).or_default() += n;
    }
    counts
}

fn required(rows: Vec<(Vec<u8>, i64)>) -> ByPlace {
    by_place(rows.into_iter().map(|(place, n)| (Some(place), n)).collect())
}

/// First and last millisecond of a period, China's days.
fn bounds(span: Span) -> (i64, i64) {
    (span.from.start().millis(), span.to.plus_days(1).start().millis())
}

/// Counts a source by the place where each thing stands. [`Source::Ratio`] counts nothing.
///
/// # Errors
/// The database's own.
pub fn counted(tx: &mut Tx<'_>, county: CountyId, source: Source, span: Span) -> Result<ByPlace, Stop> {
    match source {
        Source::Households(kind, paired) => households(tx, county, kind, paired, span),
        Source::Workers(kind) => workers(tx, county, kind, span),
        Source::PairedFirms => firms(tx, county, span),
        Source::MediatedTowns(mediated) => townships(tx, county, mediated, span),
        Source::AdvisedVillages(advised) => villages(tx, county, advised, span),
        Source::NamedSites => sites(tx, county, span),
        Source::Opened(flow) => opened(tx, county, flow, span),
        Source::Closed(flow, states) => closed(tx, county, (flow, states), span),
        Source::OpenedWith(flow, field, codes) => opened_with(tx, county, (flow, field, codes), span),
        Source::OpenedDone(flow, steps, states) => opened_done(tx, county, flow, (steps, states), span),
        Source::Sum(flow, field) => summed(tx, county, flow, field, span),
        Source::Log(kinds, what) => logged(tx, county, kinds, what, span),
        Source::Ratio(..) => Ok(ByPlace::new()),
    }
}

/// The sites stand among the county's settings; settings without any count none.
fn sites(tx: &mut Tx<'_>, county: CountyId, span: Span) -> Result<ByPlace, Stop> {
    let settings = crate::county::by_id(tx, county)?.map(|row| row.settings).unwrap_or_default();
    let kept: serde_json::Value = serde_json::from_str(&settings).unwrap_or_default();
    let lines: Lines = serde_json::from_value(kept["scorecard"].clone()).unwrap_or_default();
    let there = lines.sites.iter().filter(|site| site.since <= span.to);
    Ok(there.map(|site| (Some(site.place), 1)).collect())
}

fn households(
    tx: &mut Tx<'_>,
    county: CountyId,
    kind: &str,
    paired: bool,
    span: Span,
) -> Result<ByPlace, Stop> {
    let (_, until) = bounds(span);
    let day = span.to.to_string();
    let there = household::table
        .group_by(household::village_id)
        .select((household::village_id, count_star()))
        .filter(household::county_id.eq(county.bytes()))
        .filter(household::staged.eq(false))
        .filter(household::kind.eq(kind.to_owned()))
        .filter(household::created_ms.lt(until))
        .filter(household::left_on.is_null().or(household::left_on.gt(day.clone())));
    if !paired {
        return Ok(required(there.load(tx.conn)?));
    }
    let with = pairing::table
        .filter(pairing::county_id.eq(county.bytes()))
        .filter(pairing::from_date.le(day.clone()))
        .filter(pairing::to_date.is_null().or(pairing::to_date.gt(day)))
        .select(pairing::household_id);
    Ok(required(there.filter(household::id.eq_any(with)).load(tx.conn)?))
}

/// Workers have no one place: they count for the county.
fn workers(tx: &mut Tx<'_>, county: CountyId, kind: &str, span: Span) -> Result<ByPlace, Stop> {
    let day = span.to.to_string();
    let pairs = pairing::table
        .filter(pairing::county_id.eq(county.bytes()))
        .filter(pairing::from_date.le(day.clone()))
        .filter(pairing::to_date.is_null().or(pairing::to_date.gt(day.clone())))
        .filter(pairing::worker_id.is_not_null())
        .select(pairing::worker_id.assume_not_null());
    let posts = adviser_post::table
        .filter(adviser_post::county_id.eq(county.bytes()))
        .filter(adviser_post::from_date.le(day.clone()))
        .filter(adviser_post::to_date.is_null().or(adviser_post::to_date.ge(day)))
        .select(adviser_post::worker_id);
    let n: i64 = worker::table
        .filter(worker::county_id.eq(county.bytes()))
        .filter(worker::kind.eq(kind.to_owned()))
        .filter(worker::id.eq_any(pairs).or(worker::id.eq_any(posts)))
        .count()
        .get_result(tx.conn)?;
    Ok(ByPlace::from([(None, n)]))
}

fn firms(tx: &mut Tx<'_>, county: CountyId, span: Span) -> Result<ByPlace, Stop> {
    let day = span.to.to_string();
    let ids: Vec<Option<Vec<u8>>> = pairing::table
        .filter(pairing::county_id.eq(county.bytes()))
        .filter(pairing::from_date.le(day.clone()))
        .filter(pairing::to_date.is_null().or(pairing::to_date.gt(day)))
        .filter(pairing::firm_id.is_not_null())
        .select(pairing::firm_id)
        .distinct()
        .load(tx.conn)?;
    Ok(ByPlace::from([(None, ids.len() as i64)]))
}

fn villages(tx: &mut Tx<'_>, county: CountyId, advised: bool, span: Span) -> Result<ByPlace, Stop> {
    let day = span.to.to_string();
    let mut query = division::table
        .filter(division::county_id.eq(county.bytes()))
        .filter(division::level.eq("village"))
        .filter(division::valid_to.is_null().or(division::valid_to.gt(day.clone())))
        .into_boxed();
    if advised {
        let posts = adviser_post::table
            .filter(adviser_post::county_id.eq(county.bytes()))
            .filter(adviser_post::from_date.le(day.clone()))
            .filter(adviser_post::to_date.is_null().or(adviser_post::to_date.ge(day)))
            .select(adviser_post::division_id);
        query = query.filter(division::id.eq_any(posts));
    }
    let ids: Vec<Vec<u8>> = query.select(division::id).load(tx.conn)?;
    Ok(required(ids.into_iter().map(|id| (id, 1)).collect()))
}

fn townships(tx: &mut Tx<'_>, county: CountyId, mediated: bool, span: Span) -> Result<ByPlace, Stop> {
    let day = span.to.to_string();
    let mut query = division::table
        .filter(division::county_id.eq(county.bytes()))
        .filter(division::level.eq("township"))
        .filter(division::valid_to.is_null().or(division::valid_to.gt(day.clone())))
        .into_boxed();
    if mediated {
        let serving = committee_member::table
            .filter(committee_member::county_id.eq(county.bytes()))
            .filter(committee_member::from_date.le(day.clone()))
            .filter(committee_member::to_date.is_null().or(committee_member::to_date.ge(day.clone())))
            .select(committee_member::committee_id);
        let seats = committee::table
            .filter(committee::county_id.eq(county.bytes()))
            .filter(committee::active)
            .filter(committee::term_from.le(day.clone()))
            .filter(committee::term_to.ge(day))
            .filter(committee::id.eq_any(serving))
            .select(committee::division_id);
        let around = division_path::table
            .filter(division_path::county_id.eq(county.bytes()))
            .filter(division_path::below_id.nullable().eq_any(seats))
            .select(division_path::above_id);
        query = query.filter(division::id.eq_any(around));
    }
    let ids: Vec<Vec<u8>> = query.select(division::id).load(tx.conn)?;
    Ok(required(ids.into_iter().map(|id| (id, 1)).collect()))
}

fn opened(tx: &mut Tx<'_>, county: CountyId, flow: &str, span: Span) -> Result<ByPlace, Stop> {
    let (from, until) = bounds(span);
    let rows: Rows = casefile::table
        .filter(casefile::county_id.eq(county.bytes()))
        .filter(casefile::flow.eq(flow.to_owned()))
        .filter(casefile::created_ms.ge(from))
        .filter(casefile::created_ms.lt(until))
        .group_by(casefile::division_id)
        .select((casefile::division_id, count_star()))
        .load(tx.conn)?;
    Ok(by_place(rows))
}

fn closed(
    tx: &mut Tx<'_>,
    county: CountyId,
    (flow, states): (&str, &[&str]),
    span: Span,
) -> Result<ByPlace, Stop> {
    let (from, until) = bounds(span);
    let states = owned(states);
    let rows: Rows = casefile::table
        .filter(casefile::county_id.eq(county.bytes()))
        .filter(casefile::flow.eq(flow.to_owned()))
        .filter(casefile::state.eq_any(states))
        .filter(casefile::closed_ms.ge(from))
        .filter(casefile::closed_ms.lt(until))
        .group_by(casefile::division_id)
        .select((casefile::division_id, count_star()))
        .load(tx.conn)?;
    Ok(by_place(rows))
}

fn opened_with(
    tx: &mut Tx<'_>,
    county: CountyId,
    (flow, field, codes): (&str, &str, &[&str]),
    span: Span,
) -> Result<ByPlace, Stop> {
    let (from, until) = bounds(span);
    let known = core_flow(flow).and_then(|flow| flow.field(field));
    let values: Vec<String> = codes
        .iter()
        .map(|code| known.map_or((*code).to_owned(), |field| tag(tx, county, flow, field, code)))
        .collect();
    let with = casefile_index::table
        .filter(casefile_index::county_id.eq(county.bytes()))
        .filter(casefile_index::flow.eq(flow.to_owned()))
        .filter(casefile_index::field.eq(field.to_owned()))
        .filter(casefile_index::value.eq_any(values))
        .select(casefile_index::case_id);
    let rows: Rows = casefile::table
        .filter(casefile::county_id.eq(county.bytes()))
        .filter(casefile::flow.eq(flow.to_owned()))
        .filter(casefile::created_ms.ge(from))
        .filter(casefile::created_ms.lt(until))
        .filter(casefile::id.eq_any(with))
        .group_by(casefile::division_id)
        .select((casefile::division_id, count_star()))
        .load(tx.conn)?;
    Ok(by_place(rows))
}

fn owned(all: &[&str]) -> Vec<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

fn opened_done(
    tx: &mut Tx<'_>,
    county: CountyId,
    flow: &str,
    (steps, states): (&[&str], &[&str]),
    span: Span,
) -> Result<ByPlace, Stop> {
    let (from, until) = bounds(span);
    let done = casefile_step::table
        .filter(casefile_step::county_id.eq(county.bytes()))
        .filter(casefile_step::action.eq_any(owned(steps)).or(casefile_step::to_state.eq_any(owned(states))))
        .filter(casefile_step::at_ms.lt(until))
        .select(casefile_step::case_id);
    let rows: Rows = casefile::table
        .filter(casefile::county_id.eq(county.bytes()))
        .filter(casefile::flow.eq(flow.to_owned()))
        .filter(casefile::created_ms.ge(from))
        .filter(casefile::created_ms.lt(until))
        .filter(casefile::id.eq_any(done))
        .group_by(casefile::division_id)
        .select((casefile::division_id, count_star()))
        .load(tx.conn)?;
    Ok(by_place(rows))
}

fn summed(tx: &mut Tx<'_>, county: CountyId, flow: &str, field: &str, span: Span) -> Result<ByPlace, Stop> {
    let (from, until) = bounds(span);
    let rows: Vec<(Option<Vec<u8>>, Option<i64>)> = casefile_index::table
        .inner_join(casefile::table.on(
            casefile::county_id.eq(casefile_index::county_id).and(casefile::id.eq(casefile_index::case_id)),
        ))
        .filter(casefile_index::county_id.eq(county.bytes()))
        .filter(casefile_index::flow.eq(flow.to_owned()))
        .filter(casefile_index::field.eq(field.to_owned()))
        .filter(casefile::created_ms.ge(from))
        .filter(casefile::created_ms.lt(until))
        .select((casefile::division_id, casefile_index::amount))
        .load(tx.conn)?;
    Ok(by_place(rows.into_iter().map(|(place, n)| (place, n.unwrap_or(0))).collect()))
}

fn logged(
    tx: &mut Tx<'_>,
    county: CountyId,
    kinds: &[&str],
    what: LogSum,
    span: Span,
) -> Result<ByPlace, Stop> {
    let kinds = owned(kinds);
    let rows: Vec<(Vec<u8>, String, (i32, i32, i32, i32))> = service_log::table
        .filter(service_log::county_id.eq(county.bytes()))
        .filter(service_log::withdrawn.eq(false))
        .filter(service_log::kind.eq_any(kinds))
        .filter(service_log::day.ge(span.from.to_string()))
        .filter(service_log::day.le(span.to.to_string()))
        .select((
            service_log::division_id,
            service_log::kind,
            (service_log::items, service_log::people, service_log::copies, service_log::minutes),
        ))
        .load(tx.conn)?;
    let value = |(place, kind, (items, people, copies, minutes)): (Vec<u8>, String, (i32, i32, i32, i32))| {
        let n = match what {
            LogSum::Entries => items.max(1),
            LogSum::Items => items,
            LogSum::People => people,
            // Cards and materials are counted as items where nobody typed copies.
            LogSum::Copies if matches!(kind.as_str(), "material" | "card") => items.max(copies),
            LogSum::Copies => copies,
            LogSum::Minutes => minutes,
        };
        (place, i64::from(n))
    };
    Ok(required(rows.into_iter().map(value).collect()))
}

impl Report {
    /// Keeps the table as it was reported.
    ///
    /// # Errors
    /// The database's own.
    pub fn insert(&self, tx: &mut Tx<'_>) -> Result<(), Stop> {
        diesel::insert_into(stat_report::table).values(self.values()).execute(tx.conn)?;
        Ok(())
    }
}

/// Reported tables of a scope's places, newest first.
///
/// # Errors
/// The database's own.
pub fn reports(tx: &mut Tx<'_>, scope: &Scope, window: &Window) -> Result<Page<Report>, Stop> {
    let mut query = stat_report::table.filter(stat_report::county_id.eq(scope.county.bytes())).into_boxed();
    if let Some(places) = &scope.places {
        let mut inside = Vec::new();
        for place in places {
            inside.extend(crate::division::below(tx, scope.county, *place)?);
        }
        let inside: Vec<Vec<u8>> = inside.into_iter().map(|place| place.bytes()).collect();
        query = query.filter(stat_report::division_id.eq_any(inside).assume_not_null());
    }
    if let Some(after) = &window.after {
        let (at, id) = (after.millis(), after.id.as_bytes().to_vec());
        let earlier = stat_report::created_ms.lt(at).or(stat_report::id.lt(id));
        query = query.filter(stat_report::created_ms.le(at).and(earlier));
    }
    let query = query
        .order((stat_report::created_ms.desc(), stat_report::id.desc()))
        .limit(i64::from(window.limit) + 1);
    let rows = load!(Report, query, tx)?;
    Ok(Page::cut(rows, window, |row: &Report| Mark { key: row.created_ms.to_string(), id: row.id.uuid() }))
}

/// One reported table.
///
/// # Errors
/// `not_found`.
pub fn report(tx: &mut Tx<'_>, county: CountyId, id: ReportId) -> Result<Report, Stop> {
    let row = stat_report::table.find((county.bytes(), id.bytes())).select(Report::COLUMNS).first(tx.conn);
    Report::from_row(row.optional()?.ok_or_else(falin_domain::refusal::Refusal::absent)?)
}
