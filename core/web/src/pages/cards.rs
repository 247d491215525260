//! Contact cards for the staff: which wait to be printed again, and the sheets to print.

use actix_web::HttpRequest;
use falin_app::card::{self, Order, Printed, Sheets, Waiting};
use falin_app::division::Division;
use falin_domain::page::Window;
use falin_domain::refusal::Refusal;
use falin_domain::words::{HouseholdNoun, PersonName};

use super::bookings::origin;
use super::choices;
use super::households::{place, provider_link, title};
use crate::body::{Body, Fields};
use crate::cursor;
use crate::desk::Desk;
use crate::look::desk::card::{CardList, CardRow};
use crate::look::desk::{Link, sentences};
use crate::look::format;
use crate::look::parts::{Choice, FieldOption, Hidden};
use crate::look::print::cards::{CardSheets, HouseholdCard, PrintCard};
use crate::look::print::qr::Qr;
use crate::problem::{Answer, Refused};
use crate::query::{PathId, Query};

/// Cards on an A4 sheet.
const SHEET: usize = 8;

/// `GET /desk/cards`.
///
/// # Errors
/// `access.denied`; `division.unknown`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let (app, visitor, say) = (&desk.site.app, desk.visitor(), desk.say());
    let chosen = query.filled("village").unwrap_or_default();
    let village = match chosen {
        "" => None,
        text => Some(card::village(app, visitor, text).await?),
    };
    let page = card::to_reprint(app, visitor, village, query.window()?).await?;
    let villages = card::villages(app, visitor).await?;
    let here = |line: &[Division]| village.is_none_or(|village| line.iter().any(|one| one.id == village));
    let count: usize = villages.iter().filter(|(line, _)| here(line)).map(|(_, count)| count).sum();
    let option = |(line, _): &(Vec<Division>, usize)| FieldOption::new(code(line), place(line), chosen);
    let choice = |(line, count): &(Vec<Division>, usize)| {
        let (count, sheets) = (count.to_string(), count.div_ceil(SHEET).to_string());
        let note = say.with("desk-card-village-note", &[("count", &count), ("sheets", &sheets)]);
        Choice::noted(print_address(&code(line)), place(line), note)
    };
    let rows: Vec<CardRow> = page.items.iter().map(|one| row(&desk, one)).collect();
    let view = CardList {
        count: sentences::counted(&say, "desk-card-list-count", count as u64),
        filters: CardList::filters(&say, chosen, villages.iter().map(option).collect()),
        villages: villages.iter().map(choice).collect(),
        print: if rows.is_empty() { String::new() } else { print_address(chosen) },
        rows,
        pager: choices::pager(&query, "/desk/cards", &["village"], page.next.as_ref()),
    };
    desk.page(&view)
}

fn print_address(village: &str) -> String {
    match village {
        "" => "/desk/cards/print".to_owned(),
        code => format!("/desk/cards/print?village={}", format::query_escape(code)),
    }
}

fn code(line: &[Division]) -> String {
    line.first().map(choices::reference).unwrap_or_default()
}

fn row(desk: &Desk, one: &Waiting) -> CardRow {
    let say = desk.say();
    let provider = one.provider.as_ref().map(|provider| provider_link(&say, provider).name);
    CardRow {
        household: Link::new(format!("/desk/households/{}", one.household), &one.head_name),
        village: place(&one.place),
        provider: provider.unwrap_or_default(),
        why: say.t("desk-card-why-moved"),
    }
}

/// `GET /desk/cards/print?village=`: the cards that wait there, or with `all=yes` every household's of the village, as
/// many as one order prints.
///
/// # Errors
/// `access.denied`; `division.unknown`; `page.cursor`.
pub async fn print(req: HttpRequest, desk: Desk, query: Query) -> Answer {
    let order = order(&desk, &query.0).await?;
    let Sheets { cards, missing, next } = card::sheets(&desk.site.app, desk.visitor(), order).await?;
    let origin = origin(&desk.site, &req);
    let all = cards.len() + missing;
    let cards: Vec<PrintCard> = cards.iter().filter_map(|card| print_card(card, &origin)).collect();
    let mut view = CardSheets::new(&cards);
    if all > 0 {
        let (say, missing_words) = (desk.say(), missing.to_string());
        view.note = match missing {
            0 => say.t("print-cards-noted-what"),
            _ => say.with("print-cards-missing", &[("count", &missing_words)]),
        };
        view.act = say.t(if missing == 0 { "print-cards-noted" } else { "print-cards-make" });
        view.keep = kept(&query);
    }
    view.more = choices::pager(&query, "/desk/cards/print", &["village", "all"], next.as_ref()).more;
    desk.page(&view)
}

/// `POST /desk/cards/print`: makes the cards that are missing and notes all as printed.
///
/// # Errors
/// As [`print`].
pub async fn printed(desk: Desk, body: Body) -> Answer {
    let fields = body.form()?;
    let order = order(&desk, &fields).await?;
    let of_village = matches!(order, Order::Village(..));
    card::print(&desk.site.app, desk.visitor(), order).await?;
    if !of_village {
        return desk.go("/desk/cards");
    }
    let pairs = KEPT.iter().filter_map(|name| Some((name, fields.filled(name)?)));
    let pairs: Vec<String> =
        pairs.map(|(name, value)| format!("{name}={}", format::query_escape(value))).collect();
    desk.go(format!("/desk/cards/print?{}", pairs.join("&")))
}

/// What says which cards are printed, from the page on through its form.
const KEPT: [&str; 3] = ["village", "all", "cursor"];

fn kept(query: &Query) -> Vec<Hidden> {
    let pairs = KEPT.into_iter().filter_map(|name| Some((name, query.filled(name)?)));
    pairs.map(|(name, value)| Hidden::new(name, value)).collect()
}

async fn order(desk: &Desk, asked: &Fields) -> Result<Order, Refused> {
    let village = match asked.filled("village") {
        Some(text) => Some(card::village(&desk.site.app, desk.visitor(), text).await?),
        None => None,
    };
    let window = Window { limit: card::MOST, ..cursor::window(None, asked.filled("cursor"))? };
    Ok(match (village, asked.filled("all")) {
        (Some(village), Some("yes")) => Order::Village(village, window),
        (village, _) => Order::Reprint(village, window),
    })
}

/// `GET /desk/households/{id}/card`: one card, large; the household's page where it has none.
///
/// # Errors
/// `not_found`; `action.not_allowed` while nobody looks after the household.
pub async fn one(req: HttpRequest, desk: Desk, id: PathId<HouseholdNoun>) -> Answer {
    let sheets = card::sheets(&desk.site.app, desk.visitor(), Order::One(id.0)).await?;
    let Some(card) = sheets.cards.first() else { return desk.go(format!("/desk/households/{}", id.0)) };
    let card =
        print_card(card, &origin(&desk.site, &req)).ok_or_else(|| Refusal::new("action.not_allowed"))?;
    desk.page(&HouseholdCard { card, printed: format!("/desk/households/{}/card/printed", id.0) })
}

/// `POST /desk/households/{id}/card/printed`: notes that the card was printed with whom it names now.
///
/// # Errors
/// `not_found`, `access.denied`.
pub async fn one_printed(desk: Desk, id: PathId<HouseholdNoun>) -> Answer {
    card::print(&desk.site.app, desk.visitor(), Order::One(id.0)).await?;
    desk.go(format!("/desk/households/{}", id.0))
}

/// `POST /desk/households/{id}/card`: a new card in place of the old one.
///
/// # Errors
/// `not_found`, `access.denied`.
pub async fn renew(desk: Desk, id: PathId<HouseholdNoun>) -> Answer {
    card::renew(&desk.site.app, desk.visitor(), id.0, None).await?;
    desk.go(format!("/desk/households/{}/card", id.0))
}

/// `POST /desk/households/{id}/card/revoke`.
///
/// # Errors
/// `not_found`, `access.denied`.
pub async fn revoke(desk: Desk, id: PathId<HouseholdNoun>) -> Answer {
    card::revoke(&desk.site.app, desk.visitor(), id.0, None).await?;
    desk.go(format!("/desk/households/{}", id.0))
}

/// The card on paper; None while nobody looks after the household.
fn print_card(card: &Printed, origin: &str) -> Option<PrintCard> {
    let provider = card.provider.as_ref()?;
    let head = PersonName::parse(&card.head_name).map(|name| name.masked()).unwrap_or_default();
    let phone = provider.phone.split('、').next().unwrap_or_default();
    Some(PrintCard {
        name: provider.name.clone(),
        title: title(provider),
        firm: provider.firm.clone(),
        phone: format::phone(phone),
        holder: format!("{} {head}", format::place(&card.village)),
        qr: Qr::of(&format!("{origin}/c/{}", card.secret)),
    })
}
