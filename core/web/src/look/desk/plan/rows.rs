//! A plan's rows: its providers, the households that change, and placing one household otherwise.

use falin_domain::refusal::Refusal;
use serde::{Deserialize, Serialize};

use crate::look::desk::{Filters, Form, Link, filter_options, with_words};
use crate::look::parts::{Button, Field, FieldOption, LoadRow, Pager};
use crate::look::{Layout, Say, View};

/// Every provider with the load that the plan gives.
#[derive(Clone, Serialize)]
pub struct PlanProviders {
    /// Back to the plan.
    pub back: Link,
    /// How many, in words.
    pub count: String,
    /// This page's rows, the fullest first.
    pub loads: Vec<LoadRow>,
    /// Neighbouring pages.
    pub pager: Pager,
}

/// Households of the plan whose provider changes, or all.
#[derive(Clone, Serialize)]
pub struct PlanMoves {
    /// Back to the plan.
    pub back: Link,
    /// How many, in words.
    pub count: String,
    /// Search, village, only those that change.
    pub filters: Filters,
    /// This page's rows.
    pub rows: Vec<PlanMove>,
    /// Neighbouring pages.
    pub pager: Pager,
}

/// One household of the plan.
#[derive(Clone, Serialize)]
pub struct PlanMove {
    /// The household.
    pub household: Link,
    /// Village with its township.
    pub village: String,
    /// Who is responsible today; empty where nobody is.
    pub from: String,
    /// Who would be; empty where nobody can.
    pub to: String,
    /// Why, in words: the village's own adviser, full, conflict, a person's reason.
    pub why: String,
    /// Where it is placed otherwise; empty where it cannot be any more.
    pub change: String,
}

/// A provider to whom the household could go.
#[derive(Clone, Serialize)]
pub struct Candidate {
    /// Form value.
    pub id: String,
    /// Name with firm.
    pub name: String,
    /// Place and load in words: `横沟村顾问，86 / 92 户`.
    pub note: String,
}

/// What was chosen and typed.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OverrideTyped {
    /// The candidate's id.
    pub provider: String,
    /// Why.
    pub reason: String,
}

/// Placing one household otherwise than proposed.
#[derive(Clone, Serialize)]
pub struct PlanOverride {
    /// Back to the plan's households.
    pub back: Link,
    /// The head of the household.
    pub head: String,
    /// Village with its township.
    pub village: String,
    /// Today and as proposed, in words.
    pub proposed: String,
    /// Candidates and reason.
    pub form: Form,
}

impl PlanMoves {
    /// Search and village, with what was chosen.
    pub fn filters(
        say: &Say<'_>,
        action: &str,
        (find, village, which): (&str, &str, &str),
        villages: Vec<FieldOption>,
    ) -> Filters {
        let mut places = vec![FieldOption::new("", say.t("desk-any"), village)];
        places.extend(villages);
        let whiches = filter_options(say, "desk-plan-which", &["moved", "unplaced"], which);
        let fields = vec![
            Field::input("search", "find", "desk-household-q").value(find),
            Field::select("village", "desk-household-village", places),
            Field::select("which", "desk-plan-which", whiches),
        ];
        Filters::new(action, fields)
    }
}

impl PlanOverride {
    /// The form posted to `action`.
    pub fn form(
        say: &Say<'_>,
        action: &str,
        cancel: &str,
        candidates: &[Candidate],
        typed: &OverrideTyped,
        refusal: Option<&Refusal>,
    ) -> Form {
        let option =
            |one: &Candidate| FieldOption::new(&one.id, say.noted(&one.name, &one.note), &typed.provider);
        Form::post(action)
            .field(Field::radios(
                "provider",
                "desk-plan-override-who",
                candidates.iter().map(option).collect(),
            ))
            .field(
                Field::text("reason", "desk-plan-override-why")
                    .hint("desk-plan-override-why-hint")
                    .value(&typed.reason),
            )
            .button(Button::submit("primary", say.t("desk-plan-override-act")))
            .button(Button::link("low", say.t("desk-cancel"), cancel))
            .maybe_refused(say, refusal)
    }
}

impl View for PlanProviders {
    const TEMPLATE: &'static str = "pages/desk/plan/providers";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-plan-providers")
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            back: Link::new("/desk/plans/3", "对接方案 第3稿"),
            count: "共 76 位".into(),
            loads: super::sample_loads(),
            pager: Pager { back: String::new(), more: "/desk/plans/3/providers?cursor=b2Zm".into() },
        }]
    }
}

impl View for PlanMoves {
    const TEMPLATE: &'static str = "pages/desk/plan/moves";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-plan-moves-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let row = |head: &str, village: &str, from: &str, to: &str, why: &str| PlanMove {
                household: Link::new("/desk/households/1", head),
                village: village.into(),
                from: from.into(),
                to: to.into(),
                why: why.into(),
                change: "/desk/plans/3/households/1".into(),
            };
            let filters =
                |find: &str| Self::filters(say, "/desk/plans/3/moves", (find, "", "moved"), Vec::new());
            let full = Self {
                back: Link::new("/desk/plans/3", "对接方案 第3稿"),
                count: "共 214 户".into(),
                filters: filters(""),
                rows: vec![
                    row("曾玉兰", "新城镇 野麻湾村", "宋平 律师", "蔡志生 律师", "本村顾问"),
                    row("马建国", "新城镇 横沟村", "", "宋平 律师", "人工改定：老当事人"),
                    row("单于秀英", "文殊镇 河口村", "", "", "可去的律师都满了"),
                ],
                pager: Pager { back: String::new(), more: "/desk/plans/3/moves?cursor=b2Zm".into() },
            };
            let none =
                Self { filters: filters("li"), rows: Vec::new(), pager: Pager::default(), ..full.clone() };
            vec![full, none]
        })
    }
}

impl View for PlanOverride {
    const TEMPLATE: &'static str = "pages/desk/plan/override";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-plan-override-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let candidate = |id: &str, name: &str, note: &str| Candidate {
                id: id.into(),
                name: name.into(),
                note: note.into(),
            };
            let all = [
                candidate("1", "贾浩 律师", "横沟村顾问，86 / 92 户"),
                candidate("2", "宋平 律师", "同镇，84 / 90 户"),
                candidate("3", "吴玲 律师", "别的镇，79 / 85 户"),
            ];
            let typed = OverrideTyped { provider: "2".into(), reason: String::new() };
            let refusal = Refusal::field("reason", "reason.missing");
            let (action, cancel) = ("/desk/plans/3/households/1", "/desk/plans/3/moves");
            let form = |typed: &OverrideTyped, no| Self::form(say, action, cancel, &all, typed, no);
            let fresh = Self {
                back: Link::new(cancel, "第3稿的住户"),
                head: "马建国".into(),
                village: "新城镇 横沟村".into(),
                proposed: "现在：贾浩 律师。方案：贾浩 律师（本村顾问）。".into(),
                form: form(&OverrideTyped::default(), None),
            };
            let full = Refusal::new("pairing.capacity");
            vec![
                fresh.clone(),
                Self { form: form(&typed, Some(&refusal)), ..fresh.clone() },
                Self { form: form(&typed, Some(&full)), ..fresh },
            ]
        })
    }
}
