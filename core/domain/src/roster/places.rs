//! The county's villages as rosters name them: 野麻湾村 for 野麻湾村村民委员会, 新城 for 新城镇.

use std::collections::HashMap;

use super::clean;
use crate::directory::HouseholdKind;
use crate::words::{DivisionCode, DivisionId};

/// A village or community of the county.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VillageEntry {
    /// The village.
    pub id: DivisionId,
    /// Its township.
    pub township_id: DivisionId,
    /// The township's official name.
    pub township: String,
    /// The village's official name.
    pub name: String,
    /// The village's code, where it has one.
    pub code: Option<String>,
}

/// A village that a row names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Village {
    /// The village.
    pub id: DivisionId,
    /// Its township.
    pub township: DivisionId,
    /// The kind of household that lives there, by code, else by name.
    pub kind: HouseholdKind,
}

/// Villages and townships under each name that a clerk may give them.
#[derive(Clone, Debug, Default)]
pub struct Places {
    villages: Vec<(Village, String)>,
    by_code: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
    by_stem: HashMap<String, Vec<usize>>,
    townships: HashMap<String, Vec<DivisionId>>,
    township_stems: HashMap<String, Vec<DivisionId>>,
}

impl Places {
    /// Indexes the villages of one county.
    pub fn new(entries: impl IntoIterator<Item = VillageEntry>) -> Self {
        let mut places = Self::default();
        for entry in entries {
            places.add(&entry);
        }
        places
    }

    /// The village by township and name; a township left blank leaves the whole county to search.
    /// None where no village fits or more than one.
    pub fn village(&self, township: &str, village: &str) -> Option<Village> {
        let inside = if clean::says_none(township) { None } else { Some(self.township(township)?) };
        let name = clean::squeeze(village);
        if let Some(at) = self.by_code.get(&name) {
            return self.pick(std::slice::from_ref(at), inside);
        }
        let name = official(&name);
        self.by_any_name(&name, inside).or_else(|| {
            let (_, full) = self.villages.iter().find(|(v, _)| Some(v.township) == inside)?;
            self.by_any_name(name.strip_prefix(full.as_str())?, inside)
        })
    }

    /// The township by name; None where none fits or more than one.
    pub fn township(&self, name: &str) -> Option<DivisionId> {
        let name = clean::squeeze(name);
        let exact = self.townships.get(&name);
        match exact.or_else(|| self.township_stems.get(township_stem(&name)))?.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    fn by_any_name(&self, name: &str, inside: Option<DivisionId>) -> Option<Village> {
        let exact = self.by_name.get(name).and_then(|found| self.pick(found, inside));
        exact.or_else(|| self.by_stem.get(village_stem(name)).and_then(|found| self.pick(found, inside)))
    }

    /// The only village among those found that lies inside the township.
    fn pick(&self, found: &[usize], inside: Option<DivisionId>) -> Option<Village> {
        let lies = |v: &Village| inside.is_none_or(|township| v.township == township);
        let mut fitting = found.iter().filter_map(|at| self.villages.get(*at)).map(|(v, _)| *v).filter(lies);
        fitting.next().filter(|_| fitting.next().is_none())
    }

    fn add(&mut self, entry: &VillageEntry) {
        let at = self.villages.len();
        let name = official(&clean::squeeze(&entry.name));
        let township = clean::squeeze(&entry.township);
        let kind = kind_of(&name, entry.code.as_deref());
        if let Some(code) = &entry.code {
            self.by_code.insert(code.clone(), at);
        }
        self.by_name.entry(name.clone()).or_default().push(at);
        self.by_stem.entry(village_stem(&name).to_owned()).or_default().push(at);
        note_township(&mut self.townships, &township, entry.township_id);
        note_township(&mut self.township_stems, township_stem(&township), entry.township_id);
        self.villages.push((Village { id: entry.id, township: entry.township_id, kind }, township));
    }
}

fn note_township(names: &mut HashMap<String, Vec<DivisionId>>, name: &str, id: DivisionId) {
    let known = names.entry(name.to_owned()).or_default();
    if !known.contains(&id) {
        known.push(id);
    }
}

/// The form in which two names of a place are compared: without its committee, blind to width and blanks.
pub fn place_name(name: &str) -> String {
    crate::words::fold(&official(name.trim()))
}

/// A name without its committee: 野麻湾村村民委员会 and 野麻湾村委会 are 野麻湾村, 福民居委会 is 福民.
fn official(name: &str) -> String {
    for committee in ["村民委员会", "社区居民委员会", "居民委员会", "社区居委会", "居委会", "委员会"]
    {
        if let Some(stem) = name.strip_suffix(committee).filter(|stem| !stem.is_empty()) {
            let community = committee.starts_with("社区");
            return if community { format!("{stem}社区") } else { stem.to_owned() };
        }
    }
    match name.strip_suffix("村委会").filter(|stem| !stem.is_empty()) {
        Some(stem) => format!("{}村", stem.strip_suffix('村').unwrap_or(stem)),
        None => name.to_owned(),
    }
}

fn village_stem(name: &str) -> &str {
    strip_any(name, &["行政村", "自然村", "村", "社区"])
}

fn township_stem(name: &str) -> &str {
    let name = strip_any(name, &["人民政府", "办事处", "政府", "街道办"]);
    strip_any(name, &["街道", "民族乡", "镇", "乡"])
}

fn strip_any<'a>(name: &'a str, endings: &[&str]) -> &'a str {
    let stem = endings.iter().find_map(|ending| name.strip_suffix(ending));
    stem.filter(|stem| !stem.is_empty()).unwrap_or(name)
}

fn kind_of(name: &str, code: Option<&str>) -> HouseholdKind {
    let code = code.and_then(|code| DivisionCode::parse(code).ok());
    let rural = match code {
        Some(code) if code.is_rural_village() => true,
        Some(code) if code.is_urban_community() => false,
        _ => name.ends_with('村'),
    };
    if rural { HouseholdKind::Rural } else { HouseholdKind::Urban }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn one_village_under_many_names() {
        let places = fixture::context().places;
        for (township, village) in [
            ("新城镇", "野麻湾村村民委员会"),
            ("新城镇", "野麻湾村"),
            ("新城", "野麻湾"),
            ("新城镇人民政府", "野麻湾村委会"),
            ("", "野麻湾村民委员会"),
            ("新城镇", " 野麻湾 村 "),
            ("新城镇", "新城镇野麻湾村"),
            ("", "620201100200"),
        ] {
            let found = places.village(township, village).map(|v| (v.id, v.kind));
            assert_eq!(found, Some((fixture::id(1), HouseholdKind::Rural)), "{township} {village}");
        }
        for village in ["雄关社区", "雄关社区居委会", "雄关居委会", "雄关社区居民委员会", "雄关"]
        {
            let found = places.village("雄关街道办事处", village).map(|v| (v.id, v.kind));
            assert_eq!(found, Some((fixture::id(3), HouseholdKind::Urban)), "{village}");
        }
    }

    #[test]
    fn strangers_and_wrong_townships_are_unknown() {
        let places = fixture::context().places;
        for (township, village) in
            [("新城镇", "雄关社区"), ("火星镇", "野麻湾村"), ("新城镇", "月亮村"), ("", ""), ("新城镇", "村")]
        {
            assert!(places.village(township, village).is_none(), "{township} {village}");
        }
        assert_eq!(places.township("新城镇"), Some(fixture::id(90)));
    }

    #[test]
    fn equal_names_need_their_township() {
        let entry = |n, township: u8, name: &str| VillageEntry {
            id: fixture::id(n),
            township_id: fixture::id(township),
            township: format!("{township}镇"),
            name: name.to_owned(),
            code: None,
        };
        let places = Places::new([entry(1, 7, "团结村"), entry(2, 8, "团结村"), entry(3, 8, "团结社区")]);
        assert!(places.village("", "团结村").is_none());
        assert_eq!(places.village("8镇", "团结村").map(|v| v.id), Some(fixture::id(2)));
        assert_eq!(places.village("8镇", "团结社区").map(|v| v.id), Some(fixture::id(3)));
        assert!(places.village("8镇", "团结").is_none());
    }
}
