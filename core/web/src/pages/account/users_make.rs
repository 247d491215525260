//! `/desk/users/new`, `/desk/users/roster`: new accounts, and their slips to print.

use actix_web::HttpRequest;
use falin_app::account::{self, NewAccount, Slip};
use falin_domain::access::Role;
use falin_domain::identity::SLIP_DAYS;
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountId, AccountNoun, DivisionId};

use super::users::role_typed;
use super::words::Places;
use super::{me, renamed};
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::user::{AccountProposal, RoleTyped, RosterAccounts, UserNew, UserTyped};
use crate::look::parts::{Button, FieldOption, Figure, Notice};
use crate::look::print::slips::{Slip as Printed, SlipSheets};
use crate::look::{Size, format, segment};
use crate::pages::bookings::origin;
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// Proposals shown before a whole roster gets accounts.
const SHOWN: i64 = 20;

/// The county and its divisions to choose from, deeper ones indented.
pub(super) async fn places(desk: &Desk, chosen: &str) -> Result<Vec<FieldOption>, Refused> {
    let all = account::place_names(&desk.site.app, desk.visitor().county).await?;
    let county = &desk.me.county;
    let mut options = vec![FieldOption::new(county.code.clone(), county.name.clone(), chosen)];
    for place in all.iter().filter(|place| place.code.as_deref() != Some(county.code.as_str())) {
        let code = place.code.clone().unwrap_or_else(|| place.id.to_string());
        let label = format!("{}{}", "　".repeat(place.depth), place.name);
        options.push(FieldOption::new(code, label, chosen));
    }
    Ok(options)
}

/// The role and place that were chosen, or what is wrong with them.
pub(super) async fn role(
    desk: &Desk,
    typed: &RoleTyped,
) -> Result<Result<(Role, Option<DivisionId>), Refusal>, Refused> {
    let Some(role) = Role::from_code(&typed.role) else {
        let code = if typed.role.is_empty() { "required-choice" } else { "unknown" };
        return Ok(Err(Refusal::field("role", code)));
    };
    if typed.place.is_empty() || typed.place == desk.me.county.code {
        return Ok(Ok((role, None)));
    }
    let all = account::place_names(&desk.site.app, desk.visitor().county).await?;
    let named = |place: &&account::PlaceName| {
        place.code.as_deref() == Some(typed.place.as_str()) || place.id.to_string() == typed.place
    };
    let found = all.iter().find(named).map(|place| (role, Some(place.id)));
    Ok(found.ok_or_else(|| Refusal::field("place", "unknown")))
}

/// `GET /desk/users/new`.
///
/// # Errors
/// The store's own.
pub async fn new(desk: Desk) -> Answer {
    let options = places(&desk, "").await?;
    desk.page(&UserNew::new(&desk.say(), &UserTyped::default(), options, None))
}

/// `POST /desk/users`.
///
/// # Errors
/// `access.denied`; what is wrong with what was typed is told on the page.
pub async fn make(desk: Desk, body: Body) -> Answer {
    let fields = body.form()?;
    let typed = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    let (name, username, chosen) = (typed("name"), typed("username"), role_typed(&fields));
    let made = match role(&desk, &chosen).await? {
        Ok((role, place)) => {
            let (username, display_name) = (username.clone(), name.clone());
            let new = NewAccount { username, display_name, role, place, worker: None };
            account::create(&desk.site.app, desk.visitor(), &new).await.map_err(of_stop)
        }
        Err(refusal) => Err(refusal),
    };
    match made {
        Ok(slip) => desk.go(format!("/desk/users/{}", slip.account)),
        Err(refusal) => {
            let refusal = renamed(refusal, &[("display_name", "name")]);
            let options = places(&desk, &chosen.place).await?;
            let typed = UserTyped { name, username, role: chosen.role, place: chosen.place };
            desk.again(&refusal, &UserNew::new(&desk.say(), &typed, options, Some(&refusal)))
        }
    }
}

/// `GET /desk/users/roster?made=`.
///
/// # Errors
/// `access.denied`.
pub async fn roster(desk: Desk, query: Query) -> Answer {
    let (say, view) = (desk.say(), account::roster_view(&desk.site.app, desk.visitor(), SHOWN).await?);
    let figure = |label, n: i64| {
        let value = format::group(&n.to_string());
        Figure { label, value, unit: "desk-unit-person", href: String::new() }
    };
    let lacking = view.lacking.to_string();
    let places = Places { county: &desk.me.county.name, names: me::names(&desk).await? };
    let post = falin_domain::access::Post { role: Role::Lawyer, county: desk.visitor().county, place: None };
    let role = places.roles(&say, &[post]);
    let more = view.lacking - view.first.len() as i64;
    let made = query.filled("made").filter(|n| n.len() < 7 && n.bytes().all(|b| b.is_ascii_digit()));
    let slips = say.with("desk-user-roster-slips", &[("days", &SLIP_DAYS.to_string())]);
    let notice = |n: &str| {
        Notice::new("done", say.with("desk-user-roster-made", &[("count", n)]), slips.clone())
            .link("/desk/users/roster/slips", say.t("desk-user-slip"))
    };
    let proposal = |one: account::Proposal| AccountProposal {
        name: one.name,
        unit: one.firm,
        username: one.username,
        role: role.clone(),
    };
    let label = say.with("desk-user-roster-make", &[("count", &lacking)]);
    desk.page(&RosterAccounts {
        figures: vec![
            figure("desk-user-roster-people", view.people),
            figure("desk-user-roster-have", view.people - view.lacking),
            figure("desk-user-roster-lack", view.lacking),
        ],
        made: made.map(notice),
        action: "/desk/users/roster".to_owned(),
        buttons: if view.lacking > 0 { vec![Button::submit("primary", label)] } else { Vec::new() },
        rows: view.first.into_iter().map(proposal).collect(),
        more: if more > 0 {
            say.with("desk-user-roster-more", &[("count", &more.to_string())])
        } else {
            String::new()
        },
    })
}

/// `POST /desk/users/roster`.
///
/// # Errors
/// `access.denied`.
pub async fn make_roster(desk: Desk) -> Answer {
    let done = account::accounts_for_roster(&desk.site.app, desk.visitor(), |_| {}).await?;
    desk.go(format!("/desk/users/roster?made={}", done.made + done.renewed))
}

/// `GET /desk/users/roster/slips`: every slip of the county that waits to be used.
///
/// # Errors
/// `access.denied`.
pub async fn roster_slips(req: HttpRequest, desk: Desk) -> Answer {
    sheets(&req, &desk, None).await
}

/// `GET /desk/users/{id}/slip`: one slip.
///
/// # Errors
/// `not_found` where none waits.
pub async fn slip(req: HttpRequest, desk: Desk, id: PathId<AccountNoun>) -> Answer {
    sheets(&req, &desk, Some(id.0)).await
}

async fn sheets(req: &HttpRequest, desk: &Desk, one: Option<AccountId>) -> Answer {
    let waiting = account::slips(&desk.site.app, desk.visitor(), one).await?;
    if one.is_some() && waiting.is_empty() {
        return Err(Refusal::absent().into());
    }
    print(req, desk, &waiting)
}

/// Slips as sheets to print.
///
/// # Errors
/// `server.failed` where the template does not render.
pub(in crate::pages) fn print(req: &HttpRequest, desk: &Desk, waiting: &[Slip]) -> Answer {
    let county = &desk.me.county;
    let printed = |slip: &Slip| Printed {
        name: slip.display_name.clone(),
        unit: county.name.clone(),
        username: slip.username.clone(),
        code: slip.code.replace('-', " "),
        until: format::date(desk.lang, slip.until.date()),
    };
    let slips: Vec<Printed> = waiting.iter().map(printed).collect();
    let origin = origin(&desk.site, req);
    let host = origin.split_once("://").map_or(origin.as_str(), |(_, host)| host);
    let address = format!("{host}/{}/{}/activate", segment(desk.lang, Size::Normal), county.code);
    desk.page(&SlipSheets::new(&address, &slips))
}
