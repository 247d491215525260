//! Papers that a county's own workflow brings: issued like those of the house, each in the form of the version that its
//! case follows, readable after the workflow is gone, and nobody else's.

use serde_json::{Value, json};

use super::plugins::{Publisher, settled, upload};
use crate::town::{Answer, Client, Town, county, on_both, watchdog};

const DECLARATION: &str = include_str!("../plugins/slips.toml");
const SLIP: &str = include_str!("../plugins/slip.toml");
const KIND: &str = "slips.slip";
const CASES: &str = "/api/v1/workflows/slips/visit/cases";
const PAPERS: &str = "/api/v1/papers";
const BOUNDARY: &str = "----falin7MA4YWxk";

/// The folder of a version, as an author has it.
fn folder(declaration: &str, slip: &str) -> String {
    let place = watchdog::fresh_directory();
    std::fs::create_dir(place.join("papers")).unwrap();
    std::fs::write(place.join("plugin.toml"), declaration).unwrap();
    std::fs::write(place.join("papers/slip.toml"), slip).unwrap();
    place.to_str().unwrap().to_owned()
}

/// A later version of the workflow, whose slip says and asks something else.
fn later() -> (String, String) {
    let slip = SLIP
        .replace("来访办理条", "来访告知单")
        .replace("已经办结：", "现予告知：")
        .replace("visit_no", "case_no");
    (DECLARATION.replace("1.0.0", "1.1.0"), slip)
}

fn in_use(town: &Town, publisher: &Publisher) {
    let package = publisher.packed_folder(town, &folder(DECLARATION, SLIP));
    town.falin(&["plugin", "install", &package]).ok();
    town.falin(&["plugin", "grant", "slips"]).ok();
    town.falin(&["plugin", "enable", "slips"]).ok();
}

fn opened(clerk: &Client) -> Value {
    clerk.call("POST", CASES, &json!({"visitor": "马建军"})).is(201).json()
}

fn shut(clerk: &Client, case: &Value) -> Value {
    let form = json!({"action": "shut", "version": case["version"], "result": "已答复。"});
    clerk.call("POST", &format!("{CASES}/{}/actions", case["id"].as_str().unwrap()), &form).is(200).json()
}

fn asks(case: &Value, kind: &str) -> Value {
    json!({"kind": kind, "subject_noun": "slips/visit", "subject_id": case["id"]})
}

/// Issues the slip of a case that has come to it.
fn issued(clerk: &Client, case: &Value) -> Value {
    clerk.call("POST", PAPERS, &asks(case, KIND)).is(201).json()
}

fn print(client: &Client, paper: &Value) -> String {
    let id = paper["paper"]["id"].as_str().unwrap();
    client.get(&format!("/desk/papers/{id}/print")).is(200).text().replace(' ', "")
}

fn docx(client: &Client, paper: &Value) -> Vec<u8> {
    client.get(&format!("{PAPERS}/{}.docx", paper["paper"]["id"].as_str().unwrap())).is(200).bytes
}

fn brings(client: &Client, bytes: &[u8]) -> Answer {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"slip.docx\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    client.send("POST", &format!("/api/v1/paper-kinds/{KIND}/templates"), &[("content-type", &kind)], body)
}

/// What the county has of the kind; null where it has none.
fn known(client: &Client) -> Value {
    let all = client.get("/api/v1/paper-kinds").is(200).json();
    let found = all["items"].as_array().unwrap().iter().find(|one| one["code"] == KIND);
    found.cloned().unwrap_or_default()
}

/// Somebody of another county of the same house.
pub(super) fn neighbour(town: &Town, role: &str) -> Client {
    let divisions = "code,name,level\n620000,甘肃省,province\n620900,酒泉市,city\n620921,金塔县,county\n";
    town.falin(&["import", "divisions", &town.file("d.csv", divisions.as_bytes()), "--place", "620921"]).ok();
    let words = ["user", "add", "neighbour", "--role", role, "--place", "620921", "--password-stdin"];
    town.falin_typing(&words, county::PASSWORD).ok();
    let token = town.falin(&["token", "issue", "--user", "neighbour", "--days", "1"]).ok();
    town.visitor().with_token(token.stdout.trim())
}

on_both! {
    fn a_paper_of_a_package_lives_like_one_of_the_house(backend) {
        let town = Town::start(backend);
        in_use(&town, &Publisher::trusted(&town));
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        settled(|| !known(&clerk).is_null());
        let kind = known(&clerk);
        assert_eq!((&kind["plugin"], &kind["name"]["en"], &kind["title"]), (&json!("slips"), &json!("Visit slip"), &json!("来访办理条")));
        let kinds = |client: Client| client.get("/desk/papers/kinds").is(200).text();
        assert!(kinds(town.program("clerk").in_english()).contains("Visit slip") && kinds(town.program("clerk")).contains("来访条"));

        let case = opened(&clerk);
        clerk.call("POST", PAPERS, &asks(&case, KIND)).refused(409, "paper.early");
        let case = shut(&clerk, &case);
        let id = case["id"].as_str().unwrap();
        let page = clerk.get(&format!("/desk/workflows/slips/visit/{id}")).is(200);
        let form = clerk.get(&page.link("来访条")).is(200);
        assert!(form.body().contains("马建军") && form.body().contains("已答复。"));
        let draft = clerk.fill(&form, "/desk/papers", &[("preview", "yes")]).is(200).text();
        assert!(draft.replace(' ', "").contains("来访办理条"), "{draft}");
        let made = issued(&clerk, &case);
        let number = made["paper"]["number"].as_str().unwrap();
        assert!(number.contains("访条〔") && number.ends_with("〕1号"), "{number}");
        assert_eq!((&made["paper"]["title"], &made["editions"][0]["blanks"]), (&json!("来访办理条"), &json!([])));
        let words = format!("您的来访（{}）已经办结：已答复。", case["number"].as_str().unwrap());
        assert!(print(&clerk, &made).contains(&words) && docx(&clerk, &made).starts_with(b"PK"));
        // Within the workflow its own name is enough; what is neither its own nor the house's is unknown there.
        let second = clerk.call("POST", PAPERS, &asks(&case, "slip")).is(201).json();
        assert!(second["paper"]["number"].as_str().unwrap().ends_with("〕2号"));
        clerk.call("POST", PAPERS, &asks(&case, "other.slip")).refused(422, "form.invalid");
        let foreign = json!({"kind": KIND, "subject_noun": "consultation", "subject_id": id});
        clerk.call("POST", PAPERS, &foreign).refused(422, "form.invalid");
        let listed = clerk.get(&format!("{PAPERS}?kind={KIND}")).is(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 2);

        // A template of the county's own, checked against the package's form, with its history.
        brings(&admin, b"nothing").refused(422, "form.invalid");
        let outline = admin.get(&format!("/desk/papers/kinds/{KIND}/outline.docx")).is(200).bytes;
        brings(&admin, &outline).is(201);
        assert_eq!(issued(&clerk, &case)["editions"][0]["own_template"], json!(true));
        let history = admin.get(&format!("/api/v1/paper-kinds/{KIND}/templates")).is(200).json();
        assert_eq!((history["items"].as_array().unwrap().len(), &history["items"][0]["in_use"]), (1, &json!(true)));
        for page in ["", "/print", "/print?blank=yes", "/sample.docx", "/template.docx"] {
            admin.get(&format!("/desk/papers/kinds/{KIND}{page}")).is(200);
        }

        // Another county has not this workflow, and sees nothing of its papers.
        let other = neighbour(&town, "county_admin");
        assert!(known(&other).is_null());
        other.get(&format!("/desk/papers/kinds/{KIND}")).is(404);
        other.get(&format!("/api/v1/paper-kinds/{KIND}/templates")).refused(404, "not_found");
        other.call("POST", PAPERS, &asks(&case, KIND)).refused(404, "not_found");
        other.get(&format!("{PAPERS}/{}", made["paper"]["id"].as_str().unwrap())).refused(404, "not_found");
        town.falin(&["audit", "verify"]).ok();
    }

    fn what_was_issued_stays_as_it_was_through_upgrade_rollback_and_removal(backend) {
        let town = Town::start(backend);
        let publisher = Publisher::trusted(&town);
        in_use(&town, &publisher);
        let (clerk, admin) = (town.program("clerk"), town.program("county_admin"));
        settled(|| !known(&clerk).is_null());
        let (done, open) = (opened(&clerk), opened(&clerk));
        let first = issued(&clerk, &shut(&clerk, &done));
        let bytes = docx(&clerk, &first);
        let outline = admin.get(&format!("/desk/papers/kinds/{KIND}/outline.docx")).is(200).bytes;
        brings(&admin, &outline).is(201);

        let (declaration, slip) = later();
        let package = publisher.packed_folder(&town, &folder(&declaration, &slip));
        town.falin(&["plugin", "install", &package]).ok();
        town.falin(&["plugin", "upgrade", "slips"]).ok();
        settled(|| known(&clerk)["generation"] == 2);
        assert!(print(&clerk, &first).contains("已经办结：") && docx(&clerk, &first) == bytes);
        // A case that was open goes on under the version that it began with, its papers too; a new one has the new form.
        let second = issued(&clerk, &shut(&clerk, &open));
        assert!(print(&clerk, &second).contains("来访办理条") && second["editions"][0]["own_template"] == json!(true));
        let third = issued(&clerk, &shut(&clerk, &opened(&clerk)));
        assert!(print(&clerk, &third).contains("来访告知单") && print(&clerk, &third).contains("现予告知："));
        // The template was made for the older form: it is not forced upon the newer one, and its page says so.
        assert_eq!(third["editions"][0]["own_template"], json!(false));
        let page = admin.get(&format!("/desk/papers/kinds/{KIND}")).is(200).text();
        assert!(page.contains("本县模板不合现在的格式"), "{page}");
        assert_eq!(known(&clerk)["template_fits"], json!(false));
        let numbers = [&first, &second, &third].map(|one| one["paper"]["number"].as_str().unwrap().to_owned());
        for (n, number) in numbers.iter().enumerate() {
            assert!(number.ends_with(&format!("〕{}号", n + 1)), "{numbers:?}");
        }
        // A correction keeps the form in which the paper was issued.
        let act = json!({"action": "correct", "version": 1, "values": {"visitor": "马建军", "visit_no": "访1", "result": "另行答复。"}});
        let path = format!("{PAPERS}/{}", first["paper"]["id"].as_str().unwrap());
        let first = clerk.call("POST", &format!("{path}/actions"), &act).is(200).json();
        assert!(print(&clerk, &first).contains("已经办结：另行答复。"));

        town.falin(&["plugin", "rollback", "slips"]).ok();
        settled(|| known(&clerk)["generation"] == 1);
        assert!(print(&clerk, &third).contains("来访告知单") && print(&clerk, &first).contains("来访办理条"));

        town.falin(&["plugin", "disable", "slips"]).ok();
        town.falin(&["plugin", "remove", "slips"]).ok();
        settled(|| known(&clerk).is_null());
        assert!(print(&clerk, &third).contains("来访告知单") && print(&clerk, &first).contains("另行答复。"));
        assert_eq!(docx(&clerk, &second)[..2], *b"PK");
        let listed = clerk.get(&format!("{PAPERS}?kind={KIND}")).is(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 3);
        assert!(listed["items"].as_array().unwrap().iter().all(|one| one["title"] == "来访办理条"), "{listed}");
        assert!(town.program("clerk").in_english().get("/desk/papers").is(200).text().contains("Visit slip"));
        // Switched off first, then removed: the server follows what the command line did.
        settled(|| clerk.call("POST", PAPERS, &asks(&done, KIND)).status == 404);
        let voided = json!({"action": "void", "version": 1, "reason": "写错了"});
        let path = format!("{PAPERS}/{}/actions", third["paper"]["id"].as_str().unwrap());
        clerk.call("POST", &path, &voided).is(200);
        town.falin(&["audit", "verify"]).ok();
    }

    fn two_workflows_do_not_count_under_one_prefix(backend) {
        let town = Town::start(backend);
        let publisher = Publisher::trusted(&town);
        in_use(&town, &publisher);
        // The same code in another workflow is another kind; the same numbers would not be other numbers.
        let other = DECLARATION.replace("id = \"slips\"", "id = \"strips\"").replace("was = [\"slip\"]\n", "");
        let package = publisher.packed_folder(&town, &folder(&other, SLIP));
        town.falin(&["plugin", "install", &package]).ok();
        town.falin(&["plugin", "grant", "strips"]).ok();
        let said = town.falin(&["--lang", "en", "plugin", "enable", "strips"]).ended(1);
        assert!(format!("{}{}", said.stdout, said.stderr).contains("X访条"), "{}", said.stderr);
        // Nor would those of cases.
        let slip = SLIP.replace("访条\"", "来条\"");
        let brought = |declaration: &str| {
            let package = publisher.packed_folder(&town, &folder(declaration, &slip));
            town.falin(&["plugin", "install", &package]).ok();
            town.falin(&["plugin", "grant", "strips"]).ok();
            town.falin(&["--lang", "en", "plugin", "enable", "strips"])
        };
        let said = brought(&other.replace("1.0.0", "1.0.1")).ended(1);
        assert!(said.stderr.contains("begin with 访 are counted"), "{}", said.stderr);
        brought(&other.replace("1.0.0", "1.0.2").replace("\"访〔", "\"来〔")).ok();
        let clerk = town.program("clerk");
        let codes = || clerk.get("/api/v1/paper-kinds").is(200).body();
        settled(|| codes().contains("slips.slip") && codes().contains("strips.slip"));
    }

    fn the_manuals_example_is_checked_and_printed(backend) {
        let town = Town::start(backend);
        let folder = watchdog::fresh_directory().join("my-county").to_str().unwrap().to_owned();
        town.falin(&["plugin", "new", "my-county", "--dir", &folder]).ok();
        town.falin(&["plugin", "check", &folder]).ok();
        town.falin(&["plugin", "test", &folder]).ok();
        town.falin(&["plugin", "dev", &folder, "--once", "--place", "620200"]).ok();
        let clerk = town.program("clerk");
        let path = "/api/v1/workflows/my-county/request/cases";
        settled(|| clerk.get("/desk/workflows/my-county/request/new").status == 200);
        let case = clerk.call("POST", path, &json!({"applicant": "马建军", "matter": "查一份档案"})).is(201).json();
        let form = json!({"action": "finish", "version": case["version"], "result": "已查到。"});
        clerk.call("POST", &format!("{path}/{}/actions", case["id"].as_str().unwrap()), &form).is(200);
        let page = clerk.get(&format!("/desk/workflows/my-county/request/{}", case["id"].as_str().unwrap())).is(200);
        assert!(clerk.get(&page.link("办理结果告知书")).is(200).body().contains("查一份档案"));
        let new = json!({"kind": "my-county.result", "subject_noun": "my-county/request", "subject_id": case["id"]});
        let made = clerk.call("POST", PAPERS, &new).is(201).json();
        assert!(print(&clerk, &made).contains("您申请的“查一份档案”") && made["editions"][0]["blanks"] == json!([]), "{made}");
        let file = format!("{folder}/papers/result.toml");
        let text = std::fs::read_to_string(&file).unwrap().replace("{result}", "{reslut}");
        std::fs::write(&file, text).unwrap();
        for (lang, words) in [("zh", "插件包里的文书格式不合规定"), ("en", "A paper of the package is not sound")] {
            let said = town.falin(&["--lang", lang, "plugin", "check", &folder]).ended(1);
            let said = format!("{}{}", said.stdout, said.stderr);
            assert!(said.contains(words) && said.contains("papers/result.toml") && said.contains("reslut"), "{said}");
        }
    }

    fn a_package_with_a_bad_paper_is_refused_in_words_of_its_own(backend) {
        let town = Town::start(backend);
        let (admin, publisher) = (town.program("county_admin"), Publisher::trusted(&town));
        let packing = |declaration: &str, slip: &str| {
            let out = watchdog::fresh_directory().join("p.falin").to_str().unwrap().to_owned();
            let said = town.falin(&["plugin", "pack", &folder(declaration, slip), "--out", &out]).ended(1);
            format!("{}{}", said.stdout, said.stderr)
        };
        for (from, to, told) in [
            ("p 您的", "dance 您的", "papers/slip.toml:19: 版式：没有以“dance”开头的行"),
            ("{visit_no}", "{nobody}", "没有字段“nobody”"),
            ("[\"case.number\"]", "[\"case.shoe\"]", "case.shoe"),
            ("after = [\"shut\"]", "after = [\"burnt\"]", "papers/slip.toml:5: after：“burnt”既不是"),
            ("{office}访条", "{office}援决", "“{office}援决”系统自带的文书已经在用"),
            ("block = \"issue\"", "block = \"nobody\"", "没有共用的字段块“nobody”"),
        ] {
            let said = packing(DECLARATION, &SLIP.replacen(from, to, 1));
            assert!(said.contains(told), "{to}: {said}");
        }
        let covering = DECLARATION.replace("code = \"slip\"", "code = \"aid-grant\"");
        let said = packing(&covering, SLIP);
        assert!(said.contains("aid-grant") && said.contains("系统自带的文书"), "{said}");
        let said = packing(&DECLARATION.replace("was = [\"slip\"]", "was = [\"aid-grant\"]"), SLIP);
        assert!(said.contains("“aid-grant”是系统自带的文书，不能当作别的文书的旧代码"), "{said}");

        // The same at the door, in both languages, and nothing stays.
        let text = |declaration: &str, slip: &str| {
            publisher.signed(&[("plugin.toml", declaration), ("papers/slip.toml", slip)])
        };
        let bad = text(DECLARATION, &SLIP.replace("p 您的", "dance 您的"));
        let told = upload(&admin, &bad).refused(422, "package.paper").json();
        assert_eq!(told["fields"][0]["name"], "papers/slip.toml", "{told}");
        assert_eq!(told["fields"][0]["line"], 19, "{told}");
        upload(&admin, &text(&covering, SLIP)).refused(422, "package.paper_of_house");
        let english = upload(&admin.in_english(), &text(&covering, SLIP)).body();
        assert!(english.contains("a paper of the house"), "{english}");
        assert_eq!(town.number("SELECT count(*) FROM plugin_package"), 0);
    }
}
