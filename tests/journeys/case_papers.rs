//! Papers of cases as they are led: opened with what the case knows, issued when the case has come to them, once, whole,
//! under a number that no other has.

use serde_json::{Value, json};

use crate::town::{Answer, Client, Town, encode, on_both};

const VILLAGE: &str = "620201100201";
const PAPERS: &str = "/api/v1/papers";

/// A case that programs lead.
struct Led<'a> {
    town: &'a Town,
    clients: Vec<(&'static str, Client)>,
    noun: &'static str,
    door: &'static str,
    case: Value,
}

impl<'a> Led<'a> {
    fn open(town: &'a Town, noun: &'static str, form: Value) -> Self {
        let door = if noun == "aid" { "/api/v1/legal-aid-applications" } else { "/api/v1/mediation-cases" };
        let roles = ["clerk", "lawyer", "mediator", "aid_officer", "county_admin"];
        let mut clients: Vec<_> = roles.iter().map(|role| (*role, town.program(role))).collect();
        let words =
            ["user", "add", "second", "--role", "aid_officer", "--place", "620200", "--password-stdin"];
        town.falin_typing(&words, "jiayuguan lantern 2026");
        let issued = town.falin(&["token", "issue", "--user", "second", "--days", "1"]).ok();
        clients.push(("second", town.visitor().with_token(issued.stdout.trim())));
        let clerk = &clients[0].1;
        let case = clerk.call("POST", door, &form).is(201).json();
        Self { town, clients, noun, door, case }
    }

    fn by(&self, role: &str) -> &Client {
        &self.clients.iter().find(|(name, _)| *name == role).unwrap().1
    }

    fn id(&self) -> &str {
        self.case["id"].as_str().unwrap()
    }

    fn number(&self) -> &str {
        self.case["number"].as_str().unwrap()
    }

    fn act(&mut self, role: &str, action: &str, mut fields: Value) -> &mut Self {
        (fields["action"], fields["version"]) = (json!(action), self.case["version"].clone());
        let path = format!("{}/{}/actions", self.door, self.id());
        self.case = self.by(role).call("POST", &path, &fields).is(200).json();
        self
    }

    fn asks(&self, role: &str, kind: &str, more: Value) -> Answer {
        let mut new = json!({"kind": kind, "subject_noun": self.noun, "subject_id": self.id()});
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.by(role).call("POST", PAPERS, &new)
    }

    fn prefill(&self, role: &str, kind: &str) -> Answer {
        let path = format!("{PAPERS}/new?kind={kind}&noun={}&subject={}", self.noun, self.id());
        self.by(role).get(&path)
    }

    fn form(&self, role: &str, kind: &str) -> Answer {
        let path = format!("/desk/papers/new?kind={kind}&noun={}&subject={}", self.noun, self.id());
        self.by(role).get(&path)
    }

    fn print(&self, role: &str, paper: &Value) -> String {
        let id = paper["paper"]["id"].as_str().unwrap();
        self.by(role).get(&format!("/desk/papers/{id}/print")).is(200).text()
    }

    fn lawyer(&self) -> String {
        let found = self.by("county_admin").get("/api/v1/legal-workers?limit=100").is(200).json();
        let mut all = found["items"].as_array().unwrap().clone();
        all.sort_by_key(|one| one["licence"].as_str().unwrap_or("~").to_owned());
        all[0]["id"].as_str().unwrap().to_owned()
    }

    /// From the application to its decision.
    fn decided(&mut self, decision: Value) -> &mut Self {
        self.act("aid_officer", "draft", decision).act("second", "check", json!({"agree": true})).act(
            "second",
            "issue",
            json!({"agree": true}),
        )
    }
}

/// A mediation that was agreed in writing.
fn agreed(town: &Town) -> Led<'_> {
    let form = json!({"applicant": "马建军", "phone": "13912345678", "facts": "欠货款，一直没有还", "dispute": "contract",
        "other_side": "李建国", "place": VILLAGE});
    let mut led = Led::open(town, "mediation", form);
    let terms = json!([
        {"what": "李建国分两期付清，不再另算利息", "due": "2026-12-10", "amount": 168_032},
        {"what": "说\"对不起\"，当面", "due": "2026-12-11"}]);
    let parties = json!([
        {"name": "马建军", "side": "applicant", "phone": "13912345678"},
        {"name": "建国商店，李建国", "side": "respondent", "phone": "13912345679"}]);
    led.act("mediator", "accept", json!({"parties": parties}))
        .act("mediator", "consents", json!({"consent": true}))
        .act(
            "mediator",
            "agree",
            json!({"form": "written", "agreement": "分两期付清，互不追究", "terms": terms,
            "effective_on": "2026-11-02", "signed_parties": true, "signed_mediator": true, "sealed": true}),
        );
    led
}

fn applied() -> Value {
    json!({"applicant": "马桂英", "id_number": "11010519491231002X", "phone": "13912345678", "address": "嘉峪关市新华镇野麻湾村1组", "facts": "欠薪三个月",
        "matter": "wages", "service": "representation", "stage": "first", "case_organ": "嘉峪关市城区人民法院", "place": VILLAGE})
}

on_both! {
    fn an_agreement_with_commas_is_issued_as_it_opens(backend) {
        let town = Town::start(backend);
        let led = agreed(&town);
        let mediator = led.by("mediator");
        let form = led.form("mediator", "med-agreement").is(200);
        assert!(form.body().contains("建国商店，李建国"), "{}", form.body());
        let made = mediator.fill(&form, "/desk/papers", &[("copies", "3")]);
        assert_eq!(made.status, 200, "{}", made.text());
        let print = mediator.get(&format!("{}/print", made.path)).is(200).text();
        for words in ["李建国分两期付清，不再另算利息", "建国商店，李建国", "说\"对不起\"，当面"] {
            assert!(print.contains(words) || print.contains(&words.replace('"', "&quot;")), "{words}: {print}");
        }
        // A correction opens and is kept the same way; what a person types with commas is cells.
        let again = mediator.get(&format!("{}/correct", made.path)).is(200);
        mediator.fill(&again, "/correct", &[]).is(200);
        let typed = [("terms", "还清欠款，李建国，马建军，1680.32\n\"还清，写收条\"，李建国")];
        let again = mediator.get(&format!("{}/correct", made.path)).is(200);
        mediator.fill(&again, "/correct", &typed).is(200);
        let print = mediator.get(&format!("{}/print", made.path)).is(200).text();
        assert!(print.contains("还清欠款（义务人：李建国）（权利人：马建军），金额 ¥1,680.32"), "{print}");
        assert!(print.contains("还清，写收条（义务人：李建国）"), "{print}");
    }

    fn whoever_opens_a_case_or_its_paper_is_seen_by_its_person(backend) {
        let town = Town::start(backend);
        let led = agreed(&town);
        let paper = led.asks("mediator", "med-agreement", json!({})).is(201).json();
        town.sql("UPDATE casefile SET resident_id = (SELECT id FROM account WHERE username = 'resident')").unwrap();
        led.by("clerk").get(&format!("/desk/papers/{}/print", paper["paper"]["id"].as_str().unwrap())).is(200);
        led.by("county_admin").get("/api/v1/mediation-cases.xlsx").is(200);
        let browser = town.visitor();
        let find = browser.get("/zh/620200/progress").is(200);
        browser.fill(&find, "/progress", &[("number", led.number()), ("phone", "13912345678")]).is(200);
        std::thread::sleep(std::time::Duration::from_millis(1500));
        let mine = town.program("resident").get("/api/v1/me/data").is(200).json();
        let readings = mine["readings"].as_array().unwrap();
        for who in ["clerk", "county-admin", ""] {
            let seen = readings.iter().any(|one| one["name"] == who && one["number"] == led.number());
            assert!(seen, "{who:?} opened it: {readings:?}");
        }
    }

    fn a_void_number_is_never_used_again(backend) {
        let town = Town::start(backend);
        let led = agreed(&town);
        assert!(led.number().starts_with("（2026）嘉峪关人调字第"), "{}", led.number());
        let first = led.asks("mediator", "med-agreement", json!({})).is(201).json();
        assert_eq!(first["paper"]["number"], led.number());
        let path = format!("{PAPERS}/{}/actions", first["paper"]["id"].as_str().unwrap());
        led.by("mediator").call("POST", &path, &json!({"action": "void", "version": 1, "reason": "写错了"})).is(200);
        let next = led.prefill("mediator", "med-agreement").is(200).json();
        assert_eq!(next["values"]["no"], format!("{}之一", led.number()));
        let typed = json!({"values": {"no": led.number()}});
        let refused = led.asks("mediator", "med-agreement", typed).refused(422, "form.invalid").json();
        assert_eq!((&refused["fields"][0]["name"], &refused["fields"][0]["code"]), (&json!("no"), &json!("taken")));
        // An oral agreement counts with the written one.
        let second = led.asks("mediator", "med-oral", json!({})).is(201).json();
        assert_eq!(second["paper"]["number"], format!("{}之一", led.number()));
        let third = led.asks("mediator", "med-agreement", json!({})).is(201).json();
        assert_eq!(third["paper"]["number"], format!("{}之二", led.number()));
    }

    fn a_decision_is_whole_and_comes_when_the_case_has_come_to_it(backend) {
        let town = Town::start(backend);
        let mut led = Led::open(&town, "aid", applied());
        for kind in ["aid-grant", "aid-refuse", "aid-end", "aid-end-letter", "aid-objection"] {
            led.asks("aid_officer", kind, json!({})).refused(409, "paper.early");
            led.prefill("aid_officer", kind).refused(409, "paper.early");
            assert_eq!(led.form("aid_officer", kind).status, 409, "{kind}");
        }
        led.decided(json!({"decision": "grant", "explanation": "符合条件。"}));
        let opened = led.prefill("aid_officer", "aid-grant").is(200).json();
        assert_eq!((&opened["values"]["recipient.name"], &opened["blanks"]), (&json!("马桂英"), &json!([])), "{opened}");
        // What is named as blank stays blank, and a letter with a blank is refused at it.
        let blank = json!({"values": {"recipient": {"name": ""}}});
        let refused = led.asks("aid_officer", "aid-grant", blank.clone()).refused(422, "form.invalid").json();
        assert_eq!((&refused["fields"][0]["name"], &refused["fields"][0]["code"]), (&json!("recipient.name"), &json!("required")));
        assert!(led.by("aid_officer").get(&format!("{PAPERS}?subject={}", led.id())).json()["items"].as_array().unwrap().is_empty());
        let page = led.form("aid_officer", "aid-grant").is(200);
        let officer = led.by("aid_officer");
        let refused = officer.fill(&page, "/desk/papers", &[("recipient.name", "")]);
        assert!(refused.status == 422 && refused.body().contains("leave_blank"), "{}", refused.status);
        let made = led.asks("aid_officer", "aid-grant", json!({})).is(201).json();
        assert_eq!(made["editions"][0]["blanks"], json!([]), "{made}");
        let print = led.print("aid_officer", &made);
        assert!(print.contains("马桂英：") && print.contains("劳动争议一案"), "{print}");
        // A second decision while one stands, and the other one.
        let refused = led.asks("aid_officer", "aid-grant", json!({})).refused(409, "paper.stands").json();
        assert!(refused["title"].as_str().unwrap().contains(made["paper"]["number"].as_str().unwrap()), "{refused}");
        let page = officer.fill(&page, "/desk/papers", &[]);
        assert!(page.status == 409 && page.body().contains("one_more"), "{}", page.text());
        led.asks("aid_officer", "aid-refuse", json!({})).refused(409, "paper.early");
        led.asks("aid_officer", "aid-grant", json!({"one_more": true})).is(201);
        let blank = json!({"one_more": true, "leave_blank": true, "values": {"recipient": {"name": ""}}});
        let made = led.asks("aid_officer", "aid-grant", blank).is(201).json();
        assert_eq!(made["editions"][0]["blanks"], json!(["recipient.name"]));

        led.act("aid_officer", "terminate", json!({"ground": "own_lawyer", "explanation": "受援人已自行委托律师。"}));
        let made = led.asks("aid_officer", "aid-end", json!({})).is(201).json();
        let print = led.print("aid_officer", &made);
        assert!(print.contains("因受援人已自行委托律师，根据《中华人民共和国法律援助法》第四十八条第一款第六项的规定"), "{print}");
        assert!(!print.contains("符合条件") && !print.contains(&format!("（{}）", led.number())), "{print}");
    }

    fn a_refusal_names_the_article(backend) {
        let town = Town::start(backend);
        let mut led = Led::open(&town, "aid", applied());
        led.decided(json!({"decision": "refuse", "refusal": "scope", "explanation": "可以先请村调解委员会调解。"}));
        let made = led.asks("aid_officer", "aid-refuse", json!({})).is(201).json();
        let print = led.print("aid_officer", &made);
        let words = "因可以先请村调解委员会调解，根据《中华人民共和国法律援助法》第三十一条的规定，决定不予法律援助。";
        assert!(print.contains(words) && !print.contains("不属于法律援助范围"), "{print}");
        led.asks("aid_officer", "aid-grant", json!({})).refused(409, "paper.early");
        led.act("clerk", "object", json!({"objection": "我符合条件"}))
            .act("county_admin", "decide_objection", json!({"objection_result": "rejected", "explanation": "原决定正确。"}));
        let opened = led.prefill("county_admin", "aid-objection").is(200).json();
        let decision = opened["values"]["decision_ref"].as_str().unwrap();
        assert!(decision.contains(made["paper"]["number"].as_str().unwrap()) && decision.starts_with("《不予"), "{opened}");
    }

    fn a_letter_in_a_criminal_case_says_one_thing(backend) {
        let town = Town::start(backend);
        let mut form = applied();
        (form["matter"], form["service"], form["stage"]) = (json!("criminal"), json!("defence"), json!("prosecution"));
        let mut led = Led::open(&town, "aid", form);
        let worker = led.lawyer();
        led.decided(json!({"decision": "grant", "explanation": "符合条件"}))
            .act("aid_officer", "assign", json!({"worker": worker}));
        // The matter's category is no charge: that is typed.
        let refused = led.asks("aid_officer", "aid-letter", json!({})).refused(422, "form.invalid").json();
        assert_eq!((refused["fields"].as_array().unwrap().len(), &refused["fields"][0]["name"]), (1, &json!("cause")), "{refused}");
        let made = led.asks("aid_officer", "aid-letter", json!({"values": {"cause": "盗窃"}})).is(201).json();
        assert!(made["paper"]["number"].as_str().unwrap().contains("刑援函〔2026〕"), "{made}");
        let print = led.print("aid_officer", &made);
        assert!(print.contains("担任其辩护人。") && print.contains("犯罪嫌疑人") && !print.contains("前往你处会见"), "{print}");
        let meeting = json!({"values": {"letter": "会见公函", "cause": "盗窃"}});
        let made = led.asks("aid_officer", "aid-letter", meeting).is(201).json();
        assert!(made["paper"]["number"].as_str().unwrap().contains("刑援会函〔2026〕"), "{made}");
        let print = led.print("aid_officer", &made);
        assert!(print.contains("前往你处会见") && !print.contains("担任其"), "{print}");
        // A draft in which it is not said yet says neither.
        let page = led.form("aid_officer", "aid-letter").is(200);
        let words = led.by("aid_officer").fill(&page, "/desk/papers", &[("letter", ""), ("preview", "yes")]).is(200).text();
        assert!(!words.contains("担任其") && !words.contains("前往你处会见"), "{words}");
        assert!(encode(led.noun) == "aid" && led.town.number("SELECT count(*) FROM paper") == 2);
    }

    fn a_case_shows_its_papers_and_those_that_fit(backend) {
        let town = Town::start(backend);
        let mut led = Led::open(&town, "aid", applied());
        let made = led.asks("clerk", "aid-apply", json!({})).is(201).json();
        assert_eq!(made["paper"]["number"], led.number(), "the form carries the case's number");
        led.decided(json!({"decision": "grant", "explanation": "符合条件"}));
        let codes = |led: &Led<'_>, now: bool| -> Vec<String> {
            let found = led.by("aid_officer").get(&format!("/api/v1/paper-kinds?noun=aid&subject={}", led.id())).is(200).json();
            let all = found["items"].as_array().unwrap().iter().filter(|one| one["now"] == now);
            all.map(|one| one["code"].as_str().unwrap().to_owned()).collect()
        };
        let page = |led: &Led<'_>| led.by("aid_officer").get(&format!("/desk/legal-aid/{}", led.id())).is(200);
        assert!(codes(&led, true).contains(&"aid-grant".to_owned()));
        for kind in ["aid-refuse", "aid-end", "aid-objection", "med-agreement", "aid-assign"] {
            assert!(!codes(&led, true).iter().chain(&codes(&led, false)).any(|one| one == kind), "{kind}");
            assert!(!page(&led).body().contains(&format!("{kind}&amp;")), "{kind}");
        }
        for kind in ["aid-means", "aid-review", "aid-power", "aid-visit", "aid-query", "serve-receipt", "aid-intro"] {
            assert!(codes(&led, false).contains(&kind.to_owned()) && page(&led).body().contains(&format!("{kind}&amp;")), "{kind}");
        }
        let made = led.asks("aid_officer", "aid-grant", json!({})).is(201).json();
        assert!(!codes(&led, true).iter().chain(&codes(&led, false)).any(|one| one == "aid-grant"), "one stands");
        let (number, path) = (made["paper"]["number"].as_str().unwrap(), format!("/desk/papers/{}", made["paper"]["id"].as_str().unwrap()));
        let words = page(&led);
        assert!(words.text().contains(number) && words.body().contains(&path), "{}", words.text());
        assert!(!led.print("aid_officer", &made).contains("作废"));
        let act = json!({"action": "void", "version": 1, "reason": "写错了"});
        led.by("aid_officer").call("POST", &format!("/api/v1/papers/{}/actions", made["paper"]["id"].as_str().unwrap()), &act).is(200);
        assert!(page(&led).text().contains("已作废") && codes(&led, true).contains(&"aid-grant".to_owned()));
        assert!(led.print("aid_officer", &made).contains("作废"));
        let english = led.by("aid_officer").get(&format!("/desk/legal-aid/{}", led.id())).is(200);
        assert!(english.text().contains("更多文书"));
        // Whoever reads no papers is shown none.
        let papers = led.by("county_admin").get(&format!("/desk/papers/kinds?noun=aid&subject={}", led.id())).is(200);
        assert!(papers.text().contains("法律援助审查表") && !papers.text().contains("不予法律援助决定书"));
    }

    fn after_a_replacement_each_paper_is_written_anew(backend) {
        let town = Town::start(backend);
        let mut led = Led::open(&town, "aid", applied());
        led.decided(json!({"decision": "grant", "explanation": "符合条件"}));
        let workers = led.by("county_admin").get("/api/v1/legal-workers?limit=100&kind=lawyer").is(200).json();
        let worker = |at: usize| workers["items"][at]["id"].clone();
        led.act("aid_officer", "assign", json!({"worker": worker(0)}));
        let kinds = ["aid-agreement", "aid-assign", "aid-letter", "aid-power"];
        let due = |led: &Led<'_>| -> Vec<String> {
            let found = led.by("aid_officer").get(&format!("/api/v1/paper-kinds?noun=aid&subject={}", led.id())).is(200).json();
            let now = found["items"].as_array().unwrap().iter().filter(|one| one["now"] == true);
            let mut due: Vec<String> = now.map(|one| one["code"].as_str().unwrap().to_owned()).collect();
            due.retain(|one| kinds.contains(&one.as_str()));
            due.sort();
            due
        };
        assert_eq!(due(&led), kinds);
        for kind in kinds {
            led.asks("aid_officer", kind, json!({"leave_blank": true})).is(201);
        }
        assert!(due(&led).is_empty());
        led.act("aid_officer", "replace", json!({"worker": worker(1), "reason": "受援人申请"}));
        assert_eq!(due(&led), kinds, "what was issued names the one before");
    }

    fn help_at_once_comes_with_its_papers(backend) {
        let town = Town::start(backend);
        let mut led = Led::open(&town, "aid", applied());
        let worker = led.lawyer();
        led.act("aid_officer", "pre_provide", json!({"urgent_ground": "limitation", "worker": worker}));
        let found = led.by("aid_officer").get(&format!("/api/v1/paper-kinds?noun=aid&subject={}", led.id())).is(200).json();
        let now = |kind: &str| found["items"].as_array().unwrap().iter().any(|one| one["code"] == kind && one["now"] == true);
        assert!(["aid-assign", "aid-letter", "aid-power"].into_iter().all(now), "{found}");
    }

    fn an_advisers_papers_know_the_post(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let posts = admin.get("/desk/posts").is(200);
        let kinds = admin.get(&posts.link("文书")).is(200);
        assert!(kinds.text().contains("聘任书") && kinds.text().contains("月度服务表"), "{}", kinds.text());
        let form = admin.get(&kinds.link("村（居）法律顾问聘任书")).is(200);
        let post = form.path.split("subject=").nth(1).unwrap().to_owned();
        let open = |kind: &str| admin.get(&format!("{PAPERS}/new?kind={kind}&noun=adviser&subject={post}")).is(200).json();
        let appoint = open("adviser-appoint");
        for name in ["village", "adviser", "firm", "from", "services"] {
            assert!(appoint["values"][name].as_str().is_some_and(|words| !words.is_empty()), "{name}: {appoint}");
        }
        let card = open("adviser-card");
        assert!(card["values"]["adviser.phone"].is_string() && card["values"]["adviser.licence_no"].is_string(), "{card}");
        let month = admin.get(&format!("{PAPERS}/new?kind=adviser-month&noun=adviser&subject={post}&month=2026-10")).is(200).json();
        assert_eq!((&month["values"]["month"], &month["values"]["days"]), (&json!("2026年10月"), &json!(0)), "{month}");
        admin.get(&format!("{PAPERS}/new?kind=adviser-month&noun=adviser&subject={post}&month=soon")).refused(422, "form.invalid");
        admin.fill(&form, "/desk/papers", &[("fee_source", "县财政")]).is(200);
    }
}
