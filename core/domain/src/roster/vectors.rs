//! The handbook's dirty rows (§12), each through the whole reading.
#![allow(clippy::unwrap_used)]

use super::finding::FindingCode as Code;
use super::fixture::{book, context, id, sheet};
use super::providers::Hint;
use super::row::{HouseholdRow, Row};
use super::sheet::{Cell, Workbook};
use super::{Reading, RosterKind, read};
use crate::directory::{Category, Gender, HouseholdKind};

const HEADER: &[&str] = &["乡镇", "村", "户主姓名", "身份证号码", "联系电话", "家庭类别", "对接律师"];

fn household(fill: impl Fn(&mut Vec<Cell>)) -> Reading {
    let plain = ["新城镇", "野麻湾村", "张三", "", "", "", ""];
    let mut book = book(&[HEADER, &plain]);
    fill(&mut book.sheets[0].rows[1].cells);
    read(RosterKind::Households, &book, None, &context())
}

fn with(column: usize, cell: impl Into<Cell>) -> Reading {
    let cell = cell.into();
    household(|cells| cells[column] = cell.clone())
}

fn row(reading: &Reading) -> &HouseholdRow {
    assert!(reading.findings.iter().all(|f| f.code == Code::IdOld15), "{:?}", reading.findings);
    match &reading.accepted[..] {
        [Row::Household(row)] => row,
        other => panic!("{other:?}"),
    }
}

fn codes(reading: &Reading) -> Vec<Code> {
    reading.findings.iter().map(|finding| finding.code).collect()
}

fn refused(reading: &Reading, code: Code, column: &str) {
    assert_eq!(codes(reading), [code]);
    assert_eq!((reading.rows, reading.accepted.len()), (1, 0));
    let finding = &reading.findings[0];
    assert_eq!((finding.sheet.as_str(), finding.row, finding.column.as_str()), ("一", 2, column));
}

#[test]
fn id_numbers_are_repaired() {
    for text in ["６２０２０１１９８５０５１５００１２", "620201 19850515 0012 ", "'620201198505150012"]
    {
        assert_eq!(row(&with(3, text)).id_number.as_ref().unwrap().as_str(), "620201198505150012");
    }
    for text in ["62020119900101007x ", "\u{A0}62020119900101007x", "'62020119900101007X"] {
        assert_eq!(row(&with(3, text)).id_number.as_ref().unwrap().as_str(), "62020119900101007X");
    }
    for text in ["", "无", "—"] {
        assert_eq!(row(&with(3, text)).id_number, None);
    }
}

#[test]
fn id_numbers_that_lost_digits_are_refused() {
    for cell in [Cell::Number(6.20201e17), Cell::Number(620_201_198_505_150_000.0), Cell::Number(6.2e16)] {
        refused(&with(3, cell), Code::IdPrecisionLost, "身份证号码");
    }
    refused(&with(3, "6.20201E+17"), Code::IdPrecisionLost, "身份证号码");
    refused(&with(3, "620201198505150000"), Code::IdPrecisionLost, "身份证号码");
}

#[test]
fn wrong_id_numbers_are_told_apart() {
    refused(&with(3, "62020119850515001X"), Code::IdChecksum, "身份证号码");
    refused(&with(3, "6202011985051500"), Code::IdChecksum, "身份证号码");
    refused(&with(3, Cell::Error("#N/A".into())), Code::IdChecksum, "身份证号码");
    refused(&with(3, "620201198502300011"), Code::IdDate, "身份证号码");
    refused(&with(3, "110101202611220014"), Code::IdDate, "身份证号码");
    refused(&with(3, "620201851350001"), Code::IdDate, "身份证号码");
    assert_eq!(codes(&with(3, "110101190001010014")), []);
}

#[test]
fn old_numbers_warn_and_match() {
    for cell in [Cell::from("620201850515001"), Cell::Number(620_201_850_515_001.0)] {
        let reading = with(3, cell);
        assert_eq!(codes(&reading), [Code::IdOld15]);
        assert_eq!(row(&reading).old_id_match.as_deref(), Some("620201198505150012"));
        assert_eq!(row(&reading).id_number, None);
    }
}

#[test]
fn phones_are_split_and_repaired() {
    let numbers = |reading: &Reading| -> Vec<String> {
        row(reading).phones.iter().map(|phone| phone.as_str().to_owned()).collect()
    };
    assert_eq!(numbers(&with(4, "13912345678/0937-6226123")), ["13912345678", "0937-6226123"]);
    assert_eq!(numbers(&with(4, "+86 139-1234-5678")), ["13912345678"]);
    assert_eq!(numbers(&with(4, 13_912_345_678.0)), ["13912345678"]);
    assert!(numbers(&with(4, "")).is_empty());
    refused(&with(4, "1.39123E+10"), Code::PhonePrecisionLost, "联系电话");
    refused(&with(4, 1.39123e10), Code::PhonePrecisionLost, "联系电话");
    refused(&with(4, "18431684"), Code::PhoneInvalid, "联系电话");
}

#[test]
fn names_are_written_one_way_or_missing() {
    for (typed, name) in [
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉・买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉.买买提", "阿卜杜拉·买买提"),
        ("张　三", "张三"),
        ("𠅤", "𠅤"),
    ] {
        assert_eq!(row(&with(2, typed)).head.as_str(), name);
    }
    refused(&with(2, " \u{3000}"), Code::NameMissing, "户主姓名");
}

#[test]
fn categories_split_and_unknown_ones_are_refused() {
    let both = with(5, "低保，残疾");
    assert_eq!(row(&both).categories, [Category::LowIncome, Category::Disability]);
    assert_eq!(row(&with(5, "农村")).kind, HouseholdKind::Rural);
    refused(&with(5, "富豪"), Code::CategoryUnknown, "家庭类别");
}

#[test]
fn villages_and_lawyers_have_to_exist() {
    refused(&with(1, "月亮村"), Code::VillageUnknown, "村");
    refused(&with(6, "赵律师"), Code::WorkerUnknown, "对接律师");
    let hinted = with(6, "王律师、李律师；\n王强");
    assert_eq!(
        row(&hinted).providers,
        [Hint::Surname(vec![id(60)]), Hint::Surname(vec![id(61)]), Hint::Worker(id(60))]
    );
}

#[test]
fn a_number_counts_once_among_accepted_rows_of_all_sheets() {
    let row = |name: &'static str, number: &'static str, phone: &'static str| {
        ["新城镇", "野麻湾村", name, number, phone, "", ""]
    };
    let number = "620201198505150012";
    let left_out = row("甲", number, "18431684");
    let first = row("乙", number, "");
    let again = row("丙", number, "");
    let old = row("丁", "620201850515001", "");
    let sheets = vec![sheet("一", &[HEADER, &left_out, &first, &again]), sheet("二", &[HEADER, &old])];
    let reading = read(RosterKind::Households, &Workbook { sheets }, None, &context());
    let told: Vec<_> = reading.findings.iter().map(|f| (f.sheet.as_str(), f.row, f.code)).collect();
    let expected = [
        ("一", 2, Code::PhoneInvalid),
        ("一", 4, Code::IdDuplicate),
        ("二", 2, Code::IdOld15),
        ("二", 2, Code::IdDuplicate),
    ];
    assert_eq!(told, expected);
    assert_eq!((reading.rows, reading.accepted.len()), (4, 1));
}

#[test]
fn a_file_without_its_columns_says_which() {
    let reading = read(RosterKind::Households, &book(&[&["随便", "写写"], &["甲", "乙"]]), None, &context());
    assert_eq!(codes(&reading), [Code::HeaderMissing]);
    assert_eq!(reading.findings[0].column, "村(社区)");
    let partial = book(&[&["标题"], &["户主姓名", "联系电话"], &["甲", ""]]);
    let reading = read(RosterKind::Households, &partial, None, &context());
    assert_eq!((reading.findings[0].row, reading.findings[0].column.as_str()), (2, "村(社区)"));
    let empty = read(RosterKind::Firms, &Workbook::default(), None, &context());
    assert_eq!(codes(&empty), [Code::HeaderMissing]);
}

#[test]
fn workers_and_firms() {
    let lawyers = book(&[
        &["嘉峪关市律师花名册"],
        &["序号", "律师事务所", "姓名", "性别", "执业证号", "手机", "专业特长", "语言", "服务上限(户)"],
        &[
            "1",
            "甘肃雄关律师事务所(嘉峪关)",
            "王强",
            "男 ",
            "1 6202 2015 10 123456",
            "",
            "合同;刑事",
            "普通话、藏语",
            "117",
        ],
        &["2", "新设律所", "李敏", "F", "１６２０２２０１５１０１２３４５７", "", "", "", "90户"],
        &["3", "", "赵四", "", "1620220151012345", "", "", "", ""],
        &["4", "", "钱五", "", "16202201510123459", "", "", "", "很多"],
    ]);
    let reading = read(RosterKind::Lawyers, &lawyers, None, &context());
    assert_eq!(codes(&reading), [Code::LicenceInvalid, Code::CapacityInvalid]);
    let [Row::Lawyer(first), Row::Lawyer(second)] = &reading.accepted[..] else { panic!() };
    assert_eq!((first.firm, first.gender, first.capacity), (Some(id(50)), Some(Gender::Male), Some(117)));
    assert_eq!(first.licence.as_str(), "16202201510123456");
    assert_eq!((first.specialties.len(), first.languages.len()), (2, 2));
    assert_eq!((second.firm, second.firm_name.as_deref()), (None, Some("新设律所")));

    let firms = book(&[
        &["律所名称", "统一社会信用代码", "电话"],
        &["甘肃雄关律师事务所", "31620000md00000167", "0937-6702756"],
        &["某某律师事务所", "31620000MD00000168", ""],
        &["雄关基层法律服务所", "", ""],
    ]);
    let reading = read(RosterKind::Firms, &firms, None, &context());
    assert_eq!(codes(&reading), [Code::UsccInvalid]);
    assert_eq!(reading.accepted.len(), 2);
}

#[test]
fn advisers_need_a_village_a_worker_and_a_term() {
    let advisers = book(&[
        &["乡镇(街道)", "村(社区)", "法律顾问", "执业证号", "所在机构", "聘期", "坐班时间"],
        &["新城镇", "野麻湾村", "王强", "16202201510123456", "", "2026/1/1—2030/12/31", "每月15日"],
        &["新城镇", "新城村", "李敏", "", "", "", ""],
        &["新城镇", "新城村", "无名", "16202201510123459", "", "", ""],
        &["新城镇", "新城村", "李敏", "", "", "2026.2.30-2030.1.1", ""],
    ]);
    let reading = read(RosterKind::Advisers, &advisers, None, &context());
    assert_eq!(codes(&reading), [Code::WorkerUnknown, Code::DateInvalid]);
    let [Row::Adviser(first), Row::Adviser(second)] = &reading.accepted[..] else { panic!() };
    assert_eq!(first.from.unwrap().to_string(), "2026-01-01");
    assert_eq!((second.worker, second.from), (id(61), None));
}

#[test]
fn a_households_categories_come_with_their_dates() {
    let header = ["乡镇(街道)", "村(社区)", "户主姓名", "家庭类别", "认定时间", "有效期至"];
    let dates = |from: &str, to: &str| {
        let sheet = book(&[&header, &["新城镇", "野麻湾村", "张三", "低保", from, to]]);
        let reading = read(RosterKind::Households, &sheet, None, &context());
        match reading.accepted.first() {
            Some(Row::Household(row)) => Ok((row.category_from, row.category_to)),
            _ => Err(codes(&reading)),
        }
    };
    let day = |text: &str| Some(text.parse().unwrap());
    assert_eq!(dates("2024年3月", ""), Ok((day("2024-03-01"), None)));
    assert_eq!(dates("2024", "2027.6.30"), Ok((day("2024-01-01"), day("2027-06-30"))));
    assert_eq!(dates("2024.1.1-2025.12.31", ""), Ok((day("2024-01-01"), day("2025-12-31"))));
    assert_eq!(dates("", "无"), Ok((None, None)));
    assert_eq!(dates("去年", ""), Err(vec![Code::DateInvalid]));
    assert_eq!(dates("2024.5.1", "2023.5.1"), Err(vec![Code::DateInvalid]));
    assert_eq!(dates("2199.5.1", ""), Err(vec![Code::DateInvalid]));
}

#[test]
fn registers() {
    let divisions = book(&[
        &["code", "name", "level"],
        &["620201", "嘉峪关市(统计用县级代码)", "county"],
        &["620201100200", "野麻湾村村民委员会", "village"],
        &["12345", "某村", "village"],
    ]);
    let reading = read(RosterKind::Divisions, &divisions, None, &context());
    assert_eq!((reading.rows, reading.accepted.len()), (3, 2));
    let holidays = book(&[
        &["date", "name", "kind"],
        &["2026-02-14", "春节", "workday"],
        &["2026-02-15", "春节", "rest"],
        &["3月", "春节", "rest"],
        &["2026-02-16", "春节", "?"],
    ]);
    let reading = read(RosterKind::Holidays, &holidays, None, &context());
    assert_eq!(codes(&reading), [Code::DateInvalid, Code::CategoryUnknown]);
    let rooms = book(&[
        &["名称", "所属机构", "乡镇(街道)", "地址", "容纳人数", "设备", "开放时间"],
        &[
            "一号调解室",
            "中心",
            "",
            "嘉峪关市",
            "12",
            "视频、录音、无障碍",
            "周一至周五 9:00-12:00 14:00-18:00",
        ],
        &["二号调解室", "中心", "月亮镇", "", "12", "无", ""],
        &["三号调解室", "中心", "新城镇", "", "0", "", ""],
    ]);
    let reading = read(RosterKind::Rooms, &rooms, None, &context());
    assert_eq!(codes(&reading), [Code::VillageUnknown, Code::CapacityInvalid]);
    let [Row::Room(room)] = &reading.accepted[..] else { panic!() };
    assert_eq!((room.equipment.len(), room.opening.as_ref().unwrap().len()), (3, 2));
}
