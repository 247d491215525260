//! Adviser posts at the desk: list with the villages that have none, the form, the end.

use falin_app::adviser::{self, Filter, Held, State as Term};
use falin_domain::access::{Act, Noun};
use falin_domain::refusal::Refusal;
use falin_domain::words::{AdviserPostId, AdviserPostNoun};

use super::choices::{self, place, term, typed, version};
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::post::{PostChoices, PostEdit, PostEnd, PostList, PostRow, PostTyped, filters};
use crate::look::desk::sentences::counted;
use crate::look::desk::worker::tabs;
use crate::look::desk::{Link, key};
use crate::look::format;
use crate::look::parts::{Notice, State};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

const FILTERS: &[&str] = &["find", "place", "state"];
/// Vacant villages that are named; more are only counted.
const NAMED: usize = 8;

/// `GET /desk/posts`.
///
/// # Errors
/// `search.digits`, `division.unknown`, `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let [find, chosen, state] = ["find", "place", "state"].map(|name| query.filled(name).unwrap_or_default());
    let filter = Filter {
        place: query.filled("place").map(str::to_owned),
        worker: None,
        state: Term::from_code(state),
        q: find.to_owned(),
    };
    let count = adviser::count(&desk.site.app, desk.visitor(), filter.clone()).await?;
    let page = adviser::list(&desk.site.app, desk.visitor(), filter, query.window()?).await?;
    let say = desk.say();
    let places = choices::townships(&desk, chosen).await?;
    let write = may_write(&desk);
    desk.page(&PostList {
        tabs: tabs("/desk/posts"),
        count: counted(&say, "desk-post-list-count", count),
        gap: gap(&desk, write).await?,
        filters: filters(&say, find, chosen, state, places),
        rows: page.items.iter().map(|held| row(&desk, held, write)).collect(),
        pager: choices::pager(&query, "/desk/posts", FILTERS, page.next.as_ref()),
        may_write: write,
    })
}

fn may_write(desk: &Desk) -> bool {
    desk.visitor().may(Act::Write, Noun::Post)
}

/// Villages without an adviser, the first of them by name.
async fn gap(desk: &Desk, write: bool) -> Result<Option<Notice>, Refused> {
    let vacant = adviser::vacant(&desk.site.app, desk.visitor()).await?;
    if vacant.is_empty() {
        return Ok(None);
    }
    let say = desk.say();
    let names: Vec<&str> = vacant.iter().take(NAMED).map(|village| format::place(&village.name)).collect();
    let more = if vacant.len() > NAMED { "…" } else { "" };
    let notice = Notice::new(
        "caution",
        counted(&say, "desk-post-gap", vacant.len() as u64),
        format!("{}{more}", say.list(&names)),
    );
    Ok(Some(if write { notice.link("/desk/posts/new", say.t("desk-post-new")) } else { notice }))
}

fn row(desk: &Desk, held: &Held, write: bool) -> PostRow {
    let (say, it) = (desk.say(), &held.post);
    let fill = match held.state {
        Term::Current => "done",
        Term::Ending => "half",
        Term::Future => "empty",
        Term::Ended => "stopped",
    };
    let when = |allowed: bool, href: String| if allowed { href } else { String::new() };
    PostRow {
        href: when(write, format!("/desk/posts/{}/edit", it.id)),
        village: place(&held.line),
        worker: Link::new(format!("/desk/workers/{}", it.worker_id), held.worker.name.clone()),
        firm: held.firm.as_ref().map(|firm| firm.name.clone()).unwrap_or_default(),
        span: term(&say, it.from_date, it.to_date),
        hours: it.hours.clone(),
        state: State { fill, word: say.t(&key("desk-post-state", held.state.code())) },
        papers: when(
            desk.visitor().may(Act::Write, Noun::Paper),
            format!("/desk/papers/kinds?noun=adviser&subject={}", it.id),
        ),
        end: when(write && held.state != Term::Ended, format!("/desk/posts/{}/end", it.id)),
    }
}

/// `GET /desk/posts/new`, for `worker` or `village` where the address names one.
///
/// # Errors
/// The store's own.
pub async fn new(desk: Desk, query: Query) -> Answer {
    let typed = PostTyped {
        worker: query.filled("worker").unwrap_or_default().to_owned(),
        village: query.filled("village").unwrap_or_default().to_owned(),
        from: desk.site.app.today().to_string(),
        ..PostTyped::default()
    };
    let view = form(&desk, None, &typed, None).await?;
    desk.page(&view)
}

/// `POST /desk/posts`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn add(desk: Desk, body: Body) -> Answer {
    let typed: PostTyped = typed(&body.form()?);
    match adviser::add(&desk.site.app, desk.visitor(), &typed).await {
        Ok(_) => desk.go("/desk/posts"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = form(&desk, None, &typed, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/posts/{id}/edit`.
///
/// # Errors
/// `not_found`.
pub async fn edit(desk: Desk, id: PathId<AdviserPostNoun>) -> Answer {
    let held = adviser::one(&desk.site.app, desk.visitor(), id.0).await?;
    let view = form(&desk, Some((id.0, held.post.version)), &PostTyped::of(&held), None).await?;
    desk.page(&view)
}

/// `POST /desk/posts/{id}`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn change(desk: Desk, id: PathId<AdviserPostNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, version): (PostTyped, i64) = (typed(&fields), version(&fields));
    let there = adviser::one(&desk.site.app, desk.visitor(), id.0).await?;
    match adviser::change(&desk.site.app, desk.visitor(), id.0, version, &typed).await {
        Ok(_) => desk.go("/desk/posts"),
        Err(stop) => {
            let refusal = of_stop(stop);
            let mut view = form(&desk, Some((id.0, version)), &typed, Some(&refusal)).await?;
            if refusal.is_stale() {
                let seen = Some((id.0, there.post.version));
                let now = form(&desk, seen, &PostTyped::of(&there), None).await?;
                view.form.meanwhile(&desk.say(), &now.form);
            }
            desk.again(&refusal, &view)
        }
    }
}

async fn form(
    desk: &Desk,
    seen: Option<(AdviserPostId, i64)>,
    typed: &PostTyped,
    refusal: Option<&Refusal>,
) -> Result<PostEdit, Refused> {
    let choices = PostChoices {
        villages: choices::villages(desk, &typed.village, false).await?,
        workers: choices::workers(desk, &typed.worker).await?,
    };
    let action = seen.map_or("/desk/posts".to_owned(), |(id, _)| format!("/desk/posts/{id}"));
    let version = seen.map(|(_, version)| version.to_string()).unwrap_or_default();
    Ok(PostEdit::new(&desk.say(), &action, &version, typed, choices, refusal))
}

/// `GET /desk/posts/{id}/end`.
///
/// # Errors
/// `not_found`.
pub async fn ask_end(desk: Desk, id: PathId<AdviserPostNoun>) -> Answer {
    let held = adviser::one(&desk.site.app, desk.visitor(), id.0).await?;
    let day = desk.site.app.today().to_string();
    desk.page(&ending(&desk, &held, held.post.version, &day, None))
}

/// `POST /desk/posts/{id}/end`: `end_on` is the first day without the adviser.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn end(desk: Desk, id: PathId<AdviserPostNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let held = adviser::one(&desk.site.app, desk.visitor(), id.0).await?;
    let day = fields.get("end_on").unwrap_or_default().trim().to_owned();
    let version = version(&fields);
    match last_day(&desk, id.0, version, &day).await {
        Ok(()) => desk.go("/desk/posts"),
        Err(refusal) => {
            let mut view = ending(&desk, &held, version, &day, Some(&refusal));
            if refusal.is_stale() {
                let now = ending(&desk, &held, held.post.version, &day, None);
                view.form.meanwhile(&desk.say(), &now.form);
            }
            desk.again(&refusal, &view)
        }
    }
}

async fn last_day(desk: &Desk, id: AdviserPostId, version: i64, day: &str) -> Result<(), Refusal> {
    let day: falin_domain::time::Date = day
        .parse()
        .map_err(|_| Refusal::field("end_on", if day.is_empty() { "required" } else { "date.invalid" }))?;
    let done = adviser::end(&desk.site.app, desk.visitor(), id, version, day.plus_days(-1)).await;
    done.map(|_| ()).map_err(|stop| {
        let mut refusal = of_stop(stop);
        for fault in refusal.fields.iter_mut().filter(|fault| fault.name == "on") {
            fault.name = "end_on".to_owned();
        }
        refusal
    })
}

fn ending(desk: &Desk, held: &Held, version: i64, day: &str, refusal: Option<&Refusal>) -> PostEnd {
    let village = place(&held.line);
    let action = format!("/desk/posts/{}/end", held.post.id);
    let who = (village.as_str(), held.worker.name.as_str());
    PostEnd::new(&desk.say(), &action, &version.to_string(), who, day, refusal)
}
