//! Papers that a package brings: what the declaration says of each, and the check of their files.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Flow, Manifest, Words};
use crate::fault::{At, Fault, placed};
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

/// A fault of a package, and the file that has it.
pub type FileFault = (String, Fault);

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
    ) -> Result<Vec<Paper>, Vec<FileFault>> {
        let (mut papers, mut faults) = (Vec::new(), Vec::new());
        for one in &self.paper {
            let path = file(&one.code);
            let mut found = Vec::new();
            let text = files.get(&path).map(String::as_str);
            match text.map(Paper::parse) {
                None => At::top(&mut found).say("paper.no_file", &[]),
                Some(Err(bad)) => found.push(bad),
                Some(Ok(paper)) if paper.code != one.code => {
                    At::top(&mut found).member("code").say("paper.code", &[("code", &paper.code)]);
                }
                Some(Ok(paper)) => {
                    papers.push(paper.of_package((&self.id, generation), one, self.flows_of(one)));
                }
            }
            placed(text.unwrap_or_default(), &mut found);
            faults.extend(found.into_iter().map(|fault| (path.clone(), fault)));
        }
        if faults.is_empty() { Ok(papers) } else { Err(faults) }
    }

    /// Every fault of the files under `papers/`, each at its file and, where it has one, its line.
    pub fn paper_faults(&self, files: &BTreeMap<String, String>) -> Vec<FileFault> {
        let mut faults = Vec::new();
        for (path, text) in files {
            if !self.paper.iter().any(|one| file(&one.code) == *path) {
                faults.push((path.clone(), Fault::new("paper.undeclared", &[])));
            }
            if text.len() > MOST_PAPER {
                faults.push((path.clone(), Fault::new("too_large", &[("most", &(MOST_PAPER >> 10))])));
            }
        }
        match self.papers(1, files) {
            Err(found) => faults.extend(found),
            Ok(papers) => faults.extend(self.linted(&papers, files)),
        }
        faults
    }

    fn linted(&self, papers: &[Paper], files: &BTreeMap<String, String>) -> Vec<FileFault> {
        let flows = self.flows(1);
        let own: Vec<&str> = self.paper.iter().map(|one| one.code.as_str()).collect();
        let mut faults = Vec::new();
        let mut prefixes: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
        for (paper, declared) in papers.iter().zip(&self.paper) {
            let path = file(&declared.code);
            let text = files.get(&path).map(String::as_str).unwrap_or_default();
            let its: Vec<&Flow> = flows.iter().filter(|flow| paper.is_for(&flow.id)).collect();
            let mut found = Vec::new();
            let mut at = At::top(&mut found);
            lint(paper, &its, &own, &mut at);
            if text.lines().any(|line| line.trim_start().starts_with("nouns")) {
                at.member("nouns").say("paper.nouns", &[]);
            }
            for (series, prefix) in paper.series() {
                let (known, other) = *prefixes.entry(prefix).or_insert((series, &declared.code));
                if known != series {
                    at.member("number").say("paper.counted", &[("prefix", &prefix), ("paper", &other)]);
                }
            }
            placed(text, &mut found);
            faults.extend(found.into_iter().map(|fault| (path.clone(), fault)));
        }
        faults
    }

    /// Faults of what the declaration says of its papers.
    pub(super) fn check_papers(&self, at: &mut At<'_>) {
        if self.paper.len() > MOST_PAPERS {
            at.member("paper").say("too_many", &[("most", &MOST_PAPERS)]);
        }
        let (mut codes, mut before) = (BTreeSet::new(), BTreeSet::new());
        for (number, one) in self.paper.iter().enumerate() {
            let mut at = at.entry("paper", number, &one.code);
            if !is_code(&one.code) {
                at.member("code").say("name.id", &[]);
            }
            if !codes.insert(&one.code) {
                at.say("twice", &[]);
            }
            for flow in one.flows.iter().filter(|id| self.own(id).is_none()) {
                at.member("flows").say("no_flow", &[("flow", flow)]);
            }
            let mut at = at.member("was");
            if one.was.len() > MOST_WAS {
                at.say("too_many", &[("most", &MOST_WAS)]);
            }
            for was in &one.was {
                if paper::find(was).is_some() {
                    at.say("paper.of_house", &[("paper", was)]);
                }
                if !is_code(was) || !before.insert(was) {
                    at.say("paper.was", &[("paper", was)]);
                }
            }
        }
        for (number, flow) in self.flow.iter().enumerate() {
            let mut at = at.entry("flow", number, &flow.id);
            for (number, step) in flow.step.iter().enumerate() {
                let mut at = at.entry("step", number, &step.action);
                for (number, effect) in step.effects.iter().enumerate() {
                    let mut at = at.entry("effects", number, "");
                    effect.paper().into_iter().for_each(|code| self.check_offer(flow, code, &mut at));
                }
            }
            for (number, one) in flow.dossier.iter().enumerate() {
                let mut at = at.entry("dossier", number, "");
                one.papers.iter().for_each(|code| self.check_offer(flow, code, &mut at.member("papers")));
            }
        }
    }

    fn check_offer(&self, flow: &Flow, code: &str, at: &mut At<'_>) {
        match self.own_paper(code) {
            Some(one) if one.flows.is_empty() || one.flows.contains(&flow.id) => {}
            Some(_) => at.say("paper.not_for_flow", &[("paper", &code)]),
            None if paper::find(code).is_some() => {}
            None => at.say("no_paper", &[("paper", &code)]),
        }
    }
}

fn file(code: &str) -> String {
    format!("{PAPERS}{code}.toml")
}

fn is_code(code: &str) -> bool {
    super::is_id(code)
}
