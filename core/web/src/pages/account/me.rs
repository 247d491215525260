//! `/me`: one's own account: password, second factor, sessions.

use std::collections::HashMap;

use actix_web::HttpRequest;
use falin_app::account::{self, Session, TokenHash};
use falin_domain::refusal::Refusal;
use falin_domain::words::{SessionId, SessionNoun};

use super::words::{self, Places};
use super::{door, let_in, renamed, source};
use crate::body::Body;
use crate::desk::{Desk, see_other};
use crate::look::desk::account::{AccountPage, AccountTotp, OtherCounty, password_form, totp_form};
use crate::look::parts::Fact;
use crate::look::print::qr::Qr;
use crate::problem::{Answer, Refused, of_stop};
use crate::query::PathId;
use crate::visitor::Kind;

/// A person's own session: what belongs to it is nothing for a program's token.
fn own_session(desk: &Desk) -> Result<TokenHash, Refusal> {
    let credential = &desk.signed.credential;
    if credential.kind == Kind::Session {
        Ok(credential.hash)
    } else {
        Err(Refusal::new("action.not_allowed"))
    }
}

/// `GET /me`.
///
/// # Errors
/// The store's own.
pub async fn show(desk: Desk) -> Answer {
    let view = page(&desk, None).await?;
    desk.page(&view)
}

async fn page(desk: &Desk, refusal: Option<&Refusal>) -> Result<AccountPage, Refused> {
    let (say, app, today) = (desk.say(), &desk.site.app, desk.site.app.today());
    let sessions = account::my_sessions(app, desk.visitor()).await?;
    let own = current(desk).await?;
    let row = |session: &Session| {
        words::session(&say, session, today, own, |id: SessionId| format!("/me/sessions/{id}/end"))
    };
    let here: Vec<_> = desk.me.posts.iter().filter(|p| p.county == desk.me.county.id).cloned().collect();
    let places = Places { county: &desk.me.county.name, names: names(desk).await? };
    let others = desk.me.counties.iter().filter(|one| one.id != desk.me.county.id);
    let others: Vec<_> =
        others.map(|one| OtherCounty { code: one.code.clone(), name: one.name.clone() }).collect();
    let factor = if desk.me.second_factor { "desk-user-totp-on" } else { "desk-user-totp-off" };
    Ok(AccountPage {
        name: desk.me.display_name.clone(),
        facts: vec![
            Fact::new("desk-user-username", desk.me.username.clone()),
            Fact::new("desk-user-role", places.roles(&say, &here)),
            Fact::new("desk-user-totp", say.t(factor)),
        ],
        totp: if desk.me.second_factor { "desk-account-totp-renew" } else { "desk-account-totp-enrol" },
        password: password_form(&say, refusal),
        end_others: if sessions.len() > 1 { "/me/sessions/end".to_owned() } else { String::new() },
        sessions: sessions.iter().map(row).collect(),
        county: if others.is_empty() {
            String::new()
        } else {
            say.with("desk-account-county-now", &[("county", &desk.me.county.name)])
        },
        counties: others,
    })
}

/// `POST /me/county`: the session goes on in another county in which the account holds a role.
///
/// # Errors
/// `not_found` for any other county; `action.not_allowed` for programs, whose tokens are of one county.
pub async fn move_to(desk: Desk, body: Body) -> Answer {
    let fields = body.form()?;
    let code = fields.filled("county").ok_or_else(|| Refusal::field("county", "required"))?;
    account::move_to(&desk.site.app, own_session(&desk)?, code).await?;
    // Whoever acted a moment ago in the old county is asked for anew.
    desk.site.known.forget(&desk.signed.credential);
    desk.go("/desk")
}

async fn current(desk: &Desk) -> Result<Option<SessionId>, Refused> {
    let Ok(hash) = own_session(desk) else { return Ok(None) };
    Ok(account::session(&desk.site.app, hash).await?.map(|(_, info)| info.id))
}

/// Names of the county's divisions, for the places of roles.
pub(super) async fn names(desk: &Desk) -> Result<HashMap<falin_domain::words::DivisionId, String>, Refused> {
    let places = account::place_names(&desk.site.app, desk.visitor().county).await?;
    Ok(places.into_iter().map(|place| (place.id, place.name)).collect())
}

/// `POST /me/password`.
///
/// # Errors
/// `action.not_allowed` for programs; what is wrong with what was typed is told on the page.
pub async fn password(req: HttpRequest, desk: Desk, body: Body) -> Answer {
    let (hash, fields) = (own_session(&desk)?, body.form()?);
    let typed = |name: &str| fields.get(name).unwrap_or_default();
    if typed("new") != typed("again") {
        let refusal = Refusal::field("again", "password.differs");
        return desk.again(&refusal, &page(&desk, Some(&refusal)).await?);
    }
    let from = source(&req, &desk.site);
    let done = account::change_password(&desk.site.app, hash, typed("current"), typed("new"), &from).await;
    match done.map_err(of_stop) {
        Ok(signed) => {
            desk.site.known.forget(&desk.signed.credential);
            let mut answer = see_other("/me");
            let_in(&mut answer, &desk.site, &signed)?;
            Ok(answer)
        }
        Err(refusal) => {
            let refusal = renamed(refusal, &[("password", "new")]);
            desk.again(&refusal, &page(&desk, Some(&refusal)).await?)
        }
    }
}

/// `GET /me/totp`.
///
/// # Errors
/// `action.not_allowed` for programs.
pub async fn totp(desk: Desk) -> Answer {
    let view = enrolment(&desk, None).await?;
    desk.page(&view)
}

async fn enrolment(desk: &Desk, refusal: Option<&Refusal>) -> Result<AccountTotp, Refused> {
    let shown = account::enrolment(&desk.site.app, own_session(desk)?).await?;
    Ok(AccountTotp {
        qr: Qr::of(&shown.url),
        image: String::new(),
        secret: door::in_fours(&shown.secret),
        form: totp_form(&desk.say(), refusal),
    })
}

/// `POST /me/totp`.
///
/// # Errors
/// `action.not_allowed` for programs; what is wrong with what was typed is told on the page.
pub async fn enrol(req: HttpRequest, desk: Desk, body: Body) -> Answer {
    let (hash, fields) = (own_session(&desk)?, body.form()?);
    let typed = |name: &str| fields.get(name).unwrap_or_default();
    let from = source(&req, &desk.site);
    let done = account::confirm_enrolment(&desk.site.app, hash, typed("code"), typed("current"), &from).await;
    match done.map_err(of_stop) {
        Ok(_) => desk.go("/me"),
        Err(refusal) => desk.again(&refusal, &enrolment(&desk, Some(&refusal)).await?),
    }
}

/// `POST /me/sessions/{id}/end`.
///
/// # Errors
/// `not_found` where it is no session of one's own.
pub async fn end_one(desk: Desk, id: PathId<SessionNoun>) -> Answer {
    account::end_session(&desk.site.app, desk.visitor(), id.0).await?;
    desk.go("/me")
}

/// `POST /me/sessions/end`.
///
/// # Errors
/// `action.not_allowed` for programs.
pub async fn end_others(desk: Desk) -> Answer {
    account::end_other_sessions(&desk.site.app, desk.visitor(), own_session(&desk)?).await?;
    desk.go("/me")
}
