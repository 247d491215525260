//! Fluent texts in Chinese and English: every sentence that a person reads comes from here.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde_json::Value;

use super::frame::Lang;
use super::{LookError, Sources};

/// The texts of both languages.
pub struct Texts {
    zh: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
}

impl Texts {
    /// Reads every `locales/{zh,en}/*.ftl`.
    ///
    /// # Errors
    /// A file with a syntax error, or a key that two files define.
    pub fn load(sources: &Sources) -> Result<Self, LookError> {
        Ok(Self { zh: bundle(sources, Lang::Zh)?, en: bundle(sources, Lang::En)? })
    }

    /// The text of `key` (`message` or `message.attribute`); the other language's, then the key itself, where it is
    /// missing.
    pub fn t(&self, lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
        let mut fluent = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            fluent.set(name.to_string(), text_value(value));
        }
        self.format(lang, key, &fluent)
    }

    /// The text of `key` without arguments, or None where this language lacks it.
    pub fn find(&self, lang: Lang, key: &str) -> Option<String> {
        format_in(self.bundle(lang), key, &FluentArgs::new())
    }

    /// Whether this language has `key`.
    pub fn has(&self, lang: Lang, key: &str) -> bool {
        self.find(lang, key).is_some()
    }

    pub(super) fn format(&self, lang: Lang, key: &str, args: &FluentArgs<'_>) -> String {
        format_in(self.bundle(lang), key, args)
            .or_else(|| format_in(self.bundle(lang.other()), key, args))
            .unwrap_or_else(|| key.to_owned())
    }

    fn bundle(&self, lang: Lang) -> &FluentBundle<FluentResource> {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// An argument from a template: numbers choose plurals and are grouped (6,190); digits in text only choose.
pub(super) fn json_value(value: &Value) -> FluentValue<'static> {
    match value {
        Value::Number(n) => FluentValue::from(n.as_f64().unwrap_or_default()),
        Value::String(s) => text_value(s).into_owned(),
        Value::Null => FluentValue::from(String::new()),
        other => FluentValue::from(other.to_string()),
    }
}

fn text_value(text: &str) -> FluentValue<'_> {
    let digits = !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
    let plain = digits && (text.len() == 1 || !text.starts_with('0'));
    match text.parse::<f64>() {
        // Written without options, or it would not equal the `[2]` of a text; larger ones would be grouped.
        Ok(value) if plain && value < 1000.0 => FluentValue::from(value),
        _ => FluentValue::from(text.to_owned()),
    }
}

fn bundle(sources: &Sources, lang: Lang) -> Result<FluentBundle<FluentResource>, LookError> {
    let mut bundle = FluentBundle::new_concurrent(vec![lang.locale()]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(n) => Some(number(n.value, n.options.use_grouping)),
        _ => None,
    }));
    let folder = format!("locales/{}/", lang.code());
    for (name, text) in sources.under(&folder, ".ftl")? {
        let resource = FluentResource::try_new(text)
            .map_err(|(_, faults)| LookError::new(&name, format!("{:?}", faults.first())))?;
        bundle
            .add_resource(resource)
            .map_err(|faults| LookError::new(&name, format!("{:?}", faults.first())))?;
    }
    Ok(bundle)
}

fn number(value: f64, grouped: bool) -> String {
    if value.fract() != 0.0 {
        return value.to_string();
    }
    let digits = format!("{value:.0}");
    if grouped { super::format::group(&digits) } else { digits }
}

fn format_in(bundle: &FluentBundle<FluentResource>, key: &str, args: &FluentArgs<'_>) -> Option<String> {
    let pattern = match key.split_once('.') {
        Some((message, attribute)) => bundle.get_message(message)?.get_attribute(attribute)?.value(),
        None => bundle.get_message(key)?.value()?,
    };
    let mut faults = Vec::new();
    let text = bundle.format_pattern(pattern, Some(args), &mut faults).into_owned();
    Some(if faults.is_empty() { text } else { without_names(&text) })
}

/// Fluent writes `{$name}` for an argument that it was not given; a reader sees dots instead.
fn without_names(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{$") {
        out.push_str(before);
        out.push('…');
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_are_grouped_and_digits_in_text_are_not() {
        assert_eq!(number(6190.0, true), "6,190");
        assert_eq!(number(2027.0, false), "2027");
        assert_eq!(number(58.8, true), "58.8");
        assert!(matches!(text_value("3"), FluentValue::Number(_)));
        assert!(matches!(text_value("2027"), FluentValue::String(_)));
        assert_eq!(without_names("等 {$seconds} 秒"), "等 … 秒");
        assert!(matches!(text_value("007"), FluentValue::String(_)));
    }
}
