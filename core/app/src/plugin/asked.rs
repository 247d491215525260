//! A question to a plugin's library: asked in its cage, beside no transaction, within its deadline and budget.

use std::time::Duration;

use falin_domain::access::Visitor;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::workflow::Flow;
use falin_host::plugin::{Answer, Fault, HostOp, PluginOp};
use falin_store::In;
use serde_json::{Value, json};

use crate::casework::{Server, Staged, Texts, posts};
use crate::{App, Stop};

/// What came back.
#[derive(Debug)]
pub(crate) enum Heard {
    /// An answer, and what is to be done with it.
    Done(Vec<u8>, Vec<Staged>),
    /// A "no" for the user, as the library spelt it.
    Refused(Vec<u8>),
    /// The library does not know this op, though its plugin declares that it is asked.
    Unknown,
}

/// Which library, and for whom it looks.
#[derive(Clone, Debug)]
pub(crate) struct Asking<'a> {
    /// The plugin's own name.
    pub plugin: &'a str,
    /// The generation of its package.
    pub generation: i32,
    /// Its texts.
    pub texts: &'a Texts,
    /// Whose rights its look-ups have; of this one's county it is.
    pub reader: &'a Visitor,
}

/// Asks, and waits for the answer. What a library wants written is staged and comes back with the answer.
///
/// # Errors
/// `plugin.failed` where it broke, was late, or said that it failed; `plugin.quarantined` where it is locked away,
/// `plugin.asleep` where no worker can be had; `state.changed` where it hands on that a document has moved.
pub(crate) async fn ask(app: &App, asking: Asking<'_>, op: PluginOp, payload: &Value) -> Result<Heard, Stop> {
    let ready = super::ready(app, asking.reader.county, (asking.plugin, asking.generation)).await?;
    let (house, key) = (app.clone(), ready.key.clone());
    let (texts, reader) = (asking.texts.clone(), asking.reader.clone());
    let bytes = payload.to_string().into_bytes();
    let work = move || {
        let host = house.plugins.host().ok_or_else(|| Refusal::new("plugin.asleep"))?;
        let within = Duration::from_millis(u64::from(ready.call_ms));
        let mut server = Server {
            app: &house,
            ready: &ready,
            reader: &reader,
            texts: &texts,
            now: house.now(),
            staged: Vec::new(),
            entropy: house.entropy(),
        };
        let mut serve = |op: HostOp, asked: &[u8]| server.answer(op, asked);
        let answer = host.call(&ready.key, op, &bytes, within, &mut serve);
        Ok::<_, Refusal>((answer, server.staged))
    };
    let (answer, staged) =
        tokio::task::spawn_blocking(work).await.map_err(|_| Refusal::new("plugin.failed"))??;
    match answer {
        Ok(Answer::Done(bytes)) => Ok(Heard::Done(bytes, staged)),
        // What the server told it, handed on: a document has moved since it looked.
        Ok(Answer::Refused(bytes)) if moved(asking.texts, &bytes) => {
            Err(Refusal::new("state.changed").into())
        }
        Ok(Answer::Refused(bytes)) => Ok(Heard::Refused(bytes)),
        Err(fault) if fault.is_unknown_op() => Ok(Heard::Unknown),
        Err(fault) => {
            tracing::warn!(plugin = asking.plugin, op = op.name(), %fault, "a library failed");
            super::watch_deaths(app, &key).await?;
            let locked = matches!(fault, Fault::Quarantined(_));
            Err(Refusal::new(if locked { "plugin.quarantined" } else { "plugin.failed" }).into())
        }
    }
}

fn moved(texts: &Texts, bytes: &[u8]) -> bool {
    let key = "state.changed";
    let no: Value = serde_json::from_slice(bytes).unwrap_or_default();
    no["key"] == key && !texts.contains_key(key)
}

/// Who does it, as a library is told: the account, its roles in the county, its posts of this plugin.
///
/// # Errors
/// The store's own.
pub(crate) async fn actor(app: &App, visitor: &Visitor, flow: &Flow) -> Result<Value, Stop> {
    let roles: Vec<&str> =
        visitor.posts.iter().filter(|p| p.county == visitor.county).map(|p| p.role.code()).collect();
    let mut held = Vec::new();
    if !flow.posts.is_empty() {
        let (who, flow) = (visitor.clone(), flow.clone());
        held = app.db.read(In::County(visitor.county), move |tx| posts::held(tx, &who, &flow)).await?;
    }
    let held: Vec<String> = held.into_iter().map(|post| post.code).collect();
    Ok(json!({ "account": visitor.account, "name": null, "roles": roles, "posts": held }))
}

/// The house itself, as a library is told.
pub(crate) fn nobody() -> Value {
    json!({ "account": null, "name": null, "roles": [], "posts": [] })
}

/// The answer as JSON.
///
/// # Errors
/// `plugin.failed` where it is none.
pub(crate) fn read<T: serde::de::DeserializeOwned + Default>(
    plugin: &str,
    op: PluginOp,
    bytes: &[u8],
) -> Result<T, Refusal> {
    if bytes.is_empty() {
        return Ok(T::default());
    }
    serde_json::from_slice(bytes).map_err(|fault| {
        tracing::warn!(plugin, op = op.name(), %fault, "a library answers what its schema does not know");
        Refusal::new("plugin.failed")
    })
}

/// What every question says of the moment.
pub(crate) fn moment(now: Instant) -> (String, String) {
    (now.to_string(), now.date().to_string())
}
