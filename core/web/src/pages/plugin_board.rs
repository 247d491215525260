//! A workflow's own pages at the desk: as the house draws them, or by a template of the package within its bounds.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::time::{Duration, Instant as Clock};

use actix_web::HttpRequest;
use falin_app::plugin::{self, FigureSeen, ListSeen, PageSeen, RowSeen};
use falin_domain::refusal::Refusal;
use falin_domain::workflow::{Kind, Manner, Press, Values};
use handlebars::{Handlebars, RenderContext};

use super::cases::{due, typed_values};
use crate::body::Body;
use crate::desk::Desk;
use crate::flow_path::desk_base;
use crate::look::desk::Form;
use crate::look::desk::case::{questions, state_of};
use crate::look::desk::plugin_board::{BoardCell, BoardFigure, BoardList, BoardRow, PluginBoard};
use crate::look::format;
use crate::look::parts::Button;
use crate::problem::{Answer, Refused, of_stop};
use crate::query::Query;

/// Most bytes that a page of a plugin may become.
const MOST_BYTES: usize = 1 << 20;
/// Longest that it may take.
const LONGEST: Duration = Duration::from_millis(50);
/// Characters that are not broken over two lines.
const A_WORD: usize = 4;

/// `GET /desk/pages/{plugin}/{page}`: a page of a workflow's own.
///
/// # Errors
/// `not_found`; `plugin.page` where it does not keep its bounds.
pub async fn board(req: HttpRequest, desk: Desk, query: Query) -> Answer {
    let query: BTreeMap<String, String> = query.0.0.into_iter().collect();
    let view = board_page(&req, &desk, &query, None).await?;
    desk.page(&view)
}

/// `POST /desk/pages/{plugin}/{page}`: a form below it, answered by the workflow's library.
///
/// # Errors
/// `not_found`, `plugin.asleep`, `plugin.failed`; a refused form comes back with what was typed.
pub async fn press(req: HttpRequest, desk: Desk, body: Body) -> Answer {
    let (plugin, path) = (req.match_info().query("plugin"), req.match_info().query("page"));
    let fields = body.form()?;
    let typed = typed_values(&fields);
    let action = fields.filled("action").unwrap_or_default();
    let given = (&typed, Manner::Form);
    let pressed = plugin::press(&desk.site.app, desk.visitor(), (plugin, path, action), given).await;
    match pressed.map_err(of_stop) {
        Ok(pressed) => {
            let said = match pressed.said.as_str() {
                "" => String::new(),
                key => format!("?said={}", format::query_escape(key)),
            };
            desk.go(format!("/desk/pages/{plugin}/{}{said}", pressed.page))
        }
        Err(refusal) if refusal.code() == "not_found" => Err(refusal.into()),
        Err(refusal) => {
            let again = Some((action, &typed, &refusal));
            let view = board_page(&req, &desk, &BTreeMap::new(), again).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// What was typed into a form below a page, and why it was refused.
type Typed<'a> = (&'a str, &'a Values, &'a Refusal);

async fn board_page(
    req: &HttpRequest,
    desk: &Desk,
    query: &BTreeMap<String, String>,
    again: Option<Typed<'_>>,
) -> Result<PluginBoard, Refused> {
    let (plugin, path) = (req.match_info().query("plugin"), req.match_info().query("page"));
    let english = desk.lang.code() == "en";
    let seen = plugin::page(&desk.site.app, desk.visitor(), (plugin, path), query, english).await?;
    let lang = desk.lang.code();
    let mut view = PluginBoard {
        name: seen.name.in_language(lang).to_owned(),
        said: seen.context["said"].as_str().unwrap_or_default().to_owned(),
        forms: seen.presses.iter().map(|press| press_form(desk, &seen, press, again)).collect(),
        ..PluginBoard::default()
    };
    if seen.template.is_none() {
        view.note = seen.note.as_ref().map(|note| note.in_language(lang).to_owned()).unwrap_or_default();
        view.figures = seen.figures.iter().map(|one| figure(&seen.plugin, one)).collect();
        view.lists = seen.lists.iter().map(|one| list(desk, one)).collect();
        return Ok(view);
    }
    let body = actix_web::web::block(move || rendered(&seen, lang)).await;
    view.body = body.map_err(|_| Refusal::new("server.failed"))?.map_err(|fault| {
        tracing::warn!(%fault, "a page of a plugin does not keep its bounds");
        Refusal::new("plugin.page")
    })?;
    Ok(view)
}

/// A figure, which leads to how it is split.
fn figure(plugin: &str, it: &FigureSeen) -> BoardFigure {
    BoardFigure {
        name: it.name.clone(),
        value: it.shown.clone(),
        unit: it.unit.clone(),
        href: format!("/desk/figures/{plugin}?figure={}", it.code),
    }
}

/// A list with the columns that it declares, headed as the flow's own forms call them.
fn list(desk: &Desk, it: &ListSeen) -> BoardList {
    let lang = desk.lang.code();
    let title = it.declared.title.as_ref().unwrap_or(&it.flow.name);
    let head = |name: &String| it.flow.field(name).map(|field| field.label.in_language(lang).to_owned());
    BoardList {
        title: title.in_language(lang).to_owned(),
        note: it.declared.note.as_ref().map(|note| note.in_language(lang).to_owned()).unwrap_or_default(),
        heads: it.declared.fields.iter().map(|name| head(name).unwrap_or_default()).collect(),
        due: it.rows.iter().any(|(line, _)| line.deadline.is_some()),
        full: it.rows.len() >= usize::from(it.declared.most),
        all: desk_base(&it.flow.id),
        rows: it.rows.iter().map(|one| row(desk, it, one)).collect(),
    }
}

/// A row. Where its place is one of the columns, it is not said twice.
fn row(desk: &Desk, list: &ListSeen, (line, cells): &RowSeen) -> BoardRow {
    let place = line.place.as_ref().filter(|_| !list.declared.fields.contains(&line.flow.place));
    let cell = |(name, text): (&String, &Option<String>)| {
        let text = text.clone().unwrap_or_default();
        let date = line.flow.field(name).is_some_and(|field| field.kind == Kind::Date);
        BoardCell { short: date || text.chars().count() <= A_WORD, text }
    };
    BoardRow {
        href: format!("{}/{}", desk_base(&line.case.flow), line.case.id),
        number: line.case.number.clone(),
        urgent: line.case.urgent,
        place: place.map(|place| format::place(&place.name).to_owned()).unwrap_or_default(),
        deadline: line.deadline.as_ref().map(|row| due(desk, row)),
        cells: list.declared.fields.iter().zip(cells).map(cell).collect(),
        state: state_of(&line.flow, &line.case.state, desk.lang),
    }
}

/// A form below a page; the one that was refused with what was typed.
fn press_form(desk: &Desk, seen: &PageSeen, press: &Press, again: Option<Typed<'_>>) -> Form {
    let (say, flow) = (desk.say(), press.flow(&seen.plugin));
    let again = again.filter(|(action, _, _)| *action == press.code);
    let (none, nothing) = (Values::new(), None);
    let (typed, refusal) = again.map_or((&none, nothing), |(_, typed, refusal)| (typed, Some(refusal)));
    let mut form =
        Form::post(format!("/desk/pages/{}/{}", seen.plugin, seen.path)).keep("action", press.code.clone());
    form.fields = flow.opening().map(|step| questions(&say, &flow, step, typed)).unwrap_or_default();
    let button = Button::submit("outline", press.name.in_language(desk.lang.code()).to_owned());
    form.button(button).maybe_refused(&say, refusal)
}

/// Bytes and time that a page has left.
struct Bounded {
    written: Vec<u8>,
    until: Clock,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.written.len() + bytes.len() > MOST_BYTES {
            return Err(io::Error::other("more than 1 MiB"));
        }
        if Clock::now() > self.until {
            return Err(io::Error::other("more than 50 ms"));
        }
        self.written.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct PageFault(String);

impl fmt::Display for PageFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Renders a page within its bounds: values escaped, texts from the package, nothing else within reach.
fn rendered(seen: &PageSeen, lang: &'static str) -> Result<String, PageFault> {
    let mut engine = Handlebars::new();
    engine.set_prevent_indent(true);
    let texts = seen.texts.clone();
    let text = move |h: &handlebars::Helper<'_>,
                     _: &Handlebars<'_>,
                     _: &handlebars::Context,
                     _: &mut RenderContext<'_, '_>,
                     out: &mut dyn handlebars::Output|
          -> handlebars::HelperResult {
        let key = h.param(0).and_then(|param| param.value().as_str()).unwrap_or_default();
        let word = texts.get(key).map(|words| words.in_language(lang)).unwrap_or_default();
        Ok(out.write(&handlebars::html_escape(word))?)
    };
    engine.register_helper("t", Box::new(text));
    let mut out = Bounded { written: Vec::new(), until: Clock::now() + LONGEST };
    engine
        .render_template_to_write(seen.template.as_deref().unwrap_or_default(), &seen.context, &mut out)
        .map_err(|fault| PageFault(fault.to_string()))?;
    String::from_utf8(out.written).map_err(|fault| PageFault(fault.to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::{Value, json};

    fn seen(template: &str, context: Value) -> PageSeen {
        PageSeen {
            plugin: String::new(),
            path: String::new(),
            name: Default::default(),
            note: None,
            template: Some(template.to_owned()),
            context,
            figures: Vec::new(),
            lists: Vec::new(),
            texts: Default::default(),
            presses: Vec::new(),
        }
    }

    #[test]
    fn values_are_escaped_and_what_is_missing_is_empty() {
        let page = seen("<p>{{title}}{{lists.none}}</p>", json!({"title": "<script>x</script>"}));
        assert_eq!(rendered(&page, "zh").unwrap_or_default(), "<p>&lt;script&gt;x&lt;/script&gt;</p>");
    }

    #[test]
    fn a_page_keeps_its_bounds() {
        let rows: Vec<Value> = (0..200).map(|n| json!({"n": n})).collect();
        let row = "x".repeat(100);
        let nested = format!("{{{{#each a}}}}{{{{#each ../a}}}}{row}{{{{/each}}}}{{{{/each}}}}");
        assert!(rendered(&seen(&nested, json!({"a": rows})), "zh").is_err());
    }
}
