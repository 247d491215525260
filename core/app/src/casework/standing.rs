//! What a visitor is to a case: on it or helping, in whose place, where, and under which posts.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use falin_domain::access::{Role, Visitor};
use falin_domain::words::{CaseId, DivisionId, WorkerId};
use falin_domain::workflow::Step;
use falin_store::casefile::Case;
use falin_store::casefile_conflict::barred;
use falin_store::casefile_people::{self, OnCase};
use falin_store::worker::Worker;
use falin_store::{Tx, deputy, division};

use super::{Flows, posts};
use crate::Stop;
use crate::worker::is_there;

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
        Around::read(tx, visitor, std::slice::from_ref(case))?.standing(tx, visitor, case)
    }

    /// Towards each of some cases, asked for at once. Only a deputy's conflicts of interest are looked for case by case.
    ///
    /// # Errors
    /// The store's own.
    pub fn of_each(
        tx: &mut Tx<'_>,
        flows: &Flows,
        visitor: &Visitor,
        cases: &[Case],
    ) -> Result<Vec<Self>, Stop> {
        let around = Around::read(tx, visitor, cases)?;
        let mut posts = HashMap::new();
        let mut each = Vec::with_capacity(cases.len());
        for case in cases {
            let posts = match posts.entry((&case.flow, case.flow_version)) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(free) => {
                    let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
                    free.insert(posts::held(tx, visitor, &flow)?)
                }
            };
            each.push(Self { posts: posts.clone(), ..around.standing(tx, visitor, case)? });
        }
        Ok(each)
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

/// What is read for the standing towards some cases of the visitor's county.
struct Around {
    /// Workers of each, past ones too.
    people: HashMap<CaseId, Vec<OnCase>>,
    /// Divisions at or above each place.
    above: HashMap<DivisionId, Vec<DivisionId>>,
    /// The visitor as a worker, where some case knows them or somebody whom they stand in for.
    me: Option<Worker>,
    /// For whom the visitor's worker stands in today.
    absent: Vec<WorkerId>,
}

impl Around {
    fn read(tx: &mut Tx<'_>, visitor: &Visitor, cases: &[Case]) -> Result<Self, Stop> {
        let Some(county) = cases.first().map(|case| case.county_id) else {
            return Ok(Self { people: HashMap::new(), above: HashMap::new(), me: None, absent: Vec::new() });
        };
        let ids: Vec<CaseId> = cases.iter().map(|case| case.id).collect();
        let mut people: HashMap<CaseId, Vec<OnCase>> = HashMap::new();
        for one in casefile_people::on_each(tx, county, &ids)? {
            people.entry(one.case_id).or_default().push(one);
        }
        let places: BTreeSet<DivisionId> = cases.iter().filter_map(|case| case.division_id).collect();
        let above = division::above_each(tx, county, &places.into_iter().collect::<Vec<_>>())?;
        let absent = match visitor.worker {
            Some(me) => deputy::stands_for(tx, county, me, tx.now.date())?,
            None => Vec::new(),
        };
        let mine = |me: &WorkerId| {
            people.values().flatten().any(|one| one.worker_id == *me || absent.contains(&one.worker_id))
        };
        let me = visitor.worker.filter(mine).map(|me| Worker::by_id(tx, county, me)).transpose()?;
        Ok(Self { people, above, me, absent })
    }

    fn standing(&self, tx: &mut Tx<'_>, visitor: &Visitor, case: &Case) -> Result<Standing, Stop> {
        let people = self.people.get(&case.id).map_or(&[][..], Vec::as_slice);
        let on = |duty: &dyn Fn(&str) -> bool, who: &[WorkerId]| {
            people.iter().any(|one| one.to_ms.is_none() && duty(&one.duty) && who.contains(&one.worker_id))
        };
        let absent = self.absent_on(tx, people, case)?;
        // Whoever has left keeps nothing in hand, whether or not the case has gone back already.
        let known = |me: &Worker| people.iter().any(|one| one.worker_id == me.id);
        let gone = self.me.as_ref().is_some_and(|me| known(me) && !is_there(me, tx.now.date()));
        let own: Vec<WorkerId> = visitor.worker.into_iter().filter(|_| !gone).collect();
        let me: Vec<WorkerId> = own.iter().chain(&absent).copied().collect();
        let (leads, helps) = (|duty: &str| duty != "helper", |duty: &str| duty == "helper");
        Ok(Standing {
            places: case.division_id.and_then(|place| self.above.get(&place).cloned()).unwrap_or_default(),
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

    /// Those on an open case for whom the visitor's worker stands in today; nobody where there is a conflict of
    /// interest.
    fn absent_on(&self, tx: &mut Tx<'_>, people: &[OnCase], case: &Case) -> Result<Vec<WorkerId>, Stop> {
        let Some(me) = self.me.as_ref().filter(|_| case.closed_ms.is_none()) else { return Ok(Vec::new()) };
        let is_on = |one: &WorkerId| people.iter().any(|on| on.to_ms.is_none() && on.worker_id == *one);
        let here: Vec<WorkerId> = self.absent.iter().copied().filter(is_on).collect();
        Ok(if here.is_empty() || barred(tx, me, case)? { Vec::new() } else { here })
    }
}
