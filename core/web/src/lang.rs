//! Which of the two languages a request or a terminal asks for.

use crate::look::Lang;

/// The language of a tag (`zh`, `zh-CN`, `zh_CN.UTF-8`, `en-GB`); None where it is another.
pub fn of_tag(tag: &str) -> Option<Lang> {
    let head = tag.split(['-', '_', '.', ';']).next().unwrap_or_default().trim();
    Lang::parse(&head.to_ascii_lowercase())
}

/// The best of an Accept-Language header (RFC 9110 §12.5.4); Chinese where neither is asked for.
pub fn of_accept(header: &str) -> Lang {
    let mut best = (0.0_f32, Lang::Zh);
    for item in header.split(',').take(20) {
        let mut parts = item.split(';');
        let tag = parts.next().unwrap_or_default();
        let weight =
            parts.find_map(|p| p.trim().strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
        if let Some(lang) = of_tag(tag)
            && weight > best.0
        {
            best = (weight, lang);
        }
    }
    best.1
}

/// The language of a terminal from `LC_ALL`, `LC_MESSAGES` or `LANG`, the first that is set; English where none
/// is, since a terminal without a locale may not show Chinese.
pub fn of_environment() -> Lang {
    let mut set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
    set.find(|value| !value.is_empty()).and_then(|value| of_tag(&value)).unwrap_or(Lang::En)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_language_is_weighed() {
        assert_eq!(of_accept("en-GB,en;q=0.9,zh;q=0.8"), Lang::En);
        assert_eq!(of_accept("fr,zh-CN;q=0.5,en;q=0.2"), Lang::Zh);
        assert_eq!(of_accept("fr"), Lang::Zh);
        assert_eq!(of_accept(""), Lang::Zh);
        assert_eq!(of_accept("en;q=0, zh;q=x"), Lang::Zh);
    }

    #[test]
    fn a_locale_names_its_language() {
        assert_eq!(of_tag("zh_CN.UTF-8"), Some(Lang::Zh));
    }
}
