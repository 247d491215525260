//! The look of the house: templates, texts, stylesheet, and the typed context of every page.
//!
//! A page is a [`View`]: a flat serialisable struct with its template's name and samples. [`Look::render`] renders it
//! inside its layout. Templates hold words only by key (`{{t "key"}}`); data that is itself a word to be looked up is a
//! text key and is written `{{t field}}`.

mod assets;
pub mod desk;
mod engine;
mod fields;
pub mod format;
mod frame;
pub mod keys;
pub mod parts;
pub mod print;
pub mod public;
mod refusals;
#[cfg(test)]
mod tests;
mod texts;

use std::borrow::Borrow;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use desk::Form;
use engine::Engine;
use serde::Serialize;

pub use assets::{Asset, Assets, Sources};
pub use frame::{Again, Frame, Lang, NavGroup, NavItem, Person, Size, Step, parse_segment, segment};
pub use texts::Texts;

/// Which layout surrounds a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// Residents: masthead, one column, footer.
    Public,
    /// Staff: masthead with search, menu at the left.
    Desk,
    /// Paper.
    Print,
    /// An official paper, with a stylesheet of its own.
    Paper,
}

impl Layout {
    const fn template(self) -> &'static str {
        match self {
            Self::Public => "layouts/public",
            Self::Desk => "layouts/desk",
            Self::Print => "layouts/print",
            Self::Paper => "layouts/paper",
        }
    }
}

/// The context of one template.
pub trait View: Serialize + Sized {
    /// Name of the template under `templates/`, without `.hbs`.
    const TEMPLATE: &'static str;
    /// What surrounds it.
    const LAYOUT: Layout;
    /// The page's title, without the county's name.
    fn title(&self, say: &Say<'_>) -> String;
    /// The form that draws this very page again, with what was typed into it, in another language or size of print.
    fn redrawn_by(&self) -> Option<&Form> {
        None
    }
    /// Contexts that show every branch of the template; each is rendered in every language and size by a test.
    fn samples() -> Vec<Self>;
}

/// The texts in one language.
#[derive(Clone, Copy)]
pub struct Say<'a> {
    texts: &'a Texts,
    /// The language.
    pub lang: Lang,
}

impl Say<'_> {
    /// The text of `key`.
    pub fn t(&self, key: &str) -> String {
        self.texts.t(self.lang, key, &[])
    }

    /// The text of `key` with arguments.
    pub fn with(&self, key: &str, args: &[(&str, &str)]) -> String {
        self.texts.t(self.lang, key, args)
    }

    /// Words one after the other: `律师、窗口`, `lawyer, window`.
    pub fn list<S: Borrow<str>>(&self, words: &[S]) -> String {
        words.join(if self.lang == Lang::Zh { "、" } else { ", " })
    }

    /// Parts of a line that are phrases: `冯军，139 0937 5678`.
    pub fn phrases<S: Borrow<str>>(&self, parts: &[S]) -> String {
        parts.join(if self.lang == Lang::Zh { "，" } else { ", " })
    }

    /// A word with what tells it from others: `窗口（新城镇）`, `window (Xincheng)`.
    pub fn noted(&self, word: &str, note: &str) -> String {
        match self.lang {
            Lang::Zh => format!("{word}（{note}）"),
            Lang::En => format!("{word} ({note})"),
        }
    }

    /// A label and what it says: `现在：贾浩`, `now: 贾浩`.
    pub fn labelled(&self, label: &str, value: &str) -> String {
        match self.lang {
            Lang::Zh => format!("{label}：{value}"),
            Lang::En => format!("{label}: {value}"),
        }
    }
}

/// A template, text or asset that does not do; only a fault in the files can cause it.
#[derive(Clone, Debug)]
pub struct LookError {
    file: String,
    fault: String,
}

impl LookError {
    fn new(file: &str, fault: impl fmt::Display) -> Self {
        Self { file: file.to_owned(), fault: fault.to_string() }
    }
}

impl fmt::Display for LookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.fault)
    }
}

impl std::error::Error for LookError {}

/// Every template, text and asset; share one in an `Arc`. Templates of a language are parsed when its first page is
/// asked for, so that a command that shows none does not wait for them.
pub struct Look {
    sources: Sources,
    zh: OnceLock<Result<Engine, LookError>>,
    en: OnceLock<Result<Engine, LookError>>,
    texts: Arc<Texts>,
    /// Stylesheet, script and mark.
    pub assets: Assets,
}

#[derive(Serialize)]
struct Page<'a, V> {
    #[serde(flatten)]
    view: &'a V,
    frame: &'a Frame,
}

#[derive(Serialize)]
struct Shell<'a> {
    frame: &'a Frame,
    /// On the answer to a form that can be drawn again as it stands.
    again: Option<Again>,
    title: &'a str,
    body: &'a str,
    css: &'a str,
    paper_css: &'a str,
    js: &'a str,
    icon: &'a str,
}

impl Look {
    /// Loads everything that is embedded; files of the same name under `own` take their place (`pages/…`, `locales/…`).
    ///
    /// # Errors
    /// The first file that cannot be read or parsed.
    pub fn load(own: Option<PathBuf>) -> Result<Self, LookError> {
        // What is embedded has been proved by tests; a county's own folder is proved here.
        let changed = own.is_some();
        let sources = Sources::new(own);
        let texts = Arc::new(Texts::load(&sources)?);
        let assets = Assets::load(&sources)?;
        let look = Self { sources, zh: OnceLock::new(), en: OnceLock::new(), texts, assets };
        if changed {
            look.engine(Lang::Zh)?;
            look.engine(Lang::En)?;
        }
        Ok(look)
    }

    fn engine(&self, lang: Lang) -> Result<&Engine, LookError> {
        let place = match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        };
        place
            .get_or_init(|| engine::registry(&self.sources, &self.texts, lang))
            .as_ref()
            .map_err(LookError::clone)
    }

    /// The page as HTML, in the frame's language.
    ///
    /// # Errors
    /// A template that names what its view does not have; the samples' test keeps this from happening.
    pub fn render<V: View>(&self, frame: &Frame, view: &V) -> Result<String, LookError> {
        let body = self.part(V::TEMPLATE, frame.lang, &Page { view, frame })?;
        let title = view.title(&self.say(frame.lang));
        let again = view.redrawn_by().filter(|form| frame.is_answer() && !form.redraw.is_empty());
        let again = again.map(|form| frame.again(form));
        let shell = Shell {
            frame,
            again,
            title: &title,
            body: &body,
            css: self.assets.href("falin.css"),
            paper_css: self.assets.href("paper.css"),
            js: self.assets.href("falin.js"),
            icon: self.assets.href("falin.svg"),
        };
        self.part(V::LAYOUT.template(), frame.lang, &shell)
    }

    /// The texts in one language.
    pub fn say(&self, lang: Lang) -> Say<'_> {
        Say { texts: &self.texts, lang }
    }

    /// All texts, for those who speak without a page (problems, commands).
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// Text keys named by templates and missing in a language, as `zh: key`.
    ///
    /// # Errors
    /// The first template that cannot be parsed.
    pub fn missing(&self, lang: Lang) -> Result<&[String], LookError> {
        Ok(&self.engine(lang)?.missing)
    }

    fn part(&self, template: &str, lang: Lang, data: &impl Serialize) -> Result<String, LookError> {
        let templates = &self.engine(lang)?.templates;
        templates.render(template, data).map_err(|fault| LookError::new(template, fault))
    }
}

/// How a test renders every sample of one template.
pub type RenderSamples = fn(&Look, &Frame) -> Vec<Result<String, LookError>>;

/// One template and how to render its samples.
pub struct Sampled {
    /// The template's name.
    pub template: &'static str,
    /// Renders each of its samples in this frame.
    pub render: RenderSamples,
}

/// The entry of one view in its list.
pub fn sampled<V: View>() -> Sampled {
    Sampled {
        template: V::TEMPLATE,
        render: |look, frame| V::samples().iter().map(|view| look.render(frame, view)).collect(),
    }
}

/// Every page's template: a template that is not here fails a test.
pub fn all_templates() -> Vec<Sampled> {
    let mut all = public::templates();
    all.extend(print::templates());
    all.extend(desk::templates());
    all
}
