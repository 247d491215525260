//! When somebody leaves: successors for the households, the adviser posts that end, and the way back.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::page::{MOST, Window};
use falin_domain::pairing::handover::together;
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{AccountId, CountyId, DivisionId, HouseholdId, PlanId, WorkerId};
use falin_store::adviser::{self, AdviserPost};
use falin_store::db::In;
use falin_store::journal::Entry;
use falin_store::plan::Plan;
use falin_store::worker::Worker;
use falin_store::{Fault, Stop, Tx, casefile_people, pairing, worker};

use crate::plan::{
    self, About, Draft, EndedPost, Leaver, Overfull, Question, RowFilter, Shown, Summary, Why, trigger,
};
use crate::{App, duty, leave as absence};

/// What somebody would leave behind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OpenWork {
    /// Households that are theirs in person.
    pub households: i64,
    /// Adviser posts that are not over.
    pub posts: i64,
    /// Open cases that they lead.
    pub cases: i64,
}

/// The worker that a text means: an id, a licence number, or a name that only one has.
///
/// # Errors
/// `form.invalid` at `worker` where nobody is meant, or several bear the name.
pub async fn find(app: &App, visitor: &Visitor, text: &str) -> Result<WorkerId, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Worker)?;
    let text = text.trim().to_owned();
    let look = move |tx: &mut Tx<'_>| {
        let all = worker::all(tx, scope.county)?;
        let id: Option<WorkerId> = text.parse().ok();
        let sure = all.iter().find(|one| Some(one.id) == id || one.licence.as_deref() == Some(text.as_str()));
        if let Some(one) = sure {
            return Ok(one.id);
        }
        let named: Vec<&Worker> = all.iter().filter(|one| one.name == text).collect();
        // Somebody who is still there is meant before a namesake who has left.
        let there: Vec<&&Worker> = named.iter().filter(|one| one.active).collect();
        match (there.as_slice(), named.as_slice()) {
            ([one], _) => Ok(one.id),
            ([], [one]) => Ok(one.id),
            ([], []) => Err(Refusal::field("worker", "worker.unknown").into()),
            _ => Err(Refusal::field("worker", "worker.ambiguous").into()),
        }
    };
    app.db.read(In::County(visitor.county), look).await
}

/// Somebody whose households or posts could be handed over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Holder {
    /// Who.
    pub id: WorkerId,
    /// Name.
    pub name: String,
    /// Households that are theirs in person.
    pub households: i64,
}

/// Everybody who is still there or still has households, in pinyin order.
///
/// # Errors
/// `access.denied`; the store's own.
pub async fn holders(app: &App, visitor: &Visitor) -> Result<Vec<Holder>, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Plan)?;
    let look = move |tx: &mut Tx<'_>| {
        let loads = pairing::loads(tx, scope.county)?;
        let load = |id: WorkerId| loads.iter().find(|(who, _, _)| *who == Some(id)).map_or(0, |(_, _, n)| *n);
        let all = worker::all(tx, scope.county)?;
        let holder = |one: Worker| Holder { households: load(one.id), id: one.id, name: one.name };
        Ok(all.into_iter().filter(|one| one.active || load(one.id) > 0).map(holder).collect())
    };
    app.db.read(In::County(visitor.county), look).await
}

/// One handover; a plan that hands nobody over is none.
///
/// # Errors
/// `not_found`; `access.denied`.
pub async fn show(app: &App, visitor: &Visitor, id: PlanId) -> Result<Shown, Stop> {
    let shown = plan::show(app, visitor, id).await?;
    if shown.listed.plan.leaver_id.is_none() { Err(Refusal::absent().into()) } else { Ok(shown) }
}

/// The leaver's households of a village, or those of them that a person placed otherwise.
///
/// # Errors
/// `not_found` where there are none; `access.denied`.
pub async fn of_village(
    app: &App,
    visitor: &Visitor,
    id: PlanId,
    village: DivisionId,
    overridden: bool,
) -> Result<Vec<HouseholdId>, Stop> {
    let mut found = Vec::new();
    let mut window = Window { limit: MOST, after: None };
    loop {
        let filter = RowFilter { village: Some(village), overridden, ..RowFilter::default() };
        let rows = plan::rows(app, visitor, id, filter, window.clone()).await?;
        found.extend(rows.page.items.iter().map(|one| one.row.household_id));
        match rows.page.next {
            Some(mark) => window.after = Some(mark),
            None if found.is_empty() => return Err(Refusal::absent().into()),
            None => return Ok(found),
        }
    }
}

/// Proposes successors for the households of `worker` from `day` on (None: today); it waits as a draft, and is
/// committed and undone as any plan is.
///
/// # Errors
/// `access.denied`; `not_found`; `form.invalid` at `effective_on` for a day that is past.
pub async fn propose(
    app: &App,
    visitor: &Visitor,
    worker: WorkerId,
    why: Why,
    day: Option<Date>,
) -> Result<(Plan, Summary), Stop> {
    // A leaver's households may lie anywhere in the county.
    visitor.whole_scope(Act::Write, Noun::Plan)?;
    let (county, today) = (visitor.county, app.today());
    let day = day.unwrap_or(today);
    if day < today {
        return Err(Refusal::field("effective_on", "date.past").into());
    }
    let read = move |tx: &mut Tx<'_>| {
        let leaver = Worker::by_id(tx, county, worker)?;
        let question = plan::read(tx, county, About::Leaver(worker), day)?;
        let posts = if why == Why::Left { open_posts(tx, county, leaver.id, day)? } else { Vec::new() };
        Ok((question, posts, leaver.active))
    };
    let (question, posts, was_active) = app.db.read(In::County(county), read).await?;
    let answered = tokio::task::spawn_blocking(move || {
        let solved = together(&question.input);
        (question, solved)
    });
    let (question, solved) = answered.await.map_err(|_| Fault::new("plan", "the planner broke off"))?;
    let mut summary = Summary::of(&question, &solved);
    summary.leaver = Some(Leaver { why, was_active, posts, overfull: overfull(&question) });
    let draft = Draft { place: None, leaver: Some(worker), day, summary: summary.clone() };
    Ok((plan::stage(app, visitor, &question, &solved, draft).await?, summary))
}

/// Firms that the leaver's going makes too small for the households that they have.
fn overfull(question: &Question) -> Vec<Overfull> {
    let providers = question.providers.iter().zip(&question.input.providers);
    let firm = providers.filter_map(|(known, provider)| {
        let firm = known.who.columns().1?;
        let (load, capacity) = (known.before, provider.capacity);
        (provider.active && load > capacity).then_some(Overfull { firm, load, capacity })
    });
    firm.collect()
}

/// Posts of a worker that would still hold on `day` or later.
fn open_posts(
    tx: &mut Tx<'_>,
    county: CountyId,
    worker: WorkerId,
    day: Date,
) -> Result<Vec<EndedPost>, Stop> {
    let all = adviser::history(tx, county, None, Some(worker))?;
    let open = all.into_iter().filter(|post| post.to_date.is_none_or(|last| day <= last));
    Ok(open
        .map(|post| EndedPost { id: post.id, division: post.division_id, to_date: post.to_date })
        .collect())
}

/// What a worker has in hand that somebody must take over.
///
/// # Errors
/// The store's own.
pub(crate) fn open_work(tx: &mut Tx<'_>, county: CountyId, worker: WorkerId) -> Result<OpenWork, Stop> {
    let loads = pairing::loads(tx, county)?;
    let own = loads.iter().find(|(who, _, _)| *who == Some(worker));
    let posts = open_posts(tx, county, worker, tx.now.date())?.len();
    let cases = casefile_people::led_by(tx, county, worker)?.len();
    let households = own.map_or(0, |(_, _, load)| *load);
    Ok(OpenWork { households, posts: posts as i64, cases: cases as i64 })
}

/// Marks the leaver as gone and ends the adviser posts, in the transaction that moves the households.
///
/// # Errors
/// `plan.changed` where a post has changed since the handover was planned.
pub(crate) fn leave(
    tx: &mut Tx<'_>,
    plan: &Plan,
    worker: WorkerId,
    leaver: &Leaver,
    account: Option<AccountId>,
) -> Result<(), Stop> {
    let (county, day) = (plan.county_id, plan.effective_on);
    let mut open = open_posts(tx, county, worker, day)?;
    open.sort_by_key(|post| post.id);
    let mut planned = leaver.posts.clone();
    planned.sort_by_key(|post| post.id);
    if open != planned {
        return Err(Refusal::new("plan.changed").with("what", "posts").into());
    }
    let mut gone = Worker::by_id(tx, county, worker)?;
    if gone.active != leaver.was_active {
        return Err(Refusal::new("plan.changed").with("what", "providers").into());
    }
    if gone.active {
        // Both last days, the worker's and a post's, are the one before the successors'.
        (gone.active, gone.left_on) = (false, Some(day.plus_days(-1)));
        gone.save(tx)?;
        duty::flag(tx, (county, account), worker, (day, absence::open_end()), "left")?;
        record(tx, plan, account, Event::WorkerLeft, Reason::Handover, ("worker", worker.bytes()))?;
    }
    for post in &planned {
        let mut post = AdviserPost::by_id(tx, county, post.id)?;
        post.to_date = Some(last_day(&post, day));
        post.save(tx)?;
        record(tx, plan, account, Event::PostEnded, Reason::Handover, ("adviser_post", post.id.bytes()))?;
    }
    tx.bump(county, worker::NOUN)?;
    tx.bump(county, "adviser")
}

fn last_day(post: &AdviserPost, day: Date) -> Date {
    day.plus_days(-1).max(post.from_date)
}

/// Takes [`leave`] back.
///
/// # Errors
/// `plan.used` where the worker or a post is not as the handover left it.
pub(crate) fn return_to(
    tx: &mut Tx<'_>,
    plan: &Plan,
    worker: WorkerId,
    leaver: &Leaver,
    account: Option<AccountId>,
) -> Result<(), Stop> {
    let county = plan.county_id;
    let used = || Stop::from(Refusal::new("plan.used"));
    let mut back = Worker::by_id(tx, county, worker)?;
    if leaver.was_active {
        if back.active || back.left_on != Some(plan.effective_on.plus_days(-1)) {
            return Err(used());
        }
        (back.active, back.left_on) = (true, None);
        back.save(tx)?;
        duty::unflag(tx, (county, account), worker, (plan.effective_on, absence::open_end()), "left")?;
        record(tx, plan, account, Event::WorkerSaved, Reason::Undo, ("worker", worker.bytes()))?;
    }
    for ended in &leaver.posts {
        let mut post = AdviserPost::by_id(tx, county, ended.id)?;
        if post.to_date != Some(last_day(&post, plan.effective_on)) {
            return Err(used());
        }
        post.to_date = ended.to_date;
        post.save(tx)?;
        record(tx, plan, account, Event::PostSaved, Reason::Undo, ("adviser_post", post.id.bytes()))?;
    }
    tx.bump(county, worker::NOUN)?;
    tx.bump(county, "adviser")
}

fn record(
    tx: &mut Tx<'_>,
    plan: &Plan,
    account: Option<AccountId>,
    event: Event,
    reason: Reason,
    subject: (&str, Vec<u8>),
) -> Result<(), Stop> {
    let details = serde_json::json!({ "plan": plan.id, "by": trigger(account.is_some()).code() });
    tx.record(Entry { county: plan.county_id, account, event, reason, subject: Some(subject), details })
}
