//! The page of one case: what is next, what is known, what happened, who works on it.

use falin_app::casework::{self, Seen, Told};
use falin_app::deadline::Deadline as Row;
use falin_domain::access::{Act, Noun, Role};
use falin_domain::deadline::{act_on, rule};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::DeadlineId;
use falin_domain::workflow::{Flow, is_shared};

use super::papers::papers;
use super::{due, helped, sheet};
use crate::body::Fields;
use crate::desk::Desk;
use crate::flow_path::{FlowPath, desk_base};
use crate::look::desk::case::{
    CaseBelonging, CaseDeadline, CaseFact, CaseFileRow, CasePage, CasePerson, CaseStep, Offered, facts,
    lang_code, state_of, step_when, tables,
};
use crate::look::desk::{Form, Link};
use crate::look::parts::{Button, Field, FieldOption, Notice};
use crate::pages::choices;
use crate::problem::Refused;

/// Which of the page's own forms was refused, with what was typed there.
#[derive(Clone, Copy)]
pub(crate) enum Sent<'a> {
    /// None of them.
    Elsewhere,
    /// The one that passes the case on.
    Offer(&'a Fields),
    /// The word of whoever is asked to take it.
    Reply(&'a Fields),
    /// The one that extends this deadline.
    Longer(DeadlineId, &'a Fields),
}

/// What was refused just now, and where.
type Again<'a> = Option<(&'a Refusal, Sent<'a>)>;

/// Everything around a case, with what was refused just now.
///
/// # Errors
/// The store's own.
pub(super) async fn page(
    desk: &Desk,
    path: &FlowPath,
    seen: &Seen,
    again: Again<'_>,
) -> Result<CasePage, Refused> {
    let (case, flow, lang) = (&seen.case, &seen.flow, lang_code(desk.lang));
    let say = desk.say();
    let address = format!("{}/{}", path.base, case.id);
    let name = flow.name.in_language(lang).to_owned();
    let word = |one: &Row| {
        let own = flow.deadline.iter().find(|own| own.code == one.code);
        let own = own.map(|own| own.name.in_language(lang).to_owned());
        let law =
            || rule(&one.code).map(|rule| if lang == "en" { rule.act.en } else { rule.act.zh }.to_owned());
        let act = own.or_else(law).unwrap_or_else(|| one.code.clone());
        act_on(&act, one.items.as_ref(), lang != "en")
    };
    let declared = |code: &str| flow.deadline.iter().find(|own| own.code == code).map(|own| &own.source);
    let deadline = |one: &Row| CaseDeadline {
        deadline: due(desk, one),
        what: word(one),
        source: falin_app::deadline::source(one, declared(&one.code), lang != "en"),
        longer: longer(desk, one, again),
    };
    let deadlines: Vec<CaseDeadline> = seen.deadlines.iter().map(deadline).collect();
    let person = |one: &casework::OnCase| CasePerson {
        href: format!("/desk/workers/{}", one.worker.id),
        name: one.worker.name.clone(),
        duty: format!("case-duty-{}", one.duty),
        past: one.past,
    };
    let open = case.closed_ms.is_none();
    let offers = open
        && (seen.people.iter().any(|one| !one.past && Some(one.worker.id) == desk.visitor().worker)
            || may_assign(desk));
    let offer = if offers { Some(offer_form(desk, &address, case.version, again).await?) } else { None };
    let offered = offered(desk, seen, &address, again);
    let forms = deadlines.iter().filter_map(|one| one.longer.as_ref());
    let mut forms = forms.chain(&offer).chain(offered.as_ref().map(|one| &one.form));
    let told = forms.find_map(|form| form.errors.clone());
    let errors = told.or_else(|| again.map(|(refusal, _)| say.error_summary(refusal)));
    Ok(CasePage {
        back: Link::new(path.base.clone(), name.clone()),
        flow: name,
        number: case.number.clone(),
        old_number: old_number(desk, seen),
        urgent: case.urgent,
        heading: case.person_name.clone(),
        state: state_of(flow, &case.state, desk.lang),
        notices: notices(desk, seen),
        turn: turn(desk, seen),
        due: seen.promised().or(seen.deadlines.first()).map(|one| due(desk, one)),
        acts: acts(desk, seen, &address),
        facts: with_rooms(desk, seen, facts(flow, &seen.values, lang)).await?,
        tables: tables(flow, &seen.values, lang),
        steps: seen.steps.iter().rev().map(|told| step(desk, flow, told)).collect(),
        deadlines,
        people: seen.people.iter().map(person).collect(),
        answers: helped::answers(desk, seen),
        units: helped::units(desk, seen, &address),
        conferences: helped::conferences(desk, seen),
        help: helped::steps(seen, &address, lang),
        links: links(seen),
        papers: papers(desk, seen).await?,
        files: seen
            .files
            .iter()
            .map(|(file, name)| CaseFileRow {
                href: format!("{address}/files/{}", file.id),
                name: name.clone(),
                size: size(file.size),
            })
            .collect(),
        attach: open.then(|| attach_form(desk, seen, &address)),
        offer,
        offered,
        bookings: seen.bookings.iter().map(|one| super::super::bookings::row(desk, one)).collect(),
        book: book_link(desk, seen),
        dossier: seen.dossier.iter().map(|one| dossier_line(lang, one)).collect(),
        errors,
        kept: Vec::new(),
    })
}

/// The number that a case of an old system had there, where it has another one here.
fn old_number(desk: &Desk, seen: &Seen) -> String {
    let old = seen.number_before();
    old.map(|old| desk.say().with("desk-case-old-number", &[("number", old)])).unwrap_or_default()
}

/// Where a room is booked for the case; empty once it is closed, and for whoever may not.
fn book_link(desk: &Desk, seen: &Seen) -> String {
    let may = seen.flow.noun == "mediation"
        && seen.case.closed_ms.is_none()
        && desk.visitor().may(Act::Write, Noun::Booking);
    if may { format!("/desk/bookings/new?mediation_case_id={}", seen.case.id) } else { String::new() }
}

/// The form that extends a deadline, for whoever may.
fn longer(desk: &Desk, row: &Row, again: Again<'_>) -> Option<Form> {
    let most = falin_app::deadline::most(row).filter(|_| desk.visitor().may(Act::Write, Noun::Deadline))?;
    let (refusal, typed) = match again {
        Some((refusal, Sent::Longer(id, fields))) if id == row.id => (Some(refusal), Some(fields)),
        _ => (None, None),
    };
    let by = typed.map_or_else(|| most.to_string(), |typed| text(typed, "by"));
    let reason = typed.map(|typed| text(typed, "reason")).unwrap_or_default();
    Some(
        Form::post(format!("/desk/deadlines/{}/extend", row.id))
            .field(Field::text("by", "desk-deadline-extend-by").value(by).typing("off", "numeric").width(4))
            .field(Field::text("reason", "desk-deadline-extend-reason").value(reason))
            .button(Button::submit("outline", desk.say().t("desk-deadline-extend")))
            .apart(&format!("longer-{}", row.id))
            .maybe_refused(&desk.say(), refusal),
    )
}

fn text(typed: &Fields, name: &str) -> String {
    typed.get(name).unwrap_or_default().to_owned()
}

/// The names of the rooms that a case asks for, after what else is told of it.
async fn with_rooms(desk: &Desk, seen: &Seen, mut told: Vec<CaseFact>) -> Result<Vec<CaseFact>, Refused> {
    let asked = seen.flow.field.iter().filter(|field| field.kind == falin_domain::workflow::Kind::Room);
    let asked: Vec<_> = asked.filter(|field| seen.values.contains_key(&field.name)).collect();
    if asked.is_empty() {
        return Ok(told);
    }
    let rooms = falin_app::casework::rooms(&desk.site.app, desk.visitor().county).await?;
    for field in asked {
        let id = seen.values.get(&field.name).and_then(serde_json::Value::as_str).unwrap_or_default();
        if let Some(room) = rooms.iter().find(|room| room.id.to_string() == id) {
            let label = field.label.in_language(lang_code(desk.lang)).to_owned();
            told.push(CaseFact::new(label, vec![room.name.clone()]));
        }
    }
    Ok(told)
}

fn may_assign(desk: &Desk) -> bool {
    [Role::Clerk, Role::AidOfficer, Role::CountyAdmin].iter().any(|role| desk.visitor().is(*role))
}

fn notices(desk: &Desk, seen: &Seen) -> Vec<Notice> {
    let mut notices = Vec::new();
    if let (Some(why), Some(worker)) = (&seen.case.routed_by, &seen.worker) {
        let text = desk.say().with(&format!("desk-case-routed-{why}"), &[("name", &worker.name)]);
        notices.push(Notice::new("plain", "", text));
    }
    if let Some(declined) = &seen.declined {
        let name = declined.to.as_ref().map(|worker| worker.name.as_str()).unwrap_or_default();
        let strong = desk.say().with("desk-case-offer-declined", &[("name", name)]);
        notices.push(Notice::new("caution", strong, &declined.reason));
    }
    if let Some(waits) = &seen.waits {
        let notice = Notice::new("plain", "", desk.say().field_error(&waits.fault));
        let there = seen.links.iter().find(|case| case.id == waits.there);
        notices.push(match there {
            Some(case) => notice.link(format!("{}/{}", desk_base(&case.flow), case.id), &case.number),
            None => notice,
        });
    }
    if !seen.hidden.is_empty() {
        notices.push(Notice::new("plain", "", desk.say().t("desk-case-hidden")));
    }
    notices
}

fn turn(desk: &Desk, seen: &Seen) -> String {
    let Some(next) = &seen.next else { return String::new() };
    let role = desk.say().t(&format!("role-{}", next.role.code().replace('_', "-")));
    let named = match (next.leads, &seen.worker, &seen.deputy) {
        (true, Some(worker), Some(deputy)) => {
            let names = [("name", worker.name.as_str()), ("deputy", deputy.name.as_str())];
            return desk.say().with("desk-case-turn-deputy", &[("role", role.as_str()), names[0], names[1]]);
        }
        (true, Some(worker), None) => worker.name.as_str(),
        _ => "",
    };
    desk.say().with("desk-case-turn", &[("role", &role), ("name", named)])
}

/// Buttons of the steps that may be taken, the flow's primary ones first; then the sheet for the provincial system.
fn acts(desk: &Desk, seen: &Seen, address: &str) -> Vec<Button> {
    let lang = lang_code(desk.lang);
    let all = seen.allowed.iter().filter_map(|action| seen.flow.step(action));
    let (shared, mut steps): (Vec<_>, Vec<_>) = all.partition(|step| is_shared(&step.action));
    if steps.is_empty() {
        // Whoever only helps has the answer to give.
        steps = shared.into_iter().filter(|step| step.is_for_helpers()).collect();
    }
    steps.sort_by_key(|step| (!step.primary, step.danger));
    let first = steps.first().filter(|step| step.primary).map(|step| step.action.clone());
    let button = |step: &&falin_domain::workflow::Step| {
        let look = match step {
            step if Some(&step.action) == first.as_ref() => "primary",
            step if step.danger => "refuse",
            _ => "outline",
        };
        Button::link(look, step.name.in_language(lang), format!("{address}/steps/{}", step.action))
    };
    let mut acts: Vec<Button> = steps.iter().map(button).collect();
    if sheet::keeps(desk, seen) {
        acts.push(Button::link("low", desk.say().t("desk-sheet-title"), format!("{address}/sheet")));
    }
    acts
}

/// A step that was taken, as the history tells it.
pub(super) fn step(desk: &Desk, flow: &Flow, told: &Told) -> CaseStep {
    let lang = lang_code(desk.lang);
    let at = Instant::from_millis(told.step.at_ms);
    let known = flow.step(&told.step.action);
    let what = casework::step_name(flow, &told.step.action, lang == "en");
    let said = told.who.clone().unwrap_or_default();
    // Only a resident's own step can be taken on behalf of one; without a name the resident took it.
    let theirs = known.is_some_and(|step| step.roles.contains(&Role::Resident));
    let who = if told.step.for_person && theirs && !said.is_empty() {
        desk.say().with("desk-case-typed-by", &[("name", &said)])
    } else {
        said
    };
    let who = match &told.for_whom {
        Some(absent) => desk.say().with("desk-case-for", &[("name", &who), ("absent", absent)]),
        None => who,
    };
    CaseStep {
        at: step_when(&desk.say(), at, told.step.happened_on, desk.site.app.today()),
        // The clock's own step stands in no flow.
        what: what.unwrap_or_else(|| desk.say().t("ask-passed-on")),
        who,
        state: state_of(flow, &told.step.to_state, desk.lang),
        facts: if told.step.n == 1 { Vec::new() } else { facts(flow, &told.values, lang) },
    }
}

fn size(bytes: i64) -> String {
    if bytes < 1 << 20 {
        format!("{} KB", (bytes + 1023) / 1024)
    } else {
        format!("{:.1} MB", bytes as f64 / 1_048_576.0)
    }
}

fn dossier_line(lang: &str, one: &casework::Belonging) -> CaseBelonging {
    CaseBelonging {
        name: one.name.in_language(lang).to_owned(),
        there: one.there,
        missing: one.needed && !one.there,
    }
}

fn attach_form(desk: &Desk, seen: &Seen, address: &str) -> Form {
    let form = Form::post(format!("{address}/files")).uploading();
    let lang = lang_code(desk.lang);
    let mut kinds = vec![FieldOption::new("", desk.say().t("desk-case-file-other"), "")];
    let line =
        |one: &casework::Belonging| FieldOption::new(one.file.clone(), one.name.in_language(lang), "-");
    kinds.extend(seen.dossier.iter().map(line));
    let form = match seen.dossier.is_empty() {
        true => form,
        false => form.field(Field::select("kind", "desk-case-file-kind", kinds).optional()),
    };
    form.field(Field::input("file", "file", "desk-case-file").hint("desk-case-file-hint"))
        .button(Button::submit("outline", desk.say().t("desk-case-attach")))
        .apart("attach")
}

async fn offer_form(desk: &Desk, address: &str, version: i64, again: Again<'_>) -> Result<Form, Refused> {
    let (refusal, to, reason) = match again {
        Some((refusal, Sent::Offer(typed))) => (Some(refusal), text(typed, "worker"), text(typed, "reason")),
        _ => (None, String::new(), String::new()),
    };
    let workers = choices::workers(desk, &to).await?;
    Ok(Form::post(format!("{address}/offers"))
        .keep("version", version.to_string())
        .field(Field::select("worker", "desk-case-offer-to", workers))
        .field(Field::text("reason", "desk-case-offer-reason").value(reason))
        .button(Button::submit("outline", desk.say().t("desk-case-offer")))
        .apart("offer")
        .maybe_refused(&desk.say(), refusal))
}

fn offered(desk: &Desk, seen: &Seen, address: &str, again: Again<'_>) -> Option<Offered> {
    let waiting = seen.offered.as_ref()?;
    let mine = waiting.is_for(desk.visitor().worker);
    let (refusal, reason) = match again {
        Some((refusal, Sent::Reply(typed))) => (Some(refusal), text(typed, "reason")),
        _ => (None, String::new()),
    };
    let form = Form::post(format!("{address}/offers/answer"));
    let form = if mine {
        form.field(Field::text("reason", "desk-case-offer-decline-reason").value(reason).optional())
            .button(
                Button::submit("primary", desk.say().t("desk-case-offer-accept")).named("answer", "accept"),
            )
            .button(
                Button::submit("refuse", desk.say().t("desk-case-offer-decline")).named("answer", "decline"),
            )
    } else {
        form.button(
            Button::submit("low", desk.say().t("desk-case-offer-withdraw")).named("answer", "withdraw"),
        )
    };
    let form = form.apart("reply").maybe_refused(&desk.say(), refusal);
    let name = |worker: &Option<falin_app::worker::Worker>| {
        worker.as_ref().map_or_else(|| desk.say().t("desk-case-another"), |one| one.name.clone())
    };
    let key = match (mine, &waiting.from) {
        (true, Some(_)) => "desk-case-offered-you",
        (true, None) => "desk-case-offered-you-queue",
        (false, _) => "desk-case-offered",
    };
    let (from, to) = (name(&waiting.from), name(&waiting.to));
    let text = desk.say().with(key, &[("name", if mine { &from } else { &to })]);
    Some(Offered { text, reason: waiting.reason.clone(), form })
}

/// Cases that belong together.
fn links(seen: &Seen) -> Vec<Link> {
    let cases = seen.links.iter();
    cases.map(|one| Link::new(format!("{}/{}", desk_base(&one.flow), one.id), one.number.clone())).collect()
}
