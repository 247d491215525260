//! A plan from the first look to the undo: complete, repeatable, never over capacity, and a history that stays.

use serde_json::{Value, json};

use crate::town::county::{COUNTY, HOUSEHOLDS, household, household_roster, lawyers_of};
use crate::town::{Town, on_both};

const CURRENT: &str = "SELECT count(*) FROM pairing WHERE to_date IS NULL";

/// A new plan of the whole county.
fn plan(town: &Town) -> Value {
    town.falin(&["pair", "plan", "--place", COUNTY, "--json"]).ok().json()
}

fn id(plan: &Value) -> String {
    plan["plan"].as_str().expect("a plan has an id").to_owned()
}

/// What two plans of the same county must share.
fn result(plan: &Value) -> Value {
    let names = ["placed", "unplaced", "moved", "place_cost", "balance", "max_load_share"];
    names
        .iter()
        .map(|name| ((*name).to_owned(), plan[*name].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn commit(town: &Town) -> String {
    let plan = id(&plan(town));
    town.falin(&["pair", "commit", &plan]).ok();
    plan
}

fn all() -> i64 {
    (HOUSEHOLDS.0 + HOUSEHOLDS.1) as i64
}

on_both! {
    fn every_household_gets_its_village_s_adviser(backend) {
        let town = Town::prepared(backend);
        let first = plan(&town);
        assert_eq!(first["placed"], all());
        assert_eq!((&first["unplaced"], &first["moved"]), (&json!([]), &json!(0)));
        // Each rural village's adviser has room for its six households; the firms of two towns come from elsewhere.
        assert_eq!(first["place_cost"], 2 * HOUSEHOLDS.1);
        assert_eq!(result(&first), result(&plan(&town)), "the same county gives the same plan");
        assert_eq!(town.number(CURRENT), 0, "a plan changes nothing");

        town.falin(&["pair", "commit", &id(&first)]).ok();
        assert_eq!(town.number(CURRENT), all());
        let strangers = town.number(
            "SELECT count(*) FROM pairing p JOIN household h ON h.id = p.household_id AND h.county_id = p.county_id
             WHERE h.kind = 'rural' AND NOT EXISTS (SELECT 1 FROM adviser_post a
                 WHERE a.division_id = h.village_id AND a.worker_id = p.worker_id)");
        assert_eq!(strangers, 0);
        let urban = "SELECT count(*) FROM pairing WHERE firm_id IS NOT NULL AND to_date IS NULL";
        assert_eq!(town.number(urban), HOUSEHOLDS.1 as i64);
    }

    fn a_second_plan_moves_nobody(backend) {
        let town = Town::prepared(backend);
        commit(&town);
        let second = plan(&town);
        assert_eq!((&second["placed"], &second["moved"]), (&json!(all()), &json!(0)));
        let checked = town.falin(&["pair", "check", "--json"]).ok().json();
        assert!(checked.is_object(), "{checked}");
    }

    fn undo_restores_and_the_history_stays(backend) {
        let town = Town::prepared(backend);
        let plan = commit(&town);
        town.falin(&["pair", "undo", &plan]).ok();
        assert_eq!(town.number(CURRENT), 0);
        assert_eq!(town.number("SELECT count(*) FROM pairing"), all(), "spans end, they are not deleted");
        town.falin(&["pair", "undo", &plan]).ended(1);
        town.falin(&["pair", "commit", &plan]).ended(1);
        assert_eq!(commit(&town).len(), plan.len());
        assert_eq!(town.number(CURRENT), all());
        town.falin(&["audit", "verify"]).ok();
    }

    fn a_commit_refuses_as_a_whole_what_has_changed_since(backend) {
        let town = Town::prepared(backend);
        let stale = id(&plan(&town));
        commit(&town);
        town.falin(&["pair", "commit", &stale]).ended(1);
        assert_eq!(town.number(CURRENT), all());
        assert_eq!(town.number("SELECT count(*) FROM pairing"), all());
    }

    fn nobody_is_over_capacity_and_who_is_left_over_is_named(backend) {
        let town = Town::prepared(backend);
        let few = town.file("lawyers.xlsx", &lawyers_of(3));
        town.falin(&["import", "lawyers", &few, "--place", COUNTY]).ok();
        let plan = plan(&town);
        let rural = 4 * 3;
        let urban = HOUSEHOLDS.1;
        assert_eq!(plan["placed"], rural + urban);
        let short: u64 = plan["unplaced"].as_array().unwrap().iter().map(|line| {
            assert!(line["village"].is_string() && line["reason"].is_string(), "{line}");
            line["shortfall"].as_u64().unwrap()
        }).sum();
        assert_eq!(short, (HOUSEHOLDS.0 - rural) as u64);
        town.falin(&["pair", "commit", &id(&plan)]).ok();
        let most = town.number("SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM pairing
            WHERE to_date IS NULL AND worker_id IS NOT NULL GROUP BY worker_id) loads");
        assert_eq!(most, 3);
    }

    fn a_new_household_is_placed_and_nobody_else_is_moved(backend) {
        let town = Town::prepared(backend);
        commit(&town);
        let one = household_roster(&[household(("新城镇", "横沟村"), 3000, "")]);
        let file = town.file("one.xlsx", &one);
        town.falin(&["import", "households", &file, "--place", COUNTY, "--kind", "rural"]).ok();
        let second = plan(&town);
        assert_eq!((&second["placed"], &second["moved"]), (&json!(all() + 1), &json!(0)));
        town.falin(&["pair", "commit", &id(&second)]).ok();
        assert_eq!(town.number(CURRENT), all() + 1);
        assert_eq!(town.number("SELECT count(*) FROM pairing"), all() + 1);
    }

    fn a_leaver_s_households_are_handed_over_exactly_once(backend) {
        let town = Town::prepared(backend);
        commit(&town);
        let leaver = "16202201510100001";
        let own = format!("SELECT count(*) FROM pairing p JOIN worker w ON w.id = p.worker_id
            WHERE w.licence = '{leaver}' AND p.to_date IS NULL");
        assert_eq!(town.number(&own), 6);
        let plan = town.falin(&["handover", "plan", leaver, "--json"]).ok().json();
        town.falin(&["handover", "commit", &id(&plan)]).ok();
        assert_eq!(town.number(&own), 0);
        assert_eq!(town.number(CURRENT), all());
        town.falin(&["handover", "commit", &id(&plan)]).ended(1);
        town.falin(&["handover", "undo", &id(&plan)]).ok();
        assert_eq!(town.number(&own), 6);
        assert_eq!(town.number(CURRENT), all());
        town.falin(&["audit", "verify"]).ok();
    }
}
