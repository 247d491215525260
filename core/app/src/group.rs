//! The register of groups: who keeps which chat group of a village, and how many are in it.

use std::collections::HashMap;

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::duty::Platform;
use falin_domain::journal::Event;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::words::{DivisionId, GroupId, sort_key};
use falin_store::division::{self, Division};
use falin_store::service_log::{self, Filter as LogFilter};
use falin_store::{In, Tx};
use serde::{Deserialize, Serialize};

pub use falin_store::service_log::Group;

use crate::division::{LONGEST_NAME, find, find_filter, must_hold};
use crate::service_log::doer;
use crate::trace::By;
use crate::typed::Reader;
use crate::{App, Stop};

/// The noun in the journal.
pub const NOUN: &str = "group";

/// A group with its place and what was pushed to it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The group.
    pub group: Group,
    /// Where.
    pub place: Option<Division>,
    /// Messages pushed to it this year (条).
    pub pushes: i64,
}

/// What was typed into the form of a group.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Name.
    pub name: String,
    /// Code of the platform.
    pub platform: String,
    /// Id or code of the place.
    pub place: String,
    /// Who keeps it.
    pub keeper: String,
    /// Id of the legal worker in it; may be empty.
    pub worker: String,
    /// Members.
    pub members: String,
    /// `on` or `off`; empty for on.
    pub active: String,
}

impl Typed {
    /// A group as it would be typed.
    pub fn of(group: &Group) -> Self {
        Self {
            name: group.name.clone(),
            platform: group.platform.code().to_owned(),
            place: group.division_id.to_string(),
            keeper: group.keeper.clone(),
            worker: group.worker_id.map(|id| id.to_string()).unwrap_or_default(),
            members: group.members.to_string(),
            active: if group.active { "on" } else { "off" }.to_owned(),
        }
    }

    fn read(&self) -> Result<Fields, Refusal> {
        let mut reader = Reader::default();
        let on_off = |text: &str| match text {
            "on" | "true" | "" => Some(true),
            "off" | "false" => Some(false),
            _ => None,
        };
        let fields = Fields {
            name: reader.required("name", &self.name, LONGEST_NAME),
            platform: reader.choice("platform", &self.platform, Platform::from_code, Platform::Wechat),
            place: reader.required("place", &self.place, 40),
            keeper: reader.text("keeper", &self.keeper, 50),
            worker: reader.text("worker", &self.worker, 40),
            members: reader.number("members", &self.members, (0, 100_000)).unwrap_or(0),
            active: reader.choice("active", &self.active, on_off, true),
        };
        reader.finish(fields)
    }
}

struct Fields {
    name: String,
    platform: Platform,
    place: String,
    keeper: String,
    worker: String,
    members: i32,
    active: bool,
}

impl Fields {
    fn put(&self, tx: &mut Tx<'_>, visitor: &Visitor, scope: &Scope, group: &mut Group) -> Result<(), Stop> {
        let place = find(tx, group.county_id, &self.place)?;
        group.division_id = place.ok_or_else(|| Refusal::field("place", "village.unknown"))?.id;
        group.worker_id = match (self.worker.as_str(), scope.only_mine) {
            ("", false) => None,
            (text, _) => Some(doer(tx, visitor, scope, text)?),
        };
        if !scope.only_mine {
            must_hold(tx, scope, Some(group.division_id))?;
        }
        group.name.clone_from(&self.name);
        group.platform = self.platform;
        group.keeper.clone_from(&self.keeper);
        (group.members, group.active) = (self.members, self.active);
        Ok(())
    }
}

fn visible(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Group>, Stop> {
    let mut all = service_log::groups(tx, scope.county)?;
    let Some(places) = &scope.places else { return Ok(all) };
    let mut inside = Vec::new();
    for place in places {
        inside.extend(division::below(tx, scope.county, *place)?);
    }
    let mine = |group: &Group| scope.mine.is_some() && group.worker_id == scope.mine;
    all.retain(|group| mine(group) || inside.contains(&group.division_id));
    Ok(all)
}

/// A page of groups by name. `place` is an id or a code.
///
/// # Errors
/// `access.denied`, `division.unknown`.
pub async fn list(
    app: &App,
    visitor: &Visitor,
    place: Option<String>,
    window: Window,
) -> Result<Page<Shown>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::ServiceLog)?;
    let work = move |tx: &mut Tx<'_>| {
        let mut groups = visible(tx, &scope)?;
        if let Some(place) = find_filter(tx, scope.county, place.as_deref())? {
            let below = division::below(tx, scope.county, place.id)?;
            groups.retain(|group| below.contains(&group.division_id));
        }
        let mark = |group: &Group| Mark { key: sort_key(&group.name), id: group.id.uuid() };
        let page = Page::of_all(groups, &window, mark);
        let next = page.next.clone();
        Ok(Page { items: names(tx, &scope, page.items)?, next })
    };
    app.db.read(In::County(visitor.county), work).await
}

fn names(tx: &mut Tx<'_>, scope: &Scope, groups: Vec<Group>) -> Result<Vec<Shown>, Stop> {
    let ids: Vec<DivisionId> = groups.iter().map(|group| group.division_id).collect();
    let places = Division::by_ids(tx, scope.county, &ids)?;
    let (from, _) = falin_domain::duty::Period::Year.around(tx.now.date());
    let mut pushes: HashMap<GroupId, i64> = HashMap::new();
    let filter = LogFilter {
        from: Some(from),
        kind: Some(falin_domain::duty::ServiceKind::Push),
        withdrawn: Some(false),
        ..LogFilter::default()
    };
    for log in service_log::all(tx, &Scope::whole(scope.county), &filter)? {
        if let Some(id) = log.group_id {
            *pushes.entry(id).or_default() += i64::from(log.items);
        }
    }
    let shown = |group: Group| Shown {
        place: places.get(&group.division_id).cloned(),
        pushes: pushes.get(&group.id).copied().unwrap_or(0),
        group,
    };
    Ok(groups.into_iter().map(shown).collect())
}

/// One group.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: GroupId) -> Result<Shown, Stop> {
    let scope = visitor.scope(Act::Read, Noun::ServiceLog)?;
    app.db.read(In::County(scope.county), move |tx| view(tx, &scope, id)).await
}

fn view(tx: &mut Tx<'_>, scope: &Scope, id: GroupId) -> Result<Shown, Stop> {
    let found = visible(tx, scope)?.into_iter().find(|group| group.id == id);
    let found = names(tx, scope, found.into_iter().collect())?.pop();
    found.ok_or_else(|| Refusal::absent().into())
}

/// Adds a group.
///
/// # Errors
/// `access.denied`, `form.invalid`; `group.taken` where the place has one of this name.
pub async fn add(app: &App, visitor: &Visitor, typed: &Typed) -> Result<Shown, Stop> {
    let fields = typed.read()?;
    let scope = visitor.scope(Act::Write, Noun::ServiceLog)?;
    let (by, me) = (By::of(visitor), visitor.clone());
    let work = move |tx: &mut Tx<'_>| {
        let mut group = Group {
            county_id: by.county,
            id: tx.id(),
            name: String::new(),
            platform: fields.platform,
            division_id: tx.id(),
            keeper: String::new(),
            worker_id: None,
            members: 0,
            active: true,
            created_ms: tx.now.millis(),
            version: 1,
        };
        fields.put(tx, &me, &scope, &mut group)?;
        group.insert(tx).map_err(|stop| stop.or_rule("group.taken"))?;
        by.saved(tx, Event::GroupSaved, (NOUN, group.id), serde_json::json!({ "version": 1 }))?;
        view(tx, &scope, group.id)
    };
    app.db.write(In::County(by.county), work).await
}

/// Changes a group that is still at `version`, or gives it up.
///
/// # Errors
/// `not_found`, `access.denied`, `form.invalid`, `state.changed`, `group.taken`.
pub async fn change(
    app: &App,
    visitor: &Visitor,
    id: GroupId,
    version: i64,
    typed: &Typed,
) -> Result<Shown, Stop> {
    let fields = typed.read()?;
    let scope = visitor.scope(Act::Write, Noun::ServiceLog)?;
    let (by, me) = (By::of(visitor), visitor.clone());
    let work = move |tx: &mut Tx<'_>| {
        let mut group = view(tx, &scope, id)?;
        if group.group.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        fields.put(tx, &me, &scope, &mut group.group)?;
        group.group.save(tx).map_err(|stop| stop.or_rule("group.taken"))?;
        let details = serde_json::json!({ "version": group.group.version });
        by.saved(tx, Event::GroupSaved, (NOUN, id), details)?;
        view(tx, &scope, id)
    };
    app.db.write(In::County(by.county), work).await
}

/// The groups to which the visitor may push, by name.
///
/// # Errors
/// `access.denied`.
pub async fn choices(app: &App, visitor: &Visitor) -> Result<Vec<Group>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::ServiceLog)?;
    let work = move |tx: &mut Tx<'_>| {
        let mut all = visible(tx, &scope)?;
        all.retain(|group| group.active);
        Ok(all)
    };
    app.db.read(In::County(visitor.county), work).await
}
