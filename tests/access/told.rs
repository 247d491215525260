//! Whatever a program is refused with must be what the document of its line says, and every page leads on to doors that
//! open and calls nothing by the id of another: every call of every test is asked.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use falin_web::openapi;
use falin_web::routes::{self, Route};

use crate::town::{Answer, page};

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

fn routes() -> &'static [Route] {
    static ROUTES: OnceLock<Vec<Route>> = OnceLock::new();
    ROUTES.get_or_init(routes::all)
}

/// Fails the test where a page has one id twice, or a link of the staff's pages that no line of the routes answers.
#[track_caller]
fn check_page(path: &str, html: &str) {
    let mut ids = BTreeSet::new();
    for id in page::tags(html).iter().filter_map(|tag| tag.get("id")) {
        assert!(ids.insert(id.to_owned()), "{path} calls two things {id}");
    }
    let pages: Vec<&Route> = routes().iter().filter(|line| line.method == "GET").collect();
    for (href, words) in page::links(html) {
        let to = href.split(['?', '#']).next().unwrap_or_default();
        let ours =
            ["/desk", "/me", "/my"].iter().any(|door| to == *door || to.starts_with(&format!("{door}/")));
        let opens = !ours || pages.iter().any(|line| fits(line.path, to));
        assert!(opens, "{path} leads by “{words}” to {href}, which is no page");
    }
}

/// Fails the test where a page is not sound, or where a program's call is refused with a code that its line's document does not name.
#[track_caller]
pub fn check(method: &str, path: &str, answer: &Answer) {
    if answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
        check_page(path, &answer.body());
    }
    let path = path.split('?').next().unwrap_or_default();
    if !path.starts_with("/api/v1/") || !OF_A_LINE.contains(&answer.status) {
        return;
    }
    let Ok(problem) = serde_json::from_slice::<serde_json::Value>(&answer.bytes) else { return };
    let code = problem["code"].as_str().unwrap_or_default();
    let lines = routes().iter();
    let fitting = lines.filter(|line| line.method == *method && fits(line.path, path));
    // A word of its own comes before an id.
    let Some(line) = fitting.min_by_key(|line| line.path.matches('{').count()) else { return };
    let Some(doc) = line.doc else { return };
    let named = openapi::problems(line, doc);
    let named = named.get(&answer.status).is_some_and(|codes| codes.contains(&code));
    assert!(named, "{method} {} answers {code}, which its document does not name", line.path);
}
