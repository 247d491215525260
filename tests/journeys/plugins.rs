//! County workflows: from the packed folder to the closed case, up and back a version, and every package refused.

use std::io::Write;

use falin_app::plugin::{self, SecretKey};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::town::{Client, Town, on_both, watchdog};

const PETITION: &str = include_str!("../../plugins/petition/plugin.toml");
/// The paper that its package brings.
const FEEDBACK: &str = "petition-feedback";
const VISITS: &str = "/api/v1/workflows/petition/visit/cases";
const SHELF: &str = "SELECT count(*) FROM plugin_package";
const BOUNDARY: &str = "----falin7MA4YWxk";

/// A publisher's desk: a key, and a folder that it packs from.
pub(crate) struct Publisher {
    pub(super) folder: String,
    pub(super) key: String,
}

impl Publisher {
    /// With a key that the town trusts.
    pub(super) fn trusted(town: &Town) -> Self {
        let new = Self::unknown(town);
        town.falin(&["plugin", "trust", &format!("{}.pub", new.key), "--root"]).ok();
        new
    }

    /// With a key that nobody trusts yet.
    pub(super) fn unknown(town: &Town) -> Self {
        let place = watchdog::fresh_directory();
        let key = place.join("publisher.key").to_str().unwrap().to_owned();
        town.falin(&["plugin", "keygen", "--name", "嘉峪关市司法局", "--out", &key]).ok();
        std::fs::create_dir(place.join("petition")).unwrap();
        Self { folder: place.join("petition").to_str().unwrap().to_owned(), key }
    }

    /// Packs and signs this declaration.
    pub(super) fn packed(&self, town: &Town, declaration: &str) -> String {
        std::fs::write(format!("{}/plugin.toml", self.folder), declaration).unwrap();
        let papers = format!("{}/papers", self.folder);
        let _ = std::fs::remove_dir_all(&papers);
        if declaration.contains(&format!("code = \"{FEEDBACK}\"")) {
            std::fs::create_dir(&papers).unwrap();
            let own = concat!(env!("CARGO_MANIFEST_DIR"), "/plugins/petition/papers");
            std::fs::copy(format!("{own}/{FEEDBACK}.toml"), format!("{papers}/{FEEDBACK}.toml")).unwrap();
        }
        let out = watchdog::fresh_directory().join("p.falin").to_str().unwrap().to_owned();
        town.falin(&["plugin", "pack", &self.folder, "--key", &self.key, "--out", &out]).ok();
        out
    }
}

impl Publisher {
    /// A package of another workflow, without pages of its own.
    pub(crate) fn guest(&self, town: &Town, declaration: &str) -> String {
        let folder = super::stage::folder(declaration, super::stage::BOARD);
        self.packed_folder(town, &folder)
    }

    /// A signed package of these files, whatever is wrong with them: the command would not pack it.
    pub(super) fn signed(&self, files: &[(&str, &str)]) -> Vec<u8> {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        let key = SecretKey::parse(&std::fs::read_to_string(&self.key).unwrap()).unwrap();
        plugin::sign(&plugin::pack(&files).unwrap(), &key).unwrap()
    }

    /// The same of the folder with this declaration.
    pub(super) fn packed_unseen(&self, declaration: &str) -> String {
        self.brings("plugin.toml", declaration.as_bytes());
        let files = plugin::folder(std::path::Path::new(&self.folder)).unwrap();
        let key = SecretKey::parse(&std::fs::read_to_string(&self.key).unwrap()).unwrap();
        let out = watchdog::fresh_directory().join("p.falin");
        std::fs::write(&out, plugin::sign(&plugin::pack(&files).unwrap(), &key).unwrap()).unwrap();
        out.to_str().unwrap().to_owned()
    }

    /// The file of the public key, as it goes to a county.
    pub(super) fn public(&self) -> String {
        format!("{}.pub", self.key)
    }

    /// Packs and signs a folder as it is.
    pub(super) fn packed_folder(&self, town: &Town, folder: &str) -> String {
        let out = watchdog::fresh_directory().join("p.falin").to_str().unwrap().to_owned();
        town.falin(&["plugin", "pack", folder, "--key", &self.key, "--out", &out]).ok();
        out
    }

    /// Puts a workflow of the house in use in the town's county.
    pub(super) fn puts_in_use(&self, town: &Town, plugin: &str) {
        let folder = format!("{}/plugins/{plugin}", env!("CARGO_MANIFEST_DIR"));
        let package = self.packed_folder(town, &folder);
        town.falin(&["plugin", "install", &package]).ok();
        town.falin(&["plugin", "grant", plugin]).ok();
        town.falin(&["plugin", "enable", plugin]).ok();
    }

    /// Packs and signs a declaration with one more file in the package.
    pub(super) fn packed_with(&self, town: &Town, declaration: &str, path: &str, bytes: &[u8]) -> String {
        self.brings(path, bytes);
        self.packed(town, declaration)
    }

    /// One more file for what is packed next.
    pub(super) fn brings(&self, path: &str, bytes: &[u8]) {
        let file = std::path::Path::new(&self.folder).join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}

/// In use, by the command line.
fn in_use(town: &Town, package: &str) {
    town.falin(&["plugin", "install", package]).ok();
    town.falin(&["plugin", "grant", "petition"]).ok();
    town.falin(&["plugin", "enable", "petition"]).ok();
}

fn arrival() -> Value {
    json!({"visited_on": "2026-03-01", "visitor": "张建国", "count": 2, "claim": "litigation", "facts": "邻居占道。", "risk": "none"})
}

/// Waits until the server has noticed what a command changed.
pub(crate) fn settled(what: impl Fn() -> bool) {
    for _ in 0..100 {
        if what() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("the server has not noticed");
}

fn act(client: &Client, case: &Value, action: &str, mut form: Value) -> Value {
    form["action"] = json!(action);
    form["version"] = case["version"].clone();
    let path = format!("{VISITS}/{}/actions", case["id"].as_str().unwrap());
    client.call("POST", &path, &form).is(200).json()
}

/// Sends a package as a program does.
pub(crate) fn upload(client: &Client, bytes: &[u8]) -> crate::town::Answer {
    bring(client, "/api/v1/plugins", bytes)
}

/// Sends one file in the form of this address.
pub(super) fn bring(client: &Client, path: &str, bytes: &[u8]) -> crate::town::Answer {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p.falin\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    client.send("POST", path, &[("content-type", &kind)], body)
}

fn zipped(path: &str, bytes: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file(path, SimpleFileOptions::default()).unwrap();
    zip.write_all(bytes).unwrap();
    zip.finish().unwrap().into_inner()
}

on_both! {
    fn a_package_becomes_a_workflow_whose_case_is_closed(backend) {
        let town = Town::start(backend);
        let publisher = Publisher::trusted(&town);
        let clerk = town.program("clerk");
        clerk.get(VISITS).refused(404, "not_found");
        in_use(&town, &publisher.packed(&town, PETITION));
        settled(|| clerk.get(VISITS).status == 200);
        let flows = clerk.get("/api/v1/workflows").is(200).json();
        assert_eq!(flows["items"][0]["plugin"], "petition");
        assert!(clerk.get("/desk").is(200).text().contains("信访接待"));

        let case = clerk.call("POST", VISITS, &arrival()).is(201).json();
        assert_eq!((&case["state"], &case["next_actor"]["role"]), (&json!("registered"), &json!("lawyer")));
        assert_eq!(case["deadlines"].as_array().unwrap().len(), 1);
        let page = clerk.get(&format!("/desk/workflows/petition/visit/{}", case["id"].as_str().unwrap()));
        assert!(page.is(200).text().contains("张建国"));

        let lawyer = town.program("lawyer");
        let case = act(&lawyer, &case, "answer", json!({"interest": false, "advice": "可以先调解。", "minutes": 30}));
        let case = act(&lawyer, &case, "route", json!({"route": "litigation", "guidance": "到人民法院立案。"}));
        let case = act(&clerk, &case, "feed_back", json!({"result": "已引导诉讼。"}));
        assert_eq!((&case["state"], &case["next_actor"]), (&json!("litigation"), &Value::Null));
        assert!(case["hidden"].as_array().unwrap().contains(&json!("advice")), "{case}");
        town.falin(&["audit", "verify"]).ok();
    }

    fn what_its_flow_refuses_is_said_in_its_own_words(backend) {
        let town = Town::start(backend);
        let publisher = Publisher::trusted(&town);
        in_use(&town, &publisher.packed(&town, PETITION));
        let clerk = town.program("clerk");
        settled(|| clerk.get(VISITS).status == 200);
        let mut danger = arrival();
        danger["risk"] = json!("danger");
        danger["reported"] = json!(false);
        let said = clerk.call("POST", VISITS, &danger).refused(422, "form.invalid").json();
        assert!(said["fields"][0]["detail"].as_str().unwrap().contains("先报警"), "{said}");
        let mut crowd = arrival();
        crowd["representatives"] = json!(vec![json!({"name": "张建国"}); 6]);
        clerk.call("POST", VISITS, &crowd).refused(422, "form.invalid");
    }

    fn an_upgrade_leaves_open_cases_their_table_and_goes_back(backend) {
        let town = Town::start(backend);
        let publisher = Publisher::trusted(&town);
        in_use(&town, &publisher.packed(&town, PETITION));
        let (clerk, lawyer) = (town.program("clerk"), town.program("lawyer"));
        settled(|| clerk.get(VISITS).status == 200);
        let old = clerk.call("POST", VISITS, &arrival()).is(201).json();

        // The next version lets nobody answer without the law cited, and asks for nothing more.
        let newer = PETITION.replace("version = \"1.0.0\"", "version = \"1.1.0\"").replace(
            "fields = [\"interest\", \"advice!\", \"law\",", "fields = [\"interest\", \"advice!\", \"law!\",");
        town.falin(&["plugin", "install", &publisher.packed(&town, &newer)]).ok();
        let told = town.falin(&["plugin", "upgrade", "petition", "--json"]).ok().json();
        assert_eq!((&told["package"]["version"], &told["previous"]), (&json!("1.1.0"), &json!("1.0.0")));
        let generation = || clerk.get("/api/v1/workflows").json()["items"][0]["generation"].clone();
        settled(|| generation() == json!(2));

        let answer = json!({"interest": false, "advice": "可以先调解。", "minutes": 30});
        let new = clerk.call("POST", VISITS, &arrival()).is(201).json();
        act(&lawyer, &old, "answer", answer.clone());
        let mut form = answer.clone();
        (form["action"], form["version"]) = (json!("answer"), new["version"].clone());
        let path = format!("{VISITS}/{}/actions", new["id"].as_str().unwrap());
        let said = lawyer.call("POST", &path, &form).refused(422, "form.invalid").json();
        assert_eq!(said["fields"][0]["name"], "law");

        town.falin(&["plugin", "rollback", "petition"]).ok();
        settled(|| generation() == json!(1));
        let back = clerk.call("POST", VISITS, &arrival()).is(201).json();
        act(&lawyer, &back, "answer", answer);
        // The one begun under 1.1.0 still follows 1.1.0.
        lawyer.call("POST", &path, &form).refused(422, "form.invalid");
        let older = publisher.packed(&town, &PETITION.replace("1.0.0", "0.9.0"));
        town.falin(&["plugin", "install", &older]).ended(1);
    }

    fn a_workflow_is_switched_off_and_removed_only_without_open_cases(backend) {
        let town = Town::start(backend);
        let publisher = Publisher::trusted(&town);
        in_use(&town, &publisher.packed(&town, PETITION));
        let clerk = town.program("clerk");
        settled(|| clerk.get(VISITS).status == 200);
        let case = clerk.call("POST", VISITS, &arrival()).is(201).json();

        let admin = town.program("county_admin");
        let there = admin.get("/api/v1/plugins").is(200).json()["items"][0].clone();
        assert_eq!((&there["state"], &there["open_cases"]), (&json!("enabled"), &json!(1)));
        let move_to = |there: &Value, action: &str| {
            let path = format!("/api/v1/plugins/{}/actions", there["id"].as_str().unwrap());
            admin.call("POST", &path, &json!({"action": action, "version": there["version"]}))
        };
        move_to(&there, "remove").refused(422, "action.not_allowed");
        let there = move_to(&there, "disable").is(200).json();
        clerk.get(VISITS).refused(503, "plugin.disabled");
        move_to(&there, "remove").refused(409, "plugin.open_cases");
        let there = move_to(&there, "enable").is(200).json();
        act(&clerk, &case, "leave", json!({"reason": "有急事先走。"}));
        let there = move_to(&there, "disable").is(200).json();
        assert_eq!(move_to(&there, "remove").is(200).json()["state"], "removed");
        assert_eq!(admin.get("/api/v1/plugins").json()["items"], json!([]));
    }

    fn a_package_that_is_not_sound_is_refused_in_its_own_words_and_leaves_nothing(backend) {
        let town = Town::start(backend);
        let publisher = Publisher::trusted(&town);
        let admin = town.program("county_admin");
        let signed = std::fs::read(publisher.packed(&town, PETITION)).unwrap();
        let stranger = Publisher::unknown(&town);
        let foreign = std::fs::read(stranger.packed(&town, PETITION)).unwrap();
        std::fs::write(format!("{}/plugin.toml", publisher.folder), PETITION).unwrap();
        let plain = watchdog::fresh_directory().join("p.falin").to_str().unwrap().to_owned();
        town.falin(&["plugin", "pack", &publisher.folder, "--out", &plain]).ok();

        upload(&admin, &foreign).refused(422, "package.untrusted");
        upload(&admin, &std::fs::read(&plain).unwrap()).refused(422, "package.unsigned");
        upload(&admin, &signed[..signed.len() / 2]).refused(422, "package.unreadable");
        upload(&admin, &zipped("../escape", b"x")).refused(422, "package.path");
        upload(&admin, &vec![b'x'; (16 << 20) + 1]).refused(413, "package.too_large");
        upload(&admin, &zipped("templates/a.hbs", &vec![0; 65 << 20])).refused(422, "package.bomb");
        let mut tampered = signed.clone();
        let at = tampered.windows(11).position(|part| part == b"plugin.toml").unwrap() + 40;
        tampered[at] ^= 1;
        assert!(matches!(upload(&admin, &tampered).status, 422), "one changed byte");
        assert_eq!((town.number(SHELF), town.number("SELECT count(*) FROM plugin_install")), (0, 0));

        let list = watchdog::fresh_directory().join("list").to_str().unwrap().to_owned();
        upload(&admin, &signed).is(201);
        let key = std::fs::read_to_string(format!("{}.pub", publisher.key)).unwrap();
        let key = key.lines().find_map(|line| line.strip_prefix("key ")).unwrap().to_owned();
        town.falin(&["plugin", "revoke", "--key", &key, "--by", &publisher.key, "--out", &list]).ok();
        town.falin(&["plugin", "trust", &list]).ok();
        upload(&admin, &signed).refused(422, "package.revoked");
        assert_eq!(town.number(SHELF), 1);
    }

    fn a_publishers_key_is_trusted_by_the_page_that_takes_it(backend) {
        let town = Town::start(backend);
        let (platform, publisher) = (town.program("platform_admin"), Publisher::unknown(&town));
        let key = std::fs::read(publisher.public()).unwrap();
        let page = bring(&platform, "/desk/plugins/keys", &key);
        assert!((200..400).contains(&page.status), "{}", page.text());
        let listed = platform.get("/desk/plugins/new").is(200).text();
        assert!(listed.contains("嘉峪关市司法局") && listed.contains("信任"), "{listed}");
    }

    fn an_author_changes_a_word_and_sees_it(backend) {
        let town = Town::start(backend);
        let folder = watchdog::fresh_directory().join("my-county").to_str().unwrap().to_owned();
        town.falin(&["plugin", "new", "my-county", "--dir", &folder]).ok();
        town.falin(&["plugin", "test", &folder]).ok();
        town.falin(&["plugin", "dev", &folder, "--once"]).ok();
        let clerk = town.program("clerk");
        let page = || clerk.get("/desk/workflows/my-county/request/new").text();
        settled(|| page().contains("什么事"));
        let file = format!("{folder}/plugin.toml");
        let text = std::fs::read_to_string(&file).unwrap().replace("什么事", "想办哪件事");
        std::fs::write(&file, text).unwrap();
        town.falin(&["plugin", "dev", &folder, "--once"]).ok();
        settled(|| page().contains("想办哪件事"));
        town.falin(&["workflow", "verify", "--all"]).ok();
        let drawn = town.falin(&["workflow", "diagram", "my-county/request"]).ok();
        assert!(drawn.stdout.starts_with("stateDiagram-v2"));
    }
}

/// With code of its own: built by the author's cargo out of what came along, tested, and asked by the running server.
#[test]
fn an_author_with_code_needs_nothing_that_did_not_come_along() {
    let town = Town::start(crate::town::Backend::Sqlite);
    let folder = watchdog::fresh_directory().join("my-county").to_str().unwrap().to_owned();
    town.falin(&["plugin", "new", "my-county", "--library", "--dir", &folder]).ok();
    // Nothing is fetched: what the SDK needs is what the house was built with.
    let net = format!("{folder}/.cargo");
    std::fs::create_dir(&net).unwrap();
    std::fs::write(format!("{net}/config.toml"), "[net]\noffline = true\n").unwrap();
    town.falin(&["plugin", "test", &folder]).ok();
    town.falin(&["plugin", "dev", &folder, "--once"]).ok();
    let clerk = town.program("clerk");
    let cases = "/api/v1/workflows/my-county/request/cases";
    settled(|| clerk.get(cases).status == 200);
    let case = clerk.call("POST", cases, &json!({"applicant": "马建军", "matter": "欠薪"})).is(201).json();
    let finish = |result: &str| {
        let path = format!("{cases}/{}/actions", case["id"].as_str().unwrap());
        clerk.call("POST", &path, &json!({"action": "finish", "version": case["version"], "result": result}))
    };
    let said = finish("办了").refused(422, "form.invalid").json();
    assert!(said["fields"][0]["detail"].as_str().unwrap().contains("至少 10 个字"), "{said}");
    assert_eq!(finish("已经发还全部工资，申请人满意。").is(200).json()["state"], "done");
    // A crate that makes no library of its own has nobody else's packed for it.
    let file = format!("{folder}/Cargo.toml");
    let text = std::fs::read_to_string(&file).unwrap().replace("cdylib", "lib");
    std::fs::write(&file, text).unwrap();
    let said = town.falin(&["--lang", "en", "plugin", "check", &folder]).ended(1);
    assert!(said.stderr.contains("crate-type = [\"cdylib\"]"), "{}", said.stderr);
}
