//! Refusals in words: title and detail of a "no", and the message at each field.

use falin_domain::fault::Part;
use falin_domain::refusal::{FieldError, Refusal};

use super::Say;
use super::parts::{ErrorItem, ErrorSummary};

impl Say<'_> {
    /// What was refused, in one sentence (`refusal-state-changed`).
    pub fn refusal_title(&self, refusal: &Refusal) -> String {
        self.with(&refusal_key(refusal.code()), &args(refusal))
    }

    /// What to do next (`refusal-state-changed.detail`).
    pub fn refusal_detail(&self, refusal: &Refusal) -> String {
        self.with(&format!("{}.detail", refusal_key(refusal.code())), &args(refusal))
    }

    /// The title of a refusal that was kept as a code.
    pub fn refused(&self, code: &str, args: &[(&str, &str)]) -> String {
        self.with(&refusal_key(code), args)
    }

    /// What was wrong with what was typed (`field-phone-invalid`); with a file that was handed in, and at which place
    /// of it.
    pub fn field_error(&self, fault: &FieldError) -> String {
        let args: Vec<_> = fault.args.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let said = self.with(&field_key(&fault.code), &args);
        match &fault.spot {
            Some(spot) if !spot.place.is_empty() => self.labelled(&self.way(&spot.place), &said),
            _ => said,
        }
    }

    /// The way to a place in a declaration: `流程 visit › 步骤 answer › 第 2 个条件`.
    fn way(&self, place: &[Part]) -> String {
        let part = |part: &Part| {
            let n = part.at.map(|at| (at + 1).to_string()).unwrap_or_default();
            let name = if part.name.is_empty() { &n } else { &part.name };
            let key = format!("fault-at-{}", part.key.replace('_', "-"));
            let words = match self.texts.has(self.lang, &key) {
                true => self.with(&key, &[("name", name), ("n", &n)]),
                false => format!("{} {name}", part.key),
            };
            words.trim_end().to_owned()
        };
        place.iter().map(part).collect::<Vec<_>>().join(" › ")
    }

    /// A fault in a list of them: one of a file names the file and the line.
    fn listed(&self, fault: &FieldError) -> String {
        let said = self.field_error(fault);
        let Some(spot) = &fault.spot else { return said };
        let file = match spot.line {
            Some(line) => self.with("fault-line", &[("file", &fault.name), ("line", &line.to_string())]),
            None => fault.name.clone(),
        };
        self.labelled(&file, &said)
    }

    /// The summary at the top of a refused form: each fault links to its field (`#name`).
    pub fn error_summary(&self, refusal: &Refusal) -> ErrorSummary {
        let fields = refusal.fields.iter();
        let items: Vec<_> = fields
            .map(|fault| ErrorItem { href: format!("#{}", fault.name), text: self.listed(fault) })
            .collect();
        let title = if items.is_empty() {
            self.refusal_title(refusal)
        } else {
            self.with("errors-title", &[("count", &items.len().to_string())])
        };
        let detail = if items.is_empty() { self.refusal_detail(refusal) } else { String::new() };
        ErrorSummary { title, detail, items }
    }
}

/// Text key of a refusal's code: `pairing.capacity` → `refusal-pairing-capacity`.
pub(super) fn refusal_key(code: &str) -> String {
    format!("refusal-{}", code.replace(['.', '_'], "-"))
}

/// Text key of a field fault's code: `id.old_15` → `field-id-old-15`.
pub(super) fn field_key(code: &str) -> String {
    format!("field-{}", code.replace(['.', '_'], "-"))
}

fn args(refusal: &Refusal) -> Vec<(&str, &str)> {
    refusal.args.iter().map(|(k, v)| (*k, v.as_str())).collect()
}
