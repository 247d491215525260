//! The lint of a plugin's page: plain markup, values that are always escaped, links into the house only, no depth
//! without end.

use std::fmt::Display;

use super::Page;
use crate::fault::{Fault, line_of};

/// Deepest that blocks may stand in each other.
const DEEPEST: usize = 3;
/// Deepest that lists may: rows of rows, no more.
const DEEPEST_LIST: usize = 2;
/// Longest template in bytes.
pub const MOST_TEMPLATE: usize = 64 << 10;

const TAGS: [&str; 34] = [
    "a", "b", "br", "caption", "code", "dd", "div", "dl", "dt", "em", "h2", "h3", "h4", "hr", "i", "li",
    "ol", "p", "section", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "time", "tr", "u", "ul",
];
const ATTRIBUTES: [&str; 11] =
    ["class", "colspan", "datetime", "headers", "href", "id", "lang", "rowspan", "scope", "start", "title"];

/// What is wrong with a template, each fault at its line; `texts` are the keys that it may name.
pub fn template_faults(template: &str, texts: &dyn Fn(&str) -> bool) -> Vec<Fault> {
    if template.len() > MOST_TEMPLATE {
        return vec![Fault::new("too_large", &[("most", &(MOST_TEMPLATE >> 10))])];
    }
    let mut faults = Vec::new();
    let lower = template.to_ascii_lowercase();
    let mut first = |sign: &str, fault: Fault| {
        if let Some(at) = lower.find(sign) {
            faults.push(fault.on_line(line_of(template, at)));
        }
    };
    for sign in ["{{{", "{{&", "{{~&", "{{~{"] {
        first(sign, Fault::new("template.unescaped", &[]));
    }
    for sign in ["javascript:", "<script", "<style", "<!", "\\{{"] {
        first(sign, Fault::new("template.forbidden", &[("sign", &sign)]));
    }
    if faults.is_empty() {
        expressions(template, texts, &mut faults);
        tags(template, &mut faults);
    }
    faults
}

/// Every `{{…}}`: a path, a text, or a block that is closed again.
fn expressions(template: &str, texts: &dyn Fn(&str) -> bool, faults: &mut Vec<Fault>) {
    let mut open: Vec<(&str, usize)> = Vec::new();
    let mut rest = template;
    while let Some((_, after)) = rest.split_once("{{") {
        let line = line_of(template, template.len() - after.len());
        let mut say = |code, args: &[(&'static str, &dyn Display)]| {
            faults.push(Fault::new(code, args).on_line(line));
        };
        let Some((inside, next)) = after.split_once("}}") else {
            return say("template.unclosed", &[("sign", &"{{")]);
        };
        rest = next;
        let said = inside.trim_matches('~').trim();
        if let Some(block) = said.strip_prefix('#') {
            let (name, path) = block.split_once(' ').unwrap_or((block, ""));
            if !matches!(name, "each" | "if" | "unless") || !is_path(path.trim()) {
                say("template.block", &[("block", &block)]);
            }
            open.push((name, line));
        } else if let Some(name) = said.strip_prefix('/') {
            if open.pop().map(|(name, _)| name) != Some(name) {
                say("template.unopened", &[("block", &name)]);
            }
        } else if let Some(key) = said.strip_prefix("t \"").and_then(|key| key.strip_suffix('"')) {
            if !texts(key) {
                say("no_text", &[("text", &key)]);
            }
        } else if said != "else" && !is_path(said) {
            say("template.path", &[("said", &said)]);
        }
        let lists = open.iter().filter(|(name, _)| *name == "each").count();
        if open.len() > DEEPEST || lists > DEEPEST_LIST {
            return say("template.deep", &[]);
        }
    }
    for (name, line) in open {
        let sign = format!("{{{{#{name}}}}}");
        faults.push(Fault::new("template.unclosed", &[("sign", &sign)]).on_line(line));
    }
}

/// Names of a page's template behind which nothing ever stands: the page declares no such list or figure.
pub fn unseen(template: &str, page: &Page) -> Vec<Fault> {
    let (mut faults, mut lists, mut rest) = (Vec::new(), 0_usize, template);
    while let Some((_, after)) = rest.split_once("{{") {
        let line = line_of(template, template.len() - after.len());
        let Some((inside, next)) = after.split_once("}}") else { break };
        rest = next;
        let said = inside.trim_matches('~').trim();
        let path = said.strip_prefix('#').map_or(said, |block| block.split_once(' ').unwrap_or_default().1);
        let inner = path.trim().trim_start_matches("../");
        // Inside a list a plain name is the row's own.
        let outside = (path.trim().len() - inner.len()) / "../".len() >= lists;
        if outside && is_path(inner) && !said.starts_with('/') && said != "else" && strange(inner, page) {
            let args: &[(_, &dyn Display)] = &[("said", &said), ("page", &page.path), ("name", &inner)];
            faults.push(Fault::new("template.unseen", args).on_line(line));
        }
        match said {
            "/each" => lists = lists.saturating_sub(1),
            said if said.starts_with("#each ") => lists += 1,
            _ => {}
        }
    }
    faults
}

/// Whether a page's template sees nothing under this name.
fn strange(path: &str, page: &Page) -> bool {
    let mut parts = path.split(['.', '/']);
    match (parts.next().unwrap_or_default(), parts.next()) {
        ("title" | "said" | "this" | "", _) | ("lists" | "figures", None) => false,
        ("lists", Some(name)) => !page.list.iter().any(|list| list.name == name),
        ("figures", Some(code)) => !page.figures.iter().any(|one| one == code),
        ("model", _) => !page.library,
        (name, _) => !name.starts_with('@'),
    }
}

fn is_path(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@');
    !text.is_empty() && text.len() <= 100 && text.chars().all(plain)
}

/// Every tag: one of the plain ones, with plain attributes in double quotes, no value beside them.
fn tags(template: &str, faults: &mut Vec<Fault>) {
    let mut rest = template;
    while let Some((_, after)) = rest.split_once('<') {
        let line = line_of(template, template.len() - after.len());
        let mut say = |code, args: &[(&'static str, &dyn Display)]| {
            faults.push(Fault::new(code, args).on_line(line));
        };
        let Some(end) = tag_end(after) else { return say("template.unclosed", &[("sign", &"<")]) };
        let (tag, next) = after.split_at(end);
        rest = &next[1..];
        let tag = tag.trim_start_matches('/').trim_end_matches('/').trim_end();
        let (name, mut attributes) = tag.split_once(|c: char| c.is_whitespace()).unwrap_or((tag, ""));
        if !TAGS.contains(&name) {
            say("template.tag", &[("tag", &name.chars().take(20).collect::<String>())]);
            continue;
        }
        while !attributes.trim_start().is_empty() {
            let Some((attribute, value, more)) = attribute(attributes.trim_start()) else {
                say("template.attributes", &[("tag", &name)]);
                break;
            };
            attributes = more;
            if !ATTRIBUTES.contains(&attribute)
                && !attribute.starts_with("aria-")
                && !attribute.starts_with("data-")
            {
                say("template.attribute", &[("tag", &name), ("attribute", &attribute)]);
            }
            if attribute == "href" && !is_address(value) {
                say("template.link", &[("tag", &name)]);
            }
        }
    }
}

/// The end of a tag, quotes respected.
fn tag_end(text: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

/// The first attribute with its value, and what follows.
fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_once("=\"")?;
    let (value, more) = rest.split_once('"')?;
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    plain.then_some((name, value, more))
}

/// The house's own link of a row, or a path of ours, whose beginning nobody has typed: behind `/` it could lead elsewhere.
fn is_address(value: &str) -> bool {
    let link = matches!(value, "{{link}}" | "{{../link}}");
    link || value.starts_with('#') || (value.starts_with('/') && !value[1..].starts_with(['/', '\\', '{']))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn faults(template: &str) -> Vec<Fault> {
        template_faults(template, &|key| key == "lead")
    }

    #[test]
    fn plain_markup_passes() {
        let good = "<h2>{{title}}</h2><p class=\"soft\">{{t \"lead\"}}</p>\
            {{#if lists.open}}<table class=\"queue\">{{#each lists.open}}<tr><td><a href=\"{{link}}\">{{number}}</a></td>\
            <td>{{fields.name}}</td></tr>{{else}}<tr><td>–</td></tr>{{/each}}</table>{{/if}}";
        assert_eq!(faults(good), Vec::new());
    }

    #[test]
    fn what_could_run_or_escape_is_named() {
        for bad in [
            "{{{title}}}",
            "{{&title}}",
            "{{~{title}~}}",
            "<script>x</script>",
            "<STYLE>p{}</STYLE>",
            "<p style=\"x\">a</p>",
            "<p onclick=\"x\">a</p>",
            "<p OnClick=\"x\">a</p>",
            "<p class={{title}}>a</p>",
            "<p class='a'>a</p>",
            "<p {{title}}>a</p>",
            "<a href=\"javascript:x\">a</a>",
            "<a href=\"//evil\">a</a>",
            "<a href=\"https://evil\">a</a>",
            "<a href=\"{{fields.url}}\">a</a>",
            "<a href=\"/{{fields.url}}\">a</a>",
            "<img src=\"/x\">",
            "<iframe src=\"/x\"></iframe>",
            "<form action=\"/x\"></form>",
            "<svg/onload=alert(1)>",
            "{{> layouts/desk}}",
            "{{#*inline \"x\"}}{{/inline}}",
            "{{lookup a b}}",
            "{{#each (x)}}{{/each}}",
            "{{t \"unknown\"}}",
            "{{#if a}}",
            "{{#if a}}{{/each}}",
            "<!-- x -->",
            "{{title",
        ] {
            assert!(!faults(bad).is_empty(), "{bad}");
        }
    }

    #[test]
    fn a_template_names_what_its_page_declares() {
        let page = "path = 'board'\nname = { zh = '板', en = 'Board' }\nroles = ['clerk']\nfigures = ['seen']\n\
            list = [{ name = 'waiting', flow = 'visit', most = 5 }]";
        let page: Page = toml::from_str(page).unwrap();
        let good = "{{title}}{{said}}{{t \"lead\"}}{{#if figures.seen}}{{figures.seen.value}}{{else}}–{{/if}}\
            {{#each lists.waiting}}{{number}}{{fields.word}}{{../title}}{{@index}}{{/each}}{{#each lists}}{{.}}{{/each}}";
        assert_eq!(unseen(good, &page), Vec::new());
        for bad in [
            "{{#each lists.wating}}{{number}}{{/each}}",
            "{{figures.sen.value}}",
            "{{titel}}",
            "{{model.rows}}",
            "{{#each lists.waiting}}{{../lists.wating}}{{/each}}",
            "{{#each lists.waiting}}{{number}}{{/each}}{{number}}",
        ] {
            assert_eq!(unseen(bad, &page).len(), 1, "{bad}");
        }
    }

    #[test]
    fn each_fault_of_a_template_has_its_line() {
        let found = faults("<p>\n{{#if a}}\n<img src=\"/x\">\n{{t \"unknown\"}}</p>\n");
        let found: Vec<_> = found.iter().map(|fault| (fault.code, fault.line.unwrap())).collect();
        assert_eq!(found, [("no_text", 4), ("template.unclosed", 2), ("template.tag", 3)]);
        assert_eq!(faults("<p>\n</p>{{{title}}}")[0].line, Some(2));
    }

    #[test]
    fn depth_has_an_end() {
        let nest = |n: usize, name: &str| {
            format!("{}{}", format!("{{{{#{name} a}}}}").repeat(n), format!("{{{{/{name}}}}}").repeat(n))
        };
        assert!(faults(&nest(3, "if")).is_empty() && faults(&nest(2, "each")).is_empty());
        assert!(!faults(&nest(4, "if")).is_empty() && !faults(&nest(3, "each")).is_empty());
    }
}
