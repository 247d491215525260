//! The villages' scorecard at the desk: the list, the workbook, a village's sheet, and the county's lines.

use actix_web::HttpResponse;
use falin_app::docx::WORKBOOK_MEDIA;
use falin_app::settings::{self, TypedLines};
use falin_app::statistics::Cell;
use falin_app::statistics::scorecard::{self, Card, Cards, line_name};
use falin_domain::access::{Act, Noun};
use falin_domain::spoken::whole_day;
use falin_domain::statistics::Unit;
use falin_domain::statistics::scorecard::{MARKS, Mark};
use falin_domain::time::Date;
use falin_domain::words::DivisionNoun;

use super::choices;
use super::statistics::{presses, span};
use crate::api::statistics::asked;
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::scorecard::{CardCell, VillageCards, VillageLines, VillageRow};
use crate::look::desk::{Filters, Link};
use crate::look::parts::{Field, FieldOption, State};
use crate::look::print::scorecard::{SheetLine, SheetNumber, VillageSheet};
use crate::look::{Lang, format};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

const HERE: &str = "/desk/statistics/villages";

/// Columns of the list: a number, and the numbers that stand beneath it.
const COLUMNS: [(&str, &[&str]); 5] = [
    ("raised", &["settled", "failed"]),
    ("consultations", &[]),
    ("lectures", &["audience"]),
    ("visits", &["on_site"]),
    ("paired", &["households"]),
];

/// `GET /desk/statistics/villages`.
///
/// # Errors
/// `division.unknown`, `form.invalid`, `page.cursor`.
pub async fn list(desk: Desk, query: Query) -> Answer {
    let window = (only_sites(&query), query.window()?);
    let cards = scorecard::list(&desk.site.app, desk.visitor(), asked(&query)?, window).await?;
    let view = view(&desk, &query, &cards).await?;
    desk.page(&view)
}

/// Whether only the declared sites are wanted.
pub(crate) fn only_sites(query: &Query) -> bool {
    query.filled("sites") == Some("yes")
}

async fn view(desk: &Desk, query: &Query, cards: &Cards) -> Result<VillageCards, Refused> {
    let place = query.filled("place").unwrap_or_default();
    let (from, to) = (cards.span.from.to_string(), cards.span.to.to_string());
    let mut townships = choices::townships(desk, place).await?;
    townships.insert(0, FieldOption::new("", desk.say().t("desk-any"), place));
    let sites = if only_sites(query) { "yes" } else { "" };
    let which = [("", "desk-any"), ("yes", "village-sites-only")];
    let which = which.map(|(code, key)| FieldOption::new(code, desk.say().t(key), sites)).to_vec();
    let date =
        |name: &'static str, label: &'static str, value: &str| Field::input("date", name, label).value(value);
    let mut filters = Filters::new(
        HERE,
        vec![
            Field::select("place", "village-township", townships),
            Field::select("sites", "village-sites", which),
            date("from", "stats-from", &from),
            date("to", "stats-to", &to),
        ],
    );
    filters.active = false;
    let address = |rest: &str, from: &str, to: &str| {
        format!("{HERE}{rest}?place={}&sites={sites}&from={from}&to={to}", format::query_escape(place))
    };
    let export = desk.visitor().may(Act::Export, Noun::Statistics);
    Ok(VillageCards {
        back: Link::new("/desk/statistics", desk.say().t("stats-title")),
        span: span(desk, cards.span),
        presses: presses(desk, cards.span, |from, to| address("", from, to)),
        filters,
        heads: heads(desk, cards),
        basis: cards.lines.basis.clone(),
        sites: if cards.lines.sites.is_empty() { String::new() } else { cards.sites.to_string() },
        drawn: !cards.lines.drawn().is_empty(),
        rows: cards.page.items.iter().map(|card| row(desk, card, (&from, &to))).collect(),
        pager: choices::pager(query, HERE, &["place", "sites", "from", "to"], cards.page.next.as_ref()),
        export: if export { address(".xlsx", &from, &to) } else { String::new() },
        lines: if desk.visitor().may(Act::Write, Noun::Setting) {
            format!("{HERE}/lines")
        } else {
            String::new()
        },
        kept_back: cards.page.items.iter().any(|card| card.kept_back),
    })
}

fn mark_of(code: &str) -> Option<(usize, &'static Mark)> {
    MARKS.iter().enumerate().find(|(_, mark)| mark.code == code)
}

fn name(desk: &Desk, mark: &Mark) -> &'static str {
    if desk.lang == Lang::En { mark.en } else { mark.zh }
}

fn heads(desk: &Desk, cards: &Cards) -> Vec<String> {
    let marks = COLUMNS.iter().filter_map(|(code, _)| mark_of(code));
    let head = |(_, mark): (usize, &'static Mark)| match mark.code {
        "paired" => desk.say().t("village-paired"),
        _ => name(desk, mark).to_owned(),
    };
    let own = cards.page.items.first().map(|card| card.own.as_slice()).unwrap_or_default();
    let own = own.iter().map(|mark| mark.line.statistic.name.in_language(desk.lang.code()).to_owned());
    marks.map(head).chain(own).collect()
}

fn number(value: Cell) -> String {
    value.map_or_else(|| "–".to_owned(), |n| format::group(&n.to_string()))
}

fn row(desk: &Desk, card: &Card, (from, to): (&str, &str)) -> VillageRow {
    let value = |code: &str| mark_of(code).and_then(|(at, _)| card.values.get(at).copied().flatten());
    let note = |codes: &[&str]| {
        let words = codes.iter().filter_map(|code| {
            let (_, mark) = mark_of(code)?;
            let key = format!("village-note-{}", mark.code.replace('_', "-"));
            Some(desk.say().with(&key, &[("n", &number(value(code)))]))
        });
        words.collect::<Vec<_>>().join(" · ")
    };
    let cells =
        COLUMNS.iter().map(|(code, beneath)| CardCell { value: number(value(code)), note: note(beneath) });
    let own = card
        .own
        .iter()
        .map(|mark| CardCell { value: mark.line.written.text(mark.value), note: String::new() });
    VillageRow {
        href: format!("{HERE}/{}?from={from}&to={to}", card.village.id),
        name: format::place(&card.village.name).to_owned(),
        township: card.township.as_ref().map(|one| one.name.clone()).unwrap_or_default(),
        site: card.site.map(|day| since(desk, day)).unwrap_or_default(),
        cells: cells.chain(own).collect(),
        state: state(desk, card),
    }
}

/// Since when a village is a site, in words.
fn since(desk: &Desk, day: Date) -> String {
    desk.say().with("village-site-since", &[("day", &whole_day(day, desk.lang == Lang::En))])
}

/// How many of the lines a village keeps to.
fn state(desk: &Desk, card: &Card) -> Option<State> {
    let all = card.lines.len();
    if all == 0 {
        return None;
    }
    let reached = card.lines.iter().filter(|(_, _, held)| *held == Some(true)).count();
    let word = match reached == all {
        true => desk.say().t("village-reached-all"),
        false => {
            let numbers = [("n", reached.to_string()), ("all", all.to_string())];
            let numbers: Vec<(&str, &str)> = numbers.iter().map(|(key, n)| (*key, n.as_str())).collect();
            desk.say().with("village-reached-some", &numbers)
        }
    };
    let fill = match reached {
        n if n == all => "done",
        0 => "empty",
        _ => "half",
    };
    Some(State { fill, word })
}

/// `GET /desk/statistics/villages.xlsx`: the same villages as a workbook, all of them.
///
/// # Errors
/// As [`list`].
pub async fn export(desk: Desk, query: Query) -> Answer {
    let english = desk.lang == Lang::En;
    let (span, bytes) =
        scorecard::workbook(&desk.site.app, desk.visitor(), (asked(&query)?, only_sites(&query)), english)
            .await?;
    let file = format!("attachment; filename=\"villages-{}-{}.xlsx\"", span.from, span.to);
    Ok(HttpResponse::Ok()
        .content_type(WORKBOOK_MEDIA)
        .insert_header(("content-disposition", file))
        .insert_header(("cache-control", "no-store"))
        .body(bytes))
}

/// `GET /desk/statistics/villages/{id}`: one village on paper.
///
/// # Errors
/// `not_found`, `form.invalid`.
pub async fn sheet(desk: Desk, id: PathId<DivisionNoun>, query: Query) -> Answer {
    let (period, lines, card) =
        scorecard::sheet(&desk.site.app, desk.visitor(), id.0, asked(&query)?).await?;
    let english = desk.lang == Lang::En;
    let place = [card.township.as_ref(), Some(&card.village)].into_iter().flatten();
    let lang = desk.lang.code();
    let marks = MARKS.iter().zip(&card.values).map(|(mark, value)| SheetNumber {
        item: name(&desk, mark).to_owned(),
        number: match (mark.unit, value) {
            (Unit::Place, Some(n)) => desk.say().t(if *n > 0 { "yes" } else { "no" }),
            _ => number(*value),
        },
        unit: if mark.unit == Unit::Place {
            String::new()
        } else {
            desk.say().t(&format!("stats-unit-{}", mark.unit.code()))
        },
        part: matches!(mark.code, "settled" | "failed" | "paired"),
    });
    let own = card.own.iter().map(|mark| SheetNumber {
        item: mark.line.statistic.name.in_language(lang).to_owned(),
        number: mark.line.written.text(mark.value),
        unit: mark.line.statistic.unit.in_language(lang).to_owned(),
        part: false,
    });
    let held = |held: Option<bool>| match held {
        Some(true) => desk.say().t("village-held"),
        Some(false) => desk.say().t("village-not-held"),
        None => "–".to_owned(),
    };
    desk.page(&VillageSheet {
        place: place.map(|one| format::place(&one.name)).collect::<Vec<_>>().join(" "),
        span: span(&desk, period),
        site: card.site.map(|day| since(&desk, day)).unwrap_or_default(),
        counts: marks.chain(own).collect(),
        lines: card
            .lines
            .iter()
            .map(|(line, at, reached)| SheetLine {
                item: line_name(*line, english).to_owned(),
                at: at.to_string(),
                held: held(*reached),
            })
            .collect(),
        basis: lines.basis,
        kept_back: card.kept_back,
        day: format::date(desk.lang, desk.site.app.today()),
    })
}

/// `GET /desk/statistics/villages/lines`.
///
/// # Errors
/// The store's own.
pub async fn lines(desk: Desk) -> Answer {
    let (county, set) = settings::get(&desk.site.app, desk.visitor()).await?;
    let version = county.version.to_string();
    desk.page(&VillageLines::new(&desk.say(), &version, &TypedLines::of(&set.scorecard), None))
}

/// `POST /desk/statistics/villages/lines`.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn draw(desk: Desk, body: Body) -> Answer {
    let fields = body.form()?;
    let (typed, version): (TypedLines, i64) = (choices::typed(&fields), choices::version(&fields));
    match settings::save_lines(&desk.site.app, desk.visitor(), version, &typed).await {
        Ok(_) => desk.go(HERE),
        Err(stop) => {
            let refusal = of_stop(stop);
            let mut view = VillageLines::new(&desk.say(), &version.to_string(), &typed, Some(&refusal));
            if refusal.is_stale() {
                let (county, set) = settings::get(&desk.site.app, desk.visitor()).await?;
                let now = VillageLines::new(
                    &desk.say(),
                    &county.version.to_string(),
                    &TypedLines::of(&set.scorecard),
                    None,
                );
                view.form.meanwhile(&desk.say(), &now.form);
            }
            desk.again(&refusal, &view)
        }
    }
}
