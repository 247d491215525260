//! Mediation committees: listed as a tree, added, changed, dissolved; members join and leave; what the law finds lacking.

use std::collections::HashMap;

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::directory::Gender;
use falin_domain::journal::Event;
use falin_domain::mediation::{CommitteeKind, Duty, Seat, lacking, term_end};
use falin_domain::page::{Mark, Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{
    CommitteeId, CommitteeMemberId, CountyId, DivisionId, PersonName, WorkerId, sort_key,
};
use falin_store::committee as rows;

pub use falin_store::committee::{Committee, Member};

use falin_store::division::Division;
use falin_store::{In, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::division::{LONGEST_NAME, find, must_hold};
use crate::trace::By;
use crate::typed::Reader;
use crate::{App, Stop};

/// The noun in the journal and in write generations.
pub const NOUN: &str = "committee";

/// A committee with its place, members, and what it lacks.
#[derive(Clone, Debug)]
pub struct Seated {
    /// The row.
    pub committee: Committee,
    /// Where it works.
    pub place: Option<Division>,
    /// The one above.
    pub above: Option<Committee>,
    /// Members, past ones last.
    pub members: Vec<Member>,
    /// Text keys `committee-lacks-…` of what articles 8 and 9 find lacking today.
    pub lacking: Vec<&'static str>,
}

/// What was typed into the form of a committee.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Code of a kind.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Id of the committee above; may be empty.
    pub parent: String,
    /// Id or code of the place; may be empty.
    pub place: String,
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// First day of the term.
    pub term_from: String,
    /// Last day; empty for three years.
    pub term_to: String,
}

/// What was typed into the form of a member.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedMember {
    /// Name.
    pub name: String,
    /// `male`, `female` or empty.
    pub gender: String,
    /// Code of a duty.
    pub duty: String,
    /// `on` where of a national minority.
    pub minority: String,
    /// Id of a legal worker; may be empty.
    pub worker: String,
    /// First day; empty for today.
    pub from: String,
}

/// A page of committees by name.
///
/// # Errors
/// `access.denied`.
pub async fn list(app: &App, visitor: &Visitor, window: Window) -> Result<Page<Seated>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Committee)?;
    let work = move |tx: &mut Tx<'_>| {
        let all = rows::all(tx, scope.county)?;
        let page = Page::of_all(all, &window, |row| Mark { key: row.sort_key.clone(), id: row.id.uuid() });
        Ok(Page { items: seat_all(tx, scope.county, page.items)?, next: page.next })
    };
    app.db.read(In::County(visitor.county), work).await
}

/// All committees, for choices of a form.
///
/// # Errors
/// `access.denied`.
pub async fn choices(app: &App, visitor: &Visitor) -> Result<Vec<Committee>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Committee)?;
    let work =
        move |tx: &mut Tx<'_>| Ok(rows::all(tx, scope.county)?.into_iter().filter(|c| c.active).collect());
    app.db.read(In::County(visitor.county), work).await
}

/// The legal workers who sit in a committee or mediate for it today.
///
/// # Errors
/// `access.denied`.
pub async fn mediators(app: &App, visitor: &Visitor, id: CommitteeId) -> Result<Vec<WorkerId>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Committee)?;
    let work = move |tx: &mut Tx<'_>| {
        let today = tx.now.date();
        let members = rows::members(tx, scope.county, id)?;
        let there = members.iter().filter(|one| one.to_date.is_none_or(|day| day >= today));
        Ok(there.filter_map(|one| one.worker_id).collect())
    };
    app.db.read(In::County(visitor.county), work).await
}

/// One committee.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: CommitteeId) -> Result<Seated, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Committee)?;
    let work = move |tx: &mut Tx<'_>| {
        let row = Committee::by_id(tx, scope.county, id)?;
        seated(tx, row)
    };
    app.db.read(In::County(visitor.county), work).await
}

fn seated(tx: &mut Tx<'_>, committee: Committee) -> Result<Seated, Stop> {
    let county = committee.county_id;
    seat_all(tx, county, vec![committee])?.pop().ok_or_else(|| Refusal::absent().into())
}

fn seat_all(tx: &mut Tx<'_>, county: CountyId, committees: Vec<Committee>) -> Result<Vec<Seated>, Stop> {
    let today = tx.now.date();
    let ids: Vec<CommitteeId> = committees.iter().map(|one| one.id).collect();
    let mut members: HashMap<CommitteeId, Vec<Member>> = HashMap::new();
    for member in rows::members_of_each(tx, county, &ids)? {
        members.entry(member.committee_id).or_default().push(member);
    }
    let ids: Vec<DivisionId> = committees.iter().filter_map(|one| one.division_id).collect();
    let places = Division::by_ids(tx, county, &ids)?;
    let ids: Vec<CommitteeId> = committees.iter().filter_map(|one| one.parent_id).collect();
    let above = Committee::by_ids(tx, county, &ids)?;
    let seated = |committee: Committee| {
        let members = members.remove(&committee.id).unwrap_or_default();
        let seats: Vec<Seat> =
            members.iter().filter(|m| m.to_date.is_none_or(|day| day >= today)).map(seat).collect();
        let kind = CommitteeKind::from_code(&committee.kind).unwrap_or(CommitteeKind::Village);
        let mut lacking = lacking(kind, &seats, false);
        if committee.active && committee.term_to < today {
            lacking.push("term");
        }
        let place = committee.division_id.and_then(|id| places.get(&id).cloned());
        let above = committee.parent_id.and_then(|id| above.get(&id).cloned());
        Seated { committee, place, above, members, lacking }
    };
    Ok(committees.into_iter().map(seated).collect())
}

fn seat(member: &Member) -> Seat {
    Seat {
        duty: Duty::from_code(&member.duty).unwrap_or(Duty::Member),
        woman: member.gender.as_deref() == Some("female"),
        minority: member.minority,
    }
}

impl Typed {
    /// A committee as it would be typed.
    pub fn of(seated: &Seated) -> Self {
        let it = &seated.committee;
        let code = seated.place.as_ref().and_then(|place| place.code.clone());
        Self {
            kind: it.kind.clone(),
            name: it.name.clone(),
            parent: it.parent_id.map(|id| id.to_string()).unwrap_or_default(),
            place: code.or_else(|| it.division_id.map(|id| id.to_string())).unwrap_or_default(),
            address: it.address.clone(),
            phone: it.phone.clone(),
            term_from: it.term_from.to_string(),
            term_to: it.term_to.to_string(),
        }
    }

    /// Reads the form into a row; look-ups come first in what they refuse.
    fn put(&self, tx: &mut Tx<'_>, scope: &Scope, row: &mut Committee) -> Result<(), Stop> {
        let today = tx.now.date();
        let mut reader = Reader::default();
        let kind = reader.choice("kind", &self.kind, CommitteeKind::from_code, CommitteeKind::Village);
        row.name = reader.required("name", &self.name, LONGEST_NAME);
        row.address = reader.text("address", &self.address, 200);
        row.phone = reader.text("phone", &self.phone, 60);
        row.term_from = reader.required_date("term_from", &self.term_from, today);
        row.term_to = reader.date("term_to", &self.term_to).unwrap_or_else(|| term_end(row.term_from));
        if row.term_to < row.term_from {
            reader.fault("term_to", "span.invalid");
        }
        reader.finish(())?;
        row.kind = kind.code().to_owned();
        row.sort_key = sort_key(&row.name);
        row.division_id = place(tx, scope, &self.place)?;
        row.parent_id = match self.parent.trim() {
            "" => None,
            text => {
                let unknown = || Refusal::field("parent", "unknown");
                let id = text.parse().map_err(|_| unknown())?;
                let above = Committee::by_id(tx, scope.county, id);
                Some(above.map_err(|stop| stop.if_absent(unknown))?.id).filter(|id| *id != row.id)
            }
        };
        Ok(())
    }
}

fn place(tx: &mut Tx<'_>, scope: &Scope, text: &str) -> Result<Option<DivisionId>, Stop> {
    let found = match text.trim() {
        "" => None,
        text => {
            let found = find(tx, scope.county, text)?;
            Some(found.ok_or_else(|| Refusal::field("place", "village.unknown"))?.id)
        }
    };
    must_hold(tx, scope, found)?;
    Ok(found)
}

/// Adds a committee.
///
/// # Errors
/// `access.denied`, `form.invalid`; `committee.duplicate` where one of this name is there.
pub async fn add(app: &App, visitor: &Visitor, typed: &Typed) -> Result<Seated, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Committee)?;
    let (by, typed) = (By::of(visitor), typed.clone());
    let work = move |tx: &mut Tx<'_>| {
        let today = tx.now.date();
        let mut row = Committee {
            county_id: by.county,
            id: tx.id(),
            parent_id: None,
            kind: String::new(),
            name: String::new(),
            sort_key: String::new(),
            division_id: None,
            address: String::new(),
            phone: String::new(),
            term_from: today,
            term_to: today,
            active: true,
            created_ms: tx.now.millis(),
            version: 1,
        };
        typed.put(tx, &scope, &mut row)?;
        row.insert(tx).map_err(|stop| stop.or_rule("committee.duplicate"))?;
        by.saved(tx, Event::CommitteeSaved, (NOUN, row.id), json!({ "version": 1 }))?;
        seated(tx, row)
    };
    app.db.write(In::County(by.county), work).await
}

/// Changes a committee that is still at `version`; with `active` it is dissolved or stands again.
///
/// # Errors
/// `access.denied`, `form.invalid`, `not_found`, `state.changed`, `committee.duplicate`.
pub async fn change(
    app: &App,
    visitor: &Visitor,
    id: CommitteeId,
    version: i64,
    typed: Option<&Typed>,
    active: Option<bool>,
) -> Result<Seated, Stop> {
    let typed = typed.cloned();
    save(app, visitor, id, version, move |tx, scope, row| {
        if let Some(typed) = &typed {
            typed.put(tx, scope, row)?;
        }
        if let Some(active) = active {
            if row.active == active {
                return Err(Refusal::new("action.not_allowed").into());
            }
            row.active = active;
        }
        Ok(())
    })
    .await
}

async fn save(
    app: &App,
    visitor: &Visitor,
    id: CommitteeId,
    version: i64,
    edit: impl Fn(&mut Tx<'_>, &Scope, &mut Committee) -> Result<(), Stop> + Send + 'static,
) -> Result<Seated, Stop> {
    let scope = visitor.scope(Act::Write, Noun::Committee)?;
    let by = By::of(visitor);
    let work = move |tx: &mut Tx<'_>| {
        let mut row = Committee::by_id(tx, by.county, id)?;
        must_hold(tx, &scope, row.division_id)?;
        if row.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        edit(tx, &scope, &mut row)?;
        row.save(tx).map_err(|stop| stop.or_rule("committee.duplicate"))?;
        by.saved(tx, Event::CommitteeSaved, (NOUN, id), json!({ "version": row.version }))?;
        seated(tx, row)
    };
    app.db.write(In::County(by.county), work).await
}

/// Somebody joins a committee. It counts as a change of the committee.
///
/// # Errors
/// `access.denied`, `form.invalid`, `not_found`, `state.changed`; `committee.chair` where there is one.
pub async fn join(
    app: &App,
    visitor: &Visitor,
    id: CommitteeId,
    version: i64,
    typed: &TypedMember,
) -> Result<Seated, Stop> {
    let typed = typed.clone();
    save(app, visitor, id, version, move |tx, scope, row| {
        let member = typed.read(tx, scope, row.id)?;
        member.insert(tx).map_err(|stop| stop.or_rule("committee.chair"))
    })
    .await
}

impl TypedMember {
    fn read(&self, tx: &mut Tx<'_>, scope: &Scope, committee: CommitteeId) -> Result<Member, Stop> {
        let today = tx.now.date();
        let mut reader = Reader::default();
        let name = reader.required("name", &self.name, 50);
        let duty = reader.choice("duty", &self.duty, Duty::from_code, Duty::Member);
        let gender =
            reader.maybe("gender", &self.gender, "unknown", |text| Gender::from_code(text).ok_or(()));
        let from_date: Date = reader.date("from", &self.from).unwrap_or(today);
        let worker = reader.maybe("worker", &self.worker, "worker.unknown", str::parse);
        let parsed = PersonName::parse(&name);
        if parsed.is_err() && !name.is_empty() {
            reader.fault("name", "name.invalid");
        }
        reader.finish(())?;
        if let Some(worker) = worker {
            falin_store::worker::Worker::by_id(tx, scope.county, worker)
                .map_err(|stop| stop.if_absent(|| Refusal::field("worker", "worker.unknown")))?;
        }
        Ok(Member {
            county_id: scope.county,
            id: tx.id(),
            committee_id: committee,
            worker_id: worker,
            name: parsed.map(|name| name.as_str().to_owned()).unwrap_or(name),
            gender: gender.map(|gender| gender.code().to_owned()),
            duty: duty.code().to_owned(),
            minority: self.minority == "on",
            from_date,
            to_date: None,
            created_ms: tx.now.millis(),
            version: 1,
        })
    }
}

/// Somebody leaves a committee today.
///
/// # Errors
/// `access.denied`, `not_found`, `state.changed`; `action.not_allowed` where gone already.
pub async fn leave(
    app: &App,
    visitor: &Visitor,
    id: CommitteeId,
    version: i64,
    member: CommitteeMemberId,
) -> Result<Seated, Stop> {
    save(app, visitor, id, version, move |tx, scope, row| {
        let mut there = Member::by_id(tx, scope.county, member)?;
        if there.committee_id != row.id {
            return Err(Refusal::absent().into());
        }
        if there.to_date.is_some() {
            return Err(Refusal::new("action.not_allowed").into());
        }
        there.to_date = Some(tx.now.date().max(there.from_date));
        there.save(tx)
    })
    .await
}
