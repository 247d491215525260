//! A plain table for a terminal, in which a Chinese character takes two columns.

/// Headers and rows in aligned columns, two spaces apart, each line ending in a line break.
pub fn table(headers: &[impl AsRef<str>], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = headers.iter().map(|header| width(header.as_ref())).collect();
    for row in rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(width(cell));
        }
    }
    let mut out = String::new();
    line(&mut out, &widths, headers.iter().map(AsRef::as_ref));
    for row in rows {
        line(&mut out, &widths, row.iter().map(String::as_str));
    }
    out
}

fn line<'a>(out: &mut String, widths: &[usize], cells: impl Iterator<Item = &'a str>) {
    let start = out.len();
    for (cell, widest) in cells.zip(widths) {
        out.push_str(cell);
        let blanks = widest - width(cell).min(*widest) + 2;
        out.extend(std::iter::repeat_n(' ', blanks));
    }
    out.truncate(start + out[start..].trim_end().len());
    out.push('\n');
}

/// Columns that a terminal gives a text: East Asian wide and fullwidth characters take two (UAX #11).
fn width(text: &str) -> usize {
    let wide = |c: char| {
        matches!(u32::from(c), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff
        | 0xfe30..=0xfe4f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1f64f | 0x20000..=0x3fffd)
    };
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_and_latin_cells_stand_under_each_other() {
        let rows = vec![vec!["新城镇".to_owned(), "7".to_owned()], vec!["a".to_owned(), "12".to_owned()]];
        assert_eq!(table(&["place", "row"], &rows), "place   row\n新城镇  7\na       12\n");
    }
}
