//! What a county makes of a plugin beside its cases: settings, posts, tables read in, its own pages, an upgrade that
//! takes open cases along.

use serde_json::{Value, json};

use super::stage::{BOARD, SHOPS, STAGE, enter, folder, put, ready, settled, upload};
use crate::town::county::{PASSWORD, token};
use crate::town::{Client, Town, on_both};

const IMPORTS: &str = "/api/v1/workflow-imports/stage/shops";
const TABLE: &str = "商户法治体检名册\n店名,类型,人数\n老面馆,餐饮,3\n五金店,零售,2\n错店,零售,很多\n";

/// The plugin in the county, as its administrator sees it.
fn plugin(admin: &Client) -> Value {
    admin.get("/api/v1/plugins").is(200).json()["items"][0].clone()
}

fn of(admin: &Client, rest: &str) -> String {
    format!("/api/v1/plugins/{}/{rest}", plugin(admin)["id"].as_str().unwrap())
}

fn act(client: &Client, case: &Value, action: &str) -> crate::town::Answer {
    let path = format!("{SHOPS}/{}/actions", case["id"].as_str().unwrap());
    client.call("POST", &path, &json!({"action": action, "version": case["version"]}))
}

fn can(client: &Client, id: &Value) -> Vec<String> {
    let case = client.get(&format!("{SHOPS}/{}", id.as_str().unwrap())).is(200).json();
    let all = case["allowed_actions"].as_array().unwrap().clone();
    all.iter().map(|one| one["action"].as_str().unwrap().to_owned()).collect()
}

fn count(client: &Client, rest: &str) -> usize {
    client.get(&format!("{SHOPS}?limit=200{rest}")).is(200).json()["items"].as_array().unwrap().len()
}

on_both! {
    fn a_county_sets_what_a_plugin_leaves_to_it(backend) {
        let town = Town::start(backend);
        ready(&town);
        let (admin, clerk) = (town.program("county_admin"), town.program("clerk"));
        let settings = of(&admin, "settings");
        let seen = admin.get(&settings).is(200).json();
        assert_eq!((&seen["values"]["days"], &seen["given"], &seen["version"]), (&json!(3), &json!({}), &json!(0)));
        let due = |name: &str| enter(&clerk, json!({"kind": "food", "name": name}))["deadlines"][0]["due"].clone();
        let before = due("一");
        clerk.call("POST", &settings, &json!({"settings": {"days": 9}, "version": 0})).is(404);
        admin.call("POST", &settings, &json!({"settings": {"days": 99}, "version": 0})).refused(422, "form.invalid");
        let set = admin.call("POST", &settings, &json!({"settings": {"days": 9}, "version": 0})).is(200).json();
        assert_eq!(set["values"]["days"], 9);
        admin.call("POST", &settings, &json!({"settings": {"days": 8}, "version": 0})).refused(409, "state.changed");
        assert_ne!(due("二"), before, "the deadline runs as the county says");
        let page = admin.get(&settings.replace("/api/v1", "/desk")).is(200);
        assert!(page.text().contains("复核天数") && page.text().contains("本县规定"), "{}", page.text());
        let typed = admin.fill(&page, "/settings", &[("days", "5")]);
        assert!(matches!(typed.status, 200 | 303), "{}", typed.status);
        assert_eq!(admin.get(&settings).json()["given"]["days"], 5);
    }

    fn a_step_of_a_post_is_for_who_holds_it_there(backend) {
        let town = Town::start(backend);
        ready(&town);
        let (admin, clerk) = (town.program("county_admin"), town.program("clerk"));
        let villages = town.texts("SELECT code AS t FROM division WHERE level = 'village' AND code IS NOT NULL ORDER BY code");
        let here = enter(&clerk, json!({"kind": "food", "name": "此处", "place": villages[0]}));
        let there = enter(&clerk, json!({"kind": "food", "name": "彼处", "place": villages[villages.len() - 1]}));
        assert_eq!(can(&clerk, &here["id"]), ["strike"]);
        act(&clerk, &here, "review").refused(403, "access.denied");
        let posts = of(&admin, "posts");
        let give = |account: &str, place: &str| {
            admin.call("POST", &posts, &json!({"post": "analyst", "account": account, "place": place}))
        };
        give("lawyer", &villages[0]).refused(422, "form.invalid");
        give("clerk", "000000000000").refused(422, "form.invalid");
        clerk.call("POST", &posts, &json!({"post": "analyst", "account": "clerk"})).is(404);
        let held = give("clerk", &villages[0]).is(201).json();
        give("clerk", &villages[0]).refused(422, "form.invalid");
        assert_eq!(can(&clerk, &here["id"]), ["review", "strike"]);
        assert_eq!(can(&clerk, &there["id"]), ["strike"]);
        act(&clerk, &there, "review").refused(422, "action.not_allowed");
        let done = act(&clerk, &here, "review").is(200).json();
        assert_eq!(done["state"], "sure");
        let page = admin.get(&posts.replace("/api/v1", "/desk")).is(200).text();
        assert!(page.contains("分析员") && page.contains("收回"), "{page}");
        let path = format!("{posts}/{}/actions", held["items"][0]["id"].as_str().unwrap());
        admin.call("POST", &path, &json!({"action": "withdraw", "version": 1})).is(200);
        let again = enter(&clerk, json!({"kind": "food", "name": "又一", "place": villages[0]}));
        act(&clerk, &again, "review").refused(403, "access.denied");
        town.falin(&["audit", "verify"]).ok();
    }

    fn what_a_post_shows_is_gone_with_the_role_under_it(backend) {
        let town = Town::start(backend);
        ready(&town);
        let admin = town.program("county_admin");
        let villages = town.texts("SELECT code AS t FROM division WHERE level = 'village' AND code IS NOT NULL ORDER BY code");
        let (here, there) = (villages[0].as_str(), villages[villages.len() - 1].as_str());
        town.falin_typing(&["user", "add", "zhou", "--role", "clerk", "--place", here, "--password-stdin"], PASSWORD).ok();
        let zhou = town.visitor().with_token(&token(&town, "zhou"));
        let shop = enter(&zhou, json!({"kind": "food", "name": "此处", "place": here}));
        let path = format!("{SHOPS}/{}", shop["id"].as_str().unwrap());
        admin.call("POST", &of(&admin, "posts"), &json!({"post": "analyst", "account": "zhou", "place": here})).is(201);
        town.falin(&["user", "role", "zhou", "add", "clerk", "--place", there]).ok();
        zhou.get(&path).is(200);
        town.falin(&["user", "role", "zhou", "remove", "clerk", "--place", here]).ok();
        std::thread::sleep(std::time::Duration::from_millis(1100));
        zhou.get(&path).refused(404, "not_found");
        assert_eq!(zhou.get(SHOPS).is(200).json()["items"], json!([]));
    }

    fn a_table_is_checked_then_written_then_taken_back(backend) {
        let town = Town::start(backend);
        ready(&town);
        let clerk = town.program("clerk");
        let checked = upload(&clerk, IMPORTS, "商户.csv", TABLE.as_bytes()).is(201).json();
        assert_eq!((&checked["rows"], &checked["accepted"], &checked["known"]), (&json!(3), &json!(2), &json!(0)));
        assert_eq!(checked["findings"][0], json!({"sheet": "商户", "row": 5, "column": "人数", "code": "not_a_number"}));
        assert_eq!(count(&clerk, ""), 0);
        let path = |batch: &Value| format!("/api/v1/import-batches/{}", batch["id"].as_str().unwrap());
        let page = clerk.get(&path(&checked).replace("/api/v1", "/desk")).is(200).text();
        assert!(page.contains("可以新增 2 件") && page.contains("人数"), "{page}");
        let done = |batch: &Value, action: &str| {
            clerk.call("POST", &format!("{}/actions", path(batch)), &json!({"action": action, "version": batch["version"]}))
        };
        let written = done(&checked, "commit").is(200).json();
        assert_eq!((count(&clerk, ""), &written["state"]), (2, &json!("done")));
        // The same rows again are known.
        let again = upload(&clerk, IMPORTS, "商户.csv", TABLE.as_bytes()).is(201).json();
        assert_eq!((&again["accepted"], &again["known"]), (&json!(0), &json!(2)));
        // What was only checked can be thrown away, and goes by itself after a while.
        let page = clerk.get(&path(&again).replace("/api/v1", "/desk")).is(200);
        clerk.fill(&page, "/import-batches/", &[("action", "drop")]).is(200);
        clerk.get(&path(&again)).refused(404, "not_found");
        done(&written, "drop").refused(422, "action.not_allowed");
        upload(&clerk, IMPORTS, "商户.csv", TABLE.as_bytes()).is(201);
        let waiting = || town.number("SELECT count(*) FROM plugin_batch WHERE state = 'checked'");
        town.hourly();
        assert_eq!(waiting(), 1);
        town.sql("UPDATE plugin_batch SET created_ms = created_ms - 604800001 WHERE state = 'checked'").unwrap();
        town.hourly();
        assert_eq!(waiting(), 0);
        // The county's rows are nothing that a clerk of one village sees, or could take back.
        let words = ["user", "add", "zhou", "--role", "clerk", "--place", "620201100201", "--password-stdin"];
        town.falin_typing(&words, "jiayuguan lantern 2026").ok();
        let issued = town.falin(&["token", "issue", "--user", "zhou", "--days", "1"]).ok();
        let zhou = town.visitor().with_token(issued.stdout.trim());
        assert_eq!(zhou.get("/api/v1/workflow-imports/stage").is(200).json()["items"], json!([]));
        zhou.get(&path(&written)).refused(404, "not_found");
        zhou.call("POST", &format!("{}/actions", path(&written)), &json!({"action": "undo", "version": written["version"]}))
            .refused(404, "not_found");
        let undone = done(&written, "undo").is(200).json();
        assert_eq!((count(&clerk, ""), &undone["state"]), (0, &json!("undone")));
        done(&undone, "undo").refused(409, "import.undone");
        // By the command: a look keeps nothing, a table that was only checked is thrown away, one that was read taken back.
        let file = town.file("shops.csv", TABLE.as_bytes());
        let kept = || town.number("SELECT count(*) FROM plugin_batch");
        let before = kept();
        let look = town.falin(&["plugin", "import", "stage", "shops", &file, "--dry-run", "--json"]).ended(1).json();
        assert_eq!((&look["accepted"], &look["state"], kept()), (&json!(2), &json!("dropped"), before));
        for (lang, words) in [
            ("zh", ["表里 3 行，新增 2 件", "人数", "填数字", "只是试读"]),
            ("en", ["3 rows, 2 new cases", "人数", "number", "A dry run"]),
        ] {
            let told = town.falin(&["plugin", "import", "stage", "shops", &file, "--dry-run", "--lang", lang]).ended(1).stdout;
            assert!(words.iter().all(|word| told.contains(word)), "{told}");
        }
        let long = town.file("long.csv", format!("店名,类型\n{},餐饮\n", "长".repeat(2_000)).as_bytes());
        let told = town.falin(&["plugin", "import", "stage", "shops", &long, "--dry-run", "--lang", "en"]).ended(1).stdout;
        assert!(told.contains("at most") && !told.contains("{"), "with its limit: {told}");
        let undo = |batch: &Value| town.falin(&["import", "undo", batch["id"].as_str().unwrap(), "--json"]).ok().json();
        let checked = upload(&clerk, IMPORTS, "shops.csv", TABLE.as_bytes()).json();
        assert_eq!((&undo(&checked)["state"], kept()), (&json!("dropped"), before));
        let read = town.falin(&["plugin", "import", "stage", "shops", &file, "--json"]).ended(1).json();
        assert_eq!((&undo(&read)["state"], count(&clerk, "")), (&json!("undone"), 0));
        // Once somebody has worked on one of them, all stay.
        let told = town.falin(&["plugin", "import", "stage", "shops", &file, "--json"]).ended(1).json();
        assert_eq!((&told["accepted"], &told["state"]), (&json!(2), &json!("done")));
        let again = town.falin(&["plugin", "import", "stage", "shops", &file, "--json"]).ended(1).json();
        assert_eq!((&again["accepted"], &again["state"]), (&json!(0), &json!("dropped")), "nothing is left to be decided");
        let case = clerk.get(SHOPS).json()["items"][0].clone();
        act(&clerk, &case, "strike").is(200);
        let told: Value = clerk.get(&path(&told)).is(200).json();
        done(&told, "undo").refused(409, "import.used");
        assert_eq!(count(&clerk, ""), 2);
        town.falin(&["audit", "verify"]).ok();
    }

    fn a_table_with_people_in_it_leaves_nothing(backend) {
        let town = Town::start(backend);
        ready(&town);
        let clerk = town.program("clerk");
        let send = |text: &str| upload(&clerk, IMPORTS, "x.csv", text.as_bytes());
        send("店名,类型,店主姓名\n老面馆,餐饮,张三\n").refused(422, "import.refused_head");
        send("店名,类型\n老面馆 620201198505150012,餐饮\n").refused(422, "import.persons");
        send("甲,乙\n1,2\n").refused(422, "header.missing");
        assert_eq!(town.number("SELECT count(*) FROM plugin_batch"), 0);
        let page = upload(&clerk, "/desk/imports/stage/shops", "x.csv", "店名,类型,姓名\n面,餐饮,张\n".as_bytes());
        assert!(page.text().contains("一点没有留下"), "{}", page.text());
        town.program("lawyer").get("/desk/imports/stage").is(404);
        let admin = town.program("county_admin");
        enter(&clerk, json!({"kind": "food", "name": "老面馆", "remark": "只给管理员看"}));
        assert!(admin.get("/desk/workflows/stage/shop.xlsx").is(200).body().starts_with("PK"));
        assert!(admin.get("/desk/consultations.xlsx").is(200).body().starts_with("PK"));
        clerk.get("/desk/workflows/stage/shop.xlsx").is(403);
    }

    fn a_plugin_has_pages_of_its_own_and_no_harm_in_them(backend) {
        let town = Town::start(backend);
        ready(&town);
        let clerk = town.program("clerk");
        enter(&clerk, json!({"kind": "food", "name": "<script>x</script>面馆"}));
        let page = clerk.get("/desk/pages/stage/board").is(200);
        let body = page.body();
        assert!(body.contains("等着复核的商户") && body.contains("餐饮") && body.contains("待复核"), "{body}");
        assert!(body.contains("&lt;script&gt;x") && !body.contains("<script>x"), "{body}");
        assert!(body.contains("/desk/pages/stage/board\" aria-current"), "it stands in the menu: {body}");
        let english = town.program("clerk").in_english();
        assert!(english.get("/desk/pages/stage/board").is(200).body().contains("Shops that wait"));
        town.program("lawyer").get("/desk/pages/stage/board").is(404);
        for bad in ["{{{title}}}", "<script>x</script>", "<p onclick=\"x\">a</p>", "<a href=\"{{fields.name}}\">a</a>"] {
            let told = town.falin(&["plugin", "pack", &folder(STAGE, bad), "--out", "x.falin"]).ended(1);
            assert!(told.stderr.contains("templates/board.hbs"), "{}", told.stderr);
            town.falin(&["plugin", "dev", &folder(STAGE, bad), "--once"]).ended(1);
        }
    }

    fn a_page_without_a_template_is_drawn_by_the_house(backend) {
        let town = Town::start(backend);
        ready(&town);
        let clerk = town.program("clerk");
        for n in 0..6 {
            enter(&clerk, json!({"kind": "food", "name": format!("<b>{n}</b>面馆"), "staff": 300}));
        }
        let body = clerk.get("/desk/pages/stage/ledger").is(200).body();
        for there in ["按户看，不公开。", "先看急的。", "等着复核的", "餐饮", "待复核", "&lt;b&gt;5&lt;/b&gt;面馆"] {
            assert!(body.contains(there), "{there}: {body}");
        }
        assert!(!body.contains("<b>5</b>"), "{body}");
        // A list that says no title has its flow's name, and an empty one says so.
        assert!(body.contains(">商户</h2>") && body.contains("现在没有。"), "{body}");
        // Figures stand as the page names them, and lead to how they are split.
        let admin = town.program("county_admin");
        let body = admin.get("/desk/pages/stage/ledger").is(200).body();
        let at = |text: &str| body.find(text).unwrap_or_else(|| panic!("{text}: {body}"));
        assert!(at("staff\"><b>1,800</b>") < at("shops\"><b>6</b>"), "{body}");
        let english = town.program("clerk").in_english().get("/desk/pages/stage/ledger").is(200).body();
        for there in ["By shop, and not public.", "To be reviewed", "The urgent first.", "None at present."] {
            assert!(english.contains(there), "{there}: {english}");
        }
        let told = clerk.get("/api/v1/workflow-pages/stage/ledger").is(200).json();
        assert_eq!(told["content"]["lists"]["open"].as_array().unwrap().len(), 6);
    }

    fn an_upgrade_takes_open_cases_along_and_a_rollback_puts_them_back(backend) {
        let town = Town::start(backend);
        ready(&town);
        let (admin, clerk) = (town.program("county_admin"), town.program("clerk"));
        let many = if std::env::var("FALIN_TEST_FULL").is_ok() { 1000 } else { 40 };
        let cases: Vec<Value> =
            (0..many).map(|n| enter(&clerk, json!({"kind": "food", "name": format!("店{n}")}))).collect();
        let newer = STAGE
            .replace("version = \"1.0.0\"", "version = \"1.1.0\"")
            .replace("id = \"open\"", "id = \"waiting\"")
            .replace("to = \"open\"", "to = \"waiting\"")
            .replace("from = [\"open\"", "from = [\"waiting\"")
            .replace("states = [\"open\"", "states = [\"waiting\"");
        let rule = "\n[[migration]]\nflow = \"shop\"\nstates = { open = \"waiting\" }\n";
        // A rule that forgets the state is refused as a whole: nothing moves.
        let forgetful = newer.replace("1.1.0", "1.0.5") + "\n[[migration]]\nflow = \"shop\"\nstates = { ajar = \"sure\" }\n";
        let told = town.falin(&["plugin", "dev", &folder(&forgetful, BOARD), "--once"]).ended(1);
        assert!(told.stderr.contains("，新版没有这一环节，没有升级"), "{}", told.stderr);
        assert_eq!(town.number("SELECT count(*) FROM casefile WHERE flow_version > 1"), 0);
        put(&town, &folder(&(newer + rule), BOARD));
        settled(|| plugin(&admin)["package"]["version"] == "1.1.0");
        assert_eq!(town.number("SELECT count(*) FROM casefile WHERE state = 'waiting'"), many);
        let moved = clerk.get(&format!("{SHOPS}/{}", cases[0]["id"].as_str().unwrap())).is(200).json();
        assert_eq!((&moved["state"], &moved["version"]), (&json!("waiting"), &json!(cases[0]["version"].as_i64().unwrap() + 1)));
        act(&clerk, &cases[0], "strike").refused(409, "state.changed");
        act(&clerk, &moved, "strike").is(200);
        town.falin(&["plugin", "rollback", "stage"]).ok();
        settled(|| plugin(&admin)["package"]["version"] == "1.0.0");
        assert_eq!(town.number("SELECT count(*) FROM casefile WHERE state = 'open' AND flow_version = 1"), many - 1);
        let back = clerk.get(&format!("{SHOPS}/{}", cases[1]["id"].as_str().unwrap())).is(200).json();
        act(&clerk, &back, "strike").is(200);
        town.falin(&["audit", "verify"]).ok();
    }

    fn what_a_version_calls_otherwise_is_kept_and_what_it_forgets_refuses_it(backend) {
        let town = Town::start(backend);
        ready(&town);
        let (admin, clerk) = (town.program("county_admin"), town.program("clerk"));
        let case = enter(&clerk, json!({"kind": "food", "name": "老面馆", "phone": "13900001234"}));
        let path = format!("{SHOPS}/{}", case["id"].as_str().unwrap());
        let newer = STAGE.replace("1.0.0", "1.1.0").replace("\"phone\"", "\"callback\"").replace("kind = \"callback\"", "kind = \"phone\"");
        let silent = "\n[[migration]]\nflow = \"shop\"\n";
        let forgetful = newer.replace("1.1.0", "1.0.5") + silent;
        let told = town.falin(&["plugin", "dev", &folder(&forgetful, BOARD), "--once"]).ended(1);
        assert!(told.stderr.contains("里填了“电话”，新版没有地方放它"), "{}", told.stderr);
        put(&town, &folder(&(newer + silent + "fields = { phone = \"callback\" }\n"), BOARD));
        settled(|| plugin(&admin)["package"]["version"] == "1.1.0");
        let moved = clerk.get(&path).is(200).json();
        assert_eq!((&moved["fields"]["callback"], &moved["fields"]["phone"]), (&json!("13900001234"), &Value::Null));
        assert_eq!(moved["steps"][0]["fields"]["callback"], "13900001234", "{moved}");
        town.falin(&["plugin", "rollback", "stage"]).ok();
        settled(|| plugin(&admin)["package"]["version"] == "1.0.0");
        assert_eq!(clerk.get(&path).is(200).json()["fields"]["phone"], "13900001234");
        // A rule may say that it goes for good: then it is shown no more.
        let without = STAGE.replace("1.0.0", "1.2.0").replace(", \"phone\"]", "]");
        let without: String = without.lines().filter(|line| !line.contains("name = \"phone\"")).map(|line| format!("{line}\n")).collect();
        put(&town, &folder(&(without + silent + "fields = { phone = \"\" }\n"), BOARD));
        settled(|| plugin(&admin)["package"]["version"] == "1.2.0");
        assert!(!clerk.get(&path).is(200).body().contains("13900001234"));
    }

    fn a_question_is_asked_from_so_much_on_or_from_a_day_on(backend) {
        let town = Town::start(backend);
        let when = "{ field = \"staff\", at_least = 10, or = { field = \"checked_on\", at_most = \"2020-12-31\" } }";
        let asks = STAGE.replacen("\"remark\", \"phone\"]", &format!("{{ name = \"remark!\", when = {when} }}, \"phone\"]"), 1);
        assert_ne!(asks, STAGE);
        put(&town, &folder(&asks, BOARD));
        let admin = town.program("county_admin");
        settled(|| admin.get(SHOPS).status == 200);
        let shop = |more: Value| {
            let mut form = json!({"kind": "food", "name": "店"});
            form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            admin.call("POST", SHOPS, &form)
        };
        for asked in [json!({"staff": 10}), json!({"checked_on": "2020-12-31"})] {
            shop(asked.clone()).refused(422, "form.invalid");
            let mut filled = asked;
            filled["remark"] = json!("人多");
            shop(filled).is(201);
        }
        for not_asked in [json!({"staff": 9}), json!({"checked_on": "2021-01-01"}), json!({})] {
            shop(not_asked).is(201);
        }
        let zh = admin.get("/desk/workflows/stage/shop/new").is(200).text();
        assert!(zh.contains("“人数”是“10 以上（含）”时要填") && zh.contains("“体检日”是“2020年12月31日 以下（含）”时要填"), "{zh}");
        let en = admin.in_english().get("/desk/workflows/stage/shop/new").is(200).text();
        assert!(en.contains("“Staff” is “at least 10”"), "{en}");
    }

    fn what_is_taken_out_can_be_had_for_a_while(backend) {
        let town = Town::start(backend);
        ready(&town);
        let (admin, clerk) = (town.program("county_admin"), town.program("clerk"));
        let case = enter(&clerk, json!({"kind": "food", "name": "老面馆", "remark": "欠租"}));
        act(&clerk, &case, "strike").is(200);
        let open = enter(&clerk, json!({"kind": "food", "name": "还没复核的"}));
        town.falin(&["plugin", "disable", "stage"]).ok();
        // Its clocks run on, under the names that people know.
        settled(|| clerk.get(SHOPS).status == 503);
        let board = admin.get("/desk/deadlines").is(200).text();
        assert!(board.contains("复核") && !board.contains("stage.review"), "{board}");
        let english = town.program("county_admin").in_english();
        for path in ["/desk/deadlines", "/api/v1/deadlines"] {
            let told = english.get(path).is(200).body();
            assert!(told.contains("The county") && !told.contains("本县规定"), "{path}: {told}");
        }
        town.falin(&["plugin", "remove", "stage"]).ended(1);
        town.falin(&["plugin", "enable", "stage"]).ok();
        settled(|| clerk.get(SHOPS).status == 200);
        act(&clerk, &open, "strike").is(200);
        town.falin(&["plugin", "disable", "stage"]).ok();
        town.falin(&["plugin", "remove", "stage"]).ok();
        let page = admin.get("/desk/plugins").is(200);
        let link = page.link("stage");
        assert!(link.starts_with("/desk/plugin-exports/"), "{link}");
        let file = admin.get(&link).is(200).bytes;
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
        assert!(zip.by_name("stage-shop.xlsx").is_ok());
        // Beside the table the whole of each case, with who did what and when.
        let mut text = String::new();
        std::io::Read::read_to_string(&mut zip.by_name("stage-shop.cases.jsonl").unwrap(), &mut text).unwrap();
        let whole: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!((&whole["number"], &whole["values"]["name"]), (&case["number"], &json!("老面馆")), "{whole}");
        let steps: Vec<&str> = whole["steps"].as_array().unwrap().iter().map(|one| one["action"].as_str().unwrap()).collect();
        assert_eq!((steps, &whole["steps"][0]["values"]["kind"]), (vec!["enter", "strike"], &json!("food")));
        assert_eq!(whole["values"]["remark"], "欠租", "the operator reads what each role does");
        town.program("clerk").get(&link).is(404);
    }
}
