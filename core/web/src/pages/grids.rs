//! Grids at the desk: list and form.

use falin_app::grid::{self, Placed};
use falin_domain::access::{Act, Noun};
use falin_domain::refusal::Refusal;
use falin_domain::words::{GridId, GridNoun};

use super::choices::{self, place, typed, version};
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::grid::{GridEdit, GridList, GridRow, GridTyped, filters};
use crate::look::desk::sentences::counted;
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// `GET /desk/grids`.
///
/// # Errors
/// `division.unknown`, `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let chosen = query.filled("village").unwrap_or_default();
    let village = query.filled("village").map(str::to_owned);
    let count = grid::count(&desk.site.app, desk.visitor(), village.clone()).await?;
    let page = grid::list(&desk.site.app, desk.visitor(), village, query.window()?).await?;
    let villages = choices::villages(&desk, chosen, false).await?;
    let villages = villages.into_iter().filter(|option| !option.value.is_empty()).collect();
    let write = may_write(&desk);
    desk.page(&GridList {
        count: counted(&desk.say(), "desk-grid-list-count", count),
        filters: filters(&desk.say(), chosen, villages),
        rows: page.items.iter().map(|placed| row(placed, write)).collect(),
        pager: choices::pager(&query, "/desk/grids", &["village"], page.next.as_ref()),
        may_write: write,
    })
}

fn may_write(desk: &Desk) -> bool {
    desk.visitor().may(Act::Write, Noun::Division)
}

fn row(placed: &Placed, write: bool) -> GridRow {
    GridRow {
        href: if write { format!("/desk/grids/{}/edit", placed.grid.id) } else { String::new() },
        name: placed.grid.name.clone(),
        village: place(&placed.line),
        keeper: placed.grid.keeper.clone(),
    }
}

/// `GET /desk/grids/new`.
///
/// # Errors
/// The store's own.
pub async fn new(desk: Desk) -> Answer {
    let view = form(&desk, None, &GridTyped::default(), None).await?;
    desk.page(&view)
}

/// `POST /desk/grids`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn add(desk: Desk, body: Body) -> Answer {
    let typed: GridTyped = typed(&body.form()?);
    match grid::add(&desk.site.app, desk.visitor(), &typed).await {
        Ok(_) => desk.go("/desk/grids"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = form(&desk, None, &typed, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/grids/{id}/edit`.
///
/// # Errors
/// `not_found`.
pub async fn edit(desk: Desk, id: PathId<GridNoun>) -> Answer {
    let placed = grid::one(&desk.site.app, desk.visitor(), id.0).await?;
    let view = form(&desk, Some((id.0, placed.grid.version)), &GridTyped::of(&placed), None).await?;
    desk.page(&view)
}

/// `POST /desk/grids/{id}`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn change(desk: Desk, id: PathId<GridNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, version): (GridTyped, i64) = (typed(&fields), version(&fields));
    let there = grid::one(&desk.site.app, desk.visitor(), id.0).await?;
    match grid::change(&desk.site.app, desk.visitor(), id.0, version, &typed).await {
        Ok(_) => desk.go("/desk/grids"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let mut view = form(&desk, Some((id.0, version)), &typed, Some(&refusal)).await?;
            if refusal.is_stale() {
                let seen = Some((id.0, there.grid.version));
                let now = form(&desk, seen, &GridTyped::of(&there), None).await?;
                view.form.meanwhile(&desk.say(), &now.form);
            }
            desk.again(&refusal, &view)
        }
    }
}

async fn form(
    desk: &Desk,
    seen: Option<(GridId, i64)>,
    typed: &GridTyped,
    refusal: Option<&Refusal>,
) -> Result<GridEdit, Refused> {
    let villages = choices::villages(desk, &typed.village, false).await?;
    let action = seen.map_or("/desk/grids".to_owned(), |(id, _)| format!("/desk/grids/{id}"));
    let version = seen.map(|(_, version)| version.to_string()).unwrap_or_default();
    Ok(GridEdit::new(&desk.say(), &action, &version, typed, villages, refusal))
}
