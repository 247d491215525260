//! Firms at the desk: list with load, one with its people, the form.

use falin_app::firm::{self, Counted, Filter};
use falin_domain::access::{Act, Noun};
use falin_domain::directory::FirmKind;
use falin_domain::refusal::Refusal;
use falin_domain::words::{FirmId, FirmNoun};

use super::choices::{self, advised, presence, typed, version};
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::firm::{FirmEdit, FirmList, FirmPage, FirmPerson, FirmRow, FirmTyped, filters};
use crate::look::desk::open::{named, open_form};
use crate::look::desk::sentences::counted;
use crate::look::desk::worker::{Load, tabs};
use crate::look::desk::{Link, key};
use crate::look::keys::firm_kind;
use crate::look::parts::Fact;
use crate::look::{Say, format};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// `GET /desk/firms`.
///
/// # Errors
/// `search.digits`, `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let (find, kind) = (query.filled("find").unwrap_or_default(), query.filled("kind").unwrap_or_default());
    let filter = Filter { kind: FirmKind::from_code(kind), active: None, q: find.to_owned() };
    let count = firm::count(&desk.site.app, desk.visitor(), filter.clone()).await?;
    let page = firm::list(&desk.site.app, desk.visitor(), filter, query.window()?).await?;
    let say = desk.say();
    desk.page(&FirmList {
        tabs: tabs("/desk/firms"),
        count: counted(&say, "desk-firm-list-count", count),
        filters: filters(&say, find, kind),
        rows: page.items.iter().map(|counted| row(&say, counted)).collect(),
        pager: choices::pager(&query, "/desk/firms", &["find", "kind"], page.next.as_ref()),
        may_write: may_write(&desk),
    })
}

fn may_write(desk: &Desk) -> bool {
    desk.visitor().may(Act::Write, Noun::Firm)
}

/// Load against the firm's own capacity, else its people's together.
fn load(counted: &Counted) -> Option<Load> {
    let households = counted.households.filter(|n| *n > 0)?;
    let capacity = counted.firm.capacity.or(counted.sum_capacity);
    Some(Load::new(households, capacity.map_or(households, i32::unsigned_abs)))
}

fn row(say: &Say<'_>, counted: &Counted) -> FirmRow {
    let it = &counted.firm;
    let contact = [it.head_name.clone(), it.phone.split('、').next().map(format::phone).unwrap_or_default()];
    let contact: Vec<String> = contact.into_iter().filter(|part| !part.is_empty()).collect();
    FirmRow {
        href: format!("/desk/firms/{}", it.id),
        name: named(say, &it.name, it.active),
        kind: firm_kind(it.kind).to_owned(),
        contact: say.phrases(&contact),
        people: counted.people,
        load: load(counted),
    }
}

/// `GET /desk/firms/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn show(desk: Desk, id: PathId<FirmNoun>) -> Answer {
    let view = page(&desk, id.0, None).await?;
    desk.page(&view)
}

/// `POST /desk/firms/{id}/close`.
///
/// # Errors
/// `not_found`; a refusal is shown on the firm's page.
pub async fn close(desk: Desk, id: PathId<FirmNoun>, body: Body) -> Answer {
    set_open(desk, id.0, body, false).await
}

/// `POST /desk/firms/{id}/reopen`.
///
/// # Errors
/// `not_found`; a refusal is shown on the firm's page.
pub async fn reopen(desk: Desk, id: PathId<FirmNoun>, body: Body) -> Answer {
    set_open(desk, id.0, body, true).await
}

async fn set_open(desk: Desk, id: FirmId, body: Body, open: bool) -> Answer {
    match firm::set_open(&desk.site.app, desk.visitor(), id, version(&body.form()?), open).await {
        Ok(_) => desk.go(format!("/desk/firms/{id}")),
        Err(stop) => {
            let refusal = of_stop(stop);
            let view = page(&desk, id, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

async fn page(desk: &Desk, id: FirmId, refusal: Option<&Refusal>) -> Result<FirmPage, Refused> {
    let whole = firm::one(&desk.site.app, desk.visitor(), id).await?;
    let (say, today) = (desk.say(), desk.site.app.today());
    let counted = &whole.counted;
    let people = whole.people.iter().map(|shown| FirmPerson {
        worker: Link::new(format!("/desk/workers/{}", shown.worker.id), shown.worker.name.clone()),
        kind: key("desk-worker-kind", shown.worker.kind.code()),
        villages: advised(&say, shown),
        state: presence(&say, shown, today),
    });
    let has_households = counted.households.is_some_and(|n| n > 0);
    let (write, address, it) = (may_write(desk), format!("/desk/firms/{id}"), &counted.firm);
    Ok(FirmPage {
        name: named(&say, &it.name, it.active),
        kind: firm_kind(counted.firm.kind).to_owned(),
        facts: facts(desk, counted),
        load: load(counted),
        households: if has_households { format!("/desk/households?provider={id}") } else { String::new() },
        people: people.collect(),
        edit: if write { format!("{address}/edit") } else { String::new() },
        open: write.then(|| open_form(&say, &address, it.version, it.active, refusal)),
    })
}

fn facts(desk: &Desk, counted: &Counted) -> Vec<Fact> {
    let (say, it) = (desk.say(), &counted.firm);
    let numbers: Vec<String> = it.phone.split('、').map(format::phone).collect();
    let mut facts = vec![
        Fact::new("desk-firm-uscc", it.uscc.clone().unwrap_or_default()),
        Fact::new("desk-firm-address", it.address.clone()),
        Fact::new("desk-firm-phone", desk.say().list(&numbers)),
        Fact::new("desk-firm-head", it.head_name.clone()),
    ];
    let households = |n: i32| say.with("desk-worker-capacity-value", &[("count", &n.to_string())]);
    match (it.capacity, counted.sum_capacity) {
        (Some(own), _) => facts.push(Fact::new("desk-firm-capacity", households(own))),
        (None, Some(sum)) => {
            let note = self::counted(&say, "desk-firm-capacity-sum", u64::from(counted.people));
            facts.push(Fact::new("desk-firm-capacity", households(sum)).note(note));
        }
        (None, None) => {}
    }
    facts.retain(|fact| !fact.value.is_empty());
    facts
}

/// `GET /desk/firms/new`.
///
/// # Errors
/// `server.failed` where the template does not render.
pub async fn new(desk: Desk) -> Answer {
    let typed = FirmTyped { kind: FirmKind::LawFirm.code().to_owned(), ..FirmTyped::default() };
    desk.page(&form(&desk, None, &typed, None)?)
}

/// `POST /desk/firms`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn add(desk: Desk, body: Body) -> Answer {
    let typed: FirmTyped = typed(&body.form()?);
    match firm::add(&desk.site.app, desk.visitor(), &typed).await {
        Ok(made) => desk.go(format!("/desk/firms/{}", made.id)),
        Err(stop) => {
            let refusal = of_stop(stop);
            desk.again(&refusal, &form(&desk, None, &typed, Some(&refusal))?)
        }
    }
}

/// `GET /desk/firms/{id}/edit`.
///
/// # Errors
/// `not_found`.
pub async fn edit(desk: Desk, id: PathId<FirmNoun>) -> Answer {
    let there = firm::one(&desk.site.app, desk.visitor(), id.0).await?.counted.firm;
    let seen = (id.0, there.name.as_str(), there.version);
    desk.page(&form(&desk, Some(seen), &FirmTyped::of(&there), None)?)
}

/// `POST /desk/firms/{id}`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn change(desk: Desk, id: PathId<FirmNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, version): (FirmTyped, i64) = (typed(&fields), version(&fields));
    let there = firm::one(&desk.site.app, desk.visitor(), id.0).await?.counted.firm;
    match firm::change(&desk.site.app, desk.visitor(), id.0, version, &typed).await {
        Ok(_) => desk.go(format!("/desk/firms/{}", id.0)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let mut view = form(&desk, Some((id.0, &there.name, version)), &typed, Some(&refusal))?;
            if refusal.is_stale() {
                let seen = Some((id.0, there.name.as_str(), there.version));
                view.form.meanwhile(&desk.say(), &form(&desk, seen, &FirmTyped::of(&there), None)?.form);
            }
            desk.again(&refusal, &view)
        }
    }
}

fn form(
    desk: &Desk,
    seen: Option<(FirmId, &str, i64)>,
    typed: &FirmTyped,
    refusal: Option<&Refusal>,
) -> Result<FirmEdit, Refused> {
    let (action, back, version) = match seen {
        None => {
            let list = Link::new("/desk/firms", desk.say().t("desk-firm-list-title"));
            ("/desk/firms".to_owned(), list, String::new())
        }
        Some((id, name, version)) => {
            let href = format!("/desk/firms/{id}");
            (href.clone(), Link::new(href, name), version.to_string())
        }
    };
    Ok(FirmEdit::new(&desk.say(), &action, back, &version, typed, refusal))
}
