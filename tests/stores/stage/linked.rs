//! Hooks that move linked cases, by the workflow that has them: a referral follows the mediation that it opened and waits
//! for it, and what the parties apply for together comes along.

use falin_app::casework::{self, Seen};
use falin_domain::access::Role;
use falin_domain::words::CaseId;
use serde_json::{Value, json};

use super::by_law::as_lawyer;
use super::{Stage, fault};
use crate::stores::deadlines::person;
use crate::stores::plans::house::done;
use crate::town::on_both;

/// The mediation that a case has opened.
pub fn led_to(stage: &Stage, seen: &Seen) -> Seen {
    let (county, id) = (stage.house.county, seen.case.id);
    let linked = stage.house.read(move |tx| falin_store::casefile::linked(tx, county, id));
    let mediation = linked.into_iter().find(|case| case.flow == "mediation").unwrap();
    again(stage, &mediation.flow, mediation.id)
}

fn again(stage: &Stage, flow: &str, id: CaseId) -> Seen {
    stage.house.wait(casework::one(&stage.house.app, &stage.house.me, flow, id)).unwrap()
}

/// A referral that was taken, and its mediation.
fn taken(stage: &Stage, n: usize) -> (Seen, Seen) {
    let form = json!({"court": "城区人民法院", "court_number": format!("诉前调{n}号"), "kind": "delegated", "plaintiff": "马建军",
        "defendant": "王建国", "dispute": "neighbours", "facts": "占道"});
    let seen = stage.open("court-link/referral", form).unwrap();
    let seen = stage.act(&seen, "accept", json!({"signed_on": "2026-03-02", "agrees": true})).unwrap();
    let mediation = led_to(stage, &seen);
    (seen, mediation)
}

/// The referral after its mediation has taken a step: its state, and what it says of agreement and reason.
fn moved(
    stage: &Stage,
    (referral, mediation): &(Seen, Seen),
    action: &str,
    form: Value,
) -> (String, Value, Value) {
    as_lawyer(stage, mediation, action, form).unwrap();
    let seen = again(stage, &referral.case.flow, referral.case.id);
    let value = |name: &str| seen.values.get(name).cloned().unwrap_or_default();
    (seen.case.state.clone(), value("agreement"), value("reason"))
}

/// Letters of any workflow.
fn letters(stage: &Stage) -> i64 {
    stage.house.town.number("SELECT count(*) FROM plugin_letter WHERE state = 'waiting'")
}

fn settled() -> Value {
    json!({"agreement": "月底付清。", "effective_on": "2026-03-02", "agreed_amount": 300_000})
}

on_both! {
    fn a_referral_follows_every_end_of_its_mediation(backend) {
        let stage = Stage::carried(backend);
        person(&stage.house, Role::Clerk, None, None);
        let both = taken(&stage, 1);
        let (state, agreement, _) = moved(&stage, &both, "settle_orally", settled());
        assert_eq!((state.as_str(), agreement), ("agreed", json!("月底付清。")));
        let told = format!("SELECT count(*) FROM inbox WHERE key LIKE 'case/{}/agree/%'", both.0.case.id);
        assert_eq!(stage.house.town.number(&told), 1, "the clerk is told that the court waits for an answer");
        let paid = again(&stage, "court-link/referral", both.0.case.id);
        assert_eq!(paid.values["amount"], json!(300_000));
        stage.act(&paid, "report", json!({"next": "performed"})).unwrap();

        let consenting = |n: usize| {
            let (referral, mediation) = taken(&stage, n);
            (referral, stage.act(&mediation, "accept", json!({})).unwrap())
        };
        let no = moved(&stage, &consenting(2), "consents", json!({"consent": false}));
        assert_eq!(no, ("failed".to_owned(), Value::Null, json!("对方不同意调解")));
        let refused = moved(&stage, &consenting(3), "refuse", json!({"reason": "不来了"}));
        assert_eq!(refused, ("failed".to_owned(), Value::Null, json!("不来了")));
        let left = moved(&stage, &taken(&stage, 4), "withdraw", json!({}));
        assert_eq!(left, ("failed".to_owned(), Value::Null, json!("当事人撤回")));
        let not_taken = moved(&stage, &taken(&stage, 5), "not_accept", json!({"reason": "已经判过"}));
        assert_eq!(not_taken, ("failed".to_owned(), Value::Null, json!("已经判过")));
        // Both say yes: the mediation goes on, and so does the referral.
        let on = moved(&stage, &consenting(6), "consents", json!({"consent": true}));
        assert_eq!(on, ("mediating".to_owned(), Value::Null, Value::Null));
        assert_eq!(letters(&stage), 0);
        done(stage.house.wait(falin_app::audit::verify(&stage.house.app, &stage.house.me)));
    }

    fn what_is_settled_in_the_mediation_is_not_settled_beside_it(backend) {
        let stage = Stage::carried(backend);
        let (referral, mediation) = taken(&stage, 1);
        let waits = ("linked".to_owned(), "plugin.said".to_owned());
        let early = [("agree", json!({"agreement": "付清"})), ("fail", json!({"reason": "谈不拢"})), ("return", json!({"reason": "期满"}))];
        for (action, form) in early {
            assert_eq!(fault(stage.act(&referral, action, form)), waits, "{action}");
        }
        stage.act(&mediation, "withdraw", json!({"reason": "另行起诉"})).unwrap();
        let failed = again(&stage, "court-link/referral", referral.case.id);
        let returned = stage.act(&failed, "return", json!({"reason": "另行起诉", "undisputed": "借款属实"})).unwrap();
        assert_eq!(returned.case.state, "returned");
    }

    fn a_mediation_that_nobody_referred_moves_nothing(backend) {
        let stage = Stage::carried(backend);
        let (referral, _) = taken(&stage, 1);
        let form = json!({"applicant": "马建军", "facts": "占道", "dispute": "neighbours"});
        let other = stage.open("mediation", form).unwrap();
        let state = moved(&stage, &(referral, other), "settle_orally", settled()).0;
        assert_eq!(state, "mediating");
        assert_eq!(letters(&stage), 0);
    }

    fn a_referral_that_has_moved_on_is_left_alone(backend) {
        let stage = Stage::carried(backend);
        let both = taken(&stage, 1);
        as_lawyer(&stage, &both.1, "settle_orally", settled()).unwrap();
        let agreed = again(&stage, "court-link/referral", both.0.case.id);
        stage.act(&agreed, "report", json!({"next": "performed"})).unwrap();
        let mediation = again(&stage, "mediation", both.1.case.id);
        stage.act(&mediation, "confirmation", json!({"confirmation": "not_wanted"})).unwrap();
        assert_eq!(again(&stage, "court-link/referral", both.0.case.id).case.state, "reported");
        assert_eq!((letters(&stage), stage.count("court-link/confirmation")), (0, 0));
    }

    fn who_applies_jointly_brings_the_agreement_along_once(backend) {
        let stage = Stage::carried(backend);
        let form = json!({"applicant": "马建军", "phone": "13909470001", "other_side": "王建国", "facts": "占道", "dispute": "neighbours"});
        let seen = stage.open("mediation", form).unwrap();
        let mut seen = as_lawyer(&stage, &seen, "settle_orally", settled()).unwrap();
        for _ in 0..2 {
            seen = stage.act(&seen, "confirmation", json!({"confirmation": "applied"})).unwrap();
        }
        assert_eq!(stage.count("court-link/confirmation"), 1, "one that is open is not begun again");
        let (county, id) = (stage.house.county, seen.case.id);
        let born = stage.house.read(move |tx| falin_store::casefile::linked(tx, county, id)).remove(0);
        let born = again(&stage, &born.flow, born.id);
        let value = |name: &str| born.values.get(name).cloned().unwrap_or_default();
        let brought = ["applicant", "other", "terms", "effective_on", "agreement_number"].map(value);
        let known = ["马建军", "王建国", "月底付清。", "2026-03-02", &seen.case.number];
        assert_eq!(brought, known.map(Value::from));

        // Where it came to nothing, it can be begun again.
        stage.act(&born, "withdraw", json!({"reason": "材料不齐"})).unwrap();
        stage.act(&seen, "confirmation", json!({"confirmation": "applied"})).unwrap();
        assert_eq!((stage.count("court-link/confirmation"), letters(&stage)), (2, 0));
    }
}
