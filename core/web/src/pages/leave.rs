//! `/desk/leave`: a legal worker's own absences.

use actix_web::HttpRequest;
use falin_app::leave::{self, Absence, Leave};
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::Date;
use falin_domain::words::{Id, WorkerId};

use super::handovers::span;
use super::plans::to_show;
use crate::body::{Body, Fields};
use crate::desk::Desk;
use crate::look::desk::handover::MyLeave;
use crate::look::desk::worker::{Leave as Shown, LeaveTyped, leave_form};
use crate::look::format;
use crate::problem::{Answer, Refused};
use crate::query::path_id;

/// The worker that the visitor is.
fn own(desk: &Desk) -> Result<WorkerId, Refusal> {
    desk.visitor().worker.ok_or_else(Refusal::absent)
}

/// `GET /desk/leave`.
///
/// # Errors
/// `not_found` for an account that is no legal worker's.
pub async fn mine(desk: Desk) -> Answer {
    let view = page(&desk, own(&desk)?, &LeaveTyped::default(), None).await?;
    desk.page(&view)
}

async fn page(
    desk: &Desk,
    me: WorkerId,
    typed: &LeaveTyped,
    refusal: Option<&Refusal>,
) -> Result<MyLeave, Refused> {
    let (app, visitor, say) = (&desk.site.app, desk.visitor(), desk.say());
    let work = leave::in_hand(app, visitor, me).await?;
    let leaves = leave::list(app, visitor, me).await?;
    let [homes, cases] = [work.households, work.cases].map(|n| format::group(&n.to_string()));
    Ok(MyLeave {
        what: say.with("desk-leave-mine-what", &[("cases", &cases), ("count", &homes)]),
        leaves: leaves.iter().map(|one| told(desk, one)).collect(),
        form: leave_form(&say, "/desk/leave", typed, refusal),
    })
}

fn told(desk: &Desk, one: &Leave) -> Shown {
    let begun = one.from_date <= desk.site.app.today();
    Shown {
        span: span(desk, &desk.say(), one.from_date, one.to_date),
        why: one.reason.clone(),
        cancel: if begun { String::new() } else { format!("/desk/leave/{}/cancel", one.id) },
    }
}

/// `POST /desk/leave`.
///
/// # Errors
/// As [`leave::add`].
pub async fn add(desk: Desk, body: Body) -> Answer {
    let me = own(&desk)?;
    let typed = typed(&body.form()?);
    let stop = match read(&typed) {
        Err(refusal) => refusal.into(),
        Ok(absence) => match leave::add(&desk.site.app, desk.visitor(), me, absence).await {
            Ok(_) => return desk.go("/desk/leave"),
            Err(stop) => stop,
        },
    };
    let refusal = to_show(stop)?;
    let view = page(&desk, me, &typed, Some(&refusal)).await?;
    desk.again(&refusal, &view)
}

/// What was typed into the form of a leave.
pub(super) fn typed(fields: &Fields) -> LeaveTyped {
    let text = |name: &str| fields.get(name).unwrap_or_default().trim().to_owned();
    LeaveTyped { leave_from: text("leave_from"), leave_to: text("leave_to"), leave_why: text("leave_why") }
}

/// The absence that was typed.
pub(super) fn read(typed: &LeaveTyped) -> Result<Absence, Refusal> {
    let mut faults = Vec::new();
    let from: Option<Date> = typed.leave_from.parse().ok();
    if from.is_none() {
        let code = if typed.leave_from.is_empty() { "required" } else { "date.invalid" };
        faults.push(FieldError::new("leave_from", code));
    }
    let to: Option<Date> = typed.leave_to.parse().ok();
    if to.is_none() && !typed.leave_to.is_empty() {
        faults.push(FieldError::new("leave_to", "date.invalid"));
    }
    match (from, faults.is_empty()) {
        (Some(from), true) => Ok(Absence { from, to, reason: typed.leave_why.clone() }),
        _ => Err(Refusal::form(faults)),
    }
}

/// `POST /desk/leave/{id}/cancel`.
///
/// # Errors
/// As [`leave::remove`].
pub async fn cancel(desk: Desk, req: HttpRequest) -> Answer {
    let id: Id<Leave> = path_id(&req, "id")?;
    leave::remove(&desk.site.app, desk.visitor(), own(&desk)?, id).await?;
    desk.go("/desk/leave")
}
