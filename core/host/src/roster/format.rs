//! Which kind of file it is: the name's ending and the first bytes have to say the same.

use super::bounds::{Limits, ParseFailure, Reason};

const ZIP: &[u8] = b"PK\x03\x04";
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// A kind of file that is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Office Open XML workbook.
    Xlsx,
    /// Excel 97–2003 workbook.
    Xls,
    /// Delimited text.
    Csv,
}

impl Format {
    /// The format of a file, checked against its name.
    pub fn of(bytes: &[u8], name: &str, limits: &Limits) -> Result<Self, ParseFailure> {
        if bytes.len() > limits.file_bytes {
            return Err(Reason::Bytes.into());
        }
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        let format = match ending.as_deref() {
            Some("xlsx") => Self::Xlsx,
            Some("xls") => Self::Xls,
            Some("csv" | "tsv" | "txt") => Self::Csv,
            _ => return Err(Reason::Kind.into()),
        };
        format.agrees(bytes)?;
        Ok(format)
    }

    /// The word that the child process is told.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Csv => "csv",
        }
    }

    /// The format of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Xlsx, Self::Xls, Self::Csv].into_iter().find(|format| format.word() == word)
    }

    fn agrees(self, bytes: &[u8]) -> Result<(), Reason> {
        let binary = bytes.starts_with(ZIP) || bytes.starts_with(COMPOUND);
        match self {
            Self::Xlsx if bytes.starts_with(ZIP) => Ok(()),
            // Excel wraps a workbook with a password in the old container.
            Self::Xlsx if bytes.starts_with(COMPOUND) => Err(Reason::Encrypted),
            Self::Xls if bytes.starts_with(COMPOUND) => Ok(()),
            Self::Csv if !binary && !is_markup(bytes) => Ok(()),
            _ => Err(Reason::Kind),
        }
    }
}

/// A web page saved under a table's name.
fn is_markup(bytes: &[u8]) -> bool {
    let start: Vec<u8> = bytes.iter().take(256).copied().filter(|b| !b.is_ascii_whitespace()).collect();
    start.starts_with(b"<") || start.starts_with(b"\xEF\xBB\xBF<")
}

/// A file's name without folders and ending.
pub fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}
