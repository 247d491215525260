//! `/desk/tokens`: tokens of programs: list, new, revoke.

use falin_app::account::{self, Filter, Token};
use falin_domain::page::{MOST, Window};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::TokenNoun;

use super::{renamed, words};
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::token::{TokenList, TokenRow, TokenTyped, form};
use crate::look::parts::{FieldOption, State};
use crate::look::{Say, format};
use crate::pages::choices::pager;
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// `GET /desk/tokens`.
///
/// # Errors
/// `access.denied`, `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let typed = TokenTyped { days: "90".to_owned(), ..TokenTyped::default() };
    let view = page(&desk, &query, String::new(), &typed, None).await?;
    desk.page(&view)
}

async fn page(
    desk: &Desk,
    query: &Query,
    issued: String,
    typed: &TokenTyped,
    refusal: Option<&Refusal>,
) -> Result<TokenList, Refused> {
    let (say, now) = (desk.say(), desk.site.app.now());
    let found = account::tokens(&desk.site.app, desk.visitor(), None, &query.window()?).await?;
    Ok(TokenList {
        issued,
        form: form(&say, typed, owners(desk, &typed.user).await?, refusal),
        rows: found.items.iter().map(|token| row(&say, token, now)).collect(),
        pager: pager(query, "/desk/tokens", &[], found.next.as_ref()),
    })
}

fn row(say: &Say<'_>, token: &Token, now: Instant) -> TokenRow {
    let today = now.date();
    let issued = words::moment(say, token.created, today);
    let when = match token.used {
        Some(used) => {
            let used = words::moment(say, used, today);
            say.with("token-when", &[("issued", &issued), ("used", &used)])
        }
        None => say.with("token-when-unused", &[("issued", &issued)]),
    };
    let until = format::date(say.lang, token.until.date());
    let (fill, word) = if token.revoked.is_some() {
        ("stopped", say.t("desk-token-state-revoked"))
    } else if token.until <= now {
        ("stopped", say.t("desk-token-state-expired"))
    } else {
        ("done", say.with("desk-token-state-active", &[("date", &until)]))
    };
    let revoke = if fill == "done" { format!("/desk/tokens/{}/revoke", token.id) } else { String::new() };
    let (name, user) = (token.name.clone(), token.username.clone());
    TokenRow { name, user, when, state: State { fill, word }, revoke }
}

/// Accounts that a token may stand for: enough to choose from; more are found by the command line and the API.
async fn owners(desk: &Desk, chosen: &str) -> Result<Vec<FieldOption>, Refused> {
    let filter = Filter { disabled: Some(false), ..Filter::default() };
    let window = Window { limit: MOST, after: None };
    let all = account::list(&desk.site.app, desk.visitor(), &filter, &window).await?;
    let option = |one: &account::Listed| {
        FieldOption::new(one.id.to_string(), desk.say().noted(&one.display_name, &one.username), chosen)
    };
    Ok(all.items.iter().map(option).collect())
}

/// `POST /desk/tokens`: the token is on the answering page, this once.
///
/// # Errors
/// `access.denied`; what is wrong with what was typed is told on the page.
pub async fn issue(desk: Desk, query: Query, body: Body) -> Answer {
    let fields = body.form()?;
    let typed = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    let typed = TokenTyped { purpose: typed("purpose"), user: typed("user"), days: typed("days") };
    let issued = match typed.user.parse() {
        Err(_) => Err(Refusal::field("user", "required-choice")),
        Ok(owner) => {
            // What is no number is out of range like 0.
            let days = typed.days.trim().parse().unwrap_or(0);
            let done = account::issue_token(&desk.site.app, desk.visitor(), owner, &typed.purpose, days);
            done.await.map_err(of_stop)
        }
    };
    match issued {
        Ok((_, token)) => {
            let empty = TokenTyped { days: "90".to_owned(), ..TokenTyped::default() };
            let view = page(&desk, &query, token, &empty, None).await?;
            desk.page(&view)
        }
        Err(refusal) => {
            let refusal = renamed(refusal, &[("name", "purpose")]);
            let view = page(&desk, &query, String::new(), &typed, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `POST /desk/tokens/{id}/revoke`.
///
/// # Errors
/// `not_found`.
pub async fn revoke(desk: Desk, id: PathId<TokenNoun>) -> Answer {
    account::revoke_token(&desk.site.app, desk.visitor(), id.0).await?;
    desk.go("/desk/tokens")
}
