//! What residents see of themselves, and the account that the window opens for them.

use actix_web::{HttpRequest, HttpResponse};
use falin_app::casework::Line;
use falin_app::household::Home;
use falin_app::restriction::{self, Own, RestrictionState};
use falin_app::sheets::write_xlsx;
use falin_app::{account, card, consultation, household};
use falin_domain::access::Role;
use falin_domain::directory::WorkerKind;
use falin_domain::refusal::Refusal;
use falin_domain::time::{Date, Instant};
use falin_domain::words::HouseholdNoun;

use super::account::users_make;
use super::cases;
use super::households::{moment, place, provider_link, span};
use crate::api::service_logs::XLSX;
use crate::body::Body;
use crate::desk::Desk;
use crate::flow_path::desk_base;
use crate::look::Say;
use crate::look::desk::case::{CaseForm, lang_code};
use crate::look::desk::my::{My, MyCase, MyErasure, MyHome, MyLawyer, MyReading, erasure_form};
use crate::look::desk::{Form, Link, key};
use crate::look::format;
use crate::look::parts::{Button, Call, Fact, Field};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::PathId;

/// `GET /my`.
///
/// # Errors
/// The store's own.
pub async fn show(desk: Desk) -> Answer {
    let (app, visitor, say) = (&desk.site.app, desk.visitor(), desk.say());
    let data = consultation::my_data(app, visitor).await?;
    let reading = |one: &consultation::Reading| MyReading {
        at: moment(desk.lang, one.at, desk.site.app.today()),
        who: named(&say, "desk-my-nobody", &one.who),
        what: one.number.clone(),
    };
    let lawyer = card::mine(app, visitor).await?.map(|provider| MyLawyer {
        name: provider_link(&say, &provider).name,
        call: Call::new(&provider.name, provider.worker_kind == Some(WorkerKind::Lawyer), &provider.phone),
        firm: provider.firm,
    });
    let mut cases: Vec<&Line> = data.cases.iter().collect();
    cases.sort_by_key(|line| (!waits_for_reader(line), line.case.closed_ms.is_some()));
    let ask = |key: &str| {
        // What the request is about reaches the window, which no lawyer's queue shows.
        let words = format::query_escape(&say.t(key));
        format!("/desk/consultations/new?kind=complaint&channel=online&question={words}")
    };
    let home = household::own(app, visitor).await?;
    let wish = restriction::own(app, visitor).await?;
    let erasure = (home.is_some() || wish.is_some()).then(|| erasure(&desk, wish.as_ref()));
    let asks = visitor.is(Role::Resident) && !erasure.as_ref().is_some_and(|it| it.stored);
    desk.page(&My {
        lawyer,
        rows: cases.into_iter().map(|line| case(&desk, line)).collect(),
        readings: data.readings.iter().map(reading).collect(),
        home: home.map(|home| my_home(&desk, &home)),
        correct: if asks { ask("desk-my-correct-words") } else { String::new() },
        erase: if asks && erasure.is_none() { ask("desk-my-erase-words") } else { String::new() },
        erasure,
    })
}

/// Where the household's wish for erasure stands, and what can be asked now.
fn erasure(desk: &Desk, wish: Option<&Own>) -> MyErasure {
    let say = desk.say();
    let day = |day: Option<Date>| day.map(|day| format::date(desk.lang, day)).unwrap_or_default();
    let first = Some(erasure_form(&say, "ask", "erase-my-ask"));
    let Some(it) = wish else {
        return MyErasure { now: String::new(), reason: String::new(), stored: false, ask: first };
    };
    let (now, ask) = match it.state {
        RestrictionState::Asked => (say.with("erase-my-asked", &[("day", &day(Some(it.since)))]), None),
        RestrictionState::Refused => (say.with("erase-my-refused", &[("day", &day(it.ended))]), first),
        RestrictionState::Lifted => (say.with("erase-my-lifted", &[("day", &day(it.ended))]), first),
        RestrictionState::Destroyed => (String::new(), None),
        RestrictionState::Restricted | RestrictionState::Proposed => {
            let back = (!it.lift_asked).then(|| erasure_form(&say, "ask_lift", "erase-my-lift"));
            let key = if it.lift_asked { "erase-my-lift-asked" } else { "erase-my-stored" };
            (say.with(key, &[("day", &day(it.due))]), back)
        }
    };
    MyErasure { now, reason: it.reason.clone(), stored: it.state.holds(), ask }
}

/// `POST /my/erasure`: asks that what is kept about the household be erased, or that a restriction be taken back.
///
/// # Errors
/// `form.invalid`, `restriction.open`, `action.not_allowed`.
pub async fn ask_erasure(desk: Desk, body: Body) -> Answer {
    match body.form()?.filled("action") {
        Some("ask_lift") => restriction::ask_lift(&desk.site.app, desk.visitor()).await?,
        Some("ask") => restriction::ask(&desk.site.app, desk.visitor()).await?,
        _ => return Err(Refusal::field("action", "required-choice").into()),
    };
    desk.go("/my")
}

fn named(say: &Say<'_>, nobody: &str, name: &str) -> String {
    if name.is_empty() { say.t(nobody) } else { name.to_owned() }
}

/// The own household: numbers masked, since the page may be looked at over a shoulder.
fn my_home(desk: &Desk, home: &Home) -> MyHome {
    let shown = home_lines(desk, home, (home.masked_phones(), home.masked_number()));
    let fact = |(key, value): (&'static str, String)| Fact::new(key, value);
    let reading = |one: &household::Reader| MyReading {
        at: moment(desk.lang, one.at, desk.site.app.today()),
        who: named(&desk.say(), "desk-journal-system", &one.name),
        what: looked(&desk.say(), one),
    };
    MyHome {
        facts: shown.into_iter().map(fact).collect(),
        readings: home.readings.iter().map(reading).collect(),
    }
}

/// Why a household was opened; of who saw it with its numbers masked, that.
fn looked(say: &Say<'_>, one: &household::Reader) -> String {
    let key = one.reason.map(|reason| key("desk-household-reveal-for", reason.code()));
    say.t(key.as_deref().unwrap_or("desk-my-masked"))
}

/// What is kept of a household under its labels, with telephones and number as they are to be shown.
fn home_lines(
    desk: &Desk,
    home: &Home,
    (phones, number): (Vec<String>, Option<String>),
) -> Vec<(&'static str, String)> {
    let say = desk.say();
    let held = |from, to| span(&say, desk.lang, from, to);
    let members = home.members.iter().map(|one| {
        let relation = say.t(&key("desk-household-relation", one.relation.code()));
        format!("{} {relation} {}", one.name, held(one.from_date, one.to_date))
    });
    let categories = home.categories.iter().map(|one| {
        let word = say.t(&key("desk-household-category", one.category.code()));
        format!("{word} {}", held(one.from_date, one.to_date))
    });
    let single = [
        ("desk-household-head", Some(home.clear.head_name.clone())),
        ("desk-household-village", Some(place(&home.place))),
        ("desk-household-address", home.clear.address.clone()),
        ("desk-household-phone", Some(phones.join(" "))),
        ("desk-my-number", number.map(|kept| format::id_paper(desk.lang, &kept))),
        ("desk-household-note", home.clear.note.clone()),
    ];
    let single = single.into_iter().map(|(key, value)| (key, value.unwrap_or_default()));
    let members = members.map(|text| ("desk-my-member", text));
    let categories = categories.map(|text| ("desk-my-category", text));
    single.chain(members).chain(categories).filter(|(_, value)| !value.is_empty()).collect()
}

/// `GET /my/data.xlsx`: all of it to take along, numbers in clear.
///
/// # Errors
/// The store's own.
pub async fn data(desk: Desk) -> Answer {
    let (app, visitor, say) = (&desk.site.app, desk.visitor(), desk.say());
    let own = consultation::my_data(app, visitor).await?;
    let home = household::copy(app, visitor).await?;
    let mut rows: Vec<Vec<String>> = Vec::new();
    if let Some(home) = &home {
        let clear = (home.clear.phones.clone(), home.clear.id_number.clone());
        let lines = home_lines(&desk, home, clear).into_iter();
        rows.extend(lines.map(|(key, value)| vec![say.t("desk-my-home"), say.t(key), value]));
    }
    for line in &own.cases {
        let it = case(&desk, line);
        let about = format!("{} {} {}", it.what, it.state.word, it.day);
        rows.push(vec![say.t("desk-my-asked"), it.about, about]);
    }
    let when = |at: Instant| format!("{} {}", format::date(desk.lang, at.date()), at.clock_text());
    for one in home.iter().flat_map(|home| &home.readings) {
        let who = named(&say, "desk-journal-system", &one.name);
        rows.push(vec![say.t("desk-my-home-readings"), when(one.at), format!("{who} {}", looked(&say, one))]);
    }
    for one in &own.readings {
        let who = named(&say, "desk-my-nobody", &one.who);
        rows.push(vec![say.t("desk-my-readings"), when(one.at), format!("{who} {}", one.number)]);
    }
    let headers = ["desk-my-part", "desk-my-what", "desk-my-value"].map(|key| say.t(key));
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let bytes = write_xlsx(&say.t("desk-my-title"), &headers, &rows, app.today()).map_err(|fault| {
        tracing::error!(%fault, "a resident's own data were not written");
        Refusal::new("server.failed")
    })?;
    let mut answer = HttpResponse::Ok();
    answer.content_type(XLSX).insert_header(("content-disposition", "attachment; filename=\"my-data.xlsx\""));
    Ok(answer.insert_header(("cache-control", "no-store")).body(bytes))
}

fn waits_for_reader(line: &Line) -> bool {
    line.case.next_role.as_deref() == Some(Role::Resident.code())
}

/// A case as its resident looks for it: by what it is about.
fn case(desk: &Desk, line: &Line) -> MyCase {
    let row = cases::row(desk, &desk_base(&line.case.flow), line);
    let flow = line.flow.name.in_language(lang_code(desk.lang));
    let (what, about) = match row.matter.as_str() {
        "" => (flow.to_owned(), row.number),
        matter => (matter.to_owned(), format!("{flow} {}", row.number)),
    };
    MyCase {
        href: row.href,
        what,
        about,
        state: row.state,
        mine: waits_for_reader(line),
        due: row.deadline.filter(|_| line.case.closed_ms.is_none()),
        worker: row.worker,
        day: row.day,
    }
}

/// `GET /desk/households/{id}/account`: the ID card's number.
///
/// # Errors
/// `not_found`.
pub async fn ask(desk: Desk, id: PathId<HouseholdNoun>) -> Answer {
    let view = form(&desk, id, None).await?;
    desk.page(&view)
}

async fn form(
    desk: &Desk,
    id: PathId<HouseholdNoun>,
    refusal: Option<&Refusal>,
) -> Result<CaseForm, Refused> {
    let say = desk.say();
    let home = household::seen(&desk.site.app, desk.visitor(), id.0).await?;
    let back = Link::new(format!("/desk/households/{}", id.0), home.head_name);
    // The number is never shown again, also not where it was mistyped.
    let number =
        Field::text("id_number", "desk-my-card").hint("desk-my-card-hint").typing("off", "").width(20);
    let form = Form::post(format!("/desk/households/{}/account", id.0))
        .field(number)
        .button(Button::submit("primary", say.t("desk-my-open")))
        .button(Button::link("low", say.t("desk-cancel"), &*back.href))
        .maybe_refused(&say, refusal);
    Ok(CaseForm {
        since: None,
        name: say.t("desk-my-account"),
        back,
        about: say.t("desk-my-account-what"),
        form,
    })
}

/// `POST /desk/households/{id}/account`: the slip, ready to print; it is shown once.
///
/// # Errors
/// `not_found`; a wrong number is told at the field.
pub async fn open(req: HttpRequest, desk: Desk, id: PathId<HouseholdNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let number = fields.filled("id_number").unwrap_or_default();
    let made = account::for_resident(&desk.site.app, desk.visitor(), id.0, number).await;
    match made.map_err(of_stop) {
        Ok(slip) => users_make::print(&req, &desk, &[slip]),
        Err(refusal) if refusal.code() == "not_found" => Err(refusal.into()),
        Err(refusal) => {
            let view = form(&desk, id, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}
