//! Word documents (OOXML): papers written out, and a county's own templates and report forms read, checked and filled.
//!
//! Written by hand rather than by a library: GB/T 9704 asks for exact line pitch, character spacing and grid-free lines,
//! the bytes must be the same for the same values so that their hash can be kept, and a county's template is filled
//! part by part, which writers do not do.

mod figures;
mod fill;
mod package;
mod styles;
mod template;
#[cfg(test)]
mod tests;
mod tree;
mod write;

pub use figures::FigureForm;
pub(crate) use package::write as packed;
pub use package::{BadPackage, MOST_BYTES};
pub use template::Template;
pub use write::document;

/// Media type of a workbook.
pub const WORKBOOK_MEDIA: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Media type of a document.
pub const MEDIA: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
