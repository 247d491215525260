//! Sample counties: real divisions, made-up people, in the spreadsheets that a real county would send.

pub mod accounts;
mod away;
mod book;
mod bookings;
mod cast;
mod codes;
mod committees;
pub mod counties;
mod dice;
mod dirt;
pub mod facilities;
mod homes;
pub mod load;
mod names;
mod offices;
mod own;
mod people;
mod pictures;
mod questions;
mod services;
pub mod stories;
mod villages;
pub mod workers;
pub mod workflows;

use falin_domain::directory::HouseholdKind;
use falin_domain::roster::RosterKind;
use falin_domain::time::Date;

pub use accounts::{AccountSpec, Link, accounts};
pub use counties::{COUNTIES, CountySpec};
pub use facilities::{Facility, facilities};

use dice::Dice;
use dirt::Spoilt;
use homes::Home;
use people::Registry;
use workers::{Firm, Lawyer, Post};

/// A roster of the sample, ready for the importer.
#[derive(Clone, Debug)]
pub struct RosterFile {
    pub kind: RosterKind,
    /// The kind of all its households; None for other rosters.
    pub households: Option<HouseholdKind>,
    /// File name with its ending.
    pub name: &'static str,
    pub bytes: Vec<u8>,
    /// Rows of people or things in it, spoilt ones included.
    pub rows: usize,
    /// Rows that an import must take.
    pub accepted: usize,
    /// Exactly the findings that an import must give, in the order of sheets and rows.
    pub findings: Vec<Planted>,
}

/// A finding that was planted in a generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    pub sheet: &'static str,
    /// The sheet's own row number, from 1.
    pub row: u32,
    pub column: &'static str,
    pub code: &'static str,
    /// False: only a warning, the row is taken.
    pub refused: bool,
}

/// Everything that was made up for one county.
#[derive(Clone, Debug)]
pub struct County {
    pub spec: &'static CountySpec,
    pub firms: Vec<Firm>,
    pub lawyers: Vec<Lawyer>,
    pub posts: Vec<Post>,
    pub rooms: Vec<facilities::Room>,
    rural: Vec<Home>,
    urban: Vec<Home>,
    rural_spoilt: Vec<Spoilt>,
    urban_spoilt: Vec<Spoilt>,
    seed: u64,
    today: Date,
}

/// Rows of the roster that visitors try.
const TRIAL_ROWS: usize = 60;

/// A roster could not be written as a workbook.
#[derive(Debug)]
pub struct BookError(String);

impl std::fmt::Display for BookError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the sample roster could not be written: {}", self.0)
    }
}

impl std::error::Error for BookError {}

impl From<rust_xlsxwriter::XlsxError> for BookError {
    fn from(error: rust_xlsxwriter::XlsxError) -> Self {
        Self(error.to_string())
    }
}

/// Makes up the people of `spec`. The same `seed` and `today` give the same county; `today` sets ages and terms.
pub fn county(spec: &'static CountySpec, seed: u64, today: Date) -> County {
    let dice = |part: &str| Dice::new(seed, &format!("{} {part}", spec.code));
    let mut registry = Registry::new(spec.id_area, today);
    let firms = workers::firms(spec, &mut registry, &mut dice("firms"));
    let lawyers = workers::lawyers(spec, &mut registry, &mut dice("lawyers"), today);
    let posts = workers::posts(spec, &lawyers, &mut dice("posts"), today);
    let rooms = facilities::rooms(spec, &mut dice("rooms"));
    let mut rural = homes::homes(spec, HouseholdKind::Rural, &mut registry, &mut dice("rural"));
    let mut urban = homes::homes(spec, HouseholdKind::Urban, &mut registry, &mut dice("urban"));
    let rural_spoilt = dirt::spoil(&mut rural, &spec.rural_dirt, &mut dice("rural dirt"));
    let urban_spoilt = dirt::spoil(&mut urban, &spec.urban_dirt, &mut dice("urban dirt"));
    County { spec, firms, lawyers, posts, rooms, rural, urban, rural_spoilt, urban_spoilt, seed, today }
}

/// The rosters of `spec`, in the order in which they must be imported.
pub fn rosters(spec: &'static CountySpec, seed: u64, today: Date) -> Result<Vec<RosterFile>, BookError> {
    county(spec, seed, today).rosters()
}

/// A roster of a few villages of the main county for somebody to try the import with, dirty as they come.
///
/// # Errors
/// Where the workbook cannot be written.
pub fn trial(seed: u64, today: Date) -> Result<RosterFile, BookError> {
    county(&COUNTIES[0], seed, today).trial()
}

impl County {
    /// The county's rosters, in the order in which they must be imported.
    pub fn rosters(&self) -> Result<Vec<RosterFile>, BookError> {
        let (spec, today) = (self.spec, self.today);
        let mut blots = Dice::new(self.seed, &format!("{} lawyers' list", spec.code));
        let divisions = spec.divisions_csv.as_bytes().to_vec();
        let division_rows = spec.divisions_csv.lines().count() - 1;
        let firms = book::firms(&self.firms, today)?;
        let lawyers = book::lawyers(spec, &self.lawyers, &self.firms, &mut blots, today)?;
        let advisers = book::advisers(&self.posts, &self.lawyers, &self.firms, today)?;
        let rooms = book::rooms(&self.rooms, today)?;
        Ok(vec![
            clean(RosterKind::Divisions, "divisions.csv", divisions, division_rows),
            clean(RosterKind::Firms, "firms.xlsx", firms, self.firms.len()),
            clean(RosterKind::Lawyers, "lawyers.xlsx", lawyers, self.lawyers.len()),
            clean(RosterKind::Advisers, "advisers.xlsx", advisers, self.posts.len()),
            clean(RosterKind::Rooms, "rooms.xlsx", rooms, self.rooms.len()),
            self.households(HouseholdKind::Rural)?,
            self.households(HouseholdKind::Urban)?,
        ])
    }

    /// What the villages sent back for the rows that were refused: the same households, put right. With these the
    /// county has every household of the published figures.
    pub fn corrections(&self) -> Result<Vec<RosterFile>, BookError> {
        [HouseholdKind::Rural, HouseholdKind::Urban].into_iter().map(|kind| self.corrected(kind)).collect()
    }

    fn corrected(&self, kind: HouseholdKind) -> Result<RosterFile, BookError> {
        let (name, homes, spoilt) = match kind {
            HouseholdKind::Rural => ("rural-households-corrected.xlsx", &self.rural, &self.rural_spoilt),
            HouseholdKind::Urban => ("urban-households-corrected.xlsx", &self.urban, &self.urban_spoilt),
        };
        let right = |one: &Spoilt| {
            let home = homes[one.index].clone();
            let phone = if one.code == "phone.invalid" { homes::Cell::Blank } else { home.phone };
            let (name, id) = (home.person.name.clone().into(), home.person.id.clone().into());
            Home { name, id, phone, ..home }
        };
        let homes: Vec<Home> = spoilt.iter().filter(|one| one.refused).map(right).collect();
        let bytes = book::households(self.spec, kind, &homes, self.today)?;
        let households = Some(kind);
        Ok(RosterFile { households, ..clean(RosterKind::Households, name, bytes, homes.len()) })
    }

    fn trial(&self) -> Result<RosterFile, BookError> {
        let mut registry = Registry::new(self.spec.id_area, self.today);
        let mut dice = Dice::new(self.seed.wrapping_add(1), "trial");
        let mut homes = homes::homes(self.spec, HouseholdKind::Rural, &mut registry, &mut dice);
        homes.truncate(TRIAL_ROWS);
        let spoilt = dirt::spoil(&mut homes, &counties::LITTLE, &mut dice);
        let bytes = book::households(self.spec, HouseholdKind::Rural, &homes, self.today)?;
        let refused = spoilt.iter().filter(|one| one.refused).count();
        Ok(RosterFile {
            kind: RosterKind::Households,
            households: Some(HouseholdKind::Rural),
            name: "try-this-roster.xlsx",
            bytes,
            rows: homes.len(),
            accepted: homes.len() - refused,
            findings: spoilt.iter().map(|one| planted(one, &homes)).collect(),
        })
    }

    /// The household of the resident's account: the first rural one whose row an import takes as it stands.
    fn resident(&self) -> Option<&Home> {
        let spoilt = |index| self.rural_spoilt.iter().any(|one| one.index == index);
        self.rural.iter().enumerate().find(|(index, _)| !spoilt(*index)).map(|(_, home)| home)
    }

    fn households(&self, kind: HouseholdKind) -> Result<RosterFile, BookError> {
        let (name, homes, spoilt) = match kind {
            HouseholdKind::Rural => ("rural-households.xlsx", &self.rural, &self.rural_spoilt),
            HouseholdKind::Urban => ("urban-households.xlsx", &self.urban, &self.urban_spoilt),
        };
        let bytes = book::households(self.spec, kind, homes, self.today)?;
        let refused = spoilt.iter().filter(|one| one.refused).count();
        let findings = spoilt.iter().map(|one| planted(one, homes)).collect();
        let (rows, accepted) = (homes.len(), homes.len() - refused);
        Ok(RosterFile {
            kind: RosterKind::Households,
            households: Some(kind),
            name,
            bytes,
            rows,
            accepted,
            findings,
        })
    }
}

fn clean(kind: RosterKind, name: &'static str, bytes: Vec<u8>, rows: usize) -> RosterFile {
    RosterFile { kind, households: None, name, bytes, rows, accepted: rows, findings: Vec::new() }
}

fn planted(one: &Spoilt, homes: &[Home]) -> Planted {
    let sheet = homes[one.index].village.township;
    let first = homes.iter().position(|home| home.village.township == sheet).unwrap_or(0);
    let row = book::HOME_ROWS_START + (one.index - first) as u32 + 1;
    Planted { sheet, row, column: one.column, code: one.code, refused: one.refused }
}

#[cfg(test)]
mod reading;
#[cfg(test)]
mod tests;
