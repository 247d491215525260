//! `/desk/my-households`: those that this lawyer looks after, for a phone.

use std::collections::BTreeMap;

use falin_app::consent;
use falin_app::household::{self, Asked, Filter, Line};
use falin_domain::access::{Act, Noun};
use falin_domain::page::{MOST, Window};
use falin_domain::refusal::Refusal;

use super::super::choices;
use super::{categories, place};
use crate::cursor;
use crate::desk::Desk;
use crate::look::desk::household::{MyHousehold, MyHouseholds};
use crate::look::format;
use crate::look::parts::FieldOption;
use crate::problem::{Answer, of_stop};
use crate::query::Query;

/// Days during which a household counts as newly come.
const FRESH_DAYS: i64 = 30;

/// `GET /desk/my-households`.
///
/// # Errors
/// `access.denied` for whoever is no legal worker; `search.digits`.
pub async fn mine(desk: Desk, query: Query) -> Answer {
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let worker = visitor.worker.ok_or_else(|| Refusal::new("access.denied"))?;
    let filter = || Filter { worker: Some(worker), active: Some(true), ..Filter::default() };
    let text = |name| query.filled(name).map(str::to_owned);
    let asked = Asked { filter: filter(), place: text("village"), q: text("find") };
    let window = cursor::window(None, query.filled("cursor"))?;
    let found = household::list(app, visitor, asked, window).await.map_err(of_stop)?;
    let whole = Window { limit: MOST, after: None };
    let all = household::list(app, visitor, Asked { filter: filter(), ..Asked::default() }, whole).await?;
    let count = household::count(app, visitor, Asked { filter: filter(), ..Asked::default() }).await?;
    let chosen = query.filled("village").unwrap_or_default();
    let asked = visitor.may(Act::Write, Noun::Pairing) && consent::count(app, visitor).await? > 0;
    let villages = villages(&all.items, chosen);
    let say = desk.say();
    let count = format::group(&count.unwrap_or_default().to_string());
    let words = [("count", count.as_str()), ("villages", &villages.len().to_string())];
    let view = MyHouseholds {
        count: say.with("desk-household-mine-count", &words),
        filters: MyHouseholds::filters(&say, query.filled("find").unwrap_or_default(), chosen, villages),
        rows: found.items.iter().map(|line| row(&desk, line)).collect(),
        pager: choices::pager(&query, "/desk/my-households", &["find", "village"], found.next.as_ref()),
        cards: cards(&all.items, chosen),
        asked,
    };
    desk.page(&view)
}

/// Villages of these households by code.
fn villages(lines: &[Line], chosen: &str) -> Vec<FieldOption> {
    let mut named = BTreeMap::new();
    for line in lines {
        if let Some(village) = line.place.first() {
            let value = village.code.clone().unwrap_or_else(|| village.id.to_string());
            named.insert(value, place(&line.place));
        }
    }
    named.into_iter().map(|(value, name)| FieldOption::new(value, name, chosen)).collect()
}

fn row(desk: &Desk, line: &Line) -> MyHousehold {
    let say = desk.say();
    let mut note = place(&line.place);
    let held = categories(&say, line.categories.iter().copied());
    if !held.is_empty() {
        note = format!("{note} · {held}");
    }
    let since = desk.site.app.today().plus_days(-FRESH_DAYS);
    MyHousehold {
        href: format!("/desk/households/{}", line.household.id),
        head: line.household.head_name.clone(),
        note,
        phone: line.phone.clone(),
        fresh: line.since.is_some_and(|day| day > since),
    }
}

/// A chosen village's cards are printed at once; otherwise the list of those that wait.
fn cards(all: &[Line], chosen: &str) -> String {
    match (all.is_empty(), chosen) {
        (true, _) => String::new(),
        (false, "") => "/desk/cards".to_owned(),
        (false, village) => format!("/desk/cards/print?all=yes&village={}", format::query_escape(village)),
    }
}
