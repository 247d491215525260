//! Pages of a plugin's own: what its template may see, gathered by the house from lists and figures.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::page::Window;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::workflow::{Listed, Page, Words};
use falin_host::shelf;
use falin_store::casefile_list::{self, Filter as Rows};
use falin_store::{In, Tx, plugin};
use serde_json::{Map, Value, json};

use crate::casework::{self, InUse};
use crate::{App, Stop, statistics};

/// Templates of a generation, read once from its package.
type Templates = Arc<BTreeMap<String, String>>;

/// A page with everything that its template may see.
#[derive(Clone, Debug)]
pub struct PageSeen {
    /// What it is called.
    pub name: Words,
    /// The template; it has passed the lint.
    pub template: String,
    /// `title`, `lists`, `figures`.
    pub context: Value,
    /// Texts that it may name.
    pub texts: BTreeMap<String, Words>,
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
    english: bool,
) -> Result<PageSeen, Stop> {
    visitor.scope(Act::Read, Noun::Workflow)?;
    let found =
        pages_for(app, visitor).into_iter().find(|(used, page)| used.name == plugin && page.path == path);
    let (used, page) = found.ok_or_else(Refusal::absent)?;
    let lang = if english { "en" } else { "zh" };
    let templates = templates(app, &used).await?;
    let template = templates.get(&page.template).cloned().ok_or_else(Refusal::absent)?;
    let mut lists = Map::new();
    for list in &page.list {
        lists.insert(list.name.clone(), rows(app, visitor, &used, list, lang).await?);
    }
    let figures = figures(app, visitor, &used, &page, lang).await?;
    let context = json!({ "title": page.name.in_language(lang), "lists": lists, "figures": figures });
    Ok(PageSeen { name: page.name.clone(), template, context, texts: used.manifest.text.clone() })
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
async fn rows(app: &App, visitor: &Visitor, used: &InUse, list: &Listed, lang: &str) -> Result<Value, Stop> {
    let flow = app.flows.current(visitor.county, &used.manifest.flow_id(&list.flow))?;
    let sight = casework::sight(visitor, Act::Read, &flow)?;
    let (flows, who, county) = (app.flows.clone(), visitor.clone(), visitor.county);
    let (list, english) = (list.clone(), lang == "en");
    let work = move |tx: &mut Tx<'_>| {
        let lang = if english { "en" } else { "zh" };
        let mut wanted =
            Rows { flows: vec![flow.id.clone()], states: list.states.clone(), ..Rows::default() };
        if let Some(when) = &list.when {
            wanted.holds.push(casework::held(tx, county, &flow, &when.field, &when.among)?);
        }
        let window = Window { limit: list.most, after: None };
        let page = casefile_list::page(tx, &sight, &wanted, &window)?;
        let mut rows = Vec::new();
        for line in casework::lines(tx, &flows, &page.items)? {
            let values = casework::readable_values(tx, &flows, &who, &line.case)?;
            let fields = list.fields.iter().filter_map(|name| {
                let field = line.flow.field(name)?;
                Some((name.clone(), Value::from(casework::table::words(field, values.get(name), lang))))
            });
            let state =
                line.flow.state(&line.case.state).map(|state| state.name.in_language(lang).to_owned());
            rows.push(json!({
                "number": line.case.number, "state": state, "state_code": line.case.state,
                "link": format!("/desk/workflows/{}/{}", line.case.flow, line.case.id),
                "day": Instant::from_millis(line.case.created_ms).date().to_string(),
                "place": line.place.as_ref().map(|place| place.name.clone()),
                "fields": fields.collect::<Map<_, _>>(),
            }));
        }
        Ok(Value::Array(rows))
    };
    app.db.read(In::County(county), work).await
}

/// The figures that a page names, where the visitor may see figures at all.
async fn figures(app: &App, visitor: &Visitor, used: &InUse, page: &Page, lang: &str) -> Result<Value, Stop> {
    let mut figures = Map::new();
    if page.figures.is_empty() || !visitor.may(Act::Read, Noun::Statistics) {
        return Ok(Value::Object(figures));
    }
    let table = statistics::table_of(app, visitor, statistics::Asked::default(), &used.name).await?;
    for line in table.own.into_iter().flat_map(|own| own.lines) {
        if page.figures.contains(&line.statistic.code) {
            let figure = json!({
                "value": line.written.text(line.value), "name": line.statistic.name.in_language(lang),
                "unit": line.statistic.unit.in_language(lang),
            });
            figures.insert(line.statistic.code, figure);
        }
    }
    Ok(Value::Object(figures))
}
