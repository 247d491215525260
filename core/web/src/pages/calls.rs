//! Calls that clerks make where no notice reaches.

use falin_app::notice::{self, ToCall};
use falin_domain::access::{Act, Noun};
use falin_domain::notice::CallOutcome;
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::CallNoun;

use super::choices::{self, version};
use super::inbox::words;
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::call::{CallList, CallRow};
use crate::look::desk::sentences::counted;
use crate::look::desk::{Tab, key};
use crate::look::format;
use crate::look::parts::Button;
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

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
    let count = notice::call_count(app, desk.visitor(), done).await?;
    let page = notice::calls(app, desk.visitor(), done, query.window()?).await?;
    let tab = |href, label, current| Tab { href, label, current };
    Ok(CallList {
        tabs: vec![
            tab("/desk/calls", "desk-call-open", !done),
            tab("/desk/calls?done=yes", "desk-call-done", done),
        ],
        count: counted(&desk.say(), "desk-call-count", count),
        errors: refusal.map(|refusal| desk.say().error_summary(refusal)),
        rows: page.items.iter().map(|call| row(desk, call)).collect(),
        pager: choices::pager(query, "/desk/calls", &["done"], page.next.as_ref()),
    })
}

fn row(desk: &Desk, it: &ToCall) -> CallRow {
    let say = desk.say();
    let (_, text) = words(&say, &it.call.kind, &it.args);
    let day = format::day(desk.lang, Instant::from_millis(it.call.created_ms).date());
    let place = it.division.as_ref().map(|place| format!("{} · {day}", format::place(&place.name)));
    let open = it.call.done_ms.is_none() && desk.visitor().may(Act::Write, Noun::Call);
    let looks = ["primary", "outline", "low"];
    let act = |(outcome, look): (&CallOutcome, &'static str)| {
        Button::submit(look, say.t(&key("desk-call-outcome", outcome.code())))
            .named("outcome", outcome.code())
    };
    CallRow {
        name: it.name.clone(),
        number: it.phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect(),
        spoken: format::phone(&it.phone),
        text,
        why: say.t(&key("desk-call-reason", &it.call.reason)),
        place: place.unwrap_or(day),
        outcome: it
            .call
            .outcome
            .as_ref()
            .map(|code| say.t(&key("desk-call-outcome", code)))
            .unwrap_or_default(),
        action: if open { format!("/desk/calls/{}", it.call.id) } else { String::new() },
        version: it.call.version,
        acts: CallOutcome::ALL.iter().zip(looks).map(act).collect(),
    }
}

/// `POST /desk/calls/{id}`: how the call ended.
///
/// # Errors
/// `not_found`; another refusal stands above the list.
pub async fn end(desk: Desk, id: PathId<CallNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let outcome = fields.filled("outcome").unwrap_or_default();
    match notice::end_call(&desk.site.app, desk.visitor(), id.0, version(&fields), outcome).await {
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
