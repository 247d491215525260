//! Papers that a package brings: what the declaration says of each, and the check of their files.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Effect, Flow, Manifest, Words};
use crate::paper::{self, Paper, lint, whole_name};

/// Most papers of a plugin, and most codes that one of them had before.
pub const MOST_PAPERS: usize = 60;
const MOST_WAS: usize = 10;
/// Largest file of a paper in bytes.
pub const MOST_PAPER: usize = 64 << 10;
/// Where they lie in the package.
pub const PAPERS: &str = "papers/";

/// A paper of the package's own. What is printed stands in its file, `papers/CODE.toml`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnPaper {
    /// Its name in the package; outside it the plugin's name and a dot stand before it.
    pub code: String,
    /// What lists call it.
    pub name: Words,
    /// The flows whose cases may have it; every one of the plugin where none is named.
    #[serde(default)]
    pub flows: Vec<String>,
    /// Codes that it had while it was the house's: its papers, numbers and templates of that time go on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub was: Vec<String>,
}

/// A fault of a package's papers, at the file that has it.
pub type PaperFault = (String, String);

impl Manifest {
    /// Its own paper that steps, libraries or old rows call so.
    pub fn own_paper(&self, code: &str) -> Option<&OwnPaper> {
        let local = code.strip_prefix(&whole_name(&self.id, "")).unwrap_or(code);
        let named = self.paper.iter().find(|one| one.code == local);
        named.or_else(|| self.paper.iter().find(|one| one.was.iter().any(|was| was == code)))
    }

    /// The paper of the house whose name one of its own bears.
    pub fn covers(&self) -> Option<&str> {
        self.paper.iter().map(|one| one.code.as_str()).find(|code| paper::find(code).is_some())
    }

    /// The flows of one of its papers, by their whole names.
    fn flows_of(&self, one: &OwnPaper) -> Vec<String> {
        let named = |flow: &&Flow| one.flows.is_empty() || one.flows.contains(&flow.id);
        self.flow.iter().filter(named).map(|flow| self.flow_id(&flow.id)).collect()
    }

    /// Its papers as this generation of the package brings them, by their whole names. `files` are those of the
    /// package under `papers/`.
    ///
    /// # Errors
    /// Files that are not there, or that are no papers.
    pub fn papers(
        &self,
        generation: i32,
        files: &BTreeMap<String, String>,
    ) -> Result<Vec<Paper>, Vec<PaperFault>> {
        let (mut papers, mut faults) = (Vec::new(), Vec::new());
        for one in &self.paper {
            let path = file(&one.code);
            match files.get(&path).map(|text| (text, Paper::parse(text))) {
                None => faults.push((path, "the declaration names it, and there is no such file".to_owned())),
                Some((text, Err(bad))) => faults.push((path, located(text, "", &bad.0))),
                Some((_, Ok(paper))) if paper.code != one.code => {
                    faults.push((path, format!("code `{}`: the file is named after its code", paper.code)));
                }
                Some((_, Ok(paper))) => {
                    papers.push(paper.of_package((&self.id, generation), one, self.flows_of(one)));
                }
            }
        }
        if faults.is_empty() { Ok(papers) } else { Err(faults) }
    }

    /// Every fault of the files under `papers/`, each at its file and, where it has one, its line.
    pub fn paper_faults(&self, files: &BTreeMap<String, String>) -> Vec<PaperFault> {
        let mut faults = Vec::new();
        for (path, text) in files {
            if !self.paper.iter().any(|one| file(&one.code) == *path) {
                faults.push((path.clone(), "no [[paper]] of plugin.toml names it".to_owned()));
            }
            if text.len() > MOST_PAPER {
                faults.push((path.clone(), format!("larger than {} KiB", MOST_PAPER >> 10)));
            }
        }
        match self.papers(1, files) {
            Err(found) => faults.extend(found),
            Ok(papers) => faults.extend(self.linted(&papers, files)),
        }
        faults
    }

    fn linted(&self, papers: &[Paper], files: &BTreeMap<String, String>) -> Vec<PaperFault> {
        let flows = self.flows(1);
        let own: Vec<&str> = self.paper.iter().map(|one| one.code.as_str()).collect();
        let mut faults = Vec::new();
        let mut prefixes: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
        for (paper, declared) in papers.iter().zip(&self.paper) {
            let path = file(&declared.code);
            let text = files.get(&path).map(String::as_str).unwrap_or_default();
            let its: Vec<&Flow> = flows.iter().filter(|flow| paper.is_for(&flow.id)).collect();
            let found = lint(paper, &its, &own).into_iter();
            faults.extend(found.map(|one| (path.clone(), located(text, &one.at, &one.what))));
            if text.lines().any(|line| line.trim_start().starts_with("nouns")) {
                let what =
                    "a paper of a package is for its own flows: name them in plugin.toml, under `flows`";
                faults.push((path.clone(), located(text, "nouns", what)));
            }
            for (series, prefix) in paper.series() {
                let (known, other) = *prefixes.entry(prefix).or_insert((series, &declared.code));
                if known != series {
                    let what = format!("prefix `{prefix}` is counted by `{other}` too, in another series");
                    faults.push((path.clone(), located(text, "prefix", &what)));
                }
            }
        }
        faults
    }

    /// Faults of what the declaration says of its papers.
    pub(super) fn check_papers(&self, faults: &mut Vec<String>) {
        if self.paper.len() > MOST_PAPERS {
            faults.push(format!("more than {MOST_PAPERS} papers"));
        }
        let (mut codes, mut before) = (BTreeSet::new(), BTreeSet::new());
        for one in &self.paper {
            let mut say = |what: String| faults.push(format!("paper `{}`: {what}", one.code));
            if !is_code(&one.code) {
                say("its code: 2 to 40 small letters, digits and single hyphens".to_owned());
            }
            if !codes.insert(&one.code) {
                say("stands twice".to_owned());
            }
            for flow in one.flows.iter().filter(|id| !self.flow.iter().any(|flow| flow.id == **id)) {
                say(format!("there is no flow `{flow}`"));
            }
            if one.was.len() > MOST_WAS {
                say(format!("more than {MOST_WAS} codes under `was`"));
            }
            for was in &one.was {
                if paper::find(was).is_some() {
                    say(format!("`{was}` is a paper of the house, and no former name of another"));
                }
                if !is_code(was) || !before.insert(was) {
                    say(format!("`{was}` under `was` is no code, or stands twice"));
                }
            }
        }
        for flow in &self.flow {
            for step in &flow.step {
                for code in step.effects.iter().filter_map(Effect::paper) {
                    self.check_offer(flow, &format!("step `{}`", step.action), code, faults);
                }
            }
            for code in flow.dossier.iter().flat_map(|one| &one.papers) {
                self.check_offer(flow, "dossier", code, faults);
            }
        }
    }

    fn check_offer(&self, flow: &Flow, place: &str, code: &str, faults: &mut Vec<String>) {
        let mut say = |what: String| faults.push(format!("flow `{}`: {place}: {what}", flow.id));
        match self.own_paper(code) {
            Some(one) if one.flows.is_empty() || one.flows.contains(&flow.id) => {}
            Some(_) => say(format!("paper `{code}` is not for this flow")),
            None if paper::find(code).is_some() => {}
            None => say(format!("there is no paper `{code}`")),
        }
    }
}

fn file(code: &str) -> String {
    format!("{PAPERS}{code}.toml")
}

fn is_code(code: &str) -> bool {
    super::is_id(code)
}

/// A fault with the number of its line: the line of a layout that it quotes, else the first that has the word.
fn located(text: &str, word: &str, what: &str) -> String {
    let quoted = what.split_once('«').and_then(|(_, rest)| rest.split_once('»')).map(|(line, _)| line);
    let named = what.split_once("layout names ").and_then(|(_, rest)| rest.split(',').next());
    let field = what.split_once(": field ").and_then(|(_, rest)| rest.split([' ', ':']).next());
    let at = match (quoted, named, field) {
        (Some(line), ..) => text.lines().position(|one| one.trim() == line),
        (_, Some(name), _) => text.lines().position(|one| one.contains(&format!("{{{name}"))),
        (.., Some(name)) => find_word(text, name),
        _ if word.is_empty() => None,
        _ => find_word(text, word),
    };
    match at {
        Some(at) => format!("line {}: {what}", at + 1),
        None => what.to_owned(),
    }
}

/// The line that writes a word between quotes, else the first that begins with it.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let quoted = format!("\"{word}\"");
    let begins = |line: &str| line.trim_start().trim_start_matches('[').starts_with(word);
    text.lines().position(|line| line.contains(&quoted)).or_else(|| text.lines().position(begins))
}
