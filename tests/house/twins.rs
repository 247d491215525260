//! Whatever a page of the staff changes, a program can change too, or a line says why not.
//!
//! The table has one line a form of the desk: `/desk/path = /api/v1/path acts`, or `/desk/path - reason`.

use std::collections::BTreeSet;

use falin_web::openapi::Doc;
use falin_web::routes::{self, Route};
use falin_web::shape::Shape;

const TABLE: &str = include_str!("twins.txt");

/// The acts that a line of the API takes; None where its flow or plugin names them.
fn acts(doc: &Doc) -> Option<Vec<&'static str>> {
    let Some(Shape::Object(_, members)) = doc.body else { return None };
    match members.iter().find(|member| member.name == "action")?.shape {
        Shape::OneOf(acts) => Some(acts.to_vec()),
        Shape::Code(acts) => Some(acts()),
        _ => None,
    }
}

/// What is wrong with a twin: its line or an act of it is not there.
fn fault(all: &[Route], twin: &str) -> Option<String> {
    let mut words = twin.split(' ');
    let path = words.next().unwrap_or_default();
    let posts = all.iter().filter(|route| route.method == "POST" && route.path == path);
    let Some(doc) = posts.filter_map(|route| route.doc).next() else {
        return Some(format!("no POST {path}"));
    };
    let known = acts(doc);
    let missing = |act: &&str| known.as_ref().is_none_or(|known| !known.contains(act));
    words.find(missing).map(|act| format!("{path} takes no {act}"))
}

#[test]
fn every_form_of_the_desk_has_a_twin_for_programs() {
    let all = routes::all();
    let forms: BTreeSet<&str> = all
        .iter()
        .filter(|route| route.method == "POST")
        .map(|route| route.path)
        .filter(|path| path.starts_with("/desk") || path.starts_with("/me/"))
        .collect();
    let (mut told, mut faults) = (BTreeSet::new(), Vec::new());
    for line in TABLE.lines() {
        let (form, rest) = line.split_once(' ').unwrap_or((line, ""));
        if !told.insert(form) {
            faults.push(format!("{form} is there twice"));
        }
        let wrong = match rest.split_once(' ') {
            Some(("=", twin)) => fault(&all, twin),
            Some(("-", reason)) => reason.trim().is_empty().then(|| "no reason".to_owned()),
            _ => Some("neither a twin nor a reason".to_owned()),
        };
        faults.extend(wrong.map(|wrong| format!("{form}: {wrong}")));
    }
    faults.extend(forms.difference(&told).map(|form| format!("{form}: neither a twin nor a reason")));
    faults.extend(told.difference(&forms).map(|form| format!("{form}: no such form any more")));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
