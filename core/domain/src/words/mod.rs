//! The words that every room speaks: typed ids, numbers and names, parsed once at the door.

mod division_code;
mod fold;
mod id;
mod id_kind;
mod id_number;
mod id_paper;
mod licence;
mod person_name;
mod phone;
mod pinyin;
mod readings;

mod uscc;
mod width;

pub use division_code::*;
pub use fold::*;
pub use id::*;
pub use id_kind::IdKind;
pub use id_number::*;
pub use id_paper::*;
pub use licence::*;
pub use person_name::*;
pub use phone::*;
pub use pinyin::*;
pub use uscc::*;
pub use width::*;
