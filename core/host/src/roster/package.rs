//! The zip of an xlsx file before the workbook library sees it: sizes counted, hidden rows and merges found.

use std::collections::HashMap;
use std::io::{BufReader, Cursor, Read};

use falin_domain::roster::Merge;
use zip::ZipArchive;

use super::bounds::{Budget, Reason};
use super::scan::{Tag, count, tags};

/// Parts of a package; a workbook of 256 sheets with drawings has fewer.
const MOST_PARTS: u16 = 8192;
/// Shared strings, whose entries cost more in memory than in the file.
const MOST_STRINGS: usize = 2_000_000;
/// Cells with or without a value; formatted blank ones are skipped, but not for ever.
const MOST_CELL_TAGS: usize = 10_000_000;
/// Bytes of a part that the library keeps whole, such as the styles.
const LARGEST_KEPT_PART: u64 = 32 << 20;
const SHARED_STRINGS_BYTES: u64 = 96 << 20;

/// What the library does not say of a sheet.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SheetMarks {
    /// Numbers of hidden rows, from 1.
    pub hidden_rows: Vec<u32>,
    /// Merged rectangles.
    pub merges: Vec<Merge>,
}

/// Inflates every part once, counting, and returns the marks of each sheet in the workbook's order.
pub fn inspect(bytes: &[u8], budget: &mut Budget) -> Result<Vec<SheetMarks>, Reason> {
    refuse_many_parts(bytes)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Reason::Damaged)?;
    let mut seen = Seen { left: budget.limits.inflated_bytes, ..Seen::default() };
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| Reason::Damaged)?;
        if part.size() > seen.left {
            return Err(Reason::Bytes);
        }
        let name = part.name().map_err(|_| Reason::Damaged)?.to_lowercase();
        seen.part(&name, BufReader::with_capacity(64 << 10, part), budget)?;
    }
    Ok(seen.in_order())
}

/// The directory's own count, read before a library makes an entry of each.
fn refuse_many_parts(bytes: &[u8]) -> Result<(), Reason> {
    let tail = &bytes[bytes.len().saturating_sub(22 + 0xFFFF)..];
    let at = tail.windows(4).rposition(|window| window == b"PK\x05\x06").ok_or(Reason::Damaged)?;
    let count = tail.get(at + 10..at + 12).ok_or(Reason::Damaged)?;
    let count = u16::from_le_bytes([count[0], count[1]]);
    if count > MOST_PARTS { Err(Reason::Cells) } else { Ok(()) }
}

#[derive(Default)]
struct Seen {
    left: u64,
    marks: HashMap<String, SheetMarks>,
    /// Relation ids of the sheets in the workbook's order.
    order: Vec<String>,
    /// Relation id → part name in lower case.
    targets: HashMap<String, String>,
    strings: usize,
    cells: usize,
}

impl Seen {
    fn part(&mut self, name: &str, input: BufReader<impl Read>, budget: &mut Budget) -> Result<(), Reason> {
        if name.starts_with("xl/worksheets/") && name.ends_with(".xml") {
            return self.sheet(name, input, budget);
        }
        if !(name.ends_with(".xml") || name.ends_with(".rels")) {
            return count(input, &mut self.left);
        }
        let most = if name.ends_with("sharedstrings.xml") { SHARED_STRINGS_BYTES } else { LARGEST_KEPT_PART };
        let mut left = if is_kept(name) { self.left.min(most) } else { self.left };
        let before = left;
        let is_workbook_relations = name.ends_with("_rels/workbook.xml.rels");
        tags(input, &mut left, |tag| match tag.name() {
            b"sheet" if name.ends_with("workbook.xml") => {
                self.order.push(tag.attribute("id").unwrap_or_default().to_owned());
                if self.order.len() > budget.limits.sheets { Err(Reason::Cells) } else { Ok(()) }
            }
            b"Relationship" if is_workbook_relations => {
                self.relation(tag);
                Ok(())
            }
            b"sst" => declared_strings(tag),
            b"si" => {
                self.strings += 1;
                if self.strings > MOST_STRINGS { Err(Reason::Cells) } else { Ok(()) }
            }
            _ => Ok(()),
        })?;
        self.left -= before - left;
        Ok(())
    }

    fn relation(&mut self, tag: &Tag<'_>) {
        let (Some(id), Some(target)) = (tag.attribute("Id"), tag.attribute("Target")) else { return };
        let part = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
        self.targets.insert(id.to_owned(), part.to_lowercase());
    }

    fn sheet(&mut self, name: &str, input: impl std::io::BufRead, budget: &mut Budget) -> Result<(), Reason> {
        let mut marks = SheetMarks::default();
        let (mut row, cells) = (0u32, &mut self.cells);
        tags(input, &mut self.left, |tag| {
            match tag.name() {
                b"c" => *cells += 1,
                b"row" => {
                    row = tag.attribute("r").and_then(|r| r.parse().ok()).unwrap_or(row.saturating_add(1));
                    if tag.is_set("hidden") && row <= budget.limits.rows {
                        marks.hidden_rows.push(row);
                    }
                }
                b"mergeCell" => {
                    budget.merge()?;
                    marks.merges.extend(tag.attribute("ref").and_then(merge));
                }
                _ => {}
            }
            if *cells > MOST_CELL_TAGS { Err(Reason::Cells) } else { Ok(()) }
        })?;
        marks.hidden_rows.sort_unstable();
        self.marks.insert(name.to_owned(), marks);
        Ok(())
    }

    fn in_order(mut self) -> Vec<SheetMarks> {
        let order = std::mem::take(&mut self.order);
        let part = |id: &String| self.targets.get(id).and_then(|name| self.marks.get(name));
        order.iter().map(|id| part(id).cloned().unwrap_or_default()).collect()
    }
}

/// Parts that the library holds in memory as a whole.
fn is_kept(name: &str) -> bool {
    ["sharedstrings.xml", "styles.xml", "workbook.xml", ".rels"].iter().any(|end| name.ends_with(end))
}

/// The library reserves room for as many strings as the part promises.
fn declared_strings(tag: &Tag<'_>) -> Result<(), Reason> {
    let promised = tag.attribute("uniqueCount").and_then(|count| count.parse::<u64>().ok());
    if promised.is_some_and(|count| count > MOST_STRINGS as u64) { Err(Reason::Cells) } else { Ok(()) }
}

/// `B4:B2945` as a rectangle; None for a single cell or nonsense.
fn merge(range: &str) -> Option<Merge> {
    let (first, last) = range.split_once(':')?;
    let ((first_row, first_col), (last_row, last_col)) = (place(first)?, place(last)?);
    let ordered = first_row <= last_row && first_col <= last_col;
    ordered.then_some(Merge { first_row, first_col, last_row, last_col })
}

/// `$B$4` as 0-based row and column.
fn place(name: &str) -> Option<(u32, u32)> {
    let plain: String = name.chars().filter(|c| *c != '$').collect();
    let digits = plain.find(|c: char| c.is_ascii_digit())?;
    let (letters, number) = plain.split_at(digits);
    if letters.is_empty() || letters.len() > 3 || !letters.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let letter = |b: u8| u32::from(b.to_ascii_uppercase() - b'A') + 1;
    let column = letters.bytes().fold(0u32, |sum, b| sum * 26 + letter(b));
    Some((number.parse::<u32>().ok()?.checked_sub(1)?, column - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        let expected = Merge { first_row: 3, first_col: 1, last_row: 2944, last_col: 27 };
        assert_eq!(merge("B4:$AB$2945"), Some(expected));
        for odd in ["B4", "4B:5C", "B0:C2", "C9:A1", ":", "ABCD1:ABCD2"] {
            assert_eq!(merge(odd), None, "{odd}");
        }
    }
}
