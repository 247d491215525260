//! The window's quick entry. With the last four digits of a known number it takes eight keystrokes beside what is said:
//! four digits, Enter, (question) Tab (answer) Tab, Enter.

use falin_app::consultation::{self, Caller, Intake as Taking, Way};
use falin_domain::refusal::Refusal;
use falin_domain::words::HouseholdId;
use falin_domain::workflow::{Values, core_flow};
use serde_json::Value;

use super::choices;
use crate::body::{Body, Fields};
use crate::desk::Desk;
use crate::flow_path::desk_base;
use crate::look::desk::case::{lang_code, questions, state_of};
use crate::look::desk::intake::{Call, Intake};
use crate::look::desk::{Filters, Form, Link};
use crate::look::parts::{Field, FieldOption, Notice};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::Query;

/// What stands below the answer, of the flow's own questions.
const OPENING: &[&str] = &["channel", "kind", "want", "when", "external_number"];
const ANSWERING: &[&str] = &["outcome", "law", "minutes"];
const WAYS: [(&str, &str); 4] = [
    ("question", "desk-intake-way-question"),
    ("aid", "desk-intake-way-aid"),
    ("mediation", "desk-intake-way-mediation"),
    ("transfer", "desk-intake-way-transfer"),
];

/// `GET /desk/intake?done=`.
///
/// # Errors
/// The store's own.
pub async fn show(desk: Desk, query: Query) -> Answer {
    let done = match query.filled("done").and_then(|text| text.parse().ok()) {
        None => None,
        Some(id) => {
            let seen =
                falin_app::casework::one(&desk.site.app, desk.visitor(), consultation::FLOW, id).await?;
            let key = if query.filled("known").is_some() { "desk-intake-known" } else { "desk-intake-done" };
            let href = format!("{}/{id}", desk_base(consultation::FLOW));
            let say = desk.say();
            // What it led to is what the caller asks for next.
            let led = seen.links.iter().map(|one| one.number.as_str());
            let numbers: Vec<&str> = std::iter::once(seen.case.number.as_str()).chain(led).collect();
            let told = Notice::new("done", say.t(key), numbers.join(" → "));
            let href = seen.links.first().map_or(href, |one| format!("{}/{}", desk_base(&one.flow), one.id));
            Some(told.link(href, say.t("desk-intake-open")))
        }
    };
    let view = Intake { done, ..empty(&desk, "", None).await? };
    desk.page(&view)
}

async fn empty(desk: &Desk, phone: &str, refusal: Option<&Refusal>) -> Result<Intake, Refused> {
    let number = Form::post("/desk/intake/caller")
        .field(Field::input("tel", "phone", "desk-intake-phone").value(phone));
    let places = choices::villages(desk, "", true).await?;
    let lost = vec![
        Field::input("search", "q", "desk-intake-name"),
        Field::select("place", "desk-case-place", places),
    ];
    let lost = Filters::new(desk_base(consultation::FLOW), lost);
    Ok(Intake { done: None, number: number.maybe_refused(&desk.say(), refusal), call: None, lost })
}

/// `POST /desk/intake/caller`: who has this number. The number stands in no address.
///
/// # Errors
/// `request.malformed`; a wrong number is told at the field.
pub async fn caller(desk: Desk, body: Body) -> Answer {
    let fields = body.form()?;
    let phone = fields.filled("phone").unwrap_or_default().to_owned();
    let without = fields.filled("without").is_some() || phone.is_empty();
    match look_up(&desk, if without { "" } else { &phone }).await {
        Ok(found) => {
            let view = screen(&desk, &found, &Fields(vec![("phone".to_owned(), phone)]), None).await?;
            desk.page(&view)
        }
        Err(refusal) => {
            let view = empty(&desk, &phone, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

async fn look_up(desk: &Desk, phone: &str) -> Result<Caller, Refusal> {
    if phone.is_empty() {
        return Ok(Caller::default());
    }
    consultation::caller(&desk.site.app, desk.visitor(), phone).await.map_err(of_stop)
}

async fn screen(
    desk: &Desk,
    found: &Caller,
    typed: &Fields,
    refusal: Option<&Refusal>,
) -> Result<Intake, Refused> {
    let (say, lang) = (desk.say(), lang_code(desk.lang));
    let text = |name: &str| typed.filled(name).unwrap_or_default();
    let who = callers(desk, found, text("caller"));
    let values: Values =
        typed.0.iter().map(|(name, text)| (name.clone(), Value::from(text.clone()))).collect();
    let mut form = Form::post("/desk/intake").keep("phone", text("phone"));
    form.fields = more(desk, &values).await?;
    // Message and field must meet, also for the three that stand above the rest.
    let mut shown = form.clone();
    shown.fields.push(who);
    shown.fields.push(Field::area("question", "desk-intake-question").value(text("question")));
    shown.fields.push(Field::area("answer", "desk-intake-answer").value(text("answer")));
    let mut shown = shown.maybe_refused(&say, refusal);
    let answer = shown.fields.pop();
    let question = shown.fields.pop();
    let who = shown.fields.pop();
    let opened = shown.fields.iter().any(|field| !field.error.is_empty());
    let before = found.cases.iter().map(|line| {
        let state = state_of(&line.flow, &line.case.state, desk.lang);
        let matter = line
            .flow
            .field(&line.flow.matter)
            .map(|field| field.word(&line.matter, lang))
            .unwrap_or_default();
        let name = line.flow.name.in_language(lang);
        let words = format!("{name} {} {} {matter}", line.case.number, state.word).trim_end().to_owned();
        Link::new(format!("{}/{}", desk_base(&line.case.flow), line.case.id), words)
    });
    let call = Call {
        before: before.collect(),
        unknown: found.homes.is_empty() && !text("phone").is_empty(),
        more: opened || found.homes.is_empty(),
        question: question.unwrap_or_else(|| Field::area("question", "desk-intake-question")),
        answer: answer.unwrap_or_else(|| Field::area("answer", "desk-intake-answer")),
        who: who.unwrap_or_else(|| callers(desk, found, text("caller"))),
        form: shown,
    };
    Ok(Intake { call: Some(call), ..empty(desk, text("phone"), None).await? })
}

/// Members of the households with this number and somebody else. The first is chosen only where one household has the
/// number: among several, a hurried press would write the call down to a stranger.
fn callers(desk: &Desk, found: &Caller, chosen: &str) -> Field {
    let say = desk.say();
    let mut options = Vec::new();
    for home in &found.homes {
        let place = choices::place(&home.place);
        let provider = home.provider.as_ref().map(|one| one.name.clone()).unwrap_or_default();
        let people = std::iter::once(&home.head).chain(&home.members).enumerate();
        for (n, name) in people {
            let key = if n == 0 { "desk-intake-head" } else { "desk-intake-member" };
            let label = say.with(key, &[("name", name), ("place", &place), ("provider", &provider)]);
            options.push(FieldOption::new(
                format!("{}/{n}", home.id),
                label.trim_end_matches([' ', '·']),
                chosen,
            ));
        }
    }
    options.push(FieldOption::new("else", say.t("desk-intake-else"), chosen));
    if found.homes.len() < 2
        && options.iter().all(|option| !option.chosen)
        && let Some(first) = options.first_mut()
    {
        first.chosen = true;
    }
    Field::radios("caller", "desk-intake-who", options)
}

/// What stands below the answer: name of somebody else, place, matter, way, and the rest of the flow's questions.
async fn more(desk: &Desk, values: &Values) -> Result<Vec<Field>, Refused> {
    let say = desk.say();
    let flow = core_flow(consultation::FLOW).ok_or_else(Refusal::absent)?;
    let text = |name: &str| values.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut all = Vec::new();
    for step in [flow.opening(), flow.step("answer")].into_iter().flatten() {
        all.extend(questions(&say, flow, step, values));
    }
    let take = |name: &&str| all.iter().find(|field| field.name == **name).cloned().map(Field::optional);
    let ways = WAYS.iter().map(|(code, key)| FieldOption::new(*code, say.t(key), text("way")));
    let mut ways: Vec<FieldOption> = ways.collect();
    if text("way").is_empty() {
        ways[0].chosen = true;
    }
    let places = choices::villages(desk, text("place"), true).await?;
    let mut fields = vec![
        Field::text("asker", "desk-intake-asker").value(text("asker")).typing("off", "").width(20).optional(),
        Field::select("place", "desk-case-place", places).hint("desk-intake-place-hint").optional(),
        Field::radios("way", "desk-intake-way", ways),
    ];
    fields.extend(["matter"].iter().chain(OPENING).chain(ANSWERING).filter_map(take));
    if let Some(channel) =
        fields.iter_mut().find(|field| field.name == "channel" && text("channel").is_empty())
    {
        channel.options.iter_mut().for_each(|option| option.chosen = option.value == "phone");
    }
    Ok(fields)
}

/// `POST /desk/intake`.
///
/// # Errors
/// `request.malformed`; everything else is told on the screen, with what was typed.
pub async fn take(desk: Desk, body: Body) -> Answer {
    let fields = body.form()?;
    let phone = fields.filled("phone").unwrap_or_default();
    let found = look_up(&desk, phone).await.unwrap_or_default();
    let done = match taking(&fields, &found) {
        Ok(taking) => consultation::take(&desk.site.app, desk.visitor(), taking).await.map_err(of_stop),
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(taken) => {
            let known = if taken.existed { "&known=1" } else { "" };
            desk.go(format!("/desk/intake?done={}{known}", taken.seen.case.id))
        }
        Err(refusal) => {
            let view = screen(&desk, &found, &fields, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

fn taking(fields: &Fields, found: &Caller) -> Result<Taking, Refusal> {
    let text = |name: &str| fields.filled(name).unwrap_or_default();
    let mut values = Values::new();
    let named = ["question", "answer", "phone", "asker", "matter"];
    for name in named.iter().chain(OPENING).chain(ANSWERING) {
        values.insert((*name).to_owned(), Value::from(text(name)));
    }
    if found.homes.len() > 1 && text("caller").is_empty() {
        return Err(Refusal::field("caller", "required"));
    }
    let mut household: Option<HouseholdId> = None;
    if let Some((home, n)) = text("caller").split_once('/') {
        let home = found.homes.iter().find(|known| known.id.to_string() == home);
        let home = home.ok_or_else(|| Refusal::field("caller", "unknown"))?;
        let n: usize = n.parse().map_err(|_| Refusal::field("caller", "unknown"))?;
        let name = std::iter::once(&home.head).chain(&home.members).nth(n);
        let name = name.ok_or_else(|| Refusal::field("caller", "unknown"))?;
        values.insert("asker".to_owned(), Value::from(name.clone()));
        household = Some(home.id);
    } else if text("asker").is_empty() {
        values.insert("anonymous".to_owned(), Value::from("true"));
    }
    if text("channel").is_empty() {
        values.insert("channel".to_owned(), Value::from("phone"));
    }
    let way = Way::from_code(text("way")).ok_or_else(|| Refusal::field("way", "unknown"))?;
    let place = Some(text("place").to_owned()).filter(|place| !place.is_empty());
    Ok(Taking { values, place, household, way })
}
