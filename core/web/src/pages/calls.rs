//! Calls that clerks make where no notice reaches.

use falin_app::notice::{self, ToCall};
use falin_domain::access::{Act, Noun};
use falin_domain::notice::CallOutcome;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{CallId, CallNoun};

use super::choices::{self, version};
use super::inbox::words;
use crate::body::{Body, Fields};
use crate::desk::Desk;
use crate::look::desk::call::{CallList, CallRow};
use crate::look::desk::sentences::counted;
use crate::look::desk::{Tab, key};
use crate::look::format;
use crate::look::parts::Button;
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// Most messages that one call tells.
const MOST_TOLD: usize = 100;

/// `GET /desk/calls?done=yes&cursor=`.
///
/// # Errors
/// `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let view = view(&desk, &query, None).await?;
    desk.page(&view)
}

async fn view(desk: &Desk, query: &Query, refusal: Option<&Refusal>) -> Result<CallList, Refused> {
    let done = query.filled("done") == Some("yes");
    let app = &desk.site.app;
    // What waits is listed by person; what is done, by call.
    let (rows, count, next) = match done {
        false => {
            let (page, all) = notice::callers(app, desk.visitor(), query.window()?).await?;
            let rows: Vec<CallRow> = page.items.iter().map(|one| row(desk, &one.calls)).collect();
            (rows, all as u64, page.next)
        }
        true => {
            let page = notice::calls(app, desk.visitor(), true, query.window()?).await?;
            let count = notice::call_count(app, desk.visitor(), true).await?;
            let rows = page.items.iter().map(|call| row(desk, std::slice::from_ref(call))).collect();
            (rows, count, page.next)
        }
    };
    let tab = |href, label, current| Tab { href, label, current };
    Ok(CallList {
        tabs: vec![
            tab("/desk/calls", "desk-call-open", !done),
            tab("/desk/calls?done=yes", "desk-call-done", done),
        ],
        count: counted(&desk.say(), "desk-call-count", count),
        errors: refusal.map(|refusal| desk.say().error_summary(refusal)),
        rows,
        pager: choices::pager(query, "/desk/calls", &["done"], next.as_ref()),
    })
}

/// One person's row: the first call names the person, all of them what is to be told.
fn row(desk: &Desk, calls: &[ToCall]) -> CallRow {
    let Some(it) = calls.first() else { return CallRow::default() };
    let say = desk.say();
    let day = desk.day(Instant::from_millis(it.call.created_ms).date());
    let place = it.division.as_ref().map(|place| format!("{} · {day}", format::place(&place.name)));
    let open = it.call.done_ms.is_none() && desk.visitor().may(Act::Write, Noun::Call);
    let looks = ["outline", "low", "low"];
    let act = |(outcome, look): (&CallOutcome, &'static str)| {
        Button::submit(look, say.t(&key("desk-call-outcome", outcome.code())))
            .named("outcome", outcome.code())
    };
    let mut reasons: Vec<String> =
        calls.iter().map(|one| say.t(&key("desk-call-reason", &one.call.reason))).collect();
    reasons.dedup();
    let told = calls.iter().map(|one| format!("{}:{}", one.call.id, one.call.version));
    CallRow {
        name: it.name.clone(),
        number: it.phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect(),
        spoken: format::phone(&it.phone),
        texts: calls.iter().map(|one| words(&say, &one.call.kind, &one.args).1).collect(),
        why: reasons.join(" · "),
        place: place.unwrap_or(day),
        outcome: it
            .call
            .outcome
            .as_ref()
            .map(|code| say.t(&key("desk-call-outcome", code)))
            .unwrap_or_default(),
        action: if open { format!("/desk/calls/{}", it.call.id) } else { String::new() },
        told: told.collect::<Vec<_>>().join(" "),
        acts: CallOutcome::ALL.iter().zip(looks).map(act).collect(),
    }
}

/// The calls that a row stood for, `id:version` each; the one of the address at least.
fn told(id: CallId, fields: &Fields) -> Vec<(CallId, i64)> {
    let one = |text: &str| {
        let (id, version) = text.split_once(':')?;
        Some((id.parse().ok()?, version.parse().ok()?))
    };
    let all: Vec<(CallId, i64)> =
        fields.get("told").unwrap_or_default().split(' ').filter_map(one).take(MOST_TOLD).collect();
    if all.iter().any(|(known, _)| *known == id) { all } else { vec![(id, version(fields))] }
}

/// `POST /desk/calls/{id}`: how the call ended, for all that was told in it.
///
/// # Errors
/// `not_found`; another refusal stands above the list.
pub async fn end(desk: Desk, id: PathId<CallNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let outcome = fields.filled("outcome").unwrap_or_default();
    match notice::end_calls(&desk.site.app, desk.visitor(), told(id.0, &fields), outcome).await {
        Ok(_) => desk.go("/desk/calls"),
        Err(stop) => {
            let refusal = of_stop(stop);
            if refusal.code() == "not_found" {
                return Err(refusal.into());
            }
            let view = view(&desk, &Query::default(), Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}
