//! Names found and sorted by pinyin, with every reading of every character and surnames read as surnames.

use pinyin::{Pinyin, ToPinyinMulti};

use super::fold::fold;
use super::person_name::is_han;
use super::readings::likeliest_reading;

/// Most keys of one name; full spellings take at most [`SPELLINGS`] of them, initials the rest.
const KEYS: usize = 16;
const SPELLINGS: usize = 12;

/// One character or Latin word with its readings, the likeliest first.
struct Sound {
    /// Plain readings, `lv` beside `lu` and `lyu` for ü.
    readings: Vec<String>,
    /// What the sort key says: likeliest reading with tone, then the character.
    sorted: String,
}

/// The keys under which a name is found by pinyin: full spellings (`zengxian`, `cengxian`), then initials (`zx`).
///
/// Every reading of every character counts, the surname's own first; at most 16 keys, the unlikeliest dropped.
pub fn pinyin_keys(name: &str) -> Vec<String> {
    let sounds = sounds_of(name);
    let mut keys = combined(&sounds, SPELLINGS, |reading| reading.to_owned());
    let initials = combined(&sounds, KEYS, |reading| reading.chars().take(1).collect());
    for key in initials {
        if keys.len() < KEYS && !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

/// A text whose byte order is the pinyin order of names: syllable, tone, character, next syllable.
///
/// Latin words stand among the syllables; characters without a known reading come last.
pub fn sort_key(name: &str) -> String {
    let sorted: Vec<String> = sounds_of(name).into_iter().map(|sound| sound.sorted).collect();
    sorted.join(" ")
}

fn sounds_of(name: &str) -> Vec<Sound> {
    let folded = fold(name);
    let mut sounds: Vec<Sound> = Vec::new();
    let mut word = String::new();
    for (at, c) in folded.chars().enumerate() {
        if is_han(c) {
            close_word(&mut word, &mut sounds);
            sounds.push(han_sound(c, likeliest_reading(&folded, at, c)));
        } else if c.is_alphanumeric() {
            word.push(c);
        } else {
            close_word(&mut word, &mut sounds);
        }
    }
    close_word(&mut word, &mut sounds);
    sounds
}

fn close_word(word: &mut String, sounds: &mut Vec<Sound>) {
    if !word.is_empty() {
        sounds.push(Sound { readings: vec![word.clone()], sorted: std::mem::take(word) });
    }
}

fn han_sound(c: char, usual: Option<&str>) -> Sound {
    let known: Vec<Pinyin> = c.to_pinyin_multi().into_iter().flatten().collect();
    let likeliest = usual.or_else(|| known.first().map(|first| first.plain())).unwrap_or_default();
    let toned = known.iter().find(|p| p.plain() == likeliest).map_or(likeliest, |p| p.with_tone_num_end());
    let plains = known.iter().map(|p| p.plain());
    let mut readings: Vec<String> = Vec::new();
    for typed in std::iter::once(likeliest).chain(plains).flat_map(typed_forms) {
        if !typed.is_empty() && !readings.contains(&typed) {
            readings.push(typed);
        }
    }
    let head = if toned.is_empty() { "~".to_owned() } else { toned.replace('ü', "v") };
    Sound { readings, sorted: format!("{head}{c}") }
}

/// ü is typed as v, as u and, after passports, as yu; ê (欸, 誒) as e.
fn typed_forms(plain: &str) -> Vec<String> {
    let plain = plain.replace('ê', "e");
    match plain.contains('ü') {
        true => ["v", "u", "yu"].iter().map(|typed| plain.replace('ü', typed)).collect(),
        false => vec![plain],
    }
}

/// All combinations of readings, likeliest first, at most `most`; characters without readings are passed over.
fn combined(sounds: &[Sound], most: usize, part: impl Fn(&str) -> String) -> Vec<String> {
    // Each entry carries how unlikely it is; sorting after each character keeps the likeliest under the cap.
    let mut keys: Vec<(usize, String)> = vec![(0, String::new())];
    for sound in sounds.iter().filter(|sound| !sound.readings.is_empty()) {
        let mut longer: Vec<(usize, String)> = Vec::new();
        for (rank, key) in &keys {
            for (more, reading) in sound.readings.iter().enumerate() {
                longer.push((rank + more, format!("{key}{}", part(reading))));
            }
        }
        longer.sort_by_key(|entry| entry.0);
        let mut seen = std::collections::BTreeSet::new();
        longer.retain(|entry| seen.insert(entry.1.clone()));
        longer.truncate(most);
        keys = longer;
    }
    keys.into_iter().map(|entry| entry.1).filter(|key| !key.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn first(name: &str) -> String {
        pinyin_keys(name).into_iter().next().unwrap_or_default()
    }

    #[test]
    fn surnames_are_read_as_surnames_first() {
        let cases = [
            ("曾国藩", "zengguofan"),
            ("仇英", "qiuying"),
            ("单雄信", "shanxiongxin"),
            ("单于", "chanyu"),
            ("欧阳娜", "ouyangna"),
            ("解缙", "xiejin"),
            ("任长霞", "renchangxia"),
            ("区伯", "oubo"),
            ("尉迟恭", "yuchigong"),
            ("万俟卨", "moqixie"),
            ("令狐冲", "linghuchong"),
            ("乐毅", "yueyi"),
            ("吕布", "lvbu"),
            ("张三", "zhangsan"),
        ];
        for (name, key) in cases {
            assert_eq!(first(name), key, "{name}");
        }
    }

    #[test]
    fn every_reading_and_the_initials_are_keys() {
        let zeng = pinyin_keys("曾先");
        for key in ["zengxian", "cengxian", "zx", "cx"] {
            assert!(zeng.iter().any(|known| known == key), "{key} in {zeng:?}");
        }
        let chanyu = pinyin_keys("单于");
        for key in ["chanyu", "shanyu", "danyu", "cy", "sy", "dy"] {
            assert!(chanyu.iter().any(|known| known == key), "{key} in {chanyu:?}");
        }
        for key in ["lvbu", "lubu", "lyubu", "lb"] {
            assert!(pinyin_keys("吕布").iter().any(|known| known == key), "{key}");
        }
    }

    #[test]
    fn latin_words_and_unread_characters_have_their_place() {
        assert_eq!(pinyin_keys("John Smith"), ["johnsmith", "j"]);
        assert_eq!(pinyin_keys("阿卜杜拉·买买提").first().map(String::as_str), Some("abudulamaimaiti"));
        assert!(pinyin_keys("·").is_empty());
        assert!(sort_key("\u{E000}") > sort_key("祖"));
    }

    #[test]
    fn names_sort_by_syllable_tone_and_character() {
        let mut names =
            ["曾一", "张三", "章一", "吕二", "安一", "Zoe", "陆一", "张二", "李一", "林一", "卢一", "臧一"];
        names.sort_by_key(|name| sort_key(name));
        let sorted =
            ["安一", "李一", "林一", "卢一", "陆一", "吕二", "臧一", "曾一", "张二", "张三", "章一", "Zoe"];
        assert_eq!(names, sorted);
    }

    proptest! {
        #[test]
        fn keys_are_few_and_plain(name in "[一-龥·]{0,40}") {
            let keys = pinyin_keys(&name);
            prop_assert!(keys.len() <= KEYS);
            prop_assert!(keys.iter().all(|key| key.bytes().all(|b| b.is_ascii_lowercase())), "{:?}", keys);
        }
    }
}
