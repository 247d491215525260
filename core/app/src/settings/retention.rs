//! For how many years a county keeps each kind of record.

use falin_domain::access::{Noun, Visitor};
use falin_domain::refusal::Refusal;
use falin_domain::restriction::{Kept, MOST_YEARS, Retention};
use falin_store::county::County;
use serde::{Deserialize, Serialize};

use super::{CountySettings, changed_then};
use crate::trace::By;
use crate::typed::Reader;
use crate::{App, Stop, restriction};

/// What was typed into the form of the years; empty is the house's own figure.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedRetention {
    /// Years of a household's file.
    pub household: String,
    /// Years of a consultation.
    pub consultation: String,
    /// Years of a legal-aid application.
    pub aid: String,
    /// Years of a mediation case.
    pub mediation: String,
    /// Years of a county workflow's case.
    pub workflow: String,
}

impl TypedRetention {
    /// What is set, as it would be typed.
    pub fn of(set: &Retention) -> Self {
        let text = |kind| set.years(kind).to_string();
        Self {
            household: text(Kept::Household),
            consultation: text(Kept::Consultation),
            aid: text(Kept::Aid),
            mediation: text(Kept::Mediation),
            workflow: text(Kept::Workflow),
        }
    }

    /// What was typed for a kind.
    pub fn at(&self, kind: Kept) -> &str {
        match kind {
            Kept::Household => &self.household,
            Kept::Consultation => &self.consultation,
            Kept::Aid => &self.aid,
            Kept::Mediation => &self.mediation,
            Kept::Workflow => &self.workflow,
        }
    }

    fn read(&self) -> Result<Retention, Refusal> {
        let (mut reader, usual) = (Reader::default(), Retention::default());
        let mut years = |kind: Kept| {
            let number = reader.number(kind.code(), self.at(kind), (0, i32::from(MOST_YEARS)));
            number.and_then(|number| u8::try_from(number).ok()).unwrap_or_else(|| usual.years(kind))
        };
        let set = Retention {
            household: years(Kept::Household),
            consultation: years(Kept::Consultation),
            aid: years(Kept::Aid),
            mediation: years(Kept::Mediation),
            workflow: years(Kept::Workflow),
        };
        reader.finish(set)
    }
}

/// Saves the years if the county is still at `version`; what is only stored has its day counted anew.
///
/// # Errors
/// As [`super::save`].
pub async fn save_retention(
    app: &App,
    visitor: &Visitor,
    version: i64,
    typed: &TypedRetention,
) -> Result<(County, CountySettings), Stop> {
    let by = By::whole_county(visitor, Noun::Setting)?;
    let years = typed.read()?;
    let recount = move |tx: &mut falin_store::Tx<'_>| restriction::recount(tx, by.county);
    changed_then(app, by, version, move |set| set.retention = years, recount).await
}
