//! The form of a household, new or changed: what is sealed stays empty, and stays as it is unless typed anew.

use falin_app::household::{self, Edit, View};
use falin_domain::refusal::Refusal;
use falin_domain::words::{HouseholdId, HouseholdNoun};

use super::village_options;
use crate::body::{Body, Fields};
use crate::desk::Desk;
use crate::look::desk::Link;
use crate::look::desk::household::{HouseholdEdit, HouseholdTyped};
use crate::look::format;
use crate::problem::{Answer, Refused, of_stop};
use crate::query::PathId;

/// `GET /desk/households/new`.
///
/// # Errors
/// The store's own.
pub async fn new(desk: Desk) -> Answer {
    let view = empty(&desk, &HouseholdTyped::default(), None).await?;
    desk.page(&view)
}

/// `POST /desk/households`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn add(desk: Desk, body: Body) -> Answer {
    let typed = typed(&body.form()?);
    match household::add(&desk.site.app, desk.visitor(), edit_of(&typed)).await {
        Ok(id) => desk.go(format!("/desk/households/{id}")),
        Err(stop) => {
            let refusal = named(of_stop(stop));
            let view = empty(&desk, &typed, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/households/{id}/edit`.
///
/// # Errors
/// `not_found`.
pub async fn edit(desk: Desk, id: PathId<HouseholdNoun>) -> Answer {
    let view = household::one(&desk.site.app, desk.visitor(), id.0).await?;
    let page = changed(&desk, &view, &stored(&desk, &view), None).await?;
    desk.page(&page)
}

/// What is stored, but for what is sealed.
fn stored(desk: &Desk, view: &View) -> HouseholdTyped {
    HouseholdTyped {
        head: view.household.head_name.clone(),
        kind: view.household.kind.code().to_owned(),
        village: village(view),
        categories: current(desk, view),
        ..HouseholdTyped::default()
    }
}

/// `POST /desk/households/{id}`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn change(desk: Desk, id: PathId<HouseholdNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let version = fields.filled("version").and_then(|text| text.parse().ok()).unwrap_or_default();
    let typed = typed(&fields);
    match save(&desk, id.0, version, &typed).await {
        Ok(()) => desk.go(format!("/desk/households/{}", id.0)),
        Err(refusal) if refusal.code() == "not_found" => Err(refusal.into()),
        Err(refusal) => {
            let view = household::one(&desk.site.app, desk.visitor(), id.0).await?;
            let mut page = changed(&desk, &view, &typed, Some(&refusal)).await?;
            if refusal.is_stale() {
                // What is sealed is not shown: the lines above the form tell that it is there.
                let HouseholdTyped { id_number, phone, address, note, .. } = typed;
                let now = HouseholdTyped { id_number, phone, address, note, ..stored(&desk, &view) };
                page.form.meanwhile(&desk.say(), &changed(&desk, &view, &now, None).await?.form);
            }
            desk.again(&refusal, &page)
        }
    }
}

async fn save(desk: &Desk, id: HouseholdId, version: i64, typed: &HouseholdTyped) -> Result<(), Refusal> {
    let done = household::change(&desk.site.app, desk.visitor(), id, version, edit_of(typed)).await;
    done.map_err(|stop| named(of_stop(stop)))
}

async fn empty(
    desk: &Desk,
    typed: &HouseholdTyped,
    refusal: Option<&Refusal>,
) -> Result<HouseholdEdit, Refused> {
    let (say, href) = (desk.say(), "/desk/households");
    let back = Link::new(href, say.t("desk-household-list-title"));
    let villages = village_options(desk, &typed.village).await?;
    Ok(HouseholdEdit::new(&say, href, back, "", typed, villages, refusal))
}

async fn changed(
    desk: &Desk,
    view: &View,
    typed: &HouseholdTyped,
    refusal: Option<&Refusal>,
) -> Result<HouseholdEdit, Refused> {
    let (say, it) = (desk.say(), &view.household);
    let href = format!("/desk/households/{}", it.id);
    let villages = village_options(desk, &typed.village).await?;
    let back = Link::new(&href, &it.head_name);
    let page = HouseholdEdit::new(&say, &href, back, &it.version.to_string(), typed, villages, refusal);
    Ok(HouseholdEdit { kept: kept(desk, view), ..page })
}

/// What is on file and not shown, so that nobody types it again for nothing.
fn kept(desk: &Desk, view: &View) -> Vec<String> {
    let say = desk.say();
    let mut kept = Vec::new();
    let mut line = |key: &str, value: String| kept.push(format!("{} {value}", say.t(key)));
    if let Some(number) = &view.id_number {
        line("desk-household-id-number", format::id_paper(desk.lang, number));
    }
    if !view.phones.is_empty() {
        line("desk-household-phone", view.phones.join("、"));
    }
    for (there, key) in [(view.has_address, "desk-household-address"), (view.has_note, "desk-household-note")]
    {
        if there {
            line(key, say.t("desk-household-hidden"));
        }
    }
    kept
}

fn village(view: &View) -> String {
    let code = view.place.first().and_then(|village| village.code.clone());
    code.unwrap_or_else(|| view.household.village_id.to_string())
}

fn current(desk: &Desk, view: &View) -> Vec<String> {
    let today = desk.site.app.today();
    let open = view.categories.iter().filter(|one| one.holds(today));
    open.map(|one| one.category.code().to_owned()).collect()
}

fn typed(fields: &Fields) -> HouseholdTyped {
    let text = |name| fields.get(name).unwrap_or_default().to_owned();
    HouseholdTyped {
        head: text("head"),
        kind: text("kind"),
        village: text("village"),
        id_number: text("id_number"),
        phone: text("phone"),
        address: text("address"),
        categories: fields.all("categories").map(str::to_owned).collect(),
        note: text("note"),
    }
}

/// An empty field leaves what is sealed; an empty kind lets the village decide.
fn edit_of(typed: &HouseholdTyped) -> Edit {
    let filled = |text: &String| Some(text.clone()).filter(|text| !text.trim().is_empty());
    Edit {
        kind: filled(&typed.kind),
        village: Some(typed.village.clone()),
        grid: None,
        head_name: Some(typed.head.clone()),
        id_number: filled(&typed.id_number),
        phones: filled(&typed.phone),
        address: filled(&typed.address),
        note: filled(&typed.note),
        categories: Some(typed.categories.clone()),
    }
}

/// Faults at the form's own controls.
fn named(mut refusal: Refusal) -> Refusal {
    for fault in &mut refusal.fields {
        let control = match fault.name.as_str() {
            "head_name" => "head",
            "phones" => "phone",
            other => other,
        };
        fault.name = control.to_owned();
    }
    refusal
}
