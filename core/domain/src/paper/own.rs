//! A paper that a plugin's package brings: its name with the plugin's before it, and what it was called before.

use super::Paper;
use crate::workflow::{OwnPaper, Words};

/// What stands between the plugin's name and the paper's own. A flow has `/` there; a kind of paper is one word of an
/// address, `/desk/papers/kinds/round-table.notice`, and neither name can hold a dot.
const BETWEEN: char = '.';

/// The package that brings a paper, and what its declaration says of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Own {
    /// The plugin.
    pub plugin: String,
    /// The generation of its package.
    pub generation: i32,
    /// What lists call it, in both languages; the print has the title.
    pub name: Words,
    /// Codes under which the house had it: papers of these codes are its own.
    pub was: Vec<String>,
}

/// The whole name of a plugin's paper.
pub fn whole_name(plugin: &str, code: &str) -> String {
    format!("{plugin}{BETWEEN}{code}")
}

/// The plugin that a whole name belongs to; None for a paper of the house.
pub fn plugin_of(code: &str) -> Option<&str> {
    code.split_once(BETWEEN).map(|(plugin, _)| plugin)
}

impl Paper {
    /// The paper as one of this package: it and its series bear the plugin's name, and it is for the flows named.
    pub fn of_package(
        mut self,
        (plugin, generation): (&str, i32),
        declared: &OwnPaper,
        flows: Vec<String>,
    ) -> Self {
        self.code = whole_name(plugin, &self.code);
        self.nouns = flows;
        if let Some(number) = &mut self.number {
            number.series = whole_name(plugin, &number.series);
            for variant in &mut number.variants {
                variant.series = whole_name(plugin, &variant.series);
            }
        }
        self.own = Some(Own {
            plugin: plugin.to_owned(),
            generation,
            name: declared.name.clone(),
            was: declared.was.clone(),
        });
        self
    }

    /// What lists call it in a language: a paper of the house by its title.
    pub fn called(&self, lang: &str) -> &str {
        self.own.as_ref().map_or(self.title.as_str(), |own| own.name.in_language(lang))
    }

    /// Its series, each with what stands before the year.
    pub fn series(&self) -> Vec<(&str, &str)> {
        let Some(number) = &self.number else { return Vec::new() };
        let variants = number.variants.iter().map(|one| (one.series.as_str(), one.prefix.as_str()));
        variants.chain([(number.series.as_str(), number.prefix.as_str())]).collect()
    }

    /// Every code under which papers of this kind are kept, its own first.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        let was = self.own.iter().flat_map(|own| own.was.iter().map(String::as_str));
        std::iter::once(self.code.as_str()).chain(was)
    }

    /// Its code as its own package says it: without the plugin's name.
    pub fn local(&self) -> &str {
        self.code.split_once(BETWEEN).map_or(self.code.as_str(), |(_, local)| local)
    }

    /// The series that counted it while it was the house's, which this one goes on from.
    pub fn former_series<'a>(&self, series: &'a str) -> Option<&'a str> {
        let moved = self.own.as_ref().is_some_and(|own| !own.was.is_empty());
        series.split_once(BETWEEN).filter(|_| moved).map(|(_, former)| former)
    }
}
