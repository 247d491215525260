//! A paper with its placeholders in place of values: where a county's own template begins.

use super::{Fill, Paper, Sheet, compose};

/// The paper with `{{name}}` at each place, `{{#each list}}…{{/each}}` in the row that is repeated.
pub fn outline(paper: &Paper) -> Sheet {
    compose(paper, Fill::Names, "")
}
