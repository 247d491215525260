//! Booking a time and moving a booking: what clashes is named, and three free times are a button each.

use falin_app::booking::{self, Move, Repeated, Typed};
use falin_app::casework::{self, Seen};
use falin_app::worker;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{BookingId, BookingNoun};

use super::clock;
use crate::body::{Body, Fields};
use crate::desk::Desk;
use crate::look::desk::Link;
use crate::look::desk::booking::form::{BookingEdit, CaseChoice, Choices};
use crate::look::desk::case::lang_code;
use crate::look::format;
use crate::look::parts::{Button, FieldOption};
use crate::pages::choices::{typed, version};
use crate::pages::repeats;
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// `GET /desk/bookings/new?room_id=&date=&from=&minutes=`: what is known already stands in the form.
///
/// # Errors
/// The store's own.
pub async fn new(desk: Desk, query: Query) -> Answer {
    let mut typed = all_typed(&query.0);
    if let Some(case) = case_of(&desk, &typed).await? {
        of_case(&desk, &case, &mut typed);
    }
    if typed.date.is_empty() {
        typed.date = desk.site.app.today().to_string();
    }
    if typed.minutes.is_empty() {
        typed.minutes = "60".to_owned();
    }
    let view = form(&desk, None, &typed, None).await?;
    desk.page(&view)
}

/// What was typed; ticked parties are several values under one name.
fn all_typed(fields: &Fields) -> Typed {
    let ticked = fields.0.iter().filter(|(name, _)| name == "party_ids").map(|(_, value)| value.as_str());
    let party_ids = ticked.collect::<Vec<_>>().join(" ");
    Typed { party_ids, ..typed(fields) }
}

/// The mediation case that the form names; None for none, or one that the visitor does not see: booking says so then.
async fn case_of(desk: &Desk, typed: &Typed) -> Result<Option<Seen>, Refused> {
    let Ok(id) = typed.mediation_case_id.trim().parse() else { return Ok(None) };
    match casework::one(&desk.site.app, desk.visitor(), "mediation", id).await {
        Ok(seen) => Ok(Some(seen)),
        Err(falin_app::Stop::Refused(_)) => Ok(None),
        Err(stop) => Err(stop.into()),
    }
}

/// What a case says of its appointment stands in the form: what for, who mediates, and all its parties.
fn of_case(desk: &Desk, case: &Seen, typed: &mut Typed) {
    if typed.purpose.is_empty() {
        typed.purpose = desk.say().with("desk-booking-case-purpose", &[("number", &case.case.number)]);
    }
    if let Some(worker) = case.worker.as_ref().filter(|_| typed.mediator_id.is_empty()) {
        typed.mediator_id = worker.id.to_string();
    }
    if typed.party_ids.is_empty() {
        typed.party_ids = case.parties.iter().map(|party| party.id.to_string()).collect::<Vec<_>>().join(" ");
    }
}

/// A suggested time that was pressed takes the place of what was typed.
fn picked(mut typed: Typed, fields: &Fields) -> Typed {
    let Some((room, at)) = fields.filled("pick").and_then(|text| text.split_once(' ')) else { return typed };
    if let Ok(ms) = at.parse::<i64>() {
        let at = Instant::from_millis(ms);
        (typed.room_id, typed.date, typed.from) = (room.to_owned(), at.date().to_string(), at.clock_text());
    }
    typed
}

/// `POST /desk/bookings`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn add(desk: Desk, body: Body) -> Answer {
    let fields = body.form()?;
    let typed: Typed = picked(all_typed(&fields), &fields);
    let done =
        if fields.filled("wait").is_some() { wait(&desk, &typed).await } else { made(&desk, &typed).await };
    match done {
        Ok(target) => desk.go(target),
        Err(refusal) => {
            let view = form(&desk, None, &typed, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

async fn made(desk: &Desk, typed: &Typed) -> Result<String, Refusal> {
    let new = typed.read().map_err(renamed)?;
    let (app, visitor, date) = (&desk.site.app, desk.visitor(), new.span.from().date());
    match typed.repeated()? {
        None => {
            let made = booking::book(app, visitor, new).await.map_err(of_stop).map_err(renamed)?;
            Ok(format!("/desk/bookings/{}", made.id))
        }
        Some(how) => {
            let told = booking::repeat(app, visitor, new, how).await.map_err(of_stop).map_err(renamed)?;
            let made = told.iter().filter(|one| one.outcome.is_ok()).count();
            let left_out =
                |one: &Repeated| Some((one.span.from().date(), left_out(one.outcome.as_ref().err()?)));
            let part = repeats::part(made, told.iter().filter_map(left_out));
            Ok(format!("/desk/bookings?date={date}&{part}"))
        }
    }
}

/// Why a week was left out, as an address says it.
fn left_out(refusal: &Refusal) -> &'static str {
    match refusal.code() {
        "booking.conflict" => "taken",
        "booking.closed" => "closed",
        _ => "other",
    }
}

async fn wait(desk: &Desk, typed: &Typed) -> Result<String, Refusal> {
    let new = typed.read().map_err(renamed)?;
    booking::ask_to_wait(&desk.site.app, desk.visitor(), new).await.map_err(of_stop).map_err(renamed)?;
    Ok("/desk/bookings/waiting".to_owned())
}

/// The form asks for a length where programs give an end; a time that cannot be had is a fault at its date.
fn renamed(mut refusal: Refusal) -> Refusal {
    for fault in refusal.fields.iter_mut().filter(|fault| fault.name == "ends_at") {
        "minutes".clone_into(&mut fault.name);
    }
    refusal
}

/// `GET /desk/bookings/{id}/move`.
///
/// # Errors
/// `not_found`.
pub async fn edit(desk: Desk, id: PathId<BookingNoun>) -> Answer {
    let found = booking::one(&desk.site.app, desk.visitor(), id.0).await?;
    let view = form(&desk, Some((id.0, found.booking.version)), &Typed::of(&found), None).await?;
    desk.page(&view)
}

/// `POST /desk/bookings/{id}/move`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn shift(desk: Desk, id: PathId<BookingNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let there = booking::one(&desk.site.app, desk.visitor(), id.0).await?;
    let (typed, seen): (Typed, i64) = (picked(all_typed(&fields), &fields), version(&fields));
    match moved(&desk, id.0, seen, &typed).await {
        Ok(()) => desk.go(format!("/desk/bookings/{}", id.0)),
        Err(refusal) => {
            let mut view = form(&desk, Some((id.0, seen)), &typed, Some(&refusal)).await?;
            if refusal.is_stale() {
                let now = form(&desk, Some((id.0, there.booking.version)), &Typed::of(&there), None).await?;
                view.form.meanwhile(&desk.say(), &now.form);
            }
            desk.again(&refusal, &view)
        }
    }
}

async fn moved(desk: &Desk, id: BookingId, version: i64, typed: &Typed) -> Result<(), Refusal> {
    let new = typed.read().map_err(renamed)?;
    let to = Move {
        room: Some(new.room),
        span: Some(new.span),
        purpose: Some(new.purpose),
        link: Some(new.link),
        mediator: Some(new.mediator),
        lawyer: Some(new.lawyer),
        parties: None,
    };
    let act = falin_domain::booking::BookingAct::Reschedule;
    booking::act(&desk.site.app, desk.visitor(), id, version, act, to).await.map_err(of_stop).map_err(renamed)
}

async fn form(
    desk: &Desk,
    seen: Option<(BookingId, i64)>,
    typed: &Typed,
    refusal: Option<&Refusal>,
) -> Result<BookingEdit, Refused> {
    let say = desk.say();
    let (action, back) = match seen {
        Some((id, _)) => {
            let href = format!("/desk/bookings/{id}");
            (format!("{href}/move"), Link::new(href, say.t("desk-booking-one")))
        }
        None => ("/desk/bookings".to_owned(), Link::new("/desk/bookings", say.t("desk-booking-title"))),
    };
    let mut choices = choices(desk, typed).await?;
    if let Some(case) = case_of(desk, typed).await?.filter(|_| seen.is_none()) {
        choices.case = Some(of_parties(desk, &case, typed));
    }
    let version = seen.map(|(_, version)| version);
    let mut view = BookingEdit::new(&say, &action, version, back, typed, choices, refusal);
    if let (Some(clash), Ok(new)) = (&mut view.clash, typed.read()) {
        for (room, span) in booking::suggestions(&desk.site.app, desk.visitor(), &new).await? {
            let (date, at) = (span.from().date(), span.from().millis());
            let day = format!("{} {}", desk.day(date), format::weekday(desk.lang, date));
            let words = format!("{day} {} {}", clock(span), room.name);
            clash.times.push(Button::submit("outline", words).named("pick", format!("{} {at}", room.id)));
        }
        if seen.is_none() {
            clash.wait = Some(Button::submit("low", say.t("desk-booking-wait")).named("wait", "yes"));
        }
    }
    Ok(view)
}

/// The case as the form names it, with a box for each of its parties.
fn of_parties(desk: &Desk, case: &Seen, typed: &Typed) -> CaseChoice {
    let lang = lang_code(desk.lang);
    let side = |code: &str| {
        let parties =
            case.flow.field("parties").and_then(|field| field.of.iter().find(|one| one.name == "side"));
        parties.map_or_else(String::new, |field| field.word(code, lang).to_owned())
    };
    let one = |party: &casework::Party| {
        let id = party.id.to_string();
        let chosen = typed.party_ids.split_whitespace().any(|ticked| ticked == id);
        let current = if chosen { id.clone() } else { String::new() };
        FieldOption::new(id, format!("{} {}", party.name, side(&party.side)).trim_end(), &current)
    };
    let title = format!("{} {}", case.case.number, case.case.person_name);
    CaseChoice {
        link: Link::new(format!("/desk/mediation/{}", case.case.id), title.trim_end()),
        parties: case.parties.iter().map(one).collect(),
    }
}

async fn choices(desk: &Desk, typed: &Typed) -> Result<Choices, Refused> {
    let rooms = booking::rooms(&desk.site.app, desk.visitor()).await?;
    let say = desk.say();
    let mut options: Vec<FieldOption> = Vec::new();
    if typed.room_id.is_empty() {
        options.push(FieldOption::new("", say.t("desk-choose"), ""));
    }
    options.extend(rooms.iter().map(|room| {
        let seats = say.with("desk-booking-seats", &[("count", &room.capacity.to_string())]);
        FieldOption::new(room.id.to_string(), format!("{} {seats}", room.name), &typed.room_id)
    }));
    let workers = worker::choices(&desk.site.app, desk.visitor()).await?;
    let people = |current: &str| {
        let nobody = FieldOption::new("", say.t("desk-booking-nobody"), current);
        let one =
            |it: &falin_app::worker::Worker| FieldOption::new(it.id.to_string(), it.name.clone(), current);
        [nobody].into_iter().chain(workers.iter().map(one)).collect()
    };
    Ok(Choices {
        rooms: options,
        mediators: people(&typed.mediator_id),
        lawyers: people(&typed.lawyer_id),
        case: None,
    })
}
