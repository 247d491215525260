//! Rows of a list as a person types them: a row a line, its cells parted by `，`, `|` or tabs. A cell that holds such a
//! mark itself stands between `"`, as in a sheet that was saved as text.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::field::{Column, Field};
use super::values::{MOST_ROWS, Value, plain};

/// What parts the cells.
const MARKS: [char; 4] = ['\t', '，', '|', '｜'];
/// What a cell stands between that holds one of them.
const QUOTE: char = '"';

/// The columns that are typed: a row's own count is not.
fn typed(columns: &[Column]) -> Vec<&Column> {
    columns.iter().filter(|column| column.name != "n").collect()
}

/// The rows of a text.
pub(super) fn rows(field: &Field, text: &str) -> Result<Option<Vec<BTreeMap<String, Value>>>, &'static str> {
    let named = typed(&field.columns);
    let mut rows = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let cells = if named.len() == 1 { vec![line.to_owned()] } else { cells(line) };
        if cells.len() > named.len() {
            return Err("paper.cells");
        }
        let mut row = BTreeMap::new();
        for (column, cell) in named.iter().zip(cells) {
            if let Some(value) = plain(column.kind, &Json::String(cell))? {
                row.insert(column.name.clone(), value);
            }
        }
        rows.push(row);
    }
    if rows.len() > MOST_ROWS { Err("too_long") } else { Ok(Some(rows).filter(|rows| !rows.is_empty())) }
}

fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut rest) = (Vec::new(), line);
    loop {
        let (cell, after) = quoted(rest).unwrap_or_else(|| bare(rest));
        cells.push(cell);
        match after {
            Some(after) => rest = after,
            None => return cells,
        }
    }
}

/// A cell up to the next mark, and what follows the mark.
fn bare(text: &str) -> (String, Option<&str>) {
    match text.split_once(MARKS) {
        Some((cell, rest)) => (cell.trim().to_owned(), Some(rest)),
        None => (text.trim().to_owned(), None),
    }
}

/// A cell between quotes, a quote within written twice; None where it is not one: then its quotes are words.
fn quoted(text: &str) -> Option<(String, Option<&str>)> {
    let mut rest = text.trim_start().strip_prefix(QUOTE)?;
    let mut cell = String::new();
    loop {
        let (part, after) = rest.split_once(QUOTE)?;
        cell.push_str(part);
        if let Some(more) = after.strip_prefix(QUOTE) {
            cell.push(QUOTE);
            rest = more;
            continue;
        }
        let after = after.trim_start_matches(' ');
        let cell = cell.trim().to_owned();
        return match after.strip_prefix(MARKS) {
            Some(next) => Some((cell, Some(next))),
            None if after.trim().is_empty() => Some((cell, None)),
            None => None,
        };
    }
}

/// A row as a person would have typed it, so that it is read again as it was: its cells' words in the order of the
/// columns, those of the columns that are typed.
pub fn typed_row(columns: &[Column], cell: impl Fn(&Column) -> String) -> String {
    let named = typed(columns);
    let one = |column: &&Column| {
        let words = cell(column).split_whitespace().collect::<Vec<_>>().join(" ");
        let plain = named.len() == 1 || !(words.contains(MARKS) || words.starts_with(QUOTE));
        if plain { words } else { format!("\"{}\"", words.replace(QUOTE, "\"\"")) }
    };
    named.iter().map(one).collect::<Vec<_>>().join("，")
}

#[cfg(test)]
mod tests {
    use super::cells;

    #[test]
    fn a_cell_between_quotes_holds_what_parts_cells() {
        for (line, wanted) in [
            ("甲，乙", &["甲", "乙"][..]),
            ("\"欠薪，加班费\"，李建国", &["欠薪，加班费", "李建国"]),
            ("甲，\"说\"\"好\"\"，付\" ，丙", &["甲", "说\"好\"，付", "丙"]),
            ("\"甲\"方，乙", &["\"甲\"方", "乙"]),
            ("\"没有收尾，乙", &["\"没有收尾", "乙"]),
            ("甲，，丙，", &["甲", "", "丙", ""]),
        ] {
            assert_eq!(cells(line), wanted, "{line}");
        }
    }
}
