//! Mapping an uploaded roster's columns: what the headers say is chosen already, cells of the file stand beside it.

use falin_app::import::{self, Columns};
use falin_domain::refusal::Refusal;
use falin_domain::roster::{self, Field};
use falin_domain::words::BatchNoun;

use super::href;
use crate::body::{Body, Fields};
use crate::desk::Desk;
use crate::look::Say;
use crate::look::desk::Link;
use crate::look::desk::roster::{RosterColumn, RosterColumns};
use crate::look::parts::{Button, FieldOption};
use crate::problem::{Answer, of_stop};
use crate::query::PathId;

/// `GET /desk/rosters/{id}/columns`.
///
/// # Errors
/// `not_found`; `import.undone` once the file is forgotten.
pub async fn columns(desk: Desk, id: PathId<BatchNoun>) -> Answer {
    let page = Page(Columns::read(&desk.site.app, desk.visitor(), id.0).await?);
    desk.page(&page.view(&desk.say(), &page.0.guess(), None))
}

/// `POST /desk/rosters/{id}/columns`: checks the file with these columns, or discards it.
///
/// # Errors
/// `not_found`; what is missing or chosen twice is told on the page.
pub async fn choose(desk: Desk, id: PathId<BatchNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let (app, visitor) = (&desk.site.app, desk.visitor());
    if fields.filled("act") == Some("discard") {
        import::forget(app, visitor, id.0, None).await?;
        return desk.go("/desk/rosters");
    }
    let page = Page(Columns::read(app, visitor, id.0).await?);
    let chosen = page.chosen(&fields);
    match page.0.check(app, visitor, None, &chosen).await {
        Ok(_) => desk.go(href(id.0)),
        Err(stop) => {
            let refusal = of_stop(stop);
            desk.again(&refusal, &page.view(&desk.say(), &chosen, Some(&refusal)))
        }
    }
}

/// The page on which they are mapped.
struct Page(Columns);

impl Page {
    fn chosen(&self, fields: &Fields) -> Vec<Option<Field>> {
        let field = |at: usize| fields.filled(&format!("column-{at}")).and_then(Field::from_code);
        (0..self.0.headers.len()).map(field).collect()
    }

    fn view(&self, say: &Say<'_>, chosen: &[Option<Field>], refusal: Option<&Refusal>) -> RosterColumns {
        let twice = self.0.twice(chosen);
        let column = |(at, header): (usize, &String)| RosterColumn {
            name: format!("column-{at}"),
            header: header.clone(),
            examples: self.0.examples(header, chosen.get(at).copied().flatten()).join(" · "),
            error: if twice.contains(&at) { say.t("desk-roster-column-twice") } else { String::new() },
            options: self.options(say, chosen.get(at).copied().flatten()),
        };
        RosterColumns {
            back: Link::new("/desk/rosters", say.t("desk-roster-list-title")),
            version: String::new(),
            file: self.0.batch.file_name.clone(),
            found: self.found(say),
            action: format!("{}/columns", href(self.0.batch.id)),
            errors: refusal.map(|refusal| say.error_summary(refusal)),
            columns: self.0.headers.iter().enumerate().map(column).collect(),
            buttons: vec![
                Button::submit("primary", say.t("desk-roster-columns-check")),
                Button::submit("low", say.t("desk-roster-discard")).named("act", "discard"),
            ],
        }
    }

    fn found(&self, say: &Say<'_>) -> String {
        let row = self.0.sheets.first().map_or(0, |sheet| sheet.row).to_string();
        let found = say.with("desk-roster-columns-found", &[("row", &row)]);
        if self.0.sheets.len() < 2 {
            return found;
        }
        let names: Vec<&str> = self.0.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        let (count, names) = (self.0.sheets.len().to_string(), names.join("、"));
        format!("{found} {}", say.with("desk-roster-columns-sheets", &[("count", &count), ("names", &names)]))
    }

    fn options(&self, say: &Say<'_>, chosen: Option<Field>) -> Vec<FieldOption> {
        let chosen = chosen.map(Field::code).unwrap_or_default();
        let mut options = vec![FieldOption::new("", say.t("desk-roster-column-skip"), chosen)];
        for column in roster::columns(self.0.kind) {
            let name = column.names.first().copied().unwrap_or_default();
            options.push(FieldOption::new(column.field.code(), name, chosen));
        }
        options
    }
}
