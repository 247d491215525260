//! Made-up people of one county: name, birth, an identity number that nobody else has, a phone.

use std::collections::HashSet;

use falin_domain::time::Date;

use super::codes::with_id_check;
use super::dice::Dice;
use super::names;

/// Series that the plan of numbers has given to no operator: they look right and ring nowhere, so that no
/// link of a sample county calls a stranger.
const SILENT_SERIES: &[&str] = &["154", "160", "161", "163", "164", "168", "169"];

/// One made-up person.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    pub female: bool,
    pub birth: Date,
    /// 18 characters, check right.
    pub id: String,
}

/// Draws people of one county and remembers which identity numbers are taken.
pub struct Registry {
    area: &'static str,
    today: Date,
    taken: HashSet<String>,
}

impl Registry {
    /// People with identity numbers of `area` (6 digits), their ages counted back from `today`.
    pub fn new(area: &'static str, today: Date) -> Self {
        Self { area, today, taken: HashSet::new() }
    }

    /// A person from `youngest` to `oldest` years old; `separated` permille have a name with ·.
    pub fn person(&mut self, dice: &mut Dice, ages: (u32, u32), separated: usize) -> Person {
        let female = dice.chance(380);
        let birth = self.birth(dice, ages);
        let name = if dice.chance(separated) {
            names::with_separator(dice, female)
        } else {
            names::han(dice, female, birth.parts().0)
        };
        let id = self.free_id(dice, birth, female);
        Person { name, female, birth, id }
    }

    fn birth(&self, dice: &mut Dice, (youngest, oldest): (u32, u32)) -> Date {
        let age = i64::from(dice.between(youngest * 365 + youngest / 4 + 1, oldest * 365));
        self.today.plus_days(-age)
    }

    fn free_id(&mut self, dice: &mut Dice, birth: Date, female: bool) -> String {
        let (year, month, day) = birth.parts();
        loop {
            let sequence = dice.between(1, 498) * 2 + u32::from(!female);
            let id = with_id_check(&format!("{}{year:04}{month:02}{day:02}{sequence:03}", self.area));
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }
}

/// A mobile number of 11 digits that belongs to nobody.
pub fn mobile(dice: &mut Dice) -> String {
    format!("{}{:08}", dice.pick(SILENT_SERIES), dice.below(100_000_000))
}

/// An office number; local numbers that begin with 1 are short codes, so that this one rings nowhere either.
pub fn landline(dial: &str, dice: &mut Dice) -> String {
    format!("{dial}-1{:06}", dice.below(1_000_000))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_are_unique_and_checked() {
        let today: Date = "2026-03-01".parse().unwrap();
        let mut registry = Registry::new("620201", today);
        let mut dice = Dice::new(9, "people");
        let mut seen = HashSet::new();
        for _ in 0..3000 {
            let person = registry.person(&mut dice, (20, 90), 20);
            assert!(person.birth < today);
            assert_eq!(with_id_check(&person.id[..17]), person.id);
            let odd = (person.id.as_bytes()[16] - b'0') % 2 == 1;
            assert_eq!(odd, !person.female);
            assert!(seen.insert(person.id));
        }
    }
}
