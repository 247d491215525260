//! Centres, stations and studios at the desk: list, one, the form.

use falin_app::facility::{self, Filter, Placed};
use falin_domain::access::{Act, Noun};
use falin_domain::directory::FacilityKind;
use falin_domain::refusal::Refusal;
use falin_domain::words::{FacilityId, FacilityNoun};

use super::choices::{self, place, typed, version};
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::Link;
use crate::look::desk::facility::{
    FacilityEdit, FacilityList, FacilityPage, FacilityRow, FacilityTyped, filters,
};
use crate::look::desk::open::{named, open_form};
use crate::look::desk::sentences::counted;
use crate::look::desk::worker::tabs;
use crate::look::keys::facility_kind;
use crate::look::parts::Fact;
use crate::look::{Say, format};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// `GET /desk/facilities`.
///
/// # Errors
/// `division.unknown`, `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let (kind, chosen) =
        (query.filled("kind").unwrap_or_default(), query.filled("place").unwrap_or_default());
    let filter = Filter {
        kind: FacilityKind::from_code(kind),
        place: query.filled("place").map(str::to_owned),
        active: None,
    };
    let count = facility::count(&desk.site.app, desk.visitor(), filter.clone()).await?;
    let page = facility::list(&desk.site.app, desk.visitor(), filter, query.window()?).await?;
    let say = desk.say();
    let places = choices::townships(&desk, chosen).await?;
    desk.page(&FacilityList {
        tabs: tabs("/desk/facilities"),
        count: counted(&say, "desk-facility-list-count", count),
        filters: filters(&say, kind, chosen, places),
        rows: page.items.iter().map(|placed| row(&say, placed)).collect(),
        pager: choices::pager(&query, "/desk/facilities", &["kind", "place"], page.next.as_ref()),
        may_write: may_write(&desk),
        rooms: if desk.visitor().may(Act::Read, Noun::Room) {
            "/desk/rooms".to_owned()
        } else {
            String::new()
        },
    })
}

fn may_write(desk: &Desk) -> bool {
    desk.visitor().may(Act::Write, Noun::Facility)
}

fn row(say: &Say<'_>, placed: &Placed) -> FacilityRow {
    let it = &placed.facility;
    FacilityRow {
        href: format!("/desk/facilities/{}", it.id),
        name: named(say, &it.name, it.active),
        kind: facility_kind(it.kind).to_owned(),
        place: format!("{} {}", place(&placed.line), it.address).trim().to_owned(),
        hours: it.hours.clone(),
        phone: it.phone.clone(),
    }
}

/// `GET /desk/facilities/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn show(desk: Desk, id: PathId<FacilityNoun>) -> Answer {
    let view = page(&desk, id.0, None).await?;
    desk.page(&view)
}

/// `POST /desk/facilities/{id}/close`.
///
/// # Errors
/// `not_found`; a refusal is shown on the facility's page.
pub async fn close(desk: Desk, id: PathId<FacilityNoun>, body: Body) -> Answer {
    set_open(desk, id.0, body, false).await
}

/// `POST /desk/facilities/{id}/reopen`.
///
/// # Errors
/// `not_found`; a refusal is shown on the facility's page.
pub async fn reopen(desk: Desk, id: PathId<FacilityNoun>, body: Body) -> Answer {
    set_open(desk, id.0, body, true).await
}

async fn set_open(desk: Desk, id: FacilityId, body: Body, open: bool) -> Answer {
    match facility::set_open(&desk.site.app, desk.visitor(), id, version(&body.form()?), open).await {
        Ok(_) => desk.go(format!("/desk/facilities/{id}")),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = page(&desk, id, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

async fn page(desk: &Desk, id: FacilityId, refusal: Option<&Refusal>) -> Result<FacilityPage, Refused> {
    let placed = facility::one(&desk.site.app, desk.visitor(), id).await?;
    let (write, address) = (may_write(desk), format!("/desk/facilities/{id}"));
    let it = &placed.facility;
    let numbers: Vec<String> = it.phone.split('、').map(format::phone).collect();
    let mut facts = vec![
        Fact::new("desk-facility-place", place(&placed.line)),
        Fact::new("desk-facility-address", it.address.clone()),
        Fact::new("desk-facility-phone", desk.say().list(&numbers)),
        Fact::new("desk-facility-hours", it.hours.clone()),
        Fact::new("desk-facility-access", it.access.clone()),
    ];
    facts.retain(|fact| !fact.value.is_empty());
    let say = desk.say();
    Ok(FacilityPage {
        name: named(&say, &it.name, it.active),
        kind: facility_kind(it.kind).to_owned(),
        facts,
        public: if it.active { format!("{}/facilities/{id}", desk.frame().base) } else { String::new() },
        edit: if write { format!("{address}/edit") } else { String::new() },
        open: write.then(|| open_form(&say, &address, it.version, it.active, refusal)),
    })
}

/// `GET /desk/facilities/new`.
///
/// # Errors
/// The store's own.
pub async fn new(desk: Desk) -> Answer {
    let typed = FacilityTyped { kind: FacilityKind::Station.code().to_owned(), ..FacilityTyped::default() };
    let view = form(&desk, None, &typed, None).await?;
    desk.page(&view)
}

/// `POST /desk/facilities`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn add(desk: Desk, body: Body) -> Answer {
    let typed: FacilityTyped = typed(&body.form()?);
    match facility::add(&desk.site.app, desk.visitor(), &typed).await {
        Ok(made) => desk.go(format!("/desk/facilities/{}", made.facility.id)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = form(&desk, None, &typed, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/facilities/{id}/edit`.
///
/// # Errors
/// `not_found`.
pub async fn edit(desk: Desk, id: PathId<FacilityNoun>) -> Answer {
    let placed = facility::one(&desk.site.app, desk.visitor(), id.0).await?;
    let seen = (id.0, placed.facility.name.as_str(), placed.facility.version);
    let view = form(&desk, Some(seen), &FacilityTyped::of(&placed), None).await?;
    desk.page(&view)
}

/// `POST /desk/facilities/{id}`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn change(desk: Desk, id: PathId<FacilityNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, version): (FacilityTyped, i64) = (typed(&fields), version(&fields));
    let placed = facility::one(&desk.site.app, desk.visitor(), id.0).await?;
    let there = &placed.facility;
    match facility::change(&desk.site.app, desk.visitor(), id.0, version, &typed).await {
        Ok(_) => desk.go(format!("/desk/facilities/{}", id.0)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let mut view = form(&desk, Some((id.0, &there.name, version)), &typed, Some(&refusal)).await?;
            if refusal.is_stale() {
                let seen = Some((id.0, there.name.as_str(), there.version));
                let now = form(&desk, seen, &FacilityTyped::of(&placed), None).await?;
                view.form.meanwhile(&desk.say(), &now.form);
            }
            desk.again(&refusal, &view)
        }
    }
}

async fn form(
    desk: &Desk,
    seen: Option<(FacilityId, &str, i64)>,
    typed: &FacilityTyped,
    refusal: Option<&Refusal>,
) -> Result<FacilityEdit, Refused> {
    let (action, back, version) = match seen {
        None => {
            let list = Link::new("/desk/facilities", desk.say().t("desk-facility-list-title"));
            ("/desk/facilities".to_owned(), list, String::new())
        }
        Some((id, name, version)) => {
            let href = format!("/desk/facilities/{id}");
            (href.clone(), Link::new(href, name), version.to_string())
        }
    };
    let places = choices::villages(desk, &typed.place, true).await?;
    Ok(FacilityEdit::new(&desk.say(), &action, back, &version, typed, places, refusal))
}
