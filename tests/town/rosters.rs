//! Workbooks as counties send them, made in memory, and the numbers that belong in their cells.

use rust_xlsxwriter::{Format, Workbook};

/// A cell of a roster.
#[derive(Clone, Debug)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A number, as Excel stores long digits when nobody stops it.
    Number(f64),
    /// Nothing.
    Empty,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

/// A row of cells from texts.
pub fn row(cells: &[&str]) -> Vec<Cell> {
    cells.iter().map(|cell| Cell::from(*cell)).collect()
}

/// One sheet: its name, its rows, and the blocks that are merged (first row, first column, last row, last column).
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Name on the tab.
    pub name: String,
    /// Rows from the first.
    pub rows: Vec<Vec<Cell>>,
    /// Merged blocks, counted from 0; the value is the first cell's.
    pub merged: Vec<(u32, u16, u32, u16)>,
    /// Rows that are hidden, counted from 0.
    pub hidden: Vec<u32>,
}

impl Sheet {
    /// A sheet of these rows.
    pub fn new(name: &str, rows: Vec<Vec<Cell>>) -> Self {
        Self { name: name.to_owned(), rows, ..Self::default() }
    }
}

/// The workbook's bytes.
pub fn xlsx(sheets: &[Sheet]) -> Vec<u8> {
    let mut book = Workbook::new();
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(&sheet.name).unwrap();
        for (first_row, first_column, last_row, last_column) in &sheet.merged {
            let plain = Format::new();
            page.merge_range(*first_row, *first_column, *last_row, *last_column, "", &plain).unwrap();
        }
        for (at, cells) in sheet.rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let (at, column) = (at as u32, column as u16);
                match cell {
                    Cell::Text(text) => page.write_string(at, column, text).map(|_| ()).unwrap(),
                    Cell::Number(number) => page.write_number(at, column, *number).map(|_| ()).unwrap(),
                    Cell::Empty => {}
                }
            }
        }
        for row in &sheet.hidden {
            page.set_row_hidden(*row).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// A valid citizen's ID number: area, birth as YYYYMMDD, sequence (odd = male), check by ISO 7064 MOD 11-2.
pub fn id_number(area: &str, birth: &str, sequence: u32) -> String {
    let body = format!("{area}{birth}{sequence:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = body.bytes().map(|byte| u32::from(byte - b'0'));
    let sum: u32 = digits.zip(weights).map(|(digit, weight)| digit * weight).sum();
    format!("{body}{}", b"10X98765432"[(sum % 11) as usize] as char)
}

/// A valid unified social credit code from its first 17 characters (GB 32100, check modulo 31).
pub fn uscc(body: &str) -> String {
    let alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let value = |c: char| alphabet.find(c).unwrap();
    let mut weight = 1;
    let mut sum = 0;
    for c in body.chars() {
        sum += value(c) * weight;
        weight = weight * 3 % 31;
    }
    format!("{body}{}", alphabet.chars().nth((31 - sum % 31) % 31).unwrap())
}

/// A licence number of 17 digits: 1, city, year, kind, gender, number.
pub fn licence(year: u32, number: u32) -> String {
    format!("16202{year}10{number:06}")
}

/// The headers of each roster, first names of the contract's columns.
pub mod headers {
    /// Law firms.
    pub const FIRMS: [&str; 5] = ["律所名称", "统一社会信用代码", "地址", "电话", "负责人"];
    /// Lawyers.
    pub const LAWYERS: [&str; 8] =
        ["律师事务所", "姓名", "性别", "执业证号", "手机", "专业特长", "语言", "服务上限(户)"];
    /// Village advisers.
    pub const ADVISERS: [&str; 7] =
        ["乡镇(街道)", "村(社区)", "法律顾问", "执业证号", "所在机构", "聘期", "坐班时间"];
    /// Households.
    pub const HOUSEHOLDS: [&str; 7] =
        ["乡镇(街道)", "村(社区)", "户主姓名", "身份证号码", "联系电话", "家庭类别", "家庭住址"];
}

/// A roster of one sheet: headers, then rows.
pub fn roster(headers: &[&str], rows: Vec<Vec<Cell>>) -> Vec<u8> {
    let mut all = vec![row(headers)];
    all.extend(rows);
    xlsx(&[Sheet::new("Sheet1", all)])
}

#[test]
fn made_numbers_are_the_published_ones() {
    assert_eq!(id_number("110105", "19491231", 2), "11010519491231002X");
    assert_eq!(id_number("620201", "19850515", 1), "620201198505150012");
    assert_eq!(uscc("91350100M000100Y4"), "91350100M000100Y43");
    assert_eq!(licence(2015, 123_456), "16202201510123456");
}
