//! A question without an account: where, what, sent; and how it stands, by number and telephone.

use serde::Serialize;

use crate::look::desk::Form;
use crate::look::desk::case::{CaseFact, CaseStep};
use crate::look::parts::{Button, Choice, ErrorSummary, Fact, Field, FieldOption, State};
use crate::look::{Layout, Say, View};

/// Which township, then which village: one tap each.
#[derive(Debug, Serialize)]
pub struct Where {
    /// The township's name; empty on the first page.
    pub name: String,
    /// Townships, or its villages.
    pub places: Vec<Choice>,
}

impl View for Where {
    const TEMPLATE: &'static str = "pages/public/ask-where";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("ask-where")
    }

    fn samples() -> Vec<Self> {
        let places = vec![Choice::counted("/zh/620200/ask?in=620201100", "新城镇", "count-villages", 8)];
        vec![Self { name: String::new(), places }, Self { name: "新城镇".to_owned(), places: Vec::new() }]
    }
}

/// The question.
#[derive(Serialize)]
pub struct Question {
    /// The village's name; empty where a contact card says where.
    pub place: String,
    /// The form.
    pub form: Form,
}

impl View for Question {
    const TEMPLATE: &'static str = "pages/public/ask";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("ask-title")
    }

    fn redrawn_by(&self) -> Option<&Form> {
        Some(&self.form)
    }

    fn samples() -> Vec<Self> {
        let want =
            vec![FieldOption::new("text", "文字答复", "text"), FieldOption::new("call", "打电话", "text")];
        let form = Form::post("/zh/620200/ask")
            .keep("place", "620201100201")
            .field(Field::area("question", "想问什么").value("老板欠我三个月工资"))
            .field(Field::radios("want", "希望怎样答复", want).optional())
            .field(Field::input("tel", "phone", "联系电话").error("留个电话，答复才找得到您"))
            .button(Button::submit("primary", "送出去"));
        let bare = Form { errors: None, ..form.clone() };
        vec![Self { place: "新城镇 横沟村".to_owned(), form }, Self { place: String::new(), form: bare }]
    }
}

/// It has arrived: number, next step, date.
#[derive(Clone, Serialize)]
pub struct Sent {
    /// Its number.
    pub number: String,
    /// Who answers, and why; empty while that is being decided.
    pub who: String,
    /// By when, in words.
    pub due: String,
    /// The rule that the date comes from.
    pub source: String,
    /// Whether a telephone was left, so that progress can be looked up.
    pub phone: bool,
}

impl View for Sent {
    const TEMPLATE: &'static str = "pages/public/ask-sent";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("ask-sent-title")
    }

    fn samples() -> Vec<Self> {
        let sent = Self {
            number: "咨〔2026〕12号".to_owned(),
            who: "蔡志生律师答复您：他是您村的法律顾问。".to_owned(),
            due: "11月27日 20:40".to_owned(),
            source: "咨询服务指南".to_owned(),
            phone: true,
        };
        let bare = Self { who: String::new(), due: String::new(), phone: false, ..sent.clone() };
        vec![sent, bare]
    }
}

/// Number and telephone.
#[derive(Serialize)]
pub struct Find {
    /// The form.
    pub form: Form,
}

impl Find {
    /// The two questions, with what was typed.
    pub fn fields(number: &str, phone: &str) -> Vec<Field> {
        vec![
            Field::text("number", "ask-number")
                .hint("ask-number-hint")
                .value(number)
                .typing("off", "")
                .width(20),
            Field::input("tel", "phone", "ask-phone")
                .hint("ask-phone-hint")
                .value(phone)
                .typing("tel", "tel")
                .width(20),
        ]
    }
}

impl View for Find {
    const TEMPLATE: &'static str = "pages/public/progress";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("ask-find-title")
    }

    fn redrawn_by(&self) -> Option<&Form> {
        Some(&self.form)
    }

    fn samples() -> Vec<Self> {
        let mut form = Form::post("/zh/620200/progress").button(Button::submit("primary", "看进度"));
        form.fields = Self::fields("咨〔2026〕12号", "");
        let errors = ErrorSummary {
            title: "编号和电话对不上".to_owned(),
            detail: "请再对一下。".to_owned(),
            items: Vec::new(),
        };
        vec![Self { form: form.clone() }, Self { form: Form { errors: Some(errors), ..form } }]
    }
}

/// How a case stands, to whom shows its number and telephone.
#[derive(Serialize)]
pub struct Progress {
    /// What kind it is.
    pub flow: String,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: State,
    /// Whose turn it is and by when, in words; empty once closed.
    pub turn: String,
    /// The answer, in lines; empty before.
    pub answer: Vec<String>,
    /// Short facts: who answers, by when.
    pub facts: Vec<Fact>,
    /// What was said.
    pub said: Vec<CaseFact>,
    /// History, newest first.
    pub steps: Vec<CaseStep>,
    /// Number and telephone alone, which lead to this page.
    pub looked_up: Form,
    /// Buttons of the steps that may be taken: a form with number and telephone.
    pub acts: Option<Form>,
    /// The step that was chosen, to be filled.
    pub step: Option<Form>,
    /// What the chosen step is called.
    pub step_name: String,
    /// Adds a file.
    pub attach: Option<Form>,
    /// Names of files.
    pub files: Vec<String>,
    /// What was refused just now.
    pub errors: Option<ErrorSummary>,
}

impl View for Progress {
    const TEMPLATE: &'static str = "pages/public/progress-show";
    const LAYOUT: Layout = Layout::Public;

    fn title(&self, _: &Say<'_>) -> String {
        format!("{} {}", self.flow, self.number)
    }

    fn redrawn_by(&self) -> Option<&Form> {
        self.step.as_ref().or(Some(&self.looked_up))
    }

    fn samples() -> Vec<Self> {
        let state = State { fill: "full", word: "已答复".to_owned() };
        let fact = CaseFact::new("想问什么", vec!["老板欠我三个月工资".to_owned()]);
        let step = CaseStep {
            at: "11月20日 09:30".to_owned(),
            what: "答复".to_owned(),
            who: "蔡志生".to_owned(),
            state: state.clone(),
            facts: vec![fact.clone()],
        };
        let looked_up = Form::post("/zh/620200/progress")
            .keep("number", "咨〔2026〕12号")
            .keep("phone", "13912345678")
            .redrawn("again");
        let acts = Form { redraw: String::new(), ..looked_up.clone() }
            .button(Button::submit("outline", "继续问").named("step", "follow_up"));
        let asked = Form::post("/zh/620200/progress")
            .field(Field::area("note", "说明"))
            .button(Button::submit("primary", "继续问"))
            .redrawn("again");
        let file = Form::post("/zh/620200/progress/files")
            .uploading()
            .field(Field::input("file", "file", "ask-file"))
            .button(Button::submit("outline", "添上"));
        let open = |step_form: Option<Form>| Self {
            flow: "咨询".to_owned(),
            number: "咨〔2026〕12号".to_owned(),
            state: state.clone(),
            turn: "等您看答复。".to_owned(),
            answer: vec!["可以向劳动监察投诉。".to_owned()],
            facts: vec![Fact::new("ask-who", "蔡志生")],
            said: vec![fact.clone()],
            steps: vec![step.clone()],
            looked_up: looked_up.clone(),
            acts: Some(acts.clone()),
            step_name: "继续问".to_owned(),
            step: step_form,
            attach: Some(file.clone()),
            files: vec!["欠条.jpg".to_owned()],
            errors: None,
        };
        let closed = Self {
            turn: String::new(),
            answer: Vec::new(),
            facts: Vec::new(),
            steps: Vec::new(),
            acts: None,
            attach: None,
            files: Vec::new(),
            ..open(None)
        };
        vec![open(None), open(Some(asked)), closed]
    }
}
