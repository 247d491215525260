//! Figures as tables write them: values, the workbook, and what stands in none of a table's parts.

use falin_domain::spoken;
use falin_domain::statistics::Unit;

use super::own::{Own, REST, SplitRow};
use super::{Cell, Line, Table};
use crate::{App, Fault, Stop};

/// How a figure is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Written {
    /// A count or a sum.
    Whole,
    /// Fen.
    Money,
    /// In units of the last of so many digits after the point.
    Share(u32),
}

impl Table {
    /// Whether something stands in none of the parts, so that without a column of its own they would not add up.
    pub fn has_rest(&self) -> bool {
        let own = self.own.iter().flat_map(|own| &own.lines);
        self.lines.iter().any(|line| line.elsewhere.is_some_and(|n| n != 0))
            || own.into_iter().any(|line| line.rest)
    }
}

impl Written {
    /// A value as tables write it, without grouping; `–` where it is kept back or there is nothing to divide by.
    pub fn text(self, value: Cell) -> String {
        let Some(n) = value else { return "–".to_owned() };
        let digits = match self {
            Self::Whole => return n.to_string(),
            Self::Money => 2,
            Self::Share(digits) => digits,
        };
        let (sign, n, one) = (if n < 0 { "-" } else { "" }, n.unsigned_abs(), 10u64.pow(digits));
        format!("{sign}{}.{:0width$}", n / one, n % one, width = digits as usize)
    }

    /// The same as pages show it, its thousands grouped.
    pub fn grouped(self, value: Cell) -> String {
        let text = self.text(value);
        match text.split_once('.') {
            Some((whole, rest)) => format!("{}.{rest}", spoken::group(whole)),
            None => spoken::group(&text),
        }
    }
}

impl Own {
    /// Rows of a workbook: name, unit, whole, then one cell a part and where `rested` one for what stands in none of them;
    /// splits below their figure.
    pub fn rows(&self, english: bool, rested: bool) -> Vec<Vec<String>> {
        let lang = if english { "en" } else { "zh" };
        let mut rows = Vec::new();
        for line in &self.lines {
            let unit = line.statistic.unit.in_language(lang).to_owned();
            let row = |name: String, value: Cell, parts: &[Cell], rest: Cell| {
                let mut cells = vec![name, unit.clone(), line.written.text(value)];
                let rest = rested.then_some(&rest);
                cells.extend(parts.iter().chain(rest).map(|one| line.written.text(*one)));
                cells
            };
            let name = format!("{} · {}", self.name.in_language(lang), line.statistic.name.in_language(lang));
            rows.push(row(name.clone(), line.value, &line.parts, line.elsewhere));
            let then =
                |name: &str| format!("{name} · {}", if english { "a year before" } else { "上年同期" });
            rows.extend(line.last_year.iter().map(|old| row(then(&name), old.value, &old.parts, None)));
            for one in line.splits.iter().flat_map(|split| &split.rows) {
                let name = format!("{name} · {}", one.word(english));
                rows.push(row(name.clone(), one.value, &one.parts, one.elsewhere));
                rows.extend(one.last_year.iter().map(|old| row(then(&name), old.value, &old.parts, None)));
            }
        }
        rows
    }
}

impl SplitRow {
    /// Its word in one language.
    pub fn word(&self, english: bool) -> &str {
        match (self.code.as_str(), english) {
            ("", false) => "未填",
            ("", true) => "not given",
            (REST, false) => "其余",
            (REST, true) => "others",
            _ => self.name.in_language(if english { "en" } else { "zh" }),
        }
    }
}

/// A table as a workbook: figure, unit as `word` says it, whole, then one column a part.
///
/// # Errors
/// A fault where it cannot be written.
pub fn workbook(
    app: &App,
    table: &Table,
    english: bool,
    word: impl Fn(Unit) -> String,
) -> Result<Vec<u8>, Stop> {
    let pick = |zh: &'static str, en: &'static str| if english { en } else { zh };
    let mut heads = vec![pick("项目", "Figure"), pick("单位", "Unit"), pick("合计", "Whole")];
    heads.extend(table.parts.iter().map(|part| part.name.as_str()));
    let rested = table.has_rest();
    heads.extend(rested.then(|| pick("未填下级地点", "No place below")));
    let cell = |unit: Unit, value: Cell| match (unit, value) {
        (_, None) => "–".to_owned(),
        (Unit::Percent, Some(n)) => format!("{}.{}", n / 10, n % 10),
        (Unit::Money, Some(n)) => format!("{}.{:02}", n / 100, n % 100),
        (_, Some(n)) => n.to_string(),
    };
    let row = |line: &Line| {
        let figure = line.figure;
        let name = pick(figure.zh, figure.en).to_owned();
        let mut cells = vec![name, word(figure.unit), cell(figure.unit, line.value)];
        let rest = rested.then_some(&line.elsewhere);
        cells.extend(line.parts.iter().chain(rest).map(|one| cell(figure.unit, *one)));
        cells
    };
    let mut rows: Vec<Vec<String>> = table.lines.iter().map(row).collect();
    rows.extend(table.own.iter().flat_map(|own| own.rows(english, rested)));
    crate::sheets::write_figures(pick("统计", "Figures"), &heads, &rows, 2, app.today())
        .map_err(|fault| Fault::new("workbook", fault.to_string()).into())
}
