//! The register of groups at the desk: list and form.

use falin_app::group::{self, Shown};
use falin_domain::refusal::Refusal;
use falin_domain::words::{GroupId, GroupNoun};

use super::choices::{self, typed, version};
use super::logs::people;
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::duty::{GroupTyped, group_form, tabs};
use crate::look::desk::ledger::{Cell, Ledger, Row, Sheet};
use crate::look::desk::open::named;
use crate::look::desk::{Link, key};
use crate::look::format;
use crate::look::parts::Button;
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// `GET /desk/groups`.
///
/// # Errors
/// `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let say = desk.say();
    let page = group::list(&desk.site.app, desk.visitor(), None, query.window()?).await?;
    desk.page(&Ledger {
        title: "desk-group-title",
        count: String::new(),
        acts: vec![Button::link("primary", say.t("desk-group-new"), "/desk/groups/new")],
        tabs: desk.open_tabs(tabs("/desk/groups")),
        notices: Vec::new(),
        filters: None,
        columns: vec![
            "desk-group-name",
            "desk-duty-place",
            "desk-group-members",
            "desk-group-pushes",
            "desk-group-keeper",
        ],
        rows: page.items.iter().map(|shown| row(&desk, shown)).collect(),
        none: "desk-group-none",
        pager: choices::pager(&query, "/desk/groups", &[], page.next.as_ref()),
    })
}

fn row(desk: &Desk, shown: &Shown) -> Row {
    let (say, it) = (desk.say(), &shown.group);
    let place = shown.place.as_ref().map(|place| format::place(&place.name)).unwrap_or_default();
    let name = Cell::link(named(&say, &it.name, it.active), format!("/desk/groups/{}/edit", it.id));
    Row {
        cells: vec![
            name.note(say.t(&key("group-platform", it.platform.code()))),
            Cell::text(place),
            Cell::text(say.with("desk-group-members-count", &[("count", &it.members.to_string())])),
            Cell::text(say.with("desk-group-pushes-count", &[("count", &shown.pushes.to_string())])),
            Cell::text(it.keeper.clone()),
        ],
    }
}

/// `GET /desk/groups/new`.
///
/// # Errors
/// The store's own.
pub async fn new(desk: Desk) -> Answer {
    let typed = GroupTyped { platform: "wechat".to_owned(), ..GroupTyped::default() };
    let view = form(&desk, None, &typed, None).await?;
    desk.page(&view)
}

async fn form(
    desk: &Desk,
    seen: Option<(GroupId, i64)>,
    typed: &GroupTyped,
    refusal: Option<&Refusal>,
) -> Result<Sheet, Refused> {
    let say = desk.say();
    let lists = (people(desk, &typed.worker).await?, choices::villages(desk, &typed.place, true).await?);
    let action = seen.map_or("/desk/groups".to_owned(), |(id, _)| format!("/desk/groups/{id}"));
    let form = group_form(&say, &action, seen.map(|(_, version)| version), typed, lists, refusal);
    let title = if seen.is_some() { "desk-group-edit" } else { "desk-group-new" };
    Ok(Sheet::asking(&say, title, Link::new("/desk/groups", say.t("desk-group-title")), form).settled())
}

/// `POST /desk/groups`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn add(desk: Desk, body: Body) -> Answer {
    let typed: GroupTyped = typed(&body.form()?);
    match group::add(&desk.site.app, desk.visitor(), &typed).await {
        Ok(_) => desk.go("/desk/groups"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = form(&desk, None, &typed, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/groups/{id}/edit`.
///
/// # Errors
/// `not_found`.
pub async fn edit(desk: Desk, id: PathId<GroupNoun>) -> Answer {
    let found = group::one(&desk.site.app, desk.visitor(), id.0).await?.group;
    let view = form(&desk, Some((id.0, found.version)), &GroupTyped::of(&found), None).await?;
    desk.page(&view)
}

/// `POST /desk/groups/{id}`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn change(desk: Desk, id: PathId<GroupNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, seen): (GroupTyped, i64) = (typed(&fields), version(&fields));
    let there = group::one(&desk.site.app, desk.visitor(), id.0).await?.group;
    match group::change(&desk.site.app, desk.visitor(), id.0, seen, &typed).await {
        Ok(_) => desk.go("/desk/groups"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = form(&desk, Some((id.0, seen)), &typed, Some(&refusal)).await?;
            if refusal.is_stale() {
                let now = Some((id.0, there.version));
                let now = form(&desk, now, &GroupTyped::of(&there), None).await?;
                return desk.again(&refusal, &view.meanwhile(&desk.say(), &now));
            }
            desk.again(&refusal, &view)
        }
    }
}
