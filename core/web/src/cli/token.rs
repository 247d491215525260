//! `falin token`: bearer tokens for programs.

use clap::{Args, Subcommand};
use falin_app::App;
use falin_app::account::{self, Token};
use falin_domain::access::Visitor;
use falin_domain::page::{MOST, Window};
use falin_domain::time::Instant;
use serde_json::{Value, json};

use super::{Frame, Outcome, Ran};

/// Arguments of `falin token`.
#[derive(Args)]
pub struct Tokens {
    #[command(subcommand)]
    act: TokenAct,
}

#[derive(Subcommand)]
enum TokenAct {
    /// Issues a token with the rights of an account; it is shown this once
    Issue {
        /// Log-in name of the account
        #[arg(long, value_name = "NAME")]
        user: String,
        /// Days for which it is good
        #[arg(long, value_name = "N", default_value = "30")]
        days: i64,
        /// What it is for
        #[arg(long, value_name = "TEXT", default_value = "falin token issue")]
        purpose: String,
    },
    /// Lists the tokens of a county, newest first, with their last use
    List {
        /// Division code of the county; needed where there are several
        #[arg(long, value_name = "CODE")]
        place: Option<String>,
    },
}

impl Tokens {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        let app = frame.open()?;
        let (user, days, purpose) = match self.act {
            TokenAct::Issue { user, days, purpose } => (user, days, purpose),
            TokenAct::List { place } => return list(frame, &app, place.as_deref()),
        };
        let (owner, county) = app.wait(account::by_username(&app, &user))?;
        let operator = Visitor::operator(county);
        let (id, token) = app.wait(account::issue_token(&app, &operator, owner, &purpose, days))?;
        // The token alone, so that a script can take the line as it is.
        frame.print(&json!({ "id": id, "username": user, "token": token }), &token)?;
        Ok(Outcome::Done)
    }
}

fn list(frame: &Frame, app: &App, place: Option<&str>) -> Ran {
    let (county, _) = app.wait(account::placed(app, place))?;
    let operator = Visitor::operator(county);
    let mut window = Window { limit: MOST, after: None };
    let mut all = Vec::new();
    loop {
        let page = app.wait(account::tokens(app, &operator, None, &window))?;
        all.extend(page.items);
        match page.next {
            None => break,
            next => window.after = next,
        }
    }
    let items: Vec<Value> = all.iter().map(shown).collect();
    let lines: Vec<String> = all.iter().map(|token| line(frame, token)).collect();
    frame.print(&json!({ "items": items }), &lines.join("\n"))?;
    Ok(Outcome::Done)
}

fn shown(token: &Token) -> Value {
    json!({ "id": token.id, "username": token.username, "name": token.name, "created": token.created,
        "until": token.until, "used": token.used, "revoked": token.revoked })
}

fn line(frame: &Frame, token: &Token) -> String {
    let moment = |at: Instant| format!("{} {}", at.date(), at.clock_text());
    let end = match token.revoked {
        Some(at) => frame.with("cli-token-revoked", &[("when", &moment(at))]),
        None => frame.with("cli-token-until", &[("when", &moment(token.until))]),
    };
    let used = match token.used {
        Some(at) => frame.with("cli-token-used", &[("when", &moment(at))]),
        None => frame.t("cli-token-unused"),
    };
    format!("{}  {:<24} {}  {end}  {used}", token.id, token.username, token.name)
}
