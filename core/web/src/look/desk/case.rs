//! Cases of every flow: list, form of a step, and the case itself. Words of a flow come with it, in the page's language.

mod parts;
mod words;

use falin_domain::refusal::Refusal;
use falin_domain::workflow::{Flow, Step, Values, core_flow};
use serde::Serialize;

pub use parts::{
    CaseAnswers, CaseBelonging, CaseCell, CaseConference, CaseDeadline, CaseFact, CaseFileRow, CasePaper,
    CasePapers, CasePerson, CaseSheet, CaseStep, CaseTable, CaseUnit, KindLink, Offered, SheetPart,
};
pub use words::{at_boxes, facts, in_words, lang_code, questions, questions_on, state_of, step_when, tables};

use super::booking::BookingRow;
use super::{Filters, Form, Link, with_words};
use crate::look::parts::{Button, Deadline, ErrorSummary, Field, Notice, Pager, State};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// The list of a flow's cases.
#[derive(Clone, Serialize)]
pub struct CaseList {
    /// The flow's name.
    pub name: String,
    /// How many match, in words.
    pub count: String,
    /// Queues as links, the current one marked.
    pub queues: Vec<QueueTab>,
    /// What was said just now.
    pub said: Option<Notice>,
    /// Takes the next case; None where it is no queue to take from, or not for this reader.
    pub next: Option<Form>,
    /// Search and filters; None where the cases are the reader's own.
    pub filters: Option<Filters>,
    /// This page's rows.
    pub rows: Vec<CaseRow>,
    /// Neighbouring pages.
    pub pager: Pager,
    /// Takes the list away as a table; empty without the right.
    pub export: String,
    /// Where tables are read into cases; empty where none are.
    pub imports: String,
    /// Where a new one is opened; empty without the right.
    pub new: String,
    /// What opening one is called.
    pub new_label: String,
    /// How loud it stands: a page has one primary act.
    pub new_tone: &'static str,
}

/// A queue above the list.
#[derive(Clone, Serialize)]
pub struct QueueTab {
    /// Where it leads.
    pub href: String,
    /// Words.
    pub label: String,
    /// Whether it is shown now.
    pub current: bool,
}

/// A row of the list.
#[derive(Clone, Serialize)]
pub struct CaseRow {
    /// The case.
    pub href: String,
    /// The deadline that it is reckoned by.
    pub deadline: Option<Deadline>,
    /// Its state.
    pub state: State,
    /// Whether it must not wait.
    pub urgent: bool,
    /// Number.
    pub number: String,
    /// What it is about, in words; may be empty.
    pub matter: String,
    /// The person, masked or clear as the reader may; may be empty.
    pub person: String,
    /// Where.
    pub place: String,
    /// Who leads it; may be empty.
    pub worker: String,
    /// The day it began.
    pub day: String,
}

/// A form: the opening of a case, or one of its steps.
#[derive(Clone, Serialize)]
pub struct CaseForm {
    /// What is done.
    pub name: String,
    /// Back.
    pub back: Link,
    /// One line beneath the heading: number and person; empty for a new case.
    pub about: String,
    /// The step that somebody took while this one was being typed.
    pub since: Option<CaseStep>,
    /// The form.
    pub form: Form,
}

/// A case.
#[derive(Clone, Serialize)]
pub struct CasePage {
    /// Back to the list.
    pub back: Link,
    /// What kind it is.
    pub flow: String,
    /// Number.
    pub number: String,
    /// Its number in the system that it comes from, in words; may be empty.
    pub old_number: String,
    /// Whether it must not wait.
    pub urgent: bool,
    /// The person, or what it is about.
    pub heading: String,
    /// State.
    pub state: State,
    /// Something that just happened, or must be known.
    pub notices: Vec<Notice>,
    /// Whose turn it is, in words; empty once closed.
    pub turn: String,
    /// The deadline that it is reckoned by.
    pub due: Option<Deadline>,
    /// Steps that the reader may take, the primary first.
    pub acts: Vec<Button>,
    /// What is known, one line a field.
    pub facts: Vec<CaseFact>,
    /// Tables of the case, such as its parties.
    pub tables: Vec<CaseTable>,
    /// History, newest first.
    pub steps: Vec<CaseStep>,
    /// Deadlines with their articles.
    pub deadlines: Vec<CaseDeadline>,
    /// Who works or worked on it.
    pub people: Vec<CasePerson>,
    /// Who answers for it, the first handler first.
    pub answers: Vec<CaseAnswers>,
    /// Units that help.
    pub units: Vec<CaseUnit>,
    /// Conferences on record, newest first.
    pub conferences: Vec<CaseConference>,
    /// Steps about other units that the reader may take.
    pub help: Vec<Button>,
    /// Cases that belong together.
    pub links: Vec<Link>,
    /// Its papers; None for whoever reads none.
    pub papers: Option<CasePapers>,
    /// Files.
    pub files: Vec<CaseFileRow>,
    /// Adds a file; None once closed.
    pub attach: Option<Form>,
    /// Offers it to another worker; None where the reader may not.
    pub offer: Option<Form>,
    /// The waiting offer, with its buttons.
    pub offered: Option<Offered>,
    /// Rooms held for it, earliest first.
    pub bookings: Vec<BookingRow>,
    /// Where a room is booked for it; empty where none is.
    pub book: String,
    /// What its dossier needs and has.
    pub dossier: Vec<CaseBelonging>,
    /// What was refused just now.
    pub errors: Option<ErrorSummary>,
    /// What was typed into a step that is past, to be copied.
    pub kept: Vec<CaseFact>,
}

impl CaseForm {
    /// The form of a step, posted to `action`, with what was typed, and for a case that is there with what it knows and its version.
    pub fn new(
        say: &Say<'_>,
        (flow, step): (&Flow, &Step),
        (action, back, about): (&str, Link, String),
        (typed, seen): (&Values, Option<(&Values, i64)>),
        refusal: Option<&Refusal>,
    ) -> Self {
        let name = step.name.in_language(lang_code(say.lang)).to_owned();
        let mut form = Form::post(action);
        if let Some((_, version)) = seen {
            form = form.keep("version", version.to_string());
        }
        form.fields = match seen {
            Some((known, _)) => questions_on(say, flow, step, (typed, known)),
            None => questions(say, flow, step, typed),
        };
        let look = if step.danger { "refuse" } else { "primary" };
        let form = form
            .button(Button::submit(look, name.clone()))
            .button(Button::link("low", say.t("desk-cancel"), &back.href))
            .maybe_refused(say, refusal.map(|refusal| at_boxes(say, flow, refusal)).as_ref());
        Self { name, back, about, since: None, form }
    }
}

impl View for CaseList {
    const TEMPLATE: &'static str = "pages/desk/case/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        self.name.clone()
    }

    fn samples() -> Vec<Self> {
        let row = CaseRow {
            href: "/desk/consultations/1".into(),
            deadline: Some(Deadline { shape: "soon", text: "还有 2 天".into(), note: String::new() }),
            state: State { fill: "half", word: "待补充".into() },
            urgent: true,
            number: "咨〔2026〕12号".into(),
            matter: "劳动报酬".into(),
            person: "张三".into(),
            place: "新城镇 野麻湾村".into(),
            worker: "蔡志生".into(),
            day: "11月20日".into(),
        };
        let bare = CaseRow {
            deadline: None,
            urgent: false,
            matter: String::new(),
            worker: String::new(),
            ..row.clone()
        };
        let filters = Filters::new("/desk/consultations", vec![Field::text("q", "desk-case-search")]);
        let queues =
            vec![QueueTab { href: "/desk/consultations".into(), label: "全部".into(), current: true }];
        let found = Self {
            name: "咨询".into(),
            count: "共 2 件".into(),
            queues,
            filters: Some(filters),
            rows: vec![row, bare],
            pager: Pager { back: String::new(), more: "/desk/consultations?cursor=b2Zm".into() },
            export: "/desk/consultations.xlsx?".into(),
            imports: "/desk/imports/stage".into(),
            new: "/desk/consultations/new".into(),
            new_label: "登记咨询".into(),
            new_tone: "primary",
            said: None,
            next: None,
        };
        let next = Form::post("/desk/consultations/next").button(Button::submit("primary", "接下一件"));
        let none = Self {
            said: Some(Notice::new("plain", "现在没有您能接的", "过一会儿再来看。")),
            next: Some(next),
            new_tone: "outline",
            export: String::new(),
            imports: String::new(),
            filters: None,
            rows: Vec::new(),
            pager: Pager::default(),
            new: String::new(),
            ..found.clone()
        };
        vec![found, none]
    }
}

impl View for CaseForm {
    const TEMPLATE: &'static str = "pages/desk/case/form";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        self.name.clone()
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let steps = ["consultation", "aid", "mediation"].into_iter().filter_map(core_flow);
            let form = |flow: &'static Flow, step: &Step| {
                let back = Link::new("/desk/consultations", flow.name.zh.clone());
                let wrong = Refusal::field("note", "required");
                let about = ("/desk/x", back, "咨〔2026〕12号 张三".to_owned());
                Self::new(say, (flow, step), about, (&Values::new(), Some((&Values::new(), 3))), Some(&wrong))
            };
            steps.flat_map(|flow| flow.step.iter().map(move |step| form(flow, step))).collect()
        })
    }
}

impl View for CasePage {
    const TEMPLATE: &'static str = "pages/desk/case/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        format!("{} {}", self.flow, self.number)
    }

    fn samples() -> Vec<Self> {
        let state = State { fill: "half", word: "待答复".into() };
        let fact = CaseFact::new("想问什么", vec!["老板欠薪三个月".into(), "怎么办？".into()]);
        let mut phone = CaseFact::new("联系电话", vec!["138 0000 0001".into()]);
        phone.dial = "13800000001".into();
        let cell = |text: &str, dial: &str| CaseCell { text: text.into(), dial: dial.into() };
        let due = Deadline { shape: "today", text: "今天到期".into(), note: String::new() };
        let open = Self {
            back: Link::new("/desk/consultations", "咨询"),
            flow: "咨询".into(),
            number: "咨〔2026〕12号".into(),
            old_number: "原编号 L-77".into(),
            urgent: true,
            heading: "张三".into(),
            state: state.clone(),
            notices: vec![Notice::new("caution", "转给您：", "因为您是这一户的律师")],
            turn: "轮到律师 蔡志生".into(),
            due: Some(due.clone()),
            acts: vec![
                Button::link("primary", "答复", "/desk/consultations/1/steps/answer"),
                Button::link("outline", "请对方补充", "/desk/consultations/1/steps/ask_back"),
            ],
            facts: vec![fact.clone(), phone],
            tables: vec![CaseTable {
                label: "当事人".into(),
                heads: vec!["姓名".into(), "电话".into()],
                rows: vec![vec![cell("张三", ""), cell("138 0000 0001", "13800000001")]],
            }],
            steps: vec![CaseStep {
                at: "2026-11-20 09:30".into(),
                what: "登记咨询".into(),
                who: "王芳".into(),
                state,
                facts: vec![fact.clone()],
            }],
            deadlines: vec![CaseDeadline {
                deadline: due,
                what: "答复咨询".into(),
                source: "服务指南".into(),
                longer: Some(
                    Form::post("/desk/deadlines/1/extend")
                        .field(Field::text("reason", "desk-deadline-extend-reason"))
                        .button(Button::submit("outline", "依法延长"))
                        .apart("longer-1"),
                ),
            }],
            people: vec![CasePerson {
                href: "/desk/workers/1".into(),
                name: "蔡志生".into(),
                duty: "case-duty-lead".into(),
                past: false,
            }],
            answers: vec![CaseAnswers {
                as_what: "desk-case-first",
                href: "/desk/workers/1".into(),
                name: "蔡志生".into(),
                when: "11月20日起".into(),
                past: false,
            }],
            units: vec![CaseUnit {
                name: "人力资源和社会保障局".into(),
                person: "王芳".into(),
                state: State { fill: "half", word: "待答复".into() },
                due: Some(Deadline { shape: "soon", text: "还有 2 天".into(), note: String::new() }),
                task: vec!["查一下用工备案".into()],
                answer: vec!["已经查到".into()],
                answer_href: "/desk/consultations/1/steps/co_answer?co_which=3".into(),
                end_href: "/desk/consultations/1/steps/co_end?co_which=3".into(),
            }],
            conferences: vec![CaseConference {
                on: "11月22日".into(),
                people: vec!["人力资源和社会保障局 王芳".into()],
                conclusion: vec!["由劳动监察先行责令支付".into()],
            }],
            help: vec![Button::link("low", "请其他单位协办", "/desk/consultations/1/steps/co_ask")],
            links: vec![Link::new("/desk/legal-aid/1", "援申〔2026〕3号")],
            papers: Some(CasePapers {
                issued: vec![CasePaper {
                    href: "/desk/papers/1".into(),
                    title: "给予法律援助决定书".into(),
                    lang: "zh-CN",
                    number: "嘉援决〔2026〕3号".into(),
                    state: State { fill: "stopped", word: "已作废".into() },
                }],
                now: vec![kind("法律援助指派通知书", "zh-CN")],
                more: vec![kind("送达回证", "zh-CN"), kind("Opinion of a round table", "en")],
            }),
            files: vec![CaseFileRow {
                href: "/desk/x".into(),
                name: "欠条.jpg".into(),
                size: "320 KB".into(),
            }],
            attach: Some(Form::post("/desk/consultations/1/files").uploading()),
            offer: Some(
                Form::post("/desk/consultations/1/offers")
                    .field(Field::text("reason", "desk-case-offer-reason"))
                    .apart("offer"),
            ),
            offered: Some(Offered {
                text: "正请 李律师 接办，等回话".into(),
                reason: "我下周出差".into(),
                form: Form::post("/desk/consultations/1/offers/answer"),
            }),
            bookings: BookingRow::samples(),
            book: "/desk/bookings/new?mediation_case_id=1".into(),
            dossier: vec![
                CaseBelonging { name: "调解记录".into(), there: true, missing: false },
                CaseBelonging { name: "身份证明".into(), there: false, missing: true },
            ],
            errors: None,
            kept: vec![fact],
        };
        let closed = Self {
            turn: String::new(),
            due: None,
            acts: Vec::new(),
            notices: Vec::new(),
            tables: Vec::new(),
            deadlines: Vec::new(),
            people: Vec::new(),
            answers: Vec::new(),
            units: Vec::new(),
            conferences: Vec::new(),
            help: Vec::new(),
            links: Vec::new(),
            papers: None,
            files: Vec::new(),
            attach: None,
            offer: None,
            offered: None,
            kept: Vec::new(),
            bookings: Vec::new(),
            book: String::new(),
            dossier: Vec::new(),
            ..open.clone()
        };
        vec![open, closed]
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<CaseList>(), sampled::<CaseForm>(), sampled::<CasePage>(), sampled::<CaseSheet>()]
}

/// A link of the samples.
fn kind(name: &str, lang: &'static str) -> KindLink {
    KindLink { href: "/desk/papers/new".into(), name: name.into(), lang }
}
