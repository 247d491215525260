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
use crate::look::desk::sentences::counted;
use crate::look::desk::worker::tabs;
use crate::look::format;
use crate::look::keys::facility_kind;
use crate::look::parts::Fact;
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
        active: Some(true),
    };
    let count = facility::count(&desk.site.app, desk.visitor(), filter.clone()).await?;
    let page = facility::list(&desk.site.app, desk.visitor(), filter, query.window()?).await?;
    let say = desk.say();
    let places = choices::townships(&desk, chosen).await?;
    desk.page(&FacilityList {
        tabs: tabs("/desk/facilities"),
        count: counted(&say, "desk-facility-list-count", count),
        filters: filters(&say, kind, chosen, places),
        rows: page.items.iter().map(row).collect(),
        pager: choices::pager(&query, "/desk/facilities", &["kind", "place"], page.next.as_ref()),
        may_write: may_write(&desk),
    })
}

fn may_write(desk: &Desk) -> bool {
    desk.visitor().may(Act::Write, Noun::Facility)
}

fn row(placed: &Placed) -> FacilityRow {
    let it = &placed.facility;
    FacilityRow {
        href: format!("/desk/facilities/{}", it.id),
        name: it.name.clone(),
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
    let placed = facility::one(&desk.site.app, desk.visitor(), id.0).await?;
    let it = &placed.facility;
    let numbers: Vec<String> = it.phone.split('、').map(format::phone).collect();
    let mut facts = vec![
        Fact::new("desk-facility-place", place(&placed.line)),
        Fact::new("desk-facility-address", it.address.clone()),
        Fact::new("desk-facility-phone", numbers.join("、")),
        Fact::new("desk-facility-hours", it.hours.clone()),
        Fact::new("desk-facility-access", it.access.clone()),
    ];
    facts.retain(|fact| !fact.value.is_empty());
    desk.page(&FacilityPage {
        name: it.name.clone(),
        kind: facility_kind(it.kind).to_owned(),
        facts,
        public: format!("{}/facilities/{}", desk.frame().base, id.0),
        edit: if may_write(&desk) { format!("/desk/facilities/{}/edit", id.0) } else { String::new() },
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
    let there = facility::one(&desk.site.app, desk.visitor(), id.0).await?.facility;
    match facility::change(&desk.site.app, desk.visitor(), id.0, version, &typed).await {
        Ok(_) => desk.go(format!("/desk/facilities/{}", id.0)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = form(&desk, Some((id.0, &there.name, version)), &typed, Some(&refusal)).await?;
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
