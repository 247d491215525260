//! Lists that people paste or type: one line a row, columns in the order of the fields.
//!
//! A sheet gives tabs. Who types parts cells by commas, and writes commas into sums and sentences too: nothing of a
//! line may be dropped, so where it has more cells than columns, sums are put together again, then the rest goes to
//! the column that holds a sentence.

use serde_json::{Map, Value};

use super::{Field, Kind, same_words};

/// What parts cells, the surest first; a line is parted by the first of them that it has.
const PARTED_BY: [&[char]; 4] = [&['\t'], &['|', '｜'], &[';', '；'], &[',', '，']];

impl Field {
    /// The rows of a pasted list; null for a line with more cells than there are columns.
    pub(super) fn pasted(&self, text: &str) -> Vec<Value> {
        let lines = text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty());
        lines.map(|line| self.pasted_row(line).map_or(Value::Null, Value::Object)).collect()
    }

    fn pasted_row(&self, line: &str) -> Option<Map<String, Value>> {
        let cells = self.cells(line)?;
        let mut row = Map::new();
        for (field, cell) in self.of.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            let by_word =
                field.choices().iter().find(|c| same_words(&c.zh, &cell) || same_words(&c.en, &cell));
            row.insert(field.name.clone(), Value::from(by_word.map_or(cell, |choice| choice.code.clone())));
        }
        Some(row)
    }

    /// The cells of a line, no more than there are columns.
    fn cells(&self, line: &str) -> Option<Vec<String>> {
        let parted = PARTED_BY.iter().find(|marks| line.contains(**marks));
        // Names of one cell hold 、 where something surer parts the line; alone it parts as well.
        let marks = parted.copied().unwrap_or(&['、']);
        let mut cells: Vec<String> = parts(line, marks).into_iter().map(str::to_owned).collect();
        if cells.len() > self.of.len() && marks.contains(&',') {
            cells = sums_whole(&cells);
        }
        while cells.last().is_some_and(|cell| is_empty(cell)) {
            cells.pop();
        }
        let over = cells.len().saturating_sub(self.of.len());
        if over > 0 {
            let at = self.sentence().filter(|_| marks != PARTED_BY[0])?;
            let whole: String = cells.drain(at..=at + over).collect();
            cells.insert(at, whole);
        }
        Some(cells.iter().map(|cell| bare(cell).to_owned()).collect())
    }

    /// The column that holds a sentence.
    fn sentence(&self) -> Option<usize> {
        let of = |kind| self.of.iter().rposition(|column| column.kind == kind);
        of(Kind::Long).or_else(|| of(Kind::Text))
    }
}

/// A line in pieces, each but the first with the mark before it.
fn parts<'a>(line: &'a str, marks: &[char]) -> Vec<&'a str> {
    let mut cuts: Vec<usize> = line.match_indices(marks).map(|(at, _)| at).collect();
    cuts.insert(0, 0);
    cuts.dedup();
    let ends = cuts.iter().skip(1).copied().chain([line.len()]);
    let mut pieces: Vec<&str> = cuts.iter().copied().zip(ends).map(|(from, to)| &line[from..to]).collect();
    if line.starts_with(marks) {
        pieces.insert(0, "");
    }
    pieces
}

/// `12` and `,000` are one sum.
fn sums_whole(cells: &[String]) -> Vec<String> {
    let mut whole: Vec<String> = Vec::new();
    for cell in cells {
        let digits = |rest: &str| rest.chars().take_while(char::is_ascii_digit).count();
        let three = cell.strip_prefix(',').is_some_and(|rest| digits(rest) == 3);
        match whole.last_mut() {
            Some(before) if three && before.ends_with(|c: char| c.is_ascii_digit()) => before.push_str(cell),
            _ => whole.push(cell.clone()),
        }
    }
    whole
}

/// A piece without the mark before it.
fn bare(cell: &str) -> &str {
    let marks = |c: char| PARTED_BY.iter().any(|some| some.contains(&c)) || c == '、';
    cell.strip_prefix(marks).unwrap_or(cell).trim()
}

fn is_empty(cell: &str) -> bool {
    bare(cell).is_empty()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn list(columns: &[(&str, &str)]) -> Field {
        let words = json!({"zh": "甲", "en": "a"});
        let of: Vec<Value> =
            columns.iter().map(|(name, kind)| json!({"name": name, "kind": kind, "label": words})).collect();
        serde_json::from_value(json!({"name": "list", "kind": "rows", "label": words, "of": of})).unwrap()
    }

    #[test]
    fn nothing_of_a_line_is_dropped() {
        let speeches = list(&[("who", "text"), ("point", "long")]);
        let votes = list(&[("opinion", "long"), ("yes", "number"), ("no", "number"), ("none", "number")]);
        let claims = list(&[("name", "text"), ("side", "text"), ("amount", "money")]);
        let cases: [(&Field, &str, Value); 9] = [
            (
                &speeches,
                "李大山，希望早点修，不要拖到明年",
                json!({"who": "李大山", "point": "希望早点修，不要拖到明年"}),
            ),
            (&speeches, "李大山\t早点修，好", json!({"who": "李大山", "point": "早点修，好"})),
            (&speeches, "李大山、早点修", json!({"who": "李大山", "point": "早点修"})),
            (&speeches, "李大山,张三、李四都同意", json!({"who": "李大山", "point": "张三、李四都同意"})),
            (
                &votes,
                "年底前修好，按户出工，20，1，0",
                json!({"opinion": "年底前修好，按户出工", "yes": "20", "no": "1", "none": "0"}),
            ),
            (&votes, "修,20,100,0", json!({"opinion": "修", "yes": "20", "no": "100", "none": "0"})),
            (&claims, "王五,申请人,12,000", json!({"name": "王五", "side": "申请人", "amount": "12,000"})),
            (&claims, "王五\t\t12,000\t\t", json!({"name": "王五", "amount": "12,000"})),
            (&claims, "，申请人，5", json!({"side": "申请人", "amount": "5"})),
        ];
        for (field, line, row) in cases {
            assert_eq!(field.pasted(line), [row], "{line}");
        }
        assert_eq!(claims.pasted("甲\t乙\t1\t多的"), [Value::Null]);
        assert_eq!(list(&[("n", "number")]).pasted("1，2"), [Value::Null]);
    }
}
