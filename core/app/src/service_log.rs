//! The service log: one entry feeds every report; corrections keep what was there before.

use std::collections::HashMap;

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::duty::{ServiceKind, ServiceMode};
use falin_domain::journal::Event;
use falin_domain::page::{Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{CountyId, DivisionId, GroupId, HouseholdId, LogId, WorkerId};
use falin_store::division::{self, Division};
use falin_store::household_list;
use falin_store::service_log::{self, Group};
use falin_store::worker::{self, Worker};
use falin_store::{In, Tx};
use serde::{Deserialize, Serialize};

pub use falin_store::service_log::{Filter, Log, NOUN, Past};

use crate::division::{find, find_filter, must_hold};
use crate::export::Table;
use crate::trace::By;
use crate::typed::Reader;
use crate::{App, Stop};

/// Most minutes of one entry: a day.
const MOST_MINUTES: i32 = 24 * 60;
/// Most items, people or copies of one entry.
const MOST: i32 = 1_000_000;
/// Most characters of a note.
const NOTE: usize = 4_000;
/// Nouns to which an entry may belong.
pub const SUBJECTS: &[&str] = &["consultation", "visit", "mediation", "aid"];

/// An entry with the names that it speaks of.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The entry; its note stays sealed.
    pub log: Log,
    /// Who gave the service.
    pub worker: Option<Worker>,
    /// To which village.
    pub village: Option<Division>,
}

/// One entry with its note and what it was before.
#[derive(Clone, Debug)]
pub struct One {
    /// The entry.
    pub shown: Shown,
    /// Content and result, in clear.
    pub note: String,
    /// What it was before each correction, newest first.
    pub past: Vec<(Past, Log)>,
    /// Whether this visitor may correct it.
    pub may_correct: bool,
}

/// What was typed into the form of an entry.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Id of the legal worker; empty for oneself.
    pub worker: String,
    /// Id or code of the village.
    pub village: String,
    /// The day; empty for today.
    pub day: String,
    /// Code of the kind.
    pub kind: String,
    /// Code of the mode; empty for the kind's usual one.
    pub mode: String,
    /// Minutes; empty for none.
    pub minutes: String,
    /// Items in the kind's unit; empty for one.
    pub items: String,
    /// 人次; empty for none.
    pub people: String,
    /// 份; empty for none.
    pub copies: String,
    /// `on` where a dispute was settled.
    pub settled: String,
    /// Topic or title.
    pub topic: String,
    /// Whom a lecture was for.
    pub audience: String,
    /// Content and result.
    pub note: String,
    /// When to come back to it.
    pub follow_up_on: String,
    /// `on` for 重大事项报告.
    pub report: String,
    /// Id of a household.
    pub household: String,
    /// Id of the group to which it was pushed.
    pub group: String,
    /// Noun of the consultation, visit, mediation or aid case.
    pub subject_noun: String,
    /// Its id.
    pub subject_id: String,
}

struct Fields {
    worker: String,
    village: String,
    day: Date,
    kind: ServiceKind,
    mode: ServiceMode,
    numbers: [i32; 4],
    settled: bool,
    topic: String,
    audience: String,
    note: String,
    follow_up_on: Option<Date>,
    report: bool,
    household: Option<HouseholdId>,
    group: Option<GroupId>,
    subject: Option<(String, uuid::Uuid)>,
}

impl Typed {
    /// An entry as it would be typed, its note in clear.
    pub fn of(log: &Log, note: &str) -> Self {
        let on = |yes: bool| if yes { "on".to_owned() } else { String::new() };
        let subject = log.subject_id.as_deref().and_then(|bytes| uuid::Uuid::from_slice(bytes).ok());
        Self {
            worker: log.worker_id.to_string(),
            village: log.division_id.to_string(),
            day: log.day.to_string(),
            kind: log.kind.code().to_owned(),
            mode: log.mode.code().to_owned(),
            minutes: log.minutes.to_string(),
            items: log.items.to_string(),
            people: log.people.to_string(),
            copies: log.copies.to_string(),
            settled: on(log.settled),
            topic: log.topic.clone(),
            audience: log.audience.clone(),
            note: note.to_owned(),
            follow_up_on: log.follow_up_on.map(|day| day.to_string()).unwrap_or_default(),
            report: on(log.report),
            household: log.household_id.map(|id| id.to_string()).unwrap_or_default(),
            group: log.group_id.map(|id| id.to_string()).unwrap_or_default(),
            subject_noun: log.subject_noun.clone().unwrap_or_default(),
            subject_id: subject.map(|id| id.to_string()).unwrap_or_default(),
        }
    }

    fn read(&self, today: Date) -> Result<Fields, Refusal> {
        let mut reader = Reader::default();
        let worker = reader.text("worker", &self.worker, 40);
        let village = reader.required("village", &self.village, 40);
        let day = reader.date("day", &self.day).unwrap_or(today);
        if day > today {
            reader.fault("day", "date.future");
        }
        let kind = reader.choice("kind", &self.kind, ServiceKind::from_code, ServiceKind::Other);
        let mode = match self.mode.trim() {
            "" => kind.usual_mode(),
            code => reader.choice("mode", code, ServiceMode::from_code, ServiceMode::OnSite),
        };
        let mut number = |name: &str, text: &str, most: i32, usual: i32| {
            reader.number(name, text, (0, most)).unwrap_or(usual)
        };
        let numbers = [
            number("minutes", &self.minutes, MOST_MINUTES, 0),
            number("items", &self.items, MOST, 1),
            number("people", &self.people, MOST, 0),
            number("copies", &self.copies, MOST, 0),
        ];
        let yes = |text: &str| matches!(text.trim(), "on" | "true");
        let topic = reader.text("topic", &self.topic, 100);
        let audience = reader.text("audience", &self.audience, 100);
        let note = reader.long("note", &self.note, NOTE);
        let follow_up_on = reader.date("follow_up_on", &self.follow_up_on);
        let household = reader.maybe("household", &self.household, "reference", str::parse);
        let group = reader.maybe("group", &self.group, "reference", str::parse);
        let subject = subject(&mut reader, &self.subject_noun, &self.subject_id);
        let (settled, report) = (yes(&self.settled), yes(&self.report));
        let fields = Fields {
            worker,
            village,
            day,
            kind,
            mode,
            numbers,
            settled,
            topic,
            audience,
            note,
            follow_up_on,
            report,
            household,
            group,
            subject,
        };
        reader.finish(fields)
    }
}

/// A noun and an id, both or none.
fn subject(reader: &mut Reader, noun: &str, id: &str) -> Option<(String, uuid::Uuid)> {
    let noun = noun.trim();
    let id: Option<uuid::Uuid> = reader.maybe("subject_id", id, "reference", uuid::Uuid::try_parse);
    if !noun.is_empty() && !SUBJECTS.contains(&noun) {
        reader.fault("subject_noun", "unknown");
    }
    if noun.is_empty() != id.is_none() {
        reader.fault(if noun.is_empty() { "subject_noun" } else { "subject_id" }, "required");
    }
    id.map(|id| (noun.to_owned(), id))
}

impl Fields {
    /// Puts what was typed into an entry, every reference checked against the visitor's own reach.
    fn put(&self, tx: &mut Tx<'_>, visitor: &Visitor, scope: &Scope, log: &mut Log) -> Result<(), Stop> {
        let county = log.county_id;
        log.worker_id = doer(tx, visitor, scope, &self.worker)?;
        let village = find(tx, county, &self.village)?;
        log.division_id = village.ok_or_else(|| Refusal::field("village", "village.unknown"))?.id;
        if !scope.only_mine {
            must_hold(tx, scope, Some(log.division_id))?;
        }
        if let Some(id) = self.household {
            let homes = visitor.scope(Act::Read, Noun::Household)?;
            household_list::one(tx, &homes, id).map_err(unknown("household"))?;
        }
        if let Some(id) = self.group {
            Group::by_id(tx, county, id).map_err(unknown("group"))?;
        }
        (log.day, log.kind, log.mode) = (self.day, self.kind, self.mode);
        [log.minutes, log.items, log.people, log.copies] = self.numbers;
        log.settled = self.settled && self.kind == ServiceKind::Mediation;
        log.topic.clone_from(&self.topic);
        log.audience.clone_from(&self.audience);
        log.note_sealed = service_log::seal_note(tx, county, log.id, &self.note)?;
        (log.follow_up_on, log.report) = (self.follow_up_on, self.report);
        (log.household_id, log.group_id) = (self.household, self.group);
        log.subject_noun = self.subject.as_ref().map(|(noun, _)| noun.clone());
        log.subject_id = self.subject.as_ref().map(|(_, id)| id.as_bytes().to_vec());
        Ok(())
    }
}

/// "It does not exist" as a fault at its field.
pub(crate) fn unknown(name: &'static str) -> impl Fn(Stop) -> Stop {
    move |stop| match stop.refusal() {
        Some(refusal) if refusal.code() == "not_found" => Refusal::field(name, "unknown").into(),
        _ => stop,
    }
}

/// Who gave the service: oneself, or for those who keep a place whoever is named.
pub(crate) fn doer(tx: &mut Tx<'_>, visitor: &Visitor, scope: &Scope, text: &str) -> Result<WorkerId, Stop> {
    match (text, visitor.worker) {
        ("", Some(me)) => Ok(me),
        ("", None) => Err(Refusal::field("worker", "required-choice").into()),
        (text, me) => {
            let id: WorkerId = text.parse().map_err(|_| Refusal::field("worker", "unknown"))?;
            if scope.only_mine && me != Some(id) {
                return Err(Refusal::new("access.denied").into());
            }
            Ok(Worker::by_id(tx, scope.county, id).map_err(unknown("worker"))?.id)
        }
    }
}

/// A page of entries, the newest day first. `place` is an id or a code.
///
/// # Errors
/// `access.denied`, `division.unknown`.
pub async fn list(
    app: &App,
    visitor: &Visitor,
    filter: Filter,
    place: Option<String>,
    window: Window,
) -> Result<Page<Shown>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::ServiceLog)?;
    let work = move |tx: &mut Tx<'_>| {
        let place = find_filter(tx, scope.county, place.as_deref())?.map(|division| division.id);
        let filter = Filter { place: place.or(filter.place), ..filter.clone() };
        let page = service_log::page(tx, &scope, &filter, &window)?;
        let next = page.next.clone();
        Ok(Page { items: names(tx, scope.county, page.items)?, next })
    };
    app.db.read(In::County(visitor.county), work).await
}

fn names(tx: &mut Tx<'_>, county: CountyId, logs: Vec<Log>) -> Result<Vec<Shown>, Stop> {
    let people: Vec<WorkerId> = logs.iter().map(|log| log.worker_id).collect();
    let places: Vec<DivisionId> = logs.iter().map(|log| log.division_id).collect();
    let people: HashMap<WorkerId, Worker> = worker::named(tx, county, &people)?;
    let places = division::named(tx, county, &places)?;
    let shown = |log: Log| Shown {
        worker: people.get(&log.worker_id).cloned(),
        village: places.get(&log.division_id).cloned(),
        log,
    };
    Ok(logs.into_iter().map(shown).collect())
}

/// One entry with its note.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: LogId) -> Result<One, Stop> {
    let scope = visitor.scope(Act::Read, Noun::ServiceLog)?;
    let may = visitor.may(Act::Write, Noun::ServiceLog);
    app.db.read(In::County(scope.county), move |tx| view(tx, &scope, id, may)).await
}

fn view(tx: &mut Tx<'_>, scope: &Scope, id: LogId, may: bool) -> Result<One, Stop> {
    let log = service_log::one(tx, scope, id)?;
    let note = service_log::note(tx, &log)?;
    let past = service_log::pasts(tx, &log)?;
    let may_correct = may && !log.withdrawn;
    let shown = names(tx, scope.county, vec![log])?.pop().ok_or_else(Refusal::absent)?;
    Ok(One { shown, note, past, may_correct })
}

/// Logs a service.
///
/// # Errors
/// `access.denied`, `form.invalid`.
pub async fn add(app: &App, visitor: &Visitor, typed: &Typed) -> Result<One, Stop> {
    let fields = typed.read(app.today())?;
    let scope = visitor.scope(Act::Write, Noun::ServiceLog)?;
    let (by, me) = (By::of(visitor), visitor.clone());
    let work = move |tx: &mut Tx<'_>| {
        let id = enter(tx, &me, &scope, &fields)?;
        view(tx, &scope, id, true)
    };
    app.db.write(In::County(by.county), work).await
}

fn enter(tx: &mut Tx<'_>, visitor: &Visitor, scope: &Scope, fields: &Fields) -> Result<LogId, Stop> {
    let by = By::of(visitor);
    let mut log = blank(tx, by);
    fields.put(tx, visitor, scope, &mut log)?;
    keep(tx, by, &log)?;
    Ok(log.id)
}

/// Logs several services in one transaction, as a program that brings a month along.
pub(crate) fn add_all(tx: &mut Tx<'_>, visitor: &Visitor, typed: &[Typed]) -> Result<(), Stop> {
    let scope = visitor.scope(Act::Write, Noun::ServiceLog)?;
    for one in typed {
        let fields = one.read(tx.now.date())?;
        enter(tx, visitor, &scope, &fields)?;
    }
    Ok(())
}

/// An entry that says nothing yet, for use cases that log what they do.
pub(crate) fn blank(tx: &mut Tx<'_>, by: By) -> Log {
    Log {
        county_id: by.county,
        id: tx.id(),
        worker_id: tx.id(),
        division_id: tx.id(),
        day: tx.now.date(),
        kind: ServiceKind::Other,
        mode: ServiceMode::OnSite,
        minutes: 0,
        items: 1,
        people: 0,
        copies: 0,
        settled: false,
        topic: String::new(),
        audience: String::new(),
        note_sealed: None,
        follow_up_on: None,
        report: false,
        household_id: None,
        group_id: None,
        subject_noun: None,
        subject_id: None,
        withdrawn: false,
        account_id: by.account,
        created_ms: tx.now.millis(),
        version: 1,
    }
}

/// Saves a new entry with its journal line.
pub(crate) fn keep(tx: &mut Tx<'_>, by: By, log: &Log) -> Result<(), Stop> {
    log.insert(tx)?;
    let details = serde_json::json!({ "day": log.day, "kind": log.kind, "worker": log.worker_id });
    by.saved(tx, Event::ServiceLogged, (NOUN, log.id), details)
}

/// Corrects an entry that is still at `version`; what it was stays, with the reason.
///
/// # Errors
/// `not_found`, `access.denied`, `form.invalid`, `state.changed`; `action.not_allowed` once it was taken back.
pub async fn correct(
    app: &App,
    visitor: &Visitor,
    id: LogId,
    (version, reason): (i64, &str),
    typed: &Typed,
) -> Result<One, Stop> {
    let fields = typed.read(app.today())?;
    let me = visitor.clone();
    edit(app, visitor, id, (version, reason), move |tx, scope, log| fields.put(tx, &me, scope, log)).await
}

/// Takes an entry back: it stays to be read and counts no more.
///
/// # Errors
/// As [`correct`].
pub async fn withdraw(
    app: &App,
    visitor: &Visitor,
    id: LogId,
    (version, reason): (i64, &str),
) -> Result<One, Stop> {
    edit(app, visitor, id, (version, reason), |_, _, log| {
        log.withdrawn = true;
        Ok(())
    })
    .await
}

async fn edit(
    app: &App,
    visitor: &Visitor,
    id: LogId,
    (version, reason): (i64, &str),
    change: impl Fn(&mut Tx<'_>, &Scope, &mut Log) -> Result<(), Stop> + Send + 'static,
) -> Result<One, Stop> {
    let scope = visitor.scope(Act::Write, Noun::ServiceLog)?;
    let mut reader = Reader::default();
    let reason = reader.text("reason", reason, 200);
    if reason.is_empty() {
        reader.fault("reason", "reason.missing");
    }
    let reason = reader.finish(reason)?;
    let by = By::of(visitor);
    let work = move |tx: &mut Tx<'_>| {
        let mut log = service_log::one(tx, &scope, id)?;
        if log.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        if log.withdrawn {
            return Err(Refusal::new("action.not_allowed").into());
        }
        service_log::keep_past(tx, &log, &reason, by.account)?;
        change(tx, &scope, &mut log)?;
        log.save(tx)?;
        let details = serde_json::json!({ "version": log.version, "withdrawn": log.withdrawn });
        by.saved(tx, Event::ServiceCorrected, (NOUN, id), details)?;
        view(tx, &scope, id, true)
    };
    app.db.write(In::County(by.county), work).await
}

/// The villages for which the visitor logs first: those that they advise today, as (id, name).
///
/// # Errors
/// The store's own.
pub async fn own_villages(app: &App, visitor: &Visitor) -> Result<Vec<Division>, Stop> {
    let Some(me) = visitor.worker else { return Ok(Vec::new()) };
    let county = visitor.county;
    let work = move |tx: &mut Tx<'_>| {
        let posts = falin_store::adviser::of_workers(tx, county, &[me], tx.now.date())?;
        let ids: Vec<DivisionId> = posts.iter().map(|post| post.division_id).collect();
        let mut names: Vec<Division> = division::named(tx, county, &ids)?.into_values().collect();
        names.sort_by(|a, b| a.sort_key.cmp(&b.sort_key));
        Ok(names)
    };
    app.db.read(In::County(county), work).await
}

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
pub(crate) const HEADERS: &[&str] =
    &["日期", "村(社区)", "姓名", "服务内容", "服务方式", "分钟", "数量", "单位", "人次", "份数", "主题"];

/// An entry as a row.
pub(crate) fn row(shown: &Shown) -> Vec<String> {
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

fn mode_word(mode: ServiceMode) -> &'static str {
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
