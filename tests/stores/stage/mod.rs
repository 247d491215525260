//! What plugins declare as data, on both databases: guards that compare, rooms, hooks, jobs; each effect once.

mod alone;
mod by_law;
mod carried;
mod linked;
mod stored;
mod together;
mod undone;

use falin_app::booking::{self, Filter};
use falin_app::casework::{self, Action, Opening, Seen};
use falin_app::plugin::{self, Move};
use falin_app::{App, Stop};
use falin_domain::words::{CaseId, PluginId, RoomId};
use falin_domain::workflow::{self, Manner, Values};
use falin_store::room::Room;
use falin_store::{In, Tx, flow};
use serde_json::Value;

use super::plans::house::{House, done};
use crate::town::Backend;

pub const TRIAL: &str = include_str!("plugin.toml");

/// The small county with the trial plugin in use.
pub struct Stage {
    pub house: House,
    pub plugin: PluginId,
}

impl Stage {
    pub fn new(backend: Backend) -> Self {
        let house = house(backend);
        let plugin = put(&house, TRIAL, &[Move::Try, Move::Grant, Move::Enable]);
        Self { plugin, house }
    }

    /// Moves the plugin on: from use out of it, say.
    pub fn moves(&self, moves: &[Move]) {
        let mut there = done(self.house.wait(plugin::one(&self.house.app, &self.house.me, self.plugin)));
        for step in moves {
            let (id, version) = (there.install.id, there.install.version);
            there = done(self.house.wait(plugin::act(&self.house.app, &self.house.me, id, version, *step)));
        }
    }

    /// With everything that the program carries in use instead.
    pub fn carried(backend: Backend) -> Self {
        let house = house(backend);
        done(house.wait(falin_app::demo::workflows::put(&house.app, &house.me, true)));
        let first = done(house.wait(plugin::list(&house.app, &house.me))).into_iter().next().unwrap();
        let stage = Self { plugin: first.install.id, house };
        stage.rooms(&["一号庭", "二号庭", "三号庭", "村会议室", "镇会议室", "远程会见室"]);
        stage
    }

    pub fn open_with(&self, app: &App, flow: &str, form: Value) -> Result<Seen, Stop> {
        let opening = Opening::new(flow, values(form));
        self.house.wait(casework::open(app, &self.house.me, opening))
    }

    pub fn open(&self, flow: &str, form: Value) -> Result<Seen, Stop> {
        self.open_with(&self.house.app, flow, form)
    }

    pub fn act(&self, seen: &Seen, action: &str, form: Value) -> Result<Seen, Stop> {
        let action = Action {
            action: action.to_owned(),
            version: seen.case.version,
            values: values(form),
            manner: Manner::Program,
        };
        let flow = seen.case.flow.clone();
        self.house.wait(casework::act(&self.house.app, &self.house.me, &flow, seen.case.id, action))
    }

    /// Letters that wait.
    pub fn letters(&self) -> Vec<plugin::Told> {
        done(self.house.wait(plugin::letters(&self.house.app, &self.house.me, self.plugin)))
    }

    /// Has a letter's work tried again: whether it is done with that.
    pub fn again(&self, letter: &plugin::Told) -> Result<bool, Stop> {
        let (id, version) = ((self.plugin, letter.letter.id), letter.letter.version);
        self.house.wait(plugin::answer(&self.house.app, &self.house.me, id, version, plugin::Answer::Retry))
    }

    /// A round of the jobs.
    pub fn jobs(&self) -> u64 {
        done(self.house.wait(plugin::run_jobs(&self.house.app)))
    }

    /// A mediation about a household whose hook finds its number taken, so that there is a letter about it.
    pub fn with_letter(&self, household: falin_domain::words::HouseholdId) -> Seen {
        let opened = |household| {
            let form = serde_json::json!({"dispute": "neighbours", "facts": "占道。", "applicant": "张建国"});
            let opening = Opening { household, ..Opening::new("mediation", values(form)) };
            done(self.house.wait(casework::open(&self.house.app, &self.house.me, opening)))
        };
        let taken = opened(None).case.number.replace("1号", "2号");
        self.open("trial/note", serde_json::json!({"code": taken})).unwrap();
        opened(Some(household))
    }

    /// How many cases of a flow there are.
    pub fn count(&self, flow: &str) -> i64 {
        self.house.town.number(&format!("SELECT count(*) FROM casefile WHERE flow = '{flow}'"))
    }

    /// Makes rooms that are always open.
    pub fn rooms(&self, names: &[&'static str]) -> Vec<RoomId> {
        let (county, place) = (self.house.county, self.house.villages[0]);
        let names = names.to_vec();
        self.house.write(move |tx| {
            let mut made = Vec::new();
            for name in &names {
                let room = Room {
                    county_id: county,
                    id: tx.id(),
                    name: (*name).to_owned(),
                    organisation: String::new(),
                    division_id: Some(place),
                    address: String::new(),
                    capacity: 10,
                    equipment: String::new(),
                    hours: String::new(),
                    active: true,
                    created_ms: tx.now.millis(),
                    version: 1,
                };
                room.insert(tx)?;
                made.push(room.id);
            }
            Ok(made)
        })
    }

    /// States of the bookings of a case, by room.
    pub fn held(&self, case: CaseId) -> Vec<String> {
        let filter = Filter { case: Some(case.cast()), ..Filter::default() };
        let window = falin_domain::page::Window { limit: 50, after: None };
        let page = done(self.house.wait(booking::list(&self.house.app, &self.house.me, filter, window)));
        let mut states: Vec<String> =
            page.items.iter().map(|one| one.booking.state.code().to_owned()).collect();
        states.sort();
        states
    }
}

/// Uploads a plugin with this declaration alone, and moves it on.
pub fn put(house: &House, declaration: &str, moves: &[Move]) -> PluginId {
    let files = [("plugin.toml".to_owned(), declaration.as_bytes().to_vec())].into();
    let package = plugin::pack(&files).unwrap();
    let mut there = done(house.wait(plugin::upload(&house.app, &house.me, package, true)));
    for step in moves {
        let (id, version) = (there.install.id, there.install.version);
        there = done(house.wait(plugin::act(&house.app, &house.me, id, version, *step)));
    }
    there.install.id
}

pub fn values(form: Value) -> Values {
    form.as_object().cloned().unwrap_or_default()
}

/// The code at the first field of a refused form.
#[track_caller]
pub fn fault(answer: Result<Seen, Stop>) -> (String, String) {
    let Err(stop) = answer else { panic!("it was not refused") };
    let refusal = stop.refusal().unwrap_or_else(|| panic!("{stop}"));
    let field = refusal.fields.first().unwrap_or_else(|| panic!("{refusal}"));
    (field.name.clone(), field.code.clone())
}

/// The small county that knows the house's own flows.
pub fn house(backend: Backend) -> House {
    let house = House::new(backend);
    let core = |tx: &mut Tx<'_>| workflow::core().iter().try_for_each(|flow| flow::keep(tx, flow).map(drop));
    done(house.app.db.write_now(In::All, core));
    house
}
