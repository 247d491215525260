//! What the resident who signs in to a sample county has asked for: two questions, one of them answered and marked, an
//! application for legal aid, and a dispute that a mediator has taken.

use falin_domain::access::{Post, Role, Visitor};
use falin_domain::time::Instant;
use falin_domain::workflow::{Manner, Values};
use falin_store::casefile::Case;
use falin_store::{In, Tx, account};
use serde_json::{Value, json};

use super::CountySpec;
use super::away::named;
use crate::casework::{Action, Flows, Opening, acted, opened};
use crate::{App, Stop, notice};

/// A case of the resident's: its flow, so many days ago, what was typed, and what was done with it since, by hours.
struct Own {
    flow: &'static str,
    days: i64,
    typed: Value,
    steps: Vec<(Role, &'static str, i64, Value)>,
}

/// Who takes part.
#[derive(Clone)]
struct People {
    resident: Visitor,
    mediator: Visitor,
}

/// Opens them all in the resident's name.
///
/// # Errors
/// What the use cases say, which would be a defect of the sample.
pub(super) async fn ask(app: &App, visitor: &Visitor, spec: &'static CountySpec) -> Result<(), Stop> {
    let people = People {
        resident: named(app, visitor, spec, "resident").await?,
        mediator: named(app, visitor, spec, "mediator").await?,
    };
    let (flows, county, seed) = (app.flows.clone(), visitor.county, spec.code);
    let work = move |tx: &mut Tx<'_>| {
        let name = match people.resident.account {
            Some(id) => account::by_id(tx, id)?.map(|one| one.display_name).unwrap_or_default(),
            None => String::new(),
        };
        let phone = super::people::mobile(&mut super::dice::Dice::new(7, seed));
        let now = tx.now;
        for own in all((&name, &phone), &people.mediator, now) {
            live(tx, &flows, &people, own)?;
            tx.now = now;
        }
        Ok(())
    };
    app.db.write(In::County(county), work).await
}

fn live(tx: &mut Tx<'_>, flows: &Flows, people: &People, own: Own) -> Result<(), Stop> {
    let resident = &people.resident;
    let now = tx.now;
    let begun = now.date().plus_days(-own.days).start().plus_seconds(10 * 3600 + 25 * 60);
    tx.now = begun.min(now.plus_seconds(-3600));
    let began = tx.now;
    let flow = flows.current(resident.county, own.flow)?;
    let opening = Opening::typed(own.flow, object(own.typed));
    let mut case = opened(tx, flows, &flow, resident, &opening)?;
    for (role, action, hours, fields) in own.steps {
        let at = began.plus_seconds(hours * 3600);
        if at >= now {
            break;
        }
        tx.now = at;
        let act = Action {
            action: action.to_owned(),
            version: case.version,
            values: object(fields),
            manner: Manner::Form,
        };
        let who = hand(people, role, &case);
        case = acted(tx, flows, &who, case, &act)?;
    }
    // Who was to be called has been.
    notice::cancel(tx, case.county_id, case.id.cast())
}

/// Who takes a step: the resident, the mediator, or whoever leads the case, the window where nobody does.
fn hand(people: &People, role: Role, case: &Case) -> Visitor {
    let role = if role == Role::Lawyer && case.worker_id.is_none() { Role::Clerk } else { role };
    match role {
        Role::Resident => people.resident.clone(),
        Role::Mediator => people.mediator.clone(),
        _ => {
            let county = people.resident.county;
            let posts = vec![Post { role, county, place: None }];
            Visitor { account: None, county, posts, worker: case.worker_id, token: None }
        }
    }
}

fn object(value: Value) -> Values {
    match value {
        Value::Object(values) => values,
        _ => Values::new(),
    }
}

fn all((name, phone): (&str, &str), mediator: &Visitor, now: Instant) -> Vec<Own> {
    let mediator = mediator.worker.map(|id| id.to_string()).unwrap_or_default();
    let day = |ago: i64| now.date().plus_days(-ago).to_string();
    let asked = |question: &str, matter: &str| {
        json!({
            "question": question, "matter": matter, "branch": "civil", "channel": "online", "asker": name,
            "phone": phone, "want": "text", "kind": "question",
        })
    };
    let answer = "可以。把转账记录和聊天记录保存好，先书面催一次；三年之内都可以起诉。";
    vec![
        Own {
            flow: "consultation",
            days: 16,
            typed: asked("借给亲戚八千元没有写借条，只有微信记录，还能要回来吗？", "loan"),
            steps: vec![
                (
                    Role::Lawyer,
                    "answer",
                    26,
                    json!({ "answer": answer, "law": "民法典第一百八十八条", "outcome": "answered", "minutes": "20" }),
                ),
                (Role::Resident, "rate", 50, json!({ "satisfaction": "very" })),
            ],
        },
        Own {
            flow: "mediation",
            days: 12,
            typed: json!({
                "applicant": name, "phone": phone, "other_side": "隔壁邻居", "dispute": "neighbours",
                "facts": "邻居在两家之间的巷道里堆了柴，车开不进来，说了几次都没有挪。",
            }),
            steps: vec![
                (Role::Mediator, "accept", 21, json!({ "worker": mediator, "difficulty": "simple" })),
                (Role::Mediator, "consents", 70, json!({ "consent": true })),
                (
                    Role::Mediator,
                    "session",
                    150,
                    json!({ "held_on": day(6), "record": "到现场看了，量了巷道的宽窄，约好下次把村干部也请来。" }),
                ),
            ],
        },
        Own {
            flow: "aid",
            days: 3,
            typed: json!({
                "applicant": name, "phone": phone, "matter": "wages", "promise": true,
                "facts": "今年夏天在工地干了两个月，还有九千元工钱没有结清。",
            }),
            steps: Vec::new(),
        },
        Own {
            flow: "consultation",
            days: 1,
            typed: asked("村里的机动地今年要重新发包，我家能不能优先承包？", "land"),
            steps: vec![(
                Role::Lawyer,
                "ask_back",
                4,
                json!({ "note": "您家现在承包了几亩？合同到哪一年？" }),
            )],
        },
    ]
}
