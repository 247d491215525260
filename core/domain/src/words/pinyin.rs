//! Names found and sorted by pinyin, with every reading of every character and surnames read as surnames.

use pinyin::{Pinyin, ToPinyinMulti};

use super::fold::fold;
use super::person_name::is_han;
use super::surnames::surname_readings;

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
    let surname = surname_readings(&folded);
    let mut sounds: Vec<Sound> = Vec::new();
    let mut word = String::new();
    for (at, c) in folded.chars().enumerate() {
        if is_han(c) {
            close_word(&mut word, &mut sounds);
            sounds.push(han_sound(c, surname.get(at).copied()));
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

fn han_sound(c: char, surname: Option<&str>) -> Sound {
    let known: Vec<Pinyin> = c.to_pinyin_multi().into_iter().flatten().collect();
    let likeliest = surname.or_else(|| known.first().map(|first| first.plain())).unwrap_or_default();
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

/// ü is typed as v, as u and, after passports, as yu.
fn typed_forms(plain: &str) -> Vec<String> {
    match plain.contains('ü') {
        true => ["v", "u", "yu"].iter().map(|typed| plain.replace('ü', typed)).collect(),
        false => vec![plain.to_owned()],
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
