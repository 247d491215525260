//! A real browser on a town: what a resident sees, what it costs to load, and what a screen reader would miss.

mod axe;
mod driver;
mod itself;
mod page;

pub use axe::axe;
pub use page::{Page, Size};

/// Whether a browser can be used here; says so where not, panics where it was demanded.
pub fn available() -> bool {
    if driver::installed() {
        return true;
    }
    assert!(
        !crate::town::backend::required("browser"),
        "FALIN_TEST_REQUIRE demands a browser, and none is installed"
    );
    println!("skipped: no browser");
    false
}
