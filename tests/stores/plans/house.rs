//! A small county in a store of its own, with a clock that the test turns.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use falin_app::{App, Stop, plan};
use falin_domain::access::Visitor;
use falin_domain::directory::{DivisionLevel, FirmKind, HouseholdKind, WorkerKind};
use falin_domain::pairing::span::ProviderRef;
use falin_domain::time::{Date, Instant};
use falin_domain::words::{CountyId, DivisionId, FirmId, HouseholdId, PlanId, WorkerId};
use falin_store::adviser::AdviserPost;
use falin_store::conn::Location;
use falin_store::db::{In, Source};
use falin_store::division::Division;
use falin_store::firm::Firm;
use falin_store::household::Clear;
use falin_store::worker::Worker;
use falin_store::{Db, Entropy, Keys, Tx, adviser, county, division, household, pairing, worker};

use crate::town::{Backend, Town};

/// What the store's own call in a test must not be: refused.
pub fn done<T>(answer: Result<T, Stop>) -> T {
    answer.unwrap_or_else(|stop| panic!("{stop}"))
}

/// The code of a refusal.
#[track_caller]
pub fn refused<T>(answer: Result<T, Stop>) -> &'static str {
    match answer {
        Ok(_) => panic!("it was not refused"),
        Err(stop) => stop.refusal().unwrap_or_else(|| panic!("{stop}")).code(),
    }
}

/// Two townships of two villages, three lawyers in two firms, twelve rural and six urban households. Lawyer `i`
/// advises village `i`; the last village has no adviser.
pub struct House {
    /// Its data directory and database, which live as long as the house.
    pub town: Town,
    pub app: App,
    pub me: Visitor,
    pub county: CountyId,
    pub villages: Vec<DivisionId>,
    pub lawyers: Vec<WorkerId>,
    pub firms: Vec<FirmId>,
    pub rural: Vec<HouseholdId>,
    pub urban: Vec<HouseholdId>,
    now: Arc<AtomicI64>,
}

/// The first day of every test.
pub fn first_day() -> Date {
    Date::new(2026, 3, 2).unwrap()
}

/// Households of each lawyer at most.
pub const CAPACITY: i32 = 6;

impl House {
    pub fn new(backend: Backend) -> Self {
        let town = Town::empty(backend);
        let now = Arc::new(AtomicI64::new(first_day().start().plus_seconds(9 * 3600).millis()));
        let app = open(&town, &now);
        let me = |county| Visitor::operator(county);
        let county = done(app.db.write_now(In::All, |tx| county::insert(tx, "620200", "嘉峪关市")));
        let made = done(app.db.write_now(In::County(county), move |tx| fill(tx, county)));
        let Made { villages, lawyers, firms, rural, urban } = made;
        Self { town, app, me: me(county), county, villages, lawyers, firms, rural, urban, now }
    }

    /// Runs a use case to its end.
    pub fn wait<T>(&self, work: impl Future<Output = Result<T, Stop>>) -> Result<T, Stop> {
        self.app.wait(work)
    }

    /// A second server on the same database, with a clock that goes alike.
    pub fn another(&self) -> App {
        open(&self.town, &self.now)
    }

    /// Lets minutes pass.
    pub fn pass_minutes(&self, minutes: i64) {
        self.now.fetch_add(minutes * 60_000, Ordering::Relaxed);
    }

    /// Lets days pass.
    pub fn pass(&self, days: i64) {
        self.now.fetch_add(days * 86_400_000, Ordering::Relaxed);
    }

    /// Writes through the store, as other use cases would.
    pub fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Stop> + Send + 'static,
    ) -> T {
        done(self.app.db.write_now(In::County(self.county), work))
    }

    /// Reads through the store.
    pub fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Stop> + Send + 'static,
    ) -> T {
        done(self.app.db.read_now(In::County(self.county), work))
    }

    /// Makes a plan for the whole county.
    pub fn plan(&self) -> (PlanId, plan::Summary) {
        let (plan, summary) = done(self.wait(plan::make(&self.app, &self.me, None)));
        (plan.id, summary)
    }

    /// Puts a plan into effect.
    pub fn commit(&self, id: PlanId) -> Result<plan::Acted, Stop> {
        self.wait(plan::commit(&self.app, &self.me, id, None))
    }

    /// Takes a plan back.
    pub fn undo(&self, id: PlanId) -> Result<plan::Acted, Stop> {
        self.wait(plan::undo(&self.app, &self.me, id, None))
    }

    /// Makes a plan and puts it into effect.
    pub fn settle(&self) -> PlanId {
        let (id, _) = self.plan();
        done(self.commit(id));
        id
    }

    /// Whom every household has now, in order of household.
    pub fn now(&self) -> Vec<Option<ProviderRef>> {
        let county = self.county;
        let due = self.read(move |tx| pairing::due(tx, county, None));
        let who =
            |due: &pairing::Due| due.current.and_then(|(_, worker, firm)| ProviderRef::of(worker, firm));
        due.iter().map(who).collect()
    }

    /// How many households have somebody.
    pub fn paired(&self) -> usize {
        self.now().iter().flatten().count()
    }

    /// Rules that today's pairings break.
    pub fn broken(&self) -> Vec<&'static str> {
        let checked = done(self.wait(plan::check(&self.app, &self.me, None)));
        checked.broken.iter().map(|one| one.code).collect()
    }

    /// Changes a worker behind the plan's back.
    pub fn change_worker(&self, at: usize, change: impl Fn(&mut Worker) + Send + 'static) {
        let (county, id) = (self.county, self.lawyers[at]);
        self.write(move |tx| {
            let mut worker = Worker::by_id(tx, county, id)?;
            change(&mut worker);
            worker.save(tx)
        });
    }

    /// Another household in a village.
    pub fn add_rural(&self, village: usize) -> HouseholdId {
        let (county, village) = (self.county, self.villages[village]);
        self.write(move |tx| home(tx, county, HouseholdKind::Rural, village, 99))
    }
}

fn open(town: &Town, now: &Arc<AtomicI64>) -> App {
    let data = town.data().to_path_buf();
    let keys = done(Keys::open_or_make(&data, &mut Entropy::from_seed([7; 32])));
    let clock = Arc::clone(now);
    let count = Arc::new(AtomicI64::new(0));
    let random = move || {
        let mut seed = [0u8; 32];
        seed[..8].copy_from_slice(&count.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        seed
    };
    let source = Source {
        clock: Arc::new(move || Instant::from_millis(clock.load(Ordering::Relaxed))),
        random: Arc::new(random),
    };
    let location = match town.database() {
        Some(url) => Location::parse(url),
        None => Location::File(data.join("falin.db")),
    };
    App::over(done(Db::open(location, keys, source)), data)
}

struct Made {
    villages: Vec<DivisionId>,
    lawyers: Vec<WorkerId>,
    firms: Vec<FirmId>,
    rural: Vec<HouseholdId>,
    urban: Vec<HouseholdId>,
}

fn fill(tx: &mut Tx<'_>, county: CountyId) -> Result<Made, Stop> {
    let city = place(tx, county, None, "620200", DivisionLevel::City)?;
    let mut villages = Vec::new();
    for (town, code) in ["620200100", "620200101"].iter().enumerate() {
        let town_id = place(tx, county, Some(city), code, DivisionLevel::Township)?;
        for village in 0..2 {
            let code = format!("{code}2{:02}", 1 + town * 2 + village);
            villages.push(place(tx, county, Some(town_id), &code, DivisionLevel::Village)?);
        }
    }
    let firms = vec![house(tx, county, "雄关律师事务所")?, house(tx, county, "长城律师事务所")?];
    let mut lawyers = Vec::new();
    for (at, name) in ["仇文静", "单于明", "曾国强"].iter().enumerate() {
        let id = lawyer(tx, county, name, firms[at / 2], at)?;
        post(tx, county, villages[at], id)?;
        lawyers.push(id);
    }
    let mut rural = Vec::new();
    for at in 0..12 {
        rural.push(home(tx, county, HouseholdKind::Rural, villages[at % 4], at)?);
    }
    let mut urban = Vec::new();
    for at in 0..6 {
        urban.push(home(tx, county, HouseholdKind::Urban, villages[at % 4], 50 + at)?);
    }
    Ok(Made { villages, lawyers, firms, rural, urban })
}

fn place(
    tx: &mut Tx<'_>,
    county: CountyId,
    above: Option<DivisionId>,
    code: &str,
    level: DivisionLevel,
) -> Result<DivisionId, Stop> {
    let id = tx.id();
    let new = Division {
        county_id: county,
        id,
        parent_id: above,
        code: Some(code.to_owned()),
        name: format!("地方{code}"),
        level,
        sort_key: code.to_owned(),
        valid_from: None,
        valid_to: None,
        successor_id: None,
        created_ms: tx.now.millis(),
        version: 1,
    };
    division::add(tx, &new)?;
    Ok(id)
}

fn house(tx: &mut Tx<'_>, county: CountyId, name: &str) -> Result<FirmId, Stop> {
    let firm = Firm {
        county_id: county,
        id: tx.id(),
        kind: FirmKind::LawFirm,
        name: name.to_owned(),
        sort_key: name.to_owned(),
        uscc: None,
        address: String::new(),
        phone: String::new(),
        head_name: String::new(),
        capacity: None,
        active: true,
        created_ms: tx.now.millis(),
        version: 1,
    };
    firm.insert(tx)?;
    Ok(firm.id)
}

fn lawyer(tx: &mut Tx<'_>, county: CountyId, name: &str, firm: FirmId, at: usize) -> Result<WorkerId, Stop> {
    let new = Worker {
        county_id: county,
        id: tx.id(),
        kind: WorkerKind::Lawyer,
        firm_id: Some(firm),
        name: name.to_owned(),
        sort_key: name.to_owned(),
        gender: None,
        licence: Some(format!("1620220151010000{at}")),
        phone: String::new(),
        specialties: String::new(),
        languages: String::new(),
        capacity: Some(CAPACITY),
        active: true,
        left_on: None,
        created_ms: tx.now.millis(),
        version: 1,
        practice_since: None,
    };
    worker::add(tx, &new)?;
    Ok(new.id)
}

fn post(tx: &mut Tx<'_>, county: CountyId, village: DivisionId, worker: WorkerId) -> Result<(), Stop> {
    let post = AdviserPost {
        county_id: county,
        id: tx.id(),
        division_id: village,
        worker_id: worker,
        from_date: Date::new(2026, 1, 1).unwrap(),
        to_date: Date::new(2026, 12, 31),
        hours: String::new(),
        created_ms: tx.now.millis(),
        version: 1,
    };
    post.insert(tx)
}

/// The posts of a worker, past ones included.
pub fn posts(house: &House, at: usize) -> Vec<AdviserPost> {
    let (county, id) = (house.county, house.lawyers[at]);
    house.read(move |tx| adviser::history(tx, county, None, Some(id)))
}

fn home(
    tx: &mut Tx<'_>,
    county: CountyId,
    kind: HouseholdKind,
    village: DivisionId,
    at: usize,
) -> Result<HouseholdId, Stop> {
    let clear = Clear {
        kind,
        village_id: village,
        grid_id: None,
        head_name: format!("张{at}"),
        id_number: None,
        phones: Vec::new(),
        address: None,
        note: None,
        provider_hint: None,
        categories: Vec::new(),
    };
    household::add(tx, county, &clear, None)
}
