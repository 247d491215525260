//! Open cases at an upgrade: rehearsed on copies of their values, then moved in the same transaction, and put back by
//! a rollback; and the tables that are kept when a plugin is taken out.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::sync::Arc;

use falin_domain::access::Visitor;
use falin_domain::refusal::Refusal;
use falin_domain::words::{AccountId, PluginExportId};
use falin_domain::workflow::{Field, Flow, Manifest, Migration, Values, Words};
use falin_store::casefile::Case;
use falin_store::casefile_step::Step;
use falin_store::plugin::Install;
use falin_store::plugin_desk::{self, Export};
use falin_store::plugin_turn::{self, Mark, Turn};
use falin_store::{Fault, In, Tx};

use super::migrate::{self, Kept};
use super::{Shown, declared};
use crate::casework::{self, Flows, table};
use crate::trace::By;
use crate::{App, Stop, sheets};

/// Days for which the tables of a plugin that was taken out are kept.
const KEPT_DAYS: i64 = 30;
const DAY_MS: i64 = 86_400_000;

/// A flow whose open cases go along.
struct Going<'a> {
    rule: &'a Migration,
    flow: Flow,
}

fn going<'a>(manifest: &'a Manifest, generation: i32) -> Vec<Going<'a>> {
    let flows = manifest.flows(generation);
    let of = |rule: &'a Migration| {
        let id = manifest.flow_id(&rule.flow);
        flows.iter().find(|flow| flow.id == id).map(|flow| Going { rule, flow: flow.clone() })
    };
    manifest.migration.iter().filter_map(of).collect()
}

/// Why a case cannot go along, and the state or the field that it fails at, as people know it.
fn fault(case: &Case, why: &str, at: &Words) -> Stop {
    let refusal = Refusal::new("plugin.migration").with("why", why).with("number", &case.number);
    refusal.with("zh", &at.zh).with("en", &at.en).into()
}

/// The flow of a case in the version that it follows.
fn followed(tx: &mut Tx<'_>, plugin: &str, case: &Case) -> Result<Option<Flow>, Stop> {
    let old = declared(tx, plugin, case.flow_version)?;
    Ok(old.flows(case.flow_version).into_iter().find(|flow| flow.id == case.flow))
}

/// The state in which a case would stand in the other version, and what it would keep, once that was looked at as that
/// version does.
fn rehearsed(
    tx: &mut Tx<'_>,
    going: &Going<'_>,
    plugin: &str,
    case: &Case,
) -> Result<(String, Values), Stop> {
    let old = followed(tx, plugin, case)?;
    let new = going.rule.states.get(&case.state).unwrap_or(&case.state);
    let Some(state) = going.flow.state(new) else {
        let stood = old.as_ref().and_then(|flow| flow.state(&case.state));
        let unnamed = || Words { zh: case.state.clone(), en: case.state.clone() };
        return Err(fault(case, "state", &stood.map_or_else(unnamed, |state| state.name.clone())));
    };
    if state.closed {
        return Err(fault(case, "closed", &state.name));
    }
    let values = case.document(tx)?;
    // What the version before asked for, and this one does not know, nobody would see again.
    let lost = |field: &&Field| {
        let ruled = going.rule.fields.contains_key(&field.name);
        !ruled && going.flow.field(&field.name).is_none() && values.contains_key(&field.name)
    };
    if let Some(field) = old.as_ref().and_then(|flow| flow.field.iter().find(lost)) {
        return Err(fault(case, "lost", &field.label));
    }
    let values = going.rule.carried(values);
    match going.flow.unfit(&values, tx.now.date()) {
        Some(field) => Err(fault(case, "field", &field.label)),
        None => Ok((new.clone(), values)),
    }
}

/// An open case that can go along: of which rule, in which state, with what.
type Ready = (usize, Case, (String, Values));

/// Looks at every open case of the flows that have a rule, and moves none.
///
/// # Errors
/// `plugin.migration` with the first case that cannot go along.
pub(super) fn rehearse(tx: &mut Tx<'_>, install: &Install, manifest: &Manifest, to: i32) -> Result<(), Stop> {
    ready(tx, install, &going(manifest, to), to).map(drop)
}

fn ready(tx: &mut Tx<'_>, install: &Install, all: &[Going<'_>], to: i32) -> Result<Vec<Ready>, Stop> {
    let mut ready = Vec::new();
    for (n, one) in all.iter().enumerate() {
        for case in plugin_turn::behind(tx, install.county_id, &one.flow.id, to)? {
            let went = rehearsed(tx, one, &install.plugin, &case)?;
            ready.push((n, case, went));
        }
    }
    Ok(ready)
}

/// Moves every open case of the flows that have a rule to this generation: first all of them in rehearsal, where one
/// fault refuses the upgrade, then all of them for good.
///
/// # Errors
/// As [`rehearse`].
pub(super) fn forth(tx: &mut Tx<'_>, install: &Install, manifest: &Manifest, to: i32) -> Result<(), Stop> {
    let all = going(manifest, to);
    for (n, case, (state, values)) in ready(tx, install, &all, to)? {
        moved(tx, &install.plugin, &all[n].flow, case, (to, &state, values), true)?;
    }
    Ok(())
}

fn moved(
    tx: &mut Tx<'_>,
    plugin: &str,
    flow: &Flow,
    mut case: Case,
    (to, state, values): (i32, &str, Values),
    note: bool,
) -> Result<(), Stop> {
    let from = (case.flow_version, case.state.clone());
    if from.1 != state {
        plugin_turn::rename(tx, &case.flow, (from.0, to), (&from.1, state))?;
    }
    if note {
        let turn = Turn {
            county_id: case.county_id,
            case_id: case.id,
            plugin: plugin.to_owned(),
            to_version: to,
            from_version: from.0,
            from_state: from.1,
            to_state: state.to_owned(),
            at_ms: tx.now.millis(),
        };
        turn.note(tx)?;
    }
    (case.flow_version, case.state) = (to, state.to_owned());
    case.next_role = flow.state(state).and_then(|state| state.next).map(|role| role.code().to_owned());
    case.put_document(tx, flow, &values)?;
    case.save(tx)?;
    case.index(tx, flow, &values)
}

/// What was typed in earlier versions of a case's flow, under the names that its own version gives it.
///
/// # Errors
/// The store's own.
pub(crate) fn as_named_now(tx: &mut Tx<'_>, case: &Case, history: &mut [(Step, Values)]) -> Result<(), Stop> {
    for turn in plugin_turn::of_case(tx, case.county_id, case.id)? {
        let manifest = declared(tx, &turn.plugin, turn.to_version)?;
        let Some(rule) = manifest.moves(&case.flow).filter(|rule| !rule.fields.is_empty()) else { continue };
        let before = history.iter_mut().filter(|(step, _)| step.at_ms < turn.at_ms);
        for (_, typed) in before {
            *typed = rule.carried(std::mem::take(typed));
        }
    }
    Ok(())
}

/// Puts the cases that an upgrade moved back where they stood. One that has moved on meanwhile goes to the state of
/// the same name, or of the name that the upgrade had given it; one that has neither stays in its version.
pub(super) fn back(tx: &mut Tx<'_>, flows: &Flows, install: &Install, from: i32) -> Result<usize, Stop> {
    let turns = plugin_turn::turns(tx, install.county_id, &install.plugin, from)?;
    let mut names: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut count = 0;
    let newer = declared(tx, &install.plugin, from)?;
    for turn in &turns {
        names.insert((turn.from_version.to_string(), turn.to_state.clone()), turn.from_state.clone());
    }
    for turn in turns {
        let case = Case::by_id(tx, install.county_id, turn.case_id)?;
        if case.flow_version != from || case.closed_ms.is_some() {
            continue;
        }
        let old = flows.of_case(tx, &case.flow, turn.from_version)?;
        let named = names.get(&(turn.from_version.to_string(), case.state.clone()));
        let state = if case.state == turn.to_state { Some(&turn.from_state) } else { named };
        let state = state.cloned().unwrap_or_else(|| case.state.clone());
        if old.state(&state).is_some_and(|state| !state.closed) {
            let mut values = case.document(tx)?;
            if let Some(rule) = newer.moves(&case.flow) {
                values = rule.put_back(values);
            }
            moved(tx, &install.plugin, &old, case, (turn.from_version, &state, values), false)?;
            count += 1;
        }
    }
    plugin_turn::forget(tx, install.county_id, &install.plugin, from)?;
    Ok(count)
}

/// Every case of a plugin as workbooks, a flow each, and the mark of the moment at which they were read.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    flows: Vec<String>,
    mark: Mark,
    count: i32,
    books: Vec<(String, Vec<u8>)>,
}

/// Reads the tables of a plugin that is to be taken out, where nobody who writes waits for it.
///
/// # Errors
/// `access.denied`; the store's own.
pub(super) async fn tables(app: &App, visitor: &Visitor, there: &Shown) -> Result<Tables, Stop> {
    let (flows, who) = (app.flows.clone(), visitor.clone());
    let (county, generation, manifest) =
        (there.install.county_id, there.install.generation, Arc::clone(&there.manifest));
    let work = move |tx: &mut Tx<'_>| {
        // Also of flows that a later version has dropped.
        let ids = plugin_turn::flows_of(tx, county, &manifest.id)?;
        let mark = plugin_turn::mark(tx, county, &ids)?;
        let own = manifest.flows(generation);
        let (mut books, mut count) = (Vec::new(), 0);
        for id in &ids {
            let cases = plugin_turn::every(tx, county, id)?;
            let Some(last) = cases.last() else { continue };
            let dropped;
            let flow = match own.iter().find(|flow| flow.id == *id) {
                Some(flow) => flow,
                None => {
                    dropped = flows.of_case(tx, id, last.flow_version)?;
                    &dropped
                }
            };
            count += cases.len() as i32;
            books.push(book(tx, &flows, &who, flow, &cases)?);
            books.push(records(tx, &flows, &who, id, &cases)?);
        }
        Ok(Tables { flows: ids, mark, count, books })
    };
    app.db.read(In::County(county), work).await
}

fn book(
    tx: &mut Tx<'_>,
    flows: &Flows,
    visitor: &Visitor,
    flow: &Flow,
    cases: &[Case],
) -> Result<(String, Vec<u8>), Stop> {
    let mut rows = Vec::with_capacity(cases.len());
    let names = table::Names::read(tx, visitor.county)?;
    for part in cases.chunks(200) {
        rows.extend(table::rows(tx, flows, (visitor, &names), flow, (part, false))?);
    }
    let heads = table::heads(flow, false);
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let book = sheets::write_xlsx(&flow.name.zh, &heads, &rows, tx.now.date());
    let book = book.map_err(|e| Stop::from(Fault::new("plugin_export", e.to_string())))?;
    Ok((format!("{}.xlsx", flow.id.replace('/', "-")), book))
}

/// The same cases with their rows and histories, a line each, as the administrator may read them. What is for others
/// alone stays with the cases themselves, which open again when the plugin comes back.
fn records(
    tx: &mut Tx<'_>,
    flows: &Flows,
    visitor: &Visitor,
    flow: &str,
    cases: &[Case],
) -> Result<(String, Vec<u8>), Stop> {
    let mut lines = Vec::new();
    for case in cases {
        lines.extend(casework::record(tx, flows, visitor, case)?.to_string().into_bytes());
        lines.push(b'\n');
    }
    Ok((format!("{}.cases.jsonl", flow.replace('/', "-")), lines))
}

/// Keeps the tables of a plugin that is taken out as one zip for 30 days, with the documents of its library as a file of
/// lines a collection. False where a case has changed since they were read: nothing is kept then.
///
/// # Errors
/// The store's own.
pub(super) fn kept(
    tx: &mut Tx<'_>,
    install: &Install,
    account: Option<AccountId>,
    tables: &Tables,
) -> Result<bool, Stop> {
    if plugin_turn::mark(tx, install.county_id, &tables.flows)? != tables.mark {
        return Ok(false);
    }
    let documents = migrate::taken_out(tx, (install.county_id, &install.plugin))?;
    let mut books = tables.books.clone();
    books.extend(documents.iter().map(file_of));
    if !books.is_empty() {
        put_aside(tx, install, account, (tables.count, books))?;
    }
    Ok(true)
}

fn file_of(kept: &Kept) -> (String, Vec<u8>) {
    (format!("{}.jsonl", kept.name), kept.lines().into_bytes())
}

/// Keeps what was written since an upgrade that is taken back, for 30 days.
///
/// # Errors
/// The store's own.
pub(super) fn kept_since(
    tx: &mut Tx<'_>,
    install: &Install,
    account: Option<AccountId>,
    later: &[Kept],
) -> Result<(), Stop> {
    if later.is_empty() {
        return Ok(());
    }
    put_aside(tx, install, account, (0, later.iter().map(file_of).collect())).map(drop)
}

/// Files of a plugin as one zip that can be fetched for 30 days.
fn put_aside(
    tx: &mut Tx<'_>,
    install: &Install,
    account: Option<AccountId>,
    (count, files): (i32, Vec<(String, Vec<u8>)>),
) -> Result<PluginExportId, Stop> {
    let broken = |e: String| Stop::from(Fault::new("plugin_export", e));
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let how = zip::write::SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (name, bytes) in files {
        zip.start_file(name, how).map_err(|e| broken(e.to_string()))?;
        zip.write_all(&bytes).map_err(|e| broken(e.to_string()))?;
    }
    let body = zip.finish().map_err(|e| broken(e.to_string()))?.into_inner();
    let row = Export {
        county_id: install.county_id,
        id: tx.id(),
        plugin: install.plugin.clone(),
        case_count: count,
        account_id: account,
        created_ms: tx.now.millis(),
        until_ms: tx.now.millis() + KEPT_DAYS * DAY_MS,
    };
    plugin_desk::forget_exports(tx)?;
    plugin_desk::keep_export(tx, &row, &body)?;
    Ok(row.id)
}

/// The kept tables of plugins that were taken out, newest first.
///
/// # Errors
/// `access.denied`.
pub async fn exports(app: &App, visitor: &Visitor) -> Result<Vec<Export>, Stop> {
    use falin_domain::access::{Act, Noun};
    let county = visitor.whole_scope(Act::Commit, Noun::Plugin)?.county;
    let work = move |tx: &mut Tx<'_>| {
        let now = tx.now.millis();
        let all = plugin_desk::exports(tx, county)?;
        Ok(all.into_iter().filter(|one| one.until_ms > now).collect())
    };
    app.db.read(In::County(county), work).await
}

/// One of them; that it was taken is in the journal before a byte leaves.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn export(app: &App, visitor: &Visitor, id: PluginExportId) -> Result<(Export, Vec<u8>), Stop> {
    use falin_domain::access::{Act, Noun};
    let county = visitor.whole_scope(Act::Commit, Noun::Plugin)?.county;
    let by = By::of(visitor);
    let work = move |tx: &mut Tx<'_>| {
        let (row, body) = plugin_desk::export(tx, county, id)?;
        if row.until_ms <= tx.now.millis() {
            return Err(Refusal::absent().into());
        }
        let details = serde_json::json!({ "list": row.plugin, "rows": row.case_count });
        by.saved(tx, falin_domain::journal::Event::Exported, (super::NOUN, row.id), details)?;
        Ok((row, body))
    };
    app.db.write(In::County(county), work).await
}
