//! Closing a house, a platform or a room, and opening it again: one button on its page.

use falin_domain::refusal::Refusal;

use super::Form;
use crate::look::Say;
use crate::look::parts::Button;

/// The button, posted to `close` or `reopen` below the thing's own address.
pub fn open_form(say: &Say<'_>, address: &str, version: i64, open: bool, refusal: Option<&Refusal>) -> Form {
    let (act, look, words) =
        if open { ("close", "refuse", "desk-close") } else { ("reopen", "outline", "desk-reopen") };
    Form::post(format!("{address}/{act}"))
        .keep("version", version.to_string())
        .button(Button::submit(look, say.t(words)))
        .maybe_refused(say, refusal)
}

/// A name in a list; of what is closed with the word beside it.
pub fn named(say: &Say<'_>, name: &str, open: bool) -> String {
    if open { name.to_owned() } else { say.with("desk-closed", &[("name", name)]) }
}
