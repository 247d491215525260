//! Shifts as they are shown: with person, place, offers and what the visitor may do.

use std::collections::HashMap;

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::duty::{ShiftAct, ShiftState, Stance, SwapState, allowed, clock_text};
use falin_domain::page::{Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{CountyId, DivisionId, FacilityId, ShiftId, WorkerId};
use falin_store::division::Division;
use falin_store::duty::{self, Filter, Shift, Swap};
use falin_store::facility::{self, Facility};
use falin_store::worker::Worker;
use falin_store::{In, Tx};

use crate::division::{find_filter, must_hold};
use crate::export::Table;
use crate::{App, Stop};

/// Most shifts of one month that a grid shows; 60 windows all day come nowhere near it.
const MOST_MONTH: i64 = 5_000;

/// A shift with the names that it speaks of.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The shift.
    pub shift: Shift,
    /// Who is planned.
    pub worker: Option<Worker>,
    /// Where.
    pub place: Option<Division>,
    /// The service place, where it is one.
    pub facility: Option<Facility>,
}

/// An offer with the names that it speaks of.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The offer.
    pub swap: Swap,
    /// Who offers.
    pub from: Option<Worker>,
    /// To whom.
    pub to: Option<Worker>,
    /// The shift taken in exchange.
    pub back: Option<Shift>,
}

/// One shift with everything that its page shows.
#[derive(Clone, Debug)]
pub struct One {
    /// The shift.
    pub shown: Shown,
    /// Its offers, newest first.
    pub offers: Vec<Offer>,
    /// What this visitor may do with it now.
    pub acts: Vec<ShiftAct>,
}

/// A worker's own shifts.
#[derive(Clone, Default, Debug)]
pub struct Own {
    /// From today on, the next first.
    pub shifts: Vec<Shown>,
    /// Colleagues' shifts that wait for an answer.
    pub offers: Vec<(Offer, Shown)>,
}

/// A page of shifts by day and hour. `place` is an id or a code.
///
/// # Errors
/// `access.denied`, `division.unknown`.
pub async fn list(
    app: &App,
    visitor: &Visitor,
    filter: Filter,
    place: Option<String>,
    window: Window,
) -> Result<Page<Shown>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Duty)?;
    let work = move |tx: &mut Tx<'_>| {
        let filter = placed(tx, scope.county, &filter, place.as_deref())?;
        let page = duty::page(tx, &scope, &filter, &window)?;
        let next = page.next.clone();
        Ok(Page { items: names(tx, scope.county, page.items)?, next })
    };
    app.db.read(In::County(visitor.county), work).await
}

fn placed(tx: &mut Tx<'_>, county: CountyId, filter: &Filter, place: Option<&str>) -> Result<Filter, Stop> {
    let place = find_filter(tx, county, place)?.map(|division| division.id);
    Ok(Filter { place: place.or(filter.place), ..filter.clone() })
}

/// Every shift of the month that holds `day`, cancelled ones left out.
///
/// # Errors
/// `access.denied`, `division.unknown`.
pub async fn month(
    app: &App,
    visitor: &Visitor,
    day: Date,
    filter: Filter,
    place: Option<String>,
) -> Result<Vec<Shown>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Duty)?;
    let (from, to) = falin_domain::duty::Period::Month.around(day);
    let work = move |tx: &mut Tx<'_>| {
        let wish = Filter { from: Some(from), to: Some(to), ..filter.clone() };
        let wish = placed(tx, scope.county, &wish, place.as_deref())?;
        let mut found = duty::all(tx, &scope, &wish, MOST_MONTH)?;
        found.retain(|shift| shift.state != ShiftState::Cancelled);
        names(tx, scope.county, found)
    };
    app.db.read(In::County(visitor.county), work).await
}

/// The same shifts with their names.
pub(crate) fn names(tx: &mut Tx<'_>, county: CountyId, shifts: Vec<Shift>) -> Result<Vec<Shown>, Stop> {
    let people: Vec<WorkerId> = shifts.iter().map(|shift| shift.worker_id).collect();
    let places: Vec<DivisionId> = shifts.iter().map(|shift| shift.division_id).collect();
    let (people, places) = (Worker::by_ids(tx, county, &people)?, Division::by_ids(tx, county, &places)?);
    let facilities: HashMap<FacilityId, Facility> = match shifts.iter().any(|s| s.facility_id.is_some()) {
        true => facility::list(tx, county, None, None)?.into_iter().map(|f| (f.id, f)).collect(),
        false => HashMap::new(),
    };
    let shown = |shift: Shift| Shown {
        worker: people.get(&shift.worker_id).cloned(),
        place: places.get(&shift.division_id).cloned(),
        facility: shift.facility_id.and_then(|id| facilities.get(&id).cloned()),
        shift,
    };
    Ok(shifts.into_iter().map(shown).collect())
}

fn offers(tx: &mut Tx<'_>, county: CountyId, swaps: Vec<Swap>) -> Result<Vec<Offer>, Stop> {
    let ids: Vec<WorkerId> = swaps.iter().flat_map(|s| [s.from_worker_id, s.to_worker_id]).collect();
    let back: Vec<ShiftId> = swaps.iter().filter_map(|swap| swap.return_shift_id).collect();
    let people = Worker::by_ids(tx, county, &ids)?;
    let mut back = Shift::by_ids(tx, county, &back)?;
    let offer = |swap: Swap| Offer {
        from: people.get(&swap.from_worker_id).cloned(),
        to: people.get(&swap.to_worker_id).cloned(),
        back: swap.return_shift_id.and_then(|id| back.remove(&id)),
        swap,
    };
    Ok(swaps.into_iter().map(offer).collect())
}

/// One shift; also of a colleague who offers it to the visitor.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: ShiftId) -> Result<One, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Duty)?;
    let me = visitor.clone();
    app.db.read(In::County(scope.county), move |tx| view(tx, &me, &scope, id)).await
}

/// The shift as `visitor` sees it, in a transaction of another use case.
pub(super) fn view(tx: &mut Tx<'_>, visitor: &Visitor, scope: &Scope, id: ShiftId) -> Result<One, Stop> {
    let swaps = duty::swaps_of(tx, scope.county, &[id])?;
    let mine = |swap: &&Swap| visitor.worker == Some(swap.to_worker_id);
    let offered = swaps.iter().filter(mine).any(|swap| swap.state == SwapState::Offered);
    let shift = match offered {
        true => Shift::by_id(tx, scope.county, id)?,
        false => duty::one(tx, scope, id)?,
    };
    let open = swaps.iter().any(|swap| swap.state == SwapState::Offered);
    let stance = stance(tx, visitor, &shift, offered)?;
    let acts = allowed(shift.state, open, shift.day < tx.now.date(), stance);
    let offers = offers(tx, scope.county, swaps)?;
    let shown = names(tx, scope.county, vec![shift])?.pop().ok_or_else(Refusal::absent)?;
    Ok(One { shown, offers, acts })
}

/// How the visitor stands to a shift; `asked` where it is offered to them.
pub(super) fn stance(tx: &mut Tx<'_>, visitor: &Visitor, shift: &Shift, asked: bool) -> Result<Stance, Stop> {
    let Ok(scope) = visitor.scope(Act::Write, Noun::Duty) else { return Ok(Stance::default()) };
    let keeper = must_hold(tx, &scope, Some(shift.division_id)).is_ok();
    Ok(Stance { keeper, own: visitor.worker == Some(shift.worker_id), asked })
}

/// The visitor's own shifts from today on, and what colleagues offer.
///
/// # Errors
/// `access.denied`; `not_found` for an account that is no legal worker's.
pub async fn own(app: &App, visitor: &Visitor) -> Result<Own, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Duty)?;
    let me = visitor.worker.ok_or_else(Refusal::absent)?;
    let work = move |tx: &mut Tx<'_>| {
        let county = scope.county;
        let filter = Filter { from: Some(tx.now.date()), worker: Some(me), ..Filter::default() };
        let mut found = duty::all(tx, &Scope::whole(county), &filter, MOST_MONTH)?;
        found.retain(|shift| shift.state != ShiftState::Cancelled);
        let shifts = names(tx, county, found)?;
        let swaps = duty::offered_to(tx, county, me)?;
        let ids: Vec<ShiftId> = swaps.iter().map(|swap| swap.shift_id).collect();
        let offered = Shift::by_ids(tx, county, &ids)?;
        let offered = names(tx, county, offered.into_values().collect())?;
        let mut waiting = Vec::new();
        for offer in offers(tx, county, swaps)? {
            let shift = offered.iter().find(|shown| shown.shift.id == offer.swap.shift_id);
            waiting.extend(shift.cloned().map(|shift| (offer, shift)));
        }
        Ok(Own { shifts, offers: waiting })
    };
    app.db.read(In::County(visitor.county), work).await
}

/// All shifts of the scope as rows of an export.
pub(crate) fn table(tx: &mut Tx<'_>, scope: &Scope) -> Result<Table, Stop> {
    let found = duty::all(tx, scope, &Filter::default(), i64::MAX)?;
    let mut rows = Vec::with_capacity(found.len());
    for shown in names(tx, scope.county, found)? {
        let it = &shown.shift;
        rows.push(vec![
            it.day.to_string(),
            clock_text(it.from_minute),
            clock_text(it.to_minute),
            kind_word(it.kind).to_owned(),
            shown.place.map(|place| place.name).unwrap_or_default(),
            shown.facility.map(|facility| facility.name).unwrap_or_default(),
            it.spot.clone(),
            shown.worker.map(|worker| worker.name).unwrap_or_default(),
            state_word(it.state).to_owned(),
        ]);
    }
    let headers = vec!["日期", "开始", "结束", "值班种类", "地点", "服务平台", "窗口", "姓名", "状态"];
    Ok(Table { headers, rows })
}

fn kind_word(kind: falin_domain::duty::ShiftKind) -> &'static str {
    use falin_domain::duty::ShiftKind as K;
    match kind {
        K::Window => "窗口值班",
        K::Hotline => "热线值班",
        K::Village => "村居坐班",
        K::Notary => "公证接待",
        K::Other => "其他",
    }
}

fn state_word(state: ShiftState) -> &'static str {
    match state {
        ShiftState::Planned => "已排",
        ShiftState::Flagged => "待改派",
        ShiftState::Cancelled => "已取消",
    }
}
