//! One browser window in which the people of a case take turns: each sits down with an own session, fills forms as
//! they stand on the page, takes steps, opens and downloads papers.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::browser::{Page, Size};
use crate::journeys::identity::{entered, ready};
use crate::town::{Client, Town};

/// The telephone of whoever applies.
pub const PHONE: &str = "13909371234";

/// One window in which the people take turns.
pub struct Turns {
    /// The window.
    pub page: Page,
    home: String,
    size: Size,
    view: &'static str,
}

impl Turns {
    /// A window at a desk, in Chinese and ordinary print.
    pub fn new(town: &Town) -> Self {
        Self::with(town, Size::Desk, "zh")
    }

    /// A window of this size; `view` is the language and print of the desk's pages, such as `zh-large`.
    pub fn with(town: &Town, size: Size, view: &'static str) -> Self {
        let home = town.server().address.clone();
        Self { page: Page::open(&home, size), home, size, view }
    }

    /// Somebody else sits down: the window carries that person's session.
    pub fn sits(&self, client: &Client) {
        self.page.go("/healthz");
        let session = client.cookie("sid").unwrap();
        for (name, value) in [("sid", session.as_str()), ("view", self.view)] {
            let cookie = json!({"name": name, "value": value, "url": self.home});
            self.page.devtools("Network.setCookie", cookie);
        }
    }

    /// Whoever sat there leaves.
    pub fn leaves(&self) {
        self.page.devtools("Network.clearBrowserCookies", json!({}));
    }

    /// Fills fields as they stand on the page: lines, choices, ticks.
    pub fn types(&self, fields: &[(&str, &str)]) {
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
    pub fn sends(&self, selector: &str) {
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
    pub fn takes(&self, case: &str, action: &str, fields: &[(&str, &str)]) {
        self.page.go(case);
        let button = format!("a[href$=\"/steps/{action}\"]");
        assert!(self.page.has(&button), "{action} is not offered: {}", self.page.text());
        self.page.is_accessible();
        self.sends(&button);
        self.types(fields);
        self.sends(&format!("form[action$=\"/steps/{action}\"] button"));
        assert_eq!(self.page.path(), case, "{action} was refused: {}", self.page.text());
        self.fits();
    }

    /// Tries a step that is refused: the form says `why`, and what was typed stays.
    pub fn is_refused(&self, case: &str, action: &str, fields: &[(&str, &str)], why: &str) {
        self.page.go(&format!("{case}/steps/{action}"));
        self.types(fields);
        self.sends(&format!("form[action$=\"/steps/{action}\"] button"));
        assert!(self.page.text().contains(why), "{action}: {}", self.page.text());
        self.page.is_accessible();
        for (name, value) in fields {
            let kept = self.page.run(&format!(
                "return [...document.querySelectorAll('[name=\"{name}\"]')]
                   .some(one => one.type === 'radio' || one.type === 'checkbox' ? one.checked && one.value === '{value}' : one.value === '{value}')"
            ));
            assert_eq!(kept, true, "{action} lost {name}");
        }
    }

    /// Opens a case at the desk with the flow's own form, and gives its page.
    pub fn opens(&self, list: &str, fields: &[(&str, &str)]) -> String {
        self.page.go(list);
        self.fits();
        self.sends(&format!("a[href=\"{list}/new\"]"));
        self.page.is_accessible();
        self.types(fields);
        self.sends(&format!("form[action=\"{list}\"] button.primary"));
        let case = self.page.path();
        assert!(case.starts_with(&format!("{list}/")) && !case.ends_with("/new"), "{}", self.page.text());
        self.fits();
        case
    }

    /// Nothing of the page has to be moved sideways to be read.
    pub fn fits(&self) {
        let wide = self.page.run("return document.documentElement.scrollWidth - window.innerWidth");
        assert!(wide.as_i64() <= Some(0), "{} scrolls sideways by {wide} px", self.page.path());
    }

    /// The day so many days from today, in China.
    pub fn day(&self, from_today: i64) -> String {
        let script = format!(
            "return new Date(Date.now() + (8 + 24 * {from_today}) * 3600e3).toISOString().slice(0, 10)"
        );
        self.page.run(&script).as_str().unwrap().to_owned()
    }

    /// A resident applies on a narrow phone, one question a page, and gets a number.
    pub fn applies(&self, door: &str, pages: &[&[(&str, &str)]]) -> String {
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
        self.page.resize(self.size);
        number.as_str().unwrap().to_owned()
    }

    /// The case with this number, as the list at the desk leads to it.
    pub fn finds(&self, list: &str, number: &str) -> String {
        self.page.go(list).press(number);
        let until = Instant::now() + Duration::from_secs(20);
        while self.page.path() == list && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(50));
        }
        self.page.path()
    }

    /// Opens a paper from the case, finds it filled, issues it, and downloads it with the person's own session.
    pub fn issues(&self, case: &str, kind: &str, filled: &[(&str, &str)], client: &Client) {
        self.page.go(case);
        self.sends(&format!("a[href*=\"/papers/new?kind={kind}&\"]"));
        for (name, value) in filled {
            let there = self.page.run(&format!("return document.querySelector('[name=\"{name}\"]').value"));
            assert!(there.as_str().unwrap_or_default().contains(value), "{kind} opens with {name} = {there}");
        }
        self.page.is_accessible();
        self.fits();
        // A letter goes out whole; what these cases do not say is written by hand.
        self.page.run("document.querySelectorAll('[name=\"leave_blank\"]').forEach(box => box.checked = true); return ''");
        self.sends("form[action=\"/desk/papers\"] button.primary");
        assert!(self.page.has("a[href*=\"document.docx\"]"), "{kind} is not issued: {}", self.page.text());
        let file =
            self.page.run("return document.querySelector('a[href*=\"document.docx\"]').getAttribute('href')");
        let file = client.get(file.as_str().unwrap()).is(200);
        assert!(file.bytes.starts_with(b"PK") && file.bytes.len() > 2_000, "{kind} is no document");
        self.page.screenshot(&format!("issued-{kind}"));
    }

    /// What the resident reads with number and telephone.
    pub fn reads(&self, number: &str) -> String {
        self.leaves();
        self.page.go("/zh/620200/progress");
        self.types(&[("number", number), ("phone", PHONE)]);
        self.sends("form[action$=\"/progress\"] button");
        self.page.is_accessible();
        self.page.text()
    }
}

/// Somebody of this role, signed in.
pub fn signed_in(town: &Town, name: &str, role: &str) -> Client {
    let secret = ready(town, name, role);
    entered(town, name, &secret, 0)
}

/// The lawyer's account is the first lawyer of the roster.
pub fn lawyer(town: &Town) -> (Client, String) {
    let secret = ready(town, "end-lawyer", "lawyer");
    town.sql("UPDATE account SET worker_id = NULL WHERE username = 'lawyer'").unwrap();
    let first = "SELECT id FROM worker ORDER BY licence LIMIT 1";
    town.sql(&format!("UPDATE account SET worker_id = ({first}) WHERE username = 'end-lawyer'")).unwrap();
    let name = town.texts("SELECT name AS t FROM worker ORDER BY licence LIMIT 1").remove(0);
    (entered(town, "end-lawyer", &secret, 0), name)
}
