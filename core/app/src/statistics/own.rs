//! Figures that plugins declare: counted by the house from the index of their cases, split, and kept back where small.

use std::collections::{BTreeMap, BTreeSet};

use falin_domain::refusal::Refusal;
use falin_domain::statistics::{ByPlace, Cells, Hidden, SMALLEST, Span, rolled_up};
use falin_domain::words::{CountyId, DivisionId};
use falin_domain::workflow::{Fact, Flow, Kind, Manifest, Statistic, Words, median};
use falin_store::division::Division;
use falin_store::{Tx, casefile_facts};

use super::{Cell, Tree, Written};
use crate::Stop;

/// Most rows of a split; what is rarer stands together under [`REST`].
const MOST_CODES: usize = 40;
/// The code of what stands together.
pub const REST: &str = "*";

/// The figures of one plugin.
#[derive(Clone, Debug)]
pub struct Own {
    /// The plugin's own name.
    pub plugin: String,
    /// What it is called.
    pub name: Words,
    /// Its figures, in the order of its declaration.
    pub lines: Vec<OwnLine>,
}

/// One figure.
#[derive(Clone, Debug)]
pub struct OwnLine {
    /// What it is.
    pub statistic: Statistic,
    /// The flow whose cases it counts, `plugin/flow`.
    pub flow: String,
    /// What it is a share of.
    pub of: Option<Words>,
    /// How its values are written.
    pub written: Written,
    /// For the place as a whole.
    pub value: Cell,
    /// For each of the table's parts.
    pub parts: Vec<Cell>,
    /// What stands in none of the parts.
    pub elsewhere: Cell,
    /// Whether any case stands in none of them.
    pub rest: bool,
    /// The same period of the last year, where it is compared with it.
    pub last_year: Option<LastYear>,
    /// Its splits.
    pub splits: Vec<Split>,
    /// Whether something of it is kept back.
    pub kept_back: bool,
    /// Whether the library that should give its rows has not.
    pub unanswered: bool,
}

/// A figure split by a field.
#[derive(Clone, Debug)]
pub struct Split {
    /// The field.
    pub field: String,
    /// What it is called.
    pub name: Words,
    /// A row a code, the largest first.
    pub rows: Vec<SplitRow>,
}

/// A row of a split.
#[derive(Clone, Debug)]
pub struct SplitRow {
    /// The code; empty where nothing is given, [`REST`] for what stands together.
    pub code: String,
    /// Its word; empty texts where nothing is given or several stand together.
    pub name: Words,
    /// For the place.
    pub value: Cell,
    /// For each of the table's parts.
    pub parts: Vec<Cell>,
    /// What stands in none of the parts.
    pub elsewhere: Cell,
    /// The same period of the last year, where it is compared with it and had the code.
    pub last_year: Option<LastYear>,
}

/// What stood in the table of the same period a year before: it is kept back there as it would be by itself, so that
/// nothing is compared with what is not shown.
#[derive(Clone, Debug)]
pub struct LastYear {
    /// For the place.
    pub value: Cell,
    /// For each of the table's parts.
    pub parts: Vec<Cell>,
}

/// Where and when.
pub(super) struct Asked<'a> {
    pub county: CountyId,
    pub tree: &'a Tree,
    pub place: Option<&'a Division>,
    pub span: Span,
    /// Whether the reader may not open the rows behind the figures.
    pub stranger: bool,
    /// Whether only what stands on the villages' scorecard is wanted.
    pub card: bool,
    /// Whether only what is compared with the last year is wanted.
    pub yearly: bool,
}

impl Asked<'_> {
    fn wants(&self, one: &Statistic) -> bool {
        (!self.card || one.card) && (!self.yearly || one.yearly)
    }

    /// Whether a figure is wanted, or is what a wanted one is a share of.
    fn counts(&self, manifest: &Manifest, one: &Statistic) -> bool {
        let wanted = |one: &Statistic| self.wants(one);
        wanted(one) || manifest.statistic.iter().any(|other| wanted(other) && other.of == one.code)
    }
}

/// How many, and how much, by place.
#[derive(Default, Clone)]
struct Sums {
    count: ByPlace,
    amount: ByPlace,
    /// What each case adds, where a figure is a median: these are not added up.
    each: Vec<(Option<DivisionId>, i64)>,
}

/// A cell's place in a table.
#[derive(Clone, Copy)]
enum At<'a> {
    /// All of it.
    Whole,
    /// A part.
    Part(&'a Division),
    /// None of the parts.
    Rest,
}

/// One figure counted: itself first, then each code of each split.
struct Counted {
    rows: Vec<Sums>,
    /// By split: the rows of its codes, and the codes.
    splits: Vec<(std::ops::Range<usize>, Vec<String>)>,
}

/// The figures of every plugin that the county has in use.
pub(super) fn all(tx: &mut Tx<'_>, asked: &Asked<'_>, only: Option<&str>) -> Result<Vec<Own>, Stop> {
    let used = crate::plugin::used(tx, asked.county)?;
    used.into_iter()
        .filter(|(_, manifest)| manifest.statistic.iter().any(|one| asked.wants(one)))
        .filter(|(install, _)| only.is_none_or(|only| install.plugin == only))
        .map(|(install, manifest)| of(tx, asked, (&manifest, install.generation)))
        .collect()
}

fn of(tx: &mut Tx<'_>, asked: &Asked<'_>, (manifest, generation): (&Manifest, i32)) -> Result<Own, Stop> {
    let flows = manifest.flows(generation);
    let mut facts: BTreeMap<&str, Vec<Fact>> = BTreeMap::new();
    let mut lines = Vec::new();
    for one in manifest.statistic.iter().filter(|one| asked.counts(manifest, one)) {
        let id = manifest.flow_id(&one.flow);
        let flow = flows.iter().find(|flow| flow.id == id).ok_or_else(Refusal::absent)?;
        if !facts.contains_key(one.flow.as_str()) {
            let reads: BTreeSet<&str> = manifest
                .statistic
                .iter()
                .filter(|other| other.flow == one.flow)
                .flat_map(Statistic::reads)
                .collect();
            let reads: Vec<&str> = reads.into_iter().collect();
            // Cases that began outside the period count in no figure that goes by the day of opening.
            let mut same = manifest.statistic.iter().filter(|other| other.flow == one.flow);
            let opened = same.all(|other| other.day.is_empty()).then_some(asked.span);
            facts.insert(&one.flow, casefile_facts::facts(tx, asked.county, flow, &reads, opened)?);
        }
        lines.push(line(asked, one, flow, &facts[one.flow.as_str()]));
    }
    let whole: Vec<OwnLine> = lines.clone();
    for line in &mut lines {
        if let Some(of) = whole.iter().find(|other| other.statistic.code == line.statistic.of) {
            line.divide(of);
        }
    }
    lines.retain(|line| asked.wants(&line.statistic));
    Ok(Own { plugin: manifest.id.clone(), name: manifest.name.clone(), lines })
}

/// Longest period that is compared with the one a year before, in days: in a longer one they overlap.
const COMPARED: i64 = 366;

/// Puts the last year's values beside those of figures that are compared with them: up to the day of today, for so far
/// has this year been counted.
pub(super) fn compare(
    tx: &mut Tx<'_>,
    asked: &Asked<'_>,
    all: &mut [Own],
    only: Option<&str>,
) -> Result<(), Stop> {
    // A library's rows are told for one period alone.
    let compared = |line: &OwnLine| line.statistic.yearly && !line.statistic.library;
    if !all.iter().flat_map(|own| &own.lines).any(compared) {
        return Ok(());
    }
    let now = Span { to: asked.span.to.min(tx.now.date()), ..asked.span };
    if !(0..COMPARED).contains(&now.from.days_until(now.to)) {
        return Ok(());
    }
    let before = Asked { span: now.year_before(), yearly: true, ..*asked };
    for then in self::all(tx, &before, only)? {
        let own = all.iter_mut().find(|own| own.plugin == then.plugin);
        for line in own.into_iter().flat_map(|own| &mut own.lines).filter(|line| compared(line)) {
            let old = then.lines.iter().find(|old| old.statistic.code == line.statistic.code);
            old.into_iter().for_each(|old| line.beside(old));
        }
    }
    Ok(())
}

fn counted(one: &Statistic, facts: &[Fact], asked: &Asked<'_>) -> Counted {
    let mut all = Sums::default();
    let mut by: Vec<BTreeMap<String, Sums>> = vec![BTreeMap::new(); one.by.len()];
    let add = |sums: &mut Sums, fact: &Fact, amount: i64| {
        *sums.count.entry(fact.place).or_default() += 1;
        *sums.amount.entry(fact.place).or_default() += amount;
        if one.median.is_some() {
            sums.each.push((fact.place, amount));
        }
    };
    for fact in facts {
        let Some(amount) = one.amount(fact, asked.span) else { continue };
        add(&mut all, fact, amount);
        for (field, codes) in one.by.iter().zip(&mut by) {
            for code in Statistic::codes(fact, field) {
                add(codes.entry(code).or_default(), fact, amount);
            }
        }
    }
    let mut rows = vec![all];
    let mut splits = Vec::new();
    for codes in by {
        let begin = rows.len();
        let codes = largest(codes);
        rows.extend(codes.iter().map(|(_, sums)| sums.clone()));
        splits.push((begin..rows.len(), codes.into_iter().map(|(code, _)| code).collect()));
    }
    let roll = |sums: &Sums| Sums {
        count: rolled_up(&sums.count, &asked.tree.paths),
        amount: rolled_up(&sums.amount, &asked.tree.paths),
        each: sums.each.clone(),
    };
    Counted { rows: rows.iter().map(roll).collect(), splits }
}

/// The codes with the most cases, the rest in one row.
fn largest(codes: BTreeMap<String, Sums>) -> Vec<(String, Sums)> {
    let mut all: Vec<(String, Sums)> = codes.into_iter().collect();
    all.sort_by_key(|(code, sums)| (std::cmp::Reverse(sums.count.values().sum::<i64>()), code.clone()));
    if all.len() > MOST_CODES {
        let mut rest = Sums::default();
        for (_, sums) in all.drain(MOST_CODES - 1..) {
            for (from, into) in [(sums.count, &mut rest.count), (sums.amount, &mut rest.amount)] {
                from.into_iter().for_each(|(place, n)| *into.entry(place).or_default() += n);
            }
            rest.each.extend(sums.each);
        }
        all.push((REST.to_owned(), rest));
    }
    all
}

fn line(asked: &Asked<'_>, one: &Statistic, flow: &Flow, facts: &[Fact]) -> OwnLine {
    let counted = counted(one, facts, asked);
    let parts = asked.tree.below(asked.place);
    let hidden = hidden(asked, one, &counted);
    let value = |row: usize, at: At<'_>| {
        let sums = &counted.rows[row];
        match one.median {
            Some(_) => sums.median(asked, &parts, at),
            None => Some(sums.amount_at(asked, &parts, at)),
        }
    };
    let cell = |hide: bool, value: Cell| value.filter(|_| !hide);
    let whole = |row: usize| cell(hidden.whole[row], value(row, At::Whole));
    let by_part = |row: usize| -> Vec<Cell> {
        let part = |(n, part)| cell(hidden.rows[row][n], value(row, At::Part(part)));
        parts.iter().enumerate().map(part).collect()
    };
    let rest = |row: usize| cell(hidden.rows[row][parts.len()], value(row, At::Rest));
    let splits = one.by.iter().zip(&counted.splits).map(|(field, (rows, codes))| Split {
        field: field.clone(),
        name: flow.field(field).map(|field| field.label.clone()).unwrap_or_default(),
        rows: rows
            .clone()
            .zip(codes)
            .map(|(row, code)| SplitRow {
                code: code.clone(),
                name: word(asked.tree, flow, field, code),
                value: whole(row),
                parts: by_part(row),
                elsewhere: rest(row),
                last_year: None,
            })
            .collect(),
    });
    let money = flow.field(&one.sum).is_some_and(|field| field.kind == Kind::Money);
    let written = match (&one.median, money) {
        (Some(_), _) => Written::Share(1),
        (None, true) => Written::Money,
        (None, false) => Written::Whole,
    };
    OwnLine {
        flow: flow.id.clone(),
        of: None,
        written,
        value: whole(0),
        parts: by_part(0),
        elsewhere: rest(0),
        rest: counted.rows[0].in_rest(asked, &parts),
        last_year: None,
        splits: splits.collect(),
        kept_back: hidden.whole.iter().chain(hidden.rows.iter().flatten()).any(|hide| *hide),
        unanswered: false,
        statistic: one.clone(),
    }
}

/// What stands at a place, or in none of its parts.
fn summed(sums: &ByPlace, place: Option<&Division>, parts: &[Division], at: At<'_>) -> i64 {
    let of = |place: Option<&Division>| sums.get(&place.map(|place| place.id)).copied().unwrap_or(0);
    match at {
        At::Whole => of(place),
        At::Part(part) => of(Some(part)),
        At::Rest => of(place) - parts.iter().map(|part| of(Some(part))).sum::<i64>(),
    }
}

impl Sums {
    fn amount_at(&self, asked: &Asked<'_>, parts: &[Division], at: At<'_>) -> i64 {
        summed(&self.amount, asked.place, parts, at)
    }

    fn in_rest(&self, asked: &Asked<'_>, parts: &[Division]) -> bool {
        summed(&self.count, asked.place, parts, At::Rest) != 0
    }

    /// In tenths; None where no case has both days.
    fn median(&self, asked: &Asked<'_>, parts: &[Division], at: At<'_>) -> Cell {
        let path = |place: &Option<DivisionId>| place.and_then(|place| asked.tree.paths.get(&place));
        let lies_in =
            |place: &Option<DivisionId>, of: &Division| path(place).is_some_and(|path| path.contains(&of.id));
        let here = |place: &Option<DivisionId>| asked.place.is_none_or(|of| lies_in(place, of));
        let meant = |(place, _): &&(Option<DivisionId>, i64)| match at {
            At::Whole => here(place),
            At::Part(part) => lies_in(place, part),
            At::Rest => here(place) && !parts.iter().any(|part| lies_in(place, part)),
        };
        median(self.each.iter().filter(meant).map(|(_, days)| *days).collect())
    }
}

/// What must not be shown at the place: found from the county down, so that no table of a place above gives away
/// what the one below keeps back.
fn hidden(asked: &Asked<'_>, one: &Statistic, counted: &Counted) -> Hidden {
    let least = i64::from(one.least).max(if asked.stranger { SMALLEST } else { 0 });
    asked.tree.kept_back(asked.place, least, |place, parts| cells(counted, place, parts))
}

fn cells(counted: &Counted, place: Option<&Division>, parts: &[Division]) -> Cells {
    let at = |sums: &Sums, id| sums.count.get(&id).copied().unwrap_or(0);
    let whole: Vec<i64> = counted.rows.iter().map(|sums| at(sums, place.map(|place| place.id))).collect();
    let row = |(sums, whole): (&Sums, &i64)| {
        let mut row: Vec<i64> = parts.iter().map(|part| at(sums, Some(part.id))).collect();
        row.push(whole - row.iter().sum::<i64>());
        row
    };
    let rows = counted.rows.iter().zip(&whole).map(row).collect();
    Cells { rows, whole, groups: counted.splits.iter().map(|(rows, _)| rows.clone()).collect() }
}

fn word(tree: &Tree, flow: &Flow, field: &str, code: &str) -> Words {
    let same = |text: &str| Words { zh: text.to_owned(), en: text.to_owned() };
    if code.is_empty() || code == REST {
        return Words::default();
    }
    let Some(field) = flow.field(field) else { return same(code) };
    match (field.kind, code) {
        (Kind::Yes, "true") => Words { zh: "是".to_owned(), en: "Yes".to_owned() },
        (Kind::Yes, "false") => Words { zh: "否".to_owned(), en: "No".to_owned() },
        (Kind::Division, _) => {
            let named = |d: &&Division| d.code.as_deref() == Some(code) || d.id.to_string() == code;
            same(tree.all.iter().find(named).map_or(code, |division| &division.name))
        }
        _ => Words { zh: field.word(code, "zh").to_owned(), en: field.word(code, "en").to_owned() },
    }
}

impl OwnLine {
    fn beside(&mut self, then: &Self) {
        self.last_year = Some(LastYear { value: then.value, parts: then.parts.clone() });
        for split in &mut self.splits {
            let old = then.splits.iter().find(|old| old.field == split.field);
            // What stands together need not be the same in both years.
            for row in split.rows.iter_mut().filter(|row| row.code != REST) {
                let old = old.and_then(|old| old.rows.iter().find(|old| old.code == row.code));
                row.last_year = old.map(|old| LastYear { value: old.value, parts: old.parts.clone() });
            }
        }
    }

    /// Turns counts into shares of another figure; what is kept back of either is kept back of the share.
    fn divide(&mut self, whole: &Self) {
        let statistic = self.statistic.clone();
        let share = |part: Cell, whole: Cell| statistic.share(part?, whole?);
        let each = |parts: &[Cell], wholes: &[Cell]| -> Vec<Cell> {
            parts.iter().zip(wholes).map(|(part, whole)| share(*part, *whole)).collect()
        };
        self.value = share(self.value, whole.value);
        self.parts = each(&self.parts, &whole.parts);
        let whole_rest = whole.elsewhere;
        self.elsewhere = share(self.elsewhere, whole_rest);
        for split in &mut self.splits {
            let other = whole.splits.iter().find(|other| other.field == split.field);
            for row in &mut split.rows {
                // A share within a code is of the same code, where the other figure is split by it too.
                let same = other.map(|other| other.rows.iter().find(|of| of.code == row.code));
                let (value, parts, of_rest) = match same {
                    Some(Some(of)) => (of.value, of.parts.clone(), of.elsewhere),
                    Some(None) => (None, Vec::new(), None),
                    None => (whole.value, whole.parts.clone(), whole_rest),
                };
                row.elsewhere = share(row.elsewhere, of_rest);
                row.value = share(row.value, value);
                row.parts = each(&row.parts, &parts);
            }
        }
        self.of = Some(whole.statistic.name.clone());
        self.written = Written::Share(statistic.digits());
    }
}
