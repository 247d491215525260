//! The form in which names and places are searched, and its grams of one to three characters.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::person_name::{is_letter, is_middle_dot};
use super::width::is_invisible;

/// How often folding may uncover something new to fold; two rounds settle every known text.
const ROUNDS: usize = 4;

/// The search form: NFKC, lower case, without blanks, invisible characters or dots between name parts.
///
/// Blind to width (`（` is `(`) and idempotent; rare characters stay.
pub fn fold(text: &str) -> String {
    let mut folded = fold_once(text);
    for _ in 0..ROUNDS {
        let next = fold_once(&folded);
        if next == folded {
            break;
        }
        folded = next;
    }
    folded
}

/// The longest gram of an index, in characters: most names of people are as long.
pub const LONGEST_GRAM: usize = 3;

/// All grams of one to three characters of the folded text, the rows of a search index; of pinyin keys likewise.
pub fn grams(text: &str) -> BTreeSet<String> {
    let chars: Vec<char> = fold(text).chars().collect();
    (1..=LONGEST_GRAM).flat_map(|length| chars.windows(length).map(|part| part.iter().collect())).collect()
}

fn fold_once(text: &str) -> String {
    let low: Vec<char> = text.nfkc().flat_map(char::to_lowercase).nfkc().filter(|c| is_kept(*c)).collect();
    let letter = |at: Option<usize>| at.and_then(|at| low.get(at)).is_some_and(|c| is_letter(*c));
    let stop = |at: usize| low[at] == '.' && letter(at.checked_sub(1)) && letter(Some(at + 1));
    (0..low.len()).filter(|at| !stop(*at)).map(|at| low[at]).collect()
}

fn is_kept(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !is_invisible(c) && !is_middle_dot(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn width_case_blanks_and_dots_do_not_matter() {
        assert_eq!(fold("（嘉峪关）　ＡＢ c"), "(嘉峪关)abc");
        assert_eq!(fold("阿卜杜拉.买买提"), fold("阿卜杜拉 • 买买提"));
        assert_eq!(fold("3.5 号楼"), "3.5号楼");
        assert_eq!(fold("𠅤"), "𠅤");
    }

    #[test]
    fn grams_are_of_one_to_three_characters() {
        let found: Vec<String> = grams("张 三丰").into_iter().collect();
        assert_eq!(found, ["三", "三丰", "丰", "张", "张三", "张三丰"]);
        assert!(grams("").is_empty());
        assert!(grams("zhangsan").contains("gs"));
    }

    #[test]
    fn every_single_character_folds_once() {
        for c in '\0'..='\u{2FFFF}' {
            let once = fold(&c.to_string());
            assert_eq!(fold(&once), once, "U+{:04X}", u32::from(c));
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,24}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn a_part_has_no_grams_that_the_whole_lacks(text in "[一-龥a-z]{1,8}", at in 0usize..8, len in 1usize..4) {
            let part: String = text.chars().skip(at).take(len).collect();
            prop_assert!(grams(&part).is_subset(&grams(&text)));
        }
    }
}
