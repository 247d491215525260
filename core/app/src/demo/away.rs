//! Who stands in for whom in a sample county: a deputy (AB岗), leave that touches what was booked, duties that change hands.

use falin_domain::access::Visitor;
use falin_domain::duty::ShiftState;
use falin_domain::page::Window;
use falin_domain::words::WorkerId;
use falin_store::account;
use falin_store::db::In;

use super::CountySpec;
use crate::duty::{self, Shift, SwapTyped};
use crate::{App, Fault, Stop, booking, deputy, leave};

/// Days of a leave of somebody whose bookings then wait for a decision.
const ILL: (i64, i64) = (1, 9);

/// The people of a county who sign in and lead something.
pub(super) struct Staff {
    pub lawyer: Visitor,
    pub colleague: Visitor,
    pub mediator: Visitor,
    pub admin: Visitor,
}

impl Staff {
    /// Reads them by the names under which they sign in.
    ///
    /// # Errors
    /// A fault where one of them is not there.
    pub async fn of(app: &App, visitor: &Visitor, spec: &'static CountySpec) -> Result<Self, Stop> {
        Ok(Self {
            lawyer: named(app, visitor, spec, "lawyer").await?,
            colleague: named(app, visitor, spec, "lawyer2").await?,
            mediator: named(app, visitor, spec, "mediator").await?,
            admin: named(app, visitor, spec, "admin").await?,
        })
    }

    fn own(&self) -> Vec<WorkerId> {
        [&self.lawyer, &self.colleague, &self.mediator].iter().filter_map(|one| one.worker).collect()
    }
}

/// The account of a sample county whose user name ends so, as it acts there.
///
/// # Errors
/// A fault where it is not there.
pub(super) async fn named(
    app: &App,
    visitor: &Visitor,
    spec: &'static CountySpec,
    ending: &str,
) -> Result<Visitor, Stop> {
    let (name, county) = (format!("{}.{ending}", spec.slug), visitor.county);
    let found = app.db.read(In::All, move |tx| {
        let Some(there) = account::by_username(tx, &name)? else { return Ok(None) };
        let posts = account::posts(tx, there.id)?;
        Ok(Some(Visitor { account: Some(there.id), county, posts, worker: there.worker, token: None }))
    });
    found.await?.ok_or_else(|| Fault::new("demo", format!("nobody is {ending}")).into())
}

/// Names deputies, sends somebody on leave, swaps duties.
///
/// # Errors
/// What the use cases say, which would be a defect of the sample.
pub(super) async fn fill(app: &App, visitor: &Visitor, spec: &'static CountySpec) -> Result<(), Stop> {
    let staff = Staff::of(app, visitor, spec).await?;
    deputies(app, &staff).await?;
    ill(app, visitor, &staff).await?;
    swaps(app, &staff).await
}

/// The second lawyer stands in for the mediator these days, and for the first lawyer in two weeks.
async fn deputies(app: &App, staff: &Staff) -> Result<(), Stop> {
    let today = app.today();
    for (away, from, to) in [(&staff.mediator, -2, 6), (&staff.lawyer, 14, 18)] {
        let (Some(worker), Some(stands_in)) = (away.worker, staff.colleague.worker) else { continue };
        let (from, to) = (today.plus_days(from), today.plus_days(to));
        let new = deputy::New { worker, deputy: stands_in, from, to };
        deputy::add(app, &staff.admin, new).await?;
    }
    Ok(())
}

/// Somebody who has bookings in the next days falls ill: what was booked with them is flagged, not cancelled.
async fn ill(app: &App, visitor: &Visitor, staff: &Staff) -> Result<(), Stop> {
    let (today, own) = (app.today(), staff.own());
    for day in (2..6).map(|n| today.plus_days(n)) {
        let columns = booking::day(app, visitor, day).await?;
        let booked = columns.iter().flat_map(|column| &column.bookings);
        let who = booked.filter_map(|one| one.booking.mediator_id).find(|id| !own.contains(id));
        let Some(worker) = who else { continue };
        let absence = leave::Absence {
            from: today.plus_days(ILL.0),
            to: Some(today.plus_days(ILL.1)),
            reason: "住院治疗".to_owned(),
        };
        leave::add(app, &staff.admin, worker, absence).await?;
        return Ok(());
    }
    Ok(())
}

/// One duty has changed hands, one is refused, and one is offered to the first lawyer, who has not answered yet.
async fn swaps(app: &App, staff: &Staff) -> Result<(), Stop> {
    let (mine, theirs) = (shifts(app, &staff.lawyer).await?, shifts(app, &staff.colleague).await?);
    let note = |note: &str, to: &Visitor| SwapTyped {
        to_worker: to.worker.map(|id| id.to_string()).unwrap_or_default(),
        note: note.to_owned(),
        ..SwapTyped::default()
    };
    if let Some(first) = mine.first() {
        let typed = note("那天要去市里开庭，请代一班。", &staff.colleague);
        let offered = duty::offer(app, &staff.lawyer, first.id, first.version, &typed).await?;
        let shift = &offered.shown.shift;
        duty::accept(app, &staff.colleague, shift.id, shift.version).await?;
    }
    if let Some(second) = mine.get(1) {
        let typed = note("想换到下周。", &staff.colleague);
        let offered = duty::offer(app, &staff.lawyer, second.id, second.version, &typed).await?;
        let shift = &offered.shown.shift;
        duty::decline(app, &staff.colleague, shift.id, shift.version).await?;
    }
    if let Some(last) = theirs.last() {
        let typed = note("家里有事，您能替我一次吗？", &staff.lawyer);
        duty::offer(app, &staff.colleague, last.id, last.version, &typed).await?;
    }
    Ok(())
}

/// A lawyer's planned shifts, from the third day on, the next first.
async fn shifts(app: &App, lawyer: &Visitor) -> Result<Vec<Shift>, Stop> {
    let filter = duty::Filter {
        worker: lawyer.worker,
        from: Some(app.today().plus_days(3)),
        state: Some(ShiftState::Planned),
        ..duty::Filter::default()
    };
    let page = duty::list(app, lawyer, filter, None, Window { limit: 20, after: None }).await?;
    Ok(page.items.into_iter().map(|one| one.shift).collect())
}
