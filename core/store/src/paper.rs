//! Papers with their versions, and the counties' own templates.

use diesel::prelude::*;
use falin_domain::page::{Mark, Page, Window};
use falin_domain::words::{AccountId, CaseId, CountyId, PaperId, PaperTemplateId, PaperVersionId};

use crate::column::{kept, load, noun};
use crate::deadline::SubjectId;
use crate::keys::Bound;
use crate::schema::{paper, paper_template, paper_version};
use crate::stop::{Fault, Stop};
use crate::tx::Tx;

noun! {
    /// An issued paper.
    Paper in paper {
        /// County.
        county_id: CountyId,
        /// Id.
        id: PaperId,
        /// Code of its kind.
        kind: String,
        /// Noun of the case.
        subject_noun: String,
        /// The case.
        subject_id: SubjectId,
        /// The number as printed; empty for a paper without one.
        number: String,
        /// The series that it was taken from; None where it was given or there is none.
        series: Option<String>,
        /// Year of the series.
        year: Option<i32>,
        /// Count in the series.
        n: Option<i64>,
        /// The version that holds.
        latest: i32,
        /// Why it is void, sealed.
        void_sealed: Option<Vec<u8>>,
        /// Who issued it.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// When it was declared void.
        voided_ms: Option<i64>,
        /// Counts changes.
        version: i64,
    }
}
kept!(Paper in paper by PaperId);

impl Paper {
    /// Its place in a list, newest first.
    pub fn mark(&self) -> Mark {
        Mark { key: self.created_ms.to_string(), id: self.id.uuid() }
    }
}

noun! {
    /// What was printed: values and document of one version, sealed whole.
    PaperVersion in paper_version {
        /// County.
        county_id: CountyId,
        /// Id.
        id: PaperVersionId,
        /// The paper.
        paper_id: PaperId,
        /// From 1.
        n: i32,
        /// JSON of the values, sealed; where a package's form was used, with its generation.
        values_sealed: Vec<u8>,
        /// The .docx, sealed.
        docx_sealed: Vec<u8>,
        /// SHA-256 of the .docx.
        docx_hash: Vec<u8>,
        /// The county's template that it was made from; None for the built-in layout.
        template_id: Option<PaperTemplateId>,
        /// Names of the fields that were left blank, separated by `,`.
        blanks: String,
        /// Who wrote it.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
    }
}

noun! {
    /// A county's own template of a kind.
    PaperTemplate in paper_template {
        /// County.
        county_id: CountyId,
        /// Id.
        id: PaperTemplateId,
        /// Code of the kind.
        kind: String,
        /// From 1 within the kind.
        n: i32,
        /// Name of the file that was uploaded.
        file_name: String,
        /// The file, sealed.
        file_sealed: Vec<u8>,
        /// Its SHA-256.
        file_hash: Vec<u8>,
        /// Whether it is in use.
        active: bool,
        /// Who uploaded it.
        account_id: Option<AccountId>,
        /// UTC milliseconds.
        created_ms: i64,
        /// Counts changes.
        version: i64,
    }
}
kept!(PaperTemplate in paper_template by PaperTemplateId);

/// Most papers of one case that are looked at together.
const MOST_OF_A_CASE: i64 = 1_000;

/// Which papers a list shows.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// Only those of this case.
    pub subject: Option<SubjectId>,
    /// Only those of these nouns' cases; None: of all.
    pub noun: Option<String>,
    /// Only those of these kinds; of all where none is named.
    pub kinds: Vec<String>,
}

/// A page of papers, newest first.
///
/// # Errors
/// The database's own.
pub fn page(
    tx: &mut Tx<'_>,
    county: CountyId,
    filter: &Filter,
    window: &Window,
) -> Result<Page<Paper>, Stop> {
    let mut query = paper::table.filter(paper::county_id.eq(county.bytes())).into_boxed();
    if let Some(subject) = filter.subject {
        query = query.filter(paper::subject_id.eq(subject.bytes()));
    }
    if let Some(noun) = &filter.noun {
        query = query.filter(paper::subject_noun.eq(noun.clone()));
    }
    if !filter.kinds.is_empty() {
        query = query.filter(paper::kind.eq_any(filter.kinds.clone()));
    }
    if let Some(after) = &window.after {
        let (ms, id) = (after.millis(), after.id.as_bytes().to_vec());
        query = query.filter(paper::created_ms.le(ms).and(paper::created_ms.lt(ms).or(paper::id.lt(id))));
    }
    let query = query.order((paper::created_ms.desc(), paper::id.desc())).limit(i64::from(window.limit) + 1);
    let rows = load!(Paper, query, tx)?;
    Ok(Page::cut(rows, window, Paper::mark))
}

/// Papers of a case that hold, the newest first; of one kind or of all.
///
/// # Errors
/// The database's own.
pub fn standing(
    tx: &mut Tx<'_>,
    county: CountyId,
    subject: SubjectId,
    kind: Option<&str>,
) -> Result<Vec<Paper>, Stop> {
    Ok(of_case(tx, county, subject)?
        .into_iter()
        .filter(|row| row.voided_ms.is_none() && kind.is_none_or(|kind| row.kind == kind))
        .collect())
}

/// Papers of a case, void ones too, the newest first; no case has more than a thousand.
///
/// # Errors
/// The database's own.
pub fn of_case(tx: &mut Tx<'_>, county: CountyId, subject: SubjectId) -> Result<Vec<Paper>, Stop> {
    let query = paper::table
        .filter(paper::county_id.eq(county.bytes()))
        .filter(paper::subject_id.eq(subject.bytes()))
        .order((paper::created_ms.desc(), paper::id.desc()))
        .limit(MOST_OF_A_CASE);
    load!(Paper, query, tx)
}

/// Ids of the papers of these cases, each with its case.
///
/// # Errors
/// The database's own.
pub fn ids_of(tx: &mut Tx<'_>, county: CountyId, cases: &[CaseId]) -> Result<Vec<(PaperId, CaseId)>, Stop> {
    let cases: Vec<Vec<u8>> = cases.iter().map(|id| id.bytes()).collect();
    let rows: Vec<(Vec<u8>, Vec<u8>)> = paper::table
        .filter(paper::county_id.eq(county.bytes()))
        .filter(paper::subject_id.eq_any(cases))
        .select((paper::id, paper::subject_id))
        .load(tx.conn)?;
    rows.iter().map(|(paper, case)| Ok((crate::county::id(paper)?, crate::county::id(case)?))).collect()
}

/// Whether a paper of one of these kinds has or had this number: a void one keeps it.
///
/// # Errors
/// The database's own.
pub fn has_number(tx: &mut Tx<'_>, county: CountyId, kinds: &[&str], number: &str) -> Result<bool, Stop> {
    let query = paper::table
        .filter(paper::county_id.eq(county.bytes()))
        .filter(paper::kind.eq_any(kinds.iter().map(|kind| (*kind).to_owned()).collect::<Vec<_>>()))
        .filter(paper::number.eq(number.to_owned()));
    Ok(diesel::select(diesel::dsl::exists(query)).get_result(tx.conn)?)
}

/// A new version as it is written: values and document in clear.
pub struct Written<'a> {
    /// JSON of the values.
    pub values: &'a str,
    /// The .docx.
    pub docx: &'a [u8],
    /// Its SHA-256.
    pub hash: Vec<u8>,
    /// Generation of the package whose form was used; None for a form of the house.
    pub generation: Option<i32>,
    /// The county's template, if one was used.
    pub template: Option<PaperTemplateId>,
    /// Names of blank fields.
    pub blanks: &'a [String],
    /// Who wrote it.
    pub account: Option<AccountId>,
}

/// Adds version `n` of a paper, sealed.
///
/// # Errors
/// The database's own.
pub fn add_version(tx: &mut Tx<'_>, paper: &Paper, n: i32, written: &Written<'_>) -> Result<(), Stop> {
    let id: PaperVersionId = tx.id();
    let row = id.bytes();
    let county = paper.county_id;
    let at = |column| Bound { table: "paper_version", column, row: &row, county };
    let version = PaperVersion {
        county_id: county,
        id,
        paper_id: paper.id,
        n,
        values_sealed: tx.seal(at("values_sealed"), &with_generation(written)?)?,
        docx_sealed: tx.seal_bytes(at("docx_sealed"), written.docx)?,
        docx_hash: written.hash.clone(),
        template_id: written.template,
        blanks: written.blanks.join(","),
        account_id: written.account,
        created_ms: tx.now.millis(),
    };
    diesel::insert_into(paper_version::table).values(version.values()).execute(tx.conn)?;
    Ok(())
}

/// The name of the generation beside the values: no field can have it. What a version was printed from belongs to
/// what was printed, so that it is sealed with it and never changes.
const GENERATION: &str = "@generation";

fn with_generation(written: &Written<'_>) -> Result<String, Stop> {
    let Some(generation) = written.generation else { return Ok(written.values.to_owned()) };
    let mut values = members(written.values)?;
    values.insert(GENERATION.to_owned(), generation.into());
    Ok(serde_json::Value::Object(values).to_string())
}

fn members(text: &str) -> Result<serde_json::Map<String, serde_json::Value>, Stop> {
    serde_json::from_str(text).map_err(|error| Fault::new("paper", error.to_string()).into())
}

/// Every version of a paper, the newest first.
///
/// # Errors
/// The database's own.
pub fn versions(tx: &mut Tx<'_>, county: CountyId, id: PaperId) -> Result<Vec<PaperVersion>, Stop> {
    let query = paper_version::table
        .filter(paper_version::county_id.eq(county.bytes()))
        .filter(paper_version::paper_id.eq(id.bytes()))
        .order(paper_version::n.desc());
    load!(PaperVersion, query, tx)
}

impl PaperVersion {
    fn at<'a>(&self, column: &'a str, row: &'a [u8]) -> Bound<'a> {
        Bound { table: "paper_version", column, row, county: self.county_id }
    }

    /// JSON of the values.
    ///
    /// # Errors
    /// A fault where the row was changed from outside.
    pub fn values_json(&self, tx: &Tx<'_>) -> Result<String, Stop> {
        let text = self.kept(tx)?;
        if !text.contains(GENERATION) {
            return Ok(text);
        }
        let mut values = members(&text)?;
        values.remove(GENERATION);
        Ok(serde_json::Value::Object(values).to_string())
    }

    /// Generation of the package whose form was used; None for a form of the house.
    ///
    /// # Errors
    /// A fault where the row was changed from outside.
    pub fn generation(&self, tx: &Tx<'_>) -> Result<Option<i32>, Stop> {
        let values = members(&self.kept(tx)?)?;
        Ok(values.get(GENERATION).and_then(serde_json::Value::as_i64).and_then(|n| n.try_into().ok()))
    }

    fn kept(&self, tx: &Tx<'_>) -> Result<String, Stop> {
        tx.open(self.at("values_sealed", &self.id.bytes()), &self.values_sealed)
    }

    /// The .docx.
    ///
    /// # Errors
    /// A fault where the row was changed from outside.
    pub fn docx(&self, tx: &Tx<'_>) -> Result<Vec<u8>, Stop> {
        tx.keys().open_bytes(self.at("docx_sealed", &self.id.bytes()), &self.docx_sealed)
    }
}

/// Seals why a paper is void.
///
/// # Errors
/// The database's own.
pub fn seal_void(tx: &mut Tx<'_>, paper: &Paper, reason: &str) -> Result<Vec<u8>, Stop> {
    let row = paper.id.bytes();
    tx.seal(Bound { table: "paper", column: "void_sealed", row: &row, county: paper.county_id }, reason)
}

/// Why a paper is void; None where it is not.
///
/// # Errors
/// A fault where the row was changed from outside.
pub fn void_reason(tx: &Tx<'_>, paper: &Paper) -> Result<Option<String>, Stop> {
    let row = paper.id.bytes();
    let at = Bound { table: "paper", column: "void_sealed", row: &row, county: paper.county_id };
    paper.void_sealed.as_ref().map(|sealed| tx.open(at, sealed)).transpose()
}

/// Templates of a county, of one kind or all, the newest first.
///
/// # Errors
/// The database's own.
pub fn templates(tx: &mut Tx<'_>, county: CountyId, kind: Option<&str>) -> Result<Vec<PaperTemplate>, Stop> {
    let mut query = paper_template::table
        .filter(paper_template::county_id.eq(county.bytes()))
        .order((paper_template::kind, paper_template::n.desc()))
        .into_boxed();
    if let Some(kind) = kind {
        query = query.filter(paper_template::kind.eq(kind.to_owned()));
    }
    load!(PaperTemplate, query, tx)
}

/// The template of a kind that is in use.
///
/// # Errors
/// The database's own.
pub fn in_use(tx: &mut Tx<'_>, county: CountyId, kind: &str) -> Result<Option<PaperTemplate>, Stop> {
    let query = paper_template::table
        .filter(paper_template::county_id.eq(county.bytes()))
        .filter(paper_template::kind.eq(kind.to_owned()))
        .filter(paper_template::active.eq(true))
        .limit(1);
    let found: Vec<PaperTemplate> = load!(PaperTemplate, query, tx)?;
    Ok(found.into_iter().next())
}

/// Puts a new template in use; the one before is kept.
///
/// # Errors
/// The database's own.
pub fn add_template(
    tx: &mut Tx<'_>,
    county: CountyId,
    (kind, file_name): (&str, &str),
    (file, hash): (&[u8], Vec<u8>),
    account: Option<AccountId>,
) -> Result<PaperTemplate, Stop> {
    retire(tx, county, kind)?;
    let last: Option<i32> = paper_template::table
        .filter(paper_template::county_id.eq(county.bytes()))
        .filter(paper_template::kind.eq(kind.to_owned()))
        .select(diesel::dsl::max(paper_template::n))
        .first(tx.conn)?;
    let n = last.unwrap_or(0) + 1;
    let id: PaperTemplateId = tx.id();
    let row = id.bytes();
    let at = Bound { table: "paper_template", column: "file_sealed", row: &row, county };
    let template = PaperTemplate {
        county_id: county,
        id,
        kind: kind.to_owned(),
        n,
        file_name: file_name.to_owned(),
        file_sealed: tx.seal_bytes(at, file)?,
        file_hash: hash,
        active: true,
        account_id: account,
        created_ms: tx.now.millis(),
        version: 1,
    };
    template.insert(tx)?;
    Ok(template)
}

/// Takes the template of a kind out of use; false where none was.
///
/// # Errors
/// The database's own.
pub fn retire(tx: &mut Tx<'_>, county: CountyId, kind: &str) -> Result<bool, Stop> {
    match in_use(tx, county, kind)? {
        None => Ok(false),
        Some(mut template) => {
            template.active = false;
            template.save(tx).map(|()| true)
        }
    }
}

impl PaperTemplate {
    /// The file.
    ///
    /// # Errors
    /// A fault where the row was changed from outside.
    pub fn file(&self, tx: &Tx<'_>) -> Result<Vec<u8>, Stop> {
        let row = self.id.bytes();
        let at = Bound { table: "paper_template", column: "file_sealed", row: &row, county: self.county_id };
        let file = tx.keys().open_bytes(at, &self.file_sealed)?;
        if file.is_empty() { Err(Fault::new("paper", "an empty template").into()) } else { Ok(file) }
    }
}
