//! `falin user`: accounts from the command line, for the first administrator and for emergencies.

use std::io::Read;

use clap::{Args, Subcommand};
use falin_app::account::{self, AccountAct, Filter, Listed, NewAccount, Slip};
use falin_app::{App, Stop};
use falin_domain::access::{Post, Role, Visitor};
use falin_domain::page::{MOST, Window};
use falin_domain::words::AccountId;
use serde_json::{Value, json};

use super::{Frame, Halt, Outcome, Ran};

/// Arguments of `falin user`.
#[derive(Args)]
pub struct User {
    #[command(subcommand)]
    act: UserAct,
}

#[derive(Subcommand)]
enum UserAct {
    /// Makes an account and prints the code with which its owner sets the password
    Add(Add),
    /// Lists the accounts of a county
    List {
        /// Division code of the county; needed where there are several
        #[arg(long, value_name = "CODE")]
        place: Option<String>,
    },
    /// Replaces the password: by a new activation code, or by the line read from stdin
    Passwd {
        /// Log-in name
        username: String,
        /// Read the new password from stdin
        #[arg(long)]
        stdin: bool,
    },
    /// Gives or takes away a role
    Role {
        /// Log-in name
        username: String,
        #[arg(value_parser = ["add", "remove"])]
        what: String,
        #[arg(value_parser = parse_role)]
        role: Role,
        /// Division code of the role's place; the whole county without it
        #[arg(long, value_name = "CODE")]
        place: Option<String>,
    },
    /// Nobody may sign in with it any more; its sessions and tokens end
    Disable {
        /// Log-in name
        username: String,
    },
    /// It may be used again
    Enable {
        /// Log-in name
        username: String,
    },
    /// Forgets the second factor; the next sign-in enrols another
    ResetTotp {
        /// Log-in name
        username: String,
    },
    /// Makes an account for every legal worker who has none, and prints all unused activation codes
    Roster {
        /// Division code of the county; needed where there are several
        #[arg(long, value_name = "CODE")]
        place: Option<String>,
    },
}

#[derive(Args)]
struct Add {
    /// Log-in name: 3 to 32 small letters, digits, dots, hyphens
    username: String,
    /// What it may be
    #[arg(long, value_parser = parse_role)]
    role: Role,
    /// Division code of the role's place; the first one of all names the county
    #[arg(long, value_name = "CODE")]
    place: Option<String>,
    /// The person's name; otherwise the log-in name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Read a password from stdin, so that the account may be used at once
    #[arg(long)]
    password_stdin: bool,
}

fn parse_role(text: &str) -> Result<Role, String> {
    let all = || Role::ALL.iter().map(|role| role.code()).collect::<Vec<_>>().join(", ");
    Role::from_code(text).ok_or_else(|| format!("one of {}", all()))
}

impl User {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        let app = frame.open()?;
        match self.act {
            UserAct::Add(add) => add.run(frame, &app),
            UserAct::List { place } => list(frame, &app, place.as_deref()),
            UserAct::Passwd { username, stdin } => passwd(frame, &app, &username, stdin),
            UserAct::Role { username, what, role, place } => {
                let adds = what == "add";
                let at = place.as_deref().map(|code| app.wait(account::placed(&app, Some(code))));
                let act = match at.transpose()? {
                    Some((county, place)) => AccountAct::RoleIn(adds, role, county, place),
                    None if adds => AccountAct::AddRole(role, None),
                    None => AccountAct::RemoveRole(role, None),
                };
                change(frame, &app, &username, act)
            }
            UserAct::Disable { username } => change(frame, &app, &username, AccountAct::Disable),
            UserAct::Enable { username } => change(frame, &app, &username, AccountAct::Enable),
            UserAct::ResetTotp { username } => change(frame, &app, &username, AccountAct::ResetSecondFactor),
            UserAct::Roster { place } => roster(frame, &app, place.as_deref()),
        }
    }
}

impl Add {
    fn run(self, frame: &Frame, app: &App) -> Ran {
        let (county, place) = app.wait(account::placed(app, self.place.as_deref()))?;
        let operator = Visitor::operator(county);
        let display_name = self.name.unwrap_or_else(|| self.username.clone());
        let new = NewAccount { username: self.username, display_name, role: self.role, place, worker: None };
        if !self.password_stdin {
            let slip = app.wait(account::create(app, &operator, &new))?;
            return print_slips(frame, &[slip]);
        }
        let password = read_password()?;
        let (id, secret) = app.wait(account::ready_made(app, &operator, &new, &password))?;
        let told = json!({ "id": id, "username": new.username, "totp_secret": secret });
        let args = [("username", new.username.as_str()), ("secret", secret.as_deref().unwrap_or("—"))];
        frame.print(&told, &frame.with("cli-user-made", &args))?;
        Ok(Outcome::Done)
    }
}

/// The first line of stdin: never an argument, which every process of the machine could read.
fn read_password() -> Result<String, Halt> {
    let mut text = String::new();
    std::io::stdin().take(4096).read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn passwd(frame: &Frame, app: &App, username: &str, stdin: bool) -> Ran {
    if !stdin {
        return change(frame, app, username, AccountAct::NewSlip);
    }
    let (id, county) = app.wait(account::by_username(app, username))?;
    let password = read_password()?;
    app.wait(account::set_password(app, &Visitor::operator(county), id, &password))?;
    frame.print(
        &json!({ "id": id, "username": username }),
        &frame.with("cli-user-done", &[("username", username)]),
    )?;
    Ok(Outcome::Done)
}

/// Does one thing to the account as it stands now.
fn change(frame: &Frame, app: &App, username: &str, act: AccountAct) -> Ran {
    let (id, county) = app.wait(account::by_username(app, username))?;
    let operator = Visitor::operator(county);
    let version = app.wait(account::one(app, &operator, id))?.version;
    let (listed, slip) = app.wait(account::act(app, &operator, id, version, act))?;
    match slip {
        Some(slip) => print_slips(frame, &[slip]),
        None => {
            frame.print(&shown(&listed), &frame.with("cli-user-done", &[("username", username)]))?;
            Ok(Outcome::Done)
        }
    }
}

fn roster(frame: &Frame, app: &App, place: Option<&str>) -> Ran {
    let (county, _) = app.wait(account::placed(app, place))?;
    let operator = Visitor::operator(county);
    app.wait(account::accounts_for_roster(app, &operator, |_| {}))?;
    let slips = app.wait(account::slips(app, &operator, None))?;
    print_slips(frame, &slips)
}

fn print_slips(frame: &Frame, slips: &[Slip]) -> Ran {
    let told: Vec<Value> = slips
        .iter()
        .map(|slip| {
            json!({ "id": slip.account, "username": slip.username, "name": slip.display_name,
                "activation_code": slip.code, "until": slip.until })
        })
        .collect();
    let line = |slip: &Slip| {
        let until = slip.until.date().to_string();
        let args = [("username", slip.username.as_str()), ("code", slip.code.as_str()), ("until", &until)];
        frame.with("cli-user-slip", &args)
    };
    let lines: Vec<String> = slips.iter().map(line).collect();
    frame.print(&json!({ "slips": told }), &lines.join("\n"))?;
    Ok(Outcome::Done)
}

fn list(frame: &Frame, app: &App, place: Option<&str>) -> Ran {
    let (county, _) = app.wait(account::placed(app, place))?;
    let all = app.wait(everybody(app, &Visitor::operator(county)))?;
    let items: Vec<Value> = all.iter().map(shown).collect();
    let lines: Vec<String> = all.iter().map(|account| line(frame, account)).collect();
    frame.print(&json!({ "items": items }), &lines.join("\n"))?;
    Ok(Outcome::Done)
}

async fn everybody(app: &App, operator: &Visitor) -> Result<Vec<Listed>, Stop> {
    let mut window = Window { limit: MOST, after: None };
    let mut all = Vec::new();
    loop {
        let page = account::list(app, operator, &Filter::default(), &window).await?;
        all.extend(page.items);
        match page.next {
            None => return Ok(all),
            next => window.after = next,
        }
    }
}

fn shown(account: &Listed) -> Value {
    let role = |post: &Post| json!({ "role": post.role, "place": post.place });
    let id: AccountId = account.id;
    json!({ "id": id, "username": account.username, "name": account.display_name,
        "roles": account.posts.iter().map(role).collect::<Vec<_>>(), "state": state(account),
        "second_factor": account.second_factor, "version": account.version })
}

/// `active`, `fresh` (waits for its slip to be used) or `disabled`.
fn state(account: &Listed) -> &'static str {
    match (account.disabled, account.active) {
        (true, _) => "disabled",
        (false, true) => "active",
        (false, false) => "fresh",
    }
}

fn line(frame: &Frame, account: &Listed) -> String {
    let word = |post: &Post| frame.t(&format!("role-{}", post.role.code().replace('_', "-")));
    let roles: Vec<String> = account.posts.iter().map(word).collect();
    let state = frame.t(&format!("desk-user-state-{}", state(account)));
    format!("{:<24} {}  {}  {}", account.username, account.display_name, roles.join("、"), state)
}
