//! How a number is written: the office's abbreviation, the year and the count, in the style of its kind.

/// A written number's style, such as `{prefix}〔{year}〕{n}号` (GB/T 9704: six-cornered brackets, no leading zero) or
/// `（{year}）{prefix}第{n}号`. Numbers are written, never read back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Style(String);

/// The usual style of papers (GB/T 9704—2012).
pub const USUAL: &str = "{prefix}〔{year}〕{n}号";
/// The usual style of mediation files, as printed in the ministry's forms of 2010.
pub const MEDIATION: &str = "（{year}）{prefix}第{n}号";

impl Style {
    /// Longest style in characters.
    pub const LONGEST: usize = 60;

    /// A style that names year and count once each, and nothing that is not known.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let once = |mark: &str| text.matches(mark).count() == 1;
        let known =
            ["{year}", "{n}", "{prefix}"].iter().fold(text.to_owned(), |rest, mark| rest.replace(mark, ""));
        let plain = !known.contains(['{', '}']) && !known.chars().any(char::is_control);
        let fits = text.chars().count() <= Self::LONGEST;
        (once("{year}") && once("{n}") && plain && fits).then(|| Self(text.to_owned()))
    }

    /// The number as it is printed.
    pub fn write(&self, prefix: &str, year: i32, n: i64) -> String {
        self.0.replace("{year}", &year.to_string()).replace("{n}", &n.to_string()).replace("{prefix}", prefix)
    }

    /// The style as text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// A county's short name for its numbers: 嘉峪关市 → 嘉峪关, at most four characters.
pub fn abbreviation(county: &str) -> String {
    let short = ["自治县", "自治州", "自治旗", "市", "县", "区", "旗"]
        .iter()
        .find_map(|ending| county.strip_suffix(ending).filter(|rest| rest.chars().count() >= 2))
        .unwrap_or(county);
    short.chars().take(4).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_are_written_in_either_style() {
        let usual = Style::parse(USUAL).unwrap();
        assert_eq!(usual.write("嘉援审", 2026, 12), "嘉援审〔2026〕12号");
        let mediation = Style::parse(MEDIATION).unwrap();
        assert_eq!(mediation.write("嘉人调字", 2026, 1), "（2026）嘉人调字第1号");
        assert_eq!(
            Style::parse("{prefix}[{year}]第{n}号").unwrap().write("嘉援审字", 2026, 3),
            "嘉援审字[2026]第3号"
        );
        for wrong in ["{year}", "{n}", "{year}{n}{n}", "{year}{n}{office}", "{year}\n{n}", "{year}{n}}"] {
            assert!(Style::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_county_has_a_short_name() {
        for (county, short) in
            [("嘉峪关市", "嘉峪关"), ("肃北蒙古族自治县", "肃北蒙古"), ("华县", "华县"), ("民勤县", "民勤")]
        {
            assert_eq!(abbreviation(county), short);
        }
    }
}
