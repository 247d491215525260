//! What offices have done around their cases once the stories are told: templates of their own, papers, files, cases that
//! were offered to a colleague, months that were reported, people who were called.

use falin_domain::access::{Role, Visitor};
use falin_domain::page::{MOST, Window};
use falin_domain::time::Date;
use falin_domain::words::CaseId;
use falin_domain::workflow::Papers;

use super::away::{Staff, named};
use super::dice::Dice;
use super::{COUNTIES, CountySpec, pictures};
use crate::casework::{self, File, Filter, Offer, Reply};
use crate::paper::{self, Wanted};
use crate::statistics::{self, Asked};
use crate::{App, Stop, county as served, deadline, notice};

/// Calls that still wait for the window.
const CALLS: usize = 9;
/// Months whose figures were reported.
const REPORTED: i32 = 2;

struct Office {
    staff: Staff,
    aid: Visitor,
    clerk: Visitor,
}

impl Office {
    fn at(&self, role: Role) -> &Visitor {
        match role {
            Role::AidOfficer => &self.aid,
            Role::Mediator => &self.staff.mediator,
            _ => &self.clerk,
        }
    }
}

/// Does it all in a county whose stories are told; `wanted` names flows by their whole names.
///
/// # Errors
/// What the use cases say, which would be a defect of the sample.
pub(super) async fn work(
    app: &App,
    visitor: &Visitor,
    spec: &'static CountySpec,
    (seed, wanted): (u64, &[Papers]),
) -> Result<(), Stop> {
    let office = Office {
        staff: Staff::of(app, visitor, spec).await?,
        aid: named(app, visitor, spec, "aid").await?,
        clerk: named(app, visitor, spec, "clerk").await?,
    };
    templates(app, &office.staff.admin).await?;
    papers(app, &office, wanted).await?;
    files(app, &office, &mut Dice::new(seed, &format!("{} files", spec.code))).await?;
    offers(app, &office.staff).await?;
    reports(app, &office.staff.admin).await
}

/// The grant has the county's own layout, in its second version; that of the agreement was tried and taken out again.
async fn templates(app: &App, admin: &Visitor) -> Result<(), Stop> {
    let (_, layout) = paper::outline(app, admin, "aid-grant")?;
    for name in ["给予法律援助决定书（试行）.docx", "给予法律援助决定书.docx"] {
        paper::replace(app, admin, "aid-grant", name, &layout).await?;
    }
    let (_, layout) = paper::outline(app, admin, "med-agreement")?;
    let tried = paper::replace(app, admin, "med-agreement", "调解协议书（改版试用）.docx", &layout).await?;
    paper::revert(app, admin, "med-agreement", Some(tried.id)).await
}

async fn papers(app: &App, office: &Office, wanted: &[Papers]) -> Result<(), Stop> {
    for Papers { flow, state, role, cases: most, each } in wanted {
        let who = office.at(*role);
        for id in cases(app, who, (flow, state), *most).await? {
            let seen = casework::one(app, who, flow, id).await?;
            let fits = paper::offered(app, who, (flow, id.cast()), Some(&seen)).await?.now;
            // The oldest step's first, as they were made.
            for form in fits.iter().rev().take(*each) {
                let wanted = Wanted { by_hand: true, ..Wanted::default() };
                paper::issue_by(app, who, &form.code, (flow.clone(), id.cast()), wanted).await?;
            }
        }
    }
    mended(app, &office.aid).await
}

/// One paper of the aid desk was void, and another was made in its place.
async fn mended(app: &App, aid: &Visitor) -> Result<(), Stop> {
    let filter = paper::Filter { kinds: vec!["aid-assign".to_owned()], ..paper::Filter::default() };
    let page = paper::list(app, aid, filter, Window { limit: 1, after: None }).await?;
    let Some(wrong) = page.items.into_iter().next().map(|one| one.paper) else { return Ok(()) };
    paper::void_by(app, aid, (wrong.id, wrong.version), "承办人姓名写错，另出一份。").await?;
    let wanted = Wanted { by_hand: true, ..Wanted::default() };
    paper::issue_by(app, aid, &wrong.kind, (wrong.subject_noun, wrong.subject_id), wanted).await.map(drop)
}

/// The newest cases of a flow in a state, as far as somebody sees them; none where the county has no such flow.
async fn cases(
    app: &App,
    who: &Visitor,
    (flow, state): (&str, &str),
    most: u16,
) -> Result<Vec<CaseId>, Stop> {
    if app.flows.current(who.county, flow).is_err() {
        return Ok(Vec::new());
    }
    let filter = Filter { state: Some(state.to_owned()), worker: who.worker, ..Filter::default() };
    let window = Window { limit: most, after: None };
    let page = casework::list(app, who, flow, filter, window).await?;
    Ok(page.items.into_iter().map(|line| line.case.id).collect())
}

/// Scans, photographs and recordings on cases that run.
async fn files(app: &App, office: &Office, dice: &mut Dice) -> Result<(), Stop> {
    for (flow, state, who) in [
        ("aid", "in_progress", &office.staff.lawyer),
        ("aid", "submitted", &office.clerk),
        ("mediation", "mediating", &office.staff.mediator),
        ("mediation", "agreed", &office.staff.mediator),
    ] {
        for (n, id) in cases(app, who, (flow, state), 3).await?.into_iter().enumerate() {
            let mut sent = vec![("手写材料扫描件.png", pictures::page(dice)?)];
            if n % 2 == 0 {
                sent.push(("现场照片.png", pictures::photograph(dice)?));
            }
            if n == 0 {
                sent.push(("口述录音.wav", pictures::recording(dice)));
            }
            for (name, body) in sent {
                casework::attach(app, who, flow, id, File { name: name.to_owned(), body }).await?;
            }
        }
    }
    Ok(())
}

/// What becomes of a case that is offered to a colleague.
#[derive(Clone, Copy)]
enum Fate {
    Accepted,
    Declined,
    Withdrawn,
    Waits,
}

/// Aid cases that change hands: one accepted, one declined, one taken back; and one that waits for the first lawyer.
async fn offers(app: &App, staff: &Staff) -> Result<(), Stop> {
    let fates = [Fate::Accepted, Fate::Declined, Fate::Withdrawn];
    let mine = cases(app, &staff.lawyer, ("aid", "in_progress"), fates.len() as u16).await?;
    let theirs = cases(app, &staff.colleague, ("aid", "in_progress"), 1).await?;
    for (id, fate) in mine.into_iter().zip(fates) {
        offer(app, (&staff.lawyer, &staff.colleague), id, fate).await?;
    }
    for id in theirs {
        offer(app, (&staff.colleague, &staff.lawyer), id, Fate::Waits).await?;
    }
    Ok(())
}

async fn offer(app: &App, (from, to): (&Visitor, &Visitor), id: CaseId, fate: Fate) -> Result<(), Stop> {
    let Some(worker) = to.worker else { return Ok(()) };
    let seen = casework::one(app, from, "aid", id).await?;
    let reason = "那几天要在外地开庭，受援人也希望就近见面。".to_owned();
    let wish = Offer { to: worker, reason, version: seen.case.version };
    casework::offer(app, from, "aid", id, wish).await?;
    match fate {
        Fate::Accepted => casework::answer_offer(app, to, "aid", id, Reply::Accept).await.map(drop),
        Fate::Declined => {
            let reply = Reply::Decline("那一周我已排了两个庭，来不及会见受援人。".to_owned());
            casework::answer_offer(app, to, "aid", id, reply).await.map(drop)
        }
        Fate::Withdrawn => casework::withdraw_offer(app, from, "aid", id).await.map(drop),
        Fate::Waits => Ok(()),
    }
}

/// The last months as they were reported to the city.
async fn reports(app: &App, admin: &Visitor) -> Result<(), Stop> {
    let (year, month, _) = app.today().parts();
    let Some(this) = Date::new(year, month, 1) else { return Ok(()) };
    for back in (1..=REPORTED).rev() {
        let (from, to) = (this.plus_months(-back), this.plus_months(1 - back).plus_days(-1));
        let asked = Asked { place: None, from: Some(from), to: Some(to) };
        let (year, month, _) = from.parts();
        statistics::report(app, admin, asked, &format!("{year}年{month}月上报")).await?;
    }
    Ok(())
}

/// Reminds of what is due, and makes the window's calls but for the last few of each county.
///
/// # Errors
/// The store's own.
pub(super) async fn calls(app: &App) -> Result<(), Stop> {
    deadline::round(app).await?;
    for spec in &COUNTIES {
        let county = served::by_code_or_make(app, spec.code, spec.name).await?;
        called(app, &named(app, &Visitor::operator(county), spec, "clerk").await?).await?;
    }
    Ok(())
}

async fn called(app: &App, clerk: &Visitor) -> Result<(), Stop> {
    loop {
        let page = notice::calls(app, clerk, false, Window { limit: MOST, after: None }).await?;
        let waiting = page.items.len().saturating_sub(if page.next.is_some() { 0 } else { CALLS });
        let made: Vec<_> =
            page.items.iter().take(waiting).map(|one| (one.call.id, one.call.version)).collect();
        if made.is_empty() {
            return Ok(());
        }
        notice::end_calls(app, clerk, made, "reached").await?;
    }
}
