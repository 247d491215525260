//! Who plays in the stories of a sample county: its places, workers, rooms and accounts, and people made up for a case.

use std::collections::HashMap;

use falin_domain::access::{Post, Role, Scope, Visitor};
use falin_domain::calendar::Calendar;
use falin_domain::directory::{DivisionLevel, WorkerKind};
use falin_domain::page::Window;
use falin_domain::time::Date;
use falin_domain::words::{AccountId, CountyId, DivisionId, RoomId, WorkerId};
use falin_domain::workflow::Cast;
use falin_store::{Tx, account, account_list, division, holiday, room, worker};

use super::dice::Dice;
use super::people::{self, Registry};
use crate::Stop;

const NAMES: [&str; 12] =
    ["祁峰", "雄关", "嘉禾", "金穗", "讨赖", "长城", "胡杨", "黑山", "新域", "丝路", "文殊", "宏远"];
const TRADES: [&str; 8] = ["物业服务", "建材", "农业科技", "餐饮管理", "运输", "商贸", "劳务", "房地产开发"];

/// Days among which some must be open, the long holidays in them.
const MOST_CLOSED: usize = 30;

/// Accounts of one role that a story can tell apart.
const PEERS: u16 = 4;

/// A township with its villages.
struct Township {
    id: DivisionId,
    name: String,
    villages: Vec<(DivisionId, String)>,
}

/// Everybody and everything of a county that stories need.
pub(super) struct Company {
    pub(super) county: CountyId,
    townships: Vec<Township>,
    lawyers: Vec<WorkerId>,
    pub(super) rooms: Vec<RoomId>,
    /// Accounts by role, with whom each stands for, in the order in which they were made.
    accounts: HashMap<&'static str, Vec<(AccountId, Option<WorkerId>)>>,
    calendar: Calendar,
    seed: u64,
    area: &'static str,
}

impl Company {
    /// Reads the county.
    ///
    /// # Errors
    /// The store's own.
    pub fn of(tx: &mut Tx<'_>, county: CountyId, seed: u64, area: &'static str) -> Result<Self, Stop> {
        let all = division::all(tx, county)?;
        let villages = |above: DivisionId| {
            let below = all.iter().filter(|one| one.parent_id == Some(above));
            below.map(|one| (one.id, one.name.clone())).collect()
        };
        let towns = all.iter().filter(|one| one.level == DivisionLevel::Township);
        let townships =
            towns.map(|one| Township { id: one.id, name: one.name.clone(), villages: villages(one.id) });
        let townships = townships.collect();
        // Those who have practised longest come first: every case can be given to them.
        let mut lawyers = worker::all(tx, county)?;
        lawyers.retain(|one| one.active && one.kind == WorkerKind::Lawyer);
        lawyers.sort_by_key(|one| {
            (one.licence.as_deref().map(|text| text.get(5..9).map(str::to_owned)), one.id)
        });
        let rooms = room::all(tx, county)?.into_iter().filter(|room| room.active).map(|room| room.id);
        let rooms = rooms.collect();
        let mut accounts = HashMap::new();
        for role in Role::ALL {
            let filter = account_list::Filter { role: Some(*role), ..account_list::Filter::default() };
            let page = account_list::page(
                tx,
                &Scope::whole(county),
                &filter,
                &Window { limit: PEERS, after: None },
            )?;
            let mut people = Vec::new();
            for one in page.items {
                people.push((one.id, account::by_id(tx, one.id)?.and_then(|whole| whole.worker)));
            }
            accounts.insert(role.code(), people);
        }
        let most = lawyers.len().min(40);
        let lawyers = lawyers.into_iter().take(most).map(|one| one.id).collect();
        let calendar = holiday::calendar(tx, county)?;
        Ok(Self { county, townships, lawyers, rooms, accounts, calendar, seed, area })
    }

    /// Somebody of a role; a lawyer or mediator is whoever leads the case, else the `n`-th lawyer.
    pub fn actor(&self, role: Role, leads: Option<WorkerId>, n: u32) -> Visitor {
        let worker = match role {
            Role::Lawyer | Role::Mediator => leads.or_else(|| self.lawyer(n)),
            _ => None,
        };
        // Another worker's step is nobody's account here.
        let known = self.peers(role).iter().find(|(_, own)| worker.is_none() || *own == worker);
        let post = Post { role, county: self.county, place: None };
        let account = known.map(|(account, _)| *account);
        Visitor { account, county: self.county, posts: vec![post], worker, token: None }
    }

    /// The account of a colleague of who usually acts in a role; nobody's where there is no second one.
    pub fn colleague(&self, role: Role) -> Option<AccountId> {
        self.peers(role).get(1).map(|(account, _)| *account)
    }

    fn peers(&self, role: Role) -> &[(AccountId, Option<WorkerId>)] {
        self.accounts.get(role.code()).map_or(&[], Vec::as_slice)
    }

    /// Whoever signs in with the `at`-th account of a role; the `n`-th lawyer where nobody does.
    fn signs_in(&self, role: Role, at: usize, n: u32) -> Option<String> {
        let worker = self.peers(role).get(at).and_then(|(_, worker)| *worker);
        worker.or_else(|| self.lawyer(n)).map(|id| id.to_string())
    }

    fn lawyer(&self, n: u32) -> Option<WorkerId> {
        let at = n.saturating_sub(1) as usize;
        self.lawyers.get(at % self.lawyers.len().max(1)).copied()
    }

    /// The people of the `n`-th case of a story.
    pub fn case<'a>(&'a self, label: &str, n: u32, day: Date) -> People<'a> {
        let mut dice = Dice::new(self.seed, &format!("{label} {n}"));
        let mut registry = Registry::new(self.area, day);
        let first = registry.person(&mut dice, (24, 78), 15);
        let second = registry.person(&mut dice, (24, 78), 15);
        let org = format!("{}{}有限公司", dice.pick(&NAMES), dice.pick(&TRADES));
        let at = n.saturating_sub(1) as usize;
        let town = self.townships.get(at % self.townships.len().max(1));
        let round = at / self.townships.len().max(1);
        let village = town.and_then(|town| town.villages.get(round % town.villages.len().max(1)));
        People {
            company: self,
            names: [first.name, second.name],
            id_number: first.id,
            phone: people::mobile(&mut dice),
            org,
            town: town.map(|town| (town.id, town.name.as_str())),
            village: village.map(|(id, name)| (*id, name.as_str())),
            n,
            day,
            shift: 0,
            later: 0,
        }
    }
}

/// The people of one case.
pub(super) struct People<'a> {
    company: &'a Company,
    names: [String; 2],
    id_number: String,
    phone: String,
    org: String,
    town: Option<(DivisionId, &'a str)>,
    village: Option<(DivisionId, &'a str)>,
    n: u32,
    day: Date,
    /// Rooms further on, where the first ones are taken.
    pub(super) shift: usize,
    /// Office days further on, where all rooms are taken.
    pub(super) later: usize,
}

impl People<'_> {
    /// Where a case stands: in its township where only that is spoken of, else in its village.
    pub fn place(&self, speaks_of_town_only: bool) -> Option<DivisionId> {
        let (town, village) = (self.town.map(|(id, _)| id), self.village.map(|(id, _)| id));
        if speaks_of_town_only { town } else { village.or(town) }
    }

    fn room(&self, further: usize) -> Option<String> {
        let rooms = &self.company.rooms;
        let at = self.n as usize * 2 + further + self.shift;
        rooms.get(at % rooms.len().max(1)).map(RoomId::to_string)
    }
}

impl Cast for People<'_> {
    fn part(&self, name: &str) -> Option<String> {
        match name {
            "person" => Some(self.names[0].clone()),
            "person2" => Some(self.names[1].clone()),
            "phone" => Some(self.phone.clone()),
            "id_number" => Some(self.id_number.clone()),
            "org" => Some(self.org.clone()),
            "village" => self.village.map(|(_, name)| name.to_owned()),
            "committee" => self.village.or(self.town).map(|(_, name)| super::committees::name_of(name)),
            "township" => self.town.map(|(_, name)| name.to_owned()),
            "worker" => self.company.lawyer(self.n).map(|id| id.to_string()),
            "worker2" => self.company.lawyer(self.n + 1).map(|id| id.to_string()),
            "lawyer" => self.company.signs_in(Role::Lawyer, 0, self.n),
            "lawyer2" => self.company.signs_in(Role::Lawyer, 1, self.n),
            "mediator" => self.company.signs_in(Role::Mediator, 0, self.n),
            "room" => self.room(0),
            "room2" => self.room(1),
            _ => None,
        }
    }

    fn n(&self) -> u32 {
        self.n
    }

    fn day(&self) -> Date {
        self.day
    }

    fn office_day(&self, day: Date) -> Date {
        let open = |day: &Date| day.weekday() < 5 && self.company.calendar.is_workday(*day).workday;
        let days = (0..).map(|n| day.plus_days(n)).take(MOST_CLOSED);
        days.filter(open).nth(self.later).unwrap_or(day)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn rooms_are_asked_for_on_days_on_which_they_are_open() {
        let company = Company {
            county: falin_domain::words::Id::from_parts(falin_domain::time::Instant::from_millis(1), [0; 10]),
            townships: Vec::new(),
            lawyers: Vec::new(),
            rooms: Vec::new(),
            accounts: HashMap::new(),
            calendar: Calendar::published().clone(),
            seed: 1,
            area: "620201",
        };
        let day = |text: &str| -> Date { text.parse().unwrap() };
        let mut people = company.case("session", 1, day("2026-09-29"));
        // The National Day holiday of 2026 ends on 7 October; the Saturday before it is a day of work, but of no rooms.
        assert_eq!(people.office_day(day("2026-10-05")), day("2026-10-08"));
        assert_eq!(people.office_day(day("2026-11-28")), day("2026-11-30"));
        people.later = 2;
        assert_eq!(people.office_day(day("2026-10-05")), day("2026-10-12"));
    }
}
