//! The villages' scorecard as a county sets it: the lines across the numbers, and the villages that are sites.

use falin_domain::access::{Noun, Visitor};
use falin_domain::refusal::Refusal;
use falin_domain::statistics::scorecard::{Line, Lines};
use falin_store::In;
use falin_store::county::County;
use serde::{Deserialize, Serialize};

use super::{CountySettings, changed};
use crate::statistics::sites;
use crate::trace::By;
use crate::typed::Reader;
use crate::{App, Stop};

/// What was typed into the form of the scorecard's lines; empty draws none.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedLines {
    /// Per cent of the disputes settled, at least.
    pub settled_share: String,
    /// Disputes not settled, at most.
    pub unsettled: String,
    /// Lectures, at least.
    pub lectures: String,
    /// Visits, at least.
    pub visits: String,
    /// Per cent of the households with a lawyer, at least.
    pub paired_share: String,
    /// The rule that lines and sites come from.
    pub basis: String,
    /// The villages that are sites, one a line: name or code, then the day since when.
    pub sites: String,
}

impl TypedLines {
    /// What is drawn, as it would be typed.
    pub fn of(lines: &Lines) -> Self {
        let text = |line: Line| lines.at(line).map(|n| n.to_string()).unwrap_or_default();
        Self {
            settled_share: text(Line::SettledShare),
            unsettled: text(Line::Unsettled),
            lectures: text(Line::Lectures),
            visits: text(Line::Visits),
            paired_share: text(Line::PairedShare),
            basis: lines.basis.clone(),
            sites: sites::typed(&lines.sites),
        }
    }

    fn read(&self) -> Result<Lines, Refusal> {
        let mut reader = Reader::default();
        let mut number = |line: Line, text: &str| reader.number(line.code(), text, (0, line.most()));
        let mut lines = Lines {
            settled_share: number(Line::SettledShare, &self.settled_share),
            unsettled: number(Line::Unsettled, &self.unsettled),
            lectures: number(Line::Lectures, &self.lectures),
            visits: number(Line::Visits, &self.visits),
            paired_share: number(Line::PairedShare, &self.paired_share),
            basis: String::new(),
            sites: Vec::new(),
        };
        // A line or a site without a rule behind it would be somebody's own mark for a village.
        lines.basis = match lines.drawn().is_empty() && self.sites.trim().is_empty() {
            true => reader.text("basis", &self.basis, 200),
            false => reader.required("basis", &self.basis, 200),
        };
        reader.finish(lines)
    }
}

/// Saves the lines of the scorecard if the county is still at `version`.
///
/// # Errors
/// As [`save`].
pub async fn save_lines(
    app: &App,
    visitor: &Visitor,
    version: i64,
    typed: &TypedLines,
) -> Result<(County, CountySettings), Stop> {
    let by = By::whole_county(visitor, Noun::Setting)?;
    let lines = typed.read()?;
    let typed = sites::read(&typed.sites, app.today())?;
    let sites = app.db.read(In::County(by.county), move |tx| sites::resolved(tx, by.county, &typed)).await?;
    let lines = Lines { sites, ..lines };
    changed(app, by, version, move |set| set.scorecard = lines.clone()).await
}
