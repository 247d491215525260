//! What a table is to those who walk all of them: its key, its columns, and how each travels as text.

/// How a column travels in a backup.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Bytes, as hexadecimal text.
    Bytes,
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// True or false.
    Truth,
}

/// One table.
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Columns of its primary key.
    pub key: &'static [&'static str],
    /// Its columns.
    pub columns: &'static [(&'static str, Kind)],
}

/// How a column of one of diesel's types travels.
macro_rules! kind {
    (Binary) => {
        $crate::tables::Kind::Bytes
    };
    (Text) => {
        $crate::tables::Kind::Text
    };
    (BigInt) => {
        $crate::tables::Kind::Number
    };
    (Integer) => {
        $crate::tables::Kind::Number
    };
    (Bool) => {
        $crate::tables::Kind::Truth
    };
    (Nullable $inner:ident) => {
        $crate::tables::kind!($inner)
    };
}
pub(crate) use kind;

pub use crate::schema::TABLES;
