//! Cases of every flow: opened, acted on, listed and shown by one set of rules.
//!
//! A case type is a [`Flow`]; what this module does for consultation, legal aid and mediation it does for a plugin's
//! flow in the same way. In one transaction an act checks sight, form, version, state, role and guards, moves the
//! case, writes its step, journal, deadlines and notices. What a case type decides beyond its table is in a file of
//! its own (`route`, `guards`), named by the flow.

mod act;
pub(crate) mod answerable;
mod candidates;
mod compare;
mod documents;
mod dossier;
mod effected;
mod effects;
mod files;
mod flows;
mod guards;
mod holder;
mod hooks;
mod left;
mod library;
mod list;
mod look;
mod next;
mod number;
mod offered;
mod open;
mod people;
pub(crate) mod posts;
mod record;
mod related;
mod rooms;
mod route;
mod staged;
mod standing;
pub(crate) mod table;
mod transfer;
mod turns;
mod units;
mod view;

pub use act::{Action, act};
pub(crate) use act::{acted, acted_by_house, as_told, unless_faster};
pub use candidates::{Candidate, candidates};
pub use dossier::Belonging;
pub(crate) use effected::{About, apply as keep_staged};
pub use falin_store::attachment::Attachment;
pub use falin_store::casefile_people::Party;
pub(crate) use files::put_on;
pub use files::{File, attach, attachment, detach};
pub use flows::{ByCounty, Flows, InUse};
pub(crate) use holder::nobody;
pub use holder::{Slip, act_by_slip, attach_by_slip, by_slip};
pub(crate) use hooks::{Undone, brought, house, retry as retry_hook, said};
pub(crate) use left::by_clock;
pub use left::give_back_left;
pub(crate) use library::seen_by_library;
pub use list::{Drill, Filter, Line, Queue, about, by_number, count, list};
pub(crate) use list::{held, lines};
pub use next::{may_take, take_next};
pub(crate) use number::pattern;
pub use offered::{Offered, offers};
pub use open::{Opening, TakenOver, open, step_name};
pub(crate) use open::{opened, opened_as_told, settled_place};
pub(crate) use people::reached;
pub(crate) use record::record;
pub use related::Waits;
pub use rooms::rooms;
pub(crate) use route::on_duty;
pub(crate) use staged::{Server, Staged, Texts, refused as refused_by_library};
pub(crate) use standing::Standing;
pub use table::table;
pub use transfer::{Offer, Reply, answer_offer, offer, withdraw_offer};
pub use turns::turns;
pub use view::{Answers, Helping, NextActor, OnCase, Seen, Told, in_sight, one};
pub(crate) use view::{readable_values, seen};

use falin_domain::access::{Act, Noun, Role, Visitor};
use falin_domain::refusal::Refusal;
use falin_domain::workflow::{Flow, Step};
use falin_store::casefile_list::Sight;

/// The noun of cases in the journal.
pub const NOUN: &str = "case";

/// The noun of the access table under which a flow's cases stand.
pub fn noun_of(flow: &Flow) -> Noun {
    Noun::from_code(&flow.noun).unwrap_or(Noun::Workflow)
}

/// What a visitor sees of a flow's cases.
///
/// # Errors
/// `access.denied` where no row of the table allows it.
pub(crate) fn sight(visitor: &Visitor, act: Act, flow: &Flow) -> Result<Sight, Refusal> {
    let mut scope = visitor.scope(act, noun_of(flow))?;
    // Whoever is on a case sees it, wherever their role is held.
    if scope.places.is_some() {
        scope.mine = scope.mine.or(visitor.worker);
    }
    let resident = visitor.account.filter(|_| visitor.is(Role::Resident));
    let works = |role: &Role| matches!(role, Role::Lawyer | Role::Mediator) && visitor.is(*role);
    let taken = |step: &Step| step.anyone && step.roles.iter().any(works);
    let open = flow.state.iter().filter(|state| !state.closed && flow.steps_from(&state.id).any(taken));
    let queues = open.map(|state| state.id.clone()).collect();
    let holder = posts::holder(visitor, flow);
    Ok(Sight { scope, resident, queues, holder })
}
