//! A commit refuses as a whole what has changed since the plan was made, and nothing else.

use falin_app::leave::{self, Absence};
use falin_domain::directory::HouseholdKind;
use falin_domain::pairing::span::ProviderRef;
use falin_store::adviser::AdviserPost;
use falin_store::firm::Firm;
use falin_store::household::{self, Household};
use falin_store::pairing;

use super::house::{House, done, first_day, posts, refused};
use crate::town::on_both;

/// Each of these between plan and commit makes the commit refuse.
fn disturbances() -> Vec<(&'static str, fn(&House))> {
    vec![
        ("everybody is in conflict with a household", |house| {
            for lawyer in house.lawyers.clone() {
                let said = falin_app::pairing::add_conflict(
                    &house.app,
                    &house.me,
                    house.rural[3],
                    ProviderRef::Worker(lawyer),
                    "诉讼",
                );
                done(house.wait(said));
            }
        }),
        ("a lawyer takes fewer", |house| house.change_worker(0, |worker| worker.capacity = Some(5))),
        ("a lawyer became inactive", |house| house.change_worker(1, |worker| worker.active = false)),
        ("a lawyer changed firm", |house| {
            let firm = house.firms[0];
            house.change_worker(2, move |worker| worker.firm_id = Some(firm));
        }),
        ("a lawyer is on leave", |house| {
            let away = Absence { from: first_day(), to: None, reason: String::new() };
            done(house.wait(leave::add(&house.app, &house.me, house.lawyers[0], away)));
        }),
        ("a firm has a figure of its own", |house| {
            let (county, id) = (house.county, house.firms[1]);
            house.write(move |tx| {
                let mut firm = Firm::by_id(tx, county, id)?;
                firm.capacity = Some(1);
                firm.save(tx)
            });
        }),
        ("a village has no adviser any more", |house| {
            let (county, id) = (house.county, posts(house, 0)[0].id);
            house.write(move |tx| {
                let mut post = AdviserPost::by_id(tx, county, id)?;
                post.to_date = Some(first_day().plus_days(-1));
                post.save(tx)
            });
        }),
        ("a household has somebody already", |house| {
            let (county, household, lawyer) = (house.county, house.rural[0], house.lawyers[2]);
            house.write(move |tx| pairing::start(tx, county, household, (Some(lawyer), None)));
        }),
        ("a household moved", |house| {
            let village = house.villages[3];
            house.change_household(4, move |tx, row| {
                let mut clear = household::open(tx, row)?;
                clear.village_id = village;
                household::change(tx, row, &clear)
            });
        }),
        ("a household is urban now", |house| {
            house.change_household(1, |tx, row| {
                let mut clear = household::open(tx, row)?;
                clear.kind = HouseholdKind::Urban;
                household::change(tx, row, &clear)
            });
        }),
        ("a household left", |house| {
            house.change_household(2, |tx, row| {
                row.active = false;
                row.save(tx)
            });
        }),
    ]
}

impl House {
    fn change_household(
        &self,
        at: usize,
        change: impl Fn(&mut falin_store::Tx<'_>, &mut Household) -> Result<(), falin_app::Stop> + Send + 'static,
    ) {
        let (county, id) = (self.county, self.rural[at]);
        self.write(move |tx| {
            let mut row = Household::by_id(tx, county, id)?;
            change(tx, &mut row)
        });
    }
}

on_both! {
    fn what_has_changed_since_is_refused_as_a_whole(backend) {
        let house = House::new(backend);
        for (what, disturb) in disturbances() {
            let (id, _) = house.plan();
            disturb(&house);
            let before = house.now();
            let commit = house.commit(id);
            assert!(commit.is_err(), "{what}");
            assert_eq!(refused(commit), "plan.changed", "{what}");
            assert_eq!(house.now(), before, "{what}");
        }
        // What is planned anew holds.
        house.settle();
        assert_eq!(house.broken(), Vec::<&str>::new());
    }

    fn a_household_that_came_since_waits_for_the_next_plan(backend) {
        let house = House::new(backend);
        let (id, _) = house.plan();
        house.add_rural(1);
        done(house.commit(id));
        assert_eq!(house.paired(), 18);
        house.settle();
        assert_eq!(house.paired(), 19);
    }

    fn two_plans_for_the_same_households_cannot_both_take_effect(backend) {
        let house = House::new(backend);
        let ((one, _), (two, _)) = (house.plan(), house.plan());
        done(house.commit(one));
        assert_eq!(refused(house.commit(two)), "plan.changed");
        assert_eq!(house.paired(), 18);
    }
}
