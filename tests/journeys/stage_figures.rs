//! What a plugin declares beside its flows, lived through: its figures, counted a second time by hand.

use falin_domain::time::Date;
use serde_json::{Value, json};

use super::duties::today;
use super::stage::{BOARD, SHOPS, STAGE, enter, folder, put, ready, settled};
use crate::town::{Client, Town, on_both};

fn own(client: &Client, rest: &str) -> Value {
    client.get(&format!("/api/v1/statistics{rest}")).is(200).json()["workflows"][0].clone()
}

fn figure(own: &Value, code: &str) -> Value {
    own["figures"].as_array().unwrap().iter().find(|one| one["code"] == code).unwrap().clone()
}

/// Every shop of the town, page after page.
fn shops(client: &Client, rest: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{SHOPS}?limit=50{rest}{cursor}")).is(200).json();
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

fn villages(town: &Town) -> Vec<String> {
    town.texts("SELECT code AS t FROM division WHERE level = 'village' AND code IS NOT NULL ORDER BY code")
}

on_both! {
    fn declared_figures_agree_with_a_naive_count(backend) {
        let town = Town::start(backend);
        ready(&town);
        let clerk = town.program("clerk");
        let villages = villages(&town);
        let kinds = ["food", "retail", "other"];
        // Village by village 7, 6, 3, 9, … shops; every fourth was checked the year before.
        let mut naive: Vec<(usize, &str, i64, bool)> = Vec::new();
        for (at, n) in [7, 6, 3, 9].into_iter().enumerate().take(villages.len()) {
            for k in 0..n {
                let kind = kinds[(at + k) % 3];
                let (staff, this_year) = (k as i64 - 1, k % 4 != 3);
                let day = if this_year { "2026-02-01" } else { "2025-02-01" };
                let form = json!({"kind": kind, "name": format!("店{at}-{k}"), "staff": staff, "checked_on": day, "place": villages[at]});
                enter(&clerk, form);
                naive.push((at, kind, staff, this_year));
            }
        }
        let all = own(&clerk, "?from=2026-01-01&to=2026-12-31");
        let shown = |code: &str| figure(&all, code)["value"].clone();
        assert_eq!(shown("shops"), json!(naive.len()));
        assert_eq!(shown("staff"), json!(naive.iter().map(|one| one.2).sum::<i64>()));
        assert_eq!(shown("checks"), json!(naive.iter().filter(|one| one.3).count()));
        // 同比: what was counted in the same period of the last year, and the change where both are shown.
        let (now, then) = (naive.iter().filter(|one| one.3).count(), naive.iter().filter(|one| !one.3).count());
        let last_year = figure(&all, "checks")["last_year"].clone();
        assert_eq!(last_year["value"], json!(then), "{last_year}");
        let by = ((now as f64 - then as f64) / then as f64 * 1000.0).round() / 10.0;
        assert_eq!(last_year["change"], json!(by), "{last_year}");
        assert!(figure(&all, "shops")["last_year"].is_null());
        let page = clerk.get("/desk/figures/stage?from=2026-01-01&to=2026-12-31").is(200).text();
        assert!(page.contains(&format!("{now}（同比 +{by:.1}%）")), "{page}");
        let before = own(&clerk, "?from=2025-01-01&to=2025-12-31");
        assert!(figure(&before, "checks")["last_year"]["change"].is_null(), "nothing was counted in 2024");
        assert!(figure(&own(&clerk, "?from=2025-01-01&to=2026-12-31"), "checks")["last_year"].is_null(), "two years overlap");
        let food = naive.iter().filter(|one| one.1 == "food").count();
        let share = (food * 2000 + naive.len()) / (naive.len() * 2);
        assert_eq!(shown("food_share"), json!(share as f64 / 10.0));
        assert_eq!(figure(&all, "food_share")["share_of"], "shops");
        for row in figure(&all, "shops")["splits"][0]["rows"].as_array().unwrap() {
            let n = naive.iter().filter(|one| row["code"] == one.1).count();
            assert!(row["value"].is_null() || row["value"] == json!(n), "{row}");
            // The rows behind are as many as the figure says.
            let rows = shops(&clerk, &format!("&figure=shops&by=kind&value={}", row["code"].as_str().unwrap()));
            assert_eq!(rows.len(), n);
        }
        assert_eq!(shops(&clerk, "&figure=checks&from=2026-01-01&to=2026-12-31").len(), naive.iter().filter(|o| o.3).count());
        clerk.get(&format!("{SHOPS}?figure=nothing")).refused(422, "form.invalid");

        // No place's table tells what is below 5: neither by itself nor from a sum.
        let mut tables = vec![all];
        let codes = town.texts("SELECT code AS t FROM division WHERE level = 'township' AND code IS NOT NULL");
        tables.extend(codes.iter().map(|code| own(&clerk, &format!("?from=2026-01-01&to=2026-12-31&place={code}"))));
        for table in &tables {
            let figure = figure(table, "shops");
            let parts = figure["parts"].as_array().unwrap();
            let small = |cell: &Value| cell.as_i64().is_some_and(|n| (1..5).contains(&n));
            assert!(!parts.iter().any(small) && !small(&figure["value"]), "{figure}");
            let hidden = parts.iter().filter(|cell| cell.is_null()).count() + usize::from(figure["elsewhere"].is_null());
            if let (Some(whole), true) = (figure["value"].as_i64(), hidden > 0) {
                let rest = figure["elsewhere"].as_i64().unwrap_or(0);
                let sum: i64 = parts.iter().filter_map(Value::as_i64).sum::<i64>() + rest;
                assert!(hidden > 1 && whole - sum >= 5, "{figure}");
            }
            for row in figure["splits"][0]["rows"].as_array().unwrap() {
                assert!(!row["parts"].as_array().unwrap().iter().any(small) && !small(&row["value"]), "{row}");
            }
        }
    }

    fn a_year_that_is_not_over_is_compared_up_to_the_day_of_today(backend) {
        let town = Town::start(backend);
        ready(&town);
        let clerk = town.program("clerk");
        let (year, month, _) = today().parts();
        let year_ago = Date::new(year - 1, month, 1).unwrap();
        // One at the same time of the last year, and one behind the day of today.
        for day in [year_ago, year_ago.plus_days(60)] {
            for n in 0..6 {
                enter(&clerk, json!({"kind": "food", "name": format!("店{day}{n}"), "staff": 2, "checked_on": day.to_string()}));
            }
        }
        let from = year_ago.plus_days(365);
        let all = own(&clerk, &format!("?from={from}&to={}", from.plus_days(200)));
        assert_eq!(figure(&all, "checks")["last_year"]["value"], 6, "{all}");
    }

    fn what_lies_in_no_township_has_a_column_of_its_own(backend) {
        let town = Town::start(backend);
        ready(&town);
        let (clerk, village) = (town.program("clerk"), villages(&town)[0].clone());
        let rest = "未填下级地点";
        for n in 0..6 {
            enter(&clerk, json!({"kind": "food", "name": format!("有处{n}"), "place": village}));
        }
        assert!(!clerk.get("/desk/figures/stage").is(200).text().contains(rest), "nothing lies nowhere");
        for n in 0..7 {
            enter(&clerk, json!({"kind": "food", "name": format!("无处{n}")}));
        }
        let shops = figure(&own(&clerk, ""), "shops");
        let sum = |row: &Value| row["parts"].as_array().unwrap().iter().filter_map(Value::as_i64).sum::<i64>() + row["elsewhere"].as_i64().unwrap();
        assert_eq!((&shops["elsewhere"], sum(&shops)), (&json!(7), 13));
        assert_eq!(sum(&shops["splits"][0]["rows"][0]), 13, "{shops}");
        for path in ["/desk/figures/stage", "/desk/statistics"] {
            let page = clerk.get(path).is(200).text();
            assert!(page.contains(rest), "{page}");
        }
        assert!(clerk.in_english().get("/desk/figures/stage").is(200).text().contains("No place below"));
        let told = town.falin(&["stats", "show"]).ok().stdout;
        let line = told.lines().find(|line| line.contains("法治体检 · 商户 ")).unwrap();
        assert!(told.lines().next().unwrap().contains(rest) && line.trim_end().ends_with('7'), "{told}");
    }

    fn the_median_is_of_the_days_between_two_days_of_a_case(backend) {
        let town = Town::start(backend);
        let of = |code: &str, to: &str| format!(
            "\n[[statistic]]\ncode = \"{code}\"\nname = {{ zh = \"天数\", en = \"Days\" }}\nunit = {{ zh = \"天\", en = \"days\" }}\n\
             flow = \"shop\"\nby = [\"kind\"]\nleast = 3\nmedian = {{ from = \"checked_on\", to = \"{to}\" }}\n[[import]]"
        );
        let more = format!("{}{}", of("until_struck", "@strike").trim_end_matches("\n[[import]]"), of("until_closed", "@closed"));
        put(&town, &folder(&STAGE.replacen("\n[[import]]", &more, 1), BOARD));
        let (clerk, village) = (town.program("clerk"), villages(&town)[0].clone());
        settled(|| clerk.get(SHOPS).status == 200);
        let enters = |days: i64, kind: &str| {
            let day = today().plus_days(-days).to_string();
            let mut form = json!({"kind": kind, "name": format!("店{days}"), "checked_on": day});
            if kind == "food" {
                form["place"] = json!(village);
            }
            enter(&clerk, form)
        };
        let near = [2, 4, 9, 11].into_iter().map(|days| enters(days, "food"));
        let all: Vec<Value> = near.chain([30, 30, 31].into_iter().map(|days| enters(days, "retail"))).collect();
        for case in &all {
            let path = format!("{SHOPS}/{}/actions", case["id"].as_str().unwrap());
            clerk.call("POST", &path, &json!({"action": "strike", "version": case["version"]})).is(200);
        }
        enters(90, "food");
        let told = own(&clerk, "");
        for code in ["until_struck", "until_closed"] {
            let days = figure(&told, code);
            assert_eq!((&days["value"], &days["elsewhere"]), (&json!(11.0), &json!(30.0)), "one is still open: {days}");
            let parts: Vec<&Value> = days["parts"].as_array().unwrap().iter().filter(|cell| !cell.is_null()).collect();
            assert_eq!(parts, [&json!(6.5)], "{days}");
            let rows = days["splits"][0]["rows"].as_array().unwrap();
            let cell = |code: &str| rows.iter().find(|row| row["code"] == code).unwrap()["value"].clone();
            assert_eq!((cell("food"), cell("retail")), (json!(6.5), json!(30.0)), "{days}");
        }
        let page = clerk.get("/desk/figures/stage").is(200).text();
        assert!(page.contains("11.0") && page.contains("6.5"), "{page}");
    }

    fn figures_stand_on_pages_in_the_workbook_and_at_the_command_line(backend) {
        let town = Town::start(backend);
        ready(&town);
        let clerk = town.program("clerk");
        for n in 0..6 {
            enter(&clerk, json!({"kind": "food", "name": format!("店{n}"), "staff": 2}));
        }
        let page = clerk.get("/desk/statistics").is(200).body();
        assert!(page.contains("/desk/figures/stage") && page.contains("餐饮占比"), "{page}");
        let page = clerk.get("/desk/figures/stage?figure=shops&by=kind").is(200).body();
        assert!(page.contains("<svg class=\"chart\"") && page.contains("by&#x3D;kind&amp;value&#x3D;food"), "{page}");
        clerk.get("/desk/figures/nothing").is(404);
        let admin = town.program("county_admin");
        assert!(admin.get("/desk/figures/stage.xlsx").is(200).body().starts_with("PK"));
        let told = town.falin(&["stats", "show", "--json"]).ok().json();
        assert_eq!(told["workflows"][0]["figures"][0]["value"], 6);
        assert!(town.falin(&["stats", "show"]).ok().stdout.contains("法治体检 · 商户"));
        // The county by its own code, and the level that only statistics know, have the townships as their parts.
        let county = town.falin(&["stats", "show"]).ok().stdout;
        assert_eq!(town.falin(&["stats", "show", "--place", "620200"]).ok().stdout, county);
        let level = town.falin(&["stats", "show", "--place", "620201"]).ok().stdout;
        let heads = |text: &str| text.lines().next().unwrap().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(heads(&county), [heads(&level), vec!["未填下级地点".to_owned()]].concat(), "what lies nowhere is the county's");
        assert!(county.contains("新城镇") && !county.contains("统计用"), "{county}");
    }
}
