//! Applying for legal aid or mediation without an account: one question a page, everything typed carried along, a
//! page to check the answers, and a number at the end.

use falin_app::application::{self, Apply};
use falin_app::casework::Seen;
use falin_domain::refusal::Refusal;
use falin_domain::workflow::{Flow, Manner, Step, Values, core_flow};
use serde_json::Value;

use super::{Spot, told};
use crate::body::{Body, Fields};
use crate::look::desk::Form;
use crate::look::desk::case::{in_words, lang_code, questions};
use crate::look::format;
use crate::look::parts::{Button, Choice, Field};
use crate::look::public::apply::{Applied, Ask, Check, CheckRow, Where};
use crate::pages::choices;
use crate::problem::{Answer, of_stop};
use crate::query::Query;

/// What may be applied for: flow, part of the address, and the questions page by page.
struct Door {
    flow: &'static str,
    part: &'static str,
    pages: &'static [&'static [&'static str]],
}

const AID: Door = Door {
    flow: "aid",
    part: "legal-aid",
    pages: &[
        &["matter"],
        &["facts", "opponents"],
        &["case_organ", "stage", "urgent_ground"],
        &["unconditional", "exempt"],
        &["hardship", "household_size", "monthly_income", "promise"],
        &["crowds"],
        &[
            "applicant",
            "phone",
            "id_number",
            "address",
            "representative",
            "representative_ground",
            "representative_id",
            "representative_relation",
        ],
    ],
};
const MEDIATION: Door = Door {
    flow: "mediation",
    part: "mediation",
    pages: &[&["dispute"], &["facts"], &["other_side", "people", "amount"], &["applicant", "phone"]],
};

impl Door {
    fn step(&self) -> Result<(&'static Flow, &'static Step), Refusal> {
        let flow = core_flow(self.flow).ok_or_else(Refusal::absent)?;
        Ok((flow, flow.opening().ok_or_else(Refusal::absent)?))
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.pages.iter().flat_map(|page| page.iter().copied())
    }

    fn href(&self, spot: &Spot, rest: &str) -> String {
        spot.href(&format!("/{}/apply{rest}", self.part))
    }
}

/// `GET /{view}/{county}/legal-aid/apply`: where, then the first question.
///
/// # Errors
/// `not_found` for a place that is none.
pub async fn aid(spot: Spot, query: Query) -> Answer {
    begin(spot, query, &AID).await
}

/// `GET /{view}/{county}/mediation/apply`.
///
/// # Errors
/// As [`aid`].
pub async fn mediation(spot: Spot, query: Query) -> Answer {
    begin(spot, query, &MEDIATION).await
}

async fn begin(spot: Spot, query: Query, door: &'static Door) -> Answer {
    if let Some(place) = query.filled("place").map(str::to_owned) {
        return spot
            .page(async |spot: &Spot| {
                let line =
                    told(falin_app::public::village(&spot.site.app, spot.county(), &place).await)?.line;
                ask(spot, door, (&place, choices::place(&line)), 0, &Values::new(), None)
            })
            .await;
    }
    let within = query.filled("in").map(str::to_owned);
    spot.page(async |spot: &Spot| place(spot, door, within.as_deref()).await).await
}

async fn place(spot: &Spot, door: &Door, within: Option<&str>) -> Result<Where, Refusal> {
    let app = &spot.site.app;
    let (name, places) = match within {
        None => (String::new(), told(falin_app::public::home(app, spot.county()).await)?.places),
        Some(place) => {
            let below = told(falin_app::public::below(app, spot.county(), place).await)?;
            (below.line.first().map(|own| own.name.clone()).unwrap_or_default(), below.places)
        }
    };
    let choice = |place: &falin_app::public::Place| {
        let code = choices::reference(&place.division);
        let name = format::place(&place.division.name);
        if place.division.level == falin_domain::directory::DivisionLevel::Village {
            return Choice::noted(door.href(spot, &format!("?place={code}")), name, "");
        }
        let unit = if place.urban { "count-communities" } else { "count-villages" };
        Choice::counted(door.href(spot, &format!("?in={code}")), name, unit, u64::from(place.villages))
    };
    let aid = door.flow == "aid";
    Ok(Where { aid, name, places: places.iter().map(choice).collect(), quiz: spot.href("/legal-aid/check") })
}

fn ask(
    spot: &Spot,
    door: &Door,
    (place, name): (&str, String),
    at: usize,
    typed: &Values,
    refusal: Option<&Refusal>,
) -> Result<Ask, Refusal> {
    let (flow, step) = door.step()?;
    let say = spot.say();
    let names = door.pages.get(at).ok_or_else(Refusal::absent)?;
    let all = questions(&say, flow, step, typed);
    let mut form = Form::post(door.href(spot, "")).keep("place", place).keep("at", at.to_string());
    for (kept, value) in carried(typed, door, names) {
        form = form.keep(kept, value);
    }
    form.fields =
        names.iter().filter_map(|name| all.iter().find(|field| field.name == *name).cloned()).collect();
    if let [only] = form.fields.as_mut_slice() {
        tapped(only);
    }
    if names.contains(&"phone") {
        form.fields.iter_mut().filter(|field| field.name == "phone").for_each(|field| field.required = true);
    }
    let mut form = form.button(Button::submit("primary", say.t("apply-next")).named("go", "next"));
    if at > 0 {
        form = form.button(Button::submit("low", say.t("apply-back")).named("go", "back"));
    }
    let form = form.maybe_refused(&say, refusal).redrawn(format!("page-{at}"));
    let of = door.pages.len() + 1;
    let aid = door.flow == "aid";
    Ok(Ask { aid, place: name, at: (at + 1).to_string(), of: of.to_string(), form })
}

/// A question that has a page of its own is answered by a tap, not out of a closed list.
fn tapped(field: &mut Field) {
    if field.select {
        (field.select, field.pick, field.input) = (false, true, "radio");
        field.options.retain(|option| !option.value.is_empty());
    }
}

/// What was typed on other pages, to travel along unseen.
fn carried(typed: &Values, door: &Door, but: &[&str]) -> Vec<(&'static str, String)> {
    let mut kept = Vec::new();
    for name in door.names().filter(|name| !but.contains(name)) {
        match typed.get(name) {
            Some(Value::String(text)) if !text.is_empty() => kept.push((name, text.clone())),
            Some(Value::Array(many)) => {
                kept.extend(many.iter().filter_map(Value::as_str).map(|text| (name, text.to_owned())));
            }
            _ => {}
        }
    }
    kept
}

fn typed_of(fields: &Fields, door: &Door) -> Values {
    let mut values = Values::new();
    for name in door.names() {
        let all: Vec<&str> = fields.all(name).filter(|text| !text.trim().is_empty()).collect();
        match all[..] {
            [] => {}
            [one] => {
                values.insert(name.to_owned(), Value::from(one));
            }
            _ => {
                values.insert(
                    name.to_owned(),
                    Value::from(all.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>()),
                );
            }
        }
    }
    values
}

/// `POST /{view}/{county}/legal-aid/apply`: the next question, the one before, the check, or the application.
///
/// # Errors
/// `request.malformed`; everything else is told on the page, with what was typed.
pub async fn go_aid(spot: Spot, body: Body) -> Answer {
    go(spot, body, &AID).await
}

/// `POST /{view}/{county}/mediation/apply`.
///
/// # Errors
/// As [`go_aid`].
pub async fn go_mediation(spot: Spot, body: Body) -> Answer {
    go(spot, body, &MEDIATION).await
}

async fn go(spot: Spot, body: Body, door: &'static Door) -> Answer {
    let fields = body.form()?;
    let typed = typed_of(&fields, door);
    let code = fields.filled("place").unwrap_or_default().to_owned();
    let line = match told(falin_app::public::village(&spot.site.app, spot.county(), &code).await) {
        Ok(found) => found.line,
        Err(refusal) if refusal.code() != "not_found" => return Err(refusal.into()),
        // A form without its place, or with one that is gone, begins again at the place.
        Err(_) => {
            let refusal = Refusal::field("place", "required-choice");
            return spot.refused(&refusal, &place(&spot, door, None).await?);
        }
    };
    let named = || (code.as_str(), choices::place(&line));
    let at: usize = fields.filled("at").and_then(|text| text.parse().ok()).unwrap_or(0).min(door.pages.len());
    match fields.filled("go").unwrap_or("next") {
        "back" => spot.shown(&ask(&spot, door, named(), at.saturating_sub(1), &typed, None)?),
        "send" => send(&spot, door, named(), typed).await,
        other => {
            if let Some(page) = other.strip_prefix("page-").and_then(|text| text.parse::<usize>().ok()) {
                return match page < door.pages.len() {
                    true => spot.shown(&ask(&spot, door, named(), page, &typed, None)?),
                    false => spot.shown(&check(&spot, door, named(), &typed)?),
                };
            }
            if let Err(refusal) = page_faults(&spot, door, at, &typed) {
                return spot.refused(&refusal, &ask(&spot, door, named(), at, &typed, Some(&refusal))?);
            }
            match at + 1 {
                next if next < door.pages.len() => {
                    spot.shown(&ask(&spot, door, named(), next, &typed, None)?)
                }
                _ => spot.shown(&check(&spot, door, named(), &typed)?),
            }
        }
    }
}

/// What is wrong on one page; what other pages ask for is not missed yet.
fn page_faults(spot: &Spot, door: &Door, at: usize, typed: &Values) -> Result<(), Refusal> {
    let (flow, step) = door.step()?;
    let names = door.pages.get(at).copied().unwrap_or_default();
    let read = flow.read(step, typed, &Values::new(), Manner::Form, spot.site.app.today());
    let mut faults = read.err().map(|refusal| refusal.fields).unwrap_or_default();
    faults.retain(|fault| {
        names.iter().any(|name| fault.name == *name || fault.name.starts_with(&format!("{name}[")))
    });
    let blank = typed.get("phone").and_then(Value::as_str).unwrap_or_default().trim().is_empty();
    if names.contains(&"phone") && blank {
        faults.push(falin_domain::refusal::FieldError::new("phone", "ask.phone"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::form(faults)) }
}

fn check(spot: &Spot, door: &Door, (place, name): (&str, String), typed: &Values) -> Result<Check, Refusal> {
    let (flow, step) = door.step()?;
    let (say, lang) = (spot.say(), lang_code(spot.lang));
    let read =
        flow.read(step, typed, &Values::new(), Manner::Form, spot.site.app.today()).unwrap_or_default();
    let mut form =
        Form::post(door.href(spot, "")).keep("place", place).keep("at", door.pages.len().to_string());
    for (kept, value) in carried(typed, door, &[]) {
        form = form.keep(kept, value);
    }
    let row = |(page, name): (usize, &&'static str)| {
        let field = flow.field(name)?;
        let lines = in_words(field, read.get(*name), lang);
        let label = field.label.in_language(lang).to_owned();
        Some(CheckRow { label, lines, page: format!("page-{page}"), change: say.t("apply-change") })
    };
    let rows =
        door.pages.iter().enumerate().flat_map(|(page, names)| names.iter().map(move |name| (page, name)));
    let rows = rows.filter_map(row).collect();
    let form = form
        .button(Button::submit("primary", say.t("apply-send")).named("go", "send"))
        .redrawn(format!("page-{}", door.pages.len()));
    Ok(Check { aid: door.flow == "aid", place: name, rows, form })
}

async fn send(spot: &Spot, door: &'static Door, (place, name): (&str, String), typed: Values) -> Answer {
    let apply = Apply {
        county: spot.county(),
        flow: door.flow,
        values: typed.clone(),
        place: Some(place.to_owned()),
        source: spot.source(),
    };
    match application::apply(&spot.site.app, apply).await.map_err(of_stop) {
        Ok(seen) => spot.shown(&applied(spot, door, &seen)),
        Err(refusal) => {
            // The first page with a fault comes back; nothing typed is lost.
            let at = door.pages.iter().position(|page| {
                refusal.fields.iter().any(|fault| page.iter().any(|name| fault.name == *name))
            });
            // What is wrong with no answer, as where the house is busy, is told above all of them.
            let Some(at) = at else {
                let mut view = check(spot, door, (place, name), &typed)?;
                view.form = view.form.refused(&spot.say(), &refusal);
                return spot.refused(&refusal, &view);
            };
            spot.refused(&refusal, &ask(spot, door, (place, name), at, &typed, Some(&refusal))?)
        }
    }
}

fn applied(spot: &Spot, door: &Door, seen: &Seen) -> Applied {
    let first = seen.promised();
    Applied {
        aid: door.flow == "aid",
        number: seen.case.number.clone(),
        due: first.map(|row| super::ask::moment(spot, row.due)).unwrap_or_default(),
        source: first
            .map(|row| falin_app::deadline::source(row, None, lang_code(spot.lang) != "en"))
            .unwrap_or_default(),
        progress: spot.href("/progress"),
    }
}
