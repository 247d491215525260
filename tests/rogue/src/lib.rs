//! A plugin that does everything wrong, on request: what it does in a call is the name of the page that is asked
//! for, what it does while it is loaded is a word that the test writes into the library's file.

mod faults;
mod frames;
mod probes;
mod tables;

use falin_sdk::{Acted, Action, Checks, Host, Outcome, Page, Shown, Stop, Workflow};

/// Where the test writes the word: behind this mark, ended by a zero byte.
#[used]
static SWITCH: [u8; 40] = *b"FALIN-ROGUE-SWITCH:\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// The word.
fn switch() -> &'static str {
    // Read where it lies: the compiler must not know what the file will say.
    let bytes: &'static [u8; 40] = std::hint::black_box(&SWITCH);
    let word = &bytes[19..];
    let end = word.iter().position(|byte| unsafe { std::ptr::read_volatile(byte) } == 0).unwrap_or(0);
    std::str::from_utf8(&word[..end]).unwrap_or("")
}

/// The workflow.
#[derive(Default)]
pub struct Rogue {
    leak: Vec<Vec<u8>>,
}

impl Workflow for Rogue {
    fn page(&mut self, host: &Host<'_>, asked: Page) -> Outcome<Shown> {
        faults::commit(self, host, &asked.page).map(|model| Shown { model })
    }

    /// Good behaviour: the form comes back. What a call costs is measured with it.
    fn action(&mut self, _: &Host<'_>, asked: Action) -> Outcome<Acted> {
        Ok(Acted { go: Some(asked.form.text("echo").to_owned()), said: None })
    }

    fn selftest(&mut self, _: &Host<'_>) -> Outcome<Checks> {
        if switch() == "selftest" { Err(Stop::fault("as asked")) } else { Ok(Checks::default()) }
    }
}
