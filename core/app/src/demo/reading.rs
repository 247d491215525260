//! The sample read back by the roster reader: every planted finding, no other, and every other row taken.

#![allow(clippy::unwrap_used)]

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use falin_domain::roster::{
    Cell, Context, FirmEntry, Merge, Row, Sheet, SheetRow, VillageEntry, Workbook, WorkerEntry, read,
};
use falin_domain::time::Instant;
use falin_domain::words::Id;

use super::*;

fn today() -> Date {
    "2026-03-01".parse().unwrap()
}

fn id<T>(n: usize) -> Id<T> {
    let mut random = [0; 10];
    random[..8].copy_from_slice(&(n as u64).to_be_bytes());
    Id::from_parts(Instant::from_millis(1_000), random)
}

/// The county as it stands once divisions, firms and lawyers are in.
fn context(county: &County) -> Context {
    let villages = county.spec.villages().into_iter().enumerate().map(|(n, village)| VillageEntry {
        id: id(n),
        township_id: id(village.township_code.parse().unwrap()),
        township: village.township.to_owned(),
        name: village.name.to_owned(),
        code: Some(village.code.to_owned()),
    });
    let firms =
        county.firms.iter().enumerate().map(|(n, firm)| FirmEntry { id: id(n), name: firm.name.clone() });
    let workers = county.lawyers.iter().enumerate().map(|(n, lawyer)| WorkerEntry {
        id: id(n),
        name: lawyer.name.clone(),
        licence: Some(lawyer.licence.clone()),
        firm: Some(id(lawyer.firm)),
    });
    Context::new(today(), villages, firms, workers)
}

fn workbook(file: &RosterFile) -> Workbook {
    if file.name.ends_with(".csv") {
        return Workbook { sheets: vec![csv_sheet(&file.bytes)] };
    }
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(file.bytes.clone())).unwrap();
    let names = book.sheet_names();
    Workbook { sheets: names.iter().map(|name| xlsx_sheet(&mut book, name)).collect() }
}

fn csv_sheet(bytes: &[u8]) -> Sheet {
    let text = std::str::from_utf8(bytes).unwrap();
    let rows = (1..).zip(text.lines()).map(|(number, line)| SheetRow {
        number,
        hidden: false,
        cells: line.split(',').map(Cell::from).collect(),
    });
    Sheet { name: "divisions".to_owned(), rows: rows.collect(), ..Sheet::default() }
}

fn xlsx_sheet(book: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Sheet {
    let merges = book.merge_cells_by_sheet_name(name).unwrap();
    let merges = merges.iter().map(|area| Merge {
        first_row: area.start.0,
        first_col: area.start.1,
        last_row: area.end.0,
        last_col: area.end.1,
    });
    let range = book.worksheet_range(name).unwrap();
    let rows = (1..).zip(range.rows()).map(|(number, cells)| SheetRow {
        number,
        hidden: false,
        cells: cells.iter().map(cell).collect(),
    });
    Sheet { name: name.to_owned(), rows: rows.collect(), merges: merges.collect(), ..Sheet::default() }
}

fn cell(data: &Data) -> Cell {
    match data {
        Data::Empty => Cell::Empty,
        Data::String(text) => Cell::from(text.as_str()),
        Data::Float(number) => Cell::Number(*number),
        Data::Int(number) => Cell::Number(*number as f64),
        other => panic!("the sample has no {other:?}"),
    }
}

#[test]
fn the_reader_finds_what_was_planted_and_nothing_else() {
    for spec in &COUNTIES {
        let county = county(spec, 2026, today());
        let context = context(&county);
        for file in county.rosters().unwrap() {
            let reading =
                read(file.kind, &workbook(&file), None, &context.clone().with_kind(file.households));
            let found: Vec<_> = reading
                .findings
                .iter()
                .map(|one| (one.sheet.as_str(), one.row, one.column.as_str(), one.code.code()))
                .collect();
            let planted: Vec<_> =
                file.findings.iter().map(|one| (one.sheet, one.row, one.column, one.code)).collect();
            assert_eq!(found, planted, "{} {}", spec.name, file.name);
            assert_eq!((reading.rows, reading.accepted.len()), (file.rows, file.accepted), "{}", file.name);
            assert!(reading.accepted.iter().all(understood), "{}", file.name);
        }
    }
}

/// Cells that a roster may lack must be read where they are given, not silently dropped.
fn understood(row: &Row) -> bool {
    match row {
        Row::Firm(firm) => firm.uscc.is_some() && firm.phones.len() == 1,
        Row::Lawyer(lawyer) => lawyer.firm.is_some() && lawyer.gender.is_some() && lawyer.capacity.is_some(),
        Row::Adviser(post) => post.from.is_some() && post.to.is_some(),
        Row::Room(room) => room.opening.is_some() && room.capacity.is_some(),
        Row::Household(home) => !home.phones.is_empty() && home.address.is_some(),
        Row::Division(_) | Row::Holiday(_) => true,
    }
}
