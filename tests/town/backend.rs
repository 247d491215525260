//! The two databases that every test of stored things runs on.

/// A database that a county can stand on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Backend {
    /// A file in the data directory.
    Sqlite,
    /// A database of the run's private PostgreSQL.
    Postgres,
}

/// Whether the environment demands `what` (`postgres`, `browser`), so that its absence is a failure.
pub fn required(what: &str) -> bool {
    let list = std::env::var("FALIN_TEST_REQUIRE").unwrap_or_default();
    list.split(',').any(|word| word.trim() == what)
}

impl Backend {
    /// Whether this backend can be used here; says so where not, panics where it was demanded.
    pub fn available(self) -> bool {
        if self == Self::Sqlite || super::postgres::installed().is_some() {
            return true;
        }
        assert!(!required("postgres"), "FALIN_TEST_REQUIRE demands PostgreSQL, and none is installed");
        println!("skipped: no PostgreSQL");
        false
    }
}

/// Makes two tests of each function, `name::sqlite` and `name::postgres`.
macro_rules! on_both {
    ($($(#[$note:meta])* fn $name:ident($backend:ident) $body:block)*) => {$(
        $(#[$note])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            fn body($backend: $crate::town::Backend) $body
            #[test]
            fn sqlite() {
                body($crate::town::Backend::Sqlite);
            }
            #[test]
            fn postgres() {
                if $crate::town::Backend::Postgres.available() {
                    body($crate::town::Backend::Postgres);
                }
            }
        }
    )*};
}
pub(crate) use on_both;
