//! Notary matters with the papers to bring, and appointments with a notary, none of them twice at one time.

mod typed;

use std::collections::HashMap;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::directory::WorkerKind;
use falin_domain::duty::{AppointmentState, GRID, Hours};
use falin_domain::journal::Event;
use falin_domain::page::{Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{AppointmentId, CountyId, MatterId, WorkerId};
use falin_store::notary::{self, APPOINTMENT};
use falin_store::worker::Worker;
use falin_store::{In, Tx, duty};
use serde::{Deserialize, Serialize};

pub use falin_store::notary::{Appointment, Matter, NOUN};

use crate::duty::{barred, person, take};
use crate::trace::By;
use crate::typed::Reader;
use crate::{App, Stop};

pub use typed::Typed;

use typed::{Fields, works};

/// The lane in which appointments stand: a notary on duty is there to be visited.
const LANE: &str = "appointment";

/// The matters that residents see, in their order.
///
/// # Errors
/// The store's own.
pub async fn offered(app: &App, county: CountyId) -> Result<Vec<Matter>, Stop> {
    let work = move |tx: &mut Tx<'_>| {
        let mut all = notary::matters(tx, county)?;
        all.retain(|matter| matter.active);
        Ok(all)
    };
    app.db.read(In::County(county), work).await
}

/// All matters, those no longer offered too.
///
/// # Errors
/// `access.denied`.
pub async fn matters(app: &App, visitor: &Visitor) -> Result<Vec<Matter>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Duty)?;
    app.db.read(In::County(scope.county), move |tx| notary::matters(tx, scope.county)).await
}

/// One matter.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn matter(app: &App, visitor: &Visitor, id: MatterId) -> Result<Matter, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Duty)?;
    app.db.read(In::County(scope.county), move |tx| Matter::by_id(tx, scope.county, id)).await
}

/// What was typed into the form of a matter.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MatterTyped {
    /// Name.
    pub name: String,
    /// Papers to bring, one a line.
    pub papers: String,
    /// What else one should know.
    pub note: String,
    /// Minutes of an appointment; empty for thirty.
    pub minutes: String,
    /// Place in the list; empty for the end.
    pub position: String,
    /// `on` or `off`; empty for on.
    pub active: String,
}

impl MatterTyped {
    /// A matter as it would be typed.
    pub fn of(matter: &Matter) -> Self {
        Self {
            name: matter.name.clone(),
            papers: matter.papers.clone(),
            note: matter.note.clone(),
            minutes: matter.minutes.to_string(),
            position: matter.position.to_string(),
            active: if matter.active { "on" } else { "off" }.to_owned(),
        }
    }

    fn put(&self, matter: &mut Matter) -> Result<(), Refusal> {
        let mut reader = Reader::default();
        let on_off = |text: &str| match text {
            "on" | "true" | "" => Some(true),
            "off" | "false" => Some(false),
            _ => None,
        };
        matter.name = reader.required("name", &self.name, 100);
        matter.papers = reader.long("papers", &self.papers, 2_000);
        if matter.papers.is_empty() {
            reader.fault("papers", "required");
        }
        matter.note = reader.long("note", &self.note, 1_000);
        matter.minutes = reader.number("minutes", &self.minutes, (GRID, 240)).unwrap_or(2 * GRID);
        if matter.minutes % GRID != 0 {
            reader.fault("minutes", "clock.grid");
        }
        matter.position = reader.number("position", &self.position, (0, 10_000)).unwrap_or(9_999);
        matter.active = reader.choice("active", &self.active, on_off, true);
        reader.finish(())
    }
}

/// Adds a matter, or with `there` changes one that is still at that version.
///
/// # Errors
/// `access.denied` for anybody but who keeps the county's settings; `form.invalid`, `not_found`, `state.changed`;
/// `notary.matter_taken` where there is one of this name.
pub async fn set_matter(
    app: &App,
    visitor: &Visitor,
    there: Option<(MatterId, i64)>,
    typed: &MatterTyped,
) -> Result<Matter, Stop> {
    let by = By::whole_county(visitor, Noun::Setting)?;
    let typed = typed.clone();
    let work = move |tx: &mut Tx<'_>| {
        let mut matter = match there {
            Some((id, _)) => Matter::by_id(tx, by.county, id)?,
            None => Matter {
                county_id: by.county,
                id: tx.id(),
                name: String::new(),
                papers: String::new(),
                note: String::new(),
                minutes: 2 * GRID,
                position: 0,
                active: true,
                created_ms: tx.now.millis(),
                version: 1,
            },
        };
        typed.put(&mut matter)?;
        let saved = match there {
            Some((_, seen)) if seen != matter.version => return Err(Refusal::new("state.changed").into()),
            Some(_) => matter.save(tx),
            None => matter.insert(tx),
        };
        saved.map_err(|stop| stop.or_rule("notary.matter_taken"))?;
        by.saved(
            tx,
            Event::MatterSaved,
            (NOUN, matter.id),
            serde_json::json!({ "version": matter.version }),
        )?;
        Ok(matter)
    };
    app.db.write(In::County(by.county), work).await
}

/// An appointment with the names that it speaks of.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The appointment.
    pub appointment: Appointment,
    /// What about.
    pub matter: Option<Matter>,
    /// The notary.
    pub notary: Option<Worker>,
    /// Who comes.
    pub person: String,
    /// Their telephone.
    pub phone: String,
    /// What may be done with it: `move`, `cancel`, `done`, `no_show`.
    pub acts: Vec<&'static str>,
}

/// A page of appointments by day and hour; of a notary the own ones. That they were opened is journalled.
///
/// # Errors
/// `access.denied`.
pub async fn list(
    app: &App,
    visitor: &Visitor,
    (from, to): (Option<Date>, Option<Date>),
    state: Option<AppointmentState>,
    window: Window,
) -> Result<Page<Shown>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Duty)?;
    let me = visitor.clone();
    let work = move |tx: &mut Tx<'_>| {
        let page = notary::page(tx, &scope, (from, to), state, &window)?;
        let next = page.next.clone();
        Ok(Page { items: names(tx, &me, page.items)?, next })
    };
    let found = app.db.read(In::County(visitor.county), work).await?;
    let ids: Vec<AppointmentId> = found.items.iter().map(|one| one.appointment.id).collect();
    if !ids.is_empty() {
        let by = By::of(visitor);
        app.db.post(In::County(by.county), move |tx| by.read_many(tx, APPOINTMENT, &ids));
    }
    Ok(found)
}

fn names(tx: &mut Tx<'_>, visitor: &Visitor, rows: Vec<Appointment>) -> Result<Vec<Shown>, Stop> {
    let county = visitor.county;
    let matters: HashMap<MatterId, Matter> =
        notary::matters(tx, county)?.into_iter().map(|matter| (matter.id, matter)).collect();
    let ids: Vec<WorkerId> = rows.iter().map(|row| row.worker_id).collect();
    let people = Worker::by_ids(tx, county, &ids)?;
    let may = visitor.may(Act::Write, Noun::Duty);
    let mut found = Vec::new();
    for row in rows {
        let (person, phone) = notary::person(tx, &row)?;
        let acts: &[&str] = match row.state {
            // Nobody has come, or not come, before the day.
            AppointmentState::Booked if may && row.day > tx.now.date() => &["move", "cancel"],
            AppointmentState::Booked if may => &["move", "cancel", "done", "no_show"],
            _ => &[],
        };
        found.push(Shown {
            matter: matters.get(&row.matter_id).cloned(),
            notary: people.get(&row.worker_id).cloned(),
            person,
            phone,
            acts: acts.to_vec(),
            appointment: row,
        });
    }
    Ok(found)
}

/// One appointment; that it was opened is journalled.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: AppointmentId) -> Result<Shown, Stop> {
    visitor.scope(Act::Read, Noun::Duty)?;
    let (me, by) = (visitor.clone(), By::of(visitor));
    let found = app.db.read(In::County(visitor.county), move |tx| view(tx, &me, id)).await?;
    app.db.post(In::County(visitor.county), move |tx| by.read(tx, (APPOINTMENT, id), None));
    Ok(found)
}

fn view(tx: &mut Tx<'_>, visitor: &Visitor, id: AppointmentId) -> Result<Shown, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Duty)?;
    let row = Appointment::by_id(tx, scope.county, id)?;
    if scope.only_mine && scope.mine != Some(row.worker_id) {
        return Err(Refusal::absent().into());
    }
    names(tx, visitor, vec![row])?.pop().ok_or_else(|| Refusal::absent().into())
}

/// Books a person with a notary.
///
/// # Errors
/// `access.denied`, `form.invalid`; `duty.away`, `duty.overlap` where the notary cannot.
pub async fn add(app: &App, visitor: &Visitor, typed: &Typed) -> Result<Shown, Stop> {
    let fields = typed.read(app.today())?;
    visitor.scope(Act::Write, Noun::Duty)?;
    let (by, me) = (By::of(visitor), visitor.clone());
    let work = move |tx: &mut Tx<'_>| {
        let id = tx.id();
        let (person_sealed, phone_sealed) =
            notary::seal_person(tx, (by.county, id), &fields.person, &fields.phone)?;
        let mut row = Appointment {
            county_id: by.county,
            id,
            matter_id: tx.id(),
            worker_id: tx.id(),
            day: fields.day,
            from_minute: 0,
            to_minute: GRID,
            person_sealed,
            phone_sealed,
            state: AppointmentState::Booked,
            account_id: by.account,
            created_ms: tx.now.millis(),
            version: 1,
        };
        seat(tx, &me, &fields, &mut row)?;
        row.insert(tx)?;
        record(tx, by, &row)?;
        view(tx, &me, id)
    };
    app.db.write(In::County(by.county), work).await
}

/// Puts matter, notary and hours, and takes the hours: the unique key decides a race.
fn seat(tx: &mut Tx<'_>, visitor: &Visitor, fields: &Fields, row: &mut Appointment) -> Result<(), Stop> {
    let county = row.county_id;
    let unknown = |name| Refusal::field(name, "unknown");
    let matter: MatterId = fields.matter.parse().map_err(|_| unknown("matter"))?;
    let matter = notary::matters(tx, county)?.into_iter().find(|m| m.id == matter && m.active);
    let matter = matter.ok_or_else(|| unknown("matter"))?;
    let own = visitor.worker.map(|id| id.to_string()).unwrap_or_default();
    let text = if fields.worker.is_empty() { &own } else { &fields.worker };
    if text.is_empty() {
        return Err(Refusal::field("worker", "required-choice").into());
    }
    let notary = person(tx, county, "worker", text)?;
    if notary.kind != WorkerKind::Notary {
        return Err(unknown("worker").into());
    }
    let only_mine = visitor.scope(Act::Write, Noun::Duty)?.only_mine;
    if only_mine && visitor.worker != Some(notary.id) {
        return Err(Refusal::new("access.denied").into());
    }
    let hours = Hours::new(fields.day, fields.from, fields.from + matter.minutes);
    let hours = hours.ok_or_else(|| Refusal::field("from", "clock.order"))?;
    works(tx, &notary, hours.day)?;
    duty::release(tx, county, row.id)?;
    if let Some(refusal) = barred(tx, LANE, &notary, hours, &[])? {
        return Err(refusal.into());
    }
    take(tx, LANE, (county, notary.id, row.id), hours)?;
    (row.matter_id, row.worker_id) = (matter.id, notary.id);
    (row.day, row.from_minute, row.to_minute) = (hours.day, hours.from, hours.to);
    Ok(())
}

fn record(tx: &mut Tx<'_>, by: By, row: &Appointment) -> Result<(), Stop> {
    let details = serde_json::json!({ "version": row.version, "state": row.state, "day": row.day });
    by.saved(tx, Event::AppointmentSaved, (APPOINTMENT, row.id), details)
}

/// Moves an appointment to another time, notary or matter.
///
/// # Errors
/// `not_found`, `access.denied`, `form.invalid`, `state.changed`, `action.not_allowed`, `duty.away`, `duty.overlap`.
pub async fn change(
    app: &App,
    visitor: &Visitor,
    id: AppointmentId,
    version: i64,
    typed: &Typed,
) -> Result<Shown, Stop> {
    let fields = typed.read(app.today())?;
    let me = visitor.clone();
    edit(app, visitor, (id, version), move |tx, row| {
        seat(tx, &me, &fields, row)?;
        let whose = (row.county_id, row.id);
        (row.person_sealed, row.phone_sealed) =
            notary::seal_person(tx, whose, &fields.person, &fields.phone)?;
        Ok(())
    })
    .await
}

/// Says how an appointment ended; a cancelled one gives its hours back.
///
/// # Errors
/// As [`change`].
pub async fn close(
    app: &App,
    visitor: &Visitor,
    id: AppointmentId,
    version: i64,
    state: AppointmentState,
) -> Result<Shown, Stop> {
    edit(app, visitor, (id, version), move |tx, row| {
        if state != AppointmentState::Cancelled && row.day > tx.now.date() {
            return Err(Refusal::new("action.not_allowed").into());
        }
        row.state = state;
        match state {
            AppointmentState::Cancelled => duty::release(tx, row.county_id, row.id),
            _ => Ok(()),
        }
    })
    .await
}

async fn edit(
    app: &App,
    visitor: &Visitor,
    (id, version): (AppointmentId, i64),
    change: impl Fn(&mut Tx<'_>, &mut Appointment) -> Result<(), Stop> + Send + 'static,
) -> Result<Shown, Stop> {
    visitor.scope(Act::Write, Noun::Duty)?;
    let (by, me) = (By::of(visitor), visitor.clone());
    let work = move |tx: &mut Tx<'_>| {
        let mut row = view(tx, &me, id)?.appointment;
        if row.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        if row.state != AppointmentState::Booked {
            return Err(Refusal::new("action.not_allowed").into());
        }
        change(tx, &mut row)?;
        row.save(tx)?;
        record(tx, by, &row)?;
        view(tx, &me, id)
    };
    app.db.write(In::County(by.county), work).await
}
