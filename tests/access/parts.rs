//! Whoever holds an administrator's role for a part of a county: what concerns the whole of it, and whoever can do more
//! than the part holds, is not theirs.

use falin_domain::access::{Reach, Role, reach};
use falin_web::routes::{self, Access};
use serde_json::{Value, json};

use super::doors::{filled, knock};
use crate::journeys::stage;
use crate::town::county::{COUNTY, PASSWORD, token, username};
use crate::town::{Answer, Client, Town, on_both};

/// A township of the county.
const PART: &str = "620201100";
/// One of its villages.
const VILLAGE: &str = "620201100201";

/// An account with this role at a place that may sign in at once, and a program acting for it.
fn held(town: &Town, name: &str, role: &str, place: &str) -> Client {
    town.falin_typing(&["user", "add", name, "--role", role, "--place", place, "--password-stdin"], PASSWORD)
        .ok();
    town.visitor().with_token(&token(town, name))
}

/// The account of this name, as somebody who sees the whole county's finds it.
fn account(program: &Client, name: &str) -> Value {
    let found = program.get(&format!("/api/v1/accounts?q={name}")).is(200).json();
    let items = found["items"].as_array().unwrap();
    items.iter().find(|one| one["username"] == name).unwrap_or_else(|| panic!("{name}: {found}")).clone()
}

fn names(program: &Client) -> Vec<String> {
    let found = program.get("/api/v1/accounts?limit=200").is(200).json();
    found["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["username"].as_str().unwrap().to_owned())
        .collect()
}

fn done(program: &Client, account: &Value, what: &str) -> Answer {
    let path = format!("/api/v1/accounts/{}/actions", account["id"].as_str().unwrap());
    program.call("POST", &path, &json!({"action": what, "version": account["version"]}))
}

on_both! {
    fn what_concerns_the_whole_county_is_not_for_who_keeps_a_part(backend) {
        let town = Town::start(backend);
        let (mut faults, mut tried) = (Vec::new(), Vec::new());
        for role in [Role::CountyAdmin, Role::AuditAdmin, Role::PlatformAdmin] {
            let client = held(&town, &format!("part-{}", username(role.code())), role.code(), PART);
            for route in routes::all() {
                let Access::Needs(act, noun) = route.access else { continue };
                if reach(role, act, noun) != Some(Reach::County) {
                    continue;
                }
                let answer = knock(&client, route.method.as_str(), &filled(&town, route.path).0);
                tried.push(format!("{} {}", route.method, route.path));
                if !matches!(answer.status, 403 | 404) {
                    faults.push(format!("{} {} as {role:?}: {}", route.method, route.path, answer.status));
                }
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        for must in [
            "POST /api/v1/deputies", "POST /api/v1/deputies/{id}/actions", "POST /desk/workers/{id}/leave",
            "POST /api/v1/settings/actions", "POST /api/v1/channels/actions", "POST /api/v1/plugins",
            "GET /api/v1/journal", "POST /desk/platform/backups",
        ] {
            assert!(tried.iter().any(|one| one == must), "{must} is not of the whole county");
        }
    }

    fn acts_on_the_whole_county_among_those_done_place_by_place_are_refused_too(backend) {
        let town = Town::start(backend);
        stage::ready(&town);
        let (admin, part) = (town.program("county_admin"), held(&town, "part-admin", "county_admin", PART));
        let plugin = admin.get("/api/v1/plugins").is(200).json()["items"][0].clone();
        let path = format!("/api/v1/plugins/{}", plugin["id"].as_str().unwrap());
        let off = json!({"action": "disable", "version": plugin["version"]});
        part.call("POST", &format!("{path}/actions"), &off).refused(403, "access.denied");
        let settings = admin.get(&format!("{path}/settings")).is(200).json();
        let said = json!({"version": settings["version"], "settings": {}});
        part.call("POST", &format!("{path}/settings"), &said).refused(403, "access.denied");
        // The page shows what it is, and no button for what is not theirs.
        let page = part.get(&path.replace("/api/v1", "/desk")).is(200);
        assert!(!page.body().contains("value=\"disable\""), "{}", page.text());
        part.get("/desk/plugins").is(200);
        let everywhere = json!({"from": "2099-05-01T00:00:00Z", "to": "2099-05-02T00:00:00Z", "reason": "停电"});
        part.call("POST", "/api/v1/closures", &everywhere).refused(403, "access.denied");
        admin.call("POST", "/api/v1/closures", &everywhere).is(201);
        for path in ["/api/v1/cutover-lists", "/desk/cutover", "/desk/users/roster", "/desk/users/roster/slips"] {
            assert_eq!(part.get(path).status, 403, "{path}");
            admin.get(path).is(200);
        }
        assert_eq!(part.post("/desk/users/roster", &[]).status, 403);
        let told = json!({"title": "全县", "from": "2026-11-01", "to": "2026-11-30"});
        let whole = admin.call("POST", "/api/v1/figure-reports", &told).is(201).json();
        let own = json!({"title": "本乡", "place": PART, "from": "2026-11-01", "to": "2026-11-30"});
        let own = part.call("POST", "/api/v1/figure-reports", &own).is(201).json();
        let listed = part.get("/api/v1/figure-reports").is(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
        assert_eq!(listed["items"][0]["id"], own["id"]);
        part.get(&format!("/api/v1/figure-reports/{}", whole["id"].as_str().unwrap())).refused(404, "not_found");
        let worker = admin.get("/api/v1/legal-workers").is(200).json()["items"][0]["id"].clone();
        let leaves = json!({"worker": worker, "from": "2099-05-01", "to": "2099-05-02"});
        part.call("POST", "/api/v1/leaves", &leaves).refused(403, "access.denied");
    }

    fn a_part_of_the_county_is_kept_with_its_own_accounts_alone(backend) {
        let town = Town::start(backend);
        let (whole, part) = (town.program("security_admin"), held(&town, "part-security", "security_admin", PART));
        held(&town, "village-clerk", "clerk", VILLAGE);
        held(&town, "wide-clerk", "clerk", VILLAGE);
        town.falin(&["user", "role", "wide-clerk", "add", "county_admin"]).ok();
        assert_eq!(names(&part), ["part-security", "village-clerk"]);
        let mut beyond: Vec<String> = ["county_admin", "security_admin", "platform_admin", "lawyer"].map(username).into();
        beyond.push("wide-clerk".to_owned());
        for name in &beyond {
            let theirs = account(&whole, name);
            let id = theirs["id"].as_str().unwrap();
            part.get(&format!("/api/v1/accounts/{id}")).refused(404, "not_found");
            part.get(&format!("/api/v1/accounts/{id}/sessions")).refused(404, "not_found");
            for what in ["new_slip", "reset_second_factor", "disable", "enable"] {
                done(&part, &theirs, what).refused(404, "not_found");
            }
            let token = json!({"account_id": id, "name": "本乡平台", "days": 7});
            part.call("POST", "/api/v1/tokens", &token).refused(422, "form.invalid");
        }
        let tokens = part.get("/api/v1/tokens?limit=200").is(200).json();
        let whose = tokens["items"].as_array().unwrap().iter().map(|one| one["username"].as_str().unwrap());
        assert!(whose.clone().count() > 0 && whose.clone().all(|name| ["part-security", "village-clerk"].contains(&name)), "{tokens}");
        let all = whole.get("/api/v1/tokens?limit=200").is(200).json();
        let foreign = all["items"].as_array().unwrap().iter().find(|one| one["username"] == username("security_admin")).unwrap();
        let path = format!("/api/v1/tokens/{}/actions", foreign["id"].as_str().unwrap());
        part.call("POST", &path, &json!({"action": "revoke", "version": 1})).refused(404, "not_found");
        // Nobody of the part becomes a legal worker, whose cases lie anywhere.
        let worker = town.program("county_admin").get("/api/v1/legal-workers").is(200).json()["items"][1]["id"].clone();
        let lawyer = json!({"name": "单于明", "role": "lawyer", "place": PART, "worker_id": worker});
        part.call("POST", "/api/v1/accounts", &lawyer).refused(403, "access.denied");
        // What is their own they keep.
        let own = account(&part, "village-clerk");
        let slip = done(&part, &own, "new_slip").is(200).json();
        assert!(slip["activation"]["code"].is_string(), "{slip}");
        part.get(&format!("/desk/users/{}/slip", own["id"].as_str().unwrap())).is(200);
        done(&part, &account(&part, "village-clerk"), "disable").is(200);
    }

    fn small_numbers_are_for_who_may_open_their_rows(backend) {
        let town = Town::start(backend);
        let (clerk, mediator) = (town.program("clerk"), town.program("mediator"));
        for (place, count) in [(VILLAGE, 3), ("620201101201", 9)] {
            for at in 0..count {
                let asked = json!({"question": format!("第{at}问"), "asker": "张建国", "phone": "13912345678", "channel": "phone",
                    "matter": "wages", "place": place});
                clerk.call("POST", "/api/v1/consultations", &asked).is(201);
            }
        }
        let case = json!({"applicant": "马建军", "phone": "13912345678", "facts": "欠货款，一直没有还", "dispute": "contract",
            "other_side": "李建国", "place": VILLAGE});
        clerk.call("POST", "/api/v1/mediation-cases", &case).is(201);
        let value = |client: &Client, place: &str, code: &str| {
            let table = client.get(&format!("/api/v1/statistics{place}")).is(200).json();
            let all = table["figures"].as_array().unwrap().clone();
            all.into_iter().find(|one| one["code"] == code).unwrap_or_else(|| panic!("{code}: {table}"))
        };
        let of = |place: &str| format!("?place={place}");
        for (place, count) in [(PART, 3), ("620201101", 9)] {
            assert_eq!(value(&clerk, &of(place), "consultations")["value"], json!(count));
            // Nine is no small number, and with the county's twelve it would tell the three beside it.
            assert_eq!(value(&mediator, &of(place), "consultations")["value"], Value::Null, "{place}");
        }
        assert_eq!(value(&mediator, "", "consultations")["value"], json!(12));
        // Whoever reads every mediation reads a single one in the figures too.
        assert_eq!(value(&mediator, &of(PART), "mediations")["value"], json!(1));
        assert_eq!(value(&town.program("audit_admin"), &of(PART), "mediations")["value"], Value::Null);
    }

    fn an_account_with_roles_in_two_counties_is_handed_out_by_the_operator_alone(backend) {
        let town = Town::start(backend);
        let divisions = "code,name,level\n620000,甘肃省,province\n620900,酒泉市,city\n620921,金塔县,county\n";
        let file = town.file("divisions.csv", divisions.as_bytes());
        town.falin(&["import", "divisions", &file, "--place", "620921"]).ok();
        held(&town, "wangfang", "clerk", COUNTY);
        town.falin(&["user", "role", "wangfang", "add", "county_admin", "--place", "620921"]).ok();
        let security = town.program("security_admin");
        let theirs = account(&security, "wangfang");
        for what in ["new_slip", "reset_second_factor"] {
            done(&security, &theirs, what).refused(403, "account.wider");
        }
        let token = json!({"account_id": theirs["id"], "name": "市平台", "days": 7});
        security.call("POST", "/api/v1/tokens", &token).refused(403, "account.wider");
        done(&security, &theirs, "disable").is(200);
        town.falin(&["user", "enable", "wangfang"]).ok();
        town.falin(&["user", "reset-totp", "wangfang"]).ok();
    }
}
