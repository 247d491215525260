//! Uploading a roster: the form, the file kept sealed, and its first dry run.

use std::sync::Arc;

use falin_app::import::Source;
use falin_domain::directory::HouseholdKind;
use falin_domain::refusal::Refusal;
use falin_domain::roster::RosterKind;

use super::href;
use crate::desk::Desk;
use crate::look::desk::roster::{RosterUpload, UploadTyped};
use crate::look::parts::FieldOption;
use crate::problem::{Answer, of_stop};
use crate::upload::Upload;
use crate::uploads;

/// `GET /desk/rosters/new`.
///
/// # Errors
/// The store's own.
pub async fn new(desk: Desk) -> Answer {
    desk.page(&form(&desk, &UploadTyped::default(), None))
}

fn form(desk: &Desk, typed: &UploadTyped, refusal: Option<&Refusal>) -> RosterUpload {
    let county = &desk.me.county;
    let places = vec![FieldOption::new(&county.code, &county.name, &county.code)];
    RosterUpload::new(&desk.say(), typed, places, refusal)
}

/// `POST /desk/rosters`: keeps the file and reads it once; where its headers are clear the dry run comes next,
/// else the page on which a person maps the columns.
///
/// # Errors
/// `access.denied`; a file that is missing or cannot be read is told on the form.
pub async fn upload(desk: Desk, upload: Upload) -> Answer {
    let text = |name| upload.fields.filled(name).unwrap_or_default().to_owned();
    let typed =
        UploadTyped { kind: text("kind"), household_kind: text("household_kind"), place: text("place") };
    let source = match source(&upload, &typed) {
        Ok(source) => source,
        Err(refusal) => return desk.again(&refusal, &form(&desk, &typed, Some(&refusal))),
    };
    match uploads::keep(&desk.site.app, desk.visitor(), &source).await {
        Ok(batch) if batch.state == "uploaded" => desk.go(format!("{}/columns", href(batch.id))),
        Ok(batch) => desk.go(href(batch.id)),
        Err(stop) => {
            let refusal = of_stop(stop);
            desk.again(&refusal, &form(&desk, &typed, Some(&refusal)))
        }
    }
}

fn source(upload: &Upload, typed: &UploadTyped) -> Result<Source, Refusal> {
    let kind = RosterKind::from_code(&typed.kind).ok_or_else(|| Refusal::field("kind", "required"))?;
    let file = upload.file("file").ok_or_else(|| Refusal::field("file", "required"))?;
    // The kind of households is asked beside every roster, since a page without a script cannot hide it.
    let households = HouseholdKind::from_code(&typed.household_kind);
    Ok(Source {
        kind,
        household_kind: households.filter(|_| kind == RosterKind::Households),
        name: file.name.clone(),
        bytes: Arc::new(file.bytes.to_vec()),
        mapping: None,
    })
}
