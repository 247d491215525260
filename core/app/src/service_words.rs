//! The service log as rows for those who take it out of the house, in the county's own words.

use falin_domain::access::Scope;
use falin_domain::duty::{ServiceKind, ServiceMode};
use falin_store::{Tx, service_log};

use crate::Stop;
use crate::export::Table;
use crate::service_log::{Filter, Shown, names};

/// All entries of the scope as rows of an export; notes stay sealed.
pub(crate) fn table(tx: &mut Tx<'_>, scope: &Scope) -> Result<Table, Stop> {
    let found = service_log::all(tx, scope, &Filter { withdrawn: Some(false), ..Filter::default() })?;
    let mut rows = Vec::with_capacity(found.len());
    for shown in names(tx, scope.county, found)? {
        rows.push(row(&shown));
    }
    Ok(Table { headers: HEADERS.to_vec(), rows })
}

/// Headers of an entry's row.
const HEADERS: &[&str] =
    &["日期", "村(社区)", "姓名", "服务内容", "服务方式", "分钟", "数量", "单位", "人次", "份数", "主题"];

/// An entry as a row.
fn row(shown: &Shown) -> Vec<String> {
    let it = &shown.log;
    vec![
        it.day.to_string(),
        shown.village.as_ref().map(|village| village.name.clone()).unwrap_or_default(),
        shown.worker.as_ref().map(|worker| worker.name.clone()).unwrap_or_default(),
        kind_word(it.kind).to_owned(),
        mode_word(it.mode).to_owned(),
        it.minutes.to_string(),
        it.items.to_string(),
        unit_word(it.kind.unit()).to_owned(),
        it.people.to_string(),
        it.copies.to_string(),
        it.topic.clone(),
    ]
}

/// The word for a kind in tables that leave the house.
pub(crate) fn kind_word(kind: ServiceKind) -> &'static str {
    use ServiceKind as K;
    match kind {
        K::OnSite => "坐班",
        K::Consultation => "法律咨询",
        K::Opinion => "法律意见",
        K::Lecture => "法治讲座",
        K::Mediation => "调解纠纷",
        K::AidReferral => "法律援助引导",
        K::Drafting => "代写文书",
        K::Contract => "审查合同",
        K::Charter => "完善村规民约",
        K::Training => "培训骨干",
        K::Material => "发放资料",
        K::Card => "发放联络卡",
        K::Push => "推送普法信息",
        K::Visit => "走访入户",
        K::Other => "其他",
    }
}

/// The word for a way of serving in tables and papers that leave the house.
pub(crate) fn mode_word(mode: ServiceMode) -> &'static str {
    use ServiceMode as M;
    match mode {
        M::OnSite => "坐班",
        M::Home => "入户",
        M::Appointment => "预约",
        M::Phone => "电话",
        M::Online => "网络",
        M::Lecture => "讲座",
    }
}

/// The word for a unit in tables that leave the house.
pub(crate) fn unit_word(unit: falin_domain::duty::Unit) -> &'static str {
    use falin_domain::duty::Unit as U;
    match unit {
        U::Times => "次",
        U::Case => "件",
        U::Copy => "份",
        U::Session => "场次",
        U::Piece => "个",
        U::Person => "人",
        U::Card => "张",
        U::Message => "条",
        U::Household => "户",
    }
}
