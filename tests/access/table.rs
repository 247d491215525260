//! The access table as people read it: one line a route. A route that is not here, or whose roles change, fails.
//!
//! After a change made on purpose: `FALIN_TEST_WRITE=access cargo test access::table` and read the diff.

use falin_domain::access::{Role, roles_for};
use falin_web::routes::{self, Access, Route};

/// The lines that were read and agreed.
pub const TABLE: &str = include_str!("table.txt");
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/access/table.txt");

/// One line: `GET /path  who`.
fn line(route: &Route) -> String {
    let who = match route.access {
        Access::Open | Access::Public => "everybody".to_owned(),
        Access::SignedIn => "signed-in".to_owned(),
        Access::Needs(act, noun) => {
            roles_for(act, noun).iter().map(|role| role.code()).collect::<Vec<_>>().join(" ")
        }
    };
    format!("{} {}  {who}", route.method, route.path)
}

/// Whether the table lets this role (None: nobody signed in) through a line.
pub fn lets_in(who: &str, role: Option<Role>) -> bool {
    match (who, role) {
        ("everybody", _) => true,
        (_, None) => false,
        ("signed-in", Some(_)) => true,
        (who, Some(role)) => who.split(' ').any(|code| code == role.code()),
    }
}

#[test]
fn the_table_is_the_one_that_was_agreed() {
    let mut lines: Vec<_> = routes::all().iter().map(line).collect();
    lines.sort();
    let now = lines.join("\n") + "\n";
    if std::env::var("FALIN_TEST_WRITE").is_ok_and(|what| what == "access") {
        std::fs::write(FILE, &now).unwrap();
        return;
    }
    let added: Vec<_> = now.lines().filter(|line| !TABLE.lines().any(|known| known == *line)).collect();
    let gone: Vec<_> = TABLE.lines().filter(|line| !now.lines().any(|known| known == *line)).collect();
    assert!(added.is_empty() && gone.is_empty(), "not agreed: {added:#?}\nno longer so: {gone:#?}");
}
