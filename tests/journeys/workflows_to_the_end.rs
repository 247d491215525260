//! The two workflows that authors copy, in a real browser from the first form to the closed case, each role in turn:
//! 访调对接 in large print, 诉调对接 on a phone. What a guard refuses is said on the form, and nothing typed is lost.

use super::plugins::{Publisher, settled};
use super::turns::{PHONE, Turns, lawyer, signed_in};
use crate::browser::{Size, available};
use crate::town::{Backend, Client, Town};

const VISITS: &str = "/desk/workflows/petition/visit";
const REFERRALS: &str = "/desk/workflows/court-link/referral";
const CONFIRMATIONS: &str = "/desk/workflows/court-link/confirmation";

/// A town in which this workflow of the house is in use.
fn with(plugin: &str) -> Town {
    let town = Town::start(Backend::Sqlite);
    Publisher::trusted(&town).puts_in_use(&town, plugin);
    let admin = town.program("county_admin");
    settled(|| admin.get("/api/v1/workflows").json()["items"].as_array().is_some_and(|all| !all.is_empty()));
    town
}

/// A mediator's account that is a person of the roster, so that steps which take a case can be taken.
fn mediator(town: &Town) -> Client {
    let client = signed_in(town, "end-mediator", "mediator");
    let second = "SELECT id FROM worker ORDER BY licence DESC LIMIT 1";
    town.sql(&format!("UPDATE account SET worker_id = ({second}) WHERE username = 'end-mediator'")).unwrap();
    client
}

/// Who has a part in a visit to the petition window.
struct Window {
    turns: Turns,
    clerk: Client,
    lawyer: Client,
    mediator: Client,
}

impl Window {
    fn new(town: &Town) -> Self {
        let clerk = signed_in(town, "end-clerk", "clerk");
        let (lawyer, _) = lawyer(town);
        Self { turns: Turns::with(town, Size::Desk, "zh-large"), clerk, lawyer, mediator: mediator(town) }
    }

    /// The clerk registers a visit, the lawyer answers it.
    fn answered(&self, claim: &str, facts: &str, advice: &str) -> String {
        self.turns.sits(&self.clerk);
        let today = self.turns.day(0);
        let case = self.turns.opens(
            VISITS,
            &[
                ("visited_on", &today),
                ("client_unit", "市信访局"),
                ("visitor", "马建军"),
                ("phone", PHONE),
                ("count", "3"),
                ("claim", claim),
                ("facts", facts),
                ("documents", "宅基地使用证"),
                ("risk", "none"),
            ],
        );
        self.turns.sits(&self.lawyer);
        let answer =
            [("interest", "false"), ("advice", advice), ("law", "民法典第二百九十一条"), ("minutes", "35")];
        self.turns.takes(&case, "answer", &answer);
        case
    }

    /// The clerk tells the petition office; the case closes with these words.
    fn fed_back(&self, case: &str, closed: &str) {
        self.turns.sits(&self.clerk);
        self.turns.takes(case, "feed_back", &[("result", "已经解答并办理，来访人表示清楚。")]);
        let text = self.turns.page.text();
        assert!(text.contains(closed), "{text}");
        assert!(!self.turns.page.has("a[href$=\"/steps/feed_back\"]"), "a closed case offers nothing");
    }
}

#[test]
fn petition_visits_go_from_the_window_to_every_main_end() {
    if !available() {
        return;
    }
    let town = with("petition");
    let window = Window::new(&town);
    let turns = &window.turns;

    // To the court: answered, guided on, told to the petition office; its papers are opened and kept.
    let case = window.answered("litigation", "邻居占用宅基地通道。", "可以先调解，也可以直接起诉。");
    turns.issues(&case, "petition-opinion", &[("subject", "马建军")], &window.lawyer);
    turns.takes(&case, "route", &[("route", "litigation"), ("guidance", "带身份证到城区人民法院立案。")]);
    turns.issues(
        &case,
        "petition-guide",
        &[("guidance", "到城区人民法院立案"), ("way", "引导诉讼")],
        &window.lawyer,
    );
    window.fed_back(&case, "引导诉讼");
    turns.issues(&case, "petition-intake", &[("facts", "占用宅基地通道"), ("count", "3")], &window.clerk);
    turns.issues(
        &case,
        "petition.petition-feedback",
        &[("to", "市信访局"), ("route", "引导诉讼"), ("result", "已经解答并办理")],
        &window.clerk,
    );

    // To the mediators: not with the yes of one side alone; then taken, and settled there.
    let case = window.answered("litigation", "楼上漏水泡坏家具。", "双方还愿意谈，先调解更快。");
    let one_side = [
        ("route", "mediation"),
        ("other_side", "王建国"),
        ("consent_visitor", "true"),
        ("consent_other", "false"),
    ];
    turns.is_refused(&case, "route", &one_side, "双方都同意才能转调解");
    let both = [
        ("route", "mediation"),
        ("other_side", "王建国"),
        ("consent_visitor", "true"),
        ("consent_other", "true"),
    ];
    turns.takes(&case, "route", &both);
    assert!(turns.page.text().contains("待调解组织接收"), "{}", turns.page.text());
    turns.sits(&window.mediator);
    turns.takes(&case, "receive", &[("taken", "true")]);
    let reason = [("matter", "漏水"), ("reason", "双方都同意")];
    turns.issues(&case, "petition-transfer", &reason, &window.mediator);
    turns.page.go(&case);
    turns.sends("a[href^=\"/desk/mediation/\"]");
    let mediation = turns.page.path();
    assert!(turns.page.text().contains("王建国"), "the other side came along: {}", turns.page.text());
    let today = turns.day(0);
    let settled = [("agreement", "楼上修好防水，赔三千元。"), ("effective_on", today.as_str())];
    turns.takes(&mediation, "settle_orally", &settled);
    turns.takes(&mediation, "close", &[("outcome", "oral"), ("performance", "at_once")]);
    window.fed_back(&case, "已转调解");

    // To legal aid: an application stands there at once, and the officer sees it.
    let case = window.answered("arbitration", "工地拖欠工资八个月。", "可以申请法律援助。");
    turns.takes(&case, "route", &[("route", "aid")]);
    window.fed_back(&case, "已转法律援助");
    let officer = signed_in(&town, "end-officer", "aid_officer");
    turns.sits(&officer);
    turns.page.go("/desk/legal-aid");
    assert!(turns.page.text().contains("马建军"), "{}", turns.page.text());
    turns.page.screenshot("petition-aid");
    town.falin(&["audit", "verify"]).ok();
}

#[test]
fn a_referral_and_a_confirmation_go_to_their_ends_on_a_phone() {
    if !available() {
        return;
    }
    let town = with("court-link");
    let clerk = signed_in(&town, "end-clerk", "clerk");
    let mediator = mediator(&town);
    let turns = Turns::with(&town, Size::Phone, "zh");
    turns.sits(&clerk);
    let (today, before, later) = (turns.day(0), turns.day(-3), turns.day(20));

    // The court refers, the mediator settles it, the court is told.
    let case = turns.opens(
        REFERRALS,
        &[
            ("court", "嘉峪关市城区人民法院"),
            ("court_number", "（2026）甘0271诉前调12号"),
            ("kind", "delegated"),
            ("plaintiff", "马建军"),
            ("phone", PHONE),
            ("defendant", "王建国"),
            ("dispute", "neighbours"),
            ("facts", "请求停止占用通道，赔偿损失。"),
        ],
    );
    turns.sits(&mediator);
    turns.takes(&case, "accept", &[("signed_on", &before), ("agrees", "true")]);
    assert!(turns.page.has("a[href^=\"/desk/mediation/\"]"), "{}", turns.page.text());
    turns.takes(&case, "session", &[("held_on", &today), ("record", "双方到场，谈了两个小时。")]);
    // What was agreed is recorded in the mediation, and the referral follows.
    assert!(turns.page.text().contains("转出的人民调解案件还没有结果"), "{}", turns.page.text());
    assert!(!turns.page.has("a[href$=\"/steps/agree\"]"), "the agreement is recorded in the mediation");
    // A program is told the same.
    let id = case.rsplit('/').next().unwrap();
    let path = format!("/api/v1/workflows/court-link/referral/cases/{id}");
    let told = town.program("clerk").get(&path).is(200).json();
    assert_eq!(told["waits"]["case"], told["links"][0]["id"], "{told}");
    assert!(told["waits"]["detail"].as_str().unwrap().contains("还没有结果"), "{told}");
    turns.sends(".notice a[href^=\"/desk/mediation/\"]");
    let mediation = turns.page.path();
    let agreed =
        [("agreement", "十月底以前拆墙，赔三千元。"), ("effective_on", &before), ("agreed_amount", "3000")];
    turns.takes(&mediation, "settle_orally", &agreed);
    turns.page.go(&case);
    assert!(turns.page.text().contains("已达成，待回复法院"), "{}", turns.page.text());
    turns.sits(&clerk);
    turns.takes(&case, "report", &[("next", "confirm")]);
    assert!(turns.page.text().contains("已回复法院"), "{}", turns.page.text());
    turns.issues(&case, "conf-proof", &[("parties", "马建军")], &clerk);
    turns.issues(&case, "court-link.report-letter", &[("agreement", "拆墙"), ("ref", "诉前调12号")], &clerk);
    turns.page.screenshot("referral-phone");

    // Both sides apply together; what a court would not take is stopped here; the ruling is performed.
    turns.sits(&mediator);
    let case = turns.opens(
        CONFIRMATIONS,
        &[
            ("applicant", "马建军"),
            ("phone", PHONE),
            ("other", "王建国"),
            ("households", "2"),
            ("agreement_number", "（2026）横人调字第3号"),
            ("effective_on", &before),
            ("dispute", "neighbours"),
            ("terms", "王建国于十月底以前拆除围墙，付给马建军三千元。"),
            ("channel", "online"),
        ],
    );
    let excluded = [
        ("subject", "status"),
        ("both_apply", "true"),
        ("voluntary", "true"),
        ("clear", "true"),
        ("jurisdiction", "true"),
        ("court", "嘉峪关市城区人民法院"),
    ];
    turns.is_refused(&case, "check", &excluded, "民诉法解释第三百五十五条");
    let one_side = [
        ("subject", "payment"),
        ("both_apply", "false"),
        ("voluntary", "true"),
        ("clear", "true"),
        ("jurisdiction", "true"),
        ("court", "嘉峪关市城区人民法院"),
    ];
    turns.is_refused(&case, "check", &one_side, "双方共同申请");
    let sound = [
        ("subject", "payment"),
        ("both_apply", "true"),
        ("voluntary", "true"),
        ("clear", "true"),
        ("jurisdiction", "true"),
        ("court", "嘉峪关市城区人民法院"),
    ];
    turns.takes(&case, "check", &sound);
    for (kind, filled) in [
        ("conf-apply", &[("facts", "拆除围墙")][..]),
        ("conf-promise", &[]),
        ("conf-list", &[]),
        ("serve-address", &[("addressee", "马建军")]),
    ] {
        turns.issues(&case, kind, filled, &mediator);
    }
    turns.takes(&case, "sign", &[("signed_on", &today), ("service_address", "true")]);
    turns.sits(&clerk);
    turns.takes(&case, "submit", &[("submitted_on", &today), ("channel", "online")]);
    turns.takes(&case, "ask_supplement", &[("missing", "财产权证明")]);
    turns.sits(&mediator);
    turns.takes(&case, "supplement", &[("property_papers", "宅基地使用证复印件")]);
    turns.sits(&clerk);
    let filed = [("filed_on", today.as_str()), ("court_number", "（2026）甘0271民特7号")];
    turns.takes(&case, "accept", &filed);
    let ruled = [("ruling", "confirmed"), ("ruled_on", today.as_str()), ("performance_due", later.as_str())];
    turns.takes(&case, "rule", &ruled);
    turns.sits(&mediator);
    turns.takes(&case, "follow", &[("performed", "true")]);
    assert!(turns.page.text().contains("已履行"), "{}", turns.page.text());
    turns.page.screenshot("confirmation-phone");
    town.falin(&["audit", "verify"]).ok();
}
