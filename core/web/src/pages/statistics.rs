//! Figures at the desk: the table of a place, its chart, the workbook, and tables kept as they were reported.

use actix_web::HttpResponse;
use falin_app::casework::noun_of;
use falin_app::docx::WORKBOOK_MEDIA;
use falin_app::statistics::{self, Asked, Cell, Line, Table};
use falin_domain::access::{Act, Noun};
use falin_domain::statistics::{Figure, Source, Span, Unit, figure_of};
use falin_domain::time::{Date, Instant};
use falin_domain::words::ReportNoun;
use falin_domain::workflow::core_flow;

use super::choices;
use super::plugin_figures::own_rows;
use crate::api::statistics::asked;
use crate::body::Body;
use crate::desk::Desk;
use crate::flow_path::desk_base;
use crate::look::desk::statistics::{
    Bar, Chart, FigureRow, Figures, Press, ReportRow, Reported, ReportedRow, Reports, report_form,
};
use crate::look::desk::{Filters, Link};
use crate::look::parts::Field;
use crate::look::{Lang, format};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query};

/// Height of a bar with its gap.
pub(super) const BAR: u32 = 28;

/// `GET /desk/statistics`.
///
/// # Errors
/// `division.unknown`, `form.invalid`.
pub async fn show(desk: Desk, query: Query) -> Answer {
    let ask = asked(&query)?;
    let table = statistics::table(&desk.site.app, desk.visitor(), ask).await?;
    let view = view(&desk, &table, query.filled("figure").unwrap_or_default());
    desk.page(&view)
}

fn view(desk: &Desk, table: &Table, charted: &str) -> Figures {
    let say = desk.say();
    let (from, to) = (table.span.from.to_string(), table.span.to.to_string());
    let here = table.place.as_ref().map(choices::reference).unwrap_or_default();
    let address =
        |place: &str, rest: &str| format!("/desk/statistics{rest}?place={place}&from={from}&to={to}");
    let filters = vec![
        Field::input("date", "from", "stats-from").value(from.clone()),
        Field::input("date", "to", "stats-to").value(to.clone()),
    ];
    let mut filters = Filters::new("/desk/statistics", filters);
    filters.active = false;
    let parts = table.parts.iter().map(|part| {
        let leaf = part.level == falin_domain::directory::DivisionLevel::Village;
        Link::new(
            if leaf { String::new() } else { address(&choices::reference(part), "") },
            format::place(&part.name),
        )
    });
    let kept = [("place", here.clone()), ("from", from.clone()), ("to", to.clone())];
    let may_report = desk.visitor().may(Act::Write, Noun::Statistics);
    let counts = |line: &&Line| line.figure.unit != Unit::Percent;
    let may_export = desk.visitor().may(Act::Export, Noun::Statistics);
    Figures {
        place: table.place.as_ref().map_or_else(|| desk.me.county.name.clone(), |place| place.name.clone()),
        span: span(desk, table.span),
        up: table.place.as_ref().map(|_| Link::new(address("", ""), desk.me.county.name.clone())),
        presses: presses(desk, table.span, |from, to| {
            format!("/desk/statistics?place={here}&from={from}&to={to}")
        }),
        villages: "/desk/statistics/villages".to_owned(),
        filters,
        parts: parts.chain(rest_head(desk, table)).collect(),
        rows: table
            .lines
            .iter()
            .map(|line| row(desk, table, line, (&here, charted), &address(&here, "")))
            .collect(),
        chart: table
            .lines
            .iter()
            .find(|line| line.figure.code == charted)
            .map(|line| chart(desk, table, line)),
        export: if may_export { address(&here, ".xlsx") } else { String::new() },
        reports: "/desk/statistics/reports".to_owned(),
        report: may_report.then(|| report_form(&say, &kept, "", None)),
        kept_back: table.lines.iter().filter(counts).any(|line| line.parts.iter().any(Option::is_none))
            || table.own.iter().flat_map(|own| &own.lines).any(|line| line.kept_back),
        own: table.own.iter().map(|own| own_rows(desk, table, own, None)).collect(),
        back: None,
        name: String::new(),
    }
}

/// The head of what stands in none of the parts, where something does.
pub(super) fn rest_head(desk: &Desk, table: &Table) -> Option<Link> {
    table.has_rest().then(|| Link::new("", desk.say().t("stats-rest")))
}

/// The periods that are asked for most, one press each: this month, the last one, this year.
pub(super) fn presses(desk: &Desk, now: Span, address: impl Fn(&str, &str) -> String) -> Vec<Press> {
    let today = desk.site.app.today();
    let (year, month, _) = today.parts();
    let first = Date::new(year, month, 1).unwrap_or(today);
    let before = first.plus_days(-1);
    let (last_year, last_month, _) = before.parts();
    let spans = [
        ("stats-this-month", first, today),
        ("stats-last-month", Date::new(last_year, last_month, 1).unwrap_or(before), before),
        ("stats-this-year", Date::new(year, 1, 1).unwrap_or(today), today),
    ];
    let press = |(label, from, to): (&str, Date, Date)| Press {
        href: address(&from.to_string(), &to.to_string()),
        label: desk.say().t(label),
        current: now == Span { from, to },
    };
    spans.into_iter().map(press).collect()
}

pub(super) fn span(desk: &Desk, span: Span) -> String {
    let (from, to) = (format::date(desk.lang, span.from), format::date(desk.lang, span.to));
    desk.say().with("stats-span-words", &[("from", &from), ("to", &to)])
}

fn name(desk: &Desk, figure: &Figure) -> String {
    if desk.lang == Lang::En { figure.en } else { figure.zh }.to_owned()
}

fn row(desk: &Desk, table: &Table, line: &Line, (place, charted): (&str, &str), address: &str) -> FigureRow {
    let figure = line.figure;
    let rest = table.has_rest().then_some(&line.elsewhere);
    let of = match figure.source {
        Source::Ratio(part, whole) => {
            let word = |code: &str| figure_of(code).map(|figure| name(desk, figure)).unwrap_or_default();
            format!("{} ÷ {}", word(part), word(whole))
        }
        _ => String::new(),
    };
    FigureRow {
        name: name(desk, figure),
        unit: desk.say().t(&format!("stats-unit-{}", figure.unit.code())),
        of,
        value: cell(figure.unit, line.value),
        href: behind(desk, figure, place, table.span),
        cells: line.parts.iter().chain(rest).map(|one| cell(figure.unit, *one)).collect(),
        chart: format!("{address}&figure={}", figure.code),
        charted: figure.code == charted,
    }
}

/// The list of the rows that a figure counts, where the reader may open it.
fn behind(desk: &Desk, figure: &Figure, place: &str, span: Span) -> String {
    let may = |noun| desk.visitor().may(Act::Read, noun);
    let days = format!("from={}&to={}", span.from, span.to);
    let (noun, list) = match figure.source {
        Source::Opened(flow)
        | Source::OpenedWith(flow, _, _)
        | Source::OpenedDone(flow, _, _)
        | Source::Closed(flow, _)
        | Source::Sum(flow, _) => {
            let noun = core_flow(flow).map_or(Noun::Mediation, noun_of);
            (noun, format!("{}?place={place}&{days}&figure={}", desk_base(flow), figure.code))
        }
        Source::Households(kind, paired) => {
            let paired = if paired { "&paired=yes" } else { "" };
            (Noun::Household, format!("/desk/households?kind={kind}&village={place}{paired}"))
        }
        Source::Workers(kind) => (Noun::Worker, format!("/desk/workers?kind={kind}&state=active")),
        Source::PairedFirms => (Noun::Firm, "/desk/firms".to_owned()),
        Source::NamedSites => (
            Noun::Statistics,
            format!("/desk/statistics/villages?place={place}&from={}&to={}&sites=yes", span.from, span.to),
        ),
        Source::MediatedTowns(_) => (Noun::Committee, "/desk/committees".to_owned()),
        Source::AdvisedVillages(_) => (Noun::Post, format!("/desk/posts?place={place}")),
        Source::Log(kinds, _) => {
            // One list shows one kind, or all.
            let kind = if let [kind] = kinds { *kind } else { "" };
            (Noun::ServiceLog, format!("/desk/logs?kind={kind}&village={place}&{days}"))
        }
        Source::Ratio(part, _) => {
            return figure_of(part).map(|part| behind(desk, part, place, span)).unwrap_or_default();
        }
    };
    if may(noun) { list } else { String::new() }
}

fn cell(unit: Unit, value: Cell) -> String {
    match (unit, value) {
        (_, None) => "–".to_owned(),
        (Unit::Percent, Some(n)) => format!("{}.{}", n / 10, n % 10),
        (Unit::Money, Some(n)) => format!("{}.{:02}", format::group(&(n / 100).to_string()), n % 100),
        (_, Some(n)) => format::group(&n.to_string()),
    }
}

fn chart(desk: &Desk, table: &Table, line: &Line) -> Chart {
    let most = line.parts.iter().flatten().copied().max().unwrap_or(0).max(1);
    let bar = |(at, (part, value)): (usize, (&falin_app::division::Division, &Cell))| {
        let y = at as u32 * BAR;
        Bar {
            name: format::place(&part.name).to_owned(),
            value: cell(line.figure.unit, *value),
            share: (value.unwrap_or(0).max(0) * 100 / most) as u8,
            y,
            text_y: y + 15,
        }
    };
    let bars: Vec<Bar> = table.parts.iter().zip(&line.parts).enumerate().map(bar).collect();
    Chart { title: name(desk, line.figure), height: bars.len() as u32 * BAR, bars }
}

/// `GET /desk/statistics.xlsx`: the table as a workbook.
///
/// # Errors
/// As [`show`].
pub async fn export(desk: Desk, query: Query) -> Answer {
    let table = statistics::table(&desk.site.app, desk.visitor(), asked(&query)?).await?;
    workbook(&desk, &table, "statistics")
}

/// A table as an attachment.
pub(super) fn workbook(desk: &Desk, table: &Table, name: &str) -> Answer {
    let word = |unit: Unit| desk.say().t(&format!("stats-unit-{}", unit.code()));
    let bytes = statistics::workbook(&desk.site.app, table, desk.lang == Lang::En, word)?;
    let file = format!("attachment; filename=\"{name}-{}-{}.xlsx\"", table.span.from, table.span.to);
    Ok(HttpResponse::Ok()
        .content_type(WORKBOOK_MEDIA)
        .insert_header(("content-disposition", file))
        .insert_header(("cache-control", "no-store"))
        .body(bytes))
}

/// `POST /desk/statistics/reports`: keeps the table as it is reported.
///
/// # Errors
/// A refused form comes back with what was typed.
pub async fn keep(desk: Desk, body: Body) -> Answer {
    let fields = body.form()?;
    let date = |name: &str| fields.filled(name).and_then(|text| text.parse().ok());
    let ask = Asked { place: fields.filled("place").map(str::to_owned), from: date("from"), to: date("to") };
    let title = fields.get("title").unwrap_or_default().to_owned();
    match statistics::report(&desk.site.app, desk.visitor(), ask.clone(), &title).await {
        Ok(report) => desk.go(format!("/desk/statistics/reports/{}", report.id)),
        Err(stop) => {
            let refusal = of_stop(stop);
            let table = statistics::table(&desk.site.app, desk.visitor(), ask).await?;
            let mut view = view(&desk, &table, "");
            let here = table.place.as_ref().map(choices::reference).unwrap_or_default();
            let kept =
                [("place", here), ("from", table.span.from.to_string()), ("to", table.span.to.to_string())];
            view.report = Some(report_form(&desk.say(), &kept, &title, Some(&refusal)));
            desk.again(&refusal, &view)
        }
    }
}

/// `GET /desk/statistics/reports`.
///
/// # Errors
/// `page.cursor`.
pub async fn reports(desk: Desk, query: Query) -> Answer {
    let page = statistics::reports(&desk.site.app, desk.visitor(), query.window()?).await?;
    let rows = page.items.iter().map(|report| ReportRow {
        href: format!("/desk/statistics/reports/{}", report.id),
        title: report.title.clone(),
        span: span(&desk, Span { from: report.from_date, to: report.to_date }),
        day: format::date(desk.lang, Instant::from_millis(report.created_ms).date()),
    });
    desk.page(&Reports {
        back: Link::new("/desk/statistics", desk.say().t("stats-title")),
        rows: rows.collect(),
        pager: choices::pager(&query, "/desk/statistics/reports", &[], page.next.as_ref()),
    })
}

/// `GET /desk/statistics/reports/{id}`.
///
/// # Errors
/// `not_found`.
pub async fn reported(desk: Desk, id: PathId<ReportNoun>) -> Answer {
    let (report, table) = statistics::reported(&desk.site.app, desk.visitor(), id.0).await?;
    let view = compared(&desk, &report, &table)?;
    desk.page(&view)
}

fn compared(desk: &Desk, report: &statistics::Report, table: &Table) -> Result<Reported, Refused> {
    let then: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&report.figures).unwrap_or_default();
    let english = desk.lang == Lang::En;
    let own =
        table.own.iter().flat_map(|own| own.lines.iter().map(move |line| (own, line))).map(|(own, line)| {
            let old = then.get(&statistics::own_key(own, line)).and_then(serde_json::Value::as_i64);
            let lang = desk.lang.code();
            ReportedRow {
                name: format!("{} · {}", own.name.in_language(lang), line.statistic.name.in_language(lang)),
                unit: statistics::own_unit(line, english),
                then: line.written.text(old),
                now: line.written.text(line.value),
                differs: old != line.value,
            }
        });
    let rows = table.lines.iter().map(|line| {
        let old = then.get(line.figure.code).and_then(serde_json::Value::as_i64);
        ReportedRow {
            name: name(desk, line.figure),
            unit: desk.say().t(&format!("stats-unit-{}", line.figure.unit.code())),
            then: cell(line.figure.unit, old),
            now: cell(line.figure.unit, line.value),
            differs: old != line.value,
        }
    });
    let place = table.place.as_ref().map_or(desk.me.county.name.as_str(), |place| place.name.as_str());
    let day = format::date(desk.lang, Instant::from_millis(report.created_ms).date());
    Ok(Reported {
        back: Link::new("/desk/statistics/reports", desk.say().t("stats-reports")),
        title: report.title.clone(),
        about: format!("{place} · {} · {day}", span(desk, table.span)),
        rows: rows.chain(own).collect(),
    })
}
