//! Walking the rows below a header: merges filled, "as above" copied, totals and notes and hidden rows set aside.

use std::collections::HashMap;

use super::clean;
use super::column::{Field, RosterKind};
use super::header::{Found, Header, Repeats};
use super::row::Origin;
use super::sheet::{Cell, Merge, Sheet, SheetRow};

/// Why a row or sheet is no data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// Hidden by hand or by a filter.
    Hidden,
    /// The header printed again.
    Header,
    /// 合计, 小计, 总计.
    Total,
    /// 注：, 填报单位, 制表人 and other words under the table.
    Note,
    /// Nothing but a running number.
    Blank,
    /// A hidden sheet.
    HiddenSheet,
    /// A sheet without this roster's columns.
    NoHeader,
}

/// One data row with its known columns.
#[derive(Clone, Debug)]
pub struct Record<'a> {
    /// Where it stands.
    pub origin: Origin,
    /// Whether the sheet's date numbers count from 1904.
    pub date_1904: bool,
    cells: Vec<(Field, &'a Cell)>,
}

/// What the walk meets.
#[derive(Clone, Debug)]
pub enum Step<'a> {
    /// A data row.
    Row(Record<'a>),
    /// Another row, with its number.
    Skipped(u32, Why),
    /// A cell of the coming data row that repeats the one above, with its row number.
    Copied(u32, Field),
}

impl<'a> Record<'a> {
    /// The cell of a field; empty where the sheet lacks the column.
    pub fn cell(&self, field: Field) -> &'a Cell {
        self.cells.iter().find(|(known, _)| *known == field).map_or(Cell::empty(), |(_, cell)| cell)
    }

    /// The trimmed text of a field, which may be empty.
    pub fn text(&self, field: Field) -> String {
        clean::text(self.cell(field))
    }

    /// The trimmed text of a field; None where it is empty or says 无.
    pub fn said(&self, field: Field) -> Option<String> {
        Some(self.text(field)).filter(|text| !clean::says_none(text))
    }
}

/// Walks a sheet's rows below its header, top to bottom, each once.
pub fn walk<'a>(
    kind: RosterKind,
    index: usize,
    sheet: &'a Sheet,
    header: &Header,
    mut each: impl FnMut(Step<'a>),
) {
    let (mut fills, repeats) = (Fills::new(sheet, header), Repeats::new(kind, header));
    let mut above: Vec<&Cell> = vec![Cell::empty(); header.columns.len()];
    for row in sheet.rows.iter().filter(|row| row.number > header.row) {
        if let Some(why) = no_data(header, row, &fills, &repeats) {
            if why != Why::Blank || row.cells.iter().any(|cell| !clean::is_blank(cell)) {
                each(Step::Skipped(row.number, why));
            }
            continue;
        }
        let mut cells = Vec::with_capacity(header.columns.len());
        for (at, found) in header.columns.iter().enumerate() {
            let mut cell = row.cell(found.column);
            if clean::is_blank(cell) {
                cell = fills.at(at, row.number);
            }
            if clean::is_ditto(cell) {
                cell = above[at];
                each(Step::Copied(row.number, found.field));
            }
            above[at] = cell;
            cells.push((found.field, cell));
        }
        let origin = Origin { sheet: index, row: row.number };
        each(Step::Row(Record { origin, date_1904: sheet.date_1904, cells }));
    }
}

fn no_data(header: &Header, row: &SheetRow, fills: &Fills<'_>, repeats: &Repeats) -> Option<Why> {
    if row.hidden {
        return Some(Why::Hidden);
    }
    let mut filled = row.cells.iter().enumerate().filter(|(_, cell)| !clean::is_blank(cell));
    let Some((first, cell)) = filled.next() else { return Some(Why::Blank) };
    let alone = filled.next().is_none();
    if let Cell::Text(_) = cell {
        let words = clean::squeeze(&clean::text(cell));
        if is_total(&words) {
            return Some(Why::Total);
        }
        let outside = !header.columns.iter().any(|f| f.column == first && f.field != Field::Serial);
        if is_note(&words) || alone && (fills.is_wide(row.number, first) || outside && !is_number(&words)) {
            return Some(Why::Note);
        }
    }
    if repeats.row(row) {
        return Some(Why::Header);
    }
    let says = |f: &&Found| f.field != Field::Serial && !clean::is_blank(row.cell(f.column));
    (!header.columns.iter().any(|found| says(&found))).then_some(Why::Blank)
}

fn is_number(words: &str) -> bool {
    words.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// 合计, 全村小计, 总计:2942户. Names do not end so.
fn is_total(words: &str) -> bool {
    ["合计", "小计", "总计", "共计", "累计", "汇总"].iter().any(|word| {
        let Some((before, after)) = words.split_once(word) else { return false };
        let after_plain = after.chars().all(|c| !c.is_alphabetic() || "户人名个户数人数共".contains(c));
        after_plain && before.chars().count() <= 8
    })
}

fn is_note(words: &str) -> bool {
    let openings = [
        "填报",
        "制表",
        "填表",
        "审核人",
        "审核:",
        "复核",
        "经办人",
        "统计人",
        "统计时间",
        "填写说明",
        "单位负责人",
        "备注:",
        "说明:",
        "注意",
        "联系人:",
        "负责人:",
        "负责人签",
        "单位(盖章)",
        "盖章",
    ];
    let marked = words.strip_prefix('注').and_then(|rest| rest.chars().next());
    openings.iter().any(|opening| words.starts_with(opening))
        || words == "注"
        || marked.is_some_and(|c| c.is_ascii_digit() || ":;.、,(【[①".contains(c))
}

/// The values that merged rectangles carry down, column by column.
struct Fills<'a> {
    columns: Vec<Vec<(Merge, &'a Cell)>>,
    next: Vec<usize>,
    wide: HashMap<u32, u32>,
}

impl<'a> Fills<'a> {
    fn new(sheet: &'a Sheet, header: &Header) -> Self {
        let mut merges = sheet.merges.clone();
        merges.sort_by_key(|merge| (merge.first_row, merge.first_col));
        let covers = |merge: &Merge, column: usize| {
            (merge.first_col as usize..=merge.last_col as usize).contains(&column)
        };
        let value = |merge: &Merge| {
            let anchor = sheet.row(merge.first_row.saturating_add(1));
            anchor.map_or(Cell::empty(), |row| row.cell(merge.first_col as usize))
        };
        // A merge that begins in the header or above is part of the titles.
        let below: Vec<_> = merges.iter().filter(|merge| merge.first_row >= header.row).collect();
        let column = |at: usize| below.iter().filter(|m| covers(m, at)).map(|m| (**m, value(m))).collect();
        let columns: Vec<_> = header.columns.iter().map(|found| column(found.column)).collect();
        let wide = merges.iter().filter(|merge| merge.last_col >= merge.first_col.saturating_add(2));
        let wide = wide.map(|merge| (merge.first_row.saturating_add(1), merge.first_col)).collect();
        Self { next: vec![0; columns.len()], columns, wide }
    }

    /// What a merge puts into this row of the known column `at`; rows are asked for in ascending order.
    fn at(&mut self, at: usize, row: u32) -> &'a Cell {
        let index = row.saturating_sub(1);
        let (Some(merges), Some(next)) = (self.columns.get(at), self.next.get_mut(at)) else {
            return Cell::empty();
        };
        while merges.get(*next).is_some_and(|(merge, _)| merge.last_row < index) {
            *next += 1;
        }
        match merges.get(*next) {
            Some((merge, cell)) if merge.first_row <= index => cell,
            _ => Cell::empty(),
        }
    }

    /// Whether a rectangle of three columns or more begins at this cell: a title or a note, no value.
    fn is_wide(&self, row: u32, column: usize) -> bool {
        self.wide.get(&row).is_some_and(|first| *first as usize == column)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::fixture::sheet;
    use super::super::header::find;
    use super::*;

    /// Rows as (number, village, name), rows set aside, rows with copied cells.
    type Met = (Vec<(u32, String, String)>, Vec<(u32, Why)>, Vec<u32>);

    fn steps(sheet: &Sheet) -> Met {
        let header = find(RosterKind::Households, sheet, None).unwrap();
        let (mut rows, mut skipped, mut copied) = (Vec::new(), Vec::new(), Vec::new());
        walk(RosterKind::Households, 0, sheet, &header, |step| match step {
            Step::Row(r) => rows.push((r.origin.row, r.text(Field::Village), r.text(Field::Name))),
            Step::Skipped(row, why) => skipped.push((row, why)),
            Step::Copied(row, _) => copied.push(row),
        });
        (rows, skipped, copied)
    }

    #[test]
    fn merges_fill_their_range_and_no_row_more() {
        let rows: &[&[&str]] =
            &[&["村", "户主姓名"], &["野麻湾村", "甲"], &["", "乙"], &["", "丙"], &["", "丁"]];
        let mut merged = sheet("一", rows);
        merged.merges.push(Merge { first_row: 1, first_col: 0, last_row: 2, last_col: 0 });
        let (rows, ..) = steps(&merged);
        let villages: Vec<_> = rows.iter().map(|row| row.1.as_str()).collect();
        assert_eq!(villages, ["野麻湾村", "野麻湾村", "", ""]);
    }

    #[test]
    fn as_above_is_copied_and_flagged() {
        let rows: &[&[&str]] = &[&["村", "户主姓名"], &["野麻湾村", "甲"], &["同上", "乙"], &["〃", "丙"]];
        let (rows, _, copied) = steps(&sheet("一", rows));
        assert!(rows.iter().all(|row| row.1 == "野麻湾村"));
        assert_eq!(copied, [3, 4]);
    }

    #[test]
    fn totals_notes_headers_and_hidden_rows_are_set_aside() {
        let rows: &[&[&str]] = &[
            &["序号", "村", "户主姓名"],
            &["1", "野麻湾村", "甲"],
            &["小计", "", "1户"],
            &["序号", "村", "户主姓名"],
            &["2", "野麻湾村", "乙"],
            &["3", "野麻湾村", "丙"],
            &["4", "", ""],
            &["", "合 计", "3户"],
            &["注：以民政为准。"],
            &["类别以民政、残联核定为准。"],
            &["制表人：某某", "", "审核人：某某"],
        ];
        let mut dirty = sheet("一", rows);
        dirty.rows[5].hidden = true;
        let (rows, skipped, _) = steps(&dirty);
        assert_eq!(rows.iter().map(|row| row.0).collect::<Vec<_>>(), [2, 5]);
        let expected = [
            (3, Why::Total),
            (4, Why::Header),
            (6, Why::Hidden),
            (7, Why::Blank),
            (8, Why::Total),
            (9, Why::Note),
            (10, Why::Note),
            (11, Why::Note),
        ];
        assert_eq!(skipped, expected);
    }

    #[test]
    fn a_line_across_the_table_is_no_row() {
        let mut sheet =
            sheet("一", &[&["村", "户主姓名", "备注"], &["以下为雄关街道", "", ""], &["甲村", "甲"]]);
        sheet.merges.push(Merge { first_row: 1, first_col: 0, last_row: 1, last_col: 2 });
        let (rows, skipped, _) = steps(&sheet);
        assert_eq!((rows.len(), skipped), (1, vec![(2, Why::Note)]));
    }
}
