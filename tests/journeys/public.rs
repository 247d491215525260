//! Residents: three steps to a name and a number, without log-in, cookie or script, in both languages and sizes.

use serde_json::{Value, json};

use crate::town::client::encode;
use crate::town::{Answer, Client, Town, on_both};

/// Bytes of a page with its stylesheet and its script.
fn weight(visitor: &Client, page: &Answer) -> usize {
    let body = page.body();
    let assets = body.split('"').filter(|part| part.starts_with("/assets/"));
    let mut assets: Vec<&str> = assets.collect();
    assets.sort_unstable();
    assets.dedup();
    page.bytes.len() + assets.iter().map(|path| visitor.get(path).is(200).bytes.len()).sum::<usize>()
}

/// What no page of residents may have, and what each must have.
fn is_light(visitor: &Client, page: &Answer) {
    assert!(page.header("set-cookie").is_none(), "{} sets a cookie", page.path);
    assert!(page.header("etag").is_some(), "{} cannot be asked for again", page.path);
    assert!(weight(visitor, page) <= 60 << 10, "{} weighs {}", page.path, weight(visitor, page));
    let body = page.body();
    for foreign in ["src=\"http", "<link href=\"http", "url(http", "@import"] {
        assert!(!body.contains(foreign), "{} asks a third party: {foreign}", page.path);
    }
}

on_both! {
    fn three_steps_from_the_village_to_the_adviser(backend) {
        let town = Town::start(backend);
        for (view, title) in [("zh", "律师"), ("zh-large", "律师"), ("en", "Lawyer"), ("en-large30", "Lawyer")] {
            let visitor = town.visitor();
            let home = visitor.get(&format!("/{view}/620200/")).is(200);
            let township = visitor.get(&home.link("新城镇")).is(200);
            let village = visitor.get(&township.link("横沟村")).is(200);
            for page in [&home, &township, &village] {
                is_light(&visitor, page);
            }
            let text = village.text();
            assert!(text.contains("仇文静") && text.contains("139 0937 1000"), "{view}: {text}");
            assert!(text.to_lowercase().contains(&title.to_lowercase()), "{view}: {text}");
            assert!(village.body().contains("href=\"tel:13909371000\""), "{view}");
        }
    }

    fn a_resident_finds_a_service_by_own_words_and_every_way_leads_somewhere(backend) {
        let town = Town::start(backend);
        for view in ["zh", "en-large"] {
            let visitor = town.visitor();
            let all = visitor.get(&format!("/{view}/620200/services")).is(200);
            is_light(&visitor, &all);
            let guides: Vec<String> = all.body().split('"').filter(|p| p.contains("/services/")).map(str::to_owned).collect();
            assert!(guides.len() >= 18, "{} guides", guides.len());
            for guide in guides {
                let page = visitor.get(&guide).is(200);
                let body = page.body();
                let way = body.split("class=\"b primary\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
                visitor.get(way.unwrap_or_else(|| panic!("{guide} leads nowhere"))).is(200);
            }
        }
        let found = town.visitor().get(&format!("/zh/620200/services?q={}", encode("老板不给工资"))).is(200);
        assert!(found.text().contains("法律咨询"), "{}", found.text());
        let none = town.visitor().get(&format!("/zh/620200/services?q={}", encode("量子力学"))).is(200);
        assert!(none.text().contains("没有找到"), "{}", none.text());
        town.visitor().send("GET", "/zh/620200/services/nothing", &[], Vec::new()).is(404);
        let listed = town.visitor().get(&format!("/api/v1/services?q={}", encode("讨薪"))).is(200).json();
        assert_eq!(listed["items"][0]["code"], "legal-aid", "{listed}");
    }

    fn what_narrows_the_directory_follows_what_is_written(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let offered = || town.visitor().get("/zh/620200/workers").is(200).body().contains("value=\"裕固语\"");
        assert!(!offered() && !offered());
        let path = "/api/v1/legal-workers";
        let worker = json!({"kind": "lawyer", "name": "安玉琴", "licence": "16202201711000008", "phone": "13912345678",
            "languages": ["裕固语"]});
        let id = admin.call("POST", path, &worker).is(201).json()["id"].as_str().unwrap().to_owned();
        assert!(offered() && offered());
        let gone = json!({"action": "end", "version": 1, "on": "2026-01-31"});
        admin.call("POST", &format!("{path}/{id}/actions"), &gone).is(200);
        assert!(!offered());
    }

    fn one_county_is_home_at_once(backend) {
        let town = Town::start(backend);
        assert_eq!(town.visitor().get("/").is(200).path, "/zh/620200/");
        assert_eq!(town.visitor().in_english().get("/").is(200).path, "/en/620200/");
        let bare = town.visitor().send("GET", "/zh/620200", &[], Vec::new());
        assert_eq!((bare.status, bare.header("location")), (308, Some("/zh/620200/")));
        for nowhere in ["/zh/999999/", "/zh-huge/620200/", "/zh/620200/villages/620201100",
            "/zh/620200/villages/1", "/zh/620200/workers/1", "/zh/620200/places/999999999"] {
            let answer = town.visitor().send("GET", nowhere, &[("accept", "text/html")], Vec::new());
            assert_eq!(answer.status, 404, "{nowhere}");
            assert!(answer.body().contains("<h1"), "{nowhere}");
        }
    }

    fn people_and_villages_are_found_by_name_and_by_pinyin(backend) {
        let town = Town::start(backend);
        let visitor = town.visitor();
        let found = |q: &str| visitor.get(&format!("/zh/620200/workers?q={}", encode(q)));
        for (q, name) in [("仇", "仇文静"), ("qiuwen", "仇文静"), ("chouwen", "仇文静"), ("chanyu", "单于明"),
            ("danyu", "单于明"), ("ayiguli", "阿依古丽·买买提"), ("买买提", "阿依古丽·买买提"),
            ("观蒲", "单于明"), ("guanpu", "单于明")] {
            let page = found(q).is(200);
            assert!(page.text().contains(name), "{q}: {}", page.text());
            is_light(&visitor, &page);
        }
        assert!(found("横沟").link("横沟村").ends_with("/villages/620201100201"));
        let none = found("没有这个人").is(200);
        assert!(!none.text().contains("仇文静"));
        let number = found("139 0937 1000").is(422);
        assert!(number.body().contains("aria-invalid") && number.body().contains("139 0937 1000"));
        let narrowed = visitor.get("/zh/620200/workers?place=620201101").is(200).text();
        assert!(narrowed.contains("曾国强") && !narrowed.contains("仇文静"), "{narrowed}");
        let firms = visitor.get("/zh/620200/firms").is(200);
        let firm = visitor.get(&firms.link("甘肃雄关律师事务所")).is(200);
        assert!(firm.text().contains("0937-622 6123") && firm.text().contains("单于明"));
        for words in ["about", "privacy", "safety", "facilities"] {
            is_light(&visitor, &visitor.get(&format!("/zh/620200/{words}")).is(200));
        }
    }

    fn a_page_is_kept_until_something_on_it_changes(backend) {
        let town = Town::start(backend);
        let (visitor, admin) = (town.visitor(), town.program("county_admin"));
        let path = "/zh/620200/villages/620201100201";
        let ask = |headers: &[(&str, &str)]| visitor.send("GET", path, headers, Vec::new());
        let first = ask(&[]);
        let tag = first.header("etag").unwrap().to_owned();
        let same = ask(&[("if-none-match", &tag)]);
        assert_eq!((same.status, same.bytes.len()), (304, 0));
        assert_eq!(ask(&[("accept-encoding", "gzip")]).header("content-encoding"), Some("gzip"));
        assert!(first.header("cache-control").unwrap().contains("no-cache"));

        let id = admin.get("/api/v1/legal-workers?q=qiuwen").json()["items"][0]["id"].as_str().unwrap().to_owned();
        let act = json!({"action": "change", "version": 1, "phone": "13800001111"});
        admin.call("POST", &format!("/api/v1/legal-workers/{id}/actions"), &act).is(200);
        let changed = ask(&[("if-none-match", &tag)]);
        assert_eq!(changed.status, 200);
        assert!(changed.body().contains("tel:13800001111"));

        let act = json!({"action": "end", "version": 2, "on": "2020-01-01"});
        admin.call("POST", &format!("/api/v1/legal-workers/{id}/actions"), &act).is(200);
        assert!(!ask(&[]).body().contains("仇文静"), "a leaver is still shown");
    }

    fn programs_read_the_directory_without_a_token(backend) {
        let town = Town::start(backend);
        let visitor = town.visitor();
        let items = |path: &str| visitor.get(path).is(200).json()["items"].as_array().unwrap().clone();
        let names = |path: &str| {
            items(path).iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names("/api/v1/divisions?parent=620201100"), ["横沟村", "观蒲村"]);
        let township = items("/api/v1/divisions?level=township&q=xincheng")[0]["id"].as_str().unwrap().to_owned();
        assert_eq!(names(&format!("/api/v1/divisions?parent={township}")).len(), 2);
        assert_eq!(names("/api/v1/advisers?village=620201100201"), ["仇文静"]);
        assert_eq!(names("/api/v1/advisers?q=guanpu"), ["单于明"]);
        assert_eq!(names(&format!("/api/v1/advisers?specialty={}", encode("婚姻"))).len(), 4);
        assert!(names("/api/v1/facilities?division=620200").is_empty());
        visitor.get("/api/v1/divisions?parent=999999").refused(422, "division.unknown");
        visitor.get("/api/v1/advisers?village=x").refused(422, "division.unknown");
        visitor.get("/api/v1/advisers?q=13909371000").refused(422, "search.digits");
        visitor.get("/api/v1/advisers?limit=0").refused(400, "page.limit");
        visitor.get("/api/v1/advisers?colour=red").refused(422, "form.invalid");
        visitor.get("/api/v1/divisions/0190a0a0-0000-7000-8000-000000000000").refused(404, "not_found");

        let mut walked = Vec::new();
        let mut path = "/api/v1/divisions?limit=5".to_owned();
        loop {
            let page = visitor.get(&path).is(200).json();
            walked.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()));
            let Value::String(cursor) = &page["next_cursor"] else { break };
            path = format!("/api/v1/divisions?limit=5&cursor={cursor}");
        }
        assert_eq!(walked.len(), 12);
        walked.sort_by_key(Value::to_string);
        walked.dedup();
        assert_eq!(walked.len(), 12);
        for private in ["/api/v1/households", "/api/v1/firms", "/api/v1/legal-workers", "/api/v1/rooms"] {
            visitor.get(private).refused(401, "access.unauthenticated");
        }
    }

    fn a_card_that_never_was_looks_like_a_revoked_one(backend) {
        let town = Town::start(backend);
        for path in ["/c/abcdefghjkmnpqrstuvw", "/en-large/c/abcdefghjkmnpqrstuvw"] {
            let answer = town.visitor().send("GET", path, &[("accept", "text/html")], Vec::new());
            assert_eq!(answer.status, 404, "{path}");
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        }
        let admin = town.program("county_admin");
        let print = admin.get("/desk/cards/print?all=yes&village=620201100201").is(200);
        let print = admin.fill(&print, "/desk/cards/print", &[]).is(200);
        let secret = print.body().split("/c/").nth(1).map(|rest| rest[..20].to_owned());
        if let Some(secret) = secret {
            let card = town.visitor().get(&format!("/c/{secret}")).is(200);
            assert!(!card.text().contains("横沟"), "the card tells of the household: {}", card.text());
        }
    }
}
