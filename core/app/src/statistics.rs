//! Figures by place and period: counted from rows, rolled up, kept from strangers where small, and kept as reported.

mod answered;
mod own;
mod reported;
pub mod scorecard;
mod sees;
pub(crate) mod sites;
mod written;

use std::collections::BTreeMap;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::directory::DivisionLevel;
use falin_domain::refusal::Refusal;
use falin_domain::statistics::{
    ByPlace, Cells, FIGURES, Figure, Hidden, SMALLEST, Source, Span, per_mille, rolled_up,
};
use falin_domain::time::Date;
use falin_domain::words::{CountyId, DivisionId};
use falin_store::division::{self, Division};
use falin_store::statistics as rows;
use falin_store::{In, Tx};
use serde_json::{Map, Value, json};

use crate::division::{find_filter, must_hold};
use crate::{App, Stop};

pub use falin_store::statistics::Report;
pub use own::{LastYear, Own, OwnLine, REST, Split, SplitRow};
pub use reported::{report, reported, reports};
use sees::Sees;
pub use written::{Written, workbook};

/// The noun in the journal.
pub const NOUN: &str = "statistics";
/// Longest period of one table in days: eleven years.
const LONGEST: i64 = 4018;

/// What is asked.
#[derive(Clone, Default, Debug)]
pub struct Asked {
    /// Id or code of a place; None for the county.
    pub place: Option<String>,
    /// First day; None for the year's first.
    pub from: Option<Date>,
    /// Last day; None for today.
    pub to: Option<Date>,
}

/// A value that a reader sees; None where it is kept back because it is small.
pub type Cell = Option<i64>;

/// One figure of a table.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it is.
    pub figure: &'static Figure,
    /// For the place as a whole. A rate is in thousandths; None where there is nothing to divide by.
    pub value: Cell,
    /// For each of the table's parts, in their order.
    pub parts: Vec<Cell>,
    /// What stands at the place but in none of its parts.
    pub elsewhere: Cell,
}

/// Figures of a place and its parts.
#[derive(Clone, Debug)]
pub struct Table {
    /// The place; None for the county.
    pub place: Option<Division>,
    /// The places right below it.
    pub parts: Vec<Division>,
    /// The period.
    pub span: Span,
    /// The figures.
    pub lines: Vec<Line>,
    /// Those of the plugins that the county has in use.
    pub own: Vec<Own>,
}

/// A sum that does not come out: a defect, or rows whose place is gone.
#[derive(Clone, Debug)]
pub struct Mismatch {
    /// The figure.
    pub figure: &'static str,
    /// The place; None for the county.
    pub place: Option<String>,
    /// Its own count.
    pub whole: i64,
    /// The sum of its parts.
    pub sum: i64,
}

impl Asked {
    /// The period, first day of the year to today unless said otherwise.
    ///
    /// # Errors
    /// `form.invalid` at `to` where it ends before it begins or is longer than eleven years.
    fn span(&self, today: Date) -> Result<Span, Refusal> {
        let to = self.to.unwrap_or(today);
        let first = Date::new(to.parts().0, 1, 1).unwrap_or(to);
        let from = self.from.unwrap_or(first);
        let days = from.days_until(to);
        if (0..=LONGEST).contains(&days) {
            Ok(Span { from, to })
        } else {
            Err(Refusal::field("to", "span.invalid"))
        }
    }
}

/// The table of a place.
///
/// # Errors
/// `access.denied`, `division.unknown`, `form.invalid`.
pub async fn table(app: &App, visitor: &Visitor, asked: Asked) -> Result<Table, Stop> {
    counted(app, visitor, asked, (None, true)).await
}

/// The same with the figures of one workflow alone; empty where the county has no such one in use that counts anything.
///
/// # Errors
/// As [`table`].
pub async fn table_of(app: &App, visitor: &Visitor, asked: Asked, plugin: &str) -> Result<Table, Stop> {
    counted(app, visitor, asked, (Some(plugin.to_owned()), true)).await
}

/// This year's figures of one workflow for the county, without those of the last year.
///
/// # Errors
/// `access.denied`.
pub async fn figures_of(app: &App, visitor: &Visitor, plugin: &str) -> Result<Vec<OwnLine>, Stop> {
    let table = counted(app, visitor, Asked::default(), (Some(plugin.to_owned()), false)).await?;
    Ok(table.own.into_iter().flat_map(|own| own.lines).collect())
}

async fn counted(
    app: &App,
    visitor: &Visitor,
    asked: Asked,
    (only, yearly): (Option<String>, bool),
) -> Result<Table, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Statistics)?;
    let span = asked.span(app.today())?;
    let who = visitor.clone();
    let work = move |tx: &mut Tx<'_>| {
        let mut place = find_filter(tx, scope.county, asked.place.as_deref())?;
        if place.is_none()
            && let Some(own) = scope.places.as_ref().and_then(|places| places.first())
        {
            place = Division::by_ids(tx, scope.county, &[*own])?.remove(own);
        }
        if let Some(place) = &place {
            must_hold(tx, &scope, Some(place.id))?;
        }
        if scope.places.is_none() && is_whole(tx, scope.county, place.as_ref())? {
            place = None;
        }
        let sees = Sees::at(tx, &who, place.as_ref().map(|place| place.id))?;
        let only = only.as_deref();
        Ok((tallied(tx, scope.county, place, (span, &sees), (only, yearly))?, sees.smallest()))
    };
    let (mut table, smallest) = app.db.read(In::County(visitor.county), work).await?;
    answered::fill(app, visitor, &mut table, smallest).await?;
    Ok(table)
}

/// Whether all townships lie below a place, so that it is the county itself, whatever level it has: what stands at no
/// place is the county's too.
fn is_whole(tx: &mut Tx<'_>, county: CountyId, place: Option<&Division>) -> Result<bool, Stop> {
    let Some(place) = place else { return Ok(true) };
    let tree = Tree::read(tx, county)?;
    Ok(tree.is_level(place) && tree.below(Some(place)).len() == tree.below(None).len())
}

impl Line {
    /// Takes out what must not be shown.
    fn keep_back(&mut self, hidden: &Hidden) {
        let cells = self.parts.iter_mut().chain([&mut self.elsewhere]);
        let hide = hidden.rows.iter().flatten();
        for (cell, _) in cells.zip(hide).filter(|(_, hide)| **hide) {
            *cell = None;
        }
        if hidden.whole.contains(&true) {
            self.value = None;
        }
    }
}

/// All divisions with their ways up, and those of the county right below a place.
struct Tree {
    all: Vec<Division>,
    paths: BTreeMap<DivisionId, Vec<DivisionId>>,
}

impl Tree {
    fn read(tx: &mut Tx<'_>, county: CountyId) -> Result<Self, Stop> {
        let all = division::all(tx, county)?;
        let above: BTreeMap<DivisionId, Option<DivisionId>> =
            all.iter().map(|d| (d.id, d.parent_id)).collect();
        let path = |id: DivisionId| {
            let up = |id: &DivisionId| above.get(id).copied().flatten();
            std::iter::successors(Some(id), up).take(20).collect::<Vec<_>>()
        };
        let paths = all.iter().map(|d| (d.id, path(d.id))).collect();
        Ok(Self { all, paths })
    }

    /// The places right below one; for the county, and what stands between it and its townships, the townships.
    fn below(&self, place: Option<&Division>) -> Vec<Division> {
        let lies_in = |d: &Division, place: &Division| {
            self.paths.get(&d.id).is_some_and(|path| path.contains(&place.id))
        };
        let part = |d: &&Division| match place {
            Some(place) if !self.is_level(place) => d.parent_id == Some(place.id),
            Some(place) => d.level == DivisionLevel::Township && lies_in(d, place),
            None => d.level == DivisionLevel::Township,
        };
        let mut parts: Vec<Division> = self.all.iter().filter(part).cloned().collect();
        parts.sort_by(|a, b| (&a.code, &a.sort_key).cmp(&(&b.code, &b.sort_key)));
        parts
    }

    /// The way from the county down to a place. What stands between county and townships is a step on it only where it
    /// is the place itself.
    fn way(&self, place: Option<&Division>) -> Vec<Option<&Division>> {
        let mut way: Vec<Option<&Division>> = vec![None];
        let path = place.and_then(|place| self.paths.get(&place.id));
        for id in path.into_iter().flatten().rev() {
            way.extend(self.all.iter().find(|division| division.id == *id).map(Some));
        }
        let asked_for = |step: &Division| place.is_some_and(|own| own.id == step.id);
        way.retain(|step| step.is_none_or(|step| !self.is_level(step) || asked_for(step)));
        way
    }

    /// What of a figure's cells must not be shown at a place: found from the county down, so that no table of a place
    /// above gives away what the one below keeps back.
    fn kept_back(
        &self,
        place: Option<&Division>,
        least: i64,
        cells: impl Fn(Option<&Division>, &[Division]) -> Cells,
    ) -> Hidden {
        let (way, mut above) = (self.way(place), None::<Vec<bool>>);
        let mut found = Hidden { rows: Vec::new(), whole: Vec::new() };
        for (n, place) in way.iter().enumerate() {
            let parts = self.below(*place);
            found = cells(*place, &parts).kept_back(least, above.as_deref());
            let next = way.get(n + 1).copied().flatten();
            let at = next.and_then(|next| parts.iter().position(|part| part.id == next.id));
            above = at.map(|at| found.rows.iter().map(|row| row[at]).collect());
        }
        found
    }

    /// Whether a place is the county itself or stands between it and its townships: its table is the county's.
    fn is_level(&self, place: &Division) -> bool {
        !matches!(place.level, DivisionLevel::Township | DivisionLevel::Village)
    }
}

/// The one way to a table, for every reader; who may not open the rows behind a figure sees no small count of it, nor a
/// rate of one.
fn tallied(
    tx: &mut Tx<'_>,
    county: CountyId,
    place: Option<Division>,
    (span, sees): (Span, &Sees),
    (only, yearly): (Option<&str>, bool),
) -> Result<Table, Stop> {
    let tree = Tree::read(tx, county)?;
    let parts = tree.below(place.as_ref());
    let mut lines: Vec<Line> = Vec::with_capacity(FIGURES.len());
    for figure in FIGURES.iter().filter(|_| only.is_none()) {
        let line = match figure.source {
            Source::Ratio(part, whole) => rate(figure, &lines, part, whole),
            source => {
                let sums = rolled_up(&rows::counted(tx, county, source, span)?, &tree.paths);
                let mut line = count(figure, &sums, place.as_ref(), &parts);
                // Before the rates are taken: a rate of what is kept back is kept back as well.
                if !sees.rows_of(source.noun()) {
                    line.keep_back(
                        &tree.kept_back(place.as_ref(), SMALLEST, |place, parts| cells(&sums, place, parts)),
                    );
                }
                line
            }
        };
        lines.push(line);
    }
    let stranger = sees.smallest() > 0;
    let asked =
        own::Asked { county, tree: &tree, place: place.as_ref(), span, stranger, card: false, yearly: false };
    let mut own = own::all(tx, &asked, only)?;
    yearly.then(|| own::compare(tx, &asked, &mut own, only)).transpose()?;
    Ok(Table { place, parts, span, lines, own })
}

fn count(figure: &'static Figure, sums: &ByPlace, place: Option<&Division>, parts: &[Division]) -> Line {
    let at = |id: Option<DivisionId>| sums.get(&id).copied().unwrap_or(0);
    if figure.source.is_placeless() {
        let value = place.is_none().then(|| at(None));
        return Line { figure, value, parts: vec![None; parts.len()], elsewhere: None };
    }
    let value = at(place.map(|place| place.id));
    let parts: Vec<i64> = parts.iter().map(|part| at(Some(part.id))).collect();
    let elsewhere = value - parts.iter().sum::<i64>();
    Line {
        figure,
        value: Some(value),
        parts: parts.into_iter().map(Some).collect(),
        elsewhere: Some(elsewhere),
    }
}

/// A figure's own row: its parts, what stands in none of them, and the whole.
fn cells(sums: &ByPlace, place: Option<&Division>, parts: &[Division]) -> Cells {
    let at = |id: Option<DivisionId>| sums.get(&id).copied().unwrap_or(0);
    let whole = at(place.map(|place| place.id));
    let mut row: Vec<i64> = parts.iter().map(|part| at(Some(part.id))).collect();
    row.push(whole - row.iter().sum::<i64>());
    Cells { rows: vec![row], whole: vec![whole], groups: Vec::new() }
}

fn rate(figure: &'static Figure, lines: &[Line], part: &str, whole: &str) -> Line {
    let find = |code: &str| lines.iter().find(|line| line.figure.code == code);
    let (Some(part), Some(whole)) = (find(part), find(whole)) else {
        return Line { figure, value: None, parts: Vec::new(), elsewhere: None };
    };
    let of = |part: Cell, whole: Cell| per_mille(part?, whole?);
    let parts = part.parts.iter().zip(&whole.parts).map(|(part, whole)| of(*part, *whole)).collect();
    Line { figure, value: of(part.value, whole.value), parts, elsewhere: of(part.elsewhere, whole.elsewhere) }
}

/// Checks that villages sum to townships and townships to the county, by raw counts, and that nothing hangs on a
/// place that is not in the tree.
///
/// # Errors
/// `access.denied`, `form.invalid`.
pub async fn reconcile(app: &App, visitor: &Visitor, asked: Asked) -> Result<(Span, Vec<Mismatch>), Stop> {
    let scope = visitor.scope(Act::Read, Noun::Statistics)?;
    let span = asked.span(app.today())?;
    let work = move |tx: &mut Tx<'_>| {
        let tree = Tree::read(tx, scope.county)?;
        let mut found = Vec::new();
        for figure in FIGURES {
            let counts = rows::counted(tx, scope.county, figure.source, span)?;
            check(figure, &counts, &tree, &mut found);
        }
        Ok((span, found))
    };
    app.db.read(In::County(visitor.county), work).await
}

fn check(figure: &'static Figure, counts: &ByPlace, tree: &Tree, found: &mut Vec<Mismatch>) {
    let sums = rolled_up(counts, &tree.paths);
    let at = |id: DivisionId| sums.get(&Some(id)).copied().unwrap_or(0);
    let own = |id: DivisionId| counts.get(&Some(id)).copied().unwrap_or(0);
    for place in &tree.all {
        let below = tree.all.iter().filter(|d| d.parent_id == Some(place.id));
        let sum = own(place.id) + below.map(|d| at(d.id)).sum::<i64>();
        if sum != at(place.id) {
            let name = Some(place.name.clone());
            found.push(Mismatch { figure: figure.code, place: name, whole: at(place.id), sum });
        }
    }
    let roots = tree.all.iter().filter(|d| d.parent_id.is_none_or(|id| !tree.paths.contains_key(&id)));
    let sum = roots.map(|d| at(d.id)).sum::<i64>() + counts.get(&None).copied().unwrap_or(0);
    let whole = counts.values().sum::<i64>();
    if sum != whole {
        found.push(Mismatch { figure: figure.code, place: None, whole, sum });
    }
}

/// The figures of a table as `{code: value}`.
pub fn values(table: &Table) -> Map<String, Value> {
    let of_house = table.lines.iter().map(|line| (line.figure.code.to_owned(), json!(line.value)));
    let own = table
        .own
        .iter()
        .flat_map(|own| own.lines.iter().map(move |line| (own_key(own, line), json!(line.value))));
    of_house.chain(own).collect()
}

/// The code of a workflow's figure among those of the house.
pub fn own_key(own: &Own, line: &OwnLine) -> String {
    format!("{}/{}", own.plugin, line.statistic.code)
}

/// The unit of a workflow's figure in one language; a share says for how many.
pub fn own_unit(line: &OwnLine, english: bool) -> String {
    line.statistic.unit.in_language(if english { "en" } else { "zh" }).to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_rate_of_what_is_kept_back_is_kept_back() {
        let find = |code: &str| FIGURES.iter().find(|one| one.code == code).unwrap();
        let line = |code: &str, n: i64, parts: [i64; 2]| {
            let parts = parts.map(Some).to_vec();
            let mut line = Line { figure: find(code), value: Some(n), parts, elsewhere: Some(0) };
            let row = line.parts.iter().map(|cell| cell.unwrap()).chain([0]).collect();
            let cells = Cells { rows: vec![row], whole: vec![n], groups: Vec::new() };
            line.keep_back(&cells.kept_back(SMALLEST, None));
            line
        };
        let lines = [line("villages", 20, [10, 10]), line("villages_advised", 11, [2, 9])];
        let rate =
            FIGURES.iter().find(|one| matches!(one.source, Source::Ratio("villages_advised", _))).unwrap();
        let Source::Ratio(part, whole) = rate.source else { panic!() };
        let rate = super::rate(rate, &lines, part, whole);
        assert_eq!((rate.value, rate.parts), (Some(550), vec![None, None]));
    }
}
