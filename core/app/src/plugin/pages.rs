//! Pages of a plugin's own: what its template may see, gathered by the house from lists and figures.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::page::Window;
use falin_domain::refusal::Refusal;
use falin_domain::spoken;
use falin_domain::time::{Date, Instant};
use falin_domain::workflow::{Flow, Listed, Manner, Page, Press, Values, Words, Written};
use falin_host::plugin::PluginOp;
use falin_host::shelf;
use falin_store::casefile_list::{self, Filter as Rows};
use falin_store::{In, Tx, plugin};
use serde_json::{Map, Value, json};

use super::asked::{self, Asking, Heard};
use crate::casework::{self, About, InUse, Staged, keep_staged, refused_by_library, unless_faster};
use crate::{App, Stop, statistics};

/// So often a form is sent again because what the library looked at has moved meanwhile.
const MOVED: usize = 3;

/// Templates of a generation, read once from its package.
type Templates = Arc<BTreeMap<String, String>>;

/// Bytes of what stands behind one name of the question mark.
const MOST_QUERY: usize = 200;

/// A page with everything that its template may see.
#[derive(Clone, Debug)]
pub struct PageSeen {
    /// The plugin's own name.
    pub plugin: String,
    /// Its name in addresses.
    pub path: String,
    /// What it is called.
    pub name: Words,
    /// A sentence below the title.
    pub note: Option<Words>,
    /// The template, which has passed the lint; None where the house draws the page.
    pub template: Option<String>,
    /// What a template and programs see: `title`, `lists`, `figures`, `model`.
    pub context: Value,
    /// The figures, as the page names them.
    pub figures: Vec<FigureSeen>,
    /// The lists, as the page declares them.
    pub lists: Vec<ListSeen>,
    /// Texts that it may name.
    pub texts: BTreeMap<String, Words>,
    /// Forms below it that the visitor may send.
    pub presses: Vec<Press>,
}

/// A figure on a page, in the reader's language.
#[derive(Clone, Debug)]
pub struct FigureSeen {
    /// Its code.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// As it is written.
    pub value: String,
    /// The same with its thousands grouped.
    pub shown: String,
    /// Its unit.
    pub unit: String,
}

/// A list on a page, in the reader's language.
#[derive(Clone, Debug)]
pub struct ListSeen {
    /// What it is of.
    pub declared: Listed,
    /// Whose cases they are.
    pub flow: Arc<Flow>,
    /// Its rows.
    pub rows: Vec<RowSeen>,
}

/// A case on a list, with what stands in the list's fields: None where the case's own version has no such field.
pub type RowSeen = (casework::Line, Vec<Option<String>>);

impl ListSeen {
    /// What a template and programs see of it.
    fn told(&self, lang: &str, today: Date) -> Value {
        let row = |(line, cells): &RowSeen| {
            let case = &line.case;
            let fields = self.declared.fields.iter().zip(cells);
            let fields = fields.filter_map(|(name, cell)| Some((name.clone(), Value::from(cell.clone()?))));
            let state = line.flow.state(&case.state).map(|state| state.name.in_language(lang));
            let day = Instant::from_millis(case.created_ms).date();
            json!({
                "number": case.number, "state": state, "state_code": case.state,
                "link": format!("/desk/workflows/{}/{}", case.flow, case.id),
                "day": spoken::near(day, today, lang == "en"),
                "place": line.place.as_ref().map(|place| place.name.clone()),
                "fields": fields.collect::<Map<_, _>>(),
            })
        };
        self.rows.iter().map(row).collect()
    }
}

/// What a library made of a form below a page.
#[derive(Clone, Debug, Default)]
pub struct Pressed {
    /// Which of the plugin's pages is shown next.
    pub page: String,
    /// Key of the text that is said there; empty where nothing is.
    pub said: String,
}

/// The pages of a county's plugins that a visitor may open, with their plugin's name.
pub fn pages_for(app: &App, visitor: &Visitor) -> Vec<(Arc<InUse>, Page)> {
    let of = |used: Arc<InUse>| {
        let mine = |page: &&Page| page.roles.iter().any(|role| visitor.is(*role));
        used.manifest
            .page
            .iter()
            .filter(mine)
            .map(|page| (Arc::clone(&used), page.clone()))
            .collect::<Vec<_>>()
    };
    app.flows.in_use(visitor.county).into_iter().flat_map(of).collect()
}

/// One page.
///
/// # Errors
/// `access.denied`; `not_found` where the county has no such page in use for a role of the visitor's.
pub async fn page(
    app: &App,
    visitor: &Visitor,
    (plugin, path): (&str, &str),
    query: &BTreeMap<String, String>,
    english: bool,
) -> Result<PageSeen, Stop> {
    visitor.scope(Act::Read, Noun::Workflow)?;
    let (used, page) = open_to(app, visitor, (plugin, path))?;
    let lang = if english { "en" } else { "zh" };
    let template = match &page.template {
        Some(path) => Some(templates(app, &used).await?.get(path).cloned().ok_or_else(Refusal::absent)?),
        None => None,
    };
    let mut lists = Vec::new();
    for list in &page.list {
        lists.push(rows(app, visitor, &used, list, english).await?);
    }
    let figures = figures(app, visitor, &used, &page, lang).await?;
    let told = |figure: &FigureSeen| {
        let words = json!({ "value": figure.value, "name": figure.name, "unit": figure.unit });
        (figure.code.clone(), words)
    };
    let mut context = json!({
        "title": page.name.in_language(lang),
        "lists": lists.iter().map(|list| (list.declared.name.clone(), list.told(lang, app.today()))).collect::<Map<_, _>>(),
        "figures": figures.iter().map(told).collect::<Map<_, _>>(),
    });
    if page.library {
        context["model"] = model(app, visitor, (&used, &page), query, (lang, &context)).await?;
    }
    let texts = used.manifest.text.clone();
    let said = query.get("said").and_then(|key| texts.get(key)).map(|words| words.in_language(lang));
    context["said"] = Value::from(said);
    let mine = |press: &&Press| page.lets(press, |role| visitor.is(role)) && may_send(visitor);
    let presses = page.action.iter().filter(mine).cloned().collect();
    let (plugin, path, name, note) = (used.name.clone(), page.path, page.name, page.note);
    Ok(PageSeen { plugin, path, name, note, template, context, figures, lists, texts, presses })
}

/// The page, where the county has it in use for a role of the visitor's.
fn open_to(
    app: &App,
    visitor: &Visitor,
    (plugin, path): (&str, &str),
) -> Result<(Arc<InUse>, Page), Refusal> {
    let mut all = pages_for(app, visitor).into_iter();
    let found = all.find(|(used, page)| used.name == plugin && page.path == path);
    found.ok_or_else(|| app.flows.missing(visitor.county, plugin))
}

fn may_send(visitor: &Visitor) -> bool {
    visitor.may(Act::Write, Noun::Workflow)
}

/// What the library makes of what the visitor may see: the page's own lists and figures, and no more. A library that
/// does not know the question leaves the page as it is declared.
async fn model(
    app: &App,
    visitor: &Visitor,
    (used, page): (&InUse, &Page),
    query: &BTreeMap<String, String>,
    (lang, context): (&str, &Value),
) -> Result<Value, Stop> {
    #[derive(serde::Deserialize, Default)]
    #[serde(default)]
    struct Shown {
        model: Value,
    }
    let told = |(name, value): (&String, &String)| {
        let known = page.query.contains(name) && value.len() <= MOST_QUERY;
        known.then(|| (name.clone(), Value::from(value.clone())))
    };
    let (now, today) = asked::moment(app.now());
    let payload = json!({
        "page": page.path, "query": query.iter().filter_map(told).collect::<Map<_, _>>(),
        "actor": actor(app, visitor, used).await?, "lang": lang, "now": now, "today": today,
        "lists": context["lists"], "figures": context["figures"],
    });
    match asked::ask(app, asking(used, visitor), PluginOp::Page, &payload).await? {
        // What it wants written is dropped: nobody changes anything by looking.
        Heard::Done(bytes, _) => {
            let mut shown: Shown = asked::read(&used.name, PluginOp::Page, &bytes)?;
            own_links(&mut shown.model);
            Ok(shown.model)
        }
        Heard::Refused(bytes) => Err(refused_by_library(&used.manifest.text, &|_| false, &bytes).into()),
        Heard::Unknown => Ok(Value::Null),
    }
}

fn asking<'a>(used: &'a InUse, visitor: &'a Visitor) -> Asking<'a> {
    Asking { plugin: &used.name, generation: used.generation, texts: &used.manifest.text, reader: visitor }
}

async fn actor(app: &App, visitor: &Visitor, used: &InUse) -> Result<Value, Stop> {
    match used.manifest.flows(used.generation).first() {
        Some(flow) => asked::actor(app, visitor, flow).await,
        None => Ok(asked::nobody()),
    }
}

/// A template writes `{{link}}` into an address: what a library puts there stays within the house.
fn own_links(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                let own =
                    |text: &str| text.starts_with('/') && !text.starts_with("//") && !text.contains('\\');
                if name == "link" && !member.as_str().is_some_and(own) {
                    *member = Value::from("");
                }
                own_links(member);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(own_links),
        _ => {}
    }
}

/// Sends a form below a page, as a person typed it or a program gave it, to the library, and keeps what it wants done:
/// all of it or nothing.
///
/// # Errors
/// `access.denied`, `not_found`; `form.invalid` at the form's fields; what the library refuses, in the plugin's words;
/// `plugin.failed`, `plugin.asleep`; those of what it wants done.
pub async fn press(
    app: &App,
    visitor: &Visitor,
    (plugin, path, action): (&str, &str, &str),
    (typed, manner): (&Values, Manner),
) -> Result<Pressed, Stop> {
    visitor.scope(Act::Write, Noun::Workflow)?;
    let (used, page) = open_to(app, visitor, (plugin, path))?;
    let press = page.action.iter().find(|press| press.code == action);
    let press =
        press.filter(|press| page.lets(press, |role| visitor.is(role))).ok_or_else(Refusal::absent)?;
    let flow = press.flow(&used.name);
    let step = flow.opening().ok_or_else(Refusal::absent)?;
    let form = flow.read(step, typed, &Values::new(), manner, app.today())?;
    let (now, today) = asked::moment(app.now());
    let payload = json!({
        "page": page.path, "action": action, "form": form, "actor": actor(app, visitor, &used).await?,
        "now": now, "today": today,
    });
    for _ in 0..MOVED {
        let heard = asked::ask(app, asking(&used, visitor), PluginOp::Action, &payload).await;
        let done = match heard {
            Ok(Heard::Done(bytes, staged)) => acted(app, visitor, &used, staged).await.map(|()| bytes),
            Ok(Heard::Refused(bytes)) => {
                let known = |name: &str| flow.field(name).is_some();
                Err(refused_by_library(&used.manifest.text, &known, &bytes).into())
            }
            Ok(Heard::Unknown) => Err(Refusal::new("plugin.failed").into()),
            Err(stop) => Err(stop),
        };
        match done {
            // What it looked at has moved meanwhile: it looks again.
            Err(Stop::Refused(refusal)) if refusal.is_stale() => {}
            Err(stop) => return Err(stop),
            Ok(bytes) => return answered(&used, &page, &bytes).map_err(Stop::from),
        }
    }
    Err(Refusal::new("state.changed").into())
}

async fn acted(app: &App, visitor: &Visitor, used: &Arc<InUse>, staged: Vec<Staged>) -> Result<(), Stop> {
    if staged.is_empty() {
        return Ok(());
    }
    let (flows, who, used) = (app.flows.clone(), visitor.clone(), Arc::clone(used));
    let work = move |tx: &mut Tx<'_>| {
        let once = tx.id::<falin_domain::words::ErrandNoun>().to_string();
        let about = About {
            county: who.county,
            plugin: &used.name,
            name: &used.manifest.name,
            once: &once,
            case: None,
            place: None,
            house: false,
        };
        keep_staged(tx, &flows, &who, about, &staged)
    };
    unless_faster(|| app.db.write(In::County(visitor.county), work.clone())).await
}

/// Where the library leads, if the plugin has that page, and what it says, if the plugin has that text.
fn answered(used: &InUse, page: &Page, bytes: &[u8]) -> Result<Pressed, Refusal> {
    #[derive(serde::Deserialize, Default)]
    #[serde(default)]
    struct Acted {
        go: Option<String>,
        said: Option<Said>,
    }
    #[derive(serde::Deserialize, Default)]
    #[serde(default)]
    struct Said {
        key: String,
    }
    let acted: Acted = asked::read(&used.name, PluginOp::Action, bytes)?;
    let go = acted.go.filter(|go| used.manifest.page.iter().any(|page| &page.path == go));
    let said = acted.said.unwrap_or_default().key;
    let known = used.manifest.text.contains_key(&said);
    Ok(Pressed {
        page: go.unwrap_or_else(|| page.path.clone()),
        said: if known { said } else { String::new() },
    })
}

async fn templates(app: &App, used: &InUse) -> Result<Templates, Stop> {
    static READ: LazyLock<Mutex<HashMap<String, Templates>>> = LazyLock::new(Mutex::default);
    let (name, generation) = (used.name.clone(), used.generation);
    let package = app.db.read(In::All, move |tx| plugin::package(tx, &name, generation)).await?;
    let known = READ.lock().unwrap_or_else(PoisonError::into_inner).get(&package.sha256).cloned();
    if let Some(known) = known {
        return Ok(known);
    }
    let name = used.name.clone();
    let body = app.db.read(In::All, move |tx| plugin::body(tx, &name, generation)).await?;
    let read = tokio::task::spawn_blocking(move || shelf::content(&body));
    let read = read.await.map_err(|e| crate::Fault::new("page", e.to_string()))??;
    let templates = Arc::new(read.templates);
    let mut kept = READ.lock().unwrap_or_else(PoisonError::into_inner);
    kept.insert(package.sha256, Arc::clone(&templates));
    Ok(templates)
}

/// The rows of a list that the visitor sees, with the fields that the visitor may read, in words.
async fn rows(
    app: &App,
    visitor: &Visitor,
    used: &InUse,
    list: &Listed,
    english: bool,
) -> Result<ListSeen, Stop> {
    let flow = app.flows.current(visitor.county, &used.manifest.flow_id(&list.flow))?;
    let sight = casework::sight(visitor, Act::Read, &flow)?;
    let (flows, who, county, list) = (app.flows.clone(), visitor.clone(), visitor.county, list.clone());
    let work = move |tx: &mut Tx<'_>| {
        let mut wanted =
            Rows { flows: vec![flow.id.clone()], states: list.states.clone(), ..Rows::default() };
        if let Some(when) = &list.when {
            wanted.holds.push(casework::held(tx, county, &flow, &when.field, &when.among)?);
        }
        let window = Window { limit: list.most, after: None };
        let page = casefile_list::page(tx, &sight, &wanted, &window)?;
        let mut rows = Vec::new();
        let read = casework::readable_values(tx, &flows, &who, &page.items)?;
        for (line, values) in casework::lines(tx, &flows, (&page.items, false))?.into_iter().zip(read) {
            let cell =
                |name: &String| Some(line.flow.field(name)?.told(values.get(name), english, Written::Read));
            let cells = list.fields.iter().map(cell).collect();
            rows.push((line, cells));
        }
        Ok(ListSeen { declared: list.clone(), flow: Arc::clone(&flow), rows })
    };
    app.db.read(In::County(county), work).await
}

/// The figures that a page names, where the visitor may see figures at all.
async fn figures(
    app: &App,
    visitor: &Visitor,
    used: &InUse,
    page: &Page,
    lang: &str,
) -> Result<Vec<FigureSeen>, Stop> {
    if page.figures.is_empty() || !visitor.may(Act::Read, Noun::Statistics) {
        return Ok(Vec::new());
    }
    let lines = statistics::figures_of(app, visitor, &used.name).await?;
    let figure = |code: &String| {
        let line = lines.iter().find(|line| &line.statistic.code == code)?;
        Some(FigureSeen {
            code: code.clone(),
            name: line.statistic.name.in_language(lang).to_owned(),
            value: line.written.text(line.value),
            shown: line.written.grouped(line.value),
            unit: line.statistic.unit.in_language(lang).to_owned(),
        })
    };
    Ok(page.figures.iter().filter_map(figure).collect())
}
