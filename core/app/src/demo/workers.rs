//! Law firms, their lawyers, and the lawyers' posts as advisers of the villages.

use falin_domain::time::Date;

use super::codes::{credit_code, licence};
use super::counties::{CountySpec, Village};
use super::dice::Dice;
use super::people::{Registry, landline, mobile};

/// A law firm of the sample.
#[derive(Clone, Debug)]
pub struct Firm {
    pub name: String,
    pub credit_code: String,
    pub address: String,
    pub phone: String,
    pub head: String,
}

/// A lawyer of the sample; `firm` is an index into the firms.
#[derive(Clone, Debug)]
pub struct Lawyer {
    pub firm: usize,
    pub name: String,
    pub female: bool,
    pub licence: String,
    pub mobile: String,
    pub specialties: String,
    pub languages: &'static str,
    /// Households that this lawyer takes.
    pub capacity: u32,
}

/// A lawyer's engagement by a village; `lawyer` is an index into the lawyers.
#[derive(Clone, Debug)]
pub struct Post {
    pub village: Village,
    pub lawyer: usize,
    pub term: String,
    pub hours: &'static str,
}

/// Landmarks of each county: no firm there is registered under such a name as far as is known.
const FIRM_NAMES: &[(&str, &[&str])] = &[
    (
        "620200",
        &[
            "讨赖河",
            "柔远楼",
            "光化楼",
            "墩台",
            "悬壁",
            "黑山石",
            "草湖",
            "九眼泉",
            "双井",
            "峪石",
            "朔方塔",
            "长廊",
            "驼铃",
            "红柳泉",
        ],
    ),
    ("620921", &["鸳鸯池", "弱水", "胡杨林"]),
    ("620721", &["隆畅河", "雪莲", "白泉门"]),
];
const ROADS: &[&str] = &["建设路", "新华路", "胜利路", "迎宾路", "文化路", "五一路"];
const SPECIALTIES: &[&str] = &[
    "婚姻家庭",
    "劳动争议",
    "合同",
    "土地承包",
    "房产物业",
    "交通事故",
    "医疗",
    "消费",
    "继承",
    "民间借贷",
    "刑事",
    "行政",
];
const LANGUAGES: &[(&str, u32)] = &[
    ("普通话", 40),
    ("普通话、本地方言", 40),
    ("普通话、藏语", 8),
    ("普通话、维吾尔语", 6),
    ("普通话、裕固语", 4),
    ("普通话、蒙古语", 2),
];
const HOURS: &[&str] = &["每周五下午", "每月第一个周三上午", "每月15日"];

/// The firms, each with a person of the county at its head.
pub fn firms(spec: &CountySpec, registry: &mut Registry, dice: &mut Dice) -> Vec<Firm> {
    let names = FIRM_NAMES.iter().find(|row| row.0 == spec.code).map_or(&[] as &[&str], |row| row.1);
    let base = spec.code.parse::<usize>().unwrap_or(0) % 10_000 * 100;
    names
        .iter()
        .take(spec.firms)
        .enumerate()
        .map(|(n, name)| Firm {
            name: format!("甘肃{name}律师事务所"),
            credit_code: credit_code("620000", base + n + 1),
            address: format!("{}{}{}号", spec.name, dice.pick(ROADS), dice.between(1, 98)),
            phone: landline(spec.dial, dice),
            head: registry.person(dice, (35, 62), 0).name,
        })
        .collect()
}

/// The lawyers, dealt to the firms in turn.
pub fn lawyers(spec: &CountySpec, registry: &mut Registry, dice: &mut Dice, today: Date) -> Vec<Lawyer> {
    (0..spec.lawyers).map(|n| lawyer(spec, n, registry, dice, today)).collect()
}

fn lawyer(spec: &CountySpec, n: usize, registry: &mut Registry, dice: &mut Dice, today: Date) -> Lawyer {
    let person = registry.person(dice, (28, 63), 2 * spec.separated);
    let earliest = u32::from(person.birth.parts().0.unsigned_abs()) + 25;
    let latest = u32::from(today.parts().0.unsigned_abs()) - 2;
    let since = dice.between(earliest, latest.max(earliest));
    Lawyer {
        firm: n % spec.firms.max(1),
        licence: licence(&spec.code[..4], since, person.female, n + 1),
        name: person.name,
        female: person.female,
        mobile: mobile(dice),
        specialties: specialties(dice),
        languages: languages(dice),
        capacity: dice.between(spec.capacity.0, spec.capacity.1),
    }
}

fn languages(dice: &mut Dice) -> &'static str {
    let spoken = dice.weighted(LANGUAGES);
    LANGUAGES.iter().map(|row| row.0).find(|row| *row == spoken).unwrap_or("普通话")
}

fn specialties(dice: &mut Dice) -> String {
    let count = dice.between(1, 3) as usize;
    let start = dice.below(SPECIALTIES.len());
    let step = [1, 5, 7][dice.below(3)];
    let chosen: Vec<&str> = (0..count).map(|n| SPECIALTIES[(start + n * step) % SPECIALTIES.len()]).collect();
    chosen.join(dice.pick(&["、", ";", ","]))
}

/// One post per village, lawyer after lawyer, for the five years that begin with `today`'s.
pub fn posts(spec: &CountySpec, lawyers: &[Lawyer], dice: &mut Dice, today: Date) -> Vec<Post> {
    let first = today.parts().0;
    let villages = spec.villages();
    villages
        .into_iter()
        .take(spec.posts)
        .enumerate()
        .map(|(n, village)| Post {
            village,
            lawyer: n % lawyers.len().max(1),
            term: term(first, first + 4, dice),
            hours: HOURS[dice.below(HOURS.len())],
        })
        .collect()
}

/// One term in the notations that offices use side by side.
fn term(first: i16, last: i16, dice: &mut Dice) -> String {
    match dice.below(4) {
        0 => format!("{first}.1.1-{last}.12.31"),
        1 => format!("{first}/1/1—{last}/12/31"),
        _ => format!("{first}年1月1日至{last}年12月31日"),
    }
}
