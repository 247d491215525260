//! `/desk/users`: accounts of others: the list, one account, its roles and sessions.

use actix_web::HttpRequest;
use falin_app::account::{self, AccountAct, Filter, Listed};
use falin_domain::access::{Act, Noun, Post, Role};
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountId, AccountNoun, DivisionId};

use super::super::choices;
use super::words::{self, Places};
use super::{me, users_make};
use crate::body::{Body, Fields};
use crate::desk::Desk;
use crate::look::desk::user::{RoleTyped, UserList, UserPage, UserRole, UserRow, filters, role_form};
use crate::look::desk::{key, sentences};
use crate::look::parts::{Button, Fact, Notice, State};
use crate::look::{Say, format};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query, path_id};

/// `GET /desk/users?find=&role=&state=`.
///
/// # Errors
/// `access.denied`, `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let (app, say, visitor) = (&desk.site.app, desk.say(), desk.visitor());
    let typed = |name: &str| query.filled(name).unwrap_or_default();
    let state = typed("state");
    let filter = Filter {
        text: query.filled("find").map(str::to_owned),
        role: Role::from_code(typed("role")),
        disabled: (!state.is_empty()).then_some(state == "disabled"),
        activated: match state {
            "active" => Some(true),
            "fresh" => Some(false),
            _ => None,
        },
    };
    let page = account::list(app, visitor, &filter, &query.window()?).await?;
    let count = account::count(app, visitor, &filter).await?;
    let places = Places { county: &desk.me.county.name, names: me::names(&desk).await? };
    let today = app.today();
    let view = UserList {
        count: sentences::counted(&say, "desk-user-list-count", count),
        filters: filters(&say, typed("find"), typed("role"), state),
        pager: choices::pager(&query, "/desk/users", &["find", "role", "state"], page.next.as_ref()),
        rows: page
            .items
            .iter()
            .map(|one| UserRow {
                href: format!("/desk/users/{}", one.id),
                name: one.display_name.clone(),
                username: one.username.clone(),
                roles: places.roles(&say, &one.posts),
                seen: one.seen.map(|at| words::moment(&say, at, today)).unwrap_or_default(),
                state: state_of(&say, one),
            })
            .collect(),
        may_write: visitor.may(Act::Write, Noun::Account),
        for_roster: account::may_make_roster(visitor),
    };
    desk.page(&view)
}

fn state_of(say: &Say<'_>, one: &Listed) -> State {
    let (fill, code) = match (one.disabled, one.active) {
        (true, _) => ("stopped", "disabled"),
        (false, true) => ("done", "active"),
        (false, false) => ("empty", "fresh"),
    };
    State { fill, word: say.t(&key("desk-user-state", code)) }
}

/// `GET /desk/users/{id}`.
///
/// # Errors
/// `not_found` for an account of another county.
pub async fn show(desk: Desk, id: PathId<AccountNoun>) -> Answer {
    let view = page(&desk, id.0, None).await?;
    desk.page(&view)
}

/// What was typed into the form of a role, and why it was refused.
type Refusing<'a> = Option<(&'a RoleTyped, &'a Refusal)>;

async fn page(desk: &Desk, id: AccountId, refusing: Refusing<'_>) -> Result<UserPage, Refused> {
    let (app, say, today) = (&desk.site.app, desk.say(), desk.site.app.today());
    let one = account::one(app, desk.visitor(), id).await?;
    let (sessions, guesses) = account::sessions_of(app, desk.visitor(), id).await?;
    let places = Places { county: &desk.me.county.name, names: me::names(desk).await? };
    let may = desk.visitor().may(Act::Write, Noun::Account) && desk.visitor().account != Some(id);
    let add = if may {
        let (typed, refusal) = refusing.map_or((RoleTyped::default(), None), |(t, r)| (t.clone(), Some(r)));
        let options = users_make::places(desk, &typed.place).await?;
        Some(role_form(&say, &format!("/desk/users/{id}/roles"), &typed, options, refusal))
    } else {
        None
    };
    let end = |session| format!("/desk/users/{id}/sessions/{session}/end");
    let row = |post: &Post| UserRole {
        role: key("role", post.role.code()),
        place: places.of(post),
        remove: if may { removal(id, post) } else { String::new() },
    };
    let mut sessions: Vec<_> =
        sessions.iter().map(|session| words::session(&say, session, today, None, end)).collect();
    if !may {
        sessions.iter_mut().for_each(|session| session.end.clear());
    }
    Ok(UserPage {
        name: one.display_name.clone(),
        state: state_of(&say, &one),
        facts: facts(&say, &one, guesses, today),
        slip: waiting(&say, &one, may),
        roles: one.posts.iter().map(row).collect(),
        add,
        sessions,
        action: format!("/desk/users/{id}/actions"),
        buttons: if may { buttons(&say, &one) } else { Vec::new() },
    })
}

fn removal(id: AccountId, post: &Post) -> String {
    let place = post.place.map_or_else(|| "all".to_owned(), |place| place.to_string());
    format!("/desk/users/{id}/roles/{}/{place}/remove", post.role.code())
}

fn facts(say: &Say<'_>, one: &Listed, guesses: i32, today: falin_domain::time::Date) -> Vec<Fact> {
    let factor = if one.second_factor { "desk-user-totp-on" } else { "desk-user-totp-off" };
    let mut facts = vec![
        Fact::new("desk-user-username", one.username.clone()),
        Fact::new("desk-user-totp", say.t(factor)),
    ];
    if let Some(seen) = one.seen {
        facts.push(Fact::new("desk-user-seen", words::moment(say, seen, today)));
    }
    if guesses > 0 {
        facts.push(Fact::new("desk-user-guesses", guesses.to_string()));
    }
    facts
}

/// The slip that waits to be printed and used.
fn waiting(say: &Say<'_>, one: &Listed, may: bool) -> Option<Notice> {
    let until = one.slip_until.filter(|_| may && !one.disabled)?;
    let until = format::date(say.lang, until.date());
    let text = say.with("desk-user-slip-waits", &[("until", &until)]);
    let notice = Notice::new("plain", say.t("desk-user-state-fresh"), text);
    Some(notice.link(format!("/desk/users/{}/slip", one.id), say.t("desk-user-slip")))
}

fn buttons(say: &Say<'_>, one: &Listed) -> Vec<Button> {
    let act = |look, label: &str, value: &str| Button::submit(look, say.t(label)).named("act", value);
    if one.disabled {
        return vec![act("outline", "desk-user-enable", "enable")];
    }
    let mut buttons = vec![act("outline", "desk-user-reset", "new_slip")];
    if one.second_factor {
        buttons.push(act("outline", "desk-user-totp-reset", "reset_second_factor"));
    }
    buttons.push(act("refuse", "desk-user-disable", "disable"));
    buttons
}

/// `POST /desk/users/{id}/actions`.
///
/// # Errors
/// `not_found`, `account.own`, `account.last_security_admin`, `account.wider`, `action.not_allowed` for an act that is
/// none.
pub async fn act(desk: Desk, id: PathId<AccountNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let act = match fields.filled("act") {
        Some("disable") => AccountAct::Disable,
        Some("enable") => AccountAct::Enable,
        Some("new_slip") => AccountAct::NewSlip,
        Some("reset_second_factor") => AccountAct::ResetSecondFactor,
        _ => return Err(Refusal::new("action.not_allowed").into()),
    };
    done(&desk, id.0, act).await?;
    desk.go(format!("/desk/users/{}", id.0))
}

/// Does one thing to the account as it stands now.
async fn done(desk: &Desk, id: AccountId, act: AccountAct) -> Result<(), Refusal> {
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let version = account::one(app, visitor, id).await.map_err(of_stop)?.version;
    account::act(app, visitor, id, version, act).await.map_err(of_stop).map(|_| ())
}

/// `POST /desk/users/{id}/roles`.
///
/// # Errors
/// `not_found`; what is wrong with what was chosen is told on the page.
pub async fn add_role(desk: Desk, id: PathId<AccountNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let typed = role_typed(&fields);
    let added = match users_make::role(&desk, &typed).await? {
        Ok((role, place)) => done(&desk, id.0, AccountAct::AddRole(role, place)).await,
        Err(refusal) => Err(refusal),
    };
    match added {
        Ok(()) => desk.go(format!("/desk/users/{}", id.0)),
        Err(refusal) => desk.again(&refusal, &page(&desk, id.0, Some((&typed, &refusal))).await?),
    }
}

pub(super) fn role_typed(fields: &Fields) -> RoleTyped {
    let typed = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    RoleTyped { role: typed("role"), place: typed("place") }
}

/// `POST /desk/users/{id}/roles/{role}/{place}/remove`; `place` is `all` for the whole county.
///
/// # Errors
/// `not_found`, `account.own`, `account.last_security_admin`.
pub async fn remove_role(req: HttpRequest, desk: Desk, id: PathId<AccountNoun>) -> Answer {
    let role = Role::from_code(req.match_info().query("role")).ok_or_else(Refusal::absent)?;
    let place: Option<DivisionId> = match req.match_info().query("place") {
        "all" => None,
        _ => Some(path_id(&req, "place")?),
    };
    done(&desk, id.0, AccountAct::RemoveRole(role, place)).await?;
    // With its last role an account leaves the hands of who keeps a part of the county.
    match account::one(&desk.site.app, desk.visitor(), id.0).await {
        Ok(_) => desk.go(format!("/desk/users/{}", id.0)),
        Err(_) => desk.go("/desk/users"),
    }
}

/// `POST /desk/users/{id}/sessions/{session}/end`.
///
/// # Errors
/// `not_found`.
pub async fn end_session(req: HttpRequest, desk: Desk, id: PathId<AccountNoun>) -> Answer {
    let session = path_id(&req, "session")?;
    account::end_session_of(&desk.site.app, desk.visitor(), id.0, session).await?;
    desk.go(format!("/desk/users/{}", id.0))
}
