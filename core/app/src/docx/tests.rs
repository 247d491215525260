//! Documents: every paper's is a sound archive of well-formed parts; templates are filled, and broken ones refused.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::sync::Arc;

use falin_domain::paper::{self, Fill, Paper, Values, compose, find, sample};
use falin_domain::workflow::Manifest;
use serde_json::json;

use super::package::{self, Part};
use super::template::Template;
use super::{document, tree};

fn parts(bytes: &[u8]) -> Vec<Part> {
    package::read(bytes).unwrap()
}

fn main_text(bytes: &[u8]) -> String {
    let part = parts(bytes).into_iter().find(|part| part.name == "word/document.xml").unwrap();
    let mut out = String::new();
    for node in tree::read(&part.name, &part.bytes).unwrap() {
        if let tree::Node::Element(element) = node {
            out.push_str(&element.text());
        }
    }
    out
}

/// A document with this body.
fn with_body(body: &str) -> Vec<u8> {
    changed(&outline("aid-grant"), |name, text| match name {
        "word/document.xml" => format!("<w:document xmlns:w=\"x\"><w:body>{body}</w:body></w:document>"),
        _ => text,
    })
}

fn outline(code: &str) -> Vec<u8> {
    document(&paper::outline(find(code).unwrap())).unwrap()
}

fn changed(bytes: &[u8], change: impl Fn(&str, String) -> String) -> Vec<u8> {
    let parts: Vec<Part> = parts(bytes)
        .into_iter()
        .map(|part| Part {
            bytes: change(&part.name, String::from_utf8(part.bytes).unwrap()).into_bytes(),
            name: part.name,
        })
        .collect();
    package::write(parts.iter().map(|part| (part.name.as_str(), part.bytes.as_slice()))).unwrap()
}

fn refused(code: &str, bytes: &[u8]) -> Vec<String> {
    match Template::read(find(code).unwrap(), bytes) {
        Ok(_) => panic!("it was taken"),
        Err(faults) => faults.iter().map(|fault| fault.to_string().trim().to_owned()).collect(),
    }
}

/// The papers of the house, and of the plugins that stand beside it.
fn papers() -> Vec<Arc<Paper>> {
    let mut all = paper::all().to_vec();
    let plugins = concat!(env!("CARGO_MANIFEST_DIR"), "/../../plugins");
    for place in std::fs::read_dir(plugins).unwrap().map(|one| one.unwrap().path()) {
        let Ok(text) = std::fs::read_to_string(place.join("plugin.toml")) else { continue };
        let manifest = Manifest::parse(&text).unwrap();
        let path = |code: &str| format!("papers/{code}.toml");
        let codes = manifest.paper.iter().map(|one| path(&one.code));
        let files: BTreeMap<String, String> =
            codes.map(|path| (path.clone(), std::fs::read_to_string(place.join(&path)).unwrap())).collect();
        all.extend(manifest.papers(1, &files).unwrap().into_iter().map(Arc::new));
    }
    all
}

#[test]
fn every_paper_makes_a_sound_document_full_and_empty() {
    for paper in &papers() {
        for values in [sample(paper), Values::default()] {
            let sheet = compose(paper, Fill::Values(&values), "x");
            let bytes = document(&sheet).unwrap();
            assert_eq!(bytes, document(&sheet).unwrap(), "{}: the same sheet, other bytes", paper.code);
            for part in parts(&bytes) {
                tree::read(&part.name, &part.bytes).unwrap_or_else(|fault| panic!("{}: {fault}", paper.code));
            }
            assert!(!main_text(&bytes).contains("{{"), "{}", paper.code);
        }
    }
}

#[test]
fn every_outline_is_a_template_that_can_be_filled() {
    for paper in &papers() {
        let template =
            Template::read(paper, &document(&paper::outline(paper)).unwrap()).unwrap_or_else(|faults| {
                panic!("{}: {:?}", paper.code, faults.iter().map(ToString::to_string).collect::<Vec<_>>())
            });
        for values in [sample(paper), Values::default()] {
            let filled = main_text(&template.fill(paper, &values).unwrap());
            assert!(!filled.contains("{{") && !filled.contains("}}"), "{}: {filled}", paper.code);
        }
    }
}

#[test]
fn a_template_of_a_county_is_filled_where_word_has_parted_it() {
    let body = "<w:p><w:r><w:t>受援人：{</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>{recipient</w:t></w:r><w:r><w:t>.name}}，好</w:t></w:r></w:p>\
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>{{#each terms}}{{n}}</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>{{content}} {{amount:words}}{{/each}}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    let agreement = find("med-agreement").unwrap();
    let body = body.replace("recipient", "committee");
    let template =
        Template::read(agreement, &with_body(&body)).unwrap_or_else(|faults| panic!("{}", faults[0]));
    let values = json!({"committee.name": "新城镇<调委会>&", "terms": [{"content": "甲", "amount": 1000}, {"content": "乙\n丙"}]});
    let filled = template.fill(agreement, &Values::read(agreement, &values).unwrap()).unwrap();
    assert_eq!(main_text(&filled), "受援人：新城镇<调委会>&，好1甲 人民币壹拾元整2乙丙 ");
    let raw = parts(&filled).into_iter().find(|part| part.name == "word/document.xml").unwrap();
    let raw = String::from_utf8(raw.bytes).unwrap();
    assert!(
        raw.contains("&lt;调委会&gt;&amp;") && raw.contains("<w:br/>") && raw.matches("<w:tr>").count() == 2,
        "{raw}"
    );
}

#[test]
fn broken_templates_are_refused_with_what_is_wrong() {
    let paragraph = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    for (text, why) in [
        ("{{nobody}}", "template.unknown nobody"),
        ("{{recipient.name", "template.unclosed recipient.name"),
        ("{{#each recipient.name}}{{/each}}", "template.unknown recipient.name"),
        ("{{/each}}", "template.loop /each"),
        ("{{aid_form=飞}}", "template.unknown aid_form=飞"),
    ] {
        assert_eq!(refused("aid-grant", &with_body(&paragraph(text))), [why]);
    }
    let open = paragraph("{{#each terms}}") + &paragraph("{{content}}") + &paragraph("{{/each}}");
    assert_eq!(
        refused("med-agreement", &with_body(&open)),
        ["template.loop terms", "template.unknown content", "template.loop /each"]
    );
    let fetches = "<w:p><w:r><w:instrText> INCLUDETEXT \"/etc/passwd\" </w:instrText></w:r></w:p>";
    assert!(refused("aid-grant", &with_body(fetches))[0].starts_with("template.link"));
    let linked = changed(&outline("aid-grant"), |name, text| match name {
        "word/_rels/document.xml.rels" => {
            text.replace("Target=\"styles.xml\"", "Target='http://example.org/x' TargetMode='External'")
        }
        _ => text,
    });
    assert_eq!(refused("aid-grant", &linked), ["template.link word/_rels/document.xml.rels"]);
    let typed = changed(&outline("aid-grant"), |name, text| match name {
        "[Content_Types].xml" => text.replace("wordprocessingml.document.main", "macroEnabled.main"),
        _ => text,
    });
    assert_eq!(refused("aid-grant", &typed), ["template.macro [Content_Types].xml"]);
    let entities = changed(&outline("aid-grant"), |name, text| match name {
        "word/document.xml" => text.replace("<w:document", "<!DOCTYPE x [<!ENTITY a \"b\">]><w:document"),
        _ => text,
    });
    assert_eq!(refused("aid-grant", &entities), ["template.xml word/document.xml"]);
    assert_eq!(refused("aid-grant", b"no zip"), ["template.zip"]);
    assert_eq!(refused("aid-grant", &with_body("<w:p>")), ["template.xml word/document.xml"]);
}

#[test]
fn a_zip_bomb_is_refused_before_it_has_grown() {
    let zeros = vec![b' '; 50 << 20];
    let bomb = package::write([("word/document.xml", zeros.as_slice())].into_iter()).unwrap();
    assert!(bomb.len() < 200_000);
    assert_eq!(refused("aid-grant", &bomb), ["template.size"]);
    assert_eq!(refused("aid-grant", &vec![0; super::MOST_BYTES + 1]), ["template.size"]);
}
