//! Household rows, clean as the village committee meant them: person, phone, category, address.

use falin_domain::directory::HouseholdKind;

use super::counties::{CountySpec, Village};
use super::dice::Dice;
use super::people::{Person, Registry, mobile};

/// What a spreadsheet holds in one place.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Blank,
    Text(String),
    Number(f64),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// One row of a household roster.
#[derive(Clone, Debug)]
pub struct Home {
    pub village: Village,
    pub person: Person,
    pub name: Cell,
    pub id: Cell,
    pub phone: Cell,
    pub category: &'static str,
    pub address: String,
    pub remark: &'static str,
}

const RURAL: &[(&str, u32)] = &[("农村", 90), ("农村、低保", 6), ("农村、残疾", 4)];
const URBAN: &[(&str, u32)] = &[("残疾", 38), ("低保、残疾", 21), ("低保,残疾", 20), ("低保", 21)];
const REMARKS: &[&str] =
    &["独居", "子女在外务工", "行动不便", "听力障碍", "户主住院", "人户分离", "需上门服务"];
const ESTATES: &[&str] = &["街区", "小区", "家属院", "佳苑", "新村"];

/// All rows of one kind, village after village in the order of the divisions.
pub fn homes(spec: &CountySpec, kind: HouseholdKind, registry: &mut Registry, dice: &mut Dice) -> Vec<Home> {
    let (villages, total) = match kind {
        HouseholdKind::Rural => (spec.rural_villages(), spec.rural),
        HouseholdKind::Urban => (spec.urban_villages(), spec.urban),
    };
    let mut rows = Vec::with_capacity(total);
    for (village, count) in villages.iter().zip(shares(villages.len(), total, dice)) {
        rows.extend((0..count).map(|_| home(*village, kind, spec.separated, registry, dice)));
    }
    rows
}

/// `total` households over `villages`, no village more than about four times another.
fn shares(villages: usize, total: usize, dice: &mut Dice) -> Vec<usize> {
    let weights: Vec<usize> = (0..villages).map(|_| dice.between(100, 380) as usize).collect();
    let sum: usize = weights.iter().sum::<usize>().max(1);
    let mut counts: Vec<usize> = weights.iter().map(|weight| weight * total / sum).collect();
    let missing = total - counts.iter().sum::<usize>();
    counts.iter_mut().take(missing).for_each(|count| *count += 1);
    counts
}

fn home(
    village: Village,
    kind: HouseholdKind,
    separated: usize,
    registry: &mut Registry,
    dice: &mut Dice,
) -> Home {
    let person = registry.person(dice, (21, 88), separated);
    let phone = mobile(dice);
    let (categories, address) = match kind {
        HouseholdKind::Rural => (RURAL, farm_address(&village, dice)),
        HouseholdKind::Urban => (URBAN, flat_address(&village, dice)),
    };
    let remark = if dice.chance(30) { dice.pick(REMARKS) } else { "" };
    Home {
        village,
        name: person.name.clone().into(),
        id: person.id.clone().into(),
        phone: phone.into(),
        category: static_pick(categories, dice),
        address,
        remark,
        person,
    }
}

fn static_pick(items: &'static [(&'static str, u32)], dice: &mut Dice) -> &'static str {
    let wanted = dice.weighted(items);
    items.iter().map(|item| item.0).find(|item| *item == wanted).unwrap_or("")
}

fn farm_address(village: &Village, dice: &mut Dice) -> String {
    format!("{}{}组{}号", village.name, dice.between(1, 8), dice.between(1, 120))
}

fn flat_address(village: &Village, dice: &mut Dice) -> String {
    let stem = village.name.trim_end_matches("社区").trim_end_matches('村');
    let (building, entrance, floor, door) =
        (dice.between(1, 28), dice.between(1, 4), dice.between(1, 6), dice.between(1, 3));
    format!("{stem}{}{building}号楼{entrance}单元{floor}{door:02}室", dice.pick(ESTATES))
}
