//! A resident's own account: whose it is when somebody else heads the household, what a second slip leaves behind, and
//! how often a stranger may guess at a case.

use serde_json::{Value, json};

use crate::town::county::token;
use crate::town::rosters::id_number;
use crate::town::{Client, Town, on_both};

const HOMES: &str = "/api/v1/households";

/// A household of the prepared county, and the ID number of its head.
fn home(clerk: &Client) -> (String, String) {
    let found = clerk.get(&format!("{HOMES}?village=620201100201&q=zhangjianguo")).is(200).json();
    (found["items"][0]["id"].as_str().unwrap().to_owned(), id_number("620201", "19500115", 0))
}

/// What the window gets for an ID card.
fn opened(clerk: &Client, home: &str, card: &str) -> crate::town::Answer {
    clerk.call("POST", &format!("{HOMES}/{home}/account"), &json!({"id_number": card}))
}

/// The household as its own account sees it.
fn own(town: &Town, name: &str) -> Value {
    town.visitor().with_token(&token(town, name)).get("/api/v1/me/data").is(200).json()["household"].clone()
}

fn change(clerk: &Client, home: &str, mut what: Value) {
    let path = format!("{HOMES}/{home}");
    what["action"] = json!("change");
    what["version"] = clerk.get(&path).is(200).json()["version"].clone();
    clerk.call("POST", &format!("{path}/actions"), &what).is(200);
}

on_both! {
    fn whoever_heads_a_household_next_is_not_its_former_head(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let (home, card) = home(&clerk);
        let first = opened(&clerk, &home, &card).is(201).json();
        assert_eq!(own(&town, "zhangjianguo")["id_number"], json!(card));
        // A name put right is still the same person: the number says so.
        change(&clerk, &home, json!({"head_name": "张健国"}));
        assert_eq!(own(&town, "zhangjianguo")["id_number"], json!(card));
        let other = "11010519491231002X";
        change(&clerk, &home, json!({"head_name": "李桂兰", "id_number": other}));
        assert_eq!(own(&town, "zhangjianguo"), Value::Null, "the former head stands for it no longer");
        let next = opened(&clerk, &home, other).is(201).json();
        assert_ne!(next["id"], first["id"], "and the next one does not become the former");
        assert_eq!(own(&town, next["username"].as_str().unwrap())["id_number"], json!(other));
        opened(&clerk, &home, &card).refused(422, "form.invalid");
    }

    fn a_renewed_passport_is_no_other_person(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let new = json!({"village": "620201101202", "head_name": "Andrei Kovac", "id_number": "护照 E12345678"});
        let home = clerk.call("POST", HOMES, &new).is(201).json()["id"].as_str().unwrap().to_owned();
        let first = opened(&clerk, &home, "护照 E12345678").is(201).json();
        let username = first["username"].as_str().unwrap();
        change(&clerk, &home, json!({"id_number": "护照 E98765432", "head_name": "ANDREI KOVAC"}));
        assert_eq!(own(&town, username)["id_number"], "passport:E98765432");
        assert_eq!(opened(&clerk, &home, "护照 E98765432").is(201).json()["id"], first["id"], "the same account");
        change(&clerk, &home, json!({"id_number": "护照 E98765432", "head_name": "Andrei J. Kovac"}));
        assert_eq!(own(&town, username)["id_number"], "passport:E98765432", "a name put right under the same number");
        let member = json!({"action": "add_member", "name": "Anna Kovac", "relation": "spouse", "id_number": "护照 P1234567"});
        let act = |mut what: Value| {
            let path = format!("{HOMES}/{home}");
            what["version"] = clerk.get(&path).is(200).json()["version"].clone();
            clerk.call("POST", &format!("{path}/actions"), &what).is(200).json()
        };
        let anna = act(member)["members"][0]["id"].clone();
        let hers = opened(&clerk, &home, "护照 P1234567").is(201).json();
        act(json!({"action": "change_member", "member": anna, "id_number": "护照 P7654321"}));
        assert_eq!(opened(&clerk, &home, "护照 P7654321").is(201).json()["id"], hers["id"], "a member's too");
        change(&clerk, &home, json!({"id_number": "护照 X1112223", "head_name": "佐藤"}));
        assert_eq!(own(&town, username), Value::Null, "another number under another name is another person's");
    }

    fn a_second_slip_ends_what_was_signed_in_and_is_told(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let (home, card) = home(&clerk);
        let first = opened(&clerk, &home, &card).is(201).json();
        let resident = town.visitor();
        let page = resident.get("/zh/620200/activate").is(200);
        let typed = [("username", "zhangjianguo"), ("slip", first["code"].as_str().unwrap())];
        let page = resident.fill(&page, "/activate", &typed).is(200);
        let secret = "jiayuguan lantern 2026";
        assert_eq!(resident.fill(&page, "/activate", &[("password", secret), ("again", secret)]).is(200).path, "/my");
        let count = |sql: &str| town.number(sql);
        let issued = "SELECT count(*) FROM journal_entry WHERE event = 'account.slip_issued'";
        assert_eq!(count(issued), 0);
        let again = opened(&clerk, &home, &card).is(201).json();
        assert_eq!((&again["id"], count(issued)), (&first["id"], 1));
        std::thread::sleep(std::time::Duration::from_millis(1100));
        assert!(resident.get("/my").path.contains("/sign-in"), "who was signed in with it is out");
        assert_eq!(count("SELECT count(*) FROM inbox WHERE kind = 'notice-account-slip'"), 1);
        let calls = clerk.get("/desk/calls").is(200).text();
        assert!(calls.contains("张建国的账号") || calls.contains("张建国 的账号"), "the household is telephoned: {calls}");
        // An account that is staff's too is not the window's to hand out.
        town.falin(&["user", "role", "zhangjianguo", "add", "county_admin"]).ok();
        opened(&clerk, &home, &card).refused(403, "account.wider");
        assert_eq!(count(issued), 1);
        town.falin(&["audit", "verify"]).ok();
    }

    fn a_case_is_guessed_at_ten_times_however_its_number_is_typed(backend) {
        let town = Town::start(backend);
        let (clerk, browser) = (town.program("clerk"), town.visitor());
        let asked = json!({"question": "老板欠我三个月工资", "asker": "张建国", "phone": "13912345678", "channel": "phone",
            "matter": "wages", "place": "620201100201"});
        let number = clerk.call("POST", "/api/v1/consultations", &asked).is(201).json()["number"].as_str().unwrap().to_owned();
        let find = browser.get("/zh/620200/progress").is(200);
        let guess = |number: &str, phone: &str| {
            browser.fill(&find, "/progress", &[("number", number), ("phone", phone)]).status
        };
        for at in 0..10 {
            let typed = format!("{}{number}", "'".repeat(at));
            assert_eq!(guess(&typed, "13900000000"), 404, "{typed}");
        }
        for typed in [number.clone(), number.replace('〔', " [").replace('〕', "]"), format!("‘{number}")] {
            assert_eq!(guess(&typed, "13912345678"), 429, "{typed}");
        }
        assert_eq!(guess("咨〔2020〕1号", "13912345678"), 404, "another number is another count");
    }
}
