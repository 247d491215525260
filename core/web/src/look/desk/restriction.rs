//! Wishes for erasure: the list, one of them with what may be done, and what is stored, opened with a reason.

use falin_domain::refusal::Refusal;
use falin_domain::restriction::{OpenReason, RestrictionAct, RestrictionState};
use serde::Serialize;

use super::{Filters, Form, code_options, filter_options, key, with_words};
use crate::look::parts::{Button, Fact, Field, FieldOption, Go, Notice, Pager, State};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// The list.
#[derive(Clone, Serialize)]
pub struct RestrictionList {
    /// Which state, or what is due.
    pub filters: Filters,
    /// This page's rows, newest first.
    pub rows: Vec<RestrictionRow>,
    /// Where the years are set for which records are kept.
    pub years: String,
    /// Neighbouring pages.
    pub pager: Pager,
}

/// One wish.
#[derive(Clone, Serialize)]
pub struct RestrictionRow {
    /// Its page.
    pub href: String,
    /// Head of the household, masked; empty once destroyed.
    pub head: String,
    /// Village with its township.
    pub place: String,
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub since: String,
    /// The first day on which nothing must be kept; empty before it is restricted.
    pub due: String,
    /// Whether that day has come.
    pub is_due: bool,
    /// Whether the household asks to take it back.
    pub lift_asked: bool,
}

/// One wish with everything that may be done.
#[derive(Clone, Serialize)]
pub struct RestrictionPage {
    /// Head of the household, masked; empty once destroyed.
    pub head: String,
    /// Village with its township.
    pub place: String,
    /// Where it stands.
    pub state: State,
    /// What must be known before anything is pressed; None where nothing can be.
    pub notice: Option<Notice>,
    /// Days, hands, reason.
    pub facts: Vec<Fact>,
    /// The cases that it takes along.
    pub cases: Vec<CaseLine>,
    /// Cases that do not come along and may be theirs: they bear the telephone.
    pub by_phone: Vec<Go>,
    /// What may be done; None where nothing may.
    pub act: Option<Form>,
    /// The form that asks why it is to be opened; None where nothing is stored apart.
    pub open: Option<Form>,
    /// What is stored, in clear, right after it was opened.
    pub opened: Vec<Part>,
}

/// A case that comes along.
#[derive(Clone, Serialize)]
pub struct CaseLine {
    /// Its page; empty once it is only stored.
    pub href: String,
    /// Its number.
    pub number: String,
    /// The day on which it was closed, or that it is not.
    pub closed: String,
}

/// A line under its label.
#[derive(Clone, Serialize)]
pub struct Said {
    /// The label in words.
    pub term: String,
    /// What is said.
    pub value: String,
}

/// A part of what is stored: the household, or one case.
#[derive(Clone, Serialize)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Its lines.
    pub lines: Vec<Said>,
}

/// What was typed.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct RestrictionTyped {
    /// Which act.
    pub action: String,
    /// Why.
    pub reason: String,
    /// What names the request.
    pub reference: String,
}

/// A state as a small square with its word.
pub fn state(say: &Say<'_>, state: RestrictionState) -> State {
    let fill = match state {
        RestrictionState::Asked => "empty",
        RestrictionState::Restricted => "half",
        RestrictionState::Proposed => "full",
        RestrictionState::Destroyed => "done",
        RestrictionState::Refused | RestrictionState::Lifted => "stopped",
    };
    State { fill, word: say.t(&key("erase-state", state.code())) }
}

/// The list's filter: a state, or `due`.
pub fn filters(say: &Say<'_>, current: &str) -> Filters {
    let states: Vec<&str> = RestrictionState::ALL.iter().map(|state| state.code()).collect();
    let mut options = filter_options(say, "erase-state", &states, current);
    options.push(FieldOption::new("due", say.t("erase-due"), current));
    Filters::new("/desk/restrictions", vec![Field::select("state", "erase-state", options)])
}

/// The form of a household's restriction without a request at its own page.
pub fn restrict_form(
    say: &Say<'_>,
    action: &str,
    cancel: &str,
    typed: &RestrictionTyped,
    refusal: Option<&Refusal>,
) -> Form {
    Form::post(action)
        .field(
            Field::text("reference", "erase-reference").hint("erase-reference-hint").value(&typed.reference),
        )
        .field(Field::area("reason", "erase-reason").hint("erase-reason-hint").value(&typed.reason))
        .button(Button::submit("refuse", say.t("erase-act-restrict")))
        .button(Button::link("low", say.t("desk-cancel"), cancel))
        .maybe_refused(say, refusal)
}

/// The form of what may be done about a wish; None where nothing may.
pub fn act_form(
    say: &Say<'_>,
    (action, version): (&str, i64),
    acts: &[RestrictionAct],
    typed: &RestrictionTyped,
    refusal: Option<&Refusal>,
) -> Option<Form> {
    if acts.is_empty() {
        return None;
    }
    let mut form = Form::post(action).keep("version", version.to_string());
    if acts.contains(&RestrictionAct::Restrict) {
        form = form.field(Field::text("reference", "erase-reference").value(&typed.reference).optional());
    }
    if acts.contains(&RestrictionAct::Lift) {
        let field = Field::text("reference", "erase-reference").hint("erase-reference-lift");
        form = form.field(field.value(&typed.reference).optional());
    }
    let told = [RestrictionAct::Restrict, RestrictionAct::Refuse, RestrictionAct::Lift];
    if acts.iter().any(|act| told.contains(act)) {
        let lifts = acts.contains(&RestrictionAct::Lift);
        let hint = if lifts { "erase-reason-lift" } else { "erase-reason-hint" };
        let field = Field::area("reason", "erase-reason").hint(hint).value(&typed.reason);
        // Where it may be lifted and nothing else is done, the reason must be given.
        form = form.field(if lifts && acts.len() == 1 { field } else { field.optional() });
    }
    for act in acts {
        let look = match act {
            RestrictionAct::Restrict | RestrictionAct::Propose => "primary",
            RestrictionAct::Approve | RestrictionAct::Refuse => "refuse",
            RestrictionAct::Lift | RestrictionAct::Decline => "outline",
        };
        let word = say.t(&key("erase-act", act.code()));
        form = form.button(Button::submit(look, word).named("action", act.code()));
    }
    Some(form.maybe_refused(say, refusal))
}

/// The form that asks why what is stored is to be opened.
pub fn open_form(say: &Say<'_>, action: &str, refusal: Option<&Refusal>) -> Form {
    let codes: Vec<&str> = OpenReason::ALL.iter().map(|reason| reason.code()).collect();
    let reasons = code_options(say, "erase-open-for", &codes, "");
    Form::post(action)
        .field(Field::radios("for", "erase-open-why", reasons))
        .button(Button::submit("outline", say.t("erase-open")))
        .button(Button::submit("low", say.t("erase-take")).named("files", "true"))
        .maybe_refused(say, refusal)
        .apart("open")
}

impl View for RestrictionList {
    const TEMPLATE: &'static str = "pages/desk/restriction/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("erase-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let row = |now: RestrictionState, due: &str, is_due: bool, lift_asked: bool| RestrictionRow {
                href: "/desk/restrictions/1".into(),
                head: "张*".into(),
                place: "新城镇 横沟村".into(),
                state: state(say, now),
                since: "2026年3月2日".into(),
                due: due.into(),
                is_due,
                lift_asked,
            };
            let list = |rows: Vec<RestrictionRow>, current: &str| Self {
                filters: filters(say, current),
                rows,
                years: "/desk/restrictions/years".into(),
                pager: Pager::default(),
            };
            vec![
                list(
                    vec![
                        row(RestrictionState::Asked, "", false, false),
                        row(RestrictionState::Restricted, "2036年3月2日", false, true),
                        row(RestrictionState::Proposed, "2026年3月2日", true, false),
                        RestrictionRow {
                            head: String::new(),
                            ..row(RestrictionState::Destroyed, "", false, false)
                        },
                    ],
                    "",
                ),
                list(Vec::new(), "due"),
            ]
        })
    }
}

impl View for RestrictionPage {
    const TEMPLATE: &'static str = "pages/desk/restriction/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        format!("{} {}", say.t("erase-title"), self.head)
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let (href, wrong) = ("/desk/restrictions/1", Refusal::field("reason", "required"));
            let said = |term: &str, value: &str| Said { term: term.into(), value: value.into() };
            let page = |now: RestrictionState, acts: &[RestrictionAct], refusal: Option<&Refusal>| Self {
                head: "张*".into(),
                place: "新城镇 横沟村".into(),
                state: state(say, now),
                notice: Some(Notice::new("caution", say.t("erase-for-good"), say.t("erase-for-good-what"))),
                facts: vec![Fact::new("erase-since", "2026年3月2日"), Fact::new("erase-reason", "已经迁走")],
                cases: vec![CaseLine {
                    href: if now.holds() { String::new() } else { "/desk/consultations/1".into() },
                    number: "咨〔2026〕12号".into(),
                    closed: "3月1日".into(),
                }],
                by_phone: vec![Go {
                    href: "/desk/consultations/1".into(),
                    tile: String::new(),
                    title: "咨〔2026〕13号".into(),
                    note: "2026年3月1日".into(),
                }],
                act: act_form(say, (href, 2), acts, &RestrictionTyped::default(), refusal),
                open: now.holds().then(|| open_form(say, "/desk/restrictions/1/open", None)),
                opened: Vec::new(),
            };
            let part =
                Part { name: "咨〔2026〕12号".into(), lines: vec![said("问题", "老板欠薪")] };
            vec![
                page(
                    RestrictionState::Asked,
                    &[RestrictionAct::Restrict, RestrictionAct::Refuse],
                    Some(&wrong),
                ),
                page(RestrictionState::Proposed, &[RestrictionAct::Lift, RestrictionAct::Approve], None),
                Self {
                    opened: vec![part],
                    cases: Vec::new(),
                    by_phone: Vec::new(),
                    notice: None,
                    ..page(RestrictionState::Restricted, &[], None)
                },
            ]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<RestrictionList>(), sampled::<RestrictionPage>()]
}
