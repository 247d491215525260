//! The columns of each roster under every name that counties give them (contract.md, "Rosters").

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::directory::codes;

codes! {
    /// What a roster is a list of.
    RosterKind {
        /// 行政区划.
        Divisions = "divisions",
        /// 律所.
        Firms = "firms",
        /// 律师.
        Lawyers = "lawyers",
        /// 村(居)法律顾问.
        Advisers = "advisers",
        /// 户.
        Households = "households",
        /// 调解室.
        Rooms = "rooms",
        /// 节假日.
        Holidays = "holidays",
    }
}

codes! {
    /// What a column holds, whatever its header says.
    Field {
        /// Running number; read by nobody, known so that it is not reported as unmatched.
        Serial = "serial",
        /// 姓名, 名称: the row's own name.
        Name = "name",
        /// 乡镇(街道).
        Township = "township",
        /// 村(社区).
        Village = "village",
        /// 身份证号码.
        IdNumber = "id_number",
        /// 证件类型, of the number beside it.
        IdType = "id_type",
        /// 联系电话.
        Phone = "phone",
        /// 家庭类别; 节假日 kind.
        Category = "category",
        /// 地址.
        Address = "address",
        /// 对接律师, 对接律所.
        Provider = "provider",
        /// 备注.
        Note = "note",
        /// 律师事务所, 所在机构.
        Firm = "firm",
        /// 统一社会信用代码.
        Uscc = "uscc",
        /// 负责人.
        Principal = "principal",
        /// 性别.
        Gender = "gender",
        /// 执业证号.
        Licence = "licence",
        /// 首次执业日期.
        PracticeSince = "practice_since",
        /// 人员类别.
        WorkerKind = "worker_kind",
        /// 专业特长.
        Specialties = "specialties",
        /// 语言.
        Languages = "languages",
        /// 服务上限(户), 容纳人数.
        Capacity = "capacity",
        /// 聘期; of a household's category, since when, or from when to when, it is granted.
        Term = "term",
        /// 坐班时间, 开放时间.
        Hours = "hours",
        /// 设备.
        Equipment = "equipment",
        /// Division code.
        Code = "code",
        /// Division level.
        Level = "level",
        /// 日期; of a household's category, its last day.
        Date = "date",
    }
}

/// A column that a roster may have.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// What it holds.
    pub field: Field,
    /// Its header's names; the first is the one we print.
    pub names: &'static [&'static str],
    /// Whether a sheet without it is no such roster.
    pub required: bool,
}

/// A person's choice on the mapping page: header text → field, or None for a column to leave alone.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Mapping(pub BTreeMap<String, Option<Field>>);

const fn must(field: Field, names: &'static [&'static str]) -> Column {
    Column { field, names, required: true }
}

const fn may(field: Field, names: &'static [&'static str]) -> Column {
    Column { field, names, required: false }
}

const SERIAL: Column = may(Field::Serial, &["序号", "编号", "号", "no", "no."]);
const TOWNSHIP_NAMES: &[&str] =
    &["乡镇(街道)", "乡镇", "街道", "镇街", "乡镇名称", "街道名称", "所属乡镇", "镇", "乡", "镇乡街道"];
const VILLAGE_NAMES: &[&str] = &[
    "村(社区)",
    "村",
    "社区",
    "村居",
    "村名",
    "村名称",
    "社区名称",
    "村(居)",
    "村居名称",
    "村委会",
    "居委会",
    "村(居)委会",
    "行政村",
    "行政村(社区)",
];
const PHONE_NAMES: &[&str] = &[
    "联系电话",
    "电话",
    "手机",
    "手机号",
    "手机号码",
    "电话号码",
    "联系方式",
    "手机/联系电话",
    "联系人电话",
    "办公电话",
    "固定电话",
];
const ADDRESS_NAMES: &[&str] =
    &["地址", "住址", "详细地址", "家庭住址", "家庭地址", "住所", "办公地址", "居住地址"];
const LICENCE_NAMES: &[&str] =
    &["执业证号", "执业证号码", "执业证书号", "执业证编号", "律师执业证号", "执业证"];
const FIRM_NAMES: &[&str] =
    &["律师事务所", "所在机构", "律所", "所在律所", "执业机构", "机构名称", "机构", "单位", "工作单位"];

const DIVISIONS: &[Column] = &[
    SERIAL,
    must(Field::Code, &["code", "区划代码", "行政区划代码", "代码"]),
    must(Field::Name, &["name", "名称", "区划名称", "行政区划名称"]),
    must(Field::Level, &["level", "级别", "层级"]),
];
const FIRMS: &[Column] = &[
    SERIAL,
    must(
        Field::Name,
        &["律所名称", "机构名称", "名称", "律师事务所", "律所", "律师事务所名称", "单位名称", "所名"],
    ),
    may(Field::Uscc, &["统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码"]),
    may(Field::Address, ADDRESS_NAMES),
    may(Field::Phone, PHONE_NAMES),
    may(Field::Principal, &["负责人", "主任", "律所负责人", "负责人姓名"]),
];
const LAWYERS: &[Column] = &[
    SERIAL,
    may(Field::Firm, FIRM_NAMES),
    must(Field::Name, &["姓名", "律师姓名", "律师", "人员姓名", "名字"]),
    may(Field::Gender, &["性别"]),
    must(Field::Licence, LICENCE_NAMES),
    may(Field::WorkerKind, &["人员类别", "人员类型", "执业类别", "类别"]),
    may(Field::Phone, PHONE_NAMES),
    may(Field::Specialties, &["专业特长", "特长", "擅长领域", "专业领域", "业务专长", "专长"]),
    may(Field::Languages, &["语言", "服务语言", "语种"]),
    may(Field::Capacity, &["服务上限(户)", "服务上限", "上限", "户数上限", "服务户数上限", "最多服务户数"]),
    may(Field::PracticeSince, &["首次执业日期", "首次执业时间", "执业起始日期", "执业开始日期"]),
];
const ADVISERS: &[Column] = &[
    SERIAL,
    may(Field::Township, TOWNSHIP_NAMES),
    must(Field::Village, VILLAGE_NAMES),
    must(Field::Name, &["法律顾问", "姓名", "法律顾问姓名", "顾问姓名", "律师姓名", "律师", "顾问律师"]),
    may(Field::Licence, LICENCE_NAMES),
    may(Field::Firm, FIRM_NAMES),
    may(Field::Term, &["聘期", "聘用期限", "聘任期限", "服务期限", "合同期限", "任期"]),
    may(Field::Hours, &["坐班时间", "坐班安排", "值班时间", "服务时间"]),
];
const HOUSEHOLDS: &[Column] = &[
    SERIAL,
    may(Field::Township, TOWNSHIP_NAMES),
    must(Field::Village, VILLAGE_NAMES),
    must(Field::Name, &["户主姓名", "户主", "姓名", "户主名字", "家庭代表", "居民姓名"]),
    may(
        Field::IdNumber,
        &[
            "身份证号码",
            "身份证号",
            "身份证",
            "公民身份号码",
            "户主身份证号码",
            "户主身份证号",
            "证件号码",
            "身份号码",
        ],
    ),
    may(Field::IdType, &["证件类型", "证件种类", "证件名称", "户主证件类型"]),
    may(Field::Phone, PHONE_NAMES),
    may(Field::Category, &["家庭类别", "类别", "家庭类型", "户别", "人员类别", "对象类别", "困难类别"]),
    may(
        Field::Term,
        &["认定日期", "认定时间", "类别起始日期", "类别起止", "享受期限", "纳入日期", "纳入时间"],
    ),
    may(Field::Date, &["类别截止日期", "有效期至", "到期日期", "停止享受日期"]),
    may(Field::Address, &["家庭住址", "住址", "家庭地址", "地址", "详细地址", "居住地址", "现住址"]),
    may(
        Field::Provider,
        &[
            "对接律师",
            "对接律所",
            "对接律师/对接律所",
            "对接律师(律所)",
            "法律顾问",
            "结对律师",
            "结对律所",
            "包联律师",
            "家庭法律顾问",
        ],
    ),
    may(Field::Note, &["备注", "说明", "备注说明"]),
];
const ROOMS: &[Column] = &[
    SERIAL,
    must(Field::Name, &["名称", "调解室名称", "调解室", "房间名称", "室名"]),
    may(Field::Firm, &["所属机构", "所属单位", "机构", "所在机构", "管理单位"]),
    may(Field::Township, TOWNSHIP_NAMES),
    may(Field::Address, ADDRESS_NAMES),
    may(Field::Capacity, &["容纳人数", "人数", "容量", "可容纳人数", "座位数"]),
    may(Field::Equipment, &["设备", "设施", "设备设施", "配套设备"]),
    may(Field::Hours, &["开放时间", "服务时间", "开放时段"]),
];
const HOLIDAYS: &[Column] = &[
    must(Field::Date, &["date", "日期"]),
    may(Field::Name, &["name", "名称", "节日", "节假日"]),
    must(Field::Category, &["kind", "类型", "类别", "性质"]),
];

/// The columns of a roster in the order in which we print them.
pub const fn columns(kind: RosterKind) -> &'static [Column] {
    match kind {
        RosterKind::Divisions => DIVISIONS,
        RosterKind::Firms => FIRMS,
        RosterKind::Lawyers => LAWYERS,
        RosterKind::Advisers => ADVISERS,
        RosterKind::Households => HOUSEHOLDS,
        RosterKind::Rooms => ROOMS,
        RosterKind::Holidays => HOLIDAYS,
    }
}

/// The name under which we print a column of this roster.
pub fn title(kind: RosterKind, field: Field) -> &'static str {
    let column = columns(kind).iter().find(|column| column.field == field);
    column.and_then(|column| column.names.first().copied()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_roster_names_each_field_once() {
        for kind in RosterKind::ALL {
            let fields: BTreeSet<_> = columns(*kind).iter().map(|column| column.field).collect();
            assert_eq!(fields.len(), columns(*kind).len(), "{kind:?}");
            assert!(columns(*kind).iter().any(|column| column.required), "{kind:?}");
        }
        assert_eq!(title(RosterKind::Households, Field::IdNumber), "身份证号码");
    }
}
