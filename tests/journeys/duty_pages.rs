//! Duties on the screen: the month, the quick entry from the phone, the sheet for the seal, the notary's papers.

use super::duties::{lawyers, today};
use crate::town::{Town, on_both};

on_both! {
    fn the_month_shows_who_sits_where(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let (people, day) = (lawyers(&town), today().plus_days(1));
        let page = admin.get("/desk/duties/new").is(200);
        let day_text = day.to_string();
        let typed = [("worker", people[0].as_str()), ("place", "620201100"), ("day", &day_text), ("from", "09:10"), ("to", "12:00"), ("spot", "二号窗口")];
        let again = admin.fill(&page, "/desk/duties", &typed).is(422);
        assert!(again.text().contains("15 分钟一格"), "{}", again.text());
        assert!(again.body().contains("value=\"二号窗口\""), "what was typed is kept");
        let month = admin.fill(&again, "/desk/duties", &[("from", "09:00")]).is(200);
        assert!(month.text().contains("09:00–12:00 仇文静"), "{}", month.text());
        let shown = admin.get(&month.link("09:00–12:00")).is(200);
        assert!(shown.text().contains("二号窗口") && shown.text().contains("已排"), "{}", shown.text());
        let paper = admin.get(&format!("/desk/duties/print?month={}", &day_text[..7])).is(200);
        assert!(paper.text().contains("仇文静"));
        let given = admin.fill(&shown, "/actions", &[("action", "reassign"), ("worker", &people[1])]).is(200);
        assert!(given.text().contains("单于明"), "{}", given.text());
        let mine = town.program("lawyer").get("/desk/duties/mine").is(200);
        assert!(mine.text().contains("往后没有排您的班"), "{}", mine.text());
        admin.get("/desk/duties?month=2026-13&place=620201100").is(200);
        admin.get("/desk/duties?place=999").is(422);
    }

    fn a_lawyer_logs_from_the_phone_and_prints_the_month(backend) {
        let town = Town::start(backend);
        let (admin, lawyer) = (town.program("county_admin"), town.program("lawyer"));
        let waits = lawyer.get("/desk").is(200);
        assert!(waits.text().contains("横沟村还差一些"), "{}", waits.text());
        let page = lawyer.get(&waits.link("记一笔服务")).is(200);
        // The lawyer's only village is chosen already.
        let typed = [("kind", "lecture"), ("people", "三十"), ("topic", "高价彩礼")];
        let again = lawyer.fill(&page, "/desk/logs", &typed).is(422);
        assert!(again.text().contains("这里要填数字") && again.body().contains("高价彩礼"), "{}", again.text());
        let list = lawyer.fill(&again, "/desk/logs", &[("people", "30"), ("minutes", "90")]).is(200);
        assert!(list.text().contains("1 场次，30 人次，90 分钟"), "{}", list.text());
        let entry = list.body().split("href=\"").map(|rest| rest.split('"').next().unwrap_or("").to_owned())
            .find(|href| href.starts_with("/desk/logs/0")).unwrap();
        let entry = lawyer.get(&entry).is(200);
        let edit = lawyer.get(&entry.link("改这一笔")).is(200);
        let after = lawyer.fill(&edit, "/desk/logs/", &[("people", "46"), ("reason", "签到表有 46 人")]).is(200);
        assert!(after.text().contains("签到表有 46 人") && after.text().contains("46 人次"), "{}", after.text());

        let held = admin.get("/desk/duties/compliance").is(200);
        assert!(held.text().contains("横沟村") && held.text().contains("还差"), "{}", held.text());
        let own = lawyer.get("/desk/duties/compliance").is(200);
        let sheet = lawyer.get(&own.link("看、打印")).is(200);
        assert!(sheet.text().contains("（盖章）") && sheet.text().contains("46 人次 90 分钟") || sheet.text().contains("46 人次，90 分钟"), "{}", sheet.text());
        assert!(lawyer.get(&sheet.link("下载 Excel")).is(200).bytes.starts_with(b"PK"));
        let rules = admin.get("/desk/duties/rules?kind=on_site&period=month").is(200);
        assert!(rules.text().contains("每月 坐班 8 小时"), "{}", rules.text());
        let set = admin.fill(&rules, "/desk/duties/rules", &[("least_minutes", "600")]).is(200);
        assert!(set.text().contains("10 小时"), "{}", set.text());
        assert!(!lawyer.get("/desk/duties/rules").is(200).body().contains("<form class=\"ask\""));
    }

    fn a_visit_stands_on_the_households_page(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let homes = admin.get("/api/v1/households?village=620201100201").is(200).json();
        let home = format!("/desk/households/{}", homes["items"][0]["id"].as_str().unwrap());
        let page = admin.get(&home).is(200);
        let form = admin.get(&page.link("走访一户")).is(200);
        let people = lawyers(&town);
        let typed = [("worker", people[0].as_str()), ("purpose", "advice"), ("done_on", &today().to_string()), ("found", "")];
        let again = admin.fill(&form, "/desk/visits", &typed).is(422);
        let done = admin.fill(&again, "/desk/visits", &[("found", "地界纠纷，已讲清"), ("minutes", "30")]).is(200);
        assert!(done.text().contains("地界纠纷，已讲清") && done.text().contains("去过了"), "{}", done.text());
        assert!(admin.get(&home).is(200).text().contains("送法上门 仇文静"));
        let list = admin.get("/desk/visits?state=done").is(200);
        assert!(list.text().contains("送法上门"), "{}", list.text());
    }

    fn residents_read_what_to_bring(backend) {
        let town = Town::start(backend);
        let admin = town.program("county_admin");
        let page = admin.get("/desk/notary/matters/new").is(200);
        let before = town.visitor().get("/zh/620200/notary").is(200);
        assert!(before.text().contains("这里还没有写公证事项"));
        admin.fill(&page, "/desk/notary/matters", &[("name", "遗嘱公证"), ("papers", "身份证\r\n户口簿"), ("minutes", "45")]).is(200);
        let open = town.visitor().get("/zh/620200/notary").is(200);
        assert!(open.text().contains("遗嘱公证") && open.text().contains("户口簿") && open.text().contains("45 分钟"), "{}", open.text());
        assert!(town.visitor().get("/zh/620200/").is(200).link("办公证").ends_with("/notary"));
        let group = admin.get("/desk/groups/new").is(200);
        let list = admin.fill(&group, "/desk/groups", &[("name", "横沟村法律服务群"), ("place", "620201100201"), ("members", "186")]).is(200);
        assert!(list.text().contains("横沟村法律服务群") && list.text().contains("186 人"), "{}", list.text());
    }
}
