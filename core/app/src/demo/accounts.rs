//! The accounts that a sample county begins with: one per role, two of lawyers and of legal-aid officers, with passwords that can be typed.

use falin_domain::access::Role;

use super::County;
use super::dice::Dice;
use super::names;

/// Whom an account stands for, beside its role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    Nobody,
    /// The lawyer with this licence.
    Licence(String),
    /// The household whose head has this identity number.
    Household(String),
}

/// An account to be created through the ordinary use case.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountSpec {
    pub role: Role,
    pub username: String,
    pub password: String,
    pub display_name: String,
    /// Code of the division for which the role is held.
    pub place: String,
    pub link: Link,
}

/// The nine core roles, in the order of the printed list, with what a user name ends in. Of legal-aid officers there
/// are two, since nobody checks the own draft; of lawyers as well, to swap duties and stand in for each other.
const ROLES: [(Role, &str); 11] = [
    (Role::Resident, "resident"),
    (Role::Lawyer, "lawyer"),
    (Role::Mediator, "mediator"),
    (Role::Clerk, "clerk"),
    (Role::AidOfficer, "aid"),
    (Role::CountyAdmin, "admin"),
    (Role::SecurityAdmin, "security"),
    (Role::AuditAdmin, "audit"),
    (Role::PlatformAdmin, "platform"),
    (Role::AidOfficer, "aid2"),
    (Role::Lawyer, "lawyer2"),
];
const WORDS: &[&str] = &[
    "guanlou", "tuoling", "hongliu", "shamo", "qilian", "xueshan", "lvzhou", "hexi", "yangguan", "dunhuang",
    "huyang", "putao", "jiayu", "taolai", "caohu", "jiuquan",
];

/// The accounts of `county`; the passwords depend on `secret` alone.
pub fn accounts(county: &County, secret: u64) -> Vec<AccountSpec> {
    let spec = county.spec;
    let mut words = Dice::new(secret, &format!("{} passwords", spec.code));
    let mut people = Dice::new(secret, &format!("{} staff", spec.code));
    ROLES
        .iter()
        .map(|&(role, ending)| {
            let (display_name, link) = person_behind((role, ending), county, &mut people);
            AccountSpec {
                role,
                username: format!("{}.{ending}", spec.slug),
                password: password(&mut words),
                display_name,
                place: place_of(role, county),
                link,
            }
        })
        .collect()
}

/// Three words and four digits, about 25 bits: enough for a sample that is thrown away.
fn password(dice: &mut Dice) -> String {
    format!("{}-{}-{}-{:04}", dice.pick(WORDS), dice.pick(WORDS), dice.pick(WORDS), dice.below(10_000))
}

/// Which lawyer of the roster an account stands for: those who mediate lead cases as well, so that every act that the
/// pages offer can be taken.
fn lawyer_of(role: Role, ending: &str) -> Option<usize> {
    match (role, ending) {
        (Role::Lawyer, "lawyer") => Some(0),
        (Role::Mediator, _) => Some(1),
        (Role::Lawyer, _) => Some(2),
        _ => None,
    }
}

fn person_behind((role, ending): (Role, &str), county: &County, dice: &mut Dice) -> (String, Link) {
    let lawyer = lawyer_of(role, ending).and_then(|at| county.lawyers.get(at));
    match (role, lawyer, county.resident()) {
        (_, Some(lawyer), _) => (lawyer.name.clone(), Link::Licence(lawyer.licence.clone())),
        (Role::Resident, _, Some(home)) => {
            (home.person.name.clone(), Link::Household(home.person.id.clone()))
        }
        _ => {
            let female = dice.chance(450);
            (names::han(dice, female, 1980), Link::Nobody)
        }
    }
}

/// A resident's role is held at home, everybody else's for the county.
fn place_of(role: Role, county: &County) -> String {
    match (role, county.resident()) {
        (Role::Resident, Some(home)) => home.village.code.to_owned(),
        _ => county.spec.code.to_owned(),
    }
}
