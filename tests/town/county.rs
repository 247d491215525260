//! The small county that most tests live in: prepared once per database, cloned per test.

use std::path::Path;
use std::sync::OnceLock;

use falin_domain::access::Role;

use super::rosters::{self, Cell, headers, id_number, licence, roster, row, uscc};
use super::{Backend, Town, postgres, watchdog};

/// The county's code: a city without counties, as in the sample data.
pub const COUNTY: &str = "620200";

/// Divisions: two rural towns and one urban street.
pub const DIVISIONS: &str = "code,name,level
620000,甘肃省,province
620200,嘉峪关市,city
620201,嘉峪关市(统计用县级代码),county
620201001,雄关街道,township
620201001001,福民社区,village
620201001002,永乐社区,village
620201100,新城镇,township
620201100201,横沟村,village
620201100202,观蒲村,village
620201101,峪泉镇,township
620201101201,嘉峪关村,village
620201101202,断山口村,village
";

/// Rural villages of the county with their township.
pub const RURAL: [(&str, &str); 4] =
    [("新城镇", "横沟村"), ("新城镇", "观蒲村"), ("峪泉镇", "嘉峪关村"), ("峪泉镇", "断山口村")];
/// Urban communities of the county with their street.
pub const URBAN: [(&str, &str); 2] = [("雄关街道", "福民社区"), ("雄关街道", "永乐社区")];

/// Lawyers: name, firm, capacity in households.
pub const LAWYERS: [(&str, &str, u32); 4] = [
    ("仇文静", "甘肃雄关律师事务所", 10),
    ("单于明", "甘肃雄关律师事务所", 10),
    ("曾国强", "甘肃长城律师事务所", 10),
    ("阿依古丽·买买提", "甘肃长城律师事务所", 10),
];

/// Rural households in all, and urban ones.
pub const HOUSEHOLDS: (usize, usize) = (24, 10);

/// Law firms.
pub fn firms() -> Vec<u8> {
    let firm = |name, body, address, head| {
        vec![
            Cell::from(name),
            uscc(body).into(),
            Cell::from(address),
            "0937-6226123".into(),
            Cell::from(head),
        ]
    };
    let rows = vec![
        firm("甘肃雄关律师事务所", "31620000MD0000016", "新华中路1号", "仇文静"),
        firm("甘肃长城律师事务所", "33620200MD0000024", "迎宾西路2号", "曾国强"),
    ];
    roster(&headers::FIRMS, rows)
}

/// Lawyers.
pub fn lawyers() -> Vec<u8> {
    lawyers_of(LAWYERS[0].2)
}

/// The same lawyers, each taking this many households.
pub fn lawyers_of(capacity: u32) -> Vec<u8> {
    let rows = LAWYERS.iter().enumerate().map(|(at, (name, firm, _))| {
        let phone = format!("1390937{:04}", 1000 + at);
        let licence = licence(2015, 100_001 + at as u32);
        let mut cells = row(&[firm, name, "女", &licence, &phone, "婚姻家庭、土地承包", "普通话"]);
        cells.push(Cell::Number(f64::from(capacity)));
        cells
    });
    roster(&headers::LAWYERS, rows.collect())
}

/// Advisers of the rural villages, one lawyer each.
pub fn advisers() -> Vec<u8> {
    let rows = RURAL.iter().zip(LAWYERS).enumerate().map(|(at, ((town, village), (name, firm, _)))| {
        let licence = licence(2015, 100_001 + at as u32);
        row(&[town, village, name, &licence, firm, "2026-01-01至2028-12-31", "每周三上午"])
    });
    roster(&headers::ADVISERS, rows.collect())
}

/// One household's row; `number` makes person and phone.
pub fn household(place: (&str, &str), number: usize, category: &str) -> Vec<Cell> {
    let id =
        id_number("620201", &format!("19{:02}0{}15", 50 + number % 40, 1 + number % 9), number as u32 % 999);
    let phone = format!("138{number:08}");
    let (name, home) =
        (format!("{}{}", FAMILY[number % FAMILY.len()], GIVEN[number / 3 % GIVEN.len()]), number + 1);
    row(&[place.0, place.1, &name, &id, &phone, category, &format!("{}{home}号", place.1)])
}

const FAMILY: [&str; 7] = ["张", "王", "李", "曾", "仇", "欧阳", "马"];
const GIVEN: [&str; 8] = ["建国", "秀英", "桂兰", "志强", "玉梅", "海燕", "德福", "小明"];

/// A roster of these households.
pub fn household_roster(rows: &[Vec<Cell>]) -> Vec<u8> {
    roster(&headers::HOUSEHOLDS, rows.to_vec())
}

/// The rural households.
pub fn rural() -> Vec<u8> {
    let rows = (0..HOUSEHOLDS.0).map(|at| household(RURAL[at % RURAL.len()], at, ""));
    roster(&headers::HOUSEHOLDS, rows.collect())
}

/// The urban households, each of a category.
pub fn urban() -> Vec<u8> {
    let kinds = ["低保", "残疾"];
    let rows = (0..HOUSEHOLDS.1).map(|at| household(URBAN[at % 2], 500 + at, kinds[at / 2 % 2]));
    roster(&headers::HOUSEHOLDS, rows.collect())
}

/// The password of every prepared account.
pub const PASSWORD: &str = "jiayuguan lantern 2026";

/// The log-in name of a role's prepared account.
pub fn username(role: &str) -> String {
    role.replace('_', "-")
}

/// Makes an account for each role, ready to sign in.
fn accounts(town: &Town) {
    for role in Role::ALL {
        let (name, role) = (username(role.code()), role.code());
        let words = ["user", "add", &name, "--role", role, "--place", COUNTY, "--password-stdin"];
        town.falin_typing(&words, PASSWORD).ok();
    }
    // The lawyer's account is the first lawyer, as accounts for a roster are.
    let him = "SELECT id FROM worker ORDER BY licence LIMIT 1";
    town.sql(&format!("UPDATE account SET worker_id = ({him}) WHERE username = 'lawyer'")).unwrap();
}

/// A county ready to be cloned; nobody is connected to it.
pub struct Prepared {
    town: Town,
}

/// The prepared county on this database, made by the first test that asks.
pub fn prepared(backend: Backend) -> &'static Prepared {
    static SQLITE: OnceLock<Prepared> = OnceLock::new();
    static POSTGRES: OnceLock<Prepared> = OnceLock::new();
    let cell = match backend {
        Backend::Sqlite => &SQLITE,
        Backend::Postgres => &POSTGRES,
    };
    cell.get_or_init(|| {
        let town = Town::empty(backend);
        load(&town);
        accounts(&town);
        Prepared { town }
    })
}

/// Loads every roster through the command line.
pub fn load(town: &Town) {
    let import = |noun: &str, name: &str, bytes: &[u8], kind: &[&str]| {
        let file = town.file(name, bytes);
        town.falin(&[&["import", noun, &file, "--place", COUNTY], kind].concat()).ok();
    };
    import("divisions", "divisions.csv", DIVISIONS.as_bytes(), &[]);
    import("firms", "firms.xlsx", &firms(), &[]);
    import("lawyers", "lawyers.xlsx", &lawyers(), &[]);
    import("advisers", "advisers.xlsx", &advisers(), &[]);
    import("households", "rural.xlsx", &rural(), &["--kind", "rural"]);
    import("households", "urban.xlsx", &urban(), &["--kind", "urban"]);
}

impl Prepared {
    /// A copy that a test may do anything to.
    pub fn clone_town(&self) -> Town {
        let data = watchdog::fresh_directory();
        copy(&self.town.data, &data);
        let database = self.town.database.as_deref().map(|url| postgres::cluster().create(Some(url)));
        Town { backend: self.town.backend, data, database, server: None }
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// A token for a role's account, as the administrator issues one.
pub fn token(town: &Town, role: &str) -> String {
    let issued = town.falin(&["token", "issue", "--user", &username(role), "--days", "1"]).ok();
    issued.stdout.trim().to_owned()
}

#[test]
fn made_households_are_distinct_people() {
    let rows = (0..HOUSEHOLDS.0).chain(500..500 + HOUSEHOLDS.1).map(|at| household(RURAL[0], at, ""));
    let mut ids: Vec<_> = rows.map(|cells| format!("{:?}", cells[3])).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), HOUSEHOLDS.0 + HOUSEHOLDS.1);
    assert_eq!(rosters::licence(2015, 100_001).len(), 17);
}
