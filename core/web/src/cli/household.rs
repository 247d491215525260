//! `falin household`: wishes for erasure, and households that are only stored. A destruction is decided by two people
//! who are signed in, not by whoever has the machine.

use clap::{Args, Subcommand};
use falin_app::App;
use falin_app::restriction::{self, Filter, New, RestrictionAct, RestrictionState, Shown, Typed};
use falin_domain::access::Visitor;
use falin_domain::page::{MOST, Window};
use falin_domain::words::{HouseholdId, RestrictionId};
use serde_json::{Value, json};

use super::{Frame, Halt, Outcome, Ran, place};

/// Arguments of `falin household`.
#[derive(Args)]
pub struct Household {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Wishes for erasure, newest first
    List {
        /// Only in this state: asked, refused, restricted, proposed, lifted, destroyed
        #[arg(long, value_name = "STATE", value_parser = state)]
        state: Option<RestrictionState>,
        #[command(flatten)]
        place: Where,
    },
    /// What may be destroyed today
    Due(Where),
    /// Restricts a household: it and its closed cases are only stored from now on
    Restrict {
        /// The household's id
        #[arg(value_name = "HOUSEHOLD", value_parser = household)]
        household: HouseholdId,
        /// Number or origin of the request
        #[arg(long, value_name = "TEXT")]
        reference: String,
        #[command(flatten)]
        why: Why,
    },
    /// Refuses a wish
    Refuse {
        /// Its id, as the list tells it
        #[arg(value_name = "ID", value_parser = id)]
        id: RestrictionId,
        #[command(flatten)]
        why: Why,
    },
    /// Takes a restriction back, as the household wishes
    Lift {
        /// Its id, as the list tells it
        #[arg(value_name = "ID", value_parser = id)]
        id: RestrictionId,
        /// Number or origin of the wish to lift it, where it did not come from the own page
        #[arg(long, value_name = "TEXT", default_value = "")]
        reference: String,
        #[command(flatten)]
        why: Why,
    },
}

#[derive(Args)]
struct Why {
    /// Why; the household reads it at its own page
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    place: Where,
}

#[derive(Args)]
struct Where {
    /// Division code of the county, where there are several
    #[arg(long, value_name = "CODE")]
    place: Option<String>,
}

fn id(text: &str) -> Result<RestrictionId, String> {
    text.parse().map_err(|_| "an id as the list tells it".to_owned())
}

fn household(text: &str) -> Result<HouseholdId, String> {
    text.parse().map_err(|_| "a household's id".to_owned())
}

fn state(text: &str) -> Result<RestrictionState, String> {
    let codes: Vec<&str> = RestrictionState::ALL.iter().map(|state| state.code()).collect();
    RestrictionState::from_code(text).ok_or_else(|| codes.join(", "))
}

impl Where {
    fn operator(&self, frame: &Frame, app: &App) -> Result<Visitor, Halt> {
        let visitor = place::visitor(frame, app, self.place.as_deref())?;
        Ok(Visitor::operator(visitor.county))
    }
}

impl Household {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        let app = frame.open()?;
        match self.what {
            What::List { state, place } => {
                listed(frame, &app, &place.operator(frame, &app)?, Filter { state, due: false })?;
            }
            What::Due(place) => {
                listed(frame, &app, &place.operator(frame, &app)?, Filter { state: None, due: true })?;
            }
            What::Restrict { household, reference, why } => {
                let operator = why.place.operator(frame, &app)?;
                let new = New { reason: why.reason, reference };
                let done = app.wait(restriction::restrict(&app, &operator, household, new))?;
                frame.print(&told(&done), &line(frame, &done))?;
            }
            What::Refuse { id, why } => {
                let operator = why.place.operator(frame, &app)?;
                let typed =
                    Typed { action: RestrictionAct::Refuse, reason: why.reason, reference: String::new() };
                acted(frame, &app, &operator, id, typed)?;
            }
            What::Lift { id, reference, why } => {
                let operator = why.place.operator(frame, &app)?;
                let typed = Typed { action: RestrictionAct::Lift, reason: why.reason, reference };
                acted(frame, &app, &operator, id, typed)?;
            }
        }
        Ok(Outcome::Done)
    }
}

fn acted(frame: &Frame, app: &App, visitor: &Visitor, id: RestrictionId, typed: Typed) -> Result<(), Halt> {
    let version = app.wait(restriction::one(app, visitor, id))?.row.version;
    let done = app.wait(restriction::act(app, visitor, id, version, typed))?;
    Ok(frame.print(&told(&done), &line(frame, &done))?)
}

fn listed(frame: &Frame, app: &App, visitor: &Visitor, filter: Filter) -> Result<(), Halt> {
    let (mut all, mut window) = (Vec::new(), Window { limit: MOST, after: None });
    loop {
        let page = app.wait(restriction::list(app, visitor, filter, window.clone()))?;
        all.extend(page.items);
        match page.next {
            Some(next) => window.after = Some(next),
            None => break,
        }
    }
    let lines: Vec<String> = all.iter().map(|one| line(frame, one)).collect();
    let items: Vec<Value> = all.iter().map(told).collect();
    Ok(frame.print(&json!({ "items": items }), &lines.join("\n"))?)
}

fn told(one: &Shown) -> Value {
    let it = &one.row;
    json!({ "id": it.id, "household": it.household_id, "head": one.head, "state": it.state.code(),
        "reference": it.reference, "due_on": it.due_on, "due": one.due, "version": it.version })
}

fn line(frame: &Frame, one: &Shown) -> String {
    let (id, state) = (one.row.id.to_string(), frame.t(&format!("erase-state-{}", one.row.state.code())));
    let due = one.row.due_on.map(|day| day.to_string()).unwrap_or_default();
    let place = crate::pages::choices::place(&one.place);
    let args = [("id", &*id), ("head", &one.head), ("place", &place), ("state", &state), ("due", &due)];
    frame.with("cli-erasure-line", &args)
}
