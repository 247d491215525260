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
pub(crate) mod table;
mod transfer;
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
pub use list::{Drill, Filter, Line, Queue, about, by_number, count, list, turns};
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
pub use table::table;
pub use transfer::{Offer, Reply, answer_offer, offer, withdraw_offer};
pub use view::{Answers, Helping, NextActor, OnCase, Seen, Told, in_sight, one};
pub(crate) use view::{readable_values, seen};

use falin_domain::access::{Act, Noun, Role, Visitor};
use falin_domain::refusal::Refusal;
use falin_domain::words::{DivisionId, WorkerId};
use falin_domain::workflow::{Flow, Step};
use falin_store::casefile::Case;
use falin_store::casefile_list::Sight;
use falin_store::worker::Worker;
use falin_store::{Tx, deputy, division};

use crate::Stop;
use crate::worker::is_there;

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

/// The place above and around a case, itself first; empty where it belongs to the whole county.
pub(crate) fn places_of(tx: &mut Tx<'_>, case: &Case) -> Result<Vec<DivisionId>, Stop> {
    let Some(place) = case.division_id else { return Ok(Vec::new()) };
    Ok(division::line(tx, case.county_id, place)?.into_iter().map(|above| above.id).collect())
}

/// Those on this case for whom the visitor's worker stands in today.
fn absent_here(tx: &mut Tx<'_>, visitor: &Visitor, case: &Case) -> Result<Vec<WorkerId>, Stop> {
    match visitor.worker {
        Some(me) => deputy::absent_on(tx, case, me),
        None => Ok(Vec::new()),
    }
}

/// What is known of the visitor's standing towards one case.
pub(crate) struct Standing {
    /// Divisions at or above the case.
    pub places: Vec<DivisionId>,
    /// Whether the visitor's worker is on the case, or stands in for one who is.
    pub on_case: bool,
    /// Whether the visitor's worker helps with it for a unit, or stands in for one who does.
    pub helps: bool,
    /// The visitor's worker, and on this case those for whom it stands in.
    pub me: Vec<WorkerId>,
    /// For whom the visitor stands in on this case; None where the visitor's own worker is on it.
    pub for_worker: Option<WorkerId>,
    /// Whether nobody leads it.
    pub unassigned: bool,
    /// Whether it is the visitor's own as a resident.
    pub own: bool,
    /// Whether the house itself acts, for a job or a hook: in whatever role the step names.
    pub house: bool,
    /// Posts of the flow's plugin that the visitor holds.
    pub posts: Vec<posts::Held>,
}

impl Standing {
    /// Reads the standing.
    ///
    /// # Errors
    /// The store's own.
    pub fn of(tx: &mut Tx<'_>, flows: &Flows, visitor: &Visitor, case: &Case) -> Result<Self, Stop> {
        let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
        let posts = posts::held(tx, visitor, &flow)?;
        Ok(Self { posts, ..Self::without_posts(tx, visitor, case)? })
    }

    /// The same for somebody who holds none, such as a resident who shows a slip.
    ///
    /// # Errors
    /// The store's own.
    pub fn without_posts(tx: &mut Tx<'_>, visitor: &Visitor, case: &Case) -> Result<Self, Stop> {
        let people = falin_store::casefile_people::on(tx, case.county_id, case.id)?;
        let absent = absent_here(tx, visitor, case)?;
        let on = |duty: &dyn Fn(&str) -> bool, who: &[WorkerId]| {
            people.iter().any(|one| one.to_ms.is_none() && duty(&one.duty) && who.contains(&one.worker_id))
        };
        // Whoever has left keeps nothing in hand, whether or not the case has gone back already.
        let mine = visitor.worker.filter(|me| people.iter().any(|one| one.worker_id == *me));
        let gone = match mine {
            Some(me) => !is_there(&Worker::by_id(tx, case.county_id, me)?, tx.now.date()),
            None => false,
        };
        let own: Vec<WorkerId> = visitor.worker.into_iter().filter(|_| !gone).collect();
        let me: Vec<WorkerId> = own.iter().chain(&absent).copied().collect();
        let (leads, helps) = (|duty: &str| duty != "helper", |duty: &str| duty == "helper");
        Ok(Self {
            places: places_of(tx, case)?,
            on_case: on(&leads, &me),
            helps: on(&helps, &me),
            for_worker: absent.first().copied().filter(|_| !on(&leads, &own) && !on(&helps, &own)),
            me,
            unassigned: case.worker_id.is_none(),
            own: visitor.account.is_some() && case.resident_id == visitor.account,
            house: false,
            posts: Vec::new(),
        })
    }

    /// The role in which the visitor may take a step, the first of the step's own order, or the one under a post that
    /// the step names; None where in none.
    pub fn role(&self, visitor: &Visitor, step: &Step) -> Option<Role> {
        if self.house {
            return Some(step.roles.first().copied().unwrap_or(Role::CountyAdmin));
        }
        let role = step.roles.iter().copied().find(|role| self.holds(visitor, *role, step));
        role.or_else(|| posts::by_post(&self.posts, visitor, step, &self.places))
    }

    /// Whether the visitor works on the case, or helps with it and the step is one for those.
    fn stands(&self, step: &Step) -> bool {
        self.on_case || (self.helps && step.is_for_helpers())
    }

    /// Whether the visitor may take a step otherwise than by helping.
    pub(super) fn in_own_right(&self, visitor: &Visitor, step: &Step) -> bool {
        let without = Self {
            helps: false,
            posts: self.posts.clone(),
            places: self.places.clone(),
            me: Vec::new(),
            ..*self
        };
        without.role(visitor, step).is_some()
    }

    /// For whom a step in this role counts: it is the work of those who are on the case that somebody stands in for.
    pub(super) fn acts_for(&self, role: Role) -> Option<WorkerId> {
        self.for_worker.filter(|_| matches!(role, Role::Lawyer | Role::Mediator))
    }

    fn holds(&self, visitor: &Visitor, role: Role, step: &Step) -> bool {
        let mut posts =
            visitor.posts.iter().filter(|post| post.role == role && post.county == visitor.county);
        match role {
            Role::Resident => posts.next().is_some() && self.own,
            Role::Lawyer => posts.next().is_some() && (self.stands(step) || (step.anyone && self.unassigned)),
            Role::Mediator if self.stands(step) => posts.next().is_some(),
            _ => posts.any(|post| post.place.is_none_or(|place| self.places.contains(&place))),
        }
    }
}
