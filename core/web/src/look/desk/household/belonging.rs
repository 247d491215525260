//! The forms of a member and of a dated category.

use falin_domain::directory::{Category, Relation};
use falin_domain::refusal::Refusal;
use serde::Serialize;

use crate::look::desk::{Form, Link, code_options, with_words};
use crate::look::parts::{Button, Field, FieldOption};
use crate::look::{Layout, Say, View};

/// What was typed of a member, or what is stored; the number is never filled in.
#[derive(Clone, Default)]
pub struct MemberTyped {
    /// Name.
    pub name: String,
    /// Code of the relation.
    pub relation: String,
    /// ID number.
    pub id_number: String,
    /// First day (ISO).
    pub from: String,
    /// Last day (ISO); empty while the person belongs to the household.
    pub last: String,
}

/// What was typed of a category, or what is stored.
#[derive(Clone, Default)]
pub struct CategoryTyped {
    /// Its code.
    pub category: String,
    /// First day (ISO).
    pub from: String,
    /// Last day (ISO); empty while it holds.
    pub last: String,
}

/// The page of either form.
#[derive(Clone, Serialize)]
pub struct BelongingEdit {
    /// Text key of the heading.
    pub heading: &'static str,
    /// Back to the household.
    pub back: Link,
    /// What is sealed and not shown, in words; may be empty.
    pub kept: String,
    /// The form.
    pub form: Form,
    /// Where it is taken away as entered by mistake; empty for a new one.
    pub remove: String,
    /// Text key of what taking away means.
    pub remove_what: &'static str,
}

impl BelongingEdit {
    /// The form of a member of the household at `back`; `version` is the household's.
    pub fn member(
        say: &Say<'_>,
        (action, new): (&str, bool),
        back: Link,
        version: i64,
        typed: &MemberTyped,
        refusal: Option<&Refusal>,
    ) -> Self {
        let relations: Vec<_> = Relation::ALL.iter().filter(|one| **one != Relation::Head).collect();
        let relations: Vec<_> = relations.iter().map(|one| one.code()).collect();
        let relations = code_options(say, "desk-household-relation", &relations, &typed.relation);
        let mut form = Form::post(action).keep("version", version.to_string());
        form.fields = vec![
            Field::text("name", "desk-household-member-name").value(&typed.name).width(20),
            Field::radios("relation", "desk-household-member-relation", relations),
            Field::text("id_number", "desk-household-id-number")
                .hint("desk-household-form-id-hint")
                .value(&typed.id_number)
                .typing("off", "")
                .width(20)
                .optional(),
            Field::input("date", "from", "desk-household-member-from")
                .value(&typed.from)
                .width(10)
                .optional(),
            Field::input("date", "last", "desk-household-member-last")
                .hint("desk-household-member-last-hint")
                .value(&typed.last)
                .width(10)
                .optional(),
        ];
        let heading = if new { "desk-household-member-add" } else { "desk-household-member-change" };
        Self::of(say, heading, back, form, refusal).removable(
            action,
            new,
            version,
            "desk-household-member-remove-what",
        )
    }

    /// The form of a category of the household at `back`; of one that is there only the dates can be changed.
    pub fn category(
        say: &Say<'_>,
        (action, new): (&str, bool),
        back: Link,
        version: i64,
        typed: &CategoryTyped,
        refusal: Option<&Refusal>,
    ) -> Self {
        let codes: Vec<_> = match new {
            true => Category::ALL.iter().map(|one| one.code()).collect(),
            false => vec![typed.category.as_str()],
        };
        let mut options = code_options(say, "desk-household-category", &codes, &typed.category);
        if new {
            options.insert(0, FieldOption::new("", say.t("desk-choose"), &typed.category));
        }
        let mut form = Form::post(action).keep("version", version.to_string());
        form.fields = vec![
            Field::select("category", "desk-household-category", options),
            Field::input("date", "from", "desk-household-category-from")
                .value(&typed.from)
                .width(10)
                .optional(),
            Field::input("date", "last", "desk-household-category-last")
                .hint("desk-household-category-last-hint")
                .value(&typed.last)
                .width(10)
                .optional(),
        ];
        let heading = if new { "desk-household-category-add" } else { "desk-household-category-change" };
        let page = Self::of(say, heading, back, form, refusal);
        page.removable(action, new, version, "desk-household-category-remove-what")
    }

    fn of(say: &Say<'_>, heading: &'static str, back: Link, form: Form, refusal: Option<&Refusal>) -> Self {
        let form = form
            .button(Button::submit("primary", say.t("desk-save")))
            .button(Button::link("low", say.t("desk-cancel"), &back.href))
            .maybe_refused(say, refusal);
        Self { heading, back, kept: String::new(), form, remove: String::new(), remove_what: "" }
    }

    fn removable(mut self, action: &str, new: bool, version: i64, what: &'static str) -> Self {
        if !new {
            self.remove = format!("{action}/remove?version={version}");
        }
        self.remove_what = what;
        self
    }
}

impl View for BelongingEdit {
    const TEMPLATE: &'static str = "pages/desk/household/belonging";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t(self.heading)
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let back = || Link::new("/desk/households/1", "马建国");
            let (members, one) = ("/desk/households/1/members", "/desk/households/1/members/2");
            let typed = MemberTyped {
                name: "马小军".into(),
                relation: "child".into(),
                from: "2026-03-02".into(),
                last: "2026-03-01".into(),
                ..MemberTyped::default()
            };
            let held = CategoryTyped {
                category: "low_income".into(),
                from: "2021-01-01".into(),
                last: "2024-12-31".into(),
            };
            let order = Refusal::field("last", "date.order");
            let (blank, none) = (MemberTyped::default(), CategoryTyped::default());
            let categories = "/desk/households/1/categories";
            vec![
                Self::member(say, (members, true), back(), 3, &blank, None),
                Self {
                    kept: "身份证号 6202**********0033".into(),
                    ..Self::member(say, (one, false), back(), 3, &typed, Some(&order))
                },
                Self::category(say, (categories, true), back(), 3, &none, None),
                Self::category(say, ("/desk/households/1/categories/4", false), back(), 3, &held, None),
            ]
        })
    }
}
