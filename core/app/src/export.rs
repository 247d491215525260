//! Exports: the county's lists in the columns in which rosters come, so that an export can be imported again.

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::directory::codes;
use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::Refusal;
use falin_domain::words::{CountyId, DivisionId, FirmId, IdPaper, WorkerId};
use falin_store::db::In;
use falin_store::household_list::{self, Filter};
use falin_store::journal::Entry;
use falin_store::{Fault, Tx, adviser, division, firm, holiday, household, pairing, room, worker};
use std::collections::HashMap;

use crate::worker::is_there;
use crate::{App, Stop, sheets};

codes! {
    /// What can be exported.
    Export {
        /// Divisions.
        Divisions = "divisions",
        /// Firms.
        Firms = "firms",
        /// Legal workers.
        Lawyers = "lawyers",
        /// Adviser posts.
        Advisers = "advisers",
        /// Households with everything that a roster holds, in clear.
        Households = "households",
        /// Mediation rooms.
        Rooms = "rooms",
        /// The duty rota.
        DutyShifts = "duty-shifts",
        /// The service log; notes stay sealed.
        ServiceLogs = "service-logs",
        /// Holidays and make-up workdays that the county has set over the published ones.
        Holidays = "holidays",
    }
}

codes! {
    /// In which form.
    Format {
        /// Excel workbook.
        Xlsx = "xlsx",
        /// UTF-8 with BOM, so that spreadsheet programs read Chinese.
        Csv = "csv",
        /// An array of objects.
        Json = "json",
    }
}

/// Headers and rows of one list.
pub struct Table {
    /// Roster headers.
    pub headers: Vec<&'static str>,
    /// Cells as text.
    pub rows: Vec<Vec<String>>,
}

/// Exports a list; the journal keeps who took how many rows, before a byte leaves.
///
/// # Errors
/// `access.denied`.
pub async fn export(app: &App, visitor: &Visitor, what: Export, format: Format) -> Result<Vec<u8>, Stop> {
    let scope = allowed(visitor, what)?;
    let account = visitor.account;
    let county = scope.county;
    // Read and opened beside the writers: a whole county takes a while. Only its line is written.
    let table = app.db.read(In::County(county), move |tx| table(tx, &scope, what)).await?;
    let rows = table.rows.len();
    let told = move |tx: &mut Tx<'_>| {
        tx.record(Entry {
            county,
            account,
            event: Event::Exported,
            reason: Reason::Person,
            subject: None,
            details: serde_json::json!({ "list": what.code(), "rows": rows }),
        })
    };
    app.db.write(In::County(county), told).await?;
    render(&table, what, format, app.today())
}

fn allowed(visitor: &Visitor, what: Export) -> Result<Scope, Refusal> {
    match what {
        Export::Divisions => visitor.scope(Act::Read, Noun::Division),
        Export::Firms => visitor.scope(Act::Export, Noun::Firm),
        Export::Lawyers => visitor.scope(Act::Export, Noun::Worker),
        Export::Advisers => visitor.scope(Act::Export, Noun::Post),
        Export::Households => visitor.scope(Act::Export, Noun::Household),
        Export::Rooms => visitor.scope(Act::Export, Noun::Room),
        Export::DutyShifts => visitor.scope(Act::Export, Noun::Duty),
        Export::ServiceLogs => visitor.scope(Act::Export, Noun::ServiceLog),
        Export::Holidays => visitor.scope(Act::Read, Noun::Setting),
    }
}

fn render(
    table: &Table,
    what: Export,
    format: Format,
    today: falin_domain::time::Date,
) -> Result<Vec<u8>, Stop> {
    let fault = |e: String| Stop::from(Fault::new("export", e));
    match format {
        Format::Xlsx => sheets::write_xlsx(what.code(), &table.headers, &table.rows, today)
            .map_err(|e| fault(e.to_string())),
        Format::Csv => sheets::write_csv(&table.headers, &table.rows, true).map_err(|e| fault(e.to_string())),
        Format::Json => {
            let object = |row: &Vec<String>| {
                let pairs = table.headers.iter().zip(row);
                pairs.map(|(key, value)| ((*key).to_owned(), value.clone().into())).collect()
            };
            let objects: Vec<serde_json::Map<String, serde_json::Value>> =
                table.rows.iter().map(object).collect();
            serde_json::to_vec_pretty(&objects).map_err(|e| fault(e.to_string()))
        }
    }
}

fn table(tx: &mut Tx<'_>, scope: &Scope, what: Export) -> Result<Table, Stop> {
    let county = scope.county;
    match what {
        Export::Divisions => divisions(tx, county),
        Export::Firms => firms(tx, county),
        Export::Lawyers => lawyers(tx, county),
        Export::Advisers => advisers(tx, county),
        Export::Households => households(tx, scope),
        Export::Rooms => rooms(tx, county),
        Export::DutyShifts => crate::duty::table(tx, scope),
        Export::ServiceLogs => crate::service_words::table(tx, scope),
        Export::Holidays => holidays(tx, county),
    }
}

fn divisions(tx: &mut Tx<'_>, county: CountyId) -> Result<Table, Stop> {
    let rows = division::all(tx, county)?.into_iter();
    let rows = rows.map(|d| vec![d.code.unwrap_or_default(), d.name, d.level.code().to_owned()]);
    Ok(Table { headers: vec!["code", "name", "level"], rows: rows.collect() })
}

fn firms(tx: &mut Tx<'_>, county: CountyId) -> Result<Table, Stop> {
    let rows = firm::all(tx, county)?.into_iter().filter(|firm| firm.active);
    let rows = rows.map(|f| vec![f.name, f.uscc.unwrap_or_default(), f.address, f.phone, f.head_name]);
    Ok(Table {
        headers: vec!["律所名称", "统一社会信用代码", "地址", "电话", "负责人"],
        rows: rows.collect(),
    })
}

/// Names by id, read once for a whole list.
struct Names {
    firms: HashMap<FirmId, String>,
    workers: HashMap<WorkerId, worker::Worker>,
    places: HashMap<DivisionId, division::Division>,
}

impl Names {
    fn load(tx: &mut Tx<'_>, county: CountyId) -> Result<Self, Stop> {
        Ok(Self {
            firms: firm::all(tx, county)?.into_iter().map(|f| (f.id, f.name)).collect(),
            workers: worker::all(tx, county)?.into_iter().map(|w| (w.id, w)).collect(),
            places: division::all(tx, county)?.into_iter().map(|d| (d.id, d)).collect(),
        })
    }

    fn firm(&self, id: Option<FirmId>) -> String {
        id.and_then(|id| self.firms.get(&id).cloned()).unwrap_or_default()
    }

    /// Township and village of a village.
    fn place(&self, village: DivisionId) -> (String, String) {
        let Some(village) = self.places.get(&village) else { return Default::default() };
        let township = village.parent_id.and_then(|id| self.places.get(&id));
        (township.map(|t| t.name.clone()).unwrap_or_default(), village.name.clone())
    }
}

fn lawyers(tx: &mut Tx<'_>, county: CountyId) -> Result<Table, Stop> {
    let names = Names::load(tx, county)?;
    let gender = |g: Option<falin_domain::directory::Gender>| match g {
        Some(falin_domain::directory::Gender::Male) => "男",
        Some(falin_domain::directory::Gender::Female) => "女",
        None => "",
    };
    // Whom an import finds in its file, it puts in the register: those who have left are no part of it.
    let today = tx.now.date();
    let rows = worker::all(tx, county)?.into_iter().filter(|w| is_there(w, today)).map(|w| {
        vec![
            names.firm(w.firm_id),
            w.name,
            gender(w.gender).to_owned(),
            w.licence.unwrap_or_default(),
            w.phone,
            w.specialties,
            w.languages,
            w.capacity.map(|n| n.to_string()).unwrap_or_default(),
            w.practice_since.map(|day| day.to_string()).unwrap_or_default(),
        ]
    });
    Ok(Table {
        headers: vec![
            "所在机构",
            "姓名",
            "性别",
            "执业证号",
            "手机",
            "专业特长",
            "语言",
            "服务上限(户)",
            "首次执业日期",
        ],
        rows: rows.collect(),
    })
}

fn advisers(tx: &mut Tx<'_>, county: CountyId) -> Result<Table, Stop> {
    let names = Names::load(tx, county)?;
    let mut rows = Vec::new();
    let today = tx.now.date();
    for post in adviser::history(tx, county, None, None)? {
        // Posts to come belong to the list as those of today do; what is over was another list's.
        if post.to_date.is_some_and(|last| last < today) {
            continue;
        }
        let (township, village) = names.place(post.division_id);
        let Some(worker) = names.workers.get(&post.worker_id).filter(|one| is_there(one, today)) else {
            continue;
        };
        let until = post.to_date.map(|day| day.to_string()).unwrap_or_default();
        let term = format!("{}至{until}", post.from_date);
        rows.push(vec![
            township,
            village,
            worker.name.clone(),
            worker.licence.clone().unwrap_or_default(),
            names.firm(worker.firm_id),
            term,
            post.hours,
        ]);
    }
    Ok(Table {
        headers: vec!["乡镇(街道)", "村(社区)", "法律顾问", "执业证号", "所在机构", "聘期", "坐班时间"],
        rows,
    })
}

fn households(tx: &mut Tx<'_>, scope: &Scope) -> Result<Table, Stop> {
    let county = scope.county;
    let names = Names::load(tx, county)?;
    let mut categories = household::current_categories(tx, county)?;
    let there = Filter { active: Some(true), ..Filter::default() };
    let all = household_list::first(tx, scope, &there, usize::MAX >> 1)?;
    let ids: Vec<_> = all.iter().map(|row| row.id).collect();
    let mut spans = HashMap::new();
    for slice in ids.chunks(500) {
        spans.extend(pairing::current_of(tx, county, slice)?);
    }
    let mut rows = Vec::with_capacity(all.len());
    for row in all {
        let held = categories.remove(&row.id).unwrap_or_default();
        let clear = household::open_with(tx, &row, held)?;
        let (township, village) = names.place(row.village_id);
        let provider = spans.get(&row.id).map(|span| match span.worker_id {
            Some(id) => names.workers.get(&id).map(|w| w.name.clone()).unwrap_or_default(),
            None => names.firm(span.firm_id),
        });
        rows.push(vec![
            township,
            village,
            clear.head_name,
            clear.id_number.map(|kept| IdPaper::kept(&kept).told(false)).unwrap_or_default(),
            clear.phones.join("/"),
            clear.categories.iter().map(|c| category_word(*c)).collect::<Vec<_>>().join("、"),
            clear.address.unwrap_or_default(),
            provider.unwrap_or_default(),
            clear.note.unwrap_or_default(),
        ]);
    }
    Ok(Table {
        headers: vec![
            "乡镇(街道)",
            "村(社区)",
            "户主姓名",
            "身份证号码",
            "联系电话",
            "家庭类别",
            "家庭住址",
            "对接律师",
            "备注",
        ],
        rows,
    })
}

/// The word that rosters use for a category.
fn category_word(category: falin_domain::directory::Category) -> &'static str {
    use falin_domain::directory::Category as C;
    match category {
        C::LowIncome => "低保",
        C::ExtremePoverty => "特困",
        C::Disability => "残疾",
        C::Military => "军属",
        C::Veteran => "退役军人",
        C::Elderly => "60岁以上",
        C::LeftBehind => "留守",
        C::Other => "其他",
    }
}

fn rooms(tx: &mut Tx<'_>, county: CountyId) -> Result<Table, Stop> {
    let names = Names::load(tx, county)?;
    let rows = room::all(tx, county)?.into_iter().filter(|room| room.active).map(|r| {
        let place = r.division_id.and_then(|id| names.places.get(&id)).map(|d| d.name.clone());
        vec![
            r.name,
            r.organisation,
            place.unwrap_or_default(),
            r.address,
            r.capacity.to_string(),
            r.equipment,
            r.hours,
        ]
    });
    Ok(Table {
        headers: vec!["名称", "所属机构", "乡镇(街道)", "地址", "容纳人数", "设备", "开放时间"],
        rows: rows.collect(),
    })
}

fn holidays(tx: &mut Tx<'_>, county: CountyId) -> Result<Table, Stop> {
    let kind = |workday| if workday { "workday" } else { "rest" };
    let rows = holiday::of(tx, county)?.into_iter();
    let rows = rows.map(|day| vec![day.date.to_string(), day.name, kind(day.is_workday).to_owned()]);
    Ok(Table { headers: vec!["date", "name", "kind"], rows: rows.collect() })
}
