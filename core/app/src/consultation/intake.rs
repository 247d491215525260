//! The window's quick entry: who is calling, what is asked, the answer at once, or the way that it goes on.

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::refusal::Refusal;
use falin_domain::words::{HouseholdId, Phone, clean_code, half_width};
use falin_domain::workflow::{Manner, Values};
use falin_store::casefile::{self, Case};
use falin_store::division::{self, Division};
use falin_store::household_list::{self, Filter};
use falin_store::{In, Tx, casefile_list, casefile_match, household, if_there, member, pairing};
use serde_json::{Value, json};

use super::FLOW;
use crate::casework::{self, Action, Flows, Line, Opening, Seen, acted, opened, seen};
use crate::household::{Provider, provider};
use crate::{App, Stop, notice};

/// Households of one number that are shown.
const MOST_HOMES: usize = 9;
/// Cases of whoever calls that are shown.
const MOST_CASES: usize = 8;
/// Cases that are looked at for them: what the visitor does not see is passed over.
const LOOKED_AT: i64 = 60;

/// A household that has this number.
#[derive(Clone, Debug)]
pub struct Known {
    /// Id.
    pub id: HouseholdId,
    /// Its head.
    pub head: String,
    /// Members beside the head who belong to it today.
    pub members: Vec<String>,
    /// Village first, the top last.
    pub place: Vec<Division>,
    /// Who looks after it.
    pub provider: Option<Provider>,
}

/// Who may be calling.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// Households with this number.
    pub homes: Vec<Known>,
    /// Cases of every flow with this number or about these households: open ones first, then the newest.
    pub cases: Vec<Line>,
}

/// Where an intake goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Way {
    /// It stays a question: answered at once, or by whom it is led to.
    #[default]
    Question,
    /// Into an application for legal aid.
    Aid,
    /// Into a request for mediation.
    Mediation,
    /// Another office is in charge, and the caller was told which.
    Transfer,
}

impl Way {
    /// The way with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "" | "question" => Some(Self::Question),
            "aid" => Some(Self::Aid),
            "mediation" => Some(Self::Mediation),
            "transfer" => Some(Self::Transfer),
            _ => None,
        }
    }
}

/// A call as the clerk typed it.
#[derive(Clone)]
pub struct Intake {
    /// Fields of the flow's first form, and `answer`, `law`, `outcome`, `minutes`.
    pub values: Values,
    /// Id or code of the place; None: the household's, else the window's.
    pub place: Option<String>,
    /// The household that the caller was recognised as.
    pub household: Option<HouseholdId>,
    /// Where it goes.
    pub way: Way,
}

/// What became of it.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The question.
    pub seen: Seen,
    /// True where another hotline's ticket had been taken over before: nothing new was opened.
    pub existed: bool,
}

/// A telephone as the window types it.
enum Dialled {
    Whole(Phone),
    /// The last four digits, read off a display.
    Tail(String),
}

impl Dialled {
    fn read(text: &str) -> Result<Self, Refusal> {
        let plain = half_width(text.trim());
        if plain.len() == 4 && plain.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self::Tail(plain));
        }
        let whole = Phone::parse(&plain).map_err(|_| Refusal::field("phone", "phone.invalid"))?;
        Ok(Self::Whole(whole))
    }
}

/// Who has this number, or a number that ends in these four digits, as far as the visitor may see households, and
/// their cases as far as the visitor may see those.
///
/// # Errors
/// `access.denied`; `form.invalid` at `phone` where it is no number.
pub async fn caller(app: &App, visitor: &Visitor, phone: &str) -> Result<Caller, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Household)?;
    let dialled = Dialled::read(phone)?;
    let (flows, county, who) = (app.flows.clone(), visitor.county, visitor.clone());
    let work = move |tx: &mut Tx<'_>| {
        let mut filter = Filter { active: Some(true), ..Filter::default() };
        match &dialled {
            Dialled::Whole(phone) => filter.phone = Some(phone.as_str().to_owned()),
            Dialled::Tail(tail) => filter.tail = Some(tail.clone()),
        }
        let mut homes = Vec::new();
        for row in household_list::first(tx, &scope, &filter, MOST_HOMES)? {
            let today = tx.now.date();
            let members = member::of(tx, county, row.id)?;
            let span = pairing::current_of(tx, county, &[row.id])?.remove(&row.id);
            homes.push(Known {
                id: row.id,
                members: members.into_iter().filter(|one| one.belongs(today)).map(|one| one.name).collect(),
                place: division::line(tx, county, row.village_id)?,
                provider: span.map(|span| provider(tx, &span)).transpose()?.flatten(),
                head: row.head_name,
            });
        }
        let index = match &dialled {
            Dialled::Whole(phone) => Some(tx.blind(county, "phone", phone.as_str())),
            Dialled::Tail(_) => None,
        };
        let cases = cases_of(tx, &flows, &who, (index, &homes))?;
        Ok(Caller { homes, cases: casework::lines(tx, &flows, (&cases, false))? })
    };
    app.db.read(In::County(visitor.county), work).await
}

/// The cases of a number and of households that the visitor sees, each by its own flow's row of the access table.
fn cases_of(
    tx: &mut Tx<'_>,
    flows: &Flows,
    visitor: &Visitor,
    (index, homes): (Option<Vec<u8>>, &[Known]),
) -> Result<Vec<Case>, Stop> {
    let homes: Vec<HouseholdId> = homes.iter().map(|home| home.id).collect();
    let mut seen = Vec::new();
    for case in casefile_match::of_people(tx, visitor.county, (index, &homes), LOOKED_AT)? {
        let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
        let Ok(sight) = casework::sight(visitor, Act::Read, &flow) else { continue };
        seen.extend(if_there(casefile_list::one(tx, &sight, case.id))?);
        if seen.len() == MOST_CASES {
            break;
        }
    }
    Ok(seen)
}

/// Records a call, with its answer where one was given, in one transaction. A ticket of another hotline that is there
/// already is shown instead.
///
/// # Errors
/// As [`casework::open`] and [`casework::act`]; nothing is recorded then.
pub async fn take(app: &App, visitor: &Visitor, intake: Intake) -> Result<Taken, Stop> {
    visitor.scope(Act::Write, Noun::Consultation)?;
    let flow = app.flows.current(visitor.county, FLOW)?;
    let sight = casework::sight(visitor, Act::Read, &flow)?;
    let homes = visitor.scope(Act::Read, Noun::Household)?;
    let (flows, visitor) = (app.flows.clone(), visitor.clone());
    let county = visitor.county;
    let work = move |tx: &mut Tx<'_>| {
        let text = |name: &str| intake.values.get(name).and_then(Value::as_str).unwrap_or_default().trim();
        let ticket = text("external_number");
        if !ticket.is_empty()
            && let Some(there) = known(tx, county, ticket)?
        {
            // A ticket of a place that the clerk does not see stays unseen; its number is taken all the same.
            let there = casefile_list::one(tx, &sight, there.id)
                .map_err(|stop| stop.if_absent(|| Refusal::new("case.number_taken")))?;
            return Ok(Taken { seen: seen(tx, &flows, &visitor, there)?, existed: true });
        }
        let mut opening = Opening {
            place: intake.place.clone(),
            household: intake.household,
            ..Opening::typed(FLOW, intake.values.clone())
        };
        if let Some(home) = intake.household {
            complete(tx, &homes, home, &mut opening.values)?;
        }
        let mut case = opened(tx, &flows, &flow, &visitor, &opening)?;
        if let Some((action, values)) = next_act(&intake) {
            // Nobody need be told of a question that is answered on the spot, nor the caller of an answer just heard.
            notice::cancel(tx, county, case.id.cast())?;
            let action = Action { action, version: case.version, values, manner: Manner::Form };
            case = acted(tx, &flows, &visitor, case, &action)?;
            if intake.way != Way::Aid && intake.way != Way::Mediation {
                notice::cancel(tx, county, case.id.cast())?;
            }
        }
        Ok(Taken { seen: seen(tx, &flows, &visitor, case)?, existed: false })
    };
    app.db.write(In::County(county), work).await
}

/// A household that the clerk sees, whose whole number stands in for the four digits that were typed.
fn complete(tx: &mut Tx<'_>, scope: &Scope, home: HouseholdId, values: &mut Values) -> Result<(), Stop> {
    let row = household_list::one(tx, scope, home)
        .map_err(|stop| stop.if_absent(|| Refusal::field("household_id", "unknown")))?;
    let typed = values.get("phone").and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Ok(Dialled::Tail(tail)) = Dialled::read(&typed) {
        let clear = household::open(tx, &row)?;
        if let Some(phone) = clear.phones.iter().find(|phone| phone.ends_with(&tail)) {
            values.insert("phone".to_owned(), json!(phone));
        }
    }
    Ok(())
}

fn known(tx: &mut Tx<'_>, county: falin_domain::words::CountyId, ticket: &str) -> Result<Option<Case>, Stop> {
    if_there(casefile::by_number(tx, county, Some(FLOW), &[&clean_code(ticket)]))
}

/// The step that follows at once; None where the question waits for whom it was led to.
fn next_act(intake: &Intake) -> Option<(String, Values)> {
    let text = |name: &str| intake.values.get(name).and_then(Value::as_str).unwrap_or_default().trim();
    let referred = |action: &str| {
        let note = Values::from_iter([("note".to_owned(), json!(text("answer")))]);
        Some((action.to_owned(), note))
    };
    let outcome = match intake.way {
        Way::Aid => return referred("refer_aid"),
        Way::Mediation => return referred("refer_mediation"),
        Way::Transfer => "transferred",
        Way::Question if text("answer").is_empty() => return None,
        Way::Question => Some(text("outcome")).filter(|code| !code.is_empty()).unwrap_or("answered"),
    };
    let mut values = Values::new();
    for name in ["answer", "law", "matter", "minutes"] {
        values.insert(name.to_owned(), json!(text(name)));
    }
    values.insert("outcome".to_owned(), json!(outcome));
    Some(("answer".to_owned(), values))
}
