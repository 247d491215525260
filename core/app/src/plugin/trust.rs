//! Whose packages a deployment takes: keys trusted after their fingerprints were compared, and what a root revokes.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::Refusal;
use falin_domain::workflow::PluginState;
use falin_host::shelf::{PublicKey, Revocations, Trust, identity};
use falin_store::journal::Entry;
use falin_store::plugin::{self, TrustedKey};
use falin_store::{In, Tx};
use serde_json::json;

use super::NOUN;
use crate::{App, Stop};

/// What the deployment trusts now.
///
/// # Errors
/// The store's own.
pub(crate) fn trust_of(tx: &mut Tx<'_>) -> Result<Trust, Stop> {
    let mut trust = Trust::default();
    for key in plugin::keys(tx)? {
        match key.revoked_ms {
            Some(_) => trust.revoked_keys.insert(key.key_id),
            None => trust.keys.insert(key.key_id, key.name).is_some(),
        };
    }
    trust.revoked_packages = plugin::revoked_packages(tx)?.into_iter().collect();
    Ok(trust)
}

/// Keys that were ever trusted.
///
/// # Errors
/// `access.denied`.
pub async fn keys(app: &App, visitor: &Visitor) -> Result<Vec<TrustedKey>, Stop> {
    visitor.scope(Act::Read, Noun::Plugin)?;
    app.db.read(In::All, plugin::keys).await
}

/// Trusts a publisher's key: on a root's certificate, or on the word of who runs the platform, who has compared the
/// fingerprint with the publisher's letter. Only the latter makes roots.
///
/// # Errors
/// `access.denied`; `package.untrusted` where the certificate is of no root known here; `package.revoked`.
pub async fn trust_key(app: &App, visitor: &Visitor, key: PublicKey, root: bool) -> Result<(), Stop> {
    visitor.scope(Act::Write, Noun::Plugin)?;
    let runs = visitor.may(Act::Write, Noun::Platform);
    let (county, account) = (visitor.county, visitor.account);
    let work = move |tx: &mut Tx<'_>| {
        let known = plugin::keys(tx)?;
        let certified = key.certificate.as_ref().is_some_and(|certificate| {
            let id = hex(&certificate.root);
            known.iter().any(|one| one.key_id == id && one.root && one.revoked_ms.is_none())
        });
        if !runs && (root || !certified) {
            let told = falin_host::shelf::fingerprint(&key.key);
            return Err(Refusal::new("package.untrusted").with("fingerprint", told).into());
        }
        if !plugin::trust(tx, &key.id(), &key.name, root)? {
            return Err(Refusal::new("package.revoked").into());
        }
        record(tx, (county, account), Event::PublisherTrusted, json!({ "key": key.id(), "root": root }))
    };
    app.db.write(In::All, work).await
}

/// Takes over a root's list of revocations. Plugins in use whose package or key is on it are locked away.
///
/// # Errors
/// `access.denied`; `package.untrusted` where the list is signed by no root known here.
pub async fn revoke(app: &App, visitor: &Visitor, list: Revocations, root: String) -> Result<(), Stop> {
    visitor.scope(Act::Write, Noun::Plugin)?;
    let (county, account) = (visitor.county, visitor.account);
    let work = move |tx: &mut Tx<'_>| {
        let known = plugin::keys(tx)?;
        if !known.iter().any(|one| one.key_id == root && one.root && one.revoked_ms.is_none()) {
            return Err(Refusal::new("package.untrusted").with("fingerprint", &root[..16]).into());
        }
        for key in &list.keys {
            plugin::revoke_key(tx, key)?;
        }
        for package in &list.packages {
            plugin::revoke_package(tx, package)?;
        }
        for shelved in alike(tx, &list)? {
            plugin::revoke_package(tx, &shelved)?;
        }
        let there = plugin::standing(tx, &[PluginState::Enabled, PluginState::Quarantined])?;
        for (mut install, _) in there.into_iter().filter(|(one, _)| one.state == PluginState::Enabled) {
            if plugin::is_revoked(tx, &install.plugin, install.generation)? {
                super::life::lock_away(tx, &mut install, "revoked")?;
            }
        }
        let details = json!({ "keys": list.keys.len(), "packages": list.packages.len() });
        record(tx, (county, account), Event::PublisherRevoked, details)
    };
    app.db.write(In::All, work).await?;
    super::reload(app).await
}

/// Files on the shelf whose content is revoked, whichever way they were packed.
fn alike(tx: &mut Tx<'_>, list: &Revocations) -> Result<Vec<String>, Stop> {
    let mut found = Vec::new();
    if list.packages.is_empty() {
        return Ok(found);
    }
    for (plugin, generation, sha256) in plugin::shelf(tx)? {
        let body = plugin::body(tx, &plugin, generation)?;
        if identity(&body).is_ok_and(|content| list.packages.contains(&content)) {
            found.push(sha256);
        }
    }
    Ok(found)
}

fn record(
    tx: &mut Tx<'_>,
    (county, account): (falin_domain::words::CountyId, Option<falin_domain::words::AccountId>),
    event: Event,
    details: serde_json::Value,
) -> Result<(), Stop> {
    let reason = if account.is_some() { Reason::Person } else { Reason::Operator };
    tx.record(Entry { county, account, event, reason, subject: None, details })?;
    tx.bump(county, NOUN)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
