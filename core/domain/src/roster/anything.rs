//! Whatever a file holds, reading it ends, counts add up and nothing panics.

use proptest::prelude::*;

use super::fixture::context;
use super::sheet::{Cell, Merge, Sheet, SheetRow, Workbook};
use super::{RosterKind, Severity, columns, headers, read};

/// Cells that rosters are made of, and some that they should not be.
fn cell() -> impl Strategy<Value = Cell> {
    let words = prop::sample::select(vec![
        "同上",
        "〃",
        "合计",
        "注：",
        "",
        " ",
        "新城镇",
        "野麻湾村",
        "张三",
        "低保，残疾",
        "620201198505150012",
        "620201850515001",
        "6.20201E+17",
        "13912345678/0937-6226123",
        "2024.2.30",
        "2026.1.1-2030.12.31",
        "王律师",
        "周一至周五 9:00-12:00",
        "户主姓名",
        "身份证号码",
        "村",
        "'",
    ]);
    prop_oneof![
        1 => Just(Cell::Empty),
        6 => words.prop_map(Cell::from),
        2 => "\\PC{0,24}".prop_map(|text| Cell::from(text.as_str())),
        1 => any::<f64>().prop_map(Cell::Number),
        1 => any::<f64>().prop_map(Cell::Date),
        1 => any::<bool>().prop_map(Cell::Bool),
        1 => Just(Cell::Error("#N/A".into())),
    ]
}

fn merge() -> impl Strategy<Value = Merge> {
    let edge = prop_oneof![0..12_u32, Just(u32::MAX)];
    (edge.clone(), 0..12_u32, edge.clone(), edge).prop_map(|(first_row, first_col, last_row, last_col)| {
        Merge { first_row, first_col, last_row, last_col }
    })
}

fn sheet(kind: RosterKind) -> impl Strategy<Value = Sheet> {
    let header = columns(kind).iter().filter_map(|column| column.names.first()).map(|name| Cell::from(*name));
    let header: Vec<Cell> = header.collect();
    let rows = prop::collection::vec((prop::collection::vec(cell(), 0..12), any::<bool>()), 0..12);
    (rows, prop::collection::vec(merge(), 0..4), any::<bool>()).prop_map(move |(rows, merges, date_1904)| {
        let first = SheetRow { number: 1, hidden: false, cells: header.clone() };
        let rest = rows.into_iter().enumerate().map(|(at, (cells, hidden))| SheetRow {
            number: at as u32 * 2 + 2,
            hidden: hidden && at % 3 == 0,
            cells,
        });
        Sheet { rows: std::iter::once(first).chain(rest).collect(), merges, date_1904, ..Sheet::default() }
    })
}

fn roster() -> impl Strategy<Value = (RosterKind, Workbook)> {
    prop::sample::select(RosterKind::ALL.to_vec()).prop_flat_map(|kind| {
        prop::collection::vec(sheet(kind), 0..3).prop_map(move |mut sheets| {
            sheets.iter_mut().enumerate().for_each(|(at, sheet)| sheet.name = at.to_string());
            (kind, Workbook { sheets })
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn rows_are_accepted_or_have_an_error((kind, book) in roster()) {
        let reading = read(kind, &book, None, &context());
        let errors = reading.findings.iter().filter(|finding| finding.severity == Severity::Error);
        let mut refused: Vec<_> = errors.map(|finding| (&finding.sheet, finding.row)).collect();
        refused.dedup();
        if book.sheets.is_empty() {
            prop_assert_eq!(refused.len(), 1);
        } else {
            prop_assert_eq!(reading.rows, reading.accepted.len() + refused.len());
        }
        for row in &reading.accepted {
            prop_assert!(row.origin().sheet < book.sheets.len());
        }
        prop_assert!(headers(&book).len() <= book.sheets.len());
    }
}
