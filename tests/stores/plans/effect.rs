//! A plan is made, seen, put into effect once, and taken back whole.

use falin_app::plan::{self, RowFilter};
use falin_domain::page::Window;
use falin_domain::pairing::span::ProviderRef;
use falin_store::pairing;
use falin_store::plan::{Plan, STAGING};

use super::house::{CAPACITY, House, done, first_day, refused};
use crate::town::on_both;

on_both! {
    fn nothing_moves_until_a_plan_is_committed_and_undo_takes_all_of_it_back(backend) {
        let house = House::new(backend);
        let (id, summary) = house.plan();
        assert_eq!((summary.plan.placed, summary.started, summary.moved), (18, 18, 0));
        assert_eq!(house.paired(), 0);
        assert_eq!(done(house.commit(id)).state, "committed");
        assert_eq!(house.paired(), 18);
        assert_eq!(house.broken(), Vec::<&str>::new());
        assert_eq!(refused(house.commit(id)), "plan.committed");
        // Rural households have lawyers, urban ones firms.
        let (county, rural, urban) = (house.county, house.rural[0], house.urban[0]);
        let day = first_day();
        let rural = house.read(move |tx| pairing::on(tx, county, rural, day)).unwrap();
        let urban = house.read(move |tx| pairing::on(tx, county, urban, day)).unwrap();
        assert!(rural.worker_id.is_some() && urban.firm_id.is_some());

        house.pass(3);
        assert_eq!(done(house.undo(id)).state, "undone");
        assert_eq!(house.paired(), 0);
        assert_eq!(refused(house.undo(id)), "plan.undone");
        assert_eq!(refused(house.commit(id)), "plan.undone");
        // Who was responsible in between stays on record.
        let again = rural.household_id;
        let held = house.read(move |tx| pairing::on(tx, county, again, day.plus_days(2)));
        assert_eq!(held.map(|span| span.id), Some(rural.id));
    }

    fn a_settled_county_is_planned_without_moving_anybody(backend) {
        let house = House::new(backend);
        house.settle();
        let before = house.now();
        let (id, summary) = house.plan();
        assert_eq!((summary.moved, summary.changed, summary.started), (0, 0, 0));
        let rows = done(house.wait(plan::rows(&house.app, &house.me, id, RowFilter::default(), Window::default())));
        assert!(rows.page.items.is_empty());
        done(house.commit(id));
        assert_eq!(house.now(), before);
    }

    fn undo_gives_back_whom_people_had_and_refuses_where_that_has_been_used(backend) {
        let house = House::new(backend);
        house.settle();
        let before = house.now();
        // The first lawyer takes fewer than the three of the village: one household has to go.
        house.change_worker(0, |worker| worker.capacity = Some(2));
        let (second, summary) = house.plan();
        assert_eq!((summary.changed, summary.moved), (1, 1));
        house.pass(1);
        done(house.commit(second));
        assert_ne!(house.now(), before);
        done(house.undo(second));
        assert_eq!(house.now(), before);

        house.change_worker(0, |worker| worker.capacity = Some(1));
        let (third, _) = house.plan();
        done(house.commit(third));
        house.change_worker(1, |worker| worker.capacity = Some(3));
        house.settle();
        let now = house.now();
        assert_eq!(refused(house.undo(third)), "plan.used");
        assert_eq!(house.now(), now);
    }

    fn who_cannot_be_placed_is_named_and_loses_an_invalid_provider(backend) {
        let house = House::new(backend);
        house.settle();
        house.change_worker(1, |worker| worker.active = false);
        assert!(house.broken().contains(&"provider.inactive"));
        let (id, summary) = house.plan();
        // Twelve rural households, twelve places left; the firms have 6 and 6 for six urban ones.
        assert_eq!((summary.plan.placed, summary.without()), (18, 0));
        house.change_worker(2, |worker| worker.capacity = Some(CAPACITY - 2));
        assert_eq!(refused(house.commit(id)), "plan.changed");
        let (id, summary) = house.plan();
        assert_eq!((summary.plan.placed, summary.without()), (16, 2));
        let gap = summary.unplaced[0];
        assert_eq!(plan_reason(&summary), "capacity");
        assert_eq!(summary.unplaced.iter().map(|gap| gap.shortfall).sum::<u32>(), 2);
        assert!(house.villages.contains(&gap.village));
        done(house.commit(id));
        assert_eq!(house.broken(), Vec::<&str>::new());
        assert_eq!(house.paired(), 16);
        let filter = RowFilter { unplaced: true, ..RowFilter::default() };
        let rows = done(house.wait(plan::rows(&house.app, &house.me, id, filter, Window::default())));
        assert_eq!(rows.page.items.len(), 2);
        assert!(rows.page.items.iter().all(|row| !row.head.is_empty()));
    }

    fn a_plan_for_one_village_leaves_the_others_alone(backend) {
        let house = House::new(backend);
        let code = "620200100201";
        let (plan, summary) = done(house.wait(plan::make(&house.app, &house.me, Some(code))));
        assert_eq!(summary.households, 5);
        done(house.commit(plan.id));
        assert_eq!(house.paired(), 5);
        // What these have counts when the rest is planned.
        let (rest, summary) = house.plan();
        assert_eq!((summary.moved, summary.started), (0, 13));
        done(house.commit(rest));
        assert_eq!(house.broken(), Vec::<&str>::new());
        let unknown = house.wait(plan::make(&house.app, &house.me, Some("629999")));
        assert_eq!(refused(unknown), "division.unknown");
        let whole = done(house.wait(plan::make(&house.app, &house.me, Some("620200"))));
        assert_eq!(whole.0.place_id, None);
    }

    fn a_staging_that_was_cut_off_is_never_seen(backend) {
        let house = House::new(backend);
        let (id, _) = house.plan();
        let county = house.county;
        house.write(move |tx| {
            let mut plan = Plan::by_id(tx, county, id)?;
            plan.state = STAGING.to_owned();
            plan.save(tx)
        });
        assert_eq!(refused(house.wait(plan::show(&house.app, &house.me, id))), "not_found");
        assert_eq!(refused(house.commit(id)), "not_found");
        let list = done(house.wait(plan::list(&house.app, &house.me, None, None, Window::default())));
        assert!(list.0.items.is_empty());
        house.pass(1);
        let (next, _) = house.plan();
        assert_eq!(refused(house.read_plan(id)), "not_found");
        done(house.read_plan(next));
    }

    fn a_conflict_bars_the_lawyer_and_the_firm(backend) {
        let house = House::new(backend);
        let (rural, urban) = (house.rural[0], house.urban[0]);
        let lawyer = ProviderRef::Worker(house.lawyers[0]);
        for household in [rural, urban] {
            let said = falin_app::pairing::add_conflict(&house.app, &house.me, household, lawyer, "对方当事人");
            done(house.wait(said));
        }
        house.settle();
        let (county, day) = (house.county, first_day());
        let of = |household| house.read(move |tx| pairing::on(tx, county, household, day)).unwrap();
        assert_ne!(of(rural).worker_id, Some(house.lawyers[0]));
        assert_eq!(of(urban).firm_id, Some(house.firms[1]));
        // A conflict that comes later is found and ends with the next plan.
        let lawyer = ProviderRef::Worker(of(rural).worker_id.unwrap());
        let said = falin_app::pairing::add_conflict(&house.app, &house.me, rural, lawyer, "亲属");
        done(house.wait(said));
        assert_eq!(house.broken(), ["provider.conflict"]);
        house.settle();
        assert_eq!(house.broken(), Vec::<&str>::new());
        assert_eq!(house.paired(), 18);
    }
}

fn plan_reason(summary: &plan::Summary) -> String {
    let reason = serde_json::to_value(summary.unplaced[0].reason).unwrap();
    reason.as_str().unwrap().to_owned()
}

impl House {
    fn read_plan(&self, id: falin_domain::words::PlanId) -> Result<Plan, falin_app::Stop> {
        let county = self.county;
        self.app.db.read_now(falin_store::In::County(county), move |tx| Plan::by_id(tx, county, id))
    }
}
