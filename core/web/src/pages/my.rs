//! What residents see of themselves, and the account that the window opens for them.

use actix_web::HttpRequest;
use falin_app::casework::Line;
use falin_app::{account, card, consultation, household};
use falin_domain::access::Role;
use falin_domain::directory::WorkerKind;
use falin_domain::refusal::Refusal;
use falin_domain::words::HouseholdNoun;

use super::account::users_make;
use super::cases;
use super::households::provider_link;
use crate::body::Body;
use crate::desk::Desk;
use crate::flow_path::desk_base;
use crate::look::desk::case::{CaseForm, lang_code};
use crate::look::desk::my::{My, MyCase, MyLawyer, MyReading};
use crate::look::desk::{Form, Link};
use crate::look::format;
use crate::look::parts::{Button, Call, Field};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::PathId;

/// `GET /my`, `GET /my/data`.
///
/// # Errors
/// The store's own.
pub async fn show(desk: Desk) -> Answer {
    let data = consultation::my_data(&desk.site.app, desk.visitor()).await?;
    let reading = |one: &consultation::Reading| MyReading {
        at: format!("{} {}", format::day(desk.lang, one.at.date()), one.at.clock_text()),
        who: if one.who.is_empty() { desk.say().t("desk-my-nobody") } else { one.who.clone() },
        number: one.number.clone(),
    };
    let lawyer = card::mine(&desk.site.app, desk.visitor()).await?.map(|provider| MyLawyer {
        name: provider_link(&desk.say(), &provider).name,
        call: Call::new(&provider.name, provider.worker_kind == Some(WorkerKind::Lawyer), &provider.phone),
        firm: provider.firm,
    });
    let mut cases: Vec<&Line> = data.cases.iter().collect();
    cases.sort_by_key(|line| (!waits_for_reader(line), line.case.closed_ms.is_some()));
    desk.page(&My {
        lawyer,
        rows: cases.into_iter().map(|line| case(&desk, line)).collect(),
        readings: data.readings.iter().map(reading).collect(),
    })
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
