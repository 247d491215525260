//! Rosters as counties send them: cells in, accepted rows and findings out (contract.md, "Rosters").
//!
//! Knows cells, headers and the county's names. Knows no file, no zip and no database: `host` reads the file,
//! `app` compares the rows with what the county has.

#[cfg(test)]
mod anything;
mod check;
pub(crate) mod clean;
mod column;
mod context;
mod date;
mod finding;
#[cfg(test)]
mod fixture;
mod header;
mod households;
mod opening;
mod person;
mod places;
mod providers;
mod read;
mod registers;
mod row;
mod seat;
mod sheet;
#[cfg(test)]
mod vectors;
mod walk;
mod workers;

pub use clean::text as cell_text;
pub use column::{Column, Field, Mapping, RosterKind, columns, title};
pub use context::{Context, FirmEntry, StoredNumbers, VillageEntry, WorkerEntry};
pub use date::{BadDate, Term, date, of_serial, term};
pub use finding::{Finding, FindingCode, Severity};
pub use header::{Found, Header, SheetPreview, headers};
pub use opening::{Opening, parse as opening_hours};
pub use person::{Categories, categories, ethnicity, gender, worker_kind};
pub use places::{Places, Village, place_name};
pub use providers::{Hint, Providers};
pub use read::{Copied, Reading, SheetReading, Skipped, read};
pub use row::{AdviserRow, DivisionRow, FirmRow, HolidayRow, HouseholdRow, LawyerRow, Origin, RoomRow, Row};
pub use seat::seat;
pub use sheet::{Cell, Merge, Sheet, SheetRow, Workbook};
pub use walk::Why;
