//! What a roster's checking has to say about a row: the closed list of codes that scripts rely on.

use serde::{Deserialize, Serialize};

use crate::directory::codes;

codes! {
    /// What is wrong with a cell or a file (contract.md, "Rosters").
    FindingCode {
        /// The last character of an ID number does not follow from the others, or there are not 18.
        IdChecksum = "id.checksum",
        /// Another document is named, and this is no number of such a one.
        IdDocument = "id.document",
        /// The ID number holds an impossible or future birth date.
        IdDate = "id.date",
        /// The ID number was stored as a number and lost its last digits.
        IdPrecisionLost = "id.precision_lost",
        /// An old 15-digit ID number: good for matching, not for proof.
        IdOld15 = "id.old_15",
        /// The ID number, licence, division code or credit code stands in an earlier accepted row.
        IdDuplicate = "id.duplicate",
        /// Somebody of a household that is only stored (PIPL 47) has this ID number: an import does not bring it back.
        IdRestricted = "id.restricted",
        /// The row has no readable name.
        NameMissing = "name.missing",
        /// No telephone number of this country.
        PhoneInvalid = "phone.invalid",
        /// The telephone number was stored as a number and lost its last digits.
        PhonePrecisionLost = "phone.precision_lost",
        /// The county has no such village, community, township or division.
        VillageUnknown = "village.unknown",
        /// A category that is not on the list.
        CategoryUnknown = "category.unknown",
        /// No date, or an impossible one.
        DateInvalid = "date.invalid",
        /// The county has no such legal worker or firm.
        WorkerUnknown = "worker.unknown",
        /// No usable number of households or people.
        CapacityInvalid = "capacity.invalid",
        /// No practising licence number.
        LicenceInvalid = "licence.invalid",
        /// No unified social credit code.
        UsccInvalid = "uscc.invalid",
        /// The file cannot be read.
        FileUnreadable = "file.unreadable",
        /// The file holds more than is accepted.
        FileTooLarge = "file.too_large",
        /// No row names the columns that this roster needs.
        HeaderMissing = "header.missing",
    }
}

codes! {
    /// Whether the row is taken all the same.
    Severity {
        /// The row is left out.
        Error = "error",
        /// The row is taken.
        Warning = "warning",
    }
}

/// One thing to put right, at one cell.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// The sheet's name.
    pub sheet: String,
    /// The sheet's own row number, from 1.
    pub row: u32,
    /// The roster's header of the column.
    pub column: String,
    /// What is wrong.
    pub code: FindingCode,
    /// Whether the row is taken.
    pub severity: Severity,
}

impl FindingCode {
    /// Only an old ID number leaves its row in.
    pub const fn severity(self) -> Severity {
        match self {
            Self::IdOld15 => Severity::Warning,
            _ => Severity::Error,
        }
    }
}
