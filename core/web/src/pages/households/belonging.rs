//! Members of a household and its dated categories: forms to add, correct, end and take away.

use actix_web::HttpRequest;
use falin_app::household::{self, Belonging, CategoryEdit, MemberEdit, View};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{CategoryId, HouseholdNoun, MemberId};

use crate::body::{Body, Fields};
use crate::desk::Desk;
use crate::look::desk::Link;
use crate::look::desk::household::{BelongingEdit, CategoryTyped, MemberTyped};
use crate::look::format;
use crate::problem::{Answer, of_stop};
use crate::query::{PathId, Query, path_id};

/// `GET /desk/households/{id}/members/new`.
///
/// # Errors
/// `not_found`.
pub async fn new_member(desk: Desk, id: PathId<HouseholdNoun>) -> Answer {
    let view = household::one(&desk.site.app, desk.visitor(), id.0).await?;
    let typed = MemberTyped { from: desk.site.app.today().to_string(), ..MemberTyped::default() };
    desk.page(&member_page(&desk, &view, None, view.household.version, &typed, None))
}

/// `POST /desk/households/{id}/members`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn add_member(desk: Desk, id: PathId<HouseholdNoun>, body: Body) -> Answer {
    save_member(desk, id, None, &body.form()?).await
}

/// `GET /desk/households/{id}/members/{member}`.
///
/// # Errors
/// `not_found`.
pub async fn member(desk: Desk, id: PathId<HouseholdNoun>, req: HttpRequest) -> Answer {
    let who: MemberId = path_id(&req, "member")?;
    let view = household::one(&desk.site.app, desk.visitor(), id.0).await?;
    let found = view.members.iter().find(|line| line.member.id == who).ok_or_else(Refusal::absent)?;
    let it = &found.member;
    let typed = MemberTyped {
        name: it.name.clone(),
        relation: it.relation.code().to_owned(),
        id_number: String::new(),
        from: it.from_date.to_string(),
        last: last_of(it.to_date),
    };
    desk.page(&member_page(&desk, &view, Some(who), view.household.version, &typed, None))
}

/// `POST /desk/households/{id}/members/{member}`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn change_member(desk: Desk, id: PathId<HouseholdNoun>, req: HttpRequest, body: Body) -> Answer {
    let who: MemberId = path_id(&req, "member")?;
    save_member(desk, id, Some(who), &body.form()?).await
}

/// `POST /desk/households/{id}/members/{member}/remove?version=N`.
///
/// # Errors
/// `not_found`, `state.changed`, `action.not_allowed`.
pub async fn remove_member(desk: Desk, id: PathId<HouseholdNoun>, req: HttpRequest, query: Query) -> Answer {
    let who: MemberId = path_id(&req, "member")?;
    remove(desk, id, Belonging::RemoveMember(who), query).await
}

async fn save_member(
    desk: Desk,
    id: PathId<HouseholdNoun>,
    who: Option<MemberId>,
    fields: &Fields,
) -> Answer {
    let text = |name: &str| fields.get(name).unwrap_or_default().trim().to_owned();
    let typed = MemberTyped {
        name: text("name"),
        relation: text("relation"),
        id_number: text("id_number"),
        from: text("from"),
        last: text("last"),
    };
    // An empty number stays as it is: it is sealed and the form never shows it.
    let edit = MemberEdit {
        name: Some(typed.name.clone()),
        relation: Some(typed.relation.clone()),
        id_number: Some(typed.id_number.clone()).filter(|text| !text.is_empty()),
        from: Some(typed.from.clone()),
        to: Some(end_of(&typed.last)),
    };
    let change = match who {
        Some(who) => Belonging::ChangeMember(who, edit),
        None => Belonging::AddMember(edit),
    };
    let version = version(fields);
    match save(&desk, id, version, change).await {
        Ok(()) => desk.go(format!("/desk/households/{}", id.0)),
        Err(refusal) if refusal.code() == "not_found" => Err(refusal.into()),
        Err(refusal) => {
            let view = household::one(&desk.site.app, desk.visitor(), id.0).await?;
            desk.again(&refusal, &member_page(&desk, &view, who, version, &typed, Some(&refusal)))
        }
    }
}

fn member_page(
    desk: &Desk,
    view: &View,
    who: Option<MemberId>,
    version: i64,
    typed: &MemberTyped,
    refusal: Option<&Refusal>,
) -> BelongingEdit {
    let say = desk.say();
    let (href, back) = home(view);
    let action = who.map_or(format!("{href}/members"), |who| format!("{href}/members/{who}"));
    let page = BelongingEdit::member(&say, (&action, who.is_none()), back, version, typed, refusal);
    let line = view.members.iter().find(|line| Some(line.member.id) == who);
    let number = line.and_then(|line| line.id_number.clone());
    let told =
        |kept: &str| format!("{} {}", say.t("desk-household-id-number"), format::id_paper(desk.lang, kept));
    let kept = number.as_deref().map(told);
    BelongingEdit { kept: kept.unwrap_or_default(), ..page }
}

/// `GET /desk/households/{id}/categories/new`.
///
/// # Errors
/// `not_found`.
pub async fn new_category(desk: Desk, id: PathId<HouseholdNoun>) -> Answer {
    let view = household::one(&desk.site.app, desk.visitor(), id.0).await?;
    let typed = CategoryTyped { from: desk.site.app.today().to_string(), ..CategoryTyped::default() };
    desk.page(&category_page(&desk, &view, None, view.household.version, &typed, None))
}

/// `POST /desk/households/{id}/categories`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn add_category(desk: Desk, id: PathId<HouseholdNoun>, body: Body) -> Answer {
    save_category(desk, id, None, &body.form()?).await
}

/// `GET /desk/households/{id}/categories/{category}`.
///
/// # Errors
/// `not_found`.
pub async fn category(desk: Desk, id: PathId<HouseholdNoun>, req: HttpRequest) -> Answer {
    let which: CategoryId = path_id(&req, "category")?;
    let view = household::one(&desk.site.app, desk.visitor(), id.0).await?;
    let held = view.categories.iter().find(|one| one.id == which).ok_or_else(Refusal::absent)?;
    let typed = CategoryTyped {
        category: held.category.code().to_owned(),
        from: held.from_date.to_string(),
        last: last_of(held.to_date),
    };
    desk.page(&category_page(&desk, &view, Some(which), view.household.version, &typed, None))
}

/// `POST /desk/households/{id}/categories/{category}`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn change_category(desk: Desk, id: PathId<HouseholdNoun>, req: HttpRequest, body: Body) -> Answer {
    let which: CategoryId = path_id(&req, "category")?;
    save_category(desk, id, Some(which), &body.form()?).await
}

/// `POST /desk/households/{id}/categories/{category}/remove?version=N`.
///
/// # Errors
/// `not_found`, `state.changed`, `action.not_allowed`.
pub async fn remove_category(
    desk: Desk,
    id: PathId<HouseholdNoun>,
    req: HttpRequest,
    query: Query,
) -> Answer {
    let which: CategoryId = path_id(&req, "category")?;
    remove(desk, id, Belonging::RemoveCategory(which), query).await
}

async fn save_category(
    desk: Desk,
    id: PathId<HouseholdNoun>,
    which: Option<CategoryId>,
    fields: &Fields,
) -> Answer {
    let text = |name: &str| fields.get(name).unwrap_or_default().trim().to_owned();
    let typed = CategoryTyped { category: text("category"), from: text("from"), last: text("last") };
    let dates = CategoryEdit { from: Some(typed.from.clone()), to: Some(end_of(&typed.last)) };
    let change = match which {
        Some(which) => Belonging::ChangeCategory(which, dates),
        None => Belonging::AddCategory(typed.category.clone(), dates),
    };
    let version = version(fields);
    match save(&desk, id, version, change).await {
        Ok(()) => desk.go(format!("/desk/households/{}", id.0)),
        Err(refusal) if refusal.code() == "not_found" => Err(refusal.into()),
        Err(refusal) => {
            let view = household::one(&desk.site.app, desk.visitor(), id.0).await?;
            desk.again(&refusal, &category_page(&desk, &view, which, version, &typed, Some(&refusal)))
        }
    }
}

fn category_page(
    desk: &Desk,
    view: &View,
    which: Option<CategoryId>,
    version: i64,
    typed: &CategoryTyped,
    refusal: Option<&Refusal>,
) -> BelongingEdit {
    let (href, back) = home(view);
    let action = which.map_or(format!("{href}/categories"), |which| format!("{href}/categories/{which}"));
    BelongingEdit::category(&desk.say(), (&action, which.is_none()), back, version, typed, refusal)
}

async fn remove(desk: Desk, id: PathId<HouseholdNoun>, change: Belonging, query: Query) -> Answer {
    let version = query.parsed("version", "reference")?.unwrap_or_default();
    household::belong(&desk.site.app, desk.visitor(), id.0, version, change).await?;
    desk.go(format!("/desk/households/{}", id.0))
}

/// Saves; faults of the end are named after the form's own control.
async fn save(
    desk: &Desk,
    id: PathId<HouseholdNoun>,
    version: i64,
    change: Belonging,
) -> Result<(), Refusal> {
    let done = household::belong(&desk.site.app, desk.visitor(), id.0, version, change).await;
    done.map_err(|stop| {
        let mut refusal = of_stop(stop);
        for fault in refusal.fields.iter_mut().filter(|fault| fault.name == "to") {
            fault.name = "last".to_owned();
        }
        refusal
    })
}

fn home(view: &View) -> (String, Link) {
    let href = format!("/desk/households/{}", view.household.id);
    let back = Link::new(&href, &view.household.head_name);
    (href, back)
}

fn version(fields: &Fields) -> i64 {
    fields.filled("version").and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// People say the last day; the row keeps the first day after it.
fn last_of(to: Option<Date>) -> String {
    to.map(|to| to.plus_days(-1).to_string()).unwrap_or_default()
}

/// The reverse; what is no date stays as typed and is refused at its field.
fn end_of(last: &str) -> String {
    last.parse::<Date>().map_or_else(|_| last.to_owned(), |last| last.plus_days(1).to_string())
}
