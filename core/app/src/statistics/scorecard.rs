//! The villages' scorecard: what the county counts anyway, village by village, and whether it keeps to the county's lines.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::directory::DivisionLevel;
use falin_domain::page::{Mark as Place, Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::statistics::scorecard::{Line, Lines, MARKS, keep_small};
use falin_domain::statistics::{ByPlace, Span, Unit, kept_back, rolled_up};
use falin_domain::time::Date;
use falin_domain::words::DivisionId;
use falin_store::division::Division;
use falin_store::statistics as rows;
use falin_store::{In, Tx};

use super::{Asked, Cell, Own, Tree, own};
use crate::division::find_filter;
use crate::{App, Fault, Stop, settings};

/// A number that a workflow puts on the card.
#[derive(Clone, Debug)]
pub struct OwnMark {
    /// The workflow's name, then the figure's code.
    pub code: String,
    /// The figure, with its unit and how it is written.
    pub line: super::OwnLine,
    /// The village's value.
    pub value: Cell,
}

/// One village.
#[derive(Clone, Debug)]
pub struct Card {
    /// The village or community.
    pub village: Division,
    /// The township above it.
    pub township: Option<Division>,
    /// Since when the county has declared it a site.
    pub site: Option<Date>,
    /// Values in the order of the domain's marks.
    pub values: Vec<Cell>,
    /// What the county's workflows count there.
    pub own: Vec<OwnMark>,
    /// The lines that are drawn, what they are drawn at, and whether the village keeps to them.
    pub lines: Vec<(Line, i32, Option<bool>)>,
    /// Whether something is kept back because it is small.
    pub kept_back: bool,
}

/// A page of villages.
#[derive(Clone, Debug)]
pub struct Cards {
    /// The period.
    pub span: Span,
    /// The county's lines.
    pub lines: Lines,
    /// How many of the villages that are asked for are sites.
    pub sites: usize,
    /// The villages, in the order of their codes: no number puts one before another.
    pub page: Page<Card>,
}

/// For whom a card is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum For {
    /// Whoever may open the rows.
    Staff,
    /// Whoever may not.
    Stranger,
    /// The wall of a village.
    Everybody,
}

/// The villages of a place, a page of them; with `only_sites` those alone that the county has declared sites.
///
/// # Errors
/// `access.denied`, `division.unknown`, `form.invalid`.
pub async fn list(
    app: &App,
    visitor: &Visitor,
    asked: Asked,
    (only_sites, window): (bool, Window),
) -> Result<Cards, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Statistics)?;
    let span = asked.span(app.today())?;
    // Who may read the rows of every mark wherever he reads figures need not be kept from small ones.
    let opens = |noun| {
        let rows = visitor.scope(Act::Read, noun);
        rows.is_ok_and(|rows| !rows.only_mine && (rows.places.is_none() || rows.places == scope.places))
    };
    let nouns = MARKS.iter().flat_map(|mark| mark.sources).map(|source| source.noun());
    let whom = if nouns.chain([Noun::Workflow]).all(opens) { For::Staff } else { For::Stranger };
    let work = move |tx: &mut Tx<'_>| {
        let place = find_filter(tx, scope.county, asked.place.as_deref())?;
        let counts = Counts::read(tx, (scope.county, span))?;
        let mine = |village: &Division| {
            let path = counts.tree.paths.get(&village.id).map(Vec::as_slice).unwrap_or_default();
            place.as_ref().is_none_or(|place| counts.tree.is_level(place) || path.contains(&place.id))
                && scope.places.as_ref().is_none_or(|own| path.iter().any(|id| own.contains(id)))
        };
        let is_site = |village: &Division| counts.lines.site(village.id, span.to).is_some();
        let mut villages: Vec<Division> =
            counts.villages(span).filter(|village| mine(village)).cloned().collect();
        let sites = villages.iter().filter(|village| is_site(village)).count();
        villages.retain(|village| !only_sites || is_site(village));
        let page = Page::of_all(villages, &window, |village| Place {
            key: village.code.clone().unwrap_or_else(|| village.sort_key.clone()),
            id: village.id.uuid(),
        });
        let cards = counts.cards(tx, &page.items, whom)?;
        Ok(Cards { span, lines: counts.lines.clone(), sites, page: Page { items: cards, next: page.next } })
    };
    app.db.read(In::County(visitor.county), work).await
}

/// One village as its printed sheet tells it: nothing on it is small enough to tell of single people.
///
/// # Errors
/// `access.denied`, `not_found`, `form.invalid`.
pub async fn sheet(
    app: &App,
    visitor: &Visitor,
    village: DivisionId,
    asked: Asked,
) -> Result<(Span, Lines, Card), Stop> {
    let scope = visitor.scope(Act::Read, Noun::Statistics)?;
    let span = asked.span(app.today())?;
    let work = move |tx: &mut Tx<'_>| {
        let counts = Counts::read(tx, (scope.county, span))?;
        let path = counts.tree.paths.get(&village).map(Vec::as_slice).unwrap_or_default();
        let mine = scope.places.as_ref().is_none_or(|own| path.iter().any(|id| own.contains(id)));
        let found = counts.villages(span).find(|one| one.id == village && mine).cloned();
        let found = found.ok_or_else(Refusal::absent)?;
        let mut cards = counts.cards(tx, &[found], For::Everybody)?;
        let card = cards.pop().ok_or_else(Refusal::absent)?;
        Ok((span, counts.lines, card))
    };
    app.db.read(In::County(visitor.county), work).await
}

/// Everything that is counted of a county in a period.
struct Counts {
    county: falin_domain::words::CountyId,
    span: Span,
    lines: Lines,
    tree: Tree,
    /// By mark, rolled up.
    sums: Vec<ByPlace>,
}

impl Counts {
    fn read(tx: &mut Tx<'_>, (county, span): (falin_domain::words::CountyId, Span)) -> Result<Self, Stop> {
        let tree = Tree::read(tx, county)?;
        let mut sums = Vec::with_capacity(MARKS.len());
        for mark in MARKS {
            let mut all = ByPlace::new();
            for source in mark.sources {
                for (place, n) in rows::counted(tx, county, *source, span)? {
                    *all.entry(place).or_default() += n;
                }
            }
            sums.push(rolled_up(&all, &tree.paths));
        }
        let lines = settings::read(tx, county)?.1.scorecard;
        Ok(Self { county, span, lines, tree, sums })
    }

    /// Villages and communities that stood in the period.
    fn villages(&self, span: Span) -> impl Iterator<Item = &Division> {
        let stood = move |one: &&Division| {
            one.level == DivisionLevel::Village && one.valid_to.is_none_or(|gone| gone > span.from)
        };
        self.tree.all.iter().filter(stood)
    }

    fn township(&self, village: &Division) -> Option<&Division> {
        self.tree.all.iter().find(|one| Some(one.id) == village.parent_id)
    }

    /// Cards of these villages; what a township's own table keeps back is kept back here too.
    fn cards(&self, tx: &mut Tx<'_>, villages: &[Division], whom: For) -> Result<Vec<Card>, Stop> {
        let mut own: BTreeMap<Option<DivisionId>, (Vec<Division>, Vec<Own>)> = BTreeMap::new();
        let mut cards = Vec::with_capacity(villages.len());
        for village in villages {
            let township = self.township(village);
            let (parts, figures) = match own.entry(township.map(|one| one.id)) {
                Entry::Occupied(found) => found.into_mut(),
                Entry::Vacant(free) => {
                    let asked = own::Asked {
                        county: self.county,
                        tree: &self.tree,
                        place: township,
                        span: self.span,
                        stranger: whom != For::Staff,
                        card: true,
                        yearly: false,
                    };
                    free.insert((self.tree.below(township), own::all(tx, &asked, None)?))
                }
            };
            cards.push(self.card(village, township, (parts, figures), whom));
        }
        Ok(cards)
    }

    fn card(
        &self,
        village: &Division,
        township: Option<&Division>,
        (parts, figures): (&[Division], &[Own]),
        whom: For,
    ) -> Card {
        let at = |sums: &ByPlace, id: DivisionId| sums.get(&Some(id)).copied().unwrap_or(0);
        let mut values: Vec<Cell> = self.sums.iter().map(|sums| Some(at(sums, village.id))).collect();
        if whom != For::Staff {
            keep_small(&mut values);
        }
        if whom == For::Stranger {
            self.keep_back_beside(village, parts, &mut values);
        }
        let column = parts.iter().position(|part| part.id == village.id);
        let mut marks = Vec::new();
        for (own, line) in figures.iter().flat_map(|own| own.lines.iter().map(move |line| (own, line))) {
            let value = column.and_then(|at| line.parts.get(at).copied().flatten());
            marks.push(OwnMark { code: super::own_key(own, line), value, line: line.clone() });
        }
        let lines = self.lines.drawn().into_iter().map(|(line, at)| (line, at, line.held(at, &values)));
        Card {
            village: village.clone(),
            site: self.lines.site(village.id, self.span.to),
            township: township.cloned(),
            lines: lines.collect(),
            kept_back: values.iter().any(Option::is_none) || marks.iter().any(|mark| mark.value.is_none()),
            values,
            own: marks,
        }
    }

    /// Where a neighbour's small number is kept back from a stranger, the township's total must not tell it.
    fn keep_back_beside(&self, village: &Division, parts: &[Division], values: &mut [Cell]) {
        let Some(column) = parts.iter().position(|part| part.id == village.id) else { return };
        for ((mark, sums), value) in MARKS.iter().zip(&self.sums).zip(values) {
            if !matches!(mark.unit, Unit::Case | Unit::Times) {
                continue;
            }
            let cells: Vec<i64> =
                parts.iter().map(|part| sums.get(&Some(part.id)).copied().unwrap_or(0)).collect();
            if kept_back(&cells)[column] {
                *value = None;
            }
        }
    }
}

/// The cards as a workbook.
///
/// # Errors
/// As [`list`]; a fault where it cannot be written.
pub async fn workbook(
    app: &App,
    visitor: &Visitor,
    (asked, only_sites): (Asked, bool),
    english: bool,
) -> Result<(Span, Vec<u8>), Stop> {
    visitor.scope(Act::Export, Noun::Statistics)?;
    let window = Window { limit: u16::MAX - 1, after: None };
    let cards = list(app, visitor, asked, (only_sites, window)).await?;
    let pick = |zh: &'static str, en: &'static str| if english { en } else { zh };
    let mut heads =
        vec![pick("乡镇（街道）", "Township").to_owned(), pick("村（社区）", "Village").to_owned()];
    heads.push(pick("无讼村示范点，自", "Site since").to_owned());
    heads.extend(MARKS.iter().map(|mark| pick(mark.zh, mark.en).to_owned()));
    let lang = if english { "en" } else { "zh" };
    let own = cards.page.items.first().map(|card| card.own.as_slice()).unwrap_or_default();
    heads.extend(own.iter().map(|mark| mark.line.statistic.name.in_language(lang).to_owned()));
    let drawn = cards.lines.drawn();
    heads.extend(drawn.iter().map(|(line, at)| format!("{} {at}", line_name(*line, english))));
    let rows: Vec<Vec<String>> = cards.page.items.iter().map(|card| row(card, english)).collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let bytes = crate::sheets::write_figures(pick("各村", "Villages"), &heads, &rows, 3, app.today())
        .map_err(|fault| Fault::new("workbook", fault.to_string()))?;
    Ok((cards.span, bytes))
}

fn row(card: &Card, english: bool) -> Vec<String> {
    let word = |value: &Cell| value.map_or_else(|| "–".to_owned(), |n| n.to_string());
    let mut cells = vec![
        card.township.as_ref().map(|one| one.name.clone()).unwrap_or_default(),
        card.village.name.clone(),
        card.site.map(|day| day.to_string()).unwrap_or_default(),
    ];
    cells.extend(card.values.iter().map(word));
    cells.extend(card.own.iter().map(|mark| mark.line.written.text(mark.value)));
    cells.extend(card.lines.iter().map(|(_, _, held)| {
        let (zh, en) = match held {
            Some(true) => ("达到", "reached"),
            Some(false) => ("没有达到", "not reached"),
            None => ("–", "–"),
        };
        if english { en } else { zh }.to_owned()
    }));
    cells
}

/// What a line asks for, in words.
pub fn line_name(line: Line, english: bool) -> &'static str {
    let (zh, en) = match line {
        Line::SettledShare => ("调成的不少于（%）", "Settled, at least (%)"),
        Line::Unsettled => ("没有调成的不超过（件）", "Not settled, at most (cases)"),
        Line::Lectures => ("法治讲座不少于（场次）", "Lectures, at least"),
        Line::Visits => ("法律顾问走访不少于（次）", "Visits of the adviser, at least"),
        Line::PairedShare => ("结对的家庭不少于（%）", "Households with a lawyer, at least (%)"),
    };
    if english { en } else { zh }
}
