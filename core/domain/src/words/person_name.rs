//! Names of persons, written one way: 阿卜杜拉·买买提, 张三, John Smith.

use std::fmt;

use super::width::half_width;

/// The longest name in code points; 民委发〔2016〕33号 asks for at least fifty.
const LONGEST: usize = 100;

/// A name with one separator (U+00B7), no blanks between Han characters and single ones between other words.
///
/// Never split into surname and given name: single names exist. Not serialisable: show [`PersonName::masked`],
/// or ask for the name with [`PersonName::as_str`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonName(String);

/// Why a text is no name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NameError {
    /// Nothing, or nothing with a letter in it.
    Missing,
    /// More than a hundred code points.
    TooLong,
    /// Control characters, which no document carries.
    Characters,
}

impl NameError {
    /// The finding's code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "name.missing",
            Self::TooLong => "name.too_long",
            Self::Characters => "name.characters",
        }
    }
}

impl PersonName {
    /// Reads a name as typed; rare characters, also beyond U+FFFF, stay what they are.
    ///
    /// # Errors
    /// [`NameError`].
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let plain = half_width(text);
        let plain = plain.trim_start_matches(['\'', '‘', '’', '`']);
        if plain.chars().any(char::is_control) {
            return Err(NameError::Characters);
        }
        let name = join_words(&join_parts(plain));
        if !name.chars().any(is_letter) {
            return Err(NameError::Missing);
        }
        if name.chars().count() > LONGEST { Err(NameError::TooLong) } else { Ok(Self(name)) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `张*`: the first character and one star, whatever the length.
    pub fn masked(&self) -> String {
        self.0.chars().take(1).chain(['*']).collect()
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(***)")
    }
}

/// The dots that are typed for U+00B7 between the parts of a name.
pub(super) fn is_middle_dot(c: char) -> bool {
    matches!(c, '·' | '•' | '・' | '･' | '‧' | '⋅' | '∙' | '᛫' | '⸱' | '\u{A78F}' | '●')
}

/// Han characters, the private-use area included, where GB 18030 once put rare ones.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '〇' | '\u{2E80}'..='\u{2FDF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{E000}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}')
}

pub(super) fn is_letter(c: char) -> bool {
    is_han(c) || c.is_alphabetic()
}

/// Middle dots between parts become U+00B7 without blanks; elsewhere they go. A full stop counts between
/// letters that are not Latin, so that `J. R. Smith` keeps its stops.
fn join_parts(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut parts: Vec<String> = vec![String::new()];
    for (at, c) in chars.iter().enumerate() {
        if is_middle_dot(*c) || (*c == '.' && parts_meet(&chars, at)) {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(*c);
        }
    }
    let parts: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    parts.join("·")
}

fn parts_meet(chars: &[char], at: usize) -> bool {
    let part = |c: Option<&char>| c.is_some_and(|c| is_letter(*c) && !c.is_ascii());
    let before = chars[..at].iter().rev().find(|c| **c != ' ');
    part(before) && part(chars[at + 1..].iter().find(|c| **c != ' '))
}

/// Runs of blanks become one, and none between two Han characters.
fn join_words(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let glued = joined.chars().next_back().is_none_or(is_han) && word.chars().next().is_some_and(is_han);
        if !joined.is_empty() && !glued {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    joined
}
