//! A leaver's households, posts and name on the list move together, exactly once, and come back together.

use falin_app::plan::{Summary, Why};
use falin_app::{Stop, handover, leave};
use falin_domain::pairing::span::ProviderRef;
use falin_domain::words::PlanId;
use falin_store::worker::Worker;

use super::house::{House, done, first_day, posts, refused};
use crate::town::on_both;

fn propose(house: &House, at: usize, why: Why) -> Result<(PlanId, Summary), Stop> {
    let proposed = handover::propose(&house.app, &house.me, house.lawyers[at], why, None);
    house.wait(proposed).map(|(plan, summary)| (plan.id, summary))
}

fn worker(house: &House, at: usize) -> Worker {
    let (county, id) = (house.county, house.lawyers[at]);
    house.read(move |tx| Worker::by_id(tx, county, id))
}

on_both! {
    fn everything_of_a_leaver_moves_at_once_and_back(backend) {
        let house = House::new(backend);
        house.change_worker(2, |worker| worker.capacity = Some(12));
        house.settle();
        house.pass(5);
        let (before, leaver) = (house.now(), ProviderRef::Worker(house.lawyers[0]));
        let own = before.iter().filter(|who| **who == Some(leaver)).count();
        assert!(own > 0);
        let (id, summary) = done(propose(&house, 0, Why::Left));
        assert_eq!((summary.changed as usize, summary.without()), (own, 0));
        let told = summary.leaver.clone().unwrap();
        assert_eq!(told.posts.iter().map(|post| post.division).collect::<Vec<_>>(), [house.villages[0]]);
        assert!(worker(&house, 0).active);

        done(house.commit(id));
        let after = house.now();
        assert!(!after.contains(&Some(leaver)));
        for (then, now) in before.iter().zip(&after) {
            assert_eq!(*then == Some(leaver), then != now);
        }
        let gone = worker(&house, 0);
        let today = first_day().plus_days(5);
        assert_eq!((gone.active, gone.left_on), (false, Some(today.plus_days(-1))));
        assert_eq!(posts(&house, 0)[0].to_date, Some(today.plus_days(-1)));
        assert_eq!(house.broken(), Vec::<&str>::new());
        assert_eq!(refused(house.commit(id)), "plan.committed");

        house.pass(1);
        done(house.undo(id));
        assert_eq!(house.now(), before);
        let back = worker(&house, 0);
        assert_eq!((back.active, back.left_on), (true, None));
        assert_eq!(posts(&house, 0)[0].to_date, told.posts[0].to_date);
        assert_eq!(refused(house.undo(id)), "plan.undone");
    }

    fn nobody_who_is_full_or_away_is_a_successor(backend) {
        let house = House::new(backend);
        house.settle();
        let away = leave::Absence { from: first_day(), to: None, reason: "产假".into() };
        done(house.wait(leave::add(&house.app, &house.me, house.lawyers[1], away)));
        let (id, summary) = done(propose(&house, 0, Why::Left));
        let third = ProviderRef::Worker(house.lawyers[2]);
        let load = summary.loads.iter().find(|load| load.who == third).unwrap();
        assert!(load.after <= load.capacity);
        assert!(summary.without() > 0);
        done(house.commit(id));
        let second = ProviderRef::Worker(house.lawyers[1]);
        let of_second = |all: &[Option<ProviderRef>]| all.iter().filter(|who| **who == Some(second)).count();
        // Whose lawyer is on leave keeps him until somebody plans otherwise.
        assert_eq!(of_second(&house.now()), 18 - 6 - summary.loads.iter()
            .filter(|load| load.who == third).map(|load| load.after as usize).sum::<usize>() - summary.without() as usize);
        let waiting = done(house.wait(leave::waiting(&house.app, &house.me)));
        assert_eq!(waiting.iter().map(|one| one.worker.id).collect::<Vec<_>>(), [house.lawyers[1]]);
    }

    fn a_handover_is_refused_after_a_change_and_its_undo_after_use(backend) {
        let house = House::new(backend);
        house.change_worker(2, |worker| worker.capacity = Some(12));
        house.settle();
        let (id, _) = done(propose(&house, 0, Why::Left));
        house.change_worker(2, |worker| worker.capacity = Some(11));
        assert_eq!(refused(house.commit(id)), "plan.changed");
        assert!(worker(&house, 0).active);
        let (id, _) = done(propose(&house, 0, Why::Left));
        done(house.commit(id));
        // One of the successors leaves too: the first handover can no longer be taken back.
        let (next, _) = done(propose(&house, 1, Why::Left));
        done(house.commit(next));
        let now = house.now();
        assert_eq!(refused(house.undo(id)), "plan.used");
        assert_eq!(house.now(), now);
        done(house.undo(next));
        done(house.undo(id));
        assert!(worker(&house, 0).active && worker(&house, 1).active);
    }

    fn somebody_on_leave_keeps_name_and_posts(backend) {
        let house = House::new(backend);
        house.change_worker(2, |worker| worker.capacity = Some(12));
        house.settle();
        let held = posts(&house, 0);
        let (id, _) = done(propose(&house, 0, Why::Leave));
        done(house.commit(id));
        assert!(worker(&house, 0).active);
        assert_eq!(posts(&house, 0), held);
        assert!(!house.now().contains(&Some(ProviderRef::Worker(house.lawyers[0]))));
        done(house.undo(id));
    }

    fn a_handover_waits_for_its_day(backend) {
        let house = House::new(backend);
        house.change_worker(2, |worker| worker.capacity = Some(12));
        house.settle();
        let later = Some(first_day().plus_days(7));
        let proposed = handover::propose(&house.app, &house.me, house.lawyers[0], Why::Left, later);
        let (plan, _) = done(house.wait(proposed));
        assert_eq!(refused(house.commit(plan.id)), "plan.too_early");
        house.pass(7);
        done(house.commit(plan.id));
        assert_eq!(worker(&house, 0).left_on, Some(first_day().plus_days(6)));
        let past = Some(first_day());
        let proposed = handover::propose(&house.app, &house.me, house.lawyers[1], Why::Left, past);
        assert_eq!(refused(house.wait(proposed)), "form.invalid");
    }

    fn a_leaver_is_found_by_id_licence_or_a_name_that_only_one_has(backend) {
        let house = House::new(backend);
        let find = |text: &str| house.wait(handover::find(&house.app, &house.me, text));
        assert_eq!(done(find("仇文静")), house.lawyers[0]);
        assert_eq!(done(find("16202201510100001")), house.lawyers[1]);
        assert_eq!(done(find(&house.lawyers[2].to_string())), house.lawyers[2]);
        assert_eq!(refused(find("张三")), "form.invalid");
        house.change_worker(1, |worker| worker.name = "仇文静".to_owned());
        assert_eq!(refused(find("仇文静")), "form.invalid");
        house.change_worker(1, |worker| worker.active = false);
        assert_eq!(done(find("仇文静")), house.lawyers[0]);
    }
}
