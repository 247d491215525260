//! The workflow that crashes on purpose, as the demo carries it: whoever wants to see the cage hold presses a button.

use falin_app::demo::workflows;

use super::plugins::{Publisher, settled};
use crate::town::{Client, Town, on_both, watchdog};

const CAGE: &str = "/desk/pages/crash-test/cage";

/// The package as the demo signs it, unpacked into a folder; None where this machine could not compile its library.
fn folder() -> Option<String> {
    let files = workflows::crash_test();
    if files.is_empty() {
        println!("skipped: the library was not compiled");
        return None;
    }
    let place = watchdog::fresh_directory().join("crash-test");
    for (path, bytes) in files {
        let file = place.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
    Some(place.to_str().unwrap().to_owned())
}

fn break_as(client: &Client, way: &str) -> crate::town::Answer {
    client.fill(&client.get(CAGE).is(200), CAGE, &[("way", way)])
}

on_both! {
    fn whatever_it_does_the_house_stands(backend) {
        let Some(folder) = folder() else { return };
        let mut town = Town::start(backend);
        let package = Publisher::trusted(&town).packed_folder(&town, &folder);
        town.falin(&["plugin", "install", &package]).ok();
        town.falin(&["plugin", "grant", "crash-test"]).ok();
        let admin = town.program("county_admin");
        admin.get(CAGE).refused(404, "not_found");
        town.falin(&["plugin", "enable", "crash-test"]).ok();
        settled(|| admin.get(CAGE).status == 200);
        let server = town.server().id();
        let survived = break_as(&admin, "none").is(200);
        assert!(survived.text().contains("这次没有出错"), "{}", survived.text());
        for (n, way) in ["abort", "null", "loop", "memory", "flood"].into_iter().enumerate() {
            let said = break_as(&admin, way);
            assert!(said.status == 503 && said.body().contains("出错"), "{way}: {}", said.body());
            admin.get("/api/v1/consultations").is(200);
            if n < 4 {
                assert!(admin.get(CAGE).is(200).text().contains("这次没有出错"), "the next worker answers");
            }
        }
        settled(|| admin.get(CAGE).status == 503);
        assert!(admin.get(CAGE).body().contains("已被隔离"), "{}", admin.get(CAGE).body());
        assert_eq!(town.server().id(), server, "the server never noticed");
        let all = admin.get("/api/v1/plugins").is(200).json();
        let page = admin.get(&format!("/desk/plugins/{}", all["items"][0]["id"].as_str().unwrap())).is(200);
        assert!(page.text().contains("接连出错，已被隔离"), "{}", page.text());
        town.falin(&["plugin", "enable", "crash-test"]).ok();
        settled(|| admin.get(CAGE).status == 200);
        assert_eq!(break_as(&admin, "open").status, 503, "it reads no file of the server's");
        town.stop();
    }
}
