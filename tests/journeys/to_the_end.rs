//! A legal-aid case and a mediation case in a real browser, from the resident's first page to the closed file: each
//! role in turn, a paper issued and downloaded on the way.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::browser::{Page, Size, available};
use crate::journeys::identity::{entered, ready};
use crate::town::{Backend, Client, Town};

const PHONE: &str = "13909371234";

/// One window in which the people take turns.
struct Turns {
    page: Page,
    home: String,
}

impl Turns {
    fn new(town: &Town) -> Self {
        let home = town.server().address.clone();
        Self { page: Page::open(&home, Size::Desk), home }
    }

    /// Somebody else sits down: the window carries that person's session.
    fn sits(&self, client: &Client) {
        self.page.go("/healthz");
        let cookie = json!({"name": "sid", "value": client.cookie("sid").unwrap(), "url": self.home});
        self.page.devtools("Network.setCookie", cookie);
    }

    /// Whoever sat there leaves.
    fn leaves(&self) {
        self.page.devtools("Network.clearBrowserCookies", json!({}));
    }

    /// Fills fields as they stand on the page: lines, choices, ticks.
    fn types(&self, fields: &[(&str, &str)]) {
        for (name, value) in fields {
            let script = format!(
                "const all = [...document.querySelectorAll('[name=\"{name}\"]')].filter(one => one.type !== 'hidden');
                 for (const one of all) {{
                   if (one.type === 'radio' || one.type === 'checkbox') one.checked = one.value === '{value}' || one.checked && one.type === 'checkbox';
                   else one.value = '{value}';
                 }}
                 return all.length"
            );
            let found = self.page.run(&script).as_u64().unwrap_or_default();
            assert!(found > 0, "{} asks for no {name}: {}", self.page.path(), self.page.text());
        }
    }

    /// Presses the button that this CSS selector finds and waits for another page.
    fn sends(&self, selector: &str) {
        let before = self.page.run("window.here = 1; return document.title").to_string();
        let pressed = self.page.run(&format!(
            "const one = document.querySelector('{selector}'); if (one) one.click(); return !!one"
        ));
        assert_eq!(pressed, true, "{} has no {selector}: {}", self.page.path(), self.page.text());
        let until = Instant::now() + Duration::from_secs(20);
        while self.page.run("return window.here === 1 || document.readyState !== 'complete'") == true {
            assert!(Instant::now() < until, "{before} stays: {}", self.page.text());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Takes a step of the case that the page shows, from its button to the case again.
    fn takes(&self, case: &str, action: &str, fields: &[(&str, &str)]) {
        self.page.go(case);
        let button = format!("a[href$=\"/steps/{action}\"]");
        assert!(self.page.has(&button), "{action} is not offered: {}", self.page.text());
        self.page.is_accessible();
        self.sends(&button);
        self.types(fields);
        self.sends(&format!("form[action$=\"/steps/{action}\"] button"));
        assert_eq!(self.page.path(), case, "{action} was refused: {}", self.page.text());
    }

    /// A resident applies on a narrow phone, one question a page, and gets a number.
    fn applies(&self, door: &str, pages: &[&[(&str, &str)]]) -> String {
        self.leaves();
        self.page.resize(Size::Narrow);
        self.page.go(door).press("新城镇").press("横沟村");
        for fields in pages {
            self.types(fields);
            self.sends("button[value=\"next\"]");
        }
        self.page.is_accessible();
        self.sends("button[value=\"send\"]");
        let number = self.page.run("return document.querySelector('dl.facts dd b').textContent");
        self.page.resize(Size::Desk);
        number.as_str().unwrap().to_owned()
    }

    /// The case with this number, as the list at the desk leads to it.
    fn finds(&self, list: &str, number: &str) -> String {
        self.page.go(list).press(number);
        let until = Instant::now() + Duration::from_secs(20);
        while self.page.path() == list && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(50));
        }
        self.page.path()
    }

    /// Opens a paper from the case, finds it filled, issues it, and downloads it with the person's own session.
    fn issues(&self, case: &str, kind: &str, filled: &[(&str, &str)], client: &Client) {
        self.page.go(case);
        self.sends(&format!("a[href*=\"/papers/new?kind={kind}&\"]"));
        for (name, value) in filled {
            let there = self.page.run(&format!("return document.querySelector('[name=\"{name}\"]').value"));
            assert!(there.as_str().unwrap_or_default().contains(value), "{kind} opens with {name} = {there}");
        }
        self.page.is_accessible();
        self.sends("form[action=\"/desk/papers\"] button.primary");
        let file =
            self.page.run("return document.querySelector('a[href*=\"document.docx\"]').getAttribute('href')");
        let file = client.get(file.as_str().unwrap()).is(200);
        assert!(file.bytes.starts_with(b"PK") && file.bytes.len() > 2_000, "{kind} is no document");
        self.page.screenshot(&format!("issued-{kind}"));
    }

    /// What the resident reads with number and telephone.
    fn reads(&self, number: &str) -> String {
        self.leaves();
        self.page.go("/zh/620200/progress");
        self.types(&[("number", number), ("phone", PHONE)]);
        self.sends("form[action$=\"/progress\"] button");
        self.page.is_accessible();
        self.page.text()
    }
}

fn signed_in(town: &Town, name: &str, role: &str) -> Client {
    let secret = ready(town, name, role);
    entered(town, name, &secret, 0)
}

/// The lawyer's account is the first lawyer of the roster.
fn lawyer(town: &Town) -> (Client, String) {
    let secret = ready(town, "end-lawyer", "lawyer");
    town.sql("UPDATE account SET worker_id = NULL WHERE username = 'lawyer'").unwrap();
    let first = "SELECT id FROM worker ORDER BY licence LIMIT 1";
    town.sql(&format!("UPDATE account SET worker_id = ({first}) WHERE username = 'end-lawyer'")).unwrap();
    let name = town.texts("SELECT name AS t FROM worker ORDER BY licence LIMIT 1").remove(0);
    (entered(town, "end-lawyer", &secret, 0), name)
}

#[test]
fn legal_aid_goes_from_the_first_page_to_the_closed_file() {
    if !available() {
        return;
    }
    let town = Town::start(Backend::Sqlite);
    let turns = Turns::new(&town);
    let number = turns.applies(
        "/zh/620200/legal-aid/apply",
        &[
            &[("matter", "wages")],
            &[("facts", "包工头欠我三个月工资，二万一千元。")],
            &[],
            &[("exempt", "migrant")],
            &[("household_size", "4"), ("monthly_income", "3000")],
            &[],
            &[("applicant", "马建军"), ("phone", PHONE)],
        ],
    );
    let officer = signed_in(&town, "end-officer", "aid_officer");
    let second = signed_in(&town, "end-second", "aid_officer");
    let head = signed_in(&town, "end-head", "county_admin");
    let (lawyer, lawyers_name) = lawyer(&town);

    turns.sits(&officer);
    let case = turns.finds("/desk/legal-aid", &number);
    turns.takes(&case, "draft", &[("decision", "grant"), ("explanation", "农民工追索劳动报酬，免予核查。")]);
    turns.sits(&second);
    turns.takes(&case, "check", &[("agree", "true")]);
    turns.sits(&head);
    turns.takes(&case, "issue", &[("agree", "true")]);
    turns.sits(&officer);
    turns.issues(&case, "aid-grant", &[("recipient.name", "马建军"), ("cause", "劳动报酬")], &officer);
    turns.page.go(&format!("{case}/steps/assign"));
    let worker = turns.page.run(&format!(
        "return [...document.querySelector('select[name=\"worker\"]').options].find(one => one.textContent.includes('{lawyers_name}')).value"
    ));
    turns.takes(&case, "assign", &[("worker", worker.as_str().unwrap())]);
    turns.issues(
        &case,
        "aid-assign",
        &[("recipient.name", "马建军"), ("assignee.name", &lawyers_name)],
        &officer,
    );
    turns.sits(&lawyer);
    turns.takes(&case, "accept", &[]);
    turns.takes(&case, "progress", &[("note", "已经和用人单位谈过一次。")]);
    turns.takes(
        &case,
        "report",
        &[("ended_on", "2026-10-30"), ("result", "won"), ("report", "工资全部付清。")],
    );
    turns.issues(&case, "aid-close", &[("recipient.name", "马建军"), ("closed_on", "2026-10-30")], &lawyer);
    turns.sits(&officer);
    turns.takes(&case, "close", &[("quality", "good"), ("satisfaction", "very")]);
    assert!(turns.page.text().contains("已结案"), "{}", turns.page.text());
    let told = turns.reads(&number);
    assert!(told.contains("已结案") && told.contains(&number), "{told}");
    town.falin(&["audit", "verify"]).ok();
}

#[test]
fn a_mediation_goes_from_the_first_page_to_the_closed_file() {
    if !available() {
        return;
    }
    let town = Town::start(Backend::Sqlite);
    let turns = Turns::new(&town);
    let number = turns.applies(
        "/zh/620200/mediation/apply",
        &[
            &[("dispute", "neighbours")],
            &[("facts", "邻居在巷道里砌了一道墙。")],
            &[("other_side", "王建国")],
            &[("applicant", "马建军"), ("phone", PHONE)],
        ],
    );
    let clerk = signed_in(&town, "end-clerk", "clerk");
    let mediator = signed_in(&town, "end-mediator", "mediator");

    turns.sits(&clerk);
    let case = turns.finds("/desk/mediation", &number);
    turns.takes(&case, "accept", &[("committee", "横沟村人民调解委员会")]);
    turns.issues(
        &case,
        "med-accept",
        &[("parties", "马建军"), ("parties", "王建国"), ("facts", "砌了一道墙")],
        &clerk,
    );
    turns.sits(&mediator);
    turns.takes(&case, "consents", &[("consent", "true")]);
    turns.takes(&case, "session", &[("held_on", "2026-10-20"), ("record", "双方都到了，谈了两个小时。")]);
    turns.takes(
        &case,
        "agree",
        &[("form", "oral"), ("agreement", "王建国十月底以前拆墙。"), ("effective_on", "2026-10-20")],
    );
    turns.issues(
        &case,
        "med-agreement",
        &[("parties", "马建军"), ("terms", "拆墙"), ("committee.name", "横沟村")],
        &mediator,
    );
    turns.takes(&case, "visit", &[("visited_on", "2026-11-05"), ("performance", "on_time")]);
    turns.takes(&case, "close", &[("outcome", "oral"), ("performance", "on_time")]);
    turns.issues(&case, "med-close", &[("facts", "砌了一道墙"), ("result", "拆墙")], &mediator);
    let told = turns.reads(&number);
    assert!(told.contains("已办结") && told.contains(&number), "{told}");
    town.falin(&["audit", "verify"]).ok();
}
