//! The form of a log entry: read at the door, put into a row once every reference has been checked.

use falin_domain::access::{Act, Noun, Scope, Visitor};
use falin_domain::duty::{ServiceKind, ServiceMode};
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::{GroupId, HouseholdId};
use falin_store::service_log::{self, Group, Log};
use falin_store::{Tx, household_list};
use serde::{Deserialize, Serialize};

use super::{MOST, MOST_MINUTES, NOTE, SUBJECTS, doer, unknown};
use crate::Stop;
use crate::division::{find, must_hold};
use crate::typed::Reader;

/// What was typed into the form of an entry.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Id of the legal worker; empty for oneself.
    pub worker: String,
    /// Id or code of the village.
    pub village: String,
    /// The day; empty for today.
    pub day: String,
    /// Code of the kind.
    pub kind: String,
    /// Code of the mode; empty for the kind's usual one.
    pub mode: String,
    /// Minutes; empty for none.
    pub minutes: String,
    /// Items in the kind's unit; empty for one.
    pub items: String,
    /// 人次; empty for none.
    pub people: String,
    /// 份; empty for none.
    pub copies: String,
    /// `on` where a dispute was settled.
    pub settled: String,
    /// Topic or title.
    pub topic: String,
    /// Whom a lecture was for.
    pub audience: String,
    /// Content and result.
    pub note: String,
    /// When to come back to it.
    pub follow_up_on: String,
    /// `on` for 重大事项报告.
    pub report: String,
    /// Id of a household.
    pub household: String,
    /// Id of the group to which it was pushed.
    pub group: String,
    /// Noun of the consultation, visit, mediation or aid case.
    pub subject_noun: String,
    /// Its id.
    pub subject_id: String,
}

pub(super) struct Fields {
    worker: String,
    village: String,
    day: Date,
    kind: ServiceKind,
    mode: ServiceMode,
    numbers: [i32; 4],
    settled: bool,
    topic: String,
    audience: String,
    note: String,
    follow_up_on: Option<Date>,
    report: bool,
    household: Option<HouseholdId>,
    group: Option<GroupId>,
    subject: Option<(String, uuid::Uuid)>,
}

impl Typed {
    /// An entry as it would be typed, its note in clear.
    pub fn of(log: &Log, note: &str) -> Self {
        let on = |yes: bool| if yes { "on".to_owned() } else { String::new() };
        let subject = log.subject_id.as_deref().and_then(|bytes| uuid::Uuid::from_slice(bytes).ok());
        Self {
            worker: log.worker_id.to_string(),
            village: log.division_id.to_string(),
            day: log.day.to_string(),
            kind: log.kind.code().to_owned(),
            mode: log.mode.code().to_owned(),
            minutes: log.minutes.to_string(),
            items: log.items.to_string(),
            people: log.people.to_string(),
            copies: log.copies.to_string(),
            settled: on(log.settled),
            topic: log.topic.clone(),
            audience: log.audience.clone(),
            note: note.to_owned(),
            follow_up_on: log.follow_up_on.map(|day| day.to_string()).unwrap_or_default(),
            report: on(log.report),
            household: log.household_id.map(|id| id.to_string()).unwrap_or_default(),
            group: log.group_id.map(|id| id.to_string()).unwrap_or_default(),
            subject_noun: log.subject_noun.clone().unwrap_or_default(),
            subject_id: subject.map(|id| id.to_string()).unwrap_or_default(),
        }
    }

    pub(super) fn read(&self, today: Date) -> Result<Fields, Refusal> {
        let mut reader = Reader::default();
        let worker = reader.text("worker", &self.worker, 40);
        let village = reader.required("village", &self.village, 40);
        let day = reader.date("day", &self.day).unwrap_or(today);
        if day > today {
            reader.fault("day", "date.future");
        }
        let kind = reader.choice("kind", &self.kind, ServiceKind::from_code, ServiceKind::Other);
        let mode = match self.mode.trim() {
            "" => kind.usual_mode(),
            code => reader.choice("mode", code, ServiceMode::from_code, ServiceMode::OnSite),
        };
        let mut number = |name: &str, text: &str, most: i32, usual: i32| {
            reader.number(name, text, (0, most)).unwrap_or(usual)
        };
        let numbers = [
            number("minutes", &self.minutes, MOST_MINUTES, 0),
            number("items", &self.items, MOST, 1),
            number("people", &self.people, MOST, 0),
            number("copies", &self.copies, MOST, 0),
        ];
        let yes = |text: &str| matches!(text.trim(), "on" | "true");
        let topic = reader.text("topic", &self.topic, 100);
        let audience = reader.text("audience", &self.audience, 100);
        let note = reader.long("note", &self.note, NOTE);
        let follow_up_on = reader.date("follow_up_on", &self.follow_up_on);
        let household = reader.maybe("household", &self.household, "reference", str::parse);
        let group = reader.maybe("group", &self.group, "reference", str::parse);
        let subject = subject(&mut reader, &self.subject_noun, &self.subject_id);
        let (settled, report) = (yes(&self.settled), yes(&self.report));
        let fields = Fields {
            worker,
            village,
            day,
            kind,
            mode,
            numbers,
            settled,
            topic,
            audience,
            note,
            follow_up_on,
            report,
            household,
            group,
            subject,
        };
        reader.finish(fields)
    }
}

/// A noun and an id, both or none.
fn subject(reader: &mut Reader, noun: &str, id: &str) -> Option<(String, uuid::Uuid)> {
    let noun = noun.trim();
    let id: Option<uuid::Uuid> = reader.maybe("subject_id", id, "reference", uuid::Uuid::try_parse);
    if !noun.is_empty() && !SUBJECTS.contains(&noun) {
        reader.fault("subject_noun", "unknown");
    }
    if noun.is_empty() != id.is_none() {
        reader.fault(if noun.is_empty() { "subject_noun" } else { "subject_id" }, "required");
    }
    id.map(|id| (noun.to_owned(), id))
}

impl Fields {
    /// Puts what was typed into an entry, every reference checked against the visitor's own reach.
    pub(super) fn put(
        &self,
        tx: &mut Tx<'_>,
        visitor: &Visitor,
        scope: &Scope,
        log: &mut Log,
    ) -> Result<(), Stop> {
        let county = log.county_id;
        log.worker_id = doer(tx, visitor, scope, &self.worker)?;
        let village = find(tx, county, &self.village)?;
        log.division_id = village.ok_or_else(|| Refusal::field("village", "village.unknown"))?.id;
        if !scope.only_mine {
            must_hold(tx, scope, Some(log.division_id))?;
        }
        if let Some(id) = self.household {
            let homes = visitor.scope(Act::Read, Noun::Household)?;
            household_list::one(tx, &homes, id).map_err(unknown("household"))?;
        }
        if let Some(id) = self.group {
            Group::by_id(tx, county, id).map_err(unknown("group"))?;
        }
        (log.day, log.kind, log.mode) = (self.day, self.kind, self.mode);
        [log.minutes, log.items, log.people, log.copies] = self.numbers;
        log.settled = self.settled && self.kind == ServiceKind::Mediation;
        log.topic.clone_from(&self.topic);
        log.audience.clone_from(&self.audience);
        log.note_sealed = service_log::seal_note(tx, county, log.id, &self.note)?;
        (log.follow_up_on, log.report) = (self.follow_up_on, self.report);
        (log.household_id, log.group_id) = (self.household, self.group);
        log.subject_noun = self.subject.as_ref().map(|(noun, _)| noun.clone());
        log.subject_id = self.subject.as_ref().map(|(_, id)| id.as_bytes().to_vec());
        Ok(())
    }
}
