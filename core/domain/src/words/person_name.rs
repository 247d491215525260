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
        let plain = plain.trim_start_matches(is_leftover);
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

/// What may stand before a name and is none of it: a spreadsheet's apostrophe, a dot, a blank.
fn is_leftover(c: char) -> bool {
    matches!(c, '\'' | '‘' | '’' | '`' | ' ') || is_middle_dot(c)
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn name(text: &str) -> String {
        PersonName::parse(text).unwrap().0
    }

    #[test]
    fn separators_become_one() {
        for dot in ['•', '・', '‧', '⋅', '．', '.', '·', '･'] {
            assert_eq!(name(&format!("阿卜杜拉{dot}买买提")), "阿卜杜拉·买买提");
            assert_eq!(
                name(&format!("阿卜杜拉 {dot} 买买提{dot}")),
                "阿卜杜拉·买买提".to_owned() + tail(dot)
            );
        }
        assert_eq!(name("J. R. Smith"), "J. R. Smith");
    }

    /// A full stop at the end separates nothing and stays.
    fn tail(dot: char) -> &'static str {
        if matches!(dot, '.' | '．') { "." } else { "" }
    }

    #[test]
    fn blanks_stay_between_latin_words_only() {
        assert_eq!(name("张　三"), "张三");
        assert_eq!(name("欧阳 娜"), "欧阳娜");
        assert_eq!(name("John  Smith"), "John Smith");
        assert_eq!(name("\u{A0}'张\n三\u{200B}"), "张三");
    }

    #[test]
    fn rare_and_long_names_are_names() {
        assert_eq!(name("𠅤"), "𠅤");
        assert_eq!(name("张𠅤"), "张𠅤");
        let uyghur = "阿".repeat(19) + "·" + &"买".repeat(20);
        assert_eq!(name(&uyghur), uyghur);
        assert_eq!(name("ئابدۇللا مەمەت"), "ئابدۇللا مەمەت");
        assert_eq!(name(&"𠅤".repeat(100)).chars().count(), 100);
        assert_eq!(PersonName::parse(&"𠅤".repeat(101)), Err(NameError::TooLong));
    }

    #[test]
    fn nothing_is_no_name() {
        for text in ["", "  ", "—", "/", "·", "123", "'"] {
            assert_eq!(PersonName::parse(text), Err(NameError::Missing), "{text:?}");
        }
        assert_eq!(PersonName::parse("张\u{7}三"), Err(NameError::Characters));
    }

    #[test]
    fn masks_show_one_character() {
        let masked = |text| PersonName::parse(text).unwrap().masked();
        assert_eq!((masked("张三丰"), masked("𠅤三")), ("张*".to_owned(), "𠅤*".to_owned()));
        assert_eq!(format!("{:?}", PersonName::parse("张三").unwrap()), "PersonName(***)");
    }

    proptest! {
        #[test]
        fn a_name_read_again_is_the_same(text in "[张三欧阳a-cA-C .．•·　𠅤']{0,16}") {
            if let Ok(once) = PersonName::parse(&text) {
                prop_assert_eq!(PersonName::parse(once.as_str()), Ok(once));
            }
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,120}") {
            let _ = PersonName::parse(&text);
        }
    }
}
