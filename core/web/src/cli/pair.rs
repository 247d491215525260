//! `falin pair`: plans of who looks after whom, from the command line.

use clap::{Args, Subcommand};
use falin_app::App;
use falin_app::plan::{self, Acted, Broken, Checked, Names, Shown, Summary};
use falin_domain::access::Visitor;
use falin_domain::pairing::Reason;
use falin_domain::pairing::span::ProviderRef;
use falin_domain::words::PlanId;
use serde_json::json;

use super::table::table;
use super::{Frame, Halt, Outcome, Ran, place};
use crate::plan_json;

/// Broken rules that a terminal shows; `--json` gives them all.
const MOST_SHOWN: usize = 50;

/// Arguments of `falin pair`.
#[derive(Args)]
pub struct Pair {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Makes the best plan; nothing moves until it is committed
    Plan(At),
    /// Shows a plan beside today
    Show(Of),
    /// Puts a plan into effect, as a whole or not at all
    Commit(Of),
    /// Takes a committed plan back
    Undo(Of),
    /// Checks that today's pairings keep the rules
    Check(At),
}

/// For a place.
#[derive(Args)]
struct At {
    /// Division code of the county, or of a place in it
    #[arg(long, value_name = "CODE")]
    place: Option<String>,
}

/// A plan.
#[derive(Args)]
pub(super) struct Of {
    /// The plan, as it was printed
    #[arg(value_name = "PLAN", value_parser = plan_id)]
    plan: PlanId,
}

fn plan_id(text: &str) -> Result<PlanId, String> {
    text.parse().map_err(|_| "the id of a plan".to_owned())
}

impl Pair {
    pub(super) fn run(self, frame: &Frame) -> Ran {
        match self.what {
            What::Plan(at) => at.plan(frame),
            What::Check(at) => at.check(frame),
            What::Show(of) => of.show(frame),
            What::Commit(of) => of.commit(frame),
            What::Undo(of) => of.undo(frame),
        }
    }
}

impl At {
    fn plan(self, frame: &Frame) -> Ran {
        let app = frame.open()?;
        let visitor = place::visitor(frame, &app, self.place.as_deref())?;
        let (plan, summary) = app.wait(plan::make(&app, &visitor, None))?;
        let names = app.wait(plan::names(&app, &visitor))?;
        let text = in_words(frame, plan.id, &summary, &names);
        frame.print(&plan_json::made(plan.id, &summary, &names), &text)?;
        Ok(Outcome::Done)
    }

    fn check(self, frame: &Frame) -> Ran {
        let app = frame.open()?;
        let visitor = place::visitor(frame, &app, self.place.as_deref())?;
        let found = app.wait(plan::check(&app, &visitor, None))?;
        let told = json!({
            "paired": found.paired,
            "unpaired": found.unpaired,
            "violations": found.broken.iter().map(|one| broken(one, &found.names)).collect::<Vec<_>>(),
        });
        frame.print(&told, &checked(frame, &found))?;
        Ok(if found.broken.is_empty() { Outcome::Done } else { Outcome::Refused })
    }
}

impl Of {
    /// The operator in the county of the plan: its id says which.
    fn open(&self, frame: &Frame) -> Result<(App, Visitor), Halt> {
        let app = frame.open()?;
        let county = app.wait(plan::home_of(&app, self.plan))?;
        Ok((app, Visitor::operator(county)))
    }

    fn show(self, frame: &Frame) -> Ran {
        let (app, visitor) = self.open(frame)?;
        let shown = app.wait(plan::show(&app, &visitor, self.plan))?;
        frame.print(&plan_json::whole(&shown), &whole(frame, &shown))?;
        Ok(Outcome::Done)
    }

    pub(super) fn commit(self, frame: &Frame) -> Ran {
        let (app, visitor) = self.open(frame)?;
        let acted = app.wait(plan::commit(&app, &visitor, self.plan, None))?;
        tell(frame, &acted, "cli-pair-committed")
    }

    pub(super) fn undo(self, frame: &Frame) -> Ran {
        let (app, visitor) = self.open(frame)?;
        let acted = app.wait(plan::undo(&app, &visitor, self.plan, None))?;
        tell(frame, &acted, "cli-pair-undone")
    }
}

fn tell(frame: &Frame, acted: &Acted, key: &str) -> Ran {
    let told = json!({ "plan": acted.id, "state": acted.state, "version": acted.version });
    frame.print(&told, &frame.with(key, &[("plan", &acted.id.to_string())]))?;
    Ok(Outcome::Done)
}

fn broken(one: &Broken, names: &Names) -> serde_json::Value {
    json!({
        "code": one.code,
        "provider": plan_json::provider(one.provider, names),
        "household": one.household,
        "load": one.load,
        "capacity": one.capacity,
    })
}

/// A plan for a person at a terminal: figures, who stays without, and what to do next.
pub(super) fn in_words(frame: &Frame, id: PlanId, summary: &Summary, names: &Names) -> String {
    let n = |count: u32| count.to_string();
    let figures = [
        ("households", n(summary.households)),
        ("placed", n(summary.plan.placed)),
        ("unplaced", n(summary.without())),
        ("moved", n(summary.moved)),
        ("cost", summary.plan.place_cost.to_string()),
        ("balance", format!("{:.6}", summary.plan.balance)),
        ("share", format!("{:.1}", summary.plan.max_load_share * 100.0)),
    ];
    let figures: Vec<(&str, &str)> = figures.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let mut lines = vec![frame.with("cli-pair-figures", &figures)];
    if !summary.unplaced.is_empty() {
        let headers = ["cli-pair-village", "cli-pair-households", "cli-pair-reason", "cli-pair-shortfall"];
        let rows = summary.unplaced.iter().map(|gap| {
            let reason = match gap.reason {
                Reason::NoProvider => "cli-pair-no-provider",
                Reason::Capacity => "cli-pair-full",
                Reason::Conflict => "cli-pair-conflict",
            };
            vec![names.village(gap.village), n(gap.households), frame.t(reason), n(gap.shortfall)]
        });
        lines.push(table(&headers.map(|key| frame.t(key)), &rows.collect::<Vec<_>>()));
    }
    lines.push(frame.with("cli-pair-next", &[("plan", &id.to_string())]));
    lines.join("\n")
}

/// A plan beside today, with every provider's load.
fn whole(frame: &Frame, shown: &Shown) -> String {
    let (summary, names) = (&shown.listed.summary, &shown.names);
    let (plan, today) = (&summary.plan, &summary.today);
    let state = frame.t(&format!("cli-pair-state-{}", plan_json::state(&shown.listed.plan)));
    let figure = |key: &str, then: String, now: String| vec![frame.t(key), now, then];
    let n = |count: u32| count.to_string();
    let share = |share: f64| format!("{:.1}%", share * 100.0);
    let rows = [
        figure("cli-pair-placed", n(plan.placed), n(today.placed)),
        figure("cli-pair-own-village", n(plan.by_place[0]), n(today.by_place[0])),
        figure("cli-pair-same-township", n(plan.by_place[1]), n(today.by_place[1])),
        figure("cli-pair-elsewhere", n(plan.by_place[2]), n(today.by_place[2])),
        figure("cli-pair-balance", format!("{:.1}", plan.balance), format!("{:.1}", today.balance)),
        figure("cli-pair-fullest", share(plan.max_load_share), share(today.max_load_share)),
    ];
    let headers = ["cli-pair-figure", "cli-pair-today", "cli-pair-plan"].map(|key| frame.t(key));
    let loads = summary
        .loads
        .iter()
        .map(|load| vec![named(names, load.who), n(load.before), n(load.after), n(load.capacity)]);
    let columns = ["cli-pair-provider", "cli-pair-today", "cli-pair-plan", "cli-pair-capacity"];
    let loads = table(&columns.map(|key| frame.t(key)), &loads.collect::<Vec<_>>());
    let figures = in_words(frame, shown.listed.plan.id, summary, names);
    [state, table(&headers, &rows), loads, figures].join("\n")
}

fn named(names: &Names, who: ProviderRef) -> String {
    let Some(name) = names.provider(who) else { return String::new() };
    if name.firm.is_empty() { name.name.clone() } else { format!("{} ({})", name.name, name.firm) }
}

fn checked(frame: &Frame, found: &Checked) -> String {
    let (paired, unpaired) = (found.paired.to_string(), found.unpaired.to_string());
    let count = found.broken.len().to_string();
    let figures = [("paired", paired.as_str()), ("unpaired", &unpaired), ("broken", &count)];
    let text = frame.with("cli-pair-checked", &figures);
    if found.broken.is_empty() {
        return text;
    }
    let rows = found.broken.iter().take(MOST_SHOWN).map(|one| {
        let code = frame.t(&format!("cli-pair-{}", one.code.replace('.', "-")));
        let provider = one.provider.map(|who| named(&found.names, who)).unwrap_or_default();
        let load = one.load.zip(one.capacity).map(|(load, most)| format!("{load} / {most}"));
        vec![code, provider, one.household.map(|id| id.to_string()).or(load).unwrap_or_default()]
    });
    let headers = ["cli-pair-rule", "cli-pair-provider", "cli-pair-household"].map(|key| frame.t(key));
    [text, table(&headers, &rows.collect::<Vec<_>>())].join("\n")
}
