//! What a roster would change: each accepted row is new, changed or unchanged against the county's rows.

use std::collections::HashMap;

use falin_domain::roster::{AdviserRow, DivisionRow, FirmRow, HolidayRow, LawyerRow, RoomRow, Row};
use falin_domain::words::{CountyId, Phone, fold, sort_key};
use falin_store::adviser::AdviserPost;
use falin_store::firm::Firm;
use falin_store::room::Room;
use falin_store::worker::Worker;
use falin_store::{Tx, adviser, division, firm, holiday, room, worker};

use super::households::{self, HouseholdChange};
use crate::Stop;

/// Figures of a dry run or an import.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub struct Figures {
    /// Data rows, accepted or not.
    pub rows: usize,
    /// Rows taken.
    pub accepted: usize,
    /// Of these, rows that add something.
    pub new: usize,
    /// Of these, rows that change something.
    pub changed: usize,
    /// Of these, rows that say what is known.
    pub unchanged: usize,
    /// Findings of any severity.
    pub findings: usize,
    /// Findings of severity error.
    pub errors: usize,
}

/// A row that adds or changes something; ids and versions of what it changes are in the row itself.
pub enum Difference {
    /// A division that is not there yet.
    NewDivision(DivisionRow),
    /// A division under another name.
    Division(Box<division::Division>),
    /// A firm that is not there yet.
    NewFirm(FirmRow),
    /// A firm as it shall be.
    Firm(Box<Firm>),
    /// A legal worker that is not there yet.
    NewWorker(Box<LawyerRow>),
    /// A legal worker as it shall be.
    Worker(Box<Worker>),
    /// A post that is not there yet.
    NewPost(AdviserRow),
    /// A post as it shall be.
    Post(Box<AdviserPost>),
    /// A room that is not there yet.
    NewRoom(Box<RoomRow>),
    /// A room as it shall be.
    Room(Box<Room>),
    /// A holiday, with whether the day was known before.
    Holiday(HolidayRow, bool),
    /// A household.
    Household(Box<HouseholdChange>),
}

/// What a roster would change.
#[derive(Default)]
pub struct Differences {
    /// New and changed rows, in the file's order.
    pub rows: Vec<Difference>,
    /// Rows that say what is known.
    pub unchanged: usize,
}

impl Difference {
    fn is_new(&self) -> bool {
        match self {
            Self::NewDivision(_)
            | Self::NewFirm(_)
            | Self::NewWorker(_)
            | Self::NewPost(_)
            | Self::NewRoom(_) => true,
            Self::Holiday(_, known) => !known,
            Self::Household(change) => change.existing.is_none(),
            _ => false,
        }
    }
}

impl Differences {
    /// Rows that add something.
    pub fn new_count(&self) -> usize {
        self.rows.iter().filter(|row| row.is_new()).count()
    }

    /// Rows that change something.
    pub fn changed_count(&self) -> usize {
        self.rows.len() - self.new_count()
    }

    fn add(&mut self, difference: Option<Difference>) {
        match difference {
            Some(difference) => self.rows.push(difference),
            None => self.unchanged += 1,
        }
    }
}

/// Compares accepted rows with the county's.
pub(super) fn compare(tx: &mut Tx<'_>, county: CountyId, rows: &[Row]) -> Result<Differences, Stop> {
    let mut out = Differences::default();
    match rows.first() {
        None => {}
        Some(Row::Division(_)) => divisions(tx, county, rows, &mut out)?,
        Some(Row::Firm(_)) => firms(tx, county, rows, &mut out)?,
        Some(Row::Lawyer(_)) => workers(tx, county, rows, &mut out)?,
        Some(Row::Adviser(_)) => posts(tx, county, rows, &mut out)?,
        Some(Row::Room(_)) => rooms(tx, county, rows, &mut out)?,
        Some(Row::Holiday(_)) => holidays(tx, county, rows, &mut out)?,
        Some(Row::Household(_)) => {
            for difference in households::compare(tx, county, rows)? {
                out.add(difference.map(|change| Difference::Household(Box::new(change))));
            }
        }
    }
    Ok(out)
}

fn divisions(tx: &mut Tx<'_>, county: CountyId, rows: &[Row], out: &mut Differences) -> Result<(), Stop> {
    let known = division::all(tx, county)?;
    let mut known: HashMap<_, _> = known.into_iter().filter_map(|d| Some((d.code.clone()?, d))).collect();
    for row in rows {
        let Row::Division(row) = row else { continue };
        let difference = match known.remove(row.code.as_str()) {
            None => Some(Difference::NewDivision(row.clone())),
            Some(there) if there.name == row.name && there.level == row.level => None,
            Some(mut there) => {
                there.name.clone_from(&row.name);
                there.sort_key = sort_key(&row.name);
                there.level = row.level;
                Some(Difference::Division(Box::new(there)))
            }
        };
        out.add(difference);
    }
    Ok(())
}

/// Telephones as one public text.
pub(super) fn phones(phones: &[Phone]) -> String {
    phones.iter().map(Phone::as_str).collect::<Vec<_>>().join("、")
}

fn firms(tx: &mut Tx<'_>, county: CountyId, rows: &[Row], out: &mut Differences) -> Result<(), Stop> {
    let known = firm::all(tx, county)?;
    for row in rows {
        let Row::Firm(row) = row else { continue };
        let same = |f: &&Firm| match &row.uscc {
            Some(uscc) => {
                f.uscc.as_deref() == Some(uscc.as_str())
                    || (f.uscc.is_none() && fold(&f.name) == fold(&row.name))
            }
            None => fold(&f.name) == fold(&row.name),
        };
        let difference = match known.iter().find(same) {
            None => Some(Difference::NewFirm(row.clone())),
            Some(there) => {
                let mut wanted = there.clone();
                fill_firm(&mut wanted, row);
                (wanted != *there).then(|| Difference::Firm(Box::new(wanted)))
            }
        };
        out.add(difference);
    }
    Ok(())
}

/// A cell that is empty in the roster leaves what is known; the same in every noun.
pub(super) fn fill_firm(firm: &mut Firm, row: &FirmRow) {
    firm.name.clone_from(&row.name);
    firm.sort_key = sort_key(&row.name);
    firm.kind = row.kind;
    firm.active = true;
    if let Some(uscc) = &row.uscc {
        firm.uscc = Some(uscc.as_str().to_owned());
    }
    if let Some(address) = &row.address {
        firm.address.clone_from(address);
    }
    if !row.phones.is_empty() {
        firm.phone = phones(&row.phones);
    }
    if let Some(head) = &row.principal {
        head.as_str().clone_into(&mut firm.head_name);
    }
}

fn workers(tx: &mut Tx<'_>, county: CountyId, rows: &[Row], out: &mut Differences) -> Result<(), Stop> {
    let known = worker::all(tx, county)?;
    let known: HashMap<_, _> = known.into_iter().filter_map(|w| Some((w.licence.clone()?, w))).collect();
    for row in rows {
        let Row::Lawyer(row) = row else { continue };
        let difference = match known.get(row.licence.as_str()) {
            None => Some(Difference::NewWorker(Box::new(row.clone()))),
            Some(there) => {
                let mut wanted = there.clone();
                fill_worker(&mut wanted, row);
                (wanted != *there).then(|| Difference::Worker(Box::new(wanted)))
            }
        };
        out.add(difference);
    }
    Ok(())
}

pub(super) fn fill_worker(worker: &mut Worker, row: &LawyerRow) {
    row.name.as_str().clone_into(&mut worker.name);
    worker.sort_key = sort_key(row.name.as_str());
    worker.kind = row.kind;
    worker.active = true;
    worker.left_on = None;
    if row.firm.is_some() {
        worker.firm_id = row.firm;
    }
    if row.gender.is_some() {
        worker.gender = row.gender;
    }
    if !row.phones.is_empty() {
        worker.phone = phones(&row.phones);
    }
    if !row.specialties.is_empty() {
        worker.specialties = row.specialties.join("、");
    }
    if !row.languages.is_empty() {
        worker.languages = row.languages.join("、");
    }
    if row.practice_since.is_some() {
        worker.practice_since = row.practice_since;
    }
    if let Some(capacity) = row.capacity {
        worker.capacity = Some(i32::try_from(capacity).unwrap_or(i32::MAX));
    }
}

fn posts(tx: &mut Tx<'_>, county: CountyId, rows: &[Row], out: &mut Differences) -> Result<(), Stop> {
    let known = adviser::history(tx, county, None, None)?;
    let today = tx.now.date();
    for row in rows {
        let Row::Adviser(row) = row else { continue };
        let same = |p: &&AdviserPost| {
            p.division_id == row.village
                && p.worker_id == row.worker
                // Without a term it is the post of today: one that has ended is no reason to leave the village without.
                && match row.from {
                    Some(from) => p.from_date == from,
                    None => p.from_date <= today && p.to_date.is_none_or(|last| today <= last),
                }
        };
        let difference = match known.iter().find(same) {
            None => Some(Difference::NewPost(row.clone())),
            Some(there) => {
                let mut wanted = there.clone();
                wanted.to_date = row.to.or(there.to_date);
                wanted.hours = row.hours.clone().unwrap_or_else(|| there.hours.clone());
                (wanted != *there).then(|| Difference::Post(Box::new(wanted)))
            }
        };
        out.add(difference);
    }
    Ok(())
}

fn rooms(tx: &mut Tx<'_>, county: CountyId, rows: &[Row], out: &mut Differences) -> Result<(), Stop> {
    let known = room::all(tx, county)?;
    for row in rows {
        let Row::Room(row) = row else { continue };
        let organisation = row.institution.clone().unwrap_or_default();
        let same = |r: &&Room| r.name == row.name && r.organisation == organisation;
        let difference = match known.iter().find(same) {
            None => Some(Difference::NewRoom(Box::new(row.clone()))),
            Some(there) => {
                let mut wanted = there.clone();
                fill_room(&mut wanted, row);
                (wanted != *there).then(|| Difference::Room(Box::new(wanted)))
            }
        };
        out.add(difference);
    }
    Ok(())
}

pub(super) fn fill_room(room: &mut Room, row: &RoomRow) {
    room.active = true;
    if row.township.is_some() {
        room.division_id = row.township;
    }
    if let Some(address) = &row.address {
        room.address.clone_from(address);
    }
    if let Some(capacity) = row.capacity {
        room.capacity = i32::try_from(capacity).unwrap_or(i32::MAX);
    }
    if !row.equipment.is_empty() {
        room.equipment = row.equipment.join("、");
    }
    if let Some(hours) = &row.hours {
        room.hours.clone_from(hours);
    }
}

fn holidays(tx: &mut Tx<'_>, county: CountyId, rows: &[Row], out: &mut Differences) -> Result<(), Stop> {
    let known = holiday::of(tx, county)?;
    let known: HashMap<_, _> = known.into_iter().map(|day| (day.date, day)).collect();
    for row in rows {
        let Row::Holiday(row) = row else { continue };
        let difference = match known.get(&row.date) {
            Some(day) if day.name == row.name && day.is_workday == row.workday => None,
            day => Some(Difference::Holiday(row.clone(), day.is_some())),
        };
        out.add(difference);
    }
    Ok(())
}
