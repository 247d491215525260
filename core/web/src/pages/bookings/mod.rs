//! Bookings at the desk: lists, one booking, and what is done with it.

pub mod form;
pub mod free;
pub mod grid;
pub mod house;
pub mod wait;

use actix_web::HttpRequest;
use falin_app::booking::{self, Filter, Move, Shown};
use falin_app::casework;
use falin_domain::booking::{BookingAct, BookingState, Span};
use falin_domain::page::Window;
use falin_domain::refusal::Refusal;
use falin_domain::time::{Date, Instant};
use falin_domain::words::BookingNoun;

use super::choices::{self, version};
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::booking::{BookingList, BookingPage, BookingRow, tabs};
use crate::look::desk::{Form, Link, key};
use crate::look::parts::{Button, Fact, Notice, State};
use crate::look::{Lang, Say, format};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};
use crate::site::Site;

/// The address at which this server is reached, without a trailing slash, for what people type, scan or subscribe to.
pub(crate) fn origin(site: &Site, req: &HttpRequest) -> String {
    let info = req.connection_info();
    let scheme = if site.settings.https { "https" } else { "http" };
    let own = || format!("{scheme}://{}", info.host());
    site.settings.public_url.clone().unwrap_or_else(own)
}

/// `9:00–10:00`.
pub(crate) fn clock(span: Span) -> String {
    let shown = |at: Instant| {
        let text = at.clock_text();
        text.strip_prefix('0').map_or(text.clone(), str::to_owned)
    };
    format!("{}–{}", shown(span.from()), shown(span.to()))
}

/// `11月24日 周二 9:00–10:00`.
pub(crate) fn when(lang: Lang, span: Span, today: Date) -> String {
    let date = span.from().date();
    format!("{} {} {}", format::day(lang, date, today), format::weekday(lang, date), clock(span))
}

pub(super) fn state(say: &Say<'_>, booking: &booking::Booking) -> State {
    let fill = match booking.state {
        BookingState::Pending => "half",
        BookingState::Confirmed => "full",
        BookingState::Released => "done",
        BookingState::Cancelled | BookingState::NoShow => "stopped",
    };
    State { fill, word: say.t(&key("desk-booking-state", booking.state.code())) }
}

/// Who leads it, in words.
pub(super) fn who(say: &Say<'_>, shown: &Shown) -> String {
    let mediator =
        shown.mediator.as_ref().map(|it| say.with("desk-booking-who-mediator", &[("name", &it.name)]));
    let lawyer = shown.lawyer.as_ref().map(|it| say.with("desk-booking-who-lawyer", &[("name", &it.name)]));
    mediator.into_iter().chain(lawyer).collect::<Vec<_>>().join(" · ")
}

pub(super) fn why(say: &Say<'_>, booking: &booking::Booking) -> String {
    booking.flag.map(|flag| say.t(&key("desk-booking-flag", flag.code()))).unwrap_or_default()
}

/// One booking as a row of a list.
pub(super) fn row(desk: &Desk, shown: &Shown) -> BookingRow {
    let say = desk.say();
    BookingRow {
        href: format!("/desk/bookings/{}", shown.booking.id),
        when: when(desk.lang, shown.booking.span(), desk.site.app.today()),
        purpose: shown.purpose.clone(),
        room: shown.room.as_ref().map(|room| room.name.clone()).unwrap_or_default(),
        who: who(&say, shown),
        state: state(&say, &shown.booking),
        why: why(&say, &shown.booking),
    }
}

async fn listed(
    desk: &Desk,
    (path, title, none): (&'static str, &'static str, &'static str),
    filter: Filter,
    query: &Query,
) -> Answer {
    let window: Window = query.window()?;
    let page = booking::list(&desk.site.app, desk.visitor(), filter, window).await?;
    desk.page(&BookingList {
        tabs: tabs(path),
        title,
        none,
        rows: page.items.iter().map(|shown| row(desk, shown)).collect(),
        pager: choices::pager(query, path, &[], page.next.as_ref()),
    })
}

fn to_come(desk: &Desk) -> Filter {
    Filter { live: true, ends_after: Some(desk.site.app.now().millis()), ..Filter::default() }
}

/// `GET /desk/bookings/list`: everything to come.
///
/// # Errors
/// `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let here = ("/desk/bookings/list", "desk-booking-list-title", "desk-booking-list-none");
    let filter = to_come(&desk);
    listed(&desk, here, filter, &query).await
}

/// `GET /desk/bookings/pending`: what waits for a confirmation.
///
/// # Errors
/// `page.cursor`.
pub async fn pending(desk: Desk, query: Query) -> Answer {
    let here = ("/desk/bookings/pending", "desk-booking-pending-title", "desk-booking-pending-none");
    let filter = Filter { state: Some(BookingState::Pending), ..to_come(&desk) };
    listed(&desk, here, filter, &query).await
}

/// `GET /desk/bookings/flagged`: what waits for a decision.
///
/// # Errors
/// `page.cursor`.
pub async fn flagged(desk: Desk, query: Query) -> Answer {
    let here = ("/desk/bookings/flagged", "desk-booking-flagged-title", "desk-booking-flagged-none");
    let filter = Filter { flagged: true, ..to_come(&desk) };
    listed(&desk, here, filter, &query).await
}

/// `GET /desk/bookings/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn show(desk: Desk, id: PathId<BookingNoun>) -> Answer {
    let found = booking::one(&desk.site.app, desk.visitor(), id.0).await?;
    desk.page(&page(&desk, &found, None).await?)
}

async fn page(desk: &Desk, shown: &Shown, refusal: Option<&Refusal>) -> Result<BookingPage, Refused> {
    let (say, it) = (desk.say(), &shown.booking);
    let (span, address) = (it.span(), format!("/desk/bookings/{}", it.id));
    let date = span.from().date();
    let mut acts: Vec<BookingAct> = shown.acts.clone();
    let moves = acts.contains(&BookingAct::Reschedule);
    acts.retain(|act| *act != BookingAct::Reschedule);
    let button = |(at, act): (usize, &BookingAct)| {
        let look = match act {
            BookingAct::Cancel | BookingAct::NoShow => "refuse",
            _ if at == 0 => "primary",
            _ => "outline",
        };
        Form::post(format!("{address}/actions")).keep("version", it.version.to_string()).button(
            Button::submit(look, say.t(&key("desk-booking-act", act.code()))).named("action", act.code()),
        )
    };
    let mut facts = facts(&say, shown);
    facts.extend(of_case(desk, shown).await?);
    Ok(BookingPage {
        when: format!("{} {}", format::date(desk.lang, date), clock(span)),
        back: Link::new(format!("/desk/bookings?date={date}"), desk.day(date)),
        state: state(&say, it),
        notices: notices(desk, shown, refusal),
        facts,
        shift: if moves { format!("{address}/move") } else { String::new() },
        acts: acts.iter().enumerate().map(button).collect(),
    })
}

fn notices(desk: &Desk, shown: &Shown, refusal: Option<&Refusal>) -> Vec<Notice> {
    let (say, it) = (desk.say(), &shown.booking);
    let mut notices = Vec::new();
    if let Some(refusal) = refusal {
        notices.push(Notice::new("danger", say.refusal_title(refusal), say.refusal_detail(refusal)));
    }
    if it.flag.is_some() && it.state.is_live() {
        notices.push(Notice::new("caution", why(&say, it), say.t("desk-booking-decide")));
    }
    if let Some(until) = it.offer_until_ms.map(Instant::from_millis) {
        let day = desk.day(until.date());
        let until = format!("{day} {}", until.clock_text());
        let text = say.with("desk-booking-offer", &[("until", &until)]);
        notices.push(Notice::new("plain", text, ""));
    }
    notices
}

/// The mediation case that it is for, where the reader sees that.
async fn of_case(desk: &Desk, shown: &Shown) -> Result<Option<Fact>, Refused> {
    let Some(case) = shown.booking.mediation_case_id.filter(|_| shown.open) else { return Ok(None) };
    match casework::in_sight(&desk.site.app, desk.visitor(), "mediation", case.cast()).await {
        Ok(()) => {
            let fact = Fact::new("desk-booking-case", desk.say().t("desk-booking-case-go"));
            Ok(Some(fact.href(format!("/desk/mediation/{case}"))))
        }
        Err(falin_app::Stop::Refused(_)) => Ok(None),
        Err(stop) => Err(stop.into()),
    }
}

fn facts(say: &Say<'_>, shown: &Shown) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some(room) = &shown.room {
        let href = format!("/desk/rooms/{}/week", room.id);
        facts.push(Fact::new("desk-booking-room", &room.name).note(&room.address).href(href));
    }
    facts.push(Fact::new("desk-booking-purpose", &shown.purpose));
    let name =
        |who: &Option<falin_app::worker::Worker>| who.as_ref().map(|it| it.name.clone()).unwrap_or_default();
    facts.push(Fact::new("desk-booking-mediator", name(&shown.mediator)));
    facts.push(Fact::new("desk-booking-lawyer", name(&shown.lawyer)));
    if !shown.parties.is_empty() {
        let count = shown.parties.len().to_string();
        facts.push(Fact::new(
            "desk-booking-parties",
            say.with("desk-booking-parties-count", &[("count", &count)]),
        ));
    }
    if let Some(link) = &shown.link {
        facts.push(Fact::new("desk-booking-link", link).href(link));
    }
    facts.retain(|fact| !fact.value.is_empty());
    facts
}

/// `POST /desk/bookings/{id}/actions`.
///
/// # Errors
/// `not_found`; a refusal is shown above the booking as it is now.
pub async fn act(desk: Desk, id: PathId<BookingNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    booking::one(&desk.site.app, desk.visitor(), id.0).await?;
    let what = fields.filled("action").and_then(BookingAct::from_code);
    let what = what.filter(|act| *act != BookingAct::Reschedule);
    let what = what.ok_or_else(|| Refused(Refusal::new("action.not_allowed")))?;
    let done =
        booking::act(&desk.site.app, desk.visitor(), id.0, version(&fields), what, Move::default()).await;
    match done {
        Ok(()) => desk.go(format!("/desk/bookings/{}", id.0)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let found = booking::one(&desk.site.app, desk.visitor(), id.0).await?;
            desk.again(&refusal, &page(&desk, &found, Some(&refusal)).await?)
        }
    }
}
