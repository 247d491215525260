//! Accounts from the first slip to the last session, on a clock that the test moves.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use falin_domain::access::{Role, Visitor};
use falin_domain::identity::Step;
use falin_domain::page::Window;
use falin_domain::time::Instant;
use falin_domain::words::{AccountId, CountyId};
use falin_store::conn::Location;
use falin_store::{Db, Entropy, In, Keys, county};
use totp_rs::{Algorithm, Secret, TOTP};

use super::*;
use crate::{App, Stop};

const PASSWORD: &str = "a long summer evening";

struct House {
    app: App,
    clock: Arc<AtomicI64>,
    county: CountyId,
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.app.data);
    }
}

async fn house() -> House {
    static N: AtomicU64 = AtomicU64::new(0);
    let name = format!("falin-account-{}-{}", std::process::id(), N.fetch_add(1, Ordering::Relaxed));
    let data = std::env::temp_dir().join(name);
    let _ = std::fs::remove_dir_all(&data);
    std::fs::create_dir_all(&data).unwrap();
    let keys = Keys::open_or_make(&data, &mut Entropy::from_seed([3; 32])).unwrap();
    let clock = Arc::new(AtomicI64::new(1_770_000_000_000));
    let (read, count) = (clock.clone(), AtomicU64::new(0));
    let random = move || {
        let mut seed = [0u8; 32];
        seed[..8].copy_from_slice(&count.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        seed
    };
    let now = move || Instant::from_millis(read.load(Ordering::Relaxed));
    let source = falin_store::Source { clock: Arc::new(now), random: Arc::new(random) };
    let db = Db::open(Location::File(data.join("falin.db")), keys, source).unwrap();
    let county = db.write(In::All, |tx| county::insert(tx, "620200", "嘉峪关市")).await.unwrap();
    House { app: App::over(db, data), clock, county }
}

impl House {
    fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1000, Ordering::Relaxed);
    }

    fn operator(&self) -> Visitor {
        Visitor::operator(self.county)
    }

    fn form(&self, username: &str, role: Role) -> NewAccount {
        let username = username.to_owned();
        NewAccount { username, display_name: "张三".into(), role, place: None, worker: None }
    }

    async fn person(&self, username: &str, role: Role) -> (AccountId, Option<String>) {
        ready_made(&self.app, &self.operator(), &self.form(username, role), PASSWORD).await.unwrap()
    }

    fn code(&self, secret: &str) -> String {
        let secret = Secret::Encoded(secret.to_owned()).to_bytes().unwrap();
        let totp = TOTP::new(Algorithm::SHA1, 6, 1, 30, secret).unwrap();
        totp.generate((self.clock.load(Ordering::Relaxed) / 1000) as u64)
    }

    async fn enter(&self, username: &str, password: &str) -> Result<SignedIn, Stop> {
        sign_in(&self.app, &attempt(username, password)).await
    }

    async fn visitor(&self, token: &str) -> Option<Visitor> {
        session(&self.app, hash_of(token)).await.unwrap().map(|(visitor, _)| visitor)
    }
}

fn attempt(username: &str, password: &str) -> Attempt {
    Attempt { username: username.into(), password: password.into(), ..Attempt::default() }
}

fn code_of<T>(result: Result<T, Stop>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(Stop::Refused(refusal)) => refusal.code(),
        Err(other) => panic!("{other}"),
    }
}

fn elsewhere() -> Source {
    Source { address: Some([203, 0, 113, 9].into()), ..Source::default() }
}

#[tokio::test]
async fn a_slip_leads_to_a_password_a_factor_and_a_session() {
    let house = house().await;
    let slip = create(&house.app, &house.operator(), &house.form("", Role::Clerk)).await.unwrap();
    assert_eq!(slip.username, "zhangsan");
    assert_eq!(code_of(house.enter("zhangsan", PASSWORD).await), "account.signin_failed");
    let again = slips(&house.app, &house.operator(), None).await.unwrap();
    assert_eq!(again[0].code, slip.code);
    let here = Source::default();
    assert_eq!(
        code_of(activate(&house.app, "2222-2222-2222", PASSWORD, &here).await),
        "account.activation_invalid"
    );
    assert_eq!(code_of(activate(&house.app, &slip.code, "zhangsan12", &here).await), "form.invalid");
    let half_in = activate(&house.app, &slip.code.to_lowercase(), PASSWORD, &here).await.unwrap();
    assert_eq!(half_in.step, Step::Enrol);
    assert!(house.visitor(&half_in.token).await.is_none());
    assert_eq!(
        code_of(activate(&house.app, &slip.code, PASSWORD, &here).await),
        "account.activation_invalid"
    );
    assert!(slips(&house.app, &house.operator(), None).await.unwrap().is_empty());
    let hash = hash_of(&half_in.token);
    let shown = enrolment(&house.app, hash).await.unwrap();
    assert!(shown.first && shown.url.contains(&shown.secret));
    house.pass(2);
    let wrong = confirm_enrolment(&house.app, hash, "000000", "", &here).await;
    assert_eq!(code_of(wrong), "form.invalid");
    house.pass(3);
    let code = house.code(&shown.secret);
    let whole = confirm_enrolment(&house.app, hash, &code, "", &here).await.unwrap().unwrap();
    let visitor = house.visitor(&whole.token).await.unwrap();
    assert!(visitor.is(Role::Clerk) && half(&house.app, hash).await.unwrap().is_none());
    let me = me(&house.app, &visitor).await.unwrap();
    assert_eq!((me.username.as_str(), me.second_factor), ("zhangsan", true));
}

#[tokio::test]
async fn a_code_is_good_once() {
    let house = house().await;
    let (_, secret) = house.person("clerk.li", Role::Clerk).await;
    let secret = secret.unwrap();
    let step = house.enter("Clerk.Li", PASSWORD).await.unwrap();
    assert_eq!(step.step, Step::SecondFactor);
    let hash = hash_of(&step.token);
    let code = house.code(&secret);
    let done = second_factor(&house.app, hash, &code, &Source::default()).await.unwrap();
    assert!(done.step == Step::Done && house.visitor(&done.token).await.is_some());
    assert_eq!(
        code_of(second_factor(&house.app, hash, &code, &Source::default()).await),
        "access.unauthenticated"
    );
    let again = Attempt { totp: Some(code.clone()), ..attempt("clerk.li", PASSWORD) };
    assert_eq!(code_of(sign_in(&house.app, &again).await), "form.invalid");
    house.pass(31);
    let fresh = Attempt { totp: Some(house.code(&secret)), ..attempt("clerk.li", PASSWORD) };
    assert_eq!(sign_in(&house.app, &fresh).await.unwrap().step, Step::Done);
}

#[tokio::test]
async fn unknown_names_and_wrong_passwords_answer_alike() {
    let house = house().await;
    house.person("resident.wang", Role::Resident).await;
    for name in ["resident.wang", "nobody.here", "查无此人"] {
        let answers = [house.enter(name, "wrong wrong").await, house.enter(name, "wrong wrong").await];
        let answers: Vec<_> = answers.into_iter().map(code_of).collect();
        assert_eq!(answers, ["account.signin_failed", "account.too_many_attempts"], "{name}");
    }
    // As much work: the median of each is within half of the other.
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..5 {
        for (at, name) in ["resident.wang", "nobody.here"].into_iter().enumerate() {
            house.pass(3600);
            let start = std::time::Instant::now();
            assert_eq!(code_of(house.enter(name, "wrong wrong").await), "account.signin_failed");
            times[at].push(start.elapsed());
        }
    }
    let median = |list: &mut Vec<std::time::Duration>| {
        list.sort();
        list[2].as_secs_f64()
    };
    let (known, unknown) = (median(&mut times[0]), median(&mut times[1]));
    assert!(known < unknown * 2.0 && unknown < known * 2.0, "{known} {unknown}");
}

#[tokio::test]
async fn guesses_end_at_a_hundred_a_day_and_the_owner_still_gets_in() {
    let house = house().await;
    house.person("resident.wang", Role::Resident).await;
    let first = house.enter("resident.wang", PASSWORD).await.unwrap();
    let mut wrong = 0;
    for _ in 0..130 {
        house.pass(60);
        match code_of(house.enter("resident.wang", "wrong wrong").await) {
            "account.signin_failed" => wrong += 1,
            other => assert_eq!(other, "account.too_many_attempts"),
        }
    }
    assert_eq!(wrong, 90);
    // The owner's session lives on, a stranger is kept out even with the password, the owner's browser is not.
    house.pass(-3600 * 2);
    assert!(house.visitor(&first.token).await.is_some());
    assert_eq!(code_of(house.enter("resident.wang", PASSWORD).await), "account.too_many_attempts");
    let source = Source { device: first.device.clone(), ..elsewhere() };
    let mine = Attempt { source: source.clone(), ..attempt("resident.wang", PASSWORD) };
    assert_eq!(sign_in(&house.app, &mine).await.unwrap().device, first.device);
    let made_up = Source { device: Some("0".repeat(64)), ..elsewhere() };
    let other = Attempt { source: made_up, ..attempt("resident.wang", PASSWORD) };
    assert_eq!(code_of(sign_in(&house.app, &other).await), "account.too_many_attempts");
    house.pass(86_400);
    assert_eq!(code_of(house.enter("resident.wang", PASSWORD).await), "ok");
}

#[tokio::test]
async fn delays_grow_in_one_place_and_not_elsewhere() {
    let house = house().await;
    house.person("resident.wang", Role::Resident).await;
    for wait in [1, 3, 5, 10] {
        assert_eq!(code_of(house.enter("resident.wang", "wrong wrong").await), "account.signin_failed");
        house.pass(wait - 1);
        if wait > 1 {
            let early = house.enter("resident.wang", PASSWORD).await.err().unwrap();
            assert_eq!(early.refusal().unwrap().args, [("seconds", "1".to_owned())]);
        }
        house.pass(1);
    }
    assert_eq!(code_of(house.enter("resident.wang", "wrong wrong").await), "account.signin_failed");
    let other = Attempt { source: elsewhere(), ..attempt("resident.wang", PASSWORD) };
    assert_eq!(code_of(sign_in(&house.app, &other).await), "ok");
}

#[tokio::test]
async fn sessions_end_by_rest_by_age_and_by_every_change() {
    let house = house().await;
    let (id, secret) = house.person("clerk.li", Role::Clerk).await;
    let operator = house.operator();
    let enter = async |house: &House| {
        house.pass(30);
        let code = house.code(secret.as_ref().unwrap());
        let attempt = Attempt { totp: Some(code), ..attempt("clerk.li", PASSWORD) };
        sign_in(&house.app, &attempt).await.unwrap().token
    };
    let token = enter(&house).await;
    house.pass(29 * 60);
    assert!(house.visitor(&token).await.is_some());
    house.pass(29 * 60);
    assert!(house.visitor(&token).await.is_some(), "seen in between");
    house.pass(31 * 60);
    assert!(house.visitor(&token).await.is_none());
    let token = enter(&house).await;
    for _ in 0..36 {
        house.pass(20 * 60);
        house.visitor(&token).await;
    }
    assert!(house.visitor(&token).await.is_none(), "twelve hours are over");
    let acts = [
        AccountAct::AddRole(Role::Mediator, None),
        AccountAct::RemoveRole(Role::Mediator, None),
        AccountAct::Disable,
    ];
    for change in acts {
        let token = enter(&house).await;
        let version = one(&house.app, &operator, id).await.unwrap().version;
        assert_eq!(
            code_of(act(&house.app, &operator, id, version + 1, change.clone()).await),
            "state.changed"
        );
        act(&house.app, &operator, id, version, change).await.unwrap();
        assert!(house.visitor(&token).await.is_none());
    }
    assert_eq!(code_of(house.enter("clerk.li", PASSWORD).await), "account.disabled");
}

#[tokio::test]
async fn a_changed_password_ends_every_other_session() {
    let house = house().await;
    house.person("resident.wang", Role::Resident).await;
    let one = house.enter("resident.wang", PASSWORD).await.unwrap().token;
    let two = house.enter("resident.wang", PASSWORD).await.unwrap().token;
    let (here, hash) = (Source::default(), hash_of(&one));
    let wrong = change_password(&house.app, hash, "wrong wrong", "another long evening", &here).await;
    assert_eq!(wrong.err().unwrap().refusal().unwrap().fields[0].code, "password.wrong");
    house.pass(2);
    let new = change_password(&house.app, hash, PASSWORD, "another long evening", &here).await.unwrap();
    for old in [&one, &two] {
        assert!(house.visitor(old).await.is_none());
    }
    let visitor = house.visitor(&new.token).await.unwrap();
    assert_eq!(my_sessions(&house.app, &visitor).await.unwrap().len(), 1);
    sign_out(&house.app, hash_of(&new.token)).await.unwrap();
    assert!(house.visitor(&new.token).await.is_none());
}

#[tokio::test]
async fn tokens_live_as_long_as_their_account_and_not_beyond_their_end() {
    let house = house().await;
    let (id, _) = house.person("clerk.li", Role::Clerk).await;
    let operator = house.operator();
    let (first, token) = issue_token(&house.app, &operator, id, "hotline", 1).await.unwrap();
    let known = async |token: &str| bearer(&house.app, hash_of(token)).await.unwrap().is_some();
    assert!(known(&token).await && !known("nonsense").await);
    house.pass(86_400);
    assert!(!known(&token).await);
    let (second, token) = issue_token(&house.app, &operator, id, "hotline", 7).await.unwrap();
    revoke_token(&house.app, &operator, second).await.unwrap();
    assert!(!known(&token).await);
    let (_, token) = issue_token(&house.app, &operator, id, "hotline", 7).await.unwrap();
    let version = one(&house.app, &operator, id).await.unwrap().version;
    let (after, _) = act(&house.app, &operator, id, version, AccountAct::Disable).await.unwrap();
    act(&house.app, &operator, id, after.version, AccountAct::Enable).await.unwrap();
    assert!(!known(&token).await, "enabling again revives no token");
    let page = tokens(&house.app, &operator, Some(id), &Window::default()).await.unwrap();
    assert!(page.items.len() == 3 && page.items.iter().any(|token| token.id == first));
    let clerk = Visitor { account: Some(id), posts: Vec::new(), ..operator };
    assert_eq!(code_of(issue_token(&house.app, &clerk, id, "x", 1).await), "access.denied");
}

#[tokio::test]
async fn roles_are_given_by_others_within_bounds() {
    let house = house().await;
    let operator = house.operator();
    let (audit, _) = house.person("audit.zhao", Role::AuditAdmin).await;
    let (security, _) = house.person("security.qian", Role::SecurityAdmin).await;
    let add = AccountAct::AddRole(Role::SecurityAdmin, None);
    let version = one(&house.app, &operator, audit).await.unwrap().version;
    assert_eq!(code_of(act(&house.app, &operator, audit, version, add).await), "account.roles_exclude");
    let version = one(&house.app, &operator, security).await.unwrap().version;
    let end = AccountAct::Disable;
    let last = act(&house.app, &operator, security, version, end.clone()).await;
    assert_eq!(code_of(last), "account.last_security_admin");
    // Of two counties each keeps one: that another is there in the first says nothing of the second.
    house.person("security.sun", Role::SecurityAdmin).await;
    let other = house.app.db.write(In::All, |tx| county::insert(tx, "620900", "酒泉市")).await.unwrap();
    let there = AccountAct::RoleIn(true, Role::SecurityAdmin, other, None);
    let (after, _) = act(&house.app, &operator, security, version, there).await.unwrap();
    let both = act(&house.app, &operator, security, after.version, end.clone()).await;
    assert_eq!(code_of(both), "account.last_security_admin");
    let here = AccountAct::RemoveRole(Role::SecurityAdmin, None);
    let (after, _) = act(&house.app, &operator, security, after.version, here).await.unwrap();
    let version = after.version;
    let own = Visitor { account: Some(security), ..operator.clone() };
    assert_eq!(code_of(act(&house.app, &own, security, version, end).await), "account.own");
    assert_eq!(
        code_of(ready_made(&house.app, &own, &house.form("x.y.z", Role::Clerk), PASSWORD).await),
        "access.denied"
    );
    let foreign = Visitor::operator(falin_domain::words::Id::from_parts(house.app.now(), [7; 10]));
    assert_eq!(code_of(one(&house.app, &foreign, audit).await), "not_found");
}
