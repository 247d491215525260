//! Lays a paper out: its lines with values put in, blanks to write in where there are none.

use std::collections::BTreeMap;

use super::field::{Column, Field, From, Kind, Need};
use super::layout::{Block, Line, When};
use super::sheet::{Cell, Indent, Laid, Page, Row, Sheet, Sign, Span, Spans};
use super::text::Piece;
use super::values::{Value, Values};
use super::{Paper, money};

/// Columns of a table in units.
const WHOLE: u8 = 24;
/// Width of a label.
const LABEL: u8 = 4;
/// Least height of a row to sign in, and of one for several lines, in millimetres.
const SIGNED: u16 = 14;
const SEVERAL: u16 = 26;
const WRITTEN: u16 = 80;
/// Least height of any row.
const USUAL: u16 = 9;

/// What is put in at the placeholders.
#[derive(Clone, Copy)]
pub enum Fill<'a> {
    /// Values; what is missing is left blank to write in.
    Values(&'a Values),
    /// The placeholders themselves, `{{name}}`: the outline that a county changes into its own template.
    Names,
}

/// Lays a paper out. `foot` is the small line outside the text.
pub fn compose(paper: &Paper, fill: Fill<'_>, foot: &str) -> Sheet {
    let writer = Writer { paper, fill };
    let mut laid: Vec<Laid> = Vec::new();
    for line in paper.lines.iter().filter(|line| writer.holds(line)) {
        match (writer.rows(&line.block), laid.last_mut()) {
            (Some(rows), Some(Laid::Table(table))) => table.extend(rows),
            (Some(rows), _) => laid.push(Laid::Table(rows)),
            (None, _) => laid.extend(writer.block(&line.block)),
        }
    }
    Sheet { void: false, title: paper.title.clone(), page: paper.page, laid, foot: foot.to_owned() }
}

struct Writer<'a> {
    paper: &'a Paper,
    fill: Fill<'a>,
}

impl Writer<'_> {
    fn holds(&self, line: &Line) -> bool {
        let Fill::Values(values) = self.fill else { return true };
        match &line.when {
            None => true,
            Some(When::Filled(name)) => values.has(name),
            Some(When::Is(name, wanted)) => match values.get(name) {
                Some(Value::Chosen(all)) => all.contains(wanted),
                Some(other) => other.printed() == *wanted,
                // A blank print holds every variant to choose from, and a form its boxes; a text says only what is
                // chosen, never two things at once.
                None => values.is_empty() || !line.block.speaks(),
            },
        }
    }

    fn value(&self, name: &str) -> Option<&Value> {
        match self.fill {
            Fill::Values(values) => values.get(name),
            Fill::Names => None,
        }
    }

    fn block(&self, block: &Block) -> Vec<Laid> {
        let one = match block {
            Block::Organ(text) => Laid::Organ(self.text(text, None)),
            Block::Title(None) => Laid::Title(vec![Span::text(self.paper.title.clone())]),
            Block::Title(Some(text)) => Laid::Title(self.text(text, None)),
            Block::Number(name) => Laid::Number(self.number(name)),
            Block::To(text) => Laid::To(self.text(text, None)),
            Block::Para(text) => return self.paragraphs(Indent::Two, text),
            Block::Flush(text) => return self.paragraphs(Indent::None, text),
            Block::Section(text) => Laid::Section(self.text(text, None)),
            Block::Each(list, text) => return self.each(list, text),
            Block::Sign(signs) => Laid::Signs(signs.iter().map(|sign| self.sign(sign)).collect()),
            Block::Seal { issuer, date, .. } => {
                Laid::Seal(self.text(issuer, None), self.text(&[field(date)], None))
            }
            Block::Note(text) => Laid::Note(self.text(text, None)),
            Block::NewPage => Laid::NewPage,
            Block::Cut(text) => Laid::Cut(self.text(text, None)),
            Block::Row(..) | Block::List(..) | Block::Head(_) | Block::Wide(_) => return Vec::new(),
        };
        vec![one]
    }

    fn number(&self, name: &str) -> Spans {
        let value = self.text(&[field(name)], None);
        if self.paper.page == Page::Letter {
            return value;
        }
        [vec![Span::text("编号：")], value].concat()
    }

    /// A value of several lines makes several paragraphs.
    fn paragraphs(&self, indent: Indent, text: &[Piece]) -> Vec<Laid> {
        lines(self.text(text, None)).into_iter().map(|line| Laid::Para(indent, line)).collect()
    }

    fn each(&self, list: &str, text: &[Piece]) -> Vec<Laid> {
        let rows = match (self.fill, self.value(list)) {
            (Fill::Names, _) => {
                let mut spans = vec![Span::text(format!("{{{{#each {list}}}}}"))];
                spans.extend(self.text(text, Some(&Given::Names)));
                spans.push(Span::text("{{/each}}"));
                return vec![Laid::Para(Indent::Two, spans)];
            }
            (_, Some(Value::Rows(rows))) => rows.clone(),
            _ => vec![BTreeMap::new(); 2],
        };
        let mut laid = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let given = Given::Row(at + 1, row);
            let all = lines(self.text(text, Some(&given)));
            laid.extend(all.into_iter().map(|line| Laid::Para(Indent::Two, line)));
        }
        laid
    }

    fn sign(&self, (sign, date): &(String, Option<String>)) -> Sign {
        let label = self.paper.field(sign).map(|field| field.label.clone()).unwrap_or_default();
        Sign { label, dated: date.is_some() }
    }

    fn text(&self, pieces: &[Piece], row: Option<&Given<'_>>) -> Spans {
        let (mut spans, mut typed) = (Vec::new(), false);
        for piece in pieces {
            let more = match piece {
                Piece::Words(words) => vec![Span::text(words.clone())],
                Piece::Field { name, in_words } => self.put(name, *in_words, row),
                Piece::Optional(inner) if self.whole(inner, row) => self.text(inner, row),
                Piece::Optional(_) => continue,
            };
            let is_field = matches!(piece, Piece::Field { .. });
            if typed && !is_field {
                carry_on(&mut spans);
            }
            typed = is_field;
            spans.extend(more);
        }
        spans
    }

    /// Whether every field of an optional piece is filled.
    fn whole(&self, pieces: &[Piece], row: Option<&Given<'_>>) -> bool {
        let names = super::text::names(pieces);
        matches!(self.fill, Fill::Names)
            || names.iter().all(|name| match row {
                Some(Given::Row(_, row)) if row.contains_key(*name) || *name == "n" => true,
                _ => self.value(name).is_some(),
            })
    }

    fn put(&self, name: &str, in_words: bool, row: Option<&Given<'_>>) -> Spans {
        let value = match row {
            Some(Given::Names) => return vec![Span::text(format!("{{{{{name}}}}}"))],
            Some(Given::Row(at, _)) if name == "n" => return vec![Span::text(at.to_string())],
            Some(Given::Row(_, row)) => row.get(name).or_else(|| self.value(name)),
            None => self.value(name),
        };
        if matches!(self.fill, Fill::Names) {
            let words = if in_words { ":words" } else { "" };
            return vec![Span::text(format!("{{{{{name}{words}}}}}"))];
        }
        match value {
            Some(value @ Value::Rows(_)) => vec![Span::text(self.joined(name, value))],
            Some(value) => printed(value, in_words),
            None => self.paper.field(name).map_or_else(|| vec![Span::Blank(8)], |field| blank(field.kind)),
        }
    }

    /// Rows of a form; None for what stands outside a table.
    fn rows(&self, block: &Block) -> Option<Vec<Row>> {
        Some(match block {
            Block::Row(names, height) => vec![self.row(names, *height)],
            Block::List(name, least) => self.list(name, *least),
            Block::Head(text) => vec![across(self.text(text, None), true)],
            Block::Wide(text) => {
                vec![Row { height: self.height(text), ..across(self.text(text, None), false) }]
            }
            _ => return None,
        })
    }

    /// Words across the form are as high as they are; a long text that may be written by hand gets room.
    fn height(&self, text: &[Piece]) -> u16 {
        let long = |name: &&str| self.paper.field(name).is_some_and(|field| field.kind == Kind::Long);
        if super::text::names(text).iter().any(long) { WRITTEN } else { USUAL }
    }

    fn row(&self, names: &[String], height: u16) -> Row {
        let fields: Vec<&Field> = names.iter().filter_map(|name| self.paper.field(name)).collect();
        let share = WHOLE / (fields.len().max(1) as u8);
        let mut cells = Vec::new();
        let mut least = height.max(USUAL);
        for (at, field) in fields.iter().enumerate() {
            least = least.max(match field.kind {
                Kind::Sign | Kind::Seal => SIGNED,
                Kind::Long if height == 0 => SEVERAL,
                _ => 0,
            });
            // What does not divide evenly goes to the last cell.
            let units = if at + 1 == fields.len() { WHOLE - share * at as u8 } else { share };
            cells.push(Cell {
                units: LABEL,
                label: true,
                lines: vec![vec![Span::text(field.label.clone())]],
            });
            cells.push(Cell { units: units - LABEL, label: false, lines: self.cell(field) });
        }
        Row { cells, height: least, repeated: false, each: None }
    }

    fn cell(&self, field: &Field) -> Vec<Spans> {
        if !field.options.is_empty() || field.kind == Kind::Yes {
            return vec![self.ticks(field)];
        }
        match (self.fill, self.value(&field.name)) {
            (Fill::Names, _) if matches!(field.kind, Kind::Sign | Kind::Seal) => vec![Vec::new()],
            (Fill::Names, _) => vec![vec![Span::text(format!("{{{{{}}}}}", field.name))]],
            (_, Some(value @ Value::Money(_))) => {
                let words = printed(value, true);
                vec![[printed(value, false), vec![Span::text("（")], words, vec![Span::text("）")]].concat()]
            }
            (_, Some(value @ Value::Rows(_))) => vec![vec![Span::text(self.joined(&field.name, value))]],
            (_, Some(value)) => lines(printed(value, false)),
            (_, None) if matches!(field.kind, Kind::Date | Kind::Time) && field.from == From::Hand => {
                vec![blank(field.kind)]
            }
            // Under a seal nothing is left that could be written in later.
            (_, None) if field.need == Need::May && field.from != From::Hand && self.sealed() => {
                vec![vec![Span::text("/")]]
            }
            _ => vec![Vec::new()],
        }
    }

    /// A list in one line, its cells in the order of the columns.
    fn joined(&self, name: &str, value: &Value) -> String {
        match self.paper.field(name) {
            Some(field) => field.joined(value),
            None => value.printed(),
        }
    }

    fn sealed(&self) -> bool {
        self.paper.lines.iter().any(|line| matches!(line.block, Block::Seal { .. }))
    }

    fn ticks(&self, field: &Field) -> Spans {
        let yes_no = ["是".to_owned(), "否".to_owned()];
        let options = if field.kind == Kind::Yes { &yes_no[..] } else { &field.options };
        let chosen: Vec<String> = match self.value(&field.name) {
            Some(Value::Chosen(all)) => all.clone(),
            Some(other) => vec![other.printed()],
            None => Vec::new(),
        };
        let mut spans = Vec::new();
        for option in options {
            spans.push(match self.fill {
                Fill::Names => Span::text(format!("{{{{{}={option}}}}}", field.name)),
                Fill::Values(_) => Span::Tick(chosen.contains(option)),
            });
            spans.push(Span::text(format!("{option}　")));
        }
        spans
    }

    fn list(&self, name: &str, least: usize) -> Vec<Row> {
        let Some(field) = self.paper.field(name) else { return Vec::new() };
        let units = shares(&field.columns);
        let heading = |(column, units): (&Column, &u8)| Cell {
            units: *units,
            label: true,
            lines: vec![vec![Span::text(column.label.clone())]],
        };
        let cells = field.columns.iter().zip(&units).map(heading).collect();
        let title = across(vec![Span::text(field.label.clone())], true);
        let mut rows = vec![title, Row { cells, height: USUAL, repeated: true, each: None }];
        if matches!(self.fill, Fill::Names) {
            rows.push(template_row(field, &units));
            return rows;
        }
        let nothing = Vec::new();
        let given = match self.value(name) {
            Some(Value::Rows(rows)) => rows,
            _ => &nothing,
        };
        for at in 0..given.len().max(least) {
            rows.push(list_row(field, &units, at, given.get(at)));
        }
        rows
    }
}

/// What a row of a list gives to a sentence.
enum Given<'a> {
    Row(usize, &'a BTreeMap<String, Value>),
    Names,
}

/// Takes the stop off a value in the middle of a sentence: 「因已自行委托律师。，根据」.
fn carry_on(spans: &mut Spans) {
    if let Some(Span::Text(text)) = spans.last_mut() {
        text.truncate(text.trim_end_matches(['。', '；', '，', '、', ';', ',', ' ', '\n']).len());
    }
}

fn field(name: &str) -> Piece {
    Piece::Field { name: name.to_owned(), in_words: false }
}

fn printed(value: &Value, in_words: bool) -> Spans {
    match value {
        Value::Money(fen) if in_words => vec![Span::text(money::in_words(*fen).unwrap_or_default())],
        Value::Money(_) | Value::Int(_) => vec![Span::Whole(value.printed())],
        Value::Text(text) if text.len() >= 4 && text.bytes().all(|b| b.is_ascii_graphic()) => {
            vec![Span::Whole(text.clone())]
        }
        _ => vec![Span::text(value.printed())],
    }
}

/// Room to write in.
fn blank(kind: Kind) -> Spans {
    let room = Span::Blank;
    match kind {
        Kind::Date => vec![room(4), Span::text("年"), room(2), Span::text("月"), room(2), Span::text("日")],
        Kind::Time => {
            [blank(Kind::Date), vec![room(2), Span::text("时"), room(2), Span::text("分")]].concat()
        }
        Kind::Int => vec![room(3)],
        Kind::Long => vec![room(24)],
        Kind::Number => vec![room(10)],
        _ => vec![room(8)],
    }
}

/// Spans parted at line breaks.
fn lines(spans: Spans) -> Vec<Spans> {
    let mut all = vec![Vec::new()];
    for span in spans {
        let Span::Text(text) = span else {
            if let Some(last) = all.last_mut() {
                last.push(span);
            }
            continue;
        };
        for (at, part) in text.split('\n').enumerate() {
            if at > 0 {
                all.push(Vec::new());
            }
            if let Some(last) = all.last_mut().filter(|_| !part.is_empty()) {
                last.push(Span::text(part));
            }
        }
    }
    all
}

fn across(spans: Spans, label: bool) -> Row {
    let cell = Cell { units: WHOLE, label, lines: lines(spans) };
    Row { cells: vec![cell], height: USUAL, repeated: false, each: None }
}

/// Narrowest column, in units: two characters and the room around them.
const NARROW: u32 = 2;

/// How much room a column wants.
fn weight(column: &Column) -> u32 {
    let short = column.label.chars().count() <= 2;
    match (column.kind, column.name.as_str()) {
        (_, "n" | "gender" | "ethnicity") => NARROW,
        (Kind::Int | Kind::Yes, _) if short => NARROW,
        (Kind::Int | Kind::Yes, _) => 3,
        (Kind::Date | Kind::Time | Kind::Phone, _) => 5,
        (Kind::Id, _) => 7,
        (_, "content" | "address" | "matter" | "topic" | "point" | "paper" | "reason") => 9,
        _ => 4,
    }
}

/// Widths of a list's columns, together 24 units: narrow ones first, the rest by what they want.
fn shares(columns: &[Column]) -> Vec<u8> {
    let weights: Vec<u32> = columns.iter().map(weight).collect();
    let narrow = weights.iter().filter(|weight| **weight == NARROW).count() as u32 * NARROW;
    let wanted: u32 = weights.iter().filter(|weight| **weight > NARROW).sum();
    let room = u32::from(WHOLE).saturating_sub(narrow);
    let share = |weight: &u32| if *weight > NARROW { (weight * room / wanted).max(NARROW) } else { NARROW };
    let mut units: Vec<u32> = weights.iter().map(share).collect();
    // What does not divide goes to the widest, from the last.
    let widest = weights.iter().max().copied().unwrap_or(0);
    let at = weights.iter().rposition(|weight| *weight == widest).unwrap_or(0);
    let used: u32 = units.iter().sum();
    if let Some(last) = units.get_mut(at) {
        *last = (*last + u32::from(WHOLE)).saturating_sub(used);
    }
    units.into_iter().map(|units| units as u8).collect()
}

fn list_row(field: &Field, units: &[u8], at: usize, row: Option<&BTreeMap<String, Value>>) -> Row {
    let cell = |(column, units): (&Column, &u8)| {
        let value = row.and_then(|row| row.get(&column.name));
        let lines = match value {
            None if column.name == "n" => vec![vec![Span::text((at + 1).to_string())]],
            Some(value) => lines(printed(value, false)),
            None => vec![Vec::new()],
        };
        Cell { units: *units, label: false, lines }
    };
    let cells = field.columns.iter().zip(units).map(cell).collect();
    let signed = field.columns.iter().any(|column| column.kind == Kind::Sign);
    Row { cells, height: if signed { SIGNED } else { USUAL }, repeated: false, each: None }
}

fn template_row(field: &Field, units: &[u8]) -> Row {
    let last = field.columns.len() - 1;
    let cell = |(at, (column, units)): (usize, (&Column, &u8))| {
        let open = if at == 0 { format!("{{{{#each {}}}}}", field.name) } else { String::new() };
        let close = if at == last { "{{/each}}" } else { "" };
        let text = format!("{open}{{{{{}}}}}{close}", column.name);
        Cell { units: *units, label: false, lines: vec![vec![Span::text(text)]] }
    };
    let cells = field.columns.iter().zip(units).enumerate().map(cell).collect();
    Row { cells, height: USUAL, repeated: false, each: Some(field.name.clone()) }
}
