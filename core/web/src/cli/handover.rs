//! `falin handover`: what a leaver leaves goes to successors, together and once.

use clap::{Args, Subcommand};
use falin_app::handover;
use falin_app::plan::{self, Why};
use falin_app::{App, Stop};
use falin_domain::access::Visitor;
use falin_domain::time::Date;
use falin_domain::words::WorkerId;
use serde_json::Value;

use super::pair::{Of, in_words};
use super::{Frame, Halt, Outcome, Ran, place};
use crate::plan_json;

/// Arguments of `falin handover`.
#[derive(Args)]
pub struct Handover {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Proposes successors; nothing moves until it is committed
    Plan(Leaver),
    /// Puts a handover into effect, as a whole or not at all
    Commit(Of),
    /// Takes a committed handover back
    Undo(Of),
}

#[derive(Args)]
struct Leaver {
    /// Who leaves: id, licence number, or a name that only one has
    #[arg(value_name = "WORKER")]
    worker: String,
    /// First day of the successors; otherwise today
    #[arg(long, value_name = "DATE", value_parser = super::frame::date)]
    on: Option<Date>,
    /// Away for a while: the households move, name and adviser posts stay
    #[arg(long)]
    leave: bool,
    /// Division code of the county, where there are several
    #[arg(long, value_name = "CODE")]
    place: Option<String>,
}

impl Handover {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        match self.what {
            What::Plan(leaver) => leaver.plan(frame),
            What::Commit(of) => of.commit(frame),
            What::Undo(of) => of.undo(frame),
        }
    }
}

impl Leaver {
    fn plan(self, frame: &Frame) -> Ran {
        let app = frame.open()?;
        let (visitor, worker) = self.find(frame, &app)?;
        let why = if self.leave { Why::Leave } else { Why::Left };
        let (made, summary) = app.wait(handover::propose(&app, &visitor, worker, why, self.on))?;
        let shown = app.wait(plan::show(&app, &visitor, made.id))?;
        let mut told = plan_json::made(made.id, &summary, &shown.names);
        let whole = plan_json::whole(&shown);
        if let Value::Object(told) = &mut told {
            for key in ["flows", "leaver"] {
                told.insert(key.to_owned(), whole[key].clone());
            }
        }
        frame.print(&told, &words(frame, &shown))?;
        Ok(Outcome::Done)
    }

    /// The worker and the operator in their county; without `--place` all counties are looked through.
    fn find(&self, frame: &Frame, app: &App) -> Result<(Visitor, WorkerId), Halt> {
        if self.place.is_some() {
            let visitor = place::visitor(frame, app, self.place.as_deref())?;
            let visitor = Visitor::operator(visitor.county);
            let worker = app.wait(handover::find(app, &visitor, &self.worker))?;
            return Ok((visitor, worker));
        }
        let mut missing: Option<Stop> = None;
        for county in app.wait(falin_app::county::all(app))? {
            let visitor = Visitor::operator(county.id);
            match app.wait(handover::find(app, &visitor, &self.worker)) {
                Ok(worker) => return Ok((visitor, worker)),
                Err(stop) => missing = missing.or(Some(stop)),
            }
        }
        Err(missing.map_or_else(|| Halt::Usage(frame.t("cli-place-empty")), Halt::Stop))
    }
}

fn words(frame: &Frame, shown: &plan::Shown) -> String {
    let (summary, names) = (&shown.listed.summary, &shown.names);
    let text = in_words(frame, shown.listed.plan.id, summary, names);
    let posts = summary.leaver.iter().flat_map(|leaver| &leaver.posts);
    let villages: Vec<String> = posts.map(|post| names.village(post.division)).collect();
    if villages.is_empty() {
        return text;
    }
    let note = frame.with("cli-handover-posts", &[("villages", &villages.join("、"))]);
    [note, text].join("\n")
}
