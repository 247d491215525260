//! Mediation committees at the desk, the month's claim, and what a county sets for its casework.

use actix_web::HttpResponse;
use falin_app::claim::{self, Claim};
use falin_app::committee::{self, Seated};
use falin_app::docx::WORKBOOK_MEDIA;
use falin_app::settings;
use falin_domain::access::{Act, Noun};
use falin_domain::refusal::Refusal;
use falin_domain::words::CommitteeNoun;
use falin_domain::workflow::core_flow;

use super::choices::{self, typed, version};
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::case::lang_code;
use crate::look::desk::committee::{
    CaseworkSettings, ClaimPage, ClaimRow, CommitteeEdit, CommitteeList, CommitteePage, CommitteeRow,
    MemberRow, Typed, TypedCasework, TypedMember, join_form, open_form,
};
use crate::look::desk::{Filters, Form, Link, key};
use crate::look::format;
use crate::look::parts::{Button, Field, FieldOption, Notice};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// `GET /desk/committees`.
///
/// # Errors
/// `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let page = committee::list(&desk.site.app, desk.visitor(), query.window()?).await?;
    desk.page(&CommitteeList {
        rows: page.items.iter().map(|seated| row(&desk, seated)).collect(),
        pager: choices::pager(&query, "/desk/committees", &[], page.next.as_ref()),
        may_write: desk.visitor().may(Act::Write, Noun::Committee),
    })
}

fn row(desk: &Desk, seated: &Seated) -> CommitteeRow {
    let it = &seated.committee;
    let place = seated.place.as_ref().map(|place| format::place(&place.name)).unwrap_or_default();
    let above = seated.above.as_ref().map(|above| above.name.as_str()).unwrap_or_default();
    let here = seated.members.iter().filter(|member| member.to_date.is_none()).count();
    CommitteeRow {
        href: format!("/desk/committees/{}", it.id),
        name: it.name.clone(),
        kind: key("committee-kind", &it.kind),
        place: format!("{place} {above}").trim().to_owned(),
        members: here.to_string(),
        term: format::date(desk.lang, it.term_to),
        lacking: desk.say().phrases(&lacking(desk, seated)),
    }
}

fn lacking(desk: &Desk, seated: &Seated) -> Vec<String> {
    seated.lacking.iter().map(|code| desk.say().t(&format!("committee-lacks-{code}"))).collect()
}

/// `GET /desk/committees/new`.
///
/// # Errors
/// The store's own.
pub async fn new(desk: Desk) -> Answer {
    let typed = Typed { term_from: desk.site.app.today().to_string(), ..Typed::default() };
    let view = form(&desk, ("/desk/committees", None), &typed, None).await?;
    desk.page(&view)
}

async fn form(
    desk: &Desk,
    at: (&str, Option<i64>),
    typed: &Typed,
    refusal: Option<&Refusal>,
) -> Result<CommitteeEdit, Refused> {
    let places = choices::villages(desk, &typed.place, true).await?;
    let all = committee::choices(&desk.site.app, desk.visitor()).await?;
    let parents =
        all.iter().map(|one| FieldOption::new(one.id.to_string(), one.name.clone(), &typed.parent)).collect();
    Ok(CommitteeEdit::new(&desk.say(), at, typed, (places, parents), refusal))
}

/// `POST /desk/committees`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn add(desk: Desk, body: Body) -> Answer {
    let typed: Typed = typed(&body.form()?);
    match committee::add(&desk.site.app, desk.visitor(), &typed).await {
        Ok(made) => desk.go(format!("/desk/committees/{}", made.committee.id)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = form(&desk, ("/desk/committees", None), &typed, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/committees/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn show(desk: Desk, id: PathId<CommitteeNoun>) -> Answer {
    let seated = committee::one(&desk.site.app, desk.visitor(), id.0).await?;
    desk.page(&page(&desk, &seated, &TypedMember::default(), None))
}

fn page(desk: &Desk, seated: &Seated, typed: &TypedMember, refusal: Option<&Refusal>) -> CommitteePage {
    let it = &seated.committee;
    let say = desk.say();
    let write = desk.visitor().may(Act::Write, Noun::Committee);
    let acts = format!("/desk/committees/{}/actions", it.id);
    let leave = |id: String| {
        Form::post(&acts)
            .keep("version", it.version.to_string())
            .keep("act", "leave")
            .keep("member", id)
            .button(Button::submit("low", say.t("committee-leave")))
    };
    let day = |day| format::date(desk.lang, day);
    let member = |member: &committee::Member| MemberRow {
        name: member.name.clone(),
        duty: key("committee-duty", &member.duty),
        span: match member.to_date {
            Some(to) => format!("{} – {}", day(member.from_date), day(to)),
            None => day(member.from_date),
        },
        past: member.to_date.is_some(),
        leave: (write && member.to_date.is_none()).then(|| leave(member.id.to_string())),
    };
    let term = say.with("committee-term", &[("from", &day(it.term_from)), ("to", &day(it.term_to))]);
    let place = seated.place.as_ref().map(|place| place.name.clone()).unwrap_or_default();
    let above = seated.above.as_ref().map(|above| above.name.clone()).unwrap_or_default();
    let lines = [place, above, it.address.clone(), it.phone.clone(), term];
    let at_field = refusal.filter(|refusal| !refusal.fields.is_empty());
    CommitteePage {
        back: Link::new("/desk/committees", say.t("committee-list")),
        name: it.name.clone(),
        kind: key("committee-kind", &it.kind),
        lines: lines.into_iter().filter(|line| !line.is_empty()).collect(),
        notices: standing(desk, seated),
        members: seated.members.iter().map(member).collect(),
        edit: if write { format!("/desk/committees/{}/edit", it.id) } else { String::new() },
        open: write.then(|| open_form(&say, (&acts, it.version), it.active)),
        join: write.then(|| join_form(&say, (&acts, it.version), typed, at_field)),
        refused: refusal
            .filter(|r| r.fields.is_empty())
            .map(|r| Notice::new("danger", "", say.error_summary(r).title)),
    }
}

/// That it is dissolved, or what it lacks.
fn standing(desk: &Desk, seated: &Seated) -> Vec<Notice> {
    if !seated.committee.active {
        return vec![Notice::new("plain", "", desk.say().t("committee-dissolved"))];
    }
    lacking(desk, seated).into_iter().map(|text| Notice::new("caution", "", text)).collect()
}

/// `GET /desk/committees/{id}/edit`.
///
/// # Errors
/// `not_found`.
pub async fn edit(desk: Desk, id: PathId<CommitteeNoun>) -> Answer {
    let seated = committee::one(&desk.site.app, desk.visitor(), id.0).await?;
    let at = format!("/desk/committees/{}", id.0);
    let view = form(&desk, (&at, Some(seated.committee.version)), &Typed::of(&seated), None).await?;
    desk.page(&view)
}

/// `POST /desk/committees/{id}`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn change(desk: Desk, id: PathId<CommitteeNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, version): (Typed, i64) = (typed(&fields), version(&fields));
    match committee::change(&desk.site.app, desk.visitor(), id.0, version, Some(&typed), None).await {
        Ok(_) => desk.go(format!("/desk/committees/{}", id.0)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let at = format!("/desk/committees/{}", id.0);
            let mut view = form(&desk, (&at, Some(version)), &typed, Some(&refusal)).await?;
            if refusal.is_stale() {
                let there = committee::one(&desk.site.app, desk.visitor(), id.0).await?;
                let seen = Some(there.committee.version);
                let now = form(&desk, (&at, seen), &Typed::of(&there), None).await?;
                view.form.meanwhile(&desk.say(), &now.form);
            }
            desk.again(&refusal, &view)
        }
    }
}

/// `POST /desk/committees/{id}/actions`: somebody joins or leaves, or it is dissolved or restored.
///
/// # Errors
/// `not_found`; a refusal is shown on the page, with what was typed.
pub async fn act(desk: Desk, id: PathId<CommitteeNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, version): (TypedMember, i64) = (typed(&fields), version(&fields));
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let open = |active| committee::change(app, visitor, id.0, version, None, Some(active));
    let done = match fields.filled("act") {
        Some("leave") => {
            let member =
                fields.filled("member").and_then(|text| text.parse().ok()).ok_or_else(Refusal::absent)?;
            committee::leave(app, visitor, id.0, version, member).await
        }
        Some("join") => committee::join(app, visitor, id.0, version, &typed).await,
        Some("dissolve") => open(false).await,
        Some("restore") => open(true).await,
        _ => Err(Refusal::new("action.not_allowed").into()),
    };
    match done {
        Ok(_) => desk.go(format!("/desk/committees/{}", id.0)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let seated = committee::one(app, visitor, id.0).await?;
            desk.again(&refusal, &page(&desk, &seated, &typed, Some(&refusal)))
        }
    }
}

fn asked_month(desk: &Desk, query: &Query) -> String {
    let last = desk.site.app.today().plus_months(-1).to_string();
    query.filled("month").map_or_else(|| last.chars().take(7).collect(), str::to_owned)
}

/// `GET /desk/mediation-claim?month=2026-10`; the last month unless said otherwise.
///
/// # Errors
/// `form.invalid` at `month`.
pub async fn claim(desk: Desk, query: Query) -> Answer {
    let month = asked_month(&desk, &query);
    let claim = claim::month(&desk.site.app, desk.visitor(), &month).await?;
    desk.page(&ClaimPage {
        filters: Filters::new(
            "/desk/mediation-claim",
            vec![Field::input("month", "month", "claim-month").value(month.clone())],
        ),
        rows: rows(&desk, &claim),
        sum: format::money(desk.lang, claim.sum),
        source: claim.tariff.source.clone(),
        export: if desk.visitor().may(Act::Export, Noun::Committee) {
            format!("/desk/mediation-claim.xlsx?month={month}")
        } else {
            String::new()
        },
    })
}

fn rows(desk: &Desk, claim: &Claim) -> Vec<ClaimRow> {
    let lang = lang_code(desk.lang);
    let flow = core_flow("mediation");
    let word = |field: &str, code: &str| {
        let field = flow.and_then(|flow| flow.field(field));
        field.map_or(code.to_owned(), |field| field.word(code, lang).to_owned())
    };
    let row = |line: &claim::Line| ClaimRow {
        href: format!("/desk/mediation/{}", line.case.id),
        number: line.case.number.clone(),
        committee: line.committee.clone(),
        difficulty: word("difficulty", &line.difficulty),
        outcome: word("outcome", &line.outcome),
        dossier: desk.say().t(if line.dossier { "yes" } else { "no" }),
        sum: format::money(desk.lang, line.sum),
    };
    claim.lines.iter().map(row).collect()
}

/// `GET /desk/mediation-claim.xlsx?month=2026-10`.
///
/// # Errors
/// As [`claim`].
pub async fn export_claim(desk: Desk, query: Query) -> Answer {
    let month = asked_month(&desk, &query);
    let claim = claim::month(&desk.site.app, desk.visitor(), &month).await?;
    let say = desk.say();
    let heads = [
        "desk-case-number",
        "claim-committee",
        "claim-difficulty",
        "claim-outcome",
        "claim-dossier",
        "claim-sum",
    ];
    let heads: Vec<String> = heads.iter().map(|key| say.t(key)).collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let yuan = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
    let told = rows(&desk, &claim).into_iter().zip(&claim.lines);
    let mut cells: Vec<Vec<String>> = told
        .map(|(row, line)| {
            vec![row.number, row.committee, row.difficulty, row.outcome, row.dossier, yuan(line.sum)]
        })
        .collect();
    let mut whole = vec![String::new(); heads.len()];
    (whole[0], whole[heads.len() - 1]) = (say.t("claim-total"), yuan(claim.sum));
    cells.push(whole);
    let (name, today) = (say.t("claim-title"), desk.site.app.today());
    let bytes = falin_app::sheets::write_figures(&name, &heads, &cells, 5, today).map_err(|fault| {
        tracing::error!(?fault, "a workbook could not be written");
        Refusal::new("server.failed")
    })?;
    Ok(HttpResponse::Ok()
        .content_type(WORKBOOK_MEDIA)
        .insert_header(("content-disposition", format!("attachment; filename=\"claim-{}.xlsx\"", claim.from)))
        .insert_header(("cache-control", "no-store"))
        .body(bytes))
}

/// `GET /desk/casework/settings`.
///
/// # Errors
/// The store's own.
pub async fn settings(desk: Desk) -> Answer {
    let (county, set) = settings::get(&desk.site.app, desk.visitor()).await?;
    let version = county.version.to_string();
    desk.page(&CaseworkSettings::new(&desk.say(), &version, &TypedCasework::of(&set), None))
}

/// `POST /desk/casework/settings`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn save_settings(desk: Desk, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, version): (TypedCasework, i64) = (typed(&fields), version(&fields));
    match settings::save_casework(&desk.site.app, desk.visitor(), version, &typed).await {
        Ok(_) => desk.go("/desk/casework/settings"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let mut view = CaseworkSettings::new(&desk.say(), &version.to_string(), &typed, Some(&refusal));
            if refusal.is_stale() {
                let (county, set) = settings::get(&desk.site.app, desk.visitor()).await?;
                let now = CaseworkSettings::new(
                    &desk.say(),
                    &county.version.to_string(),
                    &TypedCasework::of(&set),
                    None,
                );
                view.form.meanwhile(&desk.say(), &now.form);
            }
            desk.again(&refusal, &view)
        }
    }
}
