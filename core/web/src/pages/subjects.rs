//! Where a thing that a notice or deadline speaks of has its page.

use std::collections::HashSet;
use std::sync::LazyLock;

use actix_web::http::Method;
use falin_app::notice::SubjectId;

use crate::look::format::query_escape;
use crate::routes;

/// Nouns with the folder of their pages; one line a noun.
const FOLDERS: &[(&str, &str)] = &[
    ("consultation", "consultations"),
    ("aid", "legal-aid"),
    ("mediation", "mediation"),
    ("booking", "bookings"),
    ("household", "households"),
    ("worker", "workers"),
    ("plan", "plans"),
];

/// The page of a subject; empty where the desk has none.
pub fn href(noun: &str, id: SubjectId) -> String {
    static PATHS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
        let lines = routes::all().into_iter().filter(|line| line.method == Method::GET);
        lines.map(|line| line.path).collect()
    });
    let folder = FOLDERS.iter().find(|(known, _)| *known == noun).map(|(_, folder)| *folder);
    let there = folder.filter(|folder| PATHS.contains(format!("/desk/{folder}/{{id}}").as_str()));
    there.map(|folder| format!("/desk/{folder}/{id}")).unwrap_or_default()
}

/// The same for what has a number: a case is found by it, whatever flow it is of.
pub fn numbered(noun: &str, id: SubjectId, number: &str) -> String {
    if noun == "case" && !number.is_empty() {
        return format!("/desk/search?q={}", query_escape(number));
    }
    href(noun, id)
}
