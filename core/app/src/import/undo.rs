//! Taking an import back: what it added goes, what it changed is as before, or nothing happens.

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::Refusal;
use falin_domain::roster::RosterKind;
use falin_domain::words::{BatchId, CountyId, Id};
use falin_store::adviser::AdviserPost;
use falin_store::category;
use falin_store::db::In;
use falin_store::division::{self, Division};
use falin_store::firm::Firm;
use falin_store::holiday::{self, Holiday};
use falin_store::household::{self, Household};
use falin_store::import::{self, Batch, Change};
use falin_store::journal::Entry;
use falin_store::room::Room;
use falin_store::worker::Worker;
use falin_store::{Fault, Tx, gram, remove};
use serde::de::DeserializeOwned;

use super::apply::HouseholdImage;
use super::batch::bump_for;
use super::listed::{in_reach, whose};
use crate::{App, Stop};

/// Undoes a committed import as a whole, at the version that the visitor saw (None: whichever it is).
///
/// # Errors
/// `state.changed`; `import.undone` where it is not in effect; `import.used` where something rests on what it brought:
/// pairings, posts, workers, a later change. The later act has to be undone first.
pub async fn undo(app: &App, visitor: &Visitor, id: BatchId, version: Option<i64>) -> Result<Batch, Stop> {
    let scope = visitor.scope(Act::Commit, Noun::Roster)?;
    let (county, account, by) = (scope.county, visitor.account, whose(&scope, visitor));
    let work = move |tx: &mut Tx<'_>| {
        let mut batch = in_reach(tx, county, by, id)?;
        if version.is_some_and(|seen| seen != batch.version) {
            return Err(Refusal::new("state.changed").into());
        }
        if batch.state != "committed" {
            return Err(Refusal::new("import.undone").into());
        }
        if import::households_used(tx, county, id)? {
            return Err(Refusal::new("import.used").into());
        }
        for change in import::changes(tx, county, id)? {
            take_back(tx, county, &change)?;
        }
        import::remove_households(tx, county, id)?;
        if batch.kind == RosterKind::Holidays.code() {
            crate::deadline::recount(tx, county)?;
        }
        batch.state = "undone".to_owned();
        batch.undone_ms = Some(tx.now.millis());
        batch.save(tx)?;
        tx.record(Entry {
            county,
            account,
            event: Event::RosterUndone,
            reason: Reason::Undo,
            subject: Some(("batch", id.bytes())),
            details: serde_json::json!({ "kind": batch.kind, "new": batch.new_rows, "changed": batch.changed }),
        })?;
        let kind = RosterKind::from_code(&batch.kind);
        bump_for(tx, county, kind.ok_or_else(|| Fault::new("import", "an unknown roster kind"))?)?;
        Ok(batch)
    };
    app.db.write(In::County(county), work).await
}

fn take_back(tx: &mut Tx<'_>, county: CountyId, change: &Change) -> Result<(), Stop> {
    match &change.before {
        None => remove_new(tx, county, change),
        Some(before) => restore(tx, county, change, before),
    }
}

fn remove_new(tx: &mut Tx<'_>, county: CountyId, change: &Change) -> Result<(), Stop> {
    let used = |stop: Stop| match stop {
        Stop::Rule(_) => Refusal::new("import.used").into(),
        Stop::Refused(refusal) if refusal.code() == "division.has_children" => {
            Refusal::new("import.used").into()
        }
        other => other,
    };
    match change.noun.as_str() {
        "division" => division::remove(tx, county, id(&change.subject)?).map_err(used)?,
        "holiday" => holiday::remove(tx, county, date(&change.subject)?)?,
        noun => remove::row(tx, county, noun, &change.subject).map_err(used)?,
    }
    gram::remove(tx, county, &change.subject)
}

/// Puts the former content back, if nobody has changed the row since the import did.
fn restore(tx: &mut Tx<'_>, county: CountyId, change: &Change, before: &str) -> Result<(), Stop> {
    macro_rules! versioned {
        ($noun:ident) => {{
            let mut row: $noun = image(before)?;
            row.version += 1;
            row.save(tx).map_err(used)
        }};
    }
    match change.noun.as_str() {
        "division" => versioned!(Division),
        "firm" => {
            let row: Firm = image(before)?;
            gram::index(tx, county, falin_store::firm::NOUN, &change.subject, &row.name)?;
            versioned!(Firm)
        }
        "worker" => {
            let row: Worker = image(before)?;
            gram::index(tx, county, falin_store::worker::NOUN, &change.subject, &row.name)?;
            versioned!(Worker)
        }
        "adviser" => versioned!(AdviserPost),
        "room" => versioned!(Room),
        "holiday" => {
            let day: Holiday = image(before)?;
            holiday::set(tx, county, day.date, &day.name, day.is_workday)
        }
        _ => {
            let image: HouseholdImage = image(before)?;
            let mut row = Household::by_id(tx, county, id(&change.subject)?)?;
            if row.version != image.version + 1 {
                return Err(Refusal::new("import.used").into());
            }
            (row.active, row.left_on) = (image.active, image.left_on);
            if let Some(spans) = &image.spans {
                category::put_back(tx, &row, spans)?;
            }
            household::change(tx, &mut row, &image.clear)
        }
    }
}

fn used(stop: Stop) -> Stop {
    match stop {
        Stop::Refused(refusal) if refusal.code() == "state.changed" => Refusal::new("import.used").into(),
        other => other,
    }
}

fn image<T: DeserializeOwned>(text: &str) -> Result<T, Stop> {
    serde_json::from_str(text).map_err(|e| Fault::new("image", e.to_string()).into())
}

fn id<T>(bytes: &[u8]) -> Result<Id<T>, Stop> {
    falin_store::county::id(bytes)
}

fn date(bytes: &[u8]) -> Result<falin_domain::time::Date, Stop> {
    let text = std::str::from_utf8(bytes).ok().and_then(|text| text.parse().ok());
    text.ok_or_else(|| Fault::new("image", "not a date").into())
}
