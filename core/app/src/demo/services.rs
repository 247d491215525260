//! A month of the sample: who sat at the window, what advisers did for their villages, visits, notaries, groups.
//!
//! Everything goes through the use cases that people use, so that a sample that breaks a rule does not load.

use falin_domain::access::{Scope, Visitor};
use falin_domain::directory::WorkerKind;
use falin_domain::time::Date;
use falin_domain::words::{DivisionId, HouseholdId, WorkerId};
use falin_store::adviser::AdviserPost;
use falin_store::db::In;
use falin_store::division::Division;
use falin_store::{Tx, adviser, division, holiday, household_list, pairing, worker as workers};

use super::counties::CountySpec;
use super::dice::Dice;
use crate::{App, Stop, duty, duty_rule, group, notary, service_log, visit, worker};

/// Days of the past that the log tells of.
const PAST: i64 = 30;
/// Days to come for which the rota is planned.
const AHEAD: i64 = 28;
/// Groups that are registered.
const GROUPS: usize = 20;
/// Households that were visited.
const VISITS: usize = 24;
/// Of these, so many each by those who sign in.
const OWN_VISITS: usize = 5;

const LECTURES: &[&str] =
    &["高价彩礼与婚约财产", "民间借贷怎么留证据", "防范电信诈骗", "土地承包经营权", "赡养和继承"];
const PAPERS: &[&str] = &["土地流转合同", "起诉状", "离婚协议", "赔偿协议", "欠条和还款计划"];
const QUESTIONS: &[&str] = &[
    "问老房子怎么过户，已说明要带的材料。",
    "工钱拖了四个月，告诉了劳动监察的电话，约好下周再来。",
    "地界和邻居说不清，劝两家先一起量一次。",
    "想知道离婚时孩子跟谁，讲了法院看什么。",
    "被追尾，对方不赔，帮着列了赔偿清单。",
];
const FOUND: &[&str] = &[
    "老两口身体还好，问了养老保险，已解释。",
    "家里为宅基地有争议，约双方下周到村部谈。",
    "联络卡还贴在电话旁，没有新的事情。",
    "儿子在外打工，工钱没结清，留了劳动仲裁的材料清单。",
];
const PROMISED: &[&str] =
    &["带劳动仲裁申请书的样本来", "和村委会一起量一次地界", "问清养老金的补缴办法再来说"];
const MATTERS: &[(&str, &str, u32)] = &[
    ("遗嘱公证", "本人身份证\n户口簿\n房产证、存单等财产凭证\n写好的遗嘱(没有可以现场帮写)", 60),
    ("继承权公证", "所有继承人的身份证\n去世证明\n亲属关系证明\n遗产的凭证", 60),
    ("委托公证", "双方身份证\n要办的事情的材料", 30),
    ("亲属关系公证", "身份证\n户口簿\n出生证明或单位证明", 30),
    ("赠与公证", "双方身份证\n财产凭证\n夫妻共有的，配偶要到场", 45),
    ("提存公证", "身份证\n合同\n要提存的钱或物的凭证", 45),
];

/// What the month is made of.
struct Stage {
    posts: Vec<AdviserPost>,
    lawyers: Vec<WorkerId>,
    /// Working days up to today, the oldest first.
    past: Vec<Date>,
    /// Households with the lawyer who looks after them.
    homes: Vec<(HouseholdId, WorkerId)>,
    seat: DivisionId,
}

/// Loads the month. Those who sign in, `own`, are on the rota and make visits before anybody else.
///
/// # Errors
/// What the use cases say, which would be a defect of the sample.
pub async fn services(
    app: &App,
    visitor: &Visitor,
    (spec, own): (&'static CountySpec, &[WorkerId]),
    seed: u64,
) -> Result<(), Stop> {
    let mut dice = Dice::new(seed, &format!("{} services", spec.code));
    let stage = stage(app, visitor, spec, own).await?;
    fees(app, visitor).await?;
    rota(app, visitor, &stage).await?;
    logs(app, visitor, &stage, &mut dice).await?;
    visits(app, visitor, &stage, &mut dice).await?;
    groups(app, visitor, &stage, &mut dice).await?;
    notaries(app, visitor, &stage, spec, &mut dice).await
}

async fn stage(
    app: &App,
    visitor: &Visitor,
    spec: &'static CountySpec,
    own: &[WorkerId],
) -> Result<Stage, Stop> {
    let (county, own) = (visitor.county, own.to_vec());
    let work = move |tx: &mut Tx<'_>| {
        let today = tx.now.date();
        let calendar = holiday::calendar(tx, county)?;
        let days = (0..=PAST).rev().map(|back| today.plus_days(-back));
        let past = days.filter(|day| calendar.is_workday(*day).workday).collect();
        let mut lawyers = workers::all(tx, county)?;
        lawyers.retain(|one| one.kind == WorkerKind::Lawyer && one.active);
        let place = |id: WorkerId| own.iter().position(|one| *one == id).unwrap_or(own.len());
        lawyers.sort_by_key(|one| place(one.id));
        let mut found = Vec::new();
        for worker in own.iter().copied().map(Some).chain([None]) {
            let (filter, most) = match worker {
                Some(_) => (household_list::Filter { worker, ..Default::default() }, OWN_VISITS),
                None => (household_list::Filter::default(), 200),
            };
            found.extend(household_list::first(tx, &Scope::whole(county), &filter, most)?);
        }
        let ids: Vec<HouseholdId> = found.iter().map(|home| home.id).collect();
        let spans = pairing::current_of(tx, county, &ids)?;
        let homes = ids.iter().filter_map(|id| Some((*id, spans.get(id)?.worker_id?))).take(VISITS).collect();
        let seat = division::by_code(tx, county, spec.code)?;
        let seat = seat.ok_or_else(|| crate::Fault::new("demo", "a county without its own node"))?;
        Ok(Stage {
            posts: adviser::on(tx, county, today)?,
            lawyers: lawyers.into_iter().map(|one| one.id).collect(),
            past,
            homes,
            seat: seat.id,
        })
    };
    app.db.read(In::County(county), work).await
}

async fn fees(app: &App, visitor: &Visitor) -> Result<(), Stop> {
    for (basis, kind, yuan) in [("month", "", "300"), ("item", "lecture", "100")] {
        let typed = duty_rule::FeeTyped {
            basis: basis.to_owned(),
            kind: kind.to_owned(),
            yuan: yuan.to_owned(),
            from: Date::new(2020, 1, 1).map(|day| day.to_string()).unwrap_or_default(),
            ..duty_rule::FeeTyped::default()
        };
        duty_rule::set_fee(app, visitor, None, &typed).await?;
    }
    Ok(())
}

/// Window and hotline of the centre: each weekday another lawyer, from a month ago to a month ahead.
async fn rota(app: &App, visitor: &Visitor, stage: &Stage) -> Result<(), Stop> {
    let today = app.today();
    let kinds = [("window", "一号窗口", "09:00", "12:00"), ("hotline", "12348", "14:30", "17:30")];
    for (n, (kind, spot, from, to)) in kinds.into_iter().enumerate() {
        for weekday in 0..5u8 {
            let first = today.plus_days(-PAST);
            let skip = (i64::from(weekday) - i64::from(first.weekday())).rem_euclid(7);
            let whose = n * 5 + usize::from(weekday);
            let Some(lawyer) = stage.lawyers.get(whose % stage.lawyers.len().max(1)) else { continue };
            let typed = duty::Typed {
                worker: lawyer.to_string(),
                kind: kind.to_owned(),
                place: stage.seat.to_string(),
                spot: spot.to_owned(),
                day: first.plus_days(skip).to_string(),
                from: from.to_owned(),
                to: to.to_owned(),
                until: today.plus_days(AHEAD).to_string(),
                ..duty::Typed::default()
            };
            duty::series(app, visitor, &typed).await?;
        }
    }
    Ok(())
}

/// A month of every post: some have done all that they owe, some not yet.
async fn logs(app: &App, visitor: &Visitor, stage: &Stage, dice: &mut Dice) -> Result<(), Stop> {
    for posts in stage.posts.chunks(16) {
        let typed: Vec<service_log::Typed> = posts.iter().flat_map(|post| month(post, stage, dice)).collect();
        let me = visitor.clone();
        let work = move |tx: &mut Tx<'_>| service_log::add_all(tx, &me, &typed);
        app.db.write(In::County(visitor.county), work).await?;
    }
    Ok(())
}

fn month(post: &AdviserPost, stage: &Stage, dice: &mut Dice) -> Vec<service_log::Typed> {
    let held: Vec<Date> = stage.past.iter().copied().filter(|day| *day >= post.from_date).collect();
    if held.is_empty() {
        return Vec::new();
    }
    let day = |dice: &mut Dice| held[dice.below(held.len())];
    let entry = |kind: &str, day: Date, minutes: u32, items: u32| service_log::Typed {
        worker: post.worker_id.to_string(),
        village: post.division_id.to_string(),
        day: day.to_string(),
        kind: kind.to_owned(),
        minutes: minutes.to_string(),
        items: items.to_string(),
        ..service_log::Typed::default()
    };
    let mut found = Vec::new();
    for _ in 0..dice.between(1, 3) {
        let when = day(dice);
        found.push(entry("on_site", when, 60 * dice.between(2, 4), 1));
        let people = dice.between(1, 5);
        let mut asked = entry("consultation", when, 0, people);
        (asked.people, asked.note) = (people.to_string(), dice.pick(QUESTIONS).to_owned());
        found.push(asked);
    }
    if dice.chance(600) {
        let mut lecture = entry("lecture", day(dice), 90, 1);
        lecture.people = dice.between(18, 65).to_string();
        lecture.copies = dice.between(20, 80).to_string();
        (lecture.topic, lecture.audience) = (dice.pick(LECTURES).to_owned(), "村民".to_owned());
        found.push(lecture);
    }
    if dice.chance(350) {
        let mut paper = entry("drafting", day(dice), 60, 1);
        paper.topic = dice.pick(PAPERS).to_owned();
        found.push(paper);
    }
    if dice.chance(250) {
        let mut dispute = entry("mediation", day(dice), 120, 1);
        dispute.people = "2".to_owned();
        dispute.settled = if dice.chance(700) { "on" } else { "" }.to_owned();
        found.push(dispute);
    }
    if dice.chance(300) {
        found.push(entry("aid_referral", day(dice), 20, 1));
    }
    found
}

async fn visits(app: &App, visitor: &Visitor, stage: &Stage, dice: &mut Dice) -> Result<(), Stop> {
    for (n, (home, lawyer)) in stage.homes.iter().enumerate() {
        let Some(day) = stage.past.get(dice.below(stage.past.len())) else { continue };
        let mut typed = visit::Typed {
            worker: lawyer.to_string(),
            household: home.to_string(),
            purpose: ["round", "advice", "dispute", "card"][n % 4].to_owned(),
            ..visit::Typed::default()
        };
        if n % 4 == 3 {
            typed.planned_on = app.today().plus_days(dice.between(1, 12).into()).to_string();
        } else {
            typed.done_on = day.to_string();
            typed.minutes = (10 * dice.between(2, 6)).to_string();
            typed.found = dice.pick(FOUND).to_owned();
            // What was promised is due in some days, or should have been done some days ago.
            if n % 4 > 0 {
                typed.follow_up = dice.pick(PROMISED).to_owned();
                let later = if n % 4 == 1 { -2 } else { 6 };
                typed.follow_up_on = app.today().plus_days(later).max(*day).to_string();
            }
        }
        visit::add(app, visitor, &typed).await?;
    }
    Ok(())
}

async fn groups(app: &App, visitor: &Visitor, stage: &Stage, dice: &mut Dice) -> Result<(), Stop> {
    let county = visitor.county;
    let ids: Vec<DivisionId> = stage.posts.iter().map(|post| post.division_id).take(GROUPS).collect();
    let names = app.db.read(In::County(county), move |tx| Division::by_ids(tx, county, &ids)).await?;
    let mut pushed = Vec::new();
    for post in stage.posts.iter().take(GROUPS) {
        let Some(village) = names.get(&post.division_id) else { continue };
        let short =
            ["村民委员会", "居民委员会", "居委会"].iter().find_map(|end| village.name.strip_suffix(end));
        let short = short.unwrap_or(&village.name);
        let typed = group::Typed {
            name: format!("{short}法律服务群"),
            platform: "wechat".to_owned(),
            place: post.division_id.to_string(),
            keeper: "村（居）委会".to_owned(),
            worker: post.worker_id.to_string(),
            members: dice.between(60, 420).to_string(),
            active: String::new(),
        };
        let made = group::add(app, visitor, &typed).await?;
        let Some(day) = stage.past.iter().rfind(|day| **day >= post.from_date) else { continue };
        pushed.push(service_log::Typed {
            worker: post.worker_id.to_string(),
            village: post.division_id.to_string(),
            day: day.to_string(),
            kind: "push".to_owned(),
            items: dice.between(1, 6).to_string(),
            topic: dice.pick(LECTURES).to_owned(),
            group: made.group.id.to_string(),
            ..service_log::Typed::default()
        });
    }
    let me = visitor.clone();
    app.db.write(In::County(county), move |tx| service_log::add_all(tx, &me, &pushed)).await
}

async fn notaries(
    app: &App,
    visitor: &Visitor,
    stage: &Stage,
    spec: &CountySpec,
    dice: &mut Dice,
) -> Result<(), Stop> {
    let mut matters = Vec::new();
    for (n, (name, papers, minutes)) in MATTERS.iter().enumerate() {
        let typed = notary::MatterTyped {
            name: (*name).to_owned(),
            papers: (*papers).to_owned(),
            minutes: minutes.to_string(),
            position: (n + 1).to_string(),
            ..notary::MatterTyped::default()
        };
        matters.push(notary::set_matter(app, visitor, None, &typed).await?);
    }
    let typed = worker::Typed {
        name: "白玉兰".to_owned(),
        kind: WorkerKind::Notary.code().to_owned(),
        phone: super::people::landline(spec.dial, dice),
        ..worker::Typed::default()
    };
    let notary = worker::add(app, visitor, &typed).await?;
    let Some(first) = stage.past.last() else { return Ok(()) };
    let days = (1..=7).map(|n| first.plus_days(n)).filter(|day| day.weekday() < 5 && *day >= app.today());
    for (day, (n, matter)) in days.zip(matters.iter().enumerate().cycle()).take(4) {
        let typed = notary::Typed {
            matter: matter.id.to_string(),
            worker: notary.id.to_string(),
            day: day.to_string(),
            from: ["09:00", "10:00", "14:30", "15:30"][n % 4].to_owned(),
            person: super::names::han(dice, n % 2 == 0, 1968),
            phone: super::people::landline(spec.dial, dice),
        };
        notary::add(app, visitor, &typed).await?;
    }
    Ok(())
}
