//! Mapping an uploaded roster's columns: what the headers say is chosen already, cells of the file stand beside it.

use std::collections::{BTreeMap, BTreeSet};

use falin_app::import::{self, Batch};
use falin_domain::refusal::Refusal;
use falin_domain::roster::{self, Field, Mapping, RosterKind, SheetPreview};
use falin_domain::words::BatchNoun;

use super::href;
use crate::body::{Body, Fields};
use crate::desk::Desk;
use crate::look::Say;
use crate::look::desk::Link;
use crate::look::desk::roster::{RosterColumn, RosterColumns};
use crate::look::parts::{Button, FieldOption};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::PathId;

/// Cells of a column that are shown.
const EXAMPLES: usize = 3;

/// `GET /desk/rosters/{id}/columns`.
///
/// # Errors
/// `not_found`; `import.undone` once the file is forgotten.
pub async fn columns(desk: Desk, id: PathId<BatchNoun>) -> Answer {
    let page = Page::read(&desk, id.0).await?;
    desk.page(&page.view(&desk.say(), &page.guess(), None))
}

/// `POST /desk/rosters/{id}/columns`: checks the file with these columns, or discards it.
///
/// # Errors
/// `not_found`; what is missing or chosen twice is told on the page.
pub async fn choose(desk: Desk, id: PathId<BatchNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let (app, visitor) = (&desk.site.app, desk.visitor());
    if fields.filled("act") == Some("discard") {
        import::forget(app, visitor, id.0).await?;
        return desk.go("/desk/rosters");
    }
    let page = Page::read(&desk, id.0).await?;
    let chosen = page.chosen(&fields);
    let checked = match page.twice(&chosen).is_empty() {
        true => import::check_uploaded(app, visitor, id.0, Some(page.mapping(&chosen)), None).await,
        false => Err(Refusal::new("header.missing").with("columns", page.missing(&chosen)).into()),
    };
    match checked {
        Ok(_) => desk.go(href(id.0)),
        Err(stop) => {
            let refusal = of_stop(stop);
            desk.again(&refusal, &page.view(&desk.say(), &chosen, Some(&refusal)))
        }
    }
}

/// The columns of a file, each header once, whatever sheet it stands in.
struct Page {
    batch: Batch,
    kind: RosterKind,
    sheets: Vec<SheetPreview>,
    headers: Vec<String>,
}

impl Page {
    async fn read(desk: &Desk, id: falin_domain::words::BatchId) -> Result<Self, Refused> {
        let (app, visitor) = (&desk.site.app, desk.visitor());
        let batch = import::one(app, visitor, id).await?;
        let mut sheets = import::preview(app, visitor, id).await?;
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

    /// What the headers' own words say, or what was chosen before.
    fn guess(&self) -> Vec<Option<Field>> {
        let before = self.batch.mapping.as_deref();
        let before: Option<Mapping> = before.and_then(|text| serde_json::from_str(text).ok());
        let known = |header: &String| {
            let names = roster::columns(self.kind)
                .iter()
                .find(|column| column.names.iter().any(|name| squeezed(name) == squeezed(header)));
            let named = names.map(|column| column.field);
            before.as_ref().and_then(|mapping| mapping.0.get(header).copied()).unwrap_or(named)
        };
        self.headers.iter().map(known).collect()
    }

    fn chosen(&self, fields: &Fields) -> Vec<Option<Field>> {
        let field = |at: usize| fields.filled(&format!("column-{at}")).and_then(Field::from_code);
        (0..self.headers.len()).map(field).collect()
    }

    fn mapping(&self, chosen: &[Option<Field>]) -> Mapping {
        Mapping(self.headers.iter().cloned().zip(chosen.iter().copied()).collect::<BTreeMap<_, _>>())
    }

    /// Places of columns whose field was chosen before them in a sheet that has both.
    fn twice(&self, chosen: &[Option<Field>]) -> BTreeSet<usize> {
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
    fn missing(&self, chosen: &[Option<Field>]) -> String {
        let lacks = roster::columns(self.kind)
            .iter()
            .filter(|column| column.required && !chosen.contains(&Some(column.field)));
        lacks.filter_map(|column| column.names.first().copied()).collect::<Vec<_>>().join("、")
    }

    fn view(&self, say: &Say<'_>, chosen: &[Option<Field>], refusal: Option<&Refusal>) -> RosterColumns {
        let twice = self.twice(chosen);
        let column = |(at, header): (usize, &String)| RosterColumn {
            name: format!("column-{at}"),
            header: header.clone(),
            examples: self.examples(header, chosen.get(at).copied().flatten()),
            error: if twice.contains(&at) { say.t("desk-roster-column-twice") } else { String::new() },
            options: self.options(say, chosen.get(at).copied().flatten()),
        };
        RosterColumns {
            back: Link::new("/desk/rosters", say.t("desk-roster-list-title")),
            version: String::new(),
            file: self.batch.file_name.clone(),
            found: self.found(say),
            action: format!("{}/columns", href(self.batch.id)),
            errors: refusal.map(|refusal| say.error_summary(refusal)),
            columns: self.headers.iter().enumerate().map(column).collect(),
            buttons: vec![
                Button::submit("primary", say.t("desk-roster-columns-check")),
                Button::submit("low", say.t("desk-roster-discard")).named("act", "discard"),
            ],
        }
    }

    fn found(&self, say: &Say<'_>) -> String {
        let row = self.sheets.first().map_or(0, |sheet| sheet.row).to_string();
        let found = say.with("desk-roster-columns-found", &[("row", &row)]);
        if self.sheets.len() < 2 {
            return found;
        }
        let names: Vec<&str> = self.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        let (count, names) = (self.sheets.len().to_string(), names.join("、"));
        format!("{found} {}", say.with("desk-roster-columns-sheets", &[("count", &count), ("names", &names)]))
    }

    fn options(&self, say: &Say<'_>, chosen: Option<Field>) -> Vec<FieldOption> {
        let chosen = chosen.map(Field::code).unwrap_or_default();
        let mut options = vec![FieldOption::new("", say.t("desk-roster-column-skip"), chosen)];
        for column in roster::columns(self.kind) {
            let name = column.names.first().copied().unwrap_or_default();
            options.push(FieldOption::new(column.field.code(), name, chosen));
        }
        options
    }

    /// Cells beneath the header. Whoever maps columns needs shapes, not people: long numbers keep their ends only.
    fn examples(&self, header: &str, field: Option<Field>) -> String {
        let sheet = self.sheets.iter().find(|sheet| sheet.headers.iter().any(|name| name == header));
        let Some((sheet, at)) =
            sheet.and_then(|sheet| Some((sheet, sheet.headers.iter().position(|name| name == header)?)))
        else {
            return String::new();
        };
        let cells = sheet.sample.iter().filter_map(|row| row.get(at)).filter(|cell| !cell.is_empty());
        let private = matches!(field, Some(Field::IdNumber | Field::Phone));
        let shown = cells.take(EXAMPLES).map(|cell| if private { masked(cell, 0) } else { masked(cell, 6) });
        shown.collect::<Vec<_>>().join(" · ")
    }
}

/// Blanks and line breaks inside a header mean nothing.
fn squeezed(text: &str) -> String {
    falin_domain::words::fold(text)
}

/// Digits beyond `most` in a row are hidden but for the first three and last two.
pub(in crate::pages) fn masked(text: &str, most: usize) -> String {
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
