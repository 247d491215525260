//! The demo's county workflows: packed and signed from the sources that the program carries, then lived with a while.

use falin_domain::access::Visitor;
use falin_domain::time::Date;
use falin_domain::words::WorkerId;
use falin_domain::workflow::Values;
use serde_json::{Value, json};

use crate::casework::{self, Action, Opening};
use crate::plugin::{self, Move};
use crate::{App, Fault, Stop};

/// Each plugin's declaration, and whether only the main county has it.
const SOURCES: [(&str, bool); 2] = [
    (include_str!("../../../../plugins/petition/plugin.toml"), false),
    (include_str!("../../../../plugins/court-link/plugin.toml"), true),
];
/// Families of the people in the sample's cases.
const FAMILY: [&str; 10] = ["张", "王", "李", "赵", "马", "陈", "杨", "何", "罗", "周"];

/// Packs, signs and puts in use what a county has: everything in the main one, petition answering in its neighbour.
pub(super) async fn put(app: &App, visitor: &Visitor, main: bool) -> Result<(), Stop> {
    let key = plugin::SecretKey::from_seed("法邻示例发布单位", app.entropy().bytes())?;
    plugin::trust_key(app, visitor, key.public()?, false).await?;
    for (source, _) in SOURCES.iter().filter(|(_, only_main)| main || !only_main) {
        let name = plugin::Manifest::parse(source).map_err(|e| Fault::new("demo", e))?.id;
        // What the first county brought stands on the shelf for the others.
        let mut there = match plugin::take(app, visitor, &name).await {
            Ok(there) => there,
            Err(_) => {
                let files = [("plugin.toml".to_owned(), source.as_bytes().to_vec())].into();
                let package = plugin::sign(&plugin::pack(&files)?, &key)?;
                plugin::upload(app, visitor, package, false).await?
            }
        };
        for step in [Move::Try, Move::Grant, Move::Enable] {
            let (id, version) = (there.install.id, there.install.version);
            there = plugin::act(app, visitor, id, version, step).await?;
        }
    }
    Ok(())
}

/// One case from its first form on.
async fn live(
    app: &App,
    visitor: &Visitor,
    flow: &str,
    first: Value,
    acts: Vec<(&str, Value)>,
) -> Result<(), Stop> {
    let values = |value: Value| -> Values { value.as_object().cloned().unwrap_or_default() };
    let opening = Opening::new(flow, values(first));
    let mut seen = casework::open(app, visitor, opening).await?;
    for (action, form) in acts {
        let action = Action {
            action: action.to_owned(),
            version: seen.case.version,
            values: values(form),
            manner: falin_domain::workflow::Manner::Program,
        };
        seen = casework::act(app, visitor, flow, seen.case.id, action).await?;
    }
    Ok(())
}

/// Cases in every state, as a county has them after a few weeks.
pub(super) async fn lively(
    app: &App,
    visitor: &Visitor,
    worker: Option<WorkerId>,
    main: bool,
) -> Result<(), Stop> {
    let worker = worker.ok_or_else(|| Fault::new("demo", "no lawyer"))?;
    let lawyer = Visitor { worker: Some(worker), ..visitor.clone() };
    let today = app.today();
    for n in 0..12 {
        let (first, acts) = visit(n, today);
        live(app, &lawyer, "petition/visit", first, acts).await?;
    }
    for n in 0..4 {
        let (first, acts) = enforcement(n, today);
        live(app, &lawyer, "petition/enforcement", first, acts).await?;
    }
    for n in 0..3 {
        let (first, acts) = backlog(n, today, worker);
        live(app, &lawyer, "petition/backlog", first, acts).await?;
    }
    if !main {
        return Ok(());
    }
    for n in 0..17 {
        let (first, acts) = referral(n, today);
        live(app, &lawyer, "court-link/referral", first, acts).await?;
    }
    for n in 0..6 {
        let (first, acts) = confirmation(n, today);
        live(app, &lawyer, "court-link/confirmation", first, acts).await?;
    }
    Ok(())
}

fn person(n: usize) -> String {
    const GIVEN: [&str; 7] = ["建军", "桂英", "志明", "秀兰", "国栋", "玉梅", "海峰"];
    format!("{}{}", FAMILY[n % FAMILY.len()], GIVEN[n * 3 % GIVEN.len()])
}

type Story = (Value, Vec<(&'static str, Value)>);

fn visit(n: usize, today: Date) -> Story {
    const CLAIMS: [(&str, &str, &str); 4] = [
        (
            "litigation",
            "反映邻居占用宅基地通道，多次协商没有结果。",
            "依照民法典第二百九十一条，可以先申请调解，也可以直接起诉。",
        ),
        (
            "arbitration",
            "反映工地拖欠工资八个月，包工头联系不上。",
            "先向劳动保障监察投诉，可以申请劳动仲裁，也可以申请法律援助。",
        ),
        ("administrative", "对征地补偿决定不服。", "收到决定之日起六十日内可以申请行政复议。"),
        ("petition", "反映村道路灯损坏，多次反映没有修。", "属于信访程序办理的事项，已告知办理单位和期限。"),
    ];
    let routes =
        ["explained", "litigation", "arbitration", "reconsideration", "mediation", "aid", "returned"];
    let (claim, facts, advice) = CLAIMS[n % CLAIMS.len()];
    let route = routes[n % routes.len()];
    let anonymous = n % 5 == 3 && !matches!(route, "mediation" | "aid");
    let mut first = json!({
        "visited_on": today.plus_days(-(n as i64) / 3).to_string(), "anonymous": anonymous,
        "count": if n == 7 { 23 } else { 1 + n % 3 }, "claim": claim, "facts": facts,
        "risk": if n == 7 { "watch" } else { "none" },
    });
    if !anonymous {
        first["visitor"] = json!(person(n));
    }
    let answer = json!({ "interest": false, "advice": advice, "minutes": 20 + n * 5 % 40 });
    let mut way = json!({ "route": route });
    if matches!(route, "mediation" | "aid") {
        way["visitor"] = json!(person(n));
    }
    if route == "mediation" {
        way["other_side"] = json!(person(n + 5));
        way["consent_visitor"] = json!(true);
        way["consent_other"] = json!(true);
    }
    let mut acts = vec![("answer", answer), ("route", way)];
    if route == "mediation" {
        acts.push(("receive", json!({ "taken": true })));
    }
    acts.push(("feed_back", json!({ "result": "已当场解答并引导到有权处理的机关，来访人表示清楚。" })));
    // The youngest are still under way: the desk has something to do.
    let left = match n {
        0 | 1 => 0,
        2 => 1,
        3 | 4 => acts.len() - 1,
        _ => acts.len(),
    };
    acts.truncate(left);
    (first, acts)
}

fn enforcement(n: usize, today: Date) -> Story {
    let first = json!({
        "visitor": person(n + 3), "capacity": if n.is_multiple_of(2) { "applicant" } else { "debtor" },
        "case_number": format!("（{}）甘0202执{}号", today.parts().0, 300 + n * 17), "topic": (["slow", "property", "settle", "measure"][n % 4]),
        "facts": "来问案件执行到哪一步，提供了一条财产线索。",
    });
    let all = vec![
        (
            "receive",
            json!({ "advice": "说明执行程序和终结本次执行的含义，财产线索已登记转法院。", "enough": n == 1 }),
        ),
        ("court_answers", json!({ "court_answer": "已查询账户，十五日内安排约谈。" })),
        ("tell", json!({ "told_on": today.to_string() })),
    ];
    let take = match n {
        0 => 0,
        1 => 1,
        2 => 1,
        _ => 3,
    };
    (first, all.into_iter().take(take).collect())
}

fn backlog(n: usize, today: Date, worker: WorkerId) -> Story {
    let first = json!({
        "petitioner": person(n + 6), "claim": (["expropriation", "wages", "land"][n % 3]),
        "since": today.plus_days(-1200 - 200 * n as i64).to_string(),
        "summary": "多年反映同一事项，已经复查、复核，仍不服，需要律师团逐项梳理证据和诉求。",
    });
    let team = json!([{ "name": person(1), "role": "牵头" }, { "name": person(2), "role": "证据" }]);
    let all = vec![
        ("form_team", json!({ "worker": worker.to_string(), "team": team })),
        (
            "meet",
            json!({ "met_on": today.to_string(), "present": "律师团、信访部门、属地街道", "minutes": "逐项核对补偿协议和付款凭证，列出三项可以协商的诉求。" }),
        ),
        ("advise", json!({ "opinion": "补偿标准适用正确；过渡费少付两期，应当补足；其余诉求没有依据。" })),
    ];
    (first, all.into_iter().take(n + 1).collect())
}

/// Seventeen, of which ten were settled: the 58.8 % of the county's report.
fn referral(n: usize, today: Date) -> Story {
    let kinds = ["delegated", "entrusted", "entrusted_summary"];
    let types = ["neighbours", "family", "contract", "loan", "property", "traffic"];
    let known = falin_domain::workflow::shared_list("mediation_type").unwrap_or_default();
    let dispute = known.iter().find(|choice| choice.code == types[n % types.len()]).or(known.first());
    let first = json!({
        "court": "嘉峪关市城区人民法院", "court_number": format!("（{}）甘0202诉前调{}号", today.parts().0, 120 + n * 3),
        "kind": kinds[n % 3], "plaintiff": person(n), "defendant": person(n + 4),
        "dispute": dispute.map(|choice| choice.code.clone()).unwrap_or_default(),
        "facts": "原告请求被告支付欠款并承担利息，双方对数额有争议。",
    });
    let mut acts =
        vec![("accept", json!({ "signed_on": today.plus_days(-(n as i64)).to_string(), "agrees": true }))];
    if n < 10 {
        acts.push(("agree", json!({ "agreement": "被告分三期付清，原告放弃利息。", "next": if n.is_multiple_of(2) { "confirm" } else { "performed" } })));
        acts.push(("report", json!({ "next": if n.is_multiple_of(2) { "confirm" } else { "performed" } })));
    } else if n < 14 {
        acts.push((
            "return",
            json!({ "reason": "双方差距较大，一方坚持诉讼。", "undisputed": "借款事实和本金数额。" }),
        ));
    } else if n == 16 {
        acts.clear();
    }
    (first, acts)
}

/// One agreement may bind many households: the largest here binds 213.
fn confirmation(n: usize, today: Date) -> Story {
    let effective = today.plus_days(-3 - n as i64);
    let first = json!({
        "applicant": person(n + 2), "other": if n == 0 { "嘉峪关某物业服务有限公司".to_owned() } else { person(n + 7) },
        "households": if n == 0 { 213 } else { 1 }, "agreement_number": format!("（{}）嘉人调字第{}号", today.parts().0, 40 + n),
        "effective_on": effective.to_string(), "dispute": "other", "channel": if n < 5 { "online" } else { "window" },
        "terms": "乙方于协议生效后十日内一次付清，逾期按日万分之三付违约金。",
    });
    let day = today.to_string();
    let all = vec![
        (
            "check",
            json!({ "subject": "payment", "both_apply": true, "voluntary": true, "clear": true, "by_agent": false, "court": "嘉峪关市城区人民法院" }),
        ),
        ("sign", json!({ "signed_on": day, "service_address": true })),
        ("submit", json!({ "submitted_on": day, "channel": "online" })),
        (
            "accept",
            json!({ "filed_on": day, "court_number": format!("（{}）甘0202民特{}号", today.parts().0, 60 + n) }),
        ),
        (
            "rule",
            json!({ "ruling": "confirmed", "ruled_on": day, "performance_due": today.plus_days(10).to_string() }),
        ),
        ("follow", json!({ "performed": true })),
    ];
    (first, all.into_iter().take(6 - n).collect())
}
