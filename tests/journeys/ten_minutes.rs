//! The first ten minutes: the five demonstrations that `falin demo` prints, followed in a real browser as whoever each
//! of them names, to what it promises.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::turns::Turns;
use crate::browser::{Size, available};
use crate::town::Town;

const COUNTY: &str = "620200";
/// What the demo says once the last sample case is there.
const TOLD: [&str; 2] = ["sample cases of the county's workflows are there", "示例案件已经齐全"];

/// Waits for what the server does by itself.
#[track_caller]
fn until(what: &str, there: impl Fn() -> bool) {
    within(180, what, there);
}

#[track_caller]
fn within(seconds: u64, what: &str, there: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(seconds);
    while !there() {
        assert!(Instant::now() < end, "still not: {what}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// The demo, and what it printed.
struct Demo {
    town: Town,
    printed: String,
    accounts: Value,
}

impl Demo {
    fn new() -> Self {
        let town = Town::demo();
        let accounts = std::fs::read(town.data().join("accounts.json")).unwrap();
        let printed = town.server().log();
        Self { printed, accounts: serde_json::from_slice(&accounts).unwrap(), town }
    }

    /// The path of the printed address in which `part` stands, without the demo's own name.
    fn link(&self, part: &str) -> String {
        let home = &self.town.server().address;
        let links = self.printed.split(home.as_str()).skip(1);
        let path =
            |rest: &str| rest.split([' ', '\n', '　', '）', ')']).next().unwrap_or_default().to_owned();
        let found = links.map(path).find(|path| path.contains(part));
        found.unwrap_or_else(|| panic!("no address of {part} is printed:\n{}", self.printed))
    }

    /// The path of a file that is printed.
    fn printed_file(&self, name: &str) -> String {
        let mut words = self.printed.split_whitespace();
        words.find(|word| word.ends_with(name)).unwrap_or_else(|| panic!("no {name} is printed")).to_owned()
    }

    /// What an authenticator app would show now, as the demo's own command says it.
    fn digits(&self, username: &str) -> String {
        let data = self.town.data().display().to_string();
        let told = self.town.falin(&["demo", "--code", "--json", "--data", &data]).ok().json();
        told[username].as_str().unwrap_or_else(|| panic!("no code for {username}: {told}")).to_owned()
    }

    /// Somebody of this role at an own window, signed in with the account that is printed.
    fn window(&self, role: &str, size: Size) -> Turns {
        let account = &self.accounts[COUNTY][role];
        let text = |name: &str| account[name].as_str().unwrap_or_default();
        assert!(self.printed.contains(text("username")), "{role} is not printed");
        let turns = Turns::with(&self.town, size, "zh");
        turns.page.go(&self.link("/sign-in"));
        turns.types(&[("username", text("username")), ("password", text("password"))]);
        turns.sends("main form button");
        if turns.page.has("input[name=\"code\"]") {
            turns.types(&[("code", &self.digits(text("username")))]);
            turns.sends("main form button");
        }
        assert_eq!(turns.page.path(), "/desk", "{role}: {}", turns.page.text());
        turns
    }
}

fn words(turns: &Turns, selector: &str) -> String {
    let found = turns.page.run(&format!("return document.querySelector('{selector}')?.textContent ?? ''"));
    found.as_str().unwrap_or_default().trim().to_owned()
}

fn number(turns: &Turns, script: &str) -> i64 {
    turns.page.run(script).as_i64().unwrap_or(-1)
}

/// 一、在手机上找自己的律师: township, village, a call; a handover, and the same card shows the new lawyer.
fn my_adviser(demo: &Demo, admin: &Turns) {
    let phone = Turns::with(&demo.town, Size::Phone, "zh");
    let village = demo.link("/villages/");
    phone.page.go(&village);
    let (township, name) = (words(&phone, "p.back a"), words(&phone, "p.over"));
    let own = name.strip_prefix(&township).unwrap_or(&name);
    let own = own.trim_start_matches([' ', '·']).split(['的', ' ']).next().unwrap().to_owned();
    phone.page.go(&demo.link("/zh/620200/")).press(&township);
    until("the township", || phone.page.path() != "/zh/620200/");
    phone.page.press(&own);
    until("the village", || words(&phone, "p.over") == name && phone.page.has("a.call"));
    let low =
        number(&phone, "return Math.round(document.querySelector('a.call').getBoundingClientRect().bottom)");
    assert!((1..=812).contains(&low), "the call button ends at {low} px of 812");
    assert!(phone.page.has("a.call[href^=\"tel:\"]") && phone.page.has("dl.facts"), "{}", phone.page.text());
    phone.page.is_accessible();
    phone.page.is_light_and_alone();

    let card = demo.link("/c/");
    phone.page.go(&card);
    let before = words(&phone, "h1");
    let lawyer = before.split_whitespace().next().unwrap().to_owned();
    phone.page.is_accessible();
    admin.page.go(&demo.link("/desk/handovers/new"));
    let id = admin.page.run(&format!(
        "return [...document.querySelector('select[name=\"worker\"]').options].find(one => one.textContent.startsWith('{lawyer}')).value"
    ));
    admin.types(&[("worker", id.as_str().unwrap()), ("why", "left")]);
    admin.sends("form[action=\"/desk/handovers\"] button.primary");
    admin.sends("button[value=\"commit\"]");
    assert!(admin.page.text().contains("已生效"), "{}", admin.page.text());
    phone.page.go(&card);
    let after = words(&phone, "h1");
    assert!(after != before && !after.is_empty(), "the same card still shows {before}");
    admin.page.go("/desk/cards");
    admin.sends("a[href^=\"/desk/cards/print\"]");
    assert!(admin.page.has("svg") || admin.page.has("img"), "a printed card carries its code");
    phone.page.screenshot("demo-1-card");
}

/// 二、用您自己的表格: dry run with findings by row and column, confirm, the plan beside today, forget the file.
fn own_spreadsheet(demo: &Demo, admin: &Turns) {
    let trial = demo.town.data().join("try-this-roster.xlsx").display().to_string();
    assert!(demo.printed.contains(&trial), "{}", demo.printed);
    let today = admin.day(0).parse().unwrap();
    let planted = falin_app::demo::trial(620_200, today).unwrap();
    admin.page.go(&demo.link("/desk/rosters/new"));
    admin.page.attach("input[name=\"file\"]", &trial);
    admin.sends("form[action=\"/desk/rosters\"] button.primary");
    let batch = admin.page.path();
    assert!(admin.page.has("a[href$=\"/findings.csv\"]"), "{}", admin.page.text());
    let rows = number(admin, "return document.querySelectorAll('table.queue tbody tr').length");
    assert_eq!(rows, planted.findings.len() as i64, "{}", admin.page.text());
    let first = &planted.findings[0];
    let text = admin.page.text();
    assert!(text.contains(&first.row.to_string()) && text.contains(first.column), "{text}");
    admin.page.is_accessible();
    admin.sends("button[value=\"commit\"]");
    until("the import", || {
        admin.page.go(&batch);
        admin.page.text().contains("忘掉这份名册")
    });
    admin.page.go(&demo.link("/desk/plans"));
    admin.sends("form[action=\"/desk/plans\"] button.primary");
    assert!(admin.page.text().contains("待确认"), "{}", admin.page.text());
    assert!(admin.page.has(".cols.even table tbody tr"), "the plan stands beside today's pairing");
    admin.page.is_accessible();
    admin.page.screenshot("demo-2-plan");
    admin.page.go(&batch);
    admin.sends("button.refuse");
    until("forgotten", || {
        admin.page.go(&batch);
        !admin.page.has("button.refuse")
    });
}

/// 三、什么事晚了: the board; two windows book the same hour, the loser reads what clashes and three free times.
fn what_is_late(demo: &Demo, admin: &Turns, clerk: &Turns) {
    clerk.page.go(&demo.link("/desk/deadlines"));
    clerk.page.is_accessible();
    assert!(clerk.page.has("table.queue .due"), "{}", clerk.page.text());
    let soon = (1..8).map(|days| clerk.day(days)).find(|day| {
        clerk.page.go(&format!("/desk/bookings?date={day}"));
        clerk.page.has("table.grid a[href*=\"/desk/bookings/new?\"]")
    });
    assert!(soon.is_some(), "no room is free this week");
    let hour = clerk.page.run(
        "return document.querySelector('table.grid a[href*=\"/desk/bookings/new?\"]').getAttribute('href')",
    );
    let hour = hour.as_str().unwrap();
    assert!(hour.starts_with(&demo.link("/desk/bookings/new")));
    for window in [clerk, admin] {
        window.page.go(hour);
        window.types(&[("purpose", "两边同时订")]);
    }
    clerk.sends("form.ask button.primary");
    assert!(clerk.page.text().contains("已确认"), "{}", clerk.page.text());
    admin.sends("form.ask button.primary");
    let text = admin.page.text();
    assert!(text.contains("这个时间订不了") && text.contains("调解室"), "{text}");
    assert_eq!(number(admin, "return document.querySelectorAll('button[name=\"pick\"]').length"), 3);
    admin.page.is_accessible();
    admin.page.screenshot("demo-3-clash");
    admin.sends("button[name=\"pick\"]");
    assert!(admin.page.text().contains("已确认"), "{}", admin.page.text());
}

/// The row of the figure with this code: its whole, its parts, and the address of the rows behind it.
fn figure(turns: &Turns, code: &str) -> (Vec<String>, String) {
    let row = turns.page.run(&format!(
        "const head = [...document.querySelectorAll('tbody th a')].find(one => one.getAttribute('href').endsWith('figure={code}'));
         const row = head?.closest('tr');
         if (!row) return [[], ''];
         return [[...row.querySelectorAll('td')].map(one => one.textContent.trim()), row.querySelector('td a')?.getAttribute('href') ?? '']"
    ));
    let cells = row[0].as_array().into_iter().flatten().map(|one| one.as_str().unwrap().to_owned());
    (cells.collect(), row[1].as_str().unwrap_or_default().to_owned())
}

/// 四、这个月的报表: the published figures, the rows behind them, and places that add up.
fn the_report(demo: &Demo, admin: &Turns) {
    let statistics = demo.link("/desk/statistics");
    let year = format!("{statistics}?from={}&to={}", admin.day(-400), admin.day(0));
    until("485 referrals", || {
        admin.page.go(&year);
        let (cells, _) = figure(admin, "referrals");
        let (settled, _) = figure(admin, "settled");
        cells.first().is_some_and(|one| one == "485") && settled.first().is_some_and(|one| one == "285")
    });
    let (rate, _) = figure(admin, "settled_rate");
    assert_eq!(rate[0], "58.8");
    let (cells, rows) = figure(admin, "referrals");
    let parts: i64 = cells[1..].iter().map(|one| one.replace(',', "").parse::<i64>().unwrap_or(0)).sum();
    assert!(parts <= 485, "{cells:?}");
    admin.page.is_accessible();
    admin.page.screenshot("demo-4-report");
    let (consultations, list) = figure(admin, "consultations");
    assert!(!list.is_empty(), "the figure leads to its rows");
    // A township's own page says what the county's column says.
    let township = admin.page.run("return document.querySelector('thead th a').getAttribute('href')");
    admin.page.go(township.as_str().unwrap());
    let (own, _) = figure(admin, "consultations");
    assert_eq!(own[0], consultations[1], "the township and the county's column for it");
    admin.page.go(if rows.is_empty() { &list } else { &rows });
    assert!(admin.page.has("table.queue tbody tr"), "{}", admin.page.text());
    admin.page.go("/desk/statistics/forms");
    assert!(admin.page.has("input[type=\"file\"]"), "the city's own form can be brought");
    demo.town.falin(&["stats", "reconcile", "--place", COUNTY]).ok();
}

/// 五、装一个流程: upload, permissions in words, enable, the new menu without a restart; a newer version and the way back;
/// and a workflow that breaks, which costs one page.
fn a_workflow_from_a_file(demo: &Demo, admin: &Turns) {
    let town = &demo.town;
    let [package, newer] =
        ["try-this-workflow.falin", "try-this-workflow-2.falin"].map(|name| demo.printed_file(name));
    bring(demo, admin, &package);
    let menu = "nav a[href=\"/desk/workflows/try-this/request\"]";
    assert!(admin.page.has(menu), "the new menu stands without a restart: {}", admin.page.text());
    // A newer version goes up while the old one works, and comes down again at a press.
    admin.page.go("/desk/plugins/new");
    admin.page.attach("form[action=\"/desk/plugins\"] input[type=\"file\"]", &newer);
    admin.sends("form[action=\"/desk/plugins\"] button");
    for (step, version) in [("try", "0.1.0"), ("upgrade", "0.2.0"), ("rollback", "0.1.0")] {
        admin.sends(&format!("button[value=\"{step}\"]"));
        let there = town.falin(&["plugin", "list", "--place", COUNTY, "--json"]).ok().json();
        let mine = there["items"].as_array().unwrap().iter().find(|one| one["plugin"] == "try-this");
        assert_eq!(mine.unwrap()["package"]["version"], version, "{step}: {there}");
        assert!(admin.page.has(menu), "{step}");
    }
    the_cage_holds(demo, admin);
}

/// The workflow on the demo's shelf that breaks as it is told; left out where its library could not be compiled.
fn the_cage_holds(demo: &Demo, admin: &Turns) {
    if falin_app::demo::workflows::crash_test().is_empty() {
        println!("skipped: no library was compiled");
        return;
    }
    assert!(demo.printed.contains("故障演练"), "{}", demo.printed);
    admin.page.go("/desk/plugins");
    let found =
        "return [...document.querySelectorAll('main a')].find(a => a.textContent.includes('故障演练'))";
    let href = admin.page.run(&format!("{found}.getAttribute('href')"));
    admin.page.go(href.as_str().unwrap());
    admin.sends("button[value=\"enable\"]");
    for (way, said) in [("none", "这次没有出错"), ("abort", "出错"), ("none", "这次没有出错")] {
        admin.page.go("/desk/pages/crash-test/cage");
        admin.types(&[("way", way)]);
        admin.sends("main form button");
        assert!(admin.page.text().contains(said), "{way}: {}", admin.page.text());
        admin.page.screenshot(&format!("demo-5-{way}"));
    }
}

/// A package by the administrator's page, from the upload to the menu.
fn bring(demo: &Demo, admin: &Turns, package: &str) {
    admin.page.go(&demo.link("/desk/plugins/new"));
    admin.page.attach("form[action=\"/desk/plugins\"] input[type=\"file\"]", package);
    admin.sends("form[action=\"/desk/plugins\"] button");
    admin.page.is_accessible();
    for step in ["try", "grant", "enable"] {
        admin.sends(&format!("button[value=\"{step}\"]"));
    }
    assert!(admin.page.text().contains("使用中"), "{}", admin.page.text());
}

#[test]
fn the_five_demonstrations_are_what_they_promise() {
    if !available() {
        return;
    }
    let demo = Demo::new();
    let told = told_of_the_sample(&demo.printed);
    assert!(told.is_empty(), "{}", told.join("\n"));
    let admin = demo.window("county_admin", Size::Desk);
    let clerk = demo.window("clerk", Size::Desk);
    own_spreadsheet(&demo, &admin);
    my_adviser(&demo, &admin);
    what_is_late(&demo, &admin, &clerk);
    the_report(&demo, &admin);
    a_workflow_from_a_file(&demo, &admin);
}

/// What the log says of the sample itself: nothing where every row, booking and case of it was taken.
fn told_of_the_sample(log: &str) -> Vec<String> {
    log.lines().filter(|line| line.contains("falin_app::demo")).map(str::to_owned).collect()
}

/// Every sample case of every workflow is told to its end, and none is refused; in the full form (`FALIN_TEST_FULL`), for
/// it takes minutes.
#[test]
fn no_sample_case_is_refused() {
    if std::env::var("FALIN_TEST_FULL").is_err() {
        return;
    }
    let town = Town::demo();
    within(900, "every sample case", || TOLD.iter().any(|said| town.server().log().contains(said)));
    let told = told_of_the_sample(&town.server().log());
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// What the catalogue shows of each workflow, and whose page it is.
const PICTURES: [(&str, &str); 10] = [
    ("petition", "/desk/workflows/petition/visit"),
    ("court-link", "/desk/workflows/court-link/referral"),
    ("round-table", "/desk/pages/round-table/board"),
    ("visit-duties", "/desk/pages/visit-duties/board"),
    ("litigation-index", "/desk/pages/litigation-index/board"),
    ("remote-session", "/desk/pages/remote-session/sessions"),
    ("defence-coverage", "/desk/pages/defence-coverage/board"),
    ("screening", "/desk/pages/screening/ledger"),
    ("legality-review", "/desk/pages/legality-review/board"),
    ("publicity", "/desk/pages/publicity/calendar"),
];

/// Takes the catalogue's pictures anew where that was asked for: `FALIN_TEST_WRITE=pictures`. They land in
/// `target/screenshots`; what goes into `plugins/` is made lighter by hand (64 colours).
#[test]
fn the_catalogue_is_photographed() {
    if !std::env::var("FALIN_TEST_WRITE").is_ok_and(|what| what == "pictures") || !available() {
        return;
    }
    let demo = Demo::new();
    let admin = demo.window("county_admin", Size::Desk);
    within(900, "every sample case", || demo.town.server().log().contains("示例案件已经齐全"));
    for (plugin, path) in PICTURES {
        admin.page.go(path);
        admin.page.screenshot(&format!("plugin-{plugin}"));
    }
    admin.page.go("/desk/statistics/villages");
    admin.page.screenshot("villages");
}
