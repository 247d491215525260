//! Mediation rooms at the desk: list, form, closing.

use falin_app::room::{self, Filter, Placed};
use falin_domain::access::{Act, Noun};
use falin_domain::refusal::Refusal;
use falin_domain::words::{RoomId, RoomNoun};

use super::choices::{self, typed, version};
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::open::{named, open_form};
use crate::look::desk::room::{RoomEdit, RoomList, RoomRow, RoomTyped, filters};
use crate::look::desk::sentences::counted;
use crate::look::format;
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// `GET /desk/rooms`.
///
/// # Errors
/// `division.unknown`, `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let chosen = query.filled("place").unwrap_or_default();
    let filter = Filter { place: query.filled("place").map(str::to_owned), ..Filter::default() };
    let count = room::count(&desk.site.app, desk.visitor(), filter.clone()).await?;
    let page = room::list(&desk.site.app, desk.visitor(), filter, query.window()?).await?;
    let places = choices::townships(&desk, chosen).await?;
    let write = desk.visitor().may(Act::Write, Noun::Room);
    desk.page(&RoomList {
        count: counted(&desk.say(), "desk-room-list-count", count),
        filters: filters(&desk.say(), chosen, places),
        rows: page.items.iter().map(|placed| row(&desk, placed, write)).collect(),
        pager: choices::pager(&query, "/desk/rooms", &["place"], page.next.as_ref()),
        may_write: write,
    })
}

fn row(desk: &Desk, placed: &Placed, write: bool) -> RoomRow {
    let it = &placed.room;
    let place = placed.division.as_ref().map(|place| format::place(&place.name)).unwrap_or_default();
    RoomRow {
        href: if write { format!("/desk/rooms/{}/edit", it.id) } else { String::new() },
        name: named(&desk.say(), &it.name, it.active),
        organisation: it.organisation.clone(),
        place: format!("{place} {}", it.address).trim().to_owned(),
        seats: it.capacity.to_string(),
        hours: it.hours.clone(),
    }
}

/// `GET /desk/rooms/new`.
///
/// # Errors
/// The store's own.
pub async fn new(desk: Desk) -> Answer {
    let view = form(&desk, None, &RoomTyped::default(), None).await?;
    desk.page(&view)
}

/// `POST /desk/rooms`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn add(desk: Desk, body: Body) -> Answer {
    let typed: RoomTyped = typed(&body.form()?);
    match room::add(&desk.site.app, desk.visitor(), &typed).await {
        Ok(_) => desk.go("/desk/rooms"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = form(&desk, None, &typed, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/rooms/{id}/edit`.
///
/// # Errors
/// `not_found`.
pub async fn edit(desk: Desk, id: PathId<RoomNoun>) -> Answer {
    let placed = room::one(&desk.site.app, desk.visitor(), id.0).await?;
    let seen = (id.0, placed.room.version, placed.room.active);
    let view = form(&desk, Some(seen), &RoomTyped::of(&placed), None).await?;
    desk.page(&view)
}

/// `POST /desk/rooms/{id}`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn change(desk: Desk, id: PathId<RoomNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, version): (RoomTyped, i64) = (typed(&fields), version(&fields));
    let placed = room::one(&desk.site.app, desk.visitor(), id.0).await?;
    let there = &placed.room;
    match room::change(&desk.site.app, desk.visitor(), id.0, version, &typed).await {
        Ok(_) => desk.go("/desk/rooms"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let mut view = form(&desk, Some((id.0, version, there.active)), &typed, Some(&refusal)).await?;
            if refusal.is_stale() {
                let seen = Some((id.0, there.version, there.active));
                let now = form(&desk, seen, &RoomTyped::of(&placed), None).await?;
                view.form.meanwhile(&desk.say(), &now.form);
            }
            desk.again(&refusal, &view)
        }
    }
}

/// `POST /desk/rooms/{id}/close`.
///
/// # Errors
/// `not_found`; a refusal is shown above the form.
pub async fn close(desk: Desk, id: PathId<RoomNoun>, body: Body) -> Answer {
    set_open(desk, id.0, body, false).await
}

/// `POST /desk/rooms/{id}/reopen`.
///
/// # Errors
/// `not_found`; a refusal is shown above the form.
pub async fn reopen(desk: Desk, id: PathId<RoomNoun>, body: Body) -> Answer {
    set_open(desk, id.0, body, true).await
}

async fn set_open(desk: Desk, id: RoomId, body: Body, open: bool) -> Answer {
    let placed = room::one(&desk.site.app, desk.visitor(), id).await?;
    match room::set_open(&desk.site.app, desk.visitor(), id, version(&body.form()?), open).await {
        Ok(_) => desk.go("/desk/rooms"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let it = &placed.room;
            let mut view =
                form(&desk, Some((id, it.version, it.active)), &RoomTyped::of(&placed), None).await?;
            let address = format!("/desk/rooms/{id}");
            view.open = Some(open_form(&desk.say(), &address, it.version, it.active, Some(&refusal)));
            desk.again(&refusal, &view)
        }
    }
}

async fn form(
    desk: &Desk,
    seen: Option<(RoomId, i64, bool)>,
    typed: &RoomTyped,
    refusal: Option<&Refusal>,
) -> Result<RoomEdit, Refused> {
    let places = choices::villages(desk, &typed.place, true).await?;
    let action = seen.map_or("/desk/rooms".to_owned(), |(id, ..)| format!("/desk/rooms/{id}"));
    let seen = seen.map(|(_, version, open)| (version, open));
    Ok(RoomEdit::new(&desk.say(), &action, seen, typed, places, refusal))
}
