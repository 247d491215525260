//! Pages for people, one file a noun: read the form, call the use case, show the view.

pub mod public;
