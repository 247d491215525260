//! A flow's state diagram as Mermaid text, for documentation and `falin workflow diagram`.

use std::fmt::Write;

use super::Flow;

impl Flow {
    /// The diagram in one language; states that lead nowhere end at the bull's eye.
    pub fn diagram(&self, lang: &str) -> String {
        let mut out = String::from("stateDiagram-v2\n");
        for state in &self.state {
            let _ = writeln!(out, "    {}: {}", state.id, state.name.in_language(lang));
        }
        for step in &self.step {
            let name = step.name.in_language(lang);
            if step.from.is_empty() {
                for to in self.targets(step, "") {
                    let _ = writeln!(out, "    [*] --> {to}: {name}");
                }
                continue;
            }
            for from in self.state.iter().filter(|state| step.begins_in(&state.id, state.closed)) {
                for to in self.targets(step, &from.id).into_iter().filter(|to| *to != from.id) {
                    let _ = writeln!(out, "    {} --> {to}: {name}", from.id);
                }
            }
        }
        for state in self.state.iter().filter(|state| state.closed) {
            let _ = writeln!(out, "    {} --> [*]", state.id);
        }
        out
    }
}
