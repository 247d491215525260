//! A booking as it is typed into the form: a date, a clock time, a length, and whom it is for.

use falin_domain::booking::Span;
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::time::{Date, Instant};
use falin_domain::words::{HeldId, Id};
use serde::{Deserialize, Serialize};

use super::Shown;
use super::book::{New, Repeat};

/// What was typed.
#[derive(Clone, Default, Serialize, Deserialize, Debug)]
#[serde(default)]
pub struct Typed {
    /// The room's id.
    pub room_id: String,
    /// `2026-03-02`.
    pub date: String,
    /// `09:00`, in China.
    pub from: String,
    /// Length in minutes.
    pub minutes: String,
    /// What for.
    pub purpose: String,
    /// The mediator's id; may be empty.
    pub mediator_id: String,
    /// The lawyer's id; may be empty.
    pub lawyer_id: String,
    /// Address of a remote session; may be empty.
    pub link: String,
    /// How many weeks in a row; empty for once.
    pub repeat: String,
    /// `yes` where weeks that are taken are left out.
    pub skip: String,
    /// `yes` where it is only held for now.
    pub tentative: String,
    /// The mediation case's id; may be empty.
    pub mediation_case_id: String,
    /// Ids of the parties, separated by spaces.
    pub party_ids: String,
}

/// `09:00` as seconds after midnight.
fn clock(text: &str) -> Option<i64> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 3600 + minute * 60)
}

impl Typed {
    /// A booking as it would be typed.
    pub fn of(shown: &Shown) -> Self {
        let it = &shown.booking;
        let span = it.span();
        let id = |id: Option<String>| id.unwrap_or_default();
        Self {
            room_id: it.room_id.to_string(),
            date: span.from().date().to_string(),
            from: span.from().clock_text(),
            minutes: span.minutes().to_string(),
            purpose: shown.purpose.clone(),
            mediator_id: id(it.mediator_id.map(|id| id.to_string())),
            lawyer_id: id(it.lawyer_id.map(|id| id.to_string())),
            link: shown.link.clone().unwrap_or_default(),
            mediation_case_id: id(it.mediation_case_id.map(|id| id.to_string())),
            party_ids: shown.parties.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            ..Self::default()
        }
    }

    /// When it begins.
    ///
    /// # Errors
    /// `form.invalid` at `date` or `from`.
    pub fn starts(&self) -> Result<Instant, Refusal> {
        let date: Option<Date> = self.date.trim().parse().ok();
        let from = clock(&self.from);
        let mut faults = Vec::new();
        if date.is_none() {
            faults.push(FieldError::new(
                "date",
                if self.date.trim().is_empty() { "required" } else { "date.invalid" },
            ));
        }
        if from.is_none() {
            faults.push(FieldError::new(
                "from",
                if self.from.trim().is_empty() { "required" } else { "clock.invalid" },
            ));
        }
        match (date, from) {
            (Some(date), Some(from)) => Ok(date.start().plus_seconds(from)),
            _ => Err(Refusal::form(faults)),
        }
    }

    /// When it is.
    ///
    /// # Errors
    /// As [`Typed::starts`]; `form.invalid` at `minutes`; `booking.grid`.
    pub fn span(&self) -> Result<Span, Refusal> {
        let starts = self.starts()?;
        let minutes = self.minutes.trim().parse::<i64>().ok().filter(|n| (1..=24 * 60).contains(n));
        let minutes = minutes.ok_or_else(|| Refusal::field("minutes", "not_a_number"))?;
        Span::new(starts, starts.plus_seconds(minutes * 60))
    }

    /// What is asked for.
    ///
    /// # Errors
    /// `form.invalid` with every fault at its field; `booking.grid`.
    pub fn read(&self) -> Result<New, Refusal> {
        let mut faults = Vec::new();
        let span = self.span();
        if let Err(refusal) = &span {
            faults.extend(refusal.fields.clone());
        }
        let room = self.room_id.trim().parse().ok();
        if room.is_none() {
            faults.push(FieldError::new("room_id", "required-choice"));
        }
        if self.purpose.trim().is_empty() {
            faults.push(FieldError::new("purpose", "required"));
        }
        let mut id = |name: &str, text: &str| reference(&mut faults, name, text);
        let case: Option<HeldId> = id("mediation_case_id", &self.mediation_case_id);
        let mediator = id("mediator_id", &self.mediator_id).map(Id::cast);
        let lawyer = id("lawyer_id", &self.lawyer_id).map(Id::cast);
        let parties = self.party_ids.split_whitespace().filter_map(|text| id("party_ids", text)).collect();
        if !faults.is_empty() {
            return Err(Refusal::form(faults));
        }
        let room = room.ok_or_else(|| Refusal::field("room_id", "required-choice"))?;
        Ok(New {
            room,
            span: span?,
            purpose: self.purpose.trim().to_owned(),
            link: Some(self.link.trim().to_owned()).filter(|link| !link.is_empty()),
            case,
            mediator,
            lawyer,
            parties,
            tentative: self.tentative == "yes",
        })
    }

    /// How often, where more than once.
    ///
    /// # Errors
    /// `form.invalid` at `repeat`.
    pub fn repeated(&self) -> Result<Option<Repeat>, Refusal> {
        match self.repeat.trim() {
            "" | "1" => Ok(None),
            text => {
                let times = text.parse().map_err(|_| Refusal::field("repeat", "not_a_number"))?;
                Ok(Some(Repeat { times, skip: self.skip == "yes" }))
            }
        }
    }
}

fn reference(faults: &mut Vec<FieldError>, name: &str, text: &str) -> Option<HeldId> {
    let text = text.trim();
    let id = text.parse().ok();
    if id.is_none() && !text.is_empty() {
        faults.push(FieldError::new(name, "reference"));
    }
    id
}
