//! Township, village, adviser: the three steps.

use falin_app::facility::Facility;
use falin_app::public::{self, Place};
use falin_app::worker::Shown;
use falin_domain::directory::DivisionLevel;

use super::{Spot, adviser, told};
use crate::look::format;
use crate::look::keys::worker_title;
use crate::look::parts::{Choice, Go};
use crate::look::public::home::{Centre, Home};
use crate::look::public::place::{NearFacility, Village, Villages};
use crate::pages::choices::reference;
use crate::problem::Answer;

/// `GET /{view}/{county}/`.
///
/// # Errors
/// The store's own.
pub async fn home(spot: Spot) -> Answer {
    spot.page(async |spot: &Spot| {
        let home = told(public::home(&spot.site.app, spot.county()).await)?;
        let townships = home.places.iter().map(|place| choice(spot, place)).collect();
        let centre = home.centre.map(|facility| Centre {
            href: spot.href(&format!("/facilities/{}", facility.id)),
            name: facility.name,
            address: facility.address,
            hours: facility.hours,
        });
        Ok(Home { townships, centre })
    })
    .await
}

/// `GET /{view}/{county}/places/{division}`.
///
/// # Errors
/// `not_found`.
pub async fn villages(spot: Spot) -> Answer {
    spot.page(async |spot: &Spot| {
        let below = told(public::below(&spot.site.app, spot.county(), spot.path("division")).await)?;
        let name = below.line.first().map(|place| place.name.clone()).unwrap_or_default();
        Ok(Villages { name, villages: below.places.iter().map(|place| choice(spot, place)).collect() })
    })
    .await
}

/// `GET /{view}/{county}/villages/{division}`.
///
/// # Errors
/// `not_found`.
pub async fn village(spot: Spot) -> Answer {
    spot.page(async |spot: &Spot| {
        let found = told(public::village(&spot.site.app, spot.county(), spot.path("division")).await)?;
        let own = found.line.first();
        let name = own.map(|village| format::place(&village.name).to_owned()).unwrap_or_default();
        let township = found.line.get(1);
        let above = township.map(reference).unwrap_or_default();
        let here = found.advisers.first();
        // Who can help instead: another adviser of the village first, then of the township, if not away as well.
        let rest = found.advisers.iter().skip(1).chain(&found.nearby);
        let stand_in = rest.clone().find(|shown| shown.away.is_none());
        let hours = |shown: &Shown| {
            let post = shown.villages.iter().find(|(_, village)| Some(village.id) == own.map(|v| v.id));
            post.map(|(post, _)| post.hours.clone()).unwrap_or_default()
        };
        Ok(Village {
            township: township.map(|place| place.name.clone()).unwrap_or_default(),
            township_href: spot.href(&format!("/places/{above}")),
            adviser: here.map(|shown| adviser(spot, shown, &hours(shown), stand_in)),
            others: rest.map(|shown| other(spot, shown)).collect(),
            ask: spot.href(&format!("/ask?place={}", own.map(reference).unwrap_or_default())),
            facility: found.facility.map(|facility| near(spot, facility)),
            name,
        })
    })
    .await
}

fn choice(spot: &Spot, place: &Place) -> Choice {
    let division = &place.division;
    let name = format::place(&division.name);
    if division.level == DivisionLevel::Village {
        return Choice::noted(spot.href(&format!("/villages/{}", reference(division))), name, "");
    }
    let unit = if place.urban { "count-communities" } else { "count-villages" };
    let href = spot.href(&format!("/places/{}", reference(division)));
    Choice::counted(href, name, unit, u64::from(place.villages))
}

fn other(spot: &Spot, shown: &Shown) -> Go {
    let say = spot.say();
    let worker = &shown.worker;
    let villages: Vec<&str> =
        shown.villages.iter().take(3).map(|(_, village)| format::place(&village.name)).collect();
    let mut notes = Vec::new();
    if !villages.is_empty() {
        notes.push(say.with("worker-villages", &[("villages", &say.list(&villages))]));
    }
    if !worker.specialties.is_empty() {
        notes.push(say.with("worker-specialties", &[("specialties", &worker.specialties)]));
    }
    Go {
        href: spot.href(&format!("/workers/{}", worker.id)),
        tile: String::new(),
        title: format!("{} {}", worker.name, say.t(worker_title(worker.kind))),
        note: notes.join(" · "),
    }
}

fn near(spot: &Spot, facility: Facility) -> NearFacility {
    NearFacility {
        href: spot.href(&format!("/facilities/{}", facility.id)),
        name: facility.name,
        address: facility.address,
        hours: facility.hours,
    }
}
