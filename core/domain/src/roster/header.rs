//! Finding the header row: the row among the first ones whose texts name most columns of the roster.

use std::collections::{HashMap, HashSet};

use super::clean;
use super::column::{Column, Field, Mapping, RosterKind, columns};
use super::sheet::{Cell, Merge, Sheet, SheetRow, Workbook};

/// How many rows with values are looked at before a sheet counts as having no header.
const ROWS_TO_SEARCH: usize = 30;
/// Fewer known columns than this are a coincidence in a title, not a header.
const FEWEST_COLUMNS: usize = 2;
/// Columns in which a merged header cell counts.
const WIDEST: u32 = 1024;
/// Bytes of the longest text that may be a title.
const LONGEST_TITLE: usize = 80;
/// Rows shown beneath the headers on the mapping page.
const SAMPLE_ROWS: usize = 5;

/// A column of the sheet that the roster knows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// Column of the sheet, from 0.
    pub column: usize,
    /// What it holds.
    pub field: Field,
    /// The header as the sheet writes it.
    pub title: String,
}

/// A sheet's header.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Header {
    /// Row number of the sheet, from 1.
    pub row: u32,
    /// Known columns, left to right.
    pub columns: Vec<Found>,
    /// Headers that name no column of this roster, left to right.
    pub unmatched: Vec<String>,
}

/// A sheet as the mapping page shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SheetPreview {
    /// The sheet's name.
    pub name: String,
    /// Row number of the presumed header, from 1; 0 for an empty sheet.
    pub row: u32,
    /// Header texts, left to right.
    pub headers: Vec<String>,
    /// Up to five rows below as text.
    pub sample: Vec<Vec<String>>,
}

impl Header {
    /// The header text of a field, where the sheet has it.
    pub fn title(&self, field: Field) -> Option<&str> {
        self.columns.iter().find(|found| found.field == field).map(|found| found.title.as_str())
    }

    /// The first column that the roster cannot do without and this header lacks.
    pub fn missing(&self, kind: RosterKind) -> Option<&'static Column> {
        columns(kind).iter().find(|column| column.required && self.title(column.field).is_none())
    }
}

/// The best header row of a sheet; None where no row names at least two columns.
pub fn find(kind: RosterKind, sheet: &Sheet, mapping: Option<&Mapping>) -> Option<Header> {
    let names = Names::new(kind, mapping);
    let mut best: Option<Header> = None;
    for row in sheet.rows.iter().filter(|row| !row.hidden).take(ROWS_TO_SEARCH) {
        let header = names.header(row.number, &titles(sheet, row));
        let least = best.as_ref().map_or(FEWEST_COLUMNS - 1, |known| known.columns.len());
        if header.columns.len() > least {
            best = Some(header);
        }
    }
    best
}

/// Knows a header that is printed again among the data, as at the top of each printed page.
#[derive(Clone, Debug)]
pub struct Repeats(Vec<(usize, HashSet<String>)>);

impl Repeats {
    /// The names of each known column, folded once for the whole sheet.
    pub fn new(kind: RosterKind, header: &Header) -> Self {
        let names = |found: &Found| {
            let column = columns(kind).iter().find(|column| column.field == found.field);
            let known = column.map_or(&[][..], |column| column.names).iter().map(|name| key(name));
            known.chain([key(&found.title)]).collect()
        };
        Self(header.columns.iter().map(|found| (found.column, names(found))).collect())
    }

    /// Whether most filled cells of the row name the very column in which they stand.
    pub fn row(&self, row: &SheetRow) -> bool {
        let (mut filled, mut hits) = (0, 0);
        for (column, names) in &self.0 {
            let Cell::Text(typed) = row.cell(*column) else { continue };
            filled += 1;
            hits += usize::from(typed.len() <= LONGEST_TITLE && names.contains(&key(typed)));
        }
        hits >= FEWEST_COLUMNS && hits * 2 > filled
    }
}

/// Header texts and sample rows of each visible sheet, for a person to say which column is which.
pub fn headers(book: &Workbook) -> Vec<SheetPreview> {
    book.sheets.iter().filter(|sheet| !sheet.hidden).map(preview).collect()
}

fn preview(sheet: &Sheet) -> SheetPreview {
    let visible: Vec<_> = sheet.rows.iter().filter(|row| !row.hidden).take(ROWS_TO_SEARCH).collect();
    let texts = |row: &SheetRow| row.cells.iter().map(clean::text).collect::<Vec<_>>();
    let filled = |row: &SheetRow| row.cells.iter().filter(|cell| matches!(cell, Cell::Text(_))).count();
    // The widest row of texts is the header; of equals the first, since data rows follow it.
    let widest = visible.iter().map(|row| filled(row)).max().unwrap_or(0);
    let at = visible.iter().position(|row| filled(row) == widest).unwrap_or(0);
    SheetPreview {
        name: sheet.name.clone(),
        row: visible.get(at).map_or(0, |row| row.number),
        headers: visible.get(at).map(|row| titles(sheet, row)).unwrap_or_default(),
        sample: visible.iter().skip(at + 1).take(SAMPLE_ROWS).map(|row| texts(row)).collect(),
    }
}

/// The texts of a presumed header row; a cell merged down from the row above counts where it ends.
fn titles(sheet: &Sheet, row: &SheetRow) -> Vec<String> {
    let index = row.number.saturating_sub(1);
    let down = |m: &&Merge| {
        m.first_row < index && m.last_row == index && m.first_col == m.last_col && m.first_col < WIDEST
    };
    let merged: HashMap<usize, &Cell> = sheet
        .merges
        .iter()
        .filter(down)
        .filter_map(|m| {
            let anchor = sheet.row(m.first_row + 1)?;
            Some((m.first_col as usize, anchor.cell(m.first_col as usize)))
        })
        .collect();
    let width = merged.keys().map(|column| column + 1).max().unwrap_or(0).max(row.cells.len());
    (0..width)
        .map(|column| {
            let own = row.cell(column);
            let cell = if clean::is_blank(own) { merged.get(&column).copied().unwrap_or(own) } else { own };
            clean::text(cell)
        })
        .collect()
}

/// The names of a roster's columns, folded once for a whole sheet.
struct Names {
    known: HashMap<String, Field>,
    chosen: HashMap<String, Option<Field>>,
}

impl Names {
    fn new(kind: RosterKind, mapping: Option<&Mapping>) -> Self {
        let mut known = HashMap::new();
        for column in columns(kind) {
            for name in column.names {
                known.entry(key(name)).or_insert(column.field);
            }
        }
        let chosen = mapping.map(|m| m.0.iter().map(|(title, field)| (key(title), *field)).collect());
        Self { known, chosen: chosen.unwrap_or_default() }
    }

    /// What a title names, and how surely: 3 chosen by a person, 2 its name, 1 its name beside a remark.
    fn field(&self, title: &str) -> Option<(Field, u8)> {
        let name = key(title);
        if let Some(choice) = self.chosen.get(&name) {
            return choice.map(|field| (field, 3));
        }
        let exact = self.known.get(&name).map(|field| (*field, 2));
        exact.or_else(|| self.known.get(&bare(title)).map(|field| (*field, 1)))
    }

    fn header(&self, row: u32, titles: &[String]) -> Header {
        let mut best: HashMap<Field, (u8, usize)> = HashMap::new();
        for (column, title) in titles.iter().enumerate() {
            let Some((field, rank)) = self.field(title) else { continue };
            let better = best.get(&field).is_none_or(|(known, _)| rank > *known);
            if better {
                best.insert(field, (rank, column));
            }
        }
        let mut columns: Vec<_> = best
            .into_iter()
            .map(|(field, (_, column))| Found { column, field, title: titles[column].clone() })
            .collect();
        columns.sort_by_key(|found| found.column);
        let taken = |column: usize| columns.iter().any(|found| found.column == column);
        let unmatched = titles.iter().enumerate().filter(|(at, title)| !title.is_empty() && !taken(*at));
        let unmatched = unmatched.map(|(_, title)| title.clone()).collect();
        Header { row, columns, unmatched }
    }
}

/// A title without blanks, brackets, strokes and stars, in half width and lower case.
fn key(title: &str) -> String {
    clean::squeeze(title).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A title without what stands in brackets and without a number: 联系电话1(手机) names 联系电话.
fn bare(title: &str) -> String {
    let folded = clean::squeeze(title);
    let outside = folded.split('(').next().unwrap_or_default();
    key(outside.trim_end_matches(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::fixture::sheet;
    use super::*;

    #[test]
    fn header_is_found_below_titles_under_other_names() {
        let rows: &[&[&str]] = &[
            &["嘉峪关市花名册"],
            &["填报单位：新城镇司法所"],
            &["户主", "身份证号 ", "联系电话（手机）", "村／社区", "所属乡镇", "爱好"],
            &["张三", "", "", "野麻湾村", "新城镇", ""],
        ];
        let found = find(RosterKind::Households, &sheet("一", rows), None).unwrap();
        assert_eq!(found.row, 3);
        let fields: Vec<_> = found.columns.iter().map(|c| c.field).collect();
        assert_eq!(fields, [Field::Name, Field::IdNumber, Field::Phone, Field::Village, Field::Township]);
        assert_eq!(found.unmatched, ["爱好"]);
        assert_eq!(found.title(Field::IdNumber), Some("身份证号"));
        assert!(found.missing(RosterKind::Households).is_none());
    }

    #[test]
    fn two_row_headers_count_where_the_merge_ends() {
        let mut two = sheet("一", &[&["村", "户主信息", ""], &["", "姓名", "身份证号"], &["a", "b", "c"]]);
        two.merges.push(Merge { first_row: 0, first_col: 0, last_row: 1, last_col: 0 });
        let found = find(RosterKind::Households, &two, None).unwrap();
        assert_eq!((found.row, found.columns.len()), (2, 3));
    }

    #[test]
    fn a_person_may_say_which_column_is_which() {
        let odd = sheet("一", &[&["当家人", "哪个村", "电话"], &["张三", "野麻湾村", "1"]]);
        assert!(find(RosterKind::Households, &odd, None).is_none());
        let chosen = [
            ("当家人".to_owned(), Some(Field::Name)),
            ("哪个村".to_owned(), Some(Field::Village)),
            ("电话".to_owned(), None),
        ];
        let mapping = Mapping(chosen.into());
        let found = find(RosterKind::Households, &odd, Some(&mapping)).unwrap();
        assert_eq!(found.columns.len(), 2);
        assert_eq!(found.unmatched, ["电话"]);
    }

    #[test]
    fn preview_shows_headers_and_five_rows() {
        let book = Workbook {
            sheets: vec![sheet("一", &[&["标题"], &["姓名", "村"], &["张三", "野麻湾村"]])],
        };
        let shown = headers(&book);
        assert_eq!((shown[0].row, shown[0].headers.len(), shown[0].sample.len()), (2, 2, 1));
    }
}
