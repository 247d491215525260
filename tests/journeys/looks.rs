//! Staff pages in a real browser: the plan clicked through from its making to its undo, and every page heard by axe.

use crate::access::doors::filled;
use crate::access::table::{TABLE, lets_in};
use crate::browser::{Page, Size, available};
use crate::journeys::identity::{entered, ready};
use crate::town::{Backend, Client, Town};
use falin_domain::access::Role;

const CURRENT: &str = "SELECT count(*) FROM pairing WHERE to_date IS NULL";

/// Somebody of this role, signed in.
fn signed_in(town: &Town, role: Role) -> Client {
    let name = format!("looks-{}", role.code().replace('_', "-"));
    entered(town, &name, &ready(town, &name, role.code()), 0)
}

/// A window of the same person, reading in this language and size.
fn window(town: &Town, client: &Client, view: &str, size: Size) -> Page {
    let page = Page::open(&town.server().address, size);
    page.go("/healthz");
    let session = client.cookie("sid").expect("a session");
    for (name, value) in [("sid", session.as_str()), ("view", view)] {
        page.devtools(
            "Network.setCookie",
            serde_json::json!({"name": name, "value": value, "url": town.server().address}),
        );
    }
    page
}

#[test]
fn a_plan_is_made_looked_at_overridden_committed_and_undone_in_a_browser() {
    if !available() {
        return;
    }
    let town = Town::start(Backend::Sqlite);
    let client = signed_in(&town, Role::CountyAdmin);
    let page = window(&town, &client, "zh", Size::Desk);
    page.go("/desk/plans").press("做一份新方案");
    assert!(page.text().contains("待确认"), "{}", page.text());
    page.is_accessible();
    page.screenshot("plan-draft");
    let base = page.path();
    page.go(&format!("{base}/moves")).press("换人");
    page.is_accessible();
    page.press("就这样安排");
    assert!(page.text().contains("请选一个"), "{}", page.text());
    page.is_accessible();
    page.run(
        "const all = document.querySelectorAll('input[type=radio]');
         all[all.length - 1].checked = true;
         document.querySelector('input[name=reason], textarea[name=reason]').value = '住户的老当事人'",
    );
    page.press("就这样安排");
    page.go(&base);
    assert!(page.text().contains("住户的老当事人"), "{}", page.text());
    page.screenshot("plan-overridden");
    assert_eq!(town.number(CURRENT), 0, "a draft changes nothing");
    page.press("确认并生效");
    assert!(page.text().contains("已生效"), "{}", page.text());
    assert!(town.number(CURRENT) > 0);
    page.is_accessible();
    page.screenshot("plan-committed");
    page.press("撤回这份方案");
    assert!(page.text().contains("已撤回"), "{}", page.text());
    assert_eq!(town.number(CURRENT), 0);
    let said = "SELECT count(*) FROM journal_entry WHERE event IN ('plan.made', 'plan.overridden', 'plan.committed', 'plan.undone')";
    assert_eq!(town.number(said), 4);
}

/// What axe finds on the pages of this role, in one language and size.
fn listen(town: &Town, client: &Client, role: Role, view: &str, size: Size, faults: &mut Vec<String>) {
    let page = window(town, client, view, size);
    for line in TABLE.lines() {
        let (route, who) = line.split_once("  ").unwrap();
        let Some(pattern) = route.strip_prefix("GET ") else { continue };
        let for_staff = pattern == "/me" || ["/desk", "/me/"].iter().any(|start| pattern.starts_with(start));
        let shown = !pattern.contains(".csv") && !pattern.contains(".xlsx") && pattern != "/me/view";
        let (path, real) = filled(town, pattern);
        if !for_staff || !shown || !real || !lets_in(who, Some(role)) {
            continue;
        }
        let status = client.send("GET", &path, &[("accept", "text/html")], Vec::new()).status;
        if status != 200 {
            continue;
        }
        page.go(&path);
        for fault in crate::browser::axe(&page) {
            faults.push(format!(
                "{pattern} as {role:?} in {view}: {} ({}): {}",
                fault.rule,
                fault.help,
                fault.targets.join(", ")
            ));
        }
    }
}

#[test]
fn staff_pages_are_open_to_everybody_in_both_languages_and_sizes() {
    if !available() {
        return;
    }
    let mut town = Town::prepared(Backend::Sqlite);
    let plan = town.falin(&["pair", "plan", "--json"]).ok().json()["plan"].as_str().unwrap().to_owned();
    town.falin(&["pair", "commit", &plan]).ok();
    town.serve_with(&["--flood", "0"]);
    let mut faults = Vec::new();
    let admin = signed_in(&town, Role::CountyAdmin);
    listen(&town, &admin, Role::CountyAdmin, "zh", Size::Desk, &mut faults);
    listen(&town, &admin, Role::CountyAdmin, "en-large", Size::Phone, &mut faults);
    for role in [Role::SecurityAdmin, Role::AuditAdmin, Role::PlatformAdmin] {
        let client = signed_in(&town, role);
        listen(&town, &client, role, "zh-large", Size::Desk, &mut faults);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
