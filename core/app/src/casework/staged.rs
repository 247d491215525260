//! What a library wants done: staged while it speaks, checked against the grant, kept all or none in one transaction.

use std::collections::BTreeMap;

use falin_domain::access::{Act, Role, Visitor};
use falin_domain::journal::{Event, Reason};
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::Instant;
use falin_domain::words::{CaseId, CountyId, DivisionId};
use falin_domain::workflow::{Manner, Permission, Values, Words};
use falin_host::plugin::{HostAnswer, HostOp, status};
use falin_store::casefile::{self, Case};
use falin_store::journal::Entry;
use falin_store::{Entropy, In, Tx, casefile_list};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Action, Flows, NOUN};
use crate::plugin::Ready;
use crate::{App, Stop};

/// Most effects that one call may stage.
const MOST_STAGED: usize = 20;
/// Most things that one look-up gives.
const MOST_FOUND: usize = 100;

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
    /// A line of the journal.
    Note {
        /// Key of the text: what fills it may speak of a person, and the journal names none.
        text: String,
    },
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
            HostOp::CaseOpen => open(&self.own_flow(text(asked, "flow"))),
            HostOp::CaseStep => match step(asked) {
                Some(step) => Some(step),
                None => return HostAnswer::fault(status::BAD_INPUT),
            },
            HostOp::NoticeSend if may(Permission::Notice) => notice(self.texts, asked),
            HostOp::AuditWrite => {
                match asked["text"]["key"].as_str().filter(|key| self.texts.contains_key(*key)) {
                    Some(text) => Some(Staged::Note { text: text.to_owned() }),
                    None => return HostAnswer::fault(status::BAD_INPUT),
                }
            }
            HostOp::ConsultationCreate | HostOp::MediationOpen | HostOp::NoticeSend => None,
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
            let mut found = Vec::new();
            for case in cases.into_iter().filter(|case| case.flow == flow.id) {
                let values = super::readable_values(tx, &flows, &reader, &case)?;
                found.push(json!({
                    "id": case.id, "version": case.version, "no": case.number, "state": case.state,
                    "fields": values,
                }));
            }
            Ok(found)
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

/// A message to a role, in a text of the plugin's own.
fn notice(texts: &Texts, asked: &Value) -> Option<Staged> {
    let role = text(asked, "to").strip_prefix("role:")?;
    Some(Staged::Notice { role: Role::from_code(role)?, text: said_in(texts, asked)? })
}

fn said_in(texts: &Texts, asked: &Value) -> Option<Words> {
    let said: Text = serde_json::from_value(asked.get("text")?.clone()).ok()?;
    Some(said.words(texts))
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
        let mut words = texts.get(&self.key).cloned().unwrap_or_else(usual);
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

/// What effects are about, and whose they are.
#[derive(Clone, Copy)]
pub(crate) struct About<'a> {
    /// County.
    pub county: CountyId,
    /// The plugin's own name.
    pub plugin: &'a str,
    /// What messages say that they come from.
    pub name: &'a Words,
    /// Of this one call: what it sends is sent once.
    pub once: &'a str,
    /// The case.
    pub case: Option<&'a Case>,
    /// Where it belongs.
    pub place: Option<DivisionId>,
    /// Whether the house does it by itself, for an event or a job: no hook learns of it then.
    pub house: bool,
}

/// Applies what was staged, in the transaction of the call's own effect.
///
/// # Errors
/// Those of the use cases that an effect calls: nothing of the call is kept then.
pub(crate) fn apply(
    tx: &mut Tx<'_>,
    flows: &Flows,
    visitor: &Visitor,
    about: About<'_>,
    staged: &[Staged],
) -> Result<(), Stop> {
    for (n, one) in staged.iter().enumerate() {
        match one {
            Staged::Open { flow, fields } => opened(tx, flows, visitor, about, (flow, fields))?,
            Staged::Step { case, version, action, form } => {
                let action = Action {
                    action: action.clone(),
                    version: *version,
                    values: form.clone(),
                    manner: Manner::Program,
                };
                stepped(tx, flows, visitor, about, (*case, &action))?;
            }
            Staged::Document(write) => super::documents::keep(tx, about.county, about.plugin, write)?,
            Staged::Notice { role, text } => told(tx, about, n, (*role, text))?,
            Staged::Note { text } => {
                let subject = about.case.map(|case| (NOUN, case.id.bytes()));
                tx.record(Entry {
                    county: about.county,
                    account: visitor.account,
                    event: Event::PluginNoted,
                    reason: if about.house { Reason::Clock } else { Reason::Person },
                    subject,
                    details: json!({ "plugin": about.plugin, "text": text }),
                })?;
            }
        }
    }
    Ok(())
}

fn opened(
    tx: &mut Tx<'_>,
    flows: &Flows,
    visitor: &Visitor,
    about: About<'_>,
    (flow, fields): (&str, &Values),
) -> Result<(), Stop> {
    // A flow that is not there is the library's fault, not the user's.
    let other = flows.current(about.county, flow).map_err(|_| Refusal::new("plugin.failed"))?;
    let mut fields = fields.clone();
    if about.house {
        super::effects::fill_up(&other, &mut fields);
    }
    let opening = super::Opening {
        place: about.place.map(|id| id.to_string()),
        household: about.case.and_then(|case| case.household_id),
        house: about.house,
        ..super::Opening::new(flow, fields)
    };
    let born = super::opened(tx, flows, &other, visitor, &opening)?;
    match about.case {
        Some(case) => casefile::link(tx, about.county, case.id, born.id, "referred"),
        None => Ok(()),
    }
}

/// A step of an own case: by the house in whatever role it names, or by a visitor who sees the case and may take it.
fn stepped(
    tx: &mut Tx<'_>,
    flows: &Flows,
    visitor: &Visitor,
    about: About<'_>,
    (id, action): (CaseId, &Action),
) -> Result<(), Stop> {
    let case = Case::by_id(tx, about.county, id)?;
    let own = case.flow.strip_prefix(about.plugin).is_some_and(|rest| rest.starts_with('/'));
    if !own {
        return Err(Refusal::absent().into());
    }
    if about.house {
        return super::acted_by_house(tx, flows, case, action).map(drop);
    }
    let flow = flows.of_case(tx, &case.flow, case.flow_version)?;
    let sight = super::sight(visitor, Act::Read, &flow).map_err(|_| Refusal::absent())?;
    let case = casefile_list::one(tx, &sight, id)?;
    super::acted(tx, flows, visitor, case, action).map(drop)
}

fn told(tx: &mut Tx<'_>, about: About<'_>, n: usize, (role, text): (Role, &Words)) -> Result<(), Stop> {
    let words = |words: &Words| crate::notice::Arg::Words { zh: words.zh.clone(), en: words.en.clone() };
    let number = about.case.map(|case| case.number.clone()).unwrap_or_default();
    let subject = match about.case {
        Some(case) => (NOUN, case.id.cast()),
        None => (crate::plugin::NOUN, tx.id()),
    };
    crate::notice::queue(
        tx,
        crate::notice::New {
            county: about.county,
            key: format!("plugin/{}/{}/{n}", about.plugin, about.once),
            to: crate::notice::To::Role { role, place: about.place },
            text_key: "notice-workflow",
            args: vec![
                ("number", number.as_str().into()),
                ("flow", words(about.name)),
                ("text", words(text)),
            ],
            subject,
            division: about.place,
            not_before: None,
            language: None,
        },
    )
}
