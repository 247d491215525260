//! Cells of delimited text in the encodings that Chinese offices save: UTF-8 with or without mark, GBK, UTF-16.

use std::borrow::Cow;

use csv::{ByteRecord, ReaderBuilder};
use encoding_rs::{Encoding, GB18030};
use falin_domain::roster::{Cell, Sheet};

use super::bounds::{Budget, Reason};

/// Delimiters in the order of preference where they occur equally often.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Bytes looked at to find the delimiter.
const SNIFFED: usize = 64 << 10;

/// The one sheet of a text; every value is text, since the file says nothing of types.
pub fn read(bytes: &[u8], budget: &mut Budget) -> Result<Sheet, Reason> {
    let text = decode(bytes)?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let (mut sheet, mut record) = (Sheet::default(), ByteRecord::new());
    let mut row = 0u32;
    loop {
        let before = reader.position().clone();
        if !reader.read_byte_record(&mut record).map_err(|_| Reason::Damaged)? {
            return Ok(sheet);
        }
        row = row.saturating_add(blank_lines(&text, before.byte()));
        for (column, value) in record.iter().enumerate() {
            let value = std::str::from_utf8(value).map_err(|_| Reason::Encoding)?;
            let column = u32::try_from(column).unwrap_or(u32::MAX);
            budget.put(&mut sheet, (row, column), Cell::from(value))?;
        }
        row = row.saturating_add(1);
    }
}

/// Empty lines that the reader is about to pass over; a spreadsheet counts them as rows.
fn blank_lines(text: &str, at: u64) -> u32 {
    let (before, rest) = text.as_bytes().split_at(usize::try_from(at).unwrap_or(0).min(text.len()));
    // The reader ends a record at the first character of a line end of two.
    let rest = if before.ends_with(b"\r") { rest.strip_prefix(b"\n").unwrap_or(rest) } else { rest };
    let blank = rest.iter().take_while(|b| matches!(b, b'\n' | b'\r'));
    u32::try_from(blank.filter(|b| **b == b'\n').count()).unwrap_or(u32::MAX)
}

fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Reason> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => {
            encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..])
        }
        None => match std::str::from_utf8(bytes) {
            Ok(text) => Some(Cow::Borrowed(text)),
            Err(_) => GB18030.decode_without_bom_handling_and_without_replacement(bytes),
        },
    };
    text.filter(|text| !text.contains('\0')).ok_or(Reason::Encoding)
}

/// The delimiter that most lines of the beginning hold, outside quotes.
fn delimiter(text: &str) -> u8 {
    let start = &text.as_bytes()[..text.len().min(SNIFFED)];
    let mut counts = [0usize; DELIMITERS.len()];
    let mut quoted = false;
    for byte in start {
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            _ => {
                if let Some(at) = DELIMITERS.iter().position(|known| known == byte) {
                    counts[at] += 1;
                }
            }
        }
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    let at = counts.iter().position(|count| *count == most).unwrap_or(0);
    DELIMITERS[at]
}
