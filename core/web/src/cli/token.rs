//! `falin token`: bearer tokens for programs.

use clap::{Args, Subcommand};
use falin_app::account;
use falin_domain::access::Visitor;
use serde_json::json;

use super::{Frame, Outcome, Ran};

/// Arguments of `falin token`.
#[derive(Args)]
pub struct Token {
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
}

impl Token {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        let app = frame.open()?;
        let TokenAct::Issue { user, days, purpose } = self.act;
        let (owner, county) = app.wait(account::by_username(&app, &user))?;
        let operator = Visitor::operator(county);
        let (id, token) = app.wait(account::issue_token(&app, &operator, owner, &purpose, days))?;
        // The token alone, so that a script can take the line as it is.
        frame.print(&json!({ "id": id, "username": user, "token": token }), &token)?;
        Ok(Outcome::Done)
    }
}
