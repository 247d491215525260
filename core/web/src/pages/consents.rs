//! `/desk/consents`: pairings that wait for the lawyer's or the household's word.

use falin_app::consent::{self, Open, Said, Side};
use falin_app::plan::Names;
use falin_domain::access::Role;
use falin_domain::refusal::Refusal;
use falin_domain::words::{PairingId, PairingNoun};

use super::choices;
use super::plans::{place_name, provider_name, to_show};
use crate::body::Body;
use crate::desk::Desk;
use crate::look::Say;
use crate::look::desk::Link;
use crate::look::desk::consent::{ConsentAnswer, ConsentList, ConsentRow, ConsentTyped, Side as Asked};
use crate::look::desk::sentences::counted;
use crate::look::parts::{Fact, State};
use crate::problem::{Answer, Refused};
use crate::query::{PathId, Query};

/// `GET /desk/consents`.
///
/// # Errors
/// As [`consent::waiting`].
pub async fn list(desk: Desk, query: Query) -> Answer {
    let (page, names) = consent::waiting(&desk.site.app, desk.visitor(), query.window()?).await?;
    let count = consent::count(&desk.site.app, desk.visitor()).await?;
    let say = desk.say();
    let view = ConsentList {
        count: counted(&say, "desk-consent-list-count", count),
        rows: page.items.iter().map(|one| row(&desk, &say, one, &names)).collect(),
        pager: choices::pager(&query, "/desk/consents", &[], page.next.as_ref()),
    };
    desk.page(&view)
}

fn row(desk: &Desk, say: &Say<'_>, one: &Open, names: &Names) -> ConsentRow {
    let span = &one.waiting.span;
    let turn = side(desk, one).is_some();
    ConsentRow {
        household: Link::new(format!("/desk/households/{}", span.household_id), &one.waiting.head),
        village: place_name(one.waiting.village, names),
        provider: provider_name(say, one.who(), names),
        theirs: said(say, one.provider.as_ref()),
        their_note: note(one.provider.as_ref()),
        household_says: said(say, one.household.as_ref()),
        household_note: note(one.household.as_ref()),
        answer: if turn { format!("/desk/consents/{}", span.id) } else { String::new() },
    }
}

fn note(answer: Option<&Said>) -> String {
    answer.and_then(|said| said.note.clone()).unwrap_or_default()
}

fn said(say: &Say<'_>, answer: Option<&Said>) -> State {
    let (fill, word) = match answer.map(|said| said.accepted) {
        None => ("empty", "desk-consent-state-waiting"),
        Some(true) => ("done", "desk-consent-state-accepted"),
        Some(false) => ("stopped", "desk-consent-state-declined"),
    };
    State { fill, word: say.t(word) }
}

/// Whose answer this visitor would record: lawyers first speak for themselves, the office for the household.
fn side(desk: &Desk, one: &Open) -> Option<Side> {
    let lawyer = desk.visitor().is(Role::Lawyer) && desk.visitor().worker.is_some();
    let open = |answer: &Option<Said>| !answer.as_ref().is_some_and(|said| said.accepted);
    match (lawyer && open(&one.provider), open(&one.household)) {
        (true, _) => Some(Side::Provider),
        (false, true) => Some(Side::Household),
        (false, false) => None,
    }
}

/// `GET /desk/consents/{id}`.
///
/// # Errors
/// `not_found` where it does not wait for this visitor.
pub async fn show(desk: Desk, PathId(id): PathId<PairingNoun>) -> Answer {
    let (open, names) = consent::one(&desk.site.app, desk.visitor(), id).await?;
    let asked = side(&desk, &open).ok_or_else(Refusal::absent)?;
    desk.page(&page(&desk, &open, &names, asked, &ConsentTyped::default(), None))
}

fn page(
    desk: &Desk,
    open: &Open,
    names: &Names,
    side: Side,
    typed: &ConsentTyped,
    refusal: Option<&Refusal>,
) -> ConsentAnswer {
    let say = desk.say();
    let mut facts = vec![
        Fact::new("desk-household-head", &open.waiting.head).note(place_name(open.waiting.village, names)),
        Fact::new("desk-household-provider", provider_name(&say, open.who(), names)),
    ];
    let answers = [("desk-consent-theirs", &open.provider), ("desk-consent-households", &open.household)];
    for (label, answer) in answers.iter().filter(|(_, answer)| answer.is_some()) {
        let answer = answer.as_ref();
        facts.push(Fact::new(label, said(&say, answer).word).note(note(answer)));
    }
    let asked = match side {
        Side::Provider => Asked::Provider,
        Side::Household => Asked::Household,
    };
    let action = format!("/desk/consents/{}", open.waiting.span.id);
    ConsentAnswer::new(&say, &action, asked, facts, typed, refusal)
}

/// `POST /desk/consents/{id}`.
///
/// # Errors
/// As [`consent::answer`].
pub async fn answer(desk: Desk, PathId(id): PathId<PairingNoun>, body: Body) -> Answer {
    let (open, names) = consent::one(&desk.site.app, desk.visitor(), id).await?;
    let asked = side(&desk, &open).ok_or_else(Refusal::absent)?;
    let fields = body.form()?;
    let text = |name: &str| fields.get(name).unwrap_or_default().trim().to_owned();
    let typed = ConsentTyped { answer: text("answer"), how: text("how"), reason: text("reason") };
    match record(&desk, id, asked, &typed).await {
        Ok(()) => desk.go("/desk/consents"),
        Err(refusal) => {
            let refusal = refusal?;
            desk.again(&refusal, &page(&desk, &open, &names, asked, &typed, Some(&refusal)))
        }
    }
}

/// Records what was typed; a refusal is for the form, or goes on.
async fn record(
    desk: &Desk,
    id: PairingId,
    side: Side,
    typed: &ConsentTyped,
) -> Result<(), Result<Refusal, Refused>> {
    let accepted = match typed.answer.as_str() {
        "accept" => true,
        "decline" => false,
        _ => return Err(Ok(Refusal::field("answer", "required_choice"))),
    };
    let how = (!typed.how.is_empty()).then(|| typed.how.clone());
    let answer = consent::Answer { side, accepted, how, note: typed.reason.clone() };
    consent::answer(&desk.site.app, desk.visitor(), id, answer).await.map_err(to_show)
}
