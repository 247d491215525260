//! Households for the staff: the list with its search, one household, what is sealed, and noting that it left.

mod belonging;
mod form;
mod mine;
mod words;

use falin_app::household::{self, Asked, Clear, Filter, Line, RevealReason, Revealed, View};
use falin_domain::access::{Act, Noun};
use falin_domain::directory::{Category, HouseholdKind};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{FirmNoun, HouseholdId, HouseholdNoun};

use crate::body::Body;
use crate::cursor;
use crate::desk::Desk;
use crate::look::desk::household::{
    Card, CategoryRow, HouseholdFilter, HouseholdList, HouseholdPage, HouseholdRow, Member, PairingRow,
    Reader, Responsible, reveal_form,
};
use crate::look::desk::{Link, key, sentences};
use crate::look::format;
use crate::look::parts::{Fact, FieldOption, Notice, Pager, State};
use crate::problem::{Answer, of_stop};
use crate::query::{PathId, Query};

pub use belonging::{
    add_category, add_member, category, change_category, change_member, member, new_category, new_member,
    remove_category, remove_member,
};
pub use form::{add, change, edit, new};
pub use mine::mine;
use words::{categories, day};
pub(super) use words::{moment, place, provider_link, span, title};

/// `GET /desk/households`.
///
/// # Errors
/// `access.denied`; a search with a long number is told on the page.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let text = |name| query.filled(name).unwrap_or_default().to_owned();
    let wish = HouseholdFilter {
        find: text("find"),
        kind: text("kind"),
        village: text("village"),
        paired: text("paired"),
        category: text("category"),
        // Parsed here, so that a wrong id is refused instead of showing every household.
        provider: query.id::<FirmNoun>("provider")?.map(|id| id.to_string()).unwrap_or_default(),
        cursor: text("cursor"),
    };
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let window = cursor::window(None, query.filled("cursor"))?;
    let villages = village_options(&desk, &wish.village).await?;
    let found = match household::list(app, visitor, asked(&wish), window).await {
        Err(stop) => return too_long(&desk, &wish, villages, of_stop(stop)),
        Ok(found) => found,
    };
    let count = household::count(app, visitor, asked(&wish)).await?;
    let say = desk.say();
    let count = count.map(|count| sentences::counted(&say, "desk-household-list-count", count));
    let more = found.next.as_ref().map(|mark| address(&wish, &cursor::encode(mark)));
    let view = HouseholdList {
        count: count.unwrap_or_default(),
        filters: wish.filters(&say, villages),
        rows: found.items.iter().map(|line| row(&desk, line)).collect(),
        pager: Pager { back: String::new(), more: more.unwrap_or_default() },
        may_write: visitor.may(Act::Write, Noun::Household),
        may_import: visitor.may(Act::Write, Noun::Roster),
    };
    desk.page(&view)
}

fn asked(wish: &HouseholdFilter) -> Asked {
    let filter = Filter {
        kind: HouseholdKind::from_code(&wish.kind),
        category: Category::from_code(&wish.category),
        paired: Some(wish.paired == "yes").filter(|_| !wish.paired.is_empty()),
        active: Some(true),
        firm: wish.provider.parse().ok(),
        ..Filter::default()
    };
    let filled = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    Asked { filter, place: filled(&wish.village), q: filled(&wish.find) }
}

/// A list without rows that says why: a whole number belongs into no address (trust.md).
fn too_long(desk: &Desk, wish: &HouseholdFilter, villages: Vec<FieldOption>, refusal: Refusal) -> Answer {
    if refusal.code() != "search.digits" {
        return Err(refusal.into());
    }
    let say = desk.say();
    let wish = HouseholdFilter { find: String::new(), ..wish.clone() };
    let mut filters = wish.filters(&say, villages);
    if let Some(field) = filters.fields.first_mut() {
        field.error = say.refusal_title(&refusal);
    }
    let (rows, pager) = (Vec::new(), Pager::default());
    let view =
        HouseholdList { count: String::new(), filters, rows, pager, may_write: false, may_import: false };
    desk.again(&refusal, &view)
}

fn address(wish: &HouseholdFilter, cursor: &str) -> String {
    let pairs = [
        ("find", &wish.find),
        ("kind", &wish.kind),
        ("village", &wish.village),
        ("paired", &wish.paired),
        ("category", &wish.category),
        ("provider", &wish.provider),
    ];
    let kept = pairs.iter().filter(|(_, value)| !value.is_empty());
    let kept: String = kept.map(|(name, value)| format!("{name}={}&", format::query_escape(value))).collect();
    format!("/desk/households?{kept}cursor={cursor}")
}

fn row(desk: &Desk, line: &Line) -> HouseholdRow {
    let it = &line.household;
    HouseholdRow {
        href: format!("/desk/households/{}", it.id),
        head: it.head_name.clone(),
        place: place(&line.place),
        kind: key("desk-household-kind", it.kind.code()),
        categories: categories(&desk.say(), line.categories.iter().copied()),
        phone: line.phone.clone(),
        provider: line.provider.as_ref().map(|provider| provider_link(&desk.say(), provider)),
    }
}

/// Villages in which the visitor sees households, as choices by code or id.
pub(super) async fn village_options(
    desk: &Desk,
    chosen: &str,
) -> Result<Vec<FieldOption>, crate::problem::Refused> {
    let villages = household::villages(&desk.site.app, desk.visitor()).await?;
    let option = |line: &Vec<falin_app::division::Division>| {
        let village = line.first()?;
        let value = village.code.clone().unwrap_or_else(|| village.id.to_string());
        Some(FieldOption::new(value, place(line), chosen))
    };
    Ok(villages.iter().filter_map(option).collect())
}

/// `GET /desk/households/{id}`; with `on`, who looked after it that day.
///
/// # Errors
/// `not_found`.
pub async fn show(desk: Desk, id: PathId<HouseholdNoun>, query: Query) -> Answer {
    let on: Option<Date> = query.parsed("on", "date.invalid").unwrap_or_default();
    let page = page(&desk, id.0, on, None).await?;
    desk.page(&page)
}

/// `POST /desk/households/{id}/reveal`: the same page with everything in clear, once.
///
/// # Errors
/// `not_found`, `access.denied`; without a reason the page asks again.
pub async fn reveal(desk: Desk, id: PathId<HouseholdNoun>, body: Body) -> Answer {
    let fields = body.form()?;
    let Some(reason) = fields.filled("reason").and_then(RevealReason::from_code) else {
        let refusal = Refusal::field("reason", "reason.missing");
        let mut page = page(&desk, id.0, None, None).await?;
        page.reveal = page.reveal.map(|form| form.refused(&desk.say(), &refusal));
        return desk.again(&refusal, &page);
    };
    let clear = household::reveal(&desk.site.app, desk.visitor(), id.0, reason).await?;
    let page = page(&desk, id.0, None, Some((clear, reason))).await?;
    desk.page(&page)
}

/// `POST /desk/households/{id}/leave?version=N`.
///
/// # Errors
/// `not_found`, `state.changed`, `action.not_allowed`.
pub async fn leave(desk: Desk, id: PathId<HouseholdNoun>, query: Query) -> Answer {
    let version = query.parsed("version", "reference")?.unwrap_or_default();
    household::leave(&desk.site.app, desk.visitor(), id.0, version).await?;
    desk.go(format!("/desk/households/{}", id.0))
}

async fn page(
    desk: &Desk,
    id: HouseholdId,
    on: Option<Date>,
    revealed: Option<(Revealed, RevealReason)>,
) -> Result<HouseholdPage, crate::problem::Refused> {
    let (app, visitor, say) = (&desk.site.app, desk.visitor(), desk.say());
    let view = household::one(app, visitor, id).await?;
    let readers = household::readers(app, visitor, id).await?;
    let answer = match on {
        Some(asked) => {
            let provider = household::on(app, visitor, id, asked).await?;
            let date = format::date(desk.lang, asked);
            match provider {
                Some(it) => say.with("desk-household-history-answer", &[("date", &date), ("name", &it.name)]),
                None => say.with("desk-household-history-nobody", &[("date", &date)]),
            }
        }
        None => String::new(),
    };
    let visits = falin_app::visit::of_household(app, visitor, id).await?;
    let it = &view.household;
    let href = format!("/desk/households/{id}");
    let may_write = visitor.may(Act::Write, Noun::Household);
    // Where members and categories are kept; a household that has left keeps them as they were.
    let parts = Some(href.as_str()).filter(|_| may_write && it.active);
    let may_reveal = visitor.may(Act::Read, Noun::Sealed) && revealed.is_none();
    Ok(HouseholdPage {
        head: it.head_name.clone(),
        place: place(&view.place),
        kind: key("desk-household-kind", it.kind.code()),
        left: !it.active,
        now: now(desk, &view),
        facts: facts(desk, &view, revealed.as_ref().map(|(clear, _)| &clear.household)),
        reveal: may_reveal.then(|| reveal_form(&href, &say)),
        revealed: revealed.as_ref().map(|(_, reason)| told(desk, *reason)),
        members: members(desk, &view, revealed.as_ref().map(|(clear, _)| clear), parts),
        categories: view.categories.iter().map(|one| dated(desk, one, parts)).collect(),
        add_member: parts.map(|href| format!("{href}/members/new")).unwrap_or_default(),
        add_category: parts.map(|href| format!("{href}/categories/new")).unwrap_or_default(),
        history: view
            .history
            .iter()
            .map(|(one, provider)| pairing(desk, &view, one, provider.as_ref()))
            .collect(),
        on: on.map(|day| day.to_string()).unwrap_or_default(),
        answer,
        card: card(desk, &view, &href),
        visits: visits.iter().map(|one| visited(desk, one)).collect(),
        visit: if visitor.may(Act::Write, Noun::ServiceLog) && it.active {
            format!("/desk/visits/new?household={id}")
        } else {
            String::new()
        },
        readers: readers.iter().map(|one| reader(desk, one)).collect(),
        restrict: match visitor.may(Act::Write, Noun::Restriction) {
            true => format!("{href}/restriction"),
            false => String::new(),
        },
        edit: if may_write { format!("{href}/edit") } else { String::new() },
        leave: if may_write && it.active {
            format!("{href}/leave?version={}", it.version)
        } else {
            String::new()
        },
        href,
    })
}

/// `11月12日 送法上门 蔡志生`.
fn visited(desk: &Desk, one: &falin_app::visit::Shown) -> Link {
    let it = &one.visit;
    let day = desk.day(it.done_on.unwrap_or(it.planned_on));
    let purpose = desk.say().t(&key("visit-purpose", it.purpose.code()));
    let name = one.worker.as_ref().map_or("", |worker| worker.name.as_str());
    Link::new(format!("/desk/visits/{}", it.id), format!("{day} {purpose} {name}"))
}

fn now(desk: &Desk, view: &View) -> Option<Responsible> {
    let provider = view.provider.as_ref()?;
    let (span, _) = view.history.iter().find(|(span, _)| span.to_date.is_none())?;
    let say = desk.say();
    Some(Responsible {
        provider: provider_link(&say, provider),
        phone: format::phone(&provider.phone),
        since: say.with("desk-span-open", &[("from", &day(desk.lang, span.from_date))]),
        why: why(span),
    })
}

fn why(span: &household::Pairing) -> String {
    key("desk-household-why", if span.plan_id.is_some() { "plan" } else { "person" })
}

/// Masked, or in clear right after they were revealed.
fn facts(desk: &Desk, view: &View, clear: Option<&Clear>) -> Vec<Fact> {
    let hidden = |there: bool| {
        let key = if there { "desk-household-hidden" } else { "desk-household-absent" };
        desk.say().t(key)
    };
    let document = |kept: &str| format::id_paper(desk.lang, kept);
    let shown = |value: Option<String>| value.unwrap_or_else(|| hidden(false));
    let (phones, number, address, note) = match clear {
        Some(clear) => {
            let phones: Vec<String> = clear.phones.iter().map(|phone| format::phone(phone)).collect();
            let number = shown(clear.id_number.as_deref().map(document));
            (phones, number, shown(clear.address.clone()), shown(clear.note.clone()))
        }
        None => {
            let number = shown(view.id_number.as_deref().map(document));
            (view.phones.clone(), number, hidden(view.has_address), hidden(view.has_note))
        }
    };
    let phones = shown(Some(desk.say().list(&phones)).filter(|text| !text.is_empty()));
    vec![
        Fact::new("desk-household-village", place(&view.place)),
        Fact::new("desk-household-address", address),
        Fact::new("desk-household-phone", phones),
        Fact::new("desk-household-id-number", number),
        Fact::new("desk-household-note", note),
    ]
}

fn told(desk: &Desk, reason: RevealReason) -> Notice {
    let say = desk.say();
    let reason = say.t(&key("desk-household-reveal-for", reason.code()));
    let time = moment(desk.lang, desk.site.app.now(), desk.site.app.today());
    let text = say.with("desk-household-revealed-by", &[("time", &time), ("reason", &reason)]);
    Notice::new("caution", say.t("desk-household-revealed"), text)
}

fn members(desk: &Desk, view: &View, clear: Option<&Revealed>, parts: Option<&str>) -> Vec<Member> {
    let today = desk.site.app.today();
    let number = |line: &household::MemberLine| {
        let clear = clear.and_then(|all| all.members.iter().find(|(id, _)| *id == line.member.id));
        clear.map_or(line.id_number.clone(), |(_, clear)| clear.id_number.clone())
    };
    let row = |line: &household::MemberLine| Member {
        href: parts.map(|href| format!("{href}/members/{}", line.member.id)).unwrap_or_default(),
        name: line.member.name.clone(),
        relation: key("desk-household-relation", line.member.relation.code()),
        number: number(line).map(|kept| format::id_paper(desk.lang, &kept)).unwrap_or_default(),
        since: span(&desk.say(), desk.lang, line.member.from_date, line.member.to_date),
        ended: !line.member.belongs(today),
    };
    view.members.iter().map(row).collect()
}

fn dated(desk: &Desk, one: &household::DatedCategory, parts: Option<&str>) -> CategoryRow {
    CategoryRow {
        href: parts.map(|href| format!("{href}/categories/{}", one.id)).unwrap_or_default(),
        category: key("desk-household-category", one.category.code()),
        span: span(&desk.say(), desk.lang, one.from_date, one.to_date),
        ended: !one.holds(desk.site.app.today()),
    }
}

fn pairing(
    desk: &Desk,
    view: &View,
    one: &household::Pairing,
    provider: Option<&household::Provider>,
) -> PairingRow {
    let say = desk.say();
    PairingRow {
        provider: provider.map_or(Link::new("", ""), |provider| provider_link(&say, provider)),
        span: span(&say, desk.lang, one.from_date, one.to_date),
        why: why(one),
        reason: view.reasons.get(&one.id).cloned().unwrap_or_default(),
    }
}

fn card(desk: &Desk, view: &View, href: &str) -> Card {
    let say = desk.say();
    let may_write = desk.visitor().may(Act::Write, Noun::Card) && view.household.active;
    let written = |path: &str| if may_write { format!("{href}{path}") } else { String::new() };
    let Some(facts) = view.card else {
        let state = State { fill: "empty", word: say.t("desk-household-card-unmade") };
        let (print, revoke) = (String::new(), String::new());
        return Card { state, facts: Vec::new(), print, renew: written("/card"), first: true, revoke };
    };
    let made = day(desk.lang, facts.made.date());
    let printed = match facts.printed {
        Some(at) => say.with("desk-household-card-printed", &[("date", &day(desk.lang, at.date()))]),
        None => say.t("desk-household-card-unprinted"),
    };
    Card {
        state: State { fill: "done", word: say.t("desk-household-card-live") },
        facts: vec![say.with("desk-household-card-since", &[("date", &made)]), printed],
        print: if desk.visitor().may(Act::Read, Noun::Card) { format!("{href}/card") } else { String::new() },
        renew: written("/card"),
        first: false,
        revoke: written("/card/revoke"),
    }
}

fn reader(desk: &Desk, one: &household::Reader) -> Reader {
    let say = desk.say();
    let why = one.reason.map(|reason| say.t(&key("desk-household-reveal-for", reason.code())));
    let name = if one.name.is_empty() { say.t("desk-journal-system") } else { one.name.clone() };
    Reader { name, when: moment(desk.lang, one.at, desk.site.app.today()), why: why.unwrap_or_default() }
}
