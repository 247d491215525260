//! A house in a folder of its own, opened at a moment and opened again at a later one.

use std::path::PathBuf;

use falin_app::{App, Settings};
use falin_domain::workflow::Values;
use serde_json::Value;

/// Where the house keeps its data, for as long as the test runs.
pub struct Folder(PathBuf);

impl Folder {
    /// An empty one.
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("falin-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }

    /// The house in it at a moment.
    pub fn house(&self, now: &str) -> App {
        let now = Some(now.parse().unwrap());
        App::open(&Settings { data: self.0.clone(), database: None, now }).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What a form gives.
pub fn values(value: Value) -> Values {
    value.as_object().unwrap().clone()
}
