//! `plugin.toml`: what a plugin says of itself before a line of it runs, and the check that it must pass.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::hook::{Hook, hooked};
use super::migration::Migration;
use super::stage::{Collection, Import, Job, Page, Post, Setting};
use super::{Effect, Flow, Guard, Kind, OwnPaper, Words, core_flow};
use crate::directory::codes;
use crate::fault::Fault;
use crate::paper::whole_name;

/// The version of the border that this server speaks, major and minor.
pub const ABI: (u16, u16) = (1, 0);
/// Longest `plugin.toml` in bytes.
pub const MOST_BYTES: usize = 512 << 10;

codes! {
    /// What a county lets a plugin do beyond keeping its own cases; each is granted by name.
    Permission {
        /// Ask for and keep telephones and ID numbers of people.
        Contact = "contact",
        /// Open consultations.
        Consultation = "open.consultation",
        /// Open legal-aid applications.
        Aid = "open.aid",
        /// Open mediation cases.
        Mediation = "open.mediation",
        /// Send messages to residents and staff.
        Notice = "notice",
        /// Offer papers to print.
        Paper = "paper",
        /// Run a library of its own, in a cage.
        Library = "library",
        /// Keep documents of its own.
        Document = "document",
        /// Hold rooms for its cases.
        Room = "room",
        /// Learn of steps of consultations, and read what its hooks name.
        WatchConsultation = "watch.consultation",
        /// The same for legal aid.
        WatchAid = "watch.aid",
        /// The same for mediation.
        WatchMediation = "watch.mediation",
    }
}

/// A permission that a plugin asks for, and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Which.
    pub code: Permission,
    /// Why, in words that an administrator reads.
    pub why: Words,
}

/// How much its library may take; what is not said has the house's usual value.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bounds {
    /// Private memory in MiB, at most 256.
    pub memory_mib: Option<u16>,
    /// Milliseconds that one call may take, at most 5,000.
    pub call_ms: Option<u16>,
    /// Host calls in one call, at most 10,000.
    pub host_calls: Option<u16>,
}

/// A figure that the house counts from the plugin's cases, without calling it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statistic {
    /// Code, unique in the plugin.
    pub code: String,
    /// What it counts.
    pub name: Words,
    /// 件, 人次, 户.
    pub unit: Words,
    /// The flow.
    pub flow: String,
    /// Only cases whose indexed field is one of these.
    #[serde(default)]
    pub when: Option<super::When>,
    /// Only cases in one of these states.
    #[serde(default)]
    pub states: Vec<String>,
    /// Sums this number field in place of counting cases.
    #[serde(default)]
    pub sum: String,
    /// In place of counting cases the median of the days between two days of a case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median: Option<Median>,
    /// Code of the figure of which it is a share.
    #[serde(default)]
    pub of: String,
    /// A share is given for so many of the other, such as 10,000 for 万人成讼率; 100 gives per cent.
    #[serde(default = "per_cent")]
    pub per: u32,
    /// Indexed fields by which it is split in the table.
    #[serde(default)]
    pub by: Vec<String>,
    /// Counts below it are not shown, nor shares of them.
    #[serde(default)]
    pub least: u32,
    /// The field with the day by which a case falls into a period; the day on which it was opened where none is given.
    #[serde(default)]
    pub day: String,
    /// Leaves its rows to the plugin's library, which is told what the house has counted and nothing of any case.
    #[serde(default)]
    pub library: bool,
    /// Whether it stands on the villages' scorecard too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub card: bool,
    /// Whether the same period of the last year stands beside it (同比).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub yearly: bool,
}

/// Two days of a case: a field of kind date, `@opened`, `@closed`, or `@` and a step, the day on which it was last taken.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Median {
    /// The first day.
    pub from: String,
    /// The other one.
    pub to: String,
}

fn per_cent() -> u32 {
    100
}

/// A plugin as its package declares it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Its name in addresses: small letters, digits, hyphens.
    pub id: String,
    /// Three numbers: `1.0.0`.
    pub version: String,
    /// The border that its library speaks, such as `1.0`.
    #[serde(default = "first_border")]
    pub abi: String,
    /// What it is called.
    pub name: Words,
    /// What it does, in one or two sentences.
    pub about: Words,
    /// Codes of divisions that it is for, or the beginnings of such codes; for all where none is named.
    #[serde(default)]
    pub divisions: Vec<String>,
    /// What it asks to be let do.
    #[serde(default)]
    pub permission: Vec<Wanted>,
    /// What its library may take.
    #[serde(default)]
    pub limits: Bounds,
    /// Its flows.
    #[serde(default)]
    pub flow: Vec<Flow>,
    /// Figures that the house counts.
    #[serde(default)]
    pub statistic: Vec<Statistic>,
    /// Texts of refusals and notices by key.
    #[serde(default)]
    pub text: BTreeMap<String, Words>,
    /// Posts.
    #[serde(default)]
    pub post: Vec<Post>,
    /// Settings that a county fills.
    #[serde(default)]
    pub setting: Vec<Setting>,
    /// Work that comes round by itself.
    #[serde(default)]
    pub job: Vec<Job>,
    /// Cases that open by themselves when a step is taken elsewhere.
    #[serde(default)]
    pub hook: Vec<Hook>,
    /// Tables that are read into cases.
    #[serde(default)]
    pub import: Vec<Import>,
    /// Pages of its own.
    #[serde(default)]
    pub page: Vec<Page>,
    /// Papers of its own, each with its file under `papers/`.
    #[serde(default)]
    pub paper: Vec<OwnPaper>,
    /// Documents that its library keeps.
    #[serde(default)]
    pub collection: Vec<Collection>,
    /// What becomes of open cases when this version is put in use.
    #[serde(default)]
    pub migration: Vec<Migration>,
}

fn first_border() -> String {
    "1.0".to_owned()
}

/// Three numbers, compared in this order; None where it is no version.
pub fn version_numbers(text: &str) -> Option<[u32; 3]> {
    let mut parts = text.split('.').map(|part| {
        let plain = !part.is_empty() && part.len() <= 6 && part.bytes().all(|b| b.is_ascii_digit());
        if plain && (part == "0" || !part.starts_with('0')) { part.parse().ok() } else { None }
    });
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    if parts.next().is_none() { Some(numbers) } else { None }
}

/// A division's code without the parts that are empty, two digits each down to the county and three below it: 621000 is
/// the city 6210, and neither 6211 nor 6212.
fn whole_parts(code: &str) -> &str {
    let mut code = code;
    while let Some(above) = match code.len() {
        9 | 12 => code.strip_suffix("000"),
        4 | 6 => code.strip_suffix("00"),
        _ => None,
    } {
        code = above;
    }
    code
}

/// Whether a text can name a plugin: it stands in addresses, file names and rows.
pub fn is_id(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (2..=40).contains(&text.len())
        && text.bytes().all(plain)
        && text.as_bytes()[0].is_ascii_lowercase()
        && !text.ends_with('-')
        && !text.contains("--")
}

impl Manifest {
    /// Reads `plugin.toml`.
    ///
    /// # Errors
    /// What the reader cannot read, at its line.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        if text.len() > MOST_BYTES {
            return Err(Fault::new("too_large", &[("most", &(MOST_BYTES >> 10))]));
        }
        toml::from_str(text).map_err(|error| Fault::of_toml(text, &error))
    }

    /// Its flows as cases follow them: named `plugin/flow`, in this generation, carrying the plugin's texts.
    pub fn flows(&self, generation: i32) -> Vec<Flow> {
        let whole = |flow: &Flow| {
            let mut flow = Flow {
                id: self.flow_id(&flow.id),
                version: generation,
                noun: "workflow".to_owned(),
                texts: self.text.clone(),
                posts: self.post.iter().map(|post| (post.code.clone(), post.role)).collect(),
                ..flow.clone()
            };
            let named = flow.dossier.iter_mut().flat_map(|one| &mut one.papers);
            for paper in named {
                if let Some(own) = self.own_paper(paper) {
                    *paper = whole_name(&self.id, &own.code);
                }
            }
            for effect in flow.step.iter_mut().flat_map(|step| &mut step.effects) {
                match effect {
                    Effect::Open { flow: other, .. } if core_flow(other).is_none() => {
                        *other = self.flow_id(other);
                    }
                    Effect::Paper { paper, .. } => {
                        if let Some(own) = self.own_paper(paper) {
                            *paper = whole_name(&self.id, &own.code);
                        }
                    }
                    _ => {}
                }
            }
            flow.with_co_handling()
        };
        self.flow.iter().map(whole).collect()
    }

    /// The whole name of one of its flows.
    pub fn flow_id(&self, flow: &str) -> String {
        format!("{}/{flow}", self.id)
    }

    /// What it says of open cases of a flow of its own, by the flow's whole name.
    pub fn moves(&self, flow: &str) -> Option<&Migration> {
        self.migration.iter().find(|rule| self.flow_id(&rule.flow) == flow)
    }

    /// Whether a county with this code is one that it is for.
    pub fn is_for(&self, county: &str) -> bool {
        let fits = |code: &String| county.starts_with(whole_parts(code)) || code.starts_with(county);
        self.divisions.is_empty() || self.divisions.iter().any(fits)
    }

    /// Whether this server speaks the border that it asks for.
    pub fn border_known(&self) -> bool {
        let mut parts = self.abi.split('.').map(|part| part.parse::<u16>().ok());
        let (major, minor) = (parts.next().flatten(), parts.next().flatten());
        major == Some(ABI.0) && minor.is_some_and(|minor| minor <= ABI.1) && parts.next().is_none()
    }

    /// Codes of the permissions that it asks for.
    pub fn wanted(&self) -> BTreeSet<Permission> {
        self.permission.iter().map(|one| one.code).collect()
    }

    /// Permissions without which what it declares could not work.
    pub fn needs(&self) -> BTreeSet<Permission> {
        let mut needs = BTreeSet::new();
        for flow in &self.flow {
            if flow.field.iter().any(personal) {
                needs.insert(Permission::Contact);
            }
            for step in &flow.step {
                needs.extend(step.guards.iter().filter_map(|guard| match guard {
                    Guard::Call { .. } => Some(Permission::Library),
                    Guard::Linked { flow, .. } => watched(flow),
                    _ => None,
                }));
                needs.extend(step.effects.iter().filter_map(needed));
            }
        }
        needs.extend(self.hook.iter().filter_map(|hook| watched(hook.on.split('/').next()?)));
        if self.page.iter().any(|page| page.library || !page.action.is_empty())
            || self.job.iter().any(|job| job.library)
            || self.hook.iter().any(|hook| hook.library)
            || self.statistic.iter().any(|one| one.library)
        {
            needs.insert(Permission::Library);
        }
        if !self.paper.is_empty() {
            needs.insert(Permission::Paper);
        }
        if !self.collection.is_empty() {
            needs.extend([Permission::Library, Permission::Document]);
        }
        let told = self.hook.iter().any(|hook| {
            let flow = hooked(&hook.on, &self.flow).map(|(flow, _)| flow);
            hook.facts.iter().filter_map(|name| flow?.field(name)).any(personal)
        });
        let typed =
            self.page.iter().flat_map(|page| &page.action).flat_map(|press| &press.field).any(personal);
        if told || typed {
            needs.insert(Permission::Contact);
        }
        needs
    }
}

/// Whether a field holds a telephone or an ID number, itself or in its rows.
pub(super) fn personal(field: &super::Field) -> bool {
    matches!(field.kind, Kind::Phone | Kind::IdNumber) || field.of.iter().any(personal)
}

/// The permission to learn what becomes of the house's cases of a flow.
pub fn watched(flow: &str) -> Option<Permission> {
    match flow {
        "consultation" => Some(Permission::WatchConsultation),
        "aid" => Some(Permission::WatchAid),
        "mediation" => Some(Permission::WatchMediation),
        _ => None,
    }
}

fn needed(effect: &Effect) -> Option<Permission> {
    match effect {
        Effect::Open { flow, .. } => match flow.as_str() {
            "consultation" => Some(Permission::Consultation),
            "aid" => Some(Permission::Aid),
            "mediation" => Some(Permission::Mediation),
            _ => None,
        },
        Effect::Book { .. } => Some(Permission::Room),
        Effect::Notice { .. } => Some(Permission::Notice),
        Effect::Paper { .. } => Some(Permission::Paper),
        Effect::Call { .. } => Some(Permission::Library),
        _ => None,
    }
}

/// The manifest as an administrator's program reads it: everything but flows' tables.
pub fn summary(manifest: &Manifest) -> Value {
    let flows = manifest.flow.iter().map(|flow| serde_json::json!({"id": flow.id, "name": flow.name}));
    let papers = manifest
        .paper
        .iter()
        .map(|one| serde_json::json!({"code": whole_name(&manifest.id, &one.code), "name": one.name}));
    serde_json::json!({
        "id": manifest.id, "version": manifest.version, "abi": manifest.abi, "name": manifest.name,
        "about": manifest.about, "divisions": manifest.divisions, "permissions": manifest.permission,
        "flows": flows.collect::<Vec<_>>(), "papers": papers.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod check_tests;
#[cfg(test)]
mod hook_tests;
#[cfg(test)]
mod paper_tests;
#[cfg(test)]
mod stage_tests;
#[cfg(test)]
mod tests;
