//! What advisers owe and are paid, set by the county over the usual values, and how far each post has come.

use std::collections::{BTreeMap, HashMap};

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::directory::DivisionLevel;
use falin_domain::duty::{
    Counted, Fee, FeeBasis, Period, Progress, Rule, ServiceKind, Standing, Sums, usual_rules,
};
use falin_domain::journal::Event;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{CountyId, DivisionId, FeeId, WorkerId};
use falin_store::adviser::{self, AdviserPost};
use falin_store::division::{self, Division};
use falin_store::duty_rule::{self, RuleRow};
use falin_store::worker::Worker;
use falin_store::{In, Tx, service_log};
use serde::{Deserialize, Serialize};

pub use falin_store::duty_rule::FeeRow;

use crate::division::{find_filter, must_hold};
use crate::trace::By;
use crate::typed::Reader;
use crate::{App, Stop};

/// The noun in the journal.
pub const NOUN: &str = "duty_rule";

/// A rule with what its form must know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Set {
    /// The rule.
    pub rule: Rule,
    /// Its version; 0 for a usual one that the county has not touched.
    pub version: i64,
}

/// A post's duty and how far it has come.
#[derive(Clone, Debug)]
pub struct Due {
    /// The rule.
    pub rule: Rule,
    /// How far.
    pub progress: Progress,
}

/// A post with all its duties.
#[derive(Clone, Debug)]
pub struct PostDuties {
    /// The post.
    pub post: AdviserPost,
    /// Its village.
    pub village: Division,
    /// Who holds it.
    pub worker: Worker,
    /// Its duties, in the order of the rules.
    pub duties: Vec<Due>,
}

/// The county's rules: what it has set, and the usual ones that it has not touched.
///
/// # Errors
/// The store's own.
pub(crate) fn rules(tx: &mut Tx<'_>, county: CountyId) -> Result<Vec<Set>, Stop> {
    let mut found: BTreeMap<(ServiceKind, Period), Set> = BTreeMap::new();
    for rule in usual_rules() {
        found.insert((rule.kind, rule.period), Set { rule, version: 0 });
    }
    for row in duty_rule::rules(tx, county)? {
        let rule = Rule {
            kind: row.kind,
            period: row.period,
            least_count: row.least_count,
            least_minutes: row.least_minutes,
            from: row.from_date,
            to: row.to_date,
            source: row.source,
        };
        found.insert((row.kind, row.period), Set { rule, version: row.version });
    }
    Ok(found.into_values().collect())
}

/// The county's rules.
///
/// # Errors
/// `access.denied`.
pub async fn list(app: &App, visitor: &Visitor) -> Result<Vec<Set>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Duty)?;
    app.db.read(In::County(scope.county), move |tx| rules(tx, scope.county)).await
}

/// What was typed into the form of a rule.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Code of the kind.
    pub kind: String,
    /// Code of the period.
    pub period: String,
    /// Least items; may be empty.
    pub least_count: String,
    /// Least minutes; may be empty.
    pub least_minutes: String,
    /// First day; empty for today.
    pub from: String,
    /// Last day; may be empty.
    pub to: String,
    /// Where it is written.
    pub source: String,
}

impl Typed {
    /// A rule as it would be typed.
    pub fn of(rule: &Rule) -> Self {
        let number = |n: Option<i32>| n.map(|n| n.to_string()).unwrap_or_default();
        Self {
            kind: rule.kind.code().to_owned(),
            period: rule.period.code().to_owned(),
            least_count: number(rule.least_count),
            least_minutes: number(rule.least_minutes),
            from: rule.from.to_string(),
            to: rule.to.map(|day| day.to_string()).unwrap_or_default(),
            source: rule.source.clone(),
        }
    }

    fn read(&self, today: Date) -> Result<Rule, Refusal> {
        let mut reader = Reader::default();
        let kind = reader.choice("kind", &self.kind, ServiceKind::from_code, ServiceKind::OnSite);
        let period = reader.choice("period", &self.period, Period::from_code, Period::Month);
        let least_count = reader.number("least_count", &self.least_count, (1, 10_000));
        let least_minutes = reader.number("least_minutes", &self.least_minutes, (1, 600_000));
        let empty = self.least_count.trim().is_empty() && self.least_minutes.trim().is_empty();
        if empty {
            reader.fault("least_count", "required");
        }
        let from = reader.date("from", &self.from).unwrap_or(today);
        let to = reader.date("to", &self.to);
        if to.is_some_and(|to| to < from) {
            reader.fault("to", "date.order");
        }
        let source = reader.text("source", &self.source, 200);
        reader.finish(Rule { kind, period, least_count, least_minutes, from, to, source })
    }
}

/// Sets a rule that is still at `version`, 0 for one that the county has not set before. A last day ends it.
///
/// # Errors
/// `access.denied` for anybody but who keeps the county's settings; `form.invalid`, `state.changed`.
pub async fn set(app: &App, visitor: &Visitor, version: i64, typed: &Typed) -> Result<Set, Stop> {
    let by = By::whole_county(visitor, Noun::Setting)?;
    let rule = typed.read(app.today())?;
    let work = move |tx: &mut Tx<'_>| {
        let mut row = RuleRow {
            county_id: by.county,
            kind: rule.kind,
            period: rule.period,
            least_count: rule.least_count,
            least_minutes: rule.least_minutes,
            from_date: rule.from,
            to_date: rule.to,
            source: rule.source.clone(),
            version,
        };
        duty_rule::set_rule(tx, &mut row)?;
        let details = serde_json::json!({ "kind": rule.kind, "period": rule.period, "version": row.version });
        by.saved(tx, Event::DutyRuleSaved, (NOUN, by.county), details)?;
        Ok(Set { rule: rule.clone(), version: row.version })
    };
    app.db.write(In::County(by.county), work).await
}

/// What was typed into the form of a fee.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FeeTyped {
    /// Code of the basis.
    pub basis: String,
    /// Code of the kind, where items are paid.
    pub kind: String,
    /// Yuan, such as `300` or `12.50`.
    pub yuan: String,
    /// First day; empty for the first of this month.
    pub from: String,
    /// Last day; may be empty.
    pub to: String,
}

impl FeeTyped {
    /// A fee as it would be typed.
    pub fn of(row: &FeeRow) -> Self {
        let yuan = format!("{}.{:02}", row.fen / 100, row.fen % 100);
        Self {
            basis: row.basis.code().to_owned(),
            kind: row.kind.map(|kind| kind.code().to_owned()).unwrap_or_default(),
            yuan: yuan.trim_end_matches(".00").to_owned(),
            from: row.from_date.to_string(),
            to: row.to_date.map(|day| day.to_string()).unwrap_or_default(),
        }
    }

    fn put(&self, today: Date, row: &mut FeeRow) -> Result<(), Refusal> {
        let mut reader = Reader::default();
        row.basis = reader.choice("basis", &self.basis, FeeBasis::from_code, FeeBasis::Month);
        row.kind = match (row.basis, self.kind.trim()) {
            (FeeBasis::Item, code) => {
                Some(reader.choice("kind", code, ServiceKind::from_code, ServiceKind::Other))
            }
            (_, "") => None,
            _ => {
                reader.fault("kind", "not_expected");
                None
            }
        };
        if self.yuan.trim().is_empty() {
            reader.fault("yuan", "required");
        }
        row.fen = reader.maybe("yuan", &self.yuan, "money.invalid", fen).unwrap_or(0);
        let (month, _) = Period::Month.around(today);
        row.from_date = reader.date("from", &self.from).unwrap_or(month);
        row.to_date = reader.date("to", &self.to);
        if row.to_date.is_some_and(|to| to < row.from_date) {
            reader.fault("to", "date.order");
        }
        reader.finish(())
    }
}

/// `300`, `12.5` or `12.50` yuan as fen.
fn fen(text: &str) -> Result<i64, ()> {
    let plain = falin_domain::words::half_width(text);
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |text: &str, most: usize| text.len() <= most && text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole, 7) || !digits(part, 2) {
        return Err(());
    }
    let part = format!("{part:0<2}");
    Ok(whole.parse::<i64>().map_err(|_| ())? * 100 + part.parse::<i64>().map_err(|_| ())?)
}

/// What the county pays, in the order in which it was set.
///
/// # Errors
/// `access.denied`.
pub async fn fees(app: &App, visitor: &Visitor) -> Result<Vec<FeeRow>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Duty)?;
    app.db.read(In::County(scope.county), move |tx| duty_rule::fees(tx, scope.county)).await
}

/// Adds a line of what the county pays, or with `id` changes one that is still at that version.
///
/// # Errors
/// `access.denied`, `not_found`, `form.invalid`, `state.changed`.
pub async fn set_fee(
    app: &App,
    visitor: &Visitor,
    there: Option<(FeeId, i64)>,
    typed: &FeeTyped,
) -> Result<FeeRow, Stop> {
    let by = By::whole_county(visitor, Noun::Setting)?;
    let (typed, today) = (typed.clone(), app.today());
    let work = move |tx: &mut Tx<'_>| {
        let mut row = match there {
            Some((id, _)) => FeeRow::by_id(tx, by.county, id)?,
            None => FeeRow {
                county_id: by.county,
                id: tx.id(),
                basis: FeeBasis::Month,
                kind: None,
                fen: 0,
                from_date: today,
                to_date: None,
                version: 1,
            },
        };
        typed.put(today, &mut row)?;
        match there {
            Some((_, version)) if version != row.version => return Err(Refusal::new("state.changed").into()),
            Some(_) => row.save(tx)?,
            None => row.insert(tx)?,
        }
        by.saved(tx, Event::FeeSaved, ("duty_fee", row.id), serde_json::json!({ "version": row.version }))?;
        Ok(row)
    };
    app.db.write(In::County(by.county), work).await
}

/// The fees that hold on a day.
pub(crate) fn fees_on(tx: &mut Tx<'_>, county: CountyId, day: Date) -> Result<Vec<Fee>, Stop> {
    let holds = |row: &FeeRow| row.from_date <= day && row.to_date.is_none_or(|last| day <= last);
    let rows = duty_rule::fees(tx, county)?.into_iter().filter(holds);
    Ok(rows.map(|row| Fee { basis: row.basis, kind: row.kind, fen: row.fen }).collect())
}

/// A page of adviser posts with their duties in the stretches of time around `day`, by place.
///
/// `standing` keeps only posts with a duty that stands so.
///
/// # Errors
/// `access.denied`, `division.unknown`.
pub async fn compliance(
    app: &App,
    visitor: &Visitor,
    (day, place, standing): (Option<Date>, Option<String>, Option<Standing>),
    window: Window,
) -> Result<Page<PostDuties>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::ServiceLog)?;
    let work = move |tx: &mut Tx<'_>| {
        let day = day.unwrap_or_else(|| tx.now.date());
        let place = find_filter(tx, scope.county, place.as_deref())?;
        let posts = posts(tx, &scope, place.as_ref().map(|place| place.id), day)?;
        let mark = |one: &(AdviserPost, Division)| Mark {
            key: one.1.code.clone().unwrap_or_else(|| one.1.sort_key.clone()),
            id: one.0.id.uuid(),
        };
        let Some(standing) = standing else {
            let page = Page::of_all(posts, &window, mark);
            let next = page.next.clone();
            return Ok(Page { items: duties(tx, scope.county, page.items, day)?, next });
        };
        let mut all = duties(tx, scope.county, posts, day)?;
        all.retain(|one| one.duties.iter().any(|due| due.progress.standing == standing));
        let mark = |one: &PostDuties| mark(&(one.post.clone(), one.village.clone()));
        Ok(Page::of_all(all, &window, mark))
    };
    app.db.read(In::County(visitor.county), work).await
}

/// Posts that held at some time in the month around `day`, with their villages, in scope.
fn posts(
    tx: &mut Tx<'_>,
    scope: &Scope,
    place: Option<DivisionId>,
    day: Date,
) -> Result<Vec<(AdviserPost, Division)>, Stop> {
    let (from, to) = Period::Month.around(day);
    let mut found = adviser::all(tx, scope.county)?;
    found.retain(|post| post.from_date <= to && post.to_date.is_none_or(|last| from <= last));
    let inside = match &scope.places {
        None => None,
        Some(places) => {
            let mut inside = Vec::new();
            for place in places {
                inside.extend(division::below(tx, scope.county, *place)?);
            }
            Some(inside)
        }
    };
    let mine = |post: &AdviserPost| scope.mine == Some(post.worker_id);
    found.retain(|post| mine(post) || inside.as_ref().is_none_or(|all| all.contains(&post.division_id)));
    if let Some(place) = place {
        let below = division::below(tx, scope.county, place)?;
        found.retain(|post| below.contains(&post.division_id));
    }
    let ids: Vec<DivisionId> = found.iter().map(|post| post.division_id).collect();
    let places = Division::by_ids(tx, scope.county, &ids)?;
    let with = |post: AdviserPost| places.get(&post.division_id).cloned().map(|village| (post, village));
    let rows = found.into_iter().filter_map(with);
    Ok(rows.filter(|(_, village)| village.level == DivisionLevel::Village).collect())
}

/// The duties of these posts, read with one query a period.
fn duties(
    tx: &mut Tx<'_>,
    county: CountyId,
    posts: Vec<(AdviserPost, Division)>,
    day: Date,
) -> Result<Vec<PostDuties>, Stop> {
    let today = tx.now.date();
    let ids: Vec<WorkerId> = posts.iter().map(|(post, _)| post.worker_id).collect();
    let people = Worker::by_ids(tx, county, &ids)?;
    let mut rules: Vec<Rule> = rules(tx, county)?.into_iter().map(|set| set.rule).collect();
    rules.retain(|rule| {
        let (from, to) = rule.period.around(day);
        rule.from <= to && rule.to.is_none_or(|last| from <= last)
    });
    let mut periods: HashMap<(Period, WorkerId, DivisionId), Vec<Counted>> = HashMap::new();
    for period in Period::ALL.iter().filter(|period| rules.iter().any(|rule| rule.period == **period)) {
        for (worker, village, counted) in service_log::counted(tx, county, &ids, period.around(day))? {
            periods.entry((*period, worker, village)).or_default().push(counted);
        }
    }
    let mut found = Vec::new();
    for (post, village) in posts {
        let Some(worker) = people.get(&post.worker_id).cloned() else { continue };
        let held = (post.from_date, post.to_date);
        let due = |rule: &Rule| {
            let entries = periods.get(&(rule.period, post.worker_id, post.division_id));
            let sums = Sums::of(entries.map(Vec::as_slice).unwrap_or_default());
            Due { rule: rule.clone(), progress: rule.progress(held, &sums, day, today) }
        };
        let duties = rules.iter().map(due).collect();
        found.push(PostDuties { village, worker, duties, post });
    }
    Ok(found)
}

/// What the visitor's own posts still ask for in the stretches of time around today.
///
/// # Errors
/// `access.denied`.
pub async fn own(app: &App, visitor: &Visitor) -> Result<Vec<PostDuties>, Stop> {
    let mut scope = visitor.scope(Act::Read, Noun::ServiceLog)?;
    let Some(me) = visitor.worker else { return Ok(Vec::new()) };
    (scope.places, scope.mine, scope.only_mine) = (Some(Vec::new()), Some(me), true);
    let work = move |tx: &mut Tx<'_>| {
        let today = tx.now.date();
        let mut posts = posts(tx, &scope, None, today)?;
        posts.retain(|(post, _)| post.to_date.is_none_or(|last| today <= last));
        duties(tx, scope.county, posts, today)
    };
    app.db.read(In::County(visitor.county), work).await
}

/// The post in scope, for use cases about it.
pub(crate) fn post(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: falin_domain::words::AdviserPostId,
) -> Result<AdviserPost, Stop> {
    let post = AdviserPost::by_id(tx, scope.county, id)?;
    let mine = scope.mine == Some(post.worker_id);
    if !mine && must_hold(tx, scope, Some(post.division_id)).is_err() {
        return Err(Refusal::absent().into());
    }
    Ok(post)
}

#[cfg(test)]
mod tests {
    use super::fen;

    #[test]
    fn yuan_are_read_to_the_fen() {
        let read = ["300", "12.5", "12.50", "０", "9999999"].map(fen);
        assert_eq!(read, [Ok(30_000), Ok(1_250), Ok(1_250), Ok(0), Ok(999_999_900)]);
        assert!(["", "-1", "1.234", "a", "1,000", ".5"].iter().all(|text| fen(text).is_err()));
    }
}
