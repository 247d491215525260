//! Words about people in a roster: gender, ethnicity, household category and kind.

use super::clean;
use crate::directory::{Category, Gender, HouseholdKind, WorkerKind};

/// The 56 ethnic groups of GB/T 3304, in the order of their codes 01 to 56, without 族.
const ETHNICITIES: &str = "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 \
    高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 \
    乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺";

/// 男, 女, 男性, M, F, 1, 2 (GB/T 2261.1), in any width; None for anything else.
pub fn gender(text: &str) -> Option<Gender> {
    match clean::squeeze(text).as_str() {
        "男" | "男性" | "1" | "m" | "male" => Some(Gender::Male),
        "女" | "女性" | "2" | "f" | "female" => Some(Gender::Female),
        _ => None,
    }
}

/// 汉, 汉族, 蒙古, 蒙古族 … as the code 1 to 56 and the full name of GB/T 3304; None for anything else.
pub fn ethnicity(text: &str) -> Option<(u8, String)> {
    let folded = clean::squeeze(text);
    let name = folded.strip_suffix('族').unwrap_or(&folded);
    let at = ETHNICITIES.split_whitespace().position(|known| known == name)?;
    Some((u8::try_from(at + 1).ok()?, format!("{name}族")))
}

/// What a category cell says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Categories {
    /// Categories in the order written, each once.
    pub list: Vec<Category>,
    /// The kind of household that the cell names, as a plain rural roster does.
    pub kind: Option<HouseholdKind>,
}

/// The categories in a cell such as 低保，残疾 or 农村; None where one of them is unknown.
pub fn categories(text: &str) -> Option<Categories> {
    let mut found = Categories::default();
    for part in clean::list(text).iter().flat_map(|part| part.split(['和', '及', ' ', '\u{3000}'])) {
        let word = clean::squeeze(part);
        if let Some(kind) = plain_kind(&word) {
            found.kind = found.kind.or(kind);
            continue;
        }
        let category = category(&word)?;
        if !found.list.contains(&category) {
            found.list.push(category);
        }
    }
    Some(found)
}

/// Words for a household without a category; some of them name its kind.
fn plain_kind(word: &str) -> Option<Option<HouseholdKind>> {
    match word {
        "农村" | "农村家庭" | "农村户" | "农村户口" | "农户" | "农业户" | "村民" => {
            Some(Some(HouseholdKind::Rural))
        }
        "城市" | "城镇" | "城市家庭" | "城镇家庭" | "城镇户口" | "居民" => {
            Some(Some(HouseholdKind::Urban))
        }
        "" | "无" | "一般" | "一般户" | "普通" | "普通户" | "普通家庭" | "-" | "—" => {
            Some(None)
        }
        _ => None,
    }
}

fn category(word: &str) -> Option<Category> {
    // 农村低保, 城市低保户: the place says nothing that the village does not say.
    let bare = ["农村", "城市", "城镇"].iter().find_map(|place| word.strip_prefix(place)).unwrap_or(word);
    match bare {
        "低保" | "低保户" | "低保家庭" | "低保对象" | "最低生活保障" | "最低生活保障家庭" => {
            Some(Category::LowIncome)
        }
        "特困" | "特困户" | "特困供养" | "特困人员" | "特困家庭" | "五保" | "五保户" => {
            Some(Category::ExtremePoverty)
        }
        "残疾" | "残疾人" | "残疾户" | "残疾家庭" | "残疾人家庭" | "重度残疾" => {
            Some(Category::Disability)
        }
        "军人" | "军属" | "军人军属" | "军人家庭" | "现役军人" | "现役军人家属" | "军烈属" | "烈属" => {
            Some(Category::Military)
        }
        "退役军人" | "退伍军人" | "复员军人" | "转业军人" | "退役军人家庭" => {
            Some(Category::Veteran)
        }
        "60+" | "60岁以上" | "60岁及以上" | "60周岁以上" | "60周岁及以上" | "六十岁以上" | "老年人"
        | "老年" | "老年家庭" | "老人" => Some(Category::Elderly),
        "留守" | "留守儿童" | "留守老人" | "留守妇女" | "留守家庭" => {
            Some(Category::LeftBehind)
        }
        "其他" | "其它" => Some(Category::Other),
        _ => Category::from_code(bare),
    }
}

/// The kind of a legal worker by the words of a roster; None for unknown words.
pub fn worker_kind(text: &str) -> Option<WorkerKind> {
    let word = clean::squeeze(text);
    match word.as_str() {
        "律师" | "专职律师" | "兼职律师" | "公职律师" | "公司律师" | "法律援助律师" | "执业律师" => {
            Some(WorkerKind::Lawyer)
        }
        "基层法律服务工作者" | "法律服务工作者" | "基层法律工作者" => {
            Some(WorkerKind::LegalServiceWorker)
        }
        "公证员" => Some(WorkerKind::Notary),
        "法律援助工作人员" | "法律援助人员" => Some(WorkerKind::AidStaff),
        "法律明白人" | "志愿者" => Some(WorkerKind::Volunteer),
        _ => WorkerKind::from_code(&word),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn gender_and_ethnicity_in_every_width() {
        for text in ["男 ", "1", "M", "Ｍ", "男性"] {
            assert_eq!(gender(text), Some(Gender::Male), "{text}");
        }
        assert_eq!(gender(" 女"), Some(Gender::Female));
        assert_eq!(gender("?"), None);
        assert_eq!(ethnicity("汉").unwrap(), (1, "汉族".to_owned()));
        assert_eq!(ethnicity("裕固族").unwrap().0, 48);
        assert_eq!(ethnicity("基诺").unwrap().0, 56);
        assert!(ethnicity("火星").is_none());
    }

    #[test]
    fn categories_split_and_name_the_kind() {
        let two = categories("低保，残疾").unwrap();
        assert_eq!(two.list, [Category::LowIncome, Category::Disability]);
        assert_eq!(categories("残疾人、低保户;残疾").unwrap().list.len(), 2);
        let plain = categories("农村").unwrap();
        assert_eq!((plain.list.len(), plain.kind), (0, Some(HouseholdKind::Rural)));
        assert_eq!(categories("60岁以上").unwrap().list, [Category::Elderly]);
        assert_eq!(categories(""), Some(Categories::default()));
        assert_eq!(categories("富豪"), None);
    }

    #[test]
    fn worker_kinds() {
        assert_eq!(worker_kind("专职律师"), Some(WorkerKind::Lawyer));
        assert_eq!(worker_kind("基层法律服务工作者"), Some(WorkerKind::LegalServiceWorker));
    }
}
