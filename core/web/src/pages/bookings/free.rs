//! `/desk/bookings/free`: the time first, then a room.

use falin_app::booking::{self, Typed};
use falin_domain::refusal::Refusal;

use super::when;
use crate::desk::Desk;
use crate::look::desk::Filters;
use crate::look::desk::booking::{FreeRoom, FreeRooms, time_fields};
use crate::look::format;
use crate::look::parts::Field;
use crate::pages::choices::typed;
use crate::problem::{Answer, of_stop};
use crate::query::Query;

/// `GET /desk/bookings/free?date=&from=&minutes=&capacity=`.
///
/// # Errors
/// The store's own; what is wrong with the time is said on the page.
pub async fn show(desk: Desk, query: Query) -> Answer {
    let say = desk.say();
    let mut asked: Typed = typed(&query.0);
    let seats = query.filled("capacity").unwrap_or_default().to_owned();
    let wanted = query.filled("from").is_some();
    if asked.date.is_empty() {
        asked.date = desk.site.app.today().to_string();
    }
    if asked.minutes.is_empty() {
        asked.minutes = "60".to_owned();
    }
    let mut fields = time_fields(&asked.date, &asked.from, &asked.minutes, &say);
    let capacity =
        Field::text("capacity", "desk-booking-capacity").value(&seats).typing("off", "numeric").width(5);
    fields.push(capacity);
    let filters = Filters { active: wanted, ..Filters::new("/desk/bookings/free", fields) };
    let mut view = FreeRooms { filters, when: String::new(), fault: String::new(), rooms: Vec::new() };
    if !wanted {
        return desk.page(&view);
    }
    match found(&desk, &asked, &seats).await {
        Ok((when, rooms)) => {
            (view.when, view.rooms) = (when, rooms);
            desk.page(&view)
        }
        Err(refusal) => {
            let summary = say.error_summary(&refusal);
            view.fault = summary.items.first().map_or(summary.title, |item| item.text.clone());
            desk.again(&refusal, &view)
        }
    }
}

async fn found(desk: &Desk, asked: &Typed, seats: &str) -> Result<(String, Vec<FreeRoom>), Refusal> {
    let span = asked.span()?;
    let seats = match seats {
        "" => None,
        text => Some(text.parse().map_err(|_| Refusal::field("capacity", "not_a_number"))?),
    };
    let county = desk.visitor().county;
    let rooms = booking::free_rooms(&desk.site.app, county, span, seats).await.map_err(of_stop)?;
    let say = desk.say();
    let row = |placed: &falin_app::room::Placed| {
        let room = &placed.room;
        let place = placed.division.as_ref().map(|it| format::place(&it.name).to_owned()).unwrap_or_default();
        let seats = say.with("desk-booking-seats", &[("count", &room.capacity.to_string())]);
        let notes: Vec<String> =
            [seats, room.equipment.clone(), place].into_iter().filter(|note| !note.is_empty()).collect();
        FreeRoom {
            href: format!(
                "/desk/bookings/new?room_id={}&date={}&from={}&minutes={}",
                room.id,
                span.from().date(),
                span.from().clock_text(),
                span.minutes()
            ),
            name: room.name.clone(),
            note: notes.join(" · "),
        }
    };
    Ok((when(desk.lang, span, desk.site.app.today()), rooms.iter().map(row).collect()))
}
