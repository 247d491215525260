//! What a library wants done: staged while it speaks, checked against the grant, kept all or none in one transaction.

use std::collections::BTreeMap;

use falin_domain::access::{Act, Role, Visitor};
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::Instant;
use falin_domain::words::CaseId;
use falin_domain::workflow::{Permission, Values, Words};
use falin_host::plugin::{HostAnswer, HostOp, status};
use falin_store::casefile::Case;
use falin_store::{Entropy, In, Tx, casefile_list};
use serde::Deserialize;
use serde_json::{Value, json};

use super::effected::{Booked, booked};
use crate::plugin::Ready;
use crate::{App, Stop};

/// Most effects that one call may stage.
const MOST_STAGED: usize = 20;
/// Most things that one look-up gives.
const MOST_FOUND: usize = 100;
/// Characters of a text's key that the log is told.
const MOST_KEY: usize = 40;

/// Texts of a plugin by key.
pub(crate) type Texts = BTreeMap<String, Words>;

/// An effect that waits for the end of the call.
#[derive(Clone, Debug)]
pub(crate) enum Staged {
    /// A case of a flow of the house or of the plugin's own, linked to the one that it is about.
    Open {
        /// The flow.
        flow: String,
        /// Its first form.
        fields: Values,
    },
    /// A step of one of the plugin's own cases.
    Step {
        /// The case.
        case: CaseId,
        /// The version that the library saw.
        version: i64,
        /// The step.
        action: String,
        /// Its form.
        form: Values,
    },
    /// A message to whoever holds a role.
    Notice {
        /// The role.
        role: Role,
        /// What it says.
        text: Words,
    },
    /// A document of an own collection.
    Document(super::documents::Write),
    /// A note in a consultation.
    Annotate {
        /// The consultation.
        case: CaseId,
        /// What it says.
        note: String,
    },
    /// A room, held for one of the plugin's own cases or for none.
    Book(Booked),
    /// A paper of one of the plugin's own cases, as the case fills it.
    Paper {
        /// The case.
        case: CaseId,
        /// The paper's code: one that the case's flow offers.
        paper: String,
        /// Values that stand before the case's.
        values: Values,
    },
    /// A line of the journal.
    Note {
        /// Key of the text: what fills it may speak of a person, and the journal names none.
        text: String,
    },
}

impl Staged {
    /// What the county must allow for it; None for what a plugin may always do with its own.
    pub(super) fn needs(&self) -> Option<Permission> {
        match self {
            Self::Open { flow, .. } => match flow.as_str() {
                "consultation" => Some(Permission::Consultation),
                "mediation" => Some(Permission::Mediation),
                _ => None,
            },
            Self::Annotate { .. } => Some(Permission::Consultation),
            Self::Book(_) => Some(Permission::Room),
            Self::Paper { .. } => Some(Permission::Paper),
            Self::Notice { .. } => Some(Permission::Notice),
            Self::Document(_) => Some(Permission::Document),
            Self::Step { .. } | Self::Note { .. } => None,
        }
    }
}

/// Answers what a library asks during one call. It runs on the thread of the call, beside no transaction.
pub(crate) struct Server<'a> {
    /// The house.
    pub app: &'a App,
    /// The library, with what the county has granted it.
    pub ready: &'a Ready,
    /// For whom it looks: nothing is read that they may not see.
    pub reader: &'a Visitor,
    /// The plugin's texts.
    pub texts: &'a Texts,
    /// When the call began.
    pub now: Instant,
    /// What it wants done.
    pub staged: Vec<Staged>,
    /// Where new ids come from.
    pub entropy: Entropy,
}

impl Server<'_> {
    /// Answers one host call.
    pub fn answer(&mut self, op: HostOp, asked: &[u8]) -> HostAnswer {
        let Ok(asked) = serde_json::from_slice::<Value>(asked) else {
            return HostAnswer::fault(status::BAD_INPUT);
        };
        match op {
            HostOp::Clock => {
                said(&json!({ "now": self.now.to_string(), "today": self.now.date().to_string() }))
            }
            HostOp::NewId => {
                let id = CaseId::from_parts(self.now, self.entropy.bytes());
                said(&json!({ "id": id }))
            }
            HostOp::SettingGet => self.setting(text(&asked, "name")),
            HostOp::CoreGet => self.get(&asked),
            HostOp::CoreFind => self.find(&asked),
            HostOp::DocumentGet | HostOp::DocumentPut | HostOp::DocumentDelete | HostOp::DocumentFind => {
                self.documents(op, &asked)
            }
            _ => self.stage(op, &asked),
        }
    }

    /// A write: staged where the county has granted it.
    fn stage(&mut self, op: HostOp, asked: &Value) -> HostAnswer {
        let may = |permission| self.ready.granted.contains(&permission);
        let fields = || asked.get("fields").and_then(Value::as_object).cloned().unwrap_or_default();
        let open = |flow: &str| Some(Staged::Open { flow: flow.to_owned(), fields: fields() });
        let wanted = match op {
            HostOp::ConsultationCreate if may(Permission::Consultation) => open("consultation"),
            HostOp::MediationOpen if may(Permission::Mediation) => open("mediation"),
            HostOp::ConsultationAnnotate if may(Permission::Consultation) => match annotation(asked) {
                Some(note) => Some(note),
                None => return HostAnswer::fault(status::BAD_INPUT),
            },
            HostOp::RoomBook if may(Permission::Room) => match booked(asked) {
                Some(booked) => Some(Staged::Book(booked)),
                None => return HostAnswer::fault(status::BAD_INPUT),
            },
            HostOp::DocumentIssue if may(Permission::Paper) => match paper(asked) {
                Some(paper) => Some(paper),
                None => return HostAnswer::fault(status::BAD_INPUT),
            },
            HostOp::CaseOpen => open(&self.own_flow(text(asked, "flow"))),
            HostOp::CaseStep => match step(asked) {
                Some(step) => Some(step),
                None => return HostAnswer::fault(status::BAD_INPUT),
            },
            HostOp::NoticeSend if may(Permission::Notice) => match notice(self.texts, asked) {
                Some(notice) => Some(notice),
                None => return HostAnswer::fault(status::BAD_INPUT),
            },
            HostOp::AuditWrite => {
                match asked["text"]["key"].as_str().filter(|key| self.texts.contains_key(*key)) {
                    Some(text) => Some(Staged::Note { text: text.to_owned() }),
                    None => return HostAnswer::fault(status::BAD_INPUT),
                }
            }
            HostOp::ConsultationCreate
            | HostOp::ConsultationAnnotate
            | HostOp::MediationOpen
            | HostOp::RoomBook
            | HostOp::DocumentIssue
            | HostOp::NoticeSend => None,
            _ => return HostAnswer::unknown(),
        };
        match wanted {
            Some(one) if self.effects() < MOST_STAGED => {
                self.staged.push(one);
                // The id is given when the effect is kept, which is after the library has answered.
                said(&json!({ "id": "", "version": 1, "state": "" }))
            }
            Some(_) => HostAnswer::fault(status::BUDGET),
            None => HostAnswer::fault(status::NOT_GRANTED),
        }
    }

    /// Staged effects beside documents.
    fn effects(&self) -> usize {
        self.staged.iter().filter(|one| !matches!(one, Staged::Document(_))).count()
    }

    fn own_flow(&self, flow: &str) -> String {
        format!("{}/{flow}", self.ready.key.plugin)
    }

    /// What the county has said, else what the plugin declares.
    fn setting(&self, name: &str) -> HostAnswer {
        let (county, plugin, name) = (self.reader.county, self.ready.key.plugin.clone(), name.to_owned());
        let declared = self.ready.settings.get(&name).cloned();
        let work = move |tx: &mut Tx<'_>| crate::plugin::setting_value(tx, county, &plugin, &name);
        match self.app.db.read_now(In::County(county), work) {
            Ok(own) => said(&own.or(declared).unwrap_or_default()),
            Err(stop) => failed(&stop),
        }
    }

    /// One case of an own flow, as far as the reader may see and read it; null where there is none.
    fn get(&self, asked: &Value) -> HostAnswer {
        let Ok(id) = text(asked, "id").parse::<CaseId>() else { return said(&Value::Null) };
        self.look(text(asked, "noun"), Values::new(), Some(id), |mut found| found.pop().unwrap_or_default())
    }

    /// Cases of an own flow whose indexed fields have these values, the newest first.
    fn find(&self, asked: &Value) -> HostAnswer {
        let by = asked.get("by").and_then(Value::as_object).cloned().unwrap_or_default();
        self.look(text(asked, "noun"), by, None, |found| json!({ "items": found, "cursor": null }))
    }

    fn look(
        &self,
        noun: &str,
        by: Values,
        id: Option<CaseId>,
        told: impl FnOnce(Vec<Value>) -> Value,
    ) -> HostAnswer {
        let county = self.reader.county;
        let Ok(flow) = self.app.flows.current(county, &self.own_flow(noun)) else {
            return HostAnswer::fault(status::NOT_GRANTED);
        };
        let Ok(sight) = super::sight(self.reader, Act::Read, &flow) else {
            return HostAnswer::fault(status::NOT_GRANTED);
        };
        if by.keys().any(|name| flow.field(name).is_none_or(|field| !field.index)) {
            return HostAnswer::fault(status::BAD_INPUT);
        }
        let (flows, reader) = (self.app.flows.clone(), self.reader.clone());
        let work = move |tx: &mut Tx<'_>| {
            let cases = match id {
                Some(id) => match casefile_list::one(tx, &sight, id) {
                    Ok(case) => vec![case],
                    Err(Stop::Refused(_)) => Vec::new(),
                    Err(stop) => return Err(stop),
                },
                None => {
                    let mut wanted =
                        casefile_list::Filter { flows: vec![flow.id.clone()], ..Default::default() };
                    for (name, value) in &by {
                        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                        wanted.holds.push(super::held(tx, county, &flow, name, &[value])?);
                    }
                    let window = falin_domain::page::Window { limit: MOST_FOUND as u16, after: None };
                    casefile_list::page(tx, &sight, &wanted, &window)?.items
                }
            };
            let cases: Vec<Case> = cases.into_iter().filter(|case| case.flow == flow.id).collect();
            let values = super::readable_values(tx, &flows, &reader, &cases)?;
            let told = |(case, values): (&Case, Values)| {
                json!({
                    "id": case.id, "version": case.version, "no": case.number, "state": case.state,
                    "fields": values,
                })
            };
            Ok(cases.iter().zip(values).map(told).collect::<Vec<_>>())
        };
        match self.app.db.read_now(In::County(county), work) {
            Ok(found) => said(&told(found)),
            Err(stop) => failed(&stop),
        }
    }
}

pub(super) fn said(answer: &Value) -> HostAnswer {
    HostAnswer::ok(answer.to_string().into_bytes())
}

pub(super) fn failed(stop: &Stop) -> HostAnswer {
    tracing::warn!(%stop, "what a library asked for could not be read");
    HostAnswer::fault(status::FAULT)
}

pub(super) fn text<'a>(asked: &'a Value, name: &str) -> &'a str {
    asked.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn step(asked: &Value) -> Option<Staged> {
    Some(Staged::Step {
        case: text(asked, "id").parse().ok()?,
        version: asked.get("version")?.as_i64()?,
        action: text(asked, "step").to_owned(),
        form: asked.get("form").and_then(Value::as_object).cloned().unwrap_or_default(),
    })
}

fn annotation(asked: &Value) -> Option<Staged> {
    let note = text(asked, "note").trim();
    let case = text(asked, "id").parse().ok()?;
    (!note.is_empty()).then(|| Staged::Annotate { case, note: note.to_owned() })
}

fn paper(asked: &Value) -> Option<Staged> {
    Some(Staged::Paper {
        case: text(asked, "case").parse().ok()?,
        paper: text(asked, "paper").to_owned(),
        values: asked.get("values").and_then(Value::as_object).cloned().unwrap_or_default(),
    })
}

/// A message to a role, in a text of the plugin's own.
fn notice(texts: &Texts, asked: &Value) -> Option<Staged> {
    let role = text(asked, "to").strip_prefix("role:")?;
    Some(Staged::Notice { role: Role::from_code(role)?, text: said_in(texts, asked)? })
}

fn said_in(texts: &Texts, asked: &Value) -> Option<Words> {
    let said: Text = serde_json::from_value(asked.get("text")?.clone()).ok()?;
    texts.contains_key(&said.key).then(|| said.words(texts))
}

/// A text by its key, with what is filled into it.
#[derive(Deserialize, Default, Debug)]
pub(crate) struct Text {
    #[serde(default)]
    pub key: String,
    #[serde(default)]
    pub args: BTreeMap<String, Value>,
}

impl Text {
    /// The text in both languages; the house's own "not now" where the plugin has no such text.
    pub fn words(&self, texts: &Texts) -> Words {
        let usual = || Words {
            zh: "这一步现在不能办".to_owned(),
            en: "This step cannot be taken now".to_owned(),
        };
        let own = texts.get(&self.key).cloned();
        if own.is_none() && !self.key.is_empty() {
            let key: String = self.key.chars().filter(|c| !c.is_control()).take(MOST_KEY).collect();
            tracing::warn!(key, "a library speaks by a text that its plugin does not declare");
        }
        let mut words = own.unwrap_or_else(usual);
        for (name, value) in &self.args {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            for text in [&mut words.zh, &mut words.en] {
                *text = text.replace(&format!("{{{name}}}"), &value);
            }
        }
        words
    }
}

/// A "no" of the library, as the house says one; `known` are the fields at which it may say so.
pub(crate) fn refused(texts: &Texts, known: &dyn Fn(&str) -> bool, bytes: &[u8]) -> Refusal {
    #[derive(Deserialize, Default)]
    struct No {
        #[serde(flatten)]
        text: Text,
        #[serde(default)]
        fields: BTreeMap<String, Text>,
    }
    let no: No = serde_json::from_slice(bytes).unwrap_or_default();
    let fields: Vec<FieldError> = no
        .fields
        .iter()
        .filter(|(name, _)| known(name))
        .map(|(name, text)| {
            let words = text.words(texts);
            FieldError::new(name, "plugin.said").with("zh", words.zh).with("en", words.en)
        })
        .collect();
    if !fields.is_empty() {
        return Refusal::form(fields);
    }
    let words = no.text.words(texts);
    Refusal::new("plugin.refused").with("zh", words.zh).with("en", words.en)
}
