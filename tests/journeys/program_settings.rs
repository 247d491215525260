//! A county's own program reads and sets what the county decides for itself: settings, lengths, channels, reach.

use serde_json::{Value, json};

use crate::town::{Answer, Client, Town, on_both};

fn act(program: &Client, path: &str, version: &Value, more: &Value) -> Answer {
    let mut body = json!({ "version": version });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    program.call("POST", &format!("{path}/actions"), &body)
}

on_both! {
    fn settings_are_read_and_saved_part_by_part(backend) {
        let town = Town::start(backend);
        let program = town.program("county_admin");
        let path = "/api/v1/settings";
        let got = program.get(path).is(200);
        let tag = got.header("etag").unwrap().to_owned();
        program.send("GET", path, &[("if-none-match", &tag)], Vec::new()).is(304);
        let set = got.json();
        assert_eq!((&set["pairing"]["rural"], &set["pairing"]["consent"]), (&json!("lawyer"), &json!(false)), "{set}");
        let pairing = json!({"action": "pairing", "pairing": {"capacity": 90, "consent": true, "fallback_hours": 21}});
        let one = act(&program, path, &set["version"], &pairing).is(200).json();
        let told = &one["pairing"];
        assert_eq!((&told["capacity"], &told["consent"], &told["fallback_hours"]), (&json!(90), &json!(true), &json!(21)));
        assert_eq!(told["rural"], set["pairing"]["rural"], "what is left out stays");
        assert!(told["consent_since"].is_string());
        act(&program, path, &set["version"], &pairing).refused(409, "state.changed");
        let casework = json!({"action": "casework", "casework": {"income_limit_fen": 123_450, "income_limit_source": "嘉政发〔2026〕3号", "hard_fen": 40_000}});
        let two = act(&program, path, &one["version"], &casework).is(200).json();
        assert_eq!((&two["casework"]["income_limit_fen"], &two["casework"]["hard_fen"]), (&json!(123_450), &json!(40_000)));
        assert_eq!((&two["casework"]["simple_fen"], &two["pairing"]), (&set["casework"]["simple_fen"], told));
        let office = json!({"action": "office", "office": {"phone": "0937-6226123", "court": "嘉峪关市城区人民法院"}});
        let three = act(&program, path, &two["version"], &office).is(200).json();
        assert_eq!(three["office"]["court"], "嘉峪关市城区人民法院");
        let bare = json!({"action": "scorecard", "scorecard": {"visits": 12}});
        act(&program, path, &three["version"], &bare).refused(422, "form.invalid");
        let lines = json!({"action": "scorecard", "scorecard": {"visits": 12, "basis": "县委依法治县办〔2026〕1号"}});
        let four = act(&program, path, &three["version"], &lines).is(200).json();
        assert_eq!((&four["scorecard"]["visits"], &four["scorecard"]["lectures"]), (&json!(12), &Value::Null));
        act(&program, path, &four["version"], &json!({"action": "office"})).refused(422, "form.invalid");
        act(&program, path, &four["version"], &json!({"action": "office", "office": {"motto": "x"}})).refused(422, "form.invalid");
        let page = program.get("/desk/plans/settings").is(200);
        assert!(page.body().contains("value=\"90\""), "the page shows what the program set");
        let clerk = town.program("clerk");
        assert_eq!(clerk.get(path).is(200).json(), four);
        act(&clerk, path, &four["version"], &lines).refused(403, "access.denied");
        town.falin(&["audit", "verify"]).ok();
    }

    fn a_length_is_set_where_no_law_sets_one_and_given_back(backend) {
        let town = Town::start(backend);
        let program = town.program("county_admin");
        let path = "/api/v1/deadline-rules";
        let mut all = Vec::new();
        let mut next = format!("{path}?limit=20");
        loop {
            let page = program.get(&next).is(200).json();
            all.extend(page["items"].as_array().unwrap().clone());
            match page["next_cursor"].as_str() {
                Some(cursor) => next = format!("{path}?limit=20&cursor={cursor}"),
                None => break,
            }
        }
        let law = all.iter().find(|rule| rule["settable"] == false).expect("a rule of the law");
        let own = all.iter().find(|rule| rule["settable"] == true && rule["length"]["unit"] == "working").expect("a rule to set");
        assert_eq!((&own["own"], &own["version"]), (&Value::Null, &json!(0)));
        let one = format!("{path}/{}", own["code"].as_str().unwrap());
        assert_eq!(program.get(&one).is(200).json(), *own);
        program.get(&format!("{path}/nothing.such")).refused(404, "not_found");
        let set = json!({"action": "set", "length": 9, "internal": 4, "source": "县局办法第三条"});
        act(&program, &format!("{path}/nothing.such"), &json!(0), &set).refused(404, "not_found");
        act(&program, &format!("{path}/{}", law["code"].as_str().unwrap()), &json!(0), &set).refused(422, "action.not_allowed");
        act(&program, &one, &json!(0), &json!({"action": "set", "length": 9})).refused(422, "form.invalid");
        act(&program, &one, &json!(0), &json!({"action": "set"})).refused(422, "form.invalid");
        act(&program, &one, &json!(3), &set).refused(409, "state.changed");
        act(&program, &one, &json!(0), &json!({"action": "reset"})).refused(422, "action.not_allowed");
        let done = act(&program, &one, &json!(0), &set).is(200).json();
        assert_eq!(done["own"], json!({"length": {"n": 9, "unit": "working"}, "internal": {"n": 4, "unit": "working"}, "source": "县局办法第三条"}));
        assert_eq!(done["length"], own["length"], "the table's own stays to be seen");
        act(&program, &one, &json!(0), &set).refused(409, "state.changed");
        let back = act(&program, &one, &done["version"], &json!({"action": "reset"})).is(200).json();
        assert_eq!(back, *own);
        town.program("clerk").get(path).is(200);
        act(&town.program("clerk"), &one, &json!(0), &set).refused(403, "access.denied");
        // What no workflow of the county counts by is shown, and is nothing to set.
        for code in ["consultation.chat", "petition.feedback"] {
            let path = format!("{path}/{code}");
            assert_eq!(program.get(&path).is(200).json()["settable"], false, "{code}");
            act(&program, &path, &json!(0), &set).refused(422, "action.not_allowed");
            program.get(&format!("/desk/deadlines/rules/{code}")).refused(404, "not_found");
        }
        let page = program.get("/desk/deadlines/rules").is(200).body();
        assert!(page.contains("现在用的流程里没有这个期限") && page.contains("href=\"/desk/deadlines/rules/consultation.answer\""), "{page}");
        assert!(!page.contains("/desk/deadlines/rules/consultation.chat"));
    }

    fn channels_take_secrets_and_never_give_them_back(backend) {
        let town = Town::start(backend);
        let program = town.program("county_admin");
        let path = "/api/v1/channels";
        let there = program.get(path).is(200).json();
        assert_eq!((&there["version"], &there["has_secret"], &there["port"]), (&json!(0), &json!(false), &Value::Null), "{there}");
        let wrong = json!({"action": "save", "gateway": "gateway", "host": "mail.example.cn", "from": "nobody"});
        let refused = act(&program, path, &json!(0), &wrong).refused(422, "form.invalid").json();
        let named: Vec<&str> = refused["fields"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(named, ["gateway", "from"]);
        let set = json!({"action": "save", "gateway": "https://gateway.example.cn/send", "secret": "gate-secret-7",
            "sms": true, "host": "mail.example.cn", "from": "falin@example.cn", "password": "mail-secret-7",
            "sms_kinds": ["notice-booking-reminder"]});
        let done = act(&program, path, &json!(0), &set).is(200);
        let told = done.json();
        assert_eq!((&told["has_secret"], &told["has_password"], &told["sms"], &told["wechat"]), (&json!(true), &json!(true), &json!(true), &json!(false)));
        assert_eq!((&told["port"], &told["sms_kinds"]), (&json!(465), &json!(["notice-booking-reminder"])));
        assert_eq!(told["mail_kinds"], there["mail_kinds"], "what is left out stays");
        for body in [done.body(), program.get(path).is(200).body()] {
            assert!(!body.contains("secret-7"), "{body}");
        }
        act(&program, path, &json!(0), &set).refused(409, "state.changed");
        let kept = act(&program, path, &told["version"], &json!({"action": "save", "wechat": true})).is(200).json();
        assert_eq!((&kept["has_secret"], &kept["wechat"], &kept["messages"]["failed"]), (&json!(true), &json!(true), &json!(0)));
        act(&program, path, &kept["version"], &json!({"action": "save", "sms_kinds": ["gossip"]})).refused(422, "form.invalid");
        town.program("clerk").get(path).refused(403, "access.denied");
    }

    fn anybody_says_how_to_be_told_and_reads_all_at_once(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let path = "/api/v1/me/reach";
        assert_eq!(clerk.get(path).is(200).json()["version"], 0);
        act(&clerk, path, &json!(0), &json!({"action": "save", "mail_yes": true})).refused(422, "form.invalid");
        let said = act(&clerk, path, &json!(0), &json!({"action": "save", "mail": "clerk@example.cn", "mail_yes": true})).is(200).json();
        assert_eq!((&said["mail"], &said["mail_yes"], &said["version"]), (&json!("clerk@example.cn"), &json!(true), &json!(1)));
        act(&clerk, path, &json!(0), &json!({"action": "save", "mail_yes": false})).refused(409, "state.changed");
        let no = act(&clerk, path, &json!(1), &json!({"action": "save", "mail_yes": false})).is(200).json();
        assert_eq!((&no["mail"], &no["mail_yes"]), (&json!("clerk@example.cn"), &json!(false)));
        assert_eq!(town.program("lawyer").get(path).is(200).json()["mail"], "");
        clerk.call("POST", "/api/v1/notices/actions", &json!({"action": "read_all"})).is(200);
        assert_eq!(clerk.get("/api/v1/notices?unread=true").is(200).json()["items"], json!([]));
    }
}
