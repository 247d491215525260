//! Files that are read and files that are refused, in this very process.
#![allow(clippy::unwrap_used)]

use std::io::Write;

use falin_domain::roster::{Cell, FindingCode, Merge, Sheet};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook as Writer};
use zip::write::SimpleFileOptions;

use super::bounds::{Limits, Reason};
use super::read_bytes;

fn refused(bytes: &[u8], name: &str) -> Reason {
    refused_within(bytes, name, &Limits::default())
}

fn refused_within(bytes: &[u8], name: &str, limits: &Limits) -> Reason {
    read_bytes(bytes, name, limits).unwrap_err().reason
}

fn only_sheet(bytes: &[u8], name: &str) -> Sheet {
    let mut book = read_bytes(bytes, name, &Limits::default()).unwrap();
    assert_eq!(book.sheets.len(), 1);
    book.sheets.remove(0)
}

fn workbook(fill: impl Fn(&mut Writer)) -> Vec<u8> {
    let mut writer = Writer::new();
    fill(&mut writer);
    writer.save_to_buffer().unwrap()
}

fn texts(sheet: &Sheet) -> Vec<(u32, Vec<&str>)> {
    sheet.rows.iter().map(|row| (row.number, row.cells.iter().map(text).collect())).collect()
}

fn text(cell: &Cell) -> &str {
    match cell {
        Cell::Text(text) => text,
        _ => "",
    }
}

/// A package with the parts given instead of a workbook's own.
fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_comes_with_types_merges_and_hidden_rows() {
    let bytes = workbook(|writer| {
        let sheet = writer.add_worksheet().set_name("新城镇").unwrap();
        sheet.merge_range(0, 0, 0, 3, "花名册", &Format::new()).unwrap();
        sheet.write(2, 0, "张三").unwrap();
        sheet.write(2, 1, 13_912_345_678.0).unwrap();
        sheet.write(2, 2, true).unwrap();
        let day = ExcelDateTime::from_ymd(2024, 3, 1).unwrap();
        sheet.write_with_format(2, 3, &day, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
        sheet.write(3, 2, "藏").unwrap();
        sheet.set_row_hidden(3).unwrap();
        sheet.write_blank(9, 9, &Format::new().set_bold()).unwrap();
        let lookup = writer.add_worksheet().set_name("字典").unwrap();
        lookup.set_hidden(true).write(0, 0, "不读").unwrap();
    });
    let book = read_bytes(&bytes, "county.XLSX", &Limits::default()).unwrap();
    let [sheet, lookup] = &book.sheets[..] else { panic!() };
    assert_eq!(sheet.name, "新城镇");
    assert_eq!(sheet.merges, [Merge { first_row: 0, first_col: 0, last_row: 0, last_col: 3 }]);
    let numbers: Vec<_> = sheet.rows.iter().map(|row| (row.number, row.hidden)).collect();
    assert_eq!(numbers, [(1, false), (3, false), (4, true)]);
    let cells = [Cell::from("张三"), Cell::Number(13_912_345_678.0), Cell::Bool(true), Cell::Date(45_352.0)];
    assert_eq!(sheet.rows[1].cells, cells);
    assert_eq!(sheet.rows[2].cells, [Cell::Empty, Cell::Empty, Cell::from("藏")]);
    assert!(lookup.hidden && lookup.rows.is_empty());
}

#[test]
fn two_far_cells_are_too_large_at_once() {
    let far = workbook(|writer| {
        let sheet = writer.add_worksheet();
        sheet.write(0, 0, 1.0).unwrap();
        sheet.write(1_048_575, 16_383, 1.0).unwrap();
    });
    let failure = read_bytes(&far, "far.xlsx", &Limits::default()).unwrap_err();
    assert_eq!(failure.code, FindingCode::FileTooLarge);
    let wide = workbook(|writer| {
        writer.add_worksheet().write(0, 256, 1.0).unwrap();
    });
    assert_eq!(refused(&wide, "wide.xlsx"), Reason::Columns);
}

#[test]
fn more_than_the_limits_is_too_large() {
    let book = workbook(|writer| {
        let sheet = writer.add_worksheet();
        for row in 0..50 {
            sheet.write(row, 9, "一二三四五六七八九十").unwrap();
        }
    });
    let limits = Limits::default();
    let cases = [
        (Limits { cells: 400, ..limits }, Reason::Cells),
        (Limits { text: 1000, ..limits }, Reason::Text),
        (Limits { cell_text: 29, ..limits }, Reason::Text),
        (Limits { rows: 49, ..limits }, Reason::Rows),
        (Limits { file_bytes: 1000, ..limits }, Reason::Bytes),
        (Limits { inflated_bytes: 4000, ..limits }, Reason::Bytes),
    ];
    for (limits, reason) in cases {
        assert_eq!(refused_within(&book, "a.xlsx", &limits), reason);
    }
}

#[test]
fn bombs_are_counted_while_they_inflate() {
    let spaces = vec![b' '; 8 << 20];
    let bomb = package(&[("xl/media/image1.png", &spaces), ("xl/workbook.xml", b"<workbook/>")]);
    assert!(bomb.len() < 64 << 10);
    let limits = Limits { inflated_bytes: 4 << 20, ..Limits::default() };
    assert_eq!(refused_within(&bomb, "bomb.xlsx", &limits), Reason::Bytes);
    assert_eq!(refused(&package(&[("xl/worksheets/sheet1.xml", &spaces)]), "bomb.xlsx"), Reason::Text);
    let promised = b"<sst uniqueCount=\"4000000000\"><si/></sst>";
    assert_eq!(refused(&package(&[("xl/sharedStrings.xml", promised)]), "bomb.xlsx"), Reason::Cells);
}

#[test]
fn other_files_under_a_workbooks_name_are_unreadable() {
    let good = workbook(|writer| {
        writer.add_worksheet().write(0, 0, "姓名").unwrap();
    });
    assert_eq!(refused(&good[..good.len() / 2], "cut.xlsx"), Reason::Damaged);
    assert_eq!(refused(b"PK\x03\x04 and then noise", "noise.xlsx"), Reason::Damaged);
    assert_eq!(refused(&package(&[("a.txt", b"a")]), "zip.xlsx"), Reason::Damaged);
    assert_eq!(
        refused(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 EncryptedPackage", "locked.xlsx"),
        Reason::Encrypted
    );
    assert_eq!(refused(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 short", "old.xls"), Reason::Damaged);
    for (bytes, name) in [
        (&good[..], "good.xls"),
        (&good[..], "good.csv"),
        (&good[..], "good.exe"),
        (&good[..], "good"),
        (b"", "empty.xlsx"),
        (b" <html><table>", "page.csv"),
        (b"<html><table>", "page.xls"),
    ] {
        assert_eq!(refused(bytes, name), Reason::Kind, "{name}");
    }
}

#[test]
fn noise_never_panics() {
    let mut state = 88_172_645_463_325_252_u64;
    for round in 0..300 {
        let mut noise = vec![0; round];
        noise.fill_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as u8
        });
        for name in ["a.xlsx", "a.xls", "a.csv"] {
            let _ = read_bytes(&noise, name, &Limits::default());
        }
        let zipped = package(&[("xl/workbook.xml", &noise), ("xl/worksheets/sheet1.xml", &noise)]);
        let _ = read_bytes(&zipped, "a.xlsx", &Limits::default());
    }
}

#[test]
fn every_flipped_byte_is_read_or_refused() {
    let good = workbook(|writer| {
        writer.add_worksheet().write(0, 0, "姓名").unwrap();
    });
    for at in (0..good.len()).step_by(7) {
        let mut flipped = good.clone();
        flipped[at] ^= 0x55;
        let _ = read_bytes(&flipped, "a.xlsx", &Limits::default());
    }
}

#[test]
fn csv_in_the_encodings_of_chinese_offices() {
    let text = "姓名,村\r\n张三,野麻湾村\r\n";
    let gbk = encoding_rs::GBK.encode(text).0.into_owned();
    let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    let utf16: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [text.as_bytes(), &gbk, &marked, &utf16] {
        let sheet = only_sheet(bytes, "名单/新城镇.csv");
        assert_eq!(sheet.name, "新城镇");
        assert_eq!(texts(&sheet), [(1, vec!["姓名", "村"]), (2, vec!["张三", "野麻湾村"])]);
    }
    assert_eq!(refused(b"\xFF\xFF\xFF\x00", "a.csv"), Reason::Encoding);
    assert_eq!(refused(b"a,b\n\0", "a.csv"), Reason::Encoding);
}

#[test]
fn csv_rows_are_numbered_as_a_spreadsheet_does() {
    let sheet = only_sheet("a;b\n\n\"x\ny\";\"1,5\"\n\n\nz;w".as_bytes(), "a.csv");
    assert_eq!(texts(&sheet), [(1, vec!["a", "b"]), (3, vec!["x\ny", "1,5"]), (6, vec!["z", "w"])]);
    let tabs = only_sheet(b"\r\n\na\tb, c\td\r\n\r\ne", "a.txt");
    assert_eq!(texts(&tabs), [(3, vec!["a", "b, c", "d"]), (5, vec!["e"])]);
}

#[test]
fn the_wire_carries_everything_and_no_more() {
    let bytes = workbook(|writer| {
        let sheet = writer.add_worksheet();
        sheet.merge_range(0, 0, 1, 1, "头", &Format::new()).unwrap();
        sheet.write(3, 1, 1.5).unwrap();
        sheet.write(4, 2, false).unwrap();
        sheet.set_row_hidden(4).unwrap();
    });
    let limits = Limits::default();
    let answer = read_bytes(&bytes, "a.xlsx", &limits);
    let mut sent = Vec::new();
    super::wire::write(&mut sent, &answer).unwrap();
    assert_eq!(super::wire::read(&mut &sent[..], &limits), answer);
    for cut in 0..sent.len() {
        let torn = super::wire::read(&mut &sent[..cut], &limits).unwrap_err();
        assert_eq!(torn.reason, Reason::Process, "{cut}");
    }
    let tight = Limits { cells: 1, ..limits };
    assert!(super::wire::read(&mut &sent[..], &tight).is_err());
    let failure = Err(Reason::Encrypted.into());
    let mut sent = Vec::new();
    super::wire::write(&mut sent, &failure).unwrap();
    assert_eq!(super::wire::read(&mut &sent[..], &limits), failure);
}
