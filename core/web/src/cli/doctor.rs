//! `falin doctor`: what is wrong, in plain words, and what to do about it.

use clap::Args;
use falin_app::doctor::{self, Check, Health};
use serde_json::json;

use crate::tls::OwnFiles;

use super::{Frame, Outcome, Ran};

/// Arguments of `falin doctor`.
#[derive(Args)]
pub struct Doctor {}

impl Doctor {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        let app = frame.open()?;
        let mut checks = app.wait(doctor::examine(&app))?;
        let own = OwnFiles::below(&app.data);
        if own.exist() {
            checks.push(doctor::certificate(crate::tls::last_day(&own.server), app.today()));
            checks.sort_by_key(|check| std::cmp::Reverse(check.health));
        }
        let told: Vec<_> = checks.iter().map(|check| said(frame, check)).collect();
        let lines: Vec<String> = checks.iter().map(|check| line(frame, check)).collect();
        frame.print(&json!({ "checks": told }), &lines.join("\n"))?;
        let red = checks.iter().any(|check| check.health == Health::Red);
        Ok(if red { Outcome::Refused } else { Outcome::Done })
    }
}

fn texts(frame: &Frame, check: &Check) -> (String, Option<String>) {
    let state = match check.health {
        Health::Green => "green",
        Health::Amber => "amber",
        Health::Red => "red",
    };
    let args = [("detail", check.detail.as_str()), ("state", state)];
    let what = frame.with(&format!("doctor-{}", check.name), &args);
    let todo =
        (check.health != Health::Green).then(|| frame.with(&format!("doctor-{}-todo", check.name), &args));
    (what, todo)
}

fn said(frame: &Frame, check: &Check) -> serde_json::Value {
    let (message, todo) = texts(frame, check);
    json!({
        "name": check.name, "health": check.health, "detail": check.detail,
        "message": message, "todo": todo,
    })
}

fn line(frame: &Frame, check: &Check) -> String {
    let (message, todo) = texts(frame, check);
    let sign = match check.health {
        Health::Green => "✓",
        Health::Amber => "△",
        Health::Red => "✗",
    };
    match todo {
        Some(todo) => format!("{sign} {message}\n    {todo}"),
        None => format!("{sign} {message}"),
    }
}
