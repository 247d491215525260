//! People and programs at the door: slips, sign-in, second factor, sessions, roles, tokens, guesses.

use serde_json::{Value, json};
use totp_rs::{Algorithm, Secret, TOTP};

use crate::town::county::{COUNTY, PASSWORD, username};
use crate::town::{Answer, Client, Town, on_both};

/// Where staff sign in.
const DOOR: &str = "/zh/620200/sign-in";

/// The code of `secret` that is shown `steps` half minutes from now.
pub fn code(secret: &str, steps: u64) -> String {
    let secret = Secret::Encoded(secret.replace(' ', "")).to_bytes().unwrap();
    let totp = TOTP::new(Algorithm::SHA1, 6, 1, 30, secret).unwrap();
    let now = totp.next_step_current().unwrap();
    totp.generate(now - 30 + 30 * steps)
}

/// Makes an account and gives what the command printed of it.
fn made(town: &Town, name: &str, role: &str) -> Value {
    let words = ["user", "add", name, "--role", role, "--place", COUNTY, "--json"];
    town.falin(&words).ok().json()["slips"][0].clone()
}

/// An account that may sign in at once, and the secret of its second factor.
pub fn ready(town: &Town, name: &str, role: &str) -> String {
    let words = ["user", "add", name, "--role", role, "--place", COUNTY, "--password-stdin", "--json"];
    let told = town.falin_typing(&words, PASSWORD).ok().json();
    told["totp_secret"].as_str().unwrap_or_default().to_owned()
}

fn at_the_door(client: &Client, name: &str, password: &str) -> Answer {
    let page = client.get(DOOR).is(200);
    client.fill(&page, "/sign-in", &[("username", name), ("password", password)])
}

/// Somebody signed in as a browser.
pub fn entered(town: &Town, name: &str, secret: &str, steps: u64) -> Client {
    let client = town.visitor();
    let page = at_the_door(&client, name, PASSWORD).is(200);
    let page = client.fill(&page, "/sign-in", &[("code", &code(secret, steps))]).is(200);
    assert_eq!(page.path, "/desk");
    client
}

on_both! {
    fn a_slip_opens_an_account_once(backend) {
        let town = Town::start(backend);
        let slip = made(&town, "yangling", "clerk");
        let client = town.visitor();
        let page = client.get("/zh/620200/activate").is(200);
        let wrong = [("username", "yangling"), ("slip", "2222-3333-4444")];
        assert!(client.fill(&page, "/activate", &wrong).is(422).text().contains("这个激活码用不了"));
        let typed = [("username", "yangling"), ("slip", slip["activation_code"].as_str().unwrap())];
        let page = client.fill(&page, "/activate", &typed).is(200);
        let short = client.fill(&page, "/activate", &[("password", "short"), ("again", "short")]).is(422);
        let differs = client.fill(&short, "/activate", &[("password", PASSWORD), ("again", "other")]).is(422);
        assert!(differs.text().contains("两次输入的密码不一样"));
        let both = [("password", PASSWORD), ("again", PASSWORD)];
        let page = client.fill(&differs, "/activate", &both).is(200);
        let body = page.body();
        let secret = body.split("<b class=\"sp\">").nth(1).unwrap().split("</b>").next().unwrap().to_owned();
        // Nothing is open until the second factor stands.
        assert!(client.get("/me").path.contains("/sign-in"));
        let page = client.fill(&page, "/sign-in", &[("code", &code(&secret, 0))]).is(200);
        assert_eq!(page.path, "/desk");
        assert!(client.get("/me").is(200).text().contains("yangling"));
        let again = town.visitor();
        let page = again.get("/zh/620200/activate").is(200);
        again.fill(&page, "/activate", &typed).is(422);
    }

    fn an_account_of_two_counties_goes_on_in_the_other(backend) {
        let town = Town::start(backend);
        let divisions = "code,name,level\n620000,甘肃省,province\n620900,酒泉市,city\n620921,金塔县,county\n";
        let file = town.file("divisions.csv", divisions.as_bytes());
        town.falin(&["import", "divisions", &file, "--place", "620921"]).ok();
        let secret = ready(&town, "wangfang", "clerk");
        town.falin(&["user", "role", "wangfang", "add", "county_admin", "--place", "620921"]).ok();
        let client = entered(&town, "wangfang", &secret, 0);
        assert!(client.get("/desk/households?find=zhang").is(200).text().contains("张"));
        let me = client.get("/me").is(200);
        assert!(me.text().contains("金塔县"), "{}", me.text());
        let there = client.fill(&me, "/me/county", &[]).is(200);
        assert_eq!(there.path, "/desk");
        assert!(!client.get("/desk/households?find=zhang").is(200).text().contains("张"), "the other county's households");
        assert!(client.get("/me").is(200).text().contains("嘉峪关"));
        client.post("/me/county", &[("county", "110101")]).is(403);
    }

    fn a_password_alone_opens_nothing_for_staff(backend) {
        let town = Town::start(backend);
        let secret = ready(&town, "wangfang", "clerk");
        let client = town.visitor();
        let page = at_the_door(&client, "wangfang", PASSWORD).is(200);
        assert!(client.get("/desk").path.contains("/sign-in"));
        let now = code(&secret, 0);
        assert_eq!(client.fill(&page, "/sign-in", &[("code", &now)]).is(200).path, "/desk");
        // The same code once more, in another browser.
        let other = town.visitor();
        let page = at_the_door(&other, "wangfang", PASSWORD).is(200);
        let refused = other.fill(&page, "/sign-in", &[("code", &now)]).is(422);
        assert!(refused.text().contains("验证码不对"));
    }

    fn names_that_do_not_exist_are_refused_like_those_that_do(backend) {
        let town = Town::start(backend);
        let mut pages = Vec::new();
        for name in [username("clerk"), "nobody-here".to_owned()] {
            let answer = at_the_door(&town.visitor(), &name, "wrong wrong wrong");
            pages.push((answer.status, answer.body().replace(&name, "NAME")));
        }
        assert_eq!(pages[0], pages[1]);
        assert_eq!(pages[0].0, 401);
    }

    fn guessing_grows_slow_and_says_for_how_long(backend) {
        let town = Town::start(backend);
        let client = town.visitor();
        let mut waits = 0;
        for _ in 0..8 {
            let answer = at_the_door(&client, &username("clerk"), "wrong wrong wrong");
            if answer.status == 429 {
                let seconds: u32 = answer.header("retry-after").unwrap().parse().unwrap();
                assert!((1..=60).contains(&seconds), "{seconds}");
                waits += 1;
            } else {
                answer.is(401);
            }
        }
        assert!(waits >= 4, "{waits}");
    }

    fn a_form_that_was_being_filled_comes_back_after_signing_in(backend) {
        let town = Town::start(backend);
        let secret = ready(&town, "wangfang", "security_admin");
        let client = entered(&town, "wangfang", &secret, 0);
        let form = client.get("/desk/users/new").is(200);
        town.falin(&["user", "reset-totp", "wangfang"]).ok();
        std::thread::sleep(std::time::Duration::from_millis(1100));
        let versioned = client.post("/desk/plans/1/actions?version=3", &[("action", "commit")]).is(401);
        let kept = versioned.body().replace("&#x3D;", "=");
        assert!(kept.contains("value=\"/desk/plans/1/actions?version=3\""), "the version comes along");
        let here = &town.server().address;
        let headers = [
            ("content-type", "multipart/form-data; boundary=x"), ("accept", "text/html"), ("origin", here.as_str()),
            ("sec-fetch-site", "same-origin"), ("referer", &format!("{here}/desk/rosters/new")),
        ];
        let upload = client.send("POST", "/desk/rosters", &headers, b"--x--".to_vec()).is(401);
        assert!(upload.text().contains("文件没有留下") && upload.body().contains("value=\"/desk/rosters/new\""));
        let typed = [("name", "杨玲"), ("username", "yangling"), ("role", "clerk"), ("place", COUNTY)];
        let page = client.fill(&form, "/desk/users", &typed).is(401);
        assert!(page.text().contains("填过的内容还在"));
        let page = client.fill(&page, "/sign-in", &[("username", "wangfang"), ("password", PASSWORD)]).is(200);
        let body = page.body();
        let secret = body.split("<b class=\"sp\">").nth(1).unwrap().split("</b>").next().unwrap().to_owned();
        let page = client.fill(&page, "/sign-in", &[("code", &code(&secret, 0))]).is(200);
        assert!(page.text().contains("杨玲"), "{}", page.text());
        let page = client.fill(&page, "/desk/users", &[]).is(200);
        assert!(page.text().contains("yangling"), "{}", page.text());
    }

    fn whatever_changes_an_account_ends_its_sessions_within_a_second(backend) {
        let town = Town::start(backend);
        let secret = ready(&town, "wangfang", "clerk");
        let acts: [&[&str]; 3] = [
            &["user", "role", "wangfang", "add", "mediator"],
            &["user", "role", "wangfang", "remove", "mediator"],
            &["user", "disable", "wangfang"],
        ];
        for (at, act) in acts.into_iter().enumerate() {
            if at > 0 {
                // Each code is good once: the next one is half a minute away.
                town.falin(&["user", "enable", "wangfang"]).ok();
            }
            let program = town.falin(&["token", "issue", "--user", "wangfang", "--days", "1"]).ok();
            let program = town.visitor().with_token(program.stdout.trim());
            let client = (at < 2).then(|| entered(&town, "wangfang", &secret, at as u64));
            program.get("/api/v1/me").is(200);
            town.falin(act).ok();
            std::thread::sleep(std::time::Duration::from_millis(1100));
            if let Some(client) = client {
                assert!(client.get("/me").path.contains("/sign-in"), "{act:?}");
            }
            program.get("/api/v1/me").is(if at == 2 { 401 } else { 200 });
        }
    }

    fn signing_out_closes_at_once(backend) {
        let town = Town::start(backend);
        let secret = ready(&town, "wangfang", "clerk");
        let client = entered(&town, "wangfang", &secret, 0);
        let page = client.get("/me").is(200);
        client.fill(&page, "/sign-out", &[]).is(200);
        assert!(client.get("/me").path.contains("/sign-in"));
    }

    fn programs_manage_accounts_and_tokens(backend) {
        let town = Town::start(backend);
        let security = town.program("security_admin");
        let new = json!({"name": "杨玲", "role": "clerk", "place": "620201100"});
        let account = security.call("POST", "/api/v1/accounts", &new).is(201).json();
        assert_eq!((&account["username"], &account["state"]), (&json!("yangling"), &json!("fresh")));
        assert!(account["activation"]["code"].is_string() && account["roles"][0]["place"].is_string());
        let path = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
        let acts = format!("{path}/actions");
        let act = |name: &str, version: &Value| json!({"action": name, "version": version});
        security.call("POST", &acts, &act("disable", &json!(99))).refused(409, "state.changed");
        let off = security.call("POST", &acts, &act("disable", &account["version"])).is(200).json();
        assert_eq!(off["state"], "disabled");
        let id = &account["id"];
        let token = json!({"account_id": id, "name": "市平台", "days": 7});
        security.call("POST", "/api/v1/tokens", &token).refused(403, "account.disabled");
        let on = security.call("POST", &acts, &act("enable", &off["version"])).is(200).json();
        assert_eq!(on["state"], "fresh");
        let issued = security.call("POST", "/api/v1/tokens", &token).is(201).json();
        let program = town.visitor().with_token(issued["token"].as_str().unwrap());
        assert_eq!(program.get("/api/v1/me").is(200).json()["username"], "yangling");
        let revoke = format!("/api/v1/tokens/{}/actions", issued["id"].as_str().unwrap());
        security.call("POST", &revoke, &act("revoke", &issued["version"])).is(200);
        security.call("POST", &revoke, &act("revoke", &issued["version"])).refused(409, "state.changed");
        std::thread::sleep(std::time::Duration::from_millis(1100));
        program.get("/api/v1/me").refused(401, "access.unauthenticated");
        for role in ["clerk", "audit_admin", "platform_admin", "lawyer"] {
            town.program(role).call("POST", "/api/v1/accounts", &new).refused(403, "access.denied");
        }
    }

    fn three_administrators_are_three_people(backend) {
        let town = Town::start(backend);
        let name = username("audit_admin");
        town.falin(&["user", "role", &name, "add", "platform_admin"]).ended(1);
        town.falin(&["user", "role", &name, "add", "county_admin"]).ok();
        town.falin(&["user", "disable", &username("security_admin")]).ended(1);
    }

    fn a_whole_roster_gets_accounts_in_one_act(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let page = admin.get(&admin.get("/desk/users").is(200).link("给全部律师开账号")).is(200);
        assert!(page.text().contains("开 3 个账号"), "{}", page.text());
        let page = admin.fill(&page, "/desk/users/roster", &[]).is(200);
        assert!(page.text().contains("开好了 3 个账号"), "{}", page.text());
        let sheets = admin.get("/desk/users/roster/slips").is(200).text();
        assert!(sheets.contains("单于明") && sheets.contains("/activate"), "{sheets}");
        // Once more changes nothing, and the slips are still the same.
        admin.fill(&page, "/desk/users/roster", &[]).is(200);
        assert_eq!(admin.get("/desk/users/roster/slips").is(200).text(), sheets);
    }
}
