//! Questions that nobody answers go on to somebody else, and are counted by what was promised.
#![allow(clippy::unwrap_used)]

mod house;

use falin_app::casework::{self, Action, Opening};
use falin_app::consultation::{self, Figures};
use falin_app::county;
use falin_domain::access::Visitor;
use falin_domain::workflow::Manner;
use serde_json::json;

use house::{Folder, values};

#[tokio::test]
async fn an_unanswered_question_is_called_back_and_figures_know_it() {
    let folder = Folder::new("questions");
    // A Monday morning.
    let app = folder.house("2026-03-02T09:00:00+08:00");
    let id = county::by_code_or_make(&app, "620200", "嘉峪关市").await.unwrap();
    let operator = Visitor::operator(id);
    let ask = |question: &str| {
        let form = values(
            json!({"question": question, "channel": "phone", "asker": "张建国", "phone": "13912345678"}),
        );
        Opening::new("consultation", form)
    };
    let first = casework::open(&app, &operator, ask("老板欠薪")).await.unwrap();
    let second = casework::open(&app, &operator, ask("邻居占道")).await.unwrap();
    let answer = Action {
        action: "answer".to_owned(),
        version: second.case.version,
        values: values(json!({"answer": "先调解", "outcome": "answered"})),
        manner: Manner::Program,
    };
    casework::act(&app, &operator, "consultation", second.case.id, answer).await.unwrap();
    assert_eq!(consultation::round(&app).await.unwrap(), 0, "nobody has waited yet");
    drop(app);

    let app = folder.house("2026-03-02T17:59:00+08:00");
    assert_eq!(consultation::round(&app).await.unwrap(), 0, "six office hours and fifty-nine minutes");
    drop(app);
    let app = folder.house("2026-03-03T09:30:00+08:00");
    assert_eq!(consultation::round(&app).await.unwrap(), 1);
    assert_eq!(consultation::round(&app).await.unwrap(), 0, "once is enough");
    let seen = casework::one(&app, &operator, "consultation", first.case.id).await.unwrap();
    assert_eq!(seen.case.state, "call_back");
    assert_eq!(seen.next.unwrap().role.code(), "clerk");
    assert_eq!(seen.steps.last().unwrap().step.action, "fallback");
    let late = Action {
        action: "answer".to_owned(),
        version: seen.case.version,
        values: values(json!({"answer": "向劳动监察投诉", "outcome": "answered"})),
        manner: Manner::Program,
    };
    let day = |text: &str| text.parse().unwrap();
    let figures = |from, to| consultation::figures(&app, id, None, day(from), day(to));
    let before = figures("2026-03-01", "2026-03-31").await.unwrap();
    assert_eq!(before, Figures { asked: 2, answered: 1, in_time: 1 });
    casework::act(&app, &operator, "consultation", first.case.id, late).await.unwrap();
    let after = figures("2026-03-01", "2026-03-31").await.unwrap();
    assert_eq!(after, Figures { asked: 2, answered: 2, in_time: 1 });
    assert_eq!(figures("2026-03-03", "2026-03-31").await.unwrap(), Figures::default());
}
