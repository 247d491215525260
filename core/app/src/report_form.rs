//! The city's own report forms: a .docx or .xlsx with figures as placeholders, kept per county and filled for a place
//! and a period.

use std::collections::BTreeMap;

use falin_domain::access::{Act, Noun, Visitor};
use falin_domain::journal::Event;
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::spoken::whole_day;
use falin_domain::statistics::{FIGURES, Unit};
use falin_store::paper::{self, PaperTemplate};
use falin_store::{In, Tx};
use sha2::{Digest, Sha256};

use crate::docx::{BadPackage, FigureForm};
use crate::statistics::{self, Asked, Table};
use crate::trace::By;
use crate::{App, Fault, Stop};

/// What sets them apart from templates of papers, in the same table.
const KIND: &str = "report:";
/// Longest title, and longest name of a file that is kept.
const LONGEST: usize = 40;
const LONGEST_NAME: usize = 100;
/// Placeholders beside the figures: the place, the period, the day on which it is filled.
pub const WORDS: [&str; 4] = ["place", "from", "to", "day"];

/// A form that a county has in use.
#[derive(Clone, Debug)]
pub struct ReportForm {
    /// Its title, which names it in the county.
    pub title: String,
    /// The file as it was uploaded.
    pub file_name: String,
    /// Which edition is in use.
    pub edition: i32,
    /// UTC milliseconds.
    pub created_ms: i64,
}

fn shown(row: PaperTemplate) -> ReportForm {
    let title = row.kind.strip_prefix(KIND).unwrap_or_default().to_owned();
    ReportForm { title, file_name: row.file_name, edition: row.n, created_ms: row.created_ms }
}

/// Whether a template's kind is that of a report form.
pub(crate) fn is_form(kind: &str) -> bool {
    kind.starts_with(KIND)
}

/// The forms in use, by title.
///
/// # Errors
/// `access.denied`.
pub async fn forms(app: &App, visitor: &Visitor) -> Result<Vec<ReportForm>, Stop> {
    let scope = visitor.scope(Act::Read, Noun::Statistics)?;
    let work = move |tx: &mut Tx<'_>| {
        let all = paper::templates(tx, scope.county, None)?;
        Ok(all.into_iter().filter(|row| row.active && is_form(&row.kind)).map(shown).collect())
    };
    app.db.read(In::County(visitor.county), work).await
}

/// Checks a form and puts it in use; one of the same title is replaced.
///
/// # Errors
/// `access.denied`; `form.invalid` at `title`, or at `file` with every fault of the form.
pub async fn add(
    app: &App,
    visitor: &Visitor,
    title: &str,
    (file_name, file): (&str, &[u8]),
) -> Result<ReportForm, Stop> {
    let by = By::whole_county(visitor, Noun::Setting)?;
    let title = title.trim().to_owned();
    if title.is_empty() {
        return Err(Refusal::field("title", "required").into());
    }
    if title.chars().count() > LONGEST || title.chars().any(|c| c.is_control() || c == '/') {
        let fault = FieldError::new("title", "too_long").with("max", LONGEST);
        return Err(Refusal::form(vec![fault]).into());
    }
    let own = own_codes(app, visitor);
    let known = |name: &str| {
        WORDS.contains(&name)
            || FIGURES.iter().any(|figure| figure.code == name)
            || own.iter().any(|code| code == name)
    };
    FigureForm::read(file, known).map_err(refused)?;
    let (file, hash) = (file.to_vec(), Sha256::digest(file).to_vec());
    let name: String = file_name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    let kind = format!("{KIND}{title}");
    let work = move |tx: &mut Tx<'_>| {
        let kept = paper::add_template(tx, by.county, (&kind, &name), (&file, hash.clone()), by.account)?;
        let details = serde_json::json!({ "kind": kept.kind, "edition": kept.n });
        by.saved(tx, Event::PaperTemplateSaved, ("paper_template", kept.id), details)?;
        Ok(shown(kept))
    };
    app.db.write(In::County(by.county), work).await
}

/// Placeholders of the county's workflows: `plugin/code`.
fn own_codes(app: &App, visitor: &Visitor) -> Vec<String> {
    let used = app.flows.in_use(visitor.county);
    let codes = used.iter().flat_map(|plugin| {
        plugin.manifest.statistic.iter().map(move |figure| format!("{}/{}", plugin.name, figure.code))
    });
    codes.collect()
}

/// Takes a form out of use.
///
/// # Errors
/// `access.denied`; `form.invalid` at `title` where there is none of it.
pub async fn retire(app: &App, visitor: &Visitor, title: &str) -> Result<(), Stop> {
    let by = By::whole_county(visitor, Noun::Setting)?;
    let kind = format!("{KIND}{title}");
    let work = move |tx: &mut Tx<'_>| {
        let before =
            paper::in_use(tx, by.county, &kind)?.ok_or_else(|| Refusal::field("title", "unknown"))?;
        paper::retire(tx, by.county, &kind)?;
        let details = serde_json::json!({ "kind": before.kind, "edition": before.n });
        by.saved(tx, Event::PaperTemplateReverted, ("paper_template", before.id), details)
    };
    app.db.write(In::County(by.county), work).await
}

/// A form filled with the figures of a place and period, its days as the language writes them: the file's name, whether
/// it is a workbook, and its bytes.
///
/// # Errors
/// `access.denied`; `division.unknown`; `form.invalid`, at `form` where there is none of this title.
pub async fn filled(
    app: &App,
    visitor: &Visitor,
    title: &str,
    asked: Asked,
    english: bool,
) -> Result<(String, bool, Vec<u8>), Stop> {
    let scope = visitor.scope(Act::Export, Noun::Statistics)?;
    let table = statistics::table(app, visitor, asked).await?;
    let kind = format!("{KIND}{title}");
    let work = move |tx: &mut Tx<'_>| {
        let row = paper::in_use(tx, scope.county, &kind)?.ok_or_else(|| Refusal::field("form", "unknown"))?;
        let county = falin_store::county::by_id(tx, scope.county)?.map(|county| county.name);
        Ok((row.file(tx)?, county.unwrap_or_default(), tx.now.date()))
    };
    let (file, county, today) = app.db.read(In::County(visitor.county), work).await?;
    let broken = |fault: BadPackage| Stop::from(Fault::new("report form", fault.to_string()));
    let form = FigureForm::read(&file, |_| true).map_err(refused)?;
    let mut values = values(&table);
    let place = table.place.as_ref().map_or(county, |place| place.name.clone());
    let day = |date| whole_day(date, english);
    let words = [place, day(table.span.from), day(table.span.to), day(today)];
    values.extend(WORDS.iter().map(|word| (*word).to_owned()).zip(words));
    let bytes = form.fill(&values).map_err(broken)?;
    let end = if form.workbook { "xlsx" } else { "docx" };
    Ok((format!("{title} {} {}.{end}", table.span.from, table.span.to), form.workbook, bytes))
}

/// Figures as they stand in a form: bare numbers, so that a sheet can count with them; money in yuan, shares in per
/// cent. What is kept back has none.
fn values(table: &Table) -> BTreeMap<String, String> {
    let number = |unit: Unit, value: i64| match unit {
        Unit::Percent => format!("{}.{}", value / 10, value % 10),
        Unit::Money => format!("{}.{:02}", value / 100, value % 100),
        _ => value.to_string(),
    };
    let house = table.lines.iter().filter_map(|line| {
        line.value.map(|value| (line.figure.code.to_owned(), number(line.figure.unit, value)))
    });
    let own = table.own.iter().flat_map(|own| {
        own.lines.iter().filter(|line| line.value.is_some()).map(move |line| {
            let text = line.written.text(line.value).replace([',', ' '], "");
            (statistics::own_key(own, line), text)
        })
    });
    house.chain(own).collect()
}

fn refused(faults: Vec<BadPackage>) -> Stop {
    let field = |fault: BadPackage| FieldError::new("file", fault.code).with("what", fault.what);
    Refusal::form(faults.into_iter().map(field).collect()).into()
}
