//! Photos, scans and recordings on a case: what may be put there, and who may take it out again.

use falin_domain::access::{Act, Visitor};
use falin_domain::journal::Event;
use falin_domain::refusal::{FieldError, Refusal};
use falin_domain::words::{AttachmentId, CaseId};
use falin_store::attachment::{self as rows, Attachment};
use falin_store::casefile::Case;
use falin_store::{In, Tx, casefile_list};
use serde_json::json;

use super::look::is_outside;
use super::open::journal;
use super::view::{Seen, seen};
use super::{Standing, sight};
use crate::docx::WORKBOOK_MEDIA;
use crate::{App, Stop};

/// Largest file in bytes.
const LARGEST: usize = 20 << 20;
/// Most files on one case.
const MOST: usize = 200;
/// Most files on one case to which somebody without an account may add.
pub(super) const MOST_OF_RESIDENT: usize = 20;

/// A file as it was sent.
#[derive(Clone)]
pub struct File {
    /// Its name on the sender's machine.
    pub name: String,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// Kinds of files, by their first bytes: extension, media type, magic.
const KINDS: &[(&[&str], &str, fn(&[u8]) -> bool)] = &[
    (&["jpg", "jpeg"], "image/jpeg", |b| b.starts_with(&[0xFF, 0xD8, 0xFF])),
    (&["png"], "image/png", |b| b.starts_with(b"\x89PNG\r\n\x1a\n")),
    (&["webp"], "image/webp", |b| b.starts_with(b"RIFF") && b.get(8..12) == Some(b"WEBP")),
    (&["heic"], "image/heic", |b| b.get(4..8) == Some(b"ftyp") && b.get(8..11) == Some(b"hei")),
    (&["pdf"], "application/pdf", |b| b.starts_with(b"%PDF-")),
    (&["mp3"], "audio/mpeg", |b| b.starts_with(b"ID3") || b.starts_with(&[0xFF, 0xFB])),
    (&["m4a", "mp4"], "audio/mp4", |b| b.get(4..8) == Some(b"ftyp")),
    (&["amr"], "audio/amr", |b| b.starts_with(b"#!AMR")),
    (&["ogg", "opus"], "audio/ogg", |b| b.starts_with(b"OggS")),
    (&["webm"], "audio/webm", |b| b.starts_with(&[0x1A, 0x45, 0xDF, 0xA3])),
    (&["wav"], "audio/wav", |b| b.starts_with(b"RIFF") && b.get(8..12) == Some(b"WAVE")),
    (&["docx"], "application/vnd.openxmlformats-officedocument.wordprocessingml.document", |b| {
        b.starts_with(b"PK\x03\x04")
    }),
    (&["xlsx"], WORKBOOK_MEDIA, |b| b.starts_with(b"PK\x03\x04")),
];

impl File {
    /// The media type, where name and first bytes agree.
    ///
    /// # Errors
    /// `form.invalid` at `file`: `required`, `file.kind`, or too large.
    pub(crate) fn media_type(&self) -> Result<&'static str, Refusal> {
        if self.body.is_empty() {
            return Err(Refusal::field("file", "required"));
        }
        if self.body.len() > LARGEST {
            return Err(Refusal::form(vec![
                FieldError::new("file", "file.large").with("max", LARGEST >> 20),
            ]));
        }
        let extension = self.name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let kind = KINDS.iter().find(|(names, _, is)| names.contains(&extension.as_str()) && is(&self.body));
        kind.map(|kind| kind.1).ok_or_else(|| Refusal::field("file", "file.kind"))
    }

    /// The name without folders or control characters, not longer than a label.
    pub(crate) fn plain_name(&self) -> String {
        let last = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        last.chars().filter(|c| !c.is_control()).take(120).collect()
    }
}

/// Puts a file on a case. Whoever sees an open case may add to it.
///
/// # Errors
/// `not_found`, `form.invalid` at `file`, `action.not_allowed` once the case is closed.
pub async fn attach(app: &App, visitor: &Visitor, flow: &str, id: CaseId, file: File) -> Result<Seen, Stop> {
    let media_type = file.media_type()?;
    within(app, visitor, flow, id, move |tx, visitor, case| {
        if rows::of(tx, case.county_id, case.id)?.len() >= MOST {
            return Err(Refusal::field("file", "list_too_long").into());
        }
        put_on(tx, visitor, case, (&file, media_type))
    })
    .await
}

/// Keeps a file of this media type with a case, and says so in the journal.
///
/// # Errors
/// The store's own.
pub(crate) fn put_on(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    case: &Case,
    (file, media_type): (&File, &str),
) -> Result<(), Stop> {
    let place = (case.county_id, case.id);
    let row = rows::add(tx, place, visitor.account, (&file.plain_name(), media_type), &file.body)?;
    journal(tx, case, visitor, Event::FileAttached, json!({ "file": row.id, "bytes": row.size }))
}

/// Takes a file off a case: the one who put it there, while the case is open.
///
/// # Errors
/// `not_found`, `access.denied`, `action.not_allowed`.
pub async fn detach(
    app: &App,
    visitor: &Visitor,
    flow: &str,
    id: CaseId,
    file: AttachmentId,
) -> Result<Seen, Stop> {
    within(app, visitor, flow, id, move |tx, visitor, case| {
        let files = rows::of(tx, case.county_id, case.id)?;
        let there = files.into_iter().find(|one| one.id == file).ok_or_else(Refusal::absent)?;
        if there.account_id != visitor.account {
            return Err(Refusal::new("access.denied").into());
        }
        rows::remove(tx, case.county_id, file)?;
        journal(tx, case, visitor, Event::FileDetached, json!({ "file": file }))
    })
    .await
}

/// Whether a reader may have a file. From outside only what residents put there themselves: a recording of one side alone
/// is nothing for the other, and what is for them goes out as a paper.
pub(super) fn is_open_to(visitor: &Visitor, outside: bool, case: &Case, file: &Attachment) -> bool {
    let theirs = [None, visitor.account, case.resident_id];
    !outside || theirs.contains(&file.account_id)
}

async fn within(
    app: &App,
    visitor: &Visitor,
    flow: &str,
    id: CaseId,
    edit: impl Fn(&mut Tx<'_>, &Visitor, &Case) -> Result<(), Stop> + Send + 'static,
) -> Result<Seen, Stop> {
    let current = app.flows.current(visitor.county, flow)?;
    let sight = sight(visitor, Act::Read, &current).map_err(|_| Refusal::absent())?;
    let (flows, visitor, flow) = (app.flows.clone(), visitor.clone(), flow.to_owned());
    let county = visitor.county;
    let work = move |tx: &mut Tx<'_>| {
        let case = casefile_list::one(tx, &sight, id)?;
        if case.flow != flow {
            return Err(Refusal::absent().into());
        }
        if case.closed_ms.is_some() {
            return Err(Refusal::new("action.not_allowed").into());
        }
        edit(tx, &visitor, &case)?;
        seen(tx, &flows, &visitor, case)
    };
    app.db.write(In::County(county), work).await
}

/// A file's name, media type and bytes; that it was opened is journalled before it leaves the house.
///
/// # Errors
/// `not_found`.
pub async fn attachment(
    app: &App,
    visitor: &Visitor,
    flow: &str,
    id: CaseId,
    file: AttachmentId,
) -> Result<(String, String, Vec<u8>), Stop> {
    let current = app.flows.current(visitor.county, flow)?;
    let sight = sight(visitor, Act::Read, &current).map_err(|_| Refusal::absent())?;
    let (flows, visitor, flow) = (app.flows.clone(), visitor.clone(), flow.to_owned());
    let county = visitor.county;
    let work = move |tx: &mut Tx<'_>| {
        let case = casefile_list::one(tx, &sight, id)?;
        let outside = is_outside(&visitor, &Standing::of(tx, &flows, &visitor, &case)?);
        let files = rows::of(tx, county, id)?;
        let open = |one: &Attachment| case.flow == flow && is_open_to(&visitor, outside, &case, one);
        let there = files.into_iter().find(|one| one.id == file).filter(open);
        let there = there.ok_or_else(Refusal::absent)?;
        journal(tx, &case, &visitor, Event::FileOpened, json!({ "file": file }))?;
        Ok((there.name(tx)?, there))
    };
    let (name, there) = app.db.write(In::County(county), work).await?;
    let media = there.media_type.clone();
    // Megabytes are opened where they hold up nobody who writes.
    let body = app.db.read(In::County(county), move |tx| there.body(tx)).await?;
    Ok((name, media, body))
}
