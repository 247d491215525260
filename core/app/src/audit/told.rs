//! Journal entries in reach of words: subjects by name, persons masked, actors with their roles.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use falin_domain::access::{Act, Noun, Role, Scope, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::page::{MOST, Mark, Page, Window};
use falin_domain::time::{Date, Instant};
use falin_domain::words::{AccountId, CountyId, DivisionId, Id, PersonName, WorkerId};
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
use falin_store::{Tx, account, gram, token};
use uuid::Uuid;

use crate::{App, Stop, search};

/// Entries of one export; who needs more asks for fewer days, or the command line.
const MOST_EXPORTED: usize = 100_000;
/// The noun of tokens among what entries speak of.
const TOKEN: &str = "token";
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
    let words = Words::read(tx, county, &page.items)?;
    Ok(page.map(|row| words.tell(row)))
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

/// What the entries of one page speak of, each noun asked for at once.
struct Words {
    actors: HashMap<AccountId, Actor>,
    /// By noun and id; what is gone or has no name is not in it.
    subjects: HashMap<(String, Vec<u8>), String>,
}

impl Words {
    fn read(tx: &mut Tx<'_>, county: CountyId, rows: &[Row]) -> Result<Self, Stop> {
        let actors: BTreeSet<&[u8]> = rows.iter().filter_map(|row| row.account_id.as_deref()).collect();
        let mut by_noun: BTreeMap<&str, BTreeSet<&[u8]>> = BTreeMap::new();
        for row in rows {
            let subject = row.subject_noun.as_deref().zip(row.subject_id.as_deref());
            let token = row.token_id.as_deref().map(|id| (TOKEN, id));
            for (noun, id) in subject.into_iter().chain(token) {
                by_noun.entry(noun).or_default().insert(id);
            }
        }
        let mut subjects = HashMap::new();
        for (noun, ids) in by_noun {
            for (id, name) in names(tx, county, noun, &ids)? {
                subjects.insert((noun.to_owned(), id), name);
            }
        }
        Ok(Self { actors: Self::actors(tx, county, &ids_of(&actors))?, subjects })
    }

    fn actors(tx: &mut Tx<'_>, here: CountyId, ids: &[AccountId]) -> Result<HashMap<AccountId, Actor>, Stop> {
        let (accounts, mut posts) = (account::by_ids(tx, ids)?, account::posts_of_each(tx, ids)?);
        let actor = |id: &AccountId| {
            let name = accounts.get(id).map(|account| account.display_name.clone()).unwrap_or_default();
            let held = posts.remove(id).unwrap_or_default().into_iter().filter(|post| post.county == here);
            let mut roles: Vec<Role> = held.map(|post| post.role).collect();
            roles.sort_by_key(|role| Role::ALL.iter().position(|one| one == role));
            roles.dedup();
            (*id, Actor { id: *id, name, roles })
        };
        Ok(ids.iter().map(actor).collect())
    }

    fn tell(&self, row: Row) -> Told {
        let name = |noun: &str, id: &[u8]| {
            self.subjects.get(&(noun.to_owned(), id.to_vec())).cloned().unwrap_or_default()
        };
        let subject = row.subject_noun.zip(row.subject_id);
        let actor = row.account_id.as_deref().and_then(|id| self.actors.get(&AccountId::from_bytes(id)?));
        Told {
            id: uuid_of(&row.id),
            at: Instant::from_millis(row.at_ms),
            event: row.event,
            reason: row.reason,
            subject: subject.map(|(noun, id)| Subject { name: name(&noun, &id), id: uuid_of(&id), noun }),
            actor: actor.cloned(),
            token: row.token_id.map(|id| By { id: uuid_of(&id), name: name(TOKEN, &id) }),
            details: serde_json::from_str(&row.details).unwrap_or_default(),
        }
    }
}

/// Ids of one kind; bytes that are none are left out.
fn ids_of<T>(bytes: &BTreeSet<&[u8]>) -> Vec<Id<T>> {
    bytes.iter().filter_map(|bytes| Id::from_bytes(bytes)).collect()
}

/// What subjects of one noun are called, by id.
fn names(
    tx: &mut Tx<'_>,
    here: CountyId,
    noun: &str,
    ids: &BTreeSet<&[u8]>,
) -> Result<Vec<(Vec<u8>, String)>, Stop> {
    /// Rows of one kind with the column that names them.
    macro_rules! named {
        ($kind:ident, $name:expr) => {
            $kind::by_ids(tx, here, &ids_of(ids))?
                .into_values()
                .map(|row| (row.id.bytes(), $name(row)))
                .collect()
        };
    }
    Ok(match noun {
        "household" => {
            let homes = Household::by_ids(tx, here, &ids_of(ids))?;
            let villages: Vec<DivisionId> = homes.values().map(|home| home.village_id).collect();
            let villages = Division::by_ids(tx, here, &villages)?;
            let called = |home: Household| {
                let masked = PersonName::parse(&home.head_name).map(|name| name.masked()).unwrap_or_default();
                let village = villages.get(&home.village_id).map_or("", |village| village.name.as_str());
                (home.id.bytes(), format!("{masked} · {village}"))
            };
            homes.into_values().map(called).collect()
        }
        "adviser" => {
            let posts = AdviserPost::by_ids(tx, here, &ids_of(ids))?;
            let villages: Vec<DivisionId> = posts.values().map(|post| post.division_id).collect();
            let workers: Vec<WorkerId> = posts.values().map(|post| post.worker_id).collect();
            let villages = Division::by_ids(tx, here, &villages)?;
            let workers = Worker::by_ids(tx, here, &workers)?;
            let called = |post: AdviserPost| {
                let (village, worker) = (villages.get(&post.division_id)?, workers.get(&post.worker_id)?);
                Some((post.id.bytes(), format!("{} · {}", village.name, worker.name)))
            };
            posts.into_values().filter_map(called).collect()
        }
        TOKEN => {
            let tokens = token::among(tx, here, &ids_of(ids))?;
            tokens.into_iter().map(|token| (token.id.bytes(), token.name)).collect()
        }
        "account" => {
            let accounts = account::by_ids(tx, &ids_of(ids))?;
            accounts.into_values().map(|account| (account.id.bytes(), account.display_name)).collect()
        }
        "worker" => named!(Worker, |row: Worker| row.name),
        "firm" => named!(Firm, |row: Firm| row.name),
        "division" => named!(Division, |row: Division| row.name),
        "facility" => named!(Facility, |row: Facility| row.name),
        "batch" => named!(Batch, |row: Batch| row.file_name),
        "plan" => named!(Plan, |row: Plan| row.effective_on.to_string()),
        _ => Vec::new(),
    })
}
