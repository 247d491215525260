//! "Today": what waits in a county for those who run it, and what a lawyer has in hand.

use std::collections::{BTreeMap, HashMap, HashSet};

use falin_domain::access::{Act, Noun, Role, Scope, Visitor};
use falin_domain::directory::DivisionLevel;
use falin_domain::page::Window;
use falin_domain::time::Date;
use falin_domain::words::{DivisionId, WorkerId};
use falin_store::adviser::{self, AdviserPost};
use falin_store::division::{self, Division};
use falin_store::household_list::{self, Filter};
use falin_store::import::{self, Batch};
use falin_store::plan::{self, Plan};
use falin_store::worker::{self, Leave, Worker};
use falin_store::{In, Tx, card, casefile_people, consent, tally};

use crate::{App, Stop, booking};

/// Absences that begin within so many days are shown: time enough to find who takes over.
const SOON_DAYS: i64 = 14;
/// Posts that end within so many days are shown.
const ENDING_DAYS: i64 = 30;
/// Days of appointments that a morning's page shows, and how many of them at most.
const EXPECTED_DAYS: i64 = 7;
const MOST_EXPECTED: u16 = 12;

/// Somebody who is or soon will be away while households name them, or cases are theirs.
#[derive(Clone)]
pub struct Away {
    /// Who.
    pub worker: Worker,
    /// First day away.
    pub from: Date,
    /// Last day away; None for somebody who leaves for good.
    pub to: Option<Date>,
    /// Households that name them.
    pub households: u32,
    /// Open cases that they lead.
    pub cases: u32,
}

/// A post that ends soon.
#[derive(Clone)]
pub struct Ending {
    /// The post.
    pub post: AdviserPost,
    /// Its village.
    pub village: Division,
    /// Who holds it.
    pub worker: Worker,
}

/// What waits in a county; parts that the visitor may not read are None or empty.
#[derive(Clone, Default)]
pub struct County {
    /// Households with an adviser, and without.
    pub households: Option<(i64, i64)>,
    /// Who is away, by first day.
    pub away: Vec<Away>,
    /// Plans and handovers that wait for a decision, newest first.
    pub drafts: Vec<Plan>,
    /// Rosters that were uploaded and not decided, newest first.
    pub open_rosters: Vec<Batch>,
    /// The last roster that took effect.
    pub last_roster: Option<Batch>,
    /// Villages without a valid adviser post.
    pub vacant: Vec<Division>,
    /// Posts that end within a month, by last day.
    pub ending: Vec<Ending>,
    /// Cards that name another provider than the household has now.
    pub cards: Option<usize>,
    /// Pairings that the household or the provider has declined.
    pub declined: usize,
}

/// What a lawyer has in hand.
#[derive(Clone, Default)]
pub struct Own {
    /// Households that the lawyer looks after.
    pub households: usize,
    /// Their villages, each with its count, most first.
    pub villages: Vec<(Division, usize)>,
    /// Cards of these households that name somebody else.
    pub cards: usize,
    /// The lawyer's own absences from today on.
    pub leaves: Vec<Leave>,
    /// Households that wait for the lawyer's or the firm's yes; None where the county asks for none.
    pub consents: Option<usize>,
}

/// Whether somebody's day is the county's: who administers it, sits at its window, or reviews its legal aid.
pub fn runs_the_county(visitor: &Visitor) -> bool {
    [Role::CountyAdmin, Role::Clerk, Role::AidOfficer].iter().any(|role| visitor.is(*role))
}

/// What waits in the visitor's county and places.
///
/// # Errors
/// The store's own.
pub async fn county(app: &App, visitor: &Visitor) -> Result<County, Stop> {
    let scope = |act, noun| visitor.scope(act, noun).ok();
    let homes = scope(Act::Read, Noun::Household).filter(|scope| !scope.only_mine);
    let (plans, rosters) = (scope(Act::Read, Noun::Plan), scope(Act::Read, Noun::Roster));
    let rosters = rosters.map(|scope| crate::import::whose(&scope, visitor));
    let (posts, cards) = (scope(Act::Write, Noun::Post), scope(Act::Write, Noun::Card));
    let (id, answers) = (visitor.county, scope(Act::Write, Noun::Pairing));
    let work = move |tx: &mut Tx<'_>| {
        let mut found = County::default();
        if let Some(scope) = &homes {
            found.households = Some(households(tx, scope)?);
        }
        if let Some(scope) = &plans {
            found.away = away(tx, scope)?;
            let mut drafts = plan::page(tx, id, None, Some("draft"), &Window::default())?.items;
            let places: Vec<_> = drafts.iter().map(|draft| draft.place_id).collect();
            let reached = crate::division::held(tx, scope, &places)?;
            drafts.retain(|draft| reached.contains(&draft.place_id));
            found.drafts = drafts;
        }
        if let Some(by) = &rosters {
            let batches = import::page(tx, id, *by, &Window::default())?.items;
            found.last_roster = batches.iter().find(|batch| batch.state == "committed").cloned();
            found.open_rosters = batches.into_iter().filter(is_open).collect();
        }
        if let Some(scope) = &posts {
            (found.vacant, found.ending) = villages(tx, scope)?;
        }
        if let Some(scope) = answers.as_ref().filter(|scope| !scope.only_mine) {
            found.declined = usize::try_from(consent::declined(tx, scope)?).unwrap_or(0);
        }
        if let Some(scope) = &cards {
            found.cards = Some(usize::try_from(card::count_to_reprint(tx, scope)?).unwrap_or(0));
        }
        Ok(found)
    };
    app.db.read(In::County(id), work).await
}

fn is_open(batch: &Batch) -> bool {
    matches!(batch.state.as_str(), "uploaded" | "checked")
}

fn households(tx: &mut Tx<'_>, scope: &Scope) -> Result<(i64, i64), Stop> {
    let there = Filter { active: Some(true), ..Filter::default() };
    let all = household_list::count(tx, scope, &there)?;
    let paired = household_list::count(tx, scope, &Filter { paired: Some(true), ..there })?;
    Ok((paired, all - paired))
}

/// Leaves and departures now or soon; somebody whom no household names and who leads no case can go without anybody's
/// act.
fn away(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Away>, Stop> {
    let (county, today) = (scope.county, tx.now.date());
    let soon = today.plus_days(SOON_DAYS);
    let mut spans: Vec<(WorkerId, Date, Option<Date>)> = Vec::new();
    for leave in worker::leaves(tx, county, None, today)? {
        if leave.from_date <= soon {
            spans.push((leave.worker_id, leave.from_date, Some(leave.to_date)));
        }
    }
    let mut workers: BTreeMap<WorkerId, Worker> = BTreeMap::new();
    for one in worker::all(tx, county)? {
        if let Some(last) = one.left_on.filter(|last| *last <= soon) {
            spans.push((one.id, last.plus_days(1), None));
        }
        workers.insert(one.id, one);
    }
    let ids: Vec<WorkerId> = spans.iter().map(|span| span.0).collect();
    let loads = tally::of_workers_in(tx, scope, &ids)?;
    let led = casefile_people::open_led(tx, county)?;
    let mut found = Vec::new();
    for (id, from, to) in spans {
        let Some(worker) = workers.get(&id) else { continue };
        let count = |counts: &HashMap<WorkerId, u32>| counts.get(&id).copied().unwrap_or_default();
        let (households, cases) = (count(&loads), count(&led));
        if households + cases > 0 {
            found.push(Away { worker: worker.clone(), from, to, households, cases });
        }
    }
    found.sort_by(|a, b| (a.from, &a.worker.sort_key).cmp(&(b.from, &b.worker.sort_key)));
    Ok(found)
}

/// Villages without a post today, and posts that end soon, in the scope's places.
fn villages(tx: &mut Tx<'_>, scope: &Scope) -> Result<(Vec<Division>, Vec<Ending>), Stop> {
    let (county, today) = (scope.county, tx.now.date());
    let inside = below(tx, scope)?;
    let here = |id: &DivisionId| inside.as_ref().is_none_or(|inside| inside.contains(id));
    let posts = adviser::on(tx, county, today)?;
    let held: HashSet<DivisionId> = posts.iter().map(|post| post.division_id).collect();
    let mut vacant = division::all(tx, county)?;
    vacant.retain(|v| v.level == DivisionLevel::Village && here(&v.id) && !held.contains(&v.id));
    let ends = |post: &AdviserPost| post.to_date.is_some_and(|last| today.days_until(last) <= ENDING_DAYS);
    let ends: Vec<AdviserPost> = posts.into_iter().filter(|p| ends(p) && here(&p.division_id)).collect();
    let places: Vec<DivisionId> = ends.iter().map(|post| post.division_id).collect();
    let people: Vec<WorkerId> = ends.iter().map(|post| post.worker_id).collect();
    let (places, people) = (Division::by_ids(tx, county, &places)?, Worker::by_ids(tx, county, &people)?);
    let mut ending = Vec::new();
    for post in ends {
        let (village, worker) = (places.get(&post.division_id), people.get(&post.worker_id));
        if let (Some(village), Some(worker)) = (village, worker) {
            ending.push(Ending { village: village.clone(), worker: worker.clone(), post });
        }
    }
    ending.sort_by_key(|one| (one.post.to_date, one.post.id));
    Ok((vacant, ending))
}

/// The scope's places with all below them; None for the whole county.
fn below(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<HashSet<DivisionId>>, Stop> {
    let Some(places) = &scope.places else { return Ok(None) };
    let mut inside = HashSet::new();
    for place in places {
        inside.extend(division::below(tx, scope.county, *place)?);
    }
    Ok(Some(inside))
}

/// Rooms in which the visitor, who leads or advises there, is expected within the next seven days; no more than a
/// morning's page holds.
///
/// # Errors
/// The store's own.
pub async fn booked(app: &App, visitor: &Visitor) -> Result<Vec<booking::Shown>, Stop> {
    let Some(me) = visitor.worker.filter(|_| visitor.may(Act::Read, Noun::Booking)) else {
        return Ok(Vec::new());
    };
    let filter = booking::Filter {
        worker: Some(me),
        live: true,
        ends_after: Some(app.now().millis()),
        begins_before: Some(app.today().plus_days(EXPECTED_DAYS).start().millis()),
        ..booking::Filter::default()
    };
    Ok(booking::list(app, visitor, filter, Window { limit: MOST_EXPECTED, after: None }).await?.items)
}

/// What the visiting lawyer has in hand; nothing for an account that is no legal worker.
///
/// # Errors
/// `access.denied` for those who look after no households.
pub async fn own(app: &App, visitor: &Visitor) -> Result<Own, Stop> {
    let mut scope = visitor.scope(Act::Read, Noun::Household)?;
    let Some(me) = visitor.worker else { return Ok(Own::default()) };
    // Also of somebody who may see more: this page is about one's own.
    (scope.places, scope.mine, scope.only_mine) = (Some(Vec::new()), Some(me), true);
    let work = move |tx: &mut Tx<'_>| {
        let counts = tally::by_village(tx, scope.county, me)?;
        let households = counts.values().map(|n| *n as usize).sum();
        let ids: Vec<DivisionId> = counts.keys().copied().collect();
        let names = Division::by_ids(tx, scope.county, &ids)?;
        let named = |(id, n): (DivisionId, u32)| names.get(&id).map(|village| (village.clone(), n as usize));
        let mut villages: Vec<(Division, usize)> = counts.into_iter().filter_map(named).collect();
        villages.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.sort_key.cmp(&b.0.sort_key)));
        let cards = usize::try_from(card::count_to_reprint(tx, &scope)?).unwrap_or(0);
        let leaves = worker::leaves(tx, scope.county, Some(me), tx.now.date())?;
        let consents = crate::consent::unanswered(tx, &scope)?;
        Ok(Own { households, villages, cards, leaves, consents })
    };
    app.db.read(In::County(visitor.county), work).await
}
