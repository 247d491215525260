//! An appointment with a notary as it is typed, and the days on which a notary receives.

use falin_domain::duty::ShiftState;
use falin_domain::refusal::Refusal;
use falin_domain::time::Date;
use falin_domain::words::PersonName;
use falin_store::worker::Worker;
use falin_store::{Tx, duty, holiday};
use serde::{Deserialize, Serialize};

use super::Shown;
use crate::Stop;
use crate::duty::clock;
use crate::typed::Reader;

/// Days ahead for which appointments are made.
const AHEAD: i64 = 400;

/// What was typed into the form of an appointment.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Id of the matter.
    pub matter: String,
    /// Id of the notary; empty for oneself.
    pub worker: String,
    /// The day.
    pub day: String,
    /// `09:00`.
    pub from: String,
    /// Who comes.
    pub person: String,
    /// Their telephone.
    pub phone: String,
}

impl Typed {
    /// An appointment as it would be typed.
    pub fn of(shown: &Shown) -> Self {
        let it = &shown.appointment;
        Self {
            matter: it.matter_id.to_string(),
            worker: it.worker_id.to_string(),
            day: it.day.to_string(),
            from: falin_domain::duty::clock_text(it.from_minute),
            person: shown.person.clone(),
            phone: shown.phone.clone(),
        }
    }

    pub(super) fn read(&self, today: Date) -> Result<Fields, Refusal> {
        let mut reader = Reader::default();
        let matter = reader.required("matter", &self.matter, 40);
        let worker = reader.text("worker", &self.worker, 40);
        let day = reader.required_date("day", &self.day, today);
        if day < today {
            reader.fault("day", "date.past");
        }
        if today.days_until(day) > AHEAD {
            reader.fault("day", "date.far");
        }
        let from = clock(&mut reader, "from", &self.from).unwrap_or(0);
        if self.person.trim().is_empty() {
            reader.fault("person", "name.missing");
        }
        let name = reader.maybe("person", &self.person, "name.invalid", PersonName::parse);
        let person = name.map(|name| name.as_str().to_owned()).unwrap_or_default();
        if self.phone.trim().is_empty() {
            reader.fault("phone", "required");
        }
        let phone = reader.phones("phone", &self.phone);
        reader.finish(Fields { matter, worker, day, from, person, phone })
    }
}

/// What was typed, read.
pub(super) struct Fields {
    pub matter: String,
    pub worker: String,
    pub day: Date,
    pub from: i32,
    pub person: String,
    pub phone: String,
}

/// On a rest day a notary receives only where the rota has them on duty.
///
/// # Errors
/// `form.invalid` at `day`.
pub(super) fn works(tx: &mut Tx<'_>, notary: &Worker, day: Date) -> Result<(), Stop> {
    let county = notary.county_id;
    let calendar = holiday::calendar(tx, county)?;
    if calendar.is_workday(day).workday && calendar.said(day) != Some(false) {
        return Ok(());
    }
    let filter = duty::Filter {
        from: Some(day),
        to: Some(day),
        worker: Some(notary.id),
        state: Some(ShiftState::Planned),
        ..duty::Filter::default()
    };
    match duty::all(tx, &falin_domain::access::Scope::whole(county), &filter, 1)?.is_empty() {
        true => Err(Refusal::field("day", "day.rest").into()),
        false => Ok(()),
    }
}
