//! A question from every door to its end: programs, the window, and residents without an account.

use falin_domain::workflow::core;
use serde_json::{Value, json};

use super::uploads::send;
use crate::town::rosters::id_number;
use crate::town::{Answer, Backend, Client, Town, on_both};

const ASK: &str = "/api/v1/consultations";
/// The village of the lawyer who has an account.
const VILLAGE: &str = "620201100201";
const ROLES: [&str; 9] = [
    "resident",
    "lawyer",
    "mediator",
    "clerk",
    "aid_officer",
    "county_admin",
    "security_admin",
    "audit_admin",
    "platform_admin",
];

fn question(phone: &str) -> Value {
    json!({"question": "老板欠我三个月工资", "asker": "张建国", "phone": phone, "channel": "phone",
        "matter": "wages", "place": VILLAGE})
}

fn opened(clerk: &Client, phone: &str) -> Value {
    clerk.call("POST", ASK, &question(phone)).is(201).json()
}

fn acts(case: &Value) -> String {
    format!("{ASK}/{}/actions", case["id"].as_str().unwrap())
}

/// Takes a step on the case as it is now.
fn act(client: &Client, case: &Value, action: &str, mut fields: Value) -> Answer {
    let now = client.get(&format!("{ASK}/{}", case["id"].as_str().unwrap()));
    let version = if now.status == 200 { now.json()["version"].clone() } else { json!(1) };
    fields["action"] = json!(action);
    fields["version"] = version;
    client.call("POST", &acts(case), &fields)
}

fn actions(case: &Value) -> Vec<String> {
    let all = case["allowed_actions"].as_array().unwrap();
    all.iter().map(|one| one["action"].as_str().unwrap().to_owned()).collect()
}

/// The number's row of the list, asked for by this query.
fn count(client: &Client, query: &str) -> usize {
    client.get(&format!("{ASK}?{query}")).is(200).json()["items"].as_array().unwrap().len()
}

on_both! {
    fn a_question_is_led_answered_and_closed(backend) {
        let town = Town::start(backend);
        let (clerk, lawyer, resident) = (town.program("clerk"), town.program("lawyer"), town.program("resident"));
        let made = clerk.call("POST", ASK, &question("13912345678")).is(201);
        assert!(made.header("etag").is_some());
        let case = made.json();
        assert_eq!((case["state"].as_str(), case["routed_by"].as_str()), (Some("open"), Some("village")), "{case}");
        assert_eq!(case["next_actor"]["role"], "lawyer");
        assert!(case["next_actor"]["user_id"].is_string(), "{case}");
        assert_eq!(case["deadlines"][0]["kind"], "consultation.answer");
        assert!(case["deadlines"][0]["due"].as_str().unwrap().contains('T'), "a period of hours has a clock");
        let path = format!("{ASK}/{}", case["id"].as_str().unwrap());

        resident.get(&path).refused(404, "not_found");
        town.program("mediator").get(&path).refused(404, "not_found");
        town.program("audit_admin").get(&path).refused(404, "not_found");
        let seen = lawyer.get(&path).is(200);
        assert_eq!(seen.header("etag"), clerk.get(&path).is(200).header("etag"));
        assert!(actions(&seen.json()).contains(&"answer".to_owned()));
        for (query, found) in [
            ("state=open", 1), ("state=answered", 0), ("open=true", 1), ("open=false", 0), ("q=zhangjianguo", 1),
            ("q=%E5%BC%A0%E5%BB%BA", 1), ("queue=turn", 0), ("queue=call_back", 0), (&format!("place={VILLAGE}") as &str, 1),
            ("place=620201001001", 0),
        ] {
            assert_eq!(count(&clerk, query), found, "{query}");
        }
        assert_eq!((count(&lawyer, "queue=mine"), count(&lawyer, "queue=turn")), (1, 1));
        let number = crate::town::client::encode(case["number"].as_str().unwrap());
        assert_eq!(count(&clerk, &format!("q={number}")), 1);

        let bad = act(&lawyer, &case, "answer", json!({"outcome": "nonsense"})).refused(422, "form.invalid").json();
        let fields: Vec<_> = bad["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
        assert!(fields.contains(&"answer") && fields.contains(&"outcome"), "{bad}");
        let answer = json!({"answer": "向劳动监察投诉", "outcome": "answered"});
        let stale = json!({"action": "answer", "version": 1, "answer": "x", "outcome": "answered"});
        lawyer.call("POST", &acts(&case), &stale).refused(409, "state.changed");
        act(&lawyer, &case, "rate", json!({"satisfaction": "very"})).refused(403, "access.denied");
        act(&clerk, &case, "rate", json!({"satisfaction": "very"})).refused(422, "action.not_allowed");
        let done = act(&lawyer, &case, "answer", answer.clone()).is(200).json();
        assert_eq!((done["state"].as_str(), done["deadlines"].as_array().unwrap().len()), (Some("answered"), 0));
        act(&lawyer, &case, "answer", answer).refused(422, "action.not_allowed");
        let again = act(&clerk, &case, "follow_up", json!({"note": "监察说不归他们管"})).is(200).json();
        assert_eq!((again["state"].as_str(), again["deadlines"].as_array().unwrap().len()), (Some("open"), 1));
        let referred = act(&clerk, &case, "refer_mediation", json!({"note": "双方愿意谈"})).is(200).json();
        assert_eq!(referred["state"], "closed");
        assert!(referred["next_actor"].is_null());
        assert_eq!(referred["links"][0]["flow"], "mediation");
        let born = format!("/api/v1/mediation-cases/{}", referred["links"][0]["id"].as_str().unwrap());
        assert_eq!(town.program("mediator").get(&born).is(200).json()["state"], "applied");
    }

    fn one_key_opens_one_question_and_a_ticket_one_case(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let first = clerk.call_once("k1", ASK, &question("13912345678")).is(201).json();
        assert_eq!(clerk.call_once("k1", ASK, &question("13912345678")).is(201).json()["id"], first["id"]);
        clerk.call_once("k1", ASK, &question("13900000000")).refused(422, "idempotency.mismatch");
        let mut ticket = question("13912345678");
        ticket["external_number"] = json!("12345-2026-0007");
        let taken = clerk.call("POST", ASK, &ticket).is(201).json();
        assert_eq!(taken["old_number"], "12345-2026-0007");
        clerk.call("POST", ASK, &ticket).refused(409, "case.number_taken");
        let asked = |number: &str| clerk.get(&format!("{ASK}?q={}", crate::town::client::encode(number)));
        assert_eq!(asked("12345-2026-0007").is(200).json()["items"][0]["id"], taken["id"]);
        assert_eq!(asked("12345-2026-0008").status, 422, "digits in a row belong into no address");
        assert_eq!(count(&clerk, "open=true"), 2);
    }

    fn files_and_offers_travel_with_the_question(backend) {
        let town = Town::start(backend);
        let (clerk, lawyer) = (town.program("clerk"), town.program("lawyer"));
        let case = opened(&clerk, "13912345678");
        let path = format!("{ASK}/{}", case["id"].as_str().unwrap());
        let photo = [b"\xFF\xD8\xFF".as_slice(), &[7; 3000]].concat();
        let sent = send(&clerk, &format!("{path}/files"), &[], "欠条.jpg", &photo).is(201).json();
        let file = sent["files"][0]["id"].as_str().unwrap();
        assert_eq!((sent["files"][0]["name"].as_str(), sent["files"][0]["media_type"].as_str()), (Some("欠条.jpg"), Some("image/jpeg")));
        assert_eq!(lawyer.get(&format!("{path}/files/{file}")).is(200).bytes, photo);
        town.program("resident").get(&format!("{path}/files/{file}")).refused(404, "not_found");
        send(&clerk, &format!("{path}/files"), &[], "a.jpg", b"MZ...").refused(422, "form.invalid");
        let hex = if backend == Backend::Sqlite { "lower(hex(body_sealed))" } else { "encode(body_sealed, 'hex')" };
        let kept = town.texts(&format!("SELECT {hex} AS t FROM attachment_part"));
        assert!(kept.iter().all(|text| !text.contains("0707070707")), "a file lies open");

        let other = workers(&town)[1].clone();
        let version = lawyer.get(&path).is(200).json()["version"].clone();
        let offer = json!({"worker": other, "reason": "出差", "version": version});
        lawyer.call("POST", &format!("{path}/offers"), &offer).is(200);
        lawyer.call("POST", &format!("{path}/offers"), &offer).refused(409, "case.offered");
        lawyer.call("POST", &format!("{path}/offers/answer"), &json!({"answer": "withdraw"})).is(200);
        lawyer.call("POST", &format!("{path}/offers/answer"), &json!({"answer": "accept"})).refused(404, "not_found");
    }

    fn every_state_action_and_role_is_decided(backend) {
        let town = Town::start(backend);
        let clients: Vec<(&str, Client)> = ROLES.iter().map(|role| (*role, town.program(role))).collect();
        let by = |role: &str| &clients.iter().find(|(name, _)| *name == role).unwrap().1;
        let flow = core().iter().find(|flow| flow.id == "consultation").unwrap();
        let note = json!({"note": "一句话"});
        let ways: [(&str, &[(&str, &str, Value)]); 7] = [
            ("open", &[]),
            ("complaint", &[]),
            ("asked_back", &[("lawyer", "ask_back", note.clone())]),
            ("call_back", &[("clerk", "want_call", json!({}))]),
            ("answered", &[("lawyer", "answer", json!({"answer": "去投诉", "outcome": "answered"}))]),
            ("closed", &[("lawyer", "answer", json!({"answer": "去投诉", "outcome": "answered"})), ("lawyer", "close", json!({}))]),
            ("withdrawn", &[("clerk", "withdraw", json!({}))]),
        ];
        assert_eq!(ways.len(), flow.state.len(), "a state without a way");
        for (state, way) in ways {
            let mut form = question("13912345678");
            form["kind"] = json!(if state == "complaint" { "complaint" } else { "question" });
            let case = by("clerk").call("POST", ASK, &form).is(201).json();
            for (role, action, fields) in way {
                act(by(role), &case, action, fields.clone()).is(200);
            }
            let path = format!("{ASK}/{}", case["id"].as_str().unwrap());
            let before = by("clerk").get(&path).is(200).json();
            assert_eq!(before["state"], state);
            for (role, client) in &clients {
                let seen = client.get(&path);
                let allowed = if seen.status == 200 { actions(&seen.json()) } else { Vec::new() };
                for step in flow.step.iter().filter(|step| !step.from.is_empty()) {
                    let named = step.roles.iter().any(|one| one.code() == *role);
                    let open = step.begins_in(state, flow.state(state).unwrap().closed);
                    let may = allowed.contains(&step.action);
                    assert!(!may || (named && open), "{role} may {} in {state}", step.action);
                    if may {
                        continue;
                    }
                    let fields = json!({"action": step.action, "version": before["version"]});
                    let told = client.call("POST", &acts(&case), &fields);
                    let code = told.json()["code"].as_str().unwrap_or_default().to_owned();
                    let wanted = ["access.denied", "not_found", "form.invalid", "action.not_allowed"];
                    assert!(wanted.contains(&code.as_str()), "{role} {} in {state}: {} {code}", step.action, told.status);
                }
            }
            assert_eq!(by("clerk").get(&path).is(200).json()["version"], before["version"], "something moved in {state}");
        }
    }

    fn the_database_refuses_illegal_states_and_moves(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        opened(&clerk, "13912345678");
        clerk.call("POST", "/api/v1/mediation-cases", &json!({"applicant": "张建国", "facts": "邻居占了路", "dispute": "neighbours", "place": VILLAGE})).is(201);
        for attack in [
            "UPDATE casefile SET state = 'nonsense' WHERE flow = 'consultation'",
            "UPDATE casefile SET state = 'granted' WHERE flow = 'consultation'",
            "UPDATE casefile SET state = 'failed' WHERE flow = 'mediation'",
            "UPDATE casefile SET state = 'closed' WHERE flow = 'consultation'",
            "UPDATE casefile SET flow = 'aid' WHERE flow = 'consultation'",
            "UPDATE casefile SET closed_ms = 1 WHERE flow = 'consultation'",
            "DELETE FROM casefile",
            "UPDATE casefile_step SET action = 'answer'",
            "DELETE FROM casefile_step",
        ] {
            town.sql(attack).expect_err(attack);
        }
        assert_eq!(town.number("SELECT COUNT(*) FROM casefile WHERE state IN ('open', 'applied')"), 2);
    }

    fn a_resident_without_an_account_asks_follows_and_rates(backend) {
        let town = Town::start(backend);
        let (browser, lawyer) = (town.visitor(), town.program("lawyer"));
        let home = browser.get("/zh/620200/").is(200);
        let page = browser.get(&home.link("写下来问律师")).is(200);
        let page = browser.get(&page.link("新城镇")).is(200);
        let page = browser.get(&page.link("横沟")).is(200);
        assert!(page.bytes.len() < 60 << 10 && page.text().contains("横沟"), "{}", page.text());
        let wrong = browser.fill(&page, "/ask", &[("question", "老板欠薪怎么办"), ("phone", "139123")]).is(422);
        let text = wrong.text();
        assert!(wrong.body().contains("老板欠薪怎么办") && wrong.body().contains("139123"), "{text}");
        assert!(text.contains("写上怎么称呼您"), "{text}");
        let large = browser.otherwise(&wrong, "zh-large26", &[("asker", "张建国")]).is(200);
        assert!(large.body().contains("老板欠薪怎么办") && large.body().contains("张建国"), "{}", large.text());
        assert_eq!(town.number("SELECT COUNT(*) FROM casefile"), 0, "drawn again is not sent");
        let sent = browser.fill(&wrong, "/ask", &[("phone", "139 1234 5678"), ("asker", "张建国")]).is(200);
        let text = sent.text();
        assert!(text.contains("收到了") && text.contains("仇文静") && text.contains("法律顾问"), "{text}");
        let number = town.texts("SELECT number AS t FROM casefile").pop().unwrap();
        assert!(text.contains(&number), "{text}");
        let twice = browser.fill(&wrong, "/ask", &[("phone", "13912345678"), ("asker", "张建国")]).is(200);
        assert!(twice.text().contains(&number), "a form sent twice opens one");
        assert!(sent.header("set-cookie").is_none());

        let find = browser.get("/zh/620200/progress").is(200);
        let wrong = browser.fill(&find, "/progress", &[("number", &number), ("phone", "13900000000")]).is(404);
        assert!(wrong.text().contains("编号和电话对不上"), "{}", wrong.text());
        let english = browser.otherwise(&wrong, "en", &[("phone", "13912345678")]).is(200);
        assert!(english.body().contains("13912345678") && !english.text().contains("老板欠薪"), "{}", english.text());
        let typed = number.replace('〔', "[").replace('〕', "]").replace('号', "");
        let seen = browser.fill(&find, "/progress", &[("number", &typed), ("phone", "13912345678")]).is(200);
        assert!(seen.text().contains("老板欠薪怎么办") && seen.text().contains("待答复"), "{}", seen.text());
        assert!(browser.otherwise(&seen, "en", &[]).is(200).text().contains("老板欠薪怎么办"));
        assert_eq!(seen.path, "/zh/620200/progress");

        let id = town.texts(&format!("SELECT {} AS t FROM casefile", hex(backend, "id"))).pop().unwrap();
        let case = json!({"id": uuid(&id)});
        act(&lawyer, &case, "ask_back", json!({"note": "有没有合同？"})).is(200);
        let seen = browser.fill(&find, "/progress", &[("number", &number), ("phone", "13912345678")]).is(200);
        assert!(seen.text().contains("有没有合同？") && seen.text().contains("请补充"), "{}", seen.text());
        let form = browser.fill(&seen, "/progress", &[("step", "supply")]).is(200);
        let english = browser.otherwise(&form, "en", &[("note", "还在写")]).is(200);
        assert!(english.body().contains("还在写"), "{}", english.text());
        let empty = browser.fill(&form, "/progress", &[("note", " ")]).is(422);
        let done = browser.fill(&empty, "/progress", &[("note", "没有合同，有考勤")]).is(200);
        assert!(done.text().contains("没有合同，有考勤") && done.text().contains("待答复"), "{}", done.text());
        let voice = [b"#!AMR\n".as_slice(), &[1; 500]].concat();
        let fields = [("number", number.as_str()), ("phone", "13912345678")];
        let added = send(&browser, "/zh/620200/progress/files", &fields, "说一段.amr", &voice).is(200);
        assert!(added.text().contains("说一段.amr"), "{}", added.text());
        act(&lawyer, &case, "answer", json!({"answer": "向劳动监察投诉", "outcome": "answered"})).is(200);
        let seen = browser.fill(&find, "/progress", &fields).is(200);
        assert!(seen.text().contains("向劳动监察投诉"), "{}", seen.text());
        let form = browser.fill(&seen, "/progress", &[("step", "rate")]).is(200);
        let done = browser.fill(&form, "/progress", &[("satisfaction", "very")]).is(200);
        assert!(done.text().contains("已办结"), "{}", done.text());
        let english = town.visitor().in_english();
        let find = english.get("/en/620200/progress").is(200);
        assert!(english.fill(&find, "/progress", &fields).is(200).text().contains("Closed"));
        for _ in 0..12 {
            english.fill(&find, "/progress", &[("number", &number), ("phone", "13900000001")]);
        }
        english.fill(&find, "/progress", &fields).is(429);
    }

    fn a_question_without_a_name_and_from_a_card(backend) {
        let town = Town::start(backend);
        let browser = town.visitor();
        let page = browser.get(&format!("/zh/620200/ask?place={VILLAGE}")).is(200);
        let sent = browser.fill(&page, "/ask", &[("question", "离婚要多久"), ("anonymous", "true")]).is(200);
        assert!(sent.text().contains("没有留电话"), "{}", sent.text());
        assert_eq!(town.number("SELECT COUNT(*) FROM casefile WHERE person_name = '' AND phone_index IS NULL"), 1);
        // Who cannot write says it; the recording stands for the words, and sent twice it is one question.
        let spoken = [b"#!AMR\n".as_slice(), &[7; 400]].concat();
        let fields = [("place", VILLAGE), ("asker", "马大爷"), ("phone", "13909370009"), ("question", " ")];
        for _ in 0..2 {
            send(&browser, "/zh/620200/ask", &fields, "说一段.amr", &spoken).is(200);
        }
        let other = [b"#!AMR\n".as_slice(), &[9; 300]].concat();
        send(&browser, "/zh/620200/ask", &fields, "又说一段.amr", &other).is(200);
        assert_eq!(town.number("SELECT COUNT(*) FROM attachment"), 2);
        assert_eq!(town.number("SELECT COUNT(*) FROM casefile"), 3);
        let clerk = town.program("clerk");
        let last = clerk.get(ASK).is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
        let heard = clerk.get(&format!("{ASK}/{last}")).is(200).json();
        assert!(heard["fields"]["question"].as_str().unwrap().contains("听录音"), "{heard}");
        let third = [b"#!AMR\n".as_slice(), &[5; 300]].concat();
        send(&browser, "/en/620200/ask", &fields, "said.amr", &third).is(200);
        let last = clerk.get(ASK).is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
        let heard = clerk.get(&format!("{ASK}/{last}")).is(200).json();
        assert_eq!(heard["fields"]["question"], "(Spoken: please listen to the recording)");
        send(&browser, "/zh/620200/ask", &fields, "问.exe", b"MZ").is(422);
        let nothing = browser.fill(&page, "/ask", &[("question", ""), ("anonymous", "true")]).is(422);
        assert!(nothing.body().contains("class=\"errors\""), "neither words nor a recording");
        let voice = browser.fill(&page, "/ask", &[("question", "离婚要多久"), ("anonymous", "true"), ("want", "call")]).is(422);
        assert!(voice.text().contains("留个电话"), "{}", voice.text());
        for evil in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
            let kind = ("content-type", "application/x-www-form-urlencoded");
            browser.send("POST", "/zh/620200/ask", &[kind, evil], b"question=x".to_vec()).refused(403, "csrf.invalid");
        }
    }

    fn a_known_caller_is_recorded_in_eight_keystrokes(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let page = clerk.get("/desk/intake").is(200);
        // Keys beside what is said: four digits and Enter ...
        let found = clerk.fill(&page, "/desk/intake/caller", &[("phone", "0000")]).is(200);
        let text = found.text();
        assert!(text.contains("户主") && text.contains("别人"), "{text}");
        assert!(found.body().contains("autofocus"), "the question waits for the keys");
        // ... question, Tab, answer, Tab, Enter: eight.
        let said = [("question", "宅基地能不能翻建"), ("answer", "先到村委会申请")];
        let done = clerk.fill(&found, "/desk/intake", &said).is(200);
        assert!(done.text().contains("记下了"), "{}", done.text());
        let api = town.program("clerk");
        let list = api.get(ASK).is(200).json();
        let case = &list["items"][0];
        assert_eq!((case["state"].as_str(), case["person"].as_str()), (Some("answered"), Some("张建国")), "{list}");
        let case = api.get(&format!("{ASK}/{}", case["id"].as_str().unwrap())).is(200).json();
        assert!(case["household_id"].is_string());
        assert_eq!(case["fields"]["phone"], "13800000000");
        assert_eq!((case["steps"].as_array().unwrap().len(), case["fields"]["channel"].as_str()), (2, Some("phone")));

        let page = clerk.get("/desk/intake").is(200);
        let found = clerk.fill(&page, "/desk/intake/caller", &[("phone", "13800000000")]).is(200);
        assert!(found.text().contains("宅") || found.text().contains("已答复"), "earlier questions: {}", found.text());
        let ticket = [("question", "转来的工单"), ("caller", "else"), ("asker", "李四"), ("external_number", "热线7号")];
        let first = clerk.fill(&found, "/desk/intake", &ticket).is(200);
        assert!(first.text().contains("记下了"), "{}", first.text());
        let again = clerk.fill(&found, "/desk/intake", &ticket).is(200);
        assert!(again.text().contains("以前接过"), "{}", again.text());
        let way = [("question", "想请律师打官司"), ("way", "aid")];
        clerk.fill(&found, "/desk/intake", &way).is(200);
        assert_eq!(town.number("SELECT COUNT(*) FROM casefile WHERE flow = 'aid'"), 1);
        let refused = clerk.fill(&found, "/desk/intake", &[("question", ""), ("answer", "说过了")]).is(422);
        assert!(refused.body().contains("说过了"));
        let lost = clerk.get("/desk/consultations?q=lisi").is(200);
        assert!(lost.text().contains("李四"), "{}", lost.text());
    }

    fn the_window_opens_a_residents_own_account(backend) {
        let town = Town::start(backend);
        let clerk = town.program("clerk");
        let page = clerk.get("/desk/intake").is(200);
        let found = clerk.fill(&page, "/desk/intake/caller", &[("phone", "0000")]).is(200);
        clerk.fill(&found, "/desk/intake", &[("question", "宅基地能不能翻建")]).is(200);
        let list = clerk.get(&format!("/api/v1/households?village={VILLAGE}&q=zhangjianguo")).is(200).json();
        let home = list["items"][0]["id"].as_str().unwrap();
        let path = format!("/desk/households/{home}/account");
        let form = clerk.get(&path).is(200);
        let wrong = clerk.fill(&form, "/account", &[("id_number", "11010519491231002X")]).is(422);
        assert!(wrong.text().contains("没有登记") && !wrong.body().contains("11010519491231002X"), "{}", wrong.text());
        let card = id_number("620201", "19500115", 0);
        let slip = clerk.fill(&form, "/account", &[("id_number", &card)]).is(200);
        let body = slip.body();
        let code = body.split("<b class=\"who\">").nth(1).unwrap().split("</b>").next().unwrap();
        town.program("lawyer").get(&path).refused(403, "access.denied");

        let resident = town.visitor();
        let page = resident.get("/zh/620200/activate").is(200);
        let page = resident.fill(&page, "/activate", &[("username", "zhangjianguo"), ("slip", code)]).is(200);
        let secret = "jiayuguan lantern 2026";
        let page = resident.fill(&page, "/activate", &[("password", secret), ("again", secret)]).is(200);
        assert_eq!(page.path, "/my");
        let my = resident.get("/my").is(200);
        // The box that looks through the county's households is not for who has three cases.
        assert!(!my.body().contains("/desk/search"));
        let number = town.texts("SELECT number AS t FROM casefile").pop().unwrap();
        assert!(my.text().contains(&number) && my.text().contains("待答复"), "{}", my.text());
        let case = resident.get(&my.link("咨询")).is(200);
        assert!(case.text().contains("宅基地能不能翻建"), "{}", case.text());
        let new = resident.get("/desk/consultations/new").is(200);
        resident.fill(&new, "/desk/consultations", &[("question", "低保怎么申请"), ("asker", "张建国"), ("phone", "13800000000")]).is(200);
        assert_eq!(town.number("SELECT COUNT(*) FROM casefile WHERE household_id IS NOT NULL AND resident_id IS NOT NULL"), 2);
        let page = clerk.get(&format!("/desk/households/{home}")).is(200);
        assert!(page.text().contains("本人看得到"));
        clerk.fill(&page, "/reveal", &[("reason", "contact")]).is(200);
        let lawyer = town.program("lawyer");
        let mine = lawyer.get(&format!("{ASK}?queue=mine")).is(200).json();
        lawyer.get(&format!("{ASK}/{}", mine["items"][1]["id"].as_str().unwrap())).is(200);
        std::thread::sleep(std::time::Duration::from_millis(1500));
        let my = resident.get("/my").is(200);
        assert!(my.text().contains("谁看过我的事") && my.text().contains(&number), "{}", my.text());
        for said in ["谁看过您家的登记", "打电话联系", "看了登记，号码和住址遮着", "请求删除"] {
            assert!(my.text().contains(said), "{said}: {}", my.text());
        }
        assert!(!my.body().contains(&card), "on the page the number is masked");
        let file = resident.get("/my/data.xlsx").is(200);
        assert!(file.header("content-disposition").unwrap().contains("my-data.xlsx"));
        let data = resident.get("/api/v1/me/data").is(200).json();
        assert_eq!((&data["household"]["id_number"], data["cases"].as_array().unwrap().len()), (&json!(card), 2));
        let read = data["household"]["readings"].as_array().unwrap();
        assert!(read.iter().any(|one| one["reason"] == "contact") && read.iter().all(|one| one["name"] != "张建国"), "{read:?}");
        let form = resident.get(&my.link("请求更正")).is(200);
        assert!(form.body().contains("请更正我的信息"), "{}", form.text());
        let asked = [("asker", "张建国"), ("phone", "13800000000")];
        let case = resident.fill(&form, "/desk/consultations", &asked).is(200);
        assert!(case.text().contains("待处理的投诉"), "the window has it: {}", case.text());
        std::thread::sleep(std::time::Duration::from_millis(1500));
        assert!(clerk.get(&format!("/desk/households/{home}")).is(200).text().contains("张建国"), "that a copy was taken is seen");
        let staff = town.program("lawyer").get("/api/v1/me/data").is(200).json();
        assert_eq!(staff["household"], Value::Null, "an account that is tied to no household has none");
        town.sql("UPDATE resident_home SET household_id = account_id").expect_err("a home is kept");
    }
}

fn workers(town: &Town) -> Vec<String> {
    let found = town.program("county_admin").get("/api/v1/legal-workers").is(200).json();
    found["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

fn hex(backend: Backend, column: &str) -> String {
    match backend {
        Backend::Sqlite => format!("lower(hex({column}))"),
        Backend::Postgres => format!("encode({column}, 'hex')"),
    }
}

fn uuid(hex: &str) -> String {
    let cut = [0, 8, 12, 16, 20, 32];
    cut.windows(2).map(|ends| &hex[ends[0]..ends[1]]).collect::<Vec<_>>().join("-")
}
