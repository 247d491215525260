//! The desk of those who run the house: today, search, the journal, health, backups and keys.

use std::time::{Duration, Instant};

use super::duties;
use crate::town::county::COUNTY;
use crate::town::{Client, Town, on_both};

/// Somebody with this role in the whole county, as a program that opens pages.
fn staff(town: &Town, name: &str, role: &str) -> Client {
    let name = format!("desk-{name}");
    town.falin(&["user", "add", &name, "--role", role, "--place", COUNTY]).ok();
    town.program(&name)
}

/// Waits until a page shows what a chore beside the requests has done.
#[track_caller]
fn until(client: &Client, path: &str, done: impl Fn(&str) -> bool) -> String {
    let started = Instant::now();
    loop {
        let text = client.get(path).is(200).text();
        if done(&text) {
            return text;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "{path}: {text}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Begins a chore: the one before it is told as done a moment before its thread ends, and refuses until then.
fn begin(client: &Client, path: &str) {
    let started = Instant::now();
    while client.post(path, &[]).status == 409 {
        assert!(started.elapsed() < Duration::from_secs(60), "{path} is not begun");
        std::thread::sleep(Duration::from_millis(50));
    }
}

on_both! {
    fn today_tells_each_what_waits(backend) {
        let town = Town::start(backend);
        let admin = staff(&town, "admin", "county_admin");
        let today = admin.get("/desk").is(200);
        let text = today.text();
        assert!(text.contains("还没人负责 34"), "{text}");
        assert!(text.contains("2 个村（社区）没有法律顾问"), "{text}");
        assert_eq!(today.link("上传名册"), "/desk/rosters/new");
        // What is to be done leads to where it is done.
        let last = duties::today().plus_days(10);
        town.sql(&format!("UPDATE adviser_post SET to_date = '{last}'")).unwrap();
        let post = admin.get("/desk").is(200).link("续聘");
        assert!(post.ends_with("/edit"), "{post}");
        admin.get(&post).is(200);
        let clerk = staff(&town, "clerk", "clerk").get("/desk").is(200);
        assert!(!clerk.text().contains("上传名册"));
        let auditor = staff(&town, "auditor", "audit_admin").get("/desk").is(200);
        assert_eq!(auditor.link("台账"), "/desk/journal");
        assert!(!auditor.text().contains("还没人负责"));
        let lawyer = staff(&town, "lawyer", "lawyer").get("/desk").is(200);
        assert_eq!(lawyer.link("我负责的户"), "/desk/my-households");
    }

    fn search_finds_in_each_group_what_one_may_read(backend) {
        let town = Town::start(backend);
        let admin = staff(&town, "admin", "county_admin");
        for (typed, found) in [
            ("qiuwenjing", "仇文静"),
            ("雄关", "甘肃雄关律师事务所"),
            ("横沟", "横沟村"),
            ("zhangjianguo", "张建国"),
            ("0003", "曾"),
        ] {
            let page = admin.get(&format!("/desk/search?q={}", crate::town::client::encode(typed))).is(200);
            let text = page.text();
            assert!(text.contains(found), "{typed}: {text}");
        }
        let refused = admin.get("/desk/search?q=13800000001").is(200).text();
        assert!(refused.contains("不能用电话"), "{refused}");
        let auditor = staff(&town, "auditor", "audit_admin");
        let text = auditor.get("/desk/search?q=zhangjianguo").is(200).text();
        assert!(!text.contains("张建国"), "an auditor finds a household: {text}");
    }

    fn the_journal_is_read_verified_and_taken_out_by_auditors_alone(backend) {
        let town = Town::start(backend);
        let auditor = staff(&town, "auditor", "audit_admin");
        let text = auditor.get("/desk/journal").is(200).text();
        assert!(text.contains("还没有核对过") && text.contains("收进了名册"), "{text}");
        let only = auditor.get("/desk/journal?event=account.created").is(200).text();
        assert!(only.contains("auditor"), "{only}");
        assert_eq!(auditor.get("/desk/journal?event=nonsense").status, 422);
        let verified = auditor.post("/desk/journal/verification", &[]).is(200);
        assert_eq!(verified.path, "/desk/journal/verification");
        assert!(verified.text().contains("台账完整"), "{}", verified.text());
        let file = auditor.get("/desk/journal/export.csv?event=roster.imported").is(200);
        assert!(file.header("content-type").unwrap().starts_with("text/csv"));
        assert!(file.body().lines().count() > 5 && !file.body().contains("张建国"), "{}", file.body());
        let taken = auditor.get("/desk/journal?event=list.exported").is(200).text();
        assert!(taken.contains("导出了名单") && taken.contains("审计管理员"), "{taken}");
        let admin = staff(&town, "admin", "county_admin");
        assert_eq!(admin.get("/desk/journal").status, 403);
        assert_eq!(admin.get("/desk/journal/export.csv").status, 403);
        assert_eq!(admin.post("/desk/journal/verification", &[]).status, 403);
    }

    fn programs_read_the_journal_in_pages(backend) {
        let town = Town::start(backend);
        let auditor = staff(&town, "auditor", "audit_admin");
        let first = auditor.get("/api/v1/journal?limit=3").is(200).json();
        assert_eq!(first["items"].as_array().unwrap().len(), 3);
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = auditor.get(&format!("/api/v1/journal?limit=3&cursor={cursor}")).is(200).json();
        assert_ne!(second["items"][0]["id"], first["items"][2]["id"]);
        let made = auditor.get("/api/v1/journal?event=account.created").is(200).json();
        let id = made["items"][0]["subject"]["id"].as_str().unwrap();
        let about = auditor.get(&format!("/api/v1/journal?subject={id}")).is(200).json();
        assert!(about["items"].as_array().unwrap().iter().all(|entry| entry["subject"]["id"] == id));
        auditor.get("/api/v1/journal?event=nonsense").refused(422, "form.invalid");
        auditor.get("/api/v1/journal?from=2026-02-30").refused(422, "form.invalid");
        town.visitor().get("/api/v1/journal").refused(401, "access.unauthenticated");
        staff(&town, "clerk", "clerk").get("/api/v1/journal").refused(403, "access.denied");
    }

    fn the_platform_is_seen_backed_up_rehearsed_and_given_new_keys(backend) {
        let town = Town::start(backend);
        let platform = staff(&town, "platform", "platform_admin");
        let health = platform.get("/desk/platform").is(200).text();
        assert!(health.contains("密钥文件") && health.contains("从来没有备份过"), "{health}");
        platform.post("/desk/platform/backups", &[]).is(200);
        let text = until(&platform, "/desk/platform/backups", |text| text.contains("写完重新读过"));
        assert!(text.contains("还没有演练过恢复"), "{text}");
        begin(&platform, "/desk/platform/backups/rehearsal");
        until(&platform, "/desk/platform/backups", |text| text.contains("恢复演练过。"));
        let before = platform.get("/desk/platform/keys").is(200).text();
        assert!(before.contains("k1"), "{before}");
        begin(&platform, "/desk/platform/keys");
        let after = until(&platform, "/desk/platform/keys", |text| {
            text.contains("k2") && !text.contains("正在换密钥")
        });
        assert!(!after.contains("出了毛病"), "the rotation failed: {after}");
        for (name, role) in [("admin", "county_admin"), ("auditor", "audit_admin")] {
            let other = staff(&town, name, role);
            assert_eq!(other.get("/desk/platform").status, 403, "{role}");
            assert_eq!(other.post("/desk/platform/keys", &[]).status, 403, "{role}");
        }
    }

    fn the_heads_of_the_journal_are_written_beside_the_database(backend) {
        let mut town = Town::start(backend);
        let file = town.data().join("anchors.jsonl");
        let started = Instant::now();
        while std::fs::read_to_string(&file).unwrap_or_default().is_empty() {
            assert!(started.elapsed() < Duration::from_secs(20), "no heads were written");
            std::thread::sleep(Duration::from_millis(50));
        }
        town.stop();
        town.falin(&["audit", "verify", "--anchor", file.to_str().unwrap()]).ok();
    }
}
