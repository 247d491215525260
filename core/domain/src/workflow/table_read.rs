//! Reading a table that a plugin declares: the header found, what must not be there refused, every row a step's form.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Column, Field, Flow, Import, Kind, Manner, Values, same_words};
use crate::refusal::{FieldError, Refusal};
use crate::roster::{Cell, Sheet, SheetRow, Workbook, clean, date};
use crate::time::Date;

/// Rows of a sheet among which the header is looked for.
const HEADER_WITHIN: usize = 30;
/// Most rows that one table may put into cases.
pub const MOST_ROWS: usize = 1000;
/// Most findings that are kept; the rest is only counted.
const MOST_FINDINGS: usize = 500;

/// A row that opens a case.
#[derive(Clone, PartialEq, Debug)]
pub struct Taken {
    /// The sheet.
    pub sheet: String,
    /// The row's own number in its sheet.
    pub row: u32,
    /// The values of the step that opens the flow.
    pub values: Values,
}

/// What must be put right. It says where, never what stands there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misread {
    /// The sheet.
    pub sheet: String,
    /// The row's own number.
    pub row: u32,
    /// The head of its column; empty where it is about the row.
    pub column: String,
    /// Code of a field error.
    pub code: String,
    /// What its message speaks of, such as a limit.
    pub args: Vec<(String, String)>,
}

/// As a batch keeps it; one that was read by an earlier release has no arguments.
#[derive(Deserialize)]
struct KeptMisread(String, u32, String, String, #[serde(default)] Vec<(String, String)>);

impl Misread {
    /// The fault of a form's field as one of this column, for a message.
    pub fn fault(&self) -> FieldError {
        FieldError { args: self.args.clone(), ..FieldError::new(&self.column, &self.code) }
    }

    /// Several as a batch keeps them.
    pub fn kept<'a>(all: impl Iterator<Item = &'a Self>) -> String {
        let each = |one: &Self| match one.args.is_empty() {
            // As an earlier release reads it too.
            true => json!([one.sheet, one.row, one.column, one.code]),
            false => json!([one.sheet, one.row, one.column, one.code, one.args]),
        };
        Value::Array(all.take(MOST_FINDINGS).map(each).collect()).to_string()
    }

    /// Reads what [`Self::kept`] wrote; nothing where it is something else.
    pub fn read(kept: &str) -> Vec<Self> {
        let rows: Vec<KeptMisread> = serde_json::from_str(kept).unwrap_or_default();
        let each = |KeptMisread(sheet, row, column, code, args)| Self { sheet, row, column, code, args };
        rows.into_iter().map(each).collect()
    }
}

/// A table as it was read.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct TableRead {
    /// Rows that hold something.
    pub rows: usize,
    /// Those that are sound, in the table's order.
    pub taken: Vec<Taken>,
    /// What must be put right in the others.
    pub findings: Vec<Misread>,
}

/// Where a sheet's header is: its row's place among the rows, and for each column of the import its cell.
struct Header<'a> {
    at: usize,
    columns: Vec<(&'a Column, usize, String)>,
}

/// Reads a workbook as an import says.
///
/// # Errors
/// `import.refused_head` where a head stands there that must not; `import.persons` where a cell looks like the number
/// of a person or a telephone; `header.missing` where no sheet has the heads; `list_too_long` at `file`.
pub fn read_table(import: &Import, flow: &Flow, book: &Workbook, today: Date) -> Result<TableRead, Refusal> {
    let sheets = || book.sheets.iter().filter(|sheet| !sheet.hidden);
    for sheet in sheets() {
        refuse(import, sheet)?;
    }
    let mut read = TableRead::default();
    let mut any = false;
    for sheet in sheets() {
        let Some(header) = header(import, flow, sheet) else { continue };
        any = true;
        for row in &sheet.rows[header.at + 1..] {
            take(flow, sheet, &header, row, today, &mut read);
        }
    }
    if !any {
        let heads = import.columns.iter().filter_map(|column| column.heads.first().map(String::as_str));
        return Err(Refusal::new("header.missing").with("columns", heads.collect::<Vec<_>>().join("、")));
    }
    if read.taken.len() > MOST_ROWS {
        return Err(Refusal::field("file", "list_too_long"));
    }
    Ok(read)
}

/// Refuses what a table must not hold, anywhere in it.
fn refuse(import: &Import, sheet: &Sheet) -> Result<(), Refusal> {
    let own =
        |text: &str| import.columns.iter().flat_map(|c| &c.heads).any(|head| clean::squeeze(head) == text);
    for (n, row) in sheet.rows.iter().enumerate() {
        for cell in &row.cells {
            let text = clean::squeeze(&clean::text(cell));
            let within = |head: &String| {
                let head = clean::squeeze(head);
                let long = n < HEADER_WITHIN && text.chars().count() <= 20 && text.contains(&head);
                text == head || (long && !own(&text))
            };
            if let Some(head) = import.refuse.iter().find(|head| !own(&text) && within(head)) {
                return Err(Refusal::new("import.refused_head").with("head", head));
            }
            if import.no_persons && looks_personal(&text) {
                let row = row.number;
                return Err(Refusal::new("import.persons").with("sheet", &sheet.name).with("row", row));
            }
        }
    }
    Ok(())
}

/// Whether a text holds what looks like a citizen's number or a mobile telephone's.
fn looks_personal(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let run = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        let digits = &text[at..at + run];
        let part =
            |from: usize, to: usize| digits.get(from..to).and_then(|d| d.parse::<u32>().ok()).unwrap_or(0);
        let day = |from: usize| {
            (1..=12).contains(&part(from, from + 2)) && (1..=31).contains(&part(from + 2, from + 4))
        };
        let x = bytes.get(at + run).is_some_and(|b| b.eq_ignore_ascii_case(&b'x'));
        let area = digits.starts_with(|c: char| ('1'..='8').contains(&c));
        let citizen =
            area && (run == 18 || (run == 17 && x)) && (1900..2100).contains(&part(6, 10)) && day(10);
        let old = area && run == 15 && day(8);
        let mobile = run == 11 && digits.starts_with('1') && (3..=9).contains(&part(1, 2));
        if citizen || old || mobile {
            return true;
        }
        at += run.max(1);
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    false
}

/// The row that holds the most heads, and all of those that must be there.
fn header<'a>(import: &'a Import, flow: &Flow, sheet: &Sheet) -> Option<Header<'a>> {
    let must: Vec<&str> = flow
        .opening()
        .map(|step| flow.asked(step))
        .unwrap_or_default()
        .into_iter()
        .filter(|asked| asked.required && asked.when.is_none())
        .map(|asked| asked.field.name.as_str())
        .collect();
    let found = |(at, row): (usize, &SheetRow)| {
        let cell = |column: &'a Column| {
            let names = |cell: &Cell| {
                let text = clean::squeeze(&clean::text(cell));
                column.heads.iter().any(|head| clean::squeeze(head) == text)
            };
            let place = row.cells.iter().position(names)?;
            Some((column, place, clean::text(&row.cells[place])))
        };
        let columns: Vec<_> = import.columns.iter().filter_map(cell).collect();
        let all = must.iter().all(|name| columns.iter().any(|(column, _, _)| column.field == *name));
        (all && !columns.is_empty()).then_some(Header { at, columns })
    };
    let rows = sheet.rows.iter().enumerate().take(HEADER_WITHIN);
    rows.filter_map(found).max_by_key(|header| (header.columns.len(), std::cmp::Reverse(header.at)))
}

fn take(flow: &Flow, sheet: &Sheet, header: &Header<'_>, row: &SheetRow, today: Date, read: &mut TableRead) {
    if header.columns.iter().all(|(_, at, _)| clean::is_blank(row.cell(*at))) {
        return;
    }
    read.rows += 1;
    let mut given = Values::new();
    for (column, at, _) in &header.columns {
        if let Some(field) = flow.field(&column.field) {
            let text = typed(field, row.cell(*at), sheet.date_1904);
            if !text.is_null() {
                given.insert(column.field.clone(), text);
            }
        }
    }
    let Some(step) = flow.opening() else { return };
    match flow.read(step, &given, &Values::new(), Manner::Form, today) {
        Ok(values) => {
            let values = values.into_iter().filter(|(_, value)| !value.is_null()).collect();
            read.taken.push(Taken { sheet: sheet.name.clone(), row: row.number, values });
        }
        Err(refusal) => read.findings.extend(refusal.fields.iter().map(|fault| {
            let name = fault.name.split('[').next().unwrap_or_default();
            let column = header.columns.iter().find(|(column, _, _)| column.field == name);
            Misread {
                sheet: sheet.name.clone(),
                row: row.number,
                column: column.map(|(_, _, head)| head.clone()).unwrap_or_default(),
                code: fault.code.clone(),
                args: fault.args.clone(),
            }
        })),
    }
}

/// A cell as a form would give it: choices by word or code, days in any form that people write.
fn typed(field: &Field, cell: &Cell, date_1904: bool) -> Value {
    if clean::is_blank(cell) {
        return Value::Null;
    }
    let text = clean::text(cell);
    let code = |text: &str| {
        let found = field.choices().iter().find(|choice| {
            same_words(&choice.zh, text) || same_words(&choice.en, text) || choice.code == text
        });
        found.map_or_else(|| text.to_owned(), |choice| choice.code.clone())
    };
    match field.kind {
        Kind::Choice => json!(code(&text)),
        Kind::Choices => json!(clean::list(&text).iter().map(|one| code(one)).collect::<Vec<_>>()),
        Kind::Date => json!(date(cell, date_1904).map_or(text, |day| day.to_string())),
        Kind::Yes => match clean::squeeze(&text).as_str() {
            "是" | "有" | "yes" | "true" | "y" | "√" | "1" => json!("true"),
            "否" | "无" | "没有" | "no" | "false" | "n" | "×" | "0" => json!("false"),
            _ => json!(text),
        },
        Kind::Number => json!(text.replace([',', '，'], "")),
        _ => json!(text),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::workflow::Manifest;

    const PLUGIN: &str = include_str!("../../../../tests/plugins/stage.toml");

    fn book(rows: &[&[&str]]) -> Workbook {
        let row = |(n, cells): (usize, &&[&str])| SheetRow {
            number: n as u32 + 1,
            hidden: false,
            cells: cells.iter().map(|cell| Cell::from(*cell)).collect(),
        };
        let rows = rows.iter().enumerate().map(row).collect();
        Workbook { sheets: vec![Sheet { name: "表1".to_owned(), rows, ..Sheet::default() }] }
    }

    fn read(rows: &[&[&str]]) -> Result<TableRead, Refusal> {
        let manifest = Manifest::parse(PLUGIN).unwrap();
        read_table(&manifest.import[0], &manifest.flow[0], &book(rows), "2026-03-01".parse().unwrap())
    }

    #[test]
    fn rows_become_forms_and_faults_have_their_cell() {
        let found = read(&[
            &["商户法治体检名册"],
            &["序号", "商户名称", "行业", "人数", "体检日"],
            &["1", "老面馆", "餐饮", "3", "2026年2月1日"],
            &["2", "", "零售", "很多", ""],
            &["合计", "", "", "", ""],
        ])
        .unwrap();
        assert_eq!(found.rows, 2, "a total under other columns is no row");
        let values = &found.taken[0].values;
        assert_eq!((&values["kind"], &values["staff"]), (&json!("food"), &json!(3)));
        assert_eq!(values["checked_on"], "2026-02-01");
        let told: Vec<_> =
            found.findings.iter().map(|f| (f.row, f.column.as_str(), f.code.as_str())).collect();
        assert_eq!(told, [(4, "人数", "not_a_number"), (4, "商户名称", "required")]);
    }

    #[test]
    fn a_kept_fault_knows_its_limit_and_older_ones_are_read() {
        let long = "长".repeat(2_000);
        let found = read(&[&["店名", "类型"], &[&long, "餐饮"]]).unwrap().findings;
        assert_eq!((found[0].code.as_str(), found[0].fault().args[0].0.as_str()), ("too_long", "max"));
        assert_eq!(Misread::read(&Misread::kept(found.iter())), found);
        let older = Misread::read(r#"[["表1",4,"店名","required"]]"#);
        assert_eq!((older[0].row, older[0].fault()), (4, FieldError::new("店名", "required")));
        assert!(Misread::read("{}").is_empty());
    }

    #[test]
    fn what_must_not_be_there_refuses_the_whole_table() {
        let head: &[&str] = &["店名", "类型"];
        let code = |rows: &[&[&str]]| read(rows).unwrap_err().code();
        assert_eq!(
            code(&[&["店名", "类型", "店主姓名"], &["老面馆", "餐饮", "张三"]]),
            "import.refused_head"
        );
        assert_eq!(code(&[head, &["老面馆620201198505150012", "餐饮"]]), "import.persons");
        assert_eq!(code(&[head, &["老面馆", "餐饮 13912345678"]]), "import.persons");
        assert_eq!(code(&[&["甲", "乙"], &["1", "2"]]), "header.missing");
        assert!(
            read(&[head, &["916202007123456789店", "餐饮"]]).is_ok(),
            "a credit code is no person's number"
        );
    }
}
