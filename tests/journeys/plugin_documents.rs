//! Documents of a library over its life: into a new shape with an upgrade, back with a rollback, out with the plugin;
//! nothing that somebody wrote is lost on the way.

use serde_json::{Value, json};

use super::plugin_asked::press;
use super::plugin_library::{DECLARATION, TASKS, begun_with, decide, library_as, town_with};
use super::plugins::{Publisher, settled};
use crate::town::{Client, Town, on_both};

/// A later version whose documents have another shape, or one that says it has and cannot give it.
fn shaped(town: &Town, publisher: &Publisher, (version, schema): (&str, &str)) -> String {
    let declaration = DECLARATION.replacen("1.0.0", version, 1).replacen(
        "most = 3",
        &format!("most = 3\nschema = {schema}"),
        1,
    );
    let defines = [format!("-DVERSION=\"{version}\""), format!("-DSHAPE={schema}")];
    library_as(town, publisher, &declaration, &[&defines[0], &defines[1]])
}

fn plugin(admin: &Client) -> Value {
    admin.get("/api/v1/plugins").is(200).json()["items"][0].clone()
}

/// The version that a case follows which begins now.
fn generation(clerk: &Client) -> Value {
    clerk.get("/api/v1/workflows").is(200).json()["items"][0]["generation"].clone()
}

fn act(admin: &Client, action: &str) -> crate::town::Answer {
    let there = plugin(admin);
    let path = format!("/api/v1/plugins/{}/actions", there["id"].as_str().unwrap());
    admin.call("POST", &path, &json!({"action": action, "version": there["version"]}))
}

/// By what the documents in use are found, in order.
fn found(town: &Town) -> i64 {
    town.number("SELECT count(*) FROM plugin_document_index WHERE value = 'n09223372036854775915'")
}

fn in_place(town: &Town, place: &str) -> i64 {
    town.number(&format!("SELECT count(*) FROM plugin_document WHERE collection = '{place}'"))
}

/// What stands in the newest file that was kept of the plugin.
fn kept(admin: &Client) -> Vec<u8> {
    let page = admin.get("/desk/plugins").is(200).body();
    let at = page.find("/desk/plugin-exports/").unwrap_or_else(|| panic!("no file is kept: {page}"));
    let path: String = page[at..].chars().take_while(|c| *c != '"').collect();
    let zip = admin.get(&path).is(200).bytes;
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
    let mut text = Vec::new();
    std::io::Read::read_to_end(&mut zip.by_name("rota.jsonl").unwrap(), &mut text).unwrap();
    text
}

on_both! {
    fn documents_go_into_their_new_shape_and_back(backend) {
        let Some((town, publisher)) = town_with(backend) else { return };
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        press(&clerk, "keep").is(303);
        press(&clerk, "keep").is(303);
        let old = [begun_with(&clerk, "start"), begun_with(&clerk, "start")];
        // A shape that the library cannot give is found out on trial, and nothing is touched.
        let broken = shaped(&town, &publisher, ("1.1.0", "3"));
        let said = town.falin(&["plugin", "install", &broken]).ended(1);
        assert!(said.stderr.contains("转换“rota”里的资料 1 时出了错"), "{}", said.stderr);
        // Nor does an upgrade leave documents behind that no later version would know.
        let declared = DECLARATION.replacen("1.0.0", "1.1.1", 1);
        let (from, to) = (declared.find("[[collection]]").unwrap(), declared.find("[text]").unwrap());
        let without = format!("{}{}", &declared[..from], &declared[to..]);
        let without = library_as(&town, &publisher, &without, &["-DVERSION=\"1.1.1\""]);
        let said = town.falin(&["plugin", "install", &without]).ended(1);
        assert!(said.stderr.contains("不再保存“rota”这一类资料，现在却还有 1 份"), "{}", said.stderr);
        let newer = shaped(&town, &publisher, ("1.2.0", "2"));
        town.falin(&["plugin", "install", &newer]).ok();
        town.falin(&["plugin", "upgrade", "decide"]).ok();
        settled(|| generation(&clerk) == 4);
        assert_eq!((found(&town), in_place(&town, "rota"), in_place(&town, "rota@1")), (1, 1, 1));
        // Who finishes an older case is told by its own library that the documents have moved on.
        assert_eq!(decide(&clerk, &old[0], "peek").is(200).json()["fields"]["note"], "they have moved on");
        assert_eq!(decide(&clerk, &begun_with(&clerk, "start"), "peek").is(200).json()["fields"]["note"], "they are here");
        press(&clerk, "put later").is(303);
        act(&admin, "rollback").is(200);
        assert_eq!(plugin(&admin)["package"]["version"], "1.0.0");
        assert_eq!((found(&town), in_place(&town, "rota"), in_place(&town, "rota@1")), (0, 1, 0));
        assert_eq!(decide(&clerk, &old[1], "peek").is(200).json()["fields"]["note"], "they are here");
        let since = String::from_utf8(kept(&admin)).unwrap();
        assert!(since.contains("\"later\"") && since.lines().count() == 1, "{since}");
        // Up again: the shapes are asked for anew.
        act(&admin, "upgrade").is(200);
        assert_eq!(plugin(&admin)["package"]["version"], "1.2.0");
        assert_eq!((found(&town), in_place(&town, "rota@1")), (1, 1));
    }

    fn who_writes_a_document_at_once_with_another_is_asked_again(backend) {
        let Some((town, _)) = town_with(backend) else { return };
        let clerk = town.program("clerk");
        press(&clerk, "keep").is(303);
        let two = [begun_with(&clerk, "start"), begun_with(&clerk, "start")];
        std::thread::scope(|scope| {
            let both = two.map(|case| {
                let clerk = town.program("clerk");
                scope.spawn(move || decide(&clerk, &case, "tally").status)
            });
            assert_eq!(both.map(|one| one.join().unwrap()), [200, 200]);
        });
        assert_eq!(town.number("SELECT version FROM plugin_document WHERE item = '1'"), 3, "each has written once");
        // A case that has moved on itself is not the library's matter.
        let case = begun_with(&clerk, "start");
        decide(&clerk, &case, "ok").is(200);
        decide(&clerk, &case, "tally").refused(409, "state.changed");
    }

    fn what_only_the_newer_version_knows_goes_with_it(backend) {
        let Some((town, publisher)) = town_with(backend) else { return };
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        let declared = DECLARATION.replacen("1.0.0", "0.9.0", 1);
        let (from, to) = (declared.find("[[collection]]").unwrap(), declared.find("[text]").unwrap());
        let older = format!("{}{}", &declared[..from], &declared[to..]);
        act(&admin, "disable").is(200);
        act(&admin, "remove").is(200);
        let package = library_as(&town, &publisher, &older, &["-DVERSION=\"0.9.0\""]);
        for words in [&["plugin", "install", &package][..], &["plugin", "grant", "decide"], &["plugin", "enable", "decide"]] {
            town.falin(words).ok();
        }
        let newer = library_as(&town, &publisher, &DECLARATION.replacen("1.0.0", "1.0.1", 1), &["-DVERSION=\"1.0.1\""]);
        town.falin(&["plugin", "install", &newer]).ok();
        let _ = town.falin(&["plugin", "grant", "decide"]);
        act(&admin, "upgrade").is(200);
        settled(|| generation(&clerk) == 3);
        press(&clerk, "put later").is(303);
        assert_eq!(in_place(&town, "rota"), 1);
        act(&admin, "rollback").is(200);
        assert_eq!(in_place(&town, "rota"), 0);
        assert!(String::from_utf8(kept(&admin)).unwrap().contains("\"later\""));
    }

    fn documents_leave_with_their_plugin_and_are_kept_as_a_file(backend) {
        let Some((town, _)) = town_with(backend) else { return };
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        press(&clerk, "keep").is(303);
        for task in clerk.get(TASKS).is(200).json()["items"].as_array().unwrap() {
            let path = format!("{}/{}/actions", TASKS, task["id"].as_str().unwrap());
            clerk.call("POST", &path, &json!({"action": "finish", "version": task["version"]})).is(200);
        }
        act(&admin, "disable").is(200);
        act(&admin, "remove").is(200);
        assert_eq!(town.number("SELECT count(*) FROM plugin_document"), 0);
        assert_eq!(town.number("SELECT count(*) FROM plugin_document_index"), 0);
        let lines = String::from_utf8(kept(&admin)).unwrap();
        assert!(lines.contains("{\"n\":-1}"), "{lines}");
    }
}
