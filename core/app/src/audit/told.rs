//! Journal entries in reach of words: subjects by name, persons masked, actors with their roles.

use std::collections::HashMap;

use falin_domain::access::{Act, Noun, Role, Scope, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::page::{MOST, Mark, Page, Window};
use falin_domain::time::{Date, Instant};
use falin_domain::words::{AccountId, CountyId, PersonName};
use falin_store::adviser::AdviserPost;
use falin_store::db::In;
use falin_store::division::Division;
use falin_store::facility::Facility;
use falin_store::firm::Firm;
use falin_store::household::Household;
use falin_store::import::Batch;
use falin_store::journal::{self, Entry, Filter, Row};
use falin_store::plan::Plan;
use falin_store::worker::Worker;
use falin_store::{Tx, account, county, gram, token};
use uuid::Uuid;

use crate::{App, Stop, search};

/// Entries of one export; who needs more asks for fewer days, or the command line.
const MOST_EXPORTED: usize = 100_000;
/// Subjects of one name that are looked for.
const MOST_NAMED: i64 = 200;

/// Which entries are asked for, as a person types it.
#[derive(Clone, Default, Debug)]
pub struct Asked {
    /// Id of the subject, a log-in name, or the name of a worker, firm or place.
    pub subject: String,
    /// What happened.
    pub event: Option<Event>,
    /// Log-in name of who did it, or the id of the token by which it was done.
    pub actor: String,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

/// An entry with what it speaks of.
#[derive(Clone)]
pub struct Told {
    /// The entry's id.
    pub id: Uuid,
    /// When.
    pub at: Instant,
    /// Event code.
    pub event: String,
    /// Reason code.
    pub reason: String,
    /// What it happened to.
    pub subject: Option<Subject>,
    /// Who did it; None for the system and commands.
    pub actor: Option<Actor>,
    /// The token by which a program did it in the actor's name.
    pub token: Option<By>,
    /// Codes, counts and ids.
    pub details: serde_json::Value,
}

/// What an entry is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subject {
    /// Noun, such as `household`.
    pub noun: String,
    /// Its id.
    pub id: Uuid,
    /// Its name, a household's masked; empty where it has none or is gone.
    pub name: String,
}

/// Who did it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor {
    /// The account.
    pub id: AccountId,
    /// The person's name; empty where the account is gone.
    pub name: String,
    /// Roles held in the county now.
    pub roles: Vec<Role>,
}

/// A token, never its secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct By {
    /// Its id.
    pub id: Uuid,
    /// What it is for, in the issuer's words; empty where it is gone.
    pub name: String,
}

/// A page of entries, newest first.
///
/// # Errors
/// `access.denied`, `search.digits`.
pub async fn told(app: &App, visitor: &Visitor, asked: Asked, window: Window) -> Result<Page<Told>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Journal)?;
    let work = move |tx: &mut Tx<'_>| page(tx, &scope, &asked, &window);
    // Whoever acted may belong to another county; every query for rows names this one.
    app.db.read(In::All, work).await
}

/// Every entry that is asked for, up to a hundred thousand; that they were taken out is journalled first.
///
/// # Errors
/// As [`told`].
pub async fn export(app: &App, visitor: &Visitor, asked: Asked) -> Result<Vec<Told>, Stop> {
    let scope = visitor.scope(Act::Export, Noun::Journal)?;
    let (county, account) = (scope.county, visitor.account);
    let read = move |tx: &mut Tx<'_>| {
        let mut window = Window { limit: MOST, after: None };
        let mut all = Vec::new();
        while all.len() < MOST_EXPORTED {
            let found = page(tx, &scope, &asked, &window)?;
            all.extend(found.items);
            let Some(next) = found.next else { break };
            window.after = Some(next);
        }
        Ok(all)
    };
    let all = app.db.read(In::All, read).await?;
    let rows = all.len();
    let note = move |tx: &mut Tx<'_>| {
        let details = serde_json::json!({ "list": "journal", "rows": rows });
        let (event, reason) = (Event::Exported, Reason::Person);
        tx.record(Entry { county, account, event, reason, subject: None, details })
    };
    app.db.write(In::County(county), note).await?;
    Ok(all)
}

fn page(tx: &mut Tx<'_>, scope: &Scope, asked: &Asked, window: &Window) -> Result<Page<Told>, Stop> {
    let county = scope.county;
    let Some(filter) = filter(tx, county, asked)? else { return Ok(Page { items: Vec::new(), next: None }) };
    let after = window.after.as_ref().map(|mark| (mark.millis(), mark.id.as_bytes().to_vec()));
    let rows = journal::page(tx, county, &filter, after, i64::from(window.limit) + 1)?;
    let mark = |row: &Row| Mark { key: row.at_ms.to_string(), id: uuid_of(&row.id) };
    let page = Page::cut(rows, window, mark);
    let mut words = Words { county, actors: HashMap::new(), subjects: HashMap::new() };
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        items.push(words.tell(tx, row)?);
    }
    Ok(Page { items, next: page.next })
}

fn uuid_of(bytes: &[u8]) -> Uuid {
    Uuid::from_slice(bytes).unwrap_or_default()
}

/// What the store is asked; None where a name that was typed is nobody's.
fn filter(tx: &mut Tx<'_>, county: CountyId, asked: &Asked) -> Result<Option<Filter>, Stop> {
    let mut filter = Filter {
        event: asked.event.map(|event| event.code().to_owned()),
        from: asked.from.map(Date::start),
        until: asked.to.map(|day| day.plus_days(1).start()),
        ..Filter::default()
    };
    let actor = asked.actor.trim();
    if let Ok(token) = Uuid::try_parse(actor) {
        filter.token = Some(token.as_bytes().to_vec());
    } else if !actor.is_empty() {
        let Some(found) = account::by_username(tx, actor)? else { return Ok(None) };
        filter.account = Some(found.id.bytes());
    }
    let subject = asked.subject.trim();
    if !subject.is_empty() {
        let ids = subjects(tx, county, subject)?;
        if ids.is_empty() {
            return Ok(None);
        }
        filter.subjects = Some(ids);
    }
    Ok(Some(filter))
}

/// Ids that a text names. Households are found by id alone: auditors see no names of theirs.
fn subjects(tx: &mut Tx<'_>, county: CountyId, text: &str) -> Result<Vec<Vec<u8>>, Stop> {
    if let Ok(id) = Uuid::try_parse(text) {
        return Ok(vec![id.as_bytes().to_vec()]);
    }
    let mut ids = Vec::new();
    if let Some(found) = account::by_username(tx, text)? {
        ids.push(found.id.bytes());
    }
    if let Some(wanted) = search::wanted(text)? {
        for noun in ["worker", "firm", "division"] {
            ids.extend(gram::search(tx, county, noun, &wanted, None, MOST_NAMED)?);
        }
    }
    Ok(ids)
}

/// Names that one page has looked up already.
struct Words {
    county: CountyId,
    actors: HashMap<Vec<u8>, Actor>,
    subjects: HashMap<Vec<u8>, String>,
}

impl Words {
    fn tell(&mut self, tx: &mut Tx<'_>, row: Row) -> Result<Told, Stop> {
        let actor = match &row.account_id {
            Some(id) => Some(self.actor(tx, id)?),
            None => None,
        };
        let subject = match row.subject_noun.zip(row.subject_id) {
            Some((noun, id)) => Some(Subject { name: self.subject(tx, &noun, &id)?, id: uuid_of(&id), noun }),
            None => None,
        };
        let token = match &row.token_id {
            Some(id) => Some(By { id: uuid_of(id), name: self.subject(tx, "token", id)? }),
            None => None,
        };
        Ok(Told {
            id: uuid_of(&row.id),
            at: Instant::from_millis(row.at_ms),
            event: row.event,
            reason: row.reason,
            subject,
            actor,
            token,
            details: serde_json::from_str(&row.details).unwrap_or_default(),
        })
    }

    fn actor(&mut self, tx: &mut Tx<'_>, bytes: &[u8]) -> Result<Actor, Stop> {
        if let Some(known) = self.actors.get(bytes) {
            return Ok(known.clone());
        }
        let id: AccountId = county::id(bytes)?;
        let name = account::by_id(tx, id)?.map(|account| account.display_name).unwrap_or_default();
        let posts = account::posts(tx, id)?.into_iter().filter(|post| post.county == self.county);
        let mut roles: Vec<Role> = posts.map(|post| post.role).collect();
        roles.sort_by_key(|role| Role::ALL.iter().position(|one| one == role));
        roles.dedup();
        let actor = Actor { id, name, roles };
        self.actors.insert(bytes.to_vec(), actor.clone());
        Ok(actor)
    }

    fn subject(&mut self, tx: &mut Tx<'_>, noun: &str, id: &[u8]) -> Result<String, Stop> {
        if let Some(known) = self.subjects.get(id) {
            return Ok(known.clone());
        }
        let name = match name(tx, self.county, noun, id) {
            Ok(name) => name,
            Err(Stop::Refused(_)) => String::new(), // It is gone.
            Err(stop) => return Err(stop),
        };
        self.subjects.insert(id.to_vec(), name.clone());
        Ok(name)
    }
}

/// What a subject is called.
fn name(tx: &mut Tx<'_>, here: CountyId, noun: &str, id: &[u8]) -> Result<String, Stop> {
    Ok(match noun {
        "household" => {
            let row = Household::by_id(tx, here, county::id(id)?)?;
            let village = Division::by_id(tx, here, row.village_id)?.name;
            let masked = PersonName::parse(&row.head_name).map(|name| name.masked()).unwrap_or_default();
            format!("{masked} · {village}")
        }
        "token" => token::of_county(tx, here, county::id(id)?)?.name,
        "worker" => Worker::by_id(tx, here, county::id(id)?)?.name,
        "firm" => Firm::by_id(tx, here, county::id(id)?)?.name,
        "division" => Division::by_id(tx, here, county::id(id)?)?.name,
        "facility" => Facility::by_id(tx, here, county::id(id)?)?.name,
        "batch" => Batch::by_id(tx, here, county::id(id)?)?.file_name,
        "plan" => Plan::by_id(tx, here, county::id(id)?)?.effective_on.to_string(),
        "adviser" => {
            let post = AdviserPost::by_id(tx, here, county::id(id)?)?;
            let village = Division::by_id(tx, here, post.division_id)?.name;
            format!("{village} · {}", Worker::by_id(tx, here, post.worker_id)?.name)
        }
        "account" => {
            let found = account::by_id(tx, county::id(id)?)?;
            found.map(|account| account.display_name).unwrap_or_default()
        }
        _ => String::new(),
    })
}
