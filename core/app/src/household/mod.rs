//! Households: lists in one's scope, one household with its traces, revealing with a reason, changes.

mod edit;
mod find;
mod list;
mod members;
mod own;
mod view;

pub use edit::{Edit, add, change, leave};
pub use falin_store::household::{Clear, DatedCategory, Household};
pub use falin_store::household_list::Filter;
pub use falin_store::member::Member;
pub use falin_store::pairing::Pairing;
pub use find::{numbers, search_text};
pub(crate) use list::providers;
pub use list::{Asked, Line, Provider, count, list, provider, villages};
pub use members::{Belonging, CategoryEdit, MemberEdit, belong};
pub use own::{Home, copy, own};
pub use view::{CardFacts, MemberLine, Reader, RevealReason, Revealed, View, on, one, readers, reveal, seen};
