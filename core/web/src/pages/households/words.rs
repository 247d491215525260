//! How places, providers, days and categories of households are said.

use falin_app::division::Division;
use falin_app::household::Provider;
use falin_domain::directory::{Category, WorkerKind};
use falin_domain::spoken::whole_day;
use falin_domain::time::{Date, Instant};

use crate::look::desk::{Link, key};
use crate::look::{Lang, Say, format};

/// `新城镇 野麻湾村`, from a village and all above it.
pub fn place(line: &[Division]) -> String {
    let village = line.first().map(|village| format::place(&village.name));
    let township = line.get(1).map(|township| township.name.as_str());
    [township, village].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Text key of the title after a worker's name; empty for a firm.
pub fn title(provider: &Provider) -> &'static str {
    match provider.worker_kind {
        None => "",
        Some(WorkerKind::Lawyer) => "title-lawyer",
        Some(WorkerKind::LegalServiceWorker) => "title-legal-service-worker",
        Some(WorkerKind::Notary) => "title-notary",
        Some(WorkerKind::AidStaff) => "title-aid-staff",
        Some(WorkerKind::Volunteer) => "title-volunteer",
    }
}

/// The provider with its title, leading to its page.
pub fn provider_link(say: &Say<'_>, provider: &Provider) -> Link {
    let (noun, name) = match title(provider) {
        "" => ("firms", provider.name.clone()),
        title => ("workers", format!("{} {}", provider.name, say.t(title)).trim_end().to_owned()),
    };
    Link::new(format!("/desk/{noun}/{}", provider.id), name)
}

/// `2026年3月1日`, `1 Mar 2026`.
pub fn day(lang: Lang, date: Date) -> String {
    whole_day(date, lang == Lang::En)
}

/// `3月1日 16:40`.
pub fn moment(lang: Lang, at: Instant, today: Date) -> String {
    format!("{} {}", format::day(lang, at.date(), today), at.clock_text())
}

/// A span whose end is the first day on which it no longer holds: people say the last day on which it did.
pub fn span(say: &Say<'_>, lang: Lang, from: Date, to: Option<Date>) -> String {
    let from_words = day(lang, from);
    match to {
        Some(to) => {
            let last = day(lang, from.max(to.plus_days(-1)));
            say.with("desk-span", &[("from", &from_words), ("to", &last)])
        }
        None => say.with("desk-span-now", &[("from", &from_words)]),
    }
}

/// Categories in words.
pub fn categories(say: &Say<'_>, all: impl Iterator<Item = Category>) -> String {
    let words: Vec<String> = all.map(|one| say.t(&key("desk-household-category", one.code()))).collect();
    say.list(&words)
}
