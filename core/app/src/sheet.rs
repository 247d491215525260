//! An adviser's monthly sheet for one village: days, hours, counts by kind, the entries, and the fee (form A2).

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::duty::{Fee, FeeBasis, Period, ServiceKind, Sums};
use falin_domain::journal::{Event, Reason};
use falin_domain::time::Date;
use falin_domain::words::AdviserPostId;
use falin_store::adviser::AdviserPost;
use falin_store::division::{self, Division};
use falin_store::firm::Firm;
use falin_store::journal::Entry;
use falin_store::service_log::{self, Filter, Log};
use falin_store::worker::Worker;
use falin_store::{Fault, In, Tx};

use crate::duty_rule::{fees_on, post};
use crate::service_words::{kind_word, unit_word};
use crate::{App, Stop, sheets};

/// One line of the fee.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Paid {
    /// The county's rule.
    pub fee: Fee,
    /// Units that are paid.
    pub units: i64,
    /// The amount in fen.
    pub fen: i64,
}

/// The month of one post.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// First day of the month.
    pub month: Date,
    /// The post.
    pub post: AdviserPost,
    /// Who holds it.
    pub worker: Worker,
    /// Their firm.
    pub firm: Option<Firm>,
    /// The village first, the top last.
    pub place: Vec<Division>,
    /// The entries that count, by day.
    pub entries: Vec<Log>,
    /// Their sums.
    pub sums: Sums,
    /// Entries whose follow-up is still to come or was never entered, by date.
    pub open: Vec<Log>,
    /// The fee by the county's rules of that month; empty where the county has none.
    pub paid: Vec<Paid>,
}

impl Sheet {
    /// The whole fee in fen.
    pub fn total(&self) -> i64 {
        self.paid.iter().map(|line| line.fen).sum()
    }

    /// Kinds that the form counts, each with its sum, those without an entry as zero.
    pub fn kinds(&self) -> Vec<(ServiceKind, falin_domain::duty::Sum)> {
        let counted = ServiceKind::ALL.iter().filter(|kind| **kind != ServiceKind::OnSite);
        counted.map(|kind| (*kind, self.sums.kind(*kind))).collect()
    }
}

/// The sheet of a post for the month that holds `day`.
///
/// # Errors
/// `access.denied`; `not_found` where the post is not there or not in scope.
pub async fn sheet(app: &App, visitor: &Visitor, id: AdviserPostId, day: Date) -> Result<Sheet, Stop> {
    let scope = visitor.scope(Act::Read, Noun::ServiceLog)?;
    app.db.read(In::County(scope.county), move |tx| read(tx, &scope, id, day)).await
}

/// The same inside another use case's read.
///
/// # Errors
/// As [`sheet`].
pub(crate) fn read(tx: &mut Tx<'_>, scope: &Scope, id: AdviserPostId, day: Date) -> Result<Sheet, Stop> {
    let county = scope.county;
    let post = post(tx, scope, id)?;
    let (from, to) = Period::Month.around(day);
    // The days of the month on which the post was held: a successor's entries are the successor's.
    let first = from.max(post.from_date);
    let last = post.to_date.map_or(to, |end| end.min(to));
    let filter = Filter {
        from: Some(first),
        to: Some(last),
        place: Some(post.division_id),
        worker: Some(post.worker_id),
        withdrawn: Some(false),
        ..Filter::default()
    };
    let entries = service_log::all(tx, &Scope::whole(county), &filter)?;
    let counted: Vec<_> = entries.iter().map(Log::counted).collect();
    let sums = Sums::of(&counted);
    let open = entries.iter().filter(|log| log.follow_up_on.is_some_and(|due| due > last)).cloned().collect();
    let held = first <= last;
    let fees = if held { fees_on(tx, county, last.max(from))? } else { Vec::new() };
    let pay = |fee: Fee| {
        let (units, fen) = fee.pay(&sums);
        Paid { fee, units, fen }
    };
    let paid = fees.into_iter().map(pay).collect();
    let worker = Worker::by_id(tx, county, post.worker_id)?;
    let firm = worker.firm_id.map(|id| Firm::by_id(tx, county, id)).transpose()?;
    let place = division::line(tx, county, post.division_id)?;
    Ok(Sheet { month: from, worker, firm, place, entries, sums, open, paid, post })
}

/// The sheet as a workbook: the head and sums, then every entry; the journal keeps that it was taken out.
///
/// # Errors
/// As [`sheet`]; a fault where the writer refuses.
pub async fn workbook(app: &App, visitor: &Visitor, id: AdviserPostId, day: Date) -> Result<Vec<u8>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::ServiceLog)?;
    let (county, account) = (scope.county, visitor.account);
    let work = move |tx: &mut Tx<'_>| {
        let sheet = read(tx, &scope, id, day)?;
        tx.record(Entry {
            county,
            account,
            event: Event::Exported,
            reason: Reason::Person,
            subject: None,
            details: serde_json::json!({ "list": "adviser-sheet", "rows": sheet.entries.len() }),
        })?;
        Ok(sheet)
    };
    let sheet = app.db.write(In::County(county), work).await?;
    let rows = rows(&sheet);
    let bytes =
        sheets::write_figures("月度服务表", &["项目", "数量", "单位", "人次", "备注"], &rows, 1, app.today());
    bytes.map_err(|e| Fault::new("sheet", e.to_string()).into())
}

/// The sheet as rows: item, number, unit, people, remark.
fn rows(sheet: &Sheet) -> Vec<Vec<String>> {
    let line = |item: &str, n: String, unit: &str, people: String, note: String| {
        vec![item.to_owned(), n, unit.to_owned(), people, note]
    };
    let plain = |item: &str, text: String| line(item, text, "", String::new(), String::new());
    let name = |n: usize| sheet.place.get(n).map(|place| place.name.clone()).unwrap_or_default();
    let (year, month, _) = sheet.month.parts();
    let firm = sheet.firm.as_ref().map(|firm| firm.name.clone()).unwrap_or_default();
    let mut rows = vec![
        plain("顾问", sheet.worker.name.clone()),
        plain("机构", firm),
        plain("村(社区)", format!("{} {}", name(1), name(0)).trim().to_owned()),
        plain("月份", format!("{year}年{month}月")),
        line("到村天数", sheet.sums.days.to_string(), "天", String::new(), String::new()),
        line("在村时间", sheet.sums.on_site.to_string(), "分钟", String::new(), String::new()),
        line("服务时间", sheet.sums.minutes.to_string(), "分钟", String::new(), String::new()),
    ];
    for (kind, sum) in sheet.kinds() {
        let settled = if kind == ServiceKind::Mediation {
            format!("成功 {} 件", sum.settled)
        } else {
            String::new()
        };
        rows.push(line(
            kind_word(kind),
            sum.items.to_string(),
            unit_word(kind.unit()),
            sum.people.to_string(),
            settled,
        ));
    }
    rows.push(line("发放资料合计", sheet.sums.copies.to_string(), "份", String::new(), String::new()));
    for paid in &sheet.paid {
        let note = format!("{} × {}", yuan(paid.fee.fen), paid.units);
        rows.push(line(basis_word(paid.fee), yuan(paid.fen), "元", String::new(), note));
    }
    if !sheet.paid.is_empty() {
        rows.push(line("报酬合计", yuan(sheet.total()), "元", String::new(), String::new()));
    }
    rows.push(vec![String::new(); 5]);
    for log in &sheet.entries {
        let item = format!("{} {}", log.day, kind_word(log.kind));
        let note = format!("{} 分钟 {}", log.minutes, log.topic);
        rows.push(line(
            &item,
            log.items.to_string(),
            unit_word(log.kind.unit()),
            log.people.to_string(),
            note,
        ));
    }
    rows
}

/// The word for what is paid, in tables that leave the house.
fn basis_word(fee: Fee) -> &'static str {
    match (fee.basis, fee.kind) {
        (FeeBasis::Month, _) => "报酬(按月)",
        (FeeBasis::Day, _) => "报酬(按到村天数)",
        (FeeBasis::Hour, _) => "报酬(按在村时间)",
        (FeeBasis::Item, Some(kind)) => kind_word(kind),
        (FeeBasis::Item, None) => "报酬",
    }
}

/// Fen as yuan without a unit: `12.50`.
fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}
