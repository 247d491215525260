//! Mediation committees: list, one with its members, forms; the month's claim; settings of casework.

use falin_domain::mediation::{CommitteeKind, Duty};
use falin_domain::refusal::Refusal;
use serde::Serialize;

use super::{Filters, Form, Link, code_options, with_words};
use crate::look::parts::{Button, Field, FieldOption, Notice, Pager};
use crate::look::{Layout, Sampled, Say, View, sampled};

pub use falin_app::committee::{Typed, TypedMember};
pub use falin_app::settings::TypedCasework;

/// The list.
#[derive(Clone, Serialize)]
pub struct CommitteeList {
    /// Rows.
    pub rows: Vec<CommitteeRow>,
    /// Neighbouring pages.
    pub pager: Pager,
    /// Whether the visitor may add one.
    pub may_write: bool,
}

/// A row of the list.
#[derive(Clone, Serialize)]
pub struct CommitteeRow {
    /// Its page.
    pub href: String,
    /// Name.
    pub name: String,
    /// Text key of the kind.
    pub kind: String,
    /// Where, and under which.
    pub place: String,
    /// Members in office.
    pub members: String,
    /// Last day of the term.
    pub term: String,
    /// What it lacks, in words; empty where nothing.
    pub lacking: String,
}

/// One committee.
#[derive(Clone, Serialize)]
pub struct CommitteePage {
    /// Back to the list.
    pub back: Link,
    /// Name.
    pub name: String,
    /// Text key of the kind.
    pub kind: String,
    /// Place, address, telephone, term, each a line.
    pub lines: Vec<String>,
    /// What it lacks.
    pub notices: Vec<Notice>,
    /// Members.
    pub members: Vec<MemberRow>,
    /// Changes it; empty without the right.
    pub edit: String,
    /// Dissolves it, or restores it; None without the right.
    pub open: Option<Form>,
    /// Somebody joins; None without the right.
    pub join: Option<Form>,
    /// What was refused just now is in `join`'s errors; other refusals here.
    pub refused: Option<Notice>,
}

/// A member.
#[derive(Clone, Serialize)]
pub struct MemberRow {
    /// Name.
    pub name: String,
    /// Text key of the duty.
    pub duty: String,
    /// From, and to where past.
    pub span: String,
    /// Whether it is over.
    pub past: bool,
    /// Lets the member leave; None without the right or where past.
    pub leave: Option<Form>,
}

/// The form of a committee.
#[derive(Clone, Serialize)]
pub struct CommitteeEdit {
    /// Whether it is a new one.
    pub new: bool,
    /// Back.
    pub back: Link,
    /// The form.
    pub form: Form,
}

/// A month's claim.
#[derive(Clone, Serialize)]
pub struct ClaimPage {
    /// The month.
    pub filters: Filters,
    /// Rows.
    pub rows: Vec<ClaimRow>,
    /// Sum in words.
    pub sum: String,
    /// What it rests on; may be empty.
    pub source: String,
    /// Takes it out as a workbook.
    pub export: String,
}

/// A case of the claim.
#[derive(Clone, Serialize)]
pub struct ClaimRow {
    /// The case.
    pub href: String,
    /// Number.
    pub number: String,
    /// Committee.
    pub committee: String,
    /// Grade in words.
    pub difficulty: String,
    /// Outcome in words.
    pub outcome: String,
    /// Whether the dossier is complete, in words.
    pub dossier: String,
    /// What is paid.
    pub sum: String,
}

/// Settings of casework.
#[derive(Clone, Serialize)]
pub struct CaseworkSettings {
    /// The form.
    pub form: Form,
}

impl CommitteeEdit {
    /// The form posted to `action`.
    pub fn new(
        say: &Say<'_>,
        (action, version): (&str, Option<i64>),
        typed: &Typed,
        (places, parents): (Vec<FieldOption>, Vec<FieldOption>),
        refusal: Option<&Refusal>,
    ) -> Self {
        let kinds: Vec<&str> = CommitteeKind::ALL.iter().map(|kind| kind.code()).collect();
        let mut form = Form::post(action);
        if let Some(version) = version {
            form = form.keep("version", version.to_string());
        }
        let mut above = vec![FieldOption::new("", say.t("desk-any"), &typed.parent)];
        above.extend(parents);
        form.fields = vec![
            Field::text("name", "committee-name").value(&typed.name),
            Field::select("kind", "committee-kind", code_options(say, "committee-kind", &kinds, &typed.kind)),
            Field::select("place", "committee-place", places).optional(),
            Field::select("parent", "committee-parent", above).optional(),
            Field::text("address", "committee-address").value(&typed.address).optional(),
            Field::input("tel", "phone", "committee-phone").value(&typed.phone).optional(),
            Field::input("date", "term_from", "committee-term-from").value(&typed.term_from).width(10),
            Field::input("date", "term_to", "committee-term-to")
                .value(&typed.term_to)
                .hint("committee-term-hint")
                .width(10)
                .optional(),
        ];
        let back = Link::new("/desk/committees", say.t("committee-list"));
        let form = form
            .button(Button::submit("primary", say.t("desk-save")))
            .button(Button::link("low", say.t("desk-cancel"), &back.href))
            .maybe_refused(say, refusal);
        Self { new: version.is_none(), back, form }
    }
}

/// Dissolves a committee, or restores it.
pub fn open_form(say: &Say<'_>, (action, version): (&str, i64), active: bool) -> Form {
    let (act, look, words) = match active {
        true => ("dissolve", "refuse", "committee-dissolve"),
        false => ("restore", "outline", "committee-restore"),
    };
    Form::post(action)
        .keep("version", version.to_string())
        .keep("act", act)
        .button(Button::submit(look, say.t(words)))
}

/// The form by which somebody joins.
pub fn join_form(
    say: &Say<'_>,
    (action, version): (&str, i64),
    typed: &TypedMember,
    refusal: Option<&Refusal>,
) -> Form {
    let duties: Vec<&str> = Duty::ALL.iter().map(|duty| duty.code()).collect();
    let genders = vec![
        FieldOption::new("female", say.t("desk-worker-gender-female"), &typed.gender),
        FieldOption::new("male", say.t("desk-worker-gender-male"), &typed.gender),
    ];
    Form::post(action)
        .keep("version", version.to_string())
        .keep("act", "join")
        .field(Field::text("name", "committee-member-name").value(&typed.name))
        .field(Field::select(
            "duty",
            "committee-member-duty",
            code_options(say, "committee-duty", &duties, &typed.duty),
        ))
        .field(Field::radios("gender", "committee-member-gender", genders).optional())
        .field(Field::input("date", "from", "committee-member-from").value(&typed.from).width(10).optional())
        .button(Button::submit("outline", say.t("committee-join")))
        .maybe_refused(say, refusal)
}

impl CaseworkSettings {
    /// The form with what is set or was typed.
    pub fn new(say: &Say<'_>, version: &str, typed: &TypedCasework, refusal: Option<&Refusal>) -> Self {
        let sum = |name: &'static str, label: &'static str, value: &str| {
            Field::text(name, label).value(value).typing("off", "decimal").width(10).optional()
        };
        let kinds = [("1", "casework-hands-one"), ("2", "casework-hands-two"), ("3", "casework-hands-three")];
        let option = |(code, key): (&str, &str)| FieldOption::new(code, say.t(key), &typed.hands);
        let hands = kinds.into_iter().map(option).collect();
        let form = Form::post("/desk/casework/settings")
            .keep("version", version)
            .field(sum("limit", "casework-limit", &typed.limit).hint("casework-limit-hint"))
            .field(Field::text("source", "casework-source").value(&typed.source).optional())
            .field(Field::select("hands", "casework-hands", hands))
            .field(sum("simple", "casework-simple", &typed.simple))
            .field(sum("ordinary", "casework-ordinary", &typed.ordinary))
            .field(sum("hard", "casework-hard", &typed.hard))
            .field(sum("major", "casework-major", &typed.major))
            .field(sum("oral", "casework-oral", &typed.oral))
            .field(sum("failed", "casework-failed", &typed.failed))
            .field(Field::text("tariff", "casework-tariff").value(&typed.tariff).optional())
            .button(Button::submit("primary", say.t("desk-save")))
            .maybe_refused(say, refusal);
        Self { form }
    }
}

impl View for CommitteeList {
    const TEMPLATE: &'static str = "pages/desk/committee/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("committee-list")
    }

    fn samples() -> Vec<Self> {
        let row = CommitteeRow {
            href: "/desk/committees/1".into(),
            name: "野麻湾村人民调解委员会".into(),
            kind: "committee-kind-village".into(),
            place: "野麻湾村".into(),
            members: "5".into(),
            term: "2027年2月28日".into(),
            lacking: "还没有女委员".into(),
        };
        let full = Self { rows: vec![row], pager: Pager::default(), may_write: true };
        vec![full.clone(), Self { rows: Vec::new(), may_write: false, ..full }]
    }
}

impl View for CommitteePage {
    const TEMPLATE: &'static str = "pages/desk/committee/show";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, _: &Say<'_>) -> String {
        self.name.clone()
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let leave = Form::post("/desk/committees/1/actions").button(Button::submit("low", "离任"));
            let member = |past, leave| MemberRow {
                name: "张三".into(),
                duty: "committee-duty-chair".into(),
                span: "2026年1月1日".into(),
                past,
                leave,
            };
            let full = Self {
                back: Link::new("/desk/committees", "调解组织"),
                name: "野麻湾村人民调解委员会".into(),
                kind: "committee-kind-village".into(),
                lines: vec!["野麻湾村".into(), "0937-6226123".into()],
                notices: vec![Notice::new("caution", "", "还没有女委员（人民调解法第八条）")],
                members: vec![member(false, Some(leave)), member(true, None)],
                edit: "/desk/committees/1/edit".into(),
                open: Some(open_form(say, ("/desk/committees/1/actions", 1), true)),
                join: Some(join_form(say, ("/desk/committees/1/actions", 1), &TypedMember::default(), None)),
                refused: Some(Notice::new("danger", "", "这个调委会已经有主任")),
            };
            let bare = Self {
                notices: Vec::new(),
                members: Vec::new(),
                edit: String::new(),
                open: None,
                join: None,
                refused: None,
                ..full.clone()
            };
            vec![full, bare]
        })
    }
}

impl View for CommitteeEdit {
    const TEMPLATE: &'static str = "pages/desk/committee/edit";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t(if self.new { "committee-new" } else { "committee-edit" })
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let wrong = Refusal::field("name", "required");
            let of = |at, refusal| Self::new(say, at, &Typed::default(), (Vec::new(), Vec::new()), refusal);
            vec![of(("/desk/committees", None), None), of(("/desk/committees/1", Some(1)), Some(&wrong))]
        })
    }
}

impl View for ClaimPage {
    const TEMPLATE: &'static str = "pages/desk/committee/claim";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("claim-title")
    }

    fn samples() -> Vec<Self> {
        let row = ClaimRow {
            href: "/desk/mediation/1".into(),
            number: "（2026）调字第12号".into(),
            committee: "野麻湾村调委会".into(),
            difficulty: "疑难复杂".into(),
            outcome: "书面协议".into(),
            dossier: "是".into(),
            sum: "300元".into(),
        };
        let full = Self {
            filters: Filters::new(
                "/desk/mediation-claim",
                vec![Field::text("month", "claim-month").value("2026-10")],
            ),
            rows: vec![row],
            sum: "300元".into(),
            source: "嘉司发〔2025〕12号".into(),
            export: "/desk/mediation-claim.xlsx?month=2026-10".into(),
        };
        vec![full.clone(), Self { rows: Vec::new(), source: String::new(), ..full }]
    }
}

impl View for CaseworkSettings {
    const TEMPLATE: &'static str = "pages/desk/committee/settings";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("casework-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let wrong = Refusal::field("limit", "not_a_number");
            vec![Self::new(say, "3", &TypedCasework::default(), Some(&wrong))]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![
        sampled::<CommitteeList>(),
        sampled::<CommitteePage>(),
        sampled::<CommitteeEdit>(),
        sampled::<ClaimPage>(),
        sampled::<CaseworkSettings>(),
    ]
}
