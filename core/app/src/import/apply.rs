//! Putting a roster into effect: households staged in batches, everything else in the last transaction.

use std::collections::HashMap;

use falin_domain::refusal::Refusal;
use falin_domain::roster::DivisionRow;
use falin_domain::words::{BatchId, CountyId, DivisionId, sort_key};
use falin_store::adviser::AdviserPost;
use falin_store::category::{self, Told};
use falin_store::division::Division;
use falin_store::firm::Firm;
use falin_store::household::{self, Household, Staging};
use falin_store::import::{Change, note_change};
use falin_store::room::Room;
use falin_store::worker::Worker;
use falin_store::{Fault, Tx, division, gram, holiday, worker};

use super::compare::{Difference, fill_firm, fill_room, fill_worker, phones};
use super::households::HouseholdChange;
use crate::Stop;

/// Adds new households that no list shows yet.
pub(super) fn stage(
    tx: &mut Tx<'_>,
    county: CountyId,
    batch: BatchId,
    slice: &[Difference],
) -> Result<(), Stop> {
    let all: Vec<_> = slice.iter().filter_map(new_household).collect();
    household::add_all(tx, county, &all, Some(Staging { batch, staged: true }))
}

fn new_household(difference: &Difference) -> Option<(&household::Clear, Told)> {
    match difference {
        Difference::Household(change) if change.existing.is_none() => Some((&change.clear, change.told)),
        _ => None,
    }
}

/// Writes one import's changes and notes what each row was before.
pub(super) struct Writer<'a, 'b> {
    pub tx: &'a mut Tx<'b>,
    pub county: CountyId,
    pub batch: BatchId,
    n: i32,
    codes: HashMap<String, DivisionId>,
}

impl<'a, 'b> Writer<'a, 'b> {
    pub(super) fn new(tx: &'a mut Tx<'b>, county: CountyId, batch: BatchId) -> Result<Self, Stop> {
        let codes = division::all(tx, county)?;
        let codes = codes.into_iter().filter_map(|d| Some((d.code?, d.id))).collect();
        Ok(Self { tx, county, batch, n: 0, codes })
    }

    /// Applies one difference; new households are there already.
    pub(super) fn apply(&mut self, difference: &Difference) -> Result<(), Stop> {
        match difference {
            Difference::NewDivision(row) => self.new_division(row),
            Difference::Division(wanted) => {
                let there = Division::by_id(self.tx, self.county, wanted.id)?;
                self.changed("division", &there.id.bytes(), &there)?;
                wanted.clone().save(self.tx)
            }
            Difference::NewFirm(row) => {
                let mut firm = self.empty_firm();
                fill_firm(&mut firm, row);
                falin_store::firm::add(self.tx, &firm).map_err(|stop| stop.or_rule("firm.duplicate"))?;
                self.added("firm", &firm.id.bytes())
            }
            Difference::Firm(wanted) => {
                let there = Firm::by_id(self.tx, self.county, wanted.id)?;
                self.changed("firm", &there.id.bytes(), &there)?;
                falin_store::firm::change(self.tx, &mut wanted.clone())
                    .map_err(|stop| stop.or_rule("firm.duplicate"))
            }
            Difference::NewWorker(row) => {
                let mut new = self.empty_worker(row.licence.as_str());
                fill_worker(&mut new, row);
                worker::add(self.tx, &new).map_err(|stop| stop.or_rule("worker.duplicate"))?;
                self.added("worker", &new.id.bytes())
            }
            Difference::Worker(wanted) => {
                let there = Worker::by_id(self.tx, self.county, wanted.id)?;
                self.changed("worker", &there.id.bytes(), &there)?;
                gram::index(self.tx, self.county, worker::NOUN, &wanted.id.bytes(), &wanted.name)?;
                wanted.clone().save(self.tx)
            }
            Difference::NewPost(row) => {
                let post = AdviserPost {
                    county_id: self.county,
                    id: self.tx.id(),
                    division_id: row.village,
                    worker_id: row.worker,
                    from_date: row.from.unwrap_or(self.tx.now.date()),
                    to_date: row.to,
                    hours: row.hours.clone().unwrap_or_default(),
                    created_ms: self.tx.now.millis(),
                    version: 1,
                };
                post.insert(self.tx)?;
                self.added("adviser", &post.id.bytes())
            }
            Difference::Post(wanted) => {
                let there = AdviserPost::by_id(self.tx, self.county, wanted.id)?;
                self.changed("adviser", &there.id.bytes(), &there)?;
                wanted.clone().save(self.tx)
            }
            Difference::NewRoom(row) => {
                let mut room = self.empty_room(&row.name, row.institution.as_deref());
                fill_room(&mut room, row);
                room.insert(self.tx)?;
                self.added("room", &room.id.bytes())
            }
            Difference::Room(wanted) => {
                let there = Room::by_id(self.tx, self.county, wanted.id)?;
                self.changed("room", &there.id.bytes(), &there)?;
                wanted.clone().save(self.tx)
            }
            Difference::Holiday(row, _) => self.holiday(row),
            Difference::Household(change) => self.household(change),
        }
    }

    fn new_division(&mut self, row: &DivisionRow) -> Result<(), Stop> {
        let mut above = row.code.parent();
        let mut parent_id = None;
        // The level above may be missing from the official list (620201): the next one above it will do.
        while let (None, Some(code)) = (parent_id, above) {
            parent_id = self.codes.get(code.as_str()).copied();
            above = code.parent();
        }
        let new = Division {
            county_id: self.county,
            id: self.tx.id(),
            parent_id,
            code: Some(row.code.as_str().to_owned()),
            name: row.name.clone(),
            level: row.level,
            sort_key: sort_key(&row.name),
            valid_from: None,
            valid_to: None,
            successor_id: None,
            created_ms: self.tx.now.millis(),
            version: 1,
        };
        division::add(self.tx, &new)?;
        gram::index(self.tx, self.county, division::NOUN, &new.id.bytes(), &new.name)?;
        self.codes.insert(row.code.as_str().to_owned(), new.id);
        self.added("division", &new.id.bytes())
    }

    fn holiday(&mut self, row: &falin_domain::roster::HolidayRow) -> Result<(), Stop> {
        let there = holiday::of(self.tx, self.county)?.into_iter().find(|day| day.date == row.date);
        let subject = row.date.to_string().into_bytes();
        let before = there.map(|day| json(&day)).transpose()?;
        self.note("holiday", &subject, before)?;
        holiday::set(self.tx, self.county, row.date, &row.name, row.workday)
    }

    fn household(&mut self, change: &HouseholdChange) -> Result<(), Stop> {
        let Some(id) = change.existing else { return Ok(()) };
        let mut row = Household::by_id(self.tx, self.county, id)?;
        let before = household::open(self.tx, &row)?;
        let image = json(&HouseholdImage {
            clear: before,
            active: row.active,
            left_on: row.left_on,
            version: row.version,
            spans: Some(category::categories(self.tx, &row)?),
        })?;
        self.note("household", &id.bytes(), Some(image))?;
        (row.active, row.left_on) = (true, None);
        household::change(self.tx, &mut row, &change.clear)?;
        category::date_all(self.tx, &row, &change.clear.categories, change.told)
    }

    fn empty_firm(&mut self) -> Firm {
        Firm {
            county_id: self.county,
            id: self.tx.id(),
            kind: falin_domain::directory::FirmKind::LawFirm,
            name: String::new(),
            sort_key: String::new(),
            uscc: None,
            address: String::new(),
            phone: String::new(),
            head_name: String::new(),
            capacity: None,
            active: true,
            created_ms: self.tx.now.millis(),
            version: 1,
        }
    }

    fn empty_worker(&mut self, licence: &str) -> Worker {
        Worker {
            county_id: self.county,
            id: self.tx.id(),
            kind: falin_domain::directory::WorkerKind::Lawyer,
            firm_id: None,
            name: String::new(),
            sort_key: String::new(),
            gender: None,
            licence: Some(licence.to_owned()),
            phone: phones(&[]),
            specialties: String::new(),
            languages: String::new(),
            capacity: None,
            active: true,
            left_on: None,
            created_ms: self.tx.now.millis(),
            version: 1,
            practice_since: None,
        }
    }

    fn empty_room(&mut self, name: &str, organisation: Option<&str>) -> Room {
        Room {
            county_id: self.county,
            id: self.tx.id(),
            name: name.to_owned(),
            organisation: organisation.unwrap_or_default().to_owned(),
            division_id: None,
            address: String::new(),
            capacity: 0,
            equipment: String::new(),
            hours: String::new(),
            active: true,
            created_ms: self.tx.now.millis(),
            version: 1,
        }
    }

    fn added(&mut self, noun: &str, subject: &[u8]) -> Result<(), Stop> {
        self.note(noun, subject, None)
    }

    fn changed(&mut self, noun: &str, subject: &[u8], row: &impl serde::Serialize) -> Result<(), Stop> {
        let before = json(row)?;
        self.note(noun, subject, Some(before))
    }

    fn note(&mut self, noun: &str, subject: &[u8], before: Option<String>) -> Result<(), Stop> {
        self.n += 1;
        let change = Change { noun: noun.to_owned(), subject: subject.to_vec(), before };
        note_change(self.tx, self.county, self.batch, self.n, &change)
    }
}

/// A household as it was before an import changed it.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct HouseholdImage {
    pub clear: household::Clear,
    pub active: bool,
    pub left_on: Option<falin_domain::time::Date>,
    pub version: i64,
    /// Its categories with their dates; missing in images of older releases.
    #[serde(default)]
    pub spans: Option<Vec<category::DatedCategory>>,
}

fn json(row: &impl serde::Serialize) -> Result<String, Stop> {
    serde_json::to_string(row).map_err(|e| Fault::new("image", e.to_string()).into())
}

/// What the importing person saw is no longer what the county has.
pub(super) fn stale(stop: Stop) -> Stop {
    match stop {
        Stop::Refused(refusal) if refusal.code() == "state.changed" => Refusal::new("import.changed").into(),
        other => other,
    }
}
