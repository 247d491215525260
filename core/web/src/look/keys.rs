//! Text keys of the closed lists, so that a view can carry them.

use falin_domain::directory::{FacilityKind, FirmKind, WorkerKind};

/// The title after a person's name: 律师, 法律服务工作者, …
pub const fn worker_title(kind: WorkerKind) -> &'static str {
    match kind {
        WorkerKind::Lawyer => "title-lawyer",
        WorkerKind::LegalServiceWorker => "title-legal-service-worker",
        WorkerKind::Notary => "title-notary",
        WorkerKind::AidStaff => "title-aid-staff",
        WorkerKind::Volunteer => "title-volunteer",
    }
}

/// What a firm is: 律师事务所, 基层法律服务所, …
pub const fn firm_kind(kind: FirmKind) -> &'static str {
    match kind {
        FirmKind::LawFirm => "firm-kind-law-firm",
        FirmKind::LegalServiceOffice => "firm-kind-legal-service-office",
        FirmKind::NotaryOffice => "firm-kind-notary-office",
        FirmKind::AidCentre => "firm-kind-aid-centre",
    }
}

/// What tier a facility is: 中心, 工作站, 工作室.
pub const fn facility_kind(kind: FacilityKind) -> &'static str {
    match kind {
        FacilityKind::Centre => "facility-kind-centre",
        FacilityKind::Station => "facility-kind-station",
        FacilityKind::Studio => "facility-kind-studio",
    }
}
