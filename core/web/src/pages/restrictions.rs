//! `/desk/restrictions`: wishes for erasure, what is only stored, and its destruction.

use actix_web::HttpResponse;
use actix_web::http::header;
use falin_app::restriction::{self, Asker, Filter, New, Opened, OpenedCase, Shown, Taken, Typed};
use falin_app::settings::{self, TypedRetention};
use falin_app::sheets::write_xlsx;
use falin_app::{Fault, Stop, household};
use falin_domain::refusal::Refusal;
use falin_domain::restriction::{Kept, OpenReason, RestrictionAct, RestrictionState};
use falin_domain::spoken::whole_day;
use falin_domain::time::Instant;
use falin_domain::words::{HouseholdNoun, RestrictionId, RestrictionNoun};
use falin_domain::workflow::Kind;

use super::choices::{pager, place, typed, version};
use crate::body::Body;
use crate::desk::Desk;
use crate::flow_path::desk_base;
use crate::look::desk::case::{CaseForm, in_words, lang_code};
use crate::look::desk::restriction::{
    CaseLine, Part, RestrictionList, RestrictionPage, RestrictionRow, RestrictionTyped, Said, act_form,
    filters, open_form, restrict_form, state,
};
use crate::look::desk::{Form, Link, key};
use crate::look::format;
use crate::look::parts::{Button, Fact, Field, Go, Notice};
use crate::look::{Lang, Say};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// `GET /desk/restrictions?state=&cursor=`.
///
/// # Errors
/// `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let current = query.filled("state").unwrap_or_default();
    let filter = Filter { state: RestrictionState::from_code(current), due: current == "due" };
    let page = restriction::list(&desk.site.app, desk.visitor(), filter, query.window()?).await?;
    desk.page(&RestrictionList {
        filters: filters(&desk.say(), current),
        rows: page.items.iter().map(|one| row(&desk, one)).collect(),
        years: "/desk/restrictions/years".to_owned(),
        pager: pager(&query, "/desk/restrictions", &["state"], page.next.as_ref()),
    })
}

fn row(desk: &Desk, one: &Shown) -> RestrictionRow {
    let it = &one.row;
    RestrictionRow {
        href: format!("/desk/restrictions/{}", it.id),
        head: one.head.clone(),
        place: place(&one.place),
        state: state(&desk.say(), it.state),
        since: day_of(desk, Some(it.created_ms)),
        due: it
            .due_on
            .filter(|_| it.state.holds())
            .map(|day| format::date(desk.lang, day))
            .unwrap_or_default(),
        is_due: one.due,
        lift_asked: it.lift_asked_ms.is_some() && it.state.holds(),
    }
}

fn day_of(desk: &Desk, ms: Option<i64>) -> String {
    ms.map(|ms| format::date(desk.lang, Instant::from_millis(ms).date())).unwrap_or_default()
}

/// `GET /desk/restrictions/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn show(desk: Desk, id: PathId<RestrictionNoun>) -> Answer {
    let one = restriction::one(&desk.site.app, desk.visitor(), id.0).await?;
    desk.page(&page(&desk, &one, (&RestrictionTyped::default(), None)))
}

type Tried<'a> = (&'a RestrictionTyped, Option<&'a Refusal>);

fn page(desk: &Desk, one: &Shown, (typed, refusal): Tried<'_>) -> RestrictionPage {
    let (say, it) = (desk.say(), &one.row);
    let href = format!("/desk/restrictions/{}", it.id);
    let closed = |case: &restriction::Stored| match case.closed_ms {
        Some(ms) => whole_day(Instant::from_millis(ms).date(), desk.lang == Lang::En),
        None => say.t("erase-case-open"),
    };
    let page_of = |case: &restriction::Stored| format!("{}/{}", desk_base(&case.flow), case.id);
    let case = |case: &restriction::Stored| CaseLine {
        href: if it.restricted_ms.is_some() && it.state != RestrictionState::Lifted {
            String::new()
        } else {
            page_of(case)
        },
        number: case.number.clone(),
        closed: closed(case),
    };
    let link = |case: &restriction::Stored| Go {
        href: page_of(case),
        tile: String::new(),
        title: case.number.clone(),
        note: closed(case),
    };
    RestrictionPage {
        head: one.head.clone(),
        place: place(&one.place),
        state: state(&say, it.state),
        notice: notice(desk, one),
        facts: facts(desk, one),
        cases: one.cases.iter().map(case).collect(),
        by_phone: one.by_phone.iter().map(link).collect(),
        act: act_form(&say, (&href, it.version), &one.acts, typed, refusal),
        open: it.state.holds().then(|| open_form(&say, &format!("{href}/open"), None)),
        opened: Vec::new(),
    }
}

/// What must be known before anything is pressed.
fn notice(desk: &Desk, one: &Shown) -> Option<Notice> {
    let say = desk.say();
    let now = one.row.state;
    let going = one.in_use;
    if now == RestrictionState::Asked && going.cases + going.bookings > 0 {
        let (cases, bookings) = (going.cases.to_string(), going.bookings.to_string());
        let counts = [("cases", cases.as_str()), ("bookings", &bookings)];
        return Some(Notice::new("caution", "", say.with("erase-in-use", &counts)));
    }
    match now {
        RestrictionState::Asked => Some(Notice::new("plain", "", say.t("erase-restrict-what"))),
        RestrictionState::Restricted | RestrictionState::Proposed if one.due => {
            Some(Notice::new("caution", say.t("erase-for-good"), say.t("erase-for-good-what")))
        }
        RestrictionState::Restricted | RestrictionState::Proposed => {
            Some(Notice::new("plain", "", say.t("erase-stored-what")))
        }
        _ => None,
    }
}

/// Who asked, and whether the others of the household are to be asked as well.
fn asker_of(say: &Say<'_>, asker: &Asker) -> String {
    let relation = match asker.relation {
        Some(relation) => say.t(&key("desk-household-relation", relation.code())),
        None => say.t("desk-household-head"),
    };
    let who = format!("{} {relation}", asker.name);
    match asker.others {
        0 => who,
        others => say.with("erase-asker-others", &[("who", &who), ("n", &others.to_string())]),
    }
}

fn facts(desk: &Desk, one: &Shown) -> Vec<Fact> {
    let (say, it) = (desk.say(), &one.row);
    let by = |name: &String, ms: Option<i64>| match (name.as_str(), ms) {
        (_, None) => String::new(),
        ("", Some(_)) => format!("{} {}", say.t("desk-journal-system"), day_of(desk, ms)),
        (name, Some(_)) => format!("{name} {}", day_of(desk, ms)),
    };
    let [restricted, proposed, approved] = &one.hands;
    let asked = say.t(if it.asked_by.is_some() { "erase-from-page" } else { "erase-from-office" });
    let asker = one.asker.as_ref().map(|asker| asker_of(&say, asker)).unwrap_or_default();
    let approved = if it.approved_by.is_some() { by(approved, it.ended_ms) } else { String::new() };
    let ended = matches!(it.state, RestrictionState::Refused | RestrictionState::Lifted);
    let all = [
        ("erase-since", format!("{} {asked}", day_of(desk, Some(it.created_ms)))),
        ("erase-asker", asker),
        ("erase-reference", it.reference.clone()),
        ("erase-restricted", by(restricted, it.restricted_ms)),
        ("erase-reason", one.reason.clone()),
        ("erase-due-on", it.due_on.map(|day| format::date(desk.lang, day)).unwrap_or_default()),
        ("erase-lift-asked", day_of(desk, it.lift_asked_ms)),
        ("erase-proposed", by(proposed, it.proposed_ms)),
        ("erase-approved", approved),
        ("erase-ended", if ended { day_of(desk, it.ended_ms) } else { String::new() }),
    ];
    all.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(term, value)| Fact::new(term, value))
        .collect()
}

/// `POST /desk/restrictions/{id}`.
///
/// # Errors
/// `not_found`; another refusal stands above the form.
pub async fn act(desk: Desk, id: PathId<RestrictionNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let form: RestrictionTyped = typed(&fields);
    let done = match RestrictionAct::from_code(&form.action) {
        None => Err(Refusal::field("action", "required-choice")),
        Some(action) => {
            let (reason, reference) = (form.reason.clone(), form.reference.clone());
            let typed = Typed { action, reason, reference };
            let done = restriction::act(&desk.site.app, desk.visitor(), id.0, version(&fields), typed).await;
            done.map_err(of_stop)
        }
    };
    match done {
        Ok(_) => desk.go(format!("/desk/restrictions/{}", id.0)),
        Err(refusal) => again(&desk, id.0, (&form, Some(&refusal)), &refusal).await,
    }
}

async fn again(desk: &Desk, id: RestrictionId, tried: Tried<'_>, refusal: &Refusal) -> Answer {
    let one = restriction::one(&desk.site.app, desk.visitor(), id).await?;
    let mut view = page(desk, &one, tried);
    // Nothing may be done any more: the summary still says why this was not.
    let bare = || Form::post(format!("/desk/restrictions/{id}")).refused(&desk.say(), refusal);
    view.act = Some(view.act.unwrap_or_else(bare));
    desk.again(refusal, &view)
}

/// `POST /desk/restrictions/{id}/open`: the same page with what is stored, once.
///
/// # Errors
/// `not_found`, `action.not_allowed`; without a reason the page asks again.
pub async fn open(desk: Desk, id: PathId<RestrictionNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let one = restriction::one(app, visitor, id.0).await?;
    let mut view = page(&desk, &one, (&RestrictionTyped::default(), None));
    let Some(why) = fields.filled("for").and_then(OpenReason::from_code) else {
        let refusal = Refusal::field("for", "reason.missing");
        view.open =
            Some(open_form(&desk.say(), &format!("/desk/restrictions/{}/open", id.0), Some(&refusal)));
        return desk.again(&refusal, &view);
    };
    if fields.filled("files").is_some() {
        let (opened, taken) = restriction::take(app, visitor, id.0, why).await?;
        return archive(&desk, &opened, taken);
    }
    let opened = restriction::open(app, visitor, id.0, why).await?;
    view.opened = parts(&desk, &opened);
    view.open = None;
    desk.page(&view)
}

/// All of it in one file: a sheet of what is stored, and the files and papers of its cases.
fn archive(desk: &Desk, opened: &Opened, mut taken: Vec<Taken>) -> Answer {
    let say = desk.say();
    let lines = |part: Part| part.lines.into_iter().map(move |it| vec![part.name.clone(), it.term, it.value]);
    let rows: Vec<Vec<String>> = parts(desk, opened).into_iter().flat_map(lines).collect();
    let headers = ["desk-my-part", "desk-my-what", "desk-my-value"].map(|key| say.t(key));
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let sheet = write_xlsx(&say.t("erase-household"), &headers, &rows, desk.site.app.today());
    let sheet = sheet.map_err(|error| Stop::from(Fault::new("archive", error.to_string())))?;
    taken.insert(0, Taken { name: format!("{}.xlsx", say.t("erase-household")), bytes: sheet });
    Ok(zipped(&taken)?)
}

/// What is taken along as one file.
///
/// # Errors
/// A fault where it cannot be written.
pub fn zipped(taken: &[Taken]) -> Result<HttpResponse, Stop> {
    Ok(HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"stored.zip\""))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(restriction::packed(taken)?))
}

fn parts(desk: &Desk, opened: &Opened) -> Vec<Part> {
    let say = desk.say();
    let home = &opened.household;
    let id_paper =
        |kept: Option<&str>| kept.map(|kept| format::id_paper(desk.lang, kept)).unwrap_or_default();
    let mut lines = vec![
        (say.t("desk-household-head"), home.head_name.clone()),
        (say.t("desk-household-id-number"), id_paper(home.id_number.as_deref())),
        (say.t("desk-household-phone"), say.list(&home.phones)),
        (say.t("desk-household-address"), home.address.clone().unwrap_or_default()),
        (say.t("desk-household-note"), home.note.clone().unwrap_or_default()),
    ];
    for one in &opened.members {
        let relation = say.t(&key("desk-household-relation", one.relation.code()));
        lines.push((relation, format!("{} {}", one.name, id_paper(one.id_number.as_deref()))));
    }
    for category in &home.categories {
        let word = say.t(&key("desk-household-category", category.code()));
        lines.push((say.t("desk-household-category"), word));
    }
    lines.extend(opened.notes.iter().map(|(day, text)| (format::date(desk.lang, *day), text.clone())));
    let household = Part { name: say.t("erase-household"), lines: said(lines) };
    std::iter::once(household).chain(opened.cases.iter().map(|case| case_part(desk, case))).collect()
}

fn case_part(desk: &Desk, case: &OpenedCase) -> Part {
    let (say, lang) = (desk.say(), lang_code(desk.lang));
    let is_link =
        |kind| matches!(kind, Kind::Worker | Kind::Household | Kind::Case | Kind::Room | Kind::Unit);
    let fields = case.flow.field.iter().filter(|field| !is_link(field.kind));
    let mut lines: Vec<(String, String)> = fields
        .map(|field| {
            let value = in_words(field, case.values.get(&field.name), lang).join(" ");
            (field.label.in_language(lang).to_owned(), value)
        })
        .collect();
    lines.extend(case.parties.iter().map(|one| (say.t("erase-party"), one.name.clone())));
    lines.extend(case.files.iter().map(|name| (say.t("erase-file"), name.clone())));
    Part { name: format!("{} {}", case.flow.name.in_language(lang), case.number), lines: said(lines) }
}

fn said(lines: Vec<(String, String)>) -> Vec<Said> {
    let lines = lines.into_iter().filter(|(_, value)| !value.trim().is_empty());
    lines.map(|(term, value)| Said { term, value }).collect()
}

/// `GET /desk/households/{id}/restriction`: what it means, and the form.
///
/// # Errors
/// `not_found`.
pub async fn new(desk: Desk, id: PathId<HouseholdNoun>) -> Answer {
    let view = form(&desk, id, &RestrictionTyped::default(), None).await?;
    desk.page(&view)
}

async fn form(
    desk: &Desk,
    id: PathId<HouseholdNoun>,
    typed: &RestrictionTyped,
    refusal: Option<&Refusal>,
) -> Result<CaseForm, Refused> {
    let say = desk.say();
    let home = household::seen(&desk.site.app, desk.visitor(), id.0).await?;
    let back = Link::new(format!("/desk/households/{}", id.0), home.head_name);
    let action = format!("/desk/households/{}/restriction", id.0);
    let form = restrict_form(&say, &action, &back.href, typed, refusal);
    let about = say.t("erase-restrict-what");
    Ok(CaseForm { since: None, name: say.t("erase-act-restrict"), back, about, form })
}

/// `POST /desk/households/{id}/restriction`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn add(desk: Desk, id: PathId<HouseholdNoun>, body: Body) -> Answer {
    let tried: RestrictionTyped = typed(&body.form()?);
    household::seen(&desk.site.app, desk.visitor(), id.0).await?;
    let new = New { reason: tried.reason.clone(), reference: tried.reference.clone() };
    match restriction::restrict(&desk.site.app, desk.visitor(), id.0, new).await.map_err(of_stop) {
        Ok(one) => desk.go(format!("/desk/restrictions/{}", one.row.id)),
        Err(refusal) => {
            let view = form(&desk, id, &tried, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/restrictions/years`: for how many years records are kept.
///
/// # Errors
/// The store's own.
pub async fn years(desk: Desk) -> Answer {
    let (county, set) = settings::get(&desk.site.app, desk.visitor()).await?;
    desk.page(&years_form(&desk, county.version, &TypedRetention::of(&set.retention), None))
}

fn years_form(desk: &Desk, version: i64, typed: &TypedRetention, refusal: Option<&Refusal>) -> CaseForm {
    let say = desk.say();
    let mut form = Form::post("/desk/restrictions/years").keep("version", version.to_string());
    for kind in Kept::ALL {
        let label = key("erase-kept", kind.code());
        form = form.field(
            Field::text(kind.code(), label)
                .value(typed.at(*kind))
                .typing("off", "numeric")
                .width(5)
                .optional(),
        );
    }
    let back = Link::new("/desk/restrictions", say.t("erase-title"));
    let form = form
        .button(Button::submit("primary", say.t("desk-save")))
        .button(Button::link("low", say.t("desk-cancel"), &*back.href))
        .maybe_refused(&say, refusal);
    CaseForm { since: None, name: say.t("erase-years"), back, about: say.t("erase-years-what"), form }
}

/// `POST /desk/restrictions/years`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn save_years(desk: Desk, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, version): (TypedRetention, i64) = (typed(&fields), version(&fields));
    match settings::save_retention(&desk.site.app, desk.visitor(), version, &typed).await {
        Ok(_) => desk.go("/desk/restrictions"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let mut view = years_form(&desk, version, &typed, Some(&refusal));
            if refusal.is_stale() {
                let (county, set) = settings::get(&desk.site.app, desk.visitor()).await?;
                let now = years_form(&desk, county.version, &TypedRetention::of(&set.retention), None);
                view.form.meanwhile(&desk.say(), &now.form);
            }
            desk.again(&refusal, &view)
        }
    }
}
