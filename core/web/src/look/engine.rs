//! The template engine: one registry a language, texts without arguments written in when a template is registered.

use std::sync::Arc;

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonRender, Output, RenderContext,
    RenderErrorReason, ScopedJson, html_escape,
};

use super::frame::Lang;
use super::texts::{Texts, json_value};
use super::{LookError, Sources};

/// Every template for one language.
pub(super) struct Engine {
    /// The templates.
    pub templates: Handlebars<'static>,
    /// Text keys that templates name and the language lacks, as `zh: key`.
    pub missing: Vec<String>,
}

/// Registers every template for one language.
pub(super) fn registry(sources: &Sources, texts: &Arc<Texts>, lang: Lang) -> Result<Engine, LookError> {
    let (mut engine, mut missing) = (Handlebars::new(), Vec::new());
    engine.set_strict_mode(true);
    engine.set_prevent_indent(true);
    engine.register_helper("t", Box::new(Text { texts: Arc::clone(texts), lang }));
    engine.register_helper("rich", Box::new(Rich { texts: Arc::clone(texts), lang }));
    for (file, source) in sources.under("", ".hbs")? {
        let name = file.trim_end_matches(".hbs");
        let source = write_in(&source, texts, lang, &mut missing);
        engine.register_template_string(name, source).map_err(|fault| LookError::new(&file, fault))?;
    }
    Ok(Engine { templates: engine, missing })
}

/// How a text is written at one kind of place: as HTML, as markup, as a string of the template language.
type Write = fn(&str) -> String;

/// Writes texts without arguments into the template, so that a page pays nothing for them when it is rendered.
fn write_in(source: &str, texts: &Texts, lang: Lang, missing: &mut Vec<String>) -> String {
    let forms: [(&str, &str, Write); 3] = [
        ("{{t \"", "\"}}", html_escape),
        ("{{rich \"", "\"}}", str::to_owned),
        ("(t \"", "\")", |text| format!("\"{}\"", text.replace('"', "”"))),
    ];
    let mut done = source.to_owned();
    for (open, close, write) in forms {
        done = replace_calls(&done, open, close, |key| {
            let text = texts.find(lang, key);
            if text.is_none() {
                missing.push(format!("{}: {key}", lang.code()));
            }
            write(&text.unwrap_or_else(|| texts.t(lang, key, &[])))
        });
    }
    done
}

fn replace_calls(source: &str, open: &str, close: &str, mut text: impl FnMut(&str) -> String) -> String {
    let mut out = String::with_capacity(source.len() * 2);
    let mut rest = source;
    while let Some((before, after)) = rest.split_once(open) {
        out.push_str(before);
        let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.')).unwrap_or(0);
        if after[end..].starts_with(close) {
            out.push_str(&text(&after[..end]));
            rest = &after[end + close.len()..];
        } else {
            out.push_str(open);
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// `{{t key arg=value}}`: plain text, escaped by the template like any value.
struct Text {
    texts: Arc<Texts>,
    lang: Lang,
}

impl HelperDef for Text {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, handlebars::RenderError> {
        let text = say(h, &self.texts, self.lang, json_value)?;
        Ok(ScopedJson::Derived(text.into()))
    }
}

/// `{{rich key arg=value}}`: our own text may hold markup, its arguments are escaped.
struct Rich {
    texts: Arc<Texts>,
    lang: Lang,
}

impl HelperDef for Rich {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let text = say(h, &self.texts, self.lang, |value| match value {
            serde_json::Value::Number(_) => json_value(value),
            other => html_escape(&other.render()).into(),
        })?;
        Ok(out.write(&text)?)
    }
}

/// Keys are lower-case ASCII with hyphens, an attribute after a dot; words of a flow are not.
fn is_key(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(plain)
}

fn say(
    h: &Helper<'_>,
    texts: &Texts,
    lang: Lang,
    value: impl Fn(&serde_json::Value) -> fluent_bundle::FluentValue<'static>,
) -> Result<String, handlebars::RenderError> {
    let key = h.param(0).and_then(|p| p.value().as_str());
    let key = key.ok_or(RenderErrorReason::ParamNotFoundForIndex("t", 0))?;
    if !is_key(key) {
        // The words of a flow come in the page's language; only keys are looked up.
        return Ok(key.to_owned());
    }
    if cfg!(test) && !texts.has(lang, key) {
        return Err(RenderErrorReason::Other(format!("no text {key} in {}", lang.code())).into());
    }
    let args = h.hash().iter().map(|(name, param)| (name.to_string(), value(param.value())));
    Ok(texts.format(lang, key, &args.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_without_arguments_are_written_in() {
        let done =
            replace_calls("a{{t \"k-1\"}}b{{t \"k\" n=1}}", "{{t \"", "\"}}", |key| format!("<{key}>"));
        assert_eq!(done, "a<k-1>b{{t \"k\" n=1}}");
    }
}
