//! Papers of the county workflows, drawn from cases that were led there: offered by the step that asks for them, filled
//! with what the case says, issued under a number that the case gives or the office counts. And what stands on the
//! workflows' boards.

use falin_domain::spoken;
use serde_json::{Value, json};

use super::duties::today;
use super::plugins::{Publisher, settled};
use crate::town::{Client, Town, on_both};

const PAPERS: &str = "/api/v1/papers";
const VILLAGE: &str = "620201100201";

/// A town in which one workflow of the house is in use, and those who work on its cases.
struct Office {
    /// Kept open as long as its people work.
    town: Town,
    clients: Vec<(&'static str, Client)>,
}

/// A case of the workflow, as its latest step left it.
struct Led<'a> {
    office: &'a Office,
    flow: &'static str,
    case: Value,
}

impl Office {
    fn with(town: Town, plugin: &str) -> Self {
        Publisher::trusted(&town).puts_in_use(&town, plugin);
        let roles = ["clerk", "county_admin", "lawyer", "mediator"];
        let clients: Vec<_> = roles.iter().map(|role| (*role, town.program(role))).collect();
        let office = Self { town, clients };
        let flows = || office.by("clerk").get("/api/v1/workflows").json();
        settled(|| flows()["items"].as_array().is_some_and(|all| !all.is_empty()));
        office
    }

    fn by(&self, role: &str) -> &Client {
        &self.clients.iter().find(|(name, _)| *name == role).unwrap().1
    }

    /// Opens a case of a flow, written `plugin/flow`.
    fn opens(&self, flow: &'static str, role: &str, form: Value) -> Led<'_> {
        let case =
            self.by(role).call("POST", &format!("/api/v1/workflows/{flow}/cases"), &form).is(201).json();
        Led { office: self, flow, case }
    }

    fn worker(&self) -> Value {
        let found = self.by("county_admin").get("/api/v1/legal-workers?limit=100").is(200).json();
        let mut all = found["items"].as_array().unwrap().clone();
        all.sort_by_key(|one| one["licence"].as_str().unwrap_or("~").to_owned());
        all[0]["id"].clone()
    }
}

impl Led<'_> {
    fn id(&self) -> &str {
        self.case["id"].as_str().unwrap()
    }

    fn number(&self) -> &str {
        self.case["number"].as_str().unwrap()
    }

    fn act(mut self, role: &str, action: &str, mut fields: Value) -> Self {
        (fields["action"], fields["version"]) = (json!(action), self.case["version"].clone());
        let path = format!("/api/v1/workflows/{}/cases/{}/actions", self.flow, self.id());
        let done = self.office.by(role).call("POST", &path, &fields);
        assert_eq!(done.status, 200, "{action}: {}", done.body());
        self.case = done.json();
        self
    }

    /// The whole name of a paper that the workflow's package brings.
    fn whole(&self, kind: &str) -> String {
        format!("{}.{kind}", self.flow.split('/').next().unwrap())
    }

    /// Whether the case asks for this paper now.
    fn asks_for(&self, kind: &str) -> bool {
        let kind = self.whole(kind);
        let path = format!("/api/v1/paper-kinds?noun={}&subject={}", self.flow, self.id());
        let found = self.office.by("clerk").get(&path).is(200).json();
        found["items"].as_array().unwrap().iter().any(|one| one["code"] == *kind && one["now"] == true)
    }

    /// Within its own workflow a paper is known by its own name.
    fn refuses(&self, kind: &str) {
        let new = json!({"kind": kind, "subject_noun": self.flow, "subject_id": self.id()});
        self.office.by("clerk").call("POST", PAPERS, &new).refused(409, "paper.early");
    }

    /// The case's page offers the paper; issued as it opens it is whole, and its print says these words.
    fn prints(&self, kind: &str, title: &str, words: &[&str]) -> Value {
        assert!(self.asks_for(kind), "{kind} is not asked for");
        let clerk = self.office.by("clerk");
        let page = clerk.get(&format!("/desk/workflows/{}/{}", self.flow, self.id())).is(200).body();
        let whole = self.whole(kind);
        assert!(page.contains(&format!("kind&#x3D;{whole}&amp;")), "{kind}: {page}");
        let new = json!({"kind": whole, "subject_noun": self.flow, "subject_id": self.id()});
        let made = clerk.call("POST", PAPERS, &new).is(201).json();
        assert_eq!(made["editions"][0]["blanks"], json!([]), "{kind}: {made}");
        let id = made["paper"]["id"].as_str().unwrap();
        // Figures stand apart from the words about them.
        let print = clerk.get(&format!("/desk/papers/{id}/print")).is(200).text().replace(' ', "");
        for word in std::iter::once(&title).chain(words) {
            assert!(print.contains(&word.replace(' ', "")), "{kind} lacks {word}: {print}");
        }
        let docx = clerk.get(&format!("{PAPERS}/{id}.docx")).is(200);
        assert!(docx.body().starts_with("PK"));
        assert!(!self.asks_for(kind), "{kind} is asked for again");
        made
    }
}

on_both! {
    fn a_round_table_calls_people_together_and_writes_what_they_found(backend) {
        let office = Office::with(Town::start(backend), "round-table");
        let led = office.opens("round-table/meeting", "clerk", json!({"title": "水渠怎么分水", "applicant": "马建军", "capacity": "committee",
            "matter": "water", "facts": "上游下游争水", "households": 30, "place": VILLAGE}));
        led.refuses("table-notice");
        let led = led
            .act("clerk", "accept", json!({"kind": "round_table", "willing": true, "worker": office.worker()}))
            .act("clerk", "schedule", json!({"channel": "on_site", "starts_at": "2026-12-10T09:30:00+08:00", "minutes": 90, "venue": "村委会院里",
                "topics": [{"topic": "轮灌的次序"}, {"topic": "渠道维修的钱"}], "invited": [{"name": "四组组长"}, {"name": "水管所"}]}));
        led.prints("table-notice", "法治圆桌会议通知", &["四组组长、水管所：", "2026年12月10日", "在村委会院里召开“水渠怎么分水”", "2．渠道维修的钱", "参加会议凭自愿"]);
        let led = led
            .act("clerk", "hold", json!({"held_on": "2026-11-20", "chair": "马建军", "recorder": "李会计", "attendees": [{"name": "王强", "role": "villager"}],
                "present": 26, "asked": 3, "answered": 3}))
            .act("clerk", "resolve", json!({"speeches": [{"who": "王强", "point": "先下游"}], "legal_opinion": "按民法典第二百九十条，尊重自然流向。",
                "resolutions": [{"content": "先下游后上游，每组六小时", "yes": 24, "no": 1, "abstain": 1}], "has_tasks": false, "rules_change": false}));
        let words = ["到会26人", "1．先下游后上游，每组六小时（同意24人，反对1人，弃权1人）", "尊重自然流向", "不是裁判文书"];
        led.prints("table-opinion", "法治圆桌会议意见书", &words);
    }

    fn a_warning_goes_out_as_a_sheet_under_the_cases_number(backend) {
        let office = Office::with(Town::start(backend), "litigation-index");
        let led = office.opens("litigation-index/warning", "county_admin", json!({"area": VILLAGE, "category": "property", "window_end": "2026-11-20",
            "cases": 18, "baseline": 6, "threshold": 12, "unit_kind": "township", "unit": "新城镇", "instruction": "与物业、业委会先行调解。", "due_on": "2026-12-25"}));
        let made = led.prints("warning-order", "诉源治理预警指令单", &["新城镇：", "收案18件，平时七日为6件，超过预警线（12件）", "于2026年12月25日前办结", "前签收", "的七日内，新城镇横沟村“物业服务”类案件", "不涉及任何个人"]);
        assert_eq!(made["paper"]["number"], led.number());
        led.refuses("warning-tasks");
        let led = led.act("clerk", "acknowledge", json!({"received_by": "值班员"})).act("clerk", "plan", json!({"causes": "供暖收费", "plan": "分小区座谈",
            "tasks": [{"task": "摸底", "owner": "司法所", "by": "2026-12-01"}]}));
        led.prints("warning-tasks", "预警处置任务清单", &["供暖收费", "摸底", "司法所", "2026年12月1日"]);
    }

    fn a_review_ends_in_an_opinion_under_its_own_number(backend) {
        let office = Office::with(Town::start(backend), "legality-review");
        let led = office.opens("legality-review/review", "clerk", json!({"kind": "contract", "title": "供热特许经营协议", "unit": "市住房和城乡建设局",
            "submitted_on": "2026-11-16", "papers": ["draft", "explanation"]}));
        let led = led.act("clerk", "accept", json!({"complete": true})).act("clerk", "assign", json!({"worker": office.worker()}))
            .act("clerk", "draft", json!({"interest": false, "conclusion": "amend", "points": [{"clause": "第八条", "problem": "违约金过高", "proposal": "改为千分之三"}],
                "opinion": "主体适格，程序合法。"}))
            .act("county_admin", "check", json!({}));
        led.refuses("review-opinion");
        let led = led.act("county_admin", "issue", json!({"form": "written", "opinion_number": "嘉法审意〔2026〕7号", "issued_on": "2026-11-20"}));
        let words = ["市住房和城乡建设局：", "2026年11月16日送审的“供热特许经营协议”", "修改后合法", "1．第八条：违约金过高。建议：改为千分之三", "2026年11月20日"];
        let made = led.prints("review-opinion", "合法性审查意见书", &words);
        assert_eq!(made["paper"]["number"], "嘉法审意〔2026〕7号");
    }

    fn a_round_without_a_dispute_is_reported_as_naught_and_a_grave_one_goes_up(backend) {
        let office = Office::with(Town::start(backend), "screening");
        let led = office.opens("screening/round", "clerk", json!({"tier": "village", "period_from": "2026-11-20", "place": VILLAGE}));
        led.refuses("round-report");
        let led = led.act("clerk", "nothing", json!({"note": "走访了十二户"}));
        led.prints("round-report", "矛盾纠纷排查情况报告表", &["2026年11月20日", "走访了十二户", "零报告"]);
        let led = office.opens("screening/item", "clerk", json!({"dispute": "land", "facts": "修路占地补偿谈不拢", "found_on": "2026-11-18", "source": "round", "place": VILLAGE}))
            .act("clerk", "register", json!({"dispute": "land", "facts": "修路占地补偿谈不拢", "people": 23, "amount": 16_803_200}));
        led.prints("screened-register", "矛盾纠纷排查化解登记表", &["修路占地补偿谈不拢", "23"]);
        let led = led.act("clerk", "report_up", json!({"danger": false, "reason": "人数多，本级无法协调", "measures": "村干部值守"}));
        let words = ["2026年11月18日", "涉及23人", "人数多，本级无法协调", "村干部值守", "前答复"];
        led.prints("screened-report", "矛盾纠纷上报单", &words);
    }

    fn an_item_of_a_list_is_ordered_and_supervised_in_writing(backend) {
        let office = Office::with(Town::start(backend), "visit-duties");
        let led = office.opens("visit-duties/item", "clerk", json!({"list": "issue", "title": "村卫生室药品不全", "content": "常用药断货三周", "place": VILLAGE}));
        led.refuses("list-order");
        let led = led.act("county_admin", "assign", json!({"unit": "市卫生健康局", "helpers": "新城镇", "due_on": "2026-12-20",
            "milestones": [{"what": "补齐常用药", "due": "2026-12-05"}]}));
        let words = ["市卫生健康局：", "“村卫生室药品不全”已列入问题清单", "工期1：补齐常用药，2026年12月5日前完成", "于2026年12月20日前办结"];
        led.prints("list-order", "清单事项交办单", &words);
        let led = led.act("county_admin", "urge", json!({})).act("county_admin", "urge_again", json!({})).act("county_admin", "supervise", json!({}));
        led.prints("list-supervise", "督办通知书", &["经两次催办仍未办结，现予督办"]);
    }

    fn a_board_says_until_when_even_what_is_reported_had_to_be_done(backend) {
        let (due, today) = (today().plus_days(20), today());
        let shown = |office: &Office, page: &str, head: (&str, &str), day: (&str, &str)| {
            let path = format!("/desk/pages/{page}");
            for (client, (head, day)) in [(office.by("clerk"), (head.0, day.0)), (&office.town.program("clerk").in_english(), (head.1, day.1))] {
                let body = client.get(&path).is(200).body();
                assert!(body.contains(&format!("data-t=\"{head}\">{day}</td>")), "{head} {day}: {body}");
            }
        };
        let day = (spoken::whole_day(due, false), spoken::whole_day(due, true));
        let day = (day.0.as_str(), day.1.as_str());
        let office = Office::with(Town::start(backend), "visit-duties");
        let item = json!({"list": "issue", "title": "村卫生室药品不全", "content": "断货", "place": VILLAGE});
        let led = office.opens("visit-duties/item", "clerk", item);
        let led = led.act("county_admin", "assign", json!({"unit": "市卫生健康局", "due_on": due,
            "milestones": [{"what": "补齐常用药", "due": today.plus_days(5)}]}));
        shown(&office, "visit-duties/board", ("办结期限", "Due on"), day);
        led.act("clerk", "resolve", json!({"result": "补齐了"}));
        shown(&office, "visit-duties/board", ("办结期限", "Due on"), day);
        let office = Office::with(Town::start(backend), "publicity");
        let duty = json!({"unit": "市司法局", "year": 2026, "task": "宪法宣传", "kind": "law", "due_on": due});
        let led = office.opens("publicity/duty", "clerk", duty);
        led.act("clerk", "report", json!({"did": "讲了三场", "done_on": today, "evidence": "照片"}));
        shown(&office, "publicity/calendar", ("期限", "Due"), day);
        let office = Office::with(Town::start(backend), "round-table");
        let task = json!({"meeting": "水渠怎么分水", "matter": "修闸门", "owner": "村委会", "due_on": due});
        office.opens("round-table/task", "clerk", task).act("clerk", "report", json!({"result": "修好了"}));
        shown(&office, "round-table/board", ("期限", "By"), day);
    }

    fn fixed_sessions_stand_before_those_to_be_confirmed(backend) {
        let office = Office::with(Town::start(backend), "remote-session");
        let english = office.town.program("clerk").in_english();
        for (client, words) in [
            (office.by("clerk"), ["已定的场次</h2>", "时间已定的场次。", "等确认的场次</h2>"]),
            (&english, ["Fixed</h2>", "Sessions with a fixed time.", "To be confirmed</h2>"]),
        ] {
            let body = client.get("/desk/pages/remote-session/sessions").is(200).body();
            let at: Vec<usize> = words.iter().map(|one| body.find(one).unwrap_or_else(|| panic!("{one}: {body}"))).collect();
            assert!(at.is_sorted(), "{words:?} {at:?}");
        }
    }

    fn an_event_has_its_sheet_of_names_and_its_record(backend) {
        let office = Office::with(Town::start(backend), "publicity");
        let led = office.opens("publicity/activity", "clerk", json!({"title": "宪法宣传周集市", "kind": "fair", "audience": "villagers", "unit": "市司法局",
            "topic": "宪法", "planned_on": "2026-12-04", "venue": "新城镇集市", "place": VILLAGE}));
        led.refuses("activity-record");
        led.prints("activity-signin", "普法活动签到表", &["宪法宣传周集市 2026年12月4日 新城镇集市", "签到自愿"]);
        let led = led.act("clerk", "hold", json!({"held_on": "2026-11-20", "people": 140, "answers": 12}));
        let made = led.prints("activity-record", "普法活动登记表", &["市司法局", "140", "12", "2026年11月20日"]);
        assert_eq!(made["paper"]["number"], led.number());
    }
}
