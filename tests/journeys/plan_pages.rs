//! Plans and handovers as an administrator goes through them, page by page, in both languages.

use crate::town::county::COUNTY;
use crate::town::{Answer, Client, Town, on_both};

const CURRENT: &str = "SELECT count(*) FROM pairing WHERE to_date IS NULL";

/// Presses the button `act` of the page's own form.
fn press(desk: &Client, page: &Answer, act: &str) -> Answer {
    desk.fill(page, "/actions", &[("act", act)])
}

/// Every page of a plan opens in both languages.
fn look_around(town: &Town, desk: &Client, base: &str, pages: &[&str]) {
    let english = town.program("county_admin").in_english();
    for page in pages {
        let path = format!("{base}{page}");
        desk.get(&path).is(200);
        let text = english.get(&path).is(200).text();
        assert!(!text.contains("desk-"), "a text is missing: {text}");
    }
}

on_both! {
    fn a_plan_from_the_first_page_to_the_undo(backend) {
        let town = Town::start(backend);
        let desk = town.program("county_admin");
        let list = desk.get("/desk/plans").is(200);
        let page = desk.fill(&list, "/desk/plans", &[("place", COUNTY)]).is(200);
        let base = page.path.clone();
        assert!(page.text().contains("待确认"), "{}", page.text());
        assert_eq!(town.number(CURRENT), 0);
        look_around(&town, &desk, &base, &["", "/moves", "/moves?which=unplaced", "/providers"]);

        let moves = desk.get(&format!("{base}/moves")).is(200);
        let other = desk.get(&moves.link("换人")).is(200);
        let empty = desk.fill(&other, "/households/", &[("reason", "老当事人")]).is(422);
        assert!(empty.text().contains("请选一个"), "{}", empty.text());
        let form = &other.forms().into_iter().find(|form| form.action.contains("/households/")).unwrap();
        assert!(form.action.starts_with(&base));
        let found = town.texts("SELECT name AS t FROM worker ORDER BY sort_key");
        assert!(found.iter().any(|name| other.text().contains(name.as_str())), "{}", other.text());

        let done = press(&desk, &desk.get(&base), "commit").is(200);
        assert!(done.text().contains("已生效"), "{}", done.text());
        assert_eq!(town.number(CURRENT), 34);
        let stale = press(&desk, &page, "commit").is(409);
        assert!(stale.text().contains("没有生效"), "{}", stale.text());
        let undone = press(&desk, &done, "undo").is(200);
        assert!(undone.text().contains("已撤回"), "{}", undone.text());
        assert_eq!(town.number(CURRENT), 0);
        look_around(&town, &desk, "/desk/plans", &[""]);
    }

    fn a_handover_from_the_leave_to_the_successors(backend) {
        let town = Town::start(backend);
        let desk = town.program("county_admin");
        let plan = desk.post("/desk/plans", &[("place", COUNTY)]).is(200);
        press(&desk, &plan, "commit").is(200);
        let new = desk.get("/desk/handovers/new").is(200);
        let worker = "SELECT licence AS t FROM worker WHERE name = '仇文静'";
        assert_eq!(town.texts(worker).len(), 1);
        let nobody = desk.fill(&new, "/desk/handovers", &[("worker", ""), ("why", "left"), ("effective_on", "")]).is(422);
        assert!(nobody.text().contains("请选一个"), "{}", nobody.text());
        let id = option(&new, "仇文静");
        let past = [("worker", id.as_str()), ("why", "left"), ("effective_on", "2020-01-01")];
        desk.fill(&new, "/desk/handovers", &past).is(422);
        let page = desk
            .fill(&new, "/desk/handovers", &[("worker", &id), ("why", "left"), ("effective_on", "")])
            .is(200);
        assert!(page.text().contains("横沟村"), "{}", page.text());
        look_around(&town, &desk, &page.path, &[""]);
        let village = desk.get(&page.link("换人")).is(200);
        desk.fill(&village, "/villages/", &[]).is(422);
        let stale = desk.post("/desk/handovers", &[("worker", &id), ("why", "left"), ("effective_on", "")]).is(200);
        let done = press(&desk, &page, "commit").is(200);
        assert!(done.text().contains("已生效"), "{}", done.text());
        assert_eq!(town.number("SELECT count(*) FROM worker WHERE NOT active"), 1);
        // A draft that no longer fits what stands offers a new one, for the same lawyer.
        let told = press(&desk, &stale, "commit").is(409);
        assert_eq!(told.link("重做一份"), format!("/desk/handovers/new?worker={id}"));
        assert!(!told.body().contains("value=\"commit\""), "the stale draft is not offered again");
        press(&desk, &done, "undo").is(200);
        assert_eq!(town.number("SELECT count(*) FROM worker WHERE NOT active"), 0);
        look_around(&town, &desk, "/desk/handovers", &["", "/new"]);
        desk.get("/desk/consents").is(200);
        desk.get("/desk/leave").is(404);
    }
}

/// The value of the choice whose label begins with `name`.
fn option(page: &Answer, name: &str) -> String {
    let body = page.body();
    let (before, _) = body.split_once(&format!(">{name}")).expect("the choice");
    let (_, value) = before.rsplit_once("value=\"").expect("its value");
    value.split('"').next().unwrap().to_owned()
}
