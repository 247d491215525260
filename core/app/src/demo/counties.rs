//! The three sample counties: which real divisions they have and how many people are made up for them.

/// What the generator needs to know of one county. The divisions are real, everybody in them is not.
#[derive(Clone, Copy, Debug)]
pub struct CountySpec {
    /// Code of the county's own node: Jiayuguan is a city without counties, so 6 digits ending in 00.
    pub code: &'static str,
    pub name: &'static str,
    /// Short Latin name, the first part of the demo accounts' user names.
    pub slug: &'static str,
    /// First six digits of its people's identity numbers.
    pub id_area: &'static str,
    /// Telephone area code.
    pub dial: &'static str,
    /// The township at which the county's own centre lies and, where no community is listed, the urban households.
    pub seat: &'static str,
    /// `code,name,level`, the county's own copy of the published divisions.
    pub divisions_csv: &'static str,
    pub firms: usize,
    pub lawyers: usize,
    pub posts: usize,
    pub rooms: usize,
    pub rural: usize,
    pub urban: usize,
    /// Least and most households that one lawyer takes; chosen so that everybody finds a place.
    pub capacity: (u32, u32),
    /// People in a thousand whose name has the separator ·.
    pub separated: usize,
    pub rural_dirt: Dirt,
    pub urban_dirt: Dirt,
}

/// How many rows of a roster are spoilt, by the finding that each must give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dirt {
    pub checksum: usize,
    pub date: usize,
    pub precision_lost: usize,
    pub duplicate: usize,
    pub old_15: usize,
    pub name_missing: usize,
    pub phone_invalid: usize,
    /// Rows that are only untidy (wide digits, spaces, lower-case x, two phones) and give no finding.
    pub untidy: usize,
}

impl Dirt {
    /// Rows that an import leaves out. Old 15-digit numbers are taken with a warning.
    pub const fn refused(&self) -> usize {
        self.checksum
            + self.date
            + self.precision_lost
            + self.duplicate
            + self.name_missing
            + self.phone_invalid
    }
}

pub(super) const LITTLE: Dirt = Dirt {
    checksum: 1,
    date: 1,
    precision_lost: 1,
    duplicate: 1,
    old_15: 1,
    name_missing: 1,
    phone_invalid: 0,
    untidy: 8,
};
const LEAST: Dirt = Dirt {
    checksum: 1,
    date: 0,
    precision_lost: 0,
    duplicate: 0,
    old_15: 1,
    name_missing: 0,
    phone_invalid: 1,
    untidy: 4,
};

/// Jiayuguan first, then two of its neighbours, kept small.
///
/// Townships and villages exist. The neighbours list only some of theirs; the last three digits of the
/// villages under 金塔镇, 羊井子湾乡, 红湾寺镇, 大河乡 and 祁丰藏族乡 are numbered here and not the published ones.
pub const COUNTIES: [CountySpec; 3] = [
    CountySpec {
        code: "620200",
        name: "嘉峪关市",
        slug: "jyg",
        id_area: "620201",
        dial: "0937",
        seat: "雄关街道",
        divisions_csv: include_str!("../../assets/divisions-620200.csv"),
        firms: 14,
        lawyers: 76,
        posts: 48,
        rooms: 8,
        rural: 6196,
        urban: 5374,
        capacity: (82, 118),
        separated: 12,
        rural_dirt: Dirt {
            checksum: 8,
            date: 15,
            precision_lost: 12,
            duplicate: 12,
            old_15: 15,
            name_missing: 8,
            phone_invalid: 8,
            untidy: 130,
        },
        urban_dirt: Dirt {
            checksum: 8,
            date: 7,
            precision_lost: 4,
            duplicate: 8,
            old_15: 9,
            name_missing: 3,
            phone_invalid: 9,
            untidy: 110,
        },
    },
    CountySpec {
        code: "620921",
        name: "金塔县",
        slug: "jt",
        id_area: "620921",
        dial: "0937",
        seat: "金塔镇",
        divisions_csv: include_str!("../../assets/divisions-620921.csv"),
        firms: 3,
        lawyers: 8,
        posts: 8,
        rooms: 4,
        rural: 104,
        urban: 48,
        capacity: (16, 24),
        separated: 15,
        rural_dirt: LITTLE,
        urban_dirt: LEAST,
    },
    CountySpec {
        code: "620721",
        name: "肃南裕固族自治县",
        slug: "sn",
        id_area: "620721",
        dial: "0936",
        seat: "红湾寺镇",
        divisions_csv: include_str!("../../assets/divisions-620721.csv"),
        firms: 3,
        lawyers: 8,
        posts: 8,
        rooms: 5,
        rural: 110,
        urban: 40,
        capacity: (16, 24),
        separated: 180,
        rural_dirt: LITTLE,
        urban_dirt: LEAST,
    },
];

/// A village or community with its township.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Village {
    pub code: &'static str,
    /// As rosters write it: 野麻湾村, not 野麻湾村村民委员会.
    pub name: &'static str,
    pub township: &'static str,
    pub township_code: &'static str,
}

impl Village {
    /// A residents' community (居委会) and no farming village.
    pub fn is_community(&self) -> bool {
        self.name.ends_with("社区")
    }
}

impl CountySpec {
    /// Townships in the order of their codes: (code, name).
    pub fn townships(&self) -> Vec<(&'static str, &'static str)> {
        self.level("township").collect()
    }

    /// Villages, farming ones first, each kind in the order of its codes: the order of rosters and posts.
    pub fn villages(&self) -> Vec<Village> {
        let townships = self.townships();
        let mut villages: Vec<Village> = self
            .level("village")
            .filter_map(|(code, name)| {
                let (township_code, township) = townships.iter().find(|town| code.starts_with(town.0))?;
                Some(Village {
                    code,
                    name: name.strip_suffix("村民委员会").unwrap_or(name),
                    township,
                    township_code,
                })
            })
            .collect();
        villages.sort_by_key(Village::is_community);
        villages
    }

    /// The villages whose households go to lawyers.
    pub fn rural_villages(&self) -> Vec<Village> {
        self.villages().into_iter().filter(|village| !village.is_community()).collect()
    }

    /// The communities whose households go to firms; the seat's villages where no community is listed.
    pub fn urban_villages(&self) -> Vec<Village> {
        let all = self.villages();
        let communities: Vec<Village> = all.iter().copied().filter(Village::is_community).collect();
        if !communities.is_empty() {
            return communities;
        }
        all.into_iter().filter(|village| village.township == self.seat).collect()
    }

    fn level(&self, wanted: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.divisions_csv.lines().filter_map(move |line| {
            let mut fields = line.split(',');
            let (code, name, level) = (fields.next()?, fields.next()?, fields.next()?);
            (level.trim() == wanted).then_some((code, name))
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_main_county_has_all_its_villages() {
        let county = &COUNTIES[0];
        assert_eq!(county.townships().len(), 5);
        assert_eq!(county.rural_villages().len(), 17);
        assert_eq!(county.urban_villages().len(), 31);
        assert_eq!(county.villages()[0].name, "野麻湾村");
    }

    #[test]
    fn neighbours_are_small_and_whole() {
        for county in &COUNTIES[1..] {
            assert!((3..=4).contains(&county.townships().len()));
            assert!((6..=10).contains(&county.villages().len()));
            assert!(!county.urban_villages().is_empty());
            let share = county.lawyers as u32 * county.capacity.0;
            assert!(share as usize >= county.rural.max(county.urban));
        }
    }
}
