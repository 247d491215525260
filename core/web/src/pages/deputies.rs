//! `/desk/deputies`: who stands in for whom (AB岗).

use falin_app::deputy::{self, New, Shown};
use falin_domain::access::{Act, Noun};
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::Date;
use falin_domain::words::{DeputyNoun, WorkerId};

use super::choices::{self, term, typed, version};
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::Form;
use crate::look::desk::deputy::{DeputyList, DeputyRow, DeputyTyped, deputy_form};
use crate::look::desk::worker::tabs;
use crate::look::parts::{Button, State};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// `GET /desk/deputies`.
///
/// # Errors
/// The store's own.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let view = page(&desk, &typed(&query.0), None).await?;
    desk.page(&view)
}

async fn page(desk: &Desk, typed: &DeputyTyped, refusal: Option<&Refusal>) -> Result<DeputyList, Refused> {
    let say = desk.say();
    let write = desk.visitor().may(Act::Write, Noun::Deputy);
    let all = deputy::list(&desk.site.app, desk.visitor(), None).await?;
    let form = match write {
        true => {
            let people =
                (choices::workers(desk, &typed.worker).await?, choices::deputies(desk, &typed.deputy).await?);
            Some(deputy_form(&say, typed, people, refusal))
        }
        false => None,
    };
    Ok(DeputyList {
        tabs: tabs("/desk/deputies"),
        rows: all.iter().map(|one| row(desk, one, write)).collect(),
        form,
    })
}

fn row(desk: &Desk, one: &Shown, write: bool) -> DeputyRow {
    let say = desk.say();
    let it = &one.deputy;
    let state = match one.on {
        true => State { fill: "half", word: say.t("desk-deputy-on") },
        false => State { fill: "empty", word: say.t("desk-deputy-coming") },
    };
    DeputyRow {
        worker: one.worker.clone(),
        href: format!("/desk/workers/{}", it.worker_id),
        deputy: one.stands_in.clone(),
        span: term(&say, it.from_date, Some(it.to_date)),
        state,
        end: write.then(|| {
            Form::post(format!("/desk/deputies/{}/end", it.id))
                .keep("version", it.version.to_string())
                .button(Button::submit("low", say.t("desk-deputy-end")))
        }),
    }
}

/// `POST /desk/deputies`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn add(desk: Desk, body: Body) -> Answer {
    let typed: DeputyTyped = typed(&body.form()?);
    let done = match read(&typed) {
        Ok(new) => deputy::add(&desk.site.app, desk.visitor(), new).await.map_err(of_stop),
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(_) => desk.go("/desk/deputies"),
        Err(refusal) => {
            let view = page(&desk, &typed, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

fn read(typed: &DeputyTyped) -> Result<New, Refusal> {
    let mut faults = Vec::new();
    let mut worker = |name: &str, text: &str| -> Option<WorkerId> {
        let id = text.parse().ok();
        if id.is_none() {
            faults.push(FieldError::new(name, "required-choice"));
        }
        id
    };
    let (absent, deputy) = (worker("worker", &typed.worker), worker("deputy", &typed.deputy));
    let mut day = |name: &str, text: &str| -> Option<Date> {
        let date = text.parse().ok();
        if date.is_none() {
            faults.push(FieldError::new(name, if text.is_empty() { "required" } else { "date.invalid" }));
        }
        date
    };
    match (absent, deputy, day("from", &typed.from), day("to", &typed.to)) {
        (Some(worker), Some(deputy), Some(from), Some(to)) => Ok(New { worker, deputy, from, to }),
        _ => Err(Refusal::form(faults)),
    }
}

/// `POST /desk/deputies/{id}/end`.
///
/// # Errors
/// `not_found`, `state.changed`, `action.not_allowed`.
pub async fn end(desk: Desk, id: PathId<DeputyNoun>, body: Body) -> Answer {
    deputy::end(&desk.site.app, desk.visitor(), id.0, version(&body.form()?)).await?;
    desk.go("/desk/deputies")
}
