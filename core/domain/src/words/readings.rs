//! Readings that a name has and a dictionary puts second: surnames above all.

/// Single characters that, as a surname, are read so.
const SURNAMES: &[(char, &str)] = &[
    ('曾', "zeng"),
    ('仇', "qiu"),
    ('单', "shan"),
    ('單', "shan"),
    ('解', "xie"),
    ('查', "zha"),
    ('盖', "ge"),
    ('蓋', "ge"),
    ('区', "ou"),
    ('區', "ou"),
    ('朴', "piao"),
    ('翟', "zhai"),
    ('覃', "qin"),
    ('缪', "miao"),
    ('繆', "miao"),
    ('繁', "po"),
    ('乐', "yue"),
    ('樂', "yue"),
    ('员', "yun"),
    ('員', "yun"),
    ('种', "chong"),
    ('秘', "bi"),
    ('洗', "xian"),
    ('折', "she"),
    ('祭', "zhai"),
    ('召', "shao"),
    ('隗', "wei"),
    ('句', "gou"),
    ('都', "du"),
    ('郇', "xun"),
    ('炅', "gui"),
    ('粘', "nian"),
    ('牟', "mu"),
    ('佴', "nai"),
    ('能', "nai"),
    ('阚', "kan"),
];

/// Surnames of two characters with a reading that neither character suggests alone.
const COMPOUNDS: &[(&str, [&str; 2])] = &[
    ("单于", ["chan", "yu"]),
    ("單于", ["chan", "yu"]),
    ("万俟", ["mo", "qi"]),
    ("尉迟", ["yu", "chi"]),
    ("尉遲", ["yu", "chi"]),
    ("长孙", ["zhang", "sun"]),
    ("長孫", ["zhang", "sun"]),
    ("澹台", ["tan", "tai"]),
    ("澹臺", ["tan", "tai"]),
    ("子车", ["zi", "ju"]),
];

/// Characters that names use in another reading than the dictionary's first.
const USUAL: &[(char, &str)] = &[
    ('长', "chang"),
    ('長', "chang"),
    ('卜', "bu"),
    ('隽', "jun"),
    ('靓', "liang"),
    ('薄', "bo"),
    ('晟', "sheng"),
];

/// The likeliest reading of the character at `at` of `name`, where it is not the dictionary's first.
pub(super) fn likeliest_reading(name: &str, at: usize, c: char) -> Option<&'static str> {
    let compound = COMPOUNDS.iter().find(|(surname, _)| name.starts_with(surname));
    if let Some(reading) = compound.and_then(|(_, both)| both.get(at)) {
        return Some(reading);
    }
    let of = |table: &[(char, &'static str)]| table.iter().find(|row| row.0 == c).map(|row| row.1);
    if at == 0 { of(SURNAMES).or_else(|| of(USUAL)) } else { of(USUAL) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use pinyin::ToPinyin;

    use super::*;

    fn dictionary(c: char) -> &'static str {
        c.to_pinyin().map(|first| first.plain()).unwrap_or_default()
    }

    #[test]
    fn every_row_says_what_the_dictionary_does_not() {
        let mut idle = BTreeSet::new();
        for (c, reading) in SURNAMES.iter().chain(USUAL) {
            if dictionary(*c) == *reading {
                idle.insert(c.to_string());
            }
        }
        for (surname, both) in COMPOUNDS {
            let plain = surname.chars().enumerate().zip(both).all(|((at, c), reading)| {
                likeliest_reading(&c.to_string(), at, c).unwrap_or_else(|| dictionary(c)) == *reading
            });
            if plain {
                idle.insert((*surname).to_owned());
            }
        }
        assert!(idle.is_empty(), "{idle:?}");
    }

    #[test]
    fn no_row_comes_twice() {
        let singles: BTreeSet<char> = SURNAMES.iter().map(|row| row.0).collect();
        let compounds: BTreeSet<&str> = COMPOUNDS.iter().map(|row| row.0).collect();
        assert_eq!((singles.len(), compounds.len()), (SURNAMES.len(), COMPOUNDS.len()));
    }
}
