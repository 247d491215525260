//! What the sample promises: exact counts, the same county for a seed, valid numbers but for the planted dirt.

#![allow(clippy::unwrap_used)]

use std::collections::HashSet;

use falin_domain::words::{IdNumber, LicenceNo, PersonName, Phone, Uscc};

use super::homes::Cell;
use super::*;

const SEED: u64 = 2026;

fn today() -> Date {
    "2026-03-01".parse().unwrap()
}

fn jiayuguan() -> County {
    county(&COUNTIES[0], SEED, today())
}

#[test]
fn the_main_county_has_its_exact_size() {
    let files = jiayuguan().rosters().unwrap();
    let rows: Vec<usize> = files.iter().map(|file| file.rows).collect();
    assert_eq!(rows, [56, 14, 76, 48, 8, 6196, 5374]);
    let taken: Vec<usize> = files[5..].iter().map(|file| file.accepted).collect();
    assert_eq!(taken, [6133, 5335]);
}

#[test]
fn a_seed_gives_the_same_bytes() {
    let spec = &COUNTIES[1];
    let one = rosters(spec, SEED, today()).unwrap();
    let two = rosters(spec, SEED, today()).unwrap();
    let other = rosters(spec, SEED + 1, today()).unwrap();
    assert!(one.iter().zip(&two).all(|(a, b)| a.bytes == b.bytes));
    assert_ne!(one[5].bytes, other[5].bytes);
}

#[test]
fn every_planted_finding_is_there() {
    for spec in &COUNTIES {
        let county = county(spec, SEED, today());
        for (spoilt, dirt) in
            [(&county.rural_spoilt, &spec.rural_dirt), (&county.urban_spoilt, &spec.urban_dirt)]
        {
            let count = |code: &str| spoilt.iter().filter(|one| one.code == code).count();
            assert_eq!(count("id.checksum"), dirt.checksum);
            assert_eq!(count("id.date"), dirt.date);
            assert_eq!(count("id.precision_lost"), dirt.precision_lost);
            assert_eq!(count("id.duplicate"), dirt.duplicate);
            assert_eq!(count("id.old_15"), dirt.old_15);
            assert_eq!(count("name.missing"), dirt.name_missing);
            assert_eq!(count("phone.invalid"), dirt.phone_invalid);
            assert_eq!(spoilt.iter().filter(|one| one.refused).count(), dirt.refused());
        }
    }
}

#[test]
fn people_are_valid_and_unique() {
    let county = jiayuguan();
    let mut seen = HashSet::new();
    for home in county.rural.iter().chain(&county.urban) {
        let id = IdNumber::parse(&home.person.id, today()).unwrap();
        assert_eq!(id.birth(), home.person.birth);
        assert_eq!(id.is_male(), !home.person.female);
        assert!(id.as_str().starts_with("620201") && seen.insert(id));
        assert_eq!(PersonName::parse(&home.person.name).unwrap().as_str(), home.person.name);
    }
}

#[test]
fn cells_outside_the_dirt_are_repaired_by_the_words() {
    let county = jiayuguan();
    for (homes, spoilt) in [(&county.rural, &county.rural_spoilt), (&county.urban, &county.urban_spoilt)] {
        let dirty: HashSet<usize> = spoilt.iter().map(|one| one.index).collect();
        for (_, home) in homes.iter().enumerate().filter(|(n, _)| !dirty.contains(n)) {
            let (Cell::Text(id), Cell::Text(name)) = (&home.id, &home.name) else { panic!("{home:?}") };
            assert_eq!(IdNumber::parse(id, today()).unwrap().as_str(), home.person.id);
            assert_eq!(PersonName::parse(name).unwrap().as_str(), home.person.name);
            if let Cell::Text(phone) = &home.phone {
                assert!(!Phone::parse_list(phone).unwrap().is_empty(), "{phone}");
            }
        }
    }
}

#[test]
fn workers_and_firms_are_valid_and_unique() {
    let mut licences = HashSet::new();
    let mut codes = HashSet::new();
    for spec in &COUNTIES {
        let county = county(spec, SEED, today());
        for lawyer in &county.lawyers {
            LicenceNo::parse(&lawyer.licence).unwrap();
            Phone::parse(&lawyer.mobile).unwrap();
            assert!(lawyer.licence.len() == 17 && licences.insert(lawyer.licence.clone()));
        }
        for firm in &county.firms {
            assert_eq!(Uscc::parse(&firm.credit_code).unwrap().prefix(), "31");
            Phone::parse(&firm.phone).unwrap();
            assert!(codes.insert(firm.credit_code.clone()));
        }
    }
}

#[test]
fn names_with_separators_and_rare_characters_occur() {
    let county = jiayuguan();
    let names: Vec<&str> =
        county.rural.iter().chain(&county.urban).map(|home| home.person.name.as_str()).collect();
    assert!(names.iter().filter(|name| name.contains('·')).count() > 60);
    // Beyond the basic plane, where software that counts in 16 bits goes wrong.
    assert!(names.iter().any(|name| name.chars().any(|c| u32::from(c) > 0xffff)));
    assert!(names.iter().any(|name| name.starts_with("欧阳")));
    let distinct: HashSet<&&str> = names.iter().collect();
    assert!(distinct.len() * 2 > names.len());
}

#[test]
fn everybody_can_be_placed() {
    for spec in &COUNTIES {
        let county = county(spec, SEED, today());
        let capacity: usize = county.lawyers.iter().map(|lawyer| lawyer.capacity as usize).sum();
        assert!(capacity > spec.rural && capacity > spec.urban, "{}", spec.name);
        assert_eq!(county.posts.len(), spec.posts);
        assert_eq!(county.rooms.len(), spec.rooms);
    }
}

#[test]
fn every_division_has_its_service_place() {
    let spec = &COUNTIES[0];
    let places = facilities(spec, SEED);
    assert_eq!(places.len(), 1 + 5 + 48);
    assert!(places.iter().all(|place| place.division.starts_with("6202")));
    for room in &jiayuguan().rooms {
        assert!(places.iter().any(|place| place.name == room.facility));
    }
}

#[test]
fn accounts_cover_the_roles_and_never_meet() {
    let mut names = HashSet::new();
    for spec in &COUNTIES {
        let county = county(spec, SEED, today());
        let accounts = accounts(&county, 5);
        assert_eq!(
            accounts.len(),
            11,
            "nine roles, a colleague who checks a draft, and one who takes a duty"
        );
        assert!(accounts.iter().all(|account| account.password.len() >= 15));
        assert!(accounts.iter().any(|account| matches!(account.link, Link::Licence(_))));
        assert!(accounts.iter().any(|account| matches!(account.link, Link::Household(_))));
        assert!(accounts.iter().all(|account| names.insert(account.username.clone())));
    }
}

#[test]
fn refused_rows_come_back_put_right_and_make_the_published_counts() {
    for spec in &COUNTIES {
        let county = county(spec, SEED, today());
        let rosters = county.rosters().unwrap();
        let corrected = county.corrections().unwrap();
        for (kind, published) in [(HouseholdKind::Rural, spec.rural), (HouseholdKind::Urban, spec.urban)] {
            let of = |files: &[RosterFile]| -> usize {
                files.iter().filter(|file| file.households == Some(kind)).map(|file| file.accepted).sum()
            };
            assert_eq!(of(&rosters) + of(&corrected), published, "{}", spec.name);
            assert!(of(&corrected) > 0);
        }
    }
}

#[test]
fn the_roster_to_try_is_dirty() {
    let trial = trial(SEED, today()).unwrap();
    assert_eq!(trial.rows, TRIAL_ROWS);
    assert!(trial.findings.len() > 3 && trial.accepted < trial.rows);
}

#[test]
fn papers_are_made_of_states_that_there_are() {
    use falin_domain::workflow::{Flow, Stories, core_flow};
    let state = |flow: Option<&Flow>, state: &str| flow.is_some_and(|flow| flow.state(state).is_some());
    let house = Stories::parse(include_str!("casework.toml")).unwrap().papers;
    assert!(house.iter().all(|one| state(core_flow(&one.flow), &one.state)), "{house:?}");
    for one in workflows::carried().unwrap() {
        let of = |flow: &str| one.manifest.flow.iter().find(|there| there.id == flow);
        let papers = &one.stories.papers;
        assert!(papers.iter().all(|made| state(of(&made.flow), &made.state)), "{papers:?}");
    }
}
