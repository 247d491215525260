//! A question of somebody without an account: no sign-in, name or none, from a contact card with its household.

use falin_domain::access::Scope;
use falin_domain::page::Window;
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::words::{CountyId, HouseholdId, Phone};
use falin_domain::workflow::Values;
use falin_store::casefile::Case;
use falin_store::casefile_list::{self, Filter, Sight};
use falin_store::guess::{self, Tags};
use falin_store::household::Household;
use falin_store::{In, Tx, attachment, card};
use serde_json::Value;

use super::FLOW;
use crate::casework::{File, Opening, Seen, nobody, opened, put_on, seen};
use crate::{App, Stop};

const DAY_MS: i64 = 86_400_000;
/// Questions a day from one address: a whole village can stand behind one.
const ASKED_FROM_ADDRESS: i32 = 200;

/// A question as it was typed.
#[derive(Clone)]
pub struct Ask {
    /// The county.
    pub county: CountyId,
    /// Fields of the flow's first form, as text.
    pub values: Values,
    /// Id or code of a village; None: the card's.
    pub place: Option<String>,
    /// Secret of a contact card.
    pub card: Option<String>,
    /// The network address: questions are counted by it.
    pub source: String,
    /// A recording or a photo, which may stand for the words.
    pub file: Option<File>,
    /// Whether the asker reads English.
    pub english: bool,
}

/// Opens the question and shows it as its asker sees it.
///
/// # Errors
/// `form.invalid`: a telephone is needed unless the asker wants to stay unknown, and always for an answer by voice; the
/// words, unless a file stands for them; `rate.limited`.
pub async fn ask(app: &App, ask: Ask) -> Result<Seen, Stop> {
    let flow = app.flows.current(ask.county, FLOW)?;
    let flows = app.flows.clone();
    let county = ask.county;
    let kind = ask.file.as_ref().map(File::media_type).transpose()?;
    let work = move |tx: &mut Tx<'_>| {
        count_from(tx, "asked", &ask.source, ASKED_FROM_ADDRESS)?;
        let mut opening = Opening::typed(FLOW, ask.values.clone());
        if let Some(kind) = kind.filter(|_| is_blank(&opening.values, "question")) {
            opening.values.insert("question".to_owned(), Value::from(stands_for_words(kind, ask.english)));
        }
        opening.values.insert("channel".to_owned(), Value::from("online"));
        opening.place.clone_from(&ask.place);
        opening.household = home(tx, &ask)?;
        demand(tx, &flow, &opening)?;
        let visitor = nobody(county);
        if let Some(there) = sent_before(tx, county, (FLOW, "question"), &opening.values)?
            && came_with(tx, &there, ask.file.as_ref())?
        {
            return seen(tx, &flows, &visitor, there);
        }
        let case = opened(tx, &flows, &flow, &visitor, &opening)?;
        if let (Some(file), Some(kind)) = (&ask.file, kind) {
            put_on(tx, &visitor, &case, (file, kind))?;
        }
        seen(tx, &flows, &visitor, case)
    };
    app.db.write(In::County(county), work).await
}

fn is_blank(values: &Values, name: &str) -> bool {
    values.get(name).and_then(Value::as_str).unwrap_or_default().trim().is_empty()
}

/// What is written where a file says it all, in the asker's language.
fn stands_for_words(kind: &str, english: bool) -> &'static str {
    match (kind.starts_with("audio/"), english) {
        (true, false) => "（说的，请听录音）",
        (false, false) => "（请看附件）",
        (true, true) => "(Spoken: please listen to the recording)",
        (false, true) => "(Please see the attachment)",
    }
}

/// Whether a case has the file with which the same words came before; without one the words are enough.
fn came_with(tx: &mut Tx<'_>, case: &Case, file: Option<&File>) -> Result<bool, Stop> {
    let Some(file) = file else { return Ok(true) };
    for one in attachment::of(tx, case.county_id, case.id)? {
        if one.size == file.body.len() as i64 && one.name(tx)? == file.plain_name() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Everything that is missing is said at once: what the flow asks for, and what only this door asks for.
fn demand(tx: &Tx<'_>, flow: &falin_domain::workflow::Flow, opening: &Opening) -> Result<(), Refusal> {
    let text = |name: &str| opening.values.get(name).and_then(Value::as_str).unwrap_or_default().trim();
    let step = flow.opening().ok_or_else(|| Refusal::new("action.not_allowed"))?;
    let read = flow.read(step, &opening.values, &Values::new(), opening.manner, tx.now.date());
    let mut faults = read.err().map(|refusal| refusal.fields).unwrap_or_default();
    let unknown = text("anonymous") == "true";
    if !unknown && text("asker").is_empty() {
        faults.push(FieldError::new("asker", "ask.name"));
    }
    let speaks = matches!(text("want"), "call" | "office" | "video" | "visit");
    if text("phone").is_empty() && (!unknown || speaks) {
        faults.push(FieldError::new("phone", "ask.phone"));
    }
    if opening.place.as_deref().unwrap_or_default().is_empty() && opening.household.is_none() {
        faults.push(FieldError::new("place", "required-choice"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::form(faults)) }
}

/// A case that the same telephone opened within a day with the same words in `field`: a form that was sent twice
/// opens one.
///
/// # Errors
/// The store's own.
pub(crate) fn sent_before(
    tx: &mut Tx<'_>,
    county: CountyId,
    (flow, field): (&str, &str),
    values: &Values,
) -> Result<Option<Case>, Stop> {
    let text = |name: &str| values.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let Ok(phone) = Phone::parse(&text("phone")) else { return Ok(None) };
    let filter = Filter {
        flows: vec![flow.to_owned()],
        phone_index: Some(tx.blind(county, "phone", phone.as_str())),
        from_ms: Some(tx.now.millis() - DAY_MS),
        ..Filter::default()
    };
    let sight = Sight { scope: Scope::whole(county), resident: None, queues: Vec::new(), holder: None };
    let window = Window { limit: 20, after: None };
    let words = text(field).replace("\r\n", "\n");
    for case in casefile_list::page(tx, &sight, &filter, &window)?.items {
        if case.document(tx)?.get(field).and_then(Value::as_str) == Some(&*words) {
            return Ok(Some(case));
        }
    }
    Ok(None)
}

/// The household of the card, where it is good: a revoked one is as if none had been shown.
fn home(tx: &mut Tx<'_>, ask: &Ask) -> Result<Option<HouseholdId>, Stop> {
    let Some(secret) = ask.card.as_deref().filter(|secret| !secret.is_empty()) else { return Ok(None) };
    let card = card::by_secret(tx, secret)?.filter(|card| card.revoked_ms.is_none());
    let Some(card) = card.filter(|card| card.county_id == ask.county) else { return Ok(None) };
    let home = Household::by_id(tx, ask.county, card.household_id)?;
    Ok(home.active.then_some(home.id))
}

/// Counts what comes from one network address in a day.
///
/// # Errors
/// `rate.limited` from the `most`-th on, until the day is over.
pub(crate) fn count_from(tx: &mut Tx<'_>, what: &str, source: &str, most: i32) -> Result<(), Stop> {
    let from = Tags::new(tx, &format!("{what} from {source}"), b"address");
    let so_far = guess::read(tx, &from)?;
    if so_far.today >= most {
        let tomorrow = tx.now.date().plus_days(1).start();
        let seconds = (tomorrow.millis() - tx.now.millis()).div_euclid(1000) + 1;
        return Err(Refusal::new("rate.limited").with("seconds", seconds).into());
    }
    guess::fail(tx, &from, so_far)?;
    Ok(())
}
