//! `/{view}/{county}/notary`: what to bring to a notary, for everybody.

use falin_app::notary;
use falin_app::worker::Filter;
use falin_domain::directory::WorkerKind;
use falin_domain::page::Window;

use super::{Spot, told, worker_row};
use crate::look::format;
use crate::look::parts::Go;
use crate::look::public::notary::{Matter, Notary};
use crate::problem::Answer;

/// `GET /{view}/{county}/notary`.
///
/// # Errors
/// The store's own.
pub async fn show(spot: Spot) -> Answer {
    spot.page(async |spot: &Spot| {
        let app = &spot.site.app;
        let matters = told(notary::offered(app, spot.county()).await)?;
        let filter = Filter { kind: Some(WorkerKind::Notary), ..Filter::default() };
        let found =
            told(falin_app::public::workers(app, vec![spot.county()], filter, Window::default()).await)?;
        let matter = |it: &notary::Matter| Matter {
            name: it.name.clone(),
            papers: it.papers.lines().map(str::to_owned).collect(),
            note: it.note.clone(),
            time: spot.say().with("notary-time", &[("minutes", &it.minutes.to_string())]),
        };
        let who = |shown: &falin_app::worker::Shown| {
            let row = worker_row(spot, shown);
            let phone = shown.worker.phone.split('、').next().unwrap_or_default();
            let note = format!("{} {}", row.firm, format::phone(phone));
            Go { href: row.href, tile: String::new(), title: row.name, note: note.trim().to_owned() }
        };
        Ok(Notary {
            matters: matters.iter().map(matter).collect(),
            notaries: found.items.iter().map(who).collect(),
        })
    })
    .await
}
