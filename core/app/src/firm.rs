//! Law firms, legal service offices, notary offices and aid centres: listed, added, changed, closed.

use std::collections::HashMap;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::directory::FirmKind;
use falin_domain::journal::Event;
use falin_domain::page::{Page, Window};
use falin_domain::refusal::Refusal;
use falin_domain::words::{CountyId, FirmId, PersonName, Uscc, fold, sort_key};
use falin_store::{In, Tx, firm, tally, worker};
use serde::{Deserialize, Serialize};

pub use falin_store::firm::Firm;

use crate::division::LONGEST_NAME;
use crate::settings::MOST_HOUSEHOLDS;
use crate::trace::{By, sees_loads};
use crate::typed::Reader;
use crate::worker::Shown;
use crate::{App, Stop, search};

/// Which firms a list shows.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<FirmKind>,
    /// Only open or only closed ones.
    pub active: Option<bool>,
    /// Name or pinyin.
    pub q: String,
}

impl Filter {
    pub(crate) fn read(&self) -> Result<firm::Filter, Refusal> {
        Ok(firm::Filter { kind: self.kind, active: self.active, wanted: search::wanted(&self.q)? })
    }
}

/// A firm with what its row in a list says.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The firm.
    pub firm: Firm,
    /// Its active workers.
    pub people: u32,
    /// What they could take together, where each has a figure.
    pub sum_capacity: Option<i32>,
    /// Households whose provider the firm is; None where the visitor may not see pairings.
    pub households: Option<u32>,
}

/// One firm with its people.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The firm.
    pub counted: Counted,
    /// Its active workers in pinyin order.
    pub people: Vec<Shown>,
}

/// A page of firms in pinyin order.
///
/// # Errors
/// `access.denied`, `search.digits`.
pub async fn list(
    app: &App,
    visitor: &Visitor,
    filter: Filter,
    window: Window,
) -> Result<Page<Counted>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Firm)?;
    let (filter, loads) = (filter.read()?, sees_loads(visitor));
    let work = move |tx: &mut Tx<'_>| {
        let page = firm::page(tx, scope.county, &filter, &window)?;
        let next = page.next;
        Ok(Page { items: counted(tx, scope.county, page.items, loads)?, next })
    };
    app.db.read(In::County(visitor.county), work).await
}

/// How many firms the filter leaves.
///
/// # Errors
/// As [`list`].
pub async fn count(app: &App, visitor: &Visitor, filter: Filter) -> Result<u64, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Firm)?;
    let filter = filter.read()?;
    app.db.read(In::County(scope.county), move |tx| firm::count(tx, scope.county, &filter)).await
}

fn counted(tx: &mut Tx<'_>, county: CountyId, firms: Vec<Firm>, loads: bool) -> Result<Vec<Counted>, Stop> {
    let ids: Vec<FirmId> = firms.iter().map(|firm| firm.id).collect();
    let households = if loads { Some(tally::of_firms(tx, county, &ids)?) } else { None };
    let mut people: HashMap<FirmId, Vec<Option<i32>>> = HashMap::new();
    for (firm, capacity) in tally::capacities(tx, county, &ids)? {
        people.entry(firm).or_default().push(capacity);
    }
    let rows = firms.into_iter().map(|firm| {
        let capacities = people.remove(&firm.id).unwrap_or_default();
        Counted {
            people: capacities.len() as u32,
            sum_capacity: capacities.iter().flatten().copied().reduce(i32::saturating_add),
            households: households.as_ref().map(|n| n.get(&firm.id).copied().unwrap_or(0)),
            firm,
        }
    });
    Ok(rows.collect())
}

/// One firm with its people.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn one(app: &App, visitor: &Visitor, id: FirmId) -> Result<Whole, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Firm)?;
    let loads = sees_loads(visitor);
    app.db.read(In::County(scope.county), move |tx| whole(tx, scope.county, id, loads)).await
}

pub(crate) fn whole(tx: &mut Tx<'_>, county: CountyId, id: FirmId, loads: bool) -> Result<Whole, Stop> {
    let firm = Firm::by_id(tx, county, id)?;
    let filter = worker::Filter { firm: Some(id), active: Some(true), ..worker::Filter::default() };
    let most = Window { limit: falin_domain::page::MOST, after: None };
    let people = worker::page(tx, county, &filter, &most)?.items;
    let people = crate::worker::show(tx, county, people, loads)?;
    let counted = counted(tx, county, vec![firm], loads)?.pop().ok_or_else(Refusal::absent)?;
    Ok(Whole { counted, people })
}

/// Every firm that is open, for choices in forms.
///
/// # Errors
/// `access.denied`.
pub async fn choices(app: &App, visitor: &Visitor) -> Result<Vec<Firm>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Firm)?;
    let all = app.db.read(In::County(scope.county), move |tx| firm::all(tx, scope.county)).await?;
    Ok(all.into_iter().filter(|firm| firm.active).collect())
}

/// What was typed into the form of a firm.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Name.
    pub name: String,
    /// Kind's code.
    pub kind: String,
    /// Unified social credit code; may be empty.
    pub uscc: String,
    /// Address.
    pub address: String,
    /// Public telephone.
    pub phone: String,
    /// 负责人.
    pub head: String,
    /// Most households; empty for the sum of its people's.
    pub capacity: String,
}

struct Fields {
    name: String,
    kind: FirmKind,
    uscc: Option<String>,
    address: String,
    phone: String,
    head: String,
    capacity: Option<i32>,
}

impl Typed {
    /// A firm as it would be typed.
    pub fn of(firm: &Firm) -> Self {
        Self {
            name: firm.name.clone(),
            kind: firm.kind.code().to_owned(),
            uscc: firm.uscc.clone().unwrap_or_default(),
            address: firm.address.clone(),
            phone: firm.phone.clone(),
            head: firm.head_name.clone(),
            capacity: firm.capacity.map(|n| n.to_string()).unwrap_or_default(),
        }
    }

    fn read(&self) -> Result<Fields, Refusal> {
        let mut reader = Reader::default();
        let fields = Fields {
            name: reader.required("name", &self.name, LONGEST_NAME),
            kind: reader.choice("kind", &self.kind, FirmKind::from_code, FirmKind::LawFirm),
            uscc: reader
                .maybe("uscc", &self.uscc, "uscc.invalid", Uscc::parse)
                .map(|code| code.as_str().to_owned()),
            address: reader.text("address", &self.address, 200),
            phone: reader.phones("phone", &self.phone),
            head: reader
                .maybe("head", &self.head, "name.invalid", PersonName::parse)
                .map(|name| name.as_str().to_owned())
                .unwrap_or_default(),
            capacity: reader.number("capacity", &self.capacity, (0, MOST_HOUSEHOLDS)),
        };
        reader.finish(fields)
    }
}

impl Fields {
    fn put(&self, there: &mut Firm) {
        there.name.clone_from(&self.name);
        there.sort_key = sort_key(&self.name);
        there.kind = self.kind;
        there.uscc.clone_from(&self.uscc);
        there.address.clone_from(&self.address);
        there.phone.clone_from(&self.phone);
        there.head_name.clone_from(&self.head);
        there.capacity = self.capacity;
    }
}

/// Adds an open firm.
///
/// # Errors
/// `access.denied`, `form.invalid`, `firm.duplicate`.
pub async fn add(app: &App, visitor: &Visitor, typed: &Typed) -> Result<Firm, Stop> {
    let (by, fields) = (By::whole_county(visitor, Noun::Firm)?, typed.read()?);
    let work = move |tx: &mut Tx<'_>| {
        let mut new = Firm {
            county_id: by.county,
            id: tx.id(),
            kind: fields.kind,
            name: String::new(),
            sort_key: String::new(),
            uscc: None,
            address: String::new(),
            phone: String::new(),
            head_name: String::new(),
            capacity: None,
            active: true,
            created_ms: tx.now.millis(),
            version: 1,
        };
        fields.put(&mut new);
        must_be_alone(tx, &new)?;
        firm::add(tx, &new)?;
        by.saved(tx, Event::FirmSaved, (firm::NOUN, new.id), serde_json::json!({ "version": 1 }))?;
        Ok(new)
    };
    app.db.write(In::County(by.county), work).await.map_err(|stop| stop.or_rule("firm.duplicate"))
}

/// Two open firms of one name are one firm typed twice, also where neither gives its credit code.
fn must_be_alone(tx: &mut Tx<'_>, wanted: &Firm) -> Result<(), Stop> {
    let name = fold(&wanted.name);
    let twin = |other: &Firm| other.id != wanted.id && other.active && fold(&other.name) == name;
    if wanted.active && firm::all(tx, wanted.county_id)?.iter().any(twin) {
        return Err(Refusal::new("firm.duplicate").into());
    }
    Ok(())
}

/// Changes a firm that is still at `version`.
///
/// # Errors
/// `access.denied`, `form.invalid`, `not_found`, `state.changed`, `firm.duplicate`.
pub async fn change(
    app: &App,
    visitor: &Visitor,
    id: FirmId,
    version: i64,
    typed: &Typed,
) -> Result<Firm, Stop> {
    let fields = typed.read()?;
    save(app, visitor, id, version, move |_, there| {
        fields.put(there);
        Ok(())
    })
    .await
}

/// Closes a firm that nobody works for any more, or opens it again.
///
/// # Errors
/// `access.denied`, `not_found`, `state.changed`, `firm.has_workers`; `action.not_allowed` where it is so already.
pub async fn set_open(
    app: &App,
    visitor: &Visitor,
    id: FirmId,
    version: i64,
    open: bool,
) -> Result<Firm, Stop> {
    save(app, visitor, id, version, move |tx, there| {
        if there.active == open {
            return Err(Refusal::new("action.not_allowed").into());
        }
        if !open && !tally::capacities(tx, there.county_id, &[id])?.is_empty() {
            return Err(Refusal::new("firm.has_workers").into());
        }
        there.active = open;
        Ok(())
    })
    .await
}

async fn save(
    app: &App,
    visitor: &Visitor,
    id: FirmId,
    version: i64,
    edit: impl Fn(&mut Tx<'_>, &mut Firm) -> Result<(), Stop> + Send + 'static,
) -> Result<Firm, Stop> {
    let by = By::whole_county(visitor, Noun::Firm)?;
    let work = move |tx: &mut Tx<'_>| {
        let mut there = Firm::by_id(tx, by.county, id)?;
        if there.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        edit(tx, &mut there)?;
        must_be_alone(tx, &there)?;
        firm::change(tx, &mut there)?;
        let details = serde_json::json!({ "version": there.version, "open": there.active });
        by.saved(tx, Event::FirmSaved, (firm::NOUN, id), details)?;
        Ok(there)
    };
    app.db.write(In::County(by.county), work).await.map_err(|stop| stop.or_rule("firm.duplicate"))
}
