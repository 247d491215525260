//! Lays the sample out as offices send it: titles above, merged cells, several sheets, totals and notes below.

use falin_domain::directory::HouseholdKind;
use falin_domain::time::Date;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::counties::{CountySpec, Village};
use super::dice::Dice;
use super::facilities::Room;
use super::homes::{Cell, Home};
use super::workers::{Firm, Lawyer, Post};
use crate::sheets::dated;

const HOME_HEADERS: &[&str] =
    &["序号", "乡镇(街道)", "村(社区)", "户主姓名", "身份证号码", "联系电话", "家庭类别", "家庭住址", "备注"];
/// Title, reporting office, headers: households begin in the sheet's fourth row.
pub const HOME_ROWS_START: u32 = 3;

/// An empty workbook dated `today`.
fn workbook(today: Date) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&dated(today)?);
    Ok(book)
}

/// A sheet of one table: headers in `row`, then the rows, numbered in the first column.
fn table(sheet: &mut Worksheet, row: u32, headers: &[&str], rows: &[Vec<Cell>]) -> Result<(), XlsxError> {
    for (column, header) in (0u16..).zip(headers) {
        sheet.write_string(row, column, *header)?;
    }
    for (n, cells) in (row + 1..).zip(rows) {
        sheet.write_number(n, 0, f64::from(n - row))?;
        for (column, cell) in (1u16..).zip(cells) {
            write(sheet, n, column, cell)?;
        }
    }
    Ok(())
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
    match cell {
        Cell::Blank => {}
        Cell::Text(text) => {
            sheet.write_string(row, column, text)?;
        }
        Cell::Number(number) => {
            sheet.write_number(row, column, *number)?;
        }
    }
    Ok(())
}

/// 律所.
pub fn firms(firms: &[Firm], today: Date) -> Result<Vec<u8>, XlsxError> {
    let rows: Vec<Vec<Cell>> = firms
        .iter()
        .map(|firm| {
            [&firm.name, &firm.credit_code, &firm.address, &firm.phone, &firm.head]
                .map(|text| text.clone().into())
                .to_vec()
        })
        .collect();
    let mut book = workbook(today)?;
    let sheet = book.add_worksheet().set_name("律所")?;
    table(sheet, 0, &["序号", "律所名称", "统一社会信用代码", "地址", "电话", "负责人"], &rows)?;
    book.save_to_buffer()
}

/// 律师花名册, with a merged title and the blanks, wide digits and spaces that such lists have.
pub fn lawyers(
    spec: &CountySpec,
    lawyers: &[Lawyer],
    firms: &[Firm],
    dice: &mut Dice,
    today: Date,
) -> Result<Vec<u8>, XlsxError> {
    let headers =
        ["序号", "律师事务所", "姓名", "性别", "执业证号", "手机", "专业特长", "语言", "服务上限(户)"];
    let rows: Vec<Vec<Cell>> = lawyers.iter().map(|lawyer| lawyer_row(lawyer, firms, dice)).collect();
    let mut book = workbook(today)?;
    let sheet = book.add_worksheet().set_name("律师")?;
    sheet.merge_range(0, 0, 0, 8, &format!("{}律师花名册", spec.name), &centred())?;
    table(sheet, 1, &headers, &rows)?;
    book.save_to_buffer()
}

fn lawyer_row(lawyer: &Lawyer, firms: &[Firm], dice: &mut Dice) -> Vec<Cell> {
    let firm = firms.get(lawyer.firm).map_or("", |firm| firm.name.as_str());
    let firm = if dice.chance(60) { format!(" {firm}\u{3000}") } else { firm.to_owned() };
    let gender = match (lawyer.female, dice.chance(400)) {
        (true, _) => "女",
        (false, true) => "男 ",
        (false, false) => "男",
    };
    let digits = &lawyer.licence;
    let licence = match dice.below(12) {
        0 => format!("{} {} {}", &digits[..1], &digits[1..5], &digits[5..]),
        1 => digits.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c)).collect(),
        _ => digits.clone(),
    };
    let texts = [
        firm.as_str(),
        &lawyer.name,
        gender,
        &licence,
        &lawyer.mobile,
        &lawyer.specialties,
        lawyer.languages,
    ];
    let mut row: Vec<Cell> = texts.into_iter().map(Cell::from).collect();
    row.push(Cell::Number(f64::from(lawyer.capacity)));
    row
}

/// 村居法律顾问.
pub fn advisers(
    posts: &[Post],
    lawyers: &[Lawyer],
    firms: &[Firm],
    today: Date,
) -> Result<Vec<u8>, XlsxError> {
    let headers = ["序号", "乡镇(街道)", "村(社区)", "法律顾问", "执业证号", "所在机构", "聘期", "坐班时间"];
    let rows: Vec<Vec<Cell>> = posts
        .iter()
        .filter_map(|post| {
            let lawyer = lawyers.get(post.lawyer)?;
            let firm = firms.get(lawyer.firm)?;
            let Village { name, township, .. } = post.village;
            let texts = [township, name, &lawyer.name, &lawyer.licence, &firm.name, &post.term, post.hours];
            Some(texts.into_iter().map(Cell::from).collect())
        })
        .collect();
    let mut book = workbook(today)?;
    let sheet = book.add_worksheet().set_name("村居法律顾问")?;
    table(sheet, 0, &headers, &rows)?;
    book.save_to_buffer()
}

/// 调解室.
pub fn rooms(rooms: &[Room], today: Date) -> Result<Vec<u8>, XlsxError> {
    let headers = ["序号", "名称", "所属机构", "乡镇(街道)", "地址", "容纳人数", "设备", "开放时间"];
    let rows: Vec<Vec<Cell>> = rooms
        .iter()
        .map(|room| {
            let township = if room.township.is_empty() { Cell::Blank } else { room.township.into() };
            vec![
                room.name.clone().into(),
                room.facility.clone().into(),
                township,
                room.address.clone().into(),
                Cell::Number(f64::from(room.seats)),
                room.equipment.into(),
                room.hours.into(),
            ]
        })
        .collect();
    let mut book = workbook(today)?;
    let sheet = book.add_worksheet().set_name("调解室")?;
    table(sheet, 0, &headers, &rows)?;
    book.save_to_buffer()
}

/// A household roster: one sheet per township, which must come one after the other in `homes`.
pub fn households(
    spec: &CountySpec,
    kind: HouseholdKind,
    homes: &[Home],
    today: Date,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = workbook(today)?;
    for group in homes.chunk_by(|one, next| one.village.township == next.village.township) {
        household_sheet(book.add_worksheet(), spec, kind, group, today)?;
    }
    book.save_to_buffer()
}

fn household_sheet(
    sheet: &mut Worksheet,
    spec: &CountySpec,
    kind: HouseholdKind,
    homes: &[Home],
    today: Date,
) -> Result<(), XlsxError> {
    let Some(first) = homes.first() else { return Ok(()) };
    let township = first.village.township;
    sheet.set_name(township)?;
    let families = match kind {
        HouseholdKind::Rural => "农村家庭",
        HouseholdKind::Urban => "城市两类家庭",
    };
    let title = format!("{}{township}{families}法律顾问对接户花名册", spec.name);
    sheet.merge_range(0, 0, 0, 8, &title, &centred())?;
    let (year, month, day) = today.parts();
    sheet.write_string(
        1,
        0,
        format!("填报单位:{township}司法所(盖章)   填报日期:{year}年{month}月{day}日"),
    )?;
    for (column, header) in (0u16..).zip(HOME_HEADERS) {
        sheet.write_string(HOME_ROWS_START - 1, column, *header)?;
    }
    let text = Format::new().set_num_format("@");
    for (n, home) in (0u32..).zip(homes) {
        household_row(sheet, n, home, &text)?;
    }
    merged_places(sheet, homes)?;
    let end = HOME_ROWS_START + homes.len() as u32;
    sheet.write_string(end, 0, "合计")?;
    sheet.write_string(end, 3, format!("{}户", homes.len()))?;
    sheet.write_string(end + 1, 0, "注:类别以民政、残联核定为准。")?;
    Ok(())
}

fn household_row(sheet: &mut Worksheet, n: u32, home: &Home, text: &Format) -> Result<(), XlsxError> {
    let row = HOME_ROWS_START + n;
    sheet.write_number(row, 0, f64::from(n + 1))?;
    write(sheet, row, 3, &home.name)?;
    match &home.id {
        Cell::Text(id) => sheet.write_string_with_format(row, 4, id, text).map(|_| ())?,
        other => write(sheet, row, 4, other)?,
    }
    write(sheet, row, 5, &home.phone)?;
    sheet.write_string(row, 6, home.category)?;
    sheet.write_string(row, 7, &home.address)?;
    if !home.remark.is_empty() {
        sheet.write_string(row, 8, home.remark)?;
    }
    Ok(())
}

/// Township and village stand once, merged over their rows.
fn merged_places(sheet: &mut Worksheet, homes: &[Home]) -> Result<(), XlsxError> {
    let Some(first) = homes.first() else { return Ok(()) };
    span(sheet, 1, HOME_ROWS_START, homes.len(), first.village.township)?;
    let mut row = HOME_ROWS_START;
    for group in homes.chunk_by(|one, next| one.village.code == next.village.code) {
        span(sheet, 2, row, group.len(), group[0].village.name)?;
        row += group.len() as u32;
    }
    Ok(())
}

fn span(sheet: &mut Worksheet, column: u16, row: u32, rows: usize, text: &str) -> Result<(), XlsxError> {
    if rows < 2 {
        sheet.write_string(row, column, text)?;
    } else {
        sheet.merge_range(row, column, row + rows as u32 - 1, column, text, &centred())?;
    }
    Ok(())
}

fn centred() -> Format {
    Format::new().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter)
}
