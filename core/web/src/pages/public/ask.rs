//! Asking without an account, and looking how it stands by number and telephone. Nothing personal is in an address:
//! number and telephone travel in forms, and no cookie is set.

use falin_app::casework::{self, Action, File, Seen, Slip};
use falin_app::consultation::{self, Ask};
use falin_app::public;
use falin_domain::deadline::Moment;
use falin_domain::directory::DivisionLevel;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::workflow::{Flow, Manner, Step, Values, core_flow};
use serde_json::Value;

use super::{AGAIN, Spot, told};
use crate::body::{Body, Fields};
use crate::look::Lang;
use crate::look::desk::Form;
use crate::look::desk::case::{CaseStep, facts, lang_code, questions, state_of, step_when};
use crate::look::format;
use crate::look::parts::{Button, Choice, Fact, Field};
use crate::look::public::ask::{Find, Progress, Question, Sent, Where};
use crate::pages::choices;
use crate::problem::{Answer, of_stop};
use crate::query::Query;
use crate::upload::Upload;

/// What this door asks, of all that the first step of a consultation can hold, in its order.
const ASKED: &[&str] = &["question", "matter", "kind", "asker", "anonymous", "phone", "want", "when"];

/// `GET /{view}/{county}/ask`: where, then `?in=` a township, then `?place=` a village with the form.
///
/// # Errors
/// `not_found` for a place that is none.
pub async fn form(spot: Spot, query: Query) -> Answer {
    if let Some(place) = query.filled("place") {
        let place = place.to_owned();
        return spot.page(async |spot: &Spot| question(spot, &place, "", &Values::new(), None).await).await;
    }
    let within = query.filled("in").map(str::to_owned);
    spot.page(async |spot: &Spot| choose(spot, within.as_deref()).await).await
}

async fn choose(spot: &Spot, within: Option<&str>) -> Result<Where, Refusal> {
    let app = &spot.site.app;
    let (name, places) = match within {
        None => (String::new(), told(public::home(app, spot.county()).await)?.places),
        Some(place) => {
            let below = told(public::below(app, spot.county(), place).await)?;
            (below.line.first().map(|own| own.name.clone()).unwrap_or_default(), below.places)
        }
    };
    let choice = |place: &public::Place| {
        let (own, code) = (&place.division, choices::reference(&place.division));
        let name = format::place(&own.name);
        if own.level == DivisionLevel::Village {
            return Choice::noted(spot.href(&format!("/ask?place={code}")), name, "");
        }
        let unit = if place.urban { "count-communities" } else { "count-villages" };
        Choice::counted(spot.href(&format!("/ask?in={code}")), name, unit, u64::from(place.villages))
    };
    Ok(Where { name, places: places.iter().map(choice).collect() })
}

fn opening() -> Result<(&'static Flow, &'static Step), Refusal> {
    let flow = core_flow(consultation::FLOW).ok_or_else(Refusal::absent)?;
    Ok((flow, flow.opening().ok_or_else(Refusal::absent)?))
}

async fn question(
    spot: &Spot,
    place: &str,
    card: &str,
    typed: &Values,
    refusal: Option<&Refusal>,
) -> Result<Question, Refusal> {
    let (flow, step) = opening()?;
    let say = spot.say();
    let mut form = Form::post(spot.href("/ask")).uploading();
    let mut name = String::new();
    if card.is_empty() {
        let line = told(public::village(&spot.site.app, spot.county(), place).await)?.line;
        name = choices::place(&line);
        form = form.keep("place", place);
    } else {
        form = form.keep("card", card);
    }
    let all = questions(&say, flow, step, typed);
    let take = |name: &&str| all.iter().find(|field| field.name == **name).cloned();
    form.fields = ASKED.iter().filter_map(take).map(|field| plain(field, typed)).collect();
    // Right after what it can stand for.
    form.fields.insert(1, Field::input("file", "file", "ask-spoken").hint("ask-spoken-hint").optional());
    let form = form.button(Button::submit("primary", say.t("ask-send"))).maybe_refused(&say, refusal);
    Ok(Question { place: name, form: form.redrawn(AGAIN) })
}

/// Residents tick a box instead of choosing yes or no, and what most of them want is chosen already.
fn plain(mut field: Field, typed: &Values) -> Field {
    if field.name == "anonymous" {
        field.options.retain(|option| option.value == "true");
        field.input = "checkbox";
        field.hint = "ask-unknown-hint".into();
        for option in &mut field.options {
            option.label.clone_from(&field.label.clone().into_owned());
        }
    }
    // Both are wanted unless the box is ticked, and the box says what follows.
    if field.name == "asker" || field.name == "phone" {
        field.required = true;
    }
    let first = |name: &str| typed.get(name).is_none() && field.name == name;
    if (first("want") || first("kind"))
        && let Some(option) = field.options.first_mut()
    {
        option.chosen = true;
    }
    field
}

fn typed_values(fields: &Fields, names: &[&str]) -> Values {
    let pick = |name: &&str| Some(((*name).to_owned(), Value::from(fields.get(name)?)));
    names.iter().filter_map(pick).collect()
}

/// `POST /{view}/{county}/ask`. With `begin` it comes from a contact card and shows the empty form.
///
/// # Errors
/// `request.malformed`; everything else is told on the page, with what was typed.
pub async fn submit(spot: Spot, upload: Upload) -> Answer {
    let fields = &upload.fields;
    let text = |name: &str| fields.filled(name).unwrap_or_default().to_owned();
    let (place, card) = (text("place"), text("card"));
    let values = typed_values(fields, ASKED);
    if fields.filled("begin").is_some() {
        return spot.shown(&question(&spot, &place, &card, &Values::new(), None).await?);
    }
    if fields.filled("go") == Some(AGAIN) {
        return spot.shown(&question(&spot, &place, &card, &values, None).await?);
    }
    let asked = Ask {
        county: spot.county(),
        values: values.clone(),
        place: Some(place.clone()).filter(|place| !place.is_empty()),
        card: Some(card.clone()),
        source: spot.source(),
        file: upload.file("file").map(|file| File { name: file.name.clone(), body: file.bytes.to_vec() }),
        english: spot.lang == Lang::En,
    };
    match consultation::ask(&spot.site.app, asked).await.map_err(of_stop) {
        Ok(seen) => spot.shown(&sent(&spot, &seen)),
        Err(refusal) if place.is_empty() && card.is_empty() => {
            spot.refused(&refusal, &choose(&spot, None).await?)
        }
        Err(refusal) => {
            let view = question(&spot, &place, &card, &values, Some(&refusal)).await?;
            spot.refused(&refusal, &view)
        }
    }
}

fn sent(spot: &Spot, seen: &Seen) -> Sent {
    let due = seen.promised();
    Sent {
        number: seen.case.number.clone(),
        who: who(spot, seen),
        due: due.map(|row| moment(spot, row.due)).unwrap_or_default(),
        source: due
            .map(|row| falin_app::deadline::source(row, None, lang_code(spot.lang) != "en"))
            .unwrap_or_default(),
        phone: seen.case.phone_index.is_some(),
    }
}

pub(super) fn moment(spot: &Spot, due: Moment) -> String {
    match due {
        Moment::Day(day) => spot.day(day),
        Moment::At(at) => format!("{} {}", spot.day(at.date()), at.clock_text()),
    }
}

/// Who answers and why.
fn who(spot: &Spot, seen: &Seen) -> String {
    let Some(worker) = &seen.worker else { return String::new() };
    let say = spot.say();
    let title = say.t(crate::look::keys::worker_title(worker.kind));
    let name = format!("{}{}{title}", worker.name, if spot.lang == Lang::En { ", " } else { "" });
    let why = match seen.case.routed_by.as_deref() {
        Some("household") => "ask-who-household",
        Some("firm") => "ask-who-firm",
        Some("village") => "ask-who-village",
        Some("duty" | "fallback") => "ask-who-duty",
        _ => "ask-who-person",
    };
    say.with(why, &[("name", &name)])
}

/// `GET /{view}/{county}/progress`: number and telephone.
///
/// # Errors
/// `server.failed` where the template does not render.
pub async fn find(spot: Spot) -> Answer {
    spot.page(async |spot: &Spot| Ok(finder(spot, "", "", None))).await
}

fn finder(spot: &Spot, number: &str, phone: &str, refusal: Option<&Refusal>) -> Find {
    let say = spot.say();
    let mut form = Form::post(spot.href("/progress"));
    form.fields = Find::fields(number, phone);
    let form = form.button(Button::submit("primary", say.t("ask-look")));
    Find { form: form.maybe_refused(&say, refusal).redrawn(TYPED) }
}

/// What the two questions say as `go` where they are only drawn again: nothing is looked up, nothing is a guess.
const TYPED: &str = "typed";

fn slip(spot: &Spot, fields: &Fields) -> Slip {
    let text = |name: &str| fields.filled(name).unwrap_or_default().to_owned();
    Slip { county: spot.county(), number: text("number"), phone: text("phone"), source: spot.source() }
}

/// `POST /{view}/{county}/progress`: shows the case; with `step` the form of that step; with `action` takes it.
///
/// # Errors
/// `request.malformed`; everything else is told on the page.
pub async fn progress(spot: Spot, body: Body) -> Answer {
    let fields = body.form()?;
    let slip = slip(&spot, &fields);
    let go = fields.filled("go");
    if go == Some(TYPED) {
        return spot.shown(&finder(&spot, &slip.number, &slip.phone, None));
    }
    let action = fields.filled("action").map(str::to_owned);
    let values: Values =
        fields.0.iter().map(|(name, text)| (name.clone(), Value::from(text.clone()))).collect();
    if let Some(action) = action.as_ref().filter(|_| go == Some(AGAIN)) {
        return show(&spot, &slip, Some((action.clone(), Some(values))), None).await;
    }
    let refusal = match &action {
        None => None,
        Some(action) => {
            let version = choices::version(&fields);
            let (action, values, manner) = (action.clone(), values.clone(), Manner::Form);
            let act = Action { action, version, values, manner };
            match casework::act_by_slip(&spot.site.app, &slip, act).await.map_err(of_stop) {
                Ok(seen) => {
                    let slip = with_new_phone(slip, &seen, &fields);
                    return spot.shown(&shown(&spot, &slip, &seen, None, None));
                }
                Err(refusal) => Some(refusal),
            }
        }
    };
    // What is asked for the first time shows what is known, or leaving it alone would take it away.
    let typed = refusal.is_some().then_some(values);
    let step = action.or_else(|| fields.filled("step").map(str::to_owned));
    show(&spot, &slip, step.map(|step| (step, typed)), refusal).await
}

/// Who has just changed the telephone goes on with the new one, by which the case is found from now on: it is the last
/// of that name in the form, after the one that travels along.
fn with_new_phone(slip: Slip, seen: &Seen, fields: &Fields) -> Slip {
    let named = fields.0.iter().filter(|(name, _)| *name == seen.flow.phone);
    let typed = named.map(|(_, text)| text.trim()).next_back().filter(|text| !text.is_empty());
    Slip { phone: typed.unwrap_or(&slip.phone).to_owned(), ..slip }
}

/// `POST /{view}/{county}/progress/files`: number, telephone and a file.
///
/// # Errors
/// As [`progress`].
pub async fn add_file(spot: Spot, upload: Upload) -> Answer {
    let slip = slip(&spot, &upload.fields);
    let done = match upload.file("file") {
        None => Err(Refusal::field("file", "required")),
        Some(file) => {
            let file = File { name: file.name.clone(), body: file.bytes.to_vec() };
            casework::attach_by_slip(&spot.site.app, &slip, file).await.map_err(of_stop)
        }
    };
    match done {
        Ok(seen) => spot.shown(&shown(&spot, &slip, &seen, None, None)),
        Err(refusal) => show(&spot, &slip, None, Some(refusal)).await,
    }
}

/// The step that was chosen, and what was typed for it.
type Chosen = (String, Option<Values>);

/// The case, or the two questions again where they do not belong together.
async fn show(spot: &Spot, slip: &Slip, step: Option<Chosen>, refusal: Option<Refusal>) -> Answer {
    let same = refusal.as_ref().is_some_and(|refusal| refusal.code() == "case.slip_unknown");
    let found = match (same, &refusal) {
        (true, Some(refusal)) => Err(refusal.clone()),
        _ => casework::by_slip(&spot.site.app, slip).await.map_err(of_stop),
    };
    match found {
        Ok(seen) => {
            let view = shown(spot, slip, &seen, step.as_ref(), refusal.as_ref());
            match &refusal {
                Some(refusal) => spot.refused(refusal, &view),
                None => spot.shown(&view),
            }
        }
        Err(refusal) => {
            let view = finder(spot, &slip.number, &slip.phone, Some(&refusal));
            spot.refused(&refusal, &view)
        }
    }
}

fn shown(
    spot: &Spot,
    slip: &Slip,
    seen: &Seen,
    step: Option<&Chosen>,
    refusal: Option<&Refusal>,
) -> Progress {
    let (say, lang, flow) = (spot.say(), lang_code(spot.lang), &seen.flow);
    let keep = |form: Form| form.keep("number", &*slip.number).keep("phone", &*slip.phone);
    let steps: Vec<&Step> = seen.allowed.iter().filter_map(|action| flow.step(action)).collect();
    let chosen = step.and_then(|(name, typed)| {
        let step = steps.iter().find(|one| one.action == *name)?;
        Some((*step, typed))
    });
    let step_form = chosen.map(|(step, typed)| {
        let known = known(seen, step);
        let typed = typed.as_ref().unwrap_or(&known);
        let mut form = keep(Form::post(spot.href("/progress")))
            .keep("action", &*step.action)
            .keep("version", seen.case.version.to_string());
        form.fields = questions(&say, flow, step, typed);
        let look = if step.danger { "refuse" } else { "primary" };
        let form = form.button(Button::submit(look, step.name.in_language(lang))).redrawn(AGAIN);
        form.maybe_refused(&say, refusal)
    });
    let button = |step: &&Step| {
        let look = if step.danger { "low" } else { "outline" };
        Button::submit(look, step.name.in_language(lang)).named("step", &*step.action)
    };
    let mut acts = keep(Form::post(spot.href("/progress")));
    acts.buttons = steps
        .iter()
        .filter(|one| chosen.is_none_or(|(step, _)| step.action != one.action))
        .map(button)
        .collect();
    let open = seen.case.closed_ms.is_none();
    let mut short = Vec::new();
    if let Some(old) = seen.number_before() {
        short.push(Fact::new("ask-number-before", old));
    }
    if let Some(worker) = &seen.worker {
        short.push(Fact::new("ask-who", worker.name.clone()));
    }
    if let Some(row) = seen.promised() {
        short.push(Fact::new("ask-due", moment(spot, row.due)));
    }
    let answer = seen.values.get("answer").and_then(Value::as_str).unwrap_or_default();
    let attach = keep(Form::post(spot.href("/progress/files")).uploading())
        .field(Field::input("file", "file", "ask-file").hint("ask-file-hint"))
        .button(Button::submit("outline", say.t("ask-file-send")));
    // A fault at a step's own field stands above its form; everything else stands above the page.
    let errors = step_form.as_ref().and_then(|form| form.errors.clone());
    Progress {
        flow: flow.name.in_language(lang).to_owned(),
        number: seen.case.number.clone(),
        state: state_of(flow, &seen.case.state, spot.lang),
        turn: turn(spot, seen),
        answer: answer.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect(),
        facts: short,
        said: facts(flow, &first(seen), lang),
        steps: seen.steps.iter().rev().map(|one| told_step(spot, flow, one)).collect(),
        looked_up: keep(Form::post(spot.href("/progress"))).redrawn(AGAIN),
        acts: Some(acts).filter(|form| !form.buttons.is_empty()),
        step_name: chosen.map(|(step, _)| step.name.in_language(lang).to_owned()).unwrap_or_default(),
        step: step_form,
        attach: open.then_some(attach),
        files: seen.files.iter().map(|(_, name)| name.clone()).collect(),
        errors: errors.or_else(|| refusal.map(|refusal| say.error_summary(refusal))),
    }
}

/// What a step's form begins with: what the case holds, but for remarks, which belong to their own step.
fn known(seen: &Seen, step: &Step) -> Values {
    let asked = seen.flow.asked(step);
    let shown = asked.iter().filter(|one| one.field.name != "note");
    shown
        .filter_map(|one| Some((one.field.name.clone(), seen.values.get(&one.field.name)?.clone())))
        .collect()
}

/// What was said when it was opened.
fn first(seen: &Seen) -> Values {
    seen.steps.first().map(|step| step.values.clone()).unwrap_or_default()
}

fn turn(spot: &Spot, seen: &Seen) -> String {
    use falin_domain::access::Role;
    let key = match seen.next.as_ref().map(|next| next.role) {
        None => return String::new(),
        Some(Role::Resident) if seen.case.state == "answered" => "ask-turn-read",
        Some(Role::Resident) if seen.case.flow == consultation::FLOW => "ask-turn-you",
        Some(Role::Resident) if seen.case.flow == "aid" => "ask-turn-papers",
        Some(Role::Resident) => "ask-turn-yours",
        Some(Role::Lawyer) if seen.worker.is_some() => return who(spot, seen),
        Some(_) => "ask-turn-us",
    };
    spot.say().t(key)
}

fn told_step(spot: &Spot, flow: &Flow, told: &casework::Told) -> CaseStep {
    let lang = lang_code(spot.lang);
    let at = Instant::from_millis(told.step.at_ms);
    let name = casework::step_name(flow, &told.step.action, lang == "en");
    CaseStep {
        at: step_when(&spot.say(), at, told.step.happened_on, spot.site.app.today()),
        what: name.unwrap_or_else(|| spot.say().t("ask-passed-on")),
        who: told.who.clone().unwrap_or_default(),
        state: state_of(flow, &told.step.to_state, spot.lang),
        facts: if told.step.n == 1 { Vec::new() } else { facts(flow, &told.values, lang) },
    }
}
