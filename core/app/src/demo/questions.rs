//! A month of questions: asked at every door, answered, handed on, called back, withdrawn, through the use case itself.

use falin_domain::access::{Post, Role, Scope, Visitor};
use falin_domain::time::Instant;
use falin_domain::words::CountyId;
use falin_domain::workflow::{Manner, Values};
use falin_store::casefile::{self, Case};
use falin_store::division::Division;
use falin_store::household::{self, Household};
use falin_store::household_list::{self, Filter};
use falin_store::{In, Tx};
use serde_json::{Value, json};

use super::committees::name_of;
use super::dice::Dice;
use crate::casework::{Action, Flows, Opening, acted, opened};
use crate::consultation::FLOW;
use crate::{App, Stop, notice};

/// What people ask: question, matter, answer, law.
const ASKED: [(&str, &str, &str, &str); 12] = [
    (
        "在工地干了四个月，包工头一直不给工钱，打电话也不接了，怎么办？",
        "wages",
        "先收好考勤、转账记录和聊天记录，向劳动监察大队投诉；总包单位对农民工工资负清偿责任。也可以申请法律援助。",
        "保障农民工工资支付条例第三十条",
    ),
    (
        "邻居翻建院墙占了我家的巷道，村里说了也不听。",
        "neighbours",
        "先请村调解委员会到现场量一量，谈不成再起诉排除妨害。宅基地使用权证上的四至最要紧。",
        "民法典第二百三十六条、第二百八十八条",
    ),
    (
        "父亲去世没有留遗嘱，老房子几个兄弟姐妹怎么分？",
        "inheritance",
        "没有遗嘱按法定继承，配偶、子女、父母是第一顺序，一般均等；照顾老人多的可以多分。",
        "民法典第一千一百二十七条、第一千一百三十条",
    ),
    (
        "借给朋友两万块，只有微信记录，没有借条，能要回来吗？",
        "loan",
        "微信记录能证明借钱和金额的，可以起诉；注意三年的诉讼时效，催要的记录也留着。",
        "民法典第一百八十八条、第六百七十五条",
    ),
    (
        "想离婚，对方不同意，孩子两岁，大概要多久？",
        "family",
        "协议不成只能起诉；第一次没有判离，分居满一年再诉一般会判离。不满两周岁的孩子一般跟母亲。",
        "民法典第一千零七十九条、第一千零八十四条",
    ),
    (
        "承包地流转给公司种，租金拖了一年没给。",
        "land",
        "看合同约定的付款日和违约责任，先书面催告，仍不付可以解除合同收回土地。",
        "农村土地承包法第四十二条、民法典第五百六十三条",
    ),
    (
        "骑电动车被小汽车撞了，保险公司说只赔医药费。",
        "traffic",
        "除医药费外还有误工费、护理费、营养费；先拿交警的责任认定书，交强险限额内不分责任大小先赔。",
        "道路交通安全法第七十六条、民法典第一千一百七十九条",
    ),
    (
        "网上买的药没有效果，商家不给退。",
        "consumer",
        "保存页面和付款记录，先找平台和市场监管局（12315）投诉；属于假药的可以要求价款十倍的赔偿。",
        "消费者权益保护法第五十五条、药品管理法第一百四十四条",
    ),
    (
        "在厂里受了伤，单位没有给上保险，能认工伤吗？",
        "labour",
        "能。一年内向人社局申请工伤认定，没有参保的由单位按工伤保险待遇支付。",
        "工伤保险条例第十七条、第六十二条",
    ),
    (
        "低保被停了，村里说我儿子有车。",
        "welfare",
        "可以要求出具书面决定；不服的六十日内申请行政复议。",
        "行政复议法第二十条",
    ),
    (
        "物业一直不修电梯，我能不能不交物业费？",
        "housing",
        "不能因此不交，但可以书面要求维修，并向住建部门反映；服务明显不达标可以请求减收。",
        "民法典第九百四十四条",
    ),
    (
        "孩子在学校被同学打伤，学校说不管。",
        "vulnerable",
        "学校没有尽到教育、管理职责的，要承担责任；先报警取证，保存病历。",
        "民法典第一千一百九十九条、第一千二百条",
    ),
];
const CHANNELS: [&str; 8] = ["phone", "window", "online", "phone", "wechat", "visit", "phone", "letter"];
/// Questions in the month.
const COUNT: usize = 48;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// A message about a question that is older is not sent any more: whoever was to be called has been.
const OLD_DAYS: i64 = 2;

/// Asks and answers a month of questions in a county.
///
/// # Errors
/// What the use cases say, which would be a defect of the sample.
pub async fn ask(app: &App, county: CountyId, code: &'static str, seed: u64) -> Result<(), Stop> {
    let flows = app.flows.clone();
    let work = move |tx: &mut Tx<'_>| {
        let (now, scope) = (tx.now, Scope::whole(county));
        let filter = Filter { active: Some(true), ..Filter::default() };
        let homes = household_list::first(tx, &scope, &filter, 2_000)?;
        let mut dice = Dice::new(seed, &format!("{code} questions"));
        for n in 0..COUNT {
            if homes.is_empty() {
                break;
            }
            let home = &homes[(n * 37 + 5) % homes.len()];
            // Oldest first, so that numbers follow the days; asked between nine and five.
            let day = now.date().plus_days(-(((COUNT - n) * 30 / COUNT) as i64));
            let at = day.start().millis() + 9 * HOUR_MS + dice.below(8 * 60) as i64 * 60_000;
            one(tx, &flows, (county, home), n, Instant::from_millis(at.min(now.millis() - HOUR_MS)))?;
            tx.now = now;
        }
        Ok(())
    };
    app.db.write(In::County(county), work).await
}

fn staff(county: CountyId, role: Role, case: Option<&Case>) -> Visitor {
    let posts = vec![Post { role, county, place: None }];
    Visitor { account: None, county, posts, worker: case.and_then(|case| case.worker_id), token: None }
}

/// One question from its asking to where it stands today.
fn one(
    tx: &mut Tx<'_>,
    flows: &Flows,
    (county, home): (CountyId, &Household),
    n: usize,
    at: Instant,
) -> Result<(), Stop> {
    let (question, matter, answer, law) = ASKED[n % ASKED.len()];
    let channel = CHANNELS[n % CHANNELS.len()];
    let phone = household::open(tx, home)?.phones.into_iter().next().unwrap_or_default();
    let mut values = object(json!({
        "question": question, "matter": matter, "branch": "civil", "channel": channel, "asker": home.head_name,
        "phone": phone, "want": if n.is_multiple_of(4) { "call" } else { "text" }, "kind": "question",
    }));
    if n % 17 == 11 {
        values.insert("anonymous".to_owned(), json!("true"));
        values.insert("phone".to_owned(), json!(""));
    }
    if n % 23 == 7 {
        values.insert("external_number".to_owned(), json!(format!("热线转办{}号", 100 + n)));
    }
    let now = tx.now;
    tx.now = at;
    let opener = staff(county, if channel == "online" { Role::Resident } else { Role::Clerk }, None);
    let flow = flows.current(county, FLOW)?;
    let opening = Opening { household: Some(home.id), ..Opening::typed(FLOW, values) };
    let mut case = opened(tx, flows, &flow, &opener, &opening)?;
    for (role, action, hours, fields) in way(n, answer, law) {
        // Where nobody was led to, the window answers.
        let role = if role == Role::Lawyer && case.worker_id.is_none() { Role::Clerk } else { role };
        match step(tx, flows, case.clone(), (role, action, fields), (at, hours, now))? {
            Some(done) => case = done,
            None => break,
        }
    }
    go_on(tx, flows, &case, (at, now))?;
    if at.date().days_until(now.date()) > OLD_DAYS {
        notice::cancel(tx, county, case.id.cast())?;
    }
    Ok(())
}

/// One step of a case so many hours after it began; None where that is still to come.
fn step(
    tx: &mut Tx<'_>,
    flows: &Flows,
    case: Case,
    (role, action, fields): (Role, &str, Value),
    (began, hours, now): (Instant, i64, Instant),
) -> Result<Option<Case>, Stop> {
    let later = began.millis() + hours * HOUR_MS;
    if later >= now.millis() {
        return Ok(None);
    }
    tx.now = Instant::from_millis(later);
    let visitor = staff(case.county_id, role, Some(&case));
    let act = Action {
        action: action.to_owned(),
        version: case.version,
        values: object(fields),
        manner: Manner::Form,
    };
    acted(tx, flows, &visitor, case, &act).map(Some)
}

/// What came out of a question goes on as well: a mediator takes it within its days, and most are settled.
fn go_on(
    tx: &mut Tx<'_>,
    flows: &Flows,
    question: &Case,
    (began, now): (Instant, Instant),
) -> Result<(), Stop> {
    let county = question.county_id;
    let linked = casefile::linked(tx, county, question.id)?;
    let Some(mut case) = linked.into_iter().find(|one| one.flow == "mediation") else { return Ok(()) };
    let place = case.division_id;
    let village = Division::by_ids(tx, county, &place.into_iter().collect::<Vec<_>>())?;
    let village = place.and_then(|id| village.get(&id)).map(|one| one.name.clone()).unwrap_or_default();
    for (role, action, days, fields) in settled(question, &village, began) {
        match step(tx, flows, case.clone(), (role, action, fields), (began, days * 24, now))? {
            Some(done) => case = done,
            None => break,
        }
    }
    if began.date().days_until(now.date()) > OLD_DAYS {
        notice::cancel(tx, county, case.id.cast())?;
    }
    Ok(())
}

/// How a referred dispute is settled, by days after the question.
fn settled(question: &Case, village: &str, began: Instant) -> Way {
    let day = |n: i64| began.date().plus_days(n).to_string();
    let talked = "双方都到了，先让各自把话说完，再一项一项对。";
    let worker = question.worker_id.map(|id| id.to_string()).unwrap_or_default();
    let agreed = json!({
        "form": "written", "record": talked, "agreement": "双方自愿达成协议，互相让一步，今后不再为此事争执。",
        "effective_on": day(9), "signed_parties": true, "signed_mediator": true, "sealed": true,
    });
    let closed = json!({
        "outcome": "written", "performance": "on_time", "dossier": true,
        "dossier_reason": "纸质卷宗已装订存档。",
    });
    vec![
        (
            Role::Mediator,
            "accept",
            1,
            json!({ "committee": name_of(village), "worker": worker, "difficulty": "simple" }),
        ),
        (Role::Mediator, "consents", 3, json!({ "consent": true })),
        (Role::Mediator, "session", 6, json!({ "held_on": day(6), "record": talked })),
        (Role::Mediator, "agree", 9, agreed),
        (
            Role::Mediator,
            "visit",
            20,
            json!({ "visited_on": day(20), "performance": "on_time", "satisfaction": "very" }),
        ),
        (Role::Mediator, "close", 22, closed),
    ]
}

fn object(value: Value) -> Values {
    match value {
        Value::Object(values) => values,
        _ => Values::new(),
    }
}

type Way = Vec<(Role, &'static str, i64, Value)>;

/// What happens after a question, by its place in the month: most are answered within hours and rated.
fn way(n: usize, answer: &str, law: &str) -> Way {
    let told = |minutes: u8| json!({"answer": answer, "law": law, "outcome": "answered", "minutes": minutes.to_string()});
    let days = DAY_MS / HOUR_MS;
    match n % 12 {
        0 | 4 | 7 => vec![
            (Role::Lawyer, "answer", 5, told(25)),
            (
                Role::Clerk,
                "rate",
                2 * days,
                json!({"satisfaction": if n % 5 == 4 { "neutral" } else { "very" }}),
            ),
        ],
        1 | 5 => vec![(Role::Lawyer, "answer", 20, told(15)), (Role::Lawyer, "close", 6 * days, json!({}))],
        2 => vec![
            (Role::Lawyer, "ask_back", 4, json!({"note": "有没有书面的东西？拍张照片发来。"})),
            (Role::Clerk, "supply", 20, json!({"note": "照片已经收到，有转账记录。"})),
            (Role::Lawyer, "answer", 22, told(40)),
            (Role::Clerk, "rate", 3 * days, json!({"satisfaction": "fairly"})),
        ],
        3 => vec![(Role::Lawyer, "refer_mediation", 8, json!({"note": "双方都愿意谈，先调解。"}))],
        6 => vec![(Role::Lawyer, "answer", 40, told(20)), (Role::Lawyer, "close", 9 * days, json!({}))],
        8 => asked_back(n, told(30)),
        9 => vec![
            (Role::Clerk, "want_call", 2, json!({"when": "下午三点以后"})),
            (Role::Clerk, "called", 7, json!({"note": "已回电，转给律师答复。"})),
            (Role::Lawyer, "answer", 10, told(30)),
        ],
        10 => vec![(Role::Clerk, "withdraw", 12, json!({"note": "本人说已经解决了"}))],
        // Some wait over a weekend; of the last ones, one has waited too long.
        11 if n < COUNT / 2 => {
            vec![(Role::Lawyer, "answer", 30, told(20)), (Role::Lawyer, "close", 8 * days, json!({}))]
        }
        _ => Vec::new(),
    }
}

/// A question back, which the older ones have had answered.
fn asked_back(n: usize, told: Value) -> Way {
    let days = DAY_MS / HOUR_MS;
    let mut way = vec![(Role::Lawyer, "ask_back", 6, json!({"note": "对方单位的全称是什么？"}))];
    if n < COUNT / 2 {
        way.extend([
            (Role::Clerk, "supply", 28, json!({"note": "单位名称在工资条上，已经报来。"})),
            (Role::Lawyer, "answer", 31, told),
            (Role::Clerk, "rate", 4 * days, json!({"satisfaction": "fairly"})),
        ]);
    }
    way
}
