//! A person's word against a plan.

use falin_app::plan::{self, Choice};
use falin_domain::pairing::span::ProviderRef;
use falin_domain::words::{HouseholdId, PlanId};
use falin_store::pairing;

use super::house::{House, done, first_day, refused};
use crate::town::on_both;

fn choose(
    house: &House,
    id: PlanId,
    household: HouseholdId,
    who: Option<ProviderRef>,
    reason: &str,
) -> Result<plan::Acted, falin_app::Stop> {
    let choice = Choice { households: vec![household], provider: who, reason: reason.to_owned() };
    house.wait(plan::choose(&house.app, &house.me, id, None, choice))
}

/// Whom the plan gives a household.
fn proposed(house: &House, id: PlanId, household: HouseholdId) -> Option<ProviderRef> {
    let county = house.county;
    let row = house.read(move |tx| falin_store::plan::row_of(tx, county, id, household)).unwrap();
    ProviderRef::of(row.worker_id, row.firm_id)
}

on_both! {
    fn a_person_may_place_otherwise_within_the_rules(backend) {
        let house = House::new(backend);
        house.change_worker(2, |worker| worker.capacity = Some(12));
        let (id, _) = house.plan();
        let household = house.rural[0];
        let first = proposed(&house, id, household).unwrap();
        let other = ProviderRef::Worker(house.lawyers[2]);
        assert_ne!(first, other);
        let firm = ProviderRef::Firm(house.firms[0]);
        assert_eq!(refused(choose(&house, id, household, Some(other), " ")), "plan.override_reason");
        assert_eq!(refused(choose(&house, id, household, Some(firm), "老客户")), "form.invalid");
        assert_eq!(refused(choose(&house, id, household, None, "")), "not_found");
        let acted = done(choose(&house, id, household, Some(other), "老当事人"));
        assert_eq!(acted.version, 3);
        assert_eq!(proposed(&house, id, household), Some(other));
        // Taken back, and decided again.
        done(choose(&house, id, household, None, ""));
        assert_eq!(proposed(&house, id, household), Some(first));
        done(choose(&house, id, household, Some(other), "老当事人"));
        let stale = Choice { households: vec![household], provider: Some(first), reason: "x".into() };
        let stale = house.wait(plan::choose(&house.app, &house.me, id, Some(3), stale));
        assert_eq!(refused(stale), "state.changed");
        let shown = done(house.wait(plan::show(&house.app, &house.me, id)));
        assert_eq!(shown.listed.summary.overridden.len(), 1);
        assert_eq!(shown.listed.summary.plan.placed, 18);
        done(house.commit(id));
        let (county, day) = (house.county, first_day());
        let span = house.read(move |tx| pairing::on(tx, county, household, day)).unwrap();
        assert_eq!(span.worker_id, Some(house.lawyers[2]));
        assert_eq!(refused(choose(&house, id, household, Some(first), "x")), "plan.committed");
    }

    fn a_person_cannot_overfill_or_ignore_a_conflict(backend) {
        let house = House::new(backend);
        let lawyer = ProviderRef::Worker(house.lawyers[0]);
        let barred = house.rural[4];
        let said = falin_app::pairing::add_conflict(&house.app, &house.me, barred, lawyer, "诉讼");
        done(house.wait(said));
        let (id, summary) = house.plan();
        assert_eq!(refused(choose(&house, id, barred, Some(lawyer), "x")), "pairing.conflict");
        house.change_worker(0, |worker| worker.capacity = Some(1));
        assert_eq!(refused(choose(&house, id, house.rural[0], Some(lawyer), "x")), "plan.changed");
        assert_eq!(summary.without(), 0);
        let (id, _) = house.plan();
        let elsewhere = house.rural.iter().find(|one| proposed(&house, id, **one) != Some(lawyer));
        let elsewhere = *elsewhere.unwrap();
        assert_ne!(elsewhere, barred);
        assert_eq!(refused(choose(&house, id, elsewhere, Some(lawyer), "x")), "pairing.capacity");
    }

    fn keeping_whom_one_has_is_a_choice_too(backend) {
        let house = House::new(backend);
        house.change_worker(2, |worker| worker.capacity = Some(12));
        house.settle();
        let before = house.now();
        // One more place in the first village than households: the cap falls, somebody has to go.
        let (county, lawyer) = (house.county, house.lawyers[0]);
        let load = house.read(move |tx| pairing::loads(tx, county));
        let load = load.iter().find(|one| one.0 == Some(lawyer)).unwrap().2;
        house.change_worker(0, move |worker| worker.capacity = Some(load as i32 - 1));
        let (id, summary) = house.plan();
        assert_eq!(summary.changed, 1);
        let rows = house.read(move |tx| falin_store::plan::all_rows(tx, county, id));
        let goes = &rows[0];
        let stays = house.rural.iter().find(|one| {
            let household = **one;
            household != goes.household_id
                && house.read(move |tx| pairing::on(tx, county, household, first_day())).unwrap().worker_id
                    == Some(lawyer)
        });
        // The other goes in its place: both at once, since neither fits alone.
        let to = ProviderRef::of(goes.worker_id, goes.firm_id).unwrap();
        done(choose(&house, id, *stays.unwrap(), Some(to), "住得近"));
        done(choose(&house, id, goes.household_id, Some(ProviderRef::Worker(lawyer)), "老当事人"));
        done(house.commit(id));
        assert_eq!(house.now().iter().zip(&before).filter(|(now, then)| now != then).count(), 1);
        done(house.undo(id));
        assert_eq!(house.now(), before);
    }
}
