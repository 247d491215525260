//! Search by name and look-up by id: the same answer whichever gram is the rare one and however long the list is.

use falin_domain::directory::HouseholdKind;
use falin_domain::words::DivisionId;
use falin_store::category::Told;
use falin_store::division::Division;
use falin_store::gram;
use falin_store::household::{self, Clear};

use super::plans::house::House;
use crate::town::on_both;
use crate::town::sql::directory;

/// So many that each of their common grams is borne by more than the search counts.
const FAMILY: usize = 700;

/// Seven of the family are 欧阳秀英, half of the others 欧阳玉兰.
fn name(n: usize) -> &'static str {
    match n {
        n if n % 100 == 7 => "欧阳秀英",
        n if n % 2 == 0 => "欧阳玉兰",
        _ => "欧阳建国",
    }
}

fn clear(head_name: &str, village_id: DivisionId) -> Clear {
    Clear {
        kind: HouseholdKind::Rural,
        village_id,
        grid_id: None,
        head_name: head_name.to_owned(),
        id_number: None,
        phones: Vec::new(),
        address: None,
        note: None,
        provider_hint: None,
        categories: Vec::new(),
    }
}

on_both! {
    fn a_name_is_found_by_rare_and_common_grams_and_page_by_page(backend) {
        let house = House::new(backend);
        let (county, village) = (house.county, house.villages[0]);
        house.write(move |tx| {
            let all: Vec<Clear> = (0..FAMILY).map(|n| clear(name(n), village)).collect();
            let all: Vec<(&Clear, Told)> = all.iter().map(|one| (one, Told::default())).collect();
            household::add_all(tx, county, &all, None)
        });
        let page = |text: &'static str, after: Option<Vec<u8>>, limit: i64| {
            house.read(move |tx| {
                gram::search(tx, county, household::NOUN, &gram::wanted(text).unwrap(), after.as_deref(), limit)
            })
        };
        let found = || {
            for (text, found) in [("欧阳", 700), ("欧阳秀", 7), ("欧阳秀英", 7), ("秀英", 7), ("欧阳玉兰", 350), ("欧", 700),
                ("欧阳建", 343), ("阳秀兰", 0), ("欧阳甲", 0), ("甲欧阳", 0), ("ouyangxiu", 7), ("oyyl", 350)] {
                assert_eq!(page(text, None, 1_000).len(), found, "{text}");
            }
        };
        found();
        // A database of before there were grams of three characters.
        let threes = "SELECT count(*) FROM name_gram WHERE length(gram) = 3 AND gram NOT LIKE '~%'";
        let were = house.town.number(threes);
        let script = |way: &str| format!("{}/0030_grams_of_three/{way}.sql", directory(backend));
        house.town.script(&script("down")).unwrap();
        assert_eq!(house.town.number(threes), 0);
        house.town.script(&script("up")).unwrap();
        assert!(house.town.number(threes) >= were);
        found();
        let whole = page("欧阳玉兰", None, 1_000);
        assert!(whole.is_sorted());
        let (mut turned, mut after) = (Vec::new(), None);
        loop {
            let next = page("欧阳玉兰", after, 100);
            turned.extend(next.iter().cloned());
            after = next.last().cloned();
            if next.len() < 100 {
                break;
            }
        }
        assert_eq!(turned, whole);
    }

    fn a_list_of_ids_finds_those_rows_however_long_it_is(backend) {
        let house = House::new(backend);
        let county = house.county;
        for (asked, times) in [(0, 1), (1, 1), (3, 1), (4, 1), (3, 11_000)] {
            let wanted: Vec<DivisionId> = house.villages.iter().take(asked).copied().collect();
            let list = wanted.repeat(times);
            let mut found: Vec<DivisionId> =
                house.read(move |tx| Division::by_ids(tx, county, &list)).into_keys().collect();
            found.sort();
            let mut wanted = wanted;
            wanted.sort();
            assert_eq!(found, wanted, "{asked} villages, each {times} times");
        }
    }
}
