//! Names as a county in the Hexi corridor has them: common, rare, and with the separator ·.

use super::dice::Dice;

/// Surnames by their share in ten thousand, with the Muslim and Yugur surnames of the region.
const SURNAMES: &[(&str, u32)] = &[
    ("王", 810),
    ("李", 760),
    ("张", 750),
    ("马", 390),
    ("刘", 480),
    ("陈", 300),
    ("杨", 370),
    ("赵", 310),
    ("黄", 130),
    ("周", 150),
    ("吴", 140),
    ("徐", 120),
    ("孙", 150),
    ("胡", 110),
    ("朱", 120),
    ("高", 150),
    ("林", 60),
    ("何", 120),
    ("郭", 140),
    ("罗", 90),
    ("宋", 100),
    ("郑", 70),
    ("谢", 80),
    ("韩", 100),
    ("唐", 80),
    ("冯", 80),
    ("于", 60),
    ("董", 80),
    ("程", 60),
    ("曹", 70),
    ("袁", 60),
    ("许", 80),
    ("沈", 40),
    ("曾", 30),
    ("彭", 40),
    ("吕", 60),
    ("苏", 70),
    ("蒋", 50),
    ("蔡", 40),
    ("贾", 70),
    ("丁", 70),
    ("魏", 80),
    ("薛", 60),
    ("叶", 40),
    ("阎", 30),
    ("潘", 40),
    ("杜", 70),
    ("戴", 30),
    ("夏", 40),
    ("钟", 40),
    ("汪", 50),
    ("田", 70),
    ("任", 70),
    ("姜", 50),
    ("范", 50),
    ("方", 40),
    ("石", 60),
    ("姚", 60),
    ("廖", 30),
    ("邹", 30),
    ("熊", 30),
    ("白", 60),
    ("孟", 50),
    ("秦", 50),
    ("侯", 50),
    ("江", 40),
    ("尹", 40),
    ("段", 50),
    ("雷", 50),
    ("龙", 30),
    ("史", 40),
    ("陶", 40),
    ("贺", 50),
    ("顾", 30),
    ("毛", 40),
    ("郝", 40),
    ("龚", 30),
    ("邵", 30),
    ("万", 30),
    ("钱", 30),
    ("严", 30),
    ("武", 40),
    ("殷", 30),
    ("妥", 30),
    ("撒", 15),
    ("安", 40),
    ("郎", 20),
    ("索", 15),
    ("兰", 20),
    ("柴", 20),
    ("茹", 10),
    ("仝", 6),
    ("逯", 5),
    ("昝", 4),
    ("訾", 3),
    ("欧阳", 20),
    ("司马", 8),
    ("上官", 8),
    ("令狐", 4),
];

const MEN_BEFORE_1965: &[&str] = &[
    "建国", "国强", "志明", "德福", "生财", "万福", "兴国", "发旺", "长寿", "玉堂", "永福", "天成", "吉祥",
    "有才", "世荣", "殿元", "学文", "登科", "积善", "克俭", "占魁", "怀德", "振华", "育英",
];
const MEN_BEFORE_1985: &[&str] = &[
    "建军", "卫东", "建平", "永红", "国庆", "志强", "海军", "军", "强", "勇", "伟", "建忠", "文革", "晓东",
    "立新", "宏伟", "玉龙", "爱民", "小平", "援朝", "锋", "斌", "新民", "向阳",
];
const MEN_SINCE_1985: &[&str] = &[
    "浩", "宇", "鹏", "磊", "凯", "超", "俊杰", "子豪", "文博", "嘉伟", "浩然", "旭东", "天宇", "家乐",
    "泽宇", "博文", "一鸣", "思远", "瑞", "晨", "志鹏", "海龙", "亮", "明轩",
];
const WOMEN_BEFORE_1965: &[&str] = &[
    "秀英", "桂兰", "玉兰", "秀兰", "桂英", "玉珍", "菊花", "银花", "凤英", "淑珍", "兰英", "月英", "金莲",
    "翠花", "桂花", "玉梅", "巧云", "春香", "改改", "腊梅", "雪莲", "秀花", "玉莲", "存兰",
];
const WOMEN_BEFORE_1985: &[&str] = &[
    "红", "丽", "霞", "芳", "燕", "艳", "玲", "丽娟", "红梅", "建英", "晓红", "海霞", "丽萍", "雪梅", "小玲",
    "爱华", "秀丽", "红霞", "晓燕", "淑芳", "春梅", "玉霞", "丽华", "敏",
];
const WOMEN_SINCE_1985: &[&str] = &[
    "婷", "静", "雪", "倩", "佳", "梦瑶", "雨欣", "思琪", "欣怡", "晓雯", "娜", "莹", "文静", "佳怡", "嘉琪",
    "雅婷", "慧敏", "若曦", "晶", "丹", "诗涵", "子涵", "悦", "海燕",
];
const FIRST_OF_MEN: &str = "建国志永文海天玉德生兴明振宏立世家俊子浩泽瑞鹏嘉晓育万学春金";
const LAST_OF_MEN: &str = "军平强伟华明东林峰龙斌杰文波刚辉成涛山海宁安祥民新元旭川庆义";
const FIRST_OF_WOMEN: &str = "秀玉桂淑丽晓红雪春海美爱慧文雅佳欣梦金凤彩月巧翠兰静思若小银";
const LAST_OF_WOMEN: &str = "英兰花梅芳霞萍玲燕娟红琴珍莲香云敏娜婷静怡琳雯洁慧凤玉丽秋莹";
/// Characters that older software loses: extension planes, and rare ones of the basic plane.
const RARE: &[&str] = &["𠅤", "䶮", "𬭎", "㛃", "𫖯", "昪", "頔", "喆", "赟", "翀", "甦", "𬱖", "玥珺", "𬍤"];

const UYGHUR_MEN: &[&str] =
    &["阿卜杜拉", "买买提", "艾合买提", "吐尔逊", "玉素甫", "库尔班", "依明", "阿不都热依木"];
const UYGHUR_WOMEN: &[&str] =
    &["古丽娜尔", "阿依古丽", "热依汗", "帕提古丽", "玛依拉", "祖丽胡玛尔", "阿依努尔"];
const TIBETAN: &[&str] = &["扎西", "索南", "才让", "多杰", "桑吉", "东智", "丹增", "贡布"];
const TIBETAN_WOMEN: &[&str] = &["卓玛", "央金", "拉毛", "德吉", "白玛", "曲珍"];
/// Yugur clan names, written before the given name.
const YUGUR_CLANS: &[&str] = &["安江", "贺郎格", "亚拉格", "巴岳特", "苏勒都斯", "呼郎嘎提"];
const YUGUR_MEN: &[&str] = &["达隆", "巴特尔", "铁木尔", "那木卡", "尼玛", "孟克"];
const YUGUR_WOMEN: &[&str] = &["玛尔建", "其木格", "萨尔娜", "银杏吉斯", "赛迪玛", "阿依吉斯"];
const MONGOL_MEN: &[&str] = &["巴图", "孟和", "苏和", "朝鲁", "额尔德尼"];

/// The name of a Han or Hui person born in `year`.
pub fn han(dice: &mut Dice, female: bool, year: i16) -> String {
    let surname = dice.weighted(SURNAMES);
    if dice.chance(4) {
        return format!("{surname}{}", dice.pick(RARE));
    }
    if dice.chance(450) {
        return format!("{surname}{}", dice.pick(given_of(female, year)));
    }
    let (first, last) = if female { (FIRST_OF_WOMEN, LAST_OF_WOMEN) } else { (FIRST_OF_MEN, LAST_OF_MEN) };
    let (first, last) = (one_of(dice, first), one_of(dice, last));
    // 秀秀 and 玉玉 are heard, 海海 is not: a doubled character gives a one-character name.
    if first == last { format!("{surname}{last}") } else { format!("{surname}{first}{last}") }
}

fn given_of(female: bool, year: i16) -> &'static [&'static str] {
    match (female, year) {
        (false, ..=1964) => MEN_BEFORE_1965,
        (false, 1965..=1984) => MEN_BEFORE_1985,
        (false, _) => MEN_SINCE_1985,
        (true, ..=1964) => WOMEN_BEFORE_1965,
        (true, 1965..=1984) => WOMEN_BEFORE_1985,
        (true, _) => WOMEN_SINCE_1985,
    }
}

fn one_of(dice: &mut Dice, characters: &str) -> char {
    let index = dice.below(characters.chars().count());
    characters.chars().nth(index).unwrap_or('明')
}

/// The name of a Uyghur, Tibetan, Yugur or Mongol person, its parts joined by · (民委发〔2016〕33号).
pub fn with_separator(dice: &mut Dice, female: bool) -> String {
    let (first, second) = match (dice.below(4), female) {
        (0, false) => (dice.pick(UYGHUR_MEN), dice.pick(UYGHUR_MEN)),
        (0, true) => (dice.pick(UYGHUR_WOMEN), dice.pick(UYGHUR_MEN)),
        (1, false) => (dice.pick(TIBETAN), dice.pick(TIBETAN)),
        (1, true) => (dice.pick(TIBETAN), dice.pick(TIBETAN_WOMEN)),
        (2, false) => (dice.pick(MONGOL_MEN), dice.pick(MONGOL_MEN)),
        (_, false) => (dice.pick(YUGUR_CLANS), dice.pick(YUGUR_MEN)),
        (_, true) => (dice.pick(YUGUR_CLANS), dice.pick(YUGUR_WOMEN)),
    };
    format!("{first}·{second}")
}

/// The same name with a separator that people type by mistake; an import must repair each of them.
pub fn mistyped(name: &str, dice: &mut Dice) -> String {
    name.replace('·', dice.pick(&["•", "・", ".", "．", "‧"]))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_have_two_to_five_characters() {
        let mut dice = Dice::new(3, "names");
        for n in 0..2000 {
            let name = han(&mut dice, n % 2 == 0, 1950 + (n % 60) as i16);
            assert!((2..=5).contains(&name.chars().count()), "{name}");
        }
    }

    #[test]
    fn separated_names_have_two_parts() {
        let mut dice = Dice::new(3, "separated");
        for n in 0..200 {
            let name = with_separator(&mut dice, n % 2 == 0);
            assert_eq!(name.split('·').filter(|part| !part.is_empty()).count(), 2, "{name}");
            assert!(!mistyped(&name, &mut dice).contains('·'));
        }
    }
}
