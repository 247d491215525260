//! Grids: the smallest patches of a village, with their keepers: list and form.

use falin_domain::refusal::Refusal;
use serde::Serialize;

use super::{Filters, Form, Link, with_words};
use crate::look::parts::{Button, Field, FieldOption, Pager};
use crate::look::{Layout, Sampled, Say, View, sampled};

/// What was typed, or what is stored.
pub use falin_app::grid::Typed as GridTyped;

/// The list.
#[derive(Clone, Serialize)]
pub struct GridList {
    /// How many match, in words.
    pub count: String,
    /// Village.
    pub filters: Filters,
    /// This page's rows.
    pub rows: Vec<GridRow>,
    /// Neighbouring pages.
    pub pager: Pager,
    /// Whether the visitor may add one.
    pub may_write: bool,
}

/// One row of the list.
#[derive(Clone, Serialize)]
pub struct GridRow {
    /// The form's page; empty without the right.
    pub href: String,
    /// Name.
    pub name: String,
    /// Village with its township.
    pub village: String,
    /// The keeper's name; may be empty.
    pub keeper: String,
}

/// The page of the form.
#[derive(Clone, Serialize)]
pub struct GridEdit {
    /// Whether it is a new one.
    pub new: bool,
    /// Back to the list.
    pub back: Link,
    /// The form.
    pub form: Form,
}

/// The village filter, with what was chosen.
pub fn filters(say: &Say<'_>, village: &str, villages: Vec<FieldOption>) -> Filters {
    let mut all = vec![FieldOption::new("", say.t("desk-any"), village)];
    all.extend(villages);
    Filters::new("/desk/grids", vec![Field::select("village", "desk-grid-village", all)])
}

impl GridEdit {
    /// The form posted to `action`; `version` is the one that was read, empty for a new grid.
    pub fn new(
        say: &Say<'_>,
        action: &str,
        version: &str,
        typed: &GridTyped,
        villages: Vec<FieldOption>,
        refusal: Option<&Refusal>,
    ) -> Self {
        let new = version.is_empty();
        let back = Link::new("/desk/grids", say.t("desk-grid-list-title"));
        let mut form = Form::post(action).keep("worker", &typed.worker);
        if !new {
            form = form.keep("version", version);
        }
        form.fields = vec![
            Field::text("name", "desk-grid-name").value(&typed.name).width(20),
            Field::select("village", "desk-grid-village", villages).hint("desk-grid-village-hint"),
            Field::text("keeper", "desk-grid-keeper").value(&typed.keeper).width(20).optional(),
        ];
        let save = if new { "desk-grid-save-new" } else { "desk-save" };
        let form = form
            .button(Button::submit("primary", say.t(save)))
            .button(Button::link("low", say.t("desk-cancel"), &back.href))
            .maybe_refused(say, refusal);
        Self { new, back, form }
    }
}

impl View for GridList {
    const TEMPLATE: &'static str = "pages/desk/grid/list";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t("desk-grid-list-title")
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let row = |name: &str, village: &str, keeper: &str| GridRow {
                href: "/desk/grids/1/edit".into(),
                name: name.into(),
                village: village.into(),
                keeper: keeper.into(),
            };
            let found = Self {
                count: "共 457 个网格".into(),
                filters: filters(say, "", vec![FieldOption::new("620200102202", "新城镇 横沟村", "")]),
                rows: vec![
                    row("横沟一网格", "新城镇 横沟村", "杨玲"),
                    row("横沟二网格", "新城镇 横沟村", ""),
                ],
                pager: Pager { back: String::new(), more: "/desk/grids?cursor=b2Zm".into() },
                may_write: true,
            };
            let none = Self { rows: Vec::new(), pager: Pager::default(), may_write: false, ..found.clone() };
            vec![found, none]
        })
    }
}

impl View for GridEdit {
    const TEMPLATE: &'static str = "pages/desk/grid/edit";
    const LAYOUT: Layout = Layout::Desk;

    fn title(&self, say: &Say<'_>) -> String {
        say.t(if self.new { "desk-grid-new" } else { "desk-grid-edit-title" })
    }

    fn samples() -> Vec<Self> {
        with_words(|say| {
            let villages = || vec![FieldOption::new("620200102202", "新城镇 横沟村", "620200102202")];
            let typed = GridTyped { keeper: "杨玲".into(), ..GridTyped::default() };
            let wrong = Refusal::field("name", "required");
            vec![
                Self::new(say, "/desk/grids", "", &GridTyped::default(), villages(), None),
                Self::new(say, "/desk/grids/1", "1", &typed, villages(), Some(&wrong)),
            ]
        })
    }
}

/// This noun's views.
pub fn templates() -> Vec<Sampled> {
    vec![sampled::<GridList>(), sampled::<GridEdit>()]
}
