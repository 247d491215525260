//! `/desk/bookings/waiting`: who waits for a time, and what has been offered.

use falin_app::booking::{self, Waiting};
use falin_domain::booking::{SLOT_MS, Span};
use falin_domain::time::Instant;
use falin_domain::words::WaitNoun;

use super::when;
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::Form;
use crate::look::desk::booking::{WaitList, WaitRow, tabs};
use crate::look::parts::{Button, State};
use crate::pages::choices::version;
use crate::problem::Answer;
use crate::query::PathId;

/// `GET /desk/bookings/waiting`.
///
/// # Errors
/// The store's own.
pub async fn list(desk: Desk) -> Answer {
    let all = booking::waiting(&desk.site.app, desk.visitor()).await?;
    let rows = all.iter().map(|one| row(&desk, one)).collect();
    desk.page(&WaitList { tabs: tabs("/desk/bookings/waiting"), rows })
}

fn row(desk: &Desk, one: &Waiting) -> WaitRow {
    let (say, it) = (desk.say(), &one.wait);
    let span = Span::of_slots(it.starts_ms / SLOT_MS, it.ends_ms / SLOT_MS);
    let until = one.offer.as_ref().and_then(|offer| offer.offer_until_ms).map(Instant::from_millis);
    let state = match until {
        Some(until) => {
            let day = format!("{} {}", desk.day(until.date()), until.clock_text());
            State { fill: "half", word: say.with("desk-booking-offered", &[("until", &day)]) }
        }
        None => State { fill: "empty", word: say.t("desk-booking-waits") },
    };
    WaitRow {
        when: span.map(|span| when(desk.lang, span, desk.site.app.today())).unwrap_or_default(),
        purpose: one.purpose.clone(),
        room: one.room.as_ref().map(|room| room.name.clone()).unwrap_or_default(),
        state,
        href: one.offer.as_ref().map(|offer| format!("/desk/bookings/{}", offer.id)).unwrap_or_default(),
        withdraw: Form::post(format!("/desk/bookings/waiting/{}/withdraw", it.id))
            .keep("version", it.version.to_string())
            .button(Button::submit("low", say.t("desk-booking-wait-withdraw"))),
    }
}

/// `POST /desk/bookings/waiting/{id}/withdraw`.
///
/// # Errors
/// `not_found`, `state.changed`, `action.not_allowed`.
pub async fn withdraw(desk: Desk, id: PathId<WaitNoun>, body: Body) -> Answer {
    let version = version(&body.form()?);
    booking::withdraw(&desk.site.app, desk.visitor(), id.0, version).await?;
    desk.go("/desk/bookings/waiting")
}
