//! Settings and posts of a workflow at the desk, and its own pages.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::time::{Duration, Instant as Clock};

use actix_web::HttpRequest;
use falin_app::plugin::{self, Giving, PageSeen, PostsSeen, SettingsSeen};
use falin_domain::access::{Act, Noun};
use falin_domain::refusal::Refusal;
use falin_domain::time::Instant;
use falin_domain::words::{PluginNoun, PluginPostNoun};
use falin_domain::workflow::{Flow, Manner, Press, Values, Written, form_flow};
use handlebars::{Handlebars, RenderContext};

use super::cases::typed_values;
use super::choices;
use crate::body::Body;
use crate::desk::Desk;
use crate::look::desk::case::questions;
use crate::look::desk::plugin_desk::{PluginBoard, PluginPosts, PluginSettings, PostRow};
use crate::look::desk::{Form, Link};
use crate::look::format;
use crate::look::parts::{Button, Field, FieldOption};
use crate::problem::{Answer, Refused, of_stop};
use crate::query::{PathId, Query, path_id};

/// Most bytes that a page of a plugin may become.
const MOST_BYTES: usize = 1 << 20;
/// Longest that it may take.
const LONGEST: Duration = Duration::from_millis(50);

/// `GET /desk/plugins/{id}/settings`.
///
/// # Errors
/// `not_found`.
pub async fn settings(desk: Desk, id: PathId<PluginNoun>) -> Answer {
    let seen = plugin::settings(&desk.site.app, desk.visitor(), id.0).await?;
    desk.page(&settings_page(&desk, &seen, &seen.given, None))
}

/// `POST /desk/plugins/{id}/settings`.
///
/// # Errors
/// `not_found`; a refused form comes back with what was typed.
pub async fn set(desk: Desk, id: PathId<PluginNoun>, body: Body) -> Answer {
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let fields = body.form()?;
    let typed = typed_values(&fields);
    let given = (typed.clone(), Manner::Form);
    match plugin::set(app, visitor, id.0, choices::version(&fields), given).await.map_err(of_stop) {
        Ok(_) => desk.go(format!("/desk/plugins/{}", id.0)),
        Err(refusal) => {
            let seen = plugin::settings(app, visitor, id.0).await?;
            let mut view = settings_page(&desk, &seen, &typed, Some(&refusal));
            let now = settings_page(&desk, &seen, &seen.given, None);
            if let (true, Some(form), Some(now)) = (refusal.is_stale(), &mut view.form, &now.form) {
                form.meanwhile(&desk.say(), now);
            }
            desk.again(&refusal, &view)
        }
    }
}

fn settings_page(
    desk: &Desk,
    seen: &SettingsSeen,
    typed: &Values,
    refusal: Option<&Refusal>,
) -> PluginSettings {
    let (say, lang) = (desk.say(), desk.lang.code());
    let address = format!("/desk/plugins/{}", seen.install.id);
    let flow = form_of(seen);
    let mut fields = flow.opening().map(|step| questions(&say, &flow, step, typed)).unwrap_or_default();
    for (field, setting) in fields.iter_mut().zip(&seen.manifest.setting) {
        let usual = setting.field.told(Some(&setting.default), lang == "en", Written::Read);
        let source = setting.source.as_ref().map(|source| source.in_language(lang)).unwrap_or_default();
        let said = say.with("desk-plugin-setting-usual", &[("value", &usual), ("source", source)]);
        let hint = setting.field.hint.as_ref().map(|hint| hint.in_language(lang)).unwrap_or_default();
        *field = field.clone().hint(format!("{hint} {said}").trim().to_owned()).optional();
    }
    let may = desk.visitor().whole_scope(Act::Commit, Noun::Plugin).is_ok() && !fields.is_empty();
    let mut form = Form::post(format!("{address}/settings")).keep("version", seen.version.to_string());
    form.fields = fields;
    let form = form.button(Button::submit("primary", say.t("desk-save"))).maybe_refused(&say, refusal);
    let name = seen.manifest.name.in_language(lang).to_owned();
    PluginSettings { back: Link::new(address, name.clone()), name, form: may.then_some(form) }
}

/// The settings as the one form of a flow, so that they are asked as every other form of the house.
fn form_of(seen: &SettingsSeen) -> Flow {
    let fields: Vec<_> = seen.manifest.setting.iter().map(|one| one.field.clone()).collect();
    form_flow(&seen.install.plugin, &fields)
}

/// `GET /desk/plugins/{id}/posts`.
///
/// # Errors
/// `not_found`.
pub async fn posts(desk: Desk, id: PathId<PluginNoun>) -> Answer {
    let seen = plugin::posts(&desk.site.app, desk.visitor(), id.0).await?;
    let view = posts_page(&desk, &seen, &Giving::default(), None).await?;
    desk.page(&view)
}

async fn posts_page(
    desk: &Desk,
    seen: &PostsSeen,
    typed: &Giving,
    refusal: Option<&Refusal>,
) -> Result<PluginPosts, Refused> {
    let (say, lang) = (desk.say(), desk.lang.code());
    let address = format!("/desk/plugins/{}", seen.install.id);
    let may = desk.visitor().may(Act::Commit, Noun::Plugin);
    let word = |code: &str| {
        let post = seen.manifest.post.iter().find(|post| post.code == code);
        post.map_or_else(|| code.to_owned(), |post| post.name.in_language(lang).to_owned())
    };
    let row = |one: &plugin::Holding| PostRow {
        post: word(&one.row.post),
        who: one.who.clone(),
        place: if one.place.is_empty() { desk.me.county.name.clone() } else { one.place.clone() },
        since: format::day(desk.lang, Instant::from_millis(one.row.from_ms).date()),
        withdraw: may.then(|| {
            Form::post(format!("{address}/posts/{}/withdraw", one.row.id))
                .keep("version", one.row.version.to_string())
                .button(Button::submit("low", say.t("desk-plugin-post-withdraw")))
        }),
    };
    let form = if may && !seen.manifest.post.is_empty() {
        Some(giving_form(desk, seen, typed, &address).await?.maybe_refused(&say, refusal))
    } else {
        None
    };
    let name = seen.manifest.name.in_language(lang).to_owned();
    Ok(PluginPosts {
        errors: form.as_ref().and_then(|form| form.errors.clone()),
        back: Link::new(address.clone(), name.clone()),
        name,
        rows: seen.held.iter().map(row).collect(),
        form,
    })
}

async fn giving_form(desk: &Desk, seen: &PostsSeen, typed: &Giving, address: &str) -> Result<Form, Refused> {
    let (say, lang) = (desk.say(), desk.lang.code());
    let role = |post: &falin_domain::workflow::Post| {
        let role = say.t(&format!("role-{}", post.role.code().replace('_', "-")));
        format!("{}（{role}）", post.name.in_language(lang))
    };
    let codes =
        seen.manifest.post.iter().map(|post| FieldOption::new(post.code.clone(), role(post), &typed.post));
    let mut accounts = vec![FieldOption::new("", say.t("desk-choose"), &typed.account)];
    accounts.extend(
        seen.accounts.iter().map(|(id, name)| FieldOption::new(id.to_string(), name.clone(), &typed.account)),
    );
    let place = typed.place.clone().unwrap_or_default();
    let mut places = vec![FieldOption::new("", desk.me.county.name.clone(), &place)];
    places
        .extend(choices::villages(desk, &place, true).await?.into_iter().filter(|one| !one.value.is_empty()));
    Ok(Form::post(format!("{address}/posts"))
        .field(Field::select("post", "desk-plugin-post", codes.collect()))
        .field(Field::select("account", "desk-plugin-post-who", accounts))
        .field(Field::select("place", "desk-plugin-post-place", places).optional())
        .button(Button::submit("primary", say.t("desk-plugin-post-give"))))
}

/// `POST /desk/plugins/{id}/posts`: gives one.
///
/// # Errors
/// `not_found`; a refused form comes back with what was chosen.
pub async fn give(desk: Desk, id: PathId<PluginNoun>, body: Body) -> Answer {
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let fields = body.form()?;
    let text = |name: &str| fields.filled(name).unwrap_or_default().to_owned();
    let giving = Giving {
        post: text("post"),
        account: text("account"),
        place: fields.filled("place").map(str::to_owned),
    };
    match plugin::give(app, visitor, id.0, giving.clone()).await.map_err(of_stop) {
        Ok(_) => desk.go(format!("/desk/plugins/{}/posts", id.0)),
        Err(refusal) => {
            let seen = plugin::posts(app, visitor, id.0).await?;
            let view = posts_page(&desk, &seen, &giving, Some(&refusal)).await?;
            desk.again(&refusal, &view)
        }
    }
}

/// `POST /desk/plugins/{id}/posts/{post}/withdraw`: takes one back.
///
/// # Errors
/// `not_found`; what is refused is told on the page.
pub async fn withdraw(req: HttpRequest, desk: Desk, id: PathId<PluginNoun>, body: Body) -> Answer {
    let (app, visitor) = (&desk.site.app, desk.visitor());
    let post = path_id::<PluginPostNoun>(&req, "post")?;
    let version = choices::version(&body.form()?);
    match plugin::withdraw(app, visitor, id.0, post, version).await.map_err(of_stop) {
        Ok(_) => desk.go(format!("/desk/plugins/{}/posts", id.0)),
        Err(refusal) => {
            let seen = plugin::posts(app, visitor, id.0).await?;
            let mut view = posts_page(&desk, &seen, &Giving::default(), None).await?;
            view.errors = Some(desk.say().error_summary(&refusal));
            desk.again(&refusal, &view)
        }
    }
}

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
    let name = seen.name.in_language(desk.lang.code()).to_owned();
    let lang = desk.lang.code();
    let forms = seen.presses.iter().map(|press| press_form(desk, &seen, press, again)).collect();
    let said = seen.context["said"].as_str().unwrap_or_default().to_owned();
    let body = actix_web::web::block(move || rendered(&seen, lang)).await;
    let body = body.map_err(|_| Refusal::new("server.failed"))?.map_err(|fault| {
        tracing::warn!(%fault, "a page of a plugin does not keep its bounds");
        Refusal::new("plugin.page")
    })?;
    Ok(PluginBoard { name, said, body, forms })
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
        .render_template_to_write(&seen.template, &seen.context, &mut out)
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
            template: template.to_owned(),
            context,
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
