//! Figures of one workflow of the county's: its table, its splits, its chart, the workbook.

use actix_web::HttpRequest;
use falin_app::statistics::{self, Cell, LastYear, Own, OwnLine, REST, Split, Table};
use falin_domain::access::{Act, Noun};
use falin_domain::refusal::Refusal;
use falin_domain::statistics::change;

use super::choices;
use super::statistics::{BAR, presses, rest_head, span, workbook};
use crate::api::statistics::asked;
use crate::desk::Desk;
use crate::look::desk::statistics::{Bar, Chart, FigureRow, Figures, OwnFigures};
use crate::look::desk::{Filters, Link};
use crate::look::format;
use crate::look::parts::Field;
use crate::problem::{Answer, Refused};
use crate::query::Query;

/// Which chart is shown: a figure, by the place's parts or by a field.
pub(super) struct Charted<'a> {
    figure: &'a str,
    by: &'a str,
}

/// The table with nothing in it but one workflow's figures.
async fn own_table(req: &HttpRequest, desk: &Desk, query: &Query) -> Result<Table, Refused> {
    let wanted = req.match_info().query("plugin");
    let table = statistics::table_of(&desk.site.app, desk.visitor(), asked(query)?, wanted).await?;
    if table.own.is_empty() { Err(Refusal::absent().into()) } else { Ok(table) }
}

/// `GET /desk/figures/{plugin}`.
///
/// # Errors
/// `not_found` where the county has no such workflow in use, or it counts nothing; `division.unknown`, `form.invalid`.
pub async fn show(req: HttpRequest, desk: Desk, query: Query) -> Answer {
    let table = own_table(&req, &desk, &query).await?;
    let own = &table.own[0];
    let base = format!("/desk/figures/{}", own.plugin);
    let charted = Charted {
        figure: query.filled("figure").unwrap_or_default(),
        by: query.filled("by").unwrap_or_default(),
    };
    let address = |place: &str| address(&base, place, &table);
    let parts = table.parts.iter().map(|part| {
        let leaf = part.level == falin_domain::directory::DivisionLevel::Village;
        let href = if leaf { String::new() } else { address(&choices::reference(part)) };
        Link::new(href, format::place(&part.name))
    });
    let date = |name: &'static str, label: &'static str, value: String| {
        Field::input("date", name, label).value(value)
    };
    let mut filters = Filters::new(
        &base,
        vec![
            date("from", "stats-from", table.span.from.to_string()),
            date("to", "stats-to", table.span.to.to_string()),
        ],
    );
    filters.active = false;
    let here = table.place.as_ref().map(choices::reference).unwrap_or_default();
    let line = own.lines.iter().find(|line| line.statistic.code == charted.figure);
    desk.page(&Figures {
        place: table.place.as_ref().map_or_else(|| desk.me.county.name.clone(), |place| place.name.clone()),
        span: span(&desk, table.span),
        up: table.place.as_ref().map(|_| Link::new(address(""), desk.me.county.name.clone())),
        presses: presses(&desk, table.span, |from, to| {
            format!(
                "{base}?place={}&from={from}&to={to}",
                table.place.as_ref().map(choices::reference).unwrap_or_default()
            )
        }),
        villages: String::new(),
        filters,
        parts: parts.chain(rest_head(&desk, &table)).collect(),
        rows: Vec::new(),
        chart: line.map(|line| chart(&desk, &table, line, charted.by)),
        export: if desk.visitor().may(Act::Export, Noun::Statistics) {
            self::address(&format!("{base}.xlsx"), &here, &table)
        } else {
            String::new()
        },
        reports: String::new(),
        report: None,
        kept_back: own.lines.iter().any(|line| line.kept_back),
        own: vec![OwnFigures { href: String::new(), ..own_rows(&desk, &table, own, Some(&charted)) }],
        back: Some(Link::new("/desk/statistics", desk.say().t("stats-title"))),
        name: own.name.in_language(desk.lang.code()).to_owned(),
    })
}

/// `GET /desk/figures/{plugin}.xlsx`: the same as a workbook.
///
/// # Errors
/// As [`show`].
pub async fn export(req: HttpRequest, desk: Desk, query: Query) -> Answer {
    let table = own_table(&req, &desk, &query).await?;
    workbook(&desk, &table, &table.own[0].plugin)
}

fn address(base: &str, place: &str, table: &Table) -> String {
    format!("{base}?place={place}&from={}&to={}", table.span.from, table.span.to)
}

/// The rows of a workflow; its splits only on its own page, where a chart can be chosen.
pub(super) fn own_rows(desk: &Desk, table: &Table, own: &Own, charted: Option<&Charted<'_>>) -> OwnFigures {
    let here = table.place.as_ref().map(choices::reference).unwrap_or_default();
    let page = address(&format!("/desk/figures/{}", own.plugin), &here, table);
    let lang = desk.lang.code();
    let (mut rows, rested) = (Vec::new(), table.has_rest());
    for line in &own.lines {
        let code = &line.statistic.code;
        let of = line.of.as_ref();
        let of = of.map(|of| desk.say().with("stats-share-of", &[("name", of.in_language(lang))]));
        let of = match line.unanswered {
            true => Some(desk.say().t("stats-unanswered")),
            false => of,
        };
        rows.push(FigureRow {
            name: line.statistic.name.in_language(lang).to_owned(),
            unit: statistics::own_unit(line, lang == "en"),
            of: of.unwrap_or_default(),
            value: compared(desk, line, line.value, last(line.last_year.as_ref(), None)),
            href: behind(desk, table, line, (line.value, None)),
            cells: by_part(
                desk,
                line,
                (&line.parts, rested.then_some(line.elsewhere)),
                line.last_year.as_ref(),
            ),
            chart: format!("{page}&figure={code}"),
            charted: charted.is_some_and(|now| now.figure == code && now.by.is_empty()),
        });
        for split in line.splits.iter().filter(|_| charted.is_some()) {
            rows.extend(split_rows(desk, table, (line, split), &page, charted));
        }
    }
    OwnFigures { name: own.name.in_language(lang).to_owned(), href: page, rows }
}

/// A head that draws the split, then a row a code.
fn split_rows(
    desk: &Desk,
    table: &Table,
    (line, split): (&OwnLine, &Split),
    page: &str,
    charted: Option<&Charted<'_>>,
) -> Vec<FigureRow> {
    let (code, lang) = (&line.statistic.code, desk.lang.code());
    let (name, rested) = (split.name.in_language(lang), table.has_rest());
    let head = FigureRow {
        name: desk.say().with("stats-split", &[("field", name)]),
        unit: String::new(),
        of: String::new(),
        value: String::new(),
        href: String::new(),
        cells: vec![String::new(); table.parts.len() + usize::from(rested)],
        chart: format!("{page}&figure={code}&by={}", split.field),
        charted: charted.is_some_and(|now| now.figure == code && now.by == split.field),
    };
    let row = |row: &statistics::SplitRow| FigureRow {
        name: row.word(lang == "en").to_owned(),
        unit: statistics::own_unit(line, lang == "en"),
        of: String::new(),
        value: compared(desk, line, row.value, last(row.last_year.as_ref(), None)),
        href: behind(desk, table, line, (row.value, Some((&split.field, &row.code)))),
        cells: by_part(desk, line, (&row.parts, rested.then_some(row.elsewhere)), row.last_year.as_ref()),
        chart: String::new(),
        charted: false,
    };
    std::iter::once(head).chain(split.rows.iter().map(row)).collect()
}

/// The list of the cases behind a value, where the reader may open it and it is not kept back.
fn behind(
    desk: &Desk,
    table: &Table,
    line: &OwnLine,
    (value, split): (Cell, Option<(&String, &String)>),
) -> String {
    // Behind a median stands no number of cases.
    let counts = !line.statistic.library && line.statistic.median.is_none();
    let rest = split.is_some_and(|(_, code)| code == REST) || !counts;
    if value.is_none() || rest || !desk.visitor().may(Act::Read, Noun::Workflow) {
        return String::new();
    }
    let here = table.place.as_ref().map(choices::reference).unwrap_or_default();
    let list = address(&crate::flow_path::desk_base(&line.flow), &here, table);
    let by = split.map(|(field, code)| format!("&by={field}&value={}", format::query_escape(code)));
    format!("{list}&figure={}{}", line.statistic.code, by.unwrap_or_default())
}

fn last(then: Option<&LastYear>, part: Option<usize>) -> Cell {
    let then = then?;
    part.map_or(then.value, |at| then.parts.get(at).copied().flatten())
}

/// A value with its change since the same period of the last year; nothing stands there where either is not shown.
fn compared(desk: &Desk, line: &OwnLine, value: Cell, then: Cell) -> String {
    let text = line.written.grouped(value);
    let Some(by) = change(value, then) else { return text };
    let sign = if by < 0 { "−" } else { "+" };
    let by = format!("{sign}{}.{}%", by.unsigned_abs() / 10, by.unsigned_abs() % 10);
    desk.say().with("stats-year-on-year", &[("value", &text), ("change", &by)])
}

/// A cell a part, and where it is wanted one for what stands in none of them.
fn by_part(
    desk: &Desk,
    line: &OwnLine,
    (parts, rest): (&[Cell], Option<Cell>),
    then: Option<&LastYear>,
) -> Vec<String> {
    let one = |(at, value): (usize, &Cell)| compared(desk, line, *value, last(then, Some(at)));
    let rest = rest.map(|rest| line.written.grouped(rest));
    parts.iter().enumerate().map(one).chain(rest).collect()
}

fn chart(desk: &Desk, table: &Table, line: &OwnLine, by: &str) -> Chart {
    let lang = desk.lang.code();
    let split = line.splits.iter().find(|split| split.field == by);
    let values: Vec<(String, Cell)> = match split {
        Some(split) => split.rows.iter().map(|row| (row.word(lang == "en").to_owned(), row.value)).collect(),
        None => {
            let parts = table.parts.iter().zip(&line.parts);
            parts.map(|(part, value)| (format::place(&part.name).to_owned(), *value)).collect()
        }
    };
    let most = values.iter().filter_map(|(_, value)| *value).max().unwrap_or(0).max(1);
    let bars = (0u32..).zip(values).map(|(at, (name, value))| Bar {
        name,
        value: line.written.grouped(value),
        share: (value.unwrap_or(0).max(0) * 100 / most) as u8,
        y: at * BAR,
        text_y: at * BAR + 15,
    });
    let bars: Vec<Bar> = bars.collect();
    Chart { title: line.statistic.name.in_language(lang).to_owned(), height: bars.len() as u32 * BAR, bars }
}
