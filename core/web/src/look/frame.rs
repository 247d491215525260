//! What surrounds a page: language, size of print, county, links of the masthead, the visitor and the menu.

use serde::{Serialize, Serializer};
use unic_langid::LanguageIdentifier;

use super::desk::Form;
use super::parts::Notice;

/// The two languages of the house.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Default)]
pub enum Lang {
    /// Chinese, the first.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// `zh` or `en`, as in addresses and folders.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The language behind `zh` or `en`.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Zh, Self::En].into_iter().find(|lang| lang.code() == code)
    }

    /// The other one.
    pub const fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }

    pub(super) fn locale(self) -> LanguageIdentifier {
        // Both parse; the default (undetermined) would only lose plural rules.
        self.code().parse().unwrap_or_default()
    }
}

impl Serialize for Lang {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}

/// How large the print is: the elder view begins at 22 px and can grow to 30 (适老化 rules).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Default)]
pub enum Size {
    /// 18 px on public pages, 16 px at the desk.
    #[default]
    Normal,
    /// 22 px, targets of 60 px.
    Large,
    /// 26 px.
    Larger,
    /// 30 px.
    Largest,
}

impl Size {
    /// Every size, smallest first.
    pub const ALL: [Self; 4] = [Self::Normal, Self::Large, Self::Larger, Self::Largest];

    const fn suffix(self) -> &'static str {
        match self {
            Self::Normal => "",
            Self::Large => "-large",
            Self::Larger => "-large26",
            Self::Largest => "-large30",
        }
    }

    const fn class(self) -> &'static str {
        match self {
            Self::Normal => "",
            Self::Large => "large",
            Self::Larger => "large x26",
            Self::Largest => "large x30",
        }
    }
}

/// The first segment of a public address: language and size, such as `zh` or `en-large`.
pub fn segment(lang: Lang, size: Size) -> String {
    format!("{}{}", lang.code(), size.suffix())
}

/// Reads `zh`, `zh-large`, `zh-large26`, `zh-large30` and the same in `en`.
pub fn parse_segment(text: &str) -> Option<(Lang, Size)> {
    let (code, suffix) = text.split_at_checked(2)?;
    let size = Size::ALL.into_iter().find(|size| size.suffix() == suffix)?;
    Some((Lang::parse(code)?, size))
}

/// A link that changes how the page is shown.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// Address of the same page so shown.
    pub href: String,
    /// Text key of its name.
    pub label: &'static str,
    /// Whether the page is shown so now.
    pub current: bool,
}

/// Who is signed in, as the masthead says it.
#[derive(Clone, Debug, Serialize)]
pub struct Person {
    /// Full name.
    pub name: String,
    /// What they are here, in words.
    pub role: String,
    /// Whether they have more to look through than what is their own.
    pub seeks: bool,
}

/// One group of the desk's menu.
#[derive(Clone, Debug, Serialize)]
pub struct NavGroup {
    /// Heading in words; empty for the first group.
    pub label: String,
    /// Its entries.
    pub items: Vec<NavItem>,
    /// Whether it is folded up until it is wanted, as each of the county's workflows is.
    pub folds: bool,
    /// Whether it holds the page that is shown, and so stands open.
    pub open: bool,
}

/// One entry of the desk's menu.
#[derive(Clone, Debug, Serialize)]
pub struct NavItem {
    /// Address.
    pub href: String,
    /// Words.
    pub label: String,
    /// How many wait there; None shows nothing.
    pub count: Option<u64>,
    /// Whether this is the page shown.
    pub current: bool,
}

/// Everything around a page's own content.
#[derive(Clone, Debug, Serialize)]
pub struct Frame {
    /// Language of the page.
    pub lang: Lang,
    /// Size of print.
    #[serde(skip)]
    pub size: Size,
    /// Whether the elder view is on.
    pub large: bool,
    /// Class on `html` for the size.
    pub size_class: &'static str,
    /// Address prefix of the county's public pages without trailing slash (`/zh/620200`), empty without a county.
    pub base: String,
    /// Code of the county, empty where several are still to be chosen from.
    pub county_code: String,
    /// The county's name.
    pub county_name: String,
    /// The same page in large print, or back in normal print; empty on the answer to a form.
    pub large_href: String,
    /// The same page in the other language; empty on the answer to a form.
    pub lang_href: String,
    /// The same page in every size; empty at the desk and on the answer to a form.
    pub sizes: Vec<Step>,
    /// Token that every form of a signed-in page carries; None on public pages.
    pub csrf: Option<String>,
    /// Who is signed in; None on public pages.
    pub visitor: Option<Person>,
    /// The desk's menu; empty on public pages.
    pub nav: Vec<NavGroup>,
    /// One message about what was just done.
    pub flash: Option<Notice>,
}

/// How the answer to a form is drawn again otherwise.
#[derive(Clone, Debug, Serialize)]
pub struct Again {
    /// What the form's handler hears as `go`.
    pub go: String,
    /// Where the form goes for the other language.
    pub lang_href: String,
    /// Where it goes for every size.
    pub sizes: Vec<Step>,
}

impl Frame {
    /// The frame of a public page; `county` is (code, name), `rest` the path after it (`/villages/7`), query included.
    pub fn public(lang: Lang, size: Size, county: Option<(&str, &str)>, rest: &str) -> Self {
        let (code, name) = county.unwrap_or_default();
        let tail = if code.is_empty() { String::new() } else { format!("/{code}") };
        let address = |lang, size| format!("/{}{tail}{rest}", segment(lang, size));
        let toggled = if size == Size::Normal { Size::Large } else { Size::Normal };
        let base = if code.is_empty() { String::new() } else { format!("/{}{tail}", segment(lang, size)) };
        let labels = ["size-normal", "size-large", "size-larger", "size-largest"];
        let sizes = Size::ALL.into_iter().zip(labels);
        Self {
            lang,
            size,
            large: size != Size::Normal,
            size_class: size.class(),
            base,
            county_code: code.to_owned(),
            county_name: name.to_owned(),
            large_href: address(lang, toggled),
            lang_href: address(lang.other(), size),
            sizes: sizes
                .map(|(one, label)| Step { href: address(lang, one), label, current: one == size })
                .collect(),
            csrf: None,
            visitor: None,
            nav: Vec::new(),
            flash: None,
        }
    }

    /// The frame of a page that needs a signed-in person; `path` is the page's own address, query included.
    ///
    /// Language and size are the visitor's preference, changed by `GET /me/view?lang=…|size=…&back=PATH`.
    pub fn desk(
        lang: Lang,
        size: Size,
        county: (&str, &str),
        path: &str,
        csrf: &str,
        person: Person,
    ) -> Self {
        let back = super::format::query_escape(path);
        let toggled = if size == Size::Normal { "large" } else { "normal" };
        Self {
            large_href: format!("/me/view?size={toggled}&back={back}"),
            lang_href: format!("/me/view?lang={}&back={back}", lang.other().code()),
            sizes: Vec::new(),
            csrf: Some(csrf.to_owned()),
            visitor: Some(person),
            ..Self::public(lang, size, Some(county), "")
        }
    }

    /// The ways to the same page otherwise shown that lose nothing typed: buttons of its own form.
    pub fn again(&self, form: &Form) -> Again {
        let rest = form.action.strip_prefix(&self.base).unwrap_or_default();
        let county = (self.county_code.as_str(), self.county_name.as_str());
        let Self { lang_href, sizes, .. } = Self::public(self.lang, self.size, Some(county), rest);
        Again { go: form.redraw.clone(), lang_href, sizes }
    }

    /// Whether it is that of [`Frame::of_answer`].
    pub fn is_answer(&self) -> bool {
        self.lang_href.is_empty()
    }

    /// The frame of the answer to a form: no link leads to the same page otherwise shown, since it would lose what was
    /// typed.
    pub fn of_answer(self) -> Self {
        Self { large_href: String::new(), lang_href: String::new(), sizes: Vec::new(), ..self }
    }

    /// The same frame with a menu.
    pub fn with_nav(mut self, nav: Vec<NavGroup>) -> Self {
        self.nav = nav;
        self
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_first_segment_carries_language_and_size() {
        for lang in [Lang::Zh, Lang::En] {
            for size in Size::ALL {
                assert_eq!(parse_segment(&segment(lang, size)), Some((lang, size)));
            }
        }
        for bad in ["", "z", "zhx", "zh-", "fr", "zh-large27", "中文"] {
            assert_eq!(parse_segment(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_masthead_links_to_the_same_page_otherwise_shown() {
        let frame = Frame::public(Lang::Zh, Size::Normal, Some(("620200", "嘉峪关市")), "/villages/7?q=a");
        assert_eq!(frame.base, "/zh/620200");
        assert_eq!(frame.large_href, "/zh-large/620200/villages/7?q=a");
        assert_eq!(frame.lang_href, "/en/620200/villages/7?q=a");
        let answer = frame.of_answer();
        assert!(answer.large_href.is_empty() && answer.lang_href.is_empty() && answer.sizes.is_empty());
    }
}
