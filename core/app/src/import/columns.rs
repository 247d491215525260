//! The columns of an uploaded roster: what the headers say, what a person chose, and what is still missing.

use std::collections::{BTreeMap, BTreeSet};

use falin_domain::access::Visitor;
use falin_domain::refusal::Refusal;
use falin_domain::roster::{self, Field, Mapping, RosterKind, SheetPreview};
use falin_domain::words::{BatchId, fold};
use falin_store::import::Batch;

use super::{check_uploaded, one, preview};
use crate::{App, Stop};

/// Cells of a column that are shown.
const EXAMPLES: usize = 3;

/// The columns of a file, each header once, whatever sheet it stands in.
pub struct Columns {
    /// The import.
    pub batch: Batch,
    /// What it is a list of.
    pub kind: RosterKind,
    /// Sheets that have headers.
    pub sheets: Vec<SheetPreview>,
    /// Headers, in the file's order.
    pub headers: Vec<String>,
}

impl Columns {
    /// Of an uploaded file.
    ///
    /// # Errors
    /// As [`preview`].
    pub async fn read(app: &App, visitor: &Visitor, id: BatchId) -> Result<Self, Stop> {
        let batch = one(app, visitor, id).await?;
        let mut sheets = preview(app, visitor, id).await?;
        sheets.retain(|sheet| sheet.headers.iter().any(|header| !header.is_empty()));
        let mut headers: Vec<String> = Vec::new();
        for header in sheets.iter().flat_map(|sheet| &sheet.headers).filter(|header| !header.is_empty()) {
            if !headers.contains(header) {
                headers.push(header.clone());
            }
        }
        let kind = RosterKind::from_code(&batch.kind).ok_or_else(Refusal::absent)?;
        Ok(Self { batch, kind, sheets, headers })
    }

    /// What the headers' own words say, or what was chosen before; in the order of the headers.
    pub fn guess(&self) -> Vec<Option<Field>> {
        let before = self.batch.mapping.as_deref();
        let before: Option<Mapping> = before.and_then(|text| serde_json::from_str(text).ok());
        let known = |header: &String| {
            // Blanks and line breaks inside a header mean nothing.
            let names = roster::columns(self.kind)
                .iter()
                .find(|column| column.names.iter().any(|name| fold(name) == fold(header)));
            let named = names.map(|column| column.field);
            before.as_ref().and_then(|mapping| mapping.0.get(header).copied()).unwrap_or(named)
        };
        self.headers.iter().map(known).collect()
    }

    /// Places of columns whose field was chosen before them in a sheet that has both.
    pub fn twice(&self, chosen: &[Option<Field>]) -> BTreeSet<usize> {
        let mut twice = BTreeSet::new();
        for sheet in &self.sheets {
            let mut seen = BTreeSet::new();
            for (at, header) in self.headers.iter().enumerate() {
                let here = sheet.headers.contains(header);
                if let Some(field) = chosen.get(at).copied().flatten().filter(|_| here)
                    && !seen.insert(field)
                {
                    twice.insert(at);
                }
            }
        }
        twice
    }

    /// Names of the columns that the roster cannot do without and nobody chose.
    pub fn missing(&self, chosen: &[Option<Field>]) -> String {
        let lacks = roster::columns(self.kind)
            .iter()
            .filter(|column| column.required && !chosen.contains(&Some(column.field)));
        lacks.filter_map(|column| column.names.first().copied()).collect::<Vec<_>>().join("、")
    }

    /// Checks the file with these columns, one choice a header; `version` is what the visitor saw (None: whichever).
    ///
    /// # Errors
    /// `header.missing` where one field was chosen twice in a sheet; as [`check_uploaded`].
    pub async fn check(
        &self,
        app: &App,
        visitor: &Visitor,
        version: Option<i64>,
        chosen: &[Option<Field>],
    ) -> Result<Batch, Stop> {
        if !self.twice(chosen).is_empty() {
            return Err(Refusal::new("header.missing").with("columns", self.missing(chosen)).into());
        }
        let pairs = self.headers.iter().cloned().zip(chosen.iter().copied());
        let mapping = Mapping(pairs.collect::<BTreeMap<_, _>>());
        check_uploaded(app, visitor, (self.batch.id, version), Some(mapping), None).await
    }

    /// Cells beneath a header. Whoever maps columns needs shapes, not people: long numbers keep their ends only.
    pub fn examples(&self, header: &str, field: Option<Field>) -> Vec<String> {
        let sheet = self.sheets.iter().find(|sheet| sheet.headers.iter().any(|name| name == header));
        let Some((sheet, at)) =
            sheet.and_then(|sheet| Some((sheet, sheet.headers.iter().position(|name| name == header)?)))
        else {
            return Vec::new();
        };
        let cells = sheet.sample.iter().filter_map(|row| row.get(at)).filter(|cell| !cell.is_empty());
        let private = matches!(field, Some(Field::IdNumber | Field::Phone));
        cells.take(EXAMPLES).map(|cell| masked(cell, if private { 0 } else { 6 })).collect()
    }
}

/// Digits beyond `most` in a row are hidden but for the first three and last two.
pub fn masked(text: &str, most: usize) -> String {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if digits <= most {
        return text.to_owned();
    }
    let count = text.chars().count();
    text.chars().enumerate().map(|(at, c)| if at < 3 || at + 2 >= count { c } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_show_shapes_not_numbers() {
        assert_eq!(masked("620201198505150012", 6), "620*************12");
        assert_eq!(masked("野麻湾村", 6), "野麻湾村");
        assert_eq!(masked("2026-03", 6), "2026-03");
        assert_eq!(masked("13912345678", 0), "139******78");
    }
}
