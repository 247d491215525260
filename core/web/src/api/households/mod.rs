//! `/api/v1/households`: lists, one household, changes, sealed fields with a reason, and search by number.

mod shapes;

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use falin_app::card;
use falin_app::household::{
    self, Asked, Belonging, CategoryEdit, Edit, Filter, Line, MemberEdit, Provider, RevealReason, Revealed,
    View,
};
use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::directory::{Category, HouseholdKind};
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::words::{CategoryId, HouseholdId, HouseholdNoun, MemberId};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::body::Body;
use crate::cursor::{self, Listed};
use crate::etag;
use crate::idempotency::Revealing;
use crate::look::Say;
use crate::problem::{Answer, Asker};
use crate::query::{PathId, Query};
use crate::shape::{self, Shape, must};
use crate::site::Site;
use crate::visitor::Signed;

use shapes::{ACT, ACTIONS, CHANGES, NEW, REVEALS, SEARCH};
pub use shapes::{ACTS, ADD, FIND, LIST, ONE};
pub(super) use shapes::{PROVIDER, VILLAGE};

/// What a program says of a household; absent members stay as they are.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Given {
    action: String,
    version: Option<f64>,
    reason: Option<String>,
    village: Option<String>,
    head_name: Option<String>,
    kind: Option<String>,
    #[serde(deserialize_with = "present")]
    grid: Option<String>,
    #[serde(deserialize_with = "present")]
    id_number: Option<String>,
    phones: Option<Vec<String>>,
    #[serde(deserialize_with = "present")]
    address: Option<String>,
    #[serde(deserialize_with = "present")]
    note: Option<String>,
    categories: Option<Vec<String>>,
    member: Option<MemberId>,
    dated_category: Option<CategoryId>,
    name: Option<String>,
    relation: Option<String>,
    from: Option<String>,
    #[serde(deserialize_with = "present")]
    to: Option<String>,
    on: Option<String>,
    category: Option<String>,
}

/// A member that is null takes the value away; one that is absent leaves it.
fn present<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Some(Option::<String>::deserialize(from)?.unwrap_or_default()))
}

impl Given {
    fn member_edit(&self) -> MemberEdit {
        MemberEdit {
            name: self.name.clone(),
            relation: self.relation.clone(),
            id_number: self.id_number.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
        }
    }

    /// What it says of members and categories; None for the other acts.
    fn belonging(&self) -> Option<Belonging> {
        let dates = || CategoryEdit { from: self.from.clone(), to: self.to.clone() };
        Some(match (self.action.as_str(), self.member, self.dated_category) {
            ("add_member", ..) => Belonging::AddMember(self.member_edit()),
            ("change_member", Some(id), _) => Belonging::ChangeMember(id, self.member_edit()),
            ("end_member", Some(id), _) => Belonging::EndMember(id, self.on.clone()),
            ("remove_member", Some(id), _) => Belonging::RemoveMember(id),
            ("add_category", ..) => {
                Belonging::AddCategory(self.category.clone().unwrap_or_default(), dates())
            }
            ("change_category", _, Some(id)) => Belonging::ChangeCategory(id, dates()),
            ("remove_category", _, Some(id)) => Belonging::RemoveCategory(id),
            _ => return None,
        })
    }

    fn edit(self) -> Edit {
        Edit {
            kind: self.kind,
            village: self.village,
            grid: self.grid,
            head_name: self.head_name,
            id_number: self.id_number,
            phones: self.phones.map(|phones| phones.join("、")),
            address: self.address,
            note: self.note,
            categories: self.categories,
        }
    }
}

/// `GET /api/v1/households`.
///
/// # Errors
/// See [`LIST`].
pub async fn list(site: Data<Site>, me: Signed, query: Query) -> Answer {
    let truth = |name| query.filled(name).map(|text| text == "true");
    let filter = Filter {
        kind: query.filled("kind").and_then(HouseholdKind::from_code),
        category: query.filled("category").and_then(Category::from_code),
        paired: truth("paired"),
        active: truth("active"),
        worker: query.id("worker")?,
        ..Filter::default()
    };
    let text = |name| query.filled(name).map(str::to_owned);
    let asked = Asked { filter, place: text("village"), q: text("q") };
    let page = household::list(&site.app, &me.visitor, asked, query.window()?).await?;
    Ok(HttpResponse::Ok().json(Listed::from(page.map(|line| line_json(&line)))))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Numbers {
    number: Option<String>,
    phone: Option<String>,
    id_number: Option<String>,
    limit: Option<f64>,
    cursor: Option<String>,
}

/// `POST /api/v1/households/search`: whole numbers travel in a body, never in an address.
///
/// # Errors
/// See [`FIND`].
pub async fn find(site: Data<Site>, me: Signed, body: Body) -> Answer {
    let asked: Numbers = body.json(&SEARCH)?;
    let given = [("number", asked.number), ("phone", asked.phone), ("id_number", asked.id_number)];
    let mut filter = Filter::default();
    let mut some = false;
    for (field, text) in given.iter().filter_map(|(field, text)| Some((field, text.as_ref()?))) {
        household::numbers(&mut filter, field, text, site.app.today())?;
        some = true;
    }
    if !some {
        return Err(Refusal::field("number", "required").into());
    }
    let limit = asked.limit.map(|limit| format!("{limit:.0}"));
    let window = cursor::window(limit.as_deref(), asked.cursor.as_deref())?;
    let page = household::list(&site.app, &me.visitor, Asked { filter, ..Asked::default() }, window).await?;
    Ok(HttpResponse::Ok().json(Listed::from(page.map(|line| line_json(&line)))))
}

/// `GET /api/v1/households/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn get(req: HttpRequest, site: Data<Site>, me: Signed, id: PathId<HouseholdNoun>) -> Answer {
    let view = household::one(&site.app, &me.visitor, id.0).await?;
    let tag = etag::of_version(view.household.version);
    if etag::none_match(&req, &tag) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish());
    }
    answer(HttpResponse::Ok(), &req, &site, &me.visitor, &view, None)
}

/// `POST /api/v1/households`.
///
/// # Errors
/// See [`ADD`].
pub async fn add(req: HttpRequest, site: Data<Site>, me: Signed, body: Body) -> Answer {
    let given: Given = body.json(&NEW)?;
    let id = household::add(&site.app, &me.visitor, given.edit()).await?;
    let view = household::one(&site.app, &me.visitor, id).await?;
    answer(HttpResponse::Created(), &req, &site, &me.visitor, &view, None)
}

/// `POST /api/v1/households/{id}/actions`. The order of its checks is the contract's.
///
/// # Errors
/// See [`ACTS`].
pub async fn act(
    req: HttpRequest,
    site: Data<Site>,
    me: Signed,
    id: PathId<HouseholdNoun>,
    body: Body,
) -> Answer {
    let row = household::seen(&site.app, &me.visitor, id.0).await?;
    let raw: Map<String, Value> = body.json(&Shape::Any)?;
    let named = raw.get("action").and_then(Value::as_str).unwrap_or_default();
    if ACTIONS.contains(&named) && !may(&me.visitor, named) {
        return Err(Refusal::new("access.denied").into());
    }
    let given: Given = body.json(&ACT)?;
    let reason = given.reason.as_deref().and_then(RevealReason::from_code);
    missing(&given, &raw, reason)?;
    etag::must_match(&req, &etag::of_version(row.version))?;
    let version = given.version.map_or(row.version, |version| version as i64);
    if version != row.version {
        return Err(Refusal::new("state.changed").into());
    }
    let sealed = done(&site, &me.visitor, id.0, version, given, reason).await?;
    let view = household::one(&site.app, &me.visitor, id.0).await?;
    answer(HttpResponse::Ok(), &req, &site, &me.visitor, &view, sealed)
}

/// What an act needs beside its name.
fn missing(given: &Given, raw: &Map<String, Value>, reason: Option<RevealReason>) -> Result<(), Refusal> {
    let mut faults = Vec::new();
    let action = given.action.as_str();
    let versioned = !matches!(action, "reveal" | "revoke_card");
    if versioned && given.version.is_none() {
        faults.push(FieldError::new("version", "required"));
    }
    if action == "reveal" && reason.is_none() {
        faults.push(FieldError::new("reason", "required"));
    }
    let needed = shapes::parts(action);
    let absent = needed.iter().filter(|member| member.required && !raw.contains_key(member.name));
    faults.extend(absent.map(|member| FieldError::new(member.name, "required")));
    if faults.is_empty() { Ok(()) } else { Err(Refusal::form(faults)) }
}

async fn done(
    site: &Site,
    visitor: &Visitor,
    id: HouseholdId,
    version: i64,
    given: Given,
    reason: Option<RevealReason>,
) -> Result<Option<Revealed>, falin_app::Stop> {
    if let Some(change) = given.belonging() {
        household::belong(&site.app, visitor, id, version, change).await?;
        return Ok(None);
    }
    match (given.action.as_str(), reason) {
        ("change", _) => household::change(&site.app, visitor, id, version, given.edit()).await?,
        ("leave", _) => household::leave(&site.app, visitor, id, version).await?,
        ("revoke_card", _) => {
            card::revoke(&site.app, visitor, id, None).await.map_err(|stop| match stop {
                // The household was seen a moment ago: what is absent is its card.
                falin_app::Stop::Refused(refusal) if refusal.code() == "not_found" => {
                    Refusal::new("action.not_allowed").into()
                }
                other => other,
            })?
        }
        ("reveal", Some(reason)) => return household::reveal(&site.app, visitor, id, reason).await.map(Some),
        _ => return Err(Refusal::new("action.not_allowed").into()),
    }
    Ok(None)
}

fn may(visitor: &Visitor, action: &str) -> bool {
    match action {
        "reveal" => visitor.may(Act::Read, Noun::Sealed),
        "revoke_card" => visitor.may(Act::Write, Noun::Card),
        _ => visitor.may(Act::Write, Noun::Household),
    }
}

fn answer(
    mut answer: HttpResponseBuilder,
    req: &HttpRequest,
    site: &Site,
    visitor: &Visitor,
    view: &View,
    sealed: Option<Revealed>,
) -> Answer {
    let asker = Asker::of(req.path(), req.headers());
    let mut value = view_json(view);
    value.insert("allowed_actions".to_owned(), allowed(&site.look.say(asker.lang), visitor, view));
    let revealing = sealed.is_some();
    if let Some(sealed) = sealed {
        value.insert("sealed".to_owned(), sealed_json(&sealed));
    }
    answer.insert_header((header::ETAG, etag::of_version(view.household.version)));
    answer.insert_header((header::CACHE_CONTROL, "private, no-store"));
    let mut answer = answer.json(value);
    if revealing {
        answer.extensions_mut().insert(Revealing);
    }
    Ok(answer)
}

/// The acts that this visitor may do now, with the members that each takes.
fn allowed(say: &Say<'_>, visitor: &Visitor, view: &View) -> Value {
    let there = |action: &str| match action {
        "leave" | "add_member" | "add_category" => view.household.active,
        "change_member" | "end_member" | "remove_member" => view.household.active && !view.members.is_empty(),
        "change_category" | "remove_category" => view.household.active && !view.categories.is_empty(),
        "revoke_card" => view.card.is_some(),
        _ => true,
    };
    let version = must("version", Shape::Whole(1, i64::MAX));
    let offer = |action: &&str| {
        let members = match *action {
            "change" => [&[version][..], &CHANGES].concat(),
            "reveal" => REVEALS.to_vec(),
            "leave" => vec![version],
            "revoke_card" => Vec::new(),
            part => [&[version][..], &shapes::parts(part)].concat(),
        };
        let schema = shape::object_schema(&members, &mut Map::new());
        json!({"action": action, "label": say.t(label(action)), "schema": schema})
    };
    ACTIONS.iter().filter(|action| may(visitor, action) && there(action)).map(offer).collect()
}

fn label(action: &str) -> &'static str {
    match action {
        "change" => "desk-edit",
        "reveal" => "desk-household-reveal",
        "revoke_card" => "desk-household-card-revoke",
        "add_member" => "desk-household-member-add",
        "change_member" => "desk-household-member-change",
        "end_member" => "desk-household-member-end",
        "remove_member" => "desk-household-member-remove",
        "add_category" => "desk-household-category-add",
        "change_category" => "desk-household-category-change",
        "remove_category" => "desk-household-category-remove",
        _ => "desk-household-leave",
    }
}

pub(super) fn village_json(place: &[falin_app::division::Division]) -> Value {
    let township = place.get(1).map(|above| &above.name);
    match place.first() {
        Some(village) => {
            json!({"id": village.id, "code": village.code, "name": village.name, "township": township})
        }
        None => Value::Null,
    }
}

pub(super) fn provider_json(provider: &Option<Provider>) -> Value {
    match provider {
        Some(it) => json!({"id": it.id, "kind": it.kind, "name": it.name, "phone": it.phone}),
        None => Value::Null,
    }
}

fn line_json(line: &Line) -> Value {
    let it = &line.household;
    let phone = Some(line.phone.as_str()).filter(|phone| !phone.is_empty());
    json!({
        "id": it.id, "kind": it.kind, "head_name": it.head_name, "village": village_json(&line.place),
        "phone": phone, "categories": line.categories, "provider": provider_json(&line.provider),
        "active": it.active, "left_on": it.left_on, "version": it.version,
    })
}

fn view_json(view: &View) -> Map<String, Value> {
    let it = &view.household;
    let dated = |one: &household::DatedCategory| json!({"id": one.id, "category": one.category, "from": one.from_date, "to": one.to_date});
    let member = |line: &household::MemberLine| {
        let it = &line.member;
        json!({
            "id": it.id, "name": it.name, "relation": it.relation, "id_number": line.id_number,
            "from": it.from_date, "to": it.to_date,
        })
    };
    let members: Vec<Value> = view.members.iter().map(member).collect();
    let categories: Vec<Value> = view.categories.iter().map(dated).collect();
    let card = view.card.map(|card| json!({"made_at": card.made, "printed_at": card.printed}));
    let whole = json!({
        "id": it.id, "state": if it.active { "active" } else { "left" }, "version": it.version,
        "kind": it.kind, "head_name": it.head_name, "village": village_json(&view.place),
        "phones": view.phones, "id_number": view.id_number, "has_address": view.has_address,
        "has_note": view.has_note, "members": members, "categories": categories, "provider": provider_json(&view.provider),
        "card": card, "active": it.active, "left_on": it.left_on,
    });
    match whole {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn sealed_json(sealed: &Revealed) -> Value {
    let clear = &sealed.household;
    let members = sealed.members.iter().map(|(id, it)| json!({"id": id, "id_number": it.id_number}));
    let members: Vec<Value> = members.collect();
    json!({
        "id_number": clear.id_number, "phones": clear.phones, "address": clear.address, "note": clear.note,
        "provider_hint": clear.provider_hint, "members": members,
    })
}
