//! Contexts of staff pages.

use super::Sampled;

/// Every staff template.
pub fn templates() -> Vec<Sampled> {
    Vec::new()
}
