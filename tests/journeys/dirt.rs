//! Every kind of dirt that counties' tables carry: what is mended silently, what is found, what is refused.

use serde_json::{Value, json};

use crate::town::county::{COUNTY, household};
use crate::town::rosters::{Cell, Sheet, headers, id_number, row, xlsx};
use crate::town::{Backend, Town};

const HERE: (&str, &str) = ("新城镇", "横沟村");

/// What `--dry-run --json` prints for a file of households.
fn dry_run(town: &Town, name: &str, bytes: &[u8]) -> Value {
    let file = town.file(name, bytes);
    let words = ["import", "households", &file, "--place", COUNTY, "--kind", "rural", "--dry-run", "--json"];
    let output = town.falin(&words);
    let told = output.json();
    let errors = told["findings"].as_array().unwrap().iter().any(|finding| finding["severity"] == "error");
    output.ended(i32::from(errors));
    told
}

/// Findings as (row, column, code).
fn findings(told: &Value) -> Vec<(u64, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = told["findings"].as_array().unwrap().iter();
    list.map(|f| (f["row"].as_u64().unwrap_or(0), text(&f["column"]), text(&f["code"]))).collect()
}

/// A row that is in order but for what `change` does to it.
fn but(number: usize, column: usize, cell: impl Into<Cell>) -> Vec<Cell> {
    let mut cells = household(HERE, 2000 + number, "");
    cells[column] = cell.into();
    cells
}

/// Runs rows that each differ from a good one in one cell, and compares what is found with what should be.
fn check(column: usize, cells: Vec<(Cell, Option<&str>)>) {
    let town = Town::prepared(Backend::Sqlite);
    let rows = cells.iter().enumerate().map(|(at, (cell, _))| but(at, column, cell.clone()));
    let mut sheet = vec![row(&headers::HOUSEHOLDS)];
    sheet.extend(rows);
    let told = dry_run(&town, "dirt.xlsx", &xlsx(&[Sheet::new("户", sheet)]));
    let header = headers::HOUSEHOLDS[column].to_owned();
    let expected: Vec<_> = cells
        .iter()
        .enumerate()
        .filter_map(|(at, (_, code))| code.map(|code| (at as u64 + 2, header.clone(), code.to_owned())))
        .collect();
    assert_eq!(findings(&told), expected);
    let left_out = expected.iter().filter(|finding| finding.2 != "id.old_15").count();
    assert_eq!(told["rows"], cells.len());
    assert_eq!(told["accepted"], cells.len() - left_out);
    assert!(told["findings"].as_array().unwrap().iter().all(|finding| finding["sheet"] == "户"));
}

#[test]
fn identity_numbers() {
    let found = |cell: &str, code: &'static str| (Cell::from(cell), Some(code));
    let mended = |cell: &str| (Cell::from(cell), None);
    let future = id_number("110101", "20991122", 1);
    check(
        3,
        vec![
            mended("620201194910010023"),
            mended("131126197202290036"),
            mended("810000199001010019"),
            mended("830000198812121248"),
            mended("962840199001012232"),
            mended("110101190001010014"),
            mended("６２０２０１１９８５０５１５００１２"),
            mended("62020119900101007x "),
            mended("'110105194912310\u{a0}02X"),
            found("62020119850515001X", "id.checksum"),
            found("620201198502300011", "id.date"),
            found("131126197002290031", "id.date"),
            found(&future, "id.date"),
            found("6.20201E+17", "id.precision_lost"),
            (Cell::Number(6.202_011_985_051_5e17), Some("id.precision_lost")),
            found("620201850516001", "id.old_15"),
        ],
    );
}

#[test]
fn telephone_numbers() {
    let found = |cell: &str, code: &'static str| (Cell::from(cell), Some(code));
    let mended = |cell: &str| (Cell::from(cell), None);
    check(
        4,
        vec![
            mended("13912345678/0937-6226123"),
            mended("+86 139-1234-5678"),
            mended("１３９１２３４５６７８"),
            (Cell::Number(13_912_345_678.0), None),
            found("1.39123E+10", "phone.precision_lost"),
            found("1391234567", "phone.invalid"),
            mended("无"),
            found("请问村委会", "phone.invalid"),
        ],
    );
}

#[test]
fn names() {
    check(
        2,
        vec![
            (Cell::from("张　三"), None),
            (Cell::from("欧阳 娜"), None),
            (Cell::from("阿卜杜拉•买买提"), None),
            (Cell::from("𠅤"), None),
            (Cell::Empty, Some("name.missing")),
            (Cell::from("　 "), Some("name.missing")),
        ],
    );
}

#[test]
fn categories() {
    check(
        5,
        vec![
            (Cell::from("低保，残疾"), None),
            (Cell::from("低保户"), None),
            (Cell::Empty, None),
            (Cell::from("大户"), Some("category.unknown")),
        ],
    );
}

#[test]
fn villages() {
    check(
        1,
        vec![
            (Cell::from("横沟村"), None),
            (Cell::from(" 横沟 村"), None),
            (Cell::from("观蒲村"), None),
            (Cell::from("无此村"), Some("village.unknown")),
        ],
    );
}

#[test]
fn the_same_number_twice_is_one_household_too_many_even_across_sheets_and_spellings() {
    let town = Town::prepared(Backend::Sqlite);
    let first = vec![
        row(&headers::HOUSEHOLDS),
        but(1, 3, "620201198505150012"),
        but(2, 3, "６２０２０１１９８５０５１５００１２"),
    ];
    let second =
        vec![row(&headers::HOUSEHOLDS), but(3, 3, "620201850515001"), but(4, 3, "620201198505150013")];
    let book = xlsx(&[Sheet::new("一", first), Sheet::new("二", second)]);
    let told = dry_run(&town, "twice.xlsx", &book);
    let list = told["findings"].as_array().unwrap();
    let of = |sheet: &str, at: u64| {
        let here = list.iter().filter(|finding| finding["sheet"] == sheet && finding["row"] == at);
        here.map(|finding| finding["code"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(of("一", 3), ["id.duplicate"]);
    assert!(of("二", 2).contains(&"id.duplicate"), "{told}");
    assert_eq!(of("二", 3), ["id.checksum"]);
    assert_eq!(told["accepted"], 1);
}

#[test]
fn titles_totals_notes_second_headers_and_merged_cells() {
    let town = Town::prepared(Backend::Sqlite);
    let mut rows = vec![row(&["新城镇农村家庭法律顾问结对花名册"]), row(&["填报单位：新城镇司法所"])];
    rows.push(row(&["序号", "联系电话", "乡镇（街道）", "村(社区)", "户主姓名", "身份证号码", "备注"]));
    let line = |number: usize, village: &str| {
        let good = household(HERE, 2100 + number, "");
        vec![
            Cell::Number(number as f64),
            good[4].clone(),
            "新城镇".into(),
            village.into(),
            good[2].clone(),
            good[3].clone(),
        ]
    };
    rows.push(line(1, "横沟村"));
    rows.push(line(2, ""));
    rows.push(line(3, ""));
    rows.push(row(&["小计", "", "", "", "3户"]));
    rows.push(row(&["序号", "联系电话", "乡镇（街道）", "村(社区)", "户主姓名", "身份证号码", "备注"]));
    rows.push(line(4, "观蒲村"));
    rows.push(line(5, "同上"));
    rows.push(line(6, "〃"));
    rows.push(line(7, ""));
    rows.push(row(&["合计", "", "", "", "7户"]));
    rows.push(row(&["注：本表一式三份"]));
    let sheet = Sheet { merged: vec![(0, 0, 0, 6), (3, 3, 5, 3)], ..Sheet::new("新城镇", rows) };
    let told = dry_run(&town, "titled.xlsx", &xlsx(&[sheet]));
    assert_eq!(findings(&told), [(12, "村(社区)".to_owned(), "village.unknown".to_owned())]);
    assert_eq!((&told["rows"], &told["accepted"]), (&json!(7), &json!(6)));
}

#[test]
fn text_tables_in_both_encodings() {
    let town = Town::prepared(Backend::Sqlite);
    let lines = (0..3).map(|number| {
        let cells = household(HERE, 2200 + number, "低保");
        let text = |cell: &Cell| if let Cell::Text(text) = cell { text.clone() } else { String::new() };
        cells.iter().map(text).collect::<Vec<_>>().join(",")
    });
    let table =
        format!("{}\r\n{}\r\n", headers::HOUSEHOLDS.join(","), lines.collect::<Vec<_>>().join("\r\n"));
    let (gbk, _, lost) = encoding_rs::GBK.encode(&table);
    assert!(!lost);
    for bytes in [table.as_bytes().to_vec(), [b"\xef\xbb\xbf", table.as_bytes()].concat(), gbk.into_owned()] {
        let told = dry_run(&town, "table.csv", &bytes);
        assert_eq!(findings(&told), []);
        assert_eq!(told["accepted"], 3);
    }
}

#[test]
fn what_is_no_roster_is_refused_in_words() {
    let town = Town::prepared(Backend::Sqlite);
    let far = {
        let mut book = rust_xlsxwriter::Workbook::new();
        let page = book.add_worksheet();
        page.write_string(0, 0, "x").unwrap();
        page.write_string(1_048_575, 16_383, "x").unwrap();
        book.save_to_buffer().unwrap()
    };
    let no_header = xlsx(&[Sheet::new("x", vec![row(&["姓", "名"]), row(&["张", "三"])])]);
    let truncated = xlsx(&[Sheet::new("x", vec![row(&headers::HOUSEHOLDS)])])[..900].to_vec();
    let old = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 4096]].concat();
    for (name, bytes, code) in [
        ("far.xlsx", far, "file."),
        ("names.xlsx", no_header, "header.missing"),
        ("cut.xlsx", truncated, "file.unreadable"),
        ("text.xlsx", b"not a workbook".to_vec(), "file.unreadable"),
        ("old.xls", old, "file.unreadable"),
        ("empty.csv", Vec::new(), ""),
    ] {
        let started = std::time::Instant::now();
        let file = town.file(name, &bytes);
        let words = ["import", "households", &file, "--place", COUNTY, "--kind", "rural", "--json"];
        let output = town.falin(&words).ended(1);
        assert!(output.stdout.contains(code), "{name}: {}", output.stdout);
        assert!(started.elapsed().as_secs() < 5, "{name} took {:?}", started.elapsed());
    }
}
