//! Whatever a program is refused with must be what the document of its line says: every call of every test is asked.

use std::sync::OnceLock;

use falin_web::openapi;
use falin_web::routes::{self, Route};

use crate::town::Answer;

/// Refusals that belong to one line's work; what the house says at any door is not counted here.
const OF_A_LINE: [u16; 4] = [403, 404, 409, 422];

/// Whether a path is one of a pattern's: `{id}` stands for a part, and may have an ending such as `.docx`.
fn fits(pattern: &str, path: &str) -> bool {
    let part = |(want, got): (&str, &str)| match want.split_once('{') {
        None => want == got,
        Some((before, rest)) => {
            got.starts_with(before) && got.ends_with(rest.split_once('}').unwrap_or_default().1)
        }
    };
    let (want, got) = (pattern.split('/'), path.split('/'));
    want.clone().count() == got.clone().count() && want.zip(got).all(part)
}

/// Fails the test where a program's call is refused with a code that its line's document does not name.
#[track_caller]
pub fn check(method: &str, path: &str, answer: &Answer) {
    static ROUTES: OnceLock<Vec<Route>> = OnceLock::new();
    let path = path.split('?').next().unwrap_or_default();
    if !path.starts_with("/api/v1/") || !OF_A_LINE.contains(&answer.status) {
        return;
    }
    let Ok(problem) = serde_json::from_slice::<serde_json::Value>(&answer.bytes) else { return };
    let code = problem["code"].as_str().unwrap_or_default();
    let lines = ROUTES.get_or_init(routes::all).iter();
    let fitting = lines.filter(|line| line.method == *method && fits(line.path, path));
    // A word of its own comes before an id.
    let Some(line) = fitting.min_by_key(|line| line.path.matches('{').count()) else { return };
    let Some(doc) = line.doc else { return };
    let named = openapi::problems(line, doc);
    let named = named.get(&answer.status).is_some_and(|codes| codes.contains(&code));
    assert!(named, "{method} {} answers {code}, which its document does not name", line.path);
}
