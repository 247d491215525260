//! `falin deputy`: who stands in for whom (AB岗), from one day to another.

use clap::{Args, Subcommand};
use falin_app::deputy::{self, New, Shown};
use falin_app::{App, handover};
use falin_domain::access::Visitor;
use falin_domain::time::Date;
use falin_domain::words::DeputyId;
use serde_json::{Value, json};

use super::{Frame, Halt, Outcome, Ran, place};

/// Arguments of `falin deputy`.
#[derive(Args)]
pub struct Deputy {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Deputies that are on or to come
    List(Where),
    /// Names a deputy and tells both
    Add {
        /// Who is away: id, licence number, or a name that only one has
        #[arg(value_name = "WORKER")]
        worker: String,
        /// Who stands in
        #[arg(value_name = "DEPUTY")]
        deputy: String,
        /// First day
        #[arg(long, value_name = "DATE", value_parser = super::frame::date)]
        from: Date,
        /// Last day
        #[arg(long, value_name = "DATE", value_parser = super::frame::date)]
        to: Date,
        #[command(flatten)]
        place: Where,
    },
    /// Ends a deputy's time, from now on
    End {
        /// Its id, as the list tells it
        #[arg(value_name = "ID", value_parser = id)]
        id: DeputyId,
        #[command(flatten)]
        place: Where,
    },
}

#[derive(Args)]
struct Where {
    /// Division code of the county, where there are several
    #[arg(long, value_name = "CODE")]
    place: Option<String>,
}

fn id(text: &str) -> Result<DeputyId, String> {
    text.parse().map_err(|_| "an id as the list tells it".to_owned())
}

impl Where {
    fn operator(&self, frame: &Frame, app: &App) -> Result<Visitor, Halt> {
        let visitor = place::visitor(frame, app, self.place.as_deref())?;
        Ok(Visitor::operator(visitor.county))
    }
}

impl Deputy {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        let app = frame.open()?;
        match self.what {
            What::List(place) => {
                let operator = place.operator(frame, &app)?;
                let all = app.wait(deputy::list(&app, &operator, None))?;
                let lines: Vec<String> = all.iter().map(|one| line(frame, one)).collect();
                let items: Vec<Value> = all.iter().map(told).collect();
                frame.print(&json!({ "items": items }), &lines.join("\n"))?;
            }
            What::Add { worker, deputy, from, to, place } => {
                let operator = place.operator(frame, &app)?;
                let worker = app.wait(handover::find(&app, &operator, &worker))?;
                let deputy = app.wait(handover::find(&app, &operator, &deputy))?;
                let named = app.wait(deputy::add(&app, &operator, New { worker, deputy, from, to }))?;
                frame.print(&told(&named), &line(frame, &named))?;
            }
            What::End { id, place } => {
                let operator = place.operator(frame, &app)?;
                let all = app.wait(deputy::list(&app, &operator, None))?;
                let version = all.iter().find(|one| one.deputy.id == id).map_or(0, |one| one.deputy.version);
                app.wait(deputy::there(&app, &operator, id))?;
                let ended = app.wait(deputy::end(&app, &operator, id, version))?;
                frame
                    .print(&told(&ended), &frame.with("cli-deputy-ended", &[("deputy", &ended.stands_in)]))?;
            }
        }
        Ok(Outcome::Done)
    }
}

fn told(one: &Shown) -> Value {
    let row = &one.deputy;
    json!({ "id": row.id, "worker": { "id": row.worker_id, "name": one.worker },
        "deputy": { "id": row.deputy_id, "name": one.stands_in },
        "from": row.from_date, "to": row.to_date, "on": one.on, "version": row.version })
}

fn line(frame: &Frame, one: &Shown) -> String {
    let (from, to) = (one.deputy.from_date.to_string(), one.deputy.to_date.to_string());
    let id = one.deputy.id.to_string();
    let args = [
        ("worker", one.worker.as_str()),
        ("deputy", &one.stands_in),
        ("from", &from),
        ("to", &to),
        ("id", &id),
    ];
    frame.with("cli-deputy-line", &args)
}
