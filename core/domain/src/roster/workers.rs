//! Checking the rows of firms, legal workers and village advisers.

use super::check::{self, Faults};
use super::clean;
use super::column::Field;
use super::context::Context;
use super::date;
use super::finding::FindingCode;
use super::person::{gender, worker_kind};
use super::row::{AdviserRow, FirmRow, LawyerRow};
use super::sheet::Cell;
use super::walk::Record;
use crate::directory::{FirmKind, WorkerKind};
use crate::time::Date;
use crate::words::{PersonName, Uscc};

/// Reads one firm; None where the row has to be left out.
pub fn firm(record: &Record<'_>, faults: &mut Faults) -> Option<FirmRow> {
    let name = check::title(record, Field::Name, faults);
    let uscc = uscc(record, faults);
    let phones = check::phones(record, faults);
    let name = name.filter(|_| !faults.refuse())?;
    Some(FirmRow {
        origin: record.origin,
        kind: firm_kind(&name),
        name,
        uscc,
        address: record.said(Field::Address),
        phones,
        principal: record.said(Field::Principal).and_then(|text| PersonName::parse(&text).ok()),
    })
}

/// Reads one legal worker; None where the row has to be left out. A firm that the county does not have yet
/// is kept by name.
pub fn lawyer(record: &Record<'_>, context: &Context, faults: &mut Faults) -> Option<LawyerRow> {
    let name = check::person(record, Field::Name, faults);
    let licence = check::licence(record, faults);
    if record.said(Field::Licence).is_none() {
        faults.add(Field::Licence, FindingCode::LicenceInvalid);
    }
    let phones = check::phones(record, faults);
    let capacity = check::capacity(record, 0, faults);
    let practice_since = practice_since(record, context, faults);
    let (name, licence) = (name?, licence?);
    if faults.refuse() {
        return None;
    }
    let firm_name = record.said(Field::Firm);
    let list = |field| record.said(field).map(|text| clean::list(&text)).unwrap_or_default();
    Some(LawyerRow {
        origin: record.origin,
        name,
        licence,
        kind: kind(&record.text(Field::WorkerKind), firm_name.as_deref()),
        firm: firm_name.as_deref().and_then(|name| context.providers.firm(name)),
        firm_name,
        gender: gender(&record.text(Field::Gender)),
        phones,
        specialties: list(Field::Specialties),
        languages: list(Field::Languages),
        capacity,
        practice_since,
    })
}

/// The first day of practice: no day that is none, and none to come.
fn practice_since(record: &Record<'_>, context: &Context, faults: &mut Faults) -> Option<Date> {
    let cell = record.cell(Field::PracticeSince);
    if clean::is_blank(cell) || clean::says_none(&clean::text(cell)) && !matches!(cell, Cell::Error(_)) {
        return None;
    }
    let read = date::date(cell, record.date_1904).ok().filter(|day| *day <= context.today);
    if read.is_none() {
        faults.add(Field::PracticeSince, FindingCode::DateInvalid);
    }
    read
}

/// Reads one village's adviser; None where the row has to be left out. An adviser need not be a lawyer
/// (handbook §5), so the licence may be missing where the name is enough.
pub fn adviser(record: &Record<'_>, context: &Context, faults: &mut Faults) -> Option<AdviserRow> {
    let village = check::village(record, context, faults);
    let name = check::person(record, Field::Name, faults);
    let licence = check::licence(record, faults);
    let firm = record.said(Field::Firm).and_then(|name| context.providers.firm(&name));
    let term = term(record, faults);
    let unlicensed = faults.0.iter().any(|(_, code)| *code == FindingCode::LicenceInvalid);
    let worker = name.as_ref().and_then(|name| context.providers.worker(name, licence.as_ref(), firm));
    if worker.is_none() && name.is_some() && !unlicensed {
        faults.add(Field::Name, FindingCode::WorkerUnknown);
    }
    let (village, worker) = (village?, worker?);
    if faults.refuse() {
        return None;
    }
    Some(AdviserRow {
        origin: record.origin,
        village: village.id,
        worker,
        from: term.map(|term| term.from),
        to: term.and_then(|term| term.to),
        hours: record.said(Field::Hours),
    })
}

fn term(record: &Record<'_>, faults: &mut Faults) -> Option<date::Term> {
    let cell = record.cell(Field::Term);
    if clean::is_blank(cell) || clean::says_none(&clean::text(cell)) && !matches!(cell, Cell::Error(_)) {
        return None;
    }
    let read = date::term(cell, record.date_1904);
    if read.is_err() {
        faults.add(Field::Term, FindingCode::DateInvalid);
    }
    read.ok()
}

fn uscc(record: &Record<'_>, faults: &mut Faults) -> Option<Uscc> {
    let lost = matches!(record.cell(Field::Uscc), Cell::Number(_) | Cell::Error(_));
    let read = record.said(Field::Uscc).map(|text| Uscc::parse(&text));
    match read {
        Some(Ok(code)) if !lost => Some(code),
        None if !lost => None,
        _ => {
            faults.add(Field::Uscc, FindingCode::UsccInvalid);
            None
        }
    }
}

fn firm_kind(name: &str) -> FirmKind {
    let has = |word| name.contains(word);
    if has("法律服务所") {
        FirmKind::LegalServiceOffice
    } else if has("公证处") {
        FirmKind::NotaryOffice
    } else if has("法律援助中心") {
        FirmKind::AidCentre
    } else {
        FirmKind::LawFirm
    }
}

fn kind(said: &str, firm: Option<&str>) -> WorkerKind {
    worker_kind(said).unwrap_or(match firm.map(firm_kind) {
        Some(FirmKind::LegalServiceOffice) => WorkerKind::LegalServiceWorker,
        Some(FirmKind::NotaryOffice) => WorkerKind::Notary,
        _ => WorkerKind::Lawyer,
    })
}
