//! The staff keep the directory: people, houses, posts, rooms and grids, by API and by page.

use serde_json::{Value, json};

use crate::town::{Client, Town, on_both};

fn made(client: &Client, path: &str, body: &Value) -> (String, Value) {
    let answer = client.call("POST", path, body).is(201);
    assert_eq!(answer.header("etag"), Some("\"v1\""), "{path}");
    let value = answer.json();
    (value["id"].as_str().unwrap().to_owned(), value)
}

fn act(client: &Client, path: &str, id: &str, body: &Value) -> crate::town::Answer {
    client.call("POST", &format!("{path}/{id}/actions"), body)
}

on_both! {
    fn a_firm_from_first_to_last(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let path = "/api/v1/firms";
        let firm = json!({"kind": "law_firm", "name": "甘肃祁连律师事务所", "phone": "0937-6226100", "capacity": 50});
        let (id, value) = made(&admin, path, &firm);
        assert_eq!((&value["capacity"], &value["uscc"], &value["active"]), (&json!(50), &json!(null), &json!(true)));
        admin.call("POST", path, &firm).refused(409, "firm.duplicate");
        let wrong = json!({"kind": "law_firm", "name": " ", "uscc": "31620000MD0000016O", "phone": "12"});
        let problem = admin.call("POST", path, &wrong).refused(422, "form.invalid").json();
        let fields: Vec<_> = problem["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
        assert_eq!(fields, ["name", "uscc", "phone"]);
        assert!(problem["fields"].as_array().unwrap().iter().all(|f| !f["detail"].as_str().unwrap().is_empty()));

        let changed = act(&admin, path, &id, &json!({"action": "change", "version": 1, "capacity": null})).is(200);
        assert_eq!((changed.json()["capacity"].clone(), changed.json()["name"].clone()), (json!(null), firm["name"].clone()));
        act(&admin, path, &id, &json!({"action": "close", "version": 1})).refused(409, "state.changed");
        act(&admin, path, &id, &json!({"action": "close", "version": 2})).is(200);
        act(&admin, path, &id, &json!({"action": "close", "version": 3})).refused(422, "action.not_allowed");
        act(&admin, path, &id, &json!({"action": "dance", "version": 3})).refused(422, "form.invalid");
        let tag = admin.get(&format!("{path}/{id}")).is(200).header("etag").unwrap().to_owned();
        let same = admin.send("GET", &format!("{path}/{id}"), &[("if-none-match", &tag)], Vec::new());
        assert_eq!((tag.as_str(), same.status), ("\"v3\"", 304));

        let staffed = admin.get(&format!("{path}?q=xiongguan")).json()["items"][0]["id"].as_str().unwrap().to_owned();
        act(&admin, path, &staffed, &json!({"action": "close", "version": 1})).refused(409, "firm.has_workers");
        let random = "0190a0a0-0000-7000-8000-000000000000";
        act(&admin, path, random, &json!({"action": "close", "version": 1})).refused(404, "not_found");
        let clerk = town.program("clerk");
        clerk.get(path).is(200);
        clerk.call("POST", path, &firm).refused(403, "access.denied");
        act(&clerk, path, &id, &json!({"action": "reopen", "version": 3})).refused(403, "access.denied");
    }

    fn a_legal_worker_and_their_posts(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let (workers, posts) = ("/api/v1/legal-workers", "/api/v1/adviser-posts");
        let worker = json!({"kind": "legal_service_worker", "name": "阿卜杜拉•买买提", "licence": "33202201711000009",
            "phone": "+86 139-1234-5678", "specialties": ["土地", "婚姻"], "capacity": 0});
        let (id, value) = made(&admin, workers, &worker);
        assert_eq!((&value["name"], &value["phone"]), (&json!("阿卜杜拉·买买提"), &json!("13912345678")));
        admin.call("POST", workers, &worker).refused(409, "worker.duplicate");
        let nobody = json!({"kind": "lawyer", "name": "某", "firm_id": id});
        let problem = admin.call("POST", workers, &nobody).refused(422, "form.invalid").json();
        assert_eq!(problem["fields"][0]["name"], "firm_id");
        let found = admin.get(&format!("{workers}?q=maimaiti&kind=legal_service_worker")).json();
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");

        let post = json!({"village": "620201101201", "worker_id": id, "from": "2026-01-01", "to": "2027-12-31"});
        let (post_id, held) = made(&admin, posts, &post);
        assert_eq!(held["village"]["name"], "嘉峪关村");
        admin.call("POST", posts, &post).refused(409, "post.overlap");
        let next = json!({"village": held["village"]["id"], "worker_id": id, "from": "2028-01-01"});
        assert_eq!(made(&admin, posts, &next).1["state"], "future");
        let nowhere = json!({"village": "620201101", "worker_id": id, "from": "2026-01-01"});
        let problem = admin.call("POST", posts, &nowhere).refused(422, "form.invalid").json();
        assert_eq!(problem["fields"][0]["code"], "village.unknown");
        act(&admin, posts, &post_id, &json!({"action": "end", "version": 1})).refused(422, "form.invalid");
        let ended = json!({"action": "end", "version": 1, "on": "2026-01-31"});
        assert_eq!(act(&admin, posts, &post_id, &ended).is(200).json()["state"], "ended");
        let both = admin.get(&format!("{posts}?worker_id={id}")).json();
        assert_eq!(both["items"].as_array().unwrap().len(), 2);

        act(&admin, workers, &id, &json!({"action": "return", "version": 1})).refused(422, "action.not_allowed");
        act(&admin, workers, &id, &json!({"action": "end", "version": 1, "on": "2026-01-31"})).is(200);
        admin.call("POST", posts, &post).refused(422, "form.invalid");
        let back = act(&admin, workers, &id, &json!({"action": "return", "version": 2})).is(200).json();
        assert_eq!((&back["active"], &back["left_on"]), (&json!(true), &json!(null)));
    }

    fn rooms_facilities_grids_and_divisions(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let (room, value) = made(&admin, "/api/v1/rooms",
            &json!({"name": "一号调解室", "capacity": 12, "equipment": ["投影"], "division": "620201100"}));
        assert_eq!(value["division"]["code"], "620201100");
        act(&admin, "/api/v1/rooms", &room, &json!({"action": "change", "version": 1, "capacity": 20})).is(200);
        assert_eq!(admin.get("/api/v1/rooms?capacity=15").json()["items"][0]["equipment"], json!(["投影"]));
        let (studio, _) = made(&admin, "/api/v1/facilities",
            &json!({"kind": "studio", "name": "横沟村公共法律服务工作室", "division": "620201100201", "hours": "周三"}));
        let village = town.visitor().get("/zh/620200/villages/620201100201").is(200);
        assert!(village.text().contains("横沟村公共法律服务工作室"));
        act(&admin, "/api/v1/facilities", &studio, &json!({"action": "close", "version": 1})).is(200);
        town.visitor().get(&format!("/api/v1/facilities/{studio}")).refused(404, "not_found");
        admin.get(&format!("/api/v1/facilities/{studio}")).is(200);
        let grid = json!({"name": "第一网格", "village": "620201100201", "keeper": "杨玲"});
        made(&admin, "/api/v1/grids", &grid);
        let problem = admin.call("POST", "/api/v1/grids", &grid).refused(422, "form.invalid").json();
        assert_eq!(problem["fields"][0]["code"], "taken");
        let (hamlet, _) = made(&admin, "/api/v1/divisions",
            &json!({"name": "新建村", "code": "620201100299", "level": "village", "parent": "620201100"}));
        let taken = json!({"name": "又一村", "code": "620201100299", "level": "village", "parent": "620201100"});
        admin.call("POST", "/api/v1/divisions", &taken).refused(422, "form.invalid");
        let township = admin.get("/api/v1/divisions?q=xinchengzhen").json()["items"][0]["id"].as_str().unwrap().to_owned();
        let end = json!({"action": "end", "version": 1});
        act(&admin, "/api/v1/divisions", &township, &end).refused(409, "division.has_children");
        act(&admin, "/api/v1/divisions", &hamlet, &end).is(200);
        town.visitor().get("/zh/620200/villages/620201100299").is(404);
    }

    fn the_desk_keeps_what_was_typed(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        for (path, words) in [("/desk/workers", "仇文静"), ("/desk/firms", "甘肃雄关律师事务所"), ("/desk/posts", "横沟村"),
            ("/desk/divisions", "新城镇"), ("/desk/grids", "网格"), ("/desk/facilities", "服务平台"),
            ("/desk/workers/new", "执业证号"), ("/desk/firms/new", "负责人"), ("/desk/facilities/new", "地址"),
            ("/desk/posts/new", "聘"), ("/desk/grids/new", "网格"), ("/desk/plans/settings", "户")] {
            let page = admin.get(path).is(200);
            assert!(page.text().contains(words), "{path}: {}", page.text());
        }
        let new = admin.get("/desk/firms/new");
        let typed = [("name", "甘肃祁连律师事务所"), ("kind", "law_firm"), ("phone", "12"), ("head", "张·三")];
        let refused = admin.fill(&new, "/desk/firms", &typed).is(422);
        let form = refused.forms().into_iter().find(|form| form.method == "post" && form.action == "/desk/firms").unwrap();
        for (name, value) in typed {
            assert!(form.fields.contains(&(name.to_owned(), value.to_owned())), "{name} was lost: {form:?}");
        }
        assert!(refused.body().contains("phone-fault"));
        let shown = admin.fill(&refused, "/desk/firms", &[("phone", "0937-6226100")]).is(200);
        assert!(shown.text().contains("甘肃祁连律师事务所") && shown.path.starts_with("/desk/firms/"));

        let worker = admin.get(&admin.get("/desk/workers?find=qiuwen").link("仇文静")).is(200);
        let edit = admin.get(&format!("{}/edit", worker.path)).is(200);
        let again = admin.fill(&edit, "/desk/workers/", &[("capacity", "20")]).is(200);
        assert!(again.text().contains("20"), "{}", again.text());
        assert_eq!(admin.fill(&edit, "/desk/workers/", &[("capacity", "30")]).status, 409);

        let posts = admin.get("/desk/posts").is(200);
        let end = admin.get(&posts.link("结束聘任")).is(200);
        let early = admin.fill(&end, "/end", &[("end_on", "2020-01-01")]).is(422);
        admin.fill(&early, "/end", &[("end_on", "2026-06-01")]).is(200);
        let clerk = town.program("clerk");
        clerk.get("/desk/workers").is(200);
        assert_eq!(clerk.get("/desk/workers/new").status, 403);
        let settings = admin.get("/desk/plans/settings").is(200);
        assert_eq!(admin.fill(&settings, "/desk/plans/settings", &[("capacity", "零")]).status, 422);
    }
}
