//! Letters about what a plugin's hooks and jobs could not do: read by an administrator, tried again or laid aside.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::directory::codes;
use falin_domain::journal::Event;
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::words::{CaseId, DivisionId, LetterId, PluginId};
use falin_store::casefile::Case;
use falin_store::plugin::Install;
use falin_store::plugin_stage::{self as rows, Letter};
use falin_store::{In, Tx, division, if_there, plugin_errand};
use serde_json::{Value, json};

use super::NOUN;
use crate::casework::{retry_hook, said};
use crate::trace::By;
use crate::{App, Stop};

codes! {
    /// What can be done with a letter.
    Answer {
        /// Try again.
        Retry = "retry",
        /// Lay aside: it will not be done.
        Drop = "drop",
    }
}

/// A letter as it is read.
#[derive(Clone, Debug)]
pub struct Told {
    /// The row.
    pub letter: Letter,
    /// Number of the case, or name of the place, that it is about.
    pub about: String,
    /// The case, where it is one.
    pub case: Option<(CaseId, String)>,
    /// Code of the refusal.
    pub code: String,
    /// Its arguments.
    pub args: Vec<(String, String)>,
    /// Faults at fields.
    pub fields: Vec<FieldError>,
}

/// Letters of a plugin that wait.
///
/// # Errors
/// `access.denied`, `not_found`.
pub async fn letters(app: &App, visitor: &Visitor, id: PluginId) -> Result<Vec<Told>, Stop> {
    let county = visitor.scope(Act::Read, Noun::Plugin)?.county;
    let work = move |tx: &mut Tx<'_>| {
        let install = Install::by_id(tx, county, id)?;
        let all = rows::waiting(tx, county, &install.plugin)?;
        all.into_iter().map(|letter| told(tx, letter)).collect()
    };
    app.db.read(In::County(county), work).await
}

fn told(tx: &mut Tx<'_>, letter: Letter) -> Result<Told, Stop> {
    let (mut about, mut case) = (String::new(), None);
    let by_case = match CaseId::from_bytes(&letter.subject_id) {
        Some(id) => if_there(Case::by_id(tx, letter.county_id, id))?,
        None => None,
    };
    if let Some(found) = by_case {
        about.clone_from(&found.number);
        case = Some((found.id, found.flow));
    } else if let Some(id) = DivisionId::from_bytes(&letter.subject_id)
        && let Some(place) = if_there(division::Division::by_id(tx, letter.county_id, id))?
    {
        about = place.name;
    }
    let kept: Value = serde_json::from_str(&letter.said(tx)?).unwrap_or_default();
    let pairs = |value: &Value| -> Vec<(String, String)> {
        serde_json::from_value(value.clone()).unwrap_or_default()
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let field = |one: &Value| FieldError {
        args: pairs(&one["args"]),
        ..FieldError::new(&text(&one["name"]), &text(&one["code"]))
    };
    Ok(Told {
        about,
        case,
        code: letter.refusal.clone(),
        args: pairs(&kept["args"]),
        fields: kept["fields"].as_array().into_iter().flatten().map(field).collect(),
        letter,
    })
}

/// Tries a letter's work again, or lays it aside. Where it is refused again, the letter says what was said now.
///
/// # Errors
/// `access.denied`, `not_found`, `state.changed`, `action.not_allowed`.
pub async fn answer(
    app: &App,
    visitor: &Visitor,
    (id, letter): (PluginId, LetterId),
    version: i64,
    answer: Answer,
) -> Result<bool, Stop> {
    let county = visitor.whole_scope(Act::Commit, Noun::Plugin)?.county;
    let (flows, by, visitor) = (app.flows.clone(), By::of(visitor), visitor.clone());
    let work = move |tx: &mut Tx<'_>| {
        let install = Install::by_id(tx, county, id)?;
        let mut letter = Letter::by_id(tx, county, letter)?;
        if letter.plugin != install.plugin {
            return Err(Refusal::absent().into());
        }
        if letter.version != version {
            return Err(Refusal::new("state.changed").into());
        }
        if letter.state != "waiting" {
            return Err(Refusal::new("action.not_allowed").into());
        }
        let errand = plugin_errand::behind(tx, &letter)?;
        let done = match answer {
            Answer::Drop => {
                if let Some(errand) = &errand {
                    plugin_errand::done(tx, errand)?;
                }
                "dropped".clone_into(&mut letter.state);
                true
            }
            // Its library is asked outside this transaction; the letter is answered when it has done it.
            Answer::Retry if errand.is_some() => {
                letter.tries += 1;
                if let Some(mut errand) = errand {
                    "waiting".clone_into(&mut errand.state);
                    (errand.tries, errand.due_ms) = (0, tx.now.millis());
                    errand.save(tx)?;
                }
                false
            }
            Answer::Retry => {
                letter.tries += 1;
                let outcome = tx.attempt(|tx| match letter.kind.as_str() {
                    "hook" => retry_hook(tx, &flows, &visitor, &letter),
                    _ => super::jobs::retry(tx, &flows, &letter),
                })?;
                match outcome {
                    // The version in use gives the work to its library: answered when that has done it.
                    Ok(()) if plugin_errand::behind(tx, &letter)?.is_some() => false,
                    Ok(()) => {
                        "done".clone_into(&mut letter.state);
                        true
                    }
                    Err(stop) => {
                        said(tx, &mut letter, stop)?;
                        false
                    }
                }
            }
        };
        letter.changed_ms = tx.now.millis();
        letter.save(tx)?;
        let details = json!({ "plugin": letter.plugin, "work": letter.code, "state": letter.state });
        by.saved(tx, Event::PluginLetter, (NOUN, id), details)?;
        Ok(done)
    };
    app.db.write(In::County(county), work).await
}
