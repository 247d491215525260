//! The safe face of the border: write one struct, implement one trait, export it with one line.
//!
//! ```
//! use falin_sdk::{Guard, Host, Outcome, Decision, Refusal, Workflow};
//!
//! #[derive(Default)]
//! struct Petition;
//!
//! impl Workflow for Petition {
//!     fn guard(&mut self, _: &Host<'_>, asked: Guard) -> Outcome<Decision> {
//!         if asked.step == "register" && asked.form.text("matter").is_empty() {
//!             return Err(Refusal::new("matter-missing").on("matter").into());
//!         }
//!         Ok(Decision::allow())
//!     }
//! }
//!
//! // In a crate of type cdylib, one line makes the library (`plugin.toml` lies beside `Cargo.toml`):
//! // falin_sdk::export!(Petition, id = "petition", manifest = "../plugin.toml");
//! ```
//!
//! Everything that is not implemented answers "unknown op": a guard, an action, an event or a part of a job counts as
//! failed then, a page has no model and a figure no value. A panic costs the one call.
//! Keep nothing in the struct that must not be lost: processes come and go. [`bench`] runs a workflow in the test's
//! own process, with a server made of closures.

mod ask;
pub mod bench;
pub mod border;
mod host;
mod sha256;
mod stop;
mod workflow;

pub use ask::*;
pub use falin_abi as abi;
pub use falin_abi::{HostOp, PluginOp};
pub use host::{Document, Find, Found, Host, Now, Thing};
pub use serde_json;
pub use sha256::sha256;
pub use stop::{Outcome, Refusal, Stop, Text};
pub use workflow::Workflow;

/// Exports a [`Workflow`] as the library's one symbol. Once in a crate.
///
/// `manifest` is the path of `plugin.toml`, as `include_bytes!` takes it; its SHA-256 ties the library to it. `id` is the
/// one in it, and the crate's own version must be the `version` in it: a library that says otherwise is not loaded.
#[macro_export]
macro_rules! export {
    ($workflow:ty, id = $id:literal, manifest = $manifest:literal) => {
        #[allow(unsafe_code)]
        #[unsafe(no_mangle)]
        pub extern "C" fn falin_plugin_v1() -> *const $crate::abi::Plugin {
            static TABLE: $crate::abi::Plugin = $crate::border::table::<$workflow>(
                match core::ffi::CStr::from_bytes_with_nul(concat!($id, "\0").as_bytes()) {
                    Ok(id) => id,
                    Err(_) => panic!("an id has no zero byte"),
                },
                match core::ffi::CStr::from_bytes_with_nul(
                    concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes(),
                ) {
                    Ok(version) => version,
                    Err(_) => panic!("a version has no zero byte"),
                },
                $crate::sha256(include_bytes!($manifest)),
            );
            &TABLE
        }
    };
}
