//! axe-core on a page: what keeps somebody from using it.

use super::Page;

const AXE: &str = include_str!("axe.min.js");

/// One fault that axe found.
#[derive(Debug)]
pub struct Violation {
    /// axe's rule, such as `color-contrast`.
    pub rule: String,
    /// What is wrong, in words.
    pub help: String,
    /// The elements' selectors.
    pub targets: Vec<String>,
}

/// Every fault on the page by WCAG 2.2 A and AA and the good practices.
pub fn axe(page: &Page) -> Vec<Violation> {
    let run = format!(
        "const done = arguments[arguments.length - 1];
         const module = undefined, exports = undefined, define = undefined;
         {AXE}
         axe.run(document, {{resultTypes: ['violations']}})
            .then(result => done(result.violations.map(v =>
                ({{rule: v.id, help: v.help, targets: v.nodes.map(n => n.target.join(' '))}}))))
            .catch(error => done([{{rule: 'axe', help: String(error), targets: []}}]));"
    );
    let found = page.wait(page.client().execute_async(&run, Vec::new())).unwrap();
    let read = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let found = found.as_array().unwrap().iter();
    found
        .map(|fault| Violation {
            rule: read(&fault["rule"]),
            help: read(&fault["help"]),
            targets: fault["targets"].as_array().into_iter().flatten().map(read).collect(),
        })
        .collect()
}

impl Page {
    /// Asserts that axe finds nothing.
    #[track_caller]
    pub fn is_accessible(&self) {
        let say = |fault: Violation| format!("{} ({}): {}", fault.rule, fault.help, fault.targets.join(", "));
        let found: Vec<_> = axe(self).into_iter().map(say).collect();
        assert!(found.is_empty(), "{}\n{}", self.path(), found.join("\n"));
    }
}
